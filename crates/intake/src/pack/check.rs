//! What only shows when a whole pack is read: cycles, targets that contradict one another, formulas, missing figures.

use std::collections::{BTreeMap, BTreeSet};

use hoptac_model::fact::Catalogue;
use hoptac_model::ids::IndicatorId;
use hoptac_model::pack::{Agency, Document, Form, Indicator, Measure, Objective, Setting};
use hoptac_model::target::{Baseline, Constraint, Direction, Horizon, Target};

use crate::file::quote;
use crate::pack::figure::Published;
use crate::pack::formula;
use crate::pack::names::{Names, Noun};
use crate::pack::toml::Table;

/// Parents before children, in the order of the file otherwise; objectives that are their own ancestors are told, and cut
/// loose.
pub(crate) fn order_objectives(read: Vec<(Objective, Table<'_>)>) -> Vec<Objective> {
    let next: BTreeMap<String, String> = read
        .iter()
        .filter_map(|(objective, _)| Some((objective.id.clone(), objective.parent.clone()?)))
        .collect();
    let mut told = BTreeSet::new();
    let mut cut = BTreeSet::new();
    for (objective, table) in &read {
        if let Some(path) = cycle(&objective.id, &next)
            && told.insert(path.iter().cloned().collect::<BTreeSet<String>>())
        {
            table.error(
                "parent",
                "pack.objective-cycle",
                format!(
                    "the objective {} is its own parent: {}",
                    quote(&objective.id),
                    path.join(" → ")
                ),
                "take `parent` out of the objective that stands highest",
            );
            cut.insert(objective.id.clone());
        }
    }
    let mut objectives: Vec<Objective> = read.into_iter().map(|(objective, _)| objective).collect();
    for objective in objectives.iter_mut().filter(|objective| cut.contains(&objective.id)) {
        objective.parent = None;
    }
    let depth = |objective: &Objective| {
        let mut depth = 0;
        let mut at = &objective.id;
        while let Some(parent) = next.get(at).filter(|_| !cut.contains(at)) {
            depth += 1;
            at = parent;
            if depth > objectives.len() {
                break;
            }
        }
        depth
    };
    let depths: BTreeMap<String, usize> =
        objectives.iter().map(|objective| (objective.id.clone(), depth(objective))).collect();
    // Where the file already has parents before children, its own order reads best.
    let position: BTreeMap<&str, usize> =
        objectives.iter().enumerate().map(|(index, o)| (o.id.as_str(), index)).collect();
    let sorted = objectives.iter().enumerate().all(|(index, o)| {
        let parent = o.parent.as_deref().and_then(|parent| position.get(parent));
        parent.is_none_or(|parent| *parent < index)
    });
    if !sorted {
        objectives.sort_by_key(|objective| depths.get(&objective.id).copied().unwrap_or(0));
    }
    objectives
}

/// Agencies that follow themselves.
pub(crate) fn check_agencies(agencies: &[Agency], root: &Table<'_>) {
    let next: BTreeMap<String, String> = agencies
        .iter()
        .filter_map(|agency| Some((agency.id.clone(), agency.successor.clone()?)))
        .collect();
    let mut told = BTreeSet::new();
    for table in root.tables("agency", "agency") {
        let Some(id) = table.may("id").written() else { continue };
        if let Some(path) = cycle(id, &next)
            && told.insert(path.iter().cloned().collect::<BTreeSet<String>>())
        {
            table.error(
                "successor",
                "pack.agency-cycle",
                format!("the agency {} follows itself: {}", quote(id), path.join(" → ")),
                "take `successor` out of the agency that lasts",
            );
        }
    }
}

/// Targets whose population is part of their own.
pub(crate) fn check_of_which(targets: &[(Target, Table<'_>)]) {
    let next: BTreeMap<String, String> = targets
        .iter()
        .filter_map(|(target, _)| Some((target.id.0.clone(), target.of_which.clone()?.0)))
        .collect();
    let mut told = BTreeSet::new();
    for (target, table) in targets {
        if let Some(path) = cycle(target.id.as_str(), &next)
            && told.insert(path.iter().cloned().collect::<BTreeSet<String>>())
        {
            table.error(
                "of_which",
                "pack.of-which-cycle",
                format!(
                    "the population of the target {} is part of itself: {}",
                    quote(target.id.as_str()),
                    path.join(" → ")
                ),
                "take `of_which` out of the target with the widest population",
            );
        }
    }
}

/// The path from a name back to itself, if there is one.
fn cycle(start: &str, next: &BTreeMap<String, String>) -> Option<Vec<String>> {
    let mut path = vec![start.to_owned()];
    let mut seen: BTreeSet<&str> = BTreeSet::from([start]);
    let mut at = next.get(start)?;
    loop {
        path.push(at.clone());
        if at == start {
            return Some(path);
        }
        if !seen.insert(at) {
            return None;
        }
        at = next.get(at)?;
    }
}

/// Horizons that had passed when the document was signed.
pub(crate) fn check_horizons(targets: &[(Target, Table<'_>)], document: &Document) {
    let signed = document.issued.year();
    for (target, table) in targets {
        let (key, last) = match target.horizon {
            Horizon::Year { year } => ("horizon", year),
            Horizon::Yearly { to, .. } => ("yearly", to),
        };
        if last < signed {
            table.error(
                key,
                "pack.horizon-before-document",
                format!("{} is due in {last}, but the document is of {signed}", table.what()),
                "check the year against the document",
            );
        }
    }
}

/// Targets for the same number, unit and time that cannot hold together.
pub(crate) fn check_conflicts(targets: &[(Target, Table<'_>)], indicators: &[Indicator]) {
    type Key = (String, String, Option<&'static str>);
    let direction = |id: &IndicatorId| {
        indicators.iter().find(|i| &i.id == id).map_or(Direction::None, |i| i.direction)
    };
    let key = |target: &Target| -> Key {
        (
            format!("{:?}", target.scope),
            format!("{:?}", target.horizon),
            target.sector.map(hoptac_model::organisation::Sector::code),
        )
    };
    // Only targets of the same indicator can meet, so a pack of thousands of targets is no work.
    let mut by_indicator: BTreeMap<(&IndicatorId, Key), Vec<usize>> = BTreeMap::new();
    let mut told = BTreeSet::new();
    for (index, (target, table)) in targets.iter().enumerate() {
        let measures: BTreeSet<&IndicatorId> = std::iter::once(&target.indicator)
            .chain(target.readings.iter().map(|reading| &reading.indicator))
            .collect();
        for measure in measures {
            let earlier = by_indicator.entry((measure, key(target))).or_default();
            for before in earlier.iter().filter_map(|at| targets.get(*at)).take(50) {
                let (other, place) = before;
                let clash = clash(other.constraint, target.constraint, direction(measure));
                let pair = (other.id.clone(), target.id.clone());
                if clash == Clash::None || !told.insert(pair) {
                    continue;
                }
                let english = hoptac_model::text::Language::En;
                let problem = format!(
                    "{} asks `{measure}` to be {}, {} asks it to be {} at the same time",
                    table.what(),
                    target.constraint.words("", english),
                    place.what(),
                    other.constraint.words("", english),
                );
                let remedy = format!(
                    "the other one is at {}; check both against the document",
                    place.spot("id").line()
                );
                if clash == Clash::Impossible {
                    table.error("comparator", "pack.conflict", problem, remedy);
                } else {
                    table.warning("comparator", "pack.conflict", problem, remedy);
                }
            }
            earlier.push(index);
        }
    }
}

/// Whether two constraints on one number go together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Clash {
    None,
    /// Both can be met, though they name different numbers.
    Different,
    /// No number meets both.
    Impossible,
}

fn clash(a: Constraint, b: Constraint, direction: Direction) -> Clash {
    let (low_a, high_a) = a.zone();
    let (low_b, high_b) = b.zone();
    let apart = |low: Option<f64>, high: Option<f64>| match (low, high) {
        (Some(low), Some(high)) => low > high + 1e-9,
        _ => false,
    };
    // The ends themselves tell whether a number exists that meets both: the zones are single spans.
    let ends = [low_a, high_a, low_b, high_b].into_iter().flatten();
    let within = |value: f64| a.holds(value, direction) && b.holds(value, direction);
    let possible = ends.clone().any(|end| {
        let step = end.abs().max(1.0) * 1e-6;
        [end, end - step, end + step].into_iter().any(within)
    });
    if !possible {
        Clash::Impossible
    } else if apart(low_a, high_b) || apart(low_b, high_a) {
        Clash::Different
    } else {
        Clash::None
    }
}

/// Baselines at figures that are not there.
pub(crate) fn check_baselines(
    targets: &[(Target, Table<'_>)],
    published: &Published,
    setting: &Setting,
    names: &Names,
) {
    for (target, table) in targets {
        let Some(Baseline::Figure { series, as_of }) = &target.baseline else { continue };
        let days = published.days(series, &setting.unit);
        // That a series is unknown is told where it is named.
        if days.contains(as_of) || names.spot(Noun::Series, series.as_str()).is_none() {
            continue;
        }
        let remedy = if days.is_empty() {
            format!("figures.csv has no figure of it for the unit {}", quote(&setting.unit))
        } else {
            let days: Vec<String> = days.iter().map(ToString::to_string).collect();
            format!("figures.csv has figures of {}", days.join(", "))
        };
        table.error(
            "baseline",
            "pack.baseline-missing",
            format!(
                "there is no figure of {} on {as_of}, the baseline of {}",
                quote(series.as_str()),
                table.what()
            ),
            remedy,
        );
    }
}

/// Formulas, and ratios that are divided by nothing.
pub(crate) fn check_formulas(
    indicators: &[(Indicator, Table<'_>)],
    forms: &[Form],
    columns_unsure: bool,
) {
    let annual_return = forms.iter().find(|form| form.id == Form::ANNUAL_RETURN);
    let catalogue = Catalogue::new(annual_return);
    for (indicator, table) in indicators {
        let numerator = formula::check(table, "numerator", &catalogue, columns_unsure);
        formula::check(table, "denominator", &catalogue, columns_unsure);
        let divided = table.has("denominator") || table.has("denominator_figure");
        if indicator.measure == Measure::Ratio
            && !divided
            && numerator.is_some_and(|formula| formula.is_additive())
        {
            table.error(
                "measure",
                "pack.denominator",
                format!("{} is a ratio, but only counts or adds up", table.what()),
                "add a `denominator`, or write measure = \"stock\"",
            );
        }
    }
}

/// Shares of a published series without a figure for the unit of the plan.
pub(crate) fn check_denominators(
    indicators: &[(Indicator, Table<'_>)],
    published: &Published,
    setting: &Setting,
) {
    for (indicator, table) in indicators {
        let Some(series) = &indicator.denominator_figure else { continue };
        if published.days(series, &setting.unit).is_empty() {
            table.warning(
                "denominator_figure",
                "pack.denominator-missing",
                format!(
                    "figures.csv has no figure of {} for the unit {}, so {} has no value",
                    quote(series.as_str()),
                    quote(&setting.unit),
                    table.what()
                ),
                "add the published figure with its source when it is known",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(a: Constraint, b: Constraint, direction: Direction, want: Clash) {
        assert!(clash(a, b, direction) == want);
        assert!(clash(b, a, direction) == want);
    }

    const AT_LEAST_60: Constraint = Constraint::AtLeast { value: 60.0, expected_up_to: None };
    const AT_MOST_50: Constraint = Constraint::AtMost { value: 50.0 };

    #[test]
    fn a_floor_above_a_ceiling() {
        check(AT_LEAST_60, AT_MOST_50, Direction::Up, Clash::Impossible);
    }
    #[test]
    fn a_floor_below_a_ceiling() {
        check(AT_LEAST_60, Constraint::AtMost { value: 70.0 }, Direction::Up, Clash::None);
    }
    #[test]
    fn a_floor_at_a_ceiling_leaves_one_number() {
        check(AT_LEAST_60, Constraint::AtMost { value: 60.0 }, Direction::Up, Clash::None);
        check(AT_LEAST_60, Constraint::LessThan { value: 60.0 }, Direction::Up, Clash::Impossible);
    }
    #[test]
    fn two_numbers_where_more_is_better() {
        let exactly = |value| Constraint::Exactly { value };
        check(exactly(50.0), exactly(60.0), Direction::Up, Clash::Different);
        check(exactly(50.0), exactly(60.0), Direction::None, Clash::Impossible);
        check(exactly(50.0), exactly(50.0), Direction::None, Clash::None);
    }
    #[test]
    fn ranges_that_touch_or_not() {
        let between = |low, high| Constraint::Between { low, high };
        check(between(55.0, 70.0), between(70.0, 80.0), Direction::None, Clash::None);
        check(between(55.0, 60.0), between(70.0, 80.0), Direction::None, Clash::Impossible);
    }

    #[track_caller]
    fn check_cycle(links: &[(&str, &str)], start: &str, want: Option<&[&str]>) {
        let next = links.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let path = cycle(start, &next);
        assert_eq!(
            path.as_ref().map(|p| p.iter().map(String::as_str).collect::<Vec<_>>()).as_deref(),
            want
        );
    }

    #[test]
    fn a_chain_is_no_cycle() {
        check_cycle(&[("a", "b"), ("b", "c")], "a", None);
    }
    #[test]
    fn a_cycle_shows_its_path() {
        check_cycle(&[("a", "b"), ("b", "c"), ("c", "a")], "b", Some(&["b", "c", "a", "b"]));
        check_cycle(&[("a", "a")], "a", Some(&["a", "a"]));
    }
    #[test]
    fn a_cycle_further_on_is_that_of_others() {
        check_cycle(&[("a", "b"), ("b", "c"), ("c", "b")], "a", None);
    }
}
