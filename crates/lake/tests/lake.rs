//! The program as people run it: folders that were meddled with, figures that differ, a scheduler with two executors.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, BooleanArray, RecordBatch};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use sha2::{Digest as _, Sha256};

fn lake(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hoptac-lake")).args(words).output().unwrap()
}

/// Exports a province and gives the folder.
fn exported(within: &Path) -> String {
    let folder = within.join("s").to_str().unwrap().to_owned();
    let output = lake(&["export", &folder, "--nation", "s"]);
    assert!(output.status.success(), "{output:?}");
    folder
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_file_that_is_not_the_one_meant_is_refused_by_its_name() {
    let within = tempfile::tempdir().unwrap();
    let folder = exported(within.path());
    assert!(lake(&["verify", &folder]).status.success());

    let path = Path::new(&folder).join("facts/year=2019/facts.parquet");
    let whole = fs::read(&path).unwrap();
    let mut other = whole.clone();
    other[1000] ^= 1;
    fs::write(&path, other).unwrap();
    for words in [["verify", &folder], ["run", &folder], ["compare", &folder]] {
        let output = lake(&words);
        assert_eq!(output.status.code(), Some(2));
        let told = said(&output.stderr);
        let want = "`facts/year=2019/facts.parquet` is not the file that the manifest means: its SHA-256 is";
        assert!(told.contains(want), "{told}");
    }

    fs::remove_file(&path).unwrap();
    let told = said(&lake(&["run", &folder]).stderr);
    assert!(
        told.contains("names `facts/year=2019/facts.parquet`, which is not in the folder"),
        "{told}"
    );

    fs::write(&path, &whole).unwrap();
    fs::copy(&path, Path::new(&folder).join("facts/year=2019/more.parquet")).unwrap();
    let told = said(&lake(&["run", &folder]).stderr);
    assert!(
        told.contains("has `facts/year=2019/more.parquet`, which the manifest does not name"),
        "{told}"
    );
}

/// Turns the flag of one row of a file around and has the manifest mean the new file.
fn meddle(folder: &str, file: &str, flag: &str, row: usize) {
    let path = Path::new(folder).join(file);
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&path).unwrap()).unwrap();
    let batches: Vec<RecordBatch> =
        reader.with_batch_size(1 << 20).build().unwrap().map(Result::unwrap).collect();
    let batch = &batches[0];
    let at = batch.schema().index_of(flag).unwrap();
    let mut columns: Vec<ArrayRef> = batch.columns().to_vec();
    let old = columns[at].as_any().downcast_ref::<BooleanArray>().unwrap();
    let new: BooleanArray =
        (0..old.len()).map(|i| old.is_valid(i).then(|| old.value(i) != (i == row))).collect();
    columns[at] = Arc::new(new);
    let batch = RecordBatch::try_new(batch.schema(), columns).unwrap();
    let mut writer =
        ArrowWriter::try_new(File::create(&path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();

    let hash = Sha256::digest(fs::read(&path).unwrap());
    let hash = hash.iter().fold(String::new(), |digits, byte| format!("{digits}{byte:02x}"));
    let manifest = Path::new(folder).join("manifest.json");
    let mut value: serde_json::Value =
        serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
    for one in value["files"].as_array_mut().unwrap() {
        if one["path"] == file {
            one["sha256"] = hash.clone().into();
        }
    }
    fs::write(manifest, value.to_string()).unwrap();
}

#[test]
fn one_changed_fact_is_found_here_and_on_two_executors() {
    let within = tempfile::tempdir().unwrap();
    let folder = exported(within.path());
    let work = within.path().join("work").to_str().unwrap().to_owned();
    let measure = ["measure", "--of", &folder, "--folder", &work, "--json"];

    let output = lake(&measure);
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(output.status.success(), "{told:#}");
    for at in ["embedded", "ballista"] {
        let compared = &told[at]["compared"];
        assert_eq!(compared["apart"], 0);
        // 42 indicators, 130 units, 10 years.
        assert_eq!(compared["equal"], 42 * 130 * 10, "{at}: {compared:#}");
    }
    let usage = &told["ballista"]["parts"][0]["usage"];
    let who: Vec<&str> =
        usage.as_array().unwrap().iter().map(|one| one["who"].as_str().unwrap()).collect();
    assert_eq!(who, ["client", "scheduler", "executor 1", "executor 2"]);

    meddle(&folder, "facts/year=2021/facts.parquet", "registered", 100);
    let output = lake(&measure);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output.stderr));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    for at in ["embedded", "ballista"] {
        let first = told[at]["compared"]["told"][0].as_str().unwrap();
        assert!(
            first.starts_with("registered for n (n) in 2021: the engine has "),
            "{at}: {first}"
        );
    }
}
