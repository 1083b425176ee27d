//! Builds a syntax tree from tokens, by operator precedence as SQL has it.

use std::ops::Range;

use super::Problem;
use super::lexer::{Token, TokenKind};
use super::tree::{Arithmetic, Comparison};
use crate::text::Words;
use crate::words;

/// A node of the syntax tree with its place.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) shape: Shape,
}

/// What a node is. Nothing is known of types yet.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    Column(String),
    Number(f64),
    Text(String),
    Flag(bool),
    Missing,
    Negate(Box<Node>),
    Arithmetic(Arithmetic, Box<Node>, Box<Node>),
    Compare(Comparison, Box<Node>, Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    Not(Box<Node>),
    In(Box<Node>, Vec<Node>),
    Between(Box<Node>, Box<Node>, Box<Node>),
    IsMissing(Box<Node>),
    Case(Vec<(Node, Node)>, Option<Box<Node>>),
    Call(Call),
}

/// A function with what stands in its parentheses and behind them.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) name_span: Range<usize>,
    /// The place of `*`, where it stands in place of arguments.
    pub(super) star: Option<Range<usize>>,
    /// The place of `DISTINCT`.
    pub(super) distinct: Option<Range<usize>>,
    pub(super) arguments: Vec<Node>,
    pub(super) filter: Option<Box<Node>>,
}

/// Words that have a meaning of their own and are no columns.
pub(super) const KEYWORDS: [&str; 16] = [
    "and", "or", "not", "in", "between", "is", "null", "true", "false", "case", "when", "then",
    "else", "end", "distinct", "where",
];

/// Parentheses, `NOT`s and operators in one another; real formulas have a handful.
const DEPTH_MAX: usize = 48;
/// Operators in one chain, each a level of the tree.
const CHAIN_MAX: usize = 200;

/// How tightly operators bind: a higher one takes its neighbours first.
mod binding {
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const NOT: u8 = 3;
    pub(super) const IS: u8 = 4;
    pub(super) const COMPARE: u8 = 5;
    pub(super) const RANGE: u8 = 6;
    pub(super) const ADD: u8 = 7;
    pub(super) const MULTIPLY: u8 = 8;
    pub(super) const NEGATE: u8 = 9;
}

/// Reads all tokens as one expression. `end` is the length of the text, the place of what is not there.
pub(super) fn parse(tokens: &[Token], end: usize) -> Result<Node, Problem> {
    let mut parser = Parser { tokens, at: 0, end, depth: 0 };
    let node = parser.expression(0)?;
    let Some(token) = parser.peek() else { return Ok(node) };
    let remedy = if token.kind == TokenKind::Symbol(")") {
        words!("thừa một dấu ngoặc đóng", "there is a closing parenthesis too many")
    } else {
        words!(
            "công thức là một biểu thức; nối các điều kiện bằng AND hoặc OR",
            "a formula is one expression; join conditions with AND or OR"
        )
    };
    let message = words!(
        "{token} không đúng chỗ ở đây",
        "{token} is not expected here",
        token = shown(token)
    );
    Err(syntax(token.span.clone(), message, remedy))
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    end: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<&'a Token> {
        let token = self.tokens.get(self.at);
        self.at += usize::from(token.is_some());
        token
    }

    fn peek_word(&self) -> Option<&'a str> {
        if let TokenKind::Word(word) = &self.peek()?.kind { Some(word) } else { None }
    }

    fn peek_symbol(&self) -> Option<&'static str> {
        if let TokenKind::Symbol(symbol) = self.peek()?.kind { Some(symbol) } else { None }
    }

    /// Takes the word if it is next, and gives its place.
    fn take_word(&mut self, word: &str) -> Option<Range<usize>> {
        if self.peek_word() == Some(word) {
            self.next().map(|token| token.span.clone())
        } else {
            None
        }
    }

    /// Takes the symbol if it is next, and gives its place.
    fn take_symbol(&mut self, symbol: &str) -> Option<Range<usize>> {
        if self.peek_symbol() == Some(symbol) {
            self.next().map(|token| token.span.clone())
        } else {
            None
        }
    }

    fn must_word(&mut self, word: &str, remedy: fn() -> Words) -> Result<Range<usize>, Problem> {
        let what = || Words::verbatim(word.to_ascii_uppercase());
        self.take_word(word).ok_or_else(|| self.missing(&what(), remedy))
    }

    fn must_symbol(
        &mut self,
        symbol: &str,
        remedy: fn() -> Words,
    ) -> Result<Range<usize>, Problem> {
        let what = || Words::verbatim(format!("`{symbol}`"));
        self.take_symbol(symbol).ok_or_else(|| self.missing(&what(), remedy))
    }

    /// The problem that something else was expected here.
    fn missing(&self, what: &Words, remedy: fn() -> Words) -> Problem {
        match self.peek() {
            Some(token) => syntax(
                token.span.clone(),
                words!(
                    "ở đây cần {what}, không phải {token}",
                    "{what} is expected, not {token}",
                    what,
                    token = shown(token)
                ),
                remedy(),
            ),
            None => syntax(
                self.end..self.end,
                words!(
                    "ở đây cần {what}, nhưng công thức đã hết",
                    "{what} is expected, and the formula ends here",
                    what
                ),
                remedy(),
            ),
        }
    }

    /// An expression whose operators bind at least as tightly as `least`.
    fn expression(&mut self, least: u8) -> Result<Node, Problem> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            let span = self.peek().map_or(self.end..self.end, |token| token.span.clone());
            return Err(syntax(
                span,
                words!("công thức lồng quá sâu", "the formula is nested too deeply"),
                words!(
                    "nhiều nhất {most} dấu ngoặc hoặc phép tính lồng trong nhau",
                    "at most {most} parentheses or operators stand in one another",
                    most = DEPTH_MAX
                ),
            ));
        }
        let mut left = self.prefix()?;
        let mut chain = 0;
        while let Some(next) = self.infix(&mut left, least)? {
            left = next;
            chain += 1;
            if chain > CHAIN_MAX {
                return Err(syntax(
                    left.span,
                    words!(
                        "công thức có quá nhiều phép tính liên tiếp",
                        "the formula has too many operators in a row"
                    ),
                    words!("hãy viết danh sách dạng IN (…)", "write a list as IN (…)"),
                ));
            }
        }
        self.depth -= 1;
        Ok(left)
    }

    /// What may start an expression.
    fn prefix(&mut self) -> Result<Node, Problem> {
        let missing = |parser: &Self| {
            parser.missing(&words!("một biểu thức", "an expression"), || {
                words!(
                    "hãy viết một cột, một số, một 'đoạn chữ' hoặc hàm tổng hợp như COUNT(*)",
                    "write a column, a number, a 'text' or an aggregate such as COUNT(*)"
                )
            })
        };
        let Some(token) = self.peek() else {
            return Err(missing(self));
        };
        let start = token.span.start;
        let leaf = |shape| Ok(Node { span: token.span.clone(), shape });
        match &token.kind {
            TokenKind::Number(number) => {
                self.next();
                leaf(Shape::Number(*number))
            }
            TokenKind::Text(text) => {
                self.next();
                leaf(Shape::Text(text.clone()))
            }
            TokenKind::Symbol("(") => {
                self.next();
                let inner = self.expression(0)?;
                let close =
                    self.must_symbol(")", || words!("đóng dấu ngoặc", "close the parenthesis"))?;
                Ok(Node { span: start..close.end, shape: inner.shape })
            }
            TokenKind::Symbol("-") => {
                self.next();
                let inner = self.expression(binding::NEGATE)?;
                Ok(Node { span: start..inner.span.end, shape: Shape::Negate(Box::new(inner)) })
            }
            TokenKind::Symbol(_) => Err(missing(self)),
            TokenKind::Word(word) => match word.as_str() {
                "true" | "false" => {
                    self.next();
                    leaf(Shape::Flag(word == "true"))
                }
                "null" => {
                    self.next();
                    leaf(Shape::Missing)
                }
                "not" => {
                    self.next();
                    let inner = self.expression(binding::NOT)?;
                    Ok(Node { span: start..inner.span.end, shape: Shape::Not(Box::new(inner)) })
                }
                "case" => self.case(),
                word if KEYWORDS.contains(&word) => Err(missing(self)),
                word => {
                    self.next();
                    if self.peek_symbol() == Some("(") {
                        self.call(word, token.span.clone())
                    } else {
                        leaf(Shape::Column(word.to_owned()))
                    }
                }
            },
        }
    }

    /// `CASE WHEN … THEN … ELSE … END`
    fn case(&mut self) -> Result<Node, Problem> {
        const REMEDY: fn() -> Words = || {
            words!(
                "hãy viết CASE WHEN điều kiện THEN giá trị ELSE giá trị END",
                "write CASE WHEN condition THEN value ELSE value END"
            )
        };
        let start = self.must_word("case", REMEDY)?.start;
        let mut arms = Vec::new();
        while arms.is_empty() || self.peek_word() == Some("when") {
            self.must_word("when", REMEDY)?;
            let condition = self.expression(0)?;
            self.must_word("then", REMEDY)?;
            arms.push((condition, self.expression(0)?));
        }
        let otherwise = match self.take_word("else") {
            Some(_) => Some(Box::new(self.expression(0)?)),
            None => None,
        };
        let end = self.must_word("end", REMEDY)?.end;
        Ok(Node { span: start..end, shape: Shape::Case(arms, otherwise) })
    }

    /// `NAME(…)` with its `FILTER (WHERE …)`; the parenthesis is next.
    fn call(&mut self, name: &str, name_span: Range<usize>) -> Result<Node, Problem> {
        self.must_symbol("(", || words!("mở dấu ngoặc", "open the parenthesis"))?;
        let distinct = self.take_word("distinct");
        let star = self.take_symbol("*");
        let mut arguments = Vec::new();
        if star.is_none() && self.peek_symbol() != Some(")") {
            arguments.push(self.expression(0)?);
            while self.take_symbol(",").is_some() {
                arguments.push(self.expression(0)?);
            }
        }
        let mut end = self
            .must_symbol(")", || {
                words!("đóng dấu ngoặc của hàm", "close the parenthesis of the function")
            })?
            .end;
        let mut filter = None;
        if self.take_word("filter").is_some() {
            const REMEDY: fn() -> Words = || {
                words!(
                    "phần lọc viết là FILTER (WHERE điều kiện)",
                    "a filter is written FILTER (WHERE condition)"
                )
            };
            self.must_symbol("(", REMEDY)?;
            self.must_word("where", REMEDY)?;
            filter = Some(Box::new(self.expression(0)?));
            end = self
                .must_symbol(")", || {
                    words!("đóng dấu ngoặc của phần lọc", "close the parenthesis of the filter")
                })?
                .end;
        }
        let span = name_span.start..end;
        let call = Call { name: name.to_owned(), name_span, star, distinct, arguments, filter };
        Ok(Node { span, shape: Shape::Call(call) })
    }

    /// The expression that an operator makes with what stands left of it; none when none follows that binds tightly
    /// enough.
    fn infix(&mut self, left: &mut Node, least: u8) -> Result<Option<Node>, Problem> {
        let Some(token) = self.peek() else { return Ok(None) };
        let symbol = |symbol: &str| -> Option<(u8, Infix)> {
            Some(match symbol {
                "=" => (binding::COMPARE, Infix::Compare(Comparison::Equal)),
                "<>" => (binding::COMPARE, Infix::Compare(Comparison::Unequal)),
                "<" => (binding::COMPARE, Infix::Compare(Comparison::Less)),
                "<=" => (binding::COMPARE, Infix::Compare(Comparison::AtMost)),
                ">" => (binding::COMPARE, Infix::Compare(Comparison::More)),
                ">=" => (binding::COMPARE, Infix::Compare(Comparison::AtLeast)),
                "+" => (binding::ADD, Infix::Arithmetic(Arithmetic::Add)),
                "-" => (binding::ADD, Infix::Arithmetic(Arithmetic::Subtract)),
                "*" => (binding::MULTIPLY, Infix::Arithmetic(Arithmetic::Multiply)),
                "/" => (binding::MULTIPLY, Infix::Arithmetic(Arithmetic::Divide)),
                _ => return None,
            })
        };
        let (bound, infix) = match &token.kind {
            TokenKind::Symbol(written) => match symbol(written) {
                Some(found) => found,
                None => return Ok(None),
            },
            TokenKind::Word(word) => match word.as_str() {
                "or" => (binding::OR, Infix::Or),
                "and" => (binding::AND, Infix::And),
                "is" => (binding::IS, Infix::Is),
                "in" => (binding::RANGE, Infix::In),
                "between" => (binding::RANGE, Infix::Between),
                "not" => (binding::RANGE, Infix::Not),
                _ => return Ok(None),
            },
            TokenKind::Number(_) | TokenKind::Text(_) => return Ok(None),
        };
        if bound < least {
            return Ok(None);
        }
        self.next();
        let taken = std::mem::replace(left, Node { span: 0..0, shape: Shape::Missing });
        self.finish(infix, bound, taken).map(Some)
    }

    /// Reads what stands right of an operator.
    fn finish(&mut self, infix: Infix, bound: u8, left: Node) -> Result<Node, Problem> {
        let start = left.span.start;
        let pair = |left: Node, right: Node, shape: fn(Box<Node>, Box<Node>) -> Shape| Node {
            span: start..right.span.end,
            shape: shape(Box::new(left), Box::new(right)),
        };
        Ok(match infix {
            Infix::Or => pair(left, self.expression(bound + 1)?, Shape::Or),
            Infix::And => pair(left, self.expression(bound + 1)?, Shape::And),
            Infix::Arithmetic(op) => {
                let right = self.expression(bound + 1)?;
                Node {
                    span: start..right.span.end,
                    shape: Shape::Arithmetic(op, Box::new(left), Box::new(right)),
                }
            }
            Infix::Compare(op) => {
                let right = self.expression(bound + 1)?;
                if let Some(token) = self.peek().filter(|token| is_comparison(token)) {
                    return Err(syntax(
                        token.span.clone(),
                        words!("có hai phép so sánh liền nhau", "two comparisons stand in a row"),
                        words!(
                            "nối bằng AND, hoặc viết BETWEEN",
                            "join them with AND, or write BETWEEN"
                        ),
                    ));
                }
                Node {
                    span: start..right.span.end,
                    shape: Shape::Compare(op, Box::new(left), Box::new(right)),
                }
            }
            Infix::Is => {
                let not = self.take_word("not").is_some();
                let end = self
                    .must_word("null", || {
                        words!("hãy viết IS NULL hoặc IS NOT NULL", "write IS NULL or IS NOT NULL")
                    })?
                    .end;
                negated(Node { span: start..end, shape: Shape::IsMissing(Box::new(left)) }, not)
            }
            Infix::In => self.list(left)?,
            Infix::Between => self.between(left)?,
            Infix::Not => {
                if self.take_word("in").is_some() {
                    negated(self.list(left)?, true)
                } else if self.take_word("between").is_some() {
                    negated(self.between(left)?, true)
                } else {
                    return Err(self.missing(
                        &words!("IN hoặc BETWEEN", "IN or BETWEEN"),
                        || {
                            words!(
                                "hãy viết x NOT IN (…) hoặc NOT x = …",
                                "write x NOT IN (…) or NOT x = …"
                            )
                        },
                    ));
                }
            }
        })
    }

    /// The list behind `IN`.
    fn list(&mut self, of: Node) -> Result<Node, Problem> {
        self.must_symbol("(", || {
            words!("hãy viết IN ('HTX', 'LHHTX')", "write IN ('HTX', 'LHHTX')")
        })?;
        let mut items = vec![self.expression(0)?];
        while self.take_symbol(",").is_some() {
            items.push(self.expression(0)?);
        }
        let end = self
            .must_symbol(")", || {
                words!("đóng dấu ngoặc của danh sách", "close the parenthesis of the list")
            })?
            .end;
        Ok(Node { span: of.span.start..end, shape: Shape::In(Box::new(of), items) })
    }

    /// The two ends behind `BETWEEN`.
    fn between(&mut self, of: Node) -> Result<Node, Problem> {
        let low = self.expression(binding::RANGE + 1)?;
        self.must_word("and", || {
            words!("hãy viết BETWEEN số nhỏ AND số lớn", "write BETWEEN low AND high")
        })?;
        let high = self.expression(binding::RANGE + 1)?;
        Ok(Node {
            span: of.span.start..high.span.end,
            shape: Shape::Between(Box::new(of), Box::new(low), Box::new(high)),
        })
    }
}

/// An operator between two expressions, or behind one.
#[derive(Clone, Copy)]
enum Infix {
    Or,
    And,
    Is,
    In,
    Between,
    Not,
    Compare(Comparison),
    Arithmetic(Arithmetic),
}

fn is_comparison(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Symbol("=" | "<>" | "<" | "<=" | ">" | ">="))
}

fn negated(node: Node, not: bool) -> Node {
    if not { Node { span: node.span.clone(), shape: Shape::Not(Box::new(node)) } } else { node }
}

fn syntax(span: Range<usize>, message: Words, remedy: Words) -> Problem {
    Problem::new(span, "formula.syntax", message, remedy)
}

/// A token as it is named in a message.
fn shown(token: &Token) -> String {
    match &token.kind {
        TokenKind::Word(word) => format!("`{word}`"),
        TokenKind::Number(number) => format!("`{number}`"),
        TokenKind::Text(text) => format!("'{text}'"),
        TokenKind::Symbol(symbol) => format!("`{symbol}`"),
    }
}
