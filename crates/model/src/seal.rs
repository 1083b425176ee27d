//! Sealing: personal data under a key, so that whoever destroys the key has erased them wherever they were written.
//!
//! The cipher is XChaCha20-Poly1305, the pseudonym HMAC-SHA-256. Keys and nonces are arguments; nothing here draws a random
//! number. A [`Key`] is wiped when it is dropped and never printed, and no error says anything of what was sealed.
//!
//! ```
//! use hoptac_model::seal::{Key, Sealed};
//! let key = Key::new([7; 32]);
//! let sealed = Sealed::new(&key, [1; 24], "roll/1", "Mẫu Văn An".as_bytes());
//! assert_eq!(sealed.open(&key, "roll/1").unwrap(), "Mẫu Văn An".as_bytes());
//! assert!(sealed.open(&Key::new([8; 32]), "roll/1").is_err());
//! assert!(sealed.open(&key, "roll/2").is_err());
//! ```

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroize as _;

/// What a sealed text begins with: the form in which it was sealed.
const FORM: &str = "x1.";
/// A nonce and the cipher's tag: what a sealed text of nothing holds.
const LEAST: usize = 24 + 16;

/// A nonce. Drawn by chance, so long that none comes twice.
pub type Nonce = [u8; 24];

/// A secret of 32 bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// A key of these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes, for keeping them under another key.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A key for one purpose, from which this one cannot be told.
    #[must_use]
    pub fn derived(&self, purpose: &str) -> Self {
        Self(self.code(purpose.as_bytes()))
    }

    /// This key sealed under another one, for a place that only it fits.
    pub fn wrapped(&self, under: &Self, nonce: Nonce, place: &str) -> Sealed {
        Sealed::new(under, nonce, place, &self.0)
    }

    /// The key that was wrapped.
    pub fn unwrapped(sealed: &Sealed, under: &Self, place: &str) -> Result<Self, SealError> {
        let mut bytes = sealed.open(under, place)?;
        let key = <[u8; 32]>::try_from(bytes.as_slice()).map(Self).map_err(|_| SealError::Broken);
        bytes.zeroize();
        key
    }

    /// The pseudonym of something written: the same for the same text under the same key, and nothing that could be turned
    /// back. Whoever has the key can try texts, so that it is kept like one.
    pub fn pseudonym(&self, text: &str) -> Pseudonym {
        let code = self.code(text.as_bytes());
        let [half, _] = code.as_chunks::<16>().0 else { return Pseudonym("0".repeat(32)) };
        Pseudonym(format!("{:032x}", u128::from_be_bytes(*half)))
    }

    fn code(&self, text: &[u8]) -> [u8; 32] {
        let mut code = Hmac::<Sha256>::new_from_slice(&self.0).expect("a code takes every key");
        code.update(text);
        code.finalize().into_bytes().into()
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// A text that only a key opens, as it is written in a filing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sealed(String);

impl Sealed {
    /// Seals bytes for a place: elsewhere they do not open, so that a sealed text cannot be moved to another member.
    pub fn new(key: &Key, nonce: Nonce, place: &str, plain: &[u8]) -> Self {
        let cipher = XChaCha20Poly1305::new(&key.0.into());
        let payload = Payload { msg: plain, aad: place.as_bytes() };
        // The cipher only refuses what no memory holds.
        let closed = cipher.encrypt(&XNonce::from(nonce), payload).expect("the text is short");
        let whole = [nonce.as_slice(), &closed].concat();
        Self(format!("{FORM}{}", URL_SAFE_NO_PAD.encode(whole)))
    }

    /// The bytes that were sealed.
    pub fn open(&self, key: &Key, place: &str) -> Result<Vec<u8>, SealError> {
        let whole = decode(&self.0).ok_or(SealError::Broken)?;
        let (nonce, closed) = whole.split_first_chunk::<24>().ok_or(SealError::Broken)?;
        let cipher = XChaCha20Poly1305::new(&key.0.into());
        cipher
            .decrypt(&XNonce::from(*nonce), Payload { msg: closed, aad: place.as_bytes() })
            .map_err(|_| SealError::Key)
    }

    /// The text as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let whole = URL_SAFE_NO_PAD.decode(text.strip_prefix(FORM)?).ok()?;
    (whole.len() >= LEAST).then_some(whole)
}

impl TryFrom<String> for Sealed {
    type Error = SealError;

    fn try_from(text: String) -> Result<Self, SealError> {
        if decode(&text).is_some() { Ok(Self(text)) } else { Err(SealError::Broken) }
    }
}

impl From<Sealed> for String {
    fn from(sealed: Sealed) -> Self {
        sealed.0
    }
}

/// Why something sealed does not open. It says nothing of what is inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It is not in the form that is written here.
    #[error("this is no sealed text")]
    Broken,
    /// The key is another one, or the text was changed or moved.
    #[error("the key does not open this sealed text")]
    Key,
}

/// Stands for a personal number or a tax code: the same wherever the same number was written, under a key that is kept apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pseudonym(String);

impl Pseudonym {
    /// The pseudonym as it is written: 32 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Pseudonym {
    type Error = SealError;

    fn try_from(text: String) -> Result<Self, SealError> {
        let digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if text.len() == 32 && text.bytes().all(digit) {
            Ok(Self(text))
        } else {
            Err(SealError::Broken)
        }
    }
}

impl From<Pseudonym> for String {
    fn from(pseudonym: Pseudonym) -> Self {
        pseudonym.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_text_does_not_open() {
        let key = Key::new([1; 32]);
        let sealed = Sealed::new(&key, [2; 24], "a", b"nothing to see");
        let mut text = String::from(sealed);
        let last = if text.pop() == Some('A') { 'E' } else { 'A' };
        text.push(last);
        let changed = Sealed::try_from(text);
        assert!(changed.is_err() || changed.unwrap().open(&key, "a").is_err());
    }
    #[test]
    fn plain_words_are_no_sealed_text() {
        for text in ["", "Mẫu Văn An", "x1.", "x1.TeG6q3U", "x1.Nguyễn"] {
            assert_eq!(Sealed::try_from(text.to_owned()), Err(SealError::Broken), "{text}");
        }
    }
    #[test]
    fn wrapped_keys_come_back_under_their_own_key_only() {
        let (master, key) = (Key::new([1; 32]), Key::new([9; 32]));
        let wrapped = key.wrapped(&master.derived("wrap"), [3; 24], "organisation/1");
        assert_eq!(Key::unwrapped(&wrapped, &master.derived("wrap"), "organisation/1"), Ok(key));
        assert!(Key::unwrapped(&wrapped, &master, "organisation/1").is_err());
        assert!(Key::unwrapped(&wrapped, &master.derived("wrap"), "organisation/2").is_err());
    }
    #[test]
    fn pseudonyms_are_the_same_under_one_key_and_others_under_another() {
        let (one, other) = (Key::new([1; 32]), Key::new([2; 32]));
        assert_eq!(one.pseudonym("person/1"), one.pseudonym("person/1"));
        assert_ne!(one.pseudonym("person/1"), one.pseudonym("person/2"));
        assert_ne!(one.pseudonym("person/1"), other.pseudonym("person/1"));
        let text = String::from(one.pseudonym("person/1"));
        assert_eq!(Pseudonym::try_from(text), Ok(one.pseudonym("person/1")));
        assert!(Pseudonym::try_from("020185000001".to_owned()).is_err());
    }
    #[test]
    fn a_key_is_never_printed() {
        assert_eq!(format!("{:?}", Key::new([65; 32])), "Key(…)");
    }
}
