//! A plan read from its document in the browser: the text with its targets marked, each of which can be corrected, and the
//! draft that comes of it.
//!
//! The document is kept under an address that nobody can guess, until the end of the next day, and dropped earlier on
//! request. Corrections are laid over the reading and never change the text, so that each can be taken back.

mod parts;
mod text;

use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use hoptac_intake::reading::correction::{self, Correction, Parts};
use hoptac_intake::reading::{self, Reading, Target, document};
use hoptac_intake::{draft, plan_text};
use hoptac_model::date;
use hoptac_model::number;
use hoptac_model::pack::Indicator;
use hoptac_store::PlanDraft;
use jiff::ToSpan as _;
use maud::{Markup, html};

use crate::app::{App, Published};
use crate::assets;
use crate::error::{PageError, PageResult};
use crate::form::{Faults, Fields};
use crate::language::Voice;
use crate::page::{self, Frame, Here};
use crate::query::{Ask, Id};
use parts::PartsForm;

/// What may be sent at once: the largest document that is read, and the form around it.
pub(crate) const BODY_MAX: usize = 21 * 1024 * 1024;

/// The id of a pack that nobody has named yet.
const PACK_ID: &str = "du-thao";

/// `/ke-hoach/doc`: where a document is handed in.
pub(crate) async fn start(State(app): State<App>, ask: Ask) -> PageResult {
    let voice = Voice(ask.language);
    let published = app.published();
    let heading = voice.say("reading-start-heading");
    let body = html! {
        p class="over" { a href=(ask.to("/ke-hoach", &[])) { (voice.say("nav-plan")) } }
        h1 { (heading) }
        p class="under" { (voice.say("reading-start-under")) }
        form class="entry-form" method="post" action=(ask.to("/ke-hoach/doc", &[])) enctype="multipart/form-data" {
            (page::token_field(&ask))
            label for="tai-lieu" { (voice.say("reading-file")) }
            input type="file" id="tai-lieu" name="tai-lieu" required aria-describedby="tai-lieu-giup" accept=".txt,.md,.docx,.pdf,text/plain,text/markdown";
            p class="help" id="tai-lieu-giup" { (voice.say("reading-file-help")) }
            button type="submit" { (voice.say("reading-file-send")) }
        }
        p class="note" { (voice.say("reading-kept-how")) }
    };
    Ok(page::draw(&frame(&ask, &published, &app, heading), &body))
}

/// `POST /ke-hoach/doc`: takes a document and leads to its reading.
pub(crate) async fn hand_in(State(app): State<App>, request: Request) -> PageResult {
    let ask = Ask::asked(&request);
    let store = app.must_store(&ask)?;
    let Some((file_name, bytes)) = file_of(request, &app).await else {
        return Err(refused(&app, &ask, StatusCode::PAYLOAD_TOO_LARGE, "reading-too-large-help"));
    };
    if bytes.is_empty() {
        return Err(refused(&app, &ask, StatusCode::BAD_REQUEST, "reading-no-file-help"));
    }
    let opened = tokio::task::spawn_blocking(move || document::open(&bytes)).await;
    let opened = match opened {
        Ok(Ok(opened)) => opened,
        Ok(Err(refusal)) => {
            let voice = Voice(ask.language);
            return Err(PageError::refused(
                &app,
                &ask,
                StatusCode::UNPROCESSABLE_ENTITY,
                voice.say("reading-refused"),
                refusal.get(ask.language).to_owned(),
                (ask.to("/ke-hoach/doc", &[]), voice.say("reading-another")),
            ));
        }
        Err(error) => return Err(PageError::broken(&app, &ask, &error)),
    };
    let id = app.unguessable();
    let today = app.today();
    let draft = PlanDraft {
        file_name,
        text: hoptac_model::text::nfc(&opened.text),
        corrections: "[]".to_owned(),
        keep_until: today.saturating_add(1.day()),
    };
    store
        .add_plan_draft(&id, &draft, today)
        .await
        .map_err(|error| PageError::broken(&app, &ask, &error))?;
    // Which pages were not read concerns only whoever handed the document in, and only now.
    let pictures: Vec<String> = opened.pictures.iter().map(ToString::to_string).collect();
    let pictures = pictures.join(",");
    let told: &[(&str, &str)] = if pictures.is_empty() { &[] } else { &[("anh", &pictures)] };
    Ok(Redirect::to(&ask.to(&format!("/ke-hoach/doc/{id}"), told)).into_response())
}

/// The name and the bytes of the one file that was sent; nothing where they are too many.
async fn file_of(request: Request, app: &App) -> Option<(String, Vec<u8>)> {
    let mut parts = Multipart::from_request(request, app).await.ok()?;
    while let Some(part) = parts.next_field().await.ok()? {
        if part.name() == Some("tai-lieu") {
            // Only the name itself: some programs send the whole path.
            let name = part.file_name().unwrap_or_default();
            let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
            let name: String = name.chars().filter(|c| !c.is_control()).take(120).collect();
            return Some((name, part.bytes().await.ok()?.to_vec()));
        }
    }
    Some((String::new(), Vec::new()))
}

/// `/ke-hoach/doc/{id}`: the text with its targets.
pub(crate) async fn page(State(app): State<App>, Id(id): Id, ask: Ask) -> PageResult {
    let desk = Desk::open(&app, &id, &ask).await?;
    let selected = ask.value("sua").and_then(place).and_then(|place| desk.selected(place));
    let form = selected.map(|(start, end)| PartsForm::of(&desk, start, end));
    Ok(desk.draw(form.as_ref(), ""))
}

/// `POST /ke-hoach/doc/{id}/sua`: a correction.
pub(crate) async fn correct(
    State(app): State<App>,
    Id(id): Id,
    ask: Ask,
    fields: Fields,
) -> PageResult {
    let mut desk = Desk::open(&app, &id, &ask).await?;
    let Some((start, end)) = place(fields.get("cho")).filter(|place| desk.is_in_text(*place))
    else {
        return Err(refused(&app, &ask, StatusCode::BAD_REQUEST, "reading-no-place-help"));
    };
    let target = if fields.get("la") == "khong" {
        None
    } else {
        match parts::read(&fields, desk.voice) {
            Ok(parts) => Some(parts),
            Err(faults) => {
                let form = PartsForm::with_faults(start, end, &fields, faults);
                let page = desk.draw(Some(&form), "");
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
            }
        }
    };
    desk.corrections.push(Correction { start, end, target });
    desk.save(&app, &id).await?;
    Ok(desk.back_to(&id, start, end))
}

/// `POST /ke-hoach/doc/{id}/them`: words that the reading missed, as a target.
pub(crate) async fn add(
    State(app): State<App>,
    Id(id): Id,
    ask: Ask,
    fields: Fields,
) -> PageResult {
    let desk = Desk::open(&app, &id, &ask).await?;
    if let Some(found) = plan_text::locate(&desk.kept.text, fields.get("loi")) {
        return Ok(desk.back_to(&id, found.start, found.end));
    }
    let fault = desk.voice.say("reading-words-not-found");
    let page = desk.draw(None, &fault);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// `POST /ke-hoach/doc/{id}/hoan-tac`: takes back the correction of some words, or the last one.
pub(crate) async fn undo(
    State(app): State<App>,
    Id(id): Id,
    ask: Ask,
    fields: Fields,
) -> PageResult {
    let mut desk = Desk::open(&app, &id, &ask).await?;
    let asked = place(fields.get("cho"));
    let last = desk
        .corrections
        .iter()
        .rposition(|c| asked.is_none_or(|(start, end)| c.start == start && c.end == end));
    let Some(last) = last else {
        return Ok(Redirect::to(&ask.to(&format!("/ke-hoach/doc/{id}"), &[])).into_response());
    };
    let undone = desk.corrections.remove(last);
    desk.save(&app, &id).await?;
    Ok(desk.back_to(&id, undone.start, undone.end))
}

/// `POST /ke-hoach/doc/{id}/bo`: drops the document now.
pub(crate) async fn drop_now(State(app): State<App>, Id(id): Id, ask: Ask) -> PageResult {
    let store = app.must_store(&ask)?;
    store.remove_plan_draft(&id).await.map_err(|error| PageError::broken(&app, &ask, &error))?;
    Ok(Redirect::to(&ask.to("/ke-hoach/doc", &[])).into_response())
}

/// `/ke-hoach/doc/{id}/chi-tieu.json`: the reading with its corrections, as `hoptac plan read --json` prints one.
pub(crate) async fn as_json(State(app): State<App>, Id(id): Id, ask: Ask) -> PageResult {
    let desk = Desk::open(&app, &id, &ask).await?;
    let json = serde_json::to_string_pretty(&desk.reading)
        .map_err(|error| PageError::broken(&app, &ask, &error))?;
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"chi-tieu.json\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, json).into_response())
}

/// `/ke-hoach/doc/{id}/goi.zip`: the reading with its corrections as a draft pack, with the indicators of the plan in force.
pub(crate) async fn as_pack(State(app): State<App>, Id(id): Id, ask: Ask) -> PageResult {
    let desk = Desk::open(&app, &id, &ask).await?;
    let Some(like) = &desk.published.pack else {
        return Err(refused(&app, &ask, StatusCode::CONFLICT, "reading-no-plan-help"));
    };
    let draft = draft::write(PACK_ID, &desk.kept.text, &desk.reading, like, &desk.corrections);
    let packed = draft.packed(PACK_ID).map_err(|error| PageError::broken(&app, &ask, &error))?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"du-thao.zip\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, packed).into_response())
}

fn refused(app: &App, ask: &Ask, status: StatusCode, help: &str) -> PageError {
    let voice = Voice(ask.language);
    PageError::refused(
        app,
        ask,
        status,
        voice.say("reading-refused"),
        voice.say(help),
        (ask.to("/ke-hoach/doc", &[]), voice.say("reading-another")),
    )
}

/// The pages of a document that are pictures, as its address tells after it was handed in; numbers and nothing else.
fn pictures(ask: &Ask) -> Option<String> {
    let pages: Vec<u16> =
        ask.value("anh")?.split(',').filter_map(|page| page.parse().ok()).collect();
    let pages: Vec<String> = pages.iter().map(ToString::to_string).collect();
    (!pages.is_empty()).then(|| pages.join(", "))
}

/// `120-185`: where words stand in the text.
fn place(text: &str) -> Option<(usize, usize)> {
    let (start, end) = text.split_once('-')?;
    let (start, end) = (start.parse().ok()?, end.parse().ok()?);
    (start < end).then_some((start, end))
}

fn frame<'a>(ask: &'a Ask, published: &'a Published, app: &App, title: String) -> Frame<'a> {
    Frame::new(app, ask, published, Here::Plan, title)
}

/// A kept document with its reading.
struct Desk<'a> {
    app: &'a App,
    ask: &'a Ask,
    voice: Voice,
    published: std::sync::Arc<Published>,
    kept: PlanDraft,
    corrections: Vec<Correction>,
    /// The reading with all corrections.
    reading: Reading,
}

impl<'a> Desk<'a> {
    async fn open(app: &'a App, id: &str, ask: &'a Ask) -> Result<Self, PageError> {
        let kept = app.must_store(ask)?.find_plan_draft(id, app.today()).await;
        let kept = kept.map_err(|error| PageError::broken(app, ask, &error))?;
        let Some(kept) = kept else {
            return Err(refused(app, ask, StatusCode::NOT_FOUND, "reading-gone-help"));
        };
        let corrections: Vec<Correction> = serde_json::from_str(&kept.corrections)
            .map_err(|error| PageError::broken(app, ask, &error))?;
        // A long document keeps a core busy for a moment; other pages must not wait for it.
        let (text, laid_over) = (kept.text.clone(), corrections.clone());
        let reading = tokio::task::spawn_blocking(move || {
            correction::corrected(reading::read(&text), &text, &laid_over)
        });
        let reading = reading.await.map_err(|error| PageError::broken(app, ask, &error))?;
        let (voice, published) = (Voice(ask.language), app.published());
        Ok(Self { app, ask, voice, published, kept, corrections, reading })
    }

    /// Keeps the corrections, unless somebody changed them meanwhile.
    async fn save(&self, app: &App, id: &str) -> Result<(), PageError> {
        let corrections = serde_json::to_string(&self.corrections)
            .map_err(|error| PageError::broken(app, self.ask, &error))?;
        let store = app.must_store(self.ask)?;
        match store.correct_plan_draft(id, &self.kept.corrections, &corrections).await {
            Ok(true) => Ok(()),
            Ok(false) => {
                Err(refused(app, self.ask, StatusCode::CONFLICT, "reading-changed-meanwhile-help"))
            }
            Err(error) => Err(PageError::broken(app, self.ask, &error)),
        }
    }

    /// The page again, at the words that were dealt with.
    fn back_to(&self, id: &str, start: usize, end: usize) -> Response {
        let place = format!("{start}-{end}");
        let address = self.ask.to(&format!("/ke-hoach/doc/{id}"), &[("sua", &place)]);
        Redirect::to(&format!("{address}#c-{start}")).into_response()
    }

    fn is_in_text(&self, (_, end): (usize, usize)) -> bool {
        end <= self.kept.text.chars().count()
    }

    /// The words asked for, where they are within the text and not too many.
    fn selected(&self, (start, end): (usize, usize)) -> Option<(usize, usize)> {
        (self.is_in_text((start, end)) && end - start < 2000).then_some((start, end))
    }

    fn target(&self, start: usize, end: usize) -> Option<&Target> {
        self.reading.targets.iter().find(|target| target.start == start && target.end == end)
    }

    /// The indicator that measures each target, by the plan in force; nothing while there is no plan.
    fn measures(&self) -> Option<Vec<Option<&Indicator>>> {
        let like = self.published.pack.as_deref()?;
        Some(draft::measured_by(&self.kept.text, &self.reading, like, &self.corrections))
    }

    /// The last correction of some words.
    fn correction(&self, start: usize, end: usize) -> Option<&Correction> {
        self.corrections.iter().rfind(|c| c.start == start && c.end == end)
    }

    /// The address of one of this document's acts.
    fn act(&self, act: &str) -> String {
        let path = self.ask.path.split('/').take(4).collect::<Vec<_>>().join("/");
        self.ask.to(&format!("{path}{act}"), &[])
    }

    fn draw(&self, form: Option<&PartsForm>, fault: &str) -> Response {
        let voice = self.voice;
        let count = |count: usize| number::whole(i64::try_from(count).unwrap_or(0), voice.0);
        let heading = voice.say_with(
            "reading-heading",
            &[
                ("targets", count(self.reading.targets.len()).into()),
                ("others", count(self.reading.others.len()).into()),
            ],
        );
        let body = html! {
            p class="over" {
                a href=(self.ask.to("/ke-hoach/doc", &[])) { (voice.say("reading-start-heading")) } " · " (self.kept.file_name)
            }
            h1 { (heading) }
            p class="under" {
                (voice.say_with("reading-kept", &[("day", date::show(self.kept.keep_until, voice.0).into())]))
            }
            @if let Some(pages) = pictures(self.ask) {
                p class="caution spaced" { (voice.say_with("reading-pictures", &[("pages", pages.into())])) }
            }
            (self.acts())
            div class="columns wide-first reading" {
                div class="document-read" lang="vi" hx-boost="true" hx-target="#sua" hx-select="#sua" hx-swap="outerHTML" {
                    (text::draw(self, form.map(|form| (form.start, form.end))))
                }
                aside id="sua" class="reading-side" aria-label=(voice.say("reading-side")) {
                    @match form {
                        Some(form) => (form.draw(self)),
                        None => (self.how(fault)),
                    }
                }
            }
            (self.table())
            script src=(assets::href("htmx.js")) defer {}
        };
        page::draw(&frame(self.ask, &self.published, self.app, heading), &body)
    }

    /// What can be done with the whole document.
    fn acts(&self) -> Markup {
        let voice = self.voice;
        html! {
            div class="acts" {
                @if self.published.pack.is_some() {
                    a class="button" href=(self.act("/goi.zip")) { (voice.say("reading-save-pack")) }
                }
                a class="plain-button" href=(self.act("/chi-tieu.json")) { (voice.say("reading-save-json")) }
                @if !self.corrections.is_empty() {
                    form method="post" action=(self.act("/hoan-tac")) {
                        (page::token_field(self.ask))
                        button type="submit" class="plain-button" {
                            (voice.say_with("reading-undo-last", &[("count", self.corrections.len().to_string().into())]))
                        }
                    }
                }
                form method="post" action=(self.act("/bo")) {
                    (page::token_field(self.ask))
                    button type="submit" class="plain-button" { (voice.say("reading-drop")) }
                }
            }
        }
    }

    /// How to go on, while no words are chosen.
    fn how(&self, fault: &str) -> Markup {
        let voice = self.voice;
        html! {
            h2 { (voice.say("reading-how-heading")) }
            p { (voice.say("reading-how")) }
            ul class="plain reading-key" {
                li { mark { (voice.say("reading-key-target")) } }
                li { span class="other" { (voice.say("reading-key-other")) } }
            }
            form class="entry-form" method="post" action=(self.act("/them")) {
                (page::token_field(self.ask))
                label for="loi" { (voice.say("reading-words")) }
                input type="text" id="loi" name="loi" maxlength="400" required aria-describedby="loi-giup"
                    aria-invalid=[(!fault.is_empty()).then_some("true")];
                @if !fault.is_empty() { p class="fault" { (fault) } }
                p class="help" id="loi-giup" { (voice.say("reading-words-help")) }
                button type="submit" class="plain-button" { (voice.say("reading-words-send")) }
            }
        }
    }

    /// All targets as a table, in the order of the text.
    fn table(&self) -> Markup {
        let voice = self.voice;
        let measures = self.measures();
        let number = |count: usize| number::whole(i64::try_from(count).unwrap_or(0), voice.0);
        html! {
            section {
                h2 { (voice.say("reading-table")) }
                @if let Some(measures) = &measures {
                    p class="under" {
                        (voice.say_with("reading-measured", &[
                            ("measured", number(measures.iter().flatten().count()).into()),
                            ("targets", number(measures.len()).into()),
                        ]))
                    }
                }
                table class="list reading-table" {
                    thead { tr {
                        th scope="col" { (voice.say("part-subject")) }
                        th scope="col" { (voice.say("part-comparator")) }
                        th scope="col" class="number" { (voice.say("part-value")) }
                        th scope="col" { (voice.say("part-unit")) }
                        th scope="col" { (voice.say("part-horizon")) }
                        th scope="col" { (voice.say("part-scope")) }
                        @if measures.is_some() { th scope="col" { (voice.say("part-indicator")) } }
                    } }
                    tbody {
                        @for (at, target) in self.reading.targets.iter().enumerate() {
                            @let parts = Parts::of(target);
                            tr {
                                th scope="row" class="label" lang="vi" {
                                    a href={ "?" (self.select_query(target.start, target.end)) "#c-" (target.start) } {
                                        (if target.subject.is_empty() { &target.quote } else { &target.subject })
                                    }
                                    @if self.correction(target.start, target.end).is_some() {
                                        " " span class="id" { (voice.say("reading-corrected")) }
                                    }
                                }
                                td { (parts::comparator(parts.comparator, voice)) }
                                td class="number" { (parts::value(&parts, voice)) }
                                td lang="vi" { (parts.unit) }
                                td data-label=(voice.say("part-horizon")) { (parts::horizon(&parts, voice)) }
                                td data-label=(voice.say("part-scope")) { (parts::scope(&parts.scope, voice)) }
                                @if let Some(measures) = &measures {
                                    @match measures.get(at).copied().flatten() {
                                        Some(indicator) => td data-label=(voice.say("part-indicator")) {
                                            (indicator.short.get(voice.0))
                                        },
                                        None => td class="soft" { (voice.say("part-indicator-none")) },
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The query that chooses some words.
    fn select_query(&self, start: usize, end: usize) -> String {
        let lang =
            if self.ask.language == hoptac_model::text::Language::En { "&lang=en" } else { "" };
        format!("sua={start}-{end}{lang}")
    }

    /// The faults of a form that was not sent.
    fn no_faults() -> Faults {
        Faults::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_two_numbers_in_order() {
        assert_eq!(place("12-30"), Some((12, 30)));
        for wrong in ["", "12", "30-12", "12-12", "a-b", "-1-5", "1-2-3"] {
            assert_eq!(place(wrong), None, "{wrong}");
        }
    }
}
