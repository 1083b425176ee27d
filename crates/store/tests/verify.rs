//! Whatever is changed behind the store's back is found; what was not changed is not accused.

use hoptac_model::filing::Draft;
use hoptac_store::{OpenMode, Phase, Problem, Step, Store};
use hoptac_testkit::both_databases;
use hoptac_testkit::database::{TestDatabase, on_sqlite};

use crate::history::{append_all, full};

both_databases! {
    an_untouched_ledger_is_sound,
    an_empty_ledger_is_sound,
    a_changed_byte_of_the_body,
    a_changed_byte_of_any_column,
    a_filing_removed_in_the_middle,
    the_last_filing_removed,
    the_first_filing_removed,
    two_filings_swapped,
    a_filing_added_past_the_store,
    a_chain_hashed_anew_does_not_fit_its_end,
    a_changed_row_of_any_projection,
    a_removed_row_of_any_projection,
    a_row_that_no_filing_gives,
    the_noted_end_is_gone,
    rebuild_puts_right_what_was_changed,
    rebuild_changes_nothing_that_is_right,
    readers_and_writers_go_on_while_it_checks,
}

/// All projections that [`full`] fills.
const PROJECTIONS: [&str; 14] = [
    "organisation",
    "organisation_state",
    "annual_return",
    "grade",
    "link",
    "certificate",
    "adoption",
    "promotion",
    "membership",
    "unit",
    "successor",
    "plan",
    "plan_text",
    "figure",
];

async fn an_untouched_ledger_is_sound(database: &TestDatabase) {
    let store = filled(database).await;
    let mut steps = Vec::new();
    let verification = store.verify(&mut |step| steps.push(step)).await.unwrap();
    assert_eq!(verification.problem, None);
    assert_eq!((verification.filings, verification.head), store.head().await.unwrap());
    // Each filing is looked at twice: in the chain, then folded. Then table after table is compared.
    let told = |phase, done, of| Step { phase, done, of };
    let (first, tables) = steps.split_at(3);
    let first_told =
        [told(Phase::Pages, 0, 0), told(Phase::Ledger, 15, 15), told(Phase::Register, 15, 15)];
    assert_eq!(first, first_told);
    let of = u64::try_from(tables.len()).unwrap();
    assert!((0..of).map(|done| told(Phase::Tables, done, of)).eq(tables.iter().copied()));
    assert!(of > 10, "{of} tables");
}

async fn an_empty_ledger_is_sound(database: &TestDatabase) {
    let verification = database.store().await.verify(&mut |_| ()).await.unwrap();
    assert_eq!((verification.filings, verification.problem), (0, None));
}

async fn a_changed_byte_of_the_body(database: &TestDatabase) {
    filled(database).await;
    database.tamper("UPDATE ledger SET body = replace(body, 'OCOP-1', 'OCOP-2')").await;
    let problem = problem(database).await;
    assert_eq!(problem.position, Some(8));
    assert_eq!(problem.table, "ledger");
    assert_eq!(problem.what, "its contents do not give its hash: it was changed afterwards");
}

async fn a_changed_byte_of_any_column(database: &TestDatabase) {
    let columns = [
        ("id", "replace(id, 'f', 'e')"),
        ("recorded_at", "replace(recorded_at, 'Z', '+00:00')"),
        ("recorded_at", "replace(recorded_at, '2024', '2023')"),
        ("effective_on", "'2022-01-10'"),
        ("actor", "'ai-khac'"),
        ("kind", "'organisation.resume'"),
        ("kind", "'organisation.none'"),
        ("subject", "'units2'"),
        ("subject_version", "subject_version + 1"),
        ("schema", "schema + 1"),
        ("origin", "'pack'"),
        ("key", "'k'"),
        ("body", "body || ' '"),
        ("previous", "replace(previous, '0', '1')"),
        ("previous", "upper(previous)"),
        ("hash", "upper(hash)"),
        ("hash", "substr(hash, 2) || '0'"),
    ];
    let store = filled(database).await;
    database.tamper("CREATE TABLE kept AS SELECT * FROM ledger").await;
    for (column, value) in columns {
        database.tamper(&format!("UPDATE ledger SET {column} = {value} WHERE position = 6")).await;
        let verification = store.verify(&mut |_| ()).await.unwrap();
        let problem = verification.problem.unwrap_or_else(|| panic!("{column} = {value} is found"));
        assert_eq!(problem.position, Some(6), "{column} = {value}: {problem:?}");
        database
            .tamper("DELETE FROM ledger; INSERT INTO ledger SELECT * FROM kept ORDER BY position")
            .await;
    }
    assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
}

async fn a_filing_removed_in_the_middle(database: &TestDatabase) {
    filled(database).await;
    database.tamper("DELETE FROM ledger WHERE position = 7").await;
    let problem = problem(database).await;
    assert_eq!(problem.position, Some(7));
    assert_eq!(problem.what, "filing 7 is missing: filing 8 follows filing 6");
}

async fn the_last_filing_removed(database: &TestDatabase) {
    filled(database).await;
    database.tamper("DELETE FROM ledger WHERE position = 15").await;
    let problem = problem(database).await;
    assert_eq!((problem.position, problem.table.as_str()), (Some(15), "head"));
    assert_eq!(problem.what, "the ledger ends at position 14, but 15 filings were accepted");
}

async fn the_first_filing_removed(database: &TestDatabase) {
    filled(database).await;
    database.tamper("DELETE FROM ledger WHERE position = 1").await;
    assert_eq!(problem(database).await.position, Some(1));
}

async fn two_filings_swapped(database: &TestDatabase) {
    filled(database).await;
    database
        .tamper(
            "UPDATE ledger SET position = 100 WHERE position = 8; \
             UPDATE ledger SET position = 8 WHERE position = 9; \
             UPDATE ledger SET position = 9 WHERE position = 100",
        )
        .await;
    let problem = problem(database).await;
    assert_eq!(problem.position, Some(8));
    assert_eq!(problem.what, "it does not name the hash of the filing before it");
}

async fn a_filing_added_past_the_store(database: &TestDatabase) {
    filled(database).await;
    database
        .tamper(
            "INSERT INTO ledger SELECT 16, 'x' || id, recorded_at, effective_on, actor, kind, subject, \
             subject_version + 1, schema, origin, key, body, hash, hash FROM ledger WHERE position = 15",
        )
        .await;
    assert_eq!(problem(database).await.position, Some(16));
}

async fn a_chain_hashed_anew_does_not_fit_its_end(database: &TestDatabase) {
    // Somebody who can hash removes the last filing but one and seals the last one again in its place.
    let store = filled(database).await;
    let filings = store.filings(0, 100).await.unwrap();
    let mut forged = filings[14].clone();
    forged.position = 14;
    forged.subject_version = 9;
    forged.previous = filings[12].hash;
    let hash = forged.compute_hash();
    database
        .tamper(&format!(
            "DELETE FROM ledger WHERE position = 14; UPDATE ledger SET position = 14, \
             subject_version = 9, previous = '{}', hash = '{hash}' WHERE position = 15",
            forged.previous
        ))
        .await;
    let problem = problem(database).await;
    assert_eq!((problem.position, problem.table.as_str()), (Some(15), "head"), "{problem:?}");
}

async fn a_changed_row_of_any_projection(database: &TestDatabase) {
    let store = filled(database).await;
    for table in PROJECTIONS {
        database.run(&format!("UPDATE {table} SET position = position + 1000")).await.unwrap();
        let verification = store.verify(&mut |_| ()).await.unwrap();
        let problem =
            verification.problem.unwrap_or_else(|| panic!("a change of {table} is found"));
        assert_eq!(problem.table, table);
        // Where the position is part of the key, a changed row is another row.
        assert!(
            problem.what.ends_with("is not what the ledger gives")
                || problem.what.ends_with("is in no filing of the ledger"),
            "{}",
            problem.what
        );
        database.run(&format!("UPDATE {table} SET position = position - 1000")).await.unwrap();
    }
    assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
}

async fn a_removed_row_of_any_projection(database: &TestDatabase) {
    for table in PROJECTIONS {
        let store = filled(database).await;
        database.run(&format!("DELETE FROM {table}")).await.unwrap();
        let verification = store.verify(&mut |_| ()).await.unwrap();
        let problem = verification.problem.unwrap_or_else(|| panic!("a gap in {table} is found"));
        assert_eq!(problem.table, table);
        assert!(problem.what.ends_with(" is missing"), "{}", problem.what);
        let rebuilt = store.rebuild(&mut |_| ()).await.unwrap();
        for change in rebuilt.tables {
            assert_eq!(change.changed > 0, change.name == table, "{change:?}");
        }
    }
}

async fn a_row_that_no_filing_gives(database: &TestDatabase) {
    filled(database).await;
    database
        .run("INSERT INTO grade SELECT organisation, 2021, position, on_day, ruleset, score_tenths, grade FROM grade")
        .await
        .unwrap();
    let problem = problem(database).await;
    assert_eq!(problem.table, "grade");
    assert!(problem.what.contains(", 2021, "), "{}", problem.what);
    assert!(problem.what.ends_with(" is in no filing of the ledger"), "{}", problem.what);
}

async fn the_noted_end_is_gone(database: &TestDatabase) {
    filled(database).await;
    database.run("DELETE FROM head").await.unwrap();
    assert_eq!(problem(database).await.table, "head");
}

async fn rebuild_puts_right_what_was_changed(database: &TestDatabase) {
    let store = filled(database).await;
    let before = store.register().await.unwrap();
    database
        .run("UPDATE organisation_state SET members = 1000000 WHERE members = 7")
        .await
        .unwrap();
    database.run("DELETE FROM certificate").await.unwrap();
    assert_ne!(store.register().await.unwrap(), before);
    let rebuilt = store.rebuild(&mut |_| ()).await.unwrap();
    assert_eq!(rebuilt.filings, 15);
    let changes: Vec<_> = rebuilt
        .tables
        .iter()
        .filter(|table| table.changed > 0)
        .map(|t| (t.name.as_str(), t.rows_before, t.rows_after, t.changed))
        .collect();
    assert_eq!(changes, [("organisation_state", 3, 3, 3), ("certificate", 0, 1, 1)]);
    assert_eq!(store.register().await.unwrap(), before);
    assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
}

async fn rebuild_changes_nothing_that_is_right(database: &TestDatabase) {
    let store = filled(database).await;
    let rebuilt = store.rebuild(&mut |_| ()).await.unwrap();
    for name in PROJECTIONS {
        let filled = |table: &hoptac_store::TableChange| table.name == name && table.rows_after > 0;
        assert!(rebuilt.tables.iter().any(filled), "{name} is filled");
    }
    for change in rebuilt.tables {
        assert_eq!(change.changed, 0, "{change:?}");
        assert_eq!(change.rows_before, change.rows_after);
    }
    // The connection that rebuilt is gone; a new filing goes into the kept tables.
    let mut drafts = hoptac_testkit::draft::Drafts::starting_at(500);
    let id = drafts.organisation();
    append_all(&store, &[drafts.establish(id, jiff::civil::date(2024, 1, 1))]).await.unwrap();
    assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
}

async fn readers_and_writers_go_on_while_it_checks(database: &TestDatabase) {
    let store = filled(database).await;
    let other = database.store().await;
    let write = async {
        let mut drafts = hoptac_testkit::draft::Drafts::starting_at(500);
        for _ in 0..10 {
            let id = drafts.organisation();
            let draft = drafts.establish(id, jiff::civil::date(2024, 1, 1));
            append_all(&other, &[draft]).await.unwrap();
        }
    };
    let mut silent = |_| ();
    let (verification, ()) = tokio::join!(store.verify(&mut silent), write);
    assert_eq!(verification.unwrap().problem, None);
    assert_eq!(store.position().await.unwrap(), 25);
}

#[test]
fn a_flipped_byte_of_the_file() {
    on_sqlite(async |database| {
        filled(database).await.close().await;
        let file = database.file().unwrap();
        let bytes = std::fs::read(file).unwrap();
        let word = "nhật ký điện tử".as_bytes();
        let places: Vec<usize> =
            (0..bytes.len()).filter(|at| bytes[*at..].starts_with(word)).collect();
        assert!(places.len() >= 2, "the body, the projection and its index: {places:?}");
        for place in places {
            let mut flipped = bytes.clone();
            flipped[place] ^= 1;
            std::fs::write(file, flipped).unwrap();
            let problem = problem(database).await;
            assert!(
                ["ledger", "adoption", "file"].contains(&problem.table.as_str()),
                "{problem:?}"
            );
        }
    });
}

#[test]
fn a_flipped_byte_of_any_page_is_no_crash() {
    on_sqlite(async |database| {
        filled(database).await.close().await;
        let file = database.file().unwrap();
        let bytes = std::fs::read(file).unwrap();
        let size = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
        assert!(bytes.len() / size > 20, "the file has many pages");
        for page in 0..bytes.len() / size {
            let mut flipped = bytes.clone();
            // What kind of page it is stands first, on the first page behind the file's header.
            flipped[page * size + if page == 0 { 100 } else { 0 }] ^= 0xff;
            std::fs::write(file, flipped).unwrap();
            match Store::open(database.location(), OpenMode::Existing).await {
                Ok(store) => {
                    let verification = store.verify(&mut |_| ()).await.unwrap();
                    assert!(verification.problem.is_some(), "page {page}");
                    store.close().await;
                }
                Err(error) => assert!(error.to_string().contains("damaged"), "{error}"),
            }
        }
    });
}

#[test]
fn a_file_cut_short() {
    on_sqlite(async |database| {
        filled(database).await.close().await;
        let file = database.file().unwrap();
        let bytes = std::fs::read(file).unwrap();
        std::fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
        match Store::open(database.location(), OpenMode::Existing).await {
            Ok(store) => {
                let problem = store.verify(&mut |_| ()).await.unwrap().problem.unwrap();
                assert!(problem.what.contains("damaged"), "{}", problem.what);
            }
            Err(error) => assert!(error.to_string().contains("damaged"), "{error}"),
        }
    });
}

/// A store with [`full`] in it.
async fn filled(database: &TestDatabase) -> Store {
    let store = database.store().await;
    if store.position().await.unwrap() == 0 {
        let drafts: Vec<Draft> = full();
        append_all(&store, &drafts).await.unwrap();
    }
    store
}

/// What is found wrong when the database is opened anew.
async fn problem(database: &TestDatabase) -> Problem {
    let store = Store::open(database.location(), OpenMode::Existing).await.unwrap();
    let verification = store.verify(&mut |_| ()).await.unwrap();
    store.close().await;
    verification.problem.expect("something is found")
}
