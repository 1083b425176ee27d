//! Every writer says what the tree says, in its order.

use std::io::{Cursor, Read as _};

use hoptac_model::ids::{IndicatorId, UnitId};
use hoptac_model::report::{ReportFormat, Source};
use jiff::civil::date;

use crate::document::{
    Align, Block, Cell, Chart, Closing, Column, Document, Heading, Paragraph, Row, Span, Table,
};
use crate::pdf::layout::{Mark, layout};
use crate::write;

/// A document with everything that there is, over several pages.
fn document() -> Document {
    let source = Source {
        indicator: IndicatorId::from("groups"),
        version: 1,
        target: None,
        unit: UnitId::from("20"),
        on: date(2025, 6, 30),
        geography: date(2025, 6, 30),
        position: 7,
    };
    let columns =
        [("TT", Align::Centre, 100), ("Đơn vị", Align::Left, 600), ("Số", Align::Right, 300)];
    let rows = (1..=80).map(|number| Row {
        strong: number == 1,
        cells: vec![
            Cell::words(number.to_string()),
            Cell::words("Xã Đoàn Kết & Thiện Tân <cũ>"),
            Cell {
                text: "1.234".to_owned(),
                value: Some(1234.0),
                decimals: 0,
                source: Some(source.clone()),
            },
        ],
    });
    let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10" width="20" height="10"><rect width="20" height="10" fill="#0d5c46"/></svg>"##;
    let figure = Span::Figure { shown: "372".to_owned(), source: source.clone() };
    let text = |text: &str| Span::Text(text.to_owned());
    Document {
        heading: Heading {
            superior: "ỦY BAN NHÂN DÂN TỈNH LẠNG SƠN".to_owned(),
            issuer: vec!["SỞ TÀI CHÍNH".to_owned()],
            number: "05/BC-STC".to_owned(),
            place_and_date: "Lạng Sơn, ngày 05 tháng 01 năm 2026".to_owned(),
            kind: "BÁO CÁO".to_owned(),
            subject: vec!["Kết quả phát triển kinh tế tập thể".to_owned()],
            notice: "(Dữ liệu mô phỏng)".to_owned(),
        },
        blocks: vec![
            Block::Section { level: 1, text: "I. TÌNH HÌNH".to_owned() },
            Block::Section { level: 2, text: "1. Số lượng".to_owned() },
            Block::Paragraph(Paragraph {
                id: "size".to_owned(),
                item: true,
                spans: vec![
                    text("Tổ hợp tác: toàn tỉnh có "),
                    figure,
                    text(
                        " tổ hợp tác, tăng 3,3\u{a0}% so với cùng kỳ năm trước; đạt một nửa mục tiêu của kế hoạch.",
                    ),
                ],
            }),
            Block::Chart(Chart {
                caption: "Biểu đồ".to_owned(),
                description: "Một hình".to_owned(),
                svg: svg.to_owned(),
                width_mm: 100,
            }),
            Block::PageBreak,
            Block::Section { level: 1, text: "PHỤ LỤC 1".to_owned() },
            Block::Table(Table {
                id: "units".to_owned(),
                caption: "Bảng 1".to_owned(),
                columns: columns
                    .into_iter()
                    .map(|(head, align, width)| Column { head: head.to_owned(), align, width })
                    .collect(),
                rows: std::iter::once(Row { strong: true, cells: vec![Cell::words("Nhóm")] })
                    .chain(rows)
                    .collect(),
                note: "Ghi chú".to_owned(),
            }),
        ],
        closing: Closing {
            recipients: vec!["- Như trên;".to_owned()],
            capacity: vec!["KT. GIÁM ĐỐC".to_owned(), "PHÓ GIÁM ĐỐC".to_owned()],
            signer: "Nguyễn Văn Mẫu".to_owned(),
        },
    }
}

/// A text without its white space, which each writer breaks in its own way.
fn solid(text: &str) -> String {
    text.split_whitespace().collect()
}

fn part(docx: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    let mut text = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn the_docx_says_what_the_tree_says() {
    let docx = write(&document(), ReportFormat::Docx).unwrap();
    let xml = part(&docx, "word/document.xml");
    let read = roxmltree::Document::parse(&xml).unwrap();
    let letters = read.descendants().filter(|node| node.tag_name().name() == "t");
    let said: String = letters.filter_map(|node| node.text()).collect();
    assert_eq!(solid(&said), solid(&document().lines().concat()));
}
#[test]
fn the_pdf_says_what_the_tree_says() {
    let layout = layout(&document());
    assert!(layout.pages.len() > 2, "the table goes over pages");
    let marks = layout.pages.iter().flatten();
    // What is only for the eye, page numbers and repeated heads, is not read.
    let read = marks.filter(|placed| placed.leaf.is_some());
    let said: String = read
        .filter_map(|placed| match &placed.mark {
            Mark::Letters { text, .. } => Some(text.as_str()),
            Mark::Stroke { .. } | Mark::Picture { .. } => None,
        })
        .collect();
    assert_eq!(solid(&said), solid(&document().lines().concat()));
}
/// The document with so many sentences before its signature.
fn with_sentences(count: usize) -> Document {
    let mut document = document();
    document.blocks = (1..=count)
        .map(|number| {
            let text = format!("Câu thứ {number} về kinh tế tập thể. ").repeat(4) + "hết câu.";
            let spans = vec![Span::Text(text)];
            Block::Paragraph(Paragraph { id: format!("{number}"), item: false, spans })
        })
        .collect();
    document
}
#[test]
fn a_signature_is_not_alone_on_its_page() {
    for count in 1..60 {
        let layout = layout(&with_sentences(count));
        let holds = |page: &[crate::pdf::layout::Placed], words: &str| {
            page.iter().any(|placed| match &placed.mark {
                Mark::Letters { text, .. } => text.contains(words),
                Mark::Stroke { .. } | Mark::Picture { .. } => false,
            })
        };
        let signed = layout.pages.iter().find(|page| holds(page, "Nguyễn Văn Mẫu")).unwrap();
        assert!(holds(signed, "hết câu."), "{count} sentences");
    }
    let docx = write(&with_sentences(3), ReportFormat::Docx).unwrap();
    let xml = part(&docx, "word/document.xml");
    let last = xml.split("<w:p>").find(|paragraph| paragraph.contains("Câu thứ 3")).unwrap();
    assert!(last.starts_with("<w:pPr><w:keepNext/><w:keepLines/></w:pPr>"), "{last}");
    assert_eq!(xml.matches("<w:keepLines/>").count(), 1);
}
#[test]
fn nothing_stands_outside_the_margins() {
    for placed in layout(&document()).pages.iter().flatten() {
        let (x, y) = match placed.mark {
            Mark::Letters { x, y, .. } | Mark::Picture { x, y, .. } => (x, y),
            Mark::Stroke { to, .. } => to,
        };
        assert!((85.0..553.0).contains(&x) && (40.0..786.0).contains(&y), "{placed:?}");
    }
}
#[test]
fn the_same_document_gives_the_same_bytes() {
    for format in ReportFormat::ALL {
        let (once, again) = (write(&document(), format), write(&document(), format));
        assert_eq!(once.unwrap(), again.unwrap(), "{format:?}");
    }
}
#[test]
fn headings_are_styles_and_heads_of_tables_repeat() {
    let docx = write(&document(), ReportFormat::Docx).unwrap();
    let xml = part(&docx, "word/document.xml");
    assert!(xml.contains(r#"<w:pStyle w:val="Heading1"/>"#), "a section");
    assert!(xml.contains(r#"<w:pStyle w:val="Heading2"/>"#), "a section below");
    assert!(xml.contains("<w:tblHeader/>"), "the head of the table");
    assert!(xml.contains(r#"descr="Một hình""#), "the words of the picture");
    assert!(xml.contains("<w:titlePg/>"), "no number on the first page");
    assert!(part(&docx, "word/styles.xml").contains(r#"<w:outlineLvl w:val="0"/>"#));
}
#[test]
fn the_pdf_is_tagged_and_holds_its_fonts_and_bookmarks() {
    let pdf = write(&document(), ReportFormat::Pdf).unwrap();
    let text = String::from_utf8_lossy(&pdf);
    for wanted in ["/StructTreeRoot", "/Outlines", "/FontFile", "/MarkInfo", "pdfuaid"] {
        assert!(text.contains(wanted), "{wanted}");
    }
}
