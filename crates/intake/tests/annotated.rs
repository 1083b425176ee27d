//! The reader held against annotated excerpts that were written for the tests: how many of the targets it gives are
//! targets, how many of the targets it finds, and how many of those it reads wholly right.
//!
//! In `fixtures/annotated`, `=== name` opens an excerpt and `{words}<at_least 60 %; 2030>` marks a target: comparator,
//! number (two for `between`), unit; horizon (a year, `yearly` or `none`); then other readings that are right too, as
//! `or about`, `or yearly`. `<implicit>` marks an aim without a number, which counts neither way.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fmt::Write as _;
use std::ops::AddAssign;
use std::path::{Path, PathBuf};

use hoptac_intake::reading::{Horizon, Target, read};

/// A target as annotated.
#[derive(Debug, PartialEq)]
struct Gold {
    start: usize,
    end: usize,
    quote: String,
    comparators: Vec<String>,
    numbers: Vec<f64>,
    unit: String,
    horizons: Vec<String>,
}

/// An excerpt without its marks.
#[derive(Debug, Default)]
struct Excerpt {
    name: String,
    text: String,
    gold: Vec<Gold>,
    /// Where aims without a number stand.
    implicit: Vec<(usize, usize)>,
}

/// How a reading compares with its annotation.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Score {
    gold: usize,
    read: usize,
    found: usize,
    right: usize,
}

impl Score {
    fn precision(self) -> f64 {
        share(self.found, self.read)
    }
    fn recall(self) -> f64 {
        share(self.found, self.gold)
    }
    fn fully_right(self) -> f64 {
        share(self.right, self.gold)
    }
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Self) {
        self.gold += other.gold;
        self.read += other.read;
        self.found += other.found;
        self.right += other.right;
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a few thousand")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The excerpts of a file.
fn excerpts(file: &str) -> Vec<Excerpt> {
    let bodies = file.split("\n=== ").skip(1);
    bodies
        .map(|body| {
            let (name, body) = body.split_once('\n').unwrap();
            unmarked(name, body)
        })
        .collect()
}

/// Takes the marks out of an excerpt.
fn unmarked(name: &str, body: &str) -> Excerpt {
    let mut excerpt = Excerpt { name: name.to_owned(), ..Excerpt::default() };
    let mut rest = body;
    while let Some((before, behind)) = rest.split_once('{') {
        let (quote, behind) = behind.split_once("}<").unwrap();
        let (mark, behind) = behind.split_once('>').unwrap();
        excerpt.text.push_str(before);
        let start = excerpt.text.chars().count();
        excerpt.text.push_str(quote);
        let end = excerpt.text.chars().count();
        if mark == "implicit" {
            excerpt.implicit.push((start, end));
        } else {
            excerpt.gold.push(gold(mark, quote, start, end));
        }
        rest = behind;
    }
    excerpt.text.push_str(rest);
    excerpt
}

/// Reads a mark.
fn gold(mark: &str, quote: &str, start: usize, end: usize) -> Gold {
    let mut parts = mark.split("; ");
    let mut words = parts.next().unwrap().split(' ');
    let comparator = words.next().unwrap();
    let count = if comparator == "between" { 2 } else { 1 };
    let numbers = words.by_ref().take(count).map(|word| word.parse().unwrap()).collect();
    let unit = words.collect::<Vec<_>>().join(" ");
    let mut comparators = vec![comparator.to_owned()];
    let mut horizons = vec![parts.next().unwrap().to_owned()];
    for other in parts {
        let other = other.strip_prefix("or ").unwrap().to_owned();
        let is_moment = other == "yearly" || other.parse::<i32>().is_ok();
        if is_moment { horizons.push(other) } else { comparators.push(other) }
    }
    Gold { start, end, quote: quote.to_owned(), comparators, numbers, unit, horizons }
}

/// Compares a reading with its annotation and says what differs.
fn compare(excerpt: &Excerpt, report: &mut String) -> Score {
    let mut free: Vec<&Gold> = excerpt.gold.iter().collect();
    let mut score = Score { gold: free.len(), ..Score::default() };
    for target in read(&excerpt.text).targets {
        let over = |start: usize, end: usize| target.start < end && start < target.end;
        if excerpt.implicit.iter().any(|(start, end)| over(*start, *end)) {
            continue;
        }
        score.read += 1;
        let hit =
            free.iter().position(|gold| over(gold.start, gold.end) && same(&gold.numbers, &target));
        let Some(hit) = hit else {
            writeln!(report, "{}: no target: {}", excerpt.name, target.quote).unwrap();
            continue;
        };
        let gold = free.remove(hit);
        score.found += 1;
        if is_right(gold, &target) {
            score.right += 1;
        } else {
            writeln!(report, "{}: read as {target:?}, is {gold:?}", excerpt.name).unwrap();
        }
    }
    for gold in free {
        writeln!(report, "{}: not found: {}", excerpt.name, gold.quote).unwrap();
    }
    score
}

fn same(numbers: &[f64], target: &Target) -> bool {
    let read: Vec<f64> = match (target.value, target.min, target.max) {
        (Some(value), _, _) => vec![value],
        (None, Some(min), Some(max)) => vec![min, max],
        _ => Vec::new(),
    };
    read.len() == numbers.len()
        && read.iter().zip(numbers).all(|(a, b)| (a - b).abs() <= 1e-9 * b.abs().max(1.0))
}

fn is_right(gold: &Gold, target: &Target) -> bool {
    let horizon = match target.horizon {
        Some(Horizon::Year(year)) => year.to_string(),
        Some(Horizon::Yearly) => "yearly".to_owned(),
        None => "none".to_owned(),
    };
    gold.comparators.iter().any(|comparator| comparator == target.comparator.code())
        && long_form(&gold.unit) == long_form(&target.unit)
        && gold.horizons.contains(&horizon)
}

/// Units in small letters, with the abbreviations of the field written out.
fn long_form(unit: &str) -> String {
    match unit.to_lowercase().trim() {
        "htx" => "hợp tác xã".to_owned(),
        "tht" => "tổ hợp tác".to_owned(),
        "lhhtx" => "liên hiệp hợp tác xã".to_owned(),
        other => other.to_owned(),
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/annotated")
}

/// Reads a file of excerpts and holds the level; what differs is told where it is not reached.
#[track_caller]
fn check(file: &str, precision: f64, recall: f64, fully_right: f64) {
    let text = std::fs::read_to_string(folder().join(file)).unwrap();
    let mut report = String::new();
    let mut total = Score::default();
    for excerpt in excerpts(&text) {
        total += compare(&excerpt, &mut report);
    }
    let reached = (total.precision(), total.recall(), total.fully_right());
    assert!(total.gold > 50, "{total:?}");
    assert!(
        reached.0 >= precision && reached.1 >= recall && reached.2 >= fully_right,
        "{file}: {reached:?} of {total:?}, not ({precision}, {recall}, {fully_right})\n{report}"
    );
}

#[test]
fn plans_as_they_are_published() {
    check("plain.txt", 0.99, 0.99, 0.99);
}
#[test]
fn plans_with_much_on_what_is_and_was() {
    check("situation.txt", 0.98, 0.99, 0.98);
}
#[test]
fn plans_with_means_norms_and_rules() {
    check("means-and-rules.txt", 0.98, 0.99, 0.98);
}
#[test]
fn news_and_forecasts() {
    check("news-and-forecasts.txt", 0.98, 0.99, 0.98);
}
#[test]
fn plans_of_many_sectors() {
    check("sectors.txt", 0.96, 0.99, 0.95);
}

#[test]
fn the_arithmetic_counts_what_is_missed_and_what_is_none() {
    let file = "\n=== one\nĐến năm 2030 có {ít nhất 12 chợ}<at_least 12 chợ; 2030>, {9 hợp tác xã}<eq 9 HTX; 2035; or 2030>, {7}<eq 7 xã; 2030> và 5 bến xe.\n";
    let excerpt = excerpts(file).pop().unwrap();
    let mut report = String::new();
    let score = compare(&excerpt, &mut report);
    assert_eq!(score, Score { gold: 3, read: 3, found: 2, right: 2 }, "{report}");
    assert_eq!(report.lines().count(), 2, "{report}");
}
#[test]
fn every_file_is_held() {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "means-and-rules.txt",
            "news-and-forecasts.txt",
            "plain.txt",
            "sectors.txt",
            "situation.txt"
        ]
    );
}
