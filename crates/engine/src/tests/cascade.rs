//! Cascades: parts that sum to what the plan asks, conflicts that are named, and clear answers to bad input.

use hoptac_model::cascade::{Aim, BoundKind, Cascade, Clause, Proposal, Refused, Said, Weights};
use hoptac_model::filing::cascade::CascadeAdopt;
use hoptac_model::filing::reform::Decision;
use hoptac_model::organisation::Kind;
use hoptac_model::pack::{Measure, Pack};
use hoptac_model::register::Register;
use hoptac_model::scoreboard::Applies;
use hoptac_model::standing::Standing;
use hoptac_model::target::{Constraint, Horizon, Scope, Target};
use hoptac_model::unit::{Level, Places, Unit};
use jiff::civil::Date;
use proptest::prelude::*;

use super::world::*;
use crate::board::{Board, Question};
use crate::cascade::{Wish, propose};

const GROUPS: &str = "COUNT(*) FILTER (WHERE kind = 'THT' AND registered)";
const FOUNDED: &str = "COUNT(*) FILTER (WHERE kind = 'THT' AND founded)";

fn yearly(from: i16, to: i16) -> Horizon {
    Horizon::Yearly { from, to }
}

fn plan(low: f64, high: f64) -> Pack {
    let mut pack = pack(
        vec![
            indicator("groups", Measure::Stock, GROUPS),
            indicator("founded", Measure::Flow, FOUNDED),
            share("good", "COUNT(*) FILTER (WHERE graded)", "COUNT(*) FILTER (WHERE registered)"),
        ],
        vec![
            Target {
                horizon: yearly(2023, 2030),
                ..target("TY", "founded", Constraint::Between { low, high })
            },
            target("T30", "groups", Constraint::AtLeast { value: 60.0, expected_up_to: None }),
            target("TG", "good", Constraint::MoreThan { value: 50.0 }),
            Target {
                horizon: yearly(2023, 2030),
                scope: Scope::Each(Level::District),
                ..target("TD", "founded", Constraint::AtLeast { value: 5.0, expected_up_to: None })
            },
        ],
    );
    pack.setting.year_first = 2019;
    pack
}

/// Of twelve groups six have their seat in `c1`, three in `c2` and three in `c3`.
fn register() -> Register {
    let mut register = Register::default();
    for (at, seat) in ["c1", "c2", "c1", "c3"].into_iter().cycle().take(12).enumerate() {
        let on = format!("{}-03-0{}", 2020 + at / 4, at % 4 + 1);
        establish(&mut register, Kind::Group, seat, &on, Some(10));
    }
    register
}

fn wish(target: &str) -> Wish {
    let base = Weights { base: 1, potential: 0, population: 0, pace: 0 };
    Wish { weights: base, ..Wish::new(target.into()) }
}

fn bounds(kind: BoundKind, said: &[&str]) -> Vec<(BoundKind, Said)> {
    said.iter().map(|text| (kind, text.parse().unwrap())).collect()
}

fn ask_on(
    register: &Register,
    pack: &Pack,
    wish: &Wish,
    on: [&str; 2],
) -> Result<Proposal, Refused> {
    propose(&board(register, pack, on[0], on[1]), register, &places(), wish)
}

fn ask(pack: &Pack, wish: &Wish) -> Result<Proposal, Refused> {
    ask_on(&register(), pack, wish, ["2024-12-31", OLD])
}

/// The parts of each unit, in the order of the codes.
fn parts(proposal: &Proposal) -> Vec<Vec<u32>> {
    proposal.units.iter().map(|unit| unit.parts.clone()).collect()
}

/// Parts sum to what was aimed at, year by year, and every number is one.
#[track_caller]
fn agrees(proposal: &Proposal) {
    for (at, sum) in proposal.sums.iter().enumerate() {
        let given: u32 = proposal.units.iter().map(|unit| unit.parts[at]).sum();
        assert_eq!(given + proposal.outside, sum.given);
        assert!(sum.given >= sum.least && sum.most.is_none_or(|most| sum.given <= most));
    }
    assert!(proposal.units.iter().all(|unit| unit.share.is_finite()));
    assert!(proposal.units.iter().flat_map(|unit| &unit.ideal).all(|ideal| ideal.is_finite()));
}

#[test]
fn parts_follow_the_shares_and_sum_to_the_middle_of_the_range() {
    let got = ask(&plan(6.0, 10.0), &wish("TY")).unwrap();
    agrees(&got);
    assert_eq!(got.years, [2025, 2026, 2027, 2028, 2029, 2030]);
    assert_eq!(parts(&got), [vec![6; 6], vec![2; 6]]);
}
#[test]
fn what_does_not_divide_is_given_in_turns_so_that_the_years_agree() {
    // Three quarters and one quarter of 5 a year: 3.75 and 1.25, over six years 22.5 and 7.5.
    let got = ask(&plan(5.0, 5.0), &wish("TY")).unwrap();
    agrees(&got);
    let totals: Vec<u32> = got.units.iter().map(hoptac_model::cascade::UnitShare::total).collect();
    assert!(totals == [23, 7] || totals == [22, 8], "{totals:?}");
    assert!(got.units[0].parts.iter().all(|part| [3, 4].contains(part)), "{got:?}");
}
#[test]
fn floors_ceilings_and_fixed_numbers_are_kept() {
    let mut asked = wish("TY");
    asked.bounds = bounds(BoundKind::Floor, &["d2=3"]);
    asked.bounds.extend(bounds(BoundKind::Fixed, &["d1@2026=1"]));
    asked.bounds.extend(bounds(BoundKind::Ceiling, &["d1@all=28"]));
    let got = ask(&plan(6.0, 8.0), &asked).unwrap();
    agrees(&got);
    assert!(got.units[1].parts.iter().all(|part| *part >= 3));
    assert_eq!(got.units[0].parts[1], 1);
    assert!(got.units[0].total() <= 28);
}
#[test]
fn a_number_at_a_horizon_is_shared_out_on_top_of_what_there_is() {
    let got = ask(&plan(6.0, 8.0), &wish("T30")).unwrap();
    agrees(&got);
    // 12 there, 48 more: three quarters of them on top of 9.
    assert_eq!((got.years.as_slice(), parts(&got)), ([2030].as_slice(), vec![vec![45], vec![15]]));
}
#[test]
fn an_aim_may_be_an_end_or_a_number() {
    for (aim, at, want) in [(Aim::Low, None, 4), (Aim::High, None, 8), (Aim::Low, Some(5), 5)] {
        let asked = Wish { aim, aim_at: at, ..wish("TY") };
        let got = ask(&plan(4.0, 8.0), &asked).unwrap();
        agrees(&got);
        assert!(got.sums.iter().all(|sum| sum.given == want), "{aim:?}");
    }
    let asked = Wish { aim_at: Some(9), ..wish("TY") };
    let refused = Refused::AimOutside { aim: 9, least: 4, most: Some(8) };
    assert_eq!(ask(&plan(4.0, 8.0), &asked), Err(refused));
}

#[track_caller]
fn conflict(pack: &Pack, wish: &Wish) -> Vec<String> {
    match ask(pack, wish) {
        Err(Refused::Conflict { clauses }) => {
            clauses.iter().map(|clause| clause.words(ToString::to_string).en).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_common_floor_above_the_sum_contradicts_one_years_upper_end() {
    let mut asked = wish("TY");
    asked.bounds = bounds(BoundKind::Floor, &["5", "d1=1"]);
    let [floor, most] = conflict(&plan(6.0, 8.0), &asked).try_into().unwrap();
    assert_eq!(floor, "each unit at least 5 each year (2 units, 10 together)");
    assert!(most.starts_with("at most 8 in the whole territory in 20"), "{most}");
}
#[test]
fn of_many_floors_only_those_that_matter_are_named() {
    let mut asked = wish("TY");
    asked.bounds = bounds(BoundKind::Floor, &["d1@2027=7", "d2@2027=2", "d1@2026=3", "d2=1"]);
    let said = conflict(&plan(6.0, 8.0), &asked);
    assert_eq!(
        said,
        [
            "d2 at least 2 in 2027",
            "d1 at least 7 in 2027",
            "at most 8 in the whole territory in 2027"
        ]
    );
}
#[test]
fn a_floor_above_a_ceiling_is_a_conflict_of_the_two() {
    let mut asked = wish("TY");
    asked.bounds = bounds(BoundKind::Floor, &["d2@2027=3"]);
    asked.bounds.extend(bounds(BoundKind::Ceiling, &["2"]));
    let said = conflict(&plan(0.0, 80.0), &asked);
    assert_eq!(
        said,
        ["d2 at least 3 in 2027", "each unit at most 2 each year (2 units, 4 together)"]
    );
}
#[test]
fn what_is_needed_for_a_stock_contradicts_what_a_year_may_bring() {
    // 48 are missing, and six years bring at most 6 × 7.
    let asked = Wish { reaches: Some("T30".into()), ..wish("TY") };
    let said = conflict(&plan(6.0, 7.0), &asked);
    assert_eq!(said.len(), 7, "{said:?}");
    assert_eq!(
        said[0],
        "to reach T30, the years to 2030 must bring at least 48 more, closures not counted"
    );
    assert!(said[1..].iter().all(|most| most.starts_with("at most 7")));
}
#[test]
fn where_a_stock_can_be_reached_the_years_are_laid_higher() {
    let asked = Wish { reaches: Some("T30".into()), aim: Aim::Low, ..wish("TY") };
    let got = ask(&plan(6.0, 9.0), &asked).unwrap();
    agrees(&got);
    assert!(got.sums.iter().all(|sum| sum.given == 8), "{:?}", got.sums);
}

#[track_caller]
fn refused(wish: &Wish, want: &Refused) {
    let got = ask(&plan(6.0, 8.0), wish).unwrap_err();
    assert_eq!(&got, want);
    assert!(!got.words().vi.is_empty() && !got.words().en.contains("NaN"));
}

#[test]
fn what_cannot_be_shared_out_says_why() {
    refused(&wish("TG"), &Refused::Quotient);
    refused(&wish("TD"), &Refused::EachUnit);
    refused(&wish("T99"), &Refused::NoTarget { target: "T99".into() });
    refused(&Wish { level: Some(Level::Nation), ..wish("TY") }, &Refused::NoUnits);
    refused(&Wish { keeps: Some(7), ..wish("TY") }, &Refused::NothingKept { position: 7 });
    let reaches = Some("TG".into());
    refused(&Wish { reaches, ..wish("TY") }, &Refused::NotReached { target: "TG".into() });
    let none = Weights { base: 0, potential: 0, population: 0, pace: 0 };
    refused(&Wish { weights: none, ..wish("TY") }, &Refused::NoWeights);
    let people = Weights { population: 1, ..none };
    refused(
        &Wish { weights: people, ..wish("TY") },
        &Refused::NoPopulation { missing: 2, units: 2 },
    );
}
#[test]
fn years_that_have_passed_or_are_none_of_the_targets_are_refused() {
    refused(&Wish { years: Some((2023, 2024)), ..wish("TY") }, &Refused::NoYears);
    refused(&Wish { years: Some((2026, 2031)), ..wish("TY") }, &Refused::NoYears);
    refused(&Wish { years: Some((2028, 2027)), ..wish("TY") }, &Refused::NoYears);
    let passed = ask_on(&register(), &plan(6.0, 8.0), &wish("TY"), ["2031-03-01", OLD]);
    assert_eq!(passed, Err(Refused::NoYears));
}
#[test]
fn bounds_of_nobody_and_of_no_year_are_refused() {
    let named = bounds(BoundKind::Floor, &["n1=1"]);
    refused(&Wish { bounds: named, ..wish("TY") }, &Refused::UnknownUnit { unit: "n1".into() });
    let passed = bounds(BoundKind::Floor, &["d1@2024=1"]);
    refused(&Wish { bounds: passed, ..wish("TY") }, &Refused::UnknownYear { year: 2024 });
}
#[test]
fn a_target_that_is_met_leaves_nothing_to_give_out() {
    let mut pack = plan(6.0, 8.0);
    pack.targets[1].constraint = Constraint::AtLeast { value: 12.0, expected_up_to: None };
    assert_eq!(ask(&pack, &wish("T30")), Err(Refused::AlreadyMet { value: 12.0, least: 12 }));
}
#[test]
fn an_empty_register_shares_equally_and_says_so() {
    let everything = Wish::new("TY".into());
    let empty = Register::default();
    let got = ask_on(&empty, &plan(6.0, 8.0), &everything, ["2024-12-31", OLD]).unwrap();
    agrees(&got);
    assert!(got.units.iter().all(|unit| (unit.share - 0.5).abs() < 1e-9));
    assert_eq!(got.notes.len(), 4, "{:?}", got.notes);
}

fn adopted(pack: &mut Pack, proposal: &Proposal, position: u64, from: &str) {
    let decision = Decision {
        number: "12/QĐ-UBND".to_owned(),
        date: day("2024-12-20"),
        issuer: "UBND".to_owned(),
    };
    pack.cascades.push(Cascade {
        position,
        from: day(from),
        adopted: CascadeAdopt {
            plan: pack.id.clone(),
            target: proposal.target.clone(),
            level: proposal.level,
            geography: proposal.geography,
            parts: proposal.parts(),
            outside: proposal.outside,
            rule: Some(proposal.rule.clone()),
            reason: "test".to_owned(),
            decision,
        },
    });
}

#[test]
fn what_districts_were_given_stays_together_in_the_communes_that_followed() {
    let mut pack = plan(6.0, 10.0);
    let districts = ask(&pack, &wish("TY")).unwrap();
    adopted(&mut pack, &districts, 5, "2025-01-01");
    let asked = Wish { keeps: Some(5), aim: Aim::Low, ..wish("TY") };
    let got = ask_on(&register(), &pack, &asked, ["2025-12-31", "2025-12-31"]).unwrap();
    agrees(&got);
    assert_eq!(got.years, [2026, 2027, 2028, 2029, 2030]);
    let of: Vec<_> = got.units.iter().map(|unit| unit.of.clone().unwrap()).collect();
    assert_eq!(of, ["d1".into(), "d2".into()]);
    assert_eq!(parts(&got), [vec![6; 5], vec![2; 5]]);
    // On the districts' own places there is nothing to take over.
    let again = ask_on(&register(), &pack, &asked, ["2025-03-31", OLD]);
    assert_eq!(again, Err(Refused::NothingKept { position: 5 }));
}
#[test]
fn a_former_units_part_against_a_floor_names_both() {
    let mut pack = plan(6.0, 10.0);
    let districts = ask(&pack, &wish("TY")).unwrap();
    adopted(&mut pack, &districts, 5, "2025-01-01");
    let bounds = bounds(BoundKind::Floor, &["n2@2027=3"]);
    let asked = Wish { keeps: Some(5), bounds, ..wish("TY") };
    let got = ask_on(&register(), &pack, &asked, ["2025-12-31", "2025-12-31"]);
    let Err(Refused::Conflict { clauses }) = got else { panic!("{got:?}") };
    assert!(
        matches!(&clauses[..], [Clause::Bound { .. }, Clause::Kept { unit, year: 2027, value: 2, units: 1 }] if unit.as_str() == "d2"),
        "{clauses:?}"
    );
}

#[test]
fn a_part_stands_on_the_scoreboard_of_its_unit_from_its_day_on() {
    let mut pack = plan(6.0, 10.0);
    let proposal = ask(&pack, &wish("TY")).unwrap();
    adopted(&mut pack, &proposal, 5, "2025-01-01");
    let row = |as_of: &str, unit: &str| {
        let board = board(&register(), &pack, as_of, OLD);
        board.row(&"TY".into(), None, &unit.into()).unwrap()
    };
    assert_eq!(row("2024-12-31", "d1").applies, Applies::NotHere);
    let given = row("2025-06-30", "d1");
    assert_eq!(given.applies, Applies::Assigned);
    assert_eq!(given.constraint, Constraint::AtLeast { value: 6.0, expected_up_to: None });
    assert_eq!((given.value, given.standing), (Some(0.0), Some(Standing::OffTrack)));
    assert!(given.rule.vi.contains("12/QĐ-UBND"), "{}", given.rule.vi);
    assert_eq!(row("2025-06-30", "c1").applies, Applies::NotHere);
    assert_eq!(row("2025-06-30", "20").applies, Applies::Directly);
}
#[test]
fn a_part_of_a_number_at_a_horizon_has_a_line_of_its_own() {
    let mut pack = plan(6.0, 10.0);
    let proposal = ask(&pack, &wish("T30")).unwrap();
    adopted(&mut pack, &proposal, 5, "2025-01-01");
    let board = board(&register(), &pack, "2025-06-30", OLD);
    let row = board.row(&"T30".into(), None, &"d1".into()).unwrap();
    let line = row.line.unwrap();
    assert_eq!((line.baseline, line.goal, line.from), (9.0, 45.0, day("2024-12-31")));
    assert_eq!(row.missing, Some(36.0));
}
#[test]
fn a_later_cascade_takes_the_place_of_an_earlier_one() {
    let mut pack = plan(4.0, 12.0);
    let first = ask(&pack, &wish("TY")).unwrap();
    let second = ask(&pack, &Wish { aim: Aim::High, ..wish("TY") }).unwrap();
    adopted(&mut pack, &first, 5, "2025-01-01");
    adopted(&mut pack, &second, 6, "2025-04-01");
    let asked = |as_of: &str| {
        let board = board(&register(), &pack, as_of, OLD);
        board.row(&"TY".into(), None, &"d2".into()).unwrap().constraint
    };
    let at_least = |value| Constraint::AtLeast { value, expected_up_to: None };
    assert_eq!(asked("2025-03-31"), at_least(2.0));
    assert_eq!(asked("2025-06-30"), at_least(3.0));
}

/// A province of 65 communes, some with many groups and most with few.
fn communes(counts: &[usize]) -> (Places, Register) {
    let unit = |id: String, level, parent: Option<&str>| Unit {
        code: id.clone(),
        name: id.clone(),
        id: id.as_str().into(),
        level,
        parent: parent.map(Into::into),
        lat_e4: None,
        lon_e4: None,
        valid_from: None,
        valid_to: None,
    };
    let mut units = vec![unit("20".to_owned(), Level::Province, None)];
    let mut register = Register::default();
    for (at, count) in counts.iter().enumerate() {
        let id = format!("{:05}", 100 + at);
        for group in 0..*count {
            let on = format!("{}-05-01", 2019 + group % 6);
            establish(&mut register, Kind::Group, &id, &on, Some(10));
        }
        units.push(unit(id, Level::Commune, Some("20")));
    }
    (Places::new(units, Vec::new()), register)
}

fn of_communes(counts: &[usize], pack: &Pack, wish: &Wish) -> Result<Proposal, Refused> {
    let (places, register) = communes(counts);
    let at: Date = day("2025-12-31");
    let board = Board::compute(&register, &places, pack, Question { as_of: at, geography: at });
    propose(&board, &register, &places, wish)
}

#[test]
fn fifty_five_to_seventy_a_year_over_sixty_five_communes() {
    let counts: Vec<usize> = (0..65).map(|at| (at * 37) % 13).collect();
    let got = of_communes(&counts, &plan(55.0, 70.0), &Wish::new("TY".into())).unwrap();
    agrees(&got);
    assert_eq!((got.units.len(), got.years.len()), (65, 5));
    assert!(got.sums.iter().all(|sum| sum.given == 63), "{:?}", got.sums);
    for unit in &got.units {
        // Over the years nobody is more than one away from the share, in a year not more than one either.
        let ideal: f64 = unit.ideal.iter().sum();
        assert!((f64::from(unit.total()) - ideal).abs() <= 1.0, "{unit:?}");
        assert!(unit.parts.iter().zip(&unit.ideal).all(|(p, i)| (f64::from(*p) - i).abs() <= 1.0));
    }
    // The same again is the same.
    assert_eq!(of_communes(&counts, &plan(55.0, 70.0), &Wish::new("TY".into())), Ok(got));
}
#[test]
fn a_floor_of_two_for_each_of_sixty_five_communes_is_a_conflict_of_two_clauses() {
    let mut asked = Wish::new("TY".into());
    asked.bounds = bounds(BoundKind::Floor, &["2", "00101=1", "00102@2027=3"]);
    let got = of_communes(&[3; 65], &plan(55.0, 70.0), &asked);
    let Err(Refused::Conflict { clauses }) = got else { panic!("{got:?}") };
    assert!(
        matches!(&clauses[..], [Clause::Bound { units: 65, .. }, Clause::Most { value: 70, .. }]),
        "{clauses:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn parts_always_sum_and_hold_to_their_bounds(
        counts in prop::collection::vec(0_usize..20, 1..12),
        low in 0_u32..40,
        more in 0_u32..20,
        floors in prop::collection::vec((0_usize..12, 0_u32..4), 0..4),
        ceilings in prop::collection::vec((0_usize..12, 0_u32..30), 0..3),
    ) {
        let code = |at: usize| format!("{:05}", 100 + at % counts.len());
        let said = |kind, bounds: &[(usize, u32)]| -> Vec<(BoundKind, Said)> {
            let written = bounds.iter().map(|(at, value)| format!("{}={value}", code(*at)));
            written.map(|text| (kind, text.parse().unwrap())).collect()
        };
        let mut asked = Wish::new("TY".into());
        asked.bounds = said(BoundKind::Floor, &floors);
        asked.bounds.extend(said(BoundKind::Ceiling, &ceilings));
        let pack = plan(f64::from(low), f64::from(low + more));
        match of_communes(&counts, &pack, &asked) {
            Ok(proposal) => {
                agrees(&proposal);
                for unit in &proposal.units {
                    for (at, floor) in &floors {
                        if unit.unit.as_str() == code(*at) {
                            prop_assert!(unit.parts.iter().all(|part| part >= floor));
                        }
                    }
                    for (at, ceiling) in &ceilings {
                        if unit.unit.as_str() == code(*at) {
                            prop_assert!(unit.parts.iter().all(|part| part <= ceiling));
                        }
                    }
                }
            }
            // Without any one of its clauses, a conflict is none: some bound or end of the target is always part of it.
            Err(Refused::Conflict { clauses }) => prop_assert!(!clauses.is_empty()),
            Err(other) => prop_assert!(false, "{other:?}"),
        }
    }
}
