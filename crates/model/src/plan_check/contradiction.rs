//! Targets on the same number that do not go together: at the same time, or a later one that asks for less.

use super::{Code, Item, Plan, PlanFinding, ids, numbers};
use crate::finding::Severity;
use crate::target::{Direction, Horizon};
use crate::text::{Language, Words};

pub(super) fn check(plan: &Plan<'_>) -> Vec<PlanFinding> {
    let mut findings = Vec::new();
    for (index, first) in plan.items.iter().enumerate() {
        for second in plan.items.iter().skip(index + 1) {
            let same = first.target.indicator == second.target.indicator
                && first.target.scope == second.target.scope
                && first.target.sector == second.target.sector;
            if same {
                findings.extend(compare(first, second));
            }
        }
    }
    findings
}

fn compare(first: &Item<'_>, second: &Item<'_>) -> Option<PlanFinding> {
    let (vi, en, severity) = if first.target.horizon == second.target.horizon {
        if can_hold(first, second) {
            return None;
        }
        (
            "cùng thời hạn, không số nào thỏa cả hai",
            "at the same time no number meets both",
            Severity::Error,
        )
    } else {
        let (Horizon::Year { year: one }, Horizon::Year { year: two }) =
            (first.target.horizon, second.target.horizon)
        else {
            return None;
        };
        let (earlier, later) = if one < two { (first, second) } else { (second, first) };
        let back = match first.indicator.direction {
            Direction::Up => later.goal() < earlier.goal(),
            Direction::Down => later.goal() > earlier.goal(),
            Direction::None => false,
        };
        if !back {
            return None;
        }
        ("mục tiêu sau kém mục tiêu trước", "the later one asks for less", Severity::Warning)
    };
    let asks = |item: &Item<'_>, language| {
        format!(
            "{} ({})",
            item.target.constraint.words(item.indicator.sign(), language),
            item.target.horizon.words(language)
        )
    };
    let name = &first.indicator.name;
    Some(PlanFinding {
        code: Code::Contradiction,
        severity,
        message: Words::new(
            format!(
                "{}: {} và {}, {vi}.",
                name.vi,
                asks(first, Language::Vi),
                asks(second, Language::Vi)
            ),
            format!(
                "{}: {} and {}, {en}.",
                name.en,
                asks(first, Language::En),
                asks(second, Language::En)
            ),
        ),
        targets: ids(&[first, second]),
        figures: Vec::new(),
        numbers: numbers([("first", first.goal()), ("second", second.goal())]),
        decision: Words::new(
            "Đối chiếu văn bản và giữ lại một mục tiêu, hoặc ghi rõ phạm vi khác nhau của hai mục tiêu.",
            "Check both against the document; keep one, or state how their populations differ.",
        ),
        accepted: None,
    })
}

/// Whether some number meets both. The zones are single spans, so one of their ends, or a hair beside it, does.
fn can_hold(first: &Item<'_>, second: &Item<'_>) -> bool {
    let direction = first.indicator.direction;
    let (a, b) = (first.target.constraint, second.target.constraint);
    let ends = [a.zone(), b.zone()].into_iter().flat_map(|(low, high)| [low, high]).flatten();
    ends.flat_map(|end| {
        let step = end.abs().max(1.0) * 1e-6;
        [end, end - step, end + step]
    })
    .any(|value| a.holds(value, direction) && b.holds(value, direction))
}

#[cfg(test)]
mod tests {
    use super::super::world::{World, about, at_end_of};
    use super::*;
    use crate::target::Constraint;

    fn found(second: Constraint, year: i16) -> Vec<PlanFinding> {
        let mut world = World::new();
        world.count("A", "groups", about(60.0), at_end_of(2030));
        world.count("B", "groups", second, at_end_of(year));
        world.of(Code::Contradiction)
    }

    #[test]
    fn about_sixty_and_at_most_fifty() {
        assert_eq!(found(Constraint::AtMost { value: 50.0 }, 2030)[0].severity, Severity::Error);
        assert!(found(Constraint::AtMost { value: 70.0 }, 2030).is_empty());
    }
    #[test]
    fn later_and_less() {
        assert_eq!(found(about(50.0), 2045)[0].severity, Severity::Warning);
        assert!(found(about(80.0), 2045).is_empty());
    }
}
