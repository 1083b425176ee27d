//! From letters with places to paragraphs: lines, what is furniture of the page, which lines go on with the one before.

use std::collections::BTreeMap;

use super::super::legacy_font::Words;
use super::page::Piece;

/// A line of text.
#[derive(Clone, Debug)]
struct Line {
    x: f64,
    end: f64,
    y: f64,
    size: f64,
    text: String,
    /// How wide its first word is.
    first_word: f64,
    page: usize,
}

/// The paragraphs of all pages, those of footnotes at the end.
pub(super) fn paragraphs(pages: Vec<Vec<Piece>>) -> Vec<String> {
    let mut lines: Vec<Vec<Line>> =
        pages.into_iter().enumerate().map(|(page, pieces)| lines_of(page, pieces)).collect();
    drop_furniture(&mut lines);
    let body = body_size(lines.iter().flatten());
    let mut notes = Vec::new();
    for page in &mut lines {
        notes.extend(take_notes(page, body));
    }
    let body_lines: Vec<Line> = lines.into_iter().flatten().collect();
    let mut paragraphs = joined(&body_lines);
    if !notes.is_empty() {
        paragraphs.extend([String::new(), "CHÚ THÍCH".to_owned()]);
        paragraphs.extend(joined(&notes));
    }
    paragraphs
}

/// The lines of a page from top to bottom.
fn lines_of(page: usize, mut pieces: Vec<Piece>) -> Vec<Line> {
    pieces.retain(|piece| !piece.text.is_empty() && piece.size > 0.5);
    // Large letters make the lines; small ones, raised or lowered, are put to the line that they stand at.
    pieces.sort_by(|a, b| b.y.total_cmp(&a.y).then(a.x.total_cmp(&b.x)));
    let mut rows: Vec<(f64, f64, Vec<Piece>)> = Vec::new();
    for piece in pieces {
        let near = rows.iter_mut().rev().take(3).find(|(y, size, _)| {
            let largest = size.max(piece.size);
            let apart =
                if piece.size < 0.8 * size || *size < 0.8 * piece.size { 0.55 } else { 0.3 };
            (*y - piece.y).abs() < apart * largest
        });
        match near {
            Some((y, size, row)) => {
                if piece.size > *size {
                    (*y, *size) = (piece.y, piece.size);
                }
                row.push(piece);
            }
            None => rows.push((piece.y, piece.size, vec![piece])),
        }
    }
    rows.into_iter().filter_map(|(y, size, row)| line_of(page, y, size, row)).collect()
}

fn line_of(page: usize, y: f64, size: f64, mut row: Vec<Piece>) -> Option<Line> {
    row.sort_by(|a, b| a.x.total_cmp(&b.x));
    // The mark of a footnote: a small raised number.
    let is_mark = |piece: &Piece| {
        piece.size < 0.8 * size
            && piece.y > y + 0.15 * size
            && piece
                .text
                .trim()
                .trim_matches(['[', ']', '(', ')', '*'])
                .chars()
                .all(|c| c.is_ascii_digit())
    };
    let has_large =
        row.iter().any(|piece| piece.size >= 0.8 * size && !piece.text.trim().is_empty());
    row.retain(|piece| !(has_large && is_mark(piece)));
    let first = row.iter().find(|piece| !piece.text.trim().is_empty())?;
    let start = first.x;
    let mut words = Words::new(None);
    let mut end = f64::MIN;
    let mut last = String::new();
    let mut first_word_end = None;
    for piece in &row {
        // Letters drawn twice at one place are bold in a poor man's way.
        if piece.text == last && (piece.end - end).abs() < 0.2 * size {
            continue;
        }
        let gap = piece.x - end;
        let begins = end > f64::MIN
            && gap > 0.15 * size
            && !last.ends_with(' ')
            && !piece.text.starts_with(' ');
        if begins {
            words.push(Some(piece.letters), " ");
            first_word_end.get_or_insert(end);
        }
        if let Some(blank) = piece.text.trim_start().find(' ')
            && first_word_end.is_none()
        {
            let letters = piece.text.chars().count().max(1);
            let before = piece.text.chars().take(blank).count();
            #[expect(clippy::cast_precision_loss, reason = "a line has few letters")]
            let share = before as f64 / letters as f64;
            first_word_end = Some(piece.x + (piece.end - piece.x) * share);
        }
        words.push(Some(piece.letters), &piece.text);
        end = end.max(piece.end);
        last.clone_from(&piece.text);
    }
    let mut whole = words.into_text().split_whitespace().collect::<Vec<_>>().join(" ");
    // Where a mark stood before a stop there is a gap now.
    for stop in [",", ".", ";", ":"] {
        whole = whole.replace(&format!(" {stop} "), &format!("{stop} "));
    }
    let text = spaced_label(&whole);
    (!text.is_empty()).then(|| Line {
        x: start,
        end,
        y,
        size,
        first_word: first_word_end.unwrap_or(end) - start,
        text,
        page,
    })
}

/// Puts a blank between the label that a list gives a line and its words: a program that draws both leaves none.
fn spaced_label(text: &str) -> String {
    let length = label_length(text);
    let (label, rest) = text.split_at_checked(length).unwrap_or(("", text));
    let follows = rest.starts_with(char::is_alphabetic);
    if length > 0 && follows { format!("{label} {rest}") } else { text.to_owned() }
}

/// The bytes of the label at the beginning of a line: `II.`, `1.2.`, `a)`, `-`; 0 where there is none.
fn label_length(text: &str) -> usize {
    if let Some(sign) =
        text.chars().next().filter(|c| matches!(c, '-' | '–' | '+' | '•' | '*' | '·'))
    {
        return sign.len_utf8();
    }
    let roman = text.bytes().take_while(|byte| matches!(byte, b'I' | b'V' | b'X')).count();
    let digits = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let letter = text.chars().next().filter(|c| c.is_lowercase()).map_or(0, char::len_utf8);
    let ends =
        |at: usize| text.as_bytes().get(at).is_some_and(|byte| matches!(byte, b'.' | b')' | b'/'));
    if (1..=6).contains(&roman) && ends(roman) {
        roman + 1
    } else if (1..=8).contains(&digits) && text.starts_with(|c: char| c.is_ascii_digit()) {
        let dotted = text.get(..digits).is_some_and(|number| number.ends_with('.'));
        if dotted {
            digits
        } else if ends(digits) {
            digits + 1
        } else {
            0
        }
    } else if letter > 0 && ends(letter) {
        letter + 1
    } else {
        0
    }
}

/// Takes page numbers away, and what stands at the same place of many pages: headers and footers.
fn drop_furniture(pages: &mut [Vec<Line>]) {
    const EDGE: usize = 2;
    let edges = |page: &[Line]| -> Vec<usize> {
        let last = page.len();
        (0..last).filter(|index| *index < EDGE || index + EDGE >= last).collect()
    };
    let key = |line: &Line| -> (i64, String) {
        #[expect(clippy::cast_possible_truncation, reason = "places on a page are small")]
        let y = (line.y / 3.0).round() as i64;
        (y, line.text.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect())
    };
    let mut seen: BTreeMap<(i64, String), usize> = BTreeMap::new();
    for page in pages.iter() {
        for line in edges(page).into_iter().filter_map(|index| page.get(index)) {
            *seen.entry(key(line)).or_default() += 1;
        }
    }
    let many = (pages.len() / 2).max(2);
    for page in pages.iter_mut() {
        let at_edges = edges(page);
        let mut index = 0;
        page.retain(|line| {
            let at_edge = at_edges.contains(&index);
            index += 1;
            let repeats = seen.get(&key(line)).is_some_and(|count| *count >= many);
            !(at_edge && (repeats || is_page_number(&line.text)))
        });
    }
}

/// Whether a line is the number of a page: `3`, `- 3 -`, `Trang 3/10`. A year, or a number with the point of its sentence, is the
/// end of a paragraph.
fn is_page_number(text: &str) -> bool {
    let bare = text.to_lowercase().replace("trang", "").replace("page", "");
    let inner = bare.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '|'));
    let parts: Vec<&str> = inner.split('/').map(str::trim).collect();
    parts.len() <= 2
        && parts
            .iter()
            .all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
}

/// The size that most letters have.
fn body_size<'l>(lines: impl IntoIterator<Item = &'l Line>) -> f64 {
    let mut letters: BTreeMap<i64, usize> = BTreeMap::new();
    for line in lines {
        #[expect(clippy::cast_possible_truncation, reason = "sizes of letters are small")]
        let size = (line.size * 4.0).round() as i64;
        *letters.entry(size).or_default() += line.text.len();
    }
    let most = letters.iter().max_by_key(|(_, count)| **count).map_or(0, |(size, _)| *size);
    #[expect(clippy::cast_precision_loss, reason = "sizes of letters are small")]
    let size = most as f64 / 4.0;
    size
}

/// Takes the footnotes of a page away: lines in small letters at its end, the first with a number.
fn take_notes(page: &mut Vec<Line>, body: f64) -> Vec<Line> {
    let small = page.iter().rev().take_while(|line| line.size < 0.92 * body).count();
    let from = page.len() - small;
    let begins = |line: &Line| {
        line.text
            .trim_start_matches(['[', '('])
            .starts_with(|c: char| c.is_ascii_digit() || c == '*')
    };
    let first = (from..page.len()).find(|index| page.get(*index).is_some_and(begins));
    match first {
        Some(first) if from > 0 => page.split_off(first),
        _ => Vec::new(),
    }
}

/// Joins lines into paragraphs. A line goes on with the one before where that one had no room for its first word.
fn joined(lines: &[Line]) -> Vec<String> {
    let mut margins: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    for line in lines {
        let margin = margins.entry(line.page).or_insert((f64::MAX, f64::MIN));
        *margin = (margin.0.min(line.x), margin.1.max(line.end));
    }
    // A page of short lines does not show how wide it is: no page of a plan is narrower than some words.
    let least = 24.0 * body_size(lines);
    for (left, right) in margins.values_mut() {
        *right = right.max(*left + least);
    }
    let widest = margins.values().fold(f64::MIN, |widest, (_, right)| widest.max(*right));
    let mut paragraphs: Vec<String> = Vec::new();
    let mut before: Option<(&Line, bool)> = None;
    for line in lines {
        let goes_on = before.is_some_and(|(above, begins)| {
            // A page with little on it does not show how wide it is.
            let right = margins.get(&above.page).map_or(widest, |(left, right)| {
                if right - left < 0.7 * (widest - left) { widest } else { *right }
            });
            let had_room =
                above.end + 0.25 * above.size + line.first_word < right - 0.1 * above.size;
            let same_size = (above.size - line.size).abs() < 0.12 * above.size.max(line.size);
            let near = line.page != above.page
                || above.y - line.y < 1.9 * above.size.max(line.size) && above.y > line.y;
            let hangs = begins && label_length(&above.text) > 0 && line.x > above.x;
            let indented = line.x > above.x + 0.8 * line.size && !hangs;
            let ended = above.text.ends_with(['.', ';', ':', '!', '?']);
            let labelled = label_length(&line.text) > 0
                && (ended || line.x > above.x + 0.5 * line.size || is_sign(&line.text));
            !had_room && same_size && near && !indented && !labelled
        });
        match paragraphs.last_mut() {
            Some(open) if goes_on => {
                // A range that was broken behind its dash is put together again.
                let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
                let broken = open.ends_with('-')
                    && digit(open.chars().rev().nth(1))
                    && digit(line.text.chars().next());
                if !broken {
                    open.push(' ');
                }
                open.push_str(&line.text);
            }
            _ => paragraphs.push(line.text.clone()),
        }
        before = Some((line, !goes_on));
    }
    paragraphs
}

/// Whether a line begins with a dash or plus and a capital: a bullet, not a broken range.
fn is_sign(text: &str) -> bool {
    let mut letters = text.chars();
    let sign = letters.next().is_some_and(|c| matches!(c, '-' | '–' | '+' | '•' | '*'));
    sign && letters.find(|c| !c.is_whitespace()).is_some_and(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::{is_page_number, label_length, spaced_label};

    #[test]
    fn labels_of_lists() {
        let lengths =
            ["II. A", "1.2. A", "1.2 A", "a) b", "- c", "2030 có", "Mục", "đ) e"].map(label_length);
        assert_eq!(lengths, [3, 4, 0, 2, 1, 0, 0, 3]);
        assert_eq!(spaced_label("II.MỤC TIÊU"), "II. MỤC TIÊU");
        assert_eq!(spaced_label("4.250 thành viên"), "4.250 thành viên");
    }
    #[test]
    fn page_numbers() {
        assert!(["3", "- 3 -", "Trang 3/10", "12 / 40"].into_iter().all(is_page_number));
        let others = ["3.1. Mục tiêu", "Năm 2030", "850 tổ", "2030", "2030.", "15/5/2023", "14."];
        assert!(!others.into_iter().any(is_page_number));
    }
}
