//! An average times a count against the total of the members.

use super::shape::Population;
use super::{Code, Item, Plan, PlanFinding, add, en, ids, numbers, vi};
use crate::finding::Severity;
use crate::text::Words;

pub(super) fn check(plan: &Plan<'_>) -> Vec<PlanFinding> {
    let mut findings = Vec::new();
    for (count, of, year) in plan.counts() {
        let members = plan.members().find(|(_, population, at)| *population == of && *at == year);
        let Some((members, _, _)) = members else { continue };
        let Some((average, own)) = plan.average(of, year) else { continue };
        findings.extend(compare(plan, &Sum { count, members, average, own, of, year }));
    }
    findings
}

struct Sum<'p, 'a> {
    count: &'p Item<'a>,
    members: &'p Item<'a>,
    average: &'p Item<'a>,
    /// Whether the average is set for this very population, and not for one that it is part of.
    own: bool,
    of: &'p Population,
    year: i16,
}

fn compare(plan: &Plan<'_>, sum: &Sum<'_, '_>) -> Option<PlanFinding> {
    let (count, members, each) = (sum.count.goal(), sum.members.goal(), sum.average.goal());
    let product = count * each;
    let off = members - product;
    if off.abs() < 0.5 || count <= 0.0 {
        return None;
    }
    // A wider population's average need not hold for each of its parts: then it is worth knowing, no more.
    let within = off.abs() <= members * sum.members.tolerance() + 1e-9;
    let severity = if within || !sum.own { Severity::Note } else { Severity::Warning };
    let unit = sum.count.unit();
    let mut message = Words::new(
        format!(
            "{} × {} = {} thành viên, kế hoạch ghi {} ({} mỗi {}), lệch {}.",
            vi(count),
            vi(each),
            vi(product),
            vi(members),
            vi(members / count),
            unit.vi,
            vi(off.abs())
        ),
        format!(
            "{} × {} = {} members, the plan says {} ({} each), {} off.",
            en(count),
            en(each),
            en(product),
            en(members),
            en(members / count),
            en(off.abs())
        ),
    );
    let mut found = numbers([
        ("count", count),
        ("average", each),
        ("product", product),
        ("members", members),
        ("off", off),
        ("members_each", members / count),
    ]);
    let whole = plan.counts().find(|(_, p, at)| sum.of.is_part_of(p) && *at == sum.year);
    let whole = whole.and_then(|(all, population, _)| {
        let same = |(_, p, at): &(&Item<'_>, &Population, i16)| *p == population && *at == sum.year;
        Some((all.goal() - count, plan.members().find(same)?.0.goal() - members))
    });
    if let Some((rest, rest_members)) = whole.filter(|(rest, _)| *rest > 0.0) {
        add(
            &mut message,
            &format!(
                " Phần còn lại: {} thành viên của {} {}, {} mỗi {}.",
                vi(rest_members),
                vi(rest),
                unit.vi,
                vi(rest_members / rest),
                unit.vi
            ),
            &format!(
                " The rest: {} members of {} {}, {} each.",
                en(rest_members),
                en(rest),
                unit.en,
                en(rest_members / rest)
            ),
        );
        found.extend(numbers([("rest_count", rest), ("rest_members", rest_members)]));
    }
    Some(PlanFinding {
        code: Code::AverageAndTotal,
        severity,
        message,
        targets: ids(&[sum.members, sum.count, sum.average]),
        figures: Vec::new(),
        numbers: found,
        decision: Words::new(
            "Xác nhận con số nào là gốc (số tổ chức, số thành viên hay mức bình quân) và con số nào được làm tròn.",
            "Confirm which number leads, the count, the members or the average, and which one was rounded.",
        ),
        accepted: None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::Number;
    use super::super::world::{World, about, at_end_of, yearly};
    use super::*;

    fn world(members: f64) -> World {
        let mut world = World::new();
        world.count("C", "groups", about(20.0), at_end_of(2030));
        world.target("M", "groups_members", about(members), at_end_of(2030));
        world.target("A", "groups_average", about(5.0), yearly(2023, 2030));
        world
    }

    #[test]
    fn twenty_times_five_is_a_hundred() {
        assert!(world(100.0).of(Code::AverageAndTotal).is_empty());
        assert_eq!(world(104.0).of(Code::AverageAndTotal)[0].severity, Severity::Note);
        let found = &world(140.0).of(Code::AverageAndTotal)[0];
        assert_eq!(found.severity, Severity::Warning);
        assert_eq!(
            found.message.vi,
            "20 × 5 = 100 thành viên, kế hoạch ghi 140 (7 mỗi tổ hợp tác), lệch 40."
        );
    }
    #[test]
    fn a_part_is_shown_with_its_rest() {
        let mut world = world(100.0);
        world.count("PC", "groups_crafts", about(4.0), at_end_of(2030));
        world.target("PM", "groups_crafts_members", about(28.0), at_end_of(2030));
        let found = world.of(Code::AverageAndTotal);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Note);
        assert_eq!(found[0].numbers["rest_members"], Number(72.0));
        assert_eq!(found[0].numbers["rest_count"], Number(16.0));
    }
}
