//! Nouns and pure rules of the collective economy.
//!
//! This floor does no IO, reads no clock, draws no random number and knows no SQL, HTTP or async. Whatever depends on
//! the day, an id or chance takes it as an argument. The words are those of the field (`docs/glossary.md`).
#![warn(missing_docs)]

pub mod account;
pub mod alert;
pub mod blocks;
pub mod boundary;
pub mod bundle;
pub mod cascade;
pub mod check;
pub mod consequence;
pub mod date;
pub mod fact;
pub mod feedback;
pub mod figure;
pub mod filing;
pub mod finding;
pub mod forecast;
pub mod formula;
pub mod grading;
pub mod growing;
pub mod ids;
pub mod import;
pub mod law;
pub mod lifecycle;
pub mod linkage;
pub mod member;
pub mod number;
pub mod ocop;
pub mod open_data;
pub mod organisation;
pub mod pack;
pub mod packed;
pub mod period;
pub mod personal_number;
pub mod plan_check;
pub mod pool;
pub mod records;
pub mod register;
pub mod report;
pub mod roll;
pub mod scenario;
pub mod scoreboard;
pub mod seal;
pub mod search;
pub mod shared;
pub mod sheet;
pub mod standing;
pub mod support;
pub mod target;
pub mod task;
pub mod text;
pub mod unit;
pub mod warning;
pub mod whole;
