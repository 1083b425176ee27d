//! Formulas over all rows at once: conditions as bitmaps, computed once however many formulas use them, folded over the
//! runs of the communes and rolled up the tree.

use std::ops::Range;
use std::sync::Arc;

use hoptac_model::fact::{Catalogue, ColumnType};
use hoptac_model::formula::tree::{Aggregate, Comparison, Function, Outer, Row};

use crate::bits::Bits;
use crate::facts::{Column, Facts};
use crate::geography::Geography;
use crate::vector::{Flags, Numbers, Texts, Vector};

/// A value for every unit and moment; what is not a number is missing.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    units: usize,
    values: Vec<f64>,
}

impl Grid {
    /// A grid from values by moment, then unit.
    pub(crate) fn from_values(units: usize, values: impl Iterator<Item = Option<f64>>) -> Self {
        Self { units, values: values.map(|value| value.unwrap_or(f64::NAN)).collect() }
    }

    /// The value of a unit at a moment.
    pub(crate) fn value(&self, moment: usize, unit: usize) -> Option<f64> {
        let value = self.values.get(moment * self.units + unit)?;
        (unit < self.units && value.is_finite()).then_some(*value)
    }
}

/// Evaluates formulas over the same facts and remembers what they share.
pub(crate) struct Evaluator<'a> {
    facts: &'a mut Facts,
    geography: &'a Geography,
    catalogue: &'a Catalogue,
    /// Conditions met so far. A pack has a few hundred, so a walk is quicker than hashing trees.
    conditions: Vec<(&'a Row, Arc<Flags>)>,
    /// Aggregates met so far.
    folds: Vec<(&'a Aggregate, Arc<Grid>)>,
}

impl<'a> Evaluator<'a> {
    pub(crate) fn new(
        facts: &'a mut Facts,
        geography: &'a Geography,
        catalogue: &'a Catalogue,
    ) -> Self {
        Self { facts, geography, catalogue, conditions: Vec::new(), folds: Vec::new() }
    }

    /// The value of a formula for every unit and moment.
    pub(crate) fn evaluate(&mut self, formula: &'a Outer) -> Arc<Grid> {
        if let Outer::Aggregate(aggregate) = formula {
            return self.fold(aggregate);
        }
        let mut grids: Vec<(&Aggregate, Arc<Grid>)> = Vec::new();
        formula.each_aggregate(&mut |aggregate| {
            grids.push((aggregate, self.fold(aggregate)));
        });
        let units = self.geography.len();
        let cells = (0..self.facts.moments.len())
            .flat_map(|moment| (0..units).map(move |unit| (moment, unit)));
        let values = cells.map(|(moment, unit)| {
            formula.value(&|aggregate| {
                let found = grids.iter().find(|(known, _)| std::ptr::eq(*known, aggregate));
                found.and_then(|(_, grid)| grid.value(moment, unit))
            })
        });
        Arc::new(Grid::from_values(units, values))
    }

    /// An aggregate for every unit and moment.
    fn fold(&mut self, aggregate: &'a Aggregate) -> Arc<Grid> {
        if let Some((_, grid)) = self.folds.iter().find(|(known, _)| *known == aggregate) {
            return Arc::clone(grid);
        }
        let grid = Arc::new(self.fold_anew(aggregate));
        self.folds.push((aggregate, Arc::clone(&grid)));
        grid
    }

    fn fold_anew(&mut self, aggregate: &'a Aggregate) -> Grid {
        let mut rows = match &aggregate.filter {
            Some(filter) => self.flags(filter).yes.clone(),
            None => Bits::all(self.facts.len()),
        };
        let Some(of) = &aggregate.of else { return self.count(&rows) };
        match aggregate.function {
            Function::Count => {
                rows = rows.and(&self.known(of));
                self.count(&rows)
            }
            Function::CountDistinct => {
                rows = rows.and(&self.known(of));
                if self.is_organisation(of) {
                    // An organisation has one row in a year, so each counts once.
                    self.count(&rows)
                } else {
                    self.distinct(&rows, of)
                }
            }
            Function::Sum | Function::Average | Function::Minimum | Function::Maximum => {
                let numbers = self.numbers(of);
                rows = rows.and(&numbers.known);
                self.totals(&rows, &numbers.values, aggregate.function)
            }
            Function::Median => {
                let numbers = self.numbers(of);
                rows = rows.and(&numbers.known);
                self.gathered(|run| median(values_of(&rows, run, &numbers.values).collect()))
            }
        }
    }

    /// How many of the rows there are.
    fn count(&self, rows: &Bits) -> Grid {
        let counts = self.rolled_up(|run| rows.count(run), |above, below| *above += below);
        Grid::from_values(self.geography.len(), counts.into_iter().map(|n| Some(f64::from(n))))
    }

    /// Sum, average, least or greatest of the rows' values.
    fn totals(&self, rows: &Bits, values: &[f64], function: Function) -> Grid {
        let totals = self.rolled_up(
            |run| {
                let mut total = Total::default();
                values_of(rows, run, values).for_each(|value| total.add(value));
                total
            },
            Total::merge,
        );
        let values = totals.into_iter().map(|total| total.value(function));
        Grid::from_values(self.geography.len(), values)
    }

    /// How many different values the rows have.
    fn distinct(&mut self, rows: &Bits, of: &'a Row) -> Grid {
        if let Row::Column(column) = of
            && let Column::Ids { starts, ids, .. } = self.facts.column(*column)
        {
            let start = |row: usize| {
                starts.get(row).map_or(0, |start| usize::try_from(*start).unwrap_or(0))
            };
            return self.gathered(|run| {
                let sets = rows.rows(run).filter_map(|row| ids.get(start(row)..start(row + 1)));
                let mut found: Vec<u32> = sets.flatten().copied().collect();
                found.sort_unstable();
                found.dedup();
                u32::try_from(found.len()).ok().map(f64::from)
            });
        }
        let keys: Vec<u64> = match self.shape(of) {
            Shape::Number => self.numbers(of).values.iter().map(|value| key_of(*value)).collect(),
            Shape::Text => self.texts(of).codes.iter().map(|code| u64::from(*code)).collect(),
            Shape::Flag => {
                let flags = self.flags(of);
                (0..self.facts.len()).map(|row| u64::from(flags.yes.has(row))).collect()
            }
            Shape::Id => self.ids(of).iter().map(|id| u64::from(*id)).collect(),
            Shape::Missing => Vec::new(),
        };
        self.gathered(|run| {
            let mut found: Vec<u64> =
                rows.rows(run).filter_map(|row| keys.get(row).copied()).collect();
            found.sort_unstable();
            found.dedup();
            u32::try_from(found.len()).ok().map(f64::from)
        })
    }

    /// Folds the rows of each unit by itself, then adds what is below to what is above.
    fn rolled_up<T: Clone>(
        &self,
        own: impl Fn(Range<usize>) -> T,
        merge: impl Fn(&mut T, &T),
    ) -> Vec<T> {
        let units = self.geography.len();
        let mut all = Vec::with_capacity(self.facts.moments.len() * units);
        for moment in 0..self.facts.moments.len() {
            let start = all.len();
            all.extend((0..units).map(|unit| own(self.facts.run(moment, unit..unit + 1))));
            // Units stand before what is below them, so from the back every unit is whole before it is added.
            for (unit, spot) in self.geography.spots().iter().enumerate().rev() {
                let Some(parent) = spot.parent else { continue };
                if let Ok([above, below]) = all.get_disjoint_mut([start + parent, start + unit]) {
                    merge(above, below);
                }
            }
        }
        all
    }

    /// Folds all rows of each unit, those of what is below it included: for what does not add up.
    fn gathered(&self, fold: impl Fn(Range<usize>) -> Option<f64>) -> Grid {
        let units = self.geography.len();
        let cells = (0..self.facts.moments.len())
            .flat_map(|moment| (0..units).map(move |unit| (moment, unit)));
        let values =
            cells.map(|(moment, unit)| fold(self.facts.run(moment, self.geography.subtree(unit))));
        Grid::from_values(units, values)
    }

    /// A condition in every row.
    fn flags(&mut self, row: &'a Row) -> Arc<Flags> {
        if let Some((_, flags)) = self.conditions.iter().find(|(known, _)| *known == row) {
            return Arc::clone(flags);
        }
        let flags = Arc::new(self.flags_anew(row));
        self.conditions.push((row, Arc::clone(&flags)));
        flags
    }

    fn flags_anew(&mut self, row: &'a Row) -> Flags {
        let length = self.facts.len();
        match row {
            Row::Column(column) => match self.facts.column(*column) {
                Column::Flag(flags) => flags.clone(),
                Column::Number { .. }
                | Column::Category(_)
                | Column::Id(_)
                | Column::Ids { .. }
                | Column::Unused => Flags::missing(length),
            },
            Row::Flag(flag) => Flags::same(length, *flag),
            Row::Compare(op, left, right) => self.comparison(*op, left, right),
            Row::And(items) => {
                let start = Flags::same(length, true);
                items.iter().fold(start, |all, item| all.and(&self.flags(item)))
            }
            Row::Or(items) => {
                let start = Flags::same(length, false);
                items.iter().fold(start, |any, item| any.or(&self.flags(item)))
            }
            Row::Not(inner) => self.flags(inner).not(),
            Row::In(of, items) => {
                let start = Flags::same(length, false);
                items
                    .iter()
                    .fold(start, |any, item| any.or(&self.comparison(Comparison::Equal, of, item)))
            }
            Row::Between(of, low, high) => self
                .comparison(Comparison::AtLeast, of, low)
                .and(&self.comparison(Comparison::AtMost, of, high)),
            Row::IsMissing(inner) => {
                let known = self.known(inner);
                Flags { yes: known.not(), no: known }
            }
            Row::Case(..) | Row::Coalesce(_) | Row::NullIf(..) => {
                self.chosen(row, |this, part| this.flags(part).as_ref().clone())
            }
            Row::Number(_) | Row::Text(_) | Row::Missing | Row::Negate(_) | Row::Arithmetic(..) => {
                Flags::missing(length)
            }
        }
    }

    fn comparison(&mut self, op: Comparison, left: &'a Row, right: &'a Row) -> Flags {
        let shape = match self.shape(left) {
            Shape::Missing => self.shape(right),
            known @ (Shape::Flag | Shape::Number | Shape::Text | Shape::Id) => known,
        };
        let equal = match shape {
            Shape::Number => {
                let (left, right) = (self.numbers(left), self.numbers(right));
                return left.compare(op, &right);
            }
            Shape::Text => self.texts(left).equal(&self.texts(right)),
            Shape::Flag => self.flags(left).equal(&self.flags(right)),
            Shape::Id | Shape::Missing => Flags::missing(self.facts.len()),
        };
        if op == Comparison::Unequal { equal.not() } else { equal }
    }

    /// A number in every row.
    fn numbers(&mut self, row: &'a Row) -> Numbers {
        let length = self.facts.len();
        match row {
            Row::Column(column) => self.facts.numbers(*column),
            Row::Number(number) => Numbers::same(length, *number),
            Row::Negate(inner) => {
                let mut numbers = self.numbers(inner);
                numbers.values.iter_mut().for_each(|value| *value = -*value);
                numbers
            }
            Row::Arithmetic(op, left, right) => {
                let (left, right) = (self.numbers(left), self.numbers(right));
                left.calculate(&right, |a, b| op.apply(a, b))
            }
            Row::Case(..) | Row::Coalesce(_) | Row::NullIf(..) => self.chosen(row, Self::numbers),
            Row::Text(_)
            | Row::Flag(_)
            | Row::Missing
            | Row::Compare(..)
            | Row::And(_)
            | Row::Or(_)
            | Row::Not(_)
            | Row::In(..)
            | Row::Between(..)
            | Row::IsMissing(_) => Numbers::missing(length),
        }
    }

    /// A word in every row.
    fn texts(&mut self, row: &'a Row) -> Texts {
        let length = self.facts.len();
        match row {
            Row::Column(column) => match self.facts.column(*column) {
                Column::Category(texts) => texts.clone(),
                Column::Flag(_)
                | Column::Number { .. }
                | Column::Id(_)
                | Column::Ids { .. }
                | Column::Unused => Texts::missing(length),
            },
            Row::Text(text) => Texts::same(length, self.facts.dictionary.code(text)),
            Row::Case(..) | Row::Coalesce(_) | Row::NullIf(..) => self.chosen(row, Self::texts),
            Row::Number(_)
            | Row::Flag(_)
            | Row::Missing
            | Row::Negate(_)
            | Row::Arithmetic(..)
            | Row::Compare(..)
            | Row::And(_)
            | Row::Or(_)
            | Row::Not(_)
            | Row::In(..)
            | Row::Between(..)
            | Row::IsMissing(_) => Texts::missing(length),
        }
    }

    /// `CASE`, `COALESCE` and `NULLIF`, which choose between values of any one type.
    fn chosen<V: Vector>(&mut self, row: &'a Row, value: fn(&mut Self, &'a Row) -> V) -> V {
        let length = self.facts.len();
        if let Row::Case(arms, otherwise) = row {
            let last = match otherwise {
                Some(otherwise) => value(self, otherwise),
                None => V::missing(length),
            };
            return arms.iter().rev().fold(last, |rest, (condition, then)| {
                let mask = self.flags(condition);
                V::select(&mask.yes, &value(self, then), &rest)
            });
        }
        if let Row::Coalesce(items) = row {
            return items.iter().rev().fold(V::missing(length), |rest, item| {
                let item = value(self, item);
                V::select(&item.known(), &item, &rest)
            });
        }
        if let Row::NullIf(left, right) = row {
            let (left, right) = (value(self, left), value(self, right));
            return V::select(&left.equal(&right).yes, &V::missing(length), &left);
        }
        V::missing(length)
    }

    /// The identities of a column.
    fn ids(&self, row: &Row) -> &[u32] {
        let Row::Column(column) = row else { return &[] };
        if let Column::Id(ids) = self.facts.column(*column) { ids } else { &[] }
    }

    /// The rows in which an expression of any type has a value.
    fn known(&mut self, row: &'a Row) -> Bits {
        match self.shape(row) {
            Shape::Flag => self.flags(row).known(),
            Shape::Number => self.numbers(row).known(),
            Shape::Text => self.texts(row).known(),
            Shape::Id => {
                if let Row::Column(column) = row
                    && let Column::Ids { known, .. } = self.facts.column(*column)
                {
                    return known.clone();
                }
                let mut ids = self.ids(row).iter();
                Bits::from_fn(self.facts.len(), |_| {
                    ids.next().is_some_and(|id| *id != Column::NO_ID)
                })
            }
            Shape::Missing => Bits::none(self.facts.len()),
        }
    }

    fn is_organisation(&self, row: &Row) -> bool {
        let Row::Column(column) = row else { return false };
        self.catalogue.columns().get(*column).is_some_and(|column| column.name == "organisation")
    }

    /// The type of an expression.
    fn shape(&self, row: &Row) -> Shape {
        match row {
            Row::Column(column) => {
                let column_type = self.catalogue.columns().get(*column).map(|c| c.column_type);
                match column_type {
                    Some(ColumnType::Flag) => Shape::Flag,
                    Some(ColumnType::Count | ColumnType::Money) => Shape::Number,
                    Some(ColumnType::Category) => Shape::Text,
                    Some(ColumnType::Id) => Shape::Id,
                    None => Shape::Missing,
                }
            }
            Row::Number(_) | Row::Negate(_) | Row::Arithmetic(..) => Shape::Number,
            Row::Text(_) => Shape::Text,
            Row::Missing => Shape::Missing,
            Row::Flag(_)
            | Row::Compare(..)
            | Row::And(_)
            | Row::Or(_)
            | Row::Not(_)
            | Row::In(..)
            | Row::Between(..)
            | Row::IsMissing(_) => Shape::Flag,
            Row::Case(arms, otherwise) => {
                self.first_shape(arms.iter().map(|(_, value)| value).chain(otherwise.as_deref()))
            }
            Row::Coalesce(items) => self.first_shape(items.iter()),
            Row::NullIf(left, right) => self.first_shape([&**left, &**right].into_iter()),
        }
    }

    /// The type of the first that has one.
    fn first_shape<'r>(&self, mut items: impl Iterator<Item = &'r Row>) -> Shape {
        let found = items.find_map(|item| {
            let shape = self.shape(item);
            (shape != Shape::Missing).then_some(shape)
        });
        found.unwrap_or(Shape::Missing)
    }
}

/// The type of an expression; `NULL` alone has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Flag,
    Number,
    Text,
    Id,
    Missing,
}

/// What sums, averages, least and greatest values are made of; two of them make one.
#[derive(Clone, Copy, Debug)]
struct Total {
    count: u32,
    sum: f64,
    least: f64,
    greatest: f64,
}

impl Default for Total {
    fn default() -> Self {
        Self { count: 0, sum: 0.0, least: f64::INFINITY, greatest: f64::NEG_INFINITY }
    }
}

impl Total {
    fn add(&mut self, value: f64) {
        self.count += 1;
        self.sum += value;
        self.least = self.least.min(value);
        self.greatest = self.greatest.max(value);
    }

    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.sum += other.sum;
        self.least = self.least.min(other.least);
        self.greatest = self.greatest.max(other.greatest);
    }

    /// The result; nothing over nothing is missing.
    fn value(&self, function: Function) -> Option<f64> {
        let value = match function {
            Function::Sum => self.sum,
            Function::Average => self.sum / f64::from(self.count),
            Function::Minimum => self.least,
            Function::Maximum => self.greatest,
            Function::Count | Function::CountDistinct | Function::Median => return None,
        };
        (self.count > 0).then_some(value)
    }
}

fn values_of<'v>(
    rows: &'v Bits,
    run: Range<usize>,
    values: &'v [f64],
) -> impl Iterator<Item = f64> + 'v {
    rows.rows(run).filter_map(|row| values.get(row).copied())
}

/// The middle value, or the average of the two middle ones.
pub(crate) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let half = values.len() / 2;
    let upper = *values.get(half)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    values.get(half.checked_sub(1)?).map(|lower| f64::midpoint(*lower, upper))
}

/// Numbers that are equal have one key; zero has two signs and one value.
fn key_of(value: f64) -> u64 {
    if value == 0.0 { 0 } else { value.to_bits() }
}
