//! A formula seen from one row: what `explain` asks of each record. The board itself is computed in columns
//! ([`crate::evaluate`]); tests hold the two against each other.

use hoptac_model::formula::tree::{Aggregate, Comparison, Row};

use crate::facts::{Datum, Facts};

/// What an aggregate does with a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Part<'a> {
    /// The row counts, with its value; 1 where rows are counted.
    Counts(Datum<'a>),
    /// The first condition that is not true.
    Fails(&'a Row),
    /// The conditions hold, but this value is missing.
    NoValue(&'a Row),
}

/// What the aggregate does with the row.
pub(crate) fn part<'a>(aggregate: &'a Aggregate, facts: &'a Facts, row: usize) -> Part<'a> {
    for condition in aggregate.conditions() {
        if value(condition, facts, row) != Datum::Flag(true) {
            return Part::Fails(condition);
        }
    }
    match &aggregate.of {
        None => Part::Counts(Datum::Number(1.0)),
        Some(of) => {
            let value = value(of, facts, row);
            if value == Datum::Missing { Part::NoValue(of) } else { Part::Counts(value) }
        }
    }
}

/// The value of an expression in a row.
pub(crate) fn value<'a>(expression: &'a Row, facts: &'a Facts, row: usize) -> Datum<'a> {
    let of = |inner: &'a Row| value(inner, facts, row);
    match expression {
        Row::Column(column) => facts.datum(*column, row),
        Row::Number(number) => Datum::Number(*number),
        Row::Text(text) => Datum::Text(text),
        Row::Flag(flag) => Datum::Flag(*flag),
        Row::Missing => Datum::Missing,
        Row::Negate(inner) => {
            of(inner).number().map_or(Datum::Missing, |number| Datum::Number(-number))
        }
        Row::Arithmetic(op, left, right) => {
            let pair = of(left).number().zip(of(right).number());
            let result = pair.and_then(|(left, right)| op.apply(left, right));
            result.map_or(Datum::Missing, Datum::Number)
        }
        Row::Compare(op, left, right) => compare(*op, of(left), of(right)),
        Row::And(items) => all(items.iter().map(of)),
        Row::Or(items) => not(all(items.iter().map(|item| not(of(item))))),
        Row::Not(inner) => not(of(inner)),
        Row::In(inner, items) => {
            let asked = of(inner);
            not(all(items.iter().map(|item| not(compare(Comparison::Equal, asked, of(item))))))
        }
        Row::Between(inner, low, high) => {
            let asked = of(inner);
            let above = compare(Comparison::AtLeast, asked, of(low));
            all([above, compare(Comparison::AtMost, asked, of(high))].into_iter())
        }
        Row::IsMissing(inner) => Datum::Flag(of(inner) == Datum::Missing),
        Row::Case(arms, otherwise) => arms
            .iter()
            .find(|(condition, _)| of(condition) == Datum::Flag(true))
            .map(|(_, value)| value)
            .or(otherwise.as_deref())
            .map_or(Datum::Missing, of),
        Row::Coalesce(items) => {
            items.iter().map(of).find(|item| *item != Datum::Missing).unwrap_or(Datum::Missing)
        }
        Row::NullIf(left, right) => {
            let left = of(left);
            if compare(Comparison::Equal, left, of(right)) == Datum::Flag(true) {
                Datum::Missing
            } else {
                left
            }
        }
    }
}

/// A comparison; missing where a side is.
fn compare<'a>(op: Comparison, left: Datum<'_>, right: Datum<'_>) -> Datum<'a> {
    let numbers = left.number().zip(right.number()).and_then(|(a, b)| a.partial_cmp(&b));
    let texts = || left.text().zip(right.text()).map(|(a, b)| a.cmp(b));
    let flags = || left.flag().zip(right.flag()).map(|(a, b)| a.cmp(&b));
    let order = numbers.or_else(texts).or_else(flags);
    order.map_or(Datum::Missing, |order| Datum::Flag(op.holds(order)))
}

/// False where one is false, else missing where one is missing, else true.
fn all<'a, 'b>(items: impl Iterator<Item = Datum<'b>>) -> Datum<'a> {
    let mut result = Datum::Flag(true);
    for item in items {
        match item.flag() {
            Some(true) => {}
            Some(false) => return Datum::Flag(false),
            None => result = Datum::Missing,
        }
    }
    result
}

fn not<'a>(item: Datum<'_>) -> Datum<'a> {
    item.flag().map_or(Datum::Missing, |flag| Datum::Flag(!flag))
}
