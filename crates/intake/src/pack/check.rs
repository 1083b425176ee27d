//! What only shows when a whole pack is read: cycles, targets that contradict one another, formulas, missing figures.

use std::collections::{BTreeMap, BTreeSet};

use hoptac_model::fact::Catalogue;
use hoptac_model::ids::IndicatorId;
use hoptac_model::pack::{Agency, Document, Form, Indicator, Measure, Objective, Setting};
use hoptac_model::target::{Baseline, Constraint, Direction, Horizon, Target};
use hoptac_model::text::{Language, Words};
use hoptac_model::words;

use crate::file::quote;
use crate::pack::figure::Published;
use crate::pack::formula;
use crate::pack::names::{Names, Noun};
use crate::pack::toml::Table;

/// Parents before children, in the order of the file otherwise; objectives that are their own ancestors are told, and cut
/// loose.
pub(crate) fn order_objectives(read: Vec<(Objective, Table<'_>)>) -> Vec<Objective> {
    let links = read.iter().map(|(o, _)| (o.id.as_str(), o.parent.as_deref()));
    let mut cut = BTreeSet::new();
    for path in cycles(links) {
        let Some(first) = path.first() else { continue };
        cut.insert(first.clone());
        if let Some((_, table)) = read.iter().find(|(objective, _)| &objective.id == first) {
            table.error(
                "parent",
                "pack.objective-cycle",
                words!(
                    "mục tiêu {id} là cấp trên của chính mình: {route}",
                    "the objective {id} is its own parent: {route}",
                    id = quote(first),
                    route = route(&path)
                ),
                words!(
                    "bỏ `parent` ở mục tiêu cao nhất",
                    "take `parent` out of the objective that stands highest"
                ),
            );
        }
    }
    let mut objectives: Vec<Objective> = read.into_iter().map(|(objective, _)| objective).collect();
    for objective in objectives.iter_mut().filter(|objective| cut.contains(&objective.id)) {
        objective.parent = None;
    }
    // Where the file already has parents before children, its own order reads best.
    let position: BTreeMap<&str, usize> =
        objectives.iter().enumerate().map(|(index, o)| (o.id.as_str(), index)).collect();
    let above =
        |o: &Objective| o.parent.as_deref().and_then(|parent| position.get(parent)).copied();
    if objectives.iter().enumerate().all(|(index, o)| above(o).is_none_or(|at| at < index)) {
        return objectives;
    }
    let mut children: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    for (index, objective) in objectives.iter().enumerate() {
        children.entry(above(objective)).or_default().push(index);
    }
    let mut open: Vec<usize> = children.get(&None).into_iter().flatten().rev().copied().collect();
    let mut order = Vec::with_capacity(objectives.len());
    while let Some(index) = open.pop() {
        order.push(index);
        open.extend(children.get(&Some(index)).into_iter().flatten().rev());
    }
    order.into_iter().filter_map(|index| objectives.get(index).cloned()).collect()
}

/// Agencies that follow themselves.
pub(crate) fn check_agencies(agencies: &[(Agency, Table<'_>)]) {
    let links = agencies.iter().map(|(a, _)| (a.id.as_str(), a.successor.as_deref()));
    for path in cycles(links) {
        let Some(first) = path.first() else { continue };
        if let Some((_, table)) = agencies.iter().find(|(agency, _)| &agency.id == first) {
            table.error(
                "successor",
                "pack.agency-cycle",
                words!(
                    "cơ quan {id} kế tiếp chính mình: {route}",
                    "the agency {id} follows itself: {route}",
                    id = quote(first),
                    route = route(&path)
                ),
                words!(
                    "bỏ `successor` ở cơ quan còn hoạt động",
                    "take `successor` out of the agency that lasts"
                ),
            );
        }
    }
}

/// Targets whose population is part of their own.
pub(crate) fn check_of_which(targets: &[(Target, Table<'_>)]) {
    let links = targets.iter().map(|(t, _)| {
        (t.id.as_str(), t.of_which.as_ref().map(hoptac_model::ids::TargetId::as_str))
    });
    for path in cycles(links) {
        let Some(first) = path.first() else { continue };
        if let Some((_, table)) = targets.iter().find(|(target, _)| target.id.as_str() == first) {
            table.error(
                "of_which",
                "pack.of-which-cycle",
                words!(
                    "đối tượng được tính của chỉ tiêu {id} là một phần của chính nó: {route}",
                    "the population of the target {id} is part of itself: {route}",
                    id = quote(first),
                    route = route(&path)
                ),
                words!(
                    "bỏ `of_which` ở chỉ tiêu có đối tượng được tính rộng nhất",
                    "take `of_which` out of the target with the widest population"
                ),
            );
        }
    }
}

/// The cycles among names that each lead to at most one other. A path begins and ends with the same name.
fn cycles<'n>(links: impl Iterator<Item = (&'n str, Option<&'n str>)> + Clone) -> Vec<Vec<String>> {
    let next: BTreeMap<&str, &str> =
        links.clone().filter_map(|(from, to)| Some((from, to?))).collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut found = Vec::new();
    for (start, _) in links {
        let mut path: Vec<&str> = Vec::new();
        let mut at = start;
        while seen.insert(at) {
            path.push(at);
            match next.get(at) {
                Some(further) => at = further,
                None => break,
            }
        }
        // What was seen on this very walk closes a cycle; what was seen before belongs to an earlier one.
        if next.contains_key(path.last().copied().unwrap_or_default())
            && let Some(back) = path.iter().position(|name| *name == at)
        {
            let around = path.iter().skip(back).chain([&at]).map(|name| (*name).to_owned());
            found.push(around.collect());
        }
    }
    found
}

/// A path as it is shown; a long one without its middle.
fn route(path: &[String]) -> String {
    const SHOWN: usize = 8;
    match (path.get(..SHOWN), path.last()) {
        (Some(first), Some(last)) if path.len() > SHOWN + 1 => {
            format!("{} → … → {last}", first.join(" → "))
        }
        _ => path.join(" → "),
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
                words!(
                    "{what} đến hạn năm {last}, nhưng văn bản ban hành năm {signed}",
                    "{what} is due in {last}, but the document is of {signed}",
                    what = table.what(),
                    last,
                    signed
                ),
                words!("đối chiếu năm với văn bản", "check the year against the document"),
            );
        }
    }
}

/// Targets for the same number, unit and time that cannot hold together.
pub(crate) fn check_conflicts(targets: &[(Target, Table<'_>)], indicators: &[Indicator]) {
    type Key = (String, String, Option<&'static str>);
    let directions: BTreeMap<&IndicatorId, Direction> =
        indicators.iter().map(|indicator| (&indicator.id, indicator.direction)).collect();
    let direction = |id: &IndicatorId| directions.get(id).copied().unwrap_or(Direction::None);
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
                let asked = |constraint: Constraint| {
                    Words::new(
                        constraint.words("", Language::Vi),
                        constraint.words("", Language::En),
                    )
                };
                let problem = words!(
                    "{this} đặt `{measure}` {asked}, cùng lúc đó {that} đặt {other}",
                    "{this} asks `{measure}` to be {asked}, {that} asks it to be {other} at the same time",
                    this = table.what(),
                    measure,
                    asked = asked(target.constraint),
                    that = place.what(),
                    other = asked(other.constraint)
                );
                let remedy = words!(
                    "chỉ tiêu kia ở {line}; đối chiếu cả hai với văn bản",
                    "the other one is at {line}; check both against the document",
                    line = place.spot("id").line()
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
            words!(
                "figures.csv không có số liệu của chuỗi này cho đơn vị hành chính {unit}",
                "figures.csv has no figure of it for the unit {unit}",
                unit = quote(&setting.unit)
            )
        } else {
            let days: Vec<String> = days.iter().rev().take(12).map(ToString::to_string).collect();
            words!(
                "figures.csv có số liệu của các ngày {days}",
                "figures.csv has figures of {days}",
                days = days.join(", ")
            )
        };
        table.error(
            "baseline",
            "pack.baseline-missing",
            words!(
                "không có số liệu của {series} ngày {as_of}, là mốc đầu của {what}",
                "there is no figure of {series} on {as_of}, the baseline of {what}",
                series = quote(series.as_str()),
                as_of = as_of.to_string(),
                what = table.what()
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
                words!(
                    "{what} là tỷ lệ, nhưng chỉ đếm hoặc cộng",
                    "{what} is a ratio, but only counts or adds up",
                    what = table.what()
                ),
                words!(
                    "thêm `denominator` (mẫu số), hoặc ghi measure = \"stock\"",
                    "add a `denominator`, or write measure = \"stock\""
                ),
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
        let known = published.figures.iter().any(|figure| {
            figure.indicator == *series && figure.unit == setting.unit && figure.status.is_known()
        });
        if !known {
            table.warning(
                "denominator_figure",
                "pack.denominator-missing",
                words!(
                    "figures.csv không có số liệu của {series} cho đơn vị hành chính {unit}, nên {what} không có giá trị",
                    "figures.csv has no figure of {series} for the unit {unit}, so {what} has no value",
                    series = quote(series.as_str()),
                    unit = quote(&setting.unit),
                    what = table.what()
                ),
                words!(
                    "bổ sung số liệu công bố kèm nguồn khi có",
                    "add the published figure with its source when it is known"
                ),
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
    fn check_cycles(links: &[(&str, &str)], want: &[&str]) {
        let links = links.iter().map(|(from, to)| (*from, Some(*to)));
        let found: Vec<String> = cycles(links).iter().map(|path| route(path)).collect();
        assert_eq!(found, want);
    }

    #[test]
    fn a_chain_is_no_cycle() {
        check_cycles(&[("a", "b"), ("b", "c")], &[]);
        check_cycles(&[("b", "c"), ("a", "b")], &[]);
    }
    #[test]
    fn a_cycle_shows_its_path() {
        check_cycles(&[("a", "b"), ("b", "c"), ("c", "a")], &["a → b → c → a"]);
        check_cycles(&[("a", "a")], &["a → a"]);
    }
    #[test]
    fn a_way_into_a_cycle_is_no_part_of_it() {
        check_cycles(&[("a", "b"), ("b", "c"), ("c", "b")], &["b → c → b"]);
    }
    #[test]
    fn two_cycles() {
        check_cycles(&[("a", "a"), ("b", "c"), ("c", "b")], &["a → a", "b → c → b"]);
    }
    #[test]
    fn a_long_path_is_shown_without_its_middle() {
        let names: Vec<String> = (0..=20).map(|n| n.to_string()).collect();
        assert_eq!(route(&names), "0 → 1 → 2 → 3 → 4 → 5 → 6 → 7 → … → 20");
    }
}
