//! Conflicts: which of the clauses contradict one another.
//!
//! A deletion filter [Chinneck & Dravnieks 1991]: each clause in turn is left out, and stays out where the others still
//! contradict one another. What remains is irreducible: without any one of its clauses the others go together. Clauses of
//! single units are given up before those that speak of all, and weak ones before strong ones, so that few remain.

use hoptac_model::cascade::Clause;

use super::grid::Grid;

/// An irreducible set of clauses that contradict one another; empty where all go together.
pub(super) fn smallest(grid: &Grid) -> Vec<Clause> {
    let mut kept = vec![true; grid.clauses.len()];
    if grid.is_possible(&kept) {
        return Vec::new();
    }
    // Whole kinds first: most of them have nothing to do with it.
    for kind in 0..KINDS {
        let mut without = kept.clone();
        for (kept, (clause, _)) in without.iter_mut().zip(&grid.clauses) {
            *kept &= kind_of(clause) != kind;
        }
        if !grid.is_possible(&without) {
            kept = without;
        }
    }
    for at in 0..kept.len() {
        if kept.get(at) == Some(&true) {
            let mut without = kept.clone();
            if let Some(left_out) = without.get_mut(at) {
                *left_out = false;
            }
            if !grid.is_possible(&without) {
                kept = without;
            }
        }
    }
    let chosen = grid.clauses.iter().zip(&kept).filter(|(_, kept)| **kept);
    chosen.map(|((clause, _), _)| clause.clone()).collect()
}

const KINDS: u8 = 6;

fn kind_of(clause: &Clause) -> u8 {
    match clause {
        Clause::Bound { bound, .. } if bound.unit.is_some() => 0,
        Clause::Bound { .. } => 1,
        Clause::Held { .. } => 2,
        Clause::Kept { .. } => 3,
        Clause::Reach { .. } => 4,
        Clause::Most { .. } | Clause::Least { .. } => 5,
    }
}
