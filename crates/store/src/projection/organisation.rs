//! Organisations and their states over time.
//!
//! States are folded per organisation in the order of their effective days, then of the ledger. A filing that is the
//! latest by effective day only adds one; a back-dated one has all states of its organisation derived anew, because each
//! later state carries over what it did not change itself. So does a correction: the corrected filing is folded with the
//! body that it should have had, in its place.

use std::collections::{BTreeMap, BTreeSet};

use hoptac_model::filing::event::{Correction, Event};
use hoptac_model::filing::import::ImportAct;
use hoptac_model::filing::{Body, Establish, Filing, FilingKind};
use hoptac_model::ids::{FilingId, OrganisationId};
use hoptac_model::lifecycle::makes_state;
use hoptac_model::organisation::{Kind, Sector, Status};
use hoptac_model::text::fold;
use hoptac_model::words;
use jiff::civil::Date;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::{inapplicable, lineage, organisation_of};
use crate::Error;
use crate::database::failure;
use crate::ledger;
use crate::row::Row;
use crate::table::{ORGANISATION, STATE, Value, number};

/// What an organisation is from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    from: Date,
    position: u64,
    kind: Kind,
    status: Status,
    name: String,
    code: Option<String>,
    seat: String,
    seat_former: Option<String>,
    sector: Sector,
    vsic: char,
    difficult_area: bool,
    members: Option<i64>,
    capital: Option<i64>,
}

/// An organisation is established.
pub(super) async fn establish(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &Establish,
) -> Result<(), Error> {
    let id = organisation_of(filing)?;
    if filing.subject_version != 1 {
        return Err(inapplicable(
            filing,
            words!("tổ chức đã được thành lập", "the organisation is already established"),
        ));
    }
    let state = founded(filing, body);
    STATE.put(connection, &[row(id, &state)]).await?;
    let organisation = [
        Value::from(id.to_string()),
        state.code.into(),
        state.kind.code().into(),
        state.name.as_str().into(),
        fold(&state.name).into(),
        state.seat.into(),
        state.status.code().into(),
        state.from.into(),
        Value::Text(None),
        filing.origin.code().into(),
        i64::from(filing.subject_version).into(),
        number(filing.position).into(),
    ];
    ORGANISATION.put(connection, &[organisation]).await
}

/// Registered contents, kind or status change.
pub(super) async fn advance(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &Body,
) -> Result<(), Error> {
    let id = organisation_of(filing)?;
    let latest = "SELECT s.*, o.founded_on, o.ceased_on FROM organisation_state s \
                  JOIN organisation o ON o.id = s.organisation \
                  WHERE s.organisation = $1 ORDER BY s.from_day DESC, s.position DESC LIMIT 1";
    let before = sqlx::query(latest)
        .bind(id.to_string())
        .fetch_optional(&mut *connection)
        .await
        .map_err(failure("reading an organisation's state"))?;
    let Some(before) = before else {
        return Err(inapplicable(
            filing,
            words!("không có tổ chức này", "there is no such organisation"),
        ));
    };
    let whole = Row { table: ORGANISATION.name, row: &before };
    let (founded_on, ceased_on) = (whole.day("founded_on")?, whole.day_or_none("ceased_on")?);
    let before = read(&before)?;
    if filing.effective_on < before.from {
        return derive_anew(connection, filing, id).await;
    }
    let last = next(&before, filing, body)?;
    STATE.put(connection, &[row(id, &last)]).await?;
    if let Body::OrganisationEvent(event) = body {
        lineage::put(connection, id, filing.effective_on, filing.position, event).await?;
    }
    let ended = last.status == Status::Terminated && before.status != Status::Terminated;
    let ceased_on = if ended { Some(last.from) } else { ceased_on };
    note(connection, filing, id, &last, founded_on, ceased_on).await
}

/// An earlier filing is corrected or struck: everything follows anew from what is left.
pub(super) async fn correct(connection: &mut AnyConnection, filing: &Filing) -> Result<(), Error> {
    let id = organisation_of(filing)?;
    derive_anew(connection, filing, id).await
}

/// Notes what an organisation is by its last state.
async fn note(
    connection: &mut AnyConnection,
    filing: &Filing,
    id: OrganisationId,
    last: &State,
    founded_on: Date,
    ceased_on: Option<Date>,
) -> Result<(), Error> {
    let sql = "UPDATE organisation SET code = $1, kind = $2, name = $3, name_folded = $4, seat = $5, status = $6, \
               founded_on = $7, ceased_on = $8, version = $9, position = $10 WHERE id = $11";
    sqlx::query(sql)
        .bind(last.code.clone())
        .bind(last.kind.code())
        .bind(&last.name)
        .bind(fold(&last.name))
        .bind(&last.seat)
        .bind(last.status.code())
        .bind(founded_on.to_string())
        .bind(ceased_on.map(|day| day.to_string()))
        .bind(i64::from(filing.subject_version))
        .bind(number(filing.position))
        .bind(id.to_string())
        .execute(connection)
        .await
        .map_err(failure("noting what an organisation is today"))?;
    Ok(())
}

/// Counts a filing about an organisation that leaves its state as it is. The organisation must be there.
pub(super) async fn count(connection: &mut AnyConnection, filing: &Filing) -> Result<(), Error> {
    let id = organisation_of(filing)?;
    let counted = sqlx::query("UPDATE organisation SET version = $1, position = $2 WHERE id = $3")
        .bind(i64::from(filing.subject_version))
        .bind(number(filing.position))
        .bind(id.to_string())
        .execute(connection)
        .await
        .map_err(failure("counting a filing about an organisation"))?;
    if counted.rows_affected() == 0 {
        return Err(inapplicable(
            filing,
            words!("không có tổ chức này", "there is no such organisation"),
        ));
    }
    Ok(())
}

/// All states of an organisation from its filings and their corrections.
async fn derive_anew(
    connection: &mut AnyConnection,
    filing: &Filing,
    id: OrganisationId,
) -> Result<(), Error> {
    let filings = ledger::about(connection, &filing.subject, filing.position).await?;
    let steps = restated(filings)?;
    let mut states: Vec<State> = Vec::with_capacity(steps.len());
    let mut ceased_on = None;
    for (step, body) in &steps {
        let state = match (body, states.last()) {
            (Body::OrganisationEstablish(body), None) => founded(step, body),
            (_, Some(before)) => next(before, step, body)?,
            (_, None) => {
                return Err(inapplicable(
                    step,
                    words!(
                        "hồ sơ có hiệu lực trước khi tổ chức được thành lập",
                        "it is effective before the organisation is founded"
                    ),
                ));
            }
        };
        if state.status == Status::Terminated && ceased_on.is_none() {
            ceased_on = Some(state.from);
        }
        states.push(state);
    }
    let (Some(first), Some(last)) = (states.first(), states.last()) else {
        if filing.kind == FilingKind::ImportStrike {
            return remove(connection, id).await;
        }
        return Err(inapplicable(
            filing,
            words!("không có tổ chức này", "there is no such organisation"),
        ));
    };
    sqlx::query("DELETE FROM organisation_state WHERE organisation = $1")
        .bind(id.to_string())
        .execute(&mut *connection)
        .await
        .map_err(failure("deriving an organisation's states anew"))?;
    let rows: Vec<_> = states.iter().map(|state| row(id, state)).collect();
    STATE.put(connection, &rows).await?;
    lineage::forget(connection, id).await?;
    for (step, body) in &steps {
        if let Body::OrganisationEvent(event) = body {
            lineage::put(connection, id, step.effective_on, step.position, event).await?;
        }
    }
    note(connection, filing, id, last, first.from, ceased_on).await
}

/// The founding of an organisation was struck, so that the register does not know it any more.
async fn remove(connection: &mut AnyConnection, id: OrganisationId) -> Result<(), Error> {
    for sql in [
        "DELETE FROM organisation_state WHERE organisation = $1",
        "DELETE FROM organisation WHERE id = $1",
        "DELETE FROM lineage WHERE source = $1",
    ] {
        sqlx::query(sql)
            .bind(id.to_string())
            .execute(&mut *connection)
            .await
            .map_err(failure("taking an organisation out of the register"))?;
    }
    Ok(())
}

/// The filings that make states and were not struck, each with what it says by its last correction, in the order of their
/// effective days, then of the ledger.
fn restated(mut filings: Vec<Filing>) -> Result<Vec<(Filing, Body)>, Error> {
    let mut struck = BTreeSet::new();
    for filing in filings.iter().filter(|filing| filing.kind == FilingKind::ImportStrike) {
        let body = filing
            .typed_body()
            .map_err(|source| Error::Body { position: filing.position, source })?;
        if let Body::Import(ImportAct::Strike(strike)) = body {
            struck.insert(strike.filing);
        }
    }
    filings.retain(|filing| !struck.contains(&filing.id));
    let mut steps: BTreeMap<u64, (Filing, Body)> = BTreeMap::new();
    let mut places: BTreeMap<FilingId, u64> = BTreeMap::new();
    for filing in filings {
        if !makes_state(filing.kind) && filing.kind != FilingKind::OrganisationCorrect {
            continue;
        }
        let body = filing
            .typed_body()
            .map_err(|source| Error::Body { position: filing.position, source })?;
        let Body::OrganisationEvent(Event::Correct(correction)) = &body else {
            places.insert(filing.id, filing.position);
            steps.insert(filing.position, (filing, body));
            continue;
        };
        let Some(position) = places.get(&correction.filing) else {
            return Err(inapplicable(
                &filing,
                words!(
                    "không có hồ sơ trước đó thuộc loại được đính chính",
                    "there is no earlier filing of the kind that it corrects"
                ),
            ));
        };
        restate(&filing, correction, *position, &mut steps)?;
    }
    let mut steps: Vec<(Filing, Body)> = steps.into_values().collect();
    steps.sort_by_key(|(filing, _)| (filing.effective_on, filing.position));
    Ok(steps)
}

/// Puts what a correction says in the place of the filing that it corrects.
fn restate(
    filing: &Filing,
    correction: &Correction,
    position: u64,
    steps: &mut BTreeMap<u64, (Filing, Body)>,
) -> Result<(), Error> {
    let Some((mut corrected, _)) = steps.remove(&position) else {
        return Err(inapplicable(
            filing,
            words!(
                "hồ sơ được đính chính đã bị hủy trước đó",
                "the filing that it corrects was struck before"
            ),
        ));
    };
    match &correction.body {
        Some(body) => {
            let body = Body::read(corrected.kind, body.clone())
                .map_err(|source| Error::Body { position: filing.position, source })?;
            corrected.effective_on = filing.effective_on;
            steps.insert(position, (corrected, body));
        }
        None if corrected.kind == FilingKind::OrganisationEstablish => {
            return Err(inapplicable(
                filing,
                words!(
                    "hồ sơ thành lập chỉ được đính chính nội dung, không được hủy",
                    "a founding is restated, not struck"
                ),
            ));
        }
        None => {}
    }
    Ok(())
}

/// The state that an organisation begins with.
fn founded(filing: &Filing, body: &Establish) -> State {
    State {
        from: filing.effective_on,
        position: filing.position,
        kind: body.kind,
        status: Status::Operating,
        name: body.name.clone(),
        code: body.code.clone(),
        seat: body.seat.to_string(),
        seat_former: body.seat_former.as_ref().map(ToString::to_string),
        sector: body.sector.unwrap_or_else(|| Sector::of_vsic(body.vsic)),
        vsic: body.vsic,
        difficult_area: body.difficult_area,
        members: Some(body.members),
        capital: body.capital,
    }
}

/// The state that a filing leads to. What it does not speak of stays as it was.
fn next(before: &State, filing: &Filing, body: &Body) -> Result<State, Error> {
    let mut state = before.clone();
    state.from = filing.effective_on;
    state.position = filing.position;
    match body {
        Body::OrganisationChange(change) => {
            if let Some(name) = &change.name {
                state.name.clone_from(name);
            }
            if let Some(code) = &change.code {
                state.code = Some(code.clone());
            }
            if let Some(seat) = &change.seat {
                // The former commune belongs to the seat that it was filed with.
                seat.as_str().clone_into(&mut state.seat);
                state.seat_former = None;
            }
            if let Some(former) = &change.seat_former {
                state.seat_former = Some(former.to_string());
            }
            if let Some(vsic) = change.vsic {
                // A new main activity ends what somebody decided about the sector of the old one.
                state.vsic = vsic;
                state.sector = Sector::of_vsic(vsic);
            }
            state.members = change.members.or(state.members);
            state.capital = change.capital.or(state.capital);
            return Ok(state);
        }
        // Termination is final, so that a change of contents is all that may still be filed.
        _ if before.status == Status::Terminated => {
            return Err(inapplicable(
                filing,
                words!(
                    "đến ngày đó tổ chức đã chấm dứt tồn tại",
                    "the organisation has ceased to exist by then"
                ),
            ));
        }
        Body::OrganisationSuspend(_) => state.status = Status::Suspended,
        Body::OrganisationResume(_) => state.status = Status::Operating,
        Body::OrganisationDissolve(_) => state.status = Status::Terminated,
        Body::OrganisationConvert(convert) => {
            state.kind = convert.to;
            state.name.clone_from(&convert.name);
            state.members = Some(convert.members);
            state.capital = convert.capital.or(state.capital);
        }
        Body::OrganisationEvent(event) => {
            if let Event::Notify(notice) = event
                && let Some(vsic) = notice.vsic
            {
                state.vsic = vsic;
                state.sector = Sector::of_vsic(vsic);
            }
            if let Event::Separate(division) = event {
                state.members = division.members.or(state.members);
                state.capital = division.capital.or(state.capital);
            }
            state.status = event.status().unwrap_or(state.status);
        }
        Body::OrganisationEstablish(_) => {
            return Err(inapplicable(
                filing,
                words!("tổ chức đã được thành lập", "the organisation is already established"),
            ));
        }
        Body::UnitsAdopt(_)
        | Body::Reform(_)
        | Body::Membership(_)
        | Body::EditionIssue(_)
        | Body::BundleAccept(_)
        | Body::BoundariesSet(_)
        | Body::ScenarioSave(_)
        | Body::Task(_)
        | Body::Alert(_)
        | Body::Account(_)
        | Body::Import(_)
        | Body::OrganisationPlace(_)
        | Body::Particulars(_)
        | Body::PlanAdopt(_)
        | Body::PlanAttach(_)
        | Body::FiguresPublish(_)
        | Body::CascadeAdopt(_)
        | Body::ReturnAccept(_)
        | Body::GradeDecide(_)
        | Body::ReturnSubmit(_)
        | Body::ReturnSendBack(_)
        | Body::ReturnWaive(_)
        | Body::GradeSelfScore(_)
        | Body::GradeReview(_)
        | Body::LinkSign(_)
        | Body::LinkChange(_)
        | Body::LinkEnd(_)
        | Body::ProductCertify(_)
        | Body::ProductWithdraw(_)
        | Body::PracticeConfirm(_)
        | Body::PracticeWithdraw(_)
        | Body::Support(_)
        | Body::PromotionAttend(_)
        | Body::UnionJoin(_)
        | Body::UnionLeave(_) => {
            return Err(inapplicable(
                filing,
                words!("hồ sơ này không làm thay đổi hiện trạng", "it changes no state"),
            ));
        }
    }
    Ok(state)
}

fn row(id: OrganisationId, state: &State) -> [Value; 14] {
    [
        Value::from(id.to_string()),
        state.from.into(),
        number(state.position).into(),
        state.kind.code().into(),
        state.status.code().into(),
        state.name.as_str().into(),
        state.code.clone().into(),
        state.seat.as_str().into(),
        state.seat_former.clone().into(),
        state.sector.code().into(),
        state.vsic.to_string().into(),
        state.difficult_area.into(),
        state.members.into(),
        state.capital.into(),
    ]
}

fn read(row: &AnyRow) -> Result<State, Error> {
    let row = Row { table: STATE.name, row };
    Ok(State {
        from: row.day("from_day")?,
        position: row.whole("position")?,
        kind: row.coded("kind", Kind::from_code)?,
        status: row.coded("status", Status::from_code)?,
        name: row.text("name")?,
        code: row.text_or_none("code")?,
        seat: row.text("seat")?,
        seat_former: row.text_or_none("seat_former")?,
        sector: row.coded("sector", Sector::from_code)?,
        vsic: row.exact("vsic")?,
        difficult_area: row.flag("difficult_area")?,
        members: row.whole_or_none("members")?,
        capital: row.whole_or_none("capital")?,
    })
}
