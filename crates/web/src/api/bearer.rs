//! The door for programs: who brings which token, how many requests they have left, and in which form they are told that there
//! is nothing here. No cookie counts here, so that no page of another site can send anything in somebody's name.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use hoptac_model::filing::Hash;
use hoptac_model::text::Words;
use hoptac_model::words;
use hoptac_office::authority::Actor;
use hoptac_office::token::{self, Permissions};
use hoptac_office::{identity, key};
use hoptac_store::TokenOnFile;
use jiff::{SignedDuration, Timestamp};

use super::call;
use super::limit::Allowance;
use super::problem::{Kind, Problem};
use crate::app::App;
use crate::door::{self, Entrance, Visit, Visitor};

/// Whoever brought a token that is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bearer {
    pub(crate) token: TokenOnFile,
    /// What the token may do at most.
    pub(crate) permissions: Permissions,
    /// Everything that its account can act as today.
    pub(crate) actors: Vec<Actor>,
}

/// Who brought a good token a moment ago, so that not every request of a program asks the database who it is. What was found
/// is forgotten whenever this server took anything in, and after a second at the latest: so long may a token still work that
/// was taken back elsewhere.
#[derive(Debug, Default)]
pub(crate) struct Bearers(Mutex<BTreeMap<[u8; 32], (Bearer, Timestamp)>>);

/// How long what was found about a token is believed.
const BELIEVED: SignedDuration = SignedDuration::from_secs(1);
/// How many tokens are remembered.
const REMEMBERED: usize = 1024;

impl Bearers {
    fn find(&self, brought: &Hash, at: Timestamp) -> Option<Bearer> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (bearer, since) = known.get(&brought.0)?;
        let is_fresh = *since <= at && at < *since + BELIEVED && at < bearer.token.expires_at;
        if !is_fresh {
            known.remove(&brought.0);
            return None;
        }
        Some(bearer.clone())
    }

    fn remember(&self, brought: Hash, bearer: Bearer, at: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(brought.0, (bearer, at));
    }

    /// Forgets everybody, since something was taken in that may have changed what they may do.
    pub(crate) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Whether an address belongs to the interface for programs. The page for its readers is a page as others are.
pub(crate) fn is_api(path: &str) -> bool {
    let below = path.strip_prefix(super::ROOT).and_then(|rest| rest.strip_prefix('/'));
    (path.starts_with("/api/") && below != Some("")) || path.starts_with("/sdmx/")
}

/// Stands before all addresses of the interface.
pub(crate) async fn door(app: App, mut request: Request, next: Next) -> Response {
    let language = call::language(request.headers());
    let path = request.uri().path().to_owned();
    let takes_in = !request.method().is_safe();
    let methods = request.extensions().get::<MatchedPath>().map(|at| super::methods(at.as_str()));
    let address = match app.entrance() {
        Some(entrance) => door::address(entrance, &request),
        None => String::new(),
    };
    let bearer = match app.entrance() {
        Some(entrance) => bearer(&app, entrance, request.headers()).await,
        None => Ok(None),
    };
    let now = (app.edge().now)();
    let caller = match &bearer {
        Ok(Some(bearer)) => {
            format!("token/{}", bearer.token.parent.as_ref().unwrap_or(&bearer.token.id))
        }
        _ => format!("address/{address}"),
    };
    let allowance = app.limiter().take(&caller, matches!(bearer, Ok(Some(_))), now);
    let answered = match bearer {
        _ if !allowance.granted => Err(Problem::new(
            Kind::TooMany,
            words!(
                "đã hết lượt; thử lại sau {seconds} giây",
                "there are no requests left; try again in {seconds} seconds",
                seconds = u64::from(allowance.seconds)
            ),
        )
        .with(header::RETRY_AFTER, &allowance.seconds.to_string())),
        Err(problem) => Err(problem),
        Ok(bearer) => {
            let visitor = match app.entrance() {
                Some(entrance) => Visitor::of_a_program(entrance, bearer),
                None => Visitor::of_a_preview(),
            };
            let visit = Visit {
                app: app.clone(),
                visitor: Arc::new(visitor),
                address,
                browser: String::new(),
            };
            request.extensions_mut().insert(visit);
            Ok(next.run(request).await)
        }
    };
    if takes_in {
        app.bearers().forget();
    }
    let mut response = match answered {
        Ok(response) => in_form(response, &path, methods.unwrap_or_default(), language),
        Err(problem) => problem.answer(language, &path),
    };
    tell(response.headers_mut(), allowance);
    response
}

/// Who brings a token; none where none is brought.
async fn bearer(
    app: &App,
    entrance: &Entrance,
    headers: &HeaderMap,
) -> Result<Option<Bearer>, Problem> {
    let Some(brought) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let brought = brought.to_str().unwrap_or("");
    let (scheme, brought) = brought.split_once(' ').unwrap_or(("", brought));
    // The secret of a client comes by the other scheme, to one address only, which looks at it itself.
    if scheme.eq_ignore_ascii_case("basic") {
        return Ok(None);
    }
    let wrong = |sentence: Words| {
        Problem::new(Kind::Unauthorized, sentence)
            .with(header::WWW_AUTHENTICATE, "Bearer realm=\"hoptac\", error=\"invalid_token\"")
    };
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(wrong(words!(
            "đầu mục Authorization phải có dạng: Bearer rồi đến mã truy cập",
            "the header Authorization must read: Bearer and the token"
        )));
    }
    let at = (entrance.edge.now)();
    let hash = Hash::of(brought.trim().as_bytes());
    if let Some(bearer) = app.bearers().find(&hash, at) {
        return Ok(Some(bearer));
    }
    let store = &entrance.store;
    let found = token::bearer(store, brought.trim(), at).await;
    let (account, token, permissions) = match found {
        Err(error) => return Err(Problem::broken(app, &error)),
        Ok(Err(turned)) => return Err(wrong(turned.words())),
        Ok(Ok(found)) => found,
    };
    let delegators = if account.delegations.is_empty() {
        Vec::new()
    } else {
        store.accounts().await.map_err(|error| Problem::broken(app, &error))?
    };
    let actors = Actor::of(&account, &delegators, identity::day_of(at));
    let bearer = Bearer { token, permissions, actors };
    app.bearers().remember(hash, bearer.clone(), at);
    Ok(Some(bearer))
}

/// What the routes themselves could not answer, in the form of all problems.
fn in_form(
    response: Response,
    path: &str,
    methods: &[&str],
    language: hoptac_model::text::Language,
) -> Response {
    let status = response.status();
    let has_form = response.headers().contains_key(header::CONTENT_TYPE);
    if status == StatusCode::METHOD_NOT_ALLOWED && !has_form {
        let allow = methods.join(", ");
        return Problem::new(
            Kind::Method,
            words!(
                "địa chỉ này nhận: {allow}",
                "this address takes: {allow}",
                allow = allow.as_str()
            ),
        )
        .with(header::ALLOW, &allow)
        .answer(language, path);
    }
    response
}

/// There is nothing at an address of the interface.
pub(crate) fn no_address(request_path: &str, language: hoptac_model::text::Language) -> Response {
    Problem::not_found(words!(
        "không có địa chỉ này; các địa chỉ được liệt kê ở {root}/",
        "there is no such address; {root}/ lists those that there are",
        root = super::ROOT
    ))
    .answer(language, request_path)
}

/// What is left stands in the answer, as the draft of `RateLimit` headers has it.
fn tell(headers: &mut HeaderMap, allowance: Allowance) {
    let Allowance { quota, left, seconds, .. } = allowance;
    for (name, value) in [
        ("ratelimit-policy", format!("\"default\";q={quota};w=60")),
        ("ratelimit", format!("\"default\";r={left};t={seconds}")),
    ] {
        let value = HeaderValue::from_str(&value).ok();
        headers.extend(value.map(|value| (HeaderName::from_static(name), value)));
    }
}

/// A secret of chance for a token, and the bytes of its identity.
pub(crate) fn fresh(app: &App) -> (key::Token, [u8; 8]) {
    let edge = app.edge();
    (edge.token(), edge.bytes())
}
