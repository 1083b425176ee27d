//! Numbers that only describe: grades, norms, ranks, what is counted in a layout, and what stands inside the words of
//! another number.

use super::clause::Clause;
use super::coordination::Quantity;
use super::distractor::{Case, Reason};
use super::horizon::When;
use super::token::{Kind, Tokens};
use super::unit::{self, Family};

/// A class inside the subject: `từ 3 sao trở lên`, `tốc độ 1 Gb/s`.
pub(super) fn is_grade(tokens: &Tokens, quantity: &Quantity, clause: &Clause) -> bool {
    let next = tokens.skip_lines(quantity.end);
    let grade = tokens.has(quantity.number, (quantity.end + 2).min(clause.to), &["sao"])
        && quantity.unit.as_ref().is_none_or(|unit| unit.end <= quantity.number + 2);
    let speed =
        tokens.has(quantity.start.saturating_sub(2).max(clause.from), quantity.start, &["tốc độ"])
            && tokens.word(next) == "/";
    let speed = speed
        || quantity
            .unit
            .as_ref()
            .is_some_and(|unit| unit.words.starts_with("km/h") || unit.words.starts_with("km/giờ"));
    grade || speed || is_bound_of_none(tokens, quantity, clause)
}

/// The bound of what there shall be none of: `không còn xã dưới 15 tiêu chí`.
fn is_bound_of_none(tokens: &Tokens, quantity: &Quantity, clause: &Clause) -> bool {
    const NEAR: usize = 6;
    let from = quantity.start.saturating_sub(NEAR).max(clause.sentence);
    let none = tokens.last(from, quantity.start, &["không còn", "không để"]);
    let is_bound = tokens.any(quantity.start, &["dưới", "trên", "quá"]).is_some();
    is_bound
        && quantity.unit.as_ref().is_some_and(|unit| unit.family == Family::Count)
        && none.is_some_and(|none| {
            !(none..quantity.start).any(|at| matches!(tokens.word(at), "," | ";"))
        })
}

/// How often a thing is done.
const TIMETABLE: &[&str] = &[
    "buổi/",
    "ca/ngày",
    "ca/tuần",
    "tiết/",
    "lần/tháng",
    "lần/quý",
    "lần/tuần",
    "lần/ngày",
    "lần/năm",
    "đợt/năm",
];

/// What a density is told in.
const DENSITIES: &[&str] = &["con/", "cây/", "khóm/", "hố/", "gốc/"];

/// Times that are shorter than a year.
const OFTEN: &[&str] = &[
    "mỗi quý",
    "hằng quý",
    "hàng quý",
    "mỗi tháng",
    "hằng tháng",
    "hàng tháng",
    "mỗi tuần",
    "hằng tuần",
    "hàng tuần",
    "định kỳ",
];

/// What is held again and again: `mỗi quý tổ chức 01 đợt kiểm tra`.
fn is_frequent(tokens: &Tokens, quantity: &Quantity, clause: &Clause) -> bool {
    let is_event = quantity.unit.as_ref().is_some_and(|unit| {
        let first = unit.words.split([' ', '/']).next().unwrap_or_default();
        matches!(first, "đợt" | "lần" | "cuộc" | "buổi" | "kỳ" | "phiên" | "tin" | "bài" | "chuyên")
    });
    is_event
        && tokens.has(quantity.start.saturating_sub(10).max(clause.from), quantity.start, OFTEN)
}

/// What is held; how many come is no aim.
const GATHERINGS: &[&str] = &[
    "mỗi lớp",
    "mỗi buổi",
    "mỗi cuộc",
    "mỗi khóa",
    "mỗi đợt",
    "mỗi hội nghị",
    "mỗi hội thảo",
    "một lớp",
    "mỗi đội",
    "mỗi đoàn",
];

/// Who is put to a task: `phân công 01 lãnh đạo phụ trách`, `tổ gồm 7 thành viên`.
pub(super) fn is_staff(tokens: &Tokens, quantity: &Quantity, clause: &Clause) -> bool {
    let near = quantity.start.saturating_sub(3).max(clause.from);
    let noun = quantity
        .unit
        .as_ref()
        .filter(|_| quantity.high.is_some())
        .map_or(quantity.number + 1, |unit| unit.end.saturating_sub(unit.words.split(' ').count()));
    let is_person = tokens
        .any(
            noun,
            &[
                "lãnh đạo",
                "đầu mối",
                "thành viên",
                "đồng chí",
                "cán bộ",
                "công chức",
                "người",
                "phó chủ tịch",
            ],
        )
        .is_some();
    let follows = ["theo dõi", "phụ trách", "chuyên trách", "kiêm nhiệm", "làm đầu mối"];
    let is_bare = quantity.comparators.is_empty();
    // "mỗi tình nguyện viên theo dõi 05 - 07 người"
    let minds = tokens.has(near, quantity.start, &["theo dõi", "phụ trách", "quản lý"])
        && tokens.has(clause.from, quantity.start, &["mỗi"]);
    // "tổ chức đoàn công tác 12 người đi học tập"
    let party = tokens
        .last(near, quantity.start, &["đoàn công tác", "đoàn"])
        .is_some_and(|at| tokens.any(at, &["đoàn công tác", "đoàn"]) == Some(quantity.start));
    is_person && (minds || party)
        || is_person && is_bare && tokens.has(quantity.end, quantity.end + 4, &follows)
        || is_person
            // "cử 06 người đào tạo tiến sĩ" is aimed at.
            && !tokens.has(quantity.end, quantity.end + 4, &["đào tạo", "đi học", "học", "tập huấn", "bồi dưỡng"])
            && tokens.has(
                near,
                quantity.start,
                &["phân công", "cử", "bố trí", "gồm", "gồm có", "do"],
            )
}

/// Rules of a craft, the same in every year: `mật độ 278 cây/ha`.
pub(super) fn is_norm(tokens: &Tokens, quantity: &Quantity, clause: &Clause) -> bool {
    let close = quantity.start.saturating_sub(6).max(clause.sentence);
    let is_rate = quantity.unit.as_ref().is_some_and(|unit| unit.words.contains('/'));
    // A timetable says how often, not how much: "2 buổi/ngày".
    let is_timetable = quantity
        .unit
        .as_ref()
        .is_some_and(|unit| TIMETABLE.iter().any(|per| unit.words.starts_with(per)))
        // "số lần thanh tra không quá 01 lần/năm" is bound itself.
        && !tokens.has(clause.from, quantity.start, &["số lần", "số buổi"]);
    // "mỗi lớp 30 học viên": the size of a class.
    let is_size = (2..=4).any(|by| {
        let each = quantity.start.checked_sub(by);
        each.and_then(|at| tokens.any(at, GATHERINGS)).is_some_and(|end| {
            end == quantity.start || end + 1 == quantity.start && tokens.word(end) == "có"
        })
    });
    let is_person = quantity.unit.as_ref().is_some_and(|unit| {
        matches!(unit.words.as_str(), "người" | "học viên" | "học sinh" | "trẻ" | "đại biểu")
    });
    let from = quantity.start.saturating_sub(8).max(clause.from);
    let is_size = is_size
        || is_person
            && tokens
                .last(from, quantity.start, GATHERINGS)
                .is_some_and(|each| (each..quantity.start).all(|at| tokens.is(at, Kind::Word)));
    let norms =
        ["liều", "mật độ trồng", "khoảng cách", "bán kính", "quy cách", "trồng xen", "trồng thuần"];
    // A limit of a technical rule binds always, not by a year.
    let is_rule = tokens.has(quantity.end, clause.to + 1, &["theo qcvn", "theo tcvn"]);
    // "mật độ thả 20 con/m2": how densely is a rule of the craft; "mật độ điện thoại" is none.
    let is_dense = quantity
        .unit
        .as_ref()
        .is_some_and(|unit| DENSITIES.iter().any(|per| unit.words.starts_with(per)))
        && tokens.has(
            quantity.start.saturating_sub(8).max(clause.sentence),
            quantity.start,
            &["mật độ"],
        );
    // "độ mặn từ 10 - 25‰": what grows needs it.
    let states = ["độ mặn", "độ ẩm", "nhiệt độ", "độ ph", "ph từ", "hàm lượng đạm"];
    let is_state =
        tokens.has(close, quantity.start, &states) && !is_aimed(tokens, quantity, clause);
    // "năng suất 25 tấn/ha" beside how densely it is planted.
    let is_yield = is_rate
        && tokens.has(close, quantity.start, &["năng suất"])
        && tokens.has(clause.sentence, clause.sentence_end, &["mật độ"])
        && !is_aimed(tokens, quantity, clause);
    is_timetable
        || is_yield
        || is_rule
        || is_dense
        || is_state
        || is_frequent(tokens, quantity, clause)
        || is_size
        || is_rate && tokens.has(close, quantity.start, &norms)
        || tokens.has(
            clause.from.max(quantity.start.saturating_sub(14)),
            quantity.start,
            &["nhu cầu đất", "nhu cầu sử dụng"],
        )
}

/// Whether the words of an aim stand before a number.
fn is_aimed(tokens: &Tokens, quantity: &Quantity, clause: &Clause) -> bool {
    tokens.has(
        clause.sentence,
        quantity.start,
        &["phấn đấu", "giảm", "tăng", "mục tiêu", "đến năm"],
    )
}

/// Whether a norm goes on: `mật độ tôm sú 20 con/m2, tôm thẻ 60 con/m2`.
pub(super) fn is_norm_again(tokens: &Tokens, quantity: &Quantity, before: &Quantity) -> bool {
    let words = |quantity: &Quantity| quantity.unit.as_ref().map(|unit| unit.words.clone());
    words(quantity).is_some_and(|unit| unit.contains('/'))
        && words(quantity) == words(before)
        && !tokens.has(before.end, quantity.start, &["phấn đấu", "giảm", "tăng", "mục tiêu", "đạt"])
}

/// A place in an order: `nhóm 20 tỉnh dẫn đầu`.
pub(super) fn is_rank(tokens: &Tokens, quantity: &Quantity, clause: &Clause) -> bool {
    let before = tokens.before(quantity.number);
    let word = before.map_or("", |at| tokens.word(at));
    let of_group = word == "nhóm"
        && before.is_some_and(|at| {
            matches!(tokens.back(at, 1), "trong" | "thuộc" | "vào" | "nằm" | "ở" | "lọt")
        });
    let leads = tokens.has(
        quantity.number,
        clause.to.min(quantity.end + 8),
        &["dẫn đầu", "đứng đầu", "hàng đầu", "tốp đầu"],
    );
    // "là 1 trong 3 ngành sản xuất chính"
    let one_of = word == "trong"
        && before.is_some_and(|at| matches!(tokens.back(at, 1), "1" | "01" | "một"));
    one_of
        || of_group
        || word == "top"
        || word == "tốp"
        || leads && matches!(word, "trong" | "số" | "nhóm")
}

/// Headings of the plan itself: `16 mục tiêu`, `05 nhóm giải pháp`.
pub(super) fn counts_headings(
    tokens: &Tokens,
    quantity: &Quantity,
    clause: &Clause,
    end: usize,
) -> bool {
    let nouns = [
        "mục tiêu",
        "chỉ tiêu",
        "giải pháp",
        "nội dung",
        "nhiệm vụ",
        "nhóm nhiệm vụ",
        "nhóm giải pháp",
        "nhóm chỉ tiêu",
        "nhóm mục tiêu",
        "nhóm thông tin",
        "nhóm nội dung",
        "nhóm vấn đề",
        "đột phá",
        "trụ cột",
        "loại rừng",
        "tiêu chí",
        "bước",
        "khâu",
        "chương trình hành động",
        "chương trình trọng tâm",
        "chương trình trọng điểm",
        "công đoạn",
        "nguyên tắc",
        "quan điểm",
    ];
    let at = quantity.number + 1;
    // "tiếp tục thực hiện 05 nhóm tiện ích"; "xây dựng 05 nhóm hộ" makes them.
    let is_carried_out = matches!(tokens.back(quantity.start, 1), "hiện" | "khai" | "theo")
        && tokens.word(at) == "nhóm"
        && !matches!(tokens.word(at + 1), "hộ" | "trẻ" | "sở" | "đồng" | "nông" | "cùng");
    if is_carried_out && quantity.comparators.is_empty() {
        return true;
    }
    // What a department of science does and protects is counted in the same words.
    let is_work = tokens.any(at, &["nhiệm vụ khoa học", "giải pháp hữu ích"]).is_some();
    let is_rate = quantity.unit.as_ref().is_some_and(|unit| unit.words.contains('/'));
    let aims = !quantity.comparators.is_empty()
        || is_rate
        || is_work
        || tokens.has(quantity.start.saturating_sub(2), quantity.start, &["nghiệm thu"])
        || tokens.has(clause.from, quantity.start, &["đạt", "hoàn thành", "thực hiện"])
            && tokens.phrase(at, "tiêu chí").is_some();
    tokens.any(at, &nouns).is_some_and(|noun| noun <= end + 2) && !aims
}

/// Places that are there already: `vùng I gồm 8 xã`.
pub(super) fn counts_places(tokens: &Tokens, quantity: &Quantity, told: bool) -> bool {
    let before = tokens.before(quantity.number).map_or("", |at| tokens.word(at));
    let is_known = match before {
        "gồm" | "thuộc" | "của" | "bàn" => true,
        // "hoàn thành 3 vùng" makes them, "chia thành 3 vùng" divides what is.
        "thành" => tokens.before(quantity.number).is_none_or(|at| tokens.back(at, 1) != "hoàn"),
        "tại" | "ở" | "dõi" | "trách" => told,
        _ => false,
    };
    // "tại mỗi bộ phận một cửa cấp xã (170/170 xã, phường)": all that there are.
    let is_all = tokens.word(quantity.number + 1) == "/"
        && tokens.word(quantity.number + 2) == tokens.word(quantity.number)
        && tokens.back(quantity.number, 1) == "(";
    is_known && unit::is_place(tokens, quantity.number + 1)
        || is_all && told
        || before == "tại" && told && quantity.comparators.is_empty()
}

/// Places that are looked into, one for each other: `giám sát 8/8 huyện, mỗi huyện 2 xã`.
pub(super) fn is_visited(
    tokens: &Tokens,
    quantity: &Quantity,
    clause: &Clause,
    why_before: Option<Reason>,
) -> bool {
    let is_place = unit::is_place(tokens, quantity.number + 1)
        || quantity.unit.as_ref().is_some_and(unit::counts_places);
    let from = quantity.start.saturating_sub(3).max(clause.from);
    is_place
        && (why_before == Some(Reason::Places) && tokens.has(from, quantity.start, &["mỗi"])
            || tokens.has(from, quantity.start, &["giám sát", "kiểm tra", "khảo sát"]))
}

/// Words that lead from what is counted to what is said of it.
const INNER: &[&str] =
    &["có", "được", "đạt", "học", "từ", "sử dụng", "công suất", "quy mô", "dung tích", "tải trọng"];

/// What tells how big a thing is that is counted.
const SIZES: &[&str] = &[
    "công suất",
    "quy mô",
    "dung tích",
    "tải trọng",
    "đạt doanh thu",
    "có doanh thu",
    "có vốn",
    "có thu nhập",
];

/// A number inside the words that say what another number counts: `99% học sinh được học từ 7 môn`, `3 huyện có 100% xã
/// đạt chuẩn`.
pub(super) fn is_inside(tokens: &Tokens, quantity: &Quantity, before: &Quantity) -> bool {
    let (Some(of), Some(unit)) = (before.unit.as_ref(), quantity.unit.as_ref()) else {
        return false;
    };
    let counts = matches!(unit.family, Family::Count | Family::Measure | Family::Money);
    let first = tokens.skip_lines(before.end);
    let share = unit.family == Family::Share
        && (tokens.back(quantity.start, 1) == "có"
            // "100% bệnh viện có khoa lão khoa hoặc dành ít nhất 10% số giường"
            || of.family == Family::Share && tokens.back(quantity.start, 1) == "dành");
    let is_sized = of.family == Family::Count && tokens.has(before.end, quantity.start, SIZES);
    let is_kind = of.family == Family::Share && counts
        || share && (unit::counts_places(of) || of.family == Family::Share)
        || is_sized;
    let begins = tokens.is(first, Kind::Word)
        && !matches!(
            tokens.word(first),
            "so" | "tương" | "năm" | "vào" | "đến" | "trong" | "tức" | "lên" | "hoặc" | "là"
        );
    let parts = |at: usize| {
        matches!(
            tokens.word(at),
            "," | ";" | "." | "(" | ")" | ":" | "với" | "và" | "-" | "–" | "+" | "lên" | "xuống"
        ) || tokens.any(at, &["tương đương", "trong đó", "so với", "đến năm", "trong số"]).is_some()
    };
    is_kind
        && begins
        && (share || is_sized || quantity.start > before.end + 2)
        && quantity.start - before.end < 24
        && !(before.end..quantity.start).any(parts)
        && (tokens.has(before.end, quantity.start, INNER)
            // "100% xe từ 10 chỗ trở lên"
            || of.family == Family::Share && (quantity.from || !quantity.comparators.is_empty()))
}

/// How large a thing is that is named, no matter when: `tuyến đường dài 12 km`.
pub(super) fn is_extent(tokens: &Tokens, quantity: &Quantity, goals: bool) -> bool {
    let Some(unit) = quantity.unit.as_ref().filter(|unit| unit.family == Family::Measure) else {
        return false;
    };
    let lead = tokens.back(quantity.start, 1);
    let long = matches!(lead, "dài" | "rộng" | "sâu" | "dày")
        && !matches!(tokens.back(quantity.start, 2), "chiều" | "kéo" | "độ" | "bề" | "mở")
        && matches!(unit.words.as_str(), "km" | "m" | "mét" | "cm");
    let power = quantity.start.checked_sub(2).is_some_and(|at| {
        tokens.any(at, &["công suất", "dung tích", "tải trọng", "khẩu độ"]).is_some()
            && tokens.back(at, 1) != "tổng"
    });
    // "khoảng cách đến khu dân cư tối thiểu 100 m", "bề rộng mặt đường 2,5 m"
    let apart = matches!(unit.words.as_str(), "km" | "m" | "mét" | "cm")
        && tokens.has(
            quantity.start.saturating_sub(10),
            quantity.start,
            &["khoảng cách", "bán kính", "bề rộng", "mặt đường", "nền đường", "chiều rộng"],
        );
    // "Cách thủ đô khoảng 140 km"
    let far = matches!(unit.words.as_str(), "km" | "m" | "mét")
        && (quantity.start.saturating_sub(8)..quantity.start).any(|at| {
            tokens.word(at) == "cách"
                && (tokens.is_capital(at)
                    || matches!(tokens.back(at, 1), "" | "." | "," | ";" | "nằm" | "và" | "ở"))
        });
    // "Khu du lịch …, quy mô 28 ha"
    let sized = lead == "mô" && tokens.back(quantity.start, 2) == "quy";
    long || (power || apart || far || sized) && !goals
}

/// How many take part in what is held: `quy mô 200 đại biểu`.
pub(super) fn is_attendance(tokens: &Tokens, quantity: &Quantity) -> bool {
    let counts = quantity.unit.as_ref().is_some_and(|unit| unit.family == Family::Count);
    let from = quantity.start.saturating_sub(2);
    // "Liên hoan văn nghệ (dự kiến 24 đơn vị, 500 diễn viên tham gia)"
    let bracket = |at: &usize| matches!(tokens.word(*at), "(" | ")");
    let opens = (quantity.start.saturating_sub(15)..quantity.start).rev().find(bracket);
    let closes = (quantity.end..quantity.end + 15).find(bracket);
    let is_inside = opens.is_some_and(|at| tokens.word(at) == "(")
        && closes.is_some_and(|at| {
            tokens.word(at) == ")"
                && at
                    .checked_sub(2)
                    .is_some_and(|at| tokens.any(at, &["tham gia", "tham dự", "dự thi"]).is_some())
        });
    counts && (is_inside || tokens.last(from, quantity.start, &["quy mô"]).is_some())
}

/// Who goes along with what is held: `01 đoàn công tác (12 người, 8 ngày)`, `giải bóng đá với 8 đội tham gia`.
pub(super) fn is_party(tokens: &Tokens, quantity: &Quantity, before: &Quantity) -> bool {
    let first = |quantity: &Quantity| {
        quantity
            .unit
            .as_ref()
            .map(|unit| unit.words.split(' ').next().unwrap_or_default().to_owned())
    };
    let is_event = first(before).is_some_and(|first| {
        matches!(first.as_str(), "đoàn" | "lớp" | "khóa" | "cuộc" | "buổi" | "hội" | "đợt" | "giải")
    });
    let is_person = first(quantity)
        .is_some_and(|first| matches!(first.as_str(), "người" | "đại" | "học" | "thành" | "cán"));
    is_event && is_person && tokens.back(quantity.start, 1) == "("
}

/// How many teams a contest has: `giải bóng đá với 8 đội tham gia`.
pub(super) fn is_contest(tokens: &Tokens, quantity: &Quantity, clause: &Clause) -> bool {
    let from = quantity.start.saturating_sub(9).max(clause.sentence);
    tokens.back(quantity.start, 1) == "với"
        && tokens.has(quantity.end, quantity.end + 4, &["tham gia", "tham dự"])
        && tokens.has(
            from,
            quantity.start,
            &["giải", "hội thi", "hội thao", "cuộc thi", "liên hoan"],
        )
}

/// How large each of what was just counted is: `04 bến xe, diện tích mỗi bến từ 5.000 m2`. An average is aimed at.
pub(super) fn is_size_of_each(tokens: &Tokens, quantity: &Quantity, before: &Quantity) -> bool {
    let counted = before
        .unit
        .as_ref()
        .filter(|unit| unit.family == Family::Count)
        .and_then(|unit| unit.words.split(' ').next());
    let near = quantity.start.saturating_sub(6).max(before.end);
    tokens.last(near, quantity.start, &["mỗi"]).is_some_and(|each| {
        Some(tokens.word(each + 1)) == counted
            && !tokens.has(each.saturating_sub(2), each, &["trung bình", "bình quân"])
    })
}

/// The same money told in another currency: `14,2 triệu đồng (tương đương 820 USD)`.
pub(super) fn is_converted(tokens: &Tokens, quantity: &Quantity) -> bool {
    quantity.unit.as_ref().is_some_and(|unit| unit.family == Family::Money)
        && tokens.has(quantity.start.saturating_sub(3), quantity.start, &["tương đương"])
}

/// What a work waters: `nâng cấp 24 hồ chứa, tưới cho 3.200 ha`.
pub(super) fn is_served(tokens: &Tokens, quantity: &Quantity, before: &Quantity) -> bool {
    let serves = ["tưới cho", "tưới tiêu cho", "phục vụ tưới", "phục vụ tưới cho"];
    let works = before
        .unit
        .as_ref()
        .is_some_and(|unit| matches!(unit.family, Family::Count | Family::Measure));
    let near = quantity.start.saturating_sub(6).max(before.end);
    works
        && quantity.unit.as_ref().is_some_and(|unit| unit.words == "ha")
        && tokens
            .last(near, quantity.start, &serves)
            .is_some_and(|at| !tokens.has(at, quantity.start, &["tăng", "nâng", "lên"]))
}

/// A part of the words of a share: `95% trẻ được tiêm với 12 loại vắc xin`, `100% cơ sở dữ liệu, gồm 6 cơ sở dữ liệu nền`.
pub(super) fn is_of_share(tokens: &Tokens, quantity: &Quantity, before: &Quantity) -> bool {
    let of_share = before.unit.as_ref().is_some_and(|unit| unit.family == Family::Share);
    let family = quantity.unit.as_ref().map(|unit| unit.family);
    let counts = family == Some(Family::Count);
    if !of_share || !counts && family != Some(Family::Measure) {
        return false;
    }
    let lead = tokens.back(quantity.start, 1);
    let joins = counts && matches!(lead, "với" | "gồm") && quantity.comparators.is_empty();
    // "75% dân số được dùng nước hợp vệ sinh với số lượng 60 lít/người/ngày"
    let from = quantity.start.saturating_sub(5).max(before.end);
    let joins = joins
        || tokens.has(from, quantity.start, &["với số lượng", "theo định mức", "theo tiêu chuẩn"]);
    // "QCVN 02:2009/BYT" is one name.
    let parts = |at: usize| {
        matches!(tokens.word(at), ";" | "." | ":" | "(")
            && !(tokens.is_glued(at) && tokens.is_glued(at + 1))
    };
    let is_bare = !(before.end..quantity.start).any(parts);
    joins && is_bare
}

/// What is looked through or put in order is there already (`rà soát, sắp xếp lại 107 trường`); the size of a class is a
/// rule.
pub(super) fn is_reviewed(tokens: &Tokens, quantity: &Quantity, clause: &Clause) -> bool {
    let is_class = quantity
        .unit
        .as_ref()
        .is_some_and(|unit| unit.words.ends_with("/lớp") || unit.words.ends_with("/nhóm"));
    if is_class {
        return true;
    }
    tokens.has(
        quantity.start.saturating_sub(6).max(clause.from),
        quantity.start,
        &["rà soát", "sắp xếp lại", "tổng kiểm tra", "trên cơ sở", "phụ trách", "vận hành"],
    ) && quantity.comparators.is_empty()
        && quantity.unit.as_ref().is_some_and(|unit| unit.family == Family::Count)
}

/// A number in the words before the verb of the next one: `số tàu dưới 6 m còn 500 chiếc`, `hộ có trên 2 ha đất chiếm
/// 30%`. A number that a verb of its own leads stands for itself: `giảm 5% còn 20%`.
pub(super) fn is_subject(
    tokens: &Tokens,
    quantity: &Quantity,
    clause: &Clause,
    after: &Quantity,
) -> bool {
    let is_thing = quantity
        .unit
        .as_ref()
        .is_some_and(|unit| matches!(unit.family, Family::Measure | Family::Money | Family::Count));
    // A class behind the number only describes: "20 sản phẩm đạt từ 3 sao".
    let is_class = after.unit.as_ref().is_some_and(|unit| unit.family == Family::Mark);
    let is_thing = is_thing && !is_class;
    if is_owner(tokens, quantity, clause, after)
        || is_had(tokens, quantity, clause, after)
        || is_threshold(tokens, quantity, after)
    {
        return true;
    }
    let is_bound = !quantity.comparators.is_empty() || quantity.from;
    let lead = quantity.start.checked_sub(1).filter(|at| *at >= clause.from);
    let leads = lead.is_some_and(|at| {
        tokens.is(at, Kind::Word)
            && !matches!(
                tokens.word(at),
                "đạt"
                    | "còn"
                    | "lên"
                    | "xuống"
                    | "chiếm"
                    | "là"
                    | "tăng"
                    | "giảm"
                    | "cho"
                    | "được"
                    | "thêm"
                    | "mới"
                    | "lập"
                    | "dựng"
                    | "triển"
            )
            && !(at == clause.from && tokens.word(at) == "có")
    });
    let near = after.start.saturating_sub(quantity.end) <= 8;
    let tie = (quantity.end..after.start).find(|at| {
        !tokens.is(*at, Kind::Word)
            || matches!(tokens.word(*at), "còn" | "đạt" | "chiếm")
            || tokens.phrase(*at, "ở mức").is_some()
    });
    let is_tied = tie.is_some_and(|at| tokens.is(at, Kind::Word) && after.start - at <= 3);
    is_thing
        && is_bound
        && (leads && near && is_tied || is_reached(tokens, quantity, clause, after))
}

/// Of how many things a rate is told: `tỷ lệ hồ sơ của 25 dịch vụ công thiết yếu đạt tối thiểu 90%`.
fn is_owner(tokens: &Tokens, quantity: &Quantity, clause: &Clause, after: &Quantity) -> bool {
    let counts = quantity.unit.as_ref().is_some_and(|unit| unit.family == Family::Count);
    let is_rate = tokens.has(clause.from, quantity.start, &["tỷ lệ", "tỷ trọng", "chỉ số"]);
    let ties = |at: usize| matches!(tokens.word(at), "đạt" | "còn" | "chiếm" | "tăng" | "giảm");
    counts
        && is_rate
        && quantity.comparators.is_empty()
        && matches!(tokens.back(quantity.start, 1), "của" | "tại" | "thuộc" | "ở" | "trong")
        && after.start.saturating_sub(quantity.end) <= 8
        && (quantity.end..after.start).any(ties)
        && !(quantity.end..after.start).any(|at| matches!(tokens.word(at), ";" | "." | ","))
}

/// What those have whose share is told: `tỷ lệ các xã có ít nhất một cơ sở … đạt 40%`.
fn is_had(tokens: &Tokens, quantity: &Quantity, clause: &Clause, after: &Quantity) -> bool {
    let is_share = after.unit.as_ref().is_some_and(|unit| unit.family == Family::Share);
    let counts = quantity.unit.as_ref().is_some_and(|unit| unit.family == Family::Count);
    let rate = tokens.last(clause.from, quantity.start, &["tỷ lệ"]);
    let has = rate.and_then(|rate| tokens.last(rate, quantity.start, &["có"]));
    is_share
        && counts
        && has.is_some_and(|has| quantity.start - has <= 4)
        && after.start - quantity.end <= 40
        && tokens.last(quantity.end, after.start, &["đạt", "chiếm", "còn"]).is_some_and(|tie| {
            after.start - tie <= 2
                && !(quantity.end..tie).any(|at| matches!(tokens.word(at), ";" | "." | ":"))
        })
}

/// A bound in a bracket of its own, in the words of what the next number tells: `trẻ có cân nặng thấp (dưới 2.500 gram) dưới
/// 5%`.
fn is_threshold(tokens: &Tokens, quantity: &Quantity, after: &Quantity) -> bool {
    let measures = quantity
        .unit
        .as_ref()
        .is_some_and(|unit| matches!(unit.family, Family::Measure | Family::Money));
    measures
        && (!quantity.comparators.is_empty() || quantity.from)
        && tokens.back(quantity.start, 1) == "("
        && tokens.word(quantity.end) == ")"
        && after.start.saturating_sub(quantity.end) <= 3
}

/// What those reach who are counted: `tỷ lệ xã đạt dưới 10 tiêu chí còn 25%`, `giảm số xã đạt dưới 5 tiêu chí xuống 250 xã`.
fn is_reached(tokens: &Tokens, quantity: &Quantity, clause: &Clause, after: &Quantity) -> bool {
    let tie = tokens.skip_lines(quantity.end);
    matches!(tokens.word(tie), "còn" | "xuống" | "chiếm" | "lên" | "đạt" | "là")
        && after.start - tie <= 3
        && !matches!(
            tokens.back(quantity.start, 1),
            "giảm" | "tăng" | "hạ" | "nâng" | "thêm" | "mới"
        )
        && tokens
            .last(clause.from, quantity.start, &["tỷ lệ", "số"])
            .is_some_and(|at| tokens.is(at + 2, Kind::Word) && at + 2 < quantity.start)
}

/// A bracket that says what was in an earlier year: `đạt 15 tỷ USD (năm 2020 là 8,6 tỷ USD)`.
pub(super) fn is_compared(tokens: &Tokens, case: &Case<'_>) -> bool {
    let (Some((before, _)), Some(of), Some(When::Year(year))) =
        (case.before, case.year_before, case.horizon)
    else {
        return false;
    };
    let bracket = tokens.skip_lines(before.end);
    year < of
        && tokens.word(bracket) == "("
        && tokens.word(bracket + 1) == "năm"
        && (case.quantity.end..case.quantity.end + 2).any(|at| tokens.word(at) == ")")
}
