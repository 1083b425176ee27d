//! The arithmetic of a plan: whether its numbers agree with one another, with the law, with the places and with what was
//! published.
//!
//! Each rule stands in a file of its own and knows no plan: what belongs together is read from the formulas of the
//! indicators (`shape`). A rule says what does not go together, with its numbers, and which decision is needed.

mod already_there;
mod average_and_total;
mod contradiction;
mod ended_units;
mod far_share;
mod floor_as_range;
mod follow_up;
mod gross_and_net;
mod legal_minimum;
mod nested_shares;
mod not_graded;
mod part_and_whole;
mod rate_and_stock;
mod series_break;
mod shape;
mod unit_sums;
#[cfg(test)]
mod world;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize, Serializer};

use crate::fact::Catalogue;
use crate::figure::{Figure, FigureStatus};
use crate::finding::Severity;
use crate::ids::{IndicatorId, TargetId};
use crate::number;
use crate::organisation::Kind;
use crate::pack::{Indicator, Pack};
use crate::target::{Baseline, Constraint, Horizon, Scope, Target};
use crate::text::{Language, Words};
use crate::unit::{Level, Places};
use shape::{Population, Shape, State};

/// What is asked about a plan.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The plan.
    pub pack: &'a Pack,
    /// The units of its territory, of all times; without them nothing is said about units.
    pub places: Option<&'a Places>,
    /// Whether to compare with the published figures of the pack. Baselines and denominators are part of the plan and are
    /// taken from them in any case.
    pub figures: bool,
    /// The day on which acceptances are judged.
    pub day: Date,
}

/// What a finding is about. Each code has its page in `docs/findings`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// What is asked of each unit does not add up to what is asked of the whole.
    UnitSums,
    /// What is founded each year does not make the stock at the horizon.
    RateAndStock,
    /// Foundations are counted gross, the stock net.
    GrossAndNet,
    /// The average times the count is not the total.
    AverageAndTotal,
    /// What exists already leaves too little for the rest.
    AlreadyThere,
    /// A published series changes its meaning.
    SeriesBreak,
    /// A share of graded organisations over a population that the law does not grade.
    NotGraded,
    /// The law asks for more members than the plan provides, or than it says.
    LegalMinimum,
    /// The units for which a target is set have ended.
    EndedUnits,
    /// A share of the population far from where an earlier horizon leads.
    FarShare,
    /// A share of a share.
    NestedShares,
    /// A floor and a range at once.
    FloorAsRange,
    /// Targets that no task moves.
    NoTask,
    /// Targets whose tasks nobody leads.
    NoOwner,
    /// Targets whose tasks have no date.
    NoDate,
    /// Targets on the same number that do not go together.
    Contradiction,
    /// A part larger than its whole.
    PartAndWhole,
}

impl Code {
    /// All codes, in order.
    pub const ALL: [Self; 17] = [
        Self::UnitSums,
        Self::RateAndStock,
        Self::GrossAndNet,
        Self::AverageAndTotal,
        Self::AlreadyThere,
        Self::SeriesBreak,
        Self::NotGraded,
        Self::LegalMinimum,
        Self::EndedUnits,
        Self::FarShare,
        Self::NestedShares,
        Self::FloorAsRange,
        Self::NoTask,
        Self::NoOwner,
        Self::NoDate,
        Self::Contradiction,
        Self::PartAndWhole,
    ];

    /// The code as it is written: `HT001`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnitSums => "HT001",
            Self::RateAndStock => "HT002",
            Self::GrossAndNet => "HT003",
            Self::AverageAndTotal => "HT004",
            Self::AlreadyThere => "HT005",
            Self::SeriesBreak => "HT006",
            Self::NotGraded => "HT007",
            Self::LegalMinimum => "HT008",
            Self::EndedUnits => "HT009",
            Self::FarShare => "HT010",
            Self::NestedShares => "HT011",
            Self::FloorAsRange => "HT012",
            Self::NoTask => "HT013",
            Self::NoOwner => "HT014",
            Self::NoDate => "HT015",
            Self::Contradiction => "HT016",
            Self::PartAndWhole => "HT017",
        }
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A finding that somebody answers for, until a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The code, as `HT002`.
    pub code: String,
    /// The targets of the finding.
    pub targets: Vec<TargetId>,
    /// Why it may stand.
    pub reason: Words,
    /// The agency that answers for it.
    pub owner: String,
    /// The last day on which it stands.
    pub until: Date,
}

/// One thing in a plan that does not go together, or that needs a decision.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlanFinding {
    /// What it is about.
    pub code: Code,
    /// Error: the numbers cannot all be met. Warning: a decision is needed. Note: worth knowing.
    pub severity: Severity,
    /// What was found, with the numbers.
    pub message: Words,
    /// The targets that it is about, the first one first.
    pub targets: Vec<TargetId>,
    /// The published figures that it rests on, by their ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<String>,
    /// The numbers of the message, by name.
    pub numbers: BTreeMap<&'static str, Number>,
    /// The decision that is needed.
    pub decision: Words,
    /// Who accepted it, where somebody did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Acceptance>,
}

impl PlanFinding {
    /// Whether it is to be acted on: nobody accepted it, or the acceptance has run out.
    pub fn is_open(&self) -> bool {
        self.accepted.as_ref().is_none_or(|accepted| !accepted.in_force)
    }
}

/// An acceptance as it stands on the day asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Acceptance {
    /// Why it may stand.
    pub reason: Words,
    /// The agency that answers for it.
    pub owner: String,
    /// The last day on which it stands.
    pub until: Date,
    /// Whether that day has not passed.
    pub in_force: bool,
}

/// A number of a finding; whole ones are written without decimals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number(pub f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Up to 2^53 a whole number is exact.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if self.0.fract() == 0.0 && self.0.abs() <= EXACT {
            #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
            serializer.serialize_i64(self.0 as i64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

/// Checks a plan: all findings, by code and then in the order of its targets.
pub fn check(question: &Question<'_>) -> Vec<PlanFinding> {
    let plan = Plan::new(question);
    let rules: [fn(&Plan<'_>) -> Vec<PlanFinding>; 15] = [
        unit_sums::check,
        rate_and_stock::check,
        gross_and_net::check,
        average_and_total::check,
        already_there::check,
        series_break::check,
        not_graded::check,
        legal_minimum::check,
        ended_units::check,
        far_share::check,
        nested_shares::check,
        floor_as_range::check,
        follow_up::check,
        contradiction::check,
        part_and_whole::check,
    ];
    let mut findings: Vec<PlanFinding> = rules.iter().flat_map(|rule| rule(&plan)).collect();
    for finding in &mut findings {
        finding.accepted = acceptance(&question.pack.accepted, finding, question.day);
    }
    findings
}

/// The acceptance of a finding: of its code, and of all its targets. One in force wins over one that has run out.
fn acceptance(accepted: &[Accepted], finding: &PlanFinding, day: Date) -> Option<Acceptance> {
    accepted
        .iter()
        .filter(|a| a.code == finding.code.as_str())
        .filter(|a| finding.targets.iter().all(|target| a.targets.contains(target)))
        .max_by_key(|a| a.until)
        .map(|a| Acceptance {
            reason: a.reason.clone(),
            owner: a.owner.clone(),
            until: a.until,
            in_force: day <= a.until,
        })
}

/// A target with what its indicator measures.
struct Item<'a> {
    target: &'a Target,
    indicator: &'a Indicator,
    shape: Shape,
}

impl Item<'_> {
    /// The number that the target heads for.
    fn goal(&self) -> f64 {
        self.target.constraint.goal(self.indicator.direction)
    }

    /// How far below and above its numbers still counts, as a share.
    fn tolerance(&self) -> f64 {
        if let Constraint::About { tolerance, .. } = self.target.constraint {
            tolerance
        } else {
            0.0
        }
    }

    /// The year of the horizon; none for yearly targets.
    fn year(&self) -> Option<i16> {
        match self.target.horizon {
            Horizon::Year { year } => Some(year),
            Horizon::Yearly { .. } => None,
        }
    }

    /// What is counted, in both languages.
    fn unit(&self) -> Words {
        self.indicator.unit_words()
    }
}

/// The plan as the rules see it.
struct Plan<'a> {
    pack: &'a Pack,
    places: Option<&'a Places>,
    figures: bool,
    items: Vec<Item<'a>>,
    /// The shapes of all indicators, those without targets included.
    shapes: Vec<(&'a Indicator, Shape)>,
}

impl<'a> Plan<'a> {
    fn new(question: &Question<'a>) -> Self {
        let pack = question.pack;
        let catalogue = Catalogue::new(pack.annual_return());
        let shapes: Vec<(&Indicator, Shape)> =
            pack.indicators.iter().map(|i| (i, Shape::of(i, &catalogue))).collect();
        let items = pack
            .targets
            .iter()
            .filter_map(|target| {
                let (indicator, shape) = shapes.iter().find(|(i, _)| i.id == target.indicator)?;
                Some(Item { target, indicator, shape: shape.clone() })
            })
            .collect();
        Self { pack, places: question.places, figures: question.figures, items, shapes }
    }

    /// Targets for the plan's own unit.
    fn whole(&self) -> impl Iterator<Item = &Item<'a>> {
        self.items.iter().filter(|item| item.target.scope == Scope::Plan)
    }

    /// Targets that count organisations of a population at the end of a year.
    fn counts(&self) -> impl Iterator<Item = (&Item<'a>, &Population, i16)> {
        self.whole().filter_map(|item| {
            let Shape::Count(population) = &item.shape else { return None };
            population.state.is_stock().then_some((item, population, item.year()?))
        })
    }

    /// Targets that add up the members of a population at the end of a year.
    fn members(&self) -> impl Iterator<Item = (&Item<'a>, &Population, i16)> {
        self.whole().filter_map(|item| {
            let Shape::Members(population) = &item.shape else { return None };
            population.state.is_stock().then_some((item, population, item.year()?))
        })
    }

    /// The target of the average members of a population in a year; one of a wider population where there is none of its
    /// own. The flag says whether it is its own.
    fn average(&self, of: &Population, year: i16) -> Option<(&Item<'a>, bool)> {
        let fits = |item: &&Item<'a>| match item.target.horizon {
            Horizon::Year { year: at } => at == year,
            Horizon::Yearly { from, to } => (from..=to).contains(&year),
        };
        let averages = || {
            self.whole().filter(fits).filter_map(|item| {
                let Shape::Average(population) = &item.shape else { return None };
                Some((item, population))
            })
        };
        averages().find(|(_, population)| *population == of).map(|(item, _)| (item, true)).or_else(
            || {
                averages()
                    .find(|(_, population)| of.is_part_of(population))
                    .map(|(i, _)| (i, false))
            },
        )
    }

    /// Foundations each year with the stock that they feed.
    fn feeds(&self) -> impl Iterator<Item = Feed<'_, 'a>> {
        self.counts().flat_map(move |(stock, population, year)| {
            let founded = population.in_state(State::Founded);
            self.whole().filter_map(move |flow| {
                let Shape::Count(of) = &flow.shape else { return None };
                let Horizon::Yearly { from, to } = flow.target.horizon else { return None };
                (*of == founded).then_some(Feed { stock, flow, year, from, to })
            })
        })
    }

    /// How many organisations of these kinds the plan wants at the end of a year, with the targets that say so. None
    /// where it does not say so for each kind.
    fn total(&self, kinds: &BTreeSet<Kind>, year: i16) -> Option<(f64, Vec<TargetId>)> {
        sum_over(kinds, |kind| {
            self.counts()
                .find(|(_, p, at)| *at == year && p.is_all_of(kind))
                .map(|(item, _, _)| item)
        })
    }

    /// How many members organisations of these kinds are to have at the end of a year.
    fn total_members(&self, kinds: &BTreeSet<Kind>, year: i16) -> Option<(f64, Vec<TargetId>)> {
        sum_over(kinds, |kind| {
            self.members().find(|(_, p, at)| *at == year && p.is_all_of(kind)).map(|(i, _, _)| i)
        })
    }

    /// The years that some target has as its horizon, up to one, latest first.
    fn years_up_to(&self, last: i16) -> Vec<i16> {
        let years: BTreeSet<i16> =
            self.whole().filter_map(Item::year).filter(|year| *year <= last).collect();
        years.into_iter().rev().collect()
    }

    /// The published figure where the line of a target starts.
    fn baseline(&self, target: &Target) -> Option<&'a Figure> {
        let Some(Baseline::Figure { series, as_of }) = &target.baseline else { return None };
        let pack = self.pack;
        pack.figures_of(series, &pack.setting.unit).into_iter().find(|f| f.as_of == *as_of)
    }

    /// Published states of an indicator for the plan's unit that can be compared, oldest first: neither goals of earlier
    /// plans nor what its own source doubts, and no sums over a period.
    fn published(&self, indicator: &IndicatorId) -> Vec<&'a Figure> {
        let fit = [FigureStatus::Final, FigureStatus::Provisional, FigureStatus::Estimate];
        let pack = self.pack;
        let mut figures = pack.figures_of(indicator, &pack.setting.unit);
        figures.retain(|figure| fit.contains(&figure.status));
        figures
    }

    /// The last assumption about a series for the plan's unit.
    fn assumed(&self, series: &IndicatorId) -> Option<&'a Figure> {
        let figures = self.pack.figures_of(series, &self.pack.setting.unit);
        figures.into_iter().rfind(|figure| figure.status == FigureStatus::Assumed)
    }

    /// How many units of a level the plan's unit has on a day; none where the places are not at hand.
    fn units(&self, level: Level, day: Date) -> Option<f64> {
        let places = self.places?;
        let root = places.find(&self.pack.setting.unit, self.pack.setting.geography)?;
        let count = places
            .all()
            .filter(|unit| unit.level == level && unit.exists_on(day))
            .filter(|unit| places.ancestry(&unit.id).iter().any(|above| above.code == root.code))
            .count();
        u32::try_from(count).ok().map(f64::from)
    }
}

/// Foundations each year with the stock that they feed.
struct Feed<'p, 'a> {
    stock: &'p Item<'a>,
    flow: &'p Item<'a>,
    /// The year of the stock.
    year: i16,
    /// The first year of the foundations.
    from: i16,
    /// The last one.
    to: i16,
}

impl Feed<'_, '_> {
    /// How many years of foundations come between the baseline and the stock.
    fn years(&self, base: Option<Date>) -> f64 {
        let first = base.map_or(self.from, |day| self.from.max(day.year() + 1));
        f64::from((self.to.min(self.year) - first + 1).max(0))
    }
}

/// The goals of one target for each kind, added up; none where a kind has no target.
fn sum_over<'i, 'a: 'i>(
    kinds: &BTreeSet<Kind>,
    find: impl Fn(Kind) -> Option<&'i Item<'a>>,
) -> Option<(f64, Vec<TargetId>)> {
    let mut sum = 0.0;
    let mut targets = Vec::new();
    for kind in kinds {
        let item = find(*kind)?;
        sum += item.goal();
        targets.push(item.target.id.clone());
    }
    Some((sum, targets))
}

/// The least and the most that a constraint speaks of; `None` where it leaves an end open.
fn ends(constraint: Constraint) -> (Option<f64>, Option<f64>) {
    match constraint {
        Constraint::About { value, .. }
        | Constraint::Exactly { value }
        | Constraint::All { value } => (Some(value), Some(value)),
        Constraint::AtLeast { value, expected_up_to } => (Some(value), expected_up_to),
        Constraint::MoreThan { value } => (Some(value), None),
        Constraint::AtMost { value } | Constraint::LessThan { value } => (None, Some(value)),
        Constraint::Between { low, high } => (Some(low), Some(high)),
    }
}

/// A number in Vietnamese, with one decimal where that says more.
fn vi(value: f64) -> String {
    number::plain(tenths(value), Language::Vi)
}

/// A number in English.
fn en(value: f64) -> String {
    number::plain(tenths(value), Language::En)
}

/// Rounded to the one decimal that is shown, so that 41.97 is 42 and not 42.0.
fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// A range in Vietnamese; one number where its ends are the same.
fn range_vi(low: f64, high: f64) -> String {
    let (low, high) = (vi(low), vi(high));
    if low == high { low } else { format!("{low} đến {high}") }
}

/// A range in English.
fn range_en(low: f64, high: f64) -> String {
    let (low, high) = (en(low), en(high));
    if low == high { low } else { format!("{low} to {high}") }
}

/// A day in Vietnamese.
fn day_vi(day: Date) -> String {
    crate::date::show(day, Language::Vi)
}

/// A day in English.
fn day_en(day: Date) -> String {
    crate::date::show(day, Language::En)
}

/// The day of a figure, and how firm it is where it was not counted.
fn stated(figure: &Figure) -> Words {
    let (on_vi, on_en) = (day_vi(figure.as_of), day_en(figure.as_of));
    if figure.status == FigureStatus::Final {
        return Words::new(on_vi, on_en);
    }
    let status = figure.status.words();
    Words::new(format!("{} {on_vi}", status.vi), format!("{}, {on_en}", status.en))
}

/// Adds a sentence in both languages.
fn add(message: &mut Words, vi: &str, en: &str) {
    message.vi.push_str(vi);
    message.en.push_str(en);
}

/// Numbers by name.
fn numbers<const N: usize>(of: [(&'static str, f64); N]) -> BTreeMap<&'static str, Number> {
    of.into_iter().map(|(name, value)| (name, Number(value))).collect()
}

/// The ids of targets, in order.
fn ids(items: &[&Item<'_>]) -> Vec<TargetId> {
    items.iter().map(|item| item.target.id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::world::{World, about, at_end_of, between, yearly};
    use super::*;

    fn accepted(until: Date) -> Vec<PlanFinding> {
        let mut world = World::new();
        world.count("S", "groups", about(100.0), at_end_of(2030));
        world.founded("F", "groups", between(1.0, 2.0), yearly(2023, 2030));
        world.baseline("S", "groups", 10.0);
        world.pack.accepted.push(Accepted {
            code: "HT002".to_owned(),
            targets: vec![TargetId::new("S"), TargetId::new("F")],
            reason: Words::new("Chờ rà soát", "Under review"),
            owner: "so-tai-chinh".to_owned(),
            until,
        });
        world.of(Code::RateAndStock)
    }

    #[test]
    fn an_acceptance_holds_to_its_last_day_and_not_a_day_longer() {
        let day = World::DAY;
        assert!(!accepted(day)[0].is_open());
        let lapsed = accepted(day.yesterday().unwrap());
        assert!(lapsed[0].is_open());
        assert!(lapsed[0].accepted.is_some());
    }

    #[test]
    fn codes_are_numbered_in_order() {
        for (index, code) in Code::ALL.into_iter().enumerate() {
            assert_eq!(code.as_str(), format!("HT{:03}", index + 1));
        }
    }
}
