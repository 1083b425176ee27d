//! Results held against each other, and what a process holds.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};

/// The numbers of a file.
pub(crate) fn numbers(path: &Path) -> Result<Vec<f64>> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    bytes.chunks_exact(8).map(|eight| Ok(f64::from_le_bytes(eight.try_into()?))).collect()
}

/// Whether two files hold the same numbers: counts exactly, sums to the ninth digit, missing where missing.
pub(crate) fn equal(ours: &Path, theirs: &Path) -> Result<bool> {
    let (left, right) = (numbers(ours)?, numbers(theirs)?);
    let near = |(a, b): (&f64, &f64)| {
        (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
    };
    let apart = left.iter().zip(&right).position(|pair| !near(pair));
    if let Some(at) = apart {
        let cell = |side: &[f64]| side.get(at).copied().unwrap_or(f64::NAN);
        writeln!(
            std::io::stderr(),
            "{}: cell {at} of {} is {} here and {} there",
            theirs.display(),
            left.len(),
            cell(&left),
            cell(&right)
        )?;
    }
    Ok(apart.is_none() && left.len() == right.len() && !left.is_empty())
}

/// A figure of this process's memory, as `VmHWM:`, in megabytes.
pub(crate) fn memory(name: &str) -> Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).context("no such figure")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
}
