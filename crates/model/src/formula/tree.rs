//! The typed tree of a formula: what stands around aggregates, aggregates, and what stands inside them.

use crate::fact::{Catalogue, ColumnType};

/// `+`, `-`, `*` or `/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`; by zero it is missing.
    Divide,
}

impl Arithmetic {
    /// The result; none for a division by zero and where the result is no number.
    pub fn apply(self, left: f64, right: f64) -> Option<f64> {
        let result = match self {
            Self::Add => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
            Self::Divide if right == 0.0 => return None,
            Self::Divide => left / right,
        };
        result.is_finite().then_some(result)
    }
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

impl Comparison {
    /// Whether the order of two values satisfies the comparison.
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Unequal => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::More => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

/// What an aggregate does with the values of its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// How many rows there are, or how many have the value.
    Count,
    /// How many different values there are.
    CountDistinct,
    /// The sum.
    Sum,
    /// The average.
    Average,
    /// The least.
    Minimum,
    /// The greatest.
    Maximum,
    /// The middle one, or the average of the two middle ones.
    Median,
}

/// One aggregate over the rows of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// What it does.
    pub function: Function,
    /// The value of each row; none for `COUNT(*)`.
    pub of: Option<Row>,
    /// The condition that rows must meet.
    pub filter: Option<Row>,
}

impl Aggregate {
    /// Whether the values of parts add up to the value of the whole.
    pub fn is_additive(&self) -> bool {
        matches!(self.function, Function::Count | Function::Sum)
    }

    /// The conditions that a row must meet one by one: the filter cut at its outermost `AND`s.
    pub fn conditions(&self) -> &[Row] {
        match &self.filter {
            Some(Row::And(conditions)) => conditions,
            Some(filter) => std::slice::from_ref(filter),
            None => &[],
        }
    }
}

/// What stands around aggregates. It is always a number or missing.
#[derive(Clone, Debug, PartialEq)]
pub enum Outer {
    /// A number.
    Number(f64),
    /// `NULL`
    Missing,
    /// An aggregate.
    Aggregate(Aggregate),
    /// The negative.
    Negate(Box<Outer>),
    /// `+ - * /`
    Arithmetic(Arithmetic, Box<Outer>, Box<Outer>),
    /// The first that is not missing.
    Coalesce(Vec<Outer>),
    /// The first, unless it equals the second: then missing.
    NullIf(Box<Outer>, Box<Outer>),
}

impl Outer {
    /// Visits every aggregate, in the order of the text.
    pub fn each_aggregate<'a>(&'a self, visit: &mut dyn FnMut(&'a Aggregate)) {
        match self {
            Self::Number(_) | Self::Missing => {}
            Self::Aggregate(aggregate) => visit(aggregate),
            Self::Negate(inner) => inner.each_aggregate(visit),
            Self::Arithmetic(_, left, right) | Self::NullIf(left, right) => {
                left.each_aggregate(visit);
                right.each_aggregate(visit);
            }
            Self::Coalesce(items) => items.iter().for_each(|item| item.each_aggregate(visit)),
        }
    }

    /// The value, once every aggregate has one.
    pub fn value<'a>(&'a self, of: &dyn Fn(&'a Aggregate) -> Option<f64>) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Missing => None,
            Self::Aggregate(aggregate) => of(aggregate),
            Self::Negate(inner) => inner.value(of).map(|value| -value),
            Self::Arithmetic(op, left, right) => op.apply(left.value(of)?, right.value(of)?),
            Self::Coalesce(items) => items.iter().find_map(|item| item.value(of)),
            Self::NullIf(left, right) => {
                let left = left.value(of)?;
                // The same number written twice is meant, so an exact comparison is right.
                (right.value(of) != Some(left)).then_some(left)
            }
        }
    }
}

/// What stands inside an aggregate: a value of one row.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// A column, by its index in the catalogue.
    Column(usize),
    /// A number.
    Number(f64),
    /// One of the words of a category.
    Text(String),
    /// `TRUE` or `FALSE`
    Flag(bool),
    /// `NULL`
    Missing,
    /// The negative of a number.
    Negate(Box<Row>),
    /// `+ - * /`
    Arithmetic(Arithmetic, Box<Row>, Box<Row>),
    /// `= <> < <= > >=`
    Compare(Comparison, Box<Row>, Box<Row>),
    /// All conditions; no item is an `And` itself.
    And(Vec<Row>),
    /// At least one condition; no item is an `Or` itself.
    Or(Vec<Row>),
    /// The opposite.
    Not(Box<Row>),
    /// Equal to one of a list.
    In(Box<Row>, Vec<Row>),
    /// From the first to the second, both included.
    Between(Box<Row>, Box<Row>, Box<Row>),
    /// `IS NULL`
    IsMissing(Box<Row>),
    /// The first value whose condition is true, else the last; none there means missing.
    Case(Vec<(Row, Row)>, Option<Box<Row>>),
    /// The first that is not missing.
    Coalesce(Vec<Row>),
    /// The first, unless it equals the second: then missing.
    NullIf(Box<Row>, Box<Row>),
}

/// The type of an expression; `NULL` alone has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// A condition.
    Flag,
    /// A number.
    Number,
    /// One of the words of a category.
    Text,
    /// An identity.
    Id,
    /// Nothing.
    Missing,
}

impl Row {
    /// The type of an expression over the columns of a catalogue.
    pub fn value_type(&self, catalogue: &Catalogue) -> ValueType {
        // What chooses among several values has the type of the first that has one.
        let of_first = |items: &mut dyn Iterator<Item = &Self>| {
            let mut types = items.map(|item| item.value_type(catalogue));
            types.find(|one| *one != ValueType::Missing).unwrap_or(ValueType::Missing)
        };
        match self {
            Self::Column(column) => {
                match catalogue.columns().get(*column).map(|column| column.column_type) {
                    Some(ColumnType::Flag) => ValueType::Flag,
                    Some(ColumnType::Count | ColumnType::Money) => ValueType::Number,
                    Some(ColumnType::Category) => ValueType::Text,
                    Some(ColumnType::Id) => ValueType::Id,
                    None => ValueType::Missing,
                }
            }
            Self::Number(_) | Self::Negate(_) | Self::Arithmetic(..) => ValueType::Number,
            Self::Text(_) => ValueType::Text,
            Self::Missing => ValueType::Missing,
            Self::Flag(_)
            | Self::Compare(..)
            | Self::And(_)
            | Self::Or(_)
            | Self::Not(_)
            | Self::In(..)
            | Self::Between(..)
            | Self::IsMissing(_) => ValueType::Flag,
            Self::Case(arms, otherwise) => {
                of_first(&mut arms.iter().map(|(_, value)| value).chain(otherwise.as_deref()))
            }
            Self::Coalesce(items) => of_first(&mut items.iter()),
            Self::NullIf(left, right) => of_first(&mut [&**left, &**right].into_iter()),
        }
    }

    /// Visits the parts of which it is made, one level down.
    pub fn each_part<'a>(&'a self, visit: &mut dyn FnMut(&'a Row)) {
        match self {
            Self::Column(_) | Self::Number(_) | Self::Text(_) | Self::Flag(_) | Self::Missing => {}
            Self::Negate(inner) | Self::Not(inner) | Self::IsMissing(inner) => visit(inner),
            Self::Arithmetic(_, left, right)
            | Self::Compare(_, left, right)
            | Self::NullIf(left, right) => {
                visit(left);
                visit(right);
            }
            Self::And(items) | Self::Or(items) | Self::Coalesce(items) => {
                items.iter().for_each(visit);
            }
            Self::In(of, items) => {
                visit(of);
                items.iter().for_each(visit);
            }
            Self::Between(of, low, high) => {
                visit(of);
                visit(low);
                visit(high);
            }
            Self::Case(arms, otherwise) => {
                for (condition, value) in arms {
                    visit(condition);
                    visit(value);
                }
                if let Some(otherwise) = otherwise {
                    visit(otherwise);
                }
            }
        }
    }

    /// Visits every column that it names.
    pub fn each_column(&self, visit: &mut dyn FnMut(usize)) {
        if let Self::Column(column) = self {
            visit(*column);
        }
        self.each_part(&mut |part| part.each_column(visit));
    }
}
