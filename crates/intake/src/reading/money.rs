//! Money that is granted, lent or spent. What is earned, collected, invested or attracted may be a target.

use super::clause::Clause;
use super::coordination::Quantity;
use super::distractor::{Case, Reason};
use super::heading::{Part, Zone};
use super::token::Tokens;
use super::unit::Family;

/// The terms of what is granted or lent.
const TERMS: &[&str] = &[
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
    "suất đầu tư",
    "đơn giá",
];

const GRANTS: &[&str] = &["hỗ trợ", "cho vay", "được vay", "trợ cấp", "thưởng", "chi trả"];

/// What a part of is granted: `hỗ trợ 50% chi phí`.
const COSTS: &[&str] = &[
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
    "giá",
    "tiền",
];

const EARNS: &[&str] = &[
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
    "vốn đăng ký",
    "tổng sản phẩm",
    "đầu tư toàn xã hội",
    "đầu tư xã hội",
    "xuất khẩu",
    "nhập khẩu",
    "lãi",
    "tài sản",
    "đầu tư phát triển",
    "tổng thu",
    "thu cân đối",
    "thu nội địa",
    "vốn góp",
    "chi tiêu bình quân",
    "mức bán lẻ",
    "giải ngân",
];

const SPENDS: &[&str] = &[
    "kinh phí",
    "ngân sách",
    "dự toán",
    "nguồn vốn",
    "vốn",
    "nhu cầu",
    "tổng mức",
    "chi ngân sách",
    "chi cho",
    "chi thường xuyên",
    "tổng chi",
    "trị giá",
    "xã hội hóa",
    "đóng góp",
    "nguồn xã hội",
];

/// Money, or a part of a cost, that is granted or lent, and the terms of it.
pub(super) fn support(
    tokens: &Tokens,
    quantity: &Quantity,
    clause: &Clause,
    part: &Part,
    family: Family,
) -> Option<Reason> {
    let near = quantity.start.saturating_sub(25).max(clause.sentence);
    let close = quantity.start.saturating_sub(6).max(clause.from);
    if tokens.has(close, quantity.start, TERMS) {
        return Some(Reason::Terms);
    }
    let granted = tokens.last(near, quantity.start, GRANTS);
    // "Quỹ hỗ trợ … vốn điều lệ 20 tỷ đồng": what earns stands nearer than what grants.
    let grants = granted.is_some() && granted > tokens.last(near, quantity.start, EARNS);
    let behind = tokens.skip_lines(quantity.end);
    let of_cost = tokens.has(behind, clause.to.min(behind + 6), COSTS);
    if grants && (family == Family::Money || of_cost) {
        return Some(Reason::Support);
    }
    let is_rate = family == Family::Money
        && quantity
            .unit
            .as_ref()
            .is_some_and(|unit| unit.words.contains('/') && !unit.words.ends_with("/năm"));
    (is_rate
        && part.zone != Some(Zone::Goals)
        && tokens.has(near, quantity.start, &["không quá", "tối đa"]))
    .then_some(Reason::Support)
}

/// Money that is spent. The parts of a budget need not name it again.
pub(super) fn is_budget(tokens: &Tokens, case: &Case<'_>) -> bool {
    let Case { quantity, clause, part, before, .. } = *case;
    if part.zone == Some(Zone::Budget) {
        return true;
    }
    // "vốn đầu tư toàn xã hội 5 năm đạt 90 tỷ đồng": a length of time does not end what is told.
    let is_time = |quantity: &Quantity| {
        quantity.unit.as_ref().is_some_and(|unit| unit.family == Family::Time)
    };
    let from = match before {
        Some((before, _)) if is_time(before) => {
            clause.sentence.max(quantity.start.saturating_sub(14))
        }
        _ => clause.from,
    };
    let earning = tokens.has(from, quantity.start, EARNS);
    let spending = tokens.has(from, quantity.start, SPENDS);
    let goes_on = before.is_some_and(|(_, why)| why == Some(Reason::Budget));
    !earning && (spending || goes_on)
}
