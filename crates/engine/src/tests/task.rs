//! Tasks that the figures show done: groups founded in the province, returns that came in.

use hoptac_model::ids::UnitId;
use hoptac_model::organisation::Kind;
use hoptac_model::pack::{self, Measure, Pack};
use hoptac_model::register::Register;
use hoptac_model::target::{Constraint, Direction, Horizon, Scope};
use hoptac_model::task::{Because, Effect, Ground, Proposal, Recurrence, Step, TaskFiling, fold};
use hoptac_model::text::{Language, Words};
use hoptac_model::unit::Level;

use super::world::{NEW, board, day, establish, file, indicator, pack as small, places, target};
use crate::task::{Reporting, proposals, reporting};

/// Two groups in `c1` of 2022 and two in `c3` of 2023; a task that returns every year since 2022 should see two founded.
fn register() -> Register {
    let mut register = Register::default();
    for (seat, founded) in
        [("c1", "2022-03-01"), ("c1", "2022-04-01"), ("c3", "2023-03-01"), ("c3", "2023-04-01")]
    {
        establish(&mut register, Kind::Group, seat, founded, Some(10));
    }
    register
}

fn plan(scope: Scope) -> Pack {
    let founded = "COUNT(*) FILTER (WHERE founded)";
    let mut yearly =
        target("TY", "founded", Constraint::AtLeast { value: 2.0, expected_up_to: None });
    yearly.horizon = Horizon::Yearly { from: 2022, to: 2030 };
    yearly.scope = scope;
    let mut plan = small(vec![indicator("founded", Measure::Flow, founded)], vec![yearly]);
    plan.forms[0].applies_to = vec![Kind::Group.code().to_owned()];
    plan
}

fn task(recurrence: Option<Recurrence>) -> TaskFiling {
    let task = pack::Task {
        id: "N".to_owned(),
        group: String::new(),
        title: Words::default(),
        lead: None,
        with: Vec::new(),
        indicators: vec!["founded".into()],
        due: None,
        recurrence,
        note: Words::default(),
    };
    let on = day("2022-01-01");
    let step = Step::Planned(Box::new(task));
    TaskFiling { task: "N".to_owned(), position: 1, on, actor: String::new(), step }
}

fn found(plan: &Pack, register: &Register, filing: &TaskFiling, as_of: &str) -> Vec<Proposal> {
    let tasks = fold(std::slice::from_ref(filing), day(as_of));
    let board = board(register, plan, as_of, NEW);
    proposals(&board, register, &places(), tasks.values())
}

#[test]
fn the_figures_of_an_occurrences_own_year_count() {
    let yearly = task(Some(Recurrence::Yearly));
    let found = found(&plan(Scope::Plan), &register(), &yearly, "2024-06-30");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].occurrence, Some(day("2022-12-31")));
    assert_eq!(found[0].basis[0].value.to_string(), "2");
    assert_eq!(found[0].basis[0].as_of, day("2022-12-31"));
    assert_eq!(found[0].reason.get(Language::En), "target TY () is met with 2");
}
#[test]
fn a_year_without_enough_shows_nothing() {
    let mut filing = task(Some(Recurrence::Yearly));
    filing.on = day("2024-01-01");
    assert_eq!(found(&plan(Scope::Plan), &register(), &filing, "2024-06-30"), []);
}
#[test]
fn what_is_set_for_each_unit_is_not_held_against_their_sum() {
    let yearly = task(Some(Recurrence::Yearly));
    let plan = plan(Scope::Each(Level::District));
    assert_eq!(found(&plan, &register(), &yearly, "2024-06-30"), []);
}
#[test]
fn a_task_without_figures_is_never_proposed() {
    let mut filing = task(None);
    if let Step::Planned(task) = &mut filing.step {
        task.indicators.clear();
    }
    assert_eq!(found(&plan(Scope::Plan), &register(), &filing, "2024-06-30"), []);
}
#[test]
fn an_effect_with_a_value_is_reached_or_not() {
    let mut tasks = fold(&[task(None)], day("2024-06-30"));
    let task = tasks.get_mut("N").unwrap();
    let (register, plan) = (register(), plan(Scope::Plan));
    let board = board(&register, &plan, "2024-06-30", NEW);
    for (value, year, want) in [(2.0, 2023, 1), (2.5, 2023, 0), (1.0, 2024, 0)] {
        task.effects =
            vec![Effect { indicator: "founded".into(), value: Some(value), year: Some(year) }];
        let found = proposals(&board, &register, &places(), [&*task]);
        assert_eq!(found.len(), want, "{value} in {year}");
    }
}
#[test]
fn returns_are_counted_by_the_units_of_the_day() {
    let mut register = register();
    let plan = plan(Scope::Plan);
    file(&mut register, 0, 2023, "2024-01-10", [Some(1), None]);
    let of = |register: &Register, unit: &str| {
        let units = reporting(register, &places(), &plan, 2023, day("2025-08-01"));
        units.get(&UnitId::from(unit)).copied()
    };
    assert_eq!(of(&register, "20"), Some(Reporting { owed: 4, filed: 1 }));
    assert_eq!(of(&register, "n1"), Some(Reporting { owed: 2, filed: 1 }));
    assert_eq!(of(&register, "x1"), None);

    let mut tasks = fold(&[task(None)], day("2025-08-01"));
    let task = tasks.get_mut("N").unwrap();
    task.effects.clear();
    task.ground =
        Some(Ground { unit: Some("n1".into()), year: Some(2023), ..Ground::new(Because::Returns) });
    let ask = |register: &Register, task| {
        let board = board(register, &plan, "2025-08-01", NEW);
        proposals(&board, register, &places(), [task])
    };
    assert_eq!(ask(&register, &*task), []);
    file(&mut register, 1, 2023, "2025-07-20", [Some(1), None]);
    let found = ask(&register, &*task);
    assert_eq!(found[0].reason.get(Language::Vi), "đã có đủ 2 báo cáo năm 2023");
}
#[test]
fn whichever_way_is_better_is_reached_from_there() {
    let mut plan = plan(Scope::Plan);
    plan.indicators[0].direction = Direction::Down;
    let register = register();
    let mut tasks = fold(&[task(None)], day("2024-06-30"));
    let task = tasks.get_mut("N").unwrap();
    task.effects = vec![Effect { indicator: "founded".into(), value: Some(1.0), year: Some(2024) }];
    let board = board(&register, &plan, "2024-06-30", NEW);
    assert_eq!(proposals(&board, &register, &places(), [&*task]).len(), 1);
}
