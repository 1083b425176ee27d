//! One's own account: what it may do, password, second factor, sessions, and for whom others sign.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hoptac_model::account::{AccountName, Grant, SignsFor};
use hoptac_model::date;
use hoptac_model::filing::account::{AccountAct, Delegation, DelegationEnd};
use hoptac_model::filing::reform::Decision;
use hoptac_model::filing::{Body, Draft, Hash, Origin, Subject};
use hoptac_model::text::Language;
use hoptac_office::authority::Actor;
use hoptac_office::password::SHORTEST;
use hoptac_office::{Refusal, Role, identity};
use jiff::Timestamp;
use jiff::tz::Offset;
use maud::{Markup, PreEscaped, html};
use qrcode::{Color, EcLevel, QrCode};

use crate::app::{App, Published};
use crate::door::{Entrance, SignedIn, Visit, see};
use crate::entrance::{
    alert, broken, draw, enter, entrance, field, new_password, new_password_fields, told,
};
use crate::error::{PageError, PageResult};
use crate::form::Fields;
use crate::language::Voice;
use crate::openid;
use crate::page::token_field;
use crate::query::Ask;
use crate::routes::{Need, Routes};

/// The addresses of this file.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get("/tai-khoan", Need::Account, page)
        .post("/tai-khoan/mat-khau", Need::Account, change_password)
        .get("/tai-khoan/xac-thuc", Need::Account, factor_page)
        .post("/tai-khoan/xac-thuc", Need::Account, set_factor)
        .post("/tai-khoan/xac-thuc/bo", Need::Account, drop_factor)
        .post("/tai-khoan/phien", Need::Account, end_session)
        .post("/tai-khoan/phien/tat-ca", Need::Account, end_all_sessions)
        .post("/tai-khoan/uy-quyen", Need::Account, delegate)
        .post("/tai-khoan/uy-quyen/thoi", Need::Account, end_delegation)
}

/// The visitor's own account. The table of routes lets nobody else come here.
pub(crate) fn own<'a>(app: &App, ask: &'a Ask) -> Result<&'a SignedIn, PageError> {
    let signed_in = ask.visitor.signed_in.as_ref();
    signed_in.ok_or_else(|| PageError::sign_in_first(app, ask.clone()))
}

async fn page(State(app): State<App>, ask: Ask) -> PageResult {
    draw_page(&app, &ask, None).await
}

async fn draw_page(app: &App, ask: &Ask, problem: Option<&str>) -> PageResult {
    let (entrance, own) = (entrance(app, ask)?, own(app, ask)?);
    let voice = Voice(ask.language);
    let (published, day) = (app.published(), app.today());
    let account = &own.account;
    let store = &entrance.store;
    let broken = |error: hoptac_store::Error| broken(app, ask, &error);
    let credential = store.credential(&account.name).await.map_err(broken)?;
    let sessions = store.sessions(Some(&account.name)).await.map_err(broken)?;
    let accounts = store.accounts().await.map_err(broken)?;
    let given: Vec<_> = accounts
        .iter()
        .flat_map(|other| other.delegations.iter().map(move |delegation| (other, delegation)))
        .filter(|(_, delegation)| delegation.of == account.name && delegation.to >= day)
        .collect();
    let title = voice.say("account-title");
    let help = voice.say_with("password-help", &[("count", SHORTEST.to_string().into())]);
    let saved = ask.value("da").map(|_| voice.say("account-saved"));
    let body = html! {
        p class="over" { (account.name) }
        h1 { (account.title) }
        (alert(problem))
        @if let Some(saved) = saved { p class="saved" role="status" { (saved) } }
        section {
            h2 { (voice.say("account-roles")) }
            ul class="ruled" {
                @for grant in account.grants_on(day) { li { (grant_words(grant, &published, ask.language)) } }
                @for delegation in account.delegations_on(day) {
                    li class="stacked" {
                        p { strong { (delegation.form.letters()) " " (delegation.of) } " — " (delegation.form.words().get(ask.language)) }
                        p class="soft" { (period(voice, delegation.from, Some(delegation.to))) " · " (decision_words(voice, &delegation.decision)) }
                    }
                }
            }
            @if account.grants_on(day).next().is_none() { p class="soft" { (voice.say("account-no-role")) } }
        }
        section {
            h2 { (voice.say("account-sessions")) }
            table class="list" {
                thead { tr {
                    th { (voice.say("session-browser")) } th { (voice.say("session-started")) } th { (voice.say("session-seen")) } th { span class="hidden" { (voice.say("session-act")) } }
                } }
                tbody {
                    @for session in &sessions {
                        tr {
                            th scope="row" class="label" { (browser_words(&session.browser)) @if session.hash == own.session.hash { " " span class="soft" { (voice.say("session-this")) } } }
                            td data-label=(voice.say("session-started")) { (moment(session.started_at, ask.language)) }
                            td data-label=(voice.say("session-seen")) { (moment(session.seen_at, ask.language)) }
                            td {
                                @if session.hash != own.session.hash {
                                    form method="post" action=(ask.to("/tai-khoan/phien", &[])) {
                                        (token_field(ask))
                                        input type="hidden" name="phien" value=(session.hash);
                                        button type="submit" class="plain-button" aria-label={ (voice.say("session-end")) ": " (browser_words(&session.browser)) } { (voice.say("session-end")) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            form method="post" action=(ask.to("/tai-khoan/phien/tat-ca", &[])) {
                (token_field(ask))
                p class="ways" { button type="submit" class="plain-button" { (voice.say("session-end-all")) } }
            }
        }
        section {
            h2 { (voice.say("tokens-title")) }
            p { (voice.say("tokens-intro")) }
            p { a class="button" href=(ask.to("/tai-khoan/ma-truy-cap", &[])) { (voice.say("tokens-new")) } }
        }
        section {
            h2 { (voice.say("account-password")) }
            @if let Some(at) = credential.changed_at { p class="soft" { (voice.say_with("password-changed", &[("at", moment(at, ask.language).into())])) } }
            @if credential.password_hash.is_some() {
                form class="sheet-form" method="post" action=(ask.to("/tai-khoan/mat-khau", &[])) {
                    (token_field(ask))
                    (field("cu", &voice.say("password-old"), None, &html! {
                        input type="password" id="cu" name="cu" autocomplete="current-password" required maxlength="200";
                    }))
                    (new_password_fields(voice, &help))
                    p { button type="submit" { (voice.say("password-button")) } }
                }
            } @else {
                p class="soft" { (voice.say("password-none")) }
            }
        }
        section {
            h2 { (voice.say("account-factor")) }
            @if credential.totp_sealed.is_some() {
                p { (voice.say_with("factor-is-on", &[("count", credential.recovery_codes.to_string().into())])) }
                form class="sheet-form" method="post" action=(ask.to("/tai-khoan/xac-thuc/bo", &[])) {
                    (token_field(ask))
                    (field("mat_khau_bo", &voice.say("password-old"), None, &html! {
                        input type="password" id="mat_khau_bo" name="mat_khau_bo" autocomplete="current-password" required maxlength="200";
                    }))
                    p { button type="submit" class="plain-button" { (voice.say("factor-drop")) } }
                }
            } @else {
                p { (voice.say("factor-is-off")) }
            }
            p { a class="button" href=(ask.to("/tai-khoan/xac-thuc", &[])) { (voice.say("factor-set")) } }
        }
        (openid::section(entrance, ask, credential.bound_at.map(|at| moment(at, ask.language)), credential.password_hash.is_some()))
        @if own.actors.iter().any(|actor| actor.acting_for.is_none() && actor.role != Role::Cooperative) {
            section {
                h2 { (voice.say("account-delegations")) }
                @if given.is_empty() { p class="soft" { (voice.say("delegation-none")) } }
                ul class="ruled" {
                    @for (other, delegation) in &given {
                        li {
                            span { strong { (other.title) } " " (delegation.form.letters()) " — " (period(voice, delegation.from, Some(delegation.to))) " · " (decision_words(voice, &delegation.decision)) }
                            form method="post" action=(ask.to("/tai-khoan/uy-quyen/thoi", &[])) {
                                (token_field(ask))
                                input type="hidden" name="ai" value=(other.name);
                                button type="submit" class="plain-button" aria-label={ (voice.say("delegation-end")) ": " (other.title) } { (voice.say("delegation-end")) }
                            }
                        }
                    }
                }
                form class="sheet-form" method="post" action=(ask.to("/tai-khoan/uy-quyen", &[])) {
                    (token_field(ask))
                    (field("ai", &voice.say("delegation-to"), None, &html! {
                        select id="ai" name="ai" required {
                            option value="" { (voice.say("choose")) }
                            @for other in accounts.iter().filter(|other| other.is_open() && other.name != account.name) {
                                option value=(other.name) { (other.title) " (" (other.name) ")" }
                            }
                        }
                    }))
                    (delegation_fields(voice))
                    p { button type="submit" { (voice.say("delegation-button")) } }
                }
            }
        }
    };
    Ok(draw(app, ask, &title, &body))
}

/// How, for how long and by which document somebody signs for another.
pub(crate) fn delegation_fields(voice: Voice) -> Markup {
    let day = |name: &str, key: &str| {
        field(
            name,
            &voice.say(key),
            None,
            &html! {
                input type="date" id=(name) name=(name) required;
            },
        )
    };
    let text = |name: &str, key: &str| {
        field(
            name,
            &voice.say(key),
            None,
            &html! {
                input type="text" id=(name) name=(name) required maxlength="200";
            },
        )
    };
    html! {
        (field("cach", &voice.say("delegation-form"), None, &html! {
            select id="cach" name="cach" required {
                @for form in SignsFor::ALL { option value=(form.code()) { (form.letters()) " " (form.words().get(voice.0)) } }
            }
        }))
        (day("tu", "delegation-from"))
        (day("den", "delegation-until"))
        (text("so", "delegation-number"))
        (day("ngay", "delegation-date"))
        (text("noi", "delegation-issuer"))
    }
}

/// The delegation that a form describes, with its first day; else what is wrong with the form.
pub(crate) fn delegation_of(
    form: &Fields,
    of: AccountName,
    language: Language,
) -> Result<(Delegation, jiff::civil::Date), String> {
    let voice = Voice(language);
    let day = |name: &str| {
        date::parse(form.get(name)).map_err(|_| {
            voice.say_with("form-bad-day", &[("text", form.get(name).to_owned().into())])
        })
    };
    let form_of = SignsFor::from_code(form.get("cach")).ok_or_else(|| voice.say("form-bad"))?;
    let decision = Decision {
        number: hoptac_model::text::nfc(form.get("so")),
        date: day("ngay")?,
        issuer: hoptac_model::text::nfc(form.get("noi")),
    };
    Ok((Delegation { of, form: form_of, to: day("den")?, decision }, day("tu")?))
}

/// A role with its scope, in words.
pub(crate) fn grant_words(grant: &Grant, published: &Published, language: Language) -> Markup {
    let (scope, places) = (&grant.scope, &published.places);
    let mut parts = Vec::new();
    if let Some(unit) = &scope.territory {
        let name = places.get(unit).map_or(unit.as_str(), |unit| unit.name.as_str());
        parts.push(format!("{name} ({unit})"));
    }
    parts.extend(scope.sector.map(|sector| sector.words().get(language).to_owned()));
    if let Some(agency) = &scope.agency {
        let known = published.pack.iter().flat_map(|pack| &pack.agencies);
        let name = known.into_iter().find(|known| known.id == *agency);
        parts.push(name.map_or(agency.as_str(), |known| known.name.get(language)).to_owned());
    }
    if let Some(id) = scope.organisation {
        let register = &published.register;
        let name = register.index_of(id).and_then(|index| register.organisation(index));
        parts.push(name.map_or_else(|| id.to_string(), |named| named.name.clone()));
    }
    html! {
        span { strong { (grant.role.words().get(language)) } @if !parts.is_empty() { " — " (parts.join("; ")) } }
    }
}

/// From when to when.
pub(crate) fn period(
    voice: Voice,
    from: jiff::civil::Date,
    to: Option<jiff::civil::Date>,
) -> String {
    let from = date::show(from, voice.0);
    match to {
        Some(to) => voice.say_with(
            "period-from-to",
            &[("from", from.into()), ("to", date::show(to, voice.0).into())],
        ),
        None => voice.say_with("period-from", &[("from", from.into())]),
    }
}

pub(crate) fn decision_words(voice: Voice, decision: &Decision) -> String {
    voice.say_with(
        "decision-line",
        &[
            ("number", decision.number.as_str().into()),
            ("day", date::show(decision.date, voice.0).into()),
            ("issuer", decision.issuer.as_str().into()),
        ],
    )
}

/// A moment as the clock in Viet Nam shows it.
pub(crate) fn moment(at: Timestamp, language: Language) -> String {
    let there = Offset::constant(7).to_datetime(at);
    format!("{:02}:{:02}, {}", there.hour(), there.minute(), date::show(there.date(), language))
}

/// What a browser is called, short enough to be recognised.
fn browser_words(agent: &str) -> String {
    const KNOWN: [(&str, &str); 6] = [
        ("Edg/", "Microsoft Edge"),
        ("coc_coc", "Cốc Cốc"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let of = |list: &[(&str, &'static str)]| {
        list.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    match (of(&KNOWN), of(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) if agent.is_empty() => "—".to_owned(),
        (None, None) => agent.chars().take(30).collect(),
    }
}

/// The account's page again, with what went wrong.
pub(crate) async fn again(app: &App, ask: &Ask, status: StatusCode, problem: &str) -> PageResult {
    Ok((status, draw_page(app, ask, Some(problem)).await?).into_response())
}

/// Back to the account's page, which says that it was done.
pub(crate) fn done(ask: &Ask) -> Response {
    see(&ask.to("/tai-khoan", &[("da", "1")]))
}

async fn change_password(
    State(app): State<App>,
    visit: Visit,
    ask: Ask,
    form: Fields,
) -> PageResult {
    let (entrance, own) = (entrance(&app, &ask)?, own(&app, &ask)?);
    let new = match new_password(&form, ask.language) {
        Ok(new) => new,
        Err(problem) => return again(&app, &ask, StatusCode::UNPROCESSABLE_ENTITY, &problem).await,
    };
    let Entrance { store, edge, .. } = entrance;
    let (fresh, typed) = (edge.token(), (form.raw("cu").to_owned(), new));
    let (visit, name) = (visit.at((edge.now)()), &own.account.name);
    match identity::change_password(store, name, typed, visit, &fresh, edge.bytes()).await {
        Ok(()) => Ok(enter(entrance, &fresh, &ask.to("/tai-khoan", &[("da", "1")]))),
        Err(error) => {
            let (status, problem) = told(&app, &ask, error)?;
            again(&app, &ask, status, &problem).await
        }
    }
}

async fn factor_page(State(app): State<App>, ask: Ask) -> PageResult {
    let entrance = entrance(&app, &ask)?;
    draw_factor(&app, &ask, entrance.edge.bytes(), None)
}

/// What a secret that is not set yet is sealed for, so that it can travel in the form and nowhere else.
fn setup_owner(name: &AccountName) -> String {
    format!("setup/{name}")
}

fn draw_factor(app: &App, ask: &Ask, secret: [u8; 20], problem: Option<&str>) -> PageResult {
    let (entrance, own) = (entrance(app, ask)?, own(app, ask)?);
    let voice = Voice(ask.language);
    let name = &own.account.name;
    let setup = identity::setup(name, secret);
    let sealed = entrance.key.seal(&setup_owner(name), entrance.edge.bytes(), &secret);
    let title = voice.say("factor-set");
    let body = html! {
        p class="over" { a href=(ask.to("/tai-khoan", &[])) { (own.account.title) } }
        h1 { (title) }
        (alert(problem))
        ol class="steps" {
            li {
                p { (voice.say("factor-scan")) }
                (qr(&setup.link, &voice.say("factor-picture")))
                p class="help" { (voice.say("factor-type")) " " code { (setup.secret) } }
            }
            li {
                form class="sheet-form" method="post" action=(ask.to("/tai-khoan/xac-thuc", &[])) {
                    (token_field(ask))
                    input type="hidden" name="niem_phong" value=(sealed);
                    (field("ma", &voice.say("factor-first-code"), None, &html! {
                        input type="text" id="ma" name="ma" inputmode="numeric" autocomplete="one-time-code" required maxlength="10";
                    }))
                    p { button type="submit" { (voice.say("factor-turn-on")) } }
                }
            }
        }
    };
    Ok(draw(app, ask, &title, &body))
}

/// A text as a picture for cameras: dark on light whatever the page looks like, or cameras would not read it.
fn qr(text: &str, title: &str) -> Markup {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return html! {} };
    let width = code.width();
    let mut path = String::new();
    for (index, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (index % width + 4, index / width + 4);
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    let side = width + 8;
    html! {
        svg class="qr" role="img" viewBox={ "0 0 " (side) " " (side) } width="220" height="220" shape-rendering="crispEdges" {
            title { (title) }
            rect width=(side) height=(side) fill="#fff" {}
            path d=(PreEscaped(path)) fill="#000" {}
        }
    }
}

async fn set_factor(State(app): State<App>, ask: Ask, form: Fields) -> PageResult {
    let (entrance, own) = (entrance(&app, &ask)?, own(&app, &ask)?);
    let name = &own.account.name;
    let opened = entrance.key.open(&setup_owner(name), form.get("niem_phong"));
    let Some(secret) = opened.and_then(|bytes| <[u8; 20]>::try_from(bytes).ok()) else {
        return Ok(see(&ask.to("/tai-khoan/xac-thuc", &[])));
    };
    let Entrance { store, key, edge, .. } = entrance;
    let chance = (edge.bytes(), edge.bytes());
    let typed = (secret, form.get("ma"));
    match identity::set_second_factor(store, key, name, typed, (edge.now)(), chance).await {
        Ok(codes) => {
            let voice = Voice(ask.language);
            let title = voice.say("factor-codes");
            let body = html! {
                h1 { (title) }
                p { (voice.say("factor-codes-help")) }
                ul class="codes" { @for code in &codes { li { code { (code) } } } }
                p class="ways" { a class="button" href=(ask.to("/tai-khoan", &[("da", "1")])) { (voice.say("factor-codes-kept")) } }
            };
            Ok(draw(&app, &ask, &title, &body))
        }
        Err(error) => {
            let (status, problem) = told(&app, &ask, error)?;
            Ok((status, draw_factor(&app, &ask, secret, Some(&problem))?).into_response())
        }
    }
}

async fn drop_factor(State(app): State<App>, ask: Ask, form: Fields) -> PageResult {
    let (entrance, own) = (entrance(&app, &ask)?, own(&app, &ask)?);
    let (typed, at) = (form.raw("mat_khau_bo").to_owned(), (entrance.edge.now)());
    let name = &own.account.name;
    match identity::drop_second_factor(&entrance.store, name, typed, at).await {
        Ok(()) => Ok(done(&ask)),
        Err(error) => {
            let (status, problem) = told(&app, &ask, error)?;
            again(&app, &ask, status, &problem).await
        }
    }
}

async fn end_session(State(app): State<App>, ask: Ask, form: Fields) -> PageResult {
    let (entrance, own) = (entrance(&app, &ask)?, own(&app, &ask)?);
    let hash = Hash::parse(form.get("phien"));
    let ended = match hash {
        Some(hash) => identity::end_own_session(&entrance.store, &own.account.name, hash).await,
        None => Ok(()),
    };
    ended.map_err(|error| broken(&app, &ask, &error))?;
    Ok(done(&ask))
}

async fn end_all_sessions(State(app): State<App>, ask: Ask) -> PageResult {
    let (entrance, own) = (entrance(&app, &ask)?, own(&app, &ask)?);
    let kept = Some(own.session.hash);
    let ended = identity::sign_out_everywhere(&entrance.store, &own.account.name, kept).await;
    ended.map_err(|error| broken(&app, &ask, &error))?;
    Ok(done(&ask))
}

async fn delegate(State(app): State<App>, ask: Ask, form: Fields) -> PageResult {
    let own = own(&app, &ask)?;
    let described = delegation_of(&form, own.account.name.clone(), ask.language);
    let (delegation, from) = match described {
        Ok(described) => described,
        Err(problem) => return again(&app, &ask, StatusCode::UNPROCESSABLE_ENTITY, &problem).await,
    };
    file_own(&app, &ask, form.get("ai"), AccountAct::Delegate(delegation), from).await
}

async fn end_delegation(State(app): State<App>, ask: Ask, form: Fields) -> PageResult {
    let own = own(&app, &ask)?;
    let end = DelegationEnd { of: own.account.name.clone(), reason: String::new() };
    file_own(&app, &ask, form.get("ai"), AccountAct::EndDelegation(end), app.today()).await
}

/// Files something about another account in one's own name.
async fn file_own(
    app: &App,
    ask: &Ask,
    about: &str,
    act: AccountAct,
    on: jiff::civil::Date,
) -> PageResult {
    let (entrance, own) = (entrance(app, ask)?, own(app, ask)?);
    let actor = own.actors.iter().find(|actor| actor.acting_for.is_none());
    let (Some(actor), Some(about)) = (actor, AccountName::parse(about)) else {
        let problem = Voice(ask.language).say("form-bad");
        return again(app, ask, StatusCode::UNPROCESSABLE_ENTITY, &problem).await;
    };
    match file(entrance, actor, &about, act, on).await {
        Ok(()) => Ok(done(ask)),
        Err(Refusal::Store(error)) => Err(broken(app, ask, &error)),
        Err(refusal) => {
            let problem = refusal_words(&refusal, ask.language);
            again(app, ask, StatusCode::UNPROCESSABLE_ENTITY, &problem).await
        }
    }
}

/// Files something about an account, effective on a day.
pub(crate) async fn file(
    entrance: &Entrance,
    actor: &Actor,
    about: &AccountName,
    act: AccountAct,
    effective_on: jiff::civil::Date,
) -> Result<(), Refusal> {
    let at = (entrance.edge.now)();
    let draft = Draft {
        id: (entrance.edge.filing_id)(at),
        recorded_at: at,
        effective_on,
        actor: actor.signature(),
        subject: Subject::account(about),
        expected_version: None,
        origin: Origin::Live,
        key: None,
        body: Body::Account(act),
    };
    hoptac_office::accept(&entrance.store, actor, draft).await.map(|_| ())
}

/// What a refusal says: each finding with its remedy, or the refusal's own sentence.
pub(crate) fn refusal_words(refusal: &Refusal, language: Language) -> String {
    let errors = refusal.findings().iter().filter(|finding| finding.is_error());
    let words: Vec<String> = errors
        .map(|finding| {
            let (message, remedy) = (finding.message.get(language), finding.remedy.get(language));
            format!("{message}; {remedy}.")
        })
        .collect();
    if words.is_empty() { refusal.sentence().get(language).to_owned() } else { words.join(" ") }
}
