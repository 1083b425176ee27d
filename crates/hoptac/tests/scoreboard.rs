//! The scoreboard of any day, as known on any day, is that of a plain fold of what had been recorded and was effective by
//! then, for random histories on both databases.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::path::{Path, PathBuf};

use hoptac_engine::board::{Board, Question};
use hoptac_intake::{pack, unit};
use hoptac_model::filing::Draft;
use hoptac_model::pack::Pack;
use hoptac_model::register::Register;
use hoptac_model::unit::Places;
use hoptac_testkit::database::{TestDatabase, on_postgres, on_sqlite};
use hoptac_testkit::fold::{fold, until};
use hoptac_testkit::history::random;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};

/// The shipped plan with its places.
struct World {
    pack: Pack,
    places: Places,
}

fn packs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

impl World {
    fn read() -> Self {
        let read = |name: &str| std::fs::read(packs().join("vn/units").join(name)).unwrap();
        let units = unit::read(&read("units.csv"), &read("successors.csv"));
        let (units, successors) = unit::territory(&units.units, &units.successors, "20");
        let files = pack::PackFiles::from_dir(&packs().join("lang-son-2023"));
        let pack = pack::read(&files, &pack::Check::default()).accepted().cloned().unwrap();
        Self { pack, places: Places::new(units, successors) }
    }

    fn board(&self, register: &Register, as_of: Date) -> Board {
        let question = Question { as_of, geography: as_of };
        Board::compute(register, &self.places, &self.pack, question)
    }

    /// The two registers give the same value of every indicator for every unit and year.
    fn same(&self, told: &Register, folded: &Register, as_of: Date) {
        let (told, folded) = (self.board(told, as_of), self.board(folded, as_of));
        assert_eq!(told.years(), folded.years());
        for unit in told.unit_ids() {
            for indicator in &self.pack.indicators {
                for year in told.years() {
                    let of = |board: &Board| board.cell(&indicator.id, unit, *year);
                    let place = format!("{} of {unit:?} in {year} as of {as_of}", indicator.id);
                    assert_eq!(of(&told), of(&folded), "{place}");
                }
            }
        }
    }
}

#[test]
fn the_scoreboard_of_any_day_on_sqlite() {
    let world = World::read();
    random(10, |drafts| on_sqlite(async |database| holds(&world, database, drafts).await));
}

#[test]
fn the_scoreboard_of_any_day_on_postgres() {
    let world = World::read();
    random(2, |drafts| on_postgres(async |database| holds(&world, database, drafts).await));
}

async fn holds(world: &World, database: &TestDatabase, drafts: &[Draft]) {
    let drafts = days_apart(drafts);
    let store = database.store().await;
    let mut writing = store.begin().await.unwrap();
    for draft in &drafts {
        writing.append(draft).await.unwrap();
    }
    writing.commit().await.unwrap();
    let last = drafts.len();
    for count in [last.div_ceil(3), last] {
        let known_then = drafts.get(..count).unwrap();
        let known_on = recorded_on(count - 1);
        let register = store.register_known_on(known_on).await.unwrap();
        for as_of in [date(2022, 6, 30), date(2023, 12, 31), date(2025, 12, 31)] {
            let folded = fold(&until(known_then, as_of));
            world.same(&register, &folded, as_of);
        }
    }
    store.close().await;
}

/// The day on which the filing of a place in the history is recorded.
fn recorded_on(index: usize) -> Date {
    date(2024, 1, 1).saturating_add(i64::try_from(index).unwrap().days())
}

/// Recorded one on each day, at noon.
fn days_apart(drafts: &[Draft]) -> Vec<Draft> {
    let recorded = |(index, draft): (usize, &Draft)| {
        let noon = recorded_on(index).at(5, 0, 0, 0);
        let at = jiff::tz::Offset::UTC.to_timestamp(noon).unwrap();
        Draft { recorded_at: at, ..draft.clone() }
    };
    drafts.iter().enumerate().map(recorded).collect()
}
