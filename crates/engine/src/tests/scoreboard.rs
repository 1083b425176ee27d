//! Rows of targets: who is asked what, where the line starts, what is missing.

use hoptac_model::figure::{Figure, FigureStatus};
use hoptac_model::organisation::{Kind, Status};
use hoptac_model::pack::{Indicator, Measure, Pack};
use hoptac_model::register::Register;
use hoptac_model::scoreboard::{Applies, Row};
use hoptac_model::standing::{Line, Standing};
use hoptac_model::target::{Baseline, Constraint, Direction, Horizon, Reading, Scope, Target};
use hoptac_model::text::Words;
use hoptac_model::unit::Level;

use super::world::*;

const GROUPS: &str = "COUNT(*) FILTER (WHERE kind = 'THT' AND registered)";

/// Two groups in `c1` and one in `c3` by 2022; in 2024 one more in `c1`, and the first suspends its work.
fn register() -> Register {
    let mut register = Register { position: 42, ..Register::default() };
    let first = establish(&mut register, Kind::Group, "c1", "2021-01-01", Some(10));
    establish(&mut register, Kind::Group, "c1", "2021-01-01", Some(20));
    establish(&mut register, Kind::Group, "c3", "2021-01-01", Some(30));
    establish(&mut register, Kind::Group, "c1", "2024-02-01", None);
    then(&mut register, first, "2024-03-01", |state| state.status = Status::Suspended);
    register
}

fn at_least(value: f64) -> Constraint {
    Constraint::AtLeast { value, expected_up_to: None }
}

fn figure(series: &str, as_of: &str, value: f64, status: FigureStatus) -> Figure {
    Figure {
        id: format!("{series}-{as_of}"),
        indicator: series.into(),
        unit: "20".to_owned(),
        as_of: day(as_of),
        period: None,
        value,
        status,
        source: "BC 1".to_owned(),
        source_date: None,
        source_url: String::new(),
        note: Words::default(),
    }
}

/// The row of the only target, for a unit, at the end of 2024.
#[track_caller]
fn row(indicator: Indicator, target: Target, unit: &str, geography: &str) -> Row {
    row_of(&pack(vec![indicator], vec![target]), unit, geography)
}

#[track_caller]
fn row_of(pack: &Pack, unit: &str, geography: &str) -> Row {
    let board = board(&register(), pack, "2024-12-31", geography);
    let scoreboard = board.scoreboard(&unit.into()).unwrap();
    assert_eq!((scoreboard.ledger_position, scoreboard.rows.len()), (42, 1));
    scoreboard.rows.into_iter().next().unwrap()
}

#[test]
fn a_stock_of_the_plan_is_asked_of_the_province() {
    let groups = indicator("groups", Measure::Stock, GROUPS);
    let mut target = target("T", "groups", at_least(12.0));
    target.baseline = Some(Baseline::Register { as_of: day("2022-12-31") });
    let row = row(groups, target, "20", OLD);
    assert_eq!((row.applies, row.value, row.numerator), (Applies::Directly, Some(4.0), None));
    // From 3 at the end of 2022 to 12 at the end of 2030: after 731 of 2,922 days a quarter of the way.
    let line = row.line.unwrap();
    assert_eq!(
        line,
        Line { baseline: 3.0, from: day("2022-12-31"), goal: 12.0, to: day("2030-12-31") }
    );
    assert!((row.expected.unwrap() - (3.0 + 9.0 * 731.0 / 2922.0)).abs() < 1e-9);
    assert_eq!(row.missing, Some(8.0));
    assert_eq!(row.standing, Some(Standing::Behind));
    assert_eq!(row.line_source.vi, "Tính từ sổ đăng ký ngày 31/12/2022");
    let series: Vec<_> = row.series.iter().map(|p| (p.year, p.value)).collect();
    assert_eq!(series, [(2022, Some(3.0)), (2023, Some(3.0)), (2024, Some(4.0))]);
}
#[test]
fn a_stock_of_the_plan_is_not_asked_of_a_commune() {
    let groups = indicator("groups", Measure::Stock, GROUPS);
    let row = row(groups, target("T", "groups", at_least(12.0)), "c1", OLD);
    assert_eq!((row.applies, row.value, row.standing), (Applies::NotHere, Some(3.0), None));
    assert!(row.rule.vi.contains("không giao phần nào"));
    assert_eq!((row.missing, row.expected, row.line), (None, None, None));
}
#[test]
fn a_share_is_a_yardstick_for_a_commune() {
    let operating =
        share("op", "COUNT(*) FILTER (WHERE operating)", "COUNT(*) FILTER (WHERE registered)");
    let row = row(operating, target("T", "op", Constraint::MoreThan { value: 50.0 }), "c1", OLD);
    assert_eq!(
        (row.applies, row.numerator, row.denominator),
        (Applies::Yardstick, Some(2.0), Some(3.0))
    );
    assert!((row.value.unwrap() - 200.0 / 3.0).abs() < 1e-9);
    assert_eq!((row.standing, row.missing), (Some(Standing::Met), None));
}
#[test]
fn a_share_of_nothing_has_no_value() {
    let operating =
        share("op", "COUNT(*) FILTER (WHERE operating)", "COUNT(*) FILTER (WHERE registered)");
    let row = row(operating, target("T", "op", at_least(50.0)), "c2", OLD);
    assert_eq!((row.value, row.numerator, row.denominator), (None, Some(0.0), Some(0.0)));
    assert_eq!((row.standing, row.missing), (Some(Standing::NoData), None));
}
#[test]
fn missing_to_a_share_is_told_in_points() {
    let operating =
        share("op", "COUNT(*) FILTER (WHERE operating)", "COUNT(*) FILTER (WHERE registered)");
    let row = row(operating, target("T", "op", at_least(90.0)), "20", NEW);
    assert_eq!((row.value, row.missing), (Some(75.0), Some(15.0)));
}

fn each_district() -> (Indicator, Target) {
    let groups = indicator("groups", Measure::Stock, GROUPS);
    let mut target = target("T", "groups", at_least(2.0));
    target.scope = Scope::Each(Level::District);
    target.baseline = Some(Baseline::Register { as_of: day("2022-12-31") });
    (groups, target)
}

#[test]
fn each_unit_below_is_counted_above() {
    let (groups, target) = each_district();
    let row = row(groups, target, "20", OLD);
    assert_eq!(
        (row.applies, row.value, row.denominator),
        (Applies::UnitsBelow, Some(1.0), Some(2.0))
    );
    assert_eq!(row.constraint, Constraint::All { value: 2.0 });
    assert_eq!(row.missing, Some(1.0));
    assert_eq!(row.line.map(|line| (line.baseline, line.goal)), Some((1.0, 2.0)));
    assert!(
        row.rule.vi.starts_with("1 trong 2 huyện, thành phố đạt mức ít nhất 2 tổ chức. Đường tới"),
        "{}",
        row.rule.vi
    );
}
#[test]
fn each_unit_is_asked_itself() {
    let (groups, target) = each_district();
    let met = row(groups.clone(), target.clone(), "d1", OLD);
    assert_eq!(
        (met.applies, met.value, met.standing),
        (Applies::Directly, Some(3.0), Some(Standing::Met))
    );
    let not = row(groups.clone(), target.clone(), "d2", OLD);
    assert_eq!((not.value, not.missing), (Some(1.0), Some(1.0)));
    let below = row(groups, target, "c1", OLD);
    assert_eq!((below.applies, below.standing), (Applies::NotHere, None));
}
#[test]
fn units_that_ended_are_counted_on_the_places_of_the_plan() {
    let (groups, target) = each_district();
    let province = row(groups.clone(), target.clone(), "20", NEW);
    assert_eq!((province.value, province.denominator), (Some(1.0), Some(2.0)));
    assert_eq!(row(groups, target, "n1", NEW).applies, Applies::NotHere);
}
#[test]
fn a_yearly_flow_asks_for_the_part_of_the_year() {
    let founded = indicator("founded", Measure::Flow, "COUNT(*) FILTER (WHERE founded)");
    let mut target = target("T", "founded", at_least(4.0));
    target.horizon = Horizon::Yearly { from: 2023, to: 2030 };
    let pack = pack(vec![founded], vec![target]);
    let board = board(&register(), &pack, "2024-07-01", OLD);
    let row = board.scoreboard(&"20".into()).unwrap().rows.remove(0);
    // 1 July is day 183 of 366.
    assert_eq!((row.value, row.expected, row.missing), (Some(1.0), Some(2.0), Some(3.0)));
    assert_eq!(row.standing, Some(Standing::OffTrack));
}
#[test]
fn a_line_may_start_at_a_published_figure() {
    let groups = indicator("groups", Measure::Stock, GROUPS);
    let mut target = target("T", "groups", at_least(10.0));
    target.baseline = Some(Baseline::Figure { series: "groups".into(), as_of: day("2022-12-31") });
    let mut pack = pack(vec![groups], vec![target]);
    pack.figures = vec![
        figure("groups", "2023-12-31", 5.0, FigureStatus::Provisional),
        figure("groups", "2022-12-31", 2.0, FigureStatus::Final),
        figure("groups", "2025-12-31", 9.0, FigureStatus::Final),
    ];
    let row = row_of(&pack, "20", OLD);
    assert_eq!(row.line.map(|line| line.baseline), Some(2.0));
    assert_eq!(row.line_source.en, "Published figure of 31 December 2022: BC 1");
    let figures: Vec<_> = row.figures.iter().map(|point| (&*point.period, point.value)).collect();
    assert_eq!(figures, [("2022-12-31", 2.0), ("2023-12-31", 5.0)]);
    assert!(row_of(&pack, "c1", OLD).figures.is_empty());
}
#[test]
fn a_published_denominator_is_the_latest_that_is_no_goal() {
    let mut per_head = share("per", "SUM(members)", "");
    per_head.denominator = None;
    per_head.denominator_figure = Some("population".into());
    let mut pack = pack(vec![per_head], vec![target("T", "per", at_least(10.0))]);
    assert_eq!(row_of(&pack, "20", OLD).value, None);
    pack.figures = vec![
        figure("population", "2022-12-31", 600.0, FigureStatus::Final),
        figure("population", "2023-12-31", 750.0, FigureStatus::Estimate),
        figure("population", "2024-06-30", 1.0, FigureStatus::TargetPast),
        figure("population", "2024-09-30", 1.0, FigureStatus::Assumed),
        figure("population", "2025-12-31", 1.0, FigureStatus::Final),
    ];
    let row = row_of(&pack, "20", OLD);
    assert_eq!((row.numerator, row.denominator, row.value), (Some(60.0), Some(750.0), Some(8.0)));
    let series: Vec<_> = row.series.iter().map(|point| point.value).collect();
    assert_eq!(series, [Some(10.0), Some(8.0), Some(8.0)]);
}
#[test]
fn a_target_may_be_read_otherwise() {
    let all = indicator("all", Measure::Stock, "COUNT(*)");
    let linked = indicator("linked", Measure::Stock, "COUNT(*) FILTER (WHERE linked)");
    let mut target = target("T", "all", at_least(3.0));
    let reading =
        |id: &str| Reading { id: id.to_owned(), indicator: id.into(), label: Words::default() };
    target.readings = vec![reading("all"), reading("linked")];
    let board = board(&register(), &pack(vec![all, linked], vec![target]), "2024-12-31", OLD);
    let value = |reading| board.row(&"T".into(), reading, &"20".into()).map(|row| row.value);
    assert_eq!(value(None), Some(Some(4.0)));
    assert_eq!(value(Some("linked")), Some(Some(0.0)));
    assert_eq!(value(Some("no such reading")), None);
}
#[test]
fn less_may_be_better() {
    let mut suspended = indicator("s", Measure::Stock, "COUNT(*) FILTER (WHERE suspended)");
    suspended.direction = Direction::Down;
    let row = row(suspended, target("T", "s", Constraint::AtMost { value: 0.0 }), "20", OLD);
    assert_eq!((row.value, row.missing), (Some(1.0), Some(1.0)));
    assert_ne!(row.standing, Some(Standing::Met));
}
