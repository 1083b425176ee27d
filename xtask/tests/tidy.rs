//! What Cargo cannot hold: rules of the house that are read off the files themselves.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms and the rooms that they may import, by crate name.
const FLOORS: [(&str, &[&str]); 10] = [
    ("model", &[]),
    ("intake", &["model"]),
    ("store", &["model"]),
    ("engine", &["model"]),
    ("report", &["model"]),
    ("synthetic", &["model"]),
    ("office", &["model", "store"]),
    // Beside the others: nobody imports it, and no other build has it.
    ("lake", &["model", "store", "engine", "intake"]),
    ("web", &["model", "store", "engine", "report", "intake", "office"]),
    ("hoptac", &["model", "store", "engine", "report", "intake", "office", "web", "synthetic"]),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// All files below a folder with one of the endings, in a fixed order.
fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    fn walk(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !["target", "node_modules", ".git", "snapshots", "hoptac-data"]
                    .contains(&name.as_str())
                {
                    walk(&path, endings, found);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), endings, &mut found);
    assert!(!found.is_empty() || folder == "docs", "no {endings:?} below {folder}");
    found
}

fn show(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

/// Whether a file holds tests only.
fn is_test(name: &str) -> bool {
    name.contains("/tests/") || name.ends_with("/tests.rs")
}

#[track_caller]
fn none(what: &str, wrong: &[String]) {
    assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
}

#[test]
fn every_file_opens_with_what_it_is() {
    let mut wrong = Vec::new();
    for path in files("crates", &[".rs"]).iter().chain(&files("xtask", &[".rs"])) {
        if !fs::read_to_string(path).unwrap().starts_with("//! ") {
            wrong.push(show(path));
        }
    }
    none("these files do not open with `//! ` and a sentence", &wrong);
}

#[test]
fn only_the_store_speaks_sql() {
    let starts = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "CREATE TABLE ", "PRAGMA "];
    let mut wrong = Vec::new();
    for path in files("crates", &[".rs"]) {
        let name = show(&path);
        // The kit of tests makes and drops databases, and tests look behind the store's back on purpose. The lake says formulas in
        // SQL, in two files, to an engine that has no database; it reads the ledger through the store.
        let may = [
            "crates/store/",
            "crates/testkit/",
            "crates/lake/src/sql.rs",
            "crates/lake/src/statement.rs",
        ];
        if may.iter().any(|room| name.starts_with(room)) || is_test(&name) {
            continue;
        }
        for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            let quoted = line.split('"').nth(1).unwrap_or("").trim_start();
            if starts.iter().any(|start| quoted.starts_with(start)) {
                wrong.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    none("SQL outside the store", &wrong);
}

#[test]
fn only_one_file_knows_which_database_it_is() {
    let mut wrong = Vec::new();
    for path in files("crates/store/src", &[".rs"]) {
        let name = show(&path);
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or("");
        let knows = code.lines().filter(|line| !line.trim_start().starts_with("//")).any(|line| {
            line.contains("pg_advisory")
                || line.contains("PRAGMA")
                || line.contains("sqlite_master")
        });
        if knows && !name.ends_with("/database.rs") {
            wrong.push(name);
        }
    }
    none("these files know which database they speak to; only database.rs may", &wrong);
}

#[test]
fn rooms_import_only_the_floors_below() {
    let mut wrong = Vec::new();
    for (room, allowed) in FLOORS {
        let manifest =
            fs::read_to_string(root().join(format!("crates/{room}/Cargo.toml"))).unwrap();
        let normal = manifest.split("[dev-dependencies]").next().unwrap();
        for line in normal.lines() {
            let Some(rest) = line.strip_prefix("hoptac-") else { continue };
            let other = rest.split(['.', ' ', '=']).next().unwrap();
            if !allowed.contains(&other) {
                wrong.push(format!("crates/{room} imports {other}"));
            }
        }
    }
    none("imports that go up or sideways", &wrong);
}

#[test]
fn the_lake_is_no_part_of_any_other_build() {
    let workspace = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(workspace.contains("exclude = [\"crates/lake\"]"));
    for path in files("crates", &["Cargo.toml"]).iter().chain(&files("xtask", &["Cargo.toml"])) {
        let name = show(path);
        let text = fs::read_to_string(path).unwrap();
        if name == "crates/lake/Cargo.toml" {
            assert!(text.contains("[workspace]"), "the lake has no workspace of its own");
        } else {
            assert!(!text.contains("hoptac-lake"), "{name} imports the lake");
        }
    }
}

#[test]
fn no_ambient_clock_outside_the_top_floor() {
    let banned =
        ["SystemTime::now", "Timestamp::now", "Zoned::now", "Instant::now", "now_v7", "new_v4"];
    let mut wrong = Vec::new();
    for path in files("crates", &[".rs"]) {
        let name = show(&path);
        // Benchmarks are about nothing but time, and so is what the lake says of its processes.
        let may = [
            "crates/hoptac/src/clock.rs",
            "crates/bench/",
            "crates/lake/src/measure.rs",
            "crates/lake/src/process.rs",
        ];
        if may.iter().any(|room| name.starts_with(room)) || is_test(&name) {
            continue;
        }
        for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            if banned.iter().any(|word| line.contains(word)) {
                wrong.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    none("the clock is read outside clock.rs", &wrong);
}

#[test]
fn text_is_composed_unicode_with_line_feeds() {
    let mut wrong = Vec::new();
    let endings = [".rs", ".md", ".toml", ".ftl", ".css", ".csv"];
    for folder in ["crates", "packs", "docs", "xtask"] {
        for path in files(folder, &endings) {
            let Ok(text) = String::from_utf8(fs::read(&path).unwrap()) else {
                wrong.push(format!("{}: not UTF-8", show(&path)));
                continue;
            };
            // A combining mark behind a letter is text that searching and comparing would miss.
            if text.chars().any(|c| ('\u{300}'..='\u{36f}').contains(&c)) {
                wrong.push(format!("{}: decomposed letters", show(&path)));
            }
            if text.contains('\r') {
                wrong.push(format!("{}: carriage returns", show(&path)));
            }
        }
    }
    none("text that is not composed UTF-8 with line feeds", &wrong);
}

#[test]
fn decisions_are_numbered_without_gaps() {
    let mut numbers: Vec<u32> = files("docs/decisions", &[".md"])
        .iter()
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            name.split('-')
                .next()
                .and_then(|n| n.parse().ok())
                .unwrap_or_else(|| panic!("{name} has no number"))
        })
        .collect();
    numbers.sort_unstable();
    assert!(numbers.iter().copied().eq(1..=u32::try_from(numbers.len()).unwrap()), "{numbers:?}");
}

#[test]
fn the_two_commands_stand_in_the_readme() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.contains("cargo run -- demo") && readme.contains("cargo xtask test"));
    let ci = fs::read_to_string(root().join(".ci/run")).unwrap();
    assert!(ci.contains("cargo xtask test"));
}
