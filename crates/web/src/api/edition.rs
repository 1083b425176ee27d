//! Editions: reports that were issued, with the day and ledger position of their figures and the hashes of their files.

use hoptac_model::report::{EditionFormat, ReportKind};
use hoptac_model::words;
use hoptac_office::authority::Reading;
use hoptac_store::EditionOnFile;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::Call;
use super::operation::{Api, Group, Operation};
use super::parameter::{CURSOR, FIELDS, Kind, LIMIT, Parameter, TOTAL};
use super::problem::{OrBroken as _, Problem};
use super::reply::{Listing, Part, Reply};
use super::text::Day;
use crate::routes::Need;

const RECORDS: Need = Need::Read(Reading::Records);
const CODE: Parameter = Parameter {
    name: "code",
    kind: Kind::Text { most: 40 },
    about: (
        "Mã xác minh của ấn bản, in trên từng trang.",
        "The code by which the edition is verified; it is printed on every page.",
    ),
};
const REPORT: Parameter = Parameter {
    name: "report",
    kind: Kind::OneOf(|| ReportKind::ALL.map(ReportKind::code).to_vec()),
    about: ("Chỉ loại báo cáo này.", "Only this report."),
};

const LIST: Operation = Operation {
    title: ("Các ấn bản đã phát hành, mới nhất trước", "Issued editions, the newest first"),
    query: &[REPORT, LIMIT, CURSOR, TOTAL, FIELDS],
    ..Operation::read("/editions", "listEditions", Group::Reports, RECORDS)
};
const ONE: Operation = Operation {
    title: ("Một ấn bản", "One edition"),
    about: (
        "Trang của ấn bản, có các tệp để tải, ở /an-ban/{mã}; ai cũng xác minh được ở /xac-minh/{mã}.",
        "Its page with the files stands at /an-ban/{code}; everybody can verify it at /xac-minh/{code}.",
    ),
    at: &[CODE],
    query: &[FIELDS],
    ..Operation::read("/editions/{code}", "getEdition", Group::Reports, RECORDS)
};

pub(crate) fn operations(api: Api) -> Api {
    api.add(LIST, list).add(ONE, one)
}

/// A report that was issued.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Edition")]
struct Document {
    /// The code that it is verified by.
    code: String,
    /// Which report.
    #[schemars(extend("enum" = ReportKind::ALL.map(ReportKind::code)))]
    report: &'static str,
    /// Of which period: `2025`, `2025-H1`.
    period: String,
    /// The unit that it speaks of.
    unit: String,
    /// The organisation that it is about, where it is about one.
    #[schemars(extend("format" = "uuid"))]
    organisation: Option<String>,
    /// Its title.
    title: String,
    /// Number and symbol.
    number: String,
    /// Who signed it.
    signer: String,
    /// In whose name, as `TM.`, `KT.`.
    capacity: &'static str,
    /// The day of its issue.
    #[schemars(with = "Day")]
    issued_on: Date,
    /// The day of its figures.
    #[schemars(with = "Day")]
    as_of: Date,
    /// The ledger position of its figures.
    figures_position: u64,
    /// The filing that issued it.
    #[schemars(extend("format" = "uuid"))]
    filing: String,
    /// The ledger position of that filing.
    position: u64,
    /// How many sentences people wrote in the place of composed ones.
    edited: usize,
    /// Its files.
    files: Vec<FileDocument>,
}

/// A file of an edition.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EditionFile")]
struct FileDocument {
    /// In which format.
    #[schemars(extend("enum" = EditionFormat::ALL.map(EditionFormat::code)))]
    format: &'static str,
    /// SHA-256 of its bytes.
    sha256: String,
    /// How many bytes it has.
    bytes: u64,
}

impl Document {
    fn new(edition: &EditionOnFile) -> Self {
        let issue = &edition.issue;
        Self {
            code: edition.code.clone(),
            report: issue.report.code(),
            period: issue.period.to_string(),
            unit: issue.unit.to_string(),
            organisation: issue.organisation.map(|id| id.to_string()),
            title: issue.title.clone(),
            number: issue.number.clone(),
            signer: issue.signer.clone(),
            capacity: issue.capacity.letters(),
            issued_on: edition.filing.effective_on,
            as_of: issue.as_of,
            figures_position: issue.figures_position,
            filing: edition.filing.id.to_string(),
            position: edition.filing.position,
            edited: issue.edits.len(),
            files: issue
                .files
                .iter()
                .map(|file| FileDocument {
                    format: file.format.code(),
                    sha256: file.hash.clone(),
                    bytes: file.bytes,
                })
                .collect(),
        }
    }
}

/// Whether the caller may be told of an edition: one about an organisation only where that is within its scope.
fn may_see(call: &Call, edition: &EditionOnFile) -> bool {
    let Some(organisation) = edition.issue.organisation else { return true };
    let now = call.app.published();
    let (visitor, today) = (&call.visit.visitor, call.app.today());
    now.register.index_of(organisation).is_some_and(|index| {
        visitor.may_see(Reading::Records, &now.register, &now.places, index, today)
    })
}

async fn list(call: Call) -> Result<Reply<Listing<Document>>, Problem> {
    let part = Part::of(&call)?;
    let store = call.store()?;
    let head = store.position().await.or_broken(&call.app)?;
    let position = part.position.unwrap_or(head);
    let report = call.text(&REPORT);
    let mut found = store.editions().await.or_broken(&call.app)?;
    found.retain(|one| {
        one.filing.position <= position
            && report.is_none_or(|report| one.issue.report.code() == report)
            && may_see(&call, one)
    });
    found.sort_by_key(|one| std::cmp::Reverse(one.filing.position));
    Ok(part.page(&call, &found, position, Document::new))
}

async fn one(call: Call) -> Result<Reply<Document>, Problem> {
    let code = call.at(CODE.name);
    let found = call.store()?.find_edition(code).await.or_broken(&call.app)?;
    let Some(edition) = found.filter(|one| may_see(&call, one)) else {
        return Err(Problem::not_found(words!(
            "không có ấn bản `{code}` trong phạm vi của tài khoản; tra cứu ở /api/v1/editions",
            "there is no edition `{code}` within the scope of the account; look it up at /api/v1/editions",
            code
        )));
    };
    Ok(Reply::new(Document::new(&edition)))
}
