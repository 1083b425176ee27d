//! Reports that are issued: their files stay as they are, nobody issues twice or for a part that is not theirs, and a
//! back-dated filing names the editions that it would change.

#![expect(clippy::indexing_slicing, reason = "a test that reaches past an end fails, as it should")]

use hoptac_model::account::{Scope, SignsFor};
use hoptac_model::filing::edition::{EditionFile, EditionIssue};
use hoptac_model::filing::{Body, Draft, Hash, Subject};
use hoptac_model::period::Period;
use hoptac_model::report::{EditionFormat, ReportKind};
use hoptac_office::{Actor, Refusal, Role, consequence, edition};
use hoptac_testkit::database::TestDatabase;
use hoptac_testkit::draft::Drafts;
use jiff::civil::Date;

use crate::ledger::set_up;

hoptac_testkit::both_databases! {
    an_edition_keeps_its_bytes,
    the_same_edition_is_not_issued_twice,
    an_edition_without_its_files_is_refused,
    a_registrar_issues_only_for_its_own_territory,
    a_back_dated_filing_names_the_editions_it_would_change,
    a_file_that_was_changed_or_lost_is_found,
}

const ISSUED: Date = Date::constant(2024, 1, 1);
const AS_OF: Date = Date::constant(2023, 12, 31);

fn files() -> Vec<(EditionFormat, Vec<u8>)> {
    vec![
        (EditionFormat::Json, br#"{"blocks":[]}"#.to_vec()),
        (EditionFormat::Pdf, b"%PDF-1.7 b\xc3\xa1o c\xc3\xa1o \xff\x00".to_vec()),
    ]
}

fn bytes() -> Vec<Vec<u8>> {
    files().into_iter().map(|(_, bytes)| bytes).collect()
}

fn draft(drafts: &mut Drafts, unit: &str) -> Draft {
    let files = files();
    let code = edition::code(&files[0].1);
    let issue = EditionIssue {
        report: ReportKind::Yearly,
        period: Period::Year(2023),
        unit: unit.into(),
        organisation: None,
        as_of: AS_OF,
        figures_position: 2,
        title: "BÁO CÁO Kết quả năm 2023".to_owned(),
        number: "05/BC-UBND".to_owned(),
        signer: "Nguyễn Văn Mẫu".to_owned(),
        capacity: SignsFor::Kt,
        edits: [("opening".to_owned(), "Kính gửi.".to_owned())].into(),
        files: files
            .iter()
            .map(|(format, bytes)| EditionFile {
                format: *format,
                hash: Hash::of(bytes).to_string(),
                bytes: bytes.len() as u64,
            })
            .collect(),
    };
    drafts.draft(Subject::edition(&code), ISSUED, Body::EditionIssue(Box::new(issue)))
}

fn owner() -> Actor {
    Actor::new("so-tai-chinh", Role::PlanOwner)
}

#[track_caller]
fn codes(refusal: Refusal) -> Vec<&'static str> {
    let Refusal::Invalid(findings) = refusal else { panic!("{refusal:?}") };
    findings.iter().map(|finding| finding.code).collect()
}

async fn an_edition_keeps_its_bytes(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = set_up(database, &mut drafts).await;
    let accepted =
        edition::issue(&store, &owner(), draft(&mut drafts, "20"), &bytes()).await.unwrap();
    assert_eq!(accepted.filing.actor, "so-tai-chinh");
    let kept = store.editions().await.unwrap();
    assert_eq!(kept.len(), 1);
    for (format, bytes) in files() {
        let hash = &kept[0].issue.file(format).unwrap().hash;
        assert_eq!(store.kept_file(hash).await.unwrap().as_deref(), Some(bytes.as_slice()));
    }
    let found = store.find_edition(&kept[0].code).await.unwrap();
    assert_eq!(found.as_ref(), kept.first());
    assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
}

async fn the_same_edition_is_not_issued_twice(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = set_up(database, &mut drafts).await;
    edition::issue(&store, &owner(), draft(&mut drafts, "20"), &bytes()).await.unwrap();
    let again = draft(&mut drafts, "20");
    let refused = edition::issue(&store, &owner(), again, &bytes()).await.unwrap_err();
    assert_eq!(codes(refused), ["edition.issued"]);
}

async fn an_edition_without_its_files_is_refused(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = set_up(database, &mut drafts).await;
    let refused = hoptac_office::accept(&store, &owner(), draft(&mut drafts, "20")).await;
    assert_eq!(codes(refused.unwrap_err()), ["edition.kept", "edition.kept"]);
    // What was kept for a refused edition goes with it.
    let mut wrong = draft(&mut drafts, "20");
    wrong.subject = Subject::edition("nope");
    let refused = edition::issue(&store, &owner(), wrong, &bytes()).await.unwrap_err();
    assert_eq!(codes(refused), ["edition.code"]);
    let hash = Hash::of(&bytes()[0]).to_string();
    assert_eq!(store.kept_file(&hash).await.unwrap(), None);
}

async fn a_registrar_issues_only_for_its_own_territory(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = set_up(database, &mut drafts).await;
    let registrar = Actor::new("registrar.178", Role::Registrar)
        .within(Scope { territory: Some("178".into()), ..Scope::ALL });
    for unit in ["20", "180"] {
        let refused = edition::issue(&store, &registrar, draft(&mut drafts, unit), &bytes()).await;
        assert!(matches!(refused, Err(Refusal::OutOfScope { .. })), "{unit}: {refused:?}");
    }
    edition::issue(&store, &registrar, draft(&mut drafts, "05971"), &bytes()).await.unwrap();
    let leader = Actor::new("leader", Role::Leader);
    let refused = edition::issue(&store, &leader, draft(&mut drafts, "20"), &bytes()).await;
    assert!(matches!(refused, Err(Refusal::NotAllowed { .. })), "{refused:?}");
}

async fn a_back_dated_filing_names_the_editions_it_would_change(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = set_up(database, &mut drafts).await;
    let group = drafts.organisation();
    edition::issue(&store, &owner(), draft(&mut drafts, "20"), &bytes()).await.unwrap();
    let founding = drafts.establish(group, Date::constant(2020, 3, 2));
    let operator = Actor::new("operator", Role::Operator);
    let foreseen = consequence::foresee(&store, &operator, founding).await.unwrap();
    let states = foreseen.states.unwrap();
    let editions = &states.consequences.editions;
    assert_eq!(editions.len(), 1);
    assert_eq!((editions[0].on, editions[0].position), (AS_OF, 3));
}

async fn a_file_that_was_changed_or_lost_is_found(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = set_up(database, &mut drafts).await;
    edition::issue(&store, &owner(), draft(&mut drafts, "20"), &bytes()).await.unwrap();
    let hash = Hash::of(&bytes()[1]).to_string();
    let sql = format!("UPDATE kept_file SET bytes = 'AAAA' WHERE hash = '{hash}'");
    database.tamper(&sql).await;
    let problem = store.verify(&mut |_| ()).await.unwrap().problem.unwrap();
    assert_eq!((problem.position, problem.table.as_str()), (Some(3), "kept_file"));
    assert!(problem.what.contains("the .pdf of edition"), "{}", problem.what);
    database.tamper(&format!("DELETE FROM kept_file WHERE hash = '{hash}'")).await;
    let problem = store.verify(&mut |_| ()).await.unwrap().problem.unwrap();
    assert!(problem.what.ends_with("is missing"), "{}", problem.what);
}
