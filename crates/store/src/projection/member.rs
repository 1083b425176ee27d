//! Rolls of members: what was filed, member by member, by how much the counts changed, and what the roll came to. The roll is
//! folded anew each time, by `model::member::spans`, as a filing for an earlier day changes what the later ones come to.

use std::collections::HashMap;

use hoptac_model::filing::Filing;
use hoptac_model::filing::member::{MemberStrike, Membership};
use hoptac_model::ids::OrganisationId;
use hoptac_model::member::{EntryChange, MemberEvent, What};
use hoptac_model::words;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::{inapplicable, json, organisation_of};
use crate::database::failure;
use crate::table::{MEMBER_EVENT, MEMBER_TALLY, PARAMETERS, PERSON, Value, number};
use crate::{Error, ledger, roll};

/// Something is filed about a roll.
pub(super) async fn file(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &Membership,
) -> Result<(), Error> {
    let id = organisation_of(filing)?;
    let organisation = id.to_string();
    if let Membership::Strike(body) = body {
        return strike(connection, filing, body, id).await;
    }
    let events = body.events(filing.effective_on, filing.position);
    let numbers = number_persons(connection, filing, &events).await?;
    let rows: Vec<[Value; 16]> = events
        .iter()
        .map(|event| {
            let person = event.who().and_then(|who| numbers.get(&who)).copied();
            row(&organisation, event, person)
        })
        .collect();
    if !rows.is_empty() {
        MEMBER_EVENT.put(connection, &rows).await?;
        roll::fold(connection, id, filing.position).await?;
    }
    let Some(tally) = body.tally() else { return Ok(()) };
    let row = [
        Value::from(organisation),
        number(filing.position).into(),
        filing.effective_on.into(),
        json(filing, tally)?.into(),
    ];
    MEMBER_TALLY.put(connection, &[row]).await
}

/// The numbers of those whom events name. Who is named for the first time gets the next one. Nobody loses one, even where
/// what was filed is struck, so that everybody's stays what it was.
async fn number_persons(
    connection: &mut AnyConnection,
    filing: &Filing,
    events: &[MemberEvent],
) -> Result<HashMap<String, i64>, Error> {
    let named: Vec<String> = events.iter().filter_map(MemberEvent::who).collect();
    let mut numbers = HashMap::with_capacity(named.len());
    if named.is_empty() {
        return Ok(numbers);
    }
    let doing = "numbering those who stand on rolls";
    for lot in named.chunks(PARAMETERS) {
        let places: Vec<String> = (1..=lot.len()).map(|place| format!("${place}")).collect();
        let sql = format!("SELECT who, number FROM person WHERE who IN ({})", places.join(", "));
        let mut query = sqlx::query_as::<_, (String, i64)>(AssertSqlSafe(sql));
        for who in lot {
            query = query.bind(who.as_str());
        }
        numbers.extend(query.fetch_all(&mut *connection).await.map_err(failure(doing))?);
    }
    let mut next: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(number), -1) + 1 FROM person")
        .fetch_one(&mut *connection)
        .await
        .map_err(failure(doing))?;
    let mut rows = Vec::new();
    for who in named {
        if numbers.contains_key(&who) {
            continue;
        }
        rows.push([Value::from(who.as_str()), next.into(), number(filing.position).into()]);
        numbers.insert(who, next);
        next += 1;
    }
    PERSON.put(connection, &rows).await?;
    Ok(numbers)
}

/// What an earlier filing did to the roll, and to its counts, is taken away again.
async fn strike(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &MemberStrike,
    id: OrganisationId,
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
            .bind(id.to_string())
            .bind(number(struck.position))
            .execute(&mut *connection)
            .await
            .map_err(failure("taking back what was filed about a roll"))?;
    }
    roll::fold(connection, id, filing.position).await
}

/// The row of an event: what an act does not say is empty.
fn row(organisation: &str, event: &MemberEvent, person: Option<i64>) -> [Value; 16] {
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
        person.into(),
    ]
}
