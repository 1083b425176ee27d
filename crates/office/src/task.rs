//! Tasks: opened with a reason, assigned, reported on, put off, closed with evidence or figures, cancelled, merged, opened
//! again.

use std::collections::BTreeMap;

use hoptac_model::account::Scope;
use hoptac_model::filing::Draft;
use hoptac_model::filing::reform::Decision;
use hoptac_model::filing::task::{
    TaskAct, TaskAssign, TaskClose, TaskMerge, TaskOpen, TaskPostpone, TaskProgress, TaskReopen,
};
use hoptac_model::finding::Finding;
use hoptac_model::ids::{IndicatorId, UnitId};
use hoptac_model::pack::Pack;
use hoptac_model::task::{self, Basis, Because, Effect, Evidence, Ground, Task};
use hoptac_model::text::{Words, did_you_mean, nearest};
use hoptac_model::unit::Places;
use hoptac_model::words;
use hoptac_store::{Error, Writing};
use jiff::civil::Date;

use crate::finding::Findings;
use crate::known::Known;

/// Reads the tasks.
pub(crate) async fn read(writing: &mut Writing, known: &mut Known) -> Result<(), Error> {
    known.tasks = task::fold(&writing.tasks().await?, Date::MAX);
    known.position = writing.position();
    Ok(())
}

/// Whether a task lies within the scope of whoever files about it: its agency leads it, or works with it where that is
/// enough; its unit lies in the territory.
pub(crate) fn is_within(
    draft: &Draft,
    act: &TaskAct,
    scope: &Scope,
    tasks: &BTreeMap<String, Task>,
    plan: Option<&Pack>,
    places: &Places,
) -> bool {
    let task = draft.subject.as_task().and_then(|code| tasks.get(code));
    let by_agency = scope.agency.as_ref().is_none_or(|agency| {
        let is = |id: &String| {
            let followed = plan.and_then(|plan| plan.agency_on(id, draft.effective_on));
            id == agency || followed.is_some_and(|one| &one.id == agency)
        };
        match (act, task) {
            (TaskAct::Open(open), _) => is(&open.lead),
            (TaskAct::Progress(_), Some(task)) => task.lead.iter().chain(&task.with).any(is),
            (_, Some(task)) => task.lead.as_ref().is_some_and(is),
            (_, None) => false,
        }
    });
    let by_territory = scope.territory.as_ref().is_none_or(|territory| {
        let unit = task.and_then(|task| task.unit.as_ref());
        unit.is_some_and(|unit| places.ancestry(unit).iter().any(|above| above.id == *territory))
    });
    by_agency && by_territory
}

/// What is wrong with a filing about a task.
pub fn findings(draft: &Draft, act: &TaskAct, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    let Some(code) = draft.subject.as_task().filter(|code| task::is_code(code)) else {
        findings.error(
            "task.code",
            "subject",
            words!(
                "`{subject}` không phải là mã nhiệm vụ",
                "`{subject}` is not the code of a task",
                subject = draft.subject.0
            ),
            words!(
                "viết task/ rồi đến mã: tối đa 40 chữ không dấu, chữ số, dấu chấm và gạch nối",
                "write task/ and its code: at most 40 letters without marks, digits, points and dashes"
            ),
        );
        return findings.into_vec();
    };
    match (act, known.tasks.get(code)) {
        (TaskAct::Open(open), None) => self::open(draft, open, known, &mut findings),
        (TaskAct::Open(_), Some(there)) => findings.error(
            "task.exists",
            "subject",
            words!(
                "đã có nhiệm vụ `{code}`: {title}",
                "there is a task `{code}` already: {title}",
                code,
                title = there.title
            ),
            words!("đặt mã khác cho nhiệm vụ mới", "give the new one a code of its own"),
        ),
        (_, None) => findings.error(
            "task.unknown",
            "subject",
            words!("không có nhiệm vụ `{code}`", "there is no task `{code}`", code),
            nearest(code, known.tasks.keys().map(String::as_str)).map_or_else(
                || words!("xem danh sách nhiệm vụ", "look at the list of tasks"),
                did_you_mean,
            ),
        ),
        (_, Some(task)) => about(draft, act, task, known, &mut findings),
    }
    findings.into_vec()
}

/// What is filed about a task that is there.
fn about(draft: &Draft, act: &TaskAct, task: &Task, known: &Known, findings: &mut Findings) {
    if draft.effective_on < task.opened_on {
        findings.error(
            "task.before",
            "effective_on",
            words!(
                "nhiệm vụ mới được giao ngày {opened}",
                "the task was opened only on {opened}",
                opened = task.opened_on
            ),
            words!("sửa lại ngày", "correct the day"),
        );
    }
    let reopens = matches!(act, TaskAct::Reopen(_));
    if let (Some(end), false) = (&task.end, reopens) {
        findings.error(
            "task.ended",
            "subject",
            words!(
                "nhiệm vụ {state} từ ngày {on}",
                "the task is {state} since {on}",
                state = end.state.words(),
                on = end.on
            ),
            words!("mở lại nhiệm vụ trước", "open it again first"),
        );
        return;
    }
    match act {
        TaskAct::Open(_) => {}
        TaskAct::Assign(body) => assign(draft, body, task, known, findings),
        TaskAct::Progress(body) => progress(body, task, findings),
        TaskAct::Postpone(body) => postpone(draft, body, task, findings),
        TaskAct::Close(body) => close(draft, body, task, known, findings),
        TaskAct::Cancel(body) => {
            findings.text("reason", &body.reason);
            decision(draft, body.decision.as_ref(), findings);
        }
        TaskAct::Merge(body) => merge(body, task, known, findings),
        TaskAct::Reopen(body) => reopen(body, task, findings),
    }
}

fn open(draft: &Draft, body: &TaskOpen, known: &Known, findings: &mut Findings) {
    findings.text("title", &body.title);
    findings.note("note", &body.note);
    let on = draft.effective_on;
    let plan = known.plan.as_deref();
    agencies(Some(&body.lead), &body.with, plan, on, findings);
    if let (Some(group), Some(plan)) = (&body.group, plan)
        && !plan.task_groups.iter().any(|one| &one.id == group)
    {
        findings.error(
            "task.group",
            "group",
            words!(
                "kế hoạch không có lĩnh vực `{group}`",
                "the plan has no field `{group}`",
                group
            ),
            choose(plan.task_groups.iter().map(|one| one.id.as_str()), group),
        );
    }
    unit(body.unit.as_ref(), "unit", known, findings);
    due(body.due, on, findings);
    effects(&body.effects, plan, findings);
    ground(draft, &body.ground, known, findings);
}

/// What the ground is about is named, and there.
fn ground(draft: &Draft, ground: &Ground, known: &Known, findings: &mut Findings) {
    let on = draft.effective_on;
    let mut missing = |field: &str| {
        findings.error(
            "task.ground",
            format!("ground.{field}"),
            words!("chưa nêu căn cứ mở nhiệm vụ", "what the reason is about is not named"),
            words!("hãy ghi nội dung này", "write it"),
        );
    };
    match ground.because {
        Because::Gap if ground.target.is_none() => missing("target"),
        Because::Returns => {
            if ground.year.is_none() {
                missing("year");
            }
            if ground.unit.is_none() {
                missing("unit");
            }
        }
        Because::Finding => {
            if ground.code.is_none() {
                missing("code");
            }
            if ground.about.is_none() {
                missing("about");
            }
        }
        Because::Alert if ground.code.is_none() => missing("code"),
        Because::Order if ground.decision.is_none() => missing("decision"),
        Because::Gap | Because::Alert | Because::Order | Because::Public => {}
    }
    if let (Some(target), Some(plan)) = (&ground.target, known.plan.as_deref())
        && plan.target(target).is_none()
    {
        let codes = plan.targets.iter().map(|one| one.id.as_str());
        findings.error(
            "task.target",
            "ground.target",
            words!(
                "kế hoạch không có chỉ tiêu `{target}`",
                "the plan has no target `{target}`",
                target = target.as_str()
            ),
            choose(codes, target.as_str()),
        );
    }
    unit(ground.unit.as_ref(), "ground.unit", known, findings);
    if let Some(year) = ground.year.filter(|year| *year > on.year()) {
        findings.error(
            "task.year",
            "ground.year",
            words!("năm {year} chưa tới", "the year {year} is still to come", year),
            words!("sửa lại năm", "correct the year"),
        );
    }
    for (field, text) in [("ground.code", &ground.code), ("ground.about", &ground.about)] {
        if let Some(text) = text {
            findings.text(field, text);
        }
    }
    if let Some(decision) = &ground.decision {
        findings.text("ground.decision.number", &decision.number);
        findings.text("ground.decision.issuer", &decision.issuer);
    }
}

fn assign(draft: &Draft, body: &TaskAssign, task: &Task, known: &Known, findings: &mut Findings) {
    findings.note("reason", &body.reason);
    let bare = TaskAssign { decision: None, reason: String::new(), ..body.clone() };
    if bare == TaskAssign::default() {
        findings.error(
            "task.empty",
            "",
            words!("hồ sơ không thay đổi gì", "nothing is assigned"),
            words!(
                "nêu cơ quan, đơn vị, thời hạn hoặc kết quả cần đạt",
                "name an agency, a unit, a day or an effect"
            ),
        );
    }
    let (on, plan) = (draft.effective_on, known.plan.as_deref());
    let lead = body.lead.as_ref();
    let with = body.with.as_deref().unwrap_or_default();
    agencies(lead, with, plan, on, findings);
    if lead.is_none()
        && let Some(twice) = task.lead.as_ref().filter(|lead| with.contains(lead))
    {
        twice_named(twice, findings);
    }
    if let Some(account) = body.account.as_ref().filter(|account| !account.is_empty())
        && !known.accounts.iter().any(|one| one.name.as_str() == account && one.is_open())
    {
        findings.error(
            "account.unknown",
            "account",
            words!("không có tài khoản `{account}`", "there is no account `{account}`", account),
            words!("chọn một tài khoản đang mở", "choose an open account"),
        );
    }
    unit(body.unit.as_ref(), "unit", known, findings);
    due(body.due, on, findings);
    effects(body.effects.as_deref().unwrap_or_default(), plan, findings);
    decision(draft, body.decision.as_ref(), findings);
}

fn progress(body: &TaskProgress, task: &Task, findings: &mut Findings) {
    findings.text("said", &body.said);
    evidence(&body.evidence, findings);
    let Some(percent) = body.percent else { return };
    if percent > 100 {
        findings.error(
            "task.percent",
            "percent",
            words!("{percent} lớn hơn 100%", "{percent} is more than 100 percent", percent),
            words!("ghi từ 0 đến 100", "write 0 to 100"),
        );
    }
    if let Some(before) = task.percent().filter(|before| *before > percent) {
        findings.warning(
            "task.percent-back",
            "percent",
            words!(
                "lần báo cáo trước là {before}%",
                "the last report said {before} percent",
                before
            ),
            words!("kiểm tra lại tỷ lệ", "check the share"),
        );
    }
}

fn postpone(draft: &Draft, body: &TaskPostpone, task: &Task, findings: &mut Findings) {
    findings.text("reason", &body.reason);
    decision(draft, body.decision.as_ref(), findings);
    if task.due.is_none() && task.recurrence.is_none() {
        return findings.error(
            "task.no-day",
            "to",
            words!("nhiệm vụ chưa có thời hạn để gia hạn", "the task has no day to be put off"),
            words!("giao thời hạn cho nhiệm vụ", "assign a due day"),
        );
    }
    let Some(occurrence) = occurrence(draft, body.occurrence, task, findings) else { return };
    let before = task.put_off.get(&occurrence).map_or(occurrence, |put_off| put_off.to);
    if body.to <= before {
        findings.error(
            "task.earlier",
            "to",
            words!(
                "ngày {to} không sau thời hạn hiện nay {before}",
                "{to} is not after the day that holds now, {before}",
                to = body.to,
                before
            ),
            words!("ghi một ngày sau đó", "write a later day"),
        );
    }
}

fn close(draft: &Draft, body: &TaskClose, task: &Task, known: &Known, findings: &mut Findings) {
    findings.text("result", &body.result);
    evidence(&body.evidence, findings);
    for (number, basis) in body.basis.iter().enumerate() {
        self::basis(number, basis, known, findings);
    }
    let since = task.done.values().map(|end| end.on).max();
    let shown = task.evidence.iter().any(|(on, _)| since.is_none_or(|since| *on > since));
    if body.evidence.is_empty() && body.basis.is_empty() && !shown {
        findings.error(
            "task.no-evidence",
            "evidence",
            words!(
                "chưa có minh chứng hoặc số liệu cho thấy nhiệm vụ đã hoàn thành",
                "neither evidence nor a figure shows it done"
            ),
            words!(
                "nêu một văn bản, báo cáo hoặc số liệu",
                "name a document, a report or a figure"
            ),
        );
    }
    if task.recurrence.is_some() {
        occurrence(draft, body.occurrence, task, findings);
    } else if body.occurrence.is_some() {
        returns_not(findings);
    }
}

fn merge(body: &TaskMerge, task: &Task, known: &Known, findings: &mut Findings) {
    findings.text("reason", &body.reason);
    if body.into == task.code {
        return findings.error(
            "task.self",
            "into",
            words!("không thể gộp nhiệm vụ vào chính nó", "a task is not merged into itself"),
            words!("chọn nhiệm vụ khác", "choose another task"),
        );
    }
    match known.tasks.get(&body.into) {
        None => findings.error(
            "task.unknown",
            "into",
            words!("không có nhiệm vụ `{into}`", "there is no task `{into}`", into = body.into),
            choose(known.tasks.keys().map(String::as_str), &body.into),
        ),
        Some(into) if into.end.is_some() => findings.error(
            "task.ended",
            "into",
            words!("nhiệm vụ `{into}` đã kết thúc", "task `{into}` has ended", into = body.into),
            words!("chọn một nhiệm vụ còn thực hiện", "choose a task that goes on"),
        ),
        Some(_) => {}
    }
}

fn reopen(body: &TaskReopen, task: &Task, findings: &mut Findings) {
    findings.text("reason", &body.reason);
    match (body.occurrence, &task.end) {
        (None, None) => findings.error(
            "task.open",
            "subject",
            words!("nhiệm vụ đang mở", "the task is open"),
            words!(
                "nêu kỳ cần mở lại nếu nhiệm vụ lặp lại",
                "name the occurrence, if it is one that returns"
            ),
        ),
        (Some(_), Some(_)) => findings.error(
            "task.ended",
            "occurrence",
            words!("cả nhiệm vụ đã kết thúc", "the task as a whole has ended"),
            words!("mở lại cả nhiệm vụ, không nêu kỳ", "open the whole again, without a day"),
        ),
        (Some(occurrence), None) if !task.done.contains_key(&occurrence) => findings.error(
            "task.occurrence",
            "occurrence",
            words!(
                "kỳ {occurrence} chưa được báo hoàn thành",
                "the occurrence of {occurrence} is not done",
                occurrence
            ),
            words!("sửa lại ngày của kỳ", "correct the day"),
        ),
        (None, Some(_)) | (Some(_), None) => {}
    }
}

/// The occurrence that a filing speaks of: open, and named where the task returns.
fn occurrence(
    draft: &Draft,
    named: Option<Date>,
    task: &Task,
    findings: &mut Findings,
) -> Option<Date> {
    if task.recurrence.is_none() {
        if named.is_some() {
            returns_not(findings);
        }
        return task.due;
    }
    let open = task.open_occurrences(draft.effective_on);
    let days = || {
        let days: Vec<String> = open.iter().map(Date::to_string).collect();
        days.join(", ")
    };
    match named {
        None => findings.error(
            "task.occurrence-missing",
            "occurrence",
            words!("nhiệm vụ lặp lại, chưa nêu kỳ nào", "the task returns, and no day is named"),
            words!("nêu hạn của kỳ: {days}", "name the due day: {days}", days = days()),
        ),
        Some(named) if open.contains(&named) => return Some(named),
        Some(named) if task.done.contains_key(&named) => findings.error(
            "task.occurrence-done",
            "occurrence",
            words!("kỳ {named} đã hoàn thành", "the occurrence of {named} is done", named),
            words!("các kỳ còn mở: {days}", "open are {days}", days = days()),
        ),
        Some(named) => findings.error(
            "task.occurrence",
            "occurrence",
            words!("nhiệm vụ không có kỳ hạn {named}", "the task is not due on {named}", named),
            words!("các kỳ còn mở: {days}", "open are {days}", days = days()),
        ),
    }
    None
}

fn returns_not(findings: &mut Findings) {
    findings.error(
        "task.occurrence-none",
        "occurrence",
        words!("nhiệm vụ này không lặp lại", "the task does not return"),
        words!("bỏ ngày của kỳ", "leave the day of the occurrence out"),
    );
}

/// Agencies that the plan knows and that are there on a day, each named once.
fn agencies(
    lead: Option<&String>,
    with: &[String],
    plan: Option<&Pack>,
    on: Date,
    findings: &mut Findings,
) {
    let named = lead.map(|lead| ("lead".to_owned(), lead)).into_iter();
    let with_fields = with.iter().enumerate().map(|(number, one)| (format!("with.{number}"), one));
    for (field, id) in named.chain(with_fields) {
        agency(id, &field, plan, on, findings);
    }
    if let Some(twice) = lead.filter(|lead| with.contains(lead)) {
        twice_named(twice, findings);
    }
}

fn twice_named(agency: &str, findings: &mut Findings) {
    findings.error(
        "task.agency-twice",
        "with",
        words!(
            "`{agency}` vừa chủ trì vừa phối hợp",
            "`{agency}` leads and works with itself",
            agency
        ),
        words!("bỏ khỏi danh sách phối hợp", "take it off the list of those who work with it"),
    );
}

/// An agency that the plan knows and that is there on a day.
pub(crate) fn agency(
    id: &str,
    field: &str,
    plan: Option<&Pack>,
    on: Date,
    findings: &mut Findings,
) {
    let Some(plan) = plan else {
        return findings.error(
            "task.no-plan",
            field,
            words!("chưa có kế hoạch nào được áp dụng", "no plan has been adopted"),
            words!("áp dụng kế hoạch trước", "adopt a plan first"),
        );
    };
    let Some(agency) = plan.agencies.iter().find(|agency| agency.id == id) else {
        return findings.error(
            "task.agency",
            field,
            words!("kế hoạch không nêu cơ quan `{id}`", "the plan names no agency `{id}`", id),
            choose(plan.agencies.iter().map(|agency| agency.id.as_str()), id),
        );
    };
    if let Some(ended) = agency.valid_to.filter(|to| *to < on) {
        let follower = plan.agency_on(id, on).filter(|follower| follower.id != id);
        findings.error(
            "task.agency-ended",
            field,
            words!("`{id}` kết thúc ngày {ended}", "`{id}` ended on {ended}", id, ended),
            follower.map_or_else(
                || words!("chọn cơ quan khác", "choose another agency"),
                |one| words!("cơ quan kế tục là `{id}`", "`{id}` followed it", id = one.id),
            ),
        );
    }
}

fn unit(unit: Option<&UnitId>, field: &str, known: &Known, findings: &mut Findings) {
    let Some(unit) = unit else { return };
    if known.places.as_ref().is_some_and(|places| places.get(unit).is_none()) {
        findings.error(
            "task.unit",
            field,
            words!("không có đơn vị hành chính `{unit}`", "there is no unit `{unit}`", unit),
            words!("ghi mã của đơn vị, ví dụ 20", "write the code of a unit, as 20"),
        );
    }
}

fn due(due: Option<Date>, on: Date, findings: &mut Findings) {
    if let Some(due) = due.filter(|due| *due < on) {
        findings.warning(
            "task.due-past",
            "due",
            words!("hạn {due} đã qua vào ngày {on}", "{due} is past on {on}", due, on),
            words!("kiểm tra lại thời hạn", "check the day"),
        );
    }
}

fn effects(effects: &[Effect], plan: Option<&Pack>, findings: &mut Findings) {
    for (number, effect) in effects.iter().enumerate() {
        let field = format!("effects.{number}");
        indicator(&effect.indicator, &format!("{field}.indicator"), plan, findings);
        if effect.value.is_some_and(|value| !value.is_finite()) {
            not_a_number(&format!("{field}.value"), findings);
        }
        if effect.year.is_some_and(|year| !(1990..=2100).contains(&year)) {
            findings.error(
                "task.year",
                format!("{field}.year"),
                words!("năm không hợp lệ", "it is no year of a plan"),
                words!("sửa lại năm", "correct the year"),
            );
        }
    }
}

fn indicator(id: &IndicatorId, field: &str, plan: Option<&Pack>, findings: &mut Findings) {
    let Some(plan) = plan.filter(|plan| plan.indicator(id).is_none()) else { return };
    let codes = plan.indicators.iter().map(|one| one.id.as_str());
    findings.error(
        "task.indicator",
        field,
        words!("kế hoạch không có chỉ tiêu đo `{id}`", "the plan has no indicator `{id}`", id),
        choose(codes, id.as_str()),
    );
}

fn basis(number: usize, basis: &Basis, known: &Known, findings: &mut Findings) {
    let field = format!("basis.{number}");
    indicator(&basis.indicator, &format!("{field}.indicator"), known.plan.as_deref(), findings);
    unit(Some(&basis.unit), &format!("{field}.unit"), known, findings);
    if !basis.value.is_finite() {
        not_a_number(&format!("{field}.value"), findings);
    }
    if basis.position > known.position {
        findings.error(
            "task.basis",
            format!("{field}.position"),
            words!(
                "sổ cái mới đến vị trí {end}",
                "the ledger ends at position {end}",
                end = known.position
            ),
            words!("lấy lại số liệu", "take the figure anew"),
        );
    }
}

fn not_a_number(field: &str, findings: &mut Findings) {
    findings.error(
        "task.value",
        field,
        words!("không phải là một số", "it is no number"),
        words!("ghi một số", "write a number"),
    );
}

fn evidence(evidence: &[Evidence], findings: &mut Findings) {
    for (number, one) in evidence.iter().enumerate() {
        findings.text(&format!("evidence.{number}.what"), &one.what);
        findings.text(&format!("evidence.{number}.source"), &one.source);
    }
}

fn decision(draft: &Draft, decision: Option<&Decision>, findings: &mut Findings) {
    let Some(decision) = decision else { return };
    findings.text("decision.number", &decision.number);
    findings.text("decision.issuer", &decision.issuer);
    if decision.date > draft.effective_on {
        findings.error(
            "task.decision-later",
            "decision.date",
            words!(
                "văn bản ngày {date}, sau ngày hiệu lực {on}",
                "the document is of {date}, later than the effective day {on}",
                date = decision.date,
                on = draft.effective_on
            ),
            words!("sửa lại ngày", "correct the day"),
        );
    }
}

/// The word that was probably meant, or that there is a list.
fn choose<'w>(words: impl IntoIterator<Item = &'w str>, written: &str) -> Words {
    nearest(written, words).map_or_else(
        || words!("chọn trong danh sách của kế hoạch", "choose one that the plan has"),
        did_you_mean,
    )
}
