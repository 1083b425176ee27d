//! The sign of a standing, drawn, so that it looks the same whatever fonts a machine has.

use hoptac_model::standing::Standing;
use maud::{Markup, html};

use super::standing_class;

/// The sign alone. The word stands beside it on the page, so that it is hidden from readers of the page.
pub fn draw(standing: Standing) -> Markup {
    html! {
        svg class={ "sign " (standing_class(Some(standing))) } viewBox="0 0 12 12" aria-hidden="true" {
            (shape(standing))
        }
    }
}

/// The marks of the sign in a square of twelve.
pub(super) fn shape(standing: Standing) -> Markup {
    html! {
        @match standing {
            Standing::Met => path class="stroke" d="M2 6.4L4.8 9.2L10.2 3" {},
            Standing::OnTrack => path class="fill" d="M6 1.8L10.8 10.2H1.2Z" {},
            Standing::Behind => {
                circle class="stroke" cx="6" cy="6" r="4.4" {}
                path class="fill" d="M6 1.6A4.4 4.4 0 0 0 6 10.4Z" {}
            }
            Standing::OffTrack => path class="fill" d="M6 10.2L1.2 1.8H10.8Z" {},
            Standing::NoData => path class="stroke" d="M2.4 6H9.6" {},
        }
    }
}
