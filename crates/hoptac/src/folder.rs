//! The data folder, and the database that a command works on.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use hoptac_store::{Location, OpenMode, Store};

use crate::cli::Place;

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
