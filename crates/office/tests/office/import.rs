//! Importing spreadsheets, on both databases: what becomes of rows, one transaction, the same file twice, taking back.
#![expect(clippy::indexing_slicing, reason = "a test that reaches past an end fails, as it should")]

use std::collections::BTreeMap;

use hoptac_model::account::Scope;
use hoptac_model::filing::import::ImportColumn;
use hoptac_model::filing::{Body, Change, Hash, Subject};
use hoptac_model::ids::{ImportId, OrganisationId};
use hoptac_model::import::{Verdict, counts};
use hoptac_model::seal::Key;
use hoptac_model::sheet::{CellKind, CellValue, RowFault, SheetForm, SheetRow};
use hoptac_office::import::{Accept, Edge, Imported, SheetFile, run, undo};
use hoptac_office::member::Seals;
use hoptac_office::{Actor, Refusal, Role, accept};
use hoptac_store::Store;
use hoptac_testkit::database::TestDatabase;
use hoptac_testkit::draft::Drafts;
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use crate::common;
use crate::ledger::set_up;

hoptac_testkit::both_databases! {
    a_file_is_looked_over_and_changes_nothing,
    one_bad_row_keeps_all_out_unless_the_good_are_asked_for,
    the_same_file_twice_changes_nothing,
    an_edited_row_changes_what_was_edited,
    what_was_founded_wrongly_is_corrected,
    a_name_that_is_nearly_known_is_doubtful,
    an_import_is_taken_back_as_a_whole,
    what_rests_on_an_import_keeps_it,
    returns_are_held_against_what_was_accepted,
    a_registrar_takes_over_the_own_territory_only,
    an_import_that_is_stopped_leaves_nothing,
}

pub(crate) const DAY: Date = Date::constant(2024, 6, 1);

/// Names a row's columns: `code`, `kind`, `name`, founding, commune, main activity, members, million đồng.
pub(crate) type Cells<'c> = [&'c str; 8];

pub(crate) const ONE: Cells<'_> =
    ["0100233488", "HTX", "Hợp tác xã Rau An Bình", "2023-05-15", "05971", "A", "14", "500"];
pub(crate) const TWO: Cells<'_> =
    ["0100112437", "HTX", "Hợp tác xã Chè Thái Bình", "2024-03-01", "06001", "A", "9", "200"];
const TOO_FEW: Cells<'_> =
    ["", "HTX", "Hợp tác xã Hồi Văn Lãng", "2024-03-01", "05971", "A", "1", "20"];

fn value(kind: &CellKind, text: &str) -> Option<CellValue> {
    if text.is_empty() {
        return None;
    }
    Some(match kind {
        CellKind::Day => CellValue::Day(text.parse().unwrap()),
        CellKind::Count | CellKind::Tenths | CellKind::Year | CellKind::Flag => {
            CellValue::Whole(text.parse().unwrap())
        }
        CellKind::Decimal => CellValue::Decimal(text.parse().unwrap()),
        CellKind::Money => CellValue::Whole(text.parse::<i64>().unwrap() * 1_000_000),
        CellKind::Text(_) | CellKind::Code | CellKind::Choice(_) => {
            CellValue::Text(text.to_owned())
        }
    })
}

pub(crate) fn file(form: SheetForm, ids: &[&str], rows: &[&[&str]]) -> SheetFile {
    let columns = ids.iter().map(|id| ImportColumn {
        column: (*id).to_owned(),
        at: "A".to_owned(),
        head: (*id).to_owned(),
        unit: 1,
    });
    let rows = (2..).zip(rows).map(|(number, cells)| {
        let mut values = vec![None; form.columns.len()];
        for (id, text) in ids.iter().zip(*cells) {
            let index = form.index_of(id).unwrap();
            values[index] = value(&form.columns[index].kind, text);
        }
        SheetRow { number, values, fault: RowFault::None }
    });
    SheetFile {
        name: "danh-sach.xlsx".to_owned(),
        hash: Hash::of(format!("{:?}", rows.clone().collect::<Vec<_>>()).as_bytes()),
        sheet: "Sheet1".to_owned(),
        columns: columns.collect(),
        year: None,
        on: DAY,
        organisation: None,
        rows: rows.collect(),
        form,
    }
}

pub(crate) fn list(rows: &[Cells<'_>]) -> SheetFile {
    let ids = ["code", "kind", "name", "founded_on", "seat", "vsic", "members", "capital"];
    let rows: Vec<&[&str]> = rows.iter().map(<[&str; 8]>::as_slice).collect();
    file(SheetForm::organisations(), &ids, &rows)
}

fn returns(rows: &[&[&str]]) -> SheetFile {
    let form = SheetForm::returns(common::pack().annual_return().unwrap());
    let mut file = file(form, &["code", "year", "members_total", "revenue"], rows);
    "bao-cao.xlsx".clone_into(&mut file.name);
    file
}

/// Counts identities up, and the clock.
pub(crate) struct Desk(pub(crate) u128);

impl Desk {
    pub(crate) async fn run(
        &mut self,
        store: &Store,
        actor: &Actor,
        file: &SheetFile,
        accept: Accept,
    ) -> Imported {
        self.try_run(store, actor, file, accept).await.unwrap()
    }

    async fn try_run(
        &mut self,
        store: &Store,
        actor: &Actor,
        file: &SheetFile,
        accept: Accept,
    ) -> Result<Imported, Refusal> {
        let at = self.now();
        let mut drawn = self.0;
        let mut fresh = || self.fresh();
        let mut chance = || {
            drawn += 1;
            let mut bytes = [7; 32];
            bytes[..16].copy_from_slice(&drawn.to_le_bytes());
            bytes
        };
        let master = Key::new([42; 32]);
        let seals = Some(Seals { master: &master, chance: &mut chance });
        let mut edge = Edge {
            recorded_at: at,
            now: || Timestamp::UNIX_EPOCH,
            import: ImportId(fresh()),
            fresh: &mut fresh,
            seals,
        };
        run(store, actor, file, accept, &mut edge, &mut |_| ()).await
    }

    pub(crate) async fn undo(
        &mut self,
        store: &Store,
        actor: &Actor,
        id: ImportId,
    ) -> Result<u32, Refusal> {
        let at = self.now();
        let mut fresh = || self.fresh();
        let mut edge = Edge {
            recorded_at: at,
            now: || Timestamp::UNIX_EPOCH,
            import: id,
            fresh: &mut fresh,
            seals: None,
        };
        let undone = undo(store, actor, id, "nhập nhầm", &mut edge, &mut |_| ()).await?;
        Ok(undone.filings)
    }

    fn fresh(&mut self) -> Uuid {
        self.0 += 1;
        Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + self.0)
    }

    fn now(&mut self) -> Timestamp {
        self.0 += 1;
        let second = i64::try_from(self.0).unwrap();
        Timestamp::from_second(1_717_300_000 + second).unwrap()
    }
}

pub(crate) fn operator() -> Actor {
    Actor::new("operator", Role::Operator)
}

pub(crate) fn verdicts(imported: &Imported) -> Vec<Verdict> {
    imported.rows.iter().map(|row| row.verdict).collect()
}

#[track_caller]
pub(crate) fn rules(imported: &Imported, row: usize, want: &[&str]) {
    let row = &imported.rows[row];
    let got: Vec<&str> = row.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(got, want, "{row:#?}");
}

async fn named(store: &Store, code: &str) -> Option<(OrganisationId, String)> {
    let id = store.code_owner(code).await.unwrap()?;
    let card = store.find_organisation(id).await.unwrap().unwrap();
    Some((id, card.name))
}

pub(crate) async fn sound(store: &Store) {
    assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
}

async fn a_file_is_looked_over_and_changes_nothing(database: &TestDatabase) {
    let store = set_up(database, &mut Drafts::default()).await;
    let before = store.position().await.unwrap();
    let file = list(&[ONE, TWO, TOO_FEW, ONE]);
    let seen = Desk(0).run(&store, &operator(), &file, Accept::Nothing).await;
    let (new, rejected) = (Verdict::New, Verdict::Rejected);
    assert_eq!(verdicts(&seen), [new, new, rejected, rejected]);
    rules(&seen, 2, &["organisation.no-code", "members.too-few"]);
    rules(&seen, 3, &["import.twice"]);
    assert_eq!((seen.filed, store.position().await.unwrap()), (None, before));
}

async fn one_bad_row_keeps_all_out_unless_the_good_are_asked_for(database: &TestDatabase) {
    let store = set_up(database, &mut Drafts::default()).await;
    let before = store.position().await.unwrap();
    let mut desk = Desk(0);
    let file = list(&[ONE, TOO_FEW, TWO]);
    let all = desk.run(&store, &operator(), &file, Accept::All).await;
    assert!(all.filed.is_none() && all.refused.is_some());
    assert_eq!(store.position().await.unwrap(), before);
    let good = desk.run(&store, &operator(), &file, Accept::Good).await;
    let filed = good.filed.unwrap();
    assert_eq!((filed.first, filed.position, filed.taken.filings), (before + 1, before + 3, 2));
    assert_eq!(filed.taken.counts, counts(&good.rows));
    let keys: Vec<_> = store.filings(before, 9).await.unwrap();
    let keys: Vec<_> = keys.iter().map(|filing| filing.key.clone().unwrap_or_default()).collect();
    let key = |row| format!("import/{}/{row}", filed.id);
    assert_eq!(keys, [key(2), key(4), String::new()]);
    assert_eq!(store.find_import(filed.id).await.unwrap(), Some(filed));
    sound(&store).await;
}

async fn the_same_file_twice_changes_nothing(database: &TestDatabase) {
    let store = set_up(database, &mut Drafts::default()).await;
    let mut desk = Desk(0);
    let file = list(&[ONE, TWO]);
    let first = desk.run(&store, &operator(), &file, Accept::All).await.filed.unwrap();
    let again = desk.run(&store, &operator(), &file, Accept::All).await;
    assert_eq!(verdicts(&again), [Verdict::Same, Verdict::Same]);
    assert_eq!(again.before.map(|before| before.id), Some(first.id));
    assert_eq!(store.position().await.unwrap(), first.position);
}

async fn an_edited_row_changes_what_was_edited(database: &TestDatabase) {
    let store = set_up(database, &mut Drafts::default()).await;
    let mut desk = Desk(0);
    desk.run(&store, &operator(), &list(&[ONE, TWO]), Accept::All).await;
    let mut edited = ONE;
    edited[6] = "15";
    let changed = desk.run(&store, &operator(), &list(&[edited, TWO]), Accept::All).await;
    assert_eq!(verdicts(&changed), [Verdict::Changed, Verdict::Same]);
    let columns: Vec<&str> =
        changed.rows[0].differences.iter().map(|difference| difference.column.as_str()).collect();
    assert_eq!(columns, ["members"]);
    let (id, _) = named(&store, ONE[0]).await.unwrap();
    let last = store.filings_about(&Subject::organisation(id)).await.unwrap().pop().unwrap();
    assert_eq!((last.body.as_str(), last.effective_on), (r#"{"members":15}"#, DAY));
}

async fn what_was_founded_wrongly_is_corrected(database: &TestDatabase) {
    let store = set_up(database, &mut Drafts::default()).await;
    let mut desk = Desk(0);
    desk.run(&store, &operator(), &list(&[ONE]), Accept::All).await;
    let mut edited = ONE;
    edited[3] = "2023-05-16";
    let changed = desk.run(&store, &operator(), &list(&[edited]), Accept::All).await;
    assert_eq!(verdicts(&changed), [Verdict::Changed], "{:#?}", changed.rows);
    let (id, _) = named(&store, ONE[0]).await.unwrap();
    let card = store.find_organisation(id).await.unwrap().unwrap();
    assert_eq!(card.founded_on, Date::constant(2023, 5, 16));
    let import = changed.filed.unwrap().id;
    assert_eq!(desk.undo(&store, &operator(), import).await.unwrap(), 1);
    let card = store.find_organisation(id).await.unwrap().unwrap();
    assert_eq!(card.founded_on, Date::constant(2023, 5, 15));
    sound(&store).await;
}

async fn a_name_that_is_nearly_known_is_doubtful(database: &TestDatabase) {
    let store = set_up(database, &mut Drafts::default()).await;
    let mut desk = Desk(0);
    let mut without = ONE;
    without[0] = "";
    desk.run(&store, &operator(), &list(&[without]), Accept::All).await;
    let mut nearly = without;
    nearly[2] = "HTX Rau an Bìnhh";
    nearly[6] = "20";
    let good = desk.run(&store, &operator(), &list(&[nearly]), Accept::Good).await;
    assert_eq!(verdicts(&good), [Verdict::Doubtful]);
    assert_eq!(good.rows[0].near[0].name, ONE[2]);
    assert!(good.filed.is_none());
    let all = desk.run(&store, &operator(), &list(&[nearly]), Accept::All).await;
    assert_eq!(all.filed.map(|filed| filed.taken.filings), Some(1));
}

async fn an_import_is_taken_back_as_a_whole(database: &TestDatabase) {
    let store = set_up(database, &mut Drafts::default()).await;
    let mut desk = Desk(0);
    let file = list(&[ONE, TWO]);
    let first = desk.run(&store, &operator(), &file, Accept::All).await.filed.unwrap();
    assert_eq!(desk.undo(&store, &operator(), first.id).await.unwrap(), 2);
    assert_eq!(named(&store, ONE[0]).await, None);
    assert!(store.find_import(first.id).await.unwrap().unwrap().undone.is_some());
    sound(&store).await;
    let rebuilt = store.rebuild(&mut |_| ()).await.unwrap();
    assert!(rebuilt.tables.iter().all(|table| table.changed == 0), "{:?}", rebuilt.tables);
    let again = desk.undo(&store, &operator(), first.id).await.unwrap_err();
    assert_eq!(again.findings()[0].code, "import.undone");
    // What was taken back can be taken over again.
    let anew = desk.run(&store, &operator(), &file, Accept::All).await;
    assert_eq!(verdicts(&anew), [Verdict::New, Verdict::New]);
    sound(&store).await;
}

async fn what_rests_on_an_import_keeps_it(database: &TestDatabase) {
    let store = set_up(database, &mut Drafts::default()).await;
    let mut desk = Desk(0);
    let first = desk.run(&store, &operator(), &list(&[ONE, TWO]), Accept::All).await.filed.unwrap();
    let (id, _) = named(&store, TWO[0]).await.unwrap();
    let change = Change { members: Some(10), ..Change::default() };
    let mut later = Drafts::starting_at(40_000_000);
    let draft = later.about(id, DAY, Body::OrganisationChange(change));
    let position = accept(&store, &operator(), draft).await.unwrap().filing.position;
    let mut desk = Desk(50_000_000);
    let refusal = desk.undo(&store, &operator(), first.id).await.unwrap_err();
    let said: Vec<(&str, &str)> =
        refusal.findings().iter().map(|f| (f.code, f.message.en.as_str())).collect();
    let want = format!(
        "the filing at position {position} (organisation.change, operator) rests on the one at {}",
        first.first + 1
    );
    assert_eq!(said, [("import.rests", want.as_str())]);
    assert_eq!(store.position().await.unwrap(), position);
}

async fn returns_are_held_against_what_was_accepted(database: &TestDatabase) {
    let store = set_up(database, &mut Drafts::default()).await;
    let mut desk = Desk(0);
    let mut older = TWO;
    older[3] = "2020-03-01";
    desk.run(&store, &operator(), &list(&[ONE, older]), Accept::All).await;
    let rows: [&[&str]; 2] = [&[ONE[0], "2023", "14", "300"], &["9999999999", "2023", "1", "1"]];
    let good = desk.run(&store, &operator(), &returns(&rows), Accept::Good).await;
    assert_eq!(verdicts(&good), [Verdict::New, Verdict::Rejected], "{:#?}", good.rows);
    rules(&good, 1, &["import.unknown-code"]);
    let edited = returns(&[&[ONE[0], "2023", "14", "310"]]);
    let changed = desk.run(&store, &operator(), &edited, Accept::All).await;
    assert_eq!(verdicts(&changed), [Verdict::Changed]);
    let accepted = || async { store.accepted_returns(2023).await.unwrap()[0].values.clone() };
    let want = |revenue: i64| {
        BTreeMap::from([("members_total".to_owned(), 14), ("revenue".to_owned(), revenue)])
    };
    assert_eq!(accepted().await, want(310_000_000));
    desk.undo(&store, &operator(), changed.filed.unwrap().id).await.unwrap();
    assert_eq!(accepted().await, want(300_000_000));

    // What the accepted return lacks need not be filled in to say the same again, or to change something else; what it has
    // is not emptied.
    let emptied = |code: &'static str, year: &'static str, members: &'static str| {
        let mut file = returns(&[&[code, year, members, ""]]);
        file.rows[0].fault = RowFault::Empty;
        file
    };
    let seen = desk.run(&store, &operator(), &emptied(ONE[0], "2023", "14"), Accept::All).await;
    assert_eq!(verdicts(&seen), [Verdict::Rejected]);
    let form = SheetForm::returns(common::pack().annual_return().unwrap());
    let partly = file(form, &["code", "year", "members_total"], &[&[TWO[0], "2022", "12"]]);
    let seen = desk.run(&store, &operator(), &emptied(TWO[0], "2022", "12"), Accept::All).await;
    assert_eq!(verdicts(&seen), [Verdict::Rejected], "there is no return yet");
    let seen = desk.run(&store, &operator(), &partly, Accept::All).await;
    assert_eq!(verdicts(&seen), [Verdict::New], "{:#?}", seen.rows);
    let seen = desk.run(&store, &operator(), &emptied(TWO[0], "2022", "12"), Accept::All).await;
    assert_eq!(verdicts(&seen), [Verdict::Same], "{:#?}", seen.rows);
    let seen = desk.run(&store, &operator(), &emptied(TWO[0], "2022", "13"), Accept::All).await;
    assert_eq!(verdicts(&seen), [Verdict::Changed], "{:#?}", seen.rows);
    sound(&store).await;
}

async fn a_registrar_takes_over_the_own_territory_only(database: &TestDatabase) {
    let store = set_up(database, &mut Drafts::default()).await;
    let actor = Actor::new("registrar.178", Role::Registrar).within(Scope::territory("178"));
    let seen = Desk(0).run(&store, &actor, &list(&[ONE, TWO]), Accept::Good).await;
    assert_eq!(verdicts(&seen), [Verdict::New, Verdict::Rejected]);
    rules(&seen, 1, &["filing.not-allowed"]);
    assert_eq!(seen.filed.map(|filed| filed.taken.filings), Some(1));
}

/// The rows are being filed when it stops: the transaction ends with whoever waited for it.
async fn an_import_that_is_stopped_leaves_nothing(database: &TestDatabase) {
    let store = set_up(database, &mut Drafts::default()).await;
    let before = store.position().await.unwrap();
    let names: Vec<String> = (0..400).map(|number| format!("Tổ hợp tác Số {number}")).collect();
    let rows: Vec<Cells<'_>> =
        names.iter().map(|name| ["", "THT", name, "2023-05-15", "05971", "A", "7", "20"]).collect();
    let file = list(&rows);
    let mut drawn = 0;
    let mut fresh = || {
        drawn += 1;
        Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + drawn)
    };
    let at = Timestamp::from_second(1_717_300_000).unwrap();
    let mut edge = Edge {
        recorded_at: at,
        now: || Timestamp::UNIX_EPOCH,
        import: ImportId(fresh()),
        fresh: &mut fresh,
        seals: None,
    };
    let stop = tokio::sync::Notify::new();
    let mut judged = 0;
    let mut progress = |done| {
        judged = done;
        stop.notify_one();
    };
    let actor = operator();
    tokio::select! {
        biased;
        () = stop.notified() => {}
        ran = run(&store, &actor, &file, Accept::All, &mut edge, &mut progress) => {
            panic!("it ended before it was stopped: {:?}", ran.map(|imported| imported.filed))
        }
    }
    // It is told every hundred rows; how many still come before it stops is up to how fast the database answers.
    assert!((100..400).contains(&judged), "{judged} rows were judged when it stopped");
    assert_eq!(store.position().await.unwrap(), before);
    assert!(store.imports().await.unwrap().is_empty());
    sound(&store).await;
    // Nothing holds the ledger, and the whole file can still come.
    let whole = Desk(1_000).run(&store, &operator(), &file, Accept::All).await;
    let filed = whole.filed.unwrap();
    assert_eq!((filed.taken.filings, filed.first), (400, before + 1));
}
