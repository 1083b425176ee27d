//! Packs as people hand them in: the good ones are read without an error, each bad one gives the findings of its snapshot,
//! and nothing that can stand in a file makes the reader fail.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its own files has failed")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use hoptac_intake::pack::{self, Check, PackFiles, Reading};
use hoptac_model::finding::{Finding, Severity};
use proptest::prelude::*;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn known_units() -> BTreeSet<String> {
    let folder = root().join("packs/vn/units");
    let file = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let units = hoptac_intake::unit::read(&file("units.csv"), &file("successors.csv"));
    units.units.into_iter().map(|unit| unit.code).collect()
}

fn read(folder: &Path, units: &BTreeSet<String>) -> Reading {
    pack::read(&PackFiles::from_dir(folder), &Check { units: Some(units) })
}

fn folders(of: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join(of)).unwrap();
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn name(folder: &Path) -> String {
    folder.file_name().unwrap().to_string_lossy().into_owned()
}

/// The findings of a file's worth of text, as they are printed.
fn shown(findings: &[Finding]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn good_packs_give_no_errors() {
    let units = known_units();
    let mut good = folders("fixtures/packs");
    good.push(root().join("packs/lang-son-2023"));
    for folder in good {
        let reading = read(&folder, &units);
        let errors: Vec<Finding> =
            reading.findings.iter().filter(|f| f.is_error()).cloned().collect();
        assert!(errors.is_empty(), "{}:\n{}", folder.display(), shown(&errors));
        assert!(reading.accepted().is_some(), "{}", folder.display());
    }
}

#[test]
fn bad_packs_give_their_findings() {
    let units = known_units();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/bad-packs");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for folder in folders("fixtures/bad-packs") {
        let reading = read(&folder, &units);
        assert!(!reading.findings.is_empty(), "{} is not bad", folder.display());
        settings.bind(|| insta::assert_snapshot!(name(&folder), shown(&reading.findings)));
    }
}

#[test]
fn every_sentence_is_told_in_both_languages() {
    let units = known_units();
    let mut told = 0;
    for folder in folders("fixtures/bad-packs") {
        for finding in read(&folder, &units).findings {
            let sentences = [&finding.message, &finding.remedy];
            for words in sentences.into_iter().filter(|words| !words.is_empty()) {
                assert_ne!(words.vi, words.en, "{}", name(&folder));
                assert!(!words.en.is_empty(), "{words:?}");
                // Between back quotes stands what the file says, in whatever language.
                let own: String = words.vi.split('`').step_by(2).collect();
                let is_marked = |c: char| c.is_alphabetic() && !c.is_ascii();
                assert!(own.contains(is_marked), "{}: {words:?}", name(&folder));
                told += 1;
            }
        }
    }
    assert!(told > 200, "{told} sentences");
}

#[test]
fn every_bad_pack_is_explained_and_has_its_snapshot() {
    let packs: BTreeSet<String> = folders("fixtures/bad-packs").iter().map(|f| name(f)).collect();
    let readme = std::fs::read_to_string(root().join("fixtures/bad-packs/README.md")).unwrap();
    let explained: BTreeSet<String> = readme
        .lines()
        .filter_map(|line| Some(line.strip_prefix("| `")?.split('`').next()?.to_owned()))
        .collect();
    assert_eq!(explained, packs);
    let snapshots = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/bad-packs");
    let taken: BTreeSet<String> = std::fs::read_dir(snapshots)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter_map(|file| Some(file.strip_suffix(".snap")?.to_owned()))
        .collect();
    assert_eq!(taken, packs);
}

/// The codes that stand as texts in the sources below a folder, tests and all.
fn codes_in(folder: &Path, prefixes: &[&str], codes: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes_in(&path, prefixes, codes);
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        // Every other piece is a text; a quotation mark as a letter shifts which, so all are looked at.
        for text in source.split('"') {
            let plain = text.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c == '.');
            if plain && prefixes.iter().any(|prefix| text.starts_with(prefix)) {
                codes.insert(text.to_owned());
            }
        }
    }
}

#[test]
fn every_code_is_explained() {
    let mut codes = BTreeSet::new();
    codes_in(&root().join("crates/intake/src"), &["pack.", "plan-text."], &mut codes);
    codes_in(&root().join("crates/model/src/formula"), &["formula."], &mut codes);
    let page = std::fs::read_to_string(root().join("docs/pack-findings.md")).unwrap();
    let explained: BTreeSet<String> = page
        .lines()
        .filter_map(|line| Some(line.strip_prefix("| `")?.split('`').next()?.to_owned()))
        .collect();
    assert_eq!(explained, codes);
}

#[test]
fn nearly_every_code_has_an_example() {
    // These need a file too large to keep, a folder that is not there, or tables outside of a pack.
    const WITHOUT: [&str; 9] = [
        "pack.folder-missing",
        "pack.not-a-folder",
        "pack.unreadable",
        "pack.too-many-files",
        "pack.too-large",
        "pack.too-many",
        "pack.unit-level",
        "pack.successor-default",
        "pack.span",
    ];
    let mut codes = BTreeSet::new();
    codes_in(&root().join("crates/intake/src"), &["pack."], &mut codes);
    let units = known_units();
    let told: BTreeSet<String> = folders("fixtures/bad-packs")
        .iter()
        .flat_map(|folder| read(folder, &units).findings)
        .map(|finding| finding.code.to_owned())
        .collect();
    let untold: Vec<&String> = codes
        .iter()
        .filter(|code| !told.contains(*code) && !WITHOUT.contains(&code.as_str()))
        .collect();
    assert!(untold.is_empty(), "no bad pack shows {untold:?}");
}

#[test]
fn folders_that_are_none() {
    let folder = tempfile::tempdir().unwrap();
    let codes = |path: &Path| -> Vec<&'static str> {
        let reading = pack::read(&PackFiles::from_dir(path), &Check::default());
        assert!(reading.pack.is_none());
        reading.findings.iter().map(|finding| finding.code).collect()
    };
    assert_eq!(codes(&folder.path().join("absent")), ["pack.folder-missing"]);
    assert_eq!(codes(folder.path()), ["pack.empty-folder"]);
    let file = folder.path().join("plan.txt");
    std::fs::write(&file, "x").unwrap();
    assert_eq!(codes(&file), ["pack.not-a-folder"]);
    assert_eq!(codes(folder.path()), ["pack.plan-missing"]);
    std::fs::write(folder.path().join("plan.toml"), vec![b'#'; 9 * 1024 * 1024]).unwrap();
    assert_eq!(codes(folder.path()), ["pack.too-large"]);
    for number in 0..250 {
        std::fs::write(folder.path().join(format!("a{number}.txt")), "x").unwrap();
    }
    assert!(codes(folder.path()).contains(&"pack.too-many-files"));
}

fn minimal() -> PackFiles {
    PackFiles::from_dir(&root().join("fixtures/packs/minimal"))
}

fn with(name: &str, bytes: &[u8]) -> PackFiles {
    let mut files = minimal();
    files.files.insert(name.to_owned(), bytes.to_vec());
    files
}

#[test]
fn the_hash_is_that_of_the_files_of_the_pack() {
    let hash = |files: &PackFiles| pack::read(files, &Check::default()).files_hash;
    let first = hash(&minimal());
    assert_eq!(first.len(), 64);
    assert_eq!(hash(&minimal()), first);
    assert_eq!(hash(&with("README.md", b"words")), first);
    assert_ne!(hash(&with("figures.csv", b"id\n")), first);
    assert_ne!(hash(&with("forms/a.toml", b"")), first);
}

#[test]
fn a_file_that_cannot_be_read_does_not_hide_the_others() {
    let mut files = with("figures.csv", b"\xFF");
    files.files.insert("plan.toml".to_owned(), b"format = ".to_vec());
    files.files.insert("forms/a.toml".to_owned(), b"colour = 1".to_vec());
    files.files.insert("rulesets/a.toml".to_owned(), b"\xEF\xBB\xBFid = 5".to_vec());
    let reading = pack::read(&files, &Check::default());
    let told: BTreeSet<String> = reading
        .findings
        .iter()
        .filter_map(|finding| Some(finding.place.as_ref()?.file.clone()))
        .collect();
    let all = ["figures.csv", "forms/a.toml", "plan.toml", "rulesets/a.toml"];
    assert_eq!(told, all.map(str::to_owned).into());
}

#[test]
fn findings_without_end_are_counted() {
    let rows = "x\n".repeat(5000);
    let header = "id,indicator,unit,as_of,period,value,status,source,source_date,source_url,note_vi,note_en\n";
    let reading =
        pack::read(&with("figures.csv", format!("{header}{rows}").as_bytes()), &Check::default());
    let last = reading
        .findings
        .iter()
        .find(|finding| finding.code == "pack.too-many")
        .expect("there are more findings than are shown");
    assert_eq!(last.severity, Severity::Error);
    assert!(reading.findings.len() < 300);
}

#[test]
fn hostile_files_are_read_in_time() {
    let started = std::time::Instant::now();
    let many = |text: &str, times: usize| text.repeat(times).into_bytes();
    let nested = |open: &str, close: &str| {
        format!("a = {}{}", open.repeat(5000), close.repeat(5000)).into_bytes()
    };
    let formula = |text: String| {
        let plan = String::from_utf8(minimal().files.remove("plan.toml").unwrap()).unwrap();
        plan.replace("COUNT(*) FILTER (WHERE kind = 'THT' AND registered)", &text).into_bytes()
    };
    for plan in [
        many("[[", 50_000),
        many("a = \"\"\"\n", 5000),
        many("[[target]]\nid = \"A\"\n", 5000),
        many("a.", 50_000),
        many("a = [\n", 5000),
        many("= = =\n", 50_000),
        nested("[", "]"),
        nested("{ a = ", "}"),
        formula("(".repeat(3000)),
        formula("NOT ".repeat(900)),
        formula("- ".repeat(1500)),
        formula("COUNT(".repeat(600)),
    ] {
        check_places(&with("plan.toml", &plan));
    }
    check_places(&with("figures.csv", &many("\"", 200_001)));
    check_places(&with("figures.csv", &many(",", 200_000)));
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}

/// Reads a pack; every place that is told must be one of the file.
fn check_places(files: &PackFiles) -> Reading {
    let reading = pack::read(files, &Check::default());
    for finding in &reading.findings {
        assert_ne!(finding.message.vi, finding.message.en);
        assert!(!finding.message.en.ends_with('.'), "{}", finding.message.en);
        let Some(place) = &finding.place else { continue };
        let bytes = files.files.get(&place.file).expect("the file is one of the pack");
        let lines = bytes.split(|byte| *byte == b'\n').count();
        assert!(usize::try_from(place.line).unwrap() <= lines, "{finding}");
        if place.column == 0 {
            continue;
        }
        assert!(place.line > 0 && place.length > 0, "{finding}");
        let line = bytes.split(|byte| *byte == b'\n').nth(place.line as usize - 1).unwrap();
        let written = String::from_utf8_lossy(line);
        let written =
            if place.line == 1 { written.trim_start_matches('\u{feff}') } else { &written };
        let letters = u32::try_from(written.trim_end_matches('\r').chars().count()).unwrap();
        // A place right behind the last letter is where something is missing.
        assert!(place.column + place.length - 1 <= letters.max(1) + 1, "{finding}");
    }
    reading
}

/// Parts that plans are made of, so that mutations reach deeper than the first bracket.
fn fragments() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "[[target]]\n",
        "[[indicator]]\n",
        "[document]\n",
        "[[objective]]\nid = \"O\"\nparent = \"O\"\n",
        "\"\"\"",
        "'''",
        "\"",
        "[",
        "]",
        "{",
        "}",
        "=",
        "\n",
        "\r\n",
        ",",
        ";",
        "2023-02-30",
        "10.500,5",
        "“",
        "ổ",
        "o\u{302}\u{309}",
        "id = \"A\"\n",
        "of_which = \"A\"\n",
        "yearly = { from = 2030, to = 2023 }\n",
        "horizon = 99999999999\n",
        "value = nan\n",
        "value = -inf\n",
        "comparator = \"between\"\n",
        "readings = [1, {}]\n",
        "years = [1, 2, 3]\n",
        "numerator = '''\nSUM(\n'''\n",
        "\\u0041",
        "\\",
        "# ",
        "\u{feff}",
        "\0",
        "place = 5\n",
        "baseline = {}\n",
        "[place.x]\n",
        "place.section = \"I\"\n",
        "[[readings]]\n",
        "note_vi = \"\"\n",
    ]);
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_the_reader_fail(bytes in prop::collection::vec(any::<u8>(), 0..400), file in 0..4_usize) {
        let name = ["plan.toml", "figures.csv", "forms/a.toml", "rulesets/a.toml"][file];
        check_places(&with(name, &bytes));
    }

    #[test]
    fn no_change_of_a_plan_makes_the_reader_fail(
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..30_usize, fragments()), 1..6),
        file in 0..2_usize,
    ) {
        let name = ["plan.toml", "figures.csv"][file];
        let mut files = minimal();
        let mut text = String::from_utf8(files.files.remove(name).unwrap()).unwrap();
        for (at, taken, put) in changes {
            let mut start = at.index(text.len() + 1);
            while !text.is_char_boundary(start) {
                start -= 1;
            }
            let mut end = (start + taken).min(text.len());
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text.replace_range(start..end, &put);
        }
        let reading = check_places(&with(name, text.as_bytes()));
        // What is accepted has a pack, and what has no pack says why.
        prop_assert!(reading.pack.is_some() || reading.findings.iter().any(Finding::is_error));
    }

    #[test]
    fn no_bytes_make_the_units_fail(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut table = b"id,code,level,kind,name,parent,lat,lon,valid_from,valid_to\n".to_vec();
        table.extend_from_slice(&bytes);
        hoptac_intake::unit::read(&table, &bytes);
        hoptac_intake::plan_text::read_text(&bytes, "plan.txt");
    }

    #[test]
    fn words_are_found_where_they_were_put(before in "[A-Z .\n]{0,40}", words in "[a-zổợ]{1,8}( [0-9]{1,4}){0,2}", after in "[A-Z\n]{0,40}") {
        let text = format!("{before}\n{words}\n{after}");
        let place = hoptac_intake::plan_text::locate(&text, &words).expect("the words are there");
        let found: String = text.chars().skip(place.start).take(place.len()).collect();
        prop_assert_eq!(found.split_whitespace().collect::<Vec<_>>(), words.split_whitespace().collect::<Vec<_>>());
        let around = hoptac_intake::plan_text::paragraph(&text, &place);
        prop_assert!(around.start <= place.start && place.end <= around.end);
    }
}
