//! What a law, a condition or a criterion asks of somebody: a bound that holds always, and is no goal of the plan.

use super::clause::Clause;
use super::comparator::Comparator;
use super::coordination::Quantity;
use super::token::{Kind, Tokens};
use super::unit::Family;

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
    let binds = is_bound && !goals;
    // "nồng độ cồn vượt quá 50 miligam": what a rule forbids.
    let exceeds = !goals
        && tokens.back(quantity.number, 1) == "quá"
        && tokens.back(quantity.number, 2) == "vượt"
        && tokens.back(quantity.number, 3) != "không";
    let from = quantity.start.saturating_sub(12).max(clause.sentence);
    let forbids = tokens.has(from, quantity.start, &["hạn chế việc", "nghiêm cấm"])
        && !quantity.unit.as_ref().is_some_and(|unit| unit.family == Family::Share);
    forbids
        || is_in_name(tokens, quantity, clause)
        || is_vote(tokens, clause)
        || is_of_others(tokens, quantity, clause)
        || exceeds
        || states(tokens, quantity, clause)
        || !goals && limits(tokens, quantity, clause)
        || !goals && entitles_all(tokens, quantity, clause)
        || binds
            && (entitles(tokens, quantity, clause)
                || obliges(tokens, quantity, clause)
                || applies(tokens, quantity, clause))
}

/// Whether a number stands in the name of a paper: `Đề án “Phát triển bền vững một triệu héc-ta lúa”`.
fn is_in_name(tokens: &Tokens, quantity: &Quantity, clause: &Clause) -> bool {
    let papers = ["án", "trình", "hoạch", "lược", "quyết", "trào", "động", "đề", "tài", "thi"];
    let is_quote = |at: &usize| matches!(tokens.word(*at), "“" | "”" | "\"" | "«" | "»");
    let from = quantity.start.saturating_sub(60).max(clause.sentence);
    let quotes = (from..quantity.start).filter(is_quote).count();
    let open = (from..quantity.start)
        .rev()
        .find(is_quote)
        .filter(|at| tokens.word(*at) == "“" || tokens.word(*at) == "\"" && quotes % 2 == 1);
    open.is_some_and(|open| papers.contains(&tokens.back(open, 1)))
        && (quantity.end..(quantity.end + 60).min(clause.sentence_end)).any(|at| is_quote(&at))
}

/// To whom something applies: `dành quỹ đất … đối với dự án từ 2 ha trở lên`.
fn applies(tokens: &Tokens, quantity: &Quantity, clause: &Clause) -> bool {
    let from = quantity.start.saturating_sub(6).max(clause.sentence);
    // "giảm nghèo đối với xã khó khăn trên 5%/năm" is aimed at.
    let is_amount = quantity
        .unit
        .as_ref()
        .is_some_and(|unit| !matches!(unit.family, Family::Share | Family::Points));
    is_amount
        && tokens.last(from, quantity.start, &["đối với"]).is_some_and(|at| {
            at + 2 < quantity.start
                && (at..quantity.start)
                    .all(|at| tokens.is(at, Kind::Word) && tokens.word(at) != "đạt")
        })
}

/// What another plan aims at, to which this one adds: `góp phần thực hiện mục tiêu tăng trưởng GRDP 8%/năm của tỉnh`.
fn is_of_others(tokens: &Tokens, quantity: &Quantity, clause: &Clause) -> bool {
    let adds = ["góp phần", "cụ thể hóa", "phục vụ", "đóng góp vào", "nhằm thực hiện"];
    let from = quantity.start.saturating_sub(14).max(clause.sentence);
    tokens.last(from, quantity.start, &["mục tiêu", "chỉ tiêu"]).is_some_and(|aim| {
        tokens.has(aim.saturating_sub(6).max(clause.sentence), aim, &adds)
            && !(aim..quantity.start).any(|at| matches!(tokens.word(at), ";" | ":" | "."))
    })
}

/// `đám cưới không quá 50 mâm`: among the tasks, the most that there may be of a thing is a rule.
fn limits(tokens: &Tokens, quantity: &Quantity, clause: &Clause) -> bool {
    let aims = ["còn", "giảm", "xuống", "phấn đấu", "duy trì", "giữ", "đến năm"];
    quantity.comparators.contains(&Comparator::AtMost)
        && quantity.unit.as_ref().is_some_and(|unit| {
            matches!(unit.family, Family::Count | Family::Money | Family::Measure)
        })
        && !tokens.has(clause.sentence, quantity.start, &aims)
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
    // "chiếm tối thiểu 50% mặt trước bao bì theo quy định"
    let ruled = clause.to.min(quantity.end + 12);
    if tokens.has(quantity.end, ruled, &["theo quy định"])
        && !tokens.has(
            clause.sentence,
            quantity.start,
            &["phấn đấu", "mục tiêu", "chỉ tiêu", "đến năm", "hằng năm", "mỗi năm"],
        )
    {
        return true;
    }
    // "phải có tối thiểu 07 thành viên theo Luật Hợp tác xã"
    let laws = ["theo luật", "theo nghị định", "theo thông tư", "theo điều lệ"];
    let is_amount = quantity
        .unit
        .as_ref()
        .is_some_and(|unit| !matches!(unit.family, Family::Share | Family::Points));
    if is_amount
        && tokens.has(quantity.end, ruled, &laws)
        && tokens.has(clause.sentence, quantity.start, &["phải"])
    {
        return true;
    }
    let to =
        (quantity.end..to).find(|at| matches!(tokens.word(*at), ";" | "." | ":")).unwrap_or(to);
    let describes = quantity.start > clause.from + 1;
    let aims = ["phấn đấu", "mục tiêu", "chỉ tiêu", "đến năm", "hằng năm", "mỗi năm"];
    describes
        && tokens.has(quantity.end, to, GETS)
        && !tokens.has(clause.sentence, quantity.start, &aims)
}

/// `từ 500 con lợn, 50 con nái, 2.000 con gia cầm trở lên mới được hỗ trợ`: every bound of a list.
fn entitles_all(tokens: &Tokens, quantity: &Quantity, clause: &Clause) -> bool {
    let to = clause.sentence_end.min(quantity.end + 30);
    let to =
        (quantity.number..to).find(|at| matches!(tokens.word(*at), ";" | "." | ":")).unwrap_or(to);
    tokens.last(quantity.number, to, &["trở lên", "trở xuống"]).is_some_and(|bound| {
        tokens.any(bound + 2, &["mới được", "thì được", "được hỗ trợ", "được vay"]).is_some()
    })
}

/// `chọn 05 hợp tác xã để hỗ trợ; hợp tác xã phải có ít nhất 50 thành viên`: what those must be like who are chosen.
fn obliges(tokens: &Tokens, quantity: &Quantity, clause: &Clause) -> bool {
    let near = quantity.start.saturating_sub(4).max(clause.sentence);
    let must = ["phải có", "phải đạt", "phải bảo đảm", "phải đảm bảo"];
    let chosen = ["hỗ trợ", "chọn", "lựa chọn", "tham gia", "dự thi", "đăng ký", "được"];
    let to = clause.sentence_end.min(quantity.end + 20);
    tokens.last(near, quantity.start, &must).is_some_and(|must| must > clause.sentence)
        && (tokens.has(clause.sentence, quantity.start, &chosen)
            || tokens.has(quantity.end, to, &["mới được", "thì được"]))
}

/// `Nghị quyết được thông qua với 47/50 đại biểu tán thành, đạt 94%`.
fn is_vote(tokens: &Tokens, clause: &Clause) -> bool {
    let to = clause.sentence_end.min(clause.sentence + 60);
    tokens.has(clause.sentence, to, &["đại biểu"])
        && tokens.has(
            clause.sentence,
            to,
            &["tán thành", "biểu quyết", "nhất trí thông qua", "tham dự có", "có mặt", "dự họp"],
        )
}
