//! Formulas: an SQL-expression subset over the facts, parsed with places and typed against the catalogue.
//!
//! A formula is read in three steps, each a file of its own: `lexer` cuts the text into tokens, `parser` builds a
//! syntax tree with the place of every node, `typing` checks the tree against the columns and makes the typed
//! [`tree`] that `engine` evaluates. `words` says the tree in people's language. The text stays valid SQL: pasted
//! behind `SELECT` and before `FROM facts`, DuckDB computes the same number.
//!
//! # Meaning
//! Missing is missing, never zero. A comparison with something missing is neither true nor false, `AND`, `OR` and `NOT`
//! follow SQL's three-valued logic, and `WHERE` keeps only what is true. Arithmetic with something missing is missing;
//! so is a division by zero. `COUNT` over nothing is 0, every other aggregate over nothing is missing.

pub mod condition;
mod lexer;
mod nearest;
mod parser;
pub mod tree;
mod typing;
mod words;

use std::ops::Range;

use crate::fact::{Catalogue, Column};
use crate::number;
use crate::text::{Language, Words};
use crate::words;
use tree::{Outer, Row};

/// What is wrong in a formula, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Bytes of the formula's text.
    pub span: Range<usize>,
    /// A short stable code, as `formula.unknown-column`.
    pub code: &'static str,
    /// What is wrong, as one sentence without a full stop.
    pub message: Words,
    /// What to do about it.
    pub remedy: Words,
}

impl Problem {
    /// All codes that problems may carry.
    pub const CODES: [&'static str; 9] = [
        "formula.empty",
        "formula.syntax",
        "formula.unknown-column",
        "formula.unknown-function",
        "formula.unknown-value",
        "formula.type",
        "formula.aggregate-inside-aggregate",
        "formula.column-outside-aggregate",
        "formula.too-long",
    ];

    pub(crate) fn new(
        span: Range<usize>,
        code: &'static str,
        message: Words,
        remedy: Words,
    ) -> Self {
        Self { span, code, message, remedy }
    }
}

/// A formula that is known to make sense.
///
/// ```
/// use hoptac_model::{fact::Catalogue, formula::Formula};
/// let catalogue = Catalogue::new(None);
/// let groups = Formula::parse("COUNT(*) FILTER (WHERE kind = 'THT' AND registered)", &catalogue).unwrap();
/// assert!(groups.is_additive());
///
/// let problems = Formula::parse("SUM(membres) / COUNT(*) FILTER (WHERE kind = 'HTXX')", &catalogue).unwrap_err();
/// let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
/// assert_eq!(codes, ["formula.unknown-column", "formula.unknown-value"]);
/// assert_eq!(problems[0].remedy.en, "did you mean `members`?");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    text: String,
    tree: Outer,
}

impl Formula {
    /// The longest text that is read, in bytes; real formulas are a tenth of it.
    pub const TEXT_MAX: usize = 4000;

    /// Reads a formula, or says everything that is wrong with it.
    pub fn parse(text: &str, catalogue: &Catalogue) -> Result<Self, Vec<Problem>> {
        if text.trim().is_empty() {
            return Err(vec![Problem::new(
                0..text.len(),
                "formula.empty",
                words!("chưa có công thức", "there is no formula"),
                words!(
                    "hãy viết một hàm tổng hợp, ví dụ COUNT(*) FILTER (WHERE registered)",
                    "write an aggregate, for example COUNT(*) FILTER (WHERE registered)"
                ),
            )]);
        }
        if text.len() > Self::TEXT_MAX {
            return Err(vec![Problem::new(
                0..text.len(),
                "formula.too-long",
                words!(
                    "công thức dài {length} byte",
                    "the formula has {length} bytes",
                    length = text.len()
                ),
                words!(
                    "công thức dài nhất {most} byte",
                    "a formula has at most {most} bytes",
                    most = Self::TEXT_MAX
                ),
            )]);
        }
        let (tokens, mut problems) = lexer::tokens(text);
        let tree = match parser::parse(&tokens, text.len()) {
            Ok(node) => typing::check(&node, catalogue, &mut problems),
            Err(problem) => {
                problems.push(problem);
                // The tree is lost, but the names are not: a reader mends them in the same go.
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

    /// What is computed, as a typed tree.
    pub fn tree(&self) -> &Outer {
        &self.tree
    }

    /// Indexes of the columns that it names, in the order of the catalogue.
    pub fn columns(&self) -> Vec<usize> {
        let mut columns = Vec::new();
        self.tree.each_aggregate(&mut |aggregate| {
            for row in [&aggregate.of, &aggregate.filter].into_iter().flatten() {
                row.each_column(&mut |column| columns.push(column));
            }
        });
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// Whether it is a single count or sum, so that the values of parts add up to the value of the whole. A count of
    /// distinct values is not: the same value may stand in two parts.
    pub fn is_additive(&self) -> bool {
        match &self.tree {
            Outer::Aggregate(aggregate) => aggregate.is_additive(),
            Outer::Number(_)
            | Outer::Missing
            | Outer::Negate(_)
            | Outer::Arithmetic(..)
            | Outer::Coalesce(_)
            | Outer::NullIf(..) => false,
        }
    }

    /// What is computed, as a sentence.
    pub fn to_words(&self, catalogue: &Catalogue, language: Language) -> String {
        words::sentence(&self.tree, catalogue, language)
    }
}

/// A condition or a value of one row, in words: `loại hình là Hợp tác xã`.
pub fn row_words(row: &Row, catalogue: &Catalogue) -> Words {
    Words {
        vi: words::row(row, catalogue, Language::Vi),
        en: words::row(row, catalogue, Language::En),
    }
}

/// A number of a column as people read it: a year is written `2024`, a sum `10.500`.
pub fn show_number(column: Option<&Column>, value: f64, language: Language) -> String {
    // As many decimals as the number has, up to what a reader takes in.
    let decimals = (0..6_u8).find(|decimals| {
        let scaled = value * 10_f64.powi(i32::from(*decimals));
        (scaled - scaled.round()).abs() < 1e-9
    });
    if column.is_some_and(|column| column.name == "year" || column.name.ends_with("_year")) {
        return value.to_string();
    }
    number::show(value, decimals.unwrap_or(6), language)
}

#[cfg(test)]
mod tests;
