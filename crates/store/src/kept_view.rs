//! Views of lists that people keep: the question of a list under a name of their own. They are nobody's filing.

use hoptac_model::account::AccountName;

use sqlx::any::AnyRow;

use crate::database::failure;
use crate::row::Row;
use crate::{Error, Store};

/// A view of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptView {
    /// The list, as `/dang-ky`.
    pub path: String,
    /// What its keeper calls it.
    pub name: String,
    /// What is asked of the list, as it stands in the address.
    pub query: String,
}

impl Store {
    /// The views of a list that an account keeps, by name.
    pub async fn kept_views(
        &self,
        account: &AccountName,
        path: &str,
    ) -> Result<Vec<KeptView>, Error> {
        let mut reading = self.database.read().await?;
        let sql = "SELECT * FROM kept_view WHERE account = $1 AND path = $2 ORDER BY name";
        let rows = sqlx::query(sql)
            .bind(account.to_string())
            .bind(path)
            .fetch_all(&mut *reading)
            .await
            .map_err(failure("reading kept views"))?;
        let read = |row: &AnyRow| {
            let row = Row { table: "kept_view", row };
            Ok(KeptView {
                path: row.text("path")?,
                name: row.text("name")?,
                query: row.text("query")?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Keeps a view; one of the same list and name gives way. Gives whether there was room for it.
    pub async fn keep_view(
        &self,
        account: &AccountName,
        view: &KeptView,
        most: i64,
    ) -> Result<bool, Error> {
        let mut writing = self.database.write().await?;
        sqlx::query("DELETE FROM kept_view WHERE account = $1 AND path = $2 AND name = $3")
            .bind(account.to_string())
            .bind(&view.path)
            .bind(&view.name)
            .execute(&mut *writing)
            .await
            .map_err(failure("keeping a view"))?;
        let kept: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM kept_view WHERE account = $1")
            .bind(account.to_string())
            .fetch_one(&mut *writing)
            .await
            .map_err(failure("keeping a view"))?;
        if kept >= most {
            return Ok(false);
        }
        sqlx::query("INSERT INTO kept_view (account, path, name, query) VALUES ($1, $2, $3, $4)")
            .bind(account.to_string())
            .bind(&view.path)
            .bind(&view.name)
            .bind(&view.query)
            .execute(&mut *writing)
            .await
            .map_err(failure("keeping a view"))?;
        writing.commit().await.map_err(failure("keeping a view"))?;
        Ok(true)
    }

    /// Drops a view.
    pub async fn drop_view(
        &self,
        account: &AccountName,
        path: &str,
        name: &str,
    ) -> Result<(), Error> {
        let mut writing = self.database.write().await?;
        sqlx::query("DELETE FROM kept_view WHERE account = $1 AND path = $2 AND name = $3")
            .bind(account.to_string())
            .bind(path)
            .bind(name)
            .execute(&mut *writing)
            .await
            .map_err(failure("dropping a view"))?;
        writing.commit().await.map_err(failure("dropping a view"))
    }
}
