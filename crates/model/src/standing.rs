//! Standing: met, on track, behind, off track, no data, with the rule in words beside the result.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::date;
use crate::number;
use crate::pack::StandingRule;
use crate::target::{Constraint, Direction, Horizon};
use crate::text::Words;

/// Where a target stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Khó đạt: the pace needed is out of reach of the plan's own.
    OffTrack,
    /// Chậm: below the line, within reach.
    Behind,
    /// Đúng tiến độ: on or above the line.
    OnTrack,
    /// Đã đạt: the constraint holds.
    Met,
    /// Chưa có số liệu.
    NoData,
}

impl Standing {
    /// All values, most urgent first.
    pub const ALL: [Self; 5] =
        [Self::OffTrack, Self::Behind, Self::OnTrack, Self::Met, Self::NoData];

    /// The value as it is written in JSON and class names.
    pub fn code(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::OnTrack => "on_track",
            Self::Behind => "behind",
            Self::OffTrack => "off_track",
            Self::NoData => "no_data",
        }
    }

    /// The sign that stands beside the word.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Met => "✓",
            Self::OnTrack => "▲",
            Self::Behind => "◐",
            Self::OffTrack => "▼",
            Self::NoData => "–",
        }
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Met => Words::new("Đã đạt", "Met"),
            Self::OnTrack => Words::new("Đúng tiến độ", "On track"),
            Self::Behind => Words::new("Chậm", "Behind"),
            Self::OffTrack => Words::new("Khó đạt", "Off track"),
            Self::NoData => Words::new("Chưa có số liệu", "No data"),
        }
    }
}

/// The straight line from the baseline to the goal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Line {
    /// Where it starts.
    pub baseline: f64,
    /// When it starts.
    pub from: Date,
    /// Where it heads.
    pub goal: f64,
    /// When it ends.
    pub to: Date,
}

impl Line {
    /// The value that the line has on a day, held at its ends outside them.
    pub fn expected(&self, day: Date) -> f64 {
        let whole = f64::from(date::days_between(self.from, self.to)).max(1.0);
        let part = (f64::from(date::days_between(self.from, day)) / whole).clamp(0.0, 1.0);
        self.baseline + (self.goal - self.baseline) * part
    }

    /// The change per year along the line.
    pub fn pace(&self) -> f64 {
        (self.goal - self.baseline) / years_between(self.from, self.to)
    }
}

/// Everything that a judgement needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Case {
    /// What is asked.
    pub constraint: Constraint,
    /// Which way is better.
    pub direction: Direction,
    /// By when.
    pub horizon: Horizon,
    /// The value; none where there is no data.
    pub value: Option<f64>,
    /// The day of the value.
    pub as_of: Date,
    /// The line to the goal; none for yearly targets and where there is no baseline.
    pub line: Option<Line>,
    /// Whether the value grows from nothing within each year, so that a part of the year asks for a part of the goal.
    pub flow: bool,
}

/// A standing with the rule that gave it.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// Where the target stands.
    pub standing: Standing,
    /// Why, as a sentence.
    pub rule: Words,
}

/// Judges a target on a day.
///
/// * Without a value: no data.
/// * The constraint holds: met.
/// * A yearly flow: compared with the part of the goal that is due on that day of the year.
/// * Otherwise with the line from baseline to goal: on it or past it is on track; below it, behind while the pace needed
///   from now on is at most `behind_up_to` times the pace of the line, and off track beyond.
/// * Without a line: the share of the goal that is reached decides.
pub fn judge(case: &Case, rule: &StandingRule) -> Judgement {
    let Some(value) = case.value else {
        return judgement(
            Standing::NoData,
            "Chưa có số liệu để tính.".to_owned(),
            "There is no data to compute it from.".to_owned(),
        );
    };
    if case.constraint.holds(value, case.direction) {
        let vi = case.constraint.words("", crate::text::Language::Vi);
        let en = case.constraint.words("", crate::text::Language::En);
        let (shown_vi, shown_en) = both(value);
        return judgement(
            Standing::Met,
            format!("{shown_vi} thỏa điều kiện {vi}."),
            format!("{shown_en} satisfies {en}."),
        );
    }
    match (case.horizon, case.line) {
        (Horizon::Yearly { .. }, _) if case.flow => judge_flow(case, value, rule),
        (Horizon::Year { .. }, Some(line)) => judge_line(case, value, &line, rule),
        (Horizon::Yearly { .. } | Horizon::Year { .. }, _) => judge_share(case, value, rule),
    }
}

/// A yearly flow grows through the year: on 30 June half of it is due.
fn judge_flow(case: &Case, value: f64, rule: &StandingRule) -> Judgement {
    let year = case.as_of.year();
    let whole = f64::from(date::days_between(date::year_start(year), date::year_start(year + 1)));
    let part = f64::from(date::days_between(date::year_start(year), case.as_of) + 1) / whole;
    let goal = case.constraint.goal(case.direction);
    let due = goal * part.min(1.0);
    let (value_vi, value_en) = both(value);
    let (due_vi, due_en) = both(due);
    let standing = if part >= 1.0 {
        if value >= goal * rule.yearly_behind_from { Standing::Behind } else { Standing::OffTrack }
    } else if value >= due {
        Standing::OnTrack
    } else if value >= due * rule.yearly_behind_from {
        Standing::Behind
    } else {
        Standing::OffTrack
    };
    let percent_vi = number::plain(rule.yearly_behind_from * 100.0, crate::text::Language::Vi);
    judgement(
        standing,
        format!(
            "Đến ngày này của năm cần {due_vi}, có {value_vi}; dưới {percent_vi} % mức cần có là khó đạt."
        ),
        format!(
            "By this day of the year {due_en} are due, {value_en} are there; below {percent_vi} % of what is due is off track."
        ),
    )
}

fn judge_line(case: &Case, value: f64, line: &Line, rule: &StandingRule) -> Judgement {
    let expected = line.expected(case.as_of);
    let (value_vi, value_en) = both(value);
    let (expected_vi, expected_en) = both(expected);
    let rising = line.goal >= line.baseline;
    let reached = if rising { value >= expected - 1e-9 } else { value <= expected + 1e-9 };
    if reached {
        return judgement(
            Standing::OnTrack,
            format!("Đường tới mục tiêu cần {expected_vi} vào ngày này, đã có {value_vi}."),
            format!(
                "The line to the goal asks for {expected_en} on this day; there are {value_en}."
            ),
        );
    }
    if case.as_of >= line.to {
        return judgement(
            Standing::OffTrack,
            format!("Đã hết thời hạn, có {value_vi}."),
            format!("The horizon has passed with {value_en}."),
        );
    }
    let needed = (line.goal - value) / years_between(case.as_of, line.to);
    let planned = line.pace();
    // A baseline at or past the goal gives a line without a pace; any shortfall is then out of its reach.
    let times = if planned == 0.0 { f64::INFINITY } else { needed / planned };
    let standing = if times > 0.0 && times <= rule.behind_up_to {
        Standing::Behind
    } else {
        Standing::OffTrack
    };
    let (needed_vi, needed_en) = both(needed);
    let (times_vi, times_en) = if times.is_finite() && times > 0.0 {
        (
            format!(
                ", gấp {} lần nhịp của kế hoạch",
                number::show(times, 2, crate::text::Language::Vi)
            ),
            format!(
                ", {} times the pace of the plan",
                number::show(times, 2, crate::text::Language::En)
            ),
        )
    } else {
        (String::new(), String::new())
    };
    let up_to_vi = number::show(rule.behind_up_to, 2, crate::text::Language::Vi);
    let up_to_en = number::show(rule.behind_up_to, 2, crate::text::Language::En);
    judgement(
        standing,
        format!(
            "Đường tới mục tiêu cần {expected_vi} vào ngày này, mới có {value_vi}; từ nay cần {needed_vi} mỗi năm{times_vi} (quá {up_to_vi} lần là khó đạt)."
        ),
        format!(
            "The line to the goal asks for {expected_en} on this day; there are {value_en}. From now {needed_en} a year are needed{times_en} (more than {up_to_en} times is off track)."
        ),
    )
}

/// Without a baseline only the share of the goal says something.
fn judge_share(case: &Case, value: f64, rule: &StandingRule) -> Judgement {
    let goal = case.constraint.goal(case.direction);
    let share = match case.direction {
        Direction::Up => value / goal,
        Direction::Down => goal / value,
        Direction::None => 1.0 - (value - goal).abs() / goal.abs(),
    };
    let standing =
        if share >= rule.yearly_behind_from { Standing::Behind } else { Standing::OffTrack };
    let (value_vi, value_en) = both(value);
    let (goal_vi, goal_en) = both(goal);
    let percent = number::plain(rule.yearly_behind_from * 100.0, crate::text::Language::Vi);
    judgement(
        standing,
        format!("Cần {goal_vi}, có {value_vi}; lệch quá mức {percent} % là khó đạt."),
        format!("{goal_en} is asked, {value_en} is there; beyond {percent} % of it is off track."),
    )
}

fn years_between(from: Date, to: Date) -> f64 {
    // A tenth of a day keeps a quotient finite on the last day.
    f64::from(date::days_between(from, to)).max(0.1) / 365.25
}

/// A number for sentences in both languages, with one decimal where it is not whole.
fn both(value: f64) -> (String, String) {
    (
        number::plain(value, crate::text::Language::Vi),
        number::plain(value, crate::text::Language::En),
    )
}

fn judgement(standing: Standing, vi: String, en: String) -> Judgement {
    Judgement { standing, rule: Words { vi, en } }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: StandingRule =
        StandingRule { tolerance_about: 0.05, behind_up_to: 1.25, yearly_behind_from: 0.75 };

    /// Groups that are to grow from 200 at the end of 2020 to 1.000 at the end of 2030: 80 a year.
    #[track_caller]
    fn check(year: i16, value: Option<f64>, want: Standing) {
        let case = Case {
            constraint: Constraint::About { value: 1000.0, tolerance: 0.05 },
            direction: Direction::Up,
            horizon: Horizon::Year { year: 2030 },
            value,
            as_of: date::year_end(year),
            line: Some(Line {
                baseline: 200.0,
                from: date::year_end(2020),
                goal: 1000.0,
                to: date::year_end(2030),
            }),
            flow: false,
        };
        assert_eq!(judge(&case, &RULE).standing, want, "{:?}", judge(&case, &RULE).rule);
    }

    #[test]
    fn nothing_is_known() {
        check(2025, None, Standing::NoData);
    }
    #[test]
    fn on_the_line() {
        check(2025, Some(601.0), Standing::OnTrack);
    }
    #[test]
    fn a_little_below_the_line() {
        // 480 are missing over five years: 96 a year, 1.2 times the 80 of the line.
        check(2025, Some(520.0), Standing::Behind);
    }
    #[test]
    fn far_below_the_line() {
        // 600 are missing over five years: 120 a year, 1.5 times.
        check(2025, Some(400.0), Standing::OffTrack);
    }
    #[test]
    fn within_the_tolerance_of_about() {
        check(2028, Some(950.0), Standing::Met);
    }
    #[test]
    fn the_horizon_has_passed() {
        check(2031, Some(900.0), Standing::OffTrack);
    }

    #[track_caller]
    fn check_flow(day: Date, value: f64, want: Standing) {
        let case = Case {
            constraint: Constraint::Between { low: 60.0, high: 70.0 },
            direction: Direction::Up,
            horizon: Horizon::Yearly { from: 2023, to: 2030 },
            value: Some(value),
            as_of: day,
            line: None,
            flow: true,
        };
        assert_eq!(judge(&case, &RULE).standing, want, "{:?}", judge(&case, &RULE).rule);
    }

    #[test]
    fn half_a_year_asks_for_half() {
        check_flow(Date::constant(2025, 6, 30), 30.0, Standing::OnTrack);
        check_flow(Date::constant(2025, 6, 30), 25.0, Standing::Behind);
        check_flow(Date::constant(2025, 6, 30), 20.0, Standing::OffTrack);
    }
    #[test]
    fn a_whole_year_asks_for_all() {
        check_flow(date::year_end(2025), 60.0, Standing::Met);
        check_flow(date::year_end(2025), 46.0, Standing::Behind);
        check_flow(date::year_end(2025), 44.0, Standing::OffTrack);
    }
}
