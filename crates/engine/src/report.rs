//! The figures that a report is written from: the board of its day, beside those of a year before.

use std::collections::BTreeMap;

use hoptac_model::date::{year_end, year_start};
use hoptac_model::forecast::Forecast;
use hoptac_model::ids::{IndicatorId, OrganisationId, TargetId};
use hoptac_model::organisation::{Kind, Status};
use hoptac_model::pack::{Measure, Pack};
use hoptac_model::period::Period;
use hoptac_model::register::Register;
use hoptac_model::report::{
    Compared, Contents, GradeLine, OrganisationFile, ReportKind, ReportUnit, SupportLine,
    TargetLine, UnitLine,
};
use hoptac_model::scoreboard::Row;
use hoptac_model::standing::Line;
use hoptac_model::target::Horizon;
use hoptac_model::text::Words;
use hoptac_model::unit::{Level, Places, Unit};
use jiff::civil::Date;

use crate::board::{Board, Question};
use crate::forecast;

/// What a report is asked of.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// Which report.
    pub kind: ReportKind,
    /// Of which period.
    pub period: Period,
    /// The day of its figures.
    pub as_of: Date,
    /// The unit.
    pub unit: &'a Unit,
    /// The organisation, for papers about one.
    pub organisation: Option<OrganisationId>,
    /// The indicators of the table of units; those that the plan has not are left out.
    pub columns: &'a [&'a str],
}

/// A report cannot be of this day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DayError {
    /// Nothing of the period has come.
    #[error("the period {0} has not begun; a report speaks of what has been")]
    Ahead(Period),
    /// The day is not one of the period.
    #[error("{day} is no day of {period} that has come; write one from {first} to {last}")]
    Outside {
        /// The day.
        day: Date,
        /// The period.
        period: Period,
        /// Its first day.
        first: Date,
        /// Its last day that has come.
        last: Date,
    },
}

impl DayError {
    /// The same in both languages.
    pub fn words(&self) -> Words {
        let vi = match self {
            Self::Ahead(period) => {
                format!("kỳ {period} chưa bắt đầu; báo cáo chỉ nói về thời gian đã qua")
            }
            Self::Outside { day, period, first, last } => format!(
                "{day} không thuộc phần đã qua của kỳ {period}; hãy ghi ngày từ {first} đến {last}"
            ),
        };
        Words::new(vi, self.to_string())
    }
}

/// The day of a report's figures: the one that is asked, else the last of the period that has come.
pub fn day_of(period: Period, asked: Option<Date>, today: Date) -> Result<Date, DayError> {
    if period.start() > today {
        return Err(DayError::Ahead(period));
    }
    let (first, last) = (period.start(), period.end().min(today));
    let day = asked.unwrap_or(last);
    if (first..=last).contains(&day) {
        Ok(day)
    } else {
        Err(DayError::Outside { day, period, first, last })
    }
}

/// The unit of a code on a day, where it lies within the territory of the plan.
pub fn unit_of<'p>(places: &'p Places, pack: &Pack, code: &str, day: Date) -> Option<&'p Unit> {
    let unit = places.find(code, day)?;
    let root = places.find(&pack.setting.unit, day)?;
    let inside = places.ancestry(&unit.id).iter().any(|above| above.id == root.id);
    (unit.id == root.id || inside).then_some(unit)
}

/// Computes everything that a report says.
pub fn contents(register: &Register, places: &Places, pack: &Pack, asked: &Asked<'_>) -> Contents {
    let Asked { as_of, unit, .. } = *asked;
    let geography = places.geography_for(unit, as_of);
    let on = |day| Board::compute(register, places, pack, Question { as_of: day, geography });
    let now = on(as_of);
    let before = on(a_year_before(as_of));
    let year_end_before = year_end(as_of.year() - 1);
    // A year's last day is the last day of the year before it, one year earlier.
    let ended =
        if a_year_before(as_of) == year_end_before { None } else { Some(on(year_end_before)) };
    let ended = ended.as_ref().unwrap_or(&before);
    let value = |board: &Board, indicator: &IndicatorId, unit: &Unit| {
        board.cell(indicator, &unit.id, board.as_of().year()).and_then(|cell| cell.value)
    };
    let measures = pack.indicators.iter().map(|one| Compared {
        indicator: one.id.clone(),
        now: value(&now, &one.id, unit),
        before: value(&before, &one.id, unit),
        year_end: value(ended, &one.id, unit),
    });
    let columns: Vec<IndicatorId> = asked
        .columns
        .iter()
        .map(|id| IndicatorId::from(*id))
        .filter(|id| pack.indicator(id).is_some())
        .collect();
    let units = below(places, unit, geography).into_iter().map(|below| UnitLine {
        unit: below.id.clone(),
        name: places.name_on(below, geography).to_owned(),
        values: columns.iter().map(|id| value(&now, id, below)).collect(),
    });
    let grades = match asked.kind {
        ReportKind::Grading => grades(register, places, unit, geography, asked),
        ReportKind::HalfYear
        | ReportKind::Yearly
        | ReportKind::Brief
        | ReportKind::Organisation
        | ReportKind::Extract => Vec::new(),
    };
    Contents {
        kind: asked.kind,
        period: asked.period,
        as_of,
        geography,
        position: now.position(),
        synthetic: now.has_synthetic(),
        unit: ReportUnit {
            id: unit.id.clone(),
            code: unit.code.clone(),
            name: places.name_on(unit, geography).to_owned(),
            level: unit.level,
        },
        measures: measures.collect(),
        targets: targets(register, places, pack, unit, &now, &before),
        units: units.collect(),
        columns,
        grades,
        organisation: asked
            .organisation
            .and_then(|id| file(register, places, id, as_of, geography)),
    }
}

/// The same day of the year before; 28 February for a leap day.
fn a_year_before(day: Date) -> Date {
    Date::new(day.year() - 1, day.month(), day.day())
        .unwrap_or_else(|_| Date::constant(day.year() - 1, day.month(), 28))
}

/// The units that the table of a report lists: those right below.
fn below<'p>(places: &'p Places, unit: &Unit, day: Date) -> Vec<&'p Unit> {
    match unit.level {
        Level::Commune => Vec::new(),
        Level::Nation | Level::Province | Level::District => places.children(&unit.id, day),
    }
}

fn targets(
    register: &Register,
    places: &Places,
    pack: &Pack,
    unit: &Unit,
    now: &Board,
    before: &Board,
) -> Vec<TargetLine> {
    let forecasts: BTreeMap<TargetId, Forecast> =
        forecast::of_unit(now, register, places, &unit.id, forecast::SEED)
            .into_iter()
            .map(|one| (one.target.clone(), one))
            .collect();
    let rows = now.scoreboard(&unit.id).map(|board| board.rows).unwrap_or_default();
    rows.into_iter()
        .map(|row| {
            let forecast = forecasts.get(&row.target);
            TargetLine {
                before: before.row(&row.target, None, &unit.id).and_then(|row| row.value),
                chance: forecast.and_then(|one| one.fan().ok()?.probability),
                needed: forecast.and_then(|one| one.required.as_ref()).map(|pace| pace.per_year),
                next: next(pack, &row, now.as_of()),
                row,
            }
        })
        .collect()
}

/// What is asked for by the end of the next year.
fn next(pack: &Pack, row: &Row, day: Date) -> Option<f64> {
    row.standing?;
    let end = year_end(day.year() + 1);
    match row.horizon {
        Horizon::Year { .. } => row.line.map(|line| asked(line, end, row.value)),
        Horizon::Yearly { to, .. } if to > day.year() => {
            let direction = pack.indicator(&row.indicator)?.direction;
            Some(row.constraint.goal(direction))
        }
        Horizon::Yearly { .. } => None,
    }
}

/// What a straight line asks for on a day. Where more has been reached already, that is to be kept, up to the goal.
fn asked(line: Line, on: Date, reached: Option<f64>) -> f64 {
    let expected = line.expected(on);
    let Some(reached) = reached else { return expected };
    if line.goal >= line.baseline {
        expected.max(reached.min(line.goal))
    } else {
        expected.min(reached.max(line.goal))
    }
}

/// Whether an indicator is of what happened within a year, so that its value grows from nothing on 1 January.
pub fn is_flow(pack: &Pack, indicator: &IndicatorId) -> bool {
    pack.indicator(indicator).is_some_and(|one| one.measure == Measure::Flow)
}

/// An organisation with everything on record on a day; none where it had not been founded by then.
fn file(
    register: &Register,
    places: &Places,
    id: OrganisationId,
    day: Date,
    geography: Date,
) -> Option<OrganisationFile> {
    let index = register.index_of(id)?;
    let organisation = register.organisation(index)?;
    let state = register.state_on(index, day)?;
    let seat = places.seat_on(&state.seat, state.seat_former.as_ref(), geography);
    let seat = seat.map_or_else(String::new, |unit| {
        let above = places.ancestry(&unit.id);
        let names = above.iter().filter(|one| one.level > Level::Nation);
        let mut names: Vec<&str> = names.map(|one| places.name_on(one, geography)).collect();
        if names.first() != Some(&places.name_on(unit, geography)) {
            names.reverse();
        }
        names.join(", ")
    });
    // Versions follow each other in the register; the last one filed by the day holds.
    let mut returns = BTreeMap::new();
    for one in register.returns.of(index).iter().filter(|one| one.on <= day) {
        returns.insert(one.year, *one);
    }
    let mut grades = BTreeMap::new();
    for one in register.grades.of(index).iter().filter(|one| one.on <= day) {
        grades.insert(one.year, one.clone());
    }
    let links = register.links.of(index).iter().filter(|one| one.holds_on(day));
    let certificates = register.certificates.of(index).iter().filter(|one| one.holds_on(day));
    let applications = register.supports.of(index).iter();
    let supports = applications.filter_map(|(_, one)| one.on_day(day)).map(|one| SupportLine {
        programme: one.programme.clone(),
        granted: one.granted(),
        paid: one.paid(),
    });
    Some(OrganisationFile {
        id,
        name: organisation.name.clone(),
        code: organisation.code.clone(),
        kind: state.kind,
        status: state.status,
        founded_on: organisation.founded_on,
        seat,
        sector: state.sector,
        vsic: state.vsic,
        members: state.members,
        capital: state.capital,
        returns: returns.into_values().collect(),
        grades: grades.into_values().collect(),
        links: links.cloned().collect(),
        certificates: certificates.cloned().collect(),
        supports: supports.collect(),
    })
}

/// The cooperatives and unions of a unit with the grade of a year as it was decided by the day; best first.
fn grades(
    register: &Register,
    places: &Places,
    unit: &Unit,
    geography: Date,
    asked: &Asked<'_>,
) -> Vec<GradeLine> {
    let year = asked.period.year();
    let (begin, end) = (year_start(year), year_end(year).min(asked.as_of));
    let mut lines = Vec::new();
    for (index, organisation) in (0..).zip(&register.organisations) {
        let last_by = |day: Date| register.state_on(index, day);
        let Some(state) = last_by(end) else { continue };
        // Groups are not graded, nor is who was gone before the year began.
        let gone = last_by(begin).is_some_and(|state| state.status == Status::Terminated);
        if state.kind == Kind::Group || gone {
            continue;
        }
        let Some(seat) = places.seat_on(&state.seat, state.seat_former.as_ref(), geography) else {
            continue;
        };
        if !places.ancestry(&seat.id).iter().any(|above| above.id == unit.id) && seat.id != unit.id
        {
            continue;
        }
        let decided = register
            .grades
            .of(index)
            .iter()
            .filter(|grade| grade.year == year)
            .filter(|grade| grade.on <= asked.as_of)
            .max_by_key(|grade| grade.on);
        lines.push(GradeLine {
            name: organisation.name.clone(),
            code: organisation.code.clone(),
            kind: state.kind,
            place: places.name_on(seat, geography).to_owned(),
            score_tenths: decided.map(|grade| grade.score_tenths),
            grade: decided.map(|grade| grade.grade),
        });
    }
    lines.sort_by(|a, b| b.score_tenths.cmp(&a.score_tenths).then_with(|| a.name.cmp(&b.name)));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(baseline: f64, goal: f64, reached: Option<f64>, want: f64) {
        let (from, to) = (Date::constant(2020, 1, 1), Date::constant(2030, 1, 1));
        let line = Line { baseline, from, goal, to };
        let halfway = asked(line, Date::constant(2025, 1, 1), reached);
        assert!((halfway - want).abs() < 0.1, "{halfway}");
    }

    #[test]
    fn behind_the_line_the_line_is_asked_for() {
        check(0.0, 100.0, Some(20.0), 50.0);
        check(100.0, 0.0, Some(80.0), 50.0);
        check(0.0, 100.0, None, 50.0);
    }
    #[test]
    fn before_it_what_was_reached_is_kept_up_to_the_goal() {
        check(0.0, 100.0, Some(70.0), 70.0);
        check(0.0, 100.0, Some(120.0), 100.0);
        check(100.0, 0.0, Some(30.0), 30.0);
        check(100.0, 0.0, Some(-5.0), 0.0);
    }
}
