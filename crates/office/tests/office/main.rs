//! What the office accepts and what it refuses: the rules of every kind on their own, and the whole way into the ledger.
#![expect(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod account;
mod cascade;
mod common;
mod edition;
mod event;
mod identity;
mod import;
mod import_member;
mod import_record;
mod ledger;
mod member;
mod openid;
mod papers;
mod reform;
mod register;
mod rules;
mod task;
