//! Filings: immutable, dated statements about an organisation, the plan or the places. The ledger is their sequence.
//!
//! # Hash
//! The hash of a filing is SHA-256 over the UTF-8 text of these lines, each ended by one line feed:
//! `hoptac-filing-1`, position, id, recorded-at, effective-on, actor, kind, subject, subject version, schema version,
//! origin, idempotency key (empty where none), body, hash of the filing before (64 zeros for the first). No field may
//! contain a line feed; the body is canonical JSON (keys sorted, no white space), stored exactly as hashed. Anybody with
//! `sha256sum` can check one by hand.

pub mod account;
pub mod alert;
pub mod annual_return;
pub mod boundary;
pub mod bundle;
pub mod cascade;
pub mod document;
pub mod edition;
pub mod event;
pub mod grade;
pub mod import;
pub mod member;
pub mod particulars;
pub mod scenario;
pub mod schema;
pub mod task;
pub mod touch;

use std::fmt;
use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, de};
use sha2::{Digest, Sha256};

use self::account::AccountAct;
use self::alert::AlertAct;
use self::annual_return::{ReturnSendBack, ReturnSubmit, ReturnWaive};
use self::boundary::BoundariesSet;
use self::bundle::BundleAccept;
use self::cascade::CascadeAdopt;
use self::edition::EditionIssue;
use self::event::Event;
use self::grade::{GradeReview, GradeSelfScore};
use self::import::ImportAct;
use self::member::Membership;
use self::particulars::Particulars;
use self::reform::{Reform, SeatPlace};
use self::scenario::ScenarioSave;
use self::support::Support;
use self::task::TaskAct;
use crate::account::AccountName;
use crate::figure::Figure;
use crate::grading::Sheet;
use crate::ids::{FilingId, ImportId, OrganisationId, TargetId, UnitId};
use crate::linkage::Volume;
use crate::organisation::{Grade, Kind, Sector};
use crate::pack::Pack;
use crate::register::{PartnerKind, Practice, Stage};
use crate::unit::{Successor, Unit};

pub mod reform;
pub mod support;

/// A SHA-256 hash, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// What stands before the first filing.
    pub const ZERO: Self = Self([0; 32]);

    /// The hash of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

/// Declares the kinds of filing with the words they are stored by.
macro_rules! filing_kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// What a filing does.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
        )]
        pub enum FilingKind {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
        }

        impl FilingKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The kind as it is stored: noun, point, verb.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }
        }
    };
}

filing_kinds! {
    /// Units and their successions are taken over.
    UnitsAdopt = "units.adopt",
    /// A plan pack is adopted, or adopted anew.
    PlanAdopt = "plan.adopt",
    /// The plan's own text is attached.
    PlanAttach = "plan.attach",
    /// Published figures are added.
    FiguresPublish = "figures.publish",
    /// A number of the plan is given out to units.
    CascadeAdopt = "cascade.adopt",
    /// An organisation is established.
    OrganisationEstablish = "organisation.establish",
    /// Registered contents change.
    OrganisationChange = "organisation.change",
    /// An organisation suspends its business.
    OrganisationSuspend = "organisation.suspend",
    /// An organisation resumes its business.
    OrganisationResume = "organisation.resume",
    /// A group becomes a cooperative.
    OrganisationConvert = "organisation.convert",
    /// An organisation ceases to exist.
    OrganisationDissolve = "organisation.dissolve",
    /// Business lines, tax data or foreign members are notified.
    OrganisationNotify = "organisation.notify",
    /// An organisation is found not to be at its address.
    OrganisationLeaveAddress = "organisation.leave_address",
    /// An organisation is at its address again.
    OrganisationReturnToAddress = "organisation.return_to_address",
    /// An organisation begins to close.
    OrganisationClose = "organisation.close",
    /// An authority or a court dissolves an organisation.
    OrganisationDissolveByOrder = "organisation.dissolve_by_order",
    /// A court opens bankruptcy proceedings.
    OrganisationOpenBankruptcy = "organisation.open_bankruptcy",
    /// Bankruptcy proceedings end.
    OrganisationEndBankruptcy = "organisation.end_bankruptcy",
    /// A certificate is withdrawn.
    OrganisationWithdraw = "organisation.withdraw",
    /// A withdrawal or closing is revoked.
    OrganisationRestore = "organisation.restore",
    /// An organisation is divided into others and ends.
    OrganisationDivide = "organisation.divide",
    /// Others are separated from an organisation, which goes on.
    OrganisationSeparate = "organisation.separate",
    /// An organisation is consolidated with others into a new one.
    OrganisationConsolidate = "organisation.consolidate",
    /// An organisation merges into another.
    OrganisationMerge = "organisation.merge",
    /// A record turns out to be a second one of the same organisation.
    OrganisationDuplicate = "organisation.duplicate",
    /// An earlier filing is corrected; both stay.
    OrganisationCorrect = "organisation.correct",
    /// A remark is made.
    OrganisationAnnotate = "organisation.annotate",
    /// Particulars are registered: other names, address, contacts, representative, branches, lines.
    ParticularsChange = "particulars.change",
    /// A yearly return is accepted.
    ReturnAccept = "return.accept",
    /// A yearly return is handed in.
    ReturnSubmit = "return.submit",
    /// A return that was handed in goes back with reasons.
    ReturnSendBack = "return.send_back",
    /// A check of the form is waived for an organisation and a year.
    ReturnWaive = "return.waive",
    /// A grade is decided.
    GradeDecide = "grade.decide",
    /// An organisation scores its year itself.
    GradeSelfScore = "grade.self_score",
    /// A reviewer goes over a self-score.
    GradeReview = "grade.review",
    /// A linkage contract is recorded.
    LinkSign = "link.sign",
    /// The terms of a linkage contract change.
    LinkChange = "link.change",
    /// A linkage contract ends.
    LinkEnd = "link.end",
    /// A product or process is certified.
    ProductCertify = "product.certify",
    /// A certificate is withdrawn.
    ProductWithdraw = "product.withdraw",
    /// A check-list of technology, digital adoption or export is confirmed.
    PracticeConfirm = "practice.confirm",
    /// What a check-list confirmed is withdrawn.
    PracticeWithdraw = "practice.withdraw",
    /// An organisation attended trade promotion.
    PromotionAttend = "promotion.attend",
    /// A cooperative joins a union.
    UnionJoin = "union.join",
    /// A cooperative leaves a union.
    UnionLeave = "union.leave",
    /// A support programme is opened.
    ProgrammeOpen = "programme.open",
    /// An organisation applies for support.
    SupportApply = "support.apply",
    /// An application for support is decided.
    SupportDecide = "support.decide",
    /// Support is paid.
    SupportPay = "support.pay",
    /// Support is paid back.
    SupportRepay = "support.repay",
    /// An application for support is cancelled.
    SupportCancel = "support.cancel",
    /// A task is opened beside those of the plan.
    TaskOpen = "task.open",
    /// It is decided who does a task, where and by when.
    TaskAssign = "task.assign",
    /// It is said how far a task has come.
    TaskProgress = "task.progress",
    /// A task is put off to a later day.
    TaskPostpone = "task.postpone",
    /// A task, or one of its occurrences, is done.
    TaskClose = "task.close",
    /// A task is not to be done any more.
    TaskCancel = "task.cancel",
    /// A task goes on as part of another.
    TaskMerge = "task.merge",
    /// A task that had ended is open again.
    TaskReopen = "task.reopen",
    /// An alert is quiet until a day.
    AlertSnooze = "alert.snooze",
    /// An agency takes an alert on.
    AlertOwn = "alert.own",
    /// It is decided where an organisation's seat lies after a split, or lay before a merger.
    OrganisationPlace = "organisation.place",
    /// A unit begins.
    UnitCreate = "unit.create",
    /// Units go whole into one.
    UnitMerge = "unit.merge",
    /// A unit goes in parts into others.
    UnitSplit = "unit.split",
    /// A unit gets another name.
    UnitRename = "unit.rename",
    /// A unit ends without a successor.
    UnitAbolish = "unit.abolish",
    /// The whole roll of an organisation's members is taken over.
    MemberRoll = "member.roll",
    /// A member joins.
    MemberJoin = "member.join",
    /// Something of a member's entry changes.
    MemberChange = "member.change",
    /// A member leaves.
    MemberLeave = "member.leave",
    /// A share goes from one member to another.
    MemberTransfer = "member.transfer",
    /// An earlier filing about the roll is taken back, as if it had not been filed.
    MemberStrike = "member.strike",
    /// Personal data are erased: their keys are destroyed.
    MemberErase = "member.erase",
    /// Personal data are read.
    MemberDisclose = "member.disclose",
    /// A scenario is kept.
    ScenarioSave = "scenario.save",
    /// A report is issued.
    EditionIssue = "edition.issue",
    /// Outlines of units are loaded, or a loading is taken back.
    BoundariesSet = "boundaries.set",
    /// A bundle of another instance is received.
    BundleAccept = "bundle.accept",
    /// An account is invited.
    AccountInvite = "account.invite",
    /// An account is taken up by the one who was invited.
    AccountActivate = "account.activate",
    /// An account is given a role within a scope.
    AccountGrant = "account.grant",
    /// A role is taken from an account.
    AccountRevoke = "account.revoke",
    /// An account signs for another, for a period.
    AccountDelegate = "account.delegate",
    /// A delegation ends before its time.
    AccountEndDelegation = "account.end_delegation",
    /// An account is locked.
    AccountLock = "account.lock",
    /// A locked account is open again.
    AccountUnlock = "account.unlock",
    /// An account is closed for good.
    AccountClose = "account.close",
    /// A spreadsheet was taken over.
    ImportTake = "import.take",
    /// A filing that an import brought is struck.
    ImportStrike = "import.strike",
    /// An import was taken back.
    ImportUndo = "import.undo",
}

impl FilingKind {
    /// The kind that is stored so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// Where a filing came from. A page that shows something synthetic says so, because of this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Filed by people.
    Live,
    /// Taken over from a shipped pack.
    Pack,
    /// Made by a generator (dữ liệu mô phỏng).
    Synthetic,
}

impl Origin {
    /// The origin as it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Pack => "pack",
            Self::Synthetic => "synthetic",
        }
    }

    /// The origin that is stored so.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Live, Self::Pack, Self::Synthetic].into_iter().find(|origin| origin.code() == code)
    }
}

/// What a filing is about: `organisation/<uuid>`, `plan/<pack id>`, `account/<name>`, `task/<code>`, `alert/<key>`,
/// `import/<uuid>`, `cascade/<target>`, `scenario/<name>`, `bundle/<sender>`, `units`, `boundaries`, `figures`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject(pub String);

impl Subject {
    /// An organisation.
    pub fn organisation(id: OrganisationId) -> Self {
        Self(format!("organisation/{id}"))
    }

    /// A plan.
    pub fn plan(pack: &str) -> Self {
        Self(format!("plan/{pack}"))
    }

    /// A support programme.
    pub fn programme(id: &str) -> Self {
        Self(format!("programme/{id}"))
    }

    /// How a target is given out to units.
    pub fn cascade(target: &TargetId) -> Self {
        Self(format!("cascade/{target}"))
    }

    /// The places.
    pub fn units() -> Self {
        Self("units".to_owned())
    }

    /// The outlines of places.
    pub fn boundaries() -> Self {
        Self("boundaries".to_owned())
    }

    /// An account.
    pub fn account(name: &AccountName) -> Self {
        Self(format!("account/{name}"))
    }

    /// An import.
    pub fn import(id: ImportId) -> Self {
        Self(format!("import/{id}"))
    }

    /// An issued report, by the code that it is verified by.
    pub fn edition(code: &str) -> Self {
        Self(format!("edition/{code}"))
    }

    /// The code of the issued report, where the subject is one.
    pub fn as_edition(&self) -> Option<&str> {
        self.0.strip_prefix("edition/")
    }

    /// Bundles of a sender, by the first digits of its key.
    pub fn bundle(sender: &str) -> Self {
        Self(format!("bundle/{sender}"))
    }

    /// The sender of the bundles, where the subject is one.
    pub fn as_bundle(&self) -> Option<&str> {
        self.0.strip_prefix("bundle/")
    }

    /// A scenario, by its name.
    pub fn scenario(name: &str) -> Self {
        Self(format!("scenario/{name}"))
    }

    /// The name of the scenario, where the subject is one.
    pub fn as_scenario(&self) -> Option<&str> {
        self.0.strip_prefix("scenario/")
    }

    /// A task, by its code.
    pub fn task(code: &str) -> Self {
        Self(format!("task/{code}"))
    }

    /// The code of the task, where the subject is one.
    pub fn as_task(&self) -> Option<&str> {
        self.0.strip_prefix("task/")
    }

    /// An alert, by its key.
    pub fn alert(key: &str) -> Self {
        Self(format!("alert/{key}"))
    }

    /// The key of the alert, where the subject is one.
    pub fn as_alert(&self) -> Option<&str> {
        self.0.strip_prefix("alert/")
    }

    /// The published figures.
    pub fn figures() -> Self {
        Self("figures".to_owned())
    }

    /// The account, where the subject is one.
    pub fn as_account(&self) -> Option<AccountName> {
        self.0.strip_prefix("account/").map(AccountName::from)
    }

    /// The import, where the subject is one.
    pub fn as_import(&self) -> Option<ImportId> {
        self.0.strip_prefix("import/").and_then(|id| id.parse().ok())
    }

    /// The organisation, where the subject is one.
    pub fn as_organisation(&self) -> Option<OrganisationId> {
        self.0.strip_prefix("organisation/").and_then(|id| id.parse().ok())
    }
}

/// A filing ready to be appended: everything but its place in the chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Identity, made at the edge.
    pub id: FilingId,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// From when it is effective.
    pub effective_on: Date,
    /// Who files: a user's or the system's name, never a person's.
    pub actor: String,
    /// What it is about.
    pub subject: Subject,
    /// The version of the subject that the filer saw; none where any will do.
    pub expected_version: Option<u32>,
    /// Where it came from.
    pub origin: Origin,
    /// A key that makes a repeated submission harmless.
    pub key: Option<String>,
    /// What it says.
    pub body: Body,
}

/// An accepted filing, as it stands in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// Its place, from 1, without gaps.
    pub position: u64,
    /// Identity.
    pub id: FilingId,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// From when it is effective.
    pub effective_on: Date,
    /// Who filed.
    pub actor: String,
    /// What it does.
    pub kind: FilingKind,
    /// What it is about.
    pub subject: Subject,
    /// The subject's version after it, from 1.
    pub subject_version: u32,
    /// The schema version of the body.
    pub schema: u16,
    /// Where it came from.
    pub origin: Origin,
    /// Its idempotency key.
    pub key: Option<String>,
    /// What it says, as canonical JSON.
    pub body: String,
    /// The hash of the filing before.
    pub previous: Hash,
    /// Its own hash.
    pub hash: Hash,
}

impl Filing {
    /// The filing that a draft becomes at a position, behind the filing with hash `previous`.
    pub fn seal(draft: &Draft, position: u64, subject_version: u32, previous: Hash) -> Self {
        let mut filing = Self {
            position,
            id: draft.id,
            recorded_at: draft.recorded_at,
            effective_on: draft.effective_on,
            actor: draft.actor.clone(),
            kind: draft.body.kind(),
            subject: draft.subject.clone(),
            subject_version,
            schema: Body::SCHEMA,
            origin: draft.origin,
            key: draft.key.clone(),
            body: draft.body.to_canonical(),
            previous,
            hash: Hash::ZERO,
        };
        filing.hash = filing.compute_hash();
        filing
    }

    /// The hash that the filing's contents give.
    pub fn compute_hash(&self) -> Hash {
        let mut text = String::with_capacity(self.body.len() + 512);
        let written = write!(
            text,
            "hoptac-filing-1\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n",
            self.position,
            self.id,
            self.recorded_at,
            self.effective_on,
            self.actor,
            self.kind.code(),
            self.subject.0,
            self.subject_version,
            self.schema,
            self.origin.code(),
            self.key.as_deref().unwrap_or(""),
            self.body,
            self.previous,
        );
        debug_assert!(written.is_ok(), "writing to a string does not fail");
        Hash::of(text.as_bytes())
    }

    /// The typed body.
    pub fn typed_body(&self) -> Result<Body, serde_json::Error> {
        Body::parse(self.kind, &self.body)
    }
}

/// What a filing says, by kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// See [`FilingKind::UnitsAdopt`].
    UnitsAdopt(UnitsAdopt),
    /// See [`FilingKind::PlanAdopt`].
    PlanAdopt(Box<PlanAdopt>),
    /// See [`FilingKind::PlanAttach`].
    PlanAttach(PlanAttach),
    /// See [`FilingKind::FiguresPublish`].
    FiguresPublish(FiguresPublish),
    /// See [`FilingKind::CascadeAdopt`].
    CascadeAdopt(Box<CascadeAdopt>),
    /// See [`FilingKind::OrganisationEstablish`].
    OrganisationEstablish(Establish),
    /// See [`FilingKind::OrganisationChange`].
    OrganisationChange(Change),
    /// See [`FilingKind::OrganisationSuspend`].
    OrganisationSuspend(Reason),
    /// See [`FilingKind::OrganisationResume`].
    OrganisationResume(Reason),
    /// See [`FilingKind::OrganisationConvert`].
    OrganisationConvert(Convert),
    /// See [`FilingKind::OrganisationDissolve`].
    OrganisationDissolve(Reason),
    /// What else happens to an organisation in law, and what is said about its filings.
    OrganisationEvent(Event),
    /// See [`FilingKind::ReturnAccept`].
    ReturnAccept(ReturnAccept),
    /// See [`FilingKind::ReturnSubmit`].
    ReturnSubmit(ReturnSubmit),
    /// See [`FilingKind::ReturnSendBack`].
    ReturnSendBack(ReturnSendBack),
    /// See [`FilingKind::ReturnWaive`].
    ReturnWaive(ReturnWaive),
    /// See [`FilingKind::GradeDecide`].
    GradeDecide(GradeDecide),
    /// See [`FilingKind::GradeSelfScore`].
    GradeSelfScore(GradeSelfScore),
    /// See [`FilingKind::GradeReview`].
    GradeReview(GradeReview),
    /// See [`FilingKind::LinkSign`].
    LinkSign(LinkSign),
    /// See [`FilingKind::LinkChange`].
    LinkChange(LinkChange),
    /// See [`FilingKind::LinkEnd`].
    LinkEnd(LinkEnd),
    /// See [`FilingKind::ProductCertify`].
    ProductCertify(ProductCertify),
    /// See [`FilingKind::ProductWithdraw`].
    ProductWithdraw(ProductWithdraw),
    /// See [`FilingKind::PracticeConfirm`].
    PracticeConfirm(PracticeConfirm),
    /// See [`FilingKind::PracticeWithdraw`].
    PracticeWithdraw(PracticeWithdraw),
    /// See [`FilingKind::PromotionAttend`].
    PromotionAttend(PromotionAttend),
    /// See [`FilingKind::UnionJoin`].
    UnionJoin(UnionChange),
    /// See [`FilingKind::UnionLeave`].
    UnionLeave(UnionChange),
    /// See [`FilingKind::OrganisationPlace`].
    OrganisationPlace(SeatPlace),
    /// See [`FilingKind::ParticularsChange`].
    Particulars(Box<Particulars>),
    /// What happens about support.
    Support(Support),
    /// What happens to a task.
    Task(TaskAct),
    /// What happens to an alert.
    Alert(AlertAct),
    /// A change of the places.
    Reform(Reform),
    /// What happens to the roll of an organisation's members.
    Membership(Membership),
    /// See [`FilingKind::ScenarioSave`].
    ScenarioSave(ScenarioSave),
    /// See [`FilingKind::EditionIssue`].
    EditionIssue(Box<EditionIssue>),
    /// See [`FilingKind::BoundariesSet`].
    BoundariesSet(Box<BoundariesSet>),
    /// See [`FilingKind::BundleAccept`].
    BundleAccept(Box<BundleAccept>),
    /// What happens to an account.
    Account(AccountAct),
    /// A spreadsheet was taken over, or taken back.
    Import(ImportAct),
}

/// Runs one expression on whichever body it is, so that kinds are listed once.
macro_rules! each_body {
    ($value:expr, $inner:ident => $result:expr) => {
        match $value {
            Body::UnitsAdopt($inner) => $result,
            Body::PlanAdopt($inner) => $result,
            Body::PlanAttach($inner) => $result,
            Body::FiguresPublish($inner) => $result,
            Body::CascadeAdopt($inner) => $result,
            Body::OrganisationEstablish($inner) => $result,
            Body::OrganisationChange($inner) => $result,
            Body::OrganisationSuspend($inner)
            | Body::OrganisationResume($inner)
            | Body::OrganisationDissolve($inner) => $result,
            Body::OrganisationConvert($inner) => $result,
            Body::OrganisationEvent($inner) => $result,
            Body::ReturnAccept($inner) => $result,
            Body::ReturnSubmit($inner) => $result,
            Body::ReturnSendBack($inner) => $result,
            Body::ReturnWaive($inner) => $result,
            Body::GradeDecide($inner) => $result,
            Body::GradeSelfScore($inner) => $result,
            Body::GradeReview($inner) => $result,
            Body::LinkSign($inner) => $result,
            Body::LinkChange($inner) => $result,
            Body::LinkEnd($inner) => $result,
            Body::ProductCertify($inner) => $result,
            Body::ProductWithdraw($inner) => $result,
            Body::PracticeConfirm($inner) => $result,
            Body::PracticeWithdraw($inner) => $result,
            Body::Support($inner) => $result,
            Body::Task($inner) => $result,
            Body::Alert($inner) => $result,
            Body::PromotionAttend($inner) => $result,
            Body::UnionJoin($inner) | Body::UnionLeave($inner) => $result,
            Body::OrganisationPlace($inner) => $result,
            Body::Particulars($inner) => $result,
            Body::Reform($inner) => $result,
            Body::Membership(Membership::Roll($inner)) => $result,
            Body::Membership(Membership::Join($inner)) => $result,
            Body::Membership(Membership::Change($inner)) => $result,
            Body::Membership(Membership::Leave($inner)) => $result,
            Body::Membership(Membership::Transfer($inner)) => $result,
            Body::Membership(Membership::Strike($inner)) => $result,
            Body::Membership(Membership::Erase($inner)) => $result,
            Body::Membership(Membership::Disclose($inner)) => $result,
            Body::ScenarioSave($inner) => $result,
            Body::EditionIssue($inner) => $result,
            Body::BoundariesSet($inner) => $result,
            Body::BundleAccept($inner) => $result,
            Body::Account($inner) => $result,
            Body::Import($inner) => $result,
        }
    };
}

impl Body {
    /// The schema version that bodies are written in today.
    pub const SCHEMA: u16 = 1;

    /// The kind of filing that carries it.
    pub fn kind(&self) -> FilingKind {
        match self {
            Self::UnitsAdopt(_) => FilingKind::UnitsAdopt,
            Self::PlanAdopt(_) => FilingKind::PlanAdopt,
            Self::PlanAttach(_) => FilingKind::PlanAttach,
            Self::FiguresPublish(_) => FilingKind::FiguresPublish,
            Self::CascadeAdopt(_) => FilingKind::CascadeAdopt,
            Self::OrganisationEstablish(_) => FilingKind::OrganisationEstablish,
            Self::OrganisationChange(_) => FilingKind::OrganisationChange,
            Self::OrganisationSuspend(_) => FilingKind::OrganisationSuspend,
            Self::OrganisationResume(_) => FilingKind::OrganisationResume,
            Self::OrganisationConvert(_) => FilingKind::OrganisationConvert,
            Self::OrganisationDissolve(_) => FilingKind::OrganisationDissolve,
            Self::OrganisationEvent(event) => event.kind(),
            Self::ReturnAccept(_) => FilingKind::ReturnAccept,
            Self::ReturnSubmit(_) => FilingKind::ReturnSubmit,
            Self::ReturnSendBack(_) => FilingKind::ReturnSendBack,
            Self::ReturnWaive(_) => FilingKind::ReturnWaive,
            Self::GradeDecide(_) => FilingKind::GradeDecide,
            Self::GradeSelfScore(_) => FilingKind::GradeSelfScore,
            Self::GradeReview(_) => FilingKind::GradeReview,
            Self::LinkSign(_) => FilingKind::LinkSign,
            Self::LinkChange(_) => FilingKind::LinkChange,
            Self::LinkEnd(_) => FilingKind::LinkEnd,
            Self::ProductCertify(_) => FilingKind::ProductCertify,
            Self::ProductWithdraw(_) => FilingKind::ProductWithdraw,
            Self::PracticeConfirm(_) => FilingKind::PracticeConfirm,
            Self::PracticeWithdraw(_) => FilingKind::PracticeWithdraw,
            Self::Support(support) => support.kind(),
            Self::Task(act) => act.kind(),
            Self::Alert(act) => act.kind(),
            Self::PromotionAttend(_) => FilingKind::PromotionAttend,
            Self::UnionJoin(_) => FilingKind::UnionJoin,
            Self::UnionLeave(_) => FilingKind::UnionLeave,
            Self::OrganisationPlace(_) => FilingKind::OrganisationPlace,
            Self::Particulars(_) => FilingKind::ParticularsChange,
            Self::Reform(reform) => reform.kind(),
            Self::Membership(membership) => membership.kind(),
            Self::ScenarioSave(_) => FilingKind::ScenarioSave,
            Self::EditionIssue(_) => FilingKind::EditionIssue,
            Self::BoundariesSet(_) => FilingKind::BoundariesSet,
            Self::BundleAccept(_) => FilingKind::BundleAccept,
            Self::Account(act) => act.kind(),
            Self::Import(act) => act.kind(),
        }
    }

    /// The body as canonical JSON: keys sorted, no white space.
    pub fn to_canonical(&self) -> String {
        let value = each_body!(self, body => serde_json::to_value(body));
        // Bodies hold only strings as keys, and no number that JSON cannot write.
        canonical(&value.expect("a body is always JSON"))
    }

    /// Reads a body of a kind.
    pub fn parse(kind: FilingKind, json: &str) -> Result<Self, serde_json::Error> {
        let mut text = serde_json::Deserializer::from_str(json);
        let body = Self::read(kind, &mut text)?;
        text.end()?;
        Ok(body)
    }

    /// Reads a body of a kind from whatever holds one: text, a JSON value, or what asks the types for their schema.
    pub fn read<'de, D: Deserializer<'de>>(kind: FilingKind, json: D) -> Result<Self, D::Error> {
        Ok(match kind {
            FilingKind::UnitsAdopt => Self::UnitsAdopt(Deserialize::deserialize(json)?),
            FilingKind::PlanAdopt => Self::PlanAdopt(Deserialize::deserialize(json)?),
            FilingKind::PlanAttach => Self::PlanAttach(Deserialize::deserialize(json)?),
            FilingKind::FiguresPublish => Self::FiguresPublish(Deserialize::deserialize(json)?),
            FilingKind::CascadeAdopt => Self::CascadeAdopt(Deserialize::deserialize(json)?),
            FilingKind::OrganisationEstablish => {
                Self::OrganisationEstablish(Deserialize::deserialize(json)?)
            }
            FilingKind::OrganisationChange => {
                Self::OrganisationChange(Deserialize::deserialize(json)?)
            }
            FilingKind::OrganisationSuspend => {
                Self::OrganisationSuspend(Deserialize::deserialize(json)?)
            }
            FilingKind::OrganisationResume => {
                Self::OrganisationResume(Deserialize::deserialize(json)?)
            }
            FilingKind::OrganisationConvert => {
                Self::OrganisationConvert(Deserialize::deserialize(json)?)
            }
            FilingKind::OrganisationDissolve => {
                Self::OrganisationDissolve(Deserialize::deserialize(json)?)
            }
            FilingKind::OrganisationNotify
            | FilingKind::OrganisationLeaveAddress
            | FilingKind::OrganisationReturnToAddress
            | FilingKind::OrganisationClose
            | FilingKind::OrganisationDissolveByOrder
            | FilingKind::OrganisationOpenBankruptcy
            | FilingKind::OrganisationEndBankruptcy
            | FilingKind::OrganisationWithdraw
            | FilingKind::OrganisationRestore
            | FilingKind::OrganisationDivide
            | FilingKind::OrganisationSeparate
            | FilingKind::OrganisationConsolidate
            | FilingKind::OrganisationMerge
            | FilingKind::OrganisationDuplicate
            | FilingKind::OrganisationCorrect
            | FilingKind::OrganisationAnnotate => match Event::read(kind, json)? {
                Some(event) => Self::OrganisationEvent(event),
                None => return Err(de::Error::custom("the kind has no such body")),
            },
            FilingKind::ParticularsChange => Self::Particulars(Deserialize::deserialize(json)?),
            FilingKind::ReturnAccept => Self::ReturnAccept(Deserialize::deserialize(json)?),
            FilingKind::ReturnSubmit => Self::ReturnSubmit(Deserialize::deserialize(json)?),
            FilingKind::ReturnSendBack => Self::ReturnSendBack(Deserialize::deserialize(json)?),
            FilingKind::ReturnWaive => Self::ReturnWaive(Deserialize::deserialize(json)?),
            FilingKind::GradeDecide => Self::GradeDecide(Deserialize::deserialize(json)?),
            FilingKind::GradeSelfScore => Self::GradeSelfScore(Deserialize::deserialize(json)?),
            FilingKind::GradeReview => Self::GradeReview(Deserialize::deserialize(json)?),
            FilingKind::LinkSign => Self::LinkSign(Deserialize::deserialize(json)?),
            FilingKind::LinkChange => Self::LinkChange(Deserialize::deserialize(json)?),
            FilingKind::LinkEnd => Self::LinkEnd(Deserialize::deserialize(json)?),
            FilingKind::ProductCertify => Self::ProductCertify(Deserialize::deserialize(json)?),
            FilingKind::ProductWithdraw => Self::ProductWithdraw(Deserialize::deserialize(json)?),
            FilingKind::PracticeConfirm => Self::PracticeConfirm(Deserialize::deserialize(json)?),
            FilingKind::PracticeWithdraw => Self::PracticeWithdraw(Deserialize::deserialize(json)?),
            FilingKind::ProgrammeOpen
            | FilingKind::SupportApply
            | FilingKind::SupportDecide
            | FilingKind::SupportPay
            | FilingKind::SupportRepay
            | FilingKind::SupportCancel => match Support::read(kind, json)? {
                Some(support) => Self::Support(support),
                None => return Err(de::Error::custom("the kind has no such body")),
            },
            FilingKind::TaskOpen
            | FilingKind::TaskAssign
            | FilingKind::TaskProgress
            | FilingKind::TaskPostpone
            | FilingKind::TaskClose
            | FilingKind::TaskCancel
            | FilingKind::TaskMerge
            | FilingKind::TaskReopen => match TaskAct::read(kind, json)? {
                Some(act) => Self::Task(act),
                None => return Err(de::Error::custom("the kind has no such body")),
            },
            FilingKind::AlertSnooze | FilingKind::AlertOwn => match AlertAct::read(kind, json)? {
                Some(act) => Self::Alert(act),
                None => return Err(de::Error::custom("the kind has no such body")),
            },
            FilingKind::PromotionAttend => Self::PromotionAttend(Deserialize::deserialize(json)?),
            FilingKind::UnionJoin => Self::UnionJoin(Deserialize::deserialize(json)?),
            FilingKind::UnionLeave => Self::UnionLeave(Deserialize::deserialize(json)?),
            FilingKind::OrganisationPlace => {
                Self::OrganisationPlace(Deserialize::deserialize(json)?)
            }
            FilingKind::UnitCreate
            | FilingKind::UnitMerge
            | FilingKind::UnitSplit
            | FilingKind::UnitRename
            | FilingKind::UnitAbolish => match Reform::read(kind, json)? {
                Some(reform) => Self::Reform(reform),
                None => return Err(de::Error::custom("the kind has no such body")),
            },
            FilingKind::MemberRoll
            | FilingKind::MemberJoin
            | FilingKind::MemberChange
            | FilingKind::MemberLeave
            | FilingKind::MemberTransfer
            | FilingKind::MemberStrike
            | FilingKind::MemberErase
            | FilingKind::MemberDisclose => match Membership::read(kind, json)? {
                Some(membership) => Self::Membership(membership),
                None => return Err(de::Error::custom("the kind has no such body")),
            },
            FilingKind::ScenarioSave => Self::ScenarioSave(Deserialize::deserialize(json)?),
            FilingKind::EditionIssue => Self::EditionIssue(Deserialize::deserialize(json)?),
            FilingKind::BoundariesSet => Self::BoundariesSet(Deserialize::deserialize(json)?),
            FilingKind::BundleAccept => Self::BundleAccept(Deserialize::deserialize(json)?),
            FilingKind::AccountInvite
            | FilingKind::AccountActivate
            | FilingKind::AccountGrant
            | FilingKind::AccountRevoke
            | FilingKind::AccountDelegate
            | FilingKind::AccountEndDelegation
            | FilingKind::AccountLock
            | FilingKind::AccountUnlock
            | FilingKind::AccountClose => match AccountAct::read(kind, json)? {
                Some(act) => Self::Account(act),
                None => return Err(de::Error::custom("the kind has no such body")),
            },
            FilingKind::ImportTake | FilingKind::ImportStrike | FilingKind::ImportUndo => {
                match ImportAct::read(kind, json)? {
                    Some(act) => Self::Import(act),
                    None => return Err(de::Error::custom("the kind has no such body")),
                }
            }
        })
    }
}

/// Units and successions taken over from a pack of places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitsAdopt {
    /// Where they come from and by which decision.
    pub source: String,
    /// The units.
    pub units: Vec<Unit>,
    /// Who followed whom.
    pub successors: Vec<Successor>,
}

/// A plan pack adopted whole, so that the instance no longer needs the folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanAdopt {
    /// The hash of the pack's files, as `hoptac pack check` prints it.
    pub files_hash: String,
    /// The pack.
    pub pack: Pack,
}

/// The plan's own text, attached by the operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanAttach {
    /// The name of the file.
    pub file_name: String,
    /// The hash of the file's bytes.
    pub file_hash: String,
    /// Its text, NFC, with line feeds.
    pub text: String,
}

/// Published figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FiguresPublish {
    /// The figures.
    pub figures: Vec<Figure>,
}

/// An organisation is established.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Establish {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Registration code, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The commune of its seat.
    pub seat: UnitId,
    /// The former commune of its seat, for seats filed after 1 July 2025.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat_former: Option<UnitId>,
    /// VSIC level-1 letter of the main activity.
    pub vsic: char,
    /// The sector, where it is not the one of the main activity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sector: Option<Sector>,
    /// Official members.
    pub members: i64,
    /// Charter capital, đồng.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capital: Option<i64>,
    /// Whether the seat lies in a difficult area.
    #[serde(default)]
    pub difficult_area: bool,
}

/// Registered contents change; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// A new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A registration code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// A new seat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<UnitId>,
    /// The former commune of a new seat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat_former: Option<UnitId>,
    /// A new main activity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vsic: Option<char>,
    /// A new number of official members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<i64>,
    /// A new charter capital, đồng.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capital: Option<i64>,
}

/// A filing that says no more than why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Why, in a few words; may be empty.
    #[serde(default)]
    pub reason: String,
}

/// A registered group becomes a cooperative and keeps its code [Law 17/2023/QH15, Article 108].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Convert {
    /// The kind that it becomes.
    pub to: Kind,
    /// Its name from then on.
    pub name: String,
    /// Official members from then on.
    pub members: i64,
    /// Charter capital from then on, đồng.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capital: Option<i64>,
}

/// A yearly return is accepted. A later one for the same year corrects it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnAccept {
    /// The year.
    pub year: i16,
    /// The form's version.
    pub form_version: u16,
    /// Values by field: whole numbers, flags as 0 and 1; a field left empty is absent.
    pub values: std::collections::BTreeMap<String, i64>,
}

/// A grade is decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GradeDecide {
    /// The year that is graded.
    pub year: i16,
    /// The ruleset.
    pub ruleset: String,
    /// The score in tenths of a point.
    pub score_tenths: i32,
    /// The grade that was decided.
    pub grade: Grade,
    /// The scores by criterion, where the decision gives them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<Sheet>,
}

/// A linkage contract. It holds from the filing's effective day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkSign {
    /// The contract's number or name, unique for the organisation.
    pub link: String,
    /// The partner: the identity or code of an organisation of the register, the code of an enterprise, or a name where it
    /// has no code.
    pub partner: String,
    /// The partner's name.
    pub partner_name: String,
    /// What kind of partner.
    pub partner_kind: PartnerKind,
    /// What is produced.
    pub product: String,
    /// The stages covered.
    pub stages: Vec<Stage>,
    /// The last day, where agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// Value in đồng, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<i64>,
    /// How much is delivered in a year, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume: Option<Volume>,
    /// The area under contract in square metres, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<i64>,
    /// The document that proves it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub proof: String,
}

/// The terms of a linkage contract change from the filing's effective day; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkChange {
    /// The contract.
    pub link: String,
    /// Another partner, with its name and kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<LinkPartner>,
    /// Another product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Other stages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stages: Option<Vec<Stage>>,
    /// Another last day: a prolongation, or an earlier end that was agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// Whether it now runs until somebody ends it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open_ended: bool,
    /// Another value, đồng.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<i64>,
    /// Another volume in a year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume: Option<Volume>,
    /// Another area, square metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<i64>,
    /// The document that proves the change.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub proof: String,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// The other side of a linkage contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkPartner {
    /// The identity or code of an organisation, the code of an enterprise, or a name where it has no code.
    pub partner: String,
    /// Its name.
    pub partner_name: String,
    /// What kind of partner.
    pub partner_kind: PartnerKind,
}

/// A linkage contract ends on the filing's effective day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkEnd {
    /// The contract.
    pub link: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// A product or process is certified from the filing's effective day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductCertify {
    /// The certificate's number or name, unique for the organisation.
    pub certificate: String,
    /// The product.
    pub product: String,
    /// As `ocop`, `vietgap`.
    pub kind: String,
    /// Stars, for OCOP; they follow from the points where those are written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stars: Option<u8>,
    /// Points in tenths, for OCOP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score_tenths: Option<i32>,
    /// The last day; absent where it does not end. That of OCOP follows where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// The deciding document or body.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub decision: String,
    /// The certificate that it follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renews: Option<String>,
}

/// A certificate is withdrawn; it does not hold on the filing's effective day any more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductWithdraw {
    /// The certificate.
    pub certificate: String,
    /// Why.
    pub reason: String,
    /// The deciding document.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub decision: String,
}

/// A check-list is confirmed from the filing's effective day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PracticeConfirm {
    /// What it confirms.
    pub practice: Practice,
    /// The items that were ticked, as named in the pack's check-list.
    pub items: Vec<String>,
    /// The agency that confirmed, as named in the pack.
    pub confirmed_by: String,
    /// The last day; absent while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// What was looked at.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub evidence: String,
}

/// What a check-list confirmed is withdrawn; it does not hold on the filing's effective day any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PracticeWithdraw {
    /// What it confirmed.
    pub practice: Practice,
    /// The items that are withdrawn; all of them where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// The agency that withdraws, as named in the pack.
    pub withdrawn_by: String,
    /// Why.
    pub reason: String,
}

/// A trade-promotion event attended on the filing's effective day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromotionAttend {
    /// The event.
    pub event: String,
}

/// A cooperative joins or leaves a union on the filing's effective day. The subject is the cooperative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnionChange {
    /// The union.
    pub union: OrganisationId,
}

/// Writes a JSON value with sorted keys and no white space.
///
/// ```
/// let value = serde_json::json!({"b": [1, true], "a": "đ"});
/// assert_eq!(hoptac_model::filing::canonical(&value), r#"{"a":"đ","b":[1,true]}"#);
/// ```
pub fn canonical(value: &serde_json::Value) -> String {
    fn put(value: &serde_json::Value, out: &mut String) {
        match value {
            serde_json::Value::Object(map) => {
                let mut keys: Vec<&String> = map.keys().collect();
                keys.sort();
                out.push('{');
                for (i, key) in keys.into_iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    out.push_str(&serde_json::Value::String(key.clone()).to_string());
                    out.push(':');
                    if let Some(inner) = map.get(key) {
                        put(inner, out);
                    }
                }
                out.push('}');
            }
            serde_json::Value::Array(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    put(item, out);
                }
                out.push(']');
            }
            serde_json::Value::Null
            | serde_json::Value::Bool(_)
            | serde_json::Value::Number(_)
            | serde_json::Value::String(_) => out.push_str(&value.to_string()),
        }
    }
    let mut out = String::new();
    put(value, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft {
            id: "01890000-0000-7000-8000-000000000001".parse().unwrap(),
            recorded_at: "2024-01-02T03:04:05Z".parse().unwrap(),
            effective_on: Date::constant(2024, 1, 1),
            actor: "registrar".to_owned(),
            subject: Subject("organisation/01890000-0000-7000-8000-00000000000a".to_owned()),
            expected_version: None,
            origin: Origin::Synthetic,
            key: None,
            body: Body::OrganisationSuspend(Reason { reason: "mưa lũ".to_owned() }),
        }
    }

    #[test]
    fn a_filing_proves_itself() {
        let filing = Filing::seal(&draft(), 1, 1, Hash::ZERO);
        assert_eq!(filing.hash, filing.compute_hash());
        assert_eq!(filing.body, r#"{"reason":"mưa lũ"}"#);
    }
    #[test]
    fn any_change_shows() {
        let filing = Filing::seal(&draft(), 1, 1, Hash::ZERO);
        let mut later = filing.clone();
        later.effective_on = Date::constant(2024, 1, 2);
        let mut moved = filing.clone();
        moved.position = 2;
        let mut reworded = filing.clone();
        reworded.body = r#"{"reason":"mưa lu"}"#.to_owned();
        for changed in [later, moved, reworded] {
            assert_ne!(changed.compute_hash(), filing.hash);
        }
    }
    #[test]
    fn hashes_read_back() {
        let hash = Hash::of(b"hoptac");
        assert_eq!(Hash::parse(&hash.to_string()), Some(hash));
        assert_eq!(Hash::parse("xyz"), None);
    }
    #[test]
    fn every_kind_reads_back() {
        for kind in FilingKind::ALL {
            assert_eq!(FilingKind::from_code(kind.code()), Some(*kind));
        }
    }
}
