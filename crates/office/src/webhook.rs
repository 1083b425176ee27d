//! Webhooks: who is told of what is filed, under whose authority, signed how, and how often it is tried.
//!
//! A message carries identities and links and nothing else. It is signed as the Standard Webhooks convention has it: a code over
//! identity, time and body, so that a receiver can tell forged and replayed messages.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::KeyInit as _;
use hmac::{Hmac, Mac as _};
use hoptac_model::account::{AccountName, AccountState};
use hoptac_model::filing::{Filing, FilingKind, Hash};
use hoptac_model::text::{Words, did_you_mean, few, nearest};
use hoptac_model::words;
use hoptac_store::{Delivery, DeliveryState, Error, Store, WebhookOnFile};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::authority::{self, Actor, Reading};
use crate::key::Key;

/// How long after each attempt the next one comes, in seconds: five seconds to ten hours. After the last one nothing is tried.
pub const WAITS: [i64; 7] = [5, 60, 300, 1_800, 7_200, 18_000, 36_000];
/// How many filings are looked at together.
pub const LOT: u32 = 200;
/// The longest address.
const URL_MAX: usize = 500;
/// What stands before a secret that is shown.
const SECRET: &str = "whsec_";

/// A webhook that somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Under whose authority.
    pub account: AccountName,
    /// Where it is sent.
    pub url: String,
    /// Of which kinds of filings, in words between blanks; empty for all.
    pub kinds: String,
    /// From behind which ledger position on.
    pub after: u64,
}

/// Why a webhook was not made.
#[derive(Debug, thiserror::Error)]
pub enum WishError {
    /// Something in the wish is wrong: the field, and the sentence.
    #[error("{0}: {sentence}", sentence = .1.en)]
    Invalid(&'static str, Words),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Makes a webhook, and gives its secret as it is shown this once. `chance` makes identity, secret and seal.
pub async fn add(
    store: &Store,
    key: &Key,
    wish: Wish,
    chance: ([u8; 8], [u8; 32], [u8; 24]),
    at: Timestamp,
) -> Result<(WebhookOnFile, String), WishError> {
    let invalid = |field, sentence| Err(WishError::Invalid(field, sentence));
    if wish.url.len() > URL_MAX || host(&wish.url).is_none() {
        return invalid(
            "url",
            words!(
                "`{url}` không phải là địa chỉ web; ví dụ https://vi-du.vn/nhan",
                "`{url}` is no address; write for instance https://example.org/hook",
                url = few(&wish.url)
            ),
        );
    }
    let kinds: Vec<&str> = wish.kinds.split_whitespace().collect();
    if let Some(wrong) = kinds.iter().find(|code| FilingKind::from_code(code).is_none()) {
        let near = nearest(wrong, FilingKind::ALL.iter().map(|kind| kind.code()));
        let remedy = near.map_or_else(
            || {
                words!(
                    "các loại hồ sơ: `hoptac filing schema`",
                    "`hoptac filing schema` lists the kinds"
                )
            },
            did_you_mean,
        );
        return invalid(
            "kinds",
            words!(
                "không có loại hồ sơ `{wrong}`; {remedy}",
                "there is no kind of filing `{wrong}`; {remedy}",
                wrong = few(wrong),
                remedy
            ),
        );
    }
    let account = store.find_account(&wish.account).await?;
    if account.is_none_or(|account| account.state != AccountState::Active) {
        return invalid(
            "account",
            words!(
                "tài khoản `{account}` chưa được sử dụng, đang khóa hoặc không có",
                "the account `{account}` is not in use, is locked or is not there",
                account = wish.account.to_string()
            ),
        );
    }
    let (id, secret, nonce) = chance;
    let digits: String = Hash::of(&id).to_string().chars().take(12).collect();
    let id = format!("wh-{digits}");
    let hook = WebhookOnFile {
        secret_sealed: key.seal(&id, nonce, &secret),
        id,
        account: wish.account,
        url: wish.url,
        kinds: kinds.join(" "),
        made_at: at,
        position: wish.after,
    };
    store.add_webhook(&hook).await?;
    Ok((hook, format!("{SECRET}{}", STANDARD.encode(secret))))
}

/// The scheme and host of an address; none where it is none.
fn host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    let is_plain =
        !host.is_empty() && !host.contains('@') && url.bytes().all(|byte| byte.is_ascii_graphic());
    is_plain.then_some(host)
}

/// Whether an address of the network is one that messages may go to where the operator has not allowed more: not this machine,
/// not a private network, nothing reserved.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(mapped) => is_public_v4(mapped),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        // Shared between a carrier's customers, for protocols, for measuring.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b)))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // Only what is given out for the whole network; of that not the ways into other address plans, nor what is for examples.
    first & 0xe000 == 0x2000
        && first != 0x2002
        && !(first == 0x2001 && (second < 0x0200 || second == 0x0db8))
}

/// Writes down what every webhook is to be told of what was filed since it was looked at last. Gives how many messages.
pub async fn queue(store: &Store, at: Timestamp, day: Date) -> Result<usize, Error> {
    let mut count = 0;
    for hook in store.webhooks().await? {
        let filings = store.filings(hook.position, LOT).await?;
        let Some(last) = filings.last().map(|filing| filing.position) else { continue };
        let actors = actors(store, &hook.account, day).await?;
        let mut deliveries = Vec::new();
        for filing in &filings {
            if is_wanted(&hook, filing) && may_be_told(store, &actors, filing, day).await? {
                deliveries.push(Delivery {
                    id: message(&hook, filing),
                    webhook: hook.id.clone(),
                    position: filing.position,
                    state: DeliveryState::Waiting,
                    attempts: 0,
                    due_second: at.as_second(),
                    answer: None,
                    failure: None,
                    done_at: None,
                });
            }
        }
        if store.queue_deliveries(&hook, last, &deliveries).await? {
            count += deliveries.len();
        }
    }
    Ok(count)
}

/// The identity of a message: the same whichever server writes it down.
fn message(hook: &WebhookOnFile, filing: &Filing) -> String {
    let digits: String = Hash::of(format!("{}/{}", hook.id, filing.id).as_bytes())
        .to_string()
        .chars()
        .take(24)
        .collect();
    format!("msg_{digits}")
}

fn is_wanted(hook: &WebhookOnFile, filing: &Filing) -> bool {
    hook.kinds.is_empty() || hook.kinds.split(' ').any(|code| code == filing.kind.code())
}

/// What an account can act as on a day; nothing while it is not in use.
async fn actors(store: &Store, account: &AccountName, day: Date) -> Result<Vec<Actor>, Error> {
    let found = store.find_account(account).await?;
    let Some(found) = found.filter(|found| found.state == AccountState::Active) else {
        return Ok(Vec::new());
    };
    let delegators =
        if found.delegations.is_empty() { Vec::new() } else { store.accounts().await? };
    Ok(Actor::of(&found, &delegators, day))
}

/// Whether somebody may be told of a filing: whoever reads the ledger of all, others of the organisations within their scope.
async fn may_be_told(
    store: &Store,
    actors: &[Actor],
    filing: &Filing,
    day: Date,
) -> Result<bool, Error> {
    if actors.iter().any(|actor| authority::may_read(actor.role, Reading::Ledger)) {
        return Ok(true);
    }
    let Some(organisation) = filing.subject.as_organisation() else { return Ok(false) };
    for actor in actors.iter().filter(|actor| authority::may_read(actor.role, Reading::Filings)) {
        if store.is_within(organisation, &actor.scope, day).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The body of the message about a filing: identities and links. `origin` is where the instance is reached.
pub fn body(filing: &Filing, origin: &str) -> String {
    let root = format!("{origin}/api/v1");
    let organisation = filing.subject.as_organisation();
    json!({
        "type": "filing.accepted",
        "timestamp": filing.recorded_at,
        "data": {
            "position": filing.position,
            "filing": filing.id,
            "kind": filing.kind.code(),
            "organisation": organisation,
            "links": {
                "filing": format!("{root}/filings/{}", filing.id),
                "organisation": organisation.map(|id| format!("{root}/organisations/{id}")),
            },
        },
    })
    .to_string()
}

/// The body of a message that only tries the way.
pub fn trial(at: Timestamp) -> String {
    let data: Value = json!({ "words": "thử kết nối" });
    json!({ "type": "webhook.test", "timestamp": at, "data": data }).to_string()
}

/// The secret of a webhook; none where the key is not the one that sealed it.
pub fn secret(hook: &WebhookOnFile, key: &Key) -> Option<Vec<u8>> {
    key.open(&hook.id, &hook.secret_sealed)
}

/// The signature of a message [Standard Webhooks]: over its identity, the second and the body.
pub fn sign(secret: &[u8], id: &str, second: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("a key of any length is taken");
    mac.update(format!("{id}.{second}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The receiver answered with this status.
    Answered(u16),
    /// Nothing was answered, for this reason.
    Failed(String),
}

/// A delivery after an attempt: done where the receiver said 2xx, else to be tried again, or given up after the last wait.
pub fn after(delivery: &Delivery, attempt: Attempt, at: Timestamp) -> Delivery {
    let attempts = delivery.attempts + 1;
    let (answer, failure) = match attempt {
        Attempt::Answered(status) => (Some(status), None),
        Attempt::Failed(reason) => (None, Some(reason)),
    };
    let is_done = answer.is_some_and(|status| (200..300).contains(&status));
    let wait = usize::try_from(delivery.attempts).ok().and_then(|index| WAITS.get(index));
    let (state, due_second) = match (is_done, wait) {
        (true, _) => (DeliveryState::Delivered, delivery.due_second),
        (false, Some(wait)) => (DeliveryState::Waiting, at.as_second() + wait),
        (false, None) => (DeliveryState::Dead, delivery.due_second),
    };
    let done_at = (state != DeliveryState::Waiting).then_some(at);
    Delivery { state, attempts, due_second, answer, failure, done_at, ..delivery.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_770_000_000, 0);

    #[test]
    fn this_machine_and_private_networks_are_not_public() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "ff02::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in ["8.8.8.8", "103.21.1.9", "2405:4800::1", "2606:4700::1111"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }
    #[test]
    fn an_address_has_a_scheme_and_a_host_and_no_password() {
        assert_eq!(host("https://vi-du.vn/nhan?a=b"), Some("vi-du.vn"));
        for wrong in [
            "",
            "vi-du.vn",
            "ftp://vi-du.vn",
            "https://",
            "https:///a",
            "https://a:b@c.vn",
            "https://vi du.vn",
        ] {
            assert_eq!(host(wrong), None, "{wrong}");
        }
    }
    #[test]
    fn the_signature_is_that_of_the_convention() {
        // The example that the convention's own libraries are tested with.
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let got =
            sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(got, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
    #[test]
    fn what_fails_is_tried_again_later_and_later_and_then_given_up() {
        let mut delivery = Delivery {
            id: "msg_1".to_owned(),
            webhook: "wh-1".to_owned(),
            position: 1,
            state: DeliveryState::Waiting,
            attempts: 0,
            due_second: 0,
            answer: None,
            failure: None,
            done_at: None,
        };
        let done = after(&delivery, Attempt::Answered(204), NOW);
        assert_eq!(
            (done.state, done.attempts, done.done_at),
            (DeliveryState::Delivered, 1, Some(NOW))
        );
        for wait in WAITS {
            delivery = after(&delivery, Attempt::Answered(500), NOW);
            assert_eq!(
                (delivery.state, delivery.due_second),
                (DeliveryState::Waiting, NOW.as_second() + wait)
            );
        }
        delivery = after(&delivery, Attempt::Failed("no answer".to_owned()), NOW);
        assert_eq!((delivery.state, delivery.attempts), (DeliveryState::Dead, 8));
        assert_eq!(delivery.failure.as_deref(), Some("no answer"));
    }
}
