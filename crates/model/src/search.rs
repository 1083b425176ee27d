//! Finding an organisation by what people type, and finding records that may be the same one twice.
//!
//! Both compare words: marks stripped, abbreviations of the field written out, the type of organisation as one word. So
//! `htx rau an toan` finds `Hợp tác xã Rau an toàn …`, and so does `hơp tac xã rau an tòan`.

use std::sync::Arc;

use rapidfuzz::distance::{indel, osa};

use crate::text::{Words, fold};

/// Abbreviations of names of organisations, written out.
const ABBREVIATIONS: [(&str, &str); 18] = [
    ("bvtv", "bao ve thuc vat"),
    ("cn", "cong nghiep"),
    ("dvnn", "dich vu nong nghiep"),
    ("dvtm", "dich vu thuong mai"),
    ("dvth", "dich vu tong hop"),
    ("dv", "dich vu"),
    ("gtvt", "giao thong van tai"),
    ("kd", "kinh doanh"),
    ("lhtx", "lien hiep hop tac xa"),
    ("ln", "lam nghiep"),
    ("nlt", "nong lam thuy"),
    ("nn", "nong nghiep"),
    ("nnth", "nong nghiep tong hop"),
    ("sx", "san xuat"),
    ("th", "tong hop"),
    ("tm", "thuong mai"),
    ("ttcn", "tieu thu cong nghiep"),
    ("xd", "xay dung"),
];

/// The types of organisation, each as the one word that officials use. The longest comes first.
const TYPES: [(&str, &str); 3] =
    [("lien hiep hop tac xa", "lhhtx"), ("hop tac xa", "htx"), ("to hop tac", "tht")];

/// The words of a name as they are compared.
///
/// ```
/// use hoptac_model::search::words;
/// assert_eq!(words("HTX DVNN Đồng Đăng"), words("Hợp tác xã dịch vụ nông nghiệp Đồng-Đăng"));
/// ```
pub fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let plain = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| {
            let long = ABBREVIATIONS.iter().find(|(short, _)| *short == word);
            long.map_or(word, |(_, long)| *long)
        })
        .collect::<Vec<_>>()
        .join(" ");
    let mut text = format!(" {plain} ");
    for (long, short) in TYPES {
        text = text.replace(&format!(" {long} "), &format!(" {short} "));
    }
    text.split_whitespace().map(str::to_owned).collect()
}

/// The words of a text as they are compared, made once and compared often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms(Arc<str>);

impl Terms {
    /// The words of a text.
    pub fn of(text: &str) -> Self {
        Self(words(text).join(" ").into())
    }

    /// The words in their order.
    pub fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.split_ascii_whitespace()
    }
}

/// What a search looks at in one organisation.
#[derive(Clone, Copy, Debug)]
pub struct Record<'r> {
    /// Its name.
    pub name: &'r str,
    /// Its registration code.
    pub code: Option<&'r str>,
    /// The names of its commune and of what that belongs to.
    pub places: &'r [&'r str],
}

/// How well a record answers what was typed, from 0 to 1000; none where a word of the query is nowhere in it. Every word must
/// be found: in the name, or in the place; one letter in four may be wrong.
pub fn score(query: &str, record: Record<'_>) -> Option<u32> {
    let places: Vec<Terms> = record.places.iter().map(|place| Terms::of(place)).collect();
    Query::of(query).score(&Terms::of(record.name), || record.code, &places)
}

/// What was typed, ready to be held against many records.
#[derive(Clone, Debug)]
pub struct Query {
    /// The digits, where it is nothing but four digits or more: a code or its beginning.
    code: Option<String>,
    asked: Vec<Asked>,
    together: String,
}

/// A word that was typed.
#[derive(Clone, Debug)]
struct Asked {
    word: String,
    /// How many letters it has.
    length: usize,
    /// Whether it may be written a little otherwise: numbers and short words are either right or wrong.
    may_differ: bool,
}

impl Asked {
    fn of(word: String) -> Self {
        let length = word.chars().count();
        let may_differ = length >= 4 && !word.bytes().any(|b| b.is_ascii_digit());
        Self { word, length, may_differ }
    }

    /// How alike it is to the word that is most like it; 0 where there is no word.
    fn best<'w>(&self, words: impl Iterator<Item = &'w str> + Clone, is_last: bool) -> u32 {
        // Most words are written as they are looked for.
        if words.clone().any(|known| known == self.word) {
            return 1000;
        }
        words.map(|known| self.likeness(known, is_last)).max().unwrap_or(0)
    }

    /// How alike it is to a word, from 0 to 1000. The last word typed may be unfinished.
    fn likeness(&self, known: &str, is_last: bool) -> u32 {
        if self.word == known {
            return 1000;
        }
        if is_last && self.word.len() >= 2 && known.starts_with(&self.word) {
            return 900;
        }
        // Every letter more or less is a mistake of its own.
        if !self.may_differ || self.length.abs_diff(known.chars().count()) > 2 {
            return 0;
        }
        match osa::distance(self.word.chars(), known.chars()) {
            1 => 800,
            2 if self.length >= 8 => 700,
            _ => 0,
        }
    }
}

impl Query {
    /// Reads what was typed.
    pub fn of(text: &str) -> Self {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let is_code = digits.len() >= 4
            && digits.len() == text.chars().filter(|c| !c.is_whitespace()).count();
        let asked = words(text);
        let together = asked.join(" ");
        let asked = asked.into_iter().map(Asked::of).collect();
        Self { code: is_code.then_some(digits), together, asked }
    }

    /// How well a record answers, as [`score`] has it. Its code is asked for where one was typed.
    pub fn score<'c>(
        &self,
        name: &Terms,
        code: impl FnOnce() -> Option<&'c str>,
        places: &[Terms],
    ) -> Option<u32> {
        if let Some(digits) = &self.code {
            let code: String = code()?.chars().filter(char::is_ascii_digit).collect();
            return match code {
                code if code == *digits => Some(1000),
                code if code.starts_with(digits) => Some(900),
                code if code.contains(digits) => Some(800),
                _ => None,
            };
        }
        let count = u32::try_from(self.asked.len()).ok().filter(|count| *count > 0)?;
        // Its words are looked at once for each that was typed.
        let words: Vec<&str> = name.iter().collect();
        let mut sum = 0;
        for (index, word) in self.asked.iter().enumerate() {
            let last = index + 1 == self.asked.len();
            let in_name = word.best(words.iter().copied(), last);
            // What stands in the name itself weighs more than the place.
            let in_place = || word.best(places.iter().flat_map(Terms::iter), last) * 9 / 10;
            let found = if in_name == 1000 { in_name } else { in_name.max(in_place()) };
            if found == 0 {
                return None;
            }
            sum += found;
        }
        // Words that stand together as they were typed make the better answer, and of two equal ones the shorter name.
        let together = name.0.contains(&self.together);
        let length = u32::try_from(words.len()).unwrap_or(u32::MAX).min(40);
        Some((sum * 9 / 10 / count + if together { 100 } else { 0 }).saturating_sub(length).max(1))
    }
}

/// Why two records may be of the same organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// How alike their names are, in hundredths.
    pub percent: u32,
    /// The reasons, in a clause without a full stop.
    pub reason: Words,
}

/// Whether two records may be of the same organisation. `same_seat` says whether both have their seat in one commune.
pub fn alike(one: &str, other: &str, same_seat: bool) -> Option<Alike> {
    let (one, other) = (words(one), words(other));
    let number = |words: &[String]| -> Vec<String> {
        words.iter().filter(|word| word.bytes().all(|b| b.is_ascii_digit())).cloned().collect()
    };
    let (mut first, mut second) = (own_words(&one), own_words(&other));
    // “Số 1” and “Số 2” are two organisations, however alike the rest is.
    if first.is_empty() || number(&first) != number(&second) {
        return None;
    }
    // Names of no common word are not compared letter by letter.
    if !first.iter().any(|word| second.contains(word)) {
        return None;
    }
    let in_order = percent(&first.join(" "), &second.join(" "));
    first.sort_unstable();
    second.sort_unstable();
    let percent = in_order.max(percent(&first.join(" "), &second.join(" ")));
    let least = if same_seat { 85 } else { ELSEWHERE };
    if percent < least {
        return None;
    }
    let reason = match (percent, same_seat) {
        (100, true) => Words::new("trùng tên và cùng xã", "the same name in the same commune"),
        (100, false) => Words::new("trùng tên, khác xã", "the same name in another commune"),
        (_, true) => Words::new(
            format!("tên giống nhau {percent} % và cùng xã"),
            format!("names alike by {percent} % in the same commune"),
        ),
        (_, false) => Words::new(
            format!("tên giống nhau {percent} %, khác xã"),
            format!("names alike by {percent} % in another commune"),
        ),
    };
    Some(Alike { percent, reason })
}

/// Names in different communes are alike from so many hundredths on.
const ELSEWHERE: u32 = 97;

/// Between which lengths a name may lie that is alike to one of a length and of another commune.
pub fn lengths_alike(length: u32) -> (u32, u32) {
    // The names are apart by at least the difference of their lengths, so that of two the shorter has at least
    // `ELSEWHERE` hundredths of their mean.
    let (most, least) = (200 - ELSEWHERE, ELSEWHERE);
    (length * least / most, (length * most).div_ceil(least))
}

/// How many of which letters the own words of a name have. Two names are apart by at least the letters that only one of them
/// has, which is far quicker to see than how they are apart in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    length: u32,
    counts: [u8; 40],
}

impl Shape {
    /// The shape of a name.
    pub fn of(name: &str) -> Self {
        let own: Vec<String> = own_words(&words(name));
        let mut shape = Self { length: 0, counts: [0; 40] };
        for letter in own.join(" ").chars() {
            shape.length += 1;
            let slot = match letter {
                'a'..='z' => u32::from(letter) - u32::from('a'),
                '0'..='9' => u32::from(letter) - u32::from('0') + 26,
                ' ' => 36,
                other => 37 + u32::from(other) % 3,
            };
            let slot = usize::try_from(slot).ok().and_then(|slot| shape.counts.get_mut(slot));
            if let Some(count) = slot {
                *count = count.saturating_add(1);
            }
        }
        shape
    }

    /// How many letters there are.
    pub fn length(&self) -> u32 {
        self.length
    }

    /// Whether the name of another shape can be alike to it, although it is of another commune.
    pub fn may_be_alike(&self, other: &Self) -> bool {
        let counts = self.counts.iter().zip(&other.counts);
        let apart: u32 = counts.map(|(one, other)| u32::from(one.abs_diff(*other))).sum();
        apart * 100 <= (100 - ELSEWHERE) * (self.length + other.length)
    }
}

/// The words of a name without those of its kind.
fn own_words(words: &[String]) -> Vec<String> {
    words.iter().filter(|word| TYPES.iter().all(|(_, kind)| word != kind)).cloned().collect()
}

/// How many letters in a hundred two texts share in order.
fn percent(one: &str, other: &str) -> u32 {
    let letters = one.chars().count() + other.chars().count();
    let apart = indel::distance(one.chars(), other.chars());
    u32::try_from((letters - apart.min(letters)) * 100 / letters.max(1)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 5] = [
        "Hợp tác xã Rau an toàn Mai Pha",
        "Tổ hợp tác Rau an toàn Hoàng Đồng",
        "Hợp tác xã Dịch vụ nông nghiệp Đồng Đăng",
        "Liên hiệp hợp tác xã Hồi Lạng Sơn",
        "HTX Vận tải Lạng Sơn",
    ];

    /// The names that a query finds, best first, by their place in the list.
    #[track_caller]
    fn finds(query: &str, want: &[usize]) {
        let mut found: Vec<(u32, usize)> = NAMES
            .iter()
            .enumerate()
            .filter_map(|(index, name)| {
                let record = Record { name, code: Some("4900123456"), places: &["Hữu Lũng"] };
                score(query, record).map(|score| (score, index))
            })
            .collect();
        found.sort_by_key(|(score, index)| (std::cmp::Reverse(*score), *index));
        assert_eq!(found.into_iter().map(|(_, index)| index).collect::<Vec<_>>(), want, "{query}");
    }

    #[test]
    fn names_without_marks_and_with_abbreviations() {
        finds("htx rau an toan", &[0]);
        finds("rau an toan", &[0, 1]);
        finds("THT rau an toàn", &[1]);
        finds("htx dvnn dong dang", &[2]);
        finds("LHHTX hoi", &[3]);
        finds("hop tac xa van tai lang son", &[4]);
    }
    #[test]
    fn letters_that_are_wrong_or_missing() {
        finds("htx nong nghiep dogn dang", &[2]);
        finds("rau an toan hoang do", &[1]);
        finds("van taii", &[4]);
        finds("xyzt", &[]);
        finds("", &[]);
    }
    #[test]
    fn codes_and_places() {
        finds("4900123456", &[0, 1, 2, 3, 4]);
        finds("4900 123", &[0, 1, 2, 3, 4]);
        finds("4900999999", &[]);
        finds("van tai huu lung", &[4]);
    }
    #[test]
    fn records_of_the_same_organisation() {
        let percent = |one, other, same_seat| alike(one, other, same_seat).map(|a| a.percent);
        assert_eq!(
            percent("HTX DVNN Mai Pha", "Hợp tác xã Dịch vụ nông nghiệp Mai Pha", true),
            Some(100)
        );
        assert_eq!(percent("HTX Mai Pha", "Hợp tác xã Mai Pha", false), Some(100));
        assert!(percent("HTX Rau an toàn Mai Pha", "HTX Rau an toàn Mai Phả 2", true).is_none());
        assert!(percent("HTX rau an toàn Mai Pha", "HTX Mai Pha rau an toan", true).is_some());
        assert!(percent("HTX Na Chi Lăng", "HTX Hồi Bình Gia", true).is_none());
        assert!(percent("HTX Rau sạch Mai Pha", "HTX Rau xanh Mai Pha", false).is_none());
    }
}
