//! Linkage contracts: who sells to whom, from when to when.

use hoptac_model::filing::{Body, LinkChange, LinkEnd, LinkSign};
use hoptac_model::linkage::{Form, Volume, VolumeUnit};
use hoptac_model::organisation::{Kind, Sector};
use hoptac_model::register::{PartnerKind, Stage};
use jiff::civil::Date;

use crate::chance::{Chance, after, months_after};
use crate::life::Life;
use crate::member::{million, spread_out};
use crate::record::Event;

/// The first year with recorded contracts: the decree on linkage is of 2018, some contracts are older.
const FIRST: i16 = 2015;

/// How many enterprises there are to sell to. Their names say that they are made up.
const ENTERPRISES: i64 = 60;

/// One contract in so many covers stages that are none of the seven forms.
const ODD: f64 = 0.03;

/// Somebody in the register who buys: a cooperative or union with its code.
pub(crate) struct Buyer {
    /// Its code.
    pub(crate) code: String,
    /// Its name at founding.
    pub(crate) name: String,
    /// From when to when it exists.
    pub(crate) founded: Date,
    /// The day it ceases.
    pub(crate) closed: Option<Date>,
}

/// The contracts of a life, and the first day on which it sells under one.
pub(crate) fn events(
    life: &Life,
    buyers: &[Buyer],
    last_year: i16,
    chance: &mut Chance,
) -> (Vec<Event>, Option<Date>) {
    let mut events = Vec::new();
    let mut first = None;
    let mut number = 0;
    for year in FIRST.max(life.founded.year())..=last_year {
        let day = chance.day(Date::constant(year, 1, 10), Date::constant(year, 11, 30));
        if !chance.yes(probability(life, day)) || !life.operates_on(day) {
            continue;
        }
        number += 1;
        first = first.or(Some(day));
        let link = format!("HĐLK-{number:02}/{year}");
        let months = chance.whole(1, 5) * 12;
        let agreed = months_after(day, months);
        let (partner, partner_name, partner_kind) = partner(life, day, buyers, chance);
        let stages = chance.pick(&Form::ALL).map_or(&[Stage::Sale][..], |form| form.stages());
        // One in four runs until somebody ends it.
        let to = (!chance.yes(0.25)).then_some(agreed);
        let value = chance.yes(0.85).then(|| million(spread_out(5, 350, chance) * 10));
        let mut aside = chance.aside(1);
        let odd = aside.yes(ODD);
        let farms = life.activity.vsic == 'A';
        let volume = aside.yes(if farms { 0.8 } else { 0.3 }).then(|| {
            let unit = if farms { VolumeUnit::Kg } else { VolumeUnit::Piece };
            Volume { amount: spread_out(4, 240, &mut aside) * 500, unit }
        });
        events.push(Event::new(
            day,
            "officer.agriculture",
            Body::LinkSign(LinkSign {
                link: link.clone(),
                partner,
                partner_name,
                partner_kind,
                product: life.activity.product.to_owned(),
                stages: if odd { vec![Stage::Harvest, Stage::Sale] } else { stages.to_vec() },
                to,
                value,
                volume,
                area: (farms && aside.yes(0.7)).then(|| spread_out(2, 120, &mut aside) * 2_500),
                proof: format!("Bản sao hợp đồng {link} (mô phỏng)"),
            }),
        ));
        let broken = chance.yes(0.15).then(|| after(day, chance.whole(90, months * 20)));
        let reason = if broken.is_some() {
            "hai bên thỏa thuận chấm dứt"
        } else {
            "tổ chức chấm dứt hoạt động"
        };
        // A contract does not outlive the organisation.
        // One in ten is prolonged or grows while it runs.
        let changes = after(day, aside.whole(120, 330));
        let runs_then = life.operates_on(changes)
            && changes < agreed
            && broken.is_none_or(|broken| changes < broken)
            && life.closed.is_none_or(|closed| changes < closed);
        if aside.yes(0.1) && runs_then && to.is_some() {
            let body = LinkChange {
                link: link.clone(),
                to: Some(months_after(agreed, 12)),
                value: value.map(|value| value / 4 * 5),
                proof: format!("Phụ lục 01 của hợp đồng {link} (mô phỏng)"),
                reason: "hai bên gia hạn và tăng giá trị".to_owned(),
                ..LinkChange::default()
            };
            events.push(Event::new(changes, "officer.agriculture", Body::LinkChange(body)));
        }
        let end = match (broken, life.closed) {
            (Some(broken), Some(closed)) => Some(broken.min(closed)),
            (Some(end), None) | (None, Some(end)) => Some(end),
            (None, None) => None,
        };
        if let Some(end) = end.filter(|end| *end < agreed) {
            let reason = reason.to_owned();
            let body = Body::LinkEnd(LinkEnd { link, reason });
            events.push(Event::new(end, "officer.agriculture", body).ranked(2));
        }
    }
    (events, first)
}

/// The chance of a new contract in a year: well run farm cooperatives first, and more since the decree.
fn probability(life: &Life, day: Date) -> f64 {
    let kind = match (life.kind_on(day), life.activity.sector()) {
        (Kind::Cooperative, Sector::Agricultural) => 0.22,
        (Kind::Cooperative, Sector::NonAgricultural) => 0.06,
        (Kind::Group, _) => 0.05,
        (Kind::Union, _) => 0.6,
    };
    let time = match day.year() {
        ..=2017 => 0.25,
        2018..=2020 => 0.5,
        2021..=2022 => 0.8,
        _ => 1.0,
    };
    // Who cannot deliver a steady quality does not sell under contract.
    kind * time * (life.quality - 0.25).max(0.0) * 2.0
}

/// An enterprise, or one contract in six another organisation of the register.
fn partner(
    life: &Life,
    day: Date,
    buyers: &[Buyer],
    chance: &mut Chance,
) -> (String, String, PartnerKind) {
    if chance.yes(1.0 / 6.0) {
        let buyer = chance.pick(buyers).filter(|buyer| {
            // A year after its founding at the earliest, so that it is long in the register.
            months_after(buyer.founded, 12) <= day
                && buyer.closed.is_none_or(|closed| months_after(day, 12) < closed)
                && life.code.as_ref() != Some(&buyer.code)
        });
        if let Some(buyer) = buyer {
            return (buyer.code.clone(), buyer.name.clone(), PartnerKind::Organisation);
        }
    }
    // Low numbers buy more, so that some enterprises depend on many and many on few.
    let number = spread_out(1, ENTERPRISES, chance);
    (
        format!("DNMP-{number:03}"),
        format!("Doanh nghiệp mô phỏng {number:03}"),
        PartnerKind::Enterprise,
    )
}
