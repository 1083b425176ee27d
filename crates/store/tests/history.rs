//! Histories that reach every table, and how tests append them.

use hoptac_model::filing::{
    Body, Draft, FiguresPublish, Filing, GradeDecide, LinkEnd, LinkSign, PlanAdopt, PlanAttach,
    PracticeConfirm, ProductCertify, PromotionAttend, ReturnAccept, Subject, UnionChange,
    UnitsAdopt,
};
use hoptac_model::organisation::Grade;
use hoptac_model::register::{PartnerKind, Practice, Stage};
use hoptac_model::unit::{Level, Successor, Unit};
use hoptac_store::{Error, Store};
use hoptac_testkit::draft::Drafts;
use hoptac_testkit::pack::{figure, small_pack};
use jiff::civil::date;

/// Appends drafts in one transaction.
pub(crate) async fn append_all(store: &Store, drafts: &[Draft]) -> Result<Vec<Filing>, Error> {
    let mut writing = store.begin().await?;
    let mut filings = Vec::with_capacity(drafts.len());
    for draft in drafts {
        filings.push(writing.append(draft).await?);
    }
    writing.commit().await?;
    Ok(filings)
}

/// Appends one draft.
pub(crate) async fn append(store: &Store, draft: &Draft) -> Result<Filing, Error> {
    append_all(store, std::slice::from_ref(draft)).await.map(|mut filings| filings.remove(0))
}

/// A filing of nearly every kind: each table holds at least one row.
pub(crate) fn full() -> Vec<Draft> {
    let mut d = Drafts::default();
    let (one, union) = (d.organisation(), d.organisation());
    let plan = Subject::plan("thu-2023");
    let day = date(2023, 6, 1);
    let last = Some(date(2025, 6, 30));
    let unit = |id: &str, name: &str, valid_from, valid_to| Unit {
        id: id.into(),
        code: "05977".to_owned(),
        level: Level::Commune,
        name: name.to_owned(),
        parent: Some("20".into()),
        lat_e4: Some(218_500),
        lon_e4: None,
        valid_from,
        valid_to,
    };
    let units = UnitsAdopt {
        source: "Nghị quyết 1672".to_owned(),
        units: vec![
            unit("05977", "Phường Vĩnh Trại", None, last),
            unit("05977.2025", "Phường Đông Kinh", Some(date(2025, 7, 1)), None),
        ],
        successors: vec![Successor {
            old: "05977".into(),
            new: "05977.2025".into(),
            whole: true,
            default: true,
        }],
    };
    let adopted = PlanAdopt { files_hash: "ab".repeat(32), pack: small_pack("thu-2023") };
    let attached = PlanAttach {
        file_name: "ke-hoach.txt".to_owned(),
        file_hash: "cd".repeat(32),
        text: "Kế hoạch\nphát triển kinh tế tập thể\n".to_owned(),
    };
    let figures = FiguresPublish { figures: vec![figure("population-2023", day, 807.3)] };
    let signed = LinkSign {
        link: "HĐ-1".to_owned(),
        partner: "4900000001".to_owned(),
        partner_name: "Công ty Hồi Lạng".to_owned(),
        partner_kind: PartnerKind::Enterprise,
        product: "hoa hồi".to_owned(),
        stages: vec![Stage::Input, Stage::Sale],
        to: None,
        value: Some(250_000_000),
        ..LinkSign::default()
    };
    let certified = ProductCertify {
        certificate: "OCOP-1".to_owned(),
        product: "na dai".to_owned(),
        kind: "ocop".to_owned(),
        stars: Some(4),
        to: None,
        ..ProductCertify::default()
    };
    let confirmed = PracticeConfirm {
        practice: Practice::Digital,
        items: vec!["nhật ký điện tử".to_owned()],
        confirmed_by: "so-nnmt".to_owned(),
        to: None,
        evidence: String::new(),
    };
    let graded = GradeDecide {
        year: 2022,
        ruleset: "tt01-2020".to_owned(),
        score_tenths: 815,
        grade: Grade::Good,
        sheet: None,
    };
    let values = [("members_total", 7), ("profit_before_tax", -3_000_000)];
    let returned = ReturnAccept {
        year: 2023,
        form_version: 1,
        values: values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
    };
    let ended = LinkEnd { link: "HĐ-1".to_owned(), reason: String::new() };
    vec![
        d.draft(Subject::units(), day, Body::UnitsAdopt(units)),
        d.draft(plan.clone(), day, Body::PlanAdopt(Box::new(adopted))),
        d.draft(plan, day, Body::PlanAttach(attached)),
        d.draft(Subject::figures(), day, Body::FiguresPublish(figures)),
        d.establish(one, date(2023, 1, 10)),
        d.establish(union, date(2023, 1, 10)),
        d.about(one, day, Body::LinkSign(signed)),
        d.about(one, day, Body::ProductCertify(certified)),
        d.about(one, day, Body::PracticeConfirm(confirmed)),
        d.about(one, day, Body::PromotionAttend(PromotionAttend { event: "hội chợ".to_owned() })),
        d.about(one, day, Body::UnionJoin(UnionChange { union })),
        d.about(one, day, Body::GradeDecide(graded)),
        d.about(one, date(2023, 4, 1), Body::ReturnAccept(returned)),
        d.about(one, date(2023, 12, 31), Body::LinkEnd(ended)),
        d.suspend(one, date(2024, 2, 1)),
    ]
}
