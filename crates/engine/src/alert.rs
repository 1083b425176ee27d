//! Alerts of a day: what the published state says that somebody should look at, each with the figures and the rule behind it.

use std::collections::BTreeMap;

use hoptac_model::alert::{About, Alert, AlertKind};
use hoptac_model::date::{self, year_end};
use hoptac_model::forecast::Forecasts;
use hoptac_model::ids::OrganisationId;
use hoptac_model::number;
use hoptac_model::pack::Pack;
use hoptac_model::register::{Certificate, Register};
use hoptac_model::scoreboard::Applies;
use hoptac_model::task::{State, Task, rung_on};
use hoptac_model::text::{Language, Words};
use hoptac_model::unit::{Level, Places};
use hoptac_model::words;
use jiff::Span;
use jiff::civil::Date;

use crate::board::Board;
use crate::task::{Reporting, reporting};

/// A target whose probability falls below this is at risk.
pub const LINE: f64 = 0.5;
/// How many months ahead a certificate that ends is told.
pub const CERTIFICATE_MONTHS: i32 = 3;
/// The change from one year to the next that breaks a series, in times of its usual change.
const BREAK_TIMES: f64 = 6.0;
/// How many years a series must have before a break is told.
const BREAK_YEARS: usize = 6;

/// What alerts are computed from.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'s> {
    /// The board of the day.
    pub board: &'s Board,
    /// Its forecasts; none while they are being made.
    pub forecasts: Option<&'s Forecasts>,
    /// The forecasts of an earlier day.
    pub before: Option<&'s Forecasts>,
    /// The register.
    pub register: &'s Register,
    /// The places.
    pub places: &'s Places,
    /// The plan.
    pub plan: &'s Pack,
    /// The tasks as they are on the day.
    pub tasks: &'s BTreeMap<String, Task>,
}

/// The day whose forecasts those of a day are compared with: the last of the quarter before.
pub fn day_before(day: Date) -> Date {
    let first = (day.month() - 1) / 3 * 3 + 1;
    Date::constant(day.year(), first, 1).yesterday().unwrap_or(day)
}

/// The alerts of the board's day, the most urgent kind first.
pub fn alerts(sources: Sources<'_>) -> Vec<Alert> {
    let mut alerts = probabilities(&sources);
    alerts.extend(tasks(&sources));
    alerts.extend(silent_units(&sources));
    alerts.extend(certificates(&sources));
    alerts.extend(broken_series(&sources));
    alerts
}

/// Targets of the plan whose probability fell below the line since the earlier day.
fn probabilities(sources: &Sources<'_>) -> Vec<Alert> {
    let (Some(now), Some(before)) = (sources.forecasts, sources.before) else { return Vec::new() };
    let Some(unit) = sources.board.unit_ids().next() else { return Vec::new() };
    let of_plan = now.units.get(unit).map_or(&[][..], Vec::as_slice);
    let mut alerts = Vec::new();
    for forecast in of_plan {
        if forecast.applies == Applies::NotHere {
            continue;
        }
        let chance =
            |forecasts: &Forecasts| forecasts.find(unit, &forecast.target)?.fan().ok()?.probability;
        let (Some(here), Some(there)) = (chance(now), chance(before)) else { continue };
        if !(here < LINE && there >= LINE) {
            continue;
        }
        let Some(target) = sources.plan.target(&forecast.target) else { continue };
        let percent = |share: f64| {
            let show = |language| format!("{} %", number::show(share * 100.0, 1, language));
            Words::new(show(Language::Vi), show(Language::En))
        };
        alerts.push(Alert {
            key: format!("probability.{}", target.id),
            kind: AlertKind::Probability,
            since: Some(before.as_of),
            said: words!(
                "chỉ tiêu {target} ({label}) nhiều khả năng không đạt",
                "target {target} ({label}) will more likely be missed than met",
                target = target.id.as_str(),
                label = target.label
            ),
            reason: words!(
                "khả năng đạt giảm từ {there} ngày {on} còn {here}, dưới ngưỡng {line}",
                "its probability fell from {there} on {on} to {here}, below the line of {line}",
                there = percent(there),
                on = before.as_of,
                here = percent(here),
                line = percent(LINE)
            ),
            unit: Some(unit.clone()),
            about: About::Target(target.id.clone()),
        });
    }
    alerts
}

/// Tasks past their day, each with the rung that it has reached.
fn tasks(sources: &Sources<'_>) -> Vec<Alert> {
    let day = sources.board.as_of();
    let mut alerts = Vec::new();
    for task in sources.tasks.values() {
        let situation = task.situation(day);
        if situation.state != State::Late {
            continue;
        }
        let reason = match rung_on(&sources.plan.ladder, &situation, day) {
            Some(rung) => {
                words!("{why}. {rung}", "{why}. {rung}", why = situation.reason, rung = rung.title)
            }
            None => situation.reason,
        };
        alerts.push(Alert {
            key: format!("task.{}", task.code),
            kind: AlertKind::Task,
            since: situation.due.and_then(|due| due.tomorrow().ok()),
            said: words!(
                "nhiệm vụ {code} ({title}) quá hạn",
                "task {code} ({title}) is late",
                code = task.code,
                title = task.title
            ),
            reason,
            unit: task.unit.clone(),
            about: About::Task(task.code.clone()),
        });
    }
    alerts
}

/// Communes from which no return of the last due year came in, though some had come in for the year before.
fn silent_units(sources: &Sources<'_>) -> Vec<Alert> {
    let (plan, day) = (sources.plan, sources.board.as_of());
    let is_over = |year: i16| plan.return_due_on(year).is_some_and(|due| due < day);
    let Some(year) = [day.year(), day.year() - 1].into_iter().find(|year| is_over(*year)) else {
        return Vec::new();
    };
    let of = |year| reporting(sources.register, sources.places, plan, year, day);
    let (now, before) = (of(year), of(year - 1));
    let mut alerts = Vec::new();
    for (id, Reporting { owed, filed }) in now {
        let earlier = before.get(&id).copied().unwrap_or_default();
        let Some(unit) = sources.places.get(&id) else { continue };
        let is_place = unit.level == Level::Commune && unit.exists_on(day);
        if !is_place || owed == 0 || filed > 0 || earlier.filed == 0 {
            continue;
        }
        let name = sources.places.name_on(unit, day);
        alerts.push(Alert {
            key: format!("reporting.{id}.{year}"),
            kind: AlertKind::Reporting,
            since: plan.return_due_on(year).and_then(|due| due.tomorrow().ok()),
            said: words!(
                "{name} chưa có báo cáo năm {year} nào",
                "no return of {year} came in from {name}",
                name,
                year
            ),
            reason: words!(
                "còn thiếu {owed} báo cáo; năm {before} đã nhận {filed}",
                "{owed} returns are missing; {filed} came in for {before}",
                owed,
                before = year - 1,
                filed = earlier.filed
            ),
            unit: Some(id.clone()),
            about: About::Returns(year),
        });
    }
    alerts
}

/// Somebody's name, and the certificates that end soon with their last days.
type Ending<'a> = (&'a str, Vec<(Date, &'a Certificate)>);

/// Organisations whose certificates end within some months and were not renewed.
fn certificates(sources: &Sources<'_>) -> Vec<Alert> {
    let day = sources.board.as_of();
    let until = day.saturating_add(Span::new().months(CERTIFICATE_MONTHS));
    let all = &sources.register.certificates;
    let renewed = |held: &Certificate| {
        let own = all.of(held.organisation).iter();
        own.filter_map(|other| other.renews.as_deref()).any(|name| name == held.certificate)
    };
    let mut ending: BTreeMap<OrganisationId, Ending<'_>> = BTreeMap::new();
    for held in all.iter().filter(|held| held.holds_on(day) && !renewed(held)) {
        let Some(to) = held.to.filter(|to| *to <= until) else { continue };
        let Some(owner) = sources.register.organisation(held.organisation) else { continue };
        ending.entry(owner.id).or_insert((&owner.name, Vec::new())).1.push((to, held));
    }
    let alert = |(id, (name, mut ending)): (OrganisationId, Ending<'_>)| {
        ending.sort_by_key(|(to, _)| *to);
        let (first, _) = *ending.first()?;
        let list = |language| {
            let one = |(to, held): &(Date, &Certificate)| {
                let kinds = &sources.plan.certificate_kinds;
                let kind = kinds.iter().find(|kind| kind.id == held.kind);
                let kind = kind.map_or(held.kind.as_str(), |kind| kind.name.get(language));
                format!("{} ({kind}) {}", held.product, date::show(*to, language))
            };
            ending.iter().map(one).collect::<Vec<_>>().join("; ")
        };
        Some(Alert {
            key: format!("certificate.{id}.{first}"),
            kind: AlertKind::Certificate,
            since: None,
            said: words!(
                "{count} chứng nhận của {name} sắp hết hạn",
                "{count} certificates of {name} end soon",
                count = ending.len(),
                name
            ),
            reason: Words::new(list(Language::Vi), list(Language::En)),
            unit: None,
            about: About::Organisation(id),
        })
    };
    ending.into_iter().filter_map(alert).collect()
}

/// Indicators of the plan's territory that jumped from one year that is over to the next, far beyond how they usually move.
fn broken_series(sources: &Sources<'_>) -> Vec<Alert> {
    let board = sources.board;
    let Some(unit) = board.unit_ids().next() else { return Vec::new() };
    let over = |year: &&i16| year_end(**year) <= board.as_of();
    let years: Vec<i16> = board.years().iter().filter(over).copied().collect();
    let mut alerts = Vec::new();
    for indicator in &sources.plan.indicators {
        let value = |year: i16| Some((year, board.cell(&indicator.id, unit, year)?.value?));
        let series: Vec<(i16, f64)> = years.iter().filter_map(|year| value(*year)).collect();
        let Some((year, from, to)) = jump(&series) else { continue };
        let show = |value: f64| {
            let show = |language| number::show(value, indicator.decimals, language);
            Words::new(show(Language::Vi), show(Language::En))
        };
        alerts.push(Alert {
            key: format!("series.{}.{year}", indicator.id),
            kind: AlertKind::Series,
            since: Some(Date::constant(year, 1, 1)),
            said: words!(
                "chuỗi số liệu “{name}” thay đổi đột ngột năm {year}",
                "the series “{name}” jumps in {year}",
                name = indicator.short,
                year
            ),
            reason: words!(
                "từ {from} thành {to}, gấp hơn {times} lần mức thay đổi thường thấy; kiểm tra cách tính hoặc \
                 dữ liệu nhập",
                "from {from} to {to}, more than {times} times its usual change; check its definition or what was entered",
                from = show(from),
                to = show(to),
                times = show_times()
            ),
            unit: Some(unit.clone()),
            about: About::Series(indicator.id.clone()),
        });
    }
    alerts
}

fn show_times() -> String {
    format!("{BREAK_TIMES:.0}")
}

/// The last year in which a series jumped, with the values on both sides. Its usual change is the median of all its changes,
/// so that one jump does not hide itself; a series that hardly moves is measured by a hundredth of its size.
fn jump(series: &[(i16, f64)]) -> Option<(i16, f64, f64)> {
    if series.len() < BREAK_YEARS {
        return None;
    }
    let steps: Vec<(i16, f64, f64)> =
        series.iter().zip(series.iter().skip(1)).map(|(a, b)| (b.0, a.1, b.1)).collect();
    let median = |mut sizes: Vec<f64>| {
        sizes.sort_by(f64::total_cmp);
        sizes.get(sizes.len() / 2).copied()
    };
    let usual = median(steps.iter().map(|(_, from, to)| (to - from).abs()).collect())?;
    let size = median(series.iter().map(|(_, value)| value.abs()).collect())?;
    let usual = usual.max(size / 100.0);
    let is_jump =
        |step: &&(i16, f64, f64)| usual > 0.0 && (step.2 - step.1).abs() > BREAK_TIMES * usual;
    steps.iter().rev().find(is_jump).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(values: &[f64]) -> Vec<(i16, f64)> {
        (2018..).zip(values.iter().copied()).collect()
    }

    #[test]
    fn a_jump_is_found_in_the_year_in_which_it_is_seen() {
        let found = jump(&series(&[100.0, 104.0, 108.0, 112.0, 190.0, 194.0]));
        assert_eq!(found, Some((2022, 112.0, 190.0)));
    }
    #[test]
    fn steady_growth_is_no_jump_however_fast() {
        assert_eq!(jump(&series(&[10.0, 20.0, 30.0, 41.0, 50.0, 62.0])), None);
    }
    #[test]
    fn a_series_that_stands_still_may_move_a_little() {
        assert_eq!(jump(&series(&[100.0, 100.0, 100.0, 100.0, 100.0, 105.0])), None);
        assert!(jump(&series(&[100.0, 100.0, 100.0, 100.0, 100.0, 110.0])).is_some());
    }
    #[test]
    fn zeros_and_short_series_say_nothing() {
        assert_eq!(jump(&series(&[0.0; 8])), None);
        assert_eq!(jump(&series(&[1.0, 100.0])), None);
        assert_eq!(jump(&[]), None);
    }
    #[test]
    fn a_day_is_compared_with_the_end_of_the_quarter_before() {
        let day = |month, day| Date::constant(2026, month, day);
        assert_eq!(day_before(day(11, 26)), day(9, 30));
        assert_eq!(day_before(day(3, 31)), Date::constant(2025, 12, 31));
    }
}
