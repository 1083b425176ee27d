//! Importing rolls of members, on both databases: taken over as one roll, compared without showing what is sealed, changed,
//! left, taken back, and never in clear.
#![expect(clippy::indexing_slicing, reason = "a test that reaches past an end fails, as it should")]

use hoptac_model::filing::FilingKind;
use hoptac_model::import::Verdict::{Changed, Doubtful, New, Rejected, Same};
use hoptac_model::member::Totals;
use hoptac_model::seal::Key;
use hoptac_model::sheet::member::Whose;
use hoptac_model::sheet::table::TableCell;
use hoptac_model::sheet::{RowFault, SheetForm, SheetRow};
use hoptac_office::import::{Accept, Imported, SheetFile};
use hoptac_office::member::{MaskedRoll, masked, masked_table};
use hoptac_office::{Actor, Role};
use hoptac_store::Store;
use hoptac_testkit::database::TestDatabase;
use hoptac_testkit::draft::Drafts;
use jiff::civil::Date;

use crate::import::{DAY, Desk, ONE, TWO, file, list, operator, rules, sound, verdicts};
use crate::ledger::set_up;

hoptac_testkit::both_databases! {
    a_roll_comes_goes_and_comes_again,
    members_that_a_sheet_leaves_out_are_told,
    only_who_may_file_is_answered,
}

const IDS: [&str; 10] = [
    "code",
    "member_name",
    "class",
    "capital",
    "joined",
    "personal_number",
    "sex",
    "ethnicity",
    "left_on",
    "cause",
];

type Row<'r> = [&'r str; 10];

fn sheet(rows: &[Row<'_>]) -> SheetFile {
    let rows: Vec<&[&str]> = rows.iter().map(<[&str; 10]>::as_slice).collect();
    file(SheetForm::members(), &IDS, &rows)
}

async fn roll(store: &Store, day: Date) -> MaskedRoll {
    let id = store.code_owner(ONE[0]).await.unwrap().unwrap();
    masked(store, &Key::new([42; 32]), id, day, None).await.unwrap()
}

async fn a_roll_comes_goes_and_comes_again(database: &TestDatabase) {
    let store = set_up(database, &mut Drafts::default()).await;
    let mut desk = Desk(0);
    desk.run(&store, &operator(), &list(&[ONE, TWO]), Accept::All).await;
    let hoa: Row<'_> = [
        ONE[0],
        "Mẫu Thị Hoa",
        "official",
        "5",
        "2023-05-15",
        "020185000001",
        "female",
        "Tày",
        "",
        "",
    ];
    let an: Row<'_> =
        [ONE[0], "Mẫu Văn An", "official", "3", "", "20085000002", "male", "", "", ""];
    let no_number: Row<'_> = [ONE[0], "Mẫu Văn Bình", "associate", "", "", "", "", "", "", ""];
    let twice: Row<'_> =
        [ONE[0], "Mẫu Thị Hoa B", "official", "5", "", "020185000001", "", "", "", ""];
    let wrong: Row<'_> = [ONE[0], "Mẫu Văn Cường", "associate", "5", "", "", "", "", "", ""];
    let gone: Row<'_> =
        [ONE[0], "Mẫu Văn Dũng", "official", "5", "", "", "", "", "2024-05-01", "resigned"];
    let first = sheet(&[hoa, an, no_number, twice, wrong, gone]);

    // Looked over, then taken: the good rows of an organisation without a roll become one, in one filing.
    let seen = desk.run(&store, &operator(), &first, Accept::Nothing).await;
    let want = [New, New, New, Rejected, Rejected, Rejected];
    assert_eq!(verdicts(&seen), want, "{:#?}", seen.rows);
    let wrong: Vec<&str> = seen
        .rows
        .iter()
        .flat_map(|row| &row.findings)
        .filter(|f| f.is_error())
        .map(|f| f.code)
        .collect();
    assert_eq!(wrong, ["import.twice", "member.capital-class", "import.left-before"]);
    assert_eq!(seen.rows[0].name, format!("Mẫ* T** H** · {}", ONE[0]));
    let before = store.position().await.unwrap();
    let refused = desk.run(&store, &operator(), &first, Accept::All).await;
    assert!(refused.refused.is_some() && store.position().await.unwrap() == before);
    let taken = desk.run(&store, &operator(), &first, Accept::Good).await;
    let filed = taken.filed.as_ref().unwrap();
    assert_eq!((filed.taken.filings, verdicts(&taken)), (1, want.to_vec()));
    let on_file = store.find_filing(before + 1).await.unwrap().unwrap();
    assert_eq!(on_file.kind, FilingKind::MemberRoll);
    let held = roll(&store, DAY).await;
    let totals = Totals::of(held.members.iter().map(|listed| &listed.span.entry));
    assert_eq!((totals.members, totals.official, totals.capital), (3, 2, 8_000_000));
    assert_eq!((held.tally.women, held.tally.men, held.tally.minority), (1, 1, 1));
    assert_eq!(held.members[0].since, Date::constant(2023, 5, 15));

    // The same rows say nothing new, with or without a number, also where names and numbers come masked.
    let again = desk.run(&store, &operator(), &sheet(&[hoa, an, no_number]), Accept::All).await;
    assert_eq!(verdicts(&again), [Same, Same, Same], "{:#?}", again.rows);
    let id = store.code_owner(ONE[0]).await.unwrap().unwrap().to_string();
    let whose = Whose { code: Some(ONE[0]), name: ONE[2], id: &id };
    let table = masked_table(&whose, &held);
    let ids: Vec<String> = table.form.columns.iter().map(|column| column.id.clone()).collect();
    let mut back = sheet(&[]);
    back.columns = sheet(&[hoa]).columns;
    for (number, cells) in (2..).zip(&table.rows) {
        let values = cells.iter().map(|cell| match cell {
            TableCell::Value(value) => Some(value.clone()),
            TableCell::Empty | TableCell::Number(_) => None,
        });
        let values = values.collect();
        back.rows.push(SheetRow { number, values, fault: RowFault::None });
    }
    let again = desk.run(&store, &operator(), &back, Accept::All).await;
    assert_eq!(verdicts(&again), [Same, Same, Same], "{:#?}", again.rows);
    let at = |id: &str| ids.iter().position(|known| known == id).unwrap();
    let (name, capital) = (at("member_name"), at("capital"));
    back.rows[1].values[capital] = Some(hoptac_model::sheet::CellValue::Whole(4_000_000));
    back.rows[2].values[name] = Some(hoptac_model::sheet::CellValue::Text("Ai* Đ**".to_owned()));
    let edited = desk.run(&store, &operator(), &back, Accept::Good).await;
    assert_eq!(verdicts(&edited), [Same, Changed, Rejected], "{:#?}", edited.rows);
    rules(&edited, 2, &["import.masked"]);
    assert_eq!(roll(&store, DAY).await.members[1].span.entry.capital, 4_000_000);

    // Somebody joins, somebody leaves, something personal changes; another of the same name is asked about.
    let mut changed = hoa;
    (changed[3], changed[1], changed[7]) = ("6", "Mẫu Thị Hoa Lan", "Nùng");
    let mut leaves = an;
    (leaves[3], leaves[8], leaves[9]) = ("4", "2024-05-20", "resigned");
    let mut leaves_when = leaves;
    leaves_when[8] = "2024-06-01";
    let joins: Row<'_> =
        [ONE[0], "Mẫu Văn Ếch", "official", "2", "", "020085000005", "male", "Kinh", "", ""];
    let next = sheet(&[changed, leaves, joins]);
    let seen = desk.run(&store, &operator(), &next, Accept::Nothing).await;
    assert_eq!(verdicts(&seen), [Changed, Rejected, New], "{:#?}", seen.rows);
    let next = sheet(&[changed, leaves_when, joins]);
    let seen = desk.run(&store, &operator(), &next, Accept::All).await;
    assert_eq!(verdicts(&seen), [Changed, Changed, New], "{:#?}", seen.rows);
    let columns: Vec<&str> = seen.rows[0].differences.iter().map(|d| d.column.as_str()).collect();
    assert_eq!(columns, ["capital", "member_name", "ethnicity"]);
    let said = format!("{:?}", seen.rows);
    assert!(!said.contains("Thị Hoa") && !said.contains("Nùng") && !said.contains("02018500"));
    let held = roll(&store, DAY).await;
    assert_eq!((held.members.len(), held.tally.men, held.tally.women), (3, 1, 1));
    assert_eq!(held.tally.groups.keys().map(String::as_str).collect::<Vec<_>>(), ["Kinh", "Nùng"]);
    // A third of the name of two others.
    let mut namesake = joins;
    namesake[5] = "020085000006";
    desk.run(&store, &operator(), &sheet(&[namesake]), Accept::All).await;
    let mut unclear = joins;
    unclear[5] = "";
    unclear[3] = "9";
    unclear[6] = "female";
    let seen = desk.run(&store, &operator(), &sheet(&[unclear]), Accept::Good).await;
    assert_eq!(verdicts(&seen), [Doubtful], "{:#?}", seen.rows);
    assert_eq!(seen.rows[0].near.len(), 2);

    // Nothing that was written stands in the ledger or in what is kept of the imports.
    for filing in store.filings(0, 1000).await.unwrap() {
        for secret in ["Thị Hoa", "Văn An", "Văn Bình", "Văn Ếch", "0201850000", "20085000002"]
        {
            assert!(!filing.body.contains(secret), "{}: {}", filing.position, filing.body);
        }
    }

    // The roll carries what came later, so that it goes last; then all is as before.
    let last_first: Vec<_> = store.imports().await.unwrap();
    let of_members: Vec<_> = last_first.iter().filter(|one| one.taken.form == "members").collect();
    let first = of_members.last().unwrap().id;
    let refused = desk.undo(&store, &operator(), first).await.unwrap_err();
    assert!(refused.findings().iter().all(|finding| finding.code == "import.rests"), "{refused}");
    for import in of_members {
        desk.undo(&store, &operator(), import.id).await.unwrap();
    }
    let nothing = roll(&store, DAY).await;
    assert!(nothing.begun.is_none() && nothing.members.is_empty() && nothing.tally.is_zero());
    sound(&store).await;
    let rebuilt = store.rebuild(&mut |_| ()).await.unwrap();
    assert!(rebuilt.tables.iter().all(|table| table.changed == 0), "{:?}", rebuilt.tables);
    let seen = desk.run(&store, &operator(), &sheet(&[hoa]), Accept::All).await;
    assert_eq!(verdicts(&seen), [New]);
}

/// Whom a file leaves out, by the masked names.
fn left_out(imported: &Imported) -> Vec<&str> {
    assert!(imported.unmentioned.iter().all(|one| one.name == ONE[2]));
    imported.unmentioned.iter().flat_map(|one| &one.members).map(String::as_str).collect()
}

async fn members_that_a_sheet_leaves_out_are_told(database: &TestDatabase) {
    let store = set_up(database, &mut Drafts::default()).await;
    let mut desk = Desk(0);
    desk.run(&store, &operator(), &list(&[ONE, TWO]), Accept::All).await;
    let named = |name| [ONE[0], name, "official", "5", "", "", "", "", "", ""];
    let mut numbered = named("Mẫu Thị Hoa");
    numbered[5] = "020185000001";
    let (an, binh, cuong) = (named("Mẫu Văn An"), named("Mẫu Văn Bình"), named("Mẫu Văn Cường"));
    let all = sheet(&[numbered, an, binh, cuong]);
    let first = desk.run(&store, &operator(), &all, Accept::All).await;
    assert!(left_out(&first).is_empty(), "nobody was on the roll before");

    // One by number under another name, one in a row that cannot be read; the others are told, and stay.
    let mut renamed = numbered;
    renamed[1] = "Mẫu Thị Hoa Lan";
    let mut some = sheet(&[renamed, an]);
    some.rows[1].fault = RowFault::Wrong;
    for accept in [Accept::Nothing, Accept::Good] {
        let seen = desk.run(&store, &operator(), &some, accept).await;
        assert_eq!(left_out(&seen), ["Mẫ* V** B**", "Mẫ* V** C**"]);
    }
    assert_eq!(roll(&store, DAY).await.members.len(), 4);

    // Of two with one name, or one mask, the other is told.
    let mut other = numbered;
    other[5] = "020185000009";
    desk.run(&store, &operator(), &sheet(&[other]), Accept::All).await;
    let seen =
        desk.run(&store, &operator(), &sheet(&[other, an, binh, cuong]), Accept::Nothing).await;
    assert_eq!(left_out(&seen), ["Mẫ* T** H** L**"]);

    // Who leaves is spoken of, and is no more on the roll of the day behind.
    let mut leaves = binh;
    (leaves[8], leaves[9]) = ("2024-06-01", "resigned");
    let seen = desk.run(&store, &operator(), &sheet(&[leaves, cuong]), Accept::All).await;
    assert_eq!(left_out(&seen), ["Mẫ* T** H**", "Mẫ* T** H** L**", "Mẫ* V** A*"]);
    let mut later = sheet(&[cuong]);
    later.on = Date::constant(2024, 6, 2);
    let seen = desk.run(&store, &operator(), &later, Accept::Nothing).await;
    assert_eq!(left_out(&seen), ["Mẫ* T** H**", "Mẫ* T** H** L**", "Mẫ* V** A*"]);
    sound(&store).await;
}

async fn only_who_may_file_is_answered(database: &TestDatabase) {
    let store = set_up(database, &mut Drafts::default()).await;
    let mut desk = Desk(0);
    desk.run(&store, &operator(), &list(&[ONE, TWO]), Accept::All).await;
    let row: Row<'_> = [ONE[0], "Mẫu Văn An", "official", "3", "", "", "", "", "", ""];
    desk.run(&store, &operator(), &sheet(&[row]), Accept::All).await;
    let officer = Actor::new("so.178", Role::DepartmentOfficer);
    let seen = desk.run(&store, &officer, &sheet(&[row]), Accept::Nothing).await;
    assert_eq!(verdicts(&seen), [Rejected]);
    rules(&seen, 0, &["filing.not-allowed"]);
    // The organisation itself need not name itself.
    let own = store.code_owner(TWO[0]).await.unwrap().unwrap();
    let scope = hoptac_model::account::Scope::organisation(own);
    let mut itself = Actor::new("htx", Role::Cooperative);
    itself.scope = scope;
    let mut unnamed = row;
    unnamed[0] = "";
    let seen = desk.run(&store, &itself, &sheet(&[unnamed, row]), Accept::Good).await;
    assert_eq!(verdicts(&seen), [New, Rejected], "{:#?}", seen.rows);
    assert_eq!(seen.rows[0].organisation, Some(own));
    rules(&seen, 1, &["import.unknown-code"]);
    sound(&store).await;
}
