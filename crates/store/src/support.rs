//! Programmes that were opened by filings, and applications with what became of them.

use std::collections::BTreeMap;

use hoptac_model::ids::OrganisationId;
use hoptac_model::support::{Application, Decided, Payment, Programme};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use crate::Error;
use crate::database::failure;
use crate::lot::{Whose, each};
use crate::register::columns::{SUPPORT, SUPPORT_PAYMENT};
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
    let applications = rows.iter().map(|row| application(Row { table: "support", row }));
    let payments = payments.iter().map(|row| payment(Row { table: "support_payment", row }));
    Ok(together(applications.collect::<Result<_, _>>()?, payments.collect::<Result<_, _>>()?))
}

/// Applications by organisation and application.
pub(crate) async fn applications(
    connection: &mut AnyConnection,
    whose: &Whose,
) -> Result<Vec<ApplicationOnFile>, Error> {
    let applications = each(connection, whose, &SUPPORT, application).await?;
    let payments = each(connection, whose, &SUPPORT_PAYMENT, payment).await?;
    Ok(together(applications, payments))
}

/// Applications with their payments.
fn together(
    mut applications: Vec<ApplicationOnFile>,
    mut payments: Vec<PaymentOnFile>,
) -> Vec<ApplicationOnFile> {
    payments.sort_by_key(|payment| payment.position);
    let mut paid: BTreeMap<(OrganisationId, String), Vec<Payment>> = BTreeMap::new();
    for PaymentOnFile { organisation, application, payment, .. } in payments {
        paid.entry((organisation, application)).or_default().push(payment);
    }
    for ApplicationOnFile { organisation, application } in &mut applications {
        let key = (*organisation, application.application.clone());
        application.payments = paid.remove(&key).unwrap_or_default();
    }
    applications.sort_by(|a, b| {
        let key = |one: &ApplicationOnFile| (one.organisation, one.application.application.clone());
        key(a).cmp(&key(b))
    });
    applications
}

/// A payment with the application that it is for.
struct PaymentOnFile {
    organisation: OrganisationId,
    application: String,
    position: u64,
    payment: Payment,
}

fn payment(row: Row<'_>) -> Result<PaymentOnFile, Error> {
    Ok(PaymentOnFile {
        organisation: row.exact("organisation")?,
        application: row.text("application")?,
        position: row.whole("position")?,
        payment: Payment {
            on: row.day("on_day")?,
            amount: row.whole("amount")?,
            document: row.text("document")?,
        },
    })
}

/// An application without its payments.
fn application(row: Row<'_>) -> Result<ApplicationOnFile, Error> {
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
    Ok(ApplicationOnFile {
        organisation: row.exact("organisation")?,
        application: Application {
            application: row.text("application")?,
            programme: row.text("programme")?,
            on: row.day("on_day")?,
            requested: row.whole("requested")?,
            purpose: row.text("purpose")?,
            no_penalty: flag("no_penalty")?,
            decision,
            cancelled_on: row.day_or_none("cancelled_on")?,
            payments: Vec::new(),
        },
    })
}
