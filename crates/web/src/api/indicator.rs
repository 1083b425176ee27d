//! Indicators: their definitions, their values for every unit and year, and the records behind a value.

use hoptac_engine::board::Record;
use hoptac_model::ids::IndicatorId;
use hoptac_model::pack::{Indicator, Measure, Pack};
use hoptac_model::target::Direction;
use hoptac_model::text::{Words, did_you_mean, nearest};
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
use super::problem::Problem;
use super::reply::{Listing, Part, Reply};
use super::sight::plan_of;
use super::text::{Day, Text, UnitReference};
use crate::routes::Need;

const PROGRESS: Need = Need::Read(Reading::Progress);
const ID: Parameter = Parameter {
    name: "id",
    kind: Kind::Text { most: 60 },
    about: (
        "Chỉ tiêu đo, hoặc mã chỉ tiêu kế hoạch mà nó đo.",
        "The indicator, or the target that it measures.",
    ),
};
const INDICATOR: Parameter = Parameter {
    name: "indicator",
    kind: Kind::Text { most: 400 },
    about: (
        "Các chỉ tiêu đo, cách nhau bằng dấu phẩy; ghi mã của chỉ tiêu kế hoạch thì lấy chỉ tiêu đo của chỉ tiêu đó.",
        "The indicators, with commas between them; the identity of a target stands for its indicator.",
    ),
};
const YEAR: Parameter = Parameter {
    name: "year",
    kind: Kind::Whole { least: 1900, most: 2200 },
    about: (
        "Chỉ năm này; mặc định mọi năm đến ngày được hỏi.",
        "This year only; all years up to the asked day where it is not given.",
    ),
};
const COUNTED: Parameter = Parameter {
    name: "counted",
    kind: Kind::Flag,
    about: (
        "`true` chỉ lấy hồ sơ được tính, `false` chỉ lấy hồ sơ không được tính.",
        "`true` for records that count only, `false` for those that do not.",
    ),
};

const LIST: Operation = Operation {
    title: ("Các chỉ tiêu đo, kèm định nghĩa", "The indicators with their definitions"),
    query: &[KNOWN_ON, LIMIT, CURSOR, TOTAL, FIELDS],
    ..Operation::read("/indicators", "listIndicators", Group::Plan, PROGRESS)
};
const ONE: Operation = Operation {
    title: ("Một chỉ tiêu đo", "One indicator"),
    at: &[ID],
    query: &[KNOWN_ON, FIELDS],
    ..Operation::read("/indicators/{id}", "getIndicator", Group::Plan, PROGRESS)
};
const VALUES: Operation = Operation {
    title: ("Giá trị: đơn vị × chỉ tiêu đo × năm", "Values: units × indicators × years"),
    about: (
        "Tính trực tiếp từ sổ đăng ký; năm cuối là giá trị của ngày được hỏi.",
        "Computed from the register; the last year has the value of the asked day.",
    ),
    query: &[
        INDICATOR, YEAR, UNIT, LEVEL, AS_OF, KNOWN_ON, GEOGRAPHY, LIMIT, CURSOR, TOTAL, FIELDS,
    ],
    is_same_for_all: true,
    ..Operation::read("/values", "listValues", Group::Figures, PROGRESS)
};
const EXPLAIN: Operation = Operation {
    title: ("Các hồ sơ đứng sau một số", "The records behind a figure"),
    about: (
        "Mỗi tổ chức trong phạm vi của tài khoản: được tính hay không, và vì sao.",
        "Each organisation within the scope of the account: whether it counts, and why.",
    ),
    at: &[ID],
    query: &[YEAR, COUNTED, UNIT, AS_OF, KNOWN_ON, GEOGRAPHY, LIMIT, CURSOR, TOTAL, FIELDS],
    ..Operation::read(
        "/indicators/{id}/records",
        "listRecords",
        Group::Figures,
        Need::Read(Reading::Records),
    )
};

pub(crate) fn operations(api: Api) -> Api {
    api.add(LIST, list).add(ONE, one).add(VALUES, values).add(EXPLAIN, records)
}

/// An indicator.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Indicator")]
struct Document {
    /// Its identity in the plan.
    id: String,
    /// The version of its definition.
    version: u16,
    /// From when this version holds.
    #[schemars(with = "Day")]
    valid_from: Date,
    /// Its name.
    name: Text,
    /// What it counts.
    definition: Text,
    /// What kind of quantity it is.
    #[schemars(extend("enum" = ["stock", "flow", "ratio"]))]
    measure: &'static str,
    /// In which unit it is measured.
    unit: String,
    /// How many decimals are shown.
    decimals: u8,
    /// Which way is better.
    #[schemars(extend("enum" = ["up", "down", "none"]))]
    direction: &'static str,
    /// The formula of the value, or of what is divided.
    numerator: String,
    /// The formula of what it is divided by.
    denominator: Option<String>,
    /// The series of published figures that it is divided by.
    denominator_figure: Option<String>,
    /// What the quotient is multiplied by.
    scale: f64,
    /// The objective that it stands for where that has no number of its own.
    proxy_for: Option<String>,
    /// Where the definition comes from.
    source: Text,
}

impl Document {
    fn new(indicator: &Indicator) -> Self {
        Self {
            id: indicator.id.to_string(),
            version: indicator.version,
            valid_from: indicator.valid_from,
            name: (&indicator.name).into(),
            definition: (&indicator.definition).into(),
            measure: match indicator.measure {
                Measure::Stock => "stock",
                Measure::Flow => "flow",
                Measure::Ratio => "ratio",
            },
            unit: indicator.unit.clone(),
            decimals: indicator.decimals,
            direction: match indicator.direction {
                Direction::Up => "up",
                Direction::Down => "down",
                Direction::None => "none",
            },
            numerator: indicator.numerator.clone(),
            denominator: indicator.denominator.clone(),
            denominator_figure: indicator.denominator_figure.as_ref().map(ToString::to_string),
            scale: indicator.scale,
            proxy_for: indicator.proxy_for.clone(),
            source: (&indicator.source).into(),
        }
    }
}

async fn list(call: Call) -> Result<Reply<Listing<Document>>, Problem> {
    let part = Part::of(&call)?;
    let published = call.state(part.position).await?;
    let pack = plan_of(&published)?;
    Ok(part.page(&call, &pack.indicators, published.register.position, Document::new))
}

async fn one(call: Call) -> Result<Reply<Document>, Problem> {
    let published = call.state(None).await?;
    Ok(Reply::new(Document::new(must_find(plan_of(&published)?, call.at("id"))?)))
}

/// The indicator of a name, or the one that measures a target of that name.
fn must_find<'p>(pack: &'p Pack, id: &str) -> Result<&'p Indicator, Problem> {
    let of_target = pack.targets.iter().find(|target| target.id.as_str() == id);
    let name = of_target.map_or_else(|| IndicatorId::from(id), |target| target.indicator.clone());
    pack.indicator(&name).ok_or_else(|| {
        let near = nearest(id, pack.indicators.iter().map(|one| one.id.as_str()));
        let remedy = near.map_or_else(
            || {
                words!(
                    "các chỉ tiêu đo được liệt kê ở /api/v1/indicators",
                    "/api/v1/indicators lists those that there are"
                )
            },
            did_you_mean,
        );
        Problem::not_found(words!(
            "kế hoạch không có chỉ tiêu đo `{id}`; {remedy}",
            "the plan has no indicator `{id}`; {remedy}",
            id,
            remedy
        ))
    })
}

/// The value of an indicator for a unit and a year.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Value")]
struct ValueDocument {
    /// The indicator.
    indicator: String,
    /// The version of its formula.
    indicator_version: u16,
    /// The unit.
    unit: UnitReference,
    /// The year.
    year: i16,
    /// The day of the value: the year's last, or the asked day.
    #[schemars(with = "Day")]
    on: Date,
    /// The value; null where data is missing.
    value: Option<f64>,
    /// The numerator, for quotients.
    numerator: Option<f64>,
    /// The denominator, for quotients.
    denominator: Option<f64>,
    /// In which unit it is measured.
    measure_unit: String,
}

async fn values(call: Call) -> Result<Reply<Listing<ValueDocument>>, Problem> {
    let part = Part::of(&call)?;
    let sight = call.sight(part.position).await?;
    let pack = sight.pack();
    let chosen: Vec<&Indicator> = match call.text(&INDICATOR) {
        None => pack.indicators.iter().collect(),
        Some(ids) => {
            ids.split(',').map(|id| must_find(pack, id.trim())).collect::<Result<_, _>>()?
        }
    };
    let as_of = sight.board.as_of();
    let year = call.whole(&YEAR);
    let is_asked = |one: i16| year.is_none_or(|year| i64::from(one) == year);
    let mut cells = Vec::new();
    for indicator in chosen {
        for unit in &sight.units {
            let of = sight.board.cells(&indicator.id, &unit.id).into_iter().flatten();
            let of = of.filter(|(year, _)| is_asked(*year));
            cells.extend(of.map(|(year, cell)| (indicator, unit, year, cell)));
        }
    }
    let position = sight.board.position();
    Ok(part.page(&call, &cells, position, |(indicator, unit, year, cell)| ValueDocument {
        indicator: indicator.id.to_string(),
        indicator_version: indicator.version,
        unit: UnitReference::from(*unit),
        year: *year,
        on: super::organisation::end_of(*year, as_of),
        value: cell.value,
        numerator: cell.numerator,
        denominator: cell.denominator,
        measure_unit: indicator.unit.clone(),
    }))
}

/// One organisation's part in a figure.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Record")]
struct RecordDocument {
    /// The organisation.
    #[schemars(extend("format" = "uuid"))]
    organisation: String,
    /// Its name.
    name: String,
    /// Its registration code.
    code: Option<String>,
    /// Whether it counts in the numerator: in the value itself, where there is no quotient.
    in_numerator: bool,
    /// Whether it counts in the denominator.
    in_denominator: bool,
    /// What it adds; null where parts do not add up to the value.
    contribution: Option<f64>,
    /// Why it counts, or the first condition that fails.
    why: Text,
}

async fn records(call: Call) -> Result<Reply<Listing<RecordDocument>>, Problem> {
    let part = Part::of(&call)?;
    let sight = call.sight(part.position).await?;
    let indicator = must_find(sight.pack(), call.at("id"))?;
    let years = sight.board.years();
    let newest = years.last().copied().unwrap_or_else(|| sight.board.as_of().year());
    let year = call.whole(&YEAR).and_then(|year| i16::try_from(year).ok()).unwrap_or(newest);
    let Some(mut explanation) = sight.board.explain(&indicator.id, &sight.unit.id, year) else {
        let show = |year: Option<&i16>| year.map_or_else(String::new, ToString::to_string);
        return Err(Problem::not_found(words!(
            "không có số của năm {year}; ngày được hỏi có các năm từ {first} đến {last}",
            "there is no figure of {year}; the asked day has the years from {first} to {last}",
            year = year.to_string(),
            first = show(years.first()),
            last = show(years.last())
        )));
    };
    let register = &sight.published.register;
    let places = &sight.published.places;
    let today = call.app.today();
    let counted = call.text(&COUNTED).map(|text| text == "true");
    explanation.records.retain(|record: &Record| {
        let counts = record.in_numerator || record.in_denominator;
        counted.is_none_or(|counted| counts == counted)
            && call.visit.visitor.may_see(
                Reading::Records,
                register,
                places,
                record.organisation,
                today,
            )
    });
    Ok(part.page(&call, &explanation.records, sight.board.position(), |record| {
        let of = register.organisation(record.organisation);
        RecordDocument {
            organisation: of.map_or_else(String::new, |of| of.id.to_string()),
            name: of.map_or_else(String::new, |of| of.name.clone()),
            code: of.and_then(|of| of.code.clone()),
            in_numerator: record.in_numerator,
            in_denominator: record.in_denominator,
            contribution: record.contribution,
            why: Words::clone(&record.why).into(),
        }
    }))
}
