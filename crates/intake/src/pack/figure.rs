//! `figures.csv`: published figures with their sources.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use hoptac_model::date;
use hoptac_model::figure::{Figure, FigureStatus};
use hoptac_model::ids::IndicatorId;
use hoptac_model::period::Period;
use hoptac_model::text::{Words, nfc};
use jiff::civil::Date;

use crate::file::{Log, TextFile, quote, sentence};
use crate::nearest::suggest;
use crate::pack::Check;
use crate::pack::names::{Names, Noun, Spot};
use crate::table::{self, Row};

/// Columns, and below where each of them stands in the list.
const COLUMNS: [&str; 12] = [
    "id",
    "indicator",
    "unit",
    "as_of",
    "period",
    "value",
    "status",
    "source",
    "source_date",
    "source_url",
    "note_vi",
    "note_en",
];
const ID: usize = 0;
const INDICATOR: usize = 1;
const UNIT: usize = 2;
const AS_OF: usize = 3;
const PERIOD: usize = 4;
const VALUE: usize = 5;
const STATUS: usize = 6;
const SOURCE: usize = 7;
const SOURCE_DATE: usize = 8;
const SOURCE_URL: usize = 9;
const NOTE_VI: usize = 10;
const NOTE_EN: usize = 11;

/// What stands in the table.
#[derive(Default)]
pub(crate) struct Published {
    /// The figures that could be read.
    pub(crate) figures: Vec<Figure>,
    /// The series, unit and day of these and of those with a slip elsewhere: one slip is not told twice.
    pub(crate) spoken_of: BTreeMap<(String, String), BTreeSet<Date>>,
}

impl Published {
    /// Days on which there is a figure of a series for a unit.
    pub(crate) fn days(&self, series: &IndicatorId, unit: &str) -> Vec<Date> {
        let key = (series.0.clone(), unit.to_owned());
        self.spoken_of.get(&key).into_iter().flatten().copied().collect()
    }
}

/// Reads every figure that can be read; none when the table cannot be read at all.
pub(crate) fn read(
    file: &Rc<TextFile>,
    check: Check<'_>,
    names: &Names,
    log: &Log,
) -> Option<Published> {
    let mut sheet = Sheet { file, check, names, log, spoken_of: BTreeMap::new() };
    let rows = table::read(file, &COLUMNS, log)?;
    let figures = rows.iter().filter_map(|row| sheet.read(row)).collect();
    Some(Published { figures, spoken_of: sheet.spoken_of })
}

/// What reading a row needs.
struct Sheet<'a> {
    file: &'a Rc<TextFile>,
    check: Check<'a>,
    names: &'a Names,
    log: &'a Log,
    spoken_of: BTreeMap<(String, String), BTreeSet<Date>>,
}

impl Sheet<'_> {
    fn read(&mut self, row: &Row<'_>) -> Option<Figure> {
        let id = self.required(row, ID).filter(|id| {
            let spot = self.spot(row, ID);
            self.names.define(Noun::Figure, id, spot, self.log)
        });
        let indicator = self.required(row, INDICATOR);
        if let Some(indicator) = &indicator {
            let from = format!("the figure {}", quote(row.text(ID)));
            self.names.refer(Noun::Series, indicator, self.spot(row, INDICATOR), &from);
        }
        let unit = self.required(row, UNIT);
        self.check_unit(row);
        let period = self.period(row);
        let as_of = self.as_of(row, period);
        if let (Some(indicator), Some(unit), Some(as_of)) = (&indicator, &unit, as_of) {
            self.spoken_of.entry((indicator.clone(), unit.clone())).or_default().insert(as_of);
        }
        let value = self.value(row);
        let status = FigureStatus::from_code(row.text(STATUS));
        if status.is_none() && row.has(STATUS) {
            self.error(
                row,
                STATUS,
                "pack.word",
                format!("{} is not a status of a figure", quote(row.text(STATUS))),
                suggest(row.text(STATUS), FigureStatus::ALL.map(FigureStatus::code)),
            );
        }
        let source = self.required(row, SOURCE);
        let source_date = self.date(row, SOURCE_DATE);
        Some(Figure {
            id: id?,
            indicator: IndicatorId(indicator?),
            unit: unit?,
            as_of: as_of?,
            period,
            value: value?,
            status: status?,
            source: nfc(&source?),
            source_date,
            source_url: row.text(SOURCE_URL).to_owned(),
            note: Words::new(nfc(row.text(NOTE_VI)), nfc(row.text(NOTE_EN))),
        })
    }

    fn spot(&self, row: &Row<'_>, column: usize) -> Spot {
        Spot { file: self.file.clone(), span: row.span(column) }
    }

    fn error(
        &self,
        row: &Row<'_>,
        column: usize,
        code: &'static str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.log.error(self.file, row.span(column), code, message, remedy);
    }

    fn required(&self, row: &Row<'_>, column: usize) -> Option<String> {
        let written = row.text(column);
        if written.is_empty() && row.has(column) {
            let name = COLUMNS.get(column).copied().unwrap_or_default();
            let message = format!("the figure has no {name}");
            self.error(row, column, "pack.cell-empty", message, "fill it in");
        }
        Some(written.to_owned()).filter(|text| !text.is_empty())
    }

    fn check_unit(&self, row: &Row<'_>) {
        let unit = row.text(UNIT);
        if let Some(units) = self.check.units
            && !unit.is_empty()
            && !units.contains(unit)
        {
            self.error(
                row,
                UNIT,
                "pack.unit-unknown",
                format!("there is no unit with the code {}", quote(unit)),
                "write the code of the statistics office, or VN for the whole country",
            );
        }
    }

    fn period(&self, row: &Row<'_>) -> Option<Period> {
        let written = row.text(PERIOD);
        if written.is_empty() {
            return None;
        }
        match written.parse::<Period>() {
            Ok(period) if self.is_near(row, PERIOD, period.year()) => Some(period),
            Ok(_) => None,
            Err(error) => {
                let (message, remedy) = sentence(&error.to_string());
                self.error(row, PERIOD, "pack.period", message, remedy);
                None
            }
        }
    }

    /// The day that the figure speaks of: as written, else the last day of its period.
    fn as_of(&self, row: &Row<'_>, period: Option<Period>) -> Option<Date> {
        if row.text(AS_OF).is_empty() {
            if period.is_none() && row.text(PERIOD).is_empty() && row.has(AS_OF) {
                let message = "the figure has neither a day nor a period";
                self.error(
                    row,
                    AS_OF,
                    "pack.cell-empty",
                    message,
                    "write the day it speaks of: 2022-12-31",
                );
            }
            return period.map(Period::end);
        }
        let day = self.date(row, AS_OF)?;
        if let Some(period) = period
            && period.end() != day
        {
            self.log.warning(
                self.file,
                row.span(AS_OF),
                "pack.figure-day",
                format!("the figure of {period} is dated {day}"),
                format!("a figure of a period is dated by the period's last day, {}", period.end()),
            );
        }
        Some(day)
    }

    fn date(&self, row: &Row<'_>, column: usize) -> Option<Date> {
        let written = row.text(column);
        if written.is_empty() {
            return None;
        }
        match date::parse(written) {
            Ok(date) => self.is_near(row, column, date.year()).then_some(date),
            Err(error) => {
                let (message, remedy) = sentence(&error.to_string());
                self.error(row, column, "pack.date", message, remedy);
                None
            }
        }
    }

    fn is_near(&self, row: &Row<'_>, column: usize, year: i16) -> bool {
        let near = (1945..=2200).contains(&year);
        if !near {
            let message = format!("the year {year} cannot be meant");
            self.error(row, column, "pack.year", message, "write a year from 1945 to 2200");
        }
        near
    }

    fn value(&self, row: &Row<'_>) -> Option<f64> {
        let written = row.text(VALUE);
        match table::number(written) {
            Ok(value) => {
                if let Some(thousands) = table::grouped(written) {
                    self.log.warning(
                        self.file,
                        row.span(VALUE),
                        "pack.number-grouped",
                        format!("{} is read as {value}, with a decimal point", quote(written)),
                        format!("write {thousands} if thousands are meant, {value} if not"),
                    );
                }
                Some(value)
            }
            Err(remedy) => {
                if row.has(VALUE) {
                    let message = format!("{} is not a number", quote(written));
                    self.error(row, VALUE, "pack.number", message, remedy);
                }
                None
            }
        }
    }
}
