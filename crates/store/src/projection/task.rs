//! Tasks and alerts: what was filed about each. A plan that is adopted opens its tasks, and ends those that it has no more.

use std::collections::BTreeSet;

use hoptac_model::filing::alert::AlertAct;
use hoptac_model::filing::task::TaskAct;
use hoptac_model::filing::{Filing, PlanAdopt};
use hoptac_model::words;
use sqlx::AnyConnection;

use super::{inapplicable, json};
use crate::Error;
use crate::table::{ALERT_FILING, TASK_FILING, Value, number};
use crate::task::{DROPPED, PLANNED, planned};

/// What a plan that is adopted says of its tasks.
pub(super) async fn plan(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &PlanAdopt,
) -> Result<(), Error> {
    let tasks = &body.pack.tasks;
    let kept: BTreeSet<&str> = tasks.iter().map(|task| task.id.as_str()).collect();
    let mut rows = Vec::with_capacity(tasks.len());
    for task in tasks {
        rows.push(row(filing, &task.id, PLANNED, json(filing, task)?));
    }
    for dropped in planned(connection).await? {
        if !kept.contains(dropped.as_str()) {
            rows.push(row(filing, &dropped, DROPPED, String::new()));
        }
    }
    TASK_FILING.put(connection, &rows).await
}

/// Something that was filed about a task.
pub(super) async fn file(
    connection: &mut AnyConnection,
    filing: &Filing,
    act: &TaskAct,
) -> Result<(), Error> {
    let Some(code) = filing.subject.as_task() else {
        return Err(inapplicable(
            filing,
            words!(
                "`{subject}` không phải là nhiệm vụ",
                "`{subject}` is no task",
                subject = filing.subject.0
            ),
        ));
    };
    let row = row(filing, code, act.kind().code(), filing.body.clone());
    TASK_FILING.put(connection, &[row]).await
}

/// Something that was filed about an alert.
pub(super) async fn care(
    connection: &mut AnyConnection,
    filing: &Filing,
    act: &AlertAct,
) -> Result<(), Error> {
    let Some(key) = filing.subject.as_alert() else {
        return Err(inapplicable(
            filing,
            words!(
                "`{subject}` không phải là cảnh báo",
                "`{subject}` is no alert",
                subject = filing.subject.0
            ),
        ));
    };
    let row = row(filing, key, act.kind().code(), filing.body.clone());
    ALERT_FILING.put(connection, &[row]).await
}

fn row(filing: &Filing, name: &str, step: &str, contents: String) -> [Value; 6] {
    [
        Value::from(name),
        number(filing.position).into(),
        filing.effective_on.into(),
        filing.actor.as_str().into(),
        step.into(),
        contents.into(),
    ]
}
