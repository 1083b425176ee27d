//! Outlines of units from `GeoJSON`: looked over, loaded by a filing, taken back, and what is wrong with a file told in a sentence. The
//! fixture is our own: squares that are the outlines of nothing.

use std::fs;

use serde_json::Value;

use crate::{own_demo, run, text};

const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/squares.geojson");

#[test]
fn outlines_are_previewed_loaded_and_taken_back() {
    let demo = own_demo();
    let demo = demo.path();
    let told = |words: &[&str], code: i32| -> Value {
        let output = run(demo, words);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{words:?}: {said} {}", text(&output.stdout));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let file = |name: &str, text: &str| {
        let path = demo.join(name);
        fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    };

    let preview = told(&["boundary", "load", FIXTURE, "--dry-run", "--json"], 0);
    let fates = |told: &Value| -> Vec<(String, String)> {
        let features = told["features"].as_array().unwrap().iter();
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        features.map(|one| (word(&one["fate"]), word(&one["unit"]))).collect()
    };
    let want = [("new", "05977.2025"), ("new", "05983.2025"), ("left_out", ""), ("left_out", "")];
    let want: Vec<(String, String)> =
        want.iter().map(|(fate, unit)| ((*fate).to_owned(), (*unit).to_owned())).collect();
    assert_eq!(fates(&preview), want, "{preview}");
    assert!(
        preview["features"][2]["why"]["en"].as_str().unwrap().contains("no unit with the code")
    );
    assert!(preview["features"][3]["why"]["en"].as_str().unwrap().contains("another feature"));
    assert_eq!(preview["findings"].as_array().unwrap().len(), 1, "{preview}");
    assert_eq!(told(&["boundary", "list", "--json"], 0), Value::Array(Vec::new()));

    let loaded = told(&["boundary", "load", FIXTURE, "--json"], 0);
    let first = loaded["position"].to_string();
    let again = told(&["boundary", "load", FIXTURE, "--json"], 1);
    assert_eq!(again["findings"][0]["code"], "boundary.same", "{again}");
    let other = file(
        "other.geojson",
        r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"code": "05977"},
            "geometry": {"type": "Polygon", "coordinates": [[[106, 21], [107, 21], [107, 22], [106, 21]]]}}]}"#,
    );
    let second = told(&["boundary", "load", &other, "--json"], 0);
    assert_eq!(second["features"][0]["fate"], "changed");
    let second = second["position"].to_string();
    let list = told(&["boundary", "list", "--json"], 0);
    assert_eq!(list[1]["set"]["changed"], 1, "{list}");

    // The last loading goes first, each once, and the outlines are then those of before.
    let early = told(&["boundary", "undo", &first, "--reason", "thử", "--json"], 1);
    assert_eq!(early["findings"][0]["code"], "boundary.not-last", "{early}");
    told(&["boundary", "undo", &second, "--reason", "thử", "--json"], 0);
    let twice = told(&["boundary", "undo", &second, "--reason", "thử", "--json"], 1);
    assert_eq!(twice["findings"][0]["code"], "boundary.unknown", "{twice}");
    let back = told(&["boundary", "load", &other, "--dry-run", "--json"], 0);
    assert_eq!(back["features"][0]["fate"], "changed", "{back}");
    told(&["boundary", "undo", &first, "--reason", "thử", "--json"], 0);
    let back = told(&["boundary", "load", &other, "--dry-run", "--json"], 0);
    assert_eq!(back["features"][0]["fate"], "new", "{back}");

    // What can be done to nobody else's file is refused before anything is filed.
    for (name, contents, want) in [
        ("empty.geojson", "", "không phải JSON"),
        ("one.geojson", r#"{"type": "Feature"}"#, "không phải là FeatureCollection"),
        ("deep.geojson", &"[".repeat(10_000), "lồng quá nhiều lớp"),
        ("large.geojson", &" ".repeat(50 << 20), "nặng hơn 30 MB"),
    ] {
        let output = run(demo, &["boundary", "load", &file(name, contents)]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(text(&output.stdout).contains(want), "{name}: {}", text(&output.stdout));
    }
    let officer = ["boundary", "load", FIXTURE, "--role", "registrar", "--actor", "x"];
    assert_eq!(run(demo, &officer).status.code(), Some(2));
    assert!(run(demo, &["verify"]).status.success());
    assert!(run(demo, &["rebuild"]).status.success());
}
