//! Tables written as lines: cells between strokes or tabs, under a header that says what each column holds.
//!
//! A column is read as a goal where its header says so (`Mục tiêu 2030`) or names a later year than another column;
//! columns of what was (`Thực hiện 2025`) are situation. A table without such a header is left to the sentences.

use super::cells;
use super::comparator::Comparator;
use super::coordination::{self, Quantity};
use super::horizon;
use super::number;
use super::token::{Kind, Tokens};
use super::unit::{self, Family, Unit};

/// A stretch of tokens.
pub(super) type Cell = (usize, usize);

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Name,
    Unit,
    Past,
    Goal(Option<i32>),
    Other,
}

/// A table as read.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) goals: Vec<Goal>,
    /// The cells of what was.
    pub(super) past: Vec<Cell>,
}

/// A cell that holds a goal.
#[derive(Debug)]
pub(super) struct Goal {
    pub(super) name: String,
    pub(super) cell: Cell,
    pub(super) quantity: Quantity,
    /// The year of its column.
    pub(super) year: Option<i32>,
}

/// All tables of a text.
pub(super) fn tables(tokens: &Tokens) -> Vec<Table> {
    let mut tables = Vec::new();
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if let Some((found, end)) = cells::rows(tokens, at) {
            tables.extend(table(tokens, &rows));
            rows.clear();
            tables.extend(table(tokens, &found));
            at = end;
            continue;
        }
        let end = (at..tokens.len()).find(|at| tokens.is(*at, Kind::Line)).unwrap_or(tokens.len());
        let cells = cells(tokens, at, end);
        if cells.len() >= 3 {
            rows.push(cells);
        } else if end > at {
            tables.extend(table(tokens, &rows));
            rows.clear();
        }
        at = end + 1;
    }
    tables.extend(table(tokens, &rows));
    tables
}

/// The cells of a line; one cell where nothing divides it.
fn cells(tokens: &Tokens, from: usize, to: usize) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut start = from;
    for at in from..to {
        let is_stroke = tokens.word(at) == "|";
        let is_tab = at > from && tokens.get(at).is_some_and(|token| token.is_tabbed);
        if is_stroke || is_tab {
            if at > start || is_stroke && at > from {
                cells.push((start, at));
            }
            start = if is_stroke { at + 1 } else { at };
        }
    }
    if start < to {
        cells.push((start, to));
    }
    cells
}

fn table(tokens: &Tokens, rows: &[Vec<Cell>]) -> Option<Table> {
    let (head, body) = rows.split_first()?;
    let columns = columns(tokens, head);
    let name = columns.iter().position(|column| *column == Column::Name)?;
    if body.is_empty() || !columns.iter().any(|column| matches!(column, Column::Goal(_))) {
        return None;
    }
    let mut goals = Vec::new();
    let mut past = Vec::new();
    for row in body.iter().filter(|row| row.len() == head.len()) {
        let shared = columns
            .iter()
            .position(|column| *column == Column::Unit)
            .and_then(|at| row.get(at))
            .and_then(|cell| of_cell(tokens, *cell));
        for (column, cell) in columns.iter().zip(row) {
            match column {
                Column::Past if has_number(tokens, *cell) => past.push(*cell),
                Column::Goal(year) => {
                    let Some(title) = row.get(name) else { continue };
                    let unit = shared.clone().or_else(|| of_name(tokens, *title));
                    goals.extend(quantity(tokens, *cell, unit).map(|quantity| Goal {
                        name: tokens.shown(title.0, title.1),
                        cell: *cell,
                        quantity,
                        year: *year,
                    }));
                }
                Column::Past | Column::Name | Column::Unit | Column::Other => {}
            }
        }
    }
    let from = head.first()?.0;
    let to = body.last()?.last()?.1;
    Some(Table { from, to, goals, past })
}

/// What the columns under a header hold.
fn columns(tokens: &Tokens, head: &[Cell]) -> Vec<Column> {
    let year = |cell: &Cell| (cell.0..cell.1).rev().find_map(|at| number::year(tokens, at));
    let has = |cell: &Cell, words: &[&str]| tokens.has(cell.0, cell.1, words);
    let was = ["thực hiện", "ước", "hiện trạng", "kết quả", "hiện có", "hiện nay", "th"];
    let is_past = |cell: &Cell| has(cell, &was);
    let first = head.iter().filter_map(year).min();
    let marks_past = head.iter().any(is_past);
    let mut is_named = false;
    let mut columns = Vec::new();
    for cell in head {
        let names = ["chỉ tiêu", "nội dung", "tên", "tiêu chí", "mục tiêu", "hạng mục", "danh mục"];
        let aims = ["mục tiêu", "kế hoạch", "phấn đấu", "chỉ tiêu", "kh"];
        let column = if has(cell, &["đơn vị", "đvt", "đơn vị tính"]) {
            Column::Unit
        } else if is_past(cell) {
            Column::Past
        } else if let Some(year) = year(cell) {
            let is_later = marks_past || Some(year) != first;
            if is_later || has(cell, &aims) { Column::Goal(Some(year)) } else { Column::Past }
        } else if !is_named && has(cell, &names) {
            is_named = true;
            Column::Name
        } else if has(cell, &aims) {
            Column::Goal(None)
        } else {
            Column::Other
        };
        columns.push(column);
    }
    columns
}

fn has_number(tokens: &Tokens, cell: Cell) -> bool {
    (cell.0..cell.1).any(|at| tokens.is(at, Kind::Number))
}

/// The unit that a cell names.
fn of_cell(tokens: &Tokens, cell: Cell) -> Option<Unit> {
    unit::read(tokens, cell.0).filter(|unit| unit.end <= cell.1)
}

/// The unit that the name of a row carries: in a bracket, or as what is counted.
fn of_name(tokens: &Tokens, cell: Cell) -> Option<Unit> {
    let bracket = (cell.0..cell.1).rev().find(|at| tokens.word(*at) == "(");
    let of_bracket = bracket.and_then(|at| of_cell(tokens, (at + 1, cell.1)));
    of_bracket.or_else(|| unit::of_subject(tokens, cell.1, cell.0, cell.1))
}

/// The amount in a cell.
fn quantity(tokens: &Tokens, cell: Cell, shared: Option<Unit>) -> Option<Quantity> {
    let numbers = coordination::numbers(tokens, cell.0, cell.1);
    let mut quantity = numbers.quantities.into_iter().next().filter(|quantity| {
        quantity.number < cell.1 && horizon::date(tokens, quantity.number).is_none()
    })?;
    // Words behind the cell are no unit of it.
    let is_own = quantity.unit.as_ref().is_some_and(|unit| unit.end <= cell.1);
    if !is_own {
        let read = quantity.unit.take().map_or(1.0, |unit| unit.scale);
        let unit = shared?;
        let scale = if unit.family == Family::Money { 1.0 } else { unit.scale };
        quantity.low *= scale / read;
        quantity.high = quantity.high.map(|high| high * scale / read);
        quantity.unit = Some(unit);
    }
    quantity.end = quantity.end.min(cell.1);
    if quantity.comparators.is_empty() && tokens.word(cell.0) == "≥" {
        quantity.comparators.push(Comparator::AtLeast);
    }
    Some(quantity)
}
