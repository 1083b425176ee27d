//! Of what a number speaks: the words behind it (`50% hợp tác xã nông nghiệp`) or those before it (`tỷ lệ hộ nghèo dưới 3%`).

use super::clause::{Clause, skip_joints};
use super::coordination::Quantity;
use super::token::{Kind, Tokens};
use super::unit::Family;

/// The words that carry a target, and its subject.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) words: String,
    /// The first token of the quote.
    pub(super) from: usize,
    /// Behind the last token of the quote.
    pub(super) to: usize,
}

/// Verbs that tie a subject to its number.
const TIES: &[&str] = &[
    "đạt",
    "chiếm",
    "là",
    "còn",
    "đạt mức",
    "có",
    "bằng",
    "lên",
    "xuống còn",
    "xuống",
    "tăng",
    "giảm",
    "khoảng",
    "ở mức",
    "duy trì",
    ":",
];

/// Reads the subject of a number.
pub(super) fn subject(tokens: &Tokens, quantity: &Quantity, clause: &Clause) -> Subject {
    // "Nhân lực nghiên cứu đạt 8 người/vạn dân": what is told per something stands before it.
    let counts = quantity
        .unit
        .as_ref()
        .is_some_and(|unit| unit.family == Family::Count && !unit.words.contains('/'));
    let next = tokens.skip_lines(quantity.end);
    let behind = next < clause.to
        && tokens.is(next, Kind::Word)
        && !is_tail(tokens, next)
        && !is_base(tokens, quantity, clause, next);
    if behind || counts {
        // "từ 3 đến 4 đơn vị cấp huyện", "67/83 xã": the noun stands behind the last number.
        let from = (quantity.number..quantity.end)
            .rev()
            .find(|at| tokens.is(*at, Kind::Number))
            .map_or(quantity.number + 1, |at| at + 1);
        let from = if counts { from } else { quantity.end };
        let mut words = tokens.shown(from, clause.to);
        for article in ["số ", "các "] {
            words = words.strip_prefix(article).map(ToOwned::to_owned).unwrap_or(words);
        }
        // What is per something begins there: "trung bình mỗi hợp tác xã có khoảng 14 thành viên".
        let start = tokens
            .last(
                clause.from,
                quantity.start,
                &["trung bình mỗi", "bình quân mỗi", "mỗi", "toàn tỉnh", "toàn huyện"],
            )
            .filter(|start| {
                tokens.any(*start, &["mỗi năm"]).is_none() && quantity.start - *start < 14
            });
        return Subject { words, from: start.unwrap_or(quantity.start), to: clause.to };
    }
    let from = skip_joints(tokens, clause.from, quantity.start);
    let from = behind_another(tokens, clause, from, quantity.start);
    let mut end = quantity.start;
    while end > from
        && (TIES.contains(&tokens.word(end - 1))
            || matches!(tokens.word(end - 1), "sẽ")
            || tokens.is(end - 1, Kind::Line))
    {
        end -= 1;
    }
    let words = tokens.shown(opening(tokens, from, end), end);
    let bare = words.strip_prefix("tỷ lệ ").or_else(|| words.strip_prefix("Tỷ lệ "));
    let words = bare.map(ToOwned::to_owned).unwrap_or(words);
    Subject { words, from, to: quantity.end }
}

/// Where a measure of its own begins behind the words of the number before: `85% số hợp tác xã hoạt động hiệu quả, tỷ lệ hợp tác xã
/// yếu kém đạt dưới 2%`.
fn behind_another(tokens: &Tokens, clause: &Clause, from: usize, to: usize) -> usize {
    const MEASURES: &[&str] = &["tỷ lệ", "tỉ lệ", "tỷ trọng", "tỉ trọng", "tốc độ", "số lượng"];
    let follows = (clause.sentence..from).any(|at| tokens.is(at, Kind::Number));
    let begins = |at: &usize| tokens.word(*at) == "," && tokens.any(*at + 1, MEASURES).is_some();
    let comma = follows.then(|| (from..to).rev().find(begins)).flatten();
    comma.map_or(from, |comma| comma + 1)
}

/// Where a subject begins behind what opens its sentence: `Đặc biệt, …`, `Mục tiêu cụ thể tới năm 2025 …`, `Theo kế hoạch, mục tiêu
/// của tỉnh đến năm 2030, …`.
fn opening(tokens: &Tokens, from: usize, end: usize) -> usize {
    const CALLS: &[&str] = &["đặc biệt", "ngoài ra", "bên cạnh đó", "theo đó", "theo kế hoạch"];
    let mut at = from;
    if let Some(behind) = tokens.any(at, CALLS)
        && tokens.word(behind) == ","
    {
        at = behind + 1;
    }
    let year = |at: usize| {
        let behind = tokens.any(at, &["tới năm", "đến năm", "đến hết năm", "vào năm"])?;
        (tokens.is(behind, Kind::Number) && behind < end).then_some(behind + 1)
    };
    let is_goal = |at: usize| tokens.any(at, &["mục tiêu", "chỉ tiêu"]).is_some();
    if let Some(behind) =
        (at..end).find_map(|place| year(place).filter(|_| place == at || is_goal(at)))
    {
        at = behind + usize::from(tokens.word(behind) == ",");
    }
    // Two words at least are left.
    if at + 2 <= end { at } else { from }
}

/// Whether the words behind a share are only its base, and what is told of stands before it: `phủ sóng 5G đạt 99% dân số`.
fn is_base(tokens: &Tokens, quantity: &Quantity, clause: &Clause, next: usize) -> bool {
    let bases = ["dân số", "số dân", "tổng số", "diện tích tự nhiên"];
    let tie = quantity.start.saturating_sub(1);
    let moments = ["năm", "đến", "phấn", "đấu", "hết", "cuối", "khoảng", "hằng", "mỗi"];
    let told = (clause.from..tie)
        .filter(|at| tokens.is(*at, Kind::Word) && !moments.contains(&tokens.word(*at)))
        .count();
    quantity.unit.as_ref().is_some_and(|unit| unit.family == Family::Share)
        && matches!(tokens.word(tie), "đạt" | "chiếm")
        && tokens
            .any(next, &bases)
            .is_some_and(|end| end >= clause.to || !tokens.is(end, Kind::Word) || told >= 3)
        && told >= 2
}

/// Words behind a number that say when or against what, not of whom.
fn is_tail(tokens: &Tokens, at: usize) -> bool {
    const TAILS: &[&str] = &[
        "vào", "năm", "đến", "trong", "so", "và", "trở", "theo", "trước", "mỗi", "hằng", "hàng",
        "tại", "để", "nhằm", "thì", "gdp", "grdp", "hoặc", "ở",
    ];
    TAILS.contains(&tokens.word(at))
}

/// The base of a share or a multiple, where it is a written total.
pub(super) fn denominator(tokens: &Tokens, quantity: &Quantity) -> Option<String> {
    let at = tokens.skip_lines(quantity.end);
    let end =
        tokens.any(at, &["grdp", "gdp", "tổng số", "dân số", "tổng sản phẩm", "tổng diện tích"])?;
    let family = quantity.unit.as_ref().map(|unit| unit.family);
    matches!(family, Some(Family::Share)).then(|| tokens.shown(at, end))
}
