//! Issued reports: the page of each with its files and hashes, what two of them say differently, and whether a code is one.

use axum::extract::State;
use axum::http::StatusCode;
use hoptac_model::date;
use hoptac_model::filing::Hash;
use hoptac_model::report::EditionFormat;
use hoptac_report::compare::{Difference, differences};
use hoptac_report::document::Document;
use hoptac_store::EditionOnFile;
use maud::{Markup, html};

use crate::app::App;
use crate::error::{PageError, PageResult};
use crate::language::Voice;
use crate::page::{self, Frame, Here};
use crate::paper;
use crate::query::{Ask, Id};
use crate::report::attachment;

/// The edition with a code, or a page that says that there is none.
async fn must_find(app: &App, ask: &Ask, code: &str) -> Result<EditionOnFile, PageError> {
    let store = app.must_store(ask)?;
    let found =
        store.find_edition(code).await.map_err(|error| PageError::broken(app, ask, &error))?;
    found.ok_or_else(|| unknown(app, ask))
}

fn unknown(app: &App, ask: &Ask) -> PageError {
    let voice = Voice(ask.language);
    PageError::refused(
        app,
        ask,
        StatusCode::NOT_FOUND,
        voice.say("edition-unknown"),
        voice.say("edition-unknown-help"),
        (ask.to("/bao-cao", &[]), voice.say("report-heading")),
    )
}

/// A file of an edition; none where it is missing or does not give its hash.
async fn file(
    app: &App,
    ask: &Ask,
    edition: &EditionOnFile,
    format: EditionFormat,
) -> Result<Option<Vec<u8>>, PageError> {
    let store = app.must_store(ask)?;
    let Some(file) = edition.issue.file(format) else { return Ok(None) };
    let bytes =
        store.kept_file(&file.hash).await.map_err(|error| PageError::broken(app, ask, &error))?;
    Ok(bytes.filter(|bytes| Hash::of(bytes).to_string() == file.hash))
}

/// The tree of an edition.
async fn tree(
    app: &App,
    ask: &Ask,
    edition: &EditionOnFile,
) -> Result<Option<Document>, PageError> {
    let bytes = file(app, ask, edition, EditionFormat::Json).await?;
    Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

/// `/an-ban/{code}`: what was issued, with its files and its text.
pub(crate) async fn page(State(app): State<App>, Id(code): Id, ask: Ask) -> PageResult {
    let edition = must_find(&app, &ask, &code).await?;
    let tree = tree(&app, &ask, &edition).await?;
    let voice = Voice(ask.language);
    let store = app.must_store(&ask)?;
    let others = store.editions().await.map_err(|error| PageError::broken(&app, &ask, &error))?;
    let others: Vec<&EditionOnFile> = others
        .iter()
        .filter(|other| other.code != edition.code && other.issue.report == edition.issue.report)
        .collect();
    let body = html! {
        p class="over" { a href=(ask.to("/bao-cao", &[])) { (voice.say("report-heading")) } }
        h1 { (edition.issue.title) }
        (facts(&edition, voice))
        div class="acts" {
            @for format in [EditionFormat::Pdf, EditionFormat::Docx, EditionFormat::Xlsx] {
                @if edition.issue.file(format).is_some() {
                    a class="button plain-button" href=(format!("/an-ban/{code}/tai/{}", format.code())) {
                        (voice.say_with("edition-download", &[("format", format.code().into())]))
                    }
                }
            }
        }
        @if !others.is_empty() {
            details class="more-form" {
                summary { (voice.say("edition-compare")) }
                ul class="plain" {
                    @for other in others {
                        li { a href=(ask.to(&format!("/an-ban/{}/so-voi/{code}", other.code), &[])) {
                            (other.issue.number) " · " (other.issue.title)
                        } }
                    }
                }
            }
        }
        @match &tree {
            Some(tree) => (paper::draw(tree, &|source| paper::records_as_issued(&ask, source))),
            None => p class="alert" role="alert" { (voice.say("edition-damaged")) },
        }
    };
    Ok(draw(&app, &ask, edition.issue.title.clone(), &body))
}

/// Who issued what, when, from which state of the ledger, and the hashes of the files.
fn facts(edition: &EditionOnFile, voice: Voice) -> Markup {
    let issue = &edition.issue;
    let day = date::show(edition.filing.effective_on, voice.0);
    html! {
        dl class="edition-facts" {
            dt { (voice.say("edition-code")) } dd { code { (edition.code) } }
            dt { (voice.say("edition-number")) } dd { (issue.number) }
            dt { (voice.say("edition-day")) } dd { (day) }
            dt { (voice.say("edition-signer")) } dd { (issue.capacity.letters()) " " (issue.signer) }
            dt { (voice.say("edition-figures")) } dd {
                (date::show(issue.as_of, voice.0)) " · " (page::ledger_words(voice, issue.figures_position))
            }
            dt { (voice.say("edition-filing")) } dd { (edition.filing.position) }
            @if !issue.edits.is_empty() {
                dt { (voice.say("edition-edited")) } dd { (issue.edits.len()) }
            }
            @for file in &issue.files {
                dt { "." (file.format.code()) " (SHA-256)" } dd { code class="hash" { (file.hash) } }
            }
        }
    }
}

/// `/an-ban/{code}/tai/{format}`: a file as it was issued.
pub(crate) async fn download(
    State(app): State<App>,
    crate::query::Two(code, format): crate::query::Two,
    ask: Ask,
) -> PageResult {
    let edition = must_find(&app, &ask, &code).await?;
    let Some(format) = EditionFormat::from_code(&format) else {
        return Err(PageError::no_page(&app, ask));
    };
    match file(&app, &ask, &edition, format).await? {
        Some(bytes) => {
            let name = format!("an-ban-{code}.{}", format.code());
            Ok(attachment(format.media_type(), &name, bytes))
        }
        None => Err(PageError::no_page(&app, ask)),
    }
}

/// `/an-ban/{code}/so-voi/{other}`: what the second says differently.
pub(crate) async fn compare(
    State(app): State<App>,
    crate::query::Two(before, after): crate::query::Two,
    ask: Ask,
) -> PageResult {
    let (older, newer) =
        (must_find(&app, &ask, &before).await?, must_find(&app, &ask, &after).await?);
    let (Some(left), Some(right)) =
        (tree(&app, &ask, &older).await?, tree(&app, &ask, &newer).await?)
    else {
        return Err(unknown(&app, &ask));
    };
    let voice = Voice(ask.language);
    let published = app.published();
    let found = differences(&left, &right);
    let heading = voice.say_with(
        "edition-differences",
        &[
            ("before", older.issue.number.clone().into()),
            ("after", newer.issue.number.clone().into()),
        ],
    );
    let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
    let body = html! {
        p class="over" { a href=(ask.to(&format!("/an-ban/{after}"), &[])) { (newer.issue.title) } }
        h1 { (heading) }
        @if found.is_empty() {
            p { (voice.say("edition-same")) }
        } @else {
            table {
                thead { tr {
                    th scope="col" { (voice.say("edition-what")) }
                    th scope="col" { (older.issue.number) }
                    th scope="col" { (newer.issue.number) }
                } }
                tbody {
                    @for difference in &found {
                        @match difference {
                            Difference::Figure { indicator, unit, before, after } => tr {
                                td {
                                    @let named = published.pack.as_ref().and_then(|pack| pack.indicator(indicator));
                                    @match named { Some(one) => (one.name.get(voice.0)), None => (indicator) }
                                    @if let Some(unit) = published.places.get(unit) { " · " (unit.name) }
                                }
                                td { (shown(before)) }
                                td { (shown(after)) }
                            },
                            Difference::Sentence { id, before, after } => tr {
                                td { code { (id) } }
                                td { (shown(before)) }
                                td { (shown(after)) }
                            },
                        }
                    }
                }
            }
        }
    };
    Ok(draw(&app, &ask, heading, &body))
}

/// `/xac-minh/{code}`: whether a code is that of an issued report. Everybody may ask.
pub(crate) async fn verify(State(app): State<App>, Id(code): Id, ask: Ask) -> PageResult {
    let edition = must_find(&app, &ask, &code).await?;
    let voice = Voice(ask.language);
    let mut whole = true;
    for one in &edition.issue.files {
        whole &= file(&app, &ask, &edition, one.format).await?.is_some();
    }
    let heading = voice.say(if whole { "edition-verified" } else { "edition-damaged" });
    let body = html! {
        h1 { (heading) }
        p { (edition.issue.title) }
        (facts(&edition, voice))
        p class="help" { (voice.say("edition-verify-help")) }
    };
    Ok(draw(&app, &ask, heading, &body))
}

fn draw(app: &App, ask: &Ask, title: String, body: &Markup) -> axum::response::Response {
    let published = app.published();
    let frame = Frame::new(app, ask, &published, Here::Reports, title);
    page::draw(&frame, body)
}
