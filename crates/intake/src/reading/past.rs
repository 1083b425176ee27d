//! What is and what was, told apart from what is aimed at.

use super::clause::Clause;
use super::coordination::Quantity;
use super::distractor::Case;
use super::horizon::When;
use super::number;
use super::token::{Kind, Tokens};
use super::zone::Zone;

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
    tokens.last(from, quantity.start, AHEAD).is_some_and(|at| {
        !(is_waived(tokens, at) || is_wage(tokens, at)) || tokens.has(from, at, AHEAD)
    })
}

/// Whether `tối thiểu` belongs to a name: `lương tối thiểu`, `mức sống tối thiểu`.
fn is_wage(tokens: &Tokens, at: usize) -> bool {
    tokens.word(at) == "tối" && matches!(tokens.back(at, 1), "lương" | "sống")
}

/// Whether `giảm` only waives a fee: `miễn, giảm học phí cho 900 học sinh`.
fn is_waived(tokens: &Tokens, at: usize) -> bool {
    tokens.word(at) == "giảm"
        && (tokens.back(at, 1) == "miễn"
            || tokens.back(at, 1) == "," && tokens.back(at, 2) == "miễn")
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
    // "bảo đảm vượt chỉ tiêu, nghị quyết đề ra là 64%": what was to be reached is told beside.
    let near = quantity.start.saturating_sub(10).max(clause.sentence);
    if tokens.has(near, quantity.start, &["vượt chỉ tiêu", "vượt nghị quyết", "vượt kế hoạch"])
    {
        return true;
    }
    // "2 chỉ tiêu còn lại là thu gom 100% … và … dưới 15% chưa đạt": what was missed is told.
    let to = clause.sentence_end.min(quantity.end + 40);
    if !goals
        && tokens.has(quantity.end, to, &["chưa đạt", "chưa hoàn thành", "không đạt kế hoạch"])
    {
        return true;
    }
    // "đến năm 2020 ước đạt 6.900 USD, tăng 1,3 lần": an estimate of what is nearly over.
    let estimates =
        ["ước đạt", "ước thực hiện", "ước tính đạt", "ước năm", "ước cả năm", "ước đến"];
    let aims = ["phấn đấu", "mục tiêu", "dự kiến", "sẽ"];
    if !goals
        && tokens.has(left, quantity.number, &estimates)
        && !tokens.has(clause.sentence, quantity.start, &aims)
    {
        return true;
    }
    // "So với năm 2021, số hợp tác xã tăng 7%"
    let opening = tokens.skip_lines(clause.sentence);
    if !goals
        && tokens.any(opening, &["so với năm", "so với cùng kỳ", "so với đầu năm"]).is_some()
        && !tokens.has(clause.sentence, clause.sentence_end, &aims)
        && !tokens.has(clause.sentence, clause.sentence_end, &["đến năm", "phải", "tới năm"])
    {
        return true;
    }
    let clearly = tokens.last(left, quantity.start, CLEARLY_AHEAD);
    let goes_on = before.filter(|before| {
        clearly < Some(*before)
            && !closes(tokens, *before, quantity.start)
            && !(*before..*before + 3).any(|at| trails(tokens, at))
    });
    if goes_on.is_some() {
        return true;
    }
    if !goals && clearly.is_none() && tells_of_plan(tokens, clause) {
        return true;
    }
    let past = (left..quantity.start)
        .rev()
        .find(|at| {
            tokens.any(*at, PAST).is_some_and(|end| end <= quantity.start)
                && !is_found(tokens, *at)
                // "Lũy kế đến cuối năm" is the total to reach where the part tells goals.
                && !(trails(tokens, *at)
                    || compares(tokens, *at)
                    || goals && tokens.word(*at) == "lũy")
        })
        .max(now(tokens, left, quantity.start))
        .max(only(tokens, left, quantity.start))
        .max(result(tokens, clause.sentence, quantity.start).filter(|at| *at >= left))
        .max(done(tokens, clause.from.max(left), quantity.start, goals));
    let ahead = tokens.last(left, quantity.start, AHEAD).filter(|at| {
        let is_total = !goals && tokens.word(*at) == "đến" && tokens.back(*at, 1) == "kế";
        let is_led = matches!(tokens.back(*at, 1), "tính" | "được");
        !(is_total || is_led || is_waived(tokens, *at))
    });
    // A verb that the past word itself governs looks back with it: "đã thành lập mới 10 hợp tác xã".
    let governed = matches!((past, ahead), (Some(past), Some(ahead)) if ahead > past && ahead - past <= 4
        && !tokens.has(ahead, quantity.start, &["phấn đấu", "đến năm", "mục tiêu", "dự kiến", "sẽ", "ít nhất", "tối thiểu"]));
    if past.is_some() && (past > ahead || governed) {
        return true;
    }
    // "gấp 2 lần so với hiện nay (hợp tác xã nông nghiệp: 4,8 triệu đồng/năm)": the bracket says what is today.
    let bracket = (left..quantity.start)
        .rev()
        .find(|at| matches!(tokens.word(*at), "(" | ")"))
        .filter(|at| tokens.word(*at) == "(");
    if bracket
        .and_then(|at| at.checked_sub(2))
        .is_some_and(|at| tokens.any(at, &["hiện nay", "hiện tại"]).is_some())
    {
        return true;
    }
    let tells = (left..quantity.start)
        .rev()
        .find(|at| {
            tokens.any(*at, RESULTS).is_some_and(|end| end <= quantity.start)
                && !compares(tokens, *at)
        })
        .max(result(tokens, clause.sentence, quantity.start).filter(|at| *at >= left));
    if !goals && tells.is_some() && tells > clearly {
        return true;
    }
    let behind = clause.to.min(quantity.end + 14);
    // A clause does not reach over the "có" at its end.
    let reach = (clause.to + 1).min(quantity.end + 14);
    ahead.is_none()
        && !goals
        && tokens.has(quantity.end, behind, &["hiện nay", "đã", "kế hoạch năm", "so với cùng kỳ"])
        || tokens.has(quantity.end, reach, &["hiện có"])
}

/// Whether a whole document tells of results and nothing in it looks ahead.
pub(super) fn only_reports(tokens: &Tokens) -> bool {
    const PLANS: &[&str] = &[
        "phấn đấu",
        "mục tiêu",
        "chỉ tiêu",
        "kế hoạch",
        "đến năm",
        "đến hết năm",
        "đến cuối năm",
        "nhiệm vụ",
        "sẽ",
        "đề án",
        "chương trình",
        "quy hoạch",
        "lộ trình",
        "giai đoạn",
        "dự kiến",
        "tối thiểu",
        "ít nhất",
    ];
    tokens.has(0, tokens.len(), &["ước đạt", "so với cùng kỳ", "đến nay", "hiện nay", "đã"])
        && !tokens.has(0, tokens.len(), PLANS)
}

/// Words that open a report.
const OPENS_REPORT: &[&str] = &[
    "những năm qua",
    "năm qua",
    "thời gian qua",
    "nhiệm kỳ qua",
    "giai đoạn qua",
    "giai đoạn trước",
    "nhiệm kỳ trước",
    "đến nay",
    "tính đến",
    "hiện nay",
    "hiện có",
    "hiện tại",
    "hiện toàn",
    "vừa qua",
    "sau khi",
    "kết quả",
    "tháng đầu năm",
    "tháng qua",
    "theo thống kê",
    "theo số liệu",
    "theo báo cáo",
    "được biết",
];

/// Words of running text that tells of a place or lets somebody speak.
const TELLS: &[&str] = &[
    "theo thống kê",
    "theo số liệu",
    "cho biết",
    "chia sẻ",
    "hiện có",
    "hiện nay",
    "tính đến",
    "đến nay",
    "diện tích tự nhiên",
];

/// Whether a paragraph only tells of what is: `Tỉnh có diện tích tự nhiên 5.155 km2, dân số 1,2 triệu người.`
pub(super) fn tells(tokens: &Tokens, from: usize, to: usize) -> bool {
    tokens.has(from, to, TELLS) && !turns(tokens, from, to)
}

/// Whether a sentence tells what is expected to come by itself: `Dự báo nhu cầu thuê đất tăng 150 ha/năm`.
pub(super) fn is_forecast(tokens: &Tokens, clause: &Clause) -> bool {
    let first = tokens.skip_lines(clause.sentence);
    let first = if tokens.word(first) == "theo" { first + 1 } else { first };
    tokens.phrase(first, "dự báo").is_some()
        && !tokens.has(first, clause.from.max(first), &["mục tiêu", "phấn đấu"])
}

/// Words with which a report goes on to what is still wanting.
const STILL: &[&str] = &["còn", "chưa", "mới", "vẫn", "thấp", "chậm"];

/// Words that end a report.
const TURNS: &[&str] = &[
    "phấn đấu",
    "mục tiêu",
    "dự kiến",
    "sẽ",
    "thời gian tới",
    "giai đoạn tới",
    "những năm tới",
    "năm tới",
    "đến năm",
    "đến hết năm",
    "đến cuối năm",
    "chỉ tiêu",
    "kế hoạch đề ra",
    "yêu cầu",
    "cần",
];

/// Whether words that end a report stand in a stretch.
pub(super) fn turns(tokens: &Tokens, from: usize, to: usize) -> bool {
    // "lũy kế đến năm 2021 có 32 xã" goes on with the report.
    (from..to).any(|at| {
        tokens.any(at, TURNS).is_some_and(|end| end <= to)
            && !(tokens.word(at) == "đến" && matches!(tokens.back(at, 1), "kế" | "tính"))
    })
}

/// Which sentences of a paragraph go on with a report that it opened with: `Những năm qua, … Tỷ lệ … đạt 31%. Tuy nhiên,
/// còn 18 xã …`. Among goals only what opens the paragraph reports.
pub(super) fn reports(
    tokens: &Tokens,
    sentences: &[(usize, usize)],
    zone: Option<Zone>,
) -> Vec<bool> {
    let mut going = false;
    let mut all = Vec::with_capacity(sentences.len());
    for (index, (from, to)) in sentences.iter().copied().enumerate() {
        let head = to.min(from + 9);
        let is_held_against =
            tokens.word(tokens.skip_lines(from)) == "năm" && tokens.has(from, to, AGAINST);
        let opens = is_held_against || opens_report(tokens, from, head);
        let wants = tokens.any(from, &["tuy nhiên", "bên cạnh đó", "song"]).is_some()
            && tokens.has(from, to.min(from + 40), STILL);
        if opens || wants {
            going = is_held_against || !turns(tokens, from, to);
            // The words of the sentence itself decide on the one that opens.
            all.push(going && wants);
            continue;
        }
        going &= !turns(tokens, from, to) && zone != Some(Zone::Goals) && index > 0;
        all.push(going);
    }
    all
}

/// Whether words at the head of a paragraph or a sentence open a report.
pub(super) fn opens_report(tokens: &Tokens, from: usize, to: usize) -> bool {
    tokens.has(from, to, OPENS_REPORT) || looks_back(tokens, from)
}

/// `Sau 20 năm thực hiện Nghị quyết …`, `Qua 5 năm triển khai …`, `So với năm trước, …`.
fn looks_back(tokens: &Tokens, from: usize) -> bool {
    let from = tokens.skip_lines(from);
    // "So với năm 2021, số hợp tác xã tăng 7%."
    if tokens.any(from, &["so với năm", "so với cùng kỳ", "ước năm", "ước cả năm"]).is_some()
    {
        return true;
    }
    let at = if tokens.word(from + 1) == "hơn" || tokens.word(from + 1) == "gần" {
        from + 3
    } else {
        from + 2
    };
    matches!(tokens.word(from), "sau" | "qua" | "trải") && tokens.word(at) == "năm"
}

/// Words that hold a result against a plan or an estimate against the end of the year.
const AGAINST: &[&str] = &[
    "vượt kế hoạch",
    "đạt kế hoạch",
    "so với kế hoạch",
    "so với chỉ tiêu",
    "so với cùng kỳ",
    "cùng kỳ năm trước",
    "ước đạt",
    "ước thực hiện",
];

/// Whether a sentence reports on a plan: `gieo trồng 900 ha, đạt 99% kế hoạch`.
fn tells_of_plan(tokens: &Tokens, clause: &Clause) -> bool {
    let to = clause.sentence_end.min(clause.sentence + 120);
    tokens.has(clause.sentence, to, AGAINST)
        || (clause.sentence..to).any(|at| {
            tokens.word(at) == "%"
                && matches!(tokens.word(at + 1), "kế" | "dự" | "chỉ")
                && tokens.any(at + 1, &["kế hoạch", "dự toán", "chỉ tiêu kế hoạch"]).is_some()
        })
}

/// Whether a sentence compares a year with the one before it, and the plan is for later ones: `Năm 2026, huyện đón 900 lượt
/// khách, tăng 5% so với năm 2025`.
pub(super) fn is_year_under_report(tokens: &Tokens, case: &Case<'_>) -> bool {
    let Case { quantity, clause, .. } = *case;
    let Some(When::Year(year)) = case.horizon else { return false };
    let to = clause.sentence_end.min(clause.sentence + 120);
    // "Đến cuối năm 2022, toàn tỉnh có 572 hợp tác xã" before any heading of a plan made in that year.
    let is_made = case.first_year.is_some_and(|first| year <= first)
        && case.part.is_opening
        && opens_with_year(tokens, clause.sentence)
        && !tokens.has(clause.sentence, quantity.start, &["phấn đấu", "mục tiêu", "sẽ", "phải"]);
    if is_made && case.last_year != Some(year) {
        return true;
    }
    let Some(last) = case.last_year else { return false };
    // "Năm 2020, huyện đón 120.000 lượt khách" before any heading of a plan for later years.
    let opens = case.part.is_opening
        && tokens.word(tokens.skip_lines(clause.sentence)) == "năm"
        && tokens.word(tokens.skip_lines(clause.sentence) + 2) == ",";
    if year < last && opens && !aims(tokens, tokens.skip_lines(clause.sentence) + 2, quantity) {
        return true;
    }
    year < last
        && !tokens.has(clause.sentence, quantity.start, CLEARLY_AHEAD)
        && (clause.sentence..to).any(|at| {
            tokens.phrase(at, "so với năm").and_then(|at| number::year(tokens, at))
                == Some(year - 1)
        })
}

/// Whether running text tells of a year before the first that it aims at: `Năm 2024, toàn tỉnh thành lập 112 hợp tác xã. … Năm
/// 2025, tỉnh phấn đấu …`.
pub(super) fn is_before_aims(tokens: &Tokens, case: &Case<'_>) -> bool {
    const AIMS: &[&str] = &[
        "phấn đấu",
        "mục tiêu",
        "chỉ tiêu",
        "dự kiến",
        "sẽ",
        "phải",
        "ít nhất",
        "tối thiểu",
        "đến năm",
        "tới năm",
        "giai đoạn",
    ];
    let (Some(When::Year(year) | When::Period(_, year)), Some(aimed)) = (case.horizon, case.aimed)
    else {
        return false;
    };
    // Behind the aim stand the years of its road map too; what was is told as such.
    let is_behind = case.aims_at.is_some_and(|at| case.clause.sentence >= at);
    let looks_back = ["cuối năm", "hết năm", "được biết", "trước đó", "đã"];
    let head = case.part.from;
    // "Vụ đông xuân 2023 - 2024, …", "Năm 2024, …"
    let is_season = matches!(tokens.word(head), "vụ" | "niên" | "mùa")
        && (head + 1..head + 5).any(|at| number::year(tokens, at).is_some());
    let is_headed = is_season
        || tokens.word(head) == "năm"
            && number::year(tokens, head + 1).is_some()
            && tokens.word(head + 2) != ":";
    let is_told = !is_behind
        || is_headed
        || tokens.has(case.clause.sentence, case.quantity.start, &looks_back);
    is_told
        && case.part.is_opening
        && (year + 1 == aimed || year < aimed && case.made.is_some_and(|made| year <= made))
        && !tokens.has(
            case.clause.sentence,
            case.clause.sentence_end.min(case.quantity.end + 6),
            AIMS,
        )
}

/// Whether a sentence opens with what was at the end of a year: `Đến cuối năm 2022, …`, `Năm 2020, …`.
fn opens_with_year(tokens: &Tokens, sentence: usize) -> bool {
    let first = tokens.skip_lines(sentence);
    tokens.has(first, first + 6, &["cuối năm", "hết năm", "đến năm"])
        || tokens.word(first) == "năm" && tokens.word(first + 2) == ","
}

/// Whether `hiện có` only describes what stands before it: `lấp đầy 80% 5 khu công nghiệp hiện có; …`.
fn trails(tokens: &Tokens, at: usize) -> bool {
    tokens
        .phrase(at, "hiện có")
        .is_some_and(|end| matches!(tokens.word(end), ";" | "," | "." | ")"))
}

/// Whether `hiện` is the second half of a verb: `số ca phát hiện mới`.
fn is_found(tokens: &Tokens, at: usize) -> bool {
    tokens.word(at) == "hiện"
        && matches!(tokens.back(at, 1), "phát" | "thực" | "thể" | "xuất" | "tái" | "biểu")
}

/// Whether what is today is only what something is compared with (`tăng gấp 2 lần so với hiện nay`), or still to be reached
/// (`sẽ đạt được`).
fn compares(tokens: &Tokens, at: usize) -> bool {
    matches!(tokens.back(at, 1), "với" | "hơn" | "bằng")
        || tokens.word(at) == "đạt"
            && matches!(tokens.back(at, 1), "sẽ" | "cần" | "phải" | "để" | "đấu")
}

/// Words that `mới` belongs to: what is made anew, or is of a new kind.
const MAKES_NEW: &[&str] = &[
    "thôn", "lập", "dựng", "đổi", "làm", "cấp", "trồng", "triển", "kiểu", "tuyển", "nạp", "tạo",
    "thêm", "giống", "nghệ", "phẩm", "hình", "sinh", "mắc", "học", "lên", "mở", "khai", "đầu",
    "tư", "xã", "đóng", "ghép", "ký", "bổ", "sung", "phát", "hiện",
];

/// Where little is told of: `tỉnh mới có 3 mô hình`. In `nông thôn mới đạt 80%`, `chứng chỉ đạt 30%` the word is
/// another's.
fn only(tokens: &Tokens, from: usize, to: usize) -> Option<usize> {
    let phrases = ["mới có", "mới đạt", "mới chỉ", "chỉ có", "chỉ đạt"];
    tokens.last(from, to, &phrases).filter(|at| {
        *at == from
            || matches!(
                tokens.back(*at, 1),
                "," | ";"
                    | "."
                    | ":"
                    | "nhiên"
                    | "tỉnh"
                    | "huyện"
                    | "xã"
                    | "phố"
                    | "nay"
                    | "vẫn"
                    | "cũng"
            )
            || tokens.word(*at) == "mới" && !MAKES_NEW.contains(&tokens.back(*at, 1))
    })
}

/// Where `hiện` says that something is so today: `tỷ lệ hiện giảm còn 7%`. In `thực hiện`, `hiện đại` it does not.
fn now(tokens: &Tokens, from: usize, to: usize) -> Option<usize> {
    (from..to).rev().find(|at| {
        if tokens.word(*at) != "hiện" {
            return false;
        }
        let verb =
            matches!(
                tokens.word(at + 1),
                "giảm" | "tăng" | "đạt" | "có" | "còn" | "là" | "chiếm" | "mới" | "đang" | "chỉ"
            ) && !matches!(tokens.back(*at, 1), "thực" | "phát" | "thể" | "xuất" | "tái" | "biểu");
        // ", hiện dư nợ 900 tỷ đồng"; "hiện đại hóa" is a verb, "hiện hành" a kind of rule.
        let opens = (*at == from || matches!(tokens.back(*at, 1), "," | ";" | "." | ":" | "("))
            && !matches!(tokens.word(at + 1), "đại" | "hành" | "vật" | "trường" | "thực" | "diện");
        (verb || opens) && !trails(tokens, *at)
    })
}

/// Where `đã` looks back. Before a participle it only describes whose number it is: `lao động đã qua đào tạo`.
fn done(tokens: &Tokens, from: usize, to: usize, goals: bool) -> Option<usize> {
    tokens.last(from, to, &["đã"]).filter(|at| {
        let describes = tokens.any(*at, &["đã qua", "đã được", "đã có", "đã đạt"]).is_some();
        let by_nature = tokens.any(*at, &["đã qua đào tạo", "đã qua sử dụng"]).is_some();
        !(by_nature || goals && describes)
    })
}

/// Words that may stand before `kết quả` where it opens a sentence.
const LEADS: &[&str] =
    &["về", "một", "số", "các", "những", "đánh", "giá", "theo", "cụ", "thể", "với"];

/// Where a sentence speaks of results: `Kết quả năm 2009, …`. In the middle of a clause the word is a thing like others:
/// `số hóa hồ sơ, kết quả giải quyết`.
fn result(tokens: &Tokens, sentence: usize, to: usize) -> Option<usize> {
    tokens.last(sentence, to, &["kết quả"]).filter(|at| {
        (sentence..*at).all(|at| !tokens.is(at, Kind::Word) || LEADS.contains(&tokens.word(at)))
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
