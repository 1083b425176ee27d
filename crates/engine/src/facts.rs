//! Facts: one row per organisation and year, in typed columns, sorted so that the rows of a unit in a year are one run.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use hoptac_model::date::year_end;
use hoptac_model::packed::{Input, Output, Packed};
use hoptac_model::whole::Wholes;
use jiff::civil::Date;

use crate::bits::Bits;
use crate::layout::{Ground, Layout};
use crate::vector::{Flags, Numbers, Texts, Vector as _};

/// A year and the day whose state stands for it: its last, or the asked day if that is earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    pub(crate) on: Date,
    pub(crate) year: i16,
}

impl Moment {
    /// The moment that stands for a year when `as_of` is asked.
    pub(crate) fn of_year(year: i16, as_of: Date) -> Self {
        Self { on: year_end(year).min(as_of), year }
    }

    /// The moment of a day within its year.
    pub(crate) fn of_day(day: Date) -> Self {
        Self { on: day, year: day.year() }
    }
}

/// A value of one row and column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Datum<'a> {
    Missing,
    Flag(bool),
    Number(f64),
    Text(&'a str),
    Id(u32),
}

impl<'a> Datum<'a> {
    pub(crate) fn number(self) -> Option<f64> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }

    pub(crate) fn flag(self) -> Option<bool> {
        if let Self::Flag(flag) = self { Some(flag) } else { None }
    }

    pub(crate) fn text(self) -> Option<&'a str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

/// The values of one column.
#[derive(Clone, Debug)]
pub(crate) enum Column {
    Flag(Flags),
    /// Whole numbers: counts and đồng.
    Number {
        values: Wholes,
        known: Bits,
    },
    Category(Texts),
    /// Identities as small numbers; [`Column::NO_ID`] where there is none.
    Id(Vec<u32>),
    /// Several identities in a row, which [`crate::sets`] has: here stands which rows have any to tell.
    Ids(Bits),
    /// No formula names it.
    Unused,
}

impl Column {
    /// Stands where there is no identity.
    pub(crate) const NO_ID: u32 = u32::MAX;
}

/// A place in a list. Lists of more than four billion entries do not come up.
pub(crate) fn wide(at: u32) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX - 1)
}

/// The words of categories and of formulas, each with a code.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dictionary {
    words: Vec<String>,
    codes: BTreeMap<String, u16>,
}

impl Packed for Dictionary {
    fn shape(shape: &mut String) {
        shape.push_str("Dictionary:");
        Vec::<String>::shape(shape);
    }

    fn write(&self, out: &mut Output<'_>) {
        self.words.write(out);
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        let mut dictionary = Self::default();
        for word in Vec::<String>::read(input)? {
            dictionary.code(&word);
        }
        Some(dictionary)
    }
}

impl Dictionary {
    /// The code of a word, which is added where it is new.
    pub(crate) fn code(&mut self, word: &str) -> u16 {
        if let Some(code) = self.codes.get(word) {
            return *code;
        }
        // Categories and the texts of a pack's formulas are a few dozen words; past the end all others are one word.
        let code =
            u16::try_from(self.words.len()).unwrap_or(Texts::MISSING - 1).min(Texts::MISSING - 1);
        self.words.push(word.to_owned());
        self.codes.insert(word.to_owned(), code);
        code
    }

    /// The code of a word that is known; one that no value has for any other.
    pub(crate) fn find(&self, word: &str) -> u16 {
        self.codes.get(word).copied().unwrap_or(Texts::MISSING - 1)
    }

    /// Whether it has a word.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.codes.contains_key(word)
    }

    fn word(&self, code: u16) -> Option<&str> {
        self.words.get(usize::from(code)).map(String::as_str)
    }
}

/// Rows and their columns: those of all units, or of one.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// The years asked and the days of baselines.
    pub(crate) moments: Arc<[Moment]>,
    dictionary: Arc<Dictionary>,
    /// The organisation of each row.
    organisations: Vec<u32>,
    columns: Vec<Column>,
    /// The first row of each moment and unit, units within moments; one more at the end.
    starts: Vec<u32>,
    units: usize,
}

impl Facts {
    /// The facts of all units.
    pub(crate) fn new(ground: &Ground<'_>) -> Self {
        let layout = Layout::new(ground);
        let units = ground.geography.len();
        let (stretches, _) = layout.stretches(layout.organisations());
        layout.fill(&stretches, units)
    }

    /// Facts from their parts.
    pub(crate) fn of(
        moments: Arc<[Moment]>,
        dictionary: Arc<Dictionary>,
        organisations: Vec<u32>,
        columns: Vec<Column>,
        starts: Vec<u32>,
        units: usize,
    ) -> Self {
        Self { moments, dictionary, organisations, columns, starts, units }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.organisations.len()
    }

    /// The rows of some units that stand one behind the other, at a moment.
    pub(crate) fn run(&self, moment: usize, units: Range<usize>) -> Range<usize> {
        let start = |unit: usize| {
            let at = self.starts.get(moment * self.units + unit);
            at.map_or(0, |at| usize::try_from(*at).unwrap_or(0))
        };
        start(units.start)..start(units.end)
    }

    /// The organisation of a row.
    pub(crate) fn organisation(&self, row: usize) -> Option<u32> {
        self.organisations.get(row).copied()
    }

    /// The code of a word of a formula.
    pub(crate) fn code(&self, word: &str) -> u16 {
        self.dictionary.find(word)
    }

    /// A column of the catalogue.
    pub(crate) fn column(&self, column: usize) -> &Column {
        self.columns.get(column).unwrap_or(&Column::Unused)
    }

    /// The numbers of a column; none known where it has none.
    pub(crate) fn numbers(&self, column: usize) -> Numbers {
        if let Column::Number { values, known } = self.column(column) {
            Numbers { values: values.to_numbers(), known: known.clone() }
        } else {
            Numbers::missing(self.len())
        }
    }

    /// One value.
    pub(crate) fn datum(&self, column: usize, row: usize) -> Datum<'_> {
        let found = match self.column(column) {
            Column::Flag(flags) if flags.yes.has(row) => Some(Datum::Flag(true)),
            Column::Flag(flags) => flags.no.has(row).then_some(Datum::Flag(false)),
            Column::Number { values, .. } => {
                values.get(row).map(|value| Datum::Number(as_number(value)))
            }
            Column::Category(texts) => {
                texts.codes.get(row).and_then(|code| self.dictionary.word(*code)).map(Datum::Text)
            }
            Column::Id(ids) => {
                ids.get(row).filter(|id| **id != Column::NO_ID).map(|id| Datum::Id(*id))
            }
            // Whom exactly is nobody's to see; that there are some is.
            Column::Ids(known) => known.has(row).then_some(Datum::Id(0)),
            Column::Unused => None,
        };
        found.unwrap_or(Datum::Missing)
    }
}

/// Whole numbers are counts and đồng, exact as floating point up to nine million billions.
#[expect(clippy::cast_precision_loss, reason = "see above")]
fn as_number(value: i64) -> f64 {
    value as f64
}
