//! Tasks: what the plan orders and what was opened beside it, folded from filings; where each stands on a day and why; the
//! ladder by which an overdue one rises.
//!
//! A task of the plan is opened by the plan's adoption. What was assigned since outlives an adoption anew; a task that the
//! new plan no longer has ends with it. A task that returns has occurrences, each named by its due day.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use serde::{Deserialize, Serialize};

use crate::date::days_between;
use crate::filing::reform::Decision;
use crate::filing::task::{TaskAct, TaskAssign, TaskClose, TaskOpen, TaskPostpone, TaskProgress};
use crate::ids::{IndicatorId, TargetId, UnitId};
use crate::pack;
use crate::text::{Language, Words};
use crate::words;

mod ladder;

pub use ladder::{Addressee, Rung, rung_on};

/// How often a task returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recurrence {
    /// Every year.
    Yearly,
    /// Every half-year.
    HalfYearly,
    /// Every quarter.
    Quarterly,
    /// Every month.
    Monthly,
}

impl Recurrence {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Yearly, Self::HalfYearly, Self::Quarterly, Self::Monthly];

    /// The word in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Yearly => "yearly",
            Self::HalfYearly => "half_yearly",
            Self::Quarterly => "quarterly",
            Self::Monthly => "monthly",
        }
    }

    /// The recurrence that is written so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Yearly => Words::new("hằng năm", "every year"),
            Self::HalfYearly => Words::new("sáu tháng một lần", "every half-year"),
            Self::Quarterly => Words::new("hằng quý", "every quarter"),
            Self::Monthly => Words::new("hằng tháng", "every month"),
        }
    }

    fn months(self) -> i8 {
        match self {
            Self::Yearly => 12,
            Self::HalfYearly => 6,
            Self::Quarterly => 3,
            Self::Monthly => 1,
        }
    }
}

/// What made somebody open a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// A target will be missed.
    Gap,
    /// Yearly returns have not come in.
    Returns,
    /// Something is wrong with the plan or the register.
    Finding,
    /// There is an alert.
    Alert,
    /// A document orders it.
    Order,
    /// People wrote from the public side.
    Public,
}

impl Because {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Gap, Self::Returns, Self::Finding, Self::Alert, Self::Order, Self::Public];

    /// The word in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Gap => "gap",
            Self::Returns => "returns",
            Self::Finding => "finding",
            Self::Alert => "alert",
            Self::Order => "order",
            Self::Public => "public",
        }
    }
}

/// Why a task was opened beside those of the plan: what made somebody do it, and what that is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    /// What made somebody open it.
    pub because: Because,
    /// The target that will be missed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetId>,
    /// Where that is; none for the plan's whole territory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// The year of the returns that are missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i16>,
    /// The code of the finding, or the key of the alert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What the finding is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

impl Ground {
    /// A ground that is about nothing yet.
    pub fn new(because: Because) -> Self {
        let (target, unit, year, code, about, decision) = (None, None, None, None, None, None);
        Self { because, target, unit, year, code, about, decision }
    }

    /// Why, in a few words.
    pub fn words(&self) -> Words {
        let target = self.target.as_ref().map_or("", TargetId::as_str);
        let code = self.code.as_deref().unwrap_or_default();
        let about = self.about.as_deref().unwrap_or_default();
        let said = match (self.because, &self.decision) {
            (Because::Gap, _) => {
                words!("chỉ tiêu {target} khó đạt", "target {target} is at risk", target)
            }
            (Because::Returns, _) => {
                let year = self.year.unwrap_or_default();
                words!("còn thiếu báo cáo năm {year}", "returns of {year} are missing", year)
            }
            (Because::Finding, _) => {
                words!("phát hiện {code}: {about}", "finding {code}: {about}", code, about)
            }
            (Because::Alert, _) => words!("cảnh báo {code}", "alert {code}", code),
            (Because::Order, Some(decision)) => words!(
                "văn bản {number} ngày {date}",
                "document {number} of {date}",
                number = decision.number,
                date = decision.date
            ),
            (Because::Public, _) => words!("ý kiến của người dân", "messages from the public"),
            (Because::Order, None) => words!("theo văn bản", "by a document"),
        };
        match &self.unit {
            Some(unit) => words!("{said}, đơn vị {unit}", "{said}, unit {unit}", said, unit),
            None => said,
        }
    }
}

/// What a task should move.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// The indicator.
    pub indicator: IndicatorId,
    /// The value that shows the task done; where it is absent, the plan's targets for the indicator say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The year of that value; where it is absent, the year in which the task is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i16>,
}

/// What shows that something was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What it is: minutes, a report, a list.
    pub what: String,
    /// Where it is found: the number of a document, an address.
    pub source: String,
}

/// A figure that shows a task done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// The indicator.
    pub indicator: IndicatorId,
    /// The target that it meets, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetId>,
    /// Of which unit.
    pub unit: UnitId,
    /// Of which day.
    pub as_of: Date,
    /// Its value.
    pub value: f64,
    /// The ledger position from which it was computed.
    pub position: u64,
}

/// A filing that bears on a task.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskFiling {
    /// The task's code.
    pub task: String,
    /// Its place in the ledger.
    pub position: u64,
    /// From when it is effective.
    pub on: Date,
    /// Who filed.
    pub actor: String,
    /// What it does.
    pub step: Step,
}

/// What a filing does to a task.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// A plan that has it is adopted.
    Planned(Box<pack::Task>),
    /// A plan that does not have it any more is adopted.
    Dropped,
    /// Somebody filed about it.
    Act(TaskAct),
}

impl Step {
    /// The kind of filing that did it, or what a plan did.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Planned(_) => "plan.order",
            Self::Dropped => "plan.drop",
            Self::Act(act) => act.kind().code(),
        }
    }
}

/// How a task ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct End {
    /// On which day.
    pub on: Date,
    /// In which state.
    pub state: State,
    /// What came of it, or why.
    pub said: Words,
    /// The task that it goes on in, where it was merged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub into: Option<String>,
    /// The figures that showed it done.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub basis: Vec<Basis>,
}

/// A task, or one of its occurrences, that the figures show done. A person confirms it by closing the task.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Proposal {
    /// The task's code.
    pub task: String,
    /// The occurrence, of a task that returns.
    pub occurrence: Option<Date>,
    /// The figures.
    pub basis: Vec<Basis>,
    /// What they say, as one sentence without a full stop.
    pub reason: Words,
}

/// A due day that was put off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PutOff {
    /// On which day it was decided.
    pub on: Date,
    /// The new day.
    pub to: Date,
    /// Why.
    pub reason: String,
}

/// A task with everything that was filed about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Task {
    /// Its code, unique in the instance.
    pub code: String,
    /// What is to be done.
    pub title: Words,
    /// Why it was opened; none for a task of the plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ground: Option<Ground>,
    /// Its field, as the plan names it.
    pub group: Option<String>,
    /// The agency in the lead; none where the plan does not say.
    pub lead: Option<String>,
    /// Agencies that work with it.
    pub with: Vec<String>,
    /// The account that sees to it.
    pub account: Option<String>,
    /// The unit where it is done; none for the plan's whole territory.
    pub unit: Option<UnitId>,
    /// Its due day; of a task that returns, the first.
    pub due: Option<Date>,
    /// How often it returns.
    pub recurrence: Option<Recurrence>,
    /// What it should move.
    pub effects: Vec<Effect>,
    /// What should be known about it.
    pub note: Words,
    /// The day on which it was opened.
    pub opened_on: Date,
    /// How many filings there are about it.
    pub version: u32,
    /// The last report on it.
    pub progress: Option<(Date, TaskProgress)>,
    /// What shows what was done, with its day.
    pub evidence: Vec<(Date, Evidence)>,
    /// Occurrences that are done, by their due day.
    pub done: BTreeMap<Date, End>,
    /// Due days that were put off.
    pub put_off: BTreeMap<Date, PutOff>,
    /// How it ended, where it did.
    pub end: Option<End>,
    #[serde(skip)]
    counted_from: Date,
    #[serde(skip)]
    assigned: Vec<TaskAssign>,
}

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Past its due day.
    Late,
    /// Put off, with a reason.
    Postponed,
    /// Nobody has reported on it yet.
    NotStarted,
    /// Being done, and not past its due day.
    OnTime,
    /// Done.
    Done,
    /// Goes on as part of another.
    Merged,
    /// Not to be done any more.
    Cancelled,
}

impl State {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 7] = [
        Self::Late,
        Self::Postponed,
        Self::NotStarted,
        Self::OnTime,
        Self::Done,
        Self::Merged,
        Self::Cancelled,
    ];

    /// The word in addresses and files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Postponed => "postponed",
            Self::NotStarted => "not_started",
            Self::OnTime => "on_time",
            Self::Done => "done",
            Self::Merged => "merged",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state that is written so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Late => Words::new("quá hạn", "late"),
            Self::Postponed => Words::new("được gia hạn", "postponed"),
            Self::NotStarted => Words::new("chưa bắt đầu", "not started"),
            Self::OnTime => Words::new("đang thực hiện", "on time"),
            Self::Done => Words::new("hoàn thành", "done"),
            Self::Merged => Words::new("đã gộp", "merged"),
            Self::Cancelled => Words::new("đã hủy", "cancelled"),
        }
    }

    /// The sign beside the word, so that colour is not needed.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Late => "▼",
            Self::Postponed => "◐",
            Self::NotStarted => "○",
            Self::OnTime => "▲",
            Self::Done => "✓",
            Self::Merged => "→",
            Self::Cancelled => "–",
        }
    }

    /// Whether there is still something to do.
    pub fn is_open(self) -> bool {
        match self {
            Self::Late | Self::Postponed | Self::NotStarted | Self::OnTime => true,
            Self::Done | Self::Merged | Self::Cancelled => false,
        }
    }
}

/// Where a task stands on a day, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Situation {
    /// Where.
    pub state: State,
    /// The due day of the occurrence in question; none where none is known.
    pub occurrence: Option<Date>,
    /// The day by which that is to be done, put off or not.
    pub due: Option<Date>,
    /// How many days until then; less than zero after it.
    pub days: Option<i32>,
    /// How many occurrences are past their day and not done.
    pub missed: u32,
    /// Why it stands there.
    pub reason: Words,
}

/// Folds filings into tasks, by code. Only those effective by `day` count.
pub fn fold(filings: &[TaskFiling], day: Date) -> BTreeMap<String, Task> {
    let mut sorted: Vec<&TaskFiling> = filings.iter().filter(|filing| filing.on <= day).collect();
    sorted.sort_by_key(|filing| (filing.on, filing.position));
    let mut tasks: BTreeMap<String, Task> = BTreeMap::new();
    for filing in sorted {
        match tasks.get_mut(&filing.task) {
            Some(task) => task.take(filing),
            None => {
                if let Some(task) = Task::opened(filing) {
                    tasks.insert(filing.task.clone(), task);
                }
            }
        }
    }
    tasks
}

/// Whether a text can be the code of a task: letters, digits, points and dashes.
pub fn is_code(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    (1..=40).contains(&text.len()) && text.chars().all(fits)
}

/// A code for the next task that is opened in a year, behind those that are there.
///
/// ```
/// assert_eq!(hoptac_model::task::next_code(["NV-2026-001", "N20-1"], 2026), "NV-2026-002");
/// ```
pub fn next_code<'c>(codes: impl IntoIterator<Item = &'c str>, year: i16) -> String {
    let prefix = format!("NV-{year}-");
    let numbers = codes.into_iter().filter_map(|code| code.strip_prefix(&prefix)?.parse().ok());
    let last: u32 = numbers.max().unwrap_or(0);
    format!("{prefix}{:03}", last.saturating_add(1))
}

impl Task {
    /// The task that a first filing opens; none for a filing that opens nothing.
    fn opened(filing: &TaskFiling) -> Option<Self> {
        let mut task = Self {
            code: filing.task.clone(),
            title: Words::default(),
            ground: None,
            group: None,
            lead: None,
            with: Vec::new(),
            account: None,
            unit: None,
            due: None,
            recurrence: None,
            effects: Vec::new(),
            note: Words::default(),
            opened_on: filing.on,
            version: 0,
            progress: None,
            evidence: Vec::new(),
            done: BTreeMap::new(),
            put_off: BTreeMap::new(),
            end: None,
            counted_from: filing.on,
            assigned: Vec::new(),
        };
        match &filing.step {
            Step::Planned(planned) => task.plan(planned),
            Step::Act(TaskAct::Open(open)) => {
                task.version = 1;
                task.define(open);
            }
            Step::Dropped | Step::Act(_) => return None,
        }
        Some(task)
    }

    fn define(&mut self, open: &TaskOpen) {
        self.title = Words::verbatim(&open.title);
        self.ground = Some(open.ground.clone());
        self.group.clone_from(&open.group);
        self.lead = Some(open.lead.clone());
        self.with.clone_from(&open.with);
        self.unit.clone_from(&open.unit);
        self.due = open.due;
        self.recurrence = open.recurrence;
        self.effects.clone_from(&open.effects);
        self.note = Words::verbatim(&open.note);
    }

    /// What the plan says of it, under what was assigned since.
    fn plan(&mut self, planned: &pack::Task) {
        self.title.clone_from(&planned.title);
        self.group = Some(planned.group.clone());
        self.lead.clone_from(&planned.lead);
        self.with.clone_from(&planned.with);
        self.due = planned.due;
        self.recurrence = planned.recurrence;
        let bare = |indicator: &IndicatorId| Effect {
            indicator: indicator.clone(),
            value: None,
            year: None,
        };
        self.effects = planned.indicators.iter().map(bare).collect();
        self.note.clone_from(&planned.note);
        for assign in std::mem::take(&mut self.assigned) {
            self.assign(assign, None);
        }
    }

    fn take(&mut self, filing: &TaskFiling) {
        let on = filing.on;
        match &filing.step {
            Step::Planned(planned) => {
                self.plan(planned);
                if self.end.as_ref().is_some_and(End::is_drop) {
                    self.end = None;
                }
            }
            Step::Dropped => {
                if self.end.is_none() {
                    self.end = Some(End::drop(on));
                }
            }
            Step::Act(act) => {
                self.version += 1;
                self.act(act, on);
            }
        }
    }

    fn act(&mut self, act: &TaskAct, on: Date) {
        match act {
            // A second opening is refused before it is filed.
            TaskAct::Open(_) => {}
            TaskAct::Assign(assign) => self.assign((**assign).clone(), Some(on)),
            TaskAct::Progress(progress) => {
                self.evidence.extend(progress.evidence.iter().map(|one| (on, one.clone())));
                self.progress = Some((on, progress.clone()));
            }
            TaskAct::Postpone(TaskPostpone { occurrence, to, reason, .. }) => {
                // What has no day cannot be put off, which is said before it is filed.
                if let Some(day) = occurrence.or(self.due) {
                    self.put_off.insert(day, PutOff { on, to: *to, reason: reason.clone() });
                }
            }
            TaskAct::Close(close) => self.close(close, on),
            TaskAct::Cancel(cancel) => {
                self.end = Some(End::of(on, State::Cancelled, &cancel.reason));
            }
            TaskAct::Merge(merge) => {
                let into = Some(merge.into.clone());
                self.end = Some(End { into, ..End::of(on, State::Merged, &merge.reason) });
            }
            TaskAct::Reopen(reopen) => match reopen.occurrence {
                Some(occurrence) => {
                    self.done.remove(&occurrence);
                }
                None => self.end = None,
            },
        }
    }

    fn close(&mut self, close: &TaskClose, on: Date) {
        self.evidence.extend(close.evidence.iter().map(|one| (on, one.clone())));
        let basis = close.basis.clone();
        let end = End { basis, ..End::of(on, State::Done, &close.result) };
        match close.occurrence {
            Some(occurrence) => {
                self.done.insert(occurrence, end);
            }
            None => self.end = Some(end),
        }
    }

    fn assign(&mut self, assign: TaskAssign, on: Option<Date>) {
        if let Some(lead) = &assign.lead {
            self.lead = Some(lead.clone());
            self.with.retain(|with| with != lead);
        }
        if let Some(with) = &assign.with {
            self.with.clone_from(with);
        }
        if let Some(account) = &assign.account {
            self.account = Some(account.clone()).filter(|account| !account.is_empty());
        }
        if let Some(unit) = &assign.unit {
            self.unit = Some(unit.clone());
        }
        if let Some(recurrence) = assign.recurrence {
            self.recurrence = Some(recurrence);
            if let (None, Some(on)) = (assign.due, on) {
                self.counted_from = on;
            }
        }
        if let Some(due) = assign.due {
            self.due = Some(due);
            self.put_off.clear();
        }
        if let Some(effects) = &assign.effects {
            self.effects.clone_from(effects);
        }
        self.assigned.push(assign);
    }

    /// Its due days, up to the first that comes after a day. Those of a task that returns without a day of its own are the
    /// last days of its periods.
    pub fn due_days(&self, until: Date) -> Vec<Date> {
        let Some(recurrence) = self.recurrence else { return self.due.into_iter().collect() };
        let months = recurrence.months();
        let first = self.due.unwrap_or_else(|| period_end(self.counted_from, months));
        let ends_month = self.due.is_none() || first == first.last_of_month();
        let mut days = Vec::new();
        for number in 0..1200_i32 {
            let span: Span = (number * i32::from(months)).months();
            let Ok(day) = first.checked_add(span) else { break };
            let day = if ends_month { day.last_of_month() } else { day };
            days.push(day);
            if day > until {
                break;
            }
        }
        days
    }

    /// The occurrences that are neither done nor before their time: those past their day, and the one that comes next.
    pub fn open_occurrences(&self, day: Date) -> Vec<Date> {
        let days = self.due_days(day);
        days.into_iter().filter(|due| !self.done.contains_key(due)).collect()
    }

    /// The day by which an occurrence is to be done: its due day, or the one to which it was put off.
    pub fn due_of(&self, occurrence: Date) -> Date {
        self.put_off.get(&occurrence).map_or(occurrence, |put_off| put_off.to)
    }

    /// Whether somebody reported on it since its last occurrence was done.
    fn is_begun(&self) -> bool {
        let last = self.done.values().map(|end| end.on).max();
        self.progress.as_ref().is_some_and(|(on, _)| last.is_none_or(|last| *on > last))
    }

    /// Where it stands on a day. The filings after that day must not be folded into it.
    pub fn situation(&self, day: Date) -> Situation {
        if let Some(end) = &self.end {
            let said = end.said.clone();
            let (occurrence, due) = (self.due, self.due.map(|due| self.due_of(due)));
            let state = end.state;
            return Situation { state, occurrence, due, days: None, missed: 0, reason: said };
        }
        let open = self.open_occurrences(day);
        let late = |occurrence: &&Date| self.due_of(**occurrence) < day;
        let missed = u32::try_from(open.iter().filter(late).count()).unwrap_or(u32::MAX);
        let Some(occurrence) = open.iter().find(late).or(open.first()).copied() else {
            return self.without_day();
        };
        let due = self.due_of(occurrence);
        let days = days_between(day, due);
        let (state, reason) = if days < 0 {
            (State::Late, self.why_late(due, -days, missed))
        } else if let Some(put_off) = self.put_off.get(&occurrence) {
            let reason = words!(
                "gia hạn từ {occurrence} đến {to}: {why}",
                "put off from {occurrence} to {to}: {why}",
                occurrence,
                to = put_off.to,
                why = put_off.reason
            );
            (State::Postponed, reason)
        } else if self.is_begun() {
            (
                State::OnTime,
                words!("hạn {due}, còn {days} ngày", "due {due}, in {days} days", due, days),
            )
        } else {
            let reason = words!(
                "hạn {due}, còn {days} ngày, chưa có báo cáo tiến độ",
                "due {due}, in {days} days, nothing reported yet",
                due,
                days
            );
            (State::NotStarted, reason)
        };
        let (occurrence, due) = (Some(occurrence), Some(due));
        Situation { state, occurrence, due, days: Some(days), missed, reason }
    }

    fn why_late(&self, due: Date, days: i32, missed: u32) -> Words {
        let late = if missed > 1 {
            words!(
                "{missed} kỳ quá hạn, kỳ sớm nhất hạn {due}, chậm {days} ngày",
                "{missed} occurrences are overdue, the first by {days} days, due {due}",
                missed,
                due,
                days = i64::from(days)
            )
        } else {
            words!(
                "hạn {due}, chậm {days} ngày",
                "due {due}, {days} days ago",
                due,
                days = i64::from(days)
            )
        };
        if self.is_begun() {
            return late;
        }
        words!("{late}, chưa có báo cáo tiến độ", "{late}, nothing reported", late)
    }

    /// A task without a due day is never late: nobody said by when.
    fn without_day(&self) -> Situation {
        let (state, reason) = if self.is_begun() {
            (State::OnTime, words!("chưa giao thời hạn", "no due day was given"))
        } else {
            let reason = words!(
                "chưa giao thời hạn, chưa có báo cáo tiến độ",
                "no due day was given, nothing reported yet"
            );
            (State::NotStarted, reason)
        };
        Situation { state, occurrence: None, due: None, days: None, missed: 0, reason }
    }

    /// How much of it is done, in percent, where somebody said.
    pub fn percent(&self) -> Option<u8> {
        self.progress.as_ref().filter(|_| self.is_begun())?.1.percent
    }

    /// Whether an agency, or one that followed it, leads it or works with it on a day.
    pub fn is_work_of(&self, plan: &pack::Pack, agency: &str, day: Date) -> bool {
        let is = |id: &String| plan.agency_on(id, day).is_some_and(|one| one.id == agency);
        self.lead.iter().chain(&self.with).any(is)
    }

    /// The agency that leads it on a day: the one that was named, or that followed it.
    pub fn lead_on<'p>(&self, plan: &'p pack::Pack, day: Date) -> Option<&'p pack::Agency> {
        plan.agency_on(self.lead.as_deref()?, day)
    }

    /// Its title in a language.
    pub fn title(&self, language: Language) -> &str {
        self.title.get(language)
    }
}

impl End {
    fn of(on: Date, state: State, said: &str) -> Self {
        Self { on, state, said: Words::verbatim(said), into: None, basis: Vec::new() }
    }

    /// The end of a task that a plan adopted anew does not have any more.
    fn drop(on: Date) -> Self {
        let said = words!(
            "kế hoạch đang áp dụng không còn nhiệm vụ này",
            "the plan in force has it no more"
        );
        Self { said, ..Self::of(on, State::Cancelled, "") }
    }

    fn is_drop(&self) -> bool {
        *self == Self::drop(self.on)
    }
}

/// The last day of the period of so many months in which a day lies; periods begin with the year.
fn period_end(day: Date, months: i8) -> Date {
    let last = (day.month() - 1) / months * months + months;
    Date::constant(day.year(), last, 1).last_of_month()
}

#[cfg(test)]
mod tests;
