//! Snapshots: the register, how many filings there are about whom, and what is kept of today's figures, as files beside the
//! database, so that a start need not read and compute everything. The register lies in two files, which two threads read.
//!
//! They are never needed: whatever is odd about a file, it is left alone and everything is read from the database. A file is
//! used only if every byte of it is what was written (each block stands behind its hash), if the same program packed the same
//! shapes, if the schema did not move, and if the ledger still has the filing that it names, by its hash. What was filed since
//! is taken in as between two filings of a running server; where that cannot be, everything is read.
//!
//! A snapshot holds what the register's tables have in clear, no sealed identity and no pseudonym: members are numbers.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use hoptac_engine::board::Question;
use hoptac_engine::kept;
use hoptac_model::filing::Hash;
use hoptac_model::pack::Pack;
use hoptac_model::packed::blocks::{self, Refusal};
use hoptac_model::packed::{Input, Output, Packed, shape_of};
use hoptac_model::register::{Register, ReturnColumn};
use hoptac_model::roll::Rolls;
use hoptac_model::unit::Places;
use hoptac_store::Store;
use jiff::civil::Date;
use twox_hash::XxHash3_64;

use super::{Published, followed};
use crate::history::Histories;

/// How many filings are taken in at a start; after more, everything is read.
const CAUGHT_UP: u32 = 512;

/// Where snapshots are kept.
#[derive(Clone, Debug)]
pub(super) struct Snapshots {
    folder: PathBuf,
}

/// The filing up to which a snapshot knows the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) position: u64,
    pub(super) hash: Hash,
}

/// What a file says of itself before anything else.
#[derive(Debug, PartialEq)]
struct Head {
    program: String,
    shape: String,
    position: u64,
    hash: u128,
    hash_rest: u128,
    /// What facts are of: the day that is asked, the day whose places are asked, the plan; empty for a register.
    asked: String,
}

hoptac_model::packed!(Head { program, shape, position, hash, hash_rest, asked });

impl Head {
    fn new(shape: String, asked: String, stamp: Stamp) -> Self {
        let half = |at: usize| {
            let bytes = stamp.hash.0.get(at..at + 16).and_then(|half| half.try_into().ok());
            u128::from_le_bytes(bytes.unwrap_or_default())
        };
        Self {
            program: program(),
            shape,
            position: stamp.position,
            hash: half(0),
            hash_rest: half(16),
            asked,
        }
    }

    fn stamp(&self) -> Stamp {
        let mut hash = [0; 32];
        let (first, rest) = hash.split_at_mut(16);
        first.copy_from_slice(&self.hash.to_le_bytes());
        rest.copy_from_slice(&self.hash_rest.to_le_bytes());
        Stamp { position: self.position, hash: Hash(hash) }
    }
}

/// What a start found in its snapshots.
pub(super) struct Found {
    pub(super) published: Arc<Published>,
    /// The facts of today's board, where there were any.
    pub(super) facts: Option<kept::Kept>,
    /// The filing that the snapshot was written at.
    pub(super) written: u64,
}

/// What of a nation's register takes as long to read as all the rest.
#[derive(Debug, Default, PartialEq)]
struct Long {
    returns: Vec<ReturnColumn>,
    rolls: Rolls,
}

hoptac_model::packed!(Long { returns, rolls });

impl Long {
    /// Takes it out of a register, which shares the rest with the one that there is.
    fn out_of(register: &Register) -> (Self, Register) {
        let mut rest = register.clone();
        let returns = std::mem::take(&mut rest.return_columns);
        let rolls = std::mem::take(&mut rest.roll_spans);
        (Self { returns, rolls }, rest)
    }

    /// Puts it back.
    fn put(self, rest: Register) -> Register {
        Register { return_columns: self.returns, roll_spans: self.rolls, ..rest }
    }
}

impl Snapshots {
    /// Those of a folder, which is made when the first one is written.
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    fn register(&self) -> PathBuf {
        self.folder.join("register")
    }

    fn long(&self) -> PathBuf {
        self.folder.join("long")
    }

    fn facts(&self) -> PathBuf {
        self.folder.join("facts")
    }

    fn histories(&self) -> PathBuf {
        self.folder.join("histories")
    }

    /// The state that the ledger has come to, from snapshots and what was filed since; none where they cannot be used.
    pub(super) async fn start(
        &self,
        store: &Store,
        today: Date,
    ) -> Result<Option<Found>, hoptac_store::Error> {
        let migrated = store.migrated();
        if migrated.from < migrated.to || migrated.folded {
            tracing::info!("the schema is new, so that the snapshot is not used");
            return Ok(None);
        }
        let (path, facts_path) = (self.register(), self.facts());
        let (long_path, histories_path) = (self.long(), self.histories());
        let long = tokio::task::spawn_blocking(move || read_plain::<Long>(open(&long_path)));
        let reading = tokio::task::spawn_blocking(move || {
            (read_register(open(&path)), read_plain::<Histories>(open(&histories_path)))
        });
        let mut state = Published::besides_the_register(store, today).await?;
        let (places, pack) = (state.places.clone(), state.pack.clone());
        let facts = tokio::task::spawn_blocking(move || {
            let pack = pack?;
            let question = Question { as_of: today, geography: pack.setting.geography };
            told("facts", read_facts(open(&facts_path), &places, &pack, question))
        });
        let (Ok((register, histories)), Ok(long)) = (reading.await, long.await) else {
            return Ok(None);
        };
        let (Some((stamp, rest)), Some((of, long))) =
            (told("register", register), told("long", long))
        else {
            return Ok(None);
        };
        if of != stamp {
            tracing::info!("a snapshot was not written to its end and is not used");
            return Ok(None);
        }
        let register = long.put(rest);
        let histories = told("histories", histories).filter(|(of, _)| *of == stamp);
        let known = store.find_filing(stamp.position).await?;
        if known.is_none_or(|filing| filing.hash != stamp.hash) {
            tracing::info!(position = stamp.position, "the snapshot is of another ledger");
            return Ok(None);
        }
        let most = CAUGHT_UP.max(followed(&register));
        let Some(changes) = store.changes(stamp.position, most).await? else {
            tracing::info!(position = stamp.position, "too much was filed since the snapshot");
            return Ok(None);
        };
        // Facts lie on the register as it was written, and on the places and the plan of then.
        let on_this_plan = !changes.plan;
        let written = register.clone();
        state.register = register;
        let caught_up = tokio::task::spawn_blocking(move || {
            let (versions, lineage) = (changes.versions.clone(), changes.lineage);
            let organisations = state.take_in(changes)?;
            state.figures_since = state.register.position;
            if !lineage && let Some((_, known)) = histories {
                state.histories = OnceLock::from(known.after(&state.register, &versions));
            }
            Some((state, organisations))
        });
        let Ok(Some((published, organisations))) = caught_up.await else { return Ok(None) };
        let facts = facts.await.ok().flatten().filter(|(of, _)| on_this_plan && *of == stamp);
        let facts = facts.and_then(|(_, facts)| facts.lie_on(&written)).map(|mut facts| {
            facts.file(&published.register, &organisations);
            facts
        });
        let published = Arc::new(published);
        tracing::info!(
            position = published.register.position,
            since = organisations.len(),
            facts = facts.is_some(),
            "started from a snapshot"
        );
        Ok(Some(Found { published, facts, written: stamp.position }))
    }

    /// Writes what is shown, in the place of what was written before.
    pub(super) fn write(
        &self,
        stamp: Stamp,
        register: &Register,
        histories: Option<&Histories>,
        facts: Option<(&Pack, &kept::Kept)>,
    ) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        if let Some(histories) = histories {
            write_plain(&self.histories(), stamp, histories)?;
        }
        let (long, rest) = Long::out_of(register);
        write_plain(&self.long(), stamp, &long)?;
        write_plain(&self.register(), stamp, &rest)?;
        if let Some((pack, facts)) = facts {
            let head = Head::new(kept::Kept::shape(), asked(facts.question(), pack), stamp);
            write(&self.facts(), &head, &|out| facts.write(out))?;
        }
        Ok(())
    }
}

/// The program that is running: its version, and how long and how old its file is, since two builds of one version may
/// derive different things.
fn program() -> String {
    let file = std::env::current_exe().and_then(fs::metadata);
    let built = file.as_ref().map_or((0, None), |file| (file.len(), file.modified().ok()));
    format!("{} {built:?}", env!("CARGO_PKG_VERSION"))
}

/// What facts are of, as text.
fn asked(question: Question, pack: &Pack) -> String {
    let plan = serde_json::to_vec(pack).map(|bytes| XxHash3_64::oneshot(&bytes));
    format!("{} {} {:x}", question.as_of, question.geography, plan.unwrap_or_default())
}

/// What was read, or nothing; why it was not used goes to the log.
fn told<T>(what: &str, read: Result<T, Refusal>) -> Option<T> {
    match read {
        Ok(read) => Some(read),
        Err(Refusal::Missing) => None,
        Err(Refusal::Other) => {
            tracing::info!(what, "a snapshot is of another version, day or plan and is not used");
            None
        }
        Err(Refusal::Damaged) => {
            tracing::warn!(what, "a snapshot is damaged and is not used; the database is read");
            None
        }
    }
}

fn open(path: &Path) -> Result<File, Refusal> {
    File::open(path).map_err(|error| {
        let is_missing = error.kind() == io::ErrorKind::NotFound;
        if is_missing { Refusal::Missing } else { Refusal::Damaged }
    })
}

fn read_register(file: Result<impl Read, Refusal>) -> Result<(Stamp, Register), Refusal> {
    let (stamp, register) = read_plain::<Register>(file)?;
    if register.position == stamp.position { Ok((stamp, register)) } else { Err(Refusal::Damaged) }
}

/// Reads what is of no day and no plan.
fn read_plain<T: Packed>(file: Result<impl Read, Refusal>) -> Result<(Stamp, T), Refusal> {
    let fits = |head: &Head| head.shape == shape_of::<T>() && head.asked.is_empty();
    read(file?, fits, T::read)
}

fn read_facts(
    file: Result<impl Read, Refusal>,
    places: &Places,
    pack: &Pack,
    question: Question,
) -> Result<(Stamp, kept::Loose), Refusal> {
    let fits =
        |head: &Head| head.shape == kept::Kept::shape() && head.asked == asked(question, pack);
    let (stamp, facts) =
        read(file?, fits, |input| kept::Kept::read(input, places, pack, question))?;
    if facts.position() == stamp.position { Ok((stamp, facts)) } else { Err(Refusal::Damaged) }
}

/// Reads a file of this program whose head fits.
fn read<T>(
    file: impl Read,
    fits: impl FnOnce(&Head) -> bool,
    contents: impl FnOnce(&mut Input<'_>) -> Option<T>,
) -> Result<(Stamp, T), Refusal> {
    let fits = |head: &Head| head.program == program() && fits(head);
    let (head, read) = blocks::read(file, fits, contents)?;
    Ok((head.stamp(), read))
}

/// Writes what is of no day and no plan.
fn write_plain<T: Packed>(path: &Path, stamp: Stamp, contents: &T) -> io::Result<()> {
    let head = Head::new(shape_of::<T>(), String::new(), stamp);
    write(path, &head, &|out| contents.write(out))
}

/// Writes a file whole or not at all: beside its place first, and into its place once it is on the disk.
fn write(path: &Path, head: &Head, contents: &dyn Fn(&mut Output<'_>)) -> io::Result<()> {
    let beside = path.with_extension("part");
    let done = write_beside(&beside, head, contents).and_then(|()| fs::rename(&beside, path));
    if done.is_err() {
        let _ = fs::remove_file(&beside);
    }
    done?;
    // The name is on the disk once its folder is.
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn write_beside(path: &Path, head: &Head, contents: &dyn Fn(&mut Output<'_>)) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    blocks::write(&mut file, head, contents)?;
    file.sync_all()
}

#[cfg(test)]
mod tests;
