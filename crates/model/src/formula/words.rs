//! Says a formula in people's language, with the labels of the columns.

use super::show_number;
use super::tree::{Aggregate, Arithmetic, Comparison, Function, Outer, Row};
use crate::fact::{Catalogue, Column};
use crate::text::Language;

/// The whole formula as a sentence.
pub(super) fn sentence(tree: &Outer, catalogue: &Catalogue, language: Language) -> String {
    let said = Saying { catalogue, vi: language == Language::Vi, language }.outer(tree);
    let start = said.find(char::is_alphanumeric).unwrap_or(0);
    let (before, rest) = said.split_at(start);
    let mut chars = rest.chars();
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{before}{first}{}.", chars.as_str())
}

/// A condition or a value of one row.
pub(super) fn row(row: &Row, catalogue: &Catalogue, language: Language) -> String {
    Saying { catalogue, vi: language == Language::Vi, language }.row(row)
}

struct Saying<'a> {
    catalogue: &'a Catalogue,
    vi: bool,
    language: Language,
}

impl Saying<'_> {
    fn pick(&self, vi: &'static str, en: &'static str) -> &'static str {
        if self.vi { vi } else { en }
    }

    fn column(&self, index: usize) -> Option<&Column> {
        self.catalogue.columns().get(index)
    }

    fn label(&self, index: usize) -> String {
        self.column(index)
            .map_or_else(String::new, |column| column.label.get(self.language).to_owned())
    }

    fn number(&self, value: f64) -> String {
        show_number(None, value, self.language)
    }

    fn outer(&self, tree: &Outer) -> String {
        match tree {
            Outer::Number(value) => self.number(*value),
            Outer::Missing => self.missing(),
            Outer::Aggregate(aggregate) => self.aggregate(aggregate),
            Outer::Negate(inner) => format!("−{}", self.operand(inner)),
            Outer::Arithmetic(op, left, right) => {
                format!("{} {} {}", self.operand(left), sign(*op), self.operand(right))
            }
            Outer::Coalesce(items) => {
                self.or_else(&items.iter().map(|item| self.outer(item)).collect::<Vec<_>>())
            }
            Outer::NullIf(left, right) => self.unless(&self.outer(left), &self.outer(right)),
        }
    }

    /// A part of a calculation, in parentheses where it would run into its neighbours.
    fn operand(&self, tree: &Outer) -> String {
        let said = self.outer(tree);
        let plain = match tree {
            Outer::Number(_) | Outer::Missing => true,
            Outer::Aggregate(aggregate) => aggregate.filter.is_none(),
            Outer::Negate(_) | Outer::Arithmetic(..) | Outer::Coalesce(_) | Outer::NullIf(..) => {
                false
            }
        };
        if plain { said } else { format!("({said})") }
    }

    fn aggregate(&self, aggregate: &Aggregate) -> String {
        let of = aggregate.of.as_ref().map(|of| self.row(of));
        let what = match (aggregate.function, of) {
            (Function::Count, None) => {
                self.pick("số tổ chức", "the number of organisations").to_owned()
            }
            (Function::Count, Some(of)) => format!(
                "{} “{of}”",
                self.pick("số tổ chức có số liệu", "the number of organisations with data on")
            ),
            (function, of) => {
                let (vi, en) = match function {
                    Function::CountDistinct => {
                        ("số giá trị khác nhau của", "the number of different values of")
                    }
                    Function::Sum | Function::Count => ("tổng", "the sum of"),
                    Function::Average => ("bình quân", "the average of"),
                    Function::Minimum => ("giá trị nhỏ nhất của", "the least of"),
                    Function::Maximum => ("giá trị lớn nhất của", "the greatest of"),
                    Function::Median => ("trung vị của", "the median of"),
                };
                format!("{} “{}”", self.pick(vi, en), of.unwrap_or_default())
            }
        };
        let conditions: Vec<String> =
            aggregate.conditions().iter().map(|condition| self.row(condition)).collect();
        if conditions.is_empty() {
            return what;
        }
        // A sum speaks of values, a count of the organisations themselves.
        let whose = match (aggregate.function, &aggregate.of) {
            (Function::Count, _) => self.pick("thỏa điều kiện", "that satisfy"),
            _ => self.pick("của các tổ chức thỏa điều kiện", "of organisations that satisfy"),
        };
        format!("{what} {whose}: {}", conditions.join("; "))
    }

    fn row(&self, row: &Row) -> String {
        match row {
            Row::Column(index) => self.label(*index),
            Row::Number(value) => self.number(*value),
            Row::Text(text) => format!("“{text}”"),
            Row::Flag(true) => self.pick("có", "yes").to_owned(),
            Row::Flag(false) => self.pick("không", "no").to_owned(),
            Row::Missing => self.missing(),
            Row::Negate(inner) => format!("−{}", self.nested(inner)),
            Row::Arithmetic(op, left, right) => {
                format!("{} {} {}", self.nested(left), sign(*op), self.nested(right))
            }
            Row::Compare(op, left, right) => self.comparison(*op, left, right),
            Row::And(items) => self.joined(items, self.pick(" và ", " and ")),
            Row::Or(items) => self.joined(items, self.pick(" hoặc ", " or ")),
            Row::Not(inner) => self.negation(inner),
            Row::In(of, items) => {
                format!("{} {} {}", self.row(of), self.pick("là", "is"), self.choices(of, items))
            }
            Row::Between(of, low, high) => format!(
                "{} {} {} {} {}",
                self.row(of),
                self.pick("từ", "from"),
                self.value_of(of, low),
                self.pick("đến", "to"),
                self.value_of(of, high)
            ),
            Row::IsMissing(inner) => {
                format!("{} “{}”", self.pick("chưa có số liệu", "no data on"), self.row(inner))
            }
            Row::Case(arms, otherwise) => {
                let mut parts: Vec<String> = arms
                    .iter()
                    .map(|(condition, value)| {
                        format!(
                            "{} {} {}",
                            self.row(value),
                            self.pick("nếu", "if"),
                            self.row(condition)
                        )
                    })
                    .collect();
                if let Some(otherwise) = otherwise {
                    parts.push(format!(
                        "{} {}",
                        self.pick("còn lại là", "otherwise"),
                        self.row(otherwise)
                    ));
                }
                parts.join(", ")
            }
            Row::Coalesce(items) => {
                self.or_else(&items.iter().map(|item| self.row(item)).collect::<Vec<_>>())
            }
            Row::NullIf(left, right) => self.unless(&self.row(left), &self.row(right)),
        }
    }

    fn comparison(&self, op: Comparison, left: &Row, right: &Row) -> String {
        let text = matches!(left, Row::Text(_)) || matches!(right, Row::Text(_));
        // People name the column first, whichever way round the formula has it.
        let (op, left, right) =
            if matches!(right, Row::Column(_)) && !matches!(left, Row::Column(_)) {
                (mirrored(op), right, left)
            } else {
                (op, left, right)
            };
        let word = match op {
            Comparison::Equal if text => self.pick("là", "is"),
            Comparison::Equal => self.pick("bằng", "equals"),
            Comparison::Unequal if text => self.pick("không phải là", "is not"),
            Comparison::Unequal => self.pick("khác", "differs from"),
            Comparison::Less => self.pick("dưới", "under"),
            Comparison::AtMost => self.pick("không quá", "at most"),
            Comparison::More => self.pick("trên", "over"),
            Comparison::AtLeast => self.pick("ít nhất", "at least"),
        };
        format!("{} {word} {}", self.nested(left), self.value_of(left, right))
    }

    fn negation(&self, inner: &Row) -> String {
        if let Row::IsMissing(of) = inner {
            return format!("{} “{}”", self.pick("có số liệu", "data on"), self.row(of));
        }
        if let Row::In(of, items) = inner {
            let is_not = self.pick("không phải là", "is not");
            return format!("{} {is_not} {}", self.row(of), self.choices(of, items));
        }
        format!("{} “{}”", self.pick("không phải", "not"), self.row(inner))
    }

    /// The values of a list: `Hợp tác xã hoặc Liên hiệp hợp tác xã`.
    fn choices(&self, of: &Row, items: &[Row]) -> String {
        let values: Vec<String> = items.iter().map(|item| self.value_of(of, item)).collect();
        values.join(self.pick(" hoặc ", " or "))
    }

    /// A value beside a column: categories by the name that people call them.
    fn value_of(&self, of: &Row, value: &Row) -> String {
        if let (Row::Column(index), Row::Text(code)) = (of, value)
            && let Some(column) = self.column(*index)
            && let Some((_, words)) = column.categories.iter().find(|(known, _)| known == code)
        {
            return words.get(self.language).to_owned();
        }
        if let (Row::Column(index), Row::Number(number)) = (of, value) {
            return show_number(self.column(*index), *number, self.language);
        }
        self.nested(value)
    }

    fn joined(&self, items: &[Row], with: &str) -> String {
        items.iter().map(|item| self.nested(item)).collect::<Vec<_>>().join(with)
    }

    /// What is made of several parts is put in parentheses.
    fn nested(&self, row: &Row) -> String {
        let said = self.row(row);
        let compound = matches!(
            row,
            Row::And(_)
                | Row::Or(_)
                | Row::Arithmetic(..)
                | Row::Case(..)
                | Row::Coalesce(_)
                | Row::NullIf(..)
        );
        if compound { format!("({said})") } else { said }
    }

    fn missing(&self) -> String {
        self.pick("chưa có số liệu", "no data").to_owned()
    }

    fn or_else(&self, items: &[String]) -> String {
        items.join(self.pick(", nếu chưa có số liệu thì ", ", or where that is missing "))
    }

    fn unless(&self, value: &str, except: &str) -> String {
        format!("{value} {} {except}", self.pick("trừ khi bằng", "unless it is"))
    }
}

fn sign(op: Arithmetic) -> &'static str {
    match op {
        Arithmetic::Add => "+",
        Arithmetic::Subtract => "−",
        Arithmetic::Multiply => "×",
        Arithmetic::Divide => "÷",
    }
}

/// The comparison read from right to left.
fn mirrored(op: Comparison) -> Comparison {
    match op {
        Comparison::Less => Comparison::More,
        Comparison::AtMost => Comparison::AtLeast,
        Comparison::More => Comparison::Less,
        Comparison::AtLeast => Comparison::AtMost,
        Comparison::Equal | Comparison::Unequal => op,
    }
}
