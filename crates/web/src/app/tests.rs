//! A filing reaches the state and the board that pages read: by the facts that are kept where it can, else by reading all.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hoptac_engine::board::{Board, Question};
use hoptac_model::filing::event::{Event, Remark};
use hoptac_model::filing::{Body, Draft, FiguresPublish, PlanAdopt, Subject, UnitsAdopt};
use hoptac_model::forecast::Forecasts;
use hoptac_model::ids::FilingId;
use hoptac_model::pack::{Indicator, Measure};
use hoptac_model::target::Direction;
use hoptac_model::text::Words;
use hoptac_model::unit::{Level, Unit};
use hoptac_store::{Location, OpenMode, Store};
use hoptac_testkit::draft::Drafts;
use hoptac_testkit::pack::{figure, small_pack};
use jiff::civil::{Date, date};

use super::snapshot::Snapshots;
use super::{App, Edge, Published, compute};
use crate::entry::{Completeness, Days, Entries};

const EDGE: Edge = Edge {
    now: || jiff::Timestamp::UNIX_EPOCH,
    today: || Date::constant(2025, 6, 1),
    chance: |bytes| bytes.fill(7),
    filing_id: |_| FilingId::NIL,
};

async fn append(store: &Store, drafts: &[Draft]) -> u64 {
    let mut writing = store.begin().await.unwrap();
    for draft in drafts {
        writing.append(draft).await.unwrap();
    }
    writing.commit().await.unwrap();
    store.position().await.unwrap()
}

fn units() -> UnitsAdopt {
    let unit = |id: &str, level, parent: Option<&str>| Unit {
        id: id.into(),
        code: id.to_owned(),
        level,
        name: id.to_owned(),
        parent: parent.map(Into::into),
        lat_e4: None,
        lon_e4: None,
        valid_from: None,
        valid_to: None,
    };
    UnitsAdopt {
        source: "test".to_owned(),
        units: vec![unit("20", Level::Province, None), unit("05971", Level::Commune, Some("20"))],
        successors: Vec::new(),
    }
}

fn indicator(id: &str, numerator: &str) -> Indicator {
    Indicator {
        id: id.into(),
        version: 1,
        valid_from: date(2019, 1, 1),
        name: Words::new(id, id),
        short: Words::default(),
        definition: Words::default(),
        measure: Measure::Stock,
        unit: String::new(),
        decimals: 0,
        direction: Direction::Up,
        numerator: numerator.to_owned(),
        denominator: None,
        denominator_figure: None,
        scale: 1.0,
        proxy_for: None,
        source: Words::default(),
    }
}

async fn app(folder: &Path) -> (Store, App, Drafts) {
    let location = Location::Sqlite(folder.join("hoptac.db"));
    let store = Store::open(&location, OpenMode::Create).await.unwrap();
    let mut d = Drafts::default();
    let mut pack = small_pack("thu-2023");
    pack.indicators = vec![
        indicator("operating", "COUNT(*) FILTER (WHERE operating)"),
        indicator("members", "SUM(members)"),
        indicator("middle", "MEDIAN(members) FILTER (WHERE registered)"),
    ];
    let plan = Body::PlanAdopt(Box::new(PlanAdopt { files_hash: "ab".repeat(32), pack }));
    let day = date(2023, 6, 1);
    let mut drafts = vec![
        d.draft(Subject::units(), day, Body::UnitsAdopt(units())),
        d.draft(Subject::plan("thu-2023"), day, plan),
    ];
    for _ in 0..5 {
        let id = d.organisation();
        drafts.push(d.establish(id, date(2023, 1, 10)));
    }
    append(&store, &drafts).await;
    // As at every start but the first: the schema is what it was.
    store.close().await;
    let store = Store::open(&location, OpenMode::Existing).await.unwrap();
    let app = App::open(store.clone(), EDGE).await.unwrap();
    (store, app, d)
}

/// Waits until facts of the published state are kept.
async fn facts_are_kept(app: &App) {
    for _ in 0..600 {
        let shown = app.published();
        let standing = app.0.standing.lock().await;
        if standing.find(&shown, (EDGE.today)()).is_some() {
            return;
        }
        drop(standing);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no facts are kept half a minute after the start");
}

fn question() -> Question {
    Question { as_of: (EDGE.today)(), geography: date(2023, 5, 15) }
}

/// Holds the entries and counts of returns that a state carries from the one before against those made of it alone.
fn entries_are_those_made_anew(shown: &Published) {
    let days = Days::of(shown.pack.as_deref(), (EDGE.today)(), date(2023, 5, 15));
    let carried = shown.kept.entries.read(days, |days| Entries::of(shown, days));
    assert_eq!(format!("{carried:?}"), format!("{:?}", Entries::of(shown, &days)));
    let carried = shown.kept.completeness.read(days, |days| Completeness::of(shown, days));
    assert_eq!(format!("{carried:?}"), format!("{:?}", Completeness::of(shown, &days)));
}

/// Files, publishes, and says whether the board was there at once; holds what is published against what the tables say.
async fn file(store: &Store, app: &App, draft: Draft) -> bool {
    let position = append(store, &[draft]).await;
    app.advance(store).await.unwrap();
    let shown = app.published();
    assert_eq!(shown.register.position, position);
    let there = app.kept(question(), &shown);
    let board = app.board(&shown, question()).await;
    entries_are_those_made_anew(&shown);
    let (read, pack) = (store.register().await.unwrap(), shown.pack.as_ref().unwrap());
    assert_eq!(shown.register.states, read.states);
    let anew = Board::compute(&read, &shown.places, pack, question());
    for unit in anew.unit_ids() {
        for indicator in &pack.indicators {
            for year in anew.years() {
                let cell = |board: &Board| board.cell(&indicator.id, unit, *year);
                assert_eq!(cell(&board), cell(&anew), "{} in {unit} in {year}", indicator.id);
            }
        }
    }
    there.is_some()
}

/// Waits until a snapshot with facts was written.
async fn snapshot_is_written(folder: &Path) {
    for _ in 0..600 {
        if folder.join("facts").exists() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no snapshot half a minute after the start");
}

/// What a start gives: from snapshots, with the board that it had ready, or from the database.
async fn start(store: &Store, folder: &Path) -> Option<(Arc<Published>, Option<Arc<Board>>)> {
    let found = Snapshots::new(folder).start(store, (EDGE.today)()).await.unwrap()?;
    Some((found.published, found.facts.map(|facts| Arc::new(facts.board()))))
}

/// Starts from the snapshot and holds what comes of it against a start from the database.
async fn start_equals(store: &Store, folder: &Path) {
    let (shown, board) = start(store, folder).await.expect("the snapshot is used");
    let anew = Published::read(store, (EDGE.today)()).await.unwrap();
    assert_eq!(shown.register.position, anew.register.position);
    assert_eq!(shown.register.organisations, anew.register.organisations);
    assert_eq!(shown.register.states, anew.register.states);
    assert_eq!(shown.pack, anew.pack);
    let board = board.expect("the facts are used");
    let question = Question { as_of: board.as_of(), geography: board.geography() };
    let computed = compute(&anew, question);
    for unit in computed.unit_ids() {
        assert_eq!(board.scoreboard(unit), computed.scoreboard(unit), "{unit}");
        for indicator in &anew.pack.as_ref().unwrap().indicators {
            for year in computed.years() {
                let cell = |board: &Board| board.cell(&indicator.id, unit, *year);
                assert_eq!(cell(&board), cell(&computed), "{} in {unit} in {year}", indicator.id);
                let told = |board: &Board| board.explain(&indicator.id, unit, *year);
                assert_eq!(told(&board), told(&computed), "{} in {unit}", indicator.id);
            }
        }
    }
}

#[tokio::test]
async fn a_start_from_a_snapshot_is_a_start_from_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let (store, app, mut d) = app(folder.path()).await;
    drop(app);
    let kept = folder.path().join("snapshots");
    assert!(start(&store, &kept).await.is_none(), "there is none yet");
    let app = App::open_with_snapshots(store.clone(), EDGE, &kept).await.unwrap();
    snapshot_is_written(&kept).await;
    drop(app);
    start_equals(&store, &kept).await;
    // What was filed since is taken in.
    let first = store.register().await.unwrap().organisations.get(0).unwrap().id;
    let new = d.organisation();
    append(&store, &[d.members(first, date(2024, 3, 1), 40), d.establish(new, date(2025, 4, 1))])
        .await;
    start_equals(&store, &kept).await;
    append(&store, &[d.suspend(first, date(2025, 2, 1))]).await;
    start_equals(&store, &kept).await;
    // The app shows its board at once.
    let app = App::open_with_snapshots(store.clone(), EDGE, &kept).await.unwrap();
    let question = Question { as_of: (EDGE.today)(), geography: date(2023, 5, 15) };
    assert!(app.kept(question, &app.published()).is_some());
    // A server that stops leaves what was filed meanwhile to the next one.
    append(&store, &[d.members(first, date(2024, 5, 1), 41)]).await;
    let position = store.position().await.unwrap();
    app.publish_up_to(position).await.unwrap();
    app.leave_snapshot().await;
    drop(app);
    let left = Snapshots::new(&kept).start(&store, (EDGE.today)()).await.unwrap().unwrap();
    assert_eq!(left.written, position);
    start_equals(&store, &kept).await;
    // Facts of another day are of no use, the register is.
    let tomorrow = (EDGE.today)().tomorrow().unwrap();
    let found = Snapshots::new(&kept).start(&store, tomorrow).await.unwrap().unwrap();
    assert!(found.facts.is_none());
    // Damaged facts neither.
    let mut facts = std::fs::read(kept.join("facts")).unwrap();
    *facts.last_mut().unwrap() ^= 1;
    std::fs::write(kept.join("facts"), facts).unwrap();
    let (_, board) = start(&store, &kept).await.unwrap();
    assert!(board.is_none());
    // Facts lie on the plan of then; the register does not.
    let figures =
        FiguresPublish { figures: vec![figure("population-2024", date(2024, 12, 31), 9.0)] };
    append(&store, &[d.draft(Subject::figures(), date(2025, 5, 1), Body::FiguresPublish(figures))])
        .await;
    let (shown, board) = start(&store, &kept).await.unwrap();
    let anew = Published::read(&store, (EDGE.today)()).await.unwrap();
    assert!(board.is_none());
    assert_eq!((&shown.register, &shown.pack), (&anew.register, &anew.pack));
}

#[tokio::test]
async fn the_snapshot_of_another_ledger_is_not_used() {
    let folder = tempfile::tempdir().unwrap();
    let (store, app, mut d) = app(folder.path()).await;
    drop(app);
    let (kept, other) = (folder.path().join("snapshots"), folder.path().join("other"));
    let app = App::open_with_snapshots(store.clone(), EDGE, &kept).await.unwrap();
    snapshot_is_written(&kept).await;
    drop(app);
    std::fs::create_dir(&other).unwrap();
    let location = Location::Sqlite(other.join("hoptac.db"));
    Store::open(&location, OpenMode::Create).await.unwrap().close().await;
    let shorter = Store::open(&location, OpenMode::Existing).await.unwrap();
    assert!(start(&shorter, &kept).await.is_none(), "an empty ledger is shorter");
    let draft = d.draft(Subject::units(), date(2023, 6, 1), Body::UnitsAdopt(units()));
    let mut all = vec![draft];
    all.extend((0..20).map(|_| {
        let id = d.organisation();
        d.establish(id, date(2023, 1, 11))
    }));
    append(&shorter, &all).await;
    assert!(start(&shorter, &kept).await.is_none(), "the filing there is another one");
}

#[tokio::test]
async fn a_filing_reaches_the_board_by_the_kept_facts() {
    let folder = tempfile::tempdir().unwrap();
    let (store, app, mut d) = app(folder.path()).await;
    facts_are_kept(&app).await;
    let first = store.register().await.unwrap().organisations.get(0).unwrap().id;
    assert!(file(&store, &app, d.members(first, date(2024, 3, 1), 40)).await);
    assert!(file(&store, &app, d.suspend(first, date(2025, 2, 1))).await);
    let new = d.organisation();
    assert!(file(&store, &app, d.establish(new, date(2025, 4, 1))).await);
    // A remark changes nothing that pages work out: they keep it.
    let before = app.published();
    let board = app.board(&before, question()).await;
    let remark = Event::Annotate(Remark { filing: None, text: "ghi chú".to_owned() });
    let remark = Body::OrganisationEvent(remark);
    let remark = d.draft(Subject::organisation(first), date(2025, 5, 2), remark);
    assert!(file(&store, &app, remark).await);
    let after = app.published();
    assert!(Arc::ptr_eq(&before.kept, &after.kept));
    assert_eq!(after.figures_since, before.figures_since);
    assert_eq!(app.board(&after, question()).await.position(), board.position() + 1);
    // A figure is not told by one organisation: everything is read.
    let figures =
        FiguresPublish { figures: vec![figure("population-2024", date(2024, 12, 31), 9.0)] };
    let figures = d.draft(Subject::figures(), date(2025, 5, 1), Body::FiguresPublish(figures));
    file(&store, &app, figures).await;
}

/// Waits until the forecasts that are shown are at least of a ledger position.
async fn forecasts_of(app: &App, position: u64) -> Arc<Forecasts> {
    for _ in 0..600 {
        let shown = app.published();
        let board = app.board(&shown, question()).await;
        let made = app.forecasts(&shown, &board);
        if let Some(made) = made.filter(|made| made.ledger_position >= position) {
            return made;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no forecasts of position {position} after half a minute");
}

#[tokio::test]
async fn the_last_forecasts_stand_in_until_newer_ones_are_made() {
    let folder = tempfile::tempdir().unwrap();
    let (store, app, mut d) = app(folder.path()).await;
    facts_are_kept(&app).await;
    let before = forecasts_of(&app, app.position()).await;
    let first = store.register().await.unwrap().organisations.get(0).unwrap().id;
    // A remark changes no figure, so that they are the same ones.
    let remark = Event::Annotate(Remark { filing: None, text: "ghi chú".to_owned() });
    let remark =
        d.draft(Subject::organisation(first), date(2025, 5, 2), Body::OrganisationEvent(remark));
    file(&store, &app, remark).await;
    assert!(Arc::ptr_eq(&before, &forecasts_of(&app, 0).await));
    // What changes figures has them made anew; until then these are shown.
    file(&store, &app, d.members(first, date(2024, 3, 1), 40)).await;
    let shown = app.published();
    let board = app.board(&shown, question()).await;
    assert!(app.forecasts(&shown, &board).is_some());
    let after = forecasts_of(&app, app.position()).await;
    assert_eq!(after.ledger_position, app.position());
    // The state at which the figures changed has those that were made then, also once later filings have come.
    let at = app.position();
    let remark = Event::Annotate(Remark { filing: None, text: "ghi chú".to_owned() });
    let remark =
        d.draft(Subject::organisation(first), date(2025, 5, 3), Body::OrganisationEvent(remark));
    file(&store, &app, remark).await;
    let earlier = app.state_at(at).await.unwrap();
    let board = app.board(&earlier, question()).await;
    assert!(Arc::ptr_eq(&after, &app.forecasts(&earlier, &board).unwrap()));
    // A state of an earlier position has its own, never older ones.
    let earlier = app.state_at(before.ledger_position + 1).await.unwrap();
    let board = app.board(&earlier, question()).await;
    assert!(app.forecasts(&earlier, &board).is_none());
}

#[tokio::test]
async fn who_waits_to_forecast_holds_no_state() {
    let folder = tempfile::tempdir().unwrap();
    let (store, app, mut d) = app(folder.path()).await;
    facts_are_kept(&app).await;
    forecasts_of(&app, app.position()).await;
    let first = store.register().await.unwrap().organisations.get(0).unwrap().id;
    let turn = app.0.ahead.making.lock().await;
    let mut before = Vec::new();
    for members in [40, 41, 42] {
        before.push(Arc::downgrade(&app.published()));
        file(&store, &app, d.members(first, date(2024, 3, 1), members)).await;
    }
    // The watch that is being made holds the one that it is of.
    let held = || before.iter().filter(|state| state.strong_count() > 0).count();
    for _ in 0..200 {
        if held() <= 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(held() <= 1, "{} states are held", held());
    drop(turn);
    let made = forecasts_of(&app, app.position()).await;
    assert_eq!(made.ledger_position, app.position());
}
