//! Check-lists that an agency confirms: high technology, digital adoption, direct export.

use hoptac_model::filing::{Body, PracticeConfirm};
use hoptac_model::organisation::{Kind, Sector};
use hoptac_model::pack::Pack;
use hoptac_model::register::Practice;
use jiff::civil::Date;

use crate::chance::{Chance, after, months_after};
use crate::life::Life;
use crate::record::Event;

/// What may be ticked for high technology, as the pack's check-list names it.
const TECHNOLOGY: [&str; 5] =
    ["greenhouse", "irrigation", "tissue-culture", "sensors", "cold-storage"];
/// What may be ticked for digital adoption.
const DIGITAL: [&str; 5] =
    ["accounting-software", "member-book", "production-diary", "traceability", "online-sale"];
/// What may be ticked for direct export.
const EXPORT: [&str; 2] = ["export-contract", "customs-declaration"];

/// Digital adoption per year and organisation before and after the provincial programme of 2022.
const DIGITAL_PACE: (f64, f64) = (0.035, 0.14);

/// The confirmed check-lists of a life.
pub(crate) fn events(life: &Life, pack: &Pack, last_year: i16, chance: &mut Chance) -> Vec<Event> {
    let mut events = Vec::new();
    let mut done: Vec<(Practice, Option<Date>)> = Vec::new();
    for year in 2018.max(life.founded.year() + 1)..=last_year {
        for (practice, items, names) in [
            (Practice::HighTechnology, &TECHNOLOGY[..], &["nong-nghiep"][..]),
            (Practice::Digital, &DIGITAL[..], &["truyen-thong", "khoa-hoc"][..]),
            (Practice::DirectExport, &EXPORT[..], &["cong-thuong"][..]),
        ] {
            let day = chance.day(Date::constant(year, 2, 1), Date::constant(year, 12, 10));
            let adopts = chance.yes(probability(practice, life, day));
            let ticked: Vec<String> =
                items.iter().filter(|_| chance.yes(0.55)).map(|item| (*item).to_owned()).collect();
            let least = if practice == Practice::DirectExport { 1 } else { 2 };
            // A digital check-list lasts; that of technology is looked at again after three years.
            let to =
                (practice == Practice::HighTechnology).then(|| after(months_after(day, 36), -1));
            let holds = done.iter().any(|(p, to)| *p == practice && to.is_none_or(|to| day <= to));
            if !adopts || holds || ticked.len() < least || !life.operates_on(day) {
                continue;
            }
            done.push((practice, to));
            events.push(Event::new(
                day,
                actor(practice),
                Body::PracticeConfirm(PracticeConfirm {
                    practice,
                    items: ticked,
                    confirmed_by: agency(pack, names, day),
                    to,
                    evidence: "Biên bản kiểm tra (mô phỏng)".to_owned(),
                }),
            ));
        }
    }
    events
}

/// The chance that a check-list is confirmed in a year.
fn probability(practice: Practice, life: &Life, day: Date) -> f64 {
    let kind = life.kind_on(day);
    let farms = life.activity.sector() == Sector::Agricultural;
    let legal = kind != Kind::Group;
    match practice {
        Practice::HighTechnology if farms && legal => {
            (life.quality - 0.5).max(0.0) * if day.year() < 2022 { 0.12 } else { 0.34 }
        }
        Practice::Digital => {
            let pace = if day.year() < 2022 { DIGITAL_PACE.0 } else { DIGITAL_PACE.1 };
            pace * (0.4 + life.quality) * if legal { 1.0 } else { 0.45 }
        }
        Practice::DirectExport if farms && legal && day.year() >= 2020 => {
            (life.quality - 0.75).max(0.0) * 0.15
        }
        Practice::HighTechnology | Practice::DirectExport => 0.0,
    }
}

fn actor(practice: Practice) -> &'static str {
    match practice {
        Practice::HighTechnology => "officer.agriculture",
        Practice::Digital => "officer.technology",
        Practice::DirectExport => "officer.trade",
    }
}

/// The agency of the pack that exists on the day and whose name holds one of some words, else the first that exists. The
/// department for digital matters changed in 2025, so there are two words for it.
fn agency(pack: &Pack, names: &[&str], day: Date) -> String {
    let exists = || {
        pack.agencies.iter().filter(move |agency| {
            agency.valid_from.is_none_or(|from| from <= day)
                && agency.valid_to.is_none_or(|to| day <= to)
        })
    };
    names
        .iter()
        .find_map(|name| exists().find(|agency| agency.id.contains(name)))
        .or_else(|| exists().next())
        .map_or_else(|| names.concat(), |agency| agency.id.clone())
}
