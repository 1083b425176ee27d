//! A number or a chart of the public side to stand in a frame of another site. It has a policy of its own: it may be framed by anybody,
//! and loads nothing but the style sheet and fonts of the instance.

use axum::extract::State;
use axum::http::HeaderMap;
use hoptac_report::svg::line;
use maud::{DOCTYPE, Markup, html};

use super::{HTML, kept, opened, origin, showing};
use crate::app::App;
use crate::assets;
use crate::error::{PageError, PageResult};
use crate::language::Voice;
use crate::page;
use crate::query::{Ask, Id};
use crate::row::Shown;

/// Where the frames are.
pub(crate) const FOLDER: &str = "/cong-khai/nhung/";
/// Anybody may frame these pages; they ask nobody else and take no form.
pub(crate) const POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'none'; \
    base-uri 'none'; frame-ancestors *";

/// `/cong-khai/nhung/{id}`: a target as a number; with `kieu=bieu-do` its chart too.
pub(crate) async fn frame(
    State(app): State<App>,
    Id(id): Id,
    headers: HeaderMap,
    ask: Ask,
) -> PageResult {
    opened(&app, &ask)?;
    let showing = showing(&app, ask).await?;
    let (view, voice) = (&showing.view, showing.voice());
    let pack = view.pack();
    let target = pack.targets.iter().find(|target| target.id.as_str() == id);
    let row = target.and_then(|target| view.board.row(&target.id, None, &view.unit.id));
    let indicator = row.as_ref().and_then(|row| pack.indicator(&row.indicator));
    let (Some(target), Some(row), Some(indicator)) = (target, row.as_ref(), indicator) else {
        let heading = voice.say_with("error-no-indicator", &[("id", id.as_str().into())]);
        let known = pack.targets.iter().map(|target| {
            let path = format!("{FOLDER}{}", target.id);
            (showing.ask.to(&path, &[]), format!("{} {}", target.id, target.label.get(voice.0)))
        });
        return Err(PageError::not_found(&app, &showing.ask, heading, &id, known.collect()));
    };
    let shown = Shown { target, indicator, row, voice };
    let is_hidden = showing.hides(indicator, &view.unit);
    let label = target.label.get(voice.0);
    let value = if is_hidden { voice.say("public-hidden-cell") } else { shown.value() };
    let description = voice.say_with(
        "public-indicator-description",
        &[
            ("label", label.into()),
            ("unit", view.unit.name.as_str().into()),
            ("day", showing.day().into()),
            ("value", value.as_str().into()),
        ],
    );
    let address = format!(
        "{}{}",
        origin(&app).unwrap_or_default(),
        showing.ask.to(&format!("/cong-khai/chi-tieu/{}", target.id), &[])
    );
    let body = html! {
        h1 { (label) }
        p class="embed-value" { strong { (value) } @if !is_hidden && indicator.sign().is_empty() { " " (indicator.unit_words().get(voice.0)) } }
        p {
            (voice.say("public-goal")) ": " (shown.goal()) " " (shown.horizon(view.board.as_of().year()))
            @if let Some(standing) = row.standing.filter(|_| !is_hidden) { " · " (page::standing(standing, voice.0)) }
        }
        @if !is_hidden && showing.ask.value("kieu") == Some("bieu-do") {
            figure { (line::draw(&showing.chart(indicator, Some(&shown), label, &description))) }
        }
        @if view.published.register.has_synthetic() { p class="caution" { (voice.say("public-synthetic")) } }
        p class="soft" {
            a href=(address) target="_blank" rel="noopener" { (view.unit.name) } ", " (showing.day())
        }
    };
    let page = draw(voice, &description, &body).into_string();
    Ok(kept(&headers, HTML, page.into_bytes()))
}

fn draw(voice: Voice, title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(voice.0.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) }
                link rel="stylesheet" href=(assets::href("hoptac.css"));
                link rel="icon" href=(assets::href("mark.svg")) type="image/svg+xml";
            }
            body class="embed" { main { (body) } }
        }
    }
}

/// How a frame is put into a page of another site.
pub(super) fn how(app: &App, id: &str, label: &str, voice: Voice) -> Markup {
    let origin = origin(app).unwrap_or_default();
    let code = |kind: &str, width: u16, height: u16| {
        format!(
            "<iframe src=\"{origin}{FOLDER}{id}{kind}\" title=\"{}\" width=\"{width}\" height=\"{height}\" loading=\"lazy\"></iframe>",
            label.replace('"', "&quot;")
        )
    };
    html! {
        details {
            summary { (voice.say("embed-how")) }
            p { (voice.say("embed-number")) }
            pre { code { (code("", 420, 220)) } }
            p { (voice.say("embed-chart")) }
            pre { code { (code("?kieu=bieu-do", 720, 560)) } }
        }
    }
}
