//! Giving numbers of the plan out to units: which targets can be, the proposal with everything that it may be told, its
//! adoption, and what was given.
//!
//! Everything that a proposal is told stands in its address, so that it can be sent to somebody. The form works without a
//! script; with one, sums and parts follow as one types.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use fluent_bundle::FluentValue;
use hoptac_engine::board::{Board, Question};
use hoptac_engine::cascade::{Wish, propose};
use hoptac_model::cascade::{
    Aim, BoundKind, Cascade, Proposal, Refused, Said, UnitShare, Weight, When,
};
use hoptac_model::date;
use hoptac_model::filing::cascade::CascadeAdopt;
use hoptac_model::filing::reform::Decision;
use hoptac_model::filing::{Body, Draft, FilingKind, Hash, Origin, Subject};
use hoptac_model::ids::UnitId;
use hoptac_model::number;
use hoptac_model::pack::{Measure, Pack};
use hoptac_model::scoreboard::Applies;
use hoptac_model::standing::Standing;
use hoptac_model::target::{Horizon, Scope, Target};
use hoptac_model::text::{Language, sentence};
use hoptac_model::unit::Unit;
use hoptac_office::Refusal;
use maud::{Markup, html};
use std::sync::Arc;

use crate::app::{App, Published};
use crate::assets;
use crate::error::{PageError, PageResult};
use crate::form::Fields;
use crate::language::Voice;
use crate::page::{self, Frame, Here};
use crate::query::{self, Ask, Id};
use crate::routes::{Need, Routes};

/// The addresses of this file.
pub(crate) fn routes(routes: Routes) -> Routes {
    let progress = Need::Read(hoptac_office::authority::Reading::Progress);
    routes
        .get("/phan-bo", progress, start)
        .get("/phan-bo/{target}", progress, editor)
        .post("/phan-bo/{target}", Need::File(FilingKind::CascadeAdopt), adopt)
        .get("/phan-bo/{target}/da-giao", progress, given)
}

/// `/phan-bo`: what was given out, and what can be.
async fn start(State(app): State<App>, ask: Ask) -> PageResult {
    let voice = Voice(ask.language);
    let published = app.published();
    let Some(pack) = &published.pack else { return Err(PageError::no_plan(&app, &ask)) };
    let heading = voice.say("cascade-heading");
    let as_of = ask.as_of.unwrap_or_else(|| app.today());
    let open: Vec<&Target> = pack.targets.iter().filter(|target| is_shared(pack, target)).collect();
    let body = html! {
        h1 { (heading) }
        p class="under" { (voice.say("cascade-under")) }
        section {
            h2 { (voice.say("cascade-targets")) }
            table class="list" {
                thead { tr {
                    th scope="col" { (voice.say("column-target")) }
                    th scope="col" { (voice.say("column-goal")) }
                    th scope="col" { (voice.say("cascade-by")) }
                    th scope="col" { span class="hidden" { (voice.say("cascade-what-to-do")) } }
                } }
                tbody {
                    @for target in open {
                        @let held = pack.cascade_of(&target.id, as_of);
                        @let path = format!("/phan-bo/{}", target.id);
                        tr {
                            th scope="row" class="label" {
                                a href=(ask.to(&path, &[])) { (target.label.get(voice.0)) }
                                " " span class="id" { (target.id) }
                            }
                            td data-label=(voice.say("column-goal-lower")) {
                                (target.constraint.words("", voice.0)) ", " (target.horizon.words(voice.0))
                            }
                            td { @match held {
                                Some(held) => a href=(ask.to(&format!("{path}/da-giao"), &[])) { (decision_words(held, voice)) },
                                None => span class="soft" { (voice.say("cascade-not-yet")) },
                            } }
                            td class="number" { a href=(ask.to(&path, &[])) { (voice.say("cascade-propose")) } }
                        }
                    }
                }
            }
        }
    };
    let frame = Frame::new(&app, &ask, &published, Here::Plan, heading.clone());
    Ok(page::draw(&frame, &body))
}

/// Whether a target is a count of the whole territory.
fn is_shared(pack: &Pack, target: &Target) -> bool {
    let counts = pack
        .indicator(&target.indicator)
        .is_some_and(|indicator| indicator.measure != Measure::Ratio && indicator.decimals == 0);
    target.scope == Scope::Plan && counts
}

fn decision_words(cascade: &Cascade, voice: Voice) -> String {
    let decision = &cascade.adopted.decision;
    voice.say_with(
        "cascade-decision",
        &[
            ("number", decision.number.clone().into()),
            ("day", date::show(decision.date, voice.0).into()),
        ],
    )
}

/// What the address tells the proposal.
struct Told(Vec<(String, String)>);

impl Told {
    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.get(name).parse().ok()
    }

    /// As the part of an address behind the question mark.
    fn query(&self) -> String {
        let written = self.0.iter().filter(|(_, value)| !value.trim().is_empty());
        let pairs: Vec<String> = written
            .map(|(name, value)| format!("{}={}", query::encode(name), query::encode(value.trim())))
            .collect();
        pairs.join("&")
    }
}

/// The bounds of one field: `2` of each year, `2027=3` of one, `cộng=9` of all together; several with semicolons between.
fn bounds(text: &str, unit: Option<&str>) -> Result<Vec<Said>, String> {
    let pieces = text.split(';').map(str::trim).filter(|piece| !piece.is_empty());
    let read = pieces.map(|piece| {
        let (when, number) = piece.split_once('=').unwrap_or(("", piece));
        let when = match hoptac_model::text::fold(when.trim()).as_str() {
            "" => When::EachYear,
            "cong" | "all" | "sum" => When::AllYears,
            year => When::Year(year.parse().map_err(|_| piece.to_owned())?),
        };
        let value = number.trim().parse().map_err(|_| piece.to_owned())?;
        Ok(Said { unit: unit.map(str::to_owned), when, value })
    });
    read.collect()
}

const KINDS: [(BoundKind, &str, &str); 3] = [
    (BoundKind::Floor, "san", "cascade-floor"),
    (BoundKind::Ceiling, "tran", "cascade-ceiling"),
    (BoundKind::Fixed, "co-dinh", "cascade-fixed"),
];

/// The wish that an address tells; what cannot be read of it is said.
fn wish(target: &Target, told: &Told) -> Result<Wish, String> {
    let mut wish = Wish::new(target.id.clone());
    for weight in Weight::ALL {
        if let Some(points) = told.number(weight.code()) {
            wish.weights.set(weight, points);
        }
    }
    wish.level = hoptac_model::unit::Level::from_code(told.get("level"));
    wish.years = told.number("tu").zip(told.number("den"));
    let aim = Aim::ALL.into_iter().find(|aim| aim.code() == told.get("muc"));
    wish.aim = aim.unwrap_or_default();
    wish.aim_at = told.number("tong");
    wish.keeps = told.number("giu");
    wish.reaches = Some(told.get("dat")).filter(|id| !id.is_empty()).map(Into::into);
    for (kind, name, _) in KINDS {
        for (field, text) in &told.0 {
            let unit = match field.strip_prefix(name) {
                Some("") => None,
                Some(rest) => match rest.strip_prefix('.') {
                    Some(code) => Some(code),
                    None => continue,
                },
                None => continue,
            };
            wish.bounds.extend(bounds(text, unit)?.into_iter().map(|said| (kind, said)));
        }
    }
    Ok(wish)
}

/// A proposal, or why there is none, with what it was made from.
struct Made {
    published: Arc<Published>,
    board: Arc<Board>,
    told: Told,
    /// What could not be read of the address.
    unread: Option<String>,
    outcome: Result<Proposal, Refused>,
}

impl Made {
    /// The units, in the order in which they are shown.
    fn units(&self, level: Option<hoptac_model::unit::Level>) -> Vec<&Unit> {
        let places = &self.published.places;
        let mut units: Vec<&Unit> = self
            .board
            .unit_ids()
            .filter_map(|id| places.get(id))
            .filter(|unit| level.is_none_or(|level| unit.level == level))
            .collect();
        units.sort_by_key(|unit| hoptac_model::text::fold(unit.short_name()));
        units
    }

    /// What proves that the parts that somebody adopts are those that were on the page.
    fn seal(&self) -> Option<String> {
        let proposal = self.outcome.as_ref().ok()?;
        let text = serde_json::to_string(&proposal.parts()).ok()?;
        Some(Hash::of(text.as_bytes()).to_string().chars().take(16).collect())
    }
}

async fn make(app: &App, ask: &Ask, target: &Target, told: Told) -> Result<Made, PageError> {
    let published = app.published();
    let as_of = ask.as_of.unwrap_or_else(|| app.today());
    // Numbers are given to the units of today, unless somebody asks for those of another day.
    let geography = date::parse(told.get("dia-gioi")).unwrap_or(as_of);
    let board = app.board(&published, Question { as_of, geography }).await;
    let (wish, unread) = match wish(target, &told) {
        Ok(wish) => (wish, None),
        Err(piece) => (Wish::new(target.id.clone()), Some(piece)),
    };
    let (state, asked) = (Arc::clone(&published), Arc::clone(&board));
    let made =
        tokio::task::spawn_blocking(move || propose(&asked, &state.register, &state.places, &wish));
    let outcome = made.await.map_err(|error| PageError::broken(app, ask, &error))?;
    Ok(Made { published, board, told, unread, outcome })
}

/// The target of an address that can be given out.
fn must_find(app: &App, ask: &Ask, id: &str) -> Result<Target, PageError> {
    let published = app.published();
    let Some(pack) = &published.pack else { return Err(PageError::no_plan(app, ask)) };
    let found = pack.targets.iter().find(|target| target.id.as_str() == id);
    found.cloned().ok_or_else(|| PageError::no_page(app, ask.clone()))
}

/// `/phan-bo/{target}`: the proposal and everything that it may be told.
async fn editor(State(app): State<App>, Id(id): Id, ask: Ask) -> PageResult {
    let target = must_find(&app, &ask, &id)?;
    let told = Told(ask.carried("lang").into_iter().filter(|(name, _)| name != "as_of").collect());
    let made = make(&app, &ask, &target, told).await?;
    Ok(draw(&app, &ask, &target, &made, &Written::default(), None))
}

/// What was written on the form of adoption.
#[derive(Default)]
struct Written {
    reason: String,
    number: String,
    day: String,
    issuer: String,
    from: String,
}

/// `POST /phan-bo/{target}`: the parts that were on the page are adopted.
async fn adopt(State(app): State<App>, Id(id): Id, ask: Ask, fields: Fields) -> PageResult {
    let voice = Voice(ask.language);
    let target = must_find(&app, &ask, &id)?;
    let made = make(&app, &ask, &target, Told(query::pairs(fields.get("tham-so")))).await?;
    let written = Written {
        reason: fields.get("ly-do").to_owned(),
        number: fields.get("so").to_owned(),
        day: fields.get("ngay").to_owned(),
        issuer: fields.get("co-quan").to_owned(),
        from: fields.get("tu-ngay").to_owned(),
    };
    let again = |alert: &str| {
        let page = draw(&app, &ask, &target, &made, &written, Some(alert));
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    let Ok(proposal) = &made.outcome else { return again(&voice.say("cascade-nothing")) };
    if made.seal().as_deref() != Some(fields.get("dau")) {
        return again(&voice.say("cascade-moved"));
    }
    let (decided, from) = match (date::parse(&written.day), date::parse(&written.from)) {
        (Ok(decided), Ok(from)) => (decided, from),
        (Err(error), _) | (_, Err(error)) => return again(error.words().get(voice.0)),
    };
    let (Some(store), Some(actor)) =
        (app.store(), ask.visitor.actor_for(FilingKind::CascadeAdopt).cloned())
    else {
        return Err(PageError::no_page(&app, ask));
    };
    let edge = app.edge();
    let now = (edge.now)();
    let body = CascadeAdopt {
        plan: proposal.plan.clone(),
        target: target.id.clone(),
        level: proposal.level,
        geography: proposal.geography,
        parts: proposal.parts(),
        outside: proposal.outside,
        rule: Some(proposal.rule.clone()),
        reason: written.reason.clone(),
        decision: Decision {
            number: written.number.clone(),
            date: decided,
            issuer: written.issuer.clone(),
        },
    };
    let draft = Draft {
        id: (edge.filing_id)(now),
        recorded_at: now,
        effective_on: from,
        actor: actor.signature(),
        subject: Subject::cascade(&target.id),
        expected_version: None,
        origin: Origin::Live,
        key: None,
        body: Body::CascadeAdopt(Box::new(body)),
    };
    match hoptac_office::accept(store, &actor, draft).await {
        Ok(accepted) => {
            let position = accepted.filing.position;
            let broken = |error| PageError::broken(&app, &ask, &error);
            app.publish_up_to(position).await.map_err(broken)?;
            let so = position.to_string();
            let path = format!("/phan-bo/{}/da-giao", target.id);
            Ok(Redirect::to(&ask.to(&path, &[("so", &so)])).into_response())
        }
        Err(Refusal::Store(error)) => Err(PageError::broken(&app, &ask, &error)),
        Err(Refusal::Invalid(findings)) => {
            let said: Vec<String> =
                findings.iter().map(|one| one.message.get(voice.0).to_owned()).collect();
            again(&sentence(&said.join("; ")))
        }
        Err(refusal) => again(refusal.sentence().get(voice.0)),
    }
}

/// What every part of the editor is drawn from.
struct Editor<'a> {
    ask: &'a Ask,
    target: &'a Target,
    made: &'a Made,
    pack: &'a Pack,
    voice: Voice,
}

fn draw(
    app: &App,
    ask: &Ask,
    target: &Target,
    made: &Made,
    written: &Written,
    alert: Option<&str>,
) -> axum::response::Response {
    let voice = Voice(ask.language);
    let Some(pack) = &made.published.pack else {
        return PageError::no_plan(app, ask).into_response();
    };
    let editor = Editor { ask, target, made, pack, voice };
    let heading = editor.say("cascade-of", &[("label", target.label.get(voice.0).into())]);
    let action = ask.to(&format!("/phan-bo/{}", target.id), &[]);
    let may_adopt = ask.visitor.actor_for(FilingKind::CascadeAdopt).is_some();
    let body = html! {
        p class="over" { a href=(ask.to("/phan-bo", &[])) { (voice.say("cascade-heading")) } }
        h1 { (heading) }
        p class="under" {
            (target.paraphrase.get(voice.0)) " "
            span class="id" { (target.id) }
        }
        @if let Some(alert) = alert { p class="alert" role="alert" { (alert) } }
        form method="get" action=(ask.path) data-live {
            @if voice.0 == Language::En { input type="hidden" name="lang" value="en"; }
            @if let Some(day) = ask.as_of { input type="hidden" name="as_of" value=(day); }
            (editor.rules())
            div id="ket-qua" data-live-part aria-live="polite" { (editor.outcome()) }
            div class="acts" { button type="submit" { (voice.say("cascade-again")) } }
            (editor.table())
        }
        @if may_adopt && app.store().is_some() {
            section class="filing-form" id="giao" {
                h2 { (voice.say("cascade-adopt-heading")) }
                form method="post" action=(action) {
                    (page::token_field(ask))
                    div id="da-tinh" data-live-part {
                        input type="hidden" name="tham-so" value=(made.told.query());
                        input type="hidden" name="dau" value=[made.seal()];
                        (editor.consequence())
                    }
                    (field("ly-do", &voice.say("cascade-reason"), &written.reason, "text"))
                    div class="pair" {
                        (field("so", &voice.say("cascade-number"), &written.number, "text"))
                        (field("ngay", &voice.say("cascade-day"), &written.day, "date"))
                    }
                    (field("co-quan", &voice.say("cascade-issuer"), &written.issuer, "text"))
                    (field("tu-ngay", &voice.say("cascade-from"), &written.from, "date"))
                    div class="acts" { button type="submit" class="plain-button" { (voice.say("cascade-adopt")) } }
                }
            }
        }
        script type="module" src=(assets::href("live.js")) {}
    };
    let frame = Frame {
        ask,
        published: &made.published,
        today: app.today(),
        title: heading,
        here: Here::Plan,
        board: Some(&made.board),
        unit: None,
        definition: Some(ask.to(&format!("/chi-tieu/{}", target.id), &[])),
    };
    page::draw(&frame, &body)
}

fn field(name: &str, label: &str, value: &str, kind: &str) -> Markup {
    html! {
        div class="field" {
            label for=(name) { (label) }
            input type=(kind) id=(name) name=(name) value=(value) required;
        }
    }
}

impl Editor<'_> {
    fn say(&self, key: &str, values: &[(&'static str, FluentValue<'_>)]) -> String {
        self.voice.say_with(key, values)
    }

    fn count(&self, count: u32) -> String {
        number::show(f64::from(count), 0, self.voice.0)
    }

    fn unit_name(&self, id: &UnitId) -> String {
        self.made.published.places.get(id).map_or_else(|| id.to_string(), |unit| unit.name.clone())
    }

    /// Weights, where the sums are laid, and what holds for every unit.
    fn rules(&self) -> Markup {
        let told = &self.made.told;
        let voice = self.voice;
        let default = hoptac_model::cascade::Weights::default();
        let number = |name: &str, label: String, value: String| {
            html! {
                div class="field" {
                    label for=(name) { (label) }
                    input type="text" inputmode="numeric" id=(name) name=(name) value=(value) autocomplete="off";
                }
            }
        };
        let earlier = self
            .pack
            .cascades
            .iter()
            .filter(|one| one.adopted.target == self.target.id)
            .filter(|one| one.adopted.geography != self.made.board.geography());
        let stocks = self.pack.targets.iter().filter(|other| {
            is_shared(self.pack, other) && matches!(other.horizon, Horizon::Year { .. })
        });
        let yearly = matches!(self.target.horizon, Horizon::Yearly { .. });
        html! {
            div class="filters" {
                @for weight in Weight::ALL {
                    @let points = told.number(weight.code()).unwrap_or_else(|| default.get(weight));
                    (number(weight.code(), self.say("cascade-weight", &[("measure", weight.words().get(voice.0).to_lowercase().into())]), points.to_string()))
                }
                div class="field" {
                    label for="muc" { (voice.say("cascade-aim")) }
                    select id="muc" name="muc" {
                        @for aim in [Aim::Middle, Aim::Low, Aim::High] {
                            option value=(aim.code()) selected[told.get("muc") == aim.code()] { (aim.words().get(voice.0)) }
                        }
                    }
                }
                (number("tong", voice.say("cascade-sum-at"), told.get("tong").to_owned()))
                (number("san", voice.say("cascade-floor-each"), told.get("san").to_owned()))
                (number("tran", voice.say("cascade-ceiling-each"), told.get("tran").to_owned()))
                @if yearly {
                    div class="field" {
                        label for="dat" { (voice.say("cascade-reach")) }
                        select id="dat" name="dat" {
                            option value="" { (voice.say("cascade-reach-none")) }
                            @for other in stocks {
                                option value=(other.id) selected[told.get("dat") == other.id.as_str()] { (other.label.get(voice.0)) " (" (other.id) ")" }
                            }
                        }
                    }
                }
                @let earlier: Vec<&Cascade> = earlier.collect();
                @if !earlier.is_empty() {
                    div class="field" {
                        label for="giu" { (voice.say("cascade-keep")) }
                        select id="giu" name="giu" {
                            option value="" { (voice.say("cascade-keep-none")) }
                            @for one in earlier {
                                option value=(one.position) selected[told.number("giu") == Some(one.position)] { (decision_words(one, voice)) }
                            }
                        }
                    }
                }
                div class="field" {
                    label for="dia-gioi" { (voice.say("cascade-places")) }
                    input type="date" id="dia-gioi" name="dia-gioi" value=(self.made.board.geography());
                }
            }
            p class="help" { (voice.say("cascade-bounds-help")) }
        }
    }

    /// The sums, or what contradicts itself.
    fn outcome(&self) -> Markup {
        let voice = self.voice;
        if let Some(piece) = &self.made.unread {
            let said = self.say("cascade-unread", &[("piece", piece.clone().into())]);
            return html! { p class="alert" { (said) } };
        }
        match &self.made.outcome {
            Err(refused) => {
                let reason = sentence(refused.words().get(voice.0));
                let clauses: Vec<String> = refused
                    .clauses()
                    .iter()
                    .map(|clause| clause.words(|unit| self.unit_name(unit)).get(voice.0).to_owned())
                    .collect();
                html! {
                    p class="alert" { (reason) }
                    @if !clauses.is_empty() { ul { @for clause in clauses { li { (clause) } } } }
                }
            }
            Ok(proposal) => html! {
                dl class="key-figures" {
                    @for sum in &proposal.sums {
                        div { dt { (sum.year) } dd { (self.count(sum.given)) } }
                    }
                }
                p { (self.asked(proposal)) }
                @for note in &proposal.notes { p class="caution" { (sentence(note.get(voice.0))) } }
            },
        }
    }

    fn asked(&self, proposal: &Proposal) -> String {
        let Some(sum) = proposal.sums.first() else { return String::new() };
        let units = self.count(u32::try_from(proposal.units.len()).unwrap_or(u32::MAX));
        let least = self.count(sum.least);
        match sum.most {
            Some(most) => self.say(
                "cascade-agrees-range",
                &[
                    ("units", units.into()),
                    ("least", least.into()),
                    ("most", self.count(most).into()),
                ],
            ),
            None => self.say("cascade-agrees", &[("units", units.into()), ("least", least.into())]),
        }
    }

    /// Every unit with its share, its parts and what holds for it.
    fn table(&self) -> Markup {
        let voice = self.voice;
        let proposal = self.made.outcome.as_ref().ok();
        let level = proposal.map(|proposal| proposal.level);
        let years: &[i16] = proposal.map_or(&[], |proposal| &proposal.years);
        let share = |unit: &Unit| -> Option<&UnitShare> {
            proposal?.units.iter().find(|share| share.unit == unit.id)
        };
        let below = |unit: &&Unit| unit.level > hoptac_model::unit::Level::Province;
        html! {
            table class="list parts" {
                thead { tr {
                    th scope="col" { (voice.say("cascade-unit")) }
                    th scope="col" class="number" { (voice.say("cascade-share")) }
                    @for year in years { th scope="col" class="number" { (year) } }
                    @if years.len() > 1 { th scope="col" class="number" { (voice.say("cascade-sum")) } }
                    @for (_, _, key) in KINDS { th scope="col" { (voice.say(key)) } }
                } }
                tbody {
                    @for unit in self.made.units(level).into_iter().filter(below) {
                        @let share = share(unit);
                        tr {
                            th scope="row" class="label" {
                                a href=(self.ask.to(&format!("/dia-ban/{}", unit.id), &[])) { (unit.name) }
                                @if let Some(of) = share.and_then(|share| share.of.as_ref()) {
                                    " " span class="soft" { "(" (self.unit_name(of)) ")" }
                                }
                            }
                            td class="number soft" data-label=(voice.say("cascade-share")) id=(format!("ty-{}", unit.id)) data-live-part {
                                @if let Some(share) = share { (number::show(share.share * 100.0, 1, voice.0)) " %" }
                            }
                            @for (at, year) in years.iter().enumerate() {
                                td class="number" data-label=(year) id=(format!("phan-{}-{year}", unit.id)) data-live-part {
                                    @if let Some(part) = share.and_then(|share| share.parts.get(at)) { (self.count(*part)) }
                                }
                            }
                            @if years.len() > 1 {
                                td class="number strong" data-label=(voice.say("cascade-sum")) id=(format!("cong-{}", unit.id)) data-live-part {
                                    @if let Some(share) = share { (self.count(share.total())) }
                                }
                            }
                            @for (_, name, key) in KINDS {
                                @let field = format!("{name}.{}", unit.id);
                                td class="bound" {
                                    input type="text" name=(field) value=(self.made.told.get(&field)) autocomplete="off" data-column=(name)
                                        aria-label=(format!("{}: {}", voice.say(key), unit.name)) placeholder=(voice.say(key));
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// What adopting would change.
    fn consequence(&self) -> Markup {
        let voice = self.voice;
        let Ok(proposal) = &self.made.outcome else {
            return html! { p class="caution" { (voice.say("cascade-nothing")) } };
        };
        let asked = proposal.units.iter().filter(|share| share.total() > 0).count();
        let asked = self.count(u32::try_from(asked).unwrap_or(u32::MAX));
        let first = proposal.sums.first();
        let given = first.map_or(0, |sum| sum.given);
        let pace: f64 = proposal
            .units
            .iter()
            .filter_map(|share| {
                let [_, _, _, pace] = share.measures;
                pace
            })
            .sum();
        let earlier = self.pack.cascade_of(&self.target.id, self.made.board.as_of());
        html! {
            p {
                (self.say("cascade-consequence", &[
                    ("units", asked.into()),
                    ("given", self.count(given).into()),
                    ("pace", number::show(pace, 1, voice.0).into()),
                ]))
            }
            @if let Some(earlier) = earlier {
                p class="caution" { (self.say("cascade-replaces", &[("decision", decision_words(earlier, voice).into())])) }
            }
        }
    }
}

/// `/phan-bo/{target}/da-giao`: every unit with its part, what it has and where it stands.
async fn given(State(app): State<App>, Id(id): Id, ask: Ask) -> PageResult {
    let voice = Voice(ask.language);
    let target = must_find(&app, &ask, &id)?;
    let published = app.published();
    let Some(pack) = &published.pack else { return Err(PageError::no_plan(&app, &ask)) };
    let as_of = ask.as_of.unwrap_or_else(|| app.today());
    let asked = ask.value("so").and_then(|so| so.parse::<u64>().ok());
    let of_target = || pack.cascades.iter().filter(|one| one.adopted.target == target.id);
    let found = match asked {
        Some(position) => of_target().find(|one| one.position == position),
        None => pack.cascade_of(&target.id, as_of),
    };
    let Some(cascade) = found else { return Err(PageError::no_page(&app, ask)) };
    let first = cascade.adopted.parts.first().and_then(|part| published.places.get(&part.unit));
    let geography = first.map_or(as_of, |unit| published.places.geography_for(unit, as_of));
    let board = app.board(&published, Question { as_of, geography }).await;
    let year = match target.horizon {
        Horizon::Year { year } => year,
        Horizon::Yearly { .. } => {
            let years: Vec<i16> = cascade.adopted.parts.iter().map(|part| part.year).collect();
            let of_day = as_of.year();
            let first = years.iter().min().copied().unwrap_or(of_day);
            of_day.max(first)
        }
    };
    let mut lines: Vec<(&Unit, u32, Option<f64>, Option<Standing>)> = cascade
        .adopted
        .parts
        .iter()
        .filter(|part| part.year == year)
        .filter_map(|part| {
            let unit = published.places.get(&part.unit)?;
            let row = board.row(&target.id, None, &part.unit);
            let here = row.as_ref().filter(|row| row.applies == Applies::Assigned);
            let standing = here.and_then(|row| row.standing);
            Some((unit, part.value, row.as_ref().and_then(|row| row.value), standing))
        })
        .collect();
    lines.sort_by_key(|(unit, ..)| hoptac_model::text::fold(unit.short_name()));
    let with_part = lines.iter().filter(|(.., standing)| standing.is_some()).count();
    let met = lines.iter().filter(|(.., standing)| *standing == Some(Standing::Met)).count();
    let whole = |count: usize| number::whole(i64::try_from(count).unwrap_or(i64::MAX), voice.0);
    let heading = voice.say_with(
        "cascade-given",
        &[
            ("label", target.label.get(voice.0).into()),
            ("met", whole(met).into()),
            ("units", whole(with_part).into()),
        ],
    );
    let body = html! {
        p class="over" { a href=(ask.to("/phan-bo", &[])) { (voice.say("cascade-heading")) } }
        h1 { (heading) }
        p class="under" {
            (decision_words(cascade, voice)) ", "
            (voice.say_with("cascade-since", &[("day", date::show(cascade.from, voice.0).into())]))
            " · " (page::ledger_words(voice, cascade.position))
        }
        p { (voice.say_with("cascade-because", &[("reason", cascade.adopted.reason.clone().into())])) }
        table class="list" {
            thead { tr {
                th scope="col" { (voice.say("cascade-unit")) }
                th scope="col" class="number" { (voice.say_with("cascade-part-of", &[("year", year.to_string().into())])) }
                th scope="col" class="number" { (voice.say("column-value")) }
                th scope="col" { (voice.say("column-standing")) }
            } }
            tbody {
                @for (unit, part, value, standing) in &lines {
                    tr {
                        th scope="row" class="label" { a href=(ask.to(&format!("/dia-ban/{}", unit.id), &[])) { (unit.name) } }
                        td class="number" data-label=(voice.say_with("cascade-part-of", &[("year", year.to_string().into())])) { (number::show(f64::from(*part), 0, voice.0)) }
                        td class="number" data-label=(voice.say("column-value")) { (number::show_or_dash(*value, 0, voice.0)) }
                        td class="standing-cell" {
                            @match standing {
                                Some(standing) => (page::standing(*standing, voice.0)),
                                None => span class="soft" { (voice.say(if *part == 0 { "standing-not-here" } else { "cascade-to-come" })) },
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
        today: app.today(),
        title: heading.clone(),
        here: Here::Plan,
        board: Some(&board),
        unit: None,
        definition: Some(ask.to(&format!("/chi-tieu/{}", target.id), &[])),
    };
    Ok(page::draw(&frame, &body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &[(When, u32)]) {
        let read = bounds(text, Some("05977")).unwrap();
        assert_eq!(read.iter().map(|one| (one.when, one.value)).collect::<Vec<_>>(), want);
    }

    #[test]
    fn bounds_as_people_write_them() {
        check("", &[]);
        check("2", &[(When::EachYear, 2)]);
        check(" 2027 = 3 ; cộng=9", &[(When::Year(2027), 3), (When::AllYears, 9)]);
    }
    #[test]
    fn what_is_no_bound_is_told_back() {
        assert_eq!(bounds("hai", None), Err("hai".to_owned()));
        assert_eq!(bounds("2; sau=3", None), Err("sau=3".to_owned()));
    }
    #[test]
    fn what_an_address_tells_is_written_back_without_empty_fields() {
        let told = Told(query::pairs("san=1&tran=&san.05977=2027%3D3"));
        assert_eq!(told.query(), "san=1&san.05977=2027%3D3");
    }
}
