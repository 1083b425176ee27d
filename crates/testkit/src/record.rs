//! Filings about records that stand beside an organisation's states: its roll of members, certificates, check-lists,
//! support, and where its seat lies.

use std::collections::{BTreeMap, BTreeSet};

use hoptac_model::filing::member::{
    DiscloseWay, EraseGround, MemberChange, MemberDisclose, MemberErase, MemberJoin, MemberLeave,
    MemberRoll, MemberStrike, MemberTransfer, Membership,
};
use hoptac_model::filing::particulars::Particulars;
use hoptac_model::filing::reform::{Decision, SeatPlace};
use hoptac_model::filing::support::{
    ProgrammeOpen, Support, SupportApply, SupportCancel, SupportDecide, SupportPay,
};
use hoptac_model::filing::{Body, Draft, PracticeWithdraw, ProductWithdraw};
use hoptac_model::ids::{FilingId, MemberId, OrganisationId};
use hoptac_model::member::{Entry, EntryChange, LeaveCause, MemberClass, MemberKind, Tally};
use hoptac_model::organisation::Kind;
use hoptac_model::register::Practice;
use hoptac_model::seal::{Key, Sealed};
use hoptac_model::support::{Policy, Programme};
use hoptac_model::text::Words;
use jiff::ToSpan;
use jiff::civil::Date;
use uuid::Uuid;

/// How many different ones there are.
pub const KINDS: u8 = 18;

/// What is on file of an organisation that later filings are about.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// Who ever came onto the roll.
    members: BTreeSet<u8>,
    /// Certificates by name.
    pub(crate) certificates: BTreeSet<String>,
    /// Those of them that were not withdrawn, with their first days.
    pub(crate) held: BTreeMap<String, Date>,
    /// Applications for support that nobody decided, with the day from which they can be; then those that were approved.
    waiting: BTreeMap<String, Date>,
    approved: BTreeMap<String, Date>,
    /// What was filed about the roll and can be taken back.
    rolls: Vec<FilingId>,
}

impl Records {
    /// One of them, made with a number; none where it would be about something that is not on file.
    pub fn body(&mut self, kind: u8, id: OrganisationId, number: u8, day: Date) -> Option<Body> {
        let amount = i64::from(number) * 100_000;
        Some(match kind {
            0 => {
                let members: Vec<Entry> =
                    (0..number % 4).filter_map(|who| self.entry(id, who, number, day)).collect();
                let tally = Tally { women: i64::from(number % 3), ..Tally::default() };
                Body::Membership(Membership::Roll(MemberRoll { members, tally }))
            }
            1 | 2 => {
                let member = self.entry(id, number % 8, number, day)?;
                let tally = Tally { poor: i64::from(number % 2), men: 1, ..Tally::default() };
                Body::Membership(Membership::Join(MemberJoin { member, tally }))
            }
            3 => {
                let change = EntryChange {
                    class: (number.is_multiple_of(3)).then_some(MemberClass::Official),
                    capital: (number.is_multiple_of(2)).then_some(amount),
                    foreign: (number.is_multiple_of(5)).then_some(true),
                    pseudonym: (number.is_multiple_of(7))
                        .then(|| Key::new([7; 32]).pseudonym(&(number % 5).to_string())),
                    ..EntryChange::default()
                };
                let member = member(id, self.somebody(number)?);
                let tally = Tally::default();
                Body::Membership(Membership::Change(MemberChange { member, change, tally }))
            }
            4 => {
                let member = member(id, self.somebody(number)?);
                let cause = LeaveCause::Resigned;
                let tally = Tally { men: -1, ..Tally::default() };
                Body::Membership(Membership::Leave(MemberLeave { member, cause, tally }))
            }
            5 => {
                let giver = self.somebody(number)?;
                let receiver = (giver + 1 + number % 7) % 8;
                let enters = self.entry(id, receiver, number, day);
                Body::Membership(Membership::Transfer(MemberTransfer {
                    from: member(id, giver),
                    to: member(id, receiver),
                    amount: amount / 10,
                    enters,
                    leaves: number.is_multiple_of(4),
                    tally: Tally::default(),
                }))
            }
            6 => Body::Membership(Membership::Erase(MemberErase {
                members: Some(vec![member(id, self.somebody(number)?)]),
                ground: EraseGround::Request,
                reason: "đơn đề nghị".to_owned(),
            })),
            7 => Body::Membership(Membership::Disclose(MemberDisclose {
                members: None,
                way: DiscloseWay::Unmask,
                purpose: "đối chiếu".to_owned(),
            })),
            8 => Body::ProductWithdraw(ProductWithdraw {
                certificate: self.withdrawn(number, day)?,
                reason: "không đạt khi kiểm tra lại".to_owned(),
                decision: String::new(),
            }),
            9 => Body::PracticeWithdraw(PracticeWithdraw {
                practice: *Practice::ALL.get(usize::from(number) % 3)?,
                items: if number.is_multiple_of(2) {
                    Vec::new()
                } else {
                    vec!["nhà màng".to_owned()]
                },
                withdrawn_by: "so-nnmt".to_owned(),
                reason: "đã ngừng áp dụng".to_owned(),
            }),
            10 => {
                let application = format!("HS-{}", number % 6);
                if self.waiting.contains_key(&application)
                    || self.approved.contains_key(&application)
                {
                    return None;
                }
                self.waiting.insert(application.clone(), day);
                Body::Support(Support::Apply(SupportApply {
                    application,
                    programme: format!("ct-{}", number % 3),
                    amount: amount + 1,
                    purpose: "mua máy sấy".to_owned(),
                    no_penalty: (number.is_multiple_of(2)).then_some(true),
                }))
            }
            11 => {
                let approved = !number.is_multiple_of(4);
                // Where nothing waits for a decision, somebody applies.
                let Some(application) = chosen(&self.waiting, number, day) else {
                    return self.body(10, id, number, day);
                };
                self.waiting.insert(application.clone(), Date::MAX);
                if approved {
                    self.approved.insert(application.clone(), day);
                }
                Body::Support(Support::Decide(SupportDecide {
                    application,
                    approved,
                    amount: if approved { amount + 1 } else { 0 },
                    decision: decision(day),
                    reason: String::new(),
                }))
            }
            12 | 13 => {
                // Where nothing is granted yet, that comes first.
                let Some(application) = chosen(&self.approved, number, day) else {
                    return self.body(11, id, number, day);
                };
                let paid = SupportPay {
                    application,
                    amount: amount / 4 + 1,
                    document: format!("UNC {number}"),
                    reason: String::new(),
                };
                let back = number.is_multiple_of(5);
                Body::Support(if back { Support::Repay(paid) } else { Support::Pay(paid) })
            }
            14 => {
                let from =
                    if number.is_multiple_of(2) { &mut self.waiting } else { &mut self.approved };
                let application = chosen(from, number, day)?;
                from.insert(application.clone(), Date::MAX);
                let reason = "tổ chức rút hồ sơ".to_owned();
                Body::Support(Support::Cancel(SupportCancel { application, reason }))
            }
            15 => Body::OrganisationPlace(SeatPlace {
                decision: decision(day),
                seat: format!("059{:02}", number % 40).as_str().into(),
                unit: format!("060{:02}", number % 40).as_str().into(),
            }),
            16 => Body::Particulars(Box::new(Particulars {
                short_name: (number.is_multiple_of(2)).then(|| format!("HTX {number}")),
                phone: Some(format!("0205 3812 {number:03}")),
                lines: (number.is_multiple_of(3)).then(|| vec!["0118".to_owned()]),
                ..Particulars::default()
            })),
            17 if !self.rolls.is_empty() => Body::Membership(Membership::Strike(MemberStrike {
                filing: self.rolls.swap_remove(usize::from(number) % self.rolls.len()),
                reason: "nhập nhầm tổ chức".to_owned(),
            })),
            _ => return None,
        })
    }

    /// Remembers what can be taken back.
    pub fn filed(&mut self, draft: &Draft) {
        if let Body::Membership(body) = &draft.body
            && !body.events(draft.effective_on, 0).is_empty()
        {
            self.rolls.push(draft.id);
        }
    }

    /// The entry of somebody who was never on the roll.
    fn entry(&mut self, id: OrganisationId, who: u8, number: u8, day: Date) -> Option<Entry> {
        self.members.insert(who).then(|| Entry {
            member: member(id, who),
            kind: if who < 6 { MemberKind::Person } else { MemberKind::Household },
            class: if number.is_multiple_of(2) {
                MemberClass::Official
            } else {
                MemberClass::Associate
            },
            capital: i64::from(number) * 1_000_000,
            joined: (number.is_multiple_of(3)).then(|| day.saturating_sub(1.year())),
            foreign: None,
            // The same few people are members here and there.
            pseudonym: (who < 5).then(|| Key::new([7; 32]).pseudonym(&who.to_string())),
            identity: Sealed::new(&Key::new([who; 32]), [number; 24], "roll", b"{}"),
            marks: None,
        })
    }

    /// A certificate that held until a day, and from then on is withdrawn.
    fn withdrawn(&mut self, number: u8, day: Date) -> Option<String> {
        let certificate = chosen(&self.held, number, day)?;
        self.held.remove(&certificate);
        Some(certificate)
    }

    /// One of those who ever came onto the roll.
    fn somebody(&self, number: u8) -> Option<u8> {
        let at = usize::from(number) % self.members.len().max(1);
        self.members.iter().nth(at).copied()
    }
}

/// A programme that is opened, or opened anew with other terms.
pub fn programme(number: u8, day: Date) -> ProgrammeOpen {
    let programme = Programme {
        id: format!("ct-{}", number % 3),
        policy: Policy::Market,
        title: Words::new("Xúc tiến thương mại", "Trade promotion"),
        source: "12/QĐ-UBND".to_owned(),
        opens: day,
        closes: (number.is_multiple_of(2)).then(|| day.saturating_add(1.year())),
        budget: Some(i64::from(number) * 10_000_000),
        per_organisation: None,
        kinds: vec![Kind::Cooperative],
        audit: false,
        condition: None,
        note: Words::default(),
    };
    ProgrammeOpen { programme }
}

fn decision(day: Date) -> Decision {
    Decision { number: "34/QĐ-UBND".to_owned(), date: day, issuer: "UBND tỉnh".to_owned() }
}

/// One of those that there were by a day.
fn chosen(names: &BTreeMap<String, Date>, number: u8, day: Date) -> Option<String> {
    let there: Vec<&String> =
        names.iter().filter(|(_, from)| **from <= day).map(|(name, _)| name).collect();
    there.get(usize::from(number) % there.len().max(1)).map(|name| (*name).clone())
}

/// A member of an organisation by a small number.
fn member(id: OrganisationId, who: u8) -> MemberId {
    MemberId(Uuid::from_u128(id.0.as_u128() ^ (u128::from(who) + 1) << 64))
}
