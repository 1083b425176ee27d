//! The objects that a PDF is written in, read from bytes one after the other.

use std::collections::BTreeMap;

/// How deep arrays and dictionaries may stand within one another. What is deeper ends the reading of its object.
const DEPTH_MAX: usize = 32;

/// A dictionary.
pub(super) type Dictionary = BTreeMap<Vec<u8>, Object>;

/// An object, or a word of a program such as the content of a page.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Object {
    Number(f64),
    Name(Vec<u8>),
    Text(Vec<u8>),
    Array(Vec<Object>),
    Dictionary(Dictionary),
    /// An object of its own, by its number.
    Reference(u32),
    Word(Vec<u8>),
}

impl Object {
    pub(super) fn number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// A whole number that is not negative.
    pub(super) fn count(&self) -> Option<usize> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "within the bounds asked for"
        )]
        self.number().filter(|number| (0.0..1e9).contains(number)).map(|number| number as usize)
    }

    pub(super) fn name(&self) -> Option<&[u8]> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }

    pub(super) fn text(&self) -> Option<&[u8]> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(super) fn array(&self) -> Option<&[Self]> {
        if let Self::Array(items) = self { Some(items) } else { None }
    }

    pub(super) fn dictionary(&self) -> Option<&Dictionary> {
        if let Self::Dictionary(entries) = self { Some(entries) } else { None }
    }
}

/// Reads objects from bytes.
pub(super) struct Lexer<'b> {
    bytes: &'b [u8],
    /// Where the next object is looked for.
    pub(super) at: usize,
}

impl<'b> Lexer<'b> {
    pub(super) fn new(bytes: &'b [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    pub(super) fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    /// The next object; none at the end, and where objects stand too deep within one another.
    pub(super) fn next(&mut self) -> Option<Object> {
        self.read(0)
    }

    /// Goes over white space and comments.
    pub(super) fn skip_blanks(&mut self) {
        while let Some(byte) = self.peek(0) {
            if byte == b'%' {
                while self.peek(0).is_some_and(|byte| !matches!(byte, b'\n' | b'\r')) {
                    self.at += 1;
                }
            } else if is_blank(byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    fn read(&mut self, depth: usize) -> Option<Object> {
        if depth > DEPTH_MAX {
            return None;
        }
        self.skip_blanks();
        match (self.peek(0)?, self.peek(1)) {
            (b'/', _) => Some(Object::Name(self.name())),
            (b'(', _) => Some(Object::Text(self.literal())),
            (b'<', Some(b'<')) => self.dictionary(depth).map(Object::Dictionary),
            (b'<', _) => Some(Object::Text(self.hexadecimal())),
            (b'[', _) => {
                self.at += 1;
                let mut items = Vec::new();
                loop {
                    self.skip_blanks();
                    match self.peek(0) {
                        None => break,
                        Some(b']') => {
                            self.at += 1;
                            break;
                        }
                        Some(_) => items.push(self.read(depth + 1)?),
                    }
                }
                Some(Object::Array(items))
            }
            (b'0'..=b'9' | b'+' | b'-' | b'.', _) => Some(self.number()),
            (byte, _) if is_delimiter(byte) => {
                self.at += 1;
                Some(Object::Word(vec![byte]))
            }
            _ => Some(Object::Word(self.regular().to_vec())),
        }
    }

    fn dictionary(&mut self, depth: usize) -> Option<Dictionary> {
        self.at += 2;
        let mut entries = Dictionary::new();
        loop {
            self.skip_blanks();
            match (self.peek(0), self.peek(1)) {
                (None, _) => break,
                (Some(b'>'), Some(b'>')) => {
                    self.at += 2;
                    break;
                }
                (Some(b'/'), _) => {
                    let key = self.name();
                    self.skip_blanks();
                    if (self.peek(0), self.peek(1)) == (Some(b'>'), Some(b'>')) {
                        continue;
                    }
                    let value = self.read(depth + 1)?;
                    entries.insert(key, value);
                }
                // What is no key is gone over.
                (Some(_), _) => {
                    self.read(depth + 1)?;
                }
            }
        }
        Some(entries)
    }

    fn regular(&mut self) -> &'b [u8] {
        let start = self.at;
        while self.peek(0).is_some_and(|byte| !is_blank(byte) && !is_delimiter(byte)) {
            self.at += 1;
        }
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    fn name(&mut self) -> Vec<u8> {
        self.at += 1;
        let written = self.regular();
        let mut name = Vec::with_capacity(written.len());
        let mut rest = written;
        while let [byte, tail @ ..] = rest {
            let escaped = if let (b'#', [high, low, ..]) = (byte, tail) {
                digit(*high).zip(digit(*low))
            } else {
                None
            };
            if let Some((high, low)) = escaped {
                name.push(high * 16 + low);
                rest = tail.get(2..).unwrap_or_default();
            } else {
                name.push(*byte);
                rest = tail;
            }
        }
        name
    }

    fn literal(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut text = Vec::new();
        let mut open = 0_usize;
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            match byte {
                b'\\' => self.escape(&mut text),
                b'(' => {
                    open += 1;
                    text.push(byte);
                }
                b')' if open == 0 => break,
                b')' => {
                    open -= 1;
                    text.push(byte);
                }
                _ => text.push(byte),
            }
        }
        text
    }

    fn escape(&mut self, text: &mut Vec<u8>) {
        let Some(byte) = self.peek(0) else { return };
        self.at += 1;
        match byte {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'\n' => {}
            b'\r' => {
                if self.peek(0) == Some(b'\n') {
                    self.at += 1;
                }
            }
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(next @ b'0'..=b'7') = self.peek(0) else { break };
                    code = code * 8 + u32::from(next - b'0');
                    self.at += 1;
                }
                text.push(u8::try_from(code & 0xFF).unwrap_or(0));
            }
            other => text.push(other),
        }
    }

    fn hexadecimal(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut text = Vec::new();
        let mut half = None;
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            if byte == b'>' {
                break;
            }
            let Some(value) = digit(byte) else { continue };
            half = match half {
                None => Some(value),
                Some(high) => {
                    text.push(high * 16 + value);
                    None
                }
            };
        }
        text.extend(half.map(|high| high * 16));
        text
    }

    /// A number, or a reference where two numbers and an `R` follow one another.
    fn number(&mut self) -> Object {
        let start = self.at;
        self.at += 1;
        while self.peek(0).is_some_and(|byte| byte.is_ascii_digit() || byte == b'.') {
            self.at += 1;
        }
        let written = self.bytes.get(start..self.at).unwrap_or_default();
        let text = std::str::from_utf8(written).unwrap_or_default();
        if let Ok(number) = text.parse::<u32>() {
            let mut ahead = Lexer::new(self.bytes, self.at);
            ahead.skip_blanks();
            let generation = ahead.at;
            while ahead.at < generation + 5
                && ahead.peek(0).is_some_and(|byte| byte.is_ascii_digit())
            {
                ahead.at += 1;
            }
            if ahead.at > generation && ahead.at > self.at {
                ahead.skip_blanks();
                let ends = ahead.peek(1).is_none_or(|byte| is_blank(byte) || is_delimiter(byte));
                if ahead.peek(0) == Some(b'R') && ends {
                    self.at = ahead.at + 1;
                    return Object::Reference(number);
                }
            }
        }
        Object::Number(text.parse().ok().filter(|number: &f64| number.is_finite()).unwrap_or(0.0))
    }
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

#[cfg(test)]
mod tests {
    use super::{Lexer, Object};

    #[track_caller]
    fn check(written: &str, want: &str) {
        let shown = Lexer::new(written.as_bytes(), 0).next();
        assert_eq!(format!("{shown:?}"), want);
    }

    #[test]
    fn numbers_and_references() {
        check("12 0 R", "Some(Reference(12))");
        check("12 0 Rx", "Some(Number(12.0))");
        check("-.5", "Some(Number(-0.5))");
        check("--5", "Some(Number(0.0))");
    }
    #[test]
    fn texts() {
        assert_eq!(
            Lexer::new(b"(a\\(b(c)\\101)", 0).next(),
            Some(Object::Text(b"a(b(c)A".to_vec()))
        );
        assert_eq!(Lexer::new(b"<41 4>", 0).next(), Some(Object::Text(b"A@".to_vec())));
    }
    #[test]
    fn names_with_signs() {
        assert_eq!(Lexer::new(b"/A#42 ", 0).next(), Some(Object::Name(b"AB".to_vec())));
    }
    #[test]
    fn what_is_too_deep_ends() {
        check(&"[".repeat(100), "None");
        check("[[1]]", "Some(Array([Array([Number(1.0)])]))");
    }
}
