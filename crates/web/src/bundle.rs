//! What other instances sent: the last bundle of each sender with where it comes from, and its targets. Nothing of it is mixed with the
//! register here.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use hoptac_model::bundle::{self, Bundle, Table};
use hoptac_model::date;
use hoptac_model::number;
use hoptac_model::organisation::Kind;
use hoptac_model::standing::Standing;
use hoptac_model::text::Language;
use hoptac_office::authority::Reading;
use hoptac_store::BundleOnFile;
use jiff::tz::Offset;
use maud::{Markup, html};
use serde_json::Value;

use crate::app::App;
use crate::error::{PageError, PageResult};
use crate::language::Voice;
use crate::page::{self, Frame, Here};
use crate::query::{Ask, Id};
use crate::routes::{Need, Routes};

/// The addresses of this file.
pub(crate) fn routes(routes: Routes) -> Routes {
    let progress = Need::Read(Reading::Progress);
    routes.get("/goi-so-lieu", progress, list).get("/goi-so-lieu/{sender}", progress, one)
}

/// The last bundle of each sender, by the name of its unit.
async fn last(app: &App, ask: &Ask) -> Result<Vec<BundleOnFile>, PageError> {
    let Some(store) = app.store() else { return Ok(Vec::new()) };
    let all = store.bundles().await.map_err(|error| PageError::broken(app, ask, &error))?;
    let last: BTreeMap<String, BundleOnFile> =
        all.into_iter().map(|one| (one.sender.clone(), one)).collect();
    let mut last: Vec<BundleOnFile> = last.into_values().collect();
    last.sort_by(|a, b| (&a.bundle.unit_name, &a.sender).cmp(&(&b.bundle.unit_name, &b.sender)));
    Ok(last)
}

/// What is in a bundle; none where it is not kept or cannot be read, which `hoptac verify` tells.
async fn contents(app: &App, ask: &Ask, one: &BundleOnFile) -> Result<Option<Bundle>, PageError> {
    let Some(store) = app.store() else { return Ok(None) };
    let bytes = store.kept_file(&one.bundle.hash).await;
    let bytes = bytes.map_err(|error| PageError::broken(app, ask, &error))?;
    Ok(bytes.and_then(|bytes| bundle::read(&bytes).ok()))
}

/// `/goi-so-lieu`
async fn list(State(app): State<App>, ask: Ask) -> PageResult {
    let voice = Voice(ask.language);
    let senders = last(&app, &ask).await?;
    let mut rows = Vec::new();
    for one in senders {
        let bundle = contents(&app, &ask, &one).await?;
        rows.push((one, bundle));
    }
    let count = rows.len().to_string();
    let title = voice.say_with("bundles-heading", &[("count", count.into())]);
    let body = html! {
        h1 { (title) }
        p class="under" { (voice.say("bundles-under")) }
        @if rows.is_empty() {
            p class="quiet" { (voice.say("bundles-none")) }
        } @else {
            table class="list" {
                caption class="hidden" { (title) }
                thead { tr {
                    th scope="col" { (voice.say("bundles-sender")) }
                    th scope="col" { (voice.say("bundles-plan")) }
                    th scope="col" { (voice.say("bundles-day")) }
                    th scope="col" { (voice.say("bundles-standings")) }
                    th scope="col" { (voice.say("bundles-received")) }
                } }
                tbody { @for (one, bundle) in &rows { (sender_row(one, bundle.as_ref(), &ask)) } }
            }
        }
    };
    Ok(draw(&app, &ask, title, &body))
}

fn sender_row(one: &BundleOnFile, bundle: Option<&Bundle>, ask: &Ask) -> Markup {
    let voice = Voice(ask.language);
    let address = ask.to(&format!("/goi-so-lieu/{}", one.sender), &[]);
    html! {
        tr {
            th scope="row" class="label" {
                a href=(address) { (one.bundle.unit_name) } " " span class="id" { (one.sender) }
                @if one.bundle.synthetic { " " span class="soft" { (voice.say("bundles-synthetic")) } }
            }
            td data-label=(voice.say("bundles-plan")) { (one.bundle.plan) }
            td data-label=(voice.say("bundles-day")) { (date::show(one.bundle.as_of, ask.language)) }
            td data-label=(voice.say("bundles-standings")) {
                @match bundle.and_then(|bundle| bundle.table("targets")) {
                    Some(targets) => (counts(targets, ask.language)),
                    None => (voice.say("bundles-unreadable")),
                }
            }
            td data-label=(voice.say("bundles-received")) { (received(one, voice)) }
        }
    }
}

fn received(one: &BundleOnFile, voice: Voice) -> String {
    voice.say_with(
        "bundles-received-by",
        &[
            (
                "day",
                date::show(Offset::constant(7).to_datetime(one.filing.recorded_at).date(), voice.0)
                    .into(),
            ),
            ("position", page::show_position(one.filing.position, voice.0).into()),
        ],
    )
}

/// How many targets stand where.
fn counts(targets: &Table, language: Language) -> String {
    let of = |standing: Standing| {
        targets.rows.iter().filter(|row| targets.text(row, "standing") == standing.code()).count()
    };
    let parts = Standing::ALL.into_iter().filter_map(|standing| {
        let count = of(standing);
        (count > 0).then(|| format!("{count} {}", standing.words().get(language).to_lowercase()))
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// `/goi-so-lieu/{sender}`
async fn one(State(app): State<App>, Id(sender): Id, ask: Ask) -> PageResult {
    let voice = Voice(ask.language);
    let senders = last(&app, &ask).await?;
    let Some(one) = senders.iter().find(|one| one.sender == sender) else {
        let heading = voice.say_with("error-no-sender", &[("sender", sender.as_str().into())]);
        let known = senders.iter().map(|one| {
            let path = format!("/goi-so-lieu/{}", one.sender);
            (ask.to(&path, &[]), format!("{} {}", one.sender, one.bundle.unit_name))
        });
        return Err(PageError::not_found(&app, &ask, heading, &sender, known.collect()));
    };
    let bundle = contents(&app, &ask, one).await?;
    let title = voice.say_with(
        "bundle-heading",
        &[
            ("unit", one.bundle.unit_name.as_str().into()),
            ("day", date::show(one.bundle.as_of, ask.language).into()),
        ],
    );
    let origin = voice.say_with(
        "bundle-origin",
        &[
            ("plan", one.bundle.plan.as_str().into()),
            ("position", page::show_position(one.bundle.sender_position, ask.language).into()),
            ("made", date::show(one.bundle.made_on, ask.language).into()),
        ],
    );
    let body = html! {
        p class="over" { a href=(ask.to("/goi-so-lieu", &[])) { (voice.say("bundles-name")) } }
        h1 { (title) }
        p class="under" { (origin) " " (received(one, voice)) }
        @if one.bundle.synthetic { p class="caution" { strong { (voice.say("bundle-synthetic")) } } }
        p class="note" { (voice.say("bundle-apart")) }
        @match bundle.as_ref().and_then(|bundle| bundle.table("targets")) {
            Some(targets) => (target_table(targets, voice)),
            None => { p class="caution" { (voice.say("bundles-unreadable")) } }
        }
        @if let Some(bundle) = &bundle { (facts(bundle, voice)) }
        p class="soft" { (voice.say("bundle-key")) " " code { (one.bundle.key) } }
    };
    Ok(draw(&app, &ask, title, &body))
}

/// The facts of the newest year of the unit whose plan it is, a column for each kind. Older bundles bring none.
fn facts(bundle: &Bundle, voice: Voice) -> Markup {
    let (Some(facts), Some(names)) = (bundle.table("facts"), bundle.table("fact_definitions"))
    else {
        return html! { p class="note" { (voice.say("bundle-no-facts")) } };
    };
    let language = voice.0;
    let whole = || {
        let unit = bundle.manifest.unit.as_str();
        facts.rows.iter().filter(move |row| facts.text(row, "unit") == unit)
    };
    let year = |row: &[Value]| facts.cell(row, "year").and_then(Value::as_i64);
    let Some(newest) = whole().filter_map(|row| year(row)).max() else {
        return html! { p class="note" { (voice.say("bundle-no-facts")) } };
    };
    let of = |fact: &str, kind: Kind| {
        whole().find(|row| {
            year(row) == Some(newest)
                && facts.text(row, "fact") == fact
                && facts.text(row, "kind") == kind.code()
        })
    };
    let shown = |row: &[Value]| match facts.number(row, "value") {
        Some(value) => number::plain(value, language),
        None => voice.say("bundle-fact-hidden"),
    };
    let label = if language == Language::Vi { "name_vi" } else { "name_en" };
    let is_told = |fact: &str| Kind::ALL.into_iter().any(|kind| of(fact, kind).is_some());
    let title = voice.say_with("bundle-facts", &[("year", newest.to_string().into())]);
    html! {
        h2 { (title) }
        p class="under" { (voice.say("bundle-facts-under")) }
        table class="list" {
            caption class="hidden" { (title) }
            thead { tr {
                th scope="col" { (voice.say("bundle-fact")) }
                @for kind in Kind::ALL {
                    th scope="col" class="number" { (kind.words().get(language)) }
                }
            } }
            tbody {
                @for row in names.rows.iter().filter(|row| is_told(names.text(row, "fact"))) {
                    tr {
                        th scope="row" class="label" {
                            (names.text(row, label)) " " span class="id" { (names.text(row, "fact")) }
                        }
                        @for kind in Kind::ALL {
                            td class="number" data-label=(kind.words().get(language)) {
                                @match of(names.text(row, "fact"), kind) {
                                    Some(row) => (shown(row)),
                                    None => (number::NO_VALUE),
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn target_table(targets: &Table, voice: Voice) -> Markup {
    let language = voice.0;
    let label = if language == Language::Vi { "label_vi" } else { "label_en" };
    let rule = if language == Language::Vi { "rule_vi" } else { "rule_en" };
    let asked = if language == Language::Vi { "asked_vi" } else { "asked_en" };
    let number = |row: &[Value], column: &str| {
        targets
            .number(row, column)
            .map_or_else(|| number::NO_VALUE.to_owned(), |value| number::plain(value, language))
    };
    let standing = |row: &[Value]| {
        let code = targets.text(row, "standing");
        Standing::ALL.into_iter().find(|standing| standing.code() == code)
    };
    html! {
        table class="list" {
            caption class="hidden" { (voice.say("bundles-standings")) }
            thead { tr {
                th scope="col" { (voice.say("column-target")) }
                th scope="col" class="number" { (voice.say("column-value")) }
                th scope="col" { (voice.say("column-goal")) }
                th scope="col" { (voice.say("column-standing")) }
            } }
            tbody {
                @for row in &targets.rows {
                    tr {
                        th scope="row" class="label" {
                            (targets.text(row, label)) " " span class="id" { (targets.text(row, "target")) }
                            p class="help" { (targets.text(row, rule)) }
                        }
                        td class="number" data-label=(voice.say("column-value")) { (number(row, "value")) }
                        td data-label=(voice.say("column-goal")) { (targets.text(row, asked)) }
                        td class="standing-cell" { @if let Some(standing) = standing(row) { (page::standing(standing, language)) } }
                    }
                }
            }
        }
    }
}

fn draw(app: &App, ask: &Ask, title: String, body: &Markup) -> Response {
    let published = app.published();
    page::draw(&Frame::new(app, ask, &published, Here::Nowhere, title), body)
}
