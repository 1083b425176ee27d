//! Tasks of a small plan: where each stands on a day.

use super::*;
use crate::filing::task::{TaskCancel, TaskMerge, TaskReopen};

const OPENED: Date = Date::constant(2023, 5, 15);

fn planned(due: Option<Date>, recurrence: Option<Recurrence>) -> TaskFiling {
    let task = pack::Task {
        id: "N20-1".to_owned(),
        group: "P20".to_owned(),
        title: Words::new("Vận động", "Promote"),
        lead: Some("lien-minh-htx".to_owned()),
        with: vec!["ubnd-xa".to_owned()],
        indicators: vec!["groups".into()],
        due,
        recurrence,
        note: Words::default(),
    };
    filing(1, OPENED, Step::Planned(Box::new(task)))
}

fn filing(position: u64, on: Date, step: Step) -> TaskFiling {
    TaskFiling { task: "N20-1".to_owned(), position, on, actor: "so".to_owned(), step }
}

fn act(position: u64, on: Date, act: TaskAct) -> TaskFiling {
    filing(position, on, Step::Act(act))
}

fn progress(position: u64, on: Date) -> TaskFiling {
    let said = "đã tổ chức 3 lớp".to_owned();
    act(position, on, TaskAct::Progress(TaskProgress { said, ..TaskProgress::default() }))
}

fn close(position: u64, on: Date, occurrence: Option<Date>) -> TaskFiling {
    let result = "xong".to_owned();
    act(position, on, TaskAct::Close(TaskClose { occurrence, result, ..TaskClose::default() }))
}

fn day(year: i16, month: i8, day: i8) -> Date {
    Date::constant(year, month, day)
}

#[track_caller]
fn check(filings: &[TaskFiling], on: Date, state: State, reason: &str) -> Situation {
    let tasks = fold(filings, on);
    let situation = tasks["N20-1"].situation(on);
    assert_eq!((situation.state, situation.reason.vi.as_str()), (state, reason));
    situation
}

#[test]
fn nobody_has_reported_yet() {
    let filings = [planned(Some(day(2023, 12, 31)), None)];
    let reason = "hạn 31/12/2023, còn 30 ngày, chưa có báo cáo tiến độ";
    check(&filings, day(2023, 12, 1), State::NotStarted, reason);
}
#[test]
fn it_is_in_hand_on_its_due_day_and_late_the_day_after() {
    let filings = [planned(Some(day(2023, 12, 31)), None), progress(2, day(2023, 6, 1))];
    check(&filings, day(2023, 12, 31), State::OnTime, "hạn 31/12/2023, còn 0 ngày");
    check(&filings, day(2024, 1, 1), State::Late, "hạn 31/12/2023, chậm 1 ngày");
}
#[test]
fn without_a_day_it_is_never_late() {
    let reason = "chưa giao thời hạn, chưa có báo cáo tiến độ";
    check(&[planned(None, None)], day(2099, 1, 1), State::NotStarted, reason);
}
#[test]
fn of_a_task_that_returns_every_missed_day_counts() {
    let filings = [planned(None, Some(Recurrence::Yearly))];
    let reason = "2 kỳ quá hạn, kỳ sớm nhất hạn 31/12/2023, chậm 397 ngày, chưa có báo cáo tiến độ";
    let situation = check(&filings, day(2025, 1, 31), State::Late, reason);
    assert_eq!(situation.missed, 2);
}
#[test]
fn what_is_done_leaves_the_next_occurrence() {
    let first = day(2023, 12, 31);
    let filings =
        [planned(None, Some(Recurrence::Yearly)), close(2, day(2023, 12, 20), Some(first))];
    let reason = "hạn 31/12/2024, còn 366 ngày, chưa có báo cáo tiến độ";
    check(&filings, first, State::NotStarted, reason);
}
#[test]
fn an_occurrence_that_is_opened_again_is_late_again() {
    let first = day(2023, 12, 31);
    let reopen = TaskReopen { occurrence: Some(first), reason: "thiếu minh chứng".to_owned() };
    let filings = [
        planned(None, Some(Recurrence::Yearly)),
        close(2, day(2023, 12, 20), Some(first)),
        act(3, day(2024, 1, 10), TaskAct::Reopen(reopen)),
    ];
    let reason = "hạn 31/12/2023, chậm 10 ngày, chưa có báo cáo tiến độ";
    check(&filings, day(2024, 1, 10), State::Late, reason);
}
#[test]
fn half_years_and_quarters_end_with_their_last_month() {
    let days = |recurrence, until| {
        let filings = [planned(None, Some(recurrence))];
        fold(&filings, until)["N20-1"].due_days(until)
    };
    assert_eq!(
        days(Recurrence::HalfYearly, day(2024, 1, 1)),
        [day(2023, 6, 30), day(2023, 12, 31), day(2024, 6, 30)]
    );
    assert_eq!(days(Recurrence::Quarterly, day(2023, 7, 1)), [day(2023, 6, 30), day(2023, 9, 30)]);
    assert_eq!(days(Recurrence::Monthly, day(2023, 5, 31)), [day(2023, 5, 31), day(2023, 6, 30)]);
}
#[test]
fn days_are_counted_from_the_first_that_was_given() {
    let filings = [planned(Some(day(2023, 6, 15)), Some(Recurrence::HalfYearly))];
    let days = fold(&filings, day(2024, 1, 1))["N20-1"].due_days(day(2024, 1, 1));
    assert_eq!(days, [day(2023, 6, 15), day(2023, 12, 15), day(2024, 6, 15)]);
}
#[test]
fn it_is_put_off_with_a_reason_and_late_after_the_new_day() {
    let postpone = TaskPostpone {
        occurrence: None,
        to: day(2024, 3, 31),
        reason: "chờ kinh phí".to_owned(),
        decision: None,
    };
    let filings = [
        planned(Some(day(2023, 12, 31)), None),
        act(2, day(2023, 12, 1), TaskAct::Postpone(postpone)),
    ];
    let reason = "gia hạn từ 31/12/2023 đến 31/3/2024: chờ kinh phí";
    check(&filings, day(2024, 2, 1), State::Postponed, reason);
    let reason = "hạn 31/3/2024, chậm 1 ngày, chưa có báo cáo tiến độ";
    check(&filings, day(2024, 4, 1), State::Late, reason);
}
#[test]
fn it_ends_done_cancelled_or_in_another() {
    let plan = planned(Some(day(2023, 12, 31)), None);
    let on = day(2023, 7, 1);
    check(&[plan.clone(), close(2, on, None)], on, State::Done, "xong");
    let cancel = TaskCancel { reason: "không còn cần".to_owned(), decision: None };
    check(
        &[plan.clone(), act(2, on, TaskAct::Cancel(cancel))],
        on,
        State::Cancelled,
        "không còn cần",
    );
    let merge = TaskMerge { into: "N20-2".to_owned(), reason: "trùng việc".to_owned() };
    check(&[plan, act(2, on, TaskAct::Merge(merge))], on, State::Merged, "trùng việc");
}
#[test]
fn what_is_filed_for_later_does_not_count_yet() {
    let filings = [planned(Some(day(2023, 12, 31)), None), close(2, day(2023, 9, 1), None)];
    let on = day(2023, 8, 1);
    assert_eq!(fold(&filings, on)["N20-1"].situation(on).state, State::NotStarted);
}
#[test]
fn what_was_assigned_outlives_an_adoption_anew() {
    let assign = TaskAssign {
        lead: Some("ubnd-xa".to_owned()),
        due: Some(day(2024, 6, 30)),
        ..TaskAssign::default()
    };
    let again = TaskFiling { position: 3, on: day(2024, 1, 1), ..planned(None, None) };
    let filings =
        [planned(None, None), act(2, day(2023, 9, 1), TaskAct::Assign(Box::new(assign))), again];
    let tasks = fold(&filings, day(2024, 1, 1));
    let task = &tasks["N20-1"];
    assert_eq!(task.lead.as_deref(), Some("ubnd-xa"));
    assert_eq!(task.due, Some(day(2024, 6, 30)));
    // Who leads does not work with itself.
    assert_eq!(task.with, Vec::<String>::new());
}
#[test]
fn a_task_that_the_new_plan_no_longer_has_ends_until_one_has_it_again() {
    let dropped = filing(2, day(2024, 1, 1), Step::Dropped);
    let again = TaskFiling { position: 3, on: day(2025, 1, 1), ..planned(None, None) };
    let filings = [planned(None, None), dropped, again];
    let state = |on| fold(&filings, on)["N20-1"].situation(on).state;
    assert_eq!(state(day(2024, 1, 1)), State::Cancelled);
    assert_eq!(state(day(2025, 1, 1)), State::NotStarted);
}
#[test]
fn a_rung_is_reached_by_days_and_only_while_it_holds() {
    let rung = |id: &str, days, valid_to| Rung {
        id: id.to_owned(),
        days,
        to: vec![Addressee::Lead],
        title: Words::default(),
        valid_from: None,
        valid_to,
        source: Words::default(),
    };
    let ladder = [
        rung("before", -30, None),
        rung("due", 0, None),
        rung("after", 15, Some(day(2024, 6, 30))),
    ];
    let filings = [planned(Some(day(2023, 12, 31)), None)];
    let reached = |on| {
        let situation = fold(&filings, on)["N20-1"].situation(on);
        rung_on(&ladder, &situation, on).map(|rung| rung.id.as_str())
    };
    assert_eq!(reached(day(2023, 11, 30)), None);
    assert_eq!(reached(day(2023, 12, 1)), Some("before"));
    assert_eq!(reached(day(2023, 12, 31)), Some("due"));
    assert_eq!(reached(day(2024, 1, 15)), Some("after"));
    assert_eq!(reached(day(2024, 7, 1)), Some("due"));
}
