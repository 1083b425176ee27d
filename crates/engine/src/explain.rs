//! A value opened into its records: who counts, who does not, and the first condition that fails.

use std::sync::Arc;

use hoptac_model::fact::{Catalogue, ColumnType};
use hoptac_model::formula::tree::{Aggregate, Arithmetic, Outer, Row};
use hoptac_model::formula::{Formula, row_words, show_number};
use hoptac_model::ids::{IndicatorId, UnitId};
use hoptac_model::text::{Language, Words};

use crate::basis::{Ask, Sheets};
use crate::board::{Board, Explanation, Record};
use crate::facts::{Datum, Facts, Moment};
use crate::measure::{Denominator, Reckoning};
use crate::row::{Part, part, value};

/// All records of a unit and year, those that count first.
pub(crate) fn explain(
    board: &Board,
    indicator: &IndicatorId,
    unit: &UnitId,
    year: i16,
) -> Option<Explanation> {
    let index = board.indicator_index(indicator)?;
    let reckoning = board.frame.reckonings.get(index)?;
    let moment = board.moment_of(year)?;
    let measured = &board.measured;
    let at = measured.geography.find(unit)?;
    let mut records: Vec<Record> = Vec::new();
    let moments: Arc<[Moment]> = [*measured.moments.get(moment)?].into();
    let wanted = board.frame.columns_of([reckoning]);
    let sheets = measured.basis.sheets(Ask {
        frame: &board.frame,
        geography: &measured.geography,
        moments: &moments,
        wanted: &wanted,
    });
    for (facts, rows) in sheets.rows(0, measured.geography.subtree(at)) {
        let sight = Sight::new(reckoning, facts, &board.frame.catalogue);
        records.extend(rows.filter_map(|row| sight.record(row)));
    }
    records
        .sort_by_key(|record| (!record.in_numerator, !record.in_denominator, record.organisation));
    let counted =
        records.iter().filter(|record| record.in_numerator || record.in_denominator).count();
    Some(Explanation {
        indicator: indicator.clone(),
        unit: unit.clone(),
        year,
        on: measured.moments.get(moment)?.on,
        cell: measured.cell(index, at, moment),
        formula: written(board, index)?,
        counted,
        left_out: records.len() - counted,
        records,
    })
}

/// How many organisations stand behind a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Behind {
    /// That add to the numerator.
    pub(crate) above: usize,
    /// That add to the denominator.
    pub(crate) below: usize,
    /// That there are.
    pub(crate) all: usize,
}

/// Counts the organisations behind the figure of a unit and year, whose facts `sheets` has.
pub(crate) fn behind(
    board: &Board,
    sheets: &Sheets<'_>,
    indicator: &IndicatorId,
    unit: &UnitId,
    year: i16,
) -> Option<Behind> {
    let reckoning = board.frame.reckonings.get(board.indicator_index(indicator)?)?;
    let moment = board.moment_of(year)?;
    let geography = &board.measured.geography;
    let mut behind = Behind { above: 0, below: 0, all: 0 };
    for (facts, rows) in sheets.rows(moment, geography.subtree(geography.find(unit)?)) {
        let sight = Sight::new(reckoning, facts, &board.frame.catalogue);
        for row in rows {
            behind.all += 1;
            behind.above += usize::from(sight.adds(sight.numerator, row));
            behind.below += usize::from(sight.adds(sight.denominator, row));
        }
    }
    Some(behind)
}

/// The formula as one line.
fn written(board: &Board, index: usize) -> Option<String> {
    let indicator = board.frame.pack.indicators.get(index)?;
    let scaled = (indicator.scale - 1.0).abs() > f64::EPSILON;
    let denominator = indicator
        .denominator
        .as_deref()
        .or(indicator.denominator_figure.as_ref().map(IndicatorId::as_str));
    let mut parts = Vec::new();
    if scaled {
        parts.push(format!("{} *", indicator.scale));
    }
    parts.push(operand(&indicator.numerator, scaled || denominator.is_some()));
    if let Some(denominator) = denominator {
        parts.push(format!("/ {}", operand(denominator, true)));
    }
    Some(parts.join(" "))
}

/// A formula as a part of another: in parentheses where it is more than one aggregate.
fn operand(text: &str, inside: bool) -> String {
    let mut depth = 0_i32;
    let compound = text.chars().any(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth == 0 && matches!(c, '+' | '-' | '*' | '/')
    });
    if inside && compound { format!("({text})") } else { text.to_owned() }
}

/// An indicator's formulas over the facts, seen record by record.
struct Sight<'a> {
    facts: &'a Facts,
    catalogue: &'a Catalogue,
    numerator: Option<&'a Formula>,
    denominator: Option<&'a Formula>,
}

/// What a formula does with a record.
enum Outcome<'a> {
    /// It counts through this aggregate, with this value.
    Counts(&'a Aggregate, Datum<'a>),
    /// It does not; what the first aggregate says.
    LeftOut(Part<'a>),
}

impl<'a> Sight<'a> {
    fn new(reckoning: &'a Reckoning, facts: &'a Facts, catalogue: &'a Catalogue) -> Self {
        let denominator = match &reckoning.denominator {
            Denominator::Formula(formula) => Some(formula),
            Denominator::None | Denominator::Figure | Denominator::Unreadable => None,
        };
        Self { facts, catalogue, numerator: reckoning.numerator.as_ref(), denominator }
    }

    /// What the indicator does with the organisation of a row.
    fn record(&self, row: usize) -> Option<Record> {
        let above = self.numerator.and_then(|formula| self.outcome(formula, row));
        let below = self.denominator.and_then(|formula| self.outcome(formula, row));
        let counts = |outcome: &Option<Outcome<'_>>| matches!(outcome, Some(Outcome::Counts(..)));
        let in_numerator = counts(&above);
        Some(Record {
            organisation: self.facts.organisation(row)?,
            in_numerator,
            in_denominator: counts(&below),
            contribution: self
                .numerator
                .filter(|_| in_numerator)
                .and_then(|formula| contribution(formula.tree(), self.facts, row)),
            why: self.why(above.as_ref(), below.as_ref(), row),
        })
    }

    /// Whether the organisation of a row counts in a formula, and not with zero: who adds nothing to a sum does not hide
    /// those who do.
    fn adds(&self, formula: Option<&'a Formula>, row: usize) -> bool {
        formula.is_some_and(|formula| {
            matches!(self.outcome(formula, row), Some(Outcome::Counts(..)))
                && contribution(formula.tree(), self.facts, row) != Some(0.0)
        })
    }

    /// A record counts in a formula when it counts in one of its aggregates; none where the formula has none.
    fn outcome(&self, formula: &'a Formula, row: usize) -> Option<Outcome<'a>> {
        let mut counts = None;
        let mut first = None;
        formula.tree().each_aggregate(&mut |aggregate| {
            let part = part(aggregate, self.facts, row);
            if let (Part::Counts(value), None) = (part, &counts) {
                counts = Some(Outcome::Counts(aggregate, value));
            }
            first.get_or_insert(part);
        });
        counts.or(first.map(Outcome::LeftOut))
    }

    /// One sentence.
    fn why(&self, above: Option<&Outcome<'a>>, below: Option<&Outcome<'a>>, row: usize) -> Words {
        match (above, below) {
            (Some(Outcome::Counts(aggregate, value)), below) => {
                let reason = self.met(aggregate, *value);
                let (vi, en) = match below {
                    None => ("Được tính", "Counts"),
                    Some(Outcome::Counts(..)) => {
                        ("Được tính vào cả tử số và mẫu số", "Counts in numerator and denominator")
                    }
                    Some(Outcome::LeftOut(_)) => {
                        ("Chỉ được tính vào tử số", "Counts in the numerator only")
                    }
                };
                Words { vi: format!("{vi}{}.", reason.vi), en: format!("{en}{}.", reason.en) }
            }
            (Some(Outcome::LeftOut(part)), Some(Outcome::Counts(..))) => {
                let reason = self.unmet(*part, row);
                Words {
                    vi: format!("Chỉ được tính vào mẫu số: {}.", reason.vi),
                    en: format!("Counts in the denominator only: {}.", reason.en),
                }
            }
            // A record outside the population is told so before anything else.
            (_, Some(Outcome::LeftOut(part))) | (Some(Outcome::LeftOut(part)), None) => {
                let reason = self.unmet(*part, row);
                Words {
                    vi: format!("Không được tính: {}.", reason.vi),
                    en: format!("Does not count: {}.", reason.en),
                }
            }
            (None, Some(Outcome::Counts(..))) => {
                Words::new("Chỉ được tính vào mẫu số.", "Counts in the denominator only.")
            }
            (None, None) => {
                Words::new("Công thức không đọc bản ghi nào.", "The formula reads no records.")
            }
        }
    }

    /// Why a record counts: its value and the conditions that hold.
    fn met(&self, aggregate: &Aggregate, value: Datum<'_>) -> Words {
        let mut reason = Words::default();
        if let Some(of) = &aggregate.of {
            let label = row_words(of, self.catalogue);
            let value = self.shown(value, of);
            reason.vi = format!(" với “{}” là {}", label.vi, value.vi);
            reason.en = format!(" with “{}” {}", label.en, value.en);
        }
        let conditions: Vec<Words> = aggregate
            .conditions()
            .iter()
            .map(|condition| row_words(condition, self.catalogue))
            .collect();
        if !conditions.is_empty() {
            let list =
                |of: fn(&Words) -> &str| conditions.iter().map(of).collect::<Vec<_>>().join("; ");
            reason.vi = format!("{}: {}", reason.vi, list(|words| &words.vi));
            reason.en = format!("{}: {}", reason.en, list(|words| &words.en));
        }
        reason
    }

    /// Why a record does not count: the first condition that is not true, with what stands in the record.
    fn unmet(&self, part: Part<'_>, row: usize) -> Words {
        match part {
            Part::Counts(_) => Words::default(),
            Part::NoValue(of) => {
                let label = row_words(of, self.catalogue);
                Words {
                    vi: format!("chưa có số liệu “{}”", label.vi),
                    en: format!("no data on “{}”", label.en),
                }
            }
            Part::Fails(condition) => {
                let words = row_words(condition, self.catalogue);
                let known = value(condition, self.facts, row) != Datum::Missing;
                let there = self.there(condition, row);
                if known {
                    Words {
                        vi: format!("không thỏa điều kiện “{}”{}", words.vi, there.vi),
                        en: format!("“{}” does not hold{}", words.en, there.en),
                    }
                } else {
                    Words {
                        vi: format!("chưa đủ số liệu để biết “{}”{}", words.vi, there.vi),
                        en: format!("data is missing to tell “{}”{}", words.en, there.en),
                    }
                }
            }
        }
    }

    /// What stands in the columns of a condition, in parentheses; nothing for a plain flag, which says it itself.
    fn there(&self, condition: &Row, row: usize) -> Words {
        if matches!(condition, Row::Column(_)) {
            return Words::default();
        }
        let mut columns = Vec::new();
        condition.each_column(&mut |column| {
            if !columns.contains(&column) {
                columns.push(column);
            }
        });
        let mut vi = Vec::new();
        let mut en = Vec::new();
        for column in columns {
            let Some(known) = self.catalogue.columns().get(column) else { continue };
            if known.column_type == ColumnType::Id {
                continue;
            }
            let value = self.shown(self.facts.datum(column, row), &Row::Column(column));
            vi.push(format!("{}: {}", known.label.vi, value.vi));
            en.push(format!("{}: {}", known.label.en, value.en));
        }
        if vi.is_empty() {
            return Words::default();
        }
        Words { vi: format!(" ({})", vi.join("; ")), en: format!(" ({})", en.join("; ")) }
    }

    /// A value as people read it.
    fn shown(&self, value: Datum<'_>, of: &Row) -> Words {
        let column =
            if let Row::Column(column) = of { self.catalogue.columns().get(*column) } else { None };
        match value {
            Datum::Missing => Words::new("chưa có số liệu", "no data"),
            Datum::Flag(true) => Words::new("có", "yes"),
            Datum::Flag(false) => Words::new("không", "no"),
            Datum::Number(number) => Words {
                vi: show_number(column, number, Language::Vi),
                en: show_number(column, number, Language::En),
            },
            Datum::Text(code) => column
                .and_then(|column| column.categories.iter().find(|(known, _)| known == code))
                .map_or_else(|| Words::new(code, code), |(_, words)| words.clone()),
            Datum::Id(_) => Words::new("đã biết", "known"),
        }
    }
}

/// What a record adds to a formula whose records add up: a sum of counts and sums, multiplied or divided by numbers. None
/// for any other.
fn contribution(tree: &Outer, facts: &Facts, row: usize) -> Option<f64> {
    match linear(tree, facts, row)? {
        Linear::Part(part) => Some(part),
        Linear::Constant(_) => None,
    }
}

/// A piece of a formula, for one record.
enum Linear {
    /// The same for all records together, so that no record has a part in it.
    Constant(f64),
    /// This record's part.
    Part(f64),
}

fn linear(tree: &Outer, facts: &Facts, row: usize) -> Option<Linear> {
    use Linear::{Constant, Part as Share};
    Some(match tree {
        Outer::Number(number) => Constant(*number),
        Outer::Aggregate(aggregate) if aggregate.is_additive() => {
            let counting = aggregate.function == hoptac_model::formula::tree::Function::Count;
            Share(match part(aggregate, facts, row) {
                Part::Counts(_) if counting => 1.0,
                Part::Counts(value) => value.number()?,
                Part::Fails(_) | Part::NoValue(_) => 0.0,
            })
        }
        Outer::Aggregate(_) | Outer::Missing | Outer::NullIf(..) => return None,
        Outer::Negate(inner) => match linear(inner, facts, row)? {
            Constant(value) => Constant(-value),
            Share(value) => Share(-value),
        },
        Outer::Arithmetic(op, left, right) => {
            let (left, right) = (linear(left, facts, row)?, linear(right, facts, row)?);
            match (left, right) {
                (Constant(left), Constant(right)) => Constant(op.apply(left, right)?),
                (Share(left), Share(right))
                    if matches!(op, Arithmetic::Add | Arithmetic::Subtract) =>
                {
                    Share(op.apply(left, right)?)
                }
                (Share(left), Constant(right))
                    if matches!(op, Arithmetic::Multiply | Arithmetic::Divide) =>
                {
                    Share(op.apply(left, right)?)
                }
                (Constant(left), Share(right)) if *op == Arithmetic::Multiply => {
                    Share(op.apply(left, right)?)
                }
                _ => return None,
            }
        }
        // A sum over nothing taken as zero still adds up.
        Outer::Coalesce(items) => match items.as_slice() {
            [first, Outer::Number(0.0)] => linear(first, facts, row)?,
            _ => return None,
        },
    })
}
