//! What if: the targets of the territory as expected and under what somebody assumes, side by side with scenarios that are kept.
//!
//! What is assumed stands in the address, so that it can be sent to somebody. With a script the answer follows as one types.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use hoptac_engine::board::{Board, Question};
use hoptac_engine::forecast;
use hoptac_model::filing::scenario::ScenarioSave;
use hoptac_model::filing::{Body, Draft, FilingKind, Origin, Subject};
use hoptac_model::forecast::{Expectation, Fan, Forecast};
use hoptac_model::number;
use hoptac_model::organisation::Kind;
use hoptac_model::pack::{Measure, Pack};
use hoptac_model::scenario::Setting;
use hoptac_model::target::{Scope, Target};
use hoptac_model::text::{Language, Words, fold};
use hoptac_model::unit::Unit;
use hoptac_office::Refusal;
use hoptac_office::authority::Reading;
use hoptac_report::svg::line::{self, Chart, Goal, Spread};
use hoptac_store::ScenarioOnFile;
use maud::{Markup, html};

use crate::app::{App, Published};
use crate::assets;
use crate::error::{PageError, PageResult};
use crate::form::Fields;
use crate::language::Voice;
use crate::page::{self, Frame, Here};
use crate::query::{self, Ask};
use crate::routes::{Need, Routes};

/// How many kept scenarios stand side by side.
const BESIDE: usize = 3;

/// The addresses of this file.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get("/kich-ban", Need::Read(Reading::Progress), page).post(
        "/kich-ban",
        Need::File(FilingKind::ScenarioSave),
        save,
    )
}

/// Forecasts under some settings, or why there are none.
type Answer = Result<Vec<Forecast>, Words>;

struct Scene {
    published: Arc<Published>,
    board: Arc<Board>,
    /// What was asked, as it stands in the address.
    pairs: Vec<(String, String)>,
    /// What is assumed; the first thing that cannot be read.
    settings: Result<Vec<Setting>, Words>,
    kept: Vec<ScenarioOnFile>,
    expected: Answer,
    assumed: Answer,
    /// Kept scenarios that are asked for, with their forecasts.
    beside: Vec<(String, Answer)>,
}

/// What an address assumes. A change in one unit is written in three fields.
fn settings(pairs: &[(String, String)]) -> Result<Vec<Setting>, Words> {
    let mut read = Vec::new();
    let get =
        |name: &str| pairs.iter().find(|(known, _)| known == name).map_or("", |(_, v)| v.trim());
    for (key, value) in pairs {
        if Setting::is_key(key) && !value.trim().is_empty() {
            read.push(Setting::read(key, value)?);
        }
    }
    if !get("noi").is_empty() && !get("noi-them").is_empty() {
        let kind = Some(get("noi-loai")).filter(|kind| !kind.is_empty()).unwrap_or("THT");
        read.push(Setting::read(&format!("formation.{kind}@{}", get("noi")), get("noi-them"))?);
    }
    Ok(read)
}

async fn scene(app: &App, ask: &Ask, pairs: Vec<(String, String)>) -> Result<Scene, PageError> {
    let published = app.published();
    if published.pack.is_none() {
        return Err(PageError::no_plan(app, ask));
    }
    let as_of = ask.as_of.unwrap_or_else(|| app.today());
    let board = app.board(&published, Question { as_of, geography: as_of }).await;
    let kept = match app.store() {
        Some(store) => {
            store.scenarios().await.map_err(|error| PageError::broken(app, ask, &error))?
        }
        None => Vec::new(),
    };
    let settings = settings(&pairs);
    let asked: Vec<(String, Vec<Setting>)> = pairs
        .iter()
        .filter(|(name, _)| name == "so-voi")
        .filter_map(|(_, name)| kept.iter().find(|one| one.name == *name))
        .take(BESIDE)
        .map(|one| {
            (one.scenario.title.clone(), one.scenario.read().filter_map(Result::ok).collect())
        })
        .collect();
    let (state, of, mine) = (Arc::clone(&published), Arc::clone(&board), settings.clone());
    let made = tokio::task::spawn_blocking(move || {
        let make = |settings: &[Setting]| {
            forecast::what_if(&of, &state.register, &state.places, settings, forecast::SEED)
        };
        let assumed = mine.and_then(|settings| make(&settings));
        let beside: Vec<(String, Answer)> =
            asked.into_iter().map(|(title, settings)| (title, make(&settings))).collect();
        (make(&[]), assumed, beside)
    });
    let (expected, assumed, beside) =
        made.await.map_err(|error| PageError::broken(app, ask, &error))?;
    Ok(Scene { published, board, pairs, settings, kept, expected, assumed, beside })
}

/// `/kich-ban`
async fn page(State(app): State<App>, ask: Ask) -> PageResult {
    let scene = scene(&app, &ask, ask.carried("lang")).await?;
    Ok(draw(&app, &ask, &scene, None))
}

/// `POST /kich-ban`: a scenario is kept under a name.
async fn save(State(app): State<App>, ask: Ask, fields: Fields) -> PageResult {
    let scene = scene(&app, &ask, query::pairs(fields.get("tham-so"))).await?;
    let (Some(store), Some(actor)) =
        (app.store(), ask.visitor.actor_for(FilingKind::ScenarioSave).cloned())
    else {
        return Err(PageError::no_page(&app, ask));
    };
    let title = fields.get("ten").to_owned();
    let name: String = fold(&title)
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect::<String>()
        .split('-')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    let name: String = name.chars().take(40).collect();
    let settings = scene.settings.as_ref().map_or_else(|_| Vec::new(), Clone::clone);
    let body = ScenarioSave {
        title,
        settings: settings.iter().map(ToString::to_string).collect(),
        note: fields.get("ghi-chu").to_owned(),
    };
    let edge = app.edge();
    let now = (edge.now)();
    let draft = Draft {
        id: (edge.filing_id)(now),
        recorded_at: now,
        effective_on: app.today(),
        actor: actor.signature(),
        subject: Subject::scenario(&name),
        expected_version: None,
        origin: Origin::Live,
        key: None,
        body: Body::ScenarioSave(body),
    };
    let again = |alert: &str| {
        let page = draw(&app, &ask, &scene, Some(alert));
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    match hoptac_office::accept(store, &actor, draft).await {
        Ok(accepted) => {
            let broken = |error| PageError::broken(&app, &ask, &error);
            app.publish_up_to(accepted.filing.position).await.map_err(broken)?;
            Ok(Redirect::to(&ask.to("/kich-ban", &[("so-voi", &name)])).into_response())
        }
        Err(Refusal::Store(error)) => Err(PageError::broken(&app, &ask, &error)),
        Err(Refusal::Invalid(findings)) => {
            let said: Vec<&str> =
                findings.iter().map(|one| one.message.get(ask.language)).collect();
            again(&said.join("; "))
        }
        Err(refusal) => again(refusal.sentence().get(ask.language)),
    }
}

struct Drawing<'a> {
    ask: &'a Ask,
    scene: &'a Scene,
    pack: &'a Pack,
    voice: Voice,
}

fn draw(app: &App, ask: &Ask, scene: &Scene, alert: Option<&str>) -> Response {
    let voice = Voice(ask.language);
    let Some(pack) = &scene.published.pack else {
        return PageError::no_plan(app, ask).into_response();
    };
    let drawing = Drawing { ask, scene, pack, voice };
    let heading = voice.say("scenario-heading");
    let may_save =
        app.store().is_some() && ask.visitor.actor_for(FilingKind::ScenarioSave).is_some();
    let written: Vec<(String, String)> =
        scene.pairs.iter().filter(|(_, value)| !value.trim().is_empty()).cloned().collect();
    let query: Vec<String> = written
        .iter()
        .map(|(name, value)| format!("{}={}", query::encode(name), query::encode(value)))
        .collect();
    let body = html! {
        h1 { (heading) }
        p class="under" { (voice.say("scenario-under")) }
        @if let Some(alert) = alert { p class="alert" role="alert" { (alert) } }
        form method="get" action=(ask.path) data-live {
            @if voice.0 == Language::En { input type="hidden" name="lang" value="en"; }
            @if let Some(day) = ask.as_of { input type="hidden" name="as_of" value=(day); }
            (drawing.fields())
            div class="acts" { button type="submit" { (voice.say("cascade-again")) } }
        }
        div id="ket-qua" data-live-part aria-live="polite" { (drawing.answer()) }
        @if may_save {
            section class="filing-form" {
                h2 { (voice.say("scenario-save-heading")) }
                form method="post" action=(ask.to("/kich-ban", &[])) {
                    (page::token_field(ask))
                    div id="da-tinh" data-live-part { input type="hidden" name="tham-so" value=(query.join("&")); }
                    div class="field" {
                        label for="ten" { (voice.say("scenario-title")) }
                        input type="text" id="ten" name="ten" required;
                    }
                    div class="field" {
                        label for="ghi-chu" { (voice.say("scenario-note")) }
                        input type="text" id="ghi-chu" name="ghi-chu";
                    }
                    div class="acts" { button type="submit" class="plain-button" { (voice.say("scenario-save")) } }
                }
            }
        }
        script type="module" src=(assets::href("live.js")) {}
    };
    let frame = Frame {
        ask,
        published: &scene.published,
        today: app.today(),
        title: heading,
        here: Here::Indicators,
        board: Some(&scene.board),
        unit: None,
        definition: None,
    };
    page::draw(&frame, &body)
}

impl Drawing<'_> {
    fn get(&self, name: &str) -> &str {
        let found = self.scene.pairs.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    fn field(&self, name: &str, label: &str) -> Markup {
        html! {
            div class="field" {
                label for=(name) { (label) }
                input type="text" id=(name) name=(name) value=(self.get(name)) autocomplete="off";
            }
        }
    }

    fn say(&self, key: &str, what: &Words) -> String {
        self.voice.say_with(key, &[("what", what.get(self.voice.0).to_lowercase().into())])
    }

    /// What may be assumed.
    fn fields(&self) -> Markup {
        let voice = self.voice;
        let mut units: Vec<&Unit> = self
            .scene
            .board
            .unit_ids()
            .filter_map(|id| self.scene.published.places.get(id))
            .skip(1)
            .collect();
        units.sort_by_key(|unit| fold(unit.short_name()));
        let shares = self.pack.targets.iter().filter(|target| {
            target.scope == Scope::Plan
                && self
                    .pack
                    .indicator(&target.indicator)
                    .is_some_and(|one| one.measure == Measure::Ratio && one.denominator.is_some())
        });
        let readings = self.pack.targets.iter().filter(|target| target.readings.len() > 1);
        let mut divided: Vec<&hoptac_model::ids::IndicatorId> =
            self.pack.indicators.iter().filter_map(|one| one.denominator_figure.as_ref()).collect();
        divided.sort_unstable();
        divided.dedup();
        html! {
            div class="filters" {
                @for kind in [Kind::Group, Kind::Cooperative, Kind::Union] {
                    (self.field(&format!("formation.{}", kind.code()), &self.say("scenario-formation", &kind.words())))
                }
                @for kind in [Kind::Group, Kind::Cooperative] {
                    (self.field(&format!("closure.{}", kind.code()), &self.say("scenario-closure", &kind.words())))
                }
                (self.field("conversion", &voice.say("scenario-conversion")))
                div class="field" {
                    label for="noi" { (voice.say("scenario-place")) }
                    select id="noi" name="noi" {
                        option value="" { (voice.say("scenario-no-place")) }
                        @for unit in units { option value=(unit.id) selected[self.get("noi") == unit.id.as_str()] { (unit.name) } }
                    }
                }
                div class="field" {
                    label for="noi-loai" { (voice.say("scenario-place-kind")) }
                    select id="noi-loai" name="noi-loai" {
                        @for kind in [Kind::Group, Kind::Cooperative] {
                            option value=(kind.code()) selected[self.get("noi-loai") == kind.code()] { (kind.words().get(voice.0)) }
                        }
                    }
                }
                (self.field("noi-them", &voice.say("scenario-place-more")))
            }
            p class="help" { (voice.say("scenario-help")) }
            details class="more-form" {
                summary { (voice.say("scenario-more")) }
                div class="filters" {
                    @for target in shares {
                        (self.field(&format!("share.{}", target.id), &self.say("scenario-share", &target.label)))
                    }
                    @for series in divided {
                        @let named = self.pack.series.iter().find(|one| one.id == *series).map(|one| one.name.clone());
                        (self.field(&format!("population.{series}"), named.unwrap_or_else(|| Words::verbatim(series.as_str())).get(voice.0)))
                    }
                    @for target in readings {
                        @let name = format!("reading.{}", target.id);
                        div class="field" {
                            label for=(name) { (self.say("scenario-reading", &target.label)) }
                            select id=(name) name=(name) {
                                option value="" { (voice.say("scenario-as-planned")) }
                                @for reading in target.readings.iter().skip(1) {
                                    option value=(reading.id) selected[self.get(&name) == reading.id] { (reading.label.get(voice.0)) }
                                }
                            }
                        }
                    }
                }
            }
            @if !self.scene.kept.is_empty() {
                fieldset class="restated" {
                    legend { (voice.say("scenario-beside")) }
                    @for one in &self.scene.kept {
                        @let chosen = self.scene.pairs.iter().any(|(name, value)| name == "so-voi" && *value == one.name);
                        label class="tick" {
                            input type="checkbox" name="so-voi" value=(one.name) checked[chosen];
                            (one.scenario.title) " " span class="soft" { (one.scenario.settings.join(", ")) }
                        }
                    }
                }
            }
        }
    }

    /// The targets, and the fan of one of them.
    fn answer(&self) -> Markup {
        let voice = self.voice;
        let language = voice.0;
        let (expected, assumed) = match (&self.scene.expected, &self.scene.assumed) {
            (Ok(expected), Ok(assumed)) => (expected, assumed),
            (Err(why), _) | (_, Err(why)) => {
                return html! { p class="alert" { (why.get(language)) } };
            }
        };
        let columns: Vec<(String, &[Forecast])> =
            std::iter::once((voice.say("scenario-expected"), expected.as_slice()))
                .chain(std::iter::once((voice.say("scenario-assumed"), assumed.as_slice())))
                .chain(self.scene.beside.iter().filter_map(|(title, made)| {
                    Some((title.clone(), made.as_ref().ok()?.as_slice()))
                }))
                .collect();
        let chance = |one: &Forecast| Some(one.register.as_ref().ok()?.probability.unwrap_or(0.0));
        let changed = |up: bool| {
            let pairs = expected.iter().zip(assumed);
            pairs
                .filter(|(before, after)| match (chance(before), chance(after)) {
                    (Some(before), Some(after)) if up => after > before + 0.005,
                    (Some(before), Some(after)) => after < before - 0.005,
                    (_, _) => false,
                })
                .count()
                .to_string()
        };
        let sentence = voice.say_with(
            "scenario-verdict",
            &[("up", changed(true).into()), ("down", changed(false).into())],
        );
        html! {
            @if self.scene.settings.as_ref().is_ok_and(|settings| !settings.is_empty()) {
                p class="strong" { (sentence) }
            }
            (self.chart(assumed))
            table class="list" {
                thead { tr {
                    th scope="col" { (voice.say("column-target")) }
                    th scope="col" { (voice.say("column-goal")) }
                    @for (title, _) in &columns { th scope="col" class="number" { (title) } }
                } }
                tbody {
                    @for (at, one) in expected.iter().enumerate() {
                        @if let Some(target) = self.pack.target(&one.target) {
                            tr {
                                th scope="row" class="label" {
                                    a href=(self.ask.to(&format!("/chi-tieu/{}", target.id), &[])) { (target.label.get(language)) }
                                    " " span class="id" { (target.id) }
                                }
                                td data-label=(voice.say("column-goal-lower")) { (self.goal(target, one)) }
                                @for (title, all) in &columns {
                                    td class="number" data-label=(title) { (all.get(at).map_or_else(|| html! { (number::NO_VALUE) }, |one| self.cell(one))) }
                                }
                            }
                        }
                    }
                }
            }
            p class="help" { (voice.say("scenario-method")) }
        }
    }

    fn goal(&self, target: &Target, one: &Forecast) -> String {
        let sign = self.pack.indicator(&one.indicator).map_or("", |indicator| indicator.sign());
        format!(
            "{}, {}",
            one.constraint.words(sign, self.voice.0),
            target.horizon.words(self.voice.0)
        )
    }

    fn decimals(&self, one: &Forecast) -> u8 {
        self.pack.indicator(&one.indicator).map_or(0, |indicator| indicator.decimals)
    }

    fn range(&self, one: &Forecast, at: &Expectation) -> String {
        let show = |value| number::show(value, self.decimals(one), self.voice.0);
        format!("{}–{}", show(at.interval_80.low), show(at.interval_80.high))
    }

    /// The median with its 80 % interval, and the chance under it.
    fn cell(&self, one: &Forecast) -> Markup {
        let language = self.voice.0;
        let fan: &Fan = match &one.register {
            Ok(fan) => fan,
            Err(silence) => return html! { span class="soft" { (silence.words().get(language)) } },
        };
        let Some(at) = fan.at(one.on) else { return html! { (number::NO_VALUE) } };
        html! {
            span class="strong" { (number::show(at.median, self.decimals(one), language)) }
            " " span class="soft" { "(" (self.range(one, at)) ")" }
            @if let Some(chance) = fan.probability { br; (number::chance(chance, language)) }
        }
    }

    /// The fan of the first target, or of the one that is asked for.
    fn chart(&self, assumed: &[Forecast]) -> Markup {
        let language = self.voice.0;
        let asked = self.get("chi-tieu");
        let found = assumed.iter().find(|one| one.target.as_str() == asked).or(assumed.first());
        let Some((one, fan)) = found.and_then(|one| Some((one, one.register.as_ref().ok()?)))
        else {
            return html! {};
        };
        let (Some(target), Some(last)) = (self.pack.target(&one.target), fan.periods.last()) else {
            return html! {};
        };
        let root = self.scene.board.unit_ids().next();
        let row = root.and_then(|unit| self.scene.board.row(&one.target, None, unit));
        let direction =
            self.pack.indicator(&one.indicator).map(|i| i.direction).unwrap_or_default();
        let median = number::show(last.median, self.decimals(one), language);
        let chart = Chart {
            language,
            decimals: self.decimals(one),
            title: target.label.get(language).to_owned(),
            description: self.goal(target, one),
            history: row
                .iter()
                .flat_map(|row| row.series.iter().map(|at| (at.on, at.value)))
                .collect(),
            unfinished: false,
            published: Vec::new(),
            goal: Some(Goal {
                constraint: one.constraint,
                horizon: target.horizon,
                value: one.constraint.goal(direction),
                standing: row.as_ref().and_then(|row| row.standing),
                label: self.goal(target, one),
                pace: String::new(),
            }),
            line: None,
            breaks: Vec::new(),
            spread: Some(Spread {
                from: fan.from,
                periods: fan.periods.clone(),
                median,
                range: format!("({})", self.range(one, last)),
            }),
        };
        html! { figure { (line::draw(&chart)) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, want: &[&str]) {
        let read = settings(&query::pairs(query)).unwrap();
        assert_eq!(read.iter().map(ToString::to_string).collect::<Vec<_>>(), want);
    }

    #[test]
    fn an_address_tells_what_is_assumed_and_empty_fields_nothing() {
        check("formation.THT=%2B20%25&closure.HTX=&unit=20", &["formation.THT=+20%"]);
    }
    #[test]
    fn a_place_is_told_in_three_fields() {
        check("noi=05977.2025&noi-loai=HTX&noi-them=5", &["formation.HTX@05977.2025=+5"]);
        check("noi=05977.2025&noi-loai=HTX&noi-them=", &[]);
        check("noi=&noi-loai=HTX&noi-them=5", &[]);
    }
    #[test]
    fn what_cannot_be_read_says_why() {
        assert!(settings(&query::pairs("conversion=nhi%E1%BB%81u")).is_err());
    }
}
