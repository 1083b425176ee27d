//! The master key: under it the organisations' own keys are wrapped, and it never goes into the database.
//!
//! It lies in a file that only its owner may read, in the data folder or where `--key-file` says. Several servers on one
//! database need the same file. Whoever loses it has lost every member's personal data; whoever copies it together with the
//! database has them.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use hoptac_model::member::{HeldKey, KeyHolder};
use hoptac_model::seal::{Key, Sealed};
use hoptac_store::{Cells, Shape, Store};
use rand::RngCore as _;

use crate::cli::Place;
use crate::sentence::{refuse, said};

/// The name of the file in the data folder.
const FILE: &str = "master.key";

/// Thirty-two fresh random bytes.
pub(crate) fn chance() -> [u8; 32] {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

impl Place {
    /// Where the master key lies.
    pub(crate) fn key_file(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| self.dir.join(FILE))
    }

    /// The master key, where there is one.
    pub(crate) fn existing_key(&self) -> Result<Option<Key>> {
        read(&self.key_file())
    }

    /// The master key of the database. It is made where the database has no sealed data yet.
    pub(crate) async fn master_key(&self, store: &Store) -> Result<Key> {
        let path = self.key_file();
        match read(&path)? {
            Some(key) => Ok(key),
            None if store.key(KeyHolder::Pseudonyms).await?.is_some() => refuse!(
                "khóa chính không có ở `{file}`; không có khóa này thì không đọc, không niêm phong được dữ liệu cá nhân; hãy nêu tệp khóa bằng --key-file",
                "the master key is not in `{file}`; without it nothing personal can be read or sealed; name its file with --key-file",
                file = path.display().to_string()
            ),
            None => make(&path),
        }
    }
}

/// What only the right master key opens, of a database or of a backup.
#[derive(Debug, Default)]
pub(crate) struct Locks {
    /// The key of all pseudonyms, wrapped.
    pub(crate) pseudonyms: Option<HeldKey>,
    /// A sealed second factor, with whose it is.
    pub(crate) factor: Option<(String, String)>,
}

impl Locks {
    /// Takes a row of a backup.
    pub(crate) fn see(&mut self, shape: &Shape, row: &Cells) {
        let text = |column| shape.text(row, column);
        if shape.table == "sealed_key"
            && text("organisation") == Some("")
            && let Some(wrapped) = text("wrapped")
            && let Ok(wrapped) = Sealed::try_from(wrapped.to_owned())
        {
            self.pseudonyms = Some(HeldKey { holder: KeyHolder::Pseudonyms, wrapped });
        }
        if shape.table == "credential"
            && let (Some(account), Some(sealed)) = (text("account"), text("totp_sealed"))
        {
            self.factor = Some((account.to_owned(), sealed.to_owned()));
        }
    }

    /// Whether nothing is sealed yet, so that every key fits.
    pub(crate) fn is_empty(&self) -> bool {
        self.pseudonyms.is_none() && self.factor.is_none()
    }

    /// Whether a master key opens all of it.
    pub(crate) fn fit(&self, master: &Key) -> bool {
        let instance = hoptac_office::key::Key::of_instance(master);
        self.pseudonyms.as_ref().is_none_or(|held| held.open(master).is_ok())
            && self
                .factor
                .as_ref()
                .is_none_or(|(account, sealed)| instance.open(account, sealed).is_some())
    }
}

/// A file that only its owner may read.
pub(crate) fn private_file(path: &Path) -> Result<File> {
    let file = File::open(path)?;
    refuse_open_file(path, &file)?;
    Ok(file)
}

/// Reads the key; none where there is no file.
fn read(path: &Path) -> Result<Option<Key>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(error).with_context(|| {
                said!(
                    "đọc tệp khóa `{file}`",
                    "reading the key file `{file}`",
                    file = path.display().to_string()
                )
            });
        }
    };
    refuse_open_file(path, &file)?;
    let mut text = String::new();
    file.read_to_string(&mut text).with_context(|| {
        said!(
            "đọc tệp khóa `{file}`",
            "reading the key file `{file}`",
            file = path.display().to_string()
        )
    })?;
    // What is in the file is not repeated.
    match hoptac_model::filing::Hash::parse(text.trim()) {
        Some(bytes) => Ok(Some(Key::new(bytes.0))),
        None => refuse!(
            "`{file}` không phải tệp khóa; tệp khóa có 64 chữ số thập lục phân trên một dòng",
            "`{file}` is no key file; it must hold 64 hexadecimal digits on one line",
            file = path.display().to_string()
        ),
    }
}

/// A file that others may read is refused.
#[cfg(unix)]
fn refuse_open_file(path: &Path, file: &File) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = file.metadata()?.permissions().mode();
    if mode & 0o077 != 0 {
        refuse!(
            "người khác đọc được tệp `{file}`; hãy chỉ để mình đọc bằng `chmod 600 {file}`",
            "others may read `{file}`; make it yours alone with `chmod 600 {file}`",
            file = path.display().to_string()
        );
    }
    Ok(())
}

/// Elsewhere the folder's own rules hold.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the other one can refuse")]
fn refuse_open_file(_: &Path, _: &File) -> Result<()> {
    Ok(())
}

/// Makes a key. Where somebody else was quicker, theirs is taken.
fn make(path: &Path) -> Result<Key> {
    let bytes = chance();
    let doing = || {
        said!(
            "không tạo được tệp khóa `{file}`; hãy chọn nơi được phép ghi bằng --key-file",
            "the key file `{file}` cannot be made; choose a place that you may write to with --key-file",
            file = path.display().to_string()
        )
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(doing)?;
    }
    // It appears whole or not at all, so that nobody reads half a key.
    let fresh = path.with_extension(format!("new-{}", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(&fresh).with_context(doing)?;
    writeln!(file, "{}", hoptac_model::filing::Hash(bytes)).with_context(doing)?;
    file.sync_all().with_context(doing)?;
    let linked = fs::hard_link(&fresh, path);
    fs::remove_file(&fresh).with_context(doing)?;
    match linked {
        Ok(()) => Ok(Key::new(bytes)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => read(path)?.with_context(doing),
        Err(error) => Err(error).with_context(doing),
    }
}
