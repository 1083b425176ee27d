//! Signing in by the provider of identities that the operator trusts, and binding an account to an identity there.
//!
//! Whoever binds gives the password first, and goes on by a link of the page that answers: a form must not lead to another
//! site. Whoever comes back from there has their way in a cookie; without it nothing that the address says counts.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hoptac_office::identity::{self, SignInError};
use hoptac_office::key::Token;
use hoptac_office::openid::{Answer, Arrival, Departure, OpenIdError, Provider, Purpose};
use hoptac_store::SessionStage;
use maud::{Markup, html};

use crate::account::{again, done, own};
use crate::app::App;
use crate::door::{Entrance, Visit, onward, see};
use crate::entrance::{alert, draw, enter, entrance, field, told};
use crate::error::{PageError, PageResult};
use crate::form::Fields;
use crate::language::Voice;
use crate::page::token_field;
use crate::query::{Ask, Id};
use crate::routes::{Need, Routes};

/// Where the provider sends people back to.
pub const BACK: &str = "/dang-nhap/dinh-danh/ve";

/// The longest address within this application that somebody comes back to.
const BACK_MAX: usize = 1000;

/// The addresses of this file.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get("/dang-nhap/dinh-danh", Need::Nothing, go)
        .get(BACK, Need::Nothing, come_back)
        .get("/moi/{token}/dinh-danh", Need::Nothing, go_with_link)
        .post("/tai-khoan/dinh-danh", Need::Account, go_to_bind)
        .post("/tai-khoan/dinh-danh/bo", Need::Account, unbind)
}

/// The provider, or the page that says that there is nothing here.
fn provider<'a>(app: &'a App, ask: &Ask) -> Result<(&'a Entrance, &'a Provider), PageError> {
    let entrance = entrance(app, ask)?;
    let provider = entrance.provider.as_ref();
    provider
        .map(|provider| (entrance, provider))
        .ok_or_else(|| PageError::no_page(app, ask.clone()))
}

/// The button beside a password: on the page of signing in, and on the one of a one-time link. `says` is what it says.
pub(crate) fn button(entrance: &Entrance, voice: Voice, says: &str, address: &str) -> Markup {
    html! {
        @if let Some(provider) = &entrance.provider {
            p class="ways" {
                a class="button plain-button" href=(address) { (voice.say_with(says, &[("name", provider.name().into())])) }
            }
        }
    }
}

/// The part of one's own account.
pub(crate) fn section(
    entrance: &Entrance,
    ask: &Ask,
    bound: Option<String>,
    has_password: bool,
) -> Markup {
    let Some(provider) = &entrance.provider else { return html! {} };
    let voice = Voice(ask.language);
    let name = || [("name", provider.name().into())];
    let form = |action: &str, id: &str, button: &str, plain: bool| {
        html! {
            form class="sheet-form" method="post" action=(ask.to(action, &[])) {
                (token_field(ask))
                (field(id, &voice.say("password-old"), None, &html! {
                    input type="password" id=(id) name=(id) autocomplete="current-password" required maxlength="200";
                }))
                p { button type="submit" class=[plain.then_some("plain-button")] { (button) } }
            }
        }
    };
    html! {
        section {
            h2 { (provider.name()) }
            @match bound {
                Some(at) => {
                    p { (voice.say_with("openid-is-bound", &[("name", provider.name().into()), ("at", at.into())])) }
                    @if has_password {
                        p { (voice.say("openid-either-way")) }
                        (form("/tai-khoan/dinh-danh/bo", "mat_khau_bo_gan", &voice.say("openid-unbind"), true))
                    } @else {
                        p class="soft" { (voice.say_with("openid-only", &name())) }
                    }
                },
                None => {
                    p { (voice.say_with("openid-is-not-bound", &name())) }
                    (form("/tai-khoan/dinh-danh", "mat_khau_gan", &voice.say_with("openid-bind", &name()), false))
                },
            }
        }
    }
}

async fn go(State(app): State<App>, ask: Ask) -> PageResult {
    let (entrance, provider) = provider(&app, &ask)?;
    let back = ask.value("ve").unwrap_or("/");
    if ask.visitor.signed_in.is_some() {
        return Ok(see(back));
    }
    let departure = begin(entrance, provider, Purpose::SignIn, back).await;
    Ok(match departure {
        Ok(departure) => leave(entrance, &departure),
        Err(error) => draw_problem(&app, &ask, &error),
    })
}

/// Takes an account up with an identity in place of a password. The link stands in the address that led here already.
async fn go_with_link(State(app): State<App>, Id(link): Id, ask: Ask) -> PageResult {
    let (entrance, provider) = provider(&app, &ask)?;
    let good = match Token::parse(&link) {
        Some(token) => identity::whose_link(&entrance.store, &token, (entrance.edge.now)())
            .await
            .map_err(|error| PageError::broken(&app, &ask, &error))?,
        None => None,
    };
    if good.is_none() {
        return Ok(see(&ask.to(&format!("/moi/{link}"), &[])));
    }
    let home = ask.to("/tai-khoan", &[]);
    Ok(match begin(entrance, provider, Purpose::TakeUp(link), &home).await {
        Ok(departure) => leave(entrance, &departure),
        Err(error) => draw_problem(&app, &ask, &error),
    })
}

/// Begins to bind, once the password was given. The page that answers has the link on.
async fn go_to_bind(State(app): State<App>, ask: Ask, form: Fields) -> PageResult {
    let ((entrance, provider), own) = (provider(&app, &ask)?, own(&app, &ask)?);
    let (typed, at) = (form.raw("mat_khau_gan").to_owned(), (entrance.edge.now)());
    let name = &own.account.name;
    if let Err(error) = identity::prove(&entrance.store, name, typed, at).await {
        let (status, problem) = told(&app, &ask, error)?;
        return again(&app, &ask, status, &problem).await;
    }
    let home = ask.to("/tai-khoan", &[("da", "1")]);
    let departure = match begin(entrance, provider, Purpose::Bind(name.clone()), &home).await {
        Ok(departure) => departure,
        Err(error) => return Ok(draw_problem(&app, &ask, &error)),
    };
    let voice = Voice(ask.language);
    let said = |key: &str| voice.say_with(key, &[("name", provider.name().into())]);
    let title = said("openid-bind");
    let body = html! {
        h1 { (title) }
        p { (said("openid-go-help")) }
        p class="ways" {
            a class="button" href=(departure.address) { (said("openid-go")) }
            a href=(ask.to("/tai-khoan", &[])) { (voice.say("openid-stay")) }
        }
    };
    let mut page = draw(&app, &ask, &title, &body);
    page.headers_mut().append(header::SET_COOKIE, entrance.way_cookie(&departure.way));
    Ok(page)
}

async fn unbind(State(app): State<App>, ask: Ask, form: Fields) -> PageResult {
    let ((entrance, _), own) = (provider(&app, &ask)?, own(&app, &ask)?);
    let (typed, at) = (form.raw("mat_khau_bo_gan").to_owned(), (entrance.edge.now)());
    match identity::unbind(&entrance.store, &own.account.name, typed, at).await {
        Ok(()) => Ok(done(&ask)),
        Err(error) => {
            let (status, problem) = told(&app, &ask, error)?;
            again(&app, &ask, status, &problem).await
        }
    }
}

async fn come_back(
    State(app): State<App>,
    visit: Visit,
    ask: Ask,
    headers: HeaderMap,
) -> PageResult {
    let (entrance, provider) = provider(&app, &ask)?;
    let at = (entrance.edge.now)();
    let value = |name: &str| ask.value(name).unwrap_or("");
    let (state, code) = (value("state"), value("code"));
    let answer = Answer { state, code, issuer: value("iss"), error: value("error") };
    let way = entrance.way_of(&headers);
    let mut response = match provider.arrive(&entrance.key, way.as_deref(), answer, at).await {
        Ok(arrival) => arrived(&app, entrance, &visit, &ask, arrival).await?,
        Err(error) => draw_problem(&app, &ask, &error),
    };
    // The way is gone once, whatever came of it.
    response.headers_mut().append(header::SET_COOKIE, entrance.end_way());
    Ok(response)
}

/// Does what somebody went to the provider for.
async fn arrived(
    app: &App,
    entrance: &Entrance,
    visit: &Visit,
    ask: &Ask,
    arrival: Arrival,
) -> PageResult {
    let Entrance { store, edge, .. } = entrance;
    let (at, fresh) = ((edge.now)(), edge.token());
    let Arrival { identity, purpose, onward: back } = arrival;
    let signed_in = ask.visitor.signed_in.as_ref();
    let stage = match purpose {
        Purpose::SignIn => {
            let old = signed_in.map(|signed_in| &signed_in.token).or(ask.visitor.halfway.as_ref());
            identity::sign_in_as(store, visit.at(at), identity, old, &fresh).await
        }
        Purpose::Bind(account) => {
            // Whoever comes back must be who went.
            if signed_in.is_none_or(|signed_in| signed_in.account.name != account) {
                return Ok(draw_problem(app, ask, &OpenIdError::Stale));
            }
            return match identity::bind(store, &account, identity, at).await {
                Ok(()) => Ok(see(&back)),
                Err(error) => draw_refusal(app, ask, error),
            };
        }
        Purpose::TakeUp(link) => match Token::parse(&link) {
            Some(link) => {
                let chance = (&fresh, (edge.filing_id)(at));
                identity::take_up_as(store, visit.at(at), (&link, identity), chance).await
            }
            None => Err(SignInError::RunOut),
        },
    };
    match stage {
        Ok(SessionStage::Whole) => Ok(enter(entrance, &fresh, &back)),
        Ok(SessionStage::Halfway) => {
            let next = ask.to("/dang-nhap/xac-thuc", &[("ve", onward(&back))]);
            Ok(enter(entrance, &fresh, &next))
        }
        Err(error) => draw_refusal(app, ask, error),
    }
}

async fn begin(
    entrance: &Entrance,
    provider: &Provider,
    purpose: Purpose,
    back: &str,
) -> Result<Departure, OpenIdError> {
    let edge = &entrance.edge;
    let chance = ([edge.token(), edge.token(), edge.token()], edge.bytes());
    // The way travels in a cookie, which holds four thousand letters.
    let back = if back.len() > BACK_MAX { "/" } else { onward(back) };
    let wanted = (purpose, back);
    provider.begin(&entrance.key, wanted, (edge.now)(), chance).await
}

/// On to the provider: the one way that leads out of this application.
fn leave(entrance: &Entrance, departure: &Departure) -> Response {
    let Ok(place) = HeaderValue::from_str(&departure.address) else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response();
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, entrance.way_cookie(&departure.way));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The page of an identity that leads to no account here.
fn draw_refusal(app: &App, ask: &Ask, error: SignInError) -> PageResult {
    let (status, problem) = told(app, ask, error)?;
    Ok(draw_failed(app, ask, status, &problem))
}

/// The page of a way that led nowhere.
fn draw_problem(app: &App, ask: &Ask, error: &OpenIdError) -> Response {
    let (status, key) = match error {
        OpenIdError::Provider(cause) => {
            tracing::error!(error = %cause, "the provider of identities");
            (StatusCode::BAD_GATEWAY, "openid-silent")
        }
        OpenIdError::Untrue(cause) => {
            tracing::warn!(error = %cause, "a proof of the provider of identities");
            (StatusCode::UNAUTHORIZED, "openid-untrue")
        }
        OpenIdError::Declined => (StatusCode::UNAUTHORIZED, "openid-declined"),
        OpenIdError::Stale => (StatusCode::GONE, "openid-stale"),
    };
    draw_failed(app, ask, status, &Voice(ask.language).say(key))
}

fn draw_failed(app: &App, ask: &Ask, status: StatusCode, problem: &str) -> Response {
    let voice = Voice(ask.language);
    let title = voice.say("openid-failed");
    let body = html! {
        h1 { (title) }
        (alert(Some(problem)))
        p class="ways" {
            @if ask.visitor.signed_in.is_some() {
                a class="button" href=(ask.to("/tai-khoan", &[])) { (voice.say("who-account")) }
            } @else {
                a class="button" href=(ask.to("/dang-nhap", &[])) { (voice.say("who-sign-in")) }
            }
        }
    };
    (status, draw(app, ask, &title, &body)).into_response()
}
