//! The nearest known name to one that is not known, for "did you mean".

use hoptac_model::text::{Words, did_you_mean};
use hoptac_model::words;

/// Names that are longer, in bytes, are not compared.
const LENGTH_MAX: usize = 60;

/// The known name that is most like `name`, if one is near enough to be meant.
pub(crate) fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    // A name of hostile length would cost its square.
    if name.len() > LENGTH_MAX {
        return None;
    }
    let wanted = plain(name);
    // Of two letters one is half the name: another letter is another name.
    let far = wanted.len() / 3;
    known
        .into_iter()
        .filter(|candidate| candidate.len() <= LENGTH_MAX)
        .map(|candidate| (distance(&wanted, &plain(candidate)), candidate))
        .filter(|(distance, _)| *distance <= far)
        .min()
        .map(|(_, candidate)| candidate)
}

/// "did you mean `x`?", or the list of what is known when nothing is near and the list is short.
pub(crate) fn suggest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Words {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(name, known.iter().copied()) {
        Some(near) => did_you_mean(near),
        None if known.len() <= 16 => known_are(known),
        None => Words::default(),
    }
}

/// What is known, as a sentence; nothing when nothing is.
pub(crate) fn known_are<'n>(known: impl IntoIterator<Item = &'n str>) -> Words {
    let known: Vec<&str> = known.into_iter().collect();
    let names = list(known.iter().copied());
    match known.len() {
        0 => Words::default(),
        1 => words!("chỉ có thể dùng {names}", "known is {names}", names),
        _ => words!("có thể dùng: {names}", "known are {names}", names),
    }
}

/// Names in back quotes, with commas between.
pub(crate) fn list<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Capitals and the two dashes are mixed up more often than letters are.
fn plain(name: &str) -> Vec<char> {
    name.chars().flat_map(char::to_lowercase).map(|c| if c == '-' { '_' } else { c }).collect()
}

/// How many letters must be added, left out, changed or swapped with the next one.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i + 1);
        for (j, to) in b.iter().enumerate() {
            let at =
                |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
            let change = at(&row, j) + usize::from(from != to);
            let mut least = change.min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(to) && b.get(j - 1) == Some(from);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, want: Option<&str>) {
        assert_eq!(nearest(name, ["groups", "members_total", "cooperatives"]), want);
    }

    #[test]
    fn a_letter_left_out() {
        check("grops", Some("groups"));
    }
    #[test]
    fn two_letters_swapped() {
        check("gruops", Some("groups"));
    }
    #[test]
    fn the_other_dash() {
        check("Members-Total", Some("members_total"));
    }
    #[test]
    fn another_word() {
        check("revenue", None);
    }
    #[test]
    fn names_too_short_to_be_misspelt() {
        assert_eq!(nearest("N2", ["N1"]), None);
        assert_eq!(nearest("a", ["A"]), Some("A"));
    }
    #[test]
    fn nothing() {
        check("", None);
    }
    #[test]
    fn short_lists_are_told_whole() {
        let told = suggest("sideways", ["up", "down"]);
        assert_eq!(told.en, "known are `up`, `down`");
        assert_eq!(told.vi, "có thể dùng: `up`, `down`");
    }
}
