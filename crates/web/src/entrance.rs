//! Signing in and out, the second factor at the door, and taking an account up by its one-time link.

use axum::extract::State;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hoptac_model::account::AccountName;
use hoptac_model::text::Language;
use hoptac_office::identity::{self, SignInError};
use hoptac_office::key::Token;
use hoptac_office::password::SHORTEST;
use hoptac_store::SessionStage;
use maud::{Markup, html};

use crate::app::App;
use crate::door::{Entrance, Visit, onward, see};
use crate::error::{PageError, PageResult};
use crate::form::Fields;
use crate::language::Voice;
use crate::openid;
use crate::page::{self, Frame, Here, token_field};
use crate::query::{Ask, Id};
use crate::routes::{Need, Routes};

/// The addresses of this file.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get("/dang-nhap", Need::Nothing, sign_in_page)
        .post("/dang-nhap", Need::Nothing, sign_in)
        .get("/dang-nhap/xac-thuc", Need::Nothing, second_factor_page)
        .post("/dang-nhap/xac-thuc", Need::Nothing, second_factor)
        .post("/dang-nhap/mo-phong", Need::Nothing, sign_in_to_demo)
        .get("/dang-xuat", Need::Nothing, sign_out_page)
        .post("/dang-xuat", Need::Nothing, sign_out)
        .get("/moi/{token}", Need::Nothing, invitation_page)
        .post("/moi/{token}", Need::Nothing, take_up)
}

/// Where somebody is sent who has to sign in first: to the door, and from there back to what they asked for. A form that was
/// sent is not sent again.
pub(crate) fn sign_in_first(app: &App, ask: Ask, method: &Method) -> Response {
    if app.entrance().is_none() || *method != Method::GET {
        return PageError::sign_in_first(app, ask).into_response();
    }
    see(&ask.to("/dang-nhap", &[("ve", &ask.here())]))
}

/// The entrance, or the page that says that there is none.
pub(crate) fn entrance<'a>(app: &'a App, ask: &Ask) -> Result<&'a Entrance, PageError> {
    app.entrance().ok_or_else(|| PageError::no_page(app, ask.clone()))
}

/// A page of a form at the door.
pub(crate) fn draw(app: &App, ask: &Ask, title: &str, body: &Markup) -> Response {
    let published = app.published();
    let frame = Frame::new(app, ask, &published, Here::Nowhere, title.to_owned());
    page::draw(&frame, body)
}

/// A field with its label and help.
pub(crate) fn field(name: &str, label: &str, help: Option<&str>, input: &Markup) -> Markup {
    html! {
        div class="field" {
            label for=(name) { (label) }
            (input)
            @if let Some(help) = help { p class="help" id={ (name) "-giup" } { (help) } }
        }
    }
}

/// What went wrong, above a form; read out at once.
pub(crate) fn alert(message: Option<&str>) -> Markup {
    html! { @if let Some(message) = message { p class="alert" role="alert" { (message) } } }
}

async fn sign_in_page(State(app): State<App>, ask: Ask) -> PageResult {
    entrance(&app, &ask)?;
    if ask.visitor.signed_in.is_some() {
        return Ok(see(ask.value("ve").unwrap_or("/")));
    }
    draw_sign_in(&app, &ask, "", ask.value("ve").unwrap_or("/"), None).await
}

async fn draw_sign_in(
    app: &App,
    ask: &Ask,
    name: &str,
    back: &str,
    problem: Option<&str>,
) -> PageResult {
    let voice = Voice(ask.language);
    let title = voice.say("sign-in-title");
    let entrance = entrance(app, ask)?;
    let demo = if entrance.demo {
        entrance.store.accounts().await.map_err(|e| broken(app, ask, &e))?
    } else {
        Vec::new()
    };
    let day = app.today();
    let body = html! {
        h1 { (title) }
        (alert(problem))
        form class="sheet-form" method="post" action=(ask.to("/dang-nhap", &[])) {
            (token_field(ask))
            input type="hidden" name="ve" value=(onward(back));
            (field("ten", &voice.say("sign-in-name"), None, &html! {
                input type="text" id="ten" name="ten" value=(name) autocomplete="username" autocapitalize="none"
                    spellcheck="false" required maxlength="60" autofocus[name.is_empty()];
            }))
            (field("mat_khau", &voice.say("sign-in-password"), None, &html! {
                input type="password" id="mat_khau" name="mat_khau" autocomplete="current-password" required maxlength="200";
            }))
            p { button type="submit" { (voice.say("sign-in-button")) } }
            p class="help" { (voice.say("sign-in-lost")) }
        }
        (openid::button(entrance, voice, "openid-button", &ask.to("/dang-nhap/dinh-danh", &[("ve", onward(back))])))
        @if !demo.is_empty() {
            section class="demo-accounts" {
                h2 { (voice.say("sign-in-demo")) }
                p { (voice.say("sign-in-demo-help")) }
                ul class="ruled" {
                    @for account in demo.iter().filter(|account| account.is_open()) {
                        li {
                            span {
                                strong { (account.title) } " " span class="id" { (account.name) } br;
                                span class="soft" {
                                    @for grant in account.grants_on(day) { (grant.role.words().get(ask.language)) " " }
                                }
                            }
                            form method="post" action=(ask.to("/dang-nhap/mo-phong", &[])) {
                                (token_field(ask))
                                input type="hidden" name="ve" value=(onward(back));
                                input type="hidden" name="ten" value=(account.name);
                                button type="submit" aria-label={ (voice.say("sign-in-demo-button")) ": " (account.title) } {
                                    (voice.say("sign-in-demo-button"))
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(draw(app, ask, &title, &body))
}

async fn sign_in(State(app): State<App>, visit: Visit, ask: Ask, form: Fields) -> PageResult {
    let entrance = entrance(&app, &ask)?;
    let (at, fresh) = ((entrance.edge.now)(), entrance.edge.token());
    let back = form.get("ve");
    let old = ask.visitor.signed_in.as_ref().map(|signed_in| &signed_in.token);
    let old = old.or(ask.visitor.halfway.as_ref());
    let typed = (form.get("ten"), form.raw("mat_khau").to_owned());
    let done = identity::sign_in(&entrance.store, visit.at(at), typed, old, &fresh).await;
    match done {
        Ok(SessionStage::Whole) => Ok(enter(entrance, &fresh, back)),
        Ok(SessionStage::Halfway) => {
            let next = ask.to("/dang-nhap/xac-thuc", &[("ve", onward(back))]);
            Ok(enter(entrance, &fresh, &next))
        }
        Err(error) => {
            let (status, problem) = told(&app, &ask, error)?;
            let page = draw_sign_in(&app, &ask, form.get("ten"), back, Some(&problem)).await?;
            Ok((status, page).into_response())
        }
    }
}

/// Goes on with the cookie of a session that has begun.
pub(crate) fn enter(entrance: &Entrance, fresh: &Token, place: &str) -> Response {
    let mut response = see(place);
    response.headers_mut().append(header::SET_COOKIE, entrance.begin(fresh));
    response
}

/// What somebody is told who was not let in, with the status of the answer.
pub(crate) fn told(
    app: &App,
    ask: &Ask,
    error: SignInError,
) -> Result<(StatusCode, String), PageError> {
    let voice = Voice(ask.language);
    Ok(match error {
        SignInError::Wrong => (StatusCode::UNAUTHORIZED, voice.say("sign-in-wrong")),
        SignInError::Wait(minutes) => {
            let minutes = minutes.to_string();
            let words = voice.say_with("sign-in-wait", &[("minutes", minutes.into())]);
            (StatusCode::TOO_MANY_REQUESTS, words)
        }
        SignInError::RunOut => (StatusCode::GONE, voice.say("sign-in-run-out")),
        SignInError::Unbound => (StatusCode::UNAUTHORIZED, voice.say("openid-unbound")),
        SignInError::Taken => (StatusCode::CONFLICT, voice.say("openid-taken")),
        SignInError::NoPassword => (StatusCode::CONFLICT, voice.say("openid-no-password")),
        SignInError::Weak(weakness) => {
            let words = weakness.words().get(ask.language).to_owned();
            (StatusCode::UNPROCESSABLE_ENTITY, words)
        }
        SignInError::Refused(refusal) => {
            if let hoptac_office::Refusal::Store(error) = &refusal {
                return Err(broken(app, ask, error));
            }
            let words = refusal.words().get(ask.language).to_owned();
            (StatusCode::UNPROCESSABLE_ENTITY, words)
        }
        SignInError::Store(error) => return Err(broken(app, ask, &error)),
    })
}

/// The page of something that is ours to mend.
pub(crate) fn broken(app: &App, ask: &Ask, error: &(dyn std::error::Error + 'static)) -> PageError {
    PageError::broken(app, ask, error)
}

async fn second_factor_page(State(app): State<App>, ask: Ask) -> PageResult {
    entrance(&app, &ask)?;
    if ask.visitor.halfway.is_none() {
        return Ok(see(&ask.to("/dang-nhap", &[])));
    }
    Ok(draw_second_factor(&app, &ask, ask.value("ve").unwrap_or("/"), None))
}

fn draw_second_factor(app: &App, ask: &Ask, back: &str, problem: Option<&str>) -> Response {
    let voice = Voice(ask.language);
    let title = voice.say("factor-title");
    let body = html! {
        h1 { (title) }
        (alert(problem))
        form class="sheet-form" method="post" action=(ask.to("/dang-nhap/xac-thuc", &[])) {
            (token_field(ask))
            input type="hidden" name="ve" value=(onward(back));
            (field("ma", &voice.say("factor-code"), Some(&voice.say("factor-help")), &html! {
                input type="text" id="ma" name="ma" autocomplete="one-time-code" required maxlength="20"
                    spellcheck="false" autocapitalize="none" autofocus aria-describedby="ma-giup";
            }))
            p { button type="submit" { (voice.say("factor-button")) } }
        }
    };
    draw(app, ask, &title, &body)
}

async fn second_factor(State(app): State<App>, visit: Visit, ask: Ask, form: Fields) -> PageResult {
    let entrance = entrance(&app, &ask)?;
    let Some(halfway) = &ask.visitor.halfway else { return Ok(see(&ask.to("/dang-nhap", &[]))) };
    let (at, fresh) = ((entrance.edge.now)(), entrance.edge.token());
    let (store, key) = (&entrance.store, &entrance.key);
    let code = form.get("ma");
    let done = identity::second_factor(store, key, visit.at(at), halfway, code, &fresh).await;
    match done {
        Ok(()) => Ok(enter(entrance, &fresh, form.get("ve"))),
        Err(error) => {
            let (status, problem) = told(&app, &ask, error)?;
            let page = draw_second_factor(&app, &ask, form.get("ve"), Some(&problem));
            Ok((status, page).into_response())
        }
    }
}

async fn sign_in_to_demo(
    State(app): State<App>,
    visit: Visit,
    ask: Ask,
    form: Fields,
) -> PageResult {
    let entrance = entrance(&app, &ask)?;
    let name = AccountName::parse(form.get("ten")).filter(|_| entrance.demo);
    let Some(name) = name else { return Err(PageError::no_page(&app, ask)) };
    let (at, fresh) = ((entrance.edge.now)(), entrance.edge.token());
    let old = ask.visitor.signed_in.as_ref().map(|signed_in| &signed_in.token);
    let visit = visit.at(at);
    match identity::sign_in_to_demo(&entrance.store, &name, visit, old, &fresh).await {
        Ok(()) => Ok(enter(entrance, &fresh, form.get("ve"))),
        Err(error) => {
            let (status, problem) = told(&app, &ask, error)?;
            let page = draw_sign_in(&app, &ask, "", form.get("ve"), Some(&problem)).await?;
            Ok((status, page).into_response())
        }
    }
}

async fn sign_out_page(State(app): State<App>, ask: Ask) -> PageResult {
    entrance(&app, &ask)?;
    let voice = Voice(ask.language);
    let title = voice.say("sign-out-title");
    let body = html! {
        h1 { (title) }
        @if ask.visitor.signed_in.is_some() {
            form class="sheet-form" method="post" action=(ask.to("/dang-xuat", &[])) {
                (token_field(&ask))
                p { button type="submit" { (voice.say("who-sign-out")) } }
            }
        } @else {
            p { (voice.say("sign-out-nobody")) }
            p class="ways" { a class="button" href=(ask.to("/dang-nhap", &[])) { (voice.say("who-sign-in")) } }
        }
    };
    Ok(draw(&app, &ask, &title, &body))
}

async fn sign_out(State(app): State<App>, ask: Ask) -> PageResult {
    let entrance = entrance(&app, &ask)?;
    let visitor = &ask.visitor;
    let token = visitor.signed_in.as_ref().map(|signed_in| &signed_in.token);
    if let Some(token) = token.or(visitor.halfway.as_ref()) {
        let ended = identity::sign_out(&entrance.store, token).await;
        ended.map_err(|error| broken(&app, &ask, &error))?;
    }
    let mut response = see(&ask.to("/", &[]));
    response.headers_mut().append(header::SET_COOKIE, entrance.end());
    Ok(response)
}

async fn invitation_page(State(app): State<App>, Id(link): Id, ask: Ask) -> PageResult {
    draw_invitation(&app, &ask, &link, None).await
}

async fn draw_invitation(app: &App, ask: &Ask, link: &str, problem: Option<&str>) -> PageResult {
    let entrance = entrance(app, ask)?;
    let voice = Voice(ask.language);
    let at = (entrance.edge.now)();
    let account = match Token::parse(link) {
        Some(token) => identity::whose_link(&entrance.store, &token, at)
            .await
            .map_err(|error| broken(app, ask, &error))?,
        None => None,
    };
    let title = voice.say("invitation-title");
    let Some(account) = account else {
        let body = html! {
            h1 { (voice.say("invitation-none")) }
            p { (voice.say("invitation-none-help")) }
            p class="ways" { a class="button" href=(ask.to("/dang-nhap", &[])) { (voice.say("who-sign-in")) } }
        };
        let page = draw(app, ask, &voice.say("invitation-none"), &body);
        return Ok((StatusCode::GONE, page).into_response());
    };
    let help = voice.say_with("password-help", &[("count", SHORTEST.to_string().into())]);
    let body = html! {
        h1 { (title) }
        p { (voice.say_with("invitation-for", &[("title", account.title.as_str().into()), ("name", account.name.as_str().into())])) }
        (alert(problem))
        form class="sheet-form" method="post" action=(ask.to(&format!("/moi/{link}"), &[])) {
            (token_field(ask))
            // Programs that keep passwords ask for the name beside it.
            input class="hidden" type="text" name="ten" value=(account.name) autocomplete="username" readonly tabindex="-1" aria-hidden="true";
            (new_password_fields(voice, &help))
            p { button type="submit" { (voice.say("invitation-button")) } }
        }
        (openid::button(entrance, voice, "openid-take-up", &ask.to(&format!("/moi/{link}/dinh-danh"), &[])))
    };
    Ok(draw(app, ask, &title, &body))
}

/// The two fields of a new password.
pub(crate) fn new_password_fields(voice: Voice, help: &str) -> Markup {
    html! {
        (field("moi", &voice.say("password-new"), Some(help), &html! {
            input type="password" id="moi" name="moi" autocomplete="new-password" required minlength=(SHORTEST)
                maxlength="128" aria-describedby="moi-giup";
        }))
        (field("lai", &voice.say("password-again"), None, &html! {
            input type="password" id="lai" name="lai" autocomplete="new-password" required minlength=(SHORTEST) maxlength="128";
        }))
    }
}

/// The new password, where it was typed twice alike.
pub(crate) fn new_password(form: &Fields, language: Language) -> Result<String, String> {
    if form.raw("moi") == form.raw("lai") {
        Ok(form.raw("moi").to_owned())
    } else {
        Err(Voice(language).say("password-differs"))
    }
}

async fn take_up(
    State(app): State<App>,
    Id(link): Id,
    visit: Visit,
    ask: Ask,
    form: Fields,
) -> PageResult {
    let entrance = entrance(&app, &ask)?;
    let new = match new_password(&form, ask.language) {
        Ok(new) => new,
        Err(problem) => {
            let page = draw_invitation(&app, &ask, &link, Some(&problem)).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let Some(token) = Token::parse(&link) else {
        return draw_invitation(&app, &ask, &link, None).await;
    };
    let edge = &entrance.edge;
    let (at, fresh) = ((edge.now)(), edge.token());
    let chance = (&fresh, edge.bytes(), (edge.filing_id)(at));
    match identity::take_up(&entrance.store, visit.at(at), (&token, new), chance).await {
        Ok(SessionStage::Whole) => Ok(enter(entrance, &fresh, &ask.to("/tai-khoan", &[]))),
        Ok(SessionStage::Halfway) => {
            Ok(enter(entrance, &fresh, &ask.to("/dang-nhap/xac-thuc", &[])))
        }
        Err(error) => {
            let (status, problem) = told(&app, &ask, error)?;
            let page = draw_invitation(&app, &ask, &link, Some(&problem)).await?;
            Ok((status, page).into_response())
        }
    }
}
