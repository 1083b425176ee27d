//! What may be shown to everybody: figures over few organisations are hidden, and so many others with them that no
//! subtraction gives the hidden ones back.
//!
//! A unit is hidden for a whole group of indicators and for all years at once. Indicators are of one group where their
//! formulas read the same confidential column, directly or through others: a sum, a number of reporters and their quotient
//! therefore stand or fall together, and so do the years of a series. What is left to an attacker is the sum of the units
//! below one, and [`hide`] sees to it that each such sum of each year has no hidden member or at least two that are not
//! known to be empty.

use std::collections::{BTreeMap, BTreeSet};

use hoptac_model::ids::{IndicatorId, UnitId};

use crate::basis::{Ask, Sheets};
use crate::board::Board;
use crate::explain;

/// Columns that the public part of the register says of every organisation by name, so that no count of them is a secret.
const OPEN: [&str; 13] = [
    "organisation",
    "kind",
    "commune",
    "year",
    "age",
    "registered",
    "operating",
    "suspended",
    "founded",
    "ceased",
    "converted",
    "sector",
    "vsic",
];

/// One unit of a published table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The index of the unit that it is a part of, which stands before it; none for the whole.
    pub parent: Option<usize>,
    /// How many organisations it has in each year; one without any is known to be empty then and protects nothing.
    pub sizes: Vec<usize>,
    /// The fewest organisations behind any of its figures, those over none left aside.
    pub fewest: Option<usize>,
}

/// Which units must be hidden so that none with figures over fewer than `least` organisations is known.
///
/// First those are hidden themselves; then, wherever exactly one of a unit and its parts is hidden, the smallest part that
/// is still shown goes with it, or the unit where no part is left.
pub fn hide(parts: &[Part], least: usize) -> Vec<bool> {
    let mut hidden: Vec<bool> =
        parts.iter().map(|part| part.fewest.is_some_and(|few| few < least)).collect();
    loop {
        let Some(next) = lonely(parts, &hidden) else { return hidden };
        if let Some(one) = hidden.get_mut(next) {
            *one = true;
        }
    }
}

/// The first unit, over all years and wholes, that has to be hidden beside another.
fn lonely(parts: &[Part], hidden: &[bool]) -> Option<usize> {
    let years = parts.iter().map(|part| part.sizes.len()).max().unwrap_or(0);
    (0..years)
        .find_map(|year| (0..parts.len()).find_map(|whole| companion(parts, hidden, whole, year)))
}

/// The unit to hide beside the only hidden one of a whole and its parts in a year; none where there is no such one.
fn companion(parts: &[Part], hidden: &[bool], whole: usize, year: usize) -> Option<usize> {
    let size = |part: &Part| part.sizes.get(year).copied().unwrap_or(0);
    let below = || {
        let of_whole = |(_, part): &(usize, &Part)| part.parent == Some(whole) && size(part) > 0;
        parts.iter().enumerate().filter(of_whole)
    };
    let is_hidden = |index: usize| hidden.get(index).copied().unwrap_or(false);
    below().next()?;
    let count = below().filter(|(index, _)| is_hidden(*index)).count();
    if count + usize::from(is_hidden(whole)) != 1 {
        return None;
    }
    let smallest = below()
        .filter(|(index, _)| !is_hidden(*index))
        .min_by_key(|(index, part)| (size(part), *index))
        .map(|(index, _)| index);
    smallest.or((!is_hidden(whole)).then_some(whole))
}

/// What of a board is hidden from the public, for a whole and the units below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disclosure {
    hidden: BTreeSet<(IndicatorId, UnitId)>,
}

impl Disclosure {
    /// Decides for a unit and its parts. Figures over fewer than `least` organisations are hidden.
    pub fn of(board: &Board, whole: &UnitId, parts: &[UnitId], least: usize) -> Self {
        let units: Vec<&UnitId> = std::iter::once(whole).chain(parts).collect();
        let mut hidden = BTreeSet::new();
        let (frame, measured, groups) = (&board.frame, &board.measured, groups(board));
        let grouped = groups.iter().flatten().filter_map(|id| board.indicator_index(id));
        let wanted = frame.columns_of(grouped.filter_map(|index| frame.reckonings.get(index)));
        let sheets = measured.basis.sheets(Ask {
            frame,
            geography: &measured.geography,
            moments: &measured.moments,
            wanted: &wanted,
        });
        for group in groups {
            let table: Vec<Part> = units
                .iter()
                .enumerate()
                .map(|(at, unit)| part(board, &sheets, &group, unit, (at > 0).then_some(0)))
                .collect();
            for (unit, _) in units.iter().zip(hide(&table, least)).filter(|(_, hidden)| *hidden) {
                let pairs = group.iter().map(|indicator| (indicator.clone(), (*unit).clone()));
                hidden.extend(pairs);
            }
        }
        Self { hidden }
    }

    /// Whether the figures of an indicator for a unit are hidden.
    pub fn hides(&self, indicator: &IndicatorId, unit: &UnitId) -> bool {
        self.hidden.contains(&(indicator.clone(), unit.clone()))
    }

    /// How many series of figures are hidden.
    pub fn count(&self) -> usize {
        self.hidden.len()
    }
}

/// A unit as a part of the table of a group of indicators.
fn part(
    board: &Board,
    sheets: &Sheets<'_>,
    group: &[IndicatorId],
    unit: &UnitId,
    parent: Option<usize>,
) -> Part {
    let years = board.years();
    let mut part = Part { parent, sizes: vec![0; years.len()], fewest: None };
    for indicator in group {
        for (year, size) in years.iter().zip(&mut part.sizes) {
            let Some(behind) = explain::behind(board, sheets, indicator, unit, *year) else {
                continue;
            };
            *size = (*size).max(behind.all);
            for few in [behind.above, behind.below].into_iter().filter(|count| *count > 0) {
                part.fewest = Some(part.fewest.map_or(few, |known| known.min(few)));
            }
        }
    }
    part
}

/// The indicators that read something confidential, grouped by what they read of it.
fn groups(board: &Board) -> Vec<Vec<IndicatorId>> {
    let columns = board.frame.catalogue.columns();
    let mut groups: Vec<(BTreeSet<usize>, Vec<IndicatorId>)> = Vec::new();
    let by_index: BTreeMap<usize, &IndicatorId> =
        board.frame.indicators.iter().map(|(id, index)| (*index, id)).collect();
    for (index, id) in by_index {
        let Some(reckoning) = board.frame.reckonings.get(index) else { continue };
        let mut reads: BTreeSet<usize> = reckoning
            .formulas()
            .flat_map(hoptac_model::formula::Formula::columns)
            .filter(|column| columns.get(*column).is_some_and(|c| !OPEN.contains(&c.name.as_str())))
            .collect();
        if reads.is_empty() {
            continue;
        }
        let mut members = vec![id.clone()];
        let (joined, apart) = groups.into_iter().partition(|(of, _)| !of.is_disjoint(&reads));
        groups = apart;
        let joined: Vec<(BTreeSet<usize>, Vec<IndicatorId>)> = joined;
        for (of, others) in joined {
            reads.extend(of);
            members.extend(others);
        }
        groups.push((reads, members));
    }
    groups.into_iter().map(|(_, members)| members).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A published table: the units, and for each year what every unit without parts adds.
    #[derive(Clone, Debug)]
    struct Table {
        parts: Vec<Part>,
        /// By year, then unit: how many organisations stand behind the figure, and its value.
        years: Vec<Vec<(usize, i64)>>,
    }

    impl Table {
        /// Builds the sums from what the lowest units hold: `districts` lists communes, each with one entry per year.
        fn of(districts: &[Vec<[(usize, i64); 2]>]) -> Self {
            let mut parents = vec![None];
            for district in districts {
                let at = parents.len();
                parents.push(Some(0));
                parents.extend(district.iter().map(|_| Some(at)));
            }
            let own: Vec<[(usize, i64); 2]> = std::iter::once([(0, 0); 2])
                .chain(districts.iter().flat_map(|d| std::iter::once([(0, 0); 2]).chain(d.clone())))
                .collect();
            let mut years = vec![vec![(0, 0); parents.len()]; 2];
            for (year, cells) in years.iter_mut().enumerate() {
                for (unit, of) in own.iter().enumerate() {
                    let mut at = Some(unit);
                    while let Some(here) = at {
                        cells[here].0 += of[year].0;
                        cells[here].1 += of[year].1;
                        at = parents[here];
                    }
                }
            }
            let parts = (0..parents.len())
                .map(|unit| Part {
                    parent: parents[unit],
                    sizes: years.iter().map(|cells| cells[unit].0).collect(),
                    fewest: years.iter().map(|cells| cells[unit].0).filter(|n| *n > 0).min(),
                })
                .collect();
            Self { parts, years }
        }
    }

    /// Everything that an attacker can find out from the shown cells of a year: the bounds of every unit, where each whole is
    /// the sum of its parts and nothing is below zero. The sums form a tree, so that going round until nothing moves gives the
    /// tightest bounds.
    fn bounds(table: &Table, year: usize, hidden: &[bool]) -> Vec<(i64, i64)> {
        const MUCH: i64 = 1 << 40;
        let mut bounds: Vec<(i64, i64)> = table.years[year]
            .iter()
            .zip(&table.parts)
            .zip(hidden)
            .map(|((cell, part), hidden)| match hidden {
                // Who is there is in the public register: a unit that was empty then is known to be.
                true if part.sizes[year] > 0 => (0, MUCH),
                _ => (cell.1, cell.1),
            })
            .collect();
        loop {
            let before = bounds.clone();
            for whole in 0..bounds.len() {
                let below: Vec<usize> =
                    (0..bounds.len()).filter(|i| table.parts[*i].parent == Some(whole)).collect();
                if below.is_empty() {
                    continue;
                }
                let (low, high) =
                    below.iter().fold((0, 0), |(l, h), i| (l + bounds[*i].0, h + bounds[*i].1));
                bounds[whole] = (bounds[whole].0.max(low), bounds[whole].1.min(high));
                for one in below {
                    let others = (low - bounds[one].0, high - bounds[one].1);
                    let from = (bounds[whole].0 - others.1).max(bounds[one].0);
                    let to = (bounds[whole].1 - others.0).min(bounds[one].1);
                    bounds[one] = (from, to);
                }
            }
            if bounds == before {
                return bounds;
            }
        }
    }

    /// Hidden cells over somebody whose value the shown cells give away.
    fn given_away(table: &Table, hidden: &[bool]) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for year in 0..table.years.len() {
            for (unit, (low, high)) in bounds(table, year, hidden).into_iter().enumerate() {
                if hidden[unit] && table.years[year][unit].0 > 0 && low == high {
                    found.push((year, unit));
                }
            }
        }
        found
    }

    /// A commune: in each year some organisations, each of which adds at least one.
    fn commune() -> impl Strategy<Value = [(usize, i64); 2]> {
        let year =
            || (0_usize..8, 1_i64..50).prop_map(|(n, of)| (n, i64::try_from(n).unwrap() * of));
        [year(), year()]
    }

    proptest! {
        #[test]
        fn no_hidden_figure_can_be_solved_for(
            districts in prop::collection::vec(prop::collection::vec(commune(), 0..5), 1..7),
            least in 1_usize..7,
        ) {
            let table = Table::of(&districts);
            let hidden = hide(&table.parts, least);
            for (part, hidden) in table.parts.iter().zip(&hidden) {
                prop_assert!(*hidden || part.fewest.is_none_or(|few| few >= least));
            }
            prop_assert_eq!(given_away(&table, &hidden), vec![], "{:?} of {:?}", hidden, table);
        }
    }

    #[test]
    fn the_attack_finds_what_hiding_only_the_small_ones_gives_away() {
        let table = Table::of(&[vec![[(2, 20); 2], [(9, 90); 2]], vec![[(7, 70); 2]]]);
        let only_small: Vec<bool> =
            table.parts.iter().map(|part| part.fewest.is_some_and(|few| few < 3)).collect();
        assert_eq!(given_away(&table, &only_small), [(0, 2), (1, 2)]);
        assert_eq!(given_away(&table, &hide(&table.parts, 3)), []);
    }
    #[test]
    fn the_smallest_that_is_left_goes_with_a_lonely_one() {
        let part = |parent, size| Part { parent, sizes: vec![size], fewest: Some(size) };
        let parts = [part(None, 40), part(Some(0), 2), part(Some(0), 30), part(Some(0), 8)];
        assert_eq!(hide(&parts, 3), [false, true, false, true]);
        assert_eq!(hide(&parts, 1), [false; 4]);
    }
    #[test]
    fn an_empty_unit_protects_nobody() {
        let part = |parent, size: usize| {
            let fewest = (size > 0).then_some(size);
            Part { parent, sizes: vec![size], fewest }
        };
        let parts = [part(None, 2), part(Some(0), 2), part(Some(0), 0)];
        assert_eq!(hide(&parts, 3), [true, true, false]);
    }
    #[test]
    fn a_unit_that_was_empty_in_a_year_protects_nobody_then() {
        let part = |parent, sizes: [usize; 2], fewest| Part {
            parent,
            sizes: sizes.to_vec(),
            fewest: Some(fewest),
        };
        // The second hides the first in the later year and not in the earlier one, in which it had nobody.
        let parts = [
            part(None, [12, 14], 12),
            part(Some(0), [2, 2], 2),
            part(Some(0), [0, 2], 2),
            part(Some(0), [10, 10], 10),
        ];
        assert_eq!(hide(&parts, 3), [false, true, true, true]);
    }
}
