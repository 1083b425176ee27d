//! Bad input, verb by verb: what is wrong is said with the path of its field, and nothing is half done.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

#[path = "bad_input/records.rs"]
mod records;

const ALIVE: &str = "organisation/01900000-0000-7000-8000-000000000001";
const ENDED: &str = "organisation/01900000-0000-7000-8000-000000000002";

/// A small register of one cooperative that works and one that was dissolved.
struct Office(tempfile::TempDir);

impl Office {
    fn new() -> Self {
        let office = Self(tempfile::tempdir().unwrap());
        let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/lang-son-2023");
        let adopted = office.run(&["plan", "adopt", pack.to_str().unwrap()], "");
        assert!(adopted.status.success(), "{}", said(&adopted));
        for (id, name) in [(ALIVE, "Hợp tác xã Na Chi Lăng"), (ENDED, "Hợp tác xã Hồi Văn Quan")]
        {
            let body =
                json!({"kind": "HTX", "name": name, "seat": "06433", "vsic": "A", "members": 9});
            office.files(id, "establish", "2021-01-01", &body);
        }
        office.files(ENDED, "dissolve", "2022-01-01", &json!({"reason": ""}));
        office
    }

    fn run(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hoptac"))
            .env_remove("HOPTAC_DIR")
            .env_remove("HOPTAC_DATABASE")
            .env("HOPTAC_TEST_NOW", "2024-09-01T02:00:00Z")
            .args(arguments)
            .arg("--dir")
            .arg(self.0.path().join("data"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Whoever refuses early does not read to the end.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    #[track_caller]
    fn files(&self, id: &str, kind: &str, day: &str, body: &Value) -> Value {
        let words = ["org", "file", kind, id, "--body", "-", "--effective-on", day, "--json"];
        let output = self.run(&words, &body.to_string());
        assert!(output.status.success(), "{}", said(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn position(&self) -> u64 {
        let output = self.run(&["org", "list", "--json"], "");
        let list: Value = serde_json::from_slice(&output.stdout).unwrap();
        list.get("ledger_position").and_then(Value::as_u64).unwrap()
    }

    /// The command is refused, says all of this, and leaves the ledger as it was.
    #[track_caller]
    fn refuses(&self, arguments: &[&str], input: &str, wants: &[&str]) {
        let before = self.position();
        let output = self.run(arguments, input);
        let told = said(&output);
        assert_ne!(output.status.code(), Some(0), "{arguments:?}: {told}");
        for want in wants {
            assert!(told.contains(want), "{arguments:?}: `{want}` is missing in: {told}");
        }
        assert_eq!(self.position(), before, "{arguments:?}");
    }

    /// A whole filing is refused by `filing accept`, and `filing check` finds the same.
    #[track_caller]
    fn refuses_filing(&self, filing: &Value, wants: &[&str]) {
        for verb in ["accept", "check"] {
            self.refuses(&["filing", verb, "-"], &filing.to_string(), wants);
        }
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn change(subject: &str, day: &str, body: &Value) -> Value {
    json!({"kind": "organisation.change", "subject": subject, "effective_on": day, "body": body})
}

#[test]
fn a_list_without_a_column_says_which_one() {
    let office = Office::new();
    let list = office.0.path().join("Đình Lập ổ ậ.csv");
    fs::write(
        &list,
        "Tên tổ chức;Loại hình;Ngày thành lập;Trụ sở\nHợp tác xã Đậu;HTX;1/2/2024;06433\n",
    )
    .unwrap();
    let list = list.to_str().unwrap();
    let wants = ["dòng 1 lỗi: thiếu cột “Ngành chính (VSIC)”", "Hợp tác xã Đậu"];
    office.refuses(&["import", list, "--form", "organisations"], "", &wants);
    let missing = ["import", "không có.xlsx"];
    office.refuses(&missing, "", &["cannot be opened; check its name and folder"]);
}
#[test]
fn filings_that_are_none() {
    let office = Office::new();
    let accept = ["filing", "accept", "-"];
    office.refuses(&accept, "", &["document.json", "không phải là JSON"]);
    office.refuses(&accept, "[]", &["không phải một đối tượng"]);
    office.refuses(&accept, &"[".repeat(50_000), &["document.json"]);
    office.refuses(
        &accept,
        "{\"kind\": \"organisation.suspned\"}",
        &["có phải ý bạn là `organisation.suspend`?", "thiếu trường `body`"],
    );
    let english = ["filing", "accept", "-", "--lang", "en"];
    office.refuses(&english, "[]", &["the text is JSON, but not an object"]);
}

#[test]
fn contradictory_fields_are_told_all_at_once_with_their_paths() {
    let office = Office::new();
    let body = json!({"members": "mười", "vsci": "A", "seat": 5});
    office.refuses_filing(
        &change(ALIVE, "2024-08-30", &body),
        &["body.members", "body.vsci", "body.seat", "có phải ý bạn là `vsic`?"],
    );
    let body = json!({"seat": "99999", "members": -1, "code": "0100233480", "vsic": "Z"});
    office.refuses_filing(
        &change(ALIVE, "2024-08-30", &body),
        &["seat.unknown", "members.negative", "code.wrong", "vsic.unknown"],
    );
    office.refuses_filing(&change(ALIVE, "2024-08-30", &json!({})), &["change.empty"]);
}

#[test]
fn days_in_the_wrong_order() {
    let office = Office::new();
    let body = json!({"members": 10});
    office.refuses_filing(
        &change(ALIVE, "2020-12-31", &body),
        &["filing.before-founding", "1/1/2021"],
    );
    office.refuses_filing(&change(ALIVE, "2024-09-02", &body), &["filing.ahead"]);
    office.refuses_filing(&change(ALIVE, "2024-02-30", &body), &["tháng 2 năm 2024 có 29 ngày"]);
    let link = json!({"kind": "link.sign", "subject": ALIVE, "effective_on": "2024-01-01", "body": {
        "link": "HD-1", "partner": "x", "partner_name": "Công ty X", "partner_kind": "enterprise",
        "product": "na", "stages": ["sale"], "to": "2023-12-31"}});
    office.refuses_filing(&link, &["link.days"]);
    office.refuses(&["org", "show", ALIVE, "--as-of", "2020-01-01"], "", &["founded"]);
    office.refuses(&["org", "list", "--known-on", "2025-01-01"], "", &["still to come"]);
}

#[test]
fn nothing_is_filed_about_who_has_ended() {
    let office = Office::new();
    office.refuses_filing(
        &change(ENDED, "2024-08-30", &json!({"members": 10})),
        &["organisation.terminated", "đã chấm dứt từ ngày 1/1/2022"],
    );
    let submit = json!({"year": 2023, "form_version": 1, "values": {}});
    office.refuses(&["return", "submit", ENDED, "-"], &submit.to_string(), &["đã chấm dứt"]);
}

#[test]
fn unknown_codes_of_every_kind() {
    let office = Office::new();
    office.refuses(&["org", "show", "4900123999"], "", &["4900123999"]);
    office.refuses(&["org", "list", "--kind", "CTCP"], "", &["THT, HTX"]);
    office.refuses(&["org", "list", "--status", "operatin"], "", &["`operating`"]);
    office.refuses(&["org", "list", "--unit", "77777"], "", &["77777"]);
    office.refuses(&["org", "history", "4900123999"], "", &["4900123999"]);
    office.refuses(&["filing", "show", "99999"], "", &["99999"]);
    office.refuses(&["filing", "schema", "link.sing"], "", &["link.sign"]);
    office.refuses(&["grade", "show", ALIVE, "--year", "2023"], "", &["2023"]);
    let score = json!({"year": 2023, "ruleset": "tt01-2021", "sheet": {"scores": {}}});
    office.refuses(
        &["grade", "score", ALIVE, "-"],
        &score.to_string(),
        &["grade.ruleset", "tt01-2020"],
    );
    let sheet = json!({"scores": {"16": {"tenths": 10}, "1a": {"tenths": 70}}});
    let score = json!({"year": 2023, "ruleset": "tt01-2020", "sheet": sheet});
    office.refuses(
        &["grade", "score", ALIVE, "-"],
        &score.to_string(),
        &["sheet.scores.16", "grade.above-maximum"],
    );
    let values =
        json!({"year": 2023, "form_version": 1, "values": {"revenu": 1, "members_total": -4}});
    office.refuses(
        &["return", "check", ALIVE, "-"],
        &values.to_string(),
        &["values.revenu", "values.members_total"],
    );
    office.refuses(
        &["return", "send-back", ALIVE, "--year", "2023", "--note", "thiếu"],
        "",
        &["return.not-submitted"],
    );
    let waive = [
        "return",
        "waive",
        ALIVE,
        "--year",
        "2023",
        "--check",
        "no-such",
        "--by",
        "Phòng Tài chính",
        "--reason",
        "lũ",
        "--until",
        "2024-12-31",
    ];
    office.refuses(&waive, "", &["return.unknown-check"]);
    let merge = json!({"kind": "unit.merge", "effective_on": "2026-01-01", "body": {
        "decision": {"number": "1/NQ", "date": "2024-08-01", "issuer": "Quốc hội"}, "units": ["06999x"], "into": "06415.2025"}});
    office.refuses(&["unit", "file", "-"], &merge.to_string(), &["unit.unknown", "units.0"]);
    office.refuses(&["unit", "show", "06999x"], "", &["06999x"]);
}

#[test]
fn strange_letters() {
    let office = Office::new();
    let body = json!({"name": "Hợp tác xã\u{7} Na"});
    office
        .refuses_filing(&change(ALIVE, "2024-08-30", &body), &["body.name", "ký tự không in được"]);
    let body = json!({"name": "Hợp tác xã ".to_owned() + &"a".repeat(400)});
    office.refuses_filing(&change(ALIVE, "2024-08-30", &body), &["text.too-long"]);
    // Letters in another form are composed, and a note says so.
    let body = json!({"name": "Ho\u{323}\u{31b}p ta\u{301}c xa\u{303} Na Chi La\u{306}ng"});
    let accepted = office.files(ALIVE, "change", "2024-08-30", &body);
    assert_eq!(accepted["accepted"]["body"]["name"], "Hợp tác xã Na Chi Lăng");
    assert_eq!(accepted["findings"][0]["code"], "document.composed");
}

#[test]
fn ten_megabytes_of_text() {
    let office = Office::new();
    let mut long = String::from("{\"kind\": \"");
    write!(long, "{}\"}}", "x".repeat(10_000_000)).unwrap();
    let file = office.0.path().join("long.json");
    fs::write(&file, &long).unwrap();
    let file = file.to_str().unwrap();
    office.refuses(&["filing", "accept", file], "", &["10.000.000 byte"]);
    office.refuses(&["filing", "check", file], "", &["10.000.000 byte"]);
    fs::write(file, [0xff, 0xfe, 0x00]).unwrap();
    office.refuses(&["filing", "accept", file], "", &["UTF-8"]);
}

#[test]
fn of_two_who_file_at_once_one_wins_and_the_other_is_told_what_changed() {
    let office = Office::new();
    let filed = |members: i64| {
        let mut filing = change(ALIVE, "2024-08-30", &json!({ "members": members }));
        filing["expected_version"] = json!(1);
        filing.to_string()
    };
    assert!(office.run(&["filing", "accept", "-"], &filed(12)).status.success());
    office.refuses(
        &["filing", "accept", "-"],
        &filed(13),
        &[
            "từ phiên bản 1 thành 2",
            "organisation.change từ ngày 30/8/2024",
            "hãy xem lại rồi nộp lại",
        ],
    );
    office.refuses(&["filing", "check", "-"], &filed(13), &["filing.changed"]);
}

#[test]
fn the_same_filing_twice_is_one() {
    let office = Office::new();
    let mut filing = change(ALIVE, "2024-08-30", &json!({"members": 12}));
    filing["key"] = json!("tờ khai 17");
    let accept = ["filing", "accept", "-", "--json"];
    let first = office.run(&accept, &filing.to_string());
    let position = office.position();
    let second: Value =
        serde_json::from_slice(&office.run(&accept, &filing.to_string()).stdout).unwrap();
    let first: Value = serde_json::from_slice(&first.stdout).unwrap();
    assert_eq!((&first["repeated"], &second["repeated"]), (&json!(false), &json!(true)));
    assert_eq!(first["accepted"]["position"], second["accepted"]["position"]);
    assert_eq!(office.position(), position);
    filing["body"]["members"] = json!(13);
    office.refuses(&["filing", "accept", "-"], &filing.to_string(), &["mã gửi `tờ khai 17`"]);
}

#[test]
fn who_may_not_file_is_told_whose_office_it_is() {
    let office = Office::new();
    let filing = change(ALIVE, "2024-08-30", &json!({"members": 12})).to_string();
    office.refuses(
        &["filing", "accept", "-", "--role", "leader"],
        &filing,
        &["lãnh đạo", "không được nộp"],
    );
    office.refuses(&["filing", "check", "-", "--role", "leader"], &filing, &["filing.not-allowed"]);
    office.refuses(&["filing", "accept", "-", "--role", "king"], &filing, &["registrar"]);
}

#[test]
fn a_founding_that_may_be_the_same_one_is_warned_of() {
    let office = Office::new();
    let body = json!({"kind": "HTX", "name": "HTX na Chi Lang", "seat": "06433", "vsic": "A", "members": 9});
    let filing = json!({"kind": "establish", "effective_on": "2024-08-01", "body": body});
    let output = office.run(&["filing", "check", "-"], &filing.to_string());
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("organisation.alike"), "{}", said(&output));
}

#[test]
fn a_back_dated_change_shows_what_it_would_change() {
    let office = Office::new();
    let accept = json!({"year": 2023, "form_version": 1, "values": {"members_total": 9}});
    let filed = office.run(
        &["return", "accept", ALIVE, "--file", "-", "--effective-on", "2023-12-10"],
        &accept.to_string(),
    );
    assert!(filed.status.success(), "{}", said(&filed));
    office.files(ALIVE, "change", "2024-03-01", &json!({"members": 20}));
    let filing = json!({"kind": "organisation.dissolve", "subject": ALIVE, "effective_on": "2024-06-01", "body": {"reason": "nghị quyết"}});
    let check = ["filing", "check", "-", "--consequences", "--json"];
    let before = office.position();
    let output = office.run(&check, &filing.to_string());
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let figures = told["consequences"]["figures"].as_array().unwrap();
    let province =
        figures.iter().find(|f| f["indicator"] == "cooperatives" && f["unit"] == "20").unwrap();
    assert_eq!((&province["before"], &province["after"]), (&json!(1.0), &json!(0.0)));
    assert_eq!(province["on"], "2024-09-01");
    assert_eq!(told["consequences"]["editions"], json!([]));
    // A change of 2022 reaches the return of 2023 and a later change.
    let filing = change(ALIVE, "2022-01-01", &json!({"members": 8})).to_string();
    let told: Value = serde_json::from_slice(&office.run(&check, &filing).stdout).unwrap();
    assert_eq!(told["consequences"]["returns"][0]["year"], 2023);
    let kinds: Vec<&Value> =
        told["consequences"]["later"].as_array().unwrap().iter().map(|f| &f["kind"]).collect();
    assert_eq!(kinds, ["return.accept", "organisation.change"]);
    let text = office.run(&["filing", "check", "-", "--consequences"], &filing);
    assert!(
        said(&text).contains("không có ấn bản đã phát hành nào bị ảnh hưởng"),
        "{}",
        said(&text)
    );
    assert_eq!(office.position(), before);
}
