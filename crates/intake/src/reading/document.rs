//! A document as handed in, into the text that is read: kinds that are refused, encodings of before Unicode.

use crate::encoding;

use super::legacy;

/// What a document may weigh. A plan of two hundred pages has one megabyte of text.
const SIZE_MAX: usize = 20 * 1024 * 1024;

/// The text of a document, and what was done to it.
#[derive(Debug, PartialEq, Eq)]
pub struct Opened {
    /// The text.
    pub text: String,
    /// The encoding that it was converted from.
    pub converted_from: Option<&'static str>,
}

/// Opens a document. What cannot be read is refused with a sentence that says what to do.
pub fn open(bytes: &[u8]) -> Result<Opened, String> {
    if bytes.len() > SIZE_MAX {
        return Err(format!(
            "the file has {} MB, more than the {} MB that are read; hand in the text of the plan alone",
            bytes.len().div_ceil(1024 * 1024),
            SIZE_MAX / 1024 / 1024
        ));
    }
    let save = "open it and save it as plain text, encoded as UTF-8";
    match bytes {
        [b'%', b'P', b'D', b'F', ..] => {
            return Err("the file is a PDF, which is not read yet; copy its text into a text file, saved as UTF-8".to_owned());
        }
        [b'P', b'K', 3, 4, ..] => {
            return Err(format!(
                "the file is a Word document or another packed file, which is not read yet; {save}"
            ));
        }
        [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            return Err(format!(
                "the file is an old Word document, or one with a password; {save}"
            ));
        }
        [b'{', b'\\', b'r', b't', b'f', ..] => {
            return Err(format!("the file is a rich-text document; {save}"));
        }
        _ => {}
    }
    let opened = match encoding::decode(bytes) {
        Ok(decoded) => legacy::vni(decoded.text).map_or_else(
            || Opened { text: decoded.text.to_owned(), converted_from: None },
            |text| Opened { text, converted_from: Some("VNI") },
        ),
        Err(fault) => match legacy::tcvn3(bytes) {
            Some(text) => Opened { text, converted_from: Some("TCVN3 (ABC)") },
            None => match legacy::vni_bytes(bytes) {
                Some(text) => Opened { text, converted_from: Some("VNI") },
                None => return Err(format!("{}; {}", fault.message, fault.remedy)),
            },
        },
    };
    if opened.text.trim().is_empty() {
        return Err("the file has no text; hand in the text of the plan".to_owned());
    }
    Ok(opened)
}
