//! Indicators measured on one geography: numerators, denominators and values for every unit and moment.

use std::sync::Arc;

use hoptac_model::fact::Catalogue;
use hoptac_model::formula::Formula;
use hoptac_model::pack::{Indicator, Pack};
use hoptac_model::register::Register;
use hoptac_model::unit::{Places, Unit};
use jiff::civil::Date;

use crate::board::Cell;
use crate::evaluate::{Evaluator, Grid};
use crate::facts::{Facts, Moment};
use crate::geography::Geography;

/// The formulas of an indicator. One that cannot be read leaves the indicator without values; `intake` has told why.
#[derive(Clone, Debug)]
pub(crate) struct Reckoning {
    pub(crate) numerator: Option<Formula>,
    pub(crate) denominator: Denominator,
    pub(crate) scale: f64,
}

/// What the numerator is divided by.
#[derive(Clone, Debug)]
pub(crate) enum Denominator {
    None,
    Formula(Formula),
    /// A published figure.
    Figure,
    Unreadable,
}

impl Reckoning {
    /// The formulas of an indicator, read.
    pub(crate) fn new(indicator: &Indicator, catalogue: &Catalogue) -> Self {
        let denominator = match (&indicator.denominator, &indicator.denominator_figure) {
            (Some(text), _) => Formula::parse(text, catalogue)
                .map_or(Denominator::Unreadable, Denominator::Formula),
            (None, Some(_)) => Denominator::Figure,
            (None, None) => Denominator::None,
        };
        Self {
            numerator: Formula::parse(&indicator.numerator, catalogue).ok(),
            denominator,
            scale: indicator.scale,
        }
    }

    /// The formulas that can be computed, numerator first.
    pub(crate) fn formulas(&self) -> impl Iterator<Item = &Formula> {
        let denominator = match &self.denominator {
            Denominator::Formula(formula) => Some(formula),
            Denominator::None | Denominator::Figure | Denominator::Unreadable => None,
        };
        self.numerator.iter().chain(denominator)
    }
}

/// Some indicators on one geography.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub(crate) geography: Geography,
    pub(crate) facts: Facts,
    /// By index in the pack; none where not asked for.
    indicators: Vec<Option<Values>>,
}

/// One indicator for every unit and moment.
#[derive(Clone, Debug)]
struct Values {
    numerator: Option<Arc<Grid>>,
    /// None for what is not a quotient.
    denominator: Option<Arc<Grid>>,
    scale: f64,
}

/// What is to be measured, and from what.
pub(crate) struct Measuring<'a> {
    pub(crate) register: &'a Register,
    pub(crate) places: &'a Places,
    pub(crate) pack: &'a Pack,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) reckonings: &'a [Reckoning],
    pub(crate) moments: &'a [Moment],
    pub(crate) as_of: Date,
}

impl Measuring<'_> {
    /// Measures the indicators that `asked` says, by their index in the pack.
    pub(crate) fn measure(&self, geography: Geography, asked: impl Fn(usize) -> bool) -> Measured {
        let reckonings: Vec<(usize, &Reckoning)> =
            self.reckonings.iter().enumerate().filter(|(index, _)| asked(*index)).collect();
        let mut wanted = vec![false; self.catalogue.columns().len()];
        for formula in reckonings.iter().flat_map(|(_, reckoning)| reckoning.formulas()) {
            for column in formula.columns() {
                if let Some(wanted) = wanted.get_mut(column) {
                    *wanted = true;
                }
            }
        }
        let mut facts = Facts::new(
            self.register,
            self.places,
            &geography,
            self.catalogue,
            &self.pack.practices,
            &wanted,
            self.moments,
            self.as_of,
        );
        let mut evaluator = Evaluator::new(&mut facts, &geography, self.catalogue);
        let mut indicators: Vec<Option<Values>> = vec![None; self.reckonings.len()];
        for (index, reckoning) in reckonings {
            let numerator =
                reckoning.numerator.as_ref().map(|formula| evaluator.evaluate(formula.tree()));
            let denominator = match &reckoning.denominator {
                Denominator::None => None,
                Denominator::Formula(formula) => Some(evaluator.evaluate(formula.tree())),
                Denominator::Figure => Some(Arc::new(self.published(index, &geography))),
                // Missing everywhere, and so is the quotient.
                Denominator::Unreadable => Some(Arc::new(Grid::from_values(0, std::iter::empty()))),
            };
            if let Some(values) = indicators.get_mut(index) {
                *values = Some(Values { numerator, denominator, scale: reckoning.scale });
            }
        }
        Measured { geography, facts, indicators }
    }

    /// The published denominator of an indicator for every unit and moment.
    fn published(&self, indicator: usize, geography: &Geography) -> Grid {
        let series =
            self.pack.indicators.get(indicator).and_then(|i| i.denominator_figure.as_ref());
        let units: Vec<Vec<(Date, f64)>> = geography
            .spots()
            .iter()
            .map(|spot| {
                let figures = self.pack.figures.iter().filter(|figure| {
                    Some(&figure.indicator) == series
                        && figure.status.is_known()
                        && speaks_of(figure.unit.as_str(), figure.as_of, &spot.unit)
                });
                figures.map(|figure| (figure.as_of, figure.value)).collect()
            })
            .collect();
        let values = self.moments.iter().flat_map(|moment| {
            units.iter().map(|figures| {
                let before = figures.iter().filter(|(as_of, _)| *as_of <= moment.on);
                before.max_by_key(|(as_of, _)| *as_of).map(|(_, value)| *value)
            })
        });
        Grid::from_values(geography.len(), values)
    }
}

impl Measured {
    /// The cell of an indicator, by its index in the pack.
    pub(crate) fn cell(&self, indicator: usize, unit: usize, moment: usize) -> Cell {
        let Some(values) = self.indicators.get(indicator).and_then(Option::as_ref) else {
            return Cell::default();
        };
        let above = values.numerator.as_ref().and_then(|grid| grid.value(moment, unit));
        let Some(denominator) = &values.denominator else {
            return Cell { value: above.map(|n| values.scale * n), ..Cell::default() };
        };
        let below = denominator.value(moment, unit);
        let value = above.zip(below.filter(|below| *below != 0.0));
        Cell {
            value: value.map(|(above, below)| values.scale * above / below),
            numerator: above,
            denominator: below,
        }
    }
}

/// Whether a figure's unit means this unit: its identity, or its code on a day on which the unit had it. Codes come back
/// for other units, so a bare code without the day would mix two places.
pub(crate) fn speaks_of(written: &str, as_of: Date, unit: &Unit) -> bool {
    let identity = written == unit.id.as_str();
    if written == unit.code { unit.exists_on(as_of) } else { identity }
}
