//! Which units a page shows side by side: the communes of the day, or the districts of the plan.

use std::sync::Arc;

use hoptac_engine::board::{Board, Question};
use hoptac_model::text::fold;
use hoptac_model::unit::{Level, Unit};
use jiff::civil::Date;
use maud::{Markup, html};

use crate::app::{App, Published, View};
use crate::error::PageError;
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

/// The unit that the address asks a list for, with the geography on which it is meant: that of the day, or for a unit that has
/// ended since its own.
pub(crate) fn asked<'p>(
    app: &App,
    ask: &Ask,
    published: &'p Published,
    as_of: Date,
) -> Result<(Option<&'p Unit>, Date), PageError> {
    let Some(code) = ask.unit.as_deref() else { return Ok((None, as_of)) };
    let places = &published.places;
    let plans = published.pack.as_ref().map_or(as_of, |pack| pack.setting.geography);
    let unit = places.find(code, as_of).or_else(|| places.find(code, plans));
    let Some(unit) = unit else { return Err(app.no_unit(ask, published, code)) };
    Ok((Some(unit), places.geography_for(unit, as_of)))
}

/// The units that a list can be narrowed to: those right below the plan's own on the day, and the one that was asked for.
pub(crate) fn options<'p>(
    published: &'p Published,
    asked: Option<&'p Unit>,
    as_of: Date,
) -> Vec<(&'p str, String)> {
    let root = published.plan_unit();
    let mut units = root.map_or_else(Vec::new, |root| published.places.children(&root.id, as_of));
    units.sort_by_key(|unit| fold(unit.short_name()));
    let mut options: Vec<(&str, String)> =
        units.iter().map(|unit| (unit.id.as_str(), unit.name.clone())).collect();
    if let Some(unit) = asked
        && options.iter().all(|(id, _)| *id != unit.id.as_str())
    {
        options.insert(0, (unit.id.as_str(), unit.name.clone()));
    }
    options
}

/// The unit right below one, or below the plan's own, in which an organisation has its seat on a day; none where nobody can say.
pub(crate) fn part<'p>(
    published: &'p Published,
    top: Option<&Unit>,
    organisation: u32,
    (as_of, geography): (Date, Date),
) -> Option<&'p Unit> {
    let state = published.register.state_on(organisation, as_of)?;
    let seat = published.places.seat_on(&state.seat, state.seat_former.as_ref(), geography)?;
    let chain = published.places.ancestry(&seat.id);
    let top = top.or_else(|| published.plan_unit()).map(|unit| &unit.id);
    let at = chain.iter().position(|unit| Some(&unit.id) == top)?;
    chain.get(at.saturating_sub(1)).copied()
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
