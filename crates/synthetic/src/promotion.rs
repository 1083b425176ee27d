//! Trade promotion: who went to a fair or a meeting of buyers and sellers.

use hoptac_model::filing::{Body, PromotionAttend};
use hoptac_model::organisation::Kind;
use jiff::civil::Date;

use crate::chance::Chance;
use crate::life::Life;
use crate::record::Event;

/// The first year with recorded events.
const FIRST: i16 = 2018;

/// The events that a life attended. Those who sell under contract go far more often, but not all of them do.
pub(crate) fn events(
    life: &Life,
    linked_since: Option<Date>,
    last_year: i16,
    chance: &mut Chance,
) -> Vec<Event> {
    let mut events = Vec::new();
    for year in FIRST.max(life.founded.year())..=last_year {
        for round in 1..=2 {
            let month = if round == 1 { 4 } else { 10 };
            let day = Date::constant(year, month, 12);
            let linked = linked_since.is_some_and(|since| since <= day);
            let probability = match (life.kind_on(day), linked) {
                (Kind::Cooperative | Kind::Union, true) => 0.12 + 0.3 * life.quality,
                (Kind::Cooperative | Kind::Union, false) => 0.03,
                (Kind::Group, _) => 0.01,
            };
            // No fair was held in the second half of 2021.
            let held = (year, round) != (2021, 2);
            if chance.yes(probability) && held && life.operates_on(day) {
                let event = format!("Hội chợ mô phỏng đợt {round} năm {year}");
                let body = Body::PromotionAttend(PromotionAttend { event });
                events.push(Event::new(day, "officer.trade", body));
            }
        }
    }
    events
}
