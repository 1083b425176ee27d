//! Foundations are counted gross, the stock is what is left: a plan that sets both has to say something of closures.

use super::shape::{Shape, State};
use super::{
    Code, Feed, Plan, PlanFinding, add, en, ends, ids, numbers, range_en, range_vi, stated, vi,
};
use crate::date::days_between;
use crate::figure::Figure;
use crate::finding::Severity;
use crate::text::Words;

pub(super) fn check(plan: &Plan<'_>) -> Vec<PlanFinding> {
    plan.feeds().filter_map(|feed| of(plan, &feed)).collect()
}

fn of(plan: &Plan<'_>, feed: &Feed<'_, '_>) -> Option<PlanFinding> {
    let Shape::Count(founded) = &feed.flow.shape else { return None };
    let ceased = founded.in_state(State::Ceased);
    let is_ceased = |shape: &Shape| matches!(shape, Shape::Count(of) if *of == ceased);
    // A target on closures is what is asked for.
    if plan.whole().any(|item| is_ceased(&item.shape)) {
        return None;
    }
    let (low, high) = ends(feed.flow.target.constraint);
    let (low, high) = (low.or(high)?, high.or(low)?);
    let years = feed.years(plan.baseline(feed.stock.target).map(|figure| figure.as_of));
    let goal = feed.stock.goal();
    let unit = feed.stock.unit();
    let mut message = Words::new(
        format!(
            "{} là số {} thành lập mới mỗi năm, chưa trừ số chấm dứt; {} là số đang tồn tại năm {}. Gói không có chỉ tiêu về số chấm dứt: cứ 1 {} chấm dứt mỗi năm thì sau {} năm hụt {}.",
            range_vi(low, high),
            unit.vi,
            vi(goal),
            feed.year,
            unit.vi,
            vi(years),
            vi(years)
        ),
        format!(
            "{} is the number of {} founded each year, before closures; {} is the number existing in {}. The pack has no target on closures: each closure a year takes {} off after {} years.",
            range_en(low, high),
            unit.en,
            en(goal),
            feed.year,
            en(years),
            en(years)
        ),
    );
    let mut found =
        numbers([("founded_low", low), ("founded_high", high), ("stock", goal), ("years", years)]);
    let mut figures = Vec::new();
    if plan.figures {
        let closed: Vec<&Figure> = plan
            .shapes
            .iter()
            .filter(|(_, shape)| is_ceased(shape))
            .flat_map(|(indicator, _)| plan.published(&indicator.id))
            .filter(|figure| figure.period.is_some())
            .collect();
        if let Some(last) = closed.last() {
            add(
                &mut message,
                &format!(" Số công bố {}: {} chấm dứt.", last.period_code(), vi(last.value)),
                &format!(" Published for {}: {} closed.", last.period_code(), en(last.value)),
            );
            found.insert("closed", super::Number(last.value));
            figures.push(last.id.clone());
        }
        let states = plan.published(&feed.stock.indicator.id);
        let states: Vec<&Figure> = states.into_iter().filter(|f| f.period.is_none()).collect();
        if let (Some(first), Some(last)) =
            (plan.baseline(feed.stock.target).or(states.first().copied()), states.last())
            && days_between(first.as_of, last.as_of) >= 365
        {
            let span = f64::from(days_between(first.as_of, last.as_of)) / 365.25;
            let net = (last.value - first.value) / span;
            add(
                &mut message,
                &format!(
                    " Theo số công bố, từ {} ({}) đến {} ({}) tăng ròng {} mỗi năm.",
                    vi(first.value),
                    stated(first).vi,
                    vi(last.value),
                    stated(last).vi,
                    vi(net)
                ),
                &format!(
                    " As published, from {} ({}) to {} ({}) is a net growth of {} a year.",
                    en(first.value),
                    stated(first).en,
                    en(last.value),
                    stated(last).en,
                    en(net)
                ),
            );
            found.insert("net_published", super::Number(net));
            figures.extend([first.id.clone(), last.id.clone()]);
        }
        if closed.is_empty() {
            add(
                &mut message,
                " Chưa có số công bố về số chấm dứt.",
                " No figure of closures is published.",
            );
        }
    }
    Some(PlanFinding {
        code: Code::GrossAndNet,
        severity: Severity::Warning,
        message,
        targets: ids(&[feed.flow, feed.stock]),
        figures,
        numbers: found,
        decision: Words::new(
            "Nêu giả định về số chấm dứt hằng năm, hoặc đặt chỉ tiêu tăng ròng bên cạnh chỉ tiêu thành lập mới.",
            "State how many closures a year are expected, or set a net target beside the gross one.",
        ),
        accepted: None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::Number;
    use super::super::world::{World, about, at_end_of, between, yearly};
    use super::*;

    fn world() -> World {
        let mut world = World::new();
        world.count("S", "groups", about(100.0), at_end_of(2030));
        world.founded("F", "groups", between(5.0, 10.0), yearly(2023, 2030));
        world
    }

    #[test]
    fn foundations_beside_a_stock_leave_closures_open() {
        let found = world().of(Code::GrossAndNet);
        assert_eq!(found[0].numbers["years"], Number(8.0));
    }
    #[test]
    fn a_target_on_closures_settles_it() {
        let mut world = world();
        world.target("C", "groups_ceased", about(2.0), yearly(2023, 2030));
        assert!(world.of(Code::GrossAndNet).is_empty());
    }
    #[test]
    fn published_states_show_the_net_growth() {
        let mut world = world();
        world.figures = true;
        world.figure("groups", jiff::civil::date(2022, 12, 31), 20.0);
        world.figure("groups", jiff::civil::date(2024, 12, 31), 40.0);
        let net = world.of(Code::GrossAndNet)[0].numbers["net_published"].0;
        assert!((net - 10.0).abs() < 0.02);
    }
}
