//! A share of the population at a far horizon against the members that an earlier horizon asks for.

use super::shape::Shape;
use super::{Code, Item, Plan, PlanFinding, day_en, day_vi, en, numbers, vi};
use crate::figure::FigureStatus;
use crate::finding::Severity;
use crate::text::Words;

/// From one horizon to the next, more than this many times the members is told.
const FAR: f64 = 2.0;

pub(super) fn check(plan: &Plan<'_>) -> Vec<PlanFinding> {
    plan.whole().filter_map(|item| of(plan, item)).collect()
}

fn of(plan: &Plan<'_>, item: &Item<'_>) -> Option<PlanFinding> {
    let Shape::OfSeries { of, series } = &item.shape else { return None };
    let year = item.year()?;
    let share = item.goal() / item.indicator.scale;
    let mut earlier = plan.years_up_to(year - 1).into_iter();
    let (at, members, from) = earlier
        .find_map(|at| plan.total_members(&of.kinds, at).map(|(sum, from)| (at, sum, from)))?;
    let mut targets = vec![item.target.id.clone()];
    targets.extend(from);
    if members <= 0.0 || share <= 0.0 {
        return None;
    }
    // The population of which the earlier members are already the share asked for.
    let enough_for = members / share;
    let percent = item.goal();
    let name =
        plan.pack.series.iter().find(|s| &s.id == series).map_or_else(
            || Words::new(series.as_str(), series.as_str()),
            |series| series.name.clone(),
        );
    let population = plan.published(series).last().copied().or_else(|| plan.assumed(series));
    let Some(population) = population else {
        return Some(PlanFinding {
            code: Code::FarShare,
            severity: Severity::Warning,
            message: Words::new(
                format!(
                    "Mục tiêu {} % năm {year} chưa tính được: gói chưa có số liệu “{}”. Chỉ tiêu năm {at} cộng lại là {} thành viên, chỉ bằng {} % của một dân số {} người.",
                    vi(percent),
                    name.vi,
                    vi(members),
                    vi(percent),
                    vi(enough_for)
                ),
                format!(
                    "The {} % of {year} cannot be computed: the pack has no figure “{}”. The targets of {at} add up to {} members, which is {} % of a population of only {}.",
                    en(percent),
                    name.en,
                    en(members),
                    en(percent),
                    en(enough_for)
                ),
            ),
            targets,
            figures: Vec::new(),
            numbers: numbers([
                ("share", percent),
                ("members_earlier", members),
                ("enough_for", enough_for),
            ]),
            decision: Words::new(
                "Bổ sung số liệu dân số kèm nguồn, rồi xem lại mục tiêu so với lộ trình đến trước đó.",
                "Add the population with its source, then look at the target against the path before it.",
            ),
            accepted: None,
        });
    };
    let need = share * population.value;
    let times = need / members;
    if times < FAR {
        return None;
    }
    let rests_on = if population.status == FigureStatus::Assumed {
        let source = population.source.as_str();
        Words::new(
            format!(" Dân số này là giả định, chưa kiểm chứng: {source}."),
            format!(" This population is assumed, not verified: {source}."),
        )
    } else {
        Words::default()
    };
    Some(PlanFinding {
        code: Code::FarShare,
        severity: Severity::Warning,
        message: Words::new(
            format!(
                "{} % của {} người ({}) là {} thành viên, gấp {} lần {} thành viên theo chỉ tiêu năm {at}; từ {at} đến {year} mỗi năm phải tăng {}.{}",
                vi(percent),
                vi(population.value),
                day_vi(population.as_of),
                vi(need),
                vi(times),
                vi(members),
                vi(((need - members) / f64::from(year - at)).round()),
                rests_on.vi
            ),
            format!(
                "{} % of {} persons ({}) are {} members, {} times the {} that the targets of {at} ask for; from {at} to {year} they would have to grow by {} a year.{}",
                en(percent),
                en(population.value),
                day_en(population.as_of),
                en(need),
                en(times),
                en(members),
                en(((need - members) / f64::from(year - at)).round()),
                rests_on.en
            ),
        ),
        targets,
        figures: vec![population.id.clone()],
        numbers: numbers([
            ("share", percent),
            ("population", population.value),
            ("members_needed", need),
            ("members_earlier", members),
            ("times", times),
        ]),
        decision: Words::new(
            format!("Xem lại mục tiêu {year} hoặc đặt mốc trung gian sau năm {at}."),
            format!("Look again at the target of {year}, or set steps after {at}."),
        ),
        accepted: None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::Number;
    use super::super::world::{World, about, at_end_of};
    use super::*;

    fn world(population: Option<f64>) -> World {
        let mut world = World::new();
        world.target("G", "groups_members", about(60.0), at_end_of(2030));
        world.target("C", "cooperatives_members", about(140.0), at_end_of(2030));
        world.target("P", "population_share", about(20.0), at_end_of(2045));
        if let Some(population) = population {
            world.figure("population", jiff::civil::date(2022, 12, 31), population);
        }
        world
    }

    #[test]
    fn a_fifth_of_five_thousand_is_five_times_two_hundred() {
        assert_eq!(world(Some(5000.0)).of(Code::FarShare)[0].numbers["times"], Number(5.0));
        assert!(world(Some(1500.0)).of(Code::FarShare).is_empty());
    }
    #[test]
    fn an_assumed_population_is_told_to_be_one() {
        let mut world = world(Some(5000.0));
        assert!(!world.of(Code::FarShare)[0].message.en.contains("assumed"));
        world.pack.figures[0].status = FigureStatus::Assumed;
        let found = &world.of(Code::FarShare)[0];
        assert_eq!(found.numbers["times"], Number(5.0));
        assert!(found.message.en.contains("assumed, not verified"));
        assert!(found.message.vi.contains("giả định, chưa kiểm chứng"));
    }
    #[test]
    fn without_a_population_it_says_what_is_known() {
        let found = &world(None).of(Code::FarShare)[0];
        assert_eq!(found.numbers["enough_for"], Number(1000.0));
        assert!(!found.numbers.contains_key("times"));
    }
}
