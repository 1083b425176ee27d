//! A draft pack from a document, held against what the document says and against a pack written by hand.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use hoptac_intake::draft::{self, TODO};
use hoptac_intake::pack::{self, Check, PackFiles};
use hoptac_intake::reading::correction::{Correction, Parts};
use hoptac_intake::reading::read;
use hoptac_model::pack::Pack;
use hoptac_model::target::Target;

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/lang-son-2023")
}

fn known() -> Pack {
    pack::read(&PackFiles::from_dir(&shipped()), &Check::default()).pack.unwrap()
}

/// The draft of a text, read as a pack, and its `plan.toml`.
fn drafted(text: &str) -> (pack::Reading, String) {
    let draft = draft::write("draft", text, &read(text), &known(), &[]);
    let files = draft.files.iter().map(|(path, text)| (path.as_str(), text.as_bytes()));
    let plan = draft.files.first().unwrap().1.clone();
    (pack::read(&PackFiles::new(files), &Check::default()), plan)
}

const PLAN: &str = "\
ỦY BAN NHÂN DÂN
TỈNH ĐÈO GIÓ
Số: 12/KH-UBND
Đèo Gió, ngày 5 tháng 6 năm 2024
KẾ HOẠCH
Phát triển hợp tác xã đến năm 2030
II. MỤC TIÊU
1. Mục tiêu cụ thể
Đến năm 2030
- Có khoảng 300 tổ hợp tác với 1.500 thành viên.
- Hằng năm, mỗi huyện thành lập mới ít nhất 3 hợp tác xã.
- Có ít nhất 20 vườn ươm cây giống.
TM. ỦY BAN NHÂN DÂN
KT. CHỦ TỊCH
Nông Văn Suối
";

#[test]
fn a_draft_has_warnings_only() {
    let (reading, plan) = drafted(PLAN);
    let errors: Vec<String> = reading
        .findings
        .iter()
        .filter(|finding| finding.is_error())
        .map(ToString::to_string)
        .collect();
    assert!(errors.is_empty(), "{}\n{plan}", errors.join("\n"));
    assert_eq!(reading.todo(), 1, "{plan}");
    assert!(
        plan.contains(&format!("indicator = \"{TODO}\"\nwords = \"ít nhất 20 vườn ươm\""))
            || plan.contains("vườn ươm"),
        "{plan}"
    );
}
#[test]
fn the_head_of_the_document_is_read() {
    let (reading, plan) = drafted(PLAN);
    let document = reading.pack.unwrap_or_else(|| panic!("{plan}")).document;
    assert_eq!(document.number, "12/KH-UBND");
    assert_eq!(document.issued, jiff::civil::date(2024, 6, 5));
    assert_eq!(document.issuer.vi, "Ủy ban nhân dân tỉnh Đèo Gió");
    assert_eq!(document.signer, "Nông Văn Suối");
    assert_eq!(document.title.vi, "Kế hoạch Phát triển hợp tác xã đến năm 2030");
}
#[test]
fn known_indicators_are_found_by_their_names() {
    let (reading, plan) = drafted(PLAN);
    let pack = reading.pack.unwrap();
    let of = |words: &str| {
        let target = pack.targets.iter().find(|target| target.words.contains(words));
        target.map_or_else(|| panic!("{words}\n{plan}"), |target| target.indicator.to_string())
    };
    assert_eq!(of("300"), "groups");
    assert_eq!(of("1.500"), "group_members");
    assert_eq!(of("3 hợp tác xã"), "cooperatives_founded");
}

/// What two targets agree in: comparator and numbers, horizon, scope, indicator.
fn agreement(own: &Target, drafted: &Target) -> [bool; 5] {
    [
        own.constraint.code() == drafted.constraint.code(),
        own.constraint.zone() == drafted.constraint.zone(),
        own.horizon.end() == drafted.horizon.end(),
        own.scope == drafted.scope,
        own.indicator == drafted.indicator,
    ]
}

/// Holds the draft of a text against the pack written by hand, target by target: how many agree in each part, and the table.
fn held_against_the_pack(text: &str) -> ([usize; 5], String) {
    let by_hand = known();
    let (reading, plan) = drafted(text);
    assert!(!reading.findings.iter().any(hoptac_model::finding::Finding::is_error), "{plan}");
    let pack = reading.pack.unwrap();
    let number = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let mut rest: Vec<&Target> = pack.targets.iter().collect();
    let mut agree = [0; 5];
    let mut table = String::new();
    for own in &by_hand.targets {
        let alike = |t: &Target| {
            let words: Vec<&str> = t.words.split(' ').collect();
            own.words.split(' ').filter(|word| words.contains(word)).count()
        };
        let same = |t: &&Target| {
            number(&t.words) == number(&own.words) && t.horizon.end() == own.horizon.end()
        };
        let best = rest.iter().enumerate().filter(|(_, t)| same(t)).max_by_key(|(_, t)| alike(t));
        let Some(at) = best.map(|(at, _)| at) else {
            writeln!(table, "| {} | {} | not among the measured |", own.id, own.words).unwrap();
            continue;
        };
        let found = rest.remove(at);
        let fits = agreement(own, found);
        for (count, fit) in agree.iter_mut().zip(fits) {
            *count += usize::from(fit);
        }
        let shown = fits.map(|fit| if fit { "yes" } else { "no" }).join(" | ");
        writeln!(table, "| {} | {} | {shown} | {} |", own.id, own.words, found.indicator).unwrap();
    }
    (agree, table)
}

#[test]
fn the_draft_of_the_plans_figures_against_the_pack_written_by_hand() {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/documents/plan-of-figures.txt");
    let (agree, table) = held_against_the_pack(&std::fs::read_to_string(file).unwrap());
    assert!(agree.iter().all(|count| *count >= 24), "{agree:?}\n{table}");
}

/// `HOPTAC_PLAN_TEXT` names the full text of the plan that the program ships with, which is not ours to ship.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test may be told where a text is")]
fn the_draft_of_the_shipped_plan_against_the_pack_written_by_hand() {
    let Ok(file) = std::env::var("HOPTAC_PLAN_TEXT") else { return };
    let (agree, table) = held_against_the_pack(&std::fs::read_to_string(file).unwrap());
    println!("{table}\n{agree:?}");
    assert!(agree.iter().all(|count| *count >= 23), "{agree:?}");
}

#[test]
fn what_a_person_named_measures_the_target() {
    let text = "Đến năm 2030\n- Có khoảng 300 tổ hợp tác.\n";
    let reading = read(text);
    let target = reading.targets.first().unwrap();
    let with = |indicator: Option<&str>| {
        let parts = Parts { indicator: indicator.map(str::to_owned), ..Parts::of(target) };
        let correction = Correction { start: target.start, end: target.end, target: Some(parts) };
        let like = known();
        let found = draft::measured_by(text, &reading, &like, &[correction]);
        found.first().copied().flatten().map(|indicator| indicator.id.to_string())
    };
    assert_eq!(with(None).as_deref(), Some("groups"));
    assert_eq!(with(Some("groups_operating")).as_deref(), Some("groups_operating"));
    assert_eq!(with(Some(TODO)), None);
}

#[test]
fn a_packed_draft_holds_the_files_of_a_pack() {
    let draft = draft::write("draft", PLAN, &read(PLAN), &known(), &[]);
    let packed = draft.packed("draft").unwrap();
    assert_eq!(packed, draft.packed("draft").unwrap());
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(packed)).unwrap();
    let mut files = std::collections::BTreeMap::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        std::io::copy(&mut file, &mut bytes).unwrap();
        files.insert(file.name().unwrap().trim_start_matches("draft/").to_owned(), bytes);
    }
    let parts = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    let reading = pack::read(&PackFiles::new(parts), &Check::default());
    assert!(!reading.findings.iter().any(hoptac_model::finding::Finding::is_error));
    // What the forms say comes back as it was.
    assert_eq!(reading.pack.unwrap().forms, known().forms);
}
