//! What the program says when the machine fails it: a disk that is full, a folder that cannot be written, a clock that goes
//! back. It says it in a sentence, and the ledger is as it was.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with the plan of Lạng Sơn.
struct Office(TempDir);

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hoptac"));
    for name in ["HOPTAC_DIR", "HOPTAC_DATABASE", "HOPTAC_KEY_FILE", "HOPTAC_CONFIG"] {
        command.env_remove(name);
    }
    command
}

fn pack() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/lang-son-2023")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

impl Office {
    fn new() -> Self {
        let office = Self(TempDir::new().unwrap());
        let output = office.command(&["plan", "adopt"]).arg(pack()).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        office
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = program();
        command.arg("--dir").arg(self.0.path()).args(words);
        command
    }

    fn head(&self) -> Value {
        let output = self.command(&["verify", "--json"]).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

/// A command under a limit of how large a file may get, in blocks of 512 bytes: as a disk that has room for so much.
fn with_room(blocks: u32, command: &Command) -> Command {
    let mut limited = Command::new("sh");
    // The signal is ignored, so that writing fails as it does on a full disk.
    limited.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"")]);
    limited.arg(command.get_program()).args(command.get_args());
    limited
}

#[test]
fn a_filing_that_the_disk_does_not_take_is_refused_and_leaves_nothing() {
    let office = Office::new();
    let before = office.head();
    // Adopted again, the plan is far larger than what there is room for.
    let mut again = office.command(&["plan", "adopt"]);
    again.arg(pack());
    let output = with_room(80, &again).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("disk"), "{}", said(&output));
    assert_eq!(office.head(), before);
    assert!(again.output().unwrap().status.success(), "with room it goes through");
}

#[test]
fn a_backup_that_the_disk_does_not_take_leaves_no_file() {
    let office = Office::new();
    let (backup, folder) = (office.0.path().join("sao lưu.zst"), office.0.path());
    let mut command = office.command(&["backup", "--lang", "en", "--out"]);
    command.arg(&backup);
    let output = with_room(64, &command).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("there is no room left"), "{}", said(&output));
    let left: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains("zst"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

/// A disk that something else has filled, where this process may mount one.
#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_is_really_full() {
    /// What is left: enough to open the database, too little for the filing.
    const LEFT: u64 = 128 << 10;
    let folder = TempDir::new().unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=16m", "tmpfs"])
        .arg(folder.path())
        .output()
        .is_ok_and(|output| output.status.success());
    if !mounted {
        // Only the superuser may mount; the limit of a file's size above tells the same.
        return;
    }
    let run = |words: &[&str]| program().args(words).arg("--dir").arg(folder.path()).output();
    let pack = pack();
    let adopt = ["plan", "adopt", pack.to_str().unwrap()];
    let first = run(&adopt).unwrap();
    let filler = folder.path().join("filler");
    let mut file = fs::File::create(&filler).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
    file.set_len(file.metadata().unwrap().len() - LEFT).unwrap();
    drop(file);
    // The first may still find room in the log that the one before left behind.
    let mut accepted = 0;
    let refused = loop {
        let output = run(&adopt).unwrap();
        if !output.status.success() || accepted == 8 {
            break output;
        }
        accepted += 1;
    };
    let doctor = run(&["doctor", "--json", "--quick"]).unwrap();
    // Room comes back, and the ledger is whole with everything that was accepted.
    fs::remove_file(&filler).unwrap();
    let verified = run(&["verify", "--json"]).unwrap();
    let again = run(&adopt).unwrap();
    let _ = Command::new("umount").arg("-l").arg(folder.path()).status();
    assert!(first.status.success() && again.status.success(), "{}", said(&again));
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(said(&refused).contains("full"), "{}", said(&refused));
    assert_eq!(doctor.status.code(), Some(1), "{}", said(&doctor));
    let verified: Value = serde_json::from_slice(&verified.stdout).unwrap();
    let filings = 2 + accepted;
    assert_eq!((&verified["whole"], &verified["filings"]), (&true.into(), &filings.into()));
}

#[test]
#[cfg(unix)]
fn a_folder_that_cannot_be_written() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;
    let office = Office::new();
    let before = office.head();
    let mut files = vec![office.0.path().to_owned()];
    files.extend(fs::read_dir(office.0.path()).unwrap().flatten().map(|entry| entry.path()));
    for file in files.iter().rev() {
        let mode = if file.is_dir() { 0o555 } else { 0o444 };
        fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
    }
    let mut command = office.command(&["plan", "adopt"]);
    command.arg(pack());
    if fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
        // Nothing is closed to the superuser, so somebody else tries; where they reach neither program nor folder, nobody can.
        command.uid(65534).gid(65534);
    }
    let tried = command.output();
    for file in &files {
        fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    if let Ok(output) = tried {
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains("cannot be written"), "{}", said(&output));
    }
    assert_eq!(office.head(), before);
}

/// A debug build takes the time from a test.
#[test]
#[cfg(debug_assertions)]
fn a_clock_that_goes_back() {
    let office = Office::new();
    let adopt_at = |time: &str| {
        let mut command = office.command(&["plan", "adopt"]);
        command.arg(pack()).env("HOPTAC_TEST_NOW", time).output().unwrap()
    };
    assert!(adopt_at("2099-01-01T00:00:10Z").status.success());
    let before = office.head();
    // An hour back: refused, with both times and what to do.
    let output = adopt_at("2098-12-31T23:00:00Z");
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("check the clock"), "{}", said(&output));
    assert_eq!(office.head(), before);
    let doctor = office.command(&["doctor", "--quick", "--lang", "en"]).output().unwrap();
    assert_eq!(doctor.status.code(), Some(1));
    assert!(said(&doctor).contains("set the clock"), "{}", said(&doctor));
    // Two machines are never quite together: a second back is the time of the last filing.
    let output = adopt_at("2099-01-01T00:00:09Z");
    assert!(output.status.success(), "{}", said(&output));
    let filings = office.head()["filings"].as_u64().unwrap();
    let shown = office.command(&["filing", "show", &filings.to_string(), "--json"]);
    let mut shown = shown;
    let shown: Value = serde_json::from_slice(&shown.output().unwrap().stdout).unwrap();
    assert_eq!(shown["recorded_at"], "2099-01-01T00:00:10Z");
}
