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
        let from = if counts { quantity.number + 1 } else { quantity.end };
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
    let mut end = quantity.start;
    while end > from && (TIES.contains(&tokens.word(end - 1)) || tokens.is(end - 1, Kind::Line)) {
        end -= 1;
    }
    let words = tokens.shown(from, end);
    let bare = words.strip_prefix("tỷ lệ ").or_else(|| words.strip_prefix("Tỷ lệ "));
    let words = bare.map(ToOwned::to_owned).unwrap_or(words);
    Subject { words, from, to: quantity.end }
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
