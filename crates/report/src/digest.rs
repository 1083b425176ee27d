//! The digest of tasks for one addressee: what is late, what falls due soon, what the figures show done. Plain text for a
//! letter; codes, titles of tasks, agencies and days stand in it, and nothing about a person.

use std::fmt::Write as _;

use hoptac_model::date;
use hoptac_model::pack::Pack;
use hoptac_model::task::{Addressee, Proposal, Situation, State, Task, rung_on};
use hoptac_model::text::{Language, Words};
use hoptac_model::words;
use jiff::civil::Date;

/// How many days ahead a due day is told.
const AHEAD: i32 = 30;

/// For whom a digest is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reader {
    /// An agency of the plan: what it leads or works with.
    Agency(String),
    /// The plan's lead department: what has risen to it.
    Owner,
    /// The people's committee: what has risen to it.
    Leader,
}

impl Reader {
    /// The reader that is written so; an agency where it is neither `owner` nor `leader`.
    pub fn read(text: &str) -> Self {
        match text {
            "owner" => Self::Owner,
            "leader" => Self::Leader,
            agency => Self::Agency(agency.to_owned()),
        }
    }

    /// How it is written.
    pub fn code(&self) -> &str {
        match self {
            Self::Agency(agency) => agency,
            Self::Owner => "owner",
            Self::Leader => "leader",
        }
    }

    fn name(&self, plan: &Pack) -> Words {
        match self {
            Self::Agency(id) => {
                let agency = plan.agencies.iter().find(|agency| &agency.id == id);
                agency.map_or_else(|| Words::verbatim(id), |agency| agency.name.clone())
            }
            Self::Owner => Addressee::Owner.words(),
            Self::Leader => Addressee::Leader.words(),
        }
    }

    /// Whether a task is told to it on a day.
    fn hears_of(&self, task: &Task, situation: &Situation, plan: &Pack, day: Date) -> bool {
        let risen =
            |to| rung_on(&plan.ladder, situation, day).is_some_and(|rung| rung.to.contains(&to));
        match self {
            Self::Agency(agency) => task.is_work_of(plan, agency, day),
            Self::Owner => risen(Addressee::Owner),
            Self::Leader => risen(Addressee::Leader),
        }
    }
}

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// How many tasks it tells of.
    pub tasks: usize,
}

/// The digest of a day for a reader; none where there is nothing to tell.
pub fn compose<'t>(
    reader: &Reader,
    plan: &Pack,
    tasks: impl IntoIterator<Item = &'t Task>,
    proposals: &[Proposal],
    day: Date,
    language: Language,
) -> Option<Digest> {
    let mut told: Vec<(&Task, Situation)> = tasks
        .into_iter()
        .map(|task| (task, task.situation(day)))
        .filter(|(task, situation)| reader.hears_of(task, situation, plan, day))
        .collect();
    told.sort_by_key(|(task, situation)| (situation.due, task.code.clone()));
    let late = |(_, situation): &&(&Task, Situation)| situation.state == State::Late;
    let soon = |(_, situation): &&(&Task, Situation)| {
        situation.state.is_open() && situation.days.is_some_and(|days| (0..=AHEAD).contains(&days))
    };
    let shown = |(task, _): &&(&Task, Situation)| proposals.iter().any(|one| one.task == task.code);
    let parts: [(Words, Vec<&(&Task, Situation)>); 3] = [
        (words!("Quá hạn", "Late"), told.iter().filter(late).collect()),
        (
            words!("Đến hạn trong {days} ngày", "Due within {days} days", days = AHEAD),
            told.iter().filter(soon).collect(),
        ),
        (
            words!(
                "Số liệu cho thấy đã hoàn thành, chờ xác nhận",
                "Shown done by figures, to be confirmed"
            ),
            told.iter().filter(shown).collect(),
        ),
    ];
    let count = told.iter().filter(|one| late(one) || soon(one) || shown(one)).count();
    if count == 0 {
        return None;
    }
    let late_count = parts.first().map_or(0, |(_, late)| late.len());
    let name = reader.name(plan);
    let subject = words!(
        "Nhiệm vụ kế hoạch {number} tính đến {day}: {late} quá hạn",
        "Tasks of plan {number} on {day}: {late} late",
        number = plan.document.number,
        day,
        late = late_count
    );
    let mut text = words!("Kính gửi: {name}", "To: {name}", name).get(language).to_owned();
    text.push('\n');
    for (heading, list) in parts.iter().filter(|(_, list)| !list.is_empty()) {
        // Writing to a string does not fail.
        let _ = write!(text, "\n{} ({})\n", heading.get(language), list.len());
        for (task, situation) in list {
            let lead = task.lead_on(plan, day).map_or("–", |agency| agency.name.get(language));
            let _ = writeln!(text, "- {} {}", task.code, task.title(language));
            let due = situation.due.map_or_else(|| "–".to_owned(), |due| date::show(due, language));
            let line =
                words!("  hạn {due}; chủ trì: {lead}", "  due {due}; lead: {lead}", due, lead);
            let _ = writeln!(text, "{}", line.get(language));
            if let Some(rung) = rung_on(&plan.ladder, situation, day) {
                let _ = writeln!(text, "  {}", rung.title.get(language));
            }
        }
    }
    Some(Digest { subject: subject.get(language).to_owned(), text, tasks: count })
}
