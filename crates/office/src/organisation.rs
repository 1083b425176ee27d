//! Registrations: establish, change, suspend, resume, convert, dissolve.

use hoptac_model::filing::{Body, Change, Convert, Draft, Establish, Origin, Reason};
use hoptac_model::finding::Finding;
use hoptac_model::ids::UnitId;
use hoptac_model::organisation::{Kind, Status, is_tax_code};
use hoptac_model::text::fold;
use hoptac_model::unit::Level;
use hoptac_model::{law, lifecycle, search};
use hoptac_store::{Error, OrganisationCard, Writing};
use jiff::civil::Date;

use crate::event;
use crate::filing::recorded_on;
use crate::finding::Findings;
use crate::known::Known;

/// Reads what the rules for registrations ask for.
pub(crate) async fn read(
    writing: &mut Writing,
    body: &Body,
    known: &mut Known,
) -> Result<(), Error> {
    let (code, seats) = match body {
        Body::OrganisationEstablish(body) => {
            (body.code.as_deref(), [Some(&body.seat), body.seat_former.as_ref()])
        }
        Body::OrganisationChange(body) => {
            (body.code.as_deref(), [body.seat.as_ref(), body.seat_former.as_ref()])
        }
        Body::OrganisationSuspend(_)
        | Body::OrganisationResume(_)
        | Body::OrganisationConvert(_)
        | Body::OrganisationDissolve(_)
        | Body::OrganisationEvent(_)
        | Body::UnitsAdopt(_)
        | Body::PlanAdopt(_)
        | Body::PlanAttach(_)
        | Body::FiguresPublish(_)
        | Body::ReturnAccept(_)
        | Body::GradeDecide(_)
        | Body::ReturnSubmit(_)
        | Body::ReturnSendBack(_)
        | Body::ReturnWaive(_)
        | Body::GradeSelfScore(_)
        | Body::GradeReview(_)
        | Body::LinkSign(_)
        | Body::LinkEnd(_)
        | Body::ProductCertify(_)
        | Body::PracticeConfirm(_)
        | Body::PromotionAttend(_)
        | Body::UnionJoin(_)
        | Body::UnionLeave(_)
        | Body::OrganisationPlace(_)
        | Body::Reform(_) => (None, [None, None]),
    };
    if let Some(code) = code {
        known.code_owner = writing.code_owner(code).await?;
    }
    for seat in seats.into_iter().flatten() {
        if let Some(unit) = writing.unit(seat).await? {
            known.units.insert(seat.clone(), unit);
        }
    }
    Ok(())
}

/// The organisations, ended ones aside, whose name is so near to that of a founding that it may be the same one.
pub(crate) async fn alike(
    writing: &mut Writing,
    body: &Establish,
) -> Result<Vec<(OrganisationCard, search::Alike)>, Error> {
    let cards = writing.organisations_on(Date::MAX).await?;
    let mut alike: Vec<_> = cards
        .into_iter()
        .filter(|card| card.status != Status::Terminated && card.kind == body.kind)
        .filter_map(|card| {
            search::alike(&body.name, &card.name, card.seat == body.seat).map(|alike| (card, alike))
        })
        .collect();
    alike.sort_by_key(|(card, alike)| (std::cmp::Reverse(alike.percent), card.id));
    alike.truncate(5);
    Ok(alike)
}

/// What is wrong with a founding.
pub fn establish(draft: &Draft, body: &Establish, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    let day = draft.effective_on;
    name(body.kind, &body.name, &mut findings);
    code(draft, body.code.as_deref(), known, &mut findings);
    if body.kind != Kind::Group && body.code.is_none() {
        findings.warning(
            "organisation.no-code",
            "code",
            "a cooperative or union has a registration code from the start",
            "file a change with the code as soon as it is known",
        );
    }
    seat(&body.seat, body.seat_former.as_ref(), day, known, &mut findings);
    vsic(body.vsic, &mut findings);
    let least = body.kind.members_min(day);
    if body.members < least {
        findings.error(
            "members.too-few",
            "members",
            format!(
                "{} members are fewer than the {least} that the law asks on {day}",
                body.members
            ),
            "correct the number; with fewer it cannot be founded",
        );
    }
    findings.not_negative("capital.negative", "capital", body.capital);
    event::alike(&body.name, known, &mut findings);
    findings.into_vec()
}

/// What is wrong with a change of registered contents.
pub fn change(draft: &Draft, body: &Change, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    let day = draft.effective_on;
    if *body == Change::default() {
        findings.error("change.empty", "", "the change changes nothing", "name what changes");
    }
    let kind = known.organisation.as_ref().map(|card| card.kind);
    if let (Some(text), Some(kind)) = (&body.name, kind) {
        name(kind, text, &mut findings);
    }
    code(draft, body.code.as_deref(), known, &mut findings);
    match (&body.seat, &body.seat_former) {
        (Some(id), former) => seat(id, former.as_ref(), day, known, &mut findings),
        (None, Some(_)) => findings.error(
            "seat.former-alone",
            "seat_former",
            "a former commune is named without a new seat",
            "name the seat too, or leave both out",
        ),
        (None, None) => {}
    }
    if let Some(letter) = body.vsic {
        vsic(letter, &mut findings);
    }
    if let Some(members) = body.members {
        findings.not_negative("members.negative", "members", Some(members));
        if let Some(least) = kind.map(|kind| kind.members_min(day)).filter(|least| members < *least)
        {
            findings.warning(
                "members.too-few",
                "members",
                format!("{members} members are fewer than the {least} that the law asks on {day}"),
                "twelve months below that are a ground for withdrawal",
            );
        }
    }
    findings.not_negative("capital.negative", "capital", body.capital);
    notice_kept(draft, &mut findings);
    if let Some(card) = behind_the_latest(draft, known) {
        findings.warning(
            "filing.back-dated",
            "effective_on",
            format!("a state of {} from {} is registered already", card.name, card.from),
            "the change will hold only until that day where both name the same thing",
        );
    }
    findings.into_vec()
}

/// What is wrong with a suspension.
pub fn suspend(draft: &Draft, body: &Reason, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.note("reason", &body.reason);
    status(draft, known, &mut findings);
    notice_kept(draft, &mut findings);
    in_order(draft, known, &mut findings);
    findings.into_vec()
}

/// What is wrong with a resumption.
pub fn resume(draft: &Draft, body: &Reason, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.note("reason", &body.reason);
    status(draft, known, &mut findings);
    notice_kept(draft, &mut findings);
    in_order(draft, known, &mut findings);
    findings.into_vec()
}

/// What is wrong with a conversion. A group that is registered and active for twelve months may become a cooperative
/// [Law 17/2023/QH15, Article 108].
pub fn convert(draft: &Draft, body: &Convert, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    let day = draft.effective_on;
    name(body.to, &body.name, &mut findings);
    findings.not_negative("capital.negative", "capital", body.capital);
    if body.to != Kind::Cooperative {
        findings.error(
            "convert.to",
            "to",
            format!("a group becomes a cooperative, not a {}", body.to.words().en.to_lowercase()),
            "write HTX",
        );
    }
    let least = body.to.members_min(day);
    if body.members < least {
        findings.error(
            "members.too-few",
            "members",
            format!(
                "{} members are fewer than the {least} that the law asks on {day}",
                body.members
            ),
            "correct the number; with fewer it stays a group",
        );
    }
    if let Some(card) = &known.organisation {
        if card.kind != Kind::Group {
            findings.error(
                "convert.kind",
                "subject",
                format!(
                    "{} is not a group but a {}",
                    card.name,
                    card.kind.words().en.to_lowercase()
                ),
                "only a group converts",
            );
        }
        let earliest = months_after(card.founded_on, 12);
        if day < earliest {
            findings.error(
                "convert.too-young",
                "effective_on",
                format!(
                    "{} was founded on {}, less than twelve months before",
                    card.name, card.founded_on
                ),
                format!("it may convert from {earliest}"),
            );
        }
    }
    // That it is no group was said above.
    if known.organisation.as_ref().is_none_or(|card| card.kind == Kind::Group) {
        status(draft, known, &mut findings);
    }
    in_order(draft, known, &mut findings);
    findings.into_vec()
}

/// What is wrong with an end.
pub fn dissolve(draft: &Draft, body: &Reason, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.note("reason", &body.reason);
    status(draft, known, &mut findings);
    in_order(draft, known, &mut findings);
    findings.into_vec()
}

/// The day some months later.
pub(crate) fn months_after(day: Date, months: i64) -> Date {
    day.saturating_add(jiff::Span::new().months(months))
}

/// A name says something, and does not claim to be of another kind.
fn name(kind: Kind, text: &str, findings: &mut Findings) {
    findings.text("name", text);
    let folded = fold(text);
    let claims = |words: &[&str]| words.iter().any(|word| folded.starts_with(word));
    let other = match kind {
        Kind::Group => claims(&["hop tac xa ", "htx ", "lien hiep "]),
        Kind::Cooperative => claims(&["to hop tac ", "tht ", "lien hiep "]),
        Kind::Union => claims(&["to hop tac ", "tht ", "hop tac xa ", "htx "]),
    };
    if other {
        findings.warning(
            "name.other-kind",
            "name",
            format!(
                "the name begins like that of another kind than {}",
                kind.words().en.to_lowercase()
            ),
            "check the kind or the name",
        );
    }
}

/// A code is right and belongs to nobody else.
fn code(draft: &Draft, code: Option<&str>, known: &Known, findings: &mut Findings) {
    let Some(code) = code else { return };
    if !is_tax_code(code) {
        findings.error(
            "code.wrong",
            "code",
            format!("`{code}` is not a registration code: it has ten digits, the last of which checks the others"),
            "compare it with the certificate",
        );
    }
    if let Some(owner) =
        known.code_owner.filter(|owner| draft.subject.as_organisation() != Some(*owner))
    {
        findings.error(
            "code.taken",
            "code",
            format!("code {code} belongs to organisation/{owner}"),
            "look that organisation up: it may be the same one",
        );
    }
}

/// A seat is a commune of its day.
fn seat(id: &UnitId, former: Option<&UnitId>, day: Date, known: &Known, findings: &mut Findings) {
    match known.units.get(id) {
        None => findings.error(
            "seat.unknown",
            "seat",
            format!("there is no unit `{id}`"),
            "take the commune from the list of units",
        ),
        Some(unit) if unit.level != Level::Commune => findings.error(
            "seat.not-a-commune",
            "seat",
            format!("{} is not a commune, ward or township", unit.name),
            "name the commune of the seat",
        ),
        Some(unit) if !unit.exists_on(day) => findings.error(
            "seat.not-on-the-day",
            "seat",
            format!("{} ({id}) does not exist on {day}", unit.name),
            "name the commune as it is on that day",
        ),
        Some(_) => {}
    }
    if let Some(former) = former {
        match known.units.get(former) {
            None => findings.error(
                "seat.former-unknown",
                "seat_former",
                format!("there is no unit `{former}`"),
                "take the former commune from the list of units",
            ),
            Some(unit) if unit.level != Level::Commune || unit.exists_on(day) => findings.error(
                "seat.former-exists",
                "seat_former",
                format!("{} is not a commune that ended before {day}", unit.name),
                "name the commune that the seat was in before 1 July 2025",
            ),
            Some(_) => {}
        }
    }
}

pub(crate) fn vsic(letter: char, findings: &mut Findings) {
    if !('A'..='U').contains(&letter) {
        findings.error(
            "vsic.unknown",
            "vsic",
            format!("`{letter}` is not a section of the economy"),
            "write a letter from A to U",
        );
    }
}

/// The filing is possible in the status that the organisation has.
pub(crate) fn status(draft: &Draft, known: &Known, findings: &mut Findings) {
    // That an organisation has ended is said once, for all kinds of filing.
    let Some(card) = known.organisation.as_ref().filter(|card| card.status != Status::Terminated)
    else {
        return;
    };
    if let Err(rule) = lifecycle::may(card.kind, card.status, draft.body.kind()) {
        findings.error(
            "organisation.status",
            "subject",
            format!("{} is {}: {}", card.name, card.status.words().en.to_lowercase(), rule.en),
            "file what happened in between first",
        );
    }
}

/// The filing keeps the notice that the law of its day asks. A register that was made up keeps no days.
pub(crate) fn notice_kept(draft: &Draft, findings: &mut Findings) {
    let recorded = recorded_on(draft);
    let late = law::late_notice(draft.body.kind(), draft.effective_on, recorded);
    if let Some(rule) = late.filter(|_| draft.origin == Origin::Live) {
        findings.warning(
            "filing.late",
            "effective_on",
            format!(
                "it is recorded on {recorded} and holds from {}: {}",
                draft.effective_on, rule.en
            ),
            "it holds all the same; the delay is on record",
        );
    }
}

/// The organisation, where a later state of it is registered already.
fn behind_the_latest<'a>(draft: &Draft, known: &'a Known) -> Option<&'a OrganisationCard> {
    known.organisation.as_ref().filter(|card| draft.effective_on < card.from)
}

/// What changes the legal status is filed in the order in which it happened.
pub(crate) fn in_order(draft: &Draft, known: &Known, findings: &mut Findings) {
    if let Some(card) = behind_the_latest(draft, known) {
        findings.error(
            "filing.out-of-order",
            "effective_on",
            format!("a state of {} from {} is registered already", card.name, card.from),
            "a change of status takes effect on that day or later",
        );
    }
}
