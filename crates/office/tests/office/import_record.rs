//! Importing grades, contracts, certificates, support, units and figures, on both databases: new, same, changed, taken back.
#![expect(clippy::indexing_slicing, reason = "a test that reaches past an end fails, as it should")]

use hoptac_model::filing::support::{ProgrammeOpen, Support};
use hoptac_model::filing::{Body, Subject};
use hoptac_model::import::Verdict::{self, Changed, New, Rejected, Same};
use hoptac_model::organisation::Kind;
use hoptac_model::sheet::SheetForm;
use hoptac_model::support::{Policy, Programme};
use hoptac_model::text::Words;
use hoptac_office::accept;
use hoptac_office::import::{Accept, Imported};
use hoptac_store::Store;
use hoptac_testkit::database::TestDatabase;
use hoptac_testkit::draft::Drafts;
use jiff::civil::Date;

use crate::import::{DAY, Desk, ONE, TWO, file, list, operator, rules, sound, verdicts};
use crate::ledger::set_up;

hoptac_testkit::both_databases! {
    grades_are_decided_and_decided_anew,
    contracts_are_signed_and_changed,
    certificates_are_held_and_withdrawn,
    support_is_applied_for_decided_and_paid,
    units_come_with_what_they_belong_to,
    figures_stay_as_they_were_published,
}

/// A register of two cooperatives, and who imports into it.
async fn register(database: &TestDatabase) -> (Store, Desk) {
    let store = set_up(database, &mut Drafts::default()).await;
    let mut desk = Desk(0);
    let mut old = ONE;
    old[3] = "2020-05-15";
    desk.run(&store, &operator(), &list(&[old, TWO]), Accept::All).await;
    (store, desk)
}

/// Imports rows and asks what became of them: looked over first, then filed, both with the same answer.
#[track_caller]
fn wants(seen: &Imported, want: &[Verdict]) {
    assert_eq!(verdicts(seen), want, "{:#?}", seen.rows);
}

fn columns(seen: &Imported, row: usize) -> Vec<&str> {
    seen.rows[row].differences.iter().map(|difference| difference.column.as_str()).collect()
}

/// Undoes an import, and sees that the tables are what the ledger says.
async fn undo(store: &Store, desk: &mut Desk, seen: Imported, filings: u32) {
    let import = seen.filed.unwrap().id;
    assert_eq!(desk.undo(store, &operator(), import).await.unwrap(), filings);
    sound(store).await;
    let rebuilt = store.rebuild(&mut |_| ()).await.unwrap();
    assert!(rebuilt.tables.iter().all(|table| table.changed == 0), "{:?}", rebuilt.tables);
}

async fn grades_are_decided_and_decided_anew(database: &TestDatabase) {
    let (store, mut desk) = register(database).await;
    let grades = |rows: &[&[&str]]| {
        let ids = ["code", "year", "ruleset", "score", "grade", "on"];
        file(SheetForm::grades(), &ids, rows)
    };
    let good: &[&str] = &[ONE[0], "2023", "tt01-2020", "825", "tot", "2024-03-15"];
    let unknown: &[&str] = &[ONE[0], "2022", "tt99", "825", "tot", "2024-03-15"];
    let seen = desk.run(&store, &operator(), &grades(&[good, unknown]), Accept::Nothing).await;
    wants(&seen, &[New, Rejected]);
    rules(&seen, 1, &["grade.ruleset"]);
    wants(&desk.run(&store, &operator(), &grades(&[good]), Accept::All).await, &[New]);
    wants(
        &desk.run(&store, &operator(), &grades(&[good, unknown]), Accept::Good).await,
        &[Same, Rejected],
    );
    let fair: &[&str] = &[ONE[0], "2023", "tt01-2020", "700", "kha", "2024-04-15"];
    let changed = desk.run(&store, &operator(), &grades(&[fair]), Accept::All).await;
    wants(&changed, &[Changed]);
    assert_eq!(columns(&changed, 0), ["score", "grade", "on"]);
    let back = desk.run(&store, &operator(), &grades(&[good]), Accept::Nothing).await;
    rules(&back, 0, &["import.decided-later"]);
    undo(&store, &mut desk, changed, 1).await;
    wants(&desk.run(&store, &operator(), &grades(&[good]), Accept::Nothing).await, &[Same]);
}

async fn contracts_are_signed_and_changed(database: &TestDatabase) {
    let (store, mut desk) = register(database).await;
    let links = |rows: &[&[&str]]| {
        let ids = [
            "code",
            "link",
            "signed_on",
            "partner",
            "partner_name",
            "partner_kind",
            "product",
            "stages",
            "value",
            "volume",
            "volume_unit",
            "proof",
        ];
        file(SheetForm::links(), &ids, rows)
    };
    let first: [&str; 12] = [
        ONE[0],
        "12/2024",
        "2024-03-15",
        "4900999999",
        "Công ty Na",
        "enterprise",
        "Na",
        "sản xuất; thu hoạch; tiêu thụ",
        "200",
        "5000",
        "kg",
        "HS 12",
    ];
    let mut no_sale = first;
    (no_sale[1], no_sale[7]) = ("13/2024", "thu hoạch");
    let mut no_stage = first;
    (no_stage[1], no_stage[7]) = ("14/2024", "vận chuyển");
    let seen =
        desk.run(&store, &operator(), &links(&[&first, &no_sale, &no_stage]), Accept::Good).await;
    wants(&seen, &[New, Rejected, Rejected]);
    rules(&seen, 1, &["link.no-sale"]);
    rules(&seen, 2, &["import.stage"]);
    wants(&desk.run(&store, &operator(), &links(&[&first]), Accept::All).await, &[Same]);
    let mut edited = first;
    (edited[7], edited[8], edited[9]) = ("tiêu thụ; sản xuất; thu hoạch", "250", "6000");
    let changed = desk.run(&store, &operator(), &links(&[&edited]), Accept::All).await;
    wants(&changed, &[Changed]);
    assert_eq!(columns(&changed, 0), ["value", "volume"]);
    wants(&desk.run(&store, &operator(), &links(&[&edited]), Accept::Nothing).await, &[Same]);
    undo(&store, &mut desk, changed, 1).await;
    wants(&desk.run(&store, &operator(), &links(&[&first]), Accept::Nothing).await, &[Same]);
    let mut signed_anew = first;
    signed_anew[2] = "2024-03-16";
    let seen = desk.run(&store, &operator(), &links(&[&signed_anew]), Accept::Nothing).await;
    rules(&seen, 0, &["import.stands"]);
}

async fn certificates_are_held_and_withdrawn(database: &TestDatabase) {
    let (store, mut desk) = register(database).await;
    let products = |rows: &[&[&str]]| {
        let ids =
            ["code", "certificate", "product", "kind", "stars", "from", "withdrawn_on", "reason"];
        file(SheetForm::products(), &ids, rows)
    };
    let ocop: [&str; 8] = [ONE[0], "OC-1", "Na", "ocop", "4", "2024-03-15", "", ""];
    let gone = [ONE[0], "VG-1", "Rau", "vietgap", "", "2024-03-01", "2024-05-01", "không đạt"];
    let seen = desk.run(&store, &operator(), &products(&[&ocop, &gone]), Accept::All).await;
    wants(&seen, &[New, New]);
    assert_eq!(seen.filed.map(|filed| filed.taken.filings), Some(3));
    let mut five = ocop;
    five[4] = "5";
    let seen = desk.run(&store, &operator(), &products(&[&five, &gone]), Accept::Nothing).await;
    wants(&seen, &[Rejected, Same]);
    rules(&seen, 0, &["import.stands"]);
    let mut withdrawn = ocop;
    (withdrawn[6], withdrawn[7]) = ("2024-05-20", "hết điều kiện");
    let changed = desk.run(&store, &operator(), &products(&[&withdrawn]), Accept::All).await;
    wants(&changed, &[Changed]);
    assert_eq!(columns(&changed, 0), ["withdrawn_on"]);
    undo(&store, &mut desk, changed, 1).await;
    wants(&desk.run(&store, &operator(), &products(&[&ocop]), Accept::Nothing).await, &[Same]);
    wants(
        &desk.run(&store, &operator(), &products(&[&withdrawn]), Accept::Nothing).await,
        &[Changed],
    );
}

async fn support_is_applied_for_decided_and_paid(database: &TestDatabase) {
    let (store, mut desk) = register(database).await;
    let programme = Programme {
        id: "may-say".to_owned(),
        policy: Policy::ALL[0],
        title: Words::new("Máy sấy", "Driers"),
        source: "Nghị quyết".to_owned(),
        opens: Date::constant(2024, 1, 1),
        closes: None,
        budget: Some(100_000_000),
        per_organisation: Some(80_000_000),
        kinds: vec![Kind::Cooperative],
        audit: false,
        condition: None,
        note: Words::default(),
    };
    let body = Body::Support(Support::Open(Box::new(ProgrammeOpen { programme })));
    let mut drafts = Drafts::starting_at(40_000_000);
    let open = drafts.draft(Subject::programme("may-say"), DAY, body);
    accept(&store, &operator(), open).await.unwrap();
    let mut desk2 = Desk(50_000_000);
    std::mem::swap(&mut desk, &mut desk2);
    let support = |rows: &[&[&str]]| {
        let ids = [
            "code",
            "programme",
            "application",
            "on",
            "requested",
            "purpose",
            "decided_on",
            "approved",
            "granted",
            "decision",
            "paid",
            "paid_on",
            "payment",
        ];
        file(SheetForm::support(), &ids, rows)
    };
    let asks: [&str; 13] =
        [ONE[0], "may-say", "HS-1", "2024-02-01", "60", "Máy", "", "", "", "", "", "", ""];
    let mut paid = asks;
    (paid[6], paid[7], paid[8], paid[9]) = ("2024-03-01", "1", "50", "125/QĐ-UBND, UBND tỉnh");
    (paid[10], paid[11], paid[12]) = ("30", "2024-04-01", "UNC 7");
    let mut unsigned = paid;
    (unsigned[0], unsigned[9]) = (TWO[0], "");
    let mut too_much = paid;
    (too_much[0], too_much[3], too_much[10]) = (TWO[0], "2024-03-01", "60");
    // A payment above what was granted is refused before anything is filed.
    let rows: [&[&str]; 3] = [&asks, &unsigned, &too_much];
    let seen = desk.run(&store, &operator(), &support(&rows), Accept::Nothing).await;
    wants(&seen, &[New, Rejected, Rejected]);
    rules(&seen, 1, &["import.decision"]);
    let all = desk.run(&store, &operator(), &support(&[&asks]), Accept::All).await;
    wants(&all, &[New]);
    let changed = desk.run(&store, &operator(), &support(&[&paid]), Accept::All).await;
    wants(&changed, &[Changed]);
    assert_eq!(columns(&changed, 0), ["decided_on", "approved", "granted", "paid"]);
    wants(&desk.run(&store, &operator(), &support(&[&paid]), Accept::Nothing).await, &[Same]);
    undo(&store, &mut desk, changed, 2).await;
    wants(&desk.run(&store, &operator(), &support(&[&asks]), Accept::Nothing).await, &[Same]);
    undo(&store, &mut desk, all, 1).await;
    let whole = desk.run(&store, &operator(), &support(&[&paid]), Accept::All).await;
    wants(&whole, &[New]);
    undo(&store, &mut desk, whole, 3).await;
}

async fn units_come_with_what_they_belong_to(database: &TestDatabase) {
    let (store, mut desk) = register(database).await;
    let units =
        |rows: &[&[&str]]| file(SheetForm::units(), &["code", "name", "level", "parent"], rows);
    let district: &[&str] = &["190", "Huyện Mới", "district", "20"];
    let commune: &[&str] = &["19001", "Xã Mới", "commune", "190"];
    let nowhere: &[&str] = &["19002", "Xã Lạ", "commune", "777"];
    let seen =
        desk.run(&store, &operator(), &units(&[district, commune, nowhere]), Accept::Good).await;
    wants(&seen, &[New, New, Rejected]);
    rules(&seen, 2, &["import.parent"]);
    wants(
        &desk.run(&store, &operator(), &units(&[commune, district]), Accept::Nothing).await,
        &[Same, Same],
    );
    let renamed: &[&str] = &["19001", "Xã Khác", "commune", "190"];
    let other = desk.run(&store, &operator(), &units(&[renamed]), Accept::Nothing).await;
    rules(&other, 0, &["import.stands"]);
    let mut there = TWO;
    (there[0], there[2], there[4]) = ("", "Hợp tác xã Ở Xã Mới", "19001");
    let founded = desk.run(&store, &operator(), &list(&[there]), Accept::All).await;
    wants(&founded, &[New]);
    let rests = desk.undo(&store, &operator(), seen.filed.as_ref().unwrap().id).await.unwrap_err();
    assert_eq!(rests.findings()[0].code, "import.rests");
    undo(&store, &mut desk, founded, 1).await;
    undo(&store, &mut desk, seen, 2).await;
    wants(&desk.run(&store, &operator(), &units(&[district]), Accept::Nothing).await, &[New]);
}

async fn figures_stay_as_they_were_published(database: &TestDatabase) {
    let (store, mut desk) = register(database).await;
    let figures = |rows: &[&[&str]]| {
        let ids = ["id", "indicator", "unit", "period", "value", "status", "source"];
        file(SheetForm::figures(), &ids, rows)
    };
    let one: [&str; 7] = ["tht-2023", "groups", "20", "2023", "14.25", "final", "Niên giám"];
    let mut no_series = one;
    (no_series[0], no_series[1]) = ("khac", "nothing");
    let seen = desk.run(&store, &operator(), &figures(&[&one, &no_series]), Accept::Good).await;
    wants(&seen, &[New, Rejected]);
    rules(&seen, 1, &["figure.series"]);
    wants(&desk.run(&store, &operator(), &figures(&[&one]), Accept::All).await, &[Same]);
    let mut other = one;
    other[4] = "15";
    let changed = desk.run(&store, &operator(), &figures(&[&other]), Accept::All).await;
    wants(&changed, &[Rejected]);
    assert_eq!(columns(&changed, 0), ["value"]);
    undo(&store, &mut desk, seen, 1).await;
    wants(&desk.run(&store, &operator(), &figures(&[&one]), Accept::Nothing).await, &[New]);
}
