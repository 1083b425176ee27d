//! What holds for every register and every formula.

use std::collections::BTreeSet;

use hoptac_model::fact::Catalogue;
use hoptac_model::formula::Formula;
use hoptac_model::organisation::{Grade, Kind, Sector, Status};
use hoptac_model::pack::{Measure, Pack};
use hoptac_model::register::{Link, Partner, Register, SeatDecision};
use hoptac_model::unit::Places;
use jiff::ToSpan;
use proptest::prelude::*;
use proptest::sample::select;

use super::reference::{self, Record, Value};
use super::world::*;
use crate::basis::Ask;
use crate::board::Board;
use crate::facts::Datum;

/// What one random organisation is made of. Days are days since the beginning of 2021.
#[derive(Clone, Debug)]
pub(super) struct Sketch {
    kind: Kind,
    seat: &'static str,
    pub(super) founded: i32,
    members: Option<i64>,
    changes: Vec<(i32, Change)>,
    returns: Vec<(i16, i32, [Option<i64>; 2])>,
    grades: Vec<(i16, i32, Grade)>,
    partner: Option<(&'static str, i32, Option<i64>)>,
    /// Where it was decided that a seat lies; most such pairs are no succession and say nothing.
    decided: Vec<(&'static str, &'static str)>,
}

#[derive(Clone, Debug)]
enum Change {
    Status(Status),
    Kind(Kind),
    Seat(&'static str),
    Members(Option<i64>),
    Sector(Sector),
}

pub(super) fn days() -> impl Strategy<Value = i32> {
    0..2200_i32
}

pub(super) fn sketches(seats: &'static [&'static str]) -> impl Strategy<Value = Vec<Sketch>> {
    let change = prop_oneof![
        select(vec![Status::Operating, Status::Suspended, Status::Terminated])
            .prop_map(Change::Status),
        select(Kind::ALL.to_vec()).prop_map(Change::Kind),
        select(seats).prop_map(Change::Seat),
        prop::option::of(0..9_i64).prop_map(Change::Members),
        select(vec![Sector::Agricultural, Sector::NonAgricultural]).prop_map(Change::Sector),
    ];
    let filed =
        (2021..2027_i16, days(), [prop::option::of(-5..20_i64), prop::option::of(0..2_i64)]);
    let graded = (2021..2027_i16, days(), select(Grade::ALL.to_vec()));
    let sketch = (
        select(Kind::ALL.to_vec()),
        select(seats),
        days(),
        prop::option::of(0..9_i64),
        prop::collection::vec((days(), change), 0..4),
        prop::collection::vec(filed, 0..4),
        prop::collection::vec(graded, 0..3),
        prop::option::of((select(vec!["p", "q"]), days(), prop::option::of(0..3_i64))),
        prop::collection::vec((select(ANY_SEAT), select(ANY_SEAT)), 0..4),
    );
    let sketch = sketch.prop_map(
        |(kind, seat, founded, members, changes, returns, grades, partner, decided)| Sketch {
            kind,
            seat,
            founded,
            members,
            changes,
            returns,
            grades,
            partner,
            decided,
        },
    );
    prop::collection::vec(sketch, 0..14)
}

pub(super) fn text_of(days: i32) -> String {
    day("2021-01-01").checked_add(days.days()).unwrap().to_string()
}

pub(super) fn register_of(sketches: &[Sketch]) -> Register {
    let mut register = Register::default();
    for sketch in sketches {
        let founded = text_of(sketch.founded);
        let index = establish(&mut register, sketch.kind, sketch.seat, &founded, sketch.members);
        for (days, change) in &sketch.changes {
            then(&mut register, index, &text_of(sketch.founded + days), |state| match change {
                Change::Status(status) => state.status = *status,
                Change::Kind(kind) => state.kind = *kind,
                Change::Seat(seat) => state.seat = (*seat).into(),
                Change::Members(members) => state.members = *members,
                Change::Sector(sector) => state.sector = *sector,
            });
        }
        for (year, days, values) in &sketch.returns {
            file(&mut register, index, *year, &text_of(*days), *values);
        }
        for (year, days, decided) in &sketch.grades {
            grade(&mut register, index, *year, &text_of(*days), *decided);
        }
        for (seat, unit) in &sketch.decided {
            register.seat_decisions.push(SeatDecision {
                organisation: index,
                seat: (*seat).into(),
                unit: (*unit).into(),
                position: 1,
            });
        }
        if let Some((partner, days, value)) = sketch.partner {
            register.links.push(Link {
                organisation: index,
                partner: Partner::enterprise(partner).into(),
                from: day(&text_of(days)),
                to: None,
                value,
                ..Link::default()
            });
        }
    }
    register
}

/// Communes of both geographies, so that some seats cannot be placed on the old one; other provinces; nowhere.
pub(super) const ANY_SEAT: &[&str] = &["c1", "c2", "c3", "n1", "n2", "x1", "nowhere"];
/// Communes that can be placed on both.
const OLD_SEAT: &[&str] = &["c1", "c2", "c3"];

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec!["kind", "grade", "sector", "'HTX'", "'tot'", "NULL"]).prop_map(str::to_owned),
        Just("COALESCE(grade, 'none')".to_owned()),
        Just("NULLIF(kind, 'THT')".to_owned()),
        Just("CASE WHEN founded THEN kind WHEN graded THEN grade END".to_owned()),
    ]
}

fn numbers_and_conditions() -> (BoxedStrategy<String>, BoxedStrategy<String>) {
    let number = select(vec![
        "members",
        "age",
        "revenue",
        "year",
        "grade_year",
        "partners",
        "0",
        "1",
        "2.5",
        "NULL",
    ])
    .prop_map(str::to_owned)
    .boxed();
    let condition = prop_oneof![
        select(vec![
            "registered",
            "operating",
            "founded",
            "ceased",
            "converted",
            "graded",
            "gradable",
            "linked",
            "return_filed",
            "women_lead",
            "TRUE",
            "FALSE",
            "NULL",
        ])
        .prop_map(str::to_owned),
        (words(), select(vec!["=", "<>"]), words())
            .prop_map(|(a, op, b)| format!("COALESCE({a}, 'x') {op} {b}")),
        words().prop_map(|a| format!("{a} IS NULL")),
        Just("kind IN ('HTX', 'LHHTX')".to_owned()),
        Just("grade NOT IN ('yeu', NULL)".to_owned()),
        Just("main_partner IS NOT NULL".to_owned()),
    ]
    .boxed();
    let mut pair = (number, condition);
    for _ in 0..3 {
        let (n, c) = pair.clone();
        let number = prop_oneof![
            n.clone(),
            (n.clone(), select(vec!["+", "-", "*", "/"]), n.clone())
                .prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            n.clone().prop_map(|a| format!("(-{a})")),
            (c.clone(), n.clone(), n.clone())
                .prop_map(|(c, a, b)| format!("CASE WHEN {c} THEN {a} ELSE {b} END")),
            (n.clone(), n.clone()).prop_map(|(a, b)| format!("COALESCE({a}, {b})")),
            (n.clone(), n.clone()).prop_map(|(a, b)| format!("NULLIF({a}, {b})")),
        ];
        let condition = prop_oneof![
            c.clone(),
            (c.clone(), c.clone()).prop_map(|(a, b)| format!("({a} AND {b})")),
            (c.clone(), c.clone()).prop_map(|(a, b)| format!("({a} OR {b})")),
            c.clone().prop_map(|a| format!("(NOT {a})")),
            c.clone().prop_map(|a| format!("(({a}) IS NULL)")),
            (c.clone(), c.clone()).prop_map(|(a, b)| format!("(({a}) = ({b}))")),
            (c.clone(), c.clone(), c.clone())
                .prop_map(|(a, b, d)| format!("CASE WHEN {a} THEN {b} ELSE {d} END")),
            (n.clone(), select(vec!["=", "<>", "<", "<=", ">", ">="]), n.clone())
                .prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            (n.clone(), n.clone(), n.clone())
                .prop_map(|(a, b, d)| format!("({a} BETWEEN {b} AND {d})")),
            (n.clone(), n.clone(), n).prop_map(|(a, b, d)| format!("({a} IN ({b}, {d}))")),
        ];
        pair = (number.boxed(), condition.boxed());
    }
    pair
}

fn aggregates() -> BoxedStrategy<String> {
    let (number, condition) = numbers_and_conditions();
    let whole = prop_oneof![
        Just("COUNT(*)".to_owned()),
        (select(vec!["COUNT", "COUNT", "SUM", "AVG", "MIN", "MAX", "MEDIAN"]), number.clone())
            .prop_map(|(function, of)| format!("{function}({of})")),
        number.prop_map(|of| format!("COUNT(DISTINCT {of})")),
        words().prop_map(|of| format!("COUNT(DISTINCT {of})")),
        condition.clone().prop_map(|of| format!("COUNT({of})")),
        condition.clone().prop_map(|of| format!("COUNT(DISTINCT {of})")),
        select(vec!["organisation", "main_partner", "commune"])
            .prop_map(|of| format!("COUNT(DISTINCT {of})")),
    ];
    (whole, prop::option::of(condition))
        .prop_map(|(whole, filter)| match filter {
            Some(filter) => format!("{whole} FILTER (WHERE {filter})"),
            None => whole,
        })
        .boxed()
}

pub(super) fn formulas() -> impl Strategy<Value = String> {
    let aggregate = aggregates();
    prop_oneof![
        4 => aggregate.clone(),
        1 => (aggregate.clone(), select(vec!["+", "-", "*", "/"]), aggregate.clone())
            .prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        1 => (aggregate.clone(), aggregate).prop_map(|(a, b)| format!("COALESCE(NULLIF({a}, 1), -{b})")),
    ]
}

fn pack_of(formula: &str) -> Pack {
    pack(vec![indicator("f", Measure::Stock, formula)], Vec::new())
}

/// The unit of the board that a row of an organisation belongs to, and those above it, found without the engine.
fn chain(
    places: &Places,
    register: &Register,
    board: &Board,
    organisation: u32,
    moment: usize,
) -> Vec<String> {
    let on = board.measured.moments[moment].on;
    let states = register.states.iter();
    let states = states.filter(|state| state.organisation == organisation && state.from <= on);
    let state = states.last().unwrap();
    let placements = register.seat_decisions.iter();
    let decided: Vec<_> = placements.filter(|p| p.organisation == organisation).cloned().collect();
    let former = state.seat_former.as_ref();
    let seat = places.placing(&state.seat, former, &decided, board.geography());
    match seat.unit() {
        Some(unit) => places.ancestry(&unit.id).iter().map(|unit| unit.id.to_string()).collect(),
        None => vec!["20".to_owned()],
    }
}

/// The rows of a unit at a moment, as plain records.
fn records(
    places: &Places,
    register: &Register,
    board: &Board,
    unit: &str,
    moment: usize,
) -> Vec<Record> {
    let (frame, measured) = (&board.frame, &board.measured);
    let wanted = frame.columns_of(&frame.reckonings);
    let (geography, moments) = (&measured.geography, &measured.moments);
    let sheets = measured.basis.sheets(Ask { frame, geography, moments, wanted: &wanted });
    let all = sheets.rows(moment, geography.subtree(0));
    all.flat_map(|(facts, rows)| rows.map(move |row| (facts, row)))
        .filter(|(facts, row)| {
            chain(places, register, board, facts.organisation(*row).unwrap(), moment)
                .contains(&unit.to_owned())
        })
        .map(|(facts, row)| {
            let columns = 0..board.frame.catalogue.columns().len();
            columns
                .map(|column| match facts.datum(column, row) {
                    Datum::Missing => None,
                    Datum::Flag(flag) => Some(Value::Flag(flag)),
                    Datum::Number(number) => Some(Value::Number(number)),
                    Datum::Text(text) => Some(Value::Text(text.to_owned())),
                    Datum::Id(id) => Some(Value::Id(id)),
                })
                .collect()
        })
        .collect()
}

/// Sums of parts differ from sums of the whole in the last digits.
fn near(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

pub(super) const AS_OF: &str = "2025-10-20";

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_equals_the_reference(
        sketches in sketches(ANY_SEAT), formula in formulas(), geography in select(vec![OLD, NEW]),
    ) {
        let (places, register, pack) = (places(), register_of(&sketches), pack_of(&formula));
        let board = board(&register, &pack, AS_OF, geography);
        let tree = Formula::parse(&formula, &Catalogue::new(pack.annual_return()))
            .unwrap_or_else(|problems| panic!("{formula}: {problems:?}"));
        for unit in board.unit_ids() {
            for (moment, year) in board.years().iter().enumerate() {
                let records = records(&places, &register, &board, unit.as_str(), moment);
                let want = reference::outer(tree.tree(), &records.iter().collect::<Vec<_>>());
                let got = board.cell(&"f".into(), unit, *year).unwrap().value;
                prop_assert!(near(got, want), "{unit} {year}: {got:?}, not {want:?}");
            }
        }
    }

    #[test]
    fn what_adds_up_is_the_sum_of_the_units_below(
        sketches in sketches(OLD_SEAT), aggregate in aggregates(), geography in select(vec![OLD, NEW]),
    ) {
        let (register, pack) = (register_of(&sketches), pack_of(&aggregate));
        let formula = Formula::parse(&aggregate, &Catalogue::new(pack.annual_return())).unwrap();
        prop_assume!(formula.is_additive());
        let board = board(&register, &pack, AS_OF, geography);
        let geography = &board.measured.geography;
        for (unit, spot) in geography.spots().iter().enumerate().filter(|(i, s)| s.end > i + 1) {
            for year in board.years() {
                let value = |unit: usize| {
                    let id = &geography.spots()[unit].unit.id;
                    board.cell(&"f".into(), id, *year).unwrap().value
                };
                let below = geography.spots().iter().enumerate().filter(|(_, s)| s.parent == Some(unit));
                let parts: Vec<f64> = below.filter_map(|(i, _)| value(i)).collect();
                let sum = (!parts.is_empty()).then(|| parts.iter().sum());
                prop_assert!(near(value(unit), sum), "{} {year}", spot.unit.id);
            }
        }
    }

    #[test]
    fn a_person_counts_once_in_every_unit_and_year(
        sketches in sketches(ANY_SEAT),
        spans in prop::collection::vec((0..14_usize, 0..6_u32, days(), prop::option::of(days())), 0..30),
        geography in select(vec![OLD, NEW]),
    ) {
        let places = places();
        let mut register = register_of(&sketches);
        for (organisation, person, from, until) in spans {
            if let Some(sketch) = sketches.get(organisation) {
                let organisation = u32::try_from(organisation).unwrap();
                let from = day(&text_of(from.max(sketch.founded)));
                let until = until.map(|until| day(&text_of(until)));
                enrol(&mut register, organisation, person, from, until);
                let partner = Partner::enterprise(format!("b{person}")).into();
                let contract = Link { organisation, partner, from, to: until, ..Link::default() };
                register.links.push(contract);
            }
        }
        for (formula, persons) in [
            ("COUNT(DISTINCT roll_persons) FILTER (WHERE registered)", true),
            ("COUNT(DISTINCT link_partners) FILTER (WHERE registered)", false),
        ] {
            let pack = pack_of(formula);
            let board = board(&register, &pack, AS_OF, geography);
            for unit in board.unit_ids() {
                for (moment, year) in board.years().iter().enumerate() {
                    let on = board.measured.moments[moment].on;
                    let here = |organisation: u32| {
                        let states = register.states.iter();
                        let state = states.filter(|s| s.organisation == organisation && s.from <= on).last();
                        state.is_some_and(|state| state.status != Status::Terminated)
                            && chain(&places, &register, &board, organisation, moment)
                                .contains(&unit.to_string())
                    };
                    let members = register.roll_spans.iter().filter(|span| {
                        here(span.organisation) && span.from <= on && span.until.is_none_or(|u| on < u)
                    });
                    let partners = register.links.iter().filter(|l| here(l.organisation) && l.holds_on(on));
                    let want = if persons {
                        members.map(|span| span.person).collect::<BTreeSet<_>>().len()
                    } else {
                        partners.map(|link| &link.partner.key).collect::<BTreeSet<_>>().len()
                    };
                    let got = board.cell(&"f".into(), unit, *year).unwrap().value;
                    let want = f64::from(u32::try_from(want).unwrap());
                    prop_assert_eq!(got, Some(want), "{} {} {}", formula, unit, year);
                }
            }
        }
    }

    #[test]
    fn an_organisation_elsewhere_changes_nothing_here(
        sketches in sketches(OLD_SEAT), formula in formulas(),
    ) {
        let here = |sketch: &&Sketch| {
            sketch.seat == "c1" || sketch.changes.iter().any(|(_, c)| matches!(c, Change::Seat("c1")))
        };
        let without: Vec<Sketch> = sketches.iter().filter(here).cloned().collect();
        let pack = pack_of(&formula);
        let all = board(&register_of(&sketches), &pack, AS_OF, OLD);
        let few = board(&register_of(&without), &pack, AS_OF, OLD);
        for year in all.years() {
            let value = |board: &Board| board.cell(&"f".into(), &"c1".into(), *year);
            prop_assert_eq!(value(&all), value(&few), "{}", year);
        }
    }

    #[test]
    fn the_whole_does_not_depend_on_the_geography(
        sketches in sketches(ANY_SEAT), formula in formulas(),
    ) {
        // How many communes there are is a question about the geography itself.
        prop_assume!(!formula.contains("commune"));
        let (register, pack) = (register_of(&sketches), pack_of(&formula));
        let old = board(&register, &pack, AS_OF, OLD);
        let new = board(&register, &pack, AS_OF, NEW);
        for year in old.years() {
            let value = |board: &Board| board.cell(&"f".into(), &"20".into(), *year).unwrap().value;
            prop_assert!(near(value(&old), value(&new)), "{year}: {:?} {:?}", value(&old), value(&new));
        }
    }

    #[test]
    fn the_records_that_count_reproduce_the_value(
        sketches in sketches(ANY_SEAT), formula in formulas(),
    ) {
        let (register, pack) = (register_of(&sketches), pack_of(&formula));
        let board = board(&register, &pack, AS_OF, OLD);
        let tree = Formula::parse(&formula, &Catalogue::new(pack.annual_return())).unwrap();
        for unit in board.unit_ids() {
            for year in board.years() {
                let told = board.explain(&"f".into(), unit, *year).unwrap();
                prop_assert_eq!(told.counted + told.left_out, told.records.len());
                let counted: Vec<_> = told.records.iter().filter(|r| r.in_numerator).collect();
                prop_assert_eq!(counted.len(), told.counted);
                let parts: Option<f64> = counted.iter().map(|r| r.contribution).sum();
                if tree.is_additive() {
                    let sum = parts.filter(|_| !counted.is_empty());
                    let value = told.cell.value.filter(|_| !counted.is_empty());
                    prop_assert!(near(sum, value), "{unit} {year}: {sum:?}, not {value:?}");
                    prop_assert!(!counted.is_empty() || told.cell.value.is_none_or(|v| v == 0.0));
                } else if let (Some(parts), Some(value)) = (parts, told.cell.value)
                    && !counted.is_empty()
                {
                    prop_assert!(near(Some(parts), Some(value)), "{unit} {year}: {parts}, not {value}");
                }
            }
        }
    }
}
