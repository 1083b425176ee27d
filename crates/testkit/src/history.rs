//! Random valid histories of a handful of organisations, some filings back-dated.
//!
//! Chance only draws small numbers; [`play`] turns them into drafts and leaves out what would not be valid then. A
//! failing history therefore shrinks to a few steps.

use std::collections::{BTreeMap, BTreeSet};

use hoptac_model::filing::{
    Body, Change, Convert, Draft, Establish, GradeDecide, LinkEnd, LinkSign, Origin,
    PracticeConfirm, ProductCertify, PromotionAttend, Reason, ReturnAccept, UnionChange,
};
use hoptac_model::ids::OrganisationId;
use hoptac_model::organisation::{Grade, Kind, Sector};
use hoptac_model::register::{PartnerKind, Practice, Stage};
use jiff::ToSpan;
use jiff::civil::Date;
use proptest::collection::vec;
use proptest::prelude::Strategy;

use crate::draft::{Drafts, establishment};

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

fn steps() -> impl Strategy<Value = Step> {
    // One filing in three is back-dated.
    let back = proptest::prop_oneof![2 => proptest::strategy::Just(0), 1 => 1_u16..400];
    (0_u8..24, 0_u8..8, 0_u16..60, back, 0_u8..=255)
        .prop_map(|(act, who, days, back, number)| Step { act, who, days, back, number })
}

/// One organisation as the player knows it.
#[derive(Clone, Debug, Default)]
struct Life {
    founded: Option<Date>,
    /// Days of filings that an organisation that has ceased can no longer make.
    acts: Vec<Date>,
    dissolved: Option<Date>,
    links: BTreeSet<String>,
    certificates: BTreeSet<String>,
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
        let union_founded = lives.get(&union).is_some_and(|life| life.founded.is_some());
        let union_id = ids.get(usize::from(union)).copied();
        let life = lives.entry(step.who).or_default();
        let day = today.saturating_sub(i64::from(step.back).days());
        let Some(founded) = life.founded else {
            life.founded = Some(day);
            let mut draft = drafts.about(id, day, Body::OrganisationEstablish(start(id, *step)));
            if step.number.is_multiple_of(2) {
                draft.origin = Origin::Synthetic;
            }
            history.push(draft);
            continue;
        };
        // Nothing is effective before the founding, so that it is moved there.
        let day = day.max(founded);
        let Some(body) = act(life, *step, day, union_id.filter(|_| union_founded)) else {
            continue;
        };
        history.push(drafts.about(id, day, body));
    }
    history
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
            })
        }
        15 | 16 => {
            let link = format!("HĐ-{}", number % 4);
            if !life.links.insert(link.clone()) {
                return None;
            }
            Body::LinkSign(LinkSign {
                link,
                partner: format!("49000{number}"),
                partner_name: "Công ty Hồi Lạng".to_owned(),
                partner_kind: PartnerKind::Enterprise,
                product: "hoa hồi".to_owned(),
                stages: vec![Stage::Production, Stage::Sale],
                to: (number % 2 == 0).then(|| day.saturating_add(2.years())),
                value: (number % 3 == 0).then_some(number * 1_000_000),
            })
        }
        17 => {
            let link = life.links.iter().nth(usize::from(step.number) % life.links.len().max(1))?;
            Body::LinkEnd(LinkEnd { link: link.clone(), reason: String::new() })
        }
        18 => {
            let certificate = format!("OCOP-{}", number % 5);
            if !life.certificates.insert(certificate.clone()) {
                return None;
            }
            Body::ProductCertify(ProductCertify {
                certificate,
                product: "na dai".to_owned(),
                kind: "ocop".to_owned(),
                stars: Some(3 + step.number % 3),
                to: Some(day.saturating_add(3.years())),
            })
        }
        19 => Body::PracticeConfirm(PracticeConfirm {
            practice: [Practice::HighTechnology, Practice::Digital, Practice::DirectExport]
                .into_iter()
                .nth(usize::from(step.number) % 3)?,
            items: vec!["nhà màng".to_owned()],
            confirmed_by: "so-nnmt".to_owned(),
            to: (number % 2 == 0).then(|| day.saturating_add(1.year())),
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
        _ => return None,
    };
    if step.act < 9 {
        life.acts.push(day);
    }
    Some(body)
}
