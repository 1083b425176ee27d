//! Grades: who is graded, and whether score, bands and grade agree.

use hoptac_model::date::year_end;
use hoptac_model::filing::{Draft, GradeDecide};
use hoptac_model::finding::Finding;
use hoptac_model::organisation::{Grade, Kind};
use hoptac_model::pack::Ruleset;

use crate::finding::Findings;
use crate::known::Known;
use crate::organisation::months_after;

/// What is wrong with a grade.
pub fn findings(draft: &Draft, body: &GradeDecide, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    if body.year > draft.effective_on.year() {
        findings.error(
            "grade.year-ahead",
            "year",
            format!("the year {} has not begun on {}", body.year, draft.effective_on),
            "correct the year",
        );
    }
    if let Some(card) = &known.organisation {
        if card.kind == Kind::Group {
            findings.error(
                "grade.group",
                "subject",
                format!("{} is a group, and groups are not graded", card.name),
                "grade cooperatives and unions only",
            );
        }
        if months_after(card.founded_on, 12) > year_end(body.year) {
            findings.error(
                "grade.too-young",
                "year",
                format!(
                    "{} was founded on {} and has not worked for twelve months by the end of {}",
                    card.name, card.founded_on, body.year
                ),
                "grade it for the year after",
            );
        }
    }
    if !(0..=1000).contains(&body.score_tenths) {
        findings.error(
            "grade.score",
            "score_tenths",
            format!("{} tenths are not between 0 and 100 points", body.score_tenths),
            "correct the score",
        );
    }
    let rulesets = known.plan.as_ref().map(|pack| pack.rulesets.as_slice()).unwrap_or_default();
    let ruleset = rulesets.iter().find(|ruleset| ruleset.id == body.ruleset);
    match ruleset {
        None => findings.error(
            "grade.ruleset",
            "ruleset",
            format!("the plan in force has no ruleset `{}`", body.ruleset),
            if rulesets.is_empty() {
                "adopt a plan pack with rulesets".to_owned()
            } else {
                let ids: Vec<&str> = rulesets.iter().map(|ruleset| ruleset.id.as_str()).collect();
                format!("write one of {}", ids.join(", "))
            },
        ),
        Some(ruleset) if draft.effective_on < ruleset.valid_from => findings.error(
            "grade.ruleset-ahead",
            "ruleset",
            format!("{} holds only from {}", ruleset.id, ruleset.valid_from),
            "take the rules of the day",
        ),
        Some(_) => {}
    }
    agrees(body, ruleset, &mut findings);
    findings.into_vec()
}

/// The decided grade is that of the score, or weak for another reason.
fn agrees(body: &GradeDecide, ruleset: Option<&Ruleset>, findings: &mut Findings) {
    let by_score = ruleset
        .and_then(|ruleset| {
            ruleset.bands.iter().find(|band| body.score_tenths >= band.from.saturating_mul(10))
        })
        .map_or_else(|| Grade::of_score(body.score_tenths), |band| band.grade);
    if body.grade == by_score {
        return;
    }
    let points = f64::from(body.score_tenths) / 10.0;
    let message = format!(
        "{points} points are {}, and {} was decided",
        by_score.words().en.to_lowercase(),
        body.grade.words().en.to_lowercase()
    );
    // Who was fined in the year is weak whatever the score [Circular 09/2017/TT-BNNPTNT, Article 6].
    if body.grade == Grade::Weak {
        findings.warning("grade.weak-despite-score", "grade", message, "keep the reason on file");
    } else {
        findings.error("grade.disagrees", "grade", message, "correct the score or the grade");
    }
}
