//! `hoptac scenario`, and `hoptac forecast` with what is assumed.

use std::borrow::Cow;

use anyhow::Result;
use hoptac_engine::forecast;
use hoptac_model::filing::{FilingKind, Subject};
use hoptac_model::forecast::Forecast;
use hoptac_model::number;
use hoptac_model::scenario::Setting;
use hoptac_model::text::Language;
use serde_json::{Value, json};

use crate::cli::Place;
use crate::cli::scenario::{Save, ScenarioCommand};
use crate::output::{self, Align, Table};
use crate::sentence::{Sentence, refuse};
use crate::view::View;
use crate::{Outcome, filing};

pub(crate) async fn run(place: &Place, command: ScenarioCommand) -> Result<Outcome> {
    match command {
        ScenarioCommand::List { json, lang } => list(place, json, lang.into()).await,
        ScenarioCommand::Save(arguments) => save(place, &arguments).await,
    }
}

async fn save(place: &Place, arguments: &Save) -> Result<Outcome> {
    let settings: Vec<String> = arguments.what_if.iter().map(ToString::to_string).collect();
    let mut fields = serde_json::Map::new();
    fields.insert("title".to_owned(), json!(arguments.title));
    fields.insert("settings".to_owned(), json!(settings));
    fields.insert("note".to_owned(), json!(arguments.note));
    let store = place.open().await?;
    let subject = Subject::scenario(&arguments.name).0;
    filing::file_fields(&store, FilingKind::ScenarioSave, &subject, fields, &arguments.filed).await
}

async fn list(place: &Place, as_json: bool, language: Language) -> Result<Outcome> {
    let store = place.open().await?;
    let kept = store.scenarios().await?;
    if as_json {
        let all: Vec<Value> = kept
            .iter()
            .map(|one| {
                json!({
                    "name": one.name, "position": one.filing.position, "actor": one.filing.actor,
                    "recorded_at": one.filing.recorded_at, "scenario": one.scenario,
                })
            })
            .collect();
        output::json(&json!({ "scenarios": all }))?;
        return Ok(Outcome::Done);
    }
    if kept.is_empty() {
        output::say(match language {
            Language::Vi => "Chưa có kịch bản nào; lưu bằng `hoptac scenario save`.",
            Language::En => "No scenario is kept yet; keep one with `hoptac scenario save`.",
        })?;
        return Ok(Outcome::Done);
    }
    let heads = match language {
        Language::Vi => ["Tên", "Kịch bản", "Giả định"],
        Language::En => ["Name", "Scenario", "Assumptions"],
    };
    let mut table = Table::new(&heads.map(|head| (head, Align::Left)));
    for one in &kept {
        let settings = one.scenario.settings.join(", ");
        table.row(vec![one.name.clone(), one.scenario.title.clone(), settings]);
    }
    for line in table.lines(output::WIDTH) {
        output::say(&line)?;
    }
    Ok(Outcome::Done)
}

/// The targets of the territory as expected, and under what is assumed.
pub(crate) fn what_if(
    view: &View,
    settings: &[Setting],
    target: Option<&str>,
    seed: u64,
    as_json: bool,
    language: Language,
) -> Result<Outcome> {
    if view.unit.code != view.plan.pack.setting.unit {
        refuse!(
            "giả định chỉ tính được cho cả địa bàn; bỏ --unit",
            "what if is answered for the whole territory only; leave --unit out"
        );
    }
    let make = |settings: &[Setting]| -> Result<Vec<Forecast>> {
        let made = forecast::what_if(&view.board, &view.register, &view.places, settings, seed);
        let mut made = made.map_err(Sentence)?;
        made.retain(|one| target.is_none_or(|target| one.target.as_str() == target));
        Ok(made)
    };
    let (expected, assumed) = (make(&[])?, make(settings)?);
    if as_json {
        let rows = |all: &[Forecast]| -> Vec<Value> {
            all.iter()
                .map(|one| {
                    let fan = one.register.as_ref().ok();
                    let at = fan.and_then(|fan| fan.at(one.on));
                    json!({
                        "target": one.target, "on": one.on, "constraint": one.constraint,
                        "median": at.map(|at| at.median),
                        "interval_80": at.map(|at| [at.interval_80.low, at.interval_80.high]),
                        "probability": fan.and_then(|fan| fan.probability),
                        "method": fan.map(|fan| fan.method),
                        "silence": one.register.as_ref().err(),
                    })
                })
                .collect()
        };
        output::json(&json!({
            "ledger_position": view.board.position(), "as_of": view.board.as_of(), "seed": seed,
            "synthetic": view.board.has_synthetic(), "settings": settings,
            "expected": rows(&expected), "assumed": rows(&assumed),
        }))?;
        return Ok(Outcome::Done);
    }
    let vi = language == Language::Vi;
    let heads = if vi {
        ["Mã", "Chỉ tiêu", "Dự báo", "Khả năng", "Giả định", "Khả năng"]
    } else {
        ["Id", "Target", "Median", "Chance", "What if", "Chance"]
    };
    let heads: Vec<(&str, Align)> = heads
        .into_iter()
        .enumerate()
        .map(|(at, head)| (head, if at < 2 { Align::Left } else { Align::Right }))
        .collect();
    let mut table = Table::new(&heads);
    for (before, after) in expected.iter().zip(&assumed) {
        let pack = &view.plan.pack;
        let decimals = pack.indicator(&after.indicator).map_or(0, |one| one.decimals);
        let cells = |one: &Forecast| {
            let fan = one.register.as_ref().ok();
            let at = fan.and_then(|fan| fan.at(one.on));
            let chance = fan.and_then(|fan| fan.probability);
            [
                number::show_or_dash(at.map(|at| at.median), decimals, language),
                chance.map_or_else(|| number::NO_VALUE.to_owned(), |p| number::chance(p, language)),
            ]
        };
        let label = pack.target(&after.target).map_or("", |target| target.label.get(language));
        let mut row = vec![after.target.to_string(), label.to_owned()];
        row.extend(cells(before));
        row.extend(cells(after));
        table.row(row);
    }
    let said: Vec<String> = settings.iter().map(ToString::to_string).collect();
    let head: Cow<'_, str> = if vi { "Nếu".into() } else { "What if".into() };
    output::say(&format!("{head}: {}", said.join(", ")))?;
    output::say("")?;
    for line in table.lines(output::WIDTH) {
        output::say(&line)?;
    }
    output::say(if vi {
        "Cả hai cột tính bằng mô phỏng với cùng một chuỗi ngẫu nhiên; chỉ giả định khác nhau."
    } else {
        "Both are simulated with the same chance; only what is assumed differs."
    })?;
    Ok(Outcome::Done)
}
