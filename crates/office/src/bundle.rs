//! Bundles between instances: signed with a key of the instance's own, proven before they are taken, received by a filing. The bundle is
//! kept beside the ledger under its hash, as the files of editions are.

use hoptac_model::bundle::{self, Bundle, BundleError, FORM, Manifest};
use hoptac_model::filing::bundle::BundleAccept;
use hoptac_model::filing::{Body, Draft, Hash, Origin, Subject};
use hoptac_model::finding::Finding;
use hoptac_model::ids::FilingId;
use hoptac_model::open_data::OpenData;
use hoptac_model::text::Words;
use hoptac_model::words;
use hoptac_store::{Error, Store, Writing};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use crate::authority::Actor;
use crate::clerk::{Accepted, Clerk};
use crate::filing::recorded_on;
use crate::finding::Findings;
use crate::key::{Key, hex, unhex};
use crate::known::Known;
use crate::refusal::Refusal;

/// How many digits of a key name its sender.
pub const NAME: usize = 16;

/// The pair of keys with which an instance signs, derived from its own key: whoever has the database without the key file cannot sign.
fn pair(key: &Key) -> Ed25519KeyPair {
    let seed = key.code("bundle", "ed25519").0;
    Ed25519KeyPair::from_seed_unchecked(&seed).expect("a seed has 32 bytes")
}

/// The key by which others prove what an instance signs, as 64 hexadecimal digits.
pub fn public_key(key: &Key) -> String {
    hex(pair(key).public_key().as_ref())
}

/// The name of a sender: the beginning of its key.
pub fn sender(key: &str) -> String {
    key.chars().take(NAME).collect()
}

/// What open data does not say of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About<'a> {
    /// The identity of the unit whose plan it is.
    pub unit: &'a str,
    /// The hash of the ledger at the position of the data.
    pub head: Hash,
    /// The day on which the bundle is made.
    pub made_on: Date,
}

/// Makes a bundle of data and signs it. The same data, day and key give the same bytes.
pub fn seal(key: &Key, data: &OpenData, about: About<'_>) -> Vec<u8> {
    let body = bundle::body(data);
    let pair = pair(key);
    let manifest = Manifest {
        form: FORM.to_owned(),
        key: hex(pair.public_key().as_ref()),
        unit: about.unit.to_owned(),
        unit_name: data.unit.clone(),
        plan: data.plan.clone(),
        position: data.position,
        head: about.head.to_string(),
        as_of: data.as_of,
        made_on: about.made_on,
        synthetic: data.synthetic,
        tables: data.tables.iter().map(|table| (table.id.to_owned(), table.rows.len())).collect(),
        body: Hash::of(body.as_bytes()).to_string(),
    };
    let line = bundle::first_line(&manifest);
    let signature = hex(pair.sign(line.as_bytes()).as_ref());
    format!("{line}\n{signature}\n{body}").into_bytes()
}

/// Reads a bundle and proves it: what is in it was signed with the key that it names.
pub fn open(bytes: &[u8]) -> Result<Bundle, BundleError> {
    let bundle = bundle::read(bytes)?;
    let (key, signature) = (unhex(&bundle.manifest.key), unhex(&bundle.signature));
    let (Some(key), Some(signature)) = (key, signature) else { return Err(BundleError::Signature) };
    UnparsedPublicKey::new(&ED25519, key)
        .verify(bundle.signed.as_bytes(), &signature)
        .map_err(|_| BundleError::Signature)?;
    Ok(bundle)
}

/// By whom and when a bundle is received.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The identity of the filing.
    pub id: FilingId,
    /// When it is recorded.
    pub recorded_at: Timestamp,
    /// The key that was compared with the sender by another way; needed for the first bundle of a sender.
    pub named_key: Option<String>,
}

/// Receives a bundle: keeps it and files what proves it, in one transaction. One that was received already changes nothing.
pub async fn accept(
    store: &Store,
    actor: &Actor,
    receipt: Receipt,
    bytes: &[u8],
) -> Result<Accepted, Refusal> {
    let bundle = open(bytes).map_err(|error| {
        let remedy = words!("nhận gói khác", "receive another one");
        one("bundle.read", "file", error.words(), remedy)
    })?;
    let manifest = bundle.manifest;
    let (subject, hash) = (Subject::bundle(&sender(&manifest.key)), Hash::of(bytes).to_string());
    let mut clerk = Clerk::new(store.begin().await?);
    let is_known = clerk.writing().subject_version(&subject).await? > 0;
    let is_named = receipt.named_key.as_deref().map(str::trim) == Some(manifest.key.as_str());
    if receipt.named_key.is_some() && !is_named {
        return Err(one(
            "bundle.other-key",
            "key",
            words!(
                "gói ký bằng khóa {key}, không phải khóa đã nêu",
                "the bundle is signed with the key {key}, which is not the one that was named",
                key = &manifest.key
            ),
            words!(
                "đối chiếu lại khóa với nơi gửi; không nhận gói khi khóa không khớp",
                "compare the key with the sender again; do not take a bundle whose key differs"
            ),
        ));
    }
    if !is_known && !is_named {
        return Err(one(
            "bundle.unknown-key",
            "key",
            words!(
                "chưa nhận gói nào ký bằng khóa {key} ({unit})",
                "no bundle signed with the key {key} ({unit}) was received before",
                key = &manifest.key,
                unit = &manifest.unit_name
            ),
            words!(
                "hỏi khóa của nơi gửi bằng công văn hoặc điện thoại (`hoptac bundle key`), đối chiếu rồi nêu --key",
                "ask the sender for its key by letter or telephone (`hoptac bundle key`), compare, then name it with --key"
            ),
        ));
    }
    // Said here alone: a filing that takes effect later than today has more wrong with it, which would hide the reason.
    let today = Offset::constant(7).to_datetime(receipt.recorded_at).date();
    let latest = manifest.as_of.max(manifest.made_on);
    if latest > today {
        let (what, remedy) = ahead(latest, today);
        return Err(one("bundle.ahead", "made_on", what, remedy));
    }
    let draft = Draft {
        id: receipt.id,
        recorded_at: receipt.recorded_at,
        effective_on: manifest.as_of,
        actor: actor.signature(),
        subject: subject.clone(),
        expected_version: None,
        origin: Origin::Live,
        // The same bundle is received once, however often it is sent.
        key: Some(format!("bundle/{hash}")),
        body: Body::BundleAccept(Box::new(BundleAccept {
            key: manifest.key,
            unit: manifest.unit,
            unit_name: manifest.unit_name,
            plan: manifest.plan,
            sender_position: manifest.position,
            sender_head: manifest.head,
            as_of: manifest.as_of,
            made_on: manifest.made_on,
            synthetic: manifest.synthetic,
            hash,
            bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        })),
    };
    crate::keep(store, clerk, actor, draft, &[bytes]).await
}

fn one(code: &'static str, field: &'static str, what: Words, remedy: Words) -> Refusal {
    let mut findings = Findings::default();
    findings.error(code, field, what, remedy);
    Refusal::Invalid(findings.into_vec())
}

/// What is said of a bundle from the future.
fn ahead(day: Date, today: Date) -> (Words, Words) {
    let what = words!(
        "gói ghi ngày {day}, mà hôm nay mới là {today}",
        "the bundle says {day}, and today is {today}",
        day,
        today
    );
    let remedy = words!(
        "xem lại đồng hồ của hai máy chủ; nhận gói khi đến ngày đó",
        "look at the clocks of both servers; receive it when that day has come"
    );
    (what, remedy)
}

/// Reads what bears on a bundle.
pub(crate) async fn read(
    writing: &mut Writing,
    draft: &Draft,
    body: &BundleAccept,
    known: &mut Known,
) -> Result<(), Error> {
    known.received = match draft.subject.as_bundle() {
        Some(sender) => writing.bundle_of(sender).await?.map(|bundle| bundle.bundle),
        None => None,
    };
    if writing.is_kept(&body.hash).await? {
        known.kept.insert(body.hash.clone());
    }
    Ok(())
}

/// What is wrong with receiving a bundle.
pub(crate) fn findings(draft: &Draft, body: &BundleAccept, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    let is_key = body.key.len() == 64 && unhex(&body.key).is_some();
    if !is_key || draft.subject.as_bundle() != Some(sender(&body.key).as_str()) {
        findings.error(
            "bundle.sender",
            "subject",
            words!(
                "`{subject}` không nêu khóa của gói",
                "`{subject}` does not name the key of the bundle",
                subject = draft.subject.0
            ),
            words!(
                "viết bundle/ kèm {count} chữ số đầu của khóa",
                "write bundle/ and the first {count} digits of the key",
                count = NAME
            ),
        );
    }
    for (field, text) in
        [("unit", &body.unit), ("unit_name", &body.unit_name), ("plan", &body.plan)]
    {
        findings.text(field, text);
    }
    let today = recorded_on(draft);
    for (field, day) in [("as_of", body.as_of), ("made_on", body.made_on)] {
        if day > today {
            let (what, remedy) = ahead(day, today);
            findings.error("bundle.ahead", field, what, remedy);
        }
    }
    if !known.kept.contains(&body.hash) {
        findings.error(
            "bundle.kept",
            "hash",
            words!(
                "không lưu gói nào có mã băm {hash}",
                "no bundle with the hash {hash} is kept",
                hash = &body.hash
            ),
            words!(
                "nhận gói bằng `hoptac bundle accept`",
                "receive it with `hoptac bundle accept`"
            ),
        );
    }
    let Some(last) = &known.received else { return findings.into_vec() };
    if body.sender_position < last.sender_position
        || (body.sender_position == last.sender_position && body.made_on < last.made_on)
    {
        findings.error(
            "bundle.older",
            "sender_position",
            words!(
                "gói lập từ bút toán số {position}, cũ hơn gói đã nhận (bút toán số {last})",
                "the bundle was made at position {position}, before the one that was received (position {last})",
                position = body.sender_position,
                last = last.sender_position
            ),
            words!(
                "gói cũ gửi lại thì không nhận; hãy đề nghị nơi gửi lập gói mới",
                "an old bundle that is sent again is not taken; ask the sender for a new one"
            ),
        );
    }
    if body.sender_position == last.sender_position && body.sender_head != last.sender_head {
        findings.error(
            "bundle.forked",
            "sender_head",
            words!(
                "cùng bút toán số {position} mà sổ cái nơi gửi khác với gói đã nhận",
                "the sender's ledger differs at position {position} from that of the bundle which was received",
                position = body.sender_position
            ),
            words!(
                "sổ cái nơi gửi đã bị thay đổi hoặc khôi phục từ bản cũ; hãy hỏi nơi gửi trước khi nhận",
                "the sender's ledger was changed, or restored from an older copy; ask the sender before you take it"
            ),
        );
    }
    findings.into_vec()
}
