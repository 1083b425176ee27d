//! Many whole numbers in one text of a table: commas stand between them, and nothing where there is none.

use crate::Error;
use crate::row::Row;

/// Puts the numbers that a column of a row holds behind those that are there. An empty text holds none.
pub(crate) fn read(
    row: Row<'_>,
    column: &'static str,
    numbers: &mut Vec<Option<i64>>,
) -> Result<(), Error> {
    put(row.word(column)?, numbers).map_err(|found| row.wrong(column, found))
}

/// Puts the numbers of a text behind those that are there. An error is what is no number, as it stands there.
fn put<'t>(text: &'t str, numbers: &mut Vec<Option<i64>>) -> Result<(), &'t str> {
    if text.is_empty() {
        return Ok(());
    }
    // Byte by byte and once, as a nation's tables hold a hundred million of them, most of which have a few digits.
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
                numbers.push(whole(from, at, (value, digits, is_negative))?);
                (from, value, digits, is_negative) = (at + 1, 0, 0, false);
            }
            b'-' if at == from => is_negative = true,
            _ => {
                let rest = text.get(from..).unwrap_or_default();
                return Err(rest.split(',').next().unwrap_or_default());
            }
        }
    }
    numbers.push(whole(from, text.len(), (value, digits, is_negative))?);
    Ok(())
}

/// The numbers of a text.
#[cfg(test)]
pub(crate) fn parsed(text: &str) -> Result<Vec<Option<i64>>, &str> {
    let mut numbers = Vec::new();
    put(text, &mut numbers).map(|()| numbers)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_number_is_read_as_it_is_written(value in any::<i64>(), small in -2000_i64..2000) {
            let said = vec![Some(small), None, Some(value), Some(small), None];
            let text = format!("{small},,{value},{small},");
            prop_assert_eq!(parsed(&text), Ok(said));
        }
    }

    #[test]
    fn what_is_no_number_is_told() {
        for text in
            ["-", "+1", "1x", " 1", "9223372036854775808", "--1", "1-", "1234567890123456789-"]
        {
            assert_eq!(parsed(text), Err(text));
            assert_eq!(parsed(&format!("7,{text},8")), Err(text));
        }
    }
}
