//! The line chart of one indicator: computed history in ink, published figures hollow, the goal as zone and edge at the
//! horizon, a dotted line for the pace needed from now, a thin one for the plan's own line, a dashed one at a series break.
//!
//! Labels stand at the ends of lines; there is no legend box. The chart is drawn twice, wide and narrow, because
//! letters that shrink with the picture cannot be read on a phone.

use hoptac_model::forecast::{Band, Expectation};
use hoptac_model::standing::{Line, Standing};
use hoptac_model::target::{Constraint, Horizon};
use hoptac_model::text::Language;
use hoptac_model::{date, number};
use jiff::civil::Date;
use maud::{Markup, html};

use super::scale::{self, Scale, path, px};
use super::standing_class;

/// What a chart shows. All words are in the language of the page.
#[derive(Clone, Debug)]
pub struct Chart {
    /// The language of the numbers on the axes.
    pub language: Language,
    /// How many decimals the values have.
    pub decimals: u8,
    /// The title.
    pub title: String,
    /// What the picture shows, as a sentence.
    pub description: String,
    /// Computed values, oldest first; the last is now.
    pub history: Vec<(Date, Option<f64>)>,
    /// Whether the last value belongs to a year that is not over, so that it is no fall if it lies low.
    pub unfinished: bool,
    /// Published figures, each with the words of its tip.
    pub published: Vec<(Date, f64, String)>,
    /// What is asked, by when, and what stands beside it.
    pub goal: Option<Goal>,
    /// The plan's own line, with its label.
    pub line: Option<(Line, String)>,
    /// Breaks of the series.
    pub breaks: Vec<SeriesBreak>,
    /// The forecast.
    pub spread: Option<Spread>,
}

/// A forecast: three bands around a median.
#[derive(Clone, Debug)]
pub struct Spread {
    /// Where it starts.
    pub from: (Date, f64),
    /// The ends of its periods, oldest first.
    pub periods: Vec<Expectation>,
    /// The last median, as it is shown.
    pub median: String,
    /// Its 80 % interval, as it is shown: `(508–646)`.
    pub range: String,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Goal {
    /// The constraint.
    pub constraint: Constraint,
    /// By when.
    pub horizon: Horizon,
    /// The number one heads for.
    pub value: f64,
    /// Where it stands.
    pub standing: Option<Standing>,
    /// As `khoảng 850`.
    pub label: String,
    /// As `cần thêm 96 mỗi năm`; empty where nothing more is needed.
    pub pace: String,
}

/// A break of the series.
#[derive(Clone, Debug)]
pub struct SeriesBreak {
    /// The last day before it.
    pub from: Date,
    /// The first day after it.
    pub to: Date,
    /// A few words.
    pub label: String,
}

/// How wide the chart is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// For a desk and for paper.
    Wide,
    /// For a phone.
    Narrow,
}

/// The place for the lines, between the margins that hold the labels.
struct Frame {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    /// The width of an average letter of a label, to keep labels inside the picture.
    letter: f64,
}

impl Frame {
    fn of(size: Size) -> Self {
        match size {
            Size::Wide => Self {
                width: 760.0,
                height: 340.0,
                left: 52.0,
                right: 630.0,
                top: 26.0,
                bottom: 308.0,
                letter: 7.2,
            },
            Size::Narrow => Self {
                width: 332.0,
                height: 270.0,
                left: 42.0,
                right: 308.0,
                top: 40.0,
                bottom: 242.0,
                letter: 7.3,
            },
        }
    }

    /// A label that starts, or ends, at a point as far as the picture lets it.
    fn label(&self, x: f64, y: f64, text: &str, ends_there: bool) -> Label {
        let count = u16::try_from(text.chars().count()).unwrap_or(u16::MAX);
        Label { x: self.label_x(x, text, ends_there), y, width: f64::from(count) * self.letter }
    }

    /// Where a label starts so that it stays inside the picture.
    fn label_x(&self, x: f64, text: &str, ends_there: bool) -> f64 {
        let count = u16::try_from(text.chars().count()).unwrap_or(u16::MAX);
        let width = f64::from(count) * self.letter;
        let start = if ends_there { x - width } else { x };
        start.min(self.width - width - 2.0).max(2.0)
    }
}

/// How far apart labels of one line stand.
const GAP: f64 = 5.0;
/// How much wider than other labels the value of now is written.
const BOLD: f64 = 1.25;

/// Where a label stands: the left end of its line of writing.
struct Label {
    x: f64,
    y: f64,
    width: f64,
}

impl Label {
    /// Whether two labels would be written over each other.
    fn meets(&self, other: &Self) -> bool {
        (self.y - other.y).abs() < 15.0
            && self.x < other.x + other.width + GAP
            && other.x < self.x + self.width + GAP
    }
}

/// Everything placed: the scales of both axes and what they span.
struct Placed<'a> {
    chart: &'a Chart,
    frame: Frame,
    first: Date,
    across: Scale,
    up: Scale,
    ticks: Vec<f64>,
    years: Vec<i16>,
}

/// Draws the chart for a page: wide and narrow, of which the style sheet shows one.
pub fn draw(chart: &Chart) -> Markup {
    html! {
        (draw_size(chart, Size::Wide))
        (draw_size(chart, Size::Narrow))
    }
}

/// Draws the chart in one width.
pub fn draw_size(chart: &Chart, size: Size) -> Markup {
    let placed = place(chart, size);
    let frame = &placed.frame;
    let class = match size {
        Size::Wide => "chart wide",
        Size::Narrow => "chart narrow",
    };
    let standing = chart.goal.as_ref().and_then(|goal| goal.standing);
    html! {
        svg class={ (class) " " (standing_class(standing)) } role="img"
            viewBox={ "0 0 " (px(frame.width)) " " (px(frame.height)) } {
            title { (chart.title) }
            desc { (chart.description) }
            (axes(&placed, size))
            (breaks(&placed))
            (spread(&placed))
            (goal(&placed, size))
            (plan_line(&placed))
            (needed(&placed, size))
            (history(&placed))
            (spread_label(&placed, size))
        }
    }
}

fn place(chart: &Chart, size: Size) -> Placed<'_> {
    let frame = Frame::of(size);
    let (first, last) = days(chart);
    let days = f64::from(date::days_between(first, last)).max(1.0);
    let (low, high) = values(chart);
    let ticks = scale::ticks(low, high, 5);
    let bottom = ticks.first().copied().unwrap_or(0.0);
    let top = ticks.last().copied().unwrap_or(1.0);
    Placed {
        across: Scale::new((0.0, days), (frame.left, frame.right)),
        up: Scale::new((bottom, top), (frame.bottom, frame.top)),
        years: years(first, last, size),
        chart,
        frame,
        first,
        ticks,
    }
}

impl Placed<'_> {
    fn x(&self, day: Date) -> f64 {
        self.across.at(f64::from(date::days_between(self.first, day)))
    }

    fn at(&self, day: Date, value: f64) -> (f64, f64) {
        (self.x(day), self.up.at(value))
    }

    /// Where the value of now is written, and the value.
    fn value_label(&self) -> Option<(Label, String)> {
        let chart = self.chart;
        let (day, value) = self.now()?;
        let (x, y) = self.at(day, value);
        let shown = number::show(value, chart.decimals, chart.language);
        let under = chart.goal.as_ref().is_none_or(|goal| goal.value >= value);
        let y = if under { y + 19.0 } else { y - 10.0 }.min(self.frame.bottom - 4.0);
        let label = self.frame.label(x + 4.0, y, &shown, false);
        Some((Label { width: label.width * BOLD, ..label }, shown))
    }

    /// On a phone, where the goal is written: over its zone.
    fn goal_label(&self) -> Option<Label> {
        let goal = self.chart.goal.as_ref()?;
        let top = goal.constraint.zone().1.map_or(self.frame.top, |v| self.up.within(v));
        let y = top.min(self.up.within(goal.value)) - 7.0;
        let to = self.x(goal.horizon.end());
        let to = if matches!(goal.horizon, Horizon::Year { .. }) { to + 10.0 } else { to };
        Some(self.frame.label(to, y, &goal.label, true))
    }

    /// On a phone, where the end of the median is written: under the fan, or over it where the first is taken.
    fn spread_label(&self) -> Option<Label> {
        let spread = self.chart.spread.as_ref()?;
        let end = spread.periods.last()?;
        let words = format!("{} {}", spread.median, spread.range);
        let under = self.up.within(end.interval_95.low) + 16.0;
        let over = self.up.within(end.interval_95.high) - 7.0;
        let taken: Vec<Label> = self
            .value_label()
            .map(|(label, _)| label)
            .into_iter()
            .chain(self.goal_label())
            .collect();
        let rows = [under, under + 16.0, over, over - 16.0, under + 32.0, under + 48.0];
        Some(self.free(&words, &rows, &taken))
    }

    /// On a phone, where the pace is written: between the lines there is no room, on the far side of now there is.
    fn pace_label(&self, words: &str, now: f64, rising: bool) -> Label {
        let under = [38.0, 54.0, 70.0, 86.0].map(|by| now + by);
        let over = [28.0, 44.0, 60.0, 76.0, 92.0].map(|by| now - by);
        let rows = if rising { [&under[..], &over[..]] } else { [&over[..], &under[..]] }.concat();
        let value = self.value_label().map(|(label, _)| label);
        let taken: Vec<Label> =
            value.into_iter().chain(self.goal_label()).chain(self.spread_label()).collect();
        self.free(words, &rows, &taken)
    }

    /// The first of some rows where a label at the right edge stands free of others; the first where none does.
    fn free(&self, words: &str, rows: &[f64], taken: &[Label]) -> Label {
        let frame = &self.frame;
        let at = |y: f64| frame.label(frame.width - 2.0, y, words, true);
        let fits = |label: &Label| {
            (12.0..=frame.bottom - 6.0).contains(&label.y)
                && taken.iter().all(|other| !label.meets(other))
        };
        let found = rows.iter().map(|y| at(*y)).find(fits);
        let held = |y: f64| at(y.clamp(12.0, frame.bottom - 6.0));
        found.unwrap_or_else(|| held(rows.first().copied().unwrap_or(frame.bottom)))
    }

    /// The last computed value, where it has one.
    fn now(&self) -> Option<(Date, f64)> {
        let (day, value) = self.chart.history.last()?;
        Some((*day, value.filter(|v| v.is_finite())?))
    }
}

/// The days that the chart spans: all that is known, and the horizon.
fn days(chart: &Chart) -> (Date, Date) {
    let history = chart.history.iter().map(|(day, _)| *day);
    let published = chart.published.iter().map(|(day, ..)| *day);
    let line = chart.line.iter().flat_map(|(line, _)| [line.from, line.to]);
    let goal = chart.goal.iter().map(|goal| goal.horizon.end());
    let all: Vec<Date> = history.chain(published).chain(line).chain(goal).collect();
    let first = all.iter().min().copied().unwrap_or(date::year_start(2000));
    let last = all.iter().max().copied().unwrap_or(first);
    (first, last)
}

/// The least and the greatest value that has to fit; zero always does.
fn values(chart: &Chart) -> (f64, f64) {
    let history = chart.history.iter().filter_map(|(_, value)| *value);
    let published = chart.published.iter().map(|(_, value, _)| *value);
    let line = chart.line.iter().flat_map(|(line, _)| [line.baseline, line.goal]);
    let goal = chart.goal.iter().flat_map(|goal| {
        let (low, high) = goal.constraint.zone();
        // Above an open goal there has to be room to see that it is open.
        let above = if high.is_none() { low.map(|low| low + low.abs() * 0.1) } else { high };
        [low, above, Some(goal.value)].into_iter().flatten()
    });
    let spread = chart.spread.iter().flat_map(|spread| &spread.periods);
    let spread = spread.flat_map(|at| [at.interval_95.low, at.interval_95.high]);
    let all = history.chain(published).chain(line).chain(goal).chain(spread);
    all.filter(|v| v.is_finite())
        .fold((0.0, 0.0), |(low, high), value: f64| (low.min(value), high.max(value)))
}

/// The years that stand under the axis: as many as fit without touching, the last always among them.
fn years(first: Date, last: Date, size: Size) -> Vec<i16> {
    let fits = match size {
        Size::Wide => 14,
        Size::Narrow => 6,
    };
    // A year stands at its last day, where its value is.
    let from = if first == date::year_end(first.year()) { first.year() } else { first.year() - 1 };
    let span = last.year() - from;
    let step =
        [1, 2, 3, 4, 5, 10, 20, 50].into_iter().find(|step| span / step < fits).unwrap_or(100);
    let mut years: Vec<i16> = (0..=span / step).map(|n| last.year() - n * step).collect();
    years.retain(|year| date::year_end(*year) >= first);
    years.reverse();
    years
}

fn axes(placed: &Placed<'_>, size: Size) -> Markup {
    let frame = &placed.frame;
    let decimals = scale::decimals(&placed.ticks);
    // The day of a year's label may lie past the last day of the chart by less than a year.
    html! {
        @for tick in &placed.ticks {
            @let y = placed.up.at(*tick);
            path class="grid" d=(format!("M{} {}H{}", px(frame.left), px(y), px(frame.right))) {}
            text class="axis y" x=(px(frame.left - 8.0)) y=(px(y + 4.0)) {
                (number::show(*tick, decimals, placed.chart.language))
            }
        }
        @for year in &placed.years {
            @let x = placed.x(date::year_end(*year)).min(frame.right);
            text class="axis x" x=(px(x)) y=(px(frame.bottom + if size == Size::Wide { 20.0 } else { 18.0 })) { (year) }
        }
    }
}

fn breaks(placed: &Placed<'_>) -> Markup {
    let frame = &placed.frame;
    html! {
        @for (row, at) in placed.chart.breaks.iter().enumerate() {
            @let middle = f64::midpoint(placed.x(at.from), placed.x(at.to));
            @let row = f64::from(u8::try_from(row).unwrap_or(0));
            @let y = frame.top - 12.0 + row * 15.0;
            path class="break" d=(format!("M{} {}V{}", px(middle), px(frame.top - 20.0), px(frame.bottom))) {}
            text class="note" x=(px(frame.label_x(middle + 5.0, &at.label, false))) y=(px(y)) { (at.label) }
        }
    }
}

/// The zone and edge of what is asked: at the horizon, or across the years of a yearly target.
fn goal(placed: &Placed<'_>, size: Size) -> Markup {
    let Some(goal) = &placed.chart.goal else { return html! {} };
    let frame = &placed.frame;
    let (low, high) = goal.constraint.zone();
    let y_low = low.map_or(frame.bottom, |v| placed.up.within(v));
    let y_high = high.map_or(frame.top, |v| placed.up.within(v));
    let end = placed.x(goal.horizon.end());
    let (from, to) = match goal.horizon {
        Horizon::Year { .. } => (end - 13.0, end + 10.0),
        Horizon::Yearly { from, .. } => {
            (placed.x(date::year_start(from)).clamp(frame.left, end), end)
        }
    };
    let edges = match goal.constraint {
        Constraint::Between { low, high } => vec![low, high],
        Constraint::About { .. }
        | Constraint::AtLeast { .. }
        | Constraint::MoreThan { .. }
        | Constraint::AtMost { .. }
        | Constraint::LessThan { .. }
        | Constraint::Exactly { .. }
        | Constraint::All { .. } => vec![goal.value],
    };
    let y = placed.up.within(goal.value);
    html! {
        @if y_low - y_high > 0.5 {
            rect class="zone" x=(px(from)) y=(px(y_high)) width=(px(to - from)) height=(px(y_low - y_high)) {}
        }
        @for edge in edges {
            path class="edge" d=(format!("M{} {}H{}", px(from), px(placed.up.within(edge)), px(to))) {}
        }
        @match size {
            Size::Wide => {
                text class="label" x=(px(to + 8.0)) y=(px(y + 4.5)) { (goal.label) }
            }
            Size::Narrow => {
                @if let Some(at) = placed.goal_label() {
                    text class="label" x=(px(at.x)) y=(px(at.y)) { (goal.label) }
                }
            }
        }
    }
}

/// One of the intervals of an expectation.
type Interval = fn(&Expectation) -> Band;

/// The bands of the forecast, the widest first, and its median.
fn spread(placed: &Placed<'_>) -> Markup {
    let Some(spread) = &placed.chart.spread else { return html! {} };
    let (day, value) = spread.from;
    let start = placed.at(day, value);
    let edge = |end: fn(&Band) -> f64, band: Interval| {
        spread.periods.iter().map(move |at| (placed.x(at.on), placed.up.within(end(&band(at)))))
    };
    let area = |band: Interval| {
        let upper = edge(|band| band.high, band);
        let lower: Vec<_> = edge(|band| band.low, band).collect();
        let around = std::iter::once(start).chain(upper).chain(lower.into_iter().rev());
        format!("{}Z", path(around.map(Some)))
    };
    let bands: [(&str, Interval); 3] = [
        ("band wide-band", |at| at.interval_95),
        ("band middle-band", |at| at.interval_80),
        ("band narrow-band", |at| at.interval_50),
    ];
    let median = spread.periods.iter().map(|at| (placed.x(at.on), placed.up.within(at.median)));
    html! {
        @for (class, band) in bands { path class=(class) d=(area(band)) {} }
        path class="median" d=(path(std::iter::once(start).chain(median).map(Some))) {}
    }
}

/// What the median ends at, with its interval.
fn spread_label(placed: &Placed<'_>, size: Size) -> Markup {
    let Some(spread) = &placed.chart.spread else { return html! {} };
    let Some(end) = spread.periods.last() else { return html! {} };
    let x = placed.x(end.on);
    let mut y = placed.up.within(end.median);
    // The label of the goal has its place already.
    if let Some(goal) = &placed.chart.goal {
        let taken = placed.up.within(goal.value);
        if (y - taken).abs() < 18.0 {
            y = if y >= taken { taken + 18.0 } else { taken - 18.0 };
        }
    }
    html! {
        @match size {
            Size::Wide => {
                text class="label" x=(px(x + 8.0)) y=(px(y + 4.5)) {
                    (spread.median) " " tspan class="soft" { (spread.range) }
                }
            }
            Size::Narrow => {
                @if let Some(at) = placed.spread_label() {
                    text class="label" x=(px(at.x)) y=(px(at.y)) {
                        (spread.median) " " tspan class="soft" { (spread.range) }
                    }
                }
            }
        }
    }
}

/// The plan's own line from its baseline to the goal.
fn plan_line(placed: &Placed<'_>) -> Markup {
    let Some((line, label)) = &placed.chart.line else { return html! {} };
    let start = placed.at(line.from, line.baseline);
    let end = placed.at(line.to, line.goal);
    // Its label stands on the side that the history leaves free.
    let above = placed.now().is_none_or(|(day, value)| value <= line.expected(day));
    html! {
        path class="plan" d=(path([Some(start), Some(end)])) {}
        circle class="start" cx=(px(start.0)) cy=(px(start.1)) r="2.2" {}
        (beside(placed, start, end, 0.36, above, "note", label))
    }
}

/// The line from now to the goal.
fn needed(placed: &Placed<'_>, size: Size) -> Markup {
    let chart = placed.chart;
    let (Some(goal), Some((day, value))) = (&chart.goal, placed.now()) else { return html! {} };
    if goal.pace.is_empty() || day >= goal.horizon.end() {
        return html! {};
    }
    let start = placed.at(day, value);
    let end = placed.at(goal.horizon.end(), goal.value);
    let above = chart.line.as_ref().is_some_and(|(line, _)| value > line.expected(day));
    html! {
        path class="needed" d=(path([Some(start), Some(end)])) {}
        @match size {
            Size::Wide => (beside(placed, start, end, 0.5, above, "label", &goal.pace)),
            Size::Narrow => {
                @let label = placed.pace_label(&goal.pace, start.1, goal.value >= value);
                text class="label" x=(px(label.x)) y=(px(label.y)) { (goal.pace) }
            }
        }
    }
}

/// A label beside a line, at a part of its length, on the upper or the lower side.
fn beside(
    placed: &Placed<'_>,
    start: (f64, f64),
    end: (f64, f64),
    at: f64,
    above: bool,
    class: &str,
    text: &str,
) -> Markup {
    let x = start.0 + (end.0 - start.0) * at;
    let y = start.1 + (end.1 - start.1) * at;
    let rising = end.1 < start.1;
    // Over a rising line the free corner is on the left, under it on the right.
    let ends_there = above == rising;
    let x = placed.frame.label_x(if ends_there { x - 6.0 } else { x + 6.0 }, text, ends_there);
    // The numbers of the axis stand on the left.
    let x = x.max(placed.frame.left + 4.0);
    let y = if above { y - 7.0 } else { y + 16.0 };
    html! { text class=(class) x=(px(x)) y=(px(y.clamp(12.0, placed.frame.bottom - 5.0))) { (text) } }
}

fn history(placed: &Placed<'_>) -> Markup {
    let chart = placed.chart;
    let count = chart.history.len();
    let points: Vec<Option<(f64, f64)>> = chart
        .history
        .iter()
        .map(|(day, value)| value.filter(|v| v.is_finite()).map(|v| placed.at(*day, v)))
        .collect();
    let closed = if chart.unfinished { count.saturating_sub(1) } else { count };
    let trace = path(points.iter().copied().take(closed));
    let open = path(points.iter().copied().skip(closed.saturating_sub(1)));
    html! {
        path class="trace" d=(trace) {}
        @if chart.unfinished { path class="trace open" d=(open) {} }
        @for (day, value) in chart.history.iter().take(count.saturating_sub(1)) {
            @if let Some(value) = value.filter(|v| v.is_finite()) {
                @let (x, y) = placed.at(*day, value);
                circle class="past" cx=(px(x)) cy=(px(y)) r="2.6" {
                    title { (tip(chart, *day, value)) }
                }
            }
        }
        @for (day, value, tip) in chart.published.iter().filter(|(_, value, _)| value.is_finite()) {
            @let (x, y) = placed.at(*day, *value);
            circle class="published" cx=(px(x)) cy=(px(y)) r="3.6" { title { (tip) } }
        }
        @if let Some((day, value)) = placed.now() {
            @let (x, y) = placed.at(day, value);
            circle class="now" cx=(px(x)) cy=(px(y)) r="4" { title { (tip(chart, day, value)) } }
        }
        @if let Some((at, shown)) = placed.value_label() {
            text class="value" x=(px(at.x)) y=(px(at.y)) { (shown) }
        }
    }
}

fn tip(chart: &Chart, day: Date, value: f64) -> String {
    let shown = number::show(value, chart.decimals, chart.language);
    format!("{}: {shown}", date::show(day, chart.language))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(year: i16) -> Date {
        date::year_end(year)
    }

    /// Groups that are to grow from 200 to about 1.000 in ten years, and stand at 300 after five.
    fn groups() -> Chart {
        Chart {
            language: Language::Vi,
            decimals: 0,
            title: "Tổ hợp tác".to_owned(),
            description: "Từ 200 lên 300, mục tiêu khoảng 1.000.".to_owned(),
            history: vec![
                (end(2020), Some(200.0)),
                (end(2022), Some(250.0)),
                (end(2023), None),
                (end(2024), Some(280.0)),
                (end(2025), Some(300.0)),
            ],
            unfinished: false,
            published: vec![(end(2023), 260.0, "Báo cáo năm 2023: 260".to_owned())],
            goal: Some(Goal {
                constraint: Constraint::About { value: 1000.0, tolerance: 0.05 },
                horizon: Horizon::Year { year: 2030 },
                value: 1000.0,
                standing: Some(Standing::OffTrack),
                label: "khoảng 1.000".to_owned(),
                pace: "cần thêm 140 mỗi năm".to_owned(),
            }),
            line: Some((
                Line { baseline: 200.0, from: end(2020), goal: 1000.0, to: end(2030) },
                "đường tới mục tiêu".to_owned(),
            )),
            breaks: vec![SeriesBreak {
                from: end(2022),
                to: end(2023),
                label: "gãy chuỗi".to_owned(),
            }],
            spread: None,
        }
    }

    #[track_caller]
    fn drawn(chart: &Chart) -> String {
        let svg = draw(chart).into_string();
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        svg
    }

    #[test]
    fn a_whole_chart() {
        insta::assert_snapshot!(
            draw_size(&groups(), Size::Wide).into_string().replace("><", ">\n<")
        );
    }
    #[test]
    fn it_is_drawn_wide_and_narrow() {
        let svg = drawn(&groups());
        assert!(svg.contains("chart wide") && svg.contains("chart narrow"));
    }
    #[test]
    fn a_forecast_opens_like_a_fan() {
        let around = |on: i16, median: f64, by: f64| {
            let band = |by| Band { low: median - by, high: median + by };
            Expectation {
                on: end(on),
                median,
                interval_50: band(by),
                interval_80: band(2.0 * by),
                interval_95: band(3.0 * by),
            }
        };
        let spread = Spread {
            from: (end(2025), 300.0),
            periods: vec![around(2026, 330.0, 10.0), around(2030, 450.0, 60.0)],
            median: "450".to_owned(),
            range: "(330–570)".to_owned(),
        };
        let chart = Chart { spread: Some(spread), ..groups() };
        let svg = drawn(&chart);
        assert_eq!(svg.matches("class=\"band ").count(), 6);
        assert_eq!(svg.matches("class=\"median\"").count(), 2);
        assert!(svg.contains("450 <tspan class=\"soft\">(330–570)</tspan>"));
    }
    #[test]
    fn nothing_known_at_all() {
        let chart = Chart {
            history: vec![],
            published: vec![],
            goal: None,
            line: None,
            breaks: vec![],
            ..groups()
        };
        assert!(!drawn(&chart).contains("class=\"now\""));
    }
    #[test]
    fn one_point() {
        let chart = Chart {
            history: vec![(end(2025), Some(5.0))],
            published: vec![],
            goal: None,
            line: None,
            breaks: vec![],
            ..groups()
        };
        assert!(drawn(&chart).contains("class=\"now\""));
    }
    #[test]
    fn all_values_zero_lie_on_the_lowest_line() {
        let history = vec![(end(2024), Some(0.0)), (end(2025), Some(0.0))];
        let chart = Chart {
            history,
            published: vec![],
            goal: None,
            line: None,
            breaks: vec![],
            ..groups()
        };
        assert!(drawn(&chart).contains("M52 308L630 308"));
    }
    #[test]
    fn a_loss_lies_below_zero() {
        let history = vec![(end(2024), Some(-40.0)), (end(2025), Some(20.0))];
        let chart = Chart {
            history,
            published: vec![],
            goal: None,
            line: None,
            breaks: vec![],
            ..groups()
        };
        assert!(drawn(&chart).contains(">-40<"));
    }
    #[test]
    fn a_horizon_that_has_passed_needs_no_pace() {
        let mut chart = groups();
        chart.history.push((end(2031), Some(400.0)));
        assert!(!drawn(&chart).contains("class=\"needed\""));
    }
    #[test]
    fn a_yearly_goal_is_a_band_over_its_years() {
        let mut chart = groups();
        if let Some(goal) = &mut chart.goal {
            goal.constraint = Constraint::Between { low: 550.0, high: 700.0 };
            goal.horizon = Horizon::Yearly { from: 2023, to: 2030 };
        }
        assert_eq!(
            draw_size(&chart, Size::Wide).into_string().matches("class=\"edge\"").count(),
            2
        );
    }
    #[test]
    fn a_year_that_is_not_over_is_drawn_apart() {
        let history =
            vec![(end(2023), Some(10.0)), (end(2024), Some(20.0)), (end(2025), Some(5.0))];
        let chart = Chart { unfinished: true, history, ..groups() };
        let svg = draw_size(&chart, Size::Wide).into_string();
        let pens = |class: &str| {
            let path = svg.split(&format!("class=\"{class}\" d=\"")).nth(1).unwrap();
            path.split('"').next().unwrap().matches(['M', 'L']).count()
        };
        assert_eq!((pens("trace"), pens("trace open")), (2, 2));
    }
    #[test]
    fn there_is_room_above_an_open_goal() {
        let mut chart = groups();
        if let Some(goal) = &mut chart.goal {
            goal.constraint = Constraint::MoreThan { value: 1000.0 };
        }
        let placed = place(&chart, Size::Wide);
        assert!(placed.up.at(1000.0) > placed.frame.top + 10.0);
    }
    #[test]
    fn labels_of_a_narrow_picture_do_not_meet() {
        // From a fan that leaves no room under it to one that hides the value of now.
        for low in [0.0, 100.0, 250.0, 290.0, 300.0, 400.0, 900.0, 990.0] {
            let bands = Band { low, high: low + 300.0 };
            let expected = Expectation {
                on: end(2030),
                median: low + 150.0,
                interval_50: bands,
                interval_80: bands,
                interval_95: bands,
            };
            let spread = Spread {
                from: (end(2025), 300.0),
                periods: vec![expected],
                median: "1.450".to_owned(),
                range: "(1.300–1.600)".to_owned(),
            };
            let chart = Chart { spread: Some(spread), ..groups() };
            let placed = place(&chart, Size::Narrow);
            let now = placed.up.at(300.0);
            let labels = [
                placed.value_label().unwrap().0,
                placed.goal_label().unwrap(),
                placed.spread_label().unwrap(),
                placed.pace_label("cần thêm 140 mỗi năm", now, true),
            ];
            for (at, one) in labels.iter().enumerate() {
                assert!(labels.iter().skip(at + 1).all(|other| !one.meets(other)), "{low} {at}");
            }
        }
    }
    #[test]
    fn labels_stay_inside_the_picture() {
        let frame = Frame::of(Size::Narrow);
        let text = "một nhãn dài hơn chỗ còn lại";
        assert!(frame.label_x(300.0, text, false) + 28.0 * frame.letter <= frame.width);
        assert!(frame.label_x(10.0, text, true) >= 0.0);
    }
    #[test]
    fn a_far_horizon_has_fewer_years_under_it() {
        assert_eq!(years(end(2020), end(2045), Size::Narrow), [2020, 2025, 2030, 2035, 2040, 2045]);
        assert_eq!(years(end(2028), end(2030), Size::Wide), [2028, 2029, 2030]);
    }
}
