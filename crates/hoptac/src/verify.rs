//! `hoptac verify` and `hoptac rebuild`: the proof of the ledger, and the register made anew from it.

use anyhow::Result;
use hoptac_model::text::{Language, Words};
use hoptac_model::words;
use hoptac_store::{Step, Store, Verification};
use serde_json::json;

use crate::Outcome;
use crate::cli::Place;
use crate::output::{self, Align, Table};
use crate::progress::Progress;

/// Proves the ledger, and tells how far that is.
pub(crate) async fn proved(
    store: &Store,
    language: Language,
) -> Result<Verification, hoptac_store::Error> {
    let verifying = async |tell: &mut (dyn FnMut(Step) + Send)| store.verify(tell).await;
    Progress::new().watch(Some(language), verifying).await
}

pub(crate) async fn verify(place: &Place, as_json: bool, language: Language) -> Result<Outcome> {
    let store = place.open().await?;
    let verification = proved(&store, language).await?;
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
    let tell = |line: &Words| output::say(line.get(language));
    match &verification.problem {
        None => {
            tell(&words!(
                "sổ cái toàn vẹn: {filings} hồ sơ, mỗi hồ sơ có mã băm chứng minh, sổ đăng ký khớp với sổ cái",
                "the ledger is whole: {filings} filings, each proved by its hash, and the register follows from them",
                filings = verification.filings
            ))?;
            tell(&words!(
                "mã băm cuối {head}",
                "head {head}",
                head = verification.head.to_string()
            ))?;
            tell(&words!(
                "hãy ghi lại số hồ sơ và mã băm cuối ở nơi khác: về sau sẽ thấy ngay nếu phần cuối sổ bị cắt",
                "keep position and head apart from this machine: they show later if the end was cut off"
            ))?;
        }
        Some(problem) => {
            let at = problem.position.map_or_else(Words::default, |position| {
                words!(" tại hồ sơ số {position}", " at filing {position}", position)
            });
            tell(&words!(
                "sổ cái không tự chứng minh được{at}: {what}",
                "the ledger does not prove itself{at}: {what}",
                at,
                what = &problem.what
            ))?;
            tell(&words!(
                "hãy ngừng nộp hồ sơ, giữ nguyên cơ sở dữ liệu và đối chiếu với bản sao lưu; nếu chỉ sổ đăng ký bị nêu \
                 tên, `hoptac rebuild` lập lại sổ đó",
                "stop filing, keep this database as it is, and compare it with a backup; if only the register is \
                 named, `hoptac rebuild` makes it anew"
            ))?;
        }
    }
    Ok(outcome)
}

pub(crate) async fn rebuild(place: &Place, as_json: bool, language: Language) -> Result<Outcome> {
    let store = place.open().await?;
    let making = async |tell: &mut (dyn FnMut(Step) + Send)| store.rebuild(tell).await;
    let rebuilt = Progress::new().watch(Some(language), making).await?;
    // Whoever makes the register anew does not want the next start to take up the old one.
    let _ = std::fs::remove_dir_all(place.snapshots());
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
    let vi = language == Language::Vi;
    let mut table = Table::new(&[
        (if vi { "Bảng" } else { "Table" }, Align::Left),
        (if vi { "Số dòng trước" } else { "Rows before" }, Align::Right),
        (if vi { "Số dòng sau" } else { "Rows after" }, Align::Right),
        (if vi { "Thay đổi" } else { "Changed" }, Align::Right),
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
    let filings = rebuilt.filings;
    let line = if changed == 0 {
        words!(
            "đã lập lại từ {filings} hồ sơ; không có gì thay đổi",
            "made anew from {filings} filings; nothing changed",
            filings
        )
    } else {
        words!(
            "đã lập lại từ {filings} hồ sơ; {changed} dòng thay đổi",
            "made anew from {filings} filings; {changed} rows changed",
            filings,
            changed
        )
    };
    output::say(line.get(language))?;
    Ok(Outcome::Done)
}
