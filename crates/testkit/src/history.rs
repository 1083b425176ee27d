//! Random valid histories of a handful of organisations, some filings back-dated.
//!
//! Chance only draws small numbers; [`play`] turns them into drafts and leaves out what would not be valid then. A
//! failing history therefore shrinks to a few steps.

use std::collections::{BTreeMap, BTreeSet};

use hoptac_model::filing::event::{
    BankruptcyEnd, BankruptcyOutcome, Closing, ClosingWay, Consolidation, Correction, Division,
    Event, Merger, Notice, Order, Remark, Withdrawal, WithdrawalGround,
};
use hoptac_model::filing::support::Support;
use hoptac_model::filing::{
    Body, Change, Convert, Draft, Establish, GradeDecide, LinkChange, LinkEnd, LinkSign, Origin,
    PracticeConfirm, ProductCertify, PromotionAttend, Reason, ReturnAccept, Subject, UnionChange,
};
use hoptac_model::ids::{FilingId, OrganisationId};
use hoptac_model::lifecycle::makes_state;
use hoptac_model::linkage::{Volume, VolumeUnit};
use hoptac_model::organisation::{Grade, Kind, Sector, Status};
use hoptac_model::register::{PartnerKind, Practice, Stage};
use jiff::ToSpan;
use jiff::civil::Date;
use proptest::collection::vec;
use proptest::prelude::Strategy;
use proptest::test_runner::{Config, TestRunner};

use crate::draft::{Drafts, establishment};
use crate::record::Records;
use crate::{paper, record};

/// One step before it is known what it means.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// What is filed.
    pub act: u8,
    /// About which organisation.
    pub who: u8,
    /// How many days the calendar moves on before.
    pub days: u16,
    /// By how many days the filing is back-dated.
    pub back: u16,
    /// What else the filing needs a number for.
    pub number: u8,
}

/// Histories of up to `length` steps.
pub fn histories(length: usize) -> impl Strategy<Value = Vec<Draft>> {
    vec(steps(), 1..=length).prop_map(|steps| play(&steps))
}

/// Runs a check on random histories, on as many threads as there are processors; a failing history is made as short as
/// it can be.
pub fn random(cases: u32, check: impl Fn(&[Draft]) + Sync) {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let workers = u32::try_from(processors).unwrap_or(1).min(cases.div_ceil(FEW)).max(1);
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let share = cases / workers + u32::from(worker < cases % workers);
            let check = &check;
            scope.spawn(move || {
                let config =
                    Config { cases: share, failure_persistence: None, ..Config::default() };
                let outcome = TestRunner::new(config).run(&histories(80), |drafts| {
                    check(&drafts);
                    Ok(())
                });
                if let Err(error) = outcome {
                    panic!("{error}");
                }
            });
        }
    });
}

/// So few histories stay on one thread: tests run side by side as it is.
const FEW: u32 = 100;

fn steps() -> impl Strategy<Value = Step> {
    // One filing in three is back-dated.
    let back = proptest::prop_oneof![2 => proptest::strategy::Just(0), 1 => 1_u16..400];
    (0_u8..32 + paper::KINDS + record::KINDS, 0_u8..8, 0_u16..60, back, 0_u8..=255)
        .prop_map(|(act, who, days, back, number)| Step { act, who, days, back, number })
}

/// One organisation as the player knows it.
#[derive(Clone, Debug, Default)]
struct Life {
    founded: Option<Date>,
    /// Days of filings that an organisation that has ceased can no longer make.
    acts: Vec<Date>,
    dissolved: Option<Date>,
    /// What made a state, with its day: what a correction can point at.
    filed: Vec<(FilingId, Date, Body)>,
    /// Contracts with the day from which their terms hold.
    links: BTreeMap<String, Date>,
    records: Records,
    unions: BTreeSet<u8>,
}

/// The drafts that the steps come to, in the order of their recording.
pub fn play(steps: &[Step]) -> Vec<Draft> {
    let mut drafts = Drafts::default();
    let ids: Vec<OrganisationId> = (0..8).map(|_| drafts.organisation()).collect();
    let mut lives: BTreeMap<u8, Life> = BTreeMap::new();
    let mut today = Date::constant(2022, 1, 1);
    let mut history = Vec::with_capacity(steps.len());
    for step in steps {
        today = today.saturating_add(i64::from(step.days).days());
        let Some(id) = ids.get(usize::from(step.who)).copied() else { continue };
        let union = step.number % 8;
        let union_founded = lives.get(&union).and_then(|life| life.founded);
        let union_id = ids.get(usize::from(union)).copied();
        let life = lives.entry(step.who).or_default();
        let day = today.saturating_sub(i64::from(step.back).days());
        let Some(founded) = life.founded else {
            life.founded = Some(day);
            let mut draft = drafts.about(id, day, Body::OrganisationEstablish(start(id, *step)));
            if step.number.is_multiple_of(2) {
                draft.origin = Origin::Synthetic;
            }
            life.filed.push((draft.id, day, draft.body.clone()));
            history.push(draft);
            continue;
        };
        // Nothing is effective before the founding, so that it is moved there.
        let day = day.max(founded);
        let other = union_id.filter(|_| union_founded.is_some_and(|founded| founded <= day));
        if step.act == 31 {
            let opened = record::programme(step.number, day);
            let subject = Subject::programme(&opened.programme.id);
            let body = Body::Support(Support::Open(Box::new(opened)));
            history.push(drafts.draft(subject, day, body));
            continue;
        }
        let records = step.act.checked_sub(32 + paper::KINDS);
        let filed = match (step.act, records) {
            (_, Some(kind)) => {
                life.records.body(kind, id, step.number, day).map(|body| (day, body))
            }
            (28..=30, None) => correct(life, *step, day),
            (_, None) => act(life, *step, day, other).map(|body| (day, body)),
        };
        let Some((day, body)) = filed else { continue };
        let draft = drafts.about(id, day, body);
        if makes_state(draft.body.kind()) {
            life.filed.push((draft.id, day, draft.body.clone()));
        }
        life.records.filed(&draft);
        history.push(draft);
    }
    history
}

/// An earlier filing is struck, or restated: members or words differ, and a change also moves to another day.
fn correct(life: &mut Life, step: Step, day: Date) -> Option<(Date, Body)> {
    let at = usize::from(step.number) % life.filed.len().max(1);
    let (filing, filed_on, body) = life.filed.get(at)?.clone();
    let founding = matches!(body, Body::OrganisationEstablish(_));
    let (on, restated) = if step.act == 28 && !founding {
        life.filed.remove(at);
        if life.dissolved == Some(filed_on) && ends(&body) {
            life.dissolved = None;
        }
        (filed_on, None)
    } else {
        let number = i64::from(step.number);
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "what else is filed is said again as it was"
        )]
        let (on, body) = match body {
            Body::OrganisationEstablish(body) => {
                let members = number + 20;
                (filed_on, Body::OrganisationEstablish(Establish { members, ..body }))
            }
            Body::OrganisationChange(body) => {
                let members = Some(number + 30);
                (day, Body::OrganisationChange(Change { members, ..body }))
            }
            Body::OrganisationConvert(body) => {
                let members = number + 40;
                (filed_on, Body::OrganisationConvert(Convert { members, ..body }))
            }
            other => (filed_on, other),
        };
        let kept = life.filed.get_mut(at)?;
        (kept.1, kept.2) = (on, body.clone());
        (on, Some(serde_json::from_str(&body.to_canonical()).ok()?))
    };
    let reason = "ghi nhầm".to_owned();
    Some((
        on,
        Body::OrganisationEvent(Event::Correct(Correction { filing, body: restated, reason })),
    ))
}

/// Whether a filing ends an organisation.
#[expect(clippy::wildcard_enum_match_arm, reason = "only these end one")]
fn ends(body: &Body) -> bool {
    match body {
        Body::OrganisationDissolve(_) => true,
        Body::OrganisationEvent(event) => event.status() == Some(Status::Terminated),
        _ => false,
    }
}

/// A decision of somebody.
fn order() -> Order {
    Order { decision: "12/QĐ".to_owned(), issuer: "tòa án".to_owned(), reason: String::new() }
}

/// One of the events that an organisation lives through.
fn event(step: Step, other: Option<OrganisationId>) -> Option<Event> {
    let number = i64::from(step.number);
    Some(match step.number % 10 {
        0 => Event::Notify(Notice {
            vsic: (number % 20 == 0).then_some('F'),
            lines: Some(vec!["0118".to_owned()]),
            ..Notice::default()
        }),
        1 => Event::LeaveAddress(Reason::default()),
        2 => Event::ReturnToAddress(Reason::default()),
        3 => Event::Close(Closing {
            way: ClosingWay::Dissolution,
            resolution: String::new(),
            resolved_on: None,
            reason: String::new(),
        }),
        4 => Event::OpenBankruptcy(order()),
        5 => Event::EndBankruptcy(BankruptcyEnd {
            outcome: BankruptcyOutcome::Discontinued,
            decision: "7/QĐ".to_owned(),
            issuer: "tòa án".to_owned(),
        }),
        6 | 7 => Event::Withdraw(Withdrawal {
            ground: if number % 10 == 6 {
                WithdrawalGround::Tax
            } else {
                WithdrawalGround::Inactive
            },
            decision: "3/QĐ".to_owned(),
            issuer: "cơ quan đăng ký".to_owned(),
            reason: String::new(),
        }),
        8 => Event::Restore(order()),
        _ => Event::Separate(Division {
            into: vec![other?],
            members: Some(number),
            capital: None,
            reason: String::new(),
        }),
    })
}

/// One of the ways in which an organisation ends.
fn end(step: Step, other: Option<OrganisationId>) -> Option<Event> {
    let reason = String::new();
    Some(match step.number % 6 {
        0 => Event::Merge(Merger { into: other?, reason }),
        1 => Event::Duplicate(Merger { into: other?, reason }),
        2 => Event::Consolidate(Consolidation { into: other?, with: Vec::new(), reason }),
        3 => Event::Divide(Division {
            into: vec![other?, other?],
            members: None,
            capital: None,
            reason,
        }),
        4 => Event::EndBankruptcy(BankruptcyEnd {
            outcome: BankruptcyOutcome::Declared,
            decision: "8/QĐ".to_owned(),
            issuer: "tòa án".to_owned(),
        }),
        _ => Event::DissolveByOrder(order()),
    })
}

/// What an organisation is founded as.
fn start(id: OrganisationId, step: Step) -> Establish {
    let number = i64::from(step.number);
    Establish {
        kind: match step.number % 4 {
            0 => Kind::Union,
            1 => Kind::Cooperative,
            _ => Kind::Group,
        },
        code: step.number.is_multiple_of(3).then(|| format!("4900{:06}", step.who)),
        seat: format!("059{:02}", step.number % 40).as_str().into(),
        seat_former: step.number.is_multiple_of(5).then(|| "05977".into()),
        vsic: if step.number < 160 { 'A' } else { 'G' },
        sector: step.number.is_multiple_of(7).then_some(Sector::NonAgricultural),
        members: 5 + number,
        capital: step.number.is_multiple_of(2).then_some(number * 1_000_000),
        difficult_area: step.number > 100,
        ..establishment(id)
    }
}

/// What the step says, where that is possible in this life on this day.
fn act(life: &mut Life, step: Step, day: Date, union: Option<OrganisationId>) -> Option<Body> {
    let number = i64::from(step.number);
    let alive = life.dissolved.is_none_or(|last| day < last);
    let body = match step.act {
        0..=3 => {
            return Some(Body::OrganisationChange(Change {
                name: (number % 3 == 0).then(|| format!("Hợp tác xã Đình Lập {number}")),
                code: (number % 7 == 0).then(|| format!("4901{:06}", step.who)),
                seat: (number % 4 == 0).then(|| format!("060{:02}", number % 40).as_str().into()),
                seat_former: (number % 8 == 0).then(|| "05980".into()),
                vsic: (number % 5 == 0).then_some(if number > 100 { 'C' } else { 'A' }),
                members: (number % 2 == 0).then_some(number),
                capital: (number % 6 == 0).then_some(number * 10_000_000),
            }));
        }
        4 | 5 if alive => Body::OrganisationSuspend(Reason { reason: "thiếu vốn".to_owned() }),
        6 | 7 if alive => Body::OrganisationResume(Reason::default()),
        8 if alive => Body::OrganisationConvert(Convert {
            to: Kind::Cooperative,
            name: format!("Hợp tác xã Na Chi Lăng {number}"),
            members: number + 5,
            capital: (number % 2 == 0).then_some(number * 1_000),
        }),
        // What was filed for later days already says that it still existed then.
        9 if life.dissolved.is_none() && life.acts.iter().all(|act| *act < day) => {
            life.dissolved = Some(day);
            return Some(Body::OrganisationDissolve(Reason::default()));
        }
        24 | 25 if alive => Body::OrganisationEvent(event(step, union)?),
        26 if life.dissolved.is_none() && life.acts.iter().all(|act| *act < day) => {
            let event = end(step, union)?;
            life.dissolved = Some(day);
            return Some(Body::OrganisationEvent(event));
        }
        27 => {
            return Some(Body::OrganisationEvent(Event::Annotate(Remark {
                filing: None,
                text: format!("đã kiểm tra {number}"),
            })));
        }
        10..=12 => Body::ReturnAccept(ReturnAccept {
            year: day.year() - i16::from(number % 2 == 0),
            form_version: 1,
            values: [("members_total", number), ("revenue", number * 1_000_000 - 50_000_000)]
                .into_iter()
                .chain((number % 3 == 0).then_some(("workers", number / 2)))
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        }),
        13 | 14 => {
            let score_tenths = i32::from(step.number) * 4 - 20;
            Body::GradeDecide(GradeDecide {
                year: day.year() - 1,
                ruleset: "tt01-2020".to_owned(),
                score_tenths,
                grade: Grade::of_score(score_tenths),
                sheet: None,
            })
        }
        15 | 16 => {
            let link = format!("HĐ-{}", number % 4);
            if life.links.contains_key(&link) {
                return None;
            }
            life.links.insert(link.clone(), day);
            Body::LinkSign(LinkSign {
                link,
                partner: format!("49000{number}"),
                partner_name: "Công ty Hồi Lạng".to_owned(),
                partner_kind: PartnerKind::Enterprise,
                product: "hoa hồi".to_owned(),
                stages: vec![Stage::Production, Stage::Sale],
                to: (number % 2 == 0).then(|| day.saturating_add(2.years())),
                value: (number % 3 == 0).then_some(number * 1_000_000),
                ..LinkSign::default()
            })
        }
        17 => {
            let count = life.links.len().max(1);
            let (link, from) = life.links.iter_mut().nth(usize::from(step.number) % count)?;
            if day < *from {
                return None;
            }
            let link = link.clone();
            if number % 3 > 0 {
                *from = day;
                let volume = Some(Volume { amount: number + 1, unit: VolumeUnit::Kg });
                let open_ended = number % 2 == 0;
                Body::LinkChange(LinkChange { link, volume, open_ended, ..LinkChange::default() })
            } else {
                Body::LinkEnd(LinkEnd { link, reason: String::new() })
            }
        }
        18 => {
            let certificate = format!("OCOP-{}", number % 5);
            if !life.records.certificates.insert(certificate.clone()) {
                return None;
            }
            life.records.held.insert(certificate.clone(), day);
            Body::ProductCertify(ProductCertify {
                certificate,
                product: "na dai".to_owned(),
                kind: "ocop".to_owned(),
                stars: Some(3 + step.number % 3),
                to: Some(day.saturating_add(3.years())),
                ..ProductCertify::default()
            })
        }
        19 => Body::PracticeConfirm(PracticeConfirm {
            practice: [Practice::HighTechnology, Practice::Digital, Practice::DirectExport]
                .into_iter()
                .nth(usize::from(step.number) % 3)?,
            items: vec!["nhà màng".to_owned()],
            confirmed_by: "so-nnmt".to_owned(),
            to: (number % 2 == 0).then(|| day.saturating_add(1.year())),
            evidence: String::new(),
        }),
        20 => Body::PromotionAttend(PromotionAttend { event: format!("hội chợ {number}") }),
        21 | 22 => {
            let union = union.filter(|_| life.unions.insert(step.number % 8))?;
            Body::UnionJoin(UnionChange { union })
        }
        23 => {
            let union = union.filter(|_| life.unions.remove(&(step.number % 8)))?;
            Body::UnionLeave(UnionChange { union })
        }
        other => return paper::body(other.checked_sub(32)?, step.number, day),
    };
    if step.act < 9 || matches!(body, Body::OrganisationEvent(_)) {
        life.acts.push(day);
    }
    Some(body)
}

#[cfg(test)]
mod tests {
    use hoptac_model::filing::FilingKind;
    use proptest::strategy::ValueTree as _;

    use super::*;

    /// What this player files nothing about: the places, the plan, its tasks, alerts, accounts, imports, editions, bundles and
    /// outlines have tests of their own.
    const ELSEWHERE: [&str; 13] = [
        "units.",
        "unit.",
        "plan.",
        "figures.",
        "account.",
        "import.",
        "edition.",
        "task.",
        "alert.",
        "cascade.",
        "scenario.",
        "bundle.",
        "boundaries.",
    ];

    #[test]
    fn every_kind_about_organisations_and_support_occurs() {
        let mut runner = TestRunner::deterministic();
        let strategy = histories(80);
        let mut seen: BTreeSet<FilingKind> = BTreeSet::new();
        for _ in 0..400 {
            let tree = strategy.new_tree(&mut runner).expect("steps can always be drawn");
            seen.extend(tree.current().iter().map(|draft| draft.body.kind()));
        }
        let is_here = |kind: &&FilingKind| {
            !ELSEWHERE.iter().any(|elsewhere| kind.code().starts_with(elsewhere))
        };
        let missing: Vec<&str> = FilingKind::ALL
            .iter()
            .filter(is_here)
            .filter(|kind| !seen.contains(*kind))
            .map(|kind| kind.code())
            .collect();
        assert_eq!(missing, Vec::<&str>::new());
    }
}
