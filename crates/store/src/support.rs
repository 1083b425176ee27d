//! Programmes that were opened by filings, and applications with what became of them.

use std::collections::BTreeMap;

use hoptac_model::ids::OrganisationId;
use hoptac_model::support::{Application, Decided, Payment, Programme};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use crate::Error;
use crate::database::failure;
use crate::row::Row;

/// An application of an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationOnFile {
    /// Who applies.
    pub organisation: OrganisationId,
    /// The application.
    pub application: Application,
}

/// The programmes that were opened by filings, by name.
pub(crate) async fn programmes(connection: &mut AnyConnection) -> Result<Vec<Programme>, Error> {
    let rows = sqlx::query("SELECT * FROM programme ORDER BY id")
        .fetch_all(connection)
        .await
        .map_err(failure("reading support programmes"))?;
    let read = |row: &AnyRow| {
        let row = Row { table: "programme", row };
        let contents = row.text("contents")?;
        serde_json::from_str(&contents).map_err(|error| row.wrong("contents", error))
    };
    rows.iter().map(read).collect()
}

/// Applications in some programmes or of an organisation, by organisation and application.
pub(crate) async fn concerning(
    connection: &mut AnyConnection,
    organisation: OrganisationId,
    programme: &str,
) -> Result<Vec<ApplicationOnFile>, Error> {
    let id = organisation.to_string();
    let sql = "SELECT * FROM support WHERE organisation = $1 OR programme = $2";
    let rows = sqlx::query(sql)
        .bind(&id)
        .bind(programme)
        .fetch_all(&mut *connection)
        .await
        .map_err(failure("reading applications"))?;
    let sql = "SELECT p.* FROM support_payment p JOIN support s \
               ON s.organisation = p.organisation AND s.application = p.application \
               WHERE s.organisation = $1 OR s.programme = $2";
    let payments = sqlx::query(sql)
        .bind(&id)
        .bind(programme)
        .fetch_all(connection)
        .await
        .map_err(failure("reading payments"))?;
    together(&rows, &payments)
}

/// Applications of an organisation, by application.
pub(crate) async fn of(
    connection: &mut AnyConnection,
    organisation: OrganisationId,
) -> Result<Vec<ApplicationOnFile>, Error> {
    let id = organisation.to_string();
    let rows = sqlx::query("SELECT * FROM support WHERE organisation = $1")
        .bind(&id)
        .fetch_all(&mut *connection)
        .await
        .map_err(failure("reading applications"))?;
    let payments = sqlx::query("SELECT * FROM support_payment WHERE organisation = $1")
        .bind(&id)
        .fetch_all(connection)
        .await
        .map_err(failure("reading payments"))?;
    together(&rows, &payments)
}

/// All applications, by organisation and application.
pub(crate) async fn all(connection: &mut AnyConnection) -> Result<Vec<ApplicationOnFile>, Error> {
    let rows = sqlx::query("SELECT * FROM support")
        .fetch_all(&mut *connection)
        .await
        .map_err(failure("reading applications"))?;
    let payments = sqlx::query("SELECT * FROM support_payment")
        .fetch_all(connection)
        .await
        .map_err(failure("reading payments"))?;
    together(&rows, &payments)
}

/// Applications with their payments.
fn together(rows: &[AnyRow], payments: &[AnyRow]) -> Result<Vec<ApplicationOnFile>, Error> {
    let mut paid: BTreeMap<(String, String), Vec<(u64, Payment)>> = BTreeMap::new();
    for row in payments {
        let row = Row { table: "support_payment", row };
        let payment = Payment {
            on: row.day("on_day")?,
            amount: row.whole("amount")?,
            document: row.text("document")?,
        };
        let key = (row.text("organisation")?, row.text("application")?);
        paid.entry(key).or_default().push((row.whole("position")?, payment));
    }
    let mut list = Vec::with_capacity(rows.len());
    for row in rows {
        let row = Row { table: "support", row };
        let application = row.text("application")?;
        let key = (row.text("organisation")?, application.clone());
        let mut payments = paid.remove(&key).unwrap_or_default();
        payments.sort_by_key(|(position, _)| *position);
        let flag = |column| -> Result<Option<bool>, Error> {
            Ok(row.whole_or_none::<i64>(column)?.map(|flag| flag != 0))
        };
        let decision = match row.day_or_none("decided_on")? {
            Some(on) => Some(Decided {
                on,
                approved: flag("approved")?.unwrap_or(false),
                granted: row.whole("granted")?,
                document: row.text("decision")?,
            }),
            None => None,
        };
        list.push(ApplicationOnFile {
            organisation: row.exact("organisation")?,
            application: Application {
                application,
                programme: row.text("programme")?,
                on: row.day("on_day")?,
                requested: row.whole("requested")?,
                purpose: row.text("purpose")?,
                no_penalty: flag("no_penalty")?,
                decision,
                cancelled_on: row.day_or_none("cancelled_on")?,
                payments: payments.into_iter().map(|(_, payment)| payment).collect(),
            },
        });
    }
    list.sort_by(|a, b| {
        let key = |one: &ApplicationOnFile| (one.organisation, one.application.application.clone());
        key(a).cmp(&key(b))
    });
    Ok(list)
}
