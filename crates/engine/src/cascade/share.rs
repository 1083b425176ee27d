//! The shares of units: what each measure says of them, and what that comes to.

use hoptac_model::cascade::{Refused, Weight};
use hoptac_model::figure::FigureStatus;
use hoptac_model::pack::{Indicator, Measure};
use hoptac_model::words;

use super::{Question, number};
use crate::forecast::quantity::{Quantity, Reading};
use crate::forecast::shape::{Class, Event};
use crate::measure::speaks_of;

/// The published series that says how many people live somewhere.
const POPULATION: &str = "population";
/// Over how many whole years the pace of late is taken.
const OF_LATE: usize = 3;

impl Question<'_> {
    /// Measures every unit and makes shares of it.
    pub(super) fn shares(
        &mut self,
        index: usize,
        indicator: &Indicator,
        reading: &Reading,
    ) -> Result<(), Refused> {
        let weights = self.rule.weights;
        if Weight::ALL.iter().all(|weight| weights.get(*weight) == 0) {
            return Err(Refused::NoWeights);
        }
        let measured = Measuring { question: self, index, indicator, reading };
        let base: Vec<f64> = self.units.iter().map(|unit| measured.base(unit.at)).collect();
        let pace: Vec<f64> = self.units.iter().map(|unit| measured.pace(unit.at)).collect();
        let population: Vec<Option<f64>> =
            self.units.iter().map(|unit| measured.population(unit.at)).collect();
        let missing = population.iter().filter(|known| known.is_none()).count();
        if weights.population > 0 && missing > 0 {
            return Err(Refused::NoPopulation { missing, units: self.units.len() });
        }
        let potential = potential(&base, &population);
        let columns: [Vec<f64>; 4] = Weight::ALL.map(|weight| match weight {
            Weight::Base => base.clone(),
            Weight::Potential => potential.clone(),
            Weight::Population => population.iter().map(|known| known.unwrap_or(0.0)).collect(),
            Weight::Pace => pace.clone(),
        });
        let mut shares = vec![0.0; self.units.len()];
        let mut used = 0.0;
        for (weight, column) in Weight::ALL.into_iter().zip(&columns) {
            let points = f64::from(weights.get(weight));
            let sum: f64 = column.iter().sum();
            if points > 0.0 && sum <= 0.0 {
                self.notes.push(words!(
                    "không đơn vị nào có “{weight}” lớn hơn 0 nên trọng số này không dùng được",
                    "no unit has anything under “{weight}”, so that this weight could not be used",
                    weight = weight.words()
                ));
            } else if points > 0.0 {
                used += points;
                for (share, value) in shares.iter_mut().zip(column) {
                    *share += points * value / sum;
                }
            }
        }
        if used == 0.0 {
            self.notes.push(words!(
                "không có số nào để đo nên các đơn vị được chia đều",
                "there is nothing to measure by, so that all units have equal shares"
            ));
            shares.fill(1.0);
            used = number(self.units.len());
        }
        for (at, (unit, share)) in self.units.iter_mut().zip(shares).enumerate() {
            unit.share = share / used;
            let known = |column: &Vec<f64>| column.get(at).copied();
            let [base, potential, _, pace] = &columns;
            unit.measures =
                [known(base), known(potential), population.get(at).copied().flatten(), known(pace)];
        }
        Ok(())
    }
}

struct Measuring<'a, 'q> {
    question: &'a Question<'q>,
    index: usize,
    indicator: &'a Indicator,
    reading: &'a Reading,
}

impl Measuring<'_, '_> {
    fn class(&self) -> Option<Class> {
        self.reading.class.filter(|_| matches!(self.reading.quantity, Quantity::Flows(_)))
    }

    /// What a unit has today: organisations of the class, or the value itself.
    fn base(&self, place: usize) -> f64 {
        let world = self.question.world;
        let now = world.history.years.len().saturating_sub(1);
        match (self.class(), self.indicator.measure) {
            (Some(class), _) => f64::from(class.by(Event::Stock).count(&world.tally(place, now))),
            (None, Measure::Flow) => self.pace(place),
            (None, Measure::Stock | Measure::Ratio) => {
                self.values(place).last().copied().unwrap_or(0.0)
            }
        }
    }

    /// What came each year of late: foundings of the class, or the growth of the value.
    fn pace(&self, place: usize) -> f64 {
        let world = self.question.world;
        let years = world.history.years.iter().enumerate().rev();
        let whole: Vec<usize> = years
            .filter(|(_, year)| year.passed > 0.999)
            .map(|(at, _)| at)
            .take(OF_LATE + 1)
            .collect();
        if let Some(class) = self.class() {
            let class = class.by(Event::Founded);
            let counts = whole.iter().take(OF_LATE);
            let sum: f64 = counts.map(|at| f64::from(class.count(&world.tally(place, *at)))).sum();
            return sum / number(whole.len().clamp(1, OF_LATE));
        }
        let value = |at: &usize| world.value(self.index, place, *at).unwrap_or(0.0);
        if self.indicator.measure == Measure::Flow {
            let sum: f64 = whole.iter().take(OF_LATE).map(value).sum();
            return (sum / number(whole.len().clamp(1, OF_LATE))).max(0.0);
        }
        match (whole.first(), whole.last()) {
            (Some(newest), Some(oldest)) if whole.len() > 1 => {
                ((value(newest) - value(oldest)) / number(whole.len() - 1)).max(0.0)
            }
            _ => 0.0,
        }
    }

    fn values(&self, place: usize) -> Vec<f64> {
        let world = self.question.world;
        let years = 0..world.history.years.len();
        years
            .filter_map(|at| world.value(self.index, place, at))
            .filter(|v| v.is_finite())
            .collect()
    }

    /// The last published population of a unit.
    fn population(&self, place: usize) -> Option<f64> {
        let board = self.question.world.board;
        let unit = &board.measured.geography.spot(place)?.unit;
        let figures = board.frame.pack.figures.iter().filter(|figure| {
            figure.indicator.as_str() == POPULATION
                && !matches!(figure.status, FigureStatus::TargetPast | FigureStatus::Assumed)
                && figure.as_of <= board.as_of()
                && speaks_of(&figure.unit, figure.as_of, unit)
        });
        figures.max_by_key(|figure| figure.as_of).map(|figure| figure.value).filter(|v| *v > 0.0)
    }
}

/// How far each unit lies below what a quarter of the units reach: by people, where it is known how many live in each.
fn potential(base: &[f64], population: &[Option<f64>]) -> Vec<f64> {
    let people: Vec<f64> =
        population.iter().copied().collect::<Option<_>>().unwrap_or_else(|| vec![1.0; base.len()]);
    let rates: Vec<f64> = base.iter().zip(&people).map(|(base, people)| base / people).collect();
    let mut sorted = rates.clone();
    sorted.sort_by(f64::total_cmp);
    let mark = sorted.get(sorted.len() * 3 / 4).or(sorted.last()).copied().unwrap_or(0.0);
    rates.iter().zip(&people).map(|(rate, people)| (mark - rate).max(0.0) * people).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn potential_is_what_is_missing_to_the_upper_quarter() {
        let none = [None; 4];
        assert_eq!(potential(&[0.0, 1.0, 2.0, 4.0], &none), [4.0, 3.0, 2.0, 0.0]);
        assert_eq!(potential(&[0.0; 4], &none), [0.0; 4]);
        assert_eq!(potential(&[], &[]), Vec::<f64>::new());
    }
    #[test]
    fn where_people_are_known_potential_is_by_people() {
        let people = [Some(100.0), Some(100.0), Some(200.0), Some(100.0)];
        assert_eq!(potential(&[1.0, 2.0, 2.0, 2.0], &people), [1.0, 0.0, 2.0, 0.0]);
    }
}
