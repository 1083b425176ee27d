//! What a person changed in a reading. The text and the reading stay as they are; corrections are laid over them in the
//! order in which they were made, so that the last one can be taken back.

use serde::{Deserialize, Serialize};

use super::{Comparator, Horizon, Other, Reading, Target};

/// The reason that stands at a number which a person took for no target.
pub const BY_PERSON: &str = "người đọc xác định không phải chỉ tiêu";

/// One change: words of the text are no target, or a target with these parts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// The first character of the words.
    pub start: usize,
    /// The character behind the last.
    pub end: usize,
    /// The parts of the target; nothing where the words are none.
    pub target: Option<Parts>,
}

/// The parts of a target that a person can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parts {
    /// Of what it speaks.
    pub subject: String,
    /// How the number binds.
    pub comparator: Comparator,
    /// The number; nothing where it is a range.
    pub value: Option<f64>,
    /// The lower end of a range.
    pub min: Option<f64>,
    /// The upper end of a range.
    pub max: Option<f64>,
    /// What is counted or measured.
    pub unit: String,
    /// Until when; a year, or nothing for each year anew.
    pub year: Option<i32>,
    /// Whether it holds anew in each year.
    pub yearly: bool,
    /// Where it holds.
    pub scope: String,
    /// The indicator of the pack in force that measures it, where a person named one.
    pub indicator: Option<String>,
}

impl Parts {
    /// The parts of a target as it was read.
    pub fn of(target: &Target) -> Self {
        let (year, yearly) = match target.horizon {
            Some(Horizon::Year(year)) => (Some(year), false),
            Some(Horizon::Yearly) => (None, true),
            None => (None, false),
        };
        Self {
            subject: target.subject.clone(),
            comparator: target.comparator,
            value: target.value,
            min: target.min,
            max: target.max,
            unit: target.unit.clone(),
            year,
            yearly,
            scope: target.scope.clone(),
            indicator: None,
        }
    }

    fn horizon(&self) -> Option<Horizon> {
        match (self.yearly, self.year) {
            (true, _) => Some(Horizon::Yearly),
            (false, year) => year.map(Horizon::Year),
        }
    }
}

/// The reading with the corrections laid over it.
pub fn corrected(mut reading: Reading, text: &str, corrections: &[Correction]) -> Reading {
    for correction in corrections {
        lay_over(&mut reading, text, correction);
    }
    reading.targets.sort_by_key(|target| target.start);
    reading.others.sort_by_key(|other| other.start);
    reading
}

fn lay_over(reading: &mut Reading, text: &str, correction: &Correction) {
    let (start, end) = (correction.start, correction.end);
    let as_read = reading.targets.iter().find(|t| t.start == start && t.end == end).cloned();
    reading.targets.retain(|target| target.start != start || target.end != end);
    reading.others.retain(|other| other.start != start || other.end != end);
    let quote = || text.chars().skip(start).take(end.saturating_sub(start)).collect::<String>();
    let Some(parts) = &correction.target else {
        reading.others.push(Other { quote: quote(), start, end, reason: BY_PERSON.to_owned() });
        return;
    };
    let target = as_read.unwrap_or_else(|| Target {
        quote: quote(),
        start,
        end,
        subject: String::new(),
        comparator: Comparator::Eq,
        modifiers: Vec::new(),
        value: None,
        min: None,
        max: None,
        unit: String::new(),
        horizon: None,
        until: None,
        period: None,
        baseline_year: None,
        baseline_value: None,
        scope: String::new(),
        parent: None,
        of: None,
        denominator: None,
    });
    // A second comparator belongs to the number as it was read.
    let modifiers =
        if target.comparator == parts.comparator { target.modifiers } else { Vec::new() };
    reading.targets.push(Target {
        subject: parts.subject.clone(),
        comparator: parts.comparator,
        modifiers,
        value: parts.value,
        min: parts.min,
        max: parts.max,
        unit: parts.unit.clone(),
        horizon: parts.horizon(),
        scope: parts.scope.clone(),
        ..target
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "II. MỤC TIÊU\nĐến năm 2030 có khoảng 850 tổ hợp tác. Hiện nay có 226 tổ hợp tác.\n";

    fn read() -> Reading {
        super::super::read(TEXT)
    }
    fn change(parts: impl FnOnce(&mut Parts)) -> Correction {
        let target = &read().targets[0];
        let mut changed = Parts::of(target);
        parts(&mut changed);
        Correction { start: target.start, end: target.end, target: Some(changed) }
    }

    fn situation() -> Other {
        read().others.into_iter().find(|other| other.quote.contains("226")).unwrap()
    }

    #[test]
    fn the_text_has_one_target_and_a_number_of_today() {
        assert_eq!(read().targets.len(), 1);
        assert!(situation().start > read().targets[0].end);
    }
    #[test]
    fn parts_as_they_were_read_change_nothing() {
        assert_eq!(corrected(read(), TEXT, &[change(|_| ())]), read());
    }
    #[test]
    fn a_part_is_changed_and_the_rest_stays() {
        let reading = corrected(read(), TEXT, &[change(|parts| parts.value = Some(900.0))]);
        let target = &reading.targets[0];
        assert_eq!((target.value, target.horizon), (Some(900.0), Some(Horizon::Year(2030))));
        assert_eq!(target.quote, read().targets[0].quote);
    }
    #[test]
    fn the_last_correction_of_the_same_words_holds() {
        let corrections = [change(|p| p.value = Some(900.0)), change(|p| p.value = Some(800.0))];
        assert_eq!(corrected(read(), TEXT, &corrections).targets[0].value, Some(800.0));
        assert_eq!(corrected(read(), TEXT, &corrections[..1]).targets[0].value, Some(900.0));
    }
    #[test]
    fn a_target_becomes_none_and_a_number_becomes_one() {
        let none = Correction { target: None, ..change(|_| ()) };
        let other = situation();
        let one = Correction {
            start: other.start,
            end: other.end,
            target: change(|parts| parts.value = Some(226.0)).target,
        };
        let reading = corrected(read(), TEXT, &[none, one]);
        let none = reading.others.iter().find(|other| other.reason == BY_PERSON).unwrap();
        assert_eq!(none.quote, read().targets[0].quote);
        assert_eq!(reading.targets[0].quote, other.quote);
        assert_eq!(reading.targets[0].value, Some(226.0));
    }
    #[test]
    fn corrections_come_back_from_their_text() {
        let one = change(|parts| parts.indicator = Some("groups".to_owned()));
        let text = serde_json::to_string(&one).unwrap();
        assert_eq!(serde_json::from_str::<Correction>(&text).unwrap(), one);
    }
}
