//! Where everything stands on the pages: lines, rows and pictures get their places before anything is painted.

use crate::document::{
    Align, Block, Cell, Chart, Closing, Document, Heading, MOTTO, NATION, Paragraph, RECIPIENTS,
    Row, Table, number_line,
};
use crate::font::Face;
use crate::picture;

use super::letters;

/// A4 in points, and the margins of Decree 30/2020/NĐ-CP: 20, 15, 20, 30 mm.
pub(crate) const PAGE: (f32, f32) = (595.28, 841.89);
const TOP: f32 = 56.69;
const BOTTOM: f32 = PAGE.1 - 56.69;
const LEFT: f32 = 85.04;
const WIDTH: f32 = PAGE.0 - LEFT - 42.52;
/// How much of a line's height is above its foot.
const ASCENT: f32 = 0.89;
/// The height of a line of one size, as the font wants it.
const LINE: f32 = 1.15;
/// The text of a document.
const SIZE: f32 = 14.0;

/// What is painted.
#[derive(Debug)]
pub(crate) enum Mark {
    /// Letters that begin at a point of the line's foot.
    Letters { x: f32, y: f32, text: String, face: Face, size: f32, wider: f32 },
    /// A line.
    Stroke { from: (f32, f32), to: (f32, f32) },
    /// A picture, by its place among the pictures.
    Picture { x: f32, y: f32, width: f32, height: f32, picture: usize },
}

/// A mark, and which leaf of the structure it belongs to; none for what is only there for the eye.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) mark: Mark,
    pub(crate) leaf: Option<usize>,
}

/// What a part of the document is, for those who have it read aloud.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    Title,
    Heading { level: u8, title: String },
    Paragraph,
    Table,
    Row,
    Head,
    Cell,
    Caption,
    Figure { words: String },
}

/// The structure: parts within parts, leaves at their ends.
#[derive(Debug)]
pub(crate) enum Node {
    Group(Part, Vec<Node>),
    Leaf(usize),
}

/// A heading with the place to which its bookmark leads.
#[derive(Debug)]
pub(crate) struct Bookmark {
    pub(crate) level: u8,
    pub(crate) text: String,
    pub(crate) page: usize,
    pub(crate) y: f32,
}

/// Everything in its place.
#[derive(Default)]
pub(crate) struct Layout {
    pub(crate) pages: Vec<Vec<Placed>>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) leaves: usize,
    pub(crate) bookmarks: Vec<Bookmark>,
    pub(crate) pictures: Vec<resvg::usvg::Tree>,
    /// How far down the page is used.
    y: f32,
}

/// How lines stand.
#[derive(Clone, Copy)]
struct Style {
    face: Face,
    size: f32,
    /// The height of a line as a part of its natural one.
    spacing: f32,
    indent: f32,
    align: Set,
}

/// How a line fills its room.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    Left,
    Centre,
    Right,
    Justified,
}

impl Style {
    const BODY: Self =
        Self { face: Face::Regular, size: SIZE, spacing: 1.1, indent: 34.0, align: Set::Justified };

    const fn new(face: Face, size: f32, align: Set) -> Self {
        Self { face, size, spacing: 1.0, indent: 0.0, align }
    }

    fn height(self) -> f32 {
        self.size * LINE * self.spacing
    }
}

/// The space before a paragraph.
const PARAGRAPH_GAP: f32 = 6.0;
/// The space before signature and recipients.
const CLOSING_GAP: f32 = 14.0;
/// The space for signature and seal.
const SEAL: f32 = 75.0;
const SIGNED: Style = Style::new(Face::Bold, SIZE, Set::Centre);
const TOLD_HEAD: Style = Style::new(Face::BoldItalic, 12.0, Set::Left);
const TOLD: Style = Style::new(Face::Regular, 11.0, Set::Left);

fn count(lines: usize) -> f32 {
    f32::from(u16::try_from(lines).unwrap_or(u16::MAX))
}

/// How high signature and recipients are, which stand beside each other.
fn closing_height(closing: &Closing) -> f32 {
    let signed = count(closing.capacity.len() + 1) * SIGNED.height() + SEAL;
    let told = count(closing.recipients.len() * 2) * TOLD.height() + TOLD_HEAD.height();
    signed.max(told)
}

/// Lays a document out.
pub(crate) fn layout(document: &Document) -> Layout {
    let mut layout = Layout { pages: vec![Vec::new()], y: TOP, ..Layout::default() };
    layout.heading(&document.heading);
    let (content, annexes) = document.parts();
    for (number, block) in content.iter().enumerate() {
        if let (true, Block::Paragraph(last)) = (number + 1 == content.len(), block) {
            layout.keep_with_closing(last, &document.closing);
        }
        layout.block(block);
    }
    layout.closing(&document.closing);
    for block in annexes {
        layout.block(block);
    }
    layout.page_numbers();
    layout
}

impl Layout {
    fn put(&mut self, mark: Mark, leaf: Option<usize>) {
        if let Some(page) = self.pages.last_mut() {
            page.push(Placed { mark, leaf });
        }
    }

    fn leaf(&mut self) -> usize {
        self.leaves += 1;
        self.leaves - 1
    }

    fn new_page(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP;
    }

    /// Begins a page where so much does not fit on this one.
    fn need(&mut self, height: f32) {
        if self.y + height > BOTTOM && self.y > TOP {
            self.new_page();
        }
    }

    /// One line of text in a room that begins at `x`.
    fn line(
        &mut self,
        text: &str,
        style: Style,
        x: f32,
        room: f32,
        last: bool,
        leaf: Option<usize>,
    ) {
        let wide = letters::width(text, style.face, style.size);
        let spaces = u16::try_from(text.matches(' ').count()).unwrap_or(u16::MAX);
        let rest = room - wide;
        let (x, wider) = match style.align {
            Set::Centre => (x + rest / 2.0, 0.0),
            Set::Right => (x + rest, 0.0),
            Set::Justified if !last && spaces > 0 => (x, rest / f32::from(spaces)),
            Set::Left | Set::Justified => (x, 0.0),
        };
        let foot = (style.height() - style.size * LINE) / 2.0 + style.size * (ASCENT + 0.03);
        let y = self.y + foot;
        let text = text.to_owned();
        self.put(Mark::Letters { x, y, text, face: style.face, size: style.size, wider }, leaf);
        self.y += style.height();
    }

    /// Lines of one text, breaking over pages, as one part.
    fn text(&mut self, text: &str, style: Style, x: f32, room: f32, part: Part) {
        if text.is_empty() {
            return;
        }
        let leaf = self.leaf();
        let lines = letters::lines(text, style.face, style.size, room, style.indent);
        let count = lines.len();
        for (number, line) in lines.iter().enumerate() {
            // A first line does not stay alone at a page's foot, nor a last one at its head.
            let kept = if number == 0 && count > 1 || number + 2 == count { 2.0 } else { 1.0 };
            self.need(style.height() * kept);
            let indent = if number == 0 { style.indent } else { 0.0 };
            self.line(line, style, x + indent, room - indent, number + 1 == count, Some(leaf));
        }
        self.nodes.push(Node::Group(part, vec![Node::Leaf(leaf)]));
    }

    /// Lines under each other, each of its own, in a column; the page is the same.
    fn column(&mut self, lines: &[(&str, Style)], x: f32, room: f32) {
        for (text, style) in lines {
            self.text(text, *style, x, room, Part::Paragraph);
        }
    }

    fn rule(&mut self, x: f32, width: f32) {
        self.y += 2.5;
        let y = self.y;
        self.put(Mark::Stroke { from: (x, y), to: (x + width, y) }, None);
    }

    fn heading(&mut self, heading: &Heading) {
        let (left, right) = (WIDTH * 0.39, WIDTH * 0.61);
        let plain = Style::new(Face::Regular, 13.0, Set::Centre);
        let bold = Style::new(Face::Bold, 13.0, Set::Centre);
        let nation = Style::new(Face::Bold, 12.5, Set::Centre);
        let motto = Style::new(Face::Bold, 14.0, Set::Centre);
        let day = Style::new(Face::Italic, 14.0, Set::Centre);
        let top = self.y;
        let mut lines: Vec<(&str, Style)> = Vec::new();
        if !heading.superior.is_empty() {
            lines.push((&heading.superior, plain));
        }
        lines.extend(heading.issuer.iter().map(|line| (line.as_str(), bold)));
        self.column(&lines, LEFT, left);
        self.rule(LEFT + left * 0.35, left * 0.3);
        let low = self.y;
        self.y = top;
        self.column(&[(NATION, nation), (MOTTO, motto)], LEFT + left, right);
        let underlined = letters::width(MOTTO, Face::Bold, 14.0);
        self.rule(LEFT + left + (right - underlined) / 2.0, underlined);
        let row = self.y.max(low) + 8.0;
        self.y = row;
        let number = number_line(heading);
        self.column(&[(&number, plain)], LEFT, left);
        self.y = row - 1.0;
        self.column(&[(&heading.place_and_date, day)], LEFT + left, right);
        self.y += 18.0;
        let title = Style::new(Face::Bold, SIZE, Set::Centre);
        self.text(&heading.kind, title, LEFT, WIDTH, Part::Title);
        for line in &heading.subject {
            self.text(line, title, LEFT + 20.0, WIDTH - 40.0, Part::Paragraph);
        }
        self.rule(LEFT + WIDTH * 0.4, WIDTH * 0.2);
        if !heading.notice.is_empty() {
            self.y += 3.0;
            let style = Style::new(Face::Italic, 12.0, Set::Centre);
            self.text(&heading.notice, style, LEFT, WIDTH, Part::Paragraph);
        }
        self.y += 6.0;
    }

    /// A signature does not stand on a page without a word of what is signed.
    fn keep_with_closing(&mut self, last: &Paragraph, closing: &Closing) {
        let lines =
            letters::lines(&last.on_paper(), Style::BODY.face, SIZE, WIDTH, Style::BODY.indent);
        let both = PARAGRAPH_GAP
            + count(lines.len()) * Style::BODY.height()
            + CLOSING_GAP
            + closing_height(closing);
        if both < BOTTOM - TOP {
            self.need(both);
        }
    }

    fn closing(&mut self, closing: &Closing) {
        if closing.recipients.is_empty() && closing.capacity.is_empty() {
            return;
        }
        let (left, right) = (WIDTH * 0.45, WIDTH * 0.55);
        self.y += CLOSING_GAP;
        self.need(closing_height(closing));
        let top = self.y;
        let mut lines = Vec::new();
        if !closing.recipients.is_empty() {
            lines.push((RECIPIENTS, TOLD_HEAD));
        }
        lines.extend(closing.recipients.iter().map(|line| (line.as_str(), TOLD)));
        self.column(&lines, LEFT, left - 10.0);
        let low = self.y;
        self.y = top;
        let lines: Vec<(&str, Style)> =
            closing.capacity.iter().map(|line| (line.as_str(), SIGNED)).collect();
        self.column(&lines, LEFT + left, right);
        self.y += SEAL;
        self.column(&[(&closing.signer, SIGNED)], LEFT + left, right);
        self.y = self.y.max(low);
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Section { level, text } => self.section(*level, text),
            Block::Paragraph(paragraph) => {
                self.y += PARAGRAPH_GAP;
                self.text(&paragraph.on_paper(), Style::BODY, LEFT, WIDTH, Part::Paragraph);
            }
            Block::Table(table) => self.table(table),
            Block::Chart(chart) => self.chart(chart),
            Block::PageBreak => self.new_page(),
        }
    }

    fn section(&mut self, level: u8, text: &str) {
        let style = Style::new(Face::Bold, SIZE, Set::Left);
        self.y += if level <= 1 { 12.0 } else { 8.0 };
        // A heading does not stand alone at the foot of a page.
        self.need(style.height() * 4.0);
        self.bookmarks.push(Bookmark {
            level,
            text: text.to_owned(),
            page: self.pages.len() - 1,
            y: self.y,
        });
        let part = Part::Heading { level, title: text.to_owned() };
        self.text(text, style, LEFT, WIDTH, part);
        self.y += 2.0;
    }

    fn chart(&mut self, chart: &Chart) {
        let Some(tree) = picture::parse(&chart.svg) else { return };
        let width = f32::from(chart.width_mm) * PAGE.0 / 210.0;
        let height = width * tree.size().height() / tree.size().width();
        let style = Style::new(Face::Italic, 12.0, Set::Centre);
        self.y += 8.0;
        self.need(height + 2.0 * style.height());
        let leaf = self.leaf();
        let picture = self.pictures.len();
        self.pictures.push(tree);
        let (x, y) = (LEFT + (WIDTH - width) / 2.0, self.y);
        self.put(Mark::Picture { x, y, width, height, picture }, Some(leaf));
        let words = chart.description.clone();
        self.nodes.push(Node::Group(Part::Figure { words }, vec![Node::Leaf(leaf)]));
        self.y += height + 3.0;
        self.text(&chart.caption, style, LEFT, WIDTH, Part::Caption);
        self.y += 4.0;
    }

    fn table(&mut self, table: &Table) {
        if !table.caption.is_empty() {
            self.y += 8.0;
            let style = Style::new(Face::Bold, 13.0, Set::Centre);
            self.need(style.height() * 6.0);
            self.text(&table.caption, style, LEFT, WIDTH, Part::Paragraph);
            self.y += 4.0;
        } else if self.y > TOP {
            self.y += 4.0;
        }
        let widths: Vec<f32> =
            table.columns.iter().map(|column| WIDTH * f32::from(column.width) / 1000.0).collect();
        let head = Row {
            strong: true,
            cells: table.columns.iter().map(|column| Cell::words(column.head.clone())).collect(),
        };
        let head = row_lines(table, &head, &widths, Some(Set::Centre));
        let mut rows = Vec::new();
        let first = self.row(&head, &widths, &Part::Head, true);
        rows.push(Node::Group(Part::Row, first));
        for (number, row) in table.rows.iter().enumerate() {
            let lines = row_lines(table, row, &widths, None);
            let span = row.cells.len() == 1;
            // A heading over rows stays with the first of them.
            let next = table.rows.get(number + 1).filter(|_| span);
            let next = next.map_or(0.0, |next| height(&row_lines(table, next, &widths, None)));
            if self.y + height(&lines) + next > BOTTOM {
                self.new_page();
                self.row(&head, &widths, &Part::Head, false);
            }
            let whole = [widths.iter().sum::<f32>()];
            let widths = if span { whole.as_slice() } else { widths.as_slice() };
            let cells = self.row(&lines, widths, &Part::Cell, true);
            rows.push(Node::Group(Part::Row, cells));
        }
        self.nodes.push(Node::Group(Part::Table, rows));
        if table.note.is_empty() {
            self.y += 6.0;
        } else {
            self.y += 3.0;
            let style = Style::new(Face::Italic, 12.0, Set::Centre);
            self.text(&table.note, style, LEFT, WIDTH, Part::Paragraph);
        }
    }

    /// Paints a row. A head that is repeated on another page is for the eye only.
    fn row(&mut self, cells: &[CellLines], widths: &[f32], part: &Part, read: bool) -> Vec<Node> {
        let (top, high) = (self.y, height(cells));
        let mut nodes = Vec::new();
        let mut x = LEFT;
        for (cell, width) in cells.iter().zip(widths) {
            let leaf = read.then(|| self.leaf());
            self.y = top + PAD;
            let count = cell.lines.len();
            for (number, line) in cell.lines.iter().enumerate() {
                let last = number + 1 == count;
                self.line(line, cell.style, x + SIDE, width - 2.0 * SIDE, last, leaf);
            }
            if let Some(leaf) = leaf {
                nodes.push(Node::Group(part.clone(), vec![Node::Leaf(leaf)]));
            }
            x += width;
        }
        let mut edge = LEFT;
        for width in std::iter::once(&0.0).chain(widths) {
            edge += width;
            self.put(Mark::Stroke { from: (edge, top), to: (edge, top + high) }, None);
        }
        for y in [top, top + high] {
            self.put(Mark::Stroke { from: (LEFT, y), to: (edge, y) }, None);
        }
        self.y = top + high;
        nodes
    }

    /// The number of each page but the first, in the middle of the upper margin.
    fn page_numbers(&mut self) {
        for (number, page) in self.pages.iter_mut().enumerate().skip(1) {
            let text = (number + 1).to_string();
            let x = LEFT + (WIDTH - letters::width(&text, Face::Regular, 13.0)) / 2.0;
            let (face, size, wider) = (Face::Regular, 13.0, 0.0);
            page.push(Placed {
                mark: Mark::Letters { x, y: 42.0, text, face, size, wider },
                leaf: None,
            });
        }
    }
}

/// The lines of a cell.
struct CellLines {
    lines: Vec<String>,
    style: Style,
}

/// The space within a cell, above and below, and at the sides.
const PAD: f32 = 2.2;
const SIDE: f32 = 3.5;

fn row_lines(table: &Table, row: &Row, widths: &[f32], set: Option<Set>) -> Vec<CellLines> {
    let face = if row.strong { Face::Bold } else { Face::Regular };
    let whole = [widths.iter().sum::<f32>()];
    let span = row.cells.len() == 1;
    let widths = if span { whole.as_slice() } else { widths };
    let empty = Cell::default();
    let cells = row.cells.iter().chain(std::iter::repeat(&empty));
    widths
        .iter()
        .zip(cells)
        .zip(&table.columns)
        .map(|((width, cell), column)| {
            let align = match column.align {
                _ if span => Set::Left,
                Align::Left => Set::Left,
                Align::Centre => Set::Centre,
                Align::Right => Set::Right,
            };
            let style = Style::new(face, 11.0, set.unwrap_or(align));
            let lines = letters::lines(&cell.text, face, style.size, width - 2.0 * SIDE, 0.0);
            CellLines { lines, style }
        })
        .collect()
}

/// The height of a row.
fn height(cells: &[CellLines]) -> f32 {
    let most = cells.iter().map(|cell| cell.lines.len()).max().unwrap_or(0).max(1);
    let line = cells.first().map_or(11.0 * LINE, |cell| cell.style.height());
    f32::from(u16::try_from(most).unwrap_or(u16::MAX)) * line + 2.0 * PAD
}
