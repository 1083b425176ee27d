//! Linkage contracts: signed, changed from a day on, ended.

use hoptac_model::filing::{Filing, LinkChange, LinkEnd, LinkSign};
use hoptac_model::ids::OrganisationId;
use hoptac_model::text::Words;
use hoptac_model::words;
use jiff::ToSpan as _;
use jiff::civil::Date;
use sqlx::AnyConnection;

use super::{inapplicable, json, organisation_of};
use crate::Error;
use crate::database::failure;
use crate::link::{LinkOnFile, terms};
use crate::table::{LINK, Value, number};

/// A contract is recorded. Its name is unique for the organisation.
pub(super) async fn sign(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &LinkSign,
) -> Result<(), Error> {
    let organisation = organisation_of(filing)?;
    if !terms(connection, organisation, &body.link).await?.is_empty() {
        let why = words!(
            "tổ chức đã có hợp đồng `{link}`",
            "the organisation already has a contract `{link}`",
            link = body.link
        );
        return Err(inapplicable(filing, why));
    }
    let signed = LinkOnFile {
        from: filing.effective_on,
        to: body.to,
        signed_on: filing.effective_on,
        partner: body.partner.clone(),
        partner_name: body.partner_name.clone(),
        partner_kind: body.partner_kind,
        product: body.product.clone(),
        stages: body.stages.clone(),
        value: body.value,
        volume: body.volume,
        area: body.area,
        proof: body.proof.clone(),
    };
    put(connection, filing, organisation, &body.link, signed).await
}

/// Terms change: those before end the day before, and the new ones take over what the change leaves as it was.
pub(super) async fn change(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &LinkChange,
) -> Result<(), Error> {
    let organisation = organisation_of(filing)?;
    let Some(last) = terms(connection, organisation, &body.link).await?.pop() else {
        return Err(inapplicable(filing, unknown(&body.link)));
    };
    let on = filing.effective_on;
    if on < last.from {
        let why = words!(
            "hợp đồng `{link}` đã có nội dung mới từ {from}",
            "the contract `{link}` has terms from {from} on already",
            link = body.link,
            from = last.from
        );
        return Err(inapplicable(filing, why));
    }
    if last.from < on {
        let last_day = earlier(last.to, on.saturating_sub(1.day()));
        set_end(connection, filing, (organisation, &body.link, last.from), last_day).await?;
    }
    let partner = body.partner.clone();
    let changed = LinkOnFile {
        from: on,
        to: if body.open_ended { None } else { body.to.or(last.to) },
        signed_on: last.signed_on,
        partner_kind: partner.as_ref().map_or(last.partner_kind, |partner| partner.partner_kind),
        partner_name: partner
            .as_ref()
            .map_or(last.partner_name, |partner| partner.partner_name.clone()),
        partner: partner.map_or(last.partner, |partner| partner.partner),
        product: body.product.clone().unwrap_or(last.product),
        stages: body.stages.clone().unwrap_or(last.stages),
        value: body.value.or(last.value),
        volume: body.volume.or(last.volume),
        area: body.area.or(last.area),
        proof: if body.proof.is_empty() { last.proof } else { body.proof.clone() },
    };
    put(connection, filing, organisation, &body.link, changed).await
}

/// A contract ends; the effective day is its last.
pub(super) async fn end(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &LinkEnd,
) -> Result<(), Error> {
    let organisation = organisation_of(filing)?;
    let Some(last) = terms(connection, organisation, &body.link).await?.pop() else {
        return Err(inapplicable(filing, unknown(&body.link)));
    };
    let key = (organisation, body.link.as_str(), last.from);
    set_end(connection, filing, key, earlier(last.to, filing.effective_on)).await
}

/// What comes after the agreed last day does not make the days in between part of the contract.
fn earlier(agreed: Option<Date>, day: Date) -> Date {
    agreed.map_or(day, |agreed| agreed.min(day))
}

fn unknown(link: &str) -> Words {
    words!("tổ chức không có hợp đồng `{link}`", "the organisation has no contract `{link}`", link)
}

/// Ends the terms of a contract that began on a day.
async fn set_end(
    connection: &mut AnyConnection,
    filing: &Filing,
    (organisation, link, from): (OrganisationId, &str, Date),
    last_day: Date,
) -> Result<(), Error> {
    let sql = "UPDATE link SET to_day = $1, position = $2 \
               WHERE organisation = $3 AND link = $4 AND from_day = $5";
    sqlx::query(sql)
        .bind(last_day.to_string())
        .bind(number(filing.position))
        .bind(organisation.to_string())
        .bind(link)
        .bind(from.to_string())
        .execute(connection)
        .await
        .map_err(failure("ending the terms of a contract"))?;
    Ok(())
}

async fn put(
    connection: &mut AnyConnection,
    filing: &Filing,
    organisation: OrganisationId,
    link: &str,
    terms: LinkOnFile,
) -> Result<(), Error> {
    let row = [
        Value::from(organisation.to_string()),
        link.into(),
        terms.from.into(),
        terms.to.into(),
        terms.signed_on.into(),
        terms.partner.into(),
        terms.partner_name.into(),
        terms.partner_kind.code().into(),
        terms.product.into(),
        json(filing, &terms.stages)?.into(),
        terms.value.into(),
        terms.volume.map(|volume| volume.amount).into(),
        terms.volume.map(|volume| volume.unit.code().to_owned()).into(),
        terms.area.into(),
        terms.proof.into(),
        number(filing.position).into(),
    ];
    LINK.put(connection, &[row]).await
}
