//! A backup of one database fills another of either kind, and what is restored is what was copied.

use hoptac_model::account::AccountName;
use hoptac_model::filing::Hash;
use hoptac_store::{
    Cells, Copying, CredentialChange, Error, Location, Proof, Restoring, Shape, Store,
};
use hoptac_testkit::both_databases;
use hoptac_testkit::database::{TestDatabase, on_postgres, on_sqlite};

use crate::history::{append_all, full};

both_databases! {
    a_copy_of_one_state,
    a_restore_up_to_a_position_is_the_ledger_as_it_was,
    a_database_that_holds_something_is_refused,
    a_damaged_row_leaves_the_database_empty,
}

#[test]
fn sqlite_into_sqlite() {
    on_sqlite(async |target| restores(&TestDatabase::sqlite(), target).await);
}
#[test]
fn sqlite_into_postgres() {
    on_postgres(async |target| restores(&TestDatabase::sqlite(), target).await);
}
#[test]
fn postgres_into_sqlite() {
    on_postgres(async |source| restores(source, &TestDatabase::sqlite()).await);
}
#[test]
fn postgres_into_postgres() {
    on_postgres(async |source| {
        let target = TestDatabase::postgres().await;
        restores(source, &target).await;
        if let Location::Postgres(url) = target.location() {
            hoptac_testkit::postgres::drop_database(url).await;
        }
    });
}

/// Everything that a backup holds, as it came.
type Copy = Vec<(Shape, Vec<Cells>)>;

async fn copy(store: &Store) -> Copy {
    let mut copy: Copy = Copying::shapes().map(|shape| (shape, Vec::new())).collect();
    let mut copying = store.copy().await.unwrap();
    while let Some((table, rows)) = copying.next().await.unwrap() {
        copy[table].1.extend(rows);
    }
    copy
}

async fn put(database: &TestDatabase, copy: &Copy, up_to: u64) -> Result<Store, Error> {
    let mut restoring = Restoring::begin(database.location(), Copying::schema(), up_to).await?;
    for (shape, rows) in copy {
        restoring.put(shape, rows.clone()).await?;
    }
    restoring.finish().await
}

async fn filled(database: &TestDatabase) -> Store {
    let store = database.store().await;
    append_all(&store, &full()).await.unwrap();
    store
}

#[track_caller]
fn table<'c>(copy: &'c Copy, name: &str) -> &'c [Cells] {
    &copy.iter().find(|(shape, _)| shape.table == name).unwrap().1
}

async fn restores(source: &TestDatabase, target: &TestDatabase) {
    let store = filled(source).await;
    let mut writing = store.begin().await.unwrap();
    writing.keep_file(b"an edition").await.unwrap();
    writing.commit().await.unwrap();
    let before = copy(&store).await;
    assert_eq!(table(&before, "ledger").len(), 15);
    let restored = put(target, &before, u64::MAX).await.unwrap();
    assert_eq!(restored.head().await.unwrap(), store.head().await.unwrap());
    assert_eq!(restored.register().await.unwrap(), store.register().await.unwrap());
    assert_eq!(restored.verify(&mut |_| ()).await.unwrap().problem, None);
    // The file of an edition that nobody issued is about nothing, and stays behind.
    let mut after = copy(&restored).await;
    assert_eq!(table(&after, "kept_file").len(), 0);
    after[1].1.clone_from(&before[1].1);
    assert_eq!(after, before);
    restored.close().await;
    store.close().await;
}

async fn a_copy_of_one_state(database: &TestDatabase) {
    let store = filled(database).await;
    let mut copying = store.copy().await.unwrap();
    let (position, head) = copying.head();
    // What is filed while it is copied is not in it.
    let mut more = hoptac_testkit::draft::Drafts::starting_at(1000);
    let id = more.organisation();
    let draft = more.establish(id, jiff::civil::date(2024, 3, 1));
    append_all(&store, &[draft]).await.unwrap();
    let mut proof = Proof::default();
    let shapes: Vec<Shape> = Copying::shapes().collect();
    while let Some((table, rows)) = copying.next().await.unwrap() {
        for row in rows {
            proof.take(&shapes[table], &row).unwrap();
        }
    }
    assert_eq!(proof.head(), (position, head));
    assert_eq!(store.position().await.unwrap(), position + 1);
}

async fn a_restore_up_to_a_position_is_the_ledger_as_it_was(database: &TestDatabase) {
    let store = filled(database).await;
    let name = AccountName::from("nobody-yet");
    let at = jiff::Timestamp::UNIX_EPOCH;
    let change = CredentialChange::Password { account: &name, hash: "x", at };
    store.change_credentials(&[change]).await.unwrap();
    let whole = copy(&store).await;
    assert_eq!(table(&whole, "credential").len(), 1);
    let target = TestDatabase::sqlite();
    let restored = put(&target, &whole, 9).await.unwrap();
    let ninth = store.find_filing(9).await.unwrap().unwrap();
    assert_eq!(restored.head().await.unwrap(), (9, ninth.hash));
    assert_eq!(restored.register().await.unwrap(), store.known_at(9).await.unwrap().register);
    assert_eq!(restored.verify(&mut |_| ()).await.unwrap().problem, None);
    // Who was not invited by then gets no password.
    assert_eq!(table(&copy(&restored).await, "credential").len(), 0);
    // It goes on as any other ledger.
    append_all(&restored, &full()[9..]).await.unwrap();
    assert_eq!(restored.head().await.unwrap(), store.head().await.unwrap());
    restored.close().await;
}

async fn a_database_that_holds_something_is_refused(database: &TestDatabase) {
    let store = filled(database).await;
    let whole = copy(&store).await;
    let head = store.head().await.unwrap();
    assert!(matches!(put(database, &whole, u64::MAX).await, Err(Error::NotEmpty)));
    assert_eq!(store.head().await.unwrap(), head);
    let mut newer = Restoring::begin(database.location(), Copying::schema() + 1, 1).await;
    assert!(matches!(newer.as_mut().err(), Some(Error::NewerVersion { .. })));
}

async fn a_damaged_row_leaves_the_database_empty(database: &TestDatabase) {
    let source = TestDatabase::sqlite();
    let whole = copy(&filled(&source).await).await;
    let mut damaged = whole.clone();
    let body = damaged[0].0.columns.iter().position(|(name, _)| name == "body").unwrap();
    damaged[0].1[6][body] = hoptac_store::Cell::Text("{}".to_owned());
    let refused = put(database, &damaged, u64::MAX).await.unwrap_err();
    assert!(matches!(refused, Error::Unproved { position: 7, .. }), "{refused}");
    // The next one finds it empty.
    let restored = put(database, &whole, u64::MAX).await.unwrap();
    assert_ne!(restored.head().await.unwrap().1, Hash::ZERO);
    restored.close().await;
}
