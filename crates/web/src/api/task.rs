//! Tasks with where they stand on a day and what was filed about them, as the pages of tasks show them.

use hoptac_model::task::{self, Because, End, Evidence, Recurrence, Situation, State, Task};
use hoptac_model::words;
use hoptac_office::authority::Reading;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::Call;
use super::operation::{Api, Group, Operation};
use super::parameter::{AS_OF, CURSOR, FIELDS, KNOWN_ON, Kind, LIMIT, Parameter, TOTAL};
use super::problem::Problem;
use super::reply::{Listing, Part, Reply};
use super::sight::plan_of;
use super::text::{Day, Text};
use crate::routes::Need;

const TASKS: Need = Need::Read(Reading::Tasks);
const CODE: Parameter = Parameter {
    name: "code",
    kind: Kind::Text { most: 40 },
    about: ("Mã nhiệm vụ, ví dụ N20-1.", "The code of the task, for instance N20-1."),
};
const AGENCY: Parameter = Parameter {
    name: "agency",
    kind: Kind::Text { most: 60 },
    about: (
        "Chỉ việc của cơ quan này, chủ trì hoặc phối hợp.",
        "Only the work of this agency, in the lead or beside it.",
    ),
};
const STATE: Parameter = Parameter {
    name: "state",
    kind: Kind::OneOf(|| State::ALL.map(State::code).to_vec()),
    about: ("Chỉ nhiệm vụ đang ở tình trạng này.", "Only tasks that stand so."),
};

const LIST: Operation = Operation {
    title: ("Các nhiệm vụ, việc gấp trước", "Tasks, the most urgent first"),
    about: (
        "Nhiệm vụ của kế hoạch và nhiệm vụ được giao thêm, với tình trạng vào ngày được hỏi và lý do.",
        "Those of the plan and those opened beside it, with where each stands on the asked day and why.",
    ),
    query: &[AGENCY, STATE, AS_OF, KNOWN_ON, LIMIT, CURSOR, TOTAL, FIELDS],
    ..Operation::read("/tasks", "listTasks", Group::Plan, TASKS)
};
const ONE: Operation = Operation {
    title: ("Một nhiệm vụ", "One task"),
    at: &[CODE],
    query: &[AS_OF, KNOWN_ON, FIELDS],
    ..Operation::read("/tasks/{code}", "getTask", Group::Plan, TASKS)
};

pub(crate) fn operations(api: Api) -> Api {
    api.add(LIST, list).add(ONE, one)
}

/// A task.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Task")]
struct Document {
    /// Its code.
    code: String,
    /// What is to be done.
    title: Text,
    /// Where it stands on the asked day.
    #[schemars(extend("enum" = State::ALL.map(State::code)))]
    state: &'static str,
    /// Why it stands there.
    reason: Text,
    /// The day by which it is to be done, put off or not; null where none is known.
    #[schemars(with = "Option<Day>")]
    due: Option<Date>,
    /// Of a task that returns, the due day of the occurrence in question.
    #[schemars(with = "Option<Day>")]
    occurrence: Option<Date>,
    /// How many days until it is due; less than zero after it.
    days: Option<i32>,
    /// How many occurrences are past their day and not done.
    missed: u32,
    /// How often it returns.
    #[schemars(extend("enum" = recurrences()))]
    recurrence: Option<&'static str>,
    /// Its field, as the plan names it.
    group: Option<String>,
    /// The agency in the lead.
    lead: Option<String>,
    /// Agencies that work with it.
    with: Vec<String>,
    /// The account that sees to it.
    account: Option<String>,
    /// The unit where it is done; null for the plan's whole territory.
    unit: Option<String>,
    /// What it should move.
    effects: Vec<EffectDocument>,
    /// Why it was opened; null for a task of the plan.
    ground: Option<GroundDocument>,
    /// What should be known about it.
    note: Text,
    /// The day on which it was opened.
    #[schemars(with = "Day")]
    opened_on: Date,
    /// How many filings there are about it.
    version: u32,
    /// The last report on it.
    progress: Option<ProgressDocument>,
    /// What shows what was done.
    evidence: Vec<EvidenceDocument>,
    /// How it ended, where it did.
    end: Option<EndDocument>,
}

fn recurrences() -> Vec<Option<&'static str>> {
    Recurrence::ALL.iter().map(|one| Some(one.code())).chain([None]).collect()
}

/// What a task should move.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TaskEffect")]
struct EffectDocument {
    /// The indicator.
    indicator: String,
    /// The value that shows the task done; null where the plan's targets say it.
    value: Option<f64>,
    /// The year of that value; null for the year in which the task is due.
    year: Option<i16>,
}

/// Why a task was opened.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TaskGround")]
struct GroundDocument {
    /// What made somebody open it.
    #[schemars(extend("enum" = Because::ALL.map(Because::code)))]
    because: &'static str,
    /// The same in words.
    words: Text,
}

/// A report on a task.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TaskProgress")]
struct ProgressDocument {
    /// The day.
    #[schemars(with = "Day")]
    on: Date,
    /// What was done.
    said: String,
    /// How much of the whole, in percent.
    #[schemars(range(min = 0, max = 100))]
    percent: Option<u8>,
}

/// What shows that something was done.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TaskEvidence")]
struct EvidenceDocument {
    /// The day on which it was filed.
    #[schemars(with = "Day")]
    on: Date,
    /// What it is.
    what: String,
    /// Where it is found.
    source: String,
}

/// How a task ended.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TaskEnd")]
struct EndDocument {
    /// The day.
    #[schemars(with = "Day")]
    on: Date,
    /// In which state.
    #[schemars(extend("enum" = State::ALL.map(State::code)))]
    state: &'static str,
    /// What came of it, or why.
    said: Text,
    /// The task that it goes on in, where it was merged.
    into: Option<String>,
}

impl Document {
    fn new(task: &Task, situation: &Situation) -> Self {
        let evidence = |(on, one): &(Date, Evidence)| EvidenceDocument {
            on: *on,
            what: one.what.clone(),
            source: one.source.clone(),
        };
        let end = |end: &End| EndDocument {
            on: end.on,
            state: end.state.code(),
            said: (&end.said).into(),
            into: end.into.clone(),
        };
        Self {
            code: task.code.clone(),
            title: (&task.title).into(),
            state: situation.state.code(),
            reason: (&situation.reason).into(),
            due: situation.due,
            occurrence: task.recurrence.and(situation.occurrence),
            days: situation.days,
            missed: situation.missed,
            recurrence: task.recurrence.map(Recurrence::code),
            group: task.group.clone(),
            lead: task.lead.clone(),
            with: task.with.clone(),
            account: task.account.clone(),
            unit: task.unit.as_ref().map(ToString::to_string),
            effects: task
                .effects
                .iter()
                .map(|one| EffectDocument {
                    indicator: one.indicator.to_string(),
                    value: one.value,
                    year: one.year,
                })
                .collect(),
            ground: task.ground.as_ref().map(|ground| GroundDocument {
                because: ground.because.code(),
                words: ground.words().into(),
            }),
            note: (&task.note).into(),
            opened_on: task.opened_on,
            version: task.version,
            progress: task.progress.as_ref().map(|(on, progress)| ProgressDocument {
                on: *on,
                said: progress.said.clone(),
                percent: progress.percent,
            }),
            evidence: task.evidence.iter().map(evidence).collect(),
            end: task.end.as_ref().map(end),
        }
    }
}

async fn list(call: Call) -> Result<Reply<Listing<Document>>, Problem> {
    let part = Part::of(&call)?;
    let published = call.state(part.position).await?;
    let (plan, day) = (plan_of(&published)?, call.as_of());
    let (agency, state) = (call.text(&AGENCY), call.text(&STATE).and_then(State::from_code));
    let tasks = task::fold(&published.tasks, day);
    let mut found: Vec<(&Task, Situation)> = tasks
        .values()
        .filter(|task| agency.is_none_or(|agency| task.is_work_of(plan, agency, day)))
        .map(|task| (task, task.situation(day)))
        .filter(|(_, situation)| state.is_none_or(|state| situation.state == state))
        .collect();
    found.sort_by_key(|(task, situation)| {
        (situation.state, situation.due.is_none(), situation.due, task.code.clone())
    });
    let position = published.register.position;
    Ok(part.page(&call, &found, position, |(task, situation)| Document::new(task, situation)))
}

async fn one(call: Call) -> Result<Reply<Document>, Problem> {
    let published = call.state(None).await?;
    let day = call.as_of();
    let tasks = task::fold(&published.tasks, day);
    let code = call.at(CODE.name);
    let Some(task) = tasks.get(code) else {
        return Err(Problem::not_found(words!(
            "không có nhiệm vụ `{code}` vào ngày {day}; tra cứu ở /api/v1/tasks",
            "there is no task `{code}` on {day}; look it up at /api/v1/tasks",
            code,
            day
        )));
    };
    Ok(Reply::new(Document::new(task, &task.situation(day))))
}
