//! Scenarios that are kept: named, and readable.

use hoptac_model::filing::Draft;
use hoptac_model::filing::scenario::ScenarioSave;
use hoptac_model::finding::Finding;
use hoptac_model::words;

use crate::finding::Findings;

/// How many assumptions a scenario has at most.
const SETTINGS: usize = 60;

/// What is wrong with a scenario.
pub fn findings(draft: &Draft, body: &ScenarioSave) -> Vec<Finding> {
    let mut findings = Findings::default();
    let named = draft.subject.as_scenario().is_some_and(|name| {
        (1..=40).contains(&name.len())
            && name.bytes().all(|c| c.is_ascii_digit() || c.is_ascii_lowercase() || c == b'-')
    });
    if !named {
        findings.error(
            "scenario.name",
            "subject",
            words!(
                "`{subject}` không phải là tên kịch bản",
                "`{subject}` names no scenario",
                subject = draft.subject.0
            ),
            words!(
                "viết scenario/ rồi đến tên: chữ thường không dấu, chữ số và gạch nối, tối đa 40 ký tự",
                "write scenario/ and a name: small letters without marks, digits and dashes, 40 at most"
            ),
        );
    }
    findings.text("title", &body.title);
    findings.note("note", &body.note);
    if body.settings.is_empty() || body.settings.len() > SETTINGS {
        findings.error(
            "scenario.settings",
            "settings",
            words!(
                "kịch bản cần từ 1 đến {most} giả định",
                "a scenario has 1 to {most} assumptions",
                most = SETTINGS
            ),
            words!("nêu các giả định", "say what is taken for granted"),
        );
    }
    for (at, setting) in body.read().enumerate() {
        if let Err(why) = setting {
            findings.error(
                "scenario.setting",
                format!("settings.{at}"),
                why,
                words!("viết như formation.THT=+20%", "write it as formation.THT=+20%"),
            );
        }
    }
    findings.into_vec()
}
