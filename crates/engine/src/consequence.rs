//! Two boards compared: which figures differ, and which targets stand otherwise.

use std::collections::BTreeSet;

use hoptac_model::consequence::{FigureChange, StandingChange};
use hoptac_model::date::year_end;
use hoptac_model::ids::{IndicatorId, TargetId, UnitId};

use crate::board::Board;

/// Figures of any place and year that are not the same on both boards, by indicator, place and year.
pub fn figures(before: &Board, after: &Board) -> Vec<FigureChange> {
    let indicators: BTreeSet<&IndicatorId> =
        [before, after].into_iter().flat_map(|board| board.frame.indicators.keys()).collect();
    let years: BTreeSet<i16> = before.years().iter().chain(after.years()).copied().collect();
    let mut changes = Vec::new();
    for indicator in indicators {
        for unit in units(before, after) {
            for year in &years {
                let value =
                    |board: &Board| board.cell(indicator, unit, *year).and_then(|c| c.value);
                let (old, new) = (value(before), value(after));
                if old == new {
                    continue;
                }
                changes.push(FigureChange {
                    indicator: indicator.clone(),
                    targets: targets_of(after, indicator),
                    unit: unit.clone(),
                    year: *year,
                    on: year_end(*year).min(after.as_of()),
                    before: old,
                    after: new,
                });
            }
        }
    }
    changes
}

/// Targets of any place that stand otherwise on the second board.
pub fn standings(before: &Board, after: &Board) -> Vec<StandingChange> {
    let mut changes = Vec::new();
    for unit in units(before, after) {
        let targets: BTreeSet<&TargetId> = [before, after]
            .into_iter()
            .flat_map(|board| board.frame.pack.targets.iter().map(|target| &target.id))
            .collect();
        for target in targets {
            let standing = |board: &Board| board.row(target, None, unit).and_then(|r| r.standing);
            let (old, new) = (standing(before), standing(after));
            if old != new {
                changes.push(StandingChange {
                    target: target.clone(),
                    unit: unit.clone(),
                    before: old,
                    after: new,
                });
            }
        }
    }
    changes
}

/// The places of either board, those of the first in their order.
fn units<'b>(before: &'b Board, after: &'b Board) -> Vec<&'b UnitId> {
    let known: BTreeSet<&UnitId> = before.unit_ids().collect();
    before.unit_ids().chain(after.unit_ids().filter(|unit| !known.contains(unit))).collect()
}

/// The targets that an indicator measures, in any of their readings.
fn targets_of(board: &Board, indicator: &IndicatorId) -> Vec<TargetId> {
    let measures = |target: &&hoptac_model::target::Target| {
        target.indicator == *indicator
            || target.readings.iter().any(|reading| reading.indicator == *indicator)
    };
    board.frame.pack.targets.iter().filter(measures).map(|target| target.id.clone()).collect()
}
