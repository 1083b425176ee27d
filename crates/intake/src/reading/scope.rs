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
    own: Option<&str>,
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
        None => whole(own),
    }
}

/// The scope of a whole document: its own district or commune, else the province.
pub(super) fn whole(own: Option<&str>) -> String {
    own.map_or_else(|| "province".to_owned(), |place| format!("group:{place}"))
}

/// The name of a district or commune that begins here: the kind and the capitals behind it.
pub(super) fn own_place(tokens: &Tokens, at: usize, to: usize) -> Option<String> {
    let kinds = ["huyện", "thị xã", "quận", "phường", "xã", "thị trấn"];
    let name = tokens.any(at, &kinds)?;
    let is_many = matches!(tokens.back(at, 1), "các" | "mỗi" | "từng" | "số" | "hợp" | "tác");
    let end = (name..to)
        .find(|at| !tokens.is_capital(*at) || tokens.any(*at, ENDS).is_some())
        .unwrap_or(to);
    (!is_many && end > name && end - name <= 3).then(|| {
        let kind = tokens.shown(at, name).to_lowercase();
        format!("{kind} {}", tokens.shown(name, end))
    })
}

/// Words in capitals that a name in a title of capitals ends before.
const ENDS: &[&str] =
    &["giai đoạn", "năm", "đến", "kế hoạch", "khóa", "về", "lần", "nhiệm kỳ", "thực hiện"];
