//! What an indicator measures, read from its formulas: so that a rule can tell which average belongs to which count and
//! which members without being told.

use std::collections::BTreeSet;

use crate::fact::Catalogue;
use crate::formula::Formula;
use crate::formula::tree::{Aggregate, Comparison, Function, Outer, Row};
use crate::ids::IndicatorId;
use crate::organisation::{Kind, Sector};
use crate::pack::{Indicator, Measure};

/// What an indicator measures, as far as rules care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// How many organisations.
    Count(Population),
    /// How many members they have.
    Members(Population),
    /// How many members each of them has.
    Average(Population),
    /// How large a part of a population is, in organisations.
    Share {
        /// The part.
        part: Population,
        /// The whole.
        whole: Population,
    },
    /// Their members, as a share of a published series.
    OfSeries {
        /// The organisations.
        of: Population,
        /// The series.
        series: IndicatorId,
    },
    /// Anything else.
    Other,
}

/// The condition in which an organisation counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Founded and not terminated.
    Registered,
    /// With the status operating.
    Operating,
    /// Founded within the year.
    Founded,
    /// Ended within the year.
    Ceased,
    /// Not said.
    Any,
}

impl State {
    /// Whether it holds at a day, not within a year.
    pub(super) fn is_stock(self) -> bool {
        matches!(self, Self::Registered | Self::Operating)
    }
}

/// Which organisations count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Population {
    /// Of these kinds.
    pub(super) kinds: BTreeSet<Kind>,
    /// In this state.
    pub(super) state: State,
    /// Of this sector, where the formula asks for one.
    pub(super) sector: Option<Sector>,
    /// Under these further conditions.
    pub(super) rest: BTreeSet<String>,
    /// The columns that the further conditions name.
    pub(super) columns: BTreeSet<String>,
}

impl Population {
    /// The same organisations in another state.
    pub(super) fn in_state(&self, state: State) -> Self {
        Self { state, ..self.clone() }
    }

    /// Whether it is some of another population's organisations, and not all.
    pub(super) fn is_part_of(&self, whole: &Self) -> bool {
        self != whole
            && self.state == whole.state
            && self.kinds.is_subset(&whole.kinds)
            && (whole.sector.is_none() || whole.sector == self.sector)
            && whole.rest.is_subset(&self.rest)
    }

    /// Whether it is all registered organisations of a kind.
    pub(super) fn is_all_of(&self, kind: Kind) -> bool {
        self.state == State::Registered
            && self.kinds == BTreeSet::from([kind])
            && self.sector.is_none()
            && self.rest.is_empty()
    }

    /// The only kind, where there is only one.
    pub(super) fn only_kind(&self) -> Option<Kind> {
        let mut kinds = self.kinds.iter();
        kinds.next().copied().filter(|_| kinds.next().is_none())
    }

    fn of(aggregate: &Aggregate, catalogue: &Catalogue) -> Self {
        let mut population = Self {
            kinds: BTreeSet::from(Kind::ALL),
            state: State::Any,
            sector: None,
            rest: BTreeSet::new(),
            columns: BTreeSet::new(),
        };
        for condition in aggregate.conditions() {
            population.narrow(condition, catalogue);
        }
        population
    }

    fn narrow(&mut self, condition: &Row, catalogue: &Catalogue) {
        let name = |column: usize| catalogue.columns().get(column).map(|c| c.name.as_str());
        if let Row::Column(column) = condition {
            let state = match name(*column) {
                Some("registered") => Some(State::Registered),
                Some("operating") => Some(State::Operating),
                Some("founded") => Some(State::Founded),
                Some("ceased") => Some(State::Ceased),
                _ => None,
            };
            if let (Some(state), State::Any) = (state, self.state) {
                self.state = state;
                return;
            }
        }
        if let Some((column, values)) = one_of(condition) {
            if name(column) == Some("kind") {
                let named: Option<BTreeSet<Kind>> =
                    values.iter().map(|value| Kind::from_code(value)).collect();
                if let Some(named) = named {
                    self.kinds = self.kinds.intersection(&named).copied().collect();
                    return;
                }
            }
            if let (Some("sector"), [value], None) = (name(column), values.as_slice(), self.sector)
                && let Some(sector) = Sector::from_code(value)
            {
                self.sector = Some(sector);
                return;
            }
        }
        self.rest.insert(format!("{condition:?}"));
        condition.each_column(&mut |column| {
            self.columns.extend(name(column).map(str::to_owned));
        });
    }
}

/// A condition that a column has one of some words.
fn one_of(condition: &Row) -> Option<(usize, Vec<&str>)> {
    let word = |row: &'_ Row| matches!(row, Row::Text(_));
    if let Row::Compare(Comparison::Equal, left, right) = condition {
        let (Row::Column(column), Row::Text(value)) = (left.as_ref(), right.as_ref()) else {
            return None;
        };
        return Some((*column, vec![value.as_str()]));
    }
    let Row::In(of, values) = condition else { return None };
    let Row::Column(column) = of.as_ref() else { return None };
    if !values.iter().all(word) {
        return None;
    }
    let values = values
        .iter()
        .filter_map(|value| if let Row::Text(value) = value { Some(value.as_str()) } else { None });
    Some((*column, values.collect()))
}

/// One aggregate and nothing around it.
fn single(text: &str, catalogue: &Catalogue) -> Option<Aggregate> {
    let formula = Formula::parse(text, catalogue).ok()?;
    if let Outer::Aggregate(aggregate) = formula.tree() { Some(aggregate.clone()) } else { None }
}

impl Shape {
    /// What an indicator measures.
    pub(super) fn of(indicator: &Indicator, catalogue: &Catalogue) -> Self {
        Self::read(indicator, catalogue).unwrap_or(Self::Other)
    }

    fn read(indicator: &Indicator, catalogue: &Catalogue) -> Option<Self> {
        let above = single(&indicator.numerator, catalogue)?;
        let population = Population::of(&above, catalogue);
        let members = |row: &Row| {
            let Row::Column(column) = row else { return false };
            catalogue.columns().get(*column).is_some_and(|column| column.name == "members")
        };
        let counts_rows = |of: &Aggregate| of.function == Function::Count && of.of.is_none();
        let of_members = |of: &Aggregate, function: Function| {
            of.function == function && of.of.as_ref().is_some_and(members)
        };
        let sums_members = of_members(&above, Function::Sum);
        if indicator.measure != Measure::Ratio {
            return if counts_rows(&above) {
                Some(Self::Count(population))
            } else {
                sums_members.then_some(Self::Members(population))
            };
        }
        if let Some(series) = &indicator.denominator_figure {
            let series = series.clone();
            return sums_members.then_some(Self::OfSeries { of: population, series });
        }
        let below = single(indicator.denominator.as_deref()?, catalogue)?;
        let whole = Population::of(&below, catalogue);
        if counts_rows(&above) && counts_rows(&below) {
            return Some(Self::Share { part: population, whole });
        }
        let average = sums_members && of_members(&below, Function::Count) && population == whole;
        average.then_some(Self::Average(population))
    }
}

#[cfg(test)]
mod tests {
    use super::super::world::World;
    use super::*;

    fn shape(id: &str) -> Shape {
        let world = World::new();
        let indicator = world.pack.indicators.iter().find(|i| i.id.as_str() == id).unwrap();
        Shape::of(indicator, &Catalogue::new(None))
    }

    #[test]
    fn a_count_its_members_and_their_average_share_a_population() {
        let Shape::Count(count) = shape("groups") else { panic!("no count") };
        let Shape::Members(members) = shape("groups_members") else { panic!("no members") };
        let Shape::Average(average) = shape("groups_average") else { panic!("no average") };
        assert_eq!(count, members);
        assert_eq!(count, average);
        assert!(count.is_all_of(Kind::Group));
    }
    #[test]
    fn a_sector_is_a_part() {
        let Shape::Count(whole) = shape("groups") else { panic!("no count") };
        let Shape::Count(part) = shape("groups_crafts") else { panic!("no count") };
        assert!(part.is_part_of(&whole));
        assert!(!whole.is_part_of(&part));
        assert!(!whole.is_part_of(&whole));
    }
    #[test]
    fn foundations_are_the_same_population_in_another_state() {
        let Shape::Count(stock) = shape("groups") else { panic!("no count") };
        assert_eq!(shape("groups_founded"), Shape::Count(stock.in_state(State::Founded)));
    }
    #[test]
    fn a_share_knows_what_its_conditions_are_about() {
        let Shape::Share { part, whole } = shape("good_share") else { panic!("no share") };
        assert!(part.columns.contains("graded"));
        assert!(whole.columns.is_empty());
        assert_eq!(whole.kinds.len(), 3);
    }
    #[test]
    fn a_difference_is_something_else() {
        assert_eq!(shape("groups_net"), Shape::Other);
    }
}
