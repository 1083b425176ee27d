//! Tables that are given to everybody, each column with what it means, so that the table can be read without this program.

use jiff::civil::Date;

use crate::text::Words;

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Text or a code.
    Text,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// A civil day.
    Day,
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing: missing, hidden or without meaning here, never zero.
    Empty,
    /// Text or a code.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// A civil day.
    Day(Date),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl From<i64> for Cell {
    fn from(whole: i64) -> Self {
        Self::Whole(whole)
    }
}

impl From<i16> for Cell {
    fn from(whole: i16) -> Self {
        Self::Whole(whole.into())
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        if number.is_finite() { Self::Number(number) } else { Self::Empty }
    }
}

impl From<Date> for Cell {
    fn from(day: Date) -> Self {
        Self::Day(day)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

impl Cell {
    /// The cell as it is written in plain text: numbers with a point and as short as they can be read back, days as
    /// `2025-12-31`.
    pub fn plain(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Whole(whole) => whole.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Day(day) => day.to_string(),
        }
    }
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its head, the same in every language and for good.
    pub name: &'static str,
    /// What people call it.
    pub title: Words,
    /// What stands in it.
    pub form: Form,
    /// Whether a cell of it is never empty.
    pub required: bool,
    /// The table whose key it names.
    pub of: Option<&'static str>,
}

/// A table with what is said of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Its name, the same in every language and for good: addresses are made of it.
    pub id: &'static str,
    /// What people call it.
    pub title: Words,
    /// What it is of, by which method, and what its flags mean.
    pub about: Words,
    /// Its columns.
    pub columns: Vec<Column>,
    /// The columns that tell its rows apart.
    pub key: &'static [&'static str],
    /// Its rows, a cell for each column.
    pub rows: Vec<Vec<Cell>>,
}

impl Dataset {
    /// A table without rows.
    pub fn new(id: &'static str, title: Words, about: Words, key: &'static [&'static str]) -> Self {
        Self { id, title, about, columns: Vec::new(), key, rows: Vec::new() }
    }

    /// The same with one more column, which may be empty.
    #[must_use]
    pub fn column(mut self, name: &'static str, form: Form, vi: &str, en: &str) -> Self {
        let required = self.key.contains(&name);
        let title = Words::new(vi, en);
        self.columns.push(Column { name, title, form, required, of: None });
        self
    }

    /// The same with one more column that names the key of another table.
    #[must_use]
    pub fn naming(self, name: &'static str, of: &'static str, vi: &str, en: &str) -> Self {
        let mut with = self.column(name, Form::Text, vi, en);
        with.columns.iter_mut().rev().take(1).for_each(|column| column.of = Some(of));
        with
    }
}

/// Everything that is given to everybody at one ledger position.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenData {
    /// Whose plan it is about.
    pub unit: String,
    /// The plan's document, as `115/KH-UBND`.
    pub plan: String,
    /// The day whose state it is.
    pub as_of: Date,
    /// The first year of the figures.
    pub year_first: i16,
    /// The ledger position that everything was derived from.
    pub position: u64,
    /// Figures over fewer organisations are hidden.
    pub least: usize,
    /// Whether anything in it was made by a generator.
    pub synthetic: bool,
    /// The tables, those that others name first.
    pub tables: Vec<Dataset>,
}

impl OpenData {
    /// The table of a name.
    pub fn find(&self, id: &str) -> Option<&Dataset> {
        self.tables.iter().find(|table| table.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cell: impl Into<Cell>, want: &str) {
        assert_eq!(cell.into().plain(), want);
    }

    #[test]
    fn numbers_are_written_as_programs_read_them() {
        check(372.0, "372");
        check(48.25, "48.25");
        check(10_500_i64, "10500");
    }
    #[test]
    fn what_is_missing_is_empty_and_not_zero() {
        check(None::<f64>, "");
        check(f64::NAN, "");
        check("", "");
        check(0.0, "0");
    }
    #[test]
    fn the_key_is_never_empty() {
        let table = Dataset::new("units", Words::default(), Words::default(), &["unit"])
            .column("unit", Form::Text, "Đơn vị", "Unit")
            .naming("parent", "units", "Cấp trên", "Parent");
        let seen: Vec<_> = table.columns.iter().map(|one| (one.required, one.of)).collect();
        assert_eq!(seen, [(true, None), (false, Some("units"))]);
    }
}
