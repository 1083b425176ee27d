//! Random reforms of a province: whatever merges, is split or ends, and whatever is decided about seats, the whole stays the
//! same on the places of every day, and it is what is placed in communes and what is not.

use std::collections::BTreeSet;

use hoptac_model::ids::UnitId;
use hoptac_model::organisation::Kind;
use hoptac_model::pack::Measure;
use hoptac_model::register::{Register, SeatDecision};
use hoptac_model::unit::{Level, Places, Successor, Unit};
use jiff::civil::Date;
use proptest::prelude::*;

use super::world::*;
use crate::board::{Board, Question};
use crate::open_seat;

/// First days of the reforms.
const DAYS: [&str; 3] = ["2023-05-01", "2024-08-15", "2025-07-01"];

/// What becomes of a commune.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Stays,
    /// Goes whole into the next one that stays, or ends where there is none.
    Merges,
    /// Goes in parts into two new ones.
    Splits,
    Ends,
}

fn fates() -> impl Strategy<Value = Vec<Vec<Fate>>> {
    let fate = prop_oneof![
        3 => Just(Fate::Stays), 2 => Just(Fate::Merges), 2 => Just(Fate::Splits), 1 => Just(Fate::Ends)
    ];
    prop::collection::vec(prop::collection::vec(fate, 12), DAYS.len())
}

fn commune(number: usize, from: Option<Date>) -> Unit {
    Unit {
        id: format!("c{number}").as_str().into(),
        code: format!("c{number}"),
        level: Level::Commune,
        name: format!("c{number}"),
        parent: Some("20".into()),
        lat_e4: None,
        lon_e4: None,
        valid_from: from,
        valid_to: None,
    }
}

/// The province with four communes at first, after all reforms.
fn places_of(fates: &[Vec<Fate>]) -> Places {
    let province =
        Unit { id: "20".into(), level: Level::Province, parent: None, ..commune(0, None) };
    let province = Unit { code: "20".to_owned(), ..province };
    let mut units: Vec<Unit> = (1..=4).map(|number| commune(number, None)).collect();
    let mut successors = Vec::new();
    let way = |old: &UnitId, new: &UnitId, whole, default| Successor {
        old: old.clone(),
        new: new.clone(),
        whole,
        default,
    };
    for (day_text, fates) in DAYS.into_iter().zip(fates) {
        let first = day(day_text);
        let living: Vec<usize> =
            (0..units.len()).filter(|index| units[*index].valid_to.is_none()).collect();
        for (order, index) in living.iter().enumerate() {
            let fate = |order: usize| fates[order % fates.len()];
            let old = units[*index].id.clone();
            match fate(order) {
                Fate::Stays => continue,
                Fate::Merges => {
                    let later = living.iter().enumerate().skip(order + 1);
                    let stays =
                        later.clone().find(|(order, _)| matches!(fate(*order), Fate::Stays));
                    if let Some((_, into)) = stays {
                        successors.push(way(&old, &units[*into].id, true, true));
                    }
                }
                Fate::Splits => {
                    for default in [true, false] {
                        let new = commune(units.len() + 1, Some(first));
                        successors.push(way(&old, &new.id, false, default));
                        units.push(new);
                    }
                }
                Fate::Ends => {}
            }
            units[*index].valid_to = first.yesterday().ok();
        }
    }
    Places::new(units.into_iter().chain([province]), successors)
}

proptest! {
    #[test]
    fn no_reform_changes_the_whole(
        fates in fates(),
        seats in prop::collection::vec(0_usize..12, 0..12),
        decided in prop::collection::vec((0_u32..12, 0_usize..12, 0_usize..12), 0..12),
    ) {
        let places = places_of(&fates);
        let communes: Vec<UnitId> = places
            .all()
            .filter(|unit| unit.level == Level::Commune)
            .map(|unit| unit.id.clone())
            .collect();
        let mut register = Register::default();
        for seat in &seats {
            let seat = &communes[seat % communes.len()];
            establish(&mut register, Kind::Group, seat.as_str(), "2021-01-01", Some(4));
        }
        for (position, (organisation, seat, unit)) in (1..).zip(decided) {
            register.seat_decisions.push(SeatDecision {
                organisation,
                seat: communes[seat % communes.len()].clone(),
                unit: communes[unit % communes.len()].clone(),
                position,
            });
        }
        register.seat_decisions.sort_by_key(|one| (one.seat.clone(), one.position));
        let pack = pack(vec![indicator("f", Measure::Stock, "COUNT(*)")], Vec::new());
        let total = seats.len();
        for geography in DAYS.iter().chain(&["2021-06-30", "2023-04-30", "2026-06-30"]) {
            let question = Question { as_of: day("2026-01-01"), geography: day(geography) };
            let board = Board::compute(&register, &places, &pack, question);
            let count = |unit: &UnitId| {
                let value = board.cell(&"f".into(), unit, 2025).and_then(|cell| cell.value);
                value.unwrap_or_default()
            };
            let of = |n: usize| f64::from(u32::try_from(n).unwrap());
            let same = |a: f64, b: f64| (a - b).abs() < 1e-9;
            prop_assert!(same(count(&"20".into()), of(total)), "on {geography}");
            let placed: f64 = board.unit_ids().filter(|id| id.as_str() != "20").map(count).sum();
            let left = total - board.unplaced().len();
            prop_assert!(same(placed, of(left)), "on {geography}: {placed}, not {left}");
            // The work list has everybody who is in no commune, and counts the others where the board does.
            let open = open_seat::list(&register, &places, question.as_of, question.geography);
            let nowhere: BTreeSet<u32> = open
                .iter()
                .filter(|seat| seat.counted_in.is_none())
                .map(|seat| seat.organisation)
                .collect();
            prop_assert_eq!(nowhere, board.unplaced().iter().copied().collect());
            for seat in open.iter().filter(|seat| seat.counted_in.is_some()) {
                prop_assert!(seat.choices.len() > 1);
                prop_assert!(count(seat.counted_in.as_ref().unwrap()) >= 1.0);
            }
        }
    }
}
