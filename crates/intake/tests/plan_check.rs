//! The findings of the plan that the program ships with, number by number, and a page for each code.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use hoptac_intake::pack::{self, Check, PackFiles, Reading};
use hoptac_intake::unit;
use hoptac_model::ids::TargetId;
use hoptac_model::plan_check::{Code, PlanFinding, Question, check};
use hoptac_model::text::Language;
use hoptac_model::unit::Places;
use jiff::civil::date;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn places() -> Places {
    let read = |name: &str| std::fs::read(root().join("packs/vn/units").join(name)).unwrap();
    let all = unit::read(&read("units.csv"), &read("successors.csv"));
    let (units, successors) = unit::territory(&all.units, &all.successors, "20");
    Places::new(units, successors)
}

fn shipped() -> PackFiles {
    PackFiles::from_dir(&root().join("packs/lang-son-2023"))
}

fn read(files: &PackFiles) -> Reading {
    pack::read(files, &Check { units: None })
}

fn found(reading: &Reading, figures: bool) -> Vec<PlanFinding> {
    let places = places();
    let pack = reading.accepted().unwrap();
    check(&Question { pack, places: Some(&places), figures, day: date(2026, 11, 23) })
}

fn shown(findings: &[PlanFinding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let targets: Vec<&str> = finding.targets.iter().map(TargetId::as_str).collect();
        let severity = finding.severity.word(Language::En);
        writeln!(text, "{} {severity} {}", finding.code.as_str(), targets.join(" ")).unwrap();
        writeln!(text, "  {}", finding.message.vi).unwrap();
        writeln!(text, "  {}", finding.message.en).unwrap();
        let numbers = finding.numbers.iter().map(|(name, number)| format!("{name} {}", number.0));
        writeln!(text, "  {}", numbers.collect::<Vec<_>>().join(", ")).unwrap();
    }
    text
}

#[test]
fn the_findings_of_the_shipped_plan() {
    insta::assert_snapshot!(shown(&found(&read(&shipped()), true)));
}

#[test]
fn without_figures_nothing_rests_on_published_series() {
    let findings = found(&read(&shipped()), false);
    let published = [Code::AlreadyThere, Code::SeriesBreak];
    assert!(findings.iter().all(|finding| !published.contains(&finding.code)));
    assert!(findings.iter().any(|finding| finding.code == Code::RateAndStock));
}

#[test]
fn every_target_and_figure_of_a_finding_has_its_place() {
    let reading = read(&shipped());
    for finding in found(&reading, true) {
        for target in &finding.targets {
            let place = &reading.spots.targets[target.as_str()];
            assert!(place.line > 0 && place.column > 0 && place.file == "plan.toml", "{target}");
        }
        for figure in &finding.figures {
            let place = &reading.spots.figures[figure];
            assert!(place.line > 1 && place.file == "figures.csv", "{figure}");
        }
    }
}

/// The shipped pack with an acceptance written at its end.
fn with(accepted: &str) -> Reading {
    let mut files = shipped();
    files.files.get_mut("plan.toml").unwrap().extend_from_slice(accepted.as_bytes());
    read(&files)
}

#[test]
fn an_acceptance_in_the_pack_silences_its_finding_alone() {
    let reading = with(
        r#"
[[accepted]]
code = "HT002"
targets = ["T30-01", "TY-02"]
reason_vi = "Chờ rà soát giữa kỳ"
reason_en = "Awaits the mid-term review"
owner = "so-tai-chinh"
until = 2026-12-31
"#,
    );
    let findings = found(&reading, false);
    let settled: Vec<&PlanFinding> = findings.iter().filter(|finding| !finding.is_open()).collect();
    assert_eq!(settled.len(), 1);
    assert_eq!(settled[0].code, Code::RateAndStock);
    assert_eq!(settled[0].targets[0].as_str(), "T30-01");
}

#[test]
fn an_acceptance_of_nothing_is_told() {
    let reading = with(
        r#"
[[accepted]]
code = "HT2"
targets = ["T30-99"]
reason_vi = "Chờ rà soát"
reason_en = "Under review"
owner = "nobody"
until = 2026-12-31
"#,
    );
    let codes: BTreeSet<&str> = reading
        .findings
        .iter()
        .filter(|finding| finding.is_error())
        .map(|finding| finding.code)
        .collect();
    assert_eq!(codes, BTreeSet::from(["pack.unknown-name", "pack.word"]));
    assert_eq!(reading.findings.iter().filter(|finding| finding.is_error()).count(), 3);
}

#[test]
fn every_code_has_its_page() {
    for code in Code::ALL {
        let page = root().join(format!("docs/findings/{}.md", code.as_str()));
        let page = std::fs::read_to_string(&page).unwrap_or_else(|_| panic!("{}", page.display()));
        assert!(page.starts_with(&format!("# {}: ", code.as_str())));
        for part in ["## What it means", "## Example", "## How to settle it"] {
            assert!(page.contains(part), "{}: {part}", code.as_str());
        }
    }
    let list = std::fs::read_to_string(root().join("docs/findings/README.md")).unwrap();
    let pages = std::fs::read_dir(root().join("docs/findings")).unwrap().count();
    assert_eq!(pages, Code::ALL.len() + 1, "a page without a code");
    assert!(Code::ALL.iter().all(|code| list.contains(&format!("({}.md)", code.as_str()))));
}
