//! Backups of the demo, restored on both databases and compared; what does not fit is refused before anything is written.

use std::fs;
use std::path::{Path, PathBuf};

use hoptac_testkit::database::{TestDatabase, on_postgres};
use serde_json::Value;
use tempfile::tempdir;

use super::{demo, own_demo, program, run, text};

/// What a restored database is asked.
const BOARD: [&str; 4] = ["scoreboard", "--as-of", "2025-12-31", "--json"];

fn parsed(output: &std::process::Output) -> Value {
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[track_caller]
fn refused(output: &std::process::Output, with: &str) {
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(with), "{said}");
    assert_eq!(said.lines().count(), 2, "one sentence in each language: {said}");
}

/// A backup of the demo in a folder of the test's own.
fn backed_up(options: &[&str]) -> (tempfile::TempDir, PathBuf, Value) {
    let folder = tempdir().unwrap();
    let file = folder.path().join("bản sao.zst");
    let mut words = vec!["backup", "--json", "--out", file.to_str().unwrap()];
    words.extend(options);
    // The demo of all tests is not written to, not even with word of the backup.
    let said = parsed(&program().args(words).arg("--dir").arg(own_demo().path()).output().unwrap());
    (folder, file, said)
}

fn restore(file: &Path, dir: &Path, options: &[&str]) -> std::process::Output {
    program().arg("restore").arg(file).args(options).arg("--dir").arg(dir).output().unwrap()
}

fn with_key(dir: &Path) {
    fs::create_dir_all(dir).unwrap();
    fs::copy(demo().join("master.key"), dir.join("master.key")).unwrap();
}

fn private(path: &Path, content: &str) -> String {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(path, content).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_backup_is_restored_and_compared() {
    let (folder, file, said) = backed_up(&[]);
    assert_eq!(said["encrypted"], false);
    assert_eq!(said["position"], said["rows"]["ledger"]);
    assert!(said["rows"]["sealed_key"].as_u64().unwrap() > 0);
    let here = folder.path().join("mới");
    with_key(&here);
    let restored = parsed(&restore(&file, &here, &["--json"]));
    assert_eq!(restored["head"], said["head"]);
    assert_eq!(restored["needs_master_key"], false);
    assert_eq!(parsed(&run(&here, &BOARD)), parsed(&run(&demo(), &BOARD)));
}

/// A few hundred filings of it, so that the test does not take minutes.
#[test]
fn a_backup_goes_from_one_database_to_the_other_and_back() {
    let (folder, file, _) = backed_up(&[]);
    let (here, back) = (folder.path().join("đây"), folder.path().join("back.zst"));
    with_key(&here);
    let cut = ["--position", "400", "--json"];
    let head = parsed(&restore(&file, &here, &cut))["head"].clone();
    let board = parsed(&run(&here, &BOARD));
    on_postgres(async |database: &TestDatabase| {
        let hoptac_store::Location::Postgres(url) = database.location() else { return };
        let server = ["--database", url];
        let restored = parsed(&restore(&file, &here, &[&cut[..], &server].concat()));
        assert_eq!(restored["head"], head);
        assert_eq!(parsed(&run(&here, &[&BOARD[..], &server].concat())), board);
        // The rows are the same, whichever database they come from.
        let words = ["backup", "--json", "--out", back.to_str().unwrap()];
        let from_server = parsed(&run(&here, &[&words[..], &server].concat()));
        let own = folder.path().join("own.zst");
        let words = ["backup", "--json", "--out", own.to_str().unwrap()];
        let from_file = parsed(&run(&here, &words));
        assert_eq!((&from_server["rows"], &from_server["head"]), (&from_file["rows"], &head));
        let there = folder.path().join("kia");
        assert!(restore(&back, &there, &[]).status.success());
        assert_eq!(parsed(&run(&there, &BOARD)), board);
        // The doctor knows that the tests' own server is careless with the disk.
        let doctor = run(&here, &[&["doctor", "--json"][..], &server].concat());
        assert_eq!(doctor.status.code(), Some(1));
        assert!(
            text(&doctor.stdout).contains("has fsync, synchronous_commit, full_page_writes off")
        );
    });
}

#[test]
fn a_restore_up_to_a_position_shows_what_was_known_then() {
    let (folder, file, said) = backed_up(&[]);
    let dir = folder.path().join("then");
    let cut = said["position"].as_u64().unwrap() / 2;
    let restored = restore(&file, &dir, &["--position", &cut.to_string(), "--lang", "en"]);
    let words = text(&restored.stdout);
    assert!(restored.status.success() && words.contains("were left out"), "{words}");
    assert!(words.contains("master key is not at"), "{words}");
    let board = parsed(&run(&dir, &BOARD));
    assert_eq!(board["ledger_position"], cut);
    refused(&restore(&file, &folder.path().join("x"), &["--position", "999999"]), "is not in it");
}

#[test]
fn what_is_in_use_is_not_restored_into() {
    let (_folder, file, _) = backed_up(&[]);
    let busy = own_demo();
    let before = fs::read(busy.path().join("hoptac.sqlite")).unwrap();
    refused(&restore(&file, busy.path(), &[]), "restore into an empty folder");
    assert!(fs::read(busy.path().join("hoptac.sqlite")).unwrap() == before);
    let out = file.to_str().unwrap();
    refused(&run(busy.path(), &["backup", "--out", out]), "is there already");
}

#[test]
fn a_key_that_does_not_fit_is_refused_before_anything_is_written() {
    let (folder, file, _) = backed_up(&[]);
    let dir = folder.path().join("other");
    fs::create_dir(&dir).unwrap();
    private(&dir.join("master.key"), &"7".repeat(64));
    refused(&restore(&file, &dir, &[]), "is not the one under which personal data");
    assert!(!dir.join("hoptac.sqlite").exists());
}

#[test]
fn only_the_passphrase_opens_what_it_closed() {
    let keys = tempdir().unwrap();
    let right = private(&keys.path().join("right"), "chín tầng mây trắng\n");
    let wrong = private(&keys.path().join("wrong"), "mười tầng mây trắng\n");
    let short = private(&keys.path().join("short"), "mật khẩu\n");
    let (folder, file, said) = backed_up(&["--passphrase-file", &right]);
    assert_eq!(said["encrypted"], true);
    let dir = folder.path().join("x");
    let check = |options: &[&str]| restore(&file, &dir, &[&["--check"], options].concat());
    refused(&check(&[]), "encrypted with a passphrase");
    refused(&check(&["--passphrase-file", &wrong]), "does not open");
    refused(&check(&["--passphrase-file", &short]), "fewer than 12 characters");
    let whole = check(&["--passphrase-file", &right]);
    assert!(text(&whole.stdout).starts_with("bản sao lưu còn nguyên"), "{}", text(&whole.stderr));
    assert!(!dir.exists(), "a check writes nothing");
    fs::set_permissions(&right, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    refused(&check(&["--passphrase-file", &right]), "others may read");
}

#[test]
fn only_the_identity_opens_what_was_encrypted_to_it() {
    let keys = tempdir().unwrap();
    let path = |name: &str| keys.path().join(name).to_str().unwrap().to_owned();
    let made = |name: &str| {
        let output = program().args(["backup", "--make-identity", &path(name)]).output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout).trim().to_owned()
    };
    let (public, _) = (made("ours"), made("theirs"));
    let (folder, file, _) = backed_up(&["--encrypt-to", &public]);
    assert!(fs::read(&file).unwrap().starts_with(b"age-encryption.org/v1\n"));
    let dir = folder.path().join("x");
    let check = |options: &[&str]| restore(&file, &dir, &[&["--check"], options].concat());
    refused(&check(&[]), "encrypted to an identity");
    refused(&check(&["--identity", &path("theirs")]), "does not open");
    assert!(check(&["--identity", &path("ours")]).status.success());
    refused(&run(&demo(), &["backup", "--out", "x", "--encrypt-to", "age1x"]), "no public half");
}

#[test]
fn a_damaged_backup_is_refused_and_nothing_is_written() {
    let (folder, file, _) = backed_up(&[]);
    let whole = fs::read(&file).unwrap();
    let dir = folder.path().join("x");
    let broken = folder.path().join("broken.zst");
    for part in [0, 1, 6, 9] {
        let mut bytes = whole.clone();
        let at = (bytes.len() - 1) * part / 9;
        bytes[at] ^= 0x10;
        fs::write(&broken, &bytes).unwrap();
        let output = restore(&broken, &dir, &[]);
        assert_eq!(output.status.code(), Some(2), "a changed byte at {at}");
        fs::write(&broken, &whole[..at]).unwrap();
        assert_eq!(restore(&broken, &dir, &[]).status.code(), Some(2), "cut off at {at}");
    }
    assert!(!dir.exists());
    fs::write(&broken, "ghi chú").unwrap();
    refused(&restore(&broken, &dir, &[]), "is no backup of hoptac");
}

#[test]
fn the_doctor_says_what_is_wrong_and_how_to_mend_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let sick = own_demo();
    let dir = sick.path();
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700)).unwrap();
    let ask = |options: &[&str]| {
        let output = run(dir, &[&["doctor", "--json"], options].concat());
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), said)
    };
    let state = |said: &Value, name: &str| {
        let all = said["checks"].as_array().unwrap();
        let check = all.iter().find(|check| check["name"] == name);
        check.unwrap_or_else(|| panic!("{name} in {said}")).clone()
    };
    let (code, said) = ask(&[]);
    assert_eq!(code, Some(0), "{said}");
    for name in ["folder", "room", "fonts", "schema", "journal", "clock", "key", "ledger"] {
        assert_eq!(state(&said, name)["state"], "well", "{said}");
    }
    assert_eq!(state(&said, "backup")["state"], "doubtful");
    let out = dir.join("b.zst");
    assert!(run(dir, &["backup", "--out", out.to_str().unwrap()]).status.success());
    assert_eq!(state(&ask(&["--quick"]).1, "backup")["state"], "well");

    fs::set_permissions(dir, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(state(&ask(&["--quick"]).1, "folder")["state"], "doubtful");
    let key = dir.join("master.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let (code, said) = ask(&["--quick"]);
    assert_eq!((code, &state(&said, "key")["state"]), (Some(1), &"wrong".into()));
    fs::remove_file(&key).unwrap();
    let said = ask(&["--quick"]).1;
    assert!(
        state(&said, "key")["found"]["vi"].as_str().unwrap().starts_with("không có khóa chính")
    );
    private(&key, &"7".repeat(64));
    assert_eq!(state(&ask(&["--quick"]).1, "key")["state"], "wrong");

    fs::write(dir.join("hoptac.sqlite"), "something else entirely, of no database").unwrap();
    let (code, said) = ask(&[]);
    assert_eq!((code, &state(&said, "database")["state"]), (Some(1), &"wrong".into()));
    let words = run(dir, &["doctor", "--lang", "en"]);
    assert!(text(&words.stdout).contains("restore the last backup"), "{}", text(&words.stdout));
}
