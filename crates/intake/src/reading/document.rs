//! A document as handed in, into the text that is read: Word and PDF, text of before Unicode, kinds that are refused.
//!
//! Whatever is handed in, opening it takes bounded time and memory: a file of at most [`SIZE_MAX`] bytes, of which at
//! most 64 MB are unpacked and at most [`TEXT_MAX`] bytes of text are read.

mod legacy_font;
mod numbering;
mod pdf;
pub mod refusal;
mod style;
mod table;
mod word;

use hoptac_model::text::{fold, nfc};

use self::refusal::Refusal;
use super::legacy;
use crate::encoding;

/// What a document may weigh. A plan of two hundred pages has one megabyte of text; its pictures weigh more.
pub const SIZE_MAX: usize = 50 * 1024 * 1024;

/// What the text of a document may weigh: some two thousand pages.
pub const TEXT_MAX: usize = 5 * 1024 * 1024;

/// The text of a document, and what was done to it.
#[derive(Debug, PartialEq, Eq)]
pub struct Opened {
    /// The text.
    pub text: String,
    /// The encoding that it was converted from.
    pub converted_from: Option<&'static str>,
    /// What the document is, where its text had to be taken out of it: `Word` or `PDF`.
    pub taken_from: Option<&'static str>,
    /// Pages that are pictures without text, and therefore not read.
    pub pictures: Vec<usize>,
}

/// Opens a document. What cannot be read is refused with a sentence that says what is wrong and what to do.
pub fn open(bytes: &[u8]) -> Result<Opened, Refusal> {
    if bytes.len() > SIZE_MAX {
        return Err(refusal::too_large());
    }
    let mut pictures = Vec::new();
    let taken = if let [b'P', b'K', 3 | 5, ..] = bytes {
        Some((word::text(bytes)?, "Word"))
    } else if is_pdf(bytes) {
        let read = pdf::text(bytes)?;
        pictures = read.pictures;
        Some((read.text, "PDF"))
    } else {
        refuse_other_kinds(bytes)?;
        None
    };
    let opened = match taken {
        Some((text, from)) => {
            let (text, converted_from) = match legacy::of_letters(&text) {
                Some((text, encoding)) => (text, Some(encoding)),
                None => (text, None),
            };
            Opened { text: nfc(&text), converted_from, taken_from: Some(from), pictures }
        }
        None => plain(bytes)?,
    };
    if opened.text.len() > TEXT_MAX {
        return Err(refusal::too_much_text());
    }
    if opened.text.trim().is_empty() {
        return Err(refusal::no_text());
    }
    refuse_other_languages(&opened.text)?;
    Ok(opened)
}

/// Whether a file is a PDF. Some begin with a few bytes of something else.
fn is_pdf(bytes: &[u8]) -> bool {
    bytes
        .get(..bytes.len().min(1024))
        .unwrap_or_default()
        .windows(5)
        .any(|window| window == b"%PDF-")
}

/// Plain text in UTF-8 or an encoding of before it.
fn plain(bytes: &[u8]) -> Result<Opened, Refusal> {
    let opened = |text: String, converted_from| Opened {
        text,
        converted_from,
        taken_from: None,
        pictures: Vec::new(),
    };
    match encoding::decode(bytes) {
        Ok(decoded) => Ok(match legacy::of_letters(decoded.text) {
            Some((text, encoding)) => opened(text, Some(encoding)),
            None => opened(decoded.text.to_owned(), None),
        }),
        Err(fault) => match (legacy::tcvn3(bytes), legacy::vni_bytes(bytes)) {
            (Some(text), _) => Ok(opened(text, Some("TCVN3 (ABC)"))),
            (None, Some(text)) => Ok(opened(text, Some("VNI"))),
            (None, None) => Err(refusal::encoding(fault.line, fault.byte)),
        },
    }
}

/// Tells kinds of files that are no documents to be read, by how they begin.
fn refuse_other_kinds(bytes: &[u8]) -> Result<(), Refusal> {
    Err(match bytes {
        [] => refusal::empty(),
        [0xD0, 0xCF, 0x11, 0xE0, ..] if holds_utf16(bytes, "EncryptedPackage") => {
            refusal::password()
        }
        [0xD0, 0xCF, 0x11, 0xE0, ..] if holds_utf16(bytes, "Workbook") => refusal::old_excel(),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => refusal::old_word(),
        [b'{', b'\\', b'r', b't', b'f', ..] => refusal::rich_text(),
        [0xFF, 0xD8, 0xFF, ..]
        | [0x89, b'P', b'N', b'G', ..]
        | [b'G', b'I', b'F', b'8', ..]
        | [b'I', b'I', 0x2A, 0, ..]
        | [b'M', b'M', 0, 0x2A, ..]
        | [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..]
        | [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => refusal::picture(),
        [b'R', b'a', b'r', b'!', ..] | [b'7', b'z', 0xBC, 0xAF, ..] | [0x1F, 0x8B, ..] => {
            refusal::packed_folder()
        }
        _ => return Ok(()),
    })
}

/// Whether bytes hold a word in UTF-16, as the directory of an old Office file does.
fn holds_utf16(bytes: &[u8], word: &str) -> bool {
    let wanted: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// A text in another language has numbers too, but the grammar knows only Vietnamese: it would find nothing or nonsense.
fn refuse_other_languages(text: &str) -> Result<(), Refusal> {
    const ENGLISH: [&str; 12] =
        ["the", "of", "and", "to", "in", "for", "by", "with", "will", "at", "least", "plan"];
    const VIETNAMESE: [&str; 14] = [
        "cua", "den", "nam", "va", "hop", "tac", "xa", "tinh", "muc", "tieu", "cac", "ke", "hoach",
        "dat",
    ];
    let mut words = 0_u32;
    let (mut english, mut vietnamese, mut marked) = (0_u32, 0_u32, 0_u32);
    for word in
        text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).take(20_000)
    {
        words += 1;
        let folded = fold(word);
        english += u32::from(ENGLISH.contains(&folded.as_str()) && word.is_ascii());
        vietnamese += u32::from(VIETNAMESE.contains(&folded.as_str()));
        marked += u32::from(
            word.chars()
                .any(|c| ('\u{1EA0}'..='\u{1EF9}').contains(&c) || "ăâđêôơưĂÂĐÊÔƠƯ".contains(c)),
        );
    }
    let has_marks = marked * 12 >= words;
    if words < 20 || has_marks {
        return Ok(());
    }
    if english * 8 >= words && english > vietnamese {
        return Err(refusal::english());
    }
    if vietnamese * 20 >= words {
        return Err(refusal::without_marks());
    }
    Err(refusal::other_language())
}
