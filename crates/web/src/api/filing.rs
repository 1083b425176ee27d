//! Filings: handed in, tried without filing, looked up.

use axum::http::{HeaderName, StatusCode, header};
use hoptac_model::consequence::Consequences;
use hoptac_model::filing::{
    Body as FilingBody, Draft, Filing, FilingKind, Origin, Subject, document, schema,
};
use hoptac_model::finding::Finding;
use hoptac_model::ids::OrganisationId;
use hoptac_model::words;
use hoptac_office::authority::{Actor, Reading};
use hoptac_office::{Refusal, consequence};
use hoptac_store::LedgerQuestion;
use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::Value;

use super::call::Call;
use super::operation::{Api, Body, Group, Operation};
use super::organisation::{self, seen};
use super::parameter::{CURSOR, FIELDS, Kind, LIMIT, Parameter};
use super::problem::{self, FindingDocument, OrBroken as _, Problem};
use super::reply::{Listing, Part, Reply};
use super::text::Day;
use crate::filing_form::foresight;
use crate::routes::Need;

/// The header by which a repeated submission is known.
const IDEMPOTENCY: HeaderName = HeaderName::from_static("idempotency-key");
/// The longest of its values.
const KEY_MAX: usize = 200;

const DRY_RUN: Parameter = Parameter {
    name: "dry_run",
    kind: Kind::Flag,
    about: ("`true` để chỉ kiểm tra, không nộp gì.", "`true` to check only; nothing is filed."),
};
const CONSEQUENCES: Parameter = Parameter {
    name: "consequences",
    kind: Kind::Flag,
    about: (
        "`true` khi kiểm tra, để biết hồ sơ sẽ làm thay đổi những số liệu, ấn bản, hồ sơ nào.",
        "`true` with a dry run, to be told which figures, editions and filings it would change or touch.",
    ),
};
const KIND: Parameter = Parameter {
    name: "kind",
    kind: Kind::OneOf(|| FilingKind::ALL.iter().map(|kind| kind.code()).collect()),
    about: ("Loại hồ sơ.", "The kind of filing."),
};
const ACTOR: Parameter = Parameter {
    name: "actor",
    kind: Kind::Text { most: 100 },
    about: (
        "Tài khoản đã nộp, hoặc được ký thay.",
        "The account that filed, or on whose behalf it was filed.",
    ),
};
const SUBJECT: Parameter = Parameter {
    name: "subject",
    kind: Kind::Text { most: 200 },
    about: (
        "Đối tượng của hồ sơ, ví dụ organisation/….",
        "What it is about, for instance organisation/….",
    ),
};
const FROM: Parameter = Parameter {
    name: "from",
    kind: Kind::Day,
    about: ("Ghi nhận từ ngày này (giờ Việt Nam).", "Recorded from this day on, in Viet Nam."),
};
const TO: Parameter = Parameter {
    name: "to",
    kind: Kind::Day,
    about: ("Ghi nhận đến hết ngày này.", "Recorded until the end of this day."),
};
const ID: Parameter = Parameter {
    name: "id",
    kind: Kind::Uuid,
    about: ("Định danh của hồ sơ.", "The identity of the filing."),
};

const FILE: Operation = Operation {
    method: "POST",
    title: ("Nộp hồ sơ, hoặc kiểm tra thử", "File, or check without filing"),
    about: (
        "Nội dung theo lược đồ của từng loại hồ sơ. Gửi kèm Idempotency-Key để gửi lại mà không nộp hai lần; cùng mã mà khác nội \
         dung thì bị từ chối. Quyền cần có là loại hồ sơ, ví dụ `organisation.establish`.",
        "The body follows the schema of its kind. With Idempotency-Key it can be sent again without being filed twice; another \
         body under the same key is refused. The permission is the kind, for instance `organisation.establish`.",
    ),
    query: &[DRY_RUN, CONSEQUENCES],
    body: Some(Body { media: "application/json", most: document::BYTES_MAX, schema: documents }),
    status: 201,
    or_status: Some((
        200,
        "Đã kiểm tra thử, hoặc đã nộp từ trước với cùng mã gửi.",
        "Checked only, or filed before under the same key.",
    )),
    ..Operation::read("/filings", "fileFiling", Group::Filings, Need::Account)
};
const LIST: Operation = Operation {
    title: (
        "Các hồ sơ trong sổ cái, mới nhất trước",
        "The filings of the ledger, the newest first",
    ),
    query: &[KIND, ACTOR, SUBJECT, FROM, TO, LIMIT, CURSOR, FIELDS],
    ..Operation::read("/filings", "listFilings", Group::Filings, Need::Read(Reading::Ledger))
};
const ONE: Operation = Operation {
    title: ("Một hồ sơ", "One filing"),
    at: &[ID],
    query: &[FIELDS],
    ..Operation::read("/filings/{id}", "getFiling", Group::Filings, Need::Read(Reading::Filings))
};
const ABOUT: Operation = Operation {
    title: (
        "Các hồ sơ về một tổ chức, theo thứ tự sổ cái",
        "The filings about an organisation, in the order of the ledger",
    ),
    at: &[organisation::ID],
    query: &[LIMIT, CURSOR, super::parameter::TOTAL, FIELDS],
    ..Operation::read(
        "/organisations/{id}/filings",
        "listFilingsAbout",
        Group::Filings,
        Need::Read(Reading::Filings),
    )
};

pub(crate) fn operations(api: Api) -> Api {
    api.add(FILE, file).add(LIST, list).add(ONE, one).add(ABOUT, about)
}

/// The schema of a filing as it is handed in: one for each kind, from the types that read the bodies.
fn documents(generator: &mut SchemaGenerator) -> Schema {
    let kinds: Vec<Value> = FilingKind::ALL
        .iter()
        .map(|kind| {
            let mut body = schema::of(*kind);
            if let Some(body) = body.as_object_mut() {
                body.remove("$id");
                body.remove("$schema");
            }
            let name = format!("body.{}", kind.code());
            generator.definitions_mut().insert(name.clone(), body);
            let body = serde_json::json!({ "$ref": format!("#/components/schemas/{name}") });
            serde_json::json!({
                "type": "object",
                "title": kind.code(),
                "properties": {
                    "kind": { "const": kind.code() },
                    "subject": { "type": ["string", "null"], "description": "organisation/ and its identity, or a registration code; null where a founding asks for a new identity." },
                    "effective_on": { "type": "string", "format": "date" },
                    "expected_version": { "type": ["integer", "null"], "minimum": 0, "maximum": u32::MAX },
                    "key": { "type": ["string", "null"], "maxLength": KEY_MAX },
                    "body": body,
                },
                "required": ["kind", "effective_on", "body"],
                "additionalProperties": false,
            })
        })
        .collect();
    json_schema!({ "oneOf": kinds })
}

/// A filing as it stands in the ledger.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Filing")]
pub(super) struct Document {
    /// Its place in the ledger, from 1, without gaps.
    position: u64,
    /// Its identity.
    #[schemars(extend("format" = "uuid"))]
    id: String,
    /// What it does.
    kind: &'static str,
    /// What it is about.
    subject: String,
    /// The version of the subject after it.
    subject_version: u32,
    /// From when it is effective.
    #[schemars(with = "Day")]
    effective_on: Date,
    /// When it was recorded.
    #[schemars(extend("format" = "date-time"))]
    recorded_at: String,
    /// Which account filed, and on whose behalf.
    actor: String,
    /// Filed by people, taken over from a plan, or made by a generator.
    #[schemars(extend("enum" = ["live", "pack", "synthetic"]))]
    origin: &'static str,
    /// The version of the schema of its body.
    schema: u16,
    /// What it says, by the schema of its kind; null where it is about members.
    body: Value,
    /// Its hash.
    hash: String,
    /// The hash of the filing before it.
    previous: String,
}

impl Document {
    pub(super) fn new(filing: &Filing) -> Self {
        // What is filed about members is sealed, and of no use to whoever may not open it.
        let is_open = !filing.kind.code().starts_with("member.");
        let body = if is_open {
            serde_json::from_str(&filing.body).unwrap_or(Value::Null)
        } else {
            Value::Null
        };
        Self {
            position: filing.position,
            id: filing.id.to_string(),
            kind: filing.kind.code(),
            subject: filing.subject.0.clone(),
            subject_version: filing.subject_version,
            effective_on: filing.effective_on,
            recorded_at: filing.recorded_at.to_string(),
            actor: filing.actor.clone(),
            origin: filing.origin.code(),
            schema: filing.schema,
            body,
            hash: filing.hash.to_string(),
            previous: filing.previous.to_string(),
        }
    }
}

/// What became of a filing that was handed in.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FilingOutcome")]
struct Outcome {
    /// Whether it stands in the ledger.
    accepted: bool,
    /// Whether it had been accepted before, under the same key, so that nothing was filed now.
    repeated: bool,
    /// The filing, where it stands in the ledger.
    filing: Option<Document>,
    /// Warnings and notes; errors too where it was only checked.
    findings: Vec<FindingDocument>,
    /// What it would change, where that was asked.
    consequences: Option<ConsequencesDocument>,
}

/// What a filing would change.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Consequences")]
struct ConsequencesDocument {
    /// Figures that would have another value.
    figures: Vec<FigureChange>,
    /// Targets that would stand otherwise.
    standings: Vec<StandingChange>,
    /// Positions of filings about the same thing that take effect on the day or later.
    later: Vec<u64>,
    /// Years of accepted returns that it reaches.
    returns: Vec<i16>,
    /// Years of decided grades that it reaches.
    grades: Vec<i16>,
    /// Codes of issued editions that show a day on which a figure would change.
    editions: Vec<String>,
}

/// A figure that would have another value.
#[derive(Serialize, JsonSchema)]
struct FigureChange {
    /// The indicator.
    indicator: String,
    /// The unit.
    unit: String,
    /// The year.
    year: i16,
    /// The value now.
    before: Option<f64>,
    /// The value then.
    after: Option<f64>,
}

/// A target that would stand otherwise.
#[derive(Serialize, JsonSchema)]
struct StandingChange {
    /// The target.
    target: String,
    /// The unit.
    unit: String,
    /// Where it stands now.
    before: Option<&'static str>,
    /// Where it would stand.
    after: Option<&'static str>,
}

impl From<Consequences> for ConsequencesDocument {
    fn from(of: Consequences) -> Self {
        Self {
            figures: of
                .figures
                .iter()
                .map(|one| FigureChange {
                    indicator: one.indicator.to_string(),
                    unit: one.unit.to_string(),
                    year: one.year,
                    before: one.before,
                    after: one.after,
                })
                .collect(),
            standings: of
                .standings
                .iter()
                .map(|one| StandingChange {
                    target: one.target.to_string(),
                    unit: one.unit.to_string(),
                    before: one.before.map(hoptac_model::standing::Standing::code),
                    after: one.after.map(hoptac_model::standing::Standing::code),
                })
                .collect(),
            later: of.later.iter().map(|one| one.position).collect(),
            returns: of.returns.iter().map(|one| one.year).collect(),
            grades: of.grades.iter().map(|one| one.year).collect(),
            editions: of.editions.iter().map(|one| one.id.clone()).collect(),
        }
    }
}

async fn file(call: Call) -> Result<Reply<Outcome>, Problem> {
    let mut object = call.object()?;
    let key = key(&call, &mut object)?;
    let (document, mut findings) = document::read(&Value::Object(object).to_string());
    let Some(document) = document else {
        return Err(Problem::of(problem::Kind::Invalid, findings));
    };
    let kind = document.body.kind();
    let actors = actors(&call, kind)?;
    let subject =
        subject(&call, document.subject.as_deref(), &document.body, key.as_deref()).await?;
    let recorded_at = call.now();
    let draft = Draft {
        id: (call.app.edge().filing_id)(recorded_at),
        recorded_at,
        effective_on: document.effective_on.unwrap_or_else(|| call.app.today()),
        actor: String::new(),
        subject,
        expected_version: document.expected_version,
        origin: Origin::Live,
        key,
        body: document.body,
    };
    let shown = |findings: &[Finding]| -> Vec<FindingDocument> {
        findings.iter().map(|one| FindingDocument::new(one, call.language)).collect()
    };
    let store = call.store()?;
    if call.flag(&DRY_RUN) {
        let (found, consequences) = tried(&call, &actors, draft).await?;
        findings.extend(at_paths(found));
        let findings = shown(&findings);
        let outcome =
            Outcome { accepted: false, repeated: false, filing: None, findings, consequences };
        return Ok(Reply::new(outcome).with_status(StatusCode::OK));
    }
    let mut refused = None;
    for actor in &actors {
        match hoptac_office::accept(store, actor, draft.clone()).await {
            Ok(accepted) => {
                call.app.publish_up_to(accepted.filing.position).await.or_broken(&call.app)?;
                findings.extend(at_paths(accepted.findings));
                let status = if accepted.repeated { StatusCode::OK } else { StatusCode::CREATED };
                let at = format!("{}/filings/{}", super::ROOT, accepted.filing.id);
                let outcome = Outcome {
                    accepted: true,
                    repeated: accepted.repeated,
                    filing: Some(Document::new(&accepted.filing)),
                    findings: shown(&findings),
                    consequences: None,
                };
                return Ok(Reply::new(outcome).with_status(status).with(header::LOCATION, at));
            }
            // Another role of the same account may reach further.
            Err(refusal @ (Refusal::OutOfScope { .. } | Refusal::NotAllowed { .. })) => {
                refused = Some(refusal);
            }
            Err(Refusal::Invalid(found)) if is_hidden(&found) && actors.len() > 1 => {
                refused = Some(Refusal::Invalid(found));
            }
            Err(Refusal::Invalid(found)) => {
                let mut found = at_paths(found);
                found.extend(findings);
                return Err(Problem::refused(&call.app, Refusal::Invalid(found)));
            }
            Err(refusal) => return Err(Problem::refused(&call.app, refusal)),
        }
    }
    Err(refused.map_or_else(|| not_allowed(kind), |refusal| Problem::refused(&call.app, refusal)))
}

/// The findings with the paths of the document: what stands at a field of a form stands here at a field of the body.
fn at_paths(mut findings: Vec<Finding>) -> Vec<Finding> {
    let around = ["kind", "subject", "effective_on", "expected_version", "key", "body", ""];
    for finding in &mut findings {
        let is_path = finding.field.starts_with("body.") || finding.field.starts_with("body[");
        if !is_path && !around.contains(&finding.field.as_str()) {
            finding.field = format!("body.{}", finding.field);
        }
    }
    findings
}

/// Whether an organisation was refused as one that the actor does not see.
fn is_hidden(findings: &[Finding]) -> bool {
    matches!(findings, [only] if only.code == "organisation.unknown")
}

/// What would be found, and what would change where that is asked.
async fn tried(
    call: &Call,
    actors: &[&Actor],
    draft: Draft,
) -> Result<(Vec<Finding>, Option<ConsequencesDocument>), Problem> {
    let store = call.store()?;
    let mut last = Vec::new();
    for actor in actors {
        if call.flag(&CONSEQUENCES) {
            let foreseen =
                consequence::foresee(store, actor, draft.clone()).await.or_broken(&call.app)?;
            if let Some(states) = foreseen.states {
                let today = call.app.today();
                let compared =
                    tokio::task::spawn_blocking(move || foresight::compare(*states, today)).await;
                return Ok((foreseen.findings, compared.ok().map(ConsequencesDocument::from)));
            }
            last = foreseen.findings;
        } else {
            last = hoptac_office::check(store, actor, draft.clone()).await.or_broken(&call.app)?;
        }
        if !last.iter().any(Finding::is_error) {
            break;
        }
    }
    Ok((last, None))
}

/// The key of a submission: the header's, or the document's own. Keys of different accounts never meet.
fn key(
    call: &Call,
    object: &mut serde_json::Map<String, Value>,
) -> Result<Option<String>, Problem> {
    let account = call.visit.visitor.account_name().map_or("", |name| name.as_str());
    let written = object.get("key").and_then(Value::as_str).map(str::to_owned);
    let header = call.headers.get(&IDEMPOTENCY);
    let told = header.map(|value| value.to_str().unwrap_or("").trim_matches('"').to_owned());
    let wrong = |message| {
        Problem::of(
            problem::Kind::BadRequest,
            vec![Finding::field(
                "request.idempotency-key",
                IDEMPOTENCY.as_str(),
                message,
                hoptac_model::text::Words::default(),
            )],
        )
    };
    if let (Some(told), Some(written)) = (&told, &written)
        && told != written
    {
        return Err(wrong(words!(
            "mã ở Idempotency-Key khác với `key` trong nội dung; chỉ gửi một",
            "Idempotency-Key and the `key` of the body differ; send one of them"
        )));
    }
    let Some(key) = told.or(written) else { return Ok(None) };
    if key.is_empty() || key.len() > KEY_MAX || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(wrong(words!(
            "mã gửi gồm từ 1 đến {most} ký tự ASCII không có dấu cách",
            "a key has 1 to {most} visible ASCII characters",
            most = KEY_MAX
        )));
    }
    object.remove("key");
    Ok(Some(format!("api/{account}/{key}")))
}

/// Everything that the caller can act as to file a kind.
fn actors(call: &Call, kind: FilingKind) -> Result<Vec<&Actor>, Problem> {
    let visitor = &call.visit.visitor;
    if visitor.actor_for(kind).is_none() {
        return Err(not_allowed(kind));
    }
    Ok(visitor
        .actors()
        .iter()
        .filter(|actor| hoptac_office::authority::may(actor.role, kind))
        .collect())
}

fn not_allowed(kind: FilingKind) -> Problem {
    Problem::new(
        problem::Kind::Forbidden,
        words!(
            "mã truy cập hoặc tài khoản không có quyền nộp hồ sơ `{kind}`",
            "the token or its account may not file `{kind}`",
            kind = kind.code()
        ),
    )
}

/// What a filing is about: as written, the owner of a registration code, or a new identity for a founding; the same one again
/// where it is sent again.
async fn subject(
    call: &Call,
    written: Option<&str>,
    body: &FilingBody,
    key: Option<&str>,
) -> Result<Subject, Problem> {
    let store = call.store()?;
    let finding = |code, message, remedy| {
        Problem::of(problem::Kind::Invalid, vec![Finding::field(code, "subject", message, remedy)])
    };
    let Some(written) = written else {
        if matches!(body, FilingBody::OrganisationEstablish(_)) {
            let before = match key {
                None => None,
                Some(key) => store.filing_with_key(key).await.or_broken(&call.app)?,
            };
            if let Some(before) = before {
                return Ok(before.subject);
            }
            let id = (call.app.edge().filing_id)(call.now());
            return Ok(Subject::organisation(OrganisationId(id.0)));
        }
        if matches!(body, FilingBody::Reform(_)) {
            return Ok(Subject::units());
        }
        return Err(finding(
            "document.missing-field",
            words!(
                "hồ sơ không nêu lập về tổ chức nào hoặc đối tượng nào",
                "the filing does not say what it is about"
            ),
            words!(
                "ghi organisation/ kèm định danh, hoặc ghi mã số của tổ chức",
                "write organisation/ and its identity, or its registration code"
            ),
        ));
    };
    if written.contains('/') || ["units", "figures"].contains(&written) {
        return Ok(Subject(written.to_owned()));
    }
    match store.code_owner(written).await.or_broken(&call.app)? {
        Some(id) => Ok(Subject::organisation(id)),
        None => Err(finding(
            "organisation.unknown",
            words!("không có tổ chức `{written}`", "there is no organisation `{written}`", written),
            words!(
                "tra cứu ở /api/v1/organisations?q=…",
                "look it up at /api/v1/organisations?q=…"
            ),
        )),
    }
}

async fn list(call: Call) -> Result<Reply<Listing<Document>>, Problem> {
    let part = Part::of(&call)?;
    let store = call.store()?;
    let head = match part.position {
        Some(position) => position,
        None => store.position().await.or_broken(&call.app)?,
    };
    // The cursor of this list is the last position that was shown.
    let before = part.last().unwrap_or(head.saturating_add(1));
    let question = LedgerQuestion {
        kind: call.text(&KIND).and_then(FilingKind::from_code),
        actor: call.text(&ACTOR).map(str::to_owned),
        subject: call.text(&SUBJECT).map(|subject| Subject(subject.to_owned())),
        from: call.day(&FROM),
        to: call.day(&TO),
        before: Some(before),
    };
    let limit = u32::try_from(part.limit).unwrap_or(u32::MAX).saturating_add(1);
    let mut found = store.filings_newest(&question, limit).await.or_broken(&call.app)?;
    let more = found.len() > part.limit;
    found.truncate(part.limit);
    let last = found.last().filter(|_| more).map(|filing| filing.position);
    Ok(part.open(&call, found.iter().map(Document::new).collect(), head, last))
}

async fn one(call: Call) -> Result<Reply<Document>, Problem> {
    let id = call.at("id").parse().unwrap_or(hoptac_model::ids::FilingId::NIL);
    let filing = call.store()?.filing_with_id(id).await.or_broken(&call.app)?;
    let Some(filing) = filing.filter(|filing| may_see(&call, filing)) else {
        return Err(Problem::not_found(words!(
            "không có hồ sơ này trong phạm vi của tài khoản",
            "there is no such filing within the scope of the account"
        )));
    };
    Ok(Reply::new(Document::new(&filing)))
}

/// Whether the caller may see a filing: all of them with the ledger, those about organisations within the scope.
pub(super) fn may_see(call: &Call, filing: &Filing) -> bool {
    if call.visit.visitor.may_read(Reading::Ledger) {
        return true;
    }
    let published = call.app.published();
    match filing.subject.as_organisation().and_then(|id| published.register.index_of(id)) {
        None => false,
        Some(index) => call.visit.visitor.may_see(
            Reading::Filings,
            &published.register,
            &published.places,
            index,
            call.app.today(),
        ),
    }
}

async fn about(call: Call) -> Result<Reply<Listing<Document>>, Problem> {
    let part = Part::of(&call)?;
    let published = call.app.published();
    let index = seen(&call, &published, call.at("id"))?;
    let position = part.position.unwrap_or(published.register.position);
    let id = published.register.organisation(index).map_or(OrganisationId::NIL, |one| one.id);
    let mut found =
        call.store()?.filings_about(&Subject::organisation(id)).await.or_broken(&call.app)?;
    found.retain(|filing| filing.position <= position);
    Ok(part.page(&call, &found, position, Document::new))
}
