//! Two boards compared.

use hoptac_model::organisation::{Kind, Status};
use hoptac_model::pack::Measure;
use hoptac_model::register::Register;
use hoptac_model::standing::Standing;
use hoptac_model::target::Constraint;

use super::world::*;
use crate::consequence::{figures, standings};

const GROUPS: &str = "COUNT(*) FILTER (WHERE kind = 'THT' AND registered)";

fn register() -> Register {
    let mut register = Register::default();
    establish(&mut register, Kind::Group, "c1", "2021-01-01", Some(10));
    establish(&mut register, Kind::Group, "c3", "2021-01-01", Some(30));
    register
}

#[test]
fn the_same_board_has_no_changes() {
    let asked = pack(vec![indicator("groups", Measure::Stock, GROUPS)], Vec::new());
    let one = board(&register(), &asked, "2024-12-31", "2024-12-31");
    assert_eq!(figures(&one, &one), []);
    assert_eq!(standings(&one, &one), []);
}

#[test]
fn an_end_in_2023_changes_its_places_from_2023_on() {
    let least = Constraint::AtLeast { value: 2.0, expected_up_to: None };
    let asked =
        pack(vec![indicator("groups", Measure::Stock, GROUPS)], vec![target("T", "groups", least)]);
    let before = board(&register(), &asked, "2024-06-30", "2024-06-30");
    let mut later = register();
    then(&mut later, 0, "2023-05-01", |state| state.status = Status::Terminated);
    let after = board(&later, &asked, "2024-06-30", "2024-06-30");
    let changes = figures(&before, &after);
    let years: Vec<_> = changes
        .iter()
        .map(|c| (c.unit.as_str(), c.year, c.on.to_string(), c.before, c.after))
        .filter(|(unit, ..)| *unit == "20")
        .collect();
    assert_eq!(
        years,
        [
            ("20", 2023, "2023-12-31".to_owned(), Some(2.0), Some(1.0)),
            ("20", 2024, "2024-06-30".to_owned(), Some(2.0), Some(1.0)),
        ]
    );
    assert!(changes.iter().all(|change| change.targets.len() == 1));
    // Of the other commune nothing changes.
    assert!(changes.iter().all(|change| change.unit.as_str() != "c3"));
    let moved = standings(&before, &after);
    assert_eq!(moved.first().and_then(|change| change.before), Some(Standing::Met));
    assert_ne!(moved.first().and_then(|change| change.after), Some(Standing::Met));
}
