//! The rules of every kind of filing, on what the store might know: one sound filing each, and what goes wrong with it.

use std::sync::Arc;

use hoptac_model::filing::reform::Decision;
use hoptac_model::filing::support::{
    Support, SupportApply, SupportCancel, SupportDecide, SupportPay,
};
use hoptac_model::filing::{
    Body, Change, Convert, Draft, Establish, FiguresPublish, GradeDecide, LinkChange, LinkEnd,
    LinkSign, Origin, PlanAttach, PracticeConfirm, ProductCertify, PromotionAttend, Reason,
    ReturnAccept, Subject, UnionChange, UnitsAdopt,
};
use hoptac_model::finding::{Finding, Severity};
use hoptac_model::ids::{OrganisationId, UnitId};
use hoptac_model::linkage::{Volume, VolumeUnit};
use hoptac_model::organisation::{Grade, Kind, Sector, Status};
use hoptac_model::register::{PartnerKind, Practice, Stage};
use hoptac_model::support::{Application, Decided, Payment, Policy, Programme};
use hoptac_model::text::Language;
use hoptac_model::text::Words;
use hoptac_model::unit::{Level, Successor, Unit};
use hoptac_office::{
    Known, annual_return, certificate, figure, filing, grade, link, organisation, plan, practice,
    promotion, support, union, unit,
};
use hoptac_store::{ApplicationOnFile, CertificateOnFile, LinkOnFile, OrganisationCard};
use jiff::civil::Date;

use crate::common;

/// The day on which everything here takes effect, unless a case says otherwise. It is recorded two days later.
const DAY: Date = Date::constant(2024, 3, 1);

fn id(number: u8) -> OrganisationId {
    format!("01890000-0000-7000-8000-0000000000{number:02x}").parse().expect("sixteen bytes")
}

#[expect(clippy::wildcard_enum_match_arm, reason = "most filings are about an organisation")]
fn draft(body: Body) -> Draft {
    let subject = match &body {
        Body::UnitsAdopt(_) => Subject::units(),
        Body::FiguresPublish(_) => Subject::figures(),
        Body::PlanAdopt(_) | Body::PlanAttach(_) => Subject::plan("test"),
        _ => Subject::organisation(id(1)),
    };
    Draft {
        id: "01890000-0000-7000-8000-0000000000ff".parse().expect("sixteen bytes"),
        recorded_at: "2024-03-03T02:00:00Z".parse().expect("an instant"),
        effective_on: DAY,
        actor: "registrar.178".to_owned(),
        subject,
        expected_version: None,
        origin: Origin::Live,
        key: None,
        body,
    }
}

/// A cooperative founded in 2019 with eleven members, operating.
fn card(number: u8, kind: Kind) -> OrganisationCard {
    OrganisationCard {
        id: id(number),
        code: None,
        kind,
        status: Status::Operating,
        name: format!("{} Na Chi Lăng", kind.words().vi),
        seat: "06463".into(),
        seat_former: None,
        sector: Sector::Agricultural,
        vsic: 'A',
        difficult_area: false,
        members: Some(11),
        capital: None,
        from: Date::constant(2019, 5, 6),
        founded_on: Date::constant(2019, 5, 6),
        ceased_on: None,
        synthetic: false,
        version: 1,
    }
}

fn known(kind: Kind) -> Known {
    Known {
        organisation: Some(card(1, kind)),
        plan: Some(Arc::new(common::pack())),
        ..Known::default()
    }
}

fn terminated(kind: Kind) -> Known {
    let mut known = known(kind);
    if let Some(card) = &mut known.organisation {
        card.status = Status::Terminated;
        card.from = Date::constant(2023, 6, 1);
        card.ceased_on = Some(card.from);
    }
    known
}

fn commune(id: &str, from: Option<Date>, to: Option<Date>) -> Unit {
    Unit {
        id: id.into(),
        code: id.split('.').next().unwrap_or(id).to_owned(),
        level: Level::Commune,
        name: format!("Xã {id}"),
        parent: Some("20".into()),
        lat_e4: None,
        lon_e4: None,
        valid_from: from,
        valid_to: to,
    }
}

/// Codes of findings in their order, warnings with a question mark, are the ones wanted.
#[track_caller]
fn wants(findings: &[Finding], want: &[&str]) {
    let got: Vec<String> = findings
        .iter()
        .map(|finding| match finding.severity {
            Severity::Error => finding.name(),
            Severity::Warning | Severity::Note => format!("{}?", finding.name()),
        })
        .collect();
    assert_eq!(got, want, "{findings:#?}");
    for finding in findings {
        for language in [Language::Vi, Language::En] {
            let message = finding.message.get(language);
            assert!(!message.is_empty() && !message.ends_with('.'), "{finding}");
            assert!(!finding.remedy.get(language).ends_with('.'), "{finding}");
        }
        // A rule of a form speaks for itself; what the office says, it says in each language.
        assert_ne!(finding.message.vi, finding.message.en, "{finding}");
    }
}

mod every_filing {
    use super::*;

    #[track_caller]
    fn check(change: impl FnOnce(&mut Draft), known: &Known, want: &[&str]) {
        let mut draft = draft(Body::OrganisationChange(Change::default()));
        change(&mut draft);
        wants(&filing::findings(&draft, known), want);
    }

    #[test]
    fn a_sound_one() {
        check(|_| {}, &known(Kind::Cooperative), &[]);
    }
    #[test]
    fn an_organisation_that_is_not_there() {
        check(|_| {}, &Known::default(), &["organisation.unknown"]);
    }
    #[test]
    fn an_organisation_that_is_there_already() {
        let establish =
            |draft: &mut Draft| draft.body = Body::OrganisationEstablish(sound_establish());
        check(establish, &known(Kind::Group), &["organisation.exists"]);
    }
    #[test]
    fn before_the_founding() {
        let early = |draft: &mut Draft| draft.effective_on = Date::constant(2019, 5, 5);
        check(early, &known(Kind::Group), &["filing.before-founding"]);
    }
    #[test]
    fn after_the_day_of_recording() {
        let ahead = |draft: &mut Draft| draft.effective_on = Date::constant(2024, 3, 4);
        check(ahead, &known(Kind::Group), &["filing.ahead"]);
    }
    #[test]
    fn the_day_of_recording_is_that_of_viet_nam() {
        let evening = |draft: &mut Draft| {
            draft.recorded_at = "2024-02-29T17:30:00Z".parse().expect("an instant");
        };
        check(evening, &known(Kind::Group), &[]);
    }
    #[test]
    fn a_suspension_may_be_announced() {
        let ahead = |draft: &mut Draft| {
            draft.effective_on = Date::constant(2024, 3, 10);
            draft.body = Body::OrganisationSuspend(Reason::default());
        };
        check(ahead, &known(Kind::Group), &[]);
    }
    #[test]
    fn a_mistyped_century() {
        let early = |draft: &mut Draft| draft.effective_on = Date::constant(224, 3, 1);
        let want = &["filing.day", "filing.before-founding"];
        check(early, &known(Kind::Group), want);
    }
    #[test]
    fn an_organisation_that_has_ended() {
        check(|_| {}, &terminated(Kind::Group), &["organisation.terminated"]);
    }
    #[test]
    fn a_return_after_the_end() {
        let late = |draft: &mut Draft| draft.body = Body::ReturnAccept(sound_return());
        check(late, &terminated(Kind::Group), &[]);
    }
    #[test]
    fn about_something_else() {
        let units = |draft: &mut Draft| draft.subject = Subject::units();
        check(units, &Known::default(), &["filing.subject"]);
        let places = |draft: &mut Draft| draft.body = Body::UnitsAdopt(sound_units());
        check(places, &known(Kind::Group), &["filing.subject"]);
    }
}

fn sound_establish() -> Establish {
    Establish {
        kind: Kind::Cooperative,
        name: "Hợp tác xã Na Chi Lăng".to_owned(),
        code: Some("0100233488".to_owned()),
        seat: "06463".into(),
        seat_former: None,
        vsic: 'A',
        sector: None,
        members: 7,
        capital: Some(0),
        difficult_area: true,
    }
}

mod establish {
    use super::*;

    fn places() -> Known {
        let ended = Some(Date::constant(2025, 6, 30));
        let began = Some(Date::constant(2025, 7, 1));
        let mut known = Known::default();
        for unit in [commune("06463", None, ended), commune("06463.2025", began, None)] {
            known.units.insert(unit.id.clone(), unit);
        }
        let mut district = commune("187", None, ended);
        district.level = Level::District;
        known.units.insert(district.id.clone(), district);
        known
    }

    #[track_caller]
    fn check(change: impl FnOnce(&mut Establish, &mut Known), want: &[&str]) {
        check_on(DAY, change, want);
    }

    #[track_caller]
    fn check_on(day: Date, change: impl FnOnce(&mut Establish, &mut Known), want: &[&str]) {
        let (mut body, mut known) = (sound_establish(), places());
        change(&mut body, &mut known);
        let mut draft = draft(Body::OrganisationEstablish(body.clone()));
        draft.effective_on = day;
        wants(&organisation::establish(&draft, &body, &known), want);
    }

    #[test]
    fn a_sound_one() {
        check(|_, _| {}, &[]);
    }
    #[test]
    fn fewer_members_than_the_law_asked_then() {
        check(|body, _| body.members = 6, &["members.too-few"]);
        check_on(Date::constant(2024, 7, 1), |body, _| body.members = 5, &[]);
    }
    #[test]
    fn names_that_are_none() {
        check(|body, _| body.name = "  ".to_owned(), &["text.empty"]);
        check(|body, _| body.name = "Hợp tác xã\nNa".to_owned(), &["text.control"]);
        check(|body, _| body.name = "Hợp tác xã Na ".to_owned(), &["text.blanks"]);
        check(|body, _| body.name = "Hợp tác xã Chè Ba\u{302}".to_owned(), &["text.not-nfc"]);
        check(|body, _| body.name = "ă".repeat(301), &["text.too-long"]);
        check(|body, _| body.name = "ă".repeat(300), &[]);
    }
    #[test]
    fn a_name_of_another_kind() {
        check(|body, _| body.name = "THT Na Chi Lăng".to_owned(), &["name.other-kind?"]);
    }
    #[test]
    fn codes() {
        check(|body, _| body.code = Some("0100233480".to_owned()), &["code.wrong"]);
        check(|_, known| known.code_owner = Some(id(2)), &["code.taken"]);
        check(|body, _| body.code = None, &["organisation.no-code?"]);
    }
    #[test]
    fn seats() {
        check(|body, _| body.seat = "99999".into(), &["seat.unknown"]);
        check(|body, _| body.seat = "187".into(), &["seat.not-a-commune"]);
        check(|body, _| body.seat = "06463.2025".into(), &["seat.not-on-the-day"]);
        check(|body, _| body.seat_former = Some("06463".into()), &["seat.former-exists"]);
        check(|body, _| body.seat_former = Some("99999".into()), &["seat.former-unknown"]);
        let today = Date::constant(2025, 7, 1);
        check_on(today, |_, _| {}, &["seat.not-on-the-day"]);
        let moved = |body: &mut Establish, _: &mut Known| {
            body.seat = "06463.2025".into();
            body.seat_former = Some("06463".into());
        };
        check_on(today, moved, &[]);
    }
    #[test]
    fn everything_else_that_cannot_be() {
        check(|body, _| body.capital = Some(-1), &["capital.negative"]);
        check(|body, _| body.vsic = 'a', &["vsic.unknown"]);
    }
    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let wrong = |body: &mut Establish, _: &mut Known| {
            body.name = String::new();
            body.seat = "99999".into();
            body.members = -3;
        };
        check(wrong, &["text.empty", "seat.unknown", "members.too-few"]);
    }
}

#[test]
fn changes() {
    #[track_caller]
    fn check(body: &Change, want: &[&str]) {
        let mut known = known(Kind::Cooperative);
        let seat = commune("06463", None, None);
        known.units.insert(seat.id.clone(), seat);
        let draft = draft(Body::OrganisationChange(body.clone()));
        wants(&organisation::change(&draft, body, &known), want);
    }
    let none = Change::default();
    check(&none, &["change.empty"]);
    check(&Change { members: Some(12), ..none.clone() }, &[]);
    check(&Change { members: Some(6), ..none.clone() }, &["members.too-few?"]);
    check(&Change { members: Some(-1), ..none.clone() }, &["members.negative", "members.too-few?"]);
    check(&Change { capital: Some(-1), ..none.clone() }, &["capital.negative"]);
    check(&Change { seat: Some("06463".into()), ..none.clone() }, &[]);
    check(&Change { seat: Some("0".into()), ..none.clone() }, &["seat.unknown"]);
    check(&Change { seat_former: Some("06463".into()), ..none.clone() }, &["seat.former-alone"]);
    check(&Change { vsic: Some('Z'), ..none.clone() }, &["vsic.unknown"]);
    check(&Change { code: Some("1".to_owned()), ..none.clone() }, &["code.wrong"]);
    check(&Change { name: Some("Tổ hợp tác Na".to_owned()), ..none }, &["name.other-kind?"]);
}

#[test]
fn a_change_behind_what_is_registered() {
    let mut known = known(Kind::Cooperative);
    known.organisation.as_mut().expect("it is there").from = Date::constant(2024, 3, 2);
    let body = Change { members: Some(12), ..Change::default() };
    let draft = draft(Body::OrganisationChange(body.clone()));
    wants(&organisation::change(&draft, &body, &known), &["filing.back-dated?"]);
}

#[test]
fn suspensions_and_resumptions() {
    #[track_caller]
    fn check(status: Status, from: Date, suspend: &[&str], resume: &[&str]) {
        let mut known = known(Kind::Cooperative);
        let card = known.organisation.as_mut().expect("it is there");
        (card.status, card.from) = (status, from);
        let body = Reason { reason: "thiếu vốn".to_owned() };
        let stop = draft(Body::OrganisationSuspend(body.clone()));
        wants(&organisation::suspend(&stop, &body, &known), suspend);
        let start = draft(Body::OrganisationResume(body.clone()));
        wants(&organisation::resume(&start, &body, &known), resume);
    }
    let before = Date::constant(2023, 1, 1);
    check(Status::Operating, before, &[], &["organisation.status"]);
    check(Status::Suspended, before, &["organisation.status"], &[]);
    check(Status::Closing, before, &["organisation.status"], &["organisation.status"]);
    let later = Date::constant(2024, 3, 2);
    let both = &["organisation.status", "filing.out-of-order"];
    check(Status::Operating, later, &["filing.out-of-order"], both);
}

#[test]
fn conversions() {
    #[track_caller]
    fn check(change: impl FnOnce(&mut Convert, &mut OrganisationCard), want: &[&str]) {
        let mut known = known(Kind::Group);
        let mut body = Convert {
            to: Kind::Cooperative,
            name: "Hợp tác xã Na Chi Lăng".to_owned(),
            members: 7,
            capital: None,
        };
        change(&mut body, known.organisation.as_mut().expect("it is there"));
        let draft = draft(Body::OrganisationConvert(body.clone()));
        wants(&organisation::convert(&draft, &body, &known), want);
    }
    check(|_, _| {}, &[]);
    check(|body, _| body.members = 6, &["members.too-few"]);
    check(|_, card| card.kind = Kind::Cooperative, &["convert.kind"]);
    check(|_, card| card.status = Status::Suspended, &["organisation.status"]);
    check(|_, card| card.founded_on = Date::constant(2023, 3, 1), &[]);
    check(|_, card| card.founded_on = Date::constant(2023, 3, 2), &["convert.too-young"]);
    check(|body, _| body.capital = Some(-5), &["capital.negative"]);
    let union = |body: &mut Convert, _: &mut OrganisationCard| {
        body.to = Kind::Union;
        body.name = "Liên hiệp hợp tác xã Na".to_owned();
    };
    check(union, &["convert.to"]);
}

#[test]
fn ends() {
    let mut known = known(Kind::Group);
    let body = Reason::default();
    let draft = draft(Body::OrganisationDissolve(body.clone()));
    wants(&organisation::dissolve(&draft, &body, &known), &[]);
    known.organisation.as_mut().expect("it is there").from = Date::constant(2024, 3, 2);
    wants(&organisation::dissolve(&draft, &body, &known), &["filing.out-of-order"]);
}

fn sound_return() -> ReturnAccept {
    let values = [
        ("members_total", 11),
        ("members_female", 11),
        ("workers", 9),
        ("revenue", 500_000_000),
        ("profit_before_tax", -20_000_000),
        ("keeps_books", 1),
    ];
    ReturnAccept {
        year: 2023,
        form_version: 1,
        values: values.into_iter().map(|(field, value)| (field.to_owned(), value)).collect(),
    }
}

mod returns {
    use super::*;

    #[track_caller]
    fn check(change: impl FnOnce(&mut ReturnAccept), want: &[&str]) {
        let mut body = sound_return();
        change(&mut body);
        let draft = draft(Body::ReturnAccept(body.clone()));
        wants(&annual_return::findings(&draft, &body, &known(Kind::Cooperative)), want);
    }

    #[track_caller]
    fn check_value(field: &str, value: i64, want: &[&str]) {
        let set = |body: &mut ReturnAccept| {
            body.values.insert(field.to_owned(), value);
        };
        check(set, want);
    }

    #[test]
    fn a_sound_one() {
        check(|_| {}, &[]);
    }
    #[test]
    fn years() {
        check(|body| body.year = 2025, &["return.year-ahead"]);
        check(|body| body.year = 2024, &[]);
        check(|body| body.year = 2019, &[]);
        check(|body| body.year = 2018, &["return.before-founding"]);
    }
    #[test]
    fn a_part_is_at_most_the_whole() {
        check_value("members_female", 12, &["return.check/women-among-members"]);
        check_value("workers_female", 10, &["return.check/women-among-workers"]);
        check_value("workers_female", 9, &[]);
    }
    #[test]
    fn a_part_without_its_whole_is_not_judged() {
        let gap = |body: &mut ReturnAccept| {
            body.values.remove("workers");
            body.values.insert("workers_female".to_owned(), 400);
        };
        check(gap, &["return.missing-field?"]);
    }
    #[test]
    fn values_are_of_their_type() {
        check_value("workers", -1, &["return.value"]);
        check_value("keeps_books", 2, &["return.value"]);
        check_value("revenue", -1, &["return.check/revenue-not-negative"]);
        check_value("colour", 1, &["return.unknown-field"]);
    }
    #[test]
    fn what_is_possible_but_seldom_true() {
        check_value("profit_before_tax", 600_000_000, &["return.check/profit-above-revenue?"]);
        check_value("members_total", 23, &["return.check/members-differ?"]);
        check_value("revenue", 5_000_000_000, &[]);
    }
    #[test]
    fn a_form_of_another_version() {
        check(|body| body.form_version = 2, &["return.form-version?"]);
    }
    #[test]
    fn without_a_plan() {
        let body = sound_return();
        let known = Known { plan: None, ..known(Kind::Cooperative) };
        let draft = draft(Body::ReturnAccept(body.clone()));
        wants(&annual_return::findings(&draft, &body, &known), &["return.no-form"]);
    }
    #[test]
    fn after_the_end() {
        let mut body = sound_return();
        let known = terminated(Kind::Cooperative);
        let draft = draft(Body::ReturnAccept(body.clone()));
        wants(&annual_return::findings(&draft, &body, &known), &[]);
        body.year = 2024;
        wants(&annual_return::findings(&draft, &body, &known), &["return.after-end"]);
    }
}

#[test]
fn grades() {
    #[track_caller]
    fn check(kind: Kind, change: impl FnOnce(&mut GradeDecide), want: &[&str]) {
        let mut body = GradeDecide {
            year: 2023,
            ruleset: "tt01-2020".to_owned(),
            score_tenths: 799,
            grade: Grade::Fair,
            sheet: None,
        };
        change(&mut body);
        let draft = draft(Body::GradeDecide(body.clone()));
        wants(&grade::findings(&draft, &body, &known(kind)), want);
    }
    let cooperative = Kind::Cooperative;
    check(cooperative, |_| {}, &[]);
    check(Kind::Union, |_| {}, &[]);
    check(Kind::Group, |_| {}, &["grade.group"]);
    check(cooperative, |body| body.year = 2025, &["grade.year-ahead"]);
    check(cooperative, |body| body.year = 2020, &[]);
    check(cooperative, |body| body.year = 2019, &["grade.too-young"]);
    check(cooperative, |body| body.score_tenths = 800, &["grade.disagrees"]);
    check(cooperative, |body| body.score_tenths = 650, &[]);
    check(cooperative, |body| body.grade = Grade::Weak, &["grade.weak-despite-score?"]);
    check(cooperative, |body| body.ruleset = "tt99".to_owned(), &["grade.ruleset"]);
    let beyond = |body: &mut GradeDecide| (body.score_tenths, body.grade) = (1001, Grade::Good);
    check(cooperative, beyond, &["grade.score"]);
}

#[test]
fn a_grade_by_rules_that_do_not_hold_yet() {
    let body = GradeDecide {
        year: 2020,
        ruleset: "tt01-2020".to_owned(),
        score_tenths: 499,
        grade: Grade::Weak,
        sheet: None,
    };
    let mut draft = draft(Body::GradeDecide(body.clone()));
    draft.effective_on = Date::constant(2020, 3, 31);
    let found = grade::findings(&draft, &body, &known(Kind::Cooperative));
    wants(&found, &["grade.ruleset-ahead"]);
}

fn sound_link() -> LinkSign {
    LinkSign {
        link: "HĐ 01/2024".to_owned(),
        partner: "0314409058-002".to_owned(),
        partner_name: "Doanh nghiệp mô phỏng 001".to_owned(),
        partner_kind: PartnerKind::Enterprise,
        product: "na".to_owned(),
        stages: vec![Stage::Processing, Stage::Sale],
        to: Some(Date::constant(2024, 3, 2)),
        value: Some(0),
        volume: Some(Volume { amount: 12_000, unit: VolumeUnit::Kg }),
        area: Some(25_000),
        proof: "bản sao hợp đồng".to_owned(),
    }
}

/// Terms of a contract on file, from one day to another.
fn terms(from: Date, to: Option<Date>) -> LinkOnFile {
    LinkOnFile {
        from,
        to,
        signed_on: from,
        partner: "0314409058-002".to_owned(),
        partner_name: "Doanh nghiệp mô phỏng 001".to_owned(),
        partner_kind: PartnerKind::Enterprise,
        product: "na".to_owned(),
        stages: vec![Stage::Processing, Stage::Sale],
        value: None,
        volume: None,
        area: None,
        proof: String::new(),
    }
}

#[test]
fn contracts() {
    #[track_caller]
    fn check(change: impl FnOnce(&mut LinkSign, &mut Known), want: &[&str]) {
        let (mut body, mut known) = (sound_link(), known(Kind::Cooperative));
        change(&mut body, &mut known);
        let draft = draft(Body::LinkSign(body.clone()));
        wants(&link::sign(&draft, &body, &known), want);
    }
    check(|_, _| {}, &[]);
    check(|body, _| body.stages.clear(), &["link.no-sale"]);
    check(|body, _| body.stages = vec![Stage::Harvest], &["link.no-sale"]);
    check(
        |body, _| body.stages = vec![Stage::Sale, Stage::Sale],
        &["link.no-form?", "link.stage-twice"],
    );
    check(|body, _| body.to = Some(DAY), &["link.days"]);
    check(|body, _| body.to = None, &[]);
    check(|body, _| body.value = Some(-1), &["link.value"]);
    check(|body, _| body.link = String::new(), &["text.empty"]);
    check(|_, known| known.link = vec![terms(DAY, None)], &["link.exists"]);
    check(|body, _| body.stages = vec![Stage::Harvest, Stage::Sale], &["link.no-form?"]);
    check(|body, _| body.proof = String::new(), &["link.no-proof?"]);
    check(|body, _| body.area = Some(0), &["link.amount"]);
    let none = Some(Volume { amount: -5, unit: VolumeUnit::Litre });
    check(|body, _| body.volume = none, &["link.amount"]);
    let elsewhere = |body: &mut LinkSign, _: &mut Known| {
        body.partner_kind = PartnerKind::Organisation;
    };
    check(elsewhere, &["link.partner-elsewhere?"]);
    let nobody = |body: &mut LinkSign, _: &mut Known| {
        body.partner_kind = PartnerKind::Organisation;
        body.partner = "01890000-0000-7000-8000-0000000000ff".to_owned();
    };
    check(nobody, &["link.partner-unknown"]);
    let organisation = |known: &mut Known, ceased_on| {
        let card = known.organisation.clone().expect("it is there");
        let id = "01890000-0000-7000-8000-0000000000fe".parse().expect("an identity");
        known.partner = Some(OrganisationCard { id, ceased_on, ..card });
    };
    check(|_, known| organisation(known, None), &["link.partner-kind"]);
    let partner = |ceased_on| {
        move |body: &mut LinkSign, known: &mut Known| {
            body.partner_kind = PartnerKind::Organisation;
            organisation(known, ceased_on);
        }
    };
    check(partner(None), &[]);
    check(partner(Some(DAY)), &["link.partner-ended"]);
    let own = |body: &mut LinkSign, known: &mut Known| {
        known.organisation.as_mut().expect("it is there").code = Some(body.partner.clone());
    };
    check(own, &["link.itself"]);
}

#[test]
fn ends_of_contracts() {
    #[track_caller]
    fn check(on_file: Vec<LinkOnFile>, want: &[&str]) {
        let body = LinkEnd { link: "HĐ 01/2024".to_owned(), reason: String::new() };
        let known = Known { link: on_file, ..known(Kind::Cooperative) };
        wants(&link::end(&draft(Body::LinkEnd(body.clone())), &body, &known), want);
    }
    let before = Date::constant(2023, 1, 1);
    let after = Date::constant(2024, 3, 2);
    check(vec![terms(before, None)], &[]);
    check(vec![terms(before, Some(after))], &[]);
    check(Vec::new(), &["link.unknown"]);
    check(vec![terms(after, None)], &["link.days"]);
    check(vec![terms(before, Some(before))], &["link.ended"]);
    let changed_later = LinkOnFile { signed_on: before, ..terms(after, None) };
    check(vec![changed_later], &["link.order"]);
}

#[test]
fn changes_of_contracts() {
    #[track_caller]
    fn check(body: LinkChange, on_file: Vec<LinkOnFile>, want: &[&str]) {
        let body = LinkChange { link: "HĐ 01/2024".to_owned(), ..body };
        let known = Known { link: on_file, ..known(Kind::Cooperative) };
        wants(&link::change(&draft(Body::LinkChange(body.clone())), &body, &known), want);
    }
    let none = LinkChange::default;
    let before = Date::constant(2023, 1, 1);
    let after = Date::constant(2024, 3, 2);
    let running = || vec![terms(before, None)];
    check(LinkChange { value: Some(7), ..none() }, running(), &[]);
    check(LinkChange { open_ended: true, ..none() }, running(), &[]);
    check(none(), running(), &["link.empty-change"]);
    check(LinkChange { reason: "mất mùa".to_owned(), ..none() }, running(), &["link.empty-change"]);
    check(LinkChange { to: Some(DAY), ..none() }, running(), &["link.days"]);
    let two = LinkChange { to: Some(after), open_ended: true, ..none() };
    check(two, running(), &["link.two-ends"]);
    let no_sale = LinkChange { stages: Some(vec![Stage::Input]), value: Some(-1), ..none() };
    check(no_sale, running(), &["link.no-sale", "link.value"]);
    check(LinkChange { value: Some(7), ..none() }, Vec::new(), &["link.unknown"]);
    check(LinkChange { value: Some(7), ..none() }, vec![terms(after, None)], &["link.order"]);
    let ended = vec![terms(before, Some(before))];
    check(LinkChange { value: Some(7), ..none() }, ended, &["link.ended"]);
}

#[test]
fn certificates() {
    #[track_caller]
    fn check(kind: &str, stars: Option<u8>, to: Option<Date>, on_file: bool, want: &[&str]) {
        let body = ProductCertify {
            certificate: "OCOP-2024-01".to_owned(),
            product: "na".to_owned(),
            kind: kind.to_owned(),
            stars,
            to,
            ..ProductCertify::default()
        };
        let held = CertificateOnFile {
            product: "na".to_owned(),
            kind: kind.to_owned(),
            from: DAY,
            to: None,
            withdrawn_on: None,
            stars: None,
            score_tenths: None,
            renews: None,
            decision: String::new(),
        };
        let known = Known { certificate: on_file.then_some(held), ..known(Kind::Cooperative) };
        let draft = draft(Body::ProductCertify(body.clone()));
        wants(&certificate::findings(&draft, &body, &known), want);
    }
    let to = Some(Date::constant(2027, 2, 28));
    check("ocop", Some(5), to, false, &[]);
    check("vietgap", None, None, false, &[]);
    check("ocop", None, to, false, &["certificate.no-stars"]);
    check("ocop", Some(6), to, false, &["certificate.stars"]);
    check("ocop", Some(0), to, false, &["certificate.stars"]);
    check("vietgap", Some(3), to, false, &["certificate.stars"]);
    check("ocop", Some(3), Some(DAY), false, &["certificate.days", "certificate.span?"]);
    check("ocop", Some(3), None, false, &[]);
    let other = Some(Date::constant(2027, 3, 1));
    check("ocop", Some(3), other, false, &["certificate.span?"]);
    check("ocop", Some(3), to, true, &["certificate.exists"]);
}

#[test]
fn check_lists() {
    #[track_caller]
    fn check(items: &[&str], by: &str, to: Option<Date>, want: &[&str]) {
        let body = PracticeConfirm {
            practice: Practice::Digital,
            items: items.iter().map(|item| (*item).to_owned()).collect(),
            confirmed_by: by.to_owned(),
            to,
            evidence: String::new(),
        };
        let draft = draft(Body::PracticeConfirm(body.clone()));
        wants(&practice::findings(&draft, &body, &known(Kind::Cooperative)), want);
    }
    check(&["phần mềm kế toán"], "so-cong-thuong", None, &[]);
    check(&[], "so-cong-thuong", None, &["practice.empty"]);
    check(&[""], "so-cong-thuong", None, &["text.empty"]);
    check(&["phần mềm"], "so-khac", None, &["practice.agency?"]);
    check(&["phần mềm"], "so-cong-thuong", Some(DAY), &["practice.days"]);
}

#[test]
fn points_give_the_stars_of_a_certificate() {
    #[track_caller]
    fn check(stars: Option<u8>, score_tenths: Option<i32>, want: &[&str]) {
        let body = ProductCertify {
            certificate: "OCOP-2024-01".to_owned(),
            product: "na".to_owned(),
            kind: "ocop".to_owned(),
            stars,
            score_tenths,
            ..ProductCertify::default()
        };
        let draft = draft(Body::ProductCertify(body.clone()));
        wants(&certificate::findings(&draft, &body, &known(Kind::Cooperative)), want);
    }
    check(None, Some(705), &[]);
    check(Some(4), Some(705), &[]);
    check(Some(3), Some(705), &["certificate.stars-score"]);
    check(None, Some(1001), &["certificate.score"]);
}

/// A programme of 100 million, 60 for one organisation, and an application that was granted 50.
fn known_support() -> Known {
    let programme = Programme {
        id: "p".to_owned(),
        policy: Policy::Market,
        title: Words::new("p", "p"),
        source: "1/QĐ".to_owned(),
        opens: Date::constant(2023, 1, 1),
        closes: Some(Date::constant(2024, 12, 31)),
        budget: Some(100),
        per_organisation: Some(60),
        kinds: vec![Kind::Cooperative],
        audit: false,
        condition: None,
        note: Words::default(),
    };
    let one = |organisation, granted: Option<i64>, paid: &[i64]| ApplicationOnFile {
        organisation: id(organisation),
        application: Application {
            application: "1".to_owned(),
            programme: "p".to_owned(),
            on: Date::constant(2023, 6, 1),
            requested: 60,
            decision: granted.map(|granted| Decided {
                on: Date::constant(2023, 7, 1),
                approved: true,
                granted,
                document: String::new(),
            }),
            payments: paid
                .iter()
                .map(|amount| Payment {
                    on: Date::constant(2023, 8, 1),
                    amount: *amount,
                    document: String::new(),
                })
                .collect(),
            ..Application::default()
        },
    };
    Known {
        programmes: vec![programme],
        applications: vec![one(1, Some(50), &[30]), one(2, Some(40), &[])],
        ..known(Kind::Cooperative)
    }
}

#[test]
fn support_is_paid_within_every_ceiling() {
    #[track_caller]
    fn check(body: &Support, change: impl FnOnce(&mut Known), want: &[&str]) {
        let mut known = known_support();
        change(&mut known);
        wants(&support::findings(&draft(Body::Support(body.clone())), body, &known), want);
    }
    let amount = |amount| SupportPay {
        application: "1".to_owned(),
        amount,
        document: "UNC 01".to_owned(),
        reason: String::new(),
    };
    check(&Support::Pay(amount(20)), |_| {}, &[]);
    check(&Support::Pay(amount(21)), |_| {}, &["support.ceiling"]);
    check(&Support::Pay(amount(0)), |_| {}, &["support.amount"]);
    check(&Support::Pay(amount(9)), |known| known.applications.clear(), &["support.unknown"]);
    check(&Support::Repay(amount(30)), |_| {}, &[]);
    check(&Support::Repay(amount(31)), |_| {}, &["support.repays-more"]);
    let decide = |amount| {
        Support::Decide(SupportDecide {
            application: "1".to_owned(),
            approved: amount > 0,
            amount,
            decision: Decision {
                number: "1/QĐ-UBND".to_owned(),
                date: DAY,
                issuer: "UBND tỉnh".to_owned(),
            },
            reason: String::new(),
        })
    };
    let waiting = |known: &mut Known| known.applications[0].application.decision = None;
    check(&decide(50), |_| {}, &["support.decided"]);
    check(&decide(60), waiting, &[]);
    // More than one organisation may get, more than was asked for, and the other has 40 of the 100.
    check(&decide(61), waiting, &["support.grants-more?", "support.ceiling", "support.ceiling"]);
    check(&decide(0), waiting, &[]);
    let apply = |programme: &str, amount| {
        Support::Apply(SupportApply {
            application: "2".to_owned(),
            programme: programme.to_owned(),
            amount,
            purpose: "bao bì".to_owned(),
            no_penalty: Some(true),
        })
    };
    check(&apply("p", 10), |_| {}, &[]);
    check(&apply("q", 10), |_| {}, &["support.programme"]);
    check(&apply("p", 61), |_| {}, &["support.asks-much?"]);
    let closed = |known: &mut Known| known.programmes[0].closes = Some(Date::constant(2024, 1, 1));
    check(&apply("p", 10), closed, &["support.closed"]);
    let group = |known: &mut Known| {
        known.organisation.as_mut().expect("it is there").kind = Kind::Group;
    };
    check(&apply("p", 10), group, &["support.kind"]);
    let cancel = |reason: &str| {
        Support::Cancel(SupportCancel { application: "1".to_owned(), reason: reason.to_owned() })
    };
    check(&cancel("không thực hiện"), |_| {}, &["support.owed?"]);
    check(&cancel(""), waiting, &["text.empty", "support.owed?"]);
}

#[test]
fn events() {
    let event = |event: &str| promotion::findings(&PromotionAttend { event: event.to_owned() });
    wants(&event("Hội chợ mô phỏng"), &[]);
    wants(&event(""), &["text.empty"]);
}

#[test]
fn unions() {
    #[track_caller]
    fn check(change: impl FnOnce(&mut Known), join: &[&str], leave: &[&str]) {
        let mut known = known(Kind::Cooperative);
        known.union = Some(card(2, Kind::Union));
        change(&mut known);
        let body = UnionChange { union: id(2) };
        let draft = draft(Body::UnionJoin(body.clone()));
        wants(&union::join(&draft, &body, &known), join);
        wants(&union::leave(&draft, &body, &known), leave);
    }
    check(|_| {}, &[], &["union.no-member"]);
    check(|known| known.member_since = Some(DAY), &["union.member-already"], &[]);
    let tomorrow = Some(Date::constant(2024, 3, 2));
    check(|known| known.member_since = tomorrow, &["union.member-already"], &["union.days"]);
    let unknown = &["union.unknown"];
    check(|known| known.union = None, unknown, &["union.unknown", "union.no-member"]);
    let group = |known: &mut Known| known.organisation = Some(card(1, Kind::Group));
    check(group, &["union.member-kind"], &["union.no-member"]);
    let no_union = |known: &mut Known| known.union = Some(card(2, Kind::Cooperative));
    check(no_union, &["union.kind"], &["union.kind", "union.no-member"]);
    let young = |known: &mut Known| {
        known.union.as_mut().expect("it is there").founded_on = Date::constant(2024, 3, 2);
    };
    check(young, &["union.days"], &["union.no-member"]);
    let gone = |known: &mut Known| {
        known.union.as_mut().expect("it is there").status = Status::Terminated;
    };
    check(gone, &["union.terminated"], &["union.no-member"]);
}

#[test]
fn figures() {
    #[track_caller]
    fn check(change: impl FnOnce(&mut FiguresPublish, &mut Known), want: &[&str]) {
        let mut body = FiguresPublish { figures: vec![common::figure("groups-2023")] };
        let mut known = Known { plan: Some(Arc::new(common::pack())), ..Known::default() };
        known.units.insert("20".into(), commune("20", None, None));
        change(&mut body, &mut known);
        let draft = draft(Body::FiguresPublish(body.clone()));
        wants(&figure::findings(&draft, &body, &known), want);
    }
    check(|_, _| {}, &[]);
    check(|body, _| body.figures.clear(), &["figure.none"]);
    check(|_, known| known.plan = None, &["figure.no-plan"]);
    check(|_, known| known.units.clear(), &["figure.unit"]);
    check(|body, _| body.figures.push(common::figure("groups-2023")), &["figure.exists"]);
    check(|body, _| body.figures = vec![common::figure("groups-2022")], &["figure.exists"]);
    check(|body, _| body.figures.iter_mut().for_each(|f| f.value = f64::NAN), &["figure.value"]);
    let series = |body: &mut FiguresPublish, _: &mut Known| {
        body.figures.iter_mut().for_each(|f| f.indicator = "rainfall".into());
    };
    check(series, &["figure.series"]);
}

#[test]
fn plans() {
    #[track_caller]
    fn check(change: impl FnOnce(&mut hoptac_model::filing::PlanAdopt), want: &[&str]) {
        let pack = common::pack();
        let hash = hoptac_model::filing::Hash::ZERO.to_string();
        let mut body = hoptac_model::filing::PlanAdopt { files_hash: hash, pack };
        change(&mut body);
        let known = Known { plan: Some(Arc::new(common::pack())), ..Known::default() };
        wants(&plan::adopt(&body, &known), want);
    }
    check(|_| {}, &[]);
    check(|body| body.pack.targets.clear(), &["plan.empty"]);
    check(|body| body.pack.indicators.clear(), &["plan.empty"]);
    check(|body| body.pack.document.title.en = "TODO".to_owned(), &["plan.draft"]);
    check(|body| body.files_hash = "abc".to_owned(), &["plan.hash"]);
    check(|body| body.pack.id = "other".to_owned(), &["plan.replaces?"]);
}

#[test]
fn texts_of_plans() {
    #[track_caller]
    fn check(text: &str, pack: Option<hoptac_model::pack::Pack>, want: &[&str]) {
        let body = PlanAttach {
            file_name: "115-KH-UBND.txt".to_owned(),
            file_hash: hoptac_model::filing::Hash::ZERO.to_string(),
            text: text.to_owned(),
        };
        let known = Known { plan: pack.map(Arc::new), ..Known::default() };
        wants(&plan::attach(&draft(Body::PlanAttach(body.clone())), &body, &known), want);
    }
    check("KẾ HOẠCH\n", Some(common::pack()), &[]);
    check("\n", Some(common::pack()), &["plan.no-text"]);
    check("KẾ HOẠCH", None, &["plan.none"]);
    let mut other = common::pack();
    other.id = "other".to_owned();
    check("KẾ HOẠCH", Some(other), &["plan.other"]);
}

fn sound_units() -> UnitsAdopt {
    let mut province = commune("20", None, None);
    province.level = Level::Province;
    province.parent = None;
    let ended = Some(Date::constant(2025, 6, 30));
    let began = Some(Date::constant(2025, 7, 1));
    UnitsAdopt {
        source: "danh mục đơn vị hành chính".to_owned(),
        units: vec![province, commune("05977", None, ended), commune("05977.2025", began, None)],
        successors: vec![Successor {
            old: "05977".into(),
            new: "05977.2025".into(),
            whole: true,
            default: true,
        }],
    }
}

#[test]
fn places() {
    #[track_caller]
    fn check(change: impl FnOnce(&mut UnitsAdopt), want: &[&str]) {
        let mut body = sound_units();
        change(&mut body);
        wants(&unit::findings(&body, &Known::default()), want);
    }
    fn last(body: &mut UnitsAdopt) -> &mut Unit {
        body.units.last_mut().expect("three units")
    }
    check(|_| {}, &[]);
    check(|body| last(body).parent = Some("21".into()), &["unit.parent"]);
    check(|body| last(body).parent = Some("05977".into()), &["unit.level"]);
    check(|body| last(body).valid_from = None, &["unit.overlap"]);
    check(|body| last(body).valid_to = Some(DAY), &["unit.days"]);
    check(|body| last(body).name = String::new(), &["text.empty"]);
    check(|body| body.source = String::new(), &["text.empty"]);
    let twice = |body: &mut UnitsAdopt| {
        let unit = last(body).clone();
        body.units.push(unit);
    };
    check(twice, &["unit.twice"]);
    let lost = |body: &mut UnitsAdopt| {
        body.successors.iter_mut().for_each(|next| next.new = UnitId::from("06000"));
    };
    check(lost, &["unit.successor"]);
    let nothing = |body: &mut UnitsAdopt| {
        body.units.clear();
        body.successors.clear();
    };
    check(nothing, &["unit.none"]);
}
