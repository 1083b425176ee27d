//! Published figures.

use std::collections::BTreeSet;

use hoptac_model::filing::{Draft, FiguresPublish};
use hoptac_model::finding::Finding;
use hoptac_model::ids::UnitId;
use hoptac_store::{Error, Writing};

use crate::filing::recorded_on;
use crate::finding::Findings;
use crate::known::Known;

/// Reads the units that the figures speak of. A unit that began on 1 July 2025 may carry its code under another identity.
pub(crate) async fn read(
    writing: &mut Writing,
    body: &FiguresPublish,
    known: &mut Known,
) -> Result<(), Error> {
    let codes: BTreeSet<&str> = body.figures.iter().map(|figure| figure.unit.as_str()).collect();
    for code in codes {
        for id in [UnitId::from(code), UnitId::new(format!("{code}.2025"))] {
            if let Some(unit) = writing.unit(&id).await? {
                known.units.insert(UnitId::from(code), unit);
                break;
            }
        }
    }
    Ok(())
}

/// What is wrong with published figures.
pub fn findings(draft: &Draft, body: &FiguresPublish, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    let Some(pack) = &known.plan else {
        findings.error(
            "figure.no-plan",
            "",
            "no plan has been adopted, so that there is nothing the figures belong to",
            "adopt a plan pack first",
        );
        return findings.into_vec();
    };
    if body.figures.is_empty() {
        findings.error("figure.none", "figures", "no figure is given", "give at least one");
    }
    let mut ids: BTreeSet<&str> = pack.figures.iter().map(|figure| figure.id.as_str()).collect();
    for (index, figure) in body.figures.iter().enumerate() {
        let field = |name: &str| format!("figures.{index}.{name}");
        findings.text(&field("id"), &figure.id);
        findings.text(&field("source"), &figure.source);
        if !ids.insert(&figure.id) {
            findings.error(
                "figure.exists",
                field("id"),
                format!("a figure `{}` is published already", figure.id),
                "give the new figure a name of its own",
            );
        }
        let known_series = pack.indicator(&figure.indicator).is_some()
            || pack.series.iter().any(|series| series.id == figure.indicator);
        if !known_series {
            findings.error(
                "figure.series",
                field("indicator"),
                format!("the plan in force has no indicator or series `{}`", figure.indicator),
                "take one from the plan",
            );
        }
        if !known.units.contains_key(&UnitId::from(figure.unit.as_str())) {
            findings.error(
                "figure.unit",
                field("unit"),
                format!("there is no unit `{}`", figure.unit),
                "take the code from the list of units",
            );
        }
        if !figure.value.is_finite() {
            findings.error(
                "figure.value",
                field("value"),
                "the value is not a number",
                "write the value as it was published",
            );
        }
        if figure.source_date.is_some_and(|day| day > recorded_on(draft)) {
            findings.error(
                "figure.source-ahead",
                field("source_date"),
                "the source was published after the figure was filed",
                "correct the day",
            );
        }
    }
    findings.into_vec()
}
