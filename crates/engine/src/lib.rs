//! Facts in columns, formulas evaluated for every place and year, standing.
#![warn(missing_docs)]

pub mod board;
