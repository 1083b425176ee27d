//! How a table holds what a return says: numbers with commas between, in the order of the fields' numbers, nothing where a field
//! was left out, and no comma behind the last one that was not.
//!
//! Sixty names at sixty numbers would be four fifths of a nation's returns.

use std::collections::BTreeMap;

use sqlx::AnyConnection;

use crate::Error;
use crate::database::failure;
use crate::lot::{Whose, each};
use crate::numbers::{self, NOTHING};
use crate::register::columns::RETURN_FIELD;
use crate::row::Row;

/// The names of all fields that accepted returns ever had, each at its number.
pub(crate) async fn fields(connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    let doing = "reading the fields of returns";
    // They come in one row, as every filing of a return asks for them.
    let sql = "SELECT COUNT(*) AS count, string_agg(name, '\u{1f}' ORDER BY number) AS name FROM return_field";
    let row = sqlx::query(sql).fetch_one(&mut *connection).await.map_err(failure(doing))?;
    {
        let row = Row { table: "return_field", row: &row };
        let names = row.word_or_none("name")?;
        let names: Vec<&str> = names.iter().flat_map(|names| names.split('\u{1f}')).collect();
        if names.len() == row.whole::<usize>("count")? {
            return Ok(names.into_iter().map(str::to_owned).collect());
        }
    }
    let rows = sqlx::query("SELECT name FROM return_field ORDER BY number")
        .fetch_all(connection)
        .await
        .map_err(failure(doing))?;
    rows.iter().map(|row| Row { table: "return_field", row }.text("name")).collect()
}

/// The same, asked together with what else is asked of one organisation.
pub(crate) async fn fields_beside(
    connection: &mut AnyConnection,
    whose: &Whose,
) -> Result<Vec<String>, Error> {
    let named = |row: Row<'_>| Ok((row.whole::<u32>("number")?, row.text("name")?));
    let mut names = each(connection, whose, &RETURN_FIELD, named).await?;
    names.sort_unstable();
    Ok(names.into_iter().map(|(_, name)| name).collect())
}

/// What a return says, as a table holds it. Fields that have no number yet get the next ones.
pub(crate) fn write(values: &BTreeMap<String, i64>, fields: &mut Vec<String>) -> String {
    let known = fields.len();
    let is_known = |name: &String| fields.iter().take(known).any(|field| field == name);
    let new: Vec<String> = values.keys().filter(|name| !is_known(name)).cloned().collect();
    fields.extend(new);
    let mut text = String::new();
    let mut left_out = 0;
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            left_out += 1;
        }
        if let Some(value) = values.get(field) {
            text.extend(std::iter::repeat_n(',', left_out));
            text.push_str(&value.to_string());
            left_out = 0;
        }
    }
    text
}

/// Puts what a row holds of a return behind what is there: a number, or [`NOTHING`], for each of so many fields.
pub(crate) fn put(
    row: Row<'_>,
    column: &'static str,
    fields: usize,
    values: &mut Vec<i64>,
) -> Result<(), Error> {
    let end = values.len() + fields;
    numbers::read(row, column, values)?;
    if values.len() > end {
        return Err(row.wrong(column, "more than there are fields"));
    }
    values.resize(end, NOTHING);
    Ok(())
}

/// What a return says, by the names of its fields.
pub(crate) fn named(
    row: Row<'_>,
    column: &'static str,
    fields: &[String],
) -> Result<BTreeMap<String, i64>, Error> {
    let mut values = Vec::with_capacity(fields.len());
    put(row, column, fields.len(), &mut values)?;
    let named = fields.iter().zip(values);
    let named = named.filter(|(_, value)| *value != NOTHING);
    Ok(named.map(|(name, value)| (name.clone(), value)).collect())
}

#[cfg(test)]
mod tests {
    use proptest::collection::btree_map;
    use proptest::prelude::*;

    use super::*;

    fn back(text: &str, fields: &[String]) -> BTreeMap<String, i64> {
        let values = fields.iter().zip(numbers::parsed(text).unwrap());
        values.filter_map(|(name, value)| Some((name.clone(), value?))).collect()
    }

    proptest! {
        #[test]
        fn what_returns_say_reads_back(
            returns in prop::collection::vec(btree_map("[a-f]", any::<i64>(), 0..6), 1..6),
        ) {
            let mut fields = Vec::new();
            let written: Vec<String> = returns.iter().map(|said| write(said, &mut fields)).collect();
            for (said, text) in returns.iter().zip(&written) {
                prop_assert_eq!(&back(text, &fields), said);
            }
        }
    }

    #[test]
    fn fields_keep_their_numbers() {
        let said = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), 7)).collect();
        let mut fields = Vec::new();
        assert_eq!(write(&said(&["b", "d"]), &mut fields), "7,7");
        assert_eq!(write(&said(&["a", "d"]), &mut fields), ",7,7");
        assert_eq!(write(&said(&[]), &mut fields), "");
        assert_eq!(write(&said(&["b"]), &mut fields), "7");
        assert_eq!(fields, ["b", "d", "a"]);
    }
}
