//! What a number counts or measures: the words behind it.

use super::number;
use super::token::{Kind, Tokens};

/// The family of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// Per cent, per mille.
    Share,
    /// Points of a percentage.
    Points,
    /// How many times.
    Times,
    /// Đồng and other money.
    Money,
    /// A measure: hectares, tonnes.
    Measure,
    /// Things that are counted.
    Count,
    /// Years, months, days: a length of time.
    Time,
    /// Years of age.
    Age,
    /// Classes, speeds and other marks of quality.
    Mark,
}

/// A unit as read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unit {
    pub(super) words: String,
    pub(super) family: Family,
    /// What the written number is multiplied by.
    pub(super) scale: f64,
    /// The place behind it.
    pub(super) end: usize,
}

const MEASURES: &[&str] = &[
    "ha",
    "héc ta",
    "hecta",
    "m2",
    "m3",
    "m²",
    "m³",
    "km",
    "km2",
    "km²",
    "mét",
    "mét vuông",
    "mét khối",
    "kg",
    "kilôgam",
    "gam",
    "gram",
    "tấn",
    "tạ",
    "lít",
    "kwh",
    "kw",
    "mw",
    "mwp",
    "gw",
    "triệu kwh",
    "mva",
    "m",
    "cm",
    "tỷ kwh",
];

const TIMES: &[&str] = &[
    "năm",
    "tháng",
    "ngày",
    "ngày đêm",
    "giờ",
    "phút",
    "tuần",
    "quý",
    "giây",
    "ngày làm việc",
    "vụ",
];

const MARKS: &[&str] =
    &["sao", "gb", "mb", "gbps", "mbps", "gb/s", "mb/s", "g", "°c", "độ c", "kv", "m/s", "điểm"];

const MONEY: &[&str] =
    &["đồng", "đ", "vnđ", "vnd", "usd", "đô la", "đô la mỹ", "đồng việt nam", "euro"];

/// Nouns that official texts count. Of two that fit, the longer one is read.
const COUNTED: &[&str] = &[
    "tổ hợp tác",
    "hợp tác xã",
    "htx",
    "tht",
    "lhhtx",
    "lh htx",
    "liên hiệp hợp tác xã",
    "liên hiệp htx",
    "quỹ tín dụng nhân dân",
    "thành viên",
    "xã viên",
    "tổ chức kinh tế tập thể",
    "tổ chức",
    "tổ",
    "nhóm",
    "chi hội",
    "hội viên",
    "đoàn viên",
    "đảng viên",
    "thôn",
    "bản",
    "ấp",
    "xóm",
    "xã",
    "phường",
    "thị trấn",
    "huyện",
    "thị xã",
    "thành phố",
    "quận",
    "tỉnh",
    "buôn",
    "khu phố",
    "tổ dân phố",
    "khu dân cư",
    "làng",
    "làng nghề",
    "hộ",
    "hộ nghèo",
    "hộ dân",
    "hộ gia đình",
    "hộ kinh doanh",
    "hộ cận nghèo",
    "người",
    "lao động",
    "người lao động",
    "lượt người",
    "lượt khách",
    "lượt",
    "lượt nhân lực",
    "lượt lao động",
    "lượt cán bộ",
    "lượt hộ",
    "khách",
    "khách du lịch",
    "cán bộ",
    "công chức",
    "viên chức",
    "giáo viên",
    "học sinh",
    "sinh viên",
    "học viên",
    "bác sĩ",
    "dược sĩ",
    "điều dưỡng",
    "giường bệnh",
    "giường",
    "nhân viên",
    "chuyên gia",
    "kỹ sư",
    "thạc sĩ",
    "tiến sĩ",
    "trẻ em",
    "trẻ",
    "bé trai",
    "bé gái",
    "trai",
    "gái",
    "dân",
    "nhân khẩu",
    "phụ nữ",
    "thanh niên",
    "thuê bao",
    "bạn đọc",
    "người xem",
    "máy",
    "nhà",
    "căn",
    "căn hộ",
    "căn nhà",
    "ngôi nhà",
    "phòng",
    "phòng học",
    "trường",
    "trường học",
    "lớp",
    "lớp học",
    "lớp tập huấn",
    "trạm",
    "trạm y tế",
    "trung tâm",
    "trung tâm y tế",
    "cơ sở",
    "bệnh viện",
    "chợ",
    "siêu thị",
    "cửa hàng",
    "điểm bán hàng",
    "điểm",
    "công trình",
    "dự án",
    "đề án",
    "đề tài",
    "nhiệm vụ",
    "mô hình",
    "chuỗi",
    "chuỗi giá trị",
    "chuỗi liên kết",
    "vùng nuôi",
    "vùng trồng",
    "vùng",
    "vùng sản xuất",
    "mã số vùng trồng",
    "mã vùng trồng",
    "mã số",
    "khu",
    "khu công nghiệp",
    "cụm",
    "cụm công nghiệp",
    "tuyến",
    "tuyến đường",
    "cầu",
    "con",
    "cây",
    "giống",
    "đàn",
    "trang trại",
    "doanh nghiệp",
    "công ty",
    "thương hiệu",
    "nhãn hiệu",
    "sản phẩm",
    "mặt hàng",
    "sáng chế",
    "bằng sáng chế",
    "đơn",
    "đơn đăng ký",
    "hồ sơ",
    "thủ tục",
    "thủ tục hành chính",
    "dịch vụ",
    "dịch vụ công",
    "bộ dữ liệu",
    "tập dữ liệu",
    "cơ sở dữ liệu",
    "bộ",
    "kịch bản",
    "nền tảng",
    "hệ thống",
    "ứng dụng",
    "phần mềm",
    "thiết bị",
    "trạm bts",
    "điểm phát",
    "cuộc",
    "cuộc thi",
    "hội nghị",
    "hội thảo",
    "hội chợ",
    "đợt",
    "buổi",
    "lần",
    "chương trình",
    "khóa",
    "khóa đào tạo",
    "văn bản",
    "bài",
    "tin",
    "tin bài",
    "tác phẩm",
    "ấn phẩm",
    "cuốn",
    "bản đồ",
    "di tích",
    "di sản",
    "lễ hội",
    "nghệ nhân",
    "nhà văn hóa",
    "câu lạc bộ",
    "đội",
    "sân",
    "thư viện",
    "công viên",
    "nhà máy",
    "hồ",
    "đập",
    "trạm bơm",
    "giếng",
    "xe",
    "ô tô",
    "tàu",
    "phương tiện",
    "chiếc",
    "cái",
    "tỷ lệ",
    "tiêu chí",
    "chỉ tiêu",
    "mục tiêu",
    "giải pháp",
    "nội dung",
    "đồng chí",
    "suất",
    "suất học bổng",
    "việc làm",
    "vụ việc",
    "vụ tai nạn",
    "ca",
    "người chết",
    "trường hợp",
    "đối tượng",
    "gia đình",
    "ki-ốt",
    "phần",
    "gói thầu",
    "hợp đồng",
    "cặp",
    "mẫu",
    "liên hiệp",
    "viện",
    "hạng mục",
    "quỹ",
    "chi nhánh",
    "phiên",
    "phiên chợ",
    "gian hàng",
    "nhà khoa học",
    "startup",
    "ý tưởng",
    "vùng nguyên liệu",
    "điểm đến",
    "điểm du lịch",
    "khu du lịch",
    "khách sạn",
    "homestay",
    "buồng",
    "buồng phòng",
    "đơn vị",
    "cơ quan",
    "sở",
    "ngành",
    "nghề",
    "lĩnh vực",
    "đô thị",
    "khu đô thị",
    "nhà xưởng",
    "bến xe",
    "cảng",
    "cảng cạn",
    "cảng biển",
    "hội",
    "chứng chỉ",
    "chứng nhận",
    "giấy chứng nhận",
    "tài khoản",
    "giao dịch",
    "thẻ",
    "liều",
    "trận",
    "giải",
    "ngày hội",
    "tuần lễ",
    "chu kỳ",
    "cây giống",
    "cây xanh",
    "con giống",
    "giải thưởng",
    "huy chương",
    "tủ sách",
    "hộp",
    "loài",
    "cá thể",
    "ổ",
    "điểm trường",
    "nhà tiêu",
    "nhà vệ sinh",
    "bể chứa",
    "hồ chứa",
    "phương tiện đo",
    "bãi chôn lấp",
    "bãi rác",
    "lò đốt",
    "bóng đèn",
    "chuyên mục",
    "chuyên đề",
    "phóng sự",
    "đoàn kiểm tra",
    "cộng tác viên",
    "tuyên truyền viên",
    "hướng dẫn viên",
    "hòa giải viên",
    "nông dân",
    "ngư dân",
    "người dân",
    "du khách",
    "trẻ gái",
    "trẻ trai",
    "bé gái",
    "bé trai",
    "người nghèo",
    "người khuyết tật",
    "người cao tuổi",
    "vườn",
    "vườn mẫu",
    "vườn ươm",
    "tàu cá",
    "lồng bè",
    "bè",
    "lồng",
    "chợ đầu mối",
    "kho",
    "kho lạnh",
    "đường",
    "kênh",
    "kênh mương",
    "cống",
    "cột điện",
    "trạm biến áp",
    "camera",
    "điểm cầu",
    "điểm truy cập",
    "điểm bưu điện",
    "bộ thủ tục",
    "tổ công nghệ",
    "kỹ thuật viên",
    "công nhân",
    "người có công",
    "đại biểu",
];

/// Places, which are coordinated in one count: `14 huyện, thành phố`.
const PLACES: &[&str] = &[
    "tỉnh",
    "xã",
    "phường",
    "thị trấn",
    "huyện",
    "thị xã",
    "thành phố",
    "quận",
    "thôn",
    "bản",
    "ấp",
    "khu phố",
    "tổ dân phố",
    "đặc khu",
    "xóm",
    "làng",
    "buôn",
    "bon",
    "khóm",
];

/// Words that cannot begin what is counted.
const NO_NOUN: &[&str] = &[
    "và", "của", "là", "thì", "để", "trong", "đến", "từ", "theo", "với", "cho", "được", "so",
    "trở", "tại", "ở", "do", "hoặc", "về", "lên", "xuống", "mà", "như", "nhằm", "vào", "trên",
    "dưới", "đạt", "có", "sẽ", "đã", "bằng", "còn", "khi", "nếu", "hay", "thuộc", "trước", "sau",
    "này", "nêu", "cùng", "ngoài", "gồm", "bao",
];

/// Whether the words at a place name administrative units or zones.
pub(super) fn is_place(tokens: &Tokens, at: usize) -> bool {
    tokens.any(at, PLACES).is_some() || tokens.word(at) == "vùng"
}

/// Whether a unit counts administrative units.
pub(super) fn counts_places(unit: &Unit) -> bool {
    let first = unit.words.split([',', ' ']).next().unwrap_or_default();
    unit.family == Family::Count
        && PLACES.iter().any(|place| place.split(' ').next() == Some(first))
}

/// Whether a phrase of counted nouns begins here, and where it ends.
pub(super) fn counted(tokens: &Tokens, at: usize) -> Option<usize> {
    tokens.any(at, COUNTED)
}

/// Reads the unit that begins at a place behind a number.
pub(super) fn read(tokens: &Tokens, at: usize) -> Option<Unit> {
    let at = tokens.skip_lines(at);
    let word = tokens.word(at);
    if tokens.is(at, Kind::Sign) {
        return match word {
            "/" if tokens.is(at + 1, Kind::Number) => ratio(tokens, at),
            "%" | "‰" => Some(share(tokens, at, word)),
            _ => None,
        };
    }
    if tokens.phrase(at, "phần trăm").is_some() {
        return Some(with_rate(tokens, "%".to_owned(), Family::Share, 1.0, at + 2));
    }
    if let Some(end) = tokens.phrase(at, "phần nghìn") {
        return Some(with_rate(tokens, "‰".to_owned(), Family::Share, 1.0, end));
    }
    if tokens.phrase(at, "điểm %").is_some() || tokens.phrase(at, "điểm phần trăm").is_some()
    {
        let end = if tokens.word(at + 1) == "%" { at + 2 } else { at + 3 };
        let words = tokens.shown(at, end).to_lowercase();
        return Some(with_rate(tokens, words, Family::Points, 1.0, end));
    }
    if word == "lần" {
        return Some(with_rate(tokens, "lần".to_owned(), Family::Times, 1.0, at + 1));
    }
    // "4" and then "Tỷ lệ" on the next line: a word of its own.
    let is_ratio =
        word == "tỷ" && matches!(tokens.word(at + 1), "lệ" | "trọng" | "suất" | "số" | "giá");
    if is_ratio {
        return None;
    }
    if number::scale(word).is_some() {
        return Some(scaled(tokens, at));
    }
    if word == "tuổi" {
        return Some(plain(tokens, at, at + 1, Family::Age));
    }
    let longest = [
        (tokens.any(at, MEASURES), Family::Measure),
        (tokens.any(at, MONEY), Family::Money),
        (tokens.any(at, MARKS), Family::Mark),
        (tokens.any(at, COUNTED), Family::Count),
        (tokens.any(at, TIMES), Family::Time),
    ]
    .into_iter()
    .filter_map(|(end, family)| Some((end?, family)))
    .max_by_key(|(end, _)| *end);
    if let Some((end, family)) = longest {
        // "5 g" may name a technique; so much for each day is a measure: "400 g/người/ngày".
        let is_rate = family == Family::Mark && word == "g" && tokens.word(end) == "/";
        let family = if is_rate { Family::Measure } else { family };
        return Some(plain(tokens, at, end, family));
    }
    unknown(tokens, at)
}

/// What stands behind a number and a stroke: a base (`40/100.000`), or the total that it is a part of (`95/110 xã`).
fn ratio(tokens: &Tokens, at: usize) -> Option<Unit> {
    let base = tokens.get(at + 1)?.text.as_str();
    if matches!(base, "1.000" | "10.000" | "100.000" | "1000" | "10000" | "100000") {
        let end = counted(tokens, at + 2).unwrap_or(at + 2);
        return Some(Unit { words: format!("/{base}"), family: Family::Measure, scale: 1.0, end });
    }
    let end = counted(tokens, at + 2)?;
    Some(plain(tokens, at + 2, end, Family::Count))
}

/// Whether a number is one that rates are told per.
fn is_round(number: &str) -> bool {
    matches!(number, "100" | "1.000" | "10.000" | "100.000" | "1000" | "10000" | "100000")
}

/// A percentage, with its rate: `%/năm`.
fn share(tokens: &Tokens, at: usize, sign: &str) -> Unit {
    with_rate(tokens, sign.to_owned(), Family::Share, 1.0, at + 1)
}

/// A unit behind one or more scale words: `1,8 triệu thành viên`, `2.250 tỷ đồng`. Money keeps its written scale.
fn scaled(tokens: &Tokens, at: usize) -> Unit {
    let mut scale = 1.0;
    let mut end = at;
    while let Some(factor) = number::scale(tokens.word(end)) {
        scale *= factor;
        end = tokens.skip_lines(end + 1);
    }
    let written = tokens.shown(at, end).to_lowercase();
    if let Some(money) = tokens.any(end, MONEY) {
        let words = tokens.shown(at, money).to_lowercase();
        return with_rate(tokens, words, Family::Money, 1.0, money);
    }
    let counted = read(tokens, end).filter(|unit| {
        matches!(unit.family, Family::Count | Family::Measure | Family::Mark) && unit.scale <= 1.0
    });
    if let Some(unit) = counted.filter(|_| !tokens.word(end).is_empty()) {
        return Unit { scale, ..unit };
    }
    // Money is what stands without a name: "14 triệu", "2.000 tỷ".
    let money = scale >= 1e6;
    let words = if money { format!("{} đồng", written.trim()) } else { String::new() };
    let family = if money { Family::Money } else { Family::Count };
    let scale = if money { 1.0 } else { scale };
    with_rate(tokens, words, family, scale, end)
}

fn plain(tokens: &Tokens, at: usize, end: usize, family: Family) -> Unit {
    let mut end = end;
    if family == Family::Count && PLACES.iter().any(|p| tokens.phrase(at, p) == Some(end)) {
        while matches!(tokens.word(end), "," | "và" | "-" | "/" | "hoặc") {
            let next = if tokens.word(end) == "," && tokens.word(end + 1) == "và" { 2 } else { 1 };
            match tokens.any(tokens.skip_lines(end + next), PLACES) {
                Some(place) if !tokens.is(place, Kind::Number) => end = place,
                _ => break,
            }
        }
    }
    // "lượt" only says that one thing may count twice: what comes is counted.
    if tokens.word(at) == "lượt" && end == at + 1 {
        end = tokens.any(end, COUNTED).unwrap_or(end);
    }
    // "2.850 người dân tộc Khmer" are no "người dân".
    if tokens.word(end) == "tộc" && tokens.back(end, 1) == "dân" && end > at + 1 {
        end -= 1;
    }
    // "điều dưỡng viên", "cộng tác viên": who does what the words say.
    if family == Family::Count && tokens.word(end) == "viên" {
        end += 1;
    }
    let words = long_form(&tokens.shown(at, end).to_lowercase());
    // "2,4 dược sĩ đại học trên vạn dân": more words of the thing stand before what it is per.
    let per = (end + 1..end + 4)
        .find(|at| tokens.word(*at) == "trên" && number::scale(tokens.word(*at + 1)).is_some());
    if let Some(per) = per.filter(|per| {
        family == Family::Count
            && (end..*per).all(|at| tokens.is(at, Kind::Word))
            && base(tokens, *per).is_some()
    }) {
        return with_rate(tokens, words, family, 1.0, per);
    }
    // "24 m2 sàn/người": the thing measured stands between the measure and its rate.
    let stroke = (end + 1..end + 4)
        .find(|at| tokens.word(*at) == "/")
        .filter(|stroke| (end..*stroke).filter(|at| tokens.is(*at, Kind::Word)).count() <= 2);
    if let Some(stroke) = stroke.filter(|stroke| {
        let is_per = family == Family::Measure
            || family == Family::Count
                && (number::scale(tokens.word(stroke + 1)).is_some()
                    || tokens.get(stroke + 1).is_some_and(|token| is_round(&token.text)));
        let is_inner = |at: usize| tokens.is(at, Kind::Word) || tokens.is(at, Kind::Line);
        is_per && (end..*stroke).all(is_inner)
    }) {
        let words = tokens.shown(at, stroke).to_lowercase();
        return with_rate(tokens, words, family, 1.0, stroke);
    }
    with_rate(tokens, words, family, 1.0, end)
}

/// Abbreviations of the field, written out.
fn long_form(words: &str) -> String {
    match words {
        "htx" => "hợp tác xã",
        "tht" => "tổ hợp tác",
        "lhhtx" | "lh htx" | "liên hiệp htx" => "liên hiệp hợp tác xã",
        "m²" => "m2",
        "m³" => "m3",
        "km²" => "km2",
        other => other,
    }
    .to_owned()
}

/// Takes what the unit is per: `/năm`, `/người/năm`, `/100.000 dân`, `trên một vạn dân`.
fn with_rate(tokens: &Tokens, words: String, family: Family, scale: f64, end: usize) -> Unit {
    let mut unit = Unit { words, family, scale, end };
    while let Some((from, to)) = base(tokens, unit.end) {
        unit.words.push('/');
        unit.words.push_str(&long_form(&tokens.shown(from, to).to_lowercase()));
        unit.end = to;
    }
    unit
}

/// The words of a base behind a stroke or `trên`, without the `1` that says nothing.
fn base(tokens: &Tokens, at: usize) -> Option<(usize, usize)> {
    let is_stroke = tokens.word(at) == "/";
    let mut from = at + 1;
    if matches!(tokens.word(from), "1" | "01" | "một") {
        from += 1;
    }
    if !is_stroke {
        // "trên vạn dân" is a base, "trên 10.000 dân" may be a bound.
        let scaled = tokens.word(at) == "trên" && number::scale(tokens.word(from)).is_some();
        let noun = tokens.any(from + 1, COUNTED)?;
        return scaled.then_some((from, noun));
    }
    let mut end = from;
    if tokens.is(end, Kind::Number) {
        end += 1;
    }
    while number::scale(tokens.word(end)).is_some() {
        end += 1;
    }
    let noun = [tokens.any(end, COUNTED), tokens.any(end, MEASURES), tokens.any(end, TIMES)];
    let noun = noun.into_iter().flatten().max();
    // An unknown noun is one word; a number alone is a base too.
    let unknown =
        (tokens.is(end, Kind::Word) && !NO_NOUN.contains(&tokens.word(end))).then_some(end + 1);
    let lasts = |to: usize| {
        if tokens.word(end) == "lượt" { tokens.any(to, COUNTED).unwrap_or(to) } else { to }
    };
    let to = noun.map(lasts).or(unknown).unwrap_or(end);
    (to > from).then_some((from, to))
}

/// A noun that the list does not know: its first two syllables, or one where no second follows.
fn unknown(tokens: &Tokens, at: usize) -> Option<Unit> {
    let is_noun = |at: usize| {
        tokens.is(at, Kind::Word)
            && !NO_NOUN.contains(&tokens.word(at))
            && !tokens.is_glued(at)
            && tokens.get(at).is_some_and(|token| !token.text.chars().any(|c| c.is_ascii_digit()))
    };
    if !is_noun(at) || tokens.is_capital(at) && !tokens.word(at).is_ascii() {
        return None;
    }
    // "pa-nô" is one word, "camera" more than one syllable.
    let is_joined = tokens.word(at + 1) == "-"
        && tokens.is_glued(at + 1)
        && tokens.is_glued(at + 2)
        && tokens.is(at + 2, Kind::Word);
    let second = is_noun(at + 1)
        && !tokens.is_capital(at + 1)
        && tokens.word(at) != "số"
        && !is_foreign(tokens.word(at));
    // "vận động viên", "cộng tác viên": who does what the two syllables say.
    let is_doer = second && tokens.word(at + 2) == "viên";
    let end = if is_joined || is_doer {
        at + 3
    } else if second {
        at + 2
    } else {
        at + 1
    };
    Some(plain(tokens, at, end, Family::Count))
}

/// Whether a word is of a language that writes more than one syllable together.
fn is_foreign(word: &str) -> bool {
    let is_vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let mut groups = 0;
    let mut inside = false;
    for c in word.chars() {
        groups += usize::from(is_vowel(c) && !inside);
        inside = is_vowel(c);
    }
    word.is_ascii() && groups > 1
}

/// The unit of a bare number, from a subject that says what it counts: `Số hợp tác xã … đạt 5.000`.
pub(super) fn of_subject(tokens: &Tokens, number: usize, floor: usize, end: usize) -> Option<Unit> {
    let from = floor.max(number.saturating_sub(40));
    let from = tokens.last(from, number, &[";", "."]).map_or(from, |at| at + 1);
    if tokens.has(from, number, &["chỉ số", "hệ số", "hdi", "gini"]) {
        return Some(Unit { words: String::new(), family: Family::Measure, scale: 1.0, end });
    }
    if tokens.has(from, number, &["tỷ số", "tỷ lệ"])
        && (from..number).any(|at| tokens.word(at) == "/")
    {
        return Some(Unit { words: String::new(), family: Family::Measure, scale: 1.0, end });
    }
    let at = (from..number)
        .find(|at| tokens.word(*at) == "số" && !matches!(tokens.back(*at, 1), "chỉ" | "tỷ" | "hệ"))
        .map(|at| if tokens.word(at + 1) == "lượng" { at + 2 } else { at + 1 })?;
    let noun = counted(tokens, at)?;
    Some(Unit { end, ..plain(tokens, at, noun, Family::Count) })
}

/// The unit of a bare number behind a label that names what is counted: `hợp tác xã nông nghiệp: 450`.
pub(super) fn of_label(tokens: &Tokens, number: usize, floor: usize, end: usize) -> Option<Unit> {
    let colon = number.checked_sub(1).filter(|at| tokens.word(*at) == ":")?;
    let from = (floor..colon)
        .rev()
        .find(|at| !tokens.is(*at, Kind::Word) || tokens.phrase(*at, "trong đó").is_some())
        .map_or(floor, |at| if tokens.word(at) == "trong" { at + 2 } else { at + 1 });
    // "Huyện Cao Lộc: 7" names where, not what.
    let noun = counted(tokens, from).filter(|noun| *noun <= colon && !tokens.is_capital(*noun))?;
    Some(Unit { end, ..plain(tokens, from, noun, Family::Count) })
}
