//! `hoptac boundary`: outlines of units, looked over feature by feature, loaded and taken back by filings.

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use hoptac_intake::boundary::{self as intake, SIZE_MAX};
use hoptac_model::boundary::{self, Days, Fate, Matched, Outlines};
use hoptac_model::filing::Hash;
use hoptac_model::finding::{Finding, Severity};
use hoptac_model::text::Language;
use hoptac_model::words;
use hoptac_office::boundary::{self as office, Handed, Receipt};
use hoptac_office::{Accepted, Refusal};
use hoptac_store::{Loading, Store};
use serde_json::{Value, json};

use crate::cli::Place;
use crate::cli::boundary::{BoundaryCommand, LoadArguments};
use crate::sentence::{Sentence, not_opened, said};
use crate::{Outcome, clock, filing, output, view};

pub(crate) async fn run(place: &Place, command: BoundaryCommand) -> Result<Outcome> {
    match command {
        BoundaryCommand::Load(arguments) => load(place, &arguments).await,
        BoundaryCommand::List { json, lang } => list(place, json, lang.into()).await,
        BoundaryCommand::Undo { position, reason, who, json, lang } => {
            let (actor, store) = (filing::actor(&who)?, place.open().await?);
            let undone = office::take_back(&store, &actor, receipt(), position, &reason).await;
            let line = words!(
                "đã rút lần nạp số {position}; ranh giới trước đó có hiệu lực lại",
                "the loading {position} was taken back; the outlines before it hold again",
                position
            );
            told(undone, line.get(lang.into()), json, lang.into())
        }
    }
}

fn receipt() -> Receipt {
    let recorded_at = clock::now();
    Receipt { id: clock::filing_id(recorded_at), recorded_at }
}

async fn load(place: &Place, arguments: &LoadArguments) -> Result<Outcome> {
    let language: Language = arguments.lang.into();
    let actor = filing::actor(&arguments.who)?;
    let bytes = bytes_of(&arguments.file)?;
    let name = arguments.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let store = place.open().await?;
    let plan = view::must_have_plan(&store).await?;
    let days = Days { today: clock::today(), geography: plan.pack.setting.geography };
    let places = store.places().await?;
    let (boundaries, findings) = intake::read(&bytes, &name);
    let matched = boundary::matched(boundaries.clone(), &places, days, &outlines(&store).await?);
    if !arguments.json {
        tell(&matched, &findings, language)?;
    }
    let broken = findings.iter().any(|finding| finding.severity == Severity::Error);
    if arguments.dry_run || broken {
        if arguments.json {
            output::json(&to_json(&matched, &findings, None))?;
        }
        return Ok(if broken { Outcome::Findings } else { Outcome::Done });
    }
    let handed = Handed { file_name: name, file_hash: Hash::of(&bytes), boundaries };
    let loaded = office::load(&store, &actor, receipt(), handed, &places, days).await;
    if let (true, Ok(accepted)) = (arguments.json, &loaded) {
        output::json(&to_json(&matched, &findings, Some(accepted.filing.position)))?;
        return Ok(Outcome::Done);
    }
    let position = loaded.as_ref().map_or(0, |accepted| accepted.filing.position);
    let line = words!("đã nạp, hồ sơ số {position}", "loaded, filing {position}", position);
    told(loaded, line.get(language), arguments.json, language)
}

/// The bytes of a file, as far as one is read that is too large.
fn bytes_of(path: &Path) -> Result<Vec<u8>> {
    let file = std::fs::File::open(path).with_context(|| not_opened(path))?;
    let most = u64::try_from(SIZE_MAX).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes).with_context(|| {
        said!("đọc tệp {file}", "reading {file}", file = path.display().to_string())
    })?;
    Ok(bytes)
}

/// The outlines that hold.
async fn outlines(store: &Store) -> Result<Outlines> {
    let loadings = store.loadings().await?;
    let Some(last) = loadings.last() else { return Ok(Outlines::new()) };
    let bytes = store.kept_file(&last.set.hash).await?.unwrap_or_default();
    Ok(boundary::read(&bytes).unwrap_or_default())
}

fn tell(matched: &[Matched], findings: &[Finding], language: Language) -> Result<()> {
    for finding in findings {
        let line = format!("{}; {}", finding.message.get(language), finding.remedy.get(language));
        output::say(&line)?;
    }
    for one in matched {
        let what = &one.boundary;
        if let Fate::LeftOut(why) = &one.fate {
            output::say(&format!(
                "{} {} {}: {}",
                what.number,
                what.code,
                what.name,
                why.get(language)
            ))?;
        }
        if let Some(doubt) = &one.doubt {
            output::say(&format!(
                "{} {} {}: {}",
                what.number,
                what.code,
                what.name,
                doubt.get(language)
            ))?;
        }
    }
    let (added, changed) = office::counts(matched);
    let of = |is: fn(&Fate) -> bool| matched.iter().filter(|one| is(&one.fate)).count();
    let line = words!(
        "{added} đơn vị có ranh giới mới, {changed} đơn vị đổi ranh giới, {same} không đổi, {out} đối tượng bỏ qua",
        "{added} units get an outline, {changed} get another, {same} stay, {out} features are left out",
        added,
        changed,
        same = of(|fate| matches!(fate, Fate::Same(_))),
        out = of(|fate| matches!(fate, Fate::LeftOut(_))) + findings.len()
    );
    output::say(line.get(language))
}

fn told(
    result: Result<Accepted, Refusal>,
    line: &str,
    as_json: bool,
    language: Language,
) -> Result<Outcome> {
    match result {
        Ok(accepted) if as_json => {
            output::json(&json!({ "position": accepted.filing.position }))?;
            Ok(Outcome::Done)
        }
        Ok(_) => {
            output::say(line)?;
            Ok(Outcome::Done)
        }
        Err(Refusal::Invalid(findings)) => {
            if as_json {
                output::json(&json!({ "findings": findings }))?;
                return Ok(Outcome::Findings);
            }
            for finding in findings.iter().filter(|finding| finding.severity == Severity::Error) {
                let (what, remedy) = (finding.message.get(language), finding.remedy.get(language));
                output::say(&format!("{what}; {remedy}"))?;
            }
            Ok(Outcome::Findings)
        }
        Err(Refusal::Store(error)) => Err(error.into()),
        Err(refusal) => bail!(Sentence(refusal.sentence())),
    }
}

async fn list(place: &Place, as_json: bool, language: Language) -> Result<Outcome> {
    let store = place.open().await?;
    let loadings = store.loadings().await?;
    if as_json {
        output::json(&loadings.iter().map(of_loading).collect::<Vec<_>>())?;
        return Ok(Outcome::Done);
    }
    for one in &loadings {
        let line = words!(
            "#{position}  {file}  {units} đơn vị có ranh giới  {actor}",
            "#{position}  {file}  {units} units with an outline  {actor}",
            position = one.filing.position,
            file = &one.set.file_name,
            units = one.set.units,
            actor = &one.filing.actor
        );
        output::say(line.get(language))?;
    }
    if loadings.is_empty() {
        let line = words!("chưa nạp ranh giới nào", "no outlines were loaded");
        output::say(line.get(language))?;
    }
    Ok(Outcome::Done)
}

fn of_loading(one: &Loading) -> Value {
    json!({
        "position": one.filing.position,
        "recorded_at": one.filing.recorded_at,
        "actor": one.filing.actor,
        "set": one.set,
    })
}

fn to_json(matched: &[Matched], findings: &[Finding], position: Option<u64>) -> Value {
    let features = matched.iter().map(|one| {
        let (fate, unit, why) = match &one.fate {
            Fate::New(id) => ("new", Some(id), None),
            Fate::Changed(id) => ("changed", Some(id), None),
            Fate::Same(id) => ("same", Some(id), None),
            Fate::LeftOut(why) => ("left_out", None, Some(why)),
        };
        let what = &one.boundary;
        json!({
            "number": what.number, "code": what.code, "name": what.name,
            "fate": fate, "unit": unit, "why": why, "doubt": one.doubt,
        })
    });
    json!({
        "features": features.collect::<Vec<_>>(),
        "findings": findings,
        "position": position,
    })
}
