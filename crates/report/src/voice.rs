//! How figures become sentences: what there is, by how much it rose or fell, what part of the plan it is, and that nothing
//! is known where nothing is.

use hoptac_model::ids::IndicatorId;
use hoptac_model::number;
use hoptac_model::pack::{Indicator, Measure, Pack};
use hoptac_model::period::Period;
use hoptac_model::report::{Contents, Source, TargetLine};
use hoptac_model::scoreboard::Applies;
use hoptac_model::target::Horizon;
use hoptac_model::text::Language;
use jiff::civil::Date;

use crate::document::{Align, Cell, Column, Span};

/// Official documents are Vietnamese.
pub(crate) const VI: Language = Language::Vi;

/// What is said where nothing is known.
pub(crate) const NO_DATA: &str = "chưa có số liệu";

/// The figures of a report with the plan that names them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Voice<'a> {
    pub(crate) contents: &'a Contents,
    pub(crate) pack: &'a Pack,
}

/// A number keeps its percent sign on its line.
fn bound(text: String) -> String {
    if text.contains(" %") { text.replace(" %", "\u{a0}%") } else { text }
}

/// A sentence that grows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sentence(Vec<Span>);

impl Sentence {
    /// A sentence that begins so.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self::default().say(text)
    }

    /// Goes on with words.
    pub(crate) fn say(mut self, text: impl Into<String>) -> Self {
        let text = bound(text.into());
        match self.0.last_mut() {
            Some(Span::Text(last)) => last.push_str(&text),
            Some(Span::Figure { .. }) | None => self.0.push(Span::Text(text)),
        }
        self
    }

    /// Goes on with a figure.
    pub(crate) fn figure(mut self, shown: impl Into<String>, source: Source) -> Self {
        self.0.push(Span::Figure { shown: bound(shown.into()), source });
        self
    }

    /// Goes on with another sentence.
    pub(crate) fn then(mut self, other: Self) -> Self {
        for span in other.0 {
            self = match span {
                Span::Text(text) => self.say(text),
                Span::Figure { shown, source } => self.figure(shown, source),
            };
        }
        self
    }

    /// The sentence, with a point at its end.
    pub(crate) fn end(self) -> Vec<Span> {
        self.say(".").0
    }

    /// The sentence as it is.
    pub(crate) fn into_spans(self) -> Vec<Span> {
        self.0
    }
}

impl<'a> Voice<'a> {
    /// An indicator of the plan with its values.
    pub(crate) fn indicator(self, id: &str) -> Option<&'a Indicator> {
        self.pack.indicator(&IndicatorId::from(id))
    }

    /// Where a value of an indicator on a day comes from.
    pub(crate) fn source(self, indicator: &Indicator, on: Date) -> Source {
        Source {
            indicator: indicator.id.clone(),
            version: indicator.version,
            target: None,
            unit: self.contents.unit.id.clone(),
            on,
            geography: self.contents.geography,
            position: self.contents.position,
        }
    }

    /// Where a value of a target comes from.
    pub(crate) fn target_source(self, line: &TargetLine, on: Date) -> Option<Source> {
        let indicator = self.pack.indicator(&line.row.indicator)?;
        Some(Source { target: Some(line.row.target.clone()), ..self.source(indicator, on) })
    }

    /// The day of the figures of the year before.
    pub(crate) fn day_before(self) -> Date {
        let day = self.contents.as_of;
        Date::new(day.year() - 1, day.month(), day.day())
            .unwrap_or_else(|_| Date::constant(day.year() - 1, day.month(), 28))
    }

    /// The day of the figures, as it stands in a sentence.
    pub(crate) fn day(self) -> String {
        hoptac_model::date::show(self.contents.as_of, VI)
    }

    /// The place in a sentence: `toàn tỉnh`, `toàn xã`.
    pub(crate) fn whole(self) -> &'static str {
        use hoptac_model::unit::Level;
        match self.contents.unit.level {
            Level::Nation => "cả nước",
            Level::Province => "toàn tỉnh",
            Level::District => "toàn huyện",
            Level::Commune if self.contents.unit.name.starts_with("Phường") => "toàn phường",
            Level::Commune => "toàn xã",
        }
    }

    /// Whether the report compares with the end of the year before as well, which a report of a whole year does already.
    fn has_year_end(self) -> bool {
        self.day_before() != hoptac_model::date::year_end(self.day_before().year())
    }

    /// What there is of a stock, how it compares, and what part of its target it is:
    /// `đến ngày 30/6/2025 có 372 tổ hợp tác, tăng 25 tổ hợp tác (7,2 %) so với cùng kỳ năm trước; đạt 43,8 % mục tiêu`.
    pub(crate) fn stock(self, id: &str) -> Option<Sentence> {
        let indicator = self.indicator(id)?;
        let compared = self.contents.measure(id)?;
        let now = compared.now?;
        let as_of = self.contents.as_of;
        let mut sentence = Sentence::default()
            .figure(amount(now, indicator), self.source(indicator, as_of))
            .say(unit_behind(indicator));
        let mut parts = Vec::new();
        if let Some(before) = compared.before {
            parts.push(self.change(indicator, now, before, "so với cùng kỳ năm trước"));
        }
        if self.has_year_end()
            && indicator.measure != Measure::Flow
            && let Some(end) = compared.year_end
        {
            parts.push(self.change(indicator, now, end, "so với cuối năm trước"));
        }
        for part in parts {
            sentence = sentence.say(", ").then(part);
        }
        if compared.before.is_none() {
            sentence = sentence.say(" (chưa có số liệu cùng kỳ năm trước để so sánh)");
        }
        Some(match self.of_plan(id) {
            Some(plan) => sentence.say("; ").then(plan),
            None => sentence,
        })
    }

    /// `tăng 25 tổ hợp tác (7,2 %) so với …`, `giảm 1,2 điểm phần trăm so với …`, `không thay đổi so với …`.
    fn change(self, indicator: &Indicator, now: f64, before: f64, than: &str) -> Sentence {
        let source = self.source(indicator, self.contents.as_of);
        let difference = rounded(now, indicator) - rounded(before, indicator);
        let verb = if difference > 0.0 { "tăng " } else { "giảm " };
        if difference == 0.0 {
            return Sentence::new(format!("không thay đổi {than}"));
        }
        let sentence =
            Sentence::new(verb).figure(amount(difference.abs(), indicator), source.clone());
        let sentence = if indicator.sign() == "%" {
            sentence.say(" điểm phần trăm")
        } else {
            sentence.say(unit_behind(indicator))
        };
        // A share of a share misleads, and so does one of next to nothing.
        if indicator.measure == Measure::Ratio || before < 10.0 {
            return sentence.say(format!(" {than}"));
        }
        let percent = number::show(difference.abs() / before * 100.0, 1, VI);
        sentence.say(" (").figure(format!("{percent} %"), source).say(format!(") {than}"))
    }

    /// `đạt 43,8 % mục tiêu đến năm 2030 (khoảng 850)`, `đạt 60 % kế hoạch năm (từ 55 đến 70)`; nothing where no target is
    /// set for the unit.
    fn of_plan(self, id: &str) -> Option<Sentence> {
        let line = self.contents.targets.iter().find(|line| {
            line.row.indicator.as_str() == id && line.row.applies == Applies::Directly
        })?;
        let indicator = self.indicator(id)?;
        let (now, goal) = (line.row.value?, line.row.constraint.goal(indicator.direction));
        if goal <= 0.0 {
            return None;
        }
        let asked = line.row.constraint.words(indicator.sign(), VI);
        let source = self.target_source(line, self.contents.as_of)?;
        if indicator.measure == Measure::Ratio {
            return Some(Sentence::new(format!(
                "kế hoạch đặt mức {asked} {}",
                by(line.row.horizon)
            )));
        }
        let of = match line.row.horizon {
            Horizon::Year { year } => format!("mục tiêu đến năm {year} ({asked})"),
            Horizon::Yearly { .. } => format!("mức kế hoạch giao hằng năm ({asked})"),
        };
        let percent = number::show(now / goal * 100.0, 1, VI);
        Some(Sentence::new("đạt ").figure(format!("{percent} %"), source).say(format!(" {of}")))
    }

    /// `từ đầu năm thành lập mới 24 tổ hợp tác (cùng kỳ năm trước: 31)`; with its part of the plan.
    pub(crate) fn flow(self, id: &str, verb: &str) -> Option<Sentence> {
        let indicator = self.indicator(id)?;
        let compared = self.contents.measure(id)?;
        let now = compared.now?;
        let sentence = Sentence::new(format!("{verb} "))
            .figure(amount(now, indicator), self.source(indicator, self.contents.as_of))
            .say(unit_behind(indicator));
        let sentence = match compared.before {
            Some(before) => sentence
                .say(" (cùng kỳ năm trước: ")
                .figure(amount(before, indicator), self.source(indicator, self.day_before()))
                .say(")"),
            None => sentence,
        };
        Some(match self.of_plan(id) {
            Some(plan) => sentence.say(", ").then(plan),
            None => sentence,
        })
    }

    /// A cell with the value of an indicator.
    pub(crate) fn cell(self, indicator: &Indicator, value: Option<f64>, on: Date) -> Cell {
        number_cell(value, indicator.decimals, self.source(indicator, on))
    }
}

/// By when, as it stands in a sentence.
pub(crate) fn by(horizon: Horizon) -> String {
    match horizon {
        Horizon::Year { year } => format!("đến năm {year}"),
        Horizon::Yearly { to, .. } => format!("hằng năm đến năm {to}"),
    }
}

/// A cell of a figure, or the dash.
pub(crate) fn number_cell(value: Option<f64>, decimals: u8, source: Source) -> Cell {
    Cell {
        text: number::show_or_dash(value, decimals, VI),
        value,
        decimals,
        source: value.map(|_| source),
    }
}

/// A value as sentences write it: small counts with a zero before them.
pub(crate) fn amount(value: f64, indicator: &Indicator) -> String {
    let whole = value.round();
    if indicator.measure != Measure::Ratio
        && indicator.decimals == 0
        && (1.0..10.0).contains(&whole)
    {
        return format!("0{whole}");
    }
    number::show(value, indicator.decimals, VI)
}

/// The value as it is shown, so that differences are those of the numbers that stand there.
fn rounded(value: f64, indicator: &Indicator) -> f64 {
    let scale = 10_f64.powi(i32::from(indicator.decimals));
    (value * scale).round() / scale
}

/// What stands behind a number of the indicator.
pub(crate) fn unit_behind(indicator: &Indicator) -> String {
    format!(" {}", indicator.unit_words().vi)
}

/// The period in a sentence: `6 tháng đầu năm 2025`.
pub(crate) fn period_words(period: Period) -> String {
    match period {
        Period::Year(year) => format!("năm {year}"),
        Period::Half(year, 1) => format!("6 tháng đầu năm {year}"),
        Period::Half(year, _) => format!("6 tháng cuối năm {year}"),
        Period::Quarter(year, quarter) => {
            let roman = ["I", "II", "III", "IV"].get(usize::from(quarter.saturating_sub(1)));
            format!("quý {} năm {year}", roman.unwrap_or(&"IV"))
        }
    }
}

/// A column of a table.
pub(crate) fn column(head: impl Into<String>, align: Align, width: u16) -> Column {
    Column { head: head.into(), align, width }
}

/// A list in a sentence: `a, b và c`.
pub(crate) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} và {last}", first.join(", ")),
    }
}

/// A count in a sentence: `05`.
pub(crate) fn count(count: usize) -> String {
    number::count(i64::try_from(count).unwrap_or(i64::MAX), VI)
}
