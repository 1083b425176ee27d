//! One place: how it stands against the plan, who is there, whether their returns came, where it lies.

use axum::extract::State;
use hoptac_model::date;
use hoptac_model::number;
use hoptac_model::organisation::Kind;
use hoptac_model::unit::Unit;
use hoptac_office::authority::Reading;
use hoptac_report::svg::map;
use maud::{Markup, html};

use crate::app::{App, View};
use crate::entry::{self, Days, Entry};
use crate::error::PageResult;
use crate::language::Voice;
use crate::organisation;
use crate::overview;
use crate::page::{self, Frame, Here};
use crate::query::{Ask, Id};

/// How many organisations the page names.
const NAMED: usize = 12;

/// `/dia-ban/{code}`
pub(crate) async fn page(State(app): State<App>, Id(code): Id, ask: Ask) -> PageResult {
    let ask = ask.for_code(code);
    let view = app.view(&ask).await?;
    let voice = Voice(ask.language);
    let pack = view.pack();
    let scoreboard =
        view.board.scoreboard(&view.unit.id).unwrap_or_else(|| overview::nothing(&view));
    let place = Place::read(&view, &ask, voice);
    let heading = overview::heading(&scoreboard, &view, voice);
    let body = html! {
        (overview::above(&view, &ask, voice))
        h1 { (heading) }
        p class="under" { (page::line_under_heading(&view.published, voice, &view.unit, &view.board)) }
        (page::forecasts_behind(&app, &view, voice))
        (place.span())
        (overview::face(&scoreboard, pack, &ask, voice))
        (place.key_figures())
        div class="columns wide-first" {
            (place.organisations())
            (place.position())
        }
        section {
            h2 { (voice.say("unit-targets")) }
            (overview::table(&scoreboard, overview::ahead(&app, &view).as_deref(), pack, &ask, voice))
        }
        (place.completeness())
        (place.below())
    };
    let frame = Frame {
        ask: &ask,
        published: &view.published,
        today: view.today,
        title: heading,
        here: Here::Places,
        board: Some(&view.board),
        unit: Some(&view.unit),
        definition: Some(ask.to("/chi-tieu", &[])),
    };
    Ok(page::draw(&frame, &body))
}

struct Place<'a> {
    view: &'a View,
    ask: &'a Ask,
    voice: Voice,
    days: Days,
    /// Every organisation that has its seat here on the geography of the page.
    entries: Vec<Entry<'a>>,
}

impl<'a> Place<'a> {
    fn read(view: &'a View, ask: &'a Ask, voice: Voice) -> Self {
        let published = &view.published;
        let days = Days::of(Some(view.pack()), view.board.as_of(), view.board.geography());
        let mut entries = entry::all(published, days);
        entries.retain(|entry| {
            entry.seat.is_some_and(|seat| {
                published.places.ancestry(&seat.id).iter().any(|above| above.id == view.unit.id)
            })
        });
        Self { view, ask, voice, days, entries }
    }

    fn count(&self, count: usize) -> String {
        number::whole(i64::try_from(count).unwrap_or(i64::MAX), self.voice.0)
    }

    fn existing(&self) -> impl Iterator<Item = &Entry<'a>> {
        self.entries.iter().filter(|entry| entry.exists())
    }

    /// Since when and until when it is a unit, and what came before and after.
    fn span(&self) -> Markup {
        let unit = &self.view.unit;
        let places = &self.view.published.places;
        let names = |units: Vec<&Unit>| {
            html! {
                @for (at, other) in units.iter().enumerate() {
                    @if at > 0 { ", " }
                    a href=(self.ask.to(&format!("/dia-ban/{}", other.id), &[])) { (other.name) }
                }
            }
        };
        let before: Vec<&Unit> = places.predecessors(&unit.id).collect();
        let after: Vec<&Unit> = places.followers(&unit.id).collect();
        let day = |day| date::show(day, self.voice.0);
        html! {
            @if let Some(to) = unit.valid_to {
                p class="caution spaced" {
                    (self.voice.say_with("unit-ended", &[("day", day(to).into())]))
                    @if !after.is_empty() { " " (self.voice.say("unit-followers")) " " (names(after)) "." }
                }
            }
            @if !before.is_empty() && before.len() < 12 {
                p class="soft" { (self.voice.say("unit-predecessors")) " " (names(before)) "." }
            }
        }
    }

    fn key_figures(&self) -> Markup {
        let of = |kind| self.existing().filter(|entry| entry.state.kind == kind).count();
        let members: i64 = self.existing().filter_map(|entry| entry.state.members).sum();
        html! {
            dl class="key-figures" {
                @for kind in Kind::ALL {
                    div { dt { (kind.words().get(self.voice.0)) } dd { (self.count(of(kind))) } }
                }
                div { dt { (self.voice.say("unit-members")) } dd { (number::whole(members, self.voice.0)) } }
            }
        }
    }

    /// The organisations with the most to look at, and the way to all.
    fn organisations(&self) -> Markup {
        let (voice, visitor) = (self.voice, &self.ask.visitor);
        // Totals are everybody's, names are for those who may see the register, as far as their scope goes.
        if !visitor.may_read(Reading::Register) {
            return html! {};
        }
        let (register, places) = (&self.view.published.register, &self.view.published.places);
        let today = self.view.today;
        let mut entries: Vec<(&Entry<'_>, Vec<entry::Attention>)> = self
            .existing()
            .filter(|e| visitor.may_see(Reading::Register, register, places, e.index, today))
            .map(|entry| (entry, entry.attention.iter().collect()))
            .collect();
        let all = entries.len();
        entries.sort_by_key(|(entry, found)| {
            (std::cmp::Reverse(found.len()), hoptac_model::text::fold(&entry.organisation.name))
        });
        entries.truncate(NAMED);
        let href = self.ask.to("/dang-ky", &[("unit", self.view.unit.id.as_str())]);
        html! {
            section {
                h2 { (voice.say("unit-organisations")) }
                @if entries.is_empty() { p class="quiet" { (voice.say("unit-no-organisations")) } }
                ul class="ruled" {
                    @for (entry, found) in &entries {
                        li {
                            span {
                                a class="strong" href=(organisation::href(self.ask, &entry.organisation.id.to_string())) { (entry.organisation.name) }
                                @if let Some(first) = found.first() { " " span class="attention" { (first.words(voice)) } }
                            }
                            span class="end" { (entry.state.kind.code()) }
                        }
                    }
                }
                @if all > 0 {
                    p class="more" { a href=(href) { (voice.say_with("unit-all-organisations", &[("count", self.count(all).into())])) } }
                }
            }
        }
    }

    /// Where it lies among the units beside it.
    fn position(&self) -> Markup {
        let places = &self.view.published.places;
        let unit = &self.view.unit;
        let at = |unit: &Unit| Some((degrees(unit.lat_e4?), degrees(unit.lon_e4?)));
        let beside = unit
            .parent
            .as_ref()
            .map_or_else(Vec::new, |parent| places.children(parent, self.view.board.geography()));
        let others: Vec<(f64, f64)> = beside
            .iter()
            .filter(|other| other.id != unit.id)
            .filter_map(|other| at(other))
            .collect();
        let title = self.voice.say_with("unit-position", &[("name", unit.name.as_str().into())]);
        html! {
            section {
                h2 { (self.voice.say("unit-where")) }
                @match at(unit) {
                    Some(here) => figure { (map::locator(&others, here, &title)) },
                    None => p class="quiet" { (self.voice.say("unit-no-position")) },
                }
                p class="more" { a href=(self.ask.to("/ban-do", &[])) { (self.voice.say("nav-map")) } }
            }
        }
    }

    /// Whether the returns of the last years came, of those that owed one.
    fn completeness(&self) -> Markup {
        let voice = self.voice;
        let lines = entry::completeness(&self.view.published, self.days, &self.view.unit.id);
        if lines.is_empty() {
            return html! {};
        }
        html! {
            section {
                h2 { (voice.say("unit-completeness")) }
                table class="list" {
                    thead { tr {
                        th scope="col" { (voice.say("organisation-year")) }
                        th scope="col" class="number" { (voice.say("unit-owed")) }
                        th scope="col" class="number" { (voice.say("return-in-time")) }
                        th scope="col" class="number" { (voice.say("return-late")) }
                        th scope="col" class="number" { (voice.say("return-missing")) }
                    } }
                    tbody {
                        @for (year, came) in &lines {
                            @let missing = came.owed.saturating_sub(came.in_time + came.late);
                            tr {
                                th scope="row" class="label" { (year) }
                                td class="number" data-label=(voice.say("unit-owed")) { (self.count(came.owed)) }
                                td class="number" data-label=(voice.say("return-in-time")) { (self.count(came.in_time)) }
                                td class="number" data-label=(voice.say("return-late")) { (self.count(came.late)) }
                                td class="number" data-label=(voice.say("return-missing")) { (self.count(missing)) }
                            }
                        }
                    }
                }
                p class="note" { (voice.say("unit-owed-note")) }
            }
        }
    }

    fn below(&self) -> Markup {
        let places = &self.view.published.places;
        let mut below = places.children(&self.view.unit.id, self.view.board.geography());
        below.sort_by_key(|unit| hoptac_model::text::fold(unit.short_name()));
        html! {
            @if !below.is_empty() {
                section class="below" {
                    h2 { (self.voice.say_with("places-heading", &[("count", self.count(below.len()).into())])) }
                    ul class="places" {
                        @for unit in below { li { a href=(self.ask.to(&format!("/dia-ban/{}", unit.id), &[])) { (unit.name) } } }
                    }
                }
            }
        }
    }
}

/// Degrees from ten-thousandths.
pub(crate) fn degrees(e4: i32) -> f64 {
    f64::from(e4) / 10_000.0
}
