//! A floor and a range at once: "ít nhất từ 05 đến 07".

use super::{Code, Plan, PlanFinding, en, ids, numbers, vi};
use crate::finding::Severity;
use crate::target::Constraint;
use crate::text::Words;

pub(super) fn check(plan: &Plan<'_>) -> Vec<PlanFinding> {
    plan.items
        .iter()
        .filter_map(|item| {
            let Constraint::AtLeast { value, expected_up_to: Some(top) } = item.target.constraint
            else {
                return None;
            };
            Some(PlanFinding {
                code: Code::FloorAsRange,
                severity: Severity::Note,
                message: Words::new(
                    format!(
                        "“{}” vừa là mức tối thiểu vừa là một khoảng: {} quyết định đạt hay không, {} chỉ là mức cao nhất dự kiến.",
                        item.target.words,
                        vi(value),
                        vi(top)
                    ),
                    format!(
                        "“{}” is a floor and a range at once: {} decides whether it is met, {} is only the most expected.",
                        item.target.words,
                        en(value),
                        en(top)
                    ),
                ),
                targets: ids(&[item]),
                figures: Vec::new(),
                numbers: numbers([("floor", value), ("expected_up_to", top)]),
                decision: Words::new(
                    "Xác nhận mức tối thiểu là căn cứ đánh giá; cận trên không phải là mức trần.",
                    "Confirm that the floor is what counts and that the upper end is no ceiling.",
                ),
                accepted: None,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::Number;
    use super::super::world::{World, at_least_up_to, between, yearly};
    use super::*;

    #[test]
    fn at_least_from_two_to_four() {
        let mut world = World::new();
        world.founded("R", "groups", between(2.0, 4.0), yearly(2023, 2030));
        assert!(world.of(Code::FloorAsRange).is_empty());
        world.founded("F", "groups", at_least_up_to(2.0, 4.0), yearly(2023, 2030));
        assert_eq!(world.of(Code::FloorAsRange)[0].numbers["floor"], Number(2.0));
    }
}
