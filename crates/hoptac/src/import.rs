//! `hoptac import`: spreadsheets looked over row by row, filed in one transaction, listed and taken back.

use anyhow::{Result, bail};
use hoptac_intake::sheet::{
    self, Ask, Asked, Book, BookFault, CellFinding, Handed, Mark, Reading, column_of, letters,
    take_in,
};
use hoptac_model::filing::Hash;
use hoptac_model::filing::import::ImportCounts;
use hoptac_model::finding::Severity;
use hoptac_model::ids::ImportId;
use hoptac_model::import::{ImportRow, Verdict, counts};
use hoptac_model::seal::Key;
use hoptac_model::sheet::SheetForm;
use hoptac_model::text::{Language, Words, sentence};
use hoptac_model::{date, number, words};
use hoptac_office::import::{Accept, Edge, Imported, SheetFile};
use hoptac_office::member::Seals;
use hoptac_office::{Actor, Refusal};
use hoptac_store::{ImportOnFile, Store};
use serde_json::{Value, json};

use crate::cli::import::{AcceptWord, ImportArguments, ImportFile, ImportVerb};
use crate::cli::organisation::Who;
use crate::cli::{Lang, Place};
use crate::progress::Progress;
use crate::sentence::{Sentence, refuse, said};
use crate::{Outcome, clock, export, filing, keys, output, view};

/// How many rows the screen shows; `--json` has them all.
const SHOWN: usize = 40;
/// Progress is told for files of at least so many rows.
const LONG: usize = 2000;

pub(crate) async fn import(place: &Place, arguments: &ImportArguments) -> Result<Outcome> {
    match &arguments.verb {
        None => take(place, &arguments.file).await,
        Some(ImportVerb::List { json, lang }) => list(place, *json, *lang).await,
        Some(ImportVerb::Show { import, json, lang }) => show(place, *import, *json, *lang).await,
        Some(ImportVerb::Undo { import, reason, who, json, lang }) => {
            undo(place, *import, reason, who, *json, *lang).await
        }
    }
}

/// The forms that the adopted plan makes.
pub(crate) async fn forms(store: &Store) -> Result<Vec<SheetForm>> {
    let plan = view::must_have_plan(store).await?;
    Ok(SheetForm::all(&plan.pack))
}

/// The names of forms, for a sentence.
pub(crate) fn names(forms: &[SheetForm]) -> String {
    let names: Vec<&str> = forms.iter().map(|form| form.id.as_str()).collect();
    names.join(", ")
}

async fn take(place: &Place, arguments: &ImportFile) -> Result<Outcome> {
    let language: Language = arguments.lang.into();
    let actor = filing::actor(&arguments.who)?;
    let Some(path) = &arguments.file else { refuse!("hãy nêu một tệp", "name a file") };
    let store = place.open().await?;
    export::must_be_unit(&store, arguments.unit.as_deref()).await?;
    let told = |fault: BookFault| {
        anyhow::Error::new(said!(
            "{file}: {problem}; {remedy}",
            "{file}: {problem}; {remedy}",
            file = path.display().to_string(),
            problem = fault.problem,
            remedy = fault.remedy
        ))
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let bytes = crate::sheet::bytes_of(path)?;
    let hash = Hash::of(&bytes);
    let book = Book::open(&name, bytes).map_err(told)?;
    let forms = forms(&store).await?;
    let asked = Asked {
        form: arguments.form.clone(),
        unit: arguments.unit.clone(),
        year: arguments.year,
        ask: Ask {
            sheet: arguments.sheet.clone(),
            told: arguments.mapping.as_deref().map(mapping).transpose()?.unwrap_or_default(),
            head_row: arguments.head_row,
            ..Ask::default()
        },
        remembered: remembered(&store.imports().await?, &actor.signature()),
    };
    let organisation = match &arguments.org {
        Some(name) => Some(crate::member::must_find(&store, name).await?),
        None => None,
    };
    let mut bar = Rows::new(language);
    let handed = take_in(&book, &forms, &asked, &mut |rows| bar.read(rows)).map_err(told)?;
    let Handed { form, year, mut reading, columns, rows } = handed;
    let file = SheetFile {
        name,
        hash,
        form,
        sheet: reading.sheet.clone(),
        columns,
        year,
        on: arguments.effective_on.unwrap_or_else(clock::today),
        organisation,
        rows,
    };
    // Columns that only their content speaks for are confirmed before anything is filed under them.
    let proposed = proposed(&file.form, &reading);
    let accept = match (arguments.dry_run || proposed.is_some(), arguments.accept) {
        (true, _) => Accept::Nothing,
        (false, AcceptWord::Good) => Accept::Good,
        (false, AcceptWord::All) => Accept::All,
    };
    let total = file.rows.len();
    // Only rolls of members are sealed; nobody needs the key for anything else.
    let master = match file.form.id.as_str() {
        SheetForm::MEMBERS => Some(place.master_key(&store).await?),
        _ => None,
    };
    let progress = &mut |done| bar.judged(done, total);
    let imported = run(&store, &actor, &file, accept, master.as_ref(), progress).await?;
    sheet::settle(&mut reading.findings, &imported.rows);
    let rejected = counts(&imported.rows).rejected;
    let outcome = if rejected > 0 { Outcome::Findings } else { Outcome::Done };
    if let Some(out) = &arguments.marked {
        let marks = marks(&file, &reading.findings, &imported.rows, language);
        export::write(out, &sheet::marked(&book, &file.sheet, &marks, language)?)?;
    }
    if arguments.json {
        let mut told = to_json(&file, &reading.findings, reading.unsaid, &imported);
        if let (Some(object), Some(proposed)) = (told.as_object_mut(), &proposed) {
            object.insert("proposed".to_owned(), json!(proposed));
        }
        output::json(&told)?;
    } else {
        tell(&file, &reading.findings, &imported, language)?;
        if let Some(proposed) = &proposed {
            for line in confirm(&file.form, &reading, proposed, language) {
                output::say(&line)?;
            }
        }
    }
    Ok(if proposed.is_some() && !arguments.dry_run { Outcome::Findings } else { outcome })
}

/// Columns that only their content speaks for, as `--mapping` confirms them; none where there is none.
fn proposed(form: &SheetForm, reading: &Reading) -> Option<String> {
    let columns = reading.columns.iter().filter(|found| found.is_proposed());
    let pairs: Vec<String> = columns
        .filter_map(|found| {
            Some(format!("{}={}", form.columns.get(found.column)?.id, letters(found.at)))
        })
        .collect();
    (!pairs.is_empty()).then(|| pairs.join(","))
}

/// Which columns are proposed, and how that is confirmed.
fn confirm(form: &SheetForm, reading: &Reading, proposed: &str, language: Language) -> Vec<String> {
    let columns = reading.columns.iter().filter(|found| found.is_proposed());
    let mut lines: Vec<String> = columns
        .filter_map(|found| {
            let column = form.columns.get(found.column)?;
            let head = match (found.head.as_str(), language) {
                ("", Language::Vi) => "(không có tiêu đề)".to_owned(),
                ("", Language::En) => "(no head)".to_owned(),
                (head, Language::Vi) => format!("“{head}”"),
                (head, Language::En) => format!("`{head}`"),
            };
            let word = if language == Language::Vi { "cột" } else { "column" };
            let is = column.head.get(language);
            Some(format!("    {word} {} {head} → {is}", letters(found.at)))
        })
        .collect();
    let words = words!(
        "Có cột được đoán theo giá trị trong cột nên chưa ghi gì. Nếu đúng, thêm --mapping {proposed}; lần sau cùng tiêu đề sẽ được hiểu như vậy",
        "Columns were guessed from what stands in them, so that nothing was filed. Where it is right, add --mapping {proposed}; the same heads will be read so from then on",
        proposed
    );
    lines.extend(output::wrap(words.get(language), output::WIDTH, ""));
    lines
}

/// Looks a file over or files it.
async fn run(
    store: &Store,
    actor: &Actor,
    file: &SheetFile,
    accept: Accept,
    master: Option<&Key>,
    progress: &mut (dyn FnMut(usize) + Send),
) -> Result<Imported> {
    let at = clock::now();
    let mut fresh = || clock::filing_id(at).0;
    let mut chance = keys::chance;
    let seals = master.map(|master| Seals { master, chance: &mut chance });
    let mut edge = Edge {
        recorded_at: at,
        now: clock::now,
        import: ImportId(fresh()),
        fresh: &mut fresh,
        seals,
    };
    match hoptac_office::import::run(store, actor, file, accept, &mut edge, progress).await {
        Ok(imported) => Ok(imported),
        Err(Refusal::Store(error)) => Err(error.into()),
        Err(refusal) => bail!(Sentence(refusal.sentence())),
    }
}

/// Heads under which a sender kept columns in earlier imports, the newest last, so that it wins.
pub(crate) fn remembered(imports: &[ImportOnFile], actor: &str) -> Vec<(String, String, String)> {
    let own =
        imports.iter().rev().filter(|import| import.actor == actor && import.undone.is_none());
    own.flat_map(|import| {
        let columns = import.taken.columns.iter().filter(|column| !column.head.is_empty());
        columns
            .map(|column| (import.taken.form.clone(), column.head.clone(), column.column.clone()))
    })
    .collect()
}

/// Reads `code=B,name=C,capital=-`.
fn mapping(text: &str) -> Result<Vec<(String, Option<usize>)>> {
    let mut told = Vec::new();
    for part in text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()) {
        let Some((column, letters)) = part.split_once('=') else {
            refuse!(
                "`{part}` không chỉ ra cột nào; hãy viết `code=B,name=C`, không có cột thì viết `capital=-`",
                "`{part}` says no column; write `code=B,name=C`, and `capital=-` for none",
                part
            );
        };
        let at = match letters.trim() {
            "-" => None,
            letters => match column_of(letters) {
                Some(at) => Some(at),
                None => refuse!(
                    "`{letters}` không phải cột của bảng tính; hãy viết chữ của cột",
                    "`{letters}` is no column of a spreadsheet; write its letters",
                    letters
                ),
            },
        };
        told.push((column.trim().to_owned(), at));
    }
    Ok(told)
}

/// Tells how far a long file is.
struct Rows {
    language: Language,
    progress: Progress,
}

impl Rows {
    fn new(language: Language) -> Self {
        Self { language, progress: Progress::new() }
    }

    fn read(&mut self, rows: usize) {
        self.tell("đã đọc", "read", rows, None);
    }

    fn judged(&mut self, done: usize, total: usize) {
        if total >= LONG {
            self.tell("đã đối chiếu", "compared", done, Some(total));
        }
    }

    fn tell(&mut self, vi: &str, en: &str, done: usize, total: Option<usize>) {
        let Self { language, progress } = self;
        progress.tell(|| {
            let count =
                |count: usize| number::whole(i64::try_from(count).unwrap_or(i64::MAX), *language);
            let of = total.map(|total| format!(" / {}", count(total))).unwrap_or_default();
            match language {
                Language::Vi => format!("{vi} {}{of} dòng", count(done)),
                Language::En => format!("{en} {}{of} rows", count(done)),
            }
        });
    }
}

fn tell(
    file: &SheetFile,
    findings: &[CellFinding],
    imported: &Imported,
    language: Language,
) -> Result<()> {
    let vi = language == Language::Vi;
    let title = file.form.title.get(language);
    output::say(&if vi {
        format!("{title}: tệp {}, trang “{}”", file.name, file.sheet)
    } else {
        format!("{title}: file {}, sheet `{}`", file.name, file.sheet)
    })?;
    output::say(&format!("  {}", sums(counts(&imported.rows), language)))?;
    // What is wrong with the sheet itself stands in no row, and without it nobody knows why its rows are turned down.
    let in_row = |finding: &CellFinding| file.rows.iter().any(|row| row.number == finding.row);
    for finding in findings.iter().filter(|finding| !in_row(finding)) {
        for line in
            output::wrap(&format!("    {}", at_cell(finding, language)), output::WIDTH, "    ")
        {
            output::say(&line)?;
        }
    }
    for left_out in &imported.unmentioned {
        let told = sentence(left_out.told().get(language));
        for line in output::wrap(&format!("    {told}"), output::WIDTH, "    ") {
            output::say(&line)?;
        }
    }
    let mut left = SHOWN;
    let worth =
        imported.rows.iter().filter(|row| row.verdict != Verdict::Same || !row.findings.is_empty());
    let mut unshown = 0_usize;
    for row in worth {
        if left == 0 {
            unshown += 1;
            continue;
        }
        left -= 1;
        for line in row_lines(file, row, findings, language) {
            for line in output::wrap(&line, output::WIDTH, "    ") {
                output::say(&line)?;
            }
        }
    }
    if unshown > 0 {
        output::say(&if vi {
            format!("… và {unshown} dòng nữa; xem đủ bằng --json")
        } else {
            format!("… and {unshown} more rows; see them all with --json")
        })?;
    }
    for line in output::wrap(&ending(imported, language), output::WIDTH, "") {
        output::say(&line)?;
    }
    Ok(())
}

/// What became of the file, in a sentence.
fn ending(imported: &Imported, language: Language) -> String {
    let words = if let Some(refused) = &imported.refused {
        refused.clone()
    } else if let Some(filed) = &imported.filed {
        let count = |language| number::whole(i64::from(filed.taken.filings), language);
        Words::new(
            format!("Đã ghi {} hồ sơ; mã lần nhập {}", count(Language::Vi), filed.id),
            format!("{} filings; the import is {}", count(Language::En), filed.id),
        )
    } else if let Some(before) = &imported.before {
        let day = clock::day_of(before.recorded_at);
        Words::new(
            format!(
                "Tệp này đã được nhập ngày {} (mã {}); không ghi thêm gì",
                date::show(day, Language::Vi),
                before.id
            ),
            format!(
                "This file was imported on {} already (import {}); nothing was filed",
                date::show(day, Language::En),
                before.id
            ),
        )
    } else {
        Words::new("Chưa ghi gì vào sổ cái", "Nothing was filed")
    };
    words.get(language).to_owned()
}

fn sums(counts: ImportCounts, language: Language) -> String {
    let of = [counts.new, counts.changed, counts.same, counts.doubtful, counts.rejected];
    let parts = Verdict::ALL.into_iter().zip(of).map(|(verdict, count)| {
        format!("{} {}", number::whole(i64::from(count), language), verdict.words().get(language))
    });
    parts.collect::<Vec<_>>().join(" · ")
}

/// What was found at a cell, and what to do.
fn at_cell(finding: &CellFinding, language: Language) -> String {
    let row = if language == Language::Vi { "dòng " } else { "row " };
    format!(
        "{}{} {}: {}; {}",
        if finding.at.is_none() { row } else { "" },
        finding.cell(),
        finding.severity.word(language),
        finding.problem.get(language),
        finding.remedy.get(language)
    )
}

fn row_lines(
    file: &SheetFile,
    row: &ImportRow,
    findings: &[CellFinding],
    language: Language,
) -> Vec<String> {
    let word = row.verdict.words();
    let said = if language == Language::Vi { "dòng" } else { "row" };
    let mut lines = vec![format!("{said} {} ({}): {}", row.number, word.get(language), row.name)];
    if row.verdict == Verdict::Changed {
        for difference in &row.differences {
            let [head, before, after] = difference.told(&file.form, language);
            lines.push(format!("    {head}: {before} → {after}"));
        }
    }
    for near in &row.near {
        lines.push(format!("    ≈ {} ({})", near.name, near.alike.reason.get(language)));
    }
    for finding in findings.iter().filter(|finding| finding.row == row.number) {
        lines.push(format!("    {}", at_cell(finding, language)));
    }
    for finding in &row.findings {
        let cell = cell_of(file, row.number, &finding.field);
        lines.push(format!(
            "    {}{}: {}; {}",
            cell.map(|cell| format!("{cell} ")).unwrap_or_default(),
            finding.severity.word(language),
            finding.message.get(language),
            finding.remedy.get(language)
        ));
    }
    lines
}

/// What is marked in a copy of the file: everything that was found, at its cell.
fn marks(
    file: &SheetFile,
    findings: &[CellFinding],
    rows: &[ImportRow],
    language: Language,
) -> Vec<Mark> {
    let says = |message: &Words, remedy: &Words| {
        format!("{} {}", sentence(message.get(language)), sentence(remedy.get(language)))
    };
    let mut marks: Vec<Mark> = findings
        .iter()
        .map(|finding| Mark {
            row: finding.row,
            at: finding.at.unwrap_or(0),
            stops: finding.severity == Severity::Error,
            says: says(&finding.problem, &finding.remedy),
        })
        .collect();
    for row in rows {
        let of_row = row.findings.iter().map(|finding| Mark {
            row: row.number,
            at: column_at(file, &finding.field).and_then(column_of).unwrap_or(0),
            stops: finding.is_error(),
            says: says(&finding.message, &finding.remedy),
        });
        marks.extend(of_row);
        let near = row.near.iter().filter(|_| row.verdict == Verdict::Doubtful).map(|near| Mark {
            row: row.number,
            at: column_at(file, "name").and_then(column_of).unwrap_or(0),
            stops: false,
            says: format!("≈ {} ({}).", near.name, near.alike.reason.get(language)),
        });
        marks.extend(near);
    }
    marks
}

/// The letters of the column of the sheet in which a column of the form stands.
fn column_at<'f>(file: &'f SheetFile, field: &str) -> Option<&'f str> {
    let id = field.rsplit('.').next().unwrap_or(field);
    file.columns.iter().find(|column| column.column == id).map(|column| column.at.as_str())
}

/// The cell of a row in which a column of the form stands.
fn cell_of(file: &SheetFile, row: u32, field: &str) -> Option<String> {
    column_at(file, field).map(|at| format!("{at}{row}"))
}

fn to_json(file: &SheetFile, findings: &[CellFinding], unsaid: u64, imported: &Imported) -> Value {
    let value = |value: &Option<hoptac_model::sheet::CellValue>| match value {
        None => Value::Null,
        Some(hoptac_model::sheet::CellValue::Text(text)) => json!(text),
        Some(hoptac_model::sheet::CellValue::Whole(whole)) => json!(whole),
        Some(hoptac_model::sheet::CellValue::Decimal(number)) => json!(number),
        Some(hoptac_model::sheet::CellValue::Day(day)) => json!(day),
    };
    json!({
        "form": file.form.id,
        "version": file.form.version,
        "sheet": file.sheet,
        "columns": file.columns,
        "counts": counts(&imported.rows),
        "import": imported.filed.as_ref().map(|filed| filed.id),
        "filings": imported.filed.as_ref().map_or(0, |filed| filed.taken.filings),
        "before": imported.before.as_ref().map(|before| before.id),
        "refused": imported.refused,
        "rows": imported.rows.iter().map(|row| json!({
            "row": row.number,
            "verdict": row.verdict,
            "name": row.name,
            "organisation": row.organisation,
            "differences": row.differences.iter().map(|difference| json!({
                "column": difference.column,
                "cell": cell_of(file, row.number, &difference.column),
                "before": value(&difference.before), "after": value(&difference.after),
            })).collect::<Vec<_>>(),
            "near": row.near.iter().map(|near| json!({
                "organisation": near.organisation, "name": near.name,
                "percent": near.alike.percent, "reason": near.alike.reason,
            })).collect::<Vec<_>>(),
            "findings": row.findings.iter().map(|finding| json!({
                "severity": finding.severity, "cell": cell_of(file, row.number, &finding.field),
                "rule": finding.name(), "problem": finding.message, "remedy": finding.remedy,
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "findings": findings.iter().map(|finding| json!({
            "severity": finding.severity, "cell": finding.cell(), "column": finding.column,
            "rule": finding.rule, "problem": finding.problem, "remedy": finding.remedy,
        })).collect::<Vec<_>>(),
        "unsaid": unsaid,
        "unmentioned": imported.unmentioned,
    })
}

async fn list(place: &Place, as_json: bool, lang: Lang) -> Result<Outcome> {
    let language: Language = lang.into();
    let imports = place.open().await?.imports().await?;
    if as_json {
        output::json(&imports.iter().map(import_json).collect::<Vec<_>>())?;
        return Ok(Outcome::Done);
    }
    if imports.is_empty() {
        output::say(
            Words::new("Chưa nhập bảng tính nào", "No spreadsheet was imported yet").get(language),
        )?;
    }
    for import in &imports {
        output::say(&format!(
            "{}  {}  {}  {}",
            import.id,
            date::show(clock::day_of(import.recorded_at), language),
            import.taken.form,
            import.taken.file_name
        ))?;
        let undone = match (import.undone, language) {
            (None, _) => String::new(),
            (Some(position), Language::Vi) => format!(" · đã rút lại (hồ sơ số {position})"),
            (Some(position), Language::En) => format!(" · taken back at position {position}"),
        };
        output::say(&format!("  {}{undone}", sums(import.taken.counts, language)))?;
    }
    Ok(Outcome::Done)
}

fn import_json(import: &ImportOnFile) -> Value {
    json!({
        "import": import.id, "actor": import.actor, "recorded_at": import.recorded_at,
        "first": import.first, "position": import.position, "undone": import.undone,
        "taken": import.taken,
    })
}

async fn show(place: &Place, id: ImportId, as_json: bool, lang: Lang) -> Result<Outcome> {
    let language: Language = lang.into();
    let store = place.open().await?;
    let Some(import) = store.find_import(id).await? else {
        refuse!(
            "không có lần nhập {id}; `hoptac import list` liệt kê tất cả",
            "there is no import {id}; `hoptac import list` has them all",
            id = id.to_string()
        );
    };
    let mut filings = Vec::new();
    let mut after = import.first.saturating_sub(1);
    while after + 1 < import.position {
        let lot = store.filings(after, 1000).await?;
        let Some(last) = lot.last() else { break };
        after = last.position;
        filings.extend(lot.into_iter().filter(|filing| filing.position < import.position));
    }
    if as_json {
        let mut value = import_json(&import);
        if let Some(object) = value.as_object_mut() {
            let filings: Result<Vec<Value>> = filings.iter().map(filing::to_json).collect();
            object.insert("filings".to_owned(), Value::Array(filings?));
        }
        output::json(&value)?;
        return Ok(Outcome::Done);
    }
    output::say(&format!("{} · {}", import.taken.file_name, import.taken.form))?;
    output::say(&format!("  {}", sums(import.taken.counts, language)))?;
    output::say(&format!("  SHA-256 {}", import.taken.file_hash))?;
    for column in &import.taken.columns {
        output::say(&format!("  {:>3}  “{}” → {}", column.at, column.head, column.column))?;
    }
    for filing in &filings {
        output::say(&format!(
            "  {:>8}  {}  {}  {}",
            filing.position,
            date::show(filing.effective_on, language),
            filing.kind.code(),
            filing.subject.0
        ))?;
    }
    Ok(Outcome::Done)
}

async fn undo(
    place: &Place,
    id: ImportId,
    reason: &str,
    who: &Who,
    as_json: bool,
    lang: Lang,
) -> Result<Outcome> {
    let language: Language = lang.into();
    let actor = filing::actor(who)?;
    let store = place.open().await?;
    let at = clock::now();
    let mut fresh = || clock::filing_id(at).0;
    let mut edge =
        Edge { recorded_at: at, now: clock::now, import: id, fresh: &mut fresh, seals: None };
    let mut bar = Rows::new(language);
    let progress = &mut |done| bar.judged(done, LONG);
    match hoptac_office::import::undo(&store, &actor, id, reason, &mut edge, progress).await {
        Ok(undone) if as_json => {
            output::json(&json!({"filings": undone.filings, "position": undone.position}))?;
            Ok(Outcome::Done)
        }
        Ok(undone) => {
            let count = |language| number::whole(i64::from(undone.filings), language);
            let words = Words::new(
                format!("Đã rút lại {} hồ sơ của lần nhập", count(Language::Vi)),
                format!("{} filings of the import were struck", count(Language::En)),
            );
            output::say(words.get(language))?;
            Ok(Outcome::Done)
        }
        Err(Refusal::Invalid(findings)) => {
            if as_json {
                output::json(&json!({ "findings": findings }))?;
                return Ok(Outcome::Findings);
            }
            for finding in findings.iter().filter(|finding| finding.severity == Severity::Error) {
                let line =
                    format!("{}; {}", finding.message.get(language), finding.remedy.get(language));
                for line in output::wrap(&line, output::WIDTH, "  ") {
                    output::say(&line)?;
                }
            }
            Ok(Outcome::Findings)
        }
        Err(Refusal::Store(error)) => Err(error.into()),
        Err(refusal) => bail!(Sentence(refusal.sentence())),
    }
}
