//! What is drawn on a page, as letters with their places.

use std::collections::HashMap;
use std::rc::Rc;

use super::super::legacy_font::Font as Letters;
use super::super::refusal::Refusal;
use super::file::{File, Page};
use super::font::Font;
use super::object::{Dictionary, Lexer, Object};

/// How many operators all pages may have together. A page full of text has some hundreds.
const OPERATORS_MAX: usize = 8_000_000;

/// How many letters all pages may have together.
const LETTERS_MAX: usize = 6_000_000;

/// How deep forms may stand within one another.
const FORMS_MAX: usize = 6;

/// How many operands are kept for an operator.
const OPERANDS_MAX: usize = 64;

/// Letters that were shown together, where they begin and end.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) x: f64,
    pub(super) end: f64,
    pub(super) y: f64,
    pub(super) size: f64,
    pub(super) text: String,
    pub(super) letters: Letters,
}

/// Reads pages; fonts are read once for all of them.
#[derive(Default)]
pub(super) struct Reader {
    fonts: HashMap<u32, Rc<Font>>,
    operators: usize,
    letters: usize,
    /// Letters whose codes have no meaning.
    pub(super) unknown: usize,
    /// Whether the page has a picture.
    pub(super) has_picture: bool,
}

/// From one plane to another: `[a b c d e f]`.
type Matrix = [f64; 6];

const UNCHANGED: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

fn times(a: Matrix, b: Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

/// What operators change until it is put back.
#[derive(Clone)]
struct State {
    page: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    /// Between letters, and besides at blanks.
    spacing: f64,
    blank_spacing: f64,
    /// How wide letters are drawn.
    scale: f64,
    leading: f64,
    rise: f64,
}

impl Reader {
    /// The letters of a page, in the order in which they are drawn.
    pub(super) fn read(&mut self, file: &mut File<'_>, page: &Page) -> Result<Vec<Piece>, Refusal> {
        let mut content = Vec::new();
        for part in &page.contents {
            if let Some((_, part)) = file.content(part)? {
                content.extend_from_slice(&part);
                content.push(b'\n');
            }
        }
        let mut pieces = Vec::new();
        self.has_picture = false;
        self.draw(file, &content, &page.resources, UNCHANGED, 0, &mut pieces)?;
        Ok(pieces)
    }

    fn draw(
        &mut self,
        file: &mut File<'_>,
        content: &[u8],
        resources: &Dictionary,
        plane: Matrix,
        depth: usize,
        pieces: &mut Vec<Piece>,
    ) -> Result<(), Refusal> {
        let fonts = file.dictionary(resources, "Font")?;
        let mut state = State {
            page: plane,
            font: None,
            size: 0.0,
            spacing: 0.0,
            blank_spacing: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        let mut kept: Vec<State> = Vec::new();
        let (mut text, mut line) = (UNCHANGED, UNCHANGED);
        // Marked parts that are open, and whether each is furniture of the page.
        let mut marked: Vec<bool> = Vec::new();
        let mut operands: Vec<Object> = Vec::new();
        let mut lexer = Lexer::new(content, 0);
        while let Some(object) = lexer.next() {
            let Object::Word(word) = object else {
                if operands.len() < OPERANDS_MAX {
                    operands.push(object);
                }
                continue;
            };
            self.operators += 1;
            if self.operators > OPERATORS_MAX || self.letters > LETTERS_MAX {
                return Err(super::super::refusal::too_much_text());
            }
            let number = |index: usize| operands.get(index).and_then(Object::number).unwrap_or(0.0);
            let matrix = || [number(0), number(1), number(2), number(3), number(4), number(5)];
            match word.as_slice() {
                b"q" if kept.len() < 256 => kept.push(state.clone()),
                b"Q" => {
                    if let Some(before) = kept.pop() {
                        state = before;
                    }
                }
                b"cm" => state.page = times(matrix(), state.page),
                b"BT" => (text, line) = (UNCHANGED, UNCHANGED),
                b"Tf" => {
                    state.size = number(1);
                    let name = operands.first().and_then(Object::name).unwrap_or_default();
                    state.font = match fonts.get(name) {
                        Some(font) => self.font(file, font)?,
                        None => None,
                    };
                }
                b"Tc" => state.spacing = number(0),
                b"Tw" => state.blank_spacing = number(0),
                b"Tz" => state.scale = number(0) / 100.0,
                b"TL" => state.leading = number(0),
                b"Ts" => state.rise = number(0),
                b"Td" | b"TD" => {
                    if word == b"TD" {
                        state.leading = -number(1);
                    }
                    line = times([1.0, 0.0, 0.0, 1.0, number(0), number(1)], line);
                    text = line;
                }
                b"Tm" => {
                    line = matrix();
                    text = line;
                }
                b"T*" => {
                    line = times([1.0, 0.0, 0.0, 1.0, 0.0, -state.leading], line);
                    text = line;
                }
                b"Tj" | b"TJ" | b"'" | b"\"" => {
                    if matches!(word.as_slice(), b"'" | b"\"") {
                        line = times([1.0, 0.0, 0.0, 1.0, 0.0, -state.leading], line);
                        text = line;
                    }
                    if !marked.contains(&true) {
                        for shown in operands.last().map(std::slice::from_ref).unwrap_or_default() {
                            self.show(&state, &mut text, shown, pieces);
                        }
                    }
                }
                b"BMC" | b"BDC" if marked.len() < 256 => {
                    let tag = operands.first().and_then(Object::name);
                    marked.push(tag == Some(b"Artifact"));
                }
                b"EMC" => {
                    marked.pop();
                }
                b"BI" => {
                    self.has_picture = true;
                    skip_picture(content, &mut lexer);
                }
                b"Do" => {
                    let name = operands.first().and_then(Object::name).unwrap_or_default().to_vec();
                    self.form(file, resources, &name, state.page, depth, pieces)?;
                }
                _ => {}
            }
            operands.clear();
        }
        Ok(())
    }

    /// Draws what stands apart from the page: a form has a content of its own.
    fn form(
        &mut self,
        file: &mut File<'_>,
        resources: &Dictionary,
        name: &[u8],
        plane: Matrix,
        depth: usize,
        pieces: &mut Vec<Piece>,
    ) -> Result<(), Refusal> {
        let forms = file.dictionary(resources, "XObject")?;
        let Some(form) = forms.get(name) else { return Ok(()) };
        let Some(Object::Dictionary(entries)) = file.resolve(form)? else { return Ok(()) };
        if entries.get(b"Subtype".as_slice()).and_then(Object::name) != Some(b"Form") {
            self.has_picture = true;
            return Ok(());
        }
        if depth >= FORMS_MAX {
            return Ok(());
        }
        let Some((entries, content)) = file.content(form)? else { return Ok(()) };
        let matrix = match file.entry(&entries, "Matrix")? {
            Some(Object::Array(numbers)) => {
                let at = |index: usize| numbers.get(index).and_then(Object::number).unwrap_or(0.0);
                [at(0), at(1), at(2), at(3), at(4), at(5)]
            }
            _ => UNCHANGED,
        };
        let own = match file.entry(&entries, "Resources")? {
            Some(Object::Dictionary(own)) => own,
            _ => resources.clone(),
        };
        self.draw(file, &content, &own, times(matrix, plane), depth + 1, pieces)
    }

    fn font(&mut self, file: &mut File<'_>, font: &Object) -> Result<Option<Rc<Font>>, Refusal> {
        let number = if let Object::Reference(number) = font { Some(*number) } else { None };
        if let Some(known) = number.and_then(|number| self.fonts.get(&number)) {
            return Ok(Some(Rc::clone(known)));
        }
        let Some(Object::Dictionary(entries)) = file.resolve(font)? else { return Ok(None) };
        let read = Rc::new(Font::read(file, &entries)?);
        // Fonts without a number of their own are rare, and read as often as they are named.
        if let Some(number) = number {
            self.fonts.insert(number, Rc::clone(&read));
        }
        Ok(Some(read))
    }

    /// Shows a text, or a row of texts with moves between them.
    fn show(&mut self, state: &State, text: &mut Matrix, shown: &Object, pieces: &mut Vec<Piece>) {
        let Some(font) = &state.font else { return };
        let single = std::slice::from_ref(shown);
        let mut piece: Option<Piece> = None;
        for item in shown.array().unwrap_or(single) {
            if let Some(back) = item.number() {
                let ahead = -back / 1000.0 * state.size * state.scale;
                *text = times([1.0, 0.0, 0.0, 1.0, ahead, 0.0], *text);
                continue;
            }
            let Some(codes) = item.text() else { continue };
            for (code, letter, width) in font.letters(codes) {
                self.letters += 1;
                let drawn = times(
                    [state.size * state.scale, 0.0, 0.0, state.size, 0.0, state.rise],
                    times(*text, state.page),
                );
                let blank = if font.is_blank(code) { state.blank_spacing } else { 0.0 };
                let ahead = (width / 1000.0 * state.size + state.spacing + blank) * state.scale;
                *text = times([1.0, 0.0, 0.0, 1.0, ahead, 0.0], *text);
                // Stamps and marks across the page are no text of the plan.
                let is_level = drawn[1].abs() < 0.1 * drawn[0].abs() && drawn[0] > 0.0;
                if !is_level || !drawn.iter().all(|number| number.is_finite() && number.abs() < 1e6)
                {
                    continue;
                }
                let Some(letter) = letter else {
                    self.unknown += 1;
                    continue;
                };
                let (x, y, size) = (drawn[4], drawn[5], drawn[3].abs());
                let end = x + width / 1000.0 * drawn[0];
                match &mut piece {
                    Some(open)
                        if x - open.end < 0.15 * size
                            && x - open.end > -0.5 * size
                            && (y - open.y).abs() < 0.1 =>
                    {
                        open.text.push_str(&letter);
                        open.end = end;
                    }
                    _ => {
                        pieces.extend(piece.take());
                        piece =
                            Some(Piece { x, end, y, size, text: letter, letters: font.letters });
                    }
                }
            }
        }
        pieces.extend(piece);
    }
}

/// Goes over a picture that stands in the content itself, from `BI` to `EI`.
fn skip_picture(content: &[u8], lexer: &mut Lexer<'_>) {
    let rest = content.get(lexer.at..).unwrap_or_default();
    let end = rest.windows(4).position(|at| matches!(at, [before, b'E', b'I', behind] if before.is_ascii_whitespace() && behind.is_ascii_whitespace()));
    lexer.at += end.map_or(rest.len(), |end| end + 3);
}
