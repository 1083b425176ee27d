//! `hoptac alert`: what somebody should look at, with reasons; what is filed about it.

use anyhow::Result;
use hoptac_engine::alert::{Sources, alerts, day_before};
use hoptac_engine::board::{Board, Question};
use hoptac_engine::forecast;
use hoptac_model::alert::{self, Alert, AlertKind, Care};
use hoptac_model::filing::FilingKind;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::Outcome;
use crate::cli::Place;
use crate::cli::task::{AlertCommand, AlertList};
use crate::output;
use crate::product::file;
use crate::sentence::refuse;
use crate::sight::Sight;
use crate::task::{plan, tasks};

pub(crate) async fn run(place: &Place, command: AlertCommand) -> Result<Outcome> {
    match command {
        AlertCommand::List(arguments) => {
            list(&Sight::open(place, arguments.days).await?, &arguments)
        }
        AlertCommand::Snooze(arguments) => {
            let fields = json!({ "until": arguments.until, "reason": arguments.reason });
            let subject = format!("alert/{}", arguments.alert);
            file(place, FilingKind::AlertSnooze, &subject, fields, &arguments.filed).await
        }
        AlertCommand::Own(arguments) => {
            let fields = json!({ "agency": arguments.agency, "note": arguments.note });
            let subject = format!("alert/{}", arguments.alert);
            file(place, FilingKind::AlertOwn, &subject, fields, &arguments.filed).await
        }
    }
}

/// The alerts of the asked day.
fn computed(sight: &Sight) -> Result<Vec<Alert>> {
    let plan = plan(sight)?;
    let (register, places) = (sight.register(), &sight.known.places);
    let board = |as_of: Date| {
        let geography = plan.setting.geography;
        Board::compute(register, places, plan, Question { as_of, geography })
    };
    let (today, earlier) = (board(sight.on), board(day_before(sight.on)));
    let ahead = |board| forecast::compute(board, register, places, forecast::SEED);
    let (forecasts, before) = (ahead(&today), ahead(&earlier));
    let tasks = tasks(sight);
    Ok(alerts(Sources {
        board: &today,
        forecasts: Some(&forecasts),
        before: Some(&before),
        register,
        places,
        plan,
        tasks: &tasks,
    }))
}

fn list(sight: &Sight, arguments: &AlertList) -> Result<Outcome> {
    let kind = match arguments.kind.as_deref() {
        None => None,
        Some(code) => match AlertKind::from_code(code) {
            Some(kind) => Some(kind),
            None => refuse!(
                "không có loại cảnh báo `{code}`; các loại gồm {kinds}",
                "there is no kind of alert `{code}`; the kinds are {kinds}",
                code,
                kinds = AlertKind::ALL.map(AlertKind::code).join(", ")
            ),
        },
    };
    let cares = alert::fold(&sight.known.alerts, sight.on);
    let mut awake: Vec<(Alert, Option<&Care>)> = Vec::new();
    let mut asleep = 0_usize;
    for alert in computed(sight)? {
        let care = cares.get(&alert.key);
        if kind.is_some_and(|kind| kind != alert.kind) {
            continue;
        }
        if care.is_some_and(|care| care.sleeps_on(sight.on)) && !arguments.all {
            asleep += 1;
            continue;
        }
        awake.push((alert, care));
    }
    if sight.wants_json() {
        let list: Vec<Value> =
            awake.iter().map(|(alert, care)| json!({ "alert": alert, "care": care })).collect();
        output::json(&sight.answer(json!({ "alerts": list, "asleep": asleep })))?;
        return Ok(Outcome::Done);
    }
    let language = sight.language();
    for (alert, care) in &awake {
        for line in
            output::wrap(&format!("{}: {}", alert.key, alert.said.get(language)), output::WIDTH, "")
        {
            output::say(&line)?;
        }
        for line in output::wrap(alert.reason.get(language), output::WIDTH, "  ") {
            output::say(&line)?;
        }
        if let Some(owner) = care.and_then(|care| care.owner.as_ref()) {
            sight.say(&format!("  nhận xử lý: {owner}"), &format!("  taken on by {owner}"))?;
        }
        if let Some(snooze) = care.and_then(|care| care.snooze.as_ref()) {
            let (day, by, reason) = (sight.day(snooze.until), &snooze.by, &snooze.reason);
            sight.say(
                &format!("  tạm ẩn đến {day} ({by}): {reason}"),
                &format!("  quiet until {day} ({by}): {reason}"),
            )?;
        }
    }
    let (count, asleep) = (sight.count(awake.len()), sight.count(asleep));
    sight.say(
        &format!("{count} cảnh báo, {asleep} đang tạm ẩn."),
        &format!("{count} alerts, {asleep} are quiet."),
    )?;
    sight.say_synthetic()?;
    Ok(Outcome::Done)
}
