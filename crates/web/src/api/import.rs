//! Imports of spreadsheets: what each brought, which columns were read as what, and whether it was taken back.

use hoptac_model::filing::FilingKind;
use hoptac_model::ids::ImportId;
use hoptac_model::words;
use hoptac_office::authority::Reading;
use hoptac_store::ImportOnFile;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::Call;
use super::operation::{Api, Group, Operation};
use super::parameter::{CURSOR, FIELDS, Kind, LIMIT, Parameter, TOTAL};
use super::problem::{OrBroken as _, Problem};
use super::reply::{Listing, Part, Reply};
use crate::routes::Need;

const TAKE: Need = Need::File(FilingKind::ImportTake);
const ID: Parameter = Parameter {
    name: "id",
    kind: Kind::Uuid,
    about: ("Định danh của lần nhập.", "The identity of the import."),
};

const LIST: Operation = Operation {
    title: ("Các lần nhập bảng tính, mới nhất trước", "Imports of spreadsheets, the newest first"),
    about: (
        "Của chính tài khoản; người đọc được sổ cái thì thấy của mọi tài khoản. Các hồ sơ một lần nhập mang lại nằm liền nhau trong \
         sổ cái, từ first_position đến trước position.",
        "The account's own; whoever reads the ledger sees those of all. The filings that an import brought stand together in the \
         ledger, from first_position to before position.",
    ),
    query: &[LIMIT, CURSOR, TOTAL, FIELDS],
    ..Operation::read("/imports", "listImports", Group::Filings, TAKE)
};
const ONE: Operation = Operation {
    title: ("Một lần nhập bảng tính", "One import"),
    at: &[ID],
    query: &[FIELDS],
    ..Operation::read("/imports/{id}", "getImport", Group::Filings, TAKE)
};

pub(crate) fn operations(api: Api) -> Api {
    api.add(LIST, list).add(ONE, one)
}

/// An import.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Import")]
struct Document {
    /// Its identity.
    #[schemars(extend("format" = "uuid"))]
    id: String,
    /// The account that took it over.
    actor: String,
    /// When.
    #[schemars(extend("format" = "date-time"))]
    recorded_at: String,
    /// The name of the file.
    file_name: String,
    /// SHA-256 of its bytes.
    file_sha256: String,
    /// The form that its rows are of.
    form: String,
    /// The version of the form.
    form_version: u16,
    /// The sheet that was read.
    sheet: String,
    /// Which columns were which.
    columns: Vec<ColumnDocument>,
    /// What became of its rows.
    rows: RowsDocument,
    /// How many filings came out of it.
    filings: u32,
    /// The ledger position of the first of them; that of its own filing where it brought none.
    first_position: u64,
    /// The ledger position of the filing that closed it.
    position: u64,
    /// The ledger position of the filing by which it was taken back; null while it stands.
    undone_position: Option<u64>,
}

/// A column of the sheet.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ImportColumn")]
struct ColumnDocument {
    /// The column of the form.
    column: String,
    /// The column of the sheet, by its letters.
    at: String,
    /// What its head says.
    head: String,
    /// What one stands for in it: 1000000 under a head of million đồng.
    unit: i64,
}

/// How many rows became what.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ImportRows")]
struct RowsDocument {
    /// Of what the register did not know.
    new: u32,
    /// That differed from the register.
    changed: u32,
    /// That said what the register says.
    same: u32,
    /// That may be of something the register knows under another name.
    doubtful: u32,
    /// That could not be taken.
    rejected: u32,
}

impl Document {
    fn new(import: &ImportOnFile) -> Self {
        let (taken, counts) = (&import.taken, import.taken.counts);
        Self {
            id: import.id.to_string(),
            actor: import.actor.clone(),
            recorded_at: import.recorded_at.to_string(),
            file_name: taken.file_name.clone(),
            file_sha256: taken.file_hash.clone(),
            form: taken.form.clone(),
            form_version: taken.form_version,
            sheet: taken.sheet.clone(),
            columns: taken
                .columns
                .iter()
                .map(|one| ColumnDocument {
                    column: one.column.clone(),
                    at: one.at.clone(),
                    head: one.head.clone(),
                    unit: one.unit,
                })
                .collect(),
            rows: RowsDocument {
                new: counts.new,
                changed: counts.changed,
                same: counts.same,
                doubtful: counts.doubtful,
                rejected: counts.rejected,
            },
            filings: taken.filings,
            first_position: import.first,
            position: import.position,
            undone_position: import.undone,
        }
    }
}

/// Whether the caller may be told of an import: its own, or all where it reads the ledger.
fn may_see(call: &Call, import: &ImportOnFile) -> bool {
    let visitor = &call.visit.visitor;
    let own = visitor.account_name().map(hoptac_model::account::AccountName::as_str);
    visitor.may_read(Reading::Ledger) || import.actor.split(' ').next() == own
}

async fn list(call: Call) -> Result<Reply<Listing<Document>>, Problem> {
    let part = Part::of(&call)?;
    let store = call.store()?;
    let head = store.position().await.or_broken(&call.app)?;
    let position = part.position.unwrap_or(head);
    let mut found = store.imports().await.or_broken(&call.app)?;
    found.retain(|one| one.position <= position && may_see(&call, one));
    Ok(part.page(&call, &found, position, Document::new))
}

async fn one(call: Call) -> Result<Reply<Document>, Problem> {
    let id = call.at(ID.name);
    let found = match id.parse::<ImportId>() {
        Ok(id) => call.store()?.find_import(id).await.or_broken(&call.app)?,
        Err(_) => None,
    };
    let Some(import) = found.filter(|one| may_see(&call, one)) else {
        return Err(Problem::not_found(words!(
            "không có lần nhập `{id}` của tài khoản này; tra cứu ở /api/v1/imports",
            "there is no import `{id}` of this account; look it up at /api/v1/imports",
            id
        )));
    };
    Ok(Reply::new(Document::new(&import)))
}
