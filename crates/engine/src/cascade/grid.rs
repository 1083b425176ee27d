//! The grid of parts, units by years, solved in whole numbers.
//!
//! Parts are as near to what each unit would have by its share as the clauses allow: the sum of squared distances, each
//! divided by the share, is least, which without clauses is the rounding of Webster and Sainte-Laguë. The parts of a unit
//! over all years together weigh ten times what a single year weighs, and the aim of a year more than all of them.
//!
//! Every clause is a bound on a sum of parts over some unit's years, or over some units (all, or those of one former
//! unit) in one year or several. Each of the two families is laminar, so that the matrix of both is totally unimodular
//! and every corner of the linear programme is a whole number; no branching is needed. What the solver gives is held
//! against the clauses once more in whole numbers.

use good_lp::{
    Expression, ProblemVariables, ResolutionError, SolverModel as _, Variable, constraint, microlp,
    variable,
};
use hoptac_model::cascade::{Clause, Refused};

/// How much the parts of a unit over all years weigh against one of them.
const TOTAL: f64 = 10.0;
/// What it costs to miss the aim of a year by one.
const AIM: f64 = 1e4;
/// Shares below this are held to be this: a unit with hardly any share is not asked for much, and not for ever.
const LEAST_SHARE: f64 = 0.05;
/// Of units with equal claims the earlier goes first, by so little that nothing else is decided by it.
const ORDER: f64 = 1e-4;

/// A bound on a sum of parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) cells: Vec<usize>,
    pub(super) low: Option<u32>,
    pub(super) high: Option<u32>,
}

/// Units by years: the part of unit `u` in year `y` is the cell `u × years + y`.
pub(super) struct Grid {
    pub(super) units: usize,
    pub(super) years: usize,
    pub(super) ideal: Vec<f64>,
    /// What the parts of each year should sum to.
    pub(super) aims: Vec<u32>,
    pub(super) clauses: Vec<(Clause, Vec<Row>)>,
}

impl Grid {
    /// The parts; none where the clauses contradict one another.
    pub(super) fn solve(&self) -> Result<Option<Vec<u32>>, Refused> {
        let mut problem = Problem::default();
        let mut cells: Vec<Expression> = Vec::with_capacity(self.units * self.years);
        for (at, ideal) in self.ideal.iter().enumerate() {
            let order = ORDER * number(at) / number(self.ideal.len());
            cells.push(problem.near(*ideal, 1.0, order));
        }
        if self.years > 1 {
            for (parts, ideal) in cells.chunks(self.years).zip(self.ideal.chunks(self.years)) {
                let total = problem.near(ideal.iter().sum(), TOTAL, 0.0);
                problem.constraints.push(constraint!(sum(parts.iter()) == total));
            }
        }
        for (at, aim) in self.aims.iter().enumerate() {
            let [over, under] = [(); 2].map(|()| problem.variables.add(variable().min(0.0)));
            problem.cost += AIM * over + AIM * under;
            let given = sum(cells.iter().skip(at).step_by(self.years));
            problem.constraints.push(constraint!(given - over + under == f64::from(*aim)));
        }
        let all: Vec<bool> = vec![true; self.clauses.len()];
        if !self.hold(&all, &cells, &mut problem) {
            return Ok(None);
        }
        let solution = match problem.solve() {
            Ok(solution) => solution,
            Err(ResolutionError::Infeasible) => return Ok(None),
            Err(_) => return Err(Refused::TooLarge),
        };
        let parts: Option<Vec<u32>> =
            cells.iter().map(|cell| whole(cell.eval_with(&solution))).collect();
        match parts {
            Some(parts) if self.holds(&parts) => Ok(Some(parts)),
            Some(_) | None => Err(Refused::TooLarge),
        }
    }

    /// Whether some of the clauses go together.
    pub(super) fn is_possible(&self, chosen: &[bool]) -> bool {
        let mut problem = Problem::default();
        let cells: Vec<Expression> = (0..self.units * self.years)
            .map(|_| problem.variables.add(variable().min(0.0)).into())
            .collect();
        self.hold(chosen, &cells, &mut problem)
            && !matches!(problem.solve(), Err(ResolutionError::Infeasible))
    }

    /// Puts the chosen clauses into a problem; false where one of them asks something of nothing.
    fn hold(&self, chosen: &[bool], cells: &[Expression], problem: &mut Problem) -> bool {
        for ((_, rows), chosen) in self.clauses.iter().zip(chosen) {
            for row in rows.iter().filter(|_| *chosen) {
                if row.cells.is_empty() {
                    if row.low.is_some_and(|low| low > 0) {
                        return false;
                    }
                    continue;
                }
                let given = || sum(row.cells.iter().filter_map(|cell| cells.get(*cell)));
                if let Some(low) = row.low.filter(|low| *low > 0) {
                    problem.constraints.push(constraint!(given() >= f64::from(low)));
                }
                if let Some(high) = row.high {
                    problem.constraints.push(constraint!(given() <= f64::from(high)));
                }
            }
        }
        true
    }

    /// Whether parts hold to every clause, in whole numbers.
    fn holds(&self, parts: &[u32]) -> bool {
        self.clauses.iter().flat_map(|(_, rows)| rows).all(|row| {
            let given: u64 =
                row.cells.iter().filter_map(|cell| parts.get(*cell)).map(|v| u64::from(*v)).sum();
            row.low.is_none_or(|low| given >= u64::from(low))
                && row.high.is_none_or(|high| given <= u64::from(high))
        })
    }
}

/// A linear programme that is being put together.
#[derive(Default)]
struct Problem {
    variables: ProblemVariables,
    cost: Expression,
    constraints: Vec<good_lp::Constraint>,
}

impl Problem {
    /// A whole number near to an ideal one: a sum of steps, each dearer than the one before. Around the ideal the steps
    /// are of one, farther up they widen.
    fn near(&mut self, ideal: f64, weight: f64, order: f64) -> Expression {
        let share = ideal.max(LEAST_SHARE);
        // What the k-th costs: the derivative of (x - share)² / share between k - 1 and k.
        let slope = |from: f64, to: f64| weight * ((from + to) / share - 2.0) + order;
        let mut made = Expression::from(0.0);
        let below = (ideal.floor() - 4.0).max(0.0);
        let mut at = 0.0;
        let mut step = |problem: &mut Self, to: Option<f64>, slope: f64| {
            let step = variable().min(0.0);
            let step: Variable = problem.variables.add(match to {
                Some(width) => step.max(width),
                None => step,
            });
            problem.cost += slope * step;
            made += step;
        };
        if below > 0.0 {
            step(self, Some(below), slope(0.0, below));
            at = below;
        }
        while at < ideal.ceil() + 5.0 {
            step(self, Some(1.0), slope(at, at + 1.0));
            at += 1.0;
        }
        for _ in 0..3 {
            step(self, Some(at), slope(at, 2.0 * at));
            at *= 2.0;
        }
        step(self, None, slope(at, 3.0 * at));
        made
    }

    fn solve(self) -> Result<impl good_lp::Solution, ResolutionError> {
        let mut model = self.variables.minimise(self.cost).using(microlp);
        for one in self.constraints {
            model.add_constraint(one);
        }
        model.solve()
    }
}

fn sum<'e>(cells: impl Iterator<Item = &'e Expression>) -> Expression {
    cells.fold(Expression::from(0.0), |sum, cell| sum + cell)
}

/// A value that is whole but for what the solver cannot know.
fn whole(value: f64) -> Option<u32> {
    let rounded = value.round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, and held between zero and four thousand million"
    )]
    let part = ((value - rounded).abs() < 1e-4 && (0.0..4e9).contains(&rounded.abs()))
        .then_some(rounded.abs() as u32);
    part
}

fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}
