//! `hoptac plan read` and `plan attach` through the real program: documents in, sentences about bad ones, nothing changed.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn hoptac(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hoptac"))
        .args(words)
        .env_remove("HOPTAC_DIR")
        .env_remove("HOPTAC_DATABASE")
        .output()
        .unwrap()
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_word_document_is_read_from_a_file_and_from_standard_input() {
    let file = root().join("fixtures/documents/libreoffice.docx");
    let read = hoptac(&["plan", "read", file.to_str().unwrap(), "--json"]);
    assert_eq!(read.status.code(), Some(0), "{}", said(&read.stderr));
    let reading: serde_json::Value = serde_json::from_slice(&read.stdout).unwrap();
    let quotes: Vec<&str> = reading["targets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| t["quote"].as_str().unwrap())
        .collect();
    assert!(quotes.iter().any(|quote| quote.ends_with("ít nhất 250 tổ hợp tác")), "{quotes:?}");
    assert!(said(&read.stderr).contains("taken out of a Word document"));

    let mut piped = Command::new(env!("CARGO_BIN_EXE_hoptac"))
        .args(["plan", "read", "-", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    piped.stdin.take().unwrap().write_all(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(piped.wait_with_output().unwrap().stdout, read.stdout);
}

#[test]
fn the_text_that_is_read_can_be_seen() {
    let file = root().join("fixtures/documents/python-docx.docx");
    let read = hoptac(&["plan", "read", file.to_str().unwrap(), "--text"]);
    assert!(said(&read.stdout).contains("\n2. Đến năm 2028\n- Có 250 hợp tác xã.\n"));
}

/// A Word document of a hundred kilobytes whose text unpacks to a hundred megabytes.
fn bomb() -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated);
    writer.start_file("word/document.xml", options).unwrap();
    let blank = vec![b' '; 1024 * 1024];
    for _ in 0..100 {
        writer.write_all(&blank).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_bad_document_is_a_sentence_exit_code_2_and_no_change() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let english = "The province will found at least 250 cooperatives by 2030 and support the members of the groups in the \
        plan of the province for the years to come, with the help of the districts and of the unions.";
    // A page without letters, over a picture.
    let scan = "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
        3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</P 5 0 R>>>>>>endobj\n\
        4 0 obj<</Length 33>>stream\nq 500 0 0 700 0 0 cm /P Do Q      \nendstream endobj\n\
        5 0 obj<</Type/XObject/Subtype/Image/Width 1/Height 1/Length 1>>stream\nx\nendstream endobj\n\
        trailer<</Root 1 0 R>>\n";
    let locked = "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n2 0 obj<</Filter/Standard>>endobj\n\
        trailer<</Root 1 0 R/Encrypt 2 0 R>>\n";
    let bad = [
        ("empty.docx", Vec::new(), "tệp rỗng", "is empty"),
        ("picture.docx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "tệp là ảnh", "is a picture"),
        ("cut.pdf", b"%PDF-1.7\n1 0 obj".to_vec(), "hỏng hoặc cắt cụt", "damaged or cut off"),
        ("cut.docx", b"PK\x03\x04\0\0".to_vec(), "bị cắt cụt hoặc hỏng", "cut off or damaged"),
        ("old.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), "trước năm 2007", "before 2007"),
        ("scan.pdf", scan.into(), "là bản quét", "is a scan"),
        ("locked.pdf", locked.into(), "có mật khẩu", "has a password"),
        ("bomb.docx", bomb(), "giải nén ra hơn 64 MB", "unpacks to more than 64 MB"),
        ("english.txt", english.into(), "tiếng Anh", "is in English"),
    ];
    let data_folder = data.to_str().unwrap();
    let pack = root().join("packs/lang-son-2023");
    let adopted = hoptac(&["plan", "adopt", pack.to_str().unwrap(), "--dir", data_folder]);
    assert_eq!(adopted.status.code(), Some(0), "{}", said(&adopted.stderr));
    for (name, bytes, vi, en) in bad {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        for verb in ["read", "attach"] {
            let tried = hoptac(&["plan", verb, file.to_str().unwrap(), "--dir", data_folder]);
            let complaint = said(&tried.stderr);
            assert_eq!(tried.status.code(), Some(2), "{verb} {name}: {complaint}");
            // Vietnamese first, then English; a line each.
            let lines: Vec<&str> = complaint.trim_end().lines().collect();
            let [first, second] = lines.as_slice() else { panic!("{verb} {name}: {complaint}") };
            assert!(first.contains(vi), "{verb} {name}: {complaint}");
            assert!(second.contains(en), "{verb} {name}: {complaint}");
            assert!(tried.stdout.is_empty());
        }
    }
    let shown = hoptac(&["plan", "show", "--json", "--dir", data_folder]);
    let plan: serde_json::Value = serde_json::from_slice(&shown.stdout).unwrap();
    assert!(plan["text"].is_null());
}

#[test]
fn a_large_file_is_not_read_to_its_end() {
    // A hole of half a gigabyte takes no room on the disk.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("large.pdf");
    std::fs::File::create(&file).unwrap().set_len(500 * 1024 * 1024).unwrap();
    let tried = hoptac(&["plan", "read", file.to_str().unwrap()]);
    assert_eq!(tried.status.code(), Some(2));
    let complaint = said(&tried.stderr);
    assert!(complaint.contains("tệp lớn hơn 50 MB") && complaint.contains("more than 50 MB"));
}

const DOCUMENT: &str = "\
ỦY BAN NHÂN DÂN
TỈNH ĐÈO GIÓ
Số: 12/KH-UBND
Đèo Gió, ngày 5 tháng 6 năm 2024
KẾ HOẠCH
Phát triển hợp tác xã đến năm 2030
II. MỤC TIÊU
Đến năm 2030
- Có khoảng 300 tổ hợp tác với 1.500 thành viên.
- Có ít nhất 20 vườn ươm cây giống.
";

#[test]
fn a_draft_pack_is_checked_with_warnings_and_cannot_be_adopted() {
    let folder = tempfile::tempdir().unwrap();
    let (file, pack) = (folder.path().join("plan.txt"), folder.path().join("deo-gio"));
    std::fs::write(&file, DOCUMENT).unwrap();
    let (file, pack) = (file.to_str().unwrap(), pack.to_str().unwrap());
    let written = hoptac(&["plan", "read", file, "--pack", pack]);
    assert_eq!(written.status.code(), Some(0), "{}", said(&written.stderr));
    assert!(
        said(&written.stdout)
            .contains("3 mục tiêu, 2 mục tiêu ứng với chỉ tiêu đã biết, 1 mục tiêu ghi TODO")
    );

    let checked = hoptac(&["pack", "check", pack, "--lang", "en"]);
    let shown = said(&checked.stdout);
    assert_eq!(checked.status.code(), Some(0), "{shown}");
    assert!(shown.contains("pack.todo") && !shown.contains("error["), "{shown}");

    let data = folder.path().join("data");
    let adopted = hoptac(&["plan", "adopt", pack, "--dir", data.to_str().unwrap()]);
    assert_eq!(adopted.status.code(), Some(2));
    assert!(said(&adopted.stderr).contains("the pack is a draft: 1 of its targets"));
    assert!(!data.exists(), "nothing was made");

    // With an indicator named, what is left open are words, and the office refuses those.
    let plan = Path::new(pack).join("plan.toml");
    let named = std::fs::read_to_string(&plan).unwrap();
    std::fs::write(&plan, named.replace("indicator = \"TODO\"", "indicator = \"groups\"")).unwrap();
    let adopted = hoptac(&["plan", "adopt", pack, "--dir", data.to_str().unwrap()]);
    assert_ne!(adopted.status.code(), Some(0));
    let complaint = said(&adopted.stdout) + &said(&adopted.stderr);
    assert!(complaint.contains("gói kế hoạch còn là dự thảo"), "{complaint}");
    let shown = hoptac(&["plan", "show", "--dir", data.to_str().unwrap()]);
    assert_ne!(shown.status.code(), Some(0), "no plan is in force");
}

#[test]
fn a_draft_pack_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (file, pack) = (folder.path().join("plan.txt"), folder.path().join("mine"));
    std::fs::write(&file, DOCUMENT).unwrap();
    std::fs::create_dir(&pack).unwrap();
    std::fs::write(pack.join("plan.toml"), "kept").unwrap();
    let (file, name) = (file.to_str().unwrap(), pack.to_str().unwrap());
    let tried = hoptac(&["plan", "read", file, "--pack", name]);
    assert_eq!(tried.status.code(), Some(2));
    assert!(said(&tried.stderr).contains("is there already"), "{}", said(&tried.stderr));
    assert_eq!(std::fs::read_to_string(pack.join("plan.toml")).unwrap(), "kept");
}

#[test]
fn a_draft_pack_comes_from_standard_input_too() {
    let folder = tempfile::tempdir().unwrap();
    let pack = folder.path().join("piped");
    let mut piped = Command::new(env!("CARGO_BIN_EXE_hoptac"))
        .args(["plan", "read", "-", "--pack", pack.to_str().unwrap()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    piped.stdin.take().unwrap().write_all(DOCUMENT.as_bytes()).unwrap();
    assert!(piped.wait_with_output().unwrap().status.success());
    let plan = std::fs::read_to_string(pack.join("plan.toml")).unwrap();
    assert!(plan.contains("id = \"piped\"") && plan.contains("12/KH-UBND"), "{plan}");
    assert!(pack.join("forms/annual-return.toml").is_file());
}
