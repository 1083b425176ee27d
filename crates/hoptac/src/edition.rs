//! `hoptac edition`: reports that are issued, kept unchanged, verified, compared.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use hoptac_model::filing::edition::{EditionFile, EditionIssue};
use hoptac_model::filing::{Body, Draft, Hash, Origin, Subject};
use hoptac_model::report::{EditionFormat, ReportFormat};
use hoptac_model::text::Language;
use hoptac_model::{date, words};
use hoptac_office::{Actor, Role, edition as office};
use hoptac_report::compare::{Difference, differences};
use hoptac_report::document::Document;
use hoptac_report::{seal, tree, write};
use hoptac_store::{EditionOnFile, Store};
use serde_json::{Value, json};

use crate::cli::Place;
use crate::cli::edition::{EditionCommand, IssueArguments, ShowArguments};
use crate::output::{self, Align, Table};
use crate::report::{Made, keep, make};
use crate::sentence::{Sentence, not_opened, refuse, said};
use crate::{Outcome, clock};

pub(crate) async fn run(place: &Place, command: EditionCommand) -> Result<Outcome> {
    match command {
        EditionCommand::Issue(arguments) => issue(place, &arguments).await,
        EditionCommand::List { json, lang } => list(place, json, lang.into()).await,
        EditionCommand::Show(arguments) => show(place, &arguments).await,
        EditionCommand::Verify { name, json, lang } => {
            verify(place, &name, json, lang.into()).await
        }
        EditionCommand::Compare { before, after, json, lang } => {
            compare(place, &before, &after, json, lang.into()).await
        }
    }
}

async fn issue(place: &Place, arguments: &IssueArguments) -> Result<Outcome> {
    let letterhead = &arguments.asked.letterhead;
    let (Some(number), Some(_), Some(signer)) =
        (&letterhead.number, letterhead.day, &letterhead.signer)
    else {
        refuse!(
            "báo cáo ban hành phải có số, ngày và người ký; hãy thêm --number, --day và --signer",
            "a report is issued with its number, day and signer; add --number, --day and --signer"
        );
    };
    let store = place.open().await?;
    let made = make(&store, &arguments.asked).await?;
    let capacity = letterhead.capacity.map_or(hoptac_model::account::SignsFor::Tm, Into::into);
    let (code, issue, files) = prepare(&made, number, signer, capacity, &arguments.origin)?;
    let recorded_at = clock::now();
    let draft = Draft {
        id: clock::filing_id(recorded_at),
        recorded_at,
        effective_on: clock::today(),
        actor: arguments.actor.clone(),
        subject: Subject::edition(&code),
        expected_version: Some(0),
        origin: Origin::Live,
        key: None,
        body: Body::EditionIssue(Box::new(issue)),
    };
    let actor = Actor::new(arguments.actor.clone(), Role::Operator);
    let accepted = office::issue(&store, &actor, draft, &files).await.map_err(|refusal| {
        anyhow::Error::new(Sentence(refusal.sentence()))
            .context(said!("ban hành báo cáo", "issuing the report"))
    })?;
    let edition = must_find(&store, &code).await?;
    if arguments.json {
        output::json(&to_json(&edition))?;
    } else {
        let line = words!(
            "đã ban hành {code} bằng hồ sơ số {position}; `hoptac edition show {code} --out TỆP` ghi ra tệp",
            "edition {code} issued by the filing {position}; `hoptac edition show {code} --out FILE` writes it",
            code = &code,
            position = accepted.filing.position
        );
        output::say(line.get(arguments.lang.into()))?;
    }
    Ok(Outcome::Done)
}

/// The filing that issues a report, with the files that it proves.
fn prepare(
    made: &Made,
    number: &str,
    signer: &str,
    capacity: hoptac_model::account::SignsFor,
    origin: &str,
) -> Result<(String, EditionIssue, Vec<Vec<u8>>)> {
    let code = office::code(&tree(&made.document));
    let mut document = made.document.clone();
    let address = format!("{}/xac-minh/{code}", origin.trim_end_matches('/'));
    seal(&mut document, made.contents.kind, &address);
    let mut files = vec![(EditionFormat::Json, tree(&document))];
    for format in ReportFormat::ALL {
        files.push((
            format.into(),
            write(&document, format).context(said!("viết báo cáo", "writing the report"))?,
        ));
    }
    let issue = EditionIssue {
        report: made.contents.kind,
        period: made.contents.period,
        unit: made.contents.unit.id.clone(),
        organisation: made.contents.organisation.as_ref().map(|file| file.id),
        as_of: made.contents.as_of,
        figures_position: made.contents.position,
        title: made.document.title(),
        number: number.to_owned(),
        signer: signer.to_owned(),
        capacity,
        edits: made.edits.clone(),
        files: files
            .iter()
            .map(|(format, bytes)| EditionFile {
                format: *format,
                hash: Hash::of(bytes).to_string(),
                bytes: bytes.len() as u64,
            })
            .collect(),
    };
    Ok((code, issue, files.into_iter().map(|(_, bytes)| bytes).collect()))
}

async fn must_find(store: &Store, code: &str) -> Result<EditionOnFile> {
    match store.find_edition(code).await? {
        Some(edition) => Ok(edition),
        None => refuse!(
            "không có ấn bản `{code}`; `hoptac edition list` liệt kê các ấn bản",
            "no edition `{code}` was issued; `hoptac edition list` shows them",
            code
        ),
    }
}

/// A file of an edition, held against its hash.
async fn bytes(store: &Store, edition: &EditionOnFile, format: EditionFormat) -> Result<Vec<u8>> {
    let code = &edition.code;
    let Some(file) = edition.issue.file(format) else {
        refuse!(
            "ấn bản {code} không có tệp .{format}",
            "edition {code} has no .{format}",
            code,
            format = format.code()
        );
    };
    let Some(bytes) = store.kept_file(&file.hash).await? else {
        refuse!(
            "tệp .{format} của ấn bản {code} không còn; hãy chạy `hoptac verify`",
            "the .{format} of edition {code} is missing; run `hoptac verify`",
            code,
            format = format.code()
        );
    };
    if Hash::of(&bytes).to_string() != file.hash {
        refuse!(
            "tệp .{format} của ấn bản {code} đã bị thay đổi; hãy chạy `hoptac verify`",
            "the .{format} of edition {code} was changed; run `hoptac verify`",
            code,
            format = format.code()
        );
    }
    Ok(bytes)
}

async fn document(store: &Store, edition: &EditionOnFile) -> Result<Document> {
    let tree = bytes(store, edition, EditionFormat::Json).await?;
    serde_json::from_slice(&tree)
        .context(said!("đọc nội dung của ấn bản", "reading the tree of the edition"))
}

async fn list(place: &Place, as_json: bool, language: Language) -> Result<Outcome> {
    let store = place.open().await?;
    let editions = store.editions().await?;
    if as_json {
        output::json(&editions.iter().map(to_json).collect::<Vec<_>>())?;
        return Ok(Outcome::Done);
    }
    let vi = language == Language::Vi;
    let mut table = Table::new(&[
        (if vi { "Mã" } else { "Code" }, Align::Left),
        (if vi { "Số, ký hiệu" } else { "Number" }, Align::Left),
        (if vi { "Ban hành" } else { "Issued" }, Align::Left),
        (if vi { "Kỳ" } else { "Period" }, Align::Left),
        (if vi { "Báo cáo" } else { "Report" }, Align::Left),
    ]);
    for edition in &editions {
        table.row(vec![
            edition.code.clone(),
            edition.issue.number.clone(),
            date::show(edition.filing.effective_on, language),
            edition.issue.period.to_string(),
            edition.issue.report.words().get(language).to_owned(),
        ]);
    }
    if editions.is_empty() {
        let line = words!("Chưa ban hành báo cáo nào.", "No report was issued yet.");
        output::say(line.get(language))?;
        return Ok(Outcome::Done);
    }
    table.lines(output::WIDTH).iter().try_for_each(|line| output::say(line))?;
    Ok(Outcome::Done)
}

async fn show(place: &Place, arguments: &ShowArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let edition = must_find(&store, &arguments.code).await?;
    if let Some(out) = &arguments.out {
        if out.exists() && !arguments.force {
            refuse!(
                "đã có tệp {file}; hãy đặt tên khác, hoặc thêm --force",
                "{file} is there already; name another file, or add --force",
                file = out.display().to_string()
            );
        }
        let format = ReportFormat::from(arguments.format);
        let bytes = bytes(&store, &edition, format.into()).await?;
        keep(out, &bytes).with_context(|| {
            said!("ghi tệp {file}", "writing {file}", file = out.display().to_string())
        })?;
    }
    if arguments.json {
        let document = document(&store, &edition).await?;
        let figures: Vec<Value> = document
            .figures()
            .into_iter()
            .map(|(shown, source)| json!({ "shown": shown, "source": source }))
            .collect();
        let mut value = to_json(&edition);
        if let Value::Object(fields) = &mut value {
            fields.insert("figures".to_owned(), json!(figures));
        }
        output::json(&value)?;
        return Ok(Outcome::Done);
    }
    say(&edition, arguments.lang.into())?;
    Ok(Outcome::Done)
}

fn say(edition: &EditionOnFile, language: Language) -> Result<()> {
    let issue = &edition.issue;
    let vi = language == Language::Vi;
    for line in output::wrap(&issue.title, output::WIDTH, "") {
        output::say(&line)?;
    }
    let day = |day| date::show(day, language);
    let figures = words!(
        "đến {day}, hồ sơ số {position} trong sổ cái",
        "as of {day}, ledger position {position}",
        day = issue.as_of,
        position = issue.figures_position
    );
    let mut facts = vec![
        (if vi { "mã" } else { "code" }, edition.code.clone()),
        (if vi { "số" } else { "number" }, issue.number.clone()),
        (if vi { "ban hành" } else { "issued" }, day(edition.filing.effective_on)),
        (
            if vi { "người ký" } else { "signed" },
            format!("{} {}", issue.capacity.letters(), issue.signer),
        ),
        (if vi { "người nộp" } else { "filed by" }, edition.filing.actor.clone()),
        (if vi { "kỳ" } else { "period" }, issue.period.to_string()),
        (if vi { "đơn vị" } else { "unit" }, issue.unit.to_string()),
        (if vi { "số liệu" } else { "figures" }, figures.get(language).to_owned()),
        (if vi { "hồ sơ" } else { "filing" }, edition.filing.position.to_string()),
        (
            if vi { "đã sửa" } else { "edited" },
            issue.edits.keys().cloned().collect::<Vec<_>>().join(", "),
        ),
    ];
    facts.retain(|(_, text)| !text.is_empty());
    for file in &issue.files {
        facts.push((file.format.code(), format!("{} ({} byte)", file.hash, file.bytes)));
    }
    for (name, text) in facts {
        output::say(&format!("{name:<11}{text}"))?;
    }
    Ok(())
}

/// Verifies an edition by its code, or finds the one that a file is of.
async fn verify(place: &Place, name: &str, as_json: bool, language: Language) -> Result<Outcome> {
    let store = place.open().await?;
    let (edition, format) = if Path::new(name).is_file() {
        let bytes = fs::read(name).with_context(|| not_opened(Path::new(name)))?;
        let hash = Hash::of(&bytes).to_string();
        let editions = store.editions().await?;
        let found = editions.into_iter().find_map(|edition| {
            let format = edition.issue.files.iter().find(|file| file.hash == hash)?.format;
            Some((edition, format))
        });
        let Some((edition, format)) = found else {
            if as_json {
                output::json(&json!({ "issued": false, "hash": hash }))?;
            } else {
                let line = words!(
                    "{name} không phải tệp của báo cáo nào đã ban hành, hoặc đã bị sửa sau khi ban hành",
                    "{name} is not a file of any edition, or it was changed since",
                    name
                );
                output::say(line.get(language))?;
                output::say(words!("mã băm {hash}", "hash {hash}", hash = &hash).get(language))?;
            }
            return Ok(Outcome::Findings);
        };
        (edition, Some(format))
    } else {
        (must_find(&store, name).await?, None)
    };
    for file in &edition.issue.files {
        bytes(&store, &edition, file.format).await?;
    }
    if as_json {
        let mut value = to_json(&edition);
        if let Value::Object(fields) = &mut value {
            fields.insert("issued".to_owned(), json!(true));
            fields.insert("format".to_owned(), json!(format));
        }
        output::json(&value)?;
        return Ok(Outcome::Done);
    }
    if let Some(format) = format {
        let line = words!(
            "{name} đúng là tệp .{format} như khi ban hành",
            "{name} is the .{format} as it was issued",
            name,
            format = format.code()
        );
        output::say(line.get(language))?;
    }
    let line = words!(
        "mọi tệp của báo cáo đều như khi ban hành",
        "every file of the edition is as it was issued"
    );
    output::say(line.get(language))?;
    say(&edition, language)?;
    Ok(Outcome::Done)
}

async fn compare(
    place: &Place,
    before: &str,
    after: &str,
    as_json: bool,
    language: Language,
) -> Result<Outcome> {
    let store = place.open().await?;
    let older = document(&store, &must_find(&store, before).await?).await?;
    let newer = document(&store, &must_find(&store, after).await?).await?;
    let differences = differences(&older, &newer);
    if as_json {
        output::json(&json!({ "before": before, "after": after, "differences": differences }))?;
        return Ok(Outcome::Done);
    }
    if differences.is_empty() {
        let line = words!("Hai báo cáo có nội dung như nhau.", "The two editions say the same.");
        output::say(line.get(language))?;
    }
    for difference in &differences {
        let line = match difference {
            Difference::Figure { indicator, unit, before, after } => format!(
                "{indicator}, {unit}: {} → {}",
                before.as_deref().unwrap_or("–"),
                after.as_deref().unwrap_or("–")
            ),
            Difference::Sentence { id, before, after } => format!(
                "{id}: {} → {}",
                before.as_deref().unwrap_or("–"),
                after.as_deref().unwrap_or("–")
            ),
        };
        for line in output::wrap(&line, output::WIDTH, "") {
            output::say(&line)?;
        }
    }
    Ok(Outcome::Done)
}

/// The documented shape of an edition in JSON (docs/command-line.md).
fn to_json(edition: &EditionOnFile) -> Value {
    json!({
        "code": edition.code,
        "position": edition.filing.position,
        "issued_on": edition.filing.effective_on,
        "recorded_at": edition.filing.recorded_at,
        "actor": edition.filing.actor,
        "edition": edition.issue,
    })
}
