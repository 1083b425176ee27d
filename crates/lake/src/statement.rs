//! One SQL statement for some indicators: numerator, denominator and value for every unit and year.
//!
//! What adds up is computed for the rows of each unit first and carried up the tree by a join with `above`, which says of each unit
//! which units it lies in, itself included. Middle values are taken over all rows below a unit at once. What is told apart is
//! counted once in each unit however often it comes below it: of the places in which the same thing is met, in the order of the
//! units, each counts in all units above it that the place before does not lie in. Everything below a unit stands in one run right behind it,
//! so that the place before lies in a unit exactly where it does not stand before it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use hoptac_model::formula::Formula;
use hoptac_model::formula::tree::Aggregate;

use crate::manifest::Definition;
use crate::sql::{Ground, Lowered, Piece, Things, Untranslatable, name, number, word};

/// How the figures of an indicator are worked out, which decides with which others they are asked together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// Everything adds up the tree.
    Rows,
    /// There is a middle value.
    Medians,
    /// Values or partners of contracts are told apart.
    Distinct,
    /// Members are told apart.
    Persons,
}

impl Part {
    pub(crate) const ALL: [Self; 4] = [Self::Rows, Self::Medians, Self::Distinct, Self::Persons];

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Medians => "medians",
            Self::Distinct => "distinct",
            Self::Persons => "persons",
        }
    }
}

/// What an indicator is divided by.
#[derive(Clone, Debug)]
enum Below {
    Nothing,
    Formula(Formula),
    /// A published series.
    Figure(String),
}

/// An indicator whose formulas are read and can be said in SQL.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    above: Formula,
    below: Below,
    scale: f64,
    part: Part,
    /// Whether sums of broken numbers are in it, whose last digits depend on the order in which they are added.
    pub(crate) real: bool,
}

impl Asked {
    /// Reads an indicator's formulas and sees that they can be said in SQL.
    pub(crate) fn new(definition: &Definition, ground: &Ground) -> Result<Self, Untranslatable> {
        let read = |text: &str| {
            Formula::parse(text, &ground.catalogue).map_err(|problems| {
                let said = problems.first().map(|problem| problem.message.en.clone());
                Untranslatable::Unreadable(said.unwrap_or_default())
            })
        };
        let above = read(&definition.numerator)?;
        let below = match (&definition.denominator, &definition.denominator_figure) {
            (Some(text), _) => Below::Formula(read(text)?),
            (None, Some(series)) => Below::Figure(series.clone()),
            (None, None) => Below::Nothing,
        };
        let mut asked =
            Self { above, below, scale: definition.scale, part: Part::Rows, real: false };
        for aggregate in asked.clone().aggregates() {
            let lowered = ground.aggregate(aggregate)?;
            let (part, real) = match &lowered {
                Lowered::Count(_) => (Part::Rows, false),
                Lowered::Added { real, .. } | Lowered::Average { real, .. } => (Part::Rows, *real),
                Lowered::Middle { .. } => (Part::Medians, false),
                Lowered::Different { things: Things::Held { key: "person", .. }, .. } => {
                    (Part::Persons, false)
                }
                Lowered::Different { .. } => (Part::Distinct, false),
            };
            asked.part = asked.part.max(part);
            asked.real |= real;
        }
        Ok(asked)
    }

    /// With which others it is asked.
    pub(crate) fn part(&self) -> Part {
        self.part
    }

    fn formulas(&self) -> impl Iterator<Item = &Formula> {
        let below = match &self.below {
            Below::Formula(formula) => Some(formula),
            Below::Nothing | Below::Figure(_) => None,
        };
        std::iter::once(&self.above).chain(below)
    }

    fn aggregates(&self) -> Vec<&Aggregate> {
        let mut aggregates = Vec::new();
        for formula in self.formulas() {
            formula.tree().each_aggregate(&mut |aggregate| aggregates.push(aggregate));
        }
        aggregates
    }
}

/// A statement while it is put together.
#[derive(Default)]
struct Statement {
    /// Pieces that add up, each with its column.
    pieces: Vec<Piece>,
    middles: Vec<String>,
    /// Tables of their own with a column `n`, by their text.
    tables: Vec<String>,
    series: Vec<String>,
}

/// The place of something in a list, to which it is added where it is new.
fn place<T: PartialEq>(list: &mut Vec<T>, thing: T) -> usize {
    list.iter().position(|known| *known == thing).unwrap_or_else(|| {
        list.push(thing);
        list.len() - 1
    })
}

impl Statement {
    /// The value of an aggregate as floating point.
    fn value(&mut self, lowered: Lowered) -> String {
        let mut piece = |piece: Piece| format!("r.\"a{}\"", place(&mut self.pieces, piece));
        match lowered {
            Lowered::Count(count) => format!("COALESCE(CAST({} AS DOUBLE), 0.0)", piece(count)),
            Lowered::Added { piece: added, .. } => format!("CAST({} AS DOUBLE)", piece(added)),
            Lowered::Average { sum, count, .. } => {
                let (sum, count) = (piece(sum), piece(count));
                format!("(CAST({sum} AS DOUBLE) / NULLIF(CAST({count} AS DOUBLE), 0.0))")
            }
            Lowered::Middle { of, filter } => {
                let of = match filter {
                    Some(filter) => format!("CASE WHEN {filter} THEN {of} END"),
                    None => of,
                };
                format!("m.\"m{}\"", place(&mut self.middles, of))
            }
            Lowered::Different { things, filter } => {
                let table = different(&things, filter.as_deref());
                format!("COALESCE(CAST(d{}.\"n\" AS DOUBLE), 0.0)", place(&mut self.tables, table))
            }
        }
    }
}

/// How many different things there are in each unit and year.
fn different(things: &Things, filter: Option<&str>) -> String {
    let conditions = |first: String| match filter {
        Some(filter) => format!("{first} AND {filter}"),
        None => first,
    };
    let met = match things {
        Things::Values(of) => format!(
            "SELECT \"year\", \"at_unit\" AS \"unit\", {of} AS \"thing\" FROM facts WHERE {}",
            conditions(format!("{of} IS NOT NULL"))
        ),
        Things::Held { table, key, known } => format!(
            "SELECT f.\"year\" AS \"year\", f.\"at_unit\" AS \"unit\", h.{} AS \"thing\" FROM (\
             SELECT \"year\", \"at_unit\", \"organisation\", \"on_day\" FROM facts WHERE {}) f \
             JOIN {table} h ON h.\"organisation\" = f.\"organisation\" AND h.\"from_day\" <= f.\"on_day\" \
             AND (h.\"until_day\" IS NULL OR h.\"until_day\" > f.\"on_day\")",
            name(key),
            conditions(name(known))
        ),
    };
    // A window for each person would be a million windows of one row. A window holds some thousands of them one behind the other.
    let lot = match things {
        Things::Values(_) => "\"thing\"",
        Things::Held { .. } => "\"thing\" % 1024",
    };
    let before = |column: &str| {
        format!(
            "lag(\"{column}\") OVER (PARTITION BY {lot} ORDER BY \"thing\", \"year\", \"unit\")"
        )
    };
    format!(
        "SELECT a.\"above\" AS \"unit\", g.\"year\" AS \"year\", sum(g.\"n\") AS \"n\" FROM (\
         SELECT \"year\", \"unit\", \"before\", count(*) AS \"n\" FROM (\
         SELECT \"year\", \"unit\", CASE WHEN \"thing_before\" = \"thing\" AND \"year_before\" = \"year\" \
         THEN \"unit_before\" END AS \"before\" FROM (\
         SELECT \"year\", \"unit\", \"thing\", {} AS \"thing_before\", {} AS \"year_before\", {} AS \"unit_before\" FROM (\
         {met}) t) l) w GROUP BY \"year\", \"unit\", \"before\") g \
         JOIN above a ON a.\"unit\" = g.\"unit\" AND (g.\"before\" IS NULL OR g.\"before\" < a.\"above\") \
         GROUP BY a.\"above\", g.\"year\"",
        before("thing"),
        before("year"),
        before("unit"),
    )
}

/// The statement of some indicators. Its columns are `unit`, `year`, and for the indicator at each place `n`, `d` and `v` with the number of the
/// place: numerator, denominator and value.
pub(crate) fn of(asked: &[&Asked], ground: &Ground) -> Result<String, Untranslatable> {
    let mut statement = Statement::default();
    let mut columns = String::new();
    for (at, indicator) in asked.iter().enumerate() {
        let mut said = |formula: &Formula| -> Result<String, Untranslatable> {
            let mut lowered = Vec::new();
            let mut wrong = None;
            formula.tree().each_aggregate(&mut |aggregate| match ground.aggregate(aggregate) {
                Ok(one) => lowered.push(one),
                Err(error) => wrong = Some(error),
            });
            if let Some(error) = wrong {
                return Err(error);
            }
            let mut lowered = lowered.into_iter();
            let (sql, _) = Ground::outer(formula.tree(), &mut |_| {
                // There are as many as were met on the way.
                lowered
                    .next()
                    .map_or_else(|| "CAST(NULL AS DOUBLE)".to_owned(), |one| statement.value(one))
            });
            Ok(sql)
        };
        let above = said(&indicator.above)?;
        let below = match &indicator.below {
            Below::Nothing => None,
            Below::Formula(formula) => Some(said(formula)?),
            Below::Figure(series) => {
                let at = place(&mut statement.series, series.clone());
                Some(format!("p{at}.\"value\""))
            }
        };
        let scale = number(indicator.scale);
        let (below, value) = match below {
            None => ("CAST(NULL AS DOUBLE)".to_owned(), format!("{scale} * {above}")),
            Some(below) => (below.clone(), format!("({scale} * {above}) / NULLIF({below}, 0.0)")),
        };
        // Where there is no quotient, the value is all there is.
        let numerator = match indicator.below {
            Below::Nothing => "CAST(NULL AS DOUBLE)".to_owned(),
            Below::Formula(_) | Below::Figure(_) => above,
        };
        let _ = write!(
            columns,
            ",\n  {numerator} AS \"n{at}\", {below} AS \"d{at}\", {value} AS \"v{at}\""
        );
    }
    Ok(statement.text(&columns))
}

impl Statement {
    fn text(&self, columns: &str) -> String {
        let mut tables: BTreeMap<usize, (String, String)> = BTreeMap::new();
        let mut add = |alias: String, query: String| {
            let at = tables.len();
            tables.insert(at, (alias, query));
        };
        if !self.pieces.is_empty() {
            let (mut own, mut merged) = (String::new(), String::new());
            for (at, piece) in self.pieces.iter().enumerate() {
                let _ = write!(own, ", {} AS \"a{at}\"", piece.own);
                let _ = write!(merged, ", {}(o.\"a{at}\") AS \"a{at}\"", piece.merge);
            }
            let own = format!(
                "SELECT \"at_unit\" AS \"unit\", \"year\"{own} FROM facts GROUP BY \"at_unit\", \"year\""
            );
            let query = format!(
                "SELECT a.\"above\" AS \"unit\", o.\"year\" AS \"year\"{merged} FROM ({own}) o \
                 JOIN above a ON a.\"unit\" = o.\"unit\" GROUP BY a.\"above\", o.\"year\""
            );
            add("r".to_owned(), query);
        }
        if !self.middles.is_empty() {
            let (mut of, mut middles) = (String::new(), String::new());
            for (at, middle) in self.middles.iter().enumerate() {
                let _ = write!(of, ", {middle} AS \"x{at}\"");
                let _ = write!(middles, ", median(f.\"x{at}\") AS \"m{at}\"");
            }
            let query = format!(
                "SELECT a.\"above\" AS \"unit\", f.\"year\" AS \"year\"{middles} FROM (\
                 SELECT \"at_unit\" AS \"unit\", \"year\"{of} FROM facts) f \
                 JOIN above a ON a.\"unit\" = f.\"unit\" GROUP BY a.\"above\", f.\"year\""
            );
            add("m".to_owned(), query);
        }
        for (at, query) in self.tables.iter().enumerate() {
            add(format!("d{at}"), query.clone());
        }
        for (at, series) in self.series.iter().enumerate() {
            // Of the figures known by the day the newest holds, of two of a day the one that was written last.
            let query = format!(
                "SELECT \"unit\", \"year\", \"value\" FROM (\
                 SELECT g.\"unit\" AS \"unit\", y.\"year\" AS \"year\", g.\"value\" AS \"value\", row_number() OVER (\
                 PARTITION BY g.\"unit\", y.\"year\" ORDER BY g.\"as_of\" DESC, g.\"number\" DESC) AS \"rank\" \
                 FROM figures g JOIN years y ON g.\"as_of\" <= y.\"on_day\" WHERE g.\"series\" = {}) ranked WHERE \"rank\" = 1",
                word(series)
            );
            add(format!("p{at}"), query);
        }
        let mut text = format!(
            "SELECT c.\"unit\" AS \"unit\", c.\"year\" AS \"year\"{columns}\nFROM (SELECT u.\"number\" AS \"unit\", y.\"year\" AS \"year\" FROM units u CROSS JOIN years y) c"
        );
        for (alias, query) in tables.into_values() {
            let _ = write!(
                text,
                "\nLEFT JOIN (\n  {query}\n) {alias} ON {alias}.\"unit\" = c.\"unit\" AND {alias}.\"year\" = c.\"year\""
            );
        }
        text
    }
}
