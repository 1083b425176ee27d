//! `plan.toml`, who does what by when: agencies, task groups, tasks, the ladder of overdue ones, the reporting calendar.

use hoptac_model::ids::IndicatorId;
use hoptac_model::pack::{Agency, Due, FeedbackDeadline, Task, TaskGroup};
use hoptac_model::task::{Addressee, Recurrence, Rung};
use hoptac_model::words;
use jiff::civil::Date;

use crate::file::quote;
use crate::pack::names::Noun;
use crate::pack::toml::{Table, unknown_word};

/// `[[agency]]`, each with its table for later checks.
pub(crate) fn read_agencies<'a>(root: &Table<'a>) -> Vec<(Agency, Table<'a>)> {
    let read = |table: Table<'a>| {
        let id = table.must("id").id(Noun::Agency);
        let name = table.words("name");
        let note = table.words_or_empty("note");
        let (valid_from, valid_to) = (table.may("valid_from").date(), table.may("valid_to").date());
        let successor = table.may("successor").refer(Noun::Agency);
        table.finish();
        if let (Some(from), Some(to)) = (valid_from, valid_to)
            && to < from
        {
            let problem = words!(
                "{what} kết thúc ngày {to}, trước ngày bắt đầu {from}",
                "{what} ends on {to}, before it begins on {from}",
                what = table.what(),
                to,
                from
            );
            let remedy =
                words!("`valid_to` là ngày cuối cùng của cơ quan", "`valid_to` is its last day");
            table.error("valid_to", "pack.span", problem, remedy);
        }
        let agency = Agency { id: id?, name: name?, note, valid_from, valid_to, successor };
        Some((agency, table))
    };
    root.tables("agency", &Noun::Agency.words()).into_iter().filter_map(read).collect()
}

/// `[[task_group]]`.
pub(crate) fn read_groups(root: &Table<'_>) -> Vec<TaskGroup> {
    let read = |table: Table<'_>| {
        let id = table.must("id").id(Noun::TaskGroup);
        let article = table.must("article").count(1_u16, 999);
        let title = table.words("title");
        table.finish();
        Some(TaskGroup { id: id?, article: article?, title: title? })
    };
    root.tables("task_group", &Noun::TaskGroup.words()).into_iter().filter_map(read).collect()
}

/// `[[task]]`.
pub(crate) fn read_tasks(root: &Table<'_>) -> Vec<Task> {
    let read = |table: Table<'_>| {
        let id = table.must("id").id(Noun::Task);
        let group = table.must("group").refer(Noun::TaskGroup);
        let title = table.words("title");
        let lead = table.may("lead").refer(Noun::Agency);
        let with = table.may("with").refer_all(Noun::Agency);
        let indicators = table.may("indicators").refer_all(Noun::Indicator);
        let due = table.may("due").date();
        let recurrence = table.may("recurrence").word(&Recurrence::ALL.map(Recurrence::code));
        let note = table.words_or_empty("note");
        table.finish();
        if table.has("due") && table.has("recurrence") {
            let problem = words!(
                "{what} vừa có thời hạn một lần vừa lặp lại",
                "{what} is due once and returns at the same time",
                what = table.what()
            );
            let remedy = words!("giữ lại `due` hoặc `recurrence`", "keep `due` or `recurrence`");
            table.error("recurrence", "pack.task-due", problem, remedy);
        }
        Some(Task {
            id: id?,
            group: group?,
            title: title?,
            lead,
            with,
            indicators: indicators.into_iter().map(IndicatorId::new).collect(),
            due,
            recurrence: recurrence.and_then(|index| Recurrence::ALL.get(index)).copied(),
            note,
        })
    };
    root.tables("task", &Noun::Task.words()).into_iter().filter_map(read).collect()
}

/// `[[ladder]]`: to whom a task rises, from how many days before or after its due day.
pub(crate) fn read_ladder(root: &Table<'_>) -> Vec<Rung> {
    let known = Addressee::ALL.map(Addressee::code);
    let read = |table: Table<'_>| {
        let id = table.must("id").id(Noun::Rung);
        let days = table.must("days").count(-366_i16, 3660);
        let title = table.words("title");
        let (valid_from, valid_to) = (table.may("valid_from").date(), table.may("valid_to").date());
        let source = table.words("source");
        let mut to = Vec::new();
        for (written, span) in table.must("to").texts() {
            match known.iter().position(|word| *word == written) {
                Some(index) => to.extend(Addressee::ALL.get(index)),
                None => unknown_word(&table, span, "to", &written, &known),
            }
        }
        table.finish();
        Some(Rung {
            id: id?,
            days: days?,
            to,
            title: title?,
            valid_from,
            valid_to,
            source: source?,
        })
    };
    let mut ladder: Vec<Rung> =
        root.tables("ladder", &Noun::Rung.words()).into_iter().filter_map(read).collect();
    ladder.sort_by_key(|rung| rung.days);
    ladder
}

/// `[feedback]`: by when a unit looks at what the public sent it.
pub(crate) fn read_feedback(root: &Table<'_>) -> Option<FeedbackDeadline> {
    let table = root.must("feedback").table()?;
    let days = table.must("days").count(1_u16, FeedbackDeadline::DAYS_MAX);
    let source = table.words("source");
    table.finish();
    Some(FeedbackDeadline { days: days?, source: source? })
}

/// `[[calendar]]`.
pub(crate) fn read_calendar(root: &Table<'_>) -> Vec<Due> {
    let read = |table: Table<'_>| {
        let id = table.must("id").id(Noun::Due);
        let who = table.words("who");
        let what = table.words("what");
        let to = table.words("to");
        let due = table.must("due").text_or_empty();
        let window = table.must("window").text_or_empty();
        let source = table.must("source").text();
        let status = table.must("status").text();
        table.finish();
        if !due.is_empty() {
            check_month_day(&table, "due", &due);
        }
        if !window.is_empty() {
            match window.split_once('/') {
                Some((from, to)) => {
                    check_month_day(&table, "window", from);
                    check_month_day(&table, "window", to);
                }
                None => table.error(
                    "window",
                    "pack.month-day",
                    words!(
                        "khoảng thời gian của {what} là {window}, không phải một khoảng ngày",
                        "the window of {what} is {window}, not a span of days",
                        what = table.what(),
                        window = quote(&window)
                    ),
                    words!(
                        "hãy ghi ngày đầu và ngày cuối dạng tháng-ngày: \"12-15/12-14\"",
                        "write the first and the last day as month-day: \"12-15/12-14\""
                    ),
                ),
            }
        }
        Some(Due {
            id: id?,
            who: who?,
            what: what?,
            to: to?,
            due,
            window,
            source: source?,
            status: status?,
        })
    };
    root.tables("calendar", &Noun::Due.words()).into_iter().filter_map(read).collect()
}

/// A month and a day that every year has, or 29 February.
fn check_month_day(table: &Table<'_>, key: &str, written: &str) {
    let parts = written.split_once('-').filter(|(month, day)| month.len() == 2 && day.len() == 2);
    let day =
        parts.and_then(|(month, day)| Date::new(2024, month.parse().ok()?, day.parse().ok()?).ok());
    if day.is_none() {
        table.error(
            key,
            "pack.month-day",
            words!(
                "{written} trong {what} không phải là một ngày trong năm",
                "{written} in {what} is not a day of the year",
                written = quote(written),
                what = table.what()
            ),
            words!(
                "hãy ghi tháng-ngày, mỗi phần hai chữ số: \"12-15\" là ngày 15 tháng 12",
                "write month-day with two digits each: \"12-15\" for 15 December"
            ),
        );
    }
}
