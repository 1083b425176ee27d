//! Certificates of products and processes.

use hoptac_model::filing::{Draft, ProductCertify};
use hoptac_model::finding::Finding;
use hoptac_model::ids::OrganisationId;
use hoptac_model::words;
use hoptac_store::{Error, Writing};

use crate::finding::Findings;
use crate::known::Known;

/// The kind that has stars.
const OCOP: &str = "ocop";

/// Reads whether the certificate is on file.
pub(crate) async fn read(
    writing: &mut Writing,
    organisation: OrganisationId,
    body: &ProductCertify,
    known: &mut Known,
) -> Result<(), Error> {
    known.has_certificate = writing.has_certificate(organisation, &body.certificate).await?;
    Ok(())
}

/// What is wrong with a certificate.
pub fn findings(draft: &Draft, body: &ProductCertify, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.text("certificate", &body.certificate);
    findings.text("product", &body.product);
    findings.text("kind", &body.kind);
    match (body.kind == OCOP, body.stars) {
        (true, Some(1..=5)) | (false, None) => {}
        (true, None) => findings.error(
            "certificate.no-stars",
            "stars",
            words!(
                "chứng nhận OCOP phải có số sao nhưng chưa ghi",
                "an OCOP certificate has stars, and none are written"
            ),
            words!("ghi từ một đến năm sao", "write one to five"),
        ),
        (true, Some(stars)) => findings.error(
            "certificate.stars",
            "stars",
            words!("không có hạng {stars} sao", "{stars} stars do not exist", stars),
            words!("ghi từ một đến năm sao", "write one to five"),
        ),
        (false, Some(_)) => findings.error(
            "certificate.stars",
            "stars",
            words!(
                "chứng nhận loại `{kind}` không xếp sao",
                "a certificate `{kind}` has no stars",
                kind = body.kind
            ),
            words!("bỏ số sao, hoặc sửa loại chứng nhận", "leave them out, or correct the kind"),
        ),
    }
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
    if body.kind == OCOP && body.to.is_none() {
        findings.warning(
            "certificate.endless",
            "to",
            words!(
                "chứng nhận OCOP có giá trị 36 tháng nhưng chưa ghi ngày hết hạn",
                "an OCOP certificate holds for 36 months, and no last day is written"
            ),
            words!("ghi ngày hết hạn", "write the last day"),
        );
    }
    if known.has_certificate {
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
    findings.into_vec()
}
