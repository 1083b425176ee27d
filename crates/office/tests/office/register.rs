//! The whole synthetic register of the demonstration, with the real places and the real plan, is accepted without a
//! refusal.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use hoptac_intake::{pack, unit};
use hoptac_model::filing::{Body, Draft, Origin, PlanAdopt, Subject, UnitsAdopt};
use hoptac_model::ids::FilingId;
use hoptac_model::pack::Pack;
use hoptac_model::unit::Places;
use hoptac_office::{Actor, Role, accept_all};
use hoptac_testkit::database::{TestDatabase, on_sqlite};
use jiff::civil::Date;

/// What the demonstration is made from.
const SEED: u64 = 2023;
const UNTIL: Date = Date::constant(2026, 10, 31);

/// Nobody waits longer for a demonstration, even on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

fn packs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

fn units() -> UnitsAdopt {
    let read = |name: &str| std::fs::read(packs().join("vn/units").join(name)).unwrap();
    let reading = unit::read(&read("units.csv"), &read("successors.csv"));
    let (units, successors) = unit::territory(&reading.units, &reading.successors, "20");
    UnitsAdopt { source: "packs/vn/units".to_owned(), units, successors }
}

fn plan() -> (Pack, String) {
    let files = pack::PackFiles::from_dir(&packs().join("lang-son-2023"));
    let reading = pack::read(&files, &pack::Check::default());
    let accepted = reading.accepted().cloned();
    (accepted.unwrap_or_else(|| panic!("{:#?}", reading.findings)), reading.files_hash)
}

/// The filings that come before the register's own.
fn first(number: u128, subject: Subject, body: Body) -> Draft {
    Draft {
        id: FilingId(uuid::Uuid::from_u128(number)),
        recorded_at: "2012-01-01T00:00:00Z".parse().unwrap(),
        effective_on: Date::constant(2012, 1, 1),
        actor: "operator".to_owned(),
        subject,
        expected_version: None,
        origin: Origin::Pack,
        key: None,
        body,
    }
}

#[test]
fn the_register_of_the_demonstration_is_accepted() {
    on_sqlite(async |database: &TestDatabase| {
        let store = database.store().await;
        let units = units();
        let (pack, files_hash) = plan();
        let places = Places::new(units.units.clone(), units.successors.clone());
        let filings = hoptac_synthetic::filings(SEED, &places, &pack, UNTIL);
        let count = u64::try_from(filings.len()).unwrap();
        let plan = Subject::plan(&pack.id);
        let adopt = Body::PlanAdopt(Box::new(PlanAdopt { files_hash, pack }));
        let mut all = [first(1, Subject::units(), Body::UnitsAdopt(units)), first(2, plan, adopt)]
            .into_iter()
            .chain(filings);

        let begun = Instant::now();
        let operator = Actor::new("operator", Role::Operator);
        let summary = accept_all(&store, &operator, &mut all, &mut |_| {}).await;
        let summary = summary.unwrap_or_else(|refusal| {
            panic!("{refusal}: {}: {:#?}", std::error::Error::source(&refusal).unwrap(), refusal)
        });
        let took = begun.elapsed();
        assert_eq!(summary.accepted, count + 2);
        assert!(took < PATIENCE, "{count} filings took {took:?}");
        // Flaws are wanted: some returns are incomplete, and some say what the register does not.
        let incomplete = summary.findings.get("return.missing-field").copied().unwrap_or(0);
        assert!((50..1000).contains(&incomplete), "{:?}", summary.findings);

        let register = store.register().await.unwrap();
        assert!(register.has_synthetic() && register.organisations.len() > 1000);
        let verified = store.verify(&mut |_| {}).await.unwrap();
        assert_eq!(verified.problem, None);
    });
}
