//! The register that a history comes to, worked out from its drafts in the plainest way.
#![expect(clippy::unwrap_used, reason = "what is not there should stop the test")]
#![expect(clippy::indexing_slicing, reason = "what was found is there")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hoptac_model::filing::event::{Event, Notice};
use hoptac_model::filing::member::Membership as Roll;
use hoptac_model::filing::reform::SeatPlace;
use hoptac_model::filing::support::Support;
use hoptac_model::filing::{Body, Draft, FilingKind};
use hoptac_model::ids::{FilingId, MemberId, OrganisationId};
use hoptac_model::member::Entry;
use hoptac_model::ocop;
use hoptac_model::organisation::{Organisation, Sector, Status};
use hoptac_model::register::{
    Adoption, AnnualReturn, Certificate, GradeDecision, Link, Membership, Partner, Promotion,
    Register, RollCount, SeatDecision, State,
};
use hoptac_model::roll::RollSpan;
use hoptac_model::support::{Application, Decided, Payment};
use jiff::civil::{Date, date};

/// The register that drafts come to when they are filed in order, worked out in the plainest way.
#[expect(clippy::wildcard_enum_match_arm, reason = "each match picks the kinds that it is about")]
pub fn fold(drafts: &[Draft]) -> Register {
    let filed: Vec<(u64, &Draft)> = (1..).zip(drafts).collect();
    let mut register =
        Register { position: u64::try_from(drafts.len()).unwrap(), ..Register::default() };
    let subjects: BTreeSet<OrganisationId> =
        drafts.iter().filter_map(|draft| draft.subject.as_organisation()).collect();
    let index = |id: OrganisationId| {
        u32::try_from(subjects.iter().position(|other| *other == id).unwrap()).unwrap()
    };
    let plan = drafts.iter().any(|draft| matches!(draft.body, Body::PlanAdopt(_)));
    let due = |year| if plan { date(year, 3, 31) } else { date(year, 12, 15) };
    let mut values: BTreeMap<(u32, i16, Date, u64), BTreeMap<String, i64>> = BTreeMap::new();
    let mut grades = BTreeMap::new();
    let mut adoptions: BTreeMap<(u32, &str, Date, String), Adoption> = BTreeMap::new();
    let persons = persons(drafts);
    for id in &subjects {
        let organisation = index(*id);
        let own: Vec<(u64, &Draft)> = filed
            .iter()
            .copied()
            .filter(|(_, draft)| draft.subject.as_organisation() == Some(*id))
            .collect();
        let mut links: BTreeMap<String, Vec<Link>> = BTreeMap::new();
        let mut certificates: BTreeMap<String, Certificate> = BTreeMap::new();
        for (position, draft) in &own {
            let on = draft.effective_on;
            match draft.body.clone() {
                Body::ReturnAccept(body) => {
                    values.insert((organisation, body.year, on, *position), body.values);
                }
                Body::GradeDecide(body) => {
                    let grade = GradeDecision {
                        organisation,
                        year: body.year,
                        on,
                        ruleset: body.ruleset,
                        score_tenths: body.score_tenths,
                        grade: body.grade,
                    };
                    grades.insert((organisation, body.year, on, *position), grade);
                }
                Body::LinkSign(body) => {
                    let link = Link {
                        organisation,
                        link: body.link.clone(),
                        signed_on: on,
                        volume: body.volume,
                        area: body.area,
                        proof: body.proof,
                        partner: Arc::new(Partner {
                            key: body.partner,
                            name: body.partner_name,
                            kind: body.partner_kind,
                            organisation: None,
                        }),
                        product: body.product.into(),
                        stages: body.stages.into(),
                        from: on,
                        to: body.to,
                        value: body.value,
                    };
                    links.insert(body.link, vec![link]);
                }
                Body::LinkChange(body) => {
                    let terms = links.get_mut(&body.link).unwrap();
                    let mut changed = terms.last().unwrap().clone();
                    if changed.from == on {
                        terms.pop();
                    } else {
                        end(terms, on.yesterday().unwrap());
                    }
                    changed.from = on;
                    changed.volume = body.volume;
                    if body.open_ended {
                        changed.to = None;
                    }
                    terms.push(changed);
                }
                Body::LinkEnd(body) => {
                    end(links.get_mut(&body.link).unwrap(), on);
                }
                Body::ProductCertify(body) => {
                    let certificate = Certificate {
                        organisation,
                        certificate: body.certificate.clone(),
                        to: body.to.or((body.kind == "ocop").then(|| ocop::last_day(on))),
                        product: body.product,
                        kind: body.kind,
                        stars: body.stars,
                        from: on,
                        ..Certificate::default()
                    };
                    certificates.insert(body.certificate, certificate);
                }
                Body::PracticeConfirm(body) => {
                    for item in body.items {
                        let adoption = Adoption {
                            organisation,
                            practice: body.practice,
                            item: item.clone(),
                            from: on,
                            to: body.to,
                            confirmed_by: body.confirmed_by.clone(),
                            evidence: body.evidence.clone(),
                        };
                        adoptions.insert((organisation, body.practice.code(), on, item), adoption);
                    }
                }
                Body::PromotionAttend(_) => {
                    register.promotions.push(Promotion { organisation, on });
                }
                Body::ProductWithdraw(body) => {
                    certificates.get_mut(&body.certificate).unwrap().withdrawn_on = Some(on);
                }
                Body::PracticeWithdraw(body) => {
                    let held = |adoption: &&mut Adoption| {
                        adoption.organisation == organisation
                            && adoption.practice == body.practice
                            && (body.items.is_empty() || body.items.contains(&adoption.item))
                            && adoption.holds_on(on)
                    };
                    for adoption in adoptions.values_mut().filter(held) {
                        adoption.to = Some(on.yesterday().unwrap());
                    }
                }
                Body::OrganisationPlace(body) => {
                    let SeatPlace { seat, unit, .. } = body;
                    let position = *position;
                    let decision = SeatDecision { organisation, seat, unit, position };
                    register.seat_decisions.push(decision);
                }
                Body::UnionJoin(body) => {
                    let union = index(body.union);
                    let membership = Membership { organisation, union, from: on, to: None };
                    register.memberships.push(membership);
                }
                Body::UnionLeave(body) => {
                    let union = index(body.union);
                    let open = |m: &&mut Membership| m.union == union && m.to.is_none();
                    register.memberships.change(organisation, |own| {
                        own.iter_mut().find(open).unwrap().to = Some(on);
                    });
                }
                _ => {}
            }
        }
        register.links.extend(links.into_values().flatten());
        register.certificates.extend(certificates.into_values());
        let applied = supports(&own).into_iter();
        register.supports.extend(applied.map(|application| (organisation, application)));
        register.roll_spans.extend(roll(organisation, &own, &persons));
        register.roll_counts.extend(counts(organisation, &own));
        let mut own = corrected(&own);
        own.sort_by_key(|(position, draft)| (draft.effective_on, *position));
        let own: Vec<(u64, &Draft)> =
            own.iter().map(|(position, draft)| (*position, draft)).collect();
        let (organisation, states) = life(*id, organisation, &own);
        register.organisations.push(organisation);
        register.states.extend(states);
    }
    for ((organisation, year, on, _), contents) in &values {
        let late = *on > due(*year);
        let filed =
            AnnualReturn { organisation: *organisation, year: *year, on: *on, late, row: 0 };
        register.file_return(filed, contents.iter().map(|(name, value)| (name.as_str(), *value)));
    }
    register.grades = grades.into_values().collect();
    register.adoptions = adoptions.into_values().collect();
    register.promotions.sort_by_key(|promotion| promotion.on);
    register.memberships.sort_by_key(|m| (m.from, m.union, m.to));
    register.seat_decisions.sort_by_key(|one| (one.seat.clone(), one.position));
    register
}

/// Ends the last terms of a contract on a day, unless they have ended before.
fn end(terms: &mut [Link], day: Date) {
    let last = terms.last_mut().unwrap();
    last.to = Some(last.to.map_or(day, |agreed| agreed.min(day)));
}

/// What had happened by a day: corrected as it was later, without what was filed for later days.
pub fn until(drafts: &[Draft], day: Date) -> Vec<Draft> {
    let all: Vec<(u64, &Draft)> = (1..).zip(drafts).collect();
    let mut kept: Vec<Draft> = corrected(&all).into_iter().map(|(_, draft)| draft).collect();
    // Where a seat lies is as true of the days before it was decided, and what was struck from a roll was never true.
    kept.retain(|draft| {
        draft.effective_on <= day
            || matches!(draft.body, Body::OrganisationPlace(_) | Body::Membership(Roll::Strike(_)))
    });
    let founded: BTreeSet<OrganisationId> = kept
        .iter()
        .filter(|draft| matches!(draft.body, Body::OrganisationEstablish(_)))
        .filter_map(|draft| draft.subject.as_organisation())
        .collect();
    let mut begun: BTreeSet<(OrganisationId, String)> = BTreeSet::new();
    kept.retain(|draft| {
        let Some(id) = draft.subject.as_organisation() else { return true };
        founded.contains(&id) && fits(id, &draft.body, &founded, &mut begun)
    });
    kept
}

/// Whether a filing is about something that had begun. What begins is remembered.
#[expect(clippy::wildcard_enum_match_arm, reason = "all else is about the organisation alone")]
fn fits(
    id: OrganisationId,
    body: &Body,
    founded: &BTreeSet<OrganisationId>,
    begun: &mut BTreeSet<(OrganisationId, String)>,
) -> bool {
    let (begins, ends, name) = match body {
        Body::LinkSign(body) => (true, false, &body.link),
        Body::LinkChange(body) => (false, false, &body.link),
        Body::LinkEnd(body) => (false, false, &body.link),
        Body::ProductCertify(body) => (true, false, &body.certificate),
        Body::ProductWithdraw(body) => (false, false, &body.certificate),
        Body::Support(Support::Apply(body)) => (true, false, &body.application),
        Body::Support(Support::Decide(body)) => (false, false, &body.application),
        Body::Support(Support::Pay(body) | Support::Repay(body)) => {
            (false, false, &body.application)
        }
        Body::Support(Support::Cancel(body)) => (false, false, &body.application),
        Body::UnionJoin(body) if founded.contains(&body.union) => {
            (true, false, &body.union.to_string())
        }
        Body::UnionJoin(_) => return false,
        Body::UnionLeave(body) => (false, true, &body.union.to_string()),
        _ => return true,
    };
    let key = (id, name.clone());
    if begins {
        begun.insert(key);
        return true;
    }
    if ends { begun.remove(&key) } else { begun.contains(&key) }
}

/// Applications for support by name, with what became of them in the order of the ledger.
fn supports(own: &[(u64, &Draft)]) -> Vec<Application> {
    let mut applications: BTreeMap<String, Application> = BTreeMap::new();
    for (_, draft) in own {
        let on = draft.effective_on;
        let Body::Support(support) = draft.body.clone() else { continue };
        match support {
            Support::Open(_) => panic!("a programme is about no organisation"),
            Support::Apply(body) => {
                let application = Application {
                    application: body.application.clone(),
                    programme: body.programme,
                    on,
                    requested: body.amount,
                    purpose: body.purpose,
                    no_penalty: body.no_penalty,
                    ..Application::default()
                };
                applications.insert(body.application, application);
            }
            Support::Decide(body) => {
                applications.get_mut(&body.application).unwrap().decision = Some(Decided {
                    on,
                    approved: body.approved,
                    granted: body.amount,
                    document: format!("{}, {}", body.decision.number, body.decision.issuer),
                });
            }
            Support::Pay(body) => {
                let payment = Payment { on, amount: body.amount, document: body.document };
                applications.get_mut(&body.application).unwrap().payments.push(payment);
            }
            Support::Repay(body) => {
                let payment = Payment { on, amount: -body.amount, document: body.document };
                applications.get_mut(&body.application).unwrap().payments.push(payment);
            }
            Support::Cancel(body) => {
                applications.get_mut(&body.application).unwrap().cancelled_on = Some(on);
            }
        }
    }
    applications.into_values().collect()
}

/// Everybody's time on a roll, filing by filing in the order of their effective days.
fn roll(
    organisation: u32,
    own: &[(u64, &Draft)],
    persons: &BTreeMap<String, u32>,
) -> Vec<RollSpan> {
    let mut filed: Vec<(Date, u64, &Roll)> = Vec::new();
    for (position, draft) in unstruck(own) {
        if let Body::Membership(body) = &draft.body {
            filed.push((draft.effective_on, position, body));
        }
    }
    filed.sort_by_key(|(on, position, _)| (*on, *position));
    let mut lives = Lives::new();
    for (on, _, body) in filed {
        match body {
            Roll::Roll(body) => {
                body.members.iter().for_each(|entry| enters(&mut lives, entry.clone(), on));
            }
            Roll::Join(body) => enters(&mut lives, body.member.clone(), on),
            Roll::Change(body) => goes_on(&mut lives, body.member, on, |entry| {
                let change = &body.change;
                entry.class = change.class.unwrap_or(entry.class);
                entry.capital = change.capital.unwrap_or(entry.capital);
                entry.foreign = change.foreign.or(entry.foreign);
                entry.pseudonym = change.pseudonym.clone().or(entry.pseudonym.clone());
                true
            }),
            Roll::Leave(body) => leaves(&mut lives, body.member, on),
            Roll::Transfer(body) => {
                let by = |amount: i64| {
                    move |entry: &mut Entry| {
                        entry.capital += amount;
                        entry.capital >= 0
                    }
                };
                goes_on(&mut lives, body.from, on, by(-body.amount));
                match &body.enters {
                    None => goes_on(&mut lives, body.to, on, by(body.amount)),
                    Some(entry) => {
                        let entry = Entry { capital: body.amount, ..entry.clone() };
                        enters(&mut lives, entry, on);
                    }
                }
                if body.leaves {
                    leaves(&mut lives, body.from, on);
                }
            }
            Roll::Strike(_) | Roll::Erase(_) | Roll::Disclose(_) => {}
        }
    }
    let mut spans = Vec::new();
    for (entry, from, until) in lives.into_values().flatten() {
        if until == Some(from) {
            continue;
        }
        let person = persons[&who(&entry)];
        let Entry { kind, class, capital, .. } = entry;
        spans.push(RollSpan { organisation, person, kind, class, capital, from, until });
    }
    spans
}

/// Everybody who was ever named on a roll, numbered in the order of the ledger.
fn persons(drafts: &[Draft]) -> BTreeMap<String, u32> {
    let mut persons = BTreeMap::new();
    for draft in drafts {
        let Body::Membership(body) = &draft.body else { continue };
        let named: Vec<String> = match body {
            Roll::Roll(body) => body.members.iter().map(who).collect(),
            Roll::Join(body) => vec![who(&body.member)],
            Roll::Transfer(body) => body.enters.iter().map(who).collect(),
            Roll::Change(body) => {
                body.change.pseudonym.clone().into_iter().map(String::from).collect()
            }
            Roll::Leave(_) | Roll::Strike(_) | Roll::Erase(_) | Roll::Disclose(_) => Vec::new(),
        };
        for who in named {
            let next = u32::try_from(persons.len()).unwrap();
            persons.entry(who).or_insert(next);
        }
    }
    persons
}

/// Who an entry stands for: its pseudonym, else its own number.
fn who(entry: &Entry) -> String {
    entry.pseudonym.clone().map_or_else(|| entry.member.to_string(), String::from)
}

type Lives = BTreeMap<MemberId, Vec<(Entry, Date, Option<Date>)>>;

/// Somebody comes onto the roll. Whoever was there before does not come in once more under the same number.
fn enters(lives: &mut Lives, entry: Entry, on: Date) {
    let life = lives.entry(entry.member).or_default();
    if life.is_empty() {
        life.push((entry, on, None));
    }
}

/// A member who is on the roll goes on as another entry, where that is possible.
fn goes_on(lives: &mut Lives, id: MemberId, on: Date, change: impl Fn(&mut Entry) -> bool) {
    let Some(life) = lives.get_mut(&id) else { return };
    let Some((entry, _, until @ None)) = life.last_mut() else { return };
    let mut next = entry.clone();
    if change(&mut next) {
        *until = Some(on);
        life.push((next, on, None));
    }
}

/// A member who is on the roll is there no longer.
fn leaves(lives: &mut Lives, id: MemberId, on: Date) {
    if let Some((_, _, until @ None)) = lives.get_mut(&id).and_then(|life| life.last_mut()) {
        *until = Some(on);
    }
}

/// An organisation's filings without those about its roll that were taken back.
fn unstruck<'d>(own: &[(u64, &'d Draft)]) -> Vec<(u64, &'d Draft)> {
    let strikes = own.iter().filter_map(|(_, draft)| {
        let Body::Membership(Roll::Strike(body)) = &draft.body else { return None };
        Some(body.filing)
    });
    let struck: BTreeSet<FilingId> = strikes.collect();
    own.iter().copied().filter(|(_, draft)| !struck.contains(&draft.id)).collect()
}

/// The changes of the counts of a roll, by day.
fn counts(organisation: u32, own: &[(u64, &Draft)]) -> Vec<RollCount> {
    let mut counts = Vec::new();
    for (_, draft) in unstruck(own) {
        let Body::Membership(body) = &draft.body else { continue };
        if let Some(tally) = body.tally() {
            let (on, tally) = (draft.effective_on, tally.clone());
            counts.push(RollCount { organisation, on, tally });
        }
    }
    // Those of one day stay in the order of the ledger.
    counts.sort_by_key(|count| count.on);
    counts
}

/// An organisation's filings with what their last corrections say; what was struck is gone.
fn corrected(own: &[(u64, &Draft)]) -> Vec<(u64, Draft)> {
    let mut kept: Vec<(u64, Draft)> = Vec::new();
    for (position, draft) in own {
        let Body::OrganisationEvent(Event::Correct(correction)) = &draft.body else {
            kept.push((*position, (*draft).clone()));
            continue;
        };
        let at = kept.iter().position(|(_, filed)| filed.id == correction.filing).unwrap();
        match &correction.body {
            None => {
                kept.remove(at);
            }
            Some(body) => {
                let filed = &mut kept[at].1;
                filed.body = Body::parse(filed.body.kind(), &body.to_string()).unwrap();
                filed.effective_on = draft.effective_on;
            }
        }
    }
    kept
}

/// One organisation with its states, from its filings in the order of their effective days.
#[expect(clippy::wildcard_enum_match_arm, reason = "what is not listed changes no state")]
fn life(id: OrganisationId, index: u32, own: &[(u64, &Draft)]) -> (Organisation, Vec<State>) {
    let (_, first) =
        own.iter().find(|(_, d)| matches!(d.body, Body::OrganisationEstablish(_))).unwrap();
    let Body::OrganisationEstablish(start) = &first.body else { panic!("it is established first") };
    let mut organisation = Organisation {
        id,
        code: start.code.clone(),
        name: start.name.clone(),
        founded_on: first.effective_on,
        synthetic: first.origin == hoptac_model::filing::Origin::Synthetic,
    };
    let mut state = State {
        organisation: index,
        from: first.effective_on,
        position: 0,
        kind: start.kind,
        status: Status::Operating,
        seat: start.seat.clone(),
        seat_former: start.seat_former.clone(),
        sector: start.sector.unwrap_or(Sector::of_vsic(start.vsic)),
        vsic: start.vsic,
        difficult_area: start.difficult_area,
        members: Some(start.members),
        capital: start.capital,
    };
    let mut states = Vec::new();
    for (position, draft) in own {
        match &draft.body {
            Body::OrganisationEstablish(_) => {}
            Body::OrganisationChange(change) => {
                organisation.name = change.name.clone().unwrap_or(organisation.name);
                organisation.code = change.code.clone().or(organisation.code);
                if let Some(seat) = &change.seat {
                    state.seat.clone_from(seat);
                    state.seat_former.clone_from(&change.seat_former);
                } else if change.seat_former.is_some() {
                    state.seat_former.clone_from(&change.seat_former);
                }
                if let Some(vsic) = change.vsic {
                    state.vsic = vsic;
                    state.sector = Sector::of_vsic(vsic);
                }
                state.members = change.members.or(state.members);
                state.capital = change.capital.or(state.capital);
            }
            Body::OrganisationSuspend(_) => state.status = Status::Suspended,
            Body::OrganisationResume(_) => state.status = Status::Operating,
            Body::OrganisationEvent(Event::Annotate(_)) => continue,
            Body::OrganisationEvent(event) => {
                match event {
                    Event::Notify(Notice { vsic: Some(vsic), .. }) => {
                        state.vsic = *vsic;
                        state.sector = Sector::of_vsic(*vsic);
                    }
                    Event::Separate(division) => {
                        state.members = division.members.or(state.members);
                    }
                    _ => {}
                }
                state.status = match draft.body.kind() {
                    FilingKind::OrganisationNotify | FilingKind::OrganisationSeparate => {
                        state.status
                    }
                    FilingKind::OrganisationLeaveAddress => Status::NotAtAddress,
                    FilingKind::OrganisationReturnToAddress | FilingKind::OrganisationRestore => {
                        Status::Operating
                    }
                    FilingKind::OrganisationOpenBankruptcy => Status::Bankrupt,
                    FilingKind::OrganisationWithdraw
                        if draft.body.to_canonical().contains("tax") =>
                    {
                        Status::Withdrawn
                    }
                    FilingKind::OrganisationClose | FilingKind::OrganisationWithdraw => {
                        Status::Closing
                    }
                    FilingKind::OrganisationEndBankruptcy
                        if draft.body.to_canonical().contains("discontinued") =>
                    {
                        Status::Operating
                    }
                    _ => Status::Terminated,
                };
            }
            Body::OrganisationDissolve(_) => state.status = Status::Terminated,
            Body::OrganisationConvert(convert) => {
                state.kind = convert.to;
                organisation.name.clone_from(&convert.name);
                state.members = Some(convert.members);
                state.capital = convert.capital.or(state.capital);
            }
            _ => continue,
        }
        state.from = draft.effective_on;
        state.position = *position;
        states.push(state.clone());
    }
    (organisation, states)
}
