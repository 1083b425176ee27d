//! Documents that somebody reads in the browser: kept until a day, and then gone. They are nobody's filing, so they may be
//! changed and dropped; rebuilding the projections leaves them alone.

use jiff::civil::Date;
use sqlx::AnyConnection;

use crate::Error;
use crate::database::failure;
use crate::row::Row;

/// A document on its way to a draft pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanDraft {
    /// The name under which it was handed in.
    pub file_name: String,
    /// Its text, as it is read.
    pub text: String,
    /// What people corrected, as JSON; the store does not read it.
    pub corrections: String,
    /// The last day on which it is kept.
    pub keep_until: Date,
}

/// Keeps a document under an id that cannot be guessed.
pub(crate) async fn add(
    connection: &mut AnyConnection,
    id: &str,
    draft: &PlanDraft,
) -> Result<(), Error> {
    let sql = "INSERT INTO plan_draft (id, file_name, text, corrections, keep_until) \
               VALUES ($1, $2, $3, $4, $5)";
    sqlx::query(sql)
        .bind(id)
        .bind(&draft.file_name)
        .bind(&draft.text)
        .bind(&draft.corrections)
        .bind(draft.keep_until.to_string())
        .execute(connection)
        .await
        .map_err(failure("keeping a document"))?;
    Ok(())
}

/// The document that is kept under an id on a day.
pub(crate) async fn find(
    connection: &mut AnyConnection,
    id: &str,
    today: Date,
) -> Result<Option<PlanDraft>, Error> {
    let row = sqlx::query("SELECT * FROM plan_draft WHERE id = $1 AND keep_until >= $2")
        .bind(id)
        .bind(today.to_string())
        .fetch_optional(connection)
        .await
        .map_err(failure("reading a kept document"))?;
    let Some(row) = row else { return Ok(None) };
    let row = Row { table: "plan_draft", row: &row };
    Ok(Some(PlanDraft {
        file_name: row.text("file_name")?,
        text: row.text("text")?,
        corrections: row.text("corrections")?,
        keep_until: row.day("keep_until")?,
    }))
}

/// Puts other corrections in the place of those that somebody has seen. Gives whether they still stood.
pub(crate) async fn correct(
    connection: &mut AnyConnection,
    id: &str,
    seen: &str,
    corrections: &str,
) -> Result<bool, Error> {
    let sql = "UPDATE plan_draft SET corrections = $3 WHERE id = $1 AND corrections = $2";
    let done = sqlx::query(sql)
        .bind(id)
        .bind(seen)
        .bind(corrections)
        .execute(connection)
        .await
        .map_err(failure("correcting a kept document"))?;
    Ok(done.rows_affected() == 1)
}

/// Drops a document.
pub(crate) async fn remove(connection: &mut AnyConnection, id: &str) -> Result<(), Error> {
    sqlx::query("DELETE FROM plan_draft WHERE id = $1")
        .bind(id)
        .execute(connection)
        .await
        .map_err(failure("dropping a kept document"))?;
    Ok(())
}

/// Drops what was to be kept until a day before this one.
pub(crate) async fn sweep(connection: &mut AnyConnection, today: Date) -> Result<(), Error> {
    sqlx::query("DELETE FROM plan_draft WHERE keep_until < $1")
        .bind(today.to_string())
        .execute(connection)
        .await
        .map_err(failure("dropping kept documents"))?;
    Ok(())
}
