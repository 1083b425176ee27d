//! Chores of the repository: `cargo xtask test` installs what the tests need and runs everything.

mod install;
mod run;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask <chore>

  test [STEP…]   install what is missing, then run every check (or only the named steps)
                 steps: format clippy tests doctests docs deny demo browser
  install        only install what the tests need
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["test", steps @ ..] => test::all(steps),
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
