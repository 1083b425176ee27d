//! Change points of a published series that the rest does not explain: members per organisation jump.

use super::already_there::same_days;
use super::shape::Shape;
use super::{Code, Plan, PlanFinding, day_en, day_vi, en, numbers, vi};
use crate::figure::Figure;
use crate::finding::Severity;
use crate::ids::TargetId;
use crate::pack::Indicator;
use crate::text::Words;

/// From one published day to the next, members per organisation change slowly: organisations come and go, but most
/// stay. More than a third up or down is taken for another way of counting.
const JUMP: f64 = 4.0 / 3.0;

pub(super) fn check(plan: &Plan<'_>) -> Vec<PlanFinding> {
    if !plan.figures {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (members, shape) in &plan.shapes {
        let Shape::Members(of) = shape else { continue };
        let count = plan.shapes.iter().find(|(_, s)| matches!(s, Shape::Count(p) if p == of));
        if let Some((count, _)) = count {
            findings.extend(of_pair(plan, members, count));
        }
    }
    findings
}

fn of_pair(plan: &Plan<'_>, members: &Indicator, count: &Indicator) -> Option<PlanFinding> {
    let pairs = same_days(&plan.published(&count.id), &plan.published(&members.id));
    let each = |pair: &(&Figure, &Figure)| pair.1.value / pair.0.value;
    let jumps: Vec<_> = pairs
        .iter()
        .zip(pairs.iter().skip(1))
        .filter(|(before, after)| {
            let change = each(after) / each(before);
            change.is_finite() && !(1.0 / JUMP..=JUMP).contains(&change)
        })
        .collect();
    if jumps.is_empty() {
        return None;
    }
    let noted = |from: &Figure, to: &Figure| {
        plan.pack
            .breaks
            .iter()
            .any(|b| b.series == members.id && b.from < to.as_of && from.as_of < b.to)
    };
    let all_noted = jumps.iter().all(|(before, after)| noted(before.1, after.1));
    let (mut said_vi, mut said_en) = (Vec::new(), Vec::new());
    for (before, after) in &jumps {
        let (from, to) = (before.1, after.1);
        let percent = ((each(after) / each(before) - 1.0) * 100.0).round();
        let (note_vi, note_en) = if noted(from, to) {
            ("đã ghi là gãy chuỗi", "noted as a break")
        } else {
            ("chưa ghi là gãy chuỗi", "not noted as a break")
        };
        said_vi.push(format!(
            "từ {} đến {}, thành viên {} → {}, {} {} → {}, bình quân {} → {} ({}{} %, {note_vi})",
            day_vi(from.as_of),
            day_vi(to.as_of),
            vi(from.value),
            vi(to.value),
            count.unit_words().vi,
            vi(before.0.value),
            vi(after.0.value),
            vi(each(before)),
            vi(each(after)),
            if percent > 0.0 { "+" } else { "−" },
            vi(percent.abs())
        ));
        said_en.push(format!(
            "from {} to {} members {} → {}, {} {} → {}, {} → {} each ({}{} %, {note_en})",
            day_en(from.as_of),
            day_en(to.as_of),
            en(from.value),
            en(to.value),
            count.unit_words().en,
            en(before.0.value),
            en(after.0.value),
            en(each(before)),
            en(each(after)),
            if percent > 0.0 { "+" } else { "−" },
            en(percent.abs())
        ));
    }
    let first = jumps.first()?;
    let last = jumps.last()?;
    let mut figures: Vec<String> = Vec::new();
    for figure in jumps.iter().flat_map(|(a, b)| [a.0, a.1, b.0, b.1]) {
        if !figures.contains(&figure.id) {
            figures.push(figure.id.clone());
        }
    }
    let targets: Vec<TargetId> = plan
        .whole()
        .filter(|item| item.indicator.id == members.id)
        .map(|item| item.target.id.clone())
        .collect();
    Some(PlanFinding {
        code: Code::SeriesBreak,
        severity: if all_noted { Severity::Note } else { Severity::Warning },
        message: Words::new(
            format!(
                "{}: {}. Số tổ chức không giải thích được thay đổi này; nhiều khả năng cách tính đã khác.",
                members.name.vi,
                said_vi.join("; ")
            ),
            format!(
                "{}: {}. The number of organisations does not explain it; the way of counting has probably changed.",
                members.name.en,
                said_en.join("; ")
            ),
        ),
        targets,
        figures,
        numbers: numbers([
            ("jumps", f64::from(u32::try_from(jumps.len()).unwrap_or(u32::MAX))),
            ("each_before", each(first.0)),
            ("each_after", each(last.1)),
        ]),
        decision: Words::new(
            "Hỏi cơ quan công bố cách tính của từng kỳ; ghi gãy chuỗi vào gói và không so sánh hai phía.",
            "Ask the publisher how each figure was counted; note the break in the pack and do not compare its two sides.",
        ),
        accepted: None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::world::World;
    use super::*;
    use crate::pack::Break;
    use jiff::civil::date;

    fn world(last_members: f64) -> World {
        let mut world = World::new();
        world.figures = true;
        for (year, groups, members) in [(2022, 10.0, 100.0), (2023, 12.0, last_members)] {
            world.figure("groups", date(year, 6, 30), groups);
            world.figure("groups_members", date(year, 6, 30), members);
        }
        world
    }

    #[test]
    fn members_that_fall_while_groups_grow() {
        let found = world(80.0).of(Code::SeriesBreak);
        assert_eq!(found[0].severity, Severity::Warning);
        assert!(found[0].message.vi.contains("100 → 80"), "{}", found[0].message.vi);
    }
    #[test]
    fn members_that_grow_with_the_groups() {
        assert!(world(125.0).of(Code::SeriesBreak).is_empty());
    }
    #[test]
    fn a_break_that_was_noted_is_only_worth_knowing() {
        let mut world = world(80.0);
        world.pack.breaks.push(Break {
            series: crate::ids::IndicatorId::new("groups_members"),
            from: date(2022, 6, 30),
            to: date(2023, 6, 30),
            reason: Words::new("Đổi cách tính", "Counted otherwise"),
        });
        assert_eq!(world.of(Code::SeriesBreak)[0].severity, Severity::Note);
    }
}
