//! The words for tasks and alerts.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::day;
use super::filed::{Days, Filed};

#[derive(Debug, Subcommand)]
pub(crate) enum TaskCommand {
    /// List tasks: where each stands and why, by whom, until when
    List(TaskList),
    /// A task with everything that was filed about it
    Show(TaskShow),
    /// Tasks that the figures show done, each with its figures; close one with `task close --by-figures`
    Proposals(TaskList),
    /// File a new task, with the reason for it
    Open(Box<TaskOpen>),
    /// File who does a task, where and by when
    Assign(Box<TaskAssign>),
    /// File how far a task has come
    Progress(TaskProgress),
    /// File that a task is put off
    Postpone(TaskPostpone),
    /// File that a task, or one of its occurrences, is done
    Close(TaskClose),
    /// File that a task is not to be done any more
    Cancel(TaskCancel),
    /// File that a task goes on as part of another
    Merge(TaskMerge),
    /// File that a task is open again
    Reopen(TaskReopen),
    /// Write the roadmap, an .svg picture
    Roadmap(TaskFile),
    /// Write the due days as a calendar, an .ics file
    Calendar(TaskFile),
    /// Write the digest for each agency: what is late, due soon, shown done; send it by e-mail where that is set up
    Digest(TaskDigest),
}

#[derive(Debug, Args)]
pub(crate) struct TaskDigest {
    /// Only for this agency, `owner` (the plan's lead department) or `leader` (the people's committee)
    #[arg(long = "for", value_name = "AGENCY")]
    pub(crate) reader: Option<String>,
    /// Send each to its address
    #[arg(long)]
    pub(crate) send: bool,
    /// The mail server, as `smtps://user:password@host` or `smtp://host:587?tls=required`
    #[arg(long, value_name = "URL", env = "HOPTAC_SMTP", hide_env_values = true)]
    pub(crate) smtp: Option<String>,
    /// The address that letters come from
    #[arg(long, value_name = "ADDRESS", env = "HOPTAC_MAIL_FROM")]
    pub(crate) from: Option<String>,
    /// Where the letter of an agency goes, as lien-minh-htx=vanthu@example.vn; several with commas between
    #[arg(long, value_name = "AGENCY=ADDRESS", env = "HOPTAC_MAIL_TO", value_delimiter = ',')]
    pub(crate) to: Vec<String>,
    #[command(flatten)]
    pub(crate) days: Days,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AlertCommand {
    /// What somebody should look at, with reasons
    List(AlertList),
    /// File that an alert is quiet until a day; today wakes it
    Snooze(AlertSnooze),
    /// File that an agency takes an alert on
    Own(AlertOwn),
}

#[derive(Debug, Args)]
pub(crate) struct AlertList {
    /// Only this kind: probability, task, reporting, certificate, series
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// Those that are quiet, too
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) days: Days,
}

#[derive(Debug, Args)]
pub(crate) struct AlertSnooze {
    /// The alert, by its key
    pub(crate) alert: String,
    /// The last quiet day
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) until: Date,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) filed: Filed,
}

#[derive(Debug, Args)]
pub(crate) struct AlertOwn {
    /// The alert, by its key
    pub(crate) alert: String,
    /// The agency, as the plan names it
    #[arg(long)]
    pub(crate) agency: String,
    /// What it will do
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    #[command(flatten)]
    pub(crate) filed: Filed,
}

/// Which tasks.
#[derive(Debug, Args)]
pub(crate) struct TaskList {
    /// Only those that this agency leads or works with, as the plan names it
    #[arg(long, value_name = "AGENCY")]
    pub(crate) agency: Option<String>,
    /// Only those that this account sees to
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,
    /// Only in this state: late, postponed, `not_started`, `on_time`, done, merged, cancelled
    #[arg(long)]
    pub(crate) state: Option<String>,
    /// Only those that are due by this day
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) due_by: Option<Date>,
    /// Only those of this unit, by code
    #[arg(long, value_name = "CODE")]
    pub(crate) unit: Option<String>,
    /// Those that have ended, too
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) days: Days,
}

#[derive(Debug, Args)]
pub(crate) struct TaskShow {
    /// The task, by its code
    pub(crate) task: String,
    #[command(flatten)]
    pub(crate) days: Days,
}

#[derive(Debug, Args)]
pub(crate) struct TaskFile {
    #[command(flatten)]
    pub(crate) which: TaskList,
    /// The file (default: the standard output)
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Where a task is done, by when and how often, and what it should move.
#[derive(Debug, Args)]
pub(crate) struct TaskTerms {
    /// The unit where it is done, by code
    #[arg(long, value_name = "CODE")]
    pub(crate) unit: Option<String>,
    /// The day by which it is to be done
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) due: Option<Date>,
    /// How often it returns: yearly, `half_yearly`, quarterly, monthly
    #[arg(long)]
    pub(crate) recurrence: Option<String>,
    /// What it should move, as groups, groups=250 or groups=250@2027; may be given again
    #[arg(long, value_name = "INDICATOR")]
    pub(crate) effect: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct TaskOpen {
    /// Its code (default: the next of the year, as NV-2026-001)
    #[arg(long)]
    pub(crate) code: Option<String>,
    /// What is to be done
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: String,
    /// Because this target will be missed
    #[arg(long, value_name = "TARGET", group = "ground")]
    pub(crate) gap: Option<String>,
    /// Because returns of this year are missing in the unit
    #[arg(long, value_name = "YEAR", group = "ground", requires = "unit")]
    pub(crate) returns: Option<i16>,
    /// Because of this finding or rule
    #[arg(long, value_name = "CODE", group = "ground", requires = "about")]
    pub(crate) finding: Option<String>,
    /// What the finding is about
    #[arg(long, value_name = "TEXT")]
    pub(crate) about: Option<String>,
    /// Because of this alert
    #[arg(long, value_name = "KEY", group = "ground")]
    pub(crate) alert: Option<String>,
    /// Because this document orders it: its number
    #[arg(long, value_name = "NUMBER", group = "ground", requires = "document_date")]
    pub(crate) document: Option<String>,
    /// The day of that document
    #[arg(long, value_name = "DATE", value_parser = day, requires = "document_issuer")]
    pub(crate) document_date: Option<Date>,
    /// Who issued it
    #[arg(long, value_name = "TEXT")]
    pub(crate) document_issuer: Option<String>,
    /// Its field, as the plan names it
    #[arg(long)]
    pub(crate) group: Option<String>,
    /// The agency in the lead, as the plan names it
    #[arg(long, value_name = "AGENCY")]
    pub(crate) lead: String,
    /// An agency that works with it; may be given again
    #[arg(long, value_name = "AGENCY")]
    pub(crate) with: Vec<String>,
    #[command(flatten)]
    pub(crate) terms: TaskTerms,
    /// What should be known about it
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    #[command(flatten)]
    pub(crate) filed: Filed,
}

#[derive(Debug, Args)]
pub(crate) struct TaskAssign {
    /// The task, by its code
    pub(crate) task: String,
    /// Another agency in the lead
    #[arg(long, value_name = "AGENCY")]
    pub(crate) lead: Option<String>,
    /// An agency that works with it, in the place of those before; may be given again
    #[arg(long, value_name = "AGENCY")]
    pub(crate) with: Vec<String>,
    /// The account that sees to it
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,
    #[command(flatten)]
    pub(crate) terms: TaskTerms,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) filed: Filed,
}

#[derive(Debug, Args)]
pub(crate) struct TaskProgress {
    /// The task, by its code
    pub(crate) task: String,
    /// What was done
    #[arg(long, value_name = "TEXT")]
    pub(crate) said: String,
    /// How much of the whole, in percent
    #[arg(long)]
    pub(crate) percent: Option<u8>,
    /// What shows it and where it is found, as "Báo cáo: 12/BC-LMHTX"; may be given again
    #[arg(long, value_name = "WHAT: SOURCE")]
    pub(crate) evidence: Vec<String>,
    #[command(flatten)]
    pub(crate) filed: Filed,
}

#[derive(Debug, Args)]
pub(crate) struct TaskPostpone {
    /// The task, by its code
    pub(crate) task: String,
    /// The due day that is put off, of a task that returns
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) occurrence: Option<Date>,
    /// The new day
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) to: Date,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) filed: Filed,
}

#[derive(Debug, Args)]
pub(crate) struct TaskClose {
    /// The task, by its code
    pub(crate) task: String,
    /// The due day of the occurrence, of a task that returns
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) occurrence: Option<Date>,
    /// What came of it (default with --by-figures: what the figures say)
    #[arg(long, value_name = "TEXT", required_unless_present = "by_figures")]
    pub(crate) result: Option<String>,
    /// What shows it and where it is found, as "Báo cáo: 12/BC-LMHTX"; may be given again
    #[arg(long, value_name = "WHAT: SOURCE")]
    pub(crate) evidence: Vec<String>,
    /// Confirm that the figures show it done, as `task proposals` says
    #[arg(long)]
    pub(crate) by_figures: bool,
    #[command(flatten)]
    pub(crate) filed: Filed,
}

#[derive(Debug, Args)]
pub(crate) struct TaskCancel {
    /// The task, by its code
    pub(crate) task: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) filed: Filed,
}

#[derive(Debug, Args)]
pub(crate) struct TaskMerge {
    /// The task, by its code
    pub(crate) task: String,
    /// The task that it goes on in
    #[arg(long, value_name = "TASK")]
    pub(crate) into: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) filed: Filed,
}

#[derive(Debug, Args)]
pub(crate) struct TaskReopen {
    /// The task, by its code
    pub(crate) task: String,
    /// The due day of the occurrence, of a task that returns
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) occurrence: Option<Date>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) filed: Filed,
}
