//! Each ground a day before, on and after its limit, and what the records do not tell.

use jiff::civil::date;

use super::*;
use crate::ids::OrganisationId;
use crate::organisation::{Organisation, Sector};

const FOUNDED: Date = date(2020, 1, 1);

fn state(from: Date, status: Status, members: i64) -> State {
    State {
        organisation: 0,
        from,
        position: 1,
        kind: Kind::Cooperative,
        status,
        seat: "06433".into(),
        seat_former: None,
        sector: Sector::Agricultural,
        vsic: 'A',
        difficult_area: false,
        members: Some(members),
        capital: None,
    }
}

/// The year of a return with what it says of the meeting.
type Filed = (i16, Option<i64>);

fn filed(year: i16, held: Option<i64>) -> Filed {
    (year, held)
}

fn register(states: Vec<State>, returns: Vec<Filed>) -> Register {
    let organisation = Organisation {
        id: OrganisationId(uuid::Uuid::nil()),
        code: None,
        name: "Hợp tác xã Na Chi Lăng".to_owned(),
        founded_on: FOUNDED,
        synthetic: false,
    };
    let mut register = Register {
        organisations: vec![organisation].into(),
        states: states.into(),
        ..Register::default()
    };
    for (year, held) in returns {
        let on = date(year, 12, 10);
        let filed = AnnualReturn { organisation: 0, year, on, late: false, row: 0 };
        register.file_return(filed, held.map(|held| (MEETING, held)));
    }
    register
}

/// Returns of every year until 2030, each with a meeting.
fn dutiful() -> Vec<Filed> {
    (2020..=2030).map(|year| filed(year, Some(1))).collect()
}

#[track_caller]
fn check(register: &Register, day: Date, want: &[(Ground, Date)]) {
    let due_on = |year| Some(date(year, 12, 15));
    let got: Vec<(Ground, Date)> = warnings(register, Law::shipped(), &due_on, day)
        .into_iter()
        .map(|warning| (warning.ground, warning.since))
        .collect();
    assert_eq!(got, want);
}

#[test]
fn nothing_is_wrong() {
    check(&register(vec![state(FOUNDED, Status::Operating, 9)], dutiful()), date(2026, 6, 1), &[]);
}

#[test]
fn twelve_months_of_suspension_are_the_limit() {
    let paused = date(2024, 9, 1);
    let states = vec![state(FOUNDED, Status::Operating, 9), state(paused, Status::Suspended, 9)];
    let register = register(states, dutiful());
    check(&register, date(2025, 9, 1), &[]);
    check(&register, date(2025, 9, 2), &[(Ground::Inactive, paused)]);
}

#[test]
fn who_works_again_is_not_inactive() {
    let states = vec![
        state(FOUNDED, Status::Operating, 9),
        state(date(2024, 9, 1), Status::Suspended, 9),
        state(date(2025, 8, 1), Status::Operating, 9),
    ];
    check(&register(states, dutiful()), date(2026, 6, 1), &[]);
}

#[test]
fn too_few_members_through_several_states() {
    let states = vec![
        state(FOUNDED, Status::Operating, 9),
        state(date(2024, 8, 1), Status::Operating, 4),
        state(date(2025, 2, 1), Status::Operating, 3),
    ];
    let register = register(states, dutiful());
    check(&register, date(2025, 8, 1), &[]);
    check(&register, date(2025, 8, 2), &[(Ground::BelowMinimum, date(2024, 8, 1))]);
}

#[test]
fn no_meeting_for_eighteen_months() {
    let mut returns = dutiful();
    returns.retain(|(year, _)| *year <= 2023);
    returns.extend([2024, 2025, 2026].map(|year| filed(year, Some(0))));
    let register = register(vec![state(FOUNDED, Status::Operating, 9)], returns);
    // It can have been on the last day of 2023.
    check(&register, date(2025, 6, 30), &[]);
    check(&register, date(2025, 7, 1), &[(Ground::NoGeneralMeeting, date(2023, 12, 31))]);
}

#[test]
fn a_return_that_says_nothing_of_a_meeting_is_no_warning() {
    let returns = (2020..=2030).map(|year| filed(year, None)).collect();
    let register = register(vec![state(FOUNDED, Status::Operating, 9)], returns);
    check(&register, date(2026, 6, 1), &[]);
}

#[test]
fn no_return_a_year_after_it_was_due() {
    let returns = dutiful().into_iter().filter(|(year, _)| *year < 2024).collect();
    let register = register(vec![state(FOUNDED, Status::Operating, 9)], returns);
    check(&register, date(2025, 12, 15), &[]);
    check(&register, date(2025, 12, 16), &[(Ground::NoReport, date(2024, 12, 15))]);
}

#[test]
fn groups_ended_ones_and_days_before_the_law_have_none() {
    let mut few = state(FOUNDED, Status::Operating, 1);
    check(&register(vec![few.clone()], dutiful()), date(2024, 6, 30), &[]);
    few.kind = Kind::Group;
    check(&register(vec![few], dutiful()), date(2026, 6, 1), &[]);
    let ended = state(FOUNDED, Status::Terminated, 1);
    check(&register(vec![ended], Vec::new()), date(2026, 6, 1), &[]);
}
