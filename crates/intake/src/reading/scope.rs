//! Where a target holds: the province, each district, a sector, the members of a group.

use super::clause::Clause;
use super::coordination::Quantity;
use super::token::Tokens;

/// Reads the scope from the words before the number.
pub(super) fn scope(
    tokens: &Tokens,
    quantity: &Quantity,
    clause: &Clause,
    parent: Option<&str>,
) -> String {
    if let Some(at) = tokens.last(clause.from, quantity.start, &["mỗi", "từng"]) {
        if tokens.any(at, &["mỗi huyện", "từng huyện"]).is_some() {
            return "each district".to_owned();
        }
        if tokens.any(at, &["mỗi xã", "từng xã"]).is_some() {
            return "each commune".to_owned();
        }
        if tokens.any(at, &["mỗi năm", "từng năm"]).is_none() {
            let end = (at..quantity.start)
                .find(|at| matches!(tokens.word(*at), "có" | "đạt" | "thành" | "phấn" | ","))
                .unwrap_or(quantity.start);
            return format!("group:{}", tokens.shown(at, end));
        }
    }
    if tokens.has(clause.from, quantity.start, &["cả nước", "toàn quốc"]) {
        return "nation".to_owned();
    }
    let to = clause.to.min(quantity.end + 40);
    if tokens.has(quantity.end, to, &["phi nông nghiệp"]) {
        return "sector:phi nông nghiệp".to_owned();
    }
    for sector in
        ["nông nghiệp", "du lịch", "thủy sản", "lâm nghiệp", "công nghiệp", "giao thông vận tải"]
    {
        if tokens.phrase(quantity.end, sector).is_some() {
            return format!("sector:{sector}");
        }
    }
    match parent {
        Some(parent) => format!("group:{parent}"),
        None => "province".to_owned(),
    }
}
