//! Cascades: a number of the plan shared out over the units of a level in whole numbers, as near to their shares as the
//! sums and bounds allow; and where they allow nothing, the conditions that contradict one another.
//!
//! ```text
//! board ─► question (units, years, shares, clauses) ─► grid ─► parts
//!                                                        └───► conflict
//! ```
//! Pure: the same board and wish give the same parts. `docs/cascade.md` tells the method with its sources.

mod conflict;
mod grid;
mod share;

use std::collections::BTreeMap;

use hoptac_model::cascade::{
    Aim, Bound, BoundKind, Cascade, Clause, Proposal, Refused, Rule, Said, Sum, UnitShare, Weights,
    When, ends,
};
use hoptac_model::date::year_end;
use hoptac_model::ids::{TargetId, UnitId};
use hoptac_model::pack::Measure;
use hoptac_model::register::Register;
use hoptac_model::target::{Direction, Horizon, Scope, Target};
use hoptac_model::text::Words;
use hoptac_model::unit::{Level, Places};

use crate::board::Board;
use crate::cascade::grid::{Grid, Row};
use crate::forecast;
use crate::forecast::projection::World;
use crate::forecast::quantity::{Quantity, Reading};
use crate::forecast::shape::Event;

/// How many parts are proposed at once: a province of a hundred communes over forty years.
const CELLS_MOST: usize = 4000;

/// What is wished for.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// The target to share out.
    pub target: TargetId,
    /// The level of the units; the one right below the territory where nobody says.
    pub level: Option<Level>,
    /// The first and last year, for what is asked every year; the years to come where nobody says.
    pub years: Option<(i16, i16)>,
    /// What shares are measured by.
    pub weights: Weights,
    /// Where the sums are laid.
    pub aim: Aim,
    /// The number at which they are laid, where it is neither end nor middle.
    pub aim_at: Option<u32>,
    /// Floors, ceilings and fixed numbers, units by code or identity.
    pub bounds: Vec<(BoundKind, Said)>,
    /// The position of an earlier cascade whose parts stay together.
    pub keeps: Option<u64>,
    /// A number that the yearly parts must reach.
    pub reaches: Option<TargetId>,
}

impl Wish {
    /// A wish for a target, everything else by default.
    pub fn new(target: TargetId) -> Self {
        Self {
            target,
            level: None,
            years: None,
            weights: Weights::default(),
            aim: Aim::default(),
            aim_at: None,
            bounds: Vec::new(),
            keeps: None,
            reaches: None,
        }
    }
}

/// Proposes parts for the units of a board's geography, or says why there are none.
pub fn propose(
    board: &Board,
    register: &Register,
    places: &Places,
    wish: &Wish,
) -> Result<Proposal, Refused> {
    let readings = forecast::readings(board);
    let world = World::new(board, &board.measured, &readings, register, places);
    let question = Question::new(&world, places, wish)?;
    let grid = question.grid();
    let Some(parts) = grid.solve()? else {
        return Err(Refused::Conflict { clauses: conflict::smallest(&grid) });
    };
    Ok(question.proposal(&grid, &parts))
}

/// A wish held against what there is.
struct Question<'a> {
    world: &'a World<'a>,
    target: &'a Target,
    level: Level,
    units: Vec<Place<'a>>,
    years: Vec<i16>,
    ends: (u32, Option<u32>),
    aims: Vec<u32>,
    outside: u32,
    clauses: Vec<Clause>,
    /// What the former units were given, by unit and year.
    kept: BTreeMap<(UnitId, i16), u32>,
    rule: Rule,
    notes: Vec<Words>,
}

/// A unit that is given parts.
struct Place<'a> {
    id: &'a UnitId,
    code: &'a str,
    /// Its place in the geography.
    at: usize,
    /// The former unit that it takes over from.
    of: Option<UnitId>,
    /// What it has now, of what is asked at a horizon.
    has: u32,
    measures: [Option<f64>; 4],
    share: f64,
}

impl<'a> Question<'a> {
    fn new(world: &'a World<'a>, places: &Places, wish: &Wish) -> Result<Self, Refused> {
        let board = world.board;
        let no_target = || Refused::NoTarget { target: wish.target.clone() };
        let target = board.frame.pack.target(&wish.target).ok_or_else(no_target)?;
        let index = board.indicator_index(&target.indicator).ok_or_else(no_target)?;
        let indicator = board.frame.pack.indicators.get(index).ok_or_else(no_target)?;
        let reading = world.readings.get(&index).ok_or_else(no_target)?;
        if indicator.measure == Measure::Ratio {
            return Err(Refused::Quotient);
        }
        if target.scope != Scope::Plan {
            return Err(Refused::EachUnit);
        }
        if indicator.decimals > 0 {
            return Err(Refused::NotCounted);
        }
        let geography = &board.measured.geography;
        let below =
            if geography.has_level(Level::District) { Level::District } else { Level::Commune };
        let level = wish.level.unwrap_or(below);
        let now = world.history.years.len().checked_sub(1).ok_or(Refused::NoYears)?;
        let flow = indicator.measure == Measure::Flow;
        let value = |place| world.value(index, place, now).filter(|v| v.is_finite()).unwrap_or(0.0);
        let mut units: Vec<Place<'a>> = geography
            .at_level(0, level)
            .filter_map(|at| {
                let unit = &geography.spot(at)?.unit;
                let has = if flow { 0 } else { whole(value(at)) };
                let (measures, share) = ([None; 4], 0.0);
                Some(Place { id: &unit.id, code: &unit.code, at, of: None, has, measures, share })
            })
            .collect();
        units.sort_by_key(|unit| unit.code);
        if units.is_empty() {
            return Err(Refused::NoUnits);
        }
        let years = years(board, target, wish.years)?;
        if units.len() * years.len() > CELLS_MOST {
            return Err(Refused::TooLarge);
        }
        let (least, most) = ends(target.constraint);
        let has: u32 = units.iter().map(|unit| unit.has).sum();
        let whole_value = value(0);
        let outside = if flow { 0 } else { whole(whole_value).saturating_sub(has) };
        if !flow && indicator.direction == Direction::Up && has + outside >= least {
            return Err(Refused::AlreadyMet { value: whole_value, least });
        }
        let mut question = Self {
            world,
            target,
            level,
            units,
            years,
            ends: (least, most),
            aims: Vec::new(),
            outside,
            clauses: Vec::new(),
            kept: BTreeMap::new(),
            rule: Rule {
                weights: wish.weights,
                aim: wish.aim,
                aim_at: wish.aim_at,
                bounds: Vec::new(),
                keeps: wish.keeps,
                reaches: wish.reaches.clone(),
            },
            notes: Vec::new(),
        };
        question.keep(places, wish)?;
        question.bound(wish)?;
        question.shares(index, indicator, reading)?;
        question.aim(wish, reading)?;
        question.ask(!flow && has > 0);
        Ok(question)
    }

    /// What earlier units were given stays together in those that followed.
    fn keep(&mut self, places: &Places, wish: &Wish) -> Result<(), Refused> {
        let Some(position) = wish.keeps else { return Ok(()) };
        let cascades = self.world.board.frame.pack.cascades.iter();
        let earlier = cascades
            .filter(|one| one.position == position && one.adopted.target == self.target.id)
            .find(|one| self.units.iter().all(|unit| !names(one, unit.id)));
        let Some(earlier) = earlier else { return Err(Refused::NothingKept { position }) };
        for unit in &mut self.units {
            unit.of = origin(places, unit.id, earlier);
        }
        for part in &earlier.adopted.parts {
            if self.years.contains(&part.year) {
                self.kept.insert((part.unit.clone(), part.year), part.value);
            }
        }
        Ok(())
    }

    /// Floors, ceilings and fixed numbers, held against units and years.
    fn bound(&mut self, wish: &Wish) -> Result<(), Refused> {
        for (kind, said) in &wish.bounds {
            let unit = match &said.unit {
                None => None,
                Some(named) => {
                    let found =
                        self.units.iter().find(|u| u.code == named || u.id.as_str() == named);
                    let unknown = || Refused::UnknownUnit { unit: named.clone() };
                    Some(found.ok_or_else(unknown)?.id.clone())
                }
            };
            let year = match said.when {
                When::Year(year) if !self.years.contains(&year) => {
                    return Err(Refused::UnknownYear { year });
                }
                When::Year(year) => Some(year),
                When::EachYear | When::AllYears => None,
            };
            let all_years = said.when == When::AllYears;
            self.rule.bounds.push(Bound { kind: *kind, unit, year, all_years, value: said.value });
        }
        Ok(())
    }

    /// Where the sums are laid.
    fn aim(&mut self, wish: &Wish, reading: &Reading) -> Result<(), Refused> {
        let (least, most) = self.ends;
        let aim = match (wish.aim_at, wish.aim, most) {
            (Some(aim), _, _) => aim,
            (None, Aim::Middle, Some(most)) => least + (most - least).div_ceil(2),
            (None, Aim::High, Some(most)) => most,
            (None, Aim::Low | Aim::Middle | Aim::High, _) => least,
        };
        if aim < least || most.is_some_and(|most| aim > most) {
            return Err(Refused::AimOutside { aim, least, most });
        }
        self.aims = self
            .years
            .iter()
            .map(|year| {
                let kept: Vec<u32> = self
                    .kept
                    .iter()
                    .filter(|((_, of), _)| of == year)
                    .map(|(_, value)| *value)
                    .collect();
                if kept.is_empty() { aim } else { kept.iter().sum::<u32>() + self.outside }
            })
            .collect();
        let Some(other) = &wish.reaches else { return Ok(()) };
        let needed = self.needed(other, reading)?;
        let (value, horizon) = needed;
        let counted: Vec<usize> = self
            .years
            .iter()
            .enumerate()
            .filter(|(_, year)| **year <= horizon)
            .map(|(at, _)| at)
            .collect();
        if value > 0 {
            self.clauses.push(Clause::Reach { target: other.clone(), year: horizon, value });
            let each = value.div_ceil(u32::try_from(counted.len()).unwrap_or(1).max(1));
            for at in counted {
                if let Some(aim) = self.aims.get_mut(at).filter(|_| self.kept.is_empty()) {
                    *aim = (*aim).max(each).min(most.unwrap_or(u32::MAX));
                }
            }
        }
        Ok(())
    }

    /// What is missing to another number of the same organisations, and by when.
    fn needed(&self, other: &TargetId, reading: &Reading) -> Result<(u32, i16), Refused> {
        let board = self.world.board;
        let not = || Refused::NotReached { target: other.clone() };
        let target = board.frame.pack.target(other).ok_or_else(not)?;
        let index = board.indicator_index(&target.indicator).ok_or_else(not)?;
        let stock = self.world.readings.get(&index).ok_or_else(not)?;
        let class = |reading: &Reading| {
            reading.class.filter(|_| matches!(reading.quantity, Quantity::Flows(_)))
        };
        let same = class(stock).zip(class(reading)).is_some_and(|(stock, flow)| {
            stock == stock.by(Event::Stock)
                && flow == flow.by(Event::Founded)
                && (stock.kinds, stock.sectors) == (flow.kinds, flow.sectors)
        });
        let Horizon::Year { year } = target.horizon else { return Err(not()) };
        if !same || target.scope != Scope::Plan {
            return Err(not());
        }
        let now = self.world.history.years.len().saturating_sub(1);
        let has = self.world.value(index, 0, now).unwrap_or(0.0);
        let (least, _) = ends(target.constraint);
        Ok((least.saturating_sub(whole(has)), year))
    }

    /// Everything that the parts must hold to, what is given up first in a search for a conflict first.
    fn ask(&mut self, held: bool) {
        let reached = std::mem::take(&mut self.clauses);
        let mut bounds = self.rule.bounds.clone();
        // Of bounds of single units the weak ones are given up first, so that few strong ones remain.
        bounds.sort_by_key(|bound| {
            let weak = match bound.kind {
                BoundKind::Floor | BoundKind::Fixed => bound.value,
                BoundKind::Ceiling => u32::MAX - bound.value,
            };
            (bound.unit.is_none(), weak)
        });
        for bound in bounds {
            let units = if bound.unit.is_some() { 1 } else { self.units.len() };
            let years = if bound.year.is_some() { 1 } else { self.years.len() };
            self.clauses.push(Clause::Bound { bound, units, years });
        }
        if held {
            let value = self.units.iter().map(|unit| unit.has).sum();
            self.clauses.push(Clause::Held { units: self.units.len(), value });
        }
        for ((unit, year), value) in &self.kept {
            let units = self.units.iter().filter(|place| place.of.as_ref() == Some(unit)).count();
            let clause = Clause::Kept { unit: unit.clone(), year: *year, value: *value, units };
            self.clauses.push(clause);
        }
        self.clauses.extend(reached);
        let (least, most) = self.ends;
        // Where any year would do, the first is told.
        for year in self.years.iter().rev() {
            self.clauses.extend(most.map(|value| Clause::Most { year: *year, value }));
            self.clauses.push(Clause::Least { year: *year, value: least });
        }
    }

    fn grid(&self) -> Grid {
        let mut ideal = Vec::with_capacity(self.units.len() * self.years.len());
        let has: u32 = self.units.iter().map(|unit| unit.has).sum();
        for unit in &self.units {
            for (year, aim) in self.years.iter().zip(&self.aims) {
                let free = f64::from(*aim) - f64::from(self.outside) - f64::from(has);
                let kept = unit.of.as_ref().and_then(|of| self.kept.get(&(of.clone(), *year)));
                let wanted = match kept {
                    None => f64::from(unit.has) + unit.share * free,
                    Some(kept) => {
                        let together = self.units.iter().filter(|other| other.of == unit.of);
                        let of_all: f64 = together.clone().map(|other| other.share).sum();
                        let count = number(together.count());
                        let part = if of_all > 0.0 { unit.share / of_all } else { 1.0 / count };
                        f64::from(*kept) * part
                    }
                };
                ideal.push(wanted.max(0.0));
            }
        }
        Grid {
            units: self.units.len(),
            years: self.years.len(),
            ideal,
            aims: self.aims.iter().map(|aim| aim.saturating_sub(self.outside)).collect(),
            clauses: self.clauses.iter().map(|c| (c.clone(), self.rows(c))).collect(),
        }
    }

    /// A clause as sums of parts.
    fn rows(&self, clause: &Clause) -> Vec<Row> {
        let years = self.years.len();
        let year_at = |year: i16| self.years.iter().position(|known| *known == year).unwrap_or(0);
        let all = |at: usize| (0..self.units.len()).map(|unit| unit * years + at).collect();
        let less = |value: u32| value.saturating_sub(self.outside);
        match clause {
            Clause::Least { year, value } => {
                vec![Row { cells: all(year_at(*year)), low: Some(less(*value)), high: None }]
            }
            Clause::Most { year, value } => {
                vec![Row { cells: all(year_at(*year)), low: None, high: Some(less(*value)) }]
            }
            Clause::Reach { year, value, .. } => {
                let counted = self.years.iter().enumerate().filter(|(_, one)| *one <= year);
                let cells = counted.flat_map(|(at, _)| all(at)).collect();
                vec![Row { cells, low: Some(*value), high: None }]
            }
            Clause::Kept { unit, year, value, .. } => {
                let at = year_at(*year);
                let of = |(_, place): &(usize, &Place<'_>)| place.of.as_ref() == Some(unit);
                let cells =
                    self.units.iter().enumerate().filter(of).map(|(u, _)| u * years + at).collect();
                vec![Row { cells, low: Some(*value), high: Some(*value) }]
            }
            Clause::Held { .. } => {
                let each = self.units.iter().enumerate().flat_map(|(unit, place)| {
                    (0..years).map(move |at| Row {
                        cells: vec![unit * years + at],
                        low: Some(place.has),
                        high: None,
                    })
                });
                each.collect()
            }
            Clause::Bound { bound, .. } => {
                let of = |(_, place): &(usize, &Place<'_>)| {
                    bound.unit.as_ref().is_none_or(|unit| unit == place.id)
                };
                let units = self.units.iter().enumerate().filter(of).map(|(unit, _)| unit);
                let (low, high) = match bound.kind {
                    BoundKind::Floor => (Some(bound.value), None),
                    BoundKind::Ceiling => (None, Some(bound.value)),
                    BoundKind::Fixed => (Some(bound.value), Some(bound.value)),
                };
                let row = |cells| Row { cells, low, high };
                units
                    .flat_map(|unit| match bound.when() {
                        When::AllYears => {
                            vec![row((0..years).map(|at| unit * years + at).collect())]
                        }
                        When::Year(year) => vec![row(vec![unit * years + year_at(year)])],
                        When::EachYear => {
                            (0..years).map(|at| row(vec![unit * years + at])).collect()
                        }
                    })
                    .collect()
            }
        }
    }

    fn proposal(self, grid: &Grid, parts: &[u32]) -> Proposal {
        let years = self.years.len();
        let of_unit = |unit: usize| parts.get(unit * years..(unit + 1) * years).unwrap_or_default();
        let sums = self
            .years
            .iter()
            .enumerate()
            .map(|(at, year)| Sum {
                year: *year,
                least: self.ends.0,
                most: self.ends.1,
                aim: self.aims.get(at).copied().unwrap_or_default(),
                given: parts.iter().skip(at).step_by(years).sum::<u32>() + self.outside,
            })
            .collect();
        let units = self.units.iter().enumerate().map(|(at, place)| UnitShare {
            unit: place.id.clone(),
            of: place.of.clone(),
            measures: place.measures,
            share: place.share,
            ideal: grid.ideal.get(at * years..(at + 1) * years).unwrap_or_default().to_vec(),
            parts: of_unit(at).to_vec(),
        });
        let board = self.world.board;
        Proposal {
            ledger_position: board.position(),
            plan: board.frame.pack.id.clone(),
            target: self.target.id.clone(),
            level: self.level,
            as_of: board.as_of(),
            geography: board.geography(),
            units: units.collect(),
            years: self.years,
            sums,
            outside: self.outside,
            rule: self.rule,
            notes: self.notes,
        }
    }
}

/// The years of a target that are still to come, from the next one on; the one that runs where it is the last.
fn years(board: &Board, target: &Target, asked: Option<(i16, i16)>) -> Result<Vec<i16>, Refused> {
    let as_of = board.as_of();
    let (from, to) = match target.horizon {
        Horizon::Year { year } => (year, year),
        Horizon::Yearly { from, to } => {
            let next = as_of.year().saturating_add(1).min(to);
            match asked {
                Some((first, last)) if first < from || last > to => return Err(Refused::NoYears),
                Some(asked) => asked,
                None => (from.max(next), to),
            }
        }
    };
    if from > to || year_end(from) <= as_of {
        return Err(Refused::NoYears);
    }
    Ok((from..=to).collect())
}

/// Whether a cascade gives a unit something.
fn names(cascade: &Cascade, unit: &UnitId) -> bool {
    cascade.adopted.parts.iter().any(|part| &part.unit == unit)
}

/// The unit of an earlier cascade from which a unit came: the one of most of its predecessors or of what was above them.
fn origin(places: &Places, unit: &UnitId, earlier: &Cascade) -> Option<UnitId> {
    let mut found: BTreeMap<UnitId, usize> = BTreeMap::new();
    for before in places.predecessors(unit) {
        let above = places.ancestry(&before.id);
        if let Some(named) = above.into_iter().find(|above| names(earlier, &above.id)) {
            *found.entry(named.id.clone()).or_default() += 1;
        }
    }
    let most = found.values().max().copied()?;
    found.into_iter().find(|(_, count)| *count == most).map(|(id, _)| id)
}

/// A count as a whole number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "held between zero and four thousand million"
)]
fn whole(value: f64) -> u32 {
    value.round().clamp(0.0, 4e9) as u32
}

/// A number of things.
fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}
