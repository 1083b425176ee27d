//! Grades: what organisations score themselves, what reviewers score, what is decided; who is graded, and whether
//! scores, bands and grade agree.

use hoptac_model::filing::grade::{GradeReview, GradeSelfScore};
use hoptac_model::filing::{Draft, GradeDecide};
use hoptac_model::finding::Finding;
use hoptac_model::grading::{self, Assessment, Candidate, Sheet, show};
use hoptac_model::ids::OrganisationId;
use hoptac_model::organisation::{Grade, Kind};
use hoptac_model::pack::Ruleset;
use hoptac_store::{Error, Stage, Writing};
use jiff::civil::Date;

use crate::finding::Findings;
use crate::known::Known;
use crate::organisation::months_after;

/// Reads what the rules for grades ask for.
pub(crate) async fn read(
    writing: &mut Writing,
    id: OrganisationId,
    year: i16,
    known: &mut Known,
) -> Result<(), Error> {
    known.stops = writing.stops(id).await?;
    known.sheets = writing.sheets(id, year).await?;
    known.returned = writing.accepted_return(id, year).await?;
    Ok(())
}

/// What is wrong with a decided grade.
pub fn findings(draft: &Draft, body: &GradeDecide, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    let ruleset = frame(draft, body.year, &body.ruleset, known, &mut findings);
    if !(0..=1000).contains(&body.score_tenths) {
        findings.error(
            "grade.score",
            "score_tenths",
            format!("{} tenths are not between 0 and 100 points", body.score_tenths),
            "correct the score",
        );
    }
    if let (Some(ruleset), Some(sheet)) = (ruleset, &body.sheet) {
        texts(sheet, &mut findings);
        let scored = assessed(draft, body.year, ruleset, sheet, known, &mut findings);
        if scored.as_ref().is_some_and(|scored| scored.total_tenths != body.score_tenths) {
            let total = scored.map_or(0, |scored| scored.total_tenths);
            findings.error(
                "grade.total",
                "score_tenths",
                format!(
                    "the scores come to {} points, and {} were decided",
                    show(total),
                    show(body.score_tenths)
                ),
                "correct the scores or the total",
            );
        }
        if let Some(before) = scored_before(known, &body.ruleset) {
            for key in unexplained(&before, sheet) {
                findings.warning(
                    "grade.no-reason",
                    format!("sheet.scores.{key}.reason"),
                    format!("criterion {key} is decided otherwise than it was scored"),
                    "write why",
                );
            }
        }
    }
    agrees(body, ruleset, &mut findings);
    findings.into_vec()
}

/// What is wrong with a self-score.
pub fn self_score(draft: &Draft, body: &GradeSelfScore, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    let ruleset = frame(draft, body.year, &body.ruleset, known, &mut findings);
    texts(&body.sheet, &mut findings);
    if let Some(ruleset) = ruleset {
        assessed(draft, body.year, ruleset, &body.sheet, known, &mut findings);
    }
    findings.into_vec()
}

/// What is wrong with a review. Where it differs from the self-score it says why.
pub fn review(draft: &Draft, body: &GradeReview, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    let ruleset = frame(draft, body.year, &body.ruleset, known, &mut findings);
    texts(&body.sheet, &mut findings);
    let own = known.sheets.iter().find(|sheet| sheet.stage == Stage::SelfScore);
    let mut whole = body.sheet.clone();
    match own {
        None => findings.warning(
            "grade.no-self-score",
            "year",
            format!("there is no self-score of {} to hold the review against", body.year),
            "ask the organisation for its sheet",
        ),
        Some(own) if own.ruleset != body.ruleset => findings.error(
            "grade.other-ruleset",
            "ruleset",
            format!("the organisation scored itself by {}", own.ruleset),
            "review by the same rules, or have it scored anew",
        ),
        Some(own) => {
            whole = own.sheet.overlaid(&body.sheet);
            for key in unexplained(&own.sheet, &body.sheet) {
                findings.error(
                    "grade.no-reason",
                    format!("sheet.scores.{key}.reason"),
                    format!("criterion {key} is scored otherwise than by the organisation"),
                    "write why",
                );
            }
        }
    }
    if let Some(ruleset) = ruleset {
        assessed(draft, body.year, ruleset, &whole, known, &mut findings);
    }
    findings.into_vec()
}

/// What the register says of the organisation for a year of grading. A stop that goes on is counted up to the day.
pub fn candidate(known: &Known, year: i16, day: Date) -> Option<Candidate> {
    let card = known.organisation.as_ref()?;
    let stops = known.stops.iter().map(|(from, to)| (*from, Some(to.unwrap_or(day)))).collect();
    let returned = known.returned.as_ref().map(|accepted| accepted.values.clone());
    Some(Candidate {
        year,
        founded_on: card.founded_on,
        sector: card.sector,
        stops,
        returned: returned.unwrap_or_default(),
    })
}

/// What holds for scores and decisions alike: the year, whom the rules are for, the ruleset.
fn frame<'k>(
    draft: &Draft,
    year: i16,
    id: &str,
    known: &'k Known,
    findings: &mut Findings,
) -> Option<&'k Ruleset> {
    if year > draft.effective_on.year() {
        findings.error(
            "grade.year-ahead",
            "year",
            format!("the year {year} has not begun on {}", draft.effective_on),
            "correct the year",
        );
    }
    let rulesets = known.plan.as_ref().map(|pack| pack.rulesets.as_slice()).unwrap_or_default();
    let ruleset = rulesets.iter().find(|ruleset| ruleset.id == id);
    if let Some(card) = &known.organisation
        && card.kind == Kind::Group
    {
        findings.error(
            "grade.group",
            "subject",
            format!("{} is a group, and groups are not graded", card.name),
            "grade cooperatives and unions only",
        );
    }
    if let Some(ruleset) = ruleset {
        excluded(draft, year, ruleset, known, findings);
    }
    match ruleset {
        None => findings.error(
            "grade.ruleset",
            "ruleset",
            format!("the plan in force has no ruleset `{id}`"),
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
    ruleset
}

/// Who is not graded by the ruleset, and who is not of its sector.
fn excluded(draft: &Draft, year: i16, ruleset: &Ruleset, known: &Known, findings: &mut Findings) {
    let Some(card) = &known.organisation else { return };
    // A group is not graded at all, which is said already.
    if card.kind == Kind::Group {
        return;
    }
    if let Some(months) = ruleset.not_graded.founded_under_months
        && months_after(card.founded_on, i64::from(months)) > hoptac_model::date::year_end(year)
    {
        findings.error(
            "grade.too-young",
            "year",
            format!(
                "{} was founded on {} and has not worked for {months} months by the end of {year}",
                card.name, card.founded_on
            ),
            "grade it for the year after",
        );
    } else if let Some(candidate) = candidate(known, year, draft.effective_on)
        && let Some(months) = ruleset.not_graded.stopped_over_months
        && !grading::exclusions(ruleset, &candidate).is_empty()
    {
        findings.error(
            "grade.stopped",
            "year",
            format!("{} stopped for more than {months} months of {year}", card.name),
            "it is not graded for that year",
        );
    }
    if ruleset.sector.is_some_and(|sector| sector != card.sector) {
        findings.warning(
            "grade.sector",
            "ruleset",
            format!("{} is not for the sector of {}", ruleset.id, card.name),
            "take the rules of its sector",
        );
    }
}

/// The sheet worked out, with what is wrong with it.
fn assessed(
    draft: &Draft,
    year: i16,
    ruleset: &Ruleset,
    sheet: &Sheet,
    known: &Known,
    findings: &mut Findings,
) -> Option<Assessment> {
    let candidate = candidate(known, year, draft.effective_on)?;
    let assessment = grading::assess(ruleset, sheet, &candidate);
    findings.extend(assessment.findings.iter().cloned());
    Some(assessment)
}

/// What was scored before the decision: the self-score with the review laid over it.
fn scored_before(known: &Known, ruleset: &str) -> Option<Sheet> {
    let of = |stage| {
        known.sheets.iter().find(|s| s.stage == stage && s.ruleset == ruleset).map(|s| &s.sheet)
    };
    match (of(Stage::SelfScore), of(Stage::Review)) {
        (Some(own), Some(review)) => Some(own.overlaid(review)),
        (Some(sheet), None) | (None, Some(sheet)) => Some(sheet.clone()),
        (None, None) => None,
    }
}

/// Criteria that a sheet scores otherwise than the one before, without a reason.
fn unexplained(before: &Sheet, sheet: &Sheet) -> Vec<String> {
    let differs =
        |key: &String, tenths| before.scores.get(key).is_none_or(|score| score.tenths != tenths);
    let own = sheet.scores.iter();
    own.filter(|(key, score)| score.reason.trim().is_empty() && differs(key, score.tenths))
        .map(|(key, _)| key.clone())
        .collect()
}

/// Evidence and reasons are texts like all others.
fn texts(sheet: &Sheet, findings: &mut Findings) {
    for (key, score) in &sheet.scores {
        findings.note(&format!("sheet.scores.{key}.evidence"), &score.evidence);
        findings.note(&format!("sheet.scores.{key}.reason"), &score.reason);
    }
}

/// The decided grade is that of the score, or weak for another reason.
fn agrees(body: &GradeDecide, ruleset: Option<&Ruleset>, findings: &mut Findings) {
    let by_score = ruleset.map_or_else(
        || Grade::of_score(body.score_tenths),
        |ruleset| grading::grade_of(ruleset, body.score_tenths),
    );
    let fined = body.sheet.as_ref().is_some_and(|sheet| sheet.fined);
    // Who was fined in the year is weak whatever the score [Circular 09/2017/TT-BNNPTNT, Article 6].
    let weak = fined && ruleset.is_some_and(|ruleset| ruleset.weak_if_fined);
    if weak && body.grade != Grade::Weak {
        findings.error(
            "grade.fined",
            "grade",
            "who was fined in the year is weak by these rules",
            "decide weak, or correct what is said of the fine",
        );
        return;
    }
    if weak || body.grade == by_score {
        return;
    }
    let message = format!(
        "{} points are {}, and {} was decided",
        show(body.score_tenths),
        by_score.words().en.to_lowercase(),
        body.grade.words().en.to_lowercase()
    );
    if body.grade == Grade::Weak {
        findings.warning("grade.weak-despite-score", "grade", message, "keep the reason on file");
    } else {
        findings.error("grade.disagrees", "grade", message, "correct the score or the grade");
    }
}
