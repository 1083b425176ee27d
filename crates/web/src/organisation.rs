//! One organisation: what it is on a day, how it came there filing by filing, its returns, grades, contracts and proofs. No
//! personal datum stands here.

use std::collections::BTreeMap;

use axum::extract::State;
use hoptac_model::date;
use hoptac_model::filing::{Filing, Subject};
use hoptac_model::grading::{self, Candidate};
use hoptac_model::ids::OrganisationId;

use hoptac_model::number;
use hoptac_model::organisation::Kind;
use hoptac_model::pack::{FieldType, Pack};
use hoptac_model::register::{AnnualReturn, PartnerKind, Practice, Register, Stage};
use hoptac_model::text::{Language, Words};
use hoptac_model::unit::Places;
use hoptac_office::authority::Reading;
use hoptac_store::{LineageStep, SheetOnFile};
use jiff::civil::Date;
use jiff::tz::Offset;
use maud::{Markup, html};
use serde_json::Value;

use crate::annual_return;
use crate::app::{App, Published};
use crate::assets;
use crate::entry::{self, Days, Entry};
use crate::error::{PageError, PageResult};
use crate::filing_form;
use crate::filing_words;
use crate::language::Voice;
use crate::member;
use crate::page::{self, Frame, Here};
use crate::query::{Ask, Id};

/// The address of an organisation's page.
pub(crate) fn href(ask: &Ask, id: &str) -> String {
    ask.to(&format!("/to-chuc/{id}"), &[])
}

/// `/to-chuc/{id}?as_of=&known_on=&nam=`
pub(crate) async fn page(State(app): State<App>, Id(id): Id, ask: Ask) -> PageResult {
    let published = app.published();
    let voice = Voice(ask.language);
    let known_on = match ask.value("known_on").map(date::parse) {
        None => None,
        Some(Ok(day)) => Some(day),
        Some(Err(error)) => return Err(PageError::bad_date(&app, ask, &error)),
    };
    let earlier = match (known_on, app.store()) {
        (Some(day), Some(store)) => {
            let known = store.known_on(Some(day)).await;
            let known = known.map_err(|error| PageError::broken(&app, &ask, &error))?;
            Some((known.register, known.places))
        }
        _ => None,
    };
    let (register, places) = earlier
        .as_ref()
        .map_or((&published.register, &*published.places), |(register, places)| (register, places));
    let as_of = ask.as_of.or(known_on).unwrap_or_else(|| app.today());
    let days = Days::of(published.pack.as_deref(), as_of, as_of);
    let index = id.parse::<uuid::Uuid>().ok().and_then(|id| register.index_of(OrganisationId(id)));
    // What the visitor's scope leaves out is as what does not exist.
    let index = index.filter(|_| seen(&ask, &published, &id, app.today()).is_some());
    let Some(index) = index else { return Err(unknown(&app, &ask, &published, &id)) };
    let entry = match known_on {
        Some(_) => entry::find(register, places, published.law(), days, index),
        None => entry::kept(&published, days, index),
    };
    let Some(entry) = entry else {
        return Err(not_yet(&app, &ask, register, index, as_of));
    };
    let papers = Papers::read(&app, &ask, &entry, known_on).await?;
    let sight =
        Sight { ask: &ask, voice, published: &published, register, places, days, entry, known_on };
    let heading = entry.organisation.name.clone();
    let body = html! {
        p class="over" { a href=(ask.to("/dang-ky", &[])) { (voice.say("nav-register")) } }
        h1 { (heading) }
        p class="under" { (sight.under()) }
        (sight.filed(&papers.filings))
        @if entry.organisation.synthetic { p class="caution spaced" { (voice.say("organisation-synthetic")) } }
        (sight.attention())
        (sight.moments())
        (sight.every_day(&papers.filings))
        div class="columns" {
            section id="hien-trang" {
                h2 { (voice.say_with("organisation-state", &[("day", date::show(as_of, voice.0).into())])) }
                (facts(&sight.entry, &published, days, &ask, voice))
                (sight.size())
                (sight.lineage(&papers.lineage))
            }
            section id="qua-trinh" {
                h2 { (voice.say("organisation-history")) }
                (sight.history(&papers.filings))
            }
        }
        @if known_on.is_none() { (filing_form::list(&ask, &published, &sight.entry, app.today())) }
        (member::section(&ask, &published, &sight.entry, as_of, app.today()))
        (sight.returns())
        (sight.grades(&papers.sheets))
        (sight.links())
        (sight.proofs())
        (sight.support())
        (sight.known_on_form())
    };
    let frame = Frame::new(&app, &ask, &published, Here::Register, heading);
    Ok(page::draw(&frame, &body))
}

/// The index of the organisation of an identity in the published register, where the visitor may see what was filed about it.
pub(crate) fn seen(ask: &Ask, published: &Published, id: &str, day: Date) -> Option<u32> {
    let index = id.parse().ok().and_then(|id| published.register.index_of(id))?;
    sees(ask, published, index, day).then_some(index)
}

/// Whether the visitor may see what was filed about the organisation at an index of the published register.
fn sees(ask: &Ask, published: &Published, index: u32, day: Date) -> bool {
    let (register, places) = (&published.register, &published.places);
    ask.visitor.may_see(Reading::Filings, register, places, index, day)
}

/// No such organisation: the nearest names of the register, as far as the visitor sees it.
pub(crate) fn unknown(app: &App, ask: &Ask, published: &Published, id: &str) -> PageError {
    let voice = Voice(ask.language);
    let heading = voice.say_with("error-no-organisation", &[("id", id.into())]);
    let known = (0_u32..)
        .zip(&published.register.organisations)
        .filter(|(index, _)| sees(ask, published, *index, app.today()))
        .map(|(_, one)| (href(ask, &one.id.to_string()), one.name.clone()))
        .collect();
    PageError::not_found(app, ask, heading, id, known)
}

/// An organisation on a day before it was founded.
fn not_yet(app: &App, ask: &Ask, register: &Register, index: u32, day: Date) -> PageError {
    let voice = Voice(ask.language);
    let organisation = register.organisation(index);
    let name = organisation.map_or("", |one| one.name.as_str());
    let founded = organisation.map_or(day, |one| one.founded_on);
    let sentence = voice.say_with(
        "organisation-not-yet",
        &[
            ("name", name.into()),
            ("founded", date::show(founded, voice.0).into()),
            ("day", date::show(day, voice.0).into()),
        ],
    );
    PageError::invalid(app, ask, voice.say("organisation-not-yet-heading"), sentence)
}

/// What the store has on file about one organisation.
#[derive(Default)]
struct Papers {
    /// Its filings, newest first.
    filings: Vec<Filing>,
    lineage: Vec<(LineageStep, String)>,
    /// The sheets of the year whose grade is opened.
    sheets: Vec<SheetOnFile>,
}

impl Papers {
    async fn read(
        app: &App,
        ask: &Ask,
        entry: &Entry<'_>,
        known_on: Option<Date>,
    ) -> Result<Self, PageError> {
        let Some(store) = app.store() else { return Ok(Self::default()) };
        let broken = |error: hoptac_store::Error| PageError::broken(app, ask, &error);
        let id = entry.organisation.id;
        let mut filings = store.filings_about(&Subject::organisation(id)).await.map_err(broken)?;
        filings.retain(|filing| known_on.is_none_or(|day| recorded_on(filing) <= day));
        filings.sort_by_key(|filing| std::cmp::Reverse((filing.effective_on, filing.position)));
        let mut lineage = Vec::new();
        for step in store.lineage(id).await.map_err(broken)? {
            let other = if step.source == id { step.result } else { step.source };
            let card = store.find_organisation(other).await.map_err(broken)?;
            lineage.push((step, card.map_or_else(|| other.to_string(), |card| card.name)));
        }
        let year = ask.value("nam").and_then(|year| year.parse::<i16>().ok());
        let mut sheets = match year {
            Some(year) => store.sheets(year).await.map_err(broken)?,
            None => Vec::new(),
        };
        sheets.retain(|sheet| sheet.organisation == id);
        Ok(Self { filings, lineage, sheets })
    }
}

/// The day in Viet Nam on which a filing was recorded.
pub(crate) fn recorded_on(filing: &Filing) -> Date {
    Offset::constant(7).to_datetime(filing.recorded_at).date()
}

/// What an organisation is on the day, field by field. The list shows the same beside it.
pub(crate) fn facts(
    entry: &Entry<'_>,
    published: &Published,
    days: Days,
    ask: &Ask,
    voice: Voice,
) -> Markup {
    let language = voice.0;
    let state = entry.state;
    let whole = |value: Option<i64>| {
        value.map_or_else(|| number::NO_VALUE.to_owned(), |value| number::whole(value, language))
    };
    let least = published.law().members_min(state.kind, days.as_of);
    html! {
        dl class="facts pairs" {
            (fact(&voice.say("register-kind"), &html! { (state.kind.words().get(language)) " (" (state.kind.code()) ")" }))
            (fact(&voice.say("register-status"), &html! {
                (state.status.words().get(language)) " "
                span class="soft" { (voice.say_with("since", &[("day", date::show(state.from, language).into())])) }
            }))
            (fact(&voice.say("register-code"), &html! { (entry.organisation.code.as_deref().unwrap_or(number::NO_VALUE)) }))
            (fact(&voice.say("register-seat"), &html! {
                @match entry.seat {
                    Some(unit) => {
                        a href=(ask.to(&format!("/dia-ban/{}", unit.id), &[])) { (published.places.name_on(unit, days.geography)) }
                        @if unit.id != state.seat {
                            " " span class="soft" { (voice.say_with("organisation-seat-filed", &[("name", published.places.get(&state.seat).map_or(state.seat.as_str(), |unit| unit.name.as_str()).into())])) }
                        }
                    },
                    None => (voice.say("unknown")),
                }
            }))
            (fact(&voice.say("register-sector"), &html! { (state.sector.words().get(language)) " · VSIC " (state.vsic) }))
            (fact(&voice.say("register-members"), &html! {
                (whole(state.members)) " "
                @if let Some(least) = least {
                    span class="soft" { (voice.say_with("organisation-members-least", &[("least", least.to_string().into())])) }
                }
            }))
            (fact(&voice.say("register-capital"), &html! {
                (whole(state.capital)) @if state.capital.is_some() { " " (voice.say("dong")) }
            }))
            (fact(&voice.say("register-founded"), &html! { (date::show(entry.organisation.founded_on, language)) }))
            @if state.difficult_area { (fact(&voice.say("organisation-area"), &html! { (voice.say("organisation-difficult-area")) })) }
            @if let Some(grade) = entry.grade {
                (fact(&voice.say("register-grade"), &html! {
                    (grade.grade.words().get(language)) " (" (grade.year) ", " (voice.say_with("points", &[("value", grading::show_in(grade.score_tenths, language).into())])) ")"
                }))
            }
        }
    }
}

fn fact(name: &str, value: &Markup) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}

/// An organisation with everything that its page looks at.
struct Sight<'a> {
    ask: &'a Ask,
    voice: Voice,
    published: &'a Published,
    register: &'a Register,
    places: &'a Places,
    days: Days,
    entry: Entry<'a>,
    known_on: Option<Date>,
}

impl Sight<'_> {
    fn language(&self) -> Language {
        self.voice.0
    }

    fn day(&self, day: Date) -> String {
        date::show(day, self.language())
    }

    fn pack(&self) -> Option<&Pack> {
        self.published.pack.as_deref()
    }

    fn under(&self) -> String {
        let state = self.entry.state;
        let mut parts = vec![
            state.kind.words().get(self.language()).to_owned(),
            state.status.words().get(self.language()).to_owned(),
        ];
        parts.extend(self.entry.organisation.code.clone());
        if let Some(day) = self.known_on {
            parts.push(self.voice.say_with("known-on", &[("day", self.day(day).into())]));
        }
        parts.push(page::ledger_words(self.voice, self.register.position));
        parts.join(" · ")
    }

    /// The filing that was accepted just now, and how to put it right.
    fn filed(&self, filings: &[Filing]) -> Markup {
        let voice = self.voice;
        let position = self.ask.value("da_nop").and_then(|position| position.parse::<u64>().ok());
        let Some(filing) = filings.iter().find(|filing| Some(filing.position) == position) else {
            return html! {};
        };
        let day = recorded_on(filing);
        let may =
            filing_form::may_correct(self.ask, self.published, self.entry.index, filing.kind, day);
        let id = self.entry.organisation.id.to_string();
        let undo = filing_form::correction_href(self.ask, &id, filing.id).filter(|_| may);
        html! {
            div class="saved toast" role="status" {
                p { strong { (voice.say_with("form-filed", &[
                    ("position", number::whole(i64::try_from(filing.position).unwrap_or(i64::MAX), voice.0).into()),
                    ("kind", filing_words::title(filing.kind.code(), voice).into()),
                ])) } }
                @if let Some(undo) = undo { p { a href=(undo) { (voice.say("form-filed-undo")) } } }
            }
        }
    }

    fn attention(&self) -> Markup {
        html! {
            @for one in self.entry.attention.iter() { p class="caution spaced" { (one.words(self.voice)) } }
        }
    }

    /// The days on which its state changed, each of which can be looked at.
    fn moments(&self) -> Markup {
        let states = self.register.states.of(self.entry.index);
        let mut from: Vec<Date> = states.iter().map(|state| state.from).collect();
        from.dedup();
        // The last ones; the first of all is the founding.
        let cut = from.len().saturating_sub(9);
        let shown: Vec<Date> = from
            .first()
            .copied()
            .into_iter()
            .chain(from.iter().copied().skip(cut.max(1)))
            .collect();
        let link = |day: Date| {
            let mut ask = self.ask.clone();
            ask.as_of = Some(day);
            let known = self.known_on.map(|day| day.to_string());
            let values: Vec<(&str, &str)> =
                known.as_deref().map(|day| ("known_on", day)).into_iter().collect();
            ask.to(&self.ask.path, &values)
        };
        html! {
            nav class="choice moments" aria-label=(self.voice.say("organisation-moments")) {
                span class="soft" { (self.voice.say("organisation-moments")) }
                @for (at, day) in shown.iter().enumerate() {
                    @let next = shown.get(at + 1).copied().unwrap_or(Date::MAX);
                    @let here = *day <= self.days.as_of && self.days.as_of < next;
                    a href=(link(*day)) aria-current=[here.then_some("true")] { (self.day(*day)) }
                }
                a href=(self.ask.on(None)) { (self.voice.say("as-of-today")) }
            }
        }
    }

    /// Every day from which a filing holds, to be gone to: a list with a button, which the script makes a slider.
    fn every_day(&self, filings: &[Filing]) -> Markup {
        let (voice, as_of) = (self.voice, self.days.as_of);
        let founded = self.entry.organisation.founded_on;
        let mut days: Vec<Date> = filings
            .iter()
            .map(|filing| filing.effective_on)
            .filter(|day| *day >= founded)
            .collect();
        days.push(as_of);
        days.sort_unstable();
        days.dedup();
        html! {
            @if days.len() > 1 {
                form class="every-day" method="get" action=(self.ask.path) data-moments {
                    @for (name, value) in self.ask.carried("as_of").into_iter().filter(|(name, _)| name != "da_nop") { input type="hidden" name=(name) value=(value); }
                    label for="moc" { (voice.say("organisation-every-day")) }
                    select id="moc" name="as_of" { @for day in &days { option value=(day) selected[*day == as_of] { (self.day(*day)) } } }
                    button type="submit" class="plain-button" { (voice.say("as-of-show")) }
                }
                script type="module" src=(assets::href("moments.js")) {}
            }
        }
    }

    /// The size class, from the members as declared and the money of the last return.
    fn size(&self) -> Markup {
        let state = self.entry.state;
        let last = self.returns_shown().into_iter().rfind(|one| one.year < self.days.as_of.year());
        let value = |column: &str| last.and_then(|one| self.register.return_value(one, column));
        let size = if state.kind == Kind::Group {
            Err(Words::new("tổ hợp tác không phân loại quy mô", "groups have no size class"))
        } else {
            let official = value("members_official").or(state.members);
            self.published.law().size(
                state.vsic,
                official,
                value("revenue"),
                value("total_capital"),
                self.days.as_of,
            )
        };
        html! {
            dl class="facts pairs" {
                (fact(&self.voice.say("organisation-size"), &html! {
                    @match &size {
                        Ok(size) => (size.words().get(self.language())),
                        Err(why) => { (number::NO_VALUE) " " span class="soft" { (why.get(self.language())) } },
                    }
                }))
            }
        }
    }

    fn lineage(&self, steps: &[(LineageStep, String)]) -> Markup {
        let steps: Vec<_> = steps.iter().filter(|(step, _)| step.on <= self.days.as_of).collect();
        html! {
            @if !steps.is_empty() {
                h3 { (self.voice.say("organisation-lineage")) }
                ul class="ruled" {
                    @for (step, name) in steps {
                        @let came = step.result == self.entry.organisation.id;
                        @let other = if came { step.source } else { step.result };
                        li {
                            span {
                                (self.voice.say(if came { "organisation-came-of" } else { "organisation-went-into" })) " "
                                a href=(href(self.ask, &other.to_string())) { (name) }
                                " (" (step.way.words().get(self.language())) ")"
                            }
                            span class="end" { (self.day(step.on)) }
                        }
                    }
                }
            }
        }
    }

    /// Filings, newest first. Of their contents only what is open to everybody is shown.
    fn history(&self, filings: &[Filing]) -> Markup {
        let voice = self.voice;
        html! {
            @if filings.is_empty() { p class="quiet" { (voice.say("organisation-no-filings")) } }
            ol class="timeline" tabindex="0" aria-label=(voice.say("organisation-history")) {
                @for filing in filings {
                    li class=[(filing.effective_on > self.days.as_of).then_some("later")] {
                        p class="what" {
                            strong { (filing_words::title(filing.kind.code(), voice)) }
                            " " span class="id" { (voice.say_with("ledger-number", &[("position", number::whole(i64::try_from(filing.position).unwrap_or(0), voice.0).into())])) }
                        }
                        @let contents = self.contents(filing);
                        @if !contents.is_empty() { p { (contents.join("; ")) } }
                        p class="soft" {
                            (voice.say_with("filed-and-effective", &[
                                ("filed", self.day(recorded_on(filing)).into()),
                                ("effective", self.day(filing.effective_on).into()),
                            ]))
                        }
                    }
                }
            }
        }
    }

    /// The contents of a filing as far as they are open: `thành viên: 15; vốn điều lệ: 320.000.000 đồng`.
    fn contents(&self, filing: &Filing) -> Vec<String> {
        let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(&filing.body) else {
            return Vec::new();
        };
        let mut parts = Vec::new();
        for (field, value) in &fields {
            let (Some(label), Some(shown)) =
                (filing_words::field(field, self.voice), self.shown(field, value))
            else {
                continue;
            };
            parts.push(format!("{label}: {shown}"));
        }
        parts
    }

    fn shown(&self, field: &str, value: &Value) -> Option<String> {
        let text = value.as_str();
        let code = |words: Option<Words>| Some(words?.get(self.language()).to_owned());
        match field {
            "seat" | "unit" => {
                let id = hoptac_model::ids::UnitId::new(text?.to_owned());
                Some(self.places.get(&id).map_or_else(|| id.to_string(), |unit| unit.name.clone()))
            }
            "kind" if text.and_then(Kind::from_code).is_some() => {
                code(text.and_then(Kind::from_code).map(Kind::words))
            }
            // The kind of a certificate, as OCOP.
            "kind" => Some(text?.to_uppercase()),
            "grade" => code(
                hoptac_model::organisation::Grade::from_code(text?)
                    .map(hoptac_model::organisation::Grade::words),
            ),
            "sector" => code(
                hoptac_model::organisation::Sector::from_code(text?)
                    .map(hoptac_model::organisation::Sector::words),
            ),
            "practice" => Some(practice(Practice::from_code(text?)?, self.voice)),
            "capital" | "value" => {
                let amount = number::whole(value.as_i64()?, self.language());
                Some(format!("{amount} {}", self.voice.say("dong")))
            }
            "members" => Some(number::whole(value.as_i64()?, self.language())),
            "year" | "stars" => Some(value.as_i64()?.to_string()),
            "score_tenths" => {
                Some(grading::show_in(i32::try_from(value.as_i64()?).ok()?, self.language()))
            }
            "to" => Some(match date::parse(text?) {
                Ok(day) => self.day(day),
                Err(_) => text?.to_owned(),
            }),
            _ => text.filter(|text| !text.is_empty()).map(str::to_owned),
        }
    }

    /// The return of each year that holds on the day, by year.
    fn returns_shown(&self) -> Vec<&AnnualReturn> {
        let all = self.register.returns.of(self.entry.index);
        let mut by_year: BTreeMap<i16, &AnnualReturn> = BTreeMap::new();
        for one in all.iter().filter(|one| one.on <= self.days.as_of) {
            by_year.insert(one.year, one);
        }
        by_year.into_values().collect()
    }

    /// The last six years side by side, field by field, with late ones marked.
    fn returns(&self) -> Markup {
        let voice = self.voice;
        let all = self.returns_shown();
        let shown = all.get(all.len().saturating_sub(6)..).unwrap_or_default();
        let form = self.pack().and_then(Pack::annual_return);
        let (Some(form), false) = (form, shown.is_empty()) else {
            return html! {
                section id="bao-cao" {
                    h2 { (voice.say("organisation-returns")) }
                    p class="quiet" { (voice.say("organisation-no-returns")) }
                }
            };
        };
        html! {
            section id="bao-cao" {
                h2 { (voice.say("organisation-returns")) }
                table class="years" {
                    thead { tr {
                        th scope="col" { (voice.say("organisation-field")) }
                        @for one in shown {
                            th scope="col" class="number" {
                                (one.year)
                                @if one.late { br; span class="late" { (voice.say("return-late")) } }
                            }
                        }
                    } }
                    @for section in &form.sections {
                        @let fields: Vec<_> = form.fields.iter().filter(|field| field.section == section.id).collect();
                        @let filled = fields.iter().any(|field| shown.iter().any(|one| self.register.return_value(one, &field.id).is_some()));
                        @if filled {
                            tbody {
                                tr class="group" { th scope="rowgroup" colspan=(shown.len() + 1) { (section.title.get(voice.0)) } }
                                @for field in fields {
                                    tr {
                                        th scope="row" class="label" { (field.label.get(voice.0)) }
                                        @for one in shown {
                                            td class="number" data-label=(one.year) {
                                                (self.field_value(field.field_type, self.register.return_value(one, &field.id)))
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
                p class="ways" { a href=(annual_return::href(self.ask, &self.entry.organisation.id.to_string(), self.days.as_of.year())) { (voice.say("organisation-open-return")) } }
                p class="note" { (voice.say("organisation-returns-note")) }
            }
        }
    }

    fn field_value(&self, kind: FieldType, value: Option<i64>) -> String {
        match (kind, value) {
            (_, None) => number::NO_VALUE.to_owned(),
            (FieldType::Flag, Some(value)) => self.voice.say(if value == 0 { "no" } else { "yes" }),
            (FieldType::Count | FieldType::Money, Some(value)) => {
                number::whole(value, self.language())
            }
        }
    }

    /// Grades by year; one year opens into where every point comes from.
    fn grades(&self, sheets: &[SheetOnFile]) -> Markup {
        let voice = self.voice;
        let all = self.register.grades.of(self.entry.index);
        let mut by_year = BTreeMap::new();
        for one in all.iter().filter(|one| one.on <= self.days.as_of) {
            by_year.insert(one.year, one);
        }
        let opened = self.ask.value("nam").and_then(|year| year.parse::<i16>().ok());
        html! {
            section id="xep-loai" {
                h2 { (voice.say("organisation-grades")) }
                @if by_year.is_empty() {
                    p class="quiet" {
                        (voice.say(if self.entry.state.kind == Kind::Group { "organisation-group-not-graded" } else { "organisation-no-grades" }))
                    }
                } @else {
                    table class="list" {
                        thead { tr {
                            th scope="col" { (voice.say("organisation-year")) }
                            th scope="col" { (voice.say("register-grade")) }
                            th scope="col" class="number" { (voice.say("organisation-score")) }
                            th scope="col" { (voice.say("organisation-ruleset")) }
                            th scope="col" { (voice.say("organisation-decided")) }
                        } }
                        tbody {
                            @for (year, decided) in by_year.iter().rev() {
                                tr aria-current=[(opened == Some(*year)).then_some("true")] {
                                    th scope="row" class="label" {
                                        a href={ (self.ask.to(&self.ask.path, &[("nam", &year.to_string())])) "#xep-loai" } { (year) }
                                    }
                                    td { (decided.grade.words().get(voice.0)) }
                                    td class="number" data-label=(voice.say("organisation-score")) { (grading::show_in(decided.score_tenths, voice.0)) }
                                    td { (self.ruleset_title(&decided.ruleset)) }
                                    td { (self.day(decided.on)) }
                                }
                            }
                        }
                    }
                }
                @if let Some(year) = opened { (self.points(year, sheets)) }
            }
        }
    }

    fn ruleset_title(&self, id: &str) -> String {
        let ruleset = self.pack().and_then(|pack| pack.rulesets.iter().find(|r| r.id == id));
        ruleset
            .map_or_else(|| id.to_owned(), |ruleset| ruleset.title.get(self.language()).to_owned())
    }

    /// Where every point of a year comes from, stage by stage.
    fn points(&self, year: i16, sheets: &[SheetOnFile]) -> Markup {
        let voice = self.voice;
        let candidate = Candidate::of(self.register, self.entry.index, year, self.days.as_of);
        let sheets: Vec<&SheetOnFile> =
            sheets.iter().filter(|sheet| sheet.on <= self.days.as_of).collect();
        let (Some(candidate), false) = (candidate, sheets.is_empty()) else {
            return html! {
                p class="quiet" { (voice.say_with("organisation-no-sheet", &[("year", year.to_string().into())])) }
            };
        };
        let own = sheets.iter().find(|sheet| sheet.stage == hoptac_store::Stage::SelfScore);
        html! {
            @for on_file in &sheets {
                @if let Some(ruleset) = self.pack().and_then(|pack| pack.rulesets.iter().find(|r| r.id == on_file.ruleset)) {
                    @let sheet = match own {
                        // A review names only what it changes.
                        Some(own) if on_file.stage == hoptac_store::Stage::Review => own.sheet.overlaid(&on_file.sheet),
                        _ => on_file.sheet.clone(),
                    };
                    @let assessment = grading::assess(ruleset, &sheet, &candidate);
                    h3 {
                        (voice.say(stage_key(on_file.stage))) " " span class="id" { (self.day(on_file.on)) }
                    }
                    table class="list points" {
                        thead { tr {
                            th scope="col" { (voice.say("organisation-criterion")) }
                            th scope="col" class="number" { (voice.say("organisation-score")) }
                            th scope="col" class="number" { (voice.say("organisation-most")) }
                            th scope="col" { (voice.say("organisation-why")) }
                        } }
                        tbody {
                            @for point in &assessment.points {
                                tr {
                                    th scope="row" class="label" { (point.name.get(voice.0)) " " span class="id" { (point.criterion) } }
                                    td class="number" data-label=(voice.say("organisation-score")) { (point.tenths.map_or_else(|| number::NO_VALUE.to_owned(), |tenths| grading::show_in(tenths, voice.0))) }
                                    td class="number" data-label=(voice.say("organisation-most")) { (point.max.map_or_else(|| voice.say("unknown"), |max| max.to_string())) }
                                    td class="words" { (point.why.get(voice.0)) }
                                }
                            }
                        }
                    }
                    p {
                        (voice.say_with("organisation-total", &[("points", grading::show_in(assessment.total_tenths, voice.0).into())]))
                        @for why in &assessment.because { " " (why.get(voice.0)) "." }
                    }
                    @for word in &assessment.not_verified { p class="note" { (word.get(voice.0)) } }
                }
            }
        }
    }

    fn links(&self) -> Markup {
        let voice = self.voice;
        let own = self.register.links.of(self.entry.index);
        let links: Vec<_> = own.iter().filter(|link| link.from <= self.days.as_of).collect();
        html! {
            section id="lien-ket" {
                h2 { (voice.say("organisation-links")) }
                @if links.is_empty() { p class="quiet" { (voice.say("organisation-no-links")) } } @else {
                    table class="list" {
                        thead { tr {
                            th scope="col" { (voice.say("link-product")) }
                            th scope="col" { (voice.say("link-partner")) }
                            th scope="col" { (voice.say("link-stages")) }
                            th scope="col" { (voice.say("link-span")) }
                            th scope="col" class="number" { (voice.say("link-value")) }
                        } }
                        tbody {
                            @for link in links {
                                tr class=[self.is_over(link.to).then_some("out")] {
                                    th scope="row" class="label" { (link.product) }
                                    td { (voice.say(match link.partner.kind { PartnerKind::Enterprise => "partner-enterprise", PartnerKind::Organisation => "partner-organisation" })) }
                                    td { (link.stages.iter().map(|one| stage(*one, voice)).collect::<Vec<_>>().join(", ")) }
                                    td { (self.span(link.from, link.to)) }
                                    td class="number" data-label=(voice.say("link-value")) { (link.value.map_or_else(|| number::NO_VALUE.to_owned(), |v| number::whole(v, voice.0))) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Certificates, confirmed practices, trade promotion, unions.
    fn proofs(&self) -> Markup {
        let voice = self.voice;
        let day = self.days.as_of;
        let register = self.register;
        let of = self.entry.index;
        let certificates = register.certificates.of(of);
        let practices = register.adoptions.of(of);
        let promotions = register.promotions.of(of);
        let memberships: Vec<_> = register
            .memberships
            .iter()
            .filter(|one| (one.organisation == of || one.union == of) && one.from <= day)
            .collect();
        html! {
            section id="chung-nhan" {
                h2 { (voice.say("organisation-proofs")) }
                ul class="ruled" {
                    @for one in certificates.iter().filter(|one| one.from <= day) {
                        li class=[self.is_over(one.to).then_some("out")] {
                            span {
                                (one.kind.to_uppercase()) " · " (one.product)
                                @if let Some(stars) = one.stars { " · " (voice.say_with("stars", &[("count", stars.to_string().into())])) }
                            }
                            span class="end" { (self.span(one.from, one.to)) }
                        }
                    }
                    @for one in practices.iter().filter(|one| one.from <= day) {
                        li class=[self.is_over(one.to).then_some("out")] {
                            span { (practice(one.practice, voice)) }
                            span class="end" { (self.span(one.from, one.to)) }
                        }
                    }
                    @for one in &memberships {
                        @let other = if one.organisation == of { one.union } else { one.organisation };
                        @if let Some(other) = register.organisation(other) {
                            li class=[self.is_over(one.to).then_some("out")] {
                                span {
                                    (voice.say(if one.organisation == of { "member-of-union" } else { "union-of-member" })) " "
                                    a href=(href(self.ask, &other.id.to_string())) { (other.name) }
                                }
                                span class="end" { (self.span(one.from, one.to)) }
                            }
                        }
                    }
                    @for one in promotions.iter().filter(|one| one.on <= day).rev().take(12) {
                        li { span { (voice.say("trade-promotion")) } span class="end" { (self.day(one.on)) } }
                    }
                }
                @if certificates.is_empty() && practices.is_empty() && promotions.is_empty() && memberships.is_empty() {
                    p class="quiet" { (voice.say("organisation-no-proofs")) }
                }
            }
        }
    }

    /// Applications for support, with what was decided and paid by the day.
    fn support(&self) -> Markup {
        let voice = self.voice;
        let day = self.days.as_of;
        let all = self.register.supports.of(self.entry.index);
        let shown: Vec<_> = all.iter().map(|(_, one)| one).filter(|one| one.on <= day).collect();
        let whole = |amount: i64| number::whole(amount, voice.0);
        html! {
            section id="ho-tro" {
                h2 { (voice.say("support-heading")) }
                @if shown.is_empty() {
                    p class="quiet" { (voice.say("support-none")) }
                } @else {
                    table class="list" {
                        thead { tr {
                            th { (voice.say("form-application")) } th { (voice.say("form-programme")) } th { (voice.say("form-day-applied")) }
                            th class="number" { (voice.say("form-amount-asked")) } th { (voice.say("support-decision")) }
                            th class="number" { (voice.say("form-amount-granted")) } th class="number" { (voice.say("support-paid")) }
                        } }
                        tbody {
                            @for one in shown {
                                @let decided = one.decision.as_ref().filter(|decided| decided.on <= day);
                                @let paid: i64 = one.payments.iter().filter(|payment| payment.on <= day).map(|payment| payment.amount).sum();
                                @let cancelled = one.cancelled_on.is_some_and(|on| on <= day);
                                tr class=[cancelled.then_some("out")] {
                                    th scope="row" class="label" { (one.application) }
                                    td data-label=(voice.say("form-programme")) { (one.programme) }
                                    td data-label=(voice.say("form-day-applied")) { (self.day(one.on)) }
                                    td class="number" data-label=(voice.say("form-amount-asked")) { (whole(one.requested)) }
                                    td data-label=(voice.say("support-decision")) {
                                        @match decided {
                                            _ if cancelled => (voice.say("support-cancelled")),
                                            Some(decided) if decided.approved => (voice.say("support-approved")),
                                            Some(_) => (voice.say("support-refused")),
                                            None => (voice.say("support-waits")),
                                        }
                                    }
                                    td class="number" data-label=(voice.say("form-amount-granted")) { (decided.map_or_else(|| number::NO_VALUE.to_owned(), |decided| whole(decided.granted))) }
                                    td class="number" data-label=(voice.say("support-paid")) { (whole(paid)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn is_over(&self, to: Option<Date>) -> bool {
        to.is_some_and(|to| to < self.days.as_of)
    }

    fn span(&self, from: Date, to: Option<Date>) -> String {
        match to {
            Some(to) => format!("{} – {}", self.day(from), self.day(to)),
            None => self.voice.say_with("since", &[("day", self.day(from).into())]),
        }
    }

    /// The page as the filings recorded until a day have it.
    fn known_on_form(&self) -> Markup {
        let voice = self.voice;
        html! {
            section id="biet-den" {
                h2 { (voice.say("known-on-heading")) }
                form class="entry-form" method="get" action=(self.ask.path) {
                    @for (name, value) in self.ask.carried("known_on") { input type="hidden" name=(name) value=(value); }
                    label for="known_on" { (voice.say("known-on-label")) }
                    div class="entry" {
                        input type="date" id="known_on" name="known_on" value=[self.known_on];
                        button type="submit" class="plain-button" { (voice.say("as-of-show")) }
                    }
                    p class="help" { (voice.say("known-on-help")) }
                    @if self.known_on.is_some() {
                        p { a href=(href(self.ask, &self.entry.organisation.id.to_string())) { (voice.say("known-on-leave")) } }
                    }
                }
            }
        }
    }
}

fn stage_key(stage: hoptac_store::Stage) -> &'static str {
    match stage {
        hoptac_store::Stage::SelfScore => "stage-self-score",
        hoptac_store::Stage::Review => "stage-review",
        hoptac_store::Stage::Decision => "stage-decision",
    }
}

fn stage(stage: Stage, voice: Voice) -> String {
    match stage {
        Stage::Input => voice.say("link-input"),
        Stage::Production => voice.say("link-production"),
        Stage::Harvest => voice.say("link-harvest"),
        Stage::Processing => voice.say("link-processing"),
        Stage::Sale => voice.say("link-sale"),
    }
}

fn practice(practice: Practice, voice: Voice) -> String {
    match practice {
        Practice::HighTechnology => voice.say("practice-high-technology"),
        Practice::Digital => voice.say("practice-digital"),
        Practice::DirectExport => voice.say("practice-direct-export"),
    }
}
