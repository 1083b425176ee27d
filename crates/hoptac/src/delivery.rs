//! Tells webhooks of what is filed: a task of the server that writes down what is to be told, sends it, and tries again later
//! what failed. Of several servers of one database each message is sent by one.

use std::time::Duration;

use anyhow::Result;
use hoptac_office::key::Key;
use hoptac_office::webhook::{self, Attempt};
use hoptac_store::{Delivery, Store};
use jiff::Timestamp;
use ureq::{Agent, Error};

use crate::client::{self, Networks};
use crate::clock;

/// How often it is looked whether there is something to be told.
const POLL: Duration = Duration::from_secs(1);
/// How long a receiver has for its answer.
const ANSWER_TIME: Duration = Duration::from_secs(15);
/// For how long a server keeps a message for itself while it sends it, in seconds.
const LEASE: i64 = 60;
/// How many messages are sent one after the other before it is looked again.
const LOT: u32 = 20;

/// Looks for what is to be told and tells it, for as long as the server runs.
pub(crate) async fn run(store: Store, key: Key, origin: String, networks: Networks) {
    let sender = Sender::new(networks);
    let mut ticks = tokio::time::interval(POLL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = round(&store, &key, &origin, &sender).await {
            tracing::error!(error = %format!("{error:#}"), "telling webhooks");
        }
    }
}

/// One round: what is new is written down, what is due is sent.
async fn round(store: &Store, key: &Key, origin: &str, sender: &Sender) -> Result<()> {
    webhook::queue(store, clock::now(), clock::today()).await?;
    let due = store.due_deliveries(clock::now().as_second(), LOT).await?;
    if due.is_empty() {
        return Ok(());
    }
    let hooks = store.webhooks().await?;
    for delivery in due {
        let Some(hook) = hooks.iter().find(|hook| hook.id == delivery.webhook) else { continue };
        if !store.take_delivery(&delivery, clock::now().as_second() + LEASE).await? {
            continue;
        }
        let attempt =
            match (webhook::secret(hook, key), store.find_filing(delivery.position).await?) {
                (Some(secret), Some(filing)) => {
                    let body = webhook::body(&filing, origin);
                    sender.send(&hook.url, &secret, &delivery.id, clock::now(), body).await
                }
                (None, _) => {
                    Attempt::Failed("its secret does not open with this master key".to_owned())
                }
                (_, None) => Attempt::Failed("there is no filing at its position".to_owned()),
            };
        let done: Delivery = webhook::after(&delivery, attempt, clock::now());
        store.note_delivery(&done).await?;
    }
    Ok(())
}

/// Sends messages.
#[derive(Clone, Debug)]
pub(crate) struct Sender(Agent);

impl Sender {
    pub(crate) fn new(networks: Networks) -> Self {
        Self(client::agent(networks, ANSWER_TIME))
    }

    /// Sends a message, signed for this moment.
    pub(crate) async fn send(
        &self,
        url: &str,
        secret: &[u8],
        id: &str,
        at: Timestamp,
        body: String,
    ) -> Attempt {
        let second = at.as_second();
        let request = self
            .0
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", second.to_string())
            .header("webhook-signature", webhook::sign(secret, id, second, &body));
        let sent = tokio::task::spawn_blocking(move || request.send(body)).await;
        match sent {
            Ok(Ok(answer)) => Attempt::Answered(answer.status().as_u16()),
            Ok(Err(error)) => Attempt::Failed(reason(&error)),
            Err(error) => Attempt::Failed(error.to_string()),
        }
    }
}

/// Why nothing was answered, short enough for a list.
fn reason(error: &Error) -> String {
    error.to_string().chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hoptac_model::account::{Grant, Role, Scope};
    use hoptac_model::filing::account::{AccountAct, Invitation};
    use hoptac_model::filing::{Body, Draft, Origin, Reason, Subject};
    use hoptac_office::Actor;
    use hoptac_office::webhook::Wish;
    use hoptac_store::{DeliveryState, Location, OpenMode};
    use serde_json::Value;
    use std::sync::{Arc, Mutex};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    /// What a receiver was sent: heads and body.
    type Received = Arc<Mutex<Vec<(String, String)>>>;

    /// A receiver on this machine that answers with a status, and keeps what it was sent.
    async fn receiver(status: &'static str) -> (String, Received) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/nhan", listener.local_addr().unwrap());
        let received = Received::default();
        let kept = Arc::clone(&received);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut text = String::new();
                let mut bytes = [0; 4096];
                loop {
                    let count = stream.read(&mut bytes).await.unwrap();
                    text.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
                    let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                    let length = head.lines().find_map(|line| {
                        line.to_lowercase().strip_prefix("content-length: ").map(str::to_owned)
                    });
                    if count == 0 || length.is_some_and(|length| length == body.len().to_string()) {
                        kept.lock().unwrap().push((head.to_lowercase(), body.to_owned()));
                        break;
                    }
                }
                let answer =
                    format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        (address, received)
    }

    /// A ledger with an account that reads all of it, and a webhook that is told everything.
    async fn instance(url: &str) -> (tempfile::TempDir, Store, Key, String) {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Sqlite(folder.path().join("hoptac.sqlite"));
        let store = Store::open(&location, OpenMode::Create).await.unwrap();
        let invitation = Invitation {
            title: "Vận hành".to_owned(),
            grants: vec![Grant { role: Role::Operator, scope: Scope::ALL }],
        };
        for act in [AccountAct::Invite(invitation), AccountAct::Activate(Reason::default())] {
            let at = clock::now();
            let draft = Draft {
                id: clock::filing_id(at),
                recorded_at: at,
                effective_on: clock::today(),
                actor: String::new(),
                subject: Subject::account(&"van-hanh".into()),
                expected_version: None,
                origin: Origin::Live,
                key: None,
                body: Body::Account(act),
            };
            let actor = Actor::new("van-hanh", Role::Operator);
            hoptac_office::accept(&store, &actor, draft).await.unwrap();
        }
        let key = Key::new([9; 32]);
        let wish = Wish {
            account: "van-hanh".into(),
            url: url.to_owned(),
            kinds: String::new(),
            after: 0,
        };
        let chance = (clock::bytes(), [7; 32], clock::bytes());
        let (hook, _) = webhook::add(&store, &key, wish, chance, clock::now()).await.unwrap();
        (folder, store, key, hook.id)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn every_filing_is_told_once_signed_and_without_its_contents() {
        let (url, received) = receiver("204 No Content").await;
        let (_folder, store, key, id) = instance(&url).await;
        let sender = Sender::new(Networks::Private);
        for _ in 0..2 {
            round(&store, &key, "https://htx.vi-du.vn", &sender).await.unwrap();
        }
        let received = received.lock().unwrap().clone();
        assert_eq!(received.len(), 2, "two filings, each once");
        let (head, body) = &received[0];
        let header = |name: &str| {
            head.lines()
                .find_map(|line| line.strip_prefix(&format!("{name}: ")))
                .unwrap()
                .to_owned()
        };
        let (message, second) = (header("webhook-id"), header("webhook-timestamp"));
        let signature = webhook::sign(&[7; 32], &message, second.parse().unwrap(), body);
        assert_eq!(header("webhook-signature"), signature.to_lowercase());
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["type"], "filing.accepted");
        assert_eq!(body["data"]["kind"], "account.invite");
        assert!(
            body["data"]["links"]["filing"]
                .as_str()
                .unwrap()
                .starts_with("https://htx.vi-du.vn/api/v1/filings/")
        );
        assert!(!body.to_string().contains("Vận hành"));
        let done = store.deliveries(Some(&id), Some(DeliveryState::Delivered), 10).await.unwrap();
        assert_eq!(done.iter().map(|one| one.answer).collect::<Vec<_>>(), [Some(204), Some(204)]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_refused_waits_and_is_sent_again_under_the_same_identity() {
        let (url, received) = receiver("500 Internal Server Error").await;
        let (_folder, store, key, id) = instance(&url).await;
        let sender = Sender::new(Networks::Private);
        round(&store, &key, "", &sender).await.unwrap();
        let waiting = store.deliveries(Some(&id), Some(DeliveryState::Waiting), 10).await.unwrap();
        assert_eq!(
            waiting.iter().map(|one| (one.attempts, one.answer)).collect::<Vec<_>>(),
            [(1, Some(500)); 2]
        );
        let now = clock::now().as_second();
        assert!(waiting.iter().all(|one| one.due_second > now), "not at once");
        let again = Delivery { due_second: now, ..waiting[0].clone() };
        store.note_delivery(&again).await.unwrap();
        round(&store, &key, "", &sender).await.unwrap();
        let received = received.lock().unwrap().clone();
        let of = |head: &str| {
            head.lines().find(|line| line.starts_with("webhook-id")).unwrap().to_owned()
        };
        let mut ids: Vec<String> = received.iter().map(|(head, _)| of(head)).collect();
        assert_eq!(ids.len(), 3);
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 2, "the one that was sent again is the same message");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn this_machine_is_told_nothing_unless_the_operator_allows_it() {
        let (url, received) = receiver("204 No Content").await;
        let name = url.replace("127.0.0.1", "localhost");
        for url in [url, name] {
            let (_folder, store, key, id) = instance(&url).await;
            round(&store, &key, "", &Sender::new(Networks::Public)).await.unwrap();
            let waiting =
                store.deliveries(Some(&id), Some(DeliveryState::Waiting), 10).await.unwrap();
            assert!(
                waiting[0].failure.as_ref().unwrap().contains("private network"),
                "{waiting:?}"
            );
        }
        assert!(received.lock().unwrap().is_empty(), "nobody was called");
    }
}
