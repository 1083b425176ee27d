//! Sheets of scores, returns on their way and waivers: what holds of several versions.

use hoptac_model::filing::annual_return::{ReturnSendBack, ReturnSubmit, ReturnWaive};
use hoptac_model::filing::grade::{GradeReview, GradeSelfScore};
use hoptac_model::filing::{Body, GradeDecide, ReturnAccept};
use hoptac_model::organisation::Grade;
use hoptac_store::{PaperAct, Stage};
use hoptac_testkit::both_databases;
use hoptac_testkit::database::TestDatabase;
use hoptac_testkit::draft::Drafts;
use hoptac_testkit::paper::{KINDS, body, sheet};
use jiff::civil::date;

use crate::history::append_all;

both_databases! {
    the_latest_sheet_of_each_stage_holds,
    a_return_goes_its_way,
    the_latest_waiver_holds,
    suspensions_are_told_with_their_ends,
    every_paper_is_folded_the_same_again,
}

async fn every_paper_is_folded_the_same_again(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let one = d.organisation();
    let day = date(2023, 12, 1);
    let mut drafts = vec![d.establish(one, date(2020, 1, 1))];
    for number in [2, 7, 15] {
        let papers = (0..KINDS).filter_map(|kind| body(kind, number, day));
        drafts.extend(papers.map(|paper| d.about(one, day, paper)));
    }
    assert_eq!(drafts.len(), 19);
    append_all(&store, &drafts).await.unwrap();
    let verification = store.verify(&mut |_| ()).await.unwrap();
    assert!(verification.problem.is_none(), "{verification:?}");
    let rebuilt = store.rebuild(&mut |_| ()).await.unwrap();
    assert!(rebuilt.tables.iter().all(|table| table.changed == 0), "{rebuilt:?}");
    for name in ["grade_sheet", "return_paper", "return_waiver"] {
        let table = rebuilt.tables.iter().find(|table| table.name == name).unwrap();
        assert!(table.rows_after > 0, "{name}");
    }
}

async fn the_latest_sheet_of_each_stage_holds(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let one = d.organisation();
    let rules = || "tt01-2020".to_owned();
    let own = |number| {
        Body::GradeSelfScore(GradeSelfScore { year: 2023, ruleset: rules(), sheet: sheet(number) })
    };
    let decided = |with: bool| {
        Body::GradeDecide(GradeDecide {
            year: 2023,
            ruleset: rules(),
            score_tenths: 9,
            grade: Grade::Weak,
            sheet: with.then(|| sheet(9)),
        })
    };
    let review = Body::GradeReview(GradeReview { year: 2023, ruleset: rules(), sheet: sheet(3) });
    let drafts = [
        d.establish(one, date(2020, 1, 1)),
        d.about(one, date(2023, 12, 2), own(4)),
        // Filed later for an earlier day, so that the one before holds.
        d.about(one, date(2023, 12, 1), own(5)),
        d.about(one, date(2023, 12, 3), review),
        d.about(one, date(2023, 12, 20), decided(true)),
    ];
    append_all(&store, &drafts).await.unwrap();
    let stages = |sheets: &[hoptac_store::SheetOnFile]| -> Vec<(Stage, i32)> {
        sheets.iter().map(|on_file| (on_file.stage, on_file.sheet.scores["1a"].tenths)).collect()
    };
    let found = stages(&store.sheets(2023).await.unwrap());
    assert_eq!(found, [(Stage::SelfScore, 4), (Stage::Review, 3), (Stage::Decision, 9)]);
    assert!(store.sheets(2022).await.unwrap().is_empty());

    // A decision without scores leaves none of an older one standing.
    append_all(&store, &[d.about(one, date(2023, 12, 21), decided(false))]).await.unwrap();
    let found = stages(&store.sheets(2023).await.unwrap());
    assert_eq!(found, [(Stage::SelfScore, 4), (Stage::Review, 3)]);
    let mut writing = store.begin().await.unwrap();
    assert_eq!(stages(&writing.sheets(one, 2023).await.unwrap()), found);
}

async fn a_return_goes_its_way(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let one = d.organisation();
    let values = |members| [("members_total".to_owned(), members)].into();
    let submit = |members| {
        Body::ReturnSubmit(ReturnSubmit { year: 2023, form_version: 1, values: values(members) })
    };
    let back = Body::ReturnSendBack(ReturnSendBack {
        year: 2023,
        reasons: [("members_total".to_owned(), "sai số".to_owned())].into(),
        note: "thiếu chữ ký".to_owned(),
    });
    let accept = |members| {
        Body::ReturnAccept(ReturnAccept { year: 2023, form_version: 1, values: values(members) })
    };
    let drafts = [
        d.establish(one, date(2020, 1, 1)),
        d.about(one, date(2023, 12, 10), submit(7)),
        d.about(one, date(2023, 12, 12), back),
        d.about(one, date(2023, 12, 14), submit(8)),
        d.about(one, date(2023, 12, 14), accept(8)),
        d.about(one, date(2024, 1, 5), accept(9)),
    ];
    append_all(&store, &drafts).await.unwrap();
    let papers = store.papers(2023).await.unwrap();
    assert_eq!(papers.len(), 3);
    assert_eq!(papers[0].act, PaperAct::Submitted { form_version: 1, values: values(7) });
    let PaperAct::SentBack { reasons } = &papers[1].act else { panic!("{papers:?}") };
    assert_eq!(reasons[""], "thiếu chữ ký");
    assert_eq!(reasons["members_total"], "sai số");
    let accepted = store.accepted_returns(2023).await.unwrap();
    assert_eq!(accepted.len(), 1);
    assert_eq!((accepted[0].values["members_total"], accepted[0].late), (9, true));
    let mut writing = store.begin().await.unwrap();
    assert_eq!(writing.paper(one, 2023).await.unwrap(), papers.last().cloned());
    assert_eq!(writing.accepted_return(one, 2023).await.unwrap(), accepted.last().cloned());
    assert_eq!(writing.accepted_return(one, 2022).await.unwrap(), None);
    let of = |year| (year == 2023).then(|| accepted.last().cloned()).flatten();
    for year in [2022, 2023, 2024] {
        let both = writing.accepted_returns(one, year).await.unwrap();
        assert_eq!(both, [of(year), of(year - 1)], "{year}");
    }
}

async fn the_latest_waiver_holds(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let one = d.organisation();
    let waive = |until| {
        Body::ReturnWaive(ReturnWaive {
            year: 2023,
            check: "women-among-members".to_owned(),
            decided_by: "Sở Tài chính".to_owned(),
            reason: "đang đối chiếu".to_owned(),
            until,
        })
    };
    let drafts = [
        d.establish(one, date(2020, 1, 1)),
        d.about(one, date(2023, 12, 1), waive(date(2024, 6, 30))),
        d.about(one, date(2023, 12, 5), waive(date(2024, 1, 31))),
    ];
    append_all(&store, &drafts).await.unwrap();
    let waivers = store.waivers(2023).await.unwrap();
    assert_eq!(waivers.len(), 1);
    assert_eq!((waivers[0].from, waivers[0].until), (date(2023, 12, 5), date(2024, 1, 31)));
    let mut writing = store.begin().await.unwrap();
    assert_eq!(writing.waivers(one, 2023).await.unwrap(), waivers);
}

async fn suspensions_are_told_with_their_ends(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let one = d.organisation();
    let drafts = [
        d.establish(one, date(2020, 1, 1)),
        d.suspend(one, date(2021, 3, 1)),
        d.members(one, date(2021, 4, 1), 9),
        d.resume(one, date(2021, 6, 1)),
        d.suspend(one, date(2022, 2, 1)),
    ];
    append_all(&store, &drafts).await.unwrap();
    let mut writing = store.begin().await.unwrap();
    let want = [(date(2021, 3, 1), Some(date(2021, 6, 1))), (date(2022, 2, 1), None)];
    assert_eq!(writing.stops(one).await.unwrap(), want);
}
