//! Certificates of products and processes.

use hoptac_model::filing::{Draft, ProductCertify};
use hoptac_model::finding::Finding;
use hoptac_model::ids::OrganisationId;
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
            "an OCOP certificate has stars, and none are written",
            "write one to five",
        ),
        (true, Some(stars)) => findings.error(
            "certificate.stars",
            "stars",
            format!("{stars} stars do not exist"),
            "write one to five",
        ),
        (false, Some(_)) => findings.error(
            "certificate.stars",
            "stars",
            format!("a certificate `{}` has no stars", body.kind),
            "leave them out, or correct the kind",
        ),
    }
    if let Some(to) = body.to.filter(|to| *to <= draft.effective_on) {
        findings.error(
            "certificate.days",
            "to",
            format!("it ends on {to}, not after it begins, on {}", draft.effective_on),
            "correct one of the days",
        );
    }
    if body.kind == OCOP && body.to.is_none() {
        findings.warning(
            "certificate.endless",
            "to",
            "an OCOP certificate holds for 36 months, and no last day is written",
            "write the last day",
        );
    }
    if known.has_certificate {
        findings.error(
            "certificate.exists",
            "certificate",
            format!("the certificate `{}` is on file already", body.certificate),
            "give the new one a number of its own",
        );
    }
    findings.into_vec()
}
