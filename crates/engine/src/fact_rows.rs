//! The rows that figures are computed from, as they stand, for whoever computes the same figures elsewhere: facts by unit, who
//! buys from whom, and the published figures that stand below a line. No name is in them, and nobody's is needed.

use std::ops::Range;
use std::sync::Arc;

use hoptac_model::fact::Catalogue;
use hoptac_model::ids::IndicatorId;
use hoptac_model::pack::Pack;
use hoptac_model::register::Register;
use hoptac_model::roll::RollSpan;
use hoptac_model::unit::{Places, Unit};
use jiff::civil::Date;

use crate::board::Question;
use crate::facts::{Column, Datum, Facts, Moment, wide};
use crate::geography::Geography;
use crate::layout::{Ground, Layout, Partners, as_on_roll};
use crate::measure::speaks_of;

/// Everything that the figures of a plan are computed from, on one day and one geography.
#[derive(Debug)]
pub struct FactRows<'a> {
    register: &'a Register,
    places: &'a Places,
    pack: &'a Pack,
    catalogue: Catalogue,
    geography: Geography,
    moments: Arc<[Moment]>,
    as_of: Date,
}

/// The rows of one unit, those of each year in one run, organisations in their order.
#[derive(Debug)]
pub struct UnitRows {
    unit: usize,
    facts: Facts,
}

/// A published figure that an indicator is divided by.
#[derive(Clone, Debug, PartialEq)]
pub struct BelowLine {
    /// The series.
    pub series: IndicatorId,
    /// The unit, by its place among [`FactRows::units`].
    pub unit: usize,
    /// The day that it is of.
    pub as_of: Date,
    /// The figure.
    pub value: f64,
}

impl<'a> FactRows<'a> {
    /// What a plan's figures are computed from when a day is asked.
    pub fn new(
        register: &'a Register,
        places: &'a Places,
        pack: &'a Pack,
        question: Question,
    ) -> Self {
        let as_of = question.as_of;
        let years = pack.setting.year_first..=as_of.year().min(pack.setting.year_last);
        Self {
            register,
            places,
            pack,
            catalogue: Catalogue::new(pack.annual_return()),
            geography: Geography::new(places, &pack.setting.unit, question.geography),
            moments: years.map(|year| Moment::of_year(year, as_of)).collect(),
            as_of,
        }
    }

    /// The columns of the facts.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The years, each with the day whose state stands for it.
    pub fn years(&self) -> impl Iterator<Item = (i16, Date)> {
        self.moments.iter().map(|moment| (moment.year, moment.on))
    }

    /// The units, each before those that it is made of, so that everything below a unit stands in one run right behind it; with the
    /// place of the unit above.
    pub fn units(&self) -> impl Iterator<Item = (&Unit, Option<usize>)> {
        self.geography.spots().iter().map(|spot| (&spot.unit, spot.parent))
    }

    /// Lays out the facts unit by unit, in the order of the units, and lets each be looked at; one unit is in memory at a time. Units
    /// without rows of their own are left out.
    pub fn each_unit<E>(&self, mut visit: impl FnMut(&UnitRows) -> Result<(), E>) -> Result<(), E> {
        let wanted = vec![true; self.catalogue.columns().len()];
        let layout = Layout::new(&Ground {
            register: self.register,
            places: self.places,
            geography: &self.geography,
            catalogue: &self.catalogue,
            practices: &self.pack.practices,
            wanted: &wanted,
            moments: &self.moments,
            as_of: self.as_of,
        });
        let (stretches, _) = layout.stretches(layout.organisations());
        for own in stretches.chunk_by(|one, other| one.unit == other.unit) {
            let Some(first) = own.first() else { continue };
            visit(&UnitRows { unit: wide(first.unit), facts: layout.fill(own, 1) })?;
        }
        Ok(())
    }

    /// Contracts as if partners stood on rolls: a partner is a number, and holds until the day before `until`.
    pub fn contracts(&self) -> Vec<RollSpan> {
        let known = self.register.organisations.len();
        let mut contracts = Vec::with_capacity(self.register.links.len());
        Partners::new(self.register, |link, number| {
            if wide(link.organisation) < known {
                contracts.push(as_on_roll(link, number));
            }
        });
        contracts
    }

    /// The published figures that indicators are divided by. Of two of a unit and a day the later one in the list holds.
    pub fn below_line(&self) -> Vec<BelowLine> {
        let pack = self.pack;
        let asked = |series: &IndicatorId| {
            pack.indicators.iter().any(|one| {
                one.denominator.is_none() && one.denominator_figure.as_ref() == Some(series)
            })
        };
        let known = pack.figures.iter().filter(|figure| figure.status.is_known());
        let mut found = Vec::new();
        for figure in known.filter(|figure| asked(&figure.indicator)) {
            for (unit, spot) in self.geography.spots().iter().enumerate() {
                if speaks_of(figure.unit.as_str(), figure.as_of, &spot.unit) {
                    found.push(BelowLine {
                        series: figure.indicator.clone(),
                        unit,
                        as_of: figure.as_of,
                        value: figure.value,
                    });
                }
            }
        }
        found
    }
}

impl UnitRows {
    /// The unit, by its place among [`FactRows::units`].
    pub fn unit(&self) -> usize {
        self.unit
    }

    /// The rows of a year, by its place among [`FactRows::years`].
    pub fn of_year(&self, year: usize) -> Range<usize> {
        self.facts.run(year, 0..1)
    }

    /// The organisation of a row, by its index in the register.
    pub fn organisation(&self, row: usize) -> Option<u32> {
        self.facts.organisation(row)
    }

    /// A flag; none where it is missing, and in columns of another type. Of columns that have several identities in a row it says
    /// that there are any to tell.
    pub fn flag(&self, column: usize, row: usize) -> Option<bool> {
        match self.facts.column(column) {
            Column::Ids(known) => known.has(row).then_some(true),
            Column::Flag(_)
            | Column::Number { .. }
            | Column::Category(_)
            | Column::Id(_)
            | Column::Unused => self.facts.datum(column, row).flag(),
        }
    }

    /// A whole number.
    pub fn whole(&self, column: usize, row: usize) -> Option<i64> {
        if let Column::Number { values, .. } = self.facts.column(column) {
            values.get(row)
        } else {
            None
        }
    }

    /// A word.
    pub fn word(&self, column: usize, row: usize) -> Option<&str> {
        self.facts.datum(column, row).text()
    }

    /// An identity as a number.
    pub fn identity(&self, column: usize, row: usize) -> Option<u32> {
        if let Datum::Id(id) = self.facts.datum(column, row) { Some(id) } else { None }
    }
}
