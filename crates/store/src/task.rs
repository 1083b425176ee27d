//! What was filed about tasks and alerts, to be folded by the model.

use std::collections::BTreeMap;

use hoptac_model::alert::AlertFiling;
use hoptac_model::filing::{Body, FilingKind};
use hoptac_model::task::{Step, TaskFiling};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use crate::Error;
use crate::database::failure;
use crate::row::Row;

/// The step of a task that a plan orders.
pub(crate) const PLANNED: &str = "plan.order";
/// The step of a task that a plan orders no more.
pub(crate) const DROPPED: &str = "plan.drop";

/// Everything that was filed about tasks, by task and position.
pub(crate) async fn tasks(connection: &mut AnyConnection) -> Result<Vec<TaskFiling>, Error> {
    let rows = sqlx::query("SELECT * FROM task_filing ORDER BY position, task")
        .fetch_all(connection)
        .await
        .map_err(failure("reading tasks"))?;
    rows.iter().map(task).collect()
}

/// Everything that was filed about alerts, in the order of the ledger.
pub(crate) async fn alerts(connection: &mut AnyConnection) -> Result<Vec<AlertFiling>, Error> {
    let rows = sqlx::query("SELECT * FROM alert_filing ORDER BY position")
        .fetch_all(connection)
        .await
        .map_err(failure("reading alerts"))?;
    rows.iter().map(alert).collect()
}

/// The tasks that the plan adopted last orders.
pub(crate) async fn planned(connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    let sql = "SELECT task, step FROM task_filing WHERE step IN ($1, $2) ORDER BY position";
    let rows = sqlx::query(sql)
        .bind(PLANNED)
        .bind(DROPPED)
        .fetch_all(connection)
        .await
        .map_err(failure("reading the tasks of the plan"))?;
    let mut last = BTreeMap::new();
    for row in &rows {
        let row = Row { table: "task_filing", row };
        last.insert(row.text("task")?, row.text("step")? == PLANNED);
    }
    Ok(last.into_iter().filter(|(_, planned)| *planned).map(|(task, _)| task).collect())
}

fn task(row: &AnyRow) -> Result<TaskFiling, Error> {
    let row = Row { table: "task_filing", row };
    let (step, contents) = (row.text("step")?, row.text("contents")?);
    let step = match step.as_str() {
        PLANNED => serde_json::from_str(&contents)
            .map(Step::Planned)
            .map_err(|error| row.wrong("contents", error))?,
        DROPPED => Step::Dropped,
        kind => {
            let Body::Task(act) = body(row, kind, &contents)? else {
                return Err(row.wrong("step", kind));
            };
            Step::Act(act)
        }
    };
    Ok(TaskFiling {
        task: row.text("task")?,
        position: row.whole("position")?,
        on: row.day("on_day")?,
        actor: row.text("actor")?,
        step,
    })
}

fn alert(row: &AnyRow) -> Result<AlertFiling, Error> {
    let row = Row { table: "alert_filing", row };
    let (kind, contents) = (row.text("step")?, row.text("contents")?);
    let Body::Alert(act) = body(row, &kind, &contents)? else {
        return Err(row.wrong("step", kind));
    };
    Ok(AlertFiling {
        alert: row.text("alert")?,
        position: row.whole("position")?,
        on: row.day("on_day")?,
        actor: row.text("actor")?,
        act,
    })
}

fn body(row: Row<'_>, kind: &str, contents: &str) -> Result<Body, Error> {
    let kind = FilingKind::from_code(kind).ok_or_else(|| row.wrong("step", kind))?;
    Body::parse(kind, contents).map_err(|error| row.wrong("contents", error))
}
