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

#[test]
fn a_bad_document_is_one_sentence_exit_code_2_and_no_change() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let bad = [
        ("empty.docx", Vec::new(), "is empty"),
        ("picture.docx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "is a picture"),
        ("cut.pdf", b"%PDF-1.7\n1 0 obj".to_vec(), "damaged or cut off"),
        ("cut.docx", b"PK\x03\x04\0\0".to_vec(), "cut off or damaged"),
        ("old.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), "before 2007"),
    ];
    let data_folder = data.to_str().unwrap();
    let pack = root().join("packs/lang-son-2023");
    let adopted = hoptac(&["plan", "adopt", pack.to_str().unwrap(), "--dir", data_folder]);
    assert_eq!(adopted.status.code(), Some(0), "{}", said(&adopted.stderr));
    for (name, bytes, want) in bad {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        for verb in ["read", "attach"] {
            let tried = hoptac(&["plan", verb, file.to_str().unwrap(), "--dir", data_folder]);
            let complaint = said(&tried.stderr);
            assert_eq!(tried.status.code(), Some(2), "{verb} {name}: {complaint}");
            assert!(complaint.contains(want), "{verb} {name}: {complaint}");
            assert_eq!(complaint.trim_end().lines().count(), 1, "{complaint}");
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
    assert!(said(&tried.stderr).contains("more than 50 MB"));
}
