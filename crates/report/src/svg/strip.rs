//! The strip: small squares, one per target in plan order. It is the plan's face.

use hoptac_model::standing::Standing;
use maud::{Markup, html};

use super::scale::px;
use super::{sign, standing_class};

const SIDE: f64 = 17.0;
const STEP: f64 = 20.0;
const GAP: f64 = 16.0;

/// One square.
#[derive(Clone, Debug)]
pub struct Square {
    /// Its standing; none where the target is not set for the unit.
    pub standing: Option<Standing>,
    /// Where it leads.
    pub href: String,
    /// Its target and standing in words.
    pub title: String,
}

/// Draws the strip: groups of squares with a gap between them. Each group is a picture of its own, so that on a narrow
/// page the strip breaks between groups and not within a square.
pub fn draw(groups: &[Vec<Square>], title: &str) -> Markup {
    html! {
        nav class="strip" aria-label=(title) {
            @for group in groups.iter().filter(|group| !group.is_empty()) {
                span class="strip-group" {
                    @for square in group {
                        a href=(square.href) title=(square.title) {
                            (draw_square(square))
                        }
                    }
                }
            }
        }
    }
}

/// Draws the strip as one picture without links, for reports and icons.
pub fn draw_whole(groups: &[Vec<Square>], title: &str) -> Markup {
    let mut x = 0.0;
    let mut placed: Vec<(f64, &Square)> = Vec::new();
    for group in groups.iter().filter(|group| !group.is_empty()) {
        if x > 0.0 {
            x += GAP - (STEP - SIDE);
        }
        for square in group {
            placed.push((x, square));
            x += STEP;
        }
    }
    let width = (x - (STEP - SIDE)).max(SIDE);
    html! {
        svg class="strip-whole" role="img" viewBox={ "0 0 " (px(width)) " " (px(SIDE)) } {
            title { (title) }
            @for (x, square) in placed {
                g class=(standing_class(square.standing)) transform={ "translate(" (px(x)) " 0)" } { (marks(square.standing)) }
            }
        }
    }
}

fn draw_square(square: &Square) -> Markup {
    html! {
        svg class={ "square " (standing_class(square.standing)) } role="img" viewBox="0 0 17 17" {
            title { (square.title) }
            (marks(square.standing))
        }
    }
}

/// Behind is hatched and no data hollow; the full squares carry their sign, so that none depends on its colour.
fn marks(standing: Option<Standing>) -> Markup {
    html! {
        @match standing {
            Some(standing @ (Standing::Met | Standing::OnTrack | Standing::OffTrack)) => {
                rect class="full" width="17" height="17" rx="2" {}
                g class="inset" transform="translate(4.5 4.5) scale(0.667)" { (sign::shape(standing)) }
            }
            Some(Standing::Behind) => {
                path class="hatch" d="M1 5L5 1M1 10.5L10.5 1M1 16L16 1M6.5 16L16 6.5M12 16L16 12" {}
                rect class="frame" x="0.75" y="0.75" width="15.5" height="15.5" rx="2" {}
            }
            Some(Standing::NoData) => {
                rect class="frame" x="0.75" y="0.75" width="15.5" height="15.5" rx="2" {}
            }
            None => {
                rect class="frame apart" x="0.75" y="0.75" width="15.5" height="15.5" rx="2" {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(standing: Option<Standing>) -> Square {
        Square { standing, href: "/chi-tieu/T30-01".to_owned(), title: "T30-01".to_owned() }
    }

    #[test]
    fn each_standing_differs_in_shape() {
        let mut shapes: Vec<String> = Standing::ALL
            .into_iter()
            .map(Some)
            .chain([None])
            .map(|standing| marks(standing).into_string())
            .collect();
        shapes.sort();
        shapes.dedup();
        assert_eq!(shapes.len(), 6);
    }
    #[test]
    fn empty_groups_leave_no_gap() {
        let groups = vec![vec![square(Some(Standing::Met))], vec![], vec![square(None)]];
        let svg = draw_whole(&groups, "Kế hoạch").into_string();
        assert!(svg.contains("viewBox=\"0 0 50 17\""), "{svg}");
    }
    #[test]
    fn a_plan_without_targets() {
        assert!(draw_whole(&[], "Kế hoạch").into_string().contains("viewBox=\"0 0 17 17\""));
        assert!(!draw(&[], "Kế hoạch").into_string().contains("<a"));
    }
}
