//! Many whole numbers in one text of a table: commas stand between them, and nothing where there is none.

use crate::Error;
use crate::row::Row;

/// Stands where there is no number. The least number of 64 bits cannot be told from it, and is none.
pub(crate) const NOTHING: i64 = i64::MIN;

/// Puts the numbers that a column of a row holds behind those that are there. An empty text holds none.
pub(crate) fn read(
    row: Row<'_>,
    column: &'static str,
    numbers: &mut Vec<i64>,
) -> Result<(), Error> {
    put(row.word(column)?, numbers).map_err(|found| row.wrong(column, found))
}

/// Puts the numbers of a text behind those that are there. An error is what is no number, as it stands there.
fn put<'t>(text: &'t str, numbers: &mut Vec<i64>) -> Result<(), &'t str> {
    if text.is_empty() {
        return Ok(());
    }
    // A nation's tables hold a hundred million of them. Most have a few digits, which are read eight at a time, however many of
    // them there are: whoever goes digit by digit has the processor guess wrongly at the end of each.
    let mut rest = text;
    while let Some(word) = rest.as_bytes().first_chunk() {
        let (number, length) = match few_digits(u64::from_le_bytes(*word)) {
            Some(read) => read,
            None => match rest.find(',') {
                Some(length) => (of_field(rest.get(..length).unwrap_or_default())?, length),
                None => break,
            },
        };
        numbers.push(number);
        rest = rest.get(length + 1..).unwrap_or_default();
    }
    for field in rest.split(',') {
        numbers.push(of_field(field)?);
    }
    Ok(())
}

/// The number that stands in eight letters before the first comma, and how many digits it has; none where it is longer, or is not
/// made of digits alone.
fn few_digits(letters: u64) -> Option<(i64, usize)> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const ZEROES: u64 = EACH * b'0' as u64;
    let commas = letters ^ (EACH * u64::from(b','));
    let found = commas.wrapping_sub(EACH) & !commas & (EACH << 7);
    // The lowest bit is right even where a carry has set ones above it.
    let bits = found.trailing_zeros() & !7;
    if bits == 0 {
        return Some((NOTHING, 0));
    }
    // The last digit goes to the highest place, and zeroes stand before the first. Without a comma there is nothing to shift by.
    let digits = letters.checked_shl(64 - bits)? | ZEROES.checked_shr(bits)?;
    let is_digits = digits & (0xf0 * EACH) == ZEROES
        && digits.wrapping_add(0x06 * EACH) & (0xf0 * EACH) == ZEROES;
    if !is_digits {
        return None;
    }
    // Neighbours come together: digits to tens, these to hundreds, these to the whole.
    let pairs = (digits & (0x0f * EACH)).wrapping_mul(10 * 0x100 + 1) >> 8;
    let fours = (pairs & 0x00ff_00ff_00ff_00ff).wrapping_mul(100 * 0x1_0000 + 1) >> 16;
    let whole = (fours & 0x0000_ffff_0000_ffff).wrapping_mul(10_000 * 0x1_0000_0000 + 1) >> 32;
    Some((whole.cast_signed(), usize::try_from(bits / 8).ok()?))
}

/// The number of a field.
fn of_field(field: &str) -> Result<i64, &str> {
    if field.is_empty() {
        return Ok(NOTHING);
    }
    // A plus, which the parser takes, is never written.
    let is_written = field.starts_with(|sign: char| sign == '-' || sign.is_ascii_digit());
    field.parse().ok().filter(|_| is_written).ok_or(field)
}

/// The numbers of a text.
#[cfg(test)]
pub(crate) fn parsed(text: &str) -> Result<Vec<Option<i64>>, &str> {
    let mut numbers = Vec::new();
    put(text, &mut numbers)?;
    Ok(numbers.into_iter().map(|number| (number != NOTHING).then_some(number)).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number() -> impl Strategy<Value = i64> {
        prop_oneof![
            4 => 0..20_i64,
            4 => -2000..200_000_000_i64,
            1 => any::<i64>().prop_map(|number| number.max(-i64::MAX)),
        ]
    }

    proptest! {
        #[test]
        fn a_number_is_read_as_it_is_written(
            said in prop::collection::vec(prop::option::of(number()), 0..12),
        ) {
            let text: Vec<String> =
                said.iter().map(|said| said.map_or_else(String::new, |n| n.to_string())).collect();
            let said = if text.concat().is_empty() && text.len() < 2 { vec![] } else { said };
            let text = text.join(",");
            prop_assert_eq!(parsed(&text), Ok(said));
        }

        #[test]
        fn every_letter_counts(
            digits in "[0-9]{1,12}",
            at in 0_usize..12,
            letter in prop::sample::select(vec!['/', ':', ' ', 'x', '+', '.', '\u{ac}', '-']),
        ) {
            let mut field: Vec<char> = digits.chars().collect();
            field.insert(at.min(field.len()), letter);
            let field: String = field.into_iter().collect();
            let text = format!("7,{field},8");
            match field.strip_prefix('-') {
                Some(rest) => prop_assert_eq!(
                    parsed(&text), Ok(vec![Some(7), Some(-rest.parse::<i64>().unwrap()), Some(8)])
                ),
                None => prop_assert_eq!(parsed(&text), Err(&*field)),
            }
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
