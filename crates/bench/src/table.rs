//! What was measured: a table for people, JSON for machines.

use std::io::Write as _;

use serde_json::{Value, json};

use crate::engine::OURS;
use crate::peer::Took;

/// What somebody took for one piece of work, over all rounds.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) part: &'static str,
    pub(crate) who: &'static str,
    pub(crate) took: Vec<Took>,
    /// Whether its result equals ours; none for ourselves and where methods differ.
    pub(crate) equal: Option<bool>,
}

impl Line {
    /// The middle one of some numbers, and the least.
    fn middle(&self, of: impl Fn(&Took) -> f64) -> (f64, f64) {
        let mut numbers: Vec<f64> = self.took.iter().map(of).collect();
        numbers.sort_unstable_by(f64::total_cmp);
        let at = |at: usize| numbers.get(at).copied().unwrap_or(f64::NAN);
        (at(numbers.len() / 2), at(0))
    }

    fn peak(&self) -> f64 {
        self.took.iter().map(|took| took.peak).fold(0.0, f64::max)
    }
}

/// Prints what was measured.
pub(crate) fn tell(what: &str, size: &str, lines: &[Line], as_json: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if as_json {
        let rows: Vec<Value> = lines
            .iter()
            .map(|line| {
                let (cpu, cpu_least) = line.middle(|took| took.cpu);
                let (wall, wall_least) = line.middle(|took| took.wall);
                json!({
                    "part": line.part, "who": line.who, "rounds": line.took.len(),
                    "cpu_s": cpu, "cpu_s_least": cpu_least, "wall_s": wall,
                    "wall_s_least": wall_least, "peak_mb": line.peak(), "equal": line.equal,
                    "coverage_80": line.took.first().and_then(|took| took.coverage),
                    "error": line.took.first().and_then(|took| took.error),
                })
            })
            .collect();
        let equal = lines.iter().all(|line| line.equal != Some(false));
        let compared = lines.iter().any(|line| line.equal.is_some());
        let told = json!({
            "bench": what, "size": size, "equal": compared.then_some(equal),
            "load": load(), "results": rows,
        });
        writeln!(out, "{}", serde_json::to_string_pretty(&told)?)?;
        return Ok(());
    }
    writeln!(out, "{what}, size {size}, load average {:.1}", load())?;
    writeln!(
        out,
        "{:<11} {:<8} {:>6} {:>9} {:>9} {:>9} {:>8}  {:<8} {:>7}",
        "part", "who", "rounds", "CPU-s", "least", "wall s", "peak MB", "equal", "x ours"
    )?;
    for line in lines {
        let (cpu, least) = line.middle(|took| took.cpu);
        let ours = lines.iter().find(|other| other.part == line.part && other.who == OURS);
        let ratio = ours.map_or(f64::NAN, |ours| cpu / ours.middle(|took| took.cpu).0);
        let equal = match line.equal {
            None if line.who == OURS => "ours",
            None => "-",
            Some(true) => "yes",
            Some(false) => "NO",
        };
        writeln!(
            out,
            "{:<11} {:<8} {:>6} {:>9.3} {:>9.3} {:>9.3} {:>8.0}  {:<8} {:>7.1}",
            line.part,
            line.who,
            line.took.len(),
            cpu,
            least,
            line.middle(|took| took.wall).0,
            line.peak(),
            equal,
            ratio
        )?;
        let took = line.took.first();
        if let Some((coverage, error)) = took.and_then(|took| took.coverage.zip(took.error)) {
            writeln!(
                out,
                "{:<11} {:<8} its 80 % intervals held {:.1} % of what was held back, its middle was {:.1} % off in the mean",
                "",
                "",
                coverage * 100.0,
                error * 100.0
            )?;
        }
    }
    Ok(())
}

/// How much else the machine does.
pub(crate) fn load() -> f64 {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or(f64::NAN)
}
