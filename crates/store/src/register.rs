//! Loads the register over time from the projections, sorted as the model promises.

pub(crate) mod columns;
mod index;
mod returns;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hoptac_model::filing::Origin;
use hoptac_model::ids::{OrganisationId, UnitId};
use hoptac_model::organisation::{Grade, Kind, Organisation, Sector, Status};
use hoptac_model::pool::Pool;
use hoptac_model::records::Records;
use hoptac_model::register::{
    Adoption, Certificate, GradeDecision, Link, Membership, OfOne, Partner, Practice, Promotion,
    Register, RollCount, SeatDecision, State,
};
use hoptac_model::roll::{Rolls, SpanNumbers};
use sqlx::{Any, AnyConnection, Transaction};
use tokio::task::{JoinError, JoinSet};

use self::columns::{
    ADOPTION, CERTIFICATE, GRADE, LINK, MEMBER_TALLY, MEMBERSHIP, NAMED_BY_CODE, OF_ONE,
    ORGANISATION, PARTNER, PROMOTION, ROLL, SEAT_PLACE, STATE,
};
use self::index::Index;
use self::returns::Returns;
use crate::database::{Database, failure};
use crate::lot::{Columns, Side, Turns, Whose, each, lots};
use crate::row::Row;
use crate::{Error, ledger, link, member, return_values, roll, support};

/// From how many filings on the register is read by two readers at the same time; in tests always.
const MANY_FILINGS: u64 = if cfg!(debug_assertions) { 1 } else { 100_000 };

/// Everything that the register knows at the head of the ledger, from a reader who sees the tables there. Where there is much,
/// another one who sees the same reads what takes as long as all the rest.
pub(crate) async fn load_kept(
    database: &Database,
    connection: &mut AnyConnection,
    position: u64,
) -> Result<Register, Error> {
    let mut beside = None;
    if position >= MANY_FILINGS {
        let mut other = database.read_apart().await?;
        // Where something was filed in between, the two would not see the same.
        if ledger::head(&mut other).await?.position == position {
            beside = Some(other);
        }
    }
    let whose = Whose::all(connection).await?;
    Ok(read(connection, position, whose, beside).await?.register)
}

/// Everything that the register knows at a position of the ledger, from tables that were folded up to there.
pub(crate) async fn load(connection: &mut AnyConnection, position: u64) -> Result<Register, Error> {
    let whose = Whose::all(connection).await?;
    Ok(read(connection, position, whose, None).await?.register)
}

/// What the register knows of one organisation.
pub(crate) async fn load_of(
    connection: &mut AnyConnection,
    position: u64,
    organisation: OrganisationId,
) -> Result<OfOne, Error> {
    let whose = Whose::one(connection, organisation, &OF_ONE).await?;
    read(connection, position, whose, None).await
}

/// What the register knows of all organisations, or of one alone: then its unions stand beside the register.
async fn read(
    connection: &mut AnyConnection,
    position: u64,
    whose: Whose,
    beside: Option<Transaction<'static, Any>>,
) -> Result<OfOne, Error> {
    let whose = Arc::new(whose);
    let index = match &*whose {
        Whose::All(all) => Index::new(&all.ids),
        Whose::One(_) => {
            Index::new(&each(connection, &whose, &ORGANISATION, |row| row.text("id")).await?)
        }
    };
    let names = match &*whose {
        Whose::All(_) => return_values::fields(connection).await?,
        Whose::One(_) => return_values::fields_beside(connection, &whose).await?,
    };
    let names = Arc::new(names);
    let turns = Arc::new([Turns::new(&whose), Turns::new(&whose)]);
    let mut aside = JoinSet::new();
    if let Some(mut beside) = beside {
        let (index, whose) = (index.again(), Arc::clone(&whose));
        let (turns, names) = (Arc::clone(&turns), Arc::clone(&names));
        aside.spawn(async move {
            Long::read(&mut beside, &index, &whose, (&turns, Side::Front), &names).await
        });
    }

    let mut organisations = each(connection, &whose, &ORGANISATION, |row| {
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

    // Thousands have their seat in the same commune, and a few buyers have very many contracts.
    let mut pool = Pool::default();
    let mut states = each(connection, &whose, &STATE, |row| {
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

    let mut grades = each(connection, &whose, &GRADE, |row| {
        let decision = GradeDecision {
            organisation: of(row, "organisation", &index)?,
            year: row.whole("year")?,
            on: row.day("on_day")?,
            ruleset: row.text("ruleset")?,
            score_tenths: row.whole("score_tenths")?,
            grade: row.coded("grade", Grade::from_code)?,
        };
        Ok((row.whole::<u64>("position")?, decision))
    })
    .await?;
    grades.sort_by_key(|(position, grade)| (grade.organisation, grade.year, grade.on, *position));
    let grades: Vec<GradeDecision> = grades.into_iter().map(|(_, grade)| grade).collect();

    let mut links = each(connection, &whose, &LINK, |row| {
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
    if let Whose::One(_) = *whose {
        let named = each(connection, &whose, &NAMED_BY_CODE, |row| row.text("id")).await?;
        is_named = !named.is_empty();
        let known = |row: Row<'_>| Ok((row.text("partner")?, row.text_or_none("id")?));
        let known = each(connection, &whose, &PARTNER, known).await?;
        let known: HashMap<String, Option<String>> = known.into_iter().collect();
        for link in &mut links {
            if let Some(Some(key)) = known.get(&link.partner.key).cloned() {
                link.partner = pool.share(Partner { key, ..Partner::clone(&link.partner) });
            }
        }
    } else {
        let codes: HashMap<&str, u32, FixedState> = organisations
            .iter()
            .zip(0..)
            .filter_map(|(organisation, index)| Some((organisation.code.as_deref()?, index)))
            .collect();
        let partners = index.again();
        // A partner that is an organisation of the register is told by its identity, however it was written.
        for link in &mut links {
            let partner = &link.partner;
            let by_code = || codes.get(partner.key.as_str()).copied();
            let found = partners.find(&partner.key).or_else(by_code);
            let buyer = found.and_then(|buyer| organisations.get(usize::try_from(buyer).ok()?));
            if let Some(buyer) = buyer {
                link.partner = pool.share(Partner {
                    key: buyer.id.to_string(),
                    organisation: found,
                    ..Partner::clone(partner)
                });
            }
        }
    }
    links.sort_by(|a, b| (a.organisation, &a.link, a.from).cmp(&(b.organisation, &b.link, b.from)));

    let certificates = sorted_by_name(
        connection,
        &whose,
        &CERTIFICATE,
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

    let mut adoptions = each(connection, &whose, &ADOPTION, |row| {
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

    let supports = support::applications(connection, &whose)
        .await?
        .into_iter()
        .filter_map(|one| Some((index.find(&one.organisation.to_string())?, one.application)))
        .collect();

    let mut promotions = each(connection, &whose, &PROMOTION, |row| {
        Ok(Promotion { organisation: of(row, "organisation", &index)?, on: row.day("on_day")? })
    })
    .await?;
    promotions.sort_by_key(|promotion| (promotion.organisation, promotion.on));

    let (mut memberships, mut unions) = (Vec::new(), Vec::new());
    if matches!(*whose, Whose::All(_)) {
        memberships = each(connection, &whose, &MEMBERSHIP, |row| {
            Ok(Membership {
                organisation: of(row, "organisation", &index)?,
                union: of(row, "in_union", &index)?,
                from: row.day("from_day")?,
                to: row.day_or_none("to_day")?,
            })
        })
        .await?;
    } else {
        unions = each(connection, &whose, &MEMBERSHIP, |row| {
            Ok((row.exact("in_union")?, row.day("from_day")?, row.day_or_none("to_day")?))
        })
        .await?;
    }
    memberships.sort_by_key(|m| (m.organisation, m.from, m.union, m.to));

    let mut seat_decisions = each(connection, &whose, &SEAT_PLACE, |row| {
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

    let roll_counts = roll_counts(connection, &index, &whose).await?;
    // Whoever is done with all the rest helps with what is long.
    let side = if aside.is_empty() { Side::Front } else { Side::Back };
    let mut long = Long::read(connection, &index, &whose, (&turns, side), &names).await?;
    // What happened to a reader beside that did not come back is not known.
    let crashed = |_| failure("reading the register")(sqlx::Error::WorkerCrashed);
    if let Some(first) = aside.join_next().await {
        long = first.map_err(crashed)??.followed_by(long).await.map_err(crashed)?;
    }
    let Long { returns, mut rolls } = long;
    rolls.shrink();

    let mut register = Register {
        position,
        organisations: organisations.into(),
        states: states.into(),
        return_columns: Vec::new(),
        returns: Records::default(),
        grades: grades.into(),
        links: links.into(),
        certificates: certificates.into(),
        adoptions: adoptions.into(),
        promotions: promotions.into(),
        supports,
        memberships: memberships.into(),
        seat_decisions: seat_decisions.into(),
        roll_spans: rolls,
        roll_counts: roll_counts.into(),
    };
    returns.put(&names, &mut register);
    Ok(OfOne { register, unions, is_named })
}

/// What of a nation takes as long to read as all the rest: what one reader read of it.
struct Long {
    returns: Returns,
    rolls: Rolls,
}

impl Long {
    /// Reads the lots that nobody else reads, of returns and then of rolls.
    async fn read(
        connection: &mut AnyConnection,
        index: &Index,
        whose: &Whose,
        ([of_returns, of_rolls], side): (&[Turns; 2], Side),
        names: &[String],
    ) -> Result<Self, Error> {
        let returns = Returns::read(connection, index, whose, (of_returns, side), names).await?;
        let rolls = rolls(connection, index, whose, (of_rolls, side)).await?;
        Ok(Self { returns, rolls })
    }

    /// These and those of later lots.
    async fn followed_by(mut self, last: Self) -> Result<Self, JoinError> {
        self.rolls.take_over(last.rolls);
        Ok(Self { returns: self.returns.followed_by(last.returns).await?, rolls: self.rolls })
    }
}

/// Rolls of members, those that nobody else reads.
async fn rolls(
    connection: &mut AnyConnection,
    index: &Index,
    whose: &Whose,
    turns: (&Turns, Side),
) -> Result<Rolls, Error> {
    /// What a lot says: the organisations with where their spans begin and end.
    #[derive(Default)]
    struct Lot {
        organisations: Vec<(u32, Range<usize>)>,
        spans: Vec<SpanNumbers>,
    }

    let mut rolls = Rolls::default();
    let mut numbers = Vec::new();
    let read = |row: Row<'_>, lot: &mut Lot| {
        let begin = lot.spans.len();
        roll::read(row, &mut numbers, &mut lot.spans)?;
        lot.organisations.push((of(row, "organisation", index)?, begin..lot.spans.len()));
        Ok(())
    };
    lots(connection, whose, turns, &ROLL, read, |_, mut lot: Lot| {
        lot.organisations.sort_by_key(|(organisation, _)| *organisation);
        for (organisation, spans) in lot.organisations {
            rolls.append(organisation, lot.spans.get(spans).unwrap_or_default());
        }
        Ok(())
    })
    .await?;
    Ok(rolls)
}

/// By how much the counts of rolls changed.
async fn roll_counts(
    connection: &mut AnyConnection,
    index: &Index,
    whose: &Whose,
) -> Result<Vec<RollCount>, Error> {
    let mut counts = each(connection, whose, &MEMBER_TALLY, |row| {
        let organisation = of(row, "organisation", index)?;
        let (on, tally) = member::tally(row)?;
        Ok((row.whole::<u64>("position")?, RollCount { organisation, on, tally }))
    })
    .await?;
    counts.sort_by_key(|(position, count)| (count.organisation, count.on, *position));
    Ok(counts.into_iter().map(|(_, count)| count).collect())
}

/// Records by organisation, then by the name that they have there.
async fn sorted_by_name<T>(
    connection: &mut AnyConnection,
    whose: &Whose,
    columns: &Columns,
    name: &'static str,
    index: &Index,
    read: impl Fn(Row<'_>, u32) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let mut named = each(connection, whose, columns, |row| {
        let organisation = of(row, "organisation", index)?;
        Ok(((organisation, row.text(name)?), read(row, organisation)?))
    })
    .await?;
    named.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(named.into_iter().map(|(_, record)| record).collect())
}

/// The index of the organisation that a row names.
fn of(row: Row<'_>, column: &'static str, index: &Index) -> Result<u32, Error> {
    let id = row.word(column)?;
    index.find(id).ok_or_else(|| row.wrong(column, id))
}
