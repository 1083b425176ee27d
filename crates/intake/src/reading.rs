//! Reads the quantified targets of a plan from its words, and says of every other number why it is none.
//!
//! A grammar of Vietnamese quantities in passes, each in a file of its own: letters into `token`s; paragraphs under
//! their `heading`s; numbers with their units and comparators, ranges and baselines (`coordination`); the clause, the
//! horizon, the subject, the scope and the whole of each; then what is no target (`distractor`). Every pass goes over
//! the text once and looks only a few words around, so that the time grows with the length of the text.

mod assemble;
mod cells;
mod clause;
mod comparator;
mod coordination;
pub mod correction;
mod describe;
mod distractor;
pub mod document;
mod heading;
mod horizon;
mod legacy;
mod moment;
mod money;
mod nesting;
mod number;
mod past;
mod rows;
mod rule;
mod scope;
mod subject;
#[cfg(test)]
mod tests;
mod token;
mod unit;
mod zone;

use serde::{Serialize, Serializer};

pub use comparator::Comparator;

/// What a text says in numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Reading {
    /// What is to be reached.
    pub targets: Vec<Target>,
    /// Every other number: situation, result, budget, reference.
    pub others: Vec<Other>,
}

/// A quantified target. Places are characters from the beginning of the text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Target {
    /// The words that carry it.
    pub quote: String,
    /// The first character.
    pub start: usize,
    /// The character behind the last.
    pub end: usize,
    /// Of what it speaks.
    pub subject: String,
    /// How the number binds.
    pub comparator: Comparator,
    /// Second comparators on the same number.
    pub modifiers: Vec<Comparator>,
    /// The number; nothing where it is a range.
    pub value: Option<f64>,
    /// The lower end of a range.
    pub min: Option<f64>,
    /// The upper end of a range.
    pub max: Option<f64>,
    /// What is counted or measured.
    pub unit: String,
    /// Until when.
    pub horizon: Option<Horizon>,
    /// The last year of a yearly flow.
    pub until: Option<i32>,
    /// The years it is for, where they are written.
    pub period: Option<[i32; 2]>,
    /// The year that it starts from.
    pub baseline_year: Option<i32>,
    /// The number that it starts from.
    pub baseline_value: Option<f64>,
    /// Where it holds.
    pub scope: String,
    /// The words of the target that it is a part of.
    pub parent: Option<String>,
    /// Whose members are counted.
    pub of: Option<String>,
    /// The base of a share.
    pub denominator: Option<String>,
}

/// Until when a target holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Horizon {
    /// By the end of a year.
    Year(i32),
    /// Anew in each year.
    Yearly,
}

impl Serialize for Horizon {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Year(year) => serializer.serialize_i32(*year),
            Self::Yearly => serializer.serialize_str("yearly"),
        }
    }
}

/// A number that is no target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Other {
    /// The words.
    pub quote: String,
    /// The first character.
    pub start: usize,
    /// The character behind the last.
    pub end: usize,
    /// What it was taken for.
    pub reason: String,
}

/// Reads a text.
pub fn read(text: &str) -> Reading {
    assemble::assemble(&token::Tokens::of(text))
}
