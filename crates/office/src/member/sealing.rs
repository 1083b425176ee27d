//! The way in: what people typed about members is judged, sealed, counted and filed, in one transaction. Nothing of it goes
//! further in clear, neither into a filing nor into a finding.

use std::collections::BTreeMap;

use hoptac_model::filing::member::{
    MemberChange, MemberJoin, MemberLeave, MemberRoll, MemberTransfer, Membership,
};
use hoptac_model::filing::{Body, Draft, Filing, FilingKind, Origin, Subject};
use hoptac_model::finding::{Finding, Severity};
use hoptac_model::ids::{FilingId, MemberId, OrganisationId};
use hoptac_model::member::form::{Form, FormChange, judge};
use hoptac_model::member::{
    Entry, EntryChange, HeldKey, Identity, KeyHolder, LeaveCause, Marks, Sealing, Span, Tally,
    What, pseudonym, spans,
};
use hoptac_model::seal::{Key, Nonce};
use hoptac_model::text::Words;
use hoptac_model::words;
use hoptac_store::{RollOnFile, Store, Writing};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::authority::{self, Actor};
use crate::clerk::{Accepted, Clerk};
use crate::explained;
use crate::refusal::Refusal;

/// What sealing needs from the edge: the master key, which is kept apart from the database, and chance.
pub struct Seals<'a> {
    /// The key under which the organisations' own keys are wrapped.
    pub master: &'a Key,
    /// Gives 32 fresh random bytes each time.
    pub chance: &'a mut (dyn FnMut() -> [u8; 32] + Send),
}

impl Seals<'_> {
    fn key(&mut self) -> Key {
        Key::new((self.chance)())
    }

    fn nonce(&mut self) -> Nonce {
        let mut nonce = [0; 24];
        for (to, from) in nonce.iter_mut().zip((self.chance)()) {
            *to = from;
        }
        nonce
    }
}

/// What is to be filed about a roll, in clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The filing's identity.
    pub id: FilingId,
    /// When it is recorded.
    pub recorded_at: Timestamp,
    /// From when it is effective.
    pub effective_on: Date,
    /// Whose roll.
    pub organisation: OrganisationId,
    /// The version of the organisation that the filer saw; none where any will do.
    pub expected_version: Option<u32>,
    /// A key that makes a repeated submission harmless.
    pub key: Option<String>,
    /// Where it came from.
    pub origin: Origin,
    /// What happens.
    pub act: Act,
}

/// What happens to a roll, in clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// The whole roll is taken over.
    Roll(Vec<Form>),
    /// A member joins.
    Join(Form),
    /// Something of a member changes.
    Change {
        /// The member.
        member: MemberId,
        /// What changes.
        change: FormChange,
    },
    /// A member leaves.
    Leave {
        /// The member.
        member: MemberId,
        /// Why.
        cause: LeaveCause,
    },
    /// A share is given away.
    Transfer {
        /// Who gives.
        from: MemberId,
        /// Who receives.
        to: Receiver,
        /// How much, đồng.
        amount: i64,
        /// Whether who gives leaves by it.
        leaves: bool,
    },
}

/// Who receives a share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// Who is on the roll.
    Member(MemberId),
    /// Who enters the roll by it.
    Enters(Form),
}

impl Act {
    /// The kind of filing that it becomes.
    pub fn kind(&self) -> FilingKind {
        match self {
            Self::Roll(_) => FilingKind::MemberRoll,
            Self::Join(_) => FilingKind::MemberJoin,
            Self::Change { .. } => FilingKind::MemberChange,
            Self::Leave { .. } => FilingKind::MemberLeave,
            Self::Transfer { .. } => FilingKind::MemberTransfer,
        }
    }

    /// The members that enter by it.
    fn forms(&self) -> &[Form] {
        match self {
            Self::Roll(forms) => forms,
            Self::Join(form) | Self::Transfer { to: Receiver::Enters(form), .. } => {
                std::slice::from_ref(form)
            }
            Self::Change { .. } | Self::Leave { .. } | Self::Transfer { .. } => &[],
        }
    }
}

/// Seals and files what happens to a roll, in a transaction of its own.
pub async fn file(
    store: &Store,
    actor: &Actor,
    seals: &mut Seals<'_>,
    request: Request,
) -> Result<Accepted, Refusal> {
    let subject = Subject::organisation(request.organisation);
    let mut clerk = Clerk::new(store.begin().await?);
    match take(&mut clerk, actor, seals, request).await {
        Ok(accepted) => {
            clerk.commit().await?;
            Ok(accepted)
        }
        Err(refusal) => {
            drop(clerk);
            Err(explained(store, &subject, refusal).await)
        }
    }
}

/// Says what would be found about what happens to a roll, and files nothing.
pub async fn check(
    store: &Store,
    actor: &Actor,
    seals: &mut Seals<'_>,
    request: Request,
) -> Result<Vec<Finding>, Refusal> {
    let mut clerk = Clerk::new(store.begin().await?);
    match take(&mut clerk, actor, seals, request).await {
        Ok(accepted) => Ok(accepted.findings),
        Err(Refusal::Invalid(findings)) => Ok(findings),
        Err(refusal) => Err(refusal),
    }
}

async fn take(
    clerk: &mut Clerk,
    actor: &Actor,
    seals: &mut Seals<'_>,
    request: Request,
) -> Result<Accepted, Refusal> {
    let kind = request.act.kind();
    // Nobody who may not file opens anything.
    if !authority::may(actor.role, kind) {
        return Err(Refusal::NotAllowed { role: actor.role, kind });
    }
    let mut ring = Ring::open(&mut clerk.writing, request.organisation, seals.master).await?;
    if let Some(key) = &request.key
        && let Some(filing) = clerk.writing.accepted_with_key(key).await?
    {
        return if says_the_same(&request, &filing, &ring) {
            Ok(Accepted { filing, findings: Vec::new(), repeated: true })
        } else {
            Err(Refusal::KeyTaken { key: key.clone(), position: filing.position })
        };
    }
    let roll = clerk.writing.roll(request.organisation).await?;
    let (body, findings) = sealed(&request, &roll, &mut ring, seals);
    let Some(body) = body else { return Err(Refusal::Invalid(findings)) };
    clerk.writing.keep_keys(&ring.fresh).await?;
    let draft = Draft {
        id: request.id,
        recorded_at: request.recorded_at,
        effective_on: request.effective_on,
        actor: actor.name.clone(),
        subject: Subject::organisation(request.organisation),
        expected_version: request.expected_version,
        origin: request.origin,
        key: request.key,
        body: Body::Membership(body),
    };
    annotated(clerk.take(actor, draft).await, findings)
}

/// What is to be filed about a roll, sealed, with what was found before; none where something is wrong with what was typed.
/// The keys that are new are in the ring and not kept yet.
pub(crate) fn sealed(
    request: &Request,
    roll: &RollOnFile,
    ring: &mut Ring,
    seals: &mut Seals<'_>,
) -> (Option<Membership>, Vec<Finding>) {
    let mut work = Work { request, roll, findings: Vec::new() };
    let body = work.body(ring, seals);
    let findings = work.findings;
    (body.filter(|_| !findings.iter().any(Finding::is_error)), findings)
}

/// The keys of an organisation, open, with those that are new.
pub(crate) struct Ring {
    organisation: OrganisationId,
    pseudonyms: Option<Key>,
    own: Option<Key>,
    members: BTreeMap<MemberId, Key>,
    fresh: Vec<HeldKey>,
}

impl Ring {
    /// Opens the keys that are kept.
    pub(crate) async fn open(
        writing: &mut Writing,
        organisation: OrganisationId,
        master: &Key,
    ) -> Result<Self, Refusal> {
        let pseudonyms = writing.key(KeyHolder::Pseudonyms).await?;
        let held = writing.keys_of(organisation).await?;
        Self::of(organisation, pseudonyms.as_ref(), &held, master)
    }

    /// Opens the keys that are kept, for reading only.
    pub(super) async fn of_store(
        store: &Store,
        organisation: OrganisationId,
        master: &Key,
    ) -> Result<Self, Refusal> {
        let pseudonyms = store.key(KeyHolder::Pseudonyms).await?;
        let held = store.keys_of(organisation).await?;
        Self::of(organisation, pseudonyms.as_ref(), &held, master)
    }

    fn of(
        organisation: OrganisationId,
        pseudonyms: Option<&HeldKey>,
        held: &[HeldKey],
        master: &Key,
    ) -> Result<Self, Refusal> {
        let open = |key: &HeldKey, under: &Key| key.open(under).map_err(|_| Refusal::MasterKey);
        let pseudonyms = pseudonyms.map(|key| open(key, master)).transpose()?;
        let own = held.iter().find(|key| key.holder == KeyHolder::Organisation(organisation));
        let own = own.map(|key| open(key, master)).transpose()?;
        let mut members = BTreeMap::new();
        if let Some(own) = &own {
            for key in held {
                if let KeyHolder::Member(_, member) = key.holder {
                    members.insert(member, open(key, own)?);
                }
            }
        }
        Ok(Self { organisation, pseudonyms, own, members, fresh: Vec::new() })
    }

    /// The keys that are new and not kept yet; from now on they count as kept.
    pub(crate) fn take_fresh(&mut self) -> Vec<HeldKey> {
        std::mem::take(&mut self.fresh)
    }

    /// Who a member is; none where it was erased.
    pub(crate) fn identity(&self, entry: &Entry) -> Option<Identity> {
        self.sealing(entry.member)?.open_identity(&entry.identity).ok()
    }

    /// The key of all pseudonyms, made where there is none.
    pub(crate) fn pseudonyms(&mut self, seals: &mut Seals<'_>) -> Key {
        if let Some(key) = &self.pseudonyms {
            return key.clone();
        }
        let key = seals.key();
        let nonce = seals.nonce();
        self.fresh.push(HeldKey::new(KeyHolder::Pseudonyms, &key, seals.master, nonce));
        self.pseudonyms = Some(key.clone());
        key
    }

    /// The organisation's own key, made where there is none.
    fn own(&mut self, seals: &mut Seals<'_>) -> Key {
        if let Some(key) = &self.own {
            return key.clone();
        }
        let key = seals.key();
        let holder = KeyHolder::Organisation(self.organisation);
        let nonce = seals.nonce();
        self.fresh.push(HeldKey::new(holder, &key, seals.master, nonce));
        self.own = Some(key.clone());
        key
    }

    /// A new member's key.
    fn member(&mut self, member: MemberId, seals: &mut Seals<'_>) -> Key {
        let own = self.own(seals);
        let key = seals.key();
        let holder = KeyHolder::Member(self.organisation, member);
        self.fresh.push(HeldKey::new(holder, &key, &own, seals.nonce()));
        self.members.insert(member, key.clone());
        key
    }

    /// What opens a member's boxes; none where the key was destroyed.
    pub(super) fn sealing(&self, member: MemberId) -> Option<Sealing<'_>> {
        let key = self.members.get(&member)?;
        Some(Sealing { organisation: self.organisation, member, key })
    }

    /// What is delicate about a member; nothing where nothing was stated, none where the key was destroyed.
    pub(crate) fn marks(&self, entry: &Entry) -> Option<Marks> {
        let sealing = self.sealing(entry.member)?;
        match &entry.marks {
            Some(sealed) => sealing.open_marks(sealed).ok(),
            None => Some(Marks::default()),
        }
    }

    /// Whether an entry says what a form says.
    fn says(&self, entry: &Entry, form: &Form) -> bool {
        let Some(sealing) = self.sealing(entry.member) else { return false };
        let identity = sealing.open_identity(&entry.identity);
        entry.kind == form.kind
            && entry.class == form.class
            && entry.capital == form.capital
            && entry.joined == form.joined
            && entry.foreign == form.foreign
            && identity.is_ok_and(|identity| identity == form.identity)
            && self.marks(entry).is_some_and(|marks| marks == form.marks)
    }
}

/// Whether a filing says what is asked to be filed. What was sealed differs each time, so that it is opened.
fn says_the_same(request: &Request, filing: &Filing, ring: &Ring) -> bool {
    if filing.kind != request.act.kind()
        || filing.subject != Subject::organisation(request.organisation)
        || filing.effective_on != request.effective_on
    {
        return false;
    }
    let Ok(Body::Membership(body)) = filing.typed_body() else { return false };
    let forms = request.act.forms();
    let entries = body.entries();
    if forms.len() != entries.len()
        || !entries.iter().zip(forms).all(|(entry, form)| ring.says(entry, form))
    {
        return false;
    }
    match (&request.act, &body) {
        (Act::Roll(_) | Act::Join(_), _) => true,
        (Act::Change { member, change }, Membership::Change(filed)) => {
            *member == filed.member && says_change(change, filed, ring)
        }
        (Act::Leave { member, cause }, Membership::Leave(filed)) => {
            (*member, *cause) == (filed.member, filed.cause)
        }
        (Act::Transfer { from, to, amount, leaves }, Membership::Transfer(filed)) => {
            let receives = match to {
                Receiver::Member(to) => *to == filed.to,
                Receiver::Enters(_) => filed.enters.is_some(),
            };
            receives && (*from, *amount, *leaves) == (filed.from, filed.amount, filed.leaves)
        }
        (Act::Change { .. } | Act::Leave { .. } | Act::Transfer { .. }, _) => false,
    }
}

/// Whether a filed change says what is asked to be changed: laid over itself it changes nothing.
fn says_change(change: &FormChange, filed: &MemberChange, ring: &Ring) -> bool {
    let EntryChange { class, capital, foreign, identity, marks, pseudonym: _ } = &filed.change;
    if (class, capital, foreign) != (&change.class, &change.capital, &change.foreign)
        || identity.is_some() != change.touches_identity()
        || marks.is_some() != change.touches_marks()
    {
        return false;
    }
    let Some(sealing) = ring.sealing(filed.member) else { return false };
    let identity = identity.as_ref().map(|sealed| sealing.open_identity(sealed));
    let marks = marks.as_ref().map(|sealed| sealing.open_marks(sealed));
    identity.is_none_or(|kept| kept.is_ok_and(|kept| change.over_identity(&kept) == kept))
        && marks.is_none_or(|kept| kept.is_ok_and(|kept| change.over_marks(&kept) == kept))
}

/// Making the body of a filing from what was typed.
struct Work<'w> {
    request: &'w Request,
    roll: &'w RollOnFile,
    findings: Vec<Finding>,
}

impl Work<'_> {
    /// The body, where nothing is wrong with what was typed.
    fn body(&mut self, ring: &mut Ring, seals: &mut Seals<'_>) -> Option<Membership> {
        let request = self.request;
        self.judge_forms();
        if self.findings.iter().any(Finding::is_error) {
            return None;
        }
        Some(match &request.act {
            Act::Roll(forms) => {
                let mut tally = Tally::default();
                for form in forms {
                    tally += &Tally::of(&form.marks);
                }
                let members = forms.iter().map(|form| self.entry(form, ring, seals)).collect();
                Membership::Roll(MemberRoll { members, tally })
            }
            Act::Join(form) => Membership::Join(MemberJoin {
                member: self.entry(form, ring, seals),
                tally: Tally::of(&form.marks),
            }),
            Act::Change { member, change } => {
                Membership::Change(self.change(*member, change, ring, seals)?)
            }
            Act::Leave { member, cause } => Membership::Leave(MemberLeave {
                member: *member,
                cause: *cause,
                tally: self.without(*member, ring),
            }),
            Act::Transfer { from, to, amount, leaves } => {
                let mut tally = Tally::default();
                if *leaves {
                    tally += &self.without(*from, ring);
                }
                let (to, enters) = match to {
                    Receiver::Member(to) => (*to, None),
                    Receiver::Enters(form) => {
                        tally += &Tally::of(&form.marks);
                        let form = Form { capital: *amount, ..form.clone() };
                        let entry = self.entry(&form, ring, seals);
                        (entry.member, Some(entry))
                    }
                };
                let (from, amount, leaves) = (*from, *amount, *leaves);
                Membership::Transfer(MemberTransfer { from, to, amount, enters, leaves, tally })
            }
        })
    }

    /// What is wrong or odd about the members that enter.
    fn judge_forms(&mut self) {
        let day = self.request.effective_on;
        let forms = self.request.act.forms();
        for (at, form) in forms.iter().enumerate() {
            let path = match &self.request.act {
                Act::Roll(_) => format!("members[{at}]"),
                Act::Transfer { .. } => "enters".to_owned(),
                Act::Join(_) | Act::Change { .. } | Act::Leave { .. } => "member".to_owned(),
            };
            let amount = match &self.request.act {
                Act::Transfer { amount, .. } => Some(*amount),
                Act::Roll(_) | Act::Join(_) | Act::Change { .. } | Act::Leave { .. } => None,
            };
            let form = Form { capital: amount.unwrap_or(form.capital), ..form.clone() };
            self.findings.extend(judge(&form, day, &path));
        }
    }

    /// A new member, sealed under a key of its own.
    fn entry(&self, form: &Form, ring: &mut Ring, seals: &mut Seals<'_>) -> Entry {
        let member = identity_at(self.request.recorded_at, (seals.chance)());
        let pseudonyms = ring.pseudonyms(seals);
        let key = ring.member(member, seals);
        let sealing = Sealing { organisation: self.request.organisation, member, key: &key };
        let marks = (!form.marks.is_empty()).then(|| sealing.marks(&form.marks, seals.nonce()));
        Entry {
            member,
            kind: form.kind,
            class: form.class,
            capital: form.capital,
            joined: form.joined,
            foreign: form.foreign,
            pseudonym: pseudonym(&pseudonyms, form.kind, form.identity.number.as_deref()),
            identity: sealing.identity(&form.identity, seals.nonce()),
            marks,
        }
    }

    /// What stands on the roll about a member on the day of the filing.
    fn standing(&self, member: MemberId) -> Option<Span> {
        let day = self.request.effective_on;
        let (spans, _) = spans(&self.roll.events);
        spans.into_iter().find(|span| span.entry.member == member && span.holds_on(day))
    }

    /// The counts without a member that leaves.
    fn without(&mut self, member: MemberId, ring: &Ring) -> Tally {
        let Some(span) = self.standing(member) else { return Tally::default() };
        if let Some(marks) = ring.marks(&span.entry) {
            return Tally::of(&marks).negated();
        }
        let finding = Finding::field(
            "member.uncounted",
            "member",
            words!(
                "đặc điểm của thành viên này đã bị xóa, nên số tổng hợp theo giới, dân tộc và hộ nghèo vẫn tính cả người này",
                "the marks of this member were erased, so that the counts by sex, ethnic group and hardship keep them"
            ),
            words!(
                "đếm từ nguồn khác khi cần chính xác",
                "count them from another source where they matter"
            ),
        );
        self.findings.push(finding.with_severity(Severity::Warning));
        Tally::default()
    }

    /// A change, laid over what the member was on the day of the filing.
    fn change(
        &mut self,
        member: MemberId,
        change: &FormChange,
        ring: &mut Ring,
        seals: &mut Seals<'_>,
    ) -> Option<MemberChange> {
        let mut error = |code, field: &str, message: Words, remedy: Words| {
            self.findings.push(Finding::field(code, field, message, remedy));
        };
        if change.is_empty() {
            error(
                "member.no-change",
                "change",
                words!("không có gì thay đổi", "nothing changes"),
                words!("ghi nội dung thay đổi", "write what changes"),
            );
        }
        if change.kind.is_some() || change.joined.is_some() {
            let message = words!(
                "loại thành viên và ngày vào không thay đổi được",
                "what a member is, and since when, stays as it was entered"
            );
            error(
                "member.fixed",
                "change",
                message,
                words!(
                    "nộp hồ sơ ra, rồi ghi vào sổ lại",
                    "file that it leaves, and enter it anew"
                ),
            );
        }
        // A name and a number can be put right, and not be taken away.
        for (text, field) in [(&change.name, "name"), (&change.number, "personal_number")] {
            if text.as_ref().is_some_and(String::is_empty) {
                let field = format!("change.{field}");
                error(
                    "member.missing-field",
                    &field,
                    words!("không được để trống", "it cannot be left empty"),
                    words!("điền vào", "write it"),
                );
            }
        }
        let mut filed = EntryChange {
            class: change.class,
            capital: change.capital,
            foreign: change.foreign,
            ..EntryChange::default()
        };
        let mut tally = Tally::default();
        // Who is not on the roll that day is told by the rules of the roll.
        if let Some(span) = self.standing(member) {
            let entry = span.entry;
            let opened = ring.sealing(member).map(|sealing| sealing.open_identity(&entry.identity));
            let (Some(Ok(identity)), Some(marks)) = (opened, ring.marks(&entry)) else {
                if change.touches_identity() || change.touches_marks() {
                    self.findings.push(Finding::field(
                        "member.erased",
                        "member",
                        words!(
                            "dữ liệu cá nhân của thành viên này đã bị xóa",
                            "what was personal of this member has been erased"
                        ),
                        words!(
                            "nộp hồ sơ ra, rồi ghi vào sổ lại",
                            "file that it leaves, and enter it anew"
                        ),
                    ));
                }
                return Some(MemberChange { member, change: filed, tally });
            };
            let form = Form {
                kind: entry.kind,
                class: change.class.unwrap_or(entry.class),
                capital: change.capital.unwrap_or(entry.capital),
                joined: Some(entry.joined.unwrap_or(span.from)),
                foreign: change.foreign.or(entry.foreign),
                identity: change.over_identity(&identity),
                marks: change.over_marks(&marks),
            };
            self.findings.extend(judge(&form, self.request.effective_on, "change"));
            let pseudonyms = ring.pseudonyms(seals);
            let sealing = ring.sealing(member)?;
            if change.touches_identity() {
                filed.identity = Some(sealing.identity(&form.identity, seals.nonce()));
                filed.pseudonym =
                    pseudonym(&pseudonyms, form.kind, form.identity.number.as_deref());
            }
            if change.touches_marks() {
                self.no_later_marks(member);
                filed.marks = Some(sealing.marks(&form.marks, seals.nonce()));
                tally += &Tally::of(&form.marks);
                tally += &Tally::of(&marks).negated();
            }
        }
        Some(MemberChange { member, change: filed, tally })
    }

    /// Counts are kept as sums, so that they cannot be put right behind a later count of the same member.
    fn no_later_marks(&mut self, member: MemberId) {
        let later = self.roll.events.iter().find(|event| {
            let marks = matches!(&event.what, What::Change(change) if change.marks.is_some());
            event.member == member && event.on > self.request.effective_on && marks
        });
        if let Some(event) = later {
            self.findings.push(Finding::field(
                "member.later-marks",
                "effective_on",
                words!(
                    "giới tính, dân tộc hoặc hoàn cảnh của thành viên này đã được kê khai lại từ ngày {on}",
                    "sex, ethnic group or hardship of this member were filed anew for {on}",
                    on = event.on
                ),
                words!("nộp hồ sơ thay đổi có hiệu lực từ ngày đó", "file the change from that day on"),
            ));
        }
    }
}

/// The identity of a member that enters: the time and ten bytes of chance.
fn identity_at(at: Timestamp, chance: [u8; 32]) -> MemberId {
    let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
    let mut random = [0; 10];
    for (to, from) in random.iter_mut().zip(chance) {
        *to = from;
    }
    MemberId(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}

/// What came of a filing, with what was found before it was sealed.
fn annotated(
    outcome: Result<Accepted, Refusal>,
    mut findings: Vec<Finding>,
) -> Result<Accepted, Refusal> {
    match outcome {
        Ok(mut accepted) => {
            findings.append(&mut accepted.findings);
            Ok(Accepted { findings, ..accepted })
        }
        Err(Refusal::Invalid(mut found)) => {
            findings.append(&mut found);
            Err(Refusal::Invalid(findings))
        }
        Err(refusal) => Err(refusal),
    }
}
