//! What a formula counts, in the words of the flow model: which kinds and sectors, which events, and whether there is a
//! further condition.

use hoptac_model::fact::Catalogue;
use hoptac_model::formula::tree::{Aggregate, Arithmetic, Comparison, Function, Outer, Row};
use hoptac_model::organisation::{Kind, Sector};

/// What can be counted of organisations at the end of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// Existing at the end.
    Stock,
    Founded,
    Ceased,
    /// Came from another kind.
    Joined,
}

pub(crate) const EVENTS: [Event; 4] = [Event::Stock, Event::Founded, Event::Ceased, Event::Joined];
pub(crate) const KINDS: [Kind; 3] = [Kind::Group, Kind::Cooperative, Kind::Union];
pub(crate) const SECTORS: [Sector; 2] = [Sector::Agricultural, Sector::NonAgricultural];
/// Events × kinds × sectors.
pub(crate) const CELLS: usize = 24;

/// Counts of one place at the end of one year.
pub(crate) type Tally = [u32; CELLS];

/// The place of an event, kind and sector in a tally.
pub(crate) fn cell(event: usize, kind: usize, sector: usize) -> usize {
    event * 6 + kind * 2 + sector
}

/// A class of organisations: which cells of a tally it sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Class {
    pub(crate) kinds: [bool; 3],
    pub(crate) sectors: [bool; 2],
    pub(crate) events: [bool; 4],
}

impl Class {
    pub(crate) fn count(&self, tally: &[u32]) -> u32 {
        let mut sum = 0;
        for (at, value) in tally.iter().enumerate() {
            let (event, kind, sector) = (at / 6, at / 2 % 3, at % 2);
            let counts = self.events.get(event) == Some(&true)
                && self.kinds.get(kind) == Some(&true)
                && self.sectors.get(sector) == Some(&true);
            if counts {
                sum += value;
            }
        }
        sum
    }

    /// The cells that it sums.
    pub(crate) fn cells(&self) -> Vec<usize> {
        let mut unit = [0_u32; CELLS];
        (0..CELLS)
            .filter(|at| {
                unit.fill(0);
                if let Some(value) = unit.get_mut(*at) {
                    *value = 1;
                }
                self.count(&unit) == 1
            })
            .collect()
    }

    /// The same class, counted by other events.
    pub(crate) fn by(self, event: Event) -> Self {
        Self { events: EVENTS.map(|known| known == event), ..self }
    }
}

/// What is added up of the class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    Organisations,
    /// A column of theirs, as members.
    Amount,
}

/// One aggregate of a formula.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Term {
    pub(crate) sign: f64,
    pub(crate) class: Class,
    pub(crate) of: Of,
    /// Whether there is a condition beyond kind, sector and event.
    pub(crate) other: bool,
    /// Whether that condition is about grades.
    pub(crate) grading: bool,
}

/// The sum of terms that a formula is; none where it is something else.
pub(crate) fn terms(tree: &Outer, catalogue: &Catalogue) -> Option<Vec<Term>> {
    match tree {
        Outer::Aggregate(aggregate) => Some(vec![term(aggregate, catalogue)?]),
        Outer::Arithmetic(op @ (Arithmetic::Add | Arithmetic::Subtract), left, right) => {
            let mut all = terms(left, catalogue)?;
            let sign = if *op == Arithmetic::Subtract { -1.0 } else { 1.0 };
            let right = terms(right, catalogue)?;
            all.extend(right.into_iter().map(|term| Term { sign: sign * term.sign, ..term }));
            Some(all)
        }
        Outer::Number(_)
        | Outer::Missing
        | Outer::Negate(_)
        | Outer::Arithmetic(..)
        | Outer::Coalesce(_)
        | Outer::NullIf(..) => None,
    }
}

fn term(aggregate: &Aggregate, catalogue: &Catalogue) -> Option<Term> {
    let of = match aggregate.function {
        Function::Count => Of::Organisations,
        Function::Sum => Of::Amount,
        Function::CountDistinct
        | Function::Average
        | Function::Minimum
        | Function::Maximum
        | Function::Median => return None,
    };
    let mut reading = Reading {
        catalogue,
        class: Class { kinds: [true; 3], sectors: [true; 2], events: [false; 4] },
        // A count of a column leaves out where it is missing.
        other: of == Of::Organisations && aggregate.of.is_some(),
        grading: false,
        implied: false,
    };
    for condition in aggregate.conditions() {
        reading.read(condition);
    }
    if reading.class.events == [false; 4] && reading.implied {
        reading.class = reading.class.by(Event::Stock);
    }
    let known = reading.class.events != [false; 4];
    known.then_some(Term {
        sign: 1.0,
        class: reading.class,
        of,
        other: reading.other,
        grading: reading.grading,
    })
}

struct Reading<'a> {
    catalogue: &'a Catalogue,
    class: Class,
    other: bool,
    grading: bool,
    /// Whether a condition holds for existing organisations only.
    implied: bool,
}

impl Reading<'_> {
    fn name(&self, row: &Row) -> Option<&str> {
        let Row::Column(index) = row else { return None };
        self.catalogue.columns().get(*index).map(|column| column.name.as_str())
    }

    fn read(&mut self, condition: &Row) {
        if let Some(events) = self.events(condition) {
            // Who was founded and still exists is told apart from who was founded by no cell.
            if self.class.events != [false; 4] && self.class.events != events {
                self.other = true;
            }
            if self.class.events == [false; 4] {
                self.class.events = events;
            }
            return;
        }
        if let Some((name, words)) = self.words(condition) {
            match name {
                "kind" => return narrow(&mut self.class.kinds, KINDS.map(Kind::code), &words),
                "sector" => {
                    return narrow(&mut self.class.sectors, SECTORS.map(Sector::code), &words);
                }
                _ => {}
            }
        }
        self.other = true;
        let mut names = Vec::new();
        condition.each_column(&mut |index| {
            names.extend(self.catalogue.columns().get(index).map(|c| c.name.clone()));
        });
        self.grading |= names.iter().any(|name| name.starts_with("grade"));
        let named = self.name(condition);
        let grade = self.words(condition).is_some_and(|(name, _)| name == "grade");
        if grade || matches!(named, Some("graded" | "gradable")) {
            narrow(&mut self.class.kinds, KINDS.map(Kind::code), &Kind::GRADED.map(Kind::code));
        }
        self.implied |= matches!(self.name(condition), Some("operating" | "gradable"));
    }

    /// The events that a condition asks for, one or the other.
    fn events(&self, condition: &Row) -> Option<[bool; 4]> {
        let alternatives = if let Row::Or(items) = condition {
            items.as_slice()
        } else {
            std::slice::from_ref(condition)
        };
        let mut events = [false; 4];
        for alternative in alternatives {
            let at = match self.name(alternative)? {
                "registered" => 0,
                "founded" => 1,
                "ceased" => 2,
                "converted" => 3,
                _ => return None,
            };
            if let Some(event) = events.get_mut(at) {
                *event = true;
            }
        }
        Some(events)
    }

    /// A column that must be one of some words.
    fn words<'r>(&self, condition: &'r Row) -> Option<(&str, Vec<&'r str>)> {
        let text =
            |row: &'r Row| if let Row::Text(text) = row { Some(text.as_str()) } else { None };
        if let Row::Compare(Comparison::Equal, left, right) = condition {
            return Some((self.name(left)?, vec![text(right)?]));
        }
        let Row::In(of, items) = condition else { return None };
        Some((self.name(of)?, items.iter().map(text).collect::<Option<Vec<_>>>()?))
    }
}

fn narrow<const N: usize>(chosen: &mut [bool; N], codes: [&str; N], words: &[&str]) {
    for (chosen, code) in chosen.iter_mut().zip(codes) {
        *chosen &= words.contains(&code);
    }
}

#[cfg(test)]
mod tests {
    use hoptac_model::formula::Formula;

    use super::*;

    fn read(text: &str) -> Option<Vec<Term>> {
        let catalogue = Catalogue::new(None);
        terms(Formula::parse(text, &catalogue).unwrap().tree(), &catalogue)
    }

    #[test]
    fn a_stock_of_a_kind_and_sector() {
        let terms = read(
            "COUNT(*) FILTER (WHERE kind = 'THT' AND registered AND sector = 'non_agricultural')",
        );
        let [term] = terms.unwrap().try_into().unwrap();
        assert_eq!(term.class.cells(), [cell(0, 0, 1)]);
        assert!(!term.other && term.of == Of::Organisations);
    }
    #[test]
    fn a_net_flow_is_a_sum_of_events() {
        let terms = read(
            "COUNT(*) FILTER (WHERE kind = 'THT' AND founded) - COUNT(*) FILTER (WHERE kind = 'THT' AND ceased)",
        );
        let signs: Vec<f64> = terms.unwrap().iter().map(|term| term.sign).collect();
        assert_eq!(signs, [1.0, -1.0]);
    }
    #[test]
    fn one_event_or_the_other() {
        let terms = read("COUNT(*) FILTER (WHERE kind = 'HTX' AND (founded OR converted))");
        assert_eq!(terms.unwrap()[0].class.cells().len(), 4);
    }
    #[test]
    fn a_grade_is_a_further_condition() {
        let terms =
            read("COUNT(*) FILTER (WHERE registered AND graded AND grade IN ('tot', 'kha'))");
        let [term] = terms.unwrap().try_into().unwrap();
        assert!(term.other && term.grading);
        assert_eq!(term.class.cells(), [2, 3, 4, 5], "groups are not graded");
    }
    #[test]
    fn who_has_no_grade_may_be_of_any_kind() {
        let terms = read("COUNT(*) FILTER (WHERE registered AND NOT graded)");
        assert_eq!(terms.unwrap()[0].class.cells().len(), 6);
    }
    #[test]
    fn whoever_operates_exists() {
        let terms = read("COUNT(*) FILTER (WHERE kind = 'HTX' AND operating)");
        assert!(terms.unwrap()[0].class.events[0]);
    }
    #[test]
    fn a_median_is_something_else() {
        assert_eq!(read("MEDIAN(members) FILTER (WHERE registered)"), None);
    }
}
