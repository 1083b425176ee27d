//! Opening: what is there is told apart, and said in sentences.

use std::path::{Path, PathBuf};

use hoptac_store::{Location, OpenMode, Store};
use hoptac_testkit::both_databases;
use hoptac_testkit::database::{TestDatabase, runtime};

both_databases! {
    an_opened_database_opens_again,
    several_may_open_a_fresh_database_at_once,
    an_empty_database_is_not_taken_for_a_ledger,
    a_newer_version_is_refused,
    a_database_of_another_program_is_refused,
}

async fn an_opened_database_opens_again(database: &TestDatabase) {
    let first = database.store().await;
    let second = Store::open(database.location(), OpenMode::Existing).await.unwrap();
    assert_eq!(first.head().await.unwrap(), second.head().await.unwrap());
}

async fn several_may_open_a_fresh_database_at_once(database: &TestDatabase) {
    // Tasks on one thread still race: each connection of SQLite works in a thread of its own.
    let (one, two, three, four, five, six) = tokio::join!(
        database.store(),
        database.store(),
        database.store(),
        database.store(),
        database.store(),
        database.store()
    );
    for store in [one, two, three, four, five, six] {
        assert_eq!(store.position().await.unwrap(), 0);
    }
}

async fn an_empty_database_is_not_taken_for_a_ledger(database: &TestDatabase) {
    if let Some(file) = database.file() {
        std::fs::write(file, []).unwrap();
    }
    refused(
        database.location(),
        OpenMode::Existing,
        "the database holds no ledger yet; fill it with `hoptac demo`, or adopt a plan with `hoptac plan adopt`",
    )
    .await;
}

async fn a_newer_version_is_refused(database: &TestDatabase) {
    database.store().await.close().await;
    let mut connection = database.connection().await;
    let known: i64 = sqlx::query_scalar("SELECT MAX(version) FROM schema_version")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    database.run("INSERT INTO schema_version (version, name) VALUES (99, 'later')").await.unwrap();
    let want = format!(
        "the database has schema version 99, this program knows versions up to {known}; use the newer program"
    );
    refused(database.location(), OpenMode::Create, &want).await;
}

async fn a_database_of_another_program_is_refused(database: &TestDatabase) {
    database.run("CREATE TABLE customers (id BIGINT)").await.unwrap();
    refused(
        database.location(),
        OpenMode::Create,
        "the database holds tables of another program; give hoptac a database of its own",
    )
    .await;
}

#[test]
fn a_file_that_is_not_there() {
    sqlite("none.sqlite", OpenMode::Existing, |path| {
        format!(
            "there is no database at {path}; fill one with `hoptac demo`, or adopt a plan with `hoptac plan adopt`"
        )
    });
}

#[test]
fn a_folder_that_is_not_there() {
    sqlite("none/hoptac.sqlite", OpenMode::Create, |path| {
        let folder = path.strip_suffix("/hoptac.sqlite").unwrap();
        format!("the folder {folder} does not exist")
    });
}

fn not_ours(path: &str) -> String {
    format!(
        "{path} is not a hoptac database and was left as it is; name another folder, or move this file away"
    )
}

#[test]
fn a_text_file() {
    sqlite("letter.txt", OpenMode::Create, not_ours);
}

#[test]
fn a_folder() {
    sqlite("folder", OpenMode::Create, not_ours);
}

/// Nobody, not even root, makes a file in `/proc`.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_takes_no_file() {
    let location = Location::Sqlite(PathBuf::from("/proc/hoptac.sqlite"));
    let want = "/proc/hoptac.sqlite cannot be written; check who owns the folder and the file";
    runtime().block_on(refused(&location, OpenMode::Create, want));
}

#[test]
fn a_server_that_is_not_there() {
    // Port 1 is reserved and answers nowhere.
    let location = Location::Postgres("postgres://hoptac:secret@127.0.0.1:1/hoptac".to_owned());
    let want = "the database server cannot be used: connection refused";
    runtime().block_on(refused(&location, OpenMode::Existing, want));
}

#[test]
fn an_address_of_another_kind() {
    let location = Location::Postgres("mysql://localhost/hoptac".to_owned());
    let want = "the database server cannot be used: the address must begin with postgres://";
    runtime().block_on(refused(&location, OpenMode::Existing, want));
}

#[test]
fn a_database_that_the_server_does_not_have() {
    runtime().block_on(async {
        let database = TestDatabase::postgres().await;
        let Location::Postgres(url) = database.location() else { panic!("a server") };
        hoptac_testkit::postgres::drop_database(url).await;
        let want = "the database server cannot be used: it has no database of this name";
        refused(database.location(), OpenMode::Create, want).await;
    });
}

#[test]
fn a_path_may_hold_what_urls_give_a_meaning() {
    runtime().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("100% Đồng Đăng? #1 & co.sqlite");
        let location = Location::Sqlite(path.clone());
        Store::open(&location, OpenMode::Create).await.unwrap().close().await;
        assert!(path.exists(), "the file has exactly this name");
    });
}

#[track_caller]
fn sqlite(name: &str, mode: OpenMode, want: impl FnOnce(&str) -> String) {
    let folder = tempfile::tempdir().unwrap();
    let letter = "Kính gửi Ủy ban nhân dân tỉnh,\n".repeat(40);
    std::fs::write(folder.path().join("letter.txt"), letter).unwrap();
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    let path: &Path = &folder.path().join(name);
    let want = want(path.to_str().unwrap());
    runtime().block_on(refused(&Location::Sqlite(path.to_owned()), mode, &want));
}

async fn refused(location: &Location, mode: OpenMode, want: &str) {
    let error = Store::open(location, mode).await.map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), want);
}
