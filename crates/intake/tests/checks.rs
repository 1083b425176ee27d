//! The checks of the shipped form, each shown breaking and holding, and each explained.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use hoptac_intake::pack::{self, Check, PackFiles};
use hoptac_model::check::{Broken, Checks, Filled};
use hoptac_model::organisation::{Kind, Sector};
use hoptac_model::pack::Form;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn form() -> Form {
    let files = PackFiles::from_dir(&root().join("packs/lang-son-2023"));
    pack::read(&files, &Check { units: None }).pack.unwrap().annual_return().unwrap().clone()
}

type Values = &'static [(&'static str, i64)];

/// A check with values that break it and values that keep it, field by field; those of the year before begin with
/// `last_`. The cooperative has eleven members in the register.
const CASES: [(&str, Values, Values); 29] = [
    (
        "women-among-members",
        &[("members_female", 12), ("members_total", 11)],
        &[("members_female", 11), ("members_total", 11)],
    ),
    (
        "minorities-among-members",
        &[("members_ethnic_minority", 12), ("members_total", 11)],
        &[("members_ethnic_minority", 11), ("members_total", 11)],
    ),
    (
        "poor-among-members",
        &[("members_poor", 12), ("members_total", 11)],
        &[("members_poor", 11), ("members_total", 11)],
    ),
    (
        "households-among-members",
        &[("members_household", 12), ("members_total", 11)],
        &[("members_household", 11), ("members_total", 11)],
    ),
    (
        "official-among-members",
        &[("members_official", 12), ("members_total", 11)],
        &[("members_official", 11), ("members_total", 11)],
    ),
    (
        "women-among-workers",
        &[("workers_female", 10), ("workers", 9)],
        &[("workers_female", 9), ("workers", 9)],
    ),
    (
        "members-among-workers",
        &[("workers_members", 10), ("workers", 9)],
        &[("workers_members", 9), ("workers", 9)],
    ),
    (
        "insured-among-workers",
        &[("workers_insured", 10), ("workers", 9)],
        &[("workers_insured", 9), ("workers", 9)],
    ),
    (
        "trained-among-workers",
        &[("workers_trained", 10), ("workers", 9)],
        &[("workers_trained", 9), ("workers", 9)],
    ),
    (
        "women-among-managers",
        &[("managers_female", 4), ("managers", 3)],
        &[("managers_female", 3), ("managers", 3)],
    ),
    (
        "college-among-managers",
        &[("managers_college", 4), ("managers", 3)],
        &[("managers_college", 3), ("managers", 3)],
    ),
    (
        "vocational-among-managers",
        &[("managers_vocational", 4), ("managers", 3)],
        &[("managers_vocational", 3), ("managers", 3)],
    ),
    (
        "revenue-with-members",
        &[("revenue_members", 101), ("revenue", 100)],
        &[("revenue_members", 100), ("revenue", 100)],
    ),
    (
        "revenue-from-export",
        &[("revenue_export", 101), ("revenue", 100)],
        &[("revenue_export", 100), ("revenue", 100)],
    ),
    (
        "undivided-among-assets",
        &[("undivided_assets", 101), ("total_assets", 100)],
        &[("undivided_assets", 100), ("total_assets", 100)],
    ),
    ("revenue-not-negative", &[("revenue", -1)], &[("revenue", 0)]),
    ("revenue-members-not-negative", &[("revenue_members", -1)], &[("revenue_members", 0)]),
    ("revenue-export-not-negative", &[("revenue_export", -1)], &[("revenue_export", 0)]),
    ("total-capital-not-negative", &[("total_capital", -1)], &[("total_capital", 0)]),
    ("total-assets-not-negative", &[("total_assets", -1)], &[("total_assets", 0)]),
    ("undivided-assets-not-negative", &[("undivided_assets", -1)], &[("undivided_assets", 0)]),
    ("loans-not-negative", &[("loans", -1)], &[("loans", 0)]),
    ("tax-paid-not-negative", &[("tax_paid", -1)], &[("tax_paid", 0)]),
    (
        "profit-above-revenue",
        &[("profit_before_tax", 101), ("revenue", 100)],
        &[("profit_before_tax", -500), ("revenue", 100)],
    ),
    (
        "capital-above-assets",
        &[("total_capital", 101), ("total_assets", 100)],
        &[("total_capital", 100), ("total_assets", 100)],
    ),
    ("members-differ", &[("members_total", 23)], &[("members_total", 22)]),
    (
        "revenue-tenfold",
        &[("revenue", 1000), ("last_revenue", 100)],
        &[("revenue", 999), ("last_revenue", 100)],
    ),
    (
        "revenue-tenth",
        &[("revenue", 100), ("last_revenue", 1000)],
        &[("revenue", 101), ("last_revenue", 1000)],
    ),
    (
        "members-tenfold",
        &[("members_total", 20), ("last_members_total", 2)],
        &[("members_total", 19), ("last_members_total", 2)],
    ),
];

/// Applies the checks to values.
fn broken(checks: &Checks, values: Values, kind: Kind) -> Vec<Broken<'_>> {
    let (mut own, mut last) = (BTreeMap::new(), BTreeMap::new());
    for (name, value) in values {
        match name.strip_prefix("last_") {
            Some(name) => last.insert(name.to_owned(), *value),
            None => own.insert((*name).to_owned(), *value),
        };
    }
    checks.broken(&Filled {
        values: &own,
        last: Some(&last),
        year: 2024,
        kind: Some(kind),
        sector: Some(Sector::Agricultural),
        members: Some(11),
        capital: None,
    })
}

#[test]
fn each_check_breaks_and_holds() {
    let form = form();
    let checks = Checks::new(&form);
    for (id, breaking, holding) in CASES {
        let found = broken(&checks, breaking, Kind::Cooperative);
        assert!(found.iter().any(|broken| broken.check.id == id), "{id} does not break: {found:?}");
        let found = broken(&checks, holding, Kind::Cooperative);
        assert!(!found.iter().any(|broken| broken.check.id == id), "{id} does not hold: {found:?}");
    }
}

#[test]
fn each_check_has_a_case_and_a_line_of_help() {
    let page = std::fs::read_to_string(root().join("docs/return-checks.md")).unwrap();
    let explained: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let form = form();
    let ids: Vec<&str> = form.checks.iter().map(|check| check.id.as_str()).collect();
    assert_eq!(explained, ids);
    let cases: BTreeSet<&str> = CASES.iter().map(|(id, ..)| *id).collect();
    assert_eq!(cases, ids.into_iter().collect());
}

#[test]
fn what_is_missing_breaks_nothing() {
    let checks = Checks::new(&form());
    assert_eq!(broken(&checks, &[], Kind::Cooperative), []);
    assert_eq!(broken(&checks, &[("members_female", 12)], Kind::Cooperative), []);
}

#[test]
fn a_message_names_both_numbers() {
    let checks = Checks::new(&form());
    let values: Values = &[("revenue", 1_000_000_000), ("last_revenue", 10_500_000)];
    let found = broken(&checks, values, Kind::Cooperative);
    let message = &found.first().unwrap().message;
    assert!(
        message.vi.contains("1.000.000.000") && message.vi.contains("10.500.000"),
        "{message:?}"
    );
    assert!(
        message.en.contains("1,000,000,000") && message.en.contains("10,500,000"),
        "{message:?}"
    );
}

#[test]
fn a_unions_members_are_cooperatives_and_not_held_against_the_register() {
    let checks = Checks::new(&form());
    assert_eq!(broken(&checks, &[("members_total", 23)], Kind::Union), []);
}
