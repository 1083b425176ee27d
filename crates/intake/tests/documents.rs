//! Documents as they are handed in: what is read of the good ones, and the sentence about each bad one.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::io::{Cursor, Write as _};
use std::path::Path;

use hoptac_intake::reading::document::{SIZE_MAX, open};
use hoptac_intake::reading::read;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/documents");
    std::fs::read(folder.join(name)).unwrap()
}

/// A packed file of these parts.
fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in parts {
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A Word document with this body.
fn word(body: &str) -> Vec<u8> {
    let xml = format!("<w:document xmlns:w='w'><w:body>{body}</w:body></w:document>");
    packed(&[("word/document.xml", xml.as_bytes())])
}

#[track_caller]
fn shows(bytes: &[u8], want: &str) {
    assert_eq!(open(bytes).unwrap().text, want);
}

#[track_caller]
fn refused(bytes: &[u8], want: &str) {
    let refusal = open(bytes).expect_err("this is refused");
    assert!(refusal.en.contains(want), "{}", refusal.en);
    // A sentence says what is wrong and, behind a semicolon, what to do; in both languages.
    assert!(refusal.en.contains("; ") && refusal.vi.contains("; "), "{refusal:?}");
    assert!(refusal.vi.contains("tệp") || refusal.vi.contains("văn bản"), "{}", refusal.vi);
}

#[test]
fn a_document_of_libreoffice() {
    let text = open(&fixture("libreoffice.docx")).unwrap().text;
    let want = "\
KẾ HOẠCH
Phát triển hợp tác xã tỉnh Đèo Gió giai đoạn 2026 - 2030
I. TÌNH HÌNH
Cuối năm 2024, toàn tỉnh có 206 tổ hợp tác và 90 hợp tác xã, trong đó nhiều hợp tác xã làm việc chưa đều, thiếu vốn, thiếu người quản lý và chưa có nơi bán hàng chắc chắn cho thành viên của mình.
II. MỤC TIÊU
1. Đến năm 2028
Toàn tỉnh có ít nhất 250 tổ hợp tác; 100% hợp tác xã có người biết làm sổ sách trên máy tính, được tập huấn hằng năm và được hỗ trợ khi nộp báo cáo.
2. Đến năm 2030
- Có khoảng 300 tổ hợp tác với 1.500 thành viên.
Hợp tác xã loại tốt, mục tiêu năm 2030: trên 60%.
Liên hiệp hợp tác xã, mục tiêu năm 2030: 4 liên hiệp.
";
    assert!(text.starts_with(want), "{text}");
    // The note stands at the end, its mark not in the sentence; header, footer and page numbers are nowhere.
    assert!(text.ends_with("\n\nCHÚ THÍCH\nSố liệu này lấy từ báo cáo của 11 xã."), "{text}");
    assert!(!text.contains("Bản in thử"), "{text}");
}
#[test]
fn a_document_of_python_docx() {
    shows(
        &fixture("python-docx.docx"),
        "\
ỦY BAN NHÂN DÂN
TỈNH ĐÈO GIÓ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
KẾ HOẠCH
Phát triển hợp tác xã giai đoạn 2026 - 2030
1. Mục tiêu
1. Đến năm 2030
- Có 300 hợp tác xã.
2. Đến năm 2028
- Có 250 hợp tác xã.
Hằng năm thành lập mới 5 tổ hợp tác.
Có 40 liên hiệp mô hình.
Huyện A, mục tiêu năm 2026: 05 HTX.
Huyện A, mục tiêu năm 2028: 07 HTX.
Huyện A, mục tiêu năm 2030: 09 HTX.
Huyện B, mục tiêu năm 2026: 10 HTX.
Huyện B, mục tiêu năm 2028: 12 HTX.
Huyện B, mục tiêu năm 2030: 14 HTX.",
    );
}
#[test]
fn numbers_of_headings_set_horizons() {
    let text = open(&fixture("python-docx.docx")).unwrap().text;
    let reading = read(&text);
    let of = |quote: &str| {
        reading.targets.iter().find(|t| t.quote.contains(quote)).and_then(|t| t.horizon)
    };
    assert_eq!(of("300"), Some(hoptac_intake::reading::Horizon::Year(2030)));
    assert_eq!(of("250"), Some(hoptac_intake::reading::Horizon::Year(2028)));
}
#[test]
fn letters_apart_from_their_marks_are_composed() {
    shows(&word("<w:p><w:r><w:t>to\u{302}\u{309} 5</w:t></w:r></w:p>"), "tổ 5");
}
#[test]
fn a_box_is_read_once_and_behind_its_paragraph() {
    let content = "<w:txbxContent><w:p><w:r><w:t>hộp</w:t></w:r></w:p></w:txbxContent>";
    let body = format!(
        "<w:p><w:r><w:t>trước </w:t><mc:AlternateContent xmlns:mc='m'><mc:Choice>{content}</mc:Choice>\
         <mc:Fallback>{content}</mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>sau</w:t></w:r></w:p>"
    );
    shows(&word(&body), "trước sau\nhộp");
}
#[test]
fn a_table_of_contents_and_field_codes_are_left_out() {
    let styles = "<w:styles xmlns:w='w'><w:style w:type='paragraph' w:styleId='TOC1'><w:name w:val='toc 1'/></w:style></w:styles>";
    let document = "<w:document xmlns:w='w'><w:body><w:p><w:pPr><w:pStyle w:val='TOC1'/></w:pPr><w:r><w:t>I. Mục tiêu 5</w:t></w:r></w:p>\
         <w:p><w:r><w:instrText>PAGE 9</w:instrText></w:r><w:r><w:t>Mục tiêu</w:t></w:r></w:p></w:body></w:document>";
    let rels =
        "<Relationships><Relationship Type='http://x/styles' Target='styles.xml'/></Relationships>";
    let bytes = packed(&[
        ("word/document.xml", document.as_bytes()),
        ("word/styles.xml", styles.as_bytes()),
        ("word/_rels/document.xml.rels", rels.as_bytes()),
    ]);
    shows(&bytes, "Mục tiêu");
}

/// A PDF of these objects, the first of which is the catalogue.
fn pdf(objects: &[&str]) -> Vec<u8> {
    let numbered =
        (1..).zip(objects).map(|(number, object)| format!("{number} 0 obj\n{object}\nendobj\n"));
    let mut file = "%PDF-1.7\n".to_owned();
    file.extend(numbered);
    file.push_str("trailer\n<</Root 1 0 R>>\n");
    file.into_bytes()
}

const CATALOGUE: &str = "<</Type/Catalog/Pages 2 0 R>>";
const ONE_PAGE: &str = "<</Type/Pages/Kids[3 0 R]/Count 1>>";
const PAGE: &str =
    "<</Type/Page/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/XObject<</X 4 0 R/P 6 0 R>>>>>>";
const FONT: &str = "<</Type/Font/Subtype/TrueType/BaseFont/ABCDEF+.VnTime>>";

/// A PDF with one page that draws this.
fn drawn(content: &str) -> Vec<u8> {
    let content = format!("<</Length {}>>stream\n{content}\nendstream", content.len());
    pdf(&[CATALOGUE, ONE_PAGE, PAGE, &content, FONT, "<</Subtype/Image>>"])
}

#[test]
fn a_pdf_of_libreoffice() {
    let opened = open(&fixture("libreoffice.pdf")).unwrap();
    let want = "\
KẾ HOẠCH
Phát triển hợp tác xã tỉnh Đèo Gió giai đoạn 2026 - 2030
I. TÌNH HÌNH
Cuối năm 2024, toàn tỉnh có 206 tổ hợp tác và 90 hợp tác xã, trong đó nhiều hợp tác xã làm việc chưa đều, thiếu vốn, thiếu người quản lý và chưa có nơi bán hàng chắc chắn cho thành viên của mình.
II. MỤC TIÊU
1. Đến năm 2028
Toàn tỉnh có ít nhất 250 tổ hợp tác; 100% hợp tác xã có người biết làm sổ sách trên máy tính, được tập huấn hằng năm và được hỗ trợ khi nộp báo cáo.
2. Đến năm 2030
- Có khoảng 300 tổ hợp tác với 1.500 thành viên.
";
    assert!(opened.text.starts_with(want), "{}", opened.text);
    assert!(opened.text.ends_with("\n\nCHÚ THÍCH\n1 Số liệu này lấy từ báo cáo của 11 xã."));
    assert!(!opened.text.contains("Bản in thử"));
    assert_eq!(opened.taken_from, Some("PDF"));
}
#[test]
fn letters_of_a_pdf_in_an_old_font() {
    let content = "BT /F1 14 Tf 60 700 Td (C\\343 12 t\\346 h\\356p t\\270c) Tj 0 -20 Td (Th\\265nh l\\313p 5) Tj ET";
    shows(&drawn(content), "Có 12 tổ hợp tác\nThành lập 5");
}
#[test]
fn a_pdf_that_is_a_scan() {
    refused(&drawn("q 500 0 0 700 0 0 cm /P Do Q"), "is a scan");
}
#[test]
fn pages_of_a_pdf_that_are_pictures_are_named() {
    let text =
        "BT /F1 14 Tf 60 700 Td (C\\343 12 t\\346 h\\356p t\\270c trong x\\267 n\\265y) Tj ET";
    let stream = |content: &str| format!("<<>>stream\n{content}\nendstream");
    let second = "<</Type/Page/Contents 8 0 R/Resources<</XObject<</P 6 0 R>>>>>>";
    let bytes = pdf(&[
        CATALOGUE,
        "<</Kids[3 0 R 7 0 R]>>",
        PAGE,
        &stream(text),
        FONT,
        "<</Subtype/Image>>",
        second,
        &stream("/P Do"),
    ]);
    assert_eq!(open(&bytes).map(|opened| opened.pictures), Ok(vec![2]));
}
#[test]
fn a_pdf_with_a_password() {
    let file = String::from_utf8(drawn("BT ET"))
        .unwrap()
        .replace("<</Root 1 0 R>>", "<</Root 1 0 R/Encrypt 9 0 R>>");
    refused(file.as_bytes(), "has a password");
}
#[test]
fn a_pdf_cut_off() {
    let whole = fixture("libreoffice.pdf");
    refused(&whole[..whole.len() / 40], "damaged or cut off");
    refused(b"%PDF-1.7\n", "damaged or cut off");
}
#[test]
fn a_page_tree_that_bites_its_tail() {
    refused(&pdf(&[CATALOGUE, "<</Type/Pages/Kids[2 0 R 2 0 R 1 0 R]>>"]), "damaged or cut off");
    // A page among its own ancestors is read once.
    let content = "<<>>stream\nBT /F1 14 Tf 60 700 Td (T\\346 5) Tj ET\nendstream";
    shows(&pdf(&[CATALOGUE, "<</Kids[2 0 R 3 0 R 3 0 R]>>", PAGE, content, FONT]), "Tổ 5");
}
#[test]
fn a_form_that_draws_itself() {
    let form =
        "<</Subtype/Form>>stream\n/X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do\nendstream";
    refused(&pdf(&[CATALOGUE, ONE_PAGE, PAGE, form, FONT]), "; ");
}
#[test]
fn a_pdf_of_a_million_objects() {
    let mut file = "%PDF-1.7\n".to_owned();
    file.extend((1..=1_000_002).map(|number| format!("{number} 0 obj 1\n")));
    refused(file.as_bytes(), "more than 1,000,000 objects");
}
#[test]
fn a_pdf_that_nests_too_deep() {
    refused(&pdf(&[&"[".repeat(1_000_000)]), "damaged or cut off");
    refused(&pdf(&[CATALOGUE, &"<</Kids[".repeat(300_000)]), "damaged or cut off");
}
#[test]
fn a_pdf_that_unpacks_without_end() {
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![b' '; 65 * 1024 * 1024]).unwrap();
    let packed = encoder.finish().unwrap();
    let head = format!("4 0 obj<</Filter/FlateDecode/Length {}>>stream\n", packed.len());
    let rest = pdf(&[CATALOGUE, ONE_PAGE, PAGE]);
    let bytes = [&rest[..], head.as_bytes(), &packed, b"\nendstream endobj\n"].concat();
    refused(&bytes, "unpacks to more than 64 MB");
}
#[test]
fn letters_that_do_not_say_which_they_are() {
    let font = "<</Type/Font/Subtype/Type0/BaseFont/A>>";
    let content = "<<>>stream\nBT /F1 14 Tf 60 700 Td <00010002000300040005> Tj ET\nendstream";
    refused(&pdf(&[CATALOGUE, ONE_PAGE, PAGE, content, font]), "no ToUnicode map");
}

#[test]
fn an_empty_file() {
    refused(b"", "the file is empty");
    refused(b" \n ", "the file has no text");
    refused(&word("<w:p/>"), "the file has no text");
}
#[test]
fn a_file_of_half_a_gigabyte() {
    // Never more than the limit and one byte is read of it.
    refused(&vec![b'a'; SIZE_MAX + 1], "more than 50 MB");
}
#[test]
fn too_much_text() {
    refused("tổ hợp tác ".repeat(400_000).as_bytes(), "more than 5 MB of text");
    let body = format!("<w:p><w:r><w:t>{}</w:t></w:r></w:p>", "x".repeat(6_000_000));
    refused(&word(&body), "more than 5 MB of text");
}
#[test]
fn a_packed_file_that_unpacks_without_end() {
    let zeros = vec![b' '; 65 * 1024 * 1024];
    refused(&packed(&[("word/document.xml", &zeros)]), "unpacks to more than 64 MB");
}
#[test]
fn a_document_of_too_many_elements() {
    refused(&word(&"<w:p/>".repeat(2_000_001)), "more than 5 MB of text");
}
#[test]
fn a_document_that_nests_too_deep() {
    let table = |inner: &str| format!("<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>");
    let deep = (0..3_000).fold("<w:p/>".to_owned(), |inner, _| table(&inner));
    refused(&word(&deep), "too deep");
}
#[test]
fn entities_that_multiply() {
    let xml = "<!DOCTYPE a [<!ENTITY b 'bbbbbbbb'><!ENTITY c '&b;&b;&b;&b;'>]><a>&c;</a>";
    refused(&packed(&[("word/document.xml", xml.as_bytes())]), "not well formed");
}
#[test]
fn a_picture_with_the_name_of_a_document() {
    refused(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is a picture");
    refused(b"\xFF\xD8\xFF\xE0\0\x10JFIF", "is a picture");
}
#[test]
fn a_document_cut_off() {
    let whole = fixture("python-docx.docx");
    refused(&whole[..whole.len() / 2], "cut off or damaged");
    refused(b"PK\x03\x04", "cut off or damaged");
}
#[test]
fn every_cut_and_every_flipped_byte_is_answered() {
    for name in ["libreoffice.docx", "libreoffice.pdf"] {
        let whole = fixture(name);
        for at in (0..whole.len()).step_by(197) {
            let _ = open(&whole[..at]);
            let mut flipped = whole.clone();
            flipped[at] ^= 0x55;
            let _ = open(&flipped);
        }
    }
}
#[test]
fn a_document_with_a_password() {
    // Word puts a document with a password into an envelope of before 2007, whose directory is UTF-16.
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let envelope = [b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(), &[0; 64], &name].concat();
    refused(&envelope, "has a password");
    // A packed file can lock its parts itself: bit 0 of the flags, in both of their places.
    let mut locked = packed(&[("word/document.xml", b"<a/>")]);
    let central = locked.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    locked[6] |= 1;
    locked[central + 8] |= 1;
    refused(&locked, "has a password");
}
#[test]
fn an_old_word_document() {
    refused(
        &[b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(), &[0; 64]].concat(),
        "before 2007 (.doc)",
    );
    refused(b"{\\rtf1 abc}", "rich-text");
}
#[test]
fn other_packed_files() {
    refused(&packed(&[("xl/workbook.xml", b"<a/>")]), "Excel workbook");
    refused(&packed(&[("ppt/presentation.xml", b"<a/>")]), "PowerPoint");
    refused(&packed(&[("content.xml", b"<a/>")]), "OpenDocument");
    refused(&packed(&[("a.txt", b"a")]), "packed folder");
    refused(&packed(&[]), "packed folder");
}
#[test]
fn a_plan_in_another_language() {
    let english = "By 2030 the province will have at least 850 cooperative groups with 4,250 members, and more than 50% of \
                   the cooperatives will be graded good by the committee in charge of the plan.";
    refused(english.as_bytes(), "is in English");
    let french = "Le plan de la province prévoit pour cette année la création de cinquante coopératives, dont vingt dans \
                  le secteur agricole, avec une aide aux membres les plus pauvres.";
    refused(french.as_bytes(), "not Vietnamese");
    let bare = "Den nam 2030, tinh co it nhat 850 to hop tac voi 4.250 thanh vien; tren 50% hop tac xa dat loai tot, cac \
                hop tac xa cua tinh deu co nguoi lam ke toan.";
    refused(bare.as_bytes(), "without its marks");
}
#[test]
fn a_vietnamese_plan_with_english_words_is_read() {
    let text = "Đến năm 2030, 60% hợp tác xã bán hàng trên the marketplace of the province, có plan, by smart farm in \
                the field và livestream.";
    assert!(open(text.as_bytes()).is_ok());
}
#[test]
fn three_formats_give_the_same_reading() {
    let reading = |name: &str| {
        let reading = read(&open(&fixture(name)).unwrap().text);
        let targets: Vec<String> = reading
            .targets
            .iter()
            .map(|t| {
                let number = (t.value, t.min, t.max);
                format!("{} | {:?} {number:?} {} {:?}", t.quote, t.comparator, t.unit, t.horizon)
            })
            .collect();
        let others: Vec<String> =
            reading.others.iter().map(|o| format!("{} | {}", o.quote, o.reason)).collect();
        (targets, others)
    };
    let text = reading("three-ways.txt");
    assert_eq!(text.0.len(), 9, "{text:#?}");
    assert_eq!(reading("three-ways.docx"), text);
    assert_eq!(reading("three-ways.pdf"), text);
}
