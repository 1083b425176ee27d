//! Numbers that are no targets, each with its reason: what is, what was, what it costs, what is granted, and what only
//! describes.

use super::clause::Clause;
use super::comparator::Comparator;
use super::coordination::Quantity;
use super::heading::Part;
use super::horizon::When;
use super::token::{Kind, Tokens};
use super::unit::Family;
use super::zone::Zone;
use super::{describe, money, past, rule};

/// Why a number is no target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    Unitless,
    Title,
    Age,
    Length,
    Grade,
    Norm,
    Rule,
    Rank,
    Inside,
    Grounds,
    Terms,
    Support,
    Budget,
    BudgetPart,
    Headings,
    Places,
    Staff,
    Past,
    PastYear,
    Situation,
    Unmarked,
}

impl Reason {
    /// In the words of a reader.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Unitless => "số không có đơn vị",
            Self::Title => "tên văn bản",
            Self::Age => "độ tuổi của đối tượng",
            Self::Length => "khoảng thời gian",
            Self::Grade => "ngưỡng hoặc cấp chất lượng, mô tả đối tượng",
            Self::Norm => "định mức kỹ thuật",
            Self::Rule => "điều kiện, tiêu chí hoặc quy định",
            Self::Rank => "thứ hạng",
            Self::Inside => "mô tả đối tượng của một số khác",
            Self::Grounds => "phần căn cứ",
            Self::Terms => "mức hoặc điều kiện hỗ trợ, vay",
            Self::Support => "mức hỗ trợ",
            Self::Budget => "kinh phí",
            Self::BudgetPart => "phần kinh phí",
            Self::Headings => "đếm các mục của chính kế hoạch",
            Self::Places => "đếm các địa bàn đã có",
            Self::Staff => "người, lực lượng hoặc phương tiện thực hiện",
            Self::Past => "tình hình hoặc kết quả đã có",
            Self::PastYear => "kết quả của năm đã qua",
            Self::Situation => "phần đánh giá tình hình",
            Self::Unmarked => "không có dấu hiệu của một mục tiêu",
        }
    }
}

/// What is known of a number when it is judged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case<'c> {
    pub(super) quantity: &'c Quantity,
    pub(super) clause: &'c Clause,
    pub(super) part: &'c Part,
    pub(super) horizon: Option<When>,
    /// The first year that the document can aim at, where its paragraph or a heading names a moment.
    pub(super) first_year: Option<i32>,
    /// Whether its own paragraph names its moment.
    pub(super) is_own: bool,
    /// The year in which the document was made, as far as its dates tell.
    pub(super) made: Option<i32>,
    /// The first year that a sentence aims at in words.
    pub(super) aimed: Option<i32>,
    /// Where the first sentence begins that aims at a year.
    pub(super) aims_at: Option<usize>,
    /// The year that the document as a whole aims at.
    pub(super) last_year: Option<i32>,
    /// The number before it in the same sentence, and why that is no target.
    pub(super) before: Option<(&'c Quantity, Option<Reason>)>,
    /// Whether its paragraph only tells of what is.
    pub(super) tells: bool,
    /// Whether its sentence goes on with a report that the paragraph opened with, or the whole document reports.
    pub(super) is_report: bool,
    /// The year of the number before it.
    pub(super) year_before: Option<i32>,
    /// The number behind it in the same sentence.
    pub(super) after: Option<&'c Quantity>,
}

/// Why a number is no target, or nothing where it is one.
pub(super) fn reason(tokens: &Tokens, case: &Case<'_>) -> Option<Reason> {
    let Case { quantity, clause, part, .. } = *case;
    let Some(unit) = quantity.unit.as_ref() else { return Some(Reason::Unitless) };
    let goals = part.zone == Some(Zone::Goals);
    if part.is_title {
        return Some(Reason::Title);
    }
    if let Some(reason) = by_family(tokens, case, unit.family) {
        return Some(reason);
    }
    if part.zone == Some(Zone::Grounds) {
        return Some(Reason::Grounds);
    }
    if describe::is_grade(tokens, quantity, clause) {
        return Some(Reason::Grade);
    }
    if describe::is_norm(tokens, quantity, clause) {
        return Some(Reason::Norm);
    }
    if case.before.is_some_and(|(before, why)| {
        why == Some(Reason::Norm) && describe::is_norm_again(tokens, quantity, before)
    }) {
        return Some(Reason::Norm);
    }
    if rule::is_rule(tokens, quantity, clause, goals) {
        return Some(Reason::Rule);
    }
    if describe::is_rank(tokens, quantity, clause) {
        return Some(Reason::Rank);
    }
    let why_before = case.before.and_then(|(_, reason)| reason);
    if let Some(reason) = money::support(tokens, quantity, clause, part, unit.family) {
        return Some(reason);
    }
    // The terms of a support go on: "… 2 triệu đồng/hộ cho hộ ở xa trên 15 km".
    let is_term = matches!(why_before, Some(Reason::Support | Reason::Terms))
        && !(unit.family == Family::Share
            && tokens.is(quantity.end, Kind::Word)
            && tokens.back(quantity.start, 1) == ";")
        && !case.before.is_some_and(|(before, _)| {
            money::earns_anew(tokens, quantity, before)
                || money::counts_anew(tokens, quantity, before)
        });
    if is_term && part.zone != Some(Zone::Goals) && !past::aims(tokens, clause.from, quantity) {
        return Some(Reason::Support);
    }
    if unit.family == Family::Money && money::is_budget(tokens, case) {
        return Some(Reason::Budget);
    }
    let is_share_of_budget = unit.family == Family::Share
        && matches!(why_before, Some(Reason::Budget | Reason::BudgetPart))
        && part.zone != Some(Zone::Goals)
        && !past::aims(tokens, clause.from, quantity);
    if is_share_of_budget
        || !goals
            && (money::is_allotted(tokens, quantity, clause)
                || money::is_source(tokens, quantity, clause))
    {
        return Some(Reason::BudgetPart);
    }
    if unit.family == Family::Count && describe::counts_headings(tokens, quantity, clause, unit.end)
    {
        return Some(Reason::Headings);
    }
    let told = !goals || case.before.is_some();
    if unit.family == Family::Count && describe::counts_places(tokens, quantity, told) {
        return Some(Reason::Places);
    }
    if unit.family == Family::Count
        && !goals
        && describe::is_visited(tokens, quantity, clause, why_before)
    {
        return Some(Reason::Places);
    }
    let is_body = unit.words == "đồng chí" && tokens.back(quantity.start, 1) == "gồm";
    if unit.family == Family::Count
        && (is_body || !goals && describe::is_staff(tokens, quantity, clause))
    {
        return Some(Reason::Staff);
    }
    if case
        .before
        .is_some_and(|(before, why)| why.is_none() && describe::is_inside(tokens, quantity, before))
    {
        return Some(Reason::Inside);
    }
    if case.after.is_some_and(|after| describe::is_subject(tokens, quantity, clause, after)) {
        return Some(Reason::Inside);
    }
    let is_same = case.before.is_some_and(|(before, why)| {
        why.is_none()
            && (describe::is_party(tokens, quantity, before)
                || describe::is_size_of_each(tokens, quantity, before)
                || describe::is_served(tokens, quantity, before)
                || describe::is_converted(tokens, quantity))
    });
    if is_same {
        return Some(Reason::Inside);
    }
    let repeats = case.before.is_some_and(|(before, why)| {
        why.is_none() && describe::is_of_share(tokens, quantity, before)
    });
    if repeats || describe::is_extent(tokens, quantity, goals) {
        return Some(Reason::Inside);
    }
    if !goals
        && (describe::is_attendance(tokens, quantity)
            || describe::is_contest(tokens, quantity, clause))
    {
        return Some(Reason::Inside);
    }
    if !goals && describe::is_reviewed(tokens, quantity, clause) {
        return Some(Reason::Places);
    }
    let past_before = case
        .before
        .filter(|(_, why)| matches!(why, Some(Reason::Past | Reason::PastYear)))
        .filter(|_| !is_next_year(case))
        .map(|(before, _)| before.end);
    if past::is_past(tokens, quantity, clause, goals, past_before)
        || case.is_report && !past::turns(tokens, clause.sentence, quantity.start)
    {
        return Some(Reason::Past);
    }
    if past::is_forecast(tokens, clause) {
        return Some(Reason::Situation);
    }
    if describe::is_compared(tokens, case)
        || !goals
            && (past::is_year_under_report(tokens, case) || past::is_before_aims(tokens, case))
    {
        return Some(Reason::Past);
    }
    // A heading among the goals names the year that they are for.
    let is_headed = goals && part.horizon.is_some() && part.horizon == case.horizon;
    let is_over = !is_headed
        && !tokens.has(clause.sentence, quantity.start, &["sẽ", "phấn đấu"])
        && case.first_year.is_some_and(|first| match case.horizon {
            Some(When::Year(at)) => at < first,
            // A period that ends where the plan begins is the one before: "năm học 2025 - 2026".
            Some(When::Period(from, at)) => at < first || at == first && from < first,
            Some(When::Yearly) | None => false,
        });
    if is_over {
        return Some(Reason::PastYear);
    }
    by_zone(tokens, case, unit.family)
}

/// Whether a number is of the year that the plan is for, and the one before it of an earlier: `năm 2021: 7,1 điểm, năm 2022: 7,5 điểm`.
fn is_next_year(case: &Case<'_>) -> bool {
    let Some(When::Year(year)) = case.horizon else { return false };
    case.year_before.is_some_and(|before| before < year)
        && case.last_year.is_some_and(|last| year >= last)
}

/// Words that tell a multiple.
const MULTIPLES: &[&str] = &[
    "gấp",
    "tăng",
    "giảm",
    "bằng",
    "hơn",
    "lên",
    "so với",
    "đạt",
    "vòng quay",
    "hệ số",
    "còn",
    "khoảng",
    "gia tăng",
    "sử dụng đất",
    "mức",
    "so",
    "số lần",
];

/// What lengths of time, ages and marks of quality are aimed at, and which only describe.
fn by_family(tokens: &Tokens, case: &Case<'_>, family: Family) -> Option<Reason> {
    let Case { quantity, clause, part, .. } = *case;
    let near = quantity.start.saturating_sub(16).max(clause.from);
    match family {
        Family::Age => {
            let is_again = case.before.is_some_and(|(before, why)| {
                why.is_none()
                    && before.unit.as_ref().is_some_and(|unit| unit.family == Family::Age)
                    && quantity.comparators.is_empty()
            });
            let is_aim = tokens.has(
                clause.from,
                quantity.start,
                &["tuổi thọ", "tuổi bình quân", "tuổi trung bình", "tuổi đời bình quân"],
            );
            (!(is_aim || is_again)).then_some(Reason::Age)
        }
        Family::Time => {
            let is_told = tokens.has(
                near,
                quantity.start,
                &[
                    "thời gian",
                    "tuổi thọ",
                    "số năm",
                    "số ngày",
                    "số giờ",
                    "ngày lưu trú",
                    "ngày nằm viện",
                    "thời lượng",
                ],
            );
            // "…, đến năm 2030 còn 10 phút": the same time again.
            let is_again = case.before.is_some_and(|(before, why)| {
                why.is_none()
                    && before.unit.as_ref().is_some_and(|unit| unit.family == Family::Time)
            });
            // Outside the goals a bound of another number says nothing of this one.
            let goals = part.zone == Some(Zone::Goals);
            let is_bound = tokens.has(
                if goals { clause.sentence } else { clause.from },
                quantity.start,
                &[
                    "giảm",
                    "rút ngắn",
                    "còn",
                    "đạt",
                    "không quá",
                    "tối đa",
                    "dưới",
                    "bình quân",
                    "trung bình",
                    "tăng",
                    "lên",
                ],
            );
            let is_elsewhere = matches!(
                part.zone,
                Some(Zone::Support | Zone::Budget | Zone::Grounds | Zone::Situation)
            );
            let is_bound = is_bound || !quantity.comparators.is_empty();
            // "thời gian hỗ trợ tối đa 3 năm" is a term; minutes and days of waiting are shortened.
            let is_rate = quantity.unit.as_ref().is_some_and(|unit| unit.words.contains('/'));
            let is_term = is_rate && quantity.comparators.contains(&Comparator::AtLeast)
                || (quantity.comparators.contains(&Comparator::AtMost)
                    || part.zone != Some(Zone::Goals)
                        && quantity.comparators.contains(&Comparator::LessThan))
                    && quantity.unit.as_ref().is_some_and(|unit| {
                        unit.words.starts_with("năm") || unit.words.starts_with("tháng")
                    });
            let is_bound = is_bound && !is_term;
            (!((is_told || is_again) && is_bound) || is_elsewhere).then_some(Reason::Length)
        }
        Family::Mark => Some(Reason::Grade),
        // "báo cáo 01 lần", "sơ kết 02 lần": how often, not how many times as much.
        Family::Times => {
            let is_multiple = tokens.has(near, quantity.end + 8, MULTIPLES);
            (!is_multiple).then_some(Reason::Norm)
        }
        Family::Share | Family::Points | Family::Money | Family::Measure | Family::Count => None,
    }
}

/// Words of a state that something is to come to.
const STATES: &[&str] = &[
    "đạt",
    "tăng",
    "giảm",
    "chiếm",
    "còn",
    "có",
    "lên",
    "xuống",
    "ổn định",
    "duy trì",
    "thu",
    "đón",
    "trồng",
    "mới",
    "thêm",
    "tạo",
    "xây",
    "lập",
    "mở",
    "hỗ trợ",
    "tổ chức",
    "sản lượng",
    "diện tích",
    "số",
    "tổng",
    "đào tạo",
    "kết nạp",
    "vận động",
    "hoàn thành",
    "được",
    "bình quân",
    "mỗi",
    "cấp",
    "thực hiện",
    "phát hành",
    "ban hành",
    "lắp",
    "sửa",
    "nâng",
];

/// Whether a share in a part on money is that of a source: `Vốn tín dụng …: khoảng 30%`.
fn is_source(tokens: &Tokens, case: &Case<'_>) -> bool {
    let Case { quantity, clause, .. } = *case;
    let head = tokens.skip_lines(clause.sentence);
    quantity.unit.as_ref().is_some_and(|unit| unit.family == Family::Share)
        && tokens.any(head, &["vốn", "nguồn vốn", "ngân sách", "huy động", "kinh phí"]).is_some()
        && !tokens.has(clause.sentence, quantity.start, &["phấn đấu", "giải ngân", "đến năm"])
}

/// What the part of the document that a number stands in says of it.
fn by_zone(tokens: &Tokens, case: &Case<'_>, family: Family) -> Option<Reason> {
    let Case { quantity, clause, part, .. } = *case;
    let left = clause.sentence;
    let aims = past::aims(tokens, left, quantity);
    let turns = tokens.has(left, quantity.start, &["phấn đấu", "đến năm", "mục tiêu"]);
    match part.zone {
        Some(Zone::Situation) if !turns => return Some(Reason::Situation),
        Some(Zone::Craft) if !turns => return Some(Reason::Norm),
        Some(Zone::Extent) if !turns => return Some(Reason::Places),
        Some(Zone::Means) if !turns => return Some(Reason::Staff),
        Some(Zone::Budget) if family == Family::Money => return Some(Reason::Budget),
        Some(Zone::Budget) if !aims || is_source(tokens, case) => return Some(Reason::BudgetPart),
        Some(Zone::Support) if !turns => return Some(Reason::Support),
        Some(Zone::Criteria) if !turns => return Some(Reason::Rule),
        _ => {}
    }
    let is_bound = quantity.comparators.iter().any(|comparator| *comparator != Comparator::About);
    let is_share = matches!(family, Family::Share | Family::Points);
    let is_goal = part.zone == Some(Zone::Goals);
    // A share in running text that no year, no heading and no word of an aim goes with only tells.
    let is_loose = case.horizon.is_none() && part.zone.is_none() && !part.is_listed;
    // A count that no word of a state to be reached goes with, in running text that names no year of its own: "thuộc 5 dòng họ".
    let is_still = !case.is_own
        && part.zone.is_none()
        && !part.is_listed
        && quantity
            .comparators
            .iter()
            .all(|comparator| matches!(comparator, Comparator::About | Comparator::MoreThan))
        && matches!(family, Family::Count | Family::Measure)
        && !tokens.has(left, quantity.end + 4, STATES);
    let is_marked = (case.horizon.is_some() || is_bound || is_share) && !is_loose && !is_still;
    (!(is_goal || aims || is_marked && !case.tells)).then_some(Reason::Unmarked)
}
