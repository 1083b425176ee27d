//! Returns that somebody is filling in. They are nobody's filing, so they may be changed and dropped; rebuilding the projections
//! leaves them alone.

use hoptac_model::account::AccountName;
use hoptac_model::ids::OrganisationId;
use jiff::Timestamp;
use sqlx::AnyConnection;

use crate::database::failure;
use crate::row::Row;
use crate::{Error, Store};

/// What somebody has filled in so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnDraft {
    /// What stands in the cells, as JSON; the store does not read it.
    pub contents: String,
    /// When it was saved last.
    pub saved_at: Timestamp,
}

impl Store {
    /// What an account has filled in for an organisation's year.
    pub async fn find_return_draft(
        &self,
        account: &AccountName,
        organisation: OrganisationId,
        year: i16,
    ) -> Result<Option<ReturnDraft>, Error> {
        let mut reading = self.database.read().await?;
        find(&mut reading, account, organisation, year).await
    }

    /// Keeps what an account has filled in, in the place of what it had before.
    pub async fn keep_return_draft(
        &self,
        account: &AccountName,
        organisation: OrganisationId,
        year: i16,
        draft: &ReturnDraft,
    ) -> Result<(), Error> {
        let mut writing = self.database.write().await?;
        remove(&mut writing, account, organisation, year).await?;
        let sql = "INSERT INTO return_draft (account, organisation, year, contents, saved_at) \
                   VALUES ($1, $2, $3, $4, $5)";
        sqlx::query(sql)
            .bind(&account.0)
            .bind(organisation.to_string())
            .bind(i64::from(year))
            .bind(&draft.contents)
            .bind(draft.saved_at.to_string())
            .execute(&mut *writing)
            .await
            .map_err(failure("keeping what was filled in"))?;
        writing.commit().await.map_err(failure("keeping what was filled in"))
    }

    /// Drops what an account has filled in.
    pub async fn remove_return_draft(
        &self,
        account: &AccountName,
        organisation: OrganisationId,
        year: i16,
    ) -> Result<(), Error> {
        let mut writing = self.database.write().await?;
        remove(&mut writing, account, organisation, year).await?;
        writing.commit().await.map_err(failure("dropping what was filled in"))
    }
}

async fn find(
    connection: &mut AnyConnection,
    account: &AccountName,
    organisation: OrganisationId,
    year: i16,
) -> Result<Option<ReturnDraft>, Error> {
    let sql = "SELECT * FROM return_draft WHERE account = $1 AND organisation = $2 AND year = $3";
    let row = sqlx::query(sql)
        .bind(&account.0)
        .bind(organisation.to_string())
        .bind(i64::from(year))
        .fetch_optional(connection)
        .await
        .map_err(failure("reading what was filled in"))?;
    let Some(row) = row else { return Ok(None) };
    let row = Row { table: "return_draft", row: &row };
    let saved_at = row.text("saved_at")?;
    Ok(Some(ReturnDraft {
        contents: row.text("contents")?,
        saved_at: saved_at.parse().map_err(|error| row.wrong("saved_at", error))?,
    }))
}

async fn remove(
    connection: &mut AnyConnection,
    account: &AccountName,
    organisation: OrganisationId,
    year: i16,
) -> Result<(), Error> {
    let sql = "DELETE FROM return_draft WHERE account = $1 AND organisation = $2 AND year = $3";
    sqlx::query(sql)
        .bind(&account.0)
        .bind(organisation.to_string())
        .bind(i64::from(year))
        .execute(connection)
        .await
        .map_err(failure("dropping what was filled in"))?;
    Ok(())
}
