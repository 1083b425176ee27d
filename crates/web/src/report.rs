//! Reports in the browser: chosen, previewed, their sentences edited, taken away as documents, issued.
//!
//! A report on its way is nobody's filing and is kept nowhere: its page is one form that carries what was chosen and what
//! was written, and every button sends it whole.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use hoptac_engine::report::{self as engine, Asked};
use hoptac_model::account::SignsFor;
use hoptac_model::date;
use hoptac_model::filing::edition::{EditionFile, EditionIssue};
use hoptac_model::filing::{Body, Draft, FilingKind, Hash, Origin, Subject};
use hoptac_model::period::Period;
use hoptac_model::report::{Contents, EditionFormat, ReportFormat, ReportKind};
use hoptac_office::edition as office;
use hoptac_report::document::{Document, Edits};
use hoptac_report::letterhead::Letterhead;
use hoptac_report::periodic::COLUMNS;
use hoptac_report::{compose, tree, write};
use maud::{Markup, html};

use crate::app::App;
use crate::error::{PageError, PageResult};
use crate::form::Fields;
use crate::language::Voice;
use crate::page::{self, Frame, Here};
use crate::paper;
use crate::query::{Ask, Id};

/// The reports that the browser makes.
const KINDS: [ReportKind; 4] =
    [ReportKind::HalfYear, ReportKind::Yearly, ReportKind::Brief, ReportKind::Grading];

/// `/bao-cao`: which report of which period, and the editions that were issued.
pub(crate) async fn start(State(app): State<App>, ask: Ask) -> PageResult {
    let voice = Voice(ask.language);
    let published = app.published();
    let editions = match app.store() {
        Some(store) => {
            store.editions().await.map_err(|error| PageError::broken(&app, &ask, &error))?
        }
        None => Vec::new(),
    };
    let today = app.today();
    let heading = voice.say("report-heading");
    let year = today.year();
    let half = if today.month() > 6 { format!("{year}-H1") } else { format!("{}-H2", year - 1) };
    let unit = ask.unit.clone().or_else(|| published.plan_unit().map(|unit| unit.code.clone()));
    let body = html! {
        h1 { (heading) }
        p class="under" { (voice.say("report-under")) }
        form class="entry-form" method="get" action="/bao-cao/xem" {
            div class="field" {
                label for="loai" { (voice.say("report-kind")) }
                select id="loai" name="loai" {
                    @for kind in KINDS {
                        option value=(kind.code()) { (kind.words().get(voice.0)) }
                    }
                }
            }
            div class="pair" {
                div class="field" {
                    label for="ky" { (voice.say("report-period")) }
                    input type="text" id="ky" name="ky" value=(half) required aria-describedby="ky-giup";
                    p class="help" id="ky-giup" { (voice.say("report-period-help")) }
                }
                div class="field" {
                    label for="unit" { (voice.say("report-unit")) }
                    input type="text" id="unit" name="unit" value=[unit] aria-describedby="unit-giup";
                    p class="help" id="unit-giup" { (voice.say("report-unit-help")) }
                }
            }
            @if voice.0 == hoptac_model::text::Language::En { input type="hidden" name="lang" value="en"; }
            button type="submit" { (voice.say("report-preview")) }
        }
        section {
            h2 { (voice.say("edition-list")) }
            @if editions.is_empty() {
                p { (voice.say("edition-none")) }
            } @else {
                table {
                    thead { tr {
                        th scope="col" { (voice.say("edition-number")) }
                        th scope="col" { (voice.say("edition-title")) }
                        th scope="col" { (voice.say("edition-day")) }
                        th scope="col" { (voice.say("edition-code")) }
                    } }
                    tbody {
                        @for edition in editions.iter().rev() {
                            tr {
                                td { (edition.issue.number) }
                                td { a href=(ask.to(&format!("/an-ban/{}", edition.code), &[])) { (edition.issue.title) } }
                                td { (date::show(edition.filing.effective_on, voice.0)) }
                                td { code { (edition.code) } }
                            }
                        }
                    }
                }
            }
        }
    };
    let frame = Frame {
        ask: &ask,
        published: &published,
        today,
        title: heading,
        here: Here::Reports,
        board: None,
        unit: None,
        definition: None,
    };
    Ok(page::draw(&frame, &body))
}

/// What a report is about, and what was written on its form.
struct Wanted {
    kind: ReportKind,
    period: Period,
    unit: Option<String>,
    letterhead: Letterhead,
    /// Sentences as the form sent them, by name; nothing before it was sent.
    sentences: Edits,
}

/// A report that was made.
struct Made {
    contents: Contents,
    document: Document,
    edits: Edits,
}

/// Why it could not be made, as a sentence.
fn refused(app: &App, ask: &Ask, sentence: String) -> PageError {
    let voice = Voice(ask.language);
    PageError::refused(
        app,
        ask,
        StatusCode::BAD_REQUEST,
        voice.say("report-refused"),
        sentence,
        (ask.to("/bao-cao", &[]), voice.say("report-another")),
    )
}

fn wanted(
    app: &App,
    ask: &Ask,
    kind: &str,
    period: &str,
    unit: Option<&str>,
) -> Result<Wanted, PageError> {
    let voice = Voice(ask.language);
    let kind = ReportKind::from_code(kind)
        .filter(|kind| KINDS.contains(kind))
        .ok_or_else(|| refused(app, ask, voice.say("report-no-kind")))?;
    let period: Period = period.trim().parse().map_err(|_| {
        refused(app, ask, voice.say_with("report-no-period", &[("text", period.to_owned().into())]))
    })?;
    kind.takes(period)
        .map_err(|error| refused(app, ask, error.words().get(ask.language).to_owned()))?;
    Ok(Wanted {
        kind,
        period,
        unit: unit.map(str::to_owned),
        letterhead: Letterhead::default(),
        sentences: Edits::new(),
    })
}

/// What the form sent.
fn sent(app: &App, ask: &Ask, fields: &Fields) -> Result<Wanted, PageError> {
    let mut wanted =
        wanted(app, ask, fields.get("loai"), fields.get("ky"), fields.given("don-vi"))?;
    let day = match fields.given("ngay") {
        None => None,
        Some(text) => Some(
            date::parse(text)
                .map_err(|error| refused(app, ask, error.words().get(ask.language).to_owned()))?,
        ),
    };
    let text = |name| fields.given(name).map(str::to_owned);
    wanted.letterhead = Letterhead {
        office: text("co-quan"),
        number: text("so"),
        day,
        signer: text("nguoi-ky"),
        post: text("chuc-vu"),
        capacity: SignsFor::from_code(fields.get("tu-cach")),
        recipients: fields
            .raw("noi-nhan")
            .lines()
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect(),
    };
    wanted.sentences = fields
        .pairs()
        .filter_map(|(name, value)| {
            let text: Vec<&str> = value.split_whitespace().collect();
            Some((name.strip_prefix("cau.")?.to_owned(), text.join(" ")))
        })
        .collect();
    Ok(wanted)
}

/// Computes and composes a report, away from the threads that answer.
async fn make(app: &App, ask: &Ask, wanted: &Wanted) -> Result<Made, PageError> {
    let voice = Voice(ask.language);
    let published = app.published();
    let Some(pack) = &published.pack else { return Err(PageError::no_plan(app, ask)) };
    let (kind, period) = (wanted.kind, wanted.period);
    let as_of = engine::day_of(period, None, app.today())
        .map_err(|error| refused(app, ask, error.words().get(ask.language).to_owned()))?;
    let (first, last) = (pack.setting.year_first, pack.setting.year_last);
    if !(first..=last).contains(&as_of.year()) {
        let values = [("first", first.to_string().into()), ("last", last.to_string().into())];
        return Err(refused(app, ask, voice.say_with("report-no-year", &values)));
    }
    let code = wanted.unit.clone().unwrap_or_else(|| pack.setting.unit.clone());
    if engine::unit_of(&published.places, pack, &code, as_of).is_none() {
        return Err(app.no_unit(ask, &published, &code));
    }
    let letterhead = wanted.letterhead.clone();
    let made = tokio::task::spawn_blocking(move || {
        let pack = published.pack.as_deref()?;
        let unit = engine::unit_of(&published.places, pack, &code, as_of)?;
        let asked = Asked { kind, period, as_of, unit, organisation: None, columns: &COLUMNS };
        let contents = engine::contents(&published.register, &published.places, pack, &asked);
        let document = compose(&contents, pack, &letterhead);
        Some((contents, document))
    })
    .await
    .map_err(|error| PageError::broken(app, ask, &error))?;
    let Some((contents, mut document)) = made else { return Err(PageError::no_plan(app, ask)) };
    // Only what was written otherwise is an edit. The blanks of the composed sentence do not count.
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let edits: Edits = document
        .paragraphs()
        .filter_map(|one| {
            let text = wanted.sentences.get(&one.id)?;
            (plain(&one.text()) != *text).then(|| (one.id.clone(), text.clone()))
        })
        .collect();
    // Sentences that the figures no longer give are not asked for, so that nothing is unknown.
    if let Err(error) = document.edit(&edits) {
        return Err(PageError::broken(app, ask, &error));
    }
    Ok(Made { contents, document, edits })
}

/// `/bao-cao/xem`: the report, with a form for everything that people add to it.
pub(crate) async fn preview(State(app): State<App>, ask: Ask) -> PageResult {
    let (kind, period) =
        (ask.value("loai").unwrap_or("half-year"), ask.value("ky").unwrap_or_default());
    let wanted = wanted(&app, &ask, kind, period, ask.unit.as_deref())?;
    let made = make(&app, &ask, &wanted).await?;
    Ok(draw(&app, &ask, &wanted, &made, None))
}

/// `POST /bao-cao/xem`: the report with what was written.
pub(crate) async fn look(State(app): State<App>, ask: Ask, fields: Fields) -> PageResult {
    let wanted = sent(&app, &ask, &fields)?;
    let made = make(&app, &ask, &wanted).await?;
    Ok(draw(&app, &ask, &wanted, &made, None))
}

/// `POST /bao-cao/tai/{format}`: the report as a document.
pub(crate) async fn download(
    State(app): State<App>,
    Id(format): Id,
    ask: Ask,
    fields: Fields,
) -> PageResult {
    let Some(format) = ReportFormat::from_code(&format) else {
        return Err(PageError::no_page(&app, ask));
    };
    let wanted = sent(&app, &ask, &fields)?;
    let made = make(&app, &ask, &wanted).await?;
    let bytes =
        write(&made.document, format).map_err(|error| PageError::broken(&app, &ask, &error))?;
    let name = format!("bao-cao-{}-{}", wanted.kind.code(), wanted.period);
    Ok(attachment(format.media_type(), &format!("{name}.{}", format.code()), bytes))
}

/// A file to take away.
pub(crate) fn attachment(media_type: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    (
        [(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)],
        bytes,
    )
        .into_response()
}

/// `POST /bao-cao/phat-hanh`: the report is issued.
pub(crate) async fn issue(State(app): State<App>, ask: Ask, fields: Fields) -> PageResult {
    let voice = Voice(ask.language);
    let mut wanted = sent(&app, &ask, &fields)?;
    let made = make(&app, &ask, &wanted).await?;
    let letterhead = &wanted.letterhead;
    let (Some(number), Some(_), Some(signer)) =
        (letterhead.number.clone(), letterhead.day, letterhead.signer.clone())
    else {
        let alert = voice.say("edition-needs");
        return Ok((
            StatusCode::UNPROCESSABLE_ENTITY,
            draw(&app, &ask, &wanted, &made, Some(&alert)),
        )
            .into_response());
    };
    let (Some(store), Some(actor)) =
        (app.store(), ask.visitor.actor_for(FilingKind::EditionIssue).cloned())
    else {
        return Err(PageError::no_page(&app, ask));
    };
    wanted.letterhead.capacity.get_or_insert(SignsFor::Tm);
    let broken = |error: &(dyn std::error::Error + 'static)| PageError::broken(&app, &ask, error);
    let tree = tree(&made.document);
    let code = office::code(&tree);
    let mut files = vec![(EditionFormat::Json, tree)];
    for format in ReportFormat::ALL {
        files.push((format.into(), write(&made.document, format).map_err(|error| broken(&error))?));
    }
    let contents = &made.contents;
    let issue = EditionIssue {
        report: contents.kind,
        period: contents.period,
        unit: contents.unit.id.clone(),
        organisation: None,
        as_of: contents.as_of,
        figures_position: contents.position,
        title: made.document.title(),
        number,
        signer,
        capacity: wanted.letterhead.capacity.unwrap_or(SignsFor::Tm),
        edits: made.edits.clone(),
        files: files
            .iter()
            .map(|(format, bytes)| EditionFile {
                format: *format,
                hash: Hash::of(bytes).to_string(),
                bytes: bytes.len() as u64,
            })
            .collect(),
    };
    let edge = app.edge();
    let now = (edge.now)();
    let draft = Draft {
        id: (edge.filing_id)(now),
        recorded_at: now,
        effective_on: app.today(),
        actor: actor.signature(),
        subject: Subject::edition(&code),
        expected_version: None,
        origin: Origin::Live,
        key: None,
        body: Body::EditionIssue(Box::new(issue)),
    };
    let files: Vec<Vec<u8>> = files.into_iter().map(|(_, bytes)| bytes).collect();
    match office::issue(store, &actor, draft, &files).await {
        Ok(accepted) => {
            let position = accepted.filing.position;
            app.publish_up_to(position).await.map_err(|error| broken(&error))?;
            Ok(Redirect::to(&ask.to(&format!("/an-ban/{code}"), &[])).into_response())
        }
        Err(hoptac_office::Refusal::Store(error)) => Err(broken(&error)),
        Err(refusal) => {
            let sentence = refusal.sentence();
            let alert = sentence.get(ask.language);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, draw(&app, &ask, &wanted, &made, Some(alert)))
                .into_response())
        }
    }
}

fn draw(app: &App, ask: &Ask, wanted: &Wanted, made: &Made, alert: Option<&str>) -> Response {
    let voice = Voice(ask.language);
    let published = app.published();
    let title = wanted.kind.words().get(voice.0).to_owned();
    let heading = format!("{title} · {}", wanted.period);
    let may_issue = ask.visitor.actor_for(FilingKind::EditionIssue).is_some();
    let letterhead = &wanted.letterhead;
    let day = letterhead.day.map(|day| day.to_string());
    let body = html! {
        p class="over" { a href=(ask.to("/bao-cao", &[])) { (voice.say("report-heading")) } }
        h1 { (heading) }
        p class="under" { (voice.say_with("report-figures", &[
            ("day", date::show(made.contents.as_of, voice.0).into()),
            ("unit", made.contents.unit.name.clone().into()),
        ])) }
        @if let Some(alert) = alert { p class="alert" role="alert" { (alert) } }
        form class="report-form" method="post" action=(ask.to("/bao-cao/xem", &[])) {
            (page::token_field(ask))
            input type="hidden" name="loai" value=(wanted.kind.code());
            input type="hidden" name="ky" value=(wanted.period.to_string());
            @if let Some(unit) = &wanted.unit { input type="hidden" name="don-vi" value=(unit); }
            div class="acts" {
                button type="submit" formaction=(ask.to("/bao-cao/tai/docx", &[])) { (voice.say("report-docx")) }
                button type="submit" class="plain-button" formaction=(ask.to("/bao-cao/tai/pdf", &[])) { (voice.say("report-pdf")) }
                button type="submit" class="plain-button" formaction=(ask.to("/bao-cao/tai/xlsx", &[])) { (voice.say("report-xlsx")) }
            }
            details class="more-form" open[alert.is_some()] {
                summary { (voice.say("report-letterhead")) }
                div class="sheet-form" {
                    (line("co-quan", &voice.say("report-office"), letterhead.office.as_deref(), "text", &voice.say("report-office-help")))
                    (line("so", &voice.say("report-number"), letterhead.number.as_deref(), "text", &voice.say("report-number-help")))
                    (line("ngay", &voice.say("report-day"), day.as_deref(), "date", ""))
                    div class="field" {
                        label for="tu-cach" { (voice.say("report-capacity")) }
                        select id="tu-cach" name="tu-cach" {
                            @for form in SignsFor::ALL {
                                option value=(form.code()) selected[letterhead.capacity == Some(form)] {
                                    (form.letters()) " " (form.words().get(voice.0))
                                }
                            }
                        }
                    }
                    (line("chuc-vu", &voice.say("report-post"), letterhead.post.as_deref(), "text", &voice.say("report-post-help")))
                    (line("nguoi-ky", &voice.say("report-signer"), letterhead.signer.as_deref(), "text", ""))
                    div class="field" {
                        label for="noi-nhan" { (voice.say("report-recipients")) }
                        textarea id="noi-nhan" name="noi-nhan" rows="3" { (letterhead.recipients.join("\n")) }
                        p class="help" { (voice.say("report-recipients-help")) }
                    }
                }
            }
            details class="more-form" {
                summary { (voice.say("report-sentences")) }
                p class="help" { (voice.say("report-sentences-help")) }
                @for (number, paragraph) in made.document.paragraphs().enumerate() {
                    div class="field" {
                        label for=(format!("cau-{number}")) { (paragraph.id) }
                        textarea id=(format!("cau-{number}")) name=(format!("cau.{}", paragraph.id)) rows="3" { (paragraph.text()) }
                    }
                }
            }
            div class="acts" {
                button type="submit" class="plain-button" { (voice.say("report-look")) }
                @if may_issue {
                    button type="submit" class="plain-button" formaction=(ask.to("/bao-cao/phat-hanh", &[])) { (voice.say("edition-issue")) }
                }
            }
            @if may_issue { p class="help" { (voice.say("edition-issue-help")) } }
        }
        (paper::draw(&made.document, &|source| paper::records(ask, source)))
    };
    let frame = Frame::new(app, ask, &published, Here::Reports, heading);
    page::draw(&frame, &body)
}

fn line(name: &str, label: &str, value: Option<&str>, kind: &str, help: &str) -> Markup {
    let help_id = format!("{name}-giup");
    html! {
        div class="field" {
            label for=(name) { (label) }
            input type=(kind) id=(name) name=(name) value=[value] aria-describedby=[(!help.is_empty()).then_some(&help_id)];
            @if !help.is_empty() { p class="help" id=(help_id) { (help) } }
        }
    }
}
