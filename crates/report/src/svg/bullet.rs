//! The bullet: a value beside what is asked of it, not a bar race.
//!
//! The goal is a zone with an edge: to the right of "at least", a band for a range, a tolerance band around "about". A
//! small mark above the bar shows where one should be on the day.

use hoptac_model::standing::Standing;
use hoptac_model::target::Constraint;
use maud::{Markup, html};

use super::scale::{Scale, px};
use super::standing_class;

const WIDTH: f64 = 228.0;
const HEIGHT: f64 = 24.0;
const TOP: f64 = 11.0;

/// What a bullet shows.
#[derive(Clone, Copy, Debug)]
pub struct Bullet<'a> {
    /// The value; none draws only what is asked.
    pub value: Option<f64>,
    /// What is asked.
    pub constraint: Constraint,
    /// Where one should be on the day.
    pub expected: Option<f64>,
    /// The whole, for shares that cannot pass it: 100 for a share in percent.
    pub whole: Option<f64>,
    /// The colour.
    pub standing: Option<Standing>,
    /// The title, in the language of the page.
    pub title: &'a str,
}

/// Draws the bullet.
pub fn draw(bullet: &Bullet<'_>) -> Markup {
    let value = bullet.value.filter(|value| value.is_finite());
    let expected = bullet.expected.filter(|value| value.is_finite());
    let (low, high) = span(bullet, value, expected);
    let scale = Scale::new((low, high), (0.0, WIDTH));
    let (zone_low, zone_high) = bullet.constraint.zone();
    let zone_from = zone_low.map_or(0.0, |v| scale.within(v));
    let zone_to = zone_high.map_or(WIDTH, |v| scale.within(v));
    html! {
        svg class={ "bullet " (standing_class(bullet.standing)) } role="img"
            viewBox={ "0 0 " (px(WIDTH)) " " (px(HEIGHT)) } {
            title { (bullet.title) }
            rect class="track" x="0" y=(px(TOP - 1.5)) width=(px(WIDTH)) height="7" {}
            @if zone_to - zone_from > 0.5 {
                rect class="zone" x=(px(zone_from)) y=(px(TOP - 6.0)) width=(px(zone_to - zone_from)) height="16" {}
            }
            @if let Some(value) = value {
                @let (from, to) = ends(&scale, value, low);
                rect class="bar" x=(px(from)) y=(px(TOP - 1.0)) width=(px((to - from).max(1.5))) height="6" {}
                @if scale.at(value) > WIDTH + 0.5 {
                    // The value lies far beyond what is asked: the bar runs out of the picture.
                    path class="beyond" d=(format!("M{} {}l4 3l-4 3", px(WIDTH - 9.0), px(TOP - 1.0))) {}
                }
            }
            @for edge in edges(bullet.constraint) {
                @let x = scale.within(edge).clamp(0.8, WIDTH - 0.8);
                path class="edge" d=(format!("M{} {}V{}", px(x), px(TOP - 8.0), px(TOP + 12.0))) {}
            }
            @if let Some(expected) = expected {
                @let x = scale.within(expected).clamp(4.0, WIDTH - 4.0);
                path class="due" d=(format!("M{} {}h8l-4 5z", px(x - 4.0), px(TOP - 9.0))) {}
            }
        }
    }
}

/// Where the bar starts and ends: from zero, or from the left end where zero is not in the picture.
fn ends(scale: &Scale, value: f64, low: f64) -> (f64, f64) {
    let start = scale.within(low.max(0.0).min(value.max(0.0)));
    let end = scale.within(value);
    (start.min(end), start.max(end))
}

/// What the picture spans: from zero (or a loss) past what is asked. A share ends at its whole; a value far past what is
/// asked does not push it into a corner.
fn span(bullet: &Bullet<'_>, value: Option<f64>, expected: Option<f64>) -> (f64, f64) {
    let (zone_low, zone_high) = bullet.constraint.zone();
    let asked = zone_high.or(zone_low).unwrap_or(0.0).max(zone_low.unwrap_or(0.0));
    let low = [value, expected, zone_low].into_iter().flatten().fold(0.0, f64::min);
    let past = match bullet.constraint {
        Constraint::AtLeast { .. } | Constraint::MoreThan { .. } => 1.38,
        Constraint::All { .. } => 1.0,
        Constraint::About { .. }
        | Constraint::AtMost { .. }
        | Constraint::LessThan { .. }
        | Constraint::Between { .. }
        | Constraint::Exactly { .. } => 1.18,
    };
    let roomy = asked * past;
    let high = match bullet.whole {
        Some(whole) if asked <= whole => whole,
        _ => roomy
            .max(value.map_or(0.0, |v| (v * 1.04).min(asked * 2.0)))
            .max(expected.unwrap_or(0.0)),
    };
    if high - low < 1e-9 { (low, value.unwrap_or(0.0).max(low + 1.0)) } else { (low, high) }
}

/// The edges of what is asked: the number itself, or both ends of a range.
fn edges(constraint: Constraint) -> Vec<f64> {
    match constraint {
        Constraint::About { value, .. }
        | Constraint::AtLeast { value, .. }
        | Constraint::MoreThan { value }
        | Constraint::AtMost { value }
        | Constraint::LessThan { value }
        | Constraint::Exactly { value }
        | Constraint::All { value } => vec![value],
        Constraint::Between { low, high } => vec![low, high],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bullet(value: Option<f64>, constraint: Constraint) -> Bullet<'static> {
        Bullet {
            value,
            constraint,
            expected: None,
            whole: None,
            standing: Some(Standing::Behind),
            title: "Tổ hợp tác",
        }
    }

    /// Draws and checks that every coordinate is a number inside the picture.
    #[track_caller]
    fn drawn(bullet: &Bullet<'_>) -> String {
        let svg = draw(bullet).into_string();
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        svg
    }

    #[test]
    fn about_has_a_band_and_one_edge() {
        let about = Constraint::About { value: 850.0, tolerance: 0.05 };
        insta::assert_snapshot!(drawn(&Bullet {
            expected: Some(500.0),
            ..bullet(Some(372.0), about)
        }));
    }
    #[test]
    fn a_range_has_two_edges() {
        let svg = drawn(&bullet(Some(34.0), Constraint::Between { low: 55.0, high: 70.0 }));
        assert_eq!(svg.matches("class=\"edge\"").count(), 2);
    }
    #[test]
    fn at_least_is_a_zone_to_the_right_end() {
        let svg = drawn(&Bullet {
            whole: Some(100.0),
            ..bullet(Some(48.2), Constraint::MoreThan { value: 50.0 })
        });
        assert!(svg.contains("class=\"zone\" x=\"114\" y=\"5\" width=\"114\""), "{svg}");
    }
    #[test]
    fn no_value_draws_only_what_is_asked() {
        let svg = drawn(&bullet(None, Constraint::AtLeast { value: 5.0, expected_up_to: None }));
        assert!(!svg.contains("class=\"bar\"") && svg.contains("class=\"edge\""));
    }
    #[test]
    fn a_value_far_beyond_runs_out_of_the_picture() {
        let svg = drawn(&bullet(Some(9000.0), Constraint::Exactly { value: 5.0 }));
        assert!(svg.contains("class=\"beyond\""));
    }
    #[test]
    fn a_loss_hangs_to_the_left_of_zero() {
        let svg =
            drawn(&bullet(Some(-20.0), Constraint::AtLeast { value: 50.0, expected_up_to: None }));
        assert!(svg.contains("class=\"bar\" x=\"0\""), "{svg}");
    }
    #[test]
    fn nothing_asked_and_nothing_there() {
        drawn(&bullet(Some(0.0), Constraint::Exactly { value: 0.0 }));
        drawn(&bullet(Some(f64::NAN), Constraint::Exactly { value: 0.0 }));
    }
}
