//! The lake: builds it with optimisation, which takes its own workspace and most of half an hour the first time, and lets it measure itself.

use anyhow::Result;

use crate::run::{command, root, run};

/// Builds the lake, exports a nation, computes it here and on a scheduler with two executors, and compares both with the engine.
pub(crate) fn measure(options: &[&str]) -> Result<()> {
    let target = root().join("target/lake");
    let mut build = command("cargo", &["build", "--release", "--locked"]);
    build.args(["--manifest-path", "crates/lake/Cargo.toml", "--target-dir"]).arg(&target);
    run(&mut build)?;
    run(command(target.join("release/hoptac-lake"), &["measure"]).args(options))
}
