//! The words of the command line: noun first, then the verb; `--json` wherever something is shown.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Parser, Subcommand, ValueEnum};
use hoptac_model::text::Language;
use jiff::civil::Date;

use crate::log::LogFormat;

pub(crate) mod account;
pub(crate) mod annual_return;
pub(crate) mod backup;
pub(crate) mod boundary;
pub(crate) mod bundle;
pub(crate) mod cascade;
pub(crate) mod config;
pub(crate) mod edition;
pub(crate) mod export;
pub(crate) mod filed;
pub(crate) mod forecast;
pub(crate) mod grade;
pub(crate) mod import;
pub(crate) mod link;
pub(crate) mod member;
pub(crate) mod open_data;
pub(crate) mod organisation;
pub(crate) mod report;
pub(crate) mod scenario;
pub(crate) mod sheet;
pub(crate) mod support;
pub(crate) mod task;
pub(crate) mod token;
pub(crate) mod unit;
pub(crate) mod webhook;
pub(crate) mod wrong;

/// The collective-economy plan of a province, measured from its register.
#[derive(Debug, Parser)]
#[command(name = "hoptac", version, max_term_width = 80, propagate_version = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) place: Place,

    /// The configuration file; `hoptac config check` says what is wrong with one
    #[arg(long, global = true, env = "HOPTAC_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where the data is.
#[derive(Clone, Debug, Args)]
pub(crate) struct Place {
    /// The data folder
    #[arg(
        long,
        global = true,
        env = "HOPTAC_DIR",
        default_value = "hoptac-data",
        value_name = "DIR"
    )]
    pub(crate) dir: PathBuf,

    /// A PostgreSQL database instead of the folder's own, by its URL
    #[arg(
        long,
        global = true,
        env = "HOPTAC_DATABASE",
        value_name = "URL",
        hide_env_values = true
    )]
    pub(crate) database: Option<String>,

    /// The file of the master key (default: `master.key` in the data folder); servers of one database share one
    #[arg(long, global = true, env = "HOPTAC_KEY_FILE", value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
}

/// The language of names and sentences in the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// Vietnamese
    #[default]
    Vi,
    /// English
    En,
}

/// The language that the words of the command ask for, where they do.
pub(crate) fn language(matches: &ArgMatches) -> Option<Language> {
    let mut innermost = matches;
    while let Some((_, inner)) = innermost.subcommand() {
        innermost = inner;
    }
    let lang = innermost.try_get_one::<Lang>("lang").ok()??;
    let asked = innermost.value_source("lang") == Some(ValueSource::CommandLine);
    asked.then_some((*lang).into())
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::Vi => Self::Vi,
            Lang::En => Self::En,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Fill a database with the plan of Lạng Sơn and a synthetic register, and serve it
    Demo(DemoArguments),
    /// Serve the application
    Serve(ServeArguments),
    /// Plan packs
    #[command(subcommand)]
    Pack(PackCommand),
    /// The adopted plan
    #[command(subcommand)]
    Plan(PlanCommand),
    /// Every target of the plan: value, constraint, standing
    Scoreboard(ScoreboardArguments),
    /// Signed figures between instances: make, verify, accept, list, show
    #[command(subcommand)]
    Bundle(bundle::BundleCommand),
    /// Open data: the public side as files for any web server
    #[command(subcommand)]
    OpenData(open_data::OpenDataCommand),
    /// Numbers of the plan shared out over units: propose, adopt, show, list
    #[command(subcommand)]
    Cascade(cascade::CascadeCommand),
    /// Where every target is heading, how likely it is, what is needed from now on
    Forecast(forecast::ForecastArguments),
    /// Scenarios that are kept: list, save; `forecast --what-if` tries one
    #[command(subcommand)]
    Scenario(Box<scenario::ScenarioCommand>),
    /// The records behind a figure, each with why it counts or does not
    Explain(ExplainArguments),
    /// Prove that the ledger is whole and that the register follows from it
    Verify {
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// The language of the output
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
    },
    /// Make the register anew from the ledger and show what changed
    Rebuild {
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// The language of the output
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
    },
    /// Write a backup of the ledger and what lies beside it, while the database is in use
    Backup(backup::BackupArguments),
    /// Restore a backup into an empty folder or an empty database, up to any ledger position
    Restore(backup::RestoreArguments),
    /// Say what is wrong with this installation and how to mend it
    Doctor(backup::DoctorArguments),
    /// The configuration file: check
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Published figures with their sources
    Figures(FiguresArguments),
    /// Organisations: list, show, history, warnings, file
    #[command(subcommand)]
    Org(organisation::OrganisationCommand),
    /// Filings: show, check, accept
    #[command(subcommand)]
    Filing(organisation::FilingCommand),
    /// Accounts: invite, list, show, grant, revoke, delegate, lock, close
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Tokens of programs: create, list, revoke
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Webhooks: who is told of what is filed, and what became of telling them
    #[command(subcommand)]
    Webhook(webhook::WebhookCommand),
    /// Grades: scores side by side, decisions, other rules, movements
    #[command(subcommand)]
    Grade(grade::GradeCommand),
    /// Members: rolls, what happens to them, who may read them
    #[command(subcommand)]
    Member(member::MemberCommand),
    /// Yearly returns: pre-filled, checked, handed in, sent back, accepted; who is late
    #[command(subcommand)]
    Return(annual_return::ReturnCommand),
    /// Linkage contracts and the chain that they make: list, show, chain, sign, change, end
    #[command(subcommand)]
    Link(Box<link::LinkCommand>),
    /// Products and their certificates: list, show, expiring, certify, withdraw
    #[command(subcommand)]
    Product(Box<support::ProductCommand>),
    /// High technology, digital adoption, direct export: list, show, confirm, withdraw
    #[command(subcommand)]
    Practice(Box<support::PracticeCommand>),
    /// Support: programmes, who may get it and why, applications, payments, before and after
    #[command(subcommand)]
    Support(Box<support::SupportCommand>),
    /// Tasks: list, show, open, assign, report, put off, close, roadmap, calendar
    #[command(subcommand)]
    Task(Box<task::TaskCommand>),
    /// Alerts: what somebody should look at; put to sleep, taken on
    #[command(subcommand)]
    Alert(Box<task::AlertCommand>),
    /// Unions and their member cooperatives through time: list, show
    #[command(subcommand)]
    Union(Box<support::UnionCommand>),
    /// Places over time: list, show, history, open, file
    #[command(subcommand)]
    Unit(unit::UnitCommand),
    /// Outlines of units for the map, from `GeoJSON`: load, list, undo
    #[command(subcommand)]
    Boundary(boundary::BoundaryCommand),
    /// Import a spreadsheet: looked over row by row, filed at once, taken back as a whole
    Import(Box<import::ImportArguments>),
    /// Write a report as a document: .docx, .pdf, .xlsx
    Report(Box<report::ReportArguments>),
    /// Write the template of a form, to be filled in as a spreadsheet
    Template(export::TemplateArguments),
    /// Write a table to take away; the register's own come in again by `import`
    Export(export::ExportArguments),
    /// Issued reports: issue, list, show, verify, compare
    #[command(subcommand)]
    Edition(edition::EditionCommand),
    /// Spreadsheets: read as the rows of a form, with what is wrong in which cell
    #[command(subcommand)]
    Sheet(sheet::SheetCommand),
}

#[derive(Debug, Args)]
pub(crate) struct DemoArguments {
    /// The port to serve on; 0 takes a free one
    #[arg(long, default_value_t = 8115)]
    pub(crate) port: u16,

    /// Fill the database and stop
    #[arg(long)]
    pub(crate) no_serve: bool,

    /// The seed of the synthetic register
    #[arg(long, default_value_t = 115)]
    pub(crate) seed: u64,

    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// The port to serve on; 0 takes a free one
    #[arg(long, default_value_t = 8115, env = "HOPTAC_PORT")]
    pub(crate) port: u16,

    /// The address of this machine to serve on
    #[arg(long, default_value = "127.0.0.1", env = "HOPTAC_LISTEN", value_name = "ADDRESS")]
    pub(crate) listen: IpAddr,

    /// Serve figures for Prometheus on this address and port, as 127.0.0.1:9115; whoever reaches it may read them
    #[arg(long, env = "HOPTAC_METRICS", value_name = "ADDRESS:PORT")]
    pub(crate) metrics: Option<SocketAddr>,

    /// How the log is written
    #[arg(long, value_enum, default_value = "text", env = "HOPTAC_LOG_FORMAT")]
    pub(crate) log_format: LogFormat,

    /// What is logged: error, warn, info or debug
    #[arg(long, default_value = "info", env = "HOPTAC_LOG_LEVEL", value_name = "LEVEL")]
    pub(crate) log_level: String,

    /// Seconds between saying that it is about to stop and taking no more connections
    #[arg(long, default_value_t = 0, env = "HOPTAC_DRAIN", value_name = "SECONDS")]
    pub(crate) drain: u16,

    /// Seconds that open requests may take to end once it stops
    #[arg(long, default_value_t = 30, env = "HOPTAC_STOP", value_name = "SECONDS")]
    pub(crate) stop: u16,

    /// Outlines of units for the map, a .geojson file; each feature names its unit by its code
    #[arg(long, value_name = "FILE", env = "HOPTAC_BOUNDARIES")]
    pub(crate) boundaries: Option<PathBuf>,

    /// Where people reach it through a proxy, as `https://htx.langson.gov.vn`: cookies then travel encrypted only
    #[arg(long, env = "HOPTAC_ORIGIN", value_name = "URL")]
    pub(crate) origin: Option<String>,

    /// Let everybody read everything but personal data without signing in, for synthetic registers
    #[arg(long)]
    pub(crate) public: bool,

    /// Open the public side at /cong-khai; whoever is not signed in then sees that and nothing else
    #[arg(long, env = "HOPTAC_PUBLIC_SIDE")]
    pub(crate) public_side: bool,

    /// On the public side, hide figures over fewer organisations than this
    #[arg(long, env = "HOPTAC_SMALL_CELL", value_name = "COUNT", default_value_t = SMALL_CELL, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) small_cell: u16,

    /// On the public side, say that open data may be used under the licence at this address
    #[arg(long, env = "HOPTAC_DATA_LICENCE", value_name = "URL", value_parser = page_address)]
    pub(crate) data_licence: Option<String>,

    /// Let webhooks go to this machine and to private networks too
    #[arg(long, env = "HOPTAC_PRIVATE_WEBHOOKS")]
    pub(crate) private_webhooks: bool,

    /// The provider of identities by which people may sign in too (OpenID Connect), as `https://dinhdanh.langson.gov.vn`
    #[arg(long, env = "HOPTAC_OPENID_ISSUER", value_name = "URL")]
    pub(crate) openid_issuer: Option<String>,

    /// What the provider of identities calls this instance
    #[arg(long, env = "HOPTAC_OPENID_CLIENT", value_name = "ID")]
    pub(crate) openid_client: Option<String>,

    /// The file with the secret that this instance proves itself to the provider with
    #[arg(long, env = "HOPTAC_OPENID_SECRET_FILE", value_name = "FILE")]
    pub(crate) openid_secret_file: Option<PathBuf>,

    /// What people call the provider, as it stands on the button
    #[arg(long, env = "HOPTAC_OPENID_NAME", value_name = "NAME", default_value = "OpenID Connect")]
    pub(crate) openid_name: String,

    /// How many requests a token may make in a minute
    #[arg(long, env = "HOPTAC_REQUESTS_PER_MINUTE", default_value_t = 600, value_name = "N")]
    pub(crate) requests_per_minute: u32,

    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

/// Figures over fewer organisations are hidden from the public where nothing else is set: with two, each could work out the
/// other's.
pub(crate) const SMALL_CELL: u16 = 3;

#[derive(Debug, Subcommand)]
pub(crate) enum PackCommand {
    /// Report every problem of a pack, each with its place and remedy
    Check {
        /// The folder of the pack
        #[arg(value_name = "PACK")]
        pack: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// The language of the output
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum PlanCommand {
    /// Show the plan: document, objectives, targets, tasks
    Show(ShowArguments),
    /// Attach the document's own text, so that targets open onto their sentences
    Attach {
        /// The plan: .txt, .md, .docx, or .pdf with a text layer; `-` is standard input
        file: PathBuf,
        /// The language of the output
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
    },
    /// Read the quantified targets of a document
    Read(PlanReadArguments),
    /// Do the arithmetic of a pack: what does not go together, with the numbers
    Check(PlanCheckArguments),
    /// Adopt a pack, or adopt it anew after a change
    Adopt {
        /// The folder of the pack
        #[arg(value_name = "PACK")]
        pack: PathBuf,
        /// The language of the output
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
    },
}

#[derive(Debug, Args)]
pub(crate) struct PlanReadArguments {
    /// The document: .txt, .md, .docx, or .pdf with a text layer; `-` is standard input
    pub(crate) file: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Print the text that is read, as it was taken out of the document
    #[arg(long, conflicts_with = "json")]
    pub(crate) text: bool,
    /// Write a draft pack into this new folder
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["json", "text"])]
    pub(crate) pack: Option<PathBuf>,
    /// The pack whose indicators the draft uses (default: the plan of Lạng Sơn)
    #[arg(long, value_name = "PACK", requires = "pack")]
    pub(crate) like: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct PlanCheckArguments {
    /// The folder of the pack
    #[arg(value_name = "PACK")]
    pub(crate) pack: PathBuf,
    /// Compare also with the published figures of the pack
    #[arg(long)]
    pub(crate) figures: bool,
    /// The day on which acceptances are judged, as 2025-12-31 (default: today)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    /// Only what had been recorded by the end of this day (default: everything)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) known_on: Option<Date>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

#[derive(Debug, Args)]
pub(crate) struct ScoreboardArguments {
    /// The day, as 2025-12-31 (default: today)
    #[arg(long, value_name = "DATE", value_parser = day, conflicts_with = "year")]
    pub(crate) as_of: Option<Date>,
    /// The last day of a year, or today while the year runs
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i16).range(1990..=2100))]
    pub(crate) year: Option<i16>,
    /// The unit, by code: 20 is the province, 178 a former district (default: the plan's unit)
    #[arg(long, value_name = "CODE")]
    pub(crate) unit: Option<String>,
    /// The day whose places are asked: 2025-06-30 still has the districts (default: the asked day)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) geography: Option<Date>,
    /// Only what had been recorded by the end of this day (default: everything)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) known_on: Option<Date>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// The indicator, or a target that it measures: groups, T30-01
    pub(crate) indicator: String,
    /// The unit, by code (default: the plan's unit)
    #[arg(long, value_name = "CODE")]
    pub(crate) unit: Option<String>,
    /// The day, as 2025-12-31 (default: today)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,
    /// The day whose places are asked: 2025-06-30 still has the districts (default: the asked day)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) geography: Option<Date>,
    /// Only what had been recorded by the end of this day (default: everything)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) known_on: Option<Date>,
    /// Only the filings up to this ledger position, as an edition names it
    #[arg(long, value_name = "POSITION", conflicts_with = "known_on")]
    pub(crate) position: Option<u64>,
    /// Show also the records that do not count
    #[arg(long)]
    pub(crate) all: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

#[derive(Debug, Args)]
pub(crate) struct FiguresArguments {
    /// Only this series
    #[arg(long, value_name = "SERIES")]
    pub(crate) series: Option<String>,
    /// Only what had been recorded by the end of this day (default: everything)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) known_on: Option<Date>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

/// Reads a day, with a sentence where it is none.
fn day(text: &str) -> Result<Date, hoptac_model::date::DateError> {
    hoptac_model::date::parse(text)
}

/// Reads the address of a page, with a sentence where it is none.
fn page_address(text: &str) -> Result<String, &'static str> {
    if crate::serve::is_page(text) {
        Ok(text.to_owned())
    } else {
        Err("write the whole address, as https://creativecommons.org/licenses/by/4.0/")
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Cli;

    #[test]
    fn the_words_fit_together() {
        Cli::command().debug_assert();
    }
}
