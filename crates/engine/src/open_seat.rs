//! The work list of a reform: organisations whose seat lies in a commune that was split, or that several communes went into,
//! and of which nobody has decided where.

use hoptac_model::ids::UnitId;
use hoptac_model::organisation::Status;
use hoptac_model::register::{Register, SeatDecision};
use hoptac_model::unit::{Places, Placing};
use jiff::civil::Date;

/// An organisation on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSeat {
    /// Index of the organisation in the register.
    pub organisation: u32,
    /// The unit of its seat, as filed.
    pub seat: UnitId,
    /// The unit about which somebody should decide: one that was split, or that several went into; none where nothing
    /// leads from the seat to the places of the day.
    pub undecided: Option<UnitId>,
    /// The units among which to decide.
    pub choices: Vec<UnitId>,
    /// The unit in which it counts meanwhile; none where it counts in no commune.
    pub counted_in: Option<UnitId>,
}

/// Everybody whose place on the geography is not certain, among the organisations that exist on a day; by identity.
pub fn list(register: &Register, places: &Places, as_of: Date, geography: Date) -> Vec<OpenSeat> {
    let mut open = Vec::new();
    for index in (0_u32..).take(register.organisations.len()) {
        let state = register.state_on(index, as_of);
        let Some(state) = state.filter(|state| state.status != Status::Terminated) else {
            continue;
        };
        let decided = register.seat_decisions.of(index);
        let placing = places.placing(&state.seat, state.seat_former.as_ref(), decided, geography);
        let (undecided, choices, counted_in) = match placing {
            Placing::Certain(_) => continue,
            Placing::ByDefault { unit, split } => (
                Some(split.id.clone()),
                places.followers(&split.id).map(|unit| unit.id.clone()).collect(),
                Some(unit.id.clone()),
            ),
            Placing::Open => {
                let merged = merged_before(places, &state.seat, decided, geography);
                let choices = merged.map(|unit| places.predecessors(unit));
                let choices = choices.into_iter().flatten().map(|unit| unit.id.clone()).collect();
                (merged.cloned(), choices, None)
            }
        };
        let seat = state.seat.clone();
        open.push(OpenSeat { organisation: index, seat, undecided, choices, counted_in });
    }
    open
}

/// The unit on the way into the past at which several ways part.
fn merged_before<'a>(
    places: &'a Places,
    seat: &'a UnitId,
    decided: &'a [SeatDecision],
    day: Date,
) -> Option<&'a UnitId> {
    let mut seat = seat;
    for _ in 0..8 {
        let unit = places.get(seat)?;
        if unit.valid_from.is_none_or(|from| from <= day) {
            return None;
        }
        let before: Vec<&UnitId> = places.predecessors(seat).map(|unit| &unit.id).collect();
        let about = decided.iter().rev().filter(|placement| &placement.seat == seat);
        let chosen = about.map(|placement| &placement.unit).find(|unit| before.contains(unit));
        seat = match (chosen, before.as_slice()) {
            (Some(chosen), _) => chosen,
            (None, [only]) => only,
            (None, []) => return None,
            (None, _) => return Some(&unit.id),
        };
    }
    None
}
