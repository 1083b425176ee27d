//! `hoptac edition`: reports that are issued, kept unchanged, verified, compared.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use hoptac_model::filing::edition::{EditionFile, EditionIssue};
use hoptac_model::filing::{Body, Draft, Hash, Origin, Subject};
use hoptac_model::report::{EditionFormat, ReportFormat};
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
use crate::sentence::{Sentence, refuse, said};
use crate::{Outcome, clock};

pub(crate) async fn run(place: &Place, command: EditionCommand) -> Result<Outcome> {
    match command {
        EditionCommand::Issue(arguments) => issue(place, &arguments).await,
        EditionCommand::List { json } => list(place, json).await,
        EditionCommand::Show(arguments) => show(place, &arguments).await,
        EditionCommand::Verify { name, json } => verify(place, &name, json).await,
        EditionCommand::Compare { before, after, json } => {
            compare(place, &before, &after, json).await
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
        output::say(&format!(
            "edition {code} issued by the filing {}; `hoptac edition show {code} --out FILE` writes it",
            accepted.filing.position
        ))?;
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

async fn list(place: &Place, as_json: bool) -> Result<Outcome> {
    let store = place.open().await?;
    let editions = store.editions().await?;
    if as_json {
        output::json(&editions.iter().map(to_json).collect::<Vec<_>>())?;
        return Ok(Outcome::Done);
    }
    let mut table = Table::new(&[
        ("Mã", Align::Left),
        ("Số, ký hiệu", Align::Left),
        ("Phát hành", Align::Left),
        ("Kỳ", Align::Left),
        ("Báo cáo", Align::Left),
    ]);
    for edition in &editions {
        table.row(vec![
            edition.code.clone(),
            edition.issue.number.clone(),
            edition.filing.effective_on.to_string(),
            edition.issue.period.to_string(),
            edition.issue.report.words().vi,
        ]);
    }
    if editions.is_empty() {
        output::say("chưa phát hành báo cáo nào")?;
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
    say(&edition)?;
    Ok(Outcome::Done)
}

fn say(edition: &EditionOnFile) -> Result<()> {
    let issue = &edition.issue;
    for line in output::wrap(&issue.title, output::WIDTH, "") {
        output::say(&line)?;
    }
    for (name, text) in [
        ("code", edition.code.clone()),
        ("number", issue.number.clone()),
        ("issued", edition.filing.effective_on.to_string()),
        ("signed", format!("{} {}", issue.capacity.letters(), issue.signer)),
        ("filed by", edition.filing.actor.clone()),
        ("period", issue.period.to_string()),
        ("unit", issue.unit.to_string()),
        ("figures", format!("as of {}, ledger position {}", issue.as_of, issue.figures_position)),
        ("filing", edition.filing.position.to_string()),
        ("edited", issue.edits.keys().cloned().collect::<Vec<_>>().join(", ")),
    ] {
        if !text.is_empty() {
            output::say(&format!("{name:<10}{text}"))?;
        }
    }
    for file in &issue.files {
        output::say(&format!("{:<10}{} ({} bytes)", file.format.code(), file.hash, file.bytes))?;
    }
    Ok(())
}

/// Verifies an edition by its code, or finds the one that a file is of.
async fn verify(place: &Place, name: &str, as_json: bool) -> Result<Outcome> {
    let store = place.open().await?;
    let (edition, format) = if Path::new(name).is_file() {
        let bytes =
            fs::read(name).with_context(|| said!("đọc tệp {name}", "reading {name}", name))?;
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
                output::say(&format!(
                    "{name} is not a file of any edition, or it was changed since"
                ))?;
                output::say(&format!("hash {hash}"))?;
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
        output::say(&format!("{name} is the .{} as it was issued", format.code()))?;
    }
    output::say("every file of the edition is as it was issued")?;
    say(&edition)?;
    Ok(Outcome::Done)
}

async fn compare(place: &Place, before: &str, after: &str, as_json: bool) -> Result<Outcome> {
    let store = place.open().await?;
    let older = document(&store, &must_find(&store, before).await?).await?;
    let newer = document(&store, &must_find(&store, after).await?).await?;
    let differences = differences(&older, &newer);
    if as_json {
        output::json(&json!({ "before": before, "after": after, "differences": differences }))?;
        return Ok(Outcome::Done);
    }
    if differences.is_empty() {
        output::say("the two editions say the same")?;
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
