//! A part larger than its whole.

use super::shape::Shape;
use super::{Code, Item, Plan, PlanFinding, en, ids, numbers, vi};
use crate::finding::Severity;
use crate::text::Words;

pub(super) fn check(plan: &Plan<'_>) -> Vec<PlanFinding> {
    let mut findings = Vec::new();
    for part in plan.whole() {
        for whole in plan.whole() {
            let smaller = match (&part.shape, &whole.shape) {
                (Shape::Count(of), Shape::Count(all))
                | (Shape::Members(of), Shape::Members(all)) => of.is_part_of(all),
                _ => false,
            };
            if smaller && part.target.horizon == whole.target.horizon {
                findings.extend(compare(part, whole));
            }
        }
    }
    findings
}

fn compare(part: &Item<'_>, whole: &Item<'_>) -> Option<PlanFinding> {
    let (least, all) = (part.goal(), whole.goal());
    if least <= all {
        return None;
    }
    Some(PlanFinding {
        code: Code::PartAndWhole,
        severity: Severity::Error,
        message: Words::new(
            format!(
                "{}: {}, nhiều hơn tổng số {} của “{}”.",
                part.target.label.vi,
                vi(least),
                vi(all),
                whole.target.label.vi
            ),
            format!(
                "{}: {}, more than the {} of “{}” that it is part of.",
                part.target.label.en,
                en(least),
                en(all),
                whole.target.label.en
            ),
        ),
        targets: ids(&[part, whole]),
        figures: Vec::new(),
        numbers: numbers([("part", least), ("whole", all)]),
        decision: Words::new(
            "Đối chiếu hai con số với văn bản; bộ phận không thể lớn hơn tổng số.",
            "Check both numbers against the document; a part cannot be larger than its whole.",
        ),
        accepted: None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::world::{World, about, at_end_of};
    use super::*;

    #[test]
    fn crafts_groups_are_some_of_all_groups() {
        for (part, told) in [(4.0, false), (10.0, false), (12.0, true)] {
            let mut world = World::new();
            world.count("W", "groups", about(10.0), at_end_of(2030));
            world.count("P", "groups_crafts", about(part), at_end_of(2030));
            assert_eq!(world.of(Code::PartAndWhole).len(), usize::from(told));
        }
    }
}
