//! Places that change: units begin and end once, names and ways between units read back, and all of it follows from the
//! ledger.

use hoptac_model::account::Scope;
use hoptac_model::date::day_ends;
use hoptac_model::filing::reform::{
    Part, Reform, SeatPlace, UnitAbolish, UnitMerge, UnitRename, UnitSplit,
};
use hoptac_model::filing::{Body, Draft, Subject};
use hoptac_model::register::SeatDecision;
use hoptac_model::unit::Placing;
use hoptac_store::{Error, Store};
use hoptac_testkit::both_databases;
use hoptac_testkit::database::{TestDatabase, on_postgres, on_sqlite};
use hoptac_testkit::draft::Drafts;
use hoptac_testkit::reform::{commune, decision, histories, province};
use jiff::civil::{Date, date};
use proptest::test_runner::{Config, TestRunner};

use crate::history::{append, append_all};

both_databases! {
    a_merger_a_split_a_name_and_an_end,
    a_decision_where_a_seat_lies_is_kept_with_the_ones_before,
    what_does_not_fit_the_places_is_refused,
}

const DAY: Date = Date::constant(2026, 1, 1);

fn filed(d: &mut Drafts, on: Date, reform: Reform) -> Draft {
    d.draft(Subject::units(), on, Body::Reform(reform))
}

fn adopted(d: &mut Drafts) -> Draft {
    d.draft(Subject::units(), date(2024, 1, 1), Body::UnitsAdopt(province()))
}

fn split() -> Reform {
    let parts = vec![
        Part { unit: "06001.2026".into(), default: true },
        Part { unit: "06002".into(), default: false },
    ];
    let creates = vec![commune("06001", 2026)];
    Reform::Split(UnitSplit { decision: decision(DAY), unit: "06001".into(), parts, creates })
}

async fn a_merger_a_split_a_name_and_an_end(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let merge = UnitMerge {
        decision: decision(DAY),
        units: vec!["06003".into(), "06004".into()],
        into: "07000.2026".into(),
        creates: Some(commune("07000", 2026)),
    };
    let rename =
        UnitRename { decision: decision(DAY), unit: "06002".into(), name: "Xã Hai".into() };
    let abolish = UnitAbolish { decision: decision(DAY), unit: "06005".into() };
    let drafts = [
        adopted(&mut d),
        filed(&mut d, DAY, split()),
        filed(&mut d, DAY, Reform::Merge(merge)),
        filed(&mut d, DAY, Reform::Rename(rename)),
        filed(&mut d, DAY, Reform::Abolish(abolish)),
    ];
    append_all(&store, &drafts).await.unwrap();
    let places = store.places().await.unwrap();
    let last = DAY.yesterday().unwrap();
    let codes = |day| -> Vec<String> {
        let units = places.children(&"20".into(), day).into_iter();
        units.map(|unit| unit.id.to_string()).collect()
    };
    assert_eq!(codes(last), ["06000", "06001", "06002", "06003", "06004", "06005"]);
    assert_eq!(codes(DAY), ["06000", "06001.2026", "06002", "07000.2026"]);
    let unit = places.find("06001", DAY).unwrap();
    assert_eq!((unit.id.as_str(), unit.valid_from), ("06001.2026", Some(DAY)));
    let old = places.get(&"06001".into()).unwrap();
    let placing = |seat: &str| places.placing(&seat.into(), None, &[], DAY);
    assert_eq!(placing("06001"), Placing::ByDefault { unit, split: old });
    assert_eq!(placing("06003").unit().unwrap().id.as_str(), "07000.2026");
    assert_eq!(placing("06005"), Placing::Open);
    let renamed = places.get(&"06002".into()).unwrap();
    assert_eq!((places.name_on(renamed, last), renamed.name.as_str()), ("Xã 06002", "Xã Hai"));
    let mut writing = store.begin().await.unwrap();
    assert_eq!(writing.unit(&"06002".into()).await.unwrap().unwrap().name, "Xã Hai");
    assert_eq!(writing.places().await.unwrap(), places.into());
    drop(writing);
    assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
}

async fn a_decision_where_a_seat_lies_is_kept_with_the_ones_before(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let id = d.organisation();
    let place = |d: &mut Drafts, unit: &str| {
        let (seat, unit) = ("05971".into(), unit.into());
        d.about(id, DAY, Body::OrganisationPlace(SeatPlace { decision: decision(DAY), seat, unit }))
    };
    let drafts =
        [d.establish(id, date(2024, 1, 1)), place(&mut d, "06002"), place(&mut d, "06001.2026")];
    append_all(&store, &drafts).await.unwrap();
    let decided = |unit: &str, position| SeatDecision {
        organisation: 0,
        seat: "05971".into(),
        unit: unit.into(),
        position,
    };
    let register = store.register().await.unwrap();
    assert_eq!(register.seat_decisions.of(0), [decided("06002", 2), decided("06001.2026", 3)]);
    assert_eq!(store.find_organisation(id).await.unwrap().unwrap().version, 3);
    let mut writing = store.begin().await.unwrap();
    assert_eq!(writing.seats(id).await.unwrap(), ["05971".into()]);
    assert_eq!(writing.seated(&"05971".into()).await.unwrap(), 1);
}

async fn what_does_not_fit_the_places_is_refused(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    append_all(&store, &[adopted(&mut d), filed(&mut d, DAY, split())]).await.unwrap();
    let abolish =
        |unit: &str| Reform::Abolish(UnitAbolish { decision: decision(DAY), unit: unit.into() });
    let rename =
        UnitRename { decision: decision(DAY), unit: "09999".into(), name: "Xã Chín".to_owned() };
    for (reform, why) in [
        (abolish("06001"), "the unit `06001` ended on 31 December 2025"),
        (abolish("09999"), "there is no unit `09999`"),
        (Reform::Rename(rename), "there is no unit `09999`"),
        (split(), "there is a unit `06001.2026` already"),
    ] {
        let error = append(&store, &filed(&mut d, DAY, reform)).await.unwrap_err();
        assert!(matches!(error, Error::Inapplicable { .. }), "{error}");
        assert!(error.to_string().contains(why), "{error}");
    }
    assert_eq!(store.position().await.unwrap(), 2);
}

#[test]
fn places_follow_from_the_ledger_on_sqlite() {
    random(48, |drafts| on_sqlite(async |database| holds(database, drafts).await));
}

#[test]
fn places_follow_from_the_ledger_on_postgres() {
    random(4, |drafts| on_postgres(async |database| holds(database, drafts).await));
}

fn random(cases: u32, check: impl Fn(&[Draft])) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&histories(40), |drafts| {
        check(&drafts);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// A rebuild changes nothing; what was known half way is what a store has that heard no more; a place that is found exists;
/// and a decision only moves a seat among the ways that there are.
async fn holds(database: &TestDatabase, drafts: &[Draft]) {
    let first: jiff::Timestamp = "2024-01-01T10:00:00Z".parse().unwrap();
    let drafts: Vec<Draft> = (0_i64..)
        .zip(drafts)
        .map(|(step, draft)| {
            let recorded_at = first + jiff::SignedDuration::from_hours(7 * step);
            Draft { recorded_at, ..draft.clone() }
        })
        .collect();
    let store = database.store().await;
    append_all(&store, &drafts).await.unwrap();
    assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
    for table in store.rebuild(&mut |_| ()).await.unwrap().tables {
        assert_eq!(table.changed, 0, "{table:?}");
    }
    let middle = &drafts[drafts.len() / 2];
    let day = jiff::tz::Offset::constant(7).to_datetime(middle.recorded_at).date();
    let end = day_ends(day).unwrap();
    let count = drafts.iter().take_while(|draft| draft.recorded_at < end).count();
    let known = store.known_on(Some(day)).await.unwrap();
    let folder = TestDatabase::sqlite();
    let other = folder.store().await;
    append_all(&other, &drafts[..count]).await.unwrap();
    assert_eq!(known.places, other.places().await.unwrap(), "known on {day}");
    assert_eq!(known.register, other.register().await.unwrap(), "known on {day}");
    other.close().await;

    scopes_are_filtered_as_they_are_judged(&store, drafts.last().unwrap().effective_on).await;
    let (places, register) = (store.places().await.unwrap(), store.register().await.unwrap());
    let days = drafts.iter().map(|draft| draft.effective_on);
    for day in days.chain([date(2023, 6, 30)]) {
        for state in &register.states {
            let decided = register.seat_decisions.of(state.organisation);
            let placing = places.placing(&state.seat, None, decided, day);
            assert!(placing.unit().is_none_or(|unit| unit.exists_on(day)), "{placing:?}");
            if places.get(&state.seat).unwrap().exists_on(day) {
                assert_eq!(placing, Placing::Certain(places.get(&state.seat).unwrap()));
            }
        }
    }
    store.close().await;
}

/// What the database gives for a territory is what each organisation is judged to be.
async fn scopes_are_filtered_as_they_are_judged(store: &Store, day: Date) {
    let all = store.organisations_within(&Scope::ALL, day).await.unwrap();
    for unit in store.places().await.unwrap().all() {
        let scope = Scope::territory(unit.id.clone());
        let within = store.organisations_within(&scope, day).await.unwrap();
        let mut judged = Vec::new();
        for card in &all {
            if store.is_within(card.id, &scope, day).await.unwrap() {
                judged.push(card.clone());
            }
        }
        assert_eq!(within, judged, "{} on {day}", unit.id);
    }
}
