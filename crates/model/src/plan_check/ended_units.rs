//! Targets for each unit of a level whose units end before the horizon.

use super::unit_sums::level_words;
use super::{Code, Item, Plan, PlanFinding, day_en, day_vi, en, ids, numbers, vi};
use crate::finding::Severity;
use crate::target::Scope;
use crate::text::Words;
use crate::unit::Level;

pub(super) fn check(plan: &Plan<'_>) -> Vec<PlanFinding> {
    [Level::Province, Level::District, Level::Commune]
        .into_iter()
        .filter_map(|level| {
            let items: Vec<&Item<'_>> =
                plan.items.iter().filter(|i| i.target.scope == Scope::Each(level)).collect();
            of_level(plan, level, &items)
        })
        .collect()
}

fn of_level(plan: &Plan<'_>, level: Level, items: &[&Item<'_>]) -> Option<PlanFinding> {
    let start = plan.pack.setting.geography;
    let horizon = items.iter().map(|item| item.target.horizon.end()).max()?;
    let (before, after) = (plan.units(level, start)?, plan.units(level, horizon)?);
    // The last day of a unit of the level that existed when the plan was made, before the horizon.
    let places = plan.places?;
    let root = places.find(&plan.pack.setting.unit, start)?;
    let last = places
        .all()
        .filter(|unit| unit.level == level && unit.exists_on(start))
        .filter(|unit| places.ancestry(&unit.id).iter().any(|above| above.code == root.code))
        .filter_map(|unit| unit.valid_to)
        .filter(|day| *day < horizon)
        .max()?;
    let next = last.tomorrow().ok()?;
    let (level_vi, level_en) = level_words(level);
    let gone = after <= 0.0;
    let below = (level == Level::District).then(|| plan.units(Level::Commune, next)).flatten();
    let (now_vi, now_en) = if gone {
        let instead = below.filter(|units| *units > 0.0);
        (
            format!(
                "không còn đơn vị nào của cấp này{}",
                instead.map_or_else(String::new, |n| format!(", chỉ còn {} xã, phường", vi(n)))
            ),
            format!(
                "there are none{}",
                instead.map_or_else(String::new, |n| format!(", only {} communes", en(n)))
            ),
        )
    } else {
        (format!("có {} {level_vi} khác", vi(after)), format!("there are {} others", en(after)))
    };
    Some(PlanFinding {
        code: Code::EndedUnits,
        severity: Severity::Warning,
        message: Words::new(
            format!(
                "Chỉ tiêu giao cho từng {level_vi}: ngày {} có {}, đến hết ngày {} thì chấm dứt; từ {} {now_vi}.",
                day_vi(start),
                vi(before),
                day_vi(last),
                day_vi(next)
            ),
            format!(
                "The target is set for each of the {level_en}: on {} there were {}, they ended on {}; since {} {now_en}.",
                day_en(start),
                en(before),
                day_en(last),
                day_en(next)
            ),
        ),
        targets: ids(items),
        figures: Vec::new(),
        numbers: numbers([("units_then", before), ("units_at_horizon", after)]),
        decision: Words::new(
            "Giao lại chỉ tiêu theo đơn vị hành chính mới bằng văn bản, hoặc ghi rõ tiếp tục theo dõi theo địa bàn cũ.",
            "Assign the target to the new units by a document, or state that the former areas are followed further.",
        ),
        accepted: None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::Number;
    use super::super::world::{World, at_least_up_to, yearly};
    use super::*;

    fn world(ended: bool) -> World {
        let mut world = World::new();
        world.founded("D", "groups", at_least_up_to(2.0, 4.0), yearly(2023, 2030));
        world.each_district("D");
        if ended {
            world.end_districts(jiff::civil::date(2025, 6, 30));
        }
        world
    }

    #[test]
    fn three_districts_that_ended() {
        let found = &world(true).of(Code::EndedUnits)[0];
        assert!(
            found.message.vi.contains("từ 1/7/2025 không còn đơn vị nào"),
            "{}",
            found.message.vi
        );
        assert_eq!(found.numbers["units_then"], Number(3.0));
    }
    #[test]
    fn three_districts_that_last() {
        assert!(world(false).of(Code::EndedUnits).is_empty());
    }
}
