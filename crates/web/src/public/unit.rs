//! A place below the one whose plan it is: every target with what there is, as far as everybody may know it.

use axum::extract::State;
use axum::http::HeaderMap;
use hoptac_model::pack::Pack;
use hoptac_model::scoreboard::{Applies, Row};
use hoptac_model::unit::Unit;
use maud::{Markup, html};

use super::{Showing, showing};
use crate::app::App;
use crate::error::{PageError, PageResult};
use crate::page;
use crate::query::{Ask, Id};
use crate::row::Shown;

/// The address of the page of a place.
pub(super) fn href(ask: &Ask, unit: &Unit) -> String {
    ask.to(&path(unit), &[])
}

/// The same without what is asked.
pub(super) fn path(unit: &Unit) -> String {
    format!("/cong-khai/dia-ban/{}", unit.code)
}

/// `/cong-khai/dia-ban/{code}`
pub(crate) async fn page(
    State(app): State<App>,
    Id(code): Id,
    headers: HeaderMap,
    ask: Ask,
) -> PageResult {
    let showing = showing(&app, ask).await?;
    let (view, voice) = (&showing.view, showing.voice());
    let Some(unit) = showing.parts.iter().find(|unit| unit.code == code) else {
        let heading = voice.say_with("error-no-unit", &[("code", code.as_str().into())]);
        let known = showing.parts.iter().map(|one| (href(&showing.ask, one), one.name.clone()));
        return Err(PageError::not_found(&app, &showing.ask, heading, &code, known.collect()));
    };
    let pack = view.pack();
    let rows = view.board.scoreboard(&unit.id).map_or_else(Vec::new, |board| board.rows);
    let year = view.board.as_of().year().to_string();
    let title = voice.say_with(
        "public-unit-heading",
        &[("unit", unit.name.as_str().into()), ("year", year.into())],
    );
    let under = voice.say_with(
        "public-under",
        &[
            ("number", pack.document.number.as_str().into()),
            ("unit", view.unit.name.as_str().into()),
            ("day", showing.day().into()),
        ],
    );
    let body = html! {
        p class="over" { a href=(showing.ask.to("/cong-khai", &[])) { (voice.say("public-plan")) } }
        h1 { (title) }
        p class="under" { (under) }
        table class="list" {
            caption class="hidden" { (title) }
            thead { tr {
                th scope="col" { (voice.say("column-target")) }
                th scope="col" class="number" { (voice.say("column-value")) }
                th scope="col" class="number" { (voice.say("public-goal")) }
                th scope="col" { (voice.say("column-standing")) }
            } }
            @for heading in &pack.headings {
                tbody {
                    tr class="group" { th scope="rowgroup" colspan="4" { (heading.title.get(voice.0)) } }
                    @for row in rows.iter().filter(|row| is_under(pack, row, &heading.id)) {
                        (showing.row_of(unit, row))
                    }
                }
            }
        }
        (showing.note())
        (showing.places(Some(unit)))
    };
    let description = voice.say_with(
        "public-unit-description",
        &[("unit", unit.name.as_str().into()), ("day", showing.day().into())],
    );
    Ok(showing.leaf(&app, title, description).draw(&headers, &body))
}

/// Whether a target says something about a place itself. How many of its communes meet one is over fewer organisations than its own
/// figure, and what was given out to it is the business of offices.
pub(super) fn is_asked(row: &Row) -> bool {
    matches!(row.applies, Applies::Directly | Applies::Yardstick)
}

fn is_under(pack: &Pack, row: &Row, heading: &str) -> bool {
    pack.target(&row.target).is_some_and(|target| target.heading == heading)
}

impl Showing {
    /// The way to the page of each place, of which one may be here.
    pub(super) fn places(&self, here: Option<&Unit>) -> Markup {
        html! {
            nav class="choice" aria-label=(self.voice().say("public-places")) {
                @for one in &self.parts {
                    a href=(href(&self.ask, one)) aria-current=[(here == Some(one)).then_some("page")] { (one.short_name()) } " "
                }
            }
        }
    }

    /// A target at a place: the figure that the target's own page has for it, and what is asked of this place itself.
    fn row_of(&self, unit: &Unit, row: &Row) -> Markup {
        let (pack, voice) = (self.view.pack(), self.voice());
        let year = self.view.board.as_of().year();
        let Some((target, indicator)) =
            pack.target(&row.target).and_then(|one| Some((one, pack.indicator(&row.indicator)?)))
        else {
            return html! {};
        };
        let shown = Shown { target, indicator, row, voice };
        let is_asked = is_asked(row);
        let is_hidden = self.hides(indicator, unit);
        let path = format!("/cong-khai/chi-tieu/{}", target.id);
        html! {
            tr {
                th scope="row" class="label" {
                    a href=(self.ask.to(&path, &[])) { (shown.label()) } " " span class="id" { (target.id) }
                }
                td class="number" data-label=(voice.say("column-value")) { (self.amount(indicator, unit, year)) }
                @if is_asked {
                    td class="number" data-label=(voice.say("public-goal")) { (shown.goal()) " " (shown.horizon(year)) }
                } @else {
                    td {}
                }
                td class="standing-cell" {
                    @if let Some(standing) = row.standing.filter(|_| is_asked && !is_hidden) { (page::standing(standing, voice.0)) }
                }
            }
        }
    }
}
