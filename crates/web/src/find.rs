//! Finding a page, a place, a target or an organisation by what people type: a page of its own, and the list of the palette.

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse as _};
use hoptac_model::search::Query;
use hoptac_model::text::fold;
use hoptac_office::authority::Reading;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::app::{App, Published};
use crate::assets;
use crate::error::PageResult;
use crate::language::Voice;
use crate::organisation;
use crate::page::{self, Frame, Here};
use crate::query::Ask;

/// How many of each group are offered.
const OFFERED: usize = 6;

/// Something that can be gone to.
struct Way {
    href: String,
    name: String,
    /// What kind of thing it is, or its code.
    aside: String,
}

/// `/tim?q=`: the list alone for the palette, a whole page for everybody else.
pub(crate) async fn page(State(app): State<App>, ask: Ask) -> PageResult {
    let voice = Voice(ask.language);
    let published = app.published();
    let typed = ask.value("q").unwrap_or("").trim().to_owned();
    let list = list(&groups(&typed, &published, &ask, app.today()), &typed, voice);
    if ask.part {
        return Ok(([(header::VARY, "hx-request")], Html(list.into_string())).into_response());
    }
    let heading = voice.say("find-heading");
    let body = html! {
        h1 { (heading) }
        form class="filter-bar" role="search" method="get" action="/tim"
            hx-get="/tim" hx-target="#tim-thay" hx-trigger="input changed delay:200ms from:#tim-chu, submit" hx-push-url="true" {
            @for (name, value) in ask.carried("q") { input type="hidden" name=(name) value=(value); }
            div class="field wide" {
                label for="tim-chu" { (voice.say("find-what")) }
                input type="search" id="tim-chu" name="q" value=(typed) autocomplete="off" spellcheck="false";
            }
            button type="submit" { (voice.say("find")) }
        }
        div id="tim-thay" aria-live="polite" { (list) }
        script src=(assets::href("htmx.js")) defer {}
    };
    let frame = Frame::new(&app, &ask, &published, Here::Nowhere, heading);
    Ok(page::draw(&frame, &body))
}

/// What answers the words, group by group: pages, targets, places, organisations.
fn groups(typed: &str, published: &Published, ask: &Ask, today: Date) -> Vec<(String, Vec<Way>)> {
    let voice = Voice(ask.language);
    let folded = fold(typed);
    let words: Vec<&str> = folded.split_whitespace().collect();
    let fits = |text: &str| {
        let text = fold(text);
        words.iter().all(|word| text.contains(word))
    };
    let pages = page::PAGES.iter().filter_map(|(_, path, key)| {
        let name = voice.say(key);
        fits(&name).then(|| Way { href: ask.to(path, &[]), name, aside: String::new() })
    });
    let mut found = vec![(voice.say("find-pages"), pages.collect::<Vec<_>>())];
    if !words.is_empty() {
        let targets = published.pack.iter().flat_map(|pack| {
            let targets = pack.targets.iter().map(|t| (t.id.as_str(), t.label.get(voice.0)));
            targets.chain(pack.indicators.iter().map(|i| (i.id.as_str(), i.name.get(voice.0))))
        });
        let targets =
            targets.filter(|(id, name)| fits(&format!("{id} {name}"))).map(|(id, name)| Way {
                href: ask.to(&format!("/chi-tieu/{id}"), &[]),
                name: name.to_owned(),
                aside: id.to_owned(),
            });
        found.push((voice.say("find-targets"), targets.take(OFFERED).collect()));
        let root = published.plan_unit().map(|unit| unit.id.clone());
        let mut places: Vec<_> = published
            .places
            .all()
            .filter(|unit| fits(&unit.name) || unit.code == typed)
            .filter(|unit| {
                let chain = published.places.ancestry(&unit.id);
                chain.iter().any(|above| Some(&above.id) == root.as_ref())
            })
            .collect();
        // Those that still exist first, the larger before the smaller.
        places.sort_by_key(|unit| (unit.valid_to.is_some(), unit.level.code(), fold(&unit.name)));
        let places = places.into_iter().take(OFFERED).map(|unit| Way {
            href: ask.to(&format!("/dia-ban/{}", unit.id), &[]),
            name: unit.name.clone(),
            aside: match unit.valid_to {
                Some(to) => voice.say_with(
                    "find-until",
                    &[("day", hoptac_model::date::show(to, voice.0).into())],
                ),
                None => unit.code.clone(),
            },
        });
        found.push((voice.say("find-places"), places.collect()));
        // Only what the visitor may see in the register is found.
        let (register, places) = (&published.register, &published.places);
        let reach = ask.visitor.reach(Reading::Register);
        let sees = |index| reach.covers(register, places, index, today);
        let (names, query) = (published.names(), Query::of(typed));
        let mut organisations: Vec<(u32, &hoptac_model::organisation::Organisation)> = (0_u32..)
            .zip(&register.organisations)
            .filter(|(index, _)| sees(*index))
            .filter_map(|(index, one)| {
                Some((query.score(names.terms(index)?, || one.code.as_deref(), &[])?, one))
            })
            .collect();
        organisations.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.name.cmp(&b.1.name)));
        let organisations = organisations.into_iter().take(OFFERED).map(|(_, one)| Way {
            href: organisation::href(ask, &one.id.to_string()),
            name: one.name.clone(),
            aside: one.code.clone().unwrap_or_default(),
        });
        found.push((voice.say("nav-register"), organisations.collect()));
    }
    found.retain(|(_, ways)| !ways.is_empty());
    found
}

fn list(groups: &[(String, Vec<Way>)], typed: &str, voice: Voice) -> Markup {
    html! {
        @if groups.is_empty() {
            p class="quiet" { (voice.say_with("find-nothing", &[("text", typed.into())])) }
        }
        @for (title, ways) in groups {
            h2 class="find-group" { (title) }
            ul class="ways-found" {
                @for way in ways { li { a href=(way.href) { (way.name) " " span class="id" { (way.aside) } } } }
            }
        }
    }
}
