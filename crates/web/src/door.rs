//! The door: who comes in. Every request gets its visitor here, from the session in its cookie; every form is held against
//! its token and its origin; bodies that are too large or too slow are turned away.
//!
//! The token of a form is a code over the session's own token, so that a form of one session is worth nothing in another,
//! and the form of a session that has ended is worth nothing at all.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hoptac_model::account::{Account, AccountName, Scope};
use hoptac_model::filing::FilingKind;
use hoptac_model::register::Register;
use hoptac_model::unit::Places;
use hoptac_office::Role;
use hoptac_office::authority::{self, Actor, Reading};
use hoptac_office::identity;
use hoptac_office::key::{Key, Token};
use hoptac_office::openid::{self, Provider};
use hoptac_store::{Session, Store};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::api::bearer::{self, Bearer};
use crate::app::{App, Edge};
use crate::error::PageError;
use crate::query::{self, Ask};
use crate::routes::Need;

/// The largest form, in bytes. A form of people is far smaller.
pub const FORM_MAX: usize = 256 * 1024;
/// The largest form with a file.
pub const UPLOAD_MAX: usize = 24 * 1024 * 1024;
/// How long a form may take to arrive.
const FORM_TIME: Duration = Duration::from_secs(10);
/// How long one with a file may take: a slow line carries a large file in that time.
const UPLOAD_TIME: Duration = Duration::from_mins(5);
/// The field of every form that carries its token.
pub(crate) const TOKEN_FIELD: &str = "ma_bieu_mau";
/// The header that carries it where a script sends.
const TOKEN_HEADER: &str = "x-ma-bieu-mau";

/// Who may read without signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenTo {
    /// Everybody, all that any role may read save personal data. For synthetic data only.
    Everybody,
    /// Everybody, the plan and its totals; the rest is for those who are signed in.
    Totals,
    /// Nobody, but for the public side: totals are for those who are signed in too, because small cells stand among them.
    PublicSide,
}

/// Where people come in: accounts, the key, and what was set about it.
#[derive(Clone, Debug)]
pub struct Entrance {
    /// Where accounts and sessions are.
    pub store: Store,
    /// The instance's key.
    pub key: Key,
    /// The master key, under which what is personal about members is sealed.
    pub master: hoptac_model::seal::Key,
    /// The clock and chance.
    pub edge: Edge,
    /// Who may read without signing in.
    pub open_to: OpenTo,
    /// The address at which the instance is reached from elsewhere, as `https://htx.langson.gov.vn`; none where it is only
    /// reached on this machine.
    pub origin: Option<String>,
    /// The provider of identities by which people may sign in too.
    pub provider: Option<Provider>,
    /// Whether it is the labelled demo, whose accounts anybody may try.
    pub demo: bool,
}

impl Entrance {
    /// Whether cookies may only travel encrypted. On this machine itself nothing is encrypted.
    fn is_secure(&self) -> bool {
        self.origin.as_deref().is_some_and(|origin| origin.starts_with("https://"))
    }

    fn session_cookie(&self) -> &'static str {
        if self.is_secure() { "__Host-hoptac" } else { "hoptac" }
    }

    fn form_cookie(&self) -> &'static str {
        if self.is_secure() { "__Host-hoptac-form" } else { "hoptac-form" }
    }

    /// A cookie that only this server reads, and that ends with the browser.
    fn cookie(&self, name: &str, value: &str) -> HeaderValue {
        let secure = if self.is_secure() { "; Secure" } else { "" };
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::from_str(&text).expect("names and tokens are plain letters")
    }

    /// The cookie of a session that begins.
    pub(crate) fn begin(&self, token: &Token) -> HeaderValue {
        self.cookie(self.session_cookie(), &token.reveal())
    }

    /// The cookie of a session that has ended.
    pub(crate) fn end(&self) -> HeaderValue {
        self.lasting(self.session_cookie(), "", 0)
    }

    fn way_cookie_name(&self) -> &'static str {
        if self.is_secure() { "__Host-hoptac-way" } else { "hoptac-way" }
    }

    /// The cookie of somebody who goes to the provider of identities.
    pub(crate) fn way_cookie(&self, way: &str) -> HeaderValue {
        self.lasting(self.way_cookie_name(), way, openid::AWAY.as_secs())
    }

    /// The cookie of somebody who came back.
    pub(crate) fn end_way(&self) -> HeaderValue {
        self.lasting(self.way_cookie_name(), "", 0)
    }

    /// The way on which somebody went to the provider, sealed.
    pub(crate) fn way_of(&self, headers: &HeaderMap) -> Option<String> {
        cookie_text(headers, self.way_cookie_name()).map(str::to_owned)
    }

    /// A cookie that ends after some seconds.
    fn lasting(&self, name: &str, value: &str, seconds: i64) -> HeaderValue {
        let cookie = self.cookie(name, value);
        let cookie = cookie.to_str().unwrap_or("");
        HeaderValue::from_str(&format!("{cookie}; Max-Age={seconds}"))
            .expect("it was a header before")
    }
}

/// Somebody who asks for a page.
#[derive(Debug)]
pub(crate) struct Visitor {
    /// Their account, once they are signed in.
    pub(crate) signed_in: Option<SignedIn>,
    /// The token that a program brought.
    pub(crate) bearer: Option<Bearer>,
    /// The token of a session that still wants its second factor.
    pub(crate) halfway: Option<Token>,
    /// What the forms on this page carry.
    form_token: String,
    /// Whether the page has a form, so that the browser must be able to send it.
    shows_form: AtomicBool,
    /// Whether there are accounts at all.
    pub(crate) has_door: bool,
    /// Whether everything that is no personal datum is open.
    open: bool,
    /// Whether whoever is not signed in has only the public side.
    shut: bool,
}

/// A visitor's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SignedIn {
    pub(crate) account: Account,
    pub(crate) session: Session,
    pub(crate) token: Token,
    /// Everything that it can act as today.
    pub(crate) actors: Vec<Actor>,
}

impl Visitor {
    /// Somebody at an instance without accounts: a preview, a test.
    pub(crate) fn of_a_preview() -> Self {
        Self {
            signed_in: None,
            bearer: None,
            halfway: None,
            form_token: String::new(),
            shows_form: AtomicBool::new(false),
            has_door: false,
            open: true,
            shut: false,
        }
    }

    /// A program, with the token that it brought, if any.
    pub(crate) fn of_a_program(entrance: &Entrance, bearer: Option<Bearer>) -> Self {
        Self {
            signed_in: None,
            // Whoever has a token sees what its account sees, also where everything is open.
            open: bearer.is_none() && entrance.open_to == OpenTo::Everybody,
            bearer,
            halfway: None,
            form_token: String::new(),
            shows_form: AtomicBool::new(false),
            has_door: true,
            shut: entrance.open_to == OpenTo::PublicSide,
        }
    }

    /// What a form on this page carries.
    pub(crate) fn form_token(&self) -> &str {
        self.shows_form.store(true, Ordering::Relaxed);
        &self.form_token
    }

    /// Whether the public side is all that the visitor may see.
    pub(crate) fn has_only_the_public_side(&self) -> bool {
        self.shut && self.signed_in.is_none()
    }

    /// Everything that the visitor can act as.
    pub(crate) fn actors(&self) -> &[Actor] {
        let own = self.signed_in.as_ref().map(|signed_in| &signed_in.actors);
        own.or(self.bearer.as_ref().map(|bearer| &bearer.actors)).map_or(&[], Vec::as_slice)
    }

    /// The account, by session or by token.
    pub(crate) fn account_name(&self) -> Option<&AccountName> {
        let own = self.signed_in.as_ref().map(|signed_in| &signed_in.account.name);
        own.or(self.bearer.as_ref().map(|bearer| &bearer.token.account))
    }

    /// Whether the token that was brought may be used for this. A session may be used for everything.
    fn token_allows(&self, code: &str) -> bool {
        self.bearer.as_ref().is_none_or(|bearer| bearer.permissions.allow(code))
    }

    /// Whether the visitor has what a route needs.
    pub(crate) fn has(&self, need: Need) -> bool {
        match need {
            Need::Nothing => true,
            Need::Account => self.account_name().is_some(),
            Need::Read(reading) => self.may_read(reading),
            Need::File(kind) => self.actor_for(kind).is_some(),
        }
    }

    /// Whether the visitor may read something of some part.
    pub(crate) fn may_read(&self, reading: Reading) -> bool {
        let open = self.open && is_open_reading(reading);
        let granted = self.actors().iter().any(|actor| authority::may_read(actor.role, reading));
        let public = !self.has_only_the_public_side() && authority::may_read(Role::Public, reading);
        open || public || (granted && self.token_allows(reading.code()))
    }

    /// The first of the visitor's roles that may file a kind.
    pub(crate) fn actor_for(&self, kind: FilingKind) -> Option<&Actor> {
        let mut actors = self.actors().iter().filter(|_| self.token_allows(kind.code()));
        actors.find(|actor| authority::may(actor.role, kind))
    }

    /// The one of the visitor's roles that may file a kind about the organisation at an index of the register on a day.
    pub(crate) fn actor_about(
        &self,
        kind: FilingKind,
        register: &Register,
        places: &Places,
        organisation: u32,
        day: Date,
    ) -> Option<&Actor> {
        let may = self.actors().iter().filter(|_| self.token_allows(kind.code()));
        may.filter(|actor| authority::may(actor.role, kind)).find(|actor| {
            let scopes = std::slice::from_ref(&actor.scope);
            is_covered(scopes, register, places, organisation, day)
        })
    }

    /// The parts of which the visitor may read something.
    pub(crate) fn scopes(&self, reading: Reading) -> Vec<Scope> {
        if self.open && is_open_reading(reading) {
            return vec![Scope::ALL];
        }
        let may = self.actors().iter().filter(|_| self.token_allows(reading.code()));
        may.filter(|actor| authority::may_read(actor.role, reading))
            .map(|actor| actor.scope.clone())
            .collect()
    }

    /// Whether nothing of what the visitor may read is outside their scope.
    pub(crate) fn sees_all(&self, reading: Reading) -> bool {
        self.scopes(reading).iter().any(Scope::is_all)
    }

    /// The organisations of the register about which the visitor may read something on a day; none where it is all of them.
    pub(crate) fn among(
        &self,
        reading: Reading,
        register: &Register,
        places: &Places,
        day: Date,
    ) -> Option<BTreeSet<u32>> {
        if self.sees_all(reading) {
            return None;
        }
        let count = u32::try_from(register.organisations.len()).unwrap_or(u32::MAX);
        let reach = self.reach(reading);
        let seen = (0..count).filter(|index| reach.covers(register, places, *index, day));
        Some(seen.collect())
    }

    /// Whether the visitor may read something about the organisation at an index of the register on a day.
    pub(crate) fn may_see(
        &self,
        reading: Reading,
        register: &Register,
        places: &Places,
        organisation: u32,
        day: Date,
    ) -> bool {
        self.reach(reading).covers(register, places, organisation, day)
    }

    /// What the visitor may read of organisations, to be asked of many.
    pub(crate) fn reach(&self, reading: Reading) -> Reach {
        let scopes = self.scopes(reading);
        if scopes.iter().any(Scope::is_all) { Reach::All } else { Reach::Within(scopes) }
    }
}

/// Of which organisations a visitor may read something.
#[derive(Clone, Debug)]
pub(crate) enum Reach {
    /// Of all of them.
    All,
    /// Of those that one of the scopes covers.
    Within(Vec<Scope>),
}

impl Reach {
    /// Whether the organisation at an index of the register is among them on a day.
    pub(crate) fn covers(
        &self,
        register: &Register,
        places: &Places,
        organisation: u32,
        day: Date,
    ) -> bool {
        match self {
            Self::All => true,
            Self::Within(scopes) => is_covered(scopes, register, places, organisation, day),
        }
    }
}

/// Whether one of the scopes covers the organisation at an index of the register on a day.
fn is_covered(
    scopes: &[Scope],
    register: &Register,
    places: &Places,
    organisation: u32,
    day: Date,
) -> bool {
    let state = register.states.of(organisation).last();
    let (Some(state), Some(of)) = (state, register.organisation(organisation)) else {
        return false;
    };
    let at = hoptac_model::account::Standpoint {
        organisation: Some(of.id),
        seat: &state.seat,
        seat_former: state.seat_former.as_ref(),
        decided: register.seat_decisions.of(organisation),
        sector: state.sector,
    };
    scopes.iter().any(|scope| scope.covers(places, &at, day))
}

/// What is open to everybody where everything is: nothing about persons, nothing about who works here.
fn is_open_reading(reading: Reading) -> bool {
    match reading {
        Reading::Progress
        | Reading::Records
        | Reading::Register
        | Reading::Filings
        | Reading::Export
        | Reading::Tasks
        | Reading::Drafts => true,
        Reading::Members | Reading::Unmask | Reading::Accounts | Reading::Ledger => false,
    }
}

/// A visitor on the way to a page.
#[derive(Clone)]
pub(crate) struct Visit {
    pub(crate) app: App,
    pub(crate) visitor: Arc<Visitor>,
    /// Where the request comes from.
    pub(crate) address: String,
    /// What the browser calls itself.
    pub(crate) browser: String,
}

impl Visit {
    /// The visit as signing in wants it, at a moment.
    pub(crate) fn at(&self, at: Timestamp) -> identity::Visit<'_> {
        identity::Visit { address: &self.address, browser: &self.browser, at }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let found = parts.extensions.get::<Self>().cloned();
        // The door stands before all routes, so that there always is a visit.
        found.ok_or_else(|| axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response())
    }
}

/// Stands before all routes.
pub(crate) async fn door(State(app): State<App>, mut request: Request, next: Next) -> Response {
    if bearer::is_api(request.uri().path()) {
        return bearer::door(app, request, next).await;
    }
    // What is the same for everybody may be kept by everybody.
    let is_for_all = request.uri().path().starts_with("/assets/");
    let Some(entrance) = app.entrance().filter(|_| !is_for_all) else {
        let visitor = Arc::new(Visitor::of_a_preview());
        let (address, browser) = (String::new(), String::new());
        request.extensions_mut().insert(Visit { app, visitor, address, browser });
        return next.run(request).await;
    };
    let (visitor, fresh) = match visitor(entrance, request.headers()).await {
        Ok(found) => found,
        Err(error) => {
            return PageError::broken(&app, &Ask::asked(&request), &error).into_response();
        }
    };
    let address = address(entrance, &request);
    let browser = text(request.headers(), header::USER_AGENT.as_str()).to_owned();
    let visit = Visit { app: app.clone(), visitor: Arc::new(visitor), address, browser };
    let is_form = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    request.extensions_mut().insert(visit.clone());
    if is_form {
        match take_form(&app, entrance, &visit.visitor, request).await {
            Ok(whole) => request = whole,
            Err(turned_away) => return *turned_away,
        }
    }
    let mut response = next.run(request).await;
    if is_form {
        app.bearers().forget();
    }
    // What somebody signed in sees stays in no cache.
    if visit.visitor.signed_in.is_some() || is_form {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    let shows_form = visit.visitor.shows_form.load(Ordering::Relaxed);
    if let Some(fresh) = fresh.filter(|_| shows_form) {
        let cookie = entrance.cookie(entrance.form_cookie(), &fresh.reveal());
        response.headers_mut().append(header::SET_COOKIE, cookie);
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Who comes, and the token for the forms of somebody who is not signed in, where they have none yet.
async fn visitor(
    entrance: &Entrance,
    headers: &HeaderMap,
) -> Result<(Visitor, Option<Token>), hoptac_store::Error> {
    let Entrance { store, key, edge, .. } = entrance;
    let at = (edge.now)();
    let mut visitor = Visitor {
        signed_in: None,
        bearer: None,
        halfway: None,
        form_token: String::new(),
        shows_form: AtomicBool::new(false),
        has_door: true,
        open: entrance.open_to == OpenTo::Everybody,
        shut: entrance.open_to == OpenTo::PublicSide,
    };
    let token = cookie(headers, entrance.session_cookie());
    if let Some(token) = &token {
        visitor.form_token = form_token(key, token);
        match identity::visitor(store, token, at).await? {
            Some((session, account)) if session.stage == hoptac_store::SessionStage::Whole => {
                let delegators = if account.delegations.is_empty() {
                    Vec::new()
                } else {
                    store.accounts().await?
                };
                let actors = Actor::of(&account, &delegators, identity::day_of(at));
                let token = token.clone();
                visitor.signed_in = Some(SignedIn { account, session, token, actors });
                // Whoever is signed in sees what their roles see, also where everything is open.
                visitor.open = false;
                return Ok((visitor, None));
            }
            Some(_) => {
                visitor.halfway = Some(token.clone());
                return Ok((visitor, None));
            }
            None => {}
        }
    }
    let (token, is_fresh) = match cookie(headers, entrance.form_cookie()) {
        Some(token) => (token, false),
        None => (edge.token(), true),
    };
    visitor.form_token = form_token(key, &token);
    Ok((visitor, is_fresh.then_some(token)))
}

fn form_token(key: &Key, token: &Token) -> String {
    key.code("form", &token.reveal()).to_string()
}

/// The token in a cookie of a name; none where it is no token.
fn cookie(headers: &HeaderMap, name: &str) -> Option<Token> {
    cookie_text(headers, name).and_then(Token::parse)
}

/// What a cookie of a name holds. Of several of one name the first counts.
fn cookie_text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

/// Takes a form in: from our own pages only, whole, in time, with its token.
async fn take_form(
    app: &App,
    entrance: &Entrance,
    visitor: &Visitor,
    request: Request,
) -> Result<Request, Box<Response>> {
    let ask = Ask::asked(&request);
    let away = |error: PageError| Box::new(error.into_response());
    if !is_from_here(entrance, request.headers()) {
        return Err(away(PageError::foreign_form(app, ask)));
    }
    let (parts, body) = request.into_parts();
    let kind = text(&parts.headers, header::CONTENT_TYPE.as_str());
    let (is_plain, is_upload) =
        (kind.starts_with("application/x-www-form-urlencoded"), kind.starts_with("multipart/"));
    let (most, time) = if is_upload { (UPLOAD_MAX, UPLOAD_TIME) } else { (FORM_MAX, FORM_TIME) };
    let bytes = match tokio::time::timeout(time, to_bytes(body, most)).await {
        Err(_) => return Err(away(PageError::slow_form(app, ask))),
        Ok(Err(_)) => return Err(away(PageError::large_form(app, ask))),
        Ok(Ok(bytes)) => bytes,
    };
    let token = if is_plain {
        let pairs = query::pairs(std::str::from_utf8(&bytes).unwrap_or(""));
        pairs.into_iter().find(|(field, _)| field == TOKEN_FIELD).map(|(_, value)| value)
    } else if is_upload {
        first_part(&bytes)
    } else {
        // What is no form of ours carries its token in a header, which no form of another site can set.
        Some(text(&parts.headers, TOKEN_HEADER).to_owned())
    };
    if !token.is_some_and(|token| same(&token, &visitor.form_token)) {
        return Err(away(PageError::stale_form(app, ask)));
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

/// The token in the first part of an upload, where every form of ours has it.
fn first_part(bytes: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(bytes.get(..bytes.len().min(1024))?).into_owned();
    let (_, headers_and_more) = start.split_once("\r\n")?;
    let (headers, value) = headers_and_more.split_once("\r\n\r\n")?;
    let is_token = headers.contains(&format!("name=\"{TOKEN_FIELD}\""));
    let (value, _) = value.split_once("\r\n")?;
    is_token.then(|| value.to_owned())
}

/// Whether two texts are the same, told in the same time wherever they differ.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |seen, (a, b)| seen | (a ^ b)) == 0
}

/// Whether a form was sent by one of our own pages, as the browser says. One that says nothing is left to the token.
fn is_from_here(entrance: &Entrance, headers: &HeaderMap) -> bool {
    let site = text(headers, "sec-fetch-site");
    if !site.is_empty() && site != "same-origin" && site != "none" {
        return false;
    }
    let origin = text(headers, header::ORIGIN.as_str());
    if origin.is_empty() {
        return !headers.contains_key(header::ORIGIN);
    }
    if let Some(own) = &entrance.origin {
        return origin == own;
    }
    let host = text(headers, header::HOST.as_str());
    origin.strip_prefix("http://").is_some_and(|of| !host.is_empty() && of == host)
}

/// Where a request comes from. Behind a proxy, which only an instance with an address of its own has, the proxy says.
pub(crate) fn address(entrance: &Entrance, request: &Request) -> String {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let told = text(request.headers(), "x-forwarded-for").rsplit(',').next().unwrap_or("").trim();
    let behind_proxy = entrance.origin.is_some() && peer.is_none_or(|peer| peer.is_loopback());
    let told = told.parse::<IpAddr>().ok().filter(|_| behind_proxy);
    told.or(peer).map_or_else(|| "unknown".to_owned(), |address| address.to_string())
}

/// A header as text; nothing where it is not there or no text.
fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
}

/// A place within this application to go on to, as a form or an address gave it; the first page where it is no such place.
/// Nothing leads elsewhere: not another host, not `//host`, not `/\host`, not a line that ends a header.
pub(crate) fn onward(place: &str) -> &str {
    let fits = place.starts_with('/')
        && !place.starts_with("//")
        && !place.contains('\\')
        && place.bytes().all(|byte| byte.is_ascii_graphic())
        && place.parse::<axum::http::Uri>().is_ok_and(|uri| uri.authority().is_none());
    if fits { place } else { "/" }
}

/// Goes on to a place of this application, by a fresh request.
pub(crate) fn see(place: &str) -> Response {
    let place = HeaderValue::from_str(onward(place)).unwrap_or(HeaderValue::from_static("/"));
    (axum::http::StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_elsewhere() {
        for good in ["/", "/tai-khoan", "/chi-tieu?unit=178&lang=en#T30-01", "/a%20b"] {
            assert_eq!(onward(good), good);
        }
        for bad in [
            "",
            "https://example.org/",
            "//example.org",
            "/\\example.org",
            "\\/example.org",
            "javascript:alert(1)",
            "/a\r\nSet-Cookie: a=b",
            "/a b",
            "/ă",
            " /",
        ] {
            assert_eq!(onward(bad), "/", "{bad}");
        }
    }
    #[test]
    fn only_a_token_is_read_from_a_cookie() {
        let token = Token::new([7; 32]);
        let headers = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_bytes(text.as_bytes()).unwrap());
            headers
        };
        let found = |text: &str| cookie(&headers(text), "hoptac");
        assert_eq!(found(&format!("a=b; hoptac={}; c", token.reveal())), Some(token.clone()));
        for broken in ["", "hoptac", "hoptac=", "hoptac=7", "hoptac=ộ", "hoptacs=aa", ";;=;"] {
            assert_eq!(found(broken), None, "{broken}");
        }
        let two = format!("hoptac=no; hoptac={}", token.reveal());
        assert_eq!(found(&two), None, "the first one counts");
    }
}
