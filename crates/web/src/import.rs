//! Spreadsheets in the browser: handed in, looked over row by row, taken over whole or as far as they are good, and taken back.
//!
//! A file is kept until the end of the next day for the account that handed it in, and dropped earlier on request. Every look
//! holds it against the register as it is then.

use std::sync::Arc;

use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use hoptac_intake::sheet::{
    Ask as Reading, Asked, Book, BookFault, CellFinding, ColumnMatch, Handed, Mark, Stamp,
    column_of, letters, marked, settle, table_csv, table_xlsx, take_in, template,
};
use hoptac_model::date;
use hoptac_model::filing::import::ImportCounts;
use hoptac_model::filing::{FilingKind, Hash};
use hoptac_model::finding::Severity;
use hoptac_model::ids::{ImportId, OrganisationId};
use hoptac_model::import::{ImportRow, Verdict, counts};
use hoptac_model::number;
use hoptac_model::seal::Sealed;
use hoptac_model::sheet::SheetForm;
use hoptac_model::sheet::table::{self, SheetTable};
use hoptac_model::text::sentence;
use hoptac_office::authority::{Actor, Reading as Right};
use hoptac_office::import::{Accept, Edge, Imported, SheetFile};
use hoptac_office::member::Seals;
use hoptac_office::{Refusal, import};
use hoptac_report::open_data::{Export, Shown};
use hoptac_store::{ImportOnFile, SheetDraft};
use jiff::ToSpan as _;
use jiff::tz::Offset;
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::app::{App, Published};
use crate::assets;
use crate::csv;
use crate::door::see;
use crate::entrance::broken;
use crate::error::{PageError, PageResult};
use crate::form::Fields;
use crate::language::Voice;
use crate::page::{self, Frame, Here};
use crate::query::{Ask, Id};
use crate::routes::{Need, Routes};
use crate::underway::Work;

/// So many rows of a kind are shown at once; the marked copy has them all.
const SHOWN: usize = 200;

/// The pages, with what a visitor needs for each.
pub(crate) fn routes(routes: Routes) -> Routes {
    let take = Need::File(FilingKind::ImportTake);
    routes
        .get("/nhap-lieu", take, start)
        .post("/nhap-lieu", take, hand_in)
        .get("/nhap-lieu/xem/{id}", take, preview)
        .post("/nhap-lieu/xem/{id}/cot", take, map)
        .post("/nhap-lieu/xem/{id}/nhan", take, accept)
        .post("/nhap-lieu/xem/{id}/bo", take, drop_now)
        .get("/nhap-lieu/xem/{id}/loi.xlsx", take, faults)
        .get("/nhap-lieu/lan/{id}", take, one)
        .post("/nhap-lieu/lan/{id}/rut", Need::File(FilingKind::ImportUndo), undo)
        .get("/nhap-lieu/mau/{id}", take, hand_out)
        .get("/bang/{id}", Need::Read(Right::Export), export)
}

/// `/nhap-lieu`: where a file is handed in, what was imported, what can be fetched.
async fn start(State(app): State<App>, ask: Ask) -> PageResult {
    let voice = Voice(ask.language);
    let published = app.published();
    let store = app.must_store(&ask)?;
    let forms = forms(&published);
    let imports = store.imports().await.map_err(|error| broken(&app, &ask, &error))?;
    let own = imports.iter().filter(|import| sees(&ask, import)).take(50).collect::<Vec<_>>();
    let heading = voice.say("import-heading");
    let year = app.today().year();
    let whose = ask.value("to-chuc").and_then(|id| whose(&app, &ask, &published, id));
    let body = html! {
        h1 { (heading) }
        p class="under" { (voice.say("import-under")) }
        form class="entry-form" method="post" action=(ask.to("/nhap-lieu", &[])) enctype="multipart/form-data" data-long {
            (page::token_field(&ask))
            label for="tep" { (voice.say("import-file")) }
            input type="file" id="tep" name="tep" required aria-describedby="tep-giup" accept=".xlsx,.xls,.ods,.csv,.xlsm";
            p class="help" id="tep-giup" { (voice.say("import-file-help")) }
            label for="bieu" { (voice.say("import-form")) }
            select id="bieu" name="bieu" {
                option value="" { (voice.say("import-form-found")) }
                @for form in &forms { option value=(form.id) { (form.title.get(ask.language)) } }
            }
            label for="nam" { (voice.say("import-year")) }
            input type="number" id="nam" name="nam" min="1990" max="2100" aria-describedby="nam-giup";
            p class="help" id="nam-giup" { (voice.say("import-year-help")) }
            @if let Some((id, name)) = &whose {
                input type="hidden" name="to-chuc" value=(id);
                p class="note" { (voice.say_with("import-whose", &[("name", name.clone().into())])) }
            }
            button type="submit" { (voice.say("import-send")) }
        }
        (underway(&ask))
        p class="note" { (voice.say("import-kept-how")) }
        section {
            h2 { (voice.say("import-templates")) }
            p { (voice.say("import-templates-help")) }
            ul {
                @for form in &forms {
                    @let year = year.to_string();
                    @let with: &[(&str, &str)] = if form.yearly { &[("nam", &year)] } else { &[] };
                    li {
                        a href=(ask.to(&format!("/nhap-lieu/mau/{}", form.id), with)) download {
                            (form.title.get(ask.language)) @if form.yearly { " " (year) } " (.xlsx)"
                        }
                    }
                }
            }
        }
        section {
            h2 { (voice.say("import-list")) }
            @if own.is_empty() { p { (voice.say("import-none")) } }
            @else { (list(&ask, &own)) }
        }
    };
    Ok(page::draw(&frame(&ask, &published, &app, heading), &body))
}

/// How far long work is, and the button that stops it; hidden until there is some.
fn underway(ask: &Ask) -> Markup {
    let voice = Voice(ask.language);
    let judged = [("done", "{done}".into()), ("total", "{total}".into())];
    html! {
        div class="underway" data-underway hidden role="status"
            data-read=(voice.say_with("import-underway-read", &[("done", "{done}".into())]))
            data-judged=(voice.say_with("import-underway-judged", &judged)) {
            p data-said { (voice.say("import-underway")) }
            progress aria-label=(voice.say("import-underway")) {}
            button type="button" class="plain-button" { (voice.say("import-stop")) }
        }
        p class="caution" data-stopped hidden tabindex="-1" { (voice.say("import-stopped-help")) }
        script type="module" src=(assets::href("import.js")) {}
    }
}

/// The organisation of rows that name none, where the visitor sees its members.
fn whose(
    app: &App,
    ask: &Ask,
    published: &Published,
    id: &str,
) -> Option<(OrganisationId, String)> {
    let register = &published.register;
    let id = id.parse().ok()?;
    let index = register.index_of(id)?;
    let places = &published.places;
    let sees = ask.visitor.may_see(Right::Members, register, places, index, app.today());
    register.organisation(index).filter(|_| sees).map(|found| (id, found.name.clone()))
}

fn list(ask: &Ask, imports: &[&ImportOnFile]) -> Markup {
    let voice = Voice(ask.language);
    html! {
        div class="wide" tabindex="0" role="region" aria-label=(voice.say("import-list")) {
            table class="list" {
                thead { tr {
                    th scope="col" { (voice.say("import-when")) }
                    th scope="col" { (voice.say("import-file")) }
                    th scope="col" { (voice.say("import-who")) }
                    th scope="col" class="number" { (voice.say("import-filings")) }
                    th scope="col" { (voice.say("import-state")) }
                } }
                tbody {
                    @for import in imports {
                        tr {
                            td { (day_of(import, ask)) }
                            th scope="row" class="label" {
                                a href=(ask.to(&format!("/nhap-lieu/lan/{}", import.id), &[])) { (import.taken.file_name) }
                            }
                            td { (import.actor) }
                            td class="number" { (whole(import.taken.filings, ask)) }
                            td { (voice.say(if import.undone.is_some() { "import-undone" } else { "import-taken" })) }
                        }
                    }
                }
            }
        }
    }
}

/// `POST /nhap-lieu`: takes a file in and leads to what would become of it.
async fn hand_in(State(app): State<App>, request: Request) -> PageResult {
    let ask = Ask::asked(&request);
    let store = app.must_store(&ask)?;
    let key = ask.value("viec").map(str::to_owned);
    let begun = app.underway().begin(&account(&ask), key.as_deref());
    let Some(sent) = sent(request, &app).await else {
        return Err(refused(&app, &ask, StatusCode::PAYLOAD_TOO_LARGE, "import-too-large-help"));
    };
    if sent.bytes.is_empty() {
        return Err(refused(&app, &ask, StatusCode::BAD_REQUEST, "import-no-file-help"));
    }
    let id = app.unguessable();
    let today = app.today();
    let Some(entrance) = app.entrance() else { return Err(PageError::no_page(&app, ask.clone())) };
    // Rows may be about persons, so that the file lies sealed for as long as it is kept.
    let nonce = entrance.edge.bytes();
    let sealed = Sealed::new(&entrance.master, nonce, &place_of(&id), &sent.bytes);
    let draft = SheetDraft {
        account: account(&ask),
        file_name: sent.name,
        contents: sealed.into(),
        asked: json!({"form": sent.form, "year": sent.year, "whose": sent.whose}).to_string(),
        keep_until: today.saturating_add(1.day()),
    };
    // A file that cannot be read at all is said to be so at once, and is not kept.
    let work = begun.work();
    tokio::select! {
        biased;
        () = work.stopped() => {
            return Err(refused(&app, &ask, StatusCode::CONFLICT, "import-stopped-help"));
        }
        looked = look(&app, &ask, &id, &draft, &work) => looked?,
    };
    store.add_sheet_draft(&id, &draft, today).await.map_err(|error| broken(&app, &ask, &error))?;
    let with: Vec<(&str, &str)> = key.as_deref().map(|key| ("viec", key)).into_iter().collect();
    Ok(Redirect::to(&ask.to(&format!("/nhap-lieu/xem/{id}"), &with)).into_response())
}

/// What was sent: the file, and what was said of it.
#[derive(Default)]
struct Sent {
    name: String,
    bytes: Vec<u8>,
    form: Option<String>,
    year: Option<i16>,
    whose: Option<OrganisationId>,
}

/// Where the seal of a kept file holds.
fn place_of(id: &str) -> String {
    format!("sheet_draft/{id}")
}

async fn sent(request: Request, app: &App) -> Option<Sent> {
    let mut parts = Multipart::from_request(request, app).await.ok()?;
    let mut sent = Sent::default();
    while let Some(part) = parts.next_field().await.ok()? {
        match part.name() {
            Some("tep") => {
                let name = part.file_name().unwrap_or_default();
                let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
                sent.name = name.chars().filter(|c| !c.is_control()).take(120).collect();
                sent.bytes = part.bytes().await.ok()?.to_vec();
            }
            Some("bieu") => sent.form = part.text().await.ok().filter(|form| !form.is_empty()),
            Some("nam") => sent.year = part.text().await.ok().and_then(|year| year.parse().ok()),
            Some("to-chuc") => sent.whose = part.text().await.ok().and_then(|id| id.parse().ok()),
            _ => {}
        }
    }
    Some(sent)
}

/// A file that was read.
struct Looked {
    book: Book,
    handed: Handed,
    hash: Hash,
}

/// Reads a kept file as it is asked to be read.
async fn look(
    app: &App,
    ask: &Ask,
    id: &str,
    draft: &SheetDraft,
    work: &Arc<Work>,
) -> Result<Looked, PageError> {
    let forms = forms(&app.published());
    let store = app.must_store(ask)?;
    let imports = store.imports().await.map_err(|error| broken(app, ask, &error))?;
    let asked = asked(draft, &imports);
    let name = draft.file_name.clone();
    let Some(entrance) = app.entrance() else { return Err(PageError::no_page(app, ask.clone())) };
    let sealed = Sealed::try_from(draft.contents.clone());
    let opened = sealed.ok().and_then(|sealed| sealed.open(&entrance.master, &place_of(id)).ok());
    let Some(bytes) = opened else {
        return Err(refused(app, ask, StatusCode::NOT_FOUND, "import-gone-help"));
    };
    let work = Arc::clone(work);
    let read = tokio::task::spawn_blocking(move || {
        let hash = Hash::of(&bytes);
        let book = Book::open(&name, bytes)?;
        let handed = take_in(&book, &forms, &asked, &mut |rows| work.read(rows))?;
        Ok::<_, BookFault>(Looked { book, handed, hash })
    });
    match read.await {
        Ok(Ok(looked)) => Ok(looked),
        Ok(Err(fault)) => {
            let voice = Voice(ask.language);
            let (problem, remedy) =
                (fault.problem.get(ask.language), fault.remedy.get(ask.language));
            Err(PageError::refused(
                app,
                ask,
                StatusCode::UNPROCESSABLE_ENTITY,
                voice.say("import-refused"),
                format!("{problem}; {remedy}."),
                (ask.to("/nhap-lieu", &[]), voice.say("import-another")),
            ))
        }
        Err(error) => Err(broken(app, ask, &error)),
    }
}

/// How a kept file is to be read: what was said of it, and what its sender used before.
fn asked(draft: &SheetDraft, imports: &[ImportOnFile]) -> Asked {
    let said: Value = serde_json::from_str(&draft.asked).unwrap_or_default();
    let told = said.get("told").and_then(Value::as_object).into_iter().flatten();
    let told = told.map(|(column, at)| (column.clone(), at.as_str().and_then(column_of)));
    let own = imports.iter().rev().filter(|import| {
        import.undone.is_none() && import.actor.split(' ').next() == Some(draft.account.as_str())
    });
    let remembered = own.flat_map(|import| {
        let columns = import.taken.columns.iter().filter(|column| !column.head.is_empty());
        columns.map(|c| (import.taken.form.clone(), c.head.clone(), c.column.clone()))
    });
    Asked {
        form: said.get("form").and_then(Value::as_str).map(str::to_owned),
        unit: None,
        year: said.get("year").and_then(Value::as_i64).and_then(|year| i16::try_from(year).ok()),
        ask: Reading { told: told.collect(), ..Reading::default() },
        remembered: remembered.collect(),
    }
}

/// A kept file, read and held against the register.
pub(crate) struct Desk {
    looked: Looked,
    file: SheetFile,
    imported: Imported,
}

/// So many files that were looked over are remembered, so that their rows can be gone through without reading them again.
const LOOKED_OVER: usize = 4;

/// A file that was looked over, with what its rows were held against and how it was to be read.
pub(crate) struct LookedOver {
    id: String,
    account: String,
    asked: String,
    position: u64,
    desk: Arc<Desk>,
}

/// The file that a visitor keeps under an id.
async fn kept(app: &App, ask: &Ask, id: &str) -> Result<SheetDraft, PageError> {
    let store = app.must_store(ask)?;
    let kept = store.find_sheet_draft(id, &account(ask), app.today()).await;
    let kept = kept.map_err(|error| broken(app, ask, &error))?;
    kept.ok_or_else(|| refused(app, ask, StatusCode::NOT_FOUND, "import-gone-help"))
}

/// A kept file, looked over: as it was a moment ago where nothing was filed since, else anew.
async fn look_over(app: &App, ask: &Ask, id: &str) -> Result<Arc<Desk>, PageError> {
    let kept = kept(app, ask, id).await?;
    let position = app.must_store(ask)?.position().await;
    let position = position.map_err(|error| broken(app, ask, &error))?;
    let found = app.looked().iter().find_map(|one| {
        let same = one.id == id && one.position == position && one.asked == kept.asked;
        (same && one.account == kept.account).then(|| Arc::clone(&one.desk))
    });
    if let Some(desk) = found {
        return Ok(desk);
    }
    let (account, asked) = (kept.account.clone(), kept.asked.clone());
    let desk = Arc::new(open(app, ask, id, kept, Accept::Nothing).await?);
    // Rows of members are kept nowhere in clear.
    if desk.file.form.id != SheetForm::MEMBERS {
        let mut all = app.looked();
        all.retain(|one| one.id != id);
        all.truncate(LOOKED_OVER - 1);
        let desk = Arc::clone(&desk);
        all.push_front(LookedOver { id: id.to_owned(), account, asked, position, desk });
    }
    Ok(desk)
}

async fn open(
    app: &App,
    ask: &Ask,
    id: &str,
    kept: SheetDraft,
    accept: Accept,
) -> Result<Desk, PageError> {
    let store = app.must_store(ask)?;
    let begun = app.underway().begin(&account(ask), ask.value("viec"));
    let work = begun.work();
    let mut looked = look(app, ask, id, &kept, &work).await?;
    let said: Value = serde_json::from_str(&kept.asked).unwrap_or_default();
    let whose = said.get("whose").and_then(Value::as_str).and_then(|id| id.parse().ok());
    let file = SheetFile {
        name: kept.file_name,
        hash: looked.hash,
        form: looked.handed.form.clone(),
        sheet: looked.handed.reading.sheet.clone(),
        columns: looked.handed.columns.clone(),
        year: looked.handed.year,
        on: app.today(),
        organisation: whose,
        rows: std::mem::take(&mut looked.handed.rows),
    };
    let actor = actor(app, ask)?;
    let Some(entrance) = app.entrance() else { return Err(PageError::no_page(app, ask.clone())) };
    let at = (entrance.edge.now)();
    let filing_id = entrance.edge.filing_id;
    let mut fresh = move || filing_id(at).0;
    let bytes = entrance.edge;
    let mut chance = move || bytes.bytes();
    let seals = Some(Seals { master: &entrance.master, chance: &mut chance });
    let mut edge = Edge {
        recorded_at: at,
        now: entrance.edge.now,
        import: ImportId(fresh()),
        fresh: &mut fresh,
        seals,
    };
    // Columns that only their content speaks for are confirmed before anything is filed under them.
    let proposed = looked.handed.reading.columns.iter().any(ColumnMatch::is_proposed);
    let accept = if proposed { Accept::Nothing } else { accept };
    let total = file.rows.len();
    let progress = &mut |done| work.judged(done, total);
    let run = import::run(store, actor, &file, accept, &mut edge, progress);
    // What is dropped before its end was never filed.
    let ran = tokio::select! {
        biased;
        () = work.stopped() => None,
        ran = run => Some(ran),
    };
    let Some(ran) = ran else {
        if accept == Accept::Nothing {
            store.remove_sheet_draft(id).await.map_err(|error| broken(app, ask, &error))?;
        }
        return Err(refused(app, ask, StatusCode::CONFLICT, "import-stopped-help"));
    };
    match ran {
        Ok(imported) => {
            settle(&mut looked.handed.reading.findings, &imported.rows);
            Ok(Desk { looked, file, imported })
        }
        Err(Refusal::Store(error)) => Err(broken(app, ask, &error)),
        Err(refusal) => {
            let voice = Voice(ask.language);
            Err(PageError::refused(
                app,
                ask,
                StatusCode::UNPROCESSABLE_ENTITY,
                voice.say("import-not-taken"),
                refusal.sentence().get(ask.language).to_owned(),
                (ask.to("/nhap-lieu", &[]), voice.say("import-another")),
            ))
        }
    }
}

/// `/nhap-lieu/xem/{id}`: what would become of every row.
async fn preview(State(app): State<App>, Id(id): Id, ask: Ask) -> PageResult {
    let desk = look_over(&app, &ask, &id).await?;
    Ok(desk.draw(&app, &ask, &id, StatusCode::OK))
}

/// `POST /nhap-lieu/xem/{id}/nhan`: takes all rows, or the good ones.
async fn accept(State(app): State<App>, Id(id): Id, ask: Ask, fields: Fields) -> PageResult {
    let accept = if fields.get("cach") == "tat-ca" { Accept::All } else { Accept::Good };
    let kept = kept(&app, &ask, &id).await?;
    let desk = open(&app, &ask, &id, kept, accept).await?;
    let Some(filed) = &desk.imported.filed else {
        return Ok(desk.draw(&app, &ask, &id, StatusCode::UNPROCESSABLE_ENTITY));
    };
    let store = app.must_store(&ask)?;
    store.remove_sheet_draft(&id).await.map_err(|error| broken(&app, &ask, &error))?;
    app.publish_up_to(filed.position).await.map_err(|error| broken(&app, &ask, &error))?;
    Ok(see(&ask.clone().of_today().to(&format!("/nhap-lieu/lan/{}", filed.id), &[])))
}

/// `POST /nhap-lieu/xem/{id}/cot`: says which columns are which.
async fn map(State(app): State<App>, Id(id): Id, ask: Ask, fields: Fields) -> PageResult {
    let store = app.must_store(&ask)?;
    let kept = kept(&app, &ask, &id).await?;
    let mut said: Value = serde_json::from_str(&kept.asked).unwrap_or_else(|_| json!({}));
    let told = fields.pairs().filter_map(|(name, at)| {
        let column = name.strip_prefix("cot-")?;
        Some((column.to_owned(), json!(at)))
    });
    let told: serde_json::Map<String, Value> = told.collect();
    if let Some(object) = said.as_object_mut() {
        object.insert("told".to_owned(), Value::Object(told));
    }
    let kept = store.ask_sheet_draft(&id, &said.to_string()).await;
    kept.map_err(|error| broken(&app, &ask, &error))?;
    Ok(see(&ask.to(&format!("/nhap-lieu/xem/{id}"), &[])))
}

/// `POST /nhap-lieu/xem/{id}/bo`: drops the file; nothing of it was filed.
async fn drop_now(State(app): State<App>, Id(id): Id, ask: Ask) -> PageResult {
    let store = app.must_store(&ask)?;
    let kept = store.find_sheet_draft(&id, &account(&ask), app.today()).await;
    if kept.map_err(|error| broken(&app, &ask, &error))?.is_some() {
        store.remove_sheet_draft(&id).await.map_err(|error| broken(&app, &ask, &error))?;
    }
    Ok(see(&ask.to("/nhap-lieu", &[])))
}

/// `/nhap-lieu/xem/{id}/loi.xlsx`: a copy of the file with its faults marked.
async fn faults(State(app): State<App>, Id(id): Id, ask: Ask) -> PageResult {
    let desk = look_over(&app, &ask, &id).await?;
    let marks = desk.marks(&ask);
    let bytes = marked(&desk.looked.book, &desk.file.sheet, &marks, ask.language)
        .map_err(|error| broken(&app, &ask, &error))?;
    Ok(attachment("loi.xlsx", XLSX, bytes))
}

/// `/nhap-lieu/lan/{id}`: an import, and the way to take it back.
async fn one(State(app): State<App>, Id(id): Id, ask: Ask) -> PageResult {
    let import = must_find(&app, &ask, &id).await?;
    Ok(draw_one(&app, &ask, &import, &[], StatusCode::OK))
}

/// `POST /nhap-lieu/lan/{id}/rut`: takes an import back.
async fn undo(State(app): State<App>, Id(id): Id, ask: Ask, fields: Fields) -> PageResult {
    let on_file = must_find(&app, &ask, &id).await?;
    let store = app.must_store(&ask)?;
    let actor = actor(&app, &ask)?;
    let Some(entrance) = app.entrance() else { return Err(PageError::no_page(&app, ask.clone())) };
    let at = (entrance.edge.now)();
    let filing_id = entrance.edge.filing_id;
    let mut fresh = move || filing_id(at).0;
    let mut edge = Edge {
        recorded_at: at,
        now: entrance.edge.now,
        import: on_file.id,
        fresh: &mut fresh,
        seals: None,
    };
    let reason = fields.get("ly-do").trim();
    match import::undo(store, actor, on_file.id, reason, &mut edge, &mut |_| ()).await {
        Ok(undone) => {
            let shown = app.publish_up_to(undone.position).await;
            shown.map_err(|error| broken(&app, &ask, &error))?;
            Ok(see(&ask.clone().of_today().to(&format!("/nhap-lieu/lan/{id}"), &[])))
        }
        Err(Refusal::Store(error)) => Err(broken(&app, &ask, &error)),
        Err(refusal) => {
            let language = ask.language;
            let found = refusal.findings().iter().filter(|finding| finding.is_error());
            let mut said: Vec<String> = found
                .map(|f| format!("{}; {}.", f.message.get(language), f.remedy.get(language)))
                .collect();
            if said.is_empty() {
                said.push(refusal.sentence().get(language).to_owned());
            }
            Ok(draw_one(&app, &ask, &on_file, &said, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

fn draw_one(
    app: &App,
    ask: &Ask,
    import: &ImportOnFile,
    said: &[String],
    status: StatusCode,
) -> Response {
    let voice = Voice(ask.language);
    let published = app.published();
    let heading = import.taken.file_name.clone();
    let body = html! {
        p class="over" { a href=(ask.to("/nhap-lieu", &[])) { (voice.say("import-heading")) } }
        h1 { (heading) }
        p class="under" { (day_of(import, ask)) " · " (import.actor) " · " (sums(import.taken.counts, ask)) }
        @for sentence in said { p class="fault" role="alert" { (sentence) } }
        @if let Some(position) = import.undone {
            p class="caution" { (voice.say_with("import-undone-at", &[("position", position.to_string().into())])) }
        } @else {
            p { (voice.say_with("import-brought", &[
                ("filings", whole(import.taken.filings, ask).into()),
                ("first", import.first.to_string().into()),
                ("last", import.position.saturating_sub(1).to_string().into()),
            ])) }
            form class="entry-form" method="post" action=(ask.to(&format!("/nhap-lieu/lan/{}/rut", import.id), &[])) {
                (page::token_field(ask))
                label for="ly-do" { (voice.say("import-undo-why")) }
                input type="text" id="ly-do" name="ly-do" required maxlength="300" aria-describedby="ly-do-giup";
                p class="help" id="ly-do-giup" { (voice.say("import-undo-help")) }
                button type="submit" class="plain-button" { (voice.say("import-undo")) }
            }
        }
        section {
            h2 { (voice.say("import-columns")) }
            table class="list" {
                thead { tr {
                    th scope="col" { (voice.say("import-column-at")) }
                    th scope="col" { (voice.say("import-column-head")) }
                    th scope="col" { (voice.say("import-column-form")) }
                } }
                tbody {
                    @for column in &import.taken.columns {
                        tr { td { (column.at) } td lang="vi" { (column.head) } td { (column.column) } }
                    }
                }
            }
        }
        p class="note" { "SHA-256 " code { (import.taken.file_hash) } }
    };
    let page = page::draw(&frame(ask, &published, app, heading), &body);
    (status, page).into_response()
}

/// `/nhap-lieu/mau/{id}`: the template of a form.
async fn hand_out(State(app): State<App>, Id(id): Id, ask: Ask) -> PageResult {
    let published = app.published();
    let forms = forms(&published);
    let Some(form) = forms.iter().find(|form| form.id == id) else {
        return Err(PageError::no_page(&app, ask.clone()));
    };
    let year = ask.value("nam").and_then(|year| year.parse().ok()).filter(|_| form.yearly);
    let stamp = Stamp { form: form.id.clone(), version: form.version, unit: None, year };
    let bytes = template(form, &stamp, ask.language).map_err(|error| broken(&app, &ask, &error))?;
    let year = year.map(|year| format!("-{year}")).unwrap_or_default();
    Ok(attachment(&format!("mau-{}{year}.xlsx", form.id), XLSX, bytes))
}

/// How metadata of a table as CSV is asked for.
const METADATA: &str = "csv-metadata.json";

/// `/bang/{id}`: a table to take away, as a workbook; as CSV, or with what its columns mean, where `dang` says so.
async fn export(State(app): State<App>, Id(id): Id, ask: Ask) -> PageResult {
    let published = app.published();
    let today = app.today();
    let (register, places) = (&published.register, &published.places);
    let sees: table::Sees<'_> =
        &|index| ask.visitor.may_see(Right::Export, register, places, index, today);
    let year = ask.value("nam").and_then(|year| year.parse::<i16>().ok());
    let pack = published.pack.as_deref();
    let form = pack.and_then(hoptac_model::pack::Pack::annual_return);
    let table: Option<SheetTable> = match id.as_str() {
        "organisations" => Some(table::organisations(register, sees, places, today)),
        "returns" => form.map(|form| {
            table::returns(register, sees, form, year.unwrap_or_else(|| today.year() - 1))
        }),
        "grades" => Some(table::grades(register, sees, year)),
        "links" => Some(table::links(register, sees, today)),
        "products" => Some(table::products(register, sees, today)),
        "support" => Some(table::support(register, sees)),
        "units" => Some(table::units(places, today)),
        "figures" => pack.map(table::figures),
        "scoreboard" => match pack {
            Some(pack) => {
                let view = app.view(&ask).await?;
                view.board.scoreboard(&view.unit.id).map(|board| table::scoreboard(&board, pack))
            }
            None => None,
        },
        _ => None,
    };
    let Some(table) = table else { return Err(PageError::no_page(&app, ask.clone())) };
    match ask.value("dang") {
        Some("csv") => {
            let bytes = table_csv(&table, ask.language);
            let file = attachment(&format!("{id}.csv"), "text/csv; charset=utf-8", bytes);
            return Ok(csv::linked(file, &ask.with("dang", METADATA)));
        }
        Some(METADATA) => {
            let shown = Shown {
                url: ask.with("dang", "csv").here(),
                as_of: today,
                position: register.position,
                synthetic: register.has_synthetic(),
            };
            return Ok(csv::described(&Export::of_table(&table, ask.language, shown)));
        }
        Some(_) | None => {}
    }
    let year = year.filter(|_| table.form.yearly);
    let stamp =
        Stamp { form: table.form.id.clone(), version: table.form.version, unit: None, year };
    let bytes =
        table_xlsx(&table, &stamp, ask.language).map_err(|error| broken(&app, &ask, &error))?;
    Ok(attachment(&format!("{id}.xlsx"), XLSX, bytes))
}

pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(crate) fn attachment(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}

impl Desk {
    fn findings(&self) -> &[CellFinding] {
        &self.looked.handed.reading.findings
    }

    /// The letters of the column in which a column of the form stands.
    fn at(&self, field: &str) -> Option<&str> {
        let id = field.rsplit('.').next().unwrap_or(field);
        let found = self.file.columns.iter().find(|column| column.column == id)?;
        Some(&found.at)
    }

    /// What is wrong or doubtful in a row, each with its cell, whether it stops the row, and what to do.
    fn said(&self, row: &ImportRow, ask: &Ask) -> Vec<(String, bool, String)> {
        let language = ask.language;
        let cells = self.findings().iter().filter(|finding| finding.row == row.number);
        let mut said: Vec<_> = cells
            .map(|f| {
                let text = format!("{}; {}", f.problem.get(language), f.remedy.get(language));
                (f.cell(), f.severity == Severity::Error, text)
            })
            .collect();
        for f in &row.findings {
            let cell = self.at(&f.field).map(|at| format!("{at}{}", row.number));
            let text = format!("{}; {}", f.message.get(language), f.remedy.get(language));
            said.push((cell.unwrap_or_default(), f.is_error(), text));
        }
        said
    }

    /// What is wrong with the sheet itself, as a column that is missing: it stands in no row, and stops them all.
    fn of_sheet(&self) -> impl Iterator<Item = &CellFinding> {
        let in_row = |row| self.imported.rows.iter().any(|known| known.number == row);
        self.findings().iter().filter(move |finding| !in_row(finding.row))
    }

    fn marks(&self, ask: &Ask) -> Vec<Mark> {
        let rows = self.imported.rows.iter().flat_map(|row| {
            self.said(row, ask).into_iter().map(move |(cell, stops, says)| {
                let at = cell.trim_end_matches(|c: char| c.is_ascii_digit());
                Mark { row: row.number, at: column_of(at).unwrap_or(0), stops, says }
            })
        });
        rows.collect()
    }

    fn draw(&self, app: &App, ask: &Ask, id: &str, status: StatusCode) -> Response {
        let voice = Voice(ask.language);
        let published = app.published();
        let counts = counts(&self.imported.rows);
        let heading = voice.say_with("import-look", &[("file", self.file.name.clone().into())]);
        let act = |verb: &str| ask.to(&format!("/nhap-lieu/xem/{id}/{verb}"), &[]);
        let fileable = counts.new + counts.changed;
        let proposed = self.looked.handed.reading.columns.iter().any(ColumnMatch::is_proposed);
        let open = proposed || self.of_sheet().next().is_some();
        let body = html! {
            p class="over" { a href=(ask.to("/nhap-lieu", &[])) { (voice.say("import-heading")) } }
            h1 { (heading) }
            p class="under" {
                (self.file.form.title.get(ask.language)) " · "
                (voice.say_with("import-sheet", &[("sheet", self.file.sheet.clone().into())]))
                @if let Some(year) = self.file.year { " · " (voice.say("import-year")) " " (year) }
            }
            @if let Some(refused) = &self.imported.refused { p class="fault" role="alert" { (refused.get(ask.language)) "." } }
            @if let Some(before) = &self.imported.before {
                p class="caution" {
                    (voice.say_with("import-before", &[("day", day_of(before, ask).into())])) " "
                    a href=(ask.to(&format!("/nhap-lieu/lan/{}", before.id), &[])) { (voice.say("import-before-see")) }
                }
            }
            nav class="import-sums" aria-label=(voice.say("import-sums")) {
                @for (verdict, count) in verdicts(counts) {
                    @let here = ask.value("loai") == Some(verdict.code());
                    a href=(ask.to(&format!("/nhap-lieu/xem/{id}"), &[("loai", verdict.code())])) aria-current=[here.then_some("true")] {
                        strong { (whole(count, ask)) } " " (verdict.words().get(ask.language))
                    }
                }
            }
            @if proposed { (self.proposals(ask, id)) }
            (underway(ask))
            @if self.imported.before.is_none() {
                div class="import-acts" {
                    @if fileable > 0 && !proposed {
                        form method="post" action=(act("nhan")) data-long {
                            (page::token_field(ask))
                            input type="hidden" name="cach" value="hop-le";
                            button type="submit" { (voice.say_with("import-take-good", &[("count", whole(fileable, ask).into())])) }
                        }
                    }
                    @if counts.rejected == 0 && counts.doubtful > 0 && !proposed {
                        form method="post" action=(act("nhan")) data-long {
                            (page::token_field(ask))
                            input type="hidden" name="cach" value="tat-ca";
                            button type="submit" class="plain-button" {
                                (voice.say_with("import-take-all", &[("count", whole(fileable + counts.doubtful, ask).into())]))
                            }
                        }
                    }
                    form method="post" action=(act("bo")) {
                        (page::token_field(ask))
                        button type="submit" class="plain-button" { (voice.say("import-take-none")) }
                    }
                }
            }
            @if self.of_sheet().next().is_some() {
                ul class="findings" {
                    @for finding in self.of_sheet() {
                        li { strong { @if finding.at.is_none() { (voice.say("import-row")) " " } (finding.cell()) } ": " (finding.problem.get(ask.language)) "; " (finding.remedy.get(ask.language)) }
                    }
                }
            }
            @for left_out in &self.imported.unmentioned {
                p class="note" lang=(ask.language.tag()) { (sentence(left_out.told().get(ask.language))) }
            }
            @if !self.marks(ask).is_empty() {
                p { a href=(ask.to(&format!("/nhap-lieu/xem/{id}/loi.xlsx"), &[])) download { (voice.say("import-marked")) } }
            }
            (self.rows(ask))
            (self.columns(ask, id, open))
        };
        let page = page::draw(&frame(ask, &published, app, heading), &body);
        (status, page).into_response()
    }

    /// The rows of the chosen kind; without a choice those that somebody should look at.
    fn rows(&self, ask: &Ask) -> Markup {
        let voice = Voice(ask.language);
        let chosen = ask.value("loai").and_then(Verdict::from_code);
        let rows: Vec<&ImportRow> = self
            .imported
            .rows
            .iter()
            .filter(|row| match chosen {
                Some(verdict) => row.verdict == verdict,
                None => row.verdict != Verdict::Same || !row.findings.is_empty(),
            })
            .collect();
        html! {
            section id="dong" {
                h2 { (match chosen {
                    Some(verdict) => voice.say_with("import-rows-of", &[("kind", verdict.words().get(ask.language).to_owned().into())]),
                    None => voice.say("import-rows"),
                }) }
                @if rows.is_empty() { p { (voice.say("import-no-rows")) } }
                @else {
                    div class="wide" tabindex="0" role="region" aria-label=(voice.say("import-rows")) {
                        table class="list import-rows" {
                            thead { tr {
                                th scope="col" class="number" { (voice.say("import-row")) }
                                th scope="col" { (voice.say("import-name")) }
                                th scope="col" { (voice.say("import-verdict")) }
                                th scope="col" { (voice.say("import-what")) }
                            } }
                            tbody { @for row in rows.iter().take(SHOWN) { (self.row(row, ask)) } }
                        }
                    }
                    @if rows.len() > SHOWN {
                        p { (voice.say_with("import-more", &[("count", (rows.len() - SHOWN).to_string().into())])) }
                    }
                }
            }
        }
    }

    fn row(&self, row: &ImportRow, ask: &Ask) -> Markup {
        let language = ask.language;
        let voice = Voice(language);
        html! {
            tr {
                td class="number" { (row.number) }
                th scope="row" class="label" lang="vi" {
                    @if let Some(organisation) = row.organisation {
                        a href=(ask.to(&format!("/to-chuc/{organisation}"), &[])) { (row.name) }
                    } @else { (row.name) }
                }
                td { (row.verdict.words().get(language)) }
                td {
                    @if row.verdict == Verdict::Changed {
                        @for [head, before, after] in row.differences.iter().map(|one| one.told(&self.file.form, language)) {
                            p { (head) ": " (before) " → " strong { (after) } }
                        }
                    }
                    @for near in &row.near {
                        p {
                            (voice.say("import-near")) " "
                            a href=(ask.to(&format!("/to-chuc/{}", near.organisation), &[])) lang="vi" { (near.name) }
                            " (" (near.alike.reason.get(language)) ")"
                        }
                    }
                    @for (cell, stops, says) in self.said(row, ask) {
                        p class=(if stops { "fault" } else { "note" }) {
                            @if !cell.is_empty() { strong { (cell) } " " }
                            (says)
                        }
                    }
                }
            }
        }
    }

    /// Columns that only their content speaks for, and the button that confirms them, so that the sender's next file is read so.
    fn proposals(&self, ask: &Ask, id: &str) -> Markup {
        let (voice, language) = (Voice(ask.language), ask.language);
        let columns = &self.looked.handed.reading.columns;
        let called = |found: &ColumnMatch| self.file.form.columns.get(found.column);
        html! {
            form class="caution" method="post" action=(ask.to(&format!("/nhap-lieu/xem/{id}/cot"), &[])) {
                (page::token_field(ask))
                p { (voice.say("import-proposed")) }
                ul {
                    @for found in columns.iter().filter(|found| found.is_proposed()) {
                        @if let Some(column) = called(found) {
                            li {
                                (voice.say("import-column-at")) " " strong { (letters(found.at)) } " "
                                @if found.head.is_empty() { "(" (voice.say("import-column-no-head")) ")" }
                                @else { q lang="vi" { (found.head) } }
                                " → " (column.head.get(language))
                            }
                        }
                    }
                }
                @for column in &self.file.form.columns {
                    input type="hidden" name={ "cot-" (column.id) } value=(self.at(&column.id).unwrap_or_default());
                }
                button type="submit" { (voice.say("import-proposed-confirm")) } " "
                a href="#cot" { (voice.say("import-proposed-change")) }
            }
        }
    }

    /// Which columns are which, to be put right.
    fn columns(&self, ask: &Ask, id: &str, open: bool) -> Markup {
        let voice = Voice(ask.language);
        let reading = &self.looked.handed.reading;
        let mut heads: Vec<(usize, &str)> =
            reading.columns.iter().map(|found| (found.at, found.head.as_str())).collect();
        heads.extend(reading.unknown.iter().map(|(at, head)| (*at, head.as_str())));
        heads.sort_unstable();
        html! {
            details id="cot" open[open] {
                summary { (voice.say("import-columns")) }
                p { (voice.say("import-columns-help")) }
                form class="entry-form" method="post" action=(ask.to(&format!("/nhap-lieu/xem/{id}/cot"), &[])) {
                    (page::token_field(ask))
                    @for column in &self.file.form.columns {
                        @let name = format!("cot-{}", column.id);
                        @let found = self.at(&column.id);
                        label for=(name) {
                            (column.head.get(ask.language)) @if column.required { " *" }
                        }
                        select id=(name) name=(name) {
                            option value="" selected[found.is_none()] { (voice.say("import-column-none")) }
                            @for (at, head) in &heads {
                                @let letters = letters(*at);
                                option value=(letters) selected[found == Some(letters.as_str())] { (letters) ": " (head) }
                            }
                        }
                    }
                    button type="submit" class="plain-button" { (voice.say("import-columns-send")) }
                }
            }
        }
    }
}

fn verdicts(counts: ImportCounts) -> [(Verdict, u32); 5] {
    [
        (Verdict::New, counts.new),
        (Verdict::Changed, counts.changed),
        (Verdict::Same, counts.same),
        (Verdict::Doubtful, counts.doubtful),
        (Verdict::Rejected, counts.rejected),
    ]
}

fn sums(counts: ImportCounts, ask: &Ask) -> String {
    let parts = verdicts(counts).map(|(verdict, count)| {
        format!("{} {}", whole(count, ask), verdict.words().get(ask.language))
    });
    parts.join(" · ")
}

fn whole(count: u32, ask: &Ask) -> String {
    number::whole(i64::from(count), ask.language)
}

fn day_of(import: &ImportOnFile, ask: &Ask) -> String {
    let day = Offset::constant(7).to_datetime(import.recorded_at).date();
    date::show(day, ask.language)
}

fn forms(published: &Published) -> Vec<SheetForm> {
    published.pack.as_deref().map_or_else(|| vec![SheetForm::organisations()], SheetForm::all)
}

/// The name under which a visitor's files are kept.
pub(crate) fn account(ask: &Ask) -> String {
    ask.visitor.signed_in.as_ref().map(|one| one.account.name.0.clone()).unwrap_or_default()
}

/// Whether a visitor gets to see an import: their own, or all of them where they may read the ledger.
fn sees(ask: &Ask, import: &ImportOnFile) -> bool {
    ask.visitor.may_read(Right::Ledger)
        || import.actor.split(' ').next() == Some(account(ask).as_str())
}

fn actor<'a>(app: &App, ask: &'a Ask) -> Result<&'a Actor, PageError> {
    let need = Need::File(FilingKind::ImportTake);
    let actor = ask.visitor.actor_for(FilingKind::ImportTake);
    actor.ok_or_else(|| PageError::forbidden(app, ask.clone(), need))
}

async fn must_find(app: &App, ask: &Ask, id: &str) -> Result<ImportOnFile, PageError> {
    let store = app.must_store(ask)?;
    let found = match id.parse::<ImportId>() {
        Ok(id) => store.find_import(id).await.map_err(|error| broken(app, ask, &error))?,
        Err(_) => None,
    };
    let found = found.filter(|import| sees(ask, import));
    found.ok_or_else(|| refused(app, ask, StatusCode::NOT_FOUND, "import-unknown-help"))
}

fn refused(app: &App, ask: &Ask, status: StatusCode, help: &str) -> PageError {
    let voice = Voice(ask.language);
    PageError::refused(
        app,
        ask,
        status,
        voice.say("import-refused"),
        voice.say(help),
        (ask.to("/nhap-lieu", &[]), voice.say("import-another")),
    )
}

fn frame<'a>(ask: &'a Ask, published: &'a Published, app: &App, title: String) -> Frame<'a> {
    Frame::new(app, ask, published, Here::Register, title)
}
