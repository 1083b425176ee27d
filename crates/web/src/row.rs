//! A row of the scoreboard in words and pictures: the same wherever a target is shown.

use hoptac_model::date;
use hoptac_model::number;
use hoptac_model::pack::Indicator;
use hoptac_model::scoreboard::{Applies, Row};
use hoptac_model::target::{Constraint, Horizon, Target};
use hoptac_model::text::Language;
use hoptac_report::svg::bullet::{self, Bullet};
use hoptac_report::svg::spark::{self, Spark};
use maud::Markup;

use crate::language::Voice;

/// A target with its indicator and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown<'a> {
    pub(crate) target: &'a Target,
    pub(crate) indicator: &'a Indicator,
    pub(crate) row: &'a Row,
    pub(crate) voice: Voice,
}

impl Shown<'_> {
    fn language(&self) -> Language {
        self.voice.0
    }

    /// Whether the row counts units that meet a target set for each of them.
    pub(crate) fn counts_units(&self) -> bool {
        self.row.applies == Applies::UnitsBelow
    }

    /// The value with its sign: `372`, `48,2 %`.
    pub(crate) fn value(&self) -> String {
        self.amount(self.row.value)
    }

    /// A number of the row's own quantity.
    pub(crate) fn amount(&self, value: Option<f64>) -> String {
        if self.counts_units() {
            number::show_or_dash(value, 0, self.language())
        } else {
            amount(value, self.indicator, self.language())
        }
    }

    /// What is asked: `khoảng 850`, `trên 50 %`, `11/11`.
    pub(crate) fn goal(&self) -> String {
        let language = self.language();
        let asked = self.row.constraint;
        if let (Constraint::All { value }, true) = (asked, self.counts_units()) {
            let all = number::show(value, 0, language);
            return format!("{all}/{all}");
        }
        // A small number without a comparator has a leading zero in official Vietnamese.
        if let Constraint::Exactly { value } = asked
            && value.fract() == 0.0
            && value < 10.0
            && self.indicator.sign().is_empty()
        {
            #[expect(clippy::cast_possible_truncation, reason = "a whole number below ten")]
            return number::count(value as i64, language);
        }
        asked.words(self.indicator.sign(), language)
    }

    /// What is asked, as it stands within a sentence: `khoảng 850`, `mức từ 55 đến 70`, `11/11 đơn vị`.
    pub(crate) fn goal_in_sentence(&self) -> String {
        let goal = self.goal();
        if self.counts_units() {
            self.voice.say_with("goal-of-units", &[("goal", goal.into())])
        } else if matches!(self.row.constraint, Constraint::Between { .. }) {
            self.voice.say_with("goal-of-range", &[("goal", goal.into())])
        } else {
            goal
        }
    }

    /// What is missing: a number, or points of a share.
    pub(crate) fn missing(&self) -> String {
        let Some(missing) = self.row.missing.filter(|missing| *missing > 0.0) else {
            return number::NO_VALUE.to_owned();
        };
        if self.counts_units() {
            return number::show(missing, 0, self.language());
        }
        let shown = number::show(missing, self.indicator.decimals, self.language());
        if self.indicator.sign().is_empty() {
            shown
        } else {
            self.voice.say_with("points", &[("value", shown.into())])
        }
    }

    /// The bullet.
    pub(crate) fn bullet(&self) -> Markup {
        let title = self.voice.say_with(
            "bullet-title",
            &[
                ("label", self.label().into()),
                ("value", self.value().into()),
                ("goal", self.goal().into()),
                ("expected", self.amount(self.row.expected).into()),
            ],
        );
        bullet::draw(&Bullet {
            value: self.row.value,
            constraint: self.row.constraint,
            expected: self.row.expected,
            whole: self.whole(),
            standing: self.row.standing,
            title: &title,
        })
    }

    /// The whole that the value cannot pass.
    fn whole(&self) -> Option<f64> {
        if self.counts_units() {
            self.row.denominator
        } else {
            (self.indicator.sign() == "%").then_some(100.0)
        }
    }

    /// The spark.
    pub(crate) fn spark(&self) -> Markup {
        let first = self.row.series.first().map(|point| point.year.to_string());
        let title = self.voice.say_with(
            "spark-title",
            &[
                ("label", self.label().into()),
                ("from", first.unwrap_or_default().into()),
                ("value", self.value().into()),
            ],
        );
        let history: Vec<_> = self.row.series.iter().map(|point| (point.on, point.value)).collect();
        let published: Vec<_> =
            self.row.figures.iter().map(|figure| (figure.as_of, figure.value)).collect();
        spark::draw(&Spark { history: &history, published: &published, title: &title })
    }

    /// The short label.
    pub(crate) fn label(&self) -> &str {
        self.target.label.get(self.language())
    }

    /// By when, as it is written behind a goal: `vào năm 2030`, `trong năm 2025`.
    pub(crate) fn horizon(&self, year: i16) -> String {
        match self.row.horizon {
            Horizon::Year { year } => {
                self.voice.say_with("horizon-year", &[("year", year.to_string().into())])
            }
            Horizon::Yearly { .. } => {
                self.voice.say_with("horizon-yearly", &[("year", year.to_string().into())])
            }
        }
    }

    /// Where the line starts, as a sentence; empty without a line.
    pub(crate) fn line_source(&self) -> String {
        let Some(line) = self.row.line else { return String::new() };
        self.voice.say_with(
            "line-source",
            &[
                ("baseline", self.amount(Some(line.baseline)).into()),
                ("from", date::show(line.from, self.language()).into()),
                ("goal", self.amount(Some(line.goal)).into()),
                ("to", date::show(line.to, self.language()).into()),
                ("source", self.row.line_source.get(self.language()).into()),
            ],
        )
    }
}

/// A value of an indicator with the sign that stands right behind it, or the dash of no value.
pub(crate) fn amount(value: Option<f64>, indicator: &Indicator, language: Language) -> String {
    match value.filter(|value| value.is_finite()) {
        None => number::NO_VALUE.to_owned(),
        Some(value) => {
            let shown = number::show(value, indicator.decimals, language);
            match indicator.sign() {
                "" => shown,
                // A line must not break between a number and its sign.
                sign => format!("{shown}\u{a0}{sign}"),
            }
        }
    }
}
