//! The public side at `/cong-khai`: plan and progress, indicators, the public part of the register, issued reports. Nobody
//! signs in, nothing needs a script, and everything comes from the same published state as the other pages.
//!
//! It shows today on the places of the plan and nothing else, so that there is no second day, geography or ledger position
//! to subtract. [`Disclosure`] says which figures are over too few organisations.

pub(crate) mod embed;
pub(crate) mod feedback;
pub(crate) mod open_data;
pub(crate) mod preview;
pub(crate) mod unit;

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use hoptac_engine::board::Question;
use hoptac_engine::disclosure::Disclosure;
use hoptac_model::date;
use hoptac_model::filing::Hash;
use hoptac_model::ids::UnitId;
use hoptac_model::number;
use hoptac_model::organisation::{Kind, Status};
use hoptac_model::pack::{Indicator, Measure};
use hoptac_model::scoreboard::Row;
use hoptac_model::standing::Standing;
use hoptac_model::target::Target;
use hoptac_model::text::{Language, fold};
use hoptac_model::unit::Unit;
use hoptac_report::preview::{HEIGHT, WIDTH};
use hoptac_report::svg::line::{self, Chart, Goal};
use hoptac_report::svg::map::{self, Place};
use maud::{DOCTYPE, Markup, html};

use crate::app::{App, Published, View};
use crate::assets;
use crate::entry::{self, Days, Entry};
use crate::error::{PageError, PageResult};
use crate::language::Voice;
use crate::page;
use crate::query::{Ask, Id};
use crate::register::choice;
use crate::row::{self, Shown};
use crate::unit::degrees;

/// How long others may keep a page, in seconds. After that they ask whether it changed.
const KEEP: &str = "public, max-age=300";
/// How many organisations a page shows.
const PAGE: usize = 50;
/// How many years a table shows, the last ones.
const YEARS: usize = 6;
/// The pages that stand in the navigation.
const PAGES: [(&str, &str); 5] = [
    ("/cong-khai", "public-plan"),
    ("/cong-khai/dang-ky", "public-register"),
    ("/cong-khai/bao-cao", "public-editions"),
    ("/cong-khai/du-lieu", "public-data"),
    (feedback::FORM, "public-feedback"),
];

/// What the operator set about the public side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicSide {
    /// Figures over fewer organisations are hidden.
    pub least: usize,
    /// The address of the licence under which the data is given; none where the operator named none.
    pub licence: Option<String>,
}

/// A page of the public side before it is drawn.
struct Leaf<'a> {
    app: &'a App,
    ask: &'a Ask,
    published: &'a Published,
    title: String,
    /// One sentence for search engines and previews.
    description: String,
    /// The target or indicator that it is about; none where it is about the plan or what belongs to it.
    about: Option<String>,
}

/// What a page with figures is drawn from.
struct Showing {
    ask: Ask,
    view: View,
    hidden: Arc<Disclosure>,
    least: usize,
    /// The units below the one whose plan it is, by name.
    parts: Vec<Unit>,
}

/// `/cong-khai`: every target with what is asked, what there is, and where it stands.
pub(crate) async fn plan(State(app): State<App>, headers: HeaderMap, ask: Ask) -> PageResult {
    let showing = showing(&app, ask).await?;
    let (view, voice) = (&showing.view, showing.voice());
    let pack = view.pack();
    let board = view.board.scoreboard(&view.unit.id);
    let rows = board.map_or_else(Vec::new, |board| board.rows);
    let shown: Vec<Shown<'_>> = pack
        .targets
        .iter()
        .filter_map(|target| {
            let row = rows.iter().find(|row| row.target == target.id)?;
            Some(Shown { target, indicator: pack.indicator(&row.indicator)?, row, voice })
        })
        .collect();
    let met = |one: &&Shown<'_>| {
        one.row.standing == Some(Standing::Met) && !showing.hides(one.indicator, &view.unit)
    };
    let title = voice.say_with(
        "public-heading",
        &[
            ("met", shown.iter().filter(met).count().to_string().into()),
            ("all", shown.len().to_string().into()),
        ],
    );
    let place = view.unit.name.as_str();
    let under = voice.say_with(
        "public-under",
        &[
            ("number", pack.document.number.as_str().into()),
            ("unit", place.into()),
            ("day", showing.day().into()),
        ],
    );
    let body = html! {
        h1 { (title) }
        p class="under" { (under) }
        table class="targets" {
            caption class="hidden" { (voice.say("public-plan")) }
            thead { tr {
                th scope="col" { (voice.say("column-target")) }
                th scope="col" class="bullet-head" { (voice.say("column-bullet")) }
                th scope="col" class="number" { (voice.say("column-value")) }
                th scope="col" class="number" { (voice.say("public-goal")) }
                th scope="col" { (voice.say("column-standing")) }
            } }
            @for heading in &pack.headings {
                @if shown.iter().any(|one| one.target.heading == heading.id) {
                    tbody {
                        tr class="group" { th scope="rowgroup" colspan="5" { (heading.title.get(voice.0)) } }
                        @for one in shown.iter().filter(|one| one.target.heading == heading.id) {
                            (showing.target_row(one))
                        }
                    }
                }
            }
        }
        (showing.note())
        @if !showing.parts.is_empty() {
            h2 { (voice.say("public-places")) }
            (showing.places(None))
        }
        p class="note" { (voice.say("public-verify")) " " a href=(showing.ask.to("/cong-khai/bao-cao", &[])) { (voice.say("public-editions")) } }
    };
    let description = voice
        .say_with("public-description", &[("unit", place.into()), ("day", showing.day().into())]);
    Ok(showing.leaf(&app, title, description).draw(&headers, &body))
}

/// `/cong-khai/chi-tieu/{id}`: a target or an indicator with its chart and its table by place and year.
pub(crate) async fn indicator(
    State(app): State<App>,
    Id(id): Id,
    headers: HeaderMap,
    ask: Ask,
) -> PageResult {
    let showing = showing(&app, ask).await?;
    let (view, voice) = (&showing.view, showing.voice());
    let pack = view.pack();
    let target = pack.targets.iter().find(|target| target.id.as_str() == id);
    let indicator = match target {
        Some(target) => pack.indicator(&target.indicator),
        None => pack.indicators.iter().find(|indicator| indicator.id.as_str() == id),
    };
    let Some(indicator) = indicator else {
        let heading = voice.say_with("error-no-indicator", &[("id", id.as_str().into())]);
        let known = pack.targets.iter().map(|target| {
            let path = format!("/cong-khai/chi-tieu/{}", target.id);
            (showing.ask.to(&path, &[]), format!("{} {}", target.id, target.label.get(voice.0)))
        });
        return Err(PageError::not_found(&app, &showing.ask, heading, &id, known.collect()));
    };
    let row = target.and_then(|target| view.board.row(&target.id, None, &view.unit.id));
    let shown =
        target.zip(row.as_ref()).map(|(target, row)| Shown { target, indicator, row, voice });
    let label = target.map_or(&indicator.short, |target| &target.label).get(voice.0).to_owned();
    let is_hidden = showing.hides(indicator, &view.unit);
    let value = if is_hidden {
        voice.say("public-hidden-cell")
    } else if let Some(shown) = &shown {
        shown.value()
    } else {
        showing.amount(indicator, &view.unit, view.board.as_of().year())
    };
    let description = voice.say_with(
        "public-indicator-description",
        &[
            ("label", label.as_str().into()),
            ("unit", view.unit.name.as_str().into()),
            ("day", showing.day().into()),
            ("value", value.as_str().into()),
        ],
    );
    let body = html! {
        p class="over" { a href=(showing.ask.to("/cong-khai", &[])) { (voice.say("public-plan")) } }
        h1 { (label) }
        p class="under" { (description) }
        @if is_hidden {
            p class="caution" { (voice.say("public-hidden-whole")) }
        } @else {
            figure { (line::draw(&showing.chart(indicator, shown.as_ref(), &label, &description))) }
            @if let Some(shown) = &shown {
                p class="rule-words" {
                    @if let Some(standing) = shown.row.standing { (page::standing(standing, voice.0)) ". " }
                    (shown.row.rule.get(voice.0))
                }
            }
        }
        @if let Some(target) = target { p { (target.paraphrase.get(voice.0)) } }
        p class="soft" { (indicator.definition.get(voice.0)) }
        (showing.map(indicator, target, &label))
        (showing.by_year(indicator))
        (showing.note())
        @if let Some(target) = target {
            @if app.entrance().is_some() {
                p { a href=(showing.ask.to(feedback::FORM, &[("ve", target.id.as_str())])) { (voice.say("feedback-here")) } }
            }
            (embed::how(&app, target.id.as_str(), &label, voice))
        }
    };
    let leaf = Leaf { about: Some(id), ..showing.leaf(&app, label, description) };
    Ok(leaf.draw(&headers, &body))
}

/// `/cong-khai/dang-ky`: the public part of the register.
pub(crate) async fn register(State(app): State<App>, headers: HeaderMap, ask: Ask) -> PageResult {
    opened(&app, &ask)?;
    let ask = ask.of_the_newest();
    let voice = Voice(ask.language);
    let published = app.published();
    let today = app.today();
    let days = Days::of(published.pack.as_deref(), today, today);
    let search = ask.value("q").unwrap_or("").trim();
    let words: Vec<String> = fold(search).split_whitespace().map(str::to_owned).collect();
    let kind = ask.value("kind").and_then(|code| Kind::from_code(&code.to_uppercase()));
    let status = ask.value("status").and_then(Status::from_code);
    let ended = ask.value("status") == Some("all");
    let matches = |entry: &Entry<'_>| {
        let seat = entry.seat.map_or("", |seat| seat.name.as_str());
        let code = entry.organisation.code.as_deref().unwrap_or("");
        let text = fold(&format!("{} {code} {seat}", entry.organisation.name));
        words.iter().all(|word| text.contains(word.as_str()))
    };
    let mut found: Vec<Entry<'_>> = entry::all(&published, days)
        .into_iter()
        .filter(|entry| kind.is_none_or(|kind| entry.state.kind == kind))
        .filter(|entry| status.map_or(ended || entry.exists(), |of| entry.state.status == of))
        .filter(matches)
        .collect();
    found.sort_by_cached_key(|entry| (fold(&entry.organisation.name), entry.organisation.id));
    let whole = |count: usize| number::whole(i64::try_from(count).unwrap_or(i64::MAX), voice.0);
    let start = ask.value("from").and_then(|from| from.parse().ok()).unwrap_or(0);
    let shown: Vec<&Entry<'_>> = found.iter().skip(start).take(PAGE).collect();
    let title = voice.say_with("public-register-heading", &[("count", whole(found.len()).into())]);
    let day = date::show(today, voice.0);
    let under = voice.say_with("public-register-under", &[("day", day.into())]);
    let at = |from: usize| {
        let from = from.to_string();
        let mut values = vec![("from", from.as_str())];
        values.extend(
            ["q", "kind", "status"].iter().filter_map(|name| Some((*name, ask.value(name)?))),
        );
        ask.to("/cong-khai/dang-ky", &values)
    };
    let body = html! {
        h1 { (title) }
        p class="under" { (under) }
        form class="filter-bar" role="search" method="get" action="/cong-khai/dang-ky" {
            @if ask.language == Language::En { input type="hidden" name="lang" value="en"; }
            div class="field wide" {
                label for="q" { (voice.say("register-search")) }
                input type="search" id="q" name="q" value=(search) autocomplete="off" spellcheck="false";
            }
            (choice("kind", &voice.say("register-kind"), &voice.say("register-any"), ask.value("kind"),
                Kind::ALL.map(|kind| (kind.code(), kind.words().get(voice.0).to_owned()))))
            (choice("status", &voice.say("register-status"), &voice.say("register-status-existing"), ask.value("status"),
                Status::ALL.map(|status| (status.code(), status.words().get(voice.0).to_owned())).into_iter().chain([("all", voice.say("register-status-all"))])))
            button type="submit" { (voice.say("register-show")) }
        }
        @if shown.is_empty() {
            p class="quiet" { (voice.say("public-register-none")) }
        } @else {
            table class="list" {
                caption class="hidden" { (title) }
                thead { tr {
                    th scope="col" { (voice.say("register-name")) }
                    th scope="col" { (voice.say("register-code")) }
                    th scope="col" { (voice.say("register-kind")) }
                    th scope="col" { (voice.say("register-status")) }
                    th scope="col" { (voice.say("register-seat")) }
                    th scope="col" { (voice.say("public-field")) }
                } }
                tbody { @for entry in &shown { (organisation_row(entry, voice)) } }
            }
            p class="choice" {
                (voice.say_with("public-shown", &[
                    ("from", whole(start + 1).into()),
                    ("to", whole(start + shown.len()).into()),
                    ("count", whole(found.len()).into()),
                ]))
                @if start > 0 { " " a href=(at(start.saturating_sub(PAGE))) rel="prev" { (voice.say("public-before")) } }
                @if start + shown.len() < found.len() { " " a href=(at(start + PAGE)) rel="next" { (voice.say("public-after")) } }
            }
        }
    };
    let leaf = Leaf {
        app: &app,
        ask: &ask,
        published: &published,
        title,
        description: under,
        about: None,
    };
    Ok(leaf.draw(&headers, &body))
}

/// What everybody may know of an organisation, and nothing more.
fn organisation_row(entry: &Entry<'_>, voice: Voice) -> Markup {
    let state = entry.state;
    html! {
        tr {
            th scope="row" class="label" { (entry.organisation.name) }
            td data-label=(voice.say("register-code")) { (entry.organisation.code.as_deref().unwrap_or(number::NO_VALUE)) }
            td data-label=(voice.say("register-kind")) { (state.kind.words().get(voice.0)) }
            td data-label=(voice.say("register-status")) { (state.status.words().get(voice.0)) }
            td data-label=(voice.say("register-seat")) { (entry.seat.map_or(number::NO_VALUE, |seat| seat.name.as_str())) }
            td data-label=(voice.say("public-field")) { (state.sector.words().get(voice.0)) " · VSIC " (state.vsic) }
        }
    }
}

/// `/cong-khai/bao-cao`: the reports that were issued, newest first, each with the way to verify it.
pub(crate) async fn editions(State(app): State<App>, headers: HeaderMap, ask: Ask) -> PageResult {
    opened(&app, &ask)?;
    let ask = ask.of_the_newest();
    let voice = Voice(ask.language);
    let mut editions = match app.store() {
        Some(store) => {
            store.editions().await.map_err(|error| PageError::broken(&app, &ask, &error))?
        }
        None => Vec::new(),
    };
    editions.reverse();
    let title =
        voice.say_with("public-editions-heading", &[("count", editions.len().to_string().into())]);
    let body = html! {
        h1 { (title) }
        p class="under" { (voice.say("public-verify")) }
        @if editions.is_empty() {
            p class="quiet" { (voice.say("public-editions-none")) }
        } @else {
            table class="list" {
                caption class="hidden" { (title) }
                thead { tr {
                    th scope="col" { (voice.say("public-edition")) }
                    th scope="col" { (voice.say("public-edition-number")) }
                    th scope="col" { (voice.say("public-edition-day")) }
                    th scope="col" { (voice.say("public-edition-verify")) }
                } }
                tbody {
                    @for edition in &editions {
                        tr {
                            th scope="row" class="label" { (edition.issue.title) }
                            td data-label=(voice.say("public-edition-number")) { (edition.issue.number) }
                            td data-label=(voice.say("public-edition-day")) { (date::show(edition.filing.effective_on, voice.0)) }
                            td { a href=(ask.to(&format!("/xac-minh/{}", edition.code), &[])) { (edition.code) } }
                        }
                    }
                }
            }
        }
    };
    let published = app.published();
    let description = voice.say("public-verify");
    let leaf =
        Leaf { app: &app, ask: &ask, published: &published, title, description, about: None };
    Ok(leaf.draw(&headers, &body))
}

/// `/robots.txt`: the public side may be read by machines, the rest may not.
pub(crate) async fn robots(State(app): State<App>) -> Response {
    let mut text = "User-agent: *\n".to_owned();
    if app.public_side().is_some() {
        text.push_str("Allow: /cong-khai\nAllow: /assets/\n");
    }
    text.push_str("Disallow: /\n");
    if let Some(origin) = origin(&app).filter(|_| app.public_side().is_some()) {
        text.push_str("Sitemap: ");
        text.push_str(origin);
        text.push_str("/sitemap.xml\n");
    }
    ([(header::CACHE_CONTROL, KEEP)], text).into_response()
}

/// `/sitemap.xml`: every page of the public side. Its addresses are whole, so that it needs the origin to be known.
pub(crate) async fn sitemap(State(app): State<App>, ask: Ask) -> PageResult {
    opened(&app, &ask)?;
    let Some(origin) = origin(&app) else { return Err(PageError::no_page(&app, ask)) };
    let published = app.published();
    let targets = published.pack.iter().flat_map(|pack| &pack.targets);
    let paths = PAGES
        .into_iter()
        .map(|(path, _)| path.to_owned())
        .chain(targets.map(|target| format!("/cong-khai/chi-tieu/{}", target.id)))
        .chain(parts_of_plan(&published).into_iter().map(unit::path));
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
        .to_owned();
    for path in paths {
        // Paths are made of identities of the pack, which have no character that XML reads.
        for line in ["<url><loc>", origin, &path, "</loc></url>\n"] {
            xml.push_str(line);
        }
    }
    xml.push_str("</urlset>\n");
    let kind = (header::CONTENT_TYPE, "application/xml; charset=utf-8");
    Ok(([kind, (header::CACHE_CONTROL, KEEP)], xml).into_response())
}

/// The units right below the one whose plan it is, on the places of the plan.
fn parts_of_plan(published: &Published) -> Vec<&Unit> {
    let (Some(pack), Some(whole)) = (published.pack.as_deref(), published.plan_unit()) else {
        return Vec::new();
    };
    published.places.children(&whole.id, pack.setting.geography)
}

fn origin(app: &App) -> Option<&str> {
    app.entrance()?.origin.as_deref()
}

/// What was set about the public side, or the page of an address behind which there is nothing.
fn opened<'a>(app: &'a App, ask: &Ask) -> Result<&'a PublicSide, PageError> {
    app.public_side().ok_or_else(|| PageError::no_page(app, ask.clone()))
}

/// Everything for a page with figures.
async fn showing(app: &App, ask: Ask) -> Result<Showing, PageError> {
    let least = opened(app, &ask)?.least;
    let ask = ask.of_the_newest();
    let view = app.view(&ask).await?;
    let below = view.published.places.children(&view.unit.id, view.board.geography());
    let mut parts: Vec<Unit> = below.into_iter().cloned().collect();
    parts.sort_by_key(|unit| fold(unit.short_name()));
    let question = Question { as_of: view.board.as_of(), geography: view.board.geography() };
    let shelf = &view.published.kept.disclosures;
    let hidden = if let Some(hidden) = shelf.find(&(question, least)) {
        hidden
    } else {
        let (board, whole) = (Arc::clone(&view.board), view.unit.id.clone());
        let ids: Vec<UnitId> = parts.iter().map(|unit| unit.id.clone()).collect();
        // Where it cannot be worked out, nothing is shown.
        let made = tokio::task::spawn_blocking(move || Disclosure::of(&board, &whole, &ids, least));
        let made = made.await.map_err(|error| PageError::broken(app, &ask, &error))?;
        let made = Arc::new(made);
        shelf.keep((question, least), Arc::clone(&made));
        made
    };
    Ok(Showing { ask, view, hidden, least, parts })
}

impl Showing {
    fn voice(&self) -> Voice {
        Voice(self.ask.language)
    }

    fn day(&self) -> String {
        date::show(self.view.board.as_of(), self.ask.language)
    }

    fn leaf<'a>(&'a self, app: &'a App, title: String, description: String) -> Leaf<'a> {
        Leaf {
            app,
            ask: &self.ask,
            published: &self.view.published,
            title,
            description,
            about: None,
        }
    }

    fn hides(&self, indicator: &Indicator, unit: &Unit) -> bool {
        self.hidden.hides(&indicator.id, &unit.id)
    }

    /// The value of a unit and year, or the word that it is hidden.
    fn amount(&self, indicator: &Indicator, unit: &Unit, year: i16) -> String {
        if self.hides(indicator, unit) {
            return self.voice().say("public-hidden-cell");
        }
        let cell = self.view.board.cell(&indicator.id, &unit.id, year);
        row::amount(cell.and_then(|cell| cell.value), indicator, self.ask.language)
    }

    fn note(&self) -> Markup {
        let least = self.least.to_string();
        html! { p class="note" { (self.voice().say_with("public-hidden-note", &[("least", least.into())])) } }
    }

    fn target_row(&self, shown: &Shown<'_>) -> Markup {
        let voice = shown.voice;
        let is_hidden = self.hides(shown.indicator, &self.view.unit);
        let goal = format!("{} {}", shown.goal(), shown.horizon(self.view.board.as_of().year()));
        let path = format!("/cong-khai/chi-tieu/{}", shown.target.id);
        html! {
            tr id=(shown.target.id) {
                th scope="row" class={ "label" @if shown.target.of_which.is_some() { " of-which" } } {
                    a href=(self.ask.to(&path, &[])) { (shown.label()) } " " span class="id" { (shown.target.id) }
                }
                td class="bullet-cell" { @if !is_hidden { (shown.bullet()) } }
                td class="number value" data-label=(voice.say("column-value")) {
                    @if is_hidden { (voice.say("public-hidden-cell")) } @else { (shown.value()) }
                }
                td class="number goal" data-label=(voice.say("public-goal")) { (goal) }
                td class="standing-cell" {
                    @if let Some(standing) = shown.row.standing.filter(|_| !is_hidden) { (page::standing(standing, voice.0)) }
                }
            }
        }
    }

    fn chart(
        &self,
        indicator: &Indicator,
        shown: Option<&Shown<'_>>,
        title: &str,
        description: &str,
    ) -> Chart {
        let (board, language) = (&self.view.board, self.ask.language);
        let computed = |year: &i16| {
            let cell = board.cell(&indicator.id, &self.view.unit.id, *year);
            (date::year_end(*year).min(board.as_of()), cell.and_then(|cell| cell.value))
        };
        let history = match shown {
            Some(shown) => shown.row.series.iter().map(|point| (point.on, point.value)).collect(),
            None => board.years().iter().map(computed).collect(),
        };
        let published = |row: &Row| {
            let tip = |on, value| {
                format!(
                    "{}: {}",
                    date::show(on, language),
                    row::amount(Some(value), indicator, language)
                )
            };
            let points = row.figures.iter().map(|f| (f.as_of, f.value, tip(f.as_of, f.value)));
            points.collect::<Vec<_>>()
        };
        let counted = shown.is_some_and(Shown::counts_units);
        Chart {
            language,
            decimals: if counted { 0 } else { indicator.decimals },
            title: title.to_owned(),
            description: description.to_owned(),
            history,
            unfinished: indicator.measure == Measure::Flow
                && board.as_of() < date::year_end(board.as_of().year()),
            published: shown.filter(|_| !counted).map_or_else(Vec::new, |one| published(one.row)),
            goal: shown.map(|shown| Goal {
                constraint: shown.row.constraint,
                horizon: shown.row.horizon,
                value: shown.row.constraint.goal(indicator.direction),
                standing: shown.row.standing,
                label: shown.goal(),
                pace: String::new(),
            }),
            line: shown
                .and_then(|shown| shown.row.line)
                .map(|line| (line, self.voice().say("chart-line"))),
            breaks: Vec::new(),
            spread: None,
        }
    }

    /// The parts on a map, each leading to its row of the table below; nothing where no part has a place on it. What is hidden is drawn
    /// as what is missing.
    fn map(&self, indicator: &Indicator, target: Option<&Target>, label: &str) -> Markup {
        let (board, voice) = (&self.view.board, self.voice());
        let year = board.as_of().year();
        let place = |unit: &Unit| {
            let is_hidden = self.hides(indicator, unit);
            let value = board.cell(&indicator.id, &unit.id, year).and_then(|cell| cell.value);
            let row = target.and_then(|target| board.row(&target.id, None, &unit.id));
            let at = unit.lat_e4.zip(unit.lon_e4);
            Place {
                name: unit.short_name().to_owned(),
                at: at.map(|(lat, lon)| (degrees(lat), degrees(lon))),
                value: value.filter(|_| !is_hidden),
                shown: self.amount(indicator, unit, year),
                standing: row
                    .filter(|row| unit::is_asked(row) && !is_hidden)
                    .and_then(|row| row.standing),
                href: format!("#{}", anchor(unit)),
                outline: Vec::new(),
            }
        };
        let places: Vec<Place> = self.parts.iter().map(place).collect();
        if places.iter().all(|place| place.at.is_none() || place.value.is_none()) {
            return html! {};
        }
        let title = voice
            .say_with("public-map", &[("label", label.into()), ("year", year.to_string().into())]);
        html! {
            section {
                h2 { (title) }
                p class="help" { (voice.say("map-area-means")) "; " (voice.say("public-map-hidden")) }
                figure { (map::bubbles(&places, &title)) }
            }
        }
    }

    /// The whole and its parts by year.
    fn by_year(&self, indicator: &Indicator) -> Markup {
        let voice = self.voice();
        let all = self.view.board.years();
        let years = all.get(all.len().saturating_sub(YEARS)..).unwrap_or_default();
        let units: Vec<&Unit> = std::iter::once(&self.view.unit).chain(&self.parts).collect();
        html! {
            section {
                h2 { (voice.say("public-by-year")) }
                p class="help" { (indicator.name.get(voice.0)) " (" (indicator.unit_words().get(voice.0)) ")" }
                table class="units" {
                    thead { tr {
                        th scope="col" { (voice.say("public-place")) }
                        @for year in years { th scope="col" class="number" { (year) } }
                    } }
                    tbody {
                        @for (at, unit) in units.into_iter().enumerate() {
                            tr id=(anchor(unit)) class=[(at == 0).then_some("strong")] {
                                th scope="row" class="label" {
                                    @if at == 0 { (unit.name) } @else { a href=(unit::href(&self.ask, unit)) { (unit.name) } }
                                }
                                @for year in years {
                                    td class="number" data-label=(year) { (self.amount(indicator, unit, *year)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Where the row of a unit stands in its page.
fn anchor(unit: &Unit) -> String {
    format!("dia-ban-{}", unit.id)
}

/// The tag of an answer, and whether the asker has it already. The tag is weak, because the same answer is sent compressed and
/// plain.
fn tagged(bytes: &[u8], headers: &HeaderMap) -> (String, bool) {
    let mut hash = Hash::of(bytes).to_string();
    hash.truncate(20);
    let tag = format!("W/\"{hash}\"");
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|known| {
        known.split(',').map(str::trim).any(|one| one == "*" || one.ends_with(&tag[2..]))
    });
    (tag, is_known)
}

/// What a page is told as.
const HTML: &str = "text/html; charset=utf-8";

/// An answer that may be kept; nothing but its tag where the asker has it already.
fn kept(headers: &HeaderMap, media: &str, bytes: Vec<u8>) -> Response {
    let (tag, is_known) = tagged(&bytes, headers);
    let keep = [(header::CACHE_CONTROL, KEEP.to_owned()), (header::ETAG, tag)];
    if is_known {
        return (StatusCode::NOT_MODIFIED, keep).into_response();
    }
    (keep, [(header::CONTENT_TYPE, media)], bytes).into_response()
}

impl Leaf<'_> {
    /// The whole page.
    fn draw(&self, headers: &HeaderMap, body: &Markup) -> Response {
        kept(headers, HTML, self.page(body).into_string().into_bytes())
    }

    fn page(&self, body: &Markup) -> Markup {
        let (ask, voice) = (self.ask, Voice(self.ask.language));
        let other = match ask.language {
            Language::Vi => Language::En,
            Language::En => Language::Vi,
        };
        let locale = if ask.language == Language::Vi { "vi_VN" } else { "en_GB" };
        let place = self.published.plan_unit().map(Unit::short_name);
        html! {
            (DOCTYPE)
            html lang=(ask.language.tag()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) " · hoptac" }
                    meta name="description" content=(self.description);
                    meta property="og:type" content="website";
                    meta property="og:title" content=(self.title);
                    meta property="og:description" content=(self.description);
                    meta property="og:locale" content=(locale);
                    (self.preview())
                    @if let Some(origin) = origin(self.app) {
                        meta property="og:url" content={ (origin) (ask.here()) };
                        link rel="canonical" href={ (origin) (ask.here()) };
                        @for language in [Language::Vi, Language::En] {
                            link rel="alternate" hreflang=(language.tag()) href={ (origin) (ask.in_language(language)) };
                        }
                    }
                    link rel="preload" href=(assets::href("latin-400.woff2")) as="font" type="font/woff2" crossorigin;
                    link rel="preload" href=(assets::href("vietnamese-400.woff2")) as="font" type="font/woff2" crossorigin;
                    link rel="stylesheet" href=(assets::href("hoptac.css"));
                    link rel="icon" href=(assets::href("mark.svg")) type="image/svg+xml";
                }
                body {
                    a class="skip" href="#noi-dung" { (voice.say("skip")) }
                    header class="top" {
                        a class="brand" href=(ask.to("/cong-khai", &[])) { (page::mark()) span { "hoptac" } }
                        @if let Some(place) = place { span class="place" { (place) } }
                        nav class="main" aria-label=(voice.say("public-nav")) {
                            // Where nobody can sign in, nobody reads what is sent.
                            @for (path, key) in PAGES.into_iter().filter(|(path, _)| *path != feedback::FORM || self.app.entrance().is_some()) {
                                a href=(ask.to(path, &[])) aria-current=[(ask.path == path).then_some("page")] { (voice.say(key)) }
                            }
                        }
                        a class="lang" href=(ask.in_language(other)) lang=(other.tag()) hreflang=(other.tag())
                            title=(voice.say("other-language")) { (other.tag().to_uppercase()) }
                    }
                    main id="noi-dung" tabindex="-1" {
                        @if self.published.register.has_synthetic() {
                            p class="caution" { strong { (voice.say("public-synthetic")) } }
                        }
                        (body)
                    }
                    footer { p { (self.foot(voice)) } }
                }
            }
        }
    }

    /// The picture that other sites show beside a link. Its address is whole where the origin is known.
    fn preview(&self) -> Markup {
        let voice = Voice(self.ask.language);
        let Some(place) = self.published.plan_unit() else { return html! {} };
        let alt = match self.about {
            Some(_) => self.description.clone(),
            None => voice.say_with("preview-plan", &[("unit", place.name.as_str().into())]),
        };
        let address = preview::href(self.ask, self.about.as_deref());
        html! {
            meta property="og:image" content={ (origin(self.app).unwrap_or_default()) (address) };
            meta property="og:image:type" content="image/png";
            meta property="og:image:width" content=(WIDTH);
            meta property="og:image:height" content=(HEIGHT);
            meta property="og:image:alt" content=(alt);
            meta name="twitter:card" content="summary_large_image";
        }
    }

    /// The day and the ledger position that everything was derived from.
    fn foot(&self, voice: Voice) -> String {
        let position = i64::try_from(self.published.register.position).unwrap_or(i64::MAX);
        voice.say_with(
            "public-foot",
            &[
                ("day", date::show(self.app.today(), voice.0).into()),
                ("position", number::whole(position, voice.0).into()),
            ],
        )
    }
}
