//! Reads typed values from rows. A value that is not what its column holds is named with its table and column.

use std::fmt::{self, Display, Write};
use std::str::FromStr;

use jiff::civil::Date;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use crate::Error;

/// The cells of a row, however the database gave them. An error tells what stands there instead.
pub(crate) trait Cells: Sync {
    /// A text as it lies there, where there is one.
    fn text(&self, column: &str) -> Result<Option<&str>, String>;

    /// A whole number, where there is one.
    fn whole(&self, column: &str) -> Result<Option<i64>, String>;
}

impl Cells for AnyRow {
    fn text(&self, column: &str) -> Result<Option<&str>, String> {
        self.try_get(column).map_err(|error| error.to_string())
    }

    fn whole(&self, column: &str) -> Result<Option<i64>, String> {
        self.try_get(column).map_err(|error| error.to_string())
    }
}

/// A row of a table.
#[derive(Clone, Copy)]
pub(crate) struct Row<'r> {
    /// The table.
    pub(crate) table: &'static str,
    /// What the database gave.
    pub(crate) row: &'r (dyn Cells + 'r),
}

impl<'r> Row<'r> {
    /// The error that names what was found.
    pub(crate) fn wrong(&self, column: &'static str, value: impl Display) -> Error {
        Error::Stored { table: self.table, column, value: value.to_string() }
    }

    /// A text as it lies in the row, where there is one.
    pub(crate) fn word_or_none(&self, column: &'static str) -> Result<Option<&'r str>, Error> {
        self.row.text(column).map_err(|error| self.wrong(column, error))
    }

    /// A text as it lies in the row.
    pub(crate) fn word(&self, column: &'static str) -> Result<&'r str, Error> {
        self.word_or_none(column)?.ok_or_else(|| self.wrong(column, "nothing"))
    }

    /// A text, where there is one.
    pub(crate) fn text_or_none(&self, column: &'static str) -> Result<Option<String>, Error> {
        Ok(self.word_or_none(column)?.map(str::to_owned))
    }

    /// A text.
    pub(crate) fn text(&self, column: &'static str) -> Result<String, Error> {
        self.word(column).map(str::to_owned)
    }

    /// A whole number that fits its type, where there is one.
    pub(crate) fn whole_or_none<N: TryFrom<i64>>(
        &self,
        column: &'static str,
    ) -> Result<Option<N>, Error> {
        let value = self.row.whole(column).map_err(|error| self.wrong(column, error))?;
        value.map(|value| N::try_from(value).map_err(|_| self.wrong(column, value))).transpose()
    }

    /// A whole number that fits its type.
    pub(crate) fn whole<N: TryFrom<i64>>(&self, column: &'static str) -> Result<N, Error> {
        self.whole_or_none(column)?.ok_or_else(|| self.wrong(column, "nothing"))
    }

    /// A flag, stored as 0 or 1.
    pub(crate) fn flag(&self, column: &'static str) -> Result<bool, Error> {
        match self.whole::<i64>(column)? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(self.wrong(column, other)),
        }
    }

    /// A value that is stored as its text form, where there is one. Only the exact text that the value would be written
    /// as is accepted, so that no two texts mean the same filing.
    pub(crate) fn exact_or_none<T: FromStr + Display>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, Error> {
        let Some(text) = self.word_or_none(column)? else { return Ok(None) };
        match text.parse::<T>() {
            Ok(value) if is_written(&value, text) => Ok(Some(value)),
            _ => Err(self.wrong(column, text)),
        }
    }

    /// A value that is stored as its text form.
    pub(crate) fn exact<T: FromStr + Display>(&self, column: &'static str) -> Result<T, Error> {
        self.exact_or_none(column)?.ok_or_else(|| self.wrong(column, "nothing"))
    }

    /// A day.
    pub(crate) fn day(&self, column: &'static str) -> Result<Date, Error> {
        self.exact(column)
    }

    /// A day, where there is one.
    pub(crate) fn day_or_none(&self, column: &'static str) -> Result<Option<Date>, Error> {
        self.exact_or_none(column)
    }

    /// A value with a code of its own.
    pub(crate) fn coded<T>(
        &self,
        column: &'static str,
        from_code: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Error> {
        let text = self.word(column)?;
        from_code(text).ok_or_else(|| self.wrong(column, text))
    }
}

/// Whether a value is written as a text.
fn is_written(value: &impl Display, text: &str) -> bool {
    /// What is left of the text once as much was written.
    struct Left<'t>(&'t str);

    impl Write for Left<'_> {
        fn write_str(&mut self, part: &str) -> fmt::Result {
            self.0 = self.0.strip_prefix(part).ok_or(fmt::Error)?;
            Ok(())
        }
    }

    let mut left = Left(text);
    write!(left, "{value}").is_ok() && left.0.is_empty()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_value_is_written_as_one_text_only() {
        let day = date(2024, 5, 6);
        assert!(is_written(&day, "2024-05-06"));
        for other in ["2024-05-6", "2024-05-06 ", " 2024-05-06", "2024-05", "", "20240506"] {
            assert!(!is_written(&day, other), "{other}");
        }
        assert!(is_written(&"", "") && !is_written(&"", "a"));
    }
}
