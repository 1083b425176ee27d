//! Formulas of indicators: read with the catalogue of columns, their problems brought back to the place in the file.

use std::ops::Range;

use hoptac_model::fact::Catalogue;
use hoptac_model::finding::Finding;
use hoptac_model::formula::condition::Condition;
use hoptac_model::formula::{Formula, Problem};

use crate::pack::toml::Table;

/// Reads the formula under a key. `columns_unsure` says that the form could not be read, so that a column that is not
/// known may well exist.
pub(crate) fn check(
    table: &Table<'_>,
    key: &str,
    catalogue: &Catalogue,
    columns_unsure: bool,
) -> Option<Formula> {
    let written = table.may(key).written()?;
    match Formula::parse(written, catalogue) {
        Ok(formula) => Some(formula),
        Err(problems) => {
            tell(table, key, written, problems, columns_unsure);
            None
        }
    }
}

/// Reads the condition under a key.
pub(crate) fn check_condition(table: &Table<'_>, key: &str, catalogue: &Catalogue) {
    let Some(written) = table.may(key).written() else { return };
    if let Err(problems) = Condition::parse(written, catalogue) {
        tell(table, key, written, problems, table.broken());
    }
}

/// Tells problems at their places in the file.
fn tell(table: &Table<'_>, key: &str, written: &str, problems: Vec<Problem>, columns_unsure: bool) {
    let whole = table.span_of(key);
    let places = offsets(table.file().slice(&whole), written);
    for problem in problems {
        if columns_unsure && problem.code == "formula.unknown-column" {
            continue;
        }
        let at = |index: usize| {
            places.as_ref().and_then(|places| places.get(index)).map(|at| whole.start + at)
        };
        let span = match (at(problem.span.start), at(problem.span.end)) {
            (Some(start), Some(end)) => start..end,
            _ => whole.clone(),
        };
        let place = table.file().place(&span);
        table.log().push(Finding::at(problem.code, place, problem.message, problem.remedy));
    }
}

/// For every byte of a TOML text, and for its end, where it stands in the text as it is written, quotation marks and
/// all. None when the two do not fit together.
fn offsets(raw: &str, text: &str) -> Option<Vec<usize>> {
    let (mark, escapes) = if raw.starts_with("\"\"\"") {
        (3, true)
    } else if raw.starts_with("'''") {
        (3, false)
    } else {
        (1, raw.starts_with('"'))
    };
    let inner: Range<usize> = mark..raw.len().checked_sub(mark).filter(|end| *end >= mark)?;
    let mut at = inner.start;
    if mark == 3 {
        let rest = raw.get(at..)?;
        at += if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
    }
    let mut read = String::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len() + 1);
    let put = |read: &mut String, places: &mut Vec<usize>, c: char, at: usize| {
        read.push(c);
        // The bytes of a letter stand side by side, whether it was escaped or not.
        places.extend(std::iter::repeat_n(at, c.len_utf8()));
    };
    while at < inner.end {
        let rest = raw.get(at..inner.end)?;
        let c = rest.chars().next()?;
        if c != '\\' || !escapes {
            put(&mut read, &mut places, c, at);
            at += c.len_utf8();
            continue;
        }
        let sign = rest.chars().nth(1)?;
        let digits = match sign {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let meant = match sign {
            'b' => '\u{8}',
            't' => '\t',
            'n' => '\n',
            'f' => '\u{c}',
            'r' => '\r',
            'e' => '\u{1b}',
            '"' | '\\' => sign,
            'x' | 'u' | 'U' => {
                char::from_u32(u32::from_str_radix(rest.get(2..2 + digits)?, 16).ok()?)?
            }
            // A backslash at the end of a line takes the line end and the blanks behind it away.
            _ => {
                at += 1 + rest.get(1..)?.len() - rest.get(1..)?.trim_start().len();
                continue;
            }
        };
        put(&mut read, &mut places, meant, at);
        at += 2 + digits;
    }
    places.push(inner.end);
    (read == text).then_some(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, text: &str, part: &str, want: &str) {
        let places = offsets(raw, text).expect("the two fit together");
        let start = text.find(part).expect("the part is in the text");
        let (from, to) = (places.get(start), places.get(start + part.len()));
        assert_eq!(raw.get(*from.unwrap()..*to.unwrap()), Some(want));
    }

    #[test]
    fn between_quotation_marks() {
        check(r#""SUM(x)""#, "SUM(x)", "x", "x");
    }
    #[test]
    fn behind_escapes() {
        check(r#""\u0061 = \"b\" + c""#, "a = \"b\" + c", "c", "c");
        check(r#""\u0061 = 1""#, "a = 1", "a", r"\u0061");
    }
    #[test]
    fn over_lines() {
        check("\"\"\"\nSUM(\n  tên)\n\"\"\"", "SUM(\n  tên)\n", "tên", "tên");
        check("'''SUM(\\x)'''", "SUM(\\x)", "\\x", "\\x");
    }
    #[test]
    fn over_lines_that_are_joined() {
        check("\"\"\"SUM( \\\n   x)\"\"\"", "SUM( x)", "x)", "x)");
    }
    #[test]
    fn up_to_the_end() {
        check("'SUM'", "SUM", "SUM", "SUM");
    }
    #[test]
    fn what_does_not_fit() {
        assert_eq!(offsets("'SUM'", "COUNT"), None);
        assert_eq!(offsets("\"", ""), None);
    }
}
