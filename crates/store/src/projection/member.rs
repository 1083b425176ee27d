//! Rolls of members: what was filed, member by member, and by how much the counts changed. Nothing is folded here, so that a
//! filing for an earlier day needs no second look at the later ones; `model::member::spans` folds when it is asked.

use hoptac_model::filing::Filing;
use hoptac_model::filing::member::{MemberStrike, Membership};
use hoptac_model::member::{EntryChange, MemberEvent, What};
use hoptac_model::words;
use sqlx::AnyConnection;

use super::{inapplicable, json, organisation_of};
use crate::Error;
use crate::database::failure;
use crate::ledger;
use crate::table::{MEMBER_EVENT, MEMBER_TALLY, Value, number};

/// Something is filed about a roll.
pub(super) async fn file(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &Membership,
) -> Result<(), Error> {
    let organisation = organisation_of(filing)?.to_string();
    if let Membership::Strike(body) = body {
        return strike(connection, filing, body, &organisation).await;
    }
    let events = body.events(filing.effective_on, filing.position);
    let rows: Vec<[Value; 15]> = events.iter().map(|event| row(&organisation, event)).collect();
    MEMBER_EVENT.put(connection, &rows).await?;
    let Some(tally) = body.tally() else { return Ok(()) };
    let row = [
        Value::from(organisation),
        number(filing.position).into(),
        filing.effective_on.into(),
        json(filing, tally)?.into(),
    ];
    MEMBER_TALLY.put(connection, &[row]).await
}

/// What an earlier filing did to the roll, and to its counts, is taken away again.
async fn strike(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &MemberStrike,
    organisation: &str,
) -> Result<(), Error> {
    let struck = ledger::find_id(connection, body.filing).await?;
    let struck = struck.filter(|struck| struck.position < filing.position);
    let Some(struck) = struck.filter(|struck| struck.subject == filing.subject) else {
        return Err(inapplicable(
            filing,
            words!(
                "không có hồ sơ trước đó về cùng đối tượng",
                "there is no earlier filing about the same subject"
            ),
        ));
    };
    // Each record carries the position of the filing that made it.
    for sql in [
        "DELETE FROM member_event WHERE organisation = $1 AND position = $2",
        "DELETE FROM member_tally WHERE organisation = $1 AND position = $2",
    ] {
        sqlx::query(sql)
            .bind(organisation)
            .bind(number(struck.position))
            .execute(&mut *connection)
            .await
            .map_err(failure("taking back what was filed about a roll"))?;
    }
    Ok(())
}

/// The row of an event: what an act does not say is empty.
fn row(organisation: &str, event: &MemberEvent) -> [Value; 15] {
    let act = match &event.what {
        What::Enter(_) => "enter",
        What::Change(_) => "change",
        What::Share(_) => "share",
        What::Leave(_) => "leave",
    };
    let mut kind = Value::Text(None);
    let mut joined = Value::Text(None);
    let mut cause = Value::Text(None);
    let mut share = Value::Whole(None);
    let change = match &event.what {
        What::Enter(entry) => {
            kind = entry.kind.code().into();
            joined = entry.joined.into();
            EntryChange {
                class: Some(entry.class),
                capital: Some(entry.capital),
                foreign: entry.foreign,
                pseudonym: entry.pseudonym.clone(),
                identity: Some(entry.identity.clone()),
                marks: entry.marks.clone(),
            }
        }
        What::Change(change) => change.clone(),
        What::Share(by) => {
            share = (*by).into();
            EntryChange::default()
        }
        What::Leave(left) => {
            cause = left.code().into();
            EntryChange::default()
        }
    };
    let EntryChange { class, capital, foreign, pseudonym, identity, marks } = change;
    [
        organisation.into(),
        number(event.position).into(),
        i64::from(event.number).into(),
        event.member.to_string().into(),
        event.on.into(),
        act.into(),
        kind,
        Value::Text(class.map(|class| class.code().to_owned())),
        capital.map_or(share, Value::from),
        joined,
        Value::Whole(foreign.map(i64::from)),
        Value::Text(pseudonym.map(String::from)),
        Value::Text(identity.map(String::from)),
        Value::Text(marks.map(String::from)),
        cause,
    ]
}
