//! The state that a request asks for: of a day, by what was known on a day, on the places of a day.

use std::sync::Arc;

use hoptac_engine::board::{Board, Question};
use hoptac_model::pack::Pack;
use hoptac_model::text::fold;
use hoptac_model::unit::{Level, Unit};
use hoptac_model::words;
use hoptac_store::LedgerQuestion;
use jiff::civil::Date;

use super::call::Call;
use super::parameter::{AS_OF, GEOGRAPHY, KNOWN_ON, LEVEL, UNIT};
use super::problem::{Kind, OrBroken as _, Problem};
use crate::app::Published;

/// What was asked for.
pub(crate) struct Sight {
    pub(crate) published: Arc<Published>,
    pub(crate) board: Arc<Board>,
    pub(crate) unit: Unit,
    /// The units to be listed, by name: those of a level within the unit, or the unit alone.
    pub(crate) units: Vec<Unit>,
}

impl Sight {
    pub(crate) fn pack(&self) -> &Pack {
        self.published.pack.as_deref().expect("a sight is of an adopted plan")
    }
}

impl Call {
    /// The state at a ledger position, or the one that was known on a day, or the newest.
    pub(crate) async fn state(&self, position: Option<u64>) -> Result<Arc<Published>, Problem> {
        let known_on = self.operation.query.iter().any(|one| one.name == KNOWN_ON.name);
        let day = if known_on { self.day(&KNOWN_ON) } else { None };
        let position = match (position, day) {
            (Some(position), _) => Some(position),
            (None, Some(day)) => {
                let question = LedgerQuestion { to: Some(day), ..LedgerQuestion::default() };
                let last = self.store()?.filings_newest(&question, 1).await.or_broken(&self.app)?;
                Some(last.first().map_or(0, |filing| filing.position))
            }
            (None, None) => None,
        };
        match position {
            None => Ok(self.app.published()),
            Some(position) => self.app.state_at(position).await.or_broken(&self.app),
        }
    }

    /// The day whose state is asked.
    pub(crate) fn as_of(&self) -> Date {
        self.day(&AS_OF).unwrap_or_else(|| self.app.today())
    }

    /// The unit that is asked for, the board of the day, and the units to be listed.
    pub(crate) async fn sight(&self, position: Option<u64>) -> Result<Sight, Problem> {
        let published = self.state(position).await?;
        let pack = plan_of(&published)?;
        let as_of = self.as_of();
        let places = &published.places;
        let of_plan = pack.setting.geography;
        let asked = self.day(&GEOGRAPHY);
        let code = self.text(&UNIT).unwrap_or(&pack.setting.unit);
        let unit = find_unit(&published, code, asked.unwrap_or(of_plan), as_of)?.clone();
        let has_level = self.operation.query.iter().any(|one| one.name == LEVEL.name);
        let level = if has_level { self.text(&LEVEL).and_then(Level::from_code) } else { None };
        let geography = asked.unwrap_or_else(|| match level {
            // Communes are those of the day; districts those of the plan, which may have ended since.
            Some(Level::Commune) => places.geography_for(&unit, as_of),
            Some(Level::District | Level::Nation | Level::Province) | None => {
                places.geography_for(&unit, of_plan)
            }
        });
        let board = self.app.board(&published, Question { as_of, geography }).await;
        if !board.unit_ids().any(|id| *id == unit.id)
            && !published.register.organisations.is_empty()
        {
            return Err(no_unit(code));
        }
        let mut units: Vec<Unit> = match level {
            None => vec![unit.clone()],
            Some(level) => board
                .unit_ids_within(&unit.id)
                .filter_map(|id| places.get(id))
                .filter(|one| one.level == level)
                .cloned()
                .collect(),
        };
        units.sort_by_cached_key(|unit| (fold(unit.short_name()), unit.id.clone()));
        Ok(Sight { published, board, unit, units })
    }
}

/// The plan in force.
pub(crate) fn plan_of(published: &Published) -> Result<&Pack, Problem> {
    published.pack.as_deref().ok_or_else(|| {
        Problem::new(
            Kind::NotFound,
            words!(
                "chưa có kế hoạch nào được thông qua ở đây",
                "no plan has been adopted here yet"
            ),
        )
    })
}

/// The unit with a code or identity: on the plan's own places first, because links to districts come from there.
pub(crate) fn find_unit<'p>(
    published: &'p Published,
    code: &str,
    first: Date,
    then: Date,
) -> Result<&'p Unit, Problem> {
    let places = &published.places;
    let found = places.find(code, first).filter(|unit| unit.exists_on(first));
    found.or_else(|| places.find(code, then)).ok_or_else(|| no_unit(code))
}

pub(crate) fn no_unit(code: &str) -> Problem {
    Problem::not_found(words!(
        "không có đơn vị hành chính `{code}` trên địa giới được hỏi; tra cứu ở /api/v1/units",
        "there is no unit `{code}` on the places that are asked; look it up at /api/v1/units",
        code
    ))
}
