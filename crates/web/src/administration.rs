//! Administration: accounts with their roles, scopes and delegations, who is signed in, what was filed, which packs are in
//! force. Everything is a form that works without a script.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hoptac_model::account::{Account, AccountName, AccountState, Grant, Role, Scope};
use hoptac_model::date;
use hoptac_model::filing::account::{AccountAct, DelegationEnd, Invitation, Revocation};
use hoptac_model::filing::{Filing, FilingKind, Reason, Subject};
use hoptac_model::number;
use hoptac_model::organisation::Sector;
use hoptac_model::text::{Language, nfc};
use hoptac_model::unit::Places;
use hoptac_office::authority::Reading;
use hoptac_office::identity::{self, LinkFactor};
use hoptac_office::{Refusal, account as rules};
use hoptac_store::{LedgerQuestion, Session};
use jiff::civil::Date;
use maud::{Markup, html};

use crate::account::{
    decision_words, delegation_fields, delegation_of, file, grant_words, moment, period,
    refusal_words,
};
use crate::app::{App, Published};
use crate::door::{Entrance, see};
use crate::entrance::{alert, broken, draw, entrance, field};
use crate::error::{PageError, PageResult};
use crate::form::Fields;
use crate::language::Voice;
use crate::page::token_field;
use crate::query::{Ask, Id};
use crate::routes::{Need, Routes};
use crate::token;

/// How many filings a page of the audit trail shows.
const PAGE: usize = 50;

/// The addresses of this file.
pub(crate) fn routes(routes: Routes) -> Routes {
    let accounts = Need::Read(Reading::Accounts);
    routes
        .get("/quan-tri", accounts, list)
        .post("/quan-tri/moi", Need::File(FilingKind::AccountInvite), invite)
        .get("/quan-tri/tai-khoan/{name}", accounts, show)
        .post("/quan-tri/tai-khoan/{name}/cap", Need::File(FilingKind::AccountGrant), grant)
        .post("/quan-tri/tai-khoan/{name}/thu-hoi", Need::File(FilingKind::AccountRevoke), revoke)
        .post(
            "/quan-tri/tai-khoan/{name}/uy-quyen",
            Need::File(FilingKind::AccountDelegate),
            delegate,
        )
        .post(
            "/quan-tri/tai-khoan/{name}/thoi-uy-quyen",
            Need::File(FilingKind::AccountEndDelegation),
            end_delegation,
        )
        .post("/quan-tri/tai-khoan/{name}/khoa", Need::File(FilingKind::AccountLock), lock)
        .post("/quan-tri/tai-khoan/{name}/mo-khoa", Need::File(FilingKind::AccountUnlock), unlock)
        .post("/quan-tri/tai-khoan/{name}/dong", Need::File(FilingKind::AccountClose), close)
        .post("/quan-tri/tai-khoan/{name}/lien-ket", Need::File(FilingKind::AccountUnlock), link)
        .post("/quan-tri/tai-khoan/{name}/phien", Need::File(FilingKind::AccountLock), end_sessions)
        .get("/quan-tri/phien", accounts, sessions)
        .get("/quan-tri/so-cai", Need::Read(Reading::Ledger), ledger)
        .get("/quan-tri/goi", accounts, packs)
}

/// The parts of administration, with where we are.
fn parts(ask: &Ask, here: &str) -> Markup {
    let voice = Voice(ask.language);
    let entry = |path: &str, key: &str| {
        html! { a href=(ask.to(path, &[])) aria-current=[(here == path).then_some("page")] { (voice.say(key)) } }
    };
    html! {
        nav class="choice" aria-label=(voice.say("admin-title")) {
            (entry("/quan-tri", "admin-accounts"))
            (entry("/quan-tri/phien", "admin-sessions"))
            @if ask.visitor.may_read(Reading::Ledger) { (entry("/quan-tri/so-cai", "admin-ledger")) }
            (entry("/quan-tri/goi", "admin-packs"))
        }
    }
}

/// The accounts that the visitor has charge of: an account of somebody else's is as one that does not exist.
async fn in_charge(app: &App, ask: &Ask, entrance: &Entrance) -> Result<Vec<Account>, PageError> {
    let actors = ask.visitor.actors();
    let found = rules::in_charge(&entrance.store, actors, app.today()).await;
    found.map_err(|error| broken(app, ask, &error))
}

async fn list(State(app): State<App>, ask: Ask) -> PageResult {
    draw_list(&app, &ask, &Fields::default(), None).await
}

async fn draw_list(app: &App, ask: &Ask, typed: &Fields, problem: Option<&str>) -> PageResult {
    let entrance = entrance(app, ask)?;
    let voice = Voice(ask.language);
    let (published, day) = (app.published(), app.today());
    let accounts = in_charge(app, ask, entrance).await?;
    let title = voice.say("admin-title");
    let count = whole(accounts.len(), ask.language);
    let body = html! {
        h1 { (title) }
        (parts(ask, "/quan-tri"))
        (alert(problem))
        section {
            h2 { (voice.say_with("admin-count", &[("count", count.into())])) }
            table class="list accounts" {
                thead { tr {
                    th { (voice.say("admin-account")) } th { (voice.say("admin-role")) } th { (voice.say("admin-state")) }
                } }
                tbody {
                    @for account in &accounts {
                        tr {
                            th scope="row" class="label" {
                                a href=(ask.to(&format!("/quan-tri/tai-khoan/{}", account.name), &[])) { (account.title) }
                                " " span class="id" { (account.name) }
                            }
                            td class="words" {
                                @for grant in account.grants_on(day) { div { (grant_words(grant, &published, ask.language)) } }
                                @for delegation in account.delegations_on(day) { div { (delegation.form.letters()) " " (delegation.of) } }
                            }
                            td data-label=(voice.say("admin-state")) { (account.state.words().get(ask.language)) }
                        }
                    }
                }
            }
        }
        section {
            h2 { (voice.say("invite-title")) }
            p class="help" { (voice.say("invite-help")) }
            form class="sheet-form" method="post" action=(ask.to("/quan-tri/moi", &[])) {
                (token_field(ask))
                (field("ten", &voice.say("admin-account"), Some(&voice.say("invite-name-help")), &html! {
                    input type="text" id="ten" name="ten" value=(typed.get("ten")) required maxlength="40" spellcheck="false"
                        autocapitalize="none" autocomplete="off" aria-describedby="ten-giup";
                }))
                (field("chuc_danh", &voice.say("invite-post"), Some(&voice.say("invite-post-help")), &html! {
                    input type="text" id="chuc_danh" name="chuc_danh" value=(typed.get("chuc_danh")) required maxlength="200"
                        autocomplete="off" aria-describedby="chuc_danh-giup";
                }))
                (grant_fields(ask, &published, typed))
                p { button type="submit" { (voice.say("invite-button")) } }
            }
        }
    };
    Ok(draw(app, ask, &title, &body))
}

/// The fields of a role with its scope. Those that the visitor cannot give are named with who can.
fn grant_fields(ask: &Ask, published: &Published, typed: &Fields) -> Markup {
    let voice = Voice(ask.language);
    let gives = |role: Role| {
        ask.visitor.actors().iter().any(|actor| match actor.role {
            Role::Operator => true,
            Role::PlanOwner => role != Role::Operator,
            Role::Registrar => role == Role::Cooperative,
            Role::DepartmentOfficer
            | Role::Cooperative
            | Role::Leader
            | Role::Auditor
            | Role::Public => false,
        })
    };
    let roles = Role::ALL.into_iter().filter(|role| *role != Role::Public);
    let agencies = published.pack.iter().flat_map(|pack| &pack.agencies);
    html! {
        (field("vai_tro", &voice.say("admin-role"), Some(&voice.say("grant-role-help")), &html! {
            select id="vai_tro" name="vai_tro" required aria-describedby="vai_tro-giup" {
                @for role in roles {
                    option value=(role.code()) disabled[!gives(role)] selected[typed.get("vai_tro") == role.code()] {
                        (role.words().get(ask.language))
                    }
                }
            }
        }))
        (field("dia_ban", &voice.say("grant-territory"), Some(&voice.say("grant-territory-help")), &html! {
            input type="text" id="dia_ban" name="dia_ban" value=(typed.get("dia_ban")) maxlength="20" spellcheck="false"
                autocomplete="off" aria-describedby="dia_ban-giup";
        }))
        (field("co_quan", &voice.say("grant-agency"), None, &html! {
            select id="co_quan" name="co_quan" {
                option value="" { "—" }
                @for agency in agencies {
                    option value=(agency.id) selected[typed.get("co_quan") == agency.id] { (agency.name.get(ask.language)) }
                }
            }
        }))
        (field("linh_vuc", &voice.say("grant-sector"), None, &html! {
            select id="linh_vuc" name="linh_vuc" {
                option value="" { "—" }
                @for sector in [Sector::Agricultural, Sector::NonAgricultural] {
                    option value=(sector.code()) selected[typed.get("linh_vuc") == sector.code()] { (sector.words().get(ask.language)) }
                }
            }
        }))
        (field("to_chuc", &voice.say("grant-organisation"), Some(&voice.say("grant-organisation-help")), &html! {
            input type="text" id="to_chuc" name="to_chuc" value=(typed.get("to_chuc")) maxlength="40" spellcheck="false"
                autocomplete="off" aria-describedby="to_chuc-giup";
        }))
    }
}

/// The role and scope that a form describes; else what is wrong with the form.
async fn grant_of(
    app: &App,
    entrance: &Entrance,
    form: &Fields,
    language: Language,
) -> Result<Grant, String> {
    let voice = Voice(language);
    let role = Role::from_code(form.get("vai_tro")).ok_or_else(|| voice.say("form-bad"))?;
    let published = app.published();
    // People write codes; the grant keeps the identity of the unit that the code means today.
    let territory = form.given("dia_ban").map(|code| {
        let unit = published.places.find(code, app.today());
        unit.map_or_else(|| code.into(), |unit| unit.id.clone())
    });
    let organisation = match form.given("to_chuc") {
        None => None,
        Some(text) => {
            let id = match text.parse() {
                Ok(id) => Some(id),
                Err(_) => entrance.store.code_owner(text).await.ok().flatten(),
            };
            let unknown =
                || voice.say_with("form-no-organisation", &[("text", text.to_owned().into())]);
            Some(id.ok_or_else(unknown)?)
        }
    };
    let sector = form.given("linh_vuc").and_then(Sector::from_code);
    let agency = form.given("co_quan").map(str::to_owned);
    Ok(Grant { role, scope: Scope { territory, sector, agency, organisation } })
}

async fn invite(State(app): State<App>, ask: Ask, form: Fields) -> PageResult {
    let entrance = entrance(&app, &ask)?;
    let bad = StatusCode::UNPROCESSABLE_ENTITY;
    let Some(name) = AccountName::parse(form.get("ten")) else {
        let problem = Voice(ask.language).say("invite-bad-name");
        return Ok((bad, draw_list(&app, &ask, &form, Some(&problem)).await?).into_response());
    };
    let grant = match grant_of(&app, entrance, &form, ask.language).await {
        Ok(grant) => grant,
        Err(problem) => {
            return Ok((bad, draw_list(&app, &ask, &form, Some(&problem)).await?).into_response());
        }
    };
    let act =
        AccountAct::Invite(Invitation { title: nfc(form.get("chuc_danh")), grants: vec![grant] });
    match file_as_any(&ask, entrance, &name, &act, app.today()).await {
        Ok(()) => show_link(&app, &ask, entrance, &name, LinkFactor::Kept).await,
        Err(Refusal::Store(error)) => Err(broken(&app, &ask, &error)),
        Err(refusal) => {
            let problem = refusal_words(&refusal, ask.language);
            Ok((bad, draw_list(&app, &ask, &form, Some(&problem)).await?).into_response())
        }
    }
}

/// Files with the first of the visitor's roles that may and reaches there.
async fn file_as_any(
    ask: &Ask,
    entrance: &Entrance,
    about: &AccountName,
    act: &AccountAct,
    on: Date,
) -> Result<(), Refusal> {
    let kind = act.kind();
    let mut last = Refusal::NotAllowed { role: Role::Public, kind };
    for actor in ask.visitor.actors() {
        match file(entrance, actor, about, act.clone(), on).await {
            Err(refusal @ (Refusal::NotAllowed { .. } | Refusal::OutOfScope { .. })) => {
                last = refusal;
            }
            done => return done,
        }
    }
    Err(last)
}

/// Makes a one-time link and shows it, once.
async fn show_link(
    app: &App,
    ask: &Ask,
    entrance: &Entrance,
    name: &AccountName,
    factor: LinkFactor,
) -> PageResult {
    let voice = Voice(ask.language);
    let (at, token) = ((entrance.edge.now)(), entrance.edge.token());
    let mut made = Err(Refusal::NotAllowed { role: Role::Public, kind: FilingKind::AccountUnlock });
    for actor in ask.visitor.actors() {
        made = identity::make_link(&entrance.store, actor, name, &token, at, factor).await;
        if !matches!(made, Err(Refusal::NotAllowed { .. } | Refusal::OutOfScope { .. })) {
            break;
        }
    }
    match made {
        Ok(()) => {}
        Err(Refusal::Store(error)) => return Err(broken(app, ask, &error)),
        Err(refusal) => {
            let problem = refusal_words(&refusal, ask.language);
            let page = draw_account(app, ask, name, Some(&problem)).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    }
    let address = format!("/moi/{}", token.reveal());
    let shown = format!("{}{address}", entrance.origin.as_deref().unwrap_or_default());
    let until = moment(at + identity::LINK, ask.language);
    let title = voice.say("link-title");
    let body = html! {
        h1 { (title) }
        p { (voice.say_with("link-help", &[("name", name.as_str().into()), ("until", until.into())])) }
        p class="one-time-link" { code { (shown) } }
        p class="ways" {
            a class="button" href=(ask.to(&format!("/quan-tri/tai-khoan/{name}"), &[])) { (voice.say("link-done")) }
        }
    };
    Ok(draw(app, ask, &title, &body))
}

async fn show(State(app): State<App>, Id(name): Id, ask: Ask) -> PageResult {
    draw_account(&app, &ask, &AccountName(name), None).await
}

async fn draw_account(
    app: &App,
    ask: &Ask,
    name: &AccountName,
    problem: Option<&str>,
) -> PageResult {
    let entrance = entrance(app, ask)?;
    let voice = Voice(ask.language);
    let language = ask.language;
    let (published, day) = (app.published(), app.today());
    let accounts = in_charge(app, ask, entrance).await?;
    let Some(account) = accounts.iter().find(|account| account.name == *name) else {
        let heading = voice.say_with("error-no-account", &[("name", name.as_str().into())]);
        return Err(PageError::not_found(app, ask, heading, "", Vec::new()));
    };
    let store = &entrance.store;
    let subject = Subject::account(name);
    let filings = store.filings_about(&subject).await.map_err(|e| broken(app, ask, &e))?;
    let sessions = store.sessions(Some(name)).await.map_err(|e| broken(app, ask, &e))?;
    let credential = store.credential(name).await.map_err(|e| broken(app, ask, &e))?;
    let tokens = store.tokens(Some(name)).await.map_err(|e| broken(app, ask, &e))?;
    let path = |what: &str| ask.to(&format!("/quan-tri/tai-khoan/{name}/{what}"), &[]);
    let closed = account.state == AccountState::Closed;
    let may_delegate = ask.visitor.actors().iter().any(|actor| actor.role == Role::Operator);
    let saved = ask.value("da").map(|_| voice.say("account-saved"));
    let button = |what: &str, key: &str| {
        html! {
            form method="post" action=(path(what)) {
                (token_field(ask))
                button type="submit" class="plain-button" { (voice.say(key)) }
            }
        }
    };
    let body = html! {
        p class="over" { a href=(ask.to("/quan-tri", &[])) { (voice.say("admin-accounts")) } }
        h1 { (account.title) }
        p class="under" {
            (account.name) " · " (account.state.words().get(language)) " · "
            (voice.say_with("account-invited", &[("day", date::show(account.invited_on, language).into())]))
            @if credential.totp_sealed.is_some() { " · " (voice.say("account-has-factor")) }
        }
        (alert(problem))
        @if let Some(saved) = saved { p class="saved" role="status" { (saved) } }
        section {
            h2 { (voice.say("account-roles")) }
            ul class="ruled" {
                @for on_file in &account.grants {
                    li {
                        span { (grant_words(&on_file.grant, &published, language)) br; span class="soft" { (period(voice, on_file.from, on_file.to)) (ended(&published.places, &on_file.grant, day, voice)) } }
                        @if on_file.to.is_none() && !closed {
                            form method="post" action=(path("thu-hoi")) {
                                (token_field(ask))
                                (grant_hidden(&on_file.grant))
                                button type="submit" class="plain-button" aria-label={ (voice.say("grant-revoke")) ": " (on_file.grant.role.words().get(language)) } { (voice.say("grant-revoke")) }
                            }
                        }
                    }
                }
            }
            @if !closed {
                details class="more-form" {
                    summary { (voice.say("grant-title")) }
                    form class="sheet-form" method="post" action=(path("cap")) {
                        (token_field(ask))
                        (grant_fields(ask, &published, &Fields::default()))
                        p { button type="submit" { (voice.say("grant-button")) } }
                    }
                }
            }
        }
        section {
            h2 { (voice.say("tokens-of-account")) }
            (token::table(app, ask, &tokens, &path("ma-truy-cap")))
        }
        section {
            h2 { (voice.say("admin-delegations")) }
            @if account.delegations.is_empty() { p class="soft" { (voice.say("delegation-none")) } }
            ul class="ruled" {
                @for delegation in &account.delegations {
                    li {
                        span { strong { (delegation.form.letters()) " " (delegation.of) } " — " (period(voice, delegation.from, Some(delegation.to))) br; span class="soft" { (decision_words(voice, &delegation.decision)) } }
                        @if delegation.to >= day && !closed && may_delegate {
                            form method="post" action=(path("thoi-uy-quyen")) {
                                (token_field(ask))
                                input type="hidden" name="ai" value=(delegation.of);
                                button type="submit" class="plain-button" aria-label={ (voice.say("delegation-end")) ": " (delegation.of) } { (voice.say("delegation-end")) }
                            }
                        }
                    }
                }
            }
            @if may_delegate && !closed {
                details class="more-form" {
                    summary { (voice.say("delegation-button")) }
                    form class="sheet-form" method="post" action=(path("uy-quyen")) {
                        (token_field(ask))
                        (field("ai", &voice.say("delegation-of"), None, &html! {
                            select id="ai" name="ai" required {
                                option value="" { (voice.say("choose")) }
                                @for other in accounts.iter().filter(|other| other.is_open() && other.name != *name) {
                                    option value=(other.name) { (other.title) " (" (other.name) ")" }
                                }
                            }
                        }))
                        (delegation_fields(voice))
                        p { button type="submit" { (voice.say("delegation-button")) } }
                    }
                }
            } @else if !closed {
                p class="help" { (voice.say("delegation-whose")) }
            }
        }
        section {
            h2 { (voice.say("admin-acts")) }
            @if closed { p class="soft" { (voice.say("account-closed-help")) } }
            div class="acts" {
                @if account.is_open() {
                    (button("lien-ket", "act-link"))
                    @if credential.totp_sealed.is_some() {
                        form method="post" action=(path("lien-ket")) {
                            (token_field(ask))
                            input type="hidden" name="bo_xac_thuc" value="1";
                            button type="submit" class="plain-button" { (voice.say("act-link-drop")) }
                        }
                    }
                    @if !sessions.is_empty() { (button("phien", "act-end-sessions")) }
                    (button("khoa", "act-lock"))
                }
                @if account.state == AccountState::Locked { (button("mo-khoa", "act-unlock")) }
                @if !closed {
                    details class="more-form" {
                        summary { (voice.say("act-close")) }
                        form class="sheet-form" method="post" action=(path("dong")) {
                            (token_field(ask))
                            p class="help" { (voice.say("act-close-help")) }
                            (field("ly_do", &voice.say("reason"), None, &html! {
                                input type="text" id="ly_do" name="ly_do" required maxlength="200";
                            }))
                            p { button type="submit" { (voice.say("act-close")) } }
                        }
                    }
                }
            }
        }
        section {
            h2 { (voice.say("account-sessions")) }
            (session_table(&sessions, false, voice))
        }
        section {
            h2 { (voice.say("admin-history")) }
            (filing_table(&filings, ask))
        }
    };
    Ok(draw(app, ask, &account.title, &body))
}

/// That the territory of a grant has ended, where it has.
fn ended(places: &Places, grant: &Grant, day: Date, voice: Voice) -> Markup {
    let unit = grant.scope.territory.as_ref().and_then(|id| places.get(id));
    let last = unit.and_then(|unit| unit.valid_to).filter(|last| *last < day);
    html! {
        @if let Some(last) = last {
            " · " (voice.say_with("grant-ended", &[("day", date::show(last, voice.0).into())]))
        }
    }
}

/// A grant as a form carries it.
fn grant_hidden(Grant { role, scope }: &Grant) -> Markup {
    let organisation = scope.organisation.map(|id| id.to_string());
    html! {
        input type="hidden" name="vai_tro" value=(role.code());
        input type="hidden" name="dia_ban" value=(scope.territory.as_ref().map_or("", |unit| unit.as_str()));
        input type="hidden" name="co_quan" value=(scope.agency.as_deref().unwrap_or(""));
        input type="hidden" name="linh_vuc" value=(scope.sector.map_or("", |sector| sector.code()));
        input type="hidden" name="to_chuc" value=(organisation.unwrap_or_default());
    }
}

fn session_table(sessions: &[Session], names: bool, voice: Voice) -> Markup {
    html! {
        @if sessions.is_empty() { p class="soft" { (voice.say("session-none")) } }
        @else {
            table class="list" {
                thead { tr {
                    @if names { th { (voice.say("admin-account")) } }
                    th { (voice.say("session-started")) } th { (voice.say("session-seen")) }
                } }
                tbody {
                    @for session in sessions {
                        tr {
                            @if names { th scope="row" class="label" { (session.account) } }
                            td data-label=(voice.say("session-started")) { (moment(session.started_at, voice.0)) }
                            td data-label=(voice.say("session-seen")) { (moment(session.seen_at, voice.0)) }
                        }
                    }
                }
            }
        }
    }
}

/// The day and act that a form on an account's page asks for.
async fn act(app: &App, ask: &Ask, name: &str, act: AccountAct, on: Date) -> PageResult {
    let entrance = entrance(app, ask)?;
    let name = AccountName(name.to_owned());
    must_be_in_charge(app, ask, entrance, &name).await?;
    match file_as_any(ask, entrance, &name, &act, on).await {
        Ok(()) => {
            // Whoever is locked out, or has less than before, is asked who they are anew.
            if matches!(act, AccountAct::Lock(_) | AccountAct::Close(_)) {
                let ended = identity::sign_out_everywhere(&entrance.store, &name, None).await;
                ended.map_err(|error| broken(app, ask, &error))?;
            }
            Ok(done(ask, &name))
        }
        Err(Refusal::Store(error)) => Err(broken(app, ask, &error)),
        Err(refusal) => {
            let problem = refusal_words(&refusal, ask.language);
            let page = draw_account(app, ask, &name, Some(&problem)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

fn done(ask: &Ask, name: &AccountName) -> Response {
    see(&ask.to(&format!("/quan-tri/tai-khoan/{name}"), &[("da", "1")]))
}

/// An account that the visitor has no charge of does not exist for them.
pub(crate) async fn must_be_in_charge(
    app: &App,
    ask: &Ask,
    entrance: &Entrance,
    name: &AccountName,
) -> Result<(), PageError> {
    let accounts = in_charge(app, ask, entrance).await?;
    if accounts.iter().any(|account| account.name == *name) {
        return Ok(());
    }
    let heading =
        Voice(ask.language).say_with("error-no-account", &[("name", name.as_str().into())]);
    Err(PageError::not_found(app, ask, heading, "", Vec::new()))
}

fn reason(form: &Fields) -> Reason {
    Reason { reason: nfc(form.get("ly_do")) }
}

async fn grant(State(app): State<App>, Id(name): Id, ask: Ask, form: Fields) -> PageResult {
    let entrance = entrance(&app, &ask)?;
    match grant_of(&app, entrance, &form, ask.language).await {
        Ok(grant) => act(&app, &ask, &name, AccountAct::Grant(grant), app.today()).await,
        Err(problem) => {
            let page = draw_account(&app, &ask, &AccountName(name), Some(&problem)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

async fn revoke(State(app): State<App>, Id(name): Id, ask: Ask, form: Fields) -> PageResult {
    // Revoked is what is on file, to the letter; a unit's code may mean another unit today.
    let grant = Role::from_code(form.get("vai_tro")).map(|role| Grant {
        role,
        scope: Scope {
            territory: form.given("dia_ban").map(Into::into),
            sector: form.given("linh_vuc").and_then(Sector::from_code),
            agency: form.given("co_quan").map(str::to_owned),
            organisation: form.given("to_chuc").and_then(|id| id.parse().ok()),
        },
    });
    let Some(grant) = grant else { return Err(PageError::no_page(&app, ask)) };
    let revocation = Revocation { grant, reason: reason(&form).reason };
    act(&app, &ask, &name, AccountAct::Revoke(revocation), app.today()).await
}

async fn delegate(State(app): State<App>, Id(name): Id, ask: Ask, form: Fields) -> PageResult {
    let of = AccountName(form.get("ai").to_owned());
    match delegation_of(&form, of, ask.language) {
        Ok((delegation, from)) => {
            act(&app, &ask, &name, AccountAct::Delegate(delegation), from).await
        }
        Err(problem) => {
            let page = draw_account(&app, &ask, &AccountName(name), Some(&problem)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

async fn end_delegation(
    State(app): State<App>,
    Id(name): Id,
    ask: Ask,
    form: Fields,
) -> PageResult {
    let of = AccountName(form.get("ai").to_owned());
    let end = DelegationEnd { of, reason: String::new() };
    act(&app, &ask, &name, AccountAct::EndDelegation(end), app.today()).await
}

async fn lock(State(app): State<App>, Id(name): Id, ask: Ask, form: Fields) -> PageResult {
    act(&app, &ask, &name, AccountAct::Lock(reason(&form)), app.today()).await
}

async fn unlock(State(app): State<App>, Id(name): Id, ask: Ask, form: Fields) -> PageResult {
    act(&app, &ask, &name, AccountAct::Unlock(reason(&form)), app.today()).await
}

async fn close(State(app): State<App>, Id(name): Id, ask: Ask, form: Fields) -> PageResult {
    act(&app, &ask, &name, AccountAct::Close(reason(&form)), app.today()).await
}

async fn link(State(app): State<App>, Id(name): Id, ask: Ask, form: Fields) -> PageResult {
    let entrance = entrance(&app, &ask)?;
    let name = AccountName(name);
    must_be_in_charge(&app, &ask, entrance, &name).await?;
    let factor = match form.given("bo_xac_thuc") {
        Some(_) => LinkFactor::Dropped,
        None => LinkFactor::Kept,
    };
    show_link(&app, &ask, entrance, &name, factor).await
}

async fn end_sessions(State(app): State<App>, Id(name): Id, ask: Ask) -> PageResult {
    let entrance = entrance(&app, &ask)?;
    let name = AccountName(name);
    must_be_in_charge(&app, &ask, entrance, &name).await?;
    let ended = identity::sign_out_everywhere(&entrance.store, &name, None).await;
    ended.map_err(|error| broken(&app, &ask, &error))?;
    Ok(done(&ask, &name))
}

async fn sessions(State(app): State<App>, ask: Ask) -> PageResult {
    let entrance = entrance(&app, &ask)?;
    let voice = Voice(ask.language);
    let accounts = in_charge(&app, &ask, entrance).await?;
    let all = entrance.store.sessions(None).await.map_err(|e| broken(&app, &ask, &e))?;
    let of_theirs = |session: &Session| accounts.iter().any(|a| a.name == session.account);
    let sessions: Vec<Session> = all.into_iter().filter(of_theirs).collect();
    let title = voice.say("admin-sessions");
    let body = html! {
        h1 { (title) }
        (parts(&ask, "/quan-tri/phien"))
        (session_table(&sessions, true, voice))
    };
    Ok(draw(&app, &ask, &title, &body))
}

/// `/quan-tri/so-cai?loai=&ai=&ve=&tu=&den=&truoc=`
async fn ledger(State(app): State<App>, ask: Ask) -> PageResult {
    let entrance = entrance(&app, &ask)?;
    let voice = Voice(ask.language);
    let day = |name: &str| match ask.value(name).map(date::parse) {
        None => Ok(None),
        Some(Ok(day)) => Ok(Some(day)),
        Some(Err(error)) => Err(PageError::bad_date(&app, ask.clone(), &error)),
    };
    let question = LedgerQuestion {
        kind: ask.value("loai").and_then(FilingKind::from_code),
        actor: ask.value("ai").map(|name| name.trim().to_owned()),
        subject: ask.value("doi_tuong").map(|text| Subject(text.trim().to_owned())),
        from: day("tu")?,
        to: day("den")?,
        before: ask.value("truoc").and_then(|text| text.parse().ok()),
    };
    let limit = u32::try_from(PAGE + 1).unwrap_or(u32::MAX);
    let found = entrance.store.filings_newest(&question, limit).await;
    let mut filings = found.map_err(|error| broken(&app, &ask, &error))?;
    let more = filings.len() > PAGE;
    filings.truncate(PAGE);
    let next = filings.last().filter(|_| more).map(|filing| filing.position.to_string());
    let title = voice.say("admin-ledger");
    let text = |name: &'static str, key: &str| {
        field(
            name,
            &voice.say(key),
            None,
            &html! {
                input type="text" id=(name) name=(name) value=(ask.value(name).unwrap_or("")) maxlength="80" autocomplete="off";
            },
        )
    };
    let on_day = |name: &'static str, key: &str| {
        field(
            name,
            &voice.say(key),
            None,
            &html! {
                input type="date" id=(name) name=(name) value=(ask.value(name).unwrap_or(""));
            },
        )
    };
    let kept: Vec<(String, String)> = ["loai", "ai", "doi_tuong", "tu", "den"]
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), ask.value(name)?.to_owned())))
        .collect();
    let body = html! {
        h1 { (title) }
        (parts(&ask, "/quan-tri/so-cai"))
        p class="help" { (voice.say("ledger-help")) }
        form class="filters" method="get" action="/quan-tri/so-cai" {
            @if ask.language == Language::En { input type="hidden" name="lang" value="en"; }
            (field("loai", &voice.say("ledger-kind"), None, &html! {
                select id="loai" name="loai" {
                    option value="" { (voice.say("ledger-any")) }
                    @for kind in FilingKind::ALL {
                        option value=(kind.code()) selected[question.kind == Some(*kind)] { (kind.code()) }
                    }
                }
            }))
            (text("ai", "ledger-actor"))
            (text("doi_tuong", "ledger-subject"))
            (on_day("tu", "ledger-from"))
            (on_day("den", "ledger-to"))
            p { button type="submit" { (voice.say("as-of-show")) } }
        }
        (filing_table(&filings, &ask))
        p class="pages" {
            @if question.before.is_some() {
                a href=(ask.to("/quan-tri/so-cai", &borrowed(&kept))) { (voice.say("ledger-newest")) }
            }
            @if let Some(next) = &next {
                a href=(ask.to("/quan-tri/so-cai", &[borrowed(&kept), vec![("truoc", next)]].concat())) { (voice.say("ledger-older")) }
            }
        }
    };
    Ok(draw(&app, &ask, &title, &body))
}

fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// Filings as rows: what stands around a filing, never what it says.
fn filing_table(filings: &[Filing], ask: &Ask) -> Markup {
    let voice = Voice(ask.language);
    html! {
        @if filings.is_empty() { p class="soft" { (voice.say("ledger-none")) } }
        @else {
            table class="list ledger" {
                thead { tr {
                    th class="number" { (voice.say("ledger-position-head")) } th { (voice.say("ledger-kind")) }
                    th { (voice.say("ledger-subject")) } th { (voice.say("ledger-actor")) }
                    th { (voice.say("ledger-effective")) } th { (voice.say("ledger-recorded")) }
                } }
                tbody {
                    @for filing in filings {
                        tr {
                            td class="number" data-label=(voice.say("ledger-position-head")) { (position(filing.position, ask.language)) }
                            th scope="row" class="label" { (filing.kind.code()) }
                            td data-label=(voice.say("ledger-subject")) { code { (filing.subject.0) } }
                            td data-label=(voice.say("ledger-actor")) { (filing.actor) }
                            td data-label=(voice.say("ledger-effective")) { (date::show(filing.effective_on, ask.language)) }
                            td data-label=(voice.say("ledger-recorded")) { (moment(filing.recorded_at, ask.language)) }
                        }
                    }
                }
            }
        }
    }
}

async fn packs(State(app): State<App>, ask: Ask) -> PageResult {
    entrance(&app, &ask)?;
    let voice = Voice(ask.language);
    let published = app.published();
    let title = voice.say("admin-packs");
    let rows: BTreeMap<&str, String> = published
        .pack
        .iter()
        .flat_map(|pack| {
            [
                ("pack-id", pack.id.clone()),
                ("pack-document", pack.document.number.clone()),
                ("pack-issued", date::show(pack.document.issued, ask.language)),
                ("pack-targets", whole(pack.targets.len(), ask.language)),
                ("pack-indicators", whole(pack.indicators.len(), ask.language)),
                ("pack-tasks", whole(pack.tasks.len(), ask.language)),
                ("pack-rulesets", whole(pack.rulesets.len(), ask.language)),
                ("pack-units", whole(published.places.all().count(), ask.language)),
            ]
        })
        .collect();
    let body = html! {
        h1 { (title) }
        (parts(&ask, "/quan-tri/goi"))
        @if rows.is_empty() { p { (voice.say("error-no-plan-help")) } }
        dl class="facts" {
            @for (key, value) in &rows { dt { (voice.say(key)) } dd { (value) } }
        }
        p class="help" { (voice.say("pack-help")) }
    };
    Ok(draw(&app, &ask, &title, &body))
}

fn whole(count: usize, language: Language) -> String {
    position(u64::try_from(count).unwrap_or(u64::MAX), language)
}

fn position(position: u64, language: Language) -> String {
    #[expect(clippy::cast_precision_loss, reason = "positions stay far below 2^53")]
    number::show(position as f64, 0, language)
}
