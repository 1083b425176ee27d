//! Accounts from the projections, and what lies within a scope.

use std::collections::{BTreeMap, BTreeSet};

use hoptac_model::account::{
    Account, AccountName, AccountState, DelegationOnFile, Grant, GrantOnFile, Role, Scope,
    SignsFor, Standpoint,
};
use hoptac_model::filing::reform::Decision;
use hoptac_model::ids::{OrganisationId, UnitId};
use hoptac_model::organisation::Sector;
use hoptac_model::register::SeatDecision;
use hoptac_model::unit::Places;
use jiff::civil::Date;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use crate::database::failure;
use crate::organisation::{self, OrganisationCard};
use crate::row::Row;
use crate::{Error, place};

/// All accounts, by name.
pub(crate) async fn all(connection: &mut AnyConnection) -> Result<Vec<Account>, Error> {
    read(connection, None).await
}

/// The account of a name.
pub(crate) async fn find(
    connection: &mut AnyConnection,
    name: &AccountName,
) -> Result<Option<Account>, Error> {
    Ok(read(connection, Some(name)).await?.pop())
}

async fn read(
    connection: &mut AnyConnection,
    name: Option<&AccountName>,
) -> Result<Vec<Account>, Error> {
    // An empty text is no account's name and asks for all.
    let wanted = name.map_or("", AccountName::as_str);
    let sql = "SELECT a.name, a.title, a.state, a.invited_on, \
               (SELECT COUNT(*) FROM ledger l WHERE l.subject = 'account/' || a.name) AS version \
               FROM account a WHERE $1 = '' OR a.name = $1";
    let rows = sqlx::query(sql)
        .bind(wanted)
        .fetch_all(&mut *connection)
        .await
        .map_err(failure("reading the accounts"))?;
    let mut accounts = BTreeMap::new();
    for row in &rows {
        let account = account(Row { table: "account", row })?;
        accounts.insert(account.name.clone(), account);
    }
    let sql = "SELECT * FROM account_grant WHERE $1 = '' OR account = $1 ORDER BY position, number";
    let rows = sqlx::query(sql)
        .bind(wanted)
        .fetch_all(&mut *connection)
        .await
        .map_err(failure("reading what accounts were granted"))?;
    for row in &rows {
        let row = Row { table: "account_grant", row };
        if let Some(account) = accounts.get_mut(&AccountName(row.text("account")?)) {
            account.grants.push(grant(row)?);
        }
    }
    let sql = "SELECT * FROM account_delegation WHERE $1 = '' OR account = $1 ORDER BY position";
    let rows = sqlx::query(sql)
        .bind(wanted)
        .fetch_all(&mut *connection)
        .await
        .map_err(failure("reading for whom accounts sign"))?;
    for row in &rows {
        let row = Row { table: "account_delegation", row };
        if let Some(account) = accounts.get_mut(&AccountName(row.text("account")?)) {
            account.delegations.push(delegation(row)?);
        }
    }
    Ok(accounts.into_values().collect())
}

fn account(row: Row<'_>) -> Result<Account, Error> {
    Ok(Account {
        name: AccountName(row.text("name")?),
        title: row.text("title")?,
        state: row.coded("state", AccountState::from_code)?,
        invited_on: row.day("invited_on")?,
        version: row.whole("version")?,
        grants: Vec::new(),
        delegations: Vec::new(),
    })
}

fn grant(row: Row<'_>) -> Result<GrantOnFile, Error> {
    let sector = row.text_or_none("sector")?;
    let scope = Scope {
        territory: row.text_or_none("territory")?.map(UnitId::new),
        sector: sector
            .map(|code| Sector::from_code(&code).ok_or_else(|| row.wrong("sector", code)))
            .transpose()?,
        agency: row.text_or_none("agency")?,
        organisation: row.exact_or_none("organisation")?,
    };
    Ok(GrantOnFile {
        grant: Grant { role: row.coded("role", Role::from_code)?, scope },
        from: row.day("from_day")?,
        to: row.day_or_none("to_day")?,
        position: row.whole("position")?,
    })
}

fn delegation(row: Row<'_>) -> Result<DelegationOnFile, Error> {
    Ok(DelegationOnFile {
        of: AccountName(row.text("delegator")?),
        form: row.coded("form", SignsFor::from_code)?,
        from: row.day("from_day")?,
        to: row.day("to_day")?,
        decision: Decision {
            number: row.text("document")?,
            date: row.day("document_day")?,
            issuer: row.text("issuer")?,
        },
        position: row.whole("position")?,
    })
}

/// What was decided about the seats of organisations, by organisation; of one or of all.
pub(crate) async fn seat_decisions(
    connection: &mut AnyConnection,
    only: Option<OrganisationId>,
) -> Result<BTreeMap<OrganisationId, Vec<SeatDecision>>, Error> {
    let sql = "SELECT * FROM seat_place WHERE $1 = '' OR organisation = $1 ORDER BY position";
    let rows = sqlx::query(sql)
        .bind(only.map_or_else(String::new, |id| id.to_string()))
        .fetch_all(connection)
        .await
        .map_err(failure("reading where seats were decided to lie"))?;
    let mut decisions: BTreeMap<OrganisationId, Vec<SeatDecision>> = BTreeMap::new();
    for row in &rows {
        let row = Row { table: "seat_place", row };
        decisions.entry(row.exact("organisation")?).or_default().push(SeatDecision {
            organisation: 0,
            seat: UnitId::new(row.text("seat")?),
            unit: UnitId::new(row.text("unit")?),
            position: row.whole("position")?,
        });
    }
    Ok(decisions)
}

/// The organisations within a scope by their latest state, in the order of their identities; which lie within it is
/// asked of the day. The database filters: what is outside never leaves it.
pub(crate) async fn organisations_within(
    connection: &mut AnyConnection,
    scope: &Scope,
    day: Date,
) -> Result<Vec<OrganisationCard>, Error> {
    let mut condition = Condition::default();
    if let Some(id) = scope.organisation {
        let bound = condition.bind(id.to_string());
        condition.and(&format!("o.id = {bound}"));
    }
    if let Some(sector) = scope.sector {
        let bound = condition.bind(sector.code().to_owned());
        condition.and(&format!("s.sector = {bound}"));
    }
    if scope.territory.is_some() {
        let places = place::places(connection).await?;
        let decided = seat_decisions(connection, None).await?;
        let territory = Scope { territory: scope.territory.clone(), ..Scope::ALL };
        let ground = Ground::of(&places, &territory, day);
        let sure = condition.list(ground.seats.iter().map(ToString::to_string));
        let former = condition.list(ground.formers.iter().map(ToString::to_string));
        let known = condition.list(ground.on_record.iter().map(ToString::to_string));
        // Of an organisation about whose seat something was decided, the decision says; they are few, so that they are
        // judged one by one.
        let (mut within, mut all) = (Vec::new(), Vec::new());
        for (id, decisions) in &decided {
            all.push(id.to_string());
            let Some(card) = organisation::find(connection, *id).await? else { continue };
            if territory.covers(&places, &standpoint(&card, decisions), day) {
                within.push(id.to_string());
            }
        }
        let (within, all) = (condition.list(within), condition.list(all));
        let begun = condition.list(ground.begun_later.iter().map(ToString::to_string));
        // A former commune that the filing names says more than the seat, where it stood on the day that is asked for.
        condition.and(&format!(
            "(o.id IN {within} OR (o.id NOT IN {all} AND \
             CASE WHEN s.seat_former IN {known} AND s.seat IN {begun} THEN s.seat_former IN {former} \
             ELSE s.seat IN {sure} END))"
        ));
    }
    let sql = format!(
        "SELECT s.*, o.founded_on, o.ceased_on, o.origin, o.version FROM organisation o \
         JOIN organisation_state s ON s.organisation = o.id WHERE NOT EXISTS \
         (SELECT 1 FROM organisation_state t WHERE t.organisation = s.organisation AND \
         (t.from_day > s.from_day OR (t.from_day = s.from_day AND t.position > s.position)))\
         {} ORDER BY o.id",
        condition.text
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for value in condition.values {
        query = query.bind(value);
    }
    let rows: Vec<AnyRow> = query
        .fetch_all(connection)
        .await
        .map_err(failure("reading the organisations within a scope"))?;
    rows.iter().map(|row| organisation::card(Row { table: "organisation_state", row })).collect()
}

/// From where an organisation is looked at.
pub(crate) fn standpoint<'a>(
    card: &'a OrganisationCard,
    decided: &'a [SeatDecision],
) -> Standpoint<'a> {
    Standpoint {
        organisation: Some(card.id),
        seat: &card.seat,
        seat_former: card.seat_former.as_ref(),
        decided,
        sector: card.sector,
    }
}

/// A condition that grows, with the values for its parameters.
#[derive(Default)]
struct Condition {
    text: String,
    values: Vec<String>,
}

impl Condition {
    fn bind(&mut self, value: String) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    /// A list of parameters. No identity is empty, so that a list of nothing holds none.
    fn list(&mut self, values: impl IntoIterator<Item = String>) -> String {
        let mut names: Vec<String> = values.into_iter().map(|value| self.bind(value)).collect();
        if names.is_empty() {
            names.push("''".to_owned());
        }
        format!("({})", names.join(", "))
    }

    fn and(&mut self, part: &str) {
        self.text.push_str(" AND ");
        self.text.push_str(part);
    }
}

/// The units that decide whether a seat lies in a territory.
struct Ground {
    /// Seats that lie in it by the succession alone.
    seats: BTreeSet<UnitId>,
    /// Former communes that lie in it.
    formers: BTreeSet<UnitId>,
    /// Former communes that stood on the territory's day.
    on_record: BTreeSet<UnitId>,
    /// Units that began after it, so that a former commune decides.
    begun_later: BTreeSet<UnitId>,
}

impl Ground {
    fn of(places: &Places, scope: &Scope, day: Date) -> Self {
        let mut ground = Self {
            seats: BTreeSet::new(),
            formers: BTreeSet::new(),
            on_record: BTreeSet::new(),
            begun_later: BTreeSet::new(),
        };
        let unit = scope.territory.as_ref().and_then(|id| places.get(id));
        let Some(unit) = unit else { return ground };
        let geography = places.geography_for(unit, day);
        for seat in places.all() {
            let at = Standpoint {
                organisation: None,
                seat: &seat.id,
                seat_former: None,
                decided: &[],
                sector: Sector::Agricultural,
            };
            let within = scope.covers(places, &at, day);
            if within {
                ground.seats.insert(seat.id.clone());
            }
            if seat.exists_on(geography) {
                ground.on_record.insert(seat.id.clone());
                if within {
                    ground.formers.insert(seat.id.clone());
                }
            }
            if seat.valid_from.is_some_and(|from| geography < from) {
                ground.begun_later.insert(seat.id.clone());
            }
        }
        ground
    }
}
