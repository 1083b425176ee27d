//! The roadmap: every task as a line from the day it was opened to the day it is due, with what was done, missed and is
//! still to come on it, and the asked day across all of them.

use hoptac_model::date::{days_between, year_end, year_start};
use hoptac_model::standing::Standing;
use hoptac_model::task::{State, Task};
use hoptac_model::text::Language;
use jiff::civil::Date;
use maud::{Markup, html};

use super::scale::{Scale, px};
use super::{sign, standing_class};

/// A task on the roadmap.
#[derive(Clone, Debug)]
pub struct Bar {
    /// Its code and title.
    pub label: String,
    /// Where it leads; none on paper.
    pub href: Option<String>,
    /// Where it stands, with the reason, for who hovers or listens.
    pub title: String,
    /// Where it stands.
    pub state: State,
    /// The day on which it was opened.
    pub from: Date,
    /// Its last day: due, done or ended; none where none is known.
    pub to: Option<Date>,
    /// Due days on it.
    pub marks: Vec<Mark>,
}

/// A due day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The day.
    pub on: Date,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a due day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Done.
    Done,
    /// Past, and not done.
    Missed,
    /// Still to come.
    Coming,
}

impl Fate {
    /// The word in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Missed => "missed",
            Self::Coming => "coming",
        }
    }
}

impl Bar {
    /// A task as it stands on a day, without an address.
    pub fn of(task: &Task, day: Date, language: Language) -> Self {
        let situation = task.situation(day);
        let fate = |on: &Date| {
            if task.done.contains_key(on) {
                Fate::Done
            } else if *on < day {
                Fate::Missed
            } else {
                Fate::Coming
            }
        };
        let marks: Vec<Mark> = match &task.end {
            Some(end) if end.state == State::Done => vec![Mark { on: end.on, fate: Fate::Done }],
            Some(_) => Vec::new(),
            None => {
                let days = task.due_days(day);
                days.iter().map(|on| Mark { on: task.due_of(*on), fate: fate(on) }).collect()
            }
        };
        let to = task.end.as_ref().map(|end| end.on).or(marks.iter().map(|mark| mark.on).max());
        let (state, reason) = (situation.state, situation.reason);
        Self {
            label: format!("{} {}", task.code, task.title(language)),
            href: None,
            title: format!("{}: {}", state.words().get(language), reason.get(language)),
            state,
            from: task.opened_on,
            to,
            marks,
        }
    }
}

/// How wide the picture is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// For a page and for paper.
    Wide,
    /// For a phone.
    Narrow,
}

const ROW: f64 = 40.0;
const TOP: f64 = 26.0;
const LINE: f64 = 26.0;

/// The standing whose colour and sign a state has.
pub fn standing_of(state: State) -> Standing {
    match state {
        State::Done => Standing::Met,
        State::OnTime => Standing::OnTrack,
        State::Postponed => Standing::Behind,
        State::Late => Standing::OffTrack,
        State::NotStarted | State::Merged | State::Cancelled => Standing::NoData,
    }
}

/// Draws the roadmap over the years that its tasks reach; `today` says what the line across is.
pub fn draw(bars: &[Bar], day: Date, title: &str, today: &str, width: Width) -> Markup {
    let (across, class, letters) = match width {
        Width::Wide => (960.0, "chart roadmap wide", 118),
        Width::Narrow => (340.0, "chart roadmap narrow", 42),
    };
    let days = bars.iter().flat_map(|bar| {
        let marks = bar.marks.iter().map(|mark| mark.on);
        [bar.from].into_iter().chain(bar.to).chain(marks)
    });
    let (first, last) = days.fold((day, day), |(first, last), one| (first.min(one), last.max(one)));
    let (start, end) = (year_start(first.year()), year_end(last.year()));
    let place = |on: Date| {
        let domain = (0.0, f64::from(days_between(start, end)));
        Scale::new(domain, (6.0, across - 6.0)).within(f64::from(days_between(start, on)))
    };
    let rows = u32::try_from(bars.len()).map_or(0.0, f64::from);
    let height = TOP + rows * ROW + 8.0;
    // On a narrow picture over many years, not every year has room for its number.
    let years = f64::from(end.year() - start.year() + 1);
    let step = (years * 40.0 / across).ceil().max(1.0);
    #[expect(clippy::cast_possible_truncation, reason = "a few years at the most")]
    let step = step as i16;
    html! {
        svg class=(class) role="group" aria-label=(title) viewBox={ "0 0 " (px(across)) " " (px(height)) } {
            @for year in start.year()..=end.year() {
                @let x = px(place(year_start(year)));
                path class="grid" d={ "M" (x) " " (px(TOP - 6.0)) "V" (px(height)) } {}
                @if (year - start.year()) % step == 0 {
                    text class="axis" x={ (x) } y="14" { (year) }
                }
            }
            @for (number, bar) in (0_u32..).zip(bars) {
                g transform={ "translate(0 " (px(TOP + f64::from(number) * ROW)) ")" } {
                    @match &bar.href {
                        Some(href) => a href=(href) { (row(bar, &place, across, letters, day)) },
                        None => (row(bar, &place, across, letters, day)),
                    }
                }
            }
            path class="today" d={ "M" (px(place(day))) " " (px(TOP - 6.0)) "V" (px(height)) } { title { (today) } }
        }
    }
}

fn row(bar: &Bar, place: &dyn Fn(Date) -> f64, across: f64, letters: usize, day: Date) -> Markup {
    let standing = standing_of(bar.state);
    let from = place(bar.from);
    // What nobody set a day for goes on, broken, to the end.
    let to = bar.to.map_or(across - 6.0, place).max(from + 2.0);
    let open = bar.to.is_none();
    html! {
        title { (bar.title) }
        g class=(standing_class(Some(standing))) {
            g transform="translate(0 4)" class="inset-sign" { (sign::shape(standing)) }
            text class="label" x="18" y="15" { (short(&bar.label, letters)) }
            path class=(if open { "course open" } else { "course" }) d={ "M" (px(from)) " " (px(LINE)) "H" (px(to)) } {}
            @if day > bar.from {
                path class="course gone" d={ "M" (px(from)) " " (px(LINE)) "H" (px(place(day).min(to))) } {}
            }
            @for mark in &bar.marks {
                @let at = format!("translate({} {})", px(place(mark.on) - 6.0), px(LINE - 6.0));
                @match mark.fate {
                    Fate::Done => g class="s-met mark" transform=(at) {
                        circle class="disc" cx="6" cy="6" r="6.4" {}
                        (sign::shape(Standing::Met))
                    },
                    Fate::Missed => g class="s-off mark" transform=(at) {
                        circle class="disc" cx="6" cy="6" r="6.4" {}
                        (sign::shape(Standing::OffTrack))
                    },
                    Fate::Coming => circle class="coming" cx=(px(place(mark.on))) cy=(px(LINE)) r="3.6" {},
                }
            }
        }
    }
}

/// The beginning of a label, as much as there is room for.
fn short(label: &str, letters: usize) -> String {
    if label.chars().count() <= letters {
        return label.to_owned();
    }
    let kept: String = label.chars().take(letters.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Date = Date::constant(2026, 11, 26);

    fn bar(to: Option<Date>, marks: Vec<Mark>) -> Bar {
        Bar {
            label: "N20-1 Vận động thành lập".to_owned(),
            href: Some("/nhiem-vu/N20-1".to_owned()),
            title: "quá hạn".to_owned(),
            state: State::Late,
            from: Date::constant(2023, 5, 15),
            to,
            marks,
        }
    }

    fn wide(bars: &[Bar]) -> String {
        draw(bars, DAY, "Lộ trình", "hôm nay", Width::Wide).into_string()
    }

    #[test]
    fn the_years_are_those_that_the_tasks_reach() {
        let svg = wide(&[bar(Some(Date::constant(2027, 6, 30)), Vec::new())]);
        for year in 2023..=2027 {
            assert!(svg.contains(&format!(">{year}<")), "{year}: {svg}");
        }
        assert!(!svg.contains(">2028<"));
    }
    #[test]
    fn what_has_no_day_is_broken() {
        assert!(wide(&[bar(None, Vec::new())]).contains("course open"));
        assert!(!wide(&[bar(Some(DAY), Vec::new())]).contains("course open"));
    }
    #[test]
    fn done_missed_and_coming_differ_in_shape() {
        let marks = [Fate::Done, Fate::Missed, Fate::Coming].map(|fate| Mark { on: DAY, fate });
        let svg = wide(&[bar(Some(DAY), marks.to_vec())]);
        for class in ["s-met mark", "s-off mark", "coming"] {
            assert_eq!(svg.matches(&format!("class=\"{class}\"")).count(), 1, "{class}");
        }
    }
    #[test]
    fn no_task_at_all() {
        assert!(wide(&[]).contains("viewBox=\"0 0 960 34\""));
    }
    #[test]
    fn a_long_label_is_cut_at_letters() {
        assert_eq!(short("Vận động thành lập", 9), "Vận động…");
        assert_eq!(short("Vận động", 9), "Vận động");
    }
}
