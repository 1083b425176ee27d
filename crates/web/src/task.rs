//! Tasks in the browser: the list with its filters, a task with everything that was filed about it, the roadmap, the calendar,
//! and what is a visitor's own work.

mod form;

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use hoptac_model::account::Role;
use hoptac_model::date;
use hoptac_model::number;
use hoptac_model::pack::{Agency, Pack};
use hoptac_model::task::{self, Addressee, Proposal, Situation, State as TaskState, Task, rung_on};
use hoptac_model::text::{Language, first_upper, sentence};
use hoptac_office::authority::Reading;
use hoptac_report::calendar;
use hoptac_report::svg::roadmap::{self, Bar, Width};
use hoptac_report::svg::{sign, standing_class};
use jiff::civil::Date;
use maud::{Markup, html};

use crate::app::{App, Published, View, Watch};
use crate::error::{PageError, PageResult};
use crate::filing_words;
use crate::language::Voice;
use crate::page::{self, Frame, Here};
use crate::query::{Ask, Id};
use crate::routes::{Need, Routes};

/// How many days ahead a due day is near.
const NEAR: i32 = 30;
/// How many tasks the overview names.
const MINE_SHOWN: usize = 6;

/// The addresses of this file and of the forms.
pub(crate) fn routes(routes: Routes) -> Routes {
    let tasks = Need::Read(Reading::Tasks);
    let routes = routes
        .get("/nhiem-vu", tasks, list)
        .get("/nhiem-vu/lo-trinh", tasks, road)
        .get("/nhiem-vu.ics", tasks, as_calendar)
        .get("/nhiem-vu/{id}", tasks, page);
    form::routes(routes)
}

/// The address of a task.
pub(crate) fn href(ask: &Ask, code: &str) -> String {
    ask.to(&format!("/nhiem-vu/{code}"), &[])
}

/// A task with where it stands.
struct Stands<'t> {
    task: &'t Task,
    situation: Situation,
}

/// What is asked of the list.
struct Wanted<'a> {
    agency: Option<&'a str>,
    state: Option<TaskState>,
    /// `qua-han`, `30-ngay`, `chua-giao`.
    due: Option<&'a str>,
    /// Those that have ended, too.
    all: bool,
}

impl<'a> Wanted<'a> {
    fn of(ask: &'a Ask) -> Self {
        Self {
            agency: ask.value("co-quan"),
            state: ask.value("tinh-trang").and_then(TaskState::from_code),
            due: ask.value("han"),
            all: ask.value("ca") == Some("1"),
        }
    }

    fn fits(&self, one: &Stands<'_>, plan: &Pack, day: Date) -> bool {
        let situation = &one.situation;
        let near = |days: i32| (0..=NEAR).contains(&days);
        let due = match self.due {
            Some("qua-han") => situation.state == TaskState::Late,
            Some("30-ngay") => situation.days.is_some_and(near),
            Some("chua-giao") => situation.due.is_none(),
            Some(_) | None => true,
        };
        due && self
            .state
            .map_or(self.all || situation.state.is_open(), |state| state == situation.state)
            && self.agency.is_none_or(|agency| one.task.is_work_of(plan, agency, day))
    }
}

/// All tasks of a day by where they stand, the most urgent first.
fn standing<'t>(tasks: &'t BTreeMap<String, Task>, day: Date) -> Vec<Stands<'t>> {
    let mut all: Vec<Stands<'t>> =
        tasks.values().map(|task| Stands { task, situation: task.situation(day) }).collect();
    all.sort_by_key(|one| {
        let (state, due) = (one.situation.state, one.situation.due);
        (state, due.is_none(), due, one.task.code.clone())
    });
    all
}

/// `/nhiem-vu`
async fn list(State(app): State<App>, ask: Ask) -> PageResult {
    let view = app.view(&ask).await?;
    let voice = Voice(ask.language);
    let (plan, day) = (view.pack(), view.board.as_of());
    let tasks = task::fold(&view.published.tasks, day);
    let all = standing(&tasks, day);
    let wanted = Wanted::of(&ask);
    let shown: Vec<&Stands<'_>> = all.iter().filter(|one| wanted.fits(one, plan, day)).collect();
    let watch = app.watch();
    let heading = heading(&all, voice);
    let may_open = form::OPEN.actor(&ask, None, plan, day).is_some();
    let calendar = ask.value("co-quan").map_or_else(
        || ask.to("/nhiem-vu.ics", &[]),
        |agency| ask.to("/nhiem-vu.ics", &[("co-quan", agency)]),
    );
    let body = html! {
        h1 { (heading) }
        p class="under" { (page::line_under_heading(&view.published, voice, &view.unit, &view.board)) }
        div class="acts" {
            @if may_open { a class="button" href=(ask.to("/nhiem-vu/moi", &[])) { (voice.say("task-open")) } }
            a class="button plain-button" href=(ask.to("/nhiem-vu/lo-trinh", &[])) { (voice.say("roadmap-heading")) }
            a class="button plain-button" href=(calendar) { (voice.say("task-calendar")) }
            a class="button plain-button" href=(ask.to("/canh-bao", &[])) { (voice.say("alerts-heading")) }
        }
        (filters(&wanted, plan, day, &ask, voice))
        @if shown.is_empty() {
            p class="quiet" { (voice.say(if all.is_empty() { "task-none" } else { "task-none-fits" })) }
        } @else {
            (rows(&shown, plan, watch.as_deref(), day, &ask, voice))
        }
    };
    Ok(draw(&view, &ask, heading, &body))
}

/// What matters, from the states.
fn heading(all: &[Stands<'_>], voice: Voice) -> String {
    let open = all.iter().filter(|one| one.situation.state.is_open()).count();
    let late = all.iter().filter(|one| one.situation.state == TaskState::Late).count();
    let values = [("open", open.to_string().into()), ("late", late.into())];
    match (open, late) {
        (0, _) => voice.say("task-heading-none"),
        (_, 0) => voice.say_with("task-heading-in-time", &values),
        _ => voice.say_with("task-heading-late", &values),
    }
}

fn filters(wanted: &Wanted<'_>, plan: &Pack, day: Date, ask: &Ask, voice: Voice) -> Markup {
    let working: Vec<&Agency> =
        plan.agencies.iter().filter(|one| one.valid_to.is_none_or(|to| to >= day)).collect();
    let dues = [
        ("qua-han", "task-due-late"),
        ("30-ngay", "task-due-near"),
        ("chua-giao", "task-due-none"),
    ];
    html! {
        form class="filter-bar" method="get" action="/nhiem-vu" {
            @for (name, value) in ask.carried("co-quan") {
                @if !["tinh-trang", "han", "ca"].contains(&name.as_str()) { input type="hidden" name=(name) value=(value); }
            }
            div class="field" {
                label for="co-quan" { (voice.say("task-agency")) }
                select id="co-quan" name="co-quan" {
                    option value="" { (voice.say("task-any")) }
                    @for agency in &working {
                        option value=(agency.id) selected[wanted.agency == Some(agency.id.as_str())] { (agency.name.get(voice.0)) }
                    }
                }
            }
            div class="field" {
                label for="tinh-trang" { (voice.say("task-state")) }
                select id="tinh-trang" name="tinh-trang" {
                    option value="" { (voice.say("task-any-open")) }
                    @for state in TaskState::ALL {
                        option value=(state.code()) selected[wanted.state == Some(state)] { (first_upper(state.words().get(voice.0))) }
                    }
                }
            }
            div class="field" {
                label for="han" { (voice.say("task-due")) }
                select id="han" name="han" {
                    option value="" { (voice.say("task-any")) }
                    @for (code, key) in dues {
                        option value=(code) selected[wanted.due == Some(code)] { (voice.say(key)) }
                    }
                }
            }
            label class="tick" {
                input type="checkbox" name="ca" value="1" checked[wanted.all];
                " " (voice.say("task-ended-too"))
            }
            button type="submit" { (voice.say("task-show")) }
        }
    }
}

/// A state as sign and word.
fn state(state: TaskState, language: Language) -> Markup {
    let standing = roadmap::standing_of(state);
    html! {
        span class={ "standing " (standing_class(Some(standing))) } {
            (sign::draw(standing)) " " (state.words().get(language))
        }
    }
}

fn rows(
    shown: &[&Stands<'_>],
    plan: &Pack,
    watch: Option<&Watch>,
    day: Date,
    ask: &Ask,
    voice: Voice,
) -> Markup {
    html! {
        ul class="ruled tasks" {
            @for one in shown { (row(one, plan, watch, day, ask, voice)) }
        }
    }
}

fn row(
    one: &Stands<'_>,
    plan: &Pack,
    watch: Option<&Watch>,
    day: Date,
    ask: &Ask,
    voice: Voice,
) -> Markup {
    let (task, situation) = (one.task, &one.situation);
    let shown_done =
        watch.is_some_and(|watch| watch.proposals.iter().any(|of| of.task == task.code));
    html! {
        li class="stacked" {
            p {
                a class="strong" href=(href(ask, &task.code)) { (task.title(voice.0)) } " "
                span class="id" { (task.code) }
            }
            p class="soft" {
                (state(situation.state, voice.0)) " · " (situation.reason.get(voice.0)) " · " (lead(task, plan, day, voice))
                @if let Some(percent) = task.percent() { " · " (percent) "%" }
            }
            @if let Some(rung) = rung_on(&plan.ladder, situation, day) {
                p class="soft" { "↑ " (rung.title.get(voice.0)) }
            }
            @if shown_done { p { (voice.say("task-shown-done")) } }
        }
    }
}

fn lead(task: &Task, plan: &Pack, day: Date, voice: Voice) -> String {
    match task.lead_on(plan, day) {
        Some(agency) => agency.name.get(voice.0).to_owned(),
        None => voice.say("task-no-lead"),
    }
}

/// What is the visitor's own work: what their agencies lead or work with and is late or due soon, or what has risen to them.
pub(crate) fn mine(app: &App, view: &View, ask: &Ask, voice: Voice) -> Markup {
    let (plan, day) = (view.pack(), view.board.as_of());
    let actors = ask.visitor.actors();
    let agencies: BTreeSet<&str> =
        actors.iter().filter_map(|actor| actor.scope.agency.as_deref()).collect();
    let has = |role| actors.iter().any(|actor| actor.role == role && actor.scope.agency.is_none());
    let (owner, leader) = (has(Role::PlanOwner), has(Role::Leader));
    if agencies.is_empty() && !owner && !leader {
        return html! {};
    }
    let tasks = task::fold(&view.published.tasks, day);
    let watch = app.watch();
    let is_mine = |one: &&Stands<'_>| {
        let situation = &one.situation;
        let risen =
            |to| rung_on(&plan.ladder, situation, day).is_some_and(|rung| rung.to.contains(&to));
        let near = situation.days.is_some_and(|days| days <= NEAR) && situation.state.is_open();
        let of_agency = agencies.iter().any(|agency| one.task.is_work_of(plan, agency, day));
        (of_agency && near)
            || (owner && risen(Addressee::Owner))
            || (leader && risen(Addressee::Leader))
    };
    let all = standing(&tasks, day);
    let own: Vec<&Stands<'_>> = all.iter().filter(is_mine).collect();
    let shown: Vec<&Stands<'_>> = own.iter().take(MINE_SHOWN).copied().collect();
    let more = match agencies.first() {
        Some(agency) => ask.to("/nhiem-vu", &[("co-quan", agency)]),
        None => ask.to("/nhiem-vu", &[]),
    };
    html! {
        section id="viec-cua-toi" {
            h2 { (voice.say("task-mine")) }
            @if shown.is_empty() {
                p class="quiet" { (voice.say("task-mine-none")) }
            } @else {
                (rows(&shown, plan, watch.as_deref(), day, ask, voice))
            }
            p class="more" { a href=(more) { (voice.say_with("task-mine-all", &[("count", own.len().to_string().into())])) } }
        }
    }
}

/// The task of a code, or a page that says that there is none.
pub(crate) fn must_find<'t>(
    app: &App,
    ask: &Ask,
    tasks: &'t BTreeMap<String, Task>,
    code: &str,
) -> Result<&'t Task, PageError> {
    let voice = Voice(ask.language);
    tasks.get(code).ok_or_else(|| {
        PageError::refused(
            app,
            ask,
            axum::http::StatusCode::NOT_FOUND,
            voice.say_with("task-unknown", &[("code", code.to_owned().into())]),
            voice.say("task-unknown-help"),
            (ask.to("/nhiem-vu", &[]), voice.say("nav-tasks")),
        )
    })
}

/// `/nhiem-vu/{id}`
async fn page(State(app): State<App>, Id(code): Id, ask: Ask) -> PageResult {
    let view = app.view(&ask).await?;
    let voice = Voice(ask.language);
    let (plan, day) = (view.pack(), view.board.as_of());
    let tasks = task::fold(&view.published.tasks, day);
    let task = must_find(&app, &ask, &tasks, &code)?;
    let situation = task.situation(day);
    let watch = app.watch();
    let proposal = watch.iter().flat_map(|watch| &watch.proposals).find(|one| one.task == code);
    let heading = task.title(voice.0).to_owned();
    let body = html! {
        p class="over" { a href=(ask.to("/nhiem-vu", &[])) { (voice.say("nav-tasks")) } " · " (task.code) }
        h1 { (heading) }
        p { (state(situation.state, voice.0)) " · " (situation.reason.get(voice.0)) }
        @if let Some(proposal) = proposal { (shown_done(proposal, task, plan, &ask, day, voice)) }
        (facts(task, &situation, &view.published, plan, day, &ask, voice))
        (form::list(&ask, task, plan, day))
        (history(task, &view.published, day, voice))
    };
    Ok(draw(&view, &ask, heading, &body))
}

/// That the figures show it done, with the way to confirm it.
fn shown_done(
    proposal: &Proposal,
    task: &Task,
    plan: &Pack,
    ask: &Ask,
    day: Date,
    voice: Voice,
) -> Markup {
    let may = form::CLOSE.actor(ask, Some(task), plan, day).is_some();
    html! {
        div class="caution" {
            p { strong { (voice.say("task-shown-done")) } " " (sentence(proposal.reason.get(voice.0))) }
            @if may {
                p { a href=(ask.to(&format!("/nhiem-vu/{}/hoan-thanh", task.code), &[("theo-so-lieu", "1")])) { (voice.say("task-confirm")) } }
            }
        }
    }
}

fn facts(
    task: &Task,
    situation: &Situation,
    published: &Published,
    plan: &Pack,
    day: Date,
    ask: &Ask,
    voice: Voice,
) -> Markup {
    let language = voice.0;
    let name = |id: &String| {
        plan.agency_on(id, day).map_or_else(|| id.clone(), |one| one.name.get(language).to_owned())
    };
    let with: Vec<String> = task.with.iter().map(name).collect();
    let group =
        task.group.as_ref().and_then(|id| plan.task_groups.iter().find(|one| &one.id == id));
    html! {
        dl class="edition-facts" {
            dt { (voice.say("task-lead")) } dd { (lead(task, plan, day, voice)) }
            @if !with.is_empty() { dt { (voice.say("task-with")) } dd { (with.join("; ")) } }
            @if let Some(account) = &task.account { dt { (voice.say("task-account")) } dd { (account) } }
            @if let Some(unit) = &task.unit {
                dt { (voice.say("task-unit")) }
                dd { @match published.places.get(unit) { Some(unit) => (unit.name), None => (unit) } }
            }
            dt { (voice.say("task-due")) }
            dd {
                @match situation.due { Some(due) => (date::show(due, language)), None => (voice.say("task-due-none")) }
                @if let Some(recurrence) = task.recurrence { ", " (recurrence.words().get(language)) }
            }
            @if let Some(rung) = rung_on(&plan.ladder, situation, day) {
                dt { (voice.say("task-rung")) }
                dd { (rung.title.get(language)) br; span class="soft" { (rung.source.get(language)) } }
            }
            dt { (voice.say("task-why")) }
            dd { @match &task.ground { Some(ground) => (first_upper(ground.words().get(language))), None => (voice.say("task-of-plan")) } }
            @if let Some(group) = group { dt { (voice.say("task-group")) } dd { (group.title.get(language)) } }
            @if !task.effects.is_empty() {
                dt { (voice.say("task-effects")) }
                dd {
                    ul class="plain" {
                        @for effect in &task.effects {
                            @let indicator = plan.indicator(&effect.indicator);
                            li {
                                a href=(ask.to(&format!("/chi-tieu/{}", effect.indicator), &[])) {
                                    (indicator.map_or_else(|| effect.indicator.to_string(), |one| one.name.get(language).to_owned()))
                                }
                                @if let Some(value) = effect.value {
                                    ": " (number::show(value, indicator.map_or(0, |one| one.decimals), language))
                                    @if let Some(year) = effect.year { " (" (year) ")" }
                                }
                            }
                        }
                    }
                }
            }
            @if let Some(percent) = task.percent() { dt { (voice.say("task-percent")) } dd { (percent) "%" } }
            @if !task.evidence.is_empty() {
                dt { (voice.say("task-evidence")) }
                dd {
                    ul class="plain" {
                        @for (on, evidence) in &task.evidence { li { (evidence.what) ": " (evidence.source) " · " (date::show(*on, language)) } }
                    }
                }
            }
            @if !task.done.is_empty() {
                dt { (voice.say("task-done-before")) }
                dd { (task.done.keys().map(|day| date::show(*day, language)).collect::<Vec<_>>().join("; ")) }
            }
            @if let Some(into) = task.end.as_ref().and_then(|end| end.into.as_ref()) {
                dt { (voice.say("task-into")) } dd { a href=(href(ask, into)) { (into) } }
            }
            @if !task.note.is_empty() { dt { (voice.say("task-note")) } dd { (task.note.get(language)) } }
        }
    }
}

/// What was filed about it, newest first.
fn history(task: &Task, published: &Published, day: Date, voice: Voice) -> Markup {
    let mut filed: Vec<&task::TaskFiling> = published
        .tasks
        .iter()
        .filter(|filing| filing.task == task.code && filing.on <= day)
        .collect();
    filed.sort_by_key(|filing| std::cmp::Reverse((filing.on, filing.position)));
    html! {
        section {
            h2 { (voice.say("task-history")) }
            ol class="timeline" {
                @for filing in filed {
                    li {
                        p { strong { (step(filing, voice)) } " · " (date::show(filing.on, voice.0)) }
                        @if let Some(said) = said(filing) { p { (said) } }
                        p class="soft" { (filing.actor) " · " (page::ledger_words(voice, filing.position)) }
                    }
                }
            }
        }
    }
}

fn step(filing: &task::TaskFiling, voice: Voice) -> String {
    match &filing.step {
        task::Step::Planned(_) => voice.say("task-step-planned"),
        task::Step::Dropped => voice.say("task-step-dropped"),
        task::Step::Act(act) => filing_words::title(act.kind().code(), voice),
    }
}

/// What somebody wrote in a filing.
fn said(filing: &task::TaskFiling) -> Option<&str> {
    use hoptac_model::filing::task::TaskAct;
    let text = match &filing.step {
        task::Step::Planned(_) | task::Step::Dropped => return None,
        task::Step::Act(act) => match act {
            TaskAct::Open(body) => &body.note,
            TaskAct::Assign(body) => &body.reason,
            TaskAct::Progress(body) => &body.said,
            TaskAct::Postpone(body) => &body.reason,
            TaskAct::Close(body) => &body.result,
            TaskAct::Cancel(body) => &body.reason,
            TaskAct::Merge(body) => &body.reason,
            TaskAct::Reopen(body) => &body.reason,
        },
    };
    Some(text.as_str()).filter(|text| !text.is_empty())
}

/// `/nhiem-vu/lo-trinh`
async fn road(State(app): State<App>, ask: Ask) -> PageResult {
    let view = app.view(&ask).await?;
    let voice = Voice(ask.language);
    let (plan, day) = (view.pack(), view.board.as_of());
    let tasks = task::fold(&view.published.tasks, day);
    let wanted = Wanted { all: true, ..Wanted::of(&ask) };
    let mut shown: Vec<Stands<'_>> =
        standing(&tasks, day).into_iter().filter(|one| wanted.fits(one, plan, day)).collect();
    shown.sort_by_key(|one| (one.task.group.clone(), one.task.code.clone()));
    let bars: Vec<Bar> = shown
        .iter()
        .map(|one| Bar {
            href: Some(href(&ask, &one.task.code)),
            ..Bar::of(one.task, day, voice.0)
        })
        .collect();
    let heading = voice.say("roadmap-heading");
    let shown_day = date::show(day, voice.0);
    let title = voice.say_with("roadmap-title", &[("day", shown_day.clone().into())]);
    let today = voice.say_with("roadmap-today", &[("day", shown_day.into())]);
    let body = html! {
        p class="over" { a href=(ask.to("/nhiem-vu", &[])) { (voice.say("nav-tasks")) } }
        h1 { (heading) }
        p class="under" { (voice.say("roadmap-under")) }
        @if bars.is_empty() {
            p class="quiet" { (voice.say("task-none")) }
        } @else {
            figure {
                (roadmap::draw(&bars, day, &title, &today, Width::Wide))
                (roadmap::draw(&bars, day, &title, &today, Width::Narrow))
            }
        }
    };
    Ok(draw(&view, &ask, heading, &body))
}

/// `/nhiem-vu.ics`
async fn as_calendar(State(app): State<App>, ask: Ask) -> PageResult {
    let view = app.view(&ask).await?;
    let voice = Voice(ask.language);
    let (plan, day) = (view.pack(), view.board.as_of());
    let tasks = task::fold(&view.published.tasks, day);
    let wanted = Wanted::of(&ask);
    let entries: Vec<calendar::Entry> = standing(&tasks, day)
        .iter()
        .filter(|one| wanted.fits(one, plan, day))
        .flat_map(|one| calendar::of_task(one.task, plan, day, voice.0))
        .collect();
    let file = calendar::write(&voice.say("nav-tasks"), &entries, (app.edge().now)());
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"nhiem-vu.ics\""),
    ];
    Ok((headers, file).into_response())
}

/// A page about tasks.
fn draw(view: &View, ask: &Ask, title: String, body: &Markup) -> Response {
    let frame = Frame {
        ask,
        published: &view.published,
        today: view.today,
        title,
        here: Here::Tasks,
        board: Some(&view.board),
        unit: Some(&view.unit),
        definition: None,
    };
    page::draw(&frame, body)
}
