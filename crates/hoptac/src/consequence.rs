//! What a filing would change, for people and for programs.

use anyhow::Result;
use hoptac_engine::board::{Board, Question};
use hoptac_engine::consequence::{figures, standings};
use hoptac_model::consequence::{Consequences, FigureChange};
use hoptac_model::finding::{Finding, Severity};
use hoptac_model::ids::UnitId;
use hoptac_model::pack::Pack;
use hoptac_model::text::Language;
use hoptac_model::unit::Places;
use hoptac_model::{date, number, words};
use hoptac_office::consequence::States;
use hoptac_store::KnownOn;
use jiff::civil::Date;
use serde_json::json;

use crate::cli::Lang;
use crate::output::{self, Align, Table, WIDTH};
use crate::{Outcome, clock, pack};

/// How many figures are listed for people; programs get all of them.
const LISTED: usize = 40;

/// Compares the figures of today, or of the day on which the filing takes effect, and says everything.
pub(crate) fn report(
    findings: &[Finding],
    mut states: States,
    as_json: bool,
    lang: Lang,
) -> Result<Outcome> {
    let day = clock::today();
    if let (Some(before), Some(after)) = (board(&states.before, day), board(&states.after, day)) {
        states.consequences.figures = figures(&before, &after);
        states.consequences.standings = standings(&before, &after);
    }
    states.settle();
    let consequences = &states.consequences;
    if as_json {
        let warnings = findings.iter().filter(|f| f.severity == Severity::Warning).count();
        output::json(&json!({
            "accepted": null,
            "repeated": false,
            "errors": 0,
            "warnings": warnings,
            "findings": findings,
            "ledger_position": states.before.position,
            "as_of": day,
            "consequences": consequences,
        }))?;
        return Ok(Outcome::Done);
    }
    let language = lang.into();
    pack::say_findings(findings, language)?;
    let plan = states.after.plan.as_ref().map(|plan| &plan.pack);
    for line in lines(consequences, plan, &states.after.places, language) {
        output::say(&line)?;
    }
    Ok(Outcome::Done)
}

/// The board of a state on a day; none without a plan.
fn board(known: &KnownOn, day: Date) -> Option<Board> {
    let plan = &known.plan.as_ref()?.pack;
    let root = known.places.find(&plan.setting.unit, day)?;
    let geography = known.places.geography_for(root, day);
    let question = Question { as_of: day, geography };
    Some(Board::compute(&known.register, &known.places, plan, question))
}

fn lines(
    consequences: &Consequences,
    plan: Option<&Pack>,
    places: &Places,
    language: Language,
) -> Vec<String> {
    let name =
        |id: &UnitId| places.get(id).map_or_else(|| id.to_string(), |unit| unit.name.clone());
    let shown = |value: Option<f64>, change: &FigureChange| {
        let decimals =
            plan.and_then(|plan| plan.indicator(&change.indicator)).map_or(0, |i| i.decimals);
        number::show_or_dash(value, decimals, language)
    };
    let mut lines = Vec::new();
    let mut say = |said: hoptac_model::text::Words| lines.push(said.get(language).to_owned());
    let Consequences { figures, standings, later, returns, grades, editions } = consequences;
    say(words!(
        "{figures} số liệu và {standings} tình trạng chỉ tiêu sẽ thay đổi",
        "{figures} figures and {standings} standings of targets would change",
        figures = figures.len(),
        standings = standings.len()
    ));
    for filing in later {
        say(words!(
            "đã có hồ sơ {kind} có hiệu lực từ ngày {day} (số {position})",
            "a filing {kind} is accepted already, effective on {day} (position {position})",
            kind = filing.kind.code(),
            day = filing.effective_on,
            position = filing.position
        ));
    }
    for filed in returns {
        say(words!(
            "báo cáo năm {year} đã chấp nhận cần xem lại",
            "the accepted return of {year} should be looked at again",
            year = filed.year
        ));
    }
    for grade in grades {
        say(words!(
            "xếp loại năm {year} ({grade}) cần xem lại",
            "the grade of {year} ({grade}) should be looked at again",
            year = grade.year,
            grade = grade.grade.words().lower()
        ));
    }
    for edition in editions {
        say(words!(
            "ấn bản {id} tính đến ngày {on} sẽ khác số liệu mới",
            "the edition {id} as of {on} would differ from the new figures",
            id = edition.id,
            on = edition.on
        ));
    }
    if editions.is_empty() {
        say(words!(
            "không có ấn bản đã phát hành nào bị ảnh hưởng",
            "no edition that was issued is affected"
        ));
    }
    if figures.is_empty() {
        return lines;
    }
    let heads = match language {
        Language::Vi => ["Chỉ tiêu đo", "Nơi", "Tính đến", "Hiện nay", "Sẽ là"],
        Language::En => ["Indicator", "Place", "As of", "Now", "Then"],
    };
    let [indicator, place, day, before, after] = heads;
    let mut table = Table::new(&[
        (indicator, Align::Left),
        (place, Align::Left),
        (day, Align::Left),
        (before, Align::Right),
        (after, Align::Right),
    ]);
    for change in figures.iter().take(LISTED) {
        let short = plan.and_then(|plan| plan.indicator(&change.indicator));
        table.row(vec![
            short.map_or_else(|| change.indicator.to_string(), |i| i.name.get(language).to_owned()),
            name(&change.unit),
            date::show(change.on, language),
            shown(change.before, change),
            shown(change.after, change),
        ]);
    }
    lines.push(String::new());
    lines.extend(table.lines(WIDTH));
    if figures.len() > LISTED {
        let rest = words!(
            "và {rest} số liệu khác; `--json` liệt kê tất cả",
            "and {rest} other figures; `--json` lists all of them",
            rest = figures.len() - LISTED
        );
        lines.push(rest.get(language).to_owned());
    }
    lines
}
