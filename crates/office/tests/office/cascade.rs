//! Cascades: what is refused, and that an adopted one comes back with the plan, whole, on both databases.

use std::sync::Arc;

use hoptac_model::cascade::Part;
use hoptac_model::filing::cascade::CascadeAdopt;
use hoptac_model::filing::reform::Decision;
use hoptac_model::filing::{Body, Draft, Hash, PlanAdopt, Subject, UnitsAdopt};
use hoptac_model::ids::UnitId;
use hoptac_model::pack::Measure;
use hoptac_model::target::{Constraint, Horizon, Scope};
use hoptac_model::unit::{Level, Places, Unit};
use hoptac_office::{Actor, Known, Refusal, Role, cascade};
use hoptac_testkit::both_databases;
use hoptac_testkit::database::TestDatabase;
use hoptac_testkit::draft::Drafts;
use jiff::civil::Date;

use crate::common;

const DAY: Date = Date::constant(2024, 3, 1);

fn units() -> Vec<Unit> {
    let unit = |id: &str, level, parent: Option<&str>| Unit {
        id: id.into(),
        code: id.to_owned(),
        level,
        name: format!("Xã {id}"),
        parent: parent.map(UnitId::from),
        lat_e4: None,
        lon_e4: None,
        valid_from: None,
        valid_to: None,
    };
    vec![
        unit("20", Level::Province, None),
        unit("05977", Level::Commune, Some("20")),
        unit("05980", Level::Commune, Some("20")),
    ]
}

/// 500 and 350 of the 850 groups of 2030.
fn body() -> CascadeAdopt {
    let part = |unit: &str, value| Part { unit: unit.into(), year: 2030, value };
    CascadeAdopt {
        plan: "test".to_owned(),
        target: "T30-01".into(),
        level: Level::Commune,
        geography: DAY,
        parts: vec![part("05977", 500), part("05980", 350)],
        outside: 0,
        rule: None,
        reason: "theo quy mô dân số".to_owned(),
        decision: Decision {
            number: "12/QĐ-UBND".to_owned(),
            date: Date::constant(2023, 12, 20),
            issuer: "Ủy ban nhân dân tỉnh".to_owned(),
        },
    }
}

fn draft(body: CascadeAdopt) -> Draft {
    let subject = Subject::cascade(&body.target);
    Drafts::default().draft(subject, DAY, Body::CascadeAdopt(Box::new(body)))
}

#[track_caller]
fn check(change: impl FnOnce(&mut CascadeAdopt, &mut hoptac_model::pack::Pack), want: &[&str]) {
    let (mut body, mut pack) = (body(), common::pack());
    change(&mut body, &mut pack);
    let known = Known {
        plan: Some(Arc::new(pack)),
        places: Some(Arc::new(Places::new(units(), Vec::new()))),
        ..Known::default()
    };
    let findings = cascade::findings(&draft(body.clone()), &body, &known);
    assert!(findings.iter().all(|finding| hoptac_office::words::of(finding.code).is_some()));
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, want, "{findings:?}");
}

#[test]
fn parts_that_sum_to_what_the_plan_asks_are_accepted() {
    check(|_, _| {}, &[]);
    // About 850 is from 808 to 892.
    check(|body, _| body.parts[0].value = 542, &[]);
    check(|body, _| (body.parts[0].value, body.outside) = (400, 60), &[]);
}
#[test]
fn parts_that_sum_to_something_else_are_not() {
    check(|body, _| body.parts[0].value = 543, &["cascade.sum"]);
    check(|body, _| body.parts[0].value = 457, &["cascade.sum"]);
    check(|body, _| body.parts[0].value = u32::MAX, &["cascade.sum"]);
}
#[test]
fn every_unit_has_one_part_and_nobody_else() {
    check(|body, _| drop(body.parts.pop()), &["cascade.missing", "cascade.sum"]);
    check(|body, _| body.parts[1].unit = "05977".into(), &["cascade.twice", "cascade.missing"]);
    check(|body, _| body.parts[1].unit = "99999".into(), &["cascade.unit", "cascade.missing"]);
    check(|body, _| body.parts[1].unit = "20".into(), &["cascade.unit", "cascade.missing"]);
    check(|body, _| body.parts.clear(), &["cascade.none"]);
}
#[test]
fn years_are_those_of_the_target() {
    let year = |body: &mut CascadeAdopt, _: &mut hoptac_model::pack::Pack| {
        body.parts.iter_mut().for_each(|part| part.year = 2029);
    };
    check(year, &["cascade.year"]);
}
#[test]
fn only_a_number_of_the_whole_territory_has_parts() {
    check(|_, pack| pack.targets[0].scope = Scope::Each(Level::Commune), &["cascade.not-shared"]);
    check(|_, pack| pack.indicators[0].measure = Measure::Ratio, &["cascade.not-shared"]);
    check(|body, _| body.target = "T99".into(), &["cascade.target"]);
    check(|body, _| body.plan = "other".to_owned(), &["cascade.plan"]);
}
#[test]
fn a_reason_and_a_document_stand_behind_it() {
    check(|body, _| body.reason.clear(), &["text.empty"]);
    check(|body, _| body.decision.number.clear(), &["text.empty"]);
}

both_databases! {
    an_adopted_cascade_comes_back_with_the_plan,
}

async fn an_adopted_cascade_comes_back_with_the_plan(database: &TestDatabase) {
    let store = database.store().await;
    let operator = Actor::new("operator", Role::Operator);
    let mut drafts = Drafts::default();
    let adopt = UnitsAdopt { source: "test".to_owned(), units: units(), successors: Vec::new() };
    let mut pack = common::pack();
    for target in &mut pack.targets {
        target.constraint = Constraint::Between { low: 55.0, high: 70.0 };
        target.horizon = Horizon::Yearly { from: 2023, to: 2030 };
    }
    let plan = PlanAdopt { files_hash: Hash::ZERO.to_string(), pack };
    let part = |unit: &str, year, value| Part { unit: unit.into(), year, value };
    let given = |first, second| CascadeAdopt {
        parts: vec![part("05977", 2025, first), part("05980", 2025, second)],
        ..body()
    };
    let subject = Subject::cascade(&"T30-01".into());
    let cascade = |body: CascadeAdopt, drafts: &mut Drafts, day| {
        drafts.draft(subject.clone(), day, Body::CascadeAdopt(Box::new(body)))
    };
    for draft in [
        drafts.draft(Subject::units(), DAY, Body::UnitsAdopt(adopt)),
        drafts.draft(Subject::plan("test"), DAY, Body::PlanAdopt(Box::new(plan))),
        cascade(given(40, 20), &mut drafts, DAY),
        cascade(given(30, 30), &mut drafts, Date::constant(2024, 3, 2)),
    ] {
        hoptac_office::accept(&store, &operator, draft).await.unwrap();
    }
    let refused = cascade(given(40, 10), &mut drafts, DAY);
    let refused = hoptac_office::accept(&store, &operator, refused).await;
    assert!(matches!(refused, Err(Refusal::Invalid(_))), "{refused:?}");
    let registrar = Actor::new("registrar.05977", Role::Registrar);
    let not_theirs = cascade(given(40, 20), &mut drafts, DAY);
    assert!(hoptac_office::accept(&store, &registrar, not_theirs).await.is_err());
    let pack = store.plan().await.unwrap().unwrap().pack;
    assert_eq!(pack.cascades.iter().map(|one| one.position).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(pack.cascades.first().unwrap().adopted, given(40, 20));
    let target = "T30-01".into();
    let holds = |day| pack.cascade_of(&target, day).map(|one| one.part(&"05977".into(), 2025));
    assert_eq!(holds(DAY.yesterday().unwrap()), None);
    assert_eq!((holds(DAY), holds(DAY.tomorrow().unwrap())), (Some(Some(40)), Some(Some(30))));
    // What was known before the second one is the first alone.
    let known = store.known_at(3).await.unwrap().plan.unwrap().pack;
    assert_eq!(known.cascades.len(), 1);
}
