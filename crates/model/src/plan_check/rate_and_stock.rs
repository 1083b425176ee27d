//! What is founded each year against the stock at the horizon, from the baseline, with no closure at all.

use super::{
    Code, Feed, Plan, PlanFinding, en, ends, ids, numbers, range_en, range_vi, stated, vi,
};
use crate::figure::Figure;
use crate::finding::Severity;
use crate::target::Direction;
use crate::text::Words;

pub(super) fn check(plan: &Plan<'_>) -> Vec<PlanFinding> {
    plan.feeds()
        .filter(|feed| feed.stock.indicator.direction == Direction::Up)
        .filter_map(|feed| match plan.baseline(feed.stock.target) {
            Some(base) => from_base(&feed, base),
            None => without_base(&feed),
        })
        .collect()
}

fn from_base(feed: &Feed<'_, '_>, base: &Figure) -> Option<PlanFinding> {
    let years = feed.years(Some(base.as_of));
    let (low, high) = ends(feed.flow.target.constraint);
    // A floor without a top can be exceeded as far as needed.
    let high = high?;
    let low = low.unwrap_or(high);
    let goal = feed.stock.goal();
    let least = goal * (1.0 - feed.stock.tolerance());
    let (reach_low, reach_high) = (base.value + years * low, base.value + years * high);
    if years <= 0.0 || reach_low >= least {
        return None;
    }
    let severity = if reach_high < least {
        Severity::Error
    } else if reach_high < goal {
        Severity::Warning
    } else {
        Severity::Note
    };
    let net = (goal - base.value) / years;
    let unit = feed.stock.unit();
    let (tail_vi, tail_en) = if reach_high < goal {
        (
            format!(
                "còn thiếu {} ngay cả khi không có {} nào chấm dứt; cần tăng ròng {} mỗi năm",
                range_vi(goal - reach_high, goal - reach_low),
                unit.vi,
                vi(net)
            ),
            format!(
                "{} are missing even if none is ever closed; a net growth of {} a year is needed",
                range_en(goal - reach_high, goal - reach_low),
                en(net)
            ),
        )
    } else {
        (
            format!("chỉ đạt khi mỗi năm tăng ròng ít nhất {}", vi(net)),
            format!("it is reached only with a net growth of at least {} a year", en(net)),
        )
    };
    let (rate_vi, rate_en) = (range_vi(low, high), range_en(low, high));
    let (reach_vi, reach_en) = (range_vi(reach_low, reach_high), range_en(reach_low, reach_high));
    Some(PlanFinding {
        code: Code::RateAndStock,
        severity,
        message: Words::new(
            format!(
                "{} ({}) + {} năm × {rate_vi} = {reach_vi} {}, so với mục tiêu {} năm {}: {tail_vi}.",
                vi(base.value),
                stated(base).vi,
                vi(years),
                unit.vi,
                vi(goal),
                feed.year
            ),
            format!(
                "{} ({}) + {} years × {rate_en} = {reach_en} {}, against the target of {} in {}: {tail_en}.",
                en(base.value),
                stated(base).en,
                en(years),
                unit.en,
                en(goal),
                feed.year
            ),
        ),
        targets: ids(&[feed.stock, feed.flow]),
        figures: vec![base.id.clone()],
        numbers: numbers([
            ("baseline", base.value),
            ("years", years),
            ("rate_low", low),
            ("rate_high", high),
            ("reach_low", reach_low),
            ("reach_high", reach_high),
            ("goal", goal),
            ("missing_low", (goal - reach_high).max(0.0)),
            ("missing_high", goal - reach_low),
            ("net_needed", net),
        ]),
        decision: Words::new(
            format!(
                "Nâng mức thành lập mới hằng năm hoặc điều chỉnh mục tiêu năm {} cho phù hợp với số gốc.",
                feed.year
            ),
            format!(
                "Raise the yearly foundations, or set the target of {} to what the baseline allows.",
                feed.year
            ),
        ),
        accepted: None,
    })
}

/// Without a published baseline the plan's own numbers still say what it must have been.
fn without_base(feed: &Feed<'_, '_>) -> Option<PlanFinding> {
    let years = feed.years(None);
    let (low, high) = ends(feed.flow.target.constraint);
    let high = high?;
    let low = low.unwrap_or(high);
    let goal = feed.stock.goal();
    let (base_low, base_high) = (goal - years * high, goal - years * low);
    if years <= 0.0 || base_high < 0.0 {
        return None;
    }
    let unit = feed.stock.unit();
    let before = feed.from - 1;
    Some(PlanFinding {
        code: Code::RateAndStock,
        severity: Severity::Note,
        message: Words::new(
            format!(
                "{} − {} năm × {} = {}: mức thành lập hằng năm chỉ khớp với mục tiêu năm {} nếu cuối năm {before} có {} {} và không có {} nào chấm dứt. Số gốc này chưa có số liệu công bố trong gói.",
                vi(goal),
                vi(years),
                range_vi(low, high),
                range_vi(base_low, base_high),
                feed.year,
                range_vi(base_low, base_high),
                unit.vi,
                unit.vi
            ),
            format!(
                "{} − {} years × {} = {}: the yearly foundations agree with the target of {} only if there were {} {} at the end of {before} and none is ever closed. The pack has no published figure of that baseline.",
                en(goal),
                en(years),
                range_en(low, high),
                range_en(base_low, base_high),
                feed.year,
                range_en(base_low, base_high),
                unit.en
            ),
        ),
        targets: ids(&[feed.stock, feed.flow]),
        figures: Vec::new(),
        numbers: numbers([
            ("goal", goal),
            ("years", years),
            ("rate_low", low),
            ("rate_high", high),
            ("baseline_low", base_low),
            ("baseline_high", base_high),
        ]),
        decision: Words::new(
            format!("Bổ sung số gốc cuối năm {before} kèm nguồn, rồi kiểm tra lại."),
            format!("Add the figure of the end of {before} with its source, and check again."),
        ),
        accepted: None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::Number;
    use super::super::world::{World, about, at_end_of, between, yearly};
    use super::*;

    fn found(base: Option<f64>, goal: f64) -> Vec<PlanFinding> {
        let mut world = World::new();
        world.count("S", "groups", about(goal), at_end_of(2030));
        world.founded("F", "groups", between(5.0, 10.0), yearly(2023, 2030));
        if let Some(base) = base {
            world.baseline("S", "groups", base);
        }
        world.of(Code::RateAndStock)
    }

    #[test]
    fn eight_years_of_ten_on_twenty_are_a_hundred() {
        // 20 + 8 × 5..10 = 60..100.
        assert_eq!(found(Some(20.0), 150.0)[0].severity, Severity::Error);
        assert_eq!(found(Some(20.0), 104.0)[0].severity, Severity::Warning);
        assert_eq!(found(Some(20.0), 90.0)[0].severity, Severity::Note);
        assert!(found(Some(20.0), 60.0).is_empty());
        assert_eq!(
            found(Some(20.0), 150.0)[0].message.vi,
            "20 (31/12/2022) + 8 năm × 5 đến 10 = 60 đến 100 tổ hợp tác, so với mục tiêu 150 năm 2030: còn thiếu 50 đến 90 ngay cả khi không có tổ hợp tác nào chấm dứt; cần tăng ròng 16,3 mỗi năm."
        );
    }
    #[test]
    fn without_a_baseline_it_says_what_it_must_have_been() {
        let note = &found(None, 150.0)[0];
        assert_eq!(note.severity, Severity::Note);
        assert_eq!(note.numbers["baseline_low"], Number(70.0));
        assert_eq!(note.numbers["baseline_high"], Number(110.0));
    }
}
