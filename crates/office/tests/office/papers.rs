//! The rules for what is on its way: returns handed in and sent back, checks waived, scores and reviews.

use std::collections::BTreeMap;
use std::sync::Arc;

use hoptac_model::filing::annual_return::{ReturnSendBack, ReturnSubmit, ReturnWaive};
use hoptac_model::filing::grade::{GradeReview, GradeSelfScore};
use hoptac_model::filing::{Body, Draft, GradeDecide, Origin, ReturnAccept, Subject};
use hoptac_model::finding::{Finding, Severity};
use hoptac_model::grading::{Score, Sheet};
use hoptac_model::ids::OrganisationId;
use hoptac_model::organisation::{Grade, Kind, Sector, Status};
use hoptac_office::{Known, annual_return, grade};
use hoptac_store::{AcceptedReturn, OrganisationCard, Paper, PaperAct, SheetOnFile, Stage, Waiver};
use jiff::civil::Date;

use crate::common;

const DAY: Date = Date::constant(2024, 3, 1);

fn id() -> OrganisationId {
    "01890000-0000-7000-8000-000000000001".parse().expect("sixteen bytes")
}

fn draft(body: Body) -> Draft {
    Draft {
        id: "01890000-0000-7000-8000-0000000000ff".parse().expect("sixteen bytes"),
        recorded_at: "2024-03-03T02:00:00Z".parse().expect("an instant"),
        effective_on: DAY,
        actor: "registrar.178".to_owned(),
        subject: Subject::organisation(id()),
        expected_version: None,
        origin: Origin::Live,
        key: None,
        body,
    }
}

/// A cooperative founded in 2019 with eleven members.
fn known() -> Known {
    let founded = Date::constant(2019, 5, 6);
    Known {
        organisation: Some(OrganisationCard {
            id: id(),
            code: None,
            kind: Kind::Cooperative,
            status: Status::Operating,
            name: "Hợp tác xã Na Chi Lăng".to_owned(),
            seat: "06463".into(),
            seat_former: None,
            sector: Sector::Agricultural,
            vsic: 'A',
            difficult_area: false,
            members: Some(11),
            capital: None,
            from: founded,
            founded_on: founded,
            ceased_on: None,
            synthetic: false,
            version: 1,
        }),
        plan: Some(Arc::new(common::pack())),
        ..Known::default()
    }
}

#[track_caller]
fn wants(findings: &[Finding], want: &[&str]) {
    let sign = |severity| match severity {
        Severity::Error => "",
        Severity::Warning => "?",
        Severity::Note => "~",
    };
    let got: Vec<String> =
        findings.iter().map(|f| format!("{}{}", f.name(), sign(f.severity))).collect();
    assert_eq!(got, want, "{findings:#?}");
}

fn values(women: i64, revenue: i64) -> BTreeMap<String, i64> {
    [
        ("members_total", 11),
        ("members_female", women),
        ("workers", 9),
        ("revenue", revenue),
        ("profit_before_tax", 5),
    ]
    .map(|(field, value)| (field.to_owned(), value))
    .into()
}

fn handed_in(act: PaperAct) -> Paper {
    Paper { organisation: id(), year: 2023, on: DAY, act, position: 9 }
}

fn submitted(women: i64) -> Paper {
    handed_in(PaperAct::Submitted { form_version: 1, values: values(women, 100) })
}

fn accepted(year: i16, revenue: i64, position: u64) -> AcceptedReturn {
    let values = values(4, revenue);
    AcceptedReturn { organisation: id(), year, on: DAY, late: false, values, position }
}

fn waiver(from: Date, until: Date) -> Waiver {
    Waiver {
        organisation: id(),
        year: 2023,
        check: "women-among-members".to_owned(),
        from,
        until,
        decided_by: "Sở Tài chính".to_owned(),
        reason: "số liệu đang đối chiếu".to_owned(),
    }
}

mod returns {
    use super::*;

    #[track_caller]
    fn submits(women: i64, revenue: i64, known: &Known, want: &[&str]) {
        let body = ReturnSubmit { year: 2023, form_version: 1, values: values(women, revenue) };
        wants(&annual_return::submit(&draft(Body::ReturnSubmit(body.clone())), &body, known), want);
    }

    #[track_caller]
    fn accepts(women: i64, revenue: i64, known: &Known, want: &[&str]) {
        let body = ReturnAccept { year: 2023, form_version: 1, values: values(women, revenue) };
        wants(
            &annual_return::findings(&draft(Body::ReturnAccept(body.clone())), &body, known),
            want,
        );
    }

    #[test]
    fn a_broken_check_stops_acceptance_and_not_handing_in() {
        accepts(12, 100, &known(), &["return.check/women-among-members"]);
        submits(12, 100, &known(), &["return.check/women-among-members?"]);
        submits(4, 100, &known(), &[]);
    }
    #[test]
    fn a_value_of_the_wrong_type_is_not_even_handed_in() {
        let mut body = ReturnSubmit { year: 2023, form_version: 1, values: values(4, 100) };
        body.values.insert("workers".to_owned(), -1);
        let found =
            annual_return::submit(&draft(Body::ReturnSubmit(body.clone())), &body, &known());
        wants(&found, &["return.value"]);
    }
    #[test]
    fn ten_times_last_years_revenue_is_told_with_both_numbers() {
        let known = Known { returned_before: Some(accepted(2022, 100, 3)), ..known() };
        accepts(4, 999, &known, &[]);
        accepts(4, 1000, &known, &["return.check/revenue-tenfold?"]);
    }
    #[test]
    fn a_waived_check_is_a_note_while_the_waiver_holds() {
        let with = |from, until| Known { waivers: vec![waiver(from, until)], ..known() };
        let yesterday = Date::constant(2024, 2, 29);
        accepts(12, 100, &with(DAY, DAY), &["return.check-waived/women-among-members~"]);
        accepts(12, 100, &with(yesterday, yesterday), &["return.check/women-among-members"]);
        let tomorrow = Date::constant(2024, 3, 2);
        accepts(12, 100, &with(tomorrow, tomorrow), &["return.check/women-among-members"]);
    }
    #[test]
    fn what_is_accepted_is_held_against_what_was_handed_in() {
        let known = Known { paper: Some(submitted(4)), ..known() };
        accepts(4, 100, &known, &[]);
        accepts(5, 100, &known, &["return.differs?"]);
    }
    #[test]
    fn handing_in_again_after_acceptance_is_told() {
        let known = Known { returned: Some(accepted(2023, 100, 12)), ..known() };
        submits(4, 100, &known, &["return.accepted?"]);
    }

    #[track_caller]
    fn sends_back(change: impl FnOnce(&mut ReturnSendBack, &mut Known), want: &[&str]) {
        let mut body = ReturnSendBack {
            year: 2023,
            reasons: [("revenue".to_owned(), "khác báo cáo tài chính".to_owned())].into(),
            note: String::new(),
        };
        let mut known = Known { paper: Some(submitted(4)), ..known() };
        change(&mut body, &mut known);
        let found =
            annual_return::send_back(&draft(Body::ReturnSendBack(body.clone())), &body, &known);
        wants(&found, want);
    }

    #[test]
    fn sending_back_says_why() {
        sends_back(|_, _| {}, &[]);
        sends_back(|body, _| body.reasons.clear(), &["return.no-reason"]);
        sends_back(
            |body, _| {
                body.reasons.clear();
                body.note = "thiếu chữ ký".to_owned();
            },
            &[],
        );
        sends_back(
            |body, _| body.reasons = [("colour".to_owned(), " ".to_owned())].into(),
            &["text.empty", "return.unknown-field"],
        );
    }
    #[test]
    fn only_what_waits_is_sent_back() {
        sends_back(|_, known| known.paper = None, &["return.not-submitted"]);
        let back = || handed_in(PaperAct::SentBack { reasons: BTreeMap::new() });
        sends_back(|_, known| known.paper = Some(back()), &["return.not-submitted"]);
        sends_back(|_, known| known.returned = Some(accepted(2023, 100, 12)), &["return.accepted"]);
    }

    #[track_caller]
    fn waives(change: impl FnOnce(&mut ReturnWaive), want: &[&str]) {
        let mut body = ReturnWaive {
            year: 2023,
            check: "women-among-members".to_owned(),
            decided_by: "Sở Tài chính".to_owned(),
            reason: "số liệu đang đối chiếu".to_owned(),
            until: DAY,
        };
        change(&mut body);
        wants(
            &annual_return::waive(&draft(Body::ReturnWaive(body.clone())), &body, &known()),
            want,
        );
    }

    #[test]
    fn waivers() {
        waives(|_| {}, &[]);
        waives(|body| body.check = "no-such".to_owned(), &["return.unknown-check"]);
        waives(|body| body.check = "members-differ".to_owned(), &["return.waives-warning?"]);
        waives(|body| body.until = Date::constant(2024, 2, 29), &["return.waiver-days"]);
        waives(|body| body.reason = String::new(), &["text.empty"]);
        waives(|body| body.decided_by = "Sở\tTài chính".to_owned(), &["text.control"]);
        waives(|body| body.year = 2025, &["return.year-ahead"]);
    }
}

fn sheet(a: i32, b: i32) -> Sheet {
    let score = |tenths| Score { tenths, ..Score::default() };
    let scores = [("1a".to_owned(), score(a)), ("1b".to_owned(), score(b))];
    Sheet { scores: scores.into(), fined: false }
}

fn scored(stage: Stage, sheet: Sheet) -> SheetOnFile {
    SheetOnFile {
        organisation: id(),
        year: 2023,
        stage,
        on: DAY,
        ruleset: "tt01-2020".to_owned(),
        sheet,
        position: 5,
    }
}

mod grades {
    use super::*;

    #[track_caller]
    fn scores(sheet: Sheet, known: &Known, want: &[&str]) {
        let body = GradeSelfScore { year: 2023, ruleset: "tt01-2020".to_owned(), sheet };
        wants(&grade::self_score(&draft(Body::GradeSelfScore(body.clone())), &body, known), want);
    }

    #[test]
    fn self_scores() {
        scores(sheet(450, 400), &known(), &[]);
        scores(sheet(501, 400), &known(), &["grade.above-maximum"]);
        scores(sheet(500, 501), &known(), &["grade.group-above-maximum", "grade.score"]);
        let mut strange = sheet(450, 400);
        strange.scores.insert("7q".to_owned(), Score::default());
        scores(strange, &known(), &["grade.criterion"]);
        let mut short = sheet(450, 400);
        short.scores.remove("1b");
        scores(short, &known(), &["grade.criterion-missing?"]);
        let mut loud = sheet(450, 400);
        loud.scores.get_mut("1a").unwrap().evidence = "x".repeat(10_000_000);
        scores(loud, &known(), &["text.too-long"]);
    }
    #[test]
    fn who_stopped_for_more_than_three_months_is_not_graded() {
        let stopped = |to| Known { stops: vec![(Date::constant(2023, 6, 1), to)], ..known() };
        scores(sheet(450, 400), &stopped(Some(Date::constant(2023, 9, 1))), &[]);
        scores(sheet(450, 400), &stopped(Some(Date::constant(2023, 9, 2))), &["grade.stopped"]);
        scores(sheet(450, 400), &stopped(None), &["grade.stopped"]);
    }

    #[track_caller]
    fn reviews(own: Option<Sheet>, sheet: Sheet, want: &[&str]) {
        let sheets = own.map(|own| scored(Stage::SelfScore, own)).into_iter().collect();
        let known = Known { sheets, ..known() };
        let body = GradeReview { year: 2023, ruleset: "tt01-2020".to_owned(), sheet };
        wants(&grade::review(&draft(Body::GradeReview(body.clone())), &body, &known), want);
    }

    #[test]
    fn a_review_that_differs_says_why() {
        reviews(Some(sheet(450, 400)), sheet(450, 400), &[]);
        reviews(Some(sheet(450, 400)), sheet(400, 400), &["grade.no-reason"]);
        let mut explained = sheet(400, 400);
        explained.scores.get_mut("1a").unwrap().reason = "thiếu chứng từ".to_owned();
        reviews(Some(sheet(450, 400)), explained, &[]);
        reviews(None, sheet(450, 400), &["grade.no-self-score?"]);
        let only =
            Sheet { scores: sheet(450, 400).scores.into_iter().take(1).collect(), fined: false };
        reviews(Some(sheet(450, 400)), only, &[]);
    }

    #[test]
    fn a_review_goes_by_the_rules_of_the_self_score() {
        let mut own = scored(Stage::SelfScore, sheet(450, 400));
        own.ruleset = "tt09-2017".to_owned();
        let known = Known { sheets: vec![own], ..known() };
        let ruleset = "tt01-2020".to_owned();
        let body = GradeReview { year: 2023, ruleset, sheet: sheet(450, 400) };
        let found = grade::review(&draft(Body::GradeReview(body.clone())), &body, &known);
        wants(&found, &["grade.other-ruleset"]);
    }
    #[test]
    fn rules_of_another_sector_are_warned_of() {
        for (sector, want) in
            [(Sector::NonAgricultural, &["grade.sector?"][..]), (Sector::Agricultural, &[])]
        {
            let mut pack = common::pack();
            pack.rulesets[0].sector = Some(sector);
            scores(sheet(450, 400), &Known { plan: Some(Arc::new(pack)), ..known() }, want);
        }
    }
    /// What is tested where is for the reader to see; that each code is explained is held here.
    #[test]
    fn each_code_has_a_line_of_help_and_a_test() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let read = |file: &str| std::fs::read_to_string(root.join(file)).unwrap();
        let page = read("../../docs/grade-checks.md");
        let tests = read("tests/office/papers.rs")
            + &read("tests/office/rules.rs")
            + &read("../model/src/grading/tests.rs");
        let source = read("src/grade.rs") + &read("../model/src/grading.rs");
        let mut codes: Vec<&str> = source
            .split('"')
            .filter(|text| text.starts_with("grade.") && !text.contains(' '))
            .collect();
        codes.sort_unstable();
        codes.dedup();
        assert!(codes.len() >= 20, "{codes:?}");
        for code in &codes {
            assert!(
                page.contains(&format!("| `{code}` |")),
                "{code} is not in docs/grade-checks.md"
            );
            let fires = [format!("\"{code}\""), format!("\"{code}?\"")];
            assert!(fires.iter().any(|quoted| tests.contains(quoted)), "{code} has no test");
        }
        assert_eq!(page.matches("| `grade.").count(), codes.len());
    }

    #[track_caller]
    fn decides(tenths: i32, grade: Grade, sheet: Sheet, want: &[&str]) {
        let sheets = vec![scored(Stage::SelfScore, super::sheet(450, 400))];
        let known = Known { sheets, ..known() };
        let body = GradeDecide {
            year: 2023,
            ruleset: "tt01-2020".to_owned(),
            score_tenths: tenths,
            grade,
            sheet: Some(sheet),
        };
        wants(&grade::findings(&draft(Body::GradeDecide(body.clone())), &body, &known), want);
    }

    #[test]
    fn decisions_add_up() {
        decides(850, Grade::Good, sheet(450, 400), &[]);
        decides(840, Grade::Good, sheet(450, 400), &["grade.total"]);
        decides(840, Grade::Good, sheet(440, 400), &["grade.no-reason?"]);
        decides(850, Grade::Fair, sheet(450, 400), &["grade.disagrees"]);
    }
    #[test]
    fn who_was_fined_is_weak_where_the_rules_say_so() {
        let mut known = known();
        let mut pack = common::pack();
        pack.rulesets[0].weak_if_fined = true;
        known.plan = Some(Arc::new(pack));
        let mut fined = sheet(450, 400);
        fined.fined = true;
        for (grade, want) in [(Grade::Weak, &[][..]), (Grade::Good, &["grade.fined"])] {
            let body = GradeDecide {
                year: 2023,
                ruleset: "tt01-2020".to_owned(),
                score_tenths: 850,
                grade,
                sheet: Some(fined.clone()),
            };
            wants(&grade::findings(&draft(Body::GradeDecide(body.clone())), &body, &known), want);
        }
    }
}
