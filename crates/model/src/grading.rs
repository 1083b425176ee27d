//! Grading by a ruleset: a pure calculator that adds up a sheet of scores, reads the grade off the bands, and says of
//! every point where it comes from.
//!
//! It knows a ruleset exactly as far as its file does. Where a maximum or the bands of a criterion are not known, the
//! score is taken as entered, held against what the group gives together where that is known, and the assessment says
//! so. Nothing is ever filled in by a guess.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::date::{days_between, year_end, year_start};
use crate::finding::{Finding, Severity};
use crate::number;
use crate::organisation::{Grade, Sector, Status};
use crate::pack::{Criterion, Ruleset};
use crate::register::{AnnualReturn, Register};
use crate::text::{Language, Words};
use crate::words;

/// A sheet of scores.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Scores by criterion, as `1a`.
    pub scores: BTreeMap<String, Score>,
    /// Whether the organisation was fined by the administration within the year.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fined: bool,
}

/// The score of one criterion.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// The score in tenths of a point.
    pub tenths: i32,
    /// The value that bands are read by, in the criterion's own unit, rounded down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<i64>,
    /// What shows it: a report, minutes, a page.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub evidence: String,
    /// Why it differs from what was scored before.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

impl Sheet {
    /// The sheet with the scores of another laid over it: what the other names counts.
    #[must_use]
    pub fn overlaid(&self, other: &Self) -> Self {
        let mut scores = self.scores.clone();
        scores.extend(other.scores.iter().map(|(key, score)| (key.clone(), score.clone())));
        Self { scores, fined: self.fined || other.fined }
    }
}

/// What the register knows that bears on a grade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The year that is graded.
    pub year: i16,
    /// The day it was founded.
    pub founded_on: Date,
    /// The sector it counts in.
    pub sector: Sector,
    /// When its business was suspended: the first day, and the day it went on, where it did.
    pub stops: Vec<(Date, Option<Date>)>,
    /// Values of the accepted return of the year, by field.
    pub returned: BTreeMap<String, i64>,
}

impl Candidate {
    /// What a register says of an organisation for a year, as seen on a day. A stop that goes on is counted up to it.
    pub fn of(register: &Register, organisation: u32, year: i16, day: Date) -> Option<Self> {
        let founded_on = register.organisation(organisation)?.founded_on;
        let mut sector = None;
        let mut stops: Vec<(Date, Option<Date>)> = Vec::new();
        let mut stopped = false;
        let states = register.states.of(organisation).iter();
        for state in states.filter(|state| state.from <= day) {
            sector = Some(state.sector);
            let suspended = state.status == Status::Suspended;
            match (suspended, stopped) {
                (true, false) => stops.push((state.from, Some(day))),
                (false, true) => {
                    if let Some((_, end)) = stops.last_mut() {
                        *end = Some(state.from);
                    }
                }
                (true, true) | (false, false) => {}
            }
            stopped = suspended;
        }
        let own = |accepted: &&AnnualReturn| accepted.year == year && accepted.on <= day;
        // Of several versions the last one holds.
        let returned = register.returns.of(organisation).iter().rfind(own).map(|accepted| {
            let columns = register.return_columns.iter();
            columns.filter_map(|column| Some((column.name.clone(), column.of(accepted)?))).collect()
        });
        let returned = returned.unwrap_or_default();
        Some(Self { year, founded_on, sector: sector?, stops, returned })
    }
}

/// Where a score comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Bands of the ruleset, by a value that was entered.
    Bands,
    /// Bands of the ruleset, by a value of the yearly return.
    Return,
    /// Entered, and held against the maximum.
    Entered,
    /// Entered; the maximum is not known.
    EnteredMaximumUnknown,
    /// There is no score.
    Missing,
}

/// One criterion with its score and where that comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Point {
    /// Number and letter, as `1a`.
    pub criterion: String,
    /// What it is about.
    pub name: Words,
    /// Its group.
    pub group: String,
    /// The score in tenths; none where there is none.
    pub tenths: Option<i32>,
    /// The most points; none where not known.
    pub max: Option<i32>,
    /// Where the score comes from.
    pub basis: Basis,
    /// The same as a sentence.
    pub why: Words,
    /// How far the criterion was verified, as its file says.
    pub status: String,
    /// What shows it.
    pub evidence: String,
    /// Why it differs from what was scored before.
    pub reason: String,
}

/// What the criteria of a group come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupPoints {
    /// The group.
    pub id: String,
    /// What people call it.
    pub title: Words,
    /// The scores together, in tenths.
    pub tenths: i32,
    /// The most points together; none where not known.
    pub max: Option<i32>,
}

/// A sheet worked out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// Every criterion, in the order of the ruleset.
    pub points: Vec<Point>,
    /// Every group, in the order of the ruleset.
    pub groups: Vec<GroupPoints>,
    /// All scores together, in tenths.
    pub total_tenths: i32,
    /// The grade of that total.
    pub by_points: Grade,
    /// The grade; none for who is not graded.
    pub grade: Option<Grade>,
    /// Why it is not that of the points.
    pub because: Vec<Words>,
    /// What could not be verified, and is said with every result.
    pub not_verified: Vec<Words>,
    /// What is wrong or doubtful with the sheet; paths begin with `sheet.`.
    #[serde(skip)]
    pub findings: Vec<Finding>,
}

/// Works a sheet out.
pub fn assess(ruleset: &Ruleset, sheet: &Sheet, candidate: &Candidate) -> Assessment {
    let mut findings = Vec::new();
    for key in sheet.scores.keys().filter(|key| ruleset.criterion(key).is_none()) {
        findings.push(Finding::field(
            "grade.criterion",
            format!("sheet.scores.{key}"),
            words!(
                "bộ tiêu chí {id} không có tiêu chí `{key}`",
                "{id} has no criterion `{key}`",
                key,
                id = ruleset.id
            ),
            words!(
                "ghi số và chữ như trong bộ tiêu chí, ví dụ 1a",
                "write number and letter as the ruleset does, for example 1a"
            ),
        ));
    }
    let points: Vec<Point> = ruleset
        .criteria
        .iter()
        .map(|criterion| point(criterion, sheet, candidate, &mut findings))
        .collect();
    let groups = groups(ruleset, &points, &mut findings);
    let total_tenths = points.iter().filter_map(|point| point.tenths).fold(0, i32::saturating_add);
    if total_tenths > 1000 {
        findings.push(Finding::field(
            "grade.score",
            "sheet.scores",
            words!(
                "tổng điểm là {total_tenths}, vượt quá 100",
                "the scores come to {total_tenths} points, more than 100",
                total_tenths = in_points(total_tenths)
            ),
            words!("sửa lại điểm", "correct the scores"),
        ));
    }
    let by_points = grade_of(ruleset, total_tenths);
    let mut because = exclusions(ruleset, candidate);
    let excluded = !because.is_empty();
    let weak = ruleset.weak_if_fined && sheet.fined;
    if weak {
        because.push(Words::new(
            "Bị xử phạt hành chính trong năm nên xếp loại yếu",
            "Fined within the year, so the grade is weak",
        ));
    }
    let grade = match (excluded, weak) {
        (true, _) => None,
        (false, true) => Some(Grade::Weak),
        (false, false) => Some(by_points),
    };
    let not_verified = not_verified(&points);
    Assessment { points, groups, total_tenths, by_points, grade, because, not_verified, findings }
}

/// The grade of a total by the ruleset's bands.
pub fn grade_of(ruleset: &Ruleset, total_tenths: i32) -> Grade {
    let reached = ruleset.bands.iter().find(|band| total_tenths >= band.from.saturating_mul(10));
    reached.map_or_else(|| Grade::of_score(total_tenths), |band| band.grade)
}

/// Why an organisation is not graded for the year; nothing where it is.
pub fn exclusions(ruleset: &Ruleset, candidate: &Candidate) -> Vec<Words> {
    let mut why = Vec::new();
    let end = year_end(candidate.year);
    if let Some(months) = ruleset.not_graded.founded_under_months
        && after(candidate.founded_on, months) > end
    {
        why.push(Words::new(
            format!("Hoạt động chưa đủ {months} tháng tính đến cuối năm nên không xếp loại"),
            format!("Less than {months} months of work by the end of the year: not graded"),
        ));
    }
    if let Some(months) = ruleset.not_graded.stopped_over_months
        && stopped_over(candidate, months)
    {
        why.push(Words::new(
            format!("Ngừng hoạt động trên {months} tháng trong năm nên không xếp loại"),
            format!("Stopped for more than {months} months within the year: not graded"),
        ));
    }
    why
}

/// Whether business stopped for longer than so many months of the year: in one stop by the calendar, or in several that
/// come to more days than so many of the longest months.
fn stopped_over(candidate: &Candidate, months: u8) -> bool {
    let (first, last) = (year_start(candidate.year), year_end(candidate.year));
    let mut days = 0;
    for (from, to) in &candidate.stops {
        let from = (*from).max(first);
        // The day business goes on is no day of the stop.
        let end = to.unwrap_or(Date::MAX).min(last.tomorrow().unwrap_or(last));
        if from >= end {
            continue;
        }
        if after(from, months) < end {
            return true;
        }
        days += days_between(from, end);
    }
    days > i32::from(months) * 31
}

fn after(day: Date, months: u8) -> Date {
    day.saturating_add(jiff::Span::new().months(i64::from(months)))
}

/// The score of one criterion, with everything that is wrong with it.
fn point(
    criterion: &Criterion,
    sheet: &Sheet,
    candidate: &Candidate,
    findings: &mut Vec<Finding>,
) -> Point {
    let key = criterion.key();
    let path = format!("sheet.scores.{key}");
    let score = sheet.scores.get(&key);
    let returned = criterion.field.as_ref().and_then(|field| candidate.returned.get(field));
    let banded = criterion.rule == "bands" && !criterion.bands.is_empty();
    let value =
        if banded { score.and_then(|score| score.measured).or(returned.copied()) } else { None };
    let by_bands = value.map(|value| criterion.points_of(value).saturating_mul(10));
    let tenths = score.map(|score| score.tenths).or(by_bands);
    if let Some(tenths) = tenths {
        held_against_maximum(criterion, tenths, &path, findings);
    } else {
        findings.push(
            Finding::field(
                "grade.criterion-missing",
                &path,
                words!(
                    "tiêu chí {key} chưa được chấm nên không được cộng điểm",
                    "criterion {key} has no score and adds nothing",
                    key
                ),
                words!("hãy chấm điểm, kể cả khi là 0 điểm", "score it, if only with 0"),
            )
            .with_severity(Severity::Warning),
        );
    }
    if let (Some(tenths), Some(by_bands), Some(value)) = (tenths, by_bands, value)
        && tenths != by_bands
    {
        findings.push(Finding::field(
            "grade.not-by-bands",
            &path,
            words!(
                "tiêu chí {key} với giá trị {value} được {by_bands} điểm, không phải \
                {tenths} điểm",
                "criterion {key} gives {by_bands} points for {value}, not {tenths}",
                key,
                value,
                by_bands = in_points(by_bands),
                tenths = in_points(tenths)
            ),
            words!("sửa lại điểm hoặc giá trị", "correct the score or the value"),
        ));
    }
    let basis = match (tenths, value, criterion.max) {
        (None, ..) => Basis::Missing,
        (_, Some(_), _) if score.and_then(|score| score.measured).is_some() => Basis::Bands,
        (_, Some(_), _) => Basis::Return,
        (_, None, Some(_)) => Basis::Entered,
        (_, None, None) => Basis::EnteredMaximumUnknown,
    };
    Point {
        why: why(criterion, basis, tenths, value),
        criterion: key,
        name: criterion.name.clone(),
        group: criterion.group.clone(),
        tenths,
        max: criterion.max,
        basis,
        status: criterion.status.clone(),
        evidence: score.map(|score| score.evidence.clone()).unwrap_or_default(),
        reason: score.map(|score| score.reason.clone()).unwrap_or_default(),
    }
}

fn held_against_maximum(
    criterion: &Criterion,
    tenths: i32,
    path: &str,
    findings: &mut Vec<Finding>,
) {
    let max = criterion.max.unwrap_or(100);
    if (0..=max.saturating_mul(10)).contains(&tenths) {
        return;
    }
    findings.push(Finding::field(
        "grade.above-maximum",
        path,
        words!(
            "tiêu chí {key} có từ 0 đến {max} điểm, không phải {tenths} điểm",
            "criterion {key} gives 0 to {max} points, not {tenths}",
            max,
            key = criterion.key(),
            tenths = in_points(tenths)
        ),
        words!("sửa lại điểm", "correct the score"),
    ));
}

/// One sentence of where a score comes from.
fn why(criterion: &Criterion, basis: Basis, tenths: Option<i32>, value: Option<i64>) -> Words {
    let (points_vi, points_en) = tenths.map_or_else(
        || ("–".to_owned(), "–".to_owned()),
        |tenths| (show_in(tenths, Language::Vi), show_in(tenths, Language::En)),
    );
    let max = criterion.max.unwrap_or(0);
    let value = value.unwrap_or(0);
    let (value_vi, value_en) =
        (number::count(value, Language::Vi), number::count(value, Language::En));
    match basis {
        Basis::Bands => Words::new(
            format!("{points_vi} điểm theo thang điểm với giá trị {value_vi}, tối đa {max}"),
            format!("{points_en} points by the bands for {value_en}, at most {max}"),
        ),
        Basis::Return => Words::new(
            format!(
                "{points_vi} điểm theo thang điểm với giá trị {value_vi} của báo cáo năm, tối đa {max}"
            ),
            format!("{points_en} points by the bands for {value_en} of the return, at most {max}"),
        ),
        Basis::Entered => Words::new(
            format!("{points_vi} điểm do người chấm nhập, tối đa {max}"),
            format!("{points_en} points as entered, at most {max}"),
        ),
        Basis::EnteredMaximumUnknown => Words::new(
            format!("{points_vi} điểm do người chấm nhập, chưa rõ điểm tối đa"),
            format!("{points_en} points as entered, maximum unknown"),
        ),
        Basis::Missing => Words::new("Chưa chấm", "Not scored"),
    }
}

fn groups(ruleset: &Ruleset, points: &[Point], findings: &mut Vec<Finding>) -> Vec<GroupPoints> {
    let mut groups = Vec::with_capacity(ruleset.groups.len());
    for group in &ruleset.groups {
        let own = points.iter().filter(|point| point.group == group.id);
        let tenths = own.filter_map(|point| point.tenths).fold(0, i32::saturating_add);
        if let Some(max) = group.max.filter(|max| tenths > max.saturating_mul(10)) {
            findings.push(Finding::field(
                "grade.group-above-maximum",
                "sheet.scores",
                words!(
                    "các tiêu chí của nhóm {id} cộng lại là {tenths} điểm, cả nhóm tối đa \
                {max} điểm",
                    "the criteria of group {id} come to {tenths} points, the group gives {max}",
                    max,
                    id = group.id,
                    tenths = in_points(tenths)
                ),
                words!("sửa lại điểm của nhóm", "correct the scores of the group"),
            ));
        }
        let (id, title) = (group.id.clone(), group.title.clone());
        groups.push(GroupPoints { id, title, tenths, max: group.max });
    }
    groups
}

/// What every result says about itself.
fn not_verified(points: &[Point]) -> Vec<Words> {
    let of = |basis: Basis| -> Vec<&str> {
        let own = points.iter().filter(|point| point.basis == basis);
        own.map(|point| point.criterion.as_str()).collect()
    };
    let mut said = Vec::new();
    let mut say = |keys: Vec<&str>, vi: &str, en: &str| {
        if !keys.is_empty() {
            let keys = keys.join(", ");
            said.push(Words::new(
                format!("Tiêu chí {keys}: {vi}"),
                format!("Criteria {keys}: {en}"),
            ));
        }
    };
    say(
        of(Basis::Entered),
        "chưa có thang điểm, điểm nhập chỉ được kiểm tra với điểm tối đa",
        "the bands are not at hand; the score is only held against the maximum",
    );
    say(
        of(Basis::EnteredMaximumUnknown),
        "chưa rõ điểm tối đa, điểm nhập chỉ được kiểm tra với tổng điểm của nhóm nếu biết",
        "the maximum is not known; the score is only held against the group's total where known",
    );
    say(of(Basis::Missing), "chưa chấm, không cộng điểm", "not scored, nothing added");
    said
}

/// What is known of a total under a ruleset when only some criteria have a score: from what is scored to that and
/// everything that the others may still give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The least total, in tenths.
    pub least_tenths: i32,
    /// The most, in tenths.
    pub most_tenths: i32,
}

impl Assessment {
    /// What the total may be, once what is not scored is. It is never more than 100 points.
    pub fn span(&self) -> Span {
        let open = |point: &&Point| point.tenths.is_none();
        let unknown = self.points.iter().filter(open).any(|point| point.max.is_none());
        let more: i32 = self.points.iter().filter(open).filter_map(|point| point.max).sum();
        let most =
            if unknown { 1000 } else { self.total_tenths.saturating_add(more.saturating_mul(10)) };
        Span { least_tenths: self.total_tenths, most_tenths: most.min(1000).max(self.total_tenths) }
    }

    /// Whether every criterion has a score.
    pub fn is_complete(&self) -> bool {
        self.points.iter().all(|point| point.tenths.is_some())
    }
}

/// Tenths as points, in both languages: `81,5` and `81.5`.
pub fn in_points(tenths: i32) -> Words {
    Words::new(show_in(tenths, Language::Vi), show_in(tenths, Language::En))
}

/// Tenths as points in a language: `81,5`.
pub fn show_in(tenths: i32, language: Language) -> String {
    number::show(f64::from(tenths) / 10.0, u8::from(tenths % 10 != 0), language)
}

pub mod year;

#[cfg(test)]
mod tests;
