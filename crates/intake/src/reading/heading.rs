//! The shape of a document: paragraphs, their bullets and numbers, and what the headings above them say.

use super::clause;
use super::horizon::{self, Mention, When};
use super::number;
use super::past;
use super::scope;
use super::token::{Kind, Tokens};
use super::zone::{self, Zone};

/// A paragraph.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    /// The first token behind the bullet or number.
    pub(super) from: usize,
    pub(super) to: usize,
    level: Level,
    is_first: bool,
}

/// The kinds of bullets and numbers, from the outermost to the innermost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Title,
    Part,
    Article,
    Capital,
    Roman,
    Number,
    NumberOfTwo,
    NumberOfThree,
    Letter,
    Plain,
    /// A line without a number that ends with a colon.
    Label,
    Dash,
    Plus,
    Text,
}

/// What stands above a paragraph.
#[derive(Clone, Copy, Debug)]
struct Frame {
    level: Level,
    horizon: Option<When>,
    zone: Option<Zone>,
}

/// A paragraph with what its headings say.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) is_title: bool,
    /// Whether it is an item of a list.
    pub(super) is_listed: bool,
    /// Whether it stands before the first heading.
    pub(super) is_opening: bool,
    pub(super) zone: Option<Zone>,
    /// The horizon of the nearest heading that names one.
    pub(super) horizon: Option<When>,
    /// The last year or period of the headings, where the nearest says only `hằng năm`.
    pub(super) until: Option<When>,
}

/// The document as paragraphs, and what it says of itself before its first heading.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) parts: Vec<Part>,
    pub(super) horizon: Option<When>,
    /// The year it was made, as far as its dates tell.
    pub(super) year: Option<i32>,
    /// The district or commune whose plan it is: `huyện Bắc Hà`.
    pub(super) place: Option<String>,
    /// The year that it is the plan of: `Kế hoạch … năm 2024`.
    only: Option<i32>,
    /// Whether its horizon is only that of a document that it rests on.
    is_borrowed: bool,
    /// The first year that a sentence aims at in words: `Năm 2025, tỉnh phấn đấu …`.
    pub(super) aimed: Option<i32>,
    /// Where the first sentence begins that aims at a year.
    pub(super) aims_at: Option<usize>,
    /// Whether it only reports: nothing in it looks ahead.
    pub(super) only_reports: bool,
}

impl Outline {
    /// The year that the document as a whole aims at.
    pub(super) fn last_year(&self) -> Option<i32> {
        match self.horizon? {
            When::Year(year) | When::Period(_, year) => Some(year),
            When::Yearly => None,
        }
    }

    /// The first year that the document can aim at. What it says of earlier years is what was.
    pub(super) fn first_year(&self) -> Option<i32> {
        let planned = self.horizon.and_then(|when| match when {
            When::Period(first, _) => Some(first),
            When::Year(_) | When::Yearly => None,
        });
        // "Kế hoạch năm 2025 và giai đoạn 2026 - 2030" begins with the year.
        let planned = match (planned, self.only) {
            (Some(planned), Some(only)) => Some(planned.min(only)),
            (planned, only) => planned.or(only),
        };
        match (planned, self.year) {
            (Some(planned), Some(made)) => Some(planned.min(made)),
            (planned, made) => planned.or(made),
        }
    }
}

/// Reads the shape.
pub(super) fn outline(tokens: &Tokens) -> Outline {
    let mut outline = Outline { only_reports: past::only_reports(tokens), ..Outline::default() };
    let mut frames: Vec<Frame> = Vec::new();
    let mut opened = false;
    let mut goals = None;
    for (index, block) in blocks(tokens).iter().enumerate() {
        let ends = block.to.checked_sub(1).map_or("", |at| tokens.word(at));
        let is_plain = block.level == Level::Text && is_heading(tokens, block, ends);
        // "* Mục tiêu:" stands above the dashes that follow it.
        let is_label = block.level == Level::Dash
            && ends == ":"
            && block.to - block.from <= 8
            && zone::named(tokens, block.from).is_some();
        let is_loud = is_loud(tokens, block.from, block.to);
        let level = match (is_plain, is_label) {
            (true, _) if ends == ":" && !is_loud => Level::Label,
            (false, false) => block.level,
            (true, _) | (_, true) => Level::Plain,
        };
        opened |= matches!(level, Level::Part | Level::Roman | Level::Number | Level::Article)
            || level == Level::Capital && zone(tokens, block, ends).is_some();
        if !opened && index < 40 {
            introduce(tokens, block, &mut outline);
        }
        if let Some((year, at)) = aimed(tokens, block) {
            outline.aims_at = outline.aims_at.or(Some(at));
            outline.aimed = earlier(outline.aimed, Some(year));
        }
        if level != Level::Text {
            close(&mut frames, level, block.is_first);
        }
        let own_zone = zone(tokens, block, ends);
        let is_named = !opened && index < 12 && is_plan_name(tokens, block, ends);
        let inherited = frames.iter().rev().find_map(|frame| frame.zone);
        // "Điều 1. Tán thành Báo cáo … giai đoạn 2006 - 2010" says nothing of the goals under it.
        let tells = own_zone.or(inherited) == Some(Zone::Situation);
        let speaks = |frame: &&Frame| tells || frame.zone != Some(Zone::Situation);
        let above = || frames.iter().rev().filter(speaks).filter_map(|frame| frame.horizon);
        outline.parts.push(Part {
            from: block.from,
            to: block.to,
            is_title: block.level == Level::Title || is_named,
            is_listed: !matches!(level, Level::Text | Level::Plain | Level::Label),
            is_opening: !opened && own_zone.or(inherited).is_none(),
            zone: own_zone.or(inherited),
            horizon: above().next(),
            until: above().find(|when| *when != When::Yearly),
        });
        if level == Level::Text || own_zone == Some(Zone::Grounds) {
            continue;
        }
        let heads = !matches!(ends, "." | ";" | ",");
        let horizon = heads.then(|| of_heading(tokens, block)).flatten();
        frames.push(Frame { level, horizon, zone: own_zone });
        if own_zone.or(inherited) == Some(Zone::Goals) && goals.is_none() {
            goals = horizon.filter(|when| *when != When::Yearly);
        }
    }
    // A plan whose title names no year is for the year of its goals.
    outline.horizon = outline.horizon.or(goals);
    outline
}

/// Leaves the headings that a paragraph is not under.
fn close(frames: &mut Vec<Frame>, level: Level, is_first: bool) {
    // Where the count of Roman numbers begins anew behind a heading without a number, that heading divides the document.
    if is_first && level == Level::Roman {
        let plain = frames.iter().rposition(|frame| frame.level == Level::Plain);
        let roman = frames.iter().position(|frame| frame.level == Level::Roman);
        if let (Some(plain), Some(roman)) = (plain, roman)
            && plain > roman
        {
            let from = frames
                .iter()
                .take(roman)
                .rposition(|frame| frame.level == Level::Plain)
                .unwrap_or(roman);
            frames.drain(from..plain);
        }
    }
    let same = frames.iter().rposition(|frame| frame.level == level);
    // A heading without a number under a Roman one does not end what stands above that: the title, for one.
    let is_under = |same: &usize| {
        matches!(level, Level::Plain | Level::Label)
            && frames.iter().skip(*same).any(|frame| frame.level <= Level::Roman)
    };
    if let Some(same) = same.filter(|same| !is_under(same)) {
        frames.truncate(same);
        return;
    }
    // A list may hang under a heading without a number: "Đến năm 2030:" and then "1.".
    let is_deeper = |frame: &Frame| {
        frame.level > level && !(is_first && matches!(frame.level, Level::Plain | Level::Label))
    };
    if let Some(deeper) = frames.iter().position(is_deeper) {
        frames.truncate(deeper);
    }
}

/// The moment a heading sets for what is under it.
fn of_heading(tokens: &Tokens, block: &Block) -> Option<When> {
    let mentions = horizon::mentions(tokens, block.from, block.to);
    let bare = |mention: &&Mention| mention.start <= block.from + 1;
    // "KẾ HOẠCH PHÁT TRIỂN KINH TẾ TẬP THỂ NĂM 2024"
    let closes = |mention: &&Mention| {
        mention.end == block.to || mention.end + 1 == block.to && tokens.word(mention.end) == ":"
    };
    // "giai đoạn 2007 - 2010 và tầm nhìn đến năm 2020" is of the period.
    let looks_on = |mention: &&Mention| {
        let from = mention.start.saturating_sub(4).max(block.from);
        tokens
            .last(from, mention.start, &["tầm nhìn", "định hướng"])
            .is_some_and(|at| matches!(tokens.back(at, 1), "và" | ",") && at > block.from)
    };
    mentions
        .iter()
        .rev()
        .filter(|mention| mention.ahead)
        .find(|mention| !looks_on(mention))
        .or_else(|| mentions.iter().rev().find(|mention| mention.ahead))
        .or_else(|| mentions.iter().find(bare).or_else(|| mentions.last().filter(closes)))
        .map(|mention| mention.when)
}

/// Words with which a plan names the documents that it rests on.
const OTHERS: &[&str] =
    &["căn cứ", "thực hiện", "theo đề nghị", "xét", "trên cơ sở", "theo", "sau khi xem xét"];

/// Words with which a title names its place behind its year.
const PLACES: &[&str] =
    &["tỉnh", "thành phố", "huyện", "thị xã", "xã", "phường", "trên địa bàn", "của"];

/// The first year that the sentences of a paragraph aim at in words, and where the first of them begins.
fn aimed(tokens: &Tokens, block: &Block) -> Option<(i32, usize)> {
    const AIMS: &[&str] = &["phấn đấu", "mục tiêu"];
    if !tokens.has(
        block.from,
        block.to,
        &["phấn đấu", "mục tiêu", "chỉ tiêu", "nhiệm vụ", "kế hoạch", "theo đó"],
    ) {
        return None;
    }
    let mut first = None;
    let mut start = None;
    for (from, to) in clause::sentences(tokens, block.from, block.to) {
        let is_named = (from..to).any(|at| {
            number::year(tokens, at).is_some() && horizon::is_named_aim(tokens, at, from)
        });
        // "Theo đó, đến năm 2030 diện tích đạt 900 ha."
        let opening = tokens.any(tokens.skip_lines(from), &["theo đó"]);
        let is_named = is_named
            || opening.is_some_and(|at| {
                tokens.any(at, &[", đến năm", ", đến hết năm", ", đến cuối năm"]).is_some()
            });
        let aim = (from..to).find(|at| tokens.any(*at, AIMS).is_some());
        if aim.is_some() || is_named {
            // A year before the aim is the aim's where the sentence opens with it.
            let reaches = |mention: &Mention| {
                aim.is_none_or(|aim| mention.start > aim) || mention.start <= from + 3
            };
            let mentions = horizon::mentions(tokens, from, to);
            for mention in mentions.iter().filter(|mention| reaches(mention)) {
                start = start.or(Some(from));
                first = earlier(
                    first,
                    match mention.when {
                        When::Period(year, _) if tokens.back(mention.start, 1) == "kỳ" => {
                            Some(year + 1)
                        }
                        When::Year(year) | When::Period(year, _) => Some(year),
                        When::Yearly => None,
                    },
                );
            }
        }
    }
    first.zip(start)
}

/// The earlier of two years, where there are any.
fn earlier(one: Option<i32>, other: Option<i32>) -> Option<i32> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// What the document says of itself: its period, its place, and the year of its youngest date.
fn introduce(tokens: &Tokens, block: &Block, outline: &mut Outline) {
    let is_title = block.to - block.from <= 60 && tokens.word(block.to - 1) != ";";
    if outline.place.is_none() && is_title && !tokens.has(block.from, block.to, &["tỉnh"]) {
        outline.place =
            (block.from..block.to).find_map(|at| scope::own_place(tokens, at, block.to));
    }
    let has_number = (block.from..block.to)
        .any(|at| matches!(tokens.word(at), "/") && tokens.is(at + 1, Kind::Word));
    let mut at = block.from;
    while at < block.to {
        if let Some(date) = horizon::date(tokens, at) {
            if tokens.back(at, 1) == "ngày" || tokens.word(at + 1) == "tháng" {
                outline.year = outline.year.max(date.year);
            }
            at = date.end;
        } else {
            at += 1;
        }
    }
    // "NĂM AN TOÀN GIAO THÔNG 2019": a title may set its year apart from the word.
    let is_set_apart = |at: usize| {
        let year = number::year(tokens, at)?;
        let is_bare = tokens.is(at.saturating_sub(1), Kind::Word)
            && !matches!(tokens.back(at, 1), "số" | "năm")
            && !matches!(tokens.word(at + 1), "/" | "-" | "–");
        is_bare.then_some(year)
    };
    if is_title
        && !has_number
        && outline.horizon.is_none()
        && tokens.has(block.from, block.to, &["năm"])
    {
        let apart = (block.from..block.to).find_map(is_set_apart);
        if let Some(year) =
            apart.filter(|_| horizon::mentions(tokens, block.from, block.to).is_empty())
        {
            outline.horizon = Some(When::Year(year));
            outline.only = Some(year);
        }
    }
    // "Đến cuối năm 2022, toàn tỉnh có 572 hợp tác xã." tells what is, not what the document is for.
    let tells = tokens.word(block.to - 1) == "."
        && !tokens.has(
            block.from,
            block.to,
            &["kế hoạch", "chương trình", "đề án", "phấn đấu", "mục tiêu", "phương án", "dự án"],
        );
    // "Căn cứ Quyết định … giai đoạn 2018 - 2020" names the period of another document.
    let is_ground = tokens.any(block.from, OTHERS).is_some()
        && matches!(tokens.word(block.to - 1), ";" | "," | "." | ":");
    for mention in horizon::mentions(tokens, block.from, block.to) {
        match mention.when {
            _ if is_ground && outline.horizon.is_some() => {}
            When::Period(..) if is_ground => {
                outline.horizon = Some(mention.when);
                outline.is_borrowed = true;
            }
            When::Year(year)
                if tells && (!mention.ahead || outline.year.is_some_and(|made| year <= made)) => {}
            // "Đề án đến năm 2025, …": a later period in running text is one of its parts.
            When::Period(..) if tokens.word(block.to - 1) == "." && outline.horizon.is_some() => {}
            When::Period(..) => {
                if !matches!(outline.horizon, Some(When::Period(..))) || outline.is_borrowed {
                    outline.horizon = Some(mention.when);
                    outline.is_borrowed = false;
                }
            }
            // "Thực hiện Đề án … giai đoạn 2021 - 2030 năm 2023": the year of the plan stands last.
            When::Year(year)
                if is_title && mention.end == block.to && !mention.ahead && !has_number =>
            {
                outline.horizon = Some(mention.when);
                outline.only = Some(year);
            }
            // "PHÁT TRIỂN HỢP TÁC XÃ NĂM 2023 TỈNH LẠNG SƠN": the place may follow.
            When::Year(year)
                if is_title
                    && !has_number
                    && !mention.ahead
                    && is_loud(tokens, block.from, block.to)
                    && tokens.any(mention.end, PLACES).is_some() =>
            {
                outline.horizon = Some(mention.when);
                outline.only = Some(year);
            }
            When::Year(year)
                if is_title
                    && !mention.ahead
                    && !has_number
                    && tokens.any(mention.end, &["và", ", giai đoạn", "- giai đoạn"]).is_some() =>
            {
                outline.horizon = outline.horizon.or(Some(mention.when));
                outline.only = Some(year);
            }
            When::Year(year) if outline.horizon.is_none() && (mention.ahead || !has_number) => {
                outline.horizon = Some(mention.when);
                // A title without a full stop that ends with a bare year names the only year of the plan.
                let is_title = mention.end == block.to && block.to - block.from <= 30;
                let is_bare = !matches!(
                    tokens.back(mention.start, 2),
                    "đến" | "tới" | "hết" | "cuối" | "trước"
                );
                outline.only = (is_title && is_bare).then_some(year);
            }
            When::Year(_) | When::Yearly => {}
        }
    }
}

/// Whether a line before the first heading is the name of the document, whose numbers belong to the name: `Kế hoạch thực
/// hiện Đề án 1 triệu héc-ta lúa`.
fn is_plan_name(tokens: &Tokens, block: &Block, ends: &str) -> bool {
    let kinds = ["kế hoạch", "đề án", "chương trình", "quyết định", "nghị quyết", "phương án"];
    block.level == Level::Text
        && !matches!(ends, "." | ";" | ":" | ",")
        && block.to - block.from <= 40
        && tokens.any(block.from, &kinds).is_some()
        && !(block.from..block.to).any(|at| matches!(tokens.word(at), ":" | ";" | "."))
}

/// Whether a line is written in capitals.
fn is_loud(tokens: &Tokens, from: usize, to: usize) -> bool {
    let words = (from..to).filter(|at| tokens.is(*at, Kind::Word));
    words.clone().nth(1).is_some()
        && words.clone().all(|at| tokens.get(at).is_some_and(|t| t.text == t.text.to_uppercase()))
}

/// Whether a paragraph without a number is a heading.
fn is_heading(tokens: &Tokens, block: &Block, ends: &str) -> bool {
    if ends == ":" {
        return true;
    }
    if matches!(ends, "." | ";" | ",") || block.to - block.from > 30 {
        return false;
    }
    let is_loud = is_loud(tokens, block.from, block.to);
    let opens = tokens.any(
        block.from,
        &[
            "đến năm",
            "đến hết năm",
            "giai đoạn",
            "năm",
            "mục tiêu",
            "tầm nhìn",
            "định hướng đến",
            "chỉ tiêu",
            "các chỉ tiêu",
            "hằng năm",
            "hàng năm",
            "về",
        ],
    );
    let has_share = (block.from..block.to).any(|at| {
        tokens.word(at) == "%"
            || tokens.is(at, Kind::Number)
                && number::year(tokens, at).is_none()
                && horizon::date(tokens, at).is_none()
    });
    // "Những kết quả đạt được", "Định hướng phát triển": a short line that opens with the name of a part.
    let is_named = block.to - block.from <= 8
        && block.from > 12
        && tokens.is_capital(block.from)
        && (block.from..block.from + 2).any(|at| zone::named(tokens, at).is_some());
    is_loud || (opens.is_some() || is_named) && !has_share
}

/// What a heading says its part is about. The first word that tells decides: "kết quả thực hiện mục tiêu" is a situation.
fn zone(tokens: &Tokens, block: &Block, ends: &str) -> Option<Zone> {
    if tokens.any(block.from, zone::GROUNDS).is_some() || carries_out(tokens, block, ends) {
        return Some(Zone::Grounds);
    }
    if let Some(zone) = inline(tokens, block) {
        return Some(zone);
    }
    // "I. Sáu tháng đầu năm, toàn tỉnh thành lập …": a report under a number of its own.
    let is_numbered = matches!(block.level, Level::Part | Level::Roman | Level::Number);
    let head = block.to.min(block.from + 6);
    if is_numbered
        && ends == "."
        && past::opens_report(tokens, block.from, head)
        && !past::turns(tokens, block.from, block.to)
    {
        return Some(Zone::Situation);
    }
    let is_text = matches!(block.level, Level::Text | Level::Dash | Level::Plus);
    if matches!(ends, "." | ";" | ",") || is_text && ends != ":" && block.level != Level::Text {
        return None;
    }
    // "Tiếp nối kết quả đạt được, đề án đề ra một số mục tiêu như:"
    let sets = ["đề ra", "đặt ra", "đặt mục tiêu", "xác định mục tiêu", "phấn đấu"];
    if block.level == Level::Text
        && ends == ":"
        && tokens.has(block.from, block.to, &sets)
        && tokens.has(block.from, block.to, &["mục tiêu", "chỉ tiêu"])
        && !tokens.has(block.from, block.to, &["kết quả thực hiện", "tình hình thực hiện"])
    {
        return Some(Zone::Goals);
    }
    let to = block.to.min(block.from + 40);
    if block.level == Level::Text && !is_heading(tokens, block, ends) {
        return None;
    }
    for at in block.from..to {
        let found =
            zone::named(tokens, at).filter(|zone| at <= block.from + 1 || !zone.is_named_first());
        // "Tán thành những nội dung cơ bản đánh giá kết quả …": "nội dung" says the least.
        let is_weak = tokens.phrase(at, "nội dung").is_some()
            && (at..to).any(|at| {
                tokens
                    .any(at, &["đánh giá kết quả", "kết quả thực hiện", "tình hình thực hiện"])
                    .is_some()
            });
        if found.is_some() && !is_weak {
            return found;
        }
    }
    // "hiện có …, cụ thể:" opens a list of what is.
    let last = (block.from..block.to - 1).rev().find(|at| tokens.word(*at) == ".");
    (ends == ":"
        && !tokens.has(
            last.unwrap_or(block.from),
            block.to,
            &["yêu cầu", "chỉ đạo", "giao", "quyết định", "quyết nghị", "phấn đấu"],
        )
        && tokens.has(
            block.from,
            block.to,
            &["hiện có", "tại thời điểm", "tính đến", "đến nay", "hiện nay"],
        ))
    .then_some(Zone::Situation)
}

/// Whether a paragraph names the documents that the plan carries out, with what they aim at: `Thực hiện Nghị quyết số 28-NQ/TW với
/// mục tiêu …, Ủy ban nhân dân huyện ban hành Kế hoạch như sau:`.
fn carries_out(tokens: &Tokens, block: &Block, ends: &str) -> bool {
    let papers = [
        "nghị quyết",
        "quyết định",
        "kế hoạch",
        "chương trình",
        "công văn",
        "chỉ thị",
        "thông báo",
        "luật",
        "nghị định",
        "kết luận",
        "đề án",
        "văn bản",
    ];
    let Some(behind) = tokens.any(block.from, &["thực hiện", "triển khai thực hiện", "triển khai"])
    else {
        return false;
    };
    let issues = ["ban hành", "xây dựng", "triển khai", "tổ chức"];
    matches!(ends, ":" | ";")
        && block.level == Level::Text
        && tokens.any(behind, &papers).is_some()
        && (ends == ";" || tokens.has(behind, block.to, &issues))
        && tokens.has(behind, block.to, &["số", "khóa"])
}

/// The zone of a heading that its own text follows on the line: `3. Kinh phí: dự kiến 2 tỷ đồng.`
fn inline(tokens: &Tokens, block: &Block) -> Option<Zone> {
    let stop = (block.from..block.to.min(block.from + 14))
        .find(|at| matches!(tokens.word(*at), ":" | "." | ";" | ","))?;
    if tokens.word(stop) != ":" || stop + 1 >= block.to {
        return None;
    }
    let joins = matches!(tokens.word(block.from), "về" | "các" | "một" | "tổng");
    let from = if joins { block.from + 1 } else { block.from };
    if tokens.phrase(from, "hỗ trợ") == Some(stop) {
        return Some(Zone::Support);
    }
    zone::named(tokens, from).or_else(|| zone::named(tokens, block.from))
}

/// The paragraphs. A line goes on with the one before where that one is open and this one does not begin anew.
fn blocks(tokens: &Tokens) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut at = 0;
    let mut gap = true;
    while at < tokens.len() {
        if tokens.is(at, Kind::Line) {
            gap |= tokens.is(at + 1, Kind::Line);
            at += 1;
            continue;
        }
        let end = (at..tokens.len()).find(|at| tokens.is(*at, Kind::Line)).unwrap_or(tokens.len());
        let (level, body, is_first) = level(tokens, at);
        let is_open = blocks.last().is_some_and(|last| {
            let ends = last.to.checked_sub(1).map_or("", |at| tokens.word(at));
            last.level != Level::Title && !matches!(ends, "." | ";" | ":" | "!" | "?")
        });
        // A clause of a list goes on in small letters: "…;" and then "có 5 mô hình".
        let is_list = blocks
            .last()
            .is_some_and(|last| last.to.checked_sub(1).is_some_and(|at| tokens.word(at) == ";"));
        let lower = tokens.is(at, Kind::Word) && !tokens.is_capital(at);
        // "I. ĐÁNH GIÁ KẾT" and "QUẢ GIAI ĐOẠN 2016 - 2020": a heading in capitals over two lines.
        let is_loud = blocks.last().is_some_and(|last| {
            matches!(last.level, Level::Part | Level::Capital | Level::Roman | Level::Number)
                && is_loud(tokens, last.from, last.to)
                && is_loud(tokens, at, end)
        });
        // "(Kèm theo Kế hoạch số 09/KH-UBND)" below a title is no part of it.
        let is_attached = tokens.any(at, &["( kèm theo", "( ban hành kèm"]).is_some();
        let goes_on = !gap
            && !is_attached
            && level == Level::Text
            && (is_open && (lower || is_loud || !tokens.is(at, Kind::Word)) || is_list && lower);
        match blocks.last_mut().filter(|_| goes_on) {
            Some(last) => last.to = end,
            None => blocks.push(Block { from: body, to: end, level, is_first }),
        }
        at = end;
        gap = false;
    }
    blocks
}

/// Whether a line opens a whole part: `Phần thứ nhất`, `PHẦN II`, `Chương 3.`, `Phụ lục 1`.
fn divides(tokens: &Tokens, at: usize) -> bool {
    let at = if tokens.word(at) == "phụ" { at + 1 } else { at };
    let is_kind = matches!(tokens.word(at), "phần" | "chương" | "lục");
    let next = if tokens.word(at + 1) == "thứ" { at + 2 } else { at + 1 };
    let is_roman = tokens.word(next).chars().all(|c| matches!(c, 'i' | 'v' | 'x'));
    let is_number = next > at + 1 || is_roman || tokens.is(next, Kind::Number);
    let ends = |at: usize| {
        matches!(tokens.word(at), "" | "." | ":" | "-" | "–") || tokens.is(at, Kind::Line)
    };
    is_kind && (tokens.word(at) == "lục" && ends(at + 1) || is_number && ends(next + 1))
}

/// The bullet or number that a line begins with, the place behind it, and whether it is the first of its kind.
fn level(tokens: &Tokens, at: usize) -> (Level, usize, bool) {
    let word = tokens.word(at);
    let stop = |at: usize| matches!(tokens.word(at), "." | ")" | ":" | "/" | "-");
    let closed = |at: usize| {
        matches!(tokens.word(at), "." | ")") && !tokens.is_glued(at + 1)
            || tokens.word(at) == "." && tokens.is(at + 1, Kind::Word)
            // "III- MỤC TIÊU", "2/ Về xã hội"; "14-16 tuổi" and "5/7 thôn" are numbers.
            || matches!(tokens.word(at), "-" | "–" | "/")
                && tokens.is_glued(at)
                && !tokens.is_glued(at + 1)
                && (tokens.is_capital(at + 1) || tokens.word(at + 2) == "%")
    };
    match word {
        "#" => {
            return (
                Level::Title,
                (at..at + 7).find(|at| tokens.word(*at) != "#").unwrap_or(at),
                true,
            );
        }
        "-" | "–" | "—" | "•" | "*" | "·" | "▪" | "‑" | "−" => {
            let is_first = true;
            return (Level::Dash, at + 1, is_first);
        }
        "+" | "o" | "◦" if word != "o" || !tokens.is_capital(at) => {
            return (Level::Plus, at + 1, true);
        }
        "(" if tokens.word(at + 2) == ")" && tokens.is(at + 1, Kind::Number) => {
            return (Level::Letter, at + 3, tokens.word(at + 1) == "1");
        }
        "phần" | "chương" | "phụ" if tokens.is_capital(at) && divides(tokens, at) => {
            let end = (at..tokens.len()).find(|at| tokens.is(*at, Kind::Line));
            let stop = (at..at + 5).find(|at| stop(*at)).map(|at| at + 1);
            return (Level::Part, stop.or(end).unwrap_or(tokens.len()), false);
        }
        "điều" if tokens.is(at + 1, Kind::Number) || stop(at + 2) => {
            return (Level::Article, at + 2 + usize::from(stop(at + 2)), false);
        }
        _ => {}
    }
    if tokens.is(at, Kind::Number) {
        let text = tokens.get(at).map_or("", |token| token.text.as_str());
        let depth = text.split('.').count();
        let short = text.split('.').all(|part| part.len() <= 2) && !text.contains(',');
        let first = text.rsplit('.').next() == Some("1");
        if short && (closed(at + 1) || depth > 1 && tokens.is_capital(at + 1)) {
            let level = match depth {
                1 => Level::Number,
                2 => Level::NumberOfTwo,
                _ => Level::NumberOfThree,
            };
            return (level, at + 1 + usize::from(stop(at + 1)), first);
        }
    }
    let letters = word.chars().count();
    let roman =
        letters <= 5 && tokens.is_capital(at) && word.chars().all(|c| matches!(c, 'i' | 'v' | 'x'));
    // "I - Mục tiêu": a dash apart closes a Roman number too.
    let dash = matches!(tokens.word(at + 1), "-" | "–") && tokens.is(at + 2, Kind::Word);
    if tokens.is(at, Kind::Word) && (closed(at + 1) || roman && dash) {
        if roman {
            return (Level::Roman, at + 2, word == "i");
        }
        if letters == 1 && tokens.is_capital(at) && word.is_ascii() {
            return (Level::Capital, at + 2, word == "a");
        }
        if letters == 1 {
            return (Level::Letter, at + 2, word == "a");
        }
    }
    (Level::Text, at, false)
}
