//! How many members the law asks for, against what the plan provides.

use std::collections::BTreeSet;

use super::shape::Population;
use super::{Code, Item, Plan, PlanFinding, add, en, ids, numbers, vi};
use crate::finding::Severity;
use crate::organisation::Kind;
use crate::text::Words;

pub(super) fn check(plan: &Plan<'_>) -> Vec<PlanFinding> {
    let mut findings = Vec::new();
    for (count, of, year) in plan.counts() {
        match of.only_kind() {
            Some(Kind::Union) => findings.push(of_unions(plan, count, year)),
            Some(kind) => findings.extend(of_members(plan, count, kind, of, year)),
            None => {}
        }
    }
    findings
}

/// The least number of members of one organisation on a day.
fn least(plan: &Plan<'_>, kind: Kind, day: jiff::civil::Date) -> f64 {
    let members = plan.pack.law.members_min(kind, day).unwrap_or(0);
    u32::try_from(members).map_or(0.0, f64::from)
}

/// Unions live on cooperatives, which plans seldom count: how many it takes is said in any case.
fn of_unions(plan: &Plan<'_>, unions: &Item<'_>, year: i16) -> PlanFinding {
    let horizon = unions.target.horizon.end();
    let issued = plan.pack.document.issued;
    let (each, then) = (least(plan, Kind::Union, horizon), least(plan, Kind::Union, issued));
    let count = unions.goal();
    let (need, need_then) = (count * each, count * then);
    let cooperatives = plan.total(&BTreeSet::from([Kind::Cooperative]), year);
    let short = cooperatives.as_ref().filter(|(there, _)| *there < need);
    let mut message = Words::new(
        format!(
            "{} liên hiệp cần ít nhất {} hợp tác xã thành viên ({} mỗi liên hiệp theo luật áp dụng cho năm {year})",
            vi(count),
            vi(need),
            vi(each)
        ),
        format!(
            "{} unions need at least {} member cooperatives ({} each by the law that applies in {year})",
            en(count),
            en(need),
            en(each)
        ),
    );
    if each.total_cmp(&then).is_ne() {
        add(
            &mut message,
            &format!("; theo luật có hiệu lực ngày ban hành kế hoạch là {}", vi(need_then)),
            &format!("; by the law in force when the plan was signed, {}", en(need_then)),
        );
    }
    if let Some((there, _)) = short {
        add(
            &mut message,
            &format!(", nhiều hơn {} hợp tác xã của kế hoạch.", vi(*there)),
            &format!(", more than the plan's {} cooperatives.", en(*there)),
        );
    } else {
        add(
            &mut message,
            ". Gói không có chỉ tiêu về số hợp tác xã tham gia liên hiệp.",
            ". The pack has no target for cooperatives that join unions.",
        );
    }
    let mut targets = ids(&[unions]);
    targets.extend(short.map(|(_, targets)| targets.clone()).unwrap_or_default());
    PlanFinding {
        code: Code::LegalMinimum,
        severity: if short.is_some() { Severity::Error } else { Severity::Note },
        message,
        targets,
        figures: Vec::new(),
        numbers: numbers([
            ("unions", count),
            ("members_each", each),
            ("members_needed", need),
            ("members_needed_when_signed", need_then),
        ]),
        decision: Words::new(
            "Bổ sung số hợp tác xã thành viên cần vận động tham gia liên hiệp và cơ quan chịu trách nhiệm.",
            "Add how many cooperatives are to be won for unions, and who is responsible.",
        ),
        accepted: None,
    }
}

/// Organisations with fewer members each than the law asks for.
fn of_members(
    plan: &Plan<'_>,
    count: &Item<'_>,
    kind: Kind,
    of: &Population,
    year: i16,
) -> Option<PlanFinding> {
    let least = least(plan, kind, count.target.horizon.end());
    let (members, _, _) = plan.members().find(|(_, p, at)| *p == of && *at == year)?;
    let (organisations, persons) = (count.goal(), members.goal());
    let need = organisations * least;
    if persons >= need {
        return None;
    }
    let unit = count.unit();
    Some(PlanFinding {
        code: Code::LegalMinimum,
        severity: Severity::Error,
        message: Words::new(
            format!(
                "{} {} cần ít nhất {} thành viên ({} mỗi {} theo luật), kế hoạch chỉ ghi {}.",
                vi(organisations),
                unit.vi,
                vi(need),
                vi(least),
                unit.vi,
                vi(persons)
            ),
            format!(
                "{} {} need at least {} members ({} each by law), the plan has only {}.",
                en(organisations),
                unit.en,
                en(need),
                en(least),
                en(persons)
            ),
        ),
        targets: ids(&[members, count]),
        figures: Vec::new(),
        numbers: numbers([
            ("organisations", organisations),
            ("members_each", least),
            ("members_needed", need),
            ("members", persons),
        ]),
        decision: Words::new(
            "Điều chỉnh số tổ chức hoặc số thành viên để bảo đảm số thành viên tối thiểu theo luật.",
            "Change the number of organisations or of members so that the legal minimum is kept.",
        ),
        accepted: None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::Number;
    use super::super::world::{World, about, at_end_of};
    use super::*;

    #[test]
    fn two_unions_need_six_cooperatives() {
        let mut world = World::new();
        world.count("U", "unions", about(2.0), at_end_of(2030));
        let found = &world.of(Code::LegalMinimum)[0];
        assert_eq!(found.numbers["members_needed"], Number(6.0));
        assert_eq!(found.numbers["members_needed_when_signed"], Number(8.0));
        assert_eq!(found.severity, Severity::Note);
        world.count("C", "cooperatives", about(5.0), at_end_of(2030));
        assert_eq!(world.of(Code::LegalMinimum)[0].severity, Severity::Error);
    }
    #[test]
    fn ten_cooperatives_need_fifty_members() {
        let mut world = World::new();
        world.count("C", "cooperatives", about(10.0), at_end_of(2030));
        assert!(world.of(Code::LegalMinimum).is_empty());
        world.target("M", "cooperatives_members", about(40.0), at_end_of(2030));
        assert_eq!(world.of(Code::LegalMinimum)[0].numbers["members_needed"], Number(50.0));
    }
    #[test]
    fn members_enough() {
        let mut world = World::new();
        world.count("C", "cooperatives", about(10.0), at_end_of(2030));
        world.target("M", "cooperatives_members", about(50.0), at_end_of(2030));
        assert!(world.of(Code::LegalMinimum).is_empty());
    }
}
