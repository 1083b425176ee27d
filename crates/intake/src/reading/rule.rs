//! What a law, a condition or a criterion asks of somebody: a bound that holds always, and is no goal of the plan.

use super::clause::Clause;
use super::coordination::Quantity;
use super::token::Tokens;

/// What asks.
const ASKS: &[&str] = &[
    "luật",
    "nghị định",
    "thông tư",
    "điều lệ",
    "quy chuẩn",
    "tiêu chuẩn",
    "điều kiện",
    "tiêu chí",
];

/// What somebody gets who is as the words say.
const GETS: &[&str] = &[
    "được vay",
    "được hỗ trợ",
    "được hưởng",
    "được thưởng",
    "được xét",
    "được miễn",
    "được giảm",
    "được công nhận",
    "được tham gia chương trình",
    "thì được",
    "mới được",
    "được cấp kinh phí",
];

/// Whether a number stands in the words of a rule.
pub(super) fn is_rule(tokens: &Tokens, quantity: &Quantity, clause: &Clause, goals: bool) -> bool {
    let is_bound = quantity.from || !quantity.comparators.is_empty();
    is_vote(tokens, clause)
        || states(tokens, quantity, clause)
        || is_bound && !goals && entitles(tokens, quantity, clause)
}

/// `Luật Hợp tác xã quy định hợp tác xã có tối thiểu 05 thành viên`. In `theo quy định` nothing is said of the rule.
fn states(tokens: &Tokens, quantity: &Quantity, clause: &Clause) -> bool {
    let from = clause.sentence.max(quantity.start.saturating_sub(20));
    tokens.last(from, quantity.start, &["quy định"]).is_some_and(|at| {
        let named = tokens.back(at, 1);
        let is_said = !matches!(named, "theo" | "đúng" | "các" | "những" | "có" | "với" | "thủ");
        let asks = tokens.has(at.saturating_sub(12).max(clause.sentence), at, ASKS);
        let ends = (at..quantity.start).any(|at| matches!(tokens.word(at), ";" | "."));
        is_said && asks && !ends
    })
}

/// `hợp tác xã có vốn điều lệ từ 500 triệu đồng trở lên được vay …`: who may have what the plan grants.
fn entitles(tokens: &Tokens, quantity: &Quantity, clause: &Clause) -> bool {
    let to = clause.sentence_end.min(quantity.end + 12);
    let to =
        (quantity.end..to).find(|at| matches!(tokens.word(*at), ";" | "." | ":")).unwrap_or(to);
    let describes = quantity.start > clause.from + 1;
    let aims = ["phấn đấu", "mục tiêu", "đến năm", "hằng năm", "mỗi năm"];
    describes
        && tokens.has(quantity.end, to, GETS)
        && !tokens.has(clause.sentence, quantity.start, &aims)
}

/// `Nghị quyết được thông qua với 47/50 đại biểu tán thành, đạt 94%`.
fn is_vote(tokens: &Tokens, clause: &Clause) -> bool {
    let to = clause.sentence_end.min(clause.sentence + 60);
    tokens.has(clause.sentence, to, &["đại biểu"])
        && tokens.has(clause.sentence, to, &["tán thành", "biểu quyết", "nhất trí thông qua"])
}
