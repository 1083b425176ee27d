//! Numbers in digits and in words.

use super::token::{Kind, Tokens};

/// Reads a number as written in Viet Nam: a dot before every three digits, a comma before decimals. A dot before any
/// other count of digits is a decimal point. With `whole`, a comma before three digits separates thousands too, since
/// nobody counts thousandths of a cooperative.
pub(super) fn value(text: &str, whole: bool) -> Option<f64> {
    let groups = |sign: char| {
        let mut parts = text.split(sign);
        let first = parts.next().unwrap_or_default();
        let rest: Vec<&str> = parts.collect();
        !rest.is_empty()
            && first.len() <= 3
            && !first.starts_with('0')
            && rest.iter().all(|part| part.len() == 3)
            && text.chars().all(|c| c.is_ascii_digit() || c == sign)
    };
    let plain = if groups('.') {
        text.replace('.', "")
    } else if groups(',') && (whole || text.matches(',').count() > 1) {
        text.replace(',', "")
    } else if text.contains('.') && text.contains(',') {
        let decimal = if text.rfind('.') > text.rfind(',') { '.' } else { ',' };
        let other = if decimal == '.' { ',' } else { '.' };
        text.replace(other, "").replace(decimal, ".")
    } else if text.matches(['.', ',']).count() > 1 {
        return None;
    } else {
        text.replace(',', ".")
    };
    plain.parse().ok()
}

/// What a scale word multiplies by.
pub(super) fn scale(word: &str) -> Option<f64> {
    Some(match word {
        "trăm" => 1e2,
        "nghìn" | "ngàn" => 1e3,
        "vạn" => 1e4,
        "triệu" => 1e6,
        "tỷ" => 1e9,
        _ => return None,
    })
}

/// A number written as one word: `hai`, `mười`.
pub(super) fn in_words(word: &str) -> Option<f64> {
    Some(match word {
        "một" => 1.0,
        "hai" => 2.0,
        "ba" => 3.0,
        "bốn" => 4.0,
        "năm" => 5.0,
        "sáu" => 6.0,
        "bảy" | "bẩy" => 7.0,
        "tám" => 8.0,
        "chín" => 9.0,
        "mười" => 10.0,
        _ => return None,
    })
}

/// A year, if the number at this place is written as one.
pub(super) fn year(tokens: &Tokens, at: usize) -> Option<i32> {
    let token = tokens.get(at).filter(|token| token.kind == Kind::Number)?;
    let plain = token.text.len() == 4 && token.text.chars().all(|c| c.is_ascii_digit());
    token.text.parse().ok().filter(|year| plain && (1900..=2100).contains(year))
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn numbers_as_written() {
        for (text, whole, want) in [
            ("05", true, Some(5.0)),
            ("4.250", true, Some(4250.0)),
            ("14,3", false, Some(14.3)),
            ("1.8", false, Some(1.8)),
            ("1.800.000", true, Some(1_800_000.0)),
            ("0.135", false, Some(0.135)),
            ("10,500", true, Some(10_500.0)),
            ("10,500", false, Some(10.5)),
            ("1.234,5", false, Some(1234.5)),
            ("22.7.2021", false, None),
        ] {
            assert_eq!(value(text, whole), want, "{text}");
        }
    }
}
