//! `hoptac explain`: the records behind a figure, each with why it counts or does not.

use anyhow::Result;
use hoptac_engine::board::{Explanation, Record};
use hoptac_model::ids::{IndicatorId, TargetId};
use hoptac_model::number;
use hoptac_model::pack::{Indicator, Pack};
use hoptac_model::text::{Language, fold};
use serde_json::{Value, json};

use crate::Outcome;
use crate::cli::{ExplainArguments, Place};
use crate::output;
use crate::scoreboard::synthetic_notice;
use crate::sentence::refuse;
use crate::view::{Asked, View};

pub(crate) async fn run(place: &Place, arguments: &ExplainArguments) -> Result<Outcome> {
    let asked = Asked {
        unit: arguments.unit.as_deref(),
        as_of: arguments.as_of,
        geography: arguments.geography,
        known_on: arguments.known_on,
        position: arguments.position,
    };
    let view = View::open(place, asked).await?;
    let indicator = find(&view.plan.pack, &arguments.indicator)?;
    let year = view.board.as_of().year();
    let Some(explanation) = view.board.explain(&indicator.id, &view.unit.id, year) else {
        refuse!(
            "không tính số liệu cho năm {year}; kế hoạch được tính từ {first} đến {last}",
            "nothing is computed for {year}; the plan is computed from {first} to {last}",
            year,
            first = view.plan.pack.setting.year_first,
            last = view.plan.pack.setting.year_last
        );
    };
    if arguments.json {
        output::json(&to_json(&view, indicator, &explanation))?;
    } else {
        for line in to_lines(&view, indicator, &explanation, arguments.all, arguments.lang.into()) {
            output::say(&line)?;
        }
    }
    Ok(Outcome::Done)
}

/// The indicator that is named so, or that measures the target named so.
fn find<'a>(pack: &'a Pack, name: &str) -> Result<&'a Indicator> {
    let by_target = || pack.target(&TargetId::from(name)).map(|target| &target.indicator);
    let id = IndicatorId::from(name);
    if let Some(indicator) = pack.indicator(&id).or_else(|| pack.indicator(by_target()?)) {
        return Ok(indicator);
    }
    let asked = fold(name);
    let near: Vec<&str> = pack
        .indicators
        .iter()
        .map(|indicator| indicator.id.as_str())
        .filter(|id| id.contains(&asked) || asked.contains(id))
        .take(5)
        .collect();
    if near.is_empty() {
        refuse!(
            "kế hoạch không có chỉ tiêu hoặc chỉ tiêu đo `{name}`; `hoptac plan show` liệt kê tất cả",
            "the plan has no indicator or target `{name}`; `hoptac plan show` lists them",
            name
        );
    }
    refuse!(
        "kế hoạch không có chỉ tiêu hoặc chỉ tiêu đo `{name}`; gần giống có {near}",
        "the plan has no indicator or target `{name}`; near it are {near}",
        name,
        near = near.join(", ")
    );
}

fn to_json(view: &View, indicator: &Indicator, explanation: &Explanation) -> Value {
    let records: Vec<Value> = explanation
        .records
        .iter()
        .map(|record| {
            let organisation = view.register.organisation(record.organisation);
            json!({
                "organisation": organisation.map(|o| o.id),
                "code": organisation.and_then(|o| o.code.as_deref()),
                "name": organisation.map(|o| o.name.as_str()),
                "in_numerator": record.in_numerator,
                "in_denominator": record.in_denominator,
                "contribution": record.contribution,
                "why": record.why,
            })
        })
        .collect();
    json!({
        "ledger_position": view.board.position(),
        "indicator": indicator.id,
        "indicator_version": indicator.version,
        "formula": explanation.formula,
        "unit": view.unit.code,
        "as_of": explanation.on,
        "geography": view.board.geography(),
        "known_on": view.known_on,
        "value": explanation.cell.value,
        "numerator": explanation.cell.numerator,
        "denominator": explanation.cell.denominator,
        "synthetic": view.board.has_synthetic(),
        "counted": explanation.counted,
        "left_out": explanation.left_out,
        "records": records,
    })
}

fn to_lines(
    view: &View,
    indicator: &Indicator,
    explanation: &Explanation,
    all: bool,
    language: Language,
) -> Vec<String> {
    let vi = language == Language::Vi;
    let count = |n: usize| number::show(u32::try_from(n).map_or(0.0, f64::from), 0, language);
    let mut lines = vec![
        format!(
            "{} · {} · {} {}",
            view.unit.name,
            indicator.name.get(language),
            number::show_or_dash(explanation.cell.value, indicator.decimals, language),
            indicator.unit_words().get(language),
        ),
        format!(
            "{} {} · {} {}",
            if vi { "Tính đến" } else { "As of" },
            hoptac_model::date::show(explanation.on, language),
            if vi { "sổ cái số" } else { "ledger position" },
            count(usize::try_from(view.board.position()).unwrap_or(usize::MAX)),
        ),
    ];
    lines.extend(view.notices(language));
    lines.extend(output::wrap(&explanation.formula, output::WIDTH, "  "));
    if view.board.has_synthetic() {
        lines.push(synthetic_notice(language).to_owned());
    }
    lines.push(String::new());
    let name = |record: &Record| {
        view.register.organisation(record.organisation).map_or("", |o| o.name.as_str())
    };
    let mut shown: Vec<&Record> = explanation
        .records
        .iter()
        .filter(|record| all || record.in_numerator || record.in_denominator)
        .collect();
    // What counts comes first, then what is only in the denominator, then the rest, each by name.
    shown.sort_by_cached_key(|r| (!r.in_numerator, !r.in_denominator, fold(name(r))));
    for record in shown {
        let counts = match record.contribution {
            Some(value) => number::plain(value, language),
            None if record.in_numerator => "✓".to_owned(),
            None => number::NO_VALUE.to_owned(),
        };
        let pad =
            output::WIDTH.saturating_sub(output::width(name(record)) + output::width(&counts));
        lines.push(format!("{}{}{counts}", name(record), " ".repeat(pad)));
        lines.extend(output::wrap(record.why.get(language), output::WIDTH, "  "));
    }
    lines.push(String::new());
    lines.push(if vi {
        format!(
            "{} hồ sơ được tính, {} không.",
            count(explanation.counted),
            count(explanation.left_out)
        )
    } else {
        format!(
            "{} records count, {} do not.",
            count(explanation.counted),
            count(explanation.left_out)
        )
    });
    lines
}
