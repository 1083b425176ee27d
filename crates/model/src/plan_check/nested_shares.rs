//! Shares of a share: how much of all it is.

use super::shape::Shape;
use super::{Code, Item, Plan, PlanFinding, en, numbers, vi};
use crate::finding::Severity;
use crate::text::Words;

pub(super) fn check(plan: &Plan<'_>) -> Vec<PlanFinding> {
    plan.whole().filter_map(|item| of(plan, item)).collect()
}

fn of(plan: &Plan<'_>, item: &Item<'_>) -> Option<PlanFinding> {
    let is_share = |item: &Item<'_>| item.indicator.unit == "percent";
    if !is_share(item) {
        return None;
    }
    let mut chain = vec![item];
    let mut outermost = item;
    // Packs have no cycles of `of_which`; a walk as long as the plan ends all the same.
    for _ in 0..plan.items.len() {
        let Some(above) = &outermost.target.of_which else { break };
        let Some(above) = plan.whole().find(|i| &i.target.id == above).filter(|i| is_share(i))
        else {
            break;
        };
        chain.push(above);
        outermost = above;
    }
    if chain.len() < 2 {
        return None;
    }
    let share = chain.iter().map(|item| item.goal() / 100.0).product::<f64>() * 100.0;
    // Products of tenths are off by a hair.
    let share = (share * 1e6).round() / 1e6;
    let population = &outermost.target.population;
    let joined = |of: &str, show: fn(f64) -> String| {
        chain.iter().map(|item| format!("{} %", show(item.goal()))).collect::<Vec<_>>().join(of)
    };
    let total = match (&outermost.shape, item.year()) {
        (Shape::Share { whole, .. }, Some(year))
            if whole.rest.is_empty() && whole.sector.is_none() =>
        {
            plan.total(&whole.kinds, year)
        }
        _ => None,
    };
    let mut found = numbers([("share_of_all", share)]);
    let (mut more_vi, mut more_en) = (String::new(), String::new());
    let mut targets: Vec<_> = chain.iter().map(|item| item.target.id.clone()).collect();
    if let Some((all, from)) = total {
        let least = (all * share / 100.0 - 1e-9).ceil();
        more_vi = format!(", tức ít nhất {} trên {} tổ chức", vi(least), vi(all));
        more_en = format!(", at least {} of {} organisations", en(least), en(all));
        found.extend(numbers([("all", all), ("least", least)]));
        targets.extend(from);
    }
    Some(PlanFinding {
        code: Code::NestedShares,
        severity: Severity::Note,
        message: Words::new(
            format!(
                "{} = {} %{more_vi}; mẫu số: {}.",
                joined(" của ", vi),
                vi(share),
                population.vi
            ),
            format!(
                "{} = {} %{more_en}; out of: {}.",
                joined(" of ", en),
                en(share),
                population.en
            ),
        ),
        targets,
        figures: Vec::new(),
        numbers: found,
        decision: Words::new(
            "Luôn nêu mẫu số bên cạnh tỷ lệ; không so sánh trực tiếp với tỷ lệ tính trên tất cả tổ chức.",
            "Always show the denominator beside the share; do not compare it with shares of all organisations.",
        ),
        accepted: None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::Number;
    use super::super::world::{World, about, at_end_of};
    use super::*;
    use crate::ids::TargetId;

    #[test]
    fn half_of_two_fifths_is_a_fifth() {
        let mut world = World::new();
        world.target("A", "good_share", about(40.0), at_end_of(2030));
        world.target("B", "linked_share_good", about(50.0), at_end_of(2030));
        assert!(world.of(Code::NestedShares).is_empty());
        world.pack.targets[1].of_which = Some(TargetId::new("A"));
        let found = &world.of(Code::NestedShares)[0];
        assert!((found.numbers["share_of_all"].0 - 20.0).abs() < 1e-9);
        assert_eq!(found.message.vi, "50 % của 40 % = 20 %; mẫu số: tất cả.");
    }
    #[test]
    fn with_known_totals_it_is_a_number() {
        let mut world = World::new();
        world.count("G", "groups", about(7.0), at_end_of(2030));
        world.count("C", "cooperatives", about(3.0), at_end_of(2030));
        world.count("U", "unions", about(1.0), at_end_of(2030));
        world.target("A", "good_share", about(50.0), at_end_of(2030));
        world.target("B", "linked_share_good", about(50.0), at_end_of(2030));
        world.pack.targets[4].of_which = Some(TargetId::new("A"));
        // A quarter of eleven is 2.75: three organisations.
        assert_eq!(world.of(Code::NestedShares)[0].numbers["least"], Number(3.0));
    }
}
