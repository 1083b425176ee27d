//! Changes of the places: what is refused and why, who may file them, and two who file at once.

use hoptac_model::filing::reform::{
    Decision, NewUnit, Part, Reform, SeatPlace, UnitAbolish, UnitCreate, UnitMerge, UnitRename,
    UnitSplit,
};
use hoptac_model::filing::{Body, Change, Draft, Establish, Origin, Subject, UnitsAdopt};
use hoptac_model::ids::UnitId;
use hoptac_model::unit::{Level, Successor, Unit};
use hoptac_office::{Actor, Known, Refusal, Role, accept, check, reform};
use hoptac_store::Store;
use hoptac_testkit::both_databases;
use hoptac_testkit::database::TestDatabase;
use hoptac_testkit::draft::{Drafts, establishment};
use hoptac_testkit::reform::{commune, decision};
use jiff::civil::{Date, date};
use std::sync::Arc;

both_databases! {
    a_reform_from_the_first_filing_to_the_last_decision,
    of_two_who_file_at_once_one_is_told,
    the_same_reform_filed_twice_is_one,
    only_who_keeps_the_places_changes_them,
}

/// The first day of the new order.
const DAY: Date = Date::constant(2025, 7, 1);
/// A day on which nothing was recorded yet.
const EARLY: Date = Date::constant(2020, 1, 1);
/// The day of the reforms that are filed here.
const THEN: Date = Date::constant(2026, 1, 1);

/// The province with a district and its commune until June 2025, then communes `05977.2025` to `05979.2025`.
fn units() -> UnitsAdopt {
    let unit = |id: &str, level, parent: Option<&str>, from, to| Unit {
        id: id.into(),
        code: id.split('.').next().unwrap_or(id).to_owned(),
        level,
        name: format!("Đơn vị {id}"),
        parent: parent.map(UnitId::from),
        lat_e4: None,
        lon_e4: None,
        valid_from: from,
        valid_to: to,
    };
    let last = Some(date(2025, 6, 30));
    let new = |id| unit(id, Level::Commune, Some("20"), Some(DAY), None);
    UnitsAdopt {
        source: "danh mục hành chính".to_owned(),
        units: vec![
            unit("20", Level::Province, None, None, None),
            unit("178", Level::District, Some("20"), None, last),
            unit("05977", Level::Commune, Some("178"), None, last),
            new("05977.2025"),
            new("05978.2025"),
            new("05979.2025"),
        ],
        successors: vec![Successor {
            old: "05977".into(),
            new: "05977.2025".into(),
            whole: true,
            default: true,
        }],
    }
}

fn known() -> Known {
    let units = units();
    let places = hoptac_model::unit::Places::new(units.units, units.successors);
    Known { places: Some(Arc::new(places)), seats: vec!["05978.2025".into()], ..Known::default() }
}

fn by() -> Decision {
    decision(date(2025, 12, 1))
}

fn create(new: NewUnit) -> Reform {
    Reform::Create(UnitCreate { decision: by(), unit: new })
}

fn merge(units: &[&str], into: &str, creates: Option<NewUnit>) -> Reform {
    let units = units.iter().map(|id| UnitId::from(*id)).collect();
    Reform::Merge(UnitMerge { decision: by(), units, into: into.into(), creates })
}

fn split(unit: &str, parts: &[(&str, bool)], creates: Vec<NewUnit>) -> Reform {
    let parts = parts.iter().map(|(id, default)| Part { unit: (*id).into(), default: *default });
    let (unit, parts) = (unit.into(), parts.collect());
    Reform::Split(UnitSplit { decision: by(), unit, parts, creates })
}

fn rename(unit: &str, name: &str) -> Reform {
    Reform::Rename(UnitRename { decision: by(), unit: unit.into(), name: name.to_owned() })
}

fn abolish(unit: &str) -> Reform {
    Reform::Abolish(UnitAbolish { decision: by(), unit: unit.into() })
}

fn draft(on: Date, body: Body) -> Draft {
    let mut drafts = Drafts::default();
    let draft = drafts.draft(Subject::units(), on, body);
    Draft { recorded_at: "2026-02-01T02:00:00Z".parse().unwrap(), ..draft }
}

/// Codes and fields of all findings about a reform that takes effect on a day.
#[track_caller]
fn found(on: Date, reform: &Reform, want: &[(&str, &str)]) {
    let findings = reform::findings(&draft(on, Body::Reform(reform.clone())), reform, &known());
    let got: Vec<(&str, &str)> =
        findings.iter().map(|finding| (finding.code, finding.field.as_str())).collect();
    assert_eq!(got, want, "{findings:#?}");
}

#[test]
fn sound_reforms() {
    found(THEN, &create(commune("07000", 2026)), &[]);
    found(THEN, &merge(&["05978.2025"], "05979.2025", None), &[]);
    let both = ["05978.2025", "05979.2025"];
    found(THEN, &merge(&both, "07000.2026", Some(commune("07000", 2026))), &[]);
    // A new unit may take the code of the one that it follows.
    found(THEN, &merge(&both, "05978.2026", Some(commune("05978", 2026))), &[]);
    let parts = [("05977.2025", true), ("07000.2026", false)];
    found(THEN, &split("05978.2025", &parts, vec![commune("07000", 2026)]), &[]);
    found(THEN, &rename("05978.2025", "Phường Tên Mới"), &[]);
    found(THEN, &abolish("05978.2025"), &[]);
}

#[test]
fn unknown_units() {
    found(THEN, &abolish("09999"), &[("unit.unknown", "unit")]);
    found(THEN, &rename("09999", "Xã Chín"), &[("unit.unknown", "unit")]);
    found(
        THEN,
        &merge(&["09999", "05978.2025"], "08888", None),
        &[("unit.unknown", "units.0"), ("unit.unknown", "into")],
    );
    // A code alone names no unit for good.
    let findings =
        reform::findings(&draft(THEN, Body::Reform(abolish("05978"))), &abolish("05978"), &known());
    assert!(findings.iter().any(|f| f.remedy.en.contains("`05978.2025`")), "{findings:?}");
}

#[test]
fn days_that_do_not_fit() {
    found(
        EARLY,
        &abolish("05977"),
        &[
            ("decision.after-effect", "decision.date"),
            ("unit.before-records", "effective_on"),
            ("unit.ended", "unit"),
        ],
    );
    let early = date(2025, 6, 30);
    let late_paper = ("decision.after-effect", "decision.date");
    found(
        early,
        &abolish("05978.2025"),
        &[late_paper, ("unit.before-records", "effective_on"), ("unit.not-begun", "unit")],
    );
    // It would not last a day.
    found(DAY, &abolish("05978.2025"), &[late_paper, ("unit.not-begun", "unit")]);
    found(THEN, &abolish("05977"), &[("unit.ended", "unit")]);
    let mut body = abolish("05978.2025");
    if let Reform::Abolish(body) = &mut body {
        body.decision = decision(date(2030, 1, 1));
    }
    found(THEN, &body, &[("decision.ahead", "decision.date")]);
}

#[test]
fn a_split_whose_parts_are_not_named() {
    let unit = "05978.2025";
    found(THEN, &split(unit, &[], Vec::new()), &[("unit.parts", "parts")]);
    found(THEN, &split(unit, &[("05977.2025", true)], Vec::new()), &[("unit.parts", "parts")]);
    let two = [("05977.2025", true), ("05979.2025", true)];
    found(THEN, &split(unit, &two, Vec::new()), &[("unit.default", "parts")]);
    let none = [("05977.2025", false), ("05979.2025", false)];
    found(THEN, &split(unit, &none, Vec::new()), &[("unit.default", "parts")]);
    let same = [("05977.2025", true), ("05977.2025", false)];
    found(THEN, &split(unit, &same, Vec::new()), &[("unit.twice", "parts.1.unit")]);
    let unnamed = [("05977.2025", true), ("07000.2026", false)];
    found(THEN, &split(unit, &unnamed, Vec::new()), &[("unit.unknown", "parts.1.unit")]);
    let parts = [("05977.2025", true), ("05979.2025", false)];
    let unused = split(unit, &parts, vec![commune("07000", 2026)]);
    found(THEN, &unused, &[("unit.unused", "creates.0.id")]);
}

#[test]
fn ways_that_lead_nowhere() {
    let itself = merge(&["05978.2025", "05979.2025"], "05978.2025", None);
    found(THEN, &itself, &[("unit.cycle", "into")]);
    found(THEN, &merge(&["05978.2025"], "20", None), &[("unit.level", "into")]);
    found(THEN, &merge(&["05978.2025"], "05977", None), &[("unit.ended", "into")]);
    found(THEN, &merge(&[], "05977.2025", None), &[("unit.none", "units")]);
    let twice = merge(&["05978.2025", "05978.2025"], "05977.2025", None);
    found(THEN, &twice, &[("unit.twice", "units.1")]);
    found(THEN, &abolish("20"), &[("unit.children", "unit")]);
}

#[test]
fn units_that_cannot_begin() {
    let with = |change: fn(&mut NewUnit)| {
        let mut new = commune("07000", 2026);
        change(&mut new);
        create(new)
    };
    found(THEN, &with(|new| new.id = "07000".into()), &[("unit.id", "unit.id")]);
    found(
        THEN,
        &create(commune("05978", 2025)),
        &[("unit.id", "unit.id"), ("unit.exists", "unit.id")],
    );
    found(THEN, &create(commune("05978", 2026)), &[("unit.overlap", "unit.code")]);
    found(THEN, &with(|new| new.parent = "99".into()), &[("unit.unknown", "unit.parent")]);
    found(THEN, &with(|new| new.parent = "178".into()), &[("unit.ended", "unit.parent")]);
    let commune_above = with(|new| new.parent = "05978.2025".into());
    found(THEN, &commune_above, &[("unit.level", "unit.parent")]);
    found(THEN, &with(|new| new.level = Level::Nation), &[("unit.level", "unit.parent")]);
    found(THEN, &with(|new| new.name = String::new()), &[("text.empty", "unit.name")]);
    let decomposed = rename("05978.2025", "Xa\u{303} Mo\u{301}i");
    found(THEN, &decomposed, &[("text.not-nfc", "name")]);
    found(THEN, &rename("05978.2025", "Đơn vị 05978.2025"), &[("unit.same-name", "name")]);
    let mut endless = rename("05978.2025", &"x".repeat(10_000_000));
    found(THEN, &endless, &[("text.too-long", "name")]);
    if let Reform::Rename(body) = &mut endless {
        body.name = "Xã Mới".to_owned();
        body.decision.number = String::new();
    }
    found(THEN, &endless, &[("text.empty", "decision.number")]);
}

#[test]
fn who_has_a_seat_where_a_unit_is_split_is_counted() {
    let parts = [("05977.2025", true), ("05979.2025", false)];
    let reform = split("05978.2025", &parts, Vec::new());
    let known = Known { seated: 3, ..known() };
    let findings = reform::findings(&draft(THEN, Body::Reform(reform.clone())), &reform, &known);
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!(finding.code, "unit.seats");
    assert!(
        !finding.is_error() && finding.message.en.starts_with("3 organisations"),
        "{finding:?}"
    );
}

#[test]
fn where_a_seat_cannot_lie() {
    let check = |seat: &str, unit: &str, want: &[(&str, &str)]| {
        let body = SeatPlace { decision: by(), seat: seat.into(), unit: unit.into() };
        let draft = draft(THEN, Body::OrganisationPlace(body.clone()));
        let findings = reform::seat(&draft, &body, &known());
        let got: Vec<(&str, &str)> =
            findings.iter().map(|finding| (finding.code, finding.field.as_str())).collect();
        assert_eq!(got, want, "{findings:#?}");
    };
    check("09999", "05977.2025", &[("unit.unknown", "seat")]);
    check("05977", "05977.2025", &[("place.seat", "seat"), ("place.certain", "unit")]);
    check("05978.2025", "05977.2025", &[("place.unit", "unit")]);
}

fn owner() -> Actor {
    Actor::new("so-tai-chinh", Role::PlanOwner)
}

fn registrar() -> Actor {
    Actor::new("can-bo-dang-ky", Role::Registrar)
}

async fn set_up(database: &TestDatabase, drafts: &mut Drafts) -> Store {
    let store = database.store().await;
    let body = Body::UnitsAdopt(units());
    let draft = drafts.draft(Subject::units(), date(2024, 1, 1), body);
    let operator = Actor::new("van-hanh", Role::Operator);
    accept(&store, &operator, Draft { origin: Origin::Pack, ..draft }).await.unwrap();
    store
}

/// A draft of a maker whose clock has come to 2026.
fn filed(drafts: &mut Drafts, reform: Reform) -> Draft {
    let draft = drafts.draft(Subject::units(), THEN, Body::Reform(reform));
    late(draft)
}

fn late(draft: Draft) -> Draft {
    let later = jiff::SignedDuration::from_hours(24 * 800);
    Draft { recorded_at: draft.recorded_at + later, ..draft }
}

fn parts() -> Reform {
    let parts = [("05977.2025", true), ("07000.2026", false)];
    split("05978.2025", &parts, vec![commune("07000", 2026)])
}

async fn a_reform_from_the_first_filing_to_the_last_decision(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = set_up(database, &mut drafts).await;
    let id = drafts.organisation();
    let start = Establish { seat: "05978.2025".into(), ..establishment(id) };
    let start = drafts.about(id, date(2025, 9, 1), Body::OrganisationEstablish(start));
    accept(&store, &registrar(), late(start)).await.unwrap();
    let accepted = accept(&store, &owner(), filed(&mut drafts, parts())).await.unwrap();
    let codes: Vec<&str> = accepted.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["unit.seats"]);
    // Nothing ends twice.
    let refusal = accept(&store, &owner(), filed(&mut drafts, parts())).await.unwrap_err();
    let codes: Vec<&str> = refusal.findings().iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["unit.ended", "unit.exists", "unit.seats"]);
    // A seat is no longer filed there, and it is decided where the one on file lies.
    let moved = Change { seat: Some("05978.2025".into()), ..Change::default() };
    let moved = late(drafts.about(id, THEN, Body::OrganisationChange(moved)));
    assert!(
        check(&store, &registrar(), moved)
            .await
            .unwrap()
            .iter()
            .any(hoptac_model::finding::Finding::is_error)
    );
    let place =
        |unit: &str| SeatPlace { decision: by(), seat: "05978.2025".into(), unit: unit.into() };
    let wrong = late(drafts.about(id, THEN, Body::OrganisationPlace(place("05979.2025"))));
    let refusal = accept(&store, &registrar(), wrong).await.unwrap_err();
    assert!(refusal.findings().iter().any(|f| f.remedy.en.contains("07000.2026")), "{refusal:?}");
    let right = late(drafts.about(id, THEN, Body::OrganisationPlace(place("07000.2026"))));
    accept(&store, &registrar(), right).await.unwrap();
    let (register, places) = (store.register().await.unwrap(), store.places().await.unwrap());
    let decided: Vec<_> = register.seat_decisions.iter().cloned().collect();
    let placing = places.placing(&"05978.2025".into(), None, &decided, THEN);
    assert_eq!(placing.unit().unwrap().id.as_str(), "07000.2026");
    assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
}

async fn of_two_who_file_at_once_one_is_told(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = set_up(database, &mut drafts).await;
    let seen = |draft: Draft| Draft { expected_version: Some(1), ..draft };
    accept(&store, &owner(), seen(filed(&mut drafts, parts()))).await.unwrap();
    let other = seen(filed(&mut drafts, abolish("05979.2025")));
    let refusal = accept(&store, &owner(), other).await.unwrap_err();
    assert!(matches!(refusal, Refusal::Changed { expected: 1, actual: 2, .. }), "{refusal:?}");
    assert!(refusal.to_string().contains("unit.split from 1 January 2026"), "{refusal}");
}

async fn the_same_reform_filed_twice_is_one(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = set_up(database, &mut drafts).await;
    let keyed = |draft: Draft| Draft { key: Some("12/NQ".to_owned()), ..draft };
    assert!(!accept(&store, &owner(), keyed(filed(&mut drafts, parts()))).await.unwrap().repeated);
    assert!(accept(&store, &owner(), keyed(filed(&mut drafts, parts()))).await.unwrap().repeated);
    assert_eq!(store.position().await.unwrap(), 2);
}

async fn only_who_keeps_the_places_changes_them(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = set_up(database, &mut drafts).await;
    let refusal = accept(&store, &registrar(), filed(&mut drafts, parts())).await.unwrap_err();
    assert!(matches!(refusal, Refusal::NotAllowed { .. }), "{refusal:?}");
    let about = Draft { subject: Subject::figures(), ..filed(&mut drafts, parts()) };
    let findings = check(&store, &owner(), about).await.unwrap();
    assert!(findings.iter().any(|finding| finding.code == "filing.subject"), "{findings:?}");
}
