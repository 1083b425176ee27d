//! Bundles: the figures of one instance at a ledger position, to be read by another. A bundle is text, line by line: what it is, the
//! signature over that line, then its tables. The first line carries the hash of everything behind the signature.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::filing::Hash;
use crate::open_data::{Cell, OpenData};
use crate::text::Words;
use crate::words;

/// The form that bundles are written in.
pub const FORM: &str = "hoptac-bundle-1";
/// The largest bundle that is read, in bytes.
pub const BYTES_MAX: usize = 64 << 20;

/// What a bundle says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORM`].
    pub form: String,
    /// The key that it is signed with, as 64 hexadecimal digits.
    pub key: String,
    /// The unit whose plan it is.
    pub unit: String,
    /// The name of that unit.
    pub unit_name: String,
    /// The document of the plan.
    pub plan: String,
    /// The ledger position that everything in it was derived from.
    pub position: u64,
    /// The hash of the ledger at that position.
    pub head: String,
    /// The day of its figures.
    pub as_of: Date,
    /// The day on which it was made.
    pub made_on: Date,
    /// Whether anything in it was made by a generator.
    pub synthetic: bool,
    /// How many rows each table has.
    pub tables: BTreeMap<String, usize>,
    /// SHA-256 of the lines behind the signature.
    pub body: String,
}

/// A table of a bundle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Its name.
    pub table: String,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<Value>>,
}

impl Table {
    /// The cell of a row and column.
    pub fn cell<'t>(&self, row: &'t [Value], column: &str) -> Option<&'t Value> {
        let at = self.columns.iter().position(|name| name == column)?;
        row.get(at).filter(|value| !value.is_null())
    }

    /// The text of a row and column; empty where there is none.
    pub fn text<'t>(&self, row: &'t [Value], column: &str) -> &'t str {
        self.cell(row, column).and_then(Value::as_str).unwrap_or("")
    }

    /// The number of a row and column.
    pub fn number(&self, row: &[Value], column: &str) -> Option<f64> {
        self.cell(row, column).and_then(Value::as_f64)
    }
}

/// A bundle that was read. Whether its signature is right is not said by its type: `office::bundle` proves it.
#[derive(Clone, Debug, PartialEq)]
pub struct Bundle {
    /// What it says of itself.
    pub manifest: Manifest,
    /// Its first line, over which the signature is.
    pub signed: String,
    /// The signature, as 128 hexadecimal digits.
    pub signature: String,
    /// Its tables.
    pub tables: Vec<Table>,
}

impl Bundle {
    /// The table of a name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.table == name)
    }
}

/// Why something is no bundle that can be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words().en)]
pub enum BundleError {
    /// It is too large.
    TooLarge,
    /// It is no bundle at all.
    NotABundle,
    /// It is written in a form that this program does not know.
    Form(String),
    /// It ends too early.
    Truncated,
    /// What is in it is not what was signed.
    Altered,
    /// The signature is not that of the key that it names.
    Signature,
    /// It says of itself what is not so.
    Contradicts(String),
}

impl BundleError {
    /// Why, with what to do, in both languages.
    pub fn words(&self) -> Words {
        match self {
            Self::TooLarge => words!(
                "gói lớn hơn {most} MB; hãy đề nghị nơi gửi lập lại gói",
                "the bundle is larger than {most} MB; ask the sender to make it anew",
                most = BYTES_MAX >> 20
            ),
            Self::NotABundle => words!(
                "tệp này không phải gói số liệu; gói số liệu do `hoptac bundle make` lập",
                "this file is no bundle; bundles are made by `hoptac bundle make`"
            ),
            Self::Form(form) => words!(
                "gói lập theo dạng `{form}` mà chương trình chưa biết; hãy nâng cấp chương trình, hoặc đề nghị nơi gửi lập theo dạng {known}",
                "the bundle has the form `{form}`, which this program does not know; bring it up to date, or ask for the form {known}",
                form,
                known = FORM
            ),
            Self::Truncated => words!(
                "gói bị cắt ngang; hãy đề nghị nơi gửi gửi lại",
                "the bundle ends too early; ask the sender to send it again"
            ),
            Self::Altered => words!(
                "nội dung gói đã bị thay đổi sau khi ký; không nhận, hãy đề nghị nơi gửi gửi lại",
                "the bundle was altered after it was signed; it is not taken, ask the sender to send it again"
            ),
            Self::Signature => words!(
                "chữ ký không phải của khóa ghi trong gói; không nhận, hãy hỏi nơi gửi",
                "the signature is not that of the key which the bundle names; it is not taken, ask the sender"
            ),
            Self::Contradicts(what) => words!(
                "gói tự mâu thuẫn ở `{what}`; hãy đề nghị nơi gửi lập lại gói",
                "the bundle contradicts itself at `{what}`; ask the sender to make it anew",
                what
            ),
        }
    }
}

/// The lines behind the signature: one for each table.
pub fn body(data: &OpenData) -> String {
    let mut text = String::new();
    for table in &data.tables {
        let cell = |cell: &Cell| match cell {
            Cell::Empty => Value::Null,
            Cell::Text(text) => Value::from(text.as_str()),
            Cell::Whole(whole) => Value::from(*whole),
            Cell::Number(number) => Value::from(*number),
            Cell::Day(day) => Value::from(day.to_string()),
        };
        let line = Table {
            table: table.id.to_owned(),
            columns: table.columns.iter().map(|column| column.name.to_owned()).collect(),
            rows: table.rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
        };
        // Tables hold only strings as keys, and no number that JSON cannot write.
        text.push_str(&serde_json::to_string(&line).expect("a table is always JSON"));
        text.push('\n');
    }
    text
}

/// Reads a bundle. That its contents are what was signed is proven here, that its key signed it is not.
pub fn read(bytes: &[u8]) -> Result<Bundle, BundleError> {
    if bytes.len() > BYTES_MAX {
        return Err(BundleError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| BundleError::NotABundle)?;
    let (signed, rest) = text.split_once('\n').ok_or(BundleError::NotABundle)?;
    let says: Value = serde_json::from_str(signed).map_err(|_| BundleError::NotABundle)?;
    let form = says.get("form").and_then(Value::as_str).ok_or(BundleError::NotABundle)?;
    if form != FORM {
        return Err(BundleError::Form(crate::text::few(form)));
    }
    // Read from the text and not from the value, which would let a key stand twice.
    let manifest: Manifest = serde_json::from_str(signed).map_err(|_| BundleError::NotABundle)?;
    let (signature, body) = rest.split_once('\n').ok_or(BundleError::Truncated)?;
    if Hash::of(body.as_bytes()).to_string() != manifest.body {
        let whole = body.ends_with('\n') && body.lines().count() >= manifest.tables.len();
        return Err(if whole { BundleError::Altered } else { BundleError::Truncated });
    }
    let contradicts = |what: &str| BundleError::Contradicts(crate::text::few(what));
    let mut tables: Vec<Table> = Vec::new();
    for line in body.lines() {
        let table: Table = serde_json::from_str(line).map_err(|_| contradicts("tables"))?;
        let is_square = table.rows.iter().all(|row| row.len() == table.columns.len());
        if !is_square || manifest.tables.get(&table.table) != Some(&table.rows.len()) {
            return Err(contradicts(&table.table));
        }
        if tables.iter().any(|one| one.table == table.table) {
            return Err(contradicts(&table.table));
        }
        tables.push(table);
    }
    if tables.len() != manifest.tables.len() {
        return Err(contradicts("tables"));
    }
    let bundle =
        Bundle { signed: signed.to_owned(), signature: signature.to_owned(), tables, manifest };
    Ok(bundle)
}

/// The first line of a bundle.
pub fn first_line(manifest: &Manifest) -> String {
    // It holds only strings as keys.
    serde_json::to_string(manifest).expect("a manifest is always JSON")
}
