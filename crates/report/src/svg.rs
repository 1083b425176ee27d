//! Pictures as SVG, drawn on the server: the same picture goes to page, print and report.
//!
//! A picture carries classes and no colours, so that a strict content security policy, the dark theme and print all work;
//! [`STYLE`] gives the classes their look. Every picture has a title, and a description where one look is not enough,
//! in the language of the page.

pub mod alone;
pub mod bullet;
pub mod chain;
pub mod line;
pub mod map;
pub mod qr;
pub mod roadmap;
pub mod scale;
pub mod sign;
pub mod spark;
pub mod strip;

use hoptac_model::standing::Standing;

/// The look of the classes, over the colour variables that the page's own style sheet defines.
pub const STYLE: &str = include_str!("svg/style.css");

/// The class that gives a mark the colour of a standing.
pub fn standing_class(standing: Option<Standing>) -> &'static str {
    match standing {
        Some(Standing::Met) => "s-met",
        Some(Standing::OnTrack) => "s-on",
        Some(Standing::Behind) => "s-behind",
        Some(Standing::OffTrack) => "s-off",
        Some(Standing::NoData) => "s-none",
        None => "s-apart",
    }
}
