//! `hoptac filing` and `hoptac org file`: filings as JSON, checked, accepted and shown.

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use hoptac_model::filing::document::{self, BYTES_MAX, Document};
use hoptac_model::filing::schema;
use hoptac_model::filing::{Body, Draft, Filing, FilingKind, Origin, Subject};
use hoptac_model::finding::{Finding, Severity};
use hoptac_model::ids::{FilingId, OrganisationId};
use hoptac_model::text::Language;
use hoptac_model::{date, words};
use hoptac_office::{Actor, Refusal, Role};
use hoptac_store::{Reading, Store};
use serde_json::{Map, Value, json};

use crate::cli::filed::Filed;
use crate::cli::organisation::{DocumentArguments, FileArguments, Who};
use crate::cli::{Lang, Place};
use crate::output;
use crate::sentence::{Sentence, refuse, said};
use crate::{Outcome, clock, consequence, pack};

/// The filing that a position or an identity names.
pub(crate) async fn must_find(store: &Store, name: &str) -> Result<Filing> {
    let found = match (name.parse::<u64>(), name.parse::<FilingId>()) {
        (Ok(position), _) => store.find_filing(position).await?,
        (_, Ok(id)) => store.filing_with_id(id).await?,
        _ => refuse!(
            "`{name}` không phải vị trí trong sổ cái, cũng không phải mã của hồ sơ",
            "`{name}` is neither a position of the ledger nor the identity of a filing",
            name
        ),
    };
    if let Some(filing) = found {
        return Ok(filing);
    }
    let last = store.position().await?;
    refuse!(
        "không có hồ sơ {name}; sổ cái hết ở vị trí {last}",
        "there is no filing {name}; the ledger ends at position {last}",
        name,
        last = last.to_string()
    );
}

pub(crate) async fn show(
    place: &Place,
    name: &str,
    as_json: bool,
    language: Language,
) -> Result<Outcome> {
    let store = place.open().await?;
    let filing = must_find(&store, name).await?;
    let value = to_json(&filing)?;
    if as_json {
        output::json(&value)?;
        return Ok(Outcome::Done);
    }
    let vi = language == Language::Vi;
    let subject = words!(
        "{subject} (phiên bản {version})",
        "{subject} (version {version})",
        subject = &filing.subject.0,
        version = filing.subject_version
    );
    let recorded = clock::moment_of(filing.recorded_at);
    for (name, text) in [
        (if vi { "số" } else { "position" }, filing.position.to_string()),
        (if vi { "loại" } else { "kind" }, filing.kind.code().to_owned()),
        (if vi { "đối tượng" } else { "subject" }, subject.get(language).to_owned()),
        (if vi { "hiệu lực" } else { "effective" }, date::show(filing.effective_on, language)),
        (if vi { "ghi nhận" } else { "recorded" }, recorded.get(language).to_owned()),
        (if vi { "người nộp" } else { "actor" }, filing.actor.clone()),
        (if vi { "nguồn" } else { "origin" }, filing.origin.code().to_owned()),
        (if vi { "mã gửi" } else { "key" }, filing.key.clone().unwrap_or_default()),
        (if vi { "mã hồ sơ" } else { "identity" }, filing.id.to_string()),
        (if vi { "mã băm" } else { "hash" }, filing.hash.to_string()),
    ] {
        if !text.is_empty() {
            output::say(&format!("{name:<11}{text}"))?;
        }
    }
    output::say(if vi { "nội dung" } else { "body" })?;
    output::say(&serde_json::to_string_pretty(&value.get("body"))?)?;
    Ok(Outcome::Done)
}

/// A filing as JSON, its body as an object.
pub(crate) fn to_json(filing: &Filing) -> Result<Value> {
    Ok(json!({
        "position": filing.position,
        "id": filing.id,
        "kind": filing.kind.code(),
        "subject": filing.subject.0,
        "subject_version": filing.subject_version,
        "effective_on": filing.effective_on,
        "recorded_at": filing.recorded_at,
        "actor": filing.actor,
        "origin": filing.origin.code(),
        "key": filing.key,
        "schema": filing.schema,
        "body": serde_json::from_str::<Value>(&filing.body)?,
        "previous": filing.previous.to_string(),
        "hash": filing.hash.to_string(),
    }))
}

/// The schema of a kind, or the list of kinds.
pub(crate) fn schema(kind: Option<&str>) -> Result<Outcome> {
    let Some(code) = kind else {
        for kind in FilingKind::ALL {
            output::say(kind.code())?;
        }
        return Ok(Outcome::Done);
    };
    match document::kind(code) {
        Ok(kind) => output::json(&schema::of(kind))?,
        Err(finding) => refuse!(
            "{message}; {remedy}",
            "{message}; {remedy}",
            message = finding.message,
            remedy = finding.remedy
        ),
    }
    Ok(Outcome::Done)
}

pub(crate) async fn check(place: &Place, arguments: &DocumentArguments) -> Result<Outcome> {
    let actor = actor(&arguments.who)?;
    let text = text_of(&arguments.file)?;
    let store = place.open().await?;
    let (document, mut findings) = document::read(&text);
    if let Some(document) = document {
        match draft(&store, document, None).await? {
            Ok(draft) => findings.extend(hoptac_office::check(&store, &actor, draft).await?),
            Err(finding) => findings.push(finding),
        }
    }
    report(&findings, None, arguments.json, arguments.lang)
}

/// Checks a filing, and says what it would change.
pub(crate) async fn foresee(place: &Place, arguments: &DocumentArguments) -> Result<Outcome> {
    let actor = actor(&arguments.who)?;
    let text = text_of(&arguments.file)?;
    let store = place.open().await?;
    let (document, mut findings) = document::read(&text);
    if let Some(document) = document {
        match draft(&store, document, None).await? {
            Ok(draft) => {
                let foreseen = hoptac_office::consequence::foresee(&store, &actor, draft).await?;
                findings.extend(foreseen.findings);
                if let Some(states) = foreseen.states {
                    return consequence::report(&findings, *states, arguments.json, arguments.lang);
                }
            }
            Err(finding) => findings.push(finding),
        }
    }
    report(&findings, None, arguments.json, arguments.lang)
}

pub(crate) async fn accept(place: &Place, arguments: &DocumentArguments) -> Result<Outcome> {
    let actor = actor(&arguments.who)?;
    let text = text_of(&arguments.file)?;
    let store = place.open().await?;
    let (document, findings) = document::read(&text);
    let Some(document) = document else {
        return report(&findings, None, arguments.json, arguments.lang);
    };
    let draft = draft(&store, document, None).await?;
    file(&store, &actor, draft, findings, arguments.json, arguments.lang).await
}

pub(crate) async fn file_about(place: &Place, arguments: &FileArguments) -> Result<Outcome> {
    let actor = actor(&arguments.who)?;
    let kind = match document::kind(&arguments.kind) {
        Ok(kind) => kind,
        Err(finding) => return report(&[finding], None, arguments.json, arguments.lang),
    };
    let text = text_of(&arguments.body)?;
    let store = place.open().await?;
    let (body, findings) = document::read_body(kind, &text);
    let Some(body) = body else { return report(&findings, None, arguments.json, arguments.lang) };
    let document = Document {
        subject: arguments.organisation.clone(),
        effective_on: Some(arguments.effective_on),
        expected_version: arguments.expected_version,
        key: arguments.key.clone(),
        body,
    };
    let draft = draft(&store, document, Some(arguments.effective_on)).await?;
    file(&store, &actor, draft, findings, arguments.json, arguments.lang).await
}

/// Files a body that was put together from words of the command line, or says what would be found about it.
pub(crate) async fn file_fields(
    store: &Store,
    kind: FilingKind,
    subject: &str,
    fields: Map<String, Value>,
    filed: &Filed,
) -> Result<Outcome> {
    let actor = actor(&filed.who)?;
    // It goes the way of a body from a file, so that the same things are said about it.
    let (body, mut findings) = document::read_body(kind, &Value::Object(fields).to_string());
    let Some(body) = body else { return report(&findings, None, filed.json, filed.lang) };
    let document = Document {
        subject: Some(subject.to_owned()),
        effective_on: filed.effective_on,
        expected_version: filed.expected_version,
        key: filed.key.clone(),
        body,
    };
    let draft = draft(store, document, None).await?;
    if !filed.check {
        return file(store, &actor, draft, findings, filed.json, filed.lang).await;
    }
    match draft {
        Ok(draft) => findings.extend(hoptac_office::check(store, &actor, draft).await?),
        Err(finding) => findings.push(finding),
    }
    report(&findings, None, filed.json, filed.lang)
}

/// Accepts a draft and says what came of it.
pub(crate) async fn file(
    store: &Store,
    actor: &Actor,
    draft: Result<Draft, Finding>,
    mut findings: Vec<Finding>,
    as_json: bool,
    lang: Lang,
) -> Result<Outcome> {
    let draft = match draft {
        Ok(draft) => draft,
        Err(finding) => {
            findings.push(finding);
            return report(&findings, None, as_json, lang);
        }
    };
    match hoptac_office::accept(store, actor, draft).await {
        Ok(accepted) => {
            findings.extend(accepted.findings);
            report(&findings, Some((&accepted.filing, accepted.repeated)), as_json, lang)
        }
        Err(Refusal::Invalid(found)) => {
            findings.extend(found);
            report(&findings, None, as_json, lang)
        }
        Err(Refusal::Store(error)) => Err(error.into()),
        Err(refusal) => bail!(Sentence(refusal.sentence())),
    }
}

/// Prints findings, and the filing that was accepted; errors make the exit code 1.
pub(crate) fn report(
    findings: &[Finding],
    accepted: Option<(&Filing, bool)>,
    as_json: bool,
    lang: Lang,
) -> Result<Outcome> {
    let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    if as_json {
        output::json(&json!({
            "accepted": accepted.map(|(filing, _)| to_json(filing)).transpose()?,
            "repeated": accepted.is_some_and(|(_, repeated)| repeated),
            "errors": errors,
            "warnings": warnings,
            "findings": findings,
        }))?;
    } else {
        let language = lang.into();
        pack::say_findings(findings, language)?;
        let line = match accepted {
            Some((filing, false)) => words!(
                "đã chấp nhận, số {position} trong sổ cái: {kind} về {subject}, phiên \
                bản {version}",
                "accepted at position {position}: {kind} about {subject}, version {version}",
                position = filing.position,
                kind = filing.kind.code(),
                subject = filing.subject.0,
                version = filing.subject_version
            ),
            Some((filing, true)) => words!(
                "đã được chấp nhận trước đây, số {position} trong sổ cái; lần này không \
                ghi thêm gì",
                "accepted before, at position {position}; nothing was filed now",
                position = filing.position
            ),
            None if errors == 0 => words!(
                "hồ sơ có thể được chấp nhận; {warnings} cảnh báo",
                "it would be accepted; {warnings} warnings",
                warnings
            ),
            None => words!(
                "{errors} lỗi, {warnings} cảnh báo; chưa ghi gì vào sổ cái",
                "{errors} errors, {warnings} warnings; nothing was filed",
                errors,
                warnings
            ),
        };
        output::say(line.get(language))?;
    }
    Ok(if errors > 0 { Outcome::Findings } else { Outcome::Done })
}

/// The draft that a document makes now.
pub(crate) async fn draft(
    store: &Store,
    document: Document,
    day: Option<jiff::civil::Date>,
) -> Result<Result<Draft, Finding>> {
    let subject = match subject(store, document.subject.as_deref(), &document.body).await? {
        Ok(subject) => subject,
        Err(finding) => return Ok(Err(finding)),
    };
    let recorded_at = clock::now();
    Ok(Ok(Draft {
        id: clock::filing_id(recorded_at),
        recorded_at,
        effective_on: document.effective_on.or(day).unwrap_or_else(clock::today),
        actor: String::new(),
        subject,
        expected_version: document.expected_version,
        origin: Origin::Live,
        key: document.key,
        body: document.body,
    }))
}

/// What a filing is about: as written, the owner of a registration code, or a new identity for a founding.
async fn subject(
    store: &Store,
    written: Option<&str>,
    body: &Body,
) -> Result<Result<Subject, Finding>> {
    let Some(written) = written else {
        if matches!(body, Body::OrganisationEstablish(_)) {
            // An organisation's identity is made as a filing's is: at the edge, from the time and chance.
            let id = OrganisationId(clock::filing_id(clock::now()).0);
            return Ok(Ok(Subject::organisation(id)));
        }
        if matches!(body, Body::Reform(_)) {
            return Ok(Ok(Subject::units()));
        }
        return Ok(Err(Finding::field(
            "document.missing-field",
            "subject",
            words!(
                "hồ sơ không nêu lập về tổ chức nào hoặc đối tượng nào",
                "the filing does not say what it is about"
            ),
            words!(
                "ghi organisation/ kèm định danh, hoặc ghi mã số của tổ chức",
                "write organisation/ and its identity, or its registration code"
            ),
        )));
    };
    if written.contains('/') || ["units", "figures"].contains(&written) {
        return Ok(Ok(Subject(written.to_owned())));
    }
    Ok(match find(store, written).await? {
        Some(id) => Ok(Subject::organisation(id)),
        None => Err(Finding::field(
            "organisation.unknown",
            "subject",
            words!("không có tổ chức `{written}`", "there is no organisation `{written}`", written),
            words!(
                "tra cứu bằng `hoptac org list --search`",
                "look it up with `hoptac org list --search`"
            ),
        )),
    })
}

/// The same, as far as it was known.
pub(crate) async fn find_known(
    reading: &mut Reading,
    name: &str,
) -> Result<Option<OrganisationId>> {
    let name = name.strip_prefix("organisation/").unwrap_or(name);
    match name.parse::<OrganisationId>() {
        Ok(id) => Ok(Some(id)),
        Err(_) => Ok(reading.code_owner(name).await?),
    }
}

/// The organisation that is named by its identity or its registration code.
pub(crate) async fn find(store: &Store, name: &str) -> Result<Option<OrganisationId>> {
    let name = name.strip_prefix("organisation/").unwrap_or(name);
    match name.parse::<OrganisationId>() {
        Ok(id) => Ok(Some(id)),
        Err(_) => Ok(store.code_owner(name).await?),
    }
}

pub(crate) fn actor(who: &Who) -> Result<Actor> {
    match Role::from_code(&who.role) {
        Some(role) => Ok(Actor::new(who.actor.clone(), role)),
        None => refuse!(
            "không có vai trò `{role}`; các vai trò gồm {roles}",
            "there is no role `{role}`; the roles are {roles}",
            role = &who.role,
            roles = Role::ALL.map(Role::code).join(", ")
        ),
    }
}

/// The text of a file, or of the standard input for `-`. Of more than is read as one filing, only the beginning is taken
/// in, enough to say that it is too long.
pub(crate) fn text_of(file: &Path) -> Result<String> {
    let limit = u64::try_from(BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        let reader = std::fs::File::open(file).with_context(|| {
            said!(
                "không đọc được `{file}`; hãy nêu một tệp JSON, hoặc - để đọc đầu vào chuẩn",
                "`{file}` cannot be read; name a JSON file, or - for the standard input",
                file = file.display().to_string()
            )
        })?;
        reader.take(limit).read_to_end(&mut bytes).with_context(|| {
            said!(
                "không đọc được `{file}`; hãy nêu một tệp JSON",
                "`{file}` cannot be read; name a JSON file",
                file = file.display().to_string()
            )
        })?;
    }
    if bytes.len() > BYTES_MAX {
        refuse!(
            "văn bản dài quá {most} byte; mỗi lần chỉ nộp một hồ sơ",
            "the text has more than {most} bytes; hand in one filing at a time",
            most = BYTES_MAX
        );
    }
    String::from_utf8(bytes).map_err(|_| {
        anyhow::Error::new(said!(
            "văn bản không phải UTF-8; hãy lưu lại bằng UTF-8 rồi nộp lại",
            "the text is not UTF-8; save it as UTF-8 and hand it in again"
        ))
    })
}
