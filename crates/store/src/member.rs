//! Rolls of members as they were filed, and the keys of what is sealed in them.
//!
//! The keys lie beside the ledger and follow from nothing: no fold makes them anew. Each is wrapped, the members' under
//! their organisation's, those of organisations under a key that never comes here.

use std::collections::BTreeSet;

use hoptac_model::filing::import::ImportAct;
use hoptac_model::filing::member::Membership;
use hoptac_model::filing::{Body, Filing, Subject};
use hoptac_model::ids::{MemberId, OrganisationId};
use hoptac_model::member::{
    Entry, EntryChange, HeldKey, KeyHolder, LeaveCause, MemberClass, MemberEvent, MemberKind,
    Tally, What,
};
use hoptac_model::seal::{Pseudonym, Sealed};
use jiff::civil::Date;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use crate::database::failure;
use crate::lot::{Whose, each};
use crate::register::columns::{MEMBER_EVENT, MEMBER_TALLY};
use crate::row::Row;
use crate::table::PARAMETERS;
use crate::{Error, Store, Writing, known, ledger};

/// The roll of an organisation as it was filed up to a position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RollOnFile {
    /// What was filed, in the order of the ledger.
    pub events: Vec<MemberEvent>,
    /// By how much each filing changed the counts, and from which day.
    pub tallies: Vec<(Date, Tally)>,
}

impl RollOnFile {
    /// The first day of the roll; none where there is none.
    pub fn begun(&self) -> Option<Date> {
        self.tallies.iter().map(|(on, _)| *on).min()
    }

    /// The counts on a day.
    pub fn tally_on(&self, day: Date) -> Tally {
        let mut sum = Tally::default();
        for (_, tally) in self.tallies.iter().filter(|(on, _)| *on <= day) {
            sum += tally;
        }
        sum
    }
}

impl Store {
    /// The roll of an organisation, by the filings recorded until the end of a day; without a day, by all.
    pub async fn roll(
        &self,
        organisation: OrganisationId,
        known_on: Option<Date>,
    ) -> Result<RollOnFile, Error> {
        let mut reading = self.database.read().await?;
        if known_on.is_none() {
            return roll(&mut reading, organisation).await;
        }
        // The tables have lost what was taken back since; the ledger has not.
        let position = known::position_on(&mut reading, known_on).await?;
        let about = Subject::organisation(organisation);
        folded(&ledger::about(&mut reading, &about, position).await?)
    }

    /// An organisation's own key and those of its members.
    pub async fn keys_of(&self, organisation: OrganisationId) -> Result<Vec<HeldKey>, Error> {
        let mut reading = self.database.read().await?;
        keys_of(&mut reading, organisation).await
    }

    /// The key of a holder.
    pub async fn key(&self, holder: KeyHolder) -> Result<Option<HeldKey>, Error> {
        let mut reading = self.database.read().await?;
        key(&mut reading, holder).await
    }

    /// Keeps keys whose holders have none.
    pub async fn keep_keys(&self, keys: &[HeldKey]) -> Result<(), Error> {
        let mut transaction = self.database.write().await?;
        keep_keys(&mut transaction, keys).await?;
        transaction.commit().await.map_err(failure("keeping keys"))
    }

    /// Wipes what is left of keys that were destroyed.
    pub async fn scrub_keys(&self) -> Result<(), Error> {
        self.database.scrub("sealed_key").await
    }
}

impl Writing {
    /// The roll of an organisation.
    pub async fn roll(&mut self, organisation: OrganisationId) -> Result<RollOnFile, Error> {
        roll(&mut self.transaction, organisation).await
    }

    /// An organisation's own key and those of its members.
    pub async fn keys_of(&mut self, organisation: OrganisationId) -> Result<Vec<HeldKey>, Error> {
        keys_of(&mut self.transaction, organisation).await
    }

    /// The key of a holder.
    pub async fn key(&mut self, holder: KeyHolder) -> Result<Option<HeldKey>, Error> {
        key(&mut self.transaction, holder).await
    }

    /// Keeps keys whose holders have none.
    pub async fn keep_keys(&mut self, keys: &[HeldKey]) -> Result<(), Error> {
        keep_keys(&mut self.transaction, keys).await
    }

    /// Destroys the keys of some members, or an organisation's own key and with it those of all its members.
    pub async fn destroy_keys(
        &mut self,
        organisation: OrganisationId,
        members: Option<&[MemberId]>,
    ) -> Result<(), Error> {
        let doing = "destroying a key";
        let Some(members) = members else {
            sqlx::query("DELETE FROM sealed_key WHERE organisation = $1")
                .bind(organisation.to_string())
                .execute(&mut *self.transaction)
                .await
                .map_err(failure(doing))?;
            return Ok(());
        };
        for member in members {
            sqlx::query("DELETE FROM sealed_key WHERE organisation = $1 AND member = $2")
                .bind(organisation.to_string())
                .bind(member.to_string())
                .execute(&mut *self.transaction)
                .await
                .map_err(failure(doing))?;
        }
        Ok(())
    }
}

async fn roll(
    connection: &mut AnyConnection,
    organisation: OrganisationId,
) -> Result<RollOnFile, Error> {
    let whose = Whose::one(connection, organisation, &[MEMBER_EVENT, MEMBER_TALLY]).await?;
    let mut events = each(connection, &whose, &MEMBER_EVENT, event).await?;
    events.sort_by_key(|event| (event.position, event.number));
    let mut tallies = each(connection, &whose, &MEMBER_TALLY, |row| {
        Ok((row.whole::<u64>("position")?, tally(row)?))
    })
    .await?;
    tallies.sort_by_key(|(position, _)| *position);
    Ok(RollOnFile { events, tallies: tallies.into_iter().map(|(_, tally)| tally).collect() })
}

/// The roll that an organisation's filings come to.
fn folded(filings: &[Filing]) -> Result<RollOnFile, Error> {
    let mut said = Vec::new();
    let mut struck = BTreeSet::new();
    for filing in filings {
        let body = filing.typed_body();
        let body = body.map_err(|source| Error::Body { position: filing.position, source })?;
        if let Body::Import(ImportAct::Strike(strike)) = &body {
            struck.insert(strike.filing);
        }
        let Body::Membership(body) = body else { continue };
        if let Membership::Strike(strike) = body {
            struck.insert(strike.filing);
        } else {
            said.push((filing, body));
        }
    }
    said.retain(|(filing, _)| !struck.contains(&filing.id));
    let mut roll = RollOnFile::default();
    for (filing, body) in said {
        roll.events.extend(body.events(filing.effective_on, filing.position));
        roll.tallies.extend(body.tally().map(|tally| (filing.effective_on, tally.clone())));
    }
    Ok(roll)
}

/// Reads an event.
pub(crate) fn event(row: Row<'_>) -> Result<MemberEvent, Error> {
    let member: MemberId = row.exact("member")?;
    let act = row.text("act")?;
    let what = match act.as_str() {
        "enter" => What::Enter(entry(row, member)?),
        "change" => What::Change(change(row)?),
        "share" => What::Share(row.whole("capital")?),
        "leave" => What::Leave(row.coded("cause", LeaveCause::from_code)?),
        _ => return Err(row.wrong("act", act)),
    };
    let (on, position, number) = (row.day("on_day")?, row.whole("position")?, row.whole("number")?);
    Ok(MemberEvent { member, on, position, number, what })
}

/// Reads the day and the change of counts.
pub(crate) fn tally(row: Row<'_>) -> Result<(Date, Tally), Error> {
    let contents = row.text("contents")?;
    let tally = serde_json::from_str(&contents).map_err(|error| row.wrong("contents", error))?;
    Ok((row.day("on_day")?, tally))
}

fn entry(row: Row<'_>, member: MemberId) -> Result<Entry, Error> {
    let EntryChange { class, capital, foreign, pseudonym, identity, marks } = change(row)?;
    let nothing = |column| row.wrong(column, "nothing");
    Ok(Entry {
        member,
        kind: row.coded("kind", MemberKind::from_code)?,
        class: class.ok_or_else(|| nothing("class"))?,
        capital: capital.ok_or_else(|| nothing("capital"))?,
        joined: row.day_or_none("joined")?,
        foreign,
        pseudonym,
        identity: identity.ok_or_else(|| nothing("identity"))?,
        marks,
    })
}

fn change(row: Row<'_>) -> Result<EntryChange, Error> {
    let sealed = |column| -> Result<Option<Sealed>, Error> {
        let text = row.text_or_none(column)?;
        text.map(|text| Sealed::try_from(text).map_err(|error| row.wrong(column, error)))
            .transpose()
    };
    let class = row.text_or_none("class")?;
    let class =
        class.map(|code| MemberClass::from_code(&code).ok_or_else(|| row.wrong("class", code)));
    let pseudonym = row.text_or_none("pseudonym")?;
    let pseudonym = pseudonym
        .map(|text| Pseudonym::try_from(text).map_err(|error| row.wrong("pseudonym", error)));
    Ok(EntryChange {
        class: class.transpose()?,
        capital: row.whole_or_none("capital")?,
        foreign: row.whole_or_none::<i64>("is_foreign")?.map(|flag| flag != 0),
        pseudonym: pseudonym.transpose()?,
        identity: sealed("identity")?,
        marks: sealed("marks")?,
    })
}

/// What a holder is called in the table.
fn called(holder: KeyHolder) -> (String, String) {
    match holder {
        KeyHolder::Pseudonyms => (String::new(), "pseudonyms".to_owned()),
        KeyHolder::Organisation(organisation) => (organisation.to_string(), String::new()),
        KeyHolder::Member(organisation, member) => (organisation.to_string(), member.to_string()),
    }
}

async fn keys_of(
    connection: &mut AnyConnection,
    organisation: OrganisationId,
) -> Result<Vec<HeldKey>, Error> {
    let sql = "SELECT member, wrapped FROM sealed_key WHERE organisation = $1 ORDER BY member";
    let rows = sqlx::query(sql)
        .bind(organisation.to_string())
        .fetch_all(connection)
        .await
        .map_err(failure("reading keys"))?;
    rows.iter()
        .map(|row| {
            let cells = Row { table: "sealed_key", row };
            let holder = match cells.text("member")?.as_str() {
                "" => KeyHolder::Organisation(organisation),
                _ => KeyHolder::Member(organisation, cells.exact("member")?),
            };
            held(holder, row)
        })
        .collect()
}

async fn key(connection: &mut AnyConnection, holder: KeyHolder) -> Result<Option<HeldKey>, Error> {
    let (organisation, member) = called(holder);
    let sql = "SELECT wrapped FROM sealed_key WHERE organisation = $1 AND member = $2";
    let row = sqlx::query(sql)
        .bind(organisation)
        .bind(member)
        .fetch_optional(connection)
        .await
        .map_err(failure("reading a key"))?;
    row.as_ref().map(|row| held(holder, row)).transpose()
}

fn held(holder: KeyHolder, row: &AnyRow) -> Result<HeldKey, Error> {
    let row = Row { table: "sealed_key", row };
    let wrapped = Sealed::try_from(row.text("wrapped")?);
    Ok(HeldKey { holder, wrapped: wrapped.map_err(|error| row.wrong("wrapped", error))? })
}

async fn keep_keys(connection: &mut AnyConnection, keys: &[HeldKey]) -> Result<(), Error> {
    for lot in keys.chunks(PARAMETERS / 3) {
        let places: Vec<String> = (0..lot.len())
            .map(|i| format!("(${}, ${}, ${})", 3 * i + 1, 3 * i + 2, 3 * i + 3))
            .collect();
        let sql = format!(
            "INSERT INTO sealed_key (organisation, member, wrapped) VALUES {} \
             ON CONFLICT (organisation, member) DO NOTHING",
            places.join(", ")
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for key in lot {
            let (organisation, member) = called(key.holder);
            query = query.bind(organisation).bind(member).bind(key.wrapped.as_str().to_owned());
        }
        query.execute(&mut *connection).await.map_err(failure("keeping keys"))?;
    }
    Ok(())
}
