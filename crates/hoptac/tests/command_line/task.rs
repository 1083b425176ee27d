//! Tasks on the command line: what the plan orders, what is filed about them, what the figures say, picture and calendar.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;

use super::*;

const AS_OF: &str = "2026-06-30";

fn task<'a>(tasks: &'a Value, code: &str) -> &'a Value {
    tasks["tasks"].as_array().unwrap().iter().find(|task| task["code"] == code).unwrap()
}

#[test]
fn the_plan_has_its_tasks() {
    let tasks = json(&["task", "list", "--all", "--as-of", AS_OF, "--json"]);
    assert_eq!(tasks["tasks"].as_array().unwrap().len(), 15);
    let one = task(&tasks, "N20-2");
    assert_eq!(one["lead_now"], "lien-minh-htx");
    let of_taxes = json(&["task", "list", "--agency", "thue", "--as-of", AS_OF, "--json"]);
    let codes: Vec<&str> = of_taxes["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| task["code"].as_str().unwrap())
        .collect();
    assert!(codes.contains(&"N22-1") && !codes.contains(&"N25-1"), "{codes:?}");
}
#[test]
fn a_task_goes_its_whole_way() {
    let demo = own_demo();
    let run = |arguments: &[&str]| {
        let output = run(demo.path(), arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    };
    run(&[
        "task",
        "open",
        "--code",
        "NV-1",
        "--title",
        "Vận động thành lập 12 tổ hợp tác",
        "--gap",
        "T30-01",
        "--lead",
        "lien-minh-htx",
        "--with",
        "ubnd-xa",
        "--due",
        "2099-12-31",
        "--effect",
        "groups=9999@2026",
    ]);
    run(&["task", "progress", "NV-1", "--said", "đã tổ chức 3 hội nghị", "--percent", "30"]);
    run(&["task", "postpone", "NV-1", "--to", "2100-03-31", "--reason", "chờ kinh phí"]);
    let shown: Value = serde_json::from_str(&run(&["task", "show", "NV-1", "--json"])).unwrap();
    assert_eq!(shown["task"]["situation"]["state"], "postponed");
    assert_eq!(shown["task"]["percent"], 30);
    assert_eq!(shown["history"].as_array().unwrap().len(), 3);
    refused(
        demo.path(),
        &["task", "close", "NV-1", "--by-figures"],
        2,
        &["chưa cho thấy NV-1 đã hoàn thành", "do not show NV-1 done"],
    );
    let close = ["task", "close", "NV-1", "--result", "xong"];
    refused(demo.path(), &close, 1, &["minh chứng"]);
    run(&["task", "close", "NV-1", "--result", "xong", "--evidence", "Biên bản: 15/BB-LMHTX"]);
    let shown: Value = serde_json::from_str(&run(&["task", "show", "NV-1", "--json"])).unwrap();
    assert_eq!(shown["task"]["situation"]["state"], "done");
    run(&["verify"]);
}
#[test]
fn what_the_figures_show_is_confirmed_with_them() {
    let demo = own_demo();
    let as_json = |arguments: &[&str]| -> Value {
        let output = run(demo.path(), arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    // There have been more than five groups for a long time.
    let open = [
        "task",
        "open",
        "--code",
        "NV-2",
        "--title",
        "Có 5 tổ hợp tác",
        "--gap",
        "T30-01",
        "--lead",
        "lien-minh-htx",
        "--effect",
        "groups=5",
    ];
    assert!(run(demo.path(), &open).status.success());
    let proposals = as_json(&["task", "proposals", "--json"]);
    let of = |code: &str| {
        let all = proposals["proposals"].as_array().unwrap();
        all.iter().find(|one| one["task"] == code).cloned()
    };
    // The target of its ground is not met yet, so that the effect alone does not show it done.
    assert_eq!(of("NV-2"), None);
    let open = [
        "task",
        "open",
        "--code",
        "NV-3",
        "--title",
        "Có 5 tổ hợp tác",
        "--finding",
        "HT003",
        "--about",
        "thử",
        "--lead",
        "lien-minh-htx",
        "--effect",
        "groups=5",
    ];
    assert!(run(demo.path(), &open).status.success());
    let closed = as_json(&["task", "close", "NV-3", "--by-figures", "--json"]);
    let basis = &closed["accepted"]["body"]["basis"][0];
    assert_eq!(basis["indicator"], "groups");
    assert!(basis["value"].as_f64().unwrap() >= 5.0);
    assert!(basis["position"].as_u64().unwrap() > 0);
}
#[test]
fn picture_and_calendar_are_written() {
    let svg = run(&demo(), &["task", "roadmap", "--as-of", AS_OF]);
    let svg = text(&svg.stdout);
    assert!(svg.starts_with("<svg xmlns=") && svg.contains("N20-1"), "{svg}");
    let calendar = run(&demo(), &["task", "calendar", "--as-of", AS_OF]);
    let calendar = text(&calendar.stdout);
    assert!(calendar.starts_with("BEGIN:VCALENDAR\r\n"), "{calendar}");
    assert!(calendar.contains("DTSTART;VALUE=DATE:20261231"), "{calendar}");
}
/// A mail server that takes one letter: what was said to it, and the letter.
fn sink() -> (u16, std::thread::JoinHandle<(Vec<String>, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let taking = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut writer = stream;
        let mut answer = |text: &str| writer.write_all(format!("{text}\r\n").as_bytes()).unwrap();
        answer("220 sink");
        let (mut said, mut letter, mut in_letter) = (Vec::new(), String::new(), false);
        let mut line = String::new();
        while reader.read_line(&mut line).unwrap() > 0 {
            let text = line.trim_end().to_owned();
            line.clear();
            if in_letter && text == "." {
                in_letter = false;
                answer("250 taken");
            } else if in_letter {
                letter.push_str(&text);
                letter.push('\n');
            } else {
                match text.split([' ', ':']).next().unwrap_or_default() {
                    "EHLO" => answer("250 sink"),
                    "DATA" => {
                        in_letter = true;
                        answer("354 go on");
                    }
                    "QUIT" => {
                        answer("221 bye");
                        break;
                    }
                    _ => answer("250 ok"),
                }
                said.push(text);
            }
        }
        (said, letter)
    });
    (port, taking)
}
#[test]
fn a_digest_goes_to_the_address_of_its_agency_and_nowhere_else() {
    let (port, taking) = sink();
    let smtp = format!("smtp://127.0.0.1:{port}");
    let asked = json(&["task", "digest", "--as-of", AS_OF, "--json"]);
    let readers: Vec<&str> =
        asked["digests"].as_array().unwrap().iter().filter_map(|one| one["for"].as_str()).collect();
    let agency = readers.iter().find(|one| !["owner", "leader"].contains(one)).unwrap();
    let to = format!("{agency}=vanthu@lmhtx.example");
    let from = "hoptac@langson.example";
    let sent = json(&[
        "task", "digest", "--send", "--smtp", &smtp, "--from", from, "--to", &to, "--as-of", AS_OF,
        "--json",
    ]);
    let digests = sent["digests"].as_array().unwrap();
    let went: Vec<&str> = digests
        .iter()
        .filter(|one| one["sent"] == true)
        .filter_map(|one| one["for"].as_str())
        .collect();
    assert_eq!(went, [*agency]);
    assert!(digests.len() > 1, "others have digests, and no address");
    let (said, letter) = taking.join().unwrap();
    assert!(
        said.iter().any(|line| line.starts_with("MAIL FROM:<hoptac@langson.example>")),
        "{said:?}"
    );
    let recipients: Vec<&String> = said.iter().filter(|line| line.starts_with("RCPT")).collect();
    assert_eq!(recipients.len(), 1);
    assert!(recipients.iter().all(|line| line.contains("vanthu@lmhtx.example")), "{recipients:?}");
    assert!(letter.contains("To: vanthu@lmhtx.example") && letter.contains("utf-8"), "{letter}");
}
#[test]
fn nothing_is_sent_where_nothing_is_set_up() {
    let send = ["task", "digest", "--send"];
    refused(&demo(), &send, 2, &["chưa cấu hình gửi thư", "HOPTAC_SMTP"]);
    let written = json(&["task", "digest", "--for", "leader", "--as-of", AS_OF, "--json"]);
    let digest = &written["digests"][0];
    assert_eq!(digest["sent"], false);
    let late = json(&["task", "list", "--state", "late", "--as-of", AS_OF, "--json"]);
    let code = late["tasks"][0]["code"].as_str().unwrap();
    assert!(digest["text"].as_str().unwrap().contains(code), "{digest}");
}
#[test]
fn alerts_have_reasons_and_sleep_until_their_day() {
    let demo = own_demo();
    let as_json = |arguments: &[&str]| -> Value {
        let output = run(demo.path(), arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let all = as_json(&["alert", "list", "--kind", "task", "--json"]);
    let alerts = all["alerts"].as_array().unwrap();
    let key = alerts[0]["alert"]["key"].as_str().unwrap().to_owned();
    assert!(alerts.iter().all(|one| !one["alert"]["reason"]["vi"].as_str().unwrap().is_empty()));
    let until = ["alert", "snooze", &key, "--until", "2099-01-01", "--reason", "chờ"];
    refused(demo.path(), &until, 1, &["366"]);
    let own = ["alert", "own", &key, "--agency", "lien-minh-htx"];
    assert!(run(demo.path(), &own).status.success());
    let today = as_json(&["alert", "list", "--json"])["as_of"].as_str().unwrap().to_owned();
    let until = hoptac_model::date::parse(&today).unwrap().tomorrow().unwrap().to_string();
    let snooze = ["alert", "snooze", &key, "--until", &until, "--reason", "chờ số liệu quý"];
    assert!(run(demo.path(), &snooze).status.success());
    let awake = as_json(&["alert", "list", "--kind", "task", "--json"]);
    assert_eq!(awake["asleep"], 1);
    assert!(
        awake["alerts"].as_array().unwrap().iter().all(|one| one["alert"]["key"] != key.as_str())
    );
    let shown = as_json(&["alert", "list", "--kind", "task", "--all", "--json"]);
    let one =
        shown["alerts"].as_array().unwrap().iter().find(|one| one["alert"]["key"] == key.as_str());
    assert_eq!(one.unwrap()["care"]["owner"], "lien-minh-htx");
    assert_eq!(one.unwrap()["care"]["snooze"]["reason"], "chờ số liệu quý");
}
#[test]
fn unknown_names_are_refused_with_those_that_there_are() {
    let demo = demo();
    refused(&demo, &["task", "show", "N99"], 2, &["không có nhiệm vụ `N99`"]);
    refused(&demo, &["task", "list", "--state", "lost"], 2, &["not_started"]);
    refused(&demo, &["task", "list", "--agency", "so"], 2, &["lien-minh-htx"]);
    let open = ["task", "open", "--title", "x", "--lead", "thue"];
    refused(&demo, &open, 2, &["--gap"]);
    let effect = [&open[..], &["--gap", "T30-01", "--effect", "groups=nhiều"]].concat();
    refused(&demo, &effect, 2, &["groups=250@2027"]);
}
