//! Support: programmes opened, applications made, decided, paid within every ceiling, paid back, cancelled.

use hoptac_model::fact::Catalogue;
use hoptac_model::filing::Draft;
use hoptac_model::filing::support::{
    ProgrammeOpen, Support, SupportApply, SupportCancel, SupportDecide, SupportPay,
};
use hoptac_model::finding::Finding;
use hoptac_model::formula::condition::Condition;
use hoptac_model::ids::OrganisationId;
use hoptac_model::pack::Pack;
use hoptac_model::support::{
    Application, Ceiling, Decided, Payment, Programme, Room, Standing, Whose, rooms_of_grant,
    rooms_of_payment,
};
use hoptac_model::words;
use hoptac_store::{ApplicationOnFile, Error, Writing};

use crate::finding::Findings;
use crate::known::Known;

/// Reads the programmes and the applications that bear on a filing.
pub(crate) async fn read(
    writing: &mut Writing,
    organisation: Option<OrganisationId>,
    body: &Support,
    known: &mut Known,
) -> Result<(), Error> {
    known.programmes = writing.programmes().await?;
    let Some(id) = organisation else { return Ok(()) };
    let name = application_of(body);
    let mut applications = writing.support_concerning(id, programme_of(body)).await?;
    let own = |one: &ApplicationOnFile| {
        one.organisation == id && Some(one.application.application.as_str()) == name
    };
    // Who speaks of an application speaks of its programme.
    if let Some(programme) =
        applications.iter().find(|one| own(one)).map(|one| one.application.programme.clone())
    {
        applications = writing.support_concerning(id, &programme).await?;
    }
    known.applications = applications;
    Ok(())
}

/// Lays a filing over what is known, as if it were on file.
pub(crate) async fn suppose(
    writing: &mut Writing,
    draft: &Draft,
    body: &Support,
    known: &mut Known,
) -> Result<(), Error> {
    let Some(organisation) = draft.subject.as_organisation() else { return Ok(()) };
    if let Support::Apply(body) = body {
        // Others in the programme count against its budget too.
        known.applications = writing.support_concerning(organisation, &body.programme).await?;
        let application = Application {
            application: body.application.clone(),
            programme: body.programme.clone(),
            on: draft.effective_on,
            requested: body.amount,
            purpose: body.purpose.clone(),
            no_penalty: body.no_penalty,
            decision: None,
            cancelled_on: None,
            payments: Vec::new(),
        };
        known.applications.push(ApplicationOnFile { organisation, application });
        return Ok(());
    }
    let name = application_of(body);
    let own = known.applications.iter_mut().find(|one| {
        one.organisation == organisation && Some(one.application.application.as_str()) == name
    });
    let Some(own) = own else { return Ok(()) };
    let application = &mut own.application;
    let payment = |body: &SupportPay, amount| Payment {
        on: draft.effective_on,
        amount,
        document: body.document.clone(),
    };
    match body {
        Support::Decide(body) => {
            application.decision = Some(Decided {
                on: draft.effective_on,
                approved: body.approved,
                granted: body.amount,
                document: format!("{}, {}", body.decision.number, body.decision.issuer),
            });
        }
        Support::Pay(body) => application.payments.push(payment(body, body.amount)),
        Support::Repay(body) => application.payments.push(payment(body, -body.amount)),
        Support::Cancel(_) => application.cancelled_on = Some(draft.effective_on),
        Support::Open(_) | Support::Apply(_) => {}
    }
    Ok(())
}

/// What is wrong with a filing about support.
pub fn findings(draft: &Draft, body: &Support, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    match body {
        Support::Open(body) => open(body, known, &mut findings),
        Support::Apply(body) => apply(draft, body, known, &mut findings),
        Support::Decide(body) => decide(draft, body, known, &mut findings),
        Support::Pay(body) => pay(draft, body, known, &mut findings),
        Support::Repay(body) => repay(draft, body, known, &mut findings),
        Support::Cancel(body) => cancel(draft, body, known, &mut findings),
    }
    findings.into_vec()
}

fn application_of(body: &Support) -> Option<&str> {
    match body {
        Support::Open(_) => None,
        Support::Apply(body) => Some(&body.application),
        Support::Decide(body) => Some(&body.application),
        Support::Pay(body) | Support::Repay(body) => Some(&body.application),
        Support::Cancel(body) => Some(&body.application),
    }
}

fn programme_of(body: &Support) -> &str {
    match body {
        Support::Apply(body) => &body.programme,
        Support::Open(_)
        | Support::Decide(_)
        | Support::Pay(_)
        | Support::Repay(_)
        | Support::Cancel(_) => "",
    }
}

fn open(body: &ProgrammeOpen, known: &Known, findings: &mut Findings) {
    let programme = &body.programme;
    findings.text("programme.id", &programme.id);
    findings.text("programme.title.vi", &programme.title.vi);
    findings.text("programme.title.en", &programme.title.en);
    findings.text("programme.source", &programme.source);
    if let Some(closes) = programme.closes.filter(|closes| *closes < programme.opens) {
        findings.error(
            "programme.days",
            "programme.closes",
            words!(
                "đóng ngày {closes}, trước ngày mở {opens}",
                "it closes on {closes}, before it opens on {opens}",
                closes,
                opens = programme.opens
            ),
            words!("sửa lại một trong hai ngày", "correct one of the days"),
        );
    }
    for (field, amount) in [
        ("programme.budget", programme.budget),
        ("programme.per_organisation", programme.per_organisation),
    ] {
        if let Some(amount) = amount.filter(|amount| *amount <= 0) {
            amount_error(amount, field, findings);
        }
    }
    if let (Some(each), Some(all)) = (programme.per_organisation, programme.budget)
        && each > all
    {
        findings.error(
            "programme.ceilings",
            "programme.per_organisation",
            words!(
                "mức tối đa cho một tổ chức {each} đồng lớn hơn kinh phí {all} đồng",
                "one organisation may get {each} đồng, and the budget is {all}",
                each,
                all
            ),
            words!("kiểm tra lại cả hai số", "check both numbers"),
        );
    }
    if programme.kinds.is_empty() {
        findings.error(
            "programme.kinds",
            "programme.kinds",
            words!("chưa nêu loại hình được hỗ trợ", "no kind of organisation may apply"),
            words!("nêu ít nhất một loại hình", "name at least one"),
        );
    }
    if let Some(condition) = &programme.condition {
        let form = known.plan.as_deref().and_then(Pack::annual_return);
        if let Err(problems) = Condition::parse(condition, &Catalogue::new(form)) {
            for problem in problems {
                findings.error(
                    "programme.condition",
                    "programme.condition",
                    problem.message,
                    problem.remedy,
                );
            }
        }
    }
    if packed(known).any(|packed| packed.id == programme.id) {
        findings.error(
            "programme.of-pack",
            "programme.id",
            words!(
                "gói kế hoạch đã có chương trình `{id}`",
                "the plan's pack has a programme `{id}`",
                id = programme.id
            ),
            words!(
                "đặt tên khác, hoặc sửa gói kế hoạch",
                "give it another name, or change the pack"
            ),
        );
    }
}

fn apply(draft: &Draft, body: &SupportApply, known: &Known, findings: &mut Findings) {
    findings.text("application", &body.application);
    findings.text("programme", &body.programme);
    findings.text("purpose", &body.purpose);
    if body.amount <= 0 {
        amount_error(body.amount, "amount", findings);
    }
    if let Some(one) = own(draft, &body.application, known) {
        findings.error(
            "support.exists",
            "application",
            words!(
                "hồ sơ đề nghị `{application}` đã có từ {on}",
                "the application `{application}` is on file already, from {on}",
                application = body.application,
                on = one.on
            ),
            words!("ghi số riêng cho hồ sơ mới", "give the new one a number of its own"),
        );
    }
    let Some(programme) = programme(&body.programme, "programme", known, findings) else { return };
    let on = draft.effective_on;
    if !programme.is_open_on(on) {
        findings.error(
            "support.closed",
            "effective_on",
            match programme.closes {
                Some(closes) => words!(
                    "chương trình nhận hồ sơ từ {opens} đến {closes}",
                    "the programme is open from {opens} to {closes}",
                    opens = programme.opens,
                    closes
                ),
                None => words!(
                    "chương trình nhận hồ sơ từ {opens}",
                    "the programme is open from {opens}",
                    opens = programme.opens
                ),
            },
            words!("chọn chương trình khác", "choose another programme"),
        );
    }
    if let Some(card) = known.organisation.as_ref().filter(|c| !programme.kinds.contains(&c.kind)) {
        findings.error(
            "support.kind",
            "subject",
            words!(
                "chương trình không dành cho {kind}",
                "the programme is not for a {kind}",
                kind = card.kind.words().lower()
            ),
            words!("chọn chương trình khác", "choose another programme"),
        );
    }
    if let Some(most) = programme.per_organisation.filter(|most| *most < body.amount) {
        findings.warning(
            "support.asks-much",
            "amount",
            words!(
                "đề nghị {amount} đồng, nhiều hơn mức tối đa {most} đồng cho một tổ chức",
                "{amount} đồng are asked for, more than the {most} that one organisation may get",
                amount = body.amount,
                most
            ),
            words!("chỉ có thể duyệt trong mức tối đa", "no more than that can be granted"),
        );
    }
}

fn decide(draft: &Draft, body: &SupportDecide, known: &Known, findings: &mut Findings) {
    findings.text("decision.number", &body.decision.number);
    findings.text("decision.issuer", &body.decision.issuer);
    findings.note("reason", &body.reason);
    if body.decision.date > draft.effective_on {
        findings.error(
            "support.decision-later",
            "decision.date",
            words!(
                "văn bản ngày {date}, sau ngày hiệu lực {on}",
                "the document is of {date}, later than the effective day {on}",
                date = body.decision.date,
                on = draft.effective_on
            ),
            words!("sửa lại ngày", "correct the day"),
        );
    }
    match (body.approved, body.amount) {
        (true, amount) if amount <= 0 => amount_error(amount, "amount", findings),
        (false, amount) if amount != 0 => findings.error(
            "support.refused-amount",
            "amount",
            words!(
                "không duyệt hỗ trợ nhưng lại ghi {amount} đồng",
                "it is refused, and {amount} đồng are granted",
                amount
            ),
            words!("bỏ số tiền, hoặc duyệt hỗ trợ", "leave the amount out, or approve"),
        ),
        (true | false, _) => {}
    }
    let Some(one) = must_be_own(draft, &body.application, known, findings) else { return };
    match one.standing() {
        Standing::Cancelled => cancelled(one, findings),
        Standing::Approved | Standing::Rejected => findings.error(
            "support.decided",
            "application",
            words!("hồ sơ đã có quyết định", "the application has been decided already"),
            words!(
                "hủy hồ sơ và nộp hồ sơ mới nếu quyết định thay đổi",
                "cancel it and file a new application if the decision changes"
            ),
        ),
        Standing::Waiting => {}
    }
    if draft.effective_on < one.on {
        before_application(one, findings);
    }
    if !body.approved {
        return;
    }
    if body.amount > one.requested {
        findings.warning(
            "support.grants-more",
            "amount",
            words!(
                "duyệt {amount} đồng, nhiều hơn {requested} đồng đã đề nghị",
                "{amount} đồng are granted, {requested} were asked for",
                amount = body.amount,
                requested = one.requested
            ),
            words!("kiểm tra lại số tiền", "check the amount"),
        );
    }
    let Some(programme) = programme(&one.programme, "application", known, findings) else { return };
    let (Some(id), all) = (draft.subject.as_organisation(), whose(known)) else { return };
    let rooms = rooms_of_grant(programme, ceilings(known), &all, id, &body.application);
    within(&rooms, body.amount, findings);
}

fn pay(draft: &Draft, body: &SupportPay, known: &Known, findings: &mut Findings) {
    findings.text("document", &body.document);
    findings.note("reason", &body.reason);
    if body.amount <= 0 {
        amount_error(body.amount, "amount", findings);
    }
    let Some(one) = must_be_own(draft, &body.application, known, findings) else { return };
    match one.standing() {
        Standing::Approved => {}
        Standing::Cancelled => return cancelled(one, findings),
        Standing::Waiting | Standing::Rejected => {
            return findings.error(
                "support.not-approved",
                "application",
                words!("hồ sơ chưa được duyệt hỗ trợ", "the application is not approved"),
                words!("nộp quyết định trước khi chi", "file the decision before the payment"),
            );
        }
    }
    if let Some(decided) = one.decision.as_ref().filter(|d| draft.effective_on < d.on) {
        findings.error(
            "support.days",
            "effective_on",
            words!("ngày {on} mới có quyết định", "it was decided only on {on}", on = decided.on),
            words!("sửa lại ngày", "correct the day"),
        );
    }
    let Some(programme) = programme(&one.programme, "application", known, findings) else { return };
    let (Some(id), all) = (draft.subject.as_organisation(), whose(known)) else { return };
    within(&rooms_of_payment(programme, ceilings(known), &all, id, one), body.amount, findings);
}

fn repay(draft: &Draft, body: &SupportPay, known: &Known, findings: &mut Findings) {
    findings.text("document", &body.document);
    findings.note("reason", &body.reason);
    if body.amount <= 0 {
        amount_error(body.amount, "amount", findings);
    }
    let Some(one) = must_be_own(draft, &body.application, known, findings) else { return };
    let paid = one.paid();
    if body.amount > paid {
        findings.error(
            "support.repays-more",
            "amount",
            words!(
                "hoàn trả {amount} đồng, trong khi chỉ còn {paid} đồng đã chi",
                "{amount} đồng are paid back, and only {paid} are paid",
                amount = body.amount,
                paid
            ),
            words!("kiểm tra lại số tiền", "check the amount"),
        );
    }
    if let Some(first) = one.payments.first().filter(|first| draft.effective_on < first.on) {
        findings.error(
            "support.days",
            "effective_on",
            words!(
                "ngày {on} mới chi lần đầu",
                "the first payment was only on {on}",
                on = first.on
            ),
            words!("sửa lại ngày", "correct the day"),
        );
    }
}

fn cancel(draft: &Draft, body: &SupportCancel, known: &Known, findings: &mut Findings) {
    findings.text("reason", &body.reason);
    let Some(one) = must_be_own(draft, &body.application, known, findings) else { return };
    if one.standing() == Standing::Cancelled {
        return cancelled(one, findings);
    }
    if draft.effective_on < one.on {
        before_application(one, findings);
    }
    let paid = one.paid();
    if paid > 0 {
        findings.warning(
            "support.owed",
            "application",
            words!(
                "đã chi {paid} đồng, phải thu hồi",
                "{paid} đồng were paid and are owed back",
                paid
            ),
            words!("nộp hồ sơ hoàn trả khi thu hồi", "file the repayment when it comes in"),
        );
    }
}

/// Whether an amount fits into all that is left.
fn within(rooms: &[Room], amount: i64, findings: &mut Findings) {
    for room in rooms.iter().filter(|room| amount > room.left()) {
        findings.error(
            "support.ceiling",
            "amount",
            words!(
                "{amount} đồng vượt {limit}: tối đa {most}, đã dùng {taken}, còn {left} đồng",
                "{amount} đồng are more than {limit} allows: at most {most}, {taken} are taken up, {left} are left",
                amount,
                limit = room.words(),
                most = room.most,
                taken = room.taken,
                left = room.left().max(0)
            ),
            words!("giảm số tiền", "lower the amount"),
        );
    }
}

fn amount_error(amount: i64, field: &str, findings: &mut Findings) {
    findings.error(
        "support.amount",
        field,
        words!("{amount} đồng không lớn hơn 0", "{amount} đồng are not more than nothing", amount),
        words!("ghi số tiền", "write how much"),
    );
}

fn cancelled(one: &Application, findings: &mut Findings) {
    let Some(on) = one.cancelled_on else { return };
    findings.error(
        "support.cancelled",
        "application",
        words!("hồ sơ đã bị hủy ngày {on}", "the application was cancelled on {on}", on),
        words!("nộp hồ sơ đề nghị mới", "file a new application"),
    );
}

fn before_application(one: &Application, findings: &mut Findings) {
    findings.error(
        "support.days",
        "effective_on",
        words!("ngày {on} mới nộp đề nghị", "it was applied for only on {on}", on = one.on),
        words!("sửa lại ngày", "correct the day"),
    );
}

fn must_be_own<'k>(
    draft: &Draft,
    application: &str,
    known: &'k Known,
    findings: &mut Findings,
) -> Option<&'k Application> {
    let found = own(draft, application, known);
    if found.is_none() {
        findings.error(
            "support.unknown",
            "application",
            words!(
                "tổ chức này không có hồ sơ đề nghị `{application}`",
                "there is no application `{application}` of this organisation",
                application
            ),
            words!("lấy số từ `hoptac support list`", "take its number from `hoptac support list`"),
        );
    }
    found
}

/// The application of the organisation that the filing is about.
fn own<'k>(draft: &Draft, application: &str, known: &'k Known) -> Option<&'k Application> {
    let id = draft.subject.as_organisation()?;
    known
        .applications
        .iter()
        .find(|one| one.organisation == id && one.application.application == application)
        .map(|one| &one.application)
}

fn whose(known: &Known) -> Vec<Whose<'_, OrganisationId>> {
    known.applications.iter().map(|one| (one.organisation, &one.application)).collect()
}

fn packed(known: &Known) -> impl Iterator<Item = &Programme> {
    known.plan.iter().flat_map(|pack| &pack.programmes)
}

fn ceilings(known: &Known) -> &[Ceiling] {
    known.plan.as_ref().map_or(&[], |pack| &pack.support_ceilings)
}

/// The programme of a name: of the plan's pack, or opened by a filing.
fn programme<'k>(
    id: &str,
    field: &str,
    known: &'k Known,
    findings: &mut Findings,
) -> Option<&'k Programme> {
    let found = packed(known).chain(&known.programmes).find(|programme| programme.id == id);
    if found.is_none() {
        findings.error(
            "support.programme",
            field,
            words!("không có chương trình hỗ trợ `{id}`", "there is no programme `{id}`", id),
            words!(
                "xem `hoptac support programmes`",
                "`hoptac support programmes` shows those that there are"
            ),
        );
    }
    found
}
