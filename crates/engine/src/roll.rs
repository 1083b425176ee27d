//! Rolls of members held against what organisations declare: three totals side by side, none of which stands in for another.
//!
//! What is declared is the number of members last filed as registered contents. What is on rolls counts every entry, so that
//! somebody in two organisations counts twice. Distinct persons counts each person, household and organisation once in the
//! unit that is asked, so that the units do not add up to their parent. An organisation without a roll is missing from the
//! last two, never zero.

use std::collections::BTreeSet;

use hoptac_model::ids::{OrganisationId, UnitId};
use hoptac_model::member::MemberClass;
use hoptac_model::organisation::Status;
use hoptac_model::register::Register;
use hoptac_model::roll::RollSpan;
use hoptac_model::unit::Places;
use jiff::civil::Date;
use serde::Serialize;

use crate::geography::{Geography, Placement};

/// The totals of a unit and its parts, and those of its organisations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reconciled {
    /// The unit that is asked, then the units right below it.
    pub units: Vec<UnitTotals>,
    /// Its organisations that exist, by name.
    pub organisations: Vec<OrganisationTotals>,
}

/// The totals of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnitTotals {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The totals.
    pub sums: Sums,
}

/// Totals side by side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sums {
    /// Organisations that exist.
    pub organisations: i64,
    /// Those of them that have a roll.
    pub with_roll: i64,
    /// Members as declared by all that declared them.
    pub declared: Option<i64>,
    /// Members as declared by those that also have a roll: what the next numbers can be held against.
    pub declared_with_roll: Option<i64>,
    /// Entries on rolls.
    pub on_roll: Option<i64>,
    /// Official members on rolls.
    pub official: Option<i64>,
    /// Distinct persons, households and organisations on rolls.
    pub distinct: Option<i64>,
}

/// The totals of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrganisationTotals {
    /// Its identity.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Members as declared.
    pub declared: Option<i64>,
    /// Entries on its roll.
    pub on_roll: Option<i64>,
    /// Official members on its roll.
    pub official: Option<i64>,
}

impl OrganisationTotals {
    /// Whether it has both numbers and they differ. What is declared are official members.
    pub fn differs(&self) -> bool {
        self.declared.zip(self.official).is_some_and(|(declared, official)| declared != official)
    }
}

/// Adds to a sum that is missing until something is added.
fn add(sum: &mut Option<i64>, value: Option<i64>) {
    if let Some(value) = value {
        *sum = Some(sum.unwrap_or(0) + value);
    }
}

/// Holds rolls against declarations in a unit, on the places of a day, as of another.
pub fn reconcile(
    register: &Register,
    places: &Places,
    unit: &UnitId,
    geography: Date,
    as_of: Date,
) -> Reconciled {
    let geography = Geography::new(places, unit.as_str(), geography);
    let mut sums = vec![Sums::default(); geography.len()];
    let mut persons: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); geography.len()];
    let mut organisations = Vec::new();
    for (index, states) in register.states.by_organisation() {
        let state = register.state_on(index, as_of);
        let Some(state) = state.filter(|state| state.status != Status::Terminated) else {
            continue;
        };
        let decided = register.seat_decisions.of(index);
        let placed = geography.place(places, &state.seat, state.seat_former.as_ref(), decided);
        let (Placement::In(at) | Placement::Below(at)) = placed else { continue };
        let Some(organisation) = register.organisation(index) else { continue };
        let declared =
            states.iter().rev().filter(|state| state.from <= as_of).find_map(|state| state.members);
        let on_day = || register.roll_spans.of(index).on(as_of).collect();
        let has_begun = register.roll_counts.of(index).iter().any(|count| count.on <= as_of);
        let roll: Option<Vec<RollSpan>> = has_begun.then(on_day);
        let count = |spans: &[RollSpan]| i64::try_from(spans.len()).unwrap_or(i64::MAX);
        let on_roll = roll.as_deref().map(count);
        let official = roll.as_ref().map(|roll| {
            let official = roll.iter().filter(|span| span.class == MemberClass::Official);
            i64::try_from(official.count()).unwrap_or(i64::MAX)
        });
        // A unit counts what lies anywhere below it.
        let mut above = Some(at);
        while let Some(at) = above {
            if let (Some(sums), Some(persons)) = (sums.get_mut(at), persons.get_mut(at)) {
                sums.organisations += 1;
                add(&mut sums.declared, declared);
                if let Some(roll) = &roll {
                    sums.with_roll += 1;
                    add(&mut sums.declared_with_roll, declared);
                    add(&mut sums.on_roll, on_roll);
                    add(&mut sums.official, official);
                    persons.extend(roll.iter().map(|span| span.person));
                }
            }
            above = geography.spot(at).and_then(|spot| spot.parent);
        }
        let (id, name) = (organisation.id, organisation.name.clone());
        organisations.push(OrganisationTotals { id, name, declared, on_roll, official });
    }
    organisations.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    let shown = geography.spots().iter().enumerate();
    let shown = shown.filter(|(at, spot)| *at == 0 || spot.parent == Some(0));
    let units = shown.map(|(at, spot)| {
        let mut sums = sums.get(at).copied().unwrap_or_default();
        let distinct = persons.get(at).map_or(0, BTreeSet::len);
        sums.distinct = sums.on_roll.map(|_| i64::try_from(distinct).unwrap_or(i64::MAX));
        UnitTotals { code: spot.unit.code.clone(), name: spot.unit.name.clone(), sums }
    });
    Reconciled { units: units.collect(), organisations }
}
