//! The page for those who read about the interface before they use it, made from the same declarations as the interface.

use axum::extract::State;
use hoptac_model::text::Language;
use maud::{Markup, html};
use serde_json::Value;

use super::document;
use super::operation::{Described, Group};
use super::parameter::{self, Parameter};
use super::problem::Kind;
use crate::app::App;
use crate::error::PageResult;
use crate::language::Voice;
use crate::page::{self, Frame, Here};
use crate::query::Ask;

/// `/api/v1/`
pub(crate) async fn page(State(app): State<App>, ask: Ask) -> PageResult {
    let voice = Voice(ask.language);
    let published = app.published();
    let heading = voice.say("api-heading");
    let all = super::interface().described;
    let description = document::describe(ask.language);
    let body = html! {
        h1 { (heading) }
        p class="under" { code { (super::ROOT) } " · " a href={ (super::ROOT) "/openapi.json" } { "OpenAPI 3.1" } }
        p { (voice.say("api-intro")) }
        pre class="code" tabindex="0" { code { "curl -H 'Authorization: Bearer …' '" (super::ROOT) "/scoreboard?level=commune&as_of=2025-12-31'" } }
        nav aria-label=(voice.say("api-contents")) {
            ul class="plain" {
                @for group in Group::ALL { li { a href={ "#" (anchor(group)) } { (one_of(voice.0, group.title())) } } }
                li { a href="#van-de" { (voice.say("api-problems")) } }
            }
        }
        @for group in Group::ALL {
            section id=(anchor(group)) {
                h2 { (one_of(voice.0, group.title())) }
                @for described in all.iter().filter(|one| one.operation.group == group) {
                    (operation(described, &description, voice))
                }
            }
        }
        section id="van-de" {
            h2 { (voice.say("api-problems")) }
            p { (voice.say("api-problems-help")) }
            table class="list" {
                thead { tr { th scope="col" { (voice.say("api-problem")) } th scope="col" { (voice.say("api-status")) } th scope="col" { (voice.say("api-meaning")) } } }
                tbody {
                    @for kind in Kind::ALL {
                        tr id=(kind.code()) {
                            th scope="row" class="label" { code { (kind.code()) } }
                            td { (kind.status().as_u16()) }
                            td { (kind.title().get(voice.0)) }
                        }
                    }
                }
            }
        }
    };
    let frame = Frame::new(&app, &ask, &published, Here::Nowhere, heading);
    Ok(page::draw(&frame, &body))
}

fn anchor(group: Group) -> String {
    hoptac_model::text::fold(group.title().0).replace([' ', ','], "-")
}

fn one_of(language: Language, (vi, en): (&'static str, &'static str)) -> &'static str {
    match language {
        Language::Vi => vi,
        Language::En => en,
    }
}

fn operation(described: &Described, description: &Value, voice: Voice) -> Markup {
    let operation = &described.operation;
    let about = one_of(voice.0, operation.about);
    html! {
        article id=(operation.id) {
            h3 { (one_of(voice.0, operation.title)) }
            p { code { strong { (operation.method) } " " (super::ROOT) (operation.path) } }
            p class="soft" { (voice.say("api-needs")) " " code { (operation.need.code()) } }
            @if !about.is_empty() { p { (about) } }
            @if !operation.at.is_empty() || !operation.query.is_empty() {
                details {
                    summary { (voice.say("api-parameters")) }
                    dl class="facts" {
                        @for one in operation.at.iter().chain(operation.query) { (parameter(one, voice)) }
                    }
                }
            }
            @let fields = fields_of(description, operation.method, operation.path);
            @if !fields.is_empty() {
                details {
                    summary { (voice.say("api-answer")) }
                    dl class="facts" {
                        @for (name, kind) in &fields { div { dt { code { (name) } } dd { (kind) } } }
                    }
                }
            }
        }
    }
}

fn parameter(parameter: &Parameter, voice: Voice) -> Markup {
    let choices = match parameter.kind {
        parameter::Kind::OneOf(words) => words().join(", "),
        parameter::Kind::Day
        | parameter::Kind::Whole { .. }
        | parameter::Kind::Flag
        | parameter::Kind::Text { .. }
        | parameter::Kind::Fields
        | parameter::Kind::Uuid
        | parameter::Kind::Cursor => String::new(),
    };
    html! {
        div {
            dt { code { (parameter.name) } }
            dd { (one_of(voice.0, parameter.about)) @if !choices.is_empty() { " " code { (choices) } } }
        }
    }
}

/// The fields of an answer, or of each item of its list, with their types.
fn fields_of(description: &Value, method: &str, path: &str) -> Vec<(String, String)> {
    let answer =
        description.get("paths").and_then(|paths| paths.get(path)?.get(method.to_lowercase()));
    let responses = answer.and_then(|answer| answer.get("responses")?.as_object());
    let schema = responses.and_then(|responses| {
        let (_, done) = responses.iter().find(|(status, _)| status.starts_with('2'))?;
        done.pointer("/content/application~1json/schema")
    });
    let Some(whole) = schema.and_then(|schema| resolved(description, schema)) else {
        return Vec::new();
    };
    let item =
        whole.pointer("/properties/items/items").and_then(|item| resolved(description, item));
    let properties = item.unwrap_or(whole).get("properties").and_then(Value::as_object);
    properties.map_or_else(Vec::new, |properties| {
        properties.iter().map(|(name, schema)| (name.clone(), kind_of(schema))).collect()
    })
}

fn resolved<'d>(description: &'d Value, schema: &'d Value) -> Option<&'d Value> {
    match schema.get("$ref").and_then(Value::as_str) {
        Some(at) => description.pointer(at.strip_prefix('#')?),
        None => Some(schema),
    }
}

/// The type of a field in few words.
fn kind_of(schema: &Value) -> String {
    let name = |text: &str| text.rsplit('/').next().unwrap_or_default().to_owned();
    if let Some(at) = schema.get("$ref").and_then(Value::as_str) {
        return name(at);
    }
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        return words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | ");
    }
    if let Some(ways) = schema.get("anyOf").and_then(Value::as_array) {
        return ways.iter().map(kind_of).collect::<Vec<_>>().join(" | ");
    }
    let kinds = match schema.get("type") {
        Some(Value::String(kind)) => kind.clone(),
        Some(Value::Array(kinds)) => {
            kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | ")
        }
        _ => String::new(),
    };
    match (kinds.as_str(), schema.get("items"), schema.get("format").and_then(Value::as_str)) {
        ("array", Some(items), _) => format!("[{}]", kind_of(items)),
        (_, _, Some(format)) if format.starts_with("date") || format == "uuid" => {
            format!("{kinds} ({format})")
        }
        _ => kinds,
    }
}
