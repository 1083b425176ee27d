//! Plans: adopting a pack, attaching the plan's own text.

use hoptac_model::filing::{Draft, Hash, PlanAdopt, PlanAttach, Subject};
use hoptac_model::finding::Finding;

use crate::finding::Findings;
use crate::known::Known;

/// What is wrong with adopting a pack. What is wrong inside a pack is found when it is read.
pub fn adopt(body: &PlanAdopt, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    let pack = &body.pack;
    findings.text("pack.id", &pack.id);
    for (what, field, empty) in [
        ("indicators", "pack.indicators", pack.indicators.is_empty()),
        ("targets", "pack.targets", pack.targets.is_empty()),
    ] {
        if empty {
            findings.error(
                "plan.empty",
                field,
                format!("the pack has no {what}"),
                "read the pack's folder anew",
            );
        }
    }
    if Hash::parse(&body.files_hash).is_none() {
        findings.error(
            "plan.hash",
            "files_hash",
            "the hash of the pack's files is not 64 hexadecimal digits",
            "take it from the check of the pack",
        );
    }
    if let Some(before) = known.plan.as_ref().filter(|before| before.id != pack.id) {
        findings.warning(
            "plan.replaces",
            "pack.id",
            format!("another plan, `{}`, is in force", before.id),
            "the new one takes its place",
        );
    }
    findings.into_vec()
}

/// What is wrong with an attached text.
pub fn attach(draft: &Draft, body: &PlanAttach, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.text("file_name", &body.file_name);
    match &known.plan {
        None => findings.error(
            "plan.none",
            "subject",
            "no plan has been adopted, so that there is nothing to attach the text to",
            "adopt a plan pack first",
        ),
        Some(pack) if draft.subject != Subject::plan(&pack.id) => findings.error(
            "plan.other",
            "subject",
            format!("the plan in force is `{}`", pack.id),
            "attach the text to that plan",
        ),
        Some(_) => {}
    }
    if body.text.trim().is_empty() {
        findings.error("plan.no-text", "text", "the file holds no text", "attach another file");
    }
    if hoptac_model::text::nfc(&body.text) != body.text {
        findings.error(
            "text.not-nfc",
            "text",
            "the letters are not in the composed form (Unicode NFC)",
            "read the file again",
        );
    }
    if Hash::parse(&body.file_hash).is_none() {
        findings.error(
            "plan.hash",
            "file_hash",
            "the hash of the file is not 64 hexadecimal digits",
            "read the file again",
        );
    }
    findings.into_vec()
}
