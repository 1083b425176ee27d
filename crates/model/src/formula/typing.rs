//! Checks a syntax tree against the columns and makes the typed tree. Checking goes on behind a problem, so that all
//! are told at once.

use super::Problem;
use super::lexer::{Token, TokenKind};
use super::nearest::nearest;
use super::parser::{Call, KEYWORDS, Node, Shape};
use super::tree::{Aggregate, Comparison, Function, Outer, Row};
use crate::fact::{Catalogue, ColumnType};
use crate::text::{Words, did_you_mean};
use crate::words;

/// The type of a value of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Flag,
    Number,
    Text,
    Id,
    /// `NULL` fits everywhere.
    Any,
}

impl Type {
    fn words(self) -> Words {
        match self {
            Self::Flag => words!("giá trị đúng hoặc sai", "a flag"),
            Self::Number => words!("số", "a number"),
            Self::Text => words!("phân loại", "a category"),
            Self::Id => words!("mã định danh", "an identity"),
            Self::Any => words!("giá trị trống", "missing"),
        }
    }

    fn fits(self, other: Self) -> bool {
        self == other || self == Self::Any || other == Self::Any
    }

    /// The type of either of two that fit.
    fn or(self, other: Self) -> Self {
        if self == Self::Any { other } else { self }
    }
}

const AGGREGATES: [(&str, Function); 6] = [
    ("count", Function::Count),
    ("sum", Function::Sum),
    ("avg", Function::Average),
    ("min", Function::Minimum),
    ("max", Function::Maximum),
    ("median", Function::Median),
];

fn aggregate_named(name: &str) -> Option<Function> {
    AGGREGATES.iter().find(|(known, _)| *known == name).map(|(_, function)| *function)
}

/// The typed tree; none where a problem was found, which is then pushed.
pub(super) fn check(
    node: &Node,
    catalogue: &Catalogue,
    problems: &mut Vec<Problem>,
) -> Option<Outer> {
    Typing { catalogue, problems }.outer(node)
}

/// The typed tree of a condition on one row; none where a problem was found, which is then pushed.
pub(super) fn check_condition(
    node: &Node,
    catalogue: &Catalogue,
    problems: &mut Vec<Problem>,
) -> Option<Row> {
    Typing { catalogue, problems }.condition(node)
}

/// Finds unknown columns among tokens that do not make a tree.
pub(super) fn check_names(tokens: &[Token], catalogue: &Catalogue, problems: &mut Vec<Problem>) {
    let mut typing = Typing { catalogue, problems };
    for (i, token) in tokens.iter().enumerate() {
        let TokenKind::Word(word) = &token.kind else { continue };
        let calls = tokens.get(i + 1).is_some_and(|next| next.kind == TokenKind::Symbol("("));
        let known = KEYWORDS.contains(&word.as_str())
            || word == "filter"
            || aggregate_named(word).is_some();
        if !calls && !known {
            typing.column(word, token.span.clone());
        }
    }
}

struct Typing<'a> {
    catalogue: &'a Catalogue,
    problems: &'a mut Vec<Problem>,
}

impl Typing<'_> {
    fn problem(&mut self, node: &Node, code: &'static str, message: Words, remedy: Words) {
        self.problems.push(Problem::new(node.span.clone(), code, message, remedy));
    }

    /// The column's index and type.
    fn column(&mut self, name: &str, span: std::ops::Range<usize>) -> Option<(usize, ColumnType)> {
        if let Some((index, column)) = self.catalogue.find(name) {
            return Some((index, column.column_type));
        }
        let names = self.catalogue.columns().iter().map(|column| column.name.as_str());
        let remedy = nearest(name, names).map_or_else(
            || {
                words!(
                    "các cột là cột của sổ đăng ký và các trường của báo cáo năm",
                    "columns are those of the register and the fields of the yearly return"
                )
            },
            did_you_mean,
        );
        self.problems.push(Problem::new(
            span,
            "formula.unknown-column",
            words!("không có cột `{name}`", "there is no column `{name}`", name),
            remedy,
        ));
        None
    }

    /// What stands around aggregates.
    fn outer(&mut self, node: &Node) -> Option<Outer> {
        match &node.shape {
            Shape::Number(number) => Some(Outer::Number(*number)),
            Shape::Missing => Some(Outer::Missing),
            Shape::Negate(inner) => Some(Outer::Negate(Box::new(self.outer(inner)?))),
            Shape::Arithmetic(op, left, right) => {
                let (left, right) = (self.outer(left), self.outer(right));
                Some(Outer::Arithmetic(*op, Box::new(left?), Box::new(right?)))
            }
            Shape::Call(call) => match call.name.as_str() {
                "coalesce" => {
                    self.plain_function(node, call, 1..=usize::MAX)?;
                    let items: Vec<Option<Outer>> =
                        call.arguments.iter().map(|argument| self.outer(argument)).collect();
                    items.into_iter().collect::<Option<Vec<Outer>>>().map(Outer::Coalesce)
                }
                "nullif" => {
                    self.plain_function(node, call, 2..=2)?;
                    let (left, right) =
                        (self.outer(call.arguments.first()?), self.outer(call.arguments.get(1)?));
                    Some(Outer::NullIf(Box::new(left?), Box::new(right?)))
                }
                name => match aggregate_named(name) {
                    Some(function) => self.aggregate(node, call, function).map(Outer::Aggregate),
                    None => self.unknown_function(call),
                },
            },
            Shape::Column(name) => {
                let (_, column_type) = self.column(name, node.span.clone())?;
                self.problem(
                    node,
                    "formula.column-outside-aggregate",
                    words!(
                        "`{name}` có giá trị riêng cho từng tổ chức, còn ở đây cần một con số",
                        "`{name}` has a value for each organisation, and one number is wanted",
                        name
                    ),
                    match column_type {
                        ColumnType::Flag => words!(
                            "hãy viết COUNT(*) FILTER (WHERE {name})",
                            "write COUNT(*) FILTER (WHERE {name})",
                            name
                        ),
                        ColumnType::Count | ColumnType::Money => words!(
                            "hãy viết SUM({name}), AVG({name}) hoặc MEDIAN({name})",
                            "write SUM({name}), AVG({name}) or MEDIAN({name})",
                            name
                        ),
                        ColumnType::Category | ColumnType::Id => words!(
                            "hãy viết COUNT(DISTINCT {name})",
                            "write COUNT(DISTINCT {name})",
                            name
                        ),
                    },
                );
                None
            }
            Shape::Text(_) => {
                self.problem(
                    node,
                    "formula.type",
                    words!("chữ không phải là số", "a text is not a number"),
                    words!(
                        "ngoài các hàm tổng hợp chỉ có số, + - * /, COALESCE và NULLIF",
                        "around aggregates only numbers, + - * /, COALESCE and NULLIF may stand"
                    ),
                );
                None
            }
            Shape::Flag(_)
            | Shape::Compare(..)
            | Shape::And(..)
            | Shape::Or(..)
            | Shape::Not(_)
            | Shape::In(..)
            | Shape::Between(..)
            | Shape::IsMissing(_)
            | Shape::Case(..) => {
                let before = self.problems.len();
                if !holds_aggregate(node) {
                    self.row(node);
                }
                if self.problems.len() == before {
                    let (message, remedy) = if matches!(node.shape, Shape::Case(..)) {
                        (
                            words!(
                                "CASE nằm ngoài hàm tổng hợp",
                                "CASE stands outside an aggregate"
                            ),
                            words!(
                                "đặt vào trong, ví dụ SUM(CASE WHEN … THEN … END)",
                                "put it inside, for example SUM(CASE WHEN … THEN … END)"
                            ),
                        )
                    } else {
                        (
                            words!("điều kiện không phải là số", "a condition is not a number"),
                            words!(
                                "hãy đếm các dòng thỏa điều kiện: COUNT(*) FILTER (WHERE …)",
                                "count the rows that meet it: COUNT(*) FILTER (WHERE …)"
                            ),
                        )
                    };
                    self.problem(node, "formula.type", message, remedy);
                }
                None
            }
        }
    }

    /// An aggregate with its value and its filter.
    fn aggregate(&mut self, node: &Node, call: &Call, function: Function) -> Option<Aggregate> {
        let before = self.problems.len();
        let name = call.name.to_ascii_uppercase();
        if let Some(star) = &call.star
            && (function != Function::Count || call.distinct.is_some())
        {
            self.problems.push(Problem::new(
                star.clone(),
                "formula.type",
                words!(
                    "`*` là các dòng, còn {name} ở đây cần giá trị của từng dòng",
                    "`*` stands for rows, and {name} here wants a value of each row",
                    name
                ),
                words!("chỉ COUNT(*) đếm dòng", "only COUNT(*) counts rows"),
            ));
        }
        if let Some(distinct) = &call.distinct
            && function != Function::Count
        {
            self.problems.push(Problem::new(
                distinct.clone(),
                "formula.type",
                words!("{name} không dùng DISTINCT", "{name} does not take DISTINCT", name),
                words!(
                    "chỉ COUNT(DISTINCT …) bỏ các giá trị trùng nhau",
                    "only COUNT(DISTINCT …) tells equal values apart"
                ),
            ));
        }
        if call.star.is_none() && call.arguments.len() != 1 {
            self.problem(
                node,
                "formula.syntax",
                words!(
                    "{name} dùng một giá trị, không phải {count}",
                    "{name} takes one value, not {count}",
                    name,
                    count = call.arguments.len()
                ),
                words!("hãy viết {name}(cột)", "write {name}(column)", name),
            );
        }
        let of = match call.arguments.first() {
            Some(argument) => {
                let typed = self.row(argument);
                if let Some((_, found)) = &typed
                    && !matches!(function, Function::Count)
                    && !found.fits(Type::Number)
                {
                    self.problem(
                        argument,
                        "formula.type",
                        words!(
                            "{name} cần số, còn đây là {found}",
                            "{name} wants numbers, and this is {found}",
                            name,
                            found = found.words()
                        ),
                        if *found == Type::Flag {
                            words!(
                                "đếm giá trị đúng bằng COUNT(*) FILTER (WHERE …)",
                                "count a flag with COUNT(*) FILTER (WHERE …)"
                            )
                        } else {
                            words!(
                                "đếm các giá trị bằng COUNT(DISTINCT …)",
                                "count its values with COUNT(DISTINCT …)"
                            )
                        },
                    );
                }
                typed.map(|(row, _)| row)
            }
            None => None,
        };
        let filter = call.filter.as_deref().and_then(|filter| self.condition(filter));
        if self.problems.len() > before {
            return None;
        }
        let function = if call.distinct.is_some() { Function::CountDistinct } else { function };
        Some(Aggregate { function, of, filter })
    }

    /// A function that is no aggregate, with the right number of arguments.
    fn plain_function(
        &mut self,
        node: &Node,
        call: &Call,
        count: std::ops::RangeInclusive<usize>,
    ) -> Option<()> {
        let name = call.name.to_ascii_uppercase();
        if call.filter.is_some() || call.distinct.is_some() || call.star.is_some() {
            self.problem(
                node,
                "formula.syntax",
                words!(
                    "{name} không dùng FILTER, DISTINCT hay *",
                    "{name} takes neither FILTER nor DISTINCT nor *",
                    name
                ),
                words!(
                    "các phần này thuộc hàm tổng hợp, ví dụ COUNT(*) FILTER (WHERE …)",
                    "these belong to aggregates, for example COUNT(*) FILTER (WHERE …)"
                ),
            );
            return None;
        }
        if !count.contains(&call.arguments.len()) {
            self.problem(
                node,
                "formula.syntax",
                words!(
                    "{name} có {given} giá trị trong ngoặc",
                    "{name} has {given} values between its parentheses",
                    name,
                    given = call.arguments.len()
                ),
                if count.end() == &2 {
                    words!("hãy viết NULLIF(a, b)", "write NULLIF(a, b)")
                } else {
                    words!("hãy viết COALESCE(a, b)", "write COALESCE(a, b)")
                },
            );
            return None;
        }
        Some(())
    }

    fn unknown_function<T>(&mut self, call: &Call) -> Option<T> {
        let names = AGGREGATES.iter().map(|(name, _)| *name).chain(["coalesce", "nullif"]);
        let remedy = nearest(&call.name, names).map_or_else(
            || {
                words!(
                    "các hàm là COUNT, SUM, AVG, MIN, MAX, MEDIAN, COALESCE và NULLIF",
                    "functions are COUNT, SUM, AVG, MIN, MAX, MEDIAN, COALESCE and NULLIF"
                )
            },
            |near| did_you_mean(&near.to_ascii_uppercase()),
        );
        self.problems.push(Problem::new(
            call.name_span.clone(),
            "formula.unknown-function",
            words!("không có hàm `{name}`", "there is no function `{name}`", name = call.name),
            remedy,
        ));
        // What stands inside is still read, so that misspelt columns show in the same go.
        for argument in call.arguments.iter().filter(|argument| !holds_aggregate(argument)) {
            self.row(argument);
        }
        None
    }

    /// A value that must be true or false.
    fn condition(&mut self, node: &Node) -> Option<Row> {
        let (row, found) = self.row(node)?;
        if found.fits(Type::Flag) {
            return Some(row);
        }
        self.problem(
            node,
            "formula.type",
            words!(
                "ở đây cần điều kiện, còn đây là {found}",
                "a condition is wanted, and this is {found}",
                found = found.words()
            ),
            if found == Type::Text {
                words!("hãy so sánh, ví dụ kind = 'HTX'", "compare it, for example kind = 'HTX'")
            } else {
                words!("hãy so sánh, ví dụ members >= 10", "compare it, for example members >= 10")
            },
        );
        None
    }

    fn number(&mut self, node: &Node) -> Option<Row> {
        let (row, found) = self.row(node)?;
        if found.fits(Type::Number) {
            return Some(row);
        }
        self.problem(
            node,
            "formula.type",
            words!(
                "ở đây cần số, còn đây là {found}",
                "a number is wanted, and this is {found}",
                found = found.words()
            ),
            words!(
                "chỉ tính toán với số lượng và số tiền",
                "calculate with counts and amounts of money only"
            ),
        );
        None
    }

    /// A value of one row.
    fn row(&mut self, node: &Node) -> Option<(Row, Type)> {
        Some(match &node.shape {
            Shape::Column(name) => {
                let (index, column_type) = self.column(name, node.span.clone())?;
                let found = match column_type {
                    ColumnType::Flag => Type::Flag,
                    ColumnType::Count | ColumnType::Money => Type::Number,
                    ColumnType::Category => Type::Text,
                    ColumnType::Id => Type::Id,
                };
                (Row::Column(index), found)
            }
            Shape::Number(number) => (Row::Number(*number), Type::Number),
            Shape::Text(text) => (Row::Text(text.clone()), Type::Text),
            Shape::Flag(flag) => (Row::Flag(*flag), Type::Flag),
            Shape::Missing => (Row::Missing, Type::Any),
            Shape::Negate(inner) => (Row::Negate(Box::new(self.number(inner)?)), Type::Number),
            Shape::Arithmetic(op, left, right) => {
                let (left, right) = (self.number(left), self.number(right));
                (Row::Arithmetic(*op, Box::new(left?), Box::new(right?)), Type::Number)
            }
            Shape::Compare(op, left, right) => self.comparison(node, *op, left, right)?,
            Shape::And(left, right) => {
                let (left, right) = (self.condition(left), self.condition(right));
                let mut items = Vec::new();
                for item in [left?, right?] {
                    if let Row::And(inner) = item { items.extend(inner) } else { items.push(item) }
                }
                (Row::And(items), Type::Flag)
            }
            Shape::Or(left, right) => {
                let (left, right) = (self.condition(left), self.condition(right));
                let mut items = Vec::new();
                for item in [left?, right?] {
                    if let Row::Or(inner) = item { items.extend(inner) } else { items.push(item) }
                }
                (Row::Or(items), Type::Flag)
            }
            Shape::Not(inner) => (Row::Not(Box::new(self.condition(inner)?)), Type::Flag),
            Shape::In(of, items) => {
                let parts: Vec<&Node> = std::iter::once(&**of).chain(items).collect();
                let (rows, found) = self.alike(node, &parts)?;
                self.comparable(node, found)?;
                self.known_values(of, items.iter());
                let mut rows = rows.into_iter();
                (Row::In(Box::new(rows.next()?), rows.collect()), Type::Flag)
            }
            Shape::Between(of, low, high) => {
                let (of, low, high) = (self.number(of), self.number(low), self.number(high));
                (Row::Between(Box::new(of?), Box::new(low?), Box::new(high?)), Type::Flag)
            }
            Shape::IsMissing(inner) => {
                let (row, _) = self.row(inner)?;
                (Row::IsMissing(Box::new(row)), Type::Flag)
            }
            Shape::Case(arms, otherwise) => {
                let conditions: Vec<Option<Row>> =
                    arms.iter().map(|(condition, _)| self.condition(condition)).collect();
                let values: Vec<&Node> =
                    arms.iter().map(|(_, value)| value).chain(otherwise.as_deref()).collect();
                let (values, found) = self.alike(node, &values)?;
                self.comparable(node, found)?;
                let conditions: Vec<Row> = conditions.into_iter().collect::<Option<_>>()?;
                let mut values = values.into_iter();
                let arms = conditions.into_iter().zip(values.by_ref()).collect();
                (Row::Case(arms, values.next().map(Box::new)), found)
            }
            Shape::Call(call) => match call.name.as_str() {
                "coalesce" => {
                    self.plain_function(node, call, 1..=usize::MAX)?;
                    let (rows, found) =
                        self.alike(node, &call.arguments.iter().collect::<Vec<_>>())?;
                    self.comparable(node, found)?;
                    (Row::Coalesce(rows), found)
                }
                "nullif" => {
                    self.plain_function(node, call, 2..=2)?;
                    let (rows, found) =
                        self.alike(node, &call.arguments.iter().collect::<Vec<_>>())?;
                    self.comparable(node, found)?;
                    let mut rows = rows.into_iter();
                    (Row::NullIf(Box::new(rows.next()?), Box::new(rows.next()?)), found)
                }
                name if aggregate_named(name).is_some() => {
                    self.problem(
                        node,
                        "formula.aggregate-inside-aggregate",
                        words!(
                            "{name} nằm trong một hàm tổng hợp khác",
                            "{name} stands inside an aggregate",
                            name = name.to_ascii_uppercase()
                        ),
                        words!(
                            "đặt các hàm tổng hợp cạnh nhau, ví dụ SUM(a) / COUNT(*)",
                            "aggregates stand side by side, for example SUM(a) / COUNT(*)"
                        ),
                    );
                    return None;
                }
                _ => return self.unknown_function(call),
            },
        })
    }

    /// Values that must be of one type.
    fn alike(&mut self, whole: &Node, nodes: &[&Node]) -> Option<(Vec<Row>, Type)> {
        let typed: Vec<Option<(Row, Type)>> = nodes.iter().map(|node| self.row(node)).collect();
        let mut rows = Vec::with_capacity(nodes.len());
        let mut common = Type::Any;
        let mut differ = None;
        for typed in typed {
            let (row, found) = typed?;
            if !found.fits(common) {
                differ = Some((common, found));
            }
            common = common.or(found);
            rows.push(row);
        }
        if let Some((first, other)) = differ {
            self.problem(
                whole,
                "formula.type",
                words!(
                    "các giá trị không cùng loại: {first} và {other}",
                    "the values do not go together: {first} and {other}",
                    first = first.words(),
                    other = other.words()
                ),
                mismatch_remedy(first, other),
            );
            return None;
        }
        Some((rows, common))
    }

    fn comparison(
        &mut self,
        node: &Node,
        op: Comparison,
        left: &Node,
        right: &Node,
    ) -> Option<(Row, Type)> {
        let (rows, found) = self.alike(node, &[left, right])?;
        self.comparable(node, found)?;
        let equality = matches!(op, Comparison::Equal | Comparison::Unequal);
        if !equality && !found.fits(Type::Number) {
            self.problem(
                node,
                "formula.type",
                words!("{found} không có thứ tự", "{found} has no order", found = found.words()),
                words!(
                    "chỉ so sánh số bằng < <= > >=; phân loại thì dùng = <> IN",
                    "only numbers are compared with < <= > >=; categories with = <> IN"
                ),
            );
            return None;
        }
        self.known_values(left, std::iter::once(right));
        self.known_values(right, std::iter::once(left));
        let mut rows = rows.into_iter();
        let (left, right) = (rows.next()?, rows.next()?);
        Some((Row::Compare(op, Box::new(left), Box::new(right)), Type::Flag))
    }

    /// Identities of different columns are not of one kind, and there is no way to write one.
    fn comparable(&mut self, node: &Node, found: Type) -> Option<()> {
        if found != Type::Id {
            return Some(());
        }
        self.problem(
            node,
            "formula.type",
            words!(
                "mã định danh không dùng để so sánh hay lựa chọn",
                "identities are neither compared nor chosen between"
            ),
            words!(
                "đếm bằng COUNT(DISTINCT …), hoặc hỏi IS NULL",
                "count them with COUNT(DISTINCT …), or ask IS NULL"
            ),
        );
        None
    }

    /// Texts compared with a column must be among its categories.
    fn known_values<'n>(&mut self, of: &Node, values: impl Iterator<Item = &'n Node>) {
        let Shape::Column(name) = &of.shape else { return };
        let Some((_, column)) = self.catalogue.find(name) else { return };
        if column.column_type != ColumnType::Category || column.categories.is_empty() {
            return;
        }
        let codes: Vec<&str> = column.categories.iter().map(|(code, _)| code.as_str()).collect();
        for value in values {
            let Shape::Text(text) = &value.shape else { continue };
            if codes.contains(&text.as_str()) {
                continue;
            }
            let remedy = nearest(text, codes.iter().copied()).map_or_else(
                || {
                    words!(
                        "các giá trị là {codes}",
                        "its values are {codes}",
                        codes = quoted_list(&codes)
                    )
                },
                |near| words!("có phải ý bạn là '{near}'?", "did you mean '{near}'?", near),
            );
            self.problem(
                value,
                "formula.unknown-value",
                words!(
                    "'{text}' không phải là giá trị của `{name}`",
                    "'{text}' is no value of `{name}`",
                    text,
                    name
                ),
                remedy,
            );
        }
    }
}

fn quoted_list(codes: &[&str]) -> String {
    codes.iter().map(|code| format!("'{code}'")).collect::<Vec<_>>().join(", ")
}

fn mismatch_remedy(first: Type, other: Type) -> Words {
    match (first, other) {
        (Type::Flag, _) | (_, Type::Flag) => {
            words!(
                "giá trị đúng hoặc sai tự nó là điều kiện: viết registered hoặc NOT registered",
                "a flag is a condition by itself: write registered or NOT registered"
            )
        }
        (Type::Text, _) | (_, Type::Text) => words!(
            "so sánh phân loại với chữ: kind = 'HTX'",
            "categories are compared with texts: kind = 'HTX'"
        ),
        _ => words!("dùng các giá trị cùng một loại", "use values of one type"),
    }
}

/// Whether an aggregate stands anywhere in the node.
fn holds_aggregate(node: &Node) -> bool {
    match &node.shape {
        Shape::Column(_) | Shape::Number(_) | Shape::Text(_) | Shape::Flag(_) | Shape::Missing => {
            false
        }
        Shape::Negate(inner) | Shape::Not(inner) | Shape::IsMissing(inner) => {
            holds_aggregate(inner)
        }
        Shape::Arithmetic(_, left, right)
        | Shape::Compare(_, left, right)
        | Shape::And(left, right)
        | Shape::Or(left, right) => holds_aggregate(left) || holds_aggregate(right),
        Shape::In(of, items) => holds_aggregate(of) || items.iter().any(holds_aggregate),
        Shape::Between(of, low, high) => {
            holds_aggregate(of) || holds_aggregate(low) || holds_aggregate(high)
        }
        Shape::Case(arms, otherwise) => {
            arms.iter()
                .any(|(condition, value)| holds_aggregate(condition) || holds_aggregate(value))
                || otherwise.as_deref().is_some_and(holds_aggregate)
        }
        Shape::Call(call) => {
            aggregate_named(&call.name).is_some() || call.arguments.iter().any(holds_aggregate)
        }
    }
}
