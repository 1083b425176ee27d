//! Registrations: establish, change, suspend, resume, convert, dissolve.

use hoptac_model::filing::{Body, Change, Convert, Draft, Establish, Origin, Reason};
use hoptac_model::finding::Finding;
use hoptac_model::ids::UnitId;
use hoptac_model::organisation::{Kind, Status, is_tax_code};
use hoptac_model::text::fold;
use hoptac_model::unit::Level;
use hoptac_model::words;
use hoptac_model::{lifecycle, search};
use hoptac_store::{Error, OrganisationCard, Writing};
use jiff::civil::Date;

use crate::event;
use crate::filing::recorded_on;
use crate::finding::Findings;
use crate::known::Known;

/// Reads what the rules for registrations ask for.
pub(crate) async fn read(
    writing: &mut Writing,
    body: &Body,
    known: &mut Known,
) -> Result<(), Error> {
    let (code, seats) = match body {
        Body::OrganisationEstablish(body) => {
            (body.code.as_deref(), [Some(&body.seat), body.seat_former.as_ref()])
        }
        Body::OrganisationChange(body) => {
            (body.code.as_deref(), [body.seat.as_ref(), body.seat_former.as_ref()])
        }
        Body::OrganisationSuspend(_)
        | Body::OrganisationResume(_)
        | Body::OrganisationConvert(_)
        | Body::OrganisationDissolve(_)
        | Body::OrganisationEvent(_)
        | Body::UnitsAdopt(_)
        | Body::PlanAdopt(_)
        | Body::PlanAttach(_)
        | Body::FiguresPublish(_)
        | Body::CascadeAdopt(_)
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
        | Body::Reform(_)
        | Body::Membership(_)
        | Body::EditionIssue(_)
        | Body::BundleAccept(_)
        | Body::BoundariesSet(_)
        | Body::ScenarioSave(_)
        | Body::Task(_)
        | Body::Alert(_)
        | Body::Account(_)
        | Body::Import(_) => (None, [None, None]),
    };
    if let Some(code) = code {
        known.code_owner = writing.code_owner(code).await?;
    }
    for seat in seats.into_iter().flatten() {
        if let Some(unit) = writing.unit(seat).await? {
            known.units.insert(seat.clone(), unit);
        }
    }
    Ok(())
}

/// How many organisations that may be the same are shown.
pub(crate) const ALIKE_SHOWN: usize = 5;

/// The organisations, ended ones aside, whose name is so near to that of a founding that it may be the same one, the most
/// alike first.
pub(crate) fn ranked<'c>(
    cards: impl IntoIterator<Item = &'c OrganisationCard>,
    body: &Establish,
) -> Vec<(&'c OrganisationCard, search::Alike)> {
    let mut alike: Vec<_> = cards
        .into_iter()
        .filter(|card| card.status != Status::Terminated && card.kind == body.kind)
        .filter_map(|card| {
            let alike = search::alike(&body.name, &card.name, card.seat == body.seat)?;
            Some((card, alike))
        })
        .collect();
    alike.sort_by_key(|(card, alike)| (std::cmp::Reverse(alike.percent), card.id));
    alike
}

/// What is wrong with a founding.
pub fn establish(draft: &Draft, body: &Establish, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    let day = draft.effective_on;
    name(body.kind, &body.name, &mut findings);
    code(draft, body.code.as_deref(), known, &mut findings);
    if body.kind != Kind::Group && body.code.is_none() {
        findings.warning(
            "organisation.no-code",
            "code",
            words!(
                "hợp tác xã, liên hiệp hợp tác xã có mã số ngay từ khi đăng ký",
                "a cooperative or union has a registration code from the start"
            ),
            words!(
                "nộp hồ sơ thay đổi kèm mã số ngay khi biết",
                "file a change with the code as soon as it is known"
            ),
        );
    }
    seat(&body.seat, body.seat_former.as_ref(), day, known, &mut findings);
    vsic(body.vsic, &mut findings);
    let least = known.law().members_min(body.kind, day);
    if let Some(least) = least.filter(|least| body.members < *least) {
        findings.error(
            "members.too-few",
            "members",
            words!(
                "{members} thành viên là ít hơn mức tối thiểu {least} theo luật vào \
                ngày {day}",
                "{members} members are fewer than the {least} that the law asks on {day}",
                least,
                day,
                members = body.members
            ),
            words!(
                "sửa lại số lượng; thiếu thành viên thì không thành lập được",
                "correct the number; with fewer it cannot be founded"
            ),
        );
    }
    findings.not_negative("capital.negative", "capital", body.capital);
    event::alike(&body.name, known, &mut findings);
    findings.into_vec()
}

/// What is wrong with a change of registered contents.
pub fn change(draft: &Draft, body: &Change, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    let day = draft.effective_on;
    if *body == Change::default() {
        findings.error(
            "change.empty",
            "",
            words!("hồ sơ thay đổi không thay đổi gì", "the change changes nothing"),
            words!("nêu nội dung thay đổi", "name what changes"),
        );
    }
    let kind = known.organisation.as_ref().map(|card| card.kind);
    if let (Some(text), Some(kind)) = (&body.name, kind) {
        name(kind, text, &mut findings);
    }
    code(draft, body.code.as_deref(), known, &mut findings);
    match (&body.seat, &body.seat_former) {
        (Some(id), former) => seat(id, former.as_ref(), day, known, &mut findings),
        (None, Some(_)) => findings.error(
            "seat.former-alone",
            "seat_former",
            words!(
                "nêu xã cũ nhưng không nêu trụ sở mới",
                "a former commune is named without a new seat"
            ),
            words!("nêu cả trụ sở, hoặc bỏ cả hai", "name the seat too, or leave both out"),
        ),
        (None, None) => {}
    }
    if let Some(letter) = body.vsic {
        vsic(letter, &mut findings);
    }
    if let Some(members) = body.members {
        findings.not_negative("members.negative", "members", Some(members));
        let least = kind.and_then(|kind| known.law().members_min(kind, day));
        if let Some(least) = least.filter(|least| members < *least) {
            findings.warning(
                "members.too-few",
                "members",
                words!(
                    "{members} thành viên là ít hơn mức tối thiểu {least} theo luật vào \
                ngày {day}",
                    "{members} members are fewer than the {least} that the law asks on {day}",
                    members,
                    least,
                    day
                ),
                words!(
                    "thiếu thành viên liên tục 12 tháng là căn cứ thu hồi giấy chứng nhận",
                    "twelve months below that are a ground for withdrawal"
                ),
            );
        }
    }
    findings.not_negative("capital.negative", "capital", body.capital);
    notice_kept(draft, known, &mut findings);
    if let Some(card) = behind_the_latest(draft, known) {
        findings.warning(
            "filing.back-dated",
            "effective_on",
            words!(
                "đã đăng ký hiện trạng của {name} từ ngày {from}",
                "a state of {name} from {from} is registered already",
                name = card.name,
                from = card.from
            ),
            words!(
                "nội dung nào cả hai hồ sơ cùng nêu thì thay đổi này chỉ có giá trị đến \
                ngày đó",
                "the change will hold only until that day where both name the same thing"
            ),
        );
    }
    findings.into_vec()
}

/// What is wrong with a suspension.
pub fn suspend(draft: &Draft, body: &Reason, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.note("reason", &body.reason);
    status(draft, known, &mut findings);
    notice_kept(draft, known, &mut findings);
    in_order(draft, known, &mut findings);
    findings.into_vec()
}

/// What is wrong with a resumption.
pub fn resume(draft: &Draft, body: &Reason, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.note("reason", &body.reason);
    status(draft, known, &mut findings);
    notice_kept(draft, known, &mut findings);
    in_order(draft, known, &mut findings);
    findings.into_vec()
}

/// What is wrong with a conversion. A group that has been registered and active for as long as the law asks may become a
/// cooperative.
pub fn convert(draft: &Draft, body: &Convert, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    let day = draft.effective_on;
    name(body.to, &body.name, &mut findings);
    findings.not_negative("capital.negative", "capital", body.capital);
    if body.to != Kind::Cooperative {
        findings.error(
            "convert.to",
            "to",
            words!(
                "tổ hợp tác chuyển đổi thành hợp tác xã, không phải {to}",
                "a group becomes a cooperative, not a {to}",
                to = body.to.words().lower()
            ),
            words!("ghi HTX", "write HTX"),
        );
    }
    let least = known.law().members_min(body.to, day);
    if let Some(least) = least.filter(|least| body.members < *least) {
        findings.error(
            "members.too-few",
            "members",
            words!(
                "{members} thành viên là ít hơn mức tối thiểu {least} theo luật vào \
                ngày {day}",
                "{members} members are fewer than the {least} that the law asks on {day}",
                least,
                day,
                members = body.members
            ),
            words!(
                "sửa lại số lượng; thiếu thành viên thì vẫn là tổ hợp tác",
                "correct the number; with fewer it stays a group"
            ),
        );
    }
    if let Some(card) = &known.organisation {
        if card.kind != Kind::Group {
            findings.error(
                "convert.kind",
                "subject",
                words!(
                    "{name} không phải là tổ hợp tác mà là {kind}",
                    "{name} is not a group but a {kind}",
                    name = card.name,
                    kind = card.kind.words().lower()
                ),
                words!("chỉ tổ hợp tác được chuyển đổi", "only a group converts"),
            );
        }
        let months = known.law().conversion_months(day);
        let earliest = months.map(|months| (months, months_after(card.founded_on, months)));
        if let Some((months, earliest)) = earliest.filter(|(_, earliest)| day < *earliest) {
            findings.error(
                "convert.too-young",
                "effective_on",
                words!(
                    "{name} thành lập ngày {founded_on}, chưa đủ {months} tháng",
                    "{name} was founded on {founded_on}, less than {months} months before",
                    name = card.name,
                    founded_on = card.founded_on,
                    months
                ),
                words!(
                    "được chuyển đổi từ ngày {earliest}",
                    "it may convert from {earliest}",
                    earliest
                ),
            );
        }
    }
    // That it is no group was said above.
    if known.organisation.as_ref().is_none_or(|card| card.kind == Kind::Group) {
        status(draft, known, &mut findings);
    }
    in_order(draft, known, &mut findings);
    findings.into_vec()
}

/// What is wrong with an end.
pub fn dissolve(draft: &Draft, body: &Reason, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.note("reason", &body.reason);
    status(draft, known, &mut findings);
    in_order(draft, known, &mut findings);
    findings.into_vec()
}

/// The day some months later.
pub(crate) fn months_after(day: Date, months: i64) -> Date {
    day.saturating_add(jiff::Span::new().months(months))
}

/// A name says something, and does not claim to be of another kind.
fn name(kind: Kind, text: &str, findings: &mut Findings) {
    findings.text("name", text);
    let folded = fold(text);
    let claims = |words: &[&str]| words.iter().any(|word| folded.starts_with(word));
    let other = match kind {
        Kind::Group => claims(&["hop tac xa ", "htx ", "lien hiep "]),
        Kind::Cooperative => claims(&["to hop tac ", "tht ", "lien hiep "]),
        Kind::Union => claims(&["to hop tac ", "tht ", "hop tac xa ", "htx "]),
    };
    if other {
        findings.warning(
            "name.other-kind",
            "name",
            words!(
                "tên mở đầu như tên của loại hình khác, không phải {kind}",
                "the name begins like that of another kind than {kind}",
                kind = kind.words().lower()
            ),
            words!("kiểm tra loại hình hoặc tên", "check the kind or the name"),
        );
    }
}

/// A code is right and belongs to nobody else.
fn code(draft: &Draft, code: Option<&str>, known: &Known, findings: &mut Findings) {
    let Some(code) = code else { return };
    if !is_tax_code(code) {
        findings.error(
            "code.wrong",
            "code",
            words!(
                "`{code}` không phải là mã số: mã số có 10 chữ số, chữ số cuối để kiểm \
                tra các chữ số trước",
                "`{code}` is not a registration code: it has ten digits, the last of \
                which checks the others",
                code
            ),
            words!("đối chiếu với giấy chứng nhận", "compare it with the certificate"),
        );
    }
    if let Some(owner) =
        known.code_owner.filter(|owner| draft.subject.as_organisation() != Some(*owner))
    {
        findings.error(
            "code.taken",
            "code",
            words!(
                "mã số {code} thuộc về organisation/{owner}",
                "code {code} belongs to organisation/{owner}",
                code,
                owner
            ),
            words!(
                "tra cứu tổ chức đó: có thể là cùng một tổ chức",
                "look that organisation up: it may be the same one"
            ),
        );
    }
}

/// A seat is a commune of its day.
fn seat(id: &UnitId, former: Option<&UnitId>, day: Date, known: &Known, findings: &mut Findings) {
    match known.units.get(id) {
        None => findings.error(
            "seat.unknown",
            "seat",
            words!("không có đơn vị hành chính `{id}`", "there is no unit `{id}`", id),
            words!(
                "chọn xã trong danh mục đơn vị hành chính",
                "take the commune from the list of units"
            ),
        ),
        Some(unit) if unit.level != Level::Commune => findings.error(
            "seat.not-a-commune",
            "seat",
            words!(
                "{name} không phải là xã, phường hoặc thị trấn",
                "{name} is not a commune, ward or township",
                name = unit.name
            ),
            words!("nêu xã đặt trụ sở", "name the commune of the seat"),
        ),
        Some(unit) if !unit.exists_on(day) => findings.error(
            "seat.not-on-the-day",
            "seat",
            words!(
                "{name} ({id}) không tồn tại vào ngày {day}",
                "{name} ({id}) does not exist on {day}",
                id,
                day,
                name = unit.name
            ),
            words!("nêu xã theo địa giới của ngày đó", "name the commune as it is on that day"),
        ),
        Some(_) => {}
    }
    if let Some(former) = former {
        match known.units.get(former) {
            None => findings.error(
                "seat.former-unknown",
                "seat_former",
                words!(
                    "không có đơn vị hành chính `{former}`",
                    "there is no unit `{former}`",
                    former
                ),
                words!(
                    "chọn xã cũ trong danh mục đơn vị hành chính",
                    "take the former commune from the list of units"
                ),
            ),
            Some(unit) if unit.level != Level::Commune || unit.exists_on(day) => findings.error(
                "seat.former-exists",
                "seat_former",
                words!(
                    "{name} không phải là xã đã chấm dứt trước ngày {day}",
                    "{name} is not a commune that ended before {day}",
                    day,
                    name = unit.name
                ),
                words!(
                    "nêu xã đặt trụ sở trước ngày 1/7/2025",
                    "name the commune that the seat was in before 1 July 2025"
                ),
            ),
            Some(_) => {}
        }
    }
}

pub(crate) fn vsic(letter: char, findings: &mut Findings) {
    if !('A'..='U').contains(&letter) {
        findings.error(
            "vsic.unknown",
            "vsic",
            words!(
                "`{letter}` không phải là ngành cấp 1",
                "`{letter}` is not a section of the economy",
                letter
            ),
            words!("ghi một chữ cái từ A đến U", "write a letter from A to U"),
        );
    }
}

/// The filing is possible in the status that the organisation has.
pub(crate) fn status(draft: &Draft, known: &Known, findings: &mut Findings) {
    // That an organisation has ended is said once, for all kinds of filing.
    let Some(card) = known.organisation.as_ref().filter(|card| card.status != Status::Terminated)
    else {
        return;
    };
    let law = known.law();
    if let Err(rule) =
        lifecycle::may(law, card.kind, card.status, draft.body.kind(), draft.effective_on)
    {
        findings.error(
            "organisation.status",
            "subject",
            words!(
                "{name} đang ở tình trạng {status}: {rule}",
                "{name} is {status}: {rule}",
                name = card.name,
                status = card.status.words().lower(),
                rule
            ),
            words!(
                "nộp trước hồ sơ về những việc xảy ra ở giữa",
                "file what happened in between first"
            ),
        );
    }
}

/// The filing keeps the notice that the law of its day asks. A register that was made up keeps no days.
pub(crate) fn notice_kept(draft: &Draft, known: &Known, findings: &mut Findings) {
    let recorded = recorded_on(draft);
    let late = known.law().late_notice(draft.body.kind(), draft.effective_on, recorded);
    if let Some(rule) = late.filter(|_| draft.origin == Origin::Live) {
        findings.warning(
            "filing.late",
            "effective_on",
            words!(
                "hồ sơ ghi nhận ngày {recorded}, có hiệu lực từ ngày {effective_on}: {rule}",
                "it is recorded on {recorded} and holds from {effective_on}: {rule}",
                recorded,
                effective_on = draft.effective_on,
                rule
            ),
            words!(
                "hồ sơ vẫn có hiệu lực; việc chậm trễ được ghi lại",
                "it holds all the same; the delay is on record"
            ),
        );
    }
}

/// The organisation, where a later state of it is registered already.
fn behind_the_latest<'a>(draft: &Draft, known: &'a Known) -> Option<&'a OrganisationCard> {
    known.organisation.as_ref().filter(|card| draft.effective_on < card.from)
}

/// What changes the legal status is filed in the order in which it happened.
pub(crate) fn in_order(draft: &Draft, known: &Known, findings: &mut Findings) {
    if let Some(card) = behind_the_latest(draft, known) {
        findings.error(
            "filing.out-of-order",
            "effective_on",
            words!(
                "đã đăng ký hiện trạng của {name} từ ngày {from}",
                "a state of {name} from {from} is registered already",
                name = card.name,
                from = card.from
            ),
            words!(
                "thay đổi tình trạng phải có hiệu lực từ ngày đó trở đi",
                "a change of status takes effect on that day or later"
            ),
        );
    }
}
