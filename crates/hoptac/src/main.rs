//! hoptac: the system on which a Vietnamese province runs its collective-economy plan.
//!
//! This is the top floor: the words of the command line, configuration, wiring. It alone reads the clock, draws ids and
//! looks at the environment.

mod account;
mod alert;
mod annual_return;
mod backup;
mod boundary;
mod bundle;
mod cascade;
mod cli;
mod client;
mod clock;
mod config;
mod consequence;
mod delivery;
mod demo;
mod digest;
mod doctor;
mod edition;
mod embedded;
mod explain;
mod export;
mod figures;
mod filing;
mod folder;
mod forecast;
mod grade;
mod import;
mod keys;
mod link;
mod log;
mod member;
mod metrics;
mod open_data;
mod openid;
mod organisation;
mod output;
mod pack;
mod plan;
mod plan_check;
mod product;
mod progress;
mod reading;
mod report;
mod scenario;
mod scoreboard;
mod sentence;
mod serve;
mod sheet;
mod sight;
mod support;
mod systemd;
mod task;
mod token;
mod unit;
mod verify;
mod view;
mod warning;
mod webhook;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

use hoptac_model::text::Language;

use crate::cli::config::ConfigCommand;
use crate::cli::organisation::{FilingCommand, OrganisationCommand};
use crate::cli::sheet::SheetCommand;
use crate::cli::unit::UnitCommand;
use crate::cli::{Cli, Command};
use crate::sentence::said;

/// How a command ended, when nothing went wrong in the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is well: exit code 0.
    Done,
    /// There are findings: exit code 1.
    Findings,
}

fn main() -> ExitCode {
    let mut matches = match Cli::command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => return cli::wrong::tell(&error),
    };
    let language = cli::language(&matches);
    // What checks a configuration file does not need it to be right.
    if let Some(file) = matches.get_one::<PathBuf>("config")
        && matches.subcommand_name() != Some("config")
    {
        match config::Settings::read(file) {
            Ok(settings) => match settings.behind(Cli::command()).try_get_matches() {
                Ok(found) => matches = found,
                Err(error) => return cli::wrong::tell(&error),
            },
            Err(error) => return refuse(&error, language),
        }
    }
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return cli::wrong::tell(&error),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let doing = said!("khởi động chương trình", "starting the program");
            return refuse(&anyhow::Error::new(error).context(doing), language);
        }
    };
    match runtime.block_on(run(cli)) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => refuse(&error, language),
    }
}

async fn run(cli: Cli) -> anyhow::Result<Outcome> {
    let (place, config) = (cli.place, cli.config);
    match cli.command {
        Command::Demo(arguments) => demo::run(&place, &arguments).await,
        Command::Serve(arguments) => serve::run(&place, &arguments).await,
        Command::Pack(cli::PackCommand::Check { pack: folder, json, lang }) => {
            pack::check(&folder, json, lang.into())
        }
        Command::Plan(cli::PlanCommand::Show(arguments)) => plan::show(&place, &arguments).await,
        Command::Plan(cli::PlanCommand::Attach { file, lang }) => {
            plan::attach(&place, &file, lang.into()).await
        }
        Command::Plan(cli::PlanCommand::Read(arguments)) => reading::read(&arguments),
        Command::Plan(cli::PlanCommand::Check(arguments)) => plan_check::run(&arguments),
        Command::Plan(cli::PlanCommand::Adopt { pack: folder, lang }) => {
            plan::adopt(&place, &folder, lang.into()).await
        }
        Command::Scoreboard(arguments) => scoreboard::run(&place, &arguments).await,
        Command::OpenData(command) => open_data::run(&place, command).await,
        Command::Bundle(command) => bundle::run(&place, command).await,
        Command::Cascade(command) => cascade::run(&place, command).await,
        Command::Scenario(command) => scenario::run(&place, *command).await,
        Command::Forecast(arguments) => forecast::run(&place, &arguments).await,
        Command::Explain(arguments) => explain::run(&place, &arguments).await,
        Command::Verify { json, lang } => verify::verify(&place, json, lang.into()).await,
        Command::Rebuild { json, lang } => verify::rebuild(&place, json, lang.into()).await,
        Command::Backup(arguments) => backup::backup(&place, &arguments).await,
        Command::Restore(arguments) => backup::restore(&place, &arguments).await,
        Command::Doctor(arguments) => doctor::run(&place, &arguments).await,
        Command::Config(ConfigCommand::Check { file, json, lang }) => {
            config::check(file.or(config), json, lang.into())
        }
        Command::Figures(arguments) => figures::run(&place, &arguments).await,
        Command::Org(command) => match command {
            OrganisationCommand::List(arguments) => organisation::list(&place, &arguments).await,
            OrganisationCommand::Show(arguments) => organisation::show(&place, &arguments).await,
            OrganisationCommand::History(arguments) => {
                organisation::history(&place, &arguments).await
            }
            OrganisationCommand::Warnings(arguments) => warning::run(&place, &arguments).await,
            OrganisationCommand::File(arguments) => filing::file_about(&place, &arguments).await,
        },
        Command::Filing(command) => match command {
            FilingCommand::Show { filing, json, lang } => {
                filing::show(&place, &filing, json, lang.into()).await
            }
            FilingCommand::Check(arguments) if arguments.consequences => {
                filing::foresee(&place, &arguments.document).await
            }
            FilingCommand::Check(arguments) => filing::check(&place, &arguments.document).await,
            FilingCommand::Accept(arguments) => filing::accept(&place, &arguments).await,
            FilingCommand::Schema { kind } => filing::schema(kind.as_deref()),
        },
        Command::Account(command) => account::run(&place, command).await,
        Command::Token(command) => token::run(&place, command).await,
        Command::Webhook(command) => webhook::run(&place, command).await,
        Command::Grade(command) => grade::run(&place, command).await,
        Command::Member(command) => member::run(&place, command).await,
        Command::Return(command) => annual_return::run(&place, command).await,
        Command::Link(command) => link::run(&place, *command).await,
        Command::Product(command) => product::run(&place, *command).await,
        Command::Practice(command) => product::practice(&place, *command).await,
        Command::Support(command) => support::run(&place, *command).await,
        Command::Alert(command) => alert::run(&place, *command).await,
        Command::Task(command) => task::run(&place, *command).await,
        Command::Union(command) => product::union(&place, *command).await,
        Command::Template(arguments) => export::write_template(&place, &arguments).await,
        Command::Export(arguments) => export::export(&place, &arguments).await,
        Command::Boundary(command) => boundary::run(&place, command).await,
        Command::Import(arguments) => import::import(&place, &arguments).await,
        Command::Edition(command) => edition::run(&place, command).await,
        Command::Report(arguments) => report::run(&place, &arguments).await,
        Command::Sheet(SheetCommand::Check(arguments)) => sheet::check(&place, &arguments).await,
        Command::Unit(command) => match command {
            UnitCommand::List(arguments) => unit::list(&place, &arguments).await,
            UnitCommand::Show(arguments) => unit::show(&place, &arguments).await,
            UnitCommand::History(arguments) => unit::history(&place, &arguments).await,
            UnitCommand::Open(arguments) => unit::open(&place, &arguments).await,
            UnitCommand::File(arguments) if arguments.check => {
                filing::check(&place, &arguments.document).await
            }
            UnitCommand::File(arguments) => filing::accept(&place, &arguments.document).await,
        },
    }
}

/// Says why the command could not be done.
fn refuse(error: &anyhow::Error, language: Option<Language>) -> ExitCode {
    for sentence in sentence::tell(error, language) {
        output::complain(&format!("hoptac: {sentence}"));
    }
    ExitCode::from(2)
}
