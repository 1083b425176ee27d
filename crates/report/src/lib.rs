//! Pictures and documents drawn from published values. Nothing is computed here: what is drawn was judged before.
//!
//! A report is one definition that gives a [`document::Document`], a tree of sections, sentences, tables and pictures with
//! each figure's source; the writers (`docx`, `pdf`, `xlsx`) and the page write that tree and nothing else.

mod brief;
pub mod calendar;
mod chart;
pub mod compare;
pub mod digest;
pub mod document;
pub mod docx;
pub mod font;
mod grading;
pub mod letterhead;
pub mod open_data;
mod organisation;
pub mod pdf;
pub mod periodic;
mod picture;
pub mod preview;
pub mod svg;
#[cfg(test)]
mod tests;
mod voice;
pub mod xlsx;

use hoptac_model::pack::Pack;
use hoptac_model::report::{Contents, ReportFormat, ReportKind};

use crate::document::Document;
use crate::letterhead::Letterhead;

/// The document could not be written in a format.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// As .docx.
    #[error(transparent)]
    Docx(#[from] docx::DocxError),
    /// As .pdf.
    #[error(transparent)]
    Pdf(#[from] pdf::PdfError),
    /// As .xlsx.
    #[error("writing the .xlsx")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
}

/// Writes a document in a format. The same document gives the same bytes.
pub fn write(document: &Document, format: ReportFormat) -> Result<Vec<u8>, WriteError> {
    Ok(match format {
        ReportFormat::Docx => docx::write(document)?,
        ReportFormat::Pdf => pdf::write(document)?,
        ReportFormat::Xlsx => xlsx::write(document)?,
    })
}

/// Puts the code to verify a document by before its signature, where its kind carries one.
pub fn seal(document: &mut Document, kind: ReportKind, address: &str) {
    if kind == ReportKind::Extract {
        organisation::seal(document, address);
    }
}

/// The tree as JSON, by which an edition's figures are found again. The same document gives the same bytes.
pub fn tree(document: &Document) -> Vec<u8> {
    // A tree holds only strings as keys, and no number that JSON cannot write.
    serde_json::to_vec(document).expect("a document is always JSON")
}

/// Puts the figures of a report into a document.
pub fn compose(contents: &Contents, pack: &Pack, letterhead: &Letterhead) -> Document {
    match contents.kind {
        ReportKind::HalfYear | ReportKind::Yearly => periodic::document(contents, pack, letterhead),
        ReportKind::Brief => brief::document(contents, pack, letterhead),
        ReportKind::Grading => grading::document(contents, pack, letterhead),
        ReportKind::Organisation | ReportKind::Extract => {
            organisation::document(contents, pack, letterhead)
        }
    }
}
