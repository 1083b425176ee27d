//! What reading commands look at: the register, the places and the plan, computed for a day and a unit.

use anyhow::{Result, bail};
use hoptac_engine::board::{Board, Question};
use hoptac_model::date;
use hoptac_model::register::Register;
use hoptac_model::text::Language;
use hoptac_model::unit::{Places, Unit};
use hoptac_model::words;
use hoptac_store::{AdoptedPlan, KnownOn, Store};
use jiff::civil::Date;

use crate::cli::Place;
use crate::clock;
use crate::sentence::{Sentence, refuse, said};

/// What is asked. What is left open has its default: the plan's own unit, today, the unit's own geography, all filings.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asked<'a> {
    /// The code or identity of a unit.
    pub(crate) unit: Option<&'a str>,
    /// The day whose state is asked.
    pub(crate) as_of: Option<Date>,
    /// The day whose places are asked.
    pub(crate) geography: Option<Date>,
    /// The day by whose end a filing must have been recorded to count.
    pub(crate) known_on: Option<Date>,
    /// The ledger position up to which filings count, as an edition names it.
    pub(crate) position: Option<u64>,
}

/// A computed day, with everything needed to put it into words.
pub(crate) struct View {
    pub(crate) known_on: Option<Date>,
    pub(crate) register: Register,
    pub(crate) places: Places,
    pub(crate) plan: AdoptedPlan,
    pub(crate) board: Board,
    pub(crate) unit: Unit,
}

impl View {
    /// Computes what is asked.
    pub(crate) async fn open(place: &Place, asked: Asked<'_>) -> Result<Self> {
        let store = place.open().await?;
        let KnownOn { register, places, plan, .. } = match asked.position {
            Some(position) => store.known_at(position).await?,
            None => known_on(&store, asked.known_on).await?,
        };
        let plan = must_be_known(plan, asked.known_on)?;
        // What was known on a day is known of the days until then.
        let as_of = asked.as_of.or(asked.known_on).unwrap_or_else(clock::today);
        let day = asked.geography.unwrap_or(as_of);
        let code = asked.unit.unwrap_or(&plan.pack.setting.unit);
        let Some(unit) = places.find(code, day).cloned() else {
            bail!(unknown_unit(&places, &plan, code, day));
        };
        let geography = asked.geography.unwrap_or_else(|| places.geography_for(&unit, as_of));
        if !unit.exists_on(geography) {
            bail!(not_on_the_day(&unit, geography));
        }
        let question = Question { as_of, geography };
        let board = Board::compute(&register, &places, &plan.pack, question);
        if !board.unit_ids().any(|id| id == &unit.id) {
            bail!(unknown_unit(&places, &plan, code, day));
        }
        Ok(Self { known_on: asked.known_on, register, places, plan, board, unit })
    }

    /// What stands over a figure of another day's places, or of what was known on another day.
    pub(crate) fn notices(&self, language: Language) -> Vec<String> {
        let vi = language == Language::Vi;
        let mut lines = Vec::new();
        let (geography, as_of) = (self.board.geography(), self.board.as_of());
        if geography != as_of {
            let day = date::show(geography, language);
            lines.push(if vi {
                format!("Theo địa giới hành chính ngày {day}")
            } else {
                format!("On the places of {day}")
            });
        }
        if let Some(known_on) = self.known_on {
            let day = date::show(known_on, language);
            lines.push(if vi {
                format!("Chỉ tính hồ sơ đã ghi nhận đến hết ngày {day}")
            } else {
                format!("Only filings recorded by the end of {day}")
            });
        }
        lines
    }
}

/// Everything that was known on a day that has come; without a day, everything.
pub(crate) async fn known_on(store: &Store, day: Option<Date>) -> Result<KnownOn> {
    if let Some(day) = day.filter(|day| *day > clock::today()) {
        refuse!(
            "ngày {day} chưa đến; chưa ai biết khi đó sẽ biết được gì",
            "{day} is still to come; what will be known then, nobody can say",
            day
        );
    }
    Ok(store.known_on(day).await?)
}

/// The adopted plan, or what to do when there is none.
pub(crate) async fn must_have_plan(store: &Store) -> Result<AdoptedPlan> {
    must_be_known(store.plan().await?, None)
}

/// The plan that was known on a day, or what to do when there was none.
pub(crate) fn must_be_known(plan: Option<AdoptedPlan>, day: Option<Date>) -> Result<AdoptedPlan> {
    match (plan, day) {
        (Some(plan), _) => Ok(plan),
        (None, Some(day)) => refuse!(
            "đến ngày {day} chưa có kế hoạch nào được thông qua; hãy hỏi một ngày sau đó",
            "no plan had been adopted by {day}; ask for a later day",
            day
        ),
        (None, None) => {
            refuse!(
                "cơ sở dữ liệu này chưa có kế hoạch; hãy thông qua một gói bằng `hoptac plan adopt DIR`",
                "this database has no plan yet; adopt one with `hoptac plan adopt DIR`"
            )
        }
    }
}

/// A unit that the asked geography has not, and the days on which it could be asked.
pub(crate) fn not_on_the_day(unit: &Unit, day: Date) -> Sentence {
    let span = match (unit.valid_from, unit.valid_to) {
        (Some(from), Some(to)) => {
            words!("đơn vị có từ {from} đến {to}", "it existed from {from} to {to}", from, to)
        }
        (Some(from), None) => words!("đơn vị có từ {from}", "it exists from {from}", from),
        (None, Some(to)) => words!("đơn vị có đến {to}", "it existed until {to}", to),
        (None, None) => words!("đơn vị có từ trước tới nay", "it has always existed"),
    };
    said!(
        "ngày {day} không có {name} ({id}): {span}",
        "there was no {name} ({id}) on {day}: {span}",
        day,
        name = &unit.name,
        id = unit.id.as_str(),
        span
    )
}

fn unknown_unit(places: &Places, plan: &AdoptedPlan, code: &str, as_of: Date) -> Sentence {
    let root = &plan.pack.setting.unit;
    let mut known: Vec<String> = Vec::new();
    if let Some(root) = places.find(root, as_of) {
        known.push(format!("{} ({})", root.code, root.name));
        let districts = places.children(&root.id, plan.pack.setting.geography);
        known.extend(districts.iter().map(|unit| format!("{} ({})", unit.code, unit.name)));
    }
    said!(
        "địa bàn của kế hoạch không có đơn vị `{code}`; địa bàn gồm {known} và các xã thuộc đó",
        "the plan's territory has no unit `{code}`; it has {known} and their communes",
        code,
        known = known.join(", ")
    )
}
