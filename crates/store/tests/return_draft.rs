//! Returns that are being filled in: kept for whoever fills them in, changed, dropped, and no part of the ledger.

use hoptac_model::ids::OrganisationId;
use hoptac_store::ReturnDraft;
use hoptac_testkit::both_databases;
use hoptac_testkit::database::TestDatabase;

both_databases! {
    what_was_filled_in_is_kept_for_its_account,
}

fn draft(contents: &str, saved_at: &str) -> ReturnDraft {
    ReturnDraft { contents: contents.to_owned(), saved_at: saved_at.parse().unwrap() }
}

async fn what_was_filled_in_is_kept_for_its_account(database: &TestDatabase) {
    let store = database.store().await;
    let (one, other) = ("xa-gan".into(), "xa-xa".into());
    let id: OrganisationId = "01900000-0000-7000-8000-000000000001".parse().unwrap();
    assert_eq!(store.find_return_draft(&one, id, 2025).await.unwrap(), None);
    let first = draft("{\"members_total\":\"7\"}", "2026-01-02T03:04:05Z");
    let second = draft("{\"members_total\":\"8\"}", "2026-01-02T03:05:05Z");
    store.keep_return_draft(&one, id, 2025, &first).await.unwrap();
    store.keep_return_draft(&one, id, 2025, &second).await.unwrap();
    store.keep_return_draft(&other, id, 2025, &first).await.unwrap();
    store.rebuild(&mut |_| ()).await.unwrap();
    assert_eq!(store.find_return_draft(&one, id, 2025).await.unwrap(), Some(second));
    assert_eq!(store.find_return_draft(&one, id, 2024).await.unwrap(), None);
    store.remove_return_draft(&one, id, 2025).await.unwrap();
    assert_eq!(store.find_return_draft(&one, id, 2025).await.unwrap(), None);
    assert_eq!(store.find_return_draft(&other, id, 2025).await.unwrap(), Some(first));
}
