//! A document as a tree: what stands in it, in order, each figure with its source. Every writer writes the same tree, so
//! that .docx, .pdf, .xlsx and the page say the same.

use std::collections::BTreeMap;

use hoptac_model::report::Source;
use serde::{Deserialize, Serialize};

/// A document laid out as Decree 30/2020/NĐ-CP asks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// What stands above the content.
    pub heading: Heading,
    /// The content.
    pub blocks: Vec<Block>,
    /// What stands below it.
    pub closing: Closing,
}

/// The head of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// The body above the issuing one; empty where there is none.
    pub superior: String,
    /// The issuing body, as lines.
    pub issuer: Vec<String>,
    /// As `12/BC-UBND`; `      /BC-UBND` while it has no number.
    pub number: String,
    /// As `Lạng Sơn, ngày 05 tháng 01 năm 2026`.
    pub place_and_date: String,
    /// As `BÁO CÁO`.
    pub kind: String,
    /// What it is about, as lines.
    pub subject: Vec<String>,
    /// A notice under the subject: that the figures are synthetic, or that it is a draft. Empty where there is none.
    pub notice: String,
}

/// The foot of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// Nơi nhận, one line each.
    pub recipients: Vec<String>,
    /// In whose name and as what it is signed, as lines: `TM. ỦY BAN NHÂN DÂN`, `KT. CHỦ TỊCH`, `PHÓ CHỦ TỊCH`.
    pub capacity: Vec<String>,
    /// Who signs; empty while nobody has.
    pub signer: String,
}

/// A part of the content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// The heading of a section; 1 is the highest level.
    Section {
        /// The level.
        level: u8,
        /// What it says.
        text: String,
    },
    /// Sentences.
    Paragraph(Paragraph),
    /// A table.
    Table(Table),
    /// A picture.
    Chart(Chart),
    /// What follows starts a page of its own, as an annex does.
    PageBreak,
}

/// Sentences that people may write anew before the document is issued.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Paragraph {
    /// Its name in the report, by which it is edited.
    pub id: String,
    /// Whether it is an item of a list.
    #[serde(default)]
    pub item: bool,
    /// The text, broken at its figures.
    pub spans: Vec<Span>,
}

/// A stretch of text, or a figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Words.
    Text(String),
    /// A figure as it is shown, with where it comes from.
    Figure {
        /// As `1.234`.
        shown: String,
        /// Where it comes from.
        source: Source,
    },
}

impl Span {
    /// The span as it is read.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Figure { shown: text, .. } => text,
        }
    }
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Its name in the report.
    pub id: String,
    /// What stands over it.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// What stands under it; empty where nothing does.
    pub note: String,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its head.
    pub head: String,
    /// How its cells stand.
    pub align: Align,
    /// Its part of the width, in thousandths.
    pub width: u16,
}

/// How a cell stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// At the left.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// At the right.
    Right,
}

/// A row: plain cells, or a heading over the rows that follow.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Whether it is set in bold: a heading or a sum.
    #[serde(default)]
    pub strong: bool,
    /// Its cells; a single one spans all columns.
    pub cells: Vec<Cell>,
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// As it is shown.
    pub text: String,
    /// The number behind the text, for spreadsheets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// How many decimals the number is shown with.
    #[serde(default)]
    pub decimals: u8,
    /// Where a figure comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

impl Cell {
    /// A cell of words.
    pub fn words(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

/// A picture with its words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    /// What stands under it.
    pub caption: String,
    /// What it shows, for those who do not see it.
    pub description: String,
    /// The picture, complete in itself.
    pub svg: String,
    /// Its width on paper, in millimetres; the height follows.
    pub width_mm: u16,
}

/// Paragraphs that people wrote anew, by their name.
pub type Edits = BTreeMap<String, String>;

/// An edit that could not be made, or that says a number that the records do not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// There is no such paragraph.
    #[error("the report has no sentence `{id}`; its sentences are {}", known.join(", "))]
    Unknown {
        /// What was named.
        id: String,
        /// What there is.
        known: Vec<String>,
    },
}

impl Document {
    /// All paragraphs, in order.
    pub fn paragraphs(&self) -> impl Iterator<Item = &Paragraph> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Paragraph(paragraph) => Some(paragraph),
            Block::Section { .. } | Block::Table(_) | Block::Chart(_) | Block::PageBreak => None,
        })
    }

    /// All tables, in order.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            Block::Section { .. } | Block::Paragraph(_) | Block::Chart(_) | Block::PageBreak => {
                None
            }
        })
    }

    /// Every figure with its source, in order; each as often as it stands there.
    pub fn figures(&self) -> Vec<(&str, &Source)> {
        let mut figures = Vec::new();
        for block in &self.blocks {
            match block {
                Block::Paragraph(paragraph) => {
                    figures.extend(paragraph.spans.iter().filter_map(|span| match span {
                        Span::Figure { shown, source } => Some((shown.as_str(), source)),
                        Span::Text(_) => None,
                    }));
                }
                Block::Table(table) => {
                    let cells = table.rows.iter().flat_map(|row| &row.cells);
                    figures.extend(
                        cells.filter_map(|cell| Some((cell.text.as_str(), cell.source.as_ref()?))),
                    );
                }
                Block::Section { .. } | Block::Chart(_) | Block::PageBreak => {}
            }
        }
        figures
    }

    /// Puts sentences that people wrote in the place of those that were composed. A number that still stands in the text
    /// stays the figure that it was; an empty text takes the paragraph out.
    pub fn edit(&mut self, edits: &Edits) -> Result<(), EditError> {
        for (id, text) in edits {
            let Some(paragraph) = self.blocks.iter_mut().find_map(|block| match block {
                Block::Paragraph(paragraph) if paragraph.id == *id => Some(paragraph),
                Block::Paragraph(_)
                | Block::Section { .. }
                | Block::Table(_)
                | Block::Chart(_)
                | Block::PageBreak => None,
            }) else {
                let known = self.paragraphs().map(|one| one.id.clone()).collect();
                return Err(EditError::Unknown { id: id.clone(), known });
            };
            paragraph.rewrite(text.trim());
        }
        self.blocks.retain(|block| match block {
            Block::Paragraph(paragraph) => !paragraph.spans.is_empty(),
            Block::Section { .. } | Block::Table(_) | Block::Chart(_) | Block::PageBreak => true,
        });
        Ok(())
    }

    /// The content that is signed, and the annexes behind the signature.
    pub fn parts(&self) -> (&[Block], &[Block]) {
        let first = self.blocks.iter().position(|block| matches!(block, Block::PageBreak));
        self.blocks.split_at(first.unwrap_or(self.blocks.len()))
    }

    /// Everything that is read, as lines: what each writer must say, in its order.
    pub fn lines(&self) -> Vec<String> {
        let heading = &self.heading;
        let mut lines = vec![heading.superior.clone()];
        lines.extend(heading.issuer.iter().cloned());
        lines.extend([NATION.to_owned(), MOTTO.to_owned()]);
        lines.extend([number_line(heading), heading.place_and_date.clone(), heading.kind.clone()]);
        lines.extend(heading.subject.iter().cloned());
        lines.push(heading.notice.clone());
        let (body, annexes) = self.parts();
        lines.extend(body.iter().flat_map(lines_of));
        if !self.closing.recipients.is_empty() {
            lines.push(RECIPIENTS.to_owned());
        }
        lines.extend(self.closing.recipients.iter().cloned());
        lines.extend(self.closing.capacity.iter().cloned());
        lines.push(self.closing.signer.clone());
        lines.extend(annexes.iter().flat_map(lines_of));
        lines.retain(|line| !line.is_empty());
        lines
    }

    /// The title for programs that list documents.
    pub fn title(&self) -> String {
        let subject = self.heading.subject.join(" ");
        format!("{} {subject}", self.heading.kind).trim().to_owned()
    }
}

/// Quốc hiệu.
pub const NATION: &str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
/// Tiêu ngữ.
pub const MOTTO: &str = "Độc lập - Tự do - Hạnh phúc";
/// What stands before an item of a list.
pub(crate) const DASH: &str = "- ";
/// What stands over the recipients.
pub const RECIPIENTS: &str = "Nơi nhận:";

/// What is read of one block.
fn lines_of(block: &Block) -> Vec<String> {
    match block {
        Block::Section { text, .. } => vec![text.clone()],
        Block::Paragraph(paragraph) => vec![paragraph.on_paper()],
        Block::Table(table) => {
            let mut lines = vec![table.caption.clone()];
            lines.extend(table.columns.iter().map(|column| column.head.clone()));
            let cells = table.rows.iter().flat_map(|row| &row.cells);
            lines.extend(cells.map(|cell| cell.text.clone()));
            lines.push(table.note.clone());
            lines
        }
        Block::Chart(chart) => vec![chart.caption.clone()],
        Block::PageBreak => Vec::new(),
    }
}

/// The line of the number: `Số: 12/BC-UBND`.
pub(crate) fn number_line(heading: &Heading) -> String {
    if heading.number.is_empty() { String::new() } else { format!("Số: {}", heading.number) }
}

impl Paragraph {
    /// The paragraph as it is read.
    pub fn text(&self) -> String {
        self.spans.iter().map(Span::text).collect()
    }

    /// Its words without its figures.
    pub(crate) fn words(&self) -> String {
        self.spans
            .iter()
            .map(|span| match span {
                Span::Text(text) => text.as_str(),
                Span::Figure { .. } => "\u{fffc}",
            })
            .collect()
    }

    /// The paragraph as it stands on paper: an item has its dash.
    pub(crate) fn on_paper(&self) -> String {
        if self.item { format!("{DASH}{}", self.text()) } else { self.text() }
    }

    /// Takes another text, and finds its figures again in it.
    fn rewrite(&mut self, text: &str) {
        let figures: Vec<Span> =
            self.spans.drain(..).filter(|span| matches!(span, Span::Figure { .. })).collect();
        let mut rest = text;
        for figure in figures {
            let shown = figure.text();
            let Some(at) = find_number(rest, shown) else { continue };
            let (before, from) = rest.split_at(at);
            if !before.is_empty() {
                self.spans.push(Span::Text(before.to_owned()));
            }
            rest = from.get(shown.len()..).unwrap_or("");
            self.spans.push(figure);
        }
        if !rest.is_empty() {
            self.spans.push(Span::Text(rest.to_owned()));
        }
    }
}

/// Where a number stands by itself, not as a part of another.
fn find_number(text: &str, number: &str) -> Option<usize> {
    let part_of_number = |c: char| c.is_ascii_digit();
    text.match_indices(number).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).and_then(|t| t.chars().next_back());
        let mut after = text.get(at + number.len()..).unwrap_or("").chars();
        let (next, second) = (after.next(), after.next());
        // A point or comma behind it goes on with the number only where a digit follows.
        let goes_on = next.is_some_and(part_of_number)
            || next.is_some_and(|c| c == '.' || c == ',') && second.is_some_and(part_of_number);
        !before.is_some_and(|c| part_of_number(c) || c == '.' || c == ',') && !goes_on
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use hoptac_model::ids::{IndicatorId, UnitId};
    use jiff::civil::date;

    fn figure(shown: &str) -> Span {
        let source = Source {
            indicator: IndicatorId::from("groups"),
            version: 1,
            target: None,
            unit: UnitId::from("20"),
            on: date(2025, 6, 30),
            geography: date(2025, 6, 30),
            position: 7,
        };
        Span::Figure { shown: shown.to_owned(), source }
    }

    fn document() -> Document {
        let spans = vec![Span::Text("Có ".to_owned()), figure("12"), Span::Text(" tổ.".to_owned())];
        let paragraph = Paragraph { id: "size".to_owned(), item: false, spans };
        Document { blocks: vec![Block::Paragraph(paragraph)], ..Document::default() }
    }

    #[track_caller]
    fn check(text: &str, want: &[&str]) {
        let mut document = document();
        document.edit(&Edits::from([("size".to_owned(), text.to_owned())])).unwrap();
        let figures: Vec<&str> = document.figures().into_iter().map(|(shown, _)| shown).collect();
        assert_eq!(figures, want);
        assert_eq!(document.paragraphs().next().map(Paragraph::text).unwrap_or_default(), text);
    }

    #[test]
    fn a_number_that_stays_stays_a_figure() {
        check("Toàn tỉnh có 12 tổ hợp tác", &["12"]);
    }
    #[test]
    fn a_number_within_another_is_not_the_figure() {
        check("Toàn tỉnh có 312 tổ, 12.000 người", &[]);
        check("Cộng 12, trong đó 3 mới", &["12"]);
    }
    #[test]
    fn an_empty_text_takes_the_paragraph_out() {
        check("", &[]);
    }
    #[test]
    fn what_is_not_there_cannot_be_edited() {
        let edits = Edits::from([("nope".to_owned(), "x".to_owned())]);
        let error = document().edit(&edits).unwrap_err().to_string();
        assert_eq!(error, "the report has no sentence `nope`; its sentences are size");
    }
}
