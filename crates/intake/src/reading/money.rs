//! Money that is granted, lent or spent. What is earned, collected, invested or attracted may be a target.

use super::clause::Clause;
use super::comparator::Comparator;
use super::coordination::Quantity;
use super::distractor::{Case, Reason};
use super::heading::Part;
use super::token::Tokens;
use super::unit::Family;
use super::zone::Zone;

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
    "mức phụ cấp",
    "phụ cấp",
    "vốn tự có",
    "với mức",
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
    "nộp ngân sách",
    "đóng góp ngân sách",
    "nộp vào ngân sách",
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
    "fdi",
    "cho vay",
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
    "vốn huy động",
    "đề xuất đầu tư",
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
    // A clause leaves out the "với" that it begins with.
    let close = quantity.start.saturating_sub(6).max(clause.from.saturating_sub(1));
    // "lãi suất cho vay của Quỹ thấp hơn tối thiểu 1%/năm"
    let of_loan = quantity.start.saturating_sub(9).max(clause.from);
    if tokens.has(close, quantity.start, TERMS)
        || tokens.has(of_loan, quantity.start, &["lãi suất cho vay", "lãi suất vay"])
    {
        return Some(Reason::Terms);
    }
    // "1,5 lần lương tối thiểu": what is paid.
    let of_wage = family == Family::Times
        && tokens
            .any(
                tokens.skip_lines(quantity.end),
                &["lương", "mức lương", "mức hưởng", "mức hỗ trợ", "mức tối thiểu"],
            )
            .is_some();
    if of_wage && part.zone != Some(Zone::Goals) {
        return Some(Reason::Terms);
    }
    // "Hỗ trợ … tối đa 02 người/hợp tác xã": so much at most for each.
    let opens = tokens.any(tokens.skip_lines(clause.sentence), GRANTS).is_some();
    let is_each = quantity.unit.as_ref().is_some_and(|unit| unit.words.contains('/'));
    if opens && is_each && part.zone != Some(Zone::Goals) && family != Family::Share {
        return Some(Reason::Support);
    }
    let granted = (near..quantity.start).rev().find(|at| {
        // "công nghiệp hỗ trợ" is an industry, "Quỹ hỗ trợ" a fund.
        let is_name = tokens.word(*at) == "hỗ" && matches!(tokens.back(*at, 1), "nghiệp" | "quỹ");
        !is_name && tokens.any(*at, GRANTS).is_some_and(|end| end <= quantity.start)
    });
    // "cho vay 18 tỷ đồng" among the goals: what is lent in all.
    let is_total = part.zone == Some(Zone::Goals)
        && !quantity.unit.as_ref().is_some_and(|unit| unit.words.contains('/'))
        && quantity.start.checked_sub(2).is_some_and(|at| tokens.phrase(at, "cho vay").is_some());
    let granted = granted.filter(|_| !is_total);
    // "Quỹ hỗ trợ … vốn điều lệ 20 tỷ đồng": what earns stands nearer than what grants.
    let grants = granted.is_some() && granted > tokens.last(near, quantity.start, EARNS);
    let behind = tokens.skip_lines(quantity.end);
    let of_cost = tokens.has(behind, clause.to.min(behind + 6), COSTS);
    let contributes = of_cost
        && part.zone != Some(Zone::Goals)
        && tokens.has(near, quantity.start, &["đóng góp", "đối ứng"]);
    // "cho vay tối đa 70% tổng mức đầu tư"
    let shares = of_cost && family == Family::Share && granted.is_some();
    // "mỗi hợp tác xã không quá 01 công trình": so much at most for each that is supported.
    let is_most = quantity.comparators.contains(&Comparator::AtMost);
    let limits = is_most
        && granted.is_some()
        && part.zone != Some(Zone::Goals)
        && tokens.has(close, quantity.start, &["mỗi", "một", "cho một", "cho mỗi"]);
    // "miễn tiền thuê đất 7 năm, giảm 50% trong 5 năm tiếp theo"
    // "giảm tối thiểu 30% tiền thuê đất trong 05 năm đầu"
    let is_rebate = family == Family::Share
        && tokens.back(quantity.start, 1) == "giảm"
        && tokens
            .any(
                behind,
                &[
                    "tiền thuê",
                    "tiền sử dụng đất",
                    "thuế",
                    "học phí",
                    "lệ phí",
                    "giá vé",
                    "lãi suất",
                ],
            )
            .is_some();
    if is_rebate && part.zone != Some(Zone::Goals) {
        return Some(Reason::Terms);
    }
    let waived = tokens.has(clause.sentence, quantity.start, &["miễn"])
        && tokens.has(near, quantity.start, &["giảm", "miễn"])
        && tokens.has(
            clause.sentence,
            quantity.end + 6,
            &["tiền thuê", "thuế", "tiền sử dụng", "phí", "học phí", "lệ phí", "lãi suất"],
        );
    if waived && part.zone != Some(Zone::Goals) && family != Family::Count {
        return Some(Reason::Terms);
    }
    let outside = part.zone != Some(Zone::Goals);
    // "thuê gian hàng: hỗ trợ 100%, chủ thể đối ứng 30%": whose part is not said again.
    let behind_ends = matches!(tokens.word(behind), "," | ";" | "." | ")" | "");
    let lead = quantity.start.saturating_sub(3).max(clause.sentence);
    // "Hỗ trợ liều tinh bò thịt 100%, vật tư phối giống 50%": all of it is granted.
    let is_granted = opens && granted.is_some();
    let shares_cost = ["hỗ trợ", "đóng góp", "đối ứng", "trợ cấp"];
    let is_part = family == Family::Share
        && behind_ends
        && (is_granted || tokens.has(lead, quantity.start, &shares_cost));
    // "12 suất học bổng, mỗi suất 2 triệu đồng"
    let is_each_worth = family == Family::Money
        && quantity.start.checked_sub(2).is_some_and(|at| tokens.word(at) == "mỗi")
        && !tokens.has(clause.from, quantity.start, EARNS);
    // "trợ giúp hằng tháng mức 500.000 đồng"; "đạt mức" is reached.
    let is_level = family == Family::Money
        && tokens.back(quantity.start, 1) == "mức"
        && !matches!(tokens.back(quantity.start, 2), "đạt" | "ở" | "vượt" | "lên" | "giữ" | "trì");
    if outside && (is_part || is_each_worth || is_level) {
        return Some(Reason::Support);
    }
    // "giải nhất 20 triệu đồng"
    let prizes = ["giải nhất", "giải nhì", "giải ba", "giải khuyến khích", "giải đặc biệt"];
    let is_prize = family == Family::Money && tokens.has(close, quantity.start, &prizes);
    if limits || is_prize {
        return Some(Reason::Terms);
    }
    // "hỗ trợ 12 hợp tác xã vay vốn" counts whom.
    let of_cost = of_cost && family != Family::Count;
    if contributes || shares || grants && (family == Family::Money || of_cost) {
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

/// Whether a clause of its own, which tells what is earned, stands between two numbers.
pub(super) fn earns_anew(tokens: &Tokens, quantity: &Quantity, before: &Quantity) -> bool {
    tokens
        .last(before.end, quantity.start, &[";"])
        .is_some_and(|at| tokens.has(at, quantity.start, EARNS))
}

/// Whether a clause of its own, which counts what is done, stands behind the terms of a support: `hỗ trợ 400.000 đồng/ha; trồng mới
/// 30 ha`.
pub(super) fn counts_anew(tokens: &Tokens, quantity: &Quantity, before: &Quantity) -> bool {
    let terms = ["mỗi", "tối đa", "không quá", "hỗ trợ", "đối với", "vay", "thời hạn", "mức"];
    quantity
        .unit
        .as_ref()
        .is_some_and(|unit| matches!(unit.family, Family::Count | Family::Measure))
        && quantity.comparators.is_empty()
        && !quantity.from
        && tokens
            .last(before.end, quantity.start, &[";", "."])
            .is_some_and(|at| quantity.start > at + 1 && !tokens.has(at, quantity.end + 4, &terms))
}

/// Words that give a part of the money a use.
const ALLOTS: &[&str] =
    &["bố trí", "dành", "phân bổ", "cân đối", "trích", "ưu tiên bố trí", "sử dụng"];

/// What a share of is allotted: `dành 30% vốn đầu tư công cho giáo dục`.
const FUNDS: &[&str] = &[
    "vốn",
    "tổng vốn",
    "chi",
    "tổng chi",
    "ngân sách",
    "kinh phí",
    "nguồn thu",
    "nguồn vốn",
    "dự toán",
    "số thu",
    "tổng thu",
    "quỹ đất",
    "tổng quỹ đất",
    "diện tích đất",
];

/// A share of a fund that is allotted, outside the goals.
pub(super) fn is_allotted(tokens: &Tokens, quantity: &Quantity, clause: &Clause) -> bool {
    let behind = tokens.skip_lines(quantity.end);
    let left = quantity.start.saturating_sub(10).max(clause.sentence);
    let allots = tokens.has(left, quantity.start, ALLOTS);
    let of_fund = tokens.has(left, quantity.start, &["ngân sách", "kinh phí", "vốn"]);
    let unit = quantity.unit.as_ref();
    // "dành tối thiểu 20 ha/khu công nghiệp cho doanh nghiệp thuê"
    let is_plot = unit
        .is_some_and(|unit| unit.family == Family::Measure && unit.words.contains('/'))
        && tokens.has(quantity.start.saturating_sub(2), quantity.start, &["dành", "bố trí"]);
    let of_total = tokens.any(behind, &["tổng chi", "ngân sách", "dự toán"]).is_some();
    is_plot
        || unit.is_some_and(|unit| unit.family == Family::Share)
            && (allots && tokens.any(behind, FUNDS).is_some()
                || of_fund && (tokens.word(behind) == "cho" || of_total))
}

/// A share that a source bears: `Cơ cấu: ngân sách trung ương 38%; vốn vay 25%; dân đóng góp 17%`.
pub(super) fn is_source(tokens: &Tokens, quantity: &Quantity, clause: &Clause) -> bool {
    const SOURCES: &[&str] = &[
        "ngân sách",
        "vốn ngân sách",
        "vốn vay",
        "vốn tín dụng",
        "vốn doanh nghiệp",
        "vốn huy động",
        "vốn đối ứng",
        "dân đóng góp",
        "nhân dân đóng góp",
        "người dân đóng góp",
        "nguồn khác",
    ];
    quantity.unit.as_ref().is_some_and(|unit| unit.family == Family::Share)
        && tokens.any(tokens.skip_lines(clause.from), SOURCES).is_some()
        && quantity.start - clause.from <= 6
        && !tokens.has(clause.sentence, quantity.start, &["phấn đấu", "đến năm", "tăng", "giảm"])
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
        // "Tổng vốn: 90 tỷ đồng": the label stands before its colon.
        _ if tokens.back(clause.from, 1) == ":" => {
            clause.sentence.max(clause.from.saturating_sub(8))
        }
        _ => clause.from,
    };
    // "vốn huy động khác" is a source, "huy động vốn" an aim.
    let earning = (from..quantity.start).any(|at| {
        tokens.any(at, EARNS).is_some_and(|end| end <= quantity.start)
            && !(tokens.word(at) == "huy" && tokens.back(at, 1) == "vốn")
    });
    let spending = tokens.has(from, quantity.start, SPENDS);
    // "bố trí không dưới 5 tỷ đồng từ ngân sách": the purse may stand behind.
    let spending = spending
        || tokens.has(from, quantity.start, ALLOTS)
            && tokens
                .any(tokens.skip_lines(quantity.end), &["từ ngân sách", "từ nguồn", "vốn", "cho"])
                .is_some();
    let spending = spending
        || part.zone != Some(Zone::Goals)
            && tokens.has(
                quantity.start.saturating_sub(3).max(from),
                quantity.start,
                &["cân đối", "bố trí", "trích", "dành", "chi"],
            );
    // "đầu tư khoảng 1.800 tỷ đồng cho hạ tầng"
    let spending = spending
        || part.zone != Some(Zone::Goals)
            && quantity
                .start
                .checked_sub(2)
                .is_some_and(|at| tokens.phrase(at, "đầu tư").is_some())
            && matches!(tokens.word(tokens.skip_lines(quantity.end)), "cho" | "để" | "vào");
    let goes_on =
        before.is_some_and(|(_, why)| matches!(why, Some(Reason::Budget | Reason::BudgetPart)));
    !earning && (spending || goes_on)
}
