//! Notices, address, closing, bankruptcy, orders, reorganisation, corrections and remarks.

use hoptac_model::filing::event::{
    BankruptcyEnd, Closing, Consolidation, Correction, Division, Event, Merger, Notice, Order,
    Remark, Withdrawal, WithdrawalGround,
};
use hoptac_model::filing::{Body, Draft, Filing, FilingKind, schema};
use hoptac_model::finding::Finding;
use hoptac_model::ids::{FilingId, OrganisationId};
use hoptac_model::lifecycle;
use hoptac_model::organisation::{Kind, Status};
use hoptac_model::text::fold;
use hoptac_model::words;
use hoptac_store::{Error, Writing};

use crate::finding::Findings;
use crate::known::Known;
use crate::organisation;

/// Reads the organisations and the filing that an event names, and what the rules ask about a corrected body.
pub(crate) async fn read(
    writing: &mut Writing,
    event: &Event,
    known: &mut Known,
) -> Result<(), Error> {
    let mut named: Vec<OrganisationId> = event.lineage().1.to_vec();
    if let Event::Consolidate(body) = event {
        named.extend(&body.with);
    }
    for id in named {
        if let Some(card) = writing.organisation(id).await? {
            known.others.insert(id, card);
        }
    }
    if let Some(id) = earlier(event) {
        known.earlier = writing.filing_with_id(id).await?;
    }
    if let (Event::Correct(_), Some(earlier)) = (event, &known.earlier) {
        let about = writing.filings_about(&earlier.subject).await?;
        let mut corrections = about.iter().rev();
        let last = corrections.find_map(|later| Some((correction_of(later, earlier)?, later)));
        // One that struck it leaves nothing but the filing itself to differ from.
        known.corrected = last.and_then(|(correction, later)| {
            let body = Body::read(earlier.kind, correction.body?).ok()?;
            Some((body.to_canonical(), later.effective_on))
        });
    }
    if let (Event::Correct(body), Some(earlier)) = (event, &known.earlier)
        && let Some(value) = &body.body
        && let Ok(body) = Body::read(earlier.kind, value.clone())
    {
        organisation::read(writing, &body, known).await?;
    }
    Ok(())
}

/// A later filing as a correction of an earlier one, if it is one.
fn correction_of(later: &Filing, earlier: &Filing) -> Option<Correction> {
    let correction: Option<Correction> = (later.kind == FilingKind::OrganisationCorrect)
        .then(|| serde_json::from_str(&later.body).ok())
        .flatten();
    correction.filter(|correction| correction.filing == earlier.id)
}

/// The earlier filing that an event speaks of.
fn earlier(event: &Event) -> Option<FilingId> {
    match event {
        Event::Correct(body) => Some(body.filing),
        Event::Annotate(body) => body.filing,
        Event::Notify(_)
        | Event::LeaveAddress(_)
        | Event::ReturnToAddress(_)
        | Event::Close(_)
        | Event::DissolveByOrder(_)
        | Event::OpenBankruptcy(_)
        | Event::EndBankruptcy(_)
        | Event::Withdraw(_)
        | Event::Restore(_)
        | Event::Divide(_)
        | Event::Separate(_)
        | Event::Consolidate(_)
        | Event::Merge(_)
        | Event::Duplicate(_) => None,
    }
}

/// What is wrong with an event.
pub fn findings(draft: &Draft, event: &Event, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    match event {
        Event::Notify(body) => notice(draft, body, known, &mut findings),
        Event::LeaveAddress(body) | Event::ReturnToAddress(body) => {
            findings.note("reason", &body.reason);
        }
        Event::Close(body) => closing(draft, body, &mut findings),
        Event::DissolveByOrder(body) | Event::OpenBankruptcy(body) | Event::Restore(body) => {
            order(body, &mut findings);
        }
        Event::EndBankruptcy(BankruptcyEnd { decision, issuer, .. }) => {
            findings.text("decision", decision);
            findings.text("issuer", issuer);
        }
        Event::Withdraw(body) => withdrawal(body, &mut findings),
        Event::Divide(body) => division(draft, body, 2, known, &mut findings),
        Event::Separate(body) => division(draft, body, 1, known, &mut findings),
        Event::Consolidate(body) => consolidation(draft, body, known, &mut findings),
        Event::Merge(body) | Event::Duplicate(body) => {
            merger(draft, body, known, &mut findings);
        }
        Event::Correct(body) => correction(draft, body, known, &mut findings),
        Event::Annotate(body) => remark(draft, body, known, &mut findings),
    }
    organisation::status(draft, known, &mut findings);
    organisation::notice_kept(draft, known, &mut findings);
    if event.status().is_some() || matches!(event, Event::Separate(_)) {
        organisation::in_order(draft, known, &mut findings);
    }
    findings.into_vec()
}

/// Business lines with the edition of the classification that they are taken from.
pub(crate) fn lines(scheme: Option<&str>, lines: Option<&[String]>, findings: &mut Findings) {
    for (index, line) in lines.iter().copied().flatten().enumerate() {
        if line.len() != 4 || !line.bytes().all(|b| b.is_ascii_digit()) {
            findings.error(
                "notify.line",
                format!("lines.{index}"),
                words!(
                    "`{line}` không phải là mã ngành, nghề",
                    "`{line}` is not a business line",
                    line
                ),
                words!("ghi mã ngành gồm bốn chữ số", "write the four digits of the line"),
            );
        }
    }
    match (scheme, lines) {
        (Some(scheme), _) => findings.text("scheme", scheme),
        (None, Some([_, ..])) => findings.warning(
            "notify.scheme",
            "scheme",
            words!(
                "chưa nêu phiên bản hệ thống ngành kinh tế",
                "the edition of the classification is not named"
            ),
            words!(
                "hãy ghi rõ, ví dụ 27/2018/QĐ-TTg: cùng một mã số nhưng mỗi phiên bản \
                chỉ một ngành khác nhau",
                "write it, as 27/2018/QĐ-TTg: the same digits mean another line in \
                another edition"
            ),
        ),
        (None, None | Some([])) => {}
    }
}

fn notice(draft: &Draft, body: &Notice, known: &Known, findings: &mut Findings) {
    if *body == Notice::default() {
        findings.error(
            "notify.empty",
            "",
            words!("thông báo không có nội dung", "the notice says nothing"),
            words!("nêu nội dung thông báo", "name what is notified"),
        );
    }
    findings.note("note", &body.note);
    if let Some(letter) = body.vsic {
        organisation::vsic(letter, findings);
    }
    lines(body.scheme.as_deref(), body.lines.as_deref(), findings);
    findings.not_negative("members.negative", "foreign_members", body.foreign_members);
    let below = known.law().foreign_below(draft.effective_on);
    let members = known.organisation.as_ref().and_then(|card| card.members);
    if let (Some(foreign), Some(members), Some(below)) = (body.foreign_members, members, below)
        && foreign.saturating_mul(100) >= members.saturating_mul(below)
        && foreign > 0
    {
        findings.warning(
            "notify.foreign",
            "foreign_members",
            words!(
                "{foreign} trong {members} thành viên chính thức là người nước ngoài, \
                không dưới mức {below} %",
                "{foreign} of {members} official members are foreign, not fewer than {below} %",
                foreign,
                members,
                below
            ),
            words!("kiểm tra lại số lượng", "check the numbers"),
        );
    }
}

fn closing(draft: &Draft, body: &Closing, findings: &mut Findings) {
    findings.note("reason", &body.reason);
    findings.note("resolution", &body.resolution);
    if let Some(day) = body.resolved_on.filter(|day| *day > draft.effective_on) {
        findings.error(
            "close.days",
            "resolved_on",
            words!(
                "nghị quyết ngày {day} ban hành sau ngày {effective_on}",
                "the resolution of {day} is later than {effective_on}",
                day,
                effective_on = draft.effective_on
            ),
            words!("sửa lại một trong hai ngày", "correct one of the two days"),
        );
    }
}

fn order(body: &Order, findings: &mut Findings) {
    findings.text("decision", &body.decision);
    findings.text("issuer", &body.issuer);
    findings.note("reason", &body.reason);
}

fn withdrawal(body: &Withdrawal, findings: &mut Findings) {
    findings.text("decision", &body.decision);
    findings.text("issuer", &body.issuer);
    findings.note("reason", &body.reason);
    if body.ground == WithdrawalGround::Other && body.reason.trim().is_empty() {
        findings.error(
            "withdraw.reason",
            "reason",
            words!(
                "căn cứ là `other` nhưng chưa nêu lý do cụ thể",
                "the ground is `other`, and no reason says which"
            ),
            words!("ghi lý do, hoặc chọn đúng căn cứ", "write the reason, or choose the ground"),
        );
    }
}

fn division(draft: &Draft, body: &Division, least: usize, known: &Known, findings: &mut Findings) {
    findings.note("reason", &body.reason);
    findings.not_negative("members.negative", "members", body.members);
    findings.not_negative("capital.negative", "capital", body.capital);
    let mut different = body.into.clone();
    different.sort_unstable();
    different.dedup();
    if different.len() < least {
        findings.error(
            "divide.too-few",
            "into",
            words!(
                "có {different} tổ chức được hình thành, cần ít nhất {least}",
                "{different} organisations come of it, {least} are needed",
                least,
                different = different.len()
            ),
            words!(
                "nêu mỗi tổ chức một lần; các tổ chức này phải được thành lập trước",
                "name each of them once; establish them first"
            ),
        );
    }
    for (index, id) in body.into.iter().enumerate() {
        successor(draft, *id, &format!("into.{index}"), known, findings);
    }
    let kind = known.organisation.as_ref().map(|card| card.kind);
    if let (Some(kind), Some(members)) = (kind, body.members) {
        let least = known.law().members_min(kind, draft.effective_on);
        if let Some(least) = least.filter(|least| members < *least) {
            findings.error(
                "members.too-few",
                "members",
                words!(
                    "{members} thành viên là ít hơn mức tối thiểu {least} theo luật vào \
                ngày {effective_on}",
                    "{members} members are fewer than the {least} that the law asks on \
                {effective_on}",
                    members,
                    least,
                    effective_on = draft.effective_on
                ),
                words!(
                    "sửa lại số lượng; thiếu thành viên thì không thể tiếp tục",
                    "correct the number; with fewer it cannot go on"
                ),
            );
        }
    }
}

fn consolidation(draft: &Draft, body: &Consolidation, known: &Known, findings: &mut Findings) {
    findings.note("reason", &body.reason);
    successor(draft, body.into, "into", known, findings);
    if body.with.is_empty() {
        findings.error(
            "consolidate.alone",
            "with",
            words!(
                "chưa nêu tổ chức cùng hợp nhất",
                "nobody is named with whom it is consolidated"
            ),
            words!(
                "nêu các tổ chức khác, hoặc nộp hồ sơ sáp nhập",
                "name the others, or file a merger"
            ),
        );
    }
    for (index, id) in body.with.iter().enumerate() {
        let field = format!("with.{index}");
        if *id == body.into {
            findings.error(
                "lineage.itself",
                field,
                words!(
                    "tổ chức mới lại nằm trong số các tổ chức chấm dứt",
                    "the new organisation is among those that end"
                ),
                words!("nêu các tổ chức khác sẽ chấm dứt", "name the others that end"),
            );
        } else {
            other(draft, *id, &field, known, findings);
        }
    }
}

fn merger(draft: &Draft, body: &Merger, known: &Known, findings: &mut Findings) {
    findings.note("reason", &body.reason);
    successor(draft, body.into, "into", known, findings);
}

/// Whoever comes of an organisation exists on the day, goes on, and is of its kind.
fn successor(
    draft: &Draft,
    id: OrganisationId,
    field: &str,
    known: &Known,
    findings: &mut Findings,
) {
    other(draft, id, field, known, findings);
    let Some(card) = known.others.get(&id) else { return };
    if card.status == Status::Terminated {
        findings.error(
            "lineage.terminated",
            field,
            words!(
                "{name} đã chấm dứt từ ngày {ceased_on}",
                "{name} has not existed since {ceased_on}",
                name = card.name,
                ceased_on = card.ceased_on.unwrap_or(card.from)
            ),
            words!("nêu tổ chức còn tiếp tục hoạt động", "name the organisation that goes on"),
        );
    }
    if card.founded_on > draft.effective_on {
        findings.error(
            "lineage.days",
            field,
            words!(
                "{name} đến ngày {founded_on} mới thành lập",
                "{name} was founded only on {founded_on}",
                name = card.name,
                founded_on = card.founded_on
            ),
            words!(
                "tổ chức này phải tồn tại vào ngày tổ chức kia nhập vào",
                "it must exist on the day on which the other goes into it"
            ),
        );
    }
    let kind = known.organisation.as_ref().map_or(card.kind, |own| own.kind);
    if kind != card.kind {
        let called = |kind: Kind| kind.words().lower();
        findings.warning(
            "lineage.kind",
            field,
            words!(
                "{name} là {kind}, không phải {kind_other}",
                "{name} is a {kind}, not a {kind_other}",
                name = card.name,
                kind = called(card.kind),
                kind_other = called(kind)
            ),
            words!("kiểm tra lại tổ chức", "check the organisation"),
        );
    }
}

/// Another organisation that is named is there, and is another one.
fn other(draft: &Draft, id: OrganisationId, field: &str, known: &Known, findings: &mut Findings) {
    if draft.subject.as_organisation() == Some(id) {
        findings.error(
            "lineage.itself",
            field,
            words!("đây chính là tổ chức này", "it is the organisation itself"),
            words!("nêu tổ chức kia", "name the other one"),
        );
    } else if !known.others.contains_key(&id) {
        findings.error(
            "lineage.unknown",
            field,
            words!("không có organisation/{id}", "there is no organisation/{id}", id),
            words!(
                "thành lập trước, hoặc sửa lại định danh",
                "establish it first, or correct the identity"
            ),
        );
    }
}

/// A correction points at an earlier filing about the same organisation, and what that should have said is sound.
fn correction(draft: &Draft, body: &Correction, known: &Known, findings: &mut Findings) {
    findings.text("reason", &body.reason);
    let Some(earlier) = pointed_at(draft, known, findings) else { return };
    let kind = earlier.kind;
    if !lifecycle::makes_state(kind) {
        findings.error(
            "correct.kind",
            "filing",
            words!(
                "hồ sơ {kind} không sửa được bằng đính chính",
                "a filing {kind} is not put right by a correction",
                kind = kind.code()
            ),
            words!(
                "đính chính hồ sơ sai ban đầu; báo cáo năm thì nộp lại",
                "correct the filing that was wrong in the first place; a return is filed anew"
            ),
        );
        return;
    }
    let Some(value) = &body.body else {
        if kind == FilingKind::OrganisationEstablish {
            findings.error(
                "correct.founding",
                "body",
                words!(
                    "hồ sơ thành lập chỉ được đính chính nội dung, không được hủy",
                    "a founding is restated, not struck"
                ),
                words!(
                    "ghi nội dung đúng, hoặc nộp hồ sơ báo bản ghi trùng",
                    "write what it should have said, or file that the record is a duplicate"
                ),
            );
        }
        return;
    };
    let wrong = schema::check(&schema::of(kind), value, "body");
    if !wrong.is_empty() {
        findings.extend(wrong);
        return;
    }
    match Body::read(kind, value.clone()) {
        Ok(restated) => {
            // What was corrected before may be put back as it was first.
            let original = (earlier.body.clone(), earlier.effective_on);
            let holds = known.corrected.as_ref().unwrap_or(&original);
            if *holds == (restated.to_canonical(), draft.effective_on) {
                findings.error(
                    "correct.same",
                    "body",
                    words!(
                        "nội dung và ngày hiệu lực giống hệt hồ sơ đang có hiệu lực",
                        "it says what the filing says already, from the same day"
                    ),
                    words!("ghi nội dung lẽ ra phải nộp", "write what should have been filed"),
                );
            }
            findings.extend(contents(draft, restated, known));
        }
        Err(error) => findings.error(
            "document.body",
            "body",
            words!(
                "có giá trị mà chương trình không nhận (trình đọc nói: {error})",
                "it holds a value that the program does not take (the reader says: {error})",
                error = error.to_string()
            ),
            words!(
                "đối chiếu với lược đồ của loại hồ sơ này",
                "compare it with the schema of the kind"
            ),
        ),
    }
}

/// The rules of a restated body about its contents. Whether it fits its place in the life is for the ledger to say, when
/// everything is folded anew.
fn contents(draft: &Draft, body: Body, known: &Known) -> Vec<Finding> {
    let restated = Draft { body, ..draft.clone() };
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these have contents to be judged")]
    let found = match &restated.body {
        Body::OrganisationEstablish(body) => organisation::establish(&restated, body, known),
        Body::OrganisationChange(body) => organisation::change(&restated, body, known),
        Body::OrganisationConvert(body) => organisation::convert(&restated, body, known),
        Body::OrganisationEvent(event) => findings(&restated, event, known),
        _ => Vec::new(),
    };
    let of_place = [
        "convert.kind",
        "filing.back-dated",
        "filing.late",
        "filing.out-of-order",
        "organisation.alike",
        "organisation.status",
    ];
    found
        .into_iter()
        .filter(|finding| !of_place.contains(&finding.code))
        .map(|mut finding| {
            let at_body = !["subject", "effective_on"].contains(&finding.field.as_str());
            if at_body {
                finding.field = match finding.field.as_str() {
                    "" => "body".to_owned(),
                    field => format!("body.{field}"),
                };
            }
            finding
        })
        .collect()
}

fn remark(draft: &Draft, body: &Remark, known: &Known, findings: &mut Findings) {
    findings.text("text", &body.text);
    if body.filing.is_some() {
        let _ = pointed_at(draft, known, findings);
    }
}

/// The earlier filing that is pointed at, where it is about the same organisation.
pub(crate) fn pointed_at<'k>(
    draft: &Draft,
    known: &'k Known,
    findings: &mut Findings,
) -> Option<&'k Filing> {
    match &known.earlier {
        Some(earlier) if earlier.subject == draft.subject => Some(earlier),
        Some(earlier) => {
            findings.error(
                "correct.other",
                "filing",
                words!(
                    "hồ sơ đó về {subject}, không phải về {draft_subject}",
                    "that filing is about {subject}, not about {draft_subject}",
                    subject = earlier.subject.0,
                    draft_subject = draft.subject.0
                ),
                words!(
                    "lấy định danh từ `hoptac org history`",
                    "take the identity from `hoptac org history`"
                ),
            );
            None
        }
        None => {
            findings.error(
                "correct.unknown",
                "filing",
                words!("không có hồ sơ này", "there is no such filing"),
                words!(
                    "lấy định danh từ `hoptac org history`",
                    "take the identity from `hoptac org history`"
                ),
            );
            None
        }
    }
}

/// Whether a founding gives a name that another organisation has, or nearly so.
pub(crate) fn alike(name: &str, known: &Known, findings: &mut Findings) {
    for (card, alike) in &known.alike {
        findings.warning(
            "organisation.alike",
            "name",
            words!(
                "{name} (organisation/{id}) có thể là cùng một tổ chức: {reason}",
                "{name} (organisation/{id}) may be the same: {reason}",
                name = card.name,
                id = card.id,
                reason = alike.reason
            ),
            if fold(name) == fold(&card.name) {
                words!(
                    "kiểm tra tổ chức đó trước khi đăng ký thêm",
                    "look that organisation up before another one is registered"
                )
            } else {
                words!(
                    "so sánh hai tổ chức; nếu khác nhau thì không cần làm gì",
                    "compare the two; if they differ, nothing needs to be done"
                )
            },
        );
    }
}
