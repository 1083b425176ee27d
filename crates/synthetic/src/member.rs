//! Members and capital over a life: how many there are at founding, and what changes later.

use hoptac_model::law::Law;
use hoptac_model::organisation::{Kind, Sector};
use jiff::civil::Date;

use crate::chance::{Chance, nearest, real};
use crate::life::Life;

/// The rolls of a life: members and charter capital from each day on, founding first.
pub(crate) struct Roll {
    /// Official members.
    pub(crate) members: Vec<(Date, i64)>,
    /// Charter capital in đồng; empty where none was declared.
    pub(crate) capital: Vec<(Date, i64)>,
}

impl Roll {
    /// Members on a day; founders before the first.
    pub(crate) fn members_on(&self, day: Date) -> i64 {
        on(&self.members, day).unwrap_or(0)
    }

    /// Charter capital declared on the day of founding itself.
    pub(crate) fn capital_at_founding(&self, founded: Date) -> Option<i64> {
        self.capital.iter().find(|(day, _)| *day == founded).map(|(_, amount)| *amount)
    }

    /// Charter capital on a day.
    pub(crate) fn capital_on(&self, day: Date) -> Option<i64> {
        on(&self.capital, day)
    }
}

/// The value of a day: the last one from before it, else the first.
fn on(values: &[(Date, i64)], day: Date) -> Option<i64> {
    values.iter().rev().find(|(from, _)| *from <= day).or_else(|| values.first()).map(|(_, v)| *v)
}

/// The chance that members change in a year, and that capital does.
const CHANGES: (f64, f64) = (0.24, 0.05);

/// The roll of a life up to a year. `founders` is the number of member cooperatives of a union.
pub(crate) fn roll(life: &Life, founders: i64, last_year: i16, chance: &mut Chance) -> Roll {
    let first = at_founding(life, founders, chance);
    let mut members = vec![(life.founded, first)];
    let mut capital: Vec<(Date, i64)> = capital_at_founding(life, chance)
        .map(|amount| (life.founded, amount))
        .into_iter()
        .collect();
    if let Some((day, _)) = life.converted {
        let joined = chance.whole(2, 5);
        let least = members_min(life.kind_on(day), day) + joined;
        members.push((day, least.max(first.min(22))));
        capital.push((day, million(chance.whole(30, 150) * 10)));
    }
    for year in life.founded.year() + 1..=last_year {
        let (change, raise) = (chance.yes(CHANGES.0), chance.yes(CHANGES.1));
        let day = chance.day(Date::constant(year, 2, 1), Date::constant(year, 11, 30));
        let near_conversion =
            life.converted.as_ref().is_some_and(|(converted, _)| converted.year() == year);
        if life.kind == Kind::Union || near_conversion || !life.operates_on(day) {
            continue;
        }
        if change {
            let now = on(&members, day).unwrap_or(first);
            let least = members_min(life.kind_on(day), day);
            let next = (now + step(life.kind_on(day), life.quality, chance)).max(least);
            if next != now {
                members.push((day, next));
            }
        } else if raise && let Some(now) = on(&capital, day) {
            let grown = nearest(real(now) * chance.share(1.1, 1.6) / 1e6);
            capital.push((day, million(grown)));
        }
    }
    members.sort_unstable_by_key(|(day, _)| *day);
    capital.sort_unstable_by_key(|(day, _)| *day);
    Roll { members, capital }
}

/// The least number of members by the law that the program carries; one where none is known.
fn members_min(kind: Kind, day: Date) -> i64 {
    Law::shipped().members_min(kind, day).unwrap_or(1)
}

/// Members at founding. Groups of the first years are whole villages, those of today a few households; cooperatives keep
/// above what the law asks on the day.
fn at_founding(life: &Life, founders: i64, chance: &mut Chance) -> i64 {
    let least = members_min(life.kind, life.founded);
    let usual = match life.kind {
        Kind::Group => match life.founded.year() {
            ..=2017 => 16.0,
            2018..=2021 => 13.5,
            2022..=2023 => 10.0,
            _ => 7.0,
        },
        Kind::Cooperative => match life.founded.year() {
            ..=2016 => 14.0,
            2017..=2021 => 12.0,
            _ => 10.5,
        },
        Kind::Union => return founders.max(least),
    };
    let spread = nearest(usual * (1.0 + chance.bell() * 0.30));
    // One in forty is far larger than the others: a whole commune joined.
    let large = if chance.yes(0.025) { chance.whole(15, 45) } else { 0 };
    (spread + large).max(least)
}

/// How members change in one go: groups lose some, cooperatives that are run well gain.
fn step(kind: Kind, quality: f64, chance: &mut Chance) -> i64 {
    match kind {
        Kind::Group => chance.whole(-4, if quality > 0.7 { 2 } else { 1 }),
        Kind::Cooperative | Kind::Union => chance.whole(-2, if quality > 0.5 { 4 } else { 2 }),
    }
}

/// Charter capital at founding in đồng: few groups declare one; those who build, carry or mill need more than farmers.
fn capital_at_founding(life: &Life, chance: &mut Chance) -> Option<i64> {
    let tens_of_millions = match (life.kind, life.activity.sector()) {
        (Kind::Group, _) if chance.yes(0.6) => return None,
        (Kind::Group, _) => chance.whole(3, 40),
        (Kind::Cooperative, Sector::Agricultural) => spread_out(30, 400, chance),
        (Kind::Cooperative, Sector::NonAgricultural) => spread_out(60, 900, chance),
        (Kind::Union, _) => chance.whole(300, 1500),
    };
    Some(million(tens_of_millions * 10))
}

/// A number of which small ones are far more frequent than large ones.
pub(crate) fn spread_out(low: i64, high: i64, chance: &mut Chance) -> i64 {
    let far = chance.share(0.0, 1.0);
    low + nearest(real(high - low) * far * far * far)
}

/// Millions of đồng in đồng.
pub(crate) fn million(millions: i64) -> i64 {
    millions * 1_000_000
}
