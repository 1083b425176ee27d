//! Writing for people and for programs: lines, tables that fit a terminal of 80 columns, JSON.

use std::io::{self, Write as _};

use anyhow::Result;
use serde::Serialize;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// The width that tables are made for.
pub(crate) const WIDTH: usize = 80;

/// Prints one line.
pub(crate) fn say(line: &str) -> Result<()> {
    Ok(writeln!(io::stdout(), "{line}")?)
}

/// How many columns of a terminal a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// Prints one line for people while the result goes elsewhere.
pub(crate) fn complain(line: &str) {
    // When nobody reads the complaint there is nobody to tell.
    let _ = writeln!(io::stderr(), "{line}");
}

/// Prints a value as indented JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<()> {
    say(&serde_json::to_string_pretty(value)?)
}

/// Whether the reader of our output went away, as `head` does: that is no failure.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
    })
}

/// How a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// A table whose widest left column gives way and breaks into lines, so that the whole fits the width.
pub(crate) struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these heads.
    pub(crate) fn new(columns: &[(&str, Align)]) -> Self {
        let columns = columns.iter().map(|(head, align)| ((*head).to_owned(), *align)).collect();
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// The table as lines, none wider than `width` where its columns allow.
    pub(crate) fn lines(&self, width: usize) -> Vec<String> {
        const GAP: usize = 2;
        let heads: Vec<String> = self.columns.iter().map(|(head, _)| head.clone()).collect();
        let mut widths: Vec<usize> = heads.iter().map(|head| head.width()).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        let total: usize = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
        let over = total.saturating_sub(width);
        let widest = widths
            .iter()
            .zip(&self.columns)
            .enumerate()
            .filter(|(_, (_, (_, align)))| *align == Align::Left)
            .max_by_key(|(_, (width, _))| **width)
            .map(|(index, _)| index);
        if let Some(width) = widest.and_then(|index| widths.get_mut(index)) {
            *width = width.saturating_sub(over).max(8);
        }
        let rule = widths.iter().map(|width| "─".repeat(*width)).collect::<Vec<_>>().join("──");
        let mut lines = self.row_lines(&heads, &widths);
        lines.push(rule);
        lines.extend(self.rows.iter().flat_map(|row| self.row_lines(row, &widths)));
        lines
    }

    /// One row: as many lines as its longest cell needs.
    fn row_lines(&self, cells: &[String], widths: &[usize]) -> Vec<String> {
        let broken: Vec<Vec<String>> = cells
            .iter()
            .zip(widths)
            .map(|(cell, width)| {
                let lines = wrap(cell, *width, "");
                lines.iter().map(|line| clip(line, *width)).collect()
            })
            .collect();
        let height = broken.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let line = |number: usize| {
            let cells = broken.iter().zip(widths).zip(&self.columns);
            let cells = cells.map(|((lines, width), (_, align))| {
                let cell = lines.get(number).map_or("", String::as_str);
                let pad = " ".repeat(width.saturating_sub(cell.width()));
                match align {
                    Align::Left => format!("{cell}{pad}"),
                    Align::Right => format!("{pad}{cell}"),
                }
            });
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        (0..height).map(line).collect()
    }
}

/// The text cut to a width, with a sign that something is missing.
fn clip(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        kept.push(c);
    }
    format!("{}…", kept.trim_end())
}

/// Breaks a text into lines of at most `width`, each behind `indent`.
pub(crate) fn wrap(text: &str, width: usize, indent: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::from(indent);
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.width() + 1 + word.width() > width {
            lines.push(std::mem::replace(&mut line, indent.to_owned()));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    if !empty {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_left_column_gives_way() {
        let mut table = Table::new(&[("Chỉ tiêu", Align::Left), ("Hiện có", Align::Right)]);
        table.row(vec!["Hợp tác xã phi nông nghiệp".to_owned(), "154".to_owned()]);
        let lines = table.lines(24);
        assert_eq!(
            lines,
            [
                "Chỉ tiêu         Hiện có",
                "────────────────────────",
                "Hợp tác xã phi       154",
                "nông nghiệp",
            ]
        );
    }
    #[test]
    fn text_is_wrapped_at_blanks() {
        assert_eq!(wrap("một hai ba bốn", 9, "  "), ["  một hai", "  ba bốn"]);
    }
}
