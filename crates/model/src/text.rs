//! Words in two languages, and the folded form that search and duplicate checks compare.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::ids::{FilingId, IndicatorId, OrganisationId, UnitId};
use crate::number;

/// The language a page, report or command answers in. Vietnamese comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Vietnamese, the language of the users.
    #[default]
    Vi,
    /// English.
    En,
}

impl Language {
    /// The BCP 47 tag, as in `<html lang>`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }
}

/// The same words in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Words {
    /// Words written in both languages.
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { vi: vi.into(), en: en.into() }
    }

    /// Words that are the same in both languages: a name, a number, what a program or a file says of itself. A
    /// sentence is written in both, with [`words!`](crate::words).
    pub fn verbatim(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { vi: text.clone(), en: text }
    }

    /// The words in one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Vi => &self.vi,
            Language::En => &self.en,
        }
    }

    /// Whether nothing is written in either language.
    pub fn is_empty(&self) -> bool {
        self.vi.is_empty() && self.en.is_empty()
    }

    /// The words without capitals, as they stand inside a sentence.
    #[must_use]
    pub fn lower(&self) -> Self {
        Self { vi: self.vi.to_lowercase(), en: self.en.to_lowercase() }
    }
}

/// What can stand in a sentence, as each language writes it.
pub trait Told {
    /// The text for one language.
    fn told(&self, language: Language) -> String;
}

impl<T: Told + ?Sized> Told for &T {
    fn told(&self, language: Language) -> String {
        (**self).told(language)
    }
}

impl Told for Words {
    fn told(&self, language: Language) -> String {
        self.get(language).to_owned()
    }
}

impl Told for Date {
    fn told(&self, language: Language) -> String {
        crate::date::show(*self, language)
    }
}

/// Amounts are grouped: `10.500`, `10,500`.
macro_rules! told_as_amount {
    ($($amount:ty),*) => {$(
        impl Told for $amount {
            fn told(&self, language: Language) -> String {
                i64::try_from(*self)
                    .map_or_else(|_| self.to_string(), |amount| number::whole(amount, language))
            }
        }
    )*};
}
told_as_amount!(i64, u64, usize, u32);

/// Years, versions, points, names and codes are written as they are.
macro_rules! told_as_written {
    ($($text:ty),*) => {$(
        impl Told for $text {
            fn told(&self, _: Language) -> String {
                self.to_string()
            }
        }
    )*};
}
told_as_written!(
    str,
    String,
    char,
    i32,
    i16,
    u16,
    u8,
    f64,
    OrganisationId,
    UnitId,
    FilingId,
    IndicatorId
);

/// A sentence in both languages, its particulars told as each of them writes dates and numbers. Names that stand alone are
/// variables of the same name.
///
/// ```
/// use hoptac_model::words;
/// let day = jiff::civil::date(2023, 5, 15);
/// let said = words!("{members} thành viên ngày {day}", "{members} members on {day}", members = 2902_i64, day);
/// assert_eq!(said.vi, "2.902 thành viên ngày 15/5/2023");
/// assert_eq!(said.en, "2,902 members on 15 May 2023");
/// ```
#[macro_export]
macro_rules! words {
    ($vi:literal, $en:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        $crate::text::Words {
            vi: $crate::words!(@ Vi, $vi, $($name $(= $value)?),*),
            en: $crate::words!(@ En, $en, $($name $(= $value)?),*),
        }
    };
    (@ $language:ident, $text:literal, $($name:ident $(= $value:expr)?),*) => {{
        let ($($name,)*) = ($($crate::text::Told::told(
            &$crate::words!(@ $name $(= $value)?),
            $crate::text::Language::$language,
        ),)*);
        format!($text)
    }};
    (@ $name:ident = $value:expr) => { $value };
    (@ $name:ident) => { $name };
}

/// Folds text for comparison: marks stripped, `đ` to `d`, lower case, runs of white space to one blank. The same
/// function fills the folded column of both databases, so a search finds the same rows in each.
///
/// ```
/// assert_eq!(hoptac_model::text::fold("Hợp tác xã  Rau ĐỒNG ĐĂNG"), "hop tac xa rau dong dang");
/// ```
pub fn fold(text: &str) -> String {
    // Codes and numbers have no marks to strip.
    if text.is_ascii() {
        return folded(text.chars().map(|c| c.to_ascii_lowercase()), text.len());
    }
    let letters = text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    folded(letters, text.len())
}

/// Small letters without marks, with single blanks between words.
fn folded(letters: impl Iterator<Item = char>, about: usize) -> String {
    let mut folded = String::with_capacity(about);
    let mut gap = false;
    for c in letters {
        if c.is_whitespace() {
            gap = !folded.is_empty();
            continue;
        }
        if gap {
            folded.push(' ');
            gap = false;
        }
        folded.push(if c == 'đ' { 'd' } else { c });
    }
    folded
}

/// The beginning of what was written, for a sentence.
pub fn few(text: &str) -> String {
    let beginning: String = text.chars().take(40).collect();
    if beginning.len() < text.len() { format!("{beginning}…") } else { beginning }
}

/// The first letter large, as at the start of a sentence.
///
/// ```
/// assert_eq!(hoptac_model::text::first_upper("đang hoạt động"), "Đang hoạt động");
/// ```
pub fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A clause as a sentence, with its capital and its end.
///
/// ```
/// use hoptac_model::text::sentence;
/// assert_eq!(sentence("sửa lại ngày"), "Sửa lại ngày.");
/// assert_eq!(sentence("đã đúng chưa?"), "Đã đúng chưa?");
/// assert_eq!(sentence(""), "");
/// ```
pub fn sentence(text: &str) -> String {
    let text = first_upper(text);
    if text.is_empty() || text.ends_with(['.', '?', '…']) { text } else { format!("{text}.") }
}

/// The question after the word that was probably meant.
pub fn did_you_mean(near: &str) -> Words {
    crate::words!("có phải ý bạn là `{near}`?", "did you mean `{near}`?", near)
}

/// The word nearest to what was written, where one is near enough to be meant: at most a third of its letters differ.
///
/// ```
/// use hoptac_model::text::nearest;
/// assert_eq!(nearest("suspned", ["suspend", "resume"]), Some("suspend"));
/// assert_eq!(nearest("xyz", ["suspend", "resume"]), None);
/// ```
pub fn nearest<'w>(written: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let written = fold(written);
    words
        .into_iter()
        .map(|word| (rapidfuzz::distance::osa::distance(written.chars(), fold(word).chars()), word))
        .filter(|(distance, word)| *distance <= word.chars().count().div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// Text in Unicode normal form C, the only form that is stored.
pub fn nfc(text: &str) -> String {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text.to_owned(),
        IsNormalized::No | IsNormalized::Maybe => text.nfc().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &str) {
        assert_eq!(fold(text), want);
    }

    #[test]
    fn marks_are_stripped_in_either_normal_form() {
        let composed = "Tổ hợp tác Đình Lập";
        let decomposed: String = composed.nfd().collect();
        check(composed, "to hop tac dinh lap");
        check(&decomposed, "to hop tac dinh lap");
    }
    #[test]
    fn blanks_are_collapsed_and_trimmed() {
        check("  Rau \t an\u{a0}toàn ", "rau an toan");
        check(" HTX\t 0100233488 \r\n", "htx 0100233488");
    }
    #[test]
    fn nfc_composes() {
        assert_eq!(nfc("Tô\u{309}"), "Tổ");
        assert_eq!(nfc("Tổ hợp tác"), "Tổ hợp tác");
    }
}
