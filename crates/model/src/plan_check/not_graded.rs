//! A share of well-graded organisations over a population of which the law grades only a part.

use std::collections::BTreeSet;

use super::shape::{Population, Shape};
use super::{Code, Item, Plan, PlanFinding, en, numbers, vi};
use crate::finding::Severity;
use crate::ids::TargetId;
use crate::organisation::Kind;
use crate::text::Words;

pub(super) fn check(plan: &Plan<'_>) -> Vec<PlanFinding> {
    plan.whole().filter_map(|item| of(plan, item)).collect()
}

fn of(plan: &Plan<'_>, item: &Item<'_>) -> Option<PlanFinding> {
    let Shape::Share { part, whole } = &item.shape else { return None };
    let is_graded =
        |p: &Population| ["graded", "grade", "gradable"].iter().any(|c| p.columns.contains(*c));
    // A whole that asks for grading itself leaves out those that are never graded.
    if !is_graded(part) || is_graded(whole) || !whole.kinds.contains(&Kind::Group) {
        return None;
    }
    let gradable: BTreeSet<Kind> =
        whole.kinds.iter().copied().filter(|kind| Kind::GRADED.contains(kind)).collect();
    let year = item.year()?;
    let goal = item.goal();
    let totals = plan.years_up_to(year).into_iter().find_map(|at| {
        let (all, targets) = plan.total(&whole.kinds, at)?;
        let (graded, _) = plan.total(&gradable, at)?;
        (all > 0.0).then_some((at, all, graded, targets))
    });
    let mut targets: Vec<TargetId> = vec![item.target.id.clone()];
    let constraint = item.target.constraint.words("%", crate::text::Language::Vi);
    let constraint_en = item.target.constraint.words("%", crate::text::Language::En);
    // Where the document can be read otherwise, the finding holds for the reading taken only.
    let (taken_vi, taken_en) = item.target.readings.first().map_or_else(
        || (String::new(), String::new()),
        |reading| {
            (
                format!(" (cách tính đang chọn: {})", reading.label.vi),
                format!(" (the reading taken: {})", reading.label.en),
            )
        },
    );
    let (severity, message, found) = match totals {
        Some((at, all, graded, from)) => {
            let best = graded / all * 100.0;
            targets.extend(from);
            let possible = item.target.constraint.holds(best, item.indicator.direction);
            let severity = match (possible, at == year) {
                (true, _) => Severity::Note,
                (false, true) => Severity::Error,
                (false, false) => Severity::Warning,
            };
            let (if_vi, if_en) = if at == year {
                (String::new(), String::new())
            } else {
                (format!(", nếu giữ cơ cấu của năm {at}"), format!(", with the make-up of {at}"))
            };
            let (verdict_vi, verdict_en) = if possible {
                ("vẫn đạt được nhưng", "can be met, but")
            } else {
                ("không thể đạt", "cannot be met")
            };
            let tail_vi = if possible { " mẫu số gồm cả tổ hợp tác" } else { "" };
            let tail_en = if possible { " groups are in the denominator" } else { "" };
            (
                severity,
                Words::new(
                    format!(
                        "Quy định hiện hành chỉ xếp loại hợp tác xã và liên hiệp hợp tác xã, không xếp loại tổ hợp tác{taken_vi}. Cao nhất là {} trên {} tổ chức = {} %{if_vi}: mục tiêu {constraint} tính trên tất cả tổ chức {verdict_vi}{tail_vi}.",
                        vi(graded),
                        vi(all),
                        vi(best)
                    ),
                    format!(
                        "The rules grade cooperatives and unions, not groups{taken_en}. The best possible is {} of {} organisations = {} %{if_en}: the target of {constraint_en} of all organisations {verdict_en}{tail_en}.",
                        en(graded),
                        en(all),
                        en(best)
                    ),
                ),
                numbers([("gradable", graded), ("all", all), ("best", best), ("goal", goal)]),
            )
        }
        None => (
            Severity::Warning,
            Words::new(
                format!(
                    "Quy định hiện hành chỉ xếp loại hợp tác xã và liên hiệp hợp tác xã, không xếp loại tổ hợp tác{taken_vi}, nhưng mục tiêu {constraint} tính trên tất cả tổ chức."
                ),
                format!(
                    "The rules grade cooperatives and unions, not groups{taken_en}, but the target of {constraint_en} is of all organisations."
                ),
            ),
            numbers([("goal", goal)]),
        ),
    };
    let other = item.target.readings.iter().find(|reading| {
        plan.shapes.iter().any(|(indicator, shape)| {
            indicator.id == reading.indicator
                && matches!(shape, Shape::Share { whole, .. } if is_graded(whole))
        })
    });
    let (offer_vi, offer_en) = other.map_or_else(
        || (String::new(), String::new()),
        |reading| {
            (
                format!(" Cách tính khác đã có trong gói: {}.", reading.label.vi),
                format!(" The pack has another reading: {}.", reading.label.en),
            )
        },
    );
    Some(PlanFinding {
        code: Code::NotGraded,
        severity,
        message,
        targets,
        figures: Vec::new(),
        numbers: found,
        decision: Words::new(
            format!(
                "Quyết định mẫu số: chỉ các tổ chức thuộc diện xếp loại, hay ban hành cách đánh giá cho tổ hợp tác.{offer_vi}"
            ),
            format!(
                "Decide on the denominator: only those subject to grading, or set rules by which groups are judged.{offer_en}"
            ),
        ),
        accepted: None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::Number;
    use super::super::world::{World, about, at_end_of};
    use super::*;
    use crate::target::Constraint;

    fn world(groups: f64, measure: &str) -> World {
        let mut world = World::new();
        world.count("G", "groups", about(groups), at_end_of(2030));
        world.count("C", "cooperatives", about(38.0), at_end_of(2030));
        world.count("U", "unions", about(2.0), at_end_of(2030));
        world.target("S", measure, Constraint::MoreThan { value: 50.0 }, at_end_of(2030));
        world
    }

    #[test]
    fn forty_of_a_hundred_are_not_over_half() {
        let found = &world(60.0, "good_share").of(Code::NotGraded)[0];
        assert_eq!(found.severity, Severity::Error);
        assert_eq!(found.numbers["best"], Number(40.0));
    }
    #[test]
    fn forty_of_fifty_are() {
        assert_eq!(world(10.0, "good_share").of(Code::NotGraded)[0].severity, Severity::Note);
    }
    #[test]
    fn a_denominator_of_gradable_ones_is_fine() {
        assert!(world(60.0, "good_share_gradable").of(Code::NotGraded).is_empty());
    }
    #[test]
    fn a_later_horizon_is_judged_by_the_make_up_of_the_earlier() {
        let mut world = world(60.0, "good_share_gradable");
        world.target("L", "good_share", about(70.0), at_end_of(2045));
        assert_eq!(world.of(Code::NotGraded)[0].severity, Severity::Warning);
    }
}
