//! Numbers that belong together: ranges, ways from a baseline to a goal, a unit that several share.

use super::comparator::{self, Binding, Comparator};
use super::horizon;
use super::number;
use super::token::{Kind, Tokens};
use super::unit::{self, Family, Unit};

/// A number with what binds it.
#[derive(Clone, Debug)]
pub(super) struct Quantity {
    /// The first comparator, or the number.
    pub(super) start: usize,
    pub(super) number: usize,
    /// Behind the unit, and behind `trở lên`.
    pub(super) end: usize,
    pub(super) low: f64,
    /// The upper end of a range.
    pub(super) high: Option<f64>,
    pub(super) unit: Option<Unit>,
    pub(super) comparators: Vec<Comparator>,
    pub(super) from: bool,
    /// What the number was before, and when.
    pub(super) baseline: Option<(Option<i32>, f64)>,
}

impl Quantity {
    /// The number itself, or the lower end of a range.
    pub(super) fn amount(&self) -> (Option<f64>, Option<f64>) {
        match self.high {
            None => (Some(self.low), None),
            Some(_) => (None, Some(self.low)),
        }
    }
}

/// A number that measures nothing that could be aimed at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Aside {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) reason: &'static str,
}

/// The numbers of a paragraph.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    pub(super) quantities: Vec<Quantity>,
    pub(super) asides: Vec<Aside>,
}

/// Words before a number that make it a name: `Điều 5`, `khóa 13`, `mức độ 4`.
const NAMED: &[&str] = &[
    "điều",
    "khoản",
    "mục",
    "chương",
    "số",
    "thứ",
    "cấp",
    "loại",
    "hạng",
    "độ",
    "quý",
    "tháng",
    "ngày",
    "khóa",
    "lục",
    "biểu",
    "bước",
    "tuyến",
    "lộ",
    "đai",
    "top",
    "lớp",
    "đợt",
    "đoạn",
    "ql",
    "đt",
    "tl",
    "phiên",
    "bảng",
    "kỳ",
    "luật",
    "quyết",
    "khối",
    "iso",
    "nghệ",
    "tcvn",
    "qcvn",
    "tcxdvn",
    "nhóm",
    "phường",
    "quận",
    "vụ",
    "khu",
    "tổ",
    "ấp",
    "zone",
    "điểm",
    "covid",
    "haccp",
    "phần",
    "lần",
];

/// Reads all numbers between two places.
pub(super) fn numbers(tokens: &Tokens, from: usize, to: usize) -> Numbers {
    let mut numbers = Numbers::default();
    let mut floor = from;
    let mut baseline = None;
    let mut at = from;
    while at < to {
        if !tokens.is(at, Kind::Number) {
            let Some((value, start)) = spoken(tokens, at) else {
                at += 1;
                continue;
            };
            let unit = times(tokens, at).or_else(|| unit::read(tokens, at + 1));
            let end = unit.as_ref().map_or(at + 1, |unit| unit.end);
            // "số giường bệnh trên một vạn dân đạt 26,5 giường"
            let people = unit.as_ref().is_some_and(|unit| {
                unit.scale >= 1e3 && matches!(unit.words.as_str(), "dân" | "người" | "người dân")
            });
            if people && tokens.word(at) == "một" && tokens.back(at, 1) == "trên" {
                let reason = "mẫu số của một tỷ lệ, không phải mức phải đạt";
                numbers.asides.push(Aside { start: at, end, reason });
                floor = end;
                at = end;
                continue;
            }
            let value = value * unit.as_ref().map_or(1.0, |unit| unit.scale);
            let binding = comparator::before(tokens, start, floor);
            numbers.quantities.push(finish(tokens, at, end, (value, None), unit, binding, None));
            floor = end;
            at = end;
            continue;
        }
        if let Some(aside) = aside(tokens, at, to) {
            at = aside.end.max(at + 1);
            numbers.asides.push(aside);
            continue;
        }
        let Some((low, high, unit, end)) = measured(tokens, at) else {
            at += 1;
            continue;
        };
        let follows = numbers.quantities.last().is_some_and(|last| is_counted_by(tokens, last, at));
        if let Some(what) = per(tokens, at, unit.as_ref(), follows, to) {
            if let Some(last) = numbers.quantities.last_mut()
                && follows
                && let Some(unit) = last.unit.as_mut()
            {
                let one = matches!(tokens.word(at), "1" | "01");
                let base = tokens.shown(at + usize::from(one), end).to_lowercase();
                unit.words = format!("{}/{base}", unit.words);
                last.end = end;
            }
            numbers.asides.push(Aside { start: at, end, reason: what });
            at = end;
            floor = end;
            continue;
        }
        if is_worked_out(tokens, at, end) {
            numbers.asides.push(Aside {
                start: at,
                end,
                reason: "phép tính kinh phí hoặc nhu cầu",
            });
            at = end;
            floor = end;
            continue;
        }
        let binding = comparator::before(tokens, at, floor);
        if high.is_none() && leads_on(tokens, at, end, to, &binding) {
            let year = (end..(end + 6).min(to)).find_map(|at| number::year(tokens, at));
            baseline = Some((year, low, unit));
            numbers.asides.push(Aside {
                start: binding.start,
                end,
                reason: "mức xuất phát, không phải mức phải đạt",
            });
            at = end;
            floor = end;
            continue;
        }
        let (before, kept) = match baseline.take() {
            Some((year, value, unit)) => (Some((year, value)), unit),
            None => (None, None),
        };
        let unit = unit.or(kept);
        let quantity = finish(tokens, at, end, (low, high), unit, binding, before);
        at = quantity.end;
        floor = at;
        numbers.quantities.push(quantity);
    }
    numbers
}

fn finish(
    tokens: &Tokens,
    number: usize,
    end: usize,
    (low, high): (f64, Option<f64>),
    unit: Option<Unit>,
    binding: Binding,
    baseline: Option<(Option<i32>, f64)>,
) -> Quantity {
    let mut comparators = binding.comparators;
    let mut end = end;
    if let Some((comparator, behind)) = comparator::behind(tokens, end) {
        comparators.insert(0, comparator);
        end = behind;
    }
    Quantity {
        start: binding.start,
        number,
        end,
        low,
        high,
        unit,
        comparators,
        from: binding.from,
        baseline,
    }
}

/// How many times as much, in words: `gấp đôi`, `tăng gấp ba lần`.
fn times(tokens: &Tokens, at: usize) -> Option<Unit> {
    let is_word = number::in_words(tokens.word(at)).is_some();
    let end = match tokens.word(at) {
        "đôi" | "rưỡi" => at + 1,
        _ if is_word && tokens.word(at + 1) == "lần" => at + 2,
        _ => return None,
    };
    (tokens.back(at, 1) == "gấp").then(|| Unit {
        words: "lần".to_owned(),
        family: Family::Times,
        scale: 1.0,
        end,
    })
}

/// A number in words counts only where something shows that it is meant as one: a scale behind it (`hai triệu`), or a
/// bound before it (`ít nhất một`).
fn spoken(tokens: &Tokens, at: usize) -> Option<(f64, usize)> {
    if times(tokens, at).is_some() {
        let value = match tokens.word(at) {
            "đôi" => 2.0,
            "rưỡi" => 1.5,
            word => number::in_words(word)?,
        };
        return Some((value, at));
    }
    let value = number::in_words(tokens.word(at))?;
    // "một trăm năm mươi triệu đồng" writes out what stands before it in digits.
    let goes_on = (at + 1..at + 4).any(|at| {
        number::in_words(tokens.word(at)).is_some() && number::scale(tokens.back(at, 1)).is_some()
            || matches!(tokens.word(at), "mươi" | "lăm" | "linh" | "lẻ")
    });
    if goes_on
        || number::scale(tokens.back(at, 1)).is_some()
        || number::scale(tokens.back(at, 2)).is_some() && tokens.back(at, 1) == ","
    {
        return None;
    }
    let scale = number::scale(tokens.word(at + 1)).is_some()
        && tokens.word(at) != "năm"
        && unit::read(tokens, at + 2).is_some();
    let bound = tokens.word(at) != "năm"
        && at.checked_sub(2).is_some_and(|at| {
            tokens.any(at, &["ít nhất", "tối thiểu", "không quá", "có ít nhất"]).is_some()
        })
        && unit::counted(tokens, tokens.skip_lines(at + 1)).is_some();
    (scale || bound).then_some((value, at))
}

/// A number or a range, with its unit and the place behind.
fn measured(tokens: &Tokens, at: usize) -> Option<(f64, Option<f64>, Option<Unit>, usize)> {
    let text = &tokens.get(at)?.text;
    let unit = unit::read(tokens, at + 1).filter(|unit| !is_name(tokens, at, unit));
    let end = unit.as_ref().map_or(at + 1, |unit| unit.end);
    let joint = tokens.skip_lines(end);
    let behind = tokens.skip_lines(joint + 1);
    let behind = if tokens.word(behind) == "khoảng" { behind + 1 } else { behind };
    let is_joint = matches!(tokens.word(joint), "-" | "–" | "—" | "÷" | "đến" | "tới" | "→");
    if is_joint
        && tokens.is(behind, Kind::Number)
        && horizon::date(tokens, behind).is_none()
        && document(tokens, behind).is_none()
    {
        let second = unit::read(tokens, behind + 1);
        let same = match (&unit, &second) {
            // "từ 5% đến 5,5%/năm": the rate is written once, behind the upper end.
            (Some(first), Some(second)) => {
                first.family == second.family && second.words.starts_with(&first.words)
            }
            (None, _) => true,
            (Some(_), None) => false,
        };
        let whole = is_whole(second.as_ref());
        let scale = second.as_ref().map_or(1.0, |unit| unit.scale);
        let high = number::value(&tokens.get(behind)?.text, whole).map(|value| value * scale);
        let low = number::value(text, whole).map(|value| value * scale);
        if let (Some(low), Some(high)) = (low, high)
            && same
            && low < high
        {
            let end = second.as_ref().map_or(behind + 1, |unit| unit.end);
            return Some((low, Some(high), second, end));
        }
    }
    let scale = unit.as_ref().map_or(1.0, |unit| unit.scale);
    Some((number::value(text, is_whole(unit.as_ref()))? * scale, None, unit, end))
}

fn is_whole(unit: Option<&Unit>) -> bool {
    unit.is_some_and(|unit| unit.family == Family::Count && unit.scale <= 1.0)
}

/// Whether the words behind a number only look like its unit: a place name in `5 Hà Nội`.
fn is_name(tokens: &Tokens, at: usize, unit: &Unit) -> bool {
    unit.family == Family::Count && tokens.word(at + 1) == ","
}

/// Whether a number is only where a way begins: `từ 7 triệu năm 2005 lên 14 triệu`, `giảm từ 23 … xuống 18`.
fn leads_on(tokens: &Tokens, at: usize, end: usize, to: usize, binding: &Binding) -> bool {
    let from = binding.from || (1..4).any(|by| tokens.back(at, by) == "từ");
    // "từ 60 hợp tác xã trở lên, nâng tổng số lên 950": the bound is closed before the way.
    if !from || comparator::behind(tokens, end).is_some() {
        return false;
    }
    let way = (end..(end + 12).min(to)).take_while(|at| tokens.word(*at) != ";").find(|at| {
        matches!(tokens.word(*at), "lên" | "xuống" | "còn") && tokens.back(*at, 1) != "trở"
    });
    way.is_some_and(|way| (way + 1..(way + 8).min(to)).any(|at| tokens.is(at, Kind::Number)))
}

/// Whether a number is told per what comes at a place: `0,7 doanh nghiệp công nghệ số trên 1.000 dân`. Where a verb or a
/// preposition stands before `trên`, that is a bound: `tạo việc làm cho trên 10.000 người`.
fn is_counted_by(tokens: &Tokens, last: &Quantity, at: usize) -> bool {
    if last.end + 1 == at {
        return true;
    }
    let counts = last.unit.as_ref().is_some_and(|unit| unit.family == Family::Count);
    counts
        && at - last.end <= 6
        && (last.end..at - 1).all(|at| {
            tokens.is(at, Kind::Word)
                && !matches!(
                    tokens.word(at),
                    "cho" | "có" | "với" | "và" | "của" | "đạt" | "hút" | "là" | "được" | "trên"
                )
        })
}

/// Whether a number stands in a sum that is worked out: `4.200 lao động x 400.000 đồng/người = 1.680 triệu đồng`.
fn is_worked_out(tokens: &Tokens, at: usize, end: usize) -> bool {
    let times = |at: usize| matches!(tokens.word(at), "x" | "×" | "*") && !tokens.is_capital(at);
    let before = at.checked_sub(1);
    times(end) && tokens.is(end + 1, Kind::Number)
        || before.is_some_and(|before| {
            times(before)
                || tokens.word(before) == "=" && (before.saturating_sub(10)..before).any(times)
        })
}

/// What a rate is per: `trên 1 vạn dân`, `/100.000 trẻ`.
fn per(
    tokens: &Tokens,
    at: usize,
    unit: Option<&Unit>,
    follows: bool,
    to: usize,
) -> Option<&'static str> {
    let unit = unit?;
    let people = ["dân", "người", "trẻ", "trẻ em", "lao động", "phụ nữ", "ca", "hộ", "người dân"];
    let is_round = tokens.get(at).is_some_and(|token| {
        matches!(
            token.text.as_str(),
            "1" | "01"
                | "10"
                | "100"
                | "1.000"
                | "10.000"
                | "100.000"
                | "1000"
                | "10000"
                | "100000"
        )
    });
    let big = number::scale(tokens.word(at + 1)).is_some()
        || tokens.get(at).is_some_and(|token| token.text.len() >= 3);
    let word = tokens.before(at).map_or("", |at| tokens.word(at));
    let is_one = matches!(tokens.word(at), "1" | "01");
    let ahead = |within: usize| {
        (unit.end..(unit.end + within).min(to))
            .take_while(|at| !matches!(tokens.word(*at), ";" | "." | ","))
            .any(|at| tokens.is(at, Kind::Number))
    };
    // "thu nhập trên 1 ha đạt 90 triệu đồng", "giá trị 1 ha rừng đạt …", "doanh thu bình quân 1 hợp tác xã đạt …".
    let is_base = word == "trên" || matches!(word, "trị" | "quân" | "mỗi" | "nhập") && ahead(12);
    let is_thing = unit.family == Family::Count && matches!(word, "quân" | "mỗi" | "một" | "của");
    // "trên 1 triệu tấn" is a bound.
    let is_one = is_one && unit.scale <= 1.0;
    if is_one && (unit.family == Family::Measure && is_base || is_thing && ahead(12)) {
        return Some("mẫu số của một tỷ lệ, không phải mức phải đạt");
    }
    // "trên 10.000 người" is a bound where no other number is told of them.
    let told = ahead(8);
    let is_per = word == "/" || word == "trên" && big && (follows || told);
    let counts = people.iter().any(|noun| unit.words.starts_with(noun));
    (is_round && is_per && (counts || word == "/"))
        .then_some("mẫu số của một tỷ lệ, không phải mức phải đạt")
}

/// Numbers that are no amounts: dates, years, names of documents, ranks, generations of a technique.
fn aside(tokens: &Tokens, at: usize, to: usize) -> Option<Aside> {
    let note = |end: usize, reason: &'static str| Some(Aside { start: at, end, reason });
    if let Some(end) = document(tokens, at) {
        return note(end.min(to), "số hiệu văn bản");
    }
    if let Some(date) = horizon::date(tokens, at) {
        return note(date.end, "ngày tháng");
    }
    if let Some((_, _, end)) = horizon::period(tokens, at) {
        return note(end, "giai đoạn");
    }
    // "giảm 2/3 số vụ" tells a part of what there is today, and no number to reach.
    if tokens.word(at + 1) == "/"
        && tokens.is(at + 2, Kind::Number)
        && matches!(tokens.word(at + 3), "số" | "tổng" | "diện")
    {
        return note(at + 3, "phân số");
    }
    // "Bản đồ tỷ lệ 1/10.000"
    let is_map = tokens.back(at, 1) == "lệ"
        && tokens.has(at.saturating_sub(6), at, &["bản đồ"])
        && matches!(tokens.word(at + 1), "/" | ":");
    if is_map && tokens.word(at) == "1" && tokens.is(at + 2, Kind::Number) {
        return note(at + 3, "tỷ lệ bản đồ");
    }
    // A telephone number written apart.
    let follows = at.checked_sub(1).is_some_and(|at| {
        tokens.is(at, Kind::Number)
            && number::year(tokens, at).is_none()
            && tokens.get(at).is_some_and(|token| token.text.starts_with(['0', '1']))
    });
    let is_block = tokens.get(at).is_some_and(|token| {
        token.text.len() >= 3 && !token.text.contains(['.', ',']) && !token.is_tabbed
    });
    if follows && is_block {
        return note(at + 1, "phần của một số viết rời");
    }
    // "bằng 1/2 bình quân chung"; in "3/5 xã" the second number is a whole that is counted.
    let digit = |at: usize| {
        tokens.get(at).filter(|token| token.kind == Kind::Number).and_then(|token| {
            token.text.parse::<u8>().ok().filter(|number| (1..10).contains(number))
        })
    };
    if tokens.word(at + 1) == "/"
        && digit(at) < digit(at + 2)
        && digit(at).is_some()
        && unit::counted(tokens, at + 3).is_none()
    {
        return note(at + 3, "phân số");
    }
    // A map of 1:10.000, a leaf of 60 x 80 cm.
    let scale = tokens.word(at + 1) == ":" && tokens.is_glued(at + 1) && tokens.is_glued(at + 2);
    if scale && tokens.word(at) == "1" && tokens.is(at + 2, Kind::Number) {
        return note(at + 3, "tỷ lệ bản đồ");
    }
    // "7:49:01", "18:48": a time of day.
    let is_clock = tokens.word(at + 1) == ":"
        && tokens.is_glued(at + 1)
        && tokens.is_glued(at + 2)
        && [at, at + 2].iter().all(|at| two_digits(tokens, *at).is_some_and(|n| n < 60));
    if is_clock {
        let goes_on = tokens.word(at + 3) == ":" && two_digits(tokens, at + 4).is_some();
        return note(if goes_on { at + 5 } else { at + 3 }, "giờ");
    }
    if matches!(tokens.word(at + 1), "x" | "×") && tokens.is(at + 2, Kind::Number) {
        let end = unit::read(tokens, at + 3).map_or(at + 3, |unit| unit.end);
        return note(end.min(to), "kích thước");
    }
    let before = tokens.before(at).map_or("", |at| tokens.word(at));
    if number::year(tokens, at).is_some() {
        let named = matches!(before, "năm" | "đến" | "cuối" | "hết" | "tới" | "-" | "–" | "/");
        let counts = unit::read(tokens, at + 1).is_some_and(|unit| {
            unit.family != Family::Time && (unit.scale > 1.0 || unit.family != Family::Count)
                || unit::counted(tokens, at + 1).is_some()
        });
        if named && tokens.word(at + 1) != "%" || !counts {
            return note(at + 1, "năm");
        }
    }
    if tokens
        .get(at)
        .is_some_and(|token| token.text.len() > 1 && token.text.chars().all(|c| c == '0'))
    {
        return note(at + 1, "phần của một số viết rời");
    }
    // "Dịch vụ 36 - 37%": the sign stands behind the second number.
    let is_range = matches!(tokens.word(at + 1), "-" | "–" | "đến")
        && tokens.is(at + 2, Kind::Number)
        && matches!(tokens.word(at + 3), "%" | "‰");
    let is_share = is_range || matches!(tokens.word(at + 1), "%" | "‰");
    if tokens.is(at + 1, Kind::Word)
        && tokens.is_glued(at + 1)
        && matches!(tokens.word(at + 1), "g" | "d" | "k" | "h" | "r" | "b")
    {
        return note(at + 2, "tên của một công nghệ");
    }
    if tokens.is_glued(at)
        && before == "-"
        && at.checked_sub(1).is_some_and(|at| tokens.is_glued(at))
        && at.checked_sub(2).is_some_and(|at| tokens.is(at, Kind::Word))
    {
        return note(at + 1, "tên gọi");
    }
    // "rau các loại 1.800 ha": what a measure follows is an amount, whatever stands before it.
    let is_measured = unit::read(tokens, at + 1)
        .is_some_and(|unit| unit.family == Family::Measure && unit.words.chars().count() > 1);
    // "(loại 2 - 4 m3)" tells a kind.
    let is_measured = is_measured && !(before == "loại" && matches!(tokens.back(at, 2), "(" | ","));
    let total = before == "số" && matches!(tokens.back(at, 2), "tổng" | "với" | "thiểu" | "đa");
    // "độ tuổi 15 - 60"
    if before == "tuổi" && tokens.back(at, 2) == "độ" {
        let is_range =
            matches!(tokens.word(at + 1), "-" | "–" | "đến") && tokens.is(at + 2, Kind::Number);
        return note(if is_range { at + 3 } else { at + 1 }, "độ tuổi của đối tượng");
    }
    // "dịch vụ 1.669,24 tỷ đồng": no name is written with dots and commas.
    let is_plain = tokens.get(at).is_some_and(|token| !token.text.contains(['.', ',']));
    if NAMED.contains(&before) && is_plain && !is_share && !total && !is_measured {
        // "nâng cấp 5 chợ", "phân hạng 60 sản phẩm" are verbs.
        let is_verb = matches!(before, "cấp" | "hạng" | "loại")
            && matches!(tokens.back(at, 2), "nâng" | "cung" | "trợ" | "phân" | "xếp" | "thăng")
            || before == "độ" && tokens.back(at, 2) == "chế"
            || before == "lớp" && tokens.back(at, 2) == "mỗi";
        let is_growth = is_verb
            || matches!(
                before,
                "lần" | "điểm" | "đoạn" | "khu" | "tổ" | "vụ" | "độ" | "nhóm" | "cấp"
            ) && unit::counted(tokens, at + 1).is_some();
        if !is_growth {
            // "trong nhóm 30/63 tỉnh": a rank, and out of how many.
            let out_of = tokens.word(at + 1) == "/" && tokens.is(at + 2, Kind::Number);
            let end = if out_of && before == "nhóm" { at + 3 } else { at + 1 };
            return note(end, "số thứ tự hoặc tên gọi");
        }
    }
    None
}

/// A number of one or two digits.
fn two_digits(tokens: &Tokens, at: usize) -> Option<u8> {
    let token = tokens.get(at).filter(|token| token.kind == Kind::Number)?;
    token.text.parse().ok().filter(|number| *number < 100)
}

/// The number of a document: `115/KH-UBND`, `71-CTr/TU`, `88/2005/NĐ-CP`. Gives the place behind it.
pub(super) fn document(tokens: &Tokens, at: usize) -> Option<usize> {
    let sign = at + 1;
    if !matches!(tokens.word(sign), "/" | "-") || !tokens.is_glued(sign) {
        return None;
    }
    let mut next = sign + 1;
    if number::year(tokens, next).is_some() && tokens.word(next + 1) == "/" {
        next += 2;
    }
    let is_code = tokens.get(next).is_some_and(|token| {
        token.kind == Kind::Word
            && (token.text.chars().filter(|c| c.is_uppercase()).count() >= 2
                || tokens.word(sign) == "/"
                    && matches!(
                        token.word.as_str(),
                        "kh" | "qđ" | "nq" | "tb" | "bc" | "ttr" | "ct" | "nđ" | "tt"
                    ))
    });
    if !is_code || !tokens.is(next, Kind::Word) {
        return None;
    }
    let mut end = next + 1;
    while matches!(tokens.word(end), "-" | "/") && tokens.is_glued(end) && tokens.is_glued(end + 1)
    {
        end += 2;
    }
    Some(end)
}
