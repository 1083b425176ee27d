//! Sheets of scores as they are on file, and what else a grade must be held against.

use std::collections::BTreeMap;

use hoptac_model::grading::Sheet;
use hoptac_model::ids::OrganisationId;
use hoptac_model::organisation::{Grade, Status};
use jiff::civil::Date;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use crate::database::failure;
use crate::row::Row;
use crate::{Error, Store, Writing};

/// Who scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The organisation itself.
    SelfScore,
    /// A reviewer.
    Review,
    /// Whoever decided.
    Decision,
}

impl Stage {
    /// The stage as it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::SelfScore => "self_score",
            Self::Review => "review",
            Self::Decision => "decision",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [Self::SelfScore, Self::Review, Self::Decision].into_iter().find(|s| s.code() == code)
    }
}

/// A sheet of scores with when it was filed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetOnFile {
    /// Whose year is scored.
    pub organisation: OrganisationId,
    /// The year.
    pub year: i16,
    /// Who scored.
    pub stage: Stage,
    /// From when it holds.
    pub on: Date,
    /// The ruleset.
    pub ruleset: String,
    /// The scores. Those of a review are only what the reviewer named.
    pub sheet: Sheet,
    /// The ledger position of its filing.
    pub position: u64,
}

/// A decided grade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GradeOnFile {
    /// The day of the decision.
    pub on: Date,
    /// The rules by which it was graded.
    pub ruleset: String,
    /// The points in tenths.
    pub score_tenths: i32,
    /// The grade.
    pub grade: Grade,
}

impl Store {
    /// The sheets of a year that hold: of each organisation and stage the latest, by organisation and stage.
    pub async fn sheets(&self, year: i16) -> Result<Vec<SheetOnFile>, Error> {
        let mut reading = self.database.read().await?;
        sheets(&mut reading, None, year, Date::MAX).await
    }
}

impl Writing {
    /// The grade of an organisation for a year that holds; none where it was not graded.
    pub async fn grade(
        &mut self,
        organisation: OrganisationId,
        year: i16,
    ) -> Result<Option<GradeOnFile>, Error> {
        let sql = "SELECT * FROM grade WHERE organisation = $1 AND year = $2 \
                   ORDER BY on_day DESC, position DESC LIMIT 1";
        let row = sqlx::query(sql)
            .bind(organisation.to_string())
            .bind(i64::from(year))
            .fetch_optional(&mut *self.transaction)
            .await
            .map_err(failure("looking for a grade"))?;
        let Some(row) = row else { return Ok(None) };
        let row = Row { table: "grade", row: &row };
        Ok(Some(GradeOnFile {
            on: row.day("on_day")?,
            ruleset: row.text("ruleset")?,
            score_tenths: row.whole("score_tenths")?,
            grade: row.coded("grade", Grade::from_code)?,
        }))
    }

    /// The sheets of an organisation's year that hold, one for each stage.
    pub async fn sheets(
        &mut self,
        organisation: OrganisationId,
        year: i16,
    ) -> Result<Vec<SheetOnFile>, Error> {
        sheets(&mut self.transaction, Some(organisation), year, Date::MAX).await
    }

    /// When an organisation's business was suspended: the first day, and the day from which it went on or ended.
    pub async fn stops(
        &mut self,
        organisation: OrganisationId,
    ) -> Result<Vec<(Date, Option<Date>)>, Error> {
        let sql = "SELECT from_day, status FROM organisation_state WHERE organisation = $1 \
                   ORDER BY from_day, position";
        let rows = sqlx::query(sql)
            .bind(organisation.to_string())
            .fetch_all(&mut *self.transaction)
            .await
            .map_err(failure("reading when an organisation was suspended"))?;
        let mut stops: Vec<(Date, Option<Date>)> = Vec::new();
        for row in &rows {
            let row = Row { table: "organisation_state", row };
            let from = row.day("from_day")?;
            let suspended = row.coded("status", Status::from_code)? == Status::Suspended;
            match stops.last_mut() {
                Some((_, end @ None)) if !suspended => *end = Some(from),
                Some((_, None)) => {}
                Some(_) | None if suspended => stops.push((from, None)),
                Some(_) | None => {}
            }
        }
        Ok(stops)
    }
}

pub(crate) async fn sheets(
    connection: &mut AnyConnection,
    organisation: Option<OrganisationId>,
    year: i16,
    day: Date,
) -> Result<Vec<SheetOnFile>, Error> {
    // The scores of a decision go with it: a later one, with scores or without, takes its place.
    let sql = match organisation {
        Some(_) => {
            "SELECT * FROM grade_sheet s WHERE year = $1 AND on_day <= $2 AND organisation = $3 AND (stage <> 'decision' \
             OR NOT EXISTS (SELECT 1 FROM grade g WHERE g.organisation = s.organisation \
             AND g.year = s.year AND g.on_day <= $2 AND (g.on_day > s.on_day \
             OR (g.on_day = s.on_day AND g.position > s.position)))) ORDER BY on_day, position"
        }
        None => {
            "SELECT * FROM grade_sheet s WHERE year = $1 AND on_day <= $2 AND (stage <> 'decision' \
             OR NOT EXISTS (SELECT 1 FROM grade g WHERE g.organisation = s.organisation \
             AND g.year = s.year AND g.on_day <= $2 AND (g.on_day > s.on_day \
             OR (g.on_day = s.on_day AND g.position > s.position)))) ORDER BY on_day, position"
        }
    };
    let mut query = sqlx::query(sql).bind(i64::from(year)).bind(day.to_string());
    if let Some(organisation) = organisation {
        query = query.bind(organisation.to_string());
    }
    let rows = query.fetch_all(connection).await.map_err(failure("reading sheets of scores"))?;
    // Of several on the same stage, the one that takes effect last holds.
    let mut latest = BTreeMap::new();
    for row in &rows {
        let sheet = read(row)?;
        latest.insert((sheet.organisation, sheet.stage), sheet);
    }
    Ok(latest.into_values().collect())
}

fn read(row: &AnyRow) -> Result<SheetOnFile, Error> {
    let row = Row { table: "grade_sheet", row };
    let contents = row.text("contents")?;
    Ok(SheetOnFile {
        organisation: row.exact("organisation")?,
        year: row.whole("year")?,
        stage: row.coded("stage", Stage::from_code)?,
        on: row.day("on_day")?,
        ruleset: row.text("ruleset")?,
        sheet: serde_json::from_str(&contents).map_err(|error| row.wrong("contents", error))?,
        position: row.whole("position")?,
    })
}
