//! Lives of organisations: who forms, converts, suspends and closes, and when. Everything else is told about a life.

use hoptac_model::date::{year_end, year_start};
use hoptac_model::ids::OrganisationId;
use hoptac_model::organisation::Kind;
use jiff::civil::Date;

use crate::chance::{Chance, after, months_after};
use crate::code::Codes;
use crate::flow;
use crate::name::{self, Activity, Names};
use crate::place::{Commune, Map};
use crate::record;

/// The life of one organisation.
pub(crate) struct Life {
    /// Identity.
    pub(crate) id: OrganisationId,
    /// The kind that it is founded as.
    pub(crate) kind: Kind,
    /// What it does.
    pub(crate) activity: &'static Activity,
    /// Where it sits.
    pub(crate) commune: Commune,
    /// Its name at founding.
    pub(crate) name: String,
    /// Its code; a group may get one only when it converts.
    pub(crate) code: Option<String>,
    /// Whether it has its code from the start.
    pub(crate) coded_at_founding: bool,
    /// How well it is run, from 0 to 1: it survives longer, sells under contract, is graded better.
    pub(crate) quality: f64,
    /// The day it is founded.
    pub(crate) founded: Date,
    /// The day it becomes a cooperative, with its name from then on.
    pub(crate) converted: Option<(Date, String)>,
    /// The day it ceases.
    pub(crate) closed: Option<Date>,
    /// Suspensions: the first day and, unless it lasts, the day of resumption.
    pub(crate) suspended: Vec<(Date, Option<Date>)>,
}

impl Life {
    /// Whether it exists on a day.
    pub(crate) fn exists_on(&self, day: Date) -> bool {
        self.founded <= day && self.closed.is_none_or(|closed| day < closed)
    }

    /// What it is on a day.
    pub(crate) fn kind_on(&self, day: Date) -> Kind {
        match &self.converted {
            Some((converted, _)) if *converted <= day => Kind::Cooperative,
            Some(_) | None => self.kind,
        }
    }

    /// Since when it is of the kind that it is on a day.
    pub(crate) fn of_kind_since(&self, day: Date) -> Date {
        match &self.converted {
            Some((converted, _)) if *converted <= day => *converted,
            Some(_) | None => self.founded,
        }
    }

    /// Days of a year for which it is suspended.
    pub(crate) fn suspended_days(&self, year: i16) -> i32 {
        self.suspended
            .iter()
            .map(|(from, to)| {
                let first = year_start(year).max(*from);
                let last = to.unwrap_or(year_end(year)).min(year_end(year));
                hoptac_model::date::days_between(first, last).max(0)
            })
            .sum()
    }

    /// Whether it runs its business on a day.
    pub(crate) fn operates_on(&self, day: Date) -> bool {
        let pauses =
            |(from, to): &(Date, Option<Date>)| *from <= day && to.is_none_or(|to| day < to);
        self.exists_on(day) && !self.suspended.iter().any(pauses)
    }
}

/// Groups that have a code although they need none: registered ones before the law of 2023, and most after it.
const CODED_GROUPS: (f64, f64) = (0.12, 0.65);

/// The first day of the law of 2023, under which most groups register.
const NEW_LAW: Date = Date::constant(2024, 7, 1);

/// The chance that an organisation pauses in a year.
const PAUSES: f64 = 0.022;

/// All lives, in order of founding year, founded by the end of `last_year`.
pub(crate) fn all(seed: u64, map: &Map, last_year: i16) -> Vec<Life> {
    let mut chance = Chance::new(seed, 1);
    let mut names = Names::default();
    let mut codes = Codes::new();
    let mut lives = Vec::new();
    for year in flow::FIRST..=last_year {
        let flow = flow::year(year);
        let formed = std::iter::repeat_n(Kind::Group, flow.groups_formed)
            .chain(std::iter::repeat_n(Kind::Cooperative, flow.cooperatives_formed))
            .chain(flow::UNIONS.iter().filter(|(from, _)| *from == year).map(|_| Kind::Union));
        for kind in formed {
            lives.extend(found(kind, year, map, &mut names, &mut codes, &mut chance));
        }
        convert(&mut lives, year, &mut names, &mut codes, &mut chance);
        close(&mut lives, year, Kind::Group, flow.groups_closed, &mut chance);
        close(&mut lives, year, Kind::Cooperative, flow.cooperatives_closed, &mut chance);
        let dissolved = flow::UNIONS.iter().filter(|(_, to)| *to == Some(year)).count();
        close(&mut lives, year, Kind::Union, dissolved, &mut chance);
    }
    for life in &mut lives {
        life.suspended = pauses(life, last_year, &mut chance);
    }
    lives
}

/// An organisation that is founded in a year.
fn found(
    kind: Kind,
    year: i16,
    map: &Map,
    names: &mut Names,
    codes: &mut Codes,
    chance: &mut Chance,
) -> Option<Life> {
    let middle = Date::constant(year, 6, 30);
    let founded = if kind == Kind::Union {
        // Late enough that four cooperatives have agreed on it.
        chance.day(Date::constant(year, 3, 1), Date::constant(year, 9, 30))
    } else if chance.yes(flow::year(year).first_half) {
        chance.day(Date::constant(year, 1, 3), middle)
    } else {
        chance.day(after(middle, 1), year_end(year))
    };
    let commune = map.draw(chance)?.clone();
    let activity = name::activity(kind, &commune, chance);
    let coded = match kind {
        Kind::Group if founded < NEW_LAW => chance.yes(CODED_GROUPS.0),
        Kind::Group => chance.yes(CODED_GROUPS.1),
        Kind::Cooperative | Kind::Union => true,
    };
    Some(Life {
        id: OrganisationId(record::identity(record::morning(founded), chance)),
        kind,
        activity,
        name: names.coin(kind, activity, &commune, chance),
        code: coded.then(|| codes.issue()),
        coded_at_founding: coded,
        commune,
        quality: chance.share(0.0, 1.0),
        founded,
        converted: None,
        closed: None,
        suspended: Vec::new(),
    })
}

/// Some groups of at least two calendar years become cooperatives, the better ones sooner. They keep their code, or get one.
fn convert(
    lives: &mut [Life],
    year: i16,
    names: &mut Names,
    codes: &mut Codes,
    chance: &mut Chance,
) {
    for _ in 0..flow::year(year).groups_converted {
        let ready = |life: &Life| {
            life.kind == Kind::Group
                && life.converted.is_none()
                && life.closed.is_none()
                && life.founded < year_start(year - 1)
        };
        let weights: Vec<f64> =
            lives.iter().map(|life| if ready(life) { 0.2 + life.quality } else { 0.0 }).collect();
        let Some(life) = lives.get_mut(chance.weighted(&weights)).filter(|life| ready(life)) else {
            return;
        };
        let day = chance.day(Date::constant(year, 2, 15), Date::constant(year, 11, 30));
        let name = names.convert(&life.name, &life.commune);
        life.code.get_or_insert_with(|| codes.issue());
        life.converted = Some((day, name));
    }
}

/// Some organisations cease: seldom in their second and third year, most in the years after, when the first support and
/// the first contracts have run out, and the worse ones sooner.
fn close(lives: &mut [Life], year: i16, kind: Kind, count: usize, chance: &mut Chance) {
    for _ in 0..count {
        let may = |life: &Life| {
            life.closed.is_none()
                && life.kind_on(year_start(year)) == kind
                && life.of_kind_since(year_end(year)) < year_start(year)
        };
        let weights: Vec<f64> = lives
            .iter()
            .map(|life| {
                let by_age = match year - life.founded.year() {
                    ..=1 => 0.3,
                    2 => 0.8,
                    3..=6 => 1.5,
                    _ => 1.0,
                };
                if may(life) { by_age * (1.3 - life.quality) } else { 0.0 }
            })
            .collect();
        let Some(life) = lives.get_mut(chance.weighted(&weights)).filter(|life| may(life)) else {
            return;
        };
        life.closed = Some(chance.day(Date::constant(year, 1, 15), Date::constant(year, 12, 20)));
    }
}

/// Suspensions of two to ten months. None touches the day of conversion, and none begins near the end of a life; some of
/// the latest still last.
fn pauses(life: &Life, last_year: i16, chance: &mut Chance) -> Vec<(Date, Option<Date>)> {
    let mut pauses: Vec<(Date, Option<Date>)> = Vec::new();
    if life.kind == Kind::Union {
        return pauses;
    }
    for year in life.founded.year() + 1..=last_year {
        if !chance.yes(PAUSES * (1.5 - life.quality)) {
            continue;
        }
        let from = chance.day(Date::constant(year, 1, 10), Date::constant(year, 10, 31));
        let to = months_after(from, chance.whole(2, 10));
        let to = chance.day(to, after(to, 20));
        let near_conversion = life
            .converted
            .as_ref()
            .is_some_and(|(day, _)| after(from, -20) <= *day && *day <= after(to, 20));
        let ends = life.closed.is_some_and(|closed| closed <= after(to, 30));
        let overlaps = pauses.last().is_some_and(|(_, before)| before.is_none_or(|b| from <= b));
        if near_conversion || ends || overlaps {
            continue;
        }
        let lasts = year == last_year && chance.yes(0.5);
        pauses.push((from, (!lasts).then_some(to)));
    }
    pauses
}
