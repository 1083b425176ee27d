//! What holds for filings of every kind: whom they are about, when, and whether that organisation can still act.

use hoptac_model::filing::annual_return::ReturnSubmit;
use hoptac_model::filing::event::Event;
use hoptac_model::filing::import::ImportAct;
use hoptac_model::filing::member::Membership;
use hoptac_model::filing::support::Support;
use hoptac_model::filing::{Body, Draft, FilingKind, ReturnAccept, Subject};
use hoptac_model::finding::Finding;
use hoptac_model::organisation::Status;
use hoptac_model::text::Words;
use hoptac_model::words;
use jiff::civil::Date;
use jiff::tz::Offset;

use crate::finding::Findings;
use crate::known::Known;

/// Viet Nam keeps one time the whole year; the day of recording is the day there.
const HERE: Offset = Offset::constant(7);

/// Nothing that is registered here began before.
const FIRST_DAY: Date = Date::constant(1945, 9, 2);

/// The day on which a draft is recorded.
pub(crate) fn recorded_on(draft: &Draft) -> Date {
    day_in_viet_nam(draft.recorded_at)
}

/// The day of a moment.
pub(crate) fn day_in_viet_nam(at: jiff::Timestamp) -> Date {
    HERE.to_datetime(at).date()
}

/// What the filing says about itself.
pub fn findings(draft: &Draft, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    subject(draft, &mut findings);
    day(draft, &mut findings);
    findings.text("actor", &draft.actor);
    if let Some(key) = &draft.key {
        findings.text("key", key);
    }
    if draft.subject.as_organisation().is_some() {
        organisation(draft, known, &mut findings);
    }
    findings.into_vec()
}

/// The subject fits the kind.
fn subject(draft: &Draft, findings: &mut Findings) {
    let wanted = match &draft.body {
        Body::UnitsAdopt(_) | Body::Reform(_) => Some(Subject::units()),
        Body::FiguresPublish(_) => Some(Subject::figures()),
        Body::CascadeAdopt(body) => Some(Subject::cascade(&body.target)),
        Body::PlanAdopt(body) => Some(Subject::plan(&body.pack.id)),
        Body::PlanAttach(_) => None,
        Body::Account(_) => {
            if !draft.subject.as_account().is_some_and(|name| name.is_well_formed()) {
                findings.error(
                    "account.name",
                    "subject",
                    words!(
                        "`{subject}` không phải là tên tài khoản",
                        "`{subject}` names no account",
                        subject = draft.subject.0
                    ),
                    words!(
                        "viết account/ rồi đến tên: từ 3 đến 40 chữ thường không dấu và chữ số, \
                         giữa các phần có thể có một dấu chấm, gạch nối hoặc gạch dưới",
                        "write account/ and its name: 3 to 40 small letters and digits without \
                         marks, with single points, dashes or underscores between"
                    ),
                );
            }
            return;
        }
        Body::Import(ImportAct::Take(_) | ImportAct::Undo(_)) => {
            if draft.subject.as_import().is_none() {
                findings.error(
                    "import.subject",
                    "subject",
                    words!(
                        "`{subject}` không phải là lần nhập",
                        "`{subject}` names no import",
                        subject = draft.subject.0
                    ),
                    words!(
                        "viết import/ kèm định danh của lần nhập",
                        "write import/ and the identity of the import"
                    ),
                );
            }
            return;
        }
        // What they are about is looked at with the rest of them.
        Body::EditionIssue(_)
        | Body::BundleAccept(_)
        | Body::BoundariesSet(_)
        | Body::ScenarioSave(_)
        | Body::Task(_)
        | Body::Alert(_)
        | Body::Import(ImportAct::Strike(_)) => return,
        Body::Support(Support::Open(body)) => Some(Subject::programme(&body.programme.id)),
        Body::OrganisationEstablish(_)
        | Body::OrganisationChange(_)
        | Body::OrganisationSuspend(_)
        | Body::OrganisationResume(_)
        | Body::OrganisationConvert(_)
        | Body::OrganisationDissolve(_)
        | Body::OrganisationEvent(_)
        | Body::ReturnAccept(_)
        | Body::GradeDecide(_)
        | Body::ReturnSubmit(_)
        | Body::ReturnSendBack(_)
        | Body::ReturnWaive(_)
        | Body::GradeSelfScore(_)
        | Body::GradeReview(_)
        | Body::LinkSign(_)
        | Body::LinkChange(_)
        | Body::LinkEnd(_)
        | Body::ProductCertify(_)
        | Body::ProductWithdraw(_)
        | Body::PracticeConfirm(_)
        | Body::PracticeWithdraw(_)
        | Body::Support(_)
        | Body::PromotionAttend(_)
        | Body::UnionJoin(_)
        | Body::UnionLeave(_)
        | Body::OrganisationPlace(_)
        | Body::Particulars(_)
        | Body::Membership(_) => {
            if draft.subject.as_organisation().is_none() {
                findings.error(
                    "filing.subject",
                    "subject",
                    words!(
                        "hồ sơ {body} phải lập về một tổ chức, không phải về `{subject}`",
                        "a filing {body} is about an organisation, not about `{subject}`",
                        body = draft.body.kind().code(),
                        subject = draft.subject.0
                    ),
                    words!(
                        "ghi organisation/ kèm định danh của tổ chức",
                        "write organisation/ and its identity"
                    ),
                );
            }
            return;
        }
    };
    let fits = match &wanted {
        Some(wanted) => *wanted == draft.subject,
        None => draft.subject.0.starts_with("plan/"),
    };
    if !fits {
        let wanted = wanted.map_or_else(
            || words!("plan/ kèm tên kế hoạch", "plan/ and the plan's name"),
            |wanted| Words::verbatim(wanted.0),
        );
        findings.error(
            "filing.subject",
            "subject",
            words!(
                "hồ sơ {body} không thể lập về `{subject}`",
                "a filing {body} cannot be about `{subject}`",
                body = draft.body.kind().code(),
                subject = draft.subject.0
            ),
            words!("hãy ghi {wanted}", "write {wanted}", wanted),
        );
    }
}

/// What is said of an organisation that does not exist, and of one that the filer does not get to see.
pub(crate) fn unknown_organisation(draft: &Draft) -> Finding {
    Finding::field(
        "organisation.unknown",
        "subject",
        words!("không có {subject}", "there is no {subject}", subject = draft.subject.0),
        words!(
            "thành lập trước, hoặc sửa lại định danh",
            "establish it first, or correct the identity"
        ),
    )
}

/// Kinds that may be filed before they take effect: decisions and notices that name a coming day.
fn may_be_ahead(kind: FilingKind) -> bool {
    matches!(
        kind,
        FilingKind::UnitsAdopt
            | FilingKind::UnitCreate
            | FilingKind::UnitMerge
            | FilingKind::UnitSplit
            | FilingKind::UnitRename
            | FilingKind::UnitAbolish
            | FilingKind::PlanAdopt
            | FilingKind::CascadeAdopt
            | FilingKind::OrganisationSuspend
            | FilingKind::OrganisationResume
            | FilingKind::LinkEnd
            | FilingKind::AccountGrant
            | FilingKind::AccountDelegate
    )
}

/// The day of effect is possible.
fn day(draft: &Draft, findings: &mut Findings) {
    let (effective, recorded) = (draft.effective_on, recorded_on(draft));
    if effective > recorded && !may_be_ahead(draft.body.kind()) {
        findings.error(
            "filing.ahead",
            "effective_on",
            words!(
                "ngày hiệu lực {effective} sau ngày ghi nhận {recorded}",
                "it takes effect on {effective}, after the day {recorded} on which it \
                is recorded",
                effective,
                recorded
            ),
            words!("nộp vào ngày đó, hoặc sửa lại ngày", "file it on that day, or correct the day"),
        );
    }
    if effective < FIRST_DAY {
        findings.error(
            "filing.day",
            "effective_on",
            words!(
                "ngày {effective} sớm hơn mọi dữ liệu được đăng ký ở đây",
                "{effective} is before anything that is registered here",
                effective
            ),
            words!("sửa lại năm", "correct the year"),
        );
    }
}

/// The organisation is there (or not yet), has been founded, and has not ended.
fn organisation(draft: &Draft, known: &Known, findings: &mut Findings) {
    let establishes = matches!(draft.body, Body::OrganisationEstablish(_));
    let card = match (&known.organisation, establishes) {
        (None, true) => return,
        (None, false) => {
            return findings.add(unknown_organisation(draft));
        }
        (Some(card), true) => {
            return findings.error(
                "organisation.exists",
                "subject",
                words!(
                    "{name} đã được thành lập ngày {founded_on}",
                    "{name} has been established already, on {founded_on}",
                    name = card.name,
                    founded_on = card.founded_on
                ),
                words!(
                    "nộp hồ sơ thay đổi, hoặc đặt định danh riêng cho tổ chức mới",
                    "file a change, or give the new organisation an identity of its own"
                ),
            );
        }
        (Some(card), false) => card,
    };
    if draft.effective_on < card.founded_on {
        findings.error(
            "filing.before-founding",
            "effective_on",
            words!(
                "ngày {effective_on} trước ngày thành lập của {name} ({founded_on})",
                "{effective_on} is before {name} was founded, on {founded_on}",
                effective_on = draft.effective_on,
                name = card.name,
                founded_on = card.founded_on
            ),
            words!("sửa lại ngày", "correct the day"),
        );
    }
    // A return of a year in which it still was may be put right after the end.
    let puts_return_right = match &draft.body {
        Body::ReturnAccept(ReturnAccept { year, .. })
        | Body::ReturnSubmit(ReturnSubmit { year, .. }) => {
            card.ceased_on.is_none_or(|ceased| *year <= ceased.year())
        }
        // What was filed can always be corrected and remarked on.
        // On which side of a boundary it lay is also asked of days when it still was.
        // Personal data outlive an organisation: they are read and erased after its end too.
        // What was paid to it can still be paid back.
        Body::OrganisationEvent(Event::Correct(_) | Event::Annotate(_))
        | Body::OrganisationPlace(_)
        | Body::Import(ImportAct::Strike(_))
        | Body::Support(Support::Repay(_) | Support::Cancel(_))
        | Body::Membership(
            Membership::Strike(_) | Membership::Erase(_) | Membership::Disclose(_),
        ) => true,
        Body::UnitsAdopt(_)
        | Body::Reform(_)
        | Body::EditionIssue(_)
        | Body::BundleAccept(_)
        | Body::BoundariesSet(_)
        | Body::ScenarioSave(_)
        | Body::Task(_)
        | Body::Alert(_)
        | Body::Account(_)
        | Body::Import(ImportAct::Take(_) | ImportAct::Undo(_))
        | Body::Particulars(_)
        | Body::PlanAdopt(_)
        | Body::PlanAttach(_)
        | Body::FiguresPublish(_)
        | Body::CascadeAdopt(_)
        | Body::OrganisationEstablish(_)
        | Body::OrganisationChange(_)
        | Body::OrganisationSuspend(_)
        | Body::OrganisationResume(_)
        | Body::OrganisationConvert(_)
        | Body::OrganisationDissolve(_)
        | Body::OrganisationEvent(_)
        | Body::GradeDecide(_)
        | Body::ReturnSendBack(_)
        | Body::ReturnWaive(_)
        | Body::GradeSelfScore(_)
        | Body::GradeReview(_)
        | Body::LinkSign(_)
        | Body::LinkChange(_)
        | Body::LinkEnd(_)
        | Body::ProductCertify(_)
        | Body::ProductWithdraw(_)
        | Body::PracticeConfirm(_)
        | Body::PracticeWithdraw(_)
        | Body::Support(_)
        | Body::PromotionAttend(_)
        | Body::UnionJoin(_)
        | Body::UnionLeave(_)
        | Body::Membership(_) => false,
    };
    if card.status == Status::Terminated && !puts_return_right {
        let since = card.ceased_on.unwrap_or(card.from);
        findings.error(
            "organisation.terminated",
            "subject",
            words!(
                "{name} đã chấm dứt từ ngày {since}",
                "{name} has not existed since {since}",
                since,
                name = card.name
            ),
            words!(
                "chỉ còn nộp được báo cáo của năm mà tổ chức còn tồn tại",
                "only a return of a year in which it existed can still be filed"
            ),
        );
    }
}
