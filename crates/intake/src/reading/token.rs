//! The first pass: letters into words, numbers, signs and line ends, each with its place in characters.

use hoptac_model::text::nfc;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, with digits behind them: `m2`.
    Word,
    /// Digits with dots and commas between them: `4.250`, `14,3`.
    Number,
    /// One sign.
    Sign,
    /// The end of a line.
    Line,
}

/// A piece of the text.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// The first character.
    pub(super) start: usize,
    /// The character behind the last.
    pub(super) end: usize,
    /// As written, composed.
    pub(super) text: String,
    /// In small letters and one spelling, for comparing.
    pub(super) word: String,
    /// Whether a tab stands before it.
    pub(super) is_tabbed: bool,
}

/// All tokens of a text. Asking beyond either end answers with nothing.
#[derive(Debug, Default)]
pub(super) struct Tokens(pub(super) Vec<Token>);

impl Tokens {
    /// Reads a text. Letters may be written apart from their marks; places are those of the text as given.
    pub(super) fn of(text: &str) -> Self {
        let mut tokens = Vec::new();
        let mut letters = text.chars().enumerate().peekable();
        let mut is_tabbed = false;
        while let Some((start, c)) = letters.next() {
            let mut piece = String::from(c);
            let mut end = start + 1;
            let kind = if c == '\n' {
                Kind::Line
            } else if c.is_whitespace() || c == '\u{feff}' {
                is_tabbed |= c == '\t';
                continue;
            } else if c.is_ascii_digit() {
                while let Some((at, c)) = letters.peek().copied() {
                    let is_joint = matches!(c, '.' | ',') && {
                        let mut ahead = letters.clone();
                        ahead.next();
                        ahead.peek().is_some_and(|(_, c)| c.is_ascii_digit())
                    };
                    if !c.is_ascii_digit() && !is_joint {
                        break;
                    }
                    piece.push(c);
                    end = at + 1;
                    letters.next();
                }
                Kind::Number
            } else if c.is_alphabetic() {
                while let Some((at, c)) =
                    letters.next_if(|(_, c)| c.is_alphanumeric() || is_mark(*c))
                {
                    piece.push(c);
                    end = at + 1;
                }
                // "PM2.5" is one word.
                if piece.ends_with(|c: char| c.is_ascii_digit()) {
                    let mut ahead = letters.clone();
                    let dot = ahead.next().filter(|(_, c)| *c == '.');
                    let digit = ahead.next().filter(|(_, c)| c.is_ascii_digit());
                    if let (Some(dot), Some(digit)) = (dot, digit) {
                        piece.extend([dot.1, digit.1]);
                        end = digit.0 + 1;
                        letters = ahead;
                    }
                }
                Kind::Word
            } else {
                Kind::Sign
            };
            let text = nfc(&piece);
            let word = spelling(&text.to_lowercase());
            tokens.push(Token { kind, start, end, text, word, is_tabbed });
            is_tabbed = false;
        }
        Self(tokens)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<&Token> {
        self.0.get(at)
    }

    /// The word at a place, for comparing.
    pub(super) fn word(&self, at: usize) -> &str {
        self.get(at).map_or("", |token| token.word.as_str())
    }

    /// The word before a place, by how many.
    pub(super) fn back(&self, at: usize, by: usize) -> &str {
        at.checked_sub(by).map_or("", |at| self.word(at))
    }

    pub(super) fn is(&self, at: usize, kind: Kind) -> bool {
        self.get(at).is_some_and(|token| token.kind == kind)
    }

    /// Whether nothing stands between a token and the one before.
    pub(super) fn is_glued(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|at| self.get(at));
        matches!((before, self.get(at)), (Some(before), Some(token)) if before.end == token.start)
    }

    /// Whether a word begins with a capital.
    pub(super) fn is_capital(&self, at: usize) -> bool {
        self.get(at).is_some_and(|token| token.text.chars().next().is_some_and(char::is_uppercase))
    }

    /// Where a phrase that begins here ends. Line ends within it do not count.
    pub(super) fn phrase(&self, at: usize, phrase: &str) -> Option<usize> {
        let mut at = at;
        for (index, word) in phrase.split(' ').enumerate() {
            if index > 0 {
                at = self.skip_lines(at);
            }
            if self.word(at) != word {
                return None;
            }
            at += 1;
        }
        Some(at)
    }

    /// The end of the longest of these phrases that begins here.
    pub(super) fn any(&self, at: usize, phrases: &[&str]) -> Option<usize> {
        let word = self.word(at);
        // Nearly every phrase fails on its first word, and this is asked at every number and most words.
        let begins = |phrase: &str| {
            phrase.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        phrases.iter().filter(|p| begins(p)).filter_map(|phrase| self.phrase(at, phrase)).max()
    }

    /// Whether one of these phrases begins within a stretch.
    pub(super) fn has(&self, from: usize, to: usize, phrases: &[&str]) -> bool {
        self.last(from, to, phrases).is_some()
    }

    /// Where the last of these phrases begins within a stretch.
    pub(super) fn last(&self, from: usize, to: usize, phrases: &[&str]) -> Option<usize> {
        (from..to).rev().find(|at| self.any(*at, phrases).is_some_and(|end| end <= to))
    }

    /// The place itself, or the first behind it that is not a line end.
    pub(super) fn skip_lines(&self, at: usize) -> usize {
        let mut at = at;
        while self.is(at, Kind::Line) {
            at += 1;
        }
        at
    }

    /// The next place before that is not a line end.
    pub(super) fn before(&self, at: usize) -> Option<usize> {
        (at.saturating_sub(4)..at).rev().find(|at| !self.is(*at, Kind::Line))
    }

    /// The words of a stretch, as written, with one blank where any white space stood.
    pub(super) fn shown(&self, from: usize, to: usize) -> String {
        let mut shown = String::new();
        let mut end = None;
        for at in from..to.min(self.len()) {
            let Some(token) = self.get(at).filter(|token| token.kind != Kind::Line) else {
                continue;
            };
            if end.is_some_and(|end| end != token.start) {
                shown.push(' ');
            }
            shown.push_str(&token.text);
            end = Some(token.end);
        }
        shown
    }
}

/// The marks that letters are written with.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36F}').contains(&c)
}

/// One spelling for words that have two: the tone mark of an open `oa`, `oe`, `uy` stands on its first letter, `tỉ` is
/// `tỷ`.
fn spelling(word: &str) -> String {
    if word == "tỉ" {
        return "tỷ".to_owned();
    }
    if word.starts_with('q') {
        return word.to_owned();
    }
    for (new, old) in [
        ("oà", "òa"),
        ("oá", "óa"),
        ("oả", "ỏa"),
        ("oã", "õa"),
        ("oạ", "ọa"),
        ("oẻ", "ỏe"),
        ("uỳ", "ùy"),
        ("uý", "úy"),
        ("uỷ", "ủy"),
        ("uỹ", "ũy"),
        ("uỵ", "ụy"),
    ] {
        if let Some(stem) = word.strip_suffix(new) {
            return format!("{stem}{old}");
        }
    }
    word.to_owned()
}
