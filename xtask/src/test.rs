//! `cargo xtask test`: every check of the project, in the order in which a fault is cheapest to find.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use crate::run::{command, root, run, run_seeing, tell};
use crate::{api, install};

/// How many tests ran.
#[derive(Default)]
struct Tally {
    passed: u64,
    failed: u64,
}

type Step = fn(&mut Tally) -> Result<()>;

const STEPS: [(&str, Step); 10] = [
    ("format", format),
    ("clippy", clippy),
    ("tests", tests),
    ("doctests", doctests),
    ("docs", docs),
    ("deny", deny),
    ("demo", demo),
    ("api", |_| api::probe()),
    ("browser", browser),
    ("pages", walk),
];

/// Runs all steps, or the named ones.
pub(crate) fn all(names: &[&str]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| STEPS.iter().all(|(step, _)| step != *name)) {
        bail!(
            "there is no step `{unknown}`; the steps are {}",
            STEPS.map(|(name, _)| name).join(", ")
        );
    }
    install::everything()?;
    let mut tally = Tally::default();
    let mut broken = Vec::new();
    for (name, step) in STEPS {
        if !names.is_empty() && !names.contains(&name) {
            continue;
        }
        tell(&format!("\n== {name}"));
        let start = Instant::now();
        if let Err(error) = step(&mut tally) {
            tell(&format!("{name}: {error:#}"));
            broken.push(name);
        }
        tell(&format!("== {name}: {:.0} s", start.elapsed().as_secs_f64()));
    }
    // A step that broke without a counted failure still counts as one: the last line must not look like success.
    let failed = tally.failed.max(u64::try_from(broken.len()).unwrap_or(u64::MAX));
    tell(&format!("\n{} passed, {failed} failed", tally.passed));
    if !broken.is_empty() {
        bail!("these steps failed: {}", broken.join(", "));
    }
    Ok(())
}

fn format(_: &mut Tally) -> Result<()> {
    run(&mut command("cargo", &["fmt", "--all", "--check"]))
}

fn clippy(_: &mut Tally) -> Result<()> {
    run(&mut command("cargo", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

fn tests(tally: &mut Tally) -> Result<()> {
    run_seeing(
        &mut command("cargo", &["nextest", "run", "--workspace", "--no-fail-fast"]),
        |line| {
            // "Summary [ 12.3s] 345 tests run: 345 passed, 0 skipped"
            if line.contains("Summary") && line.contains("tests run:") {
                tally.passed += number_before(line, " passed");
                tally.failed += number_before(line, " failed");
            }
        },
    )
}

fn doctests(tally: &mut Tally) -> Result<()> {
    run_seeing(&mut command("cargo", &["test", "--workspace", "--doc", "--quiet"]), |line| {
        // "test result: ok. 12 passed; 0 failed; …"
        if line.starts_with("test result:") {
            tally.passed += number_before(line, " passed");
            tally.failed += number_before(line, " failed");
        }
    })
}

fn docs(_: &mut Tally) -> Result<()> {
    let mut doc = command("cargo", &["doc", "--workspace", "--no-deps", "--quiet"]);
    run(doc.env("RUSTDOCFLAGS", "-D warnings"))
}

fn deny(_: &mut Tally) -> Result<()> {
    run(&mut command("cargo", &["deny", "check", "bans", "licenses", "sources"]))
}

/// The newcomer's command, from nothing, and the proof of the ledger that it made.
fn demo(_: &mut Tally) -> Result<()> {
    let folder = root().join("target/demo-data");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).context("removing the demo of an earlier run")?;
    }
    let folder = folder.to_string_lossy().into_owned();
    run(&mut command("cargo", &["run", "--quiet", "--", "demo", "--no-serve", "--dir", &folder]))?;
    run(&mut command("cargo", &["run", "--quiet", "--", "verify", "--dir", &folder]))
}

/// A served demo in a real browser.
fn browser(tally: &mut Tally) -> Result<()> {
    with_demo(|address| {
        let mut tests = command("npm", &["test", "--silent"]);
        tests.current_dir(root().join("tests/browser")).env("BASE_URL", address);
        run_seeing(&mut tests, |line| {
            // node:test ends with "# pass 24" or "ℹ pass 24".
            let mut words = line.split_whitespace();
            match (words.next(), words.next(), words.next(), words.next()) {
                (Some("#" | "ℹ"), Some("pass"), Some(count), None) => {
                    tally.passed += count.parse().unwrap_or(0);
                }
                (Some("#" | "ℹ"), Some("fail"), Some(count), None) => {
                    tally.failed += count.parse().unwrap_or(0);
                }
                _ => {}
            }
        })
    })
}

/// Walks every page at both sizes and holds what it loads and what axe finds against the bounds.
fn walk(_: &mut Tally) -> Result<()> {
    with_demo(|address| run(walker().env("BASE_URL", address)))
}

/// Walks the pages and writes the table of them.
pub(crate) fn pages() -> Result<()> {
    install::everything()?;
    with_demo(|address| run(walker().env("BASE_URL", address).env("WRITE", "1")))
}

fn walker() -> std::process::Command {
    let mut walker = command("node", &["walk.mjs"]);
    walker.current_dir(root().join("tests/browser"));
    walker
}

/// Fills a demo, serves a copy of it and stops the server afterwards, whatever came of what was done with it. What is filed
/// there is gone with the next copy, so that nothing hangs on what ran before.
fn with_demo(act: impl FnOnce(&str) -> Result<()>) -> Result<()> {
    let demo = root().join("target/demo-data");
    let fill = ["run", "--quiet", "--", "demo", "--no-serve", "--dir", &demo.to_string_lossy()];
    run(command("cargo", &fill).stdout(Stdio::null()))?;
    let copy = root().join("target/demo-served");
    if copy.exists() {
        std::fs::remove_dir_all(&copy).context("removing the demo that was served before")?;
    }
    copy_files(&demo, &copy).context("copying the demo")?;
    let (mut server, address) = served(&["demo", "--dir", &copy.to_string_lossy(), "--port", "0"])?;
    let result = act(&address);
    server.kill().context("stopping the server")?;
    server.wait().context("stopping the server")?;
    result
}

/// Copies the files of a folder, not what lies in folders within: those are snapshots, which are made anew.
fn copy_files(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// Starts the built program on a free port and waits for the address that it prints.
pub(crate) fn served(words: &[&str]) -> Result<(Child, String)> {
    let program = root().join("target/debug/hoptac");
    let mut server =
        command(program, words).stdout(Stdio::piped()).spawn().context("starting the server")?;
    let stdout = server.stdout.take().context("reading what the server says")?;
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next() {
        let line = line.context("reading what the server says")?;
        if let Some(start) = line.find("http://") {
            let address: String = line
                .chars()
                .skip(line[..start].chars().count())
                .take_while(|c| !c.is_whitespace())
                .collect();
            // It goes on speaking, and must find somebody who listens.
            std::thread::spawn(move || lines.for_each(drop));
            return Ok((server, address.trim_end_matches('/').to_owned()));
        }
    }
    bail!("the server ended without saying its address")
}

/// The number that stands right before `words` in a line; 0 where there is none.
fn number_before(line: &str, words: &str) -> u64 {
    let before = line.find(words).and_then(|end| line.get(..end)).unwrap_or("");
    let digits = before.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or("");
    digits.parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::number_before;

    #[test]
    fn counts_are_read_from_the_runners_lines() {
        let nextest = "     Summary [   4.2s] 345 tests run: 343 passed, 2 failed, 1 skipped";
        assert_eq!(number_before(nextest, " passed"), 343);
        assert_eq!(number_before(nextest, " failed"), 2);
        assert_eq!(number_before("test result: ok. 12 passed; 0 failed", " passed"), 12);
        assert_eq!(number_before("nothing", " passed"), 0);
    }
}
