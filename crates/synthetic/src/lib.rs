//! A synthetic register: filings of a province that does not exist, plausible enough to show every page at work.
//!
//! [`filings`] is a pure function of a seed, the places, the plan pack and a last day. Every filing carries the origin
//! [`Synthetic`](hoptac_model::filing::Origin::Synthetic), so that every page that shows one says so. Persons on rolls are
//! all called *Mẫu* and have numbers of no province, enterprises are called *mô phỏng*, and codes come from a range that no
//! tax office issues.
//!
//! Read `flow.rs` first (how many), then `life.rs` (who and when); the other files tell one thing each about a life.
#![warn(missing_docs)]

mod annual_return;
mod certificate;
mod chance;
mod code;
mod flow;
mod grade;
mod life;
mod link;
mod member;
mod name;
mod place;
mod practice;
mod promotion;
mod record;
mod registration;
mod roll;
mod support;
mod task;
mod union;

use hoptac_model::filing::Draft;
use hoptac_model::organisation::Kind;
use hoptac_model::pack::Pack;
use hoptac_model::unit::Places;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::chance::Chance;
use crate::life::Life;
use crate::link::Buyer;
use crate::record::Event;
pub use crate::roll::Keys;
use crate::union::Unions;

/// The filings of a province from 2012 until a day, in the order in which they were recorded. The same arguments give the
/// same filings, to the last byte, on every machine.
pub fn filings(seed: u64, places: &Places, pack: &Pack, until: Date) -> Vec<Draft> {
    let last_year = until.year();
    let map = place::Map::new(places, pack, &mut Chance::new(seed, 0));
    let lives = life::all(seed, &map, last_year);
    let unions = Unions::draw(&lives, &mut Chance::new(seed, 2));
    let buyers = buyers(&lives);
    let story = Story { pack, last_year, lives: &lives, unions: &unions, buyers: &buyers };

    // Unions go first, because their members' filings wait for them.
    let mut order: Vec<usize> = (0..lives.len()).collect();
    order.sort_by_key(|index| lives.get(*index).is_none_or(|life| life.kind != Kind::Union));
    let mut founded: Vec<Option<Timestamp>> = vec![None; lives.len()];
    let mut drafts: Vec<Draft> = Vec::new();
    for index in order {
        let Some(life) = lives.get(index) else { continue };
        let mut chance = Chance::new(seed, FIRST_STREAM + u64::try_from(index).unwrap_or(0));
        let events = story.events(index, life, &founded, &mut chance);
        let filed = record::file(life.id, events, &mut chance);
        if let Some(at) = founded.get_mut(index) {
            *at = filed.first().map(|draft| draft.recorded_at);
        }
        drafts.extend(filed);
    }
    drafts.extend(task::drafts(pack, until, &mut Chance::new(seed, 4)));
    drafts.retain(|draft| record::day_of(draft.recorded_at) <= until);
    // Two filings of one organisation never share an instant; between organisations the identity decides.
    drafts.sort_by_key(|draft| (draft.recorded_at, draft.id));
    drafts
}

/// The rolls of members of the same province, with the keys that they are sealed under. They are told apart from the other
/// filings, because nobody may file them who does not have the keys too.
pub fn rolls(seed: u64, places: &Places, pack: &Pack, until: Date) -> (Vec<Draft>, Keys) {
    let last_year = until.year();
    let map = place::Map::new(places, pack, &mut Chance::new(seed, 0));
    let lives = life::all(seed, &map, last_year);
    let mut rolls = roll::Rolls::new(&mut Chance::new(seed, 3));
    let mut drafts = Vec::new();
    for (index, life) in lives.iter().enumerate().filter(|(_, life)| life.kind != Kind::Union) {
        let index = u64::try_from(index).unwrap_or(0);
        // The same stream tells the same members as in the other filings.
        let declared =
            member::roll(life, 0, last_year, &mut Chance::new(seed, FIRST_STREAM + index));
        let mut chance = Chance::new(seed, ROLL_STREAM + index);
        drafts.extend(rolls.drafts(life, &declared, until, &mut chance));
    }
    drafts.retain(|draft| record::day_of(draft.recorded_at) <= until);
    drafts.sort_by_key(|draft| (draft.recorded_at, draft.id));
    (drafts, rolls.into_keys())
}

/// The first stream of chance of the rolls.
const ROLL_STREAM: u64 = 1 << 32;

/// The first stream of chance that belongs to an organisation; the lower ones are the province's.
const FIRST_STREAM: u64 = 16;

/// What the events of one life are told from.
struct Story<'a> {
    pack: &'a Pack,
    last_year: i16,
    lives: &'a [Life],
    unions: &'a Unions,
    buyers: &'a [Buyer],
}

impl Story<'_> {
    /// Everything that happens to an organisation.
    fn events(
        &self,
        index: usize,
        life: &Life,
        founded: &[Option<Timestamp>],
        chance: &mut Chance,
    ) -> Vec<Event> {
        let founders = self.unions.founders(index, life.founded);
        let roll = member::roll(life, founders, self.last_year, chance);
        let mut events = registration::events(life, &roll, chance);
        events.extend(annual_return::events(life, &roll, self.pack, self.last_year, chance));
        events.extend(grade::events(life, self.pack, self.last_year, chance));
        let (links, linked_since) = link::events(life, self.buyers, self.last_year, chance);
        events.extend(links);
        events.extend(certificate::events(life, self.last_year, chance));
        events.extend(practice::events(life, self.pack, self.last_year, chance));
        events.extend(promotion::events(life, linked_since, self.last_year, chance));
        // A stream of its own: what is told about support shifts nothing else.
        let mut beside = chance.aside(9);
        let all = (self.lives.len(), self.last_year);
        events.extend(support::events(life, linked_since, self.pack, all, &mut beside));
        let (memberships, union) = self.unions.events(index, self.lives);
        let behind = union.and_then(|union| founded.get(union).copied().flatten());
        events.extend(memberships.into_iter().map(|event| Event { behind, ..event }));
        // What would happen after the end does not.
        events.retain(|event| life.closed.is_none_or(|closed| event.on <= closed));
        events
    }
}

/// Cooperatives and unions that may buy from others.
fn buyers(lives: &[Life]) -> Vec<Buyer> {
    lives
        .iter()
        .filter(|life| life.kind != Kind::Group && life.quality > 0.7)
        .filter_map(|life| {
            Some(Buyer {
                code: life.code.clone()?,
                name: life.name.clone(),
                founded: life.founded,
                closed: life.closed,
            })
        })
        .collect()
}
