//! Who is told of what is filed: written down once for each position, taken up by one server, tried again, given up.

use hoptac_store::{Delivery, DeliveryState, WebhookOnFile};
use hoptac_testkit::both_databases;
use hoptac_testkit::database::TestDatabase;

both_databases! {
    what_is_to_be_told_is_written_down_once,
    a_delivery_is_taken_up_by_one_and_ends,
}

fn hook() -> WebhookOnFile {
    WebhookOnFile {
        id: "wh-1".to_owned(),
        account: "thanh-tra".into(),
        url: "https://example.org/hook".to_owned(),
        secret_sealed: "00".to_owned(),
        kinds: String::new(),
        made_at: "2026-01-02T03:04:05Z".parse().unwrap(),
        position: 7,
    }
}

fn delivery(position: u64) -> Delivery {
    Delivery {
        id: format!("msg-{position}"),
        webhook: "wh-1".to_owned(),
        position,
        state: DeliveryState::Waiting,
        attempts: 0,
        due_second: 100,
        answer: None,
        failure: None,
        done_at: None,
    }
}

async fn what_is_to_be_told_is_written_down_once(database: &TestDatabase) {
    let store = database.store().await;
    store.add_webhook(&hook()).await.unwrap();
    store.rebuild(&mut |_| ()).await.unwrap();
    assert_eq!(store.webhooks().await.unwrap(), [hook()]);
    let two = [delivery(8), delivery(9)];
    assert!(store.queue_deliveries(&hook(), 9, &two).await.unwrap());
    // Another server that had read the same position comes too late, and nothing is told twice.
    assert!(!store.queue_deliveries(&hook(), 9, &two).await.unwrap());
    assert_eq!(store.due_deliveries(99, 10).await.unwrap(), []);
    assert_eq!(store.due_deliveries(100, 10).await.unwrap(), two);
    assert_eq!(store.webhooks().await.unwrap()[0].position, 9);
    assert!(store.remove_webhook("wh-1").await.unwrap());
    assert!(!store.remove_webhook("wh-1").await.unwrap());
    assert_eq!(store.deliveries(None, None, 10).await.unwrap(), []);
}

async fn a_delivery_is_taken_up_by_one_and_ends(database: &TestDatabase) {
    let store = database.store().await;
    store.add_webhook(&hook()).await.unwrap();
    store.queue_deliveries(&hook(), 8, &[delivery(8)]).await.unwrap();
    assert!(store.take_delivery(&delivery(8), 160).await.unwrap());
    assert!(!store.take_delivery(&delivery(8), 160).await.unwrap(), "somebody has it");
    let dead = Delivery {
        state: DeliveryState::Dead,
        attempts: 8,
        answer: Some(500),
        done_at: Some("2026-01-03T00:00:00Z".parse().unwrap()),
        ..delivery(8)
    };
    store.note_delivery(&dead).await.unwrap();
    assert_eq!(store.due_deliveries(1000, 10).await.unwrap(), []);
    let listed = store.deliveries(Some("wh-1"), Some(DeliveryState::Dead), 10).await.unwrap();
    assert_eq!(listed, [dead]);
    assert_eq!(store.deliveries(Some("wh-2"), None, 10).await.unwrap(), []);
}
