//! A register that follows filings by the organisations that they are about is the one that is read from all tables.

use std::collections::BTreeMap;

use hoptac_model::filing::touch::Touch;
use hoptac_model::filing::{Body, Draft, FilingKind, LinkSign};
use hoptac_model::ids::OrganisationId;
use hoptac_model::register::{AnnualReturn, Register};
use hoptac_store::Store;
use hoptac_testkit::both_databases;
use hoptac_testkit::database::{TestDatabase, on_sqlite};
use hoptac_testkit::draft::Drafts;
use hoptac_testkit::history::random;
use jiff::civil::date;

use crate::history::{append, append_all, full};

both_databases! {
    a_register_follows_a_filing_of_every_kind,
    too_many_filings_are_read_as_a_whole,
    a_partner_that_is_founded_in_the_same_lot_is_known,
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

/// Who sells stands before whom it sells to, and is read first.
async fn a_partner_that_is_founded_in_the_same_lot_is_known(database: &TestDatabase) {
    let mut d = Drafts::default();
    let (seller, buyer) = (d.organisation(), d.organisation());
    let founded = date(2022, 1, 1);
    let signed = LinkSign {
        link: "HĐ 1".to_owned(),
        partner: buyer.to_string(),
        partner_name: "Tổ hợp tác bên mua".to_owned(),
        product: "hồi".to_owned(),
        ..LinkSign::default()
    };
    let drafts = [
        d.establish(seller, founded),
        d.establish(buyer, founded),
        d.about(seller, date(2022, 5, 1), Body::LinkSign(signed)),
    ];
    let store = database.store().await;
    append(&store, &drafts[0]).await.unwrap();
    let mut register = store.register().await.unwrap();
    append_all(&store, &drafts[1..]).await.unwrap();
    let changes = store.changes(1, 100).await.unwrap().unwrap();
    let taken = register.take_in_all(changes.position, changes.organisations);
    assert_eq!(taken, Some(vec![1, 0]));
    assert_eq!(register.links.of(0)[0].partner.organisation, Some(1));
    assert_eq!(register, store.register().await.unwrap());
}

#[test]
fn registers_follow_random_histories() {
    random(64, |drafts| {
        on_sqlite(async |database| {
            follow(database, drafts).await;
        });
    });
}

#[test]
fn registers_follow_several_filings_at_once() {
    random(32, |drafts| {
        for lot in [2, 5] {
            on_sqlite(async |database| {
                follow_by(database, drafts, lot).await;
            });
        }
    });
}

/// Appends drafts by lots and holds the register that follows each lot against the one that is read.
async fn follow_by(database: &TestDatabase, drafts: &[Draft], lot: usize) {
    let store = database.store().await;
    let mut register = store.register().await.unwrap();
    for some in drafts.chunks(lot) {
        append_all(&store, some).await.unwrap();
        let read = store.register().await.unwrap();
        let changes = store.changes(register.position, 100).await.unwrap().unwrap();
        if register.take_in_all(changes.position, changes.organisations).is_none() {
            register = read;
            continue;
        }
        assert_eq!(in_order(&register), in_order(&read), "{some:?}");
    }
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
            if let Some(changed) = changes.tasks {
                tasks = changed;
            }
            if let Some(changed) = changes.alerts {
                alerts = changed;
            }
            register.take_in_all(changes.position, changes.organisations)
        };
        if taken.is_none() {
            register = read;
            tasks = store.tasks().await.unwrap();
            alerts = store.alerts().await.unwrap();
            continue;
        }
        followed += 1;
        counted(&store).await;
        assert_eq!(tasks, store.tasks().await.unwrap(), "{kind:?}");
        assert_eq!(alerts, store.alerts().await.unwrap(), "{kind:?}");
        assert_eq!(in_order(&register), in_order(&read), "{kind:?}");
        assert!(shares_what_did_not_change(&register, &before), "{kind:?}");
    }
    // Only an organisation that comes to stand between others has everything read.
    let between = |draft: &&Draft| draft.body.kind() == FilingKind::OrganisationEstablish;
    assert!(followed + drafts.iter().filter(between).count() >= drafts.len());
}

/// Every organisation knows how many filings there are about it.
async fn counted(store: &Store) {
    let mut about: BTreeMap<OrganisationId, u32> = BTreeMap::new();
    let head = store.position().await.unwrap();
    for filing in store.filings(0, u32::try_from(head).unwrap()).await.unwrap() {
        if let Some(id) = filing.subject.as_organisation() {
            *about.entry(id).or_default() += 1;
        }
    }
    let versions = store.histories().await.unwrap().versions;
    assert_eq!(versions.into_iter().collect::<BTreeMap<_, _>>(), about);
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
