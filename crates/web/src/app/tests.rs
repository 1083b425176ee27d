//! A filing reaches the state and the board that pages read: by the facts that are kept where it can, else by reading all.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hoptac_engine::board::{Board, Question};
use hoptac_model::filing::{Body, Draft, FiguresPublish, PlanAdopt, Subject, UnitsAdopt};
use hoptac_model::ids::FilingId;
use hoptac_model::pack::{Indicator, Measure};
use hoptac_model::target::Direction;
use hoptac_model::text::Words;
use hoptac_model::unit::{Level, Unit};
use hoptac_store::{Location, OpenMode, Store};
use hoptac_testkit::draft::Drafts;
use hoptac_testkit::pack::{figure, small_pack};
use jiff::civil::{Date, date};

use super::{App, Edge};

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
    let app = App::open(store.clone(), EDGE).await.unwrap();
    (store, app, d)
}

/// Waits until facts of the published state are kept.
async fn facts_are_kept(app: &App) {
    for _ in 0..600 {
        let shown = app.published();
        let today = app.0.today.lock().await;
        if today.as_ref().is_some_and(|kept| Arc::ptr_eq(&kept.published, &shown)) {
            return;
        }
        drop(today);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no facts are kept half a minute after the start");
}

/// Files, publishes, and says whether the board was there at once; holds what is published against what the tables say.
async fn file(store: &Store, app: &App, draft: Draft) -> bool {
    let position = append(store, &[draft]).await;
    app.advance(store).await.unwrap();
    let shown = app.published();
    assert_eq!(shown.register.position, position);
    let question = Question { as_of: (EDGE.today)(), geography: date(2023, 5, 15) };
    let there = app.kept(question, &shown);
    let board = app.board(&shown, question).await;
    let (read, pack) = (store.register().await.unwrap(), shown.pack.as_ref().unwrap());
    assert_eq!(shown.register.states, read.states);
    let anew = Board::compute(&read, &shown.places, pack, question);
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

#[tokio::test]
async fn a_filing_reaches_the_board_by_the_kept_facts() {
    let folder = tempfile::tempdir().unwrap();
    let (store, app, mut d) = app(folder.path()).await;
    facts_are_kept(&app).await;
    let first = store.register().await.unwrap().organisations[0].id;
    assert!(file(&store, &app, d.members(first, date(2024, 3, 1), 40)).await);
    assert!(file(&store, &app, d.suspend(first, date(2025, 2, 1))).await);
    let new = d.organisation();
    assert!(file(&store, &app, d.establish(new, date(2025, 4, 1))).await);
    // A figure is not told by one organisation: everything is read.
    let figures =
        FiguresPublish { figures: vec![figure("population-2024", date(2024, 12, 31), 9.0)] };
    let figures = d.draft(Subject::figures(), date(2025, 5, 1), Body::FiguresPublish(figures));
    file(&store, &app, figures).await;
}
