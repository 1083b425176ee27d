//! Views of a list that somebody keeps under a name: links above the list, and a form that keeps what is shown.

use axum::extract::State;
use axum::http::StatusCode;
use hoptac_office::kept_view::{self, ViewError};
use hoptac_store::KeptView;
use maud::{Markup, html};

use crate::account::own;
use crate::app::App;
use crate::door::see;
use crate::entrance::broken;
use crate::error::{PageError, PageResult};
use crate::form::Fields;
use crate::language::Voice;
use crate::page::token_field;
use crate::query::{self, Ask};
use crate::routes::{Need, Routes};

/// The addresses of this file.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post("/cach-xem", Need::Account, keep).post("/cach-xem/bo", Need::Account, drop_one)
}

/// What of an address is no part of a view: where in the list one is, and what every page asks.
const PASSING: [&str; 3] = ["from", "xem", "het"];

/// The views that the visitor keeps of the list of the page; nothing for who is not signed in.
pub(crate) async fn bar(app: &App, ask: &Ask) -> Result<Markup, PageError> {
    let (Some(own), Some(store)) = (&ask.visitor.signed_in, app.store()) else {
        return Ok(html! {});
    };
    let kept = store.kept_views(&own.account.name, &ask.path).await;
    let kept = kept.map_err(|error| broken(app, ask, &error))?;
    let voice = Voice(ask.language);
    let shown = ask.question(&PASSING);
    let here = kept.iter().find(|view| view.query == shown);
    let href = |view: &KeptView| {
        let pairs = query::pairs(&view.query);
        let pairs: Vec<(&str, &str)> =
            pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        ask.to(&view.path, &pairs)
    };
    Ok(html! {
        div class="kept-views" {
            @if !kept.is_empty() {
                nav class="choice" aria-label=(voice.say("views-kept")) {
                    span class="soft" { (voice.say("views-kept")) ":" }
                    @for view in &kept {
                        a href=(href(view)) aria-current=[here.is_some_and(|one| one == view).then_some("true")] { (view.name) }
                    }
                }
            }
            @if let Some(view) = here {
                form method="post" action="/cach-xem/bo" {
                    (token_field(ask)) (hidden(view))
                    button type="submit" class="plain-button" { (voice.say_with("views-drop", &[("name", view.name.as_str().into())])) }
                }
            } @else {
                details class="more-form" {
                    summary { (voice.say("views-keep")) }
                    form class="entry" method="post" action="/cach-xem" {
                        (token_field(ask))
                        input type="hidden" name="duong" value=(ask.path);
                        input type="hidden" name="hoi" value=(shown);
                        input type="text" name="ten" required maxlength="60" autocomplete="off" aria-label=(voice.say("views-name")) placeholder=(voice.say("views-name"));
                        button type="submit" { (voice.say("views-save")) }
                    }
                }
            }
        }
    })
}

fn hidden(view: &KeptView) -> Markup {
    html! {
        input type="hidden" name="duong" value=(view.path);
        input type="hidden" name="hoi" value=(view.query);
        input type="hidden" name="ten" value=(view.name);
    }
}

/// `/cach-xem`
async fn keep(State(app): State<App>, ask: Ask, form: Fields) -> PageResult {
    let own = own(&app, &ask)?;
    let store = app.must_store(&ask)?;
    let view = view_of(&form);
    let back = back(&view);
    match kept_view::keep(store, &own.account.name, view).await {
        Ok(()) => Ok(see(&back)),
        Err(ViewError::Keep(error)) => Err(broken(&app, &ask, &error)),
        Err(error) => {
            let voice = Voice(ask.language);
            let key = match error {
                ViewError::Name => "views-fault-name",
                ViewError::TooMany => "views-fault-many",
                ViewError::List(_) | ViewError::Keep(_) => "views-fault-list",
            };
            let way = (back, voice.say("views-back"));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let heading = voice.say("views-fault");
            Err(PageError::refused(&app, &ask, status, heading, voice.say(key), way))
        }
    }
}

/// `/cach-xem/bo`
async fn drop_one(State(app): State<App>, ask: Ask, form: Fields) -> PageResult {
    let own = own(&app, &ask)?;
    let store = app.must_store(&ask)?;
    let view = view_of(&form);
    let dropped = kept_view::drop(store, &own.account.name, &view.path, &view.name).await;
    dropped.map_err(|error| broken(&app, &ask, &error))?;
    Ok(see(&back(&view)))
}

fn view_of(form: &Fields) -> KeptView {
    KeptView {
        path: form.get("duong").to_owned(),
        name: form.get("ten").to_owned(),
        query: form.get("hoi").to_owned(),
    }
}

/// The list with what was asked of it; the first page where there is no such list.
fn back(view: &KeptView) -> String {
    if !kept_view::LISTS.contains(&view.path.as_str()) {
        return "/".to_owned();
    }
    if view.query.is_empty() { view.path.clone() } else { format!("{}?{}", view.path, view.query) }
}
