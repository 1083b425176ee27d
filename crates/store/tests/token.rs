//! What programs prove themselves by: kept as hashes, found, taken back, and no part of the ledger.

use hoptac_model::filing::Hash;
use hoptac_store::{TokenKind, TokenOnFile};
use hoptac_testkit::both_databases;
use hoptac_testkit::database::TestDatabase;
use jiff::Timestamp;

both_databases! {
    a_token_is_found_by_its_hash_until_it_is_taken_back,
    what_a_client_was_given_goes_with_the_client,
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn token(id: &str, kind: TokenKind, parent: Option<&str>) -> TokenOnFile {
    TokenOnFile {
        id: id.to_owned(),
        hash: Hash::of(id.as_bytes()),
        account: "so-nnmt".into(),
        kind,
        label: "Bảng tính".to_owned(),
        permissions: "read.*".to_owned(),
        parent: parent.map(str::to_owned),
        made_at: at("2026-01-02T03:04:05Z"),
        expires_at: at("2026-04-02T03:04:05Z"),
        revoked_at: None,
        used_at: None,
    }
}

async fn a_token_is_found_by_its_hash_until_it_is_taken_back(database: &TestDatabase) {
    let store = database.store().await;
    let one = token("a1", TokenKind::Personal, None);
    store.add_token(&one).await.unwrap();
    store.rebuild(&mut |_| ()).await.unwrap();
    assert_eq!(store.token_with_hash(one.hash).await.unwrap(), Some(one.clone()));
    assert_eq!(store.token_with_hash(Hash::of(b"b")).await.unwrap(), None);
    let used = at("2026-01-05T00:00:00Z");
    store.note_tokens_used(&["a1"], used).await.unwrap();
    let back = at("2026-01-06T00:00:00Z");
    assert!(store.revoke_token("a1", back).await.unwrap());
    assert!(!store.revoke_token("a1", back).await.unwrap(), "once is enough");
    let want = TokenOnFile { used_at: Some(used), revoked_at: Some(back), ..one };
    assert_eq!(store.tokens(Some(&"so-nnmt".into())).await.unwrap(), std::slice::from_ref(&want));
    assert_eq!(store.tokens(None).await.unwrap(), [want]);
    assert_eq!(store.tokens(Some(&"xa-gan".into())).await.unwrap(), []);
}

async fn what_a_client_was_given_goes_with_the_client(database: &TestDatabase) {
    let store = database.store().await;
    let client = token("c1", TokenKind::Client, None);
    let access = token("x1", TokenKind::Access, Some("c1"));
    for one in [&client, &access] {
        store.add_token(one).await.unwrap();
    }
    let listed = store.tokens(None).await.unwrap();
    assert_eq!(listed.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["c1"]);
    let back = at("2026-01-06T00:00:00Z");
    assert!(store.revoke_token("c1", back).await.unwrap());
    let given = store.token_with_hash(access.hash).await.unwrap().unwrap();
    assert_eq!(given.revoked_at, Some(back));
    store.sweep_access_tokens("c1", at("2026-05-01T00:00:00Z")).await.unwrap();
    assert_eq!(store.token_with_hash(access.hash).await.unwrap(), None);
    assert!(store.token_with_hash(client.hash).await.unwrap().is_some());
}
