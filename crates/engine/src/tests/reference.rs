//! The same formulas, evaluated the slow and plain way: row by row, over lists. Written apart from the engine, to be held
//! against it.

use hoptac_model::formula::tree::{Aggregate, Arithmetic, Comparison, Function, Outer, Row};

/// A value that is there.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Flag(bool),
    Number(f64),
    Text(String),
    Id(u32),
}

/// One row: a value or nothing for each column.
pub(crate) type Record = Vec<Option<Value>>;

/// A formula over some records.
pub(crate) fn outer(formula: &Outer, records: &[&Record]) -> Option<f64> {
    match formula {
        Outer::Number(number) => Some(*number),
        Outer::Missing => None,
        Outer::Aggregate(a) => aggregate(a, records),
        Outer::Negate(inner) => outer(inner, records).map(|n| -n),
        Outer::Arithmetic(op, left, right) => {
            arithmetic(*op, outer(left, records)?, outer(right, records)?)
        }
        Outer::Coalesce(items) => items.iter().find_map(|item| outer(item, records)),
        Outer::NullIf(left, right) => {
            let left = outer(left, records)?;
            if outer(right, records) == Some(left) { None } else { Some(left) }
        }
    }
}

fn aggregate(aggregate: &Aggregate, records: &[&Record]) -> Option<f64> {
    let kept = records.iter().filter(|record| match &aggregate.filter {
        None => true,
        Some(filter) => row(filter, record) == Some(Value::Flag(true)),
    });
    let Some(of) = &aggregate.of else { return Some(number_of(kept.count())) };
    let values: Vec<Value> = kept.filter_map(|record| row(of, record)).collect();
    let mut numbers: Vec<f64> = values
        .iter()
        .filter_map(|value| if let Value::Number(n) = value { Some(*n) } else { None })
        .collect();
    let sum = || numbers.iter().fold(0.0, |sum, n| sum + n);
    match aggregate.function {
        Function::Count => Some(number_of(values.len())),
        Function::CountDistinct => {
            let mut different: Vec<Value> = Vec::new();
            for value in values {
                if !different.contains(&value) {
                    different.push(value);
                }
            }
            Some(number_of(different.len()))
        }
        _ if numbers.is_empty() => None,
        Function::Sum => Some(sum()),
        Function::Average => Some(sum() / number_of(numbers.len())),
        Function::Minimum => numbers.into_iter().reduce(f64::min),
        Function::Maximum => numbers.into_iter().reduce(f64::max),
        Function::Median => {
            numbers.sort_by(f64::total_cmp);
            let (half, odd) = (numbers.len() / 2, numbers.len() % 2 == 1);
            Some(if odd { numbers[half] } else { f64::midpoint(numbers[half - 1], numbers[half]) })
        }
    }
}

fn row(expression: &Row, record: &Record) -> Option<Value> {
    let flag = |item: &Row| match row(item, record) {
        Some(Value::Flag(flag)) => Some(flag),
        _ => None,
    };
    let number = |item: &Row| match row(item, record) {
        Some(Value::Number(number)) => Some(number),
        _ => None,
    };
    match expression {
        Row::Column(column) => record[*column].clone(),
        Row::Number(n) => Some(Value::Number(*n)),
        Row::Text(text) => Some(Value::Text(text.clone())),
        Row::Flag(flag) => Some(Value::Flag(*flag)),
        Row::Missing => None,
        Row::Negate(inner) => number(inner).map(|n| Value::Number(-n)),
        Row::Arithmetic(op, left, right) => {
            arithmetic(*op, number(left)?, number(right)?).map(Value::Number)
        }
        Row::Compare(op, left, right) => {
            let (left, right) = (row(left, record)?, row(right, record)?);
            Some(Value::Flag(compare(*op, &left, &right)))
        }
        Row::And(items) => {
            let flags: Vec<Option<bool>> = items.iter().map(flag).collect();
            if flags.contains(&Some(false)) {
                Some(Value::Flag(false))
            } else if flags.contains(&None) {
                None
            } else {
                Some(Value::Flag(true))
            }
        }
        Row::Or(items) => any(&items.iter().map(flag).collect::<Vec<_>>()).map(Value::Flag),
        Row::Not(inner) => flag(inner).map(|flag| Value::Flag(!flag)),
        Row::In(of, items) => {
            let of = row(of, record);
            let equal = |item: &Row| Some(of.clone()? == row(item, record)?);
            any(&items.iter().map(equal).collect::<Vec<_>>()).map(Value::Flag)
        }
        Row::Between(of, low, high) => {
            let of = number(of);
            let above = of.zip(number(low)).map(|(of, low)| of >= low);
            let below = of.zip(number(high)).map(|(of, high)| of <= high);
            match (above, below) {
                (Some(false), _) | (_, Some(false)) => Some(Value::Flag(false)),
                (Some(true), Some(true)) => Some(Value::Flag(true)),
                _ => None,
            }
        }
        Row::IsMissing(inner) => Some(Value::Flag(row(inner, record).is_none())),
        Row::Case(arms, otherwise) => {
            for (condition, then) in arms {
                if flag(condition) == Some(true) {
                    return row(then, record);
                }
            }
            row(otherwise.as_deref()?, record)
        }
        Row::Coalesce(items) => items.iter().find_map(|item| row(item, record)),
        Row::NullIf(left, right) => {
            let left = row(left, record);
            if left.is_some() && left == row(right, record) { None } else { left }
        }
    }
}

fn any(flags: &[Option<bool>]) -> Option<bool> {
    if flags.contains(&Some(true)) {
        Some(true)
    } else if flags.contains(&None) {
        None
    } else {
        Some(false)
    }
}

fn compare(op: Comparison, left: &Value, right: &Value) -> bool {
    match (op, left, right) {
        (Comparison::Equal, ..) => left == right,
        (Comparison::Unequal, ..) => left != right,
        (Comparison::Less, Value::Number(left), Value::Number(right)) => left < right,
        (Comparison::AtMost, Value::Number(left), Value::Number(right)) => left <= right,
        (Comparison::More, Value::Number(left), Value::Number(right)) => left > right,
        (Comparison::AtLeast, Value::Number(left), Value::Number(right)) => left >= right,
        _ => panic!("{op:?} is typed for numbers"),
    }
}

fn arithmetic(op: Arithmetic, left: f64, right: f64) -> Option<f64> {
    match op {
        Arithmetic::Add => Some(left + right),
        Arithmetic::Subtract => Some(left - right),
        Arithmetic::Multiply => Some(left * right),
        Arithmetic::Divide if right == 0.0 => None,
        Arithmetic::Divide => Some(left / right),
    }
    .filter(|result| result.is_finite())
}

fn number_of(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}
