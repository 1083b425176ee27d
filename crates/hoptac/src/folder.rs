//! The data folder, and the database that a command works on.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use hoptac_store::{Location, OpenMode, Reading, Store};
use jiff::civil::Date;

use crate::cli::Place;
use crate::clock;

/// The name of the embedded database in the data folder.
const DATABASE: &str = "hoptac.sqlite";

impl Place {
    /// Where the database is.
    pub(crate) fn location(&self) -> Location {
        match &self.database {
            Some(url) => Location::Postgres(url.clone()),
            None => Location::Sqlite(self.file()),
        }
    }

    /// The embedded database's file.
    pub(crate) fn file(&self) -> PathBuf {
        self.dir.join(DATABASE)
    }

    /// Opens a database that must be there.
    pub(crate) async fn open(&self) -> Result<Store> {
        if self.database.is_none() && !self.file().exists() {
            bail!(
                "there is no database in `{}`; fill one with `hoptac demo --dir {0}`, \
                 or name another folder with --dir",
                self.dir.display()
            );
        }
        Ok(Store::open(&self.location(), OpenMode::Existing).await?)
    }

    /// Opens a database that must be there, to read what was known on a day that has come; without a day, everything.
    pub(crate) async fn read(&self, known_on: Option<Date>) -> Result<Reading> {
        if let Some(day) = known_on.filter(|day| *day > clock::today()) {
            bail!("{day} is still to come; what will be known then, nobody can say");
        }
        Ok(self.open().await?.read(known_on).await?)
    }

    /// Opens the database, making folder and database where they are missing.
    pub(crate) async fn create(&self) -> Result<Store> {
        if self.database.is_none() {
            make_folder(&self.dir)?;
        }
        Ok(Store::open(&self.location(), OpenMode::Create).await?)
    }
}

fn make_folder(dir: &Path) -> Result<()> {
    if dir.exists() && !dir.is_dir() {
        bail!("`{}` is a file; name a folder with --dir", dir.display());
    }
    std::fs::create_dir_all(dir).with_context(|| {
        format!(
            "the data folder `{}` cannot be made; choose a folder that you may write to with --dir",
            dir.display()
        )
    })
}
