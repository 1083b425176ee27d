//! Findings: what is wrong with something people wrote, where, and what to do about it.
//!
//! Readers give values *and* findings: a bad line never hides the next one.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::{Language, Words};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It cannot be accepted as it stands.
    Error,
    /// It can be accepted; somebody should look.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// The word printed before the message.
    pub fn word(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Error, Language::Vi) => "lỗi",
            (Self::Error, Language::En) => "error",
            (Self::Warning, Language::Vi) => "cảnh báo",
            (Self::Warning, Language::En) => "warning",
            (Self::Note, Language::Vi) => "lưu ý",
            (Self::Note, Language::En) => "note",
        }
    }
}

/// A place in a file. Lines and columns count from 1; columns count characters, not bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The file, relative to the folder that was read.
    pub file: String,
    /// The line, from 1; 0 when the finding is about the whole file.
    pub line: u32,
    /// The column, from 1; 0 when the finding is about the whole line.
    pub column: u32,
    /// How many characters the finding covers, at least 1 where there is a column.
    pub length: u32,
    /// The line itself, as it stands in the file.
    pub excerpt: String,
}

/// A rule of a pack that found something, in its own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Its name in the pack.
    pub id: String,
    /// What it found.
    pub words: Words,
    /// What to do about it.
    pub help: Words,
}

/// One thing that is wrong or doubtful.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// A short stable code, as `pack.unknown-column`.
    pub code: &'static str,
    /// Where in a file, when it came from one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Which field of a filing, as a path `members.0.share`, when it came from one; empty otherwise.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub field: String,
    /// What is wrong, as one sentence without a full stop.
    pub message: Words,
    /// What to do about it.
    #[serde(skip_serializing_if = "Words::is_empty")]
    pub remedy: Words,
    /// The rule of the pack in force that found it, when it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
}

impl Finding {
    /// A finding about a field of a filing.
    pub fn field(
        code: &'static str,
        field: impl Into<String>,
        message: Words,
        remedy: Words,
    ) -> Self {
        Self {
            severity: Severity::Error,
            code,
            place: None,
            field: field.into(),
            message,
            remedy,
            rule: None,
        }
    }

    /// A finding about a place in a file.
    pub fn at(code: &'static str, place: Place, message: Words, remedy: Words) -> Self {
        Self {
            severity: Severity::Error,
            code,
            place: Some(place),
            field: String::new(),
            message,
            remedy,
            rule: None,
        }
    }

    /// The same finding, made by a rule of the pack in force.
    #[must_use]
    pub fn by_rule(mut self, rule: Rule) -> Self {
        self.rule = Some(rule);
        self
    }

    /// Its code, with the name of the rule that made it where it was one: `return.check/women-among-members`.
    pub fn name(&self) -> String {
        match &self.rule {
            Some(rule) => format!("{}/{}", self.code, rule.id),
            None => self.code.to_owned(),
        }
    }

    /// The same finding with another severity.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Whether it stops acceptance.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// A finding in one language; see [`Finding::told`].
pub struct Told<'a> {
    finding: &'a Finding,
    language: Language,
}

impl Finding {
    /// The finding as a compiler prints it: what and code, where, the line with a mark under it, the remedy.
    pub fn told(&self, language: Language) -> Told<'_> {
        Told { finding: self, language }
    }
}

/// In English, for the tests and the logs of those who build it.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.told(Language::En).fmt(f)
    }
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { finding, language } = self;
        let message = finding.message.get(*language);
        write!(f, "{}[{}]: {message}", finding.severity.word(*language), finding.name())?;
        if let Some(place) = &finding.place {
            write!(f, "\n  --> {}", place.file)?;
            if place.line > 0 {
                write!(f, ":{}", place.line)?;
                if place.column > 0 {
                    write!(f, ":{}", place.column)?;
                }
            }
            if place.line > 0 && !place.excerpt.trim().is_empty() {
                let number = place.line.to_string();
                let gutter = " ".repeat(number.len());
                write!(f, "\n{gutter} |\n{number} | {}\n{gutter} | ", place.excerpt)?;
                if place.column > 0 {
                    let before = " ".repeat(usize::try_from(place.column - 1).unwrap_or(0));
                    let mark = "^".repeat(usize::try_from(place.length.max(1)).unwrap_or(1));
                    write!(f, "{before}{mark}")?;
                }
            }
        } else if !finding.field.is_empty() {
            write!(f, "\n  --> {}", finding.field)?;
        }
        let remedy = finding.remedy.get(*language);
        if !remedy.is_empty() {
            write!(f, "\n  = {remedy}")?;
        }
        Ok(())
    }
}
