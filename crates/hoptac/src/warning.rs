//! `hoptac org warnings`: what has gone on so long that the law lets the certificate be withdrawn.

use std::collections::BTreeMap;

use anyhow::Result;
use hoptac_model::law::{Ground, Law};
use hoptac_model::warning::{Warning, warnings};
use serde_json::{Value, json};

use crate::Outcome;
use crate::cli::Place;
use crate::cli::organisation::WarningsArguments;
use crate::output;
use crate::sight::Sight;

pub(crate) async fn run(place: &Place, arguments: &WarningsArguments) -> Result<Outcome> {
    let sight = Sight::open(place, arguments.days).await?;
    let only = arguments.org.as_deref().map(|org| sight.must_find(org)).transpose()?;
    let unit = sight.unit(arguments.unit.as_deref())?;
    let pack = sight.known.plan.as_ref().map(|plan| &plan.pack);
    let law = pack.map_or_else(|| Law::shipped().clone(), |pack| pack.law.clone());
    let due_on = |year: i16| pack?.return_due_on(year);
    let mut found = warnings(sight.register(), &law, &due_on, sight.on);
    found.retain(|warning| {
        only.is_none_or(|only| only == warning.organisation)
            && sight.is_in(warning.organisation, unit.as_ref())
    });
    let mut counts: BTreeMap<Ground, usize> = BTreeMap::new();
    for warning in &found {
        *counts.entry(warning.ground).or_default() += 1;
    }
    found.truncate(arguments.limit.unwrap_or(usize::MAX));
    if sight.wants_json() {
        let counts: BTreeMap<&str, usize> =
            counts.iter().map(|(ground, count)| (ground.code(), *count)).collect();
        let list: Vec<Value> = found.iter().map(|warning| to_json(&sight, &law, warning)).collect();
        output::json(&sight.answer(json!({ "counts": counts, "warnings": list })))?;
        return Ok(Outcome::Done);
    }
    for warning in &found {
        let line =
            format!("{}: {}", sight.name(warning.organisation), warning.why.get(sight.language()));
        for line in output::wrap(&line, output::WIDTH, "") {
            output::say(&line)?;
        }
    }
    for ground in Ground::ALL {
        let Some(limit) = law.limit(ground, sight.on) else { continue };
        let count = sight.count(counts.get(&ground).copied().unwrap_or(0));
        let rule = limit.rule.get(sight.language());
        output::say(&format!("{count}: {rule} ({})", limit.origin.source))?;
    }
    sight.say(
        "Chỉ cảnh báo điều mà hồ sơ và báo cáo năm cho biết; thu hồi giấy chứng nhận do cơ quan đăng ký quyết định.",
        "Only what filings and yearly returns tell is warned of; withdrawing a certificate is for the registering office to decide.",
    )?;
    sight.say_synthetic()?;
    Ok(Outcome::Done)
}

fn to_json(sight: &Sight, law: &Law, warning: &Warning) -> Value {
    json!({
        "organisation": sight.brief(warning.organisation),
        "ground": warning.ground.code(),
        "since": warning.since,
        "months": law.limit(warning.ground, sight.on).map(|limit| limit.months),
        "why": warning.why,
        "source": warning.source,
    })
}
