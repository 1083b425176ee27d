//! Bytes into text: UTF-8 with or without a byte order mark. What is not UTF-8 is not guessed but refused, with the name
//! of the encoding that it looks like and the way to save it again.

use hoptac_model::text::Words;
use hoptac_model::words;

/// Text that was read from bytes.
#[derive(Debug)]
pub(crate) struct Decoded<'b> {
    /// The text, without a byte order mark.
    pub(crate) text: &'b str,
    /// Whether a byte order mark stood before it.
    pub(crate) bom: bool,
}

/// Why bytes are not text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The line of the first byte that does not fit, from 1.
    pub(crate) line: u32,
    /// Which byte of the line it is, from 1.
    pub(crate) byte: u32,
    /// What is wrong.
    pub(crate) message: Words,
    /// How to save the file again.
    pub(crate) remedy: Words,
}

/// Reads bytes as UTF-8.
pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded<'_>, Fault> {
    if let [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] = bytes {
        return Err(Fault {
            line: 1,
            byte: 1,
            message: words!(
                "tệp dùng mã UTF-16 (các chương trình cũ gọi là \"Unicode\"), không phải UTF-8",
                "the file is UTF-16 (\"Unicode\" in older programs), not UTF-8"
            ),
            remedy: save_again(),
        });
    }
    let (rest, bom) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (rest, true),
        None => (bytes, false),
    };
    let bad = match std::str::from_utf8(rest) {
        Ok(text) => match rest.iter().position(|byte| is_binary(*byte)) {
            None => return Ok(Decoded { text, bom }),
            Some(at) => at,
        },
        Err(error) => error.valid_up_to(),
    };
    let before = rest.get(..bad).unwrap_or_default();
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let line = count(before.split(|byte| *byte == b'\n').count());
    let byte = count(bad - line_start + 1);
    let value = rest.get(bad).copied().unwrap_or_default();
    let (looks, remedy) = match Guess::of(rest) {
        Guess::Binary => (
            words!("đây không phải tệp văn bản", "this is not a text file"),
            words!("nộp tệp văn bản lưu ở dạng UTF-8", "hand in a text file, saved as UTF-8"),
        ),
        Guess::Tcvn3 => (
            words!(
                "có vẻ là TCVN3 (ABC, các phông chữ .VnTime)",
                "it looks like TCVN3 (ABC, the fonts named .VnTime)"
            ),
            words!(
                "chuyển từ TCVN3 (ABC) sang Unicode, ví dụ bằng UniKey Toolkit, rồi lưu ở dạng UTF-8",
                "convert it from TCVN3 (ABC) to Unicode, for example with the UniKey toolkit, and save it as UTF-8"
            ),
        ),
        Guess::Windows1258 => {
            (words!("có vẻ là Windows-1258", "it looks like Windows-1258"), save_again())
        }
    };
    let value = format!("0x{value:02X}");
    Err(Fault {
        line,
        byte,
        message: words!(
            "tệp không phải UTF-8: {looks}; byte đầu tiên không hợp lệ là {value}, byte thứ {byte} của dòng {line}",
            "the file is not UTF-8: {looks}; the first byte that does not fit is {value}, byte {byte} of line {line}",
            looks,
            value,
            byte,
            line
        ),
        remedy,
    })
}

/// How most programs save as UTF-8.
fn save_again() -> Words {
    words!(
        "mở tệp bằng chương trình đã soạn rồi lưu lại ở dạng UTF-8 (Notepad: Save As, Encoding: UTF-8; Excel: CSV UTF-8)",
        "open it in its editor and save it again as UTF-8 (Notepad: Save As, Encoding: UTF-8; Excel: CSV UTF-8)"
    )
}

/// Bytes that no text file holds.
fn is_binary(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\n' | b'\r' | b'\t' | 0x0C) || byte == 0x7F
}

/// What bytes that are not UTF-8 most likely are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guess {
    Binary,
    Tcvn3,
    Windows1258,
}

impl Guess {
    /// The letters ă â ê ô ơ ư đ are in nearly every Vietnamese sentence, and the two encodings have them in different
    /// places: TCVN3 at A8 to AE, Windows-1258 at E2, E3, EA, F0, F4, F5 and FD.
    fn of(bytes: &[u8]) -> Self {
        if bytes.iter().any(|byte| is_binary(*byte)) {
            return Self::Binary;
        }
        let tcvn3 = bytes.iter().filter(|byte| (0xA8..=0xAE).contains(*byte)).count();
        let windows = bytes
            .iter()
            .filter(|byte| matches!(**byte, 0xE2 | 0xE3 | 0xEA | 0xF0 | 0xF4 | 0xF5 | 0xFD))
            .count();
        if tcvn3 > windows { Self::Tcvn3 } else { Self::Windows1258 }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], want: &str) {
        let fault = decode(bytes).expect_err("these bytes are not text");
        assert!(fault.message.en.contains(want), "{}", fault.message.en);
    }

    #[test]
    fn plain_text() {
        assert_eq!(decode("Tổ hợp tác".as_bytes()).ok().map(|d| d.text), Some("Tổ hợp tác"));
    }
    #[test]
    fn a_byte_order_mark_is_taken_off() {
        let decoded = decode(b"\xEF\xBB\xBFa").unwrap();
        assert_eq!((decoded.text, decoded.bom), ("a", true));
    }
    #[test]
    fn windows_1258() {
        // Tổ hợp tác: the tone marks stand behind their letters.
        check(b"name\nT\xF4\xD2 h\xF5\xF2p ta\xECc", "looks like Windows-1258");
        check(b"name\nT\xF4\xD2 h\xF5\xF2p ta\xECc", "byte 2 of line 2");
    }
    #[test]
    fn tcvn3() {
        // Tổ hợp tác, đường: one byte for each letter with its tone.
        check(b"T\xE6 h\xEE p t\xB8c \xAE\xAD\xEAng, \xA8n", "looks like TCVN3");
    }
    #[test]
    fn utf_16() {
        check(b"\xFF\xFEa\0", "UTF-16");
    }
    #[test]
    fn a_picture() {
        check(b"\x89PNG\r\n\x1a\n\0\0", "not a text file");
        check(b"abc\0def", "not a text file");
    }
}
