//! Tasks that the figures show done: each a proposal with its figures, which a person confirms or not.

use std::collections::BTreeMap;

use hoptac_model::date::year_end;
use hoptac_model::ids::{IndicatorId, TargetId, UnitId};
use hoptac_model::number;
use hoptac_model::organisation::Status;
use hoptac_model::pack::Pack;
use hoptac_model::register::{Register, State};
use hoptac_model::standing::Standing;
use hoptac_model::target::{Direction, Horizon, Scope, Target};
use hoptac_model::task::{Basis, Because, Effect, Proposal, Task};
use hoptac_model::text::{Language, Words};
use hoptac_model::unit::Places;
use hoptac_model::words;
use jiff::civil::Date;

use crate::board::Board;

/// What came in of a year's returns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reporting {
    /// How many organisations have to file.
    pub owed: u32,
    /// How many of them have a return that was accepted.
    pub filed: u32,
}

impl Reporting {
    /// How many are still missing.
    pub fn missing(self) -> u32 {
        self.owed.saturating_sub(self.filed)
    }
}

/// The returns of a year by unit, communes and all above them, as far as they had come in by a day. Who has to file is who
/// was there on the day that the return was due, and of a kind that the form is for.
pub fn reporting(
    register: &Register,
    places: &Places,
    pack: &Pack,
    year: i16,
    as_of: Date,
) -> BTreeMap<UnitId, Reporting> {
    let mut units: BTreeMap<UnitId, Reporting> = BTreeMap::new();
    let Some(form) = pack.annual_return() else { return units };
    let end = pack.return_due_on(year).unwrap_or(year_end(year)).min(as_of);
    for (organisation, states) in register.states.by_organisation() {
        let Some(state) = states.iter().rfind(|state| state.from <= end) else { continue };
        let is_asked = form.applies_to.iter().any(|kind| kind == state.kind.code());
        if state.status == Status::Terminated || !is_asked {
            continue;
        }
        let mut filed = register.returns.of(organisation).iter();
        let has_filed = filed.any(|filed| filed.year == year && filed.on <= as_of);
        // What cannot be placed is still the plan's.
        let above: Vec<UnitId> = match seat(register, places, state, as_of) {
            Some(commune) => places.ancestry(&commune).iter().map(|unit| unit.id.clone()).collect(),
            None => vec![UnitId::new(pack.setting.unit.clone())],
        };
        for id in above {
            let unit = units.entry(id).or_default();
            unit.owed += 1;
            unit.filed += u32::from(has_filed);
        }
    }
    units
}

/// The commune of a seat on the places of a day.
pub(crate) fn seat(
    register: &Register,
    places: &Places,
    state: &State,
    day: Date,
) -> Option<UnitId> {
    let decided = register.seat_decisions.of(state.organisation);
    let placing = places.placing(&state.seat, state.seat_former.as_ref(), decided, day);
    placing.unit().map(|unit| unit.id.clone())
}

/// The open tasks of a day that the figures show done, by code, each with every figure that its effects ask for.
pub fn proposals<'t>(
    board: &Board,
    register: &Register,
    places: &Places,
    tasks: impl IntoIterator<Item = &'t Task>,
) -> Vec<Proposal> {
    let judge = Judge { board, register, places };
    tasks.into_iter().filter_map(|task| judge.proposal(task)).collect()
}

struct Judge<'b> {
    board: &'b Board,
    register: &'b Register,
    places: &'b Places,
}

impl Judge<'_> {
    fn proposal(&self, task: &Task) -> Option<Proposal> {
        let situation = task.situation(self.board.as_of());
        if !situation.state.is_open() {
            return None;
        }
        let unit = self.unit_of(task);
        if task.recurrence.is_none() {
            let (basis, reason) = self.shown(task, &unit, situation.due)?;
            return Some(Proposal { task: task.code.clone(), occurrence: None, basis, reason });
        }
        // The earliest occurrence that the figures of its year show done.
        task.open_occurrences(self.board.as_of()).into_iter().find_map(|occurrence| {
            let (basis, reason) = self.shown(task, &unit, Some(occurrence))?;
            Some(Proposal { task: task.code.clone(), occurrence: Some(occurrence), basis, reason })
        })
    }

    /// Where its figures are taken: its own unit, else that of its ground, else the plan's.
    fn unit_of(&self, task: &Task) -> UnitId {
        let ground = task.ground.as_ref().and_then(|ground| ground.unit.clone());
        let root = || self.board.unit_ids().next().cloned();
        task.unit
            .clone()
            .or(ground)
            .or_else(root)
            .unwrap_or_else(|| UnitId::new(self.board.frame.pack.setting.unit.clone()))
    }

    /// The figures that show a task done by a due day, and what they say together; none where one of them does not.
    fn shown(&self, task: &Task, unit: &UnitId, due: Option<Date>) -> Option<(Vec<Basis>, Words)> {
        let mut basis = Vec::new();
        let mut said = Vec::new();
        if let Some(ground) = &task.ground {
            match ground.because {
                Because::Gap => {
                    let target = self.board.frame.pack.target(ground.target.as_ref()?)?;
                    said.push(self.target_met(target, unit, None, &mut basis)?);
                }
                Because::Returns => said.push(self.returns_in(ground.year?, unit)?),
                Because::Finding | Because::Alert | Because::Order | Because::Public => {}
            }
        }
        for effect in &task.effects {
            said.push(self.effect_reached(effect, unit, due, &mut basis)?);
        }
        // What no figure speaks of, no figure closes.
        let first = said.first()?.clone();
        let reason = said
            .into_iter()
            .skip(1)
            .fold(first, |all, one| words!("{all}; {one}", "{all}; {one}", all, one));
        Some((basis, reason))
    }

    fn returns_in(&self, year: i16, unit: &UnitId) -> Option<Words> {
        let (pack, as_of) = (&self.board.frame.pack, self.board.as_of());
        let all = reporting(self.register, self.places, pack, year, as_of);
        let here = all.get(unit).copied().unwrap_or_default();
        (here.owed > 0 && here.missing() == 0).then(|| {
            words!(
                "đã có đủ {owed} báo cáo năm {year}",
                "all {owed} returns of {year} are in",
                owed = i64::from(here.owed),
                year
            )
        })
    }

    fn effect_reached(
        &self,
        effect: &Effect,
        unit: &UnitId,
        due: Option<Date>,
        basis: &mut Vec<Basis>,
    ) -> Option<Words> {
        let pack = &self.board.frame.pack;
        let Some(wanted) = effect.value else {
            let targets = || pack.targets.iter().filter(|one| one.indicator == effect.indicator);
            // What is set for each of the units below adds up to what is set for all, where that is set too.
            let of_plan = targets().any(|target| target.scope == Scope::Plan);
            let met = targets()
                .filter(|target| !of_plan || target.scope == Scope::Plan)
                .map(|target| self.target_met(target, unit, due, basis));
            // Several targets of one indicator are all to be met.
            let all: Option<Vec<Words>> = met.collect();
            return all?.into_iter().next();
        };
        let indicator = pack.indicator(&effect.indicator)?;
        let year = effect.year.or(due.map(Date::year)).unwrap_or(self.board.as_of().year());
        let value = self.board.cell(&effect.indicator, unit, year)?.value?;
        let reached = match indicator.direction {
            Direction::Up | Direction::None => value >= wanted,
            Direction::Down => value <= wanted,
        };
        if !reached {
            return None;
        }
        basis.push(self.basis(&effect.indicator, None, unit, year, value));
        let show =
            |language: Language, number: f64| number::show(number, indicator.decimals, language);
        Some(Words::new(
            format!(
                "{} năm {year}: {}, cần {}",
                indicator.short.vi,
                show(Language::Vi, value),
                show(Language::Vi, wanted)
            ),
            format!(
                "{} in {year}: {}, {} expected",
                indicator.short.en,
                show(Language::En, value),
                show(Language::En, wanted)
            ),
        ))
    }

    /// Whether a target is met: in the year in which a task is due where it is set for every year, else by its standing.
    fn target_met(
        &self,
        target: &Target,
        unit: &UnitId,
        due: Option<Date>,
        basis: &mut Vec<Basis>,
    ) -> Option<Words> {
        let (year, value) = match (target.horizon, due) {
            (Horizon::Yearly { from, to }, Some(due))
                if due.year() < self.board.as_of().year() && (from..=to).contains(&due.year()) =>
            {
                // Of years that are over, only what is set for the unit itself is known.
                let (Scope::Plan, year) = (target.scope, due.year()) else { return None };
                let value = self.board.cell(&target.indicator, unit, year)?.value?;
                let direction = self.board.frame.pack.indicator(&target.indicator)?.direction;
                target.constraint.holds(value, direction).then_some((year, value))?
            }
            (Horizon::Year { .. } | Horizon::Yearly { .. }, _) => {
                let row = self.board.row(&target.id, None, unit)?;
                let met = row.standing == Some(Standing::Met);
                (self.board.as_of().year(), row.value.filter(|_| met)?)
            }
        };
        basis.push(self.basis(&target.indicator, Some(&target.id), unit, year, value));
        let decimals =
            self.board.frame.pack.indicator(&target.indicator).map_or(0, |one| one.decimals);
        Some(words!(
            "đạt chỉ tiêu {target} ({label}) với {value}",
            "target {target} ({label}) is met with {value}",
            target = target.id.as_str(),
            label = target.label,
            value = Words::new(
                number::show(value, decimals, Language::Vi),
                number::show(value, decimals, Language::En)
            )
        ))
    }

    fn basis(
        &self,
        indicator: &IndicatorId,
        target: Option<&TargetId>,
        unit: &UnitId,
        year: i16,
        value: f64,
    ) -> Basis {
        Basis {
            indicator: indicator.clone(),
            target: target.cloned(),
            unit: unit.clone(),
            as_of: year_end(year).min(self.board.as_of()),
            value,
            position: self.board.position(),
        }
    }
}
