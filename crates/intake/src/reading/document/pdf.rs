//! A PDF as text: letters with their places become lines, lines become paragraphs. Headers, footers, page numbers and
//! marks of footnotes are left out, footnotes stand at the end. Pictures are not read.

mod file;
mod font;
mod layout;
mod object;
mod page;

use super::refusal::Refusal;
use file::File;
use page::Reader;

/// What a PDF says, and what of it could not be read.
pub(super) struct Read {
    pub(super) text: String,
    /// Pages that are pictures without text.
    pub(super) pictures: Vec<usize>,
}

/// Reads the text.
pub(super) fn text(bytes: &[u8]) -> Result<Read, Refusal> {
    let mut file = File::open(bytes)?;
    let pages = file.pages()?;
    let mut reader = Reader::default();
    let mut letters = Vec::with_capacity(pages.len());
    let mut pictures = Vec::new();
    let mut known = 0;
    for (index, page) in pages.iter().enumerate() {
        let pieces = reader.read(&mut file, page)?;
        let on_page: usize = pieces.iter().map(|piece| piece.text.trim().len()).sum();
        // A scanned page may still carry the number that a stamp put onto it.
        if on_page < 20 && reader.has_picture {
            pictures.push(index + 1);
        }
        known += on_page;
        letters.push(pieces);
    }
    if pictures.len() == pages.len() || known == 0 && reader.unknown == 0 && !pictures.is_empty() {
        return Err(super::refusal::scan());
    }
    if reader.unknown > known {
        return Err(super::refusal::nameless_letters());
    }
    Ok(Read { text: layout::paragraphs(letters).join("\n"), pictures })
}
