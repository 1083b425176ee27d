//! Formulas as SQL: the tree of a formula, node by node, in the dialect of DataFusion. It means what the engine means: missing is
//! missing, comparisons have three outcomes, a division by zero and a result beyond all numbers are missing, numbers of a row are
//! floating point.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use hoptac_model::fact::{Catalogue, Column, ColumnType};
use hoptac_model::formula::tree::{
    Aggregate, Arithmetic, Comparison, Function, Outer, Row, ValueType,
};

/// Why something cannot be said in SQL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Untranslatable {
    /// The formula itself makes no sense.
    #[error("the formula cannot be read: {0}")]
    Unreadable(String),
    /// Several identities of a row are only counted, and only by themselves.
    #[error(
        "`{0}` has several identities in a row, which can only be counted as COUNT(DISTINCT {0})"
    )]
    Several(String),
    /// Which identity it is has no meaning by itself.
    #[error("identities are compared, which has no meaning")]
    Identities,
    /// A word or a flag stands where something else must.
    #[error("{0} stands where a number must")]
    NoNumber(&'static str),
    /// Words and flags have no order.
    #[error("values without an order are compared by it")]
    NoOrder,
    /// The tree names a column that there is not.
    #[error("a column is named that the facts do not have")]
    NoColumn,
}

/// Where the columns come from and how large their numbers are.
#[derive(Clone, Debug)]
pub(crate) struct Ground {
    pub(crate) catalogue: Catalogue,
    /// The sum of the sizes of all numbers of a column, signs left out; nothing for one that has none.
    pub(crate) sizes: BTreeMap<String, i128>,
}

/// One of the values that an aggregate is made of where parts add up: how a unit gets it from its own rows, and how several units
/// make one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Piece {
    pub(crate) own: String,
    /// `sum`, `min` or `max`.
    pub(crate) merge: &'static str,
}

/// An aggregate as SQL.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Lowered {
    /// The count of rows, 0 over nothing.
    Count(Piece),
    /// A sum, least or greatest; missing over nothing. `real` where what is added is no whole number.
    Added { piece: Piece, real: bool },
    /// An average: a sum and a count.
    Average { sum: Piece, count: Piece, real: bool },
    /// A middle value of floating-point numbers, over everything below a unit at once.
    Middle { of: String, filter: Option<String> },
    /// How many different things there are among all rows below a unit.
    Different { things: Things, filter: Option<String> },
}

/// What is told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Things {
    /// Values of an expression.
    Values(String),
    /// Who stands in another table in force on the day of the row.
    Held { table: &'static str, key: &'static str, known: &'static str },
}

/// Whole numbers up to here are floating-point numbers too, each its own.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

/// A name as SQL.
pub(crate) fn name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A word as SQL.
pub(crate) fn word(word: &str) -> String {
    format!("'{}'", word.replace('\'', "''"))
}

/// A floating-point number as SQL.
pub(crate) fn number(number: f64) -> String {
    if number.is_sign_negative() { format!("({number:?})") } else { format!("{number:?}") }
}

/// The largest size that a value may have. It says whether a result has to be held against infinity.
fn bounded(size: f64, sql: String) -> String {
    if size.is_finite() {
        return sql;
    }
    let infinite = |sign: &str| format!("CAST('{sign}Infinity' AS DOUBLE)");
    format!("NULLIF(NULLIF({sql}, {}), {})", infinite(""), infinite("-"))
}

/// Two values with an operator between, and the largest size of the result.
fn calculated(
    op: Arithmetic,
    (left, left_size): (String, f64),
    (right, right_size): (String, f64),
) -> (String, f64) {
    let (sql, size) = match op {
        Arithmetic::Add => (format!("({left} + {right})"), left_size + right_size),
        Arithmetic::Subtract => (format!("({left} - {right})"), left_size + right_size),
        Arithmetic::Multiply => (format!("({left} * {right})"), left_size * right_size),
        // Something tiny may stand below the line.
        Arithmetic::Divide => (format!("({left} / NULLIF({right}, 0.0))"), f64::INFINITY),
    };
    let size_after = if size.is_finite() { size } else { f64::MAX };
    (bounded(size, sql), size_after)
}

fn sign(op: Comparison) -> &'static str {
    match op {
        Comparison::Equal => "=",
        Comparison::Unequal => "<>",
        Comparison::Less => "<",
        Comparison::AtMost => "<=",
        Comparison::More => ">",
        Comparison::AtLeast => ">=",
    }
}

impl Ground {
    /// An aggregate as SQL.
    pub(crate) fn aggregate(&self, aggregate: &Aggregate) -> Result<Lowered, Untranslatable> {
        let filter = aggregate.filter.as_ref().map(|filter| self.flag(filter)).transpose()?;
        let filtered = |sql: String| match &filter {
            Some(filter) => format!("{sql} FILTER (WHERE {filter})"),
            None => sql,
        };
        let count = |sql: String| Piece { own: filtered(sql), merge: "sum" };
        let Some(of) = &aggregate.of else {
            return Ok(Lowered::Count(count("count(*)".to_owned())));
        };
        let column = column_of(of).map(|column| self.column(column)).transpose()?;
        let is_whole = column.is_some_and(|column| column.column_type.is_number());
        Ok(match aggregate.function {
            Function::Count => {
                let of = if column.is_some_and(is_several) {
                    name(&column.ok_or(Untranslatable::NoColumn)?.name)
                } else {
                    self.any(of)?
                };
                Lowered::Count(count(format!("count({of})")))
            }
            Function::CountDistinct => match column {
                // An organisation has one row in a year, so each counts once.
                Some(column) if column.name == "organisation" => {
                    Lowered::Count(count(format!("count({})", name("organisation"))))
                }
                Some(column) if column.name == "roll_persons" => Lowered::Different {
                    things: Things::Held {
                        table: "memberships",
                        key: "person",
                        known: "roll_persons",
                    },
                    filter,
                },
                Some(column) if column.name == "link_partners" => Lowered::Different {
                    things: Things::Held {
                        table: "contracts",
                        key: "partner",
                        known: "link_partners",
                    },
                    filter,
                },
                _ => {
                    let mut of_sql = self.any(of)?;
                    if of.value_type(&self.catalogue) == ValueType::Number {
                        // Zero has two signs and is one value.
                        of_sql = format!("CASE WHEN {of_sql} = 0.0 THEN 0.0 ELSE {of_sql} END");
                    }
                    Lowered::Different { things: Things::Values(of_sql), filter }
                }
            },
            Function::Sum | Function::Average => {
                let sum = match column.filter(|_| is_whole) {
                    Some(column) => self.exact_sum(column),
                    None => format!("sum({})", self.number(of)?.0),
                };
                let sum = Piece { own: filtered(sum), merge: "sum" };
                let real = !is_whole;
                if aggregate.function == Function::Sum {
                    Lowered::Added { piece: sum, real }
                } else {
                    let of = self.any(of)?;
                    Lowered::Average { sum, count: count(format!("count({of})")), real }
                }
            }
            Function::Minimum | Function::Maximum => {
                let merge = if aggregate.function == Function::Minimum { "min" } else { "max" };
                let own = filtered(format!("{merge}({})", self.number(of)?.0));
                Lowered::Added { piece: Piece { own, merge }, real: false }
            }
            Function::Median => Lowered::Middle { of: self.number(of)?.0, filter },
        })
    }

    /// The sum of a column of whole numbers, without rounding whatever its size: sixty-four bits where all numbers together fit into
    /// them, else decimals.
    fn exact_sum(&self, column: &Column) -> String {
        let size = self.sizes.get(&column.name).copied().unwrap_or(0);
        let name = name(&column.name);
        if size <= i128::from(i64::MAX) {
            format!("sum({name})")
        } else {
            format!("sum(CAST({name} AS DECIMAL(38, 0)))")
        }
    }

    /// What stands around aggregates. `of` gives the SQL of each aggregate, in the order of the text, as floating point.
    pub(crate) fn outer<'a>(
        outer: &'a Outer,
        of: &mut dyn FnMut(&'a Aggregate) -> String,
    ) -> (String, f64) {
        /// No aggregate is larger: 2^96 is what sums are kept in.
        const SIZE: f64 = 1e29;
        match outer {
            Outer::Number(value) => (number(*value), value.abs()),
            Outer::Missing => ("CAST(NULL AS DOUBLE)".to_owned(), 0.0),
            Outer::Aggregate(aggregate) => {
                // What is computed of broken numbers may be as large as numbers get.
                let plain = matches!(aggregate.of, None | Some(Row::Column(_)));
                (of(aggregate), if plain { SIZE } else { f64::MAX })
            }
            Outer::Negate(inner) => {
                let (sql, size) = Self::outer(inner, of);
                (format!("(- {sql})"), size)
            }
            Outer::Arithmetic(op, left, right) => {
                let left = Self::outer(left, of);
                calculated(*op, left, Self::outer(right, of))
            }
            Outer::Coalesce(items) => {
                let items: Vec<(String, f64)> =
                    items.iter().map(|item| Self::outer(item, of)).collect();
                joined("COALESCE", items)
            }
            Outer::NullIf(left, right) => {
                let left = Self::outer(left, of);
                joined("NULLIF", vec![left, Self::outer(right, of)])
            }
        }
    }

    fn column(&self, column: usize) -> Result<&Column, Untranslatable> {
        self.catalogue.columns().get(column).ok_or(Untranslatable::NoColumn)
    }

    /// A value of any type, where it only matters whether and which it is.
    fn any(&self, row: &Row) -> Result<String, Untranslatable> {
        match row.value_type(&self.catalogue) {
            ValueType::Flag => self.flag(row),
            ValueType::Number => Ok(self.number(row)?.0),
            ValueType::Text => self.text(row),
            ValueType::Id => {
                let column = self.column(column_of(row).ok_or(Untranslatable::Identities)?)?;
                if is_several(column) {
                    return Err(Untranslatable::Several(column.name.clone()));
                }
                Ok(name(&column.name))
            }
            ValueType::Missing => Ok("CAST(NULL AS DOUBLE)".to_owned()),
        }
    }

    /// A number of a row, and the largest size that it may have.
    fn number(&self, row: &Row) -> Result<(String, f64), Untranslatable> {
        Ok(match row {
            Row::Column(column) => {
                let column = self.column(*column)?;
                if !column.column_type.is_number() {
                    return Err(Untranslatable::NoNumber("a column of another type"));
                }
                (format!("CAST({} AS DOUBLE)", name(&column.name)), 1e19)
            }
            Row::Number(value) => (number(*value), value.abs()),
            Row::Missing => ("CAST(NULL AS DOUBLE)".to_owned(), 0.0),
            Row::Negate(inner) => {
                let (sql, size) = self.number(inner)?;
                (format!("(- {sql})"), size)
            }
            Row::Arithmetic(op, left, right) => {
                calculated(*op, self.number(left)?, self.number(right)?)
            }
            Row::Case(arms, otherwise) => {
                let mut size = 0.0_f64;
                let sql = self.case(arms, otherwise.as_deref(), &mut |row| {
                    let (sql, of_arm) = self.number(row)?;
                    size = size.max(of_arm);
                    Ok(sql)
                })?;
                (sql, size)
            }
            Row::Coalesce(items) => {
                let items = items.iter().map(|item| self.number(item)).collect::<Result<_, _>>()?;
                joined("COALESCE", items)
            }
            Row::NullIf(left, right) => {
                joined("NULLIF", vec![self.number(left)?, self.number(right)?])
            }
            Row::Text(_) => return Err(Untranslatable::NoNumber("a word")),
            Row::Flag(_)
            | Row::Compare(..)
            | Row::And(_)
            | Row::Or(_)
            | Row::Not(_)
            | Row::In(..)
            | Row::Between(..)
            | Row::IsMissing(_) => return Err(Untranslatable::NoNumber("a condition")),
        })
    }

    /// A word of a row.
    fn text(&self, row: &Row) -> Result<String, Untranslatable> {
        let all = |items: &[&Row]| {
            let items: Result<Vec<String>, _> = items.iter().map(|item| self.text(item)).collect();
            Ok(items?.join(", "))
        };
        Ok(match row {
            Row::Column(column) => name(&self.column(*column)?.name),
            Row::Text(text) => word(text),
            Row::Missing => "CAST(NULL AS VARCHAR)".to_owned(),
            Row::Case(arms, otherwise) => {
                self.case(arms, otherwise.as_deref(), &mut |row| self.text(row))?
            }
            Row::Coalesce(items) => {
                format!("COALESCE({})", all(&items.iter().collect::<Vec<_>>())?)
            }
            Row::NullIf(left, right) => format!("NULLIF({})", all(&[left, right])?),
            Row::Number(_)
            | Row::Flag(_)
            | Row::Negate(_)
            | Row::Arithmetic(..)
            | Row::Compare(..)
            | Row::And(_)
            | Row::Or(_)
            | Row::Not(_)
            | Row::In(..)
            | Row::Between(..)
            | Row::IsMissing(_) => return Err(Untranslatable::NoNumber("something else")),
        })
    }

    /// A condition on a row.
    fn flag(&self, row: &Row) -> Result<String, Untranslatable> {
        let all = |items: &[Row], between: &str| {
            let items: Result<Vec<String>, _> = items.iter().map(|item| self.flag(item)).collect();
            Ok(format!("({})", items?.join(between)))
        };
        Ok(match row {
            Row::Column(column) => {
                let column = self.column(*column)?;
                if column.column_type != ColumnType::Flag {
                    return Err(Untranslatable::NoNumber("a column that is no condition"));
                }
                name(&column.name)
            }
            Row::Flag(true) => "TRUE".to_owned(),
            Row::Flag(false) => "FALSE".to_owned(),
            Row::Missing => "CAST(NULL AS BOOLEAN)".to_owned(),
            Row::And(items) => all(items, " AND ")?,
            Row::Or(items) => all(items, " OR ")?,
            Row::Not(inner) => format!("(NOT {})", self.flag(inner)?),
            Row::Compare(op, left, right) => self.comparison(*op, left, right)?,
            Row::In(of, items) => {
                let equal = |item| self.comparison(Comparison::Equal, of, item);
                let items: Result<Vec<String>, _> = items.iter().map(equal).collect();
                format!("({})", items?.join(" OR "))
            }
            Row::Between(of, low, high) => format!(
                "({} AND {})",
                self.comparison(Comparison::AtLeast, of, low)?,
                self.comparison(Comparison::AtMost, of, high)?
            ),
            Row::IsMissing(inner) => {
                let column = column_of(inner).map(|column| self.column(column)).transpose()?;
                let several = column.filter(|column| is_several(column));
                let of = several.map_or_else(|| self.any(inner), |column| Ok(name(&column.name)));
                format!("({} IS NULL)", of?)
            }
            Row::Case(arms, otherwise) => {
                self.case(arms, otherwise.as_deref(), &mut |row| self.flag(row))?
            }
            Row::Coalesce(items) => {
                let items: Result<Vec<String>, _> =
                    items.iter().map(|item| self.flag(item)).collect();
                format!("COALESCE({})", items?.join(", "))
            }
            Row::NullIf(left, right) => {
                format!("NULLIF({}, {})", self.flag(left)?, self.flag(right)?)
            }
            Row::Number(_) | Row::Text(_) | Row::Negate(_) | Row::Arithmetic(..) => {
                return Err(Untranslatable::NoNumber("something that is no condition"));
            }
        })
    }

    fn comparison(
        &self,
        op: Comparison,
        left: &Row,
        right: &Row,
    ) -> Result<String, Untranslatable> {
        let shape = match left.value_type(&self.catalogue) {
            ValueType::Missing => right.value_type(&self.catalogue),
            known @ (ValueType::Flag | ValueType::Number | ValueType::Text | ValueType::Id) => {
                known
            }
        };
        let is_equality = matches!(op, Comparison::Equal | Comparison::Unequal);
        let (left, right) = match shape {
            ValueType::Number => match (left, right) {
                // A whole number is held against a whole number as it stands: rounding would not change which is larger, as long as
                // the bound is its own floating-point number.
                (Row::Column(column), Row::Number(bound))
                    if bound.fract() == 0.0 && bound.abs() < WHOLE_MAX =>
                {
                    (name(&self.column(*column)?.name), format!("{bound:.0}"))
                }
                _ => (self.number(left)?.0, self.number(right)?.0),
            },
            ValueType::Text | ValueType::Flag if !is_equality => {
                return Err(Untranslatable::NoOrder);
            }
            ValueType::Text => (self.text(left)?, self.text(right)?),
            ValueType::Flag => (self.flag(left)?, self.flag(right)?),
            ValueType::Id => return Err(Untranslatable::Identities),
            ValueType::Missing => return Ok("CAST(NULL AS BOOLEAN)".to_owned()),
        };
        Ok(format!("({left} {} {right})", sign(op)))
    }

    fn case(
        &self,
        arms: &[(Row, Row)],
        otherwise: Option<&Row>,
        value: &mut dyn FnMut(&Row) -> Result<String, Untranslatable>,
    ) -> Result<String, Untranslatable> {
        let mut sql = "CASE".to_owned();
        for (condition, then) in arms {
            // Writing to a string cannot fail.
            let _ = write!(sql, " WHEN {} THEN {}", self.flag(condition)?, value(then)?);
        }
        if let Some(otherwise) = otherwise {
            let _ = write!(sql, " ELSE {}", value(otherwise)?);
        }
        sql.push_str(" END");
        Ok(sql)
    }
}

/// Whether a row may have several identities in a column.
pub(crate) fn is_several(column: &Column) -> bool {
    matches!(column.name.as_str(), "roll_persons" | "link_partners")
}

/// The column that an expression is, where it is nothing but a column.
fn column_of(row: &Row) -> Option<usize> {
    if let Row::Column(column) = row { Some(*column) } else { None }
}

/// A function of some numbers, which is one of them.
fn joined(function: &str, items: Vec<(String, f64)>) -> (String, f64) {
    let size = items.iter().map(|(_, size)| *size).fold(0.0, f64::max);
    let items: Vec<String> = items.into_iter().map(|(sql, _)| sql).collect();
    (format!("{function}({})", items.join(", ")), size)
}
