//! Sentences that end a command, in the language that its words ask for.

use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use hoptac_model::text::{Language, Words};
use hoptac_office::Refusal;

/// Whether sentences are told in English. Errors carry no language, and a process has one reader.
static ENGLISH: AtomicBool = AtomicBool::new(false);

/// What went wrong, or what was being done when it did, in both languages.
#[derive(Clone, Debug)]
pub(crate) struct Sentence(pub(crate) Words);

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let language = if ENGLISH.load(Ordering::Relaxed) { Language::En } else { Language::Vi };
        f.write_str(self.0.get(language))
    }
}

impl std::error::Error for Sentence {}

/// The whole chain of an error as one sentence, what was done and why it failed: in the language that was asked for, or
/// in Vietnamese and under it in English where none was.
pub(crate) fn tell(error: &anyhow::Error, asked: Option<Language>) -> Vec<String> {
    let languages = asked.map_or(vec![Language::Vi, Language::En], |language| vec![language]);
    let mut told: Vec<String> = Vec::new();
    for language in languages {
        ENGLISH.store(language == Language::En, Ordering::Relaxed);
        let causes = error.chain().map(|cause| {
            if let Some(refusal) = cause.downcast_ref::<Refusal>() {
                return refusal.sentence().get(language).to_owned();
            }
            match cause.downcast_ref::<hoptac_store::Error>() {
                Some(error) => error.words().get(language).to_owned(),
                None => cause.to_string(),
            }
        });
        told.push(causes.collect::<Vec<_>>().join(": "));
    }
    told.dedup();
    told
}

/// A sentence in both languages; see [`hoptac_model::words`].
macro_rules! said {
    ($($words:tt)*) => { $crate::sentence::Sentence(hoptac_model::words!($($words)*)) };
}

/// Ends the command with a sentence in both languages.
macro_rules! refuse {
    ($($words:tt)*) => { anyhow::bail!($crate::sentence::said!($($words)*)) };
}

pub(crate) use {refuse, said};

/// That a file cannot be opened.
pub(crate) fn not_opened(file: &Path) -> Sentence {
    said!(
        "không mở được tệp {file}; hãy kiểm tra tên và thư mục",
        "the file {file} cannot be opened; check its name and folder",
        file = file.display().to_string()
    )
}
