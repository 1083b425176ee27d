//! Words that say how a number binds: at least, more than, about.

use super::token::{Kind, Tokens};
use serde::{Deserialize, Serialize};

/// How a target binds its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparator {
    /// Just this number.
    Eq,
    /// Roughly.
    About,
    /// This number or more.
    AtLeast,
    /// More than this number.
    MoreThan,
    /// This number or less.
    AtMost,
    /// Less than this number.
    LessThan,
    /// From one number to another.
    Between,
}

impl Comparator {
    /// All of them, as people choose from them.
    pub const ALL: [Self; 7] = [
        Self::Eq,
        Self::About,
        Self::AtLeast,
        Self::MoreThan,
        Self::AtMost,
        Self::LessThan,
        Self::Between,
    ];

    /// The name by which it is written down.
    pub fn code(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::About => "about",
            Self::AtLeast => "at_least",
            Self::MoreThan => "more_than",
            Self::AtMost => "at_most",
            Self::LessThan => "less_than",
            Self::Between => "between",
        }
    }
}

const BEFORE: [(&str, Comparator); 34] = [
    ("khoảng", Comparator::About),
    ("gần", Comparator::About),
    ("xấp xỉ", Comparator::About),
    ("chừng", Comparator::About),
    ("tầm", Comparator::About),
    ("ước", Comparator::About),
    ("ước đạt", Comparator::About),
    ("ít nhất", Comparator::AtLeast),
    ("tối thiểu", Comparator::AtLeast),
    ("thấp nhất", Comparator::AtLeast),
    ("không dưới", Comparator::AtLeast),
    ("không thấp hơn", Comparator::AtLeast),
    ("không ít hơn", Comparator::AtLeast),
    ("≥", Comparator::AtLeast),
    ("trên", Comparator::MoreThan),
    ("hơn", Comparator::MoreThan),
    ("vượt", Comparator::MoreThan),
    ("nhiều hơn", Comparator::MoreThan),
    ("lớn hơn", Comparator::MoreThan),
    ("cao hơn", Comparator::MoreThan),
    (">", Comparator::MoreThan),
    ("tối đa", Comparator::AtMost),
    ("nhiều nhất", Comparator::AtMost),
    ("cao nhất", Comparator::AtMost),
    ("không quá", Comparator::AtMost),
    ("không vượt quá", Comparator::AtMost),
    ("không vượt", Comparator::AtMost),
    ("không trên", Comparator::AtMost),
    ("không cao hơn", Comparator::AtMost),
    ("≤", Comparator::AtMost),
    ("dưới", Comparator::LessThan),
    ("thấp hơn", Comparator::LessThan),
    ("ít hơn", Comparator::LessThan),
    ("<", Comparator::LessThan),
];

/// Words that may stand between a comparator and its number.
const BETWEEN: [&str; 32] = [
    "có", "đạt", "được", "là", "còn", "vào", "năm", "đến", "cuối", "hết", "từ", "chiếm", "thêm",
    "phải", "tăng", "giảm", "mức", "tỷ", "lệ", "ở", "thành", "lập", "mới", "cũng", "lên", ",",
    "bình", "quân", "trung", "tương", "ứng", "số",
];

/// What binds a number from the left.
#[derive(Debug, Default)]
pub(super) struct Binding {
    /// Where the comparators begin; the number itself where there is none.
    pub(super) start: usize,
    /// From the number outwards.
    pub(super) comparators: Vec<Comparator>,
    /// Whether `từ` stands right before the number.
    pub(super) from: bool,
}

/// Reads the comparators before a number, not beyond `floor`. A comparator may stand away from its number, with a verb
/// or a year between them.
pub(super) fn before(tokens: &Tokens, number: usize, floor: usize) -> Binding {
    let mut binding = Binding { start: number, ..Binding::default() };
    let mut at = number;
    let mut strayed = 0;
    while let Some(previous) = tokens.before(at).filter(|at| *at >= floor) {
        let found =
            BEFORE
                .iter()
                .filter_map(|(phrase, comparator)| {
                    let words = phrase.split(' ').count();
                    let from = (1..words).try_fold(previous, |at, _| tokens.before(at))?;
                    (from >= floor && tokens.phrase(from, phrase) == Some(previous + 1))
                        .then_some((words, from, *comparator))
                })
                .max_by_key(|(words, _, _)| *words);
        // "sưu tầm 150 hiện vật" is a verb.
        let is_verb = tokens.word(previous) == "tầm"
            && matches!(tokens.back(previous, 1), "sưu" | "truy" | "săn");
        if let Some((_, from, comparator)) = found.filter(|_| !is_verb) {
            // A word that binds a number loosely from afar belongs to something else: "trên địa bàn có 5".
            let is_firm = matches!(comparator, Comparator::AtLeast | Comparator::AtMost);
            if strayed > 0 && !is_firm {
                break;
            }
            binding.comparators.push(comparator);
            binding.start = from;
            at = from;
            continue;
        }
        let word = tokens.word(previous);
        if word == "từ" && at == binding.start && binding.comparators.is_empty() {
            binding.from = true;
            binding.start = previous;
            at = previous;
            continue;
        }
        let is_year = tokens.is(previous, Kind::Number)
            && tokens.back(previous, 1) == "năm"
            && super::number::year(tokens, previous).is_some();
        strayed += 1;
        if strayed > 7 || !(is_year || BETWEEN.contains(&word)) || (word == "," && strayed == 1) {
            break;
        }
        at = previous;
    }
    binding
}

/// Reads what binds a number from behind: `trở lên`, `trở xuống`. Gives the place behind it.
pub(super) fn behind(tokens: &Tokens, at: usize) -> Option<(Comparator, usize)> {
    let at = tokens.skip_lines(at);
    [
        ("trở lên", Comparator::AtLeast),
        ("trở xuống", Comparator::AtMost),
        ("hoặc cao hơn", Comparator::AtLeast),
    ]
    .iter()
    .find_map(|(phrase, comparator)| Some((*comparator, tokens.phrase(at, phrase)?)))
}
