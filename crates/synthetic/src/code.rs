//! Registration codes that nobody can take for a real one: right by their check digit, but in a range of their own.

use hoptac_model::organisation::tax_check_digit;

/// The first digits of every synthetic code. Codes begin with the number of the province of issue; no province has 99.
const RANGE: i32 = 99;

/// Hands out codes in sequence, each once.
pub(crate) struct Codes {
    next: i32,
}

impl Codes {
    /// The start of the range.
    pub(crate) fn new() -> Self {
        Self { next: 1 }
    }

    /// The next code. Numbers for which the formula gives no single check digit are never issued and are passed over.
    pub(crate) fn issue(&mut self) -> String {
        loop {
            let number = RANGE * 10_000_000 + self.next;
            self.next += 1;
            let digits: Vec<i32> =
                (0..9).rev().map(|place| number / 10_i32.pow(place) % 10).collect();
            if let Some(check) = tax_check_digit(&digits) {
                return format!("{number}{check}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hoptac_model::organisation::is_tax_code;

    #[test]
    fn codes_are_right_and_never_come_twice() {
        let mut codes = Codes::new();
        let mut issued: Vec<String> = (0..2000).map(|_| codes.issue()).collect();
        assert!(issued.iter().all(|code| is_tax_code(code) && code.starts_with("99")));
        issued.dedup();
        assert_eq!(issued.len(), 2000);
    }
}
