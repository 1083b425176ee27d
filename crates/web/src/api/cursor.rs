//! Cursors: where a listing goes on, as a text that only this instance can make, good for one question and one hour.
//!
//! A cursor names the ledger position of its first page, so that all pages show one state: nothing is missed and nothing
//! comes twice, whatever is filed meanwhile.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hoptac_model::text::Words;
use hoptac_model::words;
use hoptac_office::key::Key;
use jiff::{SignedDuration, Timestamp};

/// How long a cursor works.
const LASTS: SignedDuration = SignedDuration::from_hours(1);
/// How many bytes of the code over a cursor it carries.
const PROOF: usize = 16;

/// Where a listing goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The ledger position whose state is listed.
    pub(crate) position: u64,
    /// How many items came before.
    pub(crate) start: u64,
    /// When the listing began, in seconds.
    pub(crate) begun: i64,
}

impl Cursor {
    /// The text of it, for a question.
    pub(crate) fn write(self, key: &Key, question: &str) -> String {
        let mut bytes: Vec<u8> = [self.position, self.start, self.begun.cast_unsigned()]
            .into_iter()
            .flat_map(u64::to_be_bytes)
            .collect();
        let proof = self.proof(key, question);
        bytes.extend(proof.0.into_iter().take(PROOF));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a text that answers this question, at a moment.
    pub(crate) fn read(
        text: &str,
        key: &Key,
        question: &str,
        now: Timestamp,
    ) -> Result<Self, Words> {
        let bytes = URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
        let number = |at: usize| -> Option<u64> {
            Some(u64::from_be_bytes(bytes.get(at * 8..at * 8 + 8)?.try_into().ok()?))
        };
        let found = match (number(0), number(1), number(2)) {
            (Some(position), Some(start), Some(begun)) => {
                Some(Self { position, start, begun: begun.cast_signed() })
            }
            _ => None,
        };
        // The whole text is told apart, not only what it says, and in the same time wherever it differs.
        let is_ours = |cursor: &Self| {
            let want = cursor.write(key, question);
            want.len() == text.len()
                && want.bytes().zip(text.bytes()).fold(0, |seen, (a, b)| seen | (a ^ b)) == 0
        };
        let Some(cursor) = found.filter(is_ours) else {
            return Err(words!(
                "con trỏ này không do máy chủ cấp cho yêu cầu này; hãy bắt đầu lại từ trang đầu, không đổi các tham số khác",
                "this server did not give the cursor for this request; begin again with the first page, and leave the other \
                 parameters as they were"
            ));
        };
        if now.as_second().saturating_sub(cursor.begun) > LASTS.as_secs() {
            return Err(words!(
                "con trỏ đã quá một giờ; hãy bắt đầu lại từ trang đầu",
                "the cursor is older than an hour; begin again with the first page"
            ));
        }
        Ok(cursor)
    }

    fn proof(self, key: &Key, question: &str) -> hoptac_model::filing::Hash {
        let Self { position, start, begun } = self;
        key.code("cursor", &format!("{position}/{start}/{begun}/{question}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_770_000_000, 0);
    const CURSOR: Cursor = Cursor { position: 17, start: 50, begun: 1_769_999_000 };

    fn key() -> Key {
        Key::new([9; 32])
    }

    #[test]
    fn a_cursor_reads_back_for_its_question() {
        let text = CURSOR.write(&key(), "/organisations?limit=50");
        assert_eq!(Cursor::read(&text, &key(), "/organisations?limit=50", NOW), Ok(CURSOR));
    }
    #[test]
    fn another_question_another_key_and_another_text_are_refused() {
        let text = CURSOR.write(&key(), "a");
        assert!(Cursor::read(&text, &key(), "b", NOW).unwrap_err().en.contains("did not give"));
        assert!(Cursor::read(&text, &Key::new([8; 32]), "a", NOW).is_err());
        for broken in ["", "AAAA", "ộ", &text[1..], &format!("{text}A"), &text.replace('A', "B")]
        {
            assert!(Cursor::read(broken, &key(), "a", NOW).is_err(), "{broken}");
        }
    }
    #[test]
    fn a_cursor_ends_after_an_hour() {
        let text = CURSOR.write(&key(), "a");
        let late = Timestamp::from_second(CURSOR.begun + 3601).unwrap();
        assert!(
            Cursor::read(&text, &key(), "a", late).unwrap_err().en.contains("older than an hour")
        );
    }
}
