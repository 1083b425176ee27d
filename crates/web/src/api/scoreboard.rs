//! The scoreboard: every target for every unit that is asked, where it stands and why; and its forecasts.

use std::time::Duration;

use axum::http::header;
use hoptac_model::forecast::{Band, Fan, Forecast, Forecasts, Silence};
use hoptac_model::pack::Pack;
use hoptac_model::scoreboard::Row;
use hoptac_model::standing::Standing;
use hoptac_model::text::Words;
use hoptac_model::words;
use hoptac_office::authority::Reading;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::Call;
use super::operation::{Api, Group, Operation};
use super::parameter::{
    AS_OF, CURSOR, FIELDS, GEOGRAPHY, KNOWN_ON, Kind, LEVEL, LIMIT, Parameter, TOTAL, UNIT,
};
use super::plan::{ConstraintDocument, HorizonDocument, must_find};
use super::problem::{self, Problem};
use super::reply::{Listing, Part, Reply};
use super::sight::Sight;
use super::text::{Day, Text, UnitReference};
use crate::routes::Need;

/// How long a forecast is waited for.
const FORECAST_TIME: Duration = Duration::from_secs(20);

const TARGET: Parameter = Parameter {
    name: "target",
    kind: Kind::Text { most: 40 },
    about: ("Chỉ một chỉ tiêu, ví dụ T30-01.", "One target only, for instance T30-01."),
};
const STANDING: Parameter = Parameter {
    name: "standing",
    kind: Kind::OneOf(|| Standing::ALL.map(Standing::code).to_vec()),
    about: ("Chỉ các chỉ tiêu có tình trạng này.", "Only targets that stand so."),
};

const LIST: Operation = Operation {
    title: ("Bảng chỉ tiêu: đơn vị × chỉ tiêu", "The scoreboard: units × targets"),
    about: (
        "Mỗi mục là một chỉ tiêu của một đơn vị vào một ngày, kèm cách xác định tình trạng, đường tiến độ, số đã công bố và \
         chuỗi theo năm.",
        "Each item is one target for one unit on a day, with the rule of its standing, the line to the goal, published figures \
         and the values of the years.",
    ),
    query: &[
        TARGET, STANDING, UNIT, LEVEL, AS_OF, KNOWN_ON, GEOGRAPHY, LIMIT, CURSOR, TOTAL, FIELDS,
    ],
    is_same_for_all: true,
    ..Operation::read(
        "/scoreboard",
        "listScoreboard",
        Group::Figures,
        Need::Read(Reading::Progress),
    )
};
const FORECAST: Operation = Operation {
    title: ("Dự báo từng chỉ tiêu", "The forecast of every target"),
    about: (
        "Số giữa, các khoảng 50, 80 và 95 %, khả năng đạt, nhịp cần có. Lần hỏi đầu của một ngày có thể cần vài giây.",
        "The median, intervals of 50, 80 and 95 %, the probability and the pace that is needed. The first time a day is asked \
         it may take some seconds.",
    ),
    query: &[TARGET, UNIT, LEVEL, AS_OF, KNOWN_ON, GEOGRAPHY, LIMIT, CURSOR, TOTAL, FIELDS],
    ..Operation::read("/forecast", "listForecasts", Group::Figures, Need::Read(Reading::Progress))
};

pub(crate) fn operations(api: Api) -> Api {
    api.add(LIST, list).add(FORECAST, forecast)
}

/// One target for one unit on a day.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ScoreboardRow")]
struct Document {
    /// The unit.
    unit: UnitReference,
    /// The target.
    target: String,
    /// A short label of it.
    label: Text,
    /// The indicator in the reading taken.
    indicator: String,
    /// The version of its formula.
    indicator_version: u16,
    /// In which unit it is measured.
    measure_unit: String,
    /// How the target speaks to the unit.
    #[schemars(extend("enum" = ["directly", "units_below", "yardstick", "not_here"]))]
    applies: &'static str,
    /// The day.
    #[schemars(with = "Day")]
    as_of: Date,
    /// The day whose places were taken.
    #[schemars(with = "Day")]
    geography: Date,
    /// The value; null where data is missing.
    value: Option<f64>,
    /// The numerator, for quotients and counts of units.
    numerator: Option<f64>,
    /// The denominator.
    denominator: Option<f64>,
    /// What is asked of the value here.
    constraint: ConstraintDocument,
    /// By when.
    horizon: HorizonDocument,
    /// Where it stands; null where the target is not set for the unit.
    standing: Option<&'static str>,
    /// The rule by which it stands so.
    rule: Text,
    /// What the line, or the part of the year, asks for on the day.
    expected: Option<f64>,
    /// What is missing to the goal; null where it is met or unknown.
    missing: Option<f64>,
    /// The line to the goal.
    line: Option<LineDocument>,
    /// Published figures of the indicator for the unit, oldest first.
    figures: Vec<FigureDocument>,
    /// The computed value of every year, oldest first.
    series: Vec<PointDocument>,
    /// Whether anything behind it was made by a generator.
    synthetic: bool,
}

/// The line from the baseline to the goal.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Line")]
struct LineDocument {
    /// Where it starts.
    baseline: f64,
    /// On which day.
    #[schemars(with = "Day")]
    from: Date,
    /// Where it ends.
    goal: f64,
    /// On which day.
    #[schemars(with = "Day")]
    to: Date,
    /// Where the baseline comes from.
    source: Text,
}

/// A published figure beside the computed values.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FigurePoint")]
struct FigureDocument {
    /// The day or period as published.
    period: String,
    /// The day that it speaks of.
    #[schemars(with = "Day")]
    as_of: Date,
    /// The value.
    value: f64,
    /// How firm it is.
    status: &'static str,
    /// The document or publisher.
    source: String,
}

/// The value of a year.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SeriesPoint")]
struct PointDocument {
    /// The year.
    year: i16,
    /// The day of the value: the year's last, or the asked day.
    #[schemars(with = "Day")]
    on: Date,
    /// The value; null where data is missing.
    value: Option<f64>,
}

impl Document {
    fn new(row: &Row, unit: UnitReference, sight: &Sight) -> Self {
        let pack = sight.pack();
        let indicator = pack.indicator(&row.indicator);
        let sign = indicator.map_or("", |indicator| indicator.sign());
        Self {
            unit,
            target: row.target.to_string(),
            label: pack
                .target(&row.target)
                .map_or_else(Words::default, |one| one.label.clone())
                .into(),
            indicator: row.indicator.to_string(),
            indicator_version: indicator.map_or(0, |indicator| indicator.version),
            measure_unit: indicator.map_or_else(String::new, |indicator| indicator.unit.clone()),
            applies: row.applies.code(),
            as_of: sight.board.as_of(),
            geography: sight.board.geography(),
            value: row.value,
            numerator: row.numerator,
            denominator: row.denominator,
            constraint: ConstraintDocument::new(row.constraint, sign),
            horizon: row.horizon.into(),
            standing: row.standing.map(Standing::code),
            rule: (&row.rule).into(),
            expected: row.expected,
            missing: row.missing,
            line: row.line.map(|line| LineDocument {
                baseline: line.baseline,
                from: line.from,
                goal: line.goal,
                to: line.to,
                source: (&row.line_source).into(),
            }),
            figures: row
                .figures
                .iter()
                .map(|one| FigureDocument {
                    period: one.period.clone(),
                    as_of: one.as_of,
                    value: one.value,
                    status: one.status.code(),
                    source: one.source.clone(),
                })
                .collect(),
            series: row
                .series
                .iter()
                .map(|one| PointDocument { year: one.year, on: one.on, value: one.value })
                .collect(),
            synthetic: sight.board.has_synthetic(),
        }
    }
}

async fn list(call: Call) -> Result<Reply<Listing<Document>>, Problem> {
    let part = Part::of(&call)?;
    let sight = call.sight(part.position).await?;
    let target = match call.text(&TARGET) {
        None => None,
        Some(id) => Some(must_find(sight.pack(), id)?.id.clone()),
    };
    let standing = call.text(&STANDING);
    let mut found: Vec<(UnitReference, Row)> = Vec::new();
    for unit in &sight.units {
        let rows = sight.board.scoreboard(&unit.id).map_or_else(Vec::new, |board| board.rows);
        let asked = rows
            .into_iter()
            .filter(|row| target.as_ref().is_none_or(|target| row.target == *target))
            .filter(|row| {
                standing.is_none_or(|code| row.standing.is_some_and(|one| one.code() == code))
            });
        found.extend(asked.map(|row| (UnitReference::from(unit), row)));
    }
    let position = sight.board.position();
    Ok(part.page(&call, &found, position, |(unit, row)| Document::new(row, unit.clone(), &sight)))
}

/// The forecast of one target for one unit.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Forecast")]
struct ForecastDocument {
    /// The unit.
    unit: UnitReference,
    /// The target.
    target: String,
    /// A short label of it.
    label: Text,
    /// The indicator.
    indicator: String,
    /// What is asked.
    constraint: ConstraintDocument,
    /// The day of which the probability speaks.
    #[schemars(with = "Day")]
    on: Date,
    /// As likely to be passed as not; null where nothing is forecast.
    median: Option<f64>,
    /// Holds the value in half of all cases.
    interval_50: Option<[f64; 2]>,
    /// Holds the value in eight of ten cases.
    interval_80: Option<[f64; 2]>,
    /// Holds the value in nineteen of twenty cases.
    interval_95: Option<[f64; 2]>,
    /// The probability that the constraint holds.
    #[schemars(range(min = 0, max = 1))]
    probability: Option<f64>,
    /// How it was made.
    method: Option<&'static str>,
    /// From what: the register, or published figures alone.
    basis: Option<&'static str>,
    /// Why there is none.
    silence: Option<SilenceDocument>,
    /// What is needed in each year from now on.
    required_pace: Option<f64>,
    /// What is missing.
    missing: Option<f64>,
    /// The change per year of late.
    pace_of_late: Option<f64>,
    /// The fan from the register, period by period; empty where there is none.
    register: Vec<ExpectationDocument>,
    /// The fan from published figures alone.
    published: Vec<ExpectationDocument>,
    /// How such forecasts did before.
    back_test: Option<BackTestDocument>,
}

/// Why there is no forecast.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Silence")]
struct SilenceDocument {
    /// Its code.
    code: &'static str,
    /// The reason.
    words: Text,
}

/// What is expected of the end of one period.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Expectation")]
struct ExpectationDocument {
    /// The day: a period's last.
    #[schemars(with = "Day")]
    on: Date,
    /// As likely to be passed as not.
    median: f64,
    /// Holds the value in half of all cases.
    interval_50: [f64; 2],
    /// Holds the value in eight of ten cases.
    interval_80: [f64; 2],
    /// Holds the value in nineteen of twenty cases.
    interval_95: [f64; 2],
}

/// How such forecasts did before.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "BackTest")]
struct BackTestDocument {
    /// From how many past days forecasts were made.
    origins: u64,
    /// How many series were forecast: one, or those of all units of the level, which are forecast alike.
    series: u64,
    /// How many values they were held against.
    pairs: u64,
    /// The share of values inside the 80 % interval.
    coverage_80: f64,
    /// The mean continuous ranked probability score: less is better.
    crps: f64,
    /// The same score of a naive drift.
    crps_naive: f64,
}

fn ends(band: Band) -> [f64; 2] {
    [band.low, band.high]
}

fn periods(fan: &Result<Fan, Silence>) -> Vec<ExpectationDocument> {
    let periods = fan.as_ref().map_or(&[][..], |fan| &fan.periods);
    periods
        .iter()
        .map(|one| ExpectationDocument {
            on: one.on,
            median: one.median,
            interval_50: ends(one.interval_50),
            interval_80: ends(one.interval_80),
            interval_95: ends(one.interval_95),
        })
        .collect()
}

impl ForecastDocument {
    fn new(forecast: &Forecast, unit: UnitReference, pack: &Pack) -> Self {
        let fan = forecast.fan();
        let at = fan.ok().and_then(|fan| fan.at(forecast.on));
        let sign = pack.indicator(&forecast.indicator).map_or("", |indicator| indicator.sign());
        let label =
            pack.target(&forecast.target).map_or_else(Words::default, |one| one.label.clone());
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        Self {
            unit,
            target: forecast.target.to_string(),
            label: label.into(),
            indicator: forecast.indicator.to_string(),
            constraint: ConstraintDocument::new(forecast.constraint, sign),
            on: forecast.on,
            median: at.map(|at| at.median),
            interval_50: at.map(|at| ends(at.interval_50)),
            interval_80: at.map(|at| ends(at.interval_80)),
            interval_95: at.map(|at| ends(at.interval_95)),
            probability: fan.ok().and_then(|fan| fan.probability),
            method: fan.ok().map(|fan| fan.method.code()),
            basis: fan.ok().map(|fan| fan.basis.code()),
            silence: fan.err().map(|silence| SilenceDocument {
                code: silence.code(),
                words: silence.words().into(),
            }),
            required_pace: forecast.required.as_ref().map(|pace| pace.per_year),
            missing: forecast.required.as_ref().map(|pace| pace.missing),
            pace_of_late: forecast.required.as_ref().and_then(|pace| pace.of_late),
            register: periods(&forecast.register),
            published: periods(&forecast.published),
            back_test: fan.ok().and_then(|fan| fan.back_test.as_ref()).map(|test| {
                BackTestDocument {
                    origins: count(test.origins),
                    series: count(test.series),
                    pairs: count(test.pairs),
                    coverage_80: test.coverage_80,
                    crps: test.crps,
                    crps_naive: test.crps_naive,
                }
            }),
        }
    }
}

async fn forecast(call: Call) -> Result<Reply<Listing<ForecastDocument>>, Problem> {
    let part = Part::of(&call)?;
    let sight = call.sight(part.position).await?;
    let target = match call.text(&TARGET) {
        None => None,
        Some(id) => Some(must_find(sight.pack(), id)?.id.clone()),
    };
    let made = made(&call, &sight).await?;
    let mut found: Vec<(UnitReference, &Forecast)> = Vec::new();
    for unit in &sight.units {
        let all = made.units.get(&unit.id).map_or(&[][..], Vec::as_slice);
        let asked =
            all.iter().filter(|one| target.as_ref().is_none_or(|target| one.target == *target));
        found.extend(asked.map(|one| (UnitReference::from(unit), one)));
    }
    // The last forecasts, where newer ones are being made: of the position that they were made at.
    let is_behind = made.ledger_position < sight.published.figures_since;
    let position = if is_behind { made.ledger_position } else { sight.board.position() };
    let pack = sight.pack();
    Ok(part.page(&call, &found, position, |(unit, one)| {
        ForecastDocument::new(one, unit.clone(), pack)
    }))
}

/// The forecasts of the board, waited for where they are being made.
async fn made(call: &Call, sight: &Sight) -> Result<std::sync::Arc<Forecasts>, Problem> {
    let mut waited = Duration::ZERO;
    let step = Duration::from_millis(50);
    loop {
        if let Some(made) = call.app.forecasts(&sight.published, &sight.board) {
            return Ok(made);
        }
        if waited >= FORECAST_TIME {
            return Err(Problem::new(
                problem::Kind::Unavailable,
                words!(
                    "dự báo đang được tính; thử lại sau ít giây",
                    "the forecast is being made; try again in a few seconds"
                ),
            )
            .with(header::RETRY_AFTER, "5"));
        }
        tokio::time::sleep(step).await;
        waited += step;
    }
}
