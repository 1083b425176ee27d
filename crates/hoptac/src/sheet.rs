//! `hoptac sheet check`: a spreadsheet read as the rows of a form, with what is wrong in which cell. It files nothing.

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use hoptac_intake::sheet::{
    self, Ask, BYTES_MAX, Book, BookFault, ColumnMatch, Reading, Skipped, Stamp, letters,
};
use hoptac_model::number;
use hoptac_model::sheet::SheetForm;
use hoptac_model::text::Language;
use serde_json::json;

use crate::cli::Place;
use crate::cli::sheet::CheckArguments;
use crate::sentence::{not_opened, refuse, said};
use crate::{Outcome, import, output};

/// How many findings the screen shows; `--json` has them all.
const SHOWN: usize = 40;

pub(crate) async fn check(place: &Place, arguments: &CheckArguments) -> Result<Outcome> {
    let language: Language = arguments.lang.into();
    let form = if arguments.form == SheetForm::ORGANISATIONS {
        SheetForm::organisations()
    } else {
        let forms = import::forms(&place.open().await?).await?;
        let named = forms.iter().find(|form| form.id == arguments.form);
        let Some(form) = named else {
            refuse!(
                "không có biểu mẫu `{form}`; các biểu mẫu gồm {forms}",
                "there is no form `{form}`; the forms are {forms}",
                form = &arguments.form,
                forms = import::names(&forms)
            );
        };
        form.clone()
    };
    let told = |fault: BookFault| {
        anyhow::Error::new(said!(
            "{file}: {problem}; {remedy}",
            "{file}: {problem}; {remedy}",
            file = arguments.file.display().to_string(),
            problem = fault.problem,
            remedy = fault.remedy
        ))
    };
    let name = arguments.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let book = Book::open(&name, bytes_of(&arguments.file)?).map_err(told)?;
    if let Some(stamp) = Stamp::of(&book).map_err(told)? {
        of_this_form(&stamp, &form)?;
    }
    let ask = Ask { sheet: arguments.sheet.clone(), ..Ask::default() };
    let reading = sheet::read(&book, &form, &ask, &mut |_| ()).map_err(told)?;
    let outcome = if reading.faulty > 0 { Outcome::Findings } else { Outcome::Done };
    if arguments.json {
        output::json(&to_json(&form, &reading))?;
        return Ok(outcome);
    }
    show(&form, &reading, language)?;
    Ok(outcome)
}

/// The file's bytes, but no more than a table may have.
pub(crate) fn bytes_of(path: &Path) -> Result<Vec<u8>> {
    let file = std::fs::File::open(path).with_context(|| not_opened(path))?;
    let mut bytes = Vec::new();
    let most = u64::try_from(BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    file.take(most).read_to_end(&mut bytes).with_context(|| {
        said!("đọc tệp {file}", "reading {file}", file = path.display().to_string())
    })?;
    Ok(bytes)
}

/// A template of another form, or of a later version, says so itself.
fn of_this_form(stamp: &Stamp, form: &SheetForm) -> Result<()> {
    if stamp.form != form.id {
        refuse!(
            "tệp là mẫu của biểu `{stamped}`, không phải `{form}`; hãy nêu đúng biểu bằng --form",
            "the file is the template of `{stamped}`, not of `{form}`; name it by --form",
            stamped = &stamp.form,
            form = &form.id
        );
    }
    if stamp.version > form.version {
        refuse!(
            "mẫu có phiên bản {newer}, chương trình này biết đến phiên bản {known}; hãy dùng chương trình mới hơn",
            "the template has version {newer}, this program knows version {known}; use the newer program",
            newer = stamp.version.to_string(),
            known = form.version.to_string()
        );
    }
    Ok(())
}

fn show(form: &SheetForm, reading: &Reading, language: Language) -> Result<()> {
    let vi = language == Language::Vi;
    let (first, last) = reading.head;
    let (rows, faulty) = (i64::from(reading.rows), i64::from(reading.faulty));
    let (rows, faulty) = (number::whole(rows, language), number::whole(faulty, language));
    output::say(&if vi {
        format!(
            "Trang “{}”, tiêu đề dòng {first}–{last}: {rows} dòng dữ liệu, {faulty} dòng có lỗi",
            reading.sheet
        )
    } else {
        format!(
            "Sheet `{}`, heads in rows {first}–{last}: {rows} rows of data, {faulty} with faults",
            reading.sheet
        )
    })?;
    for found in &reading.columns {
        output::say(&format!("  {:>3}  {}", letters(found.at), column(form, found, language)))?;
    }
    for (at, head) in &reading.unknown {
        let said = if vi { "không dùng" } else { "not used" };
        output::say(&format!("  {:>3}  “{head}”: {said}", letters(*at)))?;
    }
    if !reading.skipped.is_empty() {
        let rows: Vec<String> = reading
            .skipped
            .iter()
            .take(20)
            .map(|(row, why)| format!("{row} ({})", why_word(*why, vi)))
            .collect();
        let more = if reading.skipped.len() > 20 { ", …" } else { "" };
        let said = if vi { "Bỏ qua dòng" } else { "Passed over rows" };
        for line in output::wrap(&format!("{said} {}{more}", rows.join(", ")), 80, "  ") {
            output::say(&line)?;
        }
    }
    for finding in reading.findings.iter().take(SHOWN) {
        let line = format!(
            "{} {}: {}; {} [{}]",
            finding.cell(),
            finding.severity.word(language),
            finding.problem.get(language),
            finding.remedy.get(language),
            finding.rule
        );
        for line in output::wrap(&line, 80, "  ") {
            output::say(&line)?;
        }
    }
    let left = reading.findings.len().saturating_sub(SHOWN) as u64 + reading.unsaid;
    if left > 0 {
        output::say(&if vi {
            format!("… và {left} điểm nữa; xem đủ bằng --json")
        } else {
            format!("… and {left} more; see them all with --json")
        })?;
    }
    Ok(())
}

fn column(form: &SheetForm, found: &ColumnMatch, language: Language) -> String {
    let name = form.columns.get(found.column).map_or("", |column| column.head.get(language));
    let unit = match found.unit {
        1_000 => " × 1.000",
        1_000_000 => " × 1.000.000",
        1_000_000_000 => " × 1.000.000.000",
        _ => "",
    };
    format!("“{}” → {name}{unit} ({} %)", found.head, found.sure)
}

fn why_word(why: Skipped, vi: bool) -> &'static str {
    match (why, vi) {
        (Skipped::Numbering, true) => "đánh số cột",
        (Skipped::Numbering, false) => "numbers the columns",
        (Skipped::Total, true) => "tổng cộng",
        (Skipped::Total, false) => "a sum",
        (Skipped::Remark, true) => "tiêu đề hoặc ghi chú",
        (Skipped::Remark, false) => "a title or remark",
        (Skipped::Example, true) => "dòng ví dụ",
        (Skipped::Example, false) => "the example",
    }
}

fn to_json(form: &SheetForm, reading: &Reading) -> serde_json::Value {
    let id = |index: usize| form.columns.get(index).map_or("", |column| column.id.as_str());
    json!({
        "form": form.id,
        "version": form.version,
        "sheet": reading.sheet,
        "head": [reading.head.0, reading.head.1],
        "columns": reading.columns.iter().map(|found| json!({
            "column": id(found.column), "at": letters(found.at), "head": found.head,
            "unit": found.unit, "sure": found.sure,
        })).collect::<Vec<_>>(),
        "unknown": reading.unknown.iter().map(|(at, head)| json!({"at": letters(*at), "head": head})).collect::<Vec<_>>(),
        "rows": reading.rows,
        "faulty": reading.faulty,
        "skipped": reading.skipped.iter().map(|(row, why)| json!({"row": row, "why": why_word(*why, false)})).collect::<Vec<_>>(),
        "findings": reading.findings.iter().map(|finding| json!({
            "severity": finding.severity, "cell": finding.cell(), "column": finding.column,
            "rule": finding.rule, "problem": finding.problem, "remedy": finding.remedy,
        })).collect::<Vec<_>>(),
        "unsaid": reading.unsaid,
    })
}
