//! `hoptac cascade`: a number of the plan shared out over units, proposed, adopted and shown.

use anyhow::{Context as _, Result};
use hoptac_engine::board::Board;
use hoptac_engine::cascade::{Wish, propose};
use hoptac_model::cascade::{BoundKind, Cascade, Proposal, Refused, Weight};
use hoptac_model::date;
use hoptac_model::filing::{FilingKind, Subject};
use hoptac_model::ids::{TargetId, UnitId};
use hoptac_model::number;
use hoptac_model::pack::Pack;
use hoptac_model::scoreboard::{Applies, Row};
use hoptac_model::standing::Standing;
use hoptac_model::target::{Horizon, Target};
use hoptac_model::text::{Language, sentence};
use hoptac_model::unit::Places;
use serde_json::{Map, Value, json};

use crate::cli::cascade::{Adopt, CascadeCommand, Propose, Show};
use crate::cli::{Place, ShowArguments};
use crate::output::{self, Align, Table};
use crate::scoreboard::synthetic_notice;
use crate::sentence::{refuse, said};
use crate::view::{self, Asked, View};
use crate::{Outcome, filing};

pub(crate) async fn run(place: &Place, command: CascadeCommand) -> Result<Outcome> {
    match command {
        CascadeCommand::Propose(arguments) => make(place, &arguments).await,
        CascadeCommand::Adopt(arguments) => adopt(place, &arguments).await,
        CascadeCommand::Show(arguments) => show(place, &arguments).await,
        CascadeCommand::List(arguments) => list(place, &arguments).await,
    }
}

async fn make(place: &Place, arguments: &Propose) -> Result<Outcome> {
    let asked = Asked {
        as_of: arguments.days.as_of,
        geography: arguments.geography,
        known_on: arguments.days.known_on,
        ..Asked::default()
    };
    let view = View::open(place, asked).await?;
    let mut bounds = Vec::new();
    for (kind, said) in [
        (BoundKind::Floor, &arguments.floor),
        (BoundKind::Ceiling, &arguments.ceiling),
        (BoundKind::Fixed, &arguments.fix),
    ] {
        bounds.extend(said.iter().map(|said| (kind, said.clone())));
    }
    let wish = Wish {
        target: arguments.target.as_str().into(),
        level: arguments.level.map(Into::into),
        years: arguments.from.zip(arguments.to),
        weights: arguments.weights.unwrap_or_default(),
        aim: arguments.aim.into(),
        aim_at: arguments.sum,
        bounds,
        keeps: arguments.keep,
        reaches: arguments.reach.as_deref().map(TargetId::from),
    };
    let language = arguments.days.lang.into();
    let made = propose(&view.board, &view.register, &view.places, &wish);
    let proposal = match made {
        Ok(proposal) => proposal,
        Err(refused) => return tell_refused(&view.places, &refused, arguments.days.json, language),
    };
    let parts = json!({
        "plan": proposal.plan,
        "target": proposal.target,
        "level": proposal.level,
        "geography": proposal.geography,
        "parts": proposal.parts(),
        "outside": proposal.outside,
        "rule": proposal.rule,
    });
    if let Some(file) = &arguments.out {
        let text = serde_json::to_string_pretty(&parts)? + "\n";
        std::fs::write(file, text).with_context(|| {
            let file = file.display().to_string();
            said!("ghi tệp {file}", "writing {file}", file)
        })?;
    }
    if arguments.days.json {
        let mut value = json!(proposal);
        if let Some(object) = value.as_object_mut() {
            object.insert("synthetic".to_owned(), json!(view.board.has_synthetic()));
        }
        output::json(&value)?;
        return Ok(Outcome::Done);
    }
    for line in proposal_lines(&view, &proposal, language) {
        output::say(&line)?;
    }
    Ok(Outcome::Done)
}

/// Says why there is no proposal; of a conflict, every clause.
fn tell_refused(
    places: &Places,
    refused: &Refused,
    as_json: bool,
    language: Language,
) -> Result<Outcome> {
    let name = |unit: &UnitId| unit_name(places, unit);
    let words = refused.words();
    let clauses: Vec<_> = refused.clauses().iter().map(|one| one.words(name)).collect();
    if as_json {
        output::json(&json!({ "refused": refused, "reason": words, "clauses": clauses }))?;
        return Ok(Outcome::Findings);
    }
    for line in output::wrap(&sentence(words.get(language)), output::WIDTH, "") {
        output::say(&line)?;
    }
    for clause in clauses {
        for line in output::wrap(&format!("· {}", clause.get(language)), output::WIDTH, "  ") {
            output::say(&line)?;
        }
    }
    Ok(Outcome::Findings)
}

fn unit_name(places: &Places, unit: &UnitId) -> String {
    places.get(unit).map_or_else(|| unit.to_string(), |unit| unit.name.clone())
}

fn proposal_lines(view: &View, proposal: &Proposal, language: Language) -> Vec<String> {
    let vi = language == Language::Vi;
    let label = view.plan.pack.target(&proposal.target).map_or("", |t| t.label.get(language));
    let mut lines = vec![format!(
        "{} {label}: {}",
        proposal.target,
        if vi { "đề xuất phân bổ" } else { "proposed parts" }
    )];
    lines.extend(view.notices(language));
    if view.board.has_synthetic() {
        lines.push(synthetic_notice(language).to_owned());
    }
    lines.push(String::new());
    let mut heads = vec![
        (if vi { "Mã" } else { "Code" }.to_owned(), Align::Left),
        (if vi { "Đơn vị" } else { "Unit" }.to_owned(), Align::Left),
        (if vi { "Tỷ trọng" } else { "Share" }.to_owned(), Align::Right),
    ];
    heads.extend(proposal.years.iter().map(|year| (year.to_string(), Align::Right)));
    let several = proposal.years.len() > 1;
    if several {
        heads.push((if vi { "Cộng" } else { "Sum" }.to_owned(), Align::Right));
    }
    let heads: Vec<(&str, Align)> = heads.iter().map(|(head, at)| (head.as_str(), *at)).collect();
    let mut table = Table::new(&heads);
    let whole = |count: u32| number::show(f64::from(count), 0, language);
    for share in &proposal.units {
        let unit = view.places.get(&share.unit);
        let mut row = vec![
            unit.map_or_else(String::new, |unit| unit.code.clone()),
            unit_name(&view.places, &share.unit),
            format!("{} %", number::show(share.share * 100.0, 1, language)),
        ];
        row.extend(share.parts.iter().map(|part| whole(*part)));
        if several {
            row.push(whole(share.total()));
        }
        table.row(row);
    }
    if proposal.outside > 0 {
        let said = if vi { "Chưa xác định đơn vị" } else { "In no unit" };
        let mut row = vec![String::new(), said.to_owned(), String::new()];
        row.extend(proposal.years.iter().map(|_| whole(proposal.outside)));
        table.row(row);
    }
    let mut row =
        vec![String::new(), if vi { "Cộng" } else { "Sum" }.to_owned(), "100 %".to_owned()];
    row.extend(proposal.sums.iter().map(|sum| whole(sum.given)));
    if several {
        row.push(whole(proposal.sums.iter().map(|sum| sum.given).sum()));
    }
    table.row(row);
    lines.extend(table.lines(output::WIDTH));
    lines.push(String::new());
    if let Some(sum) = proposal.sums.first() {
        let most = sum.most.map(whole);
        let said = match (vi, most) {
            (true, Some(most)) => {
                format!("Kế hoạch đặt từ {} đến {most}; tổng từng năm khớp.", whole(sum.least))
            }
            (true, None) => {
                format!("Kế hoạch đặt ít nhất {}; tổng từng năm khớp.", whole(sum.least))
            }
            (false, Some(most)) => {
                format!("The plan asks {} to {most}; the sums agree.", whole(sum.least))
            }
            (false, None) => {
                format!("The plan asks at least {}; the sums agree.", whole(sum.least))
            }
        };
        lines.push(said);
    }
    let weights: Vec<String> = Weight::ALL
        .into_iter()
        .filter(|weight| proposal.rule.weights.get(*weight) > 0)
        .map(|weight| {
            let points = proposal.rule.weights.get(weight);
            format!("{} {points}", weight.words().get(language).to_lowercase())
        })
        .collect();
    let weights = weights.join(", ");
    lines.push(if vi {
        format!("Tỷ trọng theo: {weights}.")
    } else {
        format!("Shares by: {weights}.")
    });
    for note in &proposal.notes {
        lines.extend(output::wrap(&sentence(note.get(language)), output::WIDTH, ""));
    }
    lines
}

async fn adopt(place: &Place, arguments: &Adopt) -> Result<Outcome> {
    let text = filing::text_of(&arguments.file)?;
    let mut fields: Map<String, Value> = serde_json::from_str(&text).context(said!(
        "đọc các phần dưới dạng đối tượng JSON",
        "reading the parts as a JSON object"
    ))?;
    let target = fields.get("target").and_then(Value::as_str).unwrap_or_default().to_owned();
    fields.insert("reason".to_owned(), json!(arguments.reason));
    let decision = json!({
        "number": arguments.document,
        "date": arguments.document_date,
        "issuer": arguments.issuer,
    });
    fields.insert("decision".to_owned(), decision);
    let store = place.open().await?;
    let subject = Subject::cascade(&TargetId::from(target.as_str()));
    filing::file_fields(&store, FilingKind::CascadeAdopt, &subject.0, fields, &arguments.filed)
        .await
}

async fn list(place: &Place, arguments: &ShowArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let known = view::known_on(&store, arguments.known_on).await?;
    let plan = view::must_be_known(known.plan, arguments.known_on)?;
    if arguments.json {
        let all: Vec<Value> = plan.pack.cascades.iter().map(cascade_json).collect();
        output::json(&json!({
            "ledger_position": known.position,
            "known_on": arguments.known_on,
            "cascades": all,
        }))?;
        return Ok(Outcome::Done);
    }
    let language = arguments.lang.into();
    let vi = language == Language::Vi;
    if plan.pack.cascades.is_empty() {
        output::say(if vi {
            "Chưa phân bổ chỉ tiêu nào. Lập đề xuất bằng `hoptac cascade propose`."
        } else {
            "No target was given out yet. Make a proposal with `hoptac cascade propose`."
        })?;
        return Ok(Outcome::Done);
    }
    let heads = if vi {
        ["Sổ cái", "Chỉ tiêu", "Từ ngày", "Các năm", "Cấp", "Văn bản"]
    } else {
        ["Position", "Target", "From", "Years", "Level", "Document"]
    };
    let heads: Vec<(&str, Align)> = heads.into_iter().map(|head| (head, Align::Left)).collect();
    let mut table = Table::new(&heads);
    for cascade in &plan.pack.cascades {
        let adopted = &cascade.adopted;
        let years: Vec<i16> = adopted.parts.iter().map(|part| part.year).collect();
        let (first, last) = (years.iter().min(), years.iter().max());
        let span = match (first, last) {
            (Some(first), Some(last)) if first != last => format!("{first}–{last}"),
            (Some(first), _) => first.to_string(),
            (None, _) => number::NO_VALUE.to_owned(),
        };
        table.row(vec![
            cascade.position.to_string(),
            adopted.target.to_string(),
            date::show(cascade.from, language),
            span,
            adopted.level.words().get(language).to_owned(),
            format!(
                "{} ({})",
                adopted.decision.number,
                date::show(adopted.decision.date, language)
            ),
        ]);
    }
    for line in table.lines(output::WIDTH) {
        output::say(&line)?;
    }
    Ok(Outcome::Done)
}

fn cascade_json(cascade: &Cascade) -> Value {
    let mut value = json!(cascade.adopted);
    if let Some(object) = value.as_object_mut() {
        object.insert("position".to_owned(), json!(cascade.position));
        object.insert("from".to_owned(), json!(cascade.from));
    }
    value
}

async fn show(place: &Place, arguments: &Show) -> Result<Outcome> {
    let target = TargetId::from(arguments.target.as_str());
    let known_on = arguments.days.known_on;
    let asked =
        |geography| Asked { as_of: arguments.days.as_of, known_on, geography, ..Asked::default() };
    let mut view = View::open(place, asked(None)).await?;
    let cascade = must_find(&view.plan.pack, &view.board, &target, arguments.position)?;
    // What was given to units that have ended is shown on the places of their last day.
    let ended = cascade.adopted.parts.first().and_then(|part| view.places.get(&part.unit));
    let day = ended.map(|unit| view.places.geography_for(unit, view.board.as_of()));
    let (position, differs) =
        (cascade.position, day.is_some_and(|day| day != view.board.geography()));
    if differs {
        view = View::open(place, asked(day)).await?;
    }
    let cascade = must_find(&view.plan.pack, &view.board, &target, Some(position))?;
    let Some(asked) = view.plan.pack.target(&target) else {
        refuse!(
            "kế hoạch không có chỉ tiêu `{target}`",
            "the plan has no target `{target}`",
            target = target.as_str()
        );
    };
    let lines = Line::all(&view, cascade, asked);
    let language = arguments.days.lang.into();
    if arguments.days.json {
        let units: Vec<Value> = lines.iter().map(|line| line.json(&view.places)).collect();
        let mut value = cascade_json(cascade);
        if let Some(object) = value.as_object_mut() {
            object.extend([
                ("ledger_position".to_owned(), json!(view.board.position())),
                ("as_of".to_owned(), json!(view.board.as_of())),
                ("known_on".to_owned(), json!(known_on)),
                ("synthetic".to_owned(), json!(view.board.has_synthetic())),
                ("year".to_owned(), json!(year_of(&view.board, asked))),
                ("units".to_owned(), json!(units)),
            ]);
        }
        output::json(&value)?;
        return Ok(Outcome::Done);
    }
    for line in shown_lines(&view, cascade, asked, &lines, language) {
        output::say(&line)?;
    }
    Ok(Outcome::Done)
}

fn must_find<'p>(
    pack: &'p Pack,
    board: &Board,
    target: &TargetId,
    position: Option<u64>,
) -> Result<&'p Cascade> {
    let found = match position {
        None => pack.cascade_of(target, board.as_of()),
        Some(position) => pack
            .cascades
            .iter()
            .find(|one| one.position == position && &one.adopted.target == target),
    };
    match found {
        Some(cascade) => Ok(cascade),
        None => refuse!(
            "khi đó chưa có phân bổ nào của `{target}`; `hoptac cascade list` cho xem các phân bổ đã giao",
            "no cascade of `{target}` holds then; `hoptac cascade list` shows those that were adopted",
            target = target.as_str()
        ),
    }
}

/// The year whose parts count on the day of a board.
fn year_of(board: &Board, target: &Target) -> i16 {
    match target.horizon {
        Horizon::Year { year } => year,
        Horizon::Yearly { .. } => board.years().last().copied().unwrap_or(board.as_of().year()),
    }
}

/// A unit with what it was given and where it stands.
struct Line {
    unit: UnitId,
    /// By year, oldest first.
    parts: Vec<(i16, u32)>,
    now: Option<u32>,
    value: Option<f64>,
    standing: Option<Standing>,
}

impl Line {
    fn all(view: &View, cascade: &Cascade, target: &Target) -> Vec<Self> {
        let year = year_of(&view.board, target);
        let mut lines: Vec<Self> = Vec::new();
        for part in &cascade.adopted.parts {
            if let Some(line) = lines.iter_mut().find(|line| line.unit == part.unit) {
                line.parts.push((part.year, part.value));
                continue;
            }
            let row: Option<Row> = view.board.row(&target.id, None, &part.unit);
            lines.push(Self {
                unit: part.unit.clone(),
                parts: vec![(part.year, part.value)],
                now: cascade.part(&part.unit, year),
                value: row.as_ref().and_then(|row| row.value),
                standing: row
                    .filter(|row| row.applies == Applies::Assigned)
                    .and_then(|row| row.standing),
            });
        }
        lines
    }

    fn json(&self, places: &Places) -> Value {
        let unit = places.get(&self.unit);
        let parts: Map<String, Value> =
            self.parts.iter().map(|(year, value)| (year.to_string(), json!(value))).collect();
        json!({
            "unit": self.unit,
            "code": unit.map(|unit| &unit.code),
            "name": unit.map(|unit| &unit.name),
            "parts": parts,
            "part": self.now,
            "value": self.value,
            "standing": self.standing,
        })
    }
}

fn shown_lines(
    view: &View,
    cascade: &Cascade,
    target: &Target,
    lines: &[Line],
    language: Language,
) -> Vec<String> {
    let vi = language == Language::Vi;
    let adopted = &cascade.adopted;
    let year = year_of(&view.board, target);
    let mut out = vec![format!("{} {}", target.id, target.label.get(language))];
    let said = if vi {
        format!(
            "Phân bổ theo {} ngày {} của {}, hiệu lực từ {}: {}",
            adopted.decision.number,
            date::show(adopted.decision.date, language),
            adopted.decision.issuer,
            date::show(cascade.from, language),
            adopted.reason,
        )
    } else {
        format!(
            "Given out by {} of {} ({}), from {}: {}",
            adopted.decision.number,
            date::show(adopted.decision.date, language),
            adopted.decision.issuer,
            date::show(cascade.from, language),
            adopted.reason,
        )
    };
    out.extend(output::wrap(&said, output::WIDTH, ""));
    out.extend(view.notices(language));
    if view.board.has_synthetic() {
        out.push(synthetic_notice(language).to_owned());
    }
    out.push(String::new());
    let given = if vi { format!("Giao {year}") } else { format!("Part {year}") };
    let heads = if vi {
        ["Mã", "Đơn vị", given.as_str(), "Hiện có", "Tình trạng", "Cộng"]
    } else {
        ["Code", "Unit", given.as_str(), "Value", "Standing", "Sum"]
    };
    let aligns = [Align::Left, Align::Left, Align::Right, Align::Right, Align::Left, Align::Right];
    let heads: Vec<(&str, Align)> = heads.into_iter().zip(aligns).collect();
    let mut table = Table::new(&heads);
    let dash = || number::NO_VALUE.to_owned();
    let whole = |count: u32| number::show(f64::from(count), 0, language);
    for line in lines {
        let unit = view.places.get(&line.unit);
        let standing = line.standing.map_or_else(dash, |standing| {
            format!("{} {}", standing.sign(), standing.words().get(language))
        });
        table.row(vec![
            unit.map_or_else(String::new, |unit| unit.code.clone()),
            unit_name(&view.places, &line.unit),
            line.now.map_or_else(dash, whole),
            number::show_or_dash(line.value, 0, language),
            standing,
            whole(line.parts.iter().map(|(_, value)| value).sum()),
        ]);
    }
    out.extend(table.lines(output::WIDTH));
    let asked: Vec<&Line> = lines.iter().filter(|line| line.standing.is_some()).collect();
    let met = asked.iter().filter(|line| line.standing == Some(Standing::Met)).count();
    out.push(String::new());
    out.push(if vi {
        format!("{met} trong {} đơn vị có phần được giao đã đạt.", asked.len())
    } else {
        format!("{met} of {} units with a part have reached it.", asked.len())
    });
    out
}
