//! How a table holds what a return says: numbers with commas between, in the order of the fields' numbers, nothing where a field
//! was left out, and no comma behind the last one that was not.
//!
//! Sixty names at sixty numbers would be four fifths of a nation's returns.

use std::collections::BTreeMap;

use sqlx::AnyConnection;

use crate::Error;
use crate::database::failure;
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

/// Puts what a table holds of a return behind what is there, field by field as they are numbered. An error is what is no number, as
/// it stands there.
fn read<'t>(text: &'t str, values: &mut Vec<Option<i64>>) -> Result<(), &'t str> {
    // Byte by byte and once, as a nation's returns are sixty million numbers, most of which have a few digits.
    let (mut from, mut value, mut digits, mut is_negative) = (0, 0_i64, 0_u32, false);
    let whole = |from: usize, to: usize, (value, digits, is_negative): (i64, u32, bool)| {
        let field = text.get(from..to).unwrap_or_default();
        match digits {
            0 if !is_negative => Ok(None),
            0 => Err(field),
            1..=18 => Ok(Some(if is_negative { -value } else { value })),
            _ => field.parse().map(Some).map_err(|_| field),
        }
    };
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => {
                value = value.wrapping_mul(10).wrapping_add(i64::from(byte - b'0'));
                digits += 1;
            }
            b',' => {
                values.push(whole(from, at, (value, digits, is_negative))?);
                (from, value, digits, is_negative) = (at + 1, 0, 0, false);
            }
            b'-' if at == from => is_negative = true,
            _ => {
                let rest = text.get(from..).unwrap_or_default();
                return Err(rest.split(',').next().unwrap_or_default());
            }
        }
    }
    values.push(whole(from, text.len(), (value, digits, is_negative))?);
    Ok(())
}

/// Puts what a row holds of a return behind what is there: a number, or nothing, for each of so many fields.
pub(crate) fn put(
    row: Row<'_>,
    column: &'static str,
    fields: usize,
    values: &mut Vec<Option<i64>>,
) -> Result<(), Error> {
    let (text, end) = (row.word(column)?, values.len() + fields);
    if !text.is_empty() {
        read(text, values).map_err(|found| row.wrong(column, found))?;
    }
    if values.len() > end {
        return Err(row.wrong(column, "more than there are fields"));
    }
    values.resize(end, None);
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
    Ok(named.filter_map(|(name, value)| Some((name.clone(), value?))).collect())
}

#[cfg(test)]
mod tests {
    use proptest::collection::btree_map;
    use proptest::prelude::*;

    use super::*;

    fn read_alone(text: &str) -> Result<Vec<Option<i64>>, &str> {
        let mut values = Vec::new();
        read(text, &mut values).map(|()| values)
    }

    fn back(text: &str, fields: &[String]) -> BTreeMap<String, i64> {
        let values = fields.iter().zip(read_alone(text).unwrap());
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

        #[test]
        fn a_number_is_read_as_it_is_written(value in any::<i64>(), small in -2000_i64..2000) {
            let said = vec![Some(small), None, Some(value), Some(small)];
            let text = format!("{small},,{value},{small}");
            prop_assert_eq!(read_alone(&text), Ok(said));
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

    #[test]
    fn what_is_no_number_is_told() {
        for text in
            ["-", "+1", "1x", " 1", "9223372036854775808", "--1", "1-", "1234567890123456789-"]
        {
            assert_eq!(read_alone(text), Err(text));
            assert_eq!(read_alone(&format!("7,{text},8")), Err(text));
        }
    }
}
