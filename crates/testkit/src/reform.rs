//! Random valid histories of places: communes that begin, merge, are split, get other names and end, organisations that have
//! their seats in them, and decisions where those seats lie.

use std::collections::BTreeMap;

use hoptac_model::filing::reform::{
    Decision, NewUnit, Part, Reform, SeatPlace, UnitAbolish, UnitCreate, UnitMerge, UnitRename,
    UnitSplit,
};
use hoptac_model::filing::{Body, Change, Draft, Establish, Subject, UnitsAdopt};
use hoptac_model::ids::{OrganisationId, UnitId};
use hoptac_model::unit::{Level, Unit};
use jiff::ToSpan;
use jiff::civil::Date;
use proptest::collection::vec;
use proptest::prelude::Strategy;

use crate::draft::{Drafts, establishment};

/// Histories of up to `length` steps.
pub fn histories(length: usize) -> impl Strategy<Value = Vec<Draft>> {
    let step = (0_u8..20, 0_u8..=255, 0_u8..=255, 1_u16..90);
    vec(step, 1..=length).prop_map(|steps| play(&steps))
}

/// A document that decided something on a day.
pub fn decision(date: Date) -> Decision {
    Decision {
        number: "12/NQ-UBTVQH16".to_owned(),
        date,
        issuer: "Ủy ban thường vụ Quốc hội".to_owned(),
    }
}

/// A commune of the province `20` that begins in a year.
pub fn commune(code: &str, year: i16) -> NewUnit {
    NewUnit {
        id: NewUnit::id_of(code, year),
        code: code.to_owned(),
        level: Level::Commune,
        name: format!("Xã Mới {code}"),
        parent: "20".into(),
        lat_e4: None,
        lon_e4: None,
    }
}

/// The province `20` with the communes `06000` to `06005`, since before the records.
pub fn province() -> UnitsAdopt {
    let unit = |code: &str, level, parent: Option<&str>| Unit {
        id: code.into(),
        code: code.to_owned(),
        level,
        name: format!("Xã {code}"),
        parent: parent.map(UnitId::from),
        lat_e4: None,
        lon_e4: None,
        valid_from: None,
        valid_to: None,
    };
    let communes = (0..6).map(|n| unit(&format!("0600{n}"), Level::Commune, Some("20")));
    UnitsAdopt {
        source: "danh mục hành chính".to_owned(),
        units: [unit("20", Level::Province, None)].into_iter().chain(communes).collect(),
        successors: Vec::new(),
    }
}

/// The player's own map.
struct World {
    drafts: Drafts,
    today: Date,
    /// Communes that exist today, with their codes.
    living: Vec<(UnitId, String)>,
    /// Who followed whom, both ways.
    near: BTreeMap<UnitId, Vec<UnitId>>,
    codes: u32,
}

impl World {
    /// A commune of today.
    fn pick(&self, number: u8) -> UnitId {
        let index = usize::from(number) % self.living.len().max(1);
        self.living.get(index).map_or_else(|| "06000".into(), |(id, _)| id.clone())
    }

    fn begin(&mut self) -> NewUnit {
        self.codes += 1;
        let new = commune(&format!("07{:03}", self.codes), self.today.year());
        self.living.push((new.id.clone(), new.code.clone()));
        new
    }

    fn end(&mut self, old: &UnitId, into: &[&UnitId]) {
        self.living.retain(|(id, _)| id != old);
        for new in into {
            self.near.entry(old.clone()).or_default().push((*new).clone());
            self.near.entry((*new).clone()).or_default().push(old.clone());
        }
    }

    fn reform(&mut self, act: u8, a: u8, b: u8) -> Option<Reform> {
        let decision = decision(self.today);
        let unit = self.pick(a);
        Some(match act {
            0 => Reform::Create(UnitCreate { decision, unit: self.begin() }),
            1..=3 => {
                let other = self.pick(b);
                if unit == other || self.living.len() < 3 {
                    return None;
                }
                if b.is_multiple_of(2) {
                    self.end(&unit, &[&other]);
                    let units = vec![unit];
                    return Some(Reform::Merge(UnitMerge {
                        decision,
                        units,
                        into: other,
                        creates: None,
                    }));
                }
                let new = self.begin();
                self.end(&unit, &[&new.id]);
                self.end(&other, &[&new.id]);
                let units = vec![unit, other];
                Reform::Merge(UnitMerge {
                    decision,
                    units,
                    into: new.id.clone(),
                    creates: Some(new),
                })
            }
            4..=6 => {
                let first = self.begin();
                let other = self.pick(b);
                let (second, creates) = if other == unit || other == first.id {
                    let second = self.begin();
                    (second.id.clone(), vec![first.clone(), second])
                } else {
                    (other, vec![first.clone()])
                };
                self.end(&unit, &[&first.id, &second]);
                let parts = vec![
                    Part { unit: first.id, default: b.is_multiple_of(3) },
                    Part { unit: second, default: !b.is_multiple_of(3) },
                ];
                Reform::Split(UnitSplit { decision, unit, parts, creates })
            }
            7 => Reform::Rename(UnitRename { decision, unit, name: format!("Xã Tên {b}") }),
            _ => {
                if self.living.len() < 3 {
                    return None;
                }
                self.end(&unit, &[]);
                Reform::Abolish(UnitAbolish { decision, unit })
            }
        })
    }
}

fn play(steps: &[(u8, u8, u8, u16)]) -> Vec<Draft> {
    let mut world = World {
        drafts: Drafts::default(),
        today: Date::constant(2024, 1, 1),
        living: (0..6).map(|n| (format!("0600{n}").as_str().into(), format!("0600{n}"))).collect(),
        near: BTreeMap::new(),
        codes: 0,
    };
    let ids: Vec<OrganisationId> = (0..6).map(|_| world.drafts.organisation()).collect();
    let mut seats: BTreeMap<OrganisationId, UnitId> = BTreeMap::new();
    let first = world.today;
    let mut history =
        vec![world.drafts.draft(Subject::units(), first, Body::UnitsAdopt(province()))];
    for (act, a, b, days) in steps {
        world.today = world.today.saturating_add(i64::from(*days).days());
        let today = world.today;
        if *act < 9 {
            if let Some(reform) = world.reform(*act, *a, *b) {
                history.push(world.drafts.draft(Subject::units(), today, Body::Reform(reform)));
            }
            continue;
        }
        let Some(id) = ids.get(usize::from(*b) % ids.len()).copied() else { continue };
        let body = match seats.get(&id) {
            None => {
                let seat = world.pick(*a);
                seats.insert(id, seat.clone());
                Body::OrganisationEstablish(Establish { seat, ..establishment(id) })
            }
            Some(_) if *act < 12 => {
                let seat = world.pick(*a);
                seats.insert(id, seat.clone());
                Body::OrganisationChange(Change { seat: Some(seat), ..Change::default() })
            }
            Some(seat) => {
                let near = world.near.get(seat).cloned().unwrap_or_default();
                let Some(unit) = near.get(usize::from(*a) % near.len().max(1)) else { continue };
                Body::OrganisationPlace(SeatPlace {
                    decision: decision(today),
                    seat: seat.clone(),
                    unit: unit.clone(),
                })
            }
        };
        history.push(world.drafts.about(id, today, body));
    }
    history
}
