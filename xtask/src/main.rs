//! Chores of the repository: `cargo xtask test` installs what the tests need and runs everything.

mod api;
mod bench;
mod install;
mod lake;
mod run;
mod test;

use std::process::ExitCode;

/// Runs the property test of the projections on as many histories as are asked for.
fn histories(sqlite: &str, postgres: &str) -> anyhow::Result<()> {
    if let Some(wrong) = [sqlite, postgres].into_iter().find(|count| count.parse::<u32>().is_err())
    {
        anyhow::bail!("`{wrong}` is not a number of histories");
    }
    // Each history has a database of its own and is folded three times over, so that optimised code pays, and so does a
    // folder in memory.
    let test = "tables_equal_a_plain_fold";
    let words = ["test", "--profile", "histories", "-p", "hoptac-store", "--test", "store", test];
    let mut command = run::command("cargo", &words);
    command.env("HOPTAC_HISTORIES", sqlite).env("HOPTAC_HISTORIES_POSTGRES", postgres);
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() {
        command.env("TMPDIR", memory);
    }
    run::run(&mut command)
}

/// Kills the program as often as asked for. An optimised build gets further before it is killed.
fn drill(kills: &str) -> anyhow::Result<()> {
    let Ok(kills) = kills.parse::<u32>() else {
        anyhow::bail!("`{kills}` is not a number of kills");
    };
    let words = ["test", "--profile", "histories", "-p", "hoptac", "--test", "drill"];
    let mut command = run::command("cargo", &words);
    command.args(["--", "--nocapture", "--test-threads=1"]);
    let on_postgres = kills / 4;
    command.env("HOPTAC_KILLS", (kills - on_postgres).to_string());
    command.env("HOPTAC_KILLS_POSTGRES", on_postgres.to_string());
    run::run(&mut command)
}

const USAGE: &str = "\
cargo xtask <chore>

  test [STEP…]   install what is missing, then run every check (or only the named steps)
                 steps: format clippy tests doctests docs deny demo api browser pages
  histories [N [M]]
                 hold the register against a plain fold, and a rebuild against the live tables, on N random histories
                 on SQLite (10000) and M on PostgreSQL (100)
  drill [--kills N]
                 kill the program N times (1000) at random moments of filing, importing, issuing, migrating and restoring,
                 three quarters of them on SQLite and the rest on PostgreSQL, and see that nothing was lost or doubled
  bench [WHAT [OPTION…]]
                 measure hoptac beside its peers, which are installed where they are missing
                 what: engine (default), filing, start, requests, forecast, import, load
                 options: --size s|m, --rounds N, --json, --alone (without the peers)
  lake [OPTION…] build the lake, which is no part of any other build, export a nation as Parquet, compute all figures by SQL in one
                 process and on a scheduler with two executors, and hold both against the engine
                 options: --size s|m, --of FOLDER (one that was exported), --memory MEGABYTES, --json
  pages          walk every page with a browser at both sizes and write docs/pages.md
  install        only install what the tests need
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["test", steps @ ..] => test::all(steps),
        ["histories"] => histories("10000", "100"),
        ["histories", sqlite] => histories(sqlite, "100"),
        ["histories", sqlite, postgres] => histories(sqlite, postgres),
        ["drill"] => drill("1000"),
        ["drill", "--kills", kills] => drill(kills),
        ["bench", rest @ ..] => bench::measure(rest),
        ["lake", options @ ..] => lake::measure(options),
        ["pages"] => test::pages(),
        ["install"] => install::everything(),
        _ => {
            run::tell(USAGE);
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            run::tell(&format!("xtask: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
