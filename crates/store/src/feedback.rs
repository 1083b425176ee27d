//! What people wrote from the public side. It is nobody's filing; the task that it led to is one.

use hoptac_model::feedback::Feedback;
use jiff::Timestamp;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use crate::database::failure;
use crate::row::Row;
use crate::{Error, Store};

/// Keeps a message. `said` is a code over what it says, by which the same is not kept twice.
pub(crate) async fn keep(
    connection: &mut AnyConnection,
    feedback: &Feedback,
    said: &str,
) -> Result<(), Error> {
    let sql = "INSERT INTO feedback (code, sent_at, about, unit, task, said, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    sqlx::query(sql)
        .bind(&feedback.code)
        .bind(feedback.sent_at.to_string())
        .bind(&feedback.about)
        .bind(feedback.unit.as_str())
        .bind(&feedback.task)
        .bind(said)
        .bind(&feedback.sealed)
        .execute(connection)
        .await
        .map_err(failure("keeping a message"))?;
    Ok(())
}

/// The code of the message that says this already.
pub(crate) async fn with(
    connection: &mut AnyConnection,
    said: &str,
) -> Result<Option<String>, Error> {
    sqlx::query_scalar("SELECT code FROM feedback WHERE said = $1")
        .bind(said)
        .fetch_optional(connection)
        .await
        .map_err(failure("looking for a message"))
}

/// How many messages came since a moment.
pub(crate) async fn count_since(
    connection: &mut AnyConnection,
    since: Timestamp,
) -> Result<i64, Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM feedback WHERE sent_at >= $1")
        .bind(since.to_string())
        .fetch_one(connection)
        .await
        .map_err(failure("counting messages"))
}

impl Store {
    /// The newest messages, at most so many.
    pub async fn feedback(&self, most: u32) -> Result<Vec<Feedback>, Error> {
        let mut reading = self.database.read().await?;
        let rows = sqlx::query("SELECT * FROM feedback ORDER BY sent_at DESC, code LIMIT $1")
            .bind(i64::from(most))
            .fetch_all(&mut *reading)
            .await
            .map_err(failure("reading messages"))?;
        let read = |row: &AnyRow| {
            let row = Row { table: "feedback", row };
            Ok(Feedback {
                code: row.text("code")?,
                sent_at: row.exact("sent_at")?,
                about: row.text("about")?,
                unit: row.text("unit")?.as_str().into(),
                task: row.text("task")?,
                sealed: row.text("sealed")?,
            })
        };
        rows.iter().map(read).collect()
    }
}
