//! The units of the country that the project brings along are read without a finding.

use hoptac_intake::unit;
use hoptac_model::unit::Level;

#[test]
fn the_units_of_viet_nam() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/vn/units");
    let file = |name: &str| std::fs::read(format!("{folder}/{name}")).unwrap();
    let reading = unit::read(&file("units.csv"), &file("successors.csv"));
    let said: Vec<String> = reading.findings.iter().map(ToString::to_string).collect();
    assert_eq!(said, Vec::<String>::new());

    let (units, successors) = unit::territory(&reading.units, &reading.successors, "20");
    let count = |level: Level, lasting: bool| {
        units.iter().filter(|u| u.level == level && u.valid_to.is_none() == lasting).count()
    };
    // Lạng Sơn had 11 districts and 194 communes, and has 65 communes since 1 July 2025.
    assert_eq!(count(Level::District, false), 11);
    assert_eq!(count(Level::Commune, false), 194);
    assert_eq!(count(Level::Commune, true), 65);
    assert_eq!(count(Level::Province, true), 1);
    assert_eq!(successors.len(), 196);
}
