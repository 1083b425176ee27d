//! A Word document (.docx) as text: paragraphs with the numbers that Word gives them, tables as sentences, footnotes at
//! the end. Headers, footers, deleted and hidden words, field codes and tables of contents are left out.

use std::io::{Cursor, Read as _};

use roxmltree::{Node, ParsingOptions};
use zip::ZipArchive;
use zip::result::ZipError;

use super::TEXT_MAX;
use super::legacy_font::{Font, Words};
use super::numbering::Numbering;
use super::refusal::{self, Refusal};
use super::style::Styles;
use super::table::{self, Cell};

/// What all parts that are read may have together when unpacked.
const UNPACKED_MAX: u64 = 64 * 1024 * 1024;

/// How many elements and texts one part may have. A document of two hundred pages has about 100,000.
const NODES_MAX: u32 = 2_000_000;

/// How deep tables, boxes and controls may stand within one another.
const DEPTH_MAX: usize = 48;

/// Reads the text.
pub(super) fn text(bytes: &[u8]) -> Result<String, Refusal> {
    let mut package = Package::open(bytes)?;
    let main = package.main_part()?;
    let related = package.related(&main)?;
    let document = package.part(&main)?.ok_or_else(refusal::part_missing)?;
    let mut optional = |kind: &str| match related.iter().find(|(is, _)| is == kind) {
        Some((_, name)) => package.part(name),
        None => Ok(None),
    };
    let (styles, numbering) = (optional("styles")?, optional("numbering")?);
    let notes = [optional("footnotes")?, optional("endnotes")?];
    let mut writer = Writer {
        styles: match styles {
            Some(xml) => Styles::of(&tree(&xml)?),
            None => Styles::default(),
        },
        numbering: match numbering {
            Some(xml) => Numbering::of(&tree(&xml)?),
            None => Numbering::default(),
        },
        size: 0,
    };
    let mut paragraphs = writer.body(tree(&document)?.root_element(), 0)?;
    let mut told = false;
    for xml in notes.into_iter().flatten() {
        let parsed = tree(&xml)?;
        for note in parsed.root_element().children() {
            // Separators are notes too, and have a type.
            let is_note = matches!(name(note), "footnote" | "endnote");
            if !is_note || attribute(note, "type").is_some() {
                continue;
            }
            let lines = writer.body(note, 0)?.join(" ");
            if lines.trim().is_empty() {
                continue;
            }
            if !told {
                paragraphs.extend([String::new(), "CHÚ THÍCH".to_owned()]);
                told = true;
            }
            paragraphs.push(lines);
        }
    }
    Ok(paragraphs.join("\n"))
}

/// The parts of a packed document.
struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// What may still be unpacked.
    left: u64,
}

impl<'b> Package<'b> {
    fn open(bytes: &'b [u8]) -> Result<Self, Refusal> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| refusal::cut_off_word())?;
        Ok(Self { archive, left: UNPACKED_MAX })
    }

    /// The name of the part that holds the text, or what the file is instead of a Word document.
    fn main_part(&mut self) -> Result<String, Refusal> {
        let has = |archive: &ZipArchive<Cursor<&[u8]>>, start: &str| {
            archive.file_names().flatten().any(|name| name.starts_with(start))
        };
        if has(&self.archive, "xl/") {
            return Err(refusal::excel());
        }
        if has(&self.archive, "ppt/") {
            return Err(refusal::powerpoint());
        }
        let main =
            self.rooted("", "_rels/.rels")?.into_iter().find(|(kind, _)| kind == "officeDocument");
        let main = main.map_or_else(|| "word/document.xml".to_owned(), |(_, name)| name);
        if self.archive.index_for_name(&main).is_some() {
            return Ok(main);
        }
        if self.archive.index_for_name("content.xml").is_some() {
            return Err(refusal::open_document());
        }
        Err(refusal::packed_folder())
    }

    /// The parts that belong to a part: kind and name.
    fn related(&mut self, part: &str) -> Result<Vec<(String, String)>, Refusal> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let slash = if folder.is_empty() { "" } else { "/" };
        self.rooted(&format!("{folder}{slash}"), &format!("{folder}{slash}_rels/{file}.rels"))
    }

    fn rooted(&mut self, folder: &str, part: &str) -> Result<Vec<(String, String)>, Refusal> {
        let Some(xml) = self.part(part)? else { return Ok(Vec::new()) };
        let parsed = tree(&xml)?;
        let relations = parsed.root_element().children().filter_map(|relation| {
            let kind = relation.attribute("Type")?.rsplit('/').next()?.to_owned();
            let target = relation.attribute("Target")?;
            let name = match target.strip_prefix('/') {
                Some(absolute) => absolute.to_owned(),
                None => format!("{folder}{target}"),
            };
            Some((kind, name))
        });
        Ok(relations.collect())
    }

    /// A part as text; none where the document does not have it.
    fn part(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        let file = match self.archive.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
                return Err(refusal::password());
            }
            Err(_) => return Err(refusal::part_packed()),
        };
        let mut bytes = Vec::new();
        file.take(self.left + 1).read_to_end(&mut bytes).map_err(|_| refusal::part_packed())?;
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.left =
            self.left.checked_sub(size).ok_or_else(|| refusal::unpacks_word(UNPACKED_MAX))?;
        decode(bytes).map(Some)
    }
}

/// A part's bytes as text. Word writes UTF-8; the format allows UTF-16 too.
fn decode(bytes: Vec<u8>) -> Result<String, Refusal> {
    let units = |swap: fn([u8; 2]) -> u16| -> Vec<u16> {
        bytes.chunks_exact(2).skip(1).filter_map(|pair| Some(swap(pair.try_into().ok()?))).collect()
    };
    let utf16 = match bytes.as_slice() {
        [0xFF, 0xFE, ..] => Some(units(u16::from_le_bytes)),
        [0xFE, 0xFF, ..] => Some(units(u16::from_be_bytes)),
        _ => None,
    };
    let text = match utf16 {
        Some(units) => String::from_utf16(&units).ok(),
        None => String::from_utf8(bytes).ok(),
    };
    text.ok_or_else(refusal::part_no_unicode)
}

/// A part as a tree.
fn tree(xml: &str) -> Result<roxmltree::Document<'_>, Refusal> {
    let options = ParsingOptions { nodes_limit: NODES_MAX, ..ParsingOptions::default() };
    roxmltree::Document::parse_with_options(xml, options).map_err(|error| {
        if matches!(error, roxmltree::Error::NodesLimitReached) {
            refusal::too_much_text()
        } else {
            refusal::part_ill_formed()
        }
    })
}

/// The name of an element without its prefix.
pub(super) fn name<'n>(node: Node<'n, '_>) -> &'n str {
    if node.is_element() { node.tag_name().name() } else { "" }
}

/// An attribute by its name without prefix: documents of both editions of the format are alike in these.
pub(super) fn attribute<'n>(node: Node<'n, '_>, wanted: &str) -> Option<&'n str> {
    node.attributes()
        .find(|attribute| attribute.name() == wanted)
        .map(|attribute| attribute.value())
}

/// The child element of a name.
pub(super) fn child<'n, 'i>(node: Node<'n, 'i>, wanted: &str) -> Option<Node<'n, 'i>> {
    node.children().find(|child| name(*child) == wanted)
}

/// A switch like `w:vanish`: there, and not turned off.
fn is_on(node: Node<'_, '_>, wanted: &str) -> bool {
    child(node, wanted)
        .is_some_and(|switch| !matches!(attribute(switch, "val"), Some("0" | "false" | "off")))
}

/// Turns elements into paragraphs of text.
struct Writer {
    styles: Styles,
    numbering: Numbering,
    /// The bytes written so far.
    size: usize,
}

impl Writer {
    /// The paragraphs below an element.
    fn body(&mut self, node: Node<'_, '_>, depth: usize) -> Result<Vec<String>, Refusal> {
        if depth > DEPTH_MAX {
            return Err(refusal::too_deep());
        }
        let mut paragraphs = Vec::new();
        for child in node.children() {
            match name(child) {
                "p" => self.paragraph(child, depth, &mut paragraphs)?,
                "tbl" => {
                    let lines = table::to_paragraphs(&self.rows(child, depth)?);
                    self.size += lines.iter().map(String::len).sum::<usize>();
                    paragraphs.extend(lines);
                }
                "AlternateContent" => {
                    if let Some(chosen) = chosen(child) {
                        paragraphs.extend(self.body(chosen, depth + 1)?);
                    }
                }
                "body" | "sdt" | "sdtContent" | "ins" | "moveTo" | "customXml" | "smartTag" => {
                    paragraphs.extend(self.body(child, depth + 1)?);
                }
                _ => {}
            }
            if self.size > TEXT_MAX {
                return Err(refusal::too_much_text());
            }
        }
        Ok(paragraphs)
    }

    /// A paragraph, and behind it what stands in its boxes.
    fn paragraph(
        &mut self,
        node: Node<'_, '_>,
        depth: usize,
        paragraphs: &mut Vec<String>,
    ) -> Result<(), Refusal> {
        let properties = child(node, "pPr");
        let style = properties
            .and_then(|properties| child(properties, "pStyle"))
            .and_then(|style| attribute(style, "val"));
        let is_index = self.styles.is_contents(style);
        let mut words = Words::new(self.styles.font(style));
        let mut boxes = Vec::new();
        runs(node, depth, &mut words, &mut boxes)?;
        let written = words.into_text();
        let line = written.trim();
        let label = self.label(properties, style, line.is_empty());
        if !line.is_empty() && !is_index {
            let whole = match label {
                Some(label) => format!("{label} {line}"),
                None => line.to_owned(),
            };
            self.size += whole.len();
            paragraphs.push(whole);
        } else if paragraphs.last().is_some_and(|last| !last.is_empty()) {
            paragraphs.push(String::new());
        }
        for content in boxes {
            paragraphs.extend(self.body(content, depth + 1)?);
        }
        Ok(())
    }

    /// The number or bullet that Word puts before a paragraph.
    fn label(
        &mut self,
        properties: Option<Node<'_, '_>>,
        style: Option<&str>,
        is_empty: bool,
    ) -> Option<String> {
        let own = properties.and_then(|properties| child(properties, "numPr"));
        let value = |node: Option<Node<'_, '_>>, wanted: &str| {
            node.and_then(|node| child(node, wanted))
                .and_then(|node| attribute(node, "val")?.parse().ok())
        };
        let (list, level): (Option<u32>, Option<usize>) =
            (value(own, "numId"), value(own, "ilvl").map(|level: u32| level as usize));
        let of_style = self.styles.list(style);
        let list = list.or(of_style.map(|(list, _)| list))?;
        let level = level
            .or_else(|| self.numbering.level_of(list, style))
            .or(of_style.map(|(_, level)| level));
        // An empty line has a number in some versions of Word and none in others; it never shows one that is read.
        if is_empty { None } else { self.numbering.label(list, level.unwrap_or(0)) }
    }

    /// The cells of a table, each where it stands; a cell over several columns or rows stands in each of them.
    fn rows(&mut self, node: Node<'_, '_>, depth: usize) -> Result<Vec<Vec<Cell>>, Refusal> {
        if depth > DEPTH_MAX {
            return Err(refusal::too_deep());
        }
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for child in node.children() {
            match name(child) {
                "tr" => {
                    let mut row = Vec::new();
                    self.cells(child, depth + 1, rows.last(), &mut row)?;
                    rows.push(row);
                }
                "sdt" | "sdtContent" | "ins" | "customXml" => {
                    rows.extend(self.rows(child, depth + 1)?);
                }
                _ => {}
            }
        }
        Ok(rows)
    }

    fn cells(
        &mut self,
        node: Node<'_, '_>,
        depth: usize,
        above: Option<&Vec<Cell>>,
        row: &mut Vec<Cell>,
    ) -> Result<(), Refusal> {
        if depth > DEPTH_MAX {
            return Err(refusal::too_deep());
        }
        for part in node.children() {
            match name(part) {
                "tc" => {
                    let properties = child(part, "tcPr");
                    let of = |wanted| properties.and_then(|properties| child(properties, wanted));
                    let wide = of("gridSpan")
                        .and_then(|span| attribute(span, "val")?.parse::<usize>().ok())
                        .unwrap_or(1)
                        .clamp(1, table::COLUMNS_MAX);
                    let goes_on = of("vMerge")
                        .is_some_and(|merge| attribute(merge, "val") != Some("restart"));
                    let own = self.body(part, depth + 1)?;
                    let cell = match above.and_then(|row_above| row_above.get(row.len())) {
                        Some(cell) if goes_on => cell.again(),
                        _ => Cell::new(own),
                    };
                    let further = (1..wide).map(|_| cell.again()).collect::<Vec<_>>();
                    row.push(cell);
                    row.extend(further);
                    if row.len() > table::COLUMNS_MAX {
                        row.truncate(table::COLUMNS_MAX);
                    }
                }
                "sdt" | "sdtContent" | "customXml" => self.cells(part, depth + 1, above, row)?,
                _ => {}
            }
        }
        Ok(())
    }
}

/// Of several forms of the same content, the one that is read.
fn chosen<'n, 'i>(node: Node<'n, 'i>) -> Option<Node<'n, 'i>> {
    child(node, "Choice").or_else(|| child(node, "Fallback"))
}

/// The words of the runs below an element; text boxes are kept for behind the paragraph.
fn runs<'n, 'i>(
    node: Node<'n, 'i>,
    depth: usize,
    words: &mut Words,
    boxes: &mut Vec<Node<'n, 'i>>,
) -> Result<(), Refusal> {
    if depth > DEPTH_MAX {
        return Err(refusal::too_deep());
    }
    for part in node.children() {
        match name(part) {
            "r" => run(part, words, boxes),
            "AlternateContent" => {
                if let Some(chosen) = chosen(part) {
                    runs(chosen, depth + 1, words, boxes)?;
                }
            }
            "hyperlink" | "ins" | "moveTo" | "sdt" | "sdtContent" | "smartTag" | "fldSimple"
            | "customXml" | "dir" | "bdo" => runs(part, depth + 1, words, boxes)?,
            _ => {}
        }
    }
    Ok(())
}

fn run<'n, 'i>(node: Node<'n, 'i>, words: &mut Words, boxes: &mut Vec<Node<'n, 'i>>) {
    let properties = child(node, "rPr");
    if properties.is_some_and(|properties| is_on(properties, "vanish")) {
        return;
    }
    let font = properties.and_then(|properties| child(properties, "rFonts")).and_then(Font::of);
    for part in node.children() {
        match name(part) {
            "t" => words.push(font, part.text().unwrap_or_default()),
            "tab" | "ptab" => words.push(None, " "),
            "br" | "cr" => words.push(None, "\n"),
            "noBreakHyphen" => words.push(None, "-"),
            "sym" => words.push(None, symbol(part)),
            "AlternateContent" => {
                let shown = chosen(part).into_iter().flat_map(|chosen| chosen.descendants());
                boxes.extend(shown.filter(|inner| is_outer_box(*inner, part)));
            }
            "pict" | "drawing" | "object" => {
                boxes.extend(part.descendants().filter(|inner| is_outer_box(*inner, part)));
            }
            _ => {}
        }
    }
}

/// Whether an element is the text of a box that stands in no other box below `top`.
fn is_outer_box(node: Node<'_, '_>, top: Node<'_, '_>) -> bool {
    name(node) == "txbxContent"
        && !node
            .ancestors()
            .skip(1)
            .take_while(|above| *above != top)
            .any(|above| matches!(name(above), "txbxContent" | "Fallback"))
}

/// Signs of the font Symbol that stand in plans.
fn symbol(node: Node<'_, '_>) -> &'static str {
    let code =
        attribute(node, "char").and_then(|code| u32::from_str_radix(code, 16).ok()).unwrap_or(0);
    match code & 0xFF {
        0xB3 => "≥",
        0xA3 => "≤",
        0xB1 => "±",
        0xB4 => "×",
        0x2D | 0xB7 => "-",
        _ => " ",
    }
}
