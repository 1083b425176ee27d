//! What processes take: CPU-seconds and memory, as the kernel of Linux tells them.

use std::fs;
use std::time::Instant;

use anyhow::{Context as _, Result};

/// How many ticks of the kernel's clock for processes are a second; it has been this many on every Linux for decades.
const TICKS: f64 = 100.0;

/// What a process took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Usage {
    /// CPU-seconds with all threads, user and system.
    pub(crate) cpu: f64,
    /// The most memory that it ever held, in megabytes.
    pub(crate) peak: f64,
}

/// What a process took so far, by its id or `self`.
pub(crate) fn usage(process: &str) -> Result<Usage> {
    let told = |file: &str| {
        let path = format!("/proc/{process}/{file}");
        fs::read_to_string(&path).with_context(|| format!("reading `{path}`"))
    };
    let stat = told("stat")?;
    // The name of the program stands in parentheses and may have spaces; user time is the fourteenth field, system time the next.
    let behind = stat.rsplit_once(')').map_or("", |(_, behind)| behind);
    let mut fields = behind.split_whitespace().skip(11);
    let mut ticks = || fields.next().and_then(|field| field.parse::<f64>().ok());
    let cpu = ticks().zip(ticks()).map(|(user, system)| (user + system) / TICKS);
    let status = told("status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    Ok(Usage {
        cpu: cpu.context("no times of the process")?,
        peak: peak.context("no memory of the process")? / 1024.0,
    })
}

/// This process and others whose work is part of the same.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    /// What each is called, and its id.
    processes: Vec<(String, String)>,
}

/// A moment from which is counted.
pub(crate) struct Begun {
    at: Instant,
    usage: Vec<Usage>,
}

impl Watch {
    /// This process, and others by `name=id`.
    pub(crate) fn new(own: &str, others: &[String]) -> Result<Self> {
        let mut processes = vec![(own.to_owned(), "self".to_owned())];
        for other in others {
            let (name, id) = other.split_once('=').context("a process is named as `name=id`")?;
            processes.push((name.to_owned(), id.to_owned()));
        }
        Ok(Self { processes })
    }

    /// Begins to count.
    pub(crate) fn begin(&self) -> Result<Begun> {
        let usage = self.processes.iter().map(|(_, id)| usage(id)).collect::<Result<_>>()?;
        Ok(Begun { at: Instant::now(), usage })
    }

    /// Seconds on the clock since then, and what each process took in them.
    pub(crate) fn end(&self, begun: &Begun) -> Result<(f64, Vec<(String, Usage)>)> {
        let wall = begun.at.elapsed().as_secs_f64();
        let mut all = Vec::new();
        for ((name, id), before) in self.processes.iter().zip(&begun.usage) {
            let now = usage(id)?;
            all.push((name.clone(), Usage { cpu: now.cpu - before.cpu, peak: now.peak }));
        }
        Ok((wall, all))
    }
}
