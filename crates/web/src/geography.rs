//! Which units a page shows side by side: the communes of the day, or the districts of the plan.

use std::sync::Arc;

use hoptac_engine::board::{Board, Question};
use hoptac_model::text::fold;
use hoptac_model::unit::{Level, Unit};
use maud::{Markup, html};

use crate::app::{App, View};
use crate::language::Voice;
use crate::query::Ask;

/// The units of a level, with the board that has their values.
pub(crate) struct Chosen {
    pub(crate) board: Arc<Board>,
    /// In the order of their names.
    pub(crate) units: Vec<Unit>,
    pub(crate) level: Level,
}

/// The units that the address asks for by `level`. Without it, those into which the territory is divided on the day.
pub(crate) async fn choose(app: &App, view: &View, ask: &Ask) -> Chosen {
    let places = &view.published.places;
    let day = view.board.as_of();
    let today_has = |level| {
        places.children(&view.unit.id, day).first().is_some_and(|unit: &&Unit| unit.level == level)
    };
    let level = match ask.value("level") {
        Some("district") => Level::District,
        Some("commune") => Level::Commune,
        _ if today_has(Level::District) => Level::District,
        _ => Level::Commune,
    };
    // Communes are those of the day; districts those of the plan, which may have ended since.
    let geography = match level {
        Level::District => view.pack().setting.geography,
        Level::Commune | Level::Nation | Level::Province => places.geography_for(&view.unit, day),
    };
    let board = app.board(&view.published, Question { as_of: day, geography }).await;
    let mut units: Vec<Unit> = board
        .unit_ids()
        .filter_map(|id| places.get(id))
        .filter(|unit| unit.level == level)
        .filter(|unit| places.ancestry(&unit.id).iter().any(|above| above.id == view.unit.id))
        .cloned()
        .collect();
    units.sort_by_key(|unit| fold(unit.short_name()));
    Chosen { board, units, level }
}

/// The two levels to choose from, as links that keep what else was asked.
pub(crate) fn levels(ask: &Ask, here: Level, kept: &[(&str, &str)], voice: Voice) -> Markup {
    let link = |level: Level, code: &'static str, key: &str| {
        let mut values = kept.to_vec();
        values.push(("level", code));
        html! {
            a href=(ask.for_unit(&ask.path, &values)) aria-current=[(level == here).then_some("true")] { (voice.say(key)) }
        }
    };
    html! {
        nav class="choice" aria-label=(voice.say("level-choice")) {
            (link(Level::Commune, "commune", "level-communes"))
            (link(Level::District, "district", "level-districts"))
        }
    }
}
