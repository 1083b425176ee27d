//! The plan in force, its text, and figures published since.

use std::sync::Arc;

use hoptac_model::cascade::Cascade;
use hoptac_model::check::Checks;
use hoptac_model::figure::Figure;
use hoptac_model::filing::{Body, Filing, Subject};
use hoptac_model::pack::Pack;
use sqlx::AnyConnection;

use crate::Error;
use crate::database::failure;
use crate::kept::{Kept, Source};
use crate::ledger;
use crate::row::Row;
use crate::table::number;

/// The plan in force with what was published since.
#[derive(Clone, Debug, PartialEq)]
pub struct AdoptedPlan {
    /// The pack, later published figures merged in.
    pub pack: Pack,
    /// The hash of the pack's files.
    pub files_hash: String,
    /// The ledger position of the adoption.
    pub position: u64,
}

/// The plan in force as rules ask for it.
#[derive(Debug)]
pub struct PlanInForce {
    /// The pack, later published figures merged in.
    pub pack: Arc<Pack>,
    /// The checks of its yearly return, ready to be applied.
    pub checks: Option<Arc<Checks>>,
}

/// The plan in force, which is read only where something of it was filed since it was read last.
pub(crate) async fn in_force(
    connection: &mut AnyConnection,
    kept: &Kept<PlanInForce>,
) -> Result<Option<Arc<PlanInForce>>, Error> {
    let source = source(connection).await?;
    if let Some(plan) = kept.find(&source) {
        return Ok(Some(plan));
    }
    let Some(AdoptedPlan { pack, .. }) = adopted(connection).await? else { return Ok(None) };
    let checks = pack.annual_return().map(|form| Arc::new(Checks::new(form)));
    Ok(Some(kept.keep(source, PlanInForce { pack: Arc::new(pack), checks })))
}

/// The filings that adopted the plan, spoke last of published figures, and gave out a target last.
async fn source(connection: &mut AnyConnection) -> Result<Source, Error> {
    let sql = "SELECT \
        (SELECT hash FROM ledger WHERE position = (SELECT MAX(position) FROM plan)) AS adopted, \
        (SELECT hash FROM ledger WHERE subject = $1 ORDER BY subject_version DESC LIMIT 1) AS figures, \
        (SELECT hash FROM ledger WHERE position = (SELECT MAX(position) FROM cascade)) AS cascade";
    let row = sqlx::query(sql)
        .bind(Subject::figures().0)
        .fetch_one(connection)
        .await
        .map_err(failure("asking for the plan in force"))?;
    let row = Row { table: "ledger", row: &row };
    let hash = |column| row.text_or_none(column);
    Ok(vec![hash("adopted")?, hash("figures")?, hash("cascade")?])
}

/// The plan's own text, as attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanText {
    /// The name of the file.
    pub file_name: String,
    /// The hash of the file's bytes.
    pub file_hash: String,
    /// Its text.
    pub text: String,
    /// The ledger position.
    pub position: u64,
}

/// The plan adopted last. Figures published after it are added; one of the same name takes the pack's place.
pub(crate) async fn adopted(connection: &mut AnyConnection) -> Result<Option<AdoptedPlan>, Error> {
    let Some((_, position)) = last(connection).await? else { return Ok(None) };
    let Body::PlanAdopt(adopted) = body(connection, position).await? else { return Ok(None) };
    let mut pack = adopted.pack;
    let rows = sqlx::query("SELECT contents FROM figure WHERE position > $1 ORDER BY position, id")
        .bind(number(position))
        .fetch_all(&mut *connection)
        .await
        .map_err(failure("reading published figures"))?;
    for row in &rows {
        let row = Row { table: "figure", row };
        let contents = row.text("contents")?;
        let figure: Figure =
            serde_json::from_str(&contents).map_err(|error| row.wrong("contents", error))?;
        match pack.figures.iter_mut().find(|known| known.id == figure.id) {
            Some(known) => *known = figure,
            None => pack.figures.push(figure),
        }
    }
    pack.cascades = cascades(connection, &pack).await?;
    Ok(Some(AdoptedPlan { pack, files_hash: adopted.files_hash, position }))
}

/// How the plan's targets were given out to units, in the order of the ledger.
async fn cascades(connection: &mut AnyConnection, pack: &Pack) -> Result<Vec<Cascade>, Error> {
    let rows =
        sqlx::query("SELECT position, from_day FROM cascade WHERE plan = $1 ORDER BY position")
            .bind(&pack.id)
            .fetch_all(&mut *connection)
            .await
            .map_err(failure("reading what was given out to units"))?;
    let mut cascades = Vec::with_capacity(rows.len());
    for row in &rows {
        let row = Row { table: "cascade", row };
        let (position, from) = (row.whole("position")?, row.exact("from_day")?);
        // A target that the plan no longer has is given to nobody.
        if let Body::CascadeAdopt(adopted) = body(connection, position).await?
            && pack.target(&adopted.target).is_some()
        {
            cascades.push(Cascade { position, from, adopted: *adopted });
        }
    }
    Ok(cascades)
}

/// The text attached last to the plan adopted last.
pub(crate) async fn text(connection: &mut AnyConnection) -> Result<Option<PlanText>, Error> {
    let Some((pack, _)) = last(connection).await? else { return Ok(None) };
    let row = sqlx::query("SELECT position FROM plan_text WHERE subject = $1")
        .bind(Subject::plan(&pack).0)
        .fetch_optional(&mut *connection)
        .await
        .map_err(failure("looking for the plan's text"))?;
    let Some(row) = row else { return Ok(None) };
    let position = Row { table: "plan_text", row: &row }.whole("position")?;
    let Body::PlanAttach(attached) = body(connection, position).await? else { return Ok(None) };
    Ok(Some(PlanText {
        file_name: attached.file_name,
        file_hash: attached.file_hash,
        text: attached.text,
        position,
    }))
}

/// The id and the ledger position of the plan adopted last.
async fn last(connection: &mut AnyConnection) -> Result<Option<(String, u64)>, Error> {
    let row = sqlx::query("SELECT pack, position FROM plan ORDER BY position DESC LIMIT 1")
        .fetch_optional(connection)
        .await
        .map_err(failure("looking for the plan"))?;
    let Some(row) = row else { return Ok(None) };
    let row = Row { table: "plan", row: &row };
    Ok(Some((row.text("pack")?, row.whole("position")?)))
}

/// The body of the filing at a position, which a projection names and is therefore there.
async fn body(connection: &mut AnyConnection, position: u64) -> Result<Body, Error> {
    let filing: Filing = ledger::find(connection, position).await?.ok_or_else(|| {
        Error::Stored { table: "plan", column: "position", value: position.to_string() }
    })?;
    filing.typed_body().map_err(|source| Error::Body { position, source })
}
