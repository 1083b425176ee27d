//! How an indicator is forecast: directly from the simulated flows, as a share or average of simulated organisations, as a
//! quotient that drifts, or as a bare series.

use hoptac_model::fact::Catalogue;
use hoptac_model::forecast::Method;
use hoptac_model::pack::{Indicator, Measure};

use crate::forecast::shape::{Class, Event, Of, Term, terms};
use crate::forecast::spread::Limits;
use crate::forecast::walk::Scale;
use crate::measure::{Denominator, Reckoning};

/// What an indicator is to the flow model.
#[derive(Clone, Debug)]
pub(crate) enum Quantity {
    /// A sum of flows and stocks.
    Flows(Vec<Term>),
    /// So much for each organisation of a class: a share of them, or members of each.
    Each { base: Class, scale: Scale },
    /// A share of a class of which only a part can meet the condition: the odds are those of the part, and what the part
    /// is of the class comes from the paths, so that no path gives a share that cannot be.
    Part { part: Class, base: Class },
    /// A quotient by itself.
    Quotient { scale: Scale },
    /// An amount for each organisation of a class, divided by a published figure.
    OfFigure { base: Class },
    /// Nothing that the flow model knows.
    Series,
}

/// An indicator with the way it is forecast.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub(crate) quantity: Quantity,
    /// What its values are multiplied by.
    pub(crate) factor: f64,
    pub(crate) flow: bool,
    /// Whether its condition is about grades.
    pub(crate) grading: bool,
    /// The class that its numerator counts, where it counts organisations or sums over them.
    pub(crate) class: Option<Class>,
    /// The text that chance is drawn by: parts that are the same walk the same paths.
    pub(crate) key: String,
    /// Where its values can lie.
    pub(crate) limits: Limits,
}

impl Reading {
    pub(crate) fn new(indicator: &Indicator, reckoning: &Reckoning, catalogue: &Catalogue) -> Self {
        let above = reckoning.numerator.as_ref().and_then(|f| terms(f.tree(), catalogue));
        let single = match above.as_deref() {
            Some([term]) if term.class.events == stock() => Some(*term),
            _ => None,
        };
        let quantity = match &reckoning.denominator {
            Denominator::None => match (above.as_deref(), single) {
                (Some(terms), _)
                    if terms.iter().all(|term| term.of == Of::Organisations && !term.other) =>
                {
                    Quantity::Flows(terms.to_vec())
                }
                (_, Some(term)) => Quantity::Each { base: term.class, scale: scale_of(&term) },
                _ => Quantity::Series,
            },
            Denominator::Formula(formula) => {
                let below = terms(formula.tree(), catalogue);
                let counts = |terms: Option<&[Term]>| match terms {
                    Some([term]) => term.of == Of::Organisations,
                    _ => false,
                };
                let share = indicator.unit == "percent"
                    && counts(above.as_deref())
                    && counts(below.as_deref());
                match part(above.as_deref(), below.as_deref()).filter(|_| share) {
                    Some((part, base)) => Quantity::Part { part, base },
                    None => {
                        Quantity::Quotient { scale: if share { Scale::Odds } else { Scale::Log } }
                    }
                }
            }
            Denominator::Figure => single
                .filter(|term| term.of == Of::Amount)
                .map_or(Quantity::Series, |term| Quantity::OfFigure { base: term.class }),
            Denominator::Unreadable => Quantity::Series,
        };
        Self {
            quantity,
            factor: reckoning.scale,
            flow: indicator.measure == Measure::Flow,
            grading: above.iter().flatten().any(|term| term.grading),
            class: match above.as_deref() {
                Some([term]) => Some(term.class),
                _ => None,
            },
            key: indicator.numerator.clone(),
            limits: limits(indicator, above.as_deref()),
        }
    }

    pub(crate) fn method(&self) -> Method {
        match self.quantity {
            Quantity::Flows(_) => Method::Flows,
            Quantity::Each { scale: Scale::Odds, .. }
            | Quantity::Part { .. }
            | Quantity::Quotient { scale: Scale::Odds } => Method::Share,
            Quantity::Each { .. } | Quantity::Quotient { .. } | Quantity::OfFigure { .. } => {
                Method::Average
            }
            Quantity::Series => Method::Series,
        }
    }
}

/// The class of a numerator and that of its denominator, where the first is a part of the second by kind or sector.
fn part(above: Option<&[Term]>, below: Option<&[Term]>) -> Option<(Class, Class)> {
    let (Some([above]), Some([below])) = (above, below) else { return None };
    let within = (above.class.cells().iter()).all(|cell| below.class.cells().contains(cell));
    let stocks = above.class.events == stock() && below.class.events == stock();
    (within && stocks && !below.other && above.other && above.class != below.class)
        .then_some((above.class, below.class))
}

/// Where the values of an indicator can lie, with the terms of its numerator where it is a sum.
fn limits(indicator: &Indicator, terms: Option<&[Term]>) -> Limits {
    let counts_only = terms.is_some_and(|terms| {
        terms.iter().all(|term| term.of == Of::Organisations && term.sign > 0.0)
    });
    match (indicator.unit.as_str(), indicator.measure) {
        ("percent", _) => Limits::PERCENT,
        _ if counts_only => Limits::COUNT,
        // A net flow or a profit may be negative.
        ("million_vnd", _) | (_, Measure::Flow) => Limits::NONE,
        _ => Limits::COUNT,
    }
}

fn stock() -> [bool; 4] {
    [Event::Stock, Event::Founded, Event::Ceased, Event::Joined].map(|event| event == Event::Stock)
}

fn scale_of(term: &Term) -> Scale {
    match term.of {
        Of::Organisations => Scale::Odds,
        Of::Amount => Scale::Log,
    }
}
