//! Documents of every kind, and reports that were issued: the formats say the same, and a figure that changed since is told.

use std::collections::BTreeMap;
use std::io::Read as _;

use super::*;

/// The kinds, each with a period that it takes.
const KINDS: [(&str, &str); 6] = [
    ("half-year", "2025-H2"),
    ("yearly", "2025"),
    ("brief", "2025-Q4"),
    ("grading", "2024"),
    ("organisation", "2025"),
    ("extract", "2025"),
];

/// How often each letter stands in a text: its lines may be broken in another place, and two columns be read in another order.
fn letters(text: &str) -> BTreeMap<char, usize> {
    let mut letters = BTreeMap::new();
    for letter in text.chars().filter(|c| !c.is_whitespace()) {
        *letters.entry(letter).or_default() += 1;
    }
    letters
}

/// What a Word document says: the texts of its runs.
fn of_word(file: &Path) -> String {
    let mut zip = zip::ZipArchive::new(File::open(file).unwrap()).unwrap();
    let mut xml = String::new();
    zip.by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    let read = roxmltree::Document::parse(&xml).unwrap();
    let runs = read.descendants().filter(|node| node.tag_name().name() == "t");
    runs.filter_map(|node| node.text()).collect()
}

/// What a PDF says, by our own reader, which leaves out page numbers and the heads that tables repeat.
fn of_pdf(file: &Path) -> String {
    let output = program().args(["plan", "read", "--text"]).arg(file).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn documents_of_every_kind_say_the_same_in_word_and_pdf_and_every_time() {
    let folder = tempfile::tempdir().unwrap();
    let listed = json(&["org", "list", "--json"]);
    let code = listed["organisations"][0]["code"].as_str().unwrap();
    for (kind, period) in KINDS {
        let about_one = ["organisation", "extract"].contains(&kind);
        let write = |name: &str| {
            let file = folder.path().join(format!("{kind}{name}"));
            let mut asked = vec!["report", kind, "--period", period];
            if about_one {
                asked.extend(["--org", code]);
            }
            asked.extend(["--out", file.to_str().unwrap()]);
            let output = run(&demo(), &asked);
            assert!(output.status.success(), "{}", text(&output.stderr));
            let said = text(&output.stdout);
            assert!(said.starts_with("đã ghi ") && said.contains("số liệu"), "{said}");
            file
        };
        let (word_file, pdf_file) = (write(".docx"), write(".pdf"));
        let (word, pdf) = (of_word(&word_file), of_pdf(&pdf_file));
        for wanted in ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]
        {
            assert!(word.contains(wanted), "{kind}: {word}");
        }
        let (word, pdf) = (letters(&word), letters(&pdf));
        assert!(word.values().sum::<usize>() > 500, "{kind}: {word:?}");
        let differs: Vec<_> = word
            .keys()
            .chain(pdf.keys())
            .map(|letter| (letter, word.get(letter), pdf.get(letter)))
            .filter(|(_, word, pdf)| word != pdf)
            .collect();
        assert!(differs.is_empty(), "{kind}: {differs:?}");
        // The writers are the same for all kinds; what is gone through twice has tables, pictures and a code.
        if kind == "half-year" || kind == "extract" {
            for (name, first) in [("-again.docx", &word_file), ("-again.pdf", &pdf_file)] {
                assert_eq!(fs::read(write(name)).unwrap(), fs::read(first).unwrap(), "{kind}");
            }
            assert!(fs::read(write(".xlsx")).unwrap().starts_with(b"PK"));
        }
    }
}

#[test]
fn an_edition_is_compared_with_one_after_a_figure_changed() {
    let dir = own_demo();
    let done = |arguments: &[&str]| -> Value {
        let output = run(dir.path(), arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let issue = |number: &str| {
        let asked = ["edition", "issue", "half-year", "--period", "2025-H2", "--number", number];
        let signed = ["--day", "2026-01-05", "--signer", "Nguyễn Văn Mẫu", "--json"];
        let issued = done(&[&asked[..], &signed[..]].concat());
        issued["code"].as_str().unwrap().to_owned()
    };
    let before = issue("05/BC-UBND");
    let own = dir.path().join("to.csv");
    fs::write(
        &own,
        "Tên tổ chức;Loại hình;Ngày thành lập;Xã, phường;Ngành chính (VSIC);Số thành viên\n\
         Tổ hợp tác Bưởi Quảng Lạc;THT;15/5/2025;06433;A;7\n",
    )
    .unwrap();
    assert_eq!(done(&["import", own.to_str().unwrap(), "--json"])["filings"], 1);
    let after = issue("06/BC-UBND");

    let compared = done(&["edition", "compare", &before, &after, "--json"]);
    let figures: Vec<&Value> = compared["differences"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["what"] == "figure" && one["unit"] == "20")
        .collect();
    let groups = figures.iter().find(|one| one["indicator"] == "groups").unwrap();
    let number = |side: &str| groups[side].as_str().unwrap().parse::<i64>().unwrap();
    assert_eq!(number("after"), number("before") + 1, "{groups}");
    let said = text(&run(dir.path(), &["edition", "compare", &before, &after]).stdout);
    assert!(said.contains(&format!("groups, 20: {} → {}", number("before"), number("after"))));
    // The older one opens as it was issued, at its own position of the ledger.
    let shown = done(&["edition", "show", &before, "--json"]);
    let source = |figure: &Value| figure["source"]["indicator"] == "groups";
    let figure = shown["figures"].as_array().unwrap().iter().find(|one| source(one)).unwrap();
    let asked = ["explain", "groups", "--as-of", "2025-12-31", "--position"];
    let opened =
        done(&[&asked[..], &[&figure["source"]["position"].to_string(), "--json"]].concat());
    assert_eq!(opened["value"].as_f64().unwrap().to_string(), groups["before"].as_str().unwrap());
}
