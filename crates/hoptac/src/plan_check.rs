//! `hoptac plan check`: the arithmetic of a plan pack, with the places that its findings are about.

use anyhow::Result;
use hoptac_intake::pack::Spots;
use hoptac_model::finding::{Place, Severity};
use hoptac_model::pack::Pack;
use hoptac_model::plan_check::{self, PlanFinding, Question};
use hoptac_model::text::Language;
use hoptac_model::unit::Places;
use hoptac_model::words;
use serde_json::{Value, json};

use crate::cli::PlanCheckArguments;
use crate::output::{self, WIDTH, wrap};
use crate::{Outcome, clock, embedded, pack};

pub(crate) fn run(arguments: &PlanCheckArguments) -> Result<Outcome> {
    let reading = pack::read(&arguments.pack);
    let Some(plan) = reading.accepted() else {
        let language = arguments.lang.into();
        pack::say_findings(&reading.findings, language)?;
        let told = words!(
            "gói kế hoạch có lỗi; chưa kiểm tra được số học của gói",
            "the pack has errors; its arithmetic was not checked"
        );
        output::complain(told.get(language));
        return Ok(Outcome::Findings);
    };
    let (units, successors) = embedded::territory(&plan.setting.unit)?;
    let places = Places::new(units, successors);
    let day = arguments.as_of.unwrap_or_else(clock::today);
    let findings = plan_check::check(&Question {
        pack: plan,
        places: Some(&places),
        figures: arguments.figures,
        day,
    });
    if arguments.json {
        let shown: Vec<Value> = findings
            .iter()
            .map(|finding| to_json(finding, plan, &reading.spots))
            .collect::<Result<_>>()?;
        output::json(&json!({
            "pack": plan.id,
            "files_hash": reading.files_hash,
            "as_of": day,
            "figures": arguments.figures,
            "findings": shown,
        }))?;
    } else {
        for finding in &findings {
            for line in to_lines(finding, plan, &reading.spots, arguments.lang.into()) {
                output::say(&line)?;
            }
        }
        output::say(&summary(&findings, arguments.lang.into()))?;
    }
    let fails = |finding: &PlanFinding| finding.severity == Severity::Error && finding.is_open();
    Ok(if findings.iter().any(fails) { Outcome::Findings } else { Outcome::Done })
}

fn to_json(finding: &PlanFinding, pack: &Pack, spots: &Spots) -> Result<Value> {
    let mut value = serde_json::to_value(finding)?;
    let of_target = |id: &str, place: &Place| {
        let measured = pack.targets.iter().find(|target| target.id.as_str() == id);
        let stated = pack.qualitative.iter().find(|target| target.id.as_str() == id);
        let document = measured.map(|t| &t.place).or(stated.map(|t| &t.place));
        json!({
            "target": id,
            "file": place.file,
            "line": place.line,
            "column": place.column,
            "section": document.map(|place| &place.section),
            "bullet": document.map(|place| &place.bullet),
            "words": measured.map(|target| &target.words),
        })
    };
    let targets = finding.targets.iter().filter_map(|target| {
        spots.targets.get(target.as_str()).map(|place| of_target(target.as_str(), place))
    });
    let figures = finding.figures.iter().filter_map(|figure| {
        let place = spots.figures.get(figure)?;
        Some(json!({
            "figure": figure, "file": place.file, "line": place.line, "column": place.column,
        }))
    });
    let places: Vec<Value> = targets.chain(figures).collect();
    if let Some(map) = value.as_object_mut() {
        map.insert("places".to_owned(), Value::Array(places));
    }
    Ok(value)
}

fn to_lines(finding: &PlanFinding, pack: &Pack, spots: &Spots, language: Language) -> Vec<String> {
    let vi = language == Language::Vi;
    let mut lines = wrap(
        &format!(
            "{} {}: {}",
            finding.code.as_str(),
            severity(finding.severity, vi),
            finding.message.get(language)
        ),
        WIDTH,
        "",
    );
    for target in &finding.targets {
        let Some(place) = spots.targets.get(target.as_str()) else { continue };
        let words = pack.target(target).map(|target| format!(" “{}”", target.words));
        lines.push(format!(
            "  --> {}:{}:{} {target}{}",
            place.file,
            place.line,
            place.column,
            words.unwrap_or_default()
        ));
    }
    for figure in &finding.figures {
        let Some(place) = spots.figures.get(figure) else { continue };
        lines.push(format!("  --> {}:{} {figure}", place.file, place.line));
    }
    let decision = if vi { "Cần quyết định" } else { "To decide" };
    lines.extend(wrap(&format!("= {decision}: {}", finding.decision.get(language)), WIDTH, "  "));
    if let Some(accepted) = &finding.accepted {
        let until = hoptac_model::date::show(accepted.until, language);
        let word = match (accepted.in_force, vi) {
            (true, true) => format!("Đã chấp nhận đến hết {until}"),
            (true, false) => format!("Accepted until {until}"),
            (false, true) => format!("Chấp nhận đã hết hạn ngày {until}"),
            (false, false) => format!("The acceptance ended on {until}"),
        };
        let owner = pack
            .agencies
            .iter()
            .find(|agency| agency.id == accepted.owner)
            .map_or(accepted.owner.as_str(), |agency| agency.name.get(language));
        let reason = accepted.reason.get(language);
        lines.extend(wrap(&format!("= {word}: {reason} ({owner})"), WIDTH, "  "));
    }
    lines.push(String::new());
    lines
}

fn severity(severity: Severity, vi: bool) -> &'static str {
    match (severity, vi) {
        (Severity::Error, true) => "mâu thuẫn",
        (Severity::Warning, true) => "cần quyết định",
        (Severity::Note, true) => "lưu ý",
        (_, false) => severity.word(Language::En),
    }
}

fn summary(findings: &[PlanFinding], language: Language) -> String {
    let open = |severity| findings.iter().filter(|f| f.severity == severity && f.is_open()).count();
    let (errors, warnings, notes) =
        (open(Severity::Error), open(Severity::Warning), open(Severity::Note));
    let accepted = findings.iter().filter(|finding| !finding.is_open()).count();
    if language == Language::Vi {
        format!(
            "{errors} mâu thuẫn, {warnings} việc cần quyết định, {notes} lưu ý; {accepted} đã chấp nhận"
        )
    } else {
        format!("{errors} errors, {warnings} warnings, {notes} notes; {accepted} accepted")
    }
}
