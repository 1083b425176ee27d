//! What was known on a day is what a ledger comes to that ends there.

use std::collections::{BTreeMap, BTreeSet};

use hoptac_model::date::day_ends;
use hoptac_model::filing::Draft;
use hoptac_store::Store;
use hoptac_testkit::both_databases;
use hoptac_testkit::database::{TestDatabase, on_postgres, on_sqlite};
use hoptac_testkit::draft::Drafts;
use hoptac_testkit::fold::{fold, until};
use hoptac_testkit::history::random;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use jiff::tz::Offset;

use crate::history::{append, append_all, full};

both_databases! {
    the_day_ends_at_midnight_in_viet_nam,
    places_and_plan_are_those_known_then,
    writers_go_on_while_somebody_asks,
    a_schema_that_changed_under_filings_is_filled_again,
}

async fn the_day_ends_at_midnight_in_viet_nam(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let (one, other) = (d.organisation(), d.organisation());
    let mut drafts = [d.establish(one, date(2024, 1, 1)), d.establish(other, date(2024, 1, 1))];
    // The last microsecond of 30 June in Viet Nam, and the first of 1 July.
    drafts[0].recorded_at = "2025-06-30T16:59:59.999999Z".parse().unwrap();
    drafts[1].recorded_at = "2025-06-30T17:00:00Z".parse().unwrap();
    append_all(&store, &drafts).await.unwrap();
    let known = async |day| {
        let known = store.known_on(Some(day)).await.unwrap();
        assert_eq!(known.register.position, known.position);
        (known.position, known.register.organisations.len())
    };
    assert_eq!(known(date(2025, 6, 29)).await, (0, 0));
    assert_eq!(known(date(2025, 6, 30)).await, (1, 1));
    assert_eq!(known(date(2025, 7, 1)).await, (2, 2));
    assert_eq!(known(Date::MAX).await, (2, 2));
}

async fn places_and_plan_are_those_known_then(database: &TestDatabase) {
    let store = database.store().await;
    let drafts = a_day_apart(full());
    append_all(&store, &drafts).await.unwrap();
    let known = store.known_on(Some(date(2024, 3, 1))).await.unwrap();
    assert_eq!((known.position, known.plan), (1, None));
    assert_eq!(known.places, store.places().await.unwrap());
    let known = store.known_on(Some(date(2024, 3, 3))).await.unwrap();
    let figures = known.plan.unwrap().pack.figures;
    assert!(figures.iter().all(|figure| figure.id != "population-2023"), "it came a day later");
    let now = store.known_on(None).await.unwrap();
    assert_eq!(now.plan, store.plan().await.unwrap());
    assert_eq!(now.register, store.register().await.unwrap());
}

async fn writers_go_on_while_somebody_asks(database: &TestDatabase) {
    let store = database.store().await;
    let drafts = a_day_apart(full());
    let (last, before) = drafts.split_last().unwrap();
    append_all(&store, before).await.unwrap();
    let mut writing = store.begin().await.unwrap();
    writing.append(last).await.unwrap();
    // The writer holds its lock; whoever asks neither waits for it nor sees what is not kept.
    let known = store.known_on(Some(date(2024, 3, 6))).await.unwrap();
    assert_eq!(known.position, 6);
    writing.commit().await.unwrap();
    assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
}

async fn a_schema_that_changed_under_filings_is_filled_again(database: &TestDatabase) {
    let store = database.store().await;
    append_all(&store, &full()).await.unwrap();
    let register = store.register().await.unwrap();
    store.close().await;
    // As a migration leaves it that makes a table anew, and a program that ended right behind it.
    database.run("DELETE FROM annual_return").await.unwrap();
    database.run("INSERT INTO schema_version (version, name) VALUES (0, 'x')").await.unwrap();
    let store = database.store().await;
    assert_eq!(store.register().await.unwrap(), register);
    let mut drafts = Drafts::starting_at(1000);
    let id = drafts.organisation();
    append(&store, &drafts.establish(id, date(2024, 1, 1))).await.unwrap();
    assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
}

#[test]
fn known_then_equals_filed_until_then_on_sqlite() {
    random(24, |drafts| on_sqlite(async |database| holds(database, drafts).await));
}

#[test]
fn known_then_equals_filed_until_then_on_postgres() {
    random(3, |drafts| on_postgres(async |database| holds(database, drafts).await));
}

/// On every third day that something was recorded on, the register known then is the one of a store that never heard
/// more, and that of a plain fold.
async fn holds(database: &TestDatabase, drafts: &[Draft]) {
    let drafts = hours_apart(drafts);
    let store = database.store().await;
    append_all(&store, &drafts).await.unwrap();
    let days: BTreeSet<Date> = drafts
        .iter()
        .map(|draft| Offset::constant(7).to_datetime(draft.recorded_at).date())
        .collect();
    let first = days.first().unwrap().yesterday().unwrap();
    for day in std::iter::once(first).chain(days.into_iter().step_by(3)) {
        let end = day_ends(day).unwrap();
        let count = drafts.iter().take_while(|draft| draft.recorded_at < end).count();
        let until_then = &drafts[..count];
        let known = store.register_known_on(day).await.unwrap();
        assert_eq!(known, fold(until_then), "known on {day}");
        let folder = TestDatabase::sqlite();
        let other = folder.store().await;
        append_all(&other, until_then).await.unwrap();
        assert_eq!(known, other.register().await.unwrap(), "known on {day}");
        other.close().await;
        lists_are_those_of_the_fold(&store, until_then, day).await;
    }
    store.close().await;
}

/// The list of organisations, each of them, and the returns, as they stood on a few days and as it was known on one, are
/// what a plain fold says of filings recorded and effective until then.
async fn lists_are_those_of_the_fold(store: &Store, drafts: &[Draft], known_on: Date) {
    let mut reading = store.read(Some(known_on)).await.unwrap();
    assert_eq!(reading.position(), u64::try_from(drafts.len()).unwrap());
    let register = fold(drafts);
    for day in [date(2022, 6, 30), date(2023, 12, 31), known_on] {
        let then = fold(&until(drafts, day));
        let cards = reading.organisations_on(day).await.unwrap();
        let ids: Vec<_> = cards.iter().map(|card| card.id).collect();
        let founded: Vec<_> = then.organisations.iter().map(|one| one.id).collect();
        assert_eq!(ids, founded, "on {day}, known on {known_on}");
        for (index, card) in (0..).zip(&cards) {
            let state = then.states.of(index).last().unwrap();
            let told = (card.kind, card.status, &card.seat, card.vsic, card.members, card.capital);
            let wanted =
                (state.kind, state.status, &state.seat, state.vsic, state.members, state.capital);
            assert_eq!((told, card.from), (wanted, state.from), "on {day}, known on {known_on}");
            assert_eq!(reading.organisation_on(card.id, day).await.unwrap().as_ref(), Some(card));
        }
        for organisation in &register.organisations {
            if !founded.contains(&organisation.id) {
                assert_eq!(reading.organisation_on(organisation.id, day).await.unwrap(), None);
            }
        }
        for year in 2021..=2024 {
            let told: Vec<_> = reading.accepted_returns(year, day).await.unwrap();
            let told: Vec<_> = told.iter().map(|one| (one.organisation, one.on)).collect();
            // Of several versions the last one holds.
            let mut wanted: BTreeMap<_, Date> = BTreeMap::new();
            for one in then.returns.iter().filter(|one| one.year == year) {
                wanted.insert(then.organisation(one.organisation).unwrap().id, one.on);
            }
            assert_eq!(told, wanted.into_iter().collect::<Vec<_>>(), "{year} on {day}");
        }
    }
}

/// Recorded one on each day from 1 March 2024, at noon.
fn a_day_apart(drafts: Vec<Draft>) -> Vec<Draft> {
    let noon = date(2024, 3, 1).at(12, 0, 0, 0);
    let days = (0..).map(|day: i64| {
        Offset::constant(7).to_timestamp(noon.checked_add(day.days()).unwrap()).unwrap()
    });
    drafts.into_iter().zip(days).map(|(draft, at)| Draft { recorded_at: at, ..draft }).collect()
}

/// Recorded seven hours apart, so that some are recorded at the very end of a day.
fn hours_apart(drafts: &[Draft]) -> Vec<Draft> {
    let first: jiff::Timestamp = "2024-01-01T10:00:00Z".parse().unwrap();
    let times = (0..).map(|step: i64| first.checked_add((7 * step).hours()).unwrap());
    drafts.iter().zip(times).map(|(draft, at)| Draft { recorded_at: at, ..draft.clone() }).collect()
}
