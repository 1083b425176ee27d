//! Formulas over all rows at once: conditions as bitmaps, computed once however many formulas use them, folded over the
//! runs of the communes and rolled up the tree.

use std::ops::Range;
use std::sync::Arc;

use hoptac_model::fact::{Catalogue, ColumnType};
use hoptac_model::formula::tree::{Aggregate, Comparison, Function, Outer, Row};
use hoptac_model::whole::Wholes;

use crate::aggregate::{Middle, Total, WholeTotal, compared, key_of, middle, values_of};
use crate::bits::Bits;
use crate::facts::{Column, Facts, wide};
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
                if let Some((values, known)) = self.wholes(of) {
                    return self.whole_totals(&rows.and(known), values, aggregate.function);
                }
                let numbers = self.numbers(of);
                rows = rows.and(&numbers.known);
                self.totals(&rows, &numbers.values, aggregate.function)
            }
            Function::Median => {
                if let Some((values, known)) = self.wholes(of) {
                    let rows = rows.and(known);
                    return match values {
                        Wholes::Tiny(values) => self.medians(&rows, values),
                        Wholes::Small(values) => self.medians(&rows, values),
                        Wholes::Wide(values) => self.medians(&rows, values),
                    };
                }
                let numbers = self.numbers(of);
                rows = rows.and(&numbers.known);
                self.medians(&rows, &numbers.values)
            }
        }
    }

    /// The values of a column of whole numbers and where they are known, without a copy.
    fn wholes(&self, of: &Row) -> Option<(&Wholes, &Bits)> {
        let Row::Column(column) = of else { return None };
        let Column::Number { values, known } = self.facts.column(*column) else { return None };
        Some((values, known))
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

    /// Sum, average, least or greatest of whole numbers, which are added up exactly.
    fn whole_totals(&self, rows: &Bits, values: &Wholes, function: Function) -> Grid {
        match values {
            Wholes::Tiny(values) => self.exact_totals(rows, values, function),
            Wholes::Small(values) => self.exact_totals(rows, values, function),
            Wholes::Wide(values) => self.exact_totals(rows, values, function),
        }
    }

    fn exact_totals<T: Copy + Into<i64>>(
        &self,
        rows: &Bits,
        values: &[T],
        function: Function,
    ) -> Grid {
        let totals = self.rolled_up(
            |run| {
                let mut total = WholeTotal::default();
                for value in values_of(rows, run, values) {
                    total.add(value.into());
                }
                total
            },
            WholeTotal::merge,
        );
        let values = totals.into_iter().map(|total| total.rounded().value(function));
        Grid::from_values(self.geography.len(), values)
    }

    /// The middle value of the rows of each unit, those of what is below it included.
    ///
    /// The values of a unit are one run of those of its moment, and its parts are runs of that run. Each is put in order
    /// around its middle where it stands, parts first: the order within a part does not matter to the whole.
    fn medians<T: Middle>(&self, rows: &Bits, values: &[T]) -> Grid {
        let units = self.geography.len();
        let mut medians = vec![None; self.facts.moments.len() * units];
        for (moment, medians) in medians.chunks_mut(units.max(1)).enumerate() {
            let all = self.facts.run(moment, 0..units);
            let mut starts = Vec::with_capacity(units + 1);
            let mut held: Vec<T> = Vec::with_capacity(all.len());
            for unit in 0..units {
                starts.push(held.len());
                held.extend(values_of(rows, self.facts.run(moment, unit..unit + 1), values));
            }
            starts.push(held.len());
            for (unit, median) in medians.iter_mut().enumerate().rev() {
                let subtree = self.geography.subtree(unit);
                let run = starts.get(subtree.start).zip(starts.get(subtree.end));
                let run = run.and_then(|(start, end)| held.get_mut(*start..*end));
                *median = run.and_then(middle);
            }
        }
        Grid::from_values(units, medians.into_iter())
    }

    /// How many different values the rows have.
    fn distinct(&mut self, rows: &Bits, of: &'a Row) -> Grid {
        if let Row::Column(column) = of {
            match self.facts.column(*column) {
                Column::Ids { sets, .. } => {
                    return self.distinct_keys(rows, sets.identities, |row, moment| {
                        let organisation = self.facts.organisation(row).unwrap_or(u32::MAX);
                        sets.of(organisation, moment)
                    });
                }
                Column::Id(ids) => {
                    let most = ids.iter().filter(|id| **id != Column::NO_ID).max();
                    let bound = most.map_or(0, |id| wide(*id) + 1);
                    return self.distinct_keys(rows, bound, |row, _| ids.get(row).copied());
                }
                Column::Flag(_) | Column::Number { .. } | Column::Category(_) | Column::Unused => {}
            }
        }
        let keys: Vec<u64> = match self.shape(of) {
            Shape::Number => self.numbers(of).values.iter().map(|value| key_of(*value)).collect(),
            Shape::Text => self.texts(of).codes.iter().map(|code| u64::from(*code)).collect(),
            Shape::Flag => {
                let flags = self.flags(of);
                (0..self.facts.len()).map(|row| u64::from(flags.yes.has(row))).collect()
            }
            Shape::Id | Shape::Missing => Vec::new(),
        };
        // Numbers that are keys become their ranks, which are few and small.
        let mut ranks = keys.clone();
        ranks.sort_unstable();
        ranks.dedup();
        self.distinct_keys(rows, ranks.len(), |row, _| {
            keys.get(row).and_then(|key| u32::try_from(ranks.binary_search(key).ok()?).ok())
        })
    }

    /// How many different keys below a bound the rows of each unit have, those of what is below it included.
    ///
    /// Every unit first counts the keys that its own rows bring for the first time, and every key that was already met
    /// elsewhere is taken off again in the lowest unit that both places lie in: there, and in all above, it would count
    /// twice. What remains adds up the tree. Units stand before what is below them and everything below a unit stands in
    /// one run, so that the last place a key was met in is enough, and one walk over the rows is too.
    fn distinct_keys<K: IntoIterator<Item = u32>>(
        &self,
        rows: &Bits,
        bound: usize,
        keys: impl Fn(usize, usize) -> K,
    ) -> Grid {
        let units = self.geography.len();
        let parents: Vec<usize> =
            self.geography.spots().iter().map(|spot| spot.parent.unwrap_or(0)).collect();
        // The place in which each key was met last, counted over all moments from one on.
        let mut met = vec![0_u32; bound];
        let mut of_row = Vec::new();
        let mut counts = vec![0_i64; self.facts.moments.len() * units];
        for (moment, counts) in counts.chunks_mut(units.max(1)).enumerate() {
            let before = moment * units;
            for unit in 0..units {
                let place = u32::try_from(before + unit + 1).unwrap_or(u32::MAX);
                let mut first = 0;
                let mut see = |key: u32, met: &mut [u32]| {
                    let Some(last) = met.get_mut(wide(key)) else { return };
                    if *last == place {
                        return;
                    }
                    first += 1;
                    if let Some(earlier) = wide(*last).checked_sub(before + 1) {
                        // An earlier unit of this moment: up to the first unit that it lies in too.
                        let mut common = unit;
                        while common > earlier {
                            common = parents.get(common).copied().unwrap_or(0);
                        }
                        if let Some(count) = counts.get_mut(common) {
                            *count -= 1;
                        }
                    }
                    *last = place;
                };
                for row in rows.rows(self.facts.run(moment, unit..unit + 1)) {
                    of_row.clear();
                    of_row.extend(keys(row, moment));
                    // What millions of keys were met in lies all over memory. Asked for all at once, it comes at once.
                    let touched = of_row.iter().filter_map(|key| met.get(wide(*key)));
                    std::hint::black_box(touched.fold(0, |all, last| all | last));
                    for key in &of_row {
                        see(*key, &mut met);
                    }
                }
                if let Some(count) = counts.get_mut(unit) {
                    *count += first;
                }
            }
            for unit in (1..units).rev() {
                let own = counts.get(unit).copied().unwrap_or(0);
                if let Some(above) = parents.get(unit).and_then(|parent| counts.get_mut(*parent)) {
                    *above += own;
                }
            }
        }
        let counts = counts.into_iter().map(|count| u32::try_from(count).ok().map(f64::from));
        Grid::from_values(units, counts)
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
                if let (Some((values, known)), Row::Number(bound)) = (self.wholes(left), right) {
                    return compared(op, values, known, *bound);
                }
                let (left, right) = (self.numbers(left), self.numbers(right));
                return left.compare(op, &right);
            }
            Shape::Text => {
                if let (Row::Column(column), Row::Text(word)) = (left, right) {
                    let code = self.facts.dictionary.code(word);
                    if let Column::Category(texts) = self.facts.column(*column) {
                        let flags = texts.equal_to(code);
                        return if op == Comparison::Unequal { flags.not() } else { flags };
                    }
                }
                self.texts(left).equal(&self.texts(right))
            }
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
