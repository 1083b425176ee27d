//! The pace that is needed from now on, what it is made of, and whose part the gap is.

use hoptac_model::date::days_between;
use hoptac_model::forecast::{Flow, Gap, Pace, Part, apportion};
use hoptac_model::ids::UnitId;
use hoptac_model::scoreboard::Applies;
use hoptac_model::standing::Standing;
use hoptac_model::target::{Constraint, Horizon};
use hoptac_model::text::Words;

use crate::forecast::fan::{Asked, Speaker};
use crate::forecast::quantity::Quantity;
use crate::forecast::shape::{Class, Event, Tally};
use crate::forecast::walk::Scale;

/// Over how many years "of late" reaches.
const OF_LATE: usize = 3;

impl Speaker<'_> {
    /// What is needed, and whose part it is; nothing where nothing is missing.
    pub(crate) fn required(&self, asked: &Asked<'_>) -> (Option<Pace>, Option<Gap>) {
        let row = asked.row;
        let open =
            matches!(row.standing, Some(Standing::OffTrack | Standing::Behind | Standing::OnTrack));
        let (Some(value), Some(on), true) = (row.value, asked.on, open) else {
            return (None, None);
        };
        let flow = asked.reading.flow && row.applies != Applies::UnitsBelow;
        let as_of = self.world.board.as_of();
        let years = f64::from(days_between(as_of, on)) / 365.25;
        let goal = row.constraint.goal(asked.direction());
        // On the last day of a year the next one is asked, and it starts with nothing.
        let had = if flow && as_of.year() < on.year() { 0.0 } else { value };
        let missing = goal - had;
        if years <= 0.0 || !missing.is_finite() {
            return (None, None);
        }
        let per_year = if flow { goal } else { missing / years };
        let of_late = of_late(asked, flow);
        let pace = Pace {
            missing: missing.abs(),
            years,
            per_year,
            of_late,
            times: of_late
                .map(|late| per_year / late)
                .filter(|times| times.is_finite() && *times > 0.0),
            parts: self.parts(asked, goal, years),
        };
        (Some(pace), self.gap(asked, goal, had))
    }

    /// The tallies of the last whole years, newest first.
    fn late_tallies(&self) -> Vec<Tally> {
        let years = self.world.history.years.iter().enumerate().rev();
        years
            .filter(|(_, year)| year.passed > 0.999)
            .take(OF_LATE + 1)
            .map(|(at, _)| self.world.tally(self.place, at))
            .collect()
    }

    /// What came of an event per year of late, and what will per year until the horizon.
    fn event(
        &self,
        asked: &Asked<'_>,
        class: Class,
        event: Event,
        years: f64,
    ) -> (Option<f64>, f64) {
        let class = class.by(event);
        let counts: Vec<f64> = self
            .late_tallies()
            .iter()
            .take(OF_LATE)
            .map(|tally| f64::from(class.count(tally)))
            .collect();
        let of_late = (!counts.is_empty()).then(|| mean(&counts));
        let last = self.world.history.years.len().saturating_sub(1);
        let now = self.world.history.years.get(last);
        // What the year that runs has had is no part of what is to come.
        let had = now
            .filter(|year| year.passed < 0.999)
            .map_or(0.0, |_| f64::from(class.count(&self.world.tally(self.place, last))));
        let end = asked.on;
        let steps = self.steps(asked).filter(|(_, step)| end.is_none_or(|end| step.on <= end));
        let ahead: f64 = steps.map(|(step, _)| self.tallies.mean(&class, step)).sum();
        (of_late, (ahead - had) / years)
    }

    /// The flows of organisations of a class: formation, closure, conversion.
    fn flows(&self, asked: &Asked<'_>, class: Class, goal: Option<f64>, years: f64) -> Vec<Part> {
        let (founded_late, founded) = self.event(asked, class, Event::Founded, years);
        let (closed_late, closed) = self.event(asked, class, Event::Ceased, years);
        let stock = class.by(Event::Stock);
        let late: Vec<f64> =
            self.late_tallies().iter().map(|tally| f64::from(stock.count(tally))).collect();
        let now = f64::from(stock.count(
            &self.world.tally(self.place, self.world.history.years.len().saturating_sub(1)),
        ));
        let last_step = self.steps(asked).filter(|(_, s)| Some(s.on) <= asked.on).last();
        let then = last_step.map_or(now, |(step, _)| self.tallies.mean(&stock, step));
        // What is neither founded nor closed came from another kind, or went there.
        let converted = (then - now) / years - founded + closed;
        let converted_late = match (late.first(), late.last(), founded_late, closed_late) {
            (Some(newest), Some(oldest), Some(founded), Some(closed)) if late.len() > OF_LATE => {
                Some((newest - oldest) / super::spread::number(late.len() - 1) - founded + closed)
            }
            _ => None,
        };
        let needed = goal.map(|goal| (goal - now) / years + closed - converted);
        let part = |flow, of_late, expected, needed| Part {
            flow,
            of_late,
            expected: Some(expected),
            needed,
        };
        vec![
            part(Flow::Formation, founded_late, founded, needed),
            part(Flow::Closure, closed_late.map(|c| -c), -closed, None),
            part(Flow::Conversion, converted_late, converted, None),
        ]
    }

    fn parts(&self, asked: &Asked<'_>, goal: f64, years: f64) -> Vec<Part> {
        if asked.row.applies == Applies::UnitsBelow {
            return Vec::new();
        }
        let last = self.world.history.years.len().saturating_sub(1);
        let last_step = self.steps(asked).filter(|(_, s)| Some(s.on) <= asked.on).last();
        let base_then = |base: &Class| {
            last_step.map(|(step, _)| self.tallies.mean(base, step)).filter(|count| *count > 0.0)
        };
        let expected_value = || {
            let (step, _) = last_step?;
            let values =
                self.projection.values(asked.index, self.place, self.tallies, step, self.paths);
            (!values.is_empty()).then(|| super::spread::Sample::new(values).mean())
        };
        let flow = if asked.reading.grading { Flow::Grading } else { Flow::Condition };
        match &asked.reading.quantity {
            Quantity::Flows(terms) => match terms.as_slice() {
                [term] if term.class == term.class.by(Event::Stock) => {
                    self.flows(asked, term.class, Some(goal), years)
                }
                [term] if term.class == term.class.by(Event::Founded) => {
                    let (of_late, expected) = self.event(asked, term.class, Event::Founded, years);
                    vec![Part {
                        flow: Flow::Formation,
                        of_late,
                        expected: Some(expected),
                        needed: Some(goal),
                    }]
                }
                _ => Vec::new(),
            },
            Quantity::Each { base, scale: Scale::Log } => {
                let now = f64::from(base.count(&self.world.tally(self.place, last)));
                let then = base_then(base);
                let mut parts = vec![Part {
                    flow: Flow::Members,
                    of_late: asked.row.value.filter(|_| now > 0.0).map(|value| value / now),
                    expected: expected_value().zip(then).map(|(value, count)| value / count),
                    needed: then.map(|count| goal / count),
                }];
                parts.extend(self.flows(asked, *base, None, years));
                parts
            }
            Quantity::Each { scale: Scale::Odds, .. } => vec![Part {
                flow,
                of_late: of_late(asked, false),
                expected: expected_value()
                    .zip(asked.row.value)
                    .map(|(then, now)| (then - now) / years),
                needed: asked.row.value.map(|now| (goal - now) / years),
            }],
            Quantity::Part { .. } | Quantity::Quotient { scale: Scale::Odds } => {
                let numerators: Vec<f64> = (0..=last)
                    .rev()
                    .filter(|at| {
                        self.world.history.years.get(*at).is_some_and(|year| year.passed > 0.999)
                    })
                    .filter_map(|at| self.world.cell(asked.index, self.place, at).numerator)
                    .take(OF_LATE + 1)
                    .collect();
                let of_late = match (numerators.first(), numerators.last()) {
                    (Some(newest), Some(oldest)) if numerators.len() > 1 => {
                        Some((newest - oldest) / super::spread::number(numerators.len() - 1))
                    }
                    _ => None,
                };
                let (Some(above), Some(below)) = (asked.row.numerator, asked.row.denominator)
                else {
                    return Vec::new();
                };
                let per = asked.reading.factor;
                vec![Part {
                    flow,
                    of_late,
                    expected: expected_value().map(|then| (then / per * below - above) / years),
                    needed: Some((goal / per * below - above) / years),
                }]
            }
            Quantity::Quotient { scale: Scale::Log }
            | Quantity::OfFigure { .. }
            | Quantity::Series => Vec::new(),
        }
    }

    /// The gap in whole numbers, with its parts by unit and agency.
    fn gap(&self, asked: &Asked<'_>, goal: f64, had: f64) -> Option<Gap> {
        let places = self.children();
        if asked.row.applies == Applies::UnitsBelow {
            return self.gap_of_floors(asked);
        }
        if !matches!(asked.row.applies, Applies::Directly | Applies::Assigned) {
            return None;
        }
        let last = self.world.history.years.len().checked_sub(1)?;
        let organisations = || Words::new("tổ chức", "organisations");
        let (missing, of, weights): (f64, Words, Vec<f64>) = match &asked.reading.quantity {
            Quantity::Flows(_) | Quantity::Each { .. } => {
                let class = asked.reading.class?.by(Event::Stock);
                let weights = places
                    .iter()
                    .map(|place| f64::from(class.count(&self.world.tally(*place, last))) + 0.5);
                (goal - had, asked.indicator.unit_words(), weights.collect())
            }
            Quantity::Part { .. } | Quantity::Quotient { scale: Scale::Odds } => {
                let (above, below) = (asked.row.numerator?, asked.row.denominator?);
                // Who could count and does not yet is who can come to.
                let weights = places.iter().map(|place| {
                    let cell = self.world.cell(asked.index, *place, last);
                    let could = match &asked.reading.quantity {
                        Quantity::Part { part, .. } => {
                            Some(f64::from(part.count(&self.world.tally(*place, last))))
                        }
                        Quantity::Flows(_)
                        | Quantity::Each { .. }
                        | Quantity::Quotient { .. }
                        | Quantity::OfFigure { .. }
                        | Quantity::Series => cell.denominator,
                    };
                    could.unwrap_or(0.0) - cell.numerator.unwrap_or(0.0)
                });
                (goal / asked.reading.factor * below - above, organisations(), weights.collect())
            }
            Quantity::Quotient { scale: Scale::Log }
            | Quantity::OfFigure { .. }
            | Quantity::Series => {
                return None;
            }
        };
        let whole = whole(missing, matches!(asked.row.constraint, Constraint::MoreThan { .. }))?;
        let units = places.iter().zip(apportion(whole, &weights));
        let units: Vec<(UnitId, u32)> =
            units.filter_map(|(place, part)| Some((self.id_of(*place)?, part))).collect();
        Some(Gap { whole, of, units, agencies: self.agencies(asked, whole) })
    }

    /// What is missing to the floor of each unit below.
    fn gap_of_floors(&self, asked: &Asked<'_>) -> Option<Gap> {
        let board = self.world.board;
        let hoptac_model::target::Scope::Each(level) = asked.target.scope else { return None };
        let (measured, at) = match &board.of_plan {
            Some(of_plan) if !self.world.measured.geography.has_level(level) => {
                (of_plan, of_plan.geography.find(&self.unit.id)?)
            }
            Some(_) | None => (self.world.measured, self.place),
        };
        let goal = asked.target.constraint.goal(asked.indicator.direction);
        let year = self.world.history.years.len().checked_sub(1)?;
        // On the last day of a year the next one is asked, which has had nothing yet.
        let fresh = asked.reading.flow
            && matches!(asked.target.horizon, Horizon::Yearly { .. })
            && asked.on.is_some_and(|on| board.as_of().year() < on.year());
        let mut units = Vec::new();
        for place in measured.geography.at_level(at, level) {
            let value = measured.cell(asked.index, place, year).value.unwrap_or(0.0);
            let missing = goal - if fresh { 0.0 } else { value };
            if let (Some(whole), Some(spot)) =
                (whole(missing, false), measured.geography.spot(place))
            {
                units.push((spot.unit.id.clone(), whole));
            }
        }
        let whole: u32 = units.iter().map(|(_, part)| part).sum();
        let of = asked.indicator.unit_words();
        (whole > 0).then(|| Gap { whole, of, units, agencies: self.agencies(asked, whole) })
    }

    /// The units right below.
    fn children(&self) -> Vec<usize> {
        let geography = &self.world.measured.geography;
        let below = geography.subtree(self.place).skip(1);
        below.filter(|at| geography.spot(*at).and_then(|s| s.parent) == Some(self.place)).collect()
    }

    fn id_of(&self, place: usize) -> Option<UnitId> {
        self.world.measured.geography.spot(place).map(|spot| spot.unit.id.clone())
    }

    /// Who leads tasks that should move the indicator, or another one of the same organisations; each agency's part is
    /// as large as its part of these tasks.
    fn agencies(&self, asked: &Asked<'_>, whole: u32) -> Vec<(String, u32)> {
        let board = self.world.board;
        let of_them = |id: &hoptac_model::ids::IndicatorId| {
            let reading =
                board.indicator_index(id).and_then(|index| self.world.readings.get(&index));
            let class = reading.and_then(|reading| reading.class);
            let same = class.zip(asked.reading.class).is_some_and(|(a, b)| a.kinds == b.kinds);
            let counts = reading.is_some_and(|r| matches!(r.quantity, Quantity::Flows(_)));
            *id == asked.row.indicator
                || (same && counts && matches!(asked.reading.quantity, Quantity::Flows(_)))
        };
        let mut leads: Vec<(String, f64)> = Vec::new();
        for task in board.frame.pack.tasks.iter().filter(|task| task.indicators.iter().any(of_them))
        {
            let Some(lead) = task.lead.as_deref().map(|lead| self.today(lead)) else { continue };
            match leads.iter_mut().find(|(known, _)| known == lead) {
                Some((_, tasks)) => *tasks += 1.0,
                None => leads.push((lead.to_owned(), 1.0)),
            }
        }
        let weights: Vec<f64> = leads.iter().map(|(_, tasks)| *tasks).collect();
        let parts = apportion(whole, &weights);
        leads.into_iter().map(|(lead, _)| lead).zip(parts).collect()
    }

    /// The agency that has the work of another one today.
    fn today<'s>(&'s self, agency: &'s str) -> &'s str {
        let (agencies, as_of) = (&self.world.board.frame.pack.agencies, self.world.board.as_of());
        let mut held = agency;
        // A chain of successors longer than the list is a circle.
        for _ in agencies {
            let found = agencies.iter().find(|a| a.id == held);
            let ended = found.filter(|a| a.valid_to.is_some_and(|to| to < as_of));
            let Some(next) = ended.and_then(|a| a.successor.as_deref()) else { break };
            held = next;
        }
        held
    }
}

/// How many whole ones are missing; none where nothing is. Over a number is one more than up to it.
fn whole(missing: f64, over: bool) -> Option<u32> {
    let whole = if over { (missing + 1e-9).floor() + 1.0 } else { (missing - 1e-9).ceil() };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, positive and held below four thousand million"
    )]
    let whole = (1.0..4e9).contains(&whole).then_some(whole as u32);
    whole
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / super::spread::number(values.len().max(1))
}

/// The mean change of the last whole years; of a flow, its mean.
fn of_late(asked: &Asked<'_>, flow: bool) -> Option<f64> {
    let values = asked.whole_years();
    if flow {
        let last: Vec<f64> = values.iter().rev().take(OF_LATE).copied().collect();
        return (!last.is_empty()).then(|| mean(&last));
    }
    let last: Vec<f64> = values.iter().rev().take(OF_LATE + 1).copied().collect();
    let (newest, oldest) = (last.first()?, last.last()?);
    let steps = super::spread::number(last.len() - 1);
    (steps > 0.0).then(|| (newest - oldest) / steps)
}
