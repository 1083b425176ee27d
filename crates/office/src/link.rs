//! Linkage contracts: signed with sale among their stages, changed while they run, ended once.

use hoptac_model::filing::{Body, Draft, LinkChange, LinkEnd, LinkPartner, LinkSign};
use hoptac_model::finding::Finding;
use hoptac_model::ids::OrganisationId;
use hoptac_model::linkage::{Form, Volume, words_of};
use hoptac_model::register::{PartnerKind, Stage};
use hoptac_model::words;
use hoptac_store::{Error, LinkOnFile, Writing};
use jiff::civil::Date;

use crate::finding::Findings;
use crate::known::Known;

/// Reads the contract of the name, and the partner where it is an organisation of the register.
pub(crate) async fn read(
    writing: &mut Writing,
    organisation: OrganisationId,
    body: &Body,
    known: &mut Known,
) -> Result<(), Error> {
    if let Body::LinkSign(LinkSign { link, .. })
    | Body::LinkChange(LinkChange { link, .. })
    | Body::LinkEnd(LinkEnd { link, .. }) = body
    {
        known.link = writing.link(organisation, link).await?;
    }
    let mut partner = None;
    if let Body::LinkSign(body) = body {
        partner = Some(&body.partner);
    }
    if let Body::LinkChange(body) = body {
        partner = body.partner.as_ref().map(|partner| &partner.partner);
    }
    if let Some(partner) = partner
        && let Some(id) = party(writing, partner).await?
    {
        known.partner = writing.organisation(id).await?;
    }
    Ok(())
}

/// The organisation of the register that a partner may be, by identity or registration code.
pub(crate) async fn party(
    writing: &mut Writing,
    partner: &str,
) -> Result<Option<OrganisationId>, Error> {
    match partner.parse::<OrganisationId>() {
        Ok(id) => Ok(Some(id)),
        Err(_) => writing.code_owner(partner).await,
    }
}

/// What is wrong with a contract.
pub fn sign(draft: &Draft, body: &LinkSign, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.text("link", &body.link);
    let partner = LinkPartner {
        partner: body.partner.clone(),
        partner_name: body.partner_name.clone(),
        partner_kind: body.partner_kind,
    };
    other_side(draft, &partner, "", known, &mut findings);
    findings.text("product", &body.product);
    stages(&body.stages, &mut findings);
    last_day(draft.effective_on, body.to, &mut findings);
    amounts(body.value, body.volume, body.area, &mut findings);
    findings.note("proof", &body.proof);
    if body.proof.is_empty() {
        findings.warning(
            "link.no-proof",
            "proof",
            words!("chưa nêu tài liệu chứng minh hợp đồng", "no document proves the contract"),
            words!(
                "nêu số hiệu hoặc nơi lưu tài liệu",
                "name the document, as its number or the file in which it is kept"
            ),
        );
    }
    if let Some(first) = known.link.first() {
        findings.error(
            "link.exists",
            "link",
            words!(
                "hợp đồng `{link}` đã có trong sổ từ ngày {from}",
                "the contract `{link}` is on file already, from {from}",
                link = body.link,
                from = first.from
            ),
            words!(
                "ghi số riêng cho hợp đồng mới, hoặc nộp hồ sơ thay đổi",
                "give the new contract a number of its own, or file a change"
            ),
        );
    }
    findings.into_vec()
}

/// What is wrong with a change of terms.
pub fn change(draft: &Draft, body: &LinkChange, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.text("link", &body.link);
    if let Some(partner) = &body.partner {
        other_side(draft, partner, "partner.", known, &mut findings);
    }
    if let Some(product) = &body.product {
        findings.text("product", product);
    }
    if let Some(written) = &body.stages {
        stages(written, &mut findings);
    }
    last_day(draft.effective_on, body.to, &mut findings);
    amounts(body.value, body.volume, body.area, &mut findings);
    findings.note("proof", &body.proof);
    findings.note("reason", &body.reason);
    if body.open_ended && body.to.is_some() {
        findings.error(
            "link.two-ends",
            "to",
            words!(
                "vừa không thời hạn vừa có ngày kết thúc",
                "it runs until somebody ends it and has a last day at the same time"
            ),
            words!("bỏ một trong hai", "leave one of the two out"),
        );
    }
    let says = LinkChange { link: String::new(), reason: String::new(), ..body.clone() };
    if says == LinkChange::default() {
        findings.error(
            "link.empty-change",
            "",
            words!("hồ sơ không nêu nội dung nào thay đổi", "the filing says nothing that changes"),
            words!("ghi những nội dung mới", "write the terms that are new"),
        );
    }
    if let Some(last) = running(draft.effective_on, &body.link, known, &mut findings)
        && draft.effective_on < last.from
    {
        order(last, &mut findings);
    }
    findings.into_vec()
}

/// What is wrong with the end of a contract.
pub fn end(draft: &Draft, body: &LinkEnd, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.note("reason", &body.reason);
    let Some(last) = running(draft.effective_on, &body.link, known, &mut findings) else {
        return findings.into_vec();
    };
    if draft.effective_on < last.signed_on {
        findings.error(
            "link.days",
            "effective_on",
            words!(
                "hợp đồng đến ngày {from} mới bắt đầu",
                "the contract began only on {from}",
                from = last.signed_on
            ),
            words!("sửa lại ngày", "correct the day"),
        );
    } else if draft.effective_on < last.from {
        order(last, &mut findings);
    }
    findings.into_vec()
}

/// The last terms of a contract that has not ended by a day.
fn running<'k>(
    on: Date,
    link: &str,
    known: &'k Known,
    findings: &mut Findings,
) -> Option<&'k LinkOnFile> {
    let Some(last) = known.link.last() else {
        findings.error(
            "link.unknown",
            "link",
            words!(
                "tổ chức này không có hợp đồng `{link}`",
                "there is no contract `{link}` of this organisation",
                link
            ),
            words!(
                "lấy số từ `hoptac link list --org`",
                "take its number from `hoptac link list --org`"
            ),
        );
        return None;
    };
    if let Some(to) = last.to.filter(|to| *to < on) {
        findings.error(
            "link.ended",
            "effective_on",
            words!("hợp đồng đã kết thúc ngày {to}", "the contract has ended already, on {to}", to),
            words!(
                "hợp đồng mới được ghi với số riêng",
                "a new contract is signed with a number of its own"
            ),
        );
        return None;
    }
    Some(last)
}

/// The terms have changed since the day of the filing.
fn order(last: &LinkOnFile, findings: &mut Findings) {
    findings.error(
        "link.order",
        "effective_on",
        words!(
            "nội dung hợp đồng đã thay đổi sau ngày này, từ {from}",
            "the terms of the contract have changed since, from {from}",
            from = last.from
        ),
        words!("nộp với hiệu lực từ ngày đó trở đi", "file from that day on or later"),
    );
}

/// What is wrong with the other side, whose fields have a path of their own.
fn other_side(
    draft: &Draft,
    partner: &LinkPartner,
    path: &str,
    known: &Known,
    findings: &mut Findings,
) {
    let field = |name: &str| format!("{path}{name}");
    findings.text(&field("partner"), &partner.partner);
    findings.text(&field("partner_name"), &partner.partner_name);
    let own = known.organisation.as_ref();
    let itself = own.is_some_and(|card| {
        card.code.as_ref() == Some(&partner.partner)
            || known.partner.as_ref().is_some_and(|partner| partner.id == card.id)
    });
    if itself {
        return findings.error(
            "link.itself",
            field("partner"),
            words!("tổ chức tự làm đối tác của chính mình", "the organisation is its own partner"),
            words!("nêu bên kia của hợp đồng", "name the other side"),
        );
    }
    match (partner.partner_kind, &known.partner) {
        (PartnerKind::Organisation, Some(card)) => {
            if let Some(ceased) = card.ceased_on.filter(|ceased| *ceased <= draft.effective_on) {
                findings.error(
                    "link.partner-ended",
                    field("partner"),
                    words!(
                        "{name} đã chấm dứt tồn tại từ {ceased}",
                        "{name} has not existed since {ceased}",
                        name = card.name,
                        ceased
                    ),
                    words!("nêu bên mua hiện nay", "name who buys now"),
                );
            }
            if draft.effective_on < card.founded_on {
                findings.error(
                    "link.partner-ended",
                    field("partner"),
                    words!(
                        "{name} đến ngày {founded_on} mới thành lập",
                        "{name} was founded only on {founded_on}",
                        name = card.name,
                        founded_on = card.founded_on
                    ),
                    words!("sửa lại ngày hoặc đối tác", "correct the day or the partner"),
                );
            }
        }
        (PartnerKind::Organisation, None) => {
            if partner.partner.parse::<OrganisationId>().is_ok() {
                findings.error(
                    "link.partner-unknown",
                    field("partner"),
                    words!(
                        "không có tổ chức nào mang định danh này",
                        "there is no organisation of this identity"
                    ),
                    words!(
                        "tra cứu bằng `hoptac org list --search`",
                        "look it up with `hoptac org list --search`"
                    ),
                );
            } else {
                findings.warning(
                    "link.partner-elsewhere",
                    field("partner"),
                    words!(
                        "sổ đăng ký không có tổ chức `{partner}`",
                        "the register has no organisation `{partner}`",
                        partner = partner.partner
                    ),
                    words!(
                        "giữ nguyên nếu đối tác đăng ký ở tỉnh khác",
                        "leave it as it is where the partner is registered in another province"
                    ),
                );
            }
        }
        (PartnerKind::Enterprise, Some(card)) => findings.error(
            "link.partner-kind",
            field("partner_kind"),
            words!(
                "`{partner}` là {name}, một tổ chức trong sổ đăng ký",
                "`{partner}` is {name}, an organisation of the register",
                partner = partner.partner,
                name = card.name
            ),
            words!(
                "ghi organisation, hoặc mã số của chính doanh nghiệp",
                "write organisation, or the enterprise's own code"
            ),
        ),
        (PartnerKind::Enterprise, None) => {}
    }
}

/// Sale is among them, none is there twice, and whether they are one of the seven forms.
fn stages(stages: &[Stage], findings: &mut Findings) {
    if !stages.contains(&Stage::Sale) {
        findings.error(
            "link.no-sale",
            "stages",
            words!("các khâu liên kết chưa có tiêu thụ, trong khi mọi hình thức liên kết đều gắn với tiêu thụ", "sale is not among the stages, and every form of linkage ends in it"),
            words!("bổ sung khâu tiêu thụ, hoặc không kê khai là liên kết", "add sale, or do not file it as linkage"),
        );
    } else if Form::of(stages).is_none() {
        findings.warning(
            "link.no-form",
            "stages",
            words!(
                "{stages} không thuộc hình thức nào trong 7 hình thức liên kết",
                "{stages} is none of the seven forms of linkage",
                stages = words_of(stages)
            ),
            words!(
                "đối chiếu các khâu với hợp đồng; nếu đúng thì giữ nguyên",
                "check the stages against the contract; if they are right, leave them"
            ),
        );
    }
    let mut set = stages.to_vec();
    set.sort_unstable();
    set.dedup();
    if set.len() != stages.len() {
        findings.error(
            "link.stage-twice",
            "stages",
            words!("một khâu được nêu hai lần", "a stage is named twice"),
            words!("nêu mỗi khâu một lần", "name each once"),
        );
    }
}

fn last_day(from: Date, to: Option<Date>, findings: &mut Findings) {
    if let Some(to) = to.filter(|to| *to <= from) {
        findings.error(
            "link.days",
            "to",
            words!(
                "ngày kết thúc {to} không sau ngày bắt đầu {from}",
                "it ends on {to}, not after it begins, on {from}",
                to,
                from
            ),
            words!("sửa lại một trong hai ngày", "correct one of the days"),
        );
    }
}

fn amounts(value: Option<i64>, volume: Option<Volume>, area: Option<i64>, findings: &mut Findings) {
    findings.not_negative("link.value", "value", value);
    for (field, amount) in [("volume.amount", volume.map(|volume| volume.amount)), ("area", area)] {
        if let Some(amount) = amount.filter(|amount| *amount <= 0) {
            findings.error(
                "link.amount",
                field,
                words!("{amount} không lớn hơn 0", "{amount} is not more than nothing", amount),
                words!(
                    "ghi số lượng, hoặc bỏ trống nếu chưa biết",
                    "write how much, or leave it out where it is not known"
                ),
            );
        }
    }
}
