//! Targets that nobody works on: without a task, without an agency in the lead, without a date.

use std::collections::BTreeMap;

use super::{Code, Plan, PlanFinding, en, numbers, vi};
use crate::finding::Severity;
use crate::ids::TargetId;
use crate::pack::Task;
use crate::text::Words;

pub(super) fn check(plan: &Plan<'_>) -> Vec<PlanFinding> {
    let mut of: BTreeMap<Code, Vec<TargetId>> = BTreeMap::new();
    for (target, tasks) in with_tasks(plan) {
        if tasks.is_empty() {
            of.entry(Code::NoTask).or_default().push(target);
            continue;
        }
        if !tasks.iter().any(|task| is_led(plan, task)) {
            of.entry(Code::NoOwner).or_default().push(target.clone());
        }
        if !tasks.iter().any(|task| task.due.is_some() || task.recurrence.is_some()) {
            of.entry(Code::NoDate).or_default().push(target);
        }
    }
    of.into_iter().map(|(code, targets)| finding(code, targets)).collect()
}

/// Every target with the tasks that should move it.
fn with_tasks<'p>(plan: &'p Plan<'_>) -> Vec<(TargetId, Vec<&'p Task>)> {
    let measured = plan.pack.targets.iter().map(|target| {
        let moves = |task: &&Task| {
            task.indicators.iter().any(|indicator| {
                *indicator == target.indicator
                    || target.readings.iter().any(|reading| reading.indicator == *indicator)
            })
        };
        (target.id.clone(), plan.pack.tasks.iter().filter(moves).collect())
    });
    let qualitative = plan.pack.qualitative.iter().map(|target| {
        let named = |task: &&Task| target.tasks.contains(&task.id);
        (target.id.clone(), plan.pack.tasks.iter().filter(named).collect())
    });
    measured.chain(qualitative).collect()
}

/// Whether an agency leads the task that lasts, or that another one follows.
fn is_led(plan: &Plan<'_>, task: &Task) -> bool {
    task.lead.as_ref().is_some_and(|lead| {
        plan.pack.agencies.iter().any(|agency| {
            &agency.id == lead && (agency.valid_to.is_none() || agency.successor.is_some())
        })
    })
}

fn finding(code: Code, targets: Vec<TargetId>) -> PlanFinding {
    let count = u32::try_from(targets.len()).map_or(0.0, f64::from);
    let (vi_text, en_text, decision) = if code == Code::NoTask {
        (
            "chưa có nhiệm vụ nào trong gói gắn với chỉ số đo của chỉ tiêu",
            "have no task in the pack that names their indicator",
            Words::new(
                "Gắn từng chỉ tiêu với nhiệm vụ của kế hoạch, hoặc bổ sung nhiệm vụ.",
                "Tie each target to a task of the plan, or add a task.",
            ),
        )
    } else if code == Code::NoOwner {
        (
            "có nhiệm vụ nhưng chưa có cơ quan chủ trì",
            "have tasks, but no agency leads them",
            Words::new("Phân công cơ quan chủ trì.", "Name the agency in the lead."),
        )
    } else {
        (
            "có nhiệm vụ nhưng không nhiệm vụ nào có thời hạn hoặc định kỳ",
            "have tasks, but none with a due date or recurrence",
            Words::new(
                "Ghi thời hạn hoặc định kỳ cho các nhiệm vụ.",
                "Give the tasks a due date or recurrence.",
            ),
        )
    };
    PlanFinding {
        code,
        severity: Severity::Warning,
        message: Words::new(
            format!("{} chỉ tiêu {vi_text}.", vi(count)),
            format!("{} targets {en_text}.", en(count)),
        ),
        targets,
        figures: Vec::new(),
        numbers: numbers([("targets", count)]),
        decision,
        accepted: None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::world::{World, about, at_end_of};
    use super::*;

    #[test]
    fn a_target_needs_a_task_with_a_lead_and_a_date() {
        let mut world = World::new();
        world.count("G", "groups", about(10.0), at_end_of(2030));
        assert_eq!(world.of(Code::NoTask)[0].targets, [TargetId::new("G")]);

        world.task("groups", None, None);
        assert!(world.of(Code::NoTask).is_empty());
        assert_eq!(world.of(Code::NoOwner).len(), 1);
        assert_eq!(world.of(Code::NoDate).len(), 1);

        world.task("groups", Some("so-tai-chinh"), Some("yearly"));
        assert!(world.of(Code::NoOwner).is_empty());
        assert!(world.of(Code::NoDate).is_empty());
    }
}
