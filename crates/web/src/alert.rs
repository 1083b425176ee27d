//! Alerts in the browser: one quiet list with reasons, put to sleep or taken on where it stands.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use hoptac_model::alert::{self, About, Alert, AlertKind, Care};
use hoptac_model::date;
use hoptac_model::filing::alert::{AlertAct, AlertOwn, AlertSnooze};
use hoptac_model::filing::{Body, Draft, FilingKind, Origin, Subject};
use hoptac_model::pack::Pack;
use hoptac_model::text::{first_upper, sentence};
use hoptac_office::Refusal;
use hoptac_office::authority::Reading;
use maud::{Markup, html};

use crate::app::{App, View};
use crate::entrance::{broken, entrance};
use crate::error::{PageError, PageResult};
use crate::filing_form::value;
use crate::form::Fields;
use crate::language::Voice;
use crate::organisation;
use crate::page::{self, Frame, Here, token_field};
use crate::query::Ask;
use crate::routes::{Need, Routes};
use crate::task;

/// The addresses of this file.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get("/canh-bao", Need::Read(Reading::Tasks), page)
        .post("/canh-bao/tam-an", Need::File(FilingKind::AlertSnooze), snooze)
        .post("/canh-bao/nhan", Need::File(FilingKind::AlertOwn), own)
}

/// `/canh-bao`
async fn page(State(app): State<App>, ask: Ask) -> PageResult {
    let view = app.view(&ask).await?;
    Ok(draw(&app, &view, &ask, None))
}

fn draw(app: &App, view: &View, ask: &Ask, wrong: Option<&str>) -> Response {
    let voice = Voice(ask.language);
    let today = app.today();
    let watch = app.watch();
    let cares = alert::fold(&view.published.cares, today);
    let with_sleepers = ask.value("ca") == Some("1");
    let (register, places) = (&view.published.register, &view.published.places);
    // An organisation that somebody does not get to see is not told either.
    let seen = |alert: &&Alert| match &alert.about {
        About::Organisation(id) => register.index_of(*id).is_some_and(|index| {
            ask.visitor.may_see(Reading::Register, register, places, index, today)
        }),
        About::Target(_) | About::Series(_) | About::Returns(_) | About::Task(_) => true,
    };
    let all: Vec<&Alert> = watch.iter().flat_map(|watch| &watch.alerts).filter(seen).collect();
    let sleeps = |alert: &Alert| cares.get(&alert.key).is_some_and(|care| care.sleeps_on(today));
    let asleep = all.iter().filter(|alert| sleeps(alert)).count();
    let awake = all.len() - asleep;
    let heading = match (&watch, awake) {
        (None, _) => voice.say("alerts-making"),
        (Some(_), 0) => voice.say("alerts-none"),
        (Some(_), count) => voice.say_with("alerts-count", &[("count", count.into())]),
    };
    let kinds = AlertKind::ALL.into_iter().filter_map(|kind| {
        let of: Vec<&Alert> = all
            .iter()
            .filter(|alert| alert.kind == kind && (with_sleepers || !sleeps(alert)))
            .copied()
            .collect();
        (!of.is_empty()).then_some((kind, of))
    });
    let kinds: Vec<(AlertKind, Vec<&Alert>)> = kinds.collect();
    let body = html! {
        p class="over" { a href=(ask.to("/nhiem-vu", &[])) { (voice.say("nav-tasks")) } }
        h1 { (heading) }
        @if let Some(watch) = &watch {
            p class="under" {
                (voice.say_with("alerts-under", &[("day", date::show(watch.day, voice.0).into())])) " · " (page::ledger_words(voice, watch.position))
            }
        }
        @if let Some(wrong) = wrong { p class="alert" role="alert" { (wrong) } }
        @for (kind, alerts) in &kinds {
            section {
                h2 { (first_upper(kind.words().get(voice.0))) }
                ul class="ruled alerts" {
                    @for alert in alerts { (row(alert, cares.get(&alert.key), view.pack(), app, ask, voice)) }
                }
            }
        }
        @if asleep > 0 {
            p class="more" {
                @if with_sleepers {
                    a href=(ask.to("/canh-bao", &[])) { (voice.say("alerts-only-awake")) }
                } @else {
                    a href=(ask.to("/canh-bao", &[("ca", "1")])) { (voice.say_with("alerts-asleep", &[("count", asleep.into())])) }
                }
            }
        }
    };
    let frame = Frame {
        ask,
        published: &view.published,
        today: view.today,
        title: heading,
        here: Here::Nowhere,
        board: Some(&view.board),
        unit: Some(&view.unit),
        definition: None,
    };
    page::draw(&frame, &body)
}

/// Where an alert leads.
fn way(alert: &Alert, ask: &Ask) -> String {
    match &alert.about {
        About::Target(id) => ask.to(&format!("/chi-tieu/{id}"), &[]),
        About::Series(id) => ask.to(&format!("/chi-tieu/{id}"), &[]),
        About::Returns(year) => ask.to("/bao-cao-nam", &[("nam", &year.to_string())]),
        About::Organisation(id) => organisation::href(ask, &id.to_string()),
        About::Task(code) => task::href(ask, code),
    }
}

fn row(
    alert: &Alert,
    care: Option<&Care>,
    plan: &Pack,
    app: &App,
    ask: &Ask,
    voice: Voice,
) -> Markup {
    let name = |id: &String| {
        let agency = plan.agencies.iter().find(|agency| &agency.id == id);
        agency.map_or_else(|| id.clone(), |agency| agency.name.get(voice.0).to_owned())
    };
    let may_open = ask.visitor.actor_for(FilingKind::TaskOpen).is_some();
    let said = first_upper(alert.said.get(voice.0));
    let opens = match &alert.about {
        About::Target(id) => Some(vec![("vi", "gap".to_owned()), ("chi-tieu", id.to_string())]),
        About::Series(_) | About::Returns(_) | About::Organisation(_) => {
            Some(vec![("vi", "alert".to_owned()), ("ma", alert.key.clone())])
        }
        About::Task(_) => None,
    };
    html! {
        li class="stacked" id=(alert.key) {
            p { a class="strong" href=(way(alert, ask)) { (said) } }
            p class="soft" {
                (sentence(alert.reason.get(voice.0)))
                @if let Some(since) = alert.since { " " (voice.say_with("alert-since", &[("day", date::show(since, voice.0).into())])) }
            }
            @if let Some(owner) = care.and_then(|care| care.owner.as_ref()) {
                p { (voice.say_with("alert-owner", &[("agency", name(owner).into())]))
                    @if let Some(note) = care.map(|care| &care.note).filter(|note| !note.is_empty()) { ": " (note) } }
            }
            @if let Some(snooze) = care.and_then(|care| care.snooze.as_ref()) {
                p class="soft" { (voice.say_with("alert-snoozed", &[
                    ("day", date::show(snooze.until, voice.0).into()),
                    ("by", snooze.by.clone().into()),
                    ("reason", snooze.reason.clone().into()),
                ])) }
            }
            div class="acts" {
                @if let (true, Some(opens)) = (may_open, &opens) {
                    @let values: Vec<(&str, &str)> = opens.iter().map(|(name, value)| (*name, value.as_str())).chain([("viec", said.as_str())]).collect();
                    a href=(ask.to("/nhiem-vu/moi", &values)) { (voice.say("task-open")) }
                }
                @if ask.visitor.actor_for(FilingKind::AlertOwn).is_some() { (own_form(alert, plan, app, ask, voice)) }
                @if ask.visitor.actor_for(FilingKind::AlertSnooze).is_some() { (snooze_form(alert, app, ask, voice)) }
            }
        }
    }
}

fn own_form(alert: &Alert, plan: &Pack, app: &App, ask: &Ask, voice: Voice) -> Markup {
    let scope =
        ask.visitor.actor_for(FilingKind::AlertOwn).and_then(|one| one.scope.agency.as_ref());
    let today = app.today();
    let working = plan.agencies.iter().filter(|one| one.valid_to.is_none_or(|to| to >= today));
    let agencies: Vec<_> =
        working.filter(|one| scope.is_none_or(|scope| scope == &one.id)).collect();
    let (agency, note) = (format!("co-quan-{}", alert.key), format!("viec-{}", alert.key));
    html! {
        details class="more-form" {
            summary { (voice.say("alert-own")) }
            form class="sheet-form" method="post" action=(ask.to("/canh-bao/nhan", &[])) {
                (token_field(ask))
                input type="hidden" name="canh-bao" value=(alert.key);
                div class="field" {
                    label for=(agency) { (voice.say("task-agency")) }
                    select id=(agency) name="co-quan" required {
                        @for one in &agencies { option value=(one.id) { (one.name.get(voice.0)) } }
                    }
                }
                div class="field" {
                    label for=(note) { (voice.say("alert-will-do")) }
                    input type="text" id=(note) name="viec" maxlength="300" autocomplete="off";
                }
                button type="submit" { (voice.say("alert-own")) }
            }
        }
    }
}

fn snooze_form(alert: &Alert, app: &App, ask: &Ask, voice: Voice) -> Markup {
    let (until, reason) = (format!("den-{}", alert.key), format!("ly-do-{}", alert.key));
    let proposed = app.today().saturating_add(jiff::Span::new().days(30));
    html! {
        details class="more-form" {
            summary { (voice.say("alert-snooze")) }
            form class="sheet-form" method="post" action=(ask.to("/canh-bao/tam-an", &[])) {
                (token_field(ask))
                input type="hidden" name="canh-bao" value=(alert.key);
                div class="field" {
                    label for=(until) { (voice.say("alert-until")) }
                    input type="date" id=(until) name="den" value=(proposed) required;
                }
                div class="field" {
                    label for=(reason) { (voice.say("form-reason")) }
                    input type="text" id=(reason) name="ly-do" maxlength="300" required autocomplete="off";
                }
                button type="submit" { (voice.say("alert-snooze")) }
            }
        }
    }
}

async fn snooze(State(app): State<App>, ask: Ask, fields: Fields) -> PageResult {
    let voice = Voice(ask.language);
    let Some(until) = value::day(fields.get("den")) else {
        let view = app.view(&ask).await?;
        let text = fields.get("den").to_owned();
        let wrong = voice.say_with("form-not-a-day", &[("text", text.into())]);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, draw(&app, &view, &ask, Some(&wrong)))
            .into_response());
    };
    let reason = fields.get("ly-do").to_owned();
    file(&app, &ask, &fields, AlertAct::Snooze(AlertSnooze { until, reason })).await
}

async fn own(State(app): State<App>, ask: Ask, fields: Fields) -> PageResult {
    let (agency, note) = (fields.get("co-quan").to_owned(), fields.get("viec").to_owned());
    file(&app, &ask, &fields, AlertAct::Own(AlertOwn { agency, note })).await
}

/// Files what was said about an alert, and shows the list again.
async fn file(app: &App, ask: &Ask, fields: &Fields, act: AlertAct) -> PageResult {
    let entrance = entrance(app, ask)?;
    let kind = act.kind();
    let Some(actor) = ask.visitor.actor_for(kind) else {
        return Err(PageError::forbidden(app, ask.clone(), Need::File(kind)));
    };
    let at = (entrance.edge.now)();
    let draft = Draft {
        id: (entrance.edge.filing_id)(at),
        recorded_at: at,
        effective_on: app.today(),
        actor: String::new(),
        subject: Subject::alert(fields.get("canh-bao")),
        expected_version: None,
        origin: Origin::Live,
        key: None,
        body: Body::Alert(act),
    };
    match hoptac_office::accept(&entrance.store, actor, draft).await {
        Ok(accepted) => {
            let published = app.publish_up_to(accepted.filing.position).await;
            published.map_err(|error| broken(app, ask, &error))?;
            Ok(Redirect::to(&ask.to("/canh-bao", &[])).into_response())
        }
        Err(Refusal::Store(error)) => Err(broken(app, ask, &error)),
        Err(refusal) => {
            let view = app.view(ask).await?;
            let sentence = refusal.sentence();
            let wrong = draw(app, &view, ask, Some(sentence.get(ask.language)));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, wrong).into_response())
        }
    }
}
