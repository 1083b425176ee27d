//! Who is told of what is filed, and what became of telling them. It is no part of the ledger; what is to be told follows from
//! it by position, so that nothing is passed over and nothing is told twice.

use hoptac_model::account::AccountName;
use jiff::Timestamp;
use sqlx::any::AnyRow;

use crate::database::failure;
use crate::row::Row;
use crate::table::number;
use crate::{Error, Store};

/// How many deliveries that are done are kept for each webhook, so that people can look at them.
const KEPT: i64 = 1000;

/// Somebody who is told of what is filed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookOnFile {
    /// What it is called by in lists and commands.
    pub id: String,
    /// The account whose authority says what may be told.
    pub account: AccountName,
    /// Where it is sent.
    pub url: String,
    /// The secret that signs, sealed.
    pub secret_sealed: String,
    /// Of which kinds of filings, in words between blanks; empty for all.
    pub kinds: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// Up to which ledger position deliveries have been written down.
    pub position: u64,
}

/// How far a delivery has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// It is to be sent, for the first time or again.
    Waiting,
    /// The receiver said that it has it.
    Delivered,
    /// It was tried as often as anything is.
    Dead,
}

impl DeliveryState {
    const ALL: [Self; 3] = [Self::Waiting, Self::Delivered, Self::Dead];

    /// The word in the table.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// One thing to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The identity of the message, the same however often it is sent.
    pub id: String,
    /// To whom.
    pub webhook: String,
    /// Of the filing at which ledger position.
    pub position: u64,
    /// How far it has come.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// From which second on it may be tried.
    pub due_second: i64,
    /// The status that the receiver answered last.
    pub answer: Option<u16>,
    /// Why the last attempt failed, where nothing was answered.
    pub failure: Option<String>,
    /// When it was done with.
    pub done_at: Option<Timestamp>,
}

impl Store {
    /// Keeps a webhook.
    pub async fn add_webhook(&self, hook: &WebhookOnFile) -> Result<(), Error> {
        let mut writing = self.database.write().await?;
        let sql = "INSERT INTO webhook (id, account, url, secret_sealed, kinds, made_at, position) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        sqlx::query(sql)
            .bind(&hook.id)
            .bind(hook.account.as_str())
            .bind(&hook.url)
            .bind(&hook.secret_sealed)
            .bind(&hook.kinds)
            .bind(hook.made_at.to_string())
            .bind(number(hook.position))
            .execute(&mut *writing)
            .await
            .map_err(failure("keeping a webhook"))?;
        writing.commit().await.map_err(failure("keeping a webhook"))
    }

    /// All webhooks, the oldest first.
    pub async fn webhooks(&self) -> Result<Vec<WebhookOnFile>, Error> {
        let mut reading = self.database.read().await?;
        let rows = sqlx::query("SELECT * FROM webhook ORDER BY made_at, id")
            .fetch_all(&mut *reading)
            .await
            .map_err(failure("reading webhooks"))?;
        rows.iter().map(webhook).collect()
    }

    /// Drops a webhook with its deliveries. False where there is none.
    pub async fn remove_webhook(&self, id: &str) -> Result<bool, Error> {
        let mut writing = self.database.write().await?;
        sqlx::query("DELETE FROM webhook_delivery WHERE webhook = $1")
            .bind(id)
            .execute(&mut *writing)
            .await
            .map_err(failure("dropping deliveries"))?;
        let done = sqlx::query("DELETE FROM webhook WHERE id = $1")
            .bind(id)
            .execute(&mut *writing)
            .await
            .map_err(failure("dropping a webhook"))?;
        writing.commit().await.map_err(failure("dropping a webhook"))?;
        Ok(done.rows_affected() > 0)
    }

    /// Writes down what a webhook is to be told, and up to which position that has been looked at; unless another server was
    /// quicker, which is told.
    pub async fn queue_deliveries(
        &self,
        hook: &WebhookOnFile,
        up_to: u64,
        deliveries: &[Delivery],
    ) -> Result<bool, Error> {
        let mut writing = self.database.write().await?;
        let moved = sqlx::query("UPDATE webhook SET position = $3 WHERE id = $1 AND position = $2")
            .bind(&hook.id)
            .bind(number(hook.position))
            .bind(number(up_to))
            .execute(&mut *writing)
            .await
            .map_err(failure("noting what a webhook was told"))?;
        if moved.rows_affected() == 0 {
            return Ok(false);
        }
        for delivery in deliveries {
            let sql = "INSERT INTO webhook_delivery (id, webhook, position, state, attempts, due_second) \
                       VALUES ($1, $2, $3, $4, $5, $6)";
            sqlx::query(sql)
                .bind(&delivery.id)
                .bind(&delivery.webhook)
                .bind(number(delivery.position))
                .bind(delivery.state.code())
                .bind(i64::from(delivery.attempts))
                .bind(delivery.due_second)
                .execute(&mut *writing)
                .await
                .map_err(failure("writing a delivery down"))?;
        }
        let sql = "DELETE FROM webhook_delivery WHERE webhook = $1 AND state = 'delivered' AND position < $2";
        sqlx::query(sql)
            .bind(&hook.id)
            .bind(number(up_to).saturating_sub(KEPT))
            .execute(&mut *writing)
            .await
            .map_err(failure("forgetting deliveries"))?;
        writing.commit().await.map_err(failure("writing deliveries down"))?;
        Ok(true)
    }

    /// Deliveries that may be tried in a second, the longest due first.
    pub async fn due_deliveries(&self, second: i64, limit: u32) -> Result<Vec<Delivery>, Error> {
        let mut reading = self.database.read().await?;
        let sql = "SELECT * FROM webhook_delivery WHERE state = 'waiting' AND due_second <= $1 \
                   ORDER BY due_second, position LIMIT $2";
        let rows = sqlx::query(sql)
            .bind(second)
            .bind(i64::from(limit))
            .fetch_all(&mut *reading)
            .await
            .map_err(failure("reading deliveries"))?;
        rows.iter().map(delivery).collect()
    }

    /// The deliveries of a webhook, or of all, the newest first; only those that have come so far where that is asked.
    pub async fn deliveries(
        &self,
        webhook: Option<&str>,
        state: Option<DeliveryState>,
        limit: u32,
    ) -> Result<Vec<Delivery>, Error> {
        let mut reading = self.database.read().await?;
        let sql = "SELECT * FROM webhook_delivery WHERE ($1 = '' OR webhook = $1) AND ($2 = '' OR state = $2) \
                   ORDER BY position DESC, id LIMIT $3";
        let rows = sqlx::query(sql)
            .bind(webhook.unwrap_or_default())
            .bind(state.map_or("", DeliveryState::code))
            .bind(i64::from(limit))
            .fetch_all(&mut *reading)
            .await
            .map_err(failure("reading deliveries"))?;
        rows.iter().map(delivery).collect()
    }

    /// The delivery that is called so.
    pub async fn find_delivery(&self, id: &str) -> Result<Option<Delivery>, Error> {
        let mut reading = self.database.read().await?;
        let row = sqlx::query("SELECT * FROM webhook_delivery WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut *reading)
            .await
            .map_err(failure("reading a delivery"))?;
        row.as_ref().map(delivery).transpose()
    }

    /// Takes a delivery up for one attempt: it is due again only later. False where another server has taken it up.
    pub async fn take_delivery(&self, delivery: &Delivery, until: i64) -> Result<bool, Error> {
        let mut writing = self.database.write().await?;
        let sql = "UPDATE webhook_delivery SET due_second = $3 WHERE id = $1 AND due_second = $2 AND state = 'waiting'";
        let done = sqlx::query(sql)
            .bind(&delivery.id)
            .bind(delivery.due_second)
            .bind(until)
            .execute(&mut *writing)
            .await
            .map_err(failure("taking a delivery up"))?;
        writing.commit().await.map_err(failure("taking a delivery up"))?;
        Ok(done.rows_affected() > 0)
    }

    /// Notes what became of an attempt.
    pub async fn note_delivery(&self, delivery: &Delivery) -> Result<(), Error> {
        let mut writing = self.database.write().await?;
        let sql = "UPDATE webhook_delivery SET state = $2, attempts = $3, due_second = $4, answer = $5, failure = $6, \
                   done_at = $7 WHERE id = $1";
        sqlx::query(sql)
            .bind(&delivery.id)
            .bind(delivery.state.code())
            .bind(i64::from(delivery.attempts))
            .bind(delivery.due_second)
            .bind(delivery.answer.map(i64::from))
            .bind(delivery.failure.clone())
            .bind(delivery.done_at.map(|at| at.to_string()))
            .execute(&mut *writing)
            .await
            .map_err(failure("noting an attempt"))?;
        writing.commit().await.map_err(failure("noting an attempt"))
    }
}

fn webhook(row: &AnyRow) -> Result<WebhookOnFile, Error> {
    let row = Row { table: "webhook", row };
    Ok(WebhookOnFile {
        id: row.text("id")?,
        account: AccountName(row.text("account")?),
        url: row.text("url")?,
        secret_sealed: row.text("secret_sealed")?,
        kinds: row.text("kinds")?,
        made_at: row.exact("made_at")?,
        position: row.whole("position")?,
    })
}

fn delivery(row: &AnyRow) -> Result<Delivery, Error> {
    let row = Row { table: "webhook_delivery", row };
    Ok(Delivery {
        id: row.text("id")?,
        webhook: row.text("webhook")?,
        position: row.whole("position")?,
        state: row.coded("state", DeliveryState::from_code)?,
        attempts: row.whole("attempts")?,
        due_second: row.whole("due_second")?,
        answer: row.whole_or_none("answer")?,
        failure: row.text_or_none("failure")?,
        done_at: row.exact_or_none("done_at")?,
    })
}
