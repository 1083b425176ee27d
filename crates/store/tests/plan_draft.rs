//! Documents that are read in the browser: kept for a while, corrected, dropped.

use hoptac_store::PlanDraft;
use hoptac_testkit::both_databases;
use hoptac_testkit::database::TestDatabase;
use jiff::civil::{Date, date};

both_databases! {
    a_document_is_kept_until_its_day,
    corrections_go_over_those_that_were_seen,
}

fn draft(keep_until: Date) -> PlanDraft {
    PlanDraft {
        file_name: "ke-hoach.txt".to_owned(),
        text: "Đến năm 2030 có 5 tổ hợp tác.".to_owned(),
        corrections: "[]".to_owned(),
        keep_until,
    }
}

async fn a_document_is_kept_until_its_day(database: &TestDatabase) {
    let store = database.store().await;
    let first = draft(date(2026, 1, 2));
    store.add_plan_draft("one", &first, date(2026, 1, 1)).await.unwrap();
    assert_eq!(store.find_plan_draft("one", date(2026, 1, 2)).await.unwrap(), Some(first));
    assert_eq!(store.find_plan_draft("one", date(2026, 1, 3)).await.unwrap(), None);
    assert_eq!(store.find_plan_draft("two", date(2026, 1, 1)).await.unwrap(), None);
    store.add_plan_draft("two", &draft(date(2026, 1, 4)), date(2026, 1, 3)).await.unwrap();
    assert_eq!(store.find_plan_draft("one", date(2026, 1, 1)).await.unwrap(), None);
    store.remove_plan_draft("two").await.unwrap();
    assert_eq!(store.find_plan_draft("two", date(2026, 1, 3)).await.unwrap(), None);
}

async fn corrections_go_over_those_that_were_seen(database: &TestDatabase) {
    let store = database.store().await;
    let today = date(2026, 1, 1);
    store.add_plan_draft("one", &draft(today), today).await.unwrap();
    assert!(store.correct_plan_draft("one", "[]", "[1]").await.unwrap());
    assert!(!store.correct_plan_draft("one", "[]", "[2]").await.unwrap());
    assert!(!store.correct_plan_draft("two", "[]", "[2]").await.unwrap());
    let kept = store.find_plan_draft("one", today).await.unwrap().unwrap();
    assert_eq!(kept.corrections, "[1]");
    store.rebuild(&mut |_| ()).await.unwrap();
    assert_eq!(store.find_plan_draft("one", today).await.unwrap(), Some(kept));
}
