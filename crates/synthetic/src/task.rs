//! What became of the plan's tasks: given a day by a decision that was never issued, reported on, put off, done. Some lag
//! behind, as in any province, so that the ladder of overdue tasks has something to say.

use hoptac_model::filing::reform::Decision;
use hoptac_model::filing::task::{TaskAct, TaskAssign, TaskClose, TaskPostpone, TaskProgress};
use hoptac_model::filing::{Body, Draft, Origin, Subject};
use hoptac_model::ids::FilingId;
use hoptac_model::pack::{Pack, Task};
use hoptac_model::task::Evidence;
use jiff::civil::Date;

use crate::chance::{Chance, after, nearest};
use crate::record::{identity, office_hour};

/// All filings about the plan's tasks until a day, in no order.
pub(crate) fn drafts(pack: &Pack, until: Date, chance: &mut Chance) -> Vec<Draft> {
    let opened = pack.document.issued;
    let mut drafts = Vec::new();
    for (index, task) in pack.tasks.iter().enumerate() {
        let acts = match task.recurrence {
            Some(_) => returning(index, opened, until, chance),
            None => single(index, opened, until, chance),
        };
        drafts.extend(acts.into_iter().map(|(day, act)| filed(task, day, act, chance)));
    }
    drafts
}

/// A yearly task: a word in July, done by the turn of the year. The last occurrence of some is still open.
fn returning(index: usize, opened: Date, until: Date, chance: &mut Chance) -> Vec<(Date, TaskAct)> {
    let mut acts = Vec::new();
    for year in opened.year()..=until.year() {
        let said = format!("Sơ kết sáu tháng đầu năm {year} (mô phỏng)");
        acts.push((Date::constant(year, 7, 14), progress(said, None)));
        let lags = year == until.year() - 1 && chance.yes(0.6);
        if !lags {
            let result = format!("Đã thực hiện theo kế hoạch năm {year} (mô phỏng)");
            let close = TaskClose {
                occurrence: Some(Date::constant(year, 12, 31)),
                result,
                evidence: vec![evidence(&format!("Báo cáo tổng kết năm {year}"), index, year)],
                basis: Vec::new(),
            };
            acts.push((Date::constant(year, 12, 18), TaskAct::Close(close)));
        }
    }
    acts
}

/// A task with one day: assigned, reported on every half year; some are done, some put off, some late.
fn single(index: usize, opened: Date, until: Date, chance: &mut Chance) -> Vec<(Date, TaskAct)> {
    let assigned = after(opened, 45 + chance.whole(0, 20));
    let years = i16::try_from(chance.weighted(&[0.3, 0.3, 0.2, 0.2])).unwrap_or(0);
    let due = Date::constant(assigned.year() + 1 + years, 12, 31);
    let assign = TaskAssign {
        due: Some(due),
        decision: Some(Decision {
            number: format!("MP-{:02}/QĐ", index + 1),
            date: assigned,
            issuer: "Ủy ban nhân dân tỉnh (văn bản mô phỏng)".to_owned(),
        }),
        reason: "Giao thời hạn để theo dõi (mô phỏng)".to_owned(),
        ..TaskAssign::default()
    };
    let mut acts = vec![(assigned, TaskAct::Assign(Box::new(assign)))];
    let pace = chance.share(0.25, 1.0);
    let all = f64::from((due - assigned).get_days());
    // Whoever is far behind a month before the day asks for another year; not everybody does.
    let mut asks = index.is_multiple_of(3).then(|| after(due, -30));
    let mut percent = 0;
    let mut day = after(assigned, 180);
    while day <= until {
        if let Some(asked) = asks.filter(|asked| after(*asked, 7) < day) {
            asks = None;
            if percent < 80 {
                acts.push((asked, postpone(due)));
            }
        }
        let done = f64::from((day - assigned).get_days()) / all * pace * 100.0;
        if done >= 100.0 {
            let close = TaskClose {
                occurrence: None,
                result: "Hoàn thành các nội dung được giao (mô phỏng)".to_owned(),
                evidence: vec![evidence("Báo cáo kết quả thực hiện", index, day.year())],
                basis: Vec::new(),
            };
            acts.push((day, TaskAct::Close(close)));
            break;
        }
        percent = nearest(done / 5.0) * 5;
        let said = format!("Đã thực hiện khoảng {percent}% khối lượng (mô phỏng)");
        acts.push((day, progress(said, u8::try_from(percent).ok())));
        day = after(day, 182);
    }
    acts
}

fn postpone(due: Date) -> TaskAct {
    TaskAct::Postpone(TaskPostpone {
        occurrence: None,
        to: Date::constant(due.year() + 1, 12, 31),
        reason: "Chờ bố trí kinh phí (mô phỏng)".to_owned(),
        decision: None,
    })
}

fn progress(said: String, percent: Option<u8>) -> TaskAct {
    TaskAct::Progress(TaskProgress { said, percent, evidence: Vec::new() })
}

fn evidence(what: &str, index: usize, year: i16) -> Evidence {
    Evidence {
        what: format!("{what} (mô phỏng)"),
        source: format!("MP-{:02}/BC-{year}", index + 1),
    }
}

fn filed(task: &Task, day: Date, act: TaskAct, chance: &mut Chance) -> Draft {
    let recorded_at = office_hour(day, chance);
    Draft {
        id: FilingId(identity(recorded_at, chance)),
        recorded_at,
        effective_on: day,
        actor: "officer.task".to_owned(),
        subject: Subject::task(&task.id),
        expected_version: None,
        origin: Origin::Synthetic,
        key: None,
        body: Body::Task(act),
    }
}
