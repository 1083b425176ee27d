//! The numbers of a flow, series by series, from the boards that the pages show.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use hoptac_engine::board::{Board, Question};
use hoptac_model::figure::{Figure, FigureStatus};
use hoptac_model::ids::{IndicatorId, UnitId};
use hoptac_model::pack::Pack;
use hoptac_model::period::Period;
use hoptac_model::standing::Standing;
use hoptac_model::text::{did_you_mean, few, nearest};
use hoptac_model::unit::Level;
use hoptac_model::words;
use jiff::civil::Date;

use super::Asked;
use super::artefact::{self, AGENCY, FIGURES, FLOWS, Flow, Form, INDICATORS, Part, VERSION, area};
use super::query::{self, Slice};
use crate::api::problem::Problem;
use crate::api::sight::plan_of;
use crate::app::Published;

/// One number with what is said of it.
pub(super) struct Observation {
    pub(super) time: String,
    /// None where data is missing.
    pub(super) value: Option<f64>,
    /// The attributes of the observation, in the order of the flow.
    pub(super) attributes: Vec<Option<String>>,
}

/// A series: its key, what is said of it, its numbers.
pub(super) struct Series {
    pub(super) key: Vec<String>,
    /// The attributes of the series, in the order of the flow.
    pub(super) attributes: Vec<Option<String>>,
    pub(super) observations: Vec<Observation>,
}

/// What was found.
pub(super) struct Found {
    pub(super) flow: &'static Flow,
    pub(super) published: Arc<Published>,
    pub(super) with_attributes: bool,
    pub(super) series: Vec<Series>,
}

/// What an address asks for.
pub(super) async fn find(asked: &Asked) -> Result<Found, Problem> {
    let flow = query::flow(asked, &FLOWS)?;
    let slice = query::slice(asked, flow)?;
    let published = asked.state(slice.known_on).await?;
    let pack = plan_of(&published)?;
    known(&published, flow, &slice)?;
    let today = asked.app.today();
    let mut series = if std::ptr::eq(flow, &raw const FIGURES) {
        figures(&published, pack, &slice)
    } else if std::ptr::eq(flow, &raw const INDICATORS) {
        values(&Boards::of(asked, &published, pack, today).await, pack, &slice, today)
    } else {
        let day = slice.day().unwrap_or(today);
        standings(&Boards::of(asked, &published, pack, day).await, pack, &slice, day)
    };
    for one in &mut series {
        one.observations.retain(|one| slice.has_time(&one.time));
        if let Some(first) = slice.first {
            one.observations.truncate(first);
        }
        if let Some(last) = slice.last {
            let from = one.observations.len().saturating_sub(last);
            one.observations.drain(..from);
        }
    }
    series.retain(|one| !one.observations.is_empty());
    if series.is_empty() {
        return Err(Problem::not_found(words!(
            "{flow} không có số nào như vậy",
            "{flow} has no such numbers",
            flow = flow.id
        )));
    }
    Ok(Found { flow, with_attributes: slice.attributes, series, published })
}

/// The boards of a day: communes as they are on it, all else on the plan's own places.
struct Boards {
    plan: Arc<Board>,
    today: Arc<Board>,
    units: BTreeMap<String, (UnitId, bool)>,
}

impl Boards {
    async fn of(asked: &Asked, published: &Arc<Published>, pack: &Pack, day: Date) -> Self {
        let plan = Question { as_of: day, geography: pack.setting.geography };
        let plan = asked.app.board(published, plan).await;
        let today = asked.app.board(published, Question { as_of: day, geography: day }).await;
        let mut units = BTreeMap::new();
        let places = &published.places;
        for (board, of_day) in [(&plan, false), (&today, true)] {
            for unit in board.unit_ids().filter_map(|id| places.get(id)) {
                let is_commune = unit.level == Level::Commune;
                let known = units.contains_key(&area(unit));
                if !known || (of_day && is_commune) {
                    units.insert(area(unit), (unit.id.clone(), of_day));
                }
            }
        }
        Self { plan, today, units }
    }

    /// The units by their codes, each with the board that it is read off.
    fn units(&self) -> impl Iterator<Item = (&str, &UnitId, &Board)> {
        self.units.iter().map(|(code, (id, of_day))| {
            let board = if *of_day { &self.today } else { &self.plan };
            (code.as_str(), id, &**board)
        })
    }
}

/// The values of indicators, year by year.
fn values(boards: &Boards, pack: &Pack, slice: &Slice, today: Date) -> Vec<Series> {
    let mut all = Vec::new();
    for (code, unit, board) in boards.units() {
        for indicator in &pack.indicators {
            let key = ["A", code, indicator.id.as_str()];
            if !slice.has(&key) {
                continue;
            }
            let observations = board.years().iter().map(|year| {
                let value = board.cell(&indicator.id, unit, *year).and_then(|cell| cell.value);
                let status = match value {
                    None => "O",
                    Some(_) if *year >= today.year() => "P",
                    Some(_) => "A",
                };
                Observation {
                    time: format!("{year:04}"),
                    value,
                    attributes: vec![Some(status.to_owned())],
                }
            });
            all.push(Series {
                key: key.map(str::to_owned).to_vec(),
                attributes: vec![
                    Some(indicator.unit.clone()),
                    Some(indicator.version.to_string()),
                    Some(board.position().to_string()),
                ],
                observations: observations.collect(),
            });
        }
    }
    all
}

/// Where the targets stand on a day.
fn standings(boards: &Boards, pack: &Pack, slice: &Slice, day: Date) -> Vec<Series> {
    let mut all = Vec::new();
    for (code, unit, board) in boards.units() {
        let is_wanted =
            pack.targets.iter().any(|target| slice.has(&["D", code, target.id.as_str()]));
        if !is_wanted {
            continue;
        }
        for row in board.scoreboard(unit).map_or_else(Vec::new, |board| board.rows) {
            let key = ["D", code, row.target.as_str()];
            if !slice.has(&key) {
                continue;
            }
            let status = if row.value.is_some() { "A" } else { "O" };
            let measure = pack.indicator(&row.indicator).map(|one| one.unit.clone());
            all.push(Series {
                key: key.map(str::to_owned).to_vec(),
                attributes: vec![measure, Some(board.position().to_string())],
                observations: vec![Observation {
                    time: day.to_string(),
                    value: row.value,
                    attributes: vec![
                        Some(status.to_owned()),
                        row.standing.map(Standing::code).map(str::to_owned),
                        row.expected.map(|value| value.to_string()),
                    ],
                }],
            });
        }
    }
    all
}

/// What others published, with its source.
fn figures(published: &Published, pack: &Pack, slice: &Slice) -> Vec<Series> {
    let mut all: BTreeMap<[String; 4], Vec<(Date, Observation)>> = BTreeMap::new();
    for (number, figure) in artefact::numbered(pack) {
        let code = artefact::area_of(figure, &published.places, pack);
        let (frequency, time) = time(figure);
        let key = [frequency.to_owned(), code, figure.indicator.to_string(), number.to_string()];
        if slice.has(&key.each_ref().map(String::as_str)) {
            let observation = observation(pack, figure, time);
            all.entry(key).or_default().push((figure.as_of, observation));
        }
    }
    let position = published.register.position.to_string();
    let series = all.into_iter().map(|(key, mut observations)| {
        observations.sort_by_key(|(day, _)| *day);
        let id = IndicatorId::from(key[2].as_str());
        let own = || pack.series.iter().find(|one| one.id == id).map(|one| one.unit.clone());
        let measure = pack.indicator(&id).map(|one| one.unit.clone()).or_else(own);
        Series {
            key: key.to_vec(),
            attributes: vec![measure, Some(position.clone())],
            observations: observations.into_iter().map(|(_, one)| one).collect(),
        }
    });
    series.collect()
}

/// How often a figure comes, and its time, as the standard writes them.
fn time(figure: &Figure) -> (&'static str, String) {
    match figure.period {
        Some(Period::Year(year)) => ("A", format!("{year:04}")),
        Some(Period::Half(year, half)) => ("S", format!("{year:04}-S{half}")),
        Some(Period::Quarter(year, quarter)) => ("Q", format!("{year:04}-Q{quarter}")),
        None => ("D", figure.as_of.to_string()),
    }
}

fn observation(pack: &Pack, figure: &Figure, time: String) -> Observation {
    // The first figures behind a break are those that are not to be compared with what is before it.
    let broken = pack.breaks.iter().find(|one| {
        let is_between = |other: &&Figure| {
            other.indicator == figure.indicator
                && other.unit == figure.unit
                && other.as_of >= one.to
                && other.as_of < figure.as_of
        };
        one.series == figure.indicator
            && figure.unit == pack.setting.unit
            && figure.as_of >= one.to
            && !artefact::figures(pack).any(|other| is_between(&other))
    });
    let status = match (broken, figure.status) {
        (Some(_), _) => Some("B"),
        (None, FigureStatus::Final) => Some("A"),
        (None, FigureStatus::Estimate | FigureStatus::Derived) => Some("E"),
        (None, FigureStatus::Provisional) => Some("P"),
        (None, FigureStatus::LowConfidence) => Some("U"),
        // A goal was no value, of whatever status.
        (None, FigureStatus::TargetPast | FigureStatus::Assumed) => None,
    };
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Observation {
        time,
        value: Some(figure.value),
        attributes: vec![
            status.map(str::to_owned),
            said(figure.status.code()),
            said(&figure.source),
            figure.source_date.map(|day| day.to_string()),
            said(&figure.source_url),
            said(&figure.note.vi),
            said(&figure.note.en),
            broken.and_then(|one| said(&one.reason.vi)),
            broken.and_then(|one| said(&one.reason.en)),
        ],
    }
}

/// Every code that a key names must be one.
fn known(published: &Published, flow: &Flow, slice: &Slice) -> Result<(), Problem> {
    let lists = artefact::of_state(published);
    for (at, code) in slice.named() {
        let Some(dimension) = flow.dimensions().nth(at) else { continue };
        let Form::Codes(list) = dimension.form else { continue };
        let list = lists.iter().find(|one| one.id == list);
        let all = || list.into_iter().flat_map(|list| &list.codes).map(|one| one.id.as_str());
        if all().any(|one| one == code) {
            continue;
        }
        let remedy = nearest(code, all()).map_or_else(
            || {
                words!(
                    "các mã có ở /sdmx/structure/codelist",
                    "/sdmx/structure/codelist lists the codes"
                )
            },
            did_you_mean,
        );
        return Err(Problem::not_found(words!(
            "khóa có `{code}` ở chiều {dimension}, mà không có mã này; {remedy}",
            "the key has `{code}` at {dimension}, which is no code; {remedy}",
            code = few(code),
            dimension = dimension.id,
            remedy
        )));
    }
    Ok(())
}

/// The data as SDMX-CSV 2.0.
pub(super) fn csv(found: &Found) -> String {
    let flow = found.flow;
    let mut heads: Vec<&str> = vec!["STRUCTURE", "STRUCTURE_ID", "ACTION"];
    heads.extend(flow.dimensions().map(|one| one.id));
    heads.extend(["TIME_PERIOD", "OBS_VALUE"]);
    if found.with_attributes {
        heads.extend(flow.attributes().map(|one| one.id));
    }
    let mut text = format!("{}\n", heads.join(","));
    let structure = format!("{AGENCY}:{}({VERSION})", flow.id);
    for series in &found.series {
        for one in &series.observations {
            let mut fields: Vec<&str> = vec!["dataflow", &structure, "I"];
            fields.extend(series.key.iter().map(String::as_str));
            let value = one.value.map_or_else(String::new, |value| value.to_string());
            fields.extend([one.time.as_str(), value.as_str()]);
            if found.with_attributes {
                let (mut own, mut shared) = (one.attributes.iter(), series.attributes.iter());
                for attribute in flow.attributes() {
                    let said = match attribute.part {
                        Part::OfObservation => own.next().and_then(Option::as_deref),
                        Part::OfSeries => shared.next().and_then(Option::as_deref),
                        Part::Dimension | Part::Time | Part::Measure => None,
                    };
                    fields.push(said.unwrap_or_default());
                }
            }
            text.push_str(&fields.into_iter().map(quoted).collect::<Vec<_>>().join(","));
            text.push('\n');
        }
    }
    text
}

/// A field, between quotation marks where it holds what ends fields.
fn quoted(field: &str) -> Cow<'_, str> {
    if field.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\"")).into()
    } else {
        field.into()
    }
}

impl Found {
    /// The state whose numbers these are.
    pub(super) fn state(&self) -> &Published {
        &self.published
    }
}
