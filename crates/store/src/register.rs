//! Loads the register over time from the projections, sorted as the model promises.

use std::collections::{BTreeMap, HashMap};
use std::fmt::{self, Formatter};
use std::hash::BuildHasher;
use std::sync::Arc;

use futures_util::TryStreamExt as _;
use hoptac_model::filing::Origin;
use hoptac_model::ids::{OrganisationId, UnitId};
use hoptac_model::member::MemberEvent;
use hoptac_model::organisation::{Grade, Kind, Organisation, Sector, Status};
use hoptac_model::pool::Pool;
use hoptac_model::register::{
    Adoption, AnnualReturn, Certificate, GradeDecision, Link, Membership, OfOne, Partner, Practice,
    Promotion, Register, RollCount, SeatDecision, State,
};
use hoptac_model::roll::{RollSpan, Rolls};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use sqlx::{Any, AnyConnection, Transaction};
use tokio::task::JoinSet;

use crate::database::failure;
use crate::member;
use crate::row::Row;
use crate::{Error, link, support};

/// Everything that the register knows at a position of the ledger. What takes as long as all the rest is read at the same time
/// by another reader who sees the same position, if there is one.
pub(crate) async fn load(
    connection: &mut AnyConnection,
    position: u64,
    beside: Option<Transaction<'static, Any>>,
) -> Result<Register, Error> {
    Ok(read(connection, position, None, beside).await?.register)
}

/// What the register knows of one organisation.
pub(crate) async fn load_of(
    connection: &mut AnyConnection,
    position: u64,
    organisation: OrganisationId,
) -> Result<OfOne, Error> {
    read(connection, position, Some(organisation), None).await
}

/// The statements that read a table: all of it, or what is of one organisation.
macro_rules! table {
    ($table:literal) => {
        table!($table, "organisation", "")
    };
    ($table:literal, $column:literal, $order:literal) => {
        Table {
            name: $table,
            all: concat!("SELECT * FROM ", $table, $order),
            one: concat!("SELECT * FROM ", $table, " WHERE ", $column, " = $1", $order),
        }
    };
}

/// A table with the statements that read it.
#[derive(Clone, Copy)]
struct Table {
    name: &'static str,
    all: &'static str,
    one: &'static str,
}

/// What the register knows of all organisations, or of one alone: then its unions stand beside the register.
async fn read(
    connection: &mut AnyConnection,
    position: u64,
    who: Option<OrganisationId>,
    beside: Option<Transaction<'static, Any>>,
) -> Result<OfOne, Error> {
    let mut organisations = each(connection, who, table!("organisation", "id", ""), |row| {
        Ok(Organisation {
            id: row.exact("id")?,
            code: row.text_or_none("code")?,
            name: row.text("name")?,
            founded_on: row.day("founded_on")?,
            synthetic: row.coded("origin", Origin::from_code)? == Origin::Synthetic,
        })
    })
    .await?;
    organisations.sort_by_key(|organisation| organisation.id);
    // Rows name their organisation by its text; looking that up as it is spares parsing it every time.
    let index: HashMap<String, u32> =
        organisations.iter().map(|organisation| organisation.id.to_string()).zip(0..).collect();
    let index = Arc::new(index);
    let mut aside = JoinSet::new();
    if let Some(mut beside) = beside {
        let index = Arc::clone(&index);
        aside.spawn(async move { returns(&mut beside, &index, who).await });
    }

    // Thousands have their seat in the same commune, and a few buyers have very many contracts.
    let mut pool = Pool::default();
    let mut states = each(connection, who, table!("organisation_state"), |row| {
        Ok(State {
            organisation: of(row, "organisation", &index)?,
            from: row.day("from_day")?,
            position: row.whole("position")?,
            kind: row.coded("kind", Kind::from_code)?,
            status: row.coded("status", Status::from_code)?,
            seat: UnitId(pool.share(row.word("seat")?)),
            seat_former: row.word_or_none("seat_former")?.map(|unit| UnitId(pool.share(unit))),
            sector: row.coded("sector", Sector::from_code)?,
            vsic: row.exact("vsic")?,
            difficult_area: row.flag("difficult_area")?,
            members: row.whole_or_none("members")?,
            capital: row.whole_or_none("capital")?,
        })
    })
    .await?;
    states.sort_by_key(|state| (state.organisation, state.from, state.position));

    let mut grades = each(
        connection,
        who,
        table!("grade", "organisation", " ORDER BY on_day, position"),
        |row| {
            Ok(GradeDecision {
                organisation: of(row, "organisation", &index)?,
                year: row.whole("year")?,
                on: row.day("on_day")?,
                ruleset: row.text("ruleset")?,
                score_tenths: row.whole("score_tenths")?,
                grade: row.coded("grade", Grade::from_code)?,
            })
        },
    )
    .await?;
    // Sorting keeps the order of versions within a year.
    grades.sort_by_key(|grade| (grade.organisation, grade.year));

    let mut links = each(connection, who, table!("link"), |row| {
        let terms = link::on_file(row)?;
        Ok(Link {
            organisation: of(row, "organisation", &index)?,
            link: row.text("link")?,
            signed_on: terms.signed_on,
            partner: pool.share(Partner {
                key: terms.partner,
                name: terms.partner_name,
                kind: terms.partner_kind,
                organisation: None,
            }),
            product: pool.share(terms.product),
            stages: pool.share(terms.stages),
            from: terms.from,
            to: terms.to,
            value: terms.value,
            volume: terms.volume,
            area: terms.area,
            proof: terms.proof,
        })
    })
    .await?;
    let mut is_named = false;
    if let Some(id) = who {
        is_named = link::is_named_by_code(connection, id).await?;
        for link in &mut links {
            if let Some(key) = link::partner_id(connection, &link.partner.key).await? {
                link.partner = pool.share(Partner { key, ..Partner::clone(&link.partner) });
            }
        }
    } else {
        let codes: HashMap<&str, u32> = organisations
            .iter()
            .zip(0..)
            .filter_map(|(organisation, index)| Some((organisation.code.as_deref()?, index)))
            .collect();
        // A partner that is an organisation of the register is told by its identity, however it was written.
        for link in &mut links {
            let partner = &link.partner;
            let found = index.get(&partner.key).or_else(|| codes.get(partner.key.as_str()));
            let buyer = found.and_then(|buyer| organisations.get(usize::try_from(*buyer).ok()?));
            if let Some(buyer) = buyer {
                link.partner = pool.share(Partner {
                    key: buyer.id.to_string(),
                    organisation: found.copied(),
                    ..Partner::clone(partner)
                });
            }
        }
    }
    links.sort_by(|a, b| (a.organisation, &a.link, a.from).cmp(&(b.organisation, &b.link, b.from)));

    let certificates = sorted_by_name(
        connection,
        who,
        table!("certificate"),
        "certificate",
        &index,
        |row, organisation| {
            Ok(Certificate {
                organisation,
                certificate: row.text("certificate")?,
                score_tenths: row.whole_or_none("score_tenths")?,
                withdrawn_on: row.day_or_none("withdrawn_on")?,
                renews: row.text_or_none("renews")?,
                decision: row.text("decision")?,
                product: row.text("product")?,
                kind: row.text("kind")?,
                stars: row.whole_or_none("stars")?,
                from: row.day("from_day")?,
                to: row.day_or_none("to_day")?,
            })
        },
    )
    .await?;

    let mut adoptions = each(connection, who, table!("adoption"), |row| {
        Ok(Adoption {
            organisation: of(row, "organisation", &index)?,
            practice: row.coded("practice", Practice::from_code)?,
            item: row.text("item")?,
            confirmed_by: row.text("confirmed_by")?,
            evidence: row.text("evidence")?,
            from: row.day("from_day")?,
            to: row.day_or_none("to_day")?,
        })
    })
    .await?;
    adoptions.sort_by(|a, b| {
        let key = |one: &Adoption| (one.organisation, one.practice.code(), one.from);
        (key(a), &a.item).cmp(&(key(b), &b.item))
    });

    let applications = match who {
        None => support::all(connection).await?,
        Some(organisation) => support::of(connection, organisation).await?,
    };
    let supports = applications
        .into_iter()
        .filter_map(|one| Some((*index.get(&one.organisation.to_string())?, one.application)))
        .collect();

    let mut promotions = each(connection, who, table!("promotion"), |row| {
        Ok(Promotion { organisation: of(row, "organisation", &index)?, on: row.day("on_day")? })
    })
    .await?;
    promotions.sort_by_key(|promotion| (promotion.organisation, promotion.on));

    let (mut memberships, mut unions) = (Vec::new(), Vec::new());
    if who.is_none() {
        memberships = each(connection, who, table!("membership"), |row| {
            Ok(Membership {
                organisation: of(row, "organisation", &index)?,
                union: of(row, "in_union", &index)?,
                from: row.day("from_day")?,
                to: row.day_or_none("to_day")?,
            })
        })
        .await?;
    } else {
        unions = each(connection, who, table!("membership"), |row| {
            Ok((row.exact("in_union")?, row.day("from_day")?, row.day_or_none("to_day")?))
        })
        .await?;
    }
    memberships.sort_by_key(|m| (m.organisation, m.from, m.union, m.to));

    let mut seat_decisions = each(connection, who, table!("seat_place"), |row| {
        Ok(SeatDecision {
            organisation: of(row, "organisation", &index)?,
            seat: UnitId::new(row.text("seat")?),
            unit: UnitId::new(row.text("unit")?),
            position: row.whole("position")?,
        })
    })
    .await?;
    seat_decisions.sort_by(|a, b| {
        (a.organisation, &a.seat, a.position).cmp(&(b.organisation, &b.seat, b.position))
    });

    let roll_spans = rolls(connection, &index, who).await?;
    let roll_counts = roll_counts(connection, &index, who).await?;
    let filed = match aside.join_next().await {
        None => returns(connection, &index, who).await?,
        Some(Ok(filed)) => filed?,
        Some(Err(_)) => {
            return Err(failure("reading the register")(sqlx::Error::WorkerCrashed));
        }
    };

    let register = Register {
        position,
        organisations: organisations.into(),
        states: states.into(),
        return_columns: filed.return_columns,
        returns: filed.returns,
        grades: grades.into(),
        links: links.into(),
        certificates: certificates.into(),
        adoptions: adoptions.into(),
        promotions: promotions.into(),
        supports,
        memberships: memberships.into(),
        seat_decisions: seat_decisions.into(),
        roll_spans,
        roll_counts: roll_counts.into(),
    };
    Ok(OfOne { register, unions, is_named })
}

/// Rolls of members, folded.
async fn rolls(
    connection: &mut AnyConnection,
    index: &HashMap<String, u32, impl BuildHasher>,
    who: Option<OrganisationId>,
) -> Result<Rolls, Error> {
    let table = table!("member_event", "organisation", " ORDER BY organisation, position, number");
    let mut rolls = Rolls::default();
    let mut roll = OneRoll::default();
    // One roll after the other, so that events and pseudonyms of a nation never lie in memory together.
    each(connection, who, table, |row| {
        let organisation = of(row, "organisation", index)?;
        if organisation != roll.organisation {
            roll.fold_into(&mut rolls)?;
            roll = OneRoll { organisation, ..OneRoll::default() };
        }
        let event = member::event(row.row)?;
        if let Some(who) = event.who() {
            roll.numbers.insert(who, row.whole("person")?);
        }
        roll.events.push(event);
        Ok(())
    })
    .await?;
    roll.fold_into(&mut rolls)?;
    rolls.shrink();
    Ok(rolls)
}

/// What was filed about a roll, and the numbers of those whom it names.
#[derive(Default)]
struct OneRoll {
    organisation: u32,
    events: Vec<MemberEvent>,
    numbers: HashMap<String, u32>,
}

impl OneRoll {
    fn fold_into(&self, rolls: &mut Rolls) -> Result<(), Error> {
        for span in hoptac_model::member::spans(&self.events).0 {
            let entry = span.entry;
            // Whoever is on a roll was named by an event of it.
            let person = self.numbers.get(&entry.who()).copied().ok_or_else(|| {
                let value = entry.member.to_string();
                Error::Stored { table: "member_event", column: "person", value }
            })?;
            rolls.push(RollSpan {
                organisation: self.organisation,
                person,
                kind: entry.kind,
                class: entry.class,
                capital: entry.capital,
                from: span.from,
                until: span.until,
            });
        }
        Ok(())
    }
}

/// By how much the counts of rolls changed.
async fn roll_counts(
    connection: &mut AnyConnection,
    index: &HashMap<String, u32, impl BuildHasher>,
    who: Option<OrganisationId>,
) -> Result<Vec<RollCount>, Error> {
    let mut counts = each(connection, who, table!("member_tally"), |row| {
        let organisation = of(row, "organisation", index)?;
        let (on, tally) = member::tally(row.row)?;
        Ok((row.whole::<u64>("position")?, RollCount { organisation, on, tally }))
    })
    .await?;
    counts.sort_by_key(|(position, count)| (count.organisation, count.on, *position));
    Ok(counts.into_iter().map(|(_, count)| count).collect())
}

/// A register that holds the returns and nothing else.
async fn returns(
    connection: &mut AnyConnection,
    index: &HashMap<String, u32, impl BuildHasher>,
    who: Option<OrganisationId>,
) -> Result<Register, Error> {
    // In the order in which they lie in the register; the last of a year is the one that counts. A nation has a million, and to
    // ask for each by itself takes longer than to read it: those of an organisation come in one row, a line for each. No field of
    // them has a line break, and only the last one has spaces.
    macro_rules! filed {
        ($which:literal) => {
            concat!(
                "SELECT organisation, string_agg(year || ' ' || on_day || ' ' || late || ' ' || contents, '\n' \
                 ORDER BY year, on_day, position) AS contents FROM annual_return",
                $which,
                " GROUP BY organisation ORDER BY organisation"
            )
        };
    }
    let table =
        Table { name: "annual_return", all: filed!(""), one: filed!(" WHERE organisation = $1") };
    let mut register = Register::default();
    each(connection, who, table, |row| {
        let organisation = of(row, "organisation", index)?;
        let filed = row.word("contents")?;
        for line in filed.split('\n') {
            let wrong = || row.wrong("contents", line);
            let mut fields = line.splitn(4, ' ');
            let mut next = || fields.next().ok_or_else(wrong);
            let year = next()?.parse().map_err(|_| wrong())?;
            let on = next()?.parse().map_err(|_| wrong())?;
            let late = match next()? {
                "0" => false,
                "1" => true,
                _ => return Err(wrong()),
            };
            let annual_return = AnnualReturn { organisation, year, on, late, row: 0 };
            let contents = next()?;
            // Names of fields need no second copy, unless one is written with escapes.
            if let Ok(Values(values)) = serde_json::from_str(contents) {
                register.file_return(annual_return, values);
                continue;
            }
            let values: BTreeMap<String, i64> =
                serde_json::from_str(contents).map_err(|error| row.wrong("contents", error))?;
            register.file_return(annual_return, values.iter().map(|(name, v)| (name.as_str(), *v)));
        }
        Ok(())
    })
    .await?;
    register.returns.shrink();
    Ok(register)
}

/// What a return says, in the order in which it is written.
struct Values<'a>(Vec<(&'a str, i64)>);

impl<'de> Deserialize<'de> for Values<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = Values<'de>;

            fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
                f.write_str("whole numbers by field")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Values<'de>, A::Error> {
                let mut values = Vec::with_capacity(64);
                while let Some(entry) = map.next_entry()? {
                    values.push(entry);
                }
                Ok(Values(values))
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

/// The records of a table, read row by row, so that a nation's rows never lie in memory beside its records.
async fn each<T>(
    connection: &mut AnyConnection,
    who: Option<OrganisationId>,
    table: Table,
    mut read: impl FnMut(Row<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let query = match who {
        None => sqlx::query(table.all),
        Some(id) => sqlx::query(table.one).bind(id.to_string()),
    };
    let mut rows = query.fetch(connection);
    let mut records = Vec::new();
    while let Some(row) = rows.try_next().await.map_err(failure("reading the register"))? {
        records.push(read(Row { table: table.name, row: &row })?);
    }
    Ok(records)
}

/// Records by organisation, then by the name that they have there.
async fn sorted_by_name<T>(
    connection: &mut AnyConnection,
    who: Option<OrganisationId>,
    table: Table,
    name: &'static str,
    index: &HashMap<String, u32, impl BuildHasher>,
    read: impl Fn(Row<'_>, u32) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let mut named = each(connection, who, table, |row| {
        let organisation = of(row, "organisation", index)?;
        Ok(((organisation, row.text(name)?), read(row, organisation)?))
    })
    .await?;
    named.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(named.into_iter().map(|(_, record)| record).collect())
}

/// The index of the organisation that a row names.
fn of(
    row: Row<'_>,
    column: &'static str,
    index: &HashMap<String, u32, impl BuildHasher>,
) -> Result<u32, Error> {
    let id = row.word(column)?;
    index.get(id).copied().ok_or_else(|| row.wrong(column, id))
}
