//! The words of `hoptac report`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use hoptac_model::account::SignsFor;
use hoptac_model::report::{ReportFormat, ReportKind};
use jiff::civil::Date;

use super::Lang;

/// Which report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KindWord {
    /// The report of half a year
    HalfYear,
    /// The report of a year, with the plan of the next one
    Yearly,
    /// One page for a leader
    Brief,
    /// The list of the grades of a year
    Grading,
    /// The file of an organisation (--org)
    Organisation,
    /// An extract about an organisation (--org), with a code to verify it once it is issued
    Extract,
}

impl From<KindWord> for ReportKind {
    fn from(word: KindWord) -> Self {
        match word {
            KindWord::HalfYear => Self::HalfYear,
            KindWord::Yearly => Self::Yearly,
            KindWord::Brief => Self::Brief,
            KindWord::Grading => Self::Grading,
            KindWord::Organisation => Self::Organisation,
            KindWord::Extract => Self::Extract,
        }
    }
}

/// In which format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatWord {
    /// The working format
    Docx,
    /// The issued one
    Pdf,
    /// The tables
    Xlsx,
}

impl From<FormatWord> for ReportFormat {
    fn from(word: FormatWord) -> Self {
        match word {
            FormatWord::Docx => Self::Docx,
            FormatWord::Pdf => Self::Pdf,
            FormatWord::Xlsx => Self::Xlsx,
        }
    }
}

/// In whose name somebody signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CapacityWord {
    /// TM., on behalf of the body
    Tm,
    /// KT., for the head, as deputy
    Kt,
    /// TL., by order of the head
    Tl,
    /// TUQ., by written authority of the head
    Tuq,
}

impl From<CapacityWord> for SignsFor {
    fn from(word: CapacityWord) -> Self {
        match word {
            CapacityWord::Tm => Self::Tm,
            CapacityWord::Kt => Self::Kt,
            CapacityWord::Tl => Self::Tl,
            CapacityWord::Tuq => Self::Tuq,
        }
    }
}

/// What a report is about.
#[derive(Clone, Debug, Args)]
pub(crate) struct ReportAsked {
    /// Which report
    pub(crate) kind: KindWord,
    /// A year `2025`, a half-year `2025-H2` or a quarter `2025-Q3`
    #[arg(long, value_name = "PERIOD")]
    pub(crate) period: String,
    /// The code of a unit (default: the plan's own)
    #[arg(long, value_name = "UNIT")]
    pub(crate) unit: Option<String>,
    /// The organisation, by its identity or code, of papers about one
    #[arg(long, value_name = "ORG")]
    pub(crate) org: Option<String>,
    /// The day of the figures (default: the last of the period, or today)
    #[arg(long, value_name = "DAY")]
    pub(crate) as_of: Option<Date>,
    /// Sentences written anew, a JSON object from their names to their text; `report … --json` shows them
    #[arg(long, value_name = "FILE")]
    pub(crate) edits: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) letterhead: LetterheadAsked,
}

/// Who issues the document and who signs it. What is left out stays open, as in a draft.
#[derive(Clone, Debug, Args)]
pub(crate) struct LetterheadAsked {
    /// The issuing office, as `Sở Tài chính` (default: the people's committee of the unit)
    #[arg(long, value_name = "NAME")]
    pub(crate) office: Option<String>,
    /// Number and symbol, as `12/BC-UBND`
    #[arg(long, value_name = "NUMBER")]
    pub(crate) number: Option<String>,
    /// The day of the document
    #[arg(long, value_name = "DAY")]
    pub(crate) day: Option<Date>,
    /// Who signs
    #[arg(long, value_name = "NAME")]
    pub(crate) signer: Option<String>,
    /// The post of whoever signs, as `Chánh Văn phòng` (default: by the capacity)
    #[arg(long, value_name = "POST")]
    pub(crate) post: Option<String>,
    /// In whose name it is signed
    #[arg(long)]
    pub(crate) capacity: Option<CapacityWord>,
    /// A line of `Nơi nhận`; may be given several times
    #[arg(long = "recipient", value_name = "LINE")]
    pub(crate) recipients: Vec<String>,
}

/// Write a report.
#[derive(Clone, Debug, Args)]
pub(crate) struct ReportArguments {
    #[command(flatten)]
    pub(crate) asked: ReportAsked,
    /// The file to write; without it only `--json` shows something
    #[arg(long, value_name = "FILE", required_unless_present = "json")]
    pub(crate) out: Option<PathBuf>,
    /// The format (default: as the file's name ends)
    #[arg(long)]
    pub(crate) format: Option<FormatWord>,
    /// Put it in the place of a file that is there
    #[arg(long)]
    pub(crate) force: bool,
    /// Print JSON: the sentences with their names, and every figure with its source
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output; the report itself is Vietnamese
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}
