//! Numbers that are no targets: what is, what was, what it costs, what is granted, and what only describes.

use super::clause::Clause;
use super::comparator::Comparator;
use super::coordination::Quantity;
use super::heading::{Part, Zone};
use super::horizon::When;
use super::token::Tokens;
use super::unit::{self, Family};

const PAST: &[&str] = &[
    "hiện có",
    "hiện nay",
    "hiện tại",
    "hiện đang",
    "hiện còn",
    "hiện toàn",
    "đã",
    "đến nay",
    "tính đến",
    "tại thời điểm",
    "năm qua",
    "thời gian qua",
    "kết quả",
    "đạt được",
    "cùng kỳ",
    "ước thực hiện",
    "những năm qua",
    "giai đoạn trước",
    "lũy kế",
    "vừa qua",
    "hiện trạng",
    "thực trạng",
];

const RESULTS: &[&str] =
    &["kết quả", "hiện có", "hiện nay", "đến nay", "năm qua", "hiện trạng", "thực trạng"];

const CLEARLY_AHEAD: &[&str] = &[
    "phấn đấu",
    "mục tiêu",
    "dự kiến",
    "đến năm",
    "đến hết năm",
    "sẽ",
    "ít nhất",
    "tối thiểu",
    "phải",
    "hằng năm",
    "mỗi năm",
    "giai đoạn",
];

const AHEAD: &[&str] = &[
    "phấn đấu",
    "mục tiêu",
    "dự kiến",
    "đến năm",
    "đến hết năm",
    "đến cuối năm",
    "sẽ",
    "cần",
    "phải",
    "bảo đảm",
    "đảm bảo",
    "chỉ tiêu",
    "ít nhất",
    "tối thiểu",
    "hằng năm",
    "hàng năm",
    "mỗi năm",
    "nâng",
    "vào năm",
    "giai đoạn",
    "tới năm",
    "hoàn thành",
    "hình thành",
    "thành lập mới",
    "phát triển mới",
    "xây dựng",
    "giảm",
    "tăng",
    "đưa",
    "duy trì",
    "thu hút",
    "củng cố",
    "vận động",
    "thành lập",
    "phát triển",
];

/// Why a number is no target, or nothing where it is one.
pub(super) fn reason(
    tokens: &Tokens,
    quantity: &Quantity,
    clause: &Clause,
    part: &Part,
    horizon: Option<When>,
    year: Option<i32>,
) -> Option<&'static str> {
    let Some(unit) = quantity.unit.as_ref() else { return Some("số không có đơn vị") };
    let left = clause.sentence;
    let near = quantity.start.saturating_sub(12).max(clause.from);
    let goals = part.zone == Some(Zone::Goals);
    if part.is_title {
        return Some("tên văn bản");
    }
    match unit.family {
        Family::Age => {
            if !tokens.has(left, quantity.start, &["tuổi thọ", "tuổi"]) {
                return Some("độ tuổi của đối tượng");
            }
        }
        Family::Time => {
            let is_aim =
                tokens.has(near, quantity.start, &["thời gian", "tuổi thọ", "số năm", "số ngày"])
                    && tokens.has(
                        left,
                        quantity.start,
                        &["giảm", "rút ngắn", "còn", "đạt", "không quá"],
                    );
            if !is_aim || !goals {
                return Some("khoảng thời gian");
            }
        }
        Family::Mark => return Some("ngưỡng hoặc cấp chất lượng, mô tả đối tượng"),
        Family::Share
        | Family::Points
        | Family::Times
        | Family::Money
        | Family::Measure
        | Family::Count => {}
    }
    if part.zone == Some(Zone::Grounds) {
        return Some("phần căn cứ");
    }
    if is_grade(tokens, quantity, clause) {
        return Some("ngưỡng hoặc cấp chất lượng, mô tả đối tượng");
    }
    if let Some(reason) = support(tokens, quantity, clause, part, unit.family) {
        return Some(reason);
    }
    if unit.family == Family::Money && is_budget(tokens, quantity, clause, part) {
        return Some("kinh phí");
    }
    if unit.family == Family::Count && counts_headings(tokens, quantity, clause, unit.end) {
        return Some("đếm các mục của chính kế hoạch");
    }
    let before = tokens.before(quantity.number).map_or("", |at| tokens.word(at));
    if unit.family == Family::Count
        && matches!(before, "gồm" | "thuộc" | "thành" | "của" | "bàn")
        && unit::is_place(tokens, quantity.number + 1)
    {
        return Some("đếm các địa bàn đã có");
    }
    if is_past(tokens, quantity, clause, goals) {
        return Some("tình hình hoặc kết quả đã có");
    }
    if let (Some(When::Year(at) | When::Period(_, at)), Some(year)) = (horizon, year)
        && at < year
    {
        return Some("kết quả của năm đã qua");
    }
    let aims = tokens.has(left, quantity.start, AHEAD);
    match part.zone {
        Some(Zone::Situation)
            if !tokens.has(left, quantity.start, &["phấn đấu", "đến năm", "mục tiêu"]) =>
        {
            return Some("phần đánh giá tình hình");
        }
        Some(Zone::Budget) if unit.family == Family::Money => return Some("kinh phí"),
        Some(Zone::Budget) if !aims => return Some("phần kinh phí"),
        Some(Zone::Support) if !aims => return Some("mức hỗ trợ"),
        _ => {}
    }
    let bound = quantity.comparators.iter().any(|comparator| *comparator != Comparator::About);
    let share = matches!(unit.family, Family::Share | Family::Points);
    if goals || aims || horizon.is_some() || bound || share {
        None
    } else {
        Some("không có dấu hiệu của một mục tiêu")
    }
}

/// What is and what was. Of the words that look back and those that look ahead, the nearer one counts; a sentence that
/// tells of results is turned only by words that clearly look ahead.
fn is_past(tokens: &Tokens, quantity: &Quantity, clause: &Clause, goals: bool) -> bool {
    let left = clause.sentence.max(quantity.start.saturating_sub(60));
    let past = tokens.last(left, quantity.start, PAST);
    let ahead = tokens
        .last(left, quantity.start, AHEAD)
        .filter(|at| tokens.back(*at, 1) != "tính" && tokens.back(*at, 1) != "được");
    // A verb that the past word itself governs looks back with it: "đã thành lập mới 10 hợp tác xã".
    let governed = matches!((past, ahead), (Some(past), Some(ahead)) if ahead > past && ahead - past <= 4
        && !tokens.has(ahead, quantity.start, &["phấn đấu", "đến năm", "mục tiêu", "dự kiến", "sẽ", "ít nhất", "tối thiểu"]));
    if past.is_some() && (past > ahead || governed) {
        return true;
    }
    let tells = tokens.last(left, quantity.start, RESULTS);
    if !goals && tells.is_some() && tells > tokens.last(left, quantity.start, CLEARLY_AHEAD) {
        return true;
    }
    let behind = clause.to.min(quantity.end + 14);
    ahead.is_none() && tokens.has(quantity.end, behind, &["hiện có", "hiện nay", "đã"])
        || tokens.has(quantity.end, behind, &["hiện có"])
        || ahead.is_none() && tokens.has(quantity.end, behind, &["kế hoạch năm", "so với cùng kỳ"])
}

/// Money, or a part of a cost, that is granted or lent, and the terms of it.
fn support(
    tokens: &Tokens,
    quantity: &Quantity,
    clause: &Clause,
    part: &Part,
    family: Family,
) -> Option<&'static str> {
    let near = quantity.start.saturating_sub(25).max(clause.sentence);
    let terms = [
        "lãi suất",
        "thời hạn",
        "mức vay",
        "mức chi",
        "mức hỗ trợ",
        "định mức",
        "mức đóng",
        "mức phạt",
        "mức cho vay",
        "mức đầu tư",
    ];
    let close = quantity.start.saturating_sub(6).max(clause.from);
    if tokens.has(close, quantity.start, &terms) {
        return Some("mức hoặc điều kiện hỗ trợ, vay");
    }
    let grants = tokens.has(
        near,
        quantity.start,
        &["hỗ trợ", "cho vay", "được vay", "trợ cấp", "thưởng", "chi trả"],
    );
    let of_cost = tokens.has(
        quantity.end,
        clause.to.min(quantity.end + 6),
        &[
            "chi phí",
            "kinh phí",
            "lãi suất",
            "tổng mức",
            "học phí",
            "giá trị hợp đồng",
            "mức",
            "tổng kinh phí",
            "giá trị",
            "vốn",
        ],
    );
    let rate = family == Family::Money
        && quantity
            .unit
            .as_ref()
            .is_some_and(|unit| unit.words.contains('/') && !unit.words.ends_with("/năm"));
    if grants && (family == Family::Money || of_cost) {
        return Some("mức hỗ trợ");
    }
    (rate
        && part.zone != Some(Zone::Goals)
        && tokens.has(near, quantity.start, &["không quá", "tối đa"]))
    .then_some("mức hỗ trợ")
}

/// Money that is spent. What is earned, collected, invested or attracted may be a target.
fn is_budget(tokens: &Tokens, quantity: &Quantity, clause: &Clause, part: &Part) -> bool {
    let earns = [
        "thu nhập",
        "doanh thu",
        "thu ngân sách",
        "thu hút",
        "huy động",
        "kim ngạch",
        "giá trị",
        "grdp",
        "gdp",
        "doanh số",
        "lợi nhuận",
        "năng suất",
        "dư nợ",
        "quy mô",
        "vốn điều lệ",
        "tổng sản phẩm",
        "đầu tư toàn xã hội",
        "xuất khẩu",
        "lãi",
        "tài sản",
        "đầu tư phát triển",
        "tổng thu",
        "vốn góp",
    ];
    let spends = [
        "kinh phí",
        "ngân sách",
        "dự toán",
        "nguồn vốn",
        "vốn",
        "nhu cầu",
        "tổng mức",
        "chi",
        "trị giá",
    ];
    let earning = tokens.last(clause.from, quantity.start, &earns);
    let spending = tokens.last(clause.from, quantity.start, &spends);
    if part.zone == Some(Zone::Budget) {
        return true;
    }
    spending.is_some() && earning.is_none()
}

/// A class inside the subject: `từ 3 sao trở lên`, `đạt chuẩn mức độ 2`.
fn is_grade(tokens: &Tokens, quantity: &Quantity, clause: &Clause) -> bool {
    let next = tokens.skip_lines(quantity.end);
    let grade = tokens.has(quantity.number, (quantity.end + 2).min(clause.to), &["sao"]);
    let speed =
        tokens.has(quantity.start.saturating_sub(2).max(clause.from), quantity.start, &["tốc độ"])
            && tokens.word(next) == "/";
    grade || speed
}

/// Headings of the plan itself: `16 mục tiêu`, `05 nhóm giải pháp`.
fn counts_headings(tokens: &Tokens, quantity: &Quantity, clause: &Clause, end: usize) -> bool {
    let nouns = [
        "mục tiêu",
        "chỉ tiêu",
        "giải pháp",
        "nội dung",
        "nhiệm vụ",
        "nhóm nhiệm vụ",
        "nhóm giải pháp",
        "nhóm chỉ tiêu",
        "nhóm mục tiêu",
        "đột phá",
        "trụ cột",
        "tiêu chí",
    ];
    let at = quantity.number + 1;
    let aims = !quantity.comparators.is_empty()
        || tokens.has(clause.from, quantity.start, &["đạt", "hoàn thành", "thực hiện"])
            && tokens.phrase(at, "tiêu chí").is_some();
    tokens.any(at, &nouns).is_some_and(|noun| noun <= end + 2) && !aims
}
