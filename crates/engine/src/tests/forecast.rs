//! Forecasts: clear answers to bad input, and what holds for every register.

use hoptac_model::figure::{Figure, FigureStatus};
use hoptac_model::forecast::{Band, Basis, Flow, Forecast, Forecasts, Method, Silence};
use hoptac_model::ids::TargetId;
use hoptac_model::organisation::{Grade, Kind, Status};
use hoptac_model::pack::{Agency, Break, Measure, Pack, Task};
use hoptac_model::register::Register;
use hoptac_model::target::{Constraint, Direction, Horizon, Scope, Target};
use hoptac_model::text::Words;
use hoptac_model::unit::Level;
use proptest::prelude::*;

use super::world::*;
use crate::forecast;

const GROUPS: &str = "COUNT(*) FILTER (WHERE kind = 'THT' AND registered)";
const FOUNDED: &str = "COUNT(*) FILTER (WHERE kind = 'THT' AND founded)";

fn at_least(value: f64) -> Constraint {
    Constraint::AtLeast { value, expected_up_to: None }
}

/// A plan that asks for groups, from 2016 on.
fn plan(constraint: Constraint) -> Pack {
    let mut pack = pack(
        vec![
            indicator("groups", Measure::Stock, GROUPS),
            indicator("founded", Measure::Flow, FOUNDED),
            indicator(
                "members",
                Measure::Stock,
                "SUM(members) FILTER (WHERE kind = 'THT' AND registered)",
            ),
            share(
                "good",
                "COUNT(*) FILTER (WHERE registered AND graded AND grade = 'tot')",
                "COUNT(*) FILTER (WHERE registered)",
            ),
            indicator("middle", Measure::Stock, "MEDIAN(members) FILTER (WHERE registered)"),
        ],
        vec![
            target("T1", "groups", constraint),
            Target {
                horizon: Horizon::Yearly { from: 2018, to: 2030 },
                ..target("TY", "founded", at_least(5.0))
            },
            Target {
                horizon: Horizon::Yearly { from: 2018, to: 2030 },
                scope: Scope::Each(Level::District),
                ..target("TD", "founded", at_least(3.0))
            },
            target("TM", "members", at_least(500.0)),
            target("TG", "good", Constraint::MoreThan { value: 50.0 }),
            target("TX", "middle", at_least(5.0)),
        ],
    );
    pack.indicators[3].unit = "percent".to_owned();
    pack.setting.year_first = 2016;
    pack
}

/// 48 groups from 2015 to 2022, about six a year, a third of them in the second district.
fn steady() -> Register {
    let mut register = Register::default();
    for (year, count) in (2015..=2022).zip([6, 4, 8, 5, 7, 9, 3, 6]) {
        let seats = ["c1", "c2", "c1", "c2", "c3", "c3"].into_iter().cycle();
        for (month, seat) in (1..=count).zip(seats) {
            let on = format!("{year}-0{month}-01");
            establish(&mut register, Kind::Group, seat, &on, Some(10));
        }
    }
    register
}

fn forecasts(register: &Register, pack: &Pack, as_of: &str) -> Forecasts {
    let board = board(register, pack, as_of, OLD);
    forecast::compute(&board, register, &places(), 115)
}

fn find<'a>(forecasts: &'a Forecasts, unit: &str, target: &str) -> &'a Forecast {
    forecasts.find(&unit.into(), &TargetId::from(target)).unwrap()
}

/// Every number of a forecast is one, its bands lie within each other, and what is counted is never below zero.
fn sound(forecasts: &Forecasts) {
    let text = format!("{forecasts:?}");
    assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
    for made in forecasts.units.values().flatten() {
        for fan in [&made.register, &made.published].into_iter().flatten() {
            assert!(!fan.periods.is_empty());
            let chances = [fan.probability, fan.every_year].into_iter().flatten();
            assert!(chances.into_iter().all(|chance| (0.0..=1.0).contains(&chance)));
            for at in &fan.periods {
                let within = |a: Band, b: Band| b.low <= a.low && a.high <= b.high;
                assert!(at.interval_50.covers(at.median) && at.interval_95.low >= 0.0);
                assert!(
                    within(at.interval_50, at.interval_80)
                        && within(at.interval_80, at.interval_95)
                );
            }
        }
        if let Some(gap) = &made.gap {
            let units: u32 = gap.units.iter().map(|(_, part)| part).sum();
            assert!(gap.units.is_empty() || units == gap.whole, "{gap:?}");
            let agencies: u32 = gap.agencies.iter().map(|(_, part)| part).sum();
            assert!(gap.agencies.is_empty() || agencies == gap.whole, "{gap:?}");
        }
    }
}

#[test]
fn steady_formation_goes_on() {
    let made = forecasts(&steady(), &plan(at_least(80.0)), "2022-12-31");
    sound(&made);
    let groups = find(&made, "20", "T1").register.as_ref().unwrap();
    // 48 groups and about six more in each of eight years, a few of which close.
    let end = groups.periods.last().unwrap();
    assert!((70.0..=105.0).contains(&end.median), "{end:?}");
    assert_eq!(groups.periods.len(), 8);
    assert!(groups.probability.unwrap() > 0.5, "{groups:?}");
}

#[test]
fn a_share_of_all_is_never_more_than_what_can_be_graded() {
    // All cooperatives are good, of which there are eight; six more groups are founded a year.
    let mut register = steady();
    for year in 2015..=2022 {
        let index =
            establish(&mut register, Kind::Cooperative, "c1", &format!("{year}-01-05"), Some(9));
        for graded in year..=2022 {
            grade(&mut register, index, graded, &format!("{graded}-12-01"), Grade::Good);
        }
    }
    let made = forecasts(&register, &plan(at_least(80.0)), "2022-12-31");
    sound(&made);
    for unit in ["20", "d1"] {
        let good = find(&made, unit, "TG").register.as_ref().unwrap();
        let end = good.periods.last().unwrap();
        assert!(end.median > 5.0 && end.interval_95.high < 40.0, "{unit}: {end:?}");
        assert!(good.probability.unwrap() < 0.01, "{unit}: {good:?}");
    }
}

#[test]
fn the_units_of_a_level_are_tested_together() {
    let made = forecasts(&steady(), &plan(at_least(80.0)), "2022-12-31");
    let test = |unit| find(&made, unit, "T1").register.as_ref().unwrap().back_test.unwrap();
    let (whole, districts, communes) = (test("20"), test("d1"), test("c1"));
    assert_eq!((whole.series, whole.origins, whole.pairs), (1, 4, 9));
    assert_eq!((districts.series, districts.origins), (2, 4));
    assert_eq!(districts.pairs, 18);
    assert_eq!(communes.pairs, communes.series * 9);
    assert_eq!(communes, test("c2"));
}

#[test]
fn the_same_seed_gives_the_same_forecast_and_another_one_another() {
    let (register, plan) = (steady(), plan(at_least(80.0)));
    assert_eq!(
        forecasts(&register, &plan, "2022-12-31"),
        forecasts(&register, &plan, "2022-12-31")
    );
    let board = board(&register, &plan, "2022-12-31", OLD);
    let other = forecast::compute(&board, &register, &places(), 116);
    assert_ne!(forecasts(&register, &plan, "2022-12-31").units, other.units);
}

#[test]
fn every_comparator_has_a_probability() {
    for constraint in [
        Constraint::About { value: 85.0, tolerance: 0.05 },
        at_least(85.0),
        Constraint::MoreThan { value: 85.0 },
        Constraint::AtMost { value: 85.0 },
        Constraint::LessThan { value: 85.0 },
        Constraint::Between { low: 80.0, high: 90.0 },
        Constraint::Exactly { value: 85.0 },
        Constraint::All { value: 85.0 },
    ] {
        let made = forecasts(&steady(), &plan(constraint), "2022-12-31");
        sound(&made);
        let chance = find(&made, "20", "T1").register.as_ref().unwrap().probability.unwrap();
        assert!(chance > 0.01 && chance < 0.995, "{constraint:?}: {chance}");
    }
}

#[test]
fn a_year_that_runs_is_asked_for_its_end_and_keeps_what_it_has_had() {
    let made = forecasts(&steady(), &plan(at_least(80.0)), "2022-09-30");
    let yearly = find(&made, "20", "TY");
    assert_eq!(yearly.on, day("2022-12-31"));
    let fan = yearly.register.as_ref().unwrap();
    assert!(fan.at(yearly.on).unwrap().interval_95.low >= 6.0, "{fan:?}");
    assert!(fan.probability.unwrap() > 0.99);
    assert!(fan.every_year.unwrap() < fan.probability.unwrap());
}

#[test]
fn floors_are_counted_over_the_units_below() {
    let made = forecasts(&steady(), &plan(at_least(80.0)), "2022-12-31");
    let floors = find(&made, "20", "TD");
    assert_eq!(floors.constraint, Constraint::All { value: 2.0 });
    let fan = floors.register.as_ref().unwrap();
    assert!(fan.periods.iter().all(|at| at.interval_95.high <= 2.0 && at.interval_95.low >= 0.0));
    assert!(find(&made, "d1", "TD").register.as_ref().unwrap().probability > fan.probability);
    let gap = floors.gap.as_ref().unwrap();
    assert_eq!((gap.whole, gap.units.len()), (6, 2));
}

#[test]
fn the_pace_is_taken_apart() {
    let made = forecasts(&steady(), &plan(at_least(112.0)), "2022-12-31");
    let pace = find(&made, "20", "T1").required.as_ref().unwrap();
    // 64 are missing over eight years.
    assert!((pace.missing - 64.0).abs() < 1e-9 && (pace.per_year - 8.0).abs() < 0.01, "{pace:?}");
    assert_eq!(pace.of_late, Some(6.0));
    let formation = pace.parts.iter().find(|part| part.flow == Flow::Formation).unwrap();
    assert_eq!(formation.of_late, Some(6.0));
    assert!(formation.needed.unwrap() > 8.0, "some will close: {formation:?}");
}

#[test]
fn a_gap_is_split_over_units_and_the_agencies_that_lead() {
    let mut plan = plan(at_least(112.0));
    let agency = |id: &str, to: Option<&str>, successor: Option<&str>| Agency {
        id: id.to_owned(),
        name: Words::new(id, id),
        note: Words::default(),
        valid_from: None,
        valid_to: to.map(day),
        successor: successor.map(str::to_owned),
    };
    plan.agencies = vec![
        agency("old", Some("2020-12-31"), Some("new")),
        agency("new", None, None),
        agency("b", None, None),
    ];
    let task = |id: &str, lead: &str, indicator: &str| Task {
        id: id.to_owned(),
        group: String::new(),
        title: Words::default(),
        lead: Some(lead.to_owned()),
        with: Vec::new(),
        indicators: vec![indicator.into()],
        due: None,
        recurrence: None,
        note: Words::default(),
    };
    plan.tasks =
        vec![task("1", "old", "groups"), task("2", "new", "founded"), task("3", "b", "groups")];
    let made = forecasts(&steady(), &plan, "2022-12-31");
    sound(&made);
    let gap = find(&made, "20", "T1").gap.as_ref().unwrap();
    assert_eq!(gap.whole, 64);
    assert_eq!(gap.agencies, [("new".to_owned(), 43), ("b".to_owned(), 21)]);
    assert_eq!(gap.units.iter().map(|(_, part)| part).sum::<u32>(), 64);
    assert!(gap.units[0].1 > gap.units[1].1, "{gap:?}");
}

#[test]
fn no_register_at_all() {
    let made = forecasts(&Register::default(), &plan(at_least(80.0)), "2022-12-31");
    sound(&made);
    assert_eq!(find(&made, "20", "T1").register, Err(Silence::NotEnoughData));
    assert_eq!(find(&made, "20", "TG").register, Err(Silence::NoPopulation));
    assert_eq!(find(&made, "20", "TM").register, Err(Silence::NoData));
}

#[test]
fn one_year_is_not_enough_and_the_pace_is_told_all_the_same() {
    let made = forecasts(&steady(), &plan(at_least(80.0)), "2016-12-31");
    sound(&made);
    let groups = find(&made, "20", "T1");
    assert_eq!(groups.register, Err(Silence::NotEnoughData));
    assert!(groups.required.as_ref().unwrap().per_year > 0.0);
}

#[test]
fn a_target_that_is_met_needs_no_pace() {
    let made = forecasts(&steady(), &plan(at_least(10.0)), "2022-12-31");
    let groups = find(&made, "20", "T1");
    assert!(groups.required.is_none() && groups.gap.is_none());
    assert!(groups.register.as_ref().unwrap().probability.unwrap() > 0.99);
}

#[test]
fn a_horizon_that_has_passed_has_no_forecast() {
    let mut plan = plan(at_least(80.0));
    plan.targets[0].horizon = Horizon::Year { year: 2020 };
    plan.targets[1].horizon = Horizon::Yearly { from: 2018, to: 2021 };
    let made = forecasts(&steady(), &plan, "2022-12-31");
    sound(&made);
    assert_eq!(find(&made, "20", "T1").register, Err(Silence::HorizonPassed));
    assert_eq!(find(&made, "20", "TY").register, Err(Silence::HorizonPassed));
    assert!(find(&made, "20", "T1").required.is_none());
}

#[test]
fn floors_that_contradict_each_other_cannot_be_met() {
    let none = Constraint::Between { low: 9.0, high: 5.0 };
    let mut plan = plan(none);
    plan.indicators[0].direction = Direction::None;
    let made = forecasts(&steady(), &plan, "2022-12-31");
    sound(&made);
    let chance = find(&made, "20", "T1").register.as_ref().unwrap().probability.unwrap();
    assert!(chance < 1e-9);
}

fn figure(on: &str, value: f64, status: FigureStatus) -> Figure {
    Figure {
        id: on.to_owned(),
        indicator: "groups".into(),
        unit: "20".to_owned(),
        as_of: day(on),
        period: None,
        value,
        status,
        source: "report".to_owned(),
        source_date: None,
        source_url: String::new(),
        note: Words::default(),
    }
}

/// The groups of Lạng Sơn as its half-year plans published them.
fn published() -> Pack {
    let mut plan = plan(Constraint::About { value: 850.0, tolerance: 0.05 });
    plan.figures = [("2022-06-30", 206.0), ("2023-06-30", 230.0), ("2024-06-30", 300.0)]
        .into_iter()
        .map(|(on, value)| figure(on, value, FigureStatus::Final))
        .chain(
            [("2022-12-31", 226.0), ("2023-12-31", 250.0), ("2024-12-31", 310.0)]
                .into_iter()
                .map(|(on, value)| figure(on, value, FigureStatus::Estimate)),
        )
        .collect();
    plan
}

#[test]
fn published_totals_have_a_fan_of_their_own() {
    let made = forecasts(&Register::default(), &published(), "2025-06-30");
    sound(&made);
    let groups = find(&made, "20", "T1");
    let fan = groups.published.as_ref().unwrap();
    assert_eq!(
        (fan.basis, fan.points, fan.from),
        (Basis::Published, 6, (day("2024-12-31"), 310.0))
    );
    let end = fan.periods.last().unwrap();
    assert!((450.0..650.0).contains(&end.median), "{end:?}");
    assert!(end.interval_80.high < 850.0 && fan.probability.unwrap() < 0.12, "{fan:?}");
    let test = fan.back_test.unwrap();
    assert_eq!((test.origins, test.pairs), (2, 3));
    assert_eq!(fan.method == Method::NaiveDrift, test.is_worse_than_naive());
    assert_eq!(fan.replaced.is_some(), test.is_worse_than_naive());
}

#[test]
fn what_was_published_before_a_break_does_not_count() {
    let mut plan = published();
    plan.breaks = vec![Break {
        series: "groups".into(),
        from: day("2023-06-30"),
        to: day("2023-12-31"),
        reason: Words::default(),
    }];
    let made = forecasts(&Register::default(), &plan, "2025-06-30");
    assert_eq!(find(&made, "20", "T1").published, Err(Silence::NotEnoughData));
}

#[test]
fn one_published_figure_is_not_enough() {
    let mut plan = published();
    plan.figures.truncate(1);
    let made = forecasts(&Register::default(), &plan, "2025-06-30");
    assert_eq!(find(&made, "20", "T1").published, Err(Silence::NotEnoughData));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_register_and_any_figures_give_sound_forecasts(
        founded in prop::collection::vec((0..2600_i32, 0..3_usize, prop::option::of(0..60_i64), prop::option::of(0..2600_i32)), 0..60),
        values in prop::collection::vec((0..2600_i32, -1e7..1e7_f64), 0..8),
        goal in -100.0..1e4_f64,
        later in 0..3000_i32,
    ) {
        use jiff::ToSpan as _;
        let start = day("2016-01-01");
        let after = |days: i32| start.saturating_add(days.days());
        let mut register = Register::default();
        for (from, seat, members, until) in founded {
            let seat = ["c1", "c2", "c3"][seat];
            let made = establish(&mut register, Kind::Group, seat, &after(from).to_string(), members);
            if let Some(until) = until.filter(|until| *until > from) {
                then(&mut register, made, &after(until).to_string(), |state| state.status = Status::Terminated);
            }
        }
        register.states.sort_by_key(|s| (s.organisation, s.from, s.position));
        let mut plan = plan(at_least(goal));
        plan.figures =
            values.into_iter().map(|(on, value)| figure(&after(on).to_string(), value, FigureStatus::Final)).collect();
        let as_of = after(later).to_string();
        sound(&forecasts(&register, &plan, &as_of));
    }
}
