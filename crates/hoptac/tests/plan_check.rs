//! `hoptac plan check` as people and programs meet it: what it prints, its exit code, its JSON.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

fn shipped() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/lang-son-2023"))
}

fn check(dir: &std::path::Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hoptac"));
    command.env_remove("HOPTAC_DIR").env_remove("HOPTAC_DATABASE");
    command.args(["plan", "check"]).arg(dir).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_shipped_plan_in_both_languages() {
    for (language, sentence) in [("vi", "= 666 đến 786"), ("en", "= 666 to 786")] {
        let output = check(&shipped(), &["--figures", "--lang", language]);
        // Contradictions that nobody accepted.
        assert_eq!(output.status.code(), Some(1));
        let shown = text(&output.stdout);
        let flowing = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flowing.contains(sentence), "{shown}");
        assert!(shown.contains("plan.toml:"), "{shown}");
        assert!(shown.contains("figures.csv:"), "{shown}");
    }
}

#[test]
fn json_names_codes_numbers_and_places() {
    let output = check(&shipped(), &["--figures", "--json"]);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = answer["findings"].as_array().unwrap();
    let rate = findings.iter().find(|finding| finding["code"] == "HT002").unwrap();
    assert_eq!(rate["severity"], "error");
    assert_eq!(rate["numbers"]["reach_high"], 786);
    let place = &rate["places"][0];
    assert_eq!(place["target"], "T30-01");
    assert_eq!(place["file"], "plan.toml");
    assert_eq!(place["section"], "II.2");
    let line = usize::try_from(place["line"].as_u64().unwrap()).unwrap();
    let plan = std::fs::read_to_string(shipped().join("plan.toml")).unwrap();
    assert!(plan.lines().nth(line - 1).unwrap().contains(place["words"].as_str().unwrap()));
    assert!(
        findings.iter().all(|f| f["message"]["vi"].is_string() && f["decision"]["en"].is_string())
    );
}

#[test]
fn an_acceptance_runs_out() {
    let folder = tempfile::tempdir().unwrap();
    let plan = std::fs::read_to_string(shipped().join("plan.toml")).unwrap();
    let accepted = r#"
[[accepted]]
code = "HT002"
targets = ["T30-01", "TY-02"]
reason_vi = "Chờ rà soát giữa kỳ"
reason_en = "Awaits the mid-term review"
owner = "so-tai-chinh"
until = 2026-12-31
"#;
    std::fs::write(folder.path().join("plan.toml"), plan + accepted).unwrap();
    for name in ["figures.csv", "forms/annual-return.toml"] {
        let to = folder.path().join(name);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(shipped().join(name), to).unwrap();
    }
    for (day, in_force) in [("2026-12-31", true), ("2027-01-01", false)] {
        let output = check(folder.path(), &["--json", "--as-of", day]);
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = answer["findings"].as_array().unwrap();
        let rate = findings.iter().find(|finding| finding["code"] == "HT002").unwrap();
        assert_eq!(rate["accepted"]["in_force"], in_force, "{day}");
    }
}

#[test]
fn a_folder_that_is_no_pack() {
    let folder = tempfile::tempdir().unwrap();
    let output = check(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("pack.empty-folder"));
}
