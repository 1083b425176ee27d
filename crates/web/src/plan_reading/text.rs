//! The text of a document with what was read in it: targets in colour, other numbers underlined with what they were taken
//! for.

use maud::{Markup, html};

use super::Desk;

/// Words of the text that mean something.
struct Mark<'a> {
    start: usize,
    end: usize,
    /// What a number was taken for that is no target; nothing for a target.
    reason: Option<&'a str>,
}

/// A run of letters within a line.
struct Piece<'t, 'm> {
    text: &'t str,
    mark: Option<&'m Mark<'m>>,
    /// Whether the words begin here; those that go on in the next line begin once.
    begins: bool,
}

/// The whole text, line by line, with links that choose the words of each mark.
pub(super) fn draw(desk: &Desk<'_>, chosen: Option<(usize, usize)>) -> Markup {
    let marks = marks(desk);
    html! {
        @for line in pieces(&desk.kept.text, &marks) {
            p { @for piece in &line { (draw_piece(desk, piece, chosen)) } }
        }
    }
}

fn draw_piece(desk: &Desk<'_>, piece: &Piece<'_, '_>, chosen: Option<(usize, usize)>) -> Markup {
    let Some(mark) = piece.mark else { return html! { (piece.text) } };
    let id = piece.begins.then(|| format!("c-{}", mark.start));
    let href = format!("?{}#c-{}", desk.select_query(mark.start, mark.end), mark.start);
    let current = (chosen == Some((mark.start, mark.end))).then_some("true");
    let corrected = desk.correction(mark.start, mark.end).is_some();
    let class = if corrected { "corrected" } else { "" };
    html! {
        @match mark.reason {
            None => mark id=[id] class=(class) { a href=(href) aria-current=[current] { (piece.text) } },
            Some(reason) => {
                span id=[id] class={ "other " (class) } {
                    a href=(href) aria-current=[current] { (piece.text) }
                    @if piece.begins { " " small { (reason) } }
                }
            }
        }
    }
}

/// All marks in the order of the text and without overlaps. Targets go first: a number within their words is theirs.
fn marks<'a>(desk: &'a Desk<'_>) -> Vec<Mark<'a>> {
    let targets =
        desk.reading.targets.iter().map(|t| Mark { start: t.start, end: t.end, reason: None });
    let mut marks: Vec<Mark<'_>> = Vec::new();
    for target in targets {
        if marks.last().is_none_or(|last| last.end <= target.start) {
            marks.push(target);
        }
    }
    let others = desk.reading.others.iter();
    let others: Vec<Mark<'_>> = others
        .map(|o| Mark { start: o.start, end: o.end, reason: Some(o.reason.as_str()) })
        .filter(|other| {
            let at = marks.partition_point(|mark| mark.end <= other.start);
            marks.get(at).is_none_or(|mark| mark.start >= other.end)
        })
        .collect();
    marks.extend(others);
    marks.sort_by_key(|mark| mark.start);
    let mut end = 0;
    marks.retain(|mark| {
        let free = mark.start >= end;
        if free {
            end = mark.end;
        }
        free
    });
    marks
}

/// The lines that are not empty, cut where marks begin and end. Goes over the text once.
fn pieces<'t, 'm>(text: &'t str, marks: &'m [Mark<'m>]) -> Vec<Vec<Piece<'t, 'm>>> {
    let mut lines = vec![Vec::new()];
    let mut marks = marks.iter().peekable();
    let mut from = 0;
    let mut begun = false;
    let push = |lines: &mut Vec<Vec<Piece<'t, 'm>>>, text: &'t str, mark, begins| {
        if let Some(line) = lines.last_mut()
            && !text.is_empty()
        {
            line.push(Piece { text, mark, begins });
        }
    };
    for (at, (byte, letter)) in text.char_indices().enumerate() {
        let inside = |mark: &&Mark<'_>| mark.start < at;
        if let Some(mark) = marks.peek().copied().filter(|mark| mark.end == at) {
            push(&mut lines, text.get(from..byte).unwrap_or(""), Some(mark), !begun);
            (from, begun) = (byte, false);
            marks.next();
        }
        if marks.peek().is_some_and(|mark| mark.start == at) {
            push(&mut lines, text.get(from..byte).unwrap_or(""), None, false);
            from = byte;
        }
        if letter == '\n' {
            let mark = marks.peek().copied().filter(inside);
            push(&mut lines, text.get(from..byte).unwrap_or(""), mark, mark.is_some() && !begun);
            begun = mark.is_some();
            from = byte + 1;
            lines.push(Vec::new());
        }
    }
    let mark = marks.peek().copied().filter(|mark| mark.start < text.chars().count());
    push(&mut lines, text.get(from..).unwrap_or(""), mark, mark.is_some() && !begun);
    lines.retain(|line| line.iter().any(|piece| !piece.text.trim().is_empty()));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, marks: &[(usize, usize)], want: &[&[&str]]) {
        let marks: Vec<Mark<'_>> = marks
            .iter()
            .map(|(start, end)| Mark { start: *start, end: *end, reason: None })
            .collect();
        let shown: Vec<Vec<String>> = pieces(text, &marks)
            .iter()
            .map(|line| {
                let show = |piece: &Piece<'_, '_>| match (piece.mark, piece.begins) {
                    (None, _) => piece.text.to_owned(),
                    (Some(_), true) => format!("[{}]", piece.text),
                    (Some(_), false) => format!("<{}>", piece.text),
                };
                line.iter().map(show).collect()
            })
            .collect();
        assert_eq!(shown, want);
    }

    #[test]
    fn words_within_a_line() {
        check("có 850 tổ nay", &[(3, 9)], &[&["có ", "[850 tổ]", " nay"]]);
    }
    #[test]
    fn words_at_both_ends() {
        check("có tổ", &[(0, 2), (3, 5)], &[&["[có]", " ", "[tổ]"]]);
    }
    #[test]
    fn words_that_go_on_in_the_next_line_begin_once() {
        check("có 850\ntổ nay", &[(3, 9)], &[&["có ", "[850]"], &["<tổ>", " nay"]]);
    }
    #[test]
    fn words_next_to_one_another() {
        check("abcd", &[(1, 2), (2, 3)], &[&["a", "[b]", "[c]", "d"]]);
    }
    #[test]
    fn empty_lines_are_left_out() {
        check("a\n\n \nb\n", &[], &[&["a"], &["b"]]);
    }
}
