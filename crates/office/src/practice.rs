//! Check-lists of high technology, digital adoption and direct export.

use hoptac_model::filing::{Draft, PracticeConfirm};
use hoptac_model::finding::Finding;

use crate::finding::Findings;
use crate::known::Known;

/// What is wrong with a check-list.
pub fn findings(draft: &Draft, body: &PracticeConfirm, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    if body.items.is_empty() {
        findings.error(
            "practice.empty",
            "items",
            "nothing is ticked, so nothing is confirmed",
            "tick what was seen",
        );
    }
    for (index, item) in body.items.iter().enumerate() {
        findings.text(&format!("items.{index}"), item);
    }
    findings.text("confirmed_by", &body.confirmed_by);
    if let Some(pack) = &known.plan
        && !pack.agencies.is_empty()
        && !pack.agencies.iter().any(|agency| agency.id == body.confirmed_by)
    {
        findings.warning(
            "practice.agency",
            "confirmed_by",
            format!("the plan in force names no agency `{}`", body.confirmed_by),
            "take the agency from the plan's list",
        );
    }
    if let Some(to) = body.to.filter(|to| *to <= draft.effective_on) {
        findings.error(
            "practice.days",
            "to",
            format!("it ends on {to}, not after it begins, on {}", draft.effective_on),
            "correct one of the days",
        );
    }
    findings.into_vec()
}
