//! The interface for programs before programs that others wrote: schemathesis, which reads its description and tries whatever
//! the description allows, and what it does not; a receiver of webhooks; two clients for statistics; readers of open data and of what officials take away.

use std::process::Stdio;

use anyhow::{Context as _, Result, bail};

use crate::run::{command, root, run, tell};
use crate::test::served;

/// How long schemathesis may take, in seconds.
const TIME: &str = "75";
/// How many requests of each kind are made of one operation.
const EXAMPLES: &str = "12";

/// Serves a fresh demo as an office would, and lets them at it.
pub(crate) fn probe() -> Result<()> {
    let folder = root().join("target/api-data");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).context("removing the data of an earlier run")?;
    }
    let folder = folder.to_string_lossy().into_owned();
    let fill = ["run", "--quiet", "--", "demo", "--no-serve", "--dir", &folder];
    run(command("cargo", &fill).stdout(Stdio::null()))?;
    let program = root().join("target/debug/hoptac").to_string_lossy().into_owned();
    let token = [
        "token",
        "create",
        "--account",
        "quan-tri",
        "--label",
        "thử giao diện",
        "--permission",
        "read.* organisation.*",
        "--json",
        "--dir",
        &folder,
    ];
    let made = command(&program, &token).output().context("making a token")?;
    let made = String::from_utf8_lossy(&made.stdout).into_owned();
    let Some(token) = made.split('"').find(|text| text.starts_with("hoptac_pat_")) else {
        bail!("no token was made");
    };
    let python = python()?;
    let (mut server, address) = served(&[
        "serve",
        "--dir",
        &folder,
        "--port",
        "0",
        "--requests-per-minute",
        "60000",
        "--private-webhooks",
        "--log-level",
        "warn",
    ])?;
    let follow = || {
        let script = path("tests/api/webhook.py");
        run(&mut command(&python, &[&script, &program, &folder, &address, token]))
    };
    let read = || {
        let script = path("tests/api/statistics.py");
        let figures = path("packs/lang-son-2023/figures.csv");
        run(&mut command(&python, &[&script, &address, token, &figures]))
    };
    let open_data = || {
        let side =
            ["serve", "--dir", &folder, "--port", "0", "--public-side", "--log-level", "warn"];
        let (mut side, open) = served(&side)?;
        let script = path("tests/api/open_data.py");
        let result = run(&mut command(&python, &[&script, &open, &address, token]));
        side.kill().context("stopping the server")?;
        side.wait().context("stopping the server")?;
        result
    };
    let exports = || {
        // Only a demo lets in without a password.
        let (mut demo, open) = served(&["demo", "--dir", &folder, "--port", "0"])?;
        let script = path("tests/api/exports.py");
        let result = run(&mut command(&python, &[&script, &open]));
        demo.kill().context("stopping the demo")?;
        demo.wait().context("stopping the demo")?;
        result
    };
    let result = follow()
        .and_then(|()| read())
        .and_then(|()| open_data())
        .and_then(|()| exports())
        .and_then(|()| try_everything(&python, &address, token));
    server.kill().context("stopping the server")?;
    server.wait().context("stopping the server")?;
    result
}

/// Lets schemathesis at a served instance.
fn try_everything(python: &str, address: &str, token: &str) -> Result<()> {
    let description = format!("{address}/api/v1/openapi.json");
    let config = path("tests/api/schemathesis.toml");
    let words = [
        "-m",
        "schemathesis.cli",
        "--config-file",
        &config,
        "run",
        &description,
        "--phases",
        "coverage,fuzzing",
        "--max-examples",
        EXAMPLES,
        "--max-time",
        TIME,
        "--seed",
        "115",
        "--request-timeout",
        "30",
        "--continue-on-failure",
        "--generation-database",
        "none",
        "--warnings",
        "off",
        "--no-color",
    ];
    // It keeps notes where it is started.
    let notes = root().join("target");
    run(command(python, &words).current_dir(notes).env("HOPTAC_TOKEN", token))
}

fn path(below: &str) -> String {
    root().join(below).to_string_lossy().into_owned()
}

/// A Python with what the tests need of it, installed where it is missing or another version is wanted.
fn python() -> Result<String> {
    let folder = root().join("target/python");
    let python = folder.join("bin/python").to_string_lossy().into_owned();
    let (wanted, kept) =
        (root().join("tests/api/requirements.txt"), folder.join("requirements.txt"));
    let text =
        std::fs::read_to_string(&wanted).context("reading what Python packages are needed")?;
    if std::fs::read_to_string(&kept).is_ok_and(|kept| kept == text) {
        return Ok(python);
    }
    tell("installing Python packages");
    run(command("python3", &["-m", "venv"]).arg(&folder))?;
    let list = wanted.to_string_lossy().into_owned();
    run(&mut command(&python, &["-m", "pip", "install", "--quiet", "--requirement", &list]))?;
    std::fs::write(kept, text).context("noting which Python packages there are")?;
    Ok(python)
}
