//! Numbers as people of each language write them: `10.500` and `14,3`, or `10,500` and `14.3`.

use crate::text::Language;

/// What stands in a cell that has no value.
pub const NO_VALUE: &str = "–";

/// A number with the given count of decimals, thousands grouped. Halves round away from zero, as in official tables.
///
/// ```
/// use hoptac_model::{number, text::Language};
/// assert_eq!(number::show(10500.0, 0, Language::Vi), "10.500");
/// assert_eq!(number::show(14.285, 1, Language::Vi), "14,3");
/// assert_eq!(number::show(-1234.5, 1, Language::En), "-1,234.5");
/// ```
pub fn show(value: f64, decimals: u8, language: Language) -> String {
    if !value.is_finite() {
        return NO_VALUE.to_owned();
    }
    let (group, point) = match language {
        Language::Vi => ('.', ','),
        Language::En => (',', '.'),
    };
    let scale = 10_f64.powi(i32::from(decimals));
    let rounded = (value.abs() * scale).round() / scale;
    let plain = format!("{rounded:.*}", usize::from(decimals));
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut shown = String::with_capacity(plain.len() + 4);
    if value < 0.0 && rounded != 0.0 {
        shown.push('-');
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            shown.push(group);
        }
        shown.push(digit);
    }
    if !fraction.is_empty() {
        shown.push(point);
        shown.push_str(fraction);
    }
    shown
}

/// A number, or the dash that stands for no value.
pub fn show_or_dash(value: Option<f64>, decimals: u8, language: Language) -> String {
    value.map_or_else(|| NO_VALUE.to_owned(), |v| show(v, decimals, language))
}

/// A number without needless zeros: `50`, `14,3`.
pub fn plain(value: f64, language: Language) -> String {
    let decimals = u8::from((value - value.round()).abs() >= 1e-9);
    show(value, decimals, language)
}

/// A whole number, thousands grouped.
///
/// ```
/// use hoptac_model::{number, text::Language};
/// assert_eq!(number::whole(1_250_000_000, Language::Vi), "1.250.000.000");
/// ```
pub fn whole(value: i64, language: Language) -> String {
    #[expect(clippy::cast_precision_loss, reason = "the money of a nation stays below 2^53 đồng")]
    show(value as f64, 0, language)
}

/// An amount of đồng in millions, with one decimal where it is not whole; a dash where it is not known.
///
/// ```
/// use hoptac_model::{number, text::Language};
/// assert_eq!(number::millions(Some(1_250_000_000), Language::Vi), "1.250");
/// assert_eq!(number::millions(Some(7_300_000), Language::Vi), "7,3");
/// assert_eq!(number::millions(None, Language::Vi), "–");
/// ```
pub fn millions(amount: Option<i64>, language: Language) -> String {
    let Some(amount) = amount else { return NO_VALUE.to_owned() };
    #[expect(clippy::cast_precision_loss, reason = "the money of a nation stays below 2^53 đồng")]
    let millions = amount as f64 / 1_000_000.0;
    show(millions, u8::from(amount % 1_000_000 != 0), language)
}

/// A probability as people read it: whole percent, never a false 0 or 100.
///
/// ```
/// use hoptac_model::{number, text::Language};
/// assert_eq!(number::chance(0.042, Language::Vi), "4 %");
/// assert_eq!(number::chance(0.001, Language::Vi), "dưới 1 %");
/// assert_eq!(number::chance(0.999, Language::En), "over 99 %");
/// ```
pub fn chance(probability: f64, language: Language) -> String {
    let percent = probability.clamp(0.0, 1.0) * 100.0;
    match language {
        Language::Vi if percent < 1.0 => "dưới 1 %".to_owned(),
        Language::En if percent < 1.0 => "under 1 %".to_owned(),
        Language::Vi if percent > 99.0 => "trên 99 %".to_owned(),
        Language::En if percent > 99.0 => "over 99 %".to_owned(),
        Language::Vi | Language::En => format!("{} %", show(percent, 0, language)),
    }
}

/// A small count as plans and reports write it, with a leading zero below ten: `05`.
pub fn count(value: i64, language: Language) -> String {
    match language {
        Language::Vi if (1..10).contains(&value) => format!("0{value}"),
        #[expect(clippy::cast_precision_loss, reason = "counts of a nation stay far below 2^53")]
        Language::Vi | Language::En => show(value as f64, 0, language),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: f64, decimals: u8, want: &str) {
        assert_eq!(show(value, decimals, Language::Vi), want);
    }

    #[test]
    fn thousands_are_grouped_by_points() {
        check(1_234_567.0, 0, "1.234.567");
    }
    #[test]
    fn a_half_rounds_away_from_zero() {
        check(2.5, 0, "3");
        check(-2.5, 0, "-3");
    }
    #[test]
    fn a_tiny_negative_is_not_minus_zero() {
        check(-0.04, 1, "0,0");
    }
    #[test]
    fn what_is_not_a_number_is_a_dash() {
        check(f64::NAN, 1, "–");
    }
    #[test]
    fn small_counts_have_a_leading_zero() {
        assert_eq!(count(5, Language::Vi), "05");
        assert_eq!(count(5, Language::En), "5");
        assert_eq!(count(12, Language::Vi), "12");
    }
}
