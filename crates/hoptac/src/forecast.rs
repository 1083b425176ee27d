//! `hoptac forecast`: where every target is heading, how likely it is, and what is needed from now on.

use anyhow::Result;
use hoptac_engine::forecast;
use hoptac_model::date;
use hoptac_model::forecast::{BackTest, Band, Basis, Fan, Flow, Forecast, Pace, Silence};
use hoptac_model::number;
use hoptac_model::pack::Indicator;
use hoptac_model::scoreboard::Applies;
use hoptac_model::text::Language;
use serde_json::{Value, json};

use crate::Outcome;
use crate::cli::Place;
use crate::cli::forecast::ForecastArguments;
use crate::output::{self, Align, Table};
use crate::scenario;
use crate::scoreboard::synthetic_notice;
use crate::sentence::refuse;
use crate::view::{Asked, View};

pub(crate) async fn run(place: &Place, arguments: &ForecastArguments) -> Result<Outcome> {
    let asked = Asked {
        unit: arguments.unit.as_deref(),
        as_of: arguments.as_of,
        geography: arguments.geography,
        known_on: arguments.known_on,
        position: None,
    };
    let view = View::open(place, asked).await?;
    if !arguments.what_if.is_empty() {
        let (target, json) = (arguments.target.as_deref(), arguments.json);
        let (settings, seed) = (&arguments.what_if, arguments.seed);
        return scenario::what_if(&view, settings, target, seed, json, arguments.lang.into());
    }
    let mut forecasts =
        forecast::of_unit(&view.board, &view.register, &view.places, &view.unit.id, arguments.seed);
    if let Some(target) = &arguments.target {
        forecasts.retain(|forecast| forecast.target.as_str() == target);
        if forecasts.is_empty() {
            let known: Vec<&str> =
                view.plan.pack.targets.iter().map(|target| target.id.as_str()).collect();
            refuse!(
                "kế hoạch không có chỉ tiêu `{target}`; các chỉ tiêu gồm {known}",
                "the plan has no target `{target}`; it has {known}",
                target,
                known = known.join(", ")
            );
        }
    }
    if arguments.json {
        output::json(&to_json(&view, &forecasts, arguments.seed))?;
        return Ok(Outcome::Done);
    }
    let language = arguments.lang.into();
    let lines = match forecasts.as_slice() {
        [only] if arguments.target.is_some() => one_lines(&view, only, language),
        all => all_lines(&view, all, language),
    };
    for line in lines {
        output::say(&line)?;
    }
    Ok(Outcome::Done)
}

/// The documented shape of `forecast --json` (docs/command-line.md).
fn to_json(view: &View, forecasts: &[Forecast], seed: u64) -> Value {
    let rows: Vec<Value> = forecasts.iter().map(|forecast| row_json(view, forecast)).collect();
    json!({
        "ledger_position": view.board.position(),
        "as_of": view.board.as_of(),
        "geography": view.board.geography(),
        "known_on": view.known_on,
        "unit": view.unit.code,
        "unit_id": view.unit.id,
        "unit_name": view.unit.name,
        "plan": view.plan.pack.id,
        "synthetic": view.board.has_synthetic(),
        "seed": seed,
        "forecasts": rows,
    })
}

fn row_json(view: &View, forecast: &Forecast) -> Value {
    let pack = &view.plan.pack;
    // What stands at the top speaks of the day that is asked; each basis has its whole fan below.
    let fan = forecast.fan();
    let at = fan.ok().and_then(|fan| fan.at(forecast.on));
    let band = |band: Option<Band>| band.map(|band| [band.low, band.high]);
    json!({
        "target": forecast.target,
        "label": pack.target(&forecast.target).map(|target| &target.label),
        "indicator": forecast.indicator,
        "applies": forecast.applies.code(),
        "constraint": forecast.constraint,
        "on": forecast.on,
        "median": at.map(|at| at.median),
        "interval_50": band(at.map(|at| at.interval_50)),
        "interval_80": band(at.map(|at| at.interval_80)),
        "interval_95": band(at.map(|at| at.interval_95)),
        "probability": fan.ok().and_then(|fan| fan.probability),
        "required_pace": forecast.required.as_ref().map(|pace| pace.per_year),
        "method": fan.ok().map(|fan| fan.method),
        "basis": fan.ok().map(|fan| fan.basis),
        "silence": fan.err(),
        "register": fan_json(&forecast.register),
        "published": fan_json(&forecast.published),
        "required": forecast.required,
        "gap": forecast.gap,
    })
}

fn fan_json(fan: &Result<Fan, Silence>) -> Value {
    match fan {
        Ok(fan) => {
            let mut value = json!(fan);
            if let Some(map) = value.as_object_mut() {
                map.insert("assumptions".to_owned(), json!(fan.method.assumptions()));
            }
            value
        }
        Err(silence) => json!({ "silence": silence, "reason": silence.words() }),
    }
}

fn head_lines(view: &View, language: Language) -> Vec<String> {
    let vi = language == Language::Vi;
    let position = u32::try_from(view.board.position()).map_or(0.0, f64::from);
    let mut lines = vec![
        format!("{} · {}", view.unit.name, if vi { "dự báo" } else { "forecast" }),
        format!(
            "{} {} · {} {} · {} {}",
            if vi { "Kế hoạch" } else { "Plan" },
            view.plan.pack.document.number,
            if vi { "từ ngày" } else { "from" },
            date::show(view.board.as_of(), language),
            if vi { "sổ cái số" } else { "ledger position" },
            number::show(position, 0, language),
        ),
    ];
    lines.extend(view.notices(language));
    if view.board.has_synthetic() {
        lines.push(synthetic_notice(language).to_owned());
    }
    lines.push(String::new());
    lines
}

fn all_lines(view: &View, forecasts: &[Forecast], language: Language) -> Vec<String> {
    let vi = language == Language::Vi;
    let mut lines = head_lines(view, language);
    let heads = if vi {
        ["Mã", "Chỉ tiêu", "Đến", "Mục tiêu", "Dự báo", "80 %", "Khả năng"]
    } else {
        ["Id", "Target", "By", "Goal", "Median", "80 %", "Chance"]
    };
    let align = |at: usize| if at < 2 { Align::Left } else { Align::Right };
    let heads: Vec<(&str, Align)> =
        heads.iter().enumerate().map(|(at, head)| (*head, align(at))).collect();
    let mut table = Table::new(&heads);
    for forecast in forecasts {
        table.row(cells(view, forecast, language));
    }
    lines.extend(table.lines(output::WIDTH));
    lines.push(String::new());
    lines.extend(output::wrap(
        if vi {
            "Dự báo là số giữa; tám trong mười trường hợp nằm trong khoảng 80 %. Xem từng chỉ tiêu bằng --target."
        } else {
            "The median; eight of ten cases lie within the 80 % interval. See one target with --target."
        },
        output::WIDTH,
        "",
    ));
    lines
}

/// A number of the row: decimals of its indicator, whole where units are counted.
fn amount(
    indicator: Option<&Indicator>,
    applies: Applies,
    value: f64,
    language: Language,
) -> String {
    let decimals = indicator.filter(|_| applies != Applies::UnitsBelow).map_or(0, |i| i.decimals);
    number::show(value, decimals, language)
}

fn range(
    indicator: Option<&Indicator>,
    applies: Applies,
    band: Band,
    language: Language,
) -> String {
    let show = |value| amount(indicator, applies, value, language);
    format!("{}–{}", show(band.low), show(band.high))
}

fn cells(view: &View, forecast: &Forecast, language: Language) -> Vec<String> {
    let pack = &view.plan.pack;
    let indicator = pack.indicator(&forecast.indicator);
    let label = pack.target(&forecast.target).map_or("", |target| target.label.get(language));
    let sign = indicator
        .filter(|_| forecast.applies != Applies::UnitsBelow)
        .map_or("", |indicator| indicator.sign());
    let goal = if forecast.applies == Applies::NotHere {
        number::NO_VALUE.to_owned()
    } else {
        forecast.constraint.words(sign, language)
    };
    let dash = || number::NO_VALUE.to_owned();
    let at = forecast.fan().ok().and_then(|fan| fan.at(forecast.on));
    let probability = forecast.fan().ok().and_then(|fan| fan.probability);
    vec![
        forecast.target.to_string(),
        label.to_owned(),
        forecast.on.year().to_string(),
        goal,
        at.map_or_else(dash, |at| amount(indicator, forecast.applies, at.median, language)),
        at.map_or_else(dash, |at| range(indicator, forecast.applies, at.interval_80, language)),
        probability.map_or_else(dash, |p| number::chance(p, language)),
    ]
}

/// One target: both bases side by side, the back-test, the pace and whose part the gap is.
fn one_lines(view: &View, forecast: &Forecast, language: Language) -> Vec<String> {
    let vi = language == Language::Vi;
    let pack = &view.plan.pack;
    let indicator = pack.indicator(&forecast.indicator);
    let label = pack.target(&forecast.target).map_or("", |target| target.label.get(language));
    let sign = indicator
        .filter(|_| forecast.applies != Applies::UnitsBelow)
        .map_or("", |indicator| indicator.sign());
    let mut lines = head_lines(view, language);
    lines.push(format!(
        "{} {label}: {} {}",
        forecast.target,
        forecast.constraint.words(sign, language),
        if vi {
            format!("đến {}", date::show(forecast.on, language))
        } else {
            format!("by {}", date::show(forecast.on, language))
        },
    ));
    for (basis, fan) in
        [(Basis::Register, &forecast.register), (Basis::Published, &forecast.published)]
    {
        lines.push(String::new());
        lines.push(basis.words().get(language).to_owned());
        match fan {
            Ok(fan) => lines.extend(fan_lines(fan, forecast, indicator, language)),
            Err(silence) => lines.push(format!("  {}", silence.words().get(language))),
        }
    }
    if let Some(pace) = &forecast.required {
        lines.push(String::new());
        lines.extend(pace_lines(pace, language));
    }
    if let Some(gap) = &forecast.gap {
        lines.push(String::new());
        lines.push(format!(
            "{} {} {}",
            if vi { "Còn thiếu" } else { "Missing:" },
            number::show(f64::from(gap.whole), 0, language),
            gap.of.get(language)
        ));
        let mut parts: Vec<(String, u32)> = gap
            .agencies
            .iter()
            .map(|(id, part)| {
                let agency = pack.agencies.iter().find(|agency| &agency.id == id);
                (agency.map_or(id.as_str(), |a| a.name.get(language)).to_owned(), *part)
            })
            .collect();
        parts.extend(gap.units.iter().map(|(id, part)| {
            (view.places.get(id).map_or(id.as_str(), |unit| unit.name.as_str()).to_owned(), *part)
        }));
        let mut table = Table::new(&[
            (if vi { "Phần của" } else { "Part of" }, Align::Left),
            (if vi { "Số" } else { "Number" }, Align::Right),
        ]);
        for (name, part) in parts {
            table.row(vec![name, number::show(f64::from(part), 0, language)]);
        }
        lines.extend(table.lines(output::WIDTH));
    }
    lines
}

fn fan_lines(
    fan: &Fan,
    forecast: &Forecast,
    indicator: Option<&Indicator>,
    language: Language,
) -> Vec<String> {
    let vi = language == Language::Vi;
    let mut lines = vec![format!(
        "  {}{}",
        fan.method.words().get(language),
        if fan.replaced.is_some() {
            if vi {
                " (cách chính kiểm lại kém hơn nên không dùng)"
            } else {
                " (the main method did worse before and is not used)"
            }
        } else {
            ""
        }
    )];
    let mut table = Table::new(&[
        (if vi { "Ngày" } else { "Day" }, Align::Left),
        (if vi { "Số giữa" } else { "Median" }, Align::Right),
        ("50 %", Align::Right),
        ("80 %", Align::Right),
        ("95 %", Align::Right),
    ]);
    for period in &fan.periods {
        let band = |band| range(indicator, forecast.applies, band, language);
        table.row(vec![
            date::show(period.on, language),
            amount(indicator, forecast.applies, period.median, language),
            band(period.interval_50),
            band(period.interval_80),
            band(period.interval_95),
        ]);
    }
    lines.extend(table.lines(output::WIDTH - 2).iter().map(|line| format!("  {line}")));
    if let Some(probability) = fan.probability {
        let chance = number::chance(probability, language);
        lines.push(if vi {
            format!("  Khả năng đạt: {chance}")
        } else {
            format!("  Probability: {chance}")
        });
    }
    if let Some(every) = fan.every_year {
        let chance = number::chance(every, language);
        lines.push(if vi {
            format!("  Đạt ở mọi năm còn lại: {chance}")
        } else {
            format!("  In every year still to come: {chance}")
        });
    }
    let test = fan.back_test.map_or_else(
        || {
            let said = if vi {
                "Chuỗi còn ngắn, chưa kiểm lại được."
            } else {
                "The series is too short for a back-test."
            };
            said.to_owned()
        },
        |test| back_test_words(&test, language),
    );
    lines.extend(output::wrap(&test, output::WIDTH, "  "));
    for assumption in fan.method.assumptions() {
        lines.extend(output::wrap(&format!("· {}", assumption.get(language)), output::WIDTH, "  "));
    }
    lines
}

fn back_test_words(test: &BackTest, language: Language) -> String {
    let percent = |share: f64| number::show(share * 100.0, 0, language);
    let score = |value: f64| number::show(value, 1, language);
    let [half, most, all] = [test.coverage_50, test.coverage_80, test.coverage_95].map(percent);
    let (pairs, origins) = (test.pairs, test.origins);
    let (crps, naive) = (score(test.crps), score(test.crps_naive));
    let series = test.series;
    let pooled = match language {
        _ if series < 2 => String::new(),
        Language::Vi => format!(" Chung cho {series} đơn vị cùng cấp."),
        Language::En => format!(" For {series} units of the level together."),
    };
    let said = match language {
        Language::Vi => format!(
            "Kiểm lại {pairs} lần từ {origins} mốc cũ: khoảng 50/80/95 % chứa {half}/{most}/{all} % giá trị thật; điểm CRPS {crps}, kéo dài bình quân {naive}."
        ),
        Language::En => format!(
            "Back-test of {pairs} values from {origins} past days: the 50/80/95 % intervals held {half}/{most}/{all} %; CRPS {crps}, naive drift {naive}."
        ),
    };
    said + &pooled
}

fn pace_lines(pace: &Pace, language: Language) -> Vec<String> {
    let vi = language == Language::Vi;
    let show = |value: f64| number::show(value, 1, language);
    let needed = show(pace.per_year);
    let mut said = vec![if vi {
        format!("Cần {needed} mỗi năm từ nay")
    } else {
        format!("Needed from now on: {needed} a year")
    }];
    said.extend(pace.of_late.map(show).map(|late| {
        if vi {
            format!("; ba năm qua {late} mỗi năm")
        } else {
            format!("; the last three years had {late} a year")
        }
    }));
    said.extend(
        pace.times.map(show).map(|times| {
            if vi { format!(" (gấp {times} lần)") } else { format!(" ({times} times)") }
        }),
    );
    let mut lines = output::wrap(&said.concat(), output::WIDTH, "");
    if pace.parts.is_empty() {
        return lines;
    }
    let heads = if vi {
        ["Mỗi năm", "Ba năm qua", "Dự báo", "Cần"]
    } else {
        ["A year", "Of late", "Forecast", "Needed"]
    };
    let heads: Vec<(&str, Align)> = heads
        .iter()
        .enumerate()
        .map(|(at, head)| (*head, if at == 0 { Align::Left } else { Align::Right }))
        .collect();
    let mut table = Table::new(&heads);
    for part in &pace.parts {
        let cell = |value: Option<f64>| number::show_or_dash(value, 1, language);
        let mut name = part.flow.words().get(language).to_owned();
        if part.flow == Flow::Members {
            name += if vi { " (số hiện có)" } else { " (level)" };
        }
        table.row(vec![name, cell(part.of_late), cell(part.expected), cell(part.needed)]);
    }
    lines.extend(table.lines(output::WIDTH));
    lines
}
