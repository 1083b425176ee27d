//! Passwords: long enough, not among those that everybody tries first, and kept only as Argon2id hashes.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use hoptac_model::text::{Words, fold};

/// The fewest characters of a password.
pub const SHORTEST: usize = 12;
/// The most. More would only keep the machine busy.
pub const LONGEST: usize = 128;

/// Words of which passwords are made that everybody tries first, one a line. `data/common-words.txt` says where they come
/// from.
const COMMON: &str = include_str!("../data/common-words.txt");

/// What is wrong with a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// Fewer than [`SHORTEST`] characters.
    Short,
    /// More than [`LONGEST`] characters.
    Long,
    /// It holds the account's own name.
    Own,
    /// It is made of words, rows of keys and digits that are tried first.
    Common,
}

impl Weakness {
    /// What a page says.
    pub fn words(self) -> Words {
        match self {
            Self::Short => Words::new(
                format!(
                    "Mật khẩu phải có ít nhất {SHORTEST} ký tự; một câu dài dễ nhớ là tốt nhất"
                ),
                format!(
                    "A password has at least {SHORTEST} characters; a sentence that is easy to remember is best"
                ),
            ),
            Self::Long => Words::new(
                format!("Mật khẩu không được dài quá {LONGEST} ký tự"),
                format!("A password has at most {LONGEST} characters"),
            ),
            Self::Own => Words::new(
                "Mật khẩu không được chứa tên tài khoản",
                "A password does not hold the name of the account",
            ),
            Self::Common => Words::new(
                "Mật khẩu này gồm những từ và dãy phím ai cũng đoán trước; hãy chọn mật khẩu khác",
                "This password is made of words and rows of keys that everybody tries first; choose another",
            ),
        }
    }
}

/// What is wrong with a password for an account; none where it will do.
pub fn weakness(password: &str, account: &str) -> Option<Weakness> {
    let count = password.chars().count();
    if count < SHORTEST {
        return Some(Weakness::Short);
    }
    if count > LONGEST {
        return Some(Weakness::Long);
    }
    if fold(password).replace(' ', "").contains(&fold(account)) {
        return Some(Weakness::Own);
    }
    is_common(password).then_some(Weakness::Common)
}

/// Whether a password is nothing but common words, digits and signs, whatever letters are written as digits or signs; or
/// the same few letters again and again.
fn is_common(password: &str) -> bool {
    let letters: Vec<char> = fold(password).chars().collect();
    let words: Vec<&str> =
        COMMON.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    // How far from the beginning whole words, with digits and signs between them, use the letters up.
    let mut reached = vec![false; letters.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    for at in 0..letters.len() {
        if reached.get(at) != Some(&true) {
            continue;
        }
        let rest = letters.get(at..).unwrap_or_default();
        let sign = usize::from(rest.first().is_some_and(|c| !c.is_alphabetic()));
        let ends = words.iter().filter(|word| begins(rest, word)).map(|word| word.len());
        for length in ends.chain((sign > 0).then_some(sign)) {
            if let Some(after) = reached.get_mut(at + length) {
                *after = true;
            }
        }
    }
    reached.last() == Some(&true) || distinct(password) <= 4
}

/// Whether letters begin with a word, where digits and signs may stand for the letters that they look like.
fn begins(letters: &[char], word: &str) -> bool {
    letters.len() >= word.len()
        && letters.iter().zip(word.chars()).all(|(c, w)| looks_like(*c) == w)
}

/// The letter that a digit or sign stands for.
fn looks_like(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        c => c,
    }
}

fn distinct(password: &str) -> usize {
    let mut letters: Vec<char> = password.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    letters.len()
}

/// The hash of a password, with its salt and parameters. `salt` comes from chance. Takes a while on purpose: never call it
/// where others wait.
pub fn hash(password: &str, salt: [u8; 16]) -> String {
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    hash.expect("Argon2id takes every password and a salt of sixteen bytes").to_string()
}

/// Whether a password is the one that was hashed. Takes as long as [`hash`].
pub fn verify(password: &str, hash: &str) -> bool {
    Argon2::default().verify_password(password.as_bytes(), hash).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(password: &str, want: Option<Weakness>) {
        assert_eq!(weakness(password, "so-nnmt"), want, "{password}");
    }

    #[test]
    fn a_long_sentence_will_do() {
        check("bốn con trâu gặm cỏ bên suối", None);
        check("correct horse battery staple", None);
        check("Qz7!vK2#pW9x", None);
    }
    #[test]
    fn a_short_one_will_not() {
        check("Qz7!vK2#pW9", Some(Weakness::Short));
        // Twelve letters, however many bytes they take.
        check("ộệậựởừểắẵẳằặ", None);
    }
    #[test]
    fn an_endless_one_will_not() {
        check(&"dài ".repeat(33), Some(Weakness::Long));
    }
    #[test]
    fn the_account_s_own_name_will_not() {
        check("xin-chao-SO-NNMT-2026", Some(Weakness::Own));
    }
    #[test]
    fn what_everybody_tries_first_will_not() {
        for common in [
            "matkhau123456",
            "MatKhau@123456",
            "Mật khẩu 2026!",
            "P@ssw0rd123456",
            "123456789012",
            "qwertyuiop123",
            "langson2025langson",
            "HopTacXa@2026",
            "aaaaaaaaaaaaaaa",
            "admin-admin-admin",
            "abcdefghijklmnop",
            "iloveyou1234!",
            "anhyeuem1314520",
        ] {
            check(common, Some(Weakness::Common));
        }
    }
    #[test]
    fn a_hash_knows_its_password_only() {
        let hash = hash("bốn con trâu gặm cỏ", [5; 16]);
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("bốn con trâu gặm cỏ", &hash));
        assert!(!verify("bốn con trâu gặm rơm", &hash));
        assert!(!verify("bốn con trâu gặm cỏ", "no hash"));
    }
    #[test]
    fn the_words_are_folded_and_in_order() {
        let words: Vec<&str> =
            COMMON.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        assert!(words.iter().all(|w| w.len() >= 2 && w.bytes().all(|b| b.is_ascii_lowercase())));
        assert!(words.is_sorted());
    }
}
