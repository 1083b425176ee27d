//! The forms of what is filed about a task: which fields each has, who gets to see it, checked and filed by the office.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use hoptac_model::filing::document;
use hoptac_model::filing::{Draft, FilingKind, Origin, Subject};
use hoptac_model::finding::Finding;
use hoptac_model::pack::Pack;
use hoptac_model::task::{self, Proposal, Task};
use hoptac_office::authority::{self, Actor};
use hoptac_office::{Refusal, Role};
use jiff::civil::Date;
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::app::{App, View};
use crate::entrance::{broken, entrance};
use crate::error::{PageError, PageResult};
use crate::filing_form::definition::{Choices, Field, Input, may, must};
use crate::filing_form::draw::{self, Said};
use crate::filing_form::source::Source;
use crate::filing_form::value::{self, Entered};
use crate::filing_words;
use crate::form::Fields;
use crate::language::Voice;
use crate::page::token_field;
use crate::query::{Ask, Id};
use crate::routes::{Need, Routes};

/// The field of the version that the form was opened on.
const VERSION: &str = "phien_ban";
/// The field of the key that makes sending twice harmless.
const KEY: &str = "khoa";
/// The field by which the figures are confirmed.
const BY_FIGURES: &str = "theo_so_lieu";
/// The field of the warnings that stood there when it was sent.
const SEEN: &str = "da_xem";

/// A form about a task.
pub(super) struct Form {
    pub(super) kind: FilingKind,
    path: &'static str,
    help: &'static str,
    fields: &'static [Field],
}

const BECAUSE: Choices = Choices::Of(&[
    ("gap", "task-because-gap"),
    ("returns", "task-because-returns"),
    ("finding", "task-because-finding"),
    ("alert", "task-because-alert"),
]);
const LEAD: Input = Input::One(Choices::Agencies);
const OCCURRENCE: Field =
    may("occurrence", "task-occurrence", "task-occurrence-help", Input::One(Choices::Occurrences));
const EVIDENCE_WHAT: Field =
    may("evidence.what", "task-evidence-what", "task-evidence-what-help", Input::Line);
const EVIDENCE_SOURCE: Field =
    may("evidence.source", "task-evidence-source", "task-evidence-source-help", Input::Line);
const REASON: Field = must("reason", "form-reason", "", Input::Sentences);
const DUE: Field = may("due", "task-due", "task-due-help", Input::Day);
const RECURRENCE: Field =
    may("recurrence", "task-recurrence", "", Input::One(Choices::Recurrences));
const EFFECT: [Field; 2] = [
    may("effect.indicator", "task-effect-indicator", "", Input::One(Choices::Indicators)),
    may("effect.value", "task-effect-value", "task-effect-value-help", Input::Whole),
];

/// The form by which a task is opened. It stands apart, since there is no task yet.
pub(super) static OPEN: Form = Form {
    kind: FilingKind::TaskOpen,
    path: "/nhiem-vu/moi",
    help: "task-open-help",
    fields: &[
        must("title", "task-title", "", Input::Line),
        must("ground.because", "task-why", "", Input::One(BECAUSE)),
        may("ground.target", "task-ground-target", "", Input::One(Choices::Targets)),
        may("ground.year", "task-ground-year", "", Input::Whole),
        may("ground.unit", "task-ground-unit", "task-ground-unit-help", Input::Commune),
        may("ground.code", "task-ground-code", "task-ground-code-help", Input::Line),
        may("ground.about", "task-ground-about", "", Input::Line),
        must("lead", "task-lead", "", LEAD),
        may("with", "task-with", "", Input::Any(Choices::Agencies)),
        may("group", "task-group", "", Input::One(Choices::TaskGroups)),
        may("unit", "task-unit", "task-unit-help", Input::Commune),
        DUE,
        RECURRENCE,
        EFFECT[0],
        EFFECT[1],
        may("note", "task-note", "", Input::Sentences),
    ],
};

/// The form by which a task is closed.
pub(super) static CLOSE: Form = Form {
    kind: FilingKind::TaskClose,
    path: "/nhiem-vu/{id}/hoan-thanh",
    help: "task-close-help",
    fields: &[
        OCCURRENCE,
        must("result", "task-result", "", Input::Sentences),
        EVIDENCE_WHAT,
        EVIDENCE_SOURCE,
    ],
};

static PROGRESS: Form = Form {
    kind: FilingKind::TaskProgress,
    path: "/nhiem-vu/{id}/tien-do",
    help: "task-progress-help",
    fields: &[
        must("said", "task-said", "", Input::Sentences),
        may("percent", "task-percent", "task-percent-help", Input::Whole),
        EVIDENCE_WHAT,
        EVIDENCE_SOURCE,
    ],
};

static ASSIGN: Form = Form {
    kind: FilingKind::TaskAssign,
    path: "/nhiem-vu/{id}/giao",
    help: "task-assign-help",
    fields: &[
        may("lead", "task-lead", "", LEAD),
        may("with", "task-with", "task-with-help", Input::Any(Choices::Agencies)),
        may("account", "task-account", "task-account-help", Input::Line),
        may("unit", "task-unit", "task-unit-help", Input::Commune),
        DUE,
        RECURRENCE,
        EFFECT[0],
        EFFECT[1],
        may("reason", "form-reason", "", Input::Sentences),
    ],
};

static POSTPONE: Form = Form {
    kind: FilingKind::TaskPostpone,
    path: "/nhiem-vu/{id}/gia-han",
    help: "task-postpone-help",
    fields: &[OCCURRENCE, must("to", "task-to", "", Input::Day), REASON],
};

static MERGE: Form = Form {
    kind: FilingKind::TaskMerge,
    path: "/nhiem-vu/{id}/gop",
    help: "task-merge-help",
    fields: &[must("into", "task-into", "", Input::One(Choices::Tasks)), REASON],
};

static CANCEL: Form = Form {
    kind: FilingKind::TaskCancel,
    path: "/nhiem-vu/{id}/huy",
    help: "task-cancel-help",
    fields: &[REASON],
};

static REOPEN: Form = Form {
    kind: FilingKind::TaskReopen,
    path: "/nhiem-vu/{id}/mo-lai",
    help: "task-reopen-help",
    fields: &[OCCURRENCE, REASON],
};

/// The forms about a task that is there, in the order of the page.
static FORMS: [&Form; 7] = [&PROGRESS, &CLOSE, &ASSIGN, &POSTPONE, &MERGE, &CANCEL, &REOPEN];

/// The addresses of the forms.
pub(super) fn routes(routes: Routes) -> Routes {
    let need = Need::File(OPEN.kind);
    let mut routes = routes
        .get(OPEN.path, need, |State(app): State<App>, ask: Ask| async move {
            show(&OPEN, &app, &ask, None).await
        })
        .post(OPEN.path, need, |State(app): State<App>, ask: Ask, fields: Fields| async move {
            send(&OPEN, &app, &ask, None, &fields).await
        });
    for form in FORMS {
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

/// The ways to the forms that a visitor may use about a task.
pub(super) fn list(ask: &Ask, task: &Task, plan: &Pack, day: Date) -> Markup {
    let voice = Voice(ask.language);
    let fits = |form: &&&Form| {
        let reopens = form.kind == FilingKind::TaskReopen;
        let may_reopen = task.end.is_some() || !task.done.is_empty();
        let can = if reopens { may_reopen } else { task.end.is_none() };
        can && form.actor(ask, Some(task), plan, day).is_some()
    };
    let forms: Vec<&&Form> = FORMS.iter().filter(fits).collect();
    html! {
        @if !forms.is_empty() {
            div class="acts" {
                @for (number, form) in forms.iter().enumerate() {
                    a class=(if number == 0 { "button" } else { "button plain-button" })
                        href=(ask.to(&form.path.replace("{id}", &task.code), &[])) { (filing_words::title(form.kind.code(), voice)) }
                }
            }
        }
    }
}

impl Form {
    /// The one of the visitor's roles that may file it about a task: where a role is bounded by its agency, the agency leads
    /// the task, or works with it where that is enough.
    pub(super) fn actor<'a>(
        &self,
        ask: &'a Ask,
        task: Option<&Task>,
        plan: &Pack,
        day: Date,
    ) -> Option<&'a Actor> {
        let reaches = |actor: &&Actor| match (actor.role, &actor.scope.agency, task) {
            (Role::Registrar, _, task) => task.is_some_and(|task| task.unit.is_some()),
            (_, Some(agency), Some(task)) if self.kind == FilingKind::TaskProgress => {
                task.is_work_of(plan, agency, day)
            }
            (_, Some(agency), Some(task)) => {
                task.lead_on(plan, day).is_some_and(|lead| &lead.id == agency)
            }
            (_, _, _) => true,
        };
        let may = |actor: &&Actor| authority::may(actor.role, self.kind);
        ask.visitor.actors().iter().filter(may).find(reaches)
    }

    /// The body that was typed. What stands in lists is typed as one entry.
    fn body(
        &self,
        entered: &Entered,
        source: &Source<'_>,
        voice: Voice,
    ) -> (Value, Vec<value::Unread>) {
        let (mut body, unread) = value::body(self.fields, "", entered, source, source.today, voice);
        if let Some(fields) = body.as_object_mut() {
            for (one, list) in [("effect", "effects"), ("evidence", "evidence")] {
                if let Some(entry) = fields.remove(one) {
                    fields.insert(list.to_owned(), json!([entry]));
                }
            }
        }
        (body, unread)
    }
}

/// A form on a desk.
struct Desk<'a> {
    form: &'static Form,
    app: &'a App,
    ask: &'a Ask,
    view: &'a View,
    task: Option<&'a Task>,
    source: Source<'a>,
}

async fn show(form: &'static Form, app: &App, ask: &Ask, id: Option<&str>) -> PageResult {
    let view = app.view(ask).await?;
    let tasks = task::fold(&view.published.tasks, app.today());
    let task = id.map(|id| super::must_find(app, ask, &tasks, id)).transpose()?;
    let desk = Desk::set(form, app, ask, &view, task, &tasks);
    let mut entered = Entered::default()
        .or(VERSION, task.map_or(0, |task| task.version).to_string())
        .or(KEY, app.unguessable());
    // A page that sees a reason names it in the address.
    for (field, asked) in [
        ("ground.because", "vi"),
        ("ground.target", "chi-tieu"),
        ("ground.year", "nam"),
        ("ground.code", "ma"),
        ("title", "viec"),
    ] {
        if let Some(value) = ask.value(asked).filter(|_| task.is_none()) {
            entered = entered.or(field, value.to_owned());
        }
    }
    if ask.value("theo-so-lieu").is_some()
        && let Some(proposal) = desk.proposal()
    {
        entered = entered
            .or(BY_FIGURES, "co".to_owned())
            .or("result", proposal.reason.get(ask.language).to_owned());
        if let Some(occurrence) = proposal.occurrence {
            entered = entered.or("occurrence", occurrence.to_string());
        }
    }
    Ok(desk.draw(&entered, &[], StatusCode::OK))
}

async fn send(
    form: &'static Form,
    app: &App,
    ask: &Ask,
    id: Option<&str>,
    fields: &Fields,
) -> PageResult {
    let entrance = entrance(app, ask)?;
    let view = app.view(ask).await?;
    let tasks = task::fold(&view.published.tasks, app.today());
    let task = id.map(|id| super::must_find(app, ask, &tasks, id)).transpose()?;
    let desk = Desk::set(form, app, ask, &view, task, &tasks);
    let entered = Entered::of(fields);
    let (mut body, unread) = form.body(&entered, &desk.source, Voice(ask.language));
    if entered.one(BY_FIGURES) == "co"
        && let (Some(proposal), Some(fields)) = (desk.proposal(), body.as_object_mut())
    {
        fields.insert("basis".to_owned(), json!(proposal.basis));
    }
    let mut said: Vec<Said> = unread.into_iter().map(Said::unread).collect();
    if !said.is_empty() {
        return Ok(desk.draw(&entered, &said, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let (body, found) = document::read_body(form.kind, &body.to_string());
    let take = |said: &mut Vec<Said>, found: &[Finding]| {
        let renamed = found.iter().map(|finding| {
            let field =
                finding.field.replace("effects.0", "effect").replace("evidence.0", "evidence");
            Said::found(&Finding { field, ..finding.clone() }, ask.language)
        });
        said.extend(renamed);
    };
    take(&mut said, &found);
    let Some(body) = body else {
        return Ok(desk.draw(&entered, &said, StatusCode::UNPROCESSABLE_ENTITY));
    };
    let Some(actor) = form.actor(ask, task, view.pack(), app.today()) else {
        return Err(PageError::forbidden(app, ask.clone(), Need::File(form.kind)));
    };
    let code = task.map_or_else(
        || task::next_code(tasks.keys().map(String::as_str), app.today().year()),
        |task| task.code.clone(),
    );
    let at = (entrance.edge.now)();
    let key = Some(entered.one(KEY)).filter(|key| !key.is_empty());
    let draft = Draft {
        id: (entrance.edge.filing_id)(at),
        recorded_at: at,
        effective_on: app.today(),
        actor: String::new(),
        subject: Subject::task(&code),
        expected_version: entered.one(VERSION).parse().ok().filter(|_| task.is_some()),
        origin: Origin::Live,
        key: key.map(|key| format!("web/{key}")),
        body,
    };
    let checked = hoptac_office::check(&entrance.store, actor, draft.clone()).await;
    take(&mut said, &checked.map_err(|error| broken(app, ask, &error))?);
    // Warnings are to be seen before something is filed in spite of them.
    let unseen = said.iter().any(Said::is_warning) && entered.one(SEEN) != names(&said);
    if said.iter().any(Said::is_error) || unseen {
        return Ok(desk.draw(&entered, &said, StatusCode::UNPROCESSABLE_ENTITY));
    }
    match hoptac_office::accept(&entrance.store, actor, draft).await {
        Ok(accepted) => {
            let published = app.publish_up_to(accepted.filing.position).await;
            published.map_err(|error| broken(app, ask, &error))?;
            Ok(Redirect::to(&super::href(ask, &code)).into_response())
        }
        Err(Refusal::Store(error)) => Err(broken(app, ask, &error)),
        Err(refusal) => {
            let sentence = refusal.sentence();
            said.push(Said::whole(sentence.get(ask.language).to_owned()));
            Ok(desk.draw(&entered, &said, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// The warnings, by what they are known again by.
fn names(said: &[Said]) -> String {
    let names: Vec<String> = said.iter().filter(|one| one.is_warning()).map(Said::name).collect();
    names.join(" ")
}

impl<'a> Desk<'a> {
    fn set(
        form: &'static Form,
        app: &'a App,
        ask: &'a Ask,
        view: &'a View,
        task: Option<&'a Task>,
        tasks: &'a std::collections::BTreeMap<String, Task>,
    ) -> Self {
        let today = app.today();
        let language = ask.language;
        let others = tasks
            .values()
            .filter(|one| one.end.is_none() && task.is_none_or(|task| task.code != one.code));
        let tasks =
            others.map(|one| (one.code.clone(), format!("{} · {}", one.code, one.title(language))));
        let days: Vec<Date> = match task {
            Some(task) if task.recurrence.is_some() && form.kind == FilingKind::TaskReopen => {
                task.done.keys().copied().collect()
            }
            Some(task) if task.recurrence.is_some() => task.open_occurrences(today),
            Some(_) | None => Vec::new(),
        };
        let shown = |day: &Date| (day.to_string(), hoptac_model::date::show(*day, language));
        let source = Source {
            ask,
            published: &view.published,
            today,
            own: None,
            filings: Vec::new(),
            programmes: Vec::new(),
            members: Vec::new(),
            tasks: tasks.collect(),
            occurrences: days.iter().map(shown).collect(),
        };
        Self { form, app, ask, view, task, source }
    }

    /// What the figures show of the task.
    fn proposal(&self) -> Option<Proposal> {
        let code = &self.task?.code;
        let watch = self.app.watch()?;
        watch.proposals.iter().find(|one| &one.task == code).cloned()
    }

    fn draw(&self, entered: &Entered, said: &[Said], status: StatusCode) -> Response {
        let voice = Voice(self.ask.language);
        let heading = filing_words::title(self.form.kind.code(), voice);
        let mut names: Vec<String> =
            self.form.fields.iter().map(|field| field.name.to_owned()).collect();
        names.push("evidence".to_owned());
        let elsewhere = draw::elsewhere(said, &names);
        let path = match self.task {
            Some(task) => self.form.path.replace("{id}", &task.code),
            None => self.form.path.to_owned(),
        };
        // A task that does not return has no occurrence to choose.
        let returns = self.task.is_some_and(|task| task.recurrence.is_some());
        let fields = self.form.fields.iter().filter(|field| returns || field.name != "occurrence");
        let by_figures = self.proposal().filter(|_| entered.one(BY_FIGURES) == "co");
        let warned = said.iter().any(Said::is_warning) && !said.iter().any(Said::is_error);
        let body = html! {
            p class="over" {
                a href=(self.ask.to("/nhiem-vu", &[])) { (voice.say("nav-tasks")) }
                @if let Some(task) = self.task { " · " a href=(super::href(self.ask, &task.code)) { (task.code) } }
            }
            h1 { (heading) }
            @if let Some(task) = self.task { p class="under" { (task.title(voice.0)) } }
            p class="help" { (voice.say(self.form.help)) }
            form class="filing-form" method="post" action=(self.ask.to(&path, &[])) {
                (token_field(self.ask))
                @for name in [VERSION, KEY] { input type="hidden" name=(name) value=(entered.one(name)); }
                @if warned { input type="hidden" name=(SEEN) value=(self::names(said)); }
                @if !elsewhere.is_empty() { div role="alert" { (draw::sentences(&elsewhere, self.ask)) } }
                @if let Some(proposal) = &by_figures {
                    input type="hidden" name=(BY_FIGURES) value="co";
                    p class="caution" { (voice.say("task-by-figures")) " " (proposal.reason.get(voice.0)) "." }
                }
                @for field in fields { (draw::field(*field, "", entered, said, &self.source, None)) }
                (draw::lists(self.form.fields, &self.source))
                div class="acts" {
                    button type="submit" { (voice.say(if warned { "task-file-anyway" } else { "task-file" })) }
                }
            }
        };
        (status, super::draw(self.view, self.ask, heading, &body)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use hoptac_model::filing::schema;

    use super::*;

    #[test]
    fn every_field_is_one_of_its_kind() {
        for form in FORMS.into_iter().chain([&OPEN]) {
            let schema = schema::of(form.kind);
            for field in form.fields {
                // What stands in lists is typed as one entry.
                let name = match field.name.split_once('.') {
                    Some(("effect", _)) => "effects",
                    Some((first, _)) => first,
                    None => field.name,
                };
                let properties = &schema["properties"];
                assert!(properties.get(name).is_some(), "{} {}", form.kind.code(), field.name);
            }
            for name in schema["required"].as_array().into_iter().flatten() {
                let name = name.as_str().unwrap();
                let has = form
                    .fields
                    .iter()
                    .any(|field| field.must && field.name.split('.').next() == Some(name));
                assert!(has, "{} needs {name}", form.kind.code());
            }
        }
    }
}
