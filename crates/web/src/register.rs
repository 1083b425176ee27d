//! The register as a list: searched while one types, filtered, sorted, with chosen columns, page by page, and as CSV. All of
//! it stands in the address, so that a view can be kept and sent on.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse as _};
use hoptac_model::date;
use hoptac_model::filing::FilingKind;
use hoptac_model::ids::UnitId;
use hoptac_model::number;
use hoptac_model::open_data::Form;
use hoptac_model::organisation::{Grade, Kind, Sector, Status};
use hoptac_model::search::{Query, Terms};
use hoptac_model::text::fold;
use hoptac_model::unit::Unit;
use hoptac_office::authority::Reading;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::app::{App, Published};
use crate::assets;
use crate::csv;
use crate::door::Visitor;
use crate::entry::{self, Attention, Days, Entry};
use crate::error::{PageError, PageResult};
use crate::geography;
use crate::kept_view;
use crate::language::Voice;
use crate::organisation;
use crate::page::{self, Frame, Here};
use crate::query::Ask;

/// How many organisations a page shows.
const PAGE: usize = 50;

/// A column that can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Code,
    Kind,
    Status,
    Seat,
    Sector,
    Members,
    Capital,
    Grade,
    Return,
    Founded,
    Attention,
}

impl Column {
    const ALL: [Self; 11] = [
        Self::Code,
        Self::Kind,
        Self::Status,
        Self::Seat,
        Self::Sector,
        Self::Members,
        Self::Capital,
        Self::Grade,
        Self::Return,
        Self::Founded,
        Self::Attention,
    ];
    /// What is shown where nobody chose.
    const USUAL: [Self; 6] =
        [Self::Kind, Self::Seat, Self::Members, Self::Grade, Self::Return, Self::Attention];

    fn code(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Kind => "kind",
            Self::Status => "status",
            Self::Seat => "seat",
            Self::Sector => "sector",
            Self::Members => "members",
            Self::Capital => "capital",
            Self::Grade => "grade",
            Self::Return => "return",
            Self::Founded => "founded",
            Self::Attention => "attention",
        }
    }

    fn title(self, list: &List<'_>, voice: Voice) -> String {
        match self {
            Self::Code => voice.say("register-code"),
            Self::Kind => voice.say("register-kind"),
            Self::Status => voice.say("register-status"),
            Self::Seat => voice.say("register-seat"),
            Self::Sector => voice.say("register-sector"),
            Self::Members => voice.say("register-members"),
            Self::Capital => voice.say("register-capital"),
            Self::Grade => voice.say("register-grade"),
            Self::Return => match list.days.due_year {
                Some(year) => {
                    voice.say_with("register-return", &[("year", year.to_string().into())])
                }
                None => voice.say("register-return-any"),
            },
            Self::Founded => voice.say("register-founded"),
            Self::Attention => voice.say("register-attention"),
        }
    }

    fn is_number(self) -> bool {
        self.form() == Form::Whole
    }

    /// What stands in it where a program reads it.
    fn form(self) -> Form {
        match self {
            Self::Members | Self::Capital => Form::Whole,
            Self::Founded => Form::Day,
            Self::Code
            | Self::Kind
            | Self::Status
            | Self::Seat
            | Self::Sector
            | Self::Grade
            | Self::Return
            | Self::Attention => Form::Text,
        }
    }
}

/// What a list is filtered by, as it stands in the address.
#[derive(Clone, Copy)]
pub(crate) struct Filter<'a> {
    pub(crate) search: &'a str,
    pub(crate) kind: Option<Kind>,
    pub(crate) status: Option<Status>,
    /// Whether those that no longer exist are shown too.
    pub(crate) ended: bool,
    pub(crate) sector: Option<Sector>,
    pub(crate) grade: Option<Grade>,
    pub(crate) attention: Option<&'a str>,
}

/// Which organisations are looked for, by whom, and in which order.
#[derive(Clone, Copy)]
pub(crate) struct Search<'a> {
    pub(crate) published: &'a Published,
    pub(crate) visitor: &'a Visitor,
    pub(crate) days: Days,
    /// The day it is, on which the visitor's scope is asked.
    pub(crate) today: Date,
    pub(crate) unit: Option<&'a Unit>,
    pub(crate) filter: Filter<'a>,
    /// What the order goes by; by name, or by how well the search fits, where it is none of [`SORTS`].
    pub(crate) sort: &'a str,
    pub(crate) descending: bool,
}

/// What a list can be ordered by.
pub(crate) const SORTS: [&str; 9] =
    ["attention", "capital", "code", "founded", "grade", "kind", "members", "seat", "status"];

impl<'a> Filter<'a> {
    fn of(ask: &'a Ask) -> Self {
        let status = ask.value("status");
        Self {
            search: ask.value("q").unwrap_or("").trim(),
            kind: ask.value("kind").and_then(|code| Kind::from_code(&code.to_uppercase())),
            status: status.and_then(Status::from_code),
            ended: status == Some("all"),
            sector: ask.value("sector").and_then(Sector::from_code),
            grade: ask.value("grade").and_then(Grade::from_code),
            attention: ask.value("attention"),
        }
    }

    /// Whether it lets an organisation through, the search aside.
    fn lets_through(&self, entry: &Entry<'_>) -> bool {
        let is_asked =
            |asked: &str| entry.attention.iter().any(|one| asked == "any" || one.code() == asked);
        self.kind.is_none_or(|kind| entry.state.kind == kind)
            // Who no longer exists is shown to whoever asks for it.
            && self
                .status
                .map_or(self.ended || entry.exists(), |status| entry.state.status == status)
            && self.sector.is_none_or(|sector| entry.state.sector == sector)
            && self.grade.is_none_or(|grade| entry.grade.is_some_and(|g| g.grade == grade))
            && self.attention.is_none_or(is_asked)
    }
}

/// `/dang-ky`
pub(crate) async fn page(State(app): State<App>, ask: Ask) -> PageResult {
    let published = app.published();
    let list =
        List { views: kept_view::bar(&app, &ask).await?, ..List::read(&app, &ask, &published)? };
    if ask.part {
        // The same address gives the whole page to whoever comes without the script.
        let part = list.draw().into_string();
        return Ok(([(header::VARY, "hx-request")], Html(part)).into_response());
    }
    let heading = list.heading();
    let body = html! {
        h1 { (heading) }
        p class="under" { (list.under()) }
        @if ask.visitor.signed_in.is_some() {
            p class="ways" {
                @if ask.visitor.actor_for(FilingKind::OrganisationEstablish).is_some() {
                    a class="button" href=(ask.to("/dang-ky/moi", &[])) { (list.voice.say("forms-new")) }
                }
                a href=(ask.to("/bao-cao-nam", &[])) { (list.voice.say("nav-returns")) }
            }
        }
        @if list.found.iter().any(|entry| entry.organisation.synthetic) {
            p class="caution spaced" { (list.voice.say("register-synthetic")) }
        }
        @if !ask.visitor.sees_all(Reading::Register) { p class="caution spaced" { (list.voice.say("records-only-part")) } }
        (list.filters())
        (list.draw())
        script src=(assets::href("htmx.js")) defer {}
    };
    let frame = Frame::new(&app, &ask, &published, Here::Register, heading);
    Ok(page::draw(&frame, &body))
}

/// `/dang-ky.csv`: everything that the list finds, not only its page, in the chosen columns, or in all of them where nobody chose.
/// `/dang-ky.csv-metadata.json` says what they mean.
pub(crate) async fn as_csv(State(app): State<App>, ask: Ask) -> PageResult {
    let published = app.published();
    let list = List::read(&app, &ask, &published)?;
    let chosen = list.taken();
    let mut columns = vec![
        csv::Column("id", csv::said("register-id"), Form::Text),
        csv::Column("name", csv::said("register-name"), Form::Text),
    ];
    columns.extend(chosen.iter().map(|column| {
        let title = csv::words(|voice| column.title(&list, voice));
        csv::Column(column.code(), title, column.form())
    }));
    let row = |entry: &Entry<'_>| {
        let mut row = vec![entry.organisation.id.to_string(), entry.organisation.name.clone()];
        row.extend(chosen.iter().map(|column| list.plain(*column, entry)));
        row
    };
    let table = csv::Table {
        file: "so-dang-ky.csv".to_owned(),
        title: csv::said("nav-register"),
        about: csv::said("register-csv"),
        as_of: list.days.as_of,
        published: &published,
        columns,
        key: &["id"],
        rows: list.found.iter().map(row).collect(),
    };
    Ok(table.answer(&ask))
}

impl<'a> Search<'a> {
    /// Everything that the filter lets through, in order.
    pub(crate) fn find(&self) -> Vec<Entry<'a>> {
        let published = self.published;
        let (register, places) = (&published.register, &published.places);
        let reach = self.visitor.reach(Reading::Register);
        let sees = |entry: &Entry<'_>| reach.covers(register, places, entry.index, self.today);
        let entries = entry::entries(published, self.days);
        let (within, all) = match self.unit {
            Some(unit) => (entries.within(places, &unit.id), 0),
            None => (&[][..], u32::try_from(register.organisations.len()).unwrap_or(u32::MAX)),
        };
        let names = published.names();
        let query = Query::of(self.filter.search);
        // The names of the places that a seat lies in, for each seat once.
        let mut said: BTreeMap<&UnitId, Vec<Terms>> = BTreeMap::new();
        let mut score = |index: u32| {
            let terms = names.terms(index)?;
            let code = || register.organisation(index)?.code.as_deref();
            let places = entries.seat(places, index).map_or(&[][..], |seat| {
                said.entry(&seat.id).or_insert_with(|| {
                    let above = places.ancestry(&seat.id);
                    above.iter().map(|unit| Terms::of(unit.short_name())).collect()
                })
            });
            query.score(terms, code, places)
        };
        let mut found: Vec<(u32, Entry<'a>)> = Vec::new();
        for index in within.iter().copied().chain(0..all) {
            // What is searched lies together; what else is known of an organisation is looked up for those that are found.
            let fits = if self.filter.search.is_empty() { Some(0) } else { score(index) };
            let Some(fits) = fits else { continue };
            let entry = entries.get(published, index);
            let lets_through = |entry: &Entry<'_>| self.filter.lets_through(entry) && sees(entry);
            found.extend(entry.filter(lets_through).map(|entry| (fits, entry)));
        }
        let by_name = |entry: &Entry<'_>| names.rank(entry.index);
        match self.sort {
            "" if !self.filter.search.is_empty() => {
                found.sort_by_cached_key(|(score, e)| (std::cmp::Reverse(*score), by_name(e)));
            }
            "members" => found.sort_by_cached_key(|(_, e)| (e.state.members, by_name(e))),
            "capital" => found.sort_by_cached_key(|(_, e)| (e.state.capital, by_name(e))),
            "founded" => found.sort_by_cached_key(|(_, e)| (e.organisation.founded_on, by_name(e))),
            "kind" => found.sort_by_cached_key(|(_, e)| (e.state.kind, by_name(e))),
            "status" => found.sort_by_cached_key(|(_, e)| (e.state.status, by_name(e))),
            "grade" => {
                found.sort_by_cached_key(|(_, e)| (e.grade.map(|g| g.score_tenths), by_name(e)));
            }
            "seat" => found.sort_by_cached_key(|(_, e)| {
                (e.seat.map(|unit| fold(unit.short_name())), by_name(e))
            }),
            "code" => {
                found.sort_by_cached_key(|(_, e)| (e.organisation.code.as_deref(), by_name(e)));
            }
            "attention" => {
                found.sort_by_cached_key(|(_, e)| (e.attention.len(), by_name(e)));
            }
            _ => found.sort_by_cached_key(|(_, e)| by_name(e)),
        }
        if self.descending {
            found.reverse();
        }
        found.into_iter().map(|(_, entry)| entry).collect()
    }
}

/// The list that was asked for.
struct List<'a> {
    ask: &'a Ask,
    voice: Voice,
    published: &'a Published,
    days: Days,
    /// The day it is, on which the visitor's scope is asked.
    today: Date,
    unit: Option<&'a Unit>,
    filter: Filter<'a>,
    found: Vec<Entry<'a>>,
    columns: Vec<Column>,
    sort: &'a str,
    descending: bool,
    start: usize,
    /// The views that the visitor keeps.
    views: Markup,
}

impl<'a> List<'a> {
    fn read(app: &App, ask: &'a Ask, published: &'a Published) -> Result<Self, PageError> {
        let as_of = ask.as_of.unwrap_or_else(|| app.today());
        let (unit, geography) = geography::asked(app, ask, published, as_of)?;
        let days = Days::of(published.pack.as_deref(), as_of, geography);
        let chosen = ask.value("columns").map(|codes| {
            Column::ALL
                .into_iter()
                .filter(|c| codes.split(',').any(|code| code == c.code()))
                .collect()
        });
        // A form sends one field for each column that is ticked.
        let ticked: Vec<Column> = Column::ALL
            .into_iter()
            .filter(|column| ask.values("column").any(|code| code == column.code()))
            .collect();
        let columns = if ticked.is_empty() {
            chosen.unwrap_or_else(|| Column::USUAL.to_vec())
        } else {
            ticked
        };
        let mut list = Self {
            ask,
            voice: Voice(ask.language),
            published,
            days,
            today: app.today(),
            unit,
            filter: Filter::of(ask),
            found: Vec::new(),
            columns,
            sort: ask.value("sort").unwrap_or(""),
            descending: ask.value("dir") == Some("desc"),
            start: ask.value("from").and_then(|from| from.parse().ok()).unwrap_or(0),
            views: html! {},
        };
        list.found = list.find();
        Ok(list)
    }

    /// The columns of the file that is taken away.
    fn taken(&self) -> Vec<Column> {
        let is_chosen = ["columns", "column"].iter().any(|name| self.ask.value(name).is_some());
        if is_chosen { self.columns.clone() } else { Column::ALL.to_vec() }
    }

    /// Everything that the filter lets through, in order.
    fn find(&self) -> Vec<Entry<'a>> {
        let search = Search {
            published: self.published,
            visitor: &self.ask.visitor,
            days: self.days,
            today: self.today,
            unit: self.unit,
            filter: self.filter,
            sort: self.sort,
            descending: self.descending,
        };
        search.find()
    }

    fn count(&self, count: usize) -> String {
        number::whole(i64::try_from(count).unwrap_or(i64::MAX), self.voice.0)
    }

    /// The first line: how many there are, of which kinds.
    fn heading(&self) -> String {
        let of = |kind| self.found.iter().filter(|entry| entry.state.kind == kind).count();
        let key = if self.found.is_empty() { "register-heading-none" } else { "register-heading" };
        self.voice.say_with(
            key,
            &[
                ("all", self.count(self.found.len()).into()),
                ("groups", self.count(of(Kind::Group)).into()),
                ("cooperatives", self.count(of(Kind::Cooperative)).into()),
                ("unions", self.count(of(Kind::Union)).into()),
            ],
        )
    }

    /// The line under it: where, on which day, from which ledger position.
    fn under(&self) -> String {
        let voice = self.voice;
        let mut parts = Vec::new();
        if let Some(unit) = self.unit {
            parts.push(unit.name.clone());
        }
        let day = date::show(self.days.as_of, voice.0);
        parts.push(voice.say_with("footer-as-of", &[("day", day.into())]));
        parts.push(page::ledger_words(voice, self.published.register.position));
        parts.join(" · ")
    }

    /// The address of this list with some questions asked otherwise; an empty value asks none.
    fn href(&self, path: &str, other: &[(&str, &str)]) -> String {
        let columns: Vec<&str> = self.columns.iter().map(|column| column.code()).collect();
        let columns = columns.join(",");
        let usual = Column::USUAL.map(Column::code).join(",");
        let kept = ["q", "kind", "status", "sector", "grade", "attention", "sort", "dir"];
        let mut values: Vec<(&str, &str)> =
            kept.iter().filter_map(|name| Some((*name, self.ask.value(name)?))).collect();
        if columns != usual {
            values.push(("columns", &columns));
        }
        values.retain(|(name, _)| other.iter().all(|(n, _)| n != name));
        values.extend(other.iter().filter(|(_, value)| !value.is_empty()));
        self.ask.for_unit(path, &values)
    }

    /// The bar of filters: a form that works by itself, and answers while one types where there is a script.
    fn filters(&self) -> Markup {
        let (voice, ask) = (self.voice, self.ask);
        let carried: Vec<(String, String)> = ask
            .carried("q")
            .into_iter()
            .filter(|(name, _)| matches!(name.as_str(), "as_of" | "lang" | "sort" | "dir"))
            .collect();
        html! {
            form class="filter-bar" role="search" method="get" action="/dang-ky"
                hx-get="/dang-ky" hx-target="#danh-sach" hx-swap="outerHTML" hx-push-url="true"
                hx-trigger="input changed delay:300ms from:#q, change from:select, change from:.tick-column, submit" {
                @for (name, value) in &carried { input type="hidden" name=(name) value=(value); }
                div class="field wide" {
                    label for="q" { (voice.say("register-search")) }
                    input type="search" id="q" name="q" value=(self.filter.search) autocomplete="off" spellcheck="false"
                        placeholder=(voice.say("register-search-example"));
                }
                (choice("kind", &voice.say("register-kind"), &voice.say("register-any"), ask.value("kind"),
                    Kind::ALL.map(|kind| (kind.code(), kind.words().get(voice.0).to_owned()))))
                (choice("status", &voice.say("register-status"), &voice.say("register-status-existing"), ask.value("status"),
                    Status::ALL.map(|status| (status.code(), status.words().get(voice.0).to_owned())).into_iter().chain([("all", voice.say("register-status-all"))])))
                (self.units())
                (choice("sector", &voice.say("register-sector"), &voice.say("register-any"), ask.value("sector"),
                    [Sector::Agricultural, Sector::NonAgricultural].map(|sector| (sector.code(), sector.words().get(voice.0).to_owned()))))
                (choice("grade", &voice.say("register-grade"), &voice.say("register-any"), ask.value("grade"),
                    Grade::ALL.map(|grade| (grade.code(), grade.words().get(voice.0).to_owned()))))
                (choice("attention", &voice.say("register-attention"), &voice.say("register-any"), ask.value("attention"),
                    [("any", voice.say("register-attention-any"))].into_iter().chain(Attention::CODES.map(|code| (code, attention_title(code, voice))))))
                details class="columns-choice" {
                    summary { (voice.say("register-columns")) }
                    div class="ticks" {
                        @for column in Column::ALL {
                            label class="inline" {
                                input type="checkbox" class="tick-column" name="column" value=(column.code()) checked[self.columns.contains(&column)];
                                " " (column.title(self, voice))
                            }
                        }
                    }
                }
                button type="submit" { (voice.say("register-show")) }
                a class="reset" href=(ask.to("/dang-ky", &[])) { (voice.say("register-reset")) }
            }
        }
    }

    /// The units to choose from: those right below the plan's own, on the day.
    fn units(&self) -> Markup {
        let options = geography::options(self.published, self.unit, self.days.as_of);
        let chosen = self.unit.map(|unit| unit.id.as_str());
        let (title, any) = (self.voice.say("register-unit"), self.voice.say("whole-unit"));
        choice("unit", &title, &any, chosen, options)
    }

    /// The part that a filter, a sorting or a page changes.
    fn draw(&self) -> Markup {
        let voice = self.voice;
        let start = self.start.min(self.found.len().saturating_sub(1) / PAGE * PAGE);
        let end = (start + PAGE).min(self.found.len());
        let shown = self.found.get(start..end).unwrap_or_default();
        let preview = self
            .ask
            .value("xem")
            .and_then(|id| shown.iter().find(|entry| entry.organisation.id.to_string() == id));
        html! {
            div id="danh-sach" class="list-and-side" aria-live="polite" {
                (self.views)
                @if shown.is_empty() {
                    div class="empty" {
                        p { strong { (voice.say("register-none")) } }
                        p class="soft" { (voice.say("register-none-help")) }
                        p { a href=(self.ask.to("/dang-ky", &[])) { (voice.say("register-reset")) } }
                    }
                } @else {
                    // Beside a glance there is room for few columns.
                    @let columns = if preview.is_some() { self.columns.get(..3).unwrap_or(&self.columns) } else { &self.columns };
                    div class=(if preview.is_some() { "with-side" } else { "without-side" }) {
                        (self.table(shown, columns))
                        @if let Some(entry) = preview { (self.preview(entry)) }
                    }
                    (self.foot(start, end))
                }
            }
        }
    }

    fn table(&self, shown: &[Entry<'_>], columns: &[Column]) -> Markup {
        html! {
            table class="list register" {
                caption class="hidden" { (self.heading()) }
                thead { tr hx-target="#danh-sach" hx-swap="outerHTML" hx-push-url="true" {
                    (self.head("name", &self.voice.say("register-name"), false))
                    @for column in columns { (self.head(column.code(), &column.title(self, self.voice), column.is_number())) }
                } }
                tbody {
                    @for entry in shown {
                        @let id = entry.organisation.id.to_string();
                        @let preview = self.href("/dang-ky", &[("xem", &id), ("from", &self.start.to_string())]);
                        tr aria-current=[(self.ask.value("xem") == Some(id.as_str())).then_some("true")] {
                            th scope="row" class="label" {
                                a href=(organisation::href(self.ask, &id)) { (entry.organisation.name) }
                                " "
                                a class="id glance" href=(preview) hx-get=(preview) hx-target="#danh-sach" hx-swap="outerHTML" hx-push-url="true"
                                    aria-label=(self.voice.say_with("register-glance-of", &[("name", entry.organisation.name.as_str().into())])) {
                                    (self.voice.say("register-glance"))
                                }
                            }
                            @for column in columns {
                                td class=(if column.is_number() { "number" } else { "" }) data-label=(column.title(self, self.voice)) {
                                    (self.cell(*column, entry))
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The head of a column, which sorts by it.
    fn head(&self, code: &str, title: &str, number: bool) -> Markup {
        let sorted = self.sort == code
            || (self.sort.is_empty() && code == "name" && self.filter.search.is_empty());
        let sortable = !matches!(code, "sector" | "return");
        let dir = if sorted && !self.descending { "desc" } else { "" };
        let href = self.href("/dang-ky", &[("sort", code), ("dir", dir)]);
        let direction = match (sorted, self.descending) {
            (true, false) => Some("ascending"),
            (true, true) => Some("descending"),
            (false, _) => None,
        };
        html! {
            th scope="col" class=(if number { "number" } else { "" }) aria-sort=[direction] {
                @if sortable {
                    a href=(href) hx-get=(href) { (title) }
                    @if sorted { span aria-hidden="true" { (if self.descending { " ↓" } else { " ↑" }) } }
                } @else { (title) }
            }
        }
    }

    fn cell(&self, column: Column, entry: &Entry<'_>) -> Markup {
        if column == Column::Attention {
            let found: Vec<Attention> = entry.attention.iter().collect();
            return html! {
                @for (at, one) in found.iter().enumerate() {
                    @if at > 0 { br; }
                    span class="attention" { (one.words(self.voice)) }
                }
                @if found.is_empty() { span class="soft" { (number::NO_VALUE) } }
            };
        }
        match entry.seat {
            Some(unit) if column == Column::Seat => html! {
                a class="figure" href=(self.ask.to(&format!("/dia-ban/{}", unit.id), &[])) { (unit.name) }
            },
            None if column == Column::Seat => html! { (self.voice.say("unknown")) },
            Some(_) | None => html! { (self.shown(column, entry)) },
        }
    }

    /// A value as people read it.
    fn shown(&self, column: Column, entry: &Entry<'_>) -> String {
        let language = self.voice.0;
        let whole = |value: Option<i64>| {
            value
                .map_or_else(|| number::NO_VALUE.to_owned(), |value| number::whole(value, language))
        };
        match column {
            Column::Members => whole(entry.state.members),
            Column::Capital => whole(entry.state.capital),
            Column::Founded => date::show(entry.organisation.founded_on, language),
            Column::Code => {
                entry.organisation.code.clone().unwrap_or_else(|| number::NO_VALUE.to_owned())
            }
            Column::Grade => entry.grade.map_or_else(
                || number::NO_VALUE.to_owned(),
                |grade| format!("{} ({})", grade.grade.words().get(language), grade.year),
            ),
            Column::Kind
            | Column::Status
            | Column::Seat
            | Column::Sector
            | Column::Return
            | Column::Attention => self.plain(column, entry),
        }
    }

    /// A value as a program reads it: numbers without groups, dates by year.
    fn plain(&self, column: Column, entry: &Entry<'_>) -> String {
        let language = self.voice.0;
        let whole = |value: Option<i64>| value.map_or_else(String::new, |value| value.to_string());
        match column {
            Column::Code => entry.organisation.code.clone().unwrap_or_default(),
            Column::Kind => entry.state.kind.code().to_owned(),
            Column::Status => entry.state.status.words().get(language).to_owned(),
            Column::Seat => entry.seat.map_or_else(String::new, |unit| unit.name.clone()),
            Column::Sector => entry.state.sector.words().get(language).to_owned(),
            Column::Members => whole(entry.state.members),
            Column::Capital => whole(entry.state.capital),
            Column::Grade => {
                entry.grade.map_or_else(String::new, |g| g.grade.words().get(language).to_owned())
            }
            Column::Return => match (self.days.due_year, entry.returned) {
                (None, _) => String::new(),
                (Some(_), Some(returned)) if returned.late => self.voice.say("return-late"),
                (Some(_), Some(_)) => self.voice.say("return-in-time"),
                (Some(_), None) => self.voice.say("return-missing"),
            },
            Column::Founded => entry.organisation.founded_on.to_string(),
            Column::Attention => {
                let words = entry.attention.iter().map(|one| one.words(self.voice));
                words.collect::<Vec<_>>().join("; ")
            }
        }
    }

    /// A glance at one organisation, beside the list.
    fn preview(&self, entry: &Entry<'_>) -> Markup {
        let close = self.href("/dang-ky", &[("from", &self.start.to_string())]);
        html! {
            aside class="side" aria-label=(self.voice.say("register-glance")) {
                p class="over" {
                    a href=(close) hx-get=(close) hx-target="#danh-sach" hx-swap="outerHTML" hx-push-url="true" { (self.voice.say("close")) }
                }
                h2 { (entry.organisation.name) }
                (organisation::facts(entry, self.published, self.days, self.ask, self.voice))
                p class="more" {
                    a href=(organisation::href(self.ask, &entry.organisation.id.to_string())) { (self.voice.say("register-open")) }
                }
            }
        }
    }

    /// Totals, pages and files.
    fn foot(&self, start: usize, end: usize) -> Markup {
        let voice = self.voice;
        let members: i64 = self.found.iter().filter_map(|entry| entry.state.members).sum();
        let without = self.found.iter().filter(|entry| entry.state.members.is_none()).count();
        let link = |from: usize| {
            self.href(
                "/dang-ky",
                &[("from", if from == 0 { String::new() } else { from.to_string() }.as_str())],
            )
        };
        html! {
            p class="totals" {
                (voice.say_with("register-totals", &[
                    ("all", self.count(self.found.len()).into()),
                    ("members", number::whole(members, voice.0).into()),
                ]))
                @if without > 0 { " " (voice.say_with("register-totals-without", &[("count", self.count(without).into())])) }
            }
            p class="pages" hx-target="#danh-sach" hx-swap="outerHTML show:top" hx-push-url="true" {
                @if start > 0 {
                    @let href = link(start - PAGE);
                    a href=(href) hx-get=(href) rel="prev" { (voice.say("records-previous")) }
                }
                span { (voice.say_with("register-range", &[
                    ("first", self.count(start + 1).into()),
                    ("last", self.count(end).into()),
                    ("all", self.count(self.found.len()).into()),
                ])) }
                @if end < self.found.len() {
                    @let href = link(end);
                    a href=(href) hx-get=(href) rel="next" { (voice.say("records-next")) }
                }
                a href=(self.href("/dang-ky.csv", &[])) download { "CSV" }
                a href=(self.href("/dang-ky.csv", &[("bom", "1")])) download { (voice.say("csv-for-excel")) }
                @if self.ask.visitor.may_read(Reading::Export) {
                    a href=(self.ask.to("/bang/organisations", &[])) download { (voice.say("export-xlsx")) }
                }
                @if self.ask.visitor.actor_for(FilingKind::ImportTake).is_some() {
                    a href=(self.ask.to("/nhap-lieu", &[])) { (voice.say("import-heading")) }
                }
            }
        }
    }
}

/// What a kind of attention is called in a filter.
fn attention_title(code: &str, voice: Voice) -> String {
    match code {
        "few_members" => voice.say("attention-title-few-members"),
        "long_suspended" => voice.say("attention-title-long-suspended"),
        "no_return" => voice.say("attention-title-no-return"),
        "no_meeting" => voice.say("attention-title-no-meeting"),
        _ => voice.say("attention-no-seat"),
    }
}

/// A choice among values, with one that leaves it open.
pub(crate) fn choice<'o>(
    name: &str,
    title: &str,
    any: &str,
    chosen: Option<&str>,
    options: impl IntoIterator<Item = (&'o str, String)>,
) -> Markup {
    html! {
        div class="field" {
            label for=(name) { (title) }
            select id=(name) name=(name) {
                option value="" { (any) }
                @for (value, words) in options {
                    option value=(value) selected[chosen == Some(value)] { (words) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use hoptac_model::text::Language;

    use super::*;

    #[test]
    fn every_kind_of_attention_has_a_title() {
        for language in [Language::Vi, Language::En] {
            let titles = Attention::CODES.map(|code| attention_title(code, Voice(language)));
            let mut unique = titles.to_vec();
            unique.sort();
            unique.dedup();
            assert_eq!(unique.len(), titles.len());
        }
    }
}
