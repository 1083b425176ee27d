//! What programs prove themselves by: hashes of personal tokens, of the secrets of clients, and of what clients were given
//! in exchange. None of it is in the ledger, and none can be turned back into what was shown.

use hoptac_model::account::AccountName;
use hoptac_model::filing::Hash;
use jiff::Timestamp;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use crate::database::failure;
use crate::row::Row;
use crate::{Error, Store};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Somebody's own, for a program that works for them.
    Personal,
    /// The secret of a client, which is good for nothing but being given tokens.
    Client,
    /// What a client was given, for a short while.
    Access,
}

impl TokenKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Personal, Self::Client, Self::Access];

    /// The word in the table.
    pub fn code(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Client => "client",
            Self::Access => "access",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A token as the database knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenOnFile {
    /// What people call it by in lists and commands; for a client its `client_id`.
    pub id: String,
    /// The hash of what was shown.
    pub hash: Hash,
    /// Whose it is.
    pub account: AccountName,
    /// What it is.
    pub kind: TokenKind,
    /// What it is for, as its owner wrote it.
    pub label: String,
    /// What it may do, as its owner wrote it.
    pub permissions: String,
    /// The client that it was given to.
    pub parent: Option<String>,
    /// When it was made.
    pub made_at: Timestamp,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used.
    pub used_at: Option<Timestamp>,
}

impl Store {
    /// Keeps a token.
    pub async fn add_token(&self, token: &TokenOnFile) -> Result<(), Error> {
        let mut writing = self.database.write().await?;
        let sql = "INSERT INTO api_token (id, hash, account, kind, label, permissions, parent, made_at, \
                   expires_at, revoked_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        sqlx::query(sql)
            .bind(&token.id)
            .bind(token.hash.to_string())
            .bind(token.account.as_str())
            .bind(token.kind.code())
            .bind(&token.label)
            .bind(&token.permissions)
            .bind(token.parent.clone())
            .bind(token.made_at.to_string())
            .bind(token.expires_at.to_string())
            .bind(token.revoked_at.map(|at| at.to_string()))
            .bind(token.used_at.map(|at| at.to_string()))
            .execute(&mut *writing)
            .await
            .map_err(failure("keeping a token"))?;
        writing.commit().await.map_err(failure("keeping a token"))
    }

    /// The token of a hash.
    pub async fn token_with_hash(&self, hash: Hash) -> Result<Option<TokenOnFile>, Error> {
        let mut reading = self.database.read().await?;
        let row = sqlx::query("SELECT * FROM api_token WHERE hash = $1")
            .bind(hash.to_string())
            .fetch_optional(&mut *reading)
            .await
            .map_err(failure("reading a token"))?;
        row.as_ref().map(token).transpose()
    }

    /// The token that is called so.
    pub async fn find_token(&self, id: &str) -> Result<Option<TokenOnFile>, Error> {
        let mut reading = self.database.read().await?;
        let row = sqlx::query("SELECT * FROM api_token WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut *reading)
            .await
            .map_err(failure("reading a token"))?;
        row.as_ref().map(token).transpose()
    }

    /// The personal tokens and clients of an account, or of all, the newest first. What clients were given is not among them.
    pub async fn tokens(&self, account: Option<&AccountName>) -> Result<Vec<TokenOnFile>, Error> {
        let mut reading = self.database.read().await?;
        listed(&mut reading, account).await
    }

    /// Takes a token back, with everything that a client was given for it. False where there is none that still was good.
    pub async fn revoke_token(&self, id: &str, at: Timestamp) -> Result<bool, Error> {
        let mut writing = self.database.write().await?;
        let sql = "UPDATE api_token SET revoked_at = $2 WHERE (id = $1 OR parent = $1) AND revoked_at IS NULL";
        let done = sqlx::query(sql)
            .bind(id)
            .bind(at.to_string())
            .execute(&mut *writing)
            .await
            .map_err(failure("taking a token back"))?;
        writing.commit().await.map_err(failure("taking a token back"))?;
        Ok(done.rows_affected() > 0)
    }

    /// Notes that tokens were used.
    pub async fn note_tokens_used(&self, ids: &[&str], at: Timestamp) -> Result<(), Error> {
        let mut writing = self.database.write().await?;
        for id in ids {
            sqlx::query("UPDATE api_token SET used_at = $2 WHERE id = $1")
                .bind(*id)
                .bind(at.to_string())
                .execute(&mut *writing)
                .await
                .map_err(failure("noting that a token was used"))?;
        }
        writing.commit().await.map_err(failure("noting that a token was used"))
    }

    /// Forgets what a client was given and can no longer be used.
    pub async fn sweep_access_tokens(&self, client: &str, at: Timestamp) -> Result<(), Error> {
        let mut writing = self.database.write().await?;
        sqlx::query("DELETE FROM api_token WHERE parent = $1 AND expires_at < $2")
            .bind(client)
            .bind(at.to_string())
            .execute(&mut *writing)
            .await
            .map_err(failure("forgetting tokens"))?;
        writing.commit().await.map_err(failure("forgetting tokens"))
    }
}

async fn listed(
    connection: &mut AnyConnection,
    account: Option<&AccountName>,
) -> Result<Vec<TokenOnFile>, Error> {
    let sql = "SELECT * FROM api_token WHERE kind <> 'access' AND ($1 = '' OR account = $1) \
               ORDER BY made_at DESC, id";
    let rows = sqlx::query(sql)
        .bind(account.map_or("", AccountName::as_str))
        .fetch_all(connection)
        .await
        .map_err(failure("reading tokens"))?;
    rows.iter().map(token).collect()
}

fn token(row: &AnyRow) -> Result<TokenOnFile, Error> {
    let row = Row { table: "api_token", row };
    Ok(TokenOnFile {
        id: row.text("id")?,
        hash: row.coded("hash", Hash::parse)?,
        account: AccountName(row.text("account")?),
        kind: row.coded("kind", TokenKind::from_code)?,
        label: row.text("label")?,
        permissions: row.text("permissions")?,
        parent: row.text_or_none("parent")?,
        made_at: row.exact("made_at")?,
        expires_at: row.exact("expires_at")?,
        revoked_at: row.exact_or_none("revoked_at")?,
        used_at: row.exact_or_none("used_at")?,
    })
}
