//! What tests share: databases of their own, drafts with a clock that stands still until it is moved, random histories.

pub mod database;
pub mod draft;
pub mod fold;
pub mod history;
pub mod pack;
pub mod paper;
pub mod postgres;
pub mod record;
pub mod reform;
