//! The work list of a reform, on a province whose commune `c1` was split into `n1` (by default) and `n2`, and whose
//! communes `c2` and `c3` went whole into `n2`.

use hoptac_model::ids::UnitId;
use hoptac_model::organisation::{Kind, Status};
use hoptac_model::register::{Register, SeatDecision};
use hoptac_model::unit::{Places, Successor};

use super::world::*;
use crate::board::{Board, Question};
use crate::open_seat::{OpenSeat, list};

fn split_places() -> Places {
    let next = |old: &str, new: &str, whole, default| Successor {
        old: old.into(),
        new: new.into(),
        whole,
        default,
    };
    let successors = vec![
        next("c1", "n1", false, true),
        next("c1", "n2", false, false),
        next("c2", "n2", true, true),
        next("c3", "n2", true, true),
    ];
    Places::new(places().all().cloned(), successors)
}

fn decide(register: &mut Register, organisation: u32, seat: &str, unit: &str) {
    register.seat_decisions.push(SeatDecision {
        organisation,
        seat: seat.into(),
        unit: unit.into(),
        position: 9,
    });
}

/// Seats in `c1`, `c2`, `n1`, `n2`, and one that nobody knows.
fn register() -> Register {
    let mut register = Register::default();
    for seat in ["c1", "c2", "n1", "n2", "nowhere"] {
        establish(&mut register, Kind::Group, seat, "2024-01-01", Some(4));
    }
    register
}

/// An organisation, what is undecided, the choices, and where it is counted.
type Want<'a> = (u32, Option<&'a str>, &'a [&'a str], Option<&'a str>);

#[track_caller]
fn check(register: &Register, geography: &str, want: &[Want<'_>]) {
    let got = list(register, &split_places(), day("2026-01-01"), day(geography));
    let want: Vec<OpenSeat> = want
        .iter()
        .map(|(organisation, undecided, choices, counted_in)| OpenSeat {
            organisation: *organisation,
            seat: register.states.of(*organisation)[0].seat.clone(),
            undecided: undecided.map(UnitId::from),
            choices: choices.iter().map(|id| UnitId::from(*id)).collect(),
            counted_in: counted_in.map(UnitId::from),
        })
        .collect();
    assert_eq!(got, want);
}

#[test]
fn after_a_split_whoever_only_the_default_placed_is_listed() {
    check(&register(), NEW, &[(0, Some("c1"), &["n1", "n2"], Some("n1")), (4, None, &[], None)]);
}
#[test]
fn before_a_merger_whoever_may_have_been_in_several_is_listed() {
    // `n1` has one predecessor, `n2` has three.
    check(&register(), OLD, &[(3, Some("n2"), &["c1", "c2", "c3"], None), (4, None, &[], None)]);
}
#[test]
fn a_decision_takes_an_organisation_off_the_list() {
    let mut register = register();
    decide(&mut register, 0, "c1", "n2");
    decide(&mut register, 3, "n2", "c2");
    check(&register, NEW, &[(4, None, &[], None)]);
    check(&register, OLD, &[(4, None, &[], None)]);
}
#[test]
fn who_has_ceased_is_nobodys_work() {
    let mut register = register();
    then(&mut register, 0, "2025-01-01", |state| state.status = Status::Terminated);
    then(&mut register, 4, "2025-01-01", |state| state.status = Status::Terminated);
    check(&register, NEW, &[]);
}
#[test]
fn a_decision_moves_a_record_and_no_total() {
    let mut register = register();
    let value = |register: &Register, unit: &str, geography: &str| {
        let count = indicator("f", hoptac_model::pack::Measure::Stock, "COUNT(*)");
        let question = Question { as_of: day("2026-01-01"), geography: day(geography) };
        let pack = pack(vec![count], Vec::new());
        let board = Board::compute(register, &split_places(), &pack, question);
        board.cell(&"f".into(), &unit.into(), 2025).and_then(|cell| cell.value)
    };
    assert_eq!((value(&register, "n1", NEW), value(&register, "n2", NEW)), (Some(2.0), Some(2.0)));
    assert_eq!((value(&register, "d1", OLD), value(&register, "20", OLD)), (Some(3.0), Some(5.0)));
    decide(&mut register, 0, "c1", "n2");
    decide(&mut register, 3, "n2", "c2");
    assert_eq!((value(&register, "n1", NEW), value(&register, "n2", NEW)), (Some(1.0), Some(3.0)));
    assert_eq!((value(&register, "d1", OLD), value(&register, "20", OLD)), (Some(4.0), Some(5.0)));
    assert_eq!(value(&register, "20", NEW), Some(5.0));
}
