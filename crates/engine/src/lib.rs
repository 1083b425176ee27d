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
//! Register ─► layout ─► facts ─► evaluate ─► fold ─► kept ─► board ─► scoreboard, explain
//! Places ───► geography ─┘
//! ```
//! `geography` orders the units of a day so that everything below a unit stands right behind it. `layout` turns the
//! register into `facts`: columns for each unit, one row per organisation and year, sorted by year. `evaluate` computes each
//! distinct condition of all formulas once, as bitmaps over the rows of a unit, and what every aggregate makes of them at
//! each moment; `fold` puts these parts together up the tree and remembers of them what the next filing needs, `distinct` counts
//! those of which a row may have several. [`kept`] holds
//! what formulas made of the facts between filings, and a filing exchanges what the rows of its organisation gave to them; the
//! facts themselves are laid out anew from their `basis`, unit by unit, wherever somebody asks for them.
//! `measure` makes values of numerators and denominators, and `scoreboard` holds them against the targets.
#![warn(missing_docs)]

mod aggregate;
pub mod alert;
mod basis;
mod bits;
pub mod board;
pub mod cascade;
pub mod chain;
pub mod consequence;
pub mod counted;
pub mod disclosure;
mod distinct;
mod evaluate;
mod explain;
pub mod fact_rows;
mod facts;
mod fold;
pub mod forecast;
mod geography;
mod grid;
pub mod kept;
mod layout;
mod measure;
pub mod open_data;
pub mod open_seat;
pub mod report;
pub mod roll;
mod row;
mod scoreboard;
mod sets;
pub mod support;
pub mod task;
#[cfg(test)]
mod tests;
mod vector;
