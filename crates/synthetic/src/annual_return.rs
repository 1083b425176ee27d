//! Yearly returns: every field of the pack's form, numbers that agree with one another, and the flaws that real returns
//! have, so that lists of missing, late and doubtful ones have something to show.

use std::collections::BTreeMap;

use hoptac_model::date::year_end;
use hoptac_model::filing::{Body, ReturnAccept};
use hoptac_model::organisation::{Kind, Sector};
use hoptac_model::pack::{Field, FieldType, Form, Pack};
use jiff::civil::Date;

use crate::chance::{Chance, after, nearest, real};
use crate::life::Life;
use crate::member::{Roll, million, spread_out};
use crate::record::Event;

/// The first and the last year that are reported here.
pub(crate) const YEARS: (i16, i16) = (2019, 2025);

/// The share of organisations without a return: in the first year, and how much less every year; groups miss more often.
const MISSING: (f64, f64, f64) = (0.24, 0.03, 0.05);
/// The share of returns after the due date.
const LATE: f64 = 0.11;
/// The share of returns with an amount entered in the wrong unit, ten times too large.
const TENFOLD: f64 = 0.008;
/// The share of returns with some field left empty.
const GAPS: f64 = 0.05;
/// The share of wrong returns that are corrected later.
const CORRECTED: f64 = 0.6;

/// What stays the same about an organisation over the years, in shares and in đồng.
struct Habit {
    women: f64,
    minority: f64,
    poor: f64,
    households: f64,
    workers_per_member: f64,
    women_workers: f64,
    revenue: f64,
    with_members: f64,
    margin: f64,
}

/// The accepted returns of a life.
pub(crate) fn events(
    life: &Life,
    roll: &Roll,
    pack: &Pack,
    last_year: i16,
    chance: &mut Chance,
) -> Vec<Event> {
    let Some(form) = pack.annual_return() else { return Vec::new() };
    let habit = habit(life, chance);
    let mut events = Vec::new();
    for year in YEARS.0..=YEARS.1.min(last_year) {
        let end = year_end(year);
        let mut values = values(form, &habit, life, roll, year, chance);
        let (missing, late) = (chance.yes(missing(life.kind_on(end), year)), chance.yes(LATE));
        let on = if late {
            chance.day(Date::constant(year, 12, 19), Date::constant(year + 1, 2, 20))
        } else {
            chance.day(Date::constant(year, 11, 24), Date::constant(year, 12, 14))
        };
        let right = values.clone();
        let flawed = spoil(form, &mut values, chance);
        let corrected = chance.day(after(end, 20), after(end, 80)).max(after(on, 7));
        let corrects = chance.yes(CORRECTED);
        let young = life.founded > Date::constant(year, 10, 31);
        if missing || young || !form.applies_to.iter().any(|k| k == life.kind_on(end).code()) {
            continue;
        }
        for (day, values) in
            [(on, Some(values)), (corrected, (flawed && corrects).then_some(right))]
        {
            let Some(values) = values.filter(|_| life.exists_on(day)) else { continue };
            let body = ReturnAccept { year, form_version: form.version, values };
            let registrar = life.commune.registrar_on(day);
            let mut event = Event::new(day, registrar, Body::ReturnAccept(body));
            // Whether a return is late is said by its day; the office takes it in the day it comes.
            event.delay_days = 0;
            events.push(event);
        }
    }
    events
}

/// The share of a year's organisations without a return.
fn missing(kind: Kind, year: i16) -> f64 {
    let groups = if kind == Kind::Group { MISSING.2 } else { 0.0 };
    (MISSING.0 - MISSING.1 * real(i64::from(year - YEARS.0))).max(0.02) + groups
}

fn habit(life: &Life, chance: &mut Chance) -> Habit {
    // A group turned over about 600 million đồng in 2022 by the province's own estimate; the others are larger.
    let (low, high) = match (life.kind, life.activity.sector()) {
        (Kind::Group, _) => (250, 1500),
        (Kind::Cooperative, Sector::Agricultural) => (500, 6500),
        (Kind::Cooperative, Sector::NonAgricultural) => (800, 9000),
        (Kind::Union, _) => (4000, 20_000),
    };
    Habit {
        women: chance.share(0.22, 0.62),
        // Most people of the province are Tày and Nùng.
        minority: chance.share(0.55, 1.0),
        poor: chance.share(0.0, if life.commune.difficult { 0.28 } else { 0.12 }),
        households: chance.share(0.5, 0.95),
        workers_per_member: chance.share(0.7, 1.6),
        women_workers: chance.share(0.25, 0.65),
        revenue: real(spread_out(low, high, chance)) * (0.7 + 0.6 * life.quality),
        with_members: chance.share(0.15, 0.7),
        margin: chance.share(0.01, 0.08) + 0.06 * life.quality,
    }
}

/// A value for every field of the form.
fn values(
    form: &Form,
    habit: &Habit,
    life: &Life,
    roll: &Roll,
    year: i16,
    chance: &mut Chance,
) -> BTreeMap<String, i64> {
    let end = year_end(year);
    let members = roll.members_on(end);
    let kind = life.kind_on(end);
    let part = |share: f64| nearest(real(members) * share).clamp(0, members);
    let grown = 1.0 + (0.02 + 0.06 * life.quality) * real(i64::from(year - YEARS.0));
    // The two years of the pandemic cost everybody something.
    let setback = if year == 2020 || year == 2021 { 0.88 } else { 1.0 };
    let revenue_millions = habit.revenue * grown * setback * (1.0 + 0.08 * chance.bell());
    let revenue = round_to(revenue_millions.max(20.0) * 1e6, 100_000);
    // One year in twelve ends with a loss.
    let margin = if chance.yes(0.08) { -0.4 * habit.margin } else { habit.margin };
    let profit = round_to(real(revenue) * margin * (1.0 + 0.1 * chance.bell()), 100_000);
    let workers = nearest(real(members) * habit.workers_per_member).max(1);
    let women = nearest(real(workers) * habit.women_workers).clamp(0, workers);
    let managers = match kind {
        Kind::Group => 1 + i64::from(members > 10),
        Kind::Cooperative => 3 + members / 15,
        Kind::Union => 5,
    };
    let trained = real(managers) * (0.15 + 0.5 * life.quality);
    let college = nearest(trained * grown).clamp(0, managers);
    let capital = roll.capital_on(end).unwrap_or(revenue / 4);
    let own = round_to(real(capital) * (1.0 + 0.1 * (grown - 1.0)), 100_000);
    let assets = round_to(real(own) * (1.15 + 0.4 * life.quality), 100_000);
    let wage = round_to((34.0 + 26.0 * life.quality) * grown * setback * 1e6, 100_000);
    let income_per_member =
        round_to(real(wage) * 0.7 + real(profit.max(0)) * 0.6 / real(members.max(1)), 100_000);
    let of_profit = |share: f64| round_to(real(profit.max(0)) * share, 100_000);
    let mut value = |field: &Field| -> i64 {
        match field.id.as_str() {
            "members_total" | "members_official" => members,
            "members_female" => part(habit.women),
            "members_ethnic_minority" => part(habit.minority),
            "members_poor" => part(habit.poor),
            "members_household" => part(habit.households),
            "members_joined_year" => joined(roll, year),
            "members_left_year" => left(roll, year),
            "workers" => workers,
            "workers_female" => women,
            "workers_members" => workers.min(members),
            "workers_trained" => nearest(real(workers) * (0.15 + 0.4 * life.quality)),
            "workers_insured" if kind == Kind::Group => 0,
            "workers_insured" => nearest(real(workers) * 0.3 * life.quality),
            "revenue" => revenue,
            "revenue_members" => round_to(real(revenue) * habit.with_members, 100_000),
            "revenue_export" if life.quality > 0.92 => round_to(real(revenue) * 0.1, 100_000),
            "revenue_export" => 0,
            "profit_before_tax" => profit,
            "income_per_member" => income_per_member,
            "income_per_worker" => wage,
            "total_capital" => own,
            "total_assets" => assets,
            "undivided_assets" => round_to(real(assets) * 0.08 * life.quality, 100_000),
            "loans" => assets - own,
            "tax_paid" | "fund_reserve" => of_profit(0.05),
            "fund_development" => of_profit(0.20),
            "fund_other" => of_profit(0.03),
            "managers" => managers,
            "managers_college" => college,
            "managers_vocational" => (managers - college).min(managers / 2),
            "managers_female" => nearest(real(managers) * habit.women).clamp(0, managers),
            "general_meeting_held" => i64::from(chance.yes(0.6 + 0.39 * life.quality)),
            // Books on a computer spread with the years.
            "accounts_digital" => {
                let passed = real(i64::from(year - YEARS.0));
                i64::from(chance.yes(0.05 + 0.07 * passed + 0.3 * life.quality))
            }
            "independent_audit" => i64::from(kind == Kind::Union || chance.yes(0.06)),
            _ => other(field, members, revenue, life.quality, chance),
        }
    };
    form.fields.iter().map(|field| (field.id.clone(), value(field))).collect()
}

/// A field that is not known here by its name: a small part of the members, of the revenue, or a yes that is more likely
/// where things are run well.
fn other(field: &Field, members: i64, revenue: i64, quality: f64, chance: &mut Chance) -> i64 {
    match field.field_type {
        FieldType::Count => nearest(real(members) * chance.share(0.0, 0.3)),
        FieldType::Money => round_to(real(revenue) * chance.share(0.0, 0.05), 100_000),
        FieldType::Flag => i64::from(chance.yes(0.15 + 0.6 * quality)),
    }
}

/// Makes a few returns odd without making them impossible; says whether it did.
fn spoil(form: &Form, values: &mut BTreeMap<String, i64>, chance: &mut Chance) -> bool {
    if chance.yes(TENFOLD) {
        values.entry("revenue".to_owned()).and_modify(|value| *value *= 10);
        return true;
    }
    if chance.yes(GAPS) {
        for _ in 0..chance.whole(1, 4) {
            if let Some(field) = chance.pick(&form.fields) {
                values.remove(&field.id);
            }
        }
        return true;
    }
    // Somebody enters millions where đồng are asked: three noughts short of what it should be.
    if chance.yes(0.004) {
        values.entry("total_capital".to_owned()).and_modify(|value| *value /= million(1));
        return true;
    }
    false
}

/// Members that came within a year, as far as the register saw it.
fn joined(roll: &Roll, year: i16) -> i64 {
    steps(roll, year).filter(|step| *step > 0).sum()
}

/// Members that left within a year.
fn left(roll: &Roll, year: i16) -> i64 {
    -steps(roll, year).filter(|step| *step < 0).sum::<i64>()
}

fn steps(roll: &Roll, year: i16) -> impl Iterator<Item = i64> + '_ {
    let later = roll.members.iter().skip(1);
    let pairs = roll.members.iter().zip(later);
    pairs
        .filter(move |(_, (day, _))| day.year() == year)
        .map(|((_, before), (_, now))| now - before)
}

/// An amount to the nearest multiple.
fn round_to(amount: f64, unit: i64) -> i64 {
    nearest(amount / real(unit)) * unit
}
