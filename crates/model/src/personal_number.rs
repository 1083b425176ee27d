//! Personal numbers and telephone numbers: what is odd about one, as a sentence. Neither has a check digit, so that nothing
//! here refuses a number; somebody should look.

use serde::{Deserialize, Serialize};

use crate::text::Words;

/// Whether somebody is a man or a woman, as far as a personal number says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Nam.
    Male,
    /// Nữ.
    Female,
}

/// What a personal number says of its bearer: three digits of the place, one of century and sex, two of the year of birth, six
/// at random.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// The province of birth registration, or a country.
    pub place: u16,
    /// Man or woman.
    pub sex: Sex,
    /// The year of birth.
    pub born: i16,
}

/// Reads a personal number of twelve digits; none where it is not one.
///
/// ```
/// use hoptac_model::personal_number::{Sex, bearer};
/// let bearer = bearer("020185000001").unwrap();
/// assert_eq!((bearer.place, bearer.sex, bearer.born), (20, Sex::Female, 1985));
/// assert!(hoptac_model::personal_number::bearer("0201850001").is_none());
/// ```
pub fn bearer(number: &str) -> Option<Bearer> {
    if number.len() != 12 || !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let place = number.get(..3)?.parse().ok()?;
    let century_and_sex: i16 = number.get(3..4)?.parse().ok()?;
    let year: i16 = number.get(4..6)?.parse().ok()?;
    let sex = if century_and_sex % 2 == 0 { Sex::Male } else { Sex::Female };
    Some(Bearer { place, sex, born: 1900 + century_and_sex / 2 * 100 + year })
}

/// What is odd about a personal number, with what is known of its bearer. A number of nine digits is that of an old identity
/// card and may stand in an old filing. The sentences never repeat the number.
pub fn doubts(number: &str, sex: Option<Sex>, born: Option<i16>) -> Vec<Words> {
    if number.len() == 9 && number.bytes().all(|b| b.is_ascii_digit()) {
        return vec![Words::new(
            "số chứng minh nhân dân cũ có 9 chữ số; hãy bổ sung số định danh cá nhân 12 chữ số",
            "an old identity card has nine digits; add the personal number of twelve",
        )];
    }
    let Some(bearer) = bearer(number) else {
        return vec![Words::new(
            "số định danh cá nhân phải có 12 chữ số",
            "a personal number has twelve digits",
        )];
    };
    let mut doubts = Vec::new();
    if bearer.place == 0 {
        doubts.push(Words::new(
            "ba chữ số đầu không phải mã tỉnh hoặc mã nước",
            "the first three digits are no province or country",
        ));
    }
    if sex.is_some_and(|sex| sex != bearer.sex) {
        doubts.push(Words::new(
            "giới tính khác với số định danh",
            "the sex differs from what the number says",
        ));
    }
    if born.is_some_and(|born| born != bearer.born) {
        doubts.push(Words::new(
            "năm sinh khác với số định danh",
            "the year of birth differs from what the number says",
        ));
    }
    doubts
}

/// What is odd about a telephone number; none where it looks like one of Viet Nam: a mobile number of ten digits that begins
/// with 03, 05, 07, 08 or 09, or a landline that begins with 02. `+84` may stand for the first 0.
///
/// ```
/// use hoptac_model::personal_number::phone_doubt;
/// assert_eq!(phone_doubt("0912 345 678"), None);
/// assert_eq!(phone_doubt("+84 205 3 812 345"), None);
/// assert!(phone_doubt("0612345678").is_some());
/// ```
pub fn phone_doubt(phone: &str) -> Option<Words> {
    let plain: String =
        phone.chars().filter(|c| !c.is_whitespace() && !".-()".contains(*c)).collect();
    let national = match plain.strip_prefix("+84") {
        Some(rest) => format!("0{rest}"),
        None => plain,
    };
    let digits = national.bytes().all(|b| b.is_ascii_digit());
    let mobile = national.len() == 10
        && ["03", "05", "07", "08", "09"].iter().any(|p| national.starts_with(p));
    let landline = (10..=11).contains(&national.len()) && national.starts_with("02");
    (!(digits && (mobile || landline))).then(|| {
        Words::new(
            "không giống số điện thoại di động hoặc cố định của Việt Nam",
            "it does not look like a mobile or landline number of Viet Nam",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(number: &str, sex: Option<Sex>, born: Option<i16>, want: usize) {
        let doubts = doubts(number, sex, born);
        assert_eq!(doubts.len(), want, "{doubts:?}");
        assert!(
            doubts.iter().all(|doubt| !doubt.vi.contains(number) && !doubt.en.contains(number))
        );
    }

    #[test]
    fn numbers_that_agree_with_their_bearer() {
        check("020085123456", Some(Sex::Male), Some(1985), 0);
        check("020301123456", Some(Sex::Female), Some(2001), 0);
        check("020301123456", None, None, 0);
    }
    #[test]
    fn numbers_that_do_not() {
        check("020085123456", Some(Sex::Female), Some(1985), 1);
        check("020085123456", Some(Sex::Female), Some(1986), 2);
        check("000085123456", None, None, 1);
        check("123456789", Some(Sex::Male), None, 1);
        check("02008512345", None, None, 1);
        check("02008512345x", None, None, 1);
    }
    #[test]
    fn phones() {
        for phone in ["0351234567", "0987.654.321", "+84987654321", "(0205) 3812345"] {
            assert_eq!(phone_doubt(phone), None, "{phone}");
        }
        for phone in ["", "113", "0412345678", "09876543210", "+1 202 555 0100", "số chín"] {
            assert!(phone_doubt(phone).is_some(), "{phone}");
        }
    }
}
