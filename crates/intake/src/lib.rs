//! What people hand in from outside: plan packs, units of the administrative tree, texts of plans.
//!
//! Every reader gives values *and* findings: it reads all it can, and says about the rest what is wrong, where (file,
//! line, column, the line itself) and what to write instead. Nothing here changes anything, and nothing fails as a whole.
#![warn(missing_docs)]

pub mod boundary;
pub mod draft;
mod encoding;
mod file;
mod nearest;
pub mod pack;
pub mod plan_text;
pub mod reading;
pub mod sheet;
mod table;
pub mod unit;
