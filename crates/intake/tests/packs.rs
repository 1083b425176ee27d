//! Packs as people hand them in: the good ones are read without an error, each bad one gives the findings of its snapshot.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use hoptac_intake::pack::{self, Check, PackFiles, Reading};
use hoptac_model::finding::Finding;

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

#[test]
fn good_packs_give_no_errors() {
    let units = known_units();
    let mut good = folders("fixtures/packs");
    good.push(root().join("packs/lang-son-2023"));
    for folder in good {
        let reading = read(&folder, &units);
        let said: Vec<String> =
            reading.findings.iter().filter(|f| f.is_error()).map(Finding::to_string).collect();
        assert!(said.is_empty(), "{}:\n{}", folder.display(), said.join("\n\n"));
        assert!(reading.accepted().is_some(), "{}", folder.display());
    }
}
