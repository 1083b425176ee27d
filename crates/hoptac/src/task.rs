//! `hoptac task`: tasks where they stand, what the figures say of them, what is filed about them, roadmap and calendar.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use hoptac_engine::board::{Board, Question};
use hoptac_engine::task::proposals;
use hoptac_model::filing::FilingKind;
use hoptac_model::pack::Pack;
use hoptac_model::task::{self, Because, Proposal, Rung, Situation, State, Task, rung_on};
use hoptac_report::calendar::{self, Entry};
use hoptac_report::svg::alone;
use hoptac_report::svg::roadmap::{self, Bar, Width};
use serde_json::{Map, Value, json};

use crate::cli::Place;
use crate::cli::filed::Days;
use crate::cli::task::{TaskAssign, TaskClose, TaskCommand, TaskFile, TaskList, TaskOpen};
use crate::output;
use crate::product::file;
use crate::sentence::{refuse, said};
use crate::sight::Sight;
use crate::view;
use crate::{Outcome, clock};

pub(crate) async fn run(place: &Place, command: TaskCommand) -> Result<Outcome> {
    match command {
        TaskCommand::List(which) => list(&Sight::open(place, which.days).await?, &which),
        TaskCommand::Show(one) => show(&Sight::open(place, one.days).await?, &one.task),
        TaskCommand::Proposals(which) => proposed(&Sight::open(place, which.days).await?, &which),
        TaskCommand::Roadmap(file) => picture(&Sight::open(place, file.which.days).await?, &file),
        TaskCommand::Calendar(file) => dates(&Sight::open(place, file.which.days).await?, &file),
        TaskCommand::Digest(arguments) => crate::digest::run(place, &arguments).await,
        TaskCommand::Open(arguments) => open(place, &arguments).await,
        TaskCommand::Assign(arguments) => assign(place, &arguments).await,
        TaskCommand::Close(arguments) => close(place, &arguments).await,
        TaskCommand::Progress(arguments) => {
            let fields = json!({
                "said": arguments.said,
                "percent": arguments.percent,
                "evidence": evidence(&arguments.evidence)?,
            });
            about(place, FilingKind::TaskProgress, &arguments.task, fields, &arguments.filed).await
        }
        TaskCommand::Postpone(arguments) => {
            let fields = json!({
                "occurrence": arguments.occurrence,
                "to": arguments.to,
                "reason": arguments.reason,
            });
            about(place, FilingKind::TaskPostpone, &arguments.task, fields, &arguments.filed).await
        }
        TaskCommand::Cancel(arguments) => {
            let fields = json!({ "reason": arguments.reason });
            about(place, FilingKind::TaskCancel, &arguments.task, fields, &arguments.filed).await
        }
        TaskCommand::Merge(arguments) => {
            let fields = json!({ "into": arguments.into, "reason": arguments.reason });
            about(place, FilingKind::TaskMerge, &arguments.task, fields, &arguments.filed).await
        }
        TaskCommand::Reopen(arguments) => {
            let fields = json!({ "occurrence": arguments.occurrence, "reason": arguments.reason });
            about(place, FilingKind::TaskReopen, &arguments.task, fields, &arguments.filed).await
        }
    }
}

async fn about(
    place: &Place,
    kind: FilingKind,
    task: &str,
    fields: Value,
    filed: &crate::cli::filed::Filed,
) -> Result<Outcome> {
    file(place, kind, &format!("task/{task}"), fields, filed).await
}

/// A task with where it stands.
struct Standing<'t> {
    task: &'t Task,
    situation: Situation,
    rung: Option<&'t Rung>,
}

pub(crate) fn plan(sight: &Sight) -> Result<&Pack> {
    match &sight.known.plan {
        Some(plan) => Ok(&plan.pack),
        None => Err(view::must_be_known(None, None)
            .err()
            .context(said!("đọc nhiệm vụ", "reading the tasks"))?),
    }
}

pub(crate) fn tasks(sight: &Sight) -> BTreeMap<String, Task> {
    task::fold(&sight.known.tasks, sight.on)
}

/// The tasks that were asked for, the most urgent first.
fn chosen<'t>(
    sight: &Sight,
    plan: &'t Pack,
    tasks: &'t BTreeMap<String, Task>,
    which: &TaskList,
) -> Result<Vec<Standing<'t>>> {
    let state = match which.state.as_deref() {
        None => None,
        Some(code) => match State::from_code(code) {
            Some(state) => Some(state),
            None => refuse!(
                "không có tình trạng `{code}`; các tình trạng gồm {states}",
                "there is no state `{code}`; the states are {states}",
                code,
                states = State::ALL.map(State::code).join(", ")
            ),
        },
    };
    if let Some(agency) = &which.agency
        && !plan.agencies.iter().any(|one| &one.id == agency)
    {
        let known: Vec<&str> = plan.agencies.iter().map(|one| one.id.as_str()).collect();
        refuse!(
            "kế hoạch không nêu cơ quan `{agency}`; kế hoạch có {known}",
            "the plan names no agency `{agency}`; it names {known}",
            agency,
            known = known.join(", ")
        );
    }
    let unit = sight.unit(which.unit.as_deref())?;
    let mut chosen = Vec::new();
    for task in tasks.values() {
        let situation = task.situation(sight.on);
        let fits = state.map_or(which.all || situation.state.is_open(), |s| s == situation.state)
            && which.agency.as_ref().is_none_or(|one| task.is_work_of(plan, one, sight.on))
            && which.account.as_ref().is_none_or(|one| task.account.as_ref() == Some(one))
            && which.due_by.is_none_or(|by| situation.due.is_some_and(|due| due <= by))
            && unit.as_ref().is_none_or(|(unit, _)| task.unit.as_ref() == Some(unit));
        if fits {
            let rung = rung_on(&plan.ladder, &situation, sight.on);
            chosen.push(Standing { task, situation, rung });
        }
    }
    chosen.sort_by_key(|one| {
        let (state, due) = (one.situation.state, one.situation.due);
        (state, due.is_none(), due, one.task.code.clone())
    });
    Ok(chosen)
}

fn list(sight: &Sight, which: &TaskList) -> Result<Outcome> {
    let plan = plan(sight)?;
    let tasks = tasks(sight);
    let chosen = chosen(sight, plan, &tasks, which)?;
    if sight.wants_json() {
        let list: Vec<Value> = chosen.iter().map(|one| to_json(sight, plan, one)).collect();
        output::json(&sight.answer(json!({ "tasks": list })))?;
        return Ok(Outcome::Done);
    }
    let language = sight.language();
    for one in &chosen {
        for line in output::wrap(
            &format!(
                "{} {} · {}",
                one.situation.state.sign(),
                one.task.code,
                one.task.title(language)
            ),
            output::WIDTH,
            "",
        ) {
            output::say(&line)?;
        }
        let lead = lead(sight, plan, one.task);
        let reason = one.situation.reason.get(language);
        let state = one.situation.state.words();
        let said = format!("{}: {reason} · {lead}", state.get(language));
        for line in output::wrap(&said, output::WIDTH, "  ") {
            output::say(&line)?;
        }
        if let Some(rung) = one.rung {
            let to: Vec<String> =
                rung.to.iter().map(|to| to.words().get(language).to_owned()).collect();
            let said = format!("↑ {} ({})", rung.title.get(language), to.join(", "));
            for line in output::wrap(&said, output::WIDTH, "  ") {
                output::say(&line)?;
            }
        }
    }
    let of = |state| sight.count(chosen.iter().filter(|one| one.situation.state == state).count());
    let (count, late, day) = (sight.count(chosen.len()), of(State::Late), sight.day(sight.on));
    sight.say(
        &format!("{count} nhiệm vụ tính đến {day}, {late} quá hạn."),
        &format!("{count} tasks on {day}, {late} of them late."),
    )?;
    Ok(Outcome::Done)
}

fn lead(sight: &Sight, plan: &Pack, task: &Task) -> String {
    match task.lead_on(plan, sight.on) {
        Some(agency) => agency.name.get(sight.language()).to_owned(),
        None if sight.vi() => "chưa rõ cơ quan chủ trì".to_owned(),
        None => "no agency in the lead is known".to_owned(),
    }
}

fn to_json(sight: &Sight, plan: &Pack, one: &Standing<'_>) -> Value {
    let mut fields = match serde_json::to_value(one.task) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) | Err(_) => Map::new(),
    };
    fields.insert("situation".to_owned(), json!(one.situation));
    fields.insert("percent".to_owned(), json!(one.task.percent()));
    let lead_now = one.task.lead_on(plan, sight.on).map(|agency| agency.id.as_str());
    fields.insert("lead_now".to_owned(), json!(lead_now));
    fields.insert("rung".to_owned(), json!(one.rung));
    Value::Object(fields)
}

fn must_find<'t>(tasks: &'t BTreeMap<String, Task>, code: &str) -> Result<&'t Task> {
    let code = code.strip_prefix("task/").unwrap_or(code);
    match tasks.get(code) {
        Some(task) => Ok(task),
        None => refuse!(
            "không có nhiệm vụ `{code}`; `hoptac task list --all` liệt kê các nhiệm vụ",
            "there is no task `{code}`; `hoptac task list --all` shows them",
            code
        ),
    }
}

fn show(sight: &Sight, code: &str) -> Result<Outcome> {
    let plan = plan(sight)?;
    let tasks = tasks(sight);
    let task = must_find(&tasks, code)?;
    let situation = task.situation(sight.on);
    let rung = rung_on(&plan.ladder, &situation, sight.on);
    let one = Standing { task, situation, rung };
    let proposal = figures(sight, plan, [task]).pop();
    let filed: Vec<&task::TaskFiling> = sight
        .known
        .tasks
        .iter()
        .filter(|filing| filing.task == task.code && filing.on <= sight.on)
        .collect();
    if sight.wants_json() {
        let history: Vec<Value> = filed
            .iter()
            .map(|filing| {
                json!({
                    "position": filing.position,
                    "on": filing.on,
                    "actor": filing.actor,
                    "step": filing.step.code(),
                })
            })
            .collect();
        output::json(&sight.answer(json!({
            "task": to_json(sight, plan, &one),
            "proposal": proposal,
            "history": history,
        })))?;
        return Ok(Outcome::Done);
    }
    let language = sight.language();
    output::say(&format!("{} · {}", task.code, task.title(language)))?;
    let state = one.situation.state;
    output::say(&format!(
        "{} {}: {}",
        state.sign(),
        state.words().get(language),
        one.situation.reason.get(language)
    ))?;
    let lead = lead(sight, plan, task);
    sight.say(&format!("Chủ trì: {lead}"), &format!("Lead: {lead}"))?;
    if let Some(proposal) = &proposal {
        let reason = proposal.reason.get(language);
        sight.say(
            &format!("Số liệu cho thấy đã hoàn thành: {reason}"),
            &format!("The figures show it done: {reason}"),
        )?;
    }
    for filing in filed {
        let day = sight.day(filing.on);
        output::say(&format!("  {day} · {} · {}", filing.step.code(), filing.actor))?;
    }
    Ok(Outcome::Done)
}

/// The tasks among some that the figures of the asked day show done.
pub(crate) fn figures<'t>(
    sight: &Sight,
    plan: &Pack,
    tasks: impl IntoIterator<Item = &'t Task>,
) -> Vec<Proposal> {
    let (register, places) = (sight.register(), &sight.known.places);
    let question = Question { as_of: sight.on, geography: sight.on };
    let board = Board::compute(register, places, plan, question);
    proposals(&board, register, places, tasks)
}

fn proposed(sight: &Sight, which: &TaskList) -> Result<Outcome> {
    let plan = plan(sight)?;
    let tasks = tasks(sight);
    let chosen = chosen(sight, plan, &tasks, which)?;
    let found = figures(sight, plan, chosen.iter().map(|one| one.task));
    if sight.wants_json() {
        output::json(&sight.answer(json!({ "proposals": found })))?;
        return Ok(Outcome::Done);
    }
    let language = sight.language();
    for proposal in &found {
        let of = proposal.occurrence.map_or_else(String::new, |day| format!(" {day}"));
        let said = format!("{}{of}: {}", proposal.task, proposal.reason.get(language));
        for line in output::wrap(&said, output::WIDTH, "") {
            output::say(&line)?;
        }
    }
    let count = sight.count(found.len());
    sight.say(
        &format!("{count} nhiệm vụ có số liệu cho thấy đã hoàn thành, chờ xác nhận."),
        &format!("{count} tasks are shown done by figures and wait to be confirmed."),
    )?;
    sight.say_synthetic()?;
    Ok(Outcome::Done)
}

async fn open(place: &Place, arguments: &TaskOpen) -> Result<Outcome> {
    let store = place.open().await?;
    let known = task::fold(&store.tasks().await?, jiff::civil::Date::MAX);
    let day = arguments.filed.effective_on.unwrap_or_else(clock::today);
    let code = arguments
        .code
        .clone()
        .unwrap_or_else(|| task::next_code(known.keys().map(String::as_str), day.year()));
    let unit = unit(&store, arguments.terms.unit.as_deref(), day).await?;
    store.close().await;
    let decision = arguments.document.as_ref().map(|number| {
        json!({
            "number": number,
            "date": arguments.document_date,
            "issuer": arguments.document_issuer,
        })
    });
    let because = [
        (Because::Gap, arguments.gap.is_some()),
        (Because::Returns, arguments.returns.is_some()),
        (Because::Finding, arguments.finding.is_some()),
        (Because::Alert, arguments.alert.is_some()),
        (Because::Order, decision.is_some()),
    ];
    let Some((because, _)) = because.into_iter().find(|(_, named)| *named) else {
        refuse!(
            "hãy nêu lý do mở nhiệm vụ: --gap CHỈ_TIÊU, --returns NĂM, --finding MÃ, --alert MÃ hoặc \
             --document SỐ",
            "say why the task is opened: --gap TARGET, --returns YEAR, --finding CODE, --alert KEY \
             or --document NUMBER"
        );
    };
    let of_place = matches!(because, Because::Gap | Because::Returns);
    let ground = json!({
        "because": because,
        "target": arguments.gap,
        "unit": unit.as_ref().filter(|_| of_place),
        "year": arguments.returns,
        "code": arguments.finding.as_ref().or(arguments.alert.as_ref()),
        "about": arguments.about,
        "decision": decision,
    });
    let fields = json!({
        "title": arguments.title,
        "ground": ground,
        "group": arguments.group,
        "lead": arguments.lead,
        "with": arguments.with,
        "unit": unit,
        "due": arguments.terms.due,
        "recurrence": arguments.terms.recurrence,
        "effects": effects(&arguments.terms.effect)?,
        "note": arguments.note,
    });
    about(place, FilingKind::TaskOpen, &code, fields, &arguments.filed).await
}

async fn assign(place: &Place, arguments: &TaskAssign) -> Result<Outcome> {
    let store = place.open().await?;
    let day = arguments.filed.effective_on.unwrap_or_else(clock::today);
    let unit = unit(&store, arguments.terms.unit.as_deref(), day).await?;
    store.close().await;
    let some = |list: Vec<Value>| (!list.is_empty()).then_some(list);
    let fields = json!({
        "lead": arguments.lead,
        "with": some(arguments.with.iter().map(|with| json!(with)).collect()),
        "account": arguments.account,
        "unit": unit,
        "due": arguments.terms.due,
        "recurrence": arguments.terms.recurrence,
        "effects": some(effects(&arguments.terms.effect)?),
        "reason": arguments.reason,
    });
    about(place, FilingKind::TaskAssign, &arguments.task, fields, &arguments.filed).await
}

async fn close(place: &Place, arguments: &TaskClose) -> Result<Outcome> {
    let mut fields = json!({
        "occurrence": arguments.occurrence,
        "result": arguments.result,
        "evidence": evidence(&arguments.evidence)?,
    });
    if arguments.by_figures {
        let filed = &arguments.filed;
        let days =
            Days { as_of: filed.effective_on, known_on: None, json: filed.json, lang: filed.lang };
        let sight = Sight::open(place, days).await?;
        let tasks = tasks(&sight);
        let task = must_find(&tasks, &arguments.task)?;
        let Some(proposal) = figures(&sight, plan(&sight)?, [task]).pop() else {
            refuse!(
                "số liệu ngày {on} chưa cho thấy {code} đã hoàn thành; hãy dùng --result và --evidence",
                "the figures of {on} do not show {code} done; close it with --result and --evidence",
                on = sight.on,
                code = task.code
            );
        };
        if let Some(named) = arguments.occurrence.filter(|one| proposal.occurrence != Some(*one)) {
            let shown = proposal.occurrence.map_or_else(String::new, |day| day.to_string());
            refuse!(
                "số liệu nói về kỳ {shown}, không phải kỳ {named}",
                "the figures speak of the occurrence {shown}, not of {named}",
                shown,
                named
            );
        }
        sight.store.close().await;
        if let Some(fields) = fields.as_object_mut() {
            fields.insert("occurrence".to_owned(), json!(proposal.occurrence));
            fields.insert("basis".to_owned(), json!(proposal.basis));
            if arguments.result.is_none() {
                fields.insert("result".to_owned(), json!(proposal.reason.vi));
            }
        }
    }
    about(place, FilingKind::TaskClose, &arguments.task, fields, &arguments.filed).await
}

/// The identity of the unit of a code.
async fn unit(
    store: &hoptac_store::Store,
    code: Option<&str>,
    day: jiff::civil::Date,
) -> Result<Option<String>> {
    let Some(code) = code else { return Ok(None) };
    match store.places().await?.find(code, day) {
        Some(unit) => Ok(Some(unit.id.to_string())),
        None => refuse!(
            "không có đơn vị `{code}` ngày {day}; `hoptac unit list` liệt kê các đơn vị kèm mã",
            "there is no unit `{code}` on {day}; `hoptac unit list` shows them with their codes",
            code,
            day
        ),
    }
}

/// Reads `groups`, `groups=250`, `groups=250@2027`.
fn effects(written: &[String]) -> Result<Vec<Value>> {
    let read = |text: &String| {
        let (indicator, rest) =
            text.split_once('=').map_or((text.as_str(), None), |(i, r)| (i, Some(r)));
        let Some(rest) = rest else { return Ok(json!({ "indicator": indicator })) };
        let (value, year) = rest.split_once('@').map_or((rest, None), |(v, y)| (v, Some(y)));
        let value: f64 = value.parse().with_context(|| {
            said!(
                "`{text}` không phải là kết quả cần đạt; hãy ghi groups, groups=250 hoặc groups=250@2027",
                "`{text}` is no effect; write groups, groups=250 or groups=250@2027",
                text
            )
        })?;
        let year: Option<i16> = year.map(str::parse).transpose().with_context(|| {
            said!(
                "`{text}` không nêu năm; hãy ghi groups=250@2027",
                "`{text}` names no year; write groups=250@2027",
                text
            )
        })?;
        Ok(match year {
            Some(year) => json!({ "indicator": indicator, "value": value, "year": year }),
            None => json!({ "indicator": indicator, "value": value }),
        })
    };
    written.iter().map(read).collect()
}

/// Reads `Báo cáo: 12/BC-LMHTX`.
fn evidence(written: &[String]) -> Result<Vec<Value>> {
    let read = |text: &String| match text.split_once(':') {
        Some((what, source)) if !what.trim().is_empty() && !source.trim().is_empty() => {
            Ok(json!({ "what": what.trim(), "source": source.trim() }))
        }
        Some(_) | None => refuse!(
            "`{text}` chưa nêu nơi lưu; hãy ghi tên tài liệu, dấu hai chấm, rồi số hiệu hoặc địa chỉ",
            "`{text}` does not say where it is found; write what it is, a colon, and its number or address",
            text
        ),
    };
    written.iter().map(read).collect()
}

fn picture(sight: &Sight, file: &TaskFile) -> Result<Outcome> {
    let plan = plan(sight)?;
    let tasks = tasks(sight);
    let mut chosen = chosen(sight, plan, &tasks, &file.which)?;
    chosen.sort_by(|a, b| a.task.code.cmp(&b.task.code));
    let language = sight.language();
    let bars: Vec<Bar> = chosen.iter().map(|one| Bar::of(one.task, sight.on, language)).collect();
    if sight.wants_json() {
        let rows: Vec<Value> = bars
            .iter()
            .zip(&chosen)
            .map(|(bar, one)| {
                let marks: Vec<Value> = bar
                    .marks
                    .iter()
                    .map(|mark| json!({ "on": mark.on, "fate": mark.fate.code() }))
                    .collect();
                json!({
                    "task": one.task.code,
                    "state": bar.state,
                    "from": bar.from,
                    "to": bar.to,
                    "marks": marks,
                })
            })
            .collect();
        output::json(&sight.answer(json!({ "rows": rows })))?;
        return Ok(Outcome::Done);
    }
    let day = sight.day(sight.on);
    let (title, today) = if sight.vi() {
        (format!("Lộ trình nhiệm vụ tính đến {day}"), day.clone())
    } else {
        (format!("Roadmap of tasks on {day}"), day.clone())
    };
    let svg = roadmap::draw(&bars, sight.on, &title, &today, Width::Wide).into_string();
    write(sight, file.output.as_deref(), &alone::draw(&svg))
}

fn dates(sight: &Sight, file: &TaskFile) -> Result<Outcome> {
    let plan = plan(sight)?;
    let tasks = tasks(sight);
    let chosen = chosen(sight, plan, &tasks, &file.which)?;
    let entries: Vec<Entry> = chosen
        .iter()
        .flat_map(|one| calendar::of_task(one.task, plan, sight.on, sight.language()))
        .collect();
    if sight.wants_json() {
        let days: Vec<Value> = entries
            .iter()
            .map(|entry| json!({ "uid": entry.uid, "on": entry.on, "summary": entry.summary }))
            .collect();
        output::json(&sight.answer(json!({ "days": days })))?;
        return Ok(Outcome::Done);
    }
    let name = if sight.vi() { "Nhiệm vụ của kế hoạch" } else { "Tasks of the plan" };
    write(sight, file.output.as_deref(), &calendar::write(name, &entries, clock::now()))
}

/// Writes a text into a file, or prints it.
fn write(sight: &Sight, path: Option<&Path>, text: &str) -> Result<Outcome> {
    match path {
        Some(path) => {
            std::fs::write(path, text).with_context(|| {
                let name = path.display().to_string();
                said!("ghi `{name}`", "writing `{name}`", name)
            })?;
            let name = path.display();
            sight.say(&format!("Đã ghi {name}."), &format!("Wrote {name}."))?;
        }
        None => output::say(text.trim_end_matches(['\r', '\n']))?,
    }
    Ok(Outcome::Done)
}
