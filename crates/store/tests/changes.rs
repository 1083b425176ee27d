//! A register that follows filings by the organisations that they are about is the one that is read from all tables.

use hoptac_model::filing::touch::Touch;
use hoptac_model::filing::{Draft, FilingKind};
use hoptac_model::register::{AnnualReturn, Register};
use hoptac_testkit::both_databases;
use hoptac_testkit::database::{TestDatabase, on_sqlite};
use hoptac_testkit::history::random;

use crate::history::{append, append_all, full};

both_databases! {
    a_register_follows_a_filing_of_every_kind,
    too_many_filings_are_read_as_a_whole,
}

async fn a_register_follows_a_filing_of_every_kind(database: &TestDatabase) {
    follow(database, &full()).await;
}

async fn too_many_filings_are_read_as_a_whole(database: &TestDatabase) {
    let store = database.store().await;
    append_all(&store, &full()).await.unwrap();
    let position = store.position().await.unwrap();
    // The last filing of the history is about an organisation alone.
    assert!(store.changes(position, 1).await.unwrap().unwrap().organisations.is_empty());
    assert!(store.changes(0, 1).await.unwrap().is_none());
    assert!(store.changes(position + 1, 1).await.unwrap().is_none());
}

#[test]
fn registers_follow_random_histories() {
    random(64, |drafts| {
        on_sqlite(async |database| {
            follow(database, drafts).await;
        });
    });
}

/// Appends drafts one by one and holds the register that follows against the one that is read.
async fn follow(database: &TestDatabase, drafts: &[Draft]) {
    let store = database.store().await;
    let mut register = store.register().await.unwrap();
    let (mut tasks, mut alerts) = (Vec::new(), Vec::new());
    let mut followed = 0;
    for draft in drafts {
        append(&store, draft).await.unwrap();
        let read = store.register().await.unwrap();
        let changes = store.changes(register.position, 1).await.unwrap();
        let kind = draft.body.kind();
        let before = register.clone();
        let changes = changes.unwrap();
        assert_eq!(changes.plan, Touch::of(kind) == Touch::Plan, "{kind:?}");
        let taken = {
            register.position = changes.position;
            if let Some(changed) = changes.tasks {
                tasks = changed;
            }
            if let Some(changed) = changes.alerts {
                alerts = changed;
            }
            let all = changes.organisations.into_iter();
            all.map(|one| register.take_in(changes.position, one)).collect::<Option<Vec<_>>>()
        };
        if taken.is_none() {
            register = read;
            tasks = store.tasks().await.unwrap();
            alerts = store.alerts().await.unwrap();
            continue;
        }
        followed += 1;
        assert_eq!(tasks, store.tasks().await.unwrap(), "{kind:?}");
        assert_eq!(alerts, store.alerts().await.unwrap(), "{kind:?}");
        assert_eq!(in_order(&register), in_order(&read), "{kind:?}");
        assert!(shares_what_did_not_change(&register, &before), "{kind:?}");
    }
    // Only an organisation that comes to stand between others has everything read.
    let between = |draft: &&Draft| draft.body.kind() == FilingKind::OrganisationEstablish;
    assert!(followed + drafts.iter().filter(between).count() >= drafts.len());
}

/// Whether parts that say the same are one in memory.
fn shares_what_did_not_change(register: &Register, before: &Register) -> bool {
    macro_rules! share {
        ($($part:ident)*) => {
            $((register.$part != before.$part || register.$part.is_one_with(&before.$part)))&&*
        };
    }
    share!(organisations states returns grades links certificates adoptions promotions supports
        memberships seat_decisions roll_spans roll_counts)
}

/// The same register with the values of returns in the order of the returns: those that a register follows come as they
/// were filed.
fn in_order(register: &Register) -> Register {
    let none = Register::default();
    let mut ordered =
        Register { returns: none.returns, return_columns: none.return_columns, ..register.clone() };
    for filed in &register.returns {
        let columns = register.return_columns.iter();
        let values: Vec<_> =
            columns.filter_map(|column| Some((&*column.name, column.of(filed)?))).collect();
        ordered.file_return(AnnualReturn { row: 0, ..*filed }, values);
    }
    ordered
}
