//! Open data of the public side: a page that lists the tables, and their files.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use hoptac_engine::open_data::Source;
use hoptac_model::ids::UnitId;
use hoptac_model::number;
use hoptac_model::open_data::{Dataset, OpenData};
use hoptac_report::open_data::{self, CATALOGUE, File, GROUP, METADATA_TYPE};
use maud::{Markup, html};

use super::{Showing, kept, opened, origin, showing};
use crate::app::App;
use crate::error::{PageError, PageResult};
use crate::language::Voice;
use crate::query::{Ask, Id};

/// Where the files are.
const FOLDER: &str = "/cong-khai/du-lieu";

/// `/cong-khai/du-lieu`: every table with what it holds and its files.
pub(crate) async fn page(State(app): State<App>, headers: HeaderMap, ask: Ask) -> PageResult {
    let showing = showing(&app, ask).await?;
    let data = data(&showing);
    let voice = showing.voice();
    let tables = data.tables.len().to_string();
    let title = voice.say_with("public-data-heading", &[("count", tables.into())]);
    let under = voice.say_with(
        "public-data-under",
        &[("unit", data.unit.as_str().into()), ("day", showing.day().into())],
    );
    let licence = opened(&app, &showing.ask)?.licence.as_deref();
    let body = html! {
        h1 { (title) }
        p class="under" { (under) }
        table class="list" {
            caption class="hidden" { (title) }
            thead { tr {
                th scope="col" { (voice.say("public-data-table")) }
                th scope="col" class="number" { (voice.say("public-data-rows")) }
                th scope="col" { (voice.say("public-data-files")) }
            } }
            tbody { @for table in &data.tables { (table_row(table, voice)) } }
        }
        (showing.note())
        section {
            h2 { (voice.say("public-data-programs")) }
            ul {
                li { a href={ (FOLDER) "/" (CATALOGUE) } { "DCAT-AP" } ": " (voice.say("public-data-catalogue")) }
                li { a href={ (FOLDER) "/" (GROUP) } { "CSVW" } ": " (voice.say("public-data-group")) }
                li { a href=(showing.ask.to("/api/v1/", &[])) { "API" } ": " (voice.say("public-data-api")) }
            }
            p { (voice.say("public-data-stay")) }
            p {
                @if let Some(licence) = licence {
                    (voice.say("public-data-licence")) " " a href=(licence) rel="license" { (licence) }
                } @else {
                    (voice.say("public-data-no-licence"))
                }
            }
        }
    };
    let description =
        voice.say_with("public-data-description", &[("unit", data.unit.as_str().into())]);
    Ok(showing.leaf(&app, title, description).draw(&headers, &body))
}

fn table_row(table: &Dataset, voice: Voice) -> Markup {
    let rows = i64::try_from(table.rows.len()).unwrap_or(i64::MAX);
    let at = |ending: &str| format!("{FOLDER}/{}.{ending}", table.id);
    html! {
        tr id=(table.id) {
            th scope="row" class="label" {
                (table.title.get(voice.0)) " " span class="id" { (table.id) }
                p class="help" { (table.about.get(voice.0)) }
            }
            td class="number" data-label=(voice.say("public-data-rows")) { (number::whole(rows, voice.0)) }
            td data-label=(voice.say("public-data-files")) {
                a href=(at("csv")) { "CSV" } " · "
                a href=(at("parquet")) { "Parquet" } " · "
                a href=(at("csv-metadata.json")) { (voice.say("public-data-columns")) }
            }
        }
    }
}

/// `/cong-khai/du-lieu/{file}`: a table as CSV or Parquet, what its columns mean, or the catalogue.
pub(crate) async fn file(
    State(app): State<App>,
    Id(name): Id,
    headers: HeaderMap,
    ask: Ask,
) -> PageResult {
    let showing = showing(&app, ask).await?;
    let data = data(&showing);
    let published = open_data::Published {
        origin: origin(&app).map(str::to_owned),
        licence: opened(&app, &showing.ask)?.licence.clone(),
    };
    let Some(made) = open_data::file(&data, &published, &name) else {
        let voice = showing.voice();
        let heading = voice.say_with("error-no-file", &[("name", name.as_str().into())]);
        let known = open_data::names(&data).into_iter();
        let known = known.map(|known| (format!("{FOLDER}/{known}"), known)).collect();
        return Err(PageError::not_found(&app, &showing.ask, heading, &name, known));
    };
    let file = made.map_err(|error| PageError::broken(&app, &showing.ask, &error))?;
    Ok(answer(&name, file, &headers))
}

fn answer(name: &str, file: File, headers: &HeaderMap) -> Response {
    let mut response = kept(headers, file.media, file.bytes);
    // Where what the columns of a CSV file mean is found [CSVW].
    if let Some(described) = name.strip_suffix(".csv") {
        let link = format!(
            "<{described}.csv-metadata.json>; rel=\"describedby\"; type=\"{METADATA_TYPE}\""
        );
        response.headers_mut().extend(link.parse().ok().map(|link| (header::LINK, link)));
    }
    response
}

/// The tables of the published state, made once for it.
fn data(showing: &Showing) -> Arc<OpenData> {
    let view = &showing.view;
    let shelf = &view.published.open_data;
    shelf.read((view.board.as_of(), showing.least), |_| {
        let parts: Vec<UnitId> = showing.parts.iter().map(|unit| unit.id.clone()).collect();
        hoptac_engine::open_data::of(&Source {
            board: &view.board,
            pack: view.pack(),
            register: &view.published.register,
            places: &view.published.places,
            hidden: &showing.hidden,
            least: showing.least,
            whole: &view.unit.id,
            parts: &parts,
        })
    })
}
