//! `hoptac report`: the half-year and yearly report, the page for a leader, the list of grades, as documents.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use hoptac_engine::report::{Asked, contents, day_of, unit_of};
use hoptac_model::ids::OrganisationId;
use hoptac_model::pack::Pack;
use hoptac_model::period::Period;
use hoptac_model::register::Register;
use hoptac_model::report::{Contents, ReportFormat, ReportKind};
use hoptac_model::words;
use hoptac_report::document::{Document, Edits};
use hoptac_report::letterhead::Letterhead;
use hoptac_report::periodic::COLUMNS;
use hoptac_report::{compose, write};
use hoptac_store::Store;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::cli::Place;
use crate::cli::report::{LetterheadAsked, ReportArguments, ReportAsked};
use crate::sentence::{not_opened, refuse, said};
use crate::{Outcome, clock, output, view};

pub(crate) async fn run(place: &Place, arguments: &ReportArguments) -> Result<Outcome> {
    let target = match &arguments.out {
        Some(out) => Some((out.as_path(), format_of(out, arguments)?)),
        None => None,
    };
    if let Some((out, _)) = target
        && out.exists()
        && !arguments.force
    {
        refuse!(
            "đã có tệp {file}; hãy đặt tên khác, hoặc thêm --force",
            "{file} is there already; name another file, or add --force",
            file = out.display().to_string()
        );
    }
    let store = place.open().await?;
    let made = make(&store, &arguments.asked).await?;
    if let Some((out, format)) = target {
        let bytes =
            write(&made.document, format).context(said!("viết báo cáo", "writing the report"))?;
        keep(out, &bytes).with_context(|| {
            said!("ghi tệp {file}", "writing {file}", file = out.display().to_string())
        })?;
    }
    if arguments.json {
        output::json(&to_json(&made))?;
    } else if let Some((out, format)) = target {
        let line = words!(
            "đã ghi {file} (.{format}): {figures} số liệu, đến ngày {as_of}, theo hồ sơ số {position} trong sổ cái",
            "{file} written (.{format}): {figures} figures, as of {as_of}, ledger position {position}",
            file = out.display().to_string(),
            format = format.code(),
            figures = made.document.figures().len(),
            as_of = made.contents.as_of,
            position = made.contents.position
        );
        output::say(line.get(arguments.lang.into()))?;
    }
    Ok(Outcome::Done)
}

/// A report with what it was made from.
pub(crate) struct Made {
    pub(crate) contents: Contents,
    pub(crate) document: Document,
    pub(crate) edits: Edits,
}

/// Computes and composes what is asked.
pub(crate) async fn make(store: &Store, asked: &ReportAsked) -> Result<Made> {
    let kind = ReportKind::from(asked.kind);
    let period: Period = asked.period.parse()?;
    kind.takes(period)?;
    let as_of = day_of(period, asked.as_of, clock::today())?;
    let known = view::known_on(store, None).await?;
    let pack = view::must_be_known(known.plan, None)?.pack;
    must_be_computed(&pack, as_of)?;
    let code = asked.unit.as_deref().unwrap_or(&pack.setting.unit);
    let Some(unit) = unit_of(&known.places, &pack, code, as_of) else {
        refuse!(
            "địa bàn của kế hoạch không có đơn vị `{code}` vào ngày {as_of}; `hoptac unit list` liệt kê các đơn vị",
            "the plan's territory has no unit `{code}` on {as_of}; `hoptac unit list` shows the units",
            code,
            as_of
        );
    };
    let organisation = match (&asked.org, kind.is_about_organisation()) {
        (Some(name), true) => Some(organisation(&known.register, name, as_of)?),
        (None, true) => refuse!(
            "báo cáo `{kind}` viết về một tổ chức; hãy thêm --org",
            "the report `{kind}` is about one organisation; add --org",
            kind = kind.code()
        ),
        (Some(_), false) => {
            refuse!(
                "báo cáo `{kind}` không viết về tổ chức nào; hãy bỏ --org",
                "the report `{kind}` is about no organisation; leave --org out",
                kind = kind.code()
            )
        }
        (None, false) => None,
    };
    let asked_of = Asked { kind, period, as_of, unit, organisation, columns: &COLUMNS };
    let contents = contents(&known.register, &known.places, &pack, &asked_of);
    let mut document = compose(&contents, &pack, &letterhead(&asked.letterhead));
    let edits = match &asked.edits {
        Some(file) => edits(file)?,
        None => Edits::default(),
    };
    document.edit(&edits)?;
    Ok(Made { contents, document, edits })
}

/// The organisation of an identity or a code, which must have been founded by the day.
fn organisation(register: &Register, name: &str, day: Date) -> Result<OrganisationId> {
    let by_id = name.parse::<OrganisationId>().ok();
    let mut all = register.organisations.iter();
    let found = all.find(|one| by_id == Some(one.id) || one.code.as_deref() == Some(name));
    let Some(found) = found else {
        refuse!(
            "không có tổ chức `{name}`; `hoptac org list` liệt kê các tổ chức",
            "there is no organisation `{name}`; `hoptac org list` shows them",
            name
        );
    };
    if found.founded_on > day {
        refuse!(
            "{name} thành lập ngày {founded}, sau ngày {day}",
            "{name} was founded on {founded}, after {day}",
            name = &found.name,
            founded = found.founded_on,
            day
        );
    }
    Ok(found.id)
}

/// Years that the plan does not compute have no figures.
fn must_be_computed(pack: &Pack, as_of: Date) -> Result<()> {
    let (first, last) = (pack.setting.year_first, pack.setting.year_last);
    if (first..=last).contains(&as_of.year()) {
        return Ok(());
    }
    refuse!(
        "không tính số liệu cho năm {year}; kế hoạch được tính từ {first} đến {last}",
        "nothing is computed for {year}; the plan is computed from {first} to {last}",
        year = as_of.year(),
        first,
        last
    )
}

fn letterhead(asked: &LetterheadAsked) -> Letterhead {
    Letterhead {
        office: asked.office.clone(),
        number: asked.number.clone(),
        day: asked.day,
        signer: asked.signer.clone(),
        post: asked.post.clone(),
        capacity: asked.capacity.map(Into::into),
        recipients: asked.recipients.clone(),
    }
}

fn edits(file: &Path) -> Result<Edits> {
    let text = fs::read_to_string(file).with_context(|| not_opened(file))?;
    serde_json::from_str(&text).with_context(|| said!("{file} không phải danh sách câu; hãy viết một đối tượng JSON như {{\"opening\": \"…\"}}", "{file} is no list of sentences; write a JSON object like {{\"opening\": \"…\"}}", file = file.display().to_string()))
}

fn format_of(out: &Path, arguments: &ReportArguments) -> Result<ReportFormat> {
    if let Some(word) = arguments.format {
        return Ok(word.into());
    }
    let ending = out.extension().and_then(|ending| ending.to_str()).unwrap_or("");
    match ReportFormat::from_code(&ending.to_lowercase()) {
        Some(format) => Ok(format),
        None => refuse!(
            "tên {file} không cho biết định dạng; hãy đặt đuôi .docx, .pdf hoặc .xlsx, hoặc thêm --format",
            "the name {file} does not say the format; end it in .docx, .pdf or .xlsx, or add --format",
            file = out.display().to_string()
        ),
    }
}

/// Writes the bytes beside the file and renames them, so that there is the whole file or none.
pub(crate) fn keep(out: &Path, bytes: &[u8]) -> Result<()> {
    let Some(name) = out.file_name() else {
        refuse!("đường dẫn không nêu tên tệp", "the path names no file")
    };
    let part = out.with_file_name(format!(".{}.part", name.to_string_lossy()));
    let written = fs::File::create(&part).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let kept = written.and_then(|()| fs::rename(&part, out));
    if kept.is_err() {
        // The disk is full or the folder is not ours: what was begun is taken back.
        let _ = fs::remove_file(&part);
    }
    Ok(kept?)
}

/// The documented shape of `report --json` (docs/command-line.md).
fn to_json(made: &Made) -> Value {
    let Made { contents, document, edits } = made;
    let sentences: Vec<Value> =
        document.paragraphs().map(|one| json!({ "id": one.id, "text": one.text() })).collect();
    let figures: Vec<Value> = document
        .figures()
        .into_iter()
        .map(|(shown, source)| json!({ "shown": shown, "source": source }))
        .collect();
    json!({
        "kind": contents.kind,
        "period": contents.period,
        "as_of": contents.as_of,
        "geography": contents.geography,
        "unit": contents.unit.code,
        "unit_name": contents.unit.name,
        "ledger_position": contents.position,
        "synthetic": contents.synthetic,
        "title": document.title(),
        "edited": edits.keys().collect::<Vec<_>>(),
        "sentences": sentences,
        "figures": figures,
    })
}
