//! `plan.toml`, what is measured: indicators, published series, breaks in them.

use hoptac_model::ids::IndicatorId;
use hoptac_model::pack::{Break, Indicator, Measure, Series};
use hoptac_model::target::Direction;
use hoptac_model::words;

use crate::pack::names::Noun;
use crate::pack::toml::Table;

/// `[[indicator]]`, each with its table for later checks.
pub(crate) fn read_indicators<'a>(root: &Table<'a>) -> Vec<(Indicator, Table<'a>)> {
    root.tables("indicator", &Noun::Indicator.words())
        .into_iter()
        .filter_map(|table| Some((read_indicator(&table)?, table)))
        .collect()
}

fn read_indicator(table: &Table<'_>) -> Option<Indicator> {
    const MEASURES: [&str; 3] = ["stock", "flow", "ratio"];
    const DIRECTIONS: [&str; 3] = ["up", "down", "none"];
    let id = table.must("id").id(Noun::Indicator);
    let version = table.must("version").count(1_u16, 999);
    let valid_from = table.must("valid_from").date();
    let name = table.words("name");
    let short = table.words_or_empty("short");
    let definition = table.words("definition");
    let measure = table.must("measure").word(&MEASURES).map(|index| match index {
        0 => Measure::Stock,
        1 => Measure::Flow,
        _ => Measure::Ratio,
    });
    let unit = read_unit(table);
    let decimals = table.must("decimals").count(0_u8, 6);
    let direction = table.must("direction").word(&DIRECTIONS).map(|index| match index {
        0 => Direction::Up,
        1 => Direction::Down,
        _ => Direction::None,
    });
    let numerator = table.must("numerator").text();
    let denominator = table.may("denominator").text();
    let denominator_figure = table.may("denominator_figure").refer(Noun::Series);
    let scale = table.may("scale").positive().unwrap_or(1.0);
    let proxy_for = table.may("proxy_for").refer(Noun::Objective);
    let source = table.words_or_empty("source");
    table.finish();
    check_denominator(table, measure, unit, scale);
    let name = name?;
    Some(Indicator {
        id: IndicatorId::new(id?),
        version: version?,
        valid_from: valid_from?,
        short: if short.is_empty() { name.clone() } else { short },
        name,
        definition: definition?,
        measure: measure?,
        unit: unit?.to_owned(),
        decimals: decimals?,
        direction: direction?,
        numerator: numerator?,
        denominator,
        denominator_figure: denominator_figure.map(IndicatorId::new),
        scale,
        proxy_for,
        source: source.clone(),
    })
}

/// A denominator belongs to a ratio, and there is one of it.
fn check_denominator(
    table: &Table<'_>,
    measure: Option<Measure>,
    unit: Option<&'static str>,
    scale: f64,
) {
    let of = |key: &'static str| table.has(key).then_some(key);
    let (formula, figure) = (of("denominator"), of("denominator_figure"));
    if formula.is_some() && figure.is_some() {
        table.error(
            "denominator_figure",
            "pack.denominator",
            words!("{what} có hai mẫu số", "{what} has two denominators", what = table.what()),
            words!(
                "giữ lại công thức `denominator` hoặc số liệu công bố `denominator_figure`",
                "keep either the formula `denominator` or the published `denominator_figure`"
            ),
        );
    }
    match (measure, formula.or(figure)) {
        (Some(Measure::Stock | Measure::Flow), Some(key)) => table.error(
            key,
            "pack.denominator",
            words!(
                "{what} có mẫu số, nhưng `measure` không phải là `ratio`",
                "{what} has a denominator, but its measure is not `ratio`",
                what = table.what()
            ),
            words!(
                "hãy ghi measure = \"ratio\", hoặc bỏ mẫu số",
                "write measure = \"ratio\", or take the denominator out"
            ),
        ),
        (Some(Measure::Ratio), Some(_))
            if unit == Some("percent") && (scale - 100.0).abs() > 1e-9 =>
        {
            table.warning(
                if table.has("scale") { "scale" } else { "unit" },
                "pack.percent-scale",
                words!(
                    "{what} tính bằng phần trăm, nhưng thương số được nhân với {scale}",
                    "{what} is in percent, but its quotient is multiplied by {scale}",
                    what = table.what(),
                    scale
                ),
                words!("hãy ghi scale = 100", "write scale = 100"),
            );
        }
        _ => {}
    }
}

/// A unit of measurement out of the known ones.
fn read_unit(table: &Table<'_>) -> Option<&'static str> {
    let units = Indicator::UNITS.map(|(code, _, _)| code);
    table.must("unit").word(&units).and_then(|index| units.get(index).copied())
}

/// `[[series]]`.
pub(crate) fn read_series(root: &Table<'_>) -> Vec<Series> {
    let read = |table: Table<'_>| {
        let id = table.must("id").id(Noun::Series);
        let name = table.words("name");
        let unit = read_unit(&table);
        table.finish();
        Some(Series { id: IndicatorId::new(id?), name: name?, unit: unit?.to_owned() })
    };
    root.tables("series", &Noun::Series.words()).into_iter().filter_map(read).collect()
}

/// `[[break]]`.
pub(crate) fn read_breaks(root: &Table<'_>) -> Vec<Break> {
    let read = |table: Table<'_>| {
        let series = table.must("series").refer(Noun::Series);
        let (from, to) = (table.must("from").date(), table.must("to").date());
        let reason = table.words("reason");
        table.finish();
        if let (Some(from), Some(to)) = (from, to)
            && to <= from
        {
            let problem = words!(
                "chỗ đứt kết thúc ngày {to}, không sau ngày bắt đầu {from}",
                "the break ends on {to}, not after it begins on {from}",
                to,
                from
            );
            let remedy = words!(
                "`from` là ngày cuối trước chỗ đứt, `to` là ngày đầu sau chỗ đứt",
                "`from` is the last day before the break, `to` the first after it"
            );
            table.error("to", "pack.span", problem, remedy);
        }
        Some(Break { series: IndicatorId::new(series?), from: from?, to: to?, reason: reason? })
    };
    root.tables("break", &words!("chỗ đứt của chuỗi số liệu", "break"))
        .into_iter()
        .filter_map(read)
        .collect()
}
