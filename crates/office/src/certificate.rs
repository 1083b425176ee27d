//! Certificates of products and processes: held, renewed, withdrawn.

use hoptac_model::filing::{Draft, ProductCertify, ProductWithdraw};
use hoptac_model::finding::Finding;
use hoptac_model::ids::OrganisationId;
use hoptac_model::ocop;
use hoptac_model::text::nearest;
use hoptac_model::words;
use hoptac_store::{CertificateOnFile, Error, Writing};
use jiff::civil::Date;

use crate::finding::Findings;
use crate::known::Known;

/// Reads the certificate of the name, and the one that is renewed.
pub(crate) async fn read(
    writing: &mut Writing,
    organisation: OrganisationId,
    certificate: &str,
    renews: Option<&str>,
    known: &mut Known,
) -> Result<(), Error> {
    known.certificate = writing.certificate(organisation, certificate).await?;
    if let Some(renews) = renews {
        known.renewed = writing.certificate(organisation, renews).await?;
    }
    Ok(())
}

/// A certificate as it is on file once it is filed.
pub(crate) fn held(from: Date, body: &ProductCertify) -> CertificateOnFile {
    CertificateOnFile {
        product: body.product.clone(),
        kind: body.kind.clone(),
        from,
        to: body.to,
        withdrawn_on: None,
        stars: body.stars,
        score_tenths: body.score_tenths,
        renews: body.renews.clone(),
        decision: body.decision.clone(),
    }
}

/// What is wrong with a certificate.
pub fn findings(draft: &Draft, body: &ProductCertify, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.text("certificate", &body.certificate);
    findings.text("product", &body.product);
    findings.text("kind", &body.kind);
    findings.note("decision", &body.decision);
    kind(body, known, &mut findings);
    stars(body, &mut findings);
    if let Some(to) = body.to.filter(|to| *to <= draft.effective_on) {
        findings.error(
            "certificate.days",
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
    let due = ocop::last_day(draft.effective_on);
    if let Some(to) = body.to.filter(|to| body.kind == ocop::KIND && *to != due) {
        findings.warning(
            "certificate.span",
            "to",
            words!(
                "chứng nhận OCOP có giá trị 36 tháng, đến {due}, nhưng hồ sơ ghi {to}",
                "an OCOP certificate holds for 36 months, until {due}, and {to} is written",
                due,
                to
            ),
            words!(
                "bỏ trống ngày hết hạn để hệ thống tự tính",
                "leave the last day out, it follows"
            ),
        );
    }
    if known.certificate.is_some() {
        findings.error(
            "certificate.exists",
            "certificate",
            words!(
                "chứng nhận `{certificate}` đã có trong sổ",
                "the certificate `{certificate}` is on file already",
                certificate = body.certificate
            ),
            words!("ghi số riêng cho chứng nhận mới", "give the new one a number of its own"),
        );
    }
    renewal(body, known, &mut findings);
    findings.into_vec()
}

/// What is wrong with a withdrawal.
pub fn withdraw(draft: &Draft, body: &ProductWithdraw, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.text("certificate", &body.certificate);
    findings.text("reason", &body.reason);
    findings.note("decision", &body.decision);
    match &known.certificate {
        None => findings.error(
            "certificate.unknown",
            "certificate",
            words!(
                "tổ chức này không có chứng nhận `{certificate}`",
                "there is no certificate `{certificate}` of this organisation",
                certificate = body.certificate
            ),
            words!("lấy số từ `hoptac product list`", "take its number from `hoptac product list`"),
        ),
        Some(held) if draft.effective_on < held.from => findings.error(
            "certificate.days",
            "effective_on",
            words!(
                "chứng nhận đến ngày {from} mới có hiệu lực",
                "the certificate holds only from {from}",
                from = held.from
            ),
            words!("sửa lại ngày", "correct the day"),
        ),
        Some(held) => {
            if let Some(withdrawn) = held.withdrawn_on {
                findings.error(
                    "certificate.withdrawn",
                    "certificate",
                    words!(
                        "chứng nhận đã bị thu hồi ngày {withdrawn}",
                        "the certificate was withdrawn on {withdrawn}",
                        withdrawn
                    ),
                    words!("không cần nộp gì", "nothing needs to be filed"),
                );
            } else if let Some(to) = held.to.filter(|to| *to < draft.effective_on) {
                findings.error(
                    "certificate.ended",
                    "effective_on",
                    words!("chứng nhận đã hết hạn ngày {to}", "the certificate ended on {to}", to),
                    words!("không cần nộp gì", "nothing needs to be filed"),
                );
            }
        }
    }
    findings.into_vec()
}

/// The kind is one of the plan's, where the plan lists any.
fn kind(body: &ProductCertify, known: &Known, findings: &mut Findings) {
    let Some(pack) = known.plan.as_ref().filter(|pack| !pack.certificate_kinds.is_empty()) else {
        return;
    };
    let ids = || pack.certificate_kinds.iter().map(|kind| kind.id.as_str());
    if ids().any(|id| id == body.kind) {
        return;
    }
    let remedy = match nearest(&body.kind, ids()) {
        Some(near) => hoptac_model::text::did_you_mean(near),
        None => words!(
            "chọn trong danh mục: {list}",
            "the kinds are {list}",
            list = ids().collect::<Vec<_>>().join(", ")
        ),
    };
    findings.error(
        "certificate.kind",
        "kind",
        words!(
            "kế hoạch hiện hành không có loại chứng nhận `{kind}`",
            "the plan in force has no kind of certificate `{kind}`",
            kind = body.kind
        ),
        remedy,
    );
}

/// An OCOP certificate has stars, written or by its points; the two agree. No other has any.
fn stars(body: &ProductCertify, findings: &mut Findings) {
    if body.kind != ocop::KIND {
        for (field, written) in
            [("stars", body.stars.is_some()), ("score_tenths", body.score_tenths.is_some())]
        {
            if written {
                findings.error(
                    "certificate.stars",
                    field,
                    words!(
                        "chứng nhận loại `{kind}` không xếp sao",
                        "a certificate `{kind}` has no stars",
                        kind = body.kind
                    ),
                    words!(
                        "bỏ số sao, hoặc sửa loại chứng nhận",
                        "leave them out, or correct the kind"
                    ),
                );
            }
        }
        return;
    }
    let by_points = match body.score_tenths {
        Some(score) => match ocop::stars(score) {
            Some(stars) => Some(stars),
            None => {
                return findings.error(
                    "certificate.score",
                    "score_tenths",
                    words!("điểm phải từ 0 đến 100", "the score is not from 0 to 100"),
                    words!("ghi điểm theo phần mười", "write it in tenths of a point"),
                );
            }
        },
        None => None,
    };
    match (body.stars, by_points) {
        (None, None) => findings.error(
            "certificate.no-stars",
            "stars",
            words!(
                "chứng nhận OCOP phải có số sao nhưng chưa ghi",
                "an OCOP certificate has stars, and none are written"
            ),
            words!("ghi từ một đến năm sao, hoặc ghi điểm", "write one to five, or the points"),
        ),
        (Some(stars), _) if !(1..=5).contains(&stars) => findings.error(
            "certificate.stars",
            "stars",
            words!("không có hạng {stars} sao", "{stars} stars do not exist", stars),
            words!("ghi từ một đến năm sao", "write one to five"),
        ),
        (Some(stars), Some(by_points)) if stars != by_points => findings.error(
            "certificate.stars-score",
            "stars",
            words!(
                "ghi {stars} sao, trong khi điểm cho {by_points} sao",
                "{stars} stars are written, and the points give {by_points}",
                stars,
                by_points
            ),
            words!("kiểm tra lại điểm và số sao", "check points and stars"),
        ),
        (Some(_), _) | (None, Some(_)) => {}
    }
}

/// What is renewed is there, of the same kind and product.
fn renewal(body: &ProductCertify, known: &Known, findings: &mut Findings) {
    let Some(renews) = &body.renews else { return };
    match &known.renewed {
        None => findings.error(
            "certificate.unknown",
            "renews",
            words!(
                "tổ chức này không có chứng nhận `{certificate}`",
                "there is no certificate `{certificate}` of this organisation",
                certificate = renews
            ),
            words!("lấy số từ `hoptac product list`", "take its number from `hoptac product list`"),
        ),
        Some(held) if held.kind != body.kind || held.product != body.product => findings.error(
            "certificate.other",
            "renews",
            words!(
                "`{certificate}` là chứng nhận {kind} của {product}",
                "`{certificate}` is a certificate {kind} of {product}",
                certificate = renews,
                kind = held.kind,
                product = held.product
            ),
            words!(
                "nêu chứng nhận cùng loại, cùng sản phẩm",
                "name one of the same kind and product"
            ),
        ),
        Some(_) => {}
    }
}
