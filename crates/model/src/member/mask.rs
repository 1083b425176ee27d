//! Masks: enough of a name or number to recognise who is meant, too little to learn it.

use jiff::civil::Date;

use super::Identity;

/// An identity with everything masked.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Masked {
    /// `Ng*** V** A*`.
    pub name: String,
    /// `020*******12`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The year of birth alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub born: Option<String>,
    /// The last two digits alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// That there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// Masks an identity.
pub fn identity(identity: &Identity) -> Masked {
    Masked {
        name: name(&identity.name),
        number: identity.number.as_deref().map(number),
        born: identity.born.map(born),
        phone: identity.phone.as_deref().map(phone),
        address: identity.address.as_ref().map(|_| "***".to_owned()),
    }
}

/// A name: two letters of the first word, one of every other. How long a word is shows only up to four letters.
///
/// ```
/// use hoptac_model::member::mask::name;
/// assert_eq!(name("Nguyễn Văn An"), "Ng*** V** A*");
/// assert_eq!(name("Hợp tác xã Na"), "Hợ* t** x* N*");
/// assert_eq!(name("Y"), "*");
/// ```
pub fn name(name: &str) -> String {
    let words = name.split_whitespace().enumerate().map(|(at, word)| {
        let length = word.chars().count();
        let (letters, stars) = if at == 0 { (2, 3) } else { (1, 2) };
        let shown = letters.min(length.saturating_sub(1));
        let beginning: String = word.chars().take(shown).collect();
        beginning + &"*".repeat((length - shown).clamp(1, stars))
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A number: its first three and last two digits.
///
/// ```
/// use hoptac_model::member::mask::number;
/// assert_eq!(number("020185000012"), "020*******12");
/// assert_eq!(number("12345"), "*****");
/// ```
pub fn number(number: &str) -> String {
    let length = number.chars().count();
    if length < 9 {
        return "*".repeat(length);
    }
    let shown = |at: usize| at < 3 || at + 2 >= length;
    number.chars().enumerate().map(|(at, c)| if shown(at) { c } else { '*' }).collect()
}

fn born(day: Date) -> String {
    format!("**/**/{}", day.year())
}

fn phone(phone: &str) -> String {
    let length = phone.chars().count();
    let shown = |at: usize| length > 6 && at + 2 >= length;
    phone.chars().enumerate().map(|(at, c)| if shown(at) { c } else { '*' }).collect()
}
