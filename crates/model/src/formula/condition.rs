//! Conditions on a single row: the part of the formula language that stands inside aggregates, evaluated by itself.

use std::ops::Range;

use super::tree::Row;
use super::{Formula, Problem, lexer, parser, typing};
use crate::fact::Catalogue;
use crate::words;

/// A condition that is known to make sense.
///
/// ```
/// use hoptac_model::{fact::Catalogue, formula::condition::{Condition, Value}};
/// let catalogue = Catalogue::new(None);
/// let small = Condition::parse("kind = 'THT' AND members < 10", &catalogue).unwrap();
/// let (kind, members) = (catalogue.find("kind").unwrap().0, catalogue.find("members").unwrap().0);
/// let group_of = |count: Option<f64>| {
///     move |column| match column {
///         _ if column == kind => Some(Value::Text("THT".to_owned())),
///         _ if column == members => count.map(Value::Number),
///         _ => None,
///     }
/// };
/// assert_eq!(small.holds(&group_of(Some(7.0))), Some(true));
/// assert_eq!(small.holds(&group_of(Some(12.0))), Some(false));
/// assert_eq!(small.holds(&group_of(None)), None);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    text: String,
    tree: Row,
}

/// A value of one row.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// A word of a category.
    Text(String),
}

impl Condition {
    /// Reads a condition, or says everything that is wrong with it.
    pub fn parse(text: &str, catalogue: &Catalogue) -> Result<Self, Vec<Problem>> {
        let whole: Range<usize> = 0..text.len();
        if text.trim().is_empty() {
            return Err(vec![Problem::new(
                whole,
                "formula.empty",
                words!("chưa có điều kiện", "there is no condition"),
                words!(
                    "hãy viết điều phải đúng, ví dụ members_female <= members_total",
                    "write what must hold, for example members_female <= members_total"
                ),
            )]);
        }
        if text.len() > Formula::TEXT_MAX {
            return Err(vec![Problem::new(
                whole,
                "formula.too-long",
                words!(
                    "điều kiện dài {length} byte",
                    "the condition has {length} bytes",
                    length = text.len()
                ),
                words!(
                    "điều kiện dài nhất {most} byte",
                    "a condition has at most {most} bytes",
                    most = Formula::TEXT_MAX
                ),
            )]);
        }
        let (tokens, mut problems) = lexer::tokens(text);
        let tree = match parser::parse(&tokens, text.len()) {
            Ok(node) => typing::check_condition(&node, catalogue, &mut problems),
            Err(problem) => {
                problems.push(problem);
                typing::check_names(&tokens, catalogue, &mut problems);
                None
            }
        };
        match tree {
            Some(tree) if problems.is_empty() => Ok(Self { text: text.to_owned(), tree }),
            _ => {
                problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
                problems.dedup();
                Err(problems)
            }
        }
    }

    /// The text as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the row meets it; none where something that decides it is missing. `of` gives the value of a column, by
    /// its index in the catalogue.
    pub fn holds(&self, of: &dyn Fn(usize) -> Option<Value>) -> Option<bool> {
        flag(&self.tree, of)
    }
}

fn flag(row: &Row, of: &dyn Fn(usize) -> Option<Value>) -> Option<bool> {
    match value(row, of)? {
        Value::Flag(flag) => Some(flag),
        Value::Number(_) | Value::Text(_) => None,
    }
}

fn number(row: &Row, of: &dyn Fn(usize) -> Option<Value>) -> Option<f64> {
    match value(row, of)? {
        Value::Number(number) => Some(number),
        Value::Flag(_) | Value::Text(_) => None,
    }
}

/// The value of a part; none where it is missing.
fn value(row: &Row, of: &dyn Fn(usize) -> Option<Value>) -> Option<Value> {
    Some(match row {
        Row::Column(column) => return of(*column),
        Row::Number(number) => Value::Number(*number),
        Row::Text(text) => Value::Text(text.clone()),
        Row::Flag(flag) => Value::Flag(*flag),
        Row::Missing => return None,
        Row::Negate(inner) => Value::Number(-number(inner, of)?),
        Row::Arithmetic(op, left, right) => {
            Value::Number(op.apply(number(left, of)?, number(right, of)?)?)
        }
        Row::Compare(op, left, right) => {
            Value::Flag(op.holds(order(&value(left, of)?, &value(right, of)?)?))
        }
        Row::And(items) => Value::Flag(!any(items.iter().map(|item| flag(item, of).map(|f| !f)))?),
        Row::Or(items) => Value::Flag(any(items.iter().map(|item| flag(item, of)))?),
        Row::Not(inner) => Value::Flag(!flag(inner, of)?),
        Row::In(inner, items) => {
            let found = value(inner, of)?;
            let equal = |item| Some(order(&found, &value(item, of)?)?.is_eq());
            Value::Flag(any(items.iter().map(equal))?)
        }
        Row::Between(inner, low, high) => {
            let found = number(inner, of);
            let at_least = |low: &Row| Some(found? >= number(low, of)?);
            let at_most = |high: &Row| Some(found? <= number(high, of)?);
            let outside = [at_least(low).map(|f| !f), at_most(high).map(|f| !f)];
            Value::Flag(!any(outside.into_iter())?)
        }
        Row::IsMissing(inner) => Value::Flag(value(inner, of).is_none()),
        Row::Case(arms, otherwise) => {
            let arm = arms.iter().find(|(condition, _)| flag(condition, of) == Some(true));
            return match (arm, otherwise) {
                (Some((_, then)), _) => value(then, of),
                (None, Some(otherwise)) => value(otherwise, of),
                (None, None) => None,
            };
        }
        Row::Coalesce(items) => return items.iter().find_map(|item| value(item, of)),
        Row::NullIf(left, right) => {
            let left = value(left, of)?;
            if value(right, of).as_ref() == Some(&left) {
                return None;
            }
            left
        }
    })
}

/// Three-valued OR: true beats missing, missing beats false.
fn any(items: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(false);
    for item in items {
        match item {
            Some(true) => return Some(true),
            Some(false) => {}
            None => result = None,
        }
    }
    result
}

fn order(left: &Value, right: &Value) -> Option<std::cmp::Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.partial_cmp(right),
        (Value::Flag(left), Value::Flag(right)) => Some(left.cmp(right)),
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `members` and `capital` are given, `suspended` is false, everything else is missing.
    #[track_caller]
    fn check(text: &str, members: Option<f64>, capital: Option<f64>, want: Option<bool>) {
        let catalogue = Catalogue::new(None);
        let condition = Condition::parse(text, &catalogue).unwrap();
        let of = |column: usize| match catalogue.columns().get(column)?.name.as_str() {
            "members" => members.map(Value::Number),
            "capital" => capital.map(Value::Number),
            "suspended" => Some(Value::Flag(false)),
            "kind" => Some(Value::Text("HTX".to_owned())),
            _ => None,
        };
        assert_eq!(condition.holds(&of), want, "{text}");
    }

    #[test]
    fn comparisons_and_arithmetic() {
        check("2 * members - 1 <= capital", Some(3.0), Some(5.0), Some(true));
        check("2 * members - 1 <= capital", Some(4.0), Some(5.0), Some(false));
        check("-members < 0 AND capital / members = 2", Some(4.0), Some(8.0), Some(true));
    }
    #[test]
    fn what_is_missing_decides_nothing_by_itself() {
        check("members < 10", None, None, None);
        check("members < 10 OR NOT suspended", None, None, Some(true));
        check("members < 10 AND suspended", None, None, Some(false));
        check("members BETWEEN 1 AND capital", Some(0.0), None, Some(false));
        check("members BETWEEN 1 AND capital", Some(1.0), None, None);
        check("capital / members > 1", Some(0.0), Some(1.0), None);
    }
    #[test]
    fn categories_lists_and_cases() {
        check("kind IN ('HTX', 'LHHTX')", None, None, Some(true));
        check("kind NOT IN ('THT')", None, None, Some(true));
        check("members IN (1, NULL)", Some(2.0), None, None);
        check(
            "CASE WHEN kind = 'THT' THEN members >= 2 ELSE members >= 5 END",
            Some(4.0),
            None,
            Some(false),
        );
        check("COALESCE(members, 0) = 0", None, None, Some(true));
        check("NULLIF(members, 0) IS NULL", Some(0.0), None, Some(true));
    }
    #[test]
    fn what_is_no_condition() {
        for (text, code) in [
            ("", "formula.empty"),
            ("members", "formula.type"),
            ("members < ", "formula.syntax"),
            ("membres < 3", "formula.unknown-column"),
            ("SUM(members) < 3", "formula.aggregate-inside-aggregate"),
        ] {
            let problems = Condition::parse(text, &Catalogue::new(None)).unwrap_err();
            assert_eq!(problems[0].code, code, "{text}: {problems:?}");
        }
    }
}
