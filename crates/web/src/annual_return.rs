//! Yearly returns: who has handed in and who has not, and one return as a sheet that is filled in with the keyboard, handed in,
//! looked at, sent back with reasons and accepted.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use hoptac_model::date;
use hoptac_model::filing::annual_return::{ReturnSendBack, ReturnSubmit, ReturnWaive};
use hoptac_model::filing::{Body, Draft, FilingKind, Origin, ReturnAccept, Subject};
use hoptac_model::finding::Finding;
use hoptac_model::number;
use hoptac_model::pack::{Field, FieldType, Form, Pack};
use hoptac_model::text::fold;
use hoptac_office::annual_return::way::{Standing, last_due, prefilled, standing};
use hoptac_office::authority::{Actor, Reading};
use hoptac_store::{AcceptedReturn, OrganisationCard, Paper, PaperAct, ReturnDraft};
use jiff::civil::Date;
use maud::{Markup, html};

use crate::account::moment;
use crate::app::{App, Published};
use crate::assets;
use crate::door::{Entrance, see};
use crate::entrance::{broken, entrance, field};
use crate::entry::{self, Days, Entry};
use crate::error::{PageError, PageResult};
use crate::filing_form::draw::{self, Said};
use crate::filing_form::value;
use crate::form::Fields;
use crate::language::Voice;
use crate::organisation;
use crate::page::{self, Frame, Here, token_field};
use crate::query::{Ask, Id};
use crate::routes::{Need, Routes};

/// How many organisations a page of the list shows.
const PAGE: usize = 50;
/// How many accepted years stand beside the one that is filled in.
const BESIDE: i16 = 2;

/// The addresses of this file.
pub(crate) fn routes(routes: Routes) -> Routes {
    let filings = Need::Read(Reading::Filings);
    routes
        .get("/bao-cao-nam", filings, list)
        .get("/to-chuc/{id}/bao-cao-nam", filings, sheet)
        .post("/to-chuc/{id}/bao-cao-nam", Need::File(FilingKind::ReturnSubmit), send)
        .post("/to-chuc/{id}/bao-cao-nam/xu-ly", Need::File(FilingKind::ReturnAccept), decide)
        .post("/to-chuc/{id}/bao-cao-nam/mien", Need::File(FilingKind::ReturnWaive), waive)
}

/// The address of a return.
pub(crate) fn href(ask: &Ask, organisation: &str, year: i16) -> String {
    ask.to(&format!("/to-chuc/{organisation}/bao-cao-nam"), &[("nam", &year.to_string())])
}

fn form_of<'p>(
    app: &App,
    ask: &Ask,
    published: &'p Published,
) -> Result<(&'p Pack, &'p Form), PageError> {
    let Some(pack) = published.pack.as_ref() else { return Err(PageError::no_plan(app, ask)) };
    let form = pack.annual_return().ok_or_else(|| PageError::no_page(app, ask.clone()))?;
    Ok((pack, form))
}

/// The year that is asked for.
fn year_of(app: &App, ask: &Ask, pack: &Pack) -> Result<i16, PageError> {
    let Some(text) = ask.value("nam") else { return Ok(last_due(pack, app.today())) };
    let year = text.parse().ok().filter(|year| (1990..=app.today().year()).contains(year));
    year.ok_or_else(|| {
        let voice = Voice(ask.language);
        let heading = voice.say("returns-no-year");
        let sentence = voice.say_with("returns-no-year-help", &[("text", text.to_owned().into())]);
        PageError::invalid(app, ask, heading, sentence)
    })
}

/// `/bao-cao-nam?nam=&tinh-trang=&q=&trang=`
async fn list(State(app): State<App>, ask: Ask) -> PageResult {
    let voice = Voice(ask.language);
    let entrance = entrance(&app, &ask)?;
    let published = app.published();
    let (pack, form) = form_of(&app, &ask, &published)?;
    let year = year_of(&app, &ask, pack)?;
    let (today, due) = (app.today(), pack.return_due_on(year));
    let at = due.unwrap_or_else(|| date::year_end(year)).min(today);
    let failed = |error: hoptac_store::Error| broken(&app, &ask, &error);
    let accepted: BTreeMap<_, AcceptedReturn> = entrance
        .store
        .accepted_returns(year)
        .await
        .map_err(failed)?
        .into_iter()
        .map(|one| (one.organisation, one))
        .collect();
    let papers: BTreeMap<_, Paper> = entrance
        .store
        .papers(year)
        .await
        .map_err(failed)?
        .into_iter()
        .map(|one| (one.organisation, one))
        .collect();
    let days = Days { as_of: at, geography: today, due_year: None };
    let (register, places) = (&published.register, &published.places);
    let all = ask.visitor.sees_all(Reading::Filings);
    let mut expected: Vec<(Entry<'_>, Standing)> = entry::all(&published, days)
        .into_iter()
        .filter(|entry| {
            entry.exists()
                && form.applies_to.iter().any(|kind| kind == entry.state.kind.code())
                && (all
                    || ask.visitor.may_see(Reading::Filings, register, places, entry.index, today))
        })
        .map(|entry| {
            let id = entry.organisation.id;
            let stands = standing(accepted.get(&id), papers.get(&id), due, today);
            (entry, stands)
        })
        .collect();
    let mut counts: BTreeMap<Standing, usize> = BTreeMap::new();
    for (_, stands) in &expected {
        *counts.entry(*stands).or_default() += 1;
    }
    let of = |stands: Standing| counts.get(&stands).copied().unwrap_or(0);
    let count = |many: usize| number::whole(i64::try_from(many).unwrap_or(i64::MAX), voice.0);
    let heading = voice.say_with(
        "returns-heading",
        &[
            ("accepted", count(of(Standing::Accepted) + of(Standing::AcceptedLate)).into()),
            ("expected", count(expected.len()).into()),
            ("year", year.to_string().into()),
        ],
    );
    let wanted = ask.value("tinh-trang");
    let search = fold(ask.value("q").unwrap_or_default());
    expected.retain(|(entry, stands)| {
        wanted.is_none_or(|code| stands.code() == code)
            && (search.is_empty() || fold(&entry.organisation.name).contains(&search))
    });
    // What waits for somebody comes first.
    let urgency = |stands: Standing| match stands {
        Standing::Submitted => 0,
        Standing::SentBack => 1,
        Standing::Missing => 2,
        Standing::Open => 3,
        Standing::AcceptedLate => 4,
        Standing::Accepted => 5,
    };
    expected.sort_by_key(|(_, stands)| urgency(*stands));
    let first = ask.value("trang").and_then(|page| page.parse::<usize>().ok()).unwrap_or(1).max(1);
    let shown: Vec<_> = expected.iter().skip((first - 1) * PAGE).take(PAGE).collect();
    let way = |values: &[(&str, &str)]| {
        let year = year.to_string();
        let mut all = vec![("nam", year.as_str())];
        all.extend_from_slice(values);
        ask.to("/bao-cao-nam", &all)
    };
    let body = html! {
        h1 { (heading) }
        p class="under" {
            @match due {
                Some(due) => (voice.say_with("returns-due", &[("day", date::show(due, voice.0).into())])),
                None => (voice.say("returns-no-due")),
            }
        }
        @if !all { p class="caution spaced" { (voice.say("records-only-part")) } }
        nav class="choice" aria-label=(voice.say("returns-years")) {
            @for other in (year - 2..=(year + 1).min(today.year())).rev() {
                a href=(ask.to("/bao-cao-nam", &[("nam", &other.to_string())])) aria-current=[(other == year).then_some("page")] { (other) }
            }
        }
        nav class="choice" aria-label=(voice.say("returns-standings")) {
            a href=(way(&[])) aria-current=[wanted.is_none().then_some("true")] { (voice.say("returns-all")) " " (count(counts.values().sum())) }
            @for stands in Standing::ALL {
                @if of(stands) > 0 {
                    a href=(way(&[("tinh-trang", stands.code())])) aria-current=[(wanted == Some(stands.code())).then_some("true")] {
                        (stands.words().get(voice.0)) " " (count(of(stands)))
                    }
                }
            }
        }
        form class="entry-form" method="get" action="/bao-cao-nam" role="search" {
            input type="hidden" name="nam" value=(year);
            @if let Some(wanted) = wanted { input type="hidden" name="tinh-trang" value=(wanted); }
            @if voice.0 == hoptac_model::text::Language::En { input type="hidden" name="lang" value="en"; }
            label for="q" { (voice.say("returns-search")) }
            div class="entry" {
                input type="search" id="q" name="q" value=[ask.value("q")];
                button type="submit" class="plain-button" { (voice.say("register-show")) }
            }
        }
        table class="list" {
            thead { tr {
                th { (voice.say("register-name")) } th { (voice.say("register-seat")) } th { (voice.say("returns-standing")) } th { (voice.say("returns-day")) }
            } }
            tbody {
                @for (entry, stands) in &shown {
                    @let id = entry.organisation.id;
                    tr {
                        th scope="row" class="label" { a href=(href(&ask, &id.to_string(), year)) { (entry.organisation.name) } }
                        td data-label=(voice.say("register-seat")) { (entry.seat.map_or(number::NO_VALUE, |unit| places.name_on(unit, today))) }
                        td data-label=(voice.say("returns-standing")) { (stands.words().get(voice.0)) }
                        td data-label=(voice.say("returns-day")) {
                            @let on = papers.get(&id).map(|paper| paper.on).max(accepted.get(&id).map(|one| one.on));
                            (on.map_or_else(|| number::NO_VALUE.to_owned(), |on| date::show(on, voice.0)))
                        }
                    }
                }
            }
        }
        @if shown.is_empty() { p class="quiet" { (voice.say("register-none")) } }
        @if expected.len() > PAGE {
            @let last = expected.len().div_ceil(PAGE);
            nav class="pages" aria-label=(voice.say("returns-pages")) {
                @if first > 1 { a href=(way(&[("trang", &(first - 1).to_string()), ("tinh-trang", wanted.unwrap_or_default())])) { (voice.say("returns-before")) } }
                span { (first) " / " (last) }
                @if first < last { a href=(way(&[("trang", &(first + 1).to_string()), ("tinh-trang", wanted.unwrap_or_default())])) { (voice.say("returns-after")) } }
            }
        }
    };
    Ok(frame(&app, &ask, &published, heading, &body))
}

fn frame(app: &App, ask: &Ask, published: &Published, title: String, body: &Markup) -> Response {
    let frame = Frame::new(app, ask, published, Here::Register, title);
    page::draw(&frame, body)
}

/// One return on a desk: whose, of which year, and everything that is on file about it.
struct Desk<'a> {
    app: &'a App,
    ask: &'a Ask,
    entrance: &'a Entrance,
    published: &'a Published,
    pack: &'a Pack,
    form: &'a Form,
    index: u32,
    card: OrganisationCard,
    year: i16,
    accepted: Option<AcceptedReturn>,
    last: Option<AcceptedReturn>,
    papers: Vec<Paper>,
    /// What this account has filled in so far.
    kept: Option<ReturnDraft>,
}

impl<'a> Desk<'a> {
    async fn set(
        app: &'a App,
        ask: &'a Ask,
        published: &'a Published,
        id: &str,
        year: i16,
    ) -> Result<Self, PageError> {
        let entrance = entrance(app, ask)?;
        let store = &entrance.store;
        let (pack, form) = form_of(app, ask, published)?;
        let failed = |error: hoptac_store::Error| broken(app, ask, &error);
        let unknown = || organisation::unknown(app, ask, published, id);
        let index = organisation::seen(ask, published, id, app.today()).ok_or_else(unknown)?;
        let organisation = published.register.organisation(index).ok_or_else(unknown)?.id;
        // A year that is over is told by what the register says of its end.
        let day = date::year_end(year).min(app.today());
        let card = store.find_organisation_on(organisation, day).await.map_err(failed)?;
        let Some(card) = card else {
            let voice = Voice(ask.language);
            let sentence = voice.say_with("returns-not-yet", &[("year", year.to_string().into())]);
            return Err(PageError::invalid(app, ask, voice.say("returns-no-year"), sentence));
        };
        let accepted = |year: i16| async move {
            let mut all = store.accepted_returns(year).await?;
            all.retain(|one| one.organisation == organisation);
            Ok::<_, hoptac_store::Error>(all.pop())
        };
        let mut papers = store.papers(year).await.map_err(failed)?;
        papers.retain(|paper| paper.organisation == organisation);
        let kept = match &ask.visitor.signed_in {
            Some(own) => store
                .find_return_draft(&own.account.name, organisation, year)
                .await
                .map_err(failed)?,
            None => None,
        };
        Ok(Self {
            app,
            ask,
            entrance,
            published,
            pack,
            form,
            index,
            accepted: accepted(year).await.map_err(failed)?,
            last: accepted(year.saturating_sub(1)).await.map_err(failed)?,
            card,
            year,
            papers,
            kept,
        })
    }

    fn voice(&self) -> Voice {
        Voice(self.ask.language)
    }

    fn actor(&self, kind: FilingKind) -> Option<&Actor> {
        let (register, places) = (&self.published.register, &self.published.places);
        self.ask.visitor.actor_about(kind, register, places, self.index, self.app.today())
    }

    /// What happened last on the way, unless a return was accepted since.
    fn open(&self) -> Option<&Paper> {
        let accepted = self.accepted.as_ref().map_or(0, |accepted| accepted.position);
        self.papers.last().filter(|paper| paper.position > accepted)
    }

    /// The return that waits to be looked at.
    fn waiting(&self) -> Option<(&Paper, &BTreeMap<String, i64>, u16)> {
        let paper = self.open()?;
        match &paper.act {
            PaperAct::Submitted { values, form_version } => Some((paper, values, *form_version)),
            PaperAct::SentBack { .. } => None,
        }
    }

    /// What is to be put right, by field.
    fn reasons(&self) -> Option<(&Paper, &BTreeMap<String, String>)> {
        let paper = self.open()?;
        match &paper.act {
            PaperAct::SentBack { reasons } => Some((paper, reasons)),
            PaperAct::Submitted { .. } => None,
        }
    }

    /// What stands in the cells before anybody types: what was kept, handed in or accepted, else what is known already.
    fn before(&self) -> BTreeMap<String, String> {
        if let Some(kept) = &self.kept
            && let Ok(cells) = serde_json::from_str(&kept.contents)
        {
            return cells;
        }
        let submitted = self.papers.iter().rev().find_map(|paper| match &paper.act {
            PaperAct::Submitted { values, .. } => Some(values),
            PaperAct::SentBack { .. } => None,
        });
        let filed = submitted.or(self.accepted.as_ref().map(|accepted| &accepted.values));
        let values: Vec<(String, i64)> = match filed {
            Some(values) => values.iter().map(|(id, value)| (id.clone(), *value)).collect(),
            None => prefilled(self.form, &self.card, self.last.as_ref(), self.year)
                .into_iter()
                .map(|one| (one.field, one.value))
                .collect(),
        };
        let typed = |(id, value): (String, i64)| {
            let field = self.form.fields.iter().find(|field| field.id == id)?;
            Some((id, typed(field.field_type, value)))
        };
        values.into_iter().filter_map(typed).collect()
    }

    /// Reads the cells. What cannot be read is said at its cell.
    fn read(&self, cells: &BTreeMap<String, String>) -> (BTreeMap<String, i64>, Vec<Said>) {
        let voice = self.voice();
        let (mut values, mut said) = (BTreeMap::new(), Vec::new());
        for field in &self.form.fields {
            let text = cells.get(&field.id).map_or("", |text| text.trim());
            if text.is_empty() {
                continue;
            }
            let value = match field.field_type {
                FieldType::Flag => flag(text),
                FieldType::Count | FieldType::Money => value::whole(text),
            };
            if let Some(value) = value {
                values.insert(field.id.clone(), value);
            } else {
                let key = if field.field_type == FieldType::Flag {
                    "sheet-not-a-flag"
                } else {
                    "form-not-whole"
                };
                let sentence = voice.say_with(key, &[("text", text.to_owned().into())]);
                let field = format!("values.{}", field.id);
                said.push(Said::unread(value::Unread { field, sentence }));
            }
        }
        (values, said)
    }

    fn draft(&self, on: Date, key: Option<String>, body: Body) -> Draft {
        let at = (self.entrance.edge.now)();
        Draft {
            id: (self.entrance.edge.filing_id)(at),
            recorded_at: at,
            effective_on: on,
            actor: String::new(),
            subject: Subject::organisation(self.card.id),
            expected_version: None,
            origin: Origin::Live,
            key,
            body,
        }
    }

    fn said(&self, found: &[Finding]) -> Vec<Said> {
        found.iter().map(|finding| Said::found(finding, self.ask.language)).collect()
    }

    /// Files something about the return and goes on to its page; else gives what stands against it.
    async fn file(
        &self,
        kind: FilingKind,
        draft: Draft,
    ) -> Result<Result<Response, Vec<Said>>, PageError> {
        let Some(actor) = self.actor(kind) else {
            return Err(PageError::forbidden(self.app, self.ask.clone(), Need::File(kind)));
        };
        match hoptac_office::accept(&self.entrance.store, actor, draft).await {
            Ok(accepted) => {
                let shown = self.app.publish_up_to(accepted.filing.position).await;
                shown.map_err(|error| broken(self.app, self.ask, &error))?;
                let path = format!("/to-chuc/{}/bao-cao-nam", self.card.id);
                let (year, position) =
                    (self.year.to_string(), accepted.filing.position.to_string());
                Ok(Ok(see(&self.ask.to(&path, &[("nam", &year), ("da_nop", &position)]))))
            }
            Err(hoptac_office::Refusal::Store(error)) => Err(broken(self.app, self.ask, &error)),
            Err(hoptac_office::Refusal::Invalid(found)) => Ok(Err(self.said(&found))),
            Err(refusal) => {
                Ok(Err(vec![Said::whole(refusal.sentence().get(self.ask.language).to_owned())]))
            }
        }
    }
}

/// A value as it stands in a cell.
fn typed(field_type: FieldType, value: i64) -> String {
    match field_type {
        FieldType::Flag => if value == 0 { "khong" } else { "co" }.to_owned(),
        FieldType::Count | FieldType::Money => {
            number::whole(value, hoptac_model::text::Language::Vi)
        }
    }
}

/// Yes or no, as chosen or as it comes from a sheet.
fn flag(text: &str) -> Option<i64> {
    match fold(text).as_str() {
        "co" | "1" | "x" | "yes" | "true" => Some(1),
        "khong" | "0" | "no" | "false" => Some(0),
        _ => None,
    }
}

fn cells_of(fields: &Fields) -> BTreeMap<String, String> {
    let cells = fields.pairs().filter_map(|(name, value)| Some((name.strip_prefix("o.")?, value)));
    cells.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

async fn sheet(State(app): State<App>, Id(id): Id, ask: Ask) -> PageResult {
    let published = app.published();
    let (pack, _) = form_of(&app, &ask, &published)?;
    let year = year_of(&app, &ask, pack)?;
    let desk = Desk::set(&app, &ask, &published, &id, year).await?;
    let cells = desk.before();
    let mut said = desk.look(&cells).await?;
    // That a cell is empty need not be said to whoever has just opened the sheet.
    if desk.mode() == Mode::Fill {
        let filled: Vec<String> = cells
            .iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(id, _)| format!("values.{id}"))
            .collect();
        said.retain(|one| one.is_error() || filled.iter().any(|name| one.is_at(name)));
    }
    Ok(desk.draw(&cells, &said, None))
}

impl Desk<'_> {
    /// Everything that would be found if the cells were handed in; nothing where the visitor does not hand in.
    async fn look(&self, cells: &BTreeMap<String, String>) -> Result<Vec<Said>, PageError> {
        let kind = if self.waiting().is_some() {
            FilingKind::ReturnAccept
        } else {
            FilingKind::ReturnSubmit
        };
        let Some(actor) = self.actor(kind) else { return Ok(Vec::new()) };
        let (values, mut said) = self.read(cells);
        let (year, form_version) = (self.year, self.form.version);
        let (on, body) = match self.waiting() {
            Some((paper, values, form_version)) => {
                let values = values.clone();
                (paper.on, Body::ReturnAccept(ReturnAccept { year, form_version, values }))
            }
            None => {
                (self.app.today(), Body::ReturnSubmit(ReturnSubmit { year, form_version, values }))
            }
        };
        let found =
            hoptac_office::glance(&self.entrance.store, actor, self.draft(on, None, body)).await;
        said.extend(self.said(&found.map_err(|error| broken(self.app, self.ask, &error))?));
        Ok(said)
    }
}

/// Keeps what was typed, checks it, or hands it in.
async fn send(State(app): State<App>, Id(id): Id, ask: Ask, fields: Fields) -> PageResult {
    let published = app.published();
    let (pack, _) = form_of(&app, &ask, &published)?;
    let year = fields.get("nam").parse().unwrap_or_else(|_| last_due(pack, app.today()));
    let desk = Desk::set(&app, &ask, &published, &id, year).await?;
    let voice = desk.voice();
    let store = &desk.entrance.store;
    let failed = |error: hoptac_store::Error| broken(&app, &ask, &error);
    let cells = cells_of(&fields);
    let Some(own) =
        ask.visitor.signed_in.as_ref().filter(|_| desk.actor(FilingKind::ReturnSubmit).is_some())
    else {
        return Err(PageError::forbidden(&app, ask, Need::File(FilingKind::ReturnSubmit)));
    };
    let name = &own.account.name;
    if fields.get("viec") != "nop" {
        let saved_at = (desk.entrance.edge.now)();
        let contents = serde_json::to_string(&cells).unwrap_or_default();
        let draft = ReturnDraft { contents, saved_at };
        store.keep_return_draft(name, desk.card.id, year, &draft).await.map_err(failed)?;
        let (values, mut said) = desk.read(&cells);
        if let Some(actor) = desk.actor(FilingKind::ReturnSubmit) {
            let body = ReturnSubmit { year, form_version: desk.form.version, values };
            let draft = desk.draft(app.today(), None, Body::ReturnSubmit(body));
            let found = hoptac_office::glance(store, actor, draft).await.map_err(failed)?;
            said.extend(desk.said(&found));
        }
        let saved = voice.say_with("sheet-saved", &[("time", moment(saved_at, voice.0).into())]);
        if ask.part {
            let all: Vec<&Said> = said.iter().collect();
            let html = html! {
                div data-part="fields" { (draw::sentences(&all, &ask)) }
                p data-part="saved" { (saved) }
            };
            return Ok(Html(html.into_string()).into_response());
        }
        return Ok(desk.draw(&cells, &said, Some(&saved)));
    }
    let (values, said) = desk.read(&cells);
    let on = value::day(fields.get("effective_on")).unwrap_or_else(|| app.today());
    if said.iter().any(Said::is_error) {
        return Ok(
            (StatusCode::UNPROCESSABLE_ENTITY, desk.draw(&cells, &said, None)).into_response()
        );
    }
    let body = ReturnSubmit { year, form_version: desk.form.version, values };
    let key =
        Some(fields.get("khoa")).filter(|key| !key.is_empty()).map(|key| format!("web/{key}"));
    let draft = desk.draft(on, key, Body::ReturnSubmit(body));
    match desk.file(FilingKind::ReturnSubmit, draft).await? {
        Ok(done) => {
            store.remove_return_draft(name, desk.card.id, year).await.map_err(failed)?;
            Ok(done)
        }
        Err(said) => {
            Ok((StatusCode::UNPROCESSABLE_ENTITY, desk.draw(&cells, &said, None)).into_response())
        }
    }
}

/// Accepts a return that waits, or sends it back with reasons.
async fn decide(State(app): State<App>, Id(id): Id, ask: Ask, fields: Fields) -> PageResult {
    let published = app.published();
    let (pack, _) = form_of(&app, &ask, &published)?;
    let year = fields.get("nam").parse().unwrap_or_else(|_| last_due(pack, app.today()));
    let desk = Desk::set(&app, &ask, &published, &id, year).await?;
    let voice = desk.voice();
    let again = |desk: &Desk<'_>, said: &[Said]| {
        (StatusCode::UNPROCESSABLE_ENTITY, desk.draw(&desk.before(), said, None)).into_response()
    };
    let Some((paper, values, form_version)) = desk.waiting() else {
        return Ok(again(&desk, &[Said::whole(voice.say("sheet-nothing-waits"))]));
    };
    // What was looked at is what is decided on; somebody may have handed in anew.
    if fields.get("so") != paper.position.to_string() {
        return Ok(again(&desk, &[Said::whole(voice.say("sheet-other-waits"))]));
    }
    let key =
        Some(fields.get("khoa")).filter(|key| !key.is_empty()).map(|key| format!("web/{key}"));
    let (kind, on, body) = if fields.get("viec") == "chap-nhan" {
        let body = ReturnAccept { year, form_version, values: values.clone() };
        // Who handed in on time is in time, however long the office takes.
        (FilingKind::ReturnAccept, paper.on, Body::ReturnAccept(body))
    } else {
        let reasons = fields
            .pairs()
            .filter_map(|(name, text)| Some((name.strip_prefix("ly_do.")?, text.trim())))
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .collect();
        let body = ReturnSendBack { year, reasons, note: fields.get("nhan_xet").to_owned() };
        (FilingKind::ReturnSendBack, app.today(), Body::ReturnSendBack(body))
    };
    let draft = desk.draft(on, key, body);
    Ok(match desk.file(kind, draft).await? {
        Ok(done) => done,
        Err(said) => again(&desk, &said),
    })
}

/// Waives a check for the organisation and the year.
async fn waive(State(app): State<App>, Id(id): Id, ask: Ask, fields: Fields) -> PageResult {
    let published = app.published();
    let (pack, _) = form_of(&app, &ask, &published)?;
    let year = fields.get("nam").parse().unwrap_or_else(|_| last_due(pack, app.today()));
    let desk = Desk::set(&app, &ask, &published, &id, year).await?;
    let voice = desk.voice();
    let Some(until) = value::day(fields.get("den")) else {
        let sentence =
            voice.say_with("form-not-a-day", &[("text", fields.get("den").to_owned().into())]);
        let said = [Said::whole(sentence)];
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, desk.draw(&desk.before(), &said, None))
            .into_response());
    };
    let body = Body::ReturnWaive(ReturnWaive {
        year,
        check: fields.get("phep").to_owned(),
        decided_by: fields.get("co_quan").to_owned(),
        reason: fields.get("ly_do").to_owned(),
        until,
    });
    let draft = desk.draft(app.today(), None, body);
    Ok(match desk.file(FilingKind::ReturnWaive, draft).await? {
        Ok(done) => done,
        Err(said) => (StatusCode::UNPROCESSABLE_ENTITY, desk.draw(&desk.before(), &said, None))
            .into_response(),
    })
}

/// How a sheet is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// It is filled in.
    Fill,
    /// It waits, and the visitor decides.
    Review,
    /// It is only looked at.
    Look,
}

impl Desk<'_> {
    fn mode(&self) -> Mode {
        let reviews = self.waiting().is_some() && self.actor(FilingKind::ReturnAccept).is_some();
        if reviews && self.ask.value("sua").is_none() {
            Mode::Review
        } else if self.actor(FilingKind::ReturnSubmit).is_some() {
            Mode::Fill
        } else {
            Mode::Look
        }
    }

    fn draw(
        &self,
        cells: &BTreeMap<String, String>,
        said: &[Said],
        saved: Option<&str>,
    ) -> Response {
        let (voice, ask) = (self.voice(), self.ask);
        let mode = self.mode();
        let (id, due) = (self.card.id.to_string(), self.pack.return_due_on(self.year));
        let stands = standing(self.accepted.as_ref(), self.papers.last(), due, self.app.today());
        let title = voice.say_with("sheet-title", &[("year", self.year.to_string().into())]);
        let path = format!("/to-chuc/{id}/bao-cao-nam");
        let names: Vec<String> =
            self.form.fields.iter().map(|field| format!("values.{}", field.id)).collect();
        let general = draw::elsewhere(said, &names);
        let filed = ask.value("da_nop");
        let body = html! {
            p class="over" {
                a href=(organisation::href(ask, &id)) { (self.card.name) } " · "
                a href=(ask.to("/bao-cao-nam", &[("nam", &self.year.to_string())])) { (voice.say("nav-returns")) }
            }
            h1 { (title) }
            p class="under" {
                (stands.words().get(voice.0))
                @if let Some(due) = due { " · " (voice.say_with("returns-due", &[("day", date::show(due, voice.0).into())])) }
            }
            @if let Some(position) = filed {
                p class="saved" role="status" { (voice.say_with("sheet-filed", &[("position", position.to_owned().into())])) }
            }
            nav class="choice" aria-label=(voice.say("returns-years")) {
                @for other in (self.year - 2..=(self.year + 1).min(self.app.today().year())).rev() {
                    a href=(href(ask, &id, other)) aria-current=[(other == self.year).then_some("page")] { (other) }
                }
            }
            @if let Some((paper, reasons)) = self.reasons() {
                div class="caution" role="note" {
                    p { strong { (voice.say_with("sheet-sent-back", &[("day", date::show(paper.on, voice.0).into())])) } }
                    @if let Some(note) = reasons.get("") { p { (note) } }
                    @if reasons.keys().any(|field| !field.is_empty()) { p { (voice.say("sheet-see-cells")) } }
                }
            }
            @if mode == Mode::Fill && self.waiting().is_some() { p class="caution" { (voice.say("sheet-waits")) } }
            @if mode == Mode::Look {
                @let roles: Vec<String> = Need::File(FilingKind::ReturnSubmit).roles().map(|role| role.words().get(voice.0).to_owned()).collect();
                p class="quiet" { (voice.say_with("forms-who", &[("roles", roles.join(", ").into())])) }
            }
            div class="general" aria-live="polite" { (draw::sentences(&general, ask)) }
            @match mode {
                Mode::Fill => {
                    form method="post" action=(ask.to(&path, &[])) data-sheet data-leave=(voice.say("form-leave")) data-offline=(voice.say("form-offline")) {
                        (token_field(ask))
                        input type="hidden" name="nam" value=(self.year);
                        input type="hidden" name="khoa" value=(self.app.unguessable());
                        p class="help" { (voice.say("sheet-keys")) }
                        (self.grid(mode, cells, said))
                        p class="outcome" role="status" data-saved {
                            @if let Some(saved) = saved { (saved) }
                            @else if let Some(kept) = &self.kept { (voice.say_with("sheet-saved", &[("time", moment(kept.saved_at, voice.0).into())])) }
                        }
                        div class="sheet-form" {
                            (field("effective_on", &voice.say("sheet-day"), None, &html! {
                                input type="date" id="effective_on" name="effective_on" value=(self.app.today()) required;
                            }))
                        }
                        div class="acts" {
                            button type="submit" name="viec" value="nop" { (voice.say("sheet-submit")) }
                            button type="submit" name="viec" value="luu" class="plain-button" formnovalidate { (voice.say("sheet-save")) }
                        }
                    }
                }
                Mode::Review => {
                    form method="post" action=(ask.to(&format!("{path}/xu-ly"), &[])) {
                        (token_field(ask))
                        input type="hidden" name="nam" value=(self.year);
                        input type="hidden" name="khoa" value=(self.app.unguessable());
                        input type="hidden" name="so" value=(self.waiting().map_or(0, |(paper, ..)| paper.position));
                        (self.grid(mode, cells, said))
                        section class="one-column" {
                            h2 { (voice.say("sheet-decide")) }
                            div class="sheet-form" {
                                (field("nhan_xet", &voice.say("sheet-note"), Some(&voice.say("sheet-note-help")), &html! {
                                    textarea id="nhan_xet" name="nhan_xet" rows="3" maxlength="2000" aria-describedby="nhan_xet-giup" {}
                                }))
                            }
                            div class="acts" {
                                button type="submit" name="viec" value="chap-nhan" { (voice.say("sheet-accept")) }
                                button type="submit" name="viec" value="tra-lai" class="plain-button" { (voice.say("sheet-send-back")) }
                                @if self.actor(FilingKind::ReturnSubmit).is_some() {
                                    a href=(ask.to(&path, &[("nam", &self.year.to_string()), ("sua", "1")])) { (voice.say("sheet-instead")) }
                                }
                            }
                        }
                    }
                }
                Mode::Look => (self.grid(mode, cells, said)),
            }
            (self.waivers(&path))
            script type="module" src=(assets::href("sheet.js")) {}
        };
        frame(self.app, ask, self.published, title, &body)
    }

    /// The years beside the one that is filled in, each with its values.
    fn beside(&self) -> Vec<(i16, Option<BTreeMap<&str, i64>>)> {
        let register = &self.published.register;
        let own = register.returns.of(self.index);
        let years = (self.year - BESIDE)..self.year;
        let of = |year: i16| {
            let one = own.iter().rfind(|one| one.year == year)?;
            let fields = self.form.fields.iter();
            Some(
                fields
                    .filter_map(|field| {
                        Some((field.id.as_str(), register.return_value(one, &field.id)?))
                    })
                    .collect(),
            )
        };
        years.map(|year| (year, of(year))).collect()
    }

    fn grid(&self, mode: Mode, cells: &BTreeMap<String, String>, said: &[Said]) -> Markup {
        let voice = self.voice();
        let beside = self.beside();
        let none = BTreeMap::new();
        let reasons = self.reasons().map_or(&none, |(_, reasons)| reasons);
        html! {
            table class="years grid" {
                thead { tr {
                    th scope="col" { (voice.say("organisation-field")) }
                    @for (year, _) in &beside { th scope="col" class="number" { (year) br; span class="soft" { (voice.say("sheet-locked")) } } }
                    th scope="col" class="number" { (self.year) }
                    th scope="col" { span class="hidden" { (voice.say("sheet-found")) } }
                } }
                @for section in &self.form.sections {
                    tbody {
                        tr class="group" { th scope="rowgroup" colspan=(beside.len() + 3) { (section.title.get(voice.0)) } }
                        @for field in self.form.fields.iter().filter(|field| field.section == section.id) {
                            (self.row(field, mode, &beside, cells, said, reasons.get(&field.id).map(String::as_str)))
                        }
                    }
                }
            }
        }
    }

    fn row(
        &self,
        field: &Field,
        mode: Mode,
        beside: &[(i16, Option<BTreeMap<&str, i64>>)],
        cells: &BTreeMap<String, String>,
        said: &[Said],
        reason: Option<&str>,
    ) -> Markup {
        let voice = self.voice();
        let name = format!("values.{}", field.id);
        let here: Vec<&Said> = said.iter().filter(|one| one.is_at(&name)).collect();
        let is_wrong = here.iter().any(|one| one.is_error());
        let text = cells.get(&field.id).map_or("", String::as_str);
        let shown = |value: Option<i64>| match (field.field_type, value) {
            (_, None) => number::NO_VALUE.to_owned(),
            (FieldType::Flag, Some(value)) => voice.say(if value == 0 { "no" } else { "yes" }),
            (FieldType::Count | FieldType::Money, Some(value)) => number::whole(value, voice.0),
        };
        let state = if is_wrong {
            "invalid"
        } else if reason.is_some() {
            "commented"
        } else {
            "plain"
        };
        let (cell, help, found) =
            (format!("o.{}", field.id), format!("{}-giup", field.id), format!("{}-thay", field.id));
        let described = format!("{help} {found}");
        html! {
            tr data-field=(name) data-state=(state) {
                th scope="row" class="label" {
                    label for=(cell) { (field.label.get(voice.0)) }
                    @if !field.required { " " span class="soft optional" { (voice.say("form-optional")) } }
                    span class="help cell-help" id=(help) { (field.help.get(voice.0)) }
                }
                @for (year, values) in beside {
                    td class="number locked" data-label=(year) tabindex="-1" { (shown(values.as_ref().and_then(|values| values.get(field.id.as_str()).copied()))) }
                }
                td class="number cell" data-label=(self.year) {
                    @if mode != Mode::Fill {
                        span id=(cell) {
                            @match field.field_type {
                                FieldType::Flag => (shown(flag(text))),
                                FieldType::Count | FieldType::Money => (if text.is_empty() { number::NO_VALUE } else { text }),
                            }
                        }
                    } @else if field.field_type == FieldType::Flag {
                        select id=(cell) name=(cell) data-cell aria-describedby=(described) aria-invalid=[is_wrong.then_some("true")] {
                            option value="" { (number::NO_VALUE) }
                            option value="co" selected[flag(text) == Some(1)] { (voice.say("yes")) }
                            option value="khong" selected[flag(text) == Some(0)] { (voice.say("no")) }
                        }
                    } @else {
                        input type="text" inputmode="numeric" id=(cell) name=(cell) value=(text) data-cell autocomplete="off" maxlength="40"
                            aria-describedby=(described) aria-invalid=[is_wrong.then_some("true")];
                    }
                }
                td class="cell-found" {
                    @if let Some(reason) = reason { p class="found comment" { strong { (voice.say("sheet-comment")) ": " } (reason) } }
                    div class="at-field" id=(found) aria-live="polite" { (draw::sentences(&here, self.ask)) }
                    @if mode == Mode::Review {
                        details class="comment-cell" {
                            summary { (voice.say("sheet-add-comment")) }
                            input type="text" name={ "ly_do." (field.id) } maxlength="500" autocomplete="off" aria-label={ (voice.say("sheet-comment")) ": " (field.label.get(voice.0)) };
                        }
                    }
                }
            }
        }
    }

    /// The form by which a check is waived, for those who may.
    fn waivers(&self, path: &str) -> Markup {
        let voice = self.voice();
        if self.actor(FilingKind::ReturnWaive).is_none() {
            return html! {};
        }
        let agencies = &self.pack.agencies;
        html! {
            section class="one-column" {
                h2 { (voice.say("waive-heading")) }
                p class="help" { (voice.say("waive-help")) }
                details class="more-form" {
                    summary { (voice.say("waive-open")) }
                    form class="sheet-form" method="post" action=(self.ask.to(&format!("{path}/mien"), &[])) {
                        (token_field(self.ask))
                        input type="hidden" name="nam" value=(self.year);
                        (field("phep", &voice.say("waive-check"), None, &html! {
                            select id="phep" name="phep" required {
                                @for check in &self.form.checks { option value=(check.id) { (check.help.get(voice.0)) } }
                            }
                        }))
                        (field("co_quan", &voice.say("waive-by"), None, &html! {
                            select id="co_quan" name="co_quan" required {
                                @for agency in agencies { option value=(agency.name.get(voice.0)) { (agency.name.get(voice.0)) } }
                            }
                        }))
                        (field("ly_do", &voice.say("form-reason"), None, &html! {
                            input type="text" id="ly_do" name="ly_do" required maxlength="500" autocomplete="off";
                        }))
                        (field("den", &voice.say("waive-until"), None, &html! {
                            input type="date" id="den" name="den" required;
                        }))
                        p { button type="submit" { (voice.say("waive-button")) } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_come_as_chosen_and_as_sheets_have_them() {
        assert_eq!(["co", "Có", "1", "x"].map(flag), [Some(1); 4]);
        assert_eq!(["khong", "Không", "0"].map(flag), [Some(0); 3]);
        assert_eq!(flag("có lẽ"), None);
    }
}
