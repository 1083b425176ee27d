//! Facts in columns, formulas evaluated for every place and year, standing.
//!
//! # What the room promises
//! * [`board::Board::compute`] is pure: the same register, places, pack and question give the same board, bit for bit.
//!   It never panics on odd data; what cannot be computed is missing, and a formula that cannot be read leaves its
//!   indicator without values.
//! * Missing is missing, never zero. `COUNT` over nothing is 0; every other aggregate over nothing is missing, and so is
//!   a quotient whose denominator is zero or missing.
//! * Every value can be opened: [`board::Board::explain`] gives all records of the place and year, each with the reason
//!   why it counts or the first condition that it fails, and the records that count reproduce the value.
//! * The whole does not depend on the geography asked. An organisation whose seat cannot be placed in a commune of that
//!   day is listed by [`board::Board::unplaced`] and counts in the lowest unit that is certain, in the end the whole
//!   territory; so a unit's value is that of the units below it and of what could not be placed lower.
//!
//! # How a board comes about
//! ```text
//! Register ─► facts ──────► evaluate ─► measure ─► board ─► scoreboard, explain
//! Places ───► geography ─┘
//! ```
//! `geography` orders the units of a day so that everything below a unit stands right behind it. `facts` turns the
//! register into columns, one row per organisation and year, sorted by year and place: all rows of a unit in a year are
//! then one unbroken run, whatever its level. `evaluate` computes each distinct condition of all formulas once, as
//! bitmaps over all rows, folds the runs of the communes and rolls the small results up the tree. `measure` makes
//! values of numerators and denominators, and `scoreboard` holds them against the targets.
#![warn(missing_docs)]

mod aggregate;
mod bits;
pub mod board;
pub mod chain;
pub mod consequence;
mod evaluate;
mod explain;
mod facts;
pub mod forecast;
mod geography;
mod measure;
pub mod open_seat;
pub mod report;
pub mod roll;
mod row;
mod scoreboard;
pub mod support;
#[cfg(test)]
mod tests;
mod vector;
