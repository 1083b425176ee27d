//! `hoptac pack check`: every problem of a pack, like a compiler.

use std::path::Path;

use anyhow::Result;
use hoptac_intake::pack::{self, PackFiles};
use hoptac_model::finding::{Finding, Severity};
use hoptac_model::text::Language;
use hoptac_model::words;
use serde_json::json;

use crate::Outcome;
use crate::embedded;
use crate::output;

pub(crate) fn check(dir: &Path, as_json: bool, language: Language) -> Result<Outcome> {
    let reading = read(dir);
    let of = |severity| reading.findings.iter().filter(|f| f.severity == severity).count();
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    if as_json {
        output::json(&json!({
            "pack": reading.pack.as_ref().map(|pack| &pack.id),
            "files_hash": reading.files_hash,
            "errors": errors,
            "warnings": warnings,
            "findings": reading.findings,
        }))?;
    } else {
        say_findings(&reading.findings, language)?;
        let counts = words!(
            "{errors} lỗi, {warnings} cảnh báo",
            "{errors} errors, {warnings} warnings",
            errors,
            warnings
        );
        let summary = match &reading.pack {
            Some(pack) if errors == 0 => words!(
                "{id}: {targets} chỉ tiêu, {indicators} chỉ tiêu đo, {figures} số liệu công bố; {counts}",
                "{id}: {targets} targets, {indicators} indicators, {figures} figures; {counts}",
                id = pack.id,
                targets = pack.targets.len(),
                indicators = pack.indicators.len(),
                figures = pack.figures.len(),
                counts
            ),
            _ => counts,
        };
        output::say(summary.get(language))?;
    }
    Ok(if errors > 0 { Outcome::Findings } else { Outcome::Done })
}

/// Reads a pack from a folder, with units checked against the shipped places.
pub(crate) fn read(dir: &Path) -> pack::Reading {
    let codes = embedded::unit_codes();
    pack::read(&PackFiles::from_dir(dir), &pack::Check { units: Some(&codes) })
}

/// Prints findings with a blank line between them.
pub(crate) fn say_findings(findings: &[Finding], language: Language) -> Result<()> {
    for finding in findings {
        output::say(&format!("{}\n", finding.told(language)))?;
    }
    Ok(())
}
