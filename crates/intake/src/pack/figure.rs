//! `figures.csv`: published figures with their sources.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use hoptac_model::date;
use hoptac_model::figure::{Figure, FigureStatus};
use hoptac_model::ids::IndicatorId;
use hoptac_model::period::Period;
use hoptac_model::text::{Words, nfc};
use hoptac_model::words;
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
        let key = (series.to_string(), unit.to_owned());
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
            let from = words!("số liệu công bố {id}", "the figure {id}", id = quote(row.text(ID)));
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
                words!(
                    "{written} không phải là tình trạng của số liệu công bố",
                    "{written} is not a status of a figure",
                    written = quote(row.text(STATUS))
                ),
                suggest(row.text(STATUS), FigureStatus::ALL.map(FigureStatus::code)),
            );
        }
        let source = self.required(row, SOURCE);
        let source_date = self.date(row, SOURCE_DATE);
        Some(Figure {
            id: id?,
            indicator: IndicatorId::new(indicator?),
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
        message: Words,
        remedy: Words,
    ) {
        self.log.error(self.file, row.span(column), code, message, remedy);
    }

    fn required(&self, row: &Row<'_>, column: usize) -> Option<String> {
        let written = row.text(column);
        if written.is_empty() && row.has(column) {
            let name = COLUMNS.get(column).copied().unwrap_or_default();
            let message =
                words!("số liệu công bố chưa có `{name}`", "the figure has no {name}", name);
            let remedy = words!("điền vào ô này", "fill it in");
            self.error(row, column, "pack.cell-empty", message, remedy);
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
                words!(
                    "không có đơn vị hành chính mang mã {unit}",
                    "there is no unit with the code {unit}",
                    unit = quote(unit)
                ),
                words!(
                    "hãy ghi mã của cơ quan thống kê, hoặc VN cho cả nước",
                    "write the code of the statistics office, or VN for the whole country"
                ),
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
                let (message, remedy) = sentence(&error.words());
                self.error(row, PERIOD, "pack.period", message, remedy);
                None
            }
        }
    }

    /// The day that the figure speaks of: as written, else the last day of its period.
    fn as_of(&self, row: &Row<'_>, period: Option<Period>) -> Option<Date> {
        if row.text(AS_OF).is_empty() {
            if period.is_none() && row.text(PERIOD).is_empty() && row.has(AS_OF) {
                let message = words!(
                    "số liệu công bố chưa có ngày, cũng chưa có kỳ",
                    "the figure has neither a day nor a period"
                );
                let remedy = words!(
                    "hãy ghi ngày mà số liệu phản ánh: 2022-12-31",
                    "write the day it speaks of: 2022-12-31"
                );
                self.error(row, AS_OF, "pack.cell-empty", message, remedy);
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
                words!(
                    "số liệu của kỳ {period} ghi ngày {day}",
                    "the figure of {period} is dated {day}",
                    period = period.to_string(),
                    day = day.to_string()
                ),
                words!(
                    "số liệu của một kỳ ghi ngày cuối kỳ, {end}",
                    "a figure of a period is dated by the period's last day, {end}",
                    end = period.end().to_string()
                ),
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
                let (message, remedy) = sentence(&error.words());
                self.error(row, column, "pack.date", message, remedy);
                None
            }
        }
    }

    fn is_near(&self, row: &Row<'_>, column: usize, year: i16) -> bool {
        let near = (1945..=2200).contains(&year);
        if !near {
            let message =
                words!("năm {year} chắc là ghi nhầm", "the year {year} cannot be meant", year);
            let remedy = words!("hãy ghi năm từ 1945 đến 2200", "write a year from 1945 to 2200");
            self.error(row, column, "pack.year", message, remedy);
        }
        near
    }

    fn value(&self, row: &Row<'_>) -> Option<f64> {
        let written = row.text(VALUE);
        match table::number(written) {
            Ok(value) => {
                if let Some(thousands) = table::grouped(written) {
                    let (message, remedy) = table::doubtful_point(written, value, &thousands);
                    let span = row.span(VALUE);
                    self.log.warning(self.file, span, "pack.number-grouped", message, remedy);
                }
                Some(value)
            }
            Err(error) => {
                if row.has(VALUE) {
                    let message = table::no_number(written);
                    self.error(row, VALUE, "pack.number", message, error.remedy());
                }
                None
            }
        }
    }
}
