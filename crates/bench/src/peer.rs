//! Somebody who does the work: a process that says `ready` and then answers each line with one line of JSON.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// What one piece of work took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Took {
    /// CPU-seconds of the process with all its threads.
    pub(crate) cpu: f64,
    /// Seconds on the clock.
    pub(crate) wall: f64,
    /// The most memory that it ever held, in megabytes.
    pub(crate) peak: f64,
    /// How much of what was held back lay in its 80 % intervals, where it says so.
    pub(crate) coverage: Option<f64>,
    /// How far its middle was from what was held back, as a part of the mean of both, where it says so.
    pub(crate) error: Option<f64>,
}

/// A process that does the work.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    child: Child,
    /// Whoever reads its end of it has nothing more to do.
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts it and waits until it has read its data.
    pub(crate) fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {name}"))?;
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().context("no output")?);
        let mut peer = Self { name, child, input, output };
        let said = peer.line()?;
        if said.trim() != "ready" {
            bail!("{name} said {said:?} instead of being ready");
        }
        Ok(peer)
    }

    /// Lets it do something.
    pub(crate) fn ask(&mut self, part: &str) -> Result<Took> {
        let input = self.input.as_mut().context("no input")?;
        writeln!(input, "{part}").with_context(|| format!("asking {}", self.name))?;
        input.flush()?;
        let said = self.line()?;
        let said: Value =
            serde_json::from_str(&said).with_context(|| format!("{} said {said:?}", self.name))?;
        let maybe = |name: &str| said.get(name).and_then(Value::as_f64);
        let number = |name: &str| maybe(name).context("no number");
        Ok(Took {
            cpu: number("cpu")?,
            wall: number("wall")?,
            peak: number("peak_mb")?,
            coverage: maybe("coverage_80"),
            error: maybe("error"),
        })
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        if line.is_empty() {
            let status = self.child.wait()?;
            bail!("{} ended with {status}", self.name);
        }
        Ok(line)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // One that has a server of its own stops it before it ends.
        self.input = None;
        for _ in 0..100 {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        // It has nothing to lose; whether it had ended already makes no difference.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
