//! The plan: its document, objectives, agencies and tasks, its targets, and the published figures beside it.

use hoptac_model::figure::FigureStatus;
use hoptac_model::ids::TargetId;
use hoptac_model::pack::{DocumentPlace, Pack};
use hoptac_model::target::{Constraint, Horizon, Scope, Target};
use hoptac_model::text::{Language, Words, did_you_mean, nearest};
use hoptac_model::words;
use hoptac_office::authority::Reading;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::Call;
use super::operation::{Api, Group, Operation};
use super::parameter::{CURSOR, FIELDS, KNOWN_ON, Kind, LIMIT, Parameter, TOTAL, UNIT};
use super::problem::Problem;
use super::reply::{Listing, Part, Reply};
use super::sight::{no_unit, plan_of};
use super::text::{Day, Text};
use crate::routes::Need;

const PROGRESS: Need = Need::Read(Reading::Progress);
const TARGET: Parameter = Parameter {
    name: "id",
    kind: Kind::Text { most: 40 },
    about: ("Mã chỉ tiêu, ví dụ T30-01.", "The target, for instance T30-01."),
};
const SERIES: Parameter = Parameter {
    name: "indicator",
    kind: Kind::Text { most: 60 },
    about: ("Chỉ tiêu đo hoặc chuỗi số liệu.", "The indicator or series."),
};

const PLAN: Operation = Operation {
    title: ("Kế hoạch đang thực hiện", "The plan in force"),
    query: &[KNOWN_ON, FIELDS],
    ..Operation::read("/plan", "getPlan", Group::Plan, PROGRESS)
};
const TARGETS: Operation = Operation {
    title: ("Các chỉ tiêu của kế hoạch", "The targets of the plan"),
    query: &[KNOWN_ON, LIMIT, CURSOR, TOTAL, FIELDS],
    ..Operation::read("/targets", "listTargets", Group::Plan, PROGRESS)
};
const ONE: Operation = Operation {
    title: ("Một chỉ tiêu của kế hoạch", "One target of the plan"),
    at: &[TARGET],
    query: &[KNOWN_ON, FIELDS],
    ..Operation::read("/targets/{id}", "getTarget", Group::Plan, PROGRESS)
};
const FIGURES: Operation = Operation {
    title: ("Số liệu đã công bố, kèm nguồn", "Published figures with their sources"),
    query: &[SERIES, UNIT, KNOWN_ON, LIMIT, CURSOR, TOTAL, FIELDS],
    ..Operation::read("/figures", "listFigures", Group::Figures, PROGRESS)
};

pub(crate) fn operations(api: Api) -> Api {
    api.add(PLAN, plan).add(TARGETS, targets).add(ONE, target).add(FIGURES, figures)
}

/// The plan in force.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Plan")]
struct Document {
    /// Its name here.
    id: String,
    /// The number of its document.
    number: String,
    /// What kind of document it is.
    kind: String,
    /// Its title.
    title: Text,
    /// Who issued it.
    issuer: Text,
    /// When it was issued.
    #[schemars(with = "Day")]
    issued_on: Date,
    /// From when it is effective.
    #[schemars(with = "Day")]
    effective_on: Date,
    /// The documents that it implements.
    implements: Vec<String>,
    /// The unit whose plan it is, by code.
    unit: String,
    /// The day whose places it speaks of.
    #[schemars(with = "Day")]
    geography: Date,
    /// The first year that is computed.
    year_first: i16,
    /// The last year.
    year_last: i16,
    /// Its objectives, each after the one that it belongs to.
    objectives: Vec<ObjectiveDocument>,
    /// The headings under which targets are shown.
    headings: Vec<Named>,
    /// The agencies that it names.
    agencies: Vec<AgencyDocument>,
    /// Its tasks.
    tasks: Vec<TaskDocument>,
    /// The ledger position of this state.
    ledger_position: u64,
}

/// Something with a name.
#[derive(Serialize, JsonSchema)]
struct Named {
    /// Its identity in the plan.
    id: String,
    /// Its name.
    name: Text,
}

/// An objective of the plan.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Objective")]
struct ObjectiveDocument {
    /// Its identity in the plan.
    id: String,
    /// The objective that it belongs to.
    parent: Option<String>,
    /// What it is.
    title: Text,
    /// Where it stands in the document.
    place: PlaceDocument,
    /// By which year.
    horizon: Option<i16>,
}

/// A place in the plan's document.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DocumentPlace")]
struct PlaceDocument {
    /// The section.
    section: String,
    /// The bullet or paragraph in it.
    bullet: String,
}

impl From<&DocumentPlace> for PlaceDocument {
    fn from(place: &DocumentPlace) -> Self {
        Self { section: place.section.clone(), bullet: place.bullet.clone() }
    }
}

/// An agency that the plan names.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Agency")]
struct AgencyDocument {
    /// Its identity in the plan.
    id: String,
    /// Its name.
    name: Text,
    /// The first day, where it began later than the plan.
    #[schemars(with = "Option<Day>")]
    valid_from: Option<Date>,
    /// The last day, where it ended.
    #[schemars(with = "Option<Day>")]
    valid_to: Option<Date>,
    /// The agency that took over.
    successor: Option<String>,
}

/// A task of the plan.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PlanTask")]
struct TaskDocument {
    /// Its identity in the plan.
    id: String,
    /// The group that it stands in.
    group: String,
    /// What is to be done.
    title: Text,
    /// The agency that leads.
    lead: Option<String>,
    /// The agencies that take part.
    with: Vec<String>,
    /// The indicators that it is meant to move.
    indicators: Vec<String>,
    /// By when.
    #[schemars(with = "Option<Day>")]
    due: Option<Date>,
}

impl Document {
    fn new(pack: &Pack, position: u64) -> Self {
        let document = &pack.document;
        let named = |id: &str, name: &Words| Named { id: id.to_owned(), name: name.into() };
        Self {
            id: pack.id.clone(),
            number: document.number.clone(),
            kind: document.kind.clone(),
            title: (&document.title).into(),
            issuer: (&document.issuer).into(),
            issued_on: document.issued,
            effective_on: document.effective,
            implements: document.implements.clone(),
            unit: pack.setting.unit.clone(),
            geography: pack.setting.geography,
            year_first: pack.setting.year_first,
            year_last: pack.setting.year_last,
            objectives: pack
                .objectives
                .iter()
                .map(|one| ObjectiveDocument {
                    id: one.id.clone(),
                    parent: one.parent.clone(),
                    title: (&one.title).into(),
                    place: (&one.place).into(),
                    horizon: one.horizon,
                })
                .collect(),
            headings: pack.headings.iter().map(|one| named(&one.id, &one.title)).collect(),
            agencies: pack
                .agencies
                .iter()
                .map(|one| AgencyDocument {
                    id: one.id.clone(),
                    name: (&one.name).into(),
                    valid_from: one.valid_from,
                    valid_to: one.valid_to,
                    successor: one.successor.clone(),
                })
                .collect(),
            tasks: pack
                .tasks
                .iter()
                .map(|one| TaskDocument {
                    id: one.id.clone(),
                    group: one.group.clone(),
                    title: (&one.title).into(),
                    lead: one.lead.clone(),
                    with: one.with.clone(),
                    indicators: one.indicators.iter().map(ToString::to_string).collect(),
                    due: one.due,
                })
                .collect(),
            ledger_position: position,
        }
    }
}

/// What is asked of a number.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Constraint")]
pub(super) struct ConstraintDocument {
    /// How the number is meant.
    #[schemars(extend("enum" = ["about", "at_least", "more_than", "at_most", "less_than", "between", "exactly", "all"]))]
    comparator: &'static str,
    /// The number; null for `between`.
    value: Option<f64>,
    /// For `about`: how far off still counts, as a share of the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    tolerance: Option<f64>,
    /// For `between`: the lower end.
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<f64>,
    /// For `between`: the upper end.
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<f64>,
    /// For `at_least`: the upper end of what is expected, where the plan writes both.
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_up_to: Option<f64>,
    /// As people read it.
    words: Text,
}

impl ConstraintDocument {
    pub(super) fn new(constraint: Constraint, sign: &str) -> Self {
        let words =
            Words::new(constraint.words(sign, Language::Vi), constraint.words(sign, Language::En));
        let plain = |comparator, value| Self {
            comparator,
            value,
            tolerance: None,
            low: None,
            high: None,
            expected_up_to: None,
            words: words.clone().into(),
        };
        match constraint {
            Constraint::About { value, tolerance } => {
                Self { tolerance: Some(tolerance), ..plain("about", Some(value)) }
            }
            Constraint::AtLeast { value, expected_up_to } => {
                Self { expected_up_to, ..plain("at_least", Some(value)) }
            }
            Constraint::MoreThan { value } => plain("more_than", Some(value)),
            Constraint::AtMost { value } => plain("at_most", Some(value)),
            Constraint::LessThan { value } => plain("less_than", Some(value)),
            Constraint::Between { low, high } => {
                Self { low: Some(low), high: Some(high), ..plain("between", None) }
            }
            Constraint::Exactly { value } => plain("exactly", Some(value)),
            Constraint::All { value } => plain("all", Some(value)),
        }
    }
}

/// By when a target is to be met.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Horizon")]
pub(super) struct HorizonDocument {
    /// Whether it is to be met in every year of the span.
    yearly: bool,
    /// The first year of the span; null for one year.
    from: Option<i16>,
    /// The year, or the last one of the span.
    to: i16,
}

impl From<Horizon> for HorizonDocument {
    fn from(horizon: Horizon) -> Self {
        match horizon {
            Horizon::Year { year } => Self { yearly: false, from: None, to: year },
            Horizon::Yearly { from, to } => Self { yearly: true, from: Some(from), to },
        }
    }
}

/// A target of the plan.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Target")]
struct TargetDocument {
    /// As `T30-01`.
    id: String,
    /// A short label.
    label: Text,
    /// The target in other words than the document's.
    paraphrase: Text,
    /// The few words of the document that carry the number.
    words: String,
    /// Where those words stand.
    place: PlaceDocument,
    /// The objective it belongs to.
    objective: String,
    /// The heading it is shown under.
    heading: String,
    /// The indicator that measures it.
    indicator: String,
    /// What is asked.
    constraint: ConstraintDocument,
    /// By when.
    horizon: HorizonDocument,
    /// For whom: `plan`, or each unit of a level.
    #[schemars(extend("enum" = ["plan", "nation", "province", "district", "commune"]))]
    scope: &'static str,
    /// Who is counted; for a share, out of whom.
    population: Text,
    /// The target whose population this one's is part of.
    of_which: Option<String>,
    /// Other readings of the population, each with its own indicator.
    readings: Vec<ReadingDocument>,
}

/// One way to read a target's population.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TargetReading")]
struct ReadingDocument {
    /// Its name in the target.
    id: String,
    /// The indicator that measures so.
    indicator: String,
    /// What people call it.
    label: Text,
}

impl TargetDocument {
    fn new(target: &Target, pack: &Pack) -> Self {
        let sign = pack.indicator(&target.indicator).map_or("", |indicator| indicator.sign());
        Self {
            id: target.id.to_string(),
            label: (&target.label).into(),
            paraphrase: (&target.paraphrase).into(),
            words: target.words.clone(),
            place: (&target.place).into(),
            objective: target.objective.clone(),
            heading: target.heading.clone(),
            indicator: target.indicator.to_string(),
            constraint: ConstraintDocument::new(target.constraint, sign),
            horizon: target.horizon.into(),
            scope: match target.scope {
                Scope::Plan => "plan",
                Scope::Each(level) => level.code(),
            },
            population: (&target.population).into(),
            of_which: target.of_which.as_ref().map(ToString::to_string),
            readings: target
                .readings
                .iter()
                .map(|one| ReadingDocument {
                    id: one.id.clone(),
                    indicator: one.indicator.to_string(),
                    label: (&one.label).into(),
                })
                .collect(),
        }
    }
}

/// A published figure with its source.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Figure")]
struct FigureDocument {
    /// The indicator, or the series of its own, that it belongs to.
    indicator: String,
    /// The code of the unit it speaks of.
    unit: String,
    /// The day or period as published: `2024-06-30`, `2022-H1`.
    period: String,
    /// The day it speaks of.
    #[schemars(with = "Day")]
    as_of: Date,
    /// The value as published.
    value: f64,
    /// How firm it is.
    #[schemars(extend("enum" = FigureStatus::ALL.map(FigureStatus::code)))]
    status: &'static str,
    /// The document or publisher.
    source: String,
    /// The day the source was published, where known.
    #[schemars(with = "Option<Day>")]
    source_date: Option<Date>,
    /// Where the source can be read, where known.
    source_url: Option<String>,
    /// What should be known about it.
    note: Text,
}

async fn plan(call: Call) -> Result<Reply<Document>, Problem> {
    let published = call.state(None).await?;
    Ok(Reply::new(Document::new(plan_of(&published)?, published.register.position)))
}

async fn targets(call: Call) -> Result<Reply<Listing<TargetDocument>>, Problem> {
    let part = Part::of(&call)?;
    let published = call.state(part.position).await?;
    let pack = plan_of(&published)?;
    let position = published.register.position;
    Ok(part.page(&call, &pack.targets, position, |target| TargetDocument::new(target, pack)))
}

async fn target(call: Call) -> Result<Reply<TargetDocument>, Problem> {
    let published = call.state(None).await?;
    let pack = plan_of(&published)?;
    Ok(Reply::new(TargetDocument::new(must_find(pack, call.at("id"))?, pack)))
}

/// The target of a name, or the problem that there is none.
pub(super) fn must_find<'p>(pack: &'p Pack, id: &str) -> Result<&'p Target, Problem> {
    pack.target(&TargetId::from(id)).ok_or_else(|| {
        let near = nearest(id, pack.targets.iter().map(|target| target.id.as_str()));
        let remedy = near.map_or_else(
            || {
                words!(
                    "các chỉ tiêu được liệt kê ở /api/v1/targets",
                    "/api/v1/targets lists those that there are"
                )
            },
            did_you_mean,
        );
        Problem::not_found(words!(
            "kế hoạch không có chỉ tiêu `{id}`; {remedy}",
            "the plan has no target `{id}`; {remedy}",
            id,
            remedy
        ))
    })
}

async fn figures(call: Call) -> Result<Reply<Listing<FigureDocument>>, Problem> {
    let part = Part::of(&call)?;
    let published = call.state(part.position).await?;
    let pack = plan_of(&published)?;
    let (indicator, unit) = (call.text(&SERIES), call.text(&UNIT));
    if let Some(code) = unit
        && published.places.all().all(|unit| unit.code != code && unit.id.as_str() != code)
    {
        return Err(no_unit(code));
    }
    let mut found: Vec<_> = pack
        .figures
        .iter()
        .filter(|one| indicator.is_none_or(|id| one.indicator.as_str() == id))
        .filter(|one| unit.is_none_or(|code| one.unit == code))
        .collect();
    found.sort_by(|a, b| (&a.indicator, &a.unit, a.as_of).cmp(&(&b.indicator, &b.unit, b.as_of)));
    Ok(part.page(&call, &found, published.register.position, |one| FigureDocument {
        indicator: one.indicator.to_string(),
        unit: one.unit.clone(),
        period: one.period_code(),
        as_of: one.as_of,
        value: one.value,
        status: one.status.code(),
        source: one.source.clone(),
        source_date: one.source_date,
        source_url: (!one.source_url.is_empty()).then(|| one.source_url.clone()),
        note: (&one.note).into(),
    }))
}
