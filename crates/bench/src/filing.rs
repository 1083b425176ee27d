//! One filing arrives: how long until the board shows it everywhere, and whether it is then what a computation from scratch
//! gives.

use std::io::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use cpu_time::ThreadTime;
use hoptac_engine::board::{Board, Question};
use hoptac_engine::kept::Kept;
use hoptac_model::ids::OrganisationId;
use hoptac_model::member::{MemberClass, MemberKind};
use hoptac_model::organisation::{Organisation, Status};
use hoptac_model::register::{AnnualReturn, Link, Partner, Register, State};
use hoptac_model::roll::RollSpan;
use jiff::civil::{Date, date};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use uuid::Uuid;

use crate::compare::memory;
use crate::definitions::pack;
use crate::nation::Nation;
use crate::table::load;
use crate::{Run, SEED};

/// What is filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Return,
    Status,
    Member,
    Contract,
    Founding,
}

impl What {
    const ALL: [Self; 5] =
        [Self::Return, Self::Status, Self::Member, Self::Contract, Self::Founding];

    fn name(self) -> &'static str {
        match self {
            Self::Return => "a yearly return",
            Self::Status => "suspension or resumption",
            Self::Member => "a member joins or leaves",
            Self::Contract => "a linkage contract",
            Self::Founding => "a new organisation",
        }
    }
}

/// What one filing took, in microseconds.
#[derive(Clone, Copy, Debug)]
struct Took {
    /// Of the processor.
    cpu: f64,
    /// On the clock, which others at work on the machine make longer.
    wall: f64,
    /// Of the processor, before: taking it into a register while pages still read the one that was published last.
    taken_in: f64,
}

fn micros(took: Duration) -> f64 {
    took.as_secs_f64() * 1e6
}

/// What the filings of a kind took: half of them no longer than the first number, all but one in a hundred no longer than
/// the second.
struct Line {
    what: &'static str,
    filings: usize,
    cpu: [f64; 2],
    wall: [f64; 2],
    taken_in: [f64; 2],
}

impl Line {
    fn new(what: What, took: &[Took]) -> Self {
        let of = |number: fn(&Took) -> f64| {
            let mut numbers: Vec<f64> = took.iter().map(number).collect();
            numbers.sort_unstable_by(f64::total_cmp);
            let last = numbers.len().saturating_sub(1);
            [50, 99].map(|part| {
                numbers.get((numbers.len() * part / 100).min(last)).copied().unwrap_or(f64::NAN)
            })
        };
        let (cpu, wall) = (of(|took| took.cpu), of(|took| took.wall));
        let taken_in = of(|took| took.taken_in);
        Self { what: what.name(), filings: took.len(), cpu, wall, taken_in }
    }
}

/// How many filings of each kind there are in a round.
const FILINGS: u32 = 60;

/// The day that is asked, on which everything is filed.
const TODAY: Date = date(2026, 11, 26);

/// Files and measures.
pub(crate) fn run(run: &Run) -> Result<()> {
    let mut nation = Nation::new(run.size.size(), SEED)?;
    let held = memory("VmRSS:")?;
    let pack = pack(&(0..42))?;
    let question = Question { as_of: TODAY, geography: TODAY };
    let mut kept = Kept::lay_out(&nation.register, &nation.places, &pack, question);
    kept.prepare();
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let mut shown = kept.board();
    let mut took: Vec<(What, Vec<Took>)> = What::ALL.map(|what| (what, Vec::new())).into();
    let mut first = None;
    for _ in 0..run.rounds.saturating_mul(FILINGS) {
        for (what, took) in &mut took {
            let published = nation.register.clone();
            let cpu = ThreadTime::now();
            let organisation = file(*what, &mut nation.register, &mut rng)?;
            let taken_in = micros(cpu.elapsed());
            drop(published);
            let (cpu, wall) = (ThreadTime::now(), Instant::now());
            kept.file(&nation.register, &[organisation]);
            // The board before is still shown while the next one is made.
            shown = std::hint::black_box(kept.board());
            let took_now =
                Took { cpu: micros(cpu.elapsed()), wall: micros(wall.elapsed()), taken_in };
            if first.is_some() { took.push(took_now) } else { first = Some(took_now.cpu) }
        }
    }
    let anew = Board::compute(&nation.register, &nation.places, &pack, question);
    let differ: Vec<&str> = pack
        .indicators
        .iter()
        .filter(|indicator| {
            let units =
                anew.unit_ids().flat_map(|unit| anew.years().iter().map(move |y| (unit, y)));
            let mut cells = units.map(|(unit, year)| {
                let cell = |board: &Board| board.cell(&indicator.id, unit, *year);
                cell(&shown) != cell(&anew)
            });
            cells.any(|differs| differs)
        })
        .map(|indicator| indicator.id.as_str())
        .collect();
    let equal = differ.is_empty();
    let mut out = std::io::stdout().lock();
    let lines: Vec<Line> = took.iter().map(|(what, took)| Line::new(*what, took)).collect();
    let (peak, first) = (memory("VmHWM:")?, first.unwrap_or(f64::NAN));
    if run.json {
        let rows: Vec<_> = lines
            .iter()
            .map(|line| {
                json!({
                    "what": line.what, "filings": line.filings, "cpu_p50_us": line.cpu[0],
                    "cpu_p99_us": line.cpu[1], "wall_p50_us": line.wall[0], "wall_p99_us": line.wall[1],
                    "taken_in_cpu_p50_us": line.taken_in[0], "taken_in_cpu_p99_us": line.taken_in[1],
                })
            })
            .collect();
        let told = json!({
            "bench": "filing", "size": run.size.code(), "equal": equal, "load": load(),
            "first_us": first, "held_mb": held, "peak_mb": peak, "results": rows,
        });
        writeln!(out, "{}", serde_json::to_string_pretty(&told)?)?;
    } else {
        writeln!(
            out,
            "filing, size {}, load average {:.1}; microseconds",
            run.size.code(),
            load()
        )?;
        writeln!(
            out,
            "{:<26} {:>8} {:>9} {:>9} {:>9} {:>9} {:>12} {:>12}",
            "what",
            "filings",
            "CPU p50",
            "CPU p99",
            "wall p50",
            "wall p99",
            "taken in p50",
            "taken in p99"
        )?;
        for Line { what, filings, cpu, wall, taken_in } in &lines {
            writeln!(
                out,
                "{what:<26} {filings:>8} {:>9.0} {:>9.0} {:>9.0} {:>9.0} {:>12.0} {:>12.0}",
                cpu[0], cpu[1], wall[0], wall[1], taken_in[0], taken_in[1]
            )?;
        }
        writeln!(
            out,
            "the first filing of all took {first:.0}; peak memory {peak:.0} MB, of which the register {held:.0}"
        )?;
        let word = if equal { "yes" } else { "NO" };
        writeln!(out, "equal to a computation from scratch in every cell: {word}")?;
    }
    if !equal {
        bail!("{} differ, so the figures say nothing", differ.join(", "));
    }
    Ok(())
}

/// Files something about an organisation that is drawn, and keeps the register in its order.
fn file(what: What, register: &mut Register, rng: &mut ChaCha8Rng) -> Result<u32> {
    let count = u32::try_from(register.organisations.len())?;
    let organisation = rng.random_range(0..count);
    register.position += 1;
    let position = register.position;
    match what {
        What::Return => {
            // It says what another one says.
            let row = rng.random_range(0..register.returns.len());
            let said: Vec<(String, i64)> = register
                .return_columns
                .iter()
                .filter_map(|column| Some((column.name.clone(), column.values.get(row)?)))
                .collect();
            let filed = AnnualReturn { organisation, year: 2025, on: TODAY, late: true, row: 0 };
            let said = said.iter().map(|(name, value)| (name.as_str(), *value));
            register.file_return(filed, said);
            register.returns.change(organisation, |own| own.sort_by_key(|one| (one.year, one.on)));
        }
        What::Status => {
            let last = register.states.of(organisation).last();
            let mut state: State = last.context("everybody has a state")?.clone();
            state.from = state.from.max(date(2025, 3, 1));
            state.position = position;
            let operates = state.status == Status::Operating;
            state.status = if operates { Status::Suspended } else { Status::Operating };
            register.states.push(state);
        }
        What::Member => {
            let mut roll: Vec<RollSpan> = register.roll_spans.of(organisation).iter().collect();
            if let Some(span) = roll.last_mut().filter(|span| span.until.is_none()) {
                span.until = Some(TODAY.max(span.from));
            } else {
                roll.push(RollSpan {
                    organisation,
                    person: rng.random_range(0..1_000_000),
                    kind: MemberKind::Person,
                    class: MemberClass::Official,
                    capital: 1_000_000,
                    from: TODAY,
                    until: None,
                });
            }
            register.roll_spans.put(organisation, roll);
        }
        What::Contract => {
            let partner = Partner::enterprise(format!("b{}", rng.random_range(0..20_000))).into();
            let link =
                Link { organisation, partner, from: date(2025, 1, 1), to: None, ..Link::default() };
            register.links.push(link);
        }
        What::Founding => {
            let like = register.states.of(organisation).last();
            let mut state = like.context("no state at all")?.clone();
            let id = OrganisationId(Uuid::from_u128(u128::MAX / 2 + u128::from(count)));
            let code = None;
            let name = format!("new {count}");
            let founded_on = date(2025, 6, 1);
            register.organisations.push(Organisation {
                id,
                code,
                name,
                founded_on,
                synthetic: true,
            });
            (state.organisation, state.from, state.position) = (count, founded_on, position);
            state.status = Status::Operating;
            register.states.push(state);
            return Ok(count);
        }
    }
    Ok(organisation)
}
