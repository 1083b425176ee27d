//! The data folder, and the database that a command works on.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use hoptac_store::{Location, OpenMode, Reading, Step, Store};
use jiff::civil::Date;

use crate::cli::Place;
use crate::progress::Progress;
use crate::sentence::{refuse, said};
use crate::{clock, log};

/// The name of the embedded database in the data folder.
const DATABASE: &str = "hoptac.sqlite";
/// The name of the folder of snapshots in the data folder.
const SNAPSHOTS: &str = "snapshots";

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

    /// Where a server keeps what makes its next start quick. Whatever is there can be removed at any time.
    pub(crate) fn snapshots(&self) -> PathBuf {
        self.dir.join(SNAPSHOTS)
    }

    /// Opens a database that must be there.
    pub(crate) async fn open(&self) -> Result<Store> {
        if self.database.is_none() && !self.file().exists() {
            refuse!(
                "không có cơ sở dữ liệu trong `{folder}`; hãy nạp bản dùng thử bằng `hoptac demo --dir {folder}`, hoặc nêu thư mục khác bằng --dir",
                "there is no database in `{folder}`; fill one with `hoptac demo --dir {folder}`, or name another folder with --dir",
                folder = self.dir.display().to_string()
            );
        }
        let location = self.location();
        let opening = async |tell: &mut (dyn FnMut(Step) + Send)| {
            Store::open_telling(&location, OpenMode::Existing, tell).await
        };
        let store = Progress::new().watch(None, opening).await?;
        let migrated = store.migrated();
        if migrated.from < migrated.to || migrated.folded {
            log::migrated(&self.dir, migrated);
        }
        Ok(store)
    }

    /// Opens a database that must be there, to read what was known on a day that has come; without a day, everything.
    pub(crate) async fn read(&self, known_on: Option<Date>) -> Result<Reading> {
        if let Some(day) = known_on.filter(|day| *day > clock::today()) {
            refuse!(
                "ngày {day} chưa đến; chưa ai biết khi đó sẽ biết được gì",
                "{day} is still to come; what will be known then, nobody can say",
                day
            );
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

/// Makes the data folder where it is missing.
pub(crate) fn make_folder(dir: &Path) -> Result<()> {
    if dir.exists() && !dir.is_dir() {
        refuse!(
            "`{path}` là một tệp; hãy nêu một thư mục bằng --dir",
            "`{path}` is a file; name a folder with --dir",
            path = dir.display().to_string()
        );
    }
    let mut folder = std::fs::DirBuilder::new();
    folder.recursive(true);
    // What is in it is for nobody else on the machine.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(dir).with_context(|| said!("không tạo được thư mục dữ liệu `{path}`; hãy chọn thư mục được phép ghi bằng --dir", "the data folder `{path}` cannot be made; choose a folder that you may write to with --dir", path = dir.display().to_string()))
}
