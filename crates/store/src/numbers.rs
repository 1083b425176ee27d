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
    let mut rest = text;
    loop {
        let (number, length) = if let Some(read) = up_to_comma(rest.as_bytes()) {
            read
        } else {
            let field = rest.split(',').next().unwrap_or_default();
            (of_field(field)?, field.len())
        };
        numbers.push(number);
        match rest.get(length + 1..) {
            Some(behind) => rest = behind,
            None => return Ok(()),
        }
    }
}

/// The number before the first comma or the end, and how many digits it has; none where it has more than fifteen, or anything but
/// digits.
///
/// A nation's tables hold a hundred million of them, which are read eight digits at a time, however many of these there are: whoever
/// goes digit by digit has the processor guess wrongly at the end of each.
fn up_to_comma(text: &[u8]) -> Option<(i64, usize)> {
    let letters = eight_letters(text);
    let Some(length) = digits_before_comma(letters) else {
        let behind = eight_letters(text.get(8..)?);
        let length = digits_before_comma(behind)?;
        let low = if length == 0 { 0 } else { of_digits(behind, length)? };
        let high = of_digits(letters, 8)?;
        return Some((high * 10_i64.pow(u32::try_from(length).ok()?) + low, 8 + length));
    };
    if length == 0 {
        return Some((NOTHING, 0));
    }
    Some((of_digits(letters, length)?, length))
}

/// The number one, in each of eight bytes.
const EACH: u64 = 0x0101_0101_0101_0101;

/// The first eight letters, the first one lowest; commas where there are fewer.
fn eight_letters(text: &[u8]) -> u64 {
    let letters = text.first_chunk().copied().unwrap_or_else(|| {
        let mut letters = [b','; 8];
        letters.iter_mut().zip(text).for_each(|(letter, given)| *letter = *given);
        letters
    });
    u64::from_le_bytes(letters)
}

/// How many of eight letters stand before the first comma; none where there is none.
fn digits_before_comma(letters: u64) -> Option<usize> {
    let commas = letters ^ (EACH * u64::from(b','));
    // The highest bit of each byte that was a comma. The lowest one is right even where a carry has set others above it.
    let found = commas.wrapping_sub(EACH) & !commas & (EACH << 7);
    (found != 0).then(|| usize::try_from(found.trailing_zeros() / 8).unwrap_or(0))
}

/// The number that the first of eight letters make, of which there is at least one; none where any of them is no digit.
fn of_digits(letters: u64, length: usize) -> Option<i64> {
    const ZEROES: u64 = EACH * b'0' as u64;
    const HIGH: u64 = EACH * 0xf0;
    // The last digit goes to the highest place, and zeroes stand before the first.
    let bits = u32::try_from(length * 8).ok()?;
    let digits = letters.checked_shl(64 - bits)? | ZEROES.checked_shr(bits).unwrap_or(0);
    let is_digits = digits & HIGH == ZEROES && digits.wrapping_add(EACH * 6) & HIGH == ZEROES;
    if !is_digits {
        return None;
    }
    // Neighbours come together: digits to tens, these to hundreds, these to the whole.
    let pairs = (digits & (EACH * 0x0f)).wrapping_mul(10 * 0x100 + 1) >> 8;
    let fours = (pairs & 0x00ff_00ff_00ff_00ff).wrapping_mul(100 * 0x1_0000 + 1) >> 16;
    let whole = (fours & 0x0000_ffff_0000_ffff).wrapping_mul(10_000 * 0x1_0000_0000 + 1) >> 32;
    Some(whole.cast_signed())
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
            let negative = field.strip_prefix('-').map(|rest| -rest.parse::<i64>().unwrap());
            let want = match negative {
                Some(number) => Ok(vec![Some(7), Some(number), Some(8)]),
                None => Err(&*field),
            };
            prop_assert_eq!(parsed(&text), want);
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
