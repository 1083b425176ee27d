//! Imports of spreadsheets as they are on file, and files that somebody looks over before they are taken.

use hoptac_model::filing::import::ImportTake;
use hoptac_model::ids::ImportId;
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use crate::database::failure;
use crate::row::Row;
use crate::{Error, Store, Writing};

/// An import as it is on file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportOnFile {
    /// Its identity.
    pub id: ImportId,
    /// Who took it over.
    pub actor: String,
    /// When.
    pub recorded_at: Timestamp,
    /// The position of the first filing that it brought; that of its own filing where it brought none.
    pub first: u64,
    /// The position of the filing that closed it.
    pub position: u64,
    /// What it says of itself.
    pub taken: ImportTake,
    /// The position of the filing by which it was taken back.
    pub undone: Option<u64>,
}

/// A file on its way to being imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetDraft {
    /// Whose it is.
    pub account: String,
    /// The name under which it was handed in.
    pub file_name: String,
    /// Its bytes, in Base64.
    pub contents: String,
    /// How it is to be read, as JSON; the store does not read it.
    pub asked: String,
    /// The last day on which it is kept.
    pub keep_until: Date,
}

impl Store {
    /// All imports, the newest first.
    pub async fn imports(&self) -> Result<Vec<ImportOnFile>, Error> {
        let mut reading = self.database.read().await?;
        all(&mut reading).await
    }

    /// An import by its identity.
    pub async fn find_import(&self, id: ImportId) -> Result<Option<ImportOnFile>, Error> {
        let mut reading = self.database.read().await?;
        find(&mut reading, id).await
    }

    /// Keeps a file that somebody looks over, and drops those whose day has passed.
    pub async fn add_sheet_draft(
        &self,
        id: &str,
        draft: &SheetDraft,
        today: Date,
    ) -> Result<(), Error> {
        let mut writing = self.database.write().await?;
        sqlx::query("DELETE FROM sheet_draft WHERE keep_until < $1")
            .bind(today.to_string())
            .execute(&mut *writing)
            .await
            .map_err(failure("dropping kept files"))?;
        let sql = "INSERT INTO sheet_draft (id, account, file_name, contents, asked, keep_until) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        sqlx::query(sql)
            .bind(id)
            .bind(&draft.account)
            .bind(&draft.file_name)
            .bind(&draft.contents)
            .bind(&draft.asked)
            .bind(draft.keep_until.to_string())
            .execute(&mut *writing)
            .await
            .map_err(failure("keeping a file"))?;
        writing.commit().await.map_err(failure("keeping a file"))
    }

    /// The file that an account keeps under an id on a day.
    pub async fn find_sheet_draft(
        &self,
        id: &str,
        account: &str,
        today: Date,
    ) -> Result<Option<SheetDraft>, Error> {
        let mut reading = self.database.read().await?;
        let sql = "SELECT * FROM sheet_draft WHERE id = $1 AND account = $2 AND keep_until >= $3";
        let row = sqlx::query(sql)
            .bind(id)
            .bind(account)
            .bind(today.to_string())
            .fetch_optional(&mut *reading)
            .await
            .map_err(failure("reading a kept file"))?;
        let Some(row) = row else { return Ok(None) };
        let row = Row { table: "sheet_draft", row: &row };
        Ok(Some(SheetDraft {
            account: row.text("account")?,
            file_name: row.text("file_name")?,
            contents: row.text("contents")?,
            asked: row.text("asked")?,
            keep_until: row.day("keep_until")?,
        }))
    }

    /// Says anew how a kept file is to be read.
    pub async fn ask_sheet_draft(&self, id: &str, asked: &str) -> Result<(), Error> {
        let mut writing = self.database.write().await?;
        sqlx::query("UPDATE sheet_draft SET asked = $2 WHERE id = $1")
            .bind(id)
            .bind(asked)
            .execute(&mut *writing)
            .await
            .map_err(failure("keeping how a file is read"))?;
        writing.commit().await.map_err(failure("keeping how a file is read"))
    }

    /// Drops a kept file.
    pub async fn remove_sheet_draft(&self, id: &str) -> Result<(), Error> {
        let mut writing = self.database.write().await?;
        sqlx::query("DELETE FROM sheet_draft WHERE id = $1")
            .bind(id)
            .execute(&mut *writing)
            .await
            .map_err(failure("dropping a kept file"))?;
        writing.commit().await.map_err(failure("dropping a kept file"))
    }
}

impl Writing {
    /// All imports, the newest first.
    pub async fn imports(&mut self) -> Result<Vec<ImportOnFile>, Error> {
        all(&mut self.transaction).await
    }

    /// An import by its identity.
    pub async fn import(&mut self, id: ImportId) -> Result<Option<ImportOnFile>, Error> {
        find(&mut self.transaction, id).await
    }
}

async fn all(connection: &mut AnyConnection) -> Result<Vec<ImportOnFile>, Error> {
    let sql = "SELECT i.*, l.recorded_at FROM import i JOIN ledger l ON l.position = i.position \
               ORDER BY i.position DESC";
    let rows =
        sqlx::query(sql).fetch_all(connection).await.map_err(failure("reading the imports"))?;
    rows.iter().map(import).collect()
}

async fn find(connection: &mut AnyConnection, id: ImportId) -> Result<Option<ImportOnFile>, Error> {
    let sql = "SELECT i.*, l.recorded_at FROM import i JOIN ledger l ON l.position = i.position \
               WHERE i.id = $1";
    let row = sqlx::query(sql)
        .bind(id.to_string())
        .fetch_optional(connection)
        .await
        .map_err(failure("reading an import"))?;
    row.as_ref().map(import).transpose()
}

fn import(row: &AnyRow) -> Result<ImportOnFile, Error> {
    let row = Row { table: "import", row };
    let contents = row.text("contents")?;
    let taken = serde_json::from_str(&contents).map_err(|error| row.wrong("contents", error))?;
    let undone: Option<u64> = row.whole_or_none("undone_position")?;
    Ok(ImportOnFile {
        id: row.exact("id")?,
        actor: row.text("actor")?,
        recorded_at: row.exact("recorded_at")?,
        first: row.whole("first_position")?,
        position: row.whole("position")?,
        taken,
        undone,
    })
}
