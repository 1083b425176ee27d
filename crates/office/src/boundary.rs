//! Outlines of units: loaded by a filing that keeps all that hold from then on, and taken back by another, the last loading first.

use hoptac_model::boundary::{self, Boundary, Days, Matched, Outlines};
use hoptac_model::filing::boundary::BoundariesSet;
use hoptac_model::filing::{Body, Draft, Hash, Origin, Subject};
use hoptac_model::finding::Finding;
use hoptac_model::ids::FilingId;
use hoptac_model::unit::Places;
use hoptac_model::words;
use hoptac_store::{Error, Loading, Store, Writing};
use jiff::Timestamp;
use jiff::tz::Offset;

use crate::authority::Actor;
use crate::clerk::{Accepted, Clerk};
use crate::finding::Findings;
use crate::known::Known;
use crate::refusal::Refusal;

/// By whom and when outlines are loaded or taken back.
#[derive(Clone, Copy, Debug)]
pub struct Receipt {
    /// The identity of the filing.
    pub id: FilingId,
    /// When it is recorded.
    pub recorded_at: Timestamp,
}

/// A file of outlines as it was read.
#[derive(Clone, Debug)]
pub struct Handed {
    /// Its name.
    pub file_name: String,
    /// Its hash.
    pub file_hash: Hash,
    /// What of it can be drawn.
    pub boundaries: Vec<Boundary>,
}

/// Loads the outlines of a file over those that hold, in one transaction.
pub async fn load(
    store: &Store,
    actor: &Actor,
    receipt: Receipt,
    handed: Handed,
    places: &Places,
    days: Days,
) -> Result<Accepted, Refusal> {
    let mut clerk = Clerk::new(store.begin().await?);
    let before = outlines(clerk.writing()).await?;
    let matched = boundary::matched(handed.boundaries, places, days, &before);
    let after = boundary::laid_over(&before, &matched);
    let bytes = boundary::written(&after);
    let (added, changed) = counts(&matched);
    let set = BoundariesSet {
        file_name: handed.file_name,
        file_hash: handed.file_hash.to_string(),
        hash: Hash::of(&bytes).to_string(),
        units: count(after.len()),
        added,
        changed,
        takes_back: None,
        reason: None,
    };
    crate::keep(store, clerk, actor, draft(actor, receipt, set), &[bytes]).await
}

/// Takes the last loading back: the outlines before it hold again.
pub async fn take_back(
    store: &Store,
    actor: &Actor,
    receipt: Receipt,
    position: u64,
    reason: &str,
) -> Result<Accepted, Refusal> {
    let mut clerk = Clerk::new(store.begin().await?);
    let loadings = clerk.writing().loadings().await?;
    let at = loadings.iter().position(|one| one.filing.position == position);
    let Some(taken) = at.and_then(|at| loadings.get(at)) else {
        let mut findings = Findings::default();
        unknown(&mut findings, position);
        return Err(Refusal::Invalid(findings.into_vec()));
    };
    let before = match at.and_then(|at| at.checked_sub(1)).and_then(|at| loadings.get(at)) {
        Some(before) => kept(clerk.writing(), &before.set.hash).await?,
        None => Outlines::new(),
    };
    let bytes = boundary::written(&before);
    let set = BoundariesSet {
        file_name: taken.set.file_name.clone(),
        file_hash: taken.set.file_hash.clone(),
        hash: Hash::of(&bytes).to_string(),
        units: count(before.len()),
        added: 0,
        changed: 0,
        takes_back: Some(position),
        reason: Some(reason.trim().to_owned()),
    };
    crate::keep(store, clerk, actor, draft(actor, receipt, set), &[bytes]).await
}

/// How many units get a first outline, and how many another one.
pub fn counts(matched: &[Matched]) -> (u32, u32) {
    let of =
        |is: fn(&boundary::Fate) -> bool| count(matched.iter().filter(|one| is(&one.fate)).count());
    (
        of(|fate| matches!(fate, boundary::Fate::New(_))),
        of(|fate| matches!(fate, boundary::Fate::Changed(_))),
    )
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn draft(actor: &Actor, receipt: Receipt, set: BoundariesSet) -> Draft {
    Draft {
        id: receipt.id,
        recorded_at: receipt.recorded_at,
        effective_on: Offset::constant(7).to_datetime(receipt.recorded_at).date(),
        actor: actor.signature(),
        subject: Subject::boundaries(),
        expected_version: None,
        origin: Origin::Live,
        key: None,
        body: Body::BoundariesSet(Box::new(set)),
    }
}

/// The outlines that hold.
async fn outlines(writing: &mut Writing) -> Result<Outlines, Error> {
    match writing.loadings().await?.last() {
        Some(last) => kept(writing, &last.set.hash).await,
        None => Ok(Outlines::new()),
    }
}

async fn kept(writing: &mut Writing, hash: &str) -> Result<Outlines, Error> {
    let bytes = writing.kept_file(hash).await?;
    bytes.and_then(|bytes| boundary::read(&bytes)).ok_or_else(|| Error::Stored {
        table: "kept_file",
        column: "contents",
        value: hash.to_owned(),
    })
}

/// Reads what bears on a loading.
pub(crate) async fn read(
    writing: &mut Writing,
    body: &BoundariesSet,
    known: &mut Known,
) -> Result<(), Error> {
    known.loadings = writing.loadings().await?;
    if writing.is_kept(&body.hash).await? {
        known.kept.insert(body.hash.clone());
    }
    Ok(())
}

/// What is wrong with setting outlines.
pub(crate) fn findings(draft: &Draft, body: &BoundariesSet, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    if draft.subject != Subject::boundaries() {
        findings.error(
            "boundary.subject",
            "subject",
            words!(
                "`{subject}` không phải là ranh giới",
                "`{subject}` is not that of outlines",
                subject = draft.subject.0
            ),
            words!("viết boundaries", "write boundaries"),
        );
    }
    findings.text("file_name", &body.file_name);
    if !known.kept.contains(&body.hash) {
        findings.error(
            "boundary.kept",
            "hash",
            words!(
                "không lưu ranh giới nào có mã băm {hash}",
                "no outlines with the hash {hash} are kept",
                hash = &body.hash
            ),
            words!("nạp bằng `hoptac boundary load`", "load them with `hoptac boundary load`"),
        );
    }
    let last = known.loadings.last();
    match body.takes_back {
        Some(position) => {
            findings.text("reason", body.reason.as_deref().unwrap_or_default());
            taking_back(&mut findings, position, body, &known.loadings);
        }
        None if last.map_or(body.units == 0, |last| last.set.hash == body.hash) => findings.error(
            "boundary.same",
            "hash",
            words!(
                "tệp không làm thay đổi ranh giới của đơn vị nào",
                "the file changes the outline of no unit"
            ),
            words!(
                "xem vì sao từng đối tượng bị bỏ qua; không cần nạp lại tệp đã nạp",
                "look at why each feature is left out; a file that is loaded need not be loaded again"
            ),
        ),
        None => {}
    }
    findings.into_vec()
}

fn taking_back(findings: &mut Findings, position: u64, body: &BoundariesSet, loadings: &[Loading]) {
    let Some(at) = loadings.iter().position(|one| one.filing.position == position) else {
        unknown(findings, position);
        return;
    };
    if let Some(last) = loadings.last().filter(|last| last.filing.position != position) {
        findings.error(
            "boundary.not-last",
            "takes_back",
            words!(
                "sau lần nạp số {position} còn lần nạp số {last}",
                "the loading {last} came after the loading {position}",
                position,
                last = last.filing.position
            ),
            words!("rút lần nạp sau cùng trước", "take the last loading back first"),
        );
        return;
    }
    let before = at.checked_sub(1).and_then(|at| loadings.get(at)).map_or_else(
        || Hash::of(&boundary::written(&Outlines::new())).to_string(),
        |before| before.set.hash.clone(),
    );
    if body.hash != before {
        findings.error(
            "boundary.kept",
            "hash",
            words!(
                "đây không phải ranh giới trước lần nạp số {position}",
                "these are not the outlines before the loading {position}",
                position
            ),
            words!("rút bằng `hoptac boundary undo`", "take it back with `hoptac boundary undo`"),
        );
    }
}

fn unknown(findings: &mut Findings, position: u64) {
    findings.error(
        "boundary.unknown",
        "takes_back",
        words!(
            "không có lần nạp ranh giới nào ở hồ sơ số {position}, hoặc đã rút lại",
            "no loading of outlines holds at the filing {position}",
            position
        ),
        words!("xem `hoptac boundary list`", "look at `hoptac boundary list`"),
    );
}
