//! Trade-promotion events attended.

use hoptac_model::filing::PromotionAttend;
use hoptac_model::finding::Finding;

use crate::finding::Findings;

/// What is wrong with an event.
pub fn findings(body: &PromotionAttend) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.text("event", &body.event);
    findings.into_vec()
}
