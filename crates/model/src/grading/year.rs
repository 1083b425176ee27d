//! The grades of a year as a whole: what was decided, the same year read by other rules, and who moved between two years.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::{Assessment, Candidate, Sheet, assess, grade_of};
use crate::date::year_end;
use crate::ids::OrganisationId;
use crate::organisation::{Grade, Kind, Status};
use crate::pack::{Pack, Ruleset};
use crate::register::{GradeDecision, Register};
use crate::text::Words;
use jiff::civil::Date;

/// The decision of a year that holds on a day, by organisation: of several the last one.
pub fn decided(register: &Register, year: i16, day: Date) -> BTreeMap<u32, &GradeDecision> {
    let of_year = register.grades.iter().filter(|grade| grade.year == year && grade.on <= day);
    of_year.map(|grade| (grade.organisation, grade)).collect()
}

/// Whether an organisation is one that grades are for at the end of a year: a cooperative or union that exists.
pub fn is_gradable(register: &Register, organisation: u32, year: i16) -> bool {
    let end = year_end(year);
    let state = register.state_on(organisation, end);
    state.is_some_and(|state| state.kind != Kind::Group && state.status != Status::Terminated)
}

/// Where an organisation stands in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// It has a grade.
    Graded(Grade),
    /// It existed, and nothing was decided.
    Ungraded,
    /// It was not there, or a group.
    Absent,
}

impl Cell {
    /// All of them, the best grade first.
    pub const ALL: [Self; 6] = [
        Self::Graded(Grade::Good),
        Self::Graded(Grade::Fair),
        Self::Graded(Grade::Average),
        Self::Graded(Grade::Weak),
        Self::Ungraded,
        Self::Absent,
    ];

    /// The cell as programs read it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Graded(grade) => grade.code(),
            Self::Ungraded => "ungraded",
            Self::Absent => "absent",
        }
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Graded(grade) => grade.words(),
            Self::Ungraded => Words::new("Chưa xếp loại", "Ungraded"),
            Self::Absent => Words::new("Không thuộc diện", "Not there"),
        }
    }
}

/// Who moved between the grades of two years.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrix {
    counts: BTreeMap<(Cell, Cell), i64>,
}

impl Matrix {
    /// The moves between two years as known on a day, of those organisations that are looked at.
    pub fn between(
        register: &Register,
        (from, to): (i16, i16),
        day: Date,
        among: impl Fn(u32) -> bool,
    ) -> Self {
        let (before, after) = (decided(register, from, day), decided(register, to, day));
        let mut counts = BTreeMap::new();
        let all = (0..).take(register.organisations.len());
        for index in all.filter(|index| among(*index)) {
            let cell = |year, grades: &BTreeMap<u32, &GradeDecision>| match grades.get(&index) {
                Some(decision) => Cell::Graded(decision.grade),
                None if is_gradable(register, index, year) => Cell::Ungraded,
                None => Cell::Absent,
            };
            let cells = (cell(from, &before), cell(to, &after));
            if cells != (Cell::Absent, Cell::Absent) {
                *counts.entry(cells).or_default() += 1;
            }
        }
        Self { counts }
    }

    /// How many were at one place and are at another.
    pub fn count(&self, from: Cell, to: Cell) -> i64 {
        self.counts.get(&(from, to)).copied().unwrap_or(0)
    }

    /// How many have a better grade, the same, and a worse one, of those that have one in both years.
    pub fn moves(&self) -> (i64, i64, i64) {
        let sum = |order: Ordering| -> i64 {
            let own = self.counts.iter().filter(|((from, to), _)| match (from, to) {
                (Cell::Graded(from), Cell::Graded(to)) => to.cmp(from) == order,
                _ => false,
            });
            own.map(|(_, count)| count).sum()
        };
        (sum(Ordering::Greater), sum(Ordering::Equal), sum(Ordering::Less))
    }
}

/// A sheet of scores that goes with a decision.
#[derive(Clone, Copy, Debug)]
pub struct Scored<'a> {
    /// Whose scores.
    pub organisation: OrganisationId,
    /// By which rules.
    pub ruleset: &'a str,
    /// The scores.
    pub sheet: &'a Sheet,
}

/// A decided grade read by another ruleset.
#[derive(Clone, Debug)]
pub struct Rescored<'r> {
    /// What was decided.
    pub decision: &'r GradeDecision,
    /// What the same total would be; none for who is not graded by those rules.
    pub same_total: Option<Grade>,
    /// Why it is not graded, or not that of the points.
    pub because: Vec<Words>,
    /// How many criteria of the ruleset have a score, by carried scores or by the return.
    pub scored: usize,
    /// The sheet as far as it carries over, worked out by those rules.
    pub assessment: Assessment,
}

impl Rescored<'_> {
    /// The grade that the criteria alone give: none while those without a score may still change it.
    pub fn by_criteria(&self, ruleset: &Ruleset) -> Option<Grade> {
        let span = self.assessment.span();
        let least = grade_of(ruleset, span.least_tenths);
        let settled = least == grade_of(ruleset, span.most_tenths);
        self.assessment.grade.filter(|_| settled)
    }
}

/// The decisions of a year as known on a day, read by another ruleset. Nothing of it is decided.
pub fn rescore<'r>(
    pack: &Pack,
    ruleset: &Ruleset,
    register: &'r Register,
    decisions: &[Scored<'_>],
    year: i16,
    day: Date,
) -> Vec<Rescored<'r>> {
    let by_organisation: BTreeMap<OrganisationId, &Scored<'_>> =
        decisions.iter().map(|scored| (scored.organisation, scored)).collect();
    decided(register, year, day)
        .into_values()
        .filter_map(|decision| {
            let id = register.organisation(decision.organisation)?.id;
            let scored = by_organisation.get(&id).copied();
            let scored = scored.filter(|scored| scored.ruleset == decision.ruleset);
            read_by(pack, ruleset, register, scored, decision)
        })
        .collect()
}

/// Scores carry over between versions of the same criteria only; what is not scored stays open.
fn read_by<'r>(
    pack: &Pack,
    ruleset: &Ruleset,
    register: &'r Register,
    scored: Option<&Scored<'_>>,
    decision: &'r GradeDecision,
) -> Option<Rescored<'r>> {
    let who = Candidate::of(register, decision.organisation, decision.year, decision.on)?;
    let based_on = |ruleset: &str| {
        pack.rulesets.iter().find(|r| r.id == ruleset).and_then(|r| r.based_on.as_deref())
    };
    let same_criteria = decision.ruleset == ruleset.id
        || ruleset.based_on.as_deref() == Some(&decision.ruleset)
        || based_on(&decision.ruleset) == Some(&ruleset.id);
    let fined = scored.is_some_and(|scored| scored.sheet.fined);
    let mut sheet = Sheet { fined, ..Sheet::default() };
    if let Some(scored) = scored.filter(|_| same_criteria) {
        sheet = scored.sheet.clone();
    }
    let assessment = assess(ruleset, &sheet, &who);
    let by_total = if ruleset.weak_if_fined && fined {
        Grade::Weak
    } else {
        grade_of(ruleset, decision.score_tenths)
    };
    let mut because = assessment.because.clone();
    if ruleset.sector.is_some_and(|sector| sector != who.sector) {
        because.push(Words::new(
            "Bộ tiêu chí không dành cho lĩnh vực này",
            "The rules are not for its sector",
        ));
    }
    Some(Rescored {
        decision,
        same_total: assessment.grade.map(|_| by_total),
        because,
        scored: assessment.points.iter().filter(|point| point.tenths.is_some()).count(),
        assessment,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organisation::Organisation;

    /// Three organisations, graded or not in 2023 and 2024.
    fn register(grades: &[(u32, i16, Grade)]) -> Register {
        let organisation = |n: u128| Organisation {
            id: OrganisationId(uuid::Uuid::from_u128(n)),
            code: None,
            name: String::new(),
            founded_on: Date::constant(2020, 1, 1),
            synthetic: true,
        };
        let grades = grades.iter().map(|(organisation, year, grade)| GradeDecision {
            organisation: *organisation,
            year: *year,
            on: year_end(*year),
            ruleset: "r".to_owned(),
            score_tenths: 700,
            grade: *grade,
        });
        Register {
            organisations: (1..=3).map(organisation).collect(),
            grades: grades.collect(),
            ..Register::default()
        }
    }

    #[track_caller]
    fn check(grades: &[(u32, i16, Grade)], want: (i64, i64, i64)) {
        let all = |_| true;
        let matrix = Matrix::between(&register(grades), (2023, 2024), Date::MAX, all);
        assert_eq!(matrix.moves(), want);
    }

    #[test]
    fn who_has_a_grade_in_both_years_moved_or_stayed() {
        check(
            &[
                (0, 2023, Grade::Average),
                (0, 2024, Grade::Good),
                (1, 2023, Grade::Fair),
                (1, 2024, Grade::Fair),
                (2, 2023, Grade::Good),
                (2, 2024, Grade::Weak),
            ],
            (1, 1, 1),
        );
    }
    #[test]
    fn who_has_a_grade_in_one_year_did_not_move() {
        check(&[(0, 2023, Grade::Average), (1, 2024, Grade::Good)], (0, 0, 0));
    }
    #[test]
    fn a_later_decision_about_the_year_takes_the_place_of_the_first() {
        check(&[(0, 2023, Grade::Weak), (0, 2023, Grade::Fair), (0, 2024, Grade::Fair)], (0, 1, 0));
    }
    #[test]
    fn what_is_decided_later_is_not_known_yet() {
        let register = register(&[(0, 2024, Grade::Good)]);
        assert!(decided(&register, 2024, Date::constant(2024, 6, 30)).is_empty());
    }
    #[test]
    fn only_those_are_counted_who_are_looked_at() {
        let register = register(&[(0, 2024, Grade::Good), (1, 2024, Grade::Good)]);
        let matrix = Matrix::between(&register, (2023, 2024), Date::MAX, |index| index == 1);
        assert_eq!(matrix.count(Cell::Absent, Cell::Graded(Grade::Good)), 1);
    }
}
