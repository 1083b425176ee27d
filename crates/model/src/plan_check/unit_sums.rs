//! What is asked of each unit, added up, against what is asked of the whole.

use super::{Code, Item, Plan, PlanFinding, en, ends, ids, numbers, range_en, range_vi, vi};
use crate::finding::Severity;
use crate::pack::Measure;
use crate::target::Scope;
use crate::text::Words;
use crate::unit::Level;

pub(super) fn check(plan: &Plan<'_>) -> Vec<PlanFinding> {
    let mut findings = Vec::new();
    for part in &plan.items {
        let Scope::Each(level) = part.target.scope else { continue };
        // Shares and averages of units do not add up.
        if part.indicator.measure == Measure::Ratio {
            continue;
        }
        let same = |item: &&Item<'_>| {
            item.target.indicator == part.target.indicator
                && item.target.horizon == part.target.horizon
                && item.target.sector == part.target.sector
        };
        let Some(whole) = plan.whole().find(same) else { continue };
        let Some(units) = plan.units(level, plan.pack.setting.geography) else { continue };
        if units > 0.0 {
            findings.extend(compare(part, whole, level, units));
        }
    }
    findings
}

fn compare(part: &Item<'_>, whole: &Item<'_>, level: Level, units: f64) -> Option<PlanFinding> {
    let (part_low, part_high) = ends(part.target.constraint);
    let (low, high) = ends(whole.target.constraint);
    // "About" leaves room for a sum that is a little off.
    let differs = |sum: f64, end: f64| (sum - end).abs() > end.abs() * whole.tolerance() + 1e-9;
    let gap = |part: Option<f64>, end: Option<f64>| {
        part.zip(end)
            .map(|(part, end)| (part * units, end))
            .filter(|(sum, end)| differs(*sum, *end))
    };
    let (gap_low, gap_high) = (gap(part_low, low), gap(part_high, high));
    if gap_low.is_none() && gap_high.is_none() {
        return None;
    }
    let part_ends = (part_low.or(part_high)?, part_high.or(part_low)?);
    let whole_ends = (low.or(high)?, high.or(low)?);
    let sums = (part_ends.0 * units, part_ends.1 * units);
    let mut said = (Vec::new(), Vec::new());
    for (gap, name_vi, name_en) in [(gap_low, "dưới", "lower"), (gap_high, "trên", "upper")] {
        let Some((sum, end)) = gap else { continue };
        let off = (sum - end).abs();
        let (word_vi, word_en) =
            if sum > end { ("cao hơn", "above") } else { ("thấp hơn", "below") };
        said.0.push(format!("cận {name_vi} {word_vi} {}", vi(off)));
        said.1.push(format!("the {name_en} end is {} {word_en}", en(off)));
    }
    // Even with every unit at its top the whole would be missed: then nobody can meet both.
    let impossible = part_high.is_some() && low.is_some_and(|low| sums.1 < low - 1e-9);
    let (level_vi, level_en) = level_words(level);
    let unit = part.unit();
    let (each_vi, each_en) =
        (range_vi(part_ends.0, part_ends.1), range_en(part_ends.0, part_ends.1));
    Some(PlanFinding {
        code: Code::UnitSums,
        severity: if impossible { Severity::Error } else { Severity::Warning },
        message: Words::new(
            format!(
                "{} {level_vi} × {each_vi} = {} {}, trong khi chỉ tiêu chung là {}: {}.",
                vi(units),
                range_vi(sums.0, sums.1),
                unit.vi,
                range_vi(whole_ends.0, whole_ends.1),
                said.0.join(", ")
            ),
            format!(
                "{} {level_en} × {each_en} = {} {}, but the target of the whole is {}: {}.",
                en(units),
                range_en(sums.0, sums.1),
                unit.en,
                range_en(whole_ends.0, whole_ends.1),
                said.1.join(", ")
            ),
        ),
        targets: ids(&[part, whole]),
        figures: Vec::new(),
        numbers: numbers([
            ("units", units),
            ("each_low", part_ends.0),
            ("each_high", part_ends.1),
            ("sum_low", sums.0),
            ("sum_high", sums.1),
            ("whole_low", whole_ends.0),
            ("whole_high", whole_ends.1),
        ]),
        decision: Words::new(
            "Xác định mức nào có hiệu lực: mức giao cho từng đơn vị hay mức chung; giao lại để tổng các đơn vị bằng mức chung.",
            "Decide which one counts, that of the units or that of the whole, and assign anew so that the units add up to it.",
        ),
        accepted: None,
    })
}

/// Units of a level within a sentence.
pub(super) fn level_words(level: Level) -> (&'static str, &'static str) {
    match level {
        Level::Nation => ("quốc gia", "nations"),
        Level::Province => ("tỉnh, thành phố", "provinces"),
        Level::District => ("huyện, thành phố", "districts"),
        Level::Commune => ("xã, phường", "communes"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::world::{World, at_least_up_to, between, yearly};
    use super::*;

    fn world(low: f64, high: f64) -> World {
        let mut world = World::new();
        world.founded("D", "groups", at_least_up_to(2.0, 4.0), yearly(2023, 2030));
        world.each_district("D");
        world.founded("P", "groups", between(low, high), yearly(2023, 2030));
        world
    }

    #[test]
    fn three_districts_of_two_to_four_are_six_to_twelve() {
        assert!(world(6.0, 12.0).of(Code::UnitSums).is_empty());
        let found = world(7.0, 10.0).of(Code::UnitSums);
        assert_eq!(
            found[0].message.vi,
            "3 huyện, thành phố × 2 đến 4 = 6 đến 12 tổ hợp tác, trong khi chỉ tiêu chung là 7 đến 10: cận dưới thấp hơn 1, cận trên cao hơn 2."
        );
        assert_eq!(found[0].severity, Severity::Warning);
    }
    #[test]
    fn units_at_their_top_that_miss_the_whole_cannot_be_right() {
        assert_eq!(world(13.0, 15.0).of(Code::UnitSums)[0].severity, Severity::Error);
    }
}
