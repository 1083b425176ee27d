//! A power cut on SQLite. What was committed has been confirmed by the disk; what came after may be there, or missing, or
//! torn, or nonsense, in any mixture.
//!
//! The model: while a writer is at work, the database file and its write-ahead log are copied after a commit, and once more
//! after later ones that nobody was told of. An image of the disk is then the database file with the log cut off or
//! overwritten anywhere behind what the commit had confirmed. The index in shared memory is gone. Each image must open, prove
//! itself, and hold everything up to the commit.

use std::fs;
use std::path::Path;

use hoptac_store::{Condition, Location, OpenMode, Setup, Store};
use hoptac_testkit::database::{TestDatabase, on_sqlite};
use hoptac_testkit::draft::Drafts;
use jiff::civil::date;

use crate::history::{append, append_all, full};

/// Images of the disk for each acknowledged commit.
const IMAGES: u64 = 24;

#[test]
fn what_was_acknowledged_outlives_a_power_cut() {
    on_sqlite(async |database| {
        let store = database.store().await;
        append_all(&store, &full()).await.unwrap();
        let file = database.file().unwrap();
        let log = file.with_extension("sqlite-wal");
        let mut more = Drafts::starting_at(5000);
        let mut dice = 115_u64;
        for _ in 0..4 {
            let id = more.organisation();
            let founding = more.establish(id, date(2024, 5, 1));
            let acknowledged = append(&store, &founding).await.unwrap();
            let confirmed = fs::metadata(&log).unwrap().len();
            let base = fs::read(file).unwrap();
            // Nobody is told of these.
            for members in [8, 9, 10] {
                let change = more.members(id, date(2024, 6, 1), members);
                append(&store, &change).await.unwrap();
            }
            let whole = fs::read(&log).unwrap();
            assert!(u64::try_from(whole.len()).unwrap() >= confirmed, "the log was not folded in");
            for _ in 0..IMAGES {
                let image = image(&whole, usize::try_from(confirmed).unwrap(), &mut dice);
                let position = reopened(&base, &image, file).await;
                assert!(
                    position >= acknowledged.position,
                    "{position} of {}",
                    acknowledged.position
                );
                assert!(position <= acknowledged.position + 3);
            }
        }
        store.close().await;
    });
}

/// The log as a disk may have it: as far as it was confirmed, and behind that whatever.
fn image(whole: &[u8], confirmed: usize, dice: &mut u64) -> Vec<u8> {
    let mut next = |below: usize| {
        *dice =
            dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(*dice >> 33).unwrap() % below.max(1)
    };
    let tail = whole.len() - confirmed;
    let mut image = whole[..confirmed + next(tail + 1)].to_vec();
    match next(3) {
        // Cut off.
        0 => {}
        // A sector of it was never written.
        1 => {
            let at = confirmed + next(image.len() - confirmed);
            let end = (at + 512).min(image.len());
            image[at..end].fill(0);
        }
        // Some bytes are others.
        _ => {
            for _ in 0..4 {
                let at = confirmed + next(image.len() - confirmed);
                if let Some(byte) = image.get_mut(at) {
                    *byte ^= 1 << next(8);
                }
            }
        }
    }
    image
}

/// Opens an image and proves it; gives where its ledger ends.
async fn reopened(base: &[u8], log: &[u8], like: &Path) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(like.file_name().unwrap());
    fs::write(&file, base).unwrap();
    fs::write(file.with_extension("sqlite-wal"), log).unwrap();
    let store = Store::open(&Location::Sqlite(file), OpenMode::Existing).await.unwrap();
    let verification = store.verify(&mut |_| ()).await.unwrap();
    assert_eq!(verification.problem, None);
    let rebuilt = store.rebuild(&mut |_| ()).await.unwrap();
    assert!(rebuilt.tables.iter().all(|table| table.changed == 0));
    store.close().await;
    verification.filings
}

/// The model stands on this: each commit waits for the disk.
#[test]
fn every_commit_waits_for_the_disk() {
    let database = TestDatabase::sqlite();
    hoptac_testkit::database::runtime().block_on(async {
        database.store().await.close().await;
        let condition = Condition::look(database.location()).await.unwrap();
        let Setup::Sqlite { journal, waits, .. } = condition.setup else { panic!("not SQLite") };
        assert_eq!((journal.as_str(), waits), ("wal", true));
    });
}
