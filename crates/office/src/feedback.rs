//! What people write from the public side becomes a task of the unit that it is about. The words are sealed and kept beside the ledger;
//! the ledger gets a task that names the day and the unit, and nothing that anybody wrote.

use hoptac_model::feedback::{self, Feedback, FeedbackError};
use hoptac_model::filing::task::{TaskAct, TaskOpen};
use hoptac_model::filing::{Body, Draft, Origin, Subject};
use hoptac_model::ids::{FilingId, TargetId, UnitId};
use hoptac_model::pack::Pack;
use hoptac_model::task::{Because, Ground};
use hoptac_model::text::Words;
use hoptac_model::words;
use hoptac_store::Store;
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use crate::authority::Actor;
use crate::clerk::Clerk;
use crate::key::Key;
use crate::refusal::Refusal;
use hoptac_model::account::Role;

/// How many messages are taken in a day, over all units.
pub const PER_DAY: i64 = 200;
/// Who files the task: nobody's account.
const ACTOR: &str = "trang-cong-khai";

/// A message as it came.
#[derive(Clone, Debug)]
pub struct Letter {
    /// What was written.
    pub text: String,
    /// The target that it is about.
    pub about: Option<TargetId>,
    /// The unit that it goes to.
    pub unit: UnitId,
    /// When it came.
    pub sent_at: Timestamp,
    /// Chance, for its code and its seal.
    pub chance: [u8; 32],
    /// The identity of the filing that opens the task.
    pub id: FilingId,
}

/// Why a message was not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// What was written cannot be taken.
    #[error(transparent)]
    Text(#[from] FeedbackError),
    /// Too many came today.
    #[error("too many messages came today")]
    TooMany,
    /// There is no plan, so that nobody is there to read it.
    #[error("there is no plan yet")]
    NoPlan,
    /// The task could not be opened.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl From<hoptac_store::Error> for NotTaken {
    fn from(error: hoptac_store::Error) -> Self {
        Self::Refused(error.into())
    }
}

impl NotTaken {
    /// Why, with what to do, in both languages.
    pub fn words(&self) -> Words {
        match self {
            Self::Text(error) => error.words(),
            Self::TooMany => words!(
                "hôm nay đã nhận quá nhiều ý kiến; hãy gửi lại vào ngày mai",
                "too many messages came today; send it again tomorrow"
            ),
            Self::NoPlan => words!(
                "chưa có kế hoạch nào để góp ý",
                "there is no plan yet that anything could be said about"
            ),
            Self::Refused(refusal) => refusal.sentence(),
        }
    }
}

/// Takes a message: keeps it sealed, and opens the unit's task of the day where there is none yet. Gives its code; the same words again have
/// the code that they had.
pub async fn send(store: &Store, key: &Key, letter: Letter) -> Result<String, NotTaken> {
    let text = feedback::read(&letter.text)?;
    let day = Offset::constant(7).to_datetime(letter.sent_at).date();
    let said =
        key.code("feedback", &format!("{day}\n{}\n{text}", letter.unit.as_str())).to_string();
    let mut clerk = Clerk::new(store.begin().await?);
    if let Some(code) = clerk.writing().feedback_with(&said).await? {
        return Ok(code);
    }
    let since = letter.sent_at - SignedDuration::from_hours(24);
    if clerk.writing().feedback_since(since).await? >= PER_DAY {
        return Err(NotTaken::TooMany);
    }
    let plan = clerk.plan().await?.ok_or(NotTaken::NoPlan)?;
    let task = feedback::task_code(&letter.unit, day);
    if clerk.writing().subject_version(&Subject::task(&task)).await? == 0 {
        let draft = open(&letter, &task, &plan, day);
        clerk.take(&Actor::new(ACTOR, Role::Operator), draft).await?;
    }
    let nonce: [u8; 24] = *letter.chance.first_chunk().unwrap_or(&[0; 24]);
    let digits: String = said.chars().take(8).collect();
    let code = format!("YK-{}", digits.to_uppercase());
    let kept = Feedback {
        sealed: key.seal(&code, nonce, text.as_bytes()),
        code: code.clone(),
        sent_at: letter.sent_at,
        about: letter.about.map_or_else(String::new, |target| target.as_str().to_owned()),
        unit: letter.unit,
        task,
    };
    clerk.writing().keep_feedback(&kept, &said).await?;
    clerk.commit().await?;
    Ok(code)
}

/// What was written, where the key is the one that sealed it.
pub fn text(key: &Key, feedback: &Feedback) -> Option<String> {
    String::from_utf8(key.open(&feedback.code, &feedback.sealed)?).ok()
}

/// The task of a unit for a day's messages.
fn open(letter: &Letter, task: &str, plan: &Pack, day: Date) -> Draft {
    let lead = plan.agencies.iter().find(|agency| {
        agency.valid_from.is_none_or(|from| from <= day)
            && agency.valid_to.is_none_or(|to| day <= to)
    });
    Draft {
        id: letter.id,
        recorded_at: letter.sent_at,
        effective_on: day,
        actor: ACTOR.to_owned(),
        subject: Subject::task(task),
        expected_version: Some(0),
        origin: Origin::Live,
        key: None,
        body: Body::Task(TaskAct::Open(Box::new(TaskOpen {
            title: format!(
                "Xem và trả lời ý kiến của người dân gửi ngày {}",
                hoptac_model::date::show(day, hoptac_model::text::Language::Vi)
            ),
            ground: Ground { unit: Some(letter.unit.clone()), ..Ground::new(Because::Public) },
            group: None,
            lead: lead.map_or_else(String::new, |agency| agency.id.clone()),
            with: Vec::new(),
            unit: Some(letter.unit.clone()),
            due: plan.feedback.as_ref().map(|deadline| {
                day.saturating_add(jiff::Span::new().days(i64::from(deadline.days)))
            }),
            recurrence: None,
            effects: Vec::new(),
            note: String::new(),
        }))),
    }
}

#[cfg(test)]
mod tests {
    use hoptac_model::pack::FeedbackDeadline;
    use jiff::civil::date;

    use super::*;

    /// By when a message of 2 March 2026 is looked at.
    #[track_caller]
    fn check(days: Option<u16>, want: Option<Date>) {
        let mut plan = hoptac_testkit::pack::small_pack("thu");
        plan.feedback = days.map(|days| FeedbackDeadline { days, source: Words::default() });
        let letter = Letter {
            text: String::new(),
            about: None,
            unit: UnitId::from("20"),
            sent_at: Timestamp::UNIX_EPOCH,
            chance: [0; 32],
            id: FilingId(uuid::Uuid::nil()),
        };
        let draft = open(&letter, "YK", &plan, date(2026, 3, 2));
        let Body::Task(TaskAct::Open(task)) = draft.body else { panic!("no task is opened") };
        assert_eq!(task.due, want);
    }

    #[test]
    fn the_pack_says_by_when() {
        check(Some(10), Some(date(2026, 3, 12)));
        check(Some(30), Some(date(2026, 4, 1)));
    }
    #[test]
    fn a_plan_that_says_nothing_sets_no_day() {
        check(None, None);
    }
}
