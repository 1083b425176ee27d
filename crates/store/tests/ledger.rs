//! Appending and reading back: the chain, versions, keys, order.

use hoptac_model::filing::{Hash, Subject};
use hoptac_store::{Error, Location, OpenMode, Store};
use hoptac_testkit::both_databases;
use hoptac_testkit::database::TestDatabase;
use hoptac_testkit::draft::Drafts;
use jiff::civil::date;

both_databases! {
    a_filing_reads_back,
    filings_form_a_chain,
    a_dropped_transaction_leaves_nothing,
    the_second_of_two_writers_hears_of_the_first,
    two_writers_at_once_leave_one_chain,
    a_key_is_accepted_once,
    a_filing_is_accepted_once,
    the_clock_may_not_go_back,
    a_line_feed_would_forge_a_field,
    a_refused_filing_spoils_its_transaction,
    a_filing_found_wrong_early_spoils_nothing,
    the_ledger_takes_no_update,
    the_ledger_takes_no_removal,
    a_body_may_be_long_and_hold_every_letter,
}

async fn a_filing_reads_back(database: &TestDatabase) {
    let store = database.store().await;
    let mut drafts = Drafts::default();
    let id = drafts.organisation();
    let mut draft = drafts.establish(id, date(2023, 5, 15));
    draft.key = Some("phiếu 1".to_owned());
    let mut writing = store.begin().await.unwrap();
    let filing = writing.append(&draft).await.unwrap();
    assert_eq!(writing.accepted_with_key("phiếu 1").await.unwrap().as_ref(), Some(&filing));
    writing.commit().await.unwrap();

    assert_eq!(store.filings(0, 10).await.unwrap(), std::slice::from_ref(&filing));
    assert_eq!(store.find_filing(1).await.unwrap().as_ref(), Some(&filing));
    assert_eq!(store.find_filing(2).await.unwrap(), None);
    assert_eq!(filing.typed_body().unwrap(), draft.body);
    assert_eq!(filing.recorded_at, draft.recorded_at);
    assert_eq!(filing.key, draft.key);
    assert_eq!(store.head().await.unwrap(), (1, filing.hash));
    assert_eq!(store.subject_version(&Subject::organisation(id)).await.unwrap(), 1);
    assert_eq!(store.subject_version(&Subject::units()).await.unwrap(), 0);
}

async fn filings_form_a_chain(database: &TestDatabase) {
    let store = database.store().await;
    let mut drafts = Drafts::default();
    let id = drafts.organisation();
    append(&store, drafts.establish(id, date(2023, 1, 1))).await.unwrap();
    append(&store, drafts.members(id, date(2023, 2, 1), 8)).await.unwrap();
    append(&store, drafts.suspend(id, date(2023, 3, 1))).await.unwrap();
    let filings = store.filings_about(&Subject::organisation(id)).await.unwrap();
    let mut before = Hash::ZERO;
    for (number, filing) in (1..).zip(&filings) {
        assert_eq!((filing.position, filing.subject_version), (u64::from(number), number));
        assert_eq!(filing.previous, before);
        assert_eq!(filing.compute_hash(), filing.hash);
        before = filing.hash;
    }
    assert_eq!(store.head().await.unwrap(), (3, before));
    assert_eq!(store.filings(1, 1).await.unwrap(), [filings[1].clone()]);
}

async fn a_dropped_transaction_leaves_nothing(database: &TestDatabase) {
    let store = database.store().await;
    let mut drafts = Drafts::default();
    let id = drafts.organisation();
    let mut writing = store.begin().await.unwrap();
    writing.append(&drafts.establish(id, date(2023, 1, 1))).await.unwrap();
    assert!(writing.organisation(id).await.unwrap().is_some());
    drop(writing);
    assert_eq!(store.head().await.unwrap(), (0, Hash::ZERO));
    assert_eq!(store.find_organisation(id).await.unwrap(), None);
}

async fn the_second_of_two_writers_hears_of_the_first(database: &TestDatabase) {
    let (one, other) = (database.store().await, database.store().await);
    let mut drafts = Drafts::default();
    let id = drafts.organisation();
    append(&one, drafts.establish(id, date(2023, 1, 1))).await.unwrap();
    // Both saw version 1.
    let mut first = drafts.members(id, date(2023, 2, 1), 8);
    let mut second = drafts.members(id, date(2023, 2, 1), 9);
    first.expected_version = Some(1);
    second.expected_version = Some(1);
    append(&one, first).await.unwrap();
    let error = append(&other, second).await.unwrap_err();
    assert!(matches!(error, Error::Conflict { expected: 1, actual: 2, .. }), "{error}");
    assert_eq!(other.find_organisation(id).await.unwrap().unwrap().members, Some(8));
}

async fn two_writers_at_once_leave_one_chain(database: &TestDatabase) {
    let (one, other) = (database.store().await, database.store().await);
    let file = async |store: &Store, start: u32| {
        let mut drafts = Drafts::starting_at(start);
        for _ in 0..20 {
            let id = drafts.organisation();
            let mut draft = drafts.establish(id, date(2023, 1, 1));
            // Both clocks stand still, so that neither is ahead of the other.
            draft.recorded_at = "2024-01-01T00:00:00Z".parse().unwrap();
            append(store, draft).await.unwrap();
        }
    };
    tokio::join!(file(&one, 0), file(&other, 1000));
    let verification = one.verify(&mut |_| ()).await.unwrap();
    assert_eq!((verification.filings, verification.problem), (40, None));
}

async fn a_key_is_accepted_once(database: &TestDatabase) {
    let store = database.store().await;
    let mut drafts = Drafts::default();
    let id = drafts.organisation();
    append(&store, drafts.establish(id, date(2023, 1, 1))).await.unwrap();
    let mut draft = drafts.members(id, date(2023, 2, 1), 8);
    draft.key = Some("k".to_owned());
    append(&store, draft).await.unwrap();
    let mut again = drafts.members(id, date(2023, 2, 1), 8);
    again.key = Some("k".to_owned());
    let error = append(&store, again).await.unwrap_err();
    assert!(matches!(error, Error::Repeated { position: 2, .. }), "{error}");
}

async fn a_filing_is_accepted_once(database: &TestDatabase) {
    let store = database.store().await;
    let mut drafts = Drafts::default();
    let id = drafts.organisation();
    append(&store, drafts.establish(id, date(2023, 1, 1))).await.unwrap();
    let draft = drafts.members(id, date(2023, 2, 1), 8);
    append(&store, draft.clone()).await.unwrap();
    let error = append(&store, draft).await.unwrap_err();
    assert!(matches!(error, Error::KnownFiling(_)), "{error}");
}

async fn the_clock_may_not_go_back(database: &TestDatabase) {
    let store = database.store().await;
    let mut drafts = Drafts::default();
    let id = drafts.organisation();
    let mut draft = drafts.establish(id, date(2023, 1, 1));
    // As texts these two would compare the other way round.
    draft.recorded_at = "2024-03-01T00:00:00.5Z".parse().unwrap();
    append(&store, draft).await.unwrap();
    let mut earlier = drafts.members(id, date(2023, 2, 1), 8);
    earlier.recorded_at = "2024-03-01T00:00:00Z".parse().unwrap();
    let error = append(&store, earlier.clone()).await.unwrap_err();
    assert!(matches!(error, Error::RecordedBack { .. }), "{error}");
    earlier.recorded_at = "2024-03-01T00:00:00.5Z".parse().unwrap();
    append(&store, earlier).await.unwrap();
}

async fn a_line_feed_would_forge_a_field(database: &TestDatabase) {
    let store = database.store().await;
    let mut drafts = Drafts::default();
    let id = drafts.organisation();
    let mut draft = drafts.establish(id, date(2023, 1, 1));
    draft.actor.push('\n');
    let error = append(&store, draft).await.unwrap_err();
    assert!(matches!(error, Error::LineFeed("actor")), "{error}");
}

async fn a_refused_filing_spoils_its_transaction(database: &TestDatabase) {
    let store = database.store().await;
    let mut drafts = Drafts::default();
    let (id, nobody) = (drafts.organisation(), drafts.organisation());
    let mut writing = store.begin().await.unwrap();
    writing.append(&drafts.establish(id, date(2023, 1, 1))).await.unwrap();
    let error = writing.append(&drafts.suspend(nobody, date(2023, 1, 1))).await.unwrap_err();
    assert!(matches!(error, Error::Inapplicable { .. }), "{error}");
    let error = writing.append(&drafts.suspend(id, date(2023, 2, 1))).await.unwrap_err();
    assert!(matches!(error, Error::Spoilt), "{error}");
    assert!(matches!(writing.commit().await.unwrap_err(), Error::Spoilt));
    assert_eq!(store.position().await.unwrap(), 0);
}

async fn a_filing_found_wrong_early_spoils_nothing(database: &TestDatabase) {
    let store = database.store().await;
    let mut drafts = Drafts::default();
    let id = drafts.organisation();
    let mut writing = store.begin().await.unwrap();
    writing.append(&drafts.establish(id, date(2023, 1, 1))).await.unwrap();
    let mut stale = drafts.suspend(id, date(2023, 2, 1));
    stale.expected_version = Some(7);
    writing.append(&stale).await.unwrap_err();
    writing.append(&drafts.suspend(id, date(2023, 2, 1))).await.unwrap();
    writing.commit().await.unwrap();
    assert_eq!(store.position().await.unwrap(), 2);
}

async fn the_ledger_takes_no_update(database: &TestDatabase) {
    refuses(database, "UPDATE ledger SET actor = 'ai khác'").await;
}

async fn the_ledger_takes_no_removal(database: &TestDatabase) {
    refuses(database, "DELETE FROM ledger").await;
}

async fn refuses(database: &TestDatabase, sql: &str) {
    let store = database.store().await;
    let mut drafts = Drafts::default();
    let id = drafts.organisation();
    append(&store, drafts.establish(id, date(2023, 1, 1))).await.unwrap();
    let error = database.run(sql).await.unwrap_err().to_string();
    assert!(error.contains("a filing in the ledger is never"), "{error}");
}

async fn a_body_may_be_long_and_hold_every_letter(database: &TestDatabase) {
    let store = database.store().await;
    let mut drafts = Drafts::default();
    let id = drafts.organisation();
    let mut draft = drafts.establish(id, date(2023, 1, 1));
    if let hoptac_model::filing::Body::OrganisationEstablish(body) = &mut draft.body {
        body.name = "Hợp tác xã 'Đồng\"Đăng\\ \u{7}\n🌾 ?$1 ".repeat(20_000);
    }
    let filing = append(&store, draft.clone()).await.unwrap();
    assert_eq!(filing.typed_body().unwrap(), draft.body);
    assert_eq!(store.filings(0, 1).await.unwrap(), [filing]);
}

/// The binary and the web run the store on threads that take turns.
#[test]
fn everything_can_move_between_threads() {
    fn moves<T: Send>(_: &T) {}
    hoptac_testkit::database::runtime().block_on(async {
        let database = TestDatabase::sqlite();
        let opening = database.store();
        moves(&opening);
        let store = opening.await;
        let mut silent = |_| ();
        moves(&store.register());
        moves(&store.plan());
        moves(&store.verify(&mut silent));
        moves(&store.rebuild(&mut silent));
        let mut drafts = Drafts::default();
        let id = drafts.organisation();
        let draft = drafts.establish(id, date(2023, 1, 1));
        let mut writing = store.begin().await.unwrap();
        moves(&writing.append(&draft));
        moves(&writing.commit());
    });
}

/// Where this process may mount a disk: something else fills it, filings are refused however often they are tried, and once there is
/// room the same store accepts them.
#[test]
#[cfg(target_os = "linux")]
fn a_store_goes_on_once_a_full_disk_has_room_again() {
    use std::io::Write as _;
    use std::process::Command;

    /// A disk of its own, which goes away with the test.
    struct Disk(tempfile::TempDir);

    impl Drop for Disk {
        fn drop(&mut self) {
            let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
        }
    }

    let folder = tempfile::TempDir::new().unwrap();
    let mount = ["-t", "tmpfs", "-o", "size=48m", "tmpfs"];
    let mounted = Command::new("mount").args(mount).arg(folder.path()).output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        // Only the superuser may mount.
        return;
    }
    let disk = Disk(folder);
    hoptac_testkit::database::runtime().block_on(async {
        let location = Location::Sqlite(disk.0.path().join("hoptac.sqlite"));
        let store = Store::open(&location, OpenMode::Create).await.unwrap();
        let mut drafts = Drafts::default();
        let id = drafts.organisation();
        append(&store, drafts.establish(id, date(2023, 1, 1))).await.unwrap();
        let filler = disk.0.path().join("filler");
        let mut file = std::fs::File::create(&filler).unwrap();
        while file.write_all(&[0; 4096]).is_ok() {}
        drop(file);
        let other = drafts.organisation();
        let mut long = drafts.establish(other, date(2023, 1, 1));
        if let hoptac_model::filing::Body::OrganisationEstablish(body) = &mut long.body {
            body.name = "Đồng Đăng ".repeat(100_000);
        }
        for _ in 0..3 {
            let refused = append(&store, long.clone()).await.unwrap_err();
            assert!(matches!(refused, Error::DiskFull), "{refused}");
        }
        std::fs::remove_file(&filler).unwrap();
        append(&store, long).await.unwrap();
        append(&store, drafts.members(id, date(2023, 2, 1), 8)).await.unwrap();
        let found = store.verify(&mut |_| ()).await.unwrap();
        assert_eq!((found.filings, found.problem), (3, None));
        store.close().await;
    });
}

async fn append(
    store: &Store,
    draft: hoptac_model::filing::Draft,
) -> Result<hoptac_model::filing::Filing, Error> {
    let mut writing = store.begin().await?;
    let filing = writing.append(&draft).await?;
    writing.commit().await?;
    Ok(filing)
}
