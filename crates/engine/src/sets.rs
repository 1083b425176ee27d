//! Several identities of each organisation, as members of rolls and partners of contracts, each with the moments at which it
//! is one of them. They are kept once for all moments: a member of ten years is one entry and not ten.

use std::collections::BTreeMap;
use std::ops::Range;

use hoptac_model::packed;
use jiff::civil::Date;

use crate::facts::{Moment, wide};

/// An identity by its own number, and the ranks of the first moment at which it holds and of the first after it at which it
/// no longer does.
pub(crate) type Entry = (u32, Span);

type Span = (u16, u16);

/// A span that holds at no moment.
const NEVER: Span = (u16::MAX, 0);

/// Stands where a chain ends.
const END: u32 = u32::MAX;

/// The identities of all organisations.
#[derive(Clone, Debug)]
pub(crate) struct Sets {
    calendar: Calendar,
    /// The rank of each moment by its day.
    ranks: Vec<u16>,
    /// Where those of each organisation began when they were laid out; one more at the end.
    starts: Vec<u32>,
    /// Where those stand that an organisation had anew since.
    moved: BTreeMap<u32, Range<usize>>,
    ids: Vec<u32>,
    spans: Vec<Span>,
    /// Whose the entries are that came since.
    owners: Vec<u32>,
    /// Our own number of every identity.
    numbers: Vec<u32>,
    /// One more than the greatest of our own numbers.
    pub(crate) identities: usize,
    /// The entries of each identity, once somebody asked for them.
    chains: Option<Chains>,
}

packed!(Sets { calendar, ranks, starts, moved, ids, spans, owners, numbers, identities, chains });

/// All entries of an identity, one behind the other.
#[derive(Clone, Debug, Default)]
struct Chains {
    /// The first entry of each identity.
    heads: Vec<u32>,
    /// The entry behind each entry.
    nexts: Vec<u32>,
}

packed!(Chains { heads, nexts });

impl Sets {
    /// From identities by organisation, each with the days at which it holds: from one on, until before another; no more than
    /// `count` of them.
    ///
    /// They are numbered anew in the order in which they first come. Those of an organisation then lie side by side in
    /// whatever is kept by identity, and a walk over organisations finds half of what it looks for where it just was.
    pub(crate) fn new(
        moments: &[Moment],
        count: usize,
        organisations: impl Iterator<Item = impl Iterator<Item = (u32, Date, Option<Date>)>>,
    ) -> Self {
        let calendar = Calendar::new(moments);
        let mut sets = Self {
            ranks: moments.iter().map(|moment| calendar.rank(moment.on)).collect(),
            calendar,
            starts: vec![0],
            moved: BTreeMap::new(),
            ids: Vec::with_capacity(count),
            spans: Vec::with_capacity(count),
            owners: Vec::new(),
            numbers: Vec::new(),
            identities: 0,
            chains: None,
        };
        for organisation in organisations {
            for (id, from, until) in organisation {
                if let Some((id, span)) = sets.entry(id, from, until) {
                    sets.ids.push(id);
                    sets.spans.push(span);
                }
            }
            sets.starts.push(place(sets.ids.len()));
        }
        sets.ids.shrink_to_fit();
        sets.spans.shrink_to_fit();
        sets
    }

    /// An identity with its days as an entry; none where it holds at no moment.
    fn entry(&mut self, id: u32, from: Date, until: Option<Date>) -> Option<Entry> {
        let span =
            (self.calendar.rank(from), until.map_or(u16::MAX, |day| self.calendar.rank(day)));
        if span.0 >= span.1 {
            return None;
        }
        if wide(id) >= self.numbers.len() {
            let length = (wide(id) + 1).max(self.numbers.len() * 2);
            self.numbers.resize(length, u32::MAX);
        }
        let number = self.numbers.get_mut(wide(id))?;
        if *number == u32::MAX {
            *number = place(self.identities);
            self.identities += 1;
        }
        Some((*number, span))
    }

    /// Identities with their days as entries, in our own numbers.
    pub(crate) fn entries(
        &mut self,
        identities: impl Iterator<Item = (u32, Date, Option<Date>)>,
    ) -> Vec<Entry> {
        identities.filter_map(|(id, from, until)| self.entry(id, from, until)).collect()
    }

    /// Where the entries of an organisation stand.
    fn range(&self, organisation: u32) -> Range<usize> {
        if let Some(moved) = self.moved.get(&organisation) {
            return moved.clone();
        }
        let start =
            |at: usize| self.starts.get(at).or(self.starts.last()).map_or(0, |at| wide(*at));
        start(wide(organisation))..start(wide(organisation) + 1)
    }

    /// The identities of an organisation at a moment; one of them may come twice.
    pub(crate) fn of(&self, organisation: u32, moment: usize) -> impl Iterator<Item = u32> {
        let range = self.range(organisation);
        let rank = self.ranks.get(moment).copied().unwrap_or(u16::MAX);
        let ids = self.ids.get(range.clone()).unwrap_or_default();
        let spans = self.spans.get(range).unwrap_or_default();
        let both = ids.iter().zip(spans);
        both.filter(move |(_, (from, until))| *from <= rank && rank < *until).map(|(id, _)| *id)
    }

    /// Whether these are the entries that an organisation has.
    pub(crate) fn has(&self, organisation: u32, entries: &[Entry]) -> bool {
        let range = self.range(organisation);
        let ids = self.ids.get(range.clone()).unwrap_or_default();
        let spans = self.spans.get(range).unwrap_or_default();
        ids.len() == entries.len()
            && ids.iter().zip(spans).zip(entries).all(|((id, span), entry)| (*id, *span) == *entry)
    }

    /// Gives an organisation other entries in place of those it has.
    pub(crate) fn replace(&mut self, organisation: u32, entries: &[Entry]) {
        self.link();
        let range = self.range(organisation);
        for span in self.spans.get_mut(range).unwrap_or_default() {
            *span = NEVER;
        }
        let start = self.ids.len();
        for (id, span) in entries {
            let at = place(self.ids.len());
            self.ids.push(*id);
            self.spans.push(*span);
            self.owners.push(organisation);
            if let Some(chains) = &mut self.chains {
                if chains.heads.len() <= wide(*id) {
                    chains.heads.resize(wide(*id) + 1, END);
                }
                if let Some(head) = chains.heads.get_mut(wide(*id)) {
                    chains.nexts.push(*head);
                    *head = at;
                }
            }
        }
        self.moved.insert(organisation, start..self.ids.len());
    }

    /// Chains the entries of each identity.
    pub(crate) fn link(&mut self) {
        if self.chains.is_some() {
            return;
        }
        let mut heads = vec![END; self.identities];
        let mut nexts = vec![END; self.ids.len()];
        for ((at, id), next) in (0_u32..).zip(&self.ids).zip(&mut nexts) {
            if let Some(head) = heads.get_mut(wide(*id)) {
                *next = *head;
                *head = at;
            }
        }
        self.chains = Some(Chains { heads, nexts });
    }

    /// The organisations that an identity belongs to at a moment, once [`Sets::link`] was called; one may come twice.
    pub(crate) fn holders(&self, id: u32, moment: usize) -> impl Iterator<Item = u32> {
        let rank = self.ranks.get(moment).copied().unwrap_or(u16::MAX);
        let mut at = self.chains.as_ref().and_then(|chains| chains.heads.get(wide(id)).copied());
        std::iter::from_fn(move || {
            loop {
                let entry = at.filter(|at| *at != END)?;
                at = self.chains.as_ref().and_then(|c| c.nexts.get(wide(entry)).copied());
                let (from, until) = self.spans.get(wide(entry)).copied().unwrap_or(NEVER);
                if from <= rank && rank < until {
                    return Some(self.owner(wide(entry)));
                }
            }
        })
    }

    /// Whose an entry is.
    fn owner(&self, entry: usize) -> u32 {
        let laid = self.starts.last().map_or(0, |last| wide(*last));
        match entry.checked_sub(laid) {
            Some(since) => self.owners.get(since).copied().unwrap_or(u32::MAX),
            None => {
                place(self.starts.partition_point(|start| wide(*start) <= entry)).saturating_sub(1)
            }
        }
    }
}

/// A place in a list as a small number.
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The days of the moments in order, so that a day becomes its rank among them.
#[derive(Clone, Debug)]
struct Calendar {
    days: Vec<Date>,
    first: i16,
    /// How many days lie before each year, from the first one's on: what is left to look at is one year's.
    before: Vec<usize>,
}

packed!(Calendar { days, first, before });

impl Calendar {
    fn new(moments: &[Moment]) -> Self {
        let mut days: Vec<Date> = moments.iter().map(|moment| moment.on).collect();
        days.sort_unstable();
        days.dedup();
        let first = days.first().map_or(0, |day| day.year());
        let last = days.last().map_or(first, |day| day.year());
        let before =
            (first..=last).map(|year| days.partition_point(|known| known.year() < year)).collect();
        Self { days, first, before }
    }

    /// How many moments' days lie before a day.
    fn rank(&self, day: Date) -> u16 {
        let since = usize::try_from(i32::from(day.year()) - i32::from(self.first));
        let start = since.map_or(0, |at| self.before.get(at).copied().unwrap_or(self.days.len()));
        let within = self.days.iter().skip(start).take_while(|known| **known < day).count();
        u16::try_from(start + within).unwrap_or(u16::MAX)
    }
}
