//! `hoptac plan`: show the adopted plan, adopt a pack, attach the document's own text.

use std::path::Path;

use anyhow::{Result, bail};
use hoptac_intake::plan_text;
use hoptac_model::date;
use hoptac_model::filing::{Body, Draft, Hash, Origin, PlanAdopt, PlanAttach, Subject};
use hoptac_model::pack::{Objective, Pack};
use hoptac_model::text::Language;
use hoptac_model::words;
use hoptac_office::{Actor, Refusal, Role};
use hoptac_store::Store;
use serde_json::{Value, json};

use crate::cli::{Place, ShowArguments};
use crate::output::{self, WIDTH, wrap};
use crate::sentence::{Sentence, refuse};
use crate::view::{self, must_be_known, must_have_plan};
use crate::{Outcome, clock, pack, reading};

pub(crate) async fn show(place: &Place, arguments: &ShowArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let known = view::known_on(&store, arguments.known_on).await?;
    let (plan, text) = (must_be_known(known.plan, arguments.known_on)?, known.plan_text);
    let located = |words: &str| text.as_ref().and_then(|text| plan_text::locate(&text.text, words));
    if arguments.json {
        let targets: Vec<Value> = plan
            .pack
            .targets
            .iter()
            .map(|target| {
                let mut value = serde_json::to_value(target)?;
                if let (Some(map), Some(found)) = (value.as_object_mut(), located(&target.words)) {
                    map.insert("start".to_owned(), json!(found.start));
                    map.insert("end".to_owned(), json!(found.end));
                }
                Ok(value)
            })
            .collect::<Result<_>>()?;
        output::json(&json!({
            "ledger_position": plan.position,
            "known_on": arguments.known_on,
            "pack": plan.pack.id,
            "files_hash": plan.files_hash,
            "document": plan.pack.document,
            "objectives": plan.pack.objectives,
            "indicators": plan.pack.indicators,
            "targets": targets,
            "qualitative": plan.pack.qualitative,
            "task_groups": plan.pack.task_groups,
            "tasks": plan.pack.tasks,
            "agencies": plan.pack.agencies,
            "calendar": plan.pack.calendar,
            "text": text.as_ref().map(|t| json!({"file": t.file_name, "hash": t.file_hash})),
        }))?;
        return Ok(Outcome::Done);
    }
    for line in to_lines(&plan.pack, text.is_some(), arguments.lang.into()) {
        output::say(&line)?;
    }
    Ok(Outcome::Done)
}

fn to_lines(pack: &Pack, has_text: bool, language: Language) -> Vec<String> {
    let vi = language == Language::Vi;
    let document = &pack.document;
    let mut lines = vec![format!(
        "{} {} · {} · {}",
        if vi { "Kế hoạch" } else { "Plan" },
        document.number,
        date::show(document.issued, language),
        document.issuer.get(language)
    )];
    lines.extend(wrap(document.title.get(language), WIDTH, ""));
    lines.extend(wrap(document.note.get(language), WIDTH, ""));
    for objective in &pack.objectives {
        lines.push(String::new());
        let indent = " ".repeat(depth(pack, objective) * 2);
        lines.extend(wrap(
            &format!("{} ({})", objective.title.get(language), objective.place.section),
            WIDTH,
            &indent,
        ));
        for target in pack.targets.iter().filter(|t| t.objective == objective.id) {
            let sign = pack.indicator(&target.indicator).map_or("", |i| i.sign());
            let text = format!(
                "{:<7}{}: {}, {}",
                target.id.as_str(),
                target.label.get(language),
                target.constraint.words(sign, language),
                target.horizon.words(language)
            );
            lines.extend(wrap(&text, WIDTH, &format!("{indent}  ")));
        }
        for qualitative in pack.qualitative.iter().filter(|q| q.objective == objective.id) {
            let text =
                format!("{:<7}{}", qualitative.id.as_str(), qualitative.paraphrase.get(language));
            lines.extend(wrap(&text, WIDTH, &format!("{indent}  ")));
        }
    }
    lines.push(String::new());
    lines.extend(wrap(
        match (has_text, vi) {
            (true, true) => "Đã gắn toàn văn kế hoạch.",
            (true, false) => "The plan's own text is attached.",
            (false, true) => "Chưa gắn toàn văn; gắn bằng `hoptac plan attach FILE`.",
            (false, false) => {
                "The plan's own text is not attached; attach it with `hoptac plan attach FILE`."
            }
        },
        WIDTH,
        "",
    ));
    lines
}

fn depth(pack: &Pack, objective: &Objective) -> usize {
    let mut depth = 0;
    let mut parent = objective.parent.as_ref();
    while let Some(above) = parent.and_then(|id| pack.objectives.iter().find(|o| &o.id == id)) {
        depth += 1;
        parent = above.parent.as_ref().filter(|_| depth < 8);
    }
    depth
}

pub(crate) async fn attach(place: &Place, file: &Path, language: Language) -> Result<Outcome> {
    let store = place.open().await?;
    let plan = must_have_plan(&store).await?;
    let bytes = reading::bytes_of(file)?;
    let file_name = file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let opened = reading::open(&bytes, file)?;
    let (text, findings) = plan_text::read_text(opened.text.as_bytes(), &file_name);
    pack::say_findings(&findings, language)?;
    let Some(text) = text else { return Ok(Outcome::Findings) };
    let found = |words: &str| plan_text::locate(&text, words).is_some();
    let missing: Vec<&str> = plan
        .pack
        .targets
        .iter()
        .filter(|target| !found(&target.words))
        .map(|target| target.id.as_str())
        .collect();
    let targets = plan.pack.targets.len();
    if missing.len() == targets {
        refuse!(
            "không tìm thấy chỉ tiêu nào trong {targets} chỉ tiêu của {number} ở `{file}`; có lẽ đây là văn bản khác, và chưa có gì thay đổi",
            "none of the {targets} targets of {number} is found in `{file}`; it seems to be another document, and nothing was changed",
            targets,
            number = &plan.pack.document.number,
            file = file.display().to_string()
        );
    }
    let body =
        Body::PlanAttach(PlanAttach { file_name, file_hash: Hash::of(&bytes).to_string(), text });
    let outcome =
        file_it(&store, Subject::plan(&plan.pack.id), clock::today(), body, language).await?;
    if outcome == Outcome::Done {
        let told = words!(
            "đã gắn văn bản; {found} trong {targets} chỉ tiêu mở ra được câu chữ trong đó",
            "attached; {found} of {targets} targets open onto their words in it",
            found = targets - missing.len(),
            targets
        );
        output::say(told.get(language))?;
        if !missing.is_empty() {
            let ids = missing.join(", ");
            let told = words!("không tìm thấy: {ids}", "not found: {ids}", ids);
            output::say(told.get(language))?;
        }
    }
    Ok(outcome)
}

pub(crate) async fn adopt(place: &Place, dir: &Path, language: Language) -> Result<Outcome> {
    let reading = pack::read(dir);
    pack::say_findings(&reading.findings, language)?;
    let Some(plan) = reading.accepted().cloned() else {
        let told = words!(
            "gói kế hoạch có lỗi; chưa có gì thay đổi",
            "the pack has errors; nothing was changed"
        );
        output::say(told.get(language))?;
        return Ok(Outcome::Findings);
    };
    let todo = reading.todo();
    if todo > 0 {
        refuse!(
            "gói này là bản nháp: {todo} chỉ tiêu chưa có chỉ tiêu đo nên không ai nói được đạt hay chưa; hãy thay TODO trong plan.toml, và chưa có gì thay đổi",
            "the pack is a draft: {todo} of its targets have no indicator, so that nobody could say how they stand; replace TODO in plan.toml, and nothing was changed",
            todo
        );
    }
    let store = place.create().await?;
    if store.places().await?.find(&plan.setting.unit, plan.setting.geography).is_none() {
        let (units, successors) = crate::embedded::territory(&plan.setting.unit)?;
        let source = "vietnamadminunits (MIT), corrected; Resolution 1672/NQ-UBTVQH15".to_owned();
        let body = Body::UnitsAdopt(hoptac_model::filing::UnitsAdopt { source, units, successors });
        file_it(&store, Subject::units(), clock::today(), body, language).await?;
    }
    let id = plan.id.clone();
    let effective_on = plan.document.effective;
    let body = Body::PlanAdopt(Box::new(PlanAdopt { files_hash: reading.files_hash, pack: plan }));
    let outcome = file_it(&store, Subject::plan(&id), effective_on, body, language).await?;
    if outcome == Outcome::Done {
        let told = words!("đã đưa gói {id} vào áp dụng", "adopted {id}", id);
        output::say(told.get(language))?;
    }
    Ok(outcome)
}

/// Files something as the operator of this machine.
async fn file_it(
    store: &Store,
    subject: Subject,
    effective_on: jiff::civil::Date,
    body: Body,
    language: Language,
) -> Result<Outcome> {
    let recorded_at = clock::now();
    let draft = Draft {
        id: clock::filing_id(recorded_at),
        recorded_at,
        effective_on,
        actor: "operator".to_owned(),
        subject,
        expected_version: None,
        origin: Origin::Live,
        key: None,
        body,
    };
    let operator = Actor::new("operator", Role::Operator);
    match hoptac_office::accept(store, &operator, draft).await {
        Ok(accepted) => {
            pack::say_findings(&accepted.findings, language)?;
            Ok(Outcome::Done)
        }
        Err(Refusal::Invalid(findings)) => {
            pack::say_findings(&findings, language)?;
            Ok(Outcome::Findings)
        }
        Err(Refusal::Store(error)) => Err(error.into()),
        Err(refusal) => bail!(Sentence(refusal.sentence())),
    }
}
