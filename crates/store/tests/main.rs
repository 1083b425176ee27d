//! Tests of the store, on both databases.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop right there")]
#![expect(clippy::indexing_slicing, reason = "a test knows what it put there")]

mod account;
mod backup;
mod changes;
mod document;
mod history;
mod kept_view;
mod known;
mod ledger;
mod open;
mod paper;
mod plan_draft;
mod power_cut;
mod projection;
mod reform;

mod return_draft;
mod schema;
mod token;
mod verify;
mod webhook;
