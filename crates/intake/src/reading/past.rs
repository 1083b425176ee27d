//! What is and what was, told apart from what is aimed at.

use super::clause::Clause;
use super::coordination::Quantity;
use super::token::Tokens;

const PAST: &[&str] = &[
    "hiện có",
    "hiện nay",
    "hiện tại",
    "hiện đang",
    "hiện còn",
    "hiện toàn",
    "hiện mới",
    "đến nay",
    "tính đến",
    "tại thời điểm",
    "năm qua",
    "thời gian qua",
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

/// Words that tell of results where a sentence begins with them.
const RESULTS: &[&str] = &["hiện có", "hiện nay", "đến nay", "năm qua", "hiện trạng", "thực trạng"];

/// Words that look ahead even in a sentence that tells of results.
const CLEARLY_AHEAD: &[&str] = &[
    "phấn đấu",
    "mục tiêu",
    "dự kiến",
    "đến năm",
    "đến hết năm",
    "đến cuối năm",
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

/// Whether the words before a number, from a place on, look ahead.
pub(super) fn aims(tokens: &Tokens, from: usize, quantity: &Quantity) -> bool {
    tokens.has(from, quantity.start, AHEAD)
}

/// What is and what was. Of the words that look back and those that look ahead, the nearer one counts; a sentence that
/// tells of results is turned only by words that clearly look ahead. `before` is where the number before ends, if that
/// number was past and stands in the same sentence: what follows it is past with it.
pub(super) fn is_past(
    tokens: &Tokens,
    quantity: &Quantity,
    clause: &Clause,
    goals: bool,
    before: Option<usize>,
) -> bool {
    let left = clause.sentence.max(quantity.start.saturating_sub(60));
    let clearly = tokens.last(left, quantity.start, CLEARLY_AHEAD);
    let goes_on =
        before.filter(|before| clearly < Some(*before) && !closes(tokens, *before, quantity.start));
    if goes_on.is_some() {
        return true;
    }
    let past = tokens
        .last(left, quantity.start, PAST)
        .max(result(tokens, clause.sentence, quantity.start).filter(|at| *at >= left))
        .max(done(tokens, clause.from.max(left), quantity.start, goals));
    let ahead = tokens
        .last(left, quantity.start, AHEAD)
        .filter(|at| tokens.back(*at, 1) != "tính" && tokens.back(*at, 1) != "được");
    // A verb that the past word itself governs looks back with it: "đã thành lập mới 10 hợp tác xã".
    let governed = matches!((past, ahead), (Some(past), Some(ahead)) if ahead > past && ahead - past <= 4
        && !tokens.has(ahead, quantity.start, &["phấn đấu", "đến năm", "mục tiêu", "dự kiến", "sẽ", "ít nhất", "tối thiểu"]));
    if past.is_some() && (past > ahead || governed) {
        return true;
    }
    let tells = tokens
        .last(left, quantity.start, RESULTS)
        .max(result(tokens, clause.sentence, quantity.start).filter(|at| *at >= left));
    if !goals && tells.is_some() && tells > clearly {
        return true;
    }
    let behind = clause.to.min(quantity.end + 14);
    ahead.is_none()
        && !goals
        && tokens.has(quantity.end, behind, &["hiện nay", "đã", "kế hoạch năm", "so với cùng kỳ"])
        || tokens.has(quantity.end, behind, &["hiện có"])
}

/// Where `đã` looks back. Before a participle it only describes whose number it is: `lao động đã qua đào tạo`.
fn done(tokens: &Tokens, from: usize, to: usize, goals: bool) -> Option<usize> {
    tokens.last(from, to, &["đã"]).filter(|at| {
        let describes = tokens.any(*at, &["đã qua", "đã được", "đã có", "đã đạt"]).is_some();
        let by_nature = tokens.any(*at, &["đã qua đào tạo", "đã qua sử dụng"]).is_some();
        !(by_nature || goals && describes)
    })
}

/// Where a sentence speaks of results: `Kết quả năm 2009, …`. In the middle of a clause the word is a thing like others:
/// `số hóa hồ sơ, kết quả giải quyết`.
fn result(tokens: &Tokens, sentence: usize, to: usize) -> Option<usize> {
    tokens.last(sentence, to, &["kết quả"]).filter(|at| {
        *at <= sentence + 3
            || tokens
                .any(*at, &["kết quả thực hiện", "kết quả đạt", "kết quả năm", "kết quả là"])
                .is_some()
    })
}

/// Whether a bracket closes between two places: what is told in it ends there.
fn closes(tokens: &Tokens, from: usize, to: usize) -> bool {
    (from..to)
        .find(|at| matches!(tokens.word(*at), "(" | ")"))
        .is_some_and(|at| tokens.word(at) == ")")
}
