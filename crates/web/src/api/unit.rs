//! Administrative units over time.

use hoptac_model::text::fold;
use hoptac_model::unit::{Level, Places, Unit};
use hoptac_office::authority::Reading;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::Call;
use super::operation::{Api, Group, Operation};
use super::parameter::{AS_OF, CURSOR, FIELDS, KNOWN_ON, Kind, LEVEL, LIMIT, Parameter, TOTAL};
use super::problem::Problem;
use super::reply::{Listing, Part, Reply};
use super::sight::no_unit;
use super::text::{Day, UnitReference};
use crate::routes::Need;

const WITHIN: Parameter = Parameter {
    name: "within",
    kind: Kind::Text { most: 40 },
    about: (
        "Chỉ các đơn vị thuộc đơn vị này, bằng mã hoặc định danh.",
        "Only the units within this one, by code or identity.",
    ),
};
const ID: Parameter = Parameter {
    name: "id",
    kind: Kind::Text { most: 40 },
    about: ("Mã hoặc định danh của đơn vị.", "The code or the identity of the unit."),
};

const LIST: Operation = Operation {
    title: ("Danh sách đơn vị hành chính của một ngày", "The administrative units of a day"),
    query: &[AS_OF, KNOWN_ON, LEVEL, WITHIN, LIMIT, CURSOR, TOTAL, FIELDS],
    ..Operation::read("/units", "listUnits", Group::Places, Need::Read(Reading::Progress))
};
const ONE: Operation = Operation {
    title: ("Một đơn vị hành chính", "One administrative unit"),
    about: (
        "Một mã có thể đã chuyển cho đơn vị khác; không kèm ngày thì lấy đơn vị đang mang mã.",
        "A code may have passed to another unit; without a day the one that has it now is meant.",
    ),
    at: &[ID],
    query: &[AS_OF, KNOWN_ON, FIELDS],
    ..Operation::read("/units/{id}", "getUnit", Group::Places, Need::Read(Reading::Progress))
};

pub(crate) fn operations(api: Api) -> Api {
    api.add(LIST, list).add(ONE, one)
}

/// An administrative unit.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Unit")]
struct Document {
    /// Its identity, which no other unit ever has.
    id: String,
    /// Its code, which may have passed to another unit since.
    code: String,
    /// Its level.
    #[schemars(extend("enum" = ["nation", "province", "district", "commune"]))]
    level: &'static str,
    /// Its name on the day.
    name: String,
    /// The unit above it.
    parent: Option<UnitReference>,
    /// The first day; null where it is older than what is recorded.
    #[schemars(with = "Option<Day>")]
    valid_from: Option<Date>,
    /// The last day; null while it lasts.
    #[schemars(with = "Option<Day>")]
    valid_to: Option<Date>,
    /// North of the equator, in degrees.
    latitude: Option<f64>,
    /// East of Greenwich, in degrees.
    longitude: Option<f64>,
    /// The units that it went into when it ended.
    successors: Vec<UnitReference>,
    /// The units that went into it.
    predecessors: Vec<UnitReference>,
}

impl Document {
    fn new(unit: &Unit, places: &Places, day: Date) -> Self {
        let degrees = |e4: Option<i32>| e4.map(|e4| f64::from(e4) / 10_000.0);
        Self {
            id: unit.id.to_string(),
            code: unit.code.clone(),
            level: unit.level.code(),
            name: places.name_on(unit, day).to_owned(),
            parent: unit.parent.as_ref().and_then(|id| places.get(id)).map(UnitReference::from),
            valid_from: unit.valid_from,
            valid_to: unit.valid_to,
            latitude: degrees(unit.lat_e4),
            longitude: degrees(unit.lon_e4),
            successors: places.followers(&unit.id).map(UnitReference::from).collect(),
            predecessors: places.predecessors(&unit.id).map(UnitReference::from).collect(),
        }
    }
}

async fn list(call: Call) -> Result<Reply<Listing<Document>>, Problem> {
    let part = Part::of(&call)?;
    let published = call.state(part.position).await?;
    let (places, day) = (&published.places, call.as_of());
    let within = match call.text(&WITHIN) {
        None => None,
        Some(code) => Some(places.find(code, day).ok_or_else(|| no_unit(code))?),
    };
    let level = call.text(&LEVEL).and_then(Level::from_code);
    let mut found: Vec<&Unit> = places
        .all()
        .filter(|unit| unit.exists_on(day))
        .filter(|unit| level.is_none_or(|level| unit.level == level))
        .filter(|unit| {
            within
                .is_none_or(|top| places.ancestry(&unit.id).iter().any(|above| above.id == top.id))
        })
        .collect();
    found.sort_by_cached_key(|unit| (unit.level, fold(unit.short_name()), unit.id.clone()));
    let position = published.register.position;
    Ok(part.page(&call, &found, position, |unit| Document::new(unit, places, day)))
}

async fn one(call: Call) -> Result<Reply<Document>, Problem> {
    let published = call.state(None).await?;
    let (places, day, code) = (&published.places, call.as_of(), call.at("id"));
    let unit = places.find(code, day).ok_or_else(|| no_unit(code))?;
    Ok(Reply::new(Document::new(unit, places, day)))
}
