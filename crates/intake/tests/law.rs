//! The shipped law: it reads without findings, the program carries what it says, and its mistakes are told.

#![expect(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

use std::path::{Path, PathBuf};

use hoptac_intake::pack::read_law_alone;
use hoptac_model::law::Law;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

fn codes(text: &str) -> Vec<(&'static str, u32)> {
    let (_, findings) = read_law_alone("law.toml", text.as_bytes());
    findings.iter().map(|found| (found.code, found.place.as_ref().unwrap().line)).collect()
}

/// With `UPDATE_LAW=1` the carried copy is written anew.
#[test]
fn the_program_carries_what_the_file_says() {
    let (law, findings) =
        read_law_alone("law.toml", &std::fs::read(path("packs/vn/law.toml")).unwrap());
    assert_eq!(findings, []);
    let law = law.unwrap();
    let text = serde_json::to_string_pretty(&law).unwrap() + "\n";
    let carried = path("crates/model/src/law.json");
    #[expect(clippy::disallowed_methods, reason = "how the carried copy is written anew")]
    if std::env::var("UPDATE_LAW").is_ok() {
        std::fs::write(&carried, &text).unwrap();
    }
    let told = "packs/vn/law.toml changed; run UPDATE_LAW=1 cargo nextest run -p hoptac-intake law";
    assert!(std::fs::read_to_string(carried).unwrap() == text, "{told}");
    assert_eq!(Law::shipped(), &law);
}

#[test]
fn a_row_without_a_source() {
    let text = "format = 1\n[[minimum]]\nkind = \"HTX\"\nmembers = 5\nverified = \"read\"\n";
    assert_eq!(codes(text), [("pack.missing-key", 2)]);
}
#[test]
fn unknown_words() {
    let text = "format = 1\n[[minimum]]\nkind = \"HTXX\"\nmembers = 5\nverified = \"red\"\nsource = \"x\"\n";
    assert_eq!(codes(text), [("pack.word", 3), ("pack.word", 5)]);
}
#[test]
fn two_rows_about_the_same_from_the_same_day() {
    let row = "[[conversion]]\nmonths = 12\nsource = \"x\"\nverified = \"read\"\n";
    assert_eq!(codes(&format!("format = 1\n{row}{row}")), [("pack.law-twice", 6)]);
}
#[test]
fn a_notice_is_before_or_after() {
    let row = "[[notice]]\nfiling = \"organisation.change\"\nsource = \"x\"\nverified = \"read\"\n";
    assert_eq!(codes(&format!("format = 1\n{row}")), [("pack.law-notice", 3)]);
    let both = format!("format = 1\n{row}days_after = 1\nworking_days_before = 1\n");
    assert_eq!(codes(&both), [("pack.law-notice", 3)]);
}
#[test]
fn a_size_has_all_its_figures_or_none() {
    let row = "format = 1\n[[size]]\nsections = \"A\"\nsize = \"large\"\nsource = \"x\"\nverified = \"read\"\n";
    assert_eq!(codes(row), []);
    assert_eq!(codes(&format!("{row}members = 5\n")), [("pack.law-size", 4)]);
    assert_eq!(codes(&row.replace("\"A\"", "\"A1\"")), [("pack.law-sections", 3)]);
}
#[test]
fn a_law_of_one_row_knows_nothing_else() {
    let text = "format = 1\n[[conversion]]\nmonths = 6\nsource = \"x\"\nverified = \"read\"\n";
    let (law, findings) = read_law_alone("law.toml", text.as_bytes());
    assert_eq!(findings, []);
    let law = law.unwrap();
    assert_eq!(law.conversion_months(jiff::civil::date(2025, 1, 1)), Some(6));
    assert!(law.minimum.is_empty() && law.step.is_empty());
}
