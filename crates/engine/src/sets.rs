//! Several identities of each organisation, as members of rolls and partners of contracts, each with the days at which it is one
//! of them. They are kept once for all moments: a member of ten years is one entry and not ten.
//!
//! Members are not kept twice: these are the register's own rolls. Contracts are told in the same form.

use std::collections::BTreeMap;

use hoptac_model::date;
use hoptac_model::packed::{Input, Output, Packed};
use hoptac_model::roll::{RollSpan, Rolls};

use crate::facts::{Moment, wide};
use crate::layout::Several;

/// The identities of all organisations.
#[derive(Clone, Debug)]
pub(crate) struct Sets {
    pub(crate) calendar: Calendar,
    pub(crate) rolls: Rolls,
    /// Who has each identity, once somebody asked for it.
    holders: Option<Holders>,
}

/// The organisations of each identity, those that had it once included.
#[derive(Clone, Debug)]
struct Holders {
    /// Where those of each identity begin; one more at the end.
    starts: Vec<u32>,
    organisations: Vec<u32>,
    /// Those that have it since.
    since: BTreeMap<u32, Vec<u32>>,
}

impl Sets {
    /// Of rolls, or of what is told in their form.
    pub(crate) fn new(moments: &[Moment], rolls: Rolls) -> Self {
        Self { calendar: Calendar::new(moments), rolls, holders: None }
    }

    /// The shape of what is written of sets.
    pub(crate) fn shape(shape: &mut String) {
        Rolls::shape(shape);
    }

    /// Writes those that the register has not itself.
    pub(crate) fn write(&self, several: Several, out: &mut Output<'_>) {
        if several == Several::LinkPartners {
            self.rolls.write(out);
        }
    }

    /// Reads what was written. Those that the register has itself are empty until they are laid on it.
    pub(crate) fn read(
        several: Several,
        moments: &[Moment],
        input: &mut Input<'_>,
    ) -> Option<Self> {
        let is_written = several == Several::LinkPartners;
        let rolls = if is_written { Rolls::read(input)? } else { Rolls::default() };
        Some(Self::new(moments, rolls))
    }

    /// The different identities of an organisation at a moment, in order.
    pub(crate) fn of(&self, organisation: u32, moment: usize) -> Vec<u32> {
        let day = self.calendar.day(moment);
        let here = self.rolls.of(organisation).spans();
        ordered(here.filter(|(_, from, until)| *from <= day && day < *until).map(|(id, ..)| id))
    }

    /// The different identities among some spans at a moment, in order.
    pub(crate) fn among(&self, spans: &[RollSpan], moment: usize) -> Vec<u32> {
        let day = self.calendar.day(moment);
        let holds = |span: &&RollSpan| {
            date::number(span.from) <= day
                && span.until.is_none_or(|until| day < date::number(until))
        };
        ordered(spans.iter().filter(holds).map(|span| span.person))
    }

    /// Gives an organisation other identities in place of those it has.
    pub(crate) fn replace(&mut self, organisation: u32, roll: Vec<RollSpan>) {
        self.link();
        if let Some(holders) = &mut self.holders {
            for span in &roll {
                if !holders.of(span.person).any(|known| known == organisation) {
                    holders.since.entry(span.person).or_default().push(organisation);
                }
            }
        }
        self.rolls.put(organisation, roll);
    }

    /// Makes ready to find who has an identity.
    pub(crate) fn link(&mut self) {
        if self.holders.is_none() {
            self.holders = Some(Holders::new(&self.rolls));
        }
    }

    /// The organisations that an identity belongs to at a moment, once [`Sets::link`] was called; one may come twice.
    pub(crate) fn holders(&self, id: u32, moment: usize) -> impl Iterator<Item = u32> {
        let day = self.calendar.day(moment);
        let all = self.holders.iter().flat_map(move |holders| holders.of(id));
        all.filter(move |organisation| {
            let roll = self.rolls.of(*organisation);
            roll.persons().iter().enumerate().any(|(at, known)| {
                let holds = |(from, until): (i32, i32)| from <= day && day < until;
                *known == id && holds(roll.days(at))
            })
        })
    }
}

impl Holders {
    fn new(rolls: &Rolls) -> Self {
        let mut starts = vec![0_u32; rolls.persons() + 1];
        for organisation in rolls.organisations() {
            for id in rolls.of(organisation).persons() {
                if let Some(count) = starts.get_mut(wide(*id)) {
                    *count += 1;
                }
            }
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        // Each place is an end first, and a start once those before it are filled.
        let mut organisations = vec![0; wide(total)];
        for organisation in rolls.organisations() {
            for id in rolls.of(organisation).persons() {
                let Some(start) = starts.get_mut(wide(*id)) else { continue };
                *start -= 1;
                if let Some(place) = organisations.get_mut(wide(*start)) {
                    *place = organisation;
                }
            }
        }
        Self { starts, organisations, since: BTreeMap::new() }
    }

    fn of(&self, id: u32) -> impl Iterator<Item = u32> {
        let at = self.starts.get(wide(id)).zip(self.starts.get(wide(id) + 1));
        let laid = at.and_then(|(start, end)| self.organisations.get(wide(*start)..wide(*end)));
        laid.into_iter().chain(self.since.get(&id).map(Vec::as_slice)).flatten().copied()
    }
}

fn ordered(ids: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut ids: Vec<u32> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The days of the moments in order, so that a day becomes its place among them.
#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    /// The number of the day of each moment.
    days: Vec<i32>,
    /// The moments in the order of their days.
    order: Vec<usize>,
    /// The first of these days.
    first: i32,
    /// How many moments lie before each day, from the first one's on up to the one behind the last.
    ranks: Vec<u16>,
}

impl Calendar {
    fn new(moments: &[Moment]) -> Self {
        let days: Vec<i32> = moments.iter().map(|moment| date::number(moment.on)).collect();
        let mut order: Vec<usize> = (0..days.len()).collect();
        order.sort_by_key(|moment| days.get(*moment).copied());
        let mut sorted = days.clone();
        sorted.sort_unstable();
        let (first, last) = (sorted.first().copied().unwrap_or(0), sorted.last().copied());
        let mut before = 0;
        let ranks = (first..=last.map_or(first, |last| last + 1)).map(|day| {
            before += sorted.iter().skip(before).take_while(|known| **known < day).count();
            u16::try_from(before).unwrap_or(u16::MAX)
        });
        Self { ranks: ranks.collect(), days, order, first }
    }

    /// The day of a moment.
    fn day(&self, moment: usize) -> i32 {
        self.days.get(moment).copied().unwrap_or(i32::MAX)
    }

    /// The moments in the order of their days.
    pub(crate) fn order(&self) -> &[usize] {
        &self.order
    }

    /// How many moments' days lie before a day.
    pub(crate) fn rank(&self, day: i32) -> u16 {
        let Ok(at) = usize::try_from(i64::from(day) - i64::from(self.first)) else { return 0 };
        self.ranks.get(at).or(self.ranks.last()).copied().unwrap_or(0)
    }
}
