//! Formulas: an SQL-expression subset over the facts, parsed with places and typed against the catalogue.

use std::ops::Range;

use crate::fact::Catalogue;
use crate::text::Language;

/// What is wrong in a formula, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Bytes of the formula's text.
    pub span: Range<usize>,
    /// A short stable code, as `formula.unknown-column`.
    pub code: &'static str,
    /// What is wrong, as one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// A formula that is known to make sense.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    text: String,
}

impl Formula {
    /// Reads a formula, or says everything that is wrong with it.
    pub fn parse(text: &str, _catalogue: &Catalogue) -> Result<Self, Vec<Problem>> {
        Ok(Self { text: text.to_owned() })
    }

    /// The text as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Indexes of the columns that it names, in the order of the catalogue.
    pub fn columns(&self) -> Vec<usize> {
        Vec::new()
    }

    /// Whether values of parts add up to the value of the whole.
    pub fn is_additive(&self) -> bool {
        false
    }

    /// What is computed, as a sentence.
    pub fn to_words(&self, _catalogue: &Catalogue, _language: Language) -> String {
        String::new()
    }
}
