//! Notices, address, closing, bankruptcy, orders, reorganisation, corrections and remarks.

use hoptac_model::filing::event::{
    BankruptcyEnd, Closing, Consolidation, Correction, Division, Event, Merger, Notice, Order,
    Remark, Withdrawal, WithdrawalGround,
};
use hoptac_model::filing::{Body, Draft, FilingKind, schema};
use hoptac_model::finding::Finding;
use hoptac_model::ids::{FilingId, OrganisationId};
use hoptac_model::lifecycle;
use hoptac_model::organisation::{Kind, Status};
use hoptac_model::text::fold;
use hoptac_store::{Error, Writing};

use crate::finding::Findings;
use crate::known::Known;
use crate::organisation;

/// Reads the organisations and the filing that an event names, and what the rules ask about a corrected body.
pub(crate) async fn read(
    writing: &mut Writing,
    event: &Event,
    known: &mut Known,
) -> Result<(), Error> {
    let mut named: Vec<OrganisationId> = event.lineage().1.to_vec();
    if let Event::Consolidate(body) = event {
        named.extend(&body.with);
    }
    for id in named {
        if let Some(card) = writing.organisation(id).await? {
            known.others.insert(id, card);
        }
    }
    if let Some(id) = earlier(event) {
        known.earlier = writing.filing_with_id(id).await?;
    }
    if let (Event::Correct(body), Some(earlier)) = (event, &known.earlier)
        && let Some(value) = &body.body
        && let Ok(body) = Body::read(earlier.kind, value.clone())
    {
        organisation::read(writing, &body, known).await?;
    }
    Ok(())
}

/// The earlier filing that an event speaks of.
fn earlier(event: &Event) -> Option<FilingId> {
    match event {
        Event::Correct(body) => Some(body.filing),
        Event::Annotate(body) => body.filing,
        Event::Notify(_)
        | Event::LeaveAddress(_)
        | Event::ReturnToAddress(_)
        | Event::Close(_)
        | Event::DissolveByOrder(_)
        | Event::OpenBankruptcy(_)
        | Event::EndBankruptcy(_)
        | Event::Withdraw(_)
        | Event::Restore(_)
        | Event::Divide(_)
        | Event::Separate(_)
        | Event::Consolidate(_)
        | Event::Merge(_)
        | Event::Duplicate(_) => None,
    }
}

/// What is wrong with an event.
pub fn findings(draft: &Draft, event: &Event, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    match event {
        Event::Notify(body) => notice(body, known, &mut findings),
        Event::LeaveAddress(body) | Event::ReturnToAddress(body) => {
            findings.note("reason", &body.reason);
        }
        Event::Close(body) => closing(draft, body, &mut findings),
        Event::DissolveByOrder(body) | Event::OpenBankruptcy(body) | Event::Restore(body) => {
            order(body, &mut findings);
        }
        Event::EndBankruptcy(BankruptcyEnd { decision, issuer, .. }) => {
            findings.text("decision", decision);
            findings.text("issuer", issuer);
        }
        Event::Withdraw(body) => withdrawal(body, &mut findings),
        Event::Divide(body) => division(draft, body, 2, known, &mut findings),
        Event::Separate(body) => division(draft, body, 1, known, &mut findings),
        Event::Consolidate(body) => consolidation(draft, body, known, &mut findings),
        Event::Merge(body) | Event::Duplicate(body) => {
            merger(draft, body, known, &mut findings);
        }
        Event::Correct(body) => correction(draft, body, known, &mut findings),
        Event::Annotate(body) => remark(draft, body, known, &mut findings),
    }
    organisation::status(draft, known, &mut findings);
    organisation::notice_kept(draft, &mut findings);
    if event.status().is_some() || matches!(event, Event::Separate(_)) {
        organisation::in_order(draft, known, &mut findings);
    }
    findings.into_vec()
}

fn notice(body: &Notice, known: &Known, findings: &mut Findings) {
    if *body == Notice::default() {
        findings.error("notify.empty", "", "the notice says nothing", "name what is notified");
    }
    findings.note("note", &body.note);
    if let Some(letter) = body.vsic {
        organisation::vsic(letter, findings);
    }
    for (index, line) in body.lines.iter().flatten().enumerate() {
        if line.len() != 4 || !line.bytes().all(|b| b.is_ascii_digit()) {
            findings.error(
                "notify.line",
                format!("lines.{index}"),
                format!("`{line}` is not a business line"),
                "write the four digits of the line",
            );
        }
    }
    match (&body.scheme, &body.lines) {
        (Some(scheme), _) => findings.text("scheme", scheme),
        (None, Some(_)) => findings.warning(
            "notify.scheme",
            "scheme",
            "the edition of the classification is not named",
            "write it, as 27/2018/QĐ-TTg: the same digits mean another line in another edition",
        ),
        (None, None) => {}
    }
    findings.not_negative("members.negative", "foreign_members", body.foreign_members);
    // Foreign members are to be fewer than 35 % of the official ones [Law 17/2023/QH15, Article 30.7].
    let members = known.organisation.as_ref().and_then(|card| card.members);
    if let (Some(foreign), Some(members)) = (body.foreign_members, members)
        && foreign.saturating_mul(100) >= members.saturating_mul(35)
        && foreign > 0
    {
        findings.warning(
            "notify.foreign",
            "foreign_members",
            format!("{foreign} of {members} official members are foreign, not fewer than 35 %"),
            "check the numbers",
        );
    }
}

fn closing(draft: &Draft, body: &Closing, findings: &mut Findings) {
    findings.note("reason", &body.reason);
    findings.note("resolution", &body.resolution);
    if let Some(day) = body.resolved_on.filter(|day| *day > draft.effective_on) {
        findings.error(
            "close.days",
            "resolved_on",
            format!("the resolution of {day} is later than {}", draft.effective_on),
            "correct one of the two days",
        );
    }
}

fn order(body: &Order, findings: &mut Findings) {
    findings.text("decision", &body.decision);
    findings.text("issuer", &body.issuer);
    findings.note("reason", &body.reason);
}

fn withdrawal(body: &Withdrawal, findings: &mut Findings) {
    findings.text("decision", &body.decision);
    findings.text("issuer", &body.issuer);
    findings.note("reason", &body.reason);
    if body.ground == WithdrawalGround::Other && body.reason.trim().is_empty() {
        findings.error(
            "withdraw.reason",
            "reason",
            "the ground is `other`, and no reason says which",
            "write the reason, or choose the ground",
        );
    }
}

fn division(draft: &Draft, body: &Division, least: usize, known: &Known, findings: &mut Findings) {
    findings.note("reason", &body.reason);
    findings.not_negative("members.negative", "members", body.members);
    findings.not_negative("capital.negative", "capital", body.capital);
    let mut different = body.into.clone();
    different.sort_unstable();
    different.dedup();
    if different.len() < least {
        findings.error(
            "divide.too-few",
            "into",
            format!("{} organisations come of it, {least} are needed", different.len()),
            "name each of them once; establish them first",
        );
    }
    for (index, id) in body.into.iter().enumerate() {
        successor(draft, *id, &format!("into.{index}"), known, findings);
    }
    let kind = known.organisation.as_ref().map(|card| card.kind);
    if let (Some(kind), Some(members)) = (kind, body.members) {
        let least = kind.members_min(draft.effective_on);
        if members < least {
            findings.error(
                "members.too-few",
                "members",
                format!(
                    "{members} members are fewer than the {least} that the law asks on {}",
                    draft.effective_on
                ),
                "correct the number; with fewer it cannot go on",
            );
        }
    }
}

fn consolidation(draft: &Draft, body: &Consolidation, known: &Known, findings: &mut Findings) {
    findings.note("reason", &body.reason);
    successor(draft, body.into, "into", known, findings);
    if body.with.is_empty() {
        findings.error(
            "consolidate.alone",
            "with",
            "nobody is named with whom it is consolidated",
            "name the others, or file a merger",
        );
    }
    for (index, id) in body.with.iter().enumerate() {
        let field = format!("with.{index}");
        if *id == body.into {
            findings.error(
                "lineage.itself",
                field,
                "the new organisation is among those that end",
                "name the others that end",
            );
        } else {
            other(draft, *id, &field, known, findings);
        }
    }
}

fn merger(draft: &Draft, body: &Merger, known: &Known, findings: &mut Findings) {
    findings.note("reason", &body.reason);
    successor(draft, body.into, "into", known, findings);
}

/// Whoever comes of an organisation exists on the day, goes on, and is of its kind.
fn successor(
    draft: &Draft,
    id: OrganisationId,
    field: &str,
    known: &Known,
    findings: &mut Findings,
) {
    other(draft, id, field, known, findings);
    let Some(card) = known.others.get(&id) else { return };
    if card.status == Status::Terminated {
        findings.error(
            "lineage.terminated",
            field,
            format!("{} has not existed since {}", card.name, card.ceased_on.unwrap_or(card.from)),
            "name the organisation that goes on",
        );
    }
    if card.founded_on > draft.effective_on {
        findings.error(
            "lineage.days",
            field,
            format!("{} was founded only on {}", card.name, card.founded_on),
            "it must exist on the day on which the other goes into it",
        );
    }
    let kind = known.organisation.as_ref().map_or(card.kind, |own| own.kind);
    if kind != card.kind {
        let name = |kind: Kind| kind.words().en.to_lowercase();
        findings.warning(
            "lineage.kind",
            field,
            format!("{} is a {}, not a {}", card.name, name(card.kind), name(kind)),
            "check the organisation",
        );
    }
}

/// Another organisation that is named is there, and is another one.
fn other(draft: &Draft, id: OrganisationId, field: &str, known: &Known, findings: &mut Findings) {
    if draft.subject.as_organisation() == Some(id) {
        findings.error(
            "lineage.itself",
            field,
            "it is the organisation itself",
            "name the other one",
        );
    } else if !known.others.contains_key(&id) {
        findings.error(
            "lineage.unknown",
            field,
            format!("there is no organisation/{id}"),
            "establish it first, or correct the identity",
        );
    }
}

/// A correction points at an earlier filing about the same organisation, and what that should have said is sound.
fn correction(draft: &Draft, body: &Correction, known: &Known, findings: &mut Findings) {
    findings.text("reason", &body.reason);
    let Some(earlier) = pointed_at(draft, known, findings) else { return };
    let kind = earlier.kind;
    if !lifecycle::makes_state(kind) {
        findings.error(
            "correct.kind",
            "filing",
            format!("a filing {} is not put right by a correction", kind.code()),
            "correct the filing that was wrong in the first place; a return is filed anew",
        );
        return;
    }
    let Some(value) = &body.body else {
        if kind == FilingKind::OrganisationEstablish {
            findings.error(
                "correct.founding",
                "body",
                "a founding is restated, not struck",
                "write what it should have said, or file that the record is a duplicate",
            );
        }
        return;
    };
    let wrong = schema::check(&schema::of(kind), value, "body");
    if !wrong.is_empty() {
        findings.extend(wrong);
        return;
    }
    match Body::read(kind, value.clone()) {
        Ok(restated) => {
            if restated.to_canonical() == earlier.body && draft.effective_on == earlier.effective_on
            {
                findings.error(
                    "correct.same",
                    "body",
                    "it says what the earlier filing said, from the same day",
                    "write what should have been filed",
                );
            }
            findings.extend(contents(draft, restated, known));
        }
        Err(error) => findings.error(
            "document.body",
            "body",
            error.to_string(),
            "compare it with the schema of the kind",
        ),
    }
}

/// The rules of a restated body about its contents. Whether it fits its place in the life is for the ledger to say, when
/// everything is folded anew.
fn contents(draft: &Draft, body: Body, known: &Known) -> Vec<Finding> {
    let restated = Draft { body, ..draft.clone() };
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these have contents to be judged")]
    let found = match &restated.body {
        Body::OrganisationEstablish(body) => organisation::establish(&restated, body, known),
        Body::OrganisationChange(body) => organisation::change(&restated, body, known),
        Body::OrganisationConvert(body) => organisation::convert(&restated, body, known),
        Body::OrganisationEvent(event) => findings(&restated, event, known),
        _ => Vec::new(),
    };
    let of_place = [
        "convert.kind",
        "filing.back-dated",
        "filing.late",
        "filing.out-of-order",
        "organisation.alike",
        "organisation.status",
    ];
    found
        .into_iter()
        .filter(|finding| !of_place.contains(&finding.code))
        .map(|mut finding| {
            let at_body = !["subject", "effective_on"].contains(&finding.field.as_str());
            if at_body {
                finding.field = match finding.field.as_str() {
                    "" => "body".to_owned(),
                    field => format!("body.{field}"),
                };
            }
            finding
        })
        .collect()
}

fn remark(draft: &Draft, body: &Remark, known: &Known, findings: &mut Findings) {
    findings.text("text", &body.text);
    if body.filing.is_some() {
        let _ = pointed_at(draft, known, findings);
    }
}

/// The earlier filing that is pointed at, where it is about the same organisation.
fn pointed_at<'k>(
    draft: &Draft,
    known: &'k Known,
    findings: &mut Findings,
) -> Option<&'k hoptac_model::filing::Filing> {
    match &known.earlier {
        Some(earlier) if earlier.subject == draft.subject => Some(earlier),
        Some(earlier) => {
            findings.error(
                "correct.other",
                "filing",
                format!(
                    "that filing is about {}, not about {}",
                    earlier.subject.0, draft.subject.0
                ),
                "take the identity from `hoptac org history`",
            );
            None
        }
        None => {
            findings.error(
                "correct.unknown",
                "filing",
                "there is no such filing",
                "take the identity from `hoptac org history`",
            );
            None
        }
    }
}

/// Whether a founding gives a name that another organisation has, or nearly so.
pub(crate) fn alike(name: &str, known: &Known, findings: &mut Findings) {
    for (card, alike) in &known.alike {
        findings.warning(
            "organisation.alike",
            "name",
            format!(
                "{} (organisation/{}) may be the same: {}",
                card.name, card.id, alike.reason.en
            ),
            if fold(name) == fold(&card.name) {
                "look that organisation up before another one is registered"
            } else {
                "compare the two; if they differ, nothing needs to be done"
            },
        );
    }
}
