//! The life of a cooperative, told on the command line (`fixtures/life/script.txt`), and each question about it answered as of
//! and as known on five days. Both databases give the same answers; `docs/life-of-a-cooperative.md` is made of them.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
#![expect(clippy::indexing_slicing, reason = "JSON that lacks what is asked for gives null")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use hoptac_store::Location;
use hoptac_testkit::database::{on_postgres, on_sqlite};
use serde_json::Value;

const FIRST: &str = "organisation/01900000-0000-7000-8000-000000000001";
/// The day on which everything is asked.
const TODAY: &str = "2026-01-31";
const DAYS: [&str; 5] = ["2018-12-31", "2019-12-31", "2023-12-31", "2024-09-15", "2025-07-01"];
const KNOWN: [&str; 5] = ["2023-07-31", "2024-06-30", "2025-03-31", "2025-04-30", TODAY];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The program on one database, at a time of its own.
struct Program<'a> {
    place: &'a [String],
    folder: &'a Path,
}

impl Program<'_> {
    fn run(&self, day: &str, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_hoptac"))
            .env_remove("HOPTAC_DIR")
            .env_remove("HOPTAC_DATABASE")
            .env("HOPTAC_TEST_NOW", format!("{day}T02:00:00Z"))
            .current_dir(self.folder)
            .args(arguments)
            .args(self.place)
            .output()
            .unwrap()
    }

    fn ask(&self, arguments: &[&str]) -> Value {
        let output = self.run(TODAY, arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// The answer, or the sentence why there is none.
    fn ask_or_say(&self, arguments: &[&str]) -> Result<Value, String> {
        let output = self.run(TODAY, arguments);
        if output.status.success() {
            return Ok(serde_json::from_slice(&output.stdout).unwrap());
        }
        Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
    }
}

/// Tells the script, and gives the story as Markdown.
fn tell(program: &Program<'_>) -> String {
    let script = fs::read_to_string(root().join("fixtures/life/script.txt")).unwrap();
    let mut story = String::new();
    let mut made: Vec<Option<String>> = Vec::new();
    for line in script.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let Some((day, words)) = line.split_once("  ").filter(|(day, _)| day.len() == 10) else {
            writeln!(story, "\n{line}\n").unwrap();
            continue;
        };
        let (words, refused) = match words.strip_suffix("  (refused)") {
            Some(words) => (words, true),
            None => (words, false),
        };
        writeln!(story, "    {day}  hoptac {words}").unwrap();
        let mut arguments = split(words);
        for argument in &mut arguments {
            if argument == "PACK" {
                *argument = root().join("packs/lang-son-2023").display().to_string();
            }
        }
        let is_filing = words.split(' ').next() != Some("plan");
        if is_filing {
            arguments.push("--json".to_owned());
        }
        resolve(program.folder, &made);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = program.run(day, &arguments);
        let said = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(i32::from(refused)), "{line}: {said}");
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        for finding in answer["findings"].as_array().into_iter().flatten() {
            if finding["severity"] != "note" {
                let (code, said) = (&finding["code"], &finding["message"]["vi"]);
                let (code, said) = (code.as_str().unwrap(), said.as_str().unwrap());
                writeln!(
                    story,
                    "    {:12}{}: {said} [{code}]",
                    "",
                    finding["severity"].as_str().unwrap()
                )
                .unwrap();
            }
        }
        made.push(answer["accepted"]["id"].as_str().map(str::to_owned));
    }
    story
}

/// The words of a command line; what stands in quotation marks is one of them.
fn split(line: &str) -> Vec<String> {
    let parts = line.split('"').enumerate();
    let words = parts.flat_map(|(number, part)| match number % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}

/// Puts the identities of filings that were made into the files that name them.
fn resolve(folder: &Path, made: &[Option<String>]) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().extension().is_none_or(|kind| kind != "json") {
            continue;
        }
        let text = fs::read_to_string(entry.path()).unwrap();
        let mut new = text.clone();
        for (number, id) in made.iter().enumerate() {
            if let Some(id) = id {
                new = new.replace(&format!("\"FILING-{}\"", number + 1), &format!("\"{id}\""));
            }
        }
        if new != text {
            fs::write(entry.path(), new).unwrap();
        }
    }
}

fn text(value: &Value) -> String {
    if value.is_null() {
        return "–".to_owned();
    }
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// One row: what the organisation was.
fn what_it_was(program: &Program<'_>, day: &str, known: &str) -> String {
    let asked = ["org", "show", FIRST, "--as-of", day, "--known-on", known, "--json"];
    match program.ask_or_say(&asked) {
        Ok(card) => {
            let lineage: Vec<String> = card["lineage"]
                .as_array()
                .unwrap()
                .iter()
                .map(|step| format!("{} → {}", text(&step["way"]), text(&step["other_name"])))
                .collect();
            format!(
                "| {day} | {} | {} | {} | {} | {} | {} |\n",
                text(&card["name"]),
                text(&card["status"]),
                text(&card["members"]),
                text(&card["members_min"]),
                format_args!("{} ({})", text(&card["seat_name"]), text(&card["seat_of_the_day"])),
                if lineage.is_empty() { "–".to_owned() } else { lineage.join("; ") }
            )
        }
        Err(said) => format!("| {day} | {said} | | | | | |\n"),
    }
}

/// One row: papers, grade and figures on a day.
fn what_was_filed(program: &Program<'_>, day: &str, known: &str) -> String {
    let both = ["--as-of", day, "--known-on", known, "--json"];
    let of = |words: &[&str]| program.ask_or_say(&[words, &both].concat());
    let standing = |year| match of(&["return", "show", FIRST, "--year", year]) {
        Ok(found) => text(&found["standing"]),
        Err(_) => "–".to_owned(),
    };
    let grade = match of(&["grade", "show", FIRST, "--year", "2023"]) {
        Ok(found) => text(&found["decided"]["grade"]),
        Err(_) => "–".to_owned(),
    };
    let filings = of(&["org", "history", FIRST])
        .map_or(0, |found| found["filings"].as_array().unwrap().len());
    // Days before the plan's first year have no figures.
    let count = |indicator: &str| match of(&["explain", indicator]) {
        Ok(found) => {
            found["value"].as_f64().map_or_else(|| "–".to_owned(), |value| value.to_string())
        }
        Err(_) => "–".to_owned(),
    };
    format!(
        "| {day} | {known} | {} | {} | {grade} | {filings} | {} | {} |\n",
        standing("2023"),
        standing("2024"),
        count("groups"),
        count("cooperatives"),
    )
}

/// The page: the story, and every answer.
fn page(place: &[String]) -> String {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(root().join("fixtures/life")).unwrap().flatten() {
        fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    let program = Program { place, folder: folder.path() };
    let mut page = format!(
        "# The life of a cooperative\n\nAn invented cooperative, told on the command line from `fixtures/life` and asked about afterwards. This page is made by a \
         test (`crates/hoptac/tests/life.rs`), which tells the same life to SQLite and to PostgreSQL and holds the page to the \
         answers of both. A line is what was entered, behind the day on which it was; below it stands what the office said.\n\n## What happened\n{}",
        tell(&program)
    );
    page += "\n## What it was\n\n`hoptac org show … --as-of DAY --known-on DAY`: the state of a day, by the filings that had been recorded by the end of another.\n";
    for known in KNOWN {
        let all = if known == TODAY { " (everything)" } else { "" };
        write!(
            page,
            "\n### As known on {known}{all}\n\n| as of | name | status | members | at least | seat | lineage |\n|---|---|---|---|---|---|---|\n"
        )
        .unwrap();
        for day in DAYS {
            page += &what_it_was(&program, day, known);
        }
    }
    page += "\n## What was filed, and what it came to\n\n`hoptac return show`, `hoptac grade show`, `hoptac org history`, `hoptac explain groups` and `cooperatives`, each with both days.\n\n\
             | as of | known on | return 2023 | return 2024 | grade 2023 | filings | groups | cooperatives |\n|---|---|---|---|---|---|---|---|\n";
    for day in DAYS {
        page += &what_was_filed(&program, day, TODAY);
    }
    for known in KNOWN {
        page += &what_was_filed(&program, known, known);
    }
    // An error code other than 0 would mean that something is wrong with the ledger or the register.
    program.ask(&["verify", "--json"]);
    page += "\n`hoptac verify` finds nothing wrong afterwards.\n";
    page
}

/// With `UPDATE_LIFE=1` the page is written anew.
#[track_caller]
fn is_the_page(got: &str) {
    let path = root().join("docs/life-of-a-cooperative.md");
    #[expect(clippy::disallowed_methods, reason = "whoever runs the test says so")]
    let anew = std::env::var_os("UPDATE_LIFE").is_some();
    if anew {
        fs::write(&path, got).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        got == kept,
        "docs/life-of-a-cooperative.md should be (UPDATE_LIFE=1 writes it):\n{got}"
    );
}

#[test]
fn a_life_on_sqlite() {
    on_sqlite(async |database| {
        let Location::Sqlite(file) = database.location() else { unreachable!("it is a file") };
        let dir = file.parent().unwrap().join("life");
        is_the_page(&page(&["--dir".to_owned(), dir.display().to_string()]));
    });
}

#[test]
fn a_life_on_postgres() {
    on_postgres(async |database| {
        let Location::Postgres(url) = database.location() else { unreachable!("it is a server") };
        is_the_page(&page(&["--database".to_owned(), url.clone()]));
    });
}
