//! What the program carries with it: the plan of Lạng Sơn and the places of the whole country, so that one binary is
//! enough on a machine without a network.

use std::collections::BTreeSet;

use crate::sentence::refuse;
use anyhow::Result;
use hoptac_intake::pack::PackFiles;
use hoptac_intake::unit;
use hoptac_model::unit::{Successor, Unit};

/// A file of the packs folder, by its path there.
macro_rules! packed {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/", $path)).as_slice())),*]
    };
}

/// The files of the plan pack that the program ships with. A test holds this list against the folder.
const PLAN: &[(&str, &[u8])] = packed![
    "lang-son-2023/plan.toml",
    "lang-son-2023/figures.csv",
    "lang-son-2023/forms/annual-return.toml",
    "lang-son-2023/rulesets/tt01-2020.toml",
    "lang-son-2023/rulesets/tt09-2017.toml",
];

const UNITS: &[u8] = include_bytes!("../../../packs/vn/units/units.csv");
const SUCCESSORS: &[u8] = include_bytes!("../../../packs/vn/units/successors.csv");

/// The plan pack of Lạng Sơn, as files.
pub(crate) fn plan() -> PackFiles {
    PackFiles::new(
        PLAN.iter().map(|(path, bytes)| (path.trim_start_matches("lang-son-2023/"), *bytes)),
    )
}

fn places() -> unit::Reading {
    unit::read(UNITS, SUCCESSORS)
}

/// The codes of all places of the country, of all times.
pub(crate) fn unit_codes() -> BTreeSet<String> {
    places().units.into_iter().map(|unit| unit.code).collect()
}

/// The territory of a unit: its whole subtree in all times, its ancestors, and who followed whom.
pub(crate) fn territory(code: &str) -> Result<(Vec<Unit>, Vec<Successor>)> {
    let places = places();
    if let Some(finding) = places.findings.iter().find(|finding| finding.is_error()) {
        refuse!(
            "danh mục đơn vị kèm theo chương trình có lỗi: {finding}",
            "the shipped places have a fault: {finding}",
            finding = finding.to_string()
        );
    }
    let (units, successors) = unit::territory(&places.units, &places.successors, code);
    if units.is_empty() {
        refuse!(
            "danh mục đơn vị kèm theo chương trình không có đơn vị `{code}`",
            "the shipped places have no unit `{code}`",
            code
        );
    }
    Ok((units, successors))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_of_the_pack_is_carried() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/lang-son-2023");
        let on_disk = PackFiles::from_dir(&folder);
        let carried = plan();
        assert_eq!(
            carried.files.keys().collect::<Vec<_>>(),
            on_disk.files.keys().collect::<Vec<_>>()
        );
    }

    #[test]
    fn lang_son_has_its_places_of_both_times() {
        use hoptac_model::unit::Level;
        let (units, successors) = territory("20").unwrap();
        let count = |level, ended: bool| {
            units.iter().filter(|u| u.level == level && u.valid_to.is_some() == ended).count()
        };
        assert_eq!(count(Level::District, true), 11);
        assert_eq!(count(Level::Commune, true), 194);
        assert_eq!(count(Level::Commune, false), 65);
        assert_eq!(successors.len(), 196);
    }
}
