//! Rolls of members: who is on them, invented by name and number, so that nobody can take them for somebody.
//!
//! Everybody is called *Mẫu* (sample) and has a number that begins with 999, which no province has. Some persons are in two
//! organisations, some organisations have no roll, and some rolls disagree with what was declared.

use std::collections::BTreeMap;

use hoptac_model::filing::member::{
    MemberJoin, MemberLeave, MemberRoll, MemberTransfer, Membership,
};
use hoptac_model::filing::{Body, Draft};
use hoptac_model::ids::{MemberId, OrganisationId};
use hoptac_model::member::{
    Entry, Hardship, Identity, LeaveCause, Marks, MemberClass, MemberKind, Sealing, Tally,
    pseudonym,
};
use hoptac_model::organisation::Kind;
use hoptac_model::personal_number::Sex;
use hoptac_model::seal::Key;
use jiff::civil::Date;

use crate::chance::{Chance, after};
use crate::life::Life;
use crate::member::Roll;
use crate::record::{self, Event};

/// Rolls were taken over from this day on.
const FIRST: Date = Date::constant(2023, 9, 1);

/// The share of organisations without a roll, of rolls that disagree, of persons that are in two organisations.
const WITHOUT: f64 = 0.4;
const DISAGREE: f64 = 0.12;
const TWICE: f64 = 0.03;

/// The keys under which the rolls are sealed. They are made up like everything else and protect nobody.
#[derive(Debug)]
pub struct Keys {
    /// The key of all pseudonyms.
    pub pseudonyms: Key,
    /// The organisations' own.
    pub organisations: Vec<(OrganisationId, Key)>,
    /// The members'.
    pub members: Vec<(OrganisationId, MemberId, Key)>,
}

/// Draws rolls, organisation by organisation.
pub(crate) struct Rolls {
    keys: Keys,
    /// Persons who may also be elsewhere, with whose members they are.
    elsewhere: Vec<(OrganisationId, (Identity, Marks))>,
    /// How many persons there are so far.
    persons: u32,
}

/// Who is on a roll as it is being told.
struct Present {
    member: MemberId,
    capital: i64,
    marks: Marks,
}

impl Rolls {
    /// Nobody yet.
    pub(crate) fn new(chance: &mut Chance) -> Self {
        let pseudonyms = Key::new(chance.secret());
        let keys = Keys { pseudonyms, organisations: Vec::new(), members: Vec::new() };
        Self { keys, elsewhere: Vec::new(), persons: 0 }
    }

    /// The keys of everything that was drawn.
    pub(crate) fn into_keys(self) -> Keys {
        self.keys
    }

    /// The filings about the roll of an organisation.
    pub(crate) fn drafts(
        &mut self,
        life: &Life,
        declared: &Roll,
        until: Date,
        chance: &mut Chance,
    ) -> Vec<Draft> {
        let without = chance.yes(WITHOUT);
        let first = FIRST.max(after(life.founded, 30));
        let day = chance.day(first, after(first, 300));
        // What is filed near the end of a life might come too late.
        let last = life.closed.map_or(until, |closed| after(closed, -40));
        if without || life.kind == Kind::Union || day > last {
            return Vec::new();
        }
        self.keys.organisations.push((life.id, Key::new(chance.secret())));
        let mut present = Vec::new();
        let mut events = vec![self.taken_over(life, declared, day, &mut present, chance)];
        let mut before = declared.members_on(day);
        for (on, members) in declared.members.iter().filter(|(on, _)| *on > day && *on <= last) {
            for _ in before..*members {
                events.push(self.joins(life, *on, &mut present, chance));
            }
            for _ in *members..before {
                events.extend(leaves(life, *on, &mut present, chance));
            }
            before = *members;
        }
        if chance.yes(0.05) && present.len() > 2 {
            let on = chance.day(after(day, 30), after(day, 400));
            // Only where nothing else is told behind it, so that shares and members are those of the day.
            if on <= last && events.iter().all(|event| event.on < on) {
                events.extend(transferred(life, on, &present));
            }
        }
        record::file(life.id, events, chance)
    }

    /// The whole roll as it is taken over.
    fn taken_over(
        &mut self,
        life: &Life,
        declared: &Roll,
        day: Date,
        present: &mut Vec<Present>,
        chance: &mut Chance,
    ) -> Event {
        let off = if chance.yes(DISAGREE) { chance.whole(-2, 2) } else { 0 };
        let official = (declared.members_on(day) + off).max(1);
        let associates = if chance.yes(0.1) { chance.whole(1, 3) } else { 0 };
        let mut members = Vec::new();
        let mut tally = Tally::default();
        for number in 0..official + associates {
            let class = match (number < official, chance.yes(0.5)) {
                (true, _) => MemberClass::Official,
                (false, true) => MemberClass::CapitalAssociate,
                (false, false) => MemberClass::Associate,
            };
            let joined = if number < official { life.founded } else { day };
            let (entry, marks) = self.entry(life, class, day, Some(joined), chance);
            tally += &Tally::of(&marks);
            present.push(Present { member: entry.member, capital: entry.capital, marks });
            members.push(entry);
        }
        let body = Membership::Roll(MemberRoll { members, tally });
        filed(life, day, body)
    }

    fn joins(
        &mut self,
        life: &Life,
        on: Date,
        present: &mut Vec<Present>,
        chance: &mut Chance,
    ) -> Event {
        let (member, marks) = self.entry(life, MemberClass::Official, on, None, chance);
        let tally = Tally::of(&marks);
        present.push(Present { member: member.member, capital: member.capital, marks });
        filed(life, on, Membership::Join(MemberJoin { member, tally }))
    }

    /// Somebody new on a roll, or somebody who is on another one.
    fn entry(
        &mut self,
        life: &Life,
        class: MemberClass,
        day: Date,
        joined: Option<Date>,
        chance: &mut Chance,
    ) -> (Entry, Marks) {
        let wanted = chance.yes(TWICE);
        let other = self.elsewhere.iter().position(|(home, _)| *home != life.id);
        let known = other.filter(|_| wanted).map(|at| self.elsewhere.remove(at).1);
        let (kind, (identity, marks)) = match known {
            Some(person) => (MemberKind::Person, person),
            None if chance.yes(0.15) => (MemberKind::Household, self.somebody(chance)),
            None => {
                let person = self.somebody(chance);
                if chance.yes(TWICE * 2.0) {
                    self.elsewhere.push((life.id, person.clone()));
                }
                (MemberKind::Person, person)
            }
        };
        let member = MemberId(record::identity(record::morning(day), chance));
        let key = Key::new(chance.secret());
        let sealing = Sealing { organisation: life.id, member, key: &key };
        let capital = match class {
            MemberClass::Associate => 0,
            MemberClass::Official | MemberClass::CapitalAssociate => chance.whole(2, 40) * 500_000,
        };
        let marks = Marks { sex: marks.sex.filter(|_| kind == MemberKind::Person), ..marks };
        let entry = Entry {
            member,
            kind,
            class,
            capital,
            joined: joined.filter(|joined| *joined < day),
            foreign: None,
            pseudonym: pseudonym(&self.keys.pseudonyms, kind, identity.number.as_deref()),
            identity: sealing.identity(&identity, chance.nonce()),
            marks: Some(sealing.marks(&marks, chance.nonce())),
        };
        self.keys.members.push((life.id, member, key));
        (entry, marks)
    }

    /// An invented person.
    fn somebody(&mut self, chance: &mut Chance) -> (Identity, Marks) {
        self.persons += 1;
        let woman = chance.yes(0.42);
        let year = chance.whole(1955, 2001);
        let born = Date::new(i16::try_from(year).unwrap_or(1980), 1, 1).unwrap_or(FIRST);
        let born = after(born, chance.whole(0, 364));
        let century_and_sex = (year - 1900) / 100 * 2 + i64::from(woman);
        let given = chance.pick(&GIVEN).copied().unwrap_or("An");
        let identity = Identity {
            name: format!("Mẫu {} {given}", if woman { "Thị" } else { "Văn" }),
            number: Some(format!("999{century_and_sex}{:02}{:06}", year % 100, self.persons)),
            born: Some(born),
            phone: None,
            address: Some("địa chỉ mô phỏng".to_owned()),
        };
        let groups = ["Nùng", "Tày", "Kinh", "Dao", "Hoa", "Sán Chay"];
        let weights = [0.43, 0.36, 0.16, 0.03, 0.01, 0.01];
        let ethnicity = groups.get(chance.weighted(&weights)).map(|group| (*group).to_owned());
        let hardship = [Hardship::None, Hardship::NearPoor, Hardship::Poor];
        let hardship = hardship.get(chance.weighted(&[0.84, 0.1, 0.06])).copied();
        let sex = Some(if woman { Sex::Female } else { Sex::Male });
        let marks = Marks { sex, ethnicity, hardship, disabled: Some(chance.yes(0.015)) };
        (identity, marks)
    }
}

/// Given names.
const GIVEN: [&str; 16] = [
    "An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Hạnh", "Khánh", "Lan", "Minh", "Nga", "Oanh",
    "Phúc", "Quân", "Sơn", "Thu",
];

fn leaves(life: &Life, on: Date, present: &mut Vec<Present>, chance: &mut Chance) -> Option<Event> {
    if present.len() < 2 {
        return None;
    }
    let last = i64::try_from(present.len()).unwrap_or(1) - 1;
    let at = usize::try_from(chance.whole(0, last)).unwrap_or(0);
    let gone = present.remove(at);
    let cause = if chance.yes(0.9) { LeaveCause::Resigned } else { LeaveCause::Ended };
    let tally = Tally::of(&gone.marks).negated();
    Some(filed(life, on, Membership::Leave(MemberLeave { member: gone.member, cause, tally })))
}

/// Half of a share goes to somebody else on the roll.
fn transferred(life: &Life, on: Date, present: &[Present]) -> Option<Event> {
    let by_share: BTreeMap<i64, &Present> = present.iter().map(|one| (one.capital, one)).collect();
    let (_, from) = by_share.last_key_value()?;
    let (_, to) = by_share.iter().rev().nth(1)?;
    let amount = (from.capital / 2).max(1);
    let (from, to) = (from.member, to.member);
    let body =
        MemberTransfer { from, to, amount, enters: None, leaves: false, tally: Tally::default() };
    Some(filed(life, on, Membership::Transfer(body)))
}

fn filed(life: &Life, on: Date, body: Membership) -> Event {
    Event::new(on, life.commune.registrar_on(on), Body::Membership(body))
}
