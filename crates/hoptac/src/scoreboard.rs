//! `hoptac scoreboard`: every target of the plan for a unit on a day.

use anyhow::Result;
use hoptac_model::date;
use hoptac_model::number;
use hoptac_model::scoreboard::{Row, Scoreboard};
use hoptac_model::standing::Standing;
use hoptac_model::target::{Horizon, Target};
use hoptac_model::text::Language;
use serde_json::{Value, json};

use crate::Outcome;
use crate::cli::{Place, ScoreboardArguments};
use crate::clock;
use crate::output::{self, Align, Table};
use crate::view::{Asked, View};

pub(crate) async fn run(place: &Place, arguments: &ScoreboardArguments) -> Result<Outcome> {
    let today = clock::today();
    let as_of = arguments.as_of.or(arguments.year.map(|year| date::year_end(year).min(today)));
    let asked = Asked {
        unit: arguments.unit.as_deref(),
        as_of,
        geography: arguments.geography,
        known_on: arguments.known_on,
        position: None,
    };
    let view = View::open(place, asked).await?;
    // `open` has seen that the unit is on the board.
    let board =
        view.board.scoreboard(&view.unit.id).unwrap_or_else(|| unreachable!("the unit is known"));
    if arguments.json {
        output::json(&to_json(&view, &board))?;
    } else {
        for line in to_lines(&view, &board, arguments.lang.into()) {
            output::say(&line)?;
        }
    }
    Ok(Outcome::Done)
}

/// The documented shape of `scoreboard --json` (docs/command-line.md).
fn to_json(view: &View, board: &Scoreboard) -> Value {
    let rows: Vec<Value> = board.rows.iter().map(|row| row_json(view, row)).collect();
    json!({
        "ledger_position": board.ledger_position,
        "as_of": board.as_of,
        "geography": board.geography,
        "known_on": view.known_on,
        "unit": view.unit.code,
        "unit_id": view.unit.id,
        "unit_name": view.unit.name,
        "plan": view.plan.pack.id,
        "synthetic": board.synthetic,
        "rows": rows,
    })
}

fn row_json(view: &View, row: &Row) -> Value {
    let pack = &view.plan.pack;
    let indicator = pack.indicator(&row.indicator);
    let target = pack.target(&row.target);
    let (horizon, until) = match row.horizon {
        Horizon::Year { year } => (json!(year), Value::Null),
        Horizon::Yearly { to, .. } => (json!("yearly"), json!(to)),
    };
    let figures: Vec<Value> = row
        .figures
        .iter()
        .map(|figure| {
            json!({
                "period": figure.period,
                "as_of": figure.as_of,
                "value": figure.value,
                "status": figure.status,
                "source": figure.source,
            })
        })
        .collect();
    let series: Vec<Value> =
        row.series.iter().map(|p| json!({"year": p.year, "on": p.on, "value": p.value})).collect();
    json!({
        "target": row.target,
        "label": target.map(|t| &t.label),
        "indicator": row.indicator,
        "indicator_version": indicator.map(|i| i.version),
        "measure_unit": indicator.map(|i| &i.unit),
        "population": target.map(|t| &t.population),
        "applies": row.applies.code(),
        "value": row.value,
        "numerator": row.numerator,
        "denominator": row.denominator,
        "constraint": row.constraint,
        "horizon": horizon,
        "until": until,
        "standing": row.standing,
        "rule": row.rule,
        "expected": row.expected,
        "missing": row.missing,
        "line": row.line.map(|line| json!({
            "baseline": line.baseline,
            "from": line.from,
            "goal": line.goal,
            "to": line.to,
            "expected": row.expected,
            "source": row.line_source,
        })),
        "figures": figures,
        "series": series,
    })
}

fn to_lines(view: &View, board: &Scoreboard, language: Language) -> Vec<String> {
    let vi = language == Language::Vi;
    let document = &view.plan.pack.document;
    let position = u32::try_from(board.ledger_position).map_or(0.0, f64::from);
    let mut lines = vec![
        format!("{} · {}", view.unit.name, headline(board, language)),
        format!(
            "{} {} · {} {} · {} {}",
            if vi { "Kế hoạch" } else { "Plan" },
            document.number,
            if vi { "tính đến" } else { "as of" },
            date::show(board.as_of, language),
            if vi { "sổ cái số" } else { "ledger position" },
            number::show(position, 0, language),
        ),
    ];
    lines.extend(view.notices(language));
    if board.synthetic {
        lines.push(synthetic_notice(language).to_owned());
    }
    lines.push(String::new());
    let heads = if vi {
        [
            ("Mã", Align::Left),
            ("Chỉ tiêu", Align::Left),
            ("Hiện có", Align::Right),
            ("Mục tiêu", Align::Right),
            ("Còn thiếu", Align::Right),
            ("Tình trạng", Align::Left),
        ]
    } else {
        [
            ("Id", Align::Left),
            ("Target", Align::Left),
            ("Now", Align::Right),
            ("Goal", Align::Right),
            ("Missing", Align::Right),
            ("Standing", Align::Left),
        ]
    };
    let mut table = Table::new(&heads);
    for row in &board.rows {
        table.row(cells(view, row, language));
    }
    lines.extend(table.lines(output::WIDTH));
    lines
}

fn cells(view: &View, row: &Row, language: Language) -> Vec<String> {
    let pack = &view.plan.pack;
    let indicator = pack.indicator(&row.indicator);
    let decimals = indicator.map_or(0, |i| i.decimals);
    let sign = indicator.map_or("", |i| i.sign());
    let label = pack.target(&row.target).map_or("", |t: &Target| t.label.get(language));
    let standing = row.standing.map_or_else(
        || number::NO_VALUE.to_owned(),
        |standing| format!("{} {}", standing.sign(), standing.words().get(language)),
    );
    let goal = if row.standing.is_some() {
        row.constraint.words(sign, language)
    } else {
        number::NO_VALUE.to_owned()
    };
    vec![
        row.target.to_string(),
        label.to_owned(),
        number::show_or_dash(row.value, decimals, language),
        goal,
        number::show_or_dash(row.missing, decimals, language),
        standing,
    ]
}

/// The sentence that says what matters: how many are off track, how many behind.
fn headline(board: &Scoreboard, language: Language) -> String {
    let of = |standing| board.rows.iter().filter(|row| row.standing == Some(standing)).count();
    let (off, behind) = (of(Standing::OffTrack), of(Standing::Behind));
    let all = board.rows.len();
    match language {
        Language::Vi => format!("{off} trong {all} chỉ tiêu khó đạt; {behind} chỉ tiêu đang chậm"),
        Language::En => format!("{off} of {all} targets are off track; {behind} are behind"),
    }
}

/// What stands over everything that shows synthetic data.
pub(crate) fn synthetic_notice(language: Language) -> &'static str {
    match language {
        Language::Vi => "Sổ đăng ký đang dùng dữ liệu mô phỏng.",
        Language::En => "The register holds synthetic data.",
    }
}
