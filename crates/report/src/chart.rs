//! The pictures of documents, from the room that draws those of pages.

use hoptac_model::pack::Pack;
use hoptac_model::report::TargetLine;
use hoptac_model::standing::Standing;
use hoptac_model::{date, number};

use crate::document::Chart;
use crate::svg::alone;
use crate::svg::line::{self, Goal, Size};
use crate::svg::strip::{self, Square};
use crate::voice::{VI, Voice, count};

/// One target over the years, with its goal; none where nothing was ever known.
pub(crate) fn history(voice: Voice<'_>, line: &TargetLine, caption: String) -> Option<Chart> {
    let row = &line.row;
    let indicator = voice.pack.indicator(&row.indicator)?;
    if row.series.iter().all(|point| point.value.is_none()) {
        return None;
    }
    let values: Vec<String> = row
        .series
        .iter()
        .map(|point| {
            let value = number::show_or_dash(point.value, indicator.decimals, VI);
            format!("{}: {value}", date::show(point.on, VI))
        })
        .collect();
    let description = format!("{}. {}", indicator.name.vi, values.join("; "));
    let asked = row.constraint.words(indicator.sign(), VI);
    let picture = line::Chart {
        language: VI,
        decimals: indicator.decimals,
        title: caption.clone(),
        description: description.clone(),
        history: row.series.iter().map(|point| (point.on, point.value)).collect(),
        unfinished: false,
        published: row
            .figures
            .iter()
            .map(|figure| (figure.as_of, figure.value, figure.source.clone()))
            .collect(),
        goal: row.standing.map(|standing| Goal {
            constraint: row.constraint,
            horizon: row.horizon,
            value: row.constraint.goal(indicator.direction),
            standing: Some(standing),
            label: asked,
            pace: String::new(),
        }),
        line: row.line.map(|line| (line, String::new())),
        breaks: Vec::new(),
        spread: None,
    };
    let svg = line::draw_size(&picture, Size::Wide).into_string();
    Some(Chart { caption, description, svg: alone::draw(&svg), width_mm: 165 })
}

/// The face of the plan: one square per target.
pub(crate) fn strip(voice: Voice<'_>) -> Chart {
    let groups = groups(voice.pack, &voice.contents.targets);
    let description = Standing::ALL
        .into_iter()
        .map(|standing| (standing, crate::periodic::tally(voice.contents, standing)))
        .filter(|(_, number)| *number > 0)
        .map(|(standing, number)| format!("{}: {}", standing.words().vi, count(number)))
        .collect::<Vec<_>>()
        .join("; ");
    let svg = strip::draw_whole(&groups, &description).into_string();
    Chart {
        caption: "Mỗi ô là một chỉ tiêu, theo thứ tự của kế hoạch".to_owned(),
        description,
        svg: alone::draw(&svg),
        width_mm: 130,
    }
}

fn groups(pack: &Pack, lines: &[TargetLine]) -> Vec<Vec<Square>> {
    let of = |heading: &str| {
        lines
            .iter()
            .filter_map(|line| {
                let target = pack.target(&line.row.target).filter(|t| t.heading == heading)?;
                Some(Square {
                    standing: line.row.standing,
                    href: String::new(),
                    title: target.label.vi.clone(),
                })
            })
            .collect()
    };
    pack.headings.iter().map(|heading| of(&heading.id)).collect()
}
