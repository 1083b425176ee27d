//! The instance's key: seals second factors, and makes what nobody else can make: form tokens, hashes of recovery codes.
//!
//! It is derived from the master key, which the binary reads from a file that no database backup holds. Whoever has the database
//! without that file has no second factor.

use std::fmt;
use std::fmt::Write as _;

use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use hmac::{Hmac, Mac as _};
use hoptac_model::filing::Hash;
use sha2::Sha256;

/// The key of an instance.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// The key of these bytes, which came from chance.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The key of the instance that has a master key. The master key cannot be told from it.
    pub fn of_instance(master: &hoptac_model::seal::Key) -> Self {
        Self(*master.derived("instance").bytes())
    }

    /// A code over a text that only the key's owner can make. `purpose` keeps codes of one use from another.
    pub fn code(&self, purpose: &str, text: &str) -> Hash {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of any length is taken");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        Hash(mac.finalize().into_bytes().into())
    }

    /// Whether a code is the one over a text, told in the same time whatever it is.
    pub fn proves(&self, purpose: &str, text: &str, code: &str) -> bool {
        let want = self.code(purpose, text).to_string();
        want.len() == code.len()
            && want.bytes().zip(code.bytes()).fold(0, |seen, (a, b)| seen | (a ^ b)) == 0
    }

    /// Seals a secret for its owner. `nonce` comes from chance and is never used twice.
    pub fn seal(&self, owner: &str, nonce: [u8; 24], secret: &[u8]) -> String {
        let payload = Payload { msg: secret, aad: owner.as_bytes() };
        let sealed = self.cipher().encrypt(&nonce.into(), payload).unwrap_or_default();
        let bytes: Vec<u8> = nonce.into_iter().chain(sealed).collect();
        hex(&bytes)
    }

    /// Opens what was sealed for this owner with this key; none where it was not.
    pub fn open(&self, owner: &str, sealed: &str) -> Option<Vec<u8>> {
        let bytes = unhex(sealed)?;
        let (nonce, sealed) = bytes.split_first_chunk::<24>()?;
        let payload = Payload { msg: sealed, aad: owner.as_bytes() };
        self.cipher().decrypt(&(*nonce).into(), payload).ok()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        // What seals is not what proves.
        let key = self.code("seal", "");
        XChaCha20Poly1305::new(&key.0.into())
    }
}

/// Bytes from chance that only one browser, or the reader of one link, has. The database has their hash.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Token {
    /// The token of these bytes, which came from chance.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads a token as it stands in a cookie or a link.
    pub fn parse(text: &str) -> Option<Self> {
        let hash = Hash::parse(text)?;
        Some(Self(hash.0))
    }

    /// The token as it stands in a cookie or a link.
    pub fn reveal(&self) -> String {
        Hash(self.0).to_string()
    }

    /// What the database knows it by.
    pub fn hash(&self) -> Hash {
        Hash::of(&self.0)
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_for_its_owner_with_its_key_only() {
        let key = Key::new([7; 32]);
        let sealed = key.seal("so-nnmt", [1; 24], b"secret");
        assert_eq!(key.open("so-nnmt", &sealed).as_deref(), Some(&b"secret"[..]));
        assert_eq!(key.open("so-khdt", &sealed), None);
        assert_eq!(Key::new([8; 32]).open("so-nnmt", &sealed), None);
        let mut broken = sealed.clone();
        broken.replace_range(60..62, "00");
        assert!(broken == sealed || key.open("so-nnmt", &broken).is_none());
        for nothing in ["", "zz", "ộ", "abc"] {
            assert_eq!(key.open("so-nnmt", nothing), None, "{nothing}");
        }
    }
    #[test]
    fn a_code_proves_one_text_for_one_purpose() {
        let key = Key::new([7; 32]);
        let code = key.code("form", "a").to_string();
        assert!(key.proves("form", "a", &code));
        for (purpose, text, code) in
            [("form", "b", &*code), ("other", "a", &code), ("form", "a", ""), ("form", "a", "0")]
        {
            assert!(!key.proves(purpose, text, code));
        }
    }
    #[test]
    fn a_token_reads_back_and_never_shows_in_a_log() {
        let token = Token::new([3; 32]);
        assert_eq!(Token::parse(&token.reveal()), Some(token.clone()));
        assert_ne!(token.hash().to_string(), token.reveal());
        assert_eq!(format!("{token:?} {:?}", Key::new([0; 32])), "Token(…) Key(…)");
    }
}
