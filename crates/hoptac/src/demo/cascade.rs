//! The yearly numbers of groups and cooperatives, given out to the communes of the demo: what the plan asks of the years
//! to come, by what the synthetic register shows when its story ends.

use anyhow::Result;
use hoptac_engine::board::{Board, Question};
use hoptac_engine::cascade::{Wish, propose};
use hoptac_model::filing::cascade::CascadeAdopt;
use hoptac_model::filing::reform::Decision;
use hoptac_model::filing::{Body, Origin, Subject};
use hoptac_model::ids::TargetId;
use hoptac_office::{Actor, Role};
use hoptac_store::Store;
use jiff::SignedDuration;

use super::{from_pack, live_from};
use crate::clock;
use crate::view::must_have_plan;

/// What is given out: groups and cooperatives founded in a year.
const TARGETS: [&str; 2] = ["TY-02", "TY-05"];

/// Numbers beyond those of the story and of the accounts, so that no two filings have one id.
const FIRST_NUMBER: usize = 50_000;

/// Adopts the parts that the default wish proposes, where that was not done before. What the register of another seed
/// cannot bring about is left out.
pub(super) async fn give_out(store: &Store, seed: u64) -> Result<()> {
    let mut left = Vec::new();
    for (index, target) in TARGETS.into_iter().enumerate() {
        let key = format!("demo/{seed}/cascade/{target}");
        // Asked in a transaction that is rolled back at once: only the clerk's own view of the ledger knows keys.
        if store.begin().await?.accepted_with_key(&key).await?.is_none() {
            left.push((FIRST_NUMBER + index, TargetId::from(target), key));
        }
    }
    if left.is_empty() {
        return Ok(());
    }
    let pack = must_have_plan(store).await?.pack;
    let known = store.known_on(None).await?;
    let head = store.find_filing(store.position().await?).await?;
    let mut at = head.map_or_else(live_from, |head| head.recorded_at);
    let on = clock::day_of(at);
    let question = Question { as_of: on, geography: on };
    let board = Board::compute(&known.register, &known.places, &pack, question);
    for (number, target, key) in left {
        let wish = Wish::new(target.clone());
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
