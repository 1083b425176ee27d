//! A backup as a file: lines of JSON in a zstd stream, in an age file where it is encrypted. Both are open formats, so that a
//! backup can be read without this program: `age --decrypt FILE | zstdcat`.
//!
//! The first line says of what and when it is. Then, for each table, a line with its columns and a line per row. The last
//! line has the number of rows of each table and the SHA-256 of all lines before it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek as _, Write};
use std::path::Path;

use age::secrecy::SecretString;
use age::stream::StreamWriter;
use anyhow::{Context as _, Result, anyhow};
use hoptac_model::filing::Hash;
use hoptac_store::{Cells, Shape};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::sentence::{refuse, said};

/// The version of the lines.
const FORMAT: u32 = 1;
/// What an age file begins with.
const AGE: &[u8] = b"age-encryption.org/";
/// What a zstd stream begins with.
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// How hard zstd tries: its own default.
const LEVEL: i32 = 3;
/// How much work a passphrase costs whoever tries them: 2 to this power, in 128 MB of memory.
const WORK: u8 = 17;
/// The most that is done to open one.
const WORK_MAX: u8 = 22;

/// How a backup is closed.
pub(crate) enum Lock {
    /// Everybody can read it.
    None,
    /// Whoever has the passphrase.
    Passphrase(SecretString),
    /// Whoever has one of the identities with these public halves.
    Recipients(Vec<age::x25519::Recipient>),
}

/// What opens a backup.
pub(crate) enum Opener {
    /// Nothing was given.
    None,
    /// A passphrase.
    Passphrase(SecretString),
    /// Identities.
    Identities(Vec<Box<dyn age::Identity>>),
}

/// The first line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Front {
    hoptac_backup: u32,
    /// The version of the program that made it.
    pub(crate) program: String,
    /// The schema of the tables.
    pub(crate) schema: i64,
    pub(crate) made_at: Timestamp,
    /// The position of its last filing.
    pub(crate) position: u64,
    /// The hash of its last filing.
    pub(crate) head: String,
}

impl Front {
    pub(crate) fn new(schema: i64, made_at: Timestamp, (position, head): (u64, Hash)) -> Self {
        let program = env!("CARGO_PKG_VERSION").to_owned();
        Self { hoptac_backup: FORMAT, program, schema, made_at, position, head: head.to_string() }
    }
}

/// How many rows of each table there are.
pub(crate) type Counts = BTreeMap<String, u64>;

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
struct End {
    rows: Counts,
    sha256: String,
}

/// A backup as it is written.
pub(crate) struct Writing {
    lines: zstd::Encoder<'static, Sealing>,
    /// Over all lines so far.
    sum: Sha256,
    counts: Counts,
    table: String,
}

/// What a file came to.
pub(crate) struct Written {
    pub(crate) counts: Counts,
    pub(crate) bytes: u64,
    /// The SHA-256 of the file.
    pub(crate) sha256: Hash,
}

impl Writing {
    /// Begins a file.
    pub(crate) fn begin(file: File, lock: &Lock, front: &Front) -> Result<Self> {
        let file = Summed { file: BufWriter::new(file), sum: Sha256::new(), bytes: 0 };
        let sealing = match lock {
            Lock::None => Sealing::Open(file),
            Lock::Passphrase(passphrase) => {
                let mut recipient = age::scrypt::Recipient::new(passphrase.clone());
                recipient.set_work_factor(WORK);
                seal(file, &[&recipient])?
            }
            Lock::Recipients(recipients) => {
                let recipients: Vec<&dyn age::Recipient> =
                    recipients.iter().map(|recipient| recipient as &dyn age::Recipient).collect();
                seal(file, &recipients)?
            }
        };
        let mut lines = zstd::Encoder::new(sealing, LEVEL)?;
        lines.include_checksum(true)?;
        let mut writing =
            Self { lines, sum: Sha256::new(), counts: Counts::new(), table: String::new() };
        writing.line(front)?;
        Ok(writing)
    }

    /// Begins a table.
    pub(crate) fn table(&mut self, shape: &Shape) -> Result<()> {
        self.table.clone_from(&shape.table);
        self.counts.insert(shape.table.clone(), 0);
        self.line(shape)
    }

    /// Writes a row of the table begun last.
    pub(crate) fn row(&mut self, row: &Cells) -> Result<()> {
        *self.counts.entry(self.table.clone()).or_default() += 1;
        self.line(row)
    }

    /// Ends the file and has the disk confirm it.
    pub(crate) fn finish(mut self) -> Result<Written> {
        let sha256 = digest(self.sum.clone()).to_string();
        let end = End { rows: self.counts.clone(), sha256 };
        self.line(&end)?;
        let mut summed = match self.lines.finish()? {
            Sealing::Open(file) => file,
            Sealing::Sealed(stream) => stream.finish()?,
        };
        summed.file.flush()?;
        summed.file.get_ref().sync_all()?;
        Ok(Written { counts: self.counts, bytes: summed.bytes, sha256: digest(summed.sum) })
    }

    fn line(&mut self, value: &impl Serialize) -> Result<()> {
        let mut line = serde_json::to_vec(value)?;
        line.push(b'\n');
        self.sum.update(&line);
        Ok(self.lines.write_all(&line)?)
    }
}

fn seal(file: Summed, recipients: &[&dyn age::Recipient]) -> Result<Sealing> {
    let encryptor = age::Encryptor::with_recipients(recipients.iter().copied())
        .map_err(|error| anyhow!("{error}"))
        .context(said!("mã hóa bản sao lưu", "encrypting the backup"))?;
    Ok(Sealing::Sealed(encryptor.wrap_output(file)?))
}

/// Where compressed lines go.
enum Sealing {
    Open(Summed),
    Sealed(StreamWriter<Summed>),
}

impl Write for Sealing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Open(file) => file.write(bytes),
            Self::Sealed(stream) => stream.write(bytes),
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Open(file) => file.flush(),
            Self::Sealed(stream) => stream.flush(),
        }
    }
}

/// A file with the sum of what went into it.
struct Summed {
    file: BufWriter<File>,
    sum: Sha256,
    bytes: u64,
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.sum.update(bytes.get(..written).unwrap_or(bytes));
        self.bytes += u64::try_from(written).unwrap_or_default();
        Ok(written)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn digest(sum: Sha256) -> Hash {
    Hash(sum.finalize().into())
}

/// The SHA-256 of a file as it lies on the disk.
pub(crate) fn sum_of(path: &Path) -> Result<Hash> {
    let mut file = File::open(path)?;
    let mut sum = Sha256::new();
    let mut bytes = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut bytes)?;
        if read == 0 {
            return Ok(digest(sum));
        }
        sum.update(bytes.get(..read).unwrap_or_default());
    }
}

/// A backup as it is read.
pub(crate) struct Reading {
    lines: BufReader<Box<dyn Read>>,
    pub(crate) front: Front,
    sum: Sha256,
    counts: Counts,
    table: String,
    line: Vec<u8>,
}

/// What comes next in a backup.
pub(crate) enum Piece {
    Table(Shape),
    Row(Cells),
}

impl Reading {
    /// Opens a backup and reads what it is.
    pub(crate) fn open(path: &Path, opener: &Opener) -> Result<Self> {
        let mut file = File::open(path).with_context(|| {
            said!(
                "không đọc được bản sao lưu `{file}`",
                "the backup `{file}` cannot be read",
                file = path.display().to_string()
            )
        })?;
        let mut start = Vec::new();
        Read::by_ref(&mut file).take(AGE.len() as u64).read_to_end(&mut start)?;
        file.rewind()?;
        let inside: Box<dyn Read> = if start == AGE {
            unlocked(file, opener, path)?
        } else if start.starts_with(&ZSTD) {
            Box::new(file)
        } else {
            return Err(no_backup(path));
        };
        let lines: Box<dyn Read> = Box::new(zstd::Decoder::new(inside)?);
        let mut reading = Self {
            lines: BufReader::with_capacity(1 << 16, lines),
            front: Front::new(0, Timestamp::UNIX_EPOCH, (0, Hash::ZERO)),
            sum: Sha256::new(),
            counts: Counts::new(),
            table: String::new(),
            line: Vec::new(),
        };
        reading.read_line()?;
        reading.front = serde_json::from_slice(&reading.line).map_err(|_| no_backup(path))?;
        if reading.front.hoptac_backup > FORMAT {
            refuse!(
                "`{file}` do hoptac {program} ghi theo dạng mà chương trình này chưa biết; hãy dùng chương trình mới hơn",
                "`{file}` was written by hoptac {program}, in a form that this program does not know; use the newer program",
                file = path.display().to_string(),
                program = &reading.front.program
            );
        }
        Ok(reading)
    }

    /// The next piece; none behind the last, when everything that was counted and summed has come.
    pub(crate) fn next(&mut self) -> Result<Option<Piece>> {
        let before = digest(self.sum.clone()).to_string();
        self.read_line()?;
        if self.line.first() == Some(&b'[') {
            let row = serde_json::from_slice(&self.line).map_err(|_| damaged())?;
            *self.counts.entry(self.table.clone()).or_default() += 1;
            return Ok(Some(Piece::Row(row)));
        }
        if let Ok(shape) = serde_json::from_slice::<Shape>(&self.line) {
            self.table.clone_from(&shape.table);
            self.counts.insert(shape.table.clone(), 0);
            return Ok(Some(Piece::Table(shape)));
        }
        let end: End = serde_json::from_slice(&self.line).map_err(|_| damaged())?;
        // Reading on to the end lets the outer layers prove their own.
        let mut rest = Vec::new();
        self.lines.read_to_end(&mut rest).map_err(|_| damaged())?;
        if end.rows != self.counts || end.sha256 != before || !rest.is_empty() {
            return Err(damaged());
        }
        Ok(None)
    }

    /// How many rows went by.
    pub(crate) fn counts(&self) -> &Counts {
        &self.counts
    }

    fn read_line(&mut self) -> Result<()> {
        self.line.clear();
        self.lines.read_until(b'\n', &mut self.line).map_err(|_| damaged())?;
        self.sum.update(&self.line);
        if self.line.pop() == Some(b'\n') { Ok(()) } else { Err(damaged()) }
    }
}

pub(super) fn damaged() -> anyhow::Error {
    anyhow!(said!(
        "bản sao lưu bị hỏng hoặc bị cắt ngắn; hãy dùng bản khác",
        "the backup is damaged or ends too early; take another one"
    ))
}

fn no_backup(path: &Path) -> anyhow::Error {
    anyhow!(said!(
        "`{file}` không phải bản sao lưu của hoptac",
        "`{file}` is no backup of hoptac",
        file = path.display().to_string()
    ))
}

/// What is inside an age file.
fn unlocked(file: File, opener: &Opener, path: &Path) -> Result<Box<dyn Read>> {
    let file_name = path.display().to_string();
    let decryptor = age::Decryptor::new_buffered(BufReader::new(file)).map_err(|_| damaged())?;
    let is_by_passphrase = decryptor.is_scrypt();
    let identities: Vec<&dyn age::Identity> = match opener {
        Opener::Identities(identities) if !is_by_passphrase => {
            identities.iter().map(|identity| &**identity).collect()
        }
        Opener::Passphrase(passphrase) if is_by_passphrase => {
            let mut identity = age::scrypt::Identity::new(passphrase.clone());
            identity.set_max_work_factor(WORK_MAX);
            return opened(decryptor, &[&identity], path);
        }
        Opener::None | Opener::Identities(_) if is_by_passphrase => refuse!(
            "`{file}` được mã hóa bằng mật khẩu; hãy nêu tệp chứa mật khẩu bằng --passphrase-file",
            "`{file}` is encrypted with a passphrase; name the file that holds it with --passphrase-file",
            file = &file_name
        ),
        Opener::None | Opener::Passphrase(_) | Opener::Identities(_) => refuse!(
            "`{file}` được mã hóa cho một khóa riêng; hãy nêu tệp khóa riêng bằng --identity",
            "`{file}` is encrypted to an identity; name the identity's file with --identity",
            file = &file_name
        ),
    };
    opened(decryptor, &identities, path)
}

fn opened(
    decryptor: age::Decryptor<BufReader<File>>,
    identities: &[&dyn age::Identity],
    path: &Path,
) -> Result<Box<dyn Read>> {
    match decryptor.decrypt(identities.iter().copied()) {
        Ok(stream) => Ok(Box::new(stream)),
        Err(age::DecryptError::NoMatchingKeys | age::DecryptError::DecryptionFailed) => refuse!(
            "mật khẩu hoặc khóa đã nêu không mở được `{file}`; bản này được mã hóa bằng mật khẩu khác hoặc cho khóa khác",
            "what was given does not open `{file}`; it was encrypted with another passphrase or to another identity",
            file = path.display().to_string()
        ),
        Err(age::DecryptError::Io(error)) => Err(error.into()),
        Err(_) => Err(damaged()),
    }
}
