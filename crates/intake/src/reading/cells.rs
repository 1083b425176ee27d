//! Tables whose cells stand one on each line, as they come out of a PDF or off a page: the heads of the columns, then the cells of
//! row after row, each row under its number.

use super::rows::Cell;
use super::token::{Kind, Tokens};

/// No table is wider.
const WIDTH: usize = 12;

/// No name of a row or a column has more lines.
const LINES: usize = 6;

/// The rows of a table whose head begins on the line at a place, the head first, and the place behind the last.
pub(super) fn rows(tokens: &Tokens, at: usize) -> Option<(Vec<Vec<Cell>>, usize)> {
    let first = line(tokens, at)?;
    if !is_number_head(tokens, first) {
        return None;
    }
    let mut head = vec![first];
    let mut next = behind(tokens, first);
    while !is_number(tokens, line(tokens, next)?, 1) {
        let cell = line(tokens, next)?;
        match head.last_mut() {
            // "Kế hoạch" and "năm 2026" on two lines are one head.
            Some(last) if goes_on(tokens, cell) && head_len(tokens, *last) > 0 => last.1 = cell.1,
            _ => head.push(cell),
        }
        if head.len() > WIDTH || cell.1 - cell.0 > 12 {
            return None;
        }
        next = behind(tokens, cell);
    }
    let width = head.len();
    if width < 3 {
        return None;
    }
    let mut rows = vec![head];
    let mut number = 1;
    let mut end = next;
    while let Some(cell) = line(tokens, next).filter(|cell| is_number(tokens, *cell, number)) {
        let Some((row, stop)) = row(tokens, cell, width, number) else { break };
        rows.push(row);
        number += 1;
        next = stop;
        end = stop;
    }
    (rows.len() > 1).then_some((rows, end))
}

/// One row: its number, its name over one or more lines, and a line for each other column.
fn row(tokens: &Tokens, first: Cell, width: usize, number: usize) -> Option<(Vec<Cell>, usize)> {
    let mut lines = vec![first];
    let mut next = behind(tokens, first);
    while lines.len() < width + LINES {
        let Some(cell) = line(tokens, next) else { break };
        let is_full = lines.len() >= width;
        // The next row's number may also be the last cell of this one.
        if is_full && (is_number(tokens, cell, number + 1) || cell.1 - cell.0 > 12)
            || !is_full && cell.1 - cell.0 > 30
        {
            break;
        }
        // Behind the last row nothing but numbers fills its columns.
        if is_full && has_digit(tokens, *lines.last()?) && !has_digit(tokens, cell) {
            break;
        }
        lines.push(cell);
        next = behind(tokens, cell);
    }
    let extra = lines.len().checked_sub(width)?;
    let mut row = vec![first];
    let name = (lines.get(1)?.0, lines.get(1 + extra)?.1);
    row.push(name);
    row.extend(lines.iter().skip(2 + extra).copied());
    Some((row, next))
}

/// The words of the line that begins at a place, where there are any.
fn line(tokens: &Tokens, at: usize) -> Option<Cell> {
    let from = tokens.skip_lines(at);
    let to = (from..tokens.len()).find(|at| tokens.is(*at, Kind::Line)).unwrap_or(tokens.len());
    (to > from).then_some((from, to))
}

/// The place behind a line.
fn behind(tokens: &Tokens, cell: Cell) -> usize {
    (cell.1 + 1).min(tokens.len())
}

/// Whether a line heads the column of row numbers.
fn is_number_head(tokens: &Tokens, cell: Cell) -> bool {
    let is_one = cell.1 == cell.0 + 1 && matches!(tokens.word(cell.0), "stt" | "tt");
    is_one || tokens.any(cell.0, &["số tt", "số thứ tự"]) == Some(cell.1)
}

/// Whether a line is the number of a row.
fn is_number(tokens: &Tokens, cell: Cell, number: usize) -> bool {
    let is_alone = cell.1 == cell.0 + 1 || cell.1 == cell.0 + 2 && tokens.word(cell.0 + 1) == ".";
    is_alone
        && tokens.get(cell.0).is_some_and(|token| {
            token.kind == Kind::Number && token.text.parse().ok() == Some(number)
        })
}

fn has_digit(tokens: &Tokens, cell: Cell) -> bool {
    (cell.0..cell.1).any(|at| tokens.is(at, Kind::Number))
}

/// Whether a line of the head goes on with the one before: it begins in small letters, with a year or with a bracket.
fn goes_on(tokens: &Tokens, cell: Cell) -> bool {
    match tokens.get(cell.0) {
        Some(token) if token.kind == Kind::Word => !tokens.is_capital(cell.0),
        Some(_) => true,
        None => false,
    }
}

fn head_len(tokens: &Tokens, cell: Cell) -> usize {
    (cell.0..cell.1).filter(|at| tokens.is(*at, Kind::Word)).count()
}
