//! Pages over the published state: server-rendered, without inline style or script, and without a request to anybody else.
//!
//! [`App::open`] reads the store and follows its ledger; [`router`] serves the pages: the door
//! ([`door`]) finds out who comes, the table of routes ([`mod@routes`]) who may go where. Pages read; what changes goes through
//! `office`.

mod account;
mod act;
mod administration;
mod alert;
mod annual_return;
mod api;
pub mod app;
mod assets;
mod boundary;
mod bundle;
mod cascade;
mod chain;
mod csv;
mod design;
pub mod door;
mod edition;
mod entrance;
mod entry;
mod error;
mod filing_form;
mod filing_words;
mod find;
mod forecast;
mod form;
mod geography;
mod grade;
mod history;
mod import;
mod indicator;
mod indicators;
mod kept_view;
mod language;
mod map;
mod member;
mod names;
pub mod openid;
mod organisation;
mod overview;
mod page;
mod paper;
mod plan;
mod plan_check;
mod plan_reading;
pub mod public;
mod query;
mod records;
mod register;
mod report;
pub mod routes;
mod row;
mod scenario;
mod scoreboard;
mod sdmx;
mod shelf;
mod support;
mod task;
mod token;
mod underway;
mod unit;

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use hoptac_model::filing::FilingKind;
use hoptac_office::authority::Reading;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};

use crate::app::App;
use crate::error::PageError;
use crate::query::Ask;
use crate::routes::{Need, Route, Routes};

/// Nothing but our own files; no inline style, no inline script, no frame.
const POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// All pages.
pub fn router(app: App) -> Router {
    // Fonts are compressed already.
    let compressible = DefaultPredicate::new().and(NotForContentType::const_new("font/"));
    let (router, _) = routes().into_parts();
    router
        .fallback(no_page)
        .layer(DefaultBodyLimit::max(plan_reading::BODY_MAX))
        .layer(middleware::from_fn_with_state(app.clone(), door::door))
        .with_state(app)
        .layer(middleware::from_fn(headers))
        .layer(CompressionLayer::new().compress_when(compressible))
}

/// The address that units had before they had a page of their own.
async fn old_unit(ask: Ask, query::Id(code): query::Id) -> Response {
    let path = format!("/dia-ban/{}", query::encode(&code));
    axum::response::Redirect::to(&ask.to(&path, &[])).into_response()
}

/// Where people look for the interface for programs.
async fn to_reader(ask: Ask) -> Response {
    axum::response::Redirect::to(&ask.to("/api/v1/", &[])).into_response()
}

/// Every route with what it needs, in the order of their addresses.
pub fn route_table() -> Vec<Route> {
    let (_, mut table) = routes().into_parts();
    table.sort_by_key(|route| (route.path, route.method));
    table
}

/// Every address, with what a visitor needs for it.
fn routes() -> Routes {
    let progress = Need::Read(Reading::Progress);
    let drafts = Need::Read(Reading::Drafts);
    // Reports name what is behind their figures, so that they are for those who may see it until they are issued.
    let records = Need::Read(Reading::Records);
    let routes = Routes::new()
        .get("/", progress, overview::page)
        .get("/chi-tieu", progress, indicators::page)
        .get("/chi-tieu/{id}", progress, indicator::page)
        .get("/chi-tieu/{id}/ho-so", Need::Read(Reading::Records), records::page)
        .get("/ke-hoach", progress, plan::page)
        .get("/ke-hoach/luu-y/{id}", progress, plan_check::help)
        .get("/ke-hoach/doc", drafts, plan_reading::start)
        .post("/ke-hoach/doc", drafts, plan_reading::hand_in)
        .get("/ke-hoach/doc/{id}", drafts, plan_reading::page)
        .post("/ke-hoach/doc/{id}/sua", drafts, plan_reading::correct)
        .post("/ke-hoach/doc/{id}/them", drafts, plan_reading::add)
        .post("/ke-hoach/doc/{id}/hoan-tac", drafts, plan_reading::undo)
        .post("/ke-hoach/doc/{id}/bo", drafts, plan_reading::drop_now)
        .get("/ke-hoach/doc/{id}/chi-tieu.json", drafts, plan_reading::as_json)
        .get("/ke-hoach/doc/{id}/goi.zip", drafts, plan_reading::as_pack)
        .get("/dang-ky", Need::Read(Reading::Register), register::page)
        .get("/dang-ky.csv", Need::Read(Reading::Export), register::as_csv)
        .get("/dang-ky.csv-metadata.json", Need::Read(Reading::Export), register::as_csv)
        .get("/to-chuc/{id}", Need::Read(Reading::Filings), organisation::page)
        .get("/chuoi", records, chain::page)
        .get("/chuoi.csv", Need::Read(Reading::Export), chain::as_csv)
        .get("/chuoi.csv-metadata.json", Need::Read(Reading::Export), chain::as_csv)
        .get("/chuong-trinh", records, support::list)
        .get("/chuong-trinh/{id}", records, support::page)
        .get("/xep-loai", records, grade::page)
        .get("/xep-loai.csv", Need::Read(Reading::Export), grade::as_csv)
        .get("/xep-loai.csv-metadata.json", Need::Read(Reading::Export), grade::as_csv)
        .get("/don-vi/{code}", progress, old_unit)
        .get("/dia-ban/{code}", progress, unit::page)
        .get("/ban-do", progress, map::page)
        .get("/bang-chi-tieu", progress, scoreboard::page)
        .get("/bang-chi-tieu.csv", progress, scoreboard::as_csv)
        .get("/bang-chi-tieu.csv-metadata.json", progress, scoreboard::as_csv)
        .get("/tim", progress, find::page)
        .get("/thiet-ke", Need::Nothing, design::page)
        .get("/bao-cao", progress, report::start)
        .get("/bao-cao/xem", records, report::preview)
        .post("/bao-cao/xem", records, report::look)
        .post("/bao-cao/tai/{format}", records, report::download)
        .post("/bao-cao/phat-hanh", Need::File(FilingKind::EditionIssue), report::issue)
        .get("/an-ban/{code}", records, edition::page)
        .get("/an-ban/{code}/tai/{format}", records, edition::download)
        .get("/an-ban/{code}/so-voi/{other}", records, edition::compare)
        .get("/xac-minh/{code}", Need::Nothing, edition::verify)
        .get("/api/v1/", Need::Nothing, api::reader::page)
        .get("/api", Need::Nothing, to_reader)
        .get("/cong-khai", Need::Nothing, public::plan)
        .get("/cong-khai/anh/{file}", Need::Nothing, public::preview::picture)
        .get("/cong-khai/bao-cao", Need::Nothing, public::editions)
        .get("/cong-khai/chi-tieu/{id}", Need::Nothing, public::indicator)
        .get("/cong-khai/dang-ky", Need::Nothing, public::register)
        .get("/cong-khai/dia-ban/{code}", Need::Nothing, public::unit::page)
        .get("/cong-khai/nhung/{id}", Need::Nothing, public::embed::frame)
        .get("/cong-khai/du-lieu", Need::Nothing, public::open_data::page)
        .get("/cong-khai/du-lieu/{file}", Need::Nothing, public::open_data::file)
        .get("/robots.txt", Need::Nothing, public::robots)
        .get("/sitemap.xml", Need::Nothing, public::sitemap)
        .get("/healthz", Need::Nothing, health)
        .get("/readyz", Need::Nothing, ready)
        .get("/assets/{file}", Need::Nothing, assets::serve);
    let routes = alert::routes(task::routes(routes));
    let routes = sdmx::routes(routes.with(api::interface().routes));
    let routes = act::routes(scenario::routes(cascade::routes(routes)));
    let routes = public::feedback::routes(routes);
    let routes = boundary::routes(routes);
    let routes = bundle::routes(kept_view::routes(routes));
    let routes = underway::routes(import::routes(annual_return::routes(member::routes(routes))));
    let routes = openid::routes(entrance::routes(routes));
    filing_form::routes(administration::routes(token::routes(account::routes(routes))))
}

/// Says that the server answers, and from which ledger position.
async fn health(State(app): State<App>) -> String {
    format!("ok {}\n", app.published().register.position)
}

/// How long the database may take to answer.
const READY_TIME: Duration = Duration::from_secs(2);

/// Says whether the server can take requests: it is not about to stop, and the database answers.
async fn ready(State(app): State<App>) -> (StatusCode, String) {
    if app.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n".to_owned());
    }
    let shown = app.position();
    let Some(store) = app.store() else { return (StatusCode::OK, format!("ready {shown}\n")) };
    match tokio::time::timeout(READY_TIME, store.position()).await {
        Ok(Ok(position)) => (StatusCode::OK, format!("ready {shown} of {position}\n")),
        Ok(Err(_)) | Err(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n".to_owned())
        }
    }
}

async fn no_page(State(app): State<App>, request: Request) -> Response {
    if api::bearer::is_api(request.uri().path()) {
        return api::bearer::no_address(
            request.uri().path(),
            api::call::language(request.headers()),
        );
    }
    PageError::no_page(&app, Ask::asked(&request)).into_response()
}

/// Headers that every answer carries.
async fn headers(request: Request, next: Next) -> Response {
    let is_frame = request.uri().path().starts_with(public::embed::FOLDER);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let policy = if is_frame { public::embed::POLICY } else { POLICY };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Addresses of one-time links must not travel on.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    if is_frame {
        // A site that isolates itself frames only what says that it may.
        let anybody = HeaderValue::from_static("cross-origin");
        headers.insert("cross-origin-resource-policy", anybody);
        return response;
    }
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    for (name, value) in [
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
