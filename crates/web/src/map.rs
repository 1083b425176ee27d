//! The map: one target or indicator over all units, as circles or tiles, and the table that says the same in words.

use axum::extract::State;
use hoptac_model::date;
use hoptac_model::pack::Indicator;
use hoptac_model::scoreboard::{Applies, Row};
use hoptac_model::standing::Standing;
use hoptac_model::target::Target;
use hoptac_report::svg::map::{self, Place};
use maud::{Markup, html};

use crate::app::{App, View};
use crate::boundary::{self, Held};
use crate::error::{PageError, PageResult};
use crate::geography::{self, Chosen};
use crate::kept_view;
use crate::language::Voice;
use crate::page::{self, Frame, Here};
use crate::query::Ask;
use crate::row;
use crate::unit::degrees;

/// `/ban-do?chi-tieu=&level=&kieu=`
pub(crate) async fn page(State(app): State<App>, ask: Ask) -> PageResult {
    let view = app.view(&ask).await?;
    let voice = Voice(ask.language);
    let pack = view.pack();
    let asked = ask.value("chi-tieu");
    let target = match asked {
        None => pack.targets.first(),
        Some(id) => pack.targets.iter().find(|target| target.id.as_str() == id),
    };
    let indicator = match target {
        Some(target) => pack.indicator(&target.indicator),
        None => pack.indicators.iter().find(|one| Some(one.id.as_str()) == asked),
    };
    let Some(indicator) = indicator else {
        let id = asked.unwrap_or_default();
        let known = pack
            .targets
            .iter()
            .map(|target| {
                let href = ask.for_unit("/ban-do", &[("chi-tieu", target.id.as_str())]);
                (href, format!("{} {}", target.id, target.label.get(voice.0)))
            })
            .collect();
        let heading = voice.say_with("error-no-indicator", &[("id", id.into())]);
        return Err(PageError::not_found(&app, &ask, heading, id, known));
    };
    let chosen = geography::choose(&app, &view, &ask).await;
    let held = boundary::held(&app).await.map_err(|error| PageError::broken(&app, &ask, &error))?;
    let sheet = Sheet {
        view: &view,
        ask: &ask,
        voice,
        target,
        indicator,
        chosen: &chosen,
        held: &held,
        tiles: ask.value("kieu") == Some("o"),
    };
    let spots = sheet.spots(&app);
    let heading = sheet.heading(&spots);
    let views = kept_view::bar(&app, &ask).await?;
    let body = html! {
        h1 { (heading) }
        p class="under" { (page::line_under_heading(&view.published, voice, &view.unit, &chosen.board)) }
        (sheet.choices())
        (views)
        (sheet.legend(&spots))
        div class="columns map-page" {
            figure { (sheet.picture(&spots)) }
            (sheet.table(&spots))
        }
    };
    let frame = Frame {
        ask: &ask,
        published: &view.published,
        today: view.today,
        title: heading,
        here: Here::Places,
        board: Some(&chosen.board),
        unit: Some(&view.unit),
        definition: Some(format!(
            "{}#dinh-nghia",
            ask.for_unit(&format!("/chi-tieu/{}", sheet.id()), &[])
        )),
    };
    Ok(page::draw(&frame, &body))
}

/// One unit on the map.
struct Spot {
    place: Place,
    /// Its full name, with the type word.
    name: String,
    row: Option<Row>,
}

struct Sheet<'a> {
    view: &'a View,
    ask: &'a Ask,
    voice: Voice,
    target: Option<&'a Target>,
    indicator: &'a Indicator,
    chosen: &'a Chosen,
    /// Outlines that were loaded.
    held: &'a Held,
    tiles: bool,
}

impl Sheet<'_> {
    fn id(&self) -> &str {
        self.target.map_or(self.indicator.id.as_str(), |target| target.id.as_str())
    }

    fn label(&self) -> &str {
        self.target.map_or_else(
            || self.indicator.short.get(self.voice.0),
            |target| target.label.get(self.voice.0),
        )
    }

    fn spots(&self, app: &App) -> Vec<Spot> {
        let board = &self.chosen.board;
        let year = board.as_of().year();
        self.chosen
            .units
            .iter()
            .map(|unit| {
                let row = self.target.and_then(|target| board.row(&target.id, None, &unit.id));
                let value =
                    board.cell(&self.indicator.id, &unit.id, year).and_then(|cell| cell.value);
                let at = unit.lat_e4.zip(unit.lon_e4);
                let place = Place {
                    name: unit.short_name().to_owned(),
                    at: at.map(|(lat, lon)| (degrees(lat), degrees(lon))),
                    value,
                    shown: row::amount(value, self.indicator, self.voice.0),
                    standing: row.as_ref().and_then(|row| row.standing),
                    href: self.ask.to(&format!("/dia-ban/{}", unit.id), &[]),
                    // What was loaded by a filing goes before the file that the operator named at the start.
                    outline: self
                        .held
                        .of(&unit.id)
                        .cloned()
                        .unwrap_or_else(|| app.outline(&unit.code)),
                };
                Spot { place, name: unit.name.clone(), row }
            })
            .collect()
    }

    /// What matters: how many have nothing, or how many are behind.
    fn heading(&self, spots: &[Spot]) -> String {
        let count = |n: usize| n.to_string();
        let missing = spots.iter().filter(|spot| spot.place.value.is_none()).count();
        let empty = spots.iter().filter(|spot| spot.place.value == Some(0.0)).count();
        let late = spots
            .iter()
            .filter(|s| matches!(s.place.standing, Some(Standing::OffTrack | Standing::Behind)))
            .count();
        let judged = spots.iter().any(|spot| spot.place.standing.is_some());
        let values = [
            ("label", self.label().into()),
            ("units", count(spots.len()).into()),
            ("late", count(late).into()),
            ("empty", count(empty).into()),
            ("missing", count(missing).into()),
        ];
        let key = match (judged, missing) {
            (true, _) => "map-heading-late",
            (false, 0) => "map-heading-empty",
            (false, _) => "map-heading-missing",
        };
        self.voice.say_with(key, &values)
    }

    fn kept(&self) -> Vec<(&str, &str)> {
        let mut kept = vec![("chi-tieu", self.id())];
        if self.tiles {
            kept.push(("kieu", "o"));
        }
        kept
    }

    fn choices(&self) -> Markup {
        let (voice, ask) = (self.voice, self.ask);
        let pack = self.view.pack();
        let level = ask.value("level");
        let kind = |tiles: bool| {
            let mut values = vec![("chi-tieu", self.id())];
            values.extend(level.map(|level| ("level", level)));
            if tiles {
                values.push(("kieu", "o"));
            }
            ask.for_unit("/ban-do", &values)
        };
        let carried: Vec<(String, String)> = ask.carried("chi-tieu").into_iter().collect();
        html! {
            (geography::levels(ask, self.chosen.level, &self.kept(), voice))
            nav class="choice" aria-label=(voice.say("map-kind")) {
                a href=(kind(false)) aria-current=[(!self.tiles).then_some("true")] { (voice.say("map-bubbles")) }
                a href=(kind(true)) aria-current=[self.tiles.then_some("true")] { (voice.say("map-tiles")) }
            }
            form class="filter-bar" method="get" action="/ban-do" {
                @for (name, value) in &carried { input type="hidden" name=(name) value=(value); }
                div class="field wide" {
                    label for="chi-tieu" { (voice.say("map-what")) }
                    select id="chi-tieu" name="chi-tieu" {
                        optgroup label=(voice.say("indicators-targets")) {
                            @for target in &pack.targets {
                                option value=(target.id) selected[self.target.is_some_and(|t| t.id == target.id)] { (target.label.get(voice.0)) " (" (target.id) ")" }
                            }
                        }
                        optgroup label=(voice.say("indicators-all")) {
                            @for one in &pack.indicators {
                                option value=(one.id) selected[self.target.is_none() && one.id == self.indicator.id] { (one.short.get(voice.0)) }
                            }
                        }
                    }
                }
                button type="submit" { (voice.say("as-of-show")) }
            }
        }
    }

    fn legend(&self, spots: &[Spot]) -> Markup {
        let voice = self.voice;
        let judged = spots.iter().any(|spot| spot.place.standing.is_some());
        html! {
            ul class="key" {
                @if judged {
                    @for standing in [Standing::Met, Standing::OnTrack, Standing::Behind, Standing::OffTrack, Standing::NoData] {
                        li { (page::standing(standing, voice.0)) }
                    }
                } @else {
                    li class="soft" { (voice.say("map-no-standing")) }
                }
                li class="soft" { (voice.say(if self.tiles { "map-tile-means" } else { "map-area-means" })) }
                li class="soft" { (voice.say("map-missing-means")) }
            }
        }
    }

    fn picture(&self, spots: &[Spot]) -> Markup {
        let places: Vec<Place> = spots.iter().map(|spot| spot.place.clone()).collect();
        let without = places.iter().filter(|place| place.at.is_none()).count();
        let title = self.voice.say_with(
            "map-title",
            &[
                ("label", self.label().into()),
                ("day", date::show(self.chosen.board.as_of(), self.voice.0).into()),
            ],
        );
        html! {
            @if self.tiles { (map::tiles(&places, &title)) } @else { (map::bubbles(&places, &title)) }
            @if without > 0 {
                figcaption class="note" { (self.voice.say_with("map-without", &[("count", without.to_string().into())])) }
            }
        }
    }

    /// The same in words, the most urgent first.
    fn table(&self, spots: &[Spot]) -> Markup {
        let voice = self.voice;
        let rank = |spot: &&Spot| match spot.place.standing {
            Some(Standing::OffTrack) => 0,
            Some(Standing::Behind) => 1,
            Some(Standing::NoData) => 2,
            Some(Standing::OnTrack | Standing::Met) | None => 3,
        };
        let mut ordered: Vec<&Spot> = spots.iter().collect();
        ordered.sort_by(|a, b| {
            let value = |spot: &Spot| spot.place.value.unwrap_or(f64::NEG_INFINITY);
            rank(a).cmp(&rank(b)).then(value(b).total_cmp(&value(a)))
        });
        let judged = spots.iter().any(|spot| spot.place.standing.is_some());
        html! {
            table class="list map-table" {
                caption class="hidden" { (voice.say("map-table")) }
                thead { tr {
                    th scope="col" { (voice.say("pivot-unit")) }
                    th scope="col" class="number" { (voice.say("column-value")) }
                    @if judged {
                        th scope="col" class="number" { (voice.say("column-missing")) }
                        th scope="col" { (voice.say("column-standing")) }
                    }
                } }
                tbody {
                    @for spot in ordered {
                        tr {
                            th scope="row" class="label" { a href=(spot.place.href) { (spot.name) } }
                            td class="number" data-label=(voice.say("column-value")) {
                                @if spot.place.value.is_none() { (voice.say("map-nothing")) } @else { (spot.place.shown) }
                            }
                            @if judged {
                                td class="number" data-label=(voice.say("column-missing")) { (self.missing(spot)) }
                                td class="standing-cell" {
                                    @if let Some(standing) = spot.place.standing { (page::standing(standing, voice.0)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn missing(&self, spot: &Spot) -> String {
        match (&spot.row, self.target) {
            (Some(row), Some(target)) if row.applies != Applies::NotHere => {
                row::Shown { target, indicator: self.indicator, row, voice: self.voice }.missing()
            }
            _ => hoptac_model::number::NO_VALUE.to_owned(),
        }
    }
}
