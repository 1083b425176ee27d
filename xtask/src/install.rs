//! What the tests need beside Rust: PostgreSQL, Chromium, fonts, the npm packages of the browser tests, Python, two cargo
//! tools.
//!
//! Debian's packages are installed where this process may; elsewhere it says which command to run.

use std::path::Path;

use anyhow::{Result, bail};

use crate::run::{command, exists, root, run, tell};

/// One need: how to see that it is there, and the Debian packages that bring it.
struct Need {
    what: &'static str,
    found: fn() -> bool,
    packages: &'static [&'static str],
}

const NEEDS: [Need; 4] = [
    Need {
        what: "a PostgreSQL server",
        found: || {
            let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") else { return false };
            versions.flatten().any(|version| version.path().join("bin/initdb").exists())
        },
        packages: &["postgresql"],
    },
    Need {
        what: "Chromium",
        found: || Path::new("/usr/bin/chromium").exists(),
        packages: &["chromium"],
    },
    Need {
        what: "Node.js with npm",
        found: || exists("node", &["--version"]) && exists("npm", &["--version"]),
        packages: &["nodejs", "npm"],
    },
    Need {
        what: "Python 3 with venv",
        found: || exists("python3", &["-c", "import ensurepip, venv"]),
        packages: &["python3", "python3-venv"],
    },
];

/// Installs whatever is missing.
pub(crate) fn everything() -> Result<()> {
    debian_packages()?;
    cargo_tools()?;
    browser_packages()
}

fn debian_packages() -> Result<()> {
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !(need.found)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let what: Vec<&str> = missing.iter().map(|need| need.what).collect();
    let packages: Vec<&str> =
        missing.iter().flat_map(|need| need.packages.iter().copied()).collect();
    let by_hand = format!("apt-get update && apt-get install -y {}", packages.join(" "));
    let is_root = command("id", &["-u"]).output().is_ok_and(|out| out.stdout.starts_with(b"0"));
    if !is_root || !exists("apt-get", &["--version"]) {
        bail!(
            "the tests need {}, which is not here and cannot be installed by this user; run as root: {by_hand}",
            what.join(", ")
        );
    }
    tell(&format!("installing {}", what.join(", ")));
    run(command("apt-get", &["update", "-qq"]).env("DEBIAN_FRONTEND", "noninteractive"))?;
    let mut install = command("apt-get", &["install", "-y", "-qq", "--no-install-recommends"]);
    run(install.args(&packages).env("DEBIAN_FRONTEND", "noninteractive"))
}

fn cargo_tools() -> Result<()> {
    if !exists("cargo", &["nextest", "--version"]) {
        tell("installing cargo-nextest");
        run(&mut command("cargo", &["install", "--locked", "cargo-nextest"]))?;
    }
    if !exists("cargo", &["deny", "--version"]) {
        tell("installing cargo-deny");
        // Built without optimisation: it runs for a second and would otherwise take minutes to build.
        run(&mut command("cargo", &["install", "--locked", "--debug", "cargo-deny"]))?;
    }
    Ok(())
}

fn browser_packages() -> Result<()> {
    let folder = root().join("tests/browser");
    if folder.join("node_modules/playwright-core").exists() {
        return Ok(());
    }
    tell("installing the packages of the browser tests");
    run(command("npm", &["ci", "--no-audit", "--no-fund"]).current_dir(folder))
}
