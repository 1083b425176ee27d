//! What reading commands look at: the register, the places and the plan, computed for a day and a unit.

use anyhow::{Result, bail};
use hoptac_engine::board::{Board, Question};
use hoptac_model::register::Register;
use hoptac_model::unit::{Places, Unit};
use hoptac_store::{AdoptedPlan, Store};
use jiff::civil::Date;

use crate::cli::Place;
use crate::clock;

/// A computed day, with everything needed to put it into words.
pub(crate) struct View {
    pub(crate) register: Register,
    pub(crate) plan: AdoptedPlan,
    pub(crate) board: Board,
    pub(crate) unit: Unit,
}

impl View {
    /// The asked unit on the asked day, each with its default: the plan's own unit, today.
    pub(crate) async fn open(
        place: &Place,
        unit: Option<&str>,
        as_of: Option<Date>,
    ) -> Result<Self> {
        let store = place.open().await?;
        let plan = must_have_plan(&store).await?;
        let (register, places) = (store.register().await?, store.places().await?);
        let as_of = as_of.unwrap_or_else(clock::today);
        let code = unit.unwrap_or(&plan.pack.setting.unit);
        let Some(unit) = places.find(code, as_of).cloned() else {
            bail!("{}", unknown_unit(&places, &plan, code, as_of));
        };
        let geography = places.geography_for(&unit, as_of);
        let question = Question { as_of, geography };
        let board = Board::compute(&register, &places, &plan.pack, question);
        if !board.unit_ids().any(|id| id == &unit.id) {
            bail!("{}", unknown_unit(&places, &plan, code, as_of));
        }
        Ok(Self { register, plan, board, unit })
    }
}

/// The adopted plan, or what to do when there is none.
pub(crate) async fn must_have_plan(store: &Store) -> Result<AdoptedPlan> {
    match store.plan().await? {
        Some(plan) => Ok(plan),
        None => bail!("this database has no plan yet; adopt one with `hoptac plan adopt DIR`"),
    }
}

fn unknown_unit(places: &Places, plan: &AdoptedPlan, code: &str, as_of: Date) -> String {
    let root = &plan.pack.setting.unit;
    let mut known: Vec<String> = Vec::new();
    if let Some(root) = places.find(root, as_of) {
        known.push(format!("{} ({})", root.code, root.name));
        let districts = places.children(&root.id, plan.pack.setting.geography);
        known.extend(districts.iter().map(|unit| format!("{} ({})", unit.code, unit.name)));
    }
    format!(
        "the plan's territory has no unit `{code}`; it has {} and their communes",
        known.join(", ")
    )
}
