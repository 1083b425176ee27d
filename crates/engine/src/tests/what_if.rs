//! What if: what is assumed moves what it should, and nothing else; what cannot be assumed says why.

use hoptac_model::forecast::Forecast;
use hoptac_model::organisation::Kind;
use hoptac_model::pack::{Measure, Pack};
use hoptac_model::register::Register;
use hoptac_model::scenario::Setting;
use hoptac_model::target::{Baseline, Constraint, Reading};
use hoptac_model::text::Words;

use super::world::*;
use crate::forecast::what_if;

const GROUPS: &str = "COUNT(*) FILTER (WHERE kind = 'THT' AND registered)";

fn plan() -> Pack {
    let at_least = |value| Constraint::AtLeast { value, expected_up_to: None };
    let mut pack = pack(
        vec![
            indicator("groups", Measure::Stock, GROUPS),
            indicator("all", Measure::Stock, "COUNT(*) FILTER (WHERE registered)"),
            share(
                "good",
                "COUNT(*) FILTER (WHERE registered AND members > 9)",
                "COUNT(*) FILTER (WHERE registered)",
            ),
        ],
        vec![target("T1", "groups", at_least(90.0)), target("TG", "good", at_least(80.0))],
    );
    if let Some(good) = pack.indicators.get_mut(2) {
        good.unit = "percent".to_owned();
    }
    let reading =
        |id: &str| Reading { id: id.to_owned(), indicator: id.into(), label: Words::default() };
    if let Some(groups) = pack.targets.first_mut() {
        groups.readings = vec![reading("groups"), reading("all")];
        groups.baseline = Some(Baseline::Register { as_of: day("2019-12-31") });
    }
    pack.setting.year_first = 2016;
    pack
}

/// Six groups a year since 2016, two of three in the first district, and two cooperatives.
fn register() -> Register {
    let mut register = Register::default();
    for year in 2016..=2022 {
        for (month, seat) in (1..=6).zip(["c1", "c2", "c3"].into_iter().cycle()) {
            let on = format!("{year}-0{month}-01");
            let members = if month % 2 == 0 { 12 } else { 6 };
            establish(&mut register, Kind::Group, seat, &on, Some(members));
        }
    }
    establish(&mut register, Kind::Cooperative, "c1", "2016-02-01", Some(20));
    establish(&mut register, Kind::Cooperative, "c3", "2017-02-01", Some(20));
    register
}

fn ask(register: &Register, settings: &[&str]) -> Result<Vec<Forecast>, Words> {
    let settings: Vec<Setting> = settings.iter().map(|text| text.parse().unwrap()).collect();
    let board = board(register, &plan(), "2022-12-31", OLD);
    what_if(&board, register, &places(), &settings, 115)
}

/// The median of a target at its horizon.
#[track_caller]
fn median(settings: &[&str], target: &str) -> f64 {
    let all = ask(&register(), settings).unwrap();
    let text = format!("{all:?}");
    assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
    let one = all.iter().find(|one| one.target.as_str() == target).unwrap();
    one.register.as_ref().unwrap().at(one.on).unwrap().median
}

#[test]
fn the_same_is_the_same() {
    assert_eq!(
        ask(&register(), &["formation.THT=+20%"]),
        ask(&register(), &["formation.THT=+20%"])
    );
}
#[test]
fn more_formation_gives_more_and_in_a_unit_as_much_as_the_unit_has() {
    let expected = median(&[], "T1");
    let all = median(&["formation.THT=+50%"], "T1");
    let first = median(&["formation.THT@d1=+50%"], "T1");
    assert!(expected + 10.0 < all, "{expected} {all}");
    assert!(expected < first && first < all, "{expected} {first} {all}");
    assert!(median(&["formation.THT=-100%"], "T1") < expected - 20.0);
}
#[test]
fn five_more_a_year_over_eight_years_are_nearly_forty_more() {
    let more = median(&["formation.THT=+5"], "T1") - median(&[], "T1");
    assert!((25.0..=42.0).contains(&more), "{more}");
}
#[test]
fn fewer_closures_keep_more() {
    assert!(median(&["closure.THT=-100%"], "T1") >= median(&[], "T1"));
    assert!(median(&["closure.THT=+900%"], "T1") < median(&[], "T1"));
}
#[test]
fn a_share_moves_by_points_and_the_stock_does_not() {
    let (before, after) = (median(&[], "TG"), median(&["share.TG=+3"], "TG"));
    assert!((after - before - 24.0).abs() < 1.0, "{before} {after}");
    assert!((median(&["share.TG=+3"], "T1") - median(&[], "T1")).abs() < 1e-9);
    assert!(median(&["share.TG=+100"], "TG") <= 100.0);
}
#[test]
fn another_reading_counts_others_and_another_baseline_moves_the_line_alone() {
    assert!(median(&["reading.T1=all"], "T1") > median(&[], "T1"));
    assert!((median(&["baseline.T1=2020-12-31"], "T1") - median(&[], "T1")).abs() < 1e-9);
}
#[test]
fn what_cannot_be_assumed_says_why() {
    for (setting, part) in [
        ("formation.THT@nowhere=+5", "nowhere"),
        ("share.T1=+2", "T1"),
        ("share.T99=+2", "T99"),
        ("population.population=1000", "population"),
        ("reading.T1=none", "groups, all"),
        ("reading.T99=none", "T99"),
        ("baseline.T1=2021-06-30", "last day"),
        ("baseline.T1=1999-12-31", "last day"),
    ] {
        let said = ask(&register(), &[setting]).unwrap_err();
        assert!(said.en.contains(part) && !said.vi.is_empty(), "{said:?}");
    }
}
#[test]
fn an_empty_register_gives_no_number_and_no_panic() {
    let all = ask(&Register::default(), &["formation.THT=+50%"]).unwrap();
    assert!(all.iter().all(|one| one.register.is_err()), "{all:?}");
}
