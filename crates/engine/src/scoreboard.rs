//! The scoreboard: what the plan asks of each number, held against what the register gives.

use hoptac_model::cascade::Cascade;
use hoptac_model::date::{self, days_between, year_start};
use hoptac_model::ids::{IndicatorId, UnitId};
use hoptac_model::pack::{Indicator, Measure};
use hoptac_model::scoreboard::{Applies, FigurePoint, Row, SeriesPoint};
use hoptac_model::standing::{Case, Line, Standing, judge};
use hoptac_model::target::{Baseline, Constraint, Direction, Horizon, Scope, Target};
use hoptac_model::text::{Language, Words};
use hoptac_model::unit::{Level, Unit};
use hoptac_model::words;
use jiff::civil::Date;

use crate::board::{Board, Cell};
use crate::facts::Moment;
use crate::measure::{Measured, speaks_of};

/// The indicators that a target may be measured by.
pub(crate) fn indicators_of(target: &Target) -> impl Iterator<Item = &IndicatorId> {
    std::iter::once(&target.indicator)
        .chain(target.readings.iter().map(|reading| &reading.indicator))
}

/// One target for one unit; none where the unit or the indicator is not there.
pub(crate) fn row(
    board: &Board,
    target: &Target,
    indicator: &IndicatorId,
    unit: &UnitId,
) -> Option<Row> {
    let index = board.indicator_index(indicator)?;
    let indicator = board.frame.pack.indicators.get(index)?;
    let at = board.measured.geography.find(unit)?;
    let place = &board.measured.geography.spot(at)?.unit;
    let asked = Asked { board, target, indicator, index, at, place };
    let given = asked.part().is_some_and(|(part, _)| part > 0);
    Some(match target.scope {
        Scope::Plan if at == 0 => asked.directly(Applies::Directly),
        Scope::Each(level) if place.level == level => asked.directly(Applies::Directly),
        Scope::Each(level) if place.level < level => asked.units_below(level),
        Scope::Plan if given => asked.assigned(),
        Scope::Plan | Scope::Each(_) if indicator.measure == Measure::Ratio => {
            asked.directly(Applies::Yardstick)
        }
        Scope::Plan | Scope::Each(_) => asked.not_here(),
    })
}

/// A target asked of a unit.
struct Asked<'a> {
    board: &'a Board,
    target: &'a Target,
    indicator: &'a Indicator,
    /// The indicator's place in the pack.
    index: usize,
    /// The unit's place in the geography.
    at: usize,
    place: &'a Unit,
}

/// What a row is made of: values and what is asked of them.
struct Found {
    applies: Applies,
    /// One cell for each moment.
    cells: Vec<Cell>,
    constraint: Constraint,
    direction: Direction,
    line: Option<(Line, Words)>,
    figures: Vec<FigurePoint>,
}

impl<'a> Asked<'a> {
    /// The unit's own value against the number of the plan.
    fn directly(&self, applies: Applies) -> Row {
        let cells = self.cells();
        let goal = self.target.constraint.goal(self.indicator.direction);
        let line = self.baseline(&cells).and_then(|start| self.line(start, goal));
        let found = Found {
            applies,
            cells,
            constraint: self.target.constraint,
            direction: self.indicator.direction,
            line,
            figures: self.figures(),
        };
        self.judged(found)
    }

    /// The part that the unit was given of the number set for the territory, for the year of the board or the horizon.
    fn part(&self) -> Option<(u32, &'a Cascade)> {
        let cascade = self.board.frame.pack.cascade_of(&self.target.id, self.board.as_of())?;
        let year = match self.target.horizon {
            Horizon::Year { year } => year,
            Horizon::Yearly { .. } => self.last_day().year(),
        };
        Some((cascade.part(&self.place.id, year)?, cascade))
    }

    /// The unit's own value against its part.
    fn assigned(&self) -> Row {
        let Some((part, cascade)) = self.part() else { return self.not_here() };
        let value = f64::from(part);
        let constraint = match self.target.constraint {
            Constraint::AtMost { .. } | Constraint::LessThan { .. } => Constraint::AtMost { value },
            Constraint::About { .. }
            | Constraint::AtLeast { .. }
            | Constraint::MoreThan { .. }
            | Constraint::Between { .. }
            | Constraint::Exactly { .. }
            | Constraint::All { .. } => Constraint::AtLeast { value, expected_up_to: None },
        };
        let cells = self.cells();
        let line = self.start_of(cascade, &cells).and_then(|start| self.line(start, value));
        let found = Found {
            applies: Applies::Assigned,
            cells,
            constraint,
            direction: self.indicator.direction,
            line,
            figures: self.figures(),
        };
        let mut row = self.judged(found);
        let decision = &cascade.adopted.decision;
        let said = words!(
            "Phần được giao theo {number} ngày {date}.",
            "The part given by {number} of {date}.",
            number = decision.number,
            date = decision.date
        );
        row.rule = Words {
            vi: format!("{} {}", said.vi, row.rule.vi).trim_end().to_owned(),
            en: format!("{} {}", said.en, row.rule.en).trim_end().to_owned(),
        };
        row
    }

    /// Where the line to a part starts: at the end of the last year before it was given.
    fn start_of(&self, cascade: &Cascade, cells: &[Cell]) -> Option<(Date, f64, Words)> {
        let moments = &self.board.measured.moments;
        let years = moments.iter().zip(cells).take(self.board.years().len());
        let before = years.rev().find(|(moment, _)| moment.on < cascade.from);
        let (moment, cell) = before?;
        let source = words!(
            "Tính từ sổ đăng ký ngày {day}",
            "Computed from the register of {day}",
            day = moment.on
        );
        Some((moment.on, cell.value?, source))
    }

    /// How many units below meet the constraint, against all of them.
    fn units_below(&self, level: Level) -> Row {
        let (measured, units) = self.units_at(level);
        let whole = count(units.len());
        let constraint = self.target.constraint;
        let cells: Vec<Cell> = (0..self.board.measured.moments.len())
            .map(|moment| {
                let values: Vec<f64> = units
                    .iter()
                    .filter_map(|unit| measured.cell(self.index, *unit, moment).value)
                    .collect();
                let met = values
                    .iter()
                    .filter(|value| constraint.holds(**value, self.indicator.direction))
                    .count();
                // Where nothing is known of any unit, it is not known how many meet it.
                let value = (!values.is_empty()).then(|| count(met));
                Cell { value, numerator: value, denominator: Some(whole) }
            })
            .collect();
        let start = match &self.target.baseline {
            Some(Baseline::Register { .. }) => self.baseline(&cells),
            Some(Baseline::Figure { .. }) | None => None,
        };
        let found = Found {
            applies: Applies::UnitsBelow,
            line: start.and_then(|start| self.line(start, whole)),
            cells,
            constraint: Constraint::All { value: whole },
            direction: Direction::Up,
            figures: Vec::new(),
        };
        let mut row = self.judged(found);
        if let Some(met) = row.value {
            let said = self.units_words(met, whole, level);
            // Once all meet it, how many do is the whole rule.
            let rest =
                if row.standing == Some(Standing::Met) { Words::default() } else { row.rule };
            row.rule = Words {
                vi: format!("{} {}", said.vi, rest.vi).trim_end().to_owned(),
                en: format!("{} {}", said.en, rest.en).trim_end().to_owned(),
            };
        }
        row
    }

    /// How many units meet what is asked of each.
    fn units_words(&self, met: f64, whole: f64, level: Level) -> Words {
        let level = level.words();
        let asked = |language| {
            let unit = self.indicator.unit_words();
            self.target.constraint.words(unit.get(language), language)
        };
        Words {
            vi: format!(
                "{met} trong {whole} {} đạt mức {}.",
                level.vi.to_lowercase(),
                asked(Language::Vi)
            ),
            en: format!(
                "{met} of {whole} units ({}) reach {}.",
                level.en.to_lowercase(),
                asked(Language::En)
            ),
        }
    }

    /// The value is shown, and nothing is asked of it.
    fn not_here(&self) -> Row {
        let cells = self.cells();
        let cell = self.last(&cells);
        Row {
            target: self.target.id.clone(),
            indicator: self.indicator.id.clone(),
            applies: Applies::NotHere,
            value: cell.value,
            numerator: cell.numerator,
            denominator: cell.denominator,
            constraint: self.target.constraint,
            horizon: self.target.horizon,
            standing: None,
            rule: Words::new(
                "Chỉ tiêu là con số của đơn vị cấp trên; kế hoạch không giao phần nào cho đơn vị này.",
                "The number is set for the unit above; the plan assigns no share of it to this unit.",
            ),
            line: None,
            line_source: Words::default(),
            expected: None,
            missing: None,
            figures: self.figures(),
            series: self.series(&cells),
        }
    }

    /// Why there is no value, where it is for want of a published denominator.
    fn missing_denominator(&self) -> Option<Words> {
        let series = self.indicator.denominator_figure.as_ref()?;
        let pack = &self.board.frame.pack;
        let declared = pack.series.iter().find(|s| s.id == *series).map(|s| &s.name);
        let name = declared.or_else(|| pack.indicator(series).map(|i| &i.name));
        let (vi, en) = name.map_or((series.as_str(), series.as_str()), |n| (&n.vi, &n.en));
        Some(Words {
            vi: format!("Chưa có số liệu công bố “{vi}” để làm mẫu số; cần bổ sung kèm nguồn."),
            en: format!("No figure of “{en}” is published to divide by; add it with its source."),
        })
    }

    fn judged(&self, found: Found) -> Row {
        let cell = self.last(&found.cells);
        let on = self.last_day();
        let case = Case {
            constraint: found.constraint,
            direction: found.direction,
            horizon: self.target.horizon,
            value: cell.value,
            as_of: on,
            line: found.line.as_ref().map(|(line, _)| *line),
            flow: self.indicator.measure == Measure::Flow,
        };
        let mut judgement = judge(&case, &self.board.frame.pack.standing);
        if cell.value.is_none()
            && let Some(why) = self.missing_denominator()
        {
            judgement.rule = why;
        }
        let goal = found.constraint.goal(found.direction);
        let open = judgement.standing != Standing::Met;
        let (line, line_source) = found.line.unzip();
        Row {
            target: self.target.id.clone(),
            indicator: self.indicator.id.clone(),
            applies: found.applies,
            value: cell.value,
            numerator: cell.numerator,
            denominator: cell.denominator,
            constraint: found.constraint,
            horizon: self.target.horizon,
            standing: Some(judgement.standing),
            rule: judgement.rule,
            expected: expected(&case, goal),
            line,
            line_source: line_source.unwrap_or_default(),
            missing: cell.value.filter(|_| open).map(|value| (goal - value).abs()),
            series: self.series(&found.cells),
            figures: found.figures,
        }
    }

    /// The unit's cells at every moment.
    fn cells(&self) -> Vec<Cell> {
        let measured = &self.board.measured;
        let moments = 0..measured.moments.len();
        moments.map(|moment| measured.cell(self.index, self.at, moment)).collect()
    }

    /// The units of a level within this one, on the asked geography or else on the plan's own.
    fn units_at(&self, level: Level) -> (&'a Measured, Vec<usize>) {
        let here = &self.board.measured;
        match &self.board.of_plan {
            Some(of_plan) if !here.geography.has_level(level) => {
                let at = of_plan.geography.find(&self.place.id);
                let units = at.map(|at| of_plan.geography.at_level(at, level).collect());
                (of_plan, units.unwrap_or_default())
            }
            Some(_) | None => (here, here.geography.at_level(self.at, level).collect()),
        }
    }

    /// Where the line starts: the day, the value and its source in words.
    fn baseline(&self, cells: &[Cell]) -> Option<(Date, f64, Words)> {
        match self.target.baseline.as_ref()? {
            Baseline::Figure { series, as_of } => {
                let figure = self.board.frame.pack.figures.iter().find(|figure| {
                    &figure.indicator == series
                        && figure.as_of == *as_of
                        && speaks_of(&figure.unit, figure.as_of, self.place)
                })?;
                let source = Words {
                    vi: format!(
                        "Số liệu công bố ngày {}: {}",
                        date::show(*as_of, Language::Vi),
                        figure.source
                    ),
                    en: format!(
                        "Published figure of {}: {}",
                        date::show(*as_of, Language::En),
                        figure.source
                    ),
                };
                Some((*as_of, figure.value, source))
            }
            Baseline::Register { as_of } => {
                let moment = Moment::of_day(*as_of);
                let moments = &self.board.measured.moments;
                let at = moments.iter().position(|known| *known == moment)?;
                let source = Words {
                    vi: format!("Tính từ sổ đăng ký ngày {}", date::show(*as_of, Language::Vi)),
                    en: format!(
                        "Computed from the register of {}",
                        date::show(*as_of, Language::En)
                    ),
                };
                Some((*as_of, cells.get(at)?.value?, source))
            }
        }
    }

    /// The line from a start to the goal. What is asked of every year has none.
    fn line(&self, start: (Date, f64, Words), goal: f64) -> Option<(Line, Words)> {
        let (from, baseline, source) = start;
        let to = self.target.horizon.end();
        let single = matches!(self.target.horizon, Horizon::Year { .. });
        (single && from < to).then_some((Line { baseline, from, goal, to }, source))
    }

    /// Published figures of the indicator that speak of this unit, up to the asked day, oldest first.
    fn figures(&self) -> Vec<FigurePoint> {
        let mut figures: Vec<_> = self
            .board
            .frame
            .pack
            .figures
            .iter()
            .filter(|figure| {
                figure.indicator == self.indicator.id
                    && figure.as_of <= self.board.as_of()
                    && speaks_of(&figure.unit, figure.as_of, self.place)
            })
            .collect();
        figures.sort_by_key(|figure| figure.as_of);
        let point = figures.into_iter().map(|figure| FigurePoint {
            period: figure.period_code(),
            as_of: figure.as_of,
            value: figure.value,
            status: figure.status,
            source: figure.source.clone(),
        });
        point.collect()
    }

    /// The values of the years; moments behind them are baselines.
    fn series(&self, cells: &[Cell]) -> Vec<SeriesPoint> {
        let moments = &self.board.measured.moments;
        let years = moments.iter().zip(cells).take(self.board.years().len());
        years
            .map(|(moment, cell)| SeriesPoint {
                year: moment.year,
                on: moment.on,
                value: cell.value,
            })
            .collect()
    }

    /// The cell of the last year; nothing where no year was computed.
    fn last(&self, cells: &[Cell]) -> Cell {
        let last = self.board.years().len().checked_sub(1);
        last.and_then(|last| cells.get(last)).copied().unwrap_or_default()
    }

    /// The day of the last value.
    fn last_day(&self) -> Date {
        let last = self.board.years().len().checked_sub(1);
        let moment = last.and_then(|last| self.board.measured.moments.get(last));
        moment.map_or(self.board.as_of(), |moment| moment.on)
    }
}

/// What the line, or the part of the year, asks for on the day.
fn expected(case: &Case, goal: f64) -> Option<f64> {
    match (case.horizon, &case.line) {
        (Horizon::Yearly { .. }, _) if case.flow => {
            let start = year_start(case.as_of.year());
            let whole = days_between(start, date::year_end(case.as_of.year())) + 1;
            let part = f64::from(days_between(start, case.as_of) + 1) / f64::from(whole);
            Some(goal * part.min(1.0))
        }
        (Horizon::Year { .. }, Some(line)) => Some(line.expected(case.as_of)),
        (Horizon::Yearly { .. } | Horizon::Year { .. }, _) => None,
    }
}

/// A number of units.
fn count(units: usize) -> f64 {
    u32::try_from(units).map_or(f64::INFINITY, f64::from)
}
