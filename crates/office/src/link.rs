//! Linkage contracts: signed with sale among their stages, ended once.

use hoptac_model::filing::{Body, Draft, LinkEnd, LinkSign};
use hoptac_model::finding::Finding;
use hoptac_model::ids::OrganisationId;
use hoptac_model::register::Stage;
use hoptac_model::words;
use hoptac_store::{Error, Writing};

use crate::finding::Findings;
use crate::known::Known;

/// Reads the contract of the name.
pub(crate) async fn read(
    writing: &mut Writing,
    organisation: OrganisationId,
    body: &Body,
    known: &mut Known,
) -> Result<(), Error> {
    if let Body::LinkSign(LinkSign { link, .. }) | Body::LinkEnd(LinkEnd { link, .. }) = body {
        known.link = writing.link(organisation, link).await?;
    }
    Ok(())
}

/// What is wrong with a contract.
pub fn sign(draft: &Draft, body: &LinkSign, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.text("link", &body.link);
    findings.text("partner", &body.partner);
    findings.text("partner_name", &body.partner_name);
    findings.text("product", &body.product);
    if !body.stages.contains(&Stage::Sale) {
        findings.error(
            "link.no-sale",
            "stages",
            words!(
                "các khâu liên kết chưa có tiêu thụ, trong khi mọi hình thức liên kết \
                đều gắn với tiêu thụ",
                "sale is not among the stages, and every form of linkage ends in it"
            ),
            words!(
                "bổ sung khâu tiêu thụ, hoặc không kê khai là liên kết",
                "add sale, or do not file it as linkage"
            ),
        );
    }
    let mut stages = body.stages.clone();
    stages.sort_unstable();
    stages.dedup();
    if stages.len() != body.stages.len() {
        findings.error(
            "link.stage-twice",
            "stages",
            words!("một khâu được nêu hai lần", "a stage is named twice"),
            words!("nêu mỗi khâu một lần", "name each once"),
        );
    }
    if let Some(to) = body.to.filter(|to| *to <= draft.effective_on) {
        findings.error(
            "link.days",
            "to",
            words!(
                "ngày kết thúc {to} không sau ngày bắt đầu {effective_on}",
                "it ends on {to}, not after it begins, on {effective_on}",
                to,
                effective_on = draft.effective_on
            ),
            words!("sửa lại một trong hai ngày", "correct one of the days"),
        );
    }
    findings.not_negative("link.value", "value", body.value);
    if let Some((from, _)) = known.link {
        findings.error(
            "link.exists",
            "link",
            words!(
                "hợp đồng `{link}` đã có trong sổ từ ngày {from}",
                "the contract `{link}` is on file already, from {from}",
                from,
                link = body.link
            ),
            words!("ghi số riêng cho hợp đồng mới", "give the new contract a number of its own"),
        );
    }
    let own = known.organisation.as_ref().and_then(|card| card.code.as_ref());
    if own == Some(&body.partner) {
        findings.error(
            "link.itself",
            "partner",
            words!("tổ chức tự làm đối tác của chính mình", "the organisation is its own partner"),
            words!("nêu bên kia của hợp đồng", "name the other side"),
        );
    }
    findings.into_vec()
}

/// What is wrong with the end of a contract.
pub fn end(draft: &Draft, body: &LinkEnd, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.note("reason", &body.reason);
    match known.link {
        None => findings.error(
            "link.unknown",
            "link",
            words!(
                "tổ chức này không có hợp đồng `{link}`",
                "there is no contract `{link}` of this organisation",
                link = body.link
            ),
            words!("lấy số từ danh sách hợp đồng", "take its number from the list of contracts"),
        ),
        Some((from, _)) if draft.effective_on < from => findings.error(
            "link.days",
            "effective_on",
            words!(
                "hợp đồng đến ngày {from} mới bắt đầu",
                "the contract began only on {from}",
                from
            ),
            words!("sửa lại ngày", "correct the day"),
        ),
        Some((_, Some(to))) if to < draft.effective_on => findings.error(
            "link.ended",
            "effective_on",
            words!("hợp đồng đã kết thúc ngày {to}", "the contract has ended already, on {to}", to),
            words!("không cần nộp gì", "nothing needs to be filed"),
        ),
        Some(_) => {}
    }
    findings.into_vec()
}
