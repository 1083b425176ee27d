//! Why a document is not read: a sentence in both languages that says what is wrong and, behind a semicolon, what to do.

use hoptac_model::text::Words;
use hoptac_model::words;

use super::{SIZE_MAX, TEXT_MAX};

/// The sentence.
pub type Refusal = Words;

const MEGABYTE: usize = 1024 * 1024;

pub(super) fn too_large() -> Words {
    let size = SIZE_MAX / MEGABYTE;
    words!(
        "tệp lớn hơn {size} MB, là mức tối đa được đọc; hãy nộp riêng phần lời của kế hoạch, không kèm ảnh và phụ lục",
        "the file has more than {size} MB, which is the most that is read; hand in the text of the plan alone, without pictures and annexes",
        size
    )
}

pub(super) fn too_much_text() -> Words {
    let size = TEXT_MAX / MEGABYTE;
    words!(
        "văn bản có hơn {size} MB chữ, nhiều hơn hẳn một kế hoạch; hãy nộp riêng kế hoạch, không kèm phụ lục",
        "the document has more than {size} MB of text, far more than a plan; hand in the plan alone, without annexes",
        size
    )
}

pub(super) fn no_text() -> Words {
    Words::new(
        "tệp không có chữ nào; hãy nộp văn bản của kế hoạch",
        "the file has no text; hand in the text of the plan",
    )
}

pub(super) fn empty() -> Words {
    Words::new(
        "tệp rỗng; có thể chưa được sao chép hoặc tải về đến hết, hãy lấy lại rồi nộp lại",
        "the file is empty; it may not have been copied or downloaded to its end",
    )
}

/// Bytes that are no text in any encoding that is known; the first that does not fit is this one of this line.
pub(super) fn encoding(line: u32, byte: u32) -> Words {
    words!(
        "tệp không phải văn bản UTF-8 và không nhận ra bảng mã cũ nào (TCVN3, VNI): byte thứ {byte} của dòng {line} không hợp lệ; hãy lưu lại dạng UTF-8, hoặc nộp văn bản Word (.docx)",
        "the file is not text in UTF-8, and no older encoding (TCVN3, VNI) was recognised: byte {byte} of line {line} does not fit; save it again as UTF-8, or hand in the Word document (.docx)",
        byte,
        line
    )
}

pub(super) fn picture() -> Words {
    Words::new(
        "tệp là ảnh, dù tên tệp ghi gì; hãy nộp chính văn bản, hoặc phần chữ đã nhận dạng (OCR) và soát lại",
        "the file is a picture, whatever its name says; hand in the document itself, or its text after recognition (OCR) and proof-reading",
    )
}

pub(super) fn password() -> Words {
    Words::new(
        "văn bản có mật khẩu; hãy mở bằng mật khẩu, lưu lại không có mật khẩu rồi nộp bản đó",
        "the document has a password; open it with the password, save it without one, and hand in that copy",
    )
}

pub(super) fn locked_pdf() -> Words {
    Words::new(
        "tệp PDF có mật khẩu hoặc bị khóa sao chép; hãy mở bằng mật khẩu, in hoặc lưu lại không khóa rồi nộp bản đó",
        "the PDF has a password or is locked against copying; open it with the password, print or save it without protection, and hand in that copy",
    )
}

pub(super) fn old_excel() -> Words {
    Words::new(
        "tệp là bảng tính Excel cũ (.xls), không phải văn bản; hãy nộp chính kế hoạch",
        "the file is an old Excel workbook (.xls), not a document; hand in the plan itself",
    )
}

pub(super) fn old_word() -> Words {
    Words::new(
        "tệp là văn bản Word trước năm 2007 (.doc); hãy mở bằng Word và lưu thành .docx",
        "the file is a Word document of before 2007 (.doc); open it in Word and save it as .docx",
    )
}

pub(super) fn rich_text() -> Words {
    Words::new(
        "tệp là văn bản định dạng .rtf; hãy mở bằng Word và lưu thành .docx",
        "the file is a rich-text document (.rtf); open it in Word and save it as .docx",
    )
}

pub(super) fn open_document() -> Words {
    Words::new(
        "tệp là văn bản OpenDocument (.odt); hãy mở ra và lưu thành văn bản Word, .docx",
        "the file is an OpenDocument text (.odt), not a document that is read; open it and save it as a Word document, .docx",
    )
}

pub(super) fn excel() -> Words {
    Words::new(
        "tệp là bảng tính Excel, không phải văn bản; hãy nộp chính kế hoạch, lưu bằng Word thành .docx",
        "the file is an Excel workbook, not a document; hand in the plan itself, saved in Word as .docx",
    )
}

pub(super) fn powerpoint() -> Words {
    Words::new(
        "tệp là bản trình chiếu PowerPoint, không phải văn bản; hãy nộp chính kế hoạch, lưu thành .docx",
        "the file is a PowerPoint presentation, not a document; hand in the plan itself, saved as .docx",
    )
}

pub(super) fn packed_folder() -> Words {
    Words::new(
        "tệp là thư mục nén, không phải văn bản; hãy giải nén và nộp chính kế hoạch, dạng .docx, .pdf hoặc văn bản thuần",
        "the file is a packed folder, not a document; unpack it and hand in the plan itself, as .docx, .pdf or text",
    )
}

pub(super) fn cut_off_word() -> Words {
    Words::new(
        "tệp bắt đầu như văn bản Word nhưng bị cắt cụt hoặc hỏng; hãy sao chép hoặc tải lại, hoặc lưu lại bằng Word",
        "the file begins like a Word document, but is cut off or damaged; copy or download it again, or save it again in Word",
    )
}

/// How a Word document is broken.
pub(super) fn damaged_word(how: &Words) -> Words {
    words!(
        "tệp không còn là văn bản Word nguyên vẹn: {how}; hãy mở bằng Word, lưu lại thành .docx rồi nộp bản đó",
        "the file is no whole Word document: {how}; open it in Word, save it again as .docx, and hand in that copy",
        how
    )
}

pub(super) fn part_missing() -> Words {
    damaged_word(&Words::new("thiếu phần chính", "its main part is missing"))
}

pub(super) fn part_packed() -> Words {
    damaged_word(&Words::new("có phần không giải nén được", "a part of it cannot be unpacked"))
}

pub(super) fn part_no_unicode() -> Words {
    damaged_word(&Words::new("có phần không phải Unicode", "a part of it is not Unicode"))
}

pub(super) fn part_ill_formed() -> Words {
    damaged_word(&Words::new("có phần sai cấu trúc XML", "a part of it is not well formed"))
}

pub(super) fn too_deep() -> Words {
    damaged_word(&Words::new(
        "các bảng và khung lồng nhau quá sâu",
        "its tables and boxes stand too deep within one another",
    ))
}

/// A Word document that unpacks to more than this.
pub(super) fn unpacks_word(bytes: u64) -> Words {
    let size = bytes / 1024 / 1024;
    words!(
        "tệp giải nén ra hơn {size} MB, nhiều hơn hẳn một kế hoạch; hãy nộp chính kế hoạch, lưu lại bằng Word",
        "the file unpacks to more than {size} MB, far more than a plan has; hand in the plan itself, saved again in Word",
        size
    )
}

/// A PDF that unpacks to more than this.
pub(super) fn unpacks_pdf(bytes: usize) -> Words {
    let size = bytes / MEGABYTE;
    words!(
        "tệp PDF giải nén ra hơn {size} MB ngoài phần ảnh, nhiều hơn hẳn một kế hoạch; hãy in lại thành PDF hoặc nộp văn bản Word",
        "the PDF unpacks to more than {size} MB beside its pictures, far more than a plan has; print it anew, or hand in the Word document",
        size
    )
}

pub(super) fn scan() -> Words {
    Words::new(
        "tệp PDF là bản quét: các trang là ảnh, không có lớp chữ; hãy xin bản Word, hoặc nhận dạng chữ (OCR) và soát lại",
        "the PDF is a scan: its pages are pictures without a layer of text; ask for the Word document, or have the text recognised (OCR) and proof-read",
    )
}

pub(super) fn nameless_letters() -> Words {
    Words::new(
        "chữ trong tệp PDF không cho biết là chữ nào (không có bảng ToUnicode); hãy in lại văn bản thành PDF hoặc nộp văn bản Word",
        "the letters of the PDF do not say which letters they are (no ToUnicode map); print the document to PDF anew, or hand in the Word document",
    )
}

pub(super) fn pages_missing() -> Words {
    Words::new(
        "tệp PDF bị hỏng hoặc cắt cụt: thiếu danh mục trang; hãy sao chép hoặc tải lại, hoặc in lại văn bản thành PDF",
        "the PDF is damaged or cut off: the list of its pages is missing; copy or download it again, or print the document to PDF anew",
    )
}

/// More objects than this.
pub(super) fn too_many_objects(most: usize) -> Words {
    words!(
        "tệp PDF có hơn {most} đối tượng, nhiều hơn hẳn một kế hoạch; hãy in lại thành PDF hoặc nộp văn bản Word",
        "the PDF has more than {most} objects, far more than a plan; print it anew, or hand in the Word document",
        most
    )
}

/// More pages than this.
pub(super) fn too_many_pages(most: usize) -> Words {
    words!(
        "tệp PDF có hơn {most} trang; hãy nộp riêng kế hoạch",
        "the PDF has more than {most} pages; hand in the plan alone",
        most
    )
}

pub(super) fn endless_pdf() -> Words {
    Words::new(
        "các phần của tệp PDF gọi lẫn nhau không dứt nên không đọc hết được; hãy in lại thành PDF hoặc nộp văn bản Word",
        "the PDF asks for its parts over and over and would not be read to an end; print it anew, or hand in the Word document",
    )
}

pub(super) fn english() -> Words {
    Words::new(
        "văn bản bằng tiếng Anh, mà chương trình chỉ đọc tiếng Việt; hãy nộp bản gốc tiếng Việt",
        "the text is in English, and the grammar reads Vietnamese only; hand in the Vietnamese original",
    )
}

pub(super) fn without_marks() -> Words {
    Words::new(
        "văn bản tiếng Việt không dấu nên nghĩa của từ không rõ; hãy nộp bản có dấu",
        "the text is Vietnamese without its marks (dấu), which leaves its words unclear; hand in the document with its marks",
    )
}

pub(super) fn other_language() -> Words {
    Words::new(
        "văn bản không phải tiếng Việt, mà chương trình không đọc tiếng khác; hãy nộp bản gốc tiếng Việt",
        "the text is not Vietnamese, and the grammar reads no other language; hand in the Vietnamese original",
    )
}
