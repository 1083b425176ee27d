//! Two instances on one machine: figures of one are received by the other once, and what is altered, older, forked or from the future is
//! refused with a sentence.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use hoptac_model::filing::Hash;
use hoptac_model::open_data::{Dataset, Form, OpenData};
use hoptac_model::text::Words;
use hoptac_office::bundle::{About, public_key, seal};
use hoptac_office::key::Key;
use jiff::civil::date;
use serde_json::Value;

use crate::{own_demo, program, refused, run, text};

/// A folder with a bundle of an instance.
fn made(instance: &Path, place: &Path, name: &str) -> PathBuf {
    let file = place.join(name);
    let output = run(instance, &["bundle", "make", "--out", file.to_str().unwrap()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    file
}

fn read(instance: &Path, arguments: &[&str]) -> Value {
    let output = run(instance, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Files something, so that the ledger goes on.
fn go_on(instance: &Path, name: &str) {
    let words = ["scenario", "save", name, "--title", "Thử", "--what-if", "formation.THT=+20%"];
    let output = run(instance, &words);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

/// The facts of a bundle are what its indicators are counted from, and of few organisations they say nothing.
fn facts_are_what_figures_are_counted_from(tables: &[Value]) {
    let rows = |name: &str| {
        let table = tables.iter().find(|table| table["table"] == name).unwrap();
        let columns = table["columns"].as_array().unwrap();
        let named = |row: &Value| -> BTreeMap<String, Value> {
            let names = columns.iter().map(|name| name.as_str().unwrap().to_owned());
            names.zip(row.as_array().unwrap().iter().cloned()).collect()
        };
        table["rows"].as_array().unwrap().iter().map(named).collect::<Vec<_>>()
    };
    let (facts, indicators, definitions) =
        (rows("facts"), rows("indicators"), rows("fact_definitions"));
    assert!(facts.len() > 1000, "{}", facts.len());
    let mut compared = 0;
    for (indicator, kind, fact) in [
        ("groups", "THT", "registered"),
        ("cooperatives", "HTX", "registered"),
        ("cooperatives_operating", "HTX", "operating"),
        ("unions", "LHHTX", "registered"),
    ] {
        for figure in indicators.iter().filter(|row| row["indicator"] == indicator) {
            let fact = facts.iter().find(|row| {
                row["unit"] == figure["unit"]
                    && row["year"] == figure["year"]
                    && row["kind"] == kind
                    && row["fact"] == fact
            });
            let counted = fact.map_or(Some(0.0), |row| row["value"].as_f64()).unwrap();
            assert!((counted - figure["value"].as_f64().unwrap()).abs() < 1e-9, "{figure:?}");
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared}");
    let open = ["registered", "operating", "suspended", "founded", "ceased", "converted", "age"];
    for row in &facts {
        let is_hidden = row["status"] == "Q";
        assert_eq!(is_hidden, row["value"].is_null(), "{row:?}");
        assert_eq!(is_hidden, row["organisations"].is_null(), "{row:?}");
        let is_open = open.contains(&row["fact"].as_str().unwrap());
        assert!(!(is_open && is_hidden), "{row:?}");
        assert!(is_hidden || is_open || row["organisations"].as_i64().unwrap() >= 3, "{row:?}");
        assert!(definitions.iter().any(|one| one["fact"] == row["fact"]), "{row:?}");
    }
    assert!(facts.iter().any(|row| row["status"] == "Q"));
    assert!(facts.iter().any(|row| row["fact"] == "members" && row["value"].is_number()));
    assert!(!definitions.iter().any(|one| one["fact"].as_str().unwrap().starts_with("roll_")));
}

#[test]
fn figures_go_from_a_province_to_the_nation_once_and_unchanged() {
    let (province, place, nation) =
        (own_demo(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (province, place, nation) = (province.path(), place.path(), nation.path());
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/lang-son-2023");
    let adopted = run(nation, &["plan", "adopt", pack.to_str().unwrap()]);
    assert!(adopted.status.success(), "{}", text(&adopted.stderr));

    let first = made(province, place, "1");
    go_on(province, "mot");
    let second = made(province, place, "2");
    let twin = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(province).unwrap().flatten() {
        fs::copy(entry.path(), twin.path().join(entry.file_name())).unwrap();
    }
    go_on(province, "hai");
    let third = made(province, place, "3");
    go_on(twin.path(), "khac");
    let forked = made(twin.path(), place, "4");
    let key = text(&run(province, &["bundle", "key"]).stdout).trim().to_owned();
    let path = |file: &Path| file.to_str().unwrap().to_owned();
    let accept = |file: &Path| vec!["bundle".to_owned(), "accept".to_owned(), path(file)];
    let words = |list: &[String]| list.iter().map(String::clone).collect::<Vec<_>>();
    let refuse = |file: &Path, want: &[&str]| {
        let list = words(&accept(file));
        let list: Vec<&str> = list.iter().map(String::as_str).collect();
        refused(nation, &list, 2, want);
    };

    // A key that nobody compared is not believed, nor is another one than that of the bundle.
    refuse(&first, &["chưa nhận gói nào ký bằng khóa", "no bundle signed with the key"]);
    let other = "0".repeat(64);
    refused(
        nation,
        &["bundle", "accept", &path(&first), "--key", &other],
        2,
        &["không phải khóa đã nêu", "not the one that was named"],
    );
    let told = read(nation, &["bundle", "accept", &path(&first), "--key", &key, "--json"]);
    assert_eq!(told["repeated"], false);
    assert_eq!(told["bundle"]["unit_name"], "Tỉnh Lạng Sơn");
    assert_eq!(told["bundle"]["synthetic"], true);

    // Its numbers are those of the sender, and stand beside what the receiver has.
    let shown = read(nation, &["bundle", "show", &key[..16], "--json"]);
    let tables = shown["tables"].as_array().unwrap();
    let targets = tables.iter().find(|table| table["table"] == "targets").unwrap();
    let columns: Vec<&str> =
        targets["columns"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let at = |name: &str| columns.iter().position(|column| *column == name).unwrap();
    let board = read(province, &["scoreboard", "--json"]);
    let mut compared = 0;
    for row in targets["rows"].as_array().unwrap() {
        let sender = crate::row(&board, row[at("target")].as_str().unwrap());
        assert_eq!(sender["standing"], row[at("standing")], "{row}");
        if let (Some(sent), Some(own)) = (row[at("value")].as_f64(), sender["value"].as_f64()) {
            assert!((sent - own).abs() < 1e-9, "{row}");
            compared += 1;
        }
    }
    assert!(compared > 15, "{compared}");
    assert!(!tables.iter().any(|table| table["table"] == "members"));
    facts_are_what_figures_are_counted_from(tables);
    let own = read(nation, &["scoreboard", "--json"]);
    assert!(crate::row(&own, "T30-01")["value"].as_f64().is_none_or(|value| value < 1.0));

    // The same again changes nothing; a newer one needs no key; an older one, a forked one and one from the future are refused.
    let again = read(nation, &["bundle", "accept", &path(&first), "--json"]);
    assert_eq!((&again["repeated"], &again["position"]), (&true.into(), &told["position"]));
    assert_eq!(read(nation, &["bundle", "accept", &path(&third), "--json"])["repeated"], false);
    refuse(&second, &["cũ hơn gói đã nhận", "before the one that was received"]);
    refuse(&forked, &["sổ cái nơi gửi khác", "ledger differs at position"]);
    assert_eq!(read(nation, &["bundle", "accept", &path(&first), "--json"])["repeated"], true);
    let ahead = place.join("5");
    let made = program()
        .args(["bundle", "make", "--out", ahead.to_str().unwrap(), "--dir"])
        .arg(province)
        .env("HOPTAC_TEST_NOW", "2031-05-01T08:00:00Z")
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", text(&made.stderr));
    refuse(&ahead, &["mà hôm nay mới là", "and today is"]);

    // What is not what was signed.
    let whole = fs::read_to_string(&third).unwrap();
    let changed = |name: &str, text: String| {
        let file = place.join(name);
        fs::write(&file, text).unwrap();
        file
    };
    let lines: Vec<&str> = whole.splitn(3, '\n').collect();
    let as_lines = |a: &str, b: &str, c: &str| format!("{a}\n{b}\n{c}");
    let altered = ["đã bị thay đổi sau khi ký", "altered after it was signed"];
    let signature = ["chữ ký không phải của khóa", "signature is not that of the key"];
    let short = ["gói bị cắt ngang", "ends too early"];
    let nothing = ["không phải gói số liệu", "is no bundle"];
    let cases: [(&str, String, &[&str; 2]); 8] = [
        ("a", whole.replacen("\"T30-01\"", "\"T30-02\"", 1), &altered),
        (
            "b",
            as_lines(&lines[0].replacen("Lạng Sơn", "Cao Bằng", 1), lines[1], lines[2]),
            &signature,
        ),
        ("c", as_lines(lines[0], &"0".repeat(128), lines[2]), &signature),
        ("d", as_lines(lines[0], "x", lines[2]), &signature),
        ("e", String::from_utf8_lossy(&whole.as_bytes()[..whole.len() / 2]).into_owned(), &short),
        ("f", "{\"form\":".to_owned() + &"[".repeat(100_000), &nothing),
        ("g", lines[0].replacen('{', "{\"form\":\"hoptac-bundle-1\",", 1) + "\nx\ny", &nothing),
        ("h", String::new(), &nothing),
    ];
    for (name, text, want) in cases {
        refuse(&changed(name, text), want);
    }
    let newer = changed("i", whole.replacen("hoptac-bundle-1", "hoptac-bundle-9", 1));
    refuse(&newer, &["`hoptac-bundle-9`"]);
    let checked = run(nation, &["bundle", "verify", &path(&newer), "--json"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(run(nation, &["bundle", "verify", &path(&third), "--key", &key]).status.success());

    // Two bundles were received, the ledger proves them, and no more than the newest is shown.
    let senders = read(nation, &["bundle", "list", "--json"]);
    assert_eq!(senders.as_array().unwrap().len(), 1);
    assert_eq!(
        senders[0]["bundle"]["sender_position"],
        told["bundle"]["sender_position"].as_u64().unwrap() + 2
    );
    assert!(run(nation, &["verify"]).status.success());
}

#[test]
fn a_bundle_without_facts_is_received_as_before() {
    let (place, nation) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let nation = nation.path();
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/lang-son-2023");
    let adopted = run(nation, &["plan", "adopt", pack.to_str().unwrap()]);
    assert!(adopted.status.success(), "{}", text(&adopted.stderr));
    // As bundles were made before they had facts: figures alone.
    let words = || Words::new("Chỉ tiêu", "Targets");
    let mut targets = Dataset::new("targets", words(), words(), &["target"])
        .column("target", Form::Text, "Mã", "Target")
        .column("value", Form::Number, "Giá trị", "Value");
    targets.rows = vec![vec!["T30-01".into(), 7.0.into()]];
    let data = OpenData {
        unit: "Tỉnh Cao Bằng".to_owned(),
        plan: "1/KH-UBND".to_owned(),
        as_of: date(2025, 12, 31),
        year_first: 2021,
        position: 9,
        least: 1,
        synthetic: true,
        tables: vec![targets],
    };
    let key = Key::new([7; 32]);
    let about = About { unit: "04", head: Hash::of(b"head"), made_on: date(2026, 1, 5) };
    let file = place.path().join("old");
    fs::write(&file, seal(&key, &data, about)).unwrap();
    let (file, named) = (file.to_str().unwrap(), public_key(&key));
    for repeated in [false, true] {
        let told = read(nation, &["bundle", "accept", file, "--key", &named, "--json"]);
        assert_eq!(told["repeated"], repeated);
    }
    let shown = read(nation, &["bundle", "show", &named[..16], "--json"]);
    let tables: Vec<&Value> =
        shown["tables"].as_array().unwrap().iter().map(|table| &table["table"]).collect();
    assert_eq!(tables, ["targets"]);
}
