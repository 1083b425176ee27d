//! What was published of today leaves too little for the organisations still to come.

use super::{Code, Plan, PlanFinding, add, day_en, day_vi, en, ids, numbers, vi};
use crate::figure::Figure;
use crate::finding::Severity;
use crate::number;
use crate::text::{Language, Words};

pub(super) fn check(plan: &Plan<'_>) -> Vec<PlanFinding> {
    if !plan.figures {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (count, of, year) in plan.counts() {
        let members = plan.members().find(|(_, population, at)| *population == of && *at == year);
        let Some((members, _, _)) = members else { continue };
        let average = plan.average(of, year);
        let expected =
            average.map_or_else(|| members.goal() / count.goal(), |(average, _)| average.goal());
        let pairs =
            same_days(&plan.published(&count.indicator.id), &plan.published(&members.indicator.id));
        // What the plan could know is what had been counted when it was signed.
        let known = pairs.iter().rev().find(|(c, _)| c.as_of <= plan.pack.document.issued);
        let Some((there, there_members)) = known else { continue };
        let rest = count.goal() - there.value;
        let rest_members = members.goal() - there_members.value;
        // The most that "about" can be stretched: more members for fewer organisations.
        let most = members.goal() * (1.0 + members.tolerance()) - there_members.value;
        let fewest = count.goal() * (1.0 - count.tolerance()) - there.value;
        let tolerance = average.map_or(0.0, |(average, _)| average.tolerance());
        if fewest <= 0.0 || most / fewest >= expected * (1.0 - tolerance) {
            continue;
        }
        let unit = count.unit();
        let asked = |language: Language| {
            average.map_or_else(
                || number::plain(super::tenths(expected), language),
                |(average, _)| average.target.constraint.words("", language),
            )
        };
        let mut message = Words::new(
            format!(
                "Ngày {} đã có {} {} với {} thành viên ({} mỗi {}). Để năm {year} có {} với {} thành viên thì, nếu số đã có giữ nguyên, {} {} thêm chỉ còn {} thành viên, tức {} mỗi {}, trái với mức {}.",
                day_vi(there.as_of),
                vi(there.value),
                unit.vi,
                vi(there_members.value),
                vi(there_members.value / there.value),
                unit.vi,
                vi(count.goal()),
                vi(members.goal()),
                vi(rest),
                unit.vi,
                vi(rest_members),
                vi(rest_members / rest),
                unit.vi,
                asked(Language::Vi)
            ),
            format!(
                "On {} there were {} {} with {} members ({} each). For {} with {} members in {year}, and those that are there staying as they are, the {} more would have {} members, {} each, against {}.",
                day_en(there.as_of),
                en(there.value),
                unit.en,
                en(there_members.value),
                en(there_members.value / there.value),
                en(count.goal()),
                en(members.goal()),
                en(rest),
                en(rest_members),
                en(rest_members / rest),
                asked(Language::En)
            ),
        );
        let mut figures = vec![there.id.clone(), there_members.id.clone()];
        let past = pairs.iter().find(|(c, m)| m.value > members.goal() && c.value < count.goal());
        if let Some((later, later_members)) = past {
            add(
                &mut message,
                &format!(
                    " Ngày {}, {} {} đã có {} thành viên, vượt mục tiêu.",
                    day_vi(later.as_of),
                    vi(later.value),
                    unit.vi,
                    vi(later_members.value)
                ),
                &format!(
                    " On {}, {} {} had {} members, more than the target.",
                    day_en(later.as_of),
                    en(later.value),
                    unit.en,
                    en(later_members.value)
                ),
            );
            figures.extend([later.id.clone(), later_members.id.clone()]);
        }
        let mut targets = ids(&[members, count]);
        targets.extend(average.map(|(average, _)| average.target.id.clone()));
        findings.push(PlanFinding {
            code: Code::AlreadyThere,
            severity: Severity::Warning,
            message,
            targets,
            figures,
            numbers: numbers([
                ("count_there", there.value),
                ("members_there", there_members.value),
                ("members_each_there", there_members.value / there.value),
                ("count", count.goal()),
                ("members", members.goal()),
                ("rest_count", rest),
                ("rest_members", rest_members),
                ("rest_each", rest_members / rest),
                ("average", expected),
            ]),
            decision: Words::new(
                "Rà soát cách tính số thành viên (theo hợp đồng hợp tác hay theo hộ), rồi đặt lại mục tiêu thành viên.",
                "Review how members are counted, by cooperation contract or by household, and set the target of members anew.",
            ),
            accepted: None,
        });
    }
    findings
}

/// Figures of two series on the same days, oldest first.
pub(super) fn same_days<'f>(
    first: &[&'f Figure],
    second: &[&'f Figure],
) -> Vec<(&'f Figure, &'f Figure)> {
    let at = |figure: &&'f Figure| {
        second.iter().find(|other| other.as_of == figure.as_of && other.period == figure.period)
    };
    first.iter().filter_map(|figure| Some((*figure, *at(figure)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Number;
    use super::super::world::{World, about, at_end_of, yearly};
    use super::*;

    fn found(there: f64, there_members: f64, figures: bool) -> Vec<PlanFinding> {
        let mut world = World::new();
        world.count("C", "groups", about(100.0), at_end_of(2030));
        world.target("M", "groups_members", about(500.0), at_end_of(2030));
        world.target("A", "groups_average", about(5.0), yearly(2023, 2030));
        world.figures = figures;
        world.figure("groups", jiff::civil::date(2022, 6, 30), there);
        world.figure("groups_members", jiff::civil::date(2022, 6, 30), there_members);
        world.of(Code::AlreadyThere)
    }

    #[test]
    fn twenty_groups_that_have_most_of_the_members_already() {
        // 80 more would share 100 members.
        let found = found(20.0, 400.0, true);
        assert_eq!(found[0].numbers["rest_each"], Number(1.25));
        assert_eq!(found[0].targets.len(), 3);
    }
    #[test]
    fn twenty_groups_of_five_are_fine() {
        assert!(found(20.0, 100.0, true).is_empty());
        assert!(found(20.0, 400.0, false).is_empty());
    }
}
