//! Bodies of filings are valid against the schemas that are published: those of the synthetic register, of the scripted life,
//! of random histories, and of the shipped plan and places. Another reader of JSON Schema says so, not our own.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use hoptac_intake::{pack, unit};
use hoptac_model::filing::{Body, FilingKind, PlanAdopt, UnitsAdopt};
use hoptac_model::pack::Pack;
use hoptac_model::unit::Places;
use hoptac_testkit::history::histories;
use jiff::civil::date;
use jsonschema::Validator;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The published schemas by kind of filing.
struct Schemas(BTreeMap<String, Validator>);

impl Schemas {
    fn read() -> Self {
        let of = |kind: &FilingKind| {
            let file = root().join(format!("docs/schemas/{}.v1.json", kind.code()));
            let schema: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
            (kind.code().to_owned(), jsonschema::validator_for(&schema).unwrap())
        };
        Self(FilingKind::ALL.iter().map(of).collect())
    }

    #[track_caller]
    fn hold(&self, kind: &str, body: &Value) {
        let wrong: Vec<String> = self.0[kind]
            .iter_errors(body)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{kind}: {wrong:#?}\n{body:#}");
    }

    #[track_caller]
    fn hold_body(&self, body: &Body) {
        self.hold(body.kind().code(), &serde_json::from_str(&body.to_canonical()).unwrap());
    }
}

fn units() -> UnitsAdopt {
    let read = |name: &str| fs::read(root().join("packs/vn/units").join(name)).unwrap();
    let reading = unit::read(&read("units.csv"), &read("successors.csv"));
    let (units, successors) = unit::territory(&reading.units, &reading.successors, "20");
    UnitsAdopt { source: "packs/vn/units".to_owned(), units, successors }
}

fn plan() -> (Pack, String) {
    let files = pack::PackFiles::from_dir(&root().join("packs/lang-son-2023"));
    let reading = pack::read(&files, &pack::Check::default());
    (reading.accepted().cloned().unwrap(), reading.files_hash)
}

#[test]
fn the_synthetic_register_with_its_plan_and_places() {
    let (schemas, units, (pack, files_hash)) = (Schemas::read(), units(), plan());
    let places = Places::new(units.units.clone(), units.successors.clone());
    let until = date(2026, 10, 31);
    let filings = hoptac_synthetic::filings(20, &places, &pack, until);
    let (rolls, _) = hoptac_synthetic::rolls(20, &places, &pack, until);
    assert!(filings.len() > 5000 && rolls.len() > 500);
    for draft in filings.iter().chain(&rolls) {
        schemas.hold_body(&draft.body);
    }
    schemas.hold_body(&Body::UnitsAdopt(units));
    schemas.hold_body(&Body::PlanAdopt(Box::new(PlanAdopt { files_hash, pack })));
}

#[test]
fn random_histories_of_every_kind_about_organisations() {
    let schemas = Schemas::read();
    let mut runner = TestRunner::deterministic();
    let strategy = histories(80);
    let mut kinds = BTreeSet::new();
    for _ in 0..200 {
        for draft in strategy.new_tree(&mut runner).unwrap().current() {
            schemas.hold_body(&draft.body);
            kinds.insert(draft.body.kind());
        }
    }
    assert!(kinds.len() > 45, "{}", kinds.len());
}

#[test]
fn the_files_of_the_scripted_life() {
    let schemas = Schemas::read();
    let folder = root().join("fixtures/life");
    let script = fs::read_to_string(folder.join("script.txt")).unwrap();
    let mut held = 0;
    for line in script.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let Some(file) =
            words.iter().find(|word| Path::new(word).extension() == Some("json".as_ref()))
        else {
            continue;
        };
        let contents: Value =
            serde_json::from_slice(&fs::read(folder.join(file)).unwrap()).unwrap();
        let kind = match words.get(1..4) {
            Some(["org", "file", kind]) => format!("organisation.{kind}"),
            Some(["return", verb, _]) => format!("return.{verb}"),
            Some(["grade", "score", _]) => "grade.self_score".to_owned(),
            Some(["grade", verb, _]) => format!("grade.{verb}"),
            // A whole filing.
            Some([_, verb, _]) if ["accept", "file"].contains(verb) => {
                schemas.hold(contents["kind"].as_str().unwrap(), &contents["body"]);
                held += 1;
                continue;
            }
            _ => continue,
        };
        // What stands refused in the script may be wrong in its form too.
        if !line.contains("(refused)") {
            schemas.hold(&kind, &contents);
            held += 1;
        }
    }
    assert!(held > 15, "{held}");
}

#[test]
fn what_is_wrong_is_told() {
    let schemas = Schemas::read();
    let suspend = &schemas.0["organisation.suspend"];
    assert!(suspend.is_valid(&json!({"reason": "bão"})));
    assert!(!suspend.is_valid(&json!({"reason": 5})));
    let change = &schemas.0["particulars.change"];
    assert!(!change.is_valid(&json!({"branches": [{"kind": "shop", "name": "Chi nhánh 1"}]})));
}
