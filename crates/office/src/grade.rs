//! Grades: what organisations score themselves, what reviewers score, what is decided; who is graded, and whether
//! scores, bands and grade agree.

use hoptac_model::filing::grade::{GradeReview, GradeSelfScore};
use hoptac_model::filing::{Draft, GradeDecide};
use hoptac_model::finding::Finding;
use hoptac_model::grading::{self, Assessment, Candidate, Sheet, in_points};
use hoptac_model::ids::OrganisationId;
use hoptac_model::organisation::{Grade, Kind};
use hoptac_model::pack::Ruleset;
use hoptac_model::words;
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
            words!(
                "{score_tenths} phần mười điểm không nằm trong khoảng từ 0 đến 100 điểm",
                "{score_tenths} tenths are not between 0 and 100 points",
                score_tenths = body.score_tenths
            ),
            words!("sửa lại điểm", "correct the score"),
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
                words!(
                    "tổng điểm các tiêu chí là {total}, điểm quyết định là {score_tenths}",
                    "the scores come to {total} points, and {score_tenths} were decided",
                    total = in_points(total),
                    score_tenths = in_points(body.score_tenths)
                ),
                words!("sửa điểm các tiêu chí hoặc tổng điểm", "correct the scores or the total"),
            );
        }
        if let Some(before) = scored_before(known, &body.ruleset) {
            for key in unexplained(&before, sheet) {
                findings.warning(
                    "grade.no-reason",
                    format!("sheet.scores.{key}.reason"),
                    words!(
                        "tiêu chí {key} được quyết định khác với lần chấm trước",
                        "criterion {key} is decided otherwise than it was scored",
                        key
                    ),
                    words!("ghi rõ lý do", "write why"),
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
            words!(
                "chưa có bảng tự chấm điểm năm {year} để đối chiếu khi thẩm định",
                "there is no self-score of {year} to hold the review against",
                year = body.year
            ),
            words!("đề nghị tổ chức nộp bảng tự chấm điểm", "ask the organisation for its sheet"),
        ),
        Some(own) if own.ruleset != body.ruleset => findings.error(
            "grade.other-ruleset",
            "ruleset",
            words!(
                "tổ chức đã tự chấm theo {ruleset}",
                "the organisation scored itself by {ruleset}",
                ruleset = own.ruleset
            ),
            words!(
                "thẩm định theo cùng bộ tiêu chí, hoặc đề nghị chấm lại",
                "review by the same rules, or have it scored anew"
            ),
        ),
        Some(own) => {
            whole = own.sheet.overlaid(&body.sheet);
            for key in unexplained(&own.sheet, &body.sheet) {
                findings.error(
                    "grade.no-reason",
                    format!("sheet.scores.{key}.reason"),
                    words!(
                        "tiêu chí {key} được chấm khác với tổ chức tự chấm",
                        "criterion {key} is scored otherwise than by the organisation",
                        key
                    ),
                    words!("ghi rõ lý do", "write why"),
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
            words!(
                "năm {year} chưa bắt đầu vào ngày {effective_on}",
                "the year {year} has not begun on {effective_on}",
                year,
                effective_on = draft.effective_on
            ),
            words!("sửa lại năm", "correct the year"),
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
            words!(
                "{name} là tổ hợp tác; tổ hợp tác không thuộc diện xếp loại",
                "{name} is a group, and groups are not graded",
                name = card.name
            ),
            words!(
                "chỉ xếp loại hợp tác xã và liên hiệp hợp tác xã",
                "grade cooperatives and unions only"
            ),
        );
    }
    if let Some(ruleset) = ruleset {
        excluded(draft, year, ruleset, known, findings);
    }
    match ruleset {
        None => findings.error(
            "grade.ruleset",
            "ruleset",
            words!(
                "kế hoạch hiện hành không có bộ tiêu chí `{id}`",
                "the plan in force has no ruleset `{id}`",
                id
            ),
            if rulesets.is_empty() {
                words!(
                    "tiếp nhận một gói kế hoạch có bộ tiêu chí",
                    "adopt a plan pack with rulesets"
                )
            } else {
                let ids: Vec<&str> = rulesets.iter().map(|ruleset| ruleset.id.as_str()).collect();
                words!("ghi một trong các bộ {ids}", "write one of {ids}", ids = ids.join(", "))
            },
        ),
        Some(ruleset) if draft.effective_on < ruleset.valid_from => findings.error(
            "grade.ruleset-ahead",
            "ruleset",
            words!(
                "{id} chỉ có hiệu lực từ ngày {valid_from}",
                "{id} holds only from {valid_from}",
                id = ruleset.id,
                valid_from = ruleset.valid_from
            ),
            words!("dùng bộ tiêu chí có hiệu lực vào ngày đó", "take the rules of the day"),
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
            words!(
                "{name} thành lập ngày {founded_on}, đến hết năm {year} hoạt động chưa \
                đủ {months} tháng",
                "{name} was founded on {founded_on} and has not worked for {months} \
                months by the end of {year}",
                months,
                year,
                name = card.name,
                founded_on = card.founded_on
            ),
            words!("xếp loại vào năm sau", "grade it for the year after"),
        );
    } else if let Some(candidate) = candidate(known, year, draft.effective_on)
        && let Some(months) = ruleset.not_graded.stopped_over_months
        && !grading::exclusions(ruleset, &candidate).is_empty()
    {
        findings.error(
            "grade.stopped",
            "year",
            words!(
                "{name} ngừng hoạt động quá {months} tháng trong năm {year}",
                "{name} stopped for more than {months} months of {year}",
                months,
                year,
                name = card.name
            ),
            words!("không xếp loại cho năm đó", "it is not graded for that year"),
        );
    }
    if ruleset.sector.is_some_and(|sector| sector != card.sector) {
        findings.warning(
            "grade.sector",
            "ruleset",
            words!(
                "{id} không dành cho lĩnh vực của {name}",
                "{id} is not for the sector of {name}",
                id = ruleset.id,
                name = card.name
            ),
            words!("dùng bộ tiêu chí của lĩnh vực đó", "take the rules of its sector"),
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
            words!(
                "bị xử phạt trong năm thì theo bộ tiêu chí này phải xếp loại yếu",
                "who was fined in the year is weak by these rules"
            ),
            words!(
                "xếp loại yếu, hoặc sửa thông tin về xử phạt",
                "decide weak, or correct what is said of the fine"
            ),
        );
        return;
    }
    if weak || body.grade == by_score {
        return;
    }
    let message = words!(
        "{score} điểm là loại {by_score}, quyết định lại ghi loại {decided}",
        "{score} points are {by_score}, and {decided} was decided",
        score = in_points(body.score_tenths),
        by_score = by_score.words().lower(),
        decided = body.grade.words().lower()
    );
    if body.grade == Grade::Weak {
        findings.warning(
            "grade.weak-despite-score",
            "grade",
            message,
            words!("lưu lý do trong hồ sơ", "keep the reason on file"),
        );
    } else {
        findings.error(
            "grade.disagrees",
            "grade",
            message,
            words!("sửa điểm hoặc xếp loại", "correct the score or the grade"),
        );
    }
}
