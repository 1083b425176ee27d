//! Pages over the published state: server-rendered, without inline style or script, and without a request to anybody else.
//!
//! [`App::open`] reads the store and follows its ledger; [`router`] serves the pages. Pages read, and change nothing.

pub mod app;
mod assets;
mod csv;
mod design;
mod entry;
mod error;
mod filing_words;
mod find;
mod form;
mod geography;
mod indicator;
mod indicators;
mod language;
mod map;
mod organisation;
mod overview;
mod page;
mod plan;
mod plan_check;
mod plan_reading;
mod query;
mod records;
mod register;
mod row;
mod scoreboard;
mod unit;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};

use crate::app::App;
use crate::error::PageError;
use crate::query::Ask;

/// Nothing but our own files; no inline style, no inline script, no frame.
const POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// All pages.
pub fn router(app: App) -> Router {
    // Fonts are compressed already.
    let compressible = DefaultPredicate::new().and(NotForContentType::const_new("font/"));
    Router::new()
        .route("/", get(overview::page))
        .route("/chi-tieu", get(indicators::page))
        .route("/chi-tieu/{id}", get(indicator::page))
        .route("/chi-tieu/{id}/ho-so", get(records::page))
        .route("/ke-hoach", get(plan::page))
        .route("/ke-hoach/luu-y/{id}", get(plan_check::help))
        .route("/ke-hoach/doc", get(plan_reading::start))
        .merge(
            Router::new()
                .route("/ke-hoach/doc", post(plan_reading::hand_in))
                .layer(DefaultBodyLimit::max(plan_reading::BODY_MAX)),
        )
        .route("/ke-hoach/doc/{id}", get(plan_reading::page))
        .route("/ke-hoach/doc/{id}/sua", post(plan_reading::correct))
        .route("/ke-hoach/doc/{id}/them", post(plan_reading::add))
        .route("/ke-hoach/doc/{id}/hoan-tac", post(plan_reading::undo))
        .route("/ke-hoach/doc/{id}/bo", post(plan_reading::drop_now))
        .route("/ke-hoach/doc/{id}/chi-tieu.json", get(plan_reading::as_json))
        .route("/dang-ky", get(register::page))
        .route("/dang-ky.csv", get(register::as_csv))
        .route("/to-chuc/{id}", get(organisation::page))
        .route("/don-vi/{code}", get(old_unit))
        .route("/dia-ban/{code}", get(unit::page))
        .route("/ban-do", get(map::page))
        .route("/bang-chi-tieu", get(scoreboard::page))
        .route("/bang-chi-tieu.csv", get(scoreboard::as_csv))
        .route("/tim", get(find::page))
        .route("/thiet-ke", get(design::page))
        .route("/healthz", get(health))
        .route("/assets/{file}", get(assets::serve))
        .fallback(no_page)
        .with_state(app)
        .layer(middleware::from_fn(headers))
        .layer(CompressionLayer::new().compress_when(compressible))
}

/// The address that units had before they had a page of their own.
async fn old_unit(ask: Ask, query::Id(code): query::Id) -> Response {
    let path = format!("/dia-ban/{}", query::encode(&code));
    axum::response::Redirect::to(&ask.to(&path, &[])).into_response()
}

/// Says that the server answers, and from which ledger position.
async fn health(State(app): State<App>) -> String {
    format!("ok {}\n", app.published().register.position)
}

async fn no_page(State(app): State<App>, ask: Ask) -> PageError {
    PageError::no_page(&app, ask)
}

/// Headers that every answer carries.
async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}
