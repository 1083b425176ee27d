//! `hoptac verify` and `hoptac rebuild`: the proof of the ledger, and the register made anew from it.

use anyhow::Result;
use serde_json::json;

use crate::Outcome;
use crate::cli::Place;
use crate::output::{self, Align, Table};

pub(crate) async fn verify(place: &Place, as_json: bool) -> Result<Outcome> {
    let store = place.open().await?;
    let verification = store.verify(&mut |_, _| {}).await?;
    let outcome = if verification.problem.is_some() { Outcome::Findings } else { Outcome::Done };
    if as_json {
        output::json(&json!({
            "whole": verification.problem.is_none(),
            "filings": verification.filings,
            "head": verification.head.to_string(),
            "problem": verification.problem.as_ref().map(|problem| json!({
                "position": problem.position,
                "table": problem.table,
                "what": problem.what,
            })),
        }))?;
        return Ok(outcome);
    }
    match &verification.problem {
        None => {
            output::say(&format!(
                "the ledger is whole: {} filings, each proved by its hash, and the register follows from them",
                verification.filings
            ))?;
            output::say(&format!("head {}", verification.head))?;
            output::say(
                "keep position and head apart from this machine: they show later if the end was cut off",
            )?;
        }
        Some(problem) => {
            let at = problem.position.map_or_else(String::new, |p| format!(" at filing {p}"));
            output::say(&format!("the ledger does not prove itself{at}: {}", problem.what))?;
            output::say(
                "stop filing, keep this database as it is, and compare it with a backup; \
                 if only the register is named, `hoptac rebuild` makes it anew",
            )?;
        }
    }
    Ok(outcome)
}

pub(crate) async fn rebuild(place: &Place, as_json: bool) -> Result<Outcome> {
    let store = place.open().await?;
    let rebuilt = store.rebuild(&mut |_, _| {}).await?;
    let changed: u64 = rebuilt.tables.iter().map(|table| table.changed).sum();
    if as_json {
        let tables: Vec<_> = rebuilt
            .tables
            .iter()
            .map(|table| {
                json!({
                    "table": table.name,
                    "rows_before": table.rows_before,
                    "rows_after": table.rows_after,
                    "changed": table.changed,
                })
            })
            .collect();
        output::json(&json!({ "filings": rebuilt.filings, "changed": changed, "tables": tables }))?;
        return Ok(Outcome::Done);
    }
    let mut table = Table::new(&[
        ("Table", Align::Left),
        ("Rows before", Align::Right),
        ("Rows after", Align::Right),
        ("Changed", Align::Right),
    ]);
    for change in &rebuilt.tables {
        table.row(vec![
            change.name.clone(),
            change.rows_before.to_string(),
            change.rows_after.to_string(),
            change.changed.to_string(),
        ]);
    }
    for line in table.lines(output::WIDTH) {
        output::say(&line)?;
    }
    output::say(&if changed == 0 {
        format!("made anew from {} filings; nothing changed", rebuilt.filings)
    } else {
        format!("made anew from {} filings; {changed} rows changed", rebuilt.filings)
    })?;
    Ok(Outcome::Done)
}
