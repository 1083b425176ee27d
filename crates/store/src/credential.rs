//! What proves who signs in: hashes of passwords, of one-time links and of sessions, sealed second factors, failed
//! attempts. None of it is in the ledger, none follows from it, and none can be turned back into what was typed.

use hoptac_model::account::AccountName;
use hoptac_model::filing::Hash;
use jiff::Timestamp;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use crate::Error;
use crate::database::failure;
use crate::row::Row;

/// What an account proves itself by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credential {
    /// The password's hash with its salt and parameters.
    pub password_hash: Option<String>,
    /// When the password was set.
    pub changed_at: Option<Timestamp>,
    /// The secret of the second factor, sealed; none while there is no second factor.
    pub totp_sealed: Option<String>,
    /// How many recovery codes are left.
    pub recovery_codes: u32,
    /// Since when the account is bound to an identity at the provider of identities; none where it is not.
    pub bound_at: Option<Timestamp>,
}

/// How far a session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionStage {
    /// The password was right; the second factor is still to come.
    Halfway,
    /// Signed in.
    Whole,
}

impl SessionStage {
    fn code(self) -> &'static str {
        match self {
            Self::Halfway => "halfway",
            Self::Whole => "whole",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [Self::Halfway, Self::Whole].into_iter().find(|stage| stage.code() == code)
    }
}

/// Somebody who signed in, known by the hash of a token that only their browser has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The hash of the token.
    pub hash: Hash,
    /// Whose session it is.
    pub account: AccountName,
    /// How far it has come.
    pub stage: SessionStage,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was last used.
    pub seen_at: Timestamp,
    /// What the browser calls itself, so that people recognise their own sessions.
    pub browser: String,
}

/// Failed attempts under one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// How many, without a success between.
    pub failures: u32,
    /// When the last one was.
    pub last_at: Timestamp,
}

/// A change of what proves who signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialChange<'a> {
    /// A password is set.
    Password {
        /// Whose.
        account: &'a AccountName,
        /// Its hash.
        hash: &'a str,
        /// When.
        at: Timestamp,
    },
    /// A second factor is set, or taken away; recovery codes are replaced with it.
    SecondFactor {
        /// Whose.
        account: &'a AccountName,
        /// The sealed secret.
        sealed: Option<&'a str>,
        /// The hashes of the recovery codes.
        recovery: &'a [Hash],
    },
    /// The account is bound to an identity at the provider of identities; what it was bound to before no longer counts.
    Bind {
        /// Whose.
        account: &'a AccountName,
        /// The hash of the identity.
        identity: Hash,
        /// When.
        at: Timestamp,
    },
    /// The account is bound to no identity any more.
    Unbind(&'a AccountName),
    /// A one-time link is made; earlier ones of the account no longer work.
    Link {
        /// Whose.
        account: &'a AccountName,
        /// The hash of its token.
        hash: Hash,
        /// Until when it works.
        expires_at: Timestamp,
    },
    /// All links of an account no longer work.
    DropLinks(&'a AccountName),
    /// A session begins.
    Begin(&'a Session),
    /// A session was used.
    Seen {
        /// Which.
        session: Hash,
        /// When.
        at: Timestamp,
    },
    /// A session ends.
    End(Hash),
    /// All sessions of an account end, except one.
    EndAll {
        /// Whose.
        account: &'a AccountName,
        /// The one that goes on.
        except: Option<Hash>,
    },
    /// Attempts under a key are counted; those older than a moment are forgotten, whatever their key.
    Failed {
        /// The key.
        key: &'a str,
        /// When.
        at: Timestamp,
        /// What is older is forgotten.
        forget: Timestamp,
    },
    /// An attempt succeeded: nothing is held against the key.
    Succeeded(&'a str),
}

/// Makes a change, all of it in the caller's transaction.
pub(crate) async fn change(
    connection: &mut AnyConnection,
    change: &CredentialChange<'_>,
) -> Result<(), Error> {
    match change {
        CredentialChange::Password { account, hash, at } => {
            ensure(connection, account).await?;
            let sql =
                "UPDATE credential SET password_hash = $1, changed_at = $2 WHERE account = $3";
            set(connection, sql, &[hash, &at.to_string(), account.as_str()]).await
        }
        CredentialChange::SecondFactor { account, sealed, recovery } => {
            ensure(connection, account).await?;
            // An empty text stands for no secret; a sealed one is never empty.
            let sql = "UPDATE credential SET totp_sealed = NULLIF($1, ''), totp_step = 0 \
                       WHERE account = $2";
            set(connection, sql, &[sealed.unwrap_or(""), account.as_str()]).await?;
            let sql = "DELETE FROM recovery_code WHERE account = $1";
            set(connection, sql, &[account.as_str()]).await?;
            for hash in *recovery {
                let sql = "INSERT INTO recovery_code (account, hash) VALUES ($1, $2)";
                set(connection, sql, &[account.as_str(), &hash.to_string()]).await?;
            }
            Ok(())
        }
        CredentialChange::Bind { account, identity, at } => {
            ensure(connection, account).await?;
            let sql = "DELETE FROM external_identity WHERE account = $1";
            set(connection, sql, &[account.as_str()]).await?;
            let sql = "INSERT INTO external_identity (hash, account, bound_at) VALUES ($1, $2, $3)";
            let values = [&*identity.to_string(), account.as_str(), &at.to_string()];
            set(connection, sql, &values).await
        }
        CredentialChange::Unbind(account) => {
            let sql = "DELETE FROM external_identity WHERE account = $1";
            set(connection, sql, &[account.as_str()]).await
        }
        CredentialChange::Link { account, hash, expires_at } => {
            let sql = "DELETE FROM one_time_link WHERE account = $1";
            set(connection, sql, &[account.as_str()]).await?;
            let sql = "INSERT INTO one_time_link (hash, account, expires_at) VALUES ($1, $2, $3)";
            let values = [&*hash.to_string(), account.as_str(), &expires_at.to_string()];
            set(connection, sql, &values).await
        }
        CredentialChange::DropLinks(account) => {
            set(connection, "DELETE FROM one_time_link WHERE account = $1", &[account.as_str()])
                .await
        }
        CredentialChange::Begin(session) => {
            let sql = "INSERT INTO session (hash, account, stage, started_at, seen_at, browser) \
                       VALUES ($1, $2, $3, $4, $5, $6)";
            let values = [
                &*session.hash.to_string(),
                session.account.as_str(),
                session.stage.code(),
                &session.started_at.to_string(),
                &session.seen_at.to_string(),
                &session.browser,
            ];
            set(connection, sql, &values).await
        }
        CredentialChange::Seen { session, at } => {
            let sql = "UPDATE session SET seen_at = $1 WHERE hash = $2";
            set(connection, sql, &[&*at.to_string(), &session.to_string()]).await
        }
        CredentialChange::End(hash) => {
            set(connection, "DELETE FROM session WHERE hash = $1", &[&hash.to_string()]).await
        }
        CredentialChange::EndAll { account, except } => {
            let kept = except.map_or_else(String::new, |hash| hash.to_string());
            let sql = "DELETE FROM session WHERE account = $1 AND hash <> $2";
            set(connection, sql, &[account.as_str(), &kept]).await
        }
        CredentialChange::Failed { key, at, forget } => {
            let sql = "DELETE FROM failed_attempt WHERE last_at < $1";
            set(connection, sql, &[&*forget.to_string()]).await?;
            let sql = "INSERT INTO failed_attempt (key, failures, last_at) VALUES ($1, 1, $2) \
                       ON CONFLICT (key) DO UPDATE SET failures = failed_attempt.failures + 1, \
                       last_at = excluded.last_at";
            set(connection, sql, &[key, &at.to_string()]).await
        }
        CredentialChange::Succeeded(key) => {
            set(connection, "DELETE FROM failed_attempt WHERE key = $1", &[key]).await
        }
    }
}

async fn ensure(connection: &mut AnyConnection, account: &AccountName) -> Result<(), Error> {
    let sql = "INSERT INTO credential (account, totp_step) VALUES ($1, 0) \
               ON CONFLICT (account) DO NOTHING";
    set(connection, sql, &[account.as_str()]).await
}

async fn set(
    connection: &mut AnyConnection,
    sql: &'static str,
    values: &[&str],
) -> Result<(), Error> {
    touch(connection, sql, values).await.map(|_| ())
}

/// How many rows a statement touched.
async fn touch(
    connection: &mut AnyConnection,
    sql: &'static str,
    values: &[&str],
) -> Result<u64, Error> {
    let mut query = sqlx::query(sql);
    for value in values {
        query = query.bind((*value).to_owned());
    }
    let done =
        query.execute(connection).await.map_err(failure("keeping what proves who signs in"))?;
    Ok(done.rows_affected())
}

/// Uses a recovery code up. False where there is none, or no longer.
pub(crate) async fn take_recovery_code(
    connection: &mut AnyConnection,
    account: &AccountName,
    hash: Hash,
) -> Result<bool, Error> {
    let sql = "DELETE FROM recovery_code WHERE account = $1 AND hash = $2";
    Ok(touch(connection, sql, &[account.as_str(), &hash.to_string()]).await? > 0)
}

/// Uses a step of the second factor up, with all before it. False where it was used already.
pub(crate) async fn take_totp_step(
    connection: &mut AnyConnection,
    account: &AccountName,
    step: u64,
) -> Result<bool, Error> {
    let done =
        sqlx::query("UPDATE credential SET totp_step = $1 WHERE account = $2 AND totp_step < $1")
            .bind(crate::table::number(step))
            .bind(account.as_str())
            .execute(connection)
            .await
            .map_err(failure("using a second factor up"))?;
    Ok(done.rows_affected() > 0)
}

/// What an account proves itself by; empty where it has nothing yet.
pub(crate) async fn find(
    connection: &mut AnyConnection,
    account: &AccountName,
) -> Result<Credential, Error> {
    let sql = "SELECT c.*, (SELECT COUNT(*) FROM recovery_code r WHERE r.account = c.account) \
               AS recovery_codes, (SELECT MIN(e.bound_at) FROM external_identity e \
               WHERE e.account = c.account) AS bound_at FROM credential c WHERE c.account = $1";
    let row = sqlx::query(sql)
        .bind(account.as_str())
        .fetch_optional(connection)
        .await
        .map_err(failure("reading what proves who signs in"))?;
    let Some(row) = row else { return Ok(Credential::default()) };
    let row = Row { table: "credential", row: &row };
    Ok(Credential {
        password_hash: row.text_or_none("password_hash")?,
        changed_at: row.exact_or_none("changed_at")?,
        totp_sealed: row.text_or_none("totp_sealed")?,
        recovery_codes: row.whole("recovery_codes")?,
        bound_at: row.exact_or_none("bound_at")?,
    })
}

/// Whose one-time link it is, and until when it works.
pub(crate) async fn link(
    connection: &mut AnyConnection,
    hash: Hash,
) -> Result<Option<(AccountName, Timestamp)>, Error> {
    let row = sqlx::query("SELECT account, expires_at FROM one_time_link WHERE hash = $1")
        .bind(hash.to_string())
        .fetch_optional(connection)
        .await
        .map_err(failure("reading a one-time link"))?;
    row.map(|row| {
        let row = Row { table: "one_time_link", row: &row };
        Ok((AccountName(row.text("account")?), row.exact("expires_at")?))
    })
    .transpose()
}

/// The account that is bound to an identity.
pub(crate) async fn account_of_identity(
    connection: &mut AnyConnection,
    identity: Hash,
) -> Result<Option<AccountName>, Error> {
    let row = sqlx::query("SELECT account FROM external_identity WHERE hash = $1")
        .bind(identity.to_string())
        .fetch_optional(connection)
        .await
        .map_err(failure("reading whose identity it is"))?;
    let row = row.as_ref().map(|row| Row { table: "external_identity", row });
    row.map(|row| Ok(AccountName(row.text("account")?))).transpose()
}

/// The session of a token's hash.
pub(crate) async fn session(
    connection: &mut AnyConnection,
    hash: Hash,
) -> Result<Option<Session>, Error> {
    let row = sqlx::query("SELECT * FROM session WHERE hash = $1")
        .bind(hash.to_string())
        .fetch_optional(connection)
        .await
        .map_err(failure("reading a session"))?;
    row.as_ref().map(read_session).transpose()
}

/// The sessions of an account, the one used last first; of all accounts where none is named.
pub(crate) async fn sessions(
    connection: &mut AnyConnection,
    account: Option<&AccountName>,
) -> Result<Vec<Session>, Error> {
    let sql = "SELECT * FROM session WHERE $1 = '' OR account = $1 ORDER BY seen_at DESC, hash";
    let rows = sqlx::query(sql)
        .bind(account.map_or("", AccountName::as_str))
        .fetch_all(connection)
        .await
        .map_err(failure("reading sessions"))?;
    rows.iter().map(read_session).collect()
}

/// What is held against a key.
pub(crate) async fn attempts(
    connection: &mut AnyConnection,
    key: &str,
) -> Result<Option<Attempts>, Error> {
    let row = sqlx::query("SELECT failures, last_at FROM failed_attempt WHERE key = $1")
        .bind(key)
        .fetch_optional(connection)
        .await
        .map_err(failure("reading failed attempts"))?;
    row.map(|row| {
        let row = Row { table: "failed_attempt", row: &row };
        Ok(Attempts { failures: row.whole("failures")?, last_at: row.exact("last_at")? })
    })
    .transpose()
}

fn read_session(row: &AnyRow) -> Result<Session, Error> {
    let row = Row { table: "session", row };
    Ok(Session {
        hash: row.coded("hash", Hash::parse)?,
        account: AccountName(row.text("account")?),
        stage: row.coded("stage", SessionStage::from_code)?,
        started_at: row.exact("started_at")?,
        seen_at: row.exact("seen_at")?,
        browser: row.text("browser")?,
    })
}
