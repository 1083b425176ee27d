//! A document as .docx (Office Open XML), the format that officials work on.
//!
//! The paper is that of Decree 30/2020/NĐ-CP, Annex I: A4, margins 20, 20, 30 and 15 mm, Times New Roman, the page number
//! in the middle of the upper margin from the second page on. Headings are styles with outline levels, heads of tables
//! repeat on every page, pictures have a text. The same document gives the same bytes.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::document::{
    Align, Block, Cell, Chart, Closing, Document, Heading, MOTTO, NATION, Paragraph, RECIPIENTS,
    Row, Table, number_line,
};
use crate::font::Face;
use crate::picture;

/// The document could not be written.
#[derive(Debug, thiserror::Error)]
#[error("writing the .docx")]
pub struct DocxError(#[from] zip::result::ZipError);

impl From<std::io::Error> for DocxError {
    fn from(error: std::io::Error) -> Self {
        Self(error.into())
    }
}

/// The width between the margins, in twentieths of a point: 165 mm.
const WIDTH: u32 = 9354;
/// The half of the heading that names the issuing body, in thousandths.
const LEFT: u32 = 390;

/// Writes the document.
pub fn write(document: &Document) -> Result<Vec<u8>, DocxError> {
    let mut body = Body::default();
    body.heading(&document.heading);
    let (content, annexes) = document.parts();
    for (number, block) in content.iter().enumerate() {
        body.keeps = number + 1 == content.len() && matches!(block, Block::Paragraph(_));
        body.block(block);
    }
    body.closing(&document.closing);
    for block in annexes {
        body.block(block);
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut pictures = String::new();
    for number in 1..=body.pictures.len() {
        let _ = write!(
            pictures,
            r#"<Relationship Id="image{number}" Type="{OFFICE}/image" Target="media/image{number}.png"/>"#
        );
    }
    let relations = format!(
        r#"{XML}<Relationships xmlns="{RELATIONS}"><Relationship Id="styles" Type="{OFFICE}/styles" Target="styles.xml"/><Relationship Id="settings" Type="{OFFICE}/settings" Target="settings.xml"/><Relationship Id="header" Type="{OFFICE}/header" Target="header1.xml"/>{pictures}</Relationships>"#
    );
    let texts = [
        ("[Content_Types].xml", CONTENT_TYPES.to_owned()),
        ("_rels/.rels", ROOT.to_owned()),
        ("docProps/core.xml", core(document)),
        ("word/document.xml", body.finish()),
        ("word/styles.xml", styles()),
        ("word/settings.xml", SETTINGS.to_owned()),
        ("word/header1.xml", HEADER.to_owned()),
        ("word/_rels/document.xml.rels", relations),
    ];
    for (name, text) in &texts {
        zip.start_file(*name, options)?;
        zip.write_all(text.as_bytes())?;
    }
    for (number, picture) in (1..).zip(&body.pictures) {
        zip.start_file(format!("word/media/image{number}.png"), options)?;
        zip.write_all(picture)?;
    }
    Ok(zip.finish()?.into_inner())
}

const XML: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/><Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>"#;

const ROOT: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="document" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="core" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>"#;

const SETTINGS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:defaultTabStop w:val="720"/><w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="vi-VN"/></w:settings>"#;

/// The page number, in the middle; the first page has none, as the section says.
const HEADER: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:hdr>"#;

fn core(document: &Document) -> String {
    format!(
        r#"{XML}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title><dc:creator>{}</dc:creator><dc:language>vi-VN</dc:language></cp:coreProperties>"#,
        escape(&document.title()),
        escape(&document.heading.issuer.join(" ")),
    )
}

/// A style of paragraphs.
struct Style {
    id: &'static str,
    name: &'static str,
    /// What the paragraph is.
    paragraph: &'static str,
    /// What its letters are.
    letters: &'static str,
}

/// Sizes are in half points, spaces in twentieths of a point.
const STYLES: [Style; 11] = [
    Style {
        id: "Heading1",
        name: "heading 1",
        paragraph: r#"<w:keepNext/><w:spacing w:before="240" w:after="60"/><w:ind w:firstLine="0"/><w:jc w:val="left"/><w:outlineLvl w:val="0"/>"#,
        letters: r"<w:b/>",
    },
    Style {
        id: "Heading2",
        name: "heading 2",
        paragraph: r#"<w:keepNext/><w:spacing w:before="160" w:after="40"/><w:ind w:firstLine="0"/><w:jc w:val="left"/><w:outlineLvl w:val="1"/>"#,
        letters: r"<w:b/>",
    },
    Style {
        id: "Title",
        name: "Title",
        paragraph: r#"<w:keepNext/><w:spacing w:before="0" w:after="0"/><w:ind w:firstLine="0"/><w:jc w:val="center"/>"#,
        letters: r"<w:b/>",
    },
    Style {
        id: "Name",
        name: "Name and motto",
        paragraph: r#"<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/><w:ind w:firstLine="0"/><w:jc w:val="center"/>"#,
        letters: r#"<w:sz w:val="26"/><w:szCs w:val="26"/>"#,
    },
    Style {
        id: "Rule",
        name: "Short rule",
        paragraph: r#"<w:spacing w:before="60" w:after="0" w:line="60" w:lineRule="exact"/><w:ind w:firstLine="0"/><w:jc w:val="center"/>"#,
        letters: r#"<w:sz w:val="2"/><w:szCs w:val="2"/>"#,
    },
    Style {
        id: "Caption",
        name: "caption",
        paragraph: r#"<w:keepNext/><w:spacing w:before="160" w:after="80"/><w:ind w:firstLine="0"/><w:jc w:val="center"/>"#,
        letters: r#"<w:b/><w:sz w:val="26"/><w:szCs w:val="26"/>"#,
    },
    Style {
        id: "Note",
        name: "Note",
        paragraph: r#"<w:spacing w:before="60" w:after="120"/><w:ind w:firstLine="0"/><w:jc w:val="center"/>"#,
        letters: r#"<w:i/><w:sz w:val="24"/><w:szCs w:val="24"/>"#,
    },
    Style {
        id: "TableText",
        name: "Table text",
        paragraph: r#"<w:spacing w:before="30" w:after="30" w:line="240" w:lineRule="auto"/><w:ind w:firstLine="0"/><w:jc w:val="left"/>"#,
        letters: r#"<w:sz w:val="22"/><w:szCs w:val="22"/>"#,
    },
    Style {
        id: "Recipients",
        name: "Recipients",
        paragraph: r#"<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/><w:ind w:firstLine="0"/><w:jc w:val="left"/>"#,
        letters: r#"<w:sz w:val="22"/><w:szCs w:val="22"/>"#,
    },
    Style {
        id: "Signature",
        name: "Signature",
        paragraph: r#"<w:keepNext/><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/><w:ind w:firstLine="0"/><w:jc w:val="center"/>"#,
        letters: r"<w:b/>",
    },
    Style {
        id: "Header",
        name: "header",
        paragraph: r#"<w:spacing w:before="0" w:after="0"/><w:ind w:firstLine="0"/><w:jc w:val="center"/>"#,
        letters: "",
    },
];

fn styles() -> String {
    let mut text = format!(
        r#"{XML}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="Times New Roman" w:cs="Times New Roman"/><w:color w:val="000000"/><w:sz w:val="28"/><w:szCs w:val="28"/><w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr/></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr><w:widowControl/><w:spacing w:before="120" w:after="0" w:line="264" w:lineRule="auto"/><w:ind w:firstLine="680"/><w:jc w:val="both"/></w:pPr></w:style>"#
    );
    for style in &STYLES {
        let _ = write!(
            text,
            r#"<w:style w:type="paragraph" w:styleId="{}"><w:name w:val="{}"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/><w:pPr>{}</w:pPr><w:rPr>{}</w:rPr></w:style>"#,
            style.id, style.name, style.paragraph, style.letters
        );
    }
    text.push_str("</w:styles>");
    text
}

const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// The body as it grows.
#[derive(Debug, Default)]
struct Body {
    text: String,
    pictures: Vec<Vec<u8>>,
    /// Whether the next paragraph starts a page.
    breaks: bool,
    /// Whether the next paragraph stands whole on the page of what follows: a signature is not alone on its page.
    keeps: bool,
}

impl Body {
    fn finish(&self) -> String {
        format!(
            r#"{XML}<w:document xmlns:w="{W}" xmlns:r="{OFFICE}" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>{}<w:sectPr><w:headerReference w:type="default" r:id="header"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="851" w:bottom="1134" w:left="1701" w:header="567" w:footer="567" w:gutter="0"/><w:titlePg/></w:sectPr></w:body></w:document>"#,
            self.text
        )
    }

    /// A paragraph of a style; `properties` come behind the style.
    fn paragraph(&mut self, style: &str, properties: &str, runs: &str) {
        let breaks = if std::mem::take(&mut self.breaks) { "<w:pageBreakBefore/>" } else { "" };
        let keeps =
            if std::mem::take(&mut self.keeps) { "<w:keepNext/><w:keepLines/>" } else { "" };
        let style = if style.is_empty() {
            String::new()
        } else {
            format!(r#"<w:pStyle w:val="{style}"/>"#)
        };
        let _ =
            write!(self.text, "<w:p><w:pPr>{style}{keeps}{breaks}{properties}</w:pPr>{runs}</w:p>");
    }

    /// A line under what stands above, with the given space at both sides.
    fn rule(&mut self, indent: u32) {
        let properties = format!(
            r#"<w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr><w:ind w:left="{indent}" w:right="{indent}" w:firstLine="0"/>"#
        );
        self.paragraph("Rule", &properties, "");
    }

    fn heading(&mut self, heading: &Heading) {
        let (left, right) = (WIDTH * LEFT / 1000, WIDTH - WIDTH * LEFT / 1000);
        self.open_plain_table(&[left, right]);
        self.open_row();
        self.open_cell(left);
        if !heading.superior.is_empty() {
            self.paragraph("Name", "", &run(&heading.superior, Face::Regular, None));
        }
        for line in &heading.issuer {
            self.paragraph("Name", "", &run(line, Face::Bold, None));
        }
        self.rule(left * 35 / 100);
        self.close_cell();
        self.open_cell(right);
        self.paragraph("Name", "", &run(NATION, Face::Bold, Some(25)));
        self.paragraph("Name", "", &run(MOTTO, Face::Bold, Some(28)));
        self.rule(right * 22 / 100);
        self.close_cell();
        self.text.push_str("</w:tr>");
        self.open_row();
        self.open_cell(left);
        self.paragraph("Name", "", &run(&number_line(heading), Face::Regular, None));
        self.close_cell();
        self.open_cell(right);
        self.paragraph("Name", "", &run(&heading.place_and_date, Face::Italic, Some(28)));
        self.close_cell();
        self.text.push_str("</w:tr></w:tbl>");
        self.paragraph(
            "Title",
            r#"<w:spacing w:before="360"/>"#,
            &run(&heading.kind, Face::Regular, None),
        );
        for line in &heading.subject {
            self.paragraph("Title", "", &run(line, Face::Regular, None));
        }
        self.rule(WIDTH * 40 / 100);
        if !heading.notice.is_empty() {
            self.paragraph("Note", "", &run(&heading.notice, Face::Regular, None));
        }
    }

    fn closing(&mut self, closing: &Closing) {
        if closing.recipients.is_empty() && closing.capacity.is_empty() {
            return;
        }
        let (left, right) = (WIDTH * 45 / 100, WIDTH - WIDTH * 45 / 100);
        self.paragraph("Rule", r#"<w:keepNext/><w:spacing w:line="240" w:lineRule="exact"/>"#, "");
        self.open_plain_table(&[left, right]);
        self.text.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
        self.open_cell(left);
        if closing.recipients.is_empty() {
            self.paragraph("Recipients", "", "");
        } else {
            self.paragraph("Recipients", "", &run(RECIPIENTS, Face::BoldItalic, Some(24)));
        }
        for line in &closing.recipients {
            self.paragraph("Recipients", "", &run(line, Face::Regular, None));
        }
        self.close_cell();
        self.open_cell(right);
        for line in &closing.capacity {
            self.paragraph("Signature", "", &run(line, Face::Regular, None));
        }
        // Room for signature and seal.
        self.paragraph(
            "Signature",
            r#"<w:spacing w:before="1500"/>"#,
            &run(&closing.signer, Face::Regular, None),
        );
        self.close_cell();
        self.text.push_str("</w:tr></w:tbl>");
        self.paragraph("Rule", "", "");
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Section { level, text } => {
                let style = if *level <= 1 { "Heading1" } else { "Heading2" };
                self.paragraph(style, "", &run(text, Face::Regular, None));
            }
            Block::Paragraph(paragraph) => self.sentences(paragraph),
            Block::Table(table) => self.table(table),
            Block::Chart(chart) => self.chart(chart),
            Block::PageBreak => self.breaks = true,
        }
    }

    fn sentences(&mut self, paragraph: &Paragraph) {
        self.paragraph("", "", &run(&paragraph.on_paper(), Face::Regular, None));
    }

    fn table(&mut self, table: &Table) {
        if table.caption.is_empty() {
            self.paragraph("Rule", r#"<w:spacing w:line="80" w:lineRule="exact"/>"#, "");
        } else {
            self.paragraph("Caption", "", &run(&table.caption, Face::Regular, None));
        }
        let widths: Vec<u32> =
            table.columns.iter().map(|column| WIDTH * u32::from(column.width) / 1000).collect();
        let grid = grid(&widths);
        let border = |side: &str| {
            format!(r#"<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>"#)
        };
        let borders: String = ["top", "left", "bottom", "right", "insideH", "insideV"]
            .into_iter()
            .map(border)
            .collect();
        let _ = write!(
            self.text,
            r#"<w:tbl><w:tblPr><w:tblW w:w="{WIDTH}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"#
        );
        for (column, width) in table.columns.iter().zip(&widths) {
            self.open_cell(*width);
            self.paragraph(
                "TableText",
                r#"<w:jc w:val="center"/>"#,
                &run(&column.head, Face::Bold, None),
            );
            self.close_cell();
        }
        self.text.push_str("</w:tr>");
        for row in &table.rows {
            self.row(table, row, &widths);
        }
        self.text.push_str("</w:tbl>");
        if table.note.is_empty() {
            self.paragraph("Rule", "", "");
        } else {
            self.paragraph("Note", "", &run(&table.note, Face::Regular, None));
        }
    }

    fn row(&mut self, table: &Table, row: &Row, widths: &[u32]) {
        self.text.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
        let face = if row.strong { Face::Bold } else { Face::Regular };
        if let [cell] = row.cells.as_slice() {
            let (columns, width): (usize, u32) = (widths.len(), widths.iter().sum());
            let _ = write!(
                self.text,
                r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:gridSpan w:val="{columns}"/></w:tcPr>"#
            );
            self.paragraph("TableText", "<w:keepNext/>", &run(&cell.text, face, None));
            self.close_cell();
        } else {
            let empty = Cell::default();
            let cells = row.cells.iter().chain(std::iter::repeat(&empty));
            for ((column, width), cell) in table.columns.iter().zip(widths).zip(cells) {
                self.open_cell(*width);
                let stand = match column.align {
                    Align::Left => "left",
                    Align::Centre => "center",
                    Align::Right => "right",
                };
                let properties = format!(r#"<w:jc w:val="{stand}"/>"#);
                self.paragraph("TableText", &properties, &run(&cell.text, face, None));
                self.close_cell();
            }
        }
        self.text.push_str("</w:tr>");
    }

    fn chart(&mut self, chart: &Chart) {
        let Some(tree) = picture::parse(&chart.svg) else { return };
        let Some(pixels) = picture::png(&tree, chart.width_mm) else { return };
        self.pictures.push(pixels);
        let number = self.pictures.len();
        // English metric units: 36,000 in a millimetre.
        let width = f64::from(chart.width_mm) * 36_000.0;
        let size = tree.size();
        let height = (width * f64::from(size.height()) / f64::from(size.width())).round();
        let drawing = format!(
            r#"<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{number}" name="Hình {number}" descr="{descr}"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="image{number}.png" descr="{descr}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="image{number}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"#,
            descr = escape(&chart.description),
        );
        let centred = r#"<w:keepNext/><w:spacing w:before="160" w:after="0"/><w:ind w:firstLine="0"/><w:jc w:val="center"/>"#;
        self.paragraph("", centred, &drawing);
        if !chart.caption.is_empty() {
            self.paragraph("Note", "", &run(&chart.caption, Face::Regular, None));
        }
    }

    /// A table without lines, which only sets things beside each other.
    fn open_plain_table(&mut self, widths: &[u32]) {
        let grid = grid(widths);
        let _ = write!(
            self.text,
            r#"<w:tbl><w:tblPr><w:tblW w:w="{WIDTH}" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"#
        );
    }

    fn open_row(&mut self) {
        self.text.push_str("<w:tr>");
    }

    fn open_cell(&mut self, width: u32) {
        let _ = write!(self.text, r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>"#);
    }

    fn close_cell(&mut self) {
        self.text.push_str("</w:tc>");
    }
}

/// The columns of a table.
fn grid(widths: &[u32]) -> String {
    widths.iter().fold(String::new(), |mut grid, width| {
        let _ = write!(grid, r#"<w:gridCol w:w="{width}"/>"#);
        grid
    })
}

/// Letters of a face, and of a size where it is not that of the style, in half points.
fn run(text: &str, face: Face, size: Option<u8>) -> String {
    if text.is_empty() {
        return String::new();
    }
    let bold = if face.is_bold() { "<w:b/>" } else { "" };
    let italic = if face.is_italic() { "<w:i/>" } else { "" };
    let size = size.map_or_else(String::new, |size| {
        format!(r#"<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>"#)
    });
    format!(
        r#"<w:r><w:rPr>{bold}{italic}{size}</w:rPr><w:t xml:space="preserve">{}</w:t></w:r>"#,
        escape(text)
    )
}

/// Text as XML writes it. What XML cannot hold is left out.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() && !matches!(c, '\t' | '\n' | '\r') => {}
            c => escaped.push(c),
        }
    }
    escaped
}
