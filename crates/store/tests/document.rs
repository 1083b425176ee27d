//! The worked example of `docs/ledger.md` is what the program does.

use hoptac_model::filing::{Body, Draft, Filing, Hash, Origin, Reason, Subject};
use jiff::civil::date;

const DOCUMENT: &str = include_str!("../../../docs/ledger.md");

#[test]
fn the_worked_example_holds() {
    let draft = Draft {
        id: "01890000-0000-7000-8000-000000000001".parse().unwrap(),
        recorded_at: "2024-01-02T03:04:05Z".parse().unwrap(),
        effective_on: date(2024, 1, 1),
        actor: "can-bo-dang-ky".to_owned(),
        subject: Subject("organisation/01890000-0000-7000-8000-00000000000a".to_owned()),
        expected_version: None,
        origin: Origin::Live,
        key: None,
        body: Body::OrganisationSuspend(Reason { reason: "mưa lũ".to_owned() }),
    };
    let filing = Filing::seal(&draft, 1, 1, Hash::ZERO);
    let example = block("```text\n");
    assert_eq!(
        Hash::of(example.as_bytes()),
        filing.hash,
        "the hashed lines are those of the filing"
    );
    assert!(DOCUMENT.contains(&format!("\n{}\n", filing.hash)), "should be {}", filing.hash);
}

#[test]
fn every_column_of_the_ledger_is_explained() {
    let ledger = include_str!("../migrations/0001_ledger.sql");
    let columns = ledger.lines().skip_while(|line| !line.starts_with("CREATE TABLE ledger"));
    for line in columns.skip(1).take_while(|line| *line != ");") {
        let column = line.split_whitespace().next().unwrap();
        assert!(DOCUMENT.contains(&format!("| `{column}` |")), "{column} is explained");
    }
}

/// The first fenced block that begins so.
fn block(fence: &str) -> &'static str {
    let (_, rest) = DOCUMENT.split_once(fence).unwrap();
    let (block, _) = rest.split_once("```").unwrap();
    block
}
