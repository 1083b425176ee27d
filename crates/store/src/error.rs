//! What can go wrong between the program and its database, as sentences for the person who can set it right.

use std::error::Error as StdError;
use std::fmt;
use std::path::{Path, PathBuf};

use hoptac_model::ids::FilingId;
use hoptac_model::text::Words;
use hoptac_model::words;
use jiff::Timestamp;

use crate::table::TABLES;

/// Why the store could not do what was asked.
#[derive(Debug)]
pub enum Error {
    /// The database file is not there.
    Missing(PathBuf),
    /// The folder of the database file is not there.
    FolderMissing(PathBuf),
    /// The server has no such database, or the database holds no ledger yet.
    Empty,
    /// The file is something else.
    NotADatabase(PathBuf),
    /// The database belongs to another program.
    Foreign,
    /// A later program has been here.
    NewerVersion {
        /// What the database says.
        found: i64,
        /// The newest version that this program can make.
        known: i64,
    },
    /// Nothing can be written there.
    NotWritable(String),
    /// There is no room left.
    DiskFull,
    /// The disk refuses.
    Disk(String),
    /// The file's name is not text.
    Path(PathBuf),
    /// The server does not answer, or does not let us in.
    Server(String),
    /// Somebody else held the database for too long.
    Busy,
    /// The file is damaged.
    Damaged(String),
    /// A filing does not fit behind those before it.
    Unproved {
        /// Where.
        position: u64,
        /// What does not fit.
        what: String,
    },
    /// Something was to be restored into a database that is in use.
    NotEmpty,
    /// A row of a backup is not what its table holds.
    BackupRow {
        /// The table.
        table: String,
    },
    /// A table that this program does not restore.
    BackupTable {
        /// The table.
        table: String,
    },
    /// Somebody else filed about the subject in the meantime.
    Conflict {
        /// What both filed about.
        subject: String,
        /// The version that the filer saw.
        expected: u32,
        /// The version that it has.
        actual: u32,
    },
    /// The submission was accepted before.
    Repeated {
        /// The idempotency key.
        key: String,
        /// Where it stands.
        position: u64,
    },
    /// The same filing, a second time.
    KnownFiling(FilingId),
    /// The clock went back.
    RecordedBack {
        /// When the draft was recorded.
        recorded_at: Timestamp,
        /// When the last filing was.
        head: Timestamp,
    },
    /// A field cannot stand in the hashed text.
    LineFeed(&'static str),
    /// The filing says something that does not fit what is registered.
    Inapplicable {
        /// The filing.
        id: FilingId,
        /// Its kind.
        kind: &'static str,
        /// What does not fit.
        why: Words,
    },
    /// A filing of the transaction was refused half-way, so that none of it may be kept.
    Spoilt,
    /// A stored value is not what the column holds.
    Stored {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// What was found there.
        value: String,
    },
    /// A body that this program cannot read.
    Body {
        /// Where it stands.
        position: u64,
        /// What the reader says.
        source: serde_json::Error,
    },
    /// Anything else that the database says.
    Database {
        /// What the store was doing.
        doing: &'static str,
        /// What the database says.
        source: sqlx::Error,
    },
}

impl Error {
    /// What went wrong and what to do, in both languages, without what lies behind it: that is its source.
    #[expect(clippy::too_many_lines, reason = "one sentence for each error")]
    pub fn words(&self) -> Words {
        match self {
            Self::Missing(path) => words!(
                "không có cơ sở dữ liệu tại {path}; tạo dữ liệu trình diễn bằng `hoptac demo`, hoặc ban hành kế hoạch \
                 bằng `hoptac plan adopt`",
                "there is no database at {path}; fill one with `hoptac demo`, or adopt a plan with `hoptac plan adopt`",
                path = shown(path)
            ),
            Self::FolderMissing(path) => words!(
                "thư mục {path} không tồn tại",
                "the folder {path} does not exist",
                path = shown(path)
            ),
            Self::Empty => words!(
                "cơ sở dữ liệu chưa có sổ cái; tạo dữ liệu trình diễn bằng `hoptac demo`, hoặc ban hành kế hoạch bằng \
                 `hoptac plan adopt`",
                "the database holds no ledger yet; fill it with `hoptac demo`, or adopt a plan with `hoptac plan adopt`"
            ),
            Self::NotADatabase(path) => words!(
                "{path} không phải cơ sở dữ liệu của hoptac và được giữ nguyên; hãy nêu thư mục khác, hoặc dời tệp này đi",
                "{path} is not a hoptac database and was left as it is; name another folder, or move this file away",
                path = shown(path)
            ),
            Self::Foreign => words!(
                "cơ sở dữ liệu đang chứa bảng của chương trình khác; hãy dành cho hoptac một cơ sở dữ liệu riêng",
                "the database holds tables of another program; give hoptac a database of its own"
            ),
            Self::NewerVersion { found, known } => words!(
                "cơ sở dữ liệu ở phiên bản lược đồ {found}, chương trình này chỉ biết đến phiên bản {known}; hãy dùng \
                 chương trình mới hơn",
                "the database has schema version {found}, this program knows versions up to {known}; use the newer \
                 program",
                found = found.to_string(),
                known = known.to_string()
            ),
            Self::NotWritable(what) => words!(
                "không ghi được vào {what}; hãy kiểm tra chủ sở hữu của thư mục và tệp",
                "{what} cannot be written; check who owns the folder and the file",
                what
            ),
            Self::DiskFull => words!(
                "ổ đĩa chứa cơ sở dữ liệu đã đầy; hãy giải phóng dung lượng rồi thử lại",
                "the disk of the database is full; make room and try again"
            ),
            Self::Disk(what) => words!(
                "ổ đĩa không đáp ứng yêu cầu của cơ sở dữ liệu: {what}; hãy xem ổ đĩa có đầy hoặc hỏng không",
                "the disk does not take or give what the database asks of it: {what}; see whether it is full or failing",
                what
            ),
            Self::Path(path) => words!(
                "đường dẫn {path} không phải văn bản UTF-8 mà cơ sở dữ liệu đòi hỏi",
                "the path {path} is not UTF-8 text, which the database needs",
                path = shown(path)
            ),
            Self::Server(what) => words!(
                "không dùng được máy chủ cơ sở dữ liệu: {what}",
                "the database server cannot be used: {what}",
                what
            ),
            Self::Busy => words!(
                "cơ sở dữ liệu không trả lời, hoặc đang bị một tiến trình khác giữ; hãy thử lại sau giây lát",
                "the database does not answer, or another process holds it; try again in a moment"
            ),
            Self::Damaged(what) => words!(
                "tệp cơ sở dữ liệu bị hỏng: {what}",
                "the database file is damaged: {what}",
                what
            ),
            Self::Unproved { position, what } => words!(
                "sổ cái không tự chứng minh được tại hồ sơ số {position}: {what}",
                "the ledger does not prove itself at filing {position}: {what}",
                position = position.to_string(),
                what
            ),
            Self::NotEmpty => words!(
                "cơ sở dữ liệu đã có dữ liệu; hãy phục hồi vào một thư mục trống hoặc một cơ sở dữ liệu trống",
                "the database already holds something; restore into an empty folder or an empty database"
            ),
            Self::BackupRow { table } => words!(
                "một dòng của bảng {table} trong bản sao lưu bị hỏng; hãy dùng bản sao lưu khác",
                "a row of the table {table} in the backup is damaged; take another backup",
                table
            ),
            Self::BackupTable { table } => words!(
                "bản sao lưu có bảng {table} mà chương trình này không biết; hãy dùng chương trình đã tạo ra nó",
                "the backup holds a table {table} that this program does not know; use the program that made it",
                table
            ),
            Self::Conflict { subject, expected, actual } => words!(
                "{subject} đang ở phiên bản {actual}, không còn ở phiên bản {expected}: đã có người nộp hồ sơ khác về \
                 đối tượng này; hãy xem lại rồi nộp lại",
                "{subject} is at version {actual} and not at version {expected} any more: somebody else has filed \
                 about it; read it anew and file again",
                subject,
                actual = actual.to_string(),
                expected = expected.to_string()
            ),
            Self::Repeated { key, position } => words!(
                "hồ sơ có mã gửi `{key}` đã được chấp nhận, số {position} trong sổ cái",
                "a filing with the key `{key}` was already accepted at position {position}",
                key,
                position = position.to_string()
            ),
            Self::KnownFiling(id) => words!(
                "hồ sơ {id} đã có trong sổ cái",
                "filing {id} is already in the ledger",
                id = id.to_string()
            ),
            Self::RecordedBack { recorded_at, head } => words!(
                "hồ sơ ghi lúc {recorded_at} không thể đứng sau hồ sơ ghi lúc {head}; hãy kiểm tra đồng hồ của máy",
                "a filing recorded at {recorded_at} cannot follow one recorded at {head}; check the clock",
                recorded_at = recorded_at.to_string(),
                head = head.to_string()
            ),
            Self::LineFeed(field) => words!(
                "trường {field} của hồ sơ không được có dấu xuống dòng",
                "the {field} of a filing may not contain a line feed",
                field = (*field).to_owned()
            ),
            Self::Inapplicable { id, kind, why } => words!(
                "không áp dụng được hồ sơ {id} ({kind}): {why}",
                "filing {id} ({kind}) cannot be applied: {why}",
                id = id.to_string(),
                kind = (*kind).to_owned(),
                why = why.clone()
            ),
            Self::Spoilt => words!(
                "một hồ sơ trong lần ghi này bị từ chối, nên không hồ sơ nào được lưu",
                "a filing of this transaction was refused, so nothing of it was saved"
            ),
            Self::Stored { table, column, value } => {
                let is_made = TABLES.iter().any(|made| made.name == *table);
                let way_on = if is_made {
                    words!(
                        "chạy `hoptac rebuild` để dựng lại bảng này từ sổ cái",
                        "run `hoptac rebuild`, which makes the table anew from the ledger"
                    )
                } else {
                    words!(
                        "chạy `hoptac verify` để xem còn gì hư hỏng, rồi `hoptac restore` từ một bản sao lưu",
                        "run `hoptac verify` to see what else is damaged, then `hoptac restore` from a backup"
                    )
                };
                words!(
                    "cột {column} của bảng {table} chứa `{value}`, không đọc được; {way_on}",
                    "column {column} of table {table} holds `{value}`, which cannot be read; {way_on}",
                    column = (*column).to_owned(),
                    table = (*table).to_owned(),
                    value,
                    way_on
                )
            }
            Self::Body { position, .. } => words!(
                "không đọc được nội dung của hồ sơ số {position}",
                "the body of the filing at position {position} cannot be read",
                position = position.to_string()
            ),
            Self::Database { doing, .. } => words!(
                "cơ sở dữ liệu báo lỗi ở bước: {doing}",
                "{doing}",
                doing = (*doing).to_owned()
            ),
        }
    }
}

/// The English sentence, for logs.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().en)
    }
}

impl StdError for Error {
    #[expect(clippy::wildcard_enum_match_arm, reason = "all others are the whole story")]
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Body { source, .. } => Some(source),
            Self::Database { source, .. } => Some(source),
            _ => None,
        }
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
