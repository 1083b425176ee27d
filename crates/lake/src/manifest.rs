//! The manifest of a folder: what was exported, from which state of which ledger, by which definitions, and the hash of every file.
//! A folder is read only where every file is the one that the manifest means.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use hoptac_model::fact::{Catalogue, ColumnType};
use hoptac_model::pack::{Field, FieldType, Form};
use hoptac_model::text::Words;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::sql::Ground;

/// The name of the manifest in its folder.
pub(crate) const NAME: &str = "manifest.json";

/// The shape of folders that this program writes and reads.
pub(crate) const FORMAT: u32 = 1;

/// Why a folder is not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ManifestError {
    #[error("`{0}` has no manifest; export a folder with `hoptac-lake export`")]
    Missing(PathBuf, #[source] io::Error),
    #[error("the manifest of `{0}` cannot be read")]
    Unreadable(PathBuf, #[source] serde_json::Error),
    #[error(
        "`{folder}` is of format {found}, and this program reads format {FORMAT}; export it anew"
    )]
    Format { folder: PathBuf, found: u32 },
    #[error("the manifest names `{0}`, which is not in the folder; export the folder anew")]
    Absent(String, #[source] io::Error),
    #[error(
        "`{path}` is not the file that the manifest means: its SHA-256 is {found} and not {meant}; export the folder anew or fetch it again"
    )]
    Hash { path: String, found: String, meant: String },
    #[error("the folder has `{0}`, which the manifest does not name; take it out of the folder")]
    Stranger(String),
    #[error("looking through `{0}`")]
    Folder(PathBuf, #[source] io::Error),
    #[error(
        "column `{0}` of the facts is not what this program knows by that name; read the folder with the program that wrote it"
    )]
    Column(String),
    #[error("the size of column `{0}` is not a number")]
    Size(String),
}

/// Where the rows come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub(crate) enum Origin {
    /// A ledger, up to a filing.
    Ledger {
        /// The position of the filing; 0 where nothing was filed.
        position: u64,
        /// Its hash, which every filing before it is part of.
        hash: String,
    },
    /// The nation of the benchmarks, which describes nobody.
    SyntheticNation {
        /// `s` or `m`.
        size: String,
        /// What it is drawn from.
        seed: u64,
    },
}

/// A column of the facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ColumnNote {
    pub(crate) name: String,
    /// `flag`, `count`, `money`, `category` or `id`.
    #[serde(rename = "type")]
    pub(crate) column_type: String,
    /// Whether organisations declare it in the yearly return.
    pub(crate) from_return: bool,
    /// The sum of the sizes of all its numbers, signs left out. By it one sees whether sums fit into 64 bits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) size: Option<String>,
}

/// A year and the day whose state stands for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct YearNote {
    pub(crate) year: i16,
    pub(crate) on_day: Date,
}

/// A unit of the territory on the day of the geography. Everything below a unit has the numbers right behind its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UnitNote {
    pub(crate) number: i32,
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) level: String,
    /// The number of the unit above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) parent: Option<i32>,
}

/// An indicator with the version of its definition that holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Definition {
    pub(crate) id: String,
    pub(crate) version: u16,
    pub(crate) valid_from: Date,
    pub(crate) numerator: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) denominator: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) denominator_figure: Option<String>,
    pub(crate) scale: f64,
    /// The statement that computes it over the tables of the folder: `n0`, `d0` and `v0` by unit and year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sql: Option<String>,
    /// Why there is no such statement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) untranslatable: Option<String>,
}

/// A file of the folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileNote {
    /// Below the folder, with `/` between.
    pub(crate) path: String,
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
    /// Of the whole file, in hexadecimal digits.
    pub(crate) sha256: String,
}

/// What a folder holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) format: u32,
    pub(crate) origin: Origin,
    /// Whether anything in it was made by a generator.
    pub(crate) synthetic: bool,
    pub(crate) plan: String,
    /// The day whose state was exported.
    pub(crate) as_of: Date,
    /// The day whose places the units are.
    pub(crate) geography: Date,
    pub(crate) years: Vec<YearNote>,
    pub(crate) columns: Vec<ColumnNote>,
    pub(crate) units: Vec<UnitNote>,
    pub(crate) indicators: Vec<Definition>,
    pub(crate) files: Vec<FileNote>,
}

/// How a type of a column is written.
pub(crate) fn type_code(column_type: ColumnType) -> &'static str {
    match column_type {
        ColumnType::Flag => "flag",
        ColumnType::Count => "count",
        ColumnType::Money => "money",
        ColumnType::Category => "category",
        ColumnType::Id => "id",
    }
}

impl Manifest {
    /// Reads the manifest of a folder and holds every file against it.
    pub(crate) fn open(folder: &Path) -> Result<Self, ManifestError> {
        let manifest = Self::read(folder)?;
        for file in &manifest.files {
            let found = hash_of(&folder.join(&file.path))
                .map_err(|error| ManifestError::Absent(file.path.clone(), error))?;
            if found != file.sha256 {
                let (path, meant) = (file.path.clone(), file.sha256.clone());
                return Err(ManifestError::Hash { path, found, meant });
            }
        }
        // The engine reads whatever lies in the folder of a table.
        let known: Vec<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
        for path in parquet_files(folder)? {
            if !known.contains(&path.as_str()) {
                return Err(ManifestError::Stranger(path));
            }
        }
        Ok(manifest)
    }

    /// Reads the manifest alone.
    fn read(folder: &Path) -> Result<Self, ManifestError> {
        let path = folder.join(NAME);
        let text = fs::read_to_string(&path)
            .map_err(|error| ManifestError::Missing(folder.to_path_buf(), error))?;
        let unreadable = |error| ManifestError::Unreadable(folder.to_path_buf(), error);
        let value: serde_json::Value = serde_json::from_str(&text).map_err(unreadable)?;
        let format = value.get("format").and_then(serde_json::Value::as_u64).unwrap_or(0);
        if format != u64::from(FORMAT) {
            let found = u32::try_from(format).unwrap_or(u32::MAX);
            return Err(ManifestError::Format { folder: folder.to_path_buf(), found });
        }
        serde_json::from_value(value).map_err(unreadable)
    }

    /// The columns as formulas know them.
    pub(crate) fn ground(&self) -> Result<Ground, ManifestError> {
        let mut form = Form {
            id: Form::ANNUAL_RETURN.to_owned(),
            version: 1,
            title: Words::default(),
            note: Words::default(),
            applies_to: Vec::new(),
            sections: Vec::new(),
            fields: Vec::new(),
            checks: Vec::new(),
        };
        let mut sizes = BTreeMap::new();
        for column in &self.columns {
            if let Some(size) = &column.size {
                let size = size.parse().map_err(|_| ManifestError::Size(column.name.clone()))?;
                sizes.insert(column.name.clone(), size);
            }
            if !column.from_return {
                continue;
            }
            let field_type = match column.column_type.as_str() {
                "flag" => FieldType::Flag,
                "count" => FieldType::Count,
                "money" => FieldType::Money,
                _ => return Err(ManifestError::Column(column.name.clone())),
            };
            form.fields.push(Field {
                id: column.name.clone(),
                section: String::new(),
                field_type,
                unit: String::new(),
                label: Words::default(),
                help: Words::default(),
                required: false,
                prefill: None,
            });
        }
        let catalogue = Catalogue::new(Some(&form));
        for column in &self.columns {
            let known = catalogue.find(&column.name).map(|(_, known)| known);
            let same = known.is_some_and(|known| {
                type_code(known.column_type) == column.column_type
                    && known.from_return == column.from_return
            });
            if !same {
                return Err(ManifestError::Column(column.name.clone()));
            }
        }
        // A column that the folder lacks would be missing everywhere, and figures would be too.
        if let Some(lost) = catalogue
            .columns()
            .iter()
            .find(|known| self.columns.iter().all(|column| column.name != known.name))
        {
            return Err(ManifestError::Column(lost.name.clone()));
        }
        Ok(Ground { catalogue, sizes })
    }

    /// All bytes of all files.
    pub(crate) fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// The SHA-256 of a file, in hexadecimal digits.
pub(crate) fn hash_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
    }
    Ok(hex(&hasher.finalize()))
}

/// Bytes as hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

/// The Parquet files below a folder, by their path in it.
fn parquet_files(folder: &Path) -> Result<Vec<String>, ManifestError> {
    fn walk(folder: &Path, below: &str, found: &mut Vec<String>) -> Result<(), ManifestError> {
        let broken = |error| ManifestError::Folder(folder.to_path_buf(), error);
        for entry in fs::read_dir(folder).map_err(broken)? {
            let entry = entry.map_err(broken)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if below.is_empty() { name } else { format!("{below}/{name}") };
            if entry.file_type().map_err(broken)?.is_dir() {
                walk(&entry.path(), &path, found)?;
            } else if path.ends_with(".parquet") {
                found.push(path);
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    walk(folder, "", &mut found)?;
    found.sort();
    Ok(found)
}
