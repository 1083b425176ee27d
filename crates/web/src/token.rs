//! Tokens for programs: one's own, made, shown once, listed, taken back; and those of an account that one is in charge of.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use hoptac_model::account::AccountName;
use hoptac_office::token::{self, DAYS_MAX, DAYS_USUAL, Wish, WishError};
use hoptac_store::{TokenKind, TokenOnFile};
use maud::{Markup, html};

use crate::account::{moment, own};
use crate::administration::must_be_in_charge;
use crate::api::bearer::fresh;
use crate::app::App;
use crate::door::see;
use crate::entrance::{alert, broken, draw, entrance, field};
use crate::error::PageResult;
use crate::form::Fields;
use crate::language::Voice;
use crate::page::token_field;
use crate::query::{Ask, Id};
use crate::routes::{Need, Routes};

const OWN: &str = "/tai-khoan/ma-truy-cap";

/// The addresses of this file.
pub(crate) fn routes(routes: Routes) -> Routes {
    use hoptac_model::filing::FilingKind;
    routes
        .get(OWN, Need::Account, page)
        .post(OWN, Need::Account, make)
        .post("/tai-khoan/ma-truy-cap/thu-hoi", Need::Account, revoke_own)
        .post(
            "/quan-tri/tai-khoan/{name}/ma-truy-cap",
            Need::File(FilingKind::AccountLock),
            revoke_of_account,
        )
}

/// `/tai-khoan/ma-truy-cap`
async fn page(State(app): State<App>, ask: Ask) -> PageResult {
    draw_page(&app, &ask, &Fields::default(), None).await
}

async fn draw_page(app: &App, ask: &Ask, typed: &Fields, problem: Option<&str>) -> PageResult {
    let (entrance, own) = (entrance(app, ask)?, own(app, ask)?);
    let voice = Voice(ask.language);
    let found = entrance.store.tokens(Some(&own.account.name)).await;
    let tokens = found.map_err(|error| broken(app, ask, &error))?;
    let title = voice.say("tokens-title");
    let usual = DAYS_USUAL.to_string();
    let days = typed.given("ngay").unwrap_or(&usual);
    let permissions = typed.given("quyen").unwrap_or("read.*");
    let saved = ask.value("da").map(|_| voice.say("account-saved"));
    let body = html! {
        p class="over" { a href=(ask.to("/tai-khoan", &[])) { (own.account.title) } }
        h1 { (title) }
        p { (voice.say("tokens-intro")) " " a href=(ask.to("/api/v1/", &[])) { (voice.say("api-heading")) } }
        (alert(problem))
        @if let Some(saved) = saved { p class="saved" role="status" { (saved) } }
        section {
            h2 { (voice.say("tokens-own")) }
            (table(app, ask, &tokens, &ask.to("/tai-khoan/ma-truy-cap/thu-hoi", &[])))
        }
        section {
            h2 { (voice.say("tokens-new")) }
            form class="sheet-form" method="post" action=(ask.to(OWN, &[])) {
                (token_field(ask))
                (field("ten", &voice.say("tokens-label"), Some(&voice.say("tokens-label-help")), &html! {
                    input type="text" id="ten" name="ten" required maxlength="80" value=(typed.get("ten"));
                }))
                (field("loai", &voice.say("tokens-kind"), None, &html! {
                    select id="loai" name="loai" {
                        option value="personal" selected[typed.get("loai") != "client"] { (voice.say("tokens-personal")) }
                        option value="client" selected[typed.get("loai") == "client"] { (voice.say("tokens-client")) }
                    }
                }))
                (field("quyen", &voice.say("tokens-permissions"), Some(&voice.say("tokens-permissions-help")), &html! {
                    input type="text" id="quyen" name="quyen" required maxlength="2000" value=(permissions) spellcheck="false" autocapitalize="off";
                }))
                (field("ngay", &voice.say("tokens-days"), None, &html! {
                    input type="number" id="ngay" name="ngay" required min="1" max=(DAYS_MAX) value=(days);
                }))
                p { button type="submit" { (voice.say("tokens-make")) } }
            }
            details class="more-form" {
                summary { (voice.say("tokens-words")) }
                p class="help" { code { (token::known().join(" ")) } }
            }
        }
    };
    Ok(draw(app, ask, &title, &body))
}

/// Tokens as a table, each with the button that takes it back.
pub(crate) fn table(app: &App, ask: &Ask, tokens: &[TokenOnFile], action: &str) -> Markup {
    let voice = Voice(ask.language);
    let now = (app.edge().now)();
    html! {
        @if tokens.is_empty() {
            p class="soft" { (voice.say("tokens-none")) }
        } @else {
            table class="list" {
                thead { tr {
                    th scope="col" { (voice.say("tokens-label")) }
                    th scope="col" { (voice.say("tokens-permissions")) }
                    th scope="col" { (voice.say("tokens-made")) }
                    th scope="col" { (voice.say("tokens-used")) }
                    th scope="col" { (voice.say("tokens-ends")) }
                    th scope="col" { span class="hidden" { (voice.say("tokens-revoke")) } }
                } }
                tbody {
                    @for token in tokens {
                        @let is_good = token.revoked_at.is_none() && now < token.expires_at;
                        tr class=[(!is_good).then_some("out")] {
                            th scope="row" class="label" {
                                (token.label) br;
                                span class="soft" { code { (token.id) } " · " (voice.say(if token.kind == TokenKind::Client { "tokens-client" } else { "tokens-personal" })) }
                            }
                            td data-label=(voice.say("tokens-permissions")) { code { (token.permissions) } }
                            td data-label=(voice.say("tokens-made")) { (moment(token.made_at, ask.language)) }
                            td data-label=(voice.say("tokens-used")) {
                                (token.used_at.map_or_else(|| voice.say("tokens-never"), |at| moment(at, ask.language)))
                            }
                            td data-label=(voice.say("tokens-ends")) {
                                @if let Some(at) = token.revoked_at {
                                    (voice.say_with("tokens-revoked", &[("at", moment(at, ask.language).into())]))
                                } @else { (moment(token.expires_at, ask.language)) }
                            }
                            td {
                                @if is_good {
                                    form method="post" action=(action) {
                                        (token_field(ask))
                                        input type="hidden" name="ma" value=(token.id);
                                        button type="submit" class="plain-button" aria-label={ (voice.say("tokens-revoke")) ": " (token.label) } { (voice.say("tokens-revoke")) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

async fn make(State(app): State<App>, ask: Ask, form: Fields) -> PageResult {
    let (entrance, own) = (entrance(&app, &ask)?, own(&app, &ask)?);
    let voice = Voice(ask.language);
    let wish = Wish {
        account: own.account.name.clone(),
        kind: if form.get("loai") == "client" { TokenKind::Client } else { TokenKind::Personal },
        label: form.get("ten").to_owned(),
        permissions: form.get("quyen").to_owned(),
        days: form.get("ngay").parse().unwrap_or(0),
    };
    let (secret, id) = fresh(&app);
    let made = match token::make(&entrance.store, wish, (&secret, id), (entrance.edge.now)()).await
    {
        Ok(made) => made,
        Err(WishError::Store(error)) => return Err(broken(&app, &ask, &error)),
        Err(WishError::Invalid(_, sentence)) => {
            let page = draw_page(&app, &ask, &form, Some(sentence.get(ask.language))).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let title = voice.say("tokens-made-title");
    let is_client = made.token.kind == TokenKind::Client;
    let body = html! {
        p class="over" { a href=(ask.to(OWN, &[])) { (voice.say("tokens-title")) } }
        h1 { (title) }
        p class="caution" { (voice.say("tokens-once")) }
        dl class="facts" {
            @if is_client { div { dt { "client_id" } dd { code { (made.token.id) } } } }
            div { dt { (voice.say(if is_client { "tokens-secret" } else { "tokens-token" })) } dd { code class="hash" { (made.shown) } } }
            div { dt { (voice.say("tokens-permissions")) } dd { code { (made.token.permissions) } } }
            div { dt { (voice.say("tokens-ends")) } dd { (moment(made.token.expires_at, ask.language)) } }
        }
        p { a class="button" href=(ask.to(OWN, &[])) { (voice.say("tokens-kept")) } }
    };
    Ok(draw(&app, &ask, &title, &body))
}

async fn revoke_own(State(app): State<App>, ask: Ask, form: Fields) -> PageResult {
    let own = own(&app, &ask)?;
    revoke(&app, &ask, &own.account.name, form.get("ma")).await?;
    Ok(see(&ask.to(OWN, &[("da", "1")])))
}

async fn revoke_of_account(
    State(app): State<App>,
    Id(name): Id,
    ask: Ask,
    form: Fields,
) -> PageResult {
    let name = AccountName(name);
    must_be_in_charge(&app, &ask, entrance(&app, &ask)?, &name).await?;
    revoke(&app, &ask, &name, form.get("ma")).await?;
    Ok(see(&ask.to(&format!("/quan-tri/tai-khoan/{name}"), &[("da", "1")])))
}

/// Takes a token of an account back; one of another's is left alone.
async fn revoke(
    app: &App,
    ask: &Ask,
    account: &AccountName,
    id: &str,
) -> Result<(), crate::error::PageError> {
    let entrance = entrance(app, ask)?;
    let found = entrance.store.find_token(id).await.map_err(|error| broken(app, ask, &error))?;
    if found.is_some_and(|token| token.account == *account) {
        let at = (entrance.edge.now)();
        entrance.store.revoke_token(id, at).await.map_err(|error| broken(app, ask, &error))?;
    }
    Ok(())
}
