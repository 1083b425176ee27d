//! The definitions of the columns, one by one, on a register that a reader can keep in the head.

use hoptac_model::fact::Catalogue;
use hoptac_model::ids::UnitId;
use hoptac_model::organisation::{Grade, Kind, Status};
use hoptac_model::register::{
    Adoption, Certificate, Link, Membership, Partner, PartnerKind, Practice, Promotion, Register,
};

use super::world::*;
use crate::facts::{Column, Facts, Moment};
use crate::geography::Geography;
use crate::layout::Ground;

/// A group of 2022 in `c1` with 4 members.
fn one() -> (Register, u32) {
    let mut register = Register::default();
    let index = establish(&mut register, Kind::Group, "c1", "2022-03-15", Some(4));
    (register, index)
}

/// Asks the province at the end of years up to 2026.
#[track_caller]
fn check(register: &Register, formula: &str, wants: &[(i16, Option<f64>)]) {
    for (year, want) in wants {
        assert_eq!(ask(register, formula, "20", *year, "2026-12-31"), *want, "{formula} in {year}");
    }
}

/// Counts the rows that meet a condition.
#[track_caller]
fn count(register: &Register, condition: &str, wants: &[(i16, u32)]) {
    let wants: Vec<_> = wants.iter().map(|(year, n)| (*year, Some(f64::from(*n)))).collect();
    check(register, &format!("COUNT(*) FILTER (WHERE {condition})"), &wants);
}

#[test]
fn every_column_of_the_register_is_filled() {
    let (register, _) = one();
    let (places, catalogue) = (places(), Catalogue::new(None));
    let geography = Geography::new(&places, "20", day(OLD));
    let wanted = vec![true; catalogue.columns().len()];
    let moments = [Moment::of_day(day("2022-12-31"))].into();
    let facts = Facts::new(&Ground {
        register: &register,
        places: &places,
        geography: &geography,
        catalogue: &catalogue,
        practices: &[],
        wanted: &wanted,
        moments: &moments,
        as_of: day("2022-12-31"),
    });
    for (index, column) in catalogue.columns().iter().enumerate() {
        assert!(!matches!(facts.column(index), Column::Unused), "{}", column.name);
    }
}

#[test]
fn a_row_begins_with_the_founding() {
    let mut register = Register::default();
    establish(&mut register, Kind::Group, "c1", "2023-07-02", Some(4));
    check(&register, "COUNT(*)", &[(2022, Some(0.0)), (2023, Some(1.0)), (2026, Some(1.0))]);
    assert_eq!(ask(&register, "COUNT(*)", "20", 2023, "2023-07-01"), Some(0.0));
    assert_eq!(ask(&register, "COUNT(*)", "20", 2023, "2023-07-02"), Some(1.0));
}
#[test]
fn founding_counts_in_its_year() {
    count(&one().0, "founded", &[(2022, 1), (2023, 0)]);
    check(&one().0, "SUM(members_joined)", &[(2022, Some(4.0)), (2023, None)]);
}
#[test]
fn age_counts_whole_years() {
    check(&one().0, "SUM(age)", &[(2022, Some(0.0)), (2023, Some(1.0)), (2025, Some(3.0))]);
    assert_eq!(ask(&one().0, "SUM(age)", "20", 2024, "2024-03-14"), Some(1.0));
    assert_eq!(ask(&one().0, "SUM(age)", "20", 2024, "2024-03-15"), Some(2.0));
}
#[test]
fn a_dissolved_organisation_keeps_its_rows() {
    let (mut register, index) = one();
    then(&mut register, index, "2024-05-01", |state| state.status = Status::Terminated);
    count(&register, "registered", &[(2023, 1), (2024, 0), (2025, 0)]);
    count(&register, "ceased", &[(2023, 0), (2024, 1), (2025, 0)]);
    check(&register, "COUNT(*)", &[(2025, Some(1.0))]);
}
#[test]
fn suspension_is_registered_and_not_operating() {
    let (mut register, index) = one();
    then(&mut register, index, "2024-05-01", |state| state.status = Status::Suspended);
    then(&mut register, index, "2025-05-01", |state| state.status = Status::Operating);
    count(&register, "suspended", &[(2023, 0), (2024, 1), (2025, 0)]);
    count(&register, "operating", &[(2023, 1), (2024, 0), (2025, 1)]);
    count(&register, "registered", &[(2024, 1)]);
}
#[test]
fn a_conversion_changes_the_kind_of_its_day() {
    let (mut register, index) = one();
    then(&mut register, index, "2024-05-01", |state| state.kind = Kind::Cooperative);
    count(&register, "kind = 'THT'", &[(2023, 1), (2024, 0)]);
    count(&register, "kind = 'HTX' AND converted", &[(2023, 0), (2024, 1), (2025, 0)]);
    count(&register, "founded", &[(2024, 0)]);
}
#[test]
fn members_are_those_declared_last() {
    let (mut register, index) = one();
    then(&mut register, index, "2023-05-01", |state| state.members = None);
    then(&mut register, index, "2024-05-01", |state| state.members = Some(7));
    check(&register, "SUM(members)", &[(2022, Some(4.0)), (2023, Some(4.0)), (2024, Some(7.0))]);
}
#[test]
fn members_never_declared_are_missing() {
    let mut register = Register::default();
    establish(&mut register, Kind::Group, "c1", "2022-01-01", None);
    check(&register, "SUM(members)", &[(2022, None)]);
    check(&register, "COUNT(members)", &[(2022, Some(0.0))]);
    count(&register, "members > 3 OR members <= 3", &[(2022, 0)]);
    count(&register, "members IS NULL", &[(2022, 1)]);
}
#[test]
fn the_latest_grade_decided_by_the_day() {
    let (mut register, index) = one();
    grade(&mut register, index, 2022, "2023-02-01", Grade::Weak);
    grade(&mut register, index, 2024, "2025-02-01", Grade::Good);
    count(&register, "grade = 'yeu'", &[(2022, 0), (2023, 1), (2024, 1), (2025, 0)]);
    count(&register, "grade = 'tot'", &[(2024, 0), (2025, 1)]);
    check(
        &register,
        "SUM(grade_year)",
        &[(2022, None), (2024, Some(2022.0)), (2025, Some(2024.0))],
    );
    // The grade for 2022 is too old in 2024, and that for 2024 is not decided yet.
    count(&register, "graded", &[(2022, 0), (2023, 1), (2024, 0), (2025, 1), (2026, 0)]);
}
#[test]
fn a_grade_decided_again_leaves_the_days_before_as_they_were() {
    let (mut register, index) = one();
    grade(&mut register, index, 2022, "2023-02-01", Grade::Weak);
    grade(&mut register, index, 2022, "2023-05-01", Grade::Fair);
    let count = |grade: &str, as_of| {
        let formula = format!("COUNT(*) FILTER (WHERE grade = '{grade}')");
        ask(&register, &formula, "20", 2023, as_of)
    };
    assert_eq!((count("yeu", "2023-01-31"), count("kha", "2023-01-31")), (Some(0.0), Some(0.0)));
    assert_eq!((count("yeu", "2023-04-30"), count("kha", "2023-04-30")), (Some(1.0), Some(0.0)));
    assert_eq!((count("yeu", "2023-05-01"), count("kha", "2023-05-01")), (Some(0.0), Some(1.0)));
}
#[test]
fn grading_starts_after_twelve_months_and_leaves_groups_out() {
    let (mut register, _) = one();
    establish(&mut register, Kind::Cooperative, "c1", "2022-12-31", Some(7));
    let union = establish(&mut register, Kind::Union, "c1", "2023-01-01", None);
    count(&register, "gradable", &[(2022, 0), (2023, 1), (2024, 2)]);
    then(&mut register, union, "2025-01-01", |state| state.status = Status::Terminated);
    count(&register, "gradable", &[(2025, 1)]);
}
#[test]
fn contracts_count_while_in_force() {
    let (mut register, index) = one();
    let mut sign = |partner: &str, kind, from: &str, to: Option<&str>, value| {
        register.links.push(Link {
            organisation: index,
            partner: Partner { kind, ..Partner::enterprise(partner) }.into(),
            product: "hồi".into(),
            from: day(from),
            to: to.map(day),
            value,
            ..Link::default()
        });
    };
    sign("p", PartnerKind::Organisation, "2022-06-01", None, None);
    sign("p", PartnerKind::Organisation, "2024-06-01", None, Some(5));
    sign("e", PartnerKind::Enterprise, "2023-06-01", Some("2024-12-31"), Some(9));
    sign("f", PartnerKind::Enterprise, "2025-06-01", Some("2025-12-30"), Some(9));
    count(&register, "linked", &[(2022, 1), (2025, 1)]);
    count(&register, "linked_enterprise", &[(2022, 0), (2023, 1), (2024, 1), (2025, 0)]);
    check(&register, "SUM(partners)", &[(2022, Some(1.0)), (2024, Some(2.0)), (2025, Some(1.0))]);
    count(&register, "main_partner IS NOT NULL", &[(2022, 1), (2024, 1)]);
}
#[test]
fn the_largest_partner_is_told_apart() {
    let mut register = Register::default();
    for (seat, partner, value) in
        [("c1", "p", Some(1)), ("c2", "p", Some(2)), ("c3", "q", None), ("c3", "p", Some(1))]
    {
        let index = establish(&mut register, Kind::Group, seat, "2022-01-01", None);
        for (partner, value) in [(partner, value), ("r", value.map(|v: i64| v - 1))] {
            register.links.push(Link {
                organisation: index,
                partner: Partner::enterprise(partner).into(),
                from: day("2022-01-01"),
                to: None,
                value,
                ..Link::default()
            });
        }
    }
    // Two partners without values: nobody can say who is larger.
    check(&register, "COUNT(main_partner)", &[(2022, Some(3.0))]);
    check(&register, "COUNT(DISTINCT main_partner)", &[(2022, Some(1.0))]);
}
#[test]
fn certificates_and_ocop_products() {
    let (mut register, index) = one();
    let mut certify = |product: &str, kind: &str, from: &str, to: Option<&str>| {
        register.certificates.push(Certificate {
            organisation: index,
            product: product.to_owned(),
            kind: kind.to_owned(),
            stars: None,
            from: day(from),
            to: to.map(day),
            ..Certificate::default()
        });
    };
    certify("na", "ocop", "2022-06-01", Some("2025-05-31"));
    certify("na", "ocop", "2023-06-01", None);
    certify("na", "vietgap", "2023-06-01", None);
    check(
        &register,
        "SUM(certificates)",
        &[(2022, Some(1.0)), (2024, Some(3.0)), (2025, Some(2.0))],
    );
    check(&register, "SUM(ocop_products)", &[(2022, Some(1.0)), (2024, Some(1.0))]);
}
#[test]
fn practices_promotion_and_unions() {
    let (mut register, index) = one();
    register.adoptions.push(Adoption {
        organisation: index,
        practice: Practice::Digital,
        item: "books".to_owned(),
        from: day("2023-01-01"),
        to: Some(day("2023-12-31")),
        confirmed_by: String::new(),
        evidence: String::new(),
    });
    for on in ["2022-06-01", "2022-07-01", "2025-07-01"] {
        register.promotions.push(Promotion { organisation: index, on: day(on) });
    }
    register.memberships.push(Membership {
        organisation: index,
        union: 0,
        from: day("2024-01-01"),
        to: None,
    });
    count(&register, "digital", &[(2022, 0), (2023, 1), (2024, 0)]);
    count(&register, "high_technology OR exporting", &[(2023, 0)]);
    check(&register, "SUM(trade_promotion)", &[(2022, Some(2.0)), (2023, Some(0.0))]);
    count(&register, "trade_promotion_ever", &[(2022, 1), (2024, 1), (2025, 1)]);
    assert_eq!(
        ask(&register, "COUNT(*) FILTER (WHERE trade_promotion_ever)", "20", 2025, "2025-06-30"),
        Some(0.0)
    );
    count(&register, "union_member", &[(2023, 0), (2024, 1)]);
}
#[test]
fn returns_count_as_filed_by_the_asked_day() {
    let (mut register, index) = one();
    file(&mut register, index, 2023, "2024-01-10", [Some(100), Some(1)]);
    file(&mut register, index, 2023, "2024-03-01", [Some(150), None]);
    let revenue = |as_of| ask(&register, "SUM(revenue)", "20", 2023, as_of);
    assert_eq!(revenue("2023-12-31"), None);
    assert_eq!(revenue("2024-01-10"), Some(100.0));
    assert_eq!(revenue("2024-03-01"), Some(150.0));
    count(&register, "return_filed", &[(2022, 0), (2023, 1), (2024, 0)]);
    count(&register, "NOT return_late", &[(2022, 0), (2023, 1)]);
    count(&register, "women_lead", &[(2023, 0)]);
    check(&register, "SUM(not_in_register)", &[(2023, None)]);
}
#[test]
fn a_move_changes_the_place_from_its_year_on() {
    let (mut register, index) = one();
    then(&mut register, index, "2024-05-01", |state| state.seat = "c3".into());
    for (unit, year, want) in [
        ("c1", 2023, 1.0),
        ("d1", 2023, 1.0),
        ("c3", 2023, 0.0),
        ("c1", 2024, 0.0),
        ("d2", 2024, 1.0),
    ] {
        assert_eq!(
            ask(&register, "COUNT(*)", unit, year, "2026-12-31"),
            Some(want),
            "{unit} {year}"
        );
    }
}
#[test]
fn a_seat_of_tomorrow_counts_in_the_province_of_yesterday() {
    let mut register = Register::default();
    let sure = establish(&mut register, Kind::Group, "n2", "2025-08-01", None);
    let unsure = establish(&mut register, Kind::Group, "n1", "2025-08-01", None);
    let told = establish(&mut register, Kind::Group, "n1", "2025-08-01", None);
    register.states.change(told, |own| own[0].seat_former = Some("c2".into()));
    establish(&mut register, Kind::Group, "x1", "2025-08-01", None);
    let unknown = establish(&mut register, Kind::Group, "nowhere", "2025-08-01", None);
    let pack =
        pack(vec![indicator("n", hoptac_model::pack::Measure::Stock, "COUNT(*)")], Vec::new());
    let board = board(&register, &pack, "2026-12-31", OLD);
    let count = |unit: &str| board.cell(&"n".into(), &unit.into(), 2026).unwrap().value;
    assert_eq!(
        [count("20"), count("d1"), count("d2"), count("c2"), count("c3")],
        [4.0, 1.0, 1.0, 1.0, 1.0].map(Some)
    );
    assert_eq!(board.unplaced(), [unsure, unknown]);
    assert_eq!((sure, told), (0, 2));
    let ids: Vec<&str> = board.unit_ids().map(UnitId::as_str).collect();
    assert_eq!(ids, ["20", "d1", "c1", "c2", "d2", "c3"]);
}
#[test]
fn odd_data_is_left_out_and_does_not_panic() {
    let (mut register, index) = one();
    let mut strange = register.states.of(index)[0].clone();
    strange.organisation = 77;
    register.states.push(strange);
    grade(&mut register, u32::MAX, 2022, "2022-12-01", Grade::Good);
    file(&mut register, index, 2022, "2022-12-01", [Some(1), None]);
    register.returns.change(index, |own| own[0].row = u32::MAX);
    check(&register, "COUNT(*)", &[(2022, Some(1.0))]);
    check(&register, "SUM(revenue)", &[(2022, None)]);
    check(&register, "NOT A FORMULA", &[(2022, None)]);
    let mut pack = pack(Vec::new(), Vec::new());
    pack.setting.unit = "no such unit".to_owned();
    pack.setting.year_first = 2099;
    let empty = board(&register, &pack, "2024-12-31", NEW);
    assert_eq!(empty.unit_ids().count(), 0);
    assert!(empty.years().is_empty());
    assert!(empty.scoreboard(&"20".into()).is_none());
}
