//! Words in two languages, and the folded form that search and duplicate checks compare.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

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
}

/// Folds text for comparison: marks stripped, `đ` to `d`, lower case, runs of white space to one blank. The same
/// function fills the folded column of both databases, so a search finds the same rows in each.
///
/// ```
/// assert_eq!(hoptac_model::text::fold("Hợp tác xã  Rau ĐỒNG ĐĂNG"), "hop tac xa rau dong dang");
/// ```
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
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
    text.nfc().collect()
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
    }
    #[test]
    fn nfc_composes() {
        assert_eq!(nfc("Tô\u{309}"), "Tổ");
    }
}
