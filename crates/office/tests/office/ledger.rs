//! The whole way into the ledger, on both databases: what is kept, what is refused, and that a refusal leaves nothing.

use hoptac_model::filing::{
    Body, Change, Convert, Draft, Establish, FiguresPublish, GradeDecide, Hash, LinkChange,
    LinkEnd, LinkSign, PlanAdopt, PlanAttach, PracticeConfirm, ProductCertify, PromotionAttend,
    ReturnAccept, Subject, UnionChange, UnitsAdopt,
};
use hoptac_model::ids::OrganisationId;
use hoptac_model::organisation::{Grade, Kind};
use hoptac_model::register::{PartnerKind, Practice, Stage};
use hoptac_model::unit::{Level, Unit};
use hoptac_office::{Actor, Refusal, Role, accept, accept_all, check, glance};
use hoptac_store::Store;
use hoptac_testkit::database::TestDatabase;
use hoptac_testkit::draft::{Drafts, establishment};
use jiff::SignedDuration;
use jiff::civil::Date;

use crate::common;

hoptac_testkit::both_databases! {
    every_kind_of_filing_finds_its_way,
    a_repeated_submission_is_answered_with_the_first,
    a_key_is_not_used_twice_for_different_things,
    whoever_saw_an_older_version_is_told_what_changed,
    a_refusal_leaves_nothing_behind,
    a_lot_is_kept_whole_or_not_at_all,
    a_role_files_only_what_is_its_own,
    nobody_files_in_anothers_name,
    the_clock_does_not_go_back,
    a_check_files_nothing,
    a_glance_waits_for_nobody,
}

const FOUNDED: Date = Date::constant(2020, 3, 2);
const LATER: Date = Date::constant(2023, 6, 1);

fn operator() -> Actor {
    Actor::new("operator", Role::Operator)
}

fn registrar() -> Actor {
    Actor::new("registrar.178", Role::Registrar)
}

pub(crate) fn places() -> UnitsAdopt {
    let unit = |id: &str, level, parent: Option<&str>| Unit {
        id: id.into(),
        code: id.to_owned(),
        level,
        name: format!("Đơn vị {id}"),
        parent: parent.map(Into::into),
        lat_e4: None,
        lon_e4: None,
        valid_from: None,
        valid_to: None,
    };
    UnitsAdopt {
        source: "danh mục đơn vị hành chính".to_owned(),
        units: vec![
            unit("20", Level::Province, None),
            unit("178", Level::District, Some("20")),
            unit("05971", Level::Commune, Some("178")),
            unit("180", Level::District, Some("20")),
            unit("06001", Level::Commune, Some("180")),
        ],
        successors: Vec::new(),
    }
}

/// A store with places and a plan.
pub(crate) async fn set_up(database: &TestDatabase, drafts: &mut Drafts) -> Store {
    let store = database.store().await;
    let pack = PlanAdopt { files_hash: Hash::ZERO.to_string(), pack: common::pack() };
    let first = [
        drafts.draft(Subject::units(), FOUNDED, Body::UnitsAdopt(places())),
        drafts.draft(Subject::plan("test"), FOUNDED, Body::PlanAdopt(Box::new(pack))),
    ];
    for draft in first {
        accept(&store, &operator(), draft).await.unwrap();
    }
    store
}

fn cooperative(id: OrganisationId) -> Body {
    let body = Establish { kind: Kind::Cooperative, ..establishment(id) };
    Body::OrganisationEstablish(Establish {
        name: body.name.replace("Tổ hợp tác", "HTX"), ..body
    })
}

async fn every_kind_of_filing_finds_its_way(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = set_up(database, &mut drafts).await;
    let [group, other, union] = std::array::from_fn(|_| drafts.organisation());
    let a_union = Establish {
        kind: Kind::Union,
        name: "Liên hiệp hợp tác xã Rau".to_owned(),
        ..establishment(union)
    };
    let plan = Subject::plan("test");
    let text = PlanAttach {
        file_name: "ke-hoach.txt".to_owned(),
        file_hash: Hash::of("KẾ HOẠCH".as_bytes()).to_string(),
        text: "KẾ HOẠCH".to_owned(),
    };
    let figures = FiguresPublish { figures: vec![common::figure("groups-mid-2022")] };
    let change = Change { code: Some("0100233488".to_owned()), ..Change::default() };
    let values =
        [("members_total", 9), ("workers", 5), ("revenue", 1000), ("profit_before_tax", 1)]
            .map(|(field, value)| (field.to_owned(), value))
            .into();
    let annual_return = ReturnAccept { year: 2022, form_version: 1, values };
    let grade = GradeDecide {
        year: 2022,
        ruleset: "tt01-2020".to_owned(),
        score_tenths: 655,
        grade: Grade::Fair,
        sheet: None,
    };
    let link = LinkSign {
        link: "HĐ 01".to_owned(),
        partner: "DNMP-001".to_owned(),
        partner_name: "Doanh nghiệp mô phỏng 001".to_owned(),
        partner_kind: PartnerKind::Enterprise,
        product: "rau".to_owned(),
        stages: vec![Stage::Sale],
        ..LinkSign::default()
    };
    let change_of_link =
        LinkChange { link: "HĐ 01".to_owned(), value: Some(5), ..LinkChange::default() };
    let end = LinkEnd { link: "HĐ 01".to_owned(), reason: String::new() };
    let certificate = ProductCertify {
        certificate: "VIETGAP-2023".to_owned(),
        product: "rau".to_owned(),
        kind: "vietgap".to_owned(),
        stars: None,
        to: None,
        ..ProductCertify::default()
    };
    let practice = PracticeConfirm {
        practice: Practice::Digital,
        items: vec!["phần mềm kế toán".to_owned()],
        confirmed_by: "so-cong-thuong".to_owned(),
        to: None,
        evidence: String::new(),
    };
    let event = PromotionAttend { event: "Hội chợ mô phỏng".to_owned() };
    let convert = Convert {
        to: Kind::Cooperative,
        name: "Hợp tác xã Rau Đồng Đăng".to_owned(),
        members: 9,
        capital: None,
    };
    let member = UnionChange { union };

    let all = vec![
        drafts.draft(plan, LATER, Body::PlanAttach(text)),
        drafts.draft(Subject::figures(), LATER, Body::FiguresPublish(figures)),
        drafts.establish(group, FOUNDED),
        drafts.about(other, FOUNDED, cooperative(other)),
        drafts.about(union, FOUNDED, Body::OrganisationEstablish(a_union)),
        drafts.about(group, LATER, Body::OrganisationChange(change)),
        drafts.suspend(group, LATER),
        drafts.resume(group, LATER),
        drafts.about(group, LATER, Body::OrganisationConvert(convert)),
        drafts.about(group, LATER, Body::ReturnAccept(annual_return)),
        drafts.about(group, LATER, Body::GradeDecide(grade)),
        drafts.about(group, LATER, Body::LinkSign(link)),
        drafts.about(group, LATER, Body::LinkChange(change_of_link)),
        drafts.about(group, LATER, Body::LinkEnd(end)),
        drafts.about(group, LATER, Body::ProductCertify(certificate)),
        drafts.about(group, LATER, Body::PracticeConfirm(practice)),
        drafts.about(group, LATER, Body::PromotionAttend(event)),
        drafts.about(group, LATER, Body::UnionJoin(member.clone())),
        drafts.about(group, LATER, Body::UnionLeave(member)),
        drafts.dissolve(other, LATER),
    ];
    for draft in all {
        let kind = draft.body.kind();
        if let Err(refusal) = accept(&store, &operator(), draft).await {
            panic!("{}: {refusal}", kind.code());
        }
    }
    // Twenty here and the two of the set-up, in which two kinds of their own are.
    assert_eq!(store.position().await.unwrap(), 22);
    let register = store.register().await.unwrap();
    assert_eq!((register.organisations.len(), register.returns.len()), (3, 1));
    let verified = store.verify(&mut |_| {}).await.unwrap();
    assert_eq!(verified.problem, None);
}

async fn a_repeated_submission_is_answered_with_the_first(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = set_up(database, &mut drafts).await;
    let id = drafts.organisation();
    let keyed = |draft: Draft| Draft { key: Some("form-7".to_owned()), ..draft };
    let first = accept(&store, &registrar(), keyed(drafts.establish(id, FOUNDED))).await.unwrap();
    let second = accept(&store, &registrar(), keyed(drafts.establish(id, FOUNDED))).await.unwrap();
    assert!(!first.repeated && second.repeated);
    assert_eq!(first.filing, second.filing);
    assert_eq!(store.position().await.unwrap(), first.filing.position);
}

async fn a_key_is_not_used_twice_for_different_things(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = set_up(database, &mut drafts).await;
    let id = drafts.organisation();
    let keyed = |draft: Draft| Draft { key: Some("form-7".to_owned()), ..draft };
    accept(&store, &registrar(), keyed(drafts.establish(id, FOUNDED))).await.unwrap();
    let other = keyed(drafts.members(id, LATER, 12));
    let refusal = accept(&store, &registrar(), other).await.unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "the key `form-7` was used for another filing, at position 3; a new filing needs a key of its own"
    );
}

async fn whoever_saw_an_older_version_is_told_what_changed(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = set_up(database, &mut drafts).await;
    let id = drafts.organisation();
    for draft in [drafts.establish(id, FOUNDED), drafts.members(id, LATER, 12)] {
        accept(&store, &registrar(), draft).await.unwrap();
    }
    let seen = |version, draft: Draft| Draft { expected_version: Some(version), ..draft };
    let refusal =
        accept(&store, &registrar(), seen(1, drafts.members(id, LATER, 13))).await.unwrap_err();
    assert!(matches!(refusal, Refusal::Changed { expected: 1, actual: 2, .. }), "{refusal:?}");
    let told = "(organisation.change from 1 June 2023); look at it again and file anew";
    assert!(refusal.to_string().ends_with(told), "{refusal}");
    accept(&store, &registrar(), seen(2, drafts.members(id, LATER, 13))).await.unwrap();
}

async fn a_refusal_leaves_nothing_behind(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = set_up(database, &mut drafts).await;
    let before = store.head().await.unwrap();
    let id = drafts.organisation();
    let refusal = accept(&store, &registrar(), drafts.members(id, LATER, -1)).await.unwrap_err();
    let codes: Vec<&str> = refusal.findings().iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["organisation.unknown", "members.negative"]);
    assert!(refusal.to_string().ends_with("(organisation.unknown); one more thing is wrong"));
    assert_eq!(store.head().await.unwrap(), before);
    // The writer is free again.
    accept(&store, &registrar(), drafts.establish(id, FOUNDED)).await.unwrap();
}

async fn a_lot_is_kept_whole_or_not_at_all(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = set_up(database, &mut drafts).await;
    let mut lots: Vec<Draft> = (0..1002)
        .map(|_| {
            let id = drafts.organisation();
            drafts.establish(id, FOUNDED)
        })
        .collect();
    // The first lot is sound; the second breaks at its last filing.
    let known = lots.first().unwrap().subject.as_organisation().unwrap();
    lots.push(drafts.establish(known, FOUNDED));
    let mut heard = Vec::new();
    let refusal =
        accept_all(&store, &operator(), &mut lots.into_iter(), &mut |done| heard.push(done))
            .await
            .unwrap_err();
    let Refusal::InLot { number: 1003, refusal, .. } = refusal else { panic!("{refusal:?}") };
    assert!(matches!(*refusal, Refusal::Invalid(_)), "{refusal:?}");
    assert_eq!(heard, [1000]);
    assert_eq!(store.position().await.unwrap(), 1002);

    let one = drafts.organisation();
    let mut rest = [drafts.establish(one, FOUNDED), drafts.members(one, LATER, 1)].into_iter();
    let summary = accept_all(&store, &operator(), &mut rest, &mut |_| {}).await.unwrap();
    assert_eq!((summary.accepted, summary.position), (2, 1004));
    assert_eq!(summary.findings.into_iter().collect::<Vec<_>>(), [("members.too-few", 1)]);
}

async fn a_role_files_only_what_is_its_own(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = set_up(database, &mut drafts).await;
    let id = drafts.organisation();
    let leader = Actor::new("chu-tich", Role::Leader);
    let refusal = accept(&store, &leader, drafts.establish(id, FOUNDED)).await.unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "leader may not file organisation.establish; ask somebody whose office it is"
    );
}

async fn nobody_files_in_anothers_name(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = set_up(database, &mut drafts).await;
    let id = drafts.organisation();
    let borrowed = Draft { actor: "registrar.186".to_owned(), ..drafts.establish(id, FOUNDED) };
    let accepted = accept(&store, &registrar(), borrowed).await.unwrap();
    assert_eq!(accepted.filing.actor, "registrar.178");
}

async fn the_clock_does_not_go_back(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = set_up(database, &mut drafts).await;
    let id = drafts.organisation();
    let first = accept(&store, &registrar(), drafts.establish(id, FOUNDED)).await.unwrap();
    let last = first.filing.recorded_at;
    let (waiting, late) = (drafts.organisation(), drafts.organisation());
    // It may have waited twenty seconds for its turn, and clocks may be five apart.
    let mut early = drafts.establish(waiting, FOUNDED);
    early.recorded_at = last - SignedDuration::from_secs(25);
    let accepted = accept(&store, &registrar(), early).await.unwrap();
    assert_eq!(accepted.filing.recorded_at, last);
    let mut early = drafts.establish(late, FOUNDED);
    early.recorded_at = last - SignedDuration::from_millis(25_001);
    let refusal = accept(&store, &registrar(), early).await.unwrap_err();
    assert!(matches!(refusal, Refusal::RecordedBack { .. }), "{refusal:?}");
}

async fn a_check_files_nothing(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = set_up(database, &mut drafts).await;
    let id = drafts.organisation();
    let before = store.head().await.unwrap();
    let sound = check(&store, &registrar(), drafts.establish(id, FOUNDED)).await.unwrap();
    assert_eq!(sound, []);
    let owner = Actor::new("so-tai-chinh", Role::PlanOwner);
    let found = check(&store, &owner, drafts.members(id, LATER, 3)).await.unwrap();
    let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["organisation.unknown", "filing.not-allowed"]);
    assert_eq!(store.head().await.unwrap(), before);
}

async fn a_glance_waits_for_nobody(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = set_up(database, &mut drafts).await;
    let id = drafts.organisation();
    // Somebody files for so long that whoever waited would be told that the database is busy.
    let writing = store.begin().await.unwrap();
    let sound = glance(&store, &registrar(), drafts.establish(id, FOUNDED)).await.unwrap();
    assert_eq!(sound, []);
    let found = glance(&store, &registrar(), drafts.members(id, LATER, 3)).await.unwrap();
    let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["organisation.unknown"]);
    drop(writing);
}
