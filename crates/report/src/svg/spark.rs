//! The spark: how a value came to where it is. A dot for now, hollow dots for published figures.

use hoptac_model::date;
use jiff::civil::Date;
use maud::{Markup, html};

use super::scale::{Scale, path, px};

const WIDTH: f64 = 116.0;
const HEIGHT: f64 = 30.0;
const EDGE: f64 = 4.0;

/// What a spark shows.
#[derive(Clone, Copy, Debug)]
pub struct Spark<'a> {
    /// Computed values, oldest first; the last is now.
    pub history: &'a [(Date, Option<f64>)],
    /// Published figures.
    pub published: &'a [(Date, f64)],
    /// The title, in the language of the page.
    pub title: &'a str,
}

/// Draws the spark.
pub fn draw(spark: &Spark<'_>) -> Markup {
    let start = spark.history.first().map(|(day, _)| *day);
    let end = spark.history.last().map(|(day, _)| *day);
    let inside = |day: Date| start.is_some_and(|s| s <= day) && end.is_some_and(|e| day <= e);
    // Figures of before the computed years would squeeze them; the indicator's own page shows all.
    let published: Vec<(Date, f64)> = spark
        .published
        .iter()
        .copied()
        .filter(|(day, value)| value.is_finite() && inside(*day))
        .collect();
    let values = || {
        let history = spark.history.iter().filter_map(|(_, value)| *value);
        history.filter(|value| value.is_finite()).chain(published.iter().map(|(_, value)| *value))
    };
    let low = values().fold(f64::INFINITY, f64::min);
    let high = values().fold(f64::NEG_INFINITY, f64::max);
    let days = start.zip(end).map_or(0.0, |(s, e)| f64::from(date::days_between(s, e)));
    let across = Scale::new((0.0, days), (EDGE, WIDTH - EDGE));
    let up = Scale::new((low, high), (HEIGHT - EDGE - 1.0, EDGE + 1.0));
    let place = |day: Date, value: f64| {
        let x = start.map_or(0.0, |s| f64::from(date::days_between(s, day)));
        // A single day stands at the end, where now is on every other spark.
        (if days > 0.0 { across.at(x) } else { WIDTH - EDGE }, up.at(value))
    };
    let line = path(
        spark
            .history
            .iter()
            .map(|(day, value)| value.filter(|v| v.is_finite()).map(|v| place(*day, v))),
    );
    let now = spark
        .history
        .last()
        .and_then(|(day, value)| value.filter(|v| v.is_finite()).map(|v| place(*day, v)));
    html! {
        svg class="spark" role="img" viewBox={ "0 0 " (px(WIDTH)) " " (px(HEIGHT)) } {
            title { (spark.title) }
            path class="trace" d=(line) {}
            @for (day, value) in &published {
                @let (x, y) = place(*day, *value);
                circle class="published" cx=(px(x)) cy=(px(y)) r="2.2" {}
            }
            @if let Some((x, y)) = now {
                circle class="now" cx=(px(x)) cy=(px(y)) r="2.8" {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i16) -> Date {
        date::year_end(year)
    }

    #[track_caller]
    fn drawn(history: &[(Date, Option<f64>)], published: &[(Date, f64)]) -> String {
        let svg = draw(&Spark { history, published, title: "2020–2025" }).into_string();
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        svg
    }

    #[test]
    fn history_with_a_gap_and_a_published_figure() {
        insta::assert_snapshot!(drawn(
            &[
                (day(2022), Some(0.0)),
                (day(2023), None),
                (day(2024), Some(5.0)),
                (day(2025), Some(10.0))
            ],
            &[(day(2023), 4.0), (day(2019), 1.0)],
        ));
    }
    #[test]
    fn no_points() {
        let svg = drawn(&[], &[]);
        assert!(!svg.contains("circle"));
    }
    #[test]
    fn one_point_stands_where_now_is() {
        assert!(drawn(&[(day(2025), Some(3.0))], &[]).contains("cx=\"112\" cy=\"15\""));
    }
    #[test]
    fn equal_values_run_through_the_middle() {
        let svg = drawn(&[(day(2024), Some(3.0)), (day(2025), Some(3.0))], &[]);
        assert!(svg.contains("d=\"M4 15L112 15\""), "{svg}");
    }
}
