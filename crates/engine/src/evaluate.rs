//! Formulas over all rows of a unit at once: conditions as bitmaps, computed once however many formulas use them, and what
//! each aggregate makes of the rows that meet them at every moment.

use std::collections::HashMap;
use std::sync::Arc;

use hoptac_model::fact::Catalogue;
use hoptac_model::formula::tree::{Aggregate, Comparison, Function, Row, ValueType};
use hoptac_model::of_any_width;
use hoptac_model::whole::Wholes;

use crate::aggregate::{Sum, Total, compared, key_of, key_of_real, values_of};
use crate::bits::Bits;
use crate::facts::{Column, Facts};
use crate::layout::Several;
use crate::vector::{Flags, Numbers, Texts, Vector};

/// How the parts of an aggregate are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// Rows are counted.
    Count,
    /// Whole numbers are added up, exactly.
    Sum,
    /// Totals of numbers of any kind.
    Total,
    /// The middle value, of whole numbers or of others.
    Middle(Exactness),
    /// Different identities of which a row may have several, in this column.
    Several(Several),
    /// Different values.
    Distinct,
}

/// Whether numbers are whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exactness {
    Whole,
    Real,
}

impl Method {
    /// The method of an aggregate.
    pub(crate) fn of(aggregate: &Aggregate, catalogue: &Catalogue) -> Self {
        let column = |row: &Row| {
            let Row::Column(column) = row else { return None };
            catalogue.columns().get(*column)
        };
        let Some(of) = &aggregate.of else { return Self::Count };
        let column = column(of);
        let is_whole = column.is_some_and(|column| column.column_type.is_number());
        match aggregate.function {
            Function::Count => Self::Count,
            Function::CountDistinct => match column {
                // An organisation has one row in a year, so each counts once.
                Some(column) if column.name == "organisation" => Self::Count,
                Some(column) => Several::of(&column.name).map_or(Self::Distinct, Self::Several),
                None => Self::Distinct,
            },
            Function::Sum | Function::Average if is_whole => Self::Sum,
            Function::Sum | Function::Average | Function::Minimum | Function::Maximum => {
                Self::Total
            }
            Function::Median if is_whole => Self::Middle(Exactness::Whole),
            Function::Median => Self::Middle(Exactness::Real),
        }
    }
}

/// What an aggregate makes of the rows of a unit, at each moment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    Counts(Vec<u32>),
    Sums(Vec<Sum>),
    Totals(Vec<Total>),
    /// Keys of the values: those of a median in their order, those of a distinct count in any.
    Keys(Vec<Vec<i64>>),
    /// The organisations that count, each with a moment at which it does.
    Who(Vec<(u32, usize)>),
}

/// Conditions that several formulas share, numbered.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    /// By where a condition stands in memory: the trees do not move while they are evaluated, and to find a tree by its
    /// place is quicker than to compare it with others.
    numbers: HashMap<usize, usize>,
    count: usize,
}

impl Shared {
    /// The conditions of some aggregates.
    pub(crate) fn new<'a>(aggregates: impl Iterator<Item = &'a Aggregate>) -> Self {
        let mut known: Vec<&Row> = Vec::new();
        let mut numbers = HashMap::new();
        for aggregate in aggregates {
            for row in aggregate.of.iter().chain(&aggregate.filter) {
                number(row, &mut known, &mut numbers);
            }
        }
        Self { numbers, count: known.len() }
    }
}

/// Numbers an expression and its parts, equal ones alike.
fn number<'a>(row: &'a Row, known: &mut Vec<&'a Row>, numbers: &mut HashMap<usize, usize>) {
    let at = known.iter().position(|other| *other == row).unwrap_or_else(|| {
        known.push(row);
        known.len() - 1
    });
    numbers.insert(std::ptr::from_ref(row).addr(), at);
    row.each_part(&mut |part| number(part, known, numbers));
}

/// Evaluates aggregates over the facts of one unit and remembers what they share.
pub(crate) struct Evaluator<'a> {
    facts: &'a Facts,
    catalogue: &'a Catalogue,
    shared: &'a Shared,
    /// Conditions met so far, by number.
    conditions: Vec<Option<Arc<Flags>>>,
}

impl<'a> Evaluator<'a> {
    pub(crate) fn new(facts: &'a Facts, catalogue: &'a Catalogue, shared: &'a Shared) -> Self {
        Self { facts, catalogue, shared, conditions: vec![None; shared.count] }
    }

    /// What an aggregate makes of the rows.
    pub(crate) fn part(&mut self, aggregate: &Aggregate, method: Method) -> Part {
        let mut rows = match &aggregate.filter {
            Some(filter) => self.flags(filter).yes.clone(),
            None => Bits::all(self.facts.len()),
        };
        let Some(of) = &aggregate.of else { return self.counts(&rows) };
        match method {
            Method::Count => {
                rows = rows.and(&self.known(of));
                self.counts(&rows)
            }
            Method::Several(_) => {
                rows = rows.and(&self.known(of));
                let (facts, moments) = (self.facts, 0..self.facts.moments.len());
                let at = |moment| {
                    let rows = rows.rows(facts.run(moment, 0..1));
                    rows.filter_map(move |row| Some((facts.organisation(row)?, moment)))
                };
                Part::Who(moments.flat_map(at).collect())
            }
            Method::Sum => {
                let Some((values, known)) = self.wholes(of) else {
                    return Part::Sums(vec![Sum::default(); self.facts.moments.len()]);
                };
                rows = rows.and(known);
                of_any_width!(values, |values, _nothing| self.sums(&rows, values))
            }
            Method::Total => {
                let numbers = self.numbers(of);
                rows = rows.and(&numbers.known);
                Part::Totals(self.each_moment(|run| {
                    let mut total = Total::default();
                    values_of(&rows, run, &numbers.values).for_each(|value| total.add(value));
                    total
                }))
            }
            Method::Middle(Exactness::Whole) => {
                let Some((values, known)) = self.wholes(of) else {
                    return Part::Keys(vec![Vec::new(); self.facts.moments.len()]);
                };
                rows = rows.and(known);
                of_any_width!(values, |values, _nothing| {
                    self.keys(&rows, |row| keyed(values, row))
                })
            }
            Method::Middle(Exactness::Real) => {
                let numbers = self.numbers(of);
                rows = rows.and(&numbers.known);
                self.keys(&rows, |row| numbers.values.get(row).map(|value| key_of_real(*value)))
            }
            Method::Distinct => {
                rows = rows.and(&self.known(of));
                self.distinct(&rows, of)
            }
        }
    }

    /// Something of the rows of each moment.
    fn each_moment<T>(&self, of: impl Fn(std::ops::Range<usize>) -> T) -> Vec<T> {
        (0..self.facts.moments.len()).map(|moment| of(self.facts.run(moment, 0..1))).collect()
    }

    fn counts(&self, rows: &Bits) -> Part {
        Part::Counts(self.each_moment(|run| rows.count(run)))
    }

    fn sums<T: Copy + Into<i64>>(&self, rows: &Bits, values: &[T]) -> Part {
        Part::Sums(self.each_moment(|run| {
            let (mut count, mut sum) = (0, 0_i128);
            for value in values_of(rows, run, values) {
                count += 1;
                sum += i128::from(value.into());
            }
            Sum::new(count, sum)
        }))
    }

    fn keys(&self, rows: &Bits, key: impl Fn(usize) -> Option<i64>) -> Part {
        Part::Keys(self.each_moment(|run| rows.rows(run).filter_map(&key).collect()))
    }

    /// Keys of values that may be of any type.
    fn distinct(&mut self, rows: &Bits, of: &Row) -> Part {
        match of.value_type(self.catalogue) {
            ValueType::Number => {
                let values = self.numbers(of).values;
                self.keys(rows, |row| values.get(row).map(|value| key_of(*value)))
            }
            ValueType::Text => {
                let codes = self.texts(of).codes;
                self.keys(rows, |row| codes.get(row).map(|code| i64::from(*code)))
            }
            ValueType::Flag => {
                let flags = self.flags(of);
                self.keys(rows, |row| Some(i64::from(flags.yes.has(row))))
            }
            ValueType::Id => {
                let ids = self.ids(of);
                self.keys(rows, |row| ids.get(row).map(|id| i64::from(*id)))
            }
            ValueType::Missing => self.keys(rows, |_| None),
        }
    }

    /// The values of a column of whole numbers and where they are known, without a copy.
    fn wholes(&self, of: &Row) -> Option<(&'a Wholes, &'a Bits)> {
        let Row::Column(column) = of else { return None };
        let Column::Number { values, known } = self.facts.column(*column) else { return None };
        Some((values, known))
    }

    /// A condition in every row.
    fn flags(&mut self, row: &Row) -> Arc<Flags> {
        let number = self.shared.numbers.get(&std::ptr::from_ref(row).addr()).copied();
        let known = number.and_then(|number| self.conditions.get(number)?.as_ref());
        if let Some(flags) = known {
            return Arc::clone(flags);
        }
        let flags = Arc::new(self.flags_anew(row));
        if let Some(place) = number.and_then(|number| self.conditions.get_mut(number)) {
            *place = Some(Arc::clone(&flags));
        }
        flags
    }

    fn flags_anew(&mut self, row: &Row) -> Flags {
        let length = self.facts.len();
        match row {
            Row::Column(column) => match self.facts.column(*column) {
                Column::Flag(flags) => flags.clone(),
                Column::Number { .. }
                | Column::Category(_)
                | Column::Id(_)
                | Column::Ids(_)
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

    fn comparison(&mut self, op: Comparison, left: &Row, right: &Row) -> Flags {
        let shape = match left.value_type(self.catalogue) {
            ValueType::Missing => right.value_type(self.catalogue),
            known @ (ValueType::Flag | ValueType::Number | ValueType::Text | ValueType::Id) => {
                known
            }
        };
        let equal = match shape {
            ValueType::Number => {
                if let (Some((values, known)), Row::Number(bound)) = (self.wholes(left), right) {
                    return compared(op, values, known, *bound);
                }
                let (left, right) = (self.numbers(left), self.numbers(right));
                return left.compare(op, &right);
            }
            ValueType::Text => {
                if let (Row::Column(column), Row::Text(word)) = (left, right) {
                    let code = self.facts.code(word);
                    if let Column::Category(texts) = self.facts.column(*column) {
                        let flags = texts.equal_to(code);
                        return if op == Comparison::Unequal { flags.not() } else { flags };
                    }
                }
                self.texts(left).equal(&self.texts(right))
            }
            ValueType::Flag => self.flags(left).equal(&self.flags(right)),
            ValueType::Id | ValueType::Missing => Flags::missing(self.facts.len()),
        };
        if op == Comparison::Unequal { equal.not() } else { equal }
    }

    /// A number in every row.
    fn numbers(&mut self, row: &Row) -> Numbers {
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
    fn texts(&mut self, row: &Row) -> Texts {
        let length = self.facts.len();
        match row {
            Row::Column(column) => match self.facts.column(*column) {
                Column::Category(texts) => texts.clone(),
                Column::Flag(_)
                | Column::Number { .. }
                | Column::Id(_)
                | Column::Ids(_)
                | Column::Unused => Texts::missing(length),
            },
            Row::Text(text) => Texts::same(length, self.facts.code(text)),
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
    fn chosen<V: Vector>(&mut self, row: &Row, value: fn(&mut Self, &Row) -> V) -> V {
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
    fn ids(&self, row: &Row) -> &'a [u32] {
        let Row::Column(column) = row else { return &[] };
        if let Column::Id(ids) = self.facts.column(*column) { ids } else { &[] }
    }

    /// The rows in which an expression of any type has a value.
    fn known(&mut self, row: &Row) -> Bits {
        match row.value_type(self.catalogue) {
            ValueType::Flag => self.flags(row).known(),
            ValueType::Number => self.numbers(row).known(),
            ValueType::Text => self.texts(row).known(),
            ValueType::Id => {
                if let Row::Column(column) = row
                    && let Column::Ids(known) = self.facts.column(*column)
                {
                    return known.clone();
                }
                let mut ids = self.ids(row).iter();
                Bits::from_fn(self.facts.len(), |_| {
                    ids.next().is_some_and(|id| *id != Column::NO_ID)
                })
            }
            ValueType::Missing => Bits::none(self.facts.len()),
        }
    }
}

/// The key of a whole number: itself.
fn keyed<T: Copy + Into<i64>>(values: &[T], row: usize) -> Option<i64> {
    values.get(row).map(|value| (*value).into())
}
