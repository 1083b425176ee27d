//! Cooperatives in unions.

use hoptac_model::filing::{Draft, UnionChange};
use hoptac_model::finding::Finding;
use hoptac_model::ids::OrganisationId;
use hoptac_model::organisation::{Kind, Status};
use hoptac_model::words;
use hoptac_store::{Error, Writing};

use crate::finding::Findings;
use crate::known::Known;

/// Reads the union and the membership.
pub(crate) async fn read(
    writing: &mut Writing,
    organisation: OrganisationId,
    body: &UnionChange,
    known: &mut Known,
) -> Result<(), Error> {
    known.union = writing.organisation(body.union).await?;
    known.member_since = writing.member_since(organisation, body.union).await?;
    Ok(())
}

/// What is wrong with joining.
pub fn join(draft: &Draft, _: &UnionChange, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    if let Some(card) = known.organisation.as_ref().filter(|card| card.kind != Kind::Cooperative) {
        findings.error(
            "union.member-kind",
            "subject",
            words!(
                "{name} là {kind}",
                "{name} is a {kind}",
                name = card.name,
                kind = card.kind.words().lower()
            ),
            words!("chỉ hợp tác xã mới gia nhập liên hiệp", "only cooperatives join a union"),
        );
    }
    union(known, &mut findings);
    if let Some(union) = &known.union {
        if union.status == Status::Terminated {
            findings.error(
                "union.terminated",
                "union",
                words!(
                    "{name} đã chấm dứt từ ngày {ceased_on}",
                    "{name} has not existed since {ceased_on}",
                    name = union.name,
                    ceased_on = union.ceased_on.unwrap_or(union.from)
                ),
                words!("nêu liên hiệp khác", "name another union"),
            );
        }
        if draft.effective_on < union.founded_on {
            findings.error(
                "union.days",
                "effective_on",
                words!(
                    "{name} đến ngày {founded_on} mới thành lập",
                    "{name} was founded only on {founded_on}",
                    name = union.name,
                    founded_on = union.founded_on
                ),
                words!("sửa lại ngày", "correct the day"),
            );
        }
    }
    if let Some(since) = known.member_since {
        findings.error(
            "union.member-already",
            "union",
            words!(
                "đã là thành viên của liên hiệp này từ ngày {since}",
                "it has been a member of this union since {since}",
                since
            ),
            words!("không cần nộp gì", "nothing needs to be filed"),
        );
    }
    findings.into_vec()
}

/// What is wrong with leaving.
pub fn leave(draft: &Draft, _: &UnionChange, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    union(known, &mut findings);
    match known.member_since {
        None => findings.error(
            "union.no-member",
            "union",
            words!(
                "không phải là thành viên của liên hiệp này",
                "it is not a member of this union"
            ),
            words!("kiểm tra lại liên hiệp", "check the union"),
        ),
        Some(since) if draft.effective_on < since => findings.error(
            "union.days",
            "effective_on",
            words!(
                "đến ngày {since} mới là thành viên",
                "it has been a member only since {since}",
                since
            ),
            words!("sửa lại ngày", "correct the day"),
        ),
        Some(_) => {}
    }
    findings.into_vec()
}

fn union(known: &Known, findings: &mut Findings) {
    match &known.union {
        None => findings.error(
            "union.unknown",
            "union",
            words!(
                "không có tổ chức mang định danh này",
                "there is no organisation of this identity"
            ),
            words!(
                "thành lập liên hiệp trước, hoặc sửa lại định danh",
                "establish the union first, or correct the identity"
            ),
        ),
        Some(card) if card.kind != Kind::Union => findings.error(
            "union.kind",
            "union",
            words!(
                "{name} không phải là liên hiệp hợp tác xã",
                "{name} is not a union",
                name = card.name
            ),
            words!("nêu một liên hiệp hợp tác xã", "name a union of cooperatives"),
        ),
        Some(_) => {}
    }
}
