//! What the register saw of every organisation, year by year: the input of the flow model.

use std::sync::Arc;

use hoptac_model::date::{days_between, year_end, year_start};
use jiff::civil::Date;

use crate::board::Board;
use crate::facts::{Facts, Moment, wide};
use crate::forecast::shape::{CELLS, Event, KINDS, SECTORS, Tally, cell};
use crate::geography::Geography;
use crate::layout::Ground;
use crate::measure::Measured;
use hoptac_model::register::Register;
use hoptac_model::unit::Places;

/// Ages that close alike: 0, 1, 2, 3-4, 5-9, 10 and more.
pub(crate) const AGES: usize = 6;

/// From this age on all are alike.
pub(crate) const OLDEST: usize = 10;

/// The class of an age.
pub(crate) fn age_class(age: usize) -> usize {
    match age {
        0..=2 => age,
        3..=4 => 3,
        5..OLDEST => 4,
        _ => 5,
    }
}

/// An organisation at the end of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The place, by its index in the geography.
    pub(crate) place: usize,
    pub(crate) kind: usize,
    pub(crate) sector: usize,
    pub(crate) age: u8,
    registered: bool,
    founded: bool,
}

/// The end of a year, or of what has passed of it.
#[derive(Clone, Debug)]
pub(crate) struct Year {
    pub(crate) on: Date,
    /// How much of the year has passed.
    pub(crate) passed: f64,
    /// By organisation, in order.
    seen: Vec<(u32, Seen)>,
    /// Where those who exist stand among them, by place.
    there: Vec<u32>,
    /// Where those of each place begin; one more at the end.
    starts: Vec<u32>,
    /// One for each place.
    pub(crate) tallies: Vec<Tally>,
}

impl Year {
    /// Who exists, by place in no particular order.
    pub(crate) fn existing(&self) -> impl Iterator<Item = &Seen> {
        self.seen.iter().map(|(_, seen)| seen).filter(|seen| seen.registered)
    }

    /// Who exists in a place, by organisation.
    pub(crate) fn existing_in(&self, place: usize) -> impl Iterator<Item = &Seen> {
        let run = self.starts.get(place).zip(self.starts.get(place + 1));
        let there = run.and_then(|(start, end)| self.there.get(wide(*start)..wide(*end)));
        there.into_iter().flatten().filter_map(|at| Some(&self.seen.get(wide(*at))?.1))
    }

    /// Finds out who exists in which of so many places: each is asked for, and none looks through all organisations.
    fn place_existing(&mut self, places: usize) {
        let existing = (0_u32..).zip(&self.seen).filter(|(_, (_, seen))| seen.registered);
        let mut there: Vec<(usize, u32)> =
            existing.map(|(at, (_, seen))| (seen.place, at)).collect();
        there.sort_by_key(|(place, _)| *place);
        let start = |place| there.partition_point(|(other, _)| *other < place);
        let starts = (0..=places).map(|place| u32::try_from(start(place)).unwrap_or(u32::MAX));
        self.starts = starts.collect();
        self.there = there.into_iter().map(|(_, at)| at).collect();
    }

    /// The counts of some places together.
    pub(crate) fn tally(&self, places: std::ops::Range<usize>) -> Tally {
        let mut sum = [0; CELLS];
        for tally in self.tallies.get(places).unwrap_or_default() {
            for (sum, value) in sum.iter_mut().zip(tally) {
                *sum += value;
            }
        }
        sum
    }
}

/// One organisation from the end of a year to that of the next.
pub(crate) struct Passage {
    pub(crate) kind: usize,
    pub(crate) age: u8,
    pub(crate) closed: bool,
    pub(crate) converted: bool,
}

/// All years, oldest first.
#[derive(Clone, Debug)]
pub(crate) struct History {
    pub(crate) years: Vec<Year>,
}

impl History {
    /// The years of a board on one of its geographies.
    pub(crate) fn new(
        board: &Board,
        measured: &Measured,
        register: &Register,
        places: &Places,
    ) -> Self {
        let moments: Arc<[Moment]> =
            measured.moments.iter().copied().take(board.years().len()).collect();
        let names = ["kind", "sector", "registered", "founded", "age"];
        let columns: Vec<_> = names
            .iter()
            .map(|name| board.frame.catalogue.find(name).map(|(index, _)| index))
            .collect();
        let mut wanted = vec![false; board.frame.catalogue.columns().len()];
        for column in columns.iter().flatten() {
            if let Some(wanted) = wanted.get_mut(*column) {
                *wanted = true;
            }
        }
        let geography = &measured.geography;
        // None of these columns rests on a check-list.
        let facts = Facts::new(&Ground {
            register,
            places,
            geography,
            catalogue: &board.frame.catalogue,
            practices: &[],
            wanted: &wanted,
            moments: &moments,
            as_of: board.as_of(),
        });
        let mut years: Vec<Year> = Vec::with_capacity(moments.len());
        for (index, moment) in moments.iter().enumerate() {
            let seen = seen(&facts, geography, index, &columns);
            let mut year = Year {
                on: moment.on,
                passed: passed(*moment),
                tallies: vec![[0; CELLS]; geography.len()],
                seen,
                there: Vec::new(),
                starts: Vec::new(),
            };
            year.count(years.last());
            year.place_existing(geography.len());
            years.push(year);
        }
        Self { years }
    }

    /// What happened to those who existed at the end of the year before.
    pub(crate) fn passages(&self, year: usize) -> impl Iterator<Item = Passage> {
        let before = year.checked_sub(1).and_then(|before| self.years.get(before));
        let after = self.years.get(year).map_or(&[][..], |year| &year.seen);
        before
            .into_iter()
            .flat_map(|year| &year.seen)
            .filter(|(_, seen)| seen.registered)
            .filter_map(move |(organisation, seen)| {
                let found = after.binary_search_by_key(organisation, |(index, _)| *index).ok()?;
                let (_, then) = after.get(found)?;
                Some(Passage {
                    kind: seen.kind,
                    age: seen.age,
                    closed: !then.registered,
                    converted: then.registered && then.kind != seen.kind,
                })
            })
    }
}

/// The part of its year that a moment stands at the end of.
fn passed(moment: Moment) -> f64 {
    let start = year_start(moment.year);
    let whole = days_between(start, year_end(moment.year)) + 1;
    (f64::from(days_between(start, moment.on) + 1) / f64::from(whole)).clamp(0.0, 1.0)
}

fn seen(
    facts: &Facts,
    geography: &Geography,
    moment: usize,
    columns: &[Option<usize>],
) -> Vec<(u32, Seen)> {
    let mut seen = Vec::new();
    let column = |at: usize| columns.get(at).copied().flatten();
    for place in 0..geography.len() {
        for row in facts.run(moment, place..place + 1) {
            let flag = |at| column(at).and_then(|c| facts.datum(c, row).flag()) == Some(true);
            let text = |at| column(at).and_then(|c| facts.datum(c, row).text());
            let kind = KINDS.iter().position(|kind| Some(kind.code()) == text(0));
            let sector = SECTORS.iter().position(|sector| Some(sector.code()) == text(1));
            let age = column(4).and_then(|c| facts.datum(c, row).number()).unwrap_or(0.0);
            let (Some(organisation), Some(kind), Some(sector)) =
                (facts.organisation(row), kind, sector)
            else {
                continue;
            };
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "held between zero and two hundred"
            )]
            let age = age.clamp(0.0, 200.0) as u8;
            let (registered, founded) = (flag(2), flag(3));
            seen.push((organisation, Seen { place, kind, sector, age, registered, founded }));
        }
    }
    seen.sort_by_key(|(organisation, _)| *organisation);
    seen
}

impl Year {
    fn count(&mut self, before: Option<&Self>) {
        for (organisation, now) in &self.seen {
            let then = before.and_then(|before| {
                let at =
                    before.seen.binary_search_by_key(organisation, |(index, _)| *index).ok()?;
                before.seen.get(at).map(|(_, seen)| *seen)
            });
            let existed = then.is_some_and(|then| then.registered);
            let Some(tally) = self.tallies.get_mut(now.place) else { continue };
            let mut add = |event: Event| {
                if let Some(value) = tally.get_mut(cell(event as usize, now.kind, now.sector)) {
                    *value += 1;
                }
            };
            if now.registered {
                add(Event::Stock);
            }
            if now.founded {
                add(Event::Founded);
            }
            if !now.registered && (existed || now.founded) {
                add(Event::Ceased);
            }
            if then.is_some_and(|then| then.kind != now.kind) {
                add(Event::Joined);
            }
        }
    }
}
