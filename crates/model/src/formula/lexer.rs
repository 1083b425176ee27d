//! Cuts a formula's text into tokens with their places.

use std::ops::Range;

use super::Problem;
use crate::words;

/// A piece of a formula's text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    /// Its bytes.
    pub(super) span: Range<usize>,
    /// What it is.
    pub(super) kind: TokenKind,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// A keyword, a function or a column, in lower case: SQL does not tell cases apart.
    Word(String),
    /// An integer or decimal number.
    Number(f64),
    /// A text between single quotes, with doubled quotes undone.
    Text(String),
    /// An operator or a mark.
    Symbol(&'static str),
}

/// Longer symbols first, so that `<=` is not read as `<`.
const SYMBOLS: [&str; 13] = ["<>", "<=", ">=", "=", "<", ">", "(", ")", ",", "*", "/", "+", "-"];

/// The largest whole number up to which every whole number is exact in the engine's arithmetic.
const NUMBER_MAX: f64 = 9_007_199_254_740_992.0;

/// All tokens, and what could not be read as one. Reading goes on behind a bad piece.
pub(super) fn tokens(text: &str) -> (Vec<Token>, Vec<Problem>) {
    let mut tokens = Vec::new();
    let mut problems = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next().unwrap_or(' ');
        let (length, kind) = if first.is_whitespace() {
            (first.len_utf8(), None)
        } else if first.is_alphabetic() || first == '_' {
            let length = run(rest, |c| c.is_alphanumeric() || c == '_');
            let word = rest.get(..length).unwrap_or_default();
            if word.is_ascii() {
                (length, Some(TokenKind::Word(word.to_ascii_lowercase())))
            } else {
                problems.push(stranger(at, word));
                (length, None)
            }
        } else if first.is_ascii_digit() {
            let length = number_length(rest);
            let number = rest.get(..length).and_then(|digits| digits.parse::<f64>().ok());
            if number.is_none_or(|number| number > NUMBER_MAX) {
                problems.push(Problem::new(
                    at..at + length,
                    "formula.syntax",
                    words!("số quá lớn", "the number is too large"),
                    words!(
                        "số lớn nhất là 9 007 199 254 740 992",
                        "numbers go up to 9 007 199 254 740 992"
                    ),
                ));
            }
            (length, Some(TokenKind::Number(number.unwrap_or_default())))
        } else if first == '\'' {
            let (length, text, closed) = quoted(rest);
            if !closed {
                problems.push(Problem::new(
                    at..at + length,
                    "formula.syntax",
                    words!("đoạn chữ thiếu dấu nháy đóng", "the text has no closing quote"),
                    words!(
                        "hãy viết chữ giữa hai dấu nháy đơn, ví dụ 'HTX'",
                        "write texts between single quotes, for example 'HTX'"
                    ),
                ));
            }
            (length, Some(TokenKind::Text(text)))
        } else if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            (symbol.len(), Some(TokenKind::Symbol(symbol)))
        } else {
            problems.push(stranger(at, rest.get(..first.len_utf8()).unwrap_or_default()));
            (first.len_utf8(), None)
        };
        if let Some(kind) = kind {
            tokens.push(Token { span: at..at + length, kind });
        }
        at += length;
    }
    (tokens, problems)
}

/// The bytes of the longest start whose characters all fit.
fn run(text: &str, fits: impl Fn(char) -> bool) -> usize {
    text.find(|c| !fits(c)).unwrap_or(text.len())
}

/// Digits, and a point with digits behind it.
fn number_length(text: &str) -> usize {
    let whole = run(text, |c| c.is_ascii_digit());
    let fraction = text.get(whole..).and_then(|rest| rest.strip_prefix('.'));
    match fraction.map(|digits| run(digits, |c| c.is_ascii_digit())) {
        Some(digits) if digits > 0 => whole + 1 + digits,
        _ => whole,
    }
}

/// The bytes of a quoted text, the text, and whether its closing quote is there.
fn quoted(text: &str) -> (usize, String, bool) {
    let mut inner = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != '\'' {
            inner.push(c);
        } else if chars.peek().is_some_and(|(_, next)| *next == '\'') {
            inner.push('\'');
            chars.next();
        } else {
            return (at + 1, inner, true);
        }
    }
    (text.len(), inner, false)
}

/// A word or character that the language has not.
fn stranger(at: usize, piece: &str) -> Problem {
    let remedy = match piece {
        "\"" | "“" | "”" | "‘" | "’" | "`" => {
            words!(
                "hãy viết chữ giữa hai dấu nháy đơn ('HTX'), tên cột không có dấu nháy",
                "write texts between single quotes ('HTX') and columns without quotes"
            )
        }
        "!" => words!("khác nhau viết là <>", "unequal is written <>"),
        ";" => words!(
            "công thức là một biểu thức, không có dấu chấm phẩy",
            "a formula is one expression without a semicolon"
        ),
        "%" => words!(
            "tỷ lệ viết bằng số; hệ số nhân của chỉ tiêu đo đổi ra phần trăm",
            "shares are written as numbers; the indicator's scale makes percents of them"
        ),
        _ => words!(
            "tên cột gồm chữ thường không dấu, chữ số và dấu gạch dưới",
            "names of columns have small Latin letters, digits and underscores"
        ),
    };
    Problem::new(
        at..at + piece.len(),
        "formula.syntax",
        words!(
            "`{piece}` không thuộc ngôn ngữ công thức",
            "`{piece}` is not part of the formula language",
            piece
        ),
        remedy,
    )
}
