//! Outlines of units in the browser: a file is handed in, looked over feature by feature, loaded, and the last loading taken back.
//!
//! A file is kept as spreadsheets are: until the end of the next day, for the account that handed it in.

use std::sync::Arc;

use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use hoptac_intake::boundary as intake;
use hoptac_model::boundary::{self, Boundary, Days, Fate, Matched, Outlines};
use hoptac_model::date;
use hoptac_model::filing::{FilingKind, Hash};
use hoptac_model::finding::Finding;
use hoptac_model::number;
use hoptac_model::seal::Sealed;
use hoptac_office::Refusal;
use hoptac_office::authority::Actor;
use hoptac_office::boundary::{self as office, Handed, Receipt};
use hoptac_store::{Loading, SheetDraft};
use jiff::ToSpan as _;
use jiff::tz::Offset;
use maud::{Markup, html};

use crate::app::App;
use crate::door::see;
use crate::entrance::broken;
use crate::error::{PageError, PageResult};
use crate::form::Fields;
use crate::import::account;
use crate::language::Voice;
use crate::page::{self, Frame, Here};
use crate::query::{Ask, Id};
use crate::routes::{Need, Routes};

/// The pages, with what a visitor needs for each.
pub(crate) fn routes(routes: Routes) -> Routes {
    let set = Need::File(FilingKind::BoundariesSet);
    routes
        .get("/ranh-gioi", set, start)
        .post("/ranh-gioi", set, hand_in)
        .get("/ranh-gioi/xem/{id}", set, preview)
        .post("/ranh-gioi/xem/{id}/nhan", set, accept)
        .post("/ranh-gioi/lan/{id}/rut", set, undo)
}

/// The outlines that hold, with the hash that they are kept under.
#[derive(Debug, Default)]
pub(crate) struct Held {
    hash: String,
    outlines: Outlines,
}

impl Held {
    /// The outline of a unit; none where it has none.
    pub(crate) fn of(&self, unit: &hoptac_model::ids::UnitId) -> Option<&boundary::Rings> {
        self.outlines.get(unit)
    }
}

/// The outlines that hold now: read again only where another loading holds.
pub(crate) async fn held(app: &App) -> Result<Arc<Held>, hoptac_store::Error> {
    let kept = app.held_outlines();
    let Some(store) = app.store() else { return Ok(kept) };
    let loadings = store.loadings().await?;
    let hash = loadings.last().map(|last| last.set.hash.clone()).unwrap_or_default();
    if kept.hash == hash {
        return Ok(kept);
    }
    let bytes = if loadings.is_empty() { None } else { store.kept_file(&hash).await? };
    let outlines = bytes.and_then(|bytes| boundary::read(&bytes)).unwrap_or_default();
    let held = Arc::new(Held { hash, outlines });
    app.hold_outlines(Arc::clone(&held));
    Ok(held)
}

/// `/ranh-gioi`: where a file is handed in, and what was loaded.
async fn start(State(app): State<App>, ask: Ask) -> PageResult {
    draw_start(&app, &ask, &[], StatusCode::OK).await
}

async fn draw_start(app: &App, ask: &Ask, said: &[String], status: StatusCode) -> PageResult {
    let voice = Voice(ask.language);
    let store = app.must_store(ask)?;
    let loadings = store.loadings().await.map_err(|error| broken(app, ask, &error))?;
    let title = voice.say("boundaries-heading");
    let body = html! {
        p class="over" { a href=(ask.to("/ban-do", &[])) { (voice.say("nav-map")) } }
        h1 { (title) }
        p class="under" { (voice.say("boundaries-under")) }
        @for sentence in said { p class="fault" role="alert" { (sentence) } }
        form class="entry-form" method="post" action=(ask.to("/ranh-gioi", &[])) enctype="multipart/form-data" {
            (page::token_field(ask))
            label for="tep" { (voice.say("import-file")) }
            input type="file" id="tep" name="tep" required aria-describedby="tep-giup" accept=".geojson,.json";
            p class="help" id="tep-giup" { (voice.say("boundaries-file-help")) }
            button type="submit" { (voice.say("import-send")) }
        }
        section {
            h2 { (voice.say("boundaries-loaded")) }
            @if loadings.is_empty() { p class="quiet" { (voice.say("boundaries-none")) } }
            @else { (list(ask, &loadings)) }
        }
        @if let Some(last) = loadings.last() { (undo_form(ask, last)) }
    };
    let page = draw(app, ask, title, &body);
    Ok((status, page).into_response())
}

fn list(ask: &Ask, loadings: &[Loading]) -> Markup {
    let voice = Voice(ask.language);
    let whole = |count: u32| number::whole(i64::from(count), ask.language);
    html! {
        table class="list" {
            caption class="hidden" { (voice.say("boundaries-loaded")) }
            thead { tr {
                th scope="col" { (voice.say("import-file")) }
                th scope="col" { (voice.say("import-when")) }
                th scope="col" { (voice.say("import-who")) }
                th scope="col" class="number" { (voice.say("boundaries-added")) }
                th scope="col" class="number" { (voice.say("boundaries-changed")) }
                th scope="col" class="number" { (voice.say("boundaries-units")) }
            } }
            tbody {
                @for one in loadings.iter().rev() {
                    @let day = Offset::constant(7).to_datetime(one.filing.recorded_at).date();
                    tr {
                        th scope="row" class="label" {
                            (one.set.file_name) " " span class="id" { "#" (one.filing.position) }
                        }
                        td data-label=(voice.say("import-when")) { (date::show(day, ask.language)) }
                        td data-label=(voice.say("import-who")) { (one.filing.actor) }
                        td class="number" data-label=(voice.say("boundaries-added")) { (whole(one.set.added)) }
                        td class="number" data-label=(voice.say("boundaries-changed")) { (whole(one.set.changed)) }
                        td class="number" data-label=(voice.say("boundaries-units")) { (whole(one.set.units)) }
                    }
                }
            }
        }
    }
}

fn undo_form(ask: &Ask, last: &Loading) -> Markup {
    let voice = Voice(ask.language);
    let position = last.filing.position;
    html! {
        form class="entry-form" method="post" action=(ask.to(&format!("/ranh-gioi/lan/{position}/rut"), &[])) {
            (page::token_field(ask))
            label for="ly-do" { (voice.say("import-undo-why")) }
            input type="text" id="ly-do" name="ly-do" required maxlength="300" aria-describedby="ly-do-giup";
            p class="help" id="ly-do-giup" { (voice.say("boundaries-undo-help")) }
            button type="submit" class="plain-button" {
                (voice.say_with("boundaries-undo", &[("file", last.set.file_name.as_str().into())]))
            }
        }
    }
}

/// Where the seal of a kept file holds.
fn place_of(id: &str) -> String {
    format!("sheet_draft/{id}")
}

/// `POST /ranh-gioi`: takes a file in and leads to what would become of it.
async fn hand_in(State(app): State<App>, request: Request) -> PageResult {
    let ask = Ask::asked(&request);
    let store = app.must_store(&ask)?;
    let Some((name, bytes)) = sent(request, &app).await else {
        return Err(refused(&app, &ask, StatusCode::PAYLOAD_TOO_LARGE, "import-too-large-help"));
    };
    if bytes.is_empty() {
        return Err(refused(&app, &ask, StatusCode::BAD_REQUEST, "import-no-file-help"));
    }
    let (_, findings) = read(bytes.clone(), name.clone()).await;
    // A file that cannot be read at all is said to be so at once, and is not kept.
    if let Some(finding) = findings.iter().find(|finding| finding.is_error()) {
        let said =
            format!("{}; {}.", finding.message.get(ask.language), finding.remedy.get(ask.language));
        return draw_start(&app, &ask, &[said], StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let Some(entrance) = app.entrance() else { return Err(PageError::no_page(&app, ask.clone())) };
    let (id, today) = (app.unguessable(), app.today());
    let sealed = Sealed::new(&entrance.master, entrance.edge.bytes(), &place_of(&id), &bytes);
    let draft = SheetDraft {
        account: account(&ask),
        file_name: name,
        contents: sealed.into(),
        asked: "{}".to_owned(),
        keep_until: today.saturating_add(1.day()),
    };
    store.add_sheet_draft(&id, &draft, today).await.map_err(|error| broken(&app, &ask, &error))?;
    Ok(see(&ask.to(&format!("/ranh-gioi/xem/{id}"), &[])))
}

async fn sent(request: Request, app: &App) -> Option<(String, Vec<u8>)> {
    let mut parts = Multipart::from_request(request, app).await.ok()?;
    let mut sent = (String::new(), Vec::new());
    while let Some(part) = parts.next_field().await.ok()? {
        if part.name() == Some("tep") {
            let name = part.file_name().unwrap_or_default();
            let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
            sent.0 = name.chars().filter(|c| !c.is_control()).take(120).collect();
            sent.1 = part.bytes().await.ok()?.to_vec();
        }
    }
    Some(sent)
}

/// Reads a file beside the pages that others wait for.
async fn read(bytes: Vec<u8>, name: String) -> (Vec<Boundary>, Vec<Finding>) {
    let read = tokio::task::spawn_blocking(move || intake::read(&bytes, &name)).await;
    read.unwrap_or_default()
}

/// A kept file with what is in it.
struct Kept {
    name: String,
    hash: Hash,
    boundaries: Vec<Boundary>,
    findings: Vec<Finding>,
}

async fn kept(app: &App, ask: &Ask, id: &str) -> Result<Kept, PageError> {
    let gone = || refused(app, ask, StatusCode::NOT_FOUND, "import-gone-help");
    let store = app.must_store(ask)?;
    let draft = store.find_sheet_draft(id, &account(ask), app.today()).await;
    let draft = draft.map_err(|error| broken(app, ask, &error))?.ok_or_else(gone)?;
    let Some(entrance) = app.entrance() else { return Err(PageError::no_page(app, ask.clone())) };
    let sealed = Sealed::try_from(draft.contents).ok();
    let opened = sealed.and_then(|sealed| sealed.open(&entrance.master, &place_of(id)).ok());
    let bytes = opened.ok_or_else(gone)?;
    let hash = Hash::of(&bytes);
    let (boundaries, findings) = read(bytes.clone(), draft.file_name.clone()).await;
    Ok(Kept { name: draft.file_name, hash, boundaries, findings })
}

fn days(app: &App, ask: &Ask) -> Result<Days, PageError> {
    let published = app.published();
    let pack = published.pack.as_ref().ok_or_else(|| PageError::no_plan(app, ask))?;
    Ok(Days { today: app.today(), geography: pack.setting.geography })
}

/// `/ranh-gioi/xem/{id}`: what would become of every feature.
async fn preview(State(app): State<App>, Id(id): Id, ask: Ask) -> PageResult {
    let kept = kept(&app, &ask, &id).await?;
    draw_preview(&app, &ask, &id, kept, &[]).await
}

async fn draw_preview(app: &App, ask: &Ask, id: &str, kept: Kept, said: &[String]) -> PageResult {
    let voice = Voice(ask.language);
    let published = app.published();
    let held = held(app).await.map_err(|error| broken(app, ask, &error))?;
    let matched =
        boundary::matched(kept.boundaries, &published.places, days(app, ask)?, &held.outlines);
    let (added, changed) = office::counts(&matched);
    let left_out = matched.iter().filter(|one| matches!(one.fate, Fate::LeftOut(_))).count();
    let sums = voice.say_with(
        "boundaries-sums",
        &[
            ("added", added.to_string().into()),
            ("changed", changed.to_string().into()),
            ("left", (left_out + kept.findings.len()).to_string().into()),
        ],
    );
    let name = |unit: &hoptac_model::ids::UnitId| {
        published.places.get(unit).map_or_else(|| unit.to_string(), |unit| unit.name.clone())
    };
    let body = html! {
        p class="over" { a href=(ask.to("/ranh-gioi", &[])) { (voice.say("boundaries-heading")) } }
        h1 { (kept.name) }
        p class="under" { (sums) }
        @for sentence in said { p class="fault" role="alert" { (sentence) } }
        @for finding in &kept.findings {
            p class="caution" { (finding.message.get(ask.language)) "; " (finding.remedy.get(ask.language)) "." }
        }
        @if added + changed > 0 {
            form class="entry-form" method="post" action=(ask.to(&format!("/ranh-gioi/xem/{id}/nhan"), &[])) {
                (page::token_field(ask))
                button type="submit" { (voice.say("boundaries-accept")) }
            }
        } @else {
            p class="note" { (voice.say("boundaries-nothing")) }
        }
        table class="list" {
            caption class="hidden" { (kept.name) }
            thead { tr {
                th scope="col" { (voice.say("boundaries-feature")) }
                th scope="col" { (voice.say("boundaries-unit")) }
                th scope="col" { (voice.say("boundaries-fate")) }
            } }
            tbody { @for one in &matched { (feature(one, &name, voice)) } }
        }
    };
    let status = if said.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, draw(app, ask, kept.name.clone(), &body)).into_response())
}

fn feature(
    one: &Matched,
    name: &dyn Fn(&hoptac_model::ids::UnitId) -> String,
    voice: Voice,
) -> Markup {
    let (unit, fate) = match &one.fate {
        Fate::New(id) => (Some(id), voice.say("boundaries-fate-new")),
        Fate::Changed(id) => (Some(id), voice.say("boundaries-fate-changed")),
        Fate::Same(id) => (Some(id), voice.say("boundaries-fate-same")),
        Fate::LeftOut(why) => (None, why.get(voice.0).to_owned()),
    };
    html! {
        tr {
            th scope="row" class="label" {
                (one.boundary.number) " " (one.boundary.name) " " span class="id" { (one.boundary.code) }
            }
            td data-label=(voice.say("boundaries-unit")) { @if let Some(unit) = unit { (name(unit)) } }
            td data-label=(voice.say("boundaries-fate")) {
                (fate)
                @if let Some(doubt) = &one.doubt { p class="caution" { (doubt.get(voice.0)) } }
            }
        }
    }
}

fn actor<'a>(app: &App, ask: &'a Ask) -> Result<&'a Actor, PageError> {
    let actor = ask.visitor.actor_for(FilingKind::BoundariesSet);
    let need = Need::File(FilingKind::BoundariesSet);
    actor.ok_or_else(|| PageError::forbidden(app, ask.clone(), need))
}

fn receipt(app: &App) -> Receipt {
    let edge = app.edge();
    let recorded_at = (edge.now)();
    Receipt { id: (edge.filing_id)(recorded_at), recorded_at }
}

/// `POST /ranh-gioi/xem/{id}/nhan`
async fn accept(State(app): State<App>, Id(id): Id, ask: Ask, _fields: Fields) -> PageResult {
    let kept = kept(&app, &ask, &id).await?;
    let (store, published) = (app.must_store(&ask)?, app.published());
    let handed = Handed {
        file_name: kept.name.clone(),
        file_hash: kept.hash,
        boundaries: kept.boundaries.clone(),
    };
    let days = days(&app, &ask)?;
    let actor = actor(&app, &ask)?;
    match office::load(store, actor, receipt(&app), handed, &published.places, days).await {
        Ok(accepted) => {
            store.remove_sheet_draft(&id).await.map_err(|error| broken(&app, &ask, &error))?;
            let shown = app.publish_up_to(accepted.filing.position).await;
            shown.map_err(|error| broken(&app, &ask, &error))?;
            Ok(see(&ask.clone().of_today().to("/ranh-gioi", &[])))
        }
        Err(Refusal::Store(error)) => Err(broken(&app, &ask, &error)),
        Err(refusal) => draw_preview(&app, &ask, &id, kept, &sentences(&refusal, &ask)).await,
    }
}

/// `POST /ranh-gioi/lan/{position}/rut`
async fn undo(State(app): State<App>, Id(id): Id, ask: Ask, fields: Fields) -> PageResult {
    let store = app.must_store(&ask)?;
    let actor = actor(&app, &ask)?;
    let reason = fields.get("ly-do").trim();
    // A word that is no position is one that no loading has.
    let position = id.parse().unwrap_or(0);
    match office::take_back(store, actor, receipt(&app), position, reason).await {
        Ok(undone) => {
            let shown = app.publish_up_to(undone.filing.position).await;
            shown.map_err(|error| broken(&app, &ask, &error))?;
            Ok(see(&ask.clone().of_today().to("/ranh-gioi", &[])))
        }
        Err(Refusal::Store(error)) => Err(broken(&app, &ask, &error)),
        Err(refusal) => {
            let said = sentences(&refusal, &ask);
            draw_start(&app, &ask, &said, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

fn sentences(refusal: &Refusal, ask: &Ask) -> Vec<String> {
    let language = ask.language;
    let found = refusal.findings().iter().filter(|finding| finding.is_error());
    let mut said: Vec<String> = found
        .map(|f| format!("{}; {}.", f.message.get(language), f.remedy.get(language)))
        .collect();
    if said.is_empty() {
        said.push(refusal.sentence().get(language).to_owned());
    }
    said
}

fn refused(app: &App, ask: &Ask, status: StatusCode, help: &str) -> PageError {
    let voice = Voice(ask.language);
    let way_on = (ask.to("/ranh-gioi", &[]), voice.say("import-another"));
    PageError::refused(app, ask, status, voice.say("import-refused"), voice.say(help), way_on)
}

fn draw(app: &App, ask: &Ask, title: String, body: &Markup) -> Response {
    let published = app.published();
    page::draw(&Frame::new(app, ask, &published, Here::Places, title), body)
}
