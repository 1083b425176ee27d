//! `hoptac figures`: published figures with their sources.

use anyhow::Result;
use hoptac_model::figure::Figure;
use hoptac_model::ids::IndicatorId;
use hoptac_model::number;
use hoptac_model::pack::Pack;
use hoptac_model::text::{Language, Words};
use serde_json::{Value, json};

use crate::Outcome;
use crate::cli::{FiguresArguments, Place};
use crate::output::{self, Align, Table};
use crate::sentence::refuse;
use crate::view;

pub(crate) async fn run(place: &Place, arguments: &FiguresArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let known = view::known_on(&store, arguments.known_on).await?;
    let plan = view::must_be_known(known.plan, arguments.known_on)?;
    let pack = &plan.pack;
    let mut figures: Vec<&Figure> = pack.figures.iter().collect();
    if let Some(series) = &arguments.series {
        figures.retain(|figure| figure.indicator.as_str() == series);
        if figures.is_empty() {
            refuse!(
                "không có số liệu công bố nào của dãy `{series}`; các dãy gồm {known}",
                "no figure of a series `{series}` is published; the series are {known}",
                series,
                known = series_ids(pack)
            );
        }
    }
    figures.sort_by(|a, b| {
        (&a.indicator, &a.unit, a.as_of, &a.id).cmp(&(&b.indicator, &b.unit, b.as_of, &b.id))
    });
    if arguments.json {
        let figures: Vec<Value> = figures.iter().map(|figure| to_json(pack, figure)).collect();
        output::json(&json!({
            "ledger_position": known.position,
            "known_on": arguments.known_on,
            "figures": figures,
        }))?;
        return Ok(Outcome::Done);
    }
    for line in to_lines(pack, &figures, arguments.lang.into()) {
        output::say(&line)?;
    }
    Ok(Outcome::Done)
}

fn series_ids(pack: &Pack) -> String {
    let mut ids: Vec<&str> = pack.figures.iter().map(|figure| figure.indicator.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.join(", ")
}

/// What people call a series: the indicator's name, or the series' own.
fn series_name(pack: &Pack, id: &IndicatorId) -> Words {
    let indicator = pack.indicator(id).map(|indicator| indicator.name.clone());
    let series = || pack.series.iter().find(|series| &series.id == id).map(|s| s.name.clone());
    indicator.or_else(series).unwrap_or_else(|| Words::new(id.as_str(), id.as_str()))
}

fn to_json(pack: &Pack, figure: &Figure) -> Value {
    json!({
        "id": figure.id,
        "indicator": figure.indicator,
        "name": series_name(pack, &figure.indicator),
        "unit": figure.unit,
        "period": figure.period_code(),
        "as_of": figure.as_of,
        "value": figure.value,
        "status": figure.status,
        "source": figure.source,
        "source_date": figure.source_date,
        "source_url": figure.source_url,
        "note": figure.note,
    })
}

fn to_lines(pack: &Pack, figures: &[&Figure], language: Language) -> Vec<String> {
    let vi = language == Language::Vi;
    let mut lines = Vec::new();
    let mut rest = figures;
    while let Some(first) = rest.first() {
        let same =
            |figure: &&Figure| figure.indicator == first.indicator && figure.unit == first.unit;
        let (of_series, others) = rest.split_at(rest.iter().take_while(|f| same(f)).count());
        rest = others;
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let name = series_name(pack, &first.indicator);
        let head = format!("{} · {} · {}", name.get(language), first.indicator, first.unit);
        lines.extend(output::wrap(&head, output::WIDTH, ""));
        let heads = if vi {
            [
                ("Thời điểm", Align::Left),
                ("Giá trị", Align::Right),
                ("Mức tin cậy", Align::Left),
                ("Nguồn", Align::Left),
            ]
        } else {
            [
                ("When", Align::Left),
                ("Value", Align::Right),
                ("Status", Align::Left),
                ("Source", Align::Left),
            ]
        };
        let mut table = Table::new(&heads);
        for figure in of_series {
            let when = match figure.period {
                Some(period) => period.to_string(),
                None => hoptac_model::date::show(figure.as_of, language),
            };
            table.row(vec![
                when,
                number::plain(figure.value, language),
                figure.status.words().get(language).to_owned(),
                figure.source.clone(),
            ]);
        }
        lines.extend(table.lines(output::WIDTH));
    }
    lines
}
