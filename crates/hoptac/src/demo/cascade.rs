//! The yearly numbers of groups and cooperatives, given out to the communes of the demo: what the plan asks of the years
//! to come, by what the synthetic register shows when its story ends.

use anyhow::Result;
use hoptac_engine::board::{Board, Question};
use hoptac_engine::cascade::{Wish, propose};
use hoptac_model::filing::cascade::CascadeAdopt;
use hoptac_model::filing::reform::Decision;
use hoptac_model::filing::{Body, Origin, Subject};
use hoptac_model::ids::TargetId;
use hoptac_model::target::Horizon;
use hoptac_office::{Actor, Role};
use hoptac_store::Store;
use jiff::{SignedDuration, Timestamp};

use super::from_pack;
use crate::clock;
use crate::view::must_have_plan;

/// What is given out: groups and cooperatives founded in a year.
const TARGETS: [&str; 2] = ["TY-02", "TY-05"];

/// Numbers beyond those of the story and of the accounts, so that no two filings have one id.
const FIRST_NUMBER: usize = 50_000;

/// When they are given out: after the office hours of a day in the second half of the plan, on the communes of the reform.
pub(super) fn given_at() -> Timestamp {
    "2026-01-05T11:00:00Z".parse().unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Whether a key is that of one of these filings.
pub(super) fn is_key(key: &str, seed: u64) -> bool {
    TARGETS.into_iter().any(|target| key == key_of(seed, target))
}

/// How many of them stand in the ledger.
pub(super) async fn given(store: &Store, seed: u64) -> Result<u64> {
    let left = u64::try_from(left(store, seed).await?.len())?;
    Ok(u64::try_from(TARGETS.len())? - left)
}

fn key_of(seed: u64, target: &str) -> String {
    format!("demo/{seed}/cascade/{target}")
}

/// What is still to be given out: a number for the filing's id, the target and the key.
async fn left(store: &Store, seed: u64) -> Result<Vec<(usize, TargetId, String)>> {
    let mut left = Vec::new();
    for (index, target) in TARGETS.into_iter().enumerate() {
        let key = key_of(seed, target);
        // Asked in a transaction that is rolled back at once: only the clerk's own view of the ledger knows keys.
        if store.begin().await?.accepted_with_key(&key).await?.is_none() {
            left.push((FIRST_NUMBER + index, TargetId::from(target), key));
        }
    }
    Ok(left)
}

/// Adopts the parts that the default wish proposes, where that was not done before. What the register of another seed
/// cannot bring about is left out.
pub(super) async fn give_out(store: &Store, seed: u64) -> Result<()> {
    let left = left(store, seed).await?;
    if left.is_empty() {
        return Ok(());
    }
    let pack = must_have_plan(store).await?.pack;
    let known = store.known_on(None).await?;
    let mut at = given_at();
    let on = clock::day_of(at);
    let question = Question { as_of: on, geography: on };
    let board = Board::compute(&known.register, &known.places, &pack, question);
    for (number, target, key) in left {
        let last = pack.target(&target).and_then(|target| match target.horizon {
            Horizon::Yearly { to, .. } => Some(to),
            Horizon::Year { .. } => None,
        });
        let years = last.map(|last| (on.year(), last));
        let wish = Wish { years, ..Wish::new(target.clone()) };
        let Ok(proposal) = propose(&board, &known.register, &known.places, &wish) else { continue };
        at += SignedDuration::from_secs(60);
        let body = CascadeAdopt {
            plan: proposal.plan.clone(),
            target: target.clone(),
            level: proposal.level,
            geography: proposal.geography,
            parts: proposal.parts(),
            outside: proposal.outside,
            rule: Some(proposal.rule.clone()),
            reason: "Giao chỉ tiêu hằng năm cho các xã, phường (mô phỏng)".to_owned(),
            decision: Decision {
                number: format!("MP-{}/QĐ", number - FIRST_NUMBER + 101),
                date: on,
                issuer: "Ủy ban nhân dân tỉnh (văn bản mô phỏng)".to_owned(),
            },
        };
        let subject = Subject::cascade(&target);
        let mut draft =
            from_pack(seed, number, at, on, subject, Body::CascadeAdopt(Box::new(body)));
        draft.origin = Origin::Synthetic;
        draft.key = Some(key);
        hoptac_office::accept(store, &Actor::new("demo", Role::Operator), draft).await?;
    }
    Ok(())
}
