//! The scoreboard of a nation from scratch: 39 row indicators, distinct partners of contracts, distinct persons on rolls,
//! for every place and year.

use std::fs;
use std::io::{BufRead as _, Write as _};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use cpu_time::ProcessTime;
use hoptac_engine::board::{Board, Question};
use hoptac_engine::kept::Kept;
use hoptac_model::pack::{
    Document, Field, FieldType, Form, Indicator, Measure, Pack, Setting, StandingRule,
};
use hoptac_model::target::Direction;
use hoptac_model::text::Words;
use hoptac_model::unit::Places;
use jiff::civil::date;
use serde_json::json;

use crate::compare::{self, memory};
use crate::nation::{Nation, YEARS, fields};
use crate::peer::Peer;
use crate::table::{self, Line};
use crate::{Run, SEED, SizeName, export};

/// The definitions, the same for everybody.
const INDICATORS: &str = include_str!("../indicators.tsv");

/// What we are called among the others.
pub(crate) const OURS: &str = "hoptac";

/// All of it at once: one board. The peers have no such thing; theirs is the sum of the parts.
const TOGETHER: &str = "together";

/// What we are called where the facts are kept and only the formulas are evaluated.
const KEPT: &str = "kept";

/// A part of the work.
struct Part {
    name: &'static str,
    /// Its indicators, by their place among the definitions.
    indicators: std::ops::Range<usize>,
    /// The most rounds that are worth anybody's time.
    rounds: u32,
}

const PARTS: [Part; 4] = [
    Part { name: "rows", indicators: 0..39, rounds: u32::MAX },
    Part { name: "contracts", indicators: 39..41, rounds: u32::MAX },
    Part { name: "persons", indicators: 41..42, rounds: 3 },
    Part { name: TOGETHER, indicators: 0..42, rounds: u32::MAX },
];

/// Measures everybody and prints the figures.
pub(crate) fn run(run: &Run) -> Result<()> {
    let folder = run.folder.join(run.size.code());
    export::write(&Nation::new(run.size.size(), SEED)?, INDICATORS, &folder)?;
    let mut worker = Command::new(std::env::current_exe()?);
    worker.args(["engine-worker", "--size", run.size.code(), "--folder"]).arg(&folder);
    let mut all = vec![Peer::start(OURS, &mut worker)?];
    if let Some(python) = &run.python {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/engine.py");
        for name in ["polars", "duckdb", "postgresql"] {
            let mut command = Command::new(python);
            // The peers may use both cores; their CPU-seconds are counted whole.
            command.arg(&script).arg(name).arg(&folder).env("POLARS_MAX_THREADS", "2");
            all.push(Peer::start(name, &mut command)?);
        }
    }
    let mut lines = Vec::new();
    for part in PARTS {
        let mut took = vec![Vec::new(); all.len()];
        let mut took_kept = Vec::new();
        for round in 0..run.rounds.min(part.rounds) {
            for (peer, took) in all.iter_mut().zip(&mut took) {
                let asked = match (peer.name, part.name) {
                    // They need most of a minute and more for the persons; once is enough to see it.
                    ("duckdb" | "postgresql", "persons") => round == 0,
                    (name, TOGETHER) => name == OURS,
                    _ => true,
                };
                if asked {
                    took.push(peer.ask(part.name)?);
                }
                if peer.name == OURS {
                    took_kept.push(peer.ask(&format!("{} {KEPT}", part.name))?);
                }
            }
        }
        for (peer, took) in all.iter().zip(took) {
            if took.is_empty() {
                continue;
            }
            let equal = (peer.name != OURS)
                .then(|| equal_to_ours(&folder, part.name, peer.name))
                .transpose()?;
            lines.push(Line { part: part.name, who: peer.name, took, equal });
            if peer.name == OURS {
                let equal = Some(equal_to_ours(&folder, part.name, KEPT)?);
                let took = std::mem::take(&mut took_kept);
                lines.push(Line { part: part.name, who: KEPT, took, equal });
            }
        }
    }
    table::tell("engine", run.size.code(), &lines, run.json)?;
    if lines.iter().any(|line| line.equal == Some(false)) {
        bail!("the results differ, so the figures say nothing");
    }
    Ok(())
}

/// Whether somebody's values of a part are ours, cell by cell.
fn equal_to_ours(folder: &Path, part: &str, who: &str) -> Result<bool> {
    compare::equal(
        &folder.join(format!("{OURS}-{part}.f64")),
        &folder.join(format!("{who}-{part}.f64")),
    )
}

/// A pack with some of the definitions.
pub(crate) fn pack(range: &std::ops::Range<usize>) -> Result<Pack> {
    let day = date(2026, 1, 1);
    let lines: Vec<&str> = INDICATORS.lines().filter(|line| !line.starts_with('#')).collect();
    let mut indicators = Vec::new();
    for line in lines.get(range.clone()).context("fewer definitions than parts ask for")? {
        let [name, numerator, denominator, scale] =
            <[&str; 4]>::try_from(line.split('\t').collect::<Vec<_>>())
                .map_err(|_| anyhow::anyhow!("not four fields: {line}"))?;
        indicators.push(Indicator {
            id: name.into(),
            version: 1,
            valid_from: day,
            name: Words::new(name, name),
            short: Words::default(),
            definition: Words::default(),
            measure: Measure::Stock,
            unit: String::new(),
            decimals: 0,
            direction: Direction::Up,
            numerator: numerator.to_owned(),
            denominator: (!denominator.is_empty()).then(|| denominator.to_owned()),
            denominator_figure: None,
            scale: scale.parse()?,
            proxy_for: None,
            source: Words::default(),
        });
    }
    let fields = fields().into_iter().map(|(id, kind)| Field {
        id: id.to_owned(),
        section: String::new(),
        field_type: match kind {
            "flag" => FieldType::Flag,
            "money" => FieldType::Money,
            _ => FieldType::Count,
        },
        unit: String::new(),
        label: Words::new(id, id),
        help: Words::default(),
        required: false,
        prefill: None,
    });
    let form = Form {
        id: Form::ANNUAL_RETURN.to_owned(),
        version: 1,
        title: Words::default(),
        note: Words::default(),
        applies_to: Vec::new(),
        sections: Vec::new(),
        fields: fields.collect(),
        checks: Vec::new(),
    };
    Ok(Pack {
        id: "nation".to_owned(),
        document: Document {
            number: String::new(),
            kind: "plan".to_owned(),
            issued: day,
            effective: day,
            issuer: Words::default(),
            signer: String::new(),
            title: Words::default(),
            implements: Vec::new(),
            note: Words::default(),
        },
        setting: Setting {
            unit: "n".to_owned(),
            geography: day,
            year_first: YEARS.0,
            year_last: YEARS.1,
        },
        standing: StandingRule::default(),
        objectives: Vec::new(),
        headings: Vec::new(),
        indicators,
        series: Vec::new(),
        breaks: Vec::new(),
        targets: Vec::new(),
        qualitative: Vec::new(),
        agencies: Vec::new(),
        task_groups: Vec::new(),
        feedback: None,
        ladder: Vec::new(),
        tasks: Vec::new(),
        calendar: Vec::new(),
        forms: vec![form],
        rulesets: Vec::new(),
        figures: Vec::new(),
        certificate_kinds: Vec::new(),
        practices: Vec::new(),
        programmes: Vec::new(),
        support_ceilings: Vec::new(),
        accepted: Vec::new(),
        law: hoptac_model::law::Law::default(),
        cascades: Vec::new(),
    })
}

/// The values of a board by indicator, year and unit, units by identity.
pub(crate) fn values(board: &Board, pack: &Pack, places: &Places) -> Vec<u8> {
    let units = export::units(places);
    let mut bytes = Vec::new();
    for indicator in &pack.indicators {
        for year in board.years() {
            for unit in &units {
                let cell = board.cell(&indicator.id, &unit.id, *year);
                let value = cell.and_then(|cell| cell.value).unwrap_or(f64::NAN);
                bytes.extend(value.to_le_bytes());
            }
        }
    }
    bytes
}

/// Does one part for each line of the input.
pub(crate) fn work(size: SizeName, folder: &Path) -> Result<()> {
    let nation = Nation::new(size.size(), SEED)?;
    let packs = PARTS.map(|part| (part.name, pack(&part.indicators)));
    let question = Question { as_of: date(2026, 11, 26), geography: date(2026, 11, 26) };
    // What the making of the nation took is not part of the work.
    let before = memory("VmRSS:")?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "ready")?;
    out.flush()?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (part, who) =
            line.split_once(' ').map_or((line.as_str(), OURS), |(part, _)| (part, KEPT));
        let (_, pack) = packs.iter().find(|(name, _)| *name == part).context("no such part")?;
        let pack = pack.as_ref().map_err(|error| anyhow::anyhow!("{error:#}"))?;
        let lay_out = || Kept::lay_out(&nation.register, &nation.places, pack, question);
        // Where facts are kept, laying them out is not part of the work.
        let mut kept = (who == KEPT).then(lay_out);
        let (cpu, wall) = (ProcessTime::now(), Instant::now());
        let board = match &mut kept {
            Some(kept) => {
                kept.evaluate();
                kept.board()
            }
            None => lay_out().board(),
        };
        let (cpu, wall) = (cpu.elapsed().as_secs_f64(), wall.elapsed().as_secs_f64());
        let told =
            json!({ "cpu": cpu, "wall": wall, "peak_mb": memory("VmHWM:")?, "held_mb": before });
        fs::write(folder.join(format!("{who}-{part}.f64")), values(&board, pack, &nation.places))?;
        writeln!(out, "{told}")?;
        out.flush()?;
    }
    Ok(())
}
