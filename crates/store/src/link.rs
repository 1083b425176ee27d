//! Linkage contracts on file: the terms of one contract, span by span.

use hoptac_model::ids::OrganisationId;
use hoptac_model::linkage::{Volume, VolumeUnit};
use hoptac_model::register::{PartnerKind, Stage};
use jiff::civil::Date;
use sqlx::AnyConnection;

use crate::Error;
use crate::database::failure;
use crate::row::Row;

/// The terms of a contract in a span of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkOnFile {
    /// The first day of these terms.
    pub from: Date,
    /// Their last day, where known.
    pub to: Option<Date>,
    /// The day on which the contract was signed.
    pub signed_on: Date,
    /// The partner as it was written.
    pub partner: String,
    /// The partner's name.
    pub partner_name: String,
    /// What kind of partner.
    pub partner_kind: PartnerKind,
    /// What is produced.
    pub product: String,
    /// The stages covered.
    pub stages: Vec<Stage>,
    /// Value in đồng, where known.
    pub value: Option<i64>,
    /// How much is delivered in a year, where known.
    pub volume: Option<Volume>,
    /// The area in square metres, where known.
    pub area: Option<i64>,
    /// The document that proves it.
    pub proof: String,
}

/// The terms of a contract, oldest first.
pub(crate) async fn terms(
    connection: &mut AnyConnection,
    organisation: OrganisationId,
    link: &str,
) -> Result<Vec<LinkOnFile>, Error> {
    let sql = "SELECT * FROM link WHERE organisation = $1 AND link = $2 ORDER BY from_day";
    let rows = sqlx::query(sql)
        .bind(organisation.to_string())
        .bind(link)
        .fetch_all(connection)
        .await
        .map_err(failure("reading a contract"))?;
    rows.iter().map(|row| on_file(Row { table: "link", row })).collect()
}

/// The terms that a row holds.
pub(crate) fn on_file(row: Row<'_>) -> Result<LinkOnFile, Error> {
    let stages = row.text("stages")?;
    let unit = row.text_or_none("volume_unit")?;
    let volume = match (row.whole_or_none("volume")?, unit) {
        (Some(amount), Some(unit)) => {
            let unit =
                VolumeUnit::from_code(&unit).ok_or_else(|| row.wrong("volume_unit", unit))?;
            Some(Volume { amount, unit })
        }
        (None, None) => None,
        (_, unit) => return Err(row.wrong("volume_unit", unit.unwrap_or_default())),
    };
    Ok(LinkOnFile {
        from: row.day("from_day")?,
        to: row.day_or_none("to_day")?,
        signed_on: row.day("signed_on")?,
        partner: row.text("partner")?,
        partner_name: row.text("partner_name")?,
        partner_kind: row.coded("partner_kind", PartnerKind::from_code)?,
        product: row.text("product")?,
        stages: serde_json::from_str(&stages).map_err(|error| row.wrong("stages", error))?,
        value: row.whole_or_none("value")?,
        volume,
        area: row.whole_or_none("area")?,
        proof: row.text("proof")?,
    })
}
