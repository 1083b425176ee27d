//! `hoptac grade`: scores and grades side by side, filed, read by other rules, and compared between years.

use std::collections::BTreeMap;

use anyhow::Result;
use hoptac_model::filing::document::{self, Document};
use hoptac_model::filing::{Body, FilingKind, GradeDecide};
use hoptac_model::grading::year::{self, Cell, Matrix, Rescored, Scored};
use hoptac_model::grading::{self, Assessment, Candidate, Point, show_in};
use hoptac_model::ids::OrganisationId;
use hoptac_model::number::{self, NO_VALUE};
use hoptac_model::organisation::Grade;
use hoptac_model::pack::{Pack, Ruleset};
use hoptac_model::register::{GradeDecision, Register};
use hoptac_model::text::{Language, Words};
use hoptac_store::{SheetOnFile, Stage, Store};
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::cli::Place;
use crate::cli::grade::{
    DecideArguments, Filing, GradeCommand, GradeShowArguments, MatrixArguments, RescoreArguments,
    SheetArguments,
};
use crate::output::{self, Align, Table, WIDTH, wrap};
use crate::sentence::refuse;
use crate::view::{must_be_known, must_have_plan};
use crate::{Outcome, clock, filing};

/// One stage worked out: whose scores, by which rules.
struct Stand<'p> {
    stage: Stage,
    on: Date,
    ruleset: &'p Ruleset,
    assessment: Assessment,
}

pub(crate) async fn run(place: &Place, command: GradeCommand) -> Result<Outcome> {
    match command {
        GradeCommand::Show(arguments) => show(place, &arguments).await,
        GradeCommand::Score(arguments) => {
            score(place, &arguments, FilingKind::GradeSelfScore).await
        }
        GradeCommand::Review(arguments) => score(place, &arguments, FilingKind::GradeReview).await,
        GradeCommand::Decide(arguments) => decide(place, &arguments).await,
        GradeCommand::Rescore(arguments) => rescore(place, &arguments).await,
        GradeCommand::Matrix(arguments) => matrix(place, &arguments).await,
    }
}

async fn show(place: &Place, arguments: &GradeShowArguments) -> Result<Outcome> {
    let mut reading = place.read(arguments.known_on).await?;
    let plan = must_be_known(reading.plan().await?, arguments.known_on)?;
    let day = arguments.as_of.or(arguments.known_on).unwrap_or_else(clock::today);
    let mut register = reading.register().await?;
    let known = register.grades.iter().filter(|grade| grade.on <= day);
    register.grades = known.cloned().collect();
    let id = filing::find_known(&mut reading, &arguments.organisation).await?;
    let index = must_be_in(&register, id, &arguments.organisation)?;
    let sheets = of_one(reading.sheets(arguments.year, day).await?, &register, index);
    let stands = stands(&plan.pack, &register, index, arguments.year, &sheets);
    let decided = decided(&register, index, arguments.year);
    if stands.is_empty() && decided.is_none() {
        refuse!(
            "năm {year} chưa chấm điểm, chưa quyết định xếp loại {name}; nộp điểm bằng `hoptac grade score`",
            "nothing was scored or decided for {name} in {year}; file scores with `hoptac grade score`",
            name = name_of(&register, index),
            year = arguments.year
        );
    }
    if arguments.json {
        output::json(&show_json(&register, index, arguments.year, &stands, decided))?;
        return Ok(Outcome::Done);
    }
    let language = arguments.lang.into();
    for line in show_lines(&register, index, arguments.year, &stands, decided, language) {
        output::say(&line)?;
    }
    Ok(Outcome::Done)
}

async fn score(place: &Place, arguments: &SheetArguments, kind: FilingKind) -> Result<Outcome> {
    let text = filing::text_of(&arguments.file)?;
    let (body, findings) = document::read_body(kind, &text);
    let Some(body) = body else {
        return filing::report(&findings, None, arguments.filing.json, arguments.filing.lang);
    };
    let store = place.open().await?;
    file_it(&store, &arguments.organisation, body, clock::today(), &arguments.filing).await
}

async fn decide(place: &Place, arguments: &DecideArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let body = match (&arguments.file, arguments.year) {
        (Some(file), _) => {
            let (body, findings) =
                document::read_body(FilingKind::GradeDecide, &filing::text_of(file)?);
            match body {
                Some(body) => body,
                None => {
                    return filing::report(
                        &findings,
                        None,
                        arguments.filing.json,
                        arguments.filing.lang,
                    );
                }
            }
        }
        (None, Some(year)) => decision(&store, &arguments.organisation, year).await?,
        (None, None) => refuse!(
            "hãy nêu năm bằng --year, hoặc nộp quyết định bằng --file",
            "name the year with --year, or a decision with --file"
        ),
    };
    file_it(&store, &arguments.organisation, body, clock::today(), &arguments.filing).await
}

/// The decision that follows from the scores on file: the self-score with the review laid over it.
async fn decision(store: &Store, organisation: &str, year: i16) -> Result<Body> {
    let plan = must_have_plan(store).await?;
    let register = store.register().await?;
    let index = must_be_registered(store, &register, organisation).await?;
    let sheets = sheets_of(store, &register, index, year).await?;
    let stands = stands(&plan.pack, &register, index, year, &sheets);
    let scored = stands.iter().rfind(|stand| stand.stage != Stage::Decision);
    let Some(stand) = scored else {
        refuse!(
            "năm {year} chưa chấm điểm {name}; nộp điểm bằng `hoptac grade score`, hoặc quyết định bằng --file",
            "nothing is scored for {name} in {year}; file scores with `hoptac grade score`, or decide with --file",
            name = name_of(&register, index),
            year
        );
    };
    let of = |stage| sheets.iter().find(|sheet| sheet.stage == stage).map(|sheet| &sheet.sheet);
    let mut sheet = of(Stage::SelfScore).cloned().unwrap_or_default();
    if let Some(review) = of(Stage::Review) {
        sheet = sheet.overlaid(review);
    }
    let Some(grade) = stand.assessment.grade else {
        let why = |language| {
            let because = stand.assessment.because.iter();
            because.map(|why| why.get(language)).collect::<Vec<_>>().join("; ")
        };
        let name = name_of(&register, index);
        refuse!(
            "{name}: {why}",
            "{name}: {why}",
            name,
            why = Words::new(why(Language::Vi), why(Language::En))
        );
    };
    Ok(Body::GradeDecide(GradeDecide {
        year,
        ruleset: stand.ruleset.id.clone(),
        score_tenths: stand.assessment.total_tenths,
        grade,
        sheet: Some(sheet),
    }))
}

/// Files a body about an organisation.
pub(crate) async fn file_it(
    store: &Store,
    organisation: &str,
    body: Body,
    day: Date,
    how: &Filing,
) -> Result<Outcome> {
    let actor = filing::actor(&how.who)?;
    let day = how.effective_on.unwrap_or(day);
    let document = Document {
        subject: Some(organisation.to_owned()),
        effective_on: Some(day),
        expected_version: None,
        key: how.key.clone(),
        body,
    };
    let draft = filing::draft(store, document, Some(day)).await?;
    filing::file(store, &actor, draft, Vec::new(), how.json, how.lang).await
}

/// The index of an organisation that is named by identity or code.
pub(crate) async fn must_be_registered(
    store: &Store,
    register: &Register,
    name: &str,
) -> Result<u32> {
    must_be_in(register, filing::find(store, name).await?, name)
}

fn must_be_in(register: &Register, id: Option<OrganisationId>, name: &str) -> Result<u32> {
    match id.and_then(|id| register.index_of(id)) {
        Some(index) => Ok(index),
        None => {
            refuse!(
                "không có tổ chức `{name}`; tìm bằng `hoptac org list --search`",
                "there is no organisation `{name}`; look it up with `hoptac org list --search`",
                name
            )
        }
    }
}

fn name_of(register: &Register, index: u32) -> &str {
    register.organisation(index).map_or("", |organisation| organisation.name.as_str())
}

async fn sheets_of(
    store: &Store,
    register: &Register,
    index: u32,
    year: i16,
) -> Result<Vec<SheetOnFile>> {
    Ok(of_one(store.sheets(year).await?, register, index))
}

/// The sheets of one organisation.
fn of_one(mut sheets: Vec<SheetOnFile>, register: &Register, index: u32) -> Vec<SheetOnFile> {
    let id = register.organisation(index).map(|organisation| organisation.id);
    sheets.retain(|sheet| Some(sheet.organisation) == id);
    sheets
}

/// The grade of a year that holds: of several decisions the last one.
fn decided(register: &Register, index: u32, year: i16) -> Option<&GradeDecision> {
    register.grades.of(index).iter().rfind(|grade| grade.year == year)
}

/// Each stage on file worked out, the review laid over the self-score.
fn stands<'p>(
    pack: &'p Pack,
    register: &Register,
    index: u32,
    year: i16,
    sheets: &[SheetOnFile],
) -> Vec<Stand<'p>> {
    let own = sheets.iter().find(|sheet| sheet.stage == Stage::SelfScore);
    let mut stands = Vec::new();
    for on_file in sheets {
        let ruleset = pack.rulesets.iter().find(|ruleset| ruleset.id == on_file.ruleset);
        let day = on_file.on;
        let (Some(ruleset), Some(who)) = (ruleset, Candidate::of(register, index, year, day))
        else {
            continue;
        };
        let whole = match own.filter(|own| own.ruleset == on_file.ruleset) {
            Some(own) if on_file.stage == Stage::Review => own.sheet.overlaid(&on_file.sheet),
            Some(_) | None => on_file.sheet.clone(),
        };
        let assessment = grading::assess(ruleset, &whole, &who);
        stands.push(Stand { stage: on_file.stage, on: on_file.on, ruleset, assessment });
    }
    stands
}

fn stage_words(stage: Stage) -> Words {
    match stage {
        Stage::SelfScore => Words::new("Tự chấm", "Self-score"),
        Stage::Review => Words::new("Thẩm định", "Review"),
        Stage::Decision => Words::new("Quyết định", "Decision"),
    }
}

fn show_json(
    register: &Register,
    index: u32,
    year: i16,
    stands: &[Stand<'_>],
    decided: Option<&GradeDecision>,
) -> Value {
    let stages: Vec<Value> = stands
        .iter()
        .map(|stand| {
            json!({
                "stage": stand.stage.code(),
                "on": stand.on,
                "ruleset": stand.ruleset.id,
                "assessment": stand.assessment,
                "complete": stand.assessment.is_complete(),
                "findings": stand.assessment.findings,
            })
        })
        .collect();
    json!({
        "ledger_position": register.position,
        "organisation": register.organisation(index).map(|organisation| organisation.id),
        "name": name_of(register, index),
        "year": year,
        "decided": decided.map(|grade| json!({
            "on": grade.on,
            "ruleset": grade.ruleset,
            "score_tenths": grade.score_tenths,
            "grade": grade.grade.code(),
        })),
        "stages": stages,
        "differences": differences(stands),
    })
}

/// Criteria that were not scored alike at all stages.
fn differences(stands: &[Stand<'_>]) -> Vec<Value> {
    let Some(first) = stands.first() else { return Vec::new() };
    let same_rules: Vec<&Stand<'_>> =
        stands.iter().filter(|stand| stand.ruleset.id == first.ruleset.id).collect();
    let mut found = Vec::new();
    for (number, point) in first.assessment.points.iter().enumerate() {
        let of = |stand: &&Stand<'_>| stand.assessment.points.get(number).and_then(|p| p.tenths);
        if same_rules.iter().all(|stand| of(stand) == point.tenths) {
            continue;
        }
        let scores: BTreeMap<&str, Option<i32>> =
            same_rules.iter().map(|stand| (stand.stage.code(), of(stand))).collect();
        let reasons: BTreeMap<&str, &str> = same_rules
            .iter()
            .filter_map(|stand| {
                let reason = &stand.assessment.points.get(number)?.reason;
                (!reason.is_empty()).then_some((stand.stage.code(), reason.as_str()))
            })
            .collect();
        found.push(json!({
            "criterion": point.criterion,
            "name": point.name,
            "tenths": scores,
            "reasons": reasons,
        }));
    }
    found
}

fn show_lines(
    register: &Register,
    index: u32,
    year: i16,
    stands: &[Stand<'_>],
    decided: Option<&GradeDecision>,
    language: Language,
) -> Vec<String> {
    let vi = language == Language::Vi;
    let mut lines = vec![format!(
        "{} · {} {year}",
        name_of(register, index),
        if vi { "xếp loại năm" } else { "grade of" }
    )];
    if let Some(grade) = decided {
        lines.push(decided_line(grade, language));
        if !stands.iter().any(|stand| stand.stage == Stage::Decision) {
            lines.extend(wrap(
                if vi {
                    "Quyết định không kèm điểm từng tiêu chí nên không giải thích được từng điểm."
                } else {
                    "The decision came without scores by criterion, so its points cannot be explained."
                },
                WIDTH,
                "",
            ));
        }
    }
    let mut rulesets: Vec<&Ruleset> = stands.iter().map(|stand| stand.ruleset).collect();
    rulesets.dedup_by_key(|ruleset| ruleset.id.clone());
    for ruleset in rulesets {
        let own: Vec<&Stand<'_>> =
            stands.iter().filter(|stand| stand.ruleset.id == ruleset.id).collect();
        lines.push(String::new());
        lines.extend(wrap(
            &format!("{} ({})", ruleset.title.get(language), ruleset.source),
            WIDTH,
            "",
        ));
        lines.extend(side_by_side(&own, language));
        lines.extend(remarks(&own, language));
    }
    lines
}

fn decided_line(grade: &GradeDecision, language: Language) -> String {
    let points = show_in(grade.score_tenths, language);
    let words = grade.grade.words();
    let on = hoptac_model::date::show(grade.on, language);
    match language {
        Language::Vi => format!(
            "Đã quyết định ngày {on}: {points} điểm, {} ({})",
            words.vi.to_lowercase(),
            grade.ruleset
        ),
        Language::En => format!(
            "Decided on {on}: {points} points, {} ({})",
            words.en.to_lowercase(),
            grade.ruleset
        ),
    }
}

/// Criteria down, stages across.
fn side_by_side(stands: &[&Stand<'_>], language: Language) -> Vec<String> {
    let vi = language == Language::Vi;
    let heads: Vec<Words> = stands.iter().map(|stand| stage_words(stand.stage)).collect();
    let mut columns: Vec<(&str, Align)> = vec![
        (if vi { "TC" } else { "No." }, Align::Left),
        (if vi { "Tiêu chí" } else { "Criterion" }, Align::Left),
        (if vi { "Tối đa" } else { "Most" }, Align::Right),
    ];
    columns.extend(heads.iter().map(|head| (head.get(language), Align::Right)));
    let mut table = Table::new(&columns);
    let points = |tenths: Option<i32>| {
        tenths.map_or_else(|| NO_VALUE.to_owned(), |tenths| show_in(tenths, language))
    };
    let most = |max: Option<i32>| max.map_or_else(|| "?".to_owned(), |max| max.to_string());
    let Some(first) = stands.first() else { return Vec::new() };
    for (number, point) in first.assessment.points.iter().enumerate() {
        let mut cells =
            vec![point.criterion.clone(), point.name.get(language).to_owned(), most(point.max)];
        for stand in stands {
            cells.push(points(stand.assessment.points.get(number).and_then(|p| p.tenths)));
        }
        table.row(cells);
    }
    for (number, group) in first.assessment.groups.iter().enumerate() {
        let mut cells = vec![String::new(), group.title.get(language).to_owned(), most(group.max)];
        for stand in stands {
            cells.push(points(stand.assessment.groups.get(number).map(|group| group.tenths)));
        }
        table.row(cells);
    }
    let total = if vi { "Tổng điểm" } else { "Total" };
    let mut cells = vec![String::new(), total.to_owned(), "100".to_owned()];
    cells.extend(stands.iter().map(|stand| points(Some(stand.assessment.total_tenths))));
    table.row(cells);
    let grade = if vi { "Xếp loại" } else { "Grade" };
    let mut cells = vec![String::new(), grade.to_owned(), String::new()];
    for stand in stands {
        cells.push(grade_words(stand.assessment.grade, language));
    }
    table.row(cells);
    table.lines(WIDTH)
}

fn grade_words(grade: Option<Grade>, language: Language) -> String {
    let not = Words::new("không xếp loại", "not graded");
    grade.map_or(not, Grade::words).get(language).to_lowercase()
}

/// Where the last stage's points come from, reasons of differences, and what nobody verified.
fn remarks(stands: &[&Stand<'_>], language: Language) -> Vec<String> {
    let vi = language == Language::Vi;
    let mut lines = Vec::new();
    let Some(last) = stands.last() else { return lines };
    lines.push(String::new());
    lines.push(
        (if vi { "Giải thích từng điểm:" } else { "Where every point comes from:" }).to_owned(),
    );
    let explained = |point: &Point| {
        let mut text = format!("{}: {}", point.criterion, point.why.get(language));
        if !point.evidence.is_empty() {
            text.push_str(if vi { "; minh chứng: " } else { "; evidence: " });
            text.push_str(&point.evidence);
        }
        text
    };
    for point in &last.assessment.points {
        lines.extend(wrap(&explained(point), WIDTH, "  "));
    }
    for stand in stands {
        for point in stand.assessment.points.iter().filter(|point| !point.reason.is_empty()) {
            let stage = stage_words(stand.stage);
            let text = format!("{} {}: {}", point.criterion, stage.get(language), point.reason);
            lines.extend(wrap(&text, WIDTH, "  "));
        }
    }
    for because in &last.assessment.because {
        lines.extend(wrap(because.get(language), WIDTH, ""));
    }
    if !last.assessment.not_verified.is_empty() {
        lines.push((if vi { "Chưa xác minh được:" } else { "Not verified:" }).to_owned());
    }
    for said in &last.assessment.not_verified {
        lines.extend(wrap(said.get(language), WIDTH, "  "));
    }
    lines
}

async fn rescore(place: &Place, arguments: &RescoreArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let plan = must_have_plan(&store).await?;
    let pack = &plan.pack;
    let Some(ruleset) = pack.rulesets.iter().find(|ruleset| ruleset.id == arguments.ruleset) else {
        let known: Vec<&str> = pack.rulesets.iter().map(|ruleset| ruleset.id.as_str()).collect();
        refuse!(
            "kế hoạch không có bộ tiêu chí `{ruleset}`; các bộ tiêu chí gồm {known}",
            "the plan has no ruleset `{ruleset}`; it has {known}",
            ruleset = &arguments.ruleset,
            known = known.join(", ")
        );
    };
    let register = store.register().await?;
    let sheets = store.sheets(arguments.year).await?;
    let decisions: Vec<Scored<'_>> = sheets
        .iter()
        .filter(|on_file| on_file.stage == Stage::Decision)
        .map(|on_file| Scored {
            organisation: on_file.organisation,
            ruleset: &on_file.ruleset,
            sheet: &on_file.sheet,
        })
        .collect();
    let rescored = year::rescore(pack, ruleset, &register, &decisions, arguments.year, Date::MAX);
    let language = arguments.lang.into();
    if arguments.json {
        output::json(&rescore_json(&register, arguments, ruleset, &rescored))?;
    } else {
        for line in rescore_lines(&register, arguments.year, ruleset, &rescored, language) {
            output::say(&line)?;
        }
    }
    Ok(Outcome::Done)
}

fn rescore_json(
    register: &Register,
    arguments: &RescoreArguments,
    ruleset: &Ruleset,
    rescored: &[Rescored<'_>],
) -> Value {
    let rows: Vec<Value> = rescored
        .iter()
        .map(|row| {
            let organisation = register.organisation(row.decision.organisation);
            json!({
                "organisation": organisation.map(|organisation| organisation.id),
                "name": organisation.map(|organisation| &organisation.name),
                "decided": {
                    "ruleset": row.decision.ruleset,
                    "score_tenths": row.decision.score_tenths,
                    "grade": row.decision.grade.code(),
                },
                "same_total": row.same_total.map(Grade::code),
                "by_criteria": row.by_criteria(ruleset).map(Grade::code),
                "span": row.assessment.span(),
                "scored": row.scored,
                "criteria": row.assessment.points.len(),
                "because": row.because,
            })
        })
        .collect();
    json!({
        "ledger_position": register.position,
        "year": arguments.year,
        "ruleset": ruleset.id,
        "dry": true,
        "organisations": rows,
    })
}

fn rescore_lines(
    register: &Register,
    year: i16,
    ruleset: &Ruleset,
    rescored: &[Rescored<'_>],
    language: Language,
) -> Vec<String> {
    let vi = language == Language::Vi;
    let mut lines =
        vec![format!("{} {year} · {}", if vi { "Xếp loại năm" } else { "Grades of" }, ruleset.id)];
    lines.extend(wrap(
        if vi {
            "Tính thử, không ghi vào sổ cái. “Cùng tổng điểm”: tổng điểm đã quyết định đọc theo khung và \
             điều kiện của bộ tiêu chí này. “Theo tiêu chí”: chỉ từ những tiêu chí có điểm chuyển sang được \
             hoặc tính được từ báo cáo năm; khoảng điểm cho biết phần còn để ngỏ."
        } else {
            "A trial; nothing is filed. “Same total”: the decided total read by the bands and exclusions of \
             this ruleset. “By criteria”: only from criteria whose score carries over or follows from the \
             return; the span shows what stays open."
        },
        WIDTH,
        "",
    ));
    lines.push(String::new());
    let heads = if vi {
        ["Tổ chức", "Điểm", "Đã xếp", "Cùng tổng điểm", "Theo tiêu chí"]
    } else {
        ["Organisation", "Points", "Decided", "Same total", "By criteria"]
    };
    let [name, points, decided, same, by] = heads;
    let mut table = Table::new(&[
        (name, Align::Left),
        (points, Align::Right),
        (decided, Align::Left),
        (same, Align::Left),
        (by, Align::Left),
    ]);
    for row in rescored {
        let span = row.assessment.span();
        let by_criteria = row.by_criteria(ruleset).map_or_else(
            || {
                let (least, most) = (span.least_tenths, span.most_tenths);
                format!("{}–{}", show_in(least, language), show_in(most, language))
            },
            |grade| grade_words(Some(grade), language),
        );
        table.row(vec![
            name_of(register, row.decision.organisation).to_owned(),
            show_in(row.decision.score_tenths, language),
            grade_words(Some(row.decision.grade), language),
            grade_words(row.same_total, language),
            by_criteria,
        ]);
    }
    lines.extend(table.lines(WIDTH));
    let moved = rescored.iter().filter(|row| row.same_total != Some(row.decision.grade)).count();
    let count = |count: usize| whole(i64::try_from(count).unwrap_or(i64::MAX), language);
    lines.push(format!(
        "{}/{} {}",
        count(moved),
        count(rescored.len()),
        if vi {
            "tổ chức đổi xếp loại với cùng tổng điểm"
        } else {
            "change their grade with the same total"
        }
    ));
    lines
}

async fn matrix(place: &Place, arguments: &MatrixArguments) -> Result<Outcome> {
    if arguments.from >= arguments.to {
        refuse!(
            "năm {from} không trước năm {to}",
            "the year {from} does not come before {to}",
            from = arguments.from,
            to = arguments.to
        );
    }
    let store = place.open().await?;
    let register = store.register().await?;
    let years = (arguments.from, arguments.to);
    let matrix = Matrix::between(&register, years, Date::MAX, |_| true);
    let (up, same, down) = matrix.moves();
    if arguments.json {
        let rows: Vec<Value> = Cell::ALL
            .into_iter()
            .map(|from| {
                let to: BTreeMap<&str, i64> =
                    Cell::ALL.into_iter().map(|to| (to.code(), matrix.count(from, to))).collect();
                json!({ "from": from.code(), "to": to })
            })
            .collect();
        output::json(&json!({
            "ledger_position": register.position,
            "from": arguments.from,
            "to": arguments.to,
            "rows": rows,
            "up": up, "same": same, "down": down,
        }))?;
        return Ok(Outcome::Done);
    }
    let language: Language = arguments.lang.into();
    let vi = language == Language::Vi;
    let heads: Vec<Words> = Cell::ALL.into_iter().map(Cell::words).collect();
    let corner = format!("{} ↓  {} →", arguments.from, arguments.to);
    let mut columns = vec![(corner.as_str(), Align::Left)];
    columns.extend(heads.iter().map(|head| (head.get(language), Align::Right)));
    let mut table = Table::new(&columns);
    for from in Cell::ALL {
        let mut cells = vec![from.words().get(language).to_owned()];
        cells.extend(Cell::ALL.into_iter().map(|to| whole(matrix.count(from, to), language)));
        table.row(cells);
    }
    for line in table.lines(WIDTH) {
        output::say(&line)?;
    }
    let [up, same, down] = [up, same, down].map(|count| whole(count, language));
    output::say(&if vi {
        format!("Lên hạng: {up} · giữ nguyên: {same} · xuống hạng: {down}")
    } else {
        format!("Up: {up} · unchanged: {same} · down: {down}")
    })?;
    Ok(Outcome::Done)
}

/// A whole number in a table, without the leading zero of official prose.
pub(crate) fn whole(count: i64, language: Language) -> String {
    #[expect(clippy::cast_precision_loss, reason = "counts and amounts stay far below 2^53")]
    let count = count as f64;
    number::show(count, 0, language)
}
