//! The log: lines for people or for machines, on standard error. It tells what the program does and what fails, never of
//! whom: no names, no addresses, no contents.

use std::fs::OpenOptions;
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use anyhow::Result;
use clap::ValueEnum;
use hoptac_store::Migrated;
use serde_json::json;
use tracing_subscriber::EnvFilter;

use crate::clock;
use crate::sentence::refuse;

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// A line of text
    #[default]
    Text,
    /// A line of JSON
    Json,
}

/// The file in the data folder that tells which schema came when.
const MIGRATIONS: &str = "migrations.log";

/// Begins to log what is at least as important as a level, or what `RUST_LOG` asks for.
pub(crate) fn begin(format: LogFormat, level: &str) -> Result<()> {
    let filter = match EnvFilter::try_from_default_env() {
        Ok(filter) => filter,
        Err(_) => match EnvFilter::try_new(level) {
            Ok(filter) => filter,
            Err(_) => refuse!(
                "`{level}` không phải mức nhật ký; hãy viết error, warn, info hoặc debug",
                "`{level}` is no level of the log; write error, warn, info or debug",
                level
            ),
        },
    };
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // A second subscriber only means that logging is already set up.
    let _ = match format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    Ok(())
}

/// Tells that a database was brought to another schema: in the log, and in a file of the data folder that stays.
pub(crate) fn migrated(dir: &Path, migrated: &Migrated) {
    let Migrated { from, to, names, folded } = migrated;
    tracing::info!(from, to, folded, "the schema was brought up to date");
    if !dir.is_dir() {
        return;
    }
    let line = json!({
        "at": clock::now(), "program": env!("CARGO_PKG_VERSION"), "from": from, "to": to,
        "migrations": names, "register_made_anew": folded,
    });
    let file = OpenOptions::new().create(true).append(true).open(dir.join(MIGRATIONS));
    // The schema itself says what it has; a folder that takes no line loses nothing but the day.
    let _ = file.and_then(|mut file| writeln!(file, "{line}"));
}
