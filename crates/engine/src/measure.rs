//! Indicators measured on one geography: numerators, denominators and values for every unit and moment.

use std::sync::Arc;

use hoptac_model::fact::Catalogue;
use hoptac_model::formula::Formula;
use hoptac_model::pack::{Indicator, Pack};
use hoptac_model::unit::Unit;
use jiff::civil::Date;

use crate::basis::Basis;
use crate::board::Cell;
use crate::facts::Moment;
use crate::geography::Geography;
use crate::grid::Grid;

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

/// Some indicators on one geography, as a board shows them.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub(crate) geography: Arc<Geography>,
    /// The years asked, then the days of baselines.
    pub(crate) moments: Arc<[Moment]>,
    /// What its facts are made of.
    pub(crate) basis: Basis,
    /// By index in the pack; none where not asked for.
    pub(crate) indicators: Vec<Option<Values>>,
    /// Organisations that could not be placed in a commune at one of the moments, in order.
    pub(crate) unplaced: Arc<Vec<u32>>,
}

/// One indicator for every unit and moment.
#[derive(Clone, Debug)]
pub(crate) struct Values {
    pub(crate) numerator: Option<Arc<Grid>>,
    /// None for what is not a quotient.
    pub(crate) denominator: Option<Arc<Grid>>,
    pub(crate) scale: f64,
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

/// The published denominator of an indicator for every unit and moment.
pub(crate) fn published(
    pack: &Pack,
    indicator: usize,
    geography: &Geography,
    moments: &[Moment],
) -> Grid {
    let series = pack.indicators.get(indicator).and_then(|i| i.denominator_figure.as_ref());
    let units: Vec<Vec<(Date, f64)>> = geography
        .spots()
        .iter()
        .map(|spot| {
            let figures = pack.figures.iter().filter(|figure| {
                Some(&figure.indicator) == series
                    && figure.status.is_known()
                    && speaks_of(figure.unit.as_str(), figure.as_of, &spot.unit)
            });
            figures.map(|figure| (figure.as_of, figure.value)).collect()
        })
        .collect();
    let values = moments.iter().flat_map(|moment| {
        units.iter().map(|figures| {
            let before = figures.iter().filter(|(as_of, _)| *as_of <= moment.on);
            before.max_by_key(|(as_of, _)| *as_of).map(|(_, value)| *value)
        })
    });
    Grid::from_values(geography.len(), values)
}

/// Whether a figure's unit means this unit: its identity, or its code on a day on which the unit had it. Codes come back
/// for other units, so a bare code without the day would mix two places.
pub(crate) fn speaks_of(written: &str, as_of: Date, unit: &Unit) -> bool {
    let identity = written == unit.id.as_str();
    if written == unit.code { unit.exists_on(as_of) } else { identity }
}
