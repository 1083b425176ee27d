//! What is taken away, edited and imported again changes what was edited, and nothing else: a thousand random edits.
#![expect(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]
#![expect(clippy::indexing_slicing, reason = "a test that reaches past an end fails, as it should")]

use std::collections::BTreeSet;

use hoptac_intake::pack;
use hoptac_intake::sheet::{Asked, Book, Stamp, table_csv, table_xlsx, take_in};
use hoptac_model::filing::support::{ProgrammeOpen, Support};
use hoptac_model::filing::{Body, Hash, PlanAdopt, Subject, UnitsAdopt};
use hoptac_model::ids::ImportId;
use hoptac_model::import::Verdict;
use hoptac_model::organisation::Kind;
use hoptac_model::sheet::table::{self, SheetTable, TableCell, organisations};
use hoptac_model::sheet::{CellKind, CellValue, SheetForm};
use hoptac_model::support::{Policy, Programme};
use hoptac_model::text::{Language, Words};
use hoptac_model::unit::{Level, Unit};
use hoptac_office::import::{Accept, Edge, Imported, SheetFile, run};
use hoptac_office::{Actor, Role, accept};
use hoptac_store::Store;
use hoptac_testkit::database::TestDatabase;
use hoptac_testkit::draft::Drafts;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use uuid::Uuid;

/// How many edits are tried.
const EDITS: u64 = 1000;
/// Every so many of them are filed and taken away anew.
const FILED: u64 = 50;
const DAY: Date = Date::constant(2024, 6, 1);

const COMMUNES: [(&str, &str); 3] =
    [("05971", "Xã Tô Hiệu"), ("05977", "Xã Tân Văn"), ("06001", "Xã Hội Hoan")];

/// The same numbers every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        // The constants are Knuth's.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

async fn register(database: &TestDatabase) -> Store {
    let store = database.store().await;
    let unit = |id: &str, level, name: &str, parent: Option<&str>| Unit {
        id: id.into(),
        code: id.to_owned(),
        level,
        name: name.to_owned(),
        parent: parent.map(Into::into),
        lat_e4: None,
        lon_e4: None,
        valid_from: None,
        valid_to: None,
    };
    let mut units = vec![
        unit("20", Level::Province, "Tỉnh Lạng Sơn", None),
        unit("178", Level::District, "Huyện Bình Gia", Some("20")),
    ];
    units.extend(COMMUNES.map(|(id, name)| unit(id, Level::Commune, name, Some("178"))));
    let places = UnitsAdopt { source: "danh mục".to_owned(), units, successors: Vec::new() };
    let mut drafts = Drafts::default();
    let draft = drafts.draft(Subject::units(), DAY, Body::UnitsAdopt(places));
    accept(&store, &Actor::new("operator", Role::Operator), draft).await.unwrap();
    store
}

/// A dozen organisations as somebody lists them, one of which has a name that looks like a formula.
fn list() -> SheetTable {
    let form = SheetForm::organisations();
    let rows = (0..12_i64).map(|number| {
        let of = |id: &str| -> TableCell {
            match id {
                "kind" => "HTX".into(),
                "name" if number == 7 => "=HTX(1+1) Bảy".into(),
                "name" => format!("Hợp tác xã Mẫu Số {number}").as_str().into(),
                "founded_on" => Date::constant(2015, 3, 1).saturating_add(number.days()).into(),
                "seat" => COMMUNES[usize::try_from(number % 3).unwrap()].1.into(),
                "vsic" => ["A", "C", "G"][usize::try_from(number % 3).unwrap()].into(),
                "members" => (number + 8).into(),
                "capital" if number % 4 != 0 => (number * 10_000_000).into(),
                "difficult_area" => (number % 2 == 0).into(),
                _ => TableCell::Empty,
            }
        };
        form.columns.iter().map(|column| of(&column.id)).collect()
    });
    SheetTable { rows: rows.collect(), form: form.clone() }
}

struct Desk(u128);

impl Desk {
    async fn import(
        &mut self,
        store: &Store,
        table: &SheetTable,
        csv: bool,
        accept: Accept,
    ) -> Imported {
        let form = &table.form;
        let stamp = Stamp { form: form.id.clone(), version: form.version, unit: None, year: None };
        let (name, bytes) = if csv {
            ("bang.csv", table_csv(table, Language::Vi))
        } else {
            ("bang.xlsx", table_xlsx(table, &stamp, Language::Vi).unwrap())
        };
        let hash = Hash::of(&bytes);
        let book = Book::open(name, bytes).unwrap();
        let asked = Asked { form: Some(form.id.clone()), ..Asked::default() };
        let handed = take_in(&book, std::slice::from_ref(form), &asked, &mut |_| ()).unwrap();
        assert_eq!(handed.reading.findings, [], "what went out comes in without a word");
        let file = SheetFile {
            name: name.to_owned(),
            hash,
            form: handed.form,
            sheet: handed.reading.sheet,
            columns: handed.columns,
            year: None,
            on: DAY,
            organisation: None,
            rows: handed.rows,
        };
        self.0 += 1;
        let second = i64::try_from(self.0).unwrap();
        let at = Timestamp::from_second(1_720_000_000 + second).unwrap();
        let mut fresh = || {
            self.0 += 1;
            Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + self.0)
        };
        let mut edge = Edge {
            recorded_at: at,
            now: || Timestamp::UNIX_EPOCH,
            import: ImportId(fresh()),
            fresh: &mut fresh,
            seals: None,
        };
        let actor = Actor::new("operator", Role::Operator);
        run(store, &actor, &file, accept, &mut edge, &mut |_| ()).await.unwrap()
    }
}

async fn taken_away(store: &Store) -> SheetTable {
    let places = store.places().await.unwrap();
    organisations(&store.register().await.unwrap(), &|_| true, &places, DAY)
}

/// Writes something else into a random cell.
fn edit(
    table: &mut SheetTable,
    dice: &mut Dice,
    number: u64,
    moved: &BTreeSet<usize>,
) -> (usize, String) {
    let row = dice.below(table.rows.len());
    let editable =
        ["name", "founded_on", "seat", "vsic", "members", "capital", "difficult_area", "sector"];
    let column = editable[dice.below(editable.len())];
    // Since its main activity changed, the sector of an organisation follows from that.
    let column = if column == "sector" && moved.contains(&row) { "members" } else { column };
    let at = table.form.index_of(column).unwrap();
    let cell = &mut table.rows[row][at];
    *cell = match (&*cell, &table.form.columns[at].kind) {
        (TableCell::Value(CellValue::Whole(whole)), CellKind::Flag) => (*whole == 0).into(),
        (TableCell::Value(CellValue::Whole(whole)), _) => {
            (whole + 1 + i64::try_from(dice.below(9)).unwrap()).into()
        }
        (TableCell::Value(CellValue::Day(day)), _) => day.saturating_add(1.day()).into(),
        (TableCell::Value(CellValue::Text(text)), _) => match column {
            "seat" => {
                let others: Vec<&str> =
                    COMMUNES.iter().map(|(_, name)| *name).filter(|name| name != text).collect();
                others[dice.below(others.len())].into()
            }
            "vsic" => {
                if text == "A" {
                    "B".into()
                } else {
                    "A".into()
                }
            }
            "sector" => {
                if text == "agricultural" {
                    "non_agricultural".into()
                } else {
                    "agricultural".into()
                }
            }
            _ => format!("Hợp tác xã Đổi tên {number}").as_str().into(),
        },
        (TableCell::Empty | TableCell::Number(_) | TableCell::Value(CellValue::Decimal(_)), _) => {
            5_000_000_i64.into()
        }
    };
    (row, column.to_owned())
}

#[test]
fn a_thousand_edits() {
    hoptac_testkit::database::on_sqlite(async |database: &TestDatabase| {
        let store = register(database).await;
        let mut desk = Desk(0);
        let first = desk.import(&store, &list(), false, Accept::All).await;
        assert!(first.filed.is_some(), "{:#?}", first.rows);
        let mut table = taken_away(&store).await;
        let unedited = desk.import(&store, &table, true, Accept::All).await;
        assert!(
            unedited.rows.iter().all(|row| row.verdict == Verdict::Same),
            "{:#?}",
            unedited.rows
        );
        let mut dice = Dice(115);
        let mut moved = BTreeSet::new();
        for number in 1..=EDITS {
            let mut edited = table.clone();
            let mut want = BTreeSet::new();
            for _ in 0..=dice.below(3) {
                want.insert(edit(&mut edited, &mut dice, number, &moved));
            }
            // An edit may have been taken back by another one of the same cell.
            want.retain(|(row, column)| {
                let at = table.form.index_of(column).unwrap();
                edited.rows[*row][at] != table.rows[*row][at]
            });
            // The sector follows a new main activity.
            let of_activity: Vec<usize> =
                want.iter().filter(|(_, column)| column == "vsic").map(|(row, _)| *row).collect();
            want.retain(|(row, column)| column != "sector" || !of_activity.contains(row));
            let files = number % FILED == 0;
            let accept = if files { Accept::Good } else { Accept::Nothing };
            let seen = desk.import(&store, &edited, number % 2 == 0, accept).await;
            let mut got = BTreeSet::new();
            for (index, row) in seen.rows.iter().enumerate() {
                assert_ne!(row.verdict, Verdict::Rejected, "{number}: {row:#?}");
                got.extend(row.differences.iter().map(|d| (index, d.column.clone())));
            }
            assert_eq!(got, want, "edit {number}");
            if files {
                let anew = taken_away(&store).await;
                let sector = table.form.index_of("sector").unwrap();
                for (row, (is, wanted)) in anew.rows.iter().zip(&edited.rows).enumerate() {
                    for (at, (is, wanted)) in is.iter().zip(wanted).enumerate() {
                        let follows = at == sector && of_activity.contains(&row);
                        assert!(
                            follows || is == wanted,
                            "edit {number}, row {row}, column {at}: {is:?}"
                        );
                    }
                }
                moved.extend(of_activity);
                table = anew;
            }
        }
        assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
    });
}

/// Rows of a form, each cell as it is named.
fn rows(form: SheetForm, count: i64, of: impl Fn(i64, &str) -> TableCell) -> SheetTable {
    let row = |number| form.columns.iter().map(|column| of(number, &column.id)).collect();
    let rows = (0..count).map(row).collect();
    SheetTable { rows, form }
}

/// Whose a row is: every second organisation has a code, the others are known by their identity.
fn whose(register: &SheetTable, number: i64, id: &str) -> TableCell {
    let row = usize::try_from(number).unwrap() % register.rows.len();
    register.form.index_of(id).map_or(TableCell::Empty, |at| register.rows[row][at].clone())
}

fn grades(register: &SheetTable) -> SheetTable {
    rows(SheetForm::grades(), 12, |number, id| match id {
        "year" => 2023.into(),
        "ruleset" => "tt01-2020".into(),
        "score" => (815 + number * 7).into(),
        "grade" => "tot".into(),
        "on" => Date::constant(2024, 3, 15).into(),
        id => whose(register, number, id),
    })
}

fn links(register: &SheetTable) -> SheetTable {
    rows(SheetForm::links(), 18, |number, id| match id {
        "link" => format!("{number}/2024/HĐ").as_str().into(),
        "signed_on" => Date::constant(2024, 1, 10).saturating_add(number.days()).into(),
        // Every third partner is an organisation of the register, written by its code, or its identity where it has none.
        "partner" if number % 3 == 0 => {
            let code = whose(register, number + 1, "code");
            if code == TableCell::Empty { whose(register, number + 1, "id") } else { code }
        }
        "partner" => format!("DN{number}").as_str().into(),
        "partner_name" => "=Công ty Rau".into(),
        "partner_kind" if number % 3 == 0 => "organisation".into(),
        "partner_kind" => "enterprise".into(),
        "product" => "Na".into(),
        "stages" => "sản xuất; thu hoạch; tiêu thụ".into(),
        "to" if number % 3 == 0 => Date::constant(2026, 1, 1).into(),
        "value" => (number * 1_000_000).into(),
        "volume" => (number + 1).into(),
        "volume_unit" => "kg".into(),
        "area" => (number * 10 + 1).into(),
        "proof" => "HS".into(),
        id => whose(register, number, id),
    })
}

fn products(register: &SheetTable) -> SheetTable {
    rows(SheetForm::products(), 6, |number, id| match id {
        "certificate" => format!("CN-{number}").as_str().into(),
        "product" => "Na".into(),
        "kind" => if number % 2 == 0 { "ocop" } else { "vietgap" }.into(),
        "stars" if number % 2 == 0 => 4.into(),
        "from" => Date::constant(2024, 2, 1).into(),
        "decision" => "12/QĐ-UBND".into(),
        id => whose(register, number, id),
    })
}

fn support(register: &SheetTable) -> SheetTable {
    rows(SheetForm::support(), 6, |number, id| match id {
        "programme" => "may-say".into(),
        "application" => format!("HS-{number}").as_str().into(),
        "on" => Date::constant(2024, 2, 1).into(),
        "requested" => 50_000_000.into(),
        "purpose" => "Máy sấy".into(),
        "no_penalty" => true.into(),
        "decided_on" if number > 1 => Date::constant(2024, 3, 1).into(),
        "approved" if number > 1 => (number > 2).into(),
        "granted" if number > 2 => 40_000_000.into(),
        "decision" if number > 1 => "125/QĐ-UBND, UBND tỉnh".into(),
        "paid" if number > 3 => 30_000_000.into(),
        "paid_on" if number > 3 => Date::constant(2024, 4, 1).into(),
        "payment" if number > 3 => "UNC 7".into(),
        "cancelled_on" if number == 5 => Date::constant(2024, 5, 1).into(),
        "reason" if number == 5 => "không mua nữa".into(),
        id => whose(register, number, id),
    })
}

/// Writes something else into a random cell of a grade or a contract.
fn edit_record(table: &mut SheetTable, dice: &mut Dice, number: u64) -> (usize, String) {
    let editable: &[&str] = if table.form.id == SheetForm::GRADES {
        &["score", "on"]
    } else {
        &["partner_name", "product", "stages", "to", "value", "volume", "area", "proof"]
    };
    let row = dice.below(table.rows.len());
    let column = editable[dice.below(editable.len())];
    let at = table.form.index_of(column).unwrap();
    let cell = &mut table.rows[row][at];
    *cell = match (&*cell, column) {
        // Above the eighty points of the best grade there is room for all edits.
        (_, "score") => (800 + i64::try_from(dice.below(200)).unwrap()).into(),
        (TableCell::Value(CellValue::Day(day)), _) => day.saturating_add(1.day()).into(),
        (_, "to") => Date::constant(2027, 1, 1).into(),
        (TableCell::Value(CellValue::Whole(whole)), _) => (whole + 1).into(),
        (_, "stages") => {
            let of = ["tiêu thụ", "sơ chế, chế biến; tiêu thụ", "cung ứng đầu vào; tiêu thụ"];
            of[dice.below(of.len())].into()
        }
        _ => format!("Nội dung mới {number}").as_str().into(),
    };
    (row, column.to_owned())
}

#[test]
fn every_table_comes_in_as_it_went_out() {
    hoptac_testkit::database::on_sqlite(async |database: &TestDatabase| {
        let store = register(database).await;
        let dir =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/lang-son-2023");
        let read = pack::read(&pack::PackFiles::from_dir(&dir), &pack::Check::default());
        let pack = read.accepted().cloned().unwrap();
        let programme = Programme {
            id: "may-say".to_owned(),
            policy: Policy::ALL[0],
            title: Words::new("Máy sấy", "Driers"),
            source: "Nghị quyết".to_owned(),
            opens: Date::constant(2024, 1, 1),
            closes: None,
            budget: None,
            per_organisation: None,
            kinds: vec![Kind::Cooperative],
            audit: false,
            condition: None,
            note: Words::default(),
        };
        let adopt = PlanAdopt { files_hash: Hash::ZERO.to_string(), pack: pack.clone() };
        let open = Support::Open(Box::new(ProgrammeOpen { programme }));
        let before = Date::constant(2023, 12, 1);
        let mut drafts = Drafts::starting_at(1000);
        let operator = Actor::new("operator", Role::Operator);
        for draft in [
            drafts.draft(Subject::plan(&pack.id), before, Body::PlanAdopt(Box::new(adopt))),
            drafts.draft(Subject::programme("may-say"), before, Body::Support(open)),
        ] {
            accept(&store, &operator, draft).await.unwrap();
        }
        let mut desk = Desk(100_000);
        desk.import(&store, &list(), false, Accept::All).await;
        let whose = taken_away(&store).await;
        for table in [grades(&whose), links(&whose), products(&whose), support(&whose)] {
            let first = desk.import(&store, &table, false, Accept::All).await;
            assert!(first.filed.is_some(), "{:#?}", first.rows);
        }
        let away = async |form: &str| {
            let register = store.register().await.unwrap();
            let plan = store.plan().await.unwrap().unwrap();
            match form {
                "grades" => table::grades(&register, &|_| true, None),
                "links" => table::links(&register, &|_| true, DAY),
                "products" => table::products(&register, &|_| true, DAY),
                "support" => table::support(&register, &|_| true),
                "units" => table::units(&store.places().await.unwrap(), DAY),
                _ => table::figures(&plan.pack),
            }
        };
        for form in ["grades", "links", "products", "support", "units", "figures"] {
            let table = away(form).await;
            assert!(table.rows.len() >= 5, "{form}");
            for csv in [false, true] {
                let seen = desk.import(&store, &table, csv, Accept::Nothing).await;
                let odd = seen.rows.iter().find(|row| row.verdict != Verdict::Same);
                assert!(seen.rows.len() == table.rows.len() && odd.is_none(), "{form}: {odd:#?}");
            }
        }
        let mut dice = Dice(98);
        for form in ["grades", "links"] {
            let mut table = away(form).await;
            for number in 1..=EDITS / 5 {
                let mut edited = table.clone();
                let mut want = BTreeSet::new();
                for _ in 0..=dice.below(3) {
                    want.insert(edit_record(&mut edited, &mut dice, number));
                }
                want.retain(|(row, column)| {
                    let at = table.form.index_of(column).unwrap();
                    edited.rows[*row][at] != table.rows[*row][at]
                });
                let files = number % FILED == 0;
                let accept = if files { Accept::All } else { Accept::Nothing };
                let seen = desk.import(&store, &edited, number % 2 == 0, accept).await;
                let mut got = BTreeSet::new();
                for (index, row) in seen.rows.iter().enumerate() {
                    assert_ne!(row.verdict, Verdict::Rejected, "{form} {number}: {row:#?}");
                    got.extend(row.differences.iter().map(|d| (index, d.column.clone())));
                }
                assert_eq!(got, want, "{form}, edit {number}");
                if files {
                    table = away(form).await;
                    assert_eq!(table.rows, edited.rows, "{form}, edit {number}");
                }
            }
        }
        assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
    });
}
