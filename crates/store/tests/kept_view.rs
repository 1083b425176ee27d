//! Views that people keep: by account and list, one under each name, not too many, and untouched by a rebuild.

use hoptac_model::account::AccountName;
use hoptac_store::KeptView;
use hoptac_testkit::both_databases;
use hoptac_testkit::database::TestDatabase;

both_databases! {
    a_view_is_its_keepers_alone,
    a_view_of_the_same_name_takes_its_place,
}

fn view(name: &str, query: &str) -> KeptView {
    KeptView { path: "/dang-ky".to_owned(), name: name.to_owned(), query: query.to_owned() }
}

async fn a_view_is_its_keepers_alone(database: &TestDatabase) {
    let store = database.store().await;
    let (own, other) = (AccountName::from("xa-binh-gia"), AccountName::from("lanh-dao"));
    assert!(
        store.keep_view(&own, &view("Thiếu thành viên", "attention=few_members"), 2).await.unwrap()
    );
    assert_eq!(store.kept_views(&own, "/dang-ky").await.unwrap().len(), 1);
    assert_eq!(store.kept_views(&other, "/dang-ky").await.unwrap(), []);
    assert_eq!(store.kept_views(&own, "/chuoi").await.unwrap(), []);
    store.rebuild(&mut |_| ()).await.unwrap();
    store.drop_view(&other, "/dang-ky", "Thiếu thành viên").await.unwrap();
    assert_eq!(store.kept_views(&own, "/dang-ky").await.unwrap().len(), 1);
    store.drop_view(&own, "/dang-ky", "Thiếu thành viên").await.unwrap();
    assert_eq!(store.kept_views(&own, "/dang-ky").await.unwrap(), []);
}

async fn a_view_of_the_same_name_takes_its_place(database: &TestDatabase) {
    let store = database.store().await;
    let own = AccountName::from("xa-binh-gia");
    for (name, query, room) in
        [("a", "kind=hop_tac_xa", true), ("b", "", true), ("a", "kind=tht", true), ("c", "", false)]
    {
        assert_eq!(store.keep_view(&own, &view(name, query), 2).await.unwrap(), room, "{name}");
    }
    let kept = store.kept_views(&own, "/dang-ky").await.unwrap();
    assert_eq!(kept, [view("a", "kind=tht"), view("b", "")]);
}
