//! Filings as forms: each kind of filing about an organisation has a page of fields, on which what is wrong stands at its
//! field and what the filing would change is shown before it is filed. What is right is for the office to say; nothing is
//! judged here.

pub(crate) mod definition;
pub(crate) mod draw;
pub(crate) mod foresight;
pub(crate) mod source;
pub(crate) mod value;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use hoptac_model::account::Standpoint;
use hoptac_model::consequence::Consequences;
use hoptac_model::date;
use hoptac_model::filing::document;
use hoptac_model::filing::{Draft, Filing, FilingKind, Origin, Subject};
use hoptac_model::finding::Finding;
use hoptac_model::ids::{FilingId, OrganisationId};
use hoptac_model::lifecycle;
use hoptac_model::number;
use hoptac_model::organisation::Sector;
use hoptac_office::authority::{self, Actor};
use hoptac_office::member as sealed;
use hoptac_office::{Refusal, consequence};
use jiff::civil::Date;
use maud::{Markup, html};
use serde_json::Value;

use self::definition::{ESTABLISH, Field, Form, Group, Input};
use self::draw::Said;
use self::source::Source;
use self::value::Entered;
use crate::app::{App, Published};
use crate::assets;
use crate::door::{Entrance, see};
use crate::entrance::{broken, entrance};
use crate::entry::{self, Days, Entry};
use crate::error::{PageError, PageResult};
use crate::filing_words;
use crate::form::Fields;
use crate::language::Voice;
use crate::member;
use crate::organisation;
use crate::page::{self, Frame, Here, token_field};
use crate::query::{Ask, Id};
use crate::routes::{Need, Routes};

/// The field of the day of effect.
const DAY: &str = "effective_on";
/// The field of what is asked for: `kiem-tra` or `nop`.
const ACT: &str = "viec";
/// The field of the version that the form was opened on.
const VERSION: &str = "phien_ban";
/// The field of the key that makes sending twice harmless.
const KEY: &str = "khoa";
/// The field of the warnings that stood there when it was sent.
const SEEN: &str = "da_xem";
/// The field by which a correction strikes a filing.
const STRIKE: &str = "cach";

/// The addresses of this file.
pub(crate) fn routes(routes: Routes) -> Routes {
    let mut routes =
        routes
            .get(
                ESTABLISH.path,
                Need::File(ESTABLISH.kind),
                |State(app): State<App>, ask: Ask| async move {
                    show(&ESTABLISH, &app, &ask, None).await
                },
            )
            .post(
                ESTABLISH.path,
                Need::File(ESTABLISH.kind),
                |State(app): State<App>, ask: Ask, fields: Fields| async move {
                    send(&ESTABLISH, &app, &ask, None, &fields).await
                },
            );
    for form in &definition::FORMS {
        let need = Need::File(form.kind);
        routes = routes
            .get(form.path, need, move |State(app): State<App>, Id(id): Id, ask: Ask| async move {
                show(form, &app, &ask, Some(&id)).await
            })
            .post(
                form.path,
                need,
                move |State(app): State<App>, Id(id): Id, ask: Ask, fields: Fields| async move {
                    send(form, &app, &ask, Some(&id), &fields).await
                },
            );
    }
    routes
}

/// The address of a form for an organisation.
fn href(ask: &Ask, form: &Form, id: &str) -> String {
    ask.to(&form.path.replace("{id}", id), &[])
}

/// The address of the form that corrects a filing.
pub(crate) fn correction_href(ask: &Ask, organisation: &str, filing: FilingId) -> Option<String> {
    let form = definition::of(FilingKind::OrganisationCorrect)?;
    let path = form.path.replace("{id}", organisation);
    Some(ask.to(&path, &[("ho_so", &filing.to_string())]))
}

/// Whether the visitor may correct a filing of a kind about an organisation.
pub(crate) fn may_correct(
    ask: &Ask,
    published: &Published,
    index: u32,
    kind: FilingKind,
    day: Date,
) -> bool {
    let (register, places) = (&published.register, &published.places);
    let actor =
        ask.visitor.actor_about(FilingKind::OrganisationCorrect, register, places, index, day);
    lifecycle::makes_state(kind) && actor.is_some()
}

/// Everything that can be filed about an organisation now; what cannot be says why, and who can.
pub(crate) fn list(ask: &Ask, published: &Published, entry: &Entry<'_>, today: Date) -> Markup {
    let voice = Voice(ask.language);
    let (register, places) = (&published.register, &published.places);
    let actor =
        |kind| ask.visitor.actor_about(kind, register, places, entry.index, today).is_some();
    if !definition::FORMS.iter().any(|form| actor(form.kind)) {
        return html! {};
    }
    let id = entry.organisation.id.to_string();
    let hindrance = |form: &Form| -> Option<String> {
        let state = entry.state;
        let may = lifecycle::may(published.law(), state.kind, state.status, form.kind, today);
        if let Err(why) = may {
            return Some(sentence(why.get(ask.language)));
        }
        (!actor(form.kind)).then(|| {
            let roles: Vec<String> = Need::File(form.kind)
                .roles()
                .map(|role| role.words().get(ask.language).to_owned())
                .collect();
            voice.say_with("forms-who", &[("roles", roles.join(", ").into())])
        })
    };
    html! {
        section id="nop-ho-so" {
            h2 { (voice.say("forms-heading")) }
            div class="form-groups" {
                @for group in Group::ALL {
                    @let forms: Vec<(&Form, Option<String>)> = definition::FORMS.iter().filter(|form| form.group == group).map(|form| (form, hindrance(form))).collect();
                    @let hindered = forms.iter().filter(|(_, why)| why.is_some()).count();
                    div {
                        h3 { (voice.say(group.key())) }
                        ul class="plain" {
                            @for (form, _) in forms.iter().filter(|(_, why)| why.is_none()) {
                                li { a href=(href(ask, form, &id)) { (filing_words::title(form.kind.code(), voice)) } }
                            }
                        }
                        @if hindered > 0 {
                            details class="hindered" {
                                summary { (voice.say_with("forms-hindered", &[("count", number::whole(i64::try_from(hindered).unwrap_or(0), ask.language).into())])) }
                                ul class="plain" {
                                    @for (form, why) in &forms {
                                        @if let Some(why) = why {
                                            li {
                                                span aria-disabled="true" { (filing_words::title(form.kind.code(), voice)) }
                                                p class="help" { (why) }
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let upper: String = letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
    format!("{upper}.")
}

/// A form on a desk: who fills it in, about what.
struct Desk<'a> {
    form: &'static Form,
    app: &'a App,
    ask: &'a Ask,
    entrance: &'a Entrance,
    source: Source<'a>,
    /// The organisation with its state of today; none before it is registered.
    entry: Option<Entry<'a>>,
    /// All that was filed about it, in the order of the ledger. It may be ahead of the state that is shown.
    about: Vec<Filing>,
    /// The filing that is to be corrected, with the form that it was filed on.
    earlier: Option<(Filing, &'static Form)>,
}

/// What came of looking at what was typed.
#[derive(Default)]
struct Looked {
    said: Vec<Said>,
    foreseen: Option<Consequences>,
    /// What was filed since the form was opened.
    since: Vec<Filing>,
    /// What should be known before anything else.
    notice: Option<String>,
    was_checked: bool,
}

impl Looked {
    fn errors(&self) -> usize {
        self.said.iter().filter(|one| one.is_error()).count()
    }

    /// The warnings, by what they are known again by.
    fn warnings(&self) -> String {
        let names: Vec<String> =
            self.said.iter().filter(|one| one.is_warning()).map(Said::name).collect();
        names.join(" ")
    }
}

/// The version that the last of these filings made.
fn newest(about: &[Filing]) -> u32 {
    about.iter().map(|filing| filing.subject_version).max().unwrap_or(0)
}

/// Whether the ledger has a filing about the same subject that the form did not know of.
fn is_overtaken(found: &[Finding]) -> bool {
    found.iter().any(|finding| finding.code == "filing.changed")
}

async fn show(form: &'static Form, app: &App, ask: &Ask, id: Option<&str>) -> PageResult {
    let published = app.published();
    let earlier = ask.value("ho_so").unwrap_or_default();
    let desk = Desk::set(form, app, ask, &published, id, earlier).await?;
    let day = ask.as_of.unwrap_or_else(|| app.today()).to_string();
    let entered = match &desk.earlier {
        Some((filing, of)) => {
            let body = serde_json::from_str(&filing.body).unwrap_or(Value::Null);
            Entered::of_body(of.fields, "body.", &body, &desk.source)
                .or("filing", filing.id.to_string())
                .or(DAY, filing.effective_on.to_string())
        }
        None => Entered::default().or("filing", earlier.to_owned()).or(DAY, day),
    };
    let version = desk.version_shown();
    let entered = entered.or(VERSION, version.to_string()).or(KEY, app.unguessable());
    Ok(desk.draw(&entered, &Looked::default(), StatusCode::OK))
}

async fn send(
    form: &'static Form,
    app: &App,
    ask: &Ask,
    id: Option<&str>,
    fields: &Fields,
) -> PageResult {
    let published = app.published();
    let earlier =
        if form.kind == FilingKind::OrganisationCorrect { fields.get("filing") } else { "" };
    let desk = Desk::set(form, app, ask, &published, id, earlier).await?;
    let entered = Entered::of(fields);
    let files = fields.get(ACT) == "nop" && !ask.part;
    let (body, unread) = desk.body(&entered);
    let mut looked = Looked {
        said: unread.into_iter().map(Said::unread).collect(),
        was_checked: true,
        ..Looked::default()
    };
    let day = value::day(entered.one(DAY));
    if day.is_none() {
        let voice = Voice(ask.language);
        let sentence =
            voice.say_with("form-not-a-day", &[("text", entered.one(DAY).to_owned().into())]);
        looked.said.push(Said::unread(value::Unread { field: DAY.to_owned(), sentence }));
    }
    let (Some(day), true) = (day, looked.said.is_empty()) else {
        return Ok(desk.answer(&entered, &looked, files));
    };
    let version: Option<u32> = entered.one(VERSION).parse().ok().filter(|_| id.is_some());
    if version.is_some_and(|seen| seen != newest(&desk.about)) {
        return Ok(desk.overtaken(&entered, looked, &desk.about, files));
    }
    if form.group == Group::Members {
        return desk.send_sealed(&entered, looked, &body, day, files).await;
    }
    let (body, found) = document::read_body(form.kind, &body.to_string());
    looked.said.extend(found.iter().map(|finding| Said::found(finding, ask.language)));
    let Some(body) = body else { return Ok(desk.answer(&entered, &looked, files)) };
    let key = Some(entered.one(KEY)).filter(|key| !key.is_empty());
    let at = (desk.entrance.edge.now)();
    let draft = Draft {
        id: (desk.entrance.edge.filing_id)(at),
        recorded_at: at,
        effective_on: day,
        actor: String::new(),
        subject: desk.subject(entered.one(KEY)),
        expected_version: version,
        origin: Origin::Live,
        key: key.map(|key| format!("web/{key}")),
        body,
    };
    let Some(actor) = desk.actor(&draft) else {
        return Err(PageError::forbidden(app, ask.clone(), Need::File(form.kind)));
    };
    let store = &desk.entrance.store;
    if files || ask.part {
        let found = if files {
            hoptac_office::check(store, actor, draft.clone()).await
        } else {
            hoptac_office::glance(store, actor, draft.clone()).await
        };
        let found = match found {
            Ok(found) => found,
            Err(error) => return desk.refused(&entered, looked, &Refusal::Store(error)).await,
        };
        if is_overtaken(&found) {
            return desk.overtaken_just_now(&entered, looked, files).await;
        }
        looked.take(&found, ask);
        // Warnings are to be seen before something is filed in spite of them.
        let were_seen = looked.warnings() == entered.one(SEEN);
        if files && looked.errors() == 0 && were_seen {
            return desk.accept(&entered, looked, actor, draft).await;
        }
        return Ok(desk.answer(&entered, &looked, files));
    }
    let foreseen = match consequence::foresee(store, actor, draft).await {
        Ok(foreseen) => foreseen,
        Err(error) => return desk.refused(&entered, looked, &Refusal::Store(error)).await,
    };
    if is_overtaken(&foreseen.findings) {
        return desk.overtaken_just_now(&entered, looked, files).await;
    }
    looked.take(&foreseen.findings, ask);
    if let Some(states) = foreseen.states {
        let today = app.today();
        let compared =
            tokio::task::spawn_blocking(move || foresight::compare(*states, today)).await;
        looked.foreseen = compared.ok();
    }
    Ok(desk.answer(&entered, &looked, files))
}

impl Looked {
    fn take(&mut self, findings: &[Finding], ask: &Ask) {
        self.said.extend(findings.iter().map(|finding| Said::found(finding, ask.language)));
    }
}

impl<'a> Desk<'a> {
    async fn set(
        form: &'static Form,
        app: &'a App,
        ask: &'a Ask,
        published: &'a Published,
        id: Option<&str>,
        earlier: &str,
    ) -> Result<Self, PageError> {
        let entrance = entrance(app, ask)?;
        let today = app.today();
        let broken = |error: hoptac_store::Error| broken(app, ask, &error);
        let mut entry = None;
        let (mut about, mut filings) = (Vec::new(), Vec::new());
        if let Some(id) = id {
            let days = Days::of(published.pack.as_deref(), today, today);
            let found = organisation::seen(ask, published, id, today)
                .and_then(|index| entry::kept(published, days, index));
            let Some(found) = found else {
                return Err(organisation::unknown(app, ask, published, id));
            };
            let subject = Subject::organisation(found.organisation.id);
            about = entrance.store.filings_about(&subject).await.map_err(broken)?;
            filings.clone_from(&about);
            filings.sort_by_key(|filing| std::cmp::Reverse((filing.effective_on, filing.position)));
            entry = Some(found);
        }
        let mut programmes =
            published.pack.as_deref().map_or_else(Vec::new, |pack| pack.programmes.clone());
        for opened in entrance.store.programmes().await.map_err(broken)? {
            programmes.retain(|known| known.id != opened.id);
            programmes.push(opened);
        }
        // What is to be corrected is chosen among what can be.
        if form.kind == FilingKind::OrganisationCorrect {
            filings.retain(|filing| lifecycle::makes_state(filing.kind));
        }
        let found = filings.iter().find(|filing| filing.id.to_string() == earlier).cloned();
        let earlier = found
            .filter(|_| form.kind == FilingKind::OrganisationCorrect)
            .and_then(|filing| definition::of(filing.kind).map(|of| (filing, of)));
        let own = entry.map(|entry| entry.index);
        let members = match entry.filter(|_| form.group == Group::Members) {
            Some(entry) => member::choices(app, ask, entrance, entry.organisation.id).await?,
            None => Vec::new(),
        };
        let (tasks, occurrences) = (Vec::new(), Vec::new());
        let source =
            Source { ask, published, today, own, filings, programmes, members, tasks, occurrences };
        Ok(Self { form, app, ask, entrance, source, entry, about, earlier })
    }

    fn voice(&self) -> Voice {
        Voice(self.ask.language)
    }

    fn title(&self) -> String {
        filing_words::title(self.form.kind.code(), self.voice())
    }

    /// Whether the correction strikes the filing rather than restating it.
    fn strikes(entered: &Entered) -> bool {
        entered.one(STRIKE) == "huy"
    }

    /// The body that was typed.
    fn body(&self, entered: &Entered) -> (Value, Vec<value::Unread>) {
        let (voice, source) = (self.voice(), &self.source);
        let day = value::day(entered.one(DAY)).unwrap_or(source.today);
        let (mut body, mut unread) = value::body(self.form.fields, "", entered, source, day, voice);
        if let Some((_, of)) = self.earlier.as_ref().filter(|_| !Self::strikes(entered)) {
            let (restated, more) = value::body(of.fields, "body.", entered, source, day, voice);
            unread.extend(more);
            if let Value::Object(body) = &mut body {
                body.insert("body".to_owned(), restated);
            }
        }
        (body, unread)
    }

    /// The names of all fields of the page.
    fn names(&self) -> Vec<String> {
        let own = self.form.fields.iter().map(|field| field.name.to_owned());
        let nested = self.earlier.iter().flat_map(|(_, of)| of.fields);
        let nested = nested.map(|field| format!("body.{}", field.name));
        own.chain(nested).chain([DAY.to_owned()]).collect()
    }

    /// What it is about. A new organisation has its identity from the form, so that sending twice registers it once.
    fn subject(&self, key: &str) -> Subject {
        Subject::organisation(self.identity(key))
    }

    fn identity(&self, key: &str) -> OrganisationId {
        if let Some(entry) = &self.entry {
            return entry.organisation.id;
        }
        // Nobody but the server can choose it.
        let code = self.entrance.key.code("organisation", key).0;
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(code).for_each(|(byte, of)| *byte = of);
        OrganisationId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }

    /// The version in the state that the page shows, so that whoever files on it learns of all that the page did not have.
    fn version_shown(&self) -> u32 {
        let position = self.source.published.register.position;
        let shown = self.about.iter().filter(|filing| filing.position <= position);
        shown.map(|filing| filing.subject_version).max().unwrap_or(0)
    }

    /// The page again with what others filed since it was opened; sent once more, it is filed on top of that.
    fn overtaken(
        &self,
        entered: &Entered,
        looked: Looked,
        about: &[Filing],
        files: bool,
    ) -> Response {
        let voice = self.voice();
        let seen: Option<u32> = entered.one(VERSION).parse().ok();
        let is_newer = |filing: &&Filing| seen.is_none_or(|seen| filing.subject_version > seen);
        let since: Vec<Filing> = about.iter().filter(is_newer).cloned().collect();
        let key = if since.is_empty() { "form-other-version" } else { "form-changed-since" };
        let looked = Looked { since, notice: Some(voice.say(key)), ..looked };
        let entered =
            Entered::default().or(VERSION, newest(about).to_string()).and(entered.clone());
        self.answer(&entered, &looked, files)
    }

    /// The same where somebody was quicker by so little that only the ledger knew.
    async fn overtaken_just_now(
        &self,
        entered: &Entered,
        looked: Looked,
        files: bool,
    ) -> PageResult {
        let subject = self.subject(entered.one(KEY));
        let about = self.entrance.store.filings_about(&subject).await;
        let about = about.map_err(|error| broken(self.app, self.ask, &error))?;
        Ok(self.overtaken(entered, looked, &about, files))
    }

    /// Who files it: the one of the visitor's roles that may, for this part.
    fn actor(&self, draft: &Draft) -> Option<&Actor> {
        let (published, visitor) = (self.source.published, &self.ask.visitor);
        let (register, places, today) = (&published.register, &published.places, self.source.today);
        if let Some(entry) = &self.entry {
            return visitor.actor_about(self.form.kind, register, places, entry.index, today);
        }
        let hoptac_model::filing::Body::OrganisationEstablish(body) = &draft.body else {
            return None;
        };
        let at = Standpoint {
            organisation: None,
            seat: &body.seat,
            seat_former: body.seat_former.as_ref(),
            decided: &[],
            sector: body.sector.unwrap_or_else(|| Sector::of_vsic(body.vsic)),
        };
        let may = |actor: &&Actor| authority::may(actor.role, self.form.kind);
        let covers = |actor: &&Actor| actor.scope.covers(places, &at, today);
        let actors = visitor.actors();
        // Where none of them reaches, the office says so.
        actors.iter().filter(may).find(covers).or_else(|| actors.iter().find(may))
    }

    /// Checks or files what is about members. The office seals what is personal before anything is written.
    async fn send_sealed(
        &self,
        entered: &Entered,
        mut looked: Looked,
        body: &Value,
        day: Date,
        files: bool,
    ) -> PageResult {
        let (act, found) = sealed::read_act(self.form.kind, &body.to_string());
        looked.take(&found, self.ask);
        let (Some(act), Some(entry)) = (act, self.entry) else {
            return Ok(self.answer(entered, &looked, files));
        };
        let published = self.source.published;
        let (register, places) = (&published.register, &published.places);
        let actor = self.ask.visitor.actor_about(
            self.form.kind,
            register,
            places,
            entry.index,
            self.source.today,
        );
        let Some(actor) = actor else {
            let need = Need::File(self.form.kind);
            return Err(PageError::forbidden(self.app, self.ask.clone(), need));
        };
        let Entrance { store, master, edge, .. } = self.entrance;
        let at = (edge.now)();
        let request = sealed::Request {
            id: (edge.filing_id)(at),
            recorded_at: at,
            effective_on: day,
            organisation: entry.organisation.id,
            expected_version: entered.one(VERSION).parse().ok(),
            key: Some(format!("web/{}", entered.one(KEY))),
            origin: Origin::Live,
            act,
        };
        let mut chance = || edge.bytes::<32>();
        let mut seals = sealed::Seals { master, chance: &mut chance };
        let found = sealed::check(store, actor, &mut seals, request.clone()).await;
        match found {
            Ok(found) if is_overtaken(&found) => {
                return self.overtaken_just_now(entered, looked, files).await;
            }
            Ok(found) => looked.take(&found, self.ask),
            Err(refusal) => return self.refused(entered, looked, &refusal).await,
        }
        let were_seen = looked.warnings() == entered.one(SEEN);
        if !files || looked.errors() > 0 || !were_seen {
            return Ok(self.answer(entered, &looked, files));
        }
        match sealed::file(store, actor, &mut seals, request).await {
            Ok(accepted) => self.done(entered, accepted.filing.position).await,
            Err(refusal) => self.refused(entered, looked, &refusal).await,
        }
    }

    /// Goes on to the page of the organisation, which shows what was filed.
    async fn done(&self, entered: &Entered, position: u64) -> PageResult {
        let shown = self.app.publish_up_to(position).await;
        shown.map_err(|error| broken(self.app, self.ask, &error))?;
        let path = format!("/to-chuc/{}", self.identity(entered.one(KEY)));
        let position = position.to_string();
        Ok(see(&self.ask.clone().of_today().to(&path, &[("da_nop", &position)])))
    }

    /// The page with why it was refused.
    async fn refused(
        &self,
        entered: &Entered,
        mut looked: Looked,
        refusal: &Refusal,
    ) -> PageResult {
        let is_late = matches!(refusal, Refusal::Invalid(found) if is_overtaken(found))
            || matches!(
                refusal,
                Refusal::Changed { .. } | Refusal::Store(hoptac_store::Error::Conflict { .. })
            );
        if is_late {
            return self.overtaken_just_now(entered, looked, true).await;
        }
        if let Refusal::Store(error) = refusal {
            if !matches!(error, hoptac_store::Error::Busy) {
                return Err(broken(self.app, self.ask, error));
            }
            // What was typed stays on the page, to be sent again.
            looked.said.push(Said::whole(error.words().get(self.ask.language).to_owned()));
            if self.ask.part {
                return Ok(self.part(&looked));
            }
            return Ok(self.draw(entered, &looked, StatusCode::SERVICE_UNAVAILABLE));
        }
        if let Refusal::Invalid(found) = refusal {
            looked.said.clear();
            looked.take(found, self.ask);
        } else {
            looked.said.push(Said::whole(refusal.sentence().get(self.ask.language).to_owned()));
        }
        Ok(self.answer(entered, &looked, true))
    }

    /// Files it, and goes on to the page of the organisation.
    async fn accept(
        &self,
        entered: &Entered,
        looked: Looked,
        actor: &Actor,
        draft: Draft,
    ) -> PageResult {
        match hoptac_office::accept(&self.entrance.store, actor, draft).await {
            Ok(accepted) => self.done(entered, accepted.filing.position).await,
            Err(refusal) => self.refused(entered, looked, &refusal).await,
        }
    }

    /// The page again with what is said, or only what is said.
    fn answer(&self, entered: &Entered, looked: &Looked, files: bool) -> Response {
        if self.ask.part {
            return self.part(looked);
        }
        let status = if files { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        self.draw(entered, looked, status)
    }

    /// What is said, for the script that puts it at its fields.
    fn part(&self, looked: &Looked) -> Response {
        let names = self.names();
        let all: Vec<&Said> = looked.said.iter().collect();
        let general = draw::elsewhere(&looked.said, &names);
        let html = html! {
            div data-part="fields" { (draw::sentences(&all, self.ask)) }
            div data-part="general" { (draw::sentences(&general, self.ask)) (self.since(looked)) }
        };
        Html(html.into_string()).into_response()
    }

    /// What was filed by others since the form was opened.
    fn since(&self, looked: &Looked) -> Markup {
        let voice = self.voice();
        html! {
            @if let Some(notice) = &looked.notice {
                div class="caution since" role="alert" {
                    p { strong { (notice) } }
                    ul class="plain" {
                        @for filing in &looked.since {
                            li { (voice.say_with("form-since-one", &[
                                ("kind", filing_words::title(filing.kind.code(), voice).into()),
                                ("day", date::show(filing.effective_on, voice.0).into()),
                                ("actor", filing.actor.clone().into()),
                                ("position", filing.position.to_string().into()),
                            ])) }
                        }
                    }
                    @if !looked.since.is_empty() { p class="help" { (voice.say("form-since-help")) } }
                }
            }
        }
    }

    fn draw(&self, entered: &Entered, looked: &Looked, status: StatusCode) -> Response {
        let (voice, ask) = (self.voice(), self.ask);
        let title = self.title();
        let hindrance = self.entry.and_then(|entry| {
            let (state, law) = (entry.state, self.source.published.law());
            let may =
                lifecycle::may(law, state.kind, state.status, self.form.kind, self.source.today);
            may.err().map(|why| sentence(why.get(ask.language)))
        });
        let id = self.entry.map(|entry| entry.organisation.id.to_string());
        let back =
            id.as_deref().map_or_else(|| ask.to("/dang-ky", &[]), |id| organisation::href(ask, id));
        let body = html! {
            p class="over" {
                @match self.entry {
                    Some(entry) => { a href=(back) { (entry.organisation.name) } },
                    None => { a href=(back) { (voice.say("nav-register")) } },
                }
            }
            h1 { (title) }
            p class="under" { (voice.say(self.form.help)) }
            @if let Some(why) = hindrance {
                p class="caution spaced" role="note" { strong { (voice.say("form-not-now")) } " " (why) }
                p { a class="button" href=(back) { (voice.say("form-back")) } }
            } @else {
                div class="columns wide-first" {
                    (self.fields(entered, looked, &back))
                    @if let Some(entry) = &self.entry {
                        section class="beside" {
                            h2 { (voice.say_with("organisation-state", &[("day", date::show(self.source.today, voice.0).into())])) }
                            (organisation::facts(entry, self.source.published, Days::of(self.source.published.pack.as_deref(), self.source.today, self.source.today), ask, voice))
                        }
                    } @else {
                        section class="beside" {
                            h2 { (voice.say("form-before-heading")) }
                            ul class="plain" {
                                li { (voice.say("form-before-name")) }
                                li { (voice.say("form-before-seat")) }
                                li { (voice.say("form-before-members")) }
                            }
                        }
                    }
                }
                script type="module" src=(assets::href("filing.js")) {}
            }
        };
        let frame = Frame {
            ask,
            published: self.source.published,
            today: self.source.today,
            title,
            here: Here::Register,
            board: None,
            unit: None,
            definition: None,
        };
        (status, page::draw(&frame, &body)).into_response()
    }

    fn fields(&self, entered: &Entered, looked: &Looked, back: &str) -> Markup {
        let (voice, ask, source) = (self.voice(), self.ask, &self.source);
        let general = draw::elsewhere(&looked.said, &self.names());
        let errors = looked.errors();
        let warnings = looked.said.iter().filter(|one| one.is_warning()).count();
        let day =
            Field { name: DAY, label: self.form.day, help: "", input: Input::Day, must: true };
        let corrects = self.form.kind == FilingKind::OrganisationCorrect;
        let needs_choice = corrects && self.earlier.is_none();
        let all: Vec<Field> = self
            .form
            .fields
            .iter()
            .chain(self.earlier.iter().flat_map(|(_, of)| of.fields))
            .copied()
            .collect();
        let count = |many: usize| number::whole(i64::try_from(many).unwrap_or(i64::MAX), voice.0);
        html! {
            section class="filing" {
                @if needs_choice {
                    form class="sheet-form" method="get" action=(ask.path) {
                        @for (name, value) in ask.carried("ho_so") { input type="hidden" name=(name) value=(value); }
                        div class="field" {
                            label for="ho_so" { (voice.say("form-filing")) }
                            select id="ho_so" name="ho_so" required aria-describedby="ho_so-giup" {
                                option value="" { (voice.say("form-choose")) }
                                @for (id, words) in source.filings() { option value=(id) { (words) } }
                            }
                            p class="help" id="ho_so-giup" { (voice.say("form-filing-help")) }
                        }
                        p { button type="submit" { (voice.say("form-go-on")) } }
                    }
                } @else {
                    form class="sheet-form filing-form" method="post" action=(ask.to(&ask.path, &[])) data-filing
                        data-leave=(voice.say("form-leave")) data-offline=(voice.say("form-offline")) {
                        (token_field(ask))
                        @for name in [VERSION, KEY] { input type="hidden" name=(name) value=(entered.one(name)); }
                        input type="hidden" name=(SEEN) value=(looked.warnings());
                        div class="general" aria-live="polite" { (self.since(looked)) (draw::sentences(&general, ask)) }
                        @for field in self.form.fields {
                            @if corrects && field.name == "filing" {
                                input type="hidden" name="filing" value=(entered.one("filing"));
                                (self.to_correct())
                            } @else if !corrects {
                                (draw::field(*field, "", entered, &looked.said, source, self.now(field.name).as_deref()))
                            }
                        }
                        @if let Some((earlier, of)) = &self.earlier {
                            fieldset class="ways-to-correct" {
                                legend { (voice.say("form-correct-how")) }
                                label class="tick" { input type="radio" name=(STRIKE) value="sua" checked[!Self::strikes(entered)]; " " (voice.say("form-correct-restate")) }
                                label class="tick" {
                                    input type="radio" name=(STRIKE) value="huy" checked[Self::strikes(entered)] disabled[earlier.kind == FilingKind::OrganisationEstablish];
                                    " " (voice.say("form-correct-strike"))
                                }
                                @if earlier.kind == FilingKind::OrganisationEstablish { p class="help" { (voice.say("form-correct-founding")) } }
                            }
                            fieldset class="restated" {
                                legend { (voice.say("form-correct-should")) }
                                @for field in of.fields { (draw::field(*field, "body.", entered, &looked.said, source, None)) }
                            }
                            @for field in self.form.fields.iter().filter(|field| field.name != "filing") {
                                (draw::field(*field, "", entered, &looked.said, source, None))
                            }
                        }
                        (draw::field(day, "", entered, &looked.said, source, None))
                        (draw::lists(&all, source))
                        @if let Some(foreseen) = &looked.foreseen { (foresight::draw(foreseen, source.published, ask)) }
                        p class="outcome" role="status" {
                            @if errors > 0 {
                                strong { (voice.say_with("form-errors", &[("count", count(errors).into())])) }
                            } @else if warnings > 0 {
                                strong { (voice.say_with("form-warnings", &[("count", count(warnings).into())])) }
                            } @else if looked.was_checked && looked.notice.is_none() {
                                (voice.say("form-sound"))
                            }
                        }
                        div class="acts" {
                            button type="submit" name=(ACT) value="nop" {
                                (voice.say(if warnings > 0 && errors == 0 { "form-file-anyway" } else { "form-file" }))
                            }
                            button type="submit" name=(ACT) value="kiem-tra" class="plain-button" formnovalidate { (voice.say("form-check")) }
                            a class="plain-way" href=(back) { (voice.say("form-cancel")) }
                        }
                    }
                }
            }
        }
    }

    /// The filing that is corrected, as it was filed.
    fn to_correct(&self) -> Markup {
        let voice = self.voice();
        html! {
            @if let Some((filing, _)) = &self.earlier {
                p class="rule-words" {
                    (voice.say("form-correcting")) " "
                    strong { (filing_words::title(filing.kind.code(), voice)) }
                    " · " (voice.say_with("filed-and-effective", &[
                        ("filed", date::show(organisation::recorded_on(filing), voice.0).into()),
                        ("effective", date::show(filing.effective_on, voice.0).into()),
                    ]))
                    " · " (voice.say_with("ledger-number", &[("position", filing.position.to_string().into())]))
                }
            }
        }
    }

    /// What is registered today of a field that may change.
    fn now(&self, field: &str) -> Option<String> {
        let entry = self.entry.filter(|_| self.form.kind == FilingKind::OrganisationChange)?;
        let language = self.ask.language;
        match field {
            "name" => Some(entry.organisation.name.clone()),
            "code" => entry.organisation.code.clone(),
            "seat" => Some(self.source.commune_text(&entry.state.seat)),
            "vsic" => Some(entry.state.vsic.to_string()),
            "members" => entry.state.members.map(|members| number::whole(members, language)),
            "capital" => entry.state.capital.map(|capital| number::whole(capital, language)),
            _ => None,
        }
    }
}
