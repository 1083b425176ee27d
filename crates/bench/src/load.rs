//! Two hundred people at work: signed in, reading pages and filing, all at once, on a served demo.
//!
//! Everybody does what a browser does: signs in by the form, reads the pages of a working day with pauses between, opens a
//! form, sends it with its token, version and key. Half of what is filed are remarks, which change no figure; the other half
//! are suspensions, resumptions and changed numbers of members, after which figures are other ones. Counted is what was answered, and in the end every filing that was said to
//! be accepted is held against the ledger.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use ureq::Agent;

use crate::SEED;
use crate::table;

/// The demo's accounts; who may file about organisations, and where.
const ACCOUNTS: [(&str, bool); 8] = [
    ("quan-tri", true),
    ("huyen-binh-gia", true),
    ("xa-binh-gia", true),
    ("so-nnmt", false),
    ("so-tai-chinh", false),
    ("lanh-dao", false),
    ("thanh-tra", false),
    ("hop-tac-xa", false),
];

/// What everybody reads.
const PAGES: [&str; 12] = [
    "/",
    "/bang-chi-tieu",
    "/bang-chi-tieu?as_of=2025-12-31",
    "/chi-tieu/T30-01",
    "/?unit=06001",
    "/ban-do",
    "/ke-hoach",
    "/nhiem-vu",
    "/ai-can-lam",
    "/dang-ky?q=nong+nghiep&kind=HTX",
    "/dang-ky?status=operating",
    "/tim?q=binh+gia",
];

/// Who has no business with a page.
const NOT_FOR: (&str, &str) = ("hop-tac-xa", "/nhiem-vu");

/// What a form says where somebody else filed about the same organisation since it was opened.
const OVERTAKEN: &str = "đã thay đổi kể từ khi mở biểu mẫu";

/// What a form says where nothing of the kind can be filed any more.
const HINDERED: &str = "Chưa nộp được hồ sơ này";

/// One step in how many is a filing, for those who may.
const FILES_ONE_IN: u32 = 6;

/// How the load is put on.
#[derive(Debug, clap::Args)]
pub(crate) struct Load {
    /// The program that serves.
    #[arg(long, default_value = "target/release/hoptac")]
    program: PathBuf,
    /// How many people.
    #[arg(long, default_value_t = 200)]
    users: u32,
    /// For how long, in seconds.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// How long people stop between two pages in the mean, in milliseconds.
    #[arg(long, default_value_t = 2000)]
    pause: u64,
    /// Where the demo is.
    #[arg(long, default_value = "target/bench/load")]
    folder: PathBuf,
    /// Prints JSON instead of a table.
    #[arg(long)]
    json: bool,
}

/// What one person saw.
#[derive(Debug, Default)]
struct Seen {
    /// How long each kind of request took, in seconds.
    took: BTreeMap<&'static str, Vec<f64>>,
    /// How many filings were said to be accepted.
    accepted: u64,
    /// How many filings were given no answer: they may be in the ledger or not.
    unanswered: u64,
    /// How often somebody else had filed about the same organisation meanwhile, which a form tells and asks to look again.
    overtaken: u64,
    /// What was not answered as it should be: what was asked, and how it was answered.
    wrong: Vec<String>,
}

impl Seen {
    fn add(&mut self, other: Self) {
        for (kind, took) in other.took {
            self.took.entry(kind).or_default().extend(took);
        }
        self.accepted += other.accepted;
        self.unanswered += other.unanswered;
        self.overtaken += other.overtaken;
        self.wrong.extend(other.wrong);
    }
}

/// Serves the demo, lets everybody work, and tells how they fared.
pub(crate) fn run(load: &Load) -> Result<()> {
    std::fs::create_dir_all(&load.folder)?;
    let filled = program(load).args(["demo", "--no-serve"]).stdout(Stdio::null()).status()?;
    if !filled.success() {
        bail!("the demo could not be filled");
    }
    let before = proved(load)?;
    let (mut server, address) = serve(load)?;
    let (cpu_before, began) = (cpu_seconds(server.id())?, Instant::now());
    let until = began + Duration::from_secs(load.seconds);
    let mut seen = Seen::default();
    std::thread::scope(|scope| {
        let people: Vec<_> = (0..load.users)
            .map(|number| {
                let address = &address;
                scope.spawn(move || Person::new(address, number, load.pause).work(until))
            })
            .collect();
        for person in people {
            match person.join() {
                Ok(one) => seen.add(one),
                Err(_) => seen.wrong.push("somebody panicked".to_owned()),
            }
        }
    });
    let (took, cpu) = (began.elapsed().as_secs_f64(), cpu_seconds(server.id())? - cpu_before);
    let peak = peak_mb(server.id())?;
    server.kill()?;
    server.wait()?;
    // Killed as it was, everything that it had said yes to is there.
    let filed = proved(load)? - before;
    tell(load, &mut seen, (took, cpu, peak), filed)?;
    if !(seen.accepted..=seen.accepted + seen.unanswered).contains(&filed) {
        bail!("{} filings were accepted and {filed} are in the ledger", seen.accepted);
    }
    if !seen.wrong.is_empty() {
        let mut alike: BTreeMap<&str, usize> = BTreeMap::new();
        for one in &seen.wrong {
            *alike.entry(one).or_default() += 1;
        }
        let mut told = String::new();
        for (one, count) in alike {
            write!(told, "\n{count:>6} {one}")?;
        }
        bail!("{} requests were answered wrongly:{told}", seen.wrong.len());
    }
    Ok(())
}

fn program(load: &Load) -> Command {
    let mut command = Command::new(&load.program);
    command.env("HOPTAC_DIR", &load.folder);
    command
}

/// How many filings the ledger has, once it was proved whole.
fn proved(load: &Load) -> Result<u64> {
    let told = program(load).args(["verify", "--json"]).output()?;
    let told: Value = serde_json::from_slice(&told.stdout)?;
    if told.get("whole") != Some(&Value::Bool(true)) {
        bail!("the ledger is not whole: {told}");
    }
    told.get("filings").and_then(Value::as_u64).context("no number of filings is told")
}

fn serve(load: &Load) -> Result<(Child, String)> {
    let mut demo = program(load);
    demo.args(["demo", "--port", "0"]);
    started(&mut demo)
}

/// Starts a server that says where it listens, and hears where.
pub(crate) fn started(command: &mut Command) -> Result<(Child, String)> {
    let mut server = command.stdout(Stdio::piped()).spawn()?;
    let stdout = server.stdout.take().context("the server says nothing")?;
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next() {
        let line = line?;
        if let Some((_, address)) = line.split_once("http://") {
            let host = address.split_whitespace().next().unwrap_or("").to_owned();
            std::thread::spawn(move || lines.for_each(drop));
            return Ok((server, format!("http://{host}")));
        }
    }
    Err(anyhow!("the server did not start"))
}

/// Somebody with a browser.
struct Person<'a> {
    address: &'a str,
    agent: Agent,
    account: &'static str,
    may_file: bool,
    pause: u64,
    chance: ChaCha8Rng,
    cookie: String,
    seen: Seen,
}

impl<'a> Person<'a> {
    fn new(address: &'a str, number: u32, pause: u64) -> Self {
        let config = Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .proxy(None)
            .timeout_global(Some(Duration::from_mins(1)));
        let which = usize::try_from(number).unwrap_or(0) % ACCOUNTS.len();
        let (account, may_file) = ACCOUNTS.get(which).copied().unwrap_or(("quan-tri", true));
        let chance = ChaCha8Rng::seed_from_u64(SEED + u64::from(number));
        let (agent, cookie) = (config.build().new_agent(), String::new());
        Self { address, agent, account, may_file, pause, chance, cookie, seen: Seen::default() }
    }

    /// Works until a moment. What somebody saw counts also where they were given no answer in the end.
    fn work(mut self, until: Instant) -> Seen {
        if let Err(error) = self.day(until) {
            self.seen.wrong.push(format!("{}: {error:#}", self.account));
        }
        self.seen
    }

    fn day(&mut self, until: Instant) -> Result<()> {
        // Not all at the same moment.
        self.stop();
        self.sign_in()?;
        let organisations = self.organisations()?;
        while Instant::now() < until {
            self.stop();
            let may_file = self.may_file && !organisations.is_empty();
            if may_file && self.chance.random_ratio(1, FILES_ONE_IN) {
                let at = self.chance.random_range(0..organisations.len());
                if let Some(place) = organisations.get(at) {
                    self.file(place)?;
                }
            } else if !organisations.is_empty() && self.chance.random_ratio(1, 4) {
                let at = self.chance.random_range(0..organisations.len());
                if let Some(place) = organisations.get(at) {
                    self.read("organisation", place)?;
                }
            } else if let Some(page) = PAGES.get(self.chance.random_range(0..PAGES.len()))
                && (self.account, *page) != NOT_FOR
            {
                self.read(page, page)?;
            }
        }
        Ok(())
    }

    /// Stops to read, between nothing and twice the pause.
    fn stop(&mut self) {
        let pause = self.chance.random_range(0..=2 * self.pause);
        std::thread::sleep(Duration::from_millis(pause));
    }

    fn sign_in(&mut self) -> Result<()> {
        let door = self.ask("sign in", "/dang-nhap", None)?;
        self.cookie = door.cookie.context("there is no cookie at the door")?;
        let token = field(&door.text, "ma_bieu_mau").context("there is no token at the door")?;
        let form = format!("ma_bieu_mau={token}&ve=%2F&ten={}", self.account);
        let inside = self.ask("sign in", "/dang-nhap/mo-phong", Some(&form))?;
        self.cookie = inside.cookie.with_context(|| format!("not let in: {}", inside.status))?;
        Ok(())
    }

    /// The organisations on the first pages of the register that the account sees.
    fn organisations(&mut self) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for address in ["/dang-ky?kind=HTX&status=operating", "/dang-ky?kind=THT&status=operating"]
        {
            let page = self.read("page", address)?;
            let places = page.split("href=\"/to-chuc/").skip(1);
            let ids = places.filter_map(|rest| rest.get(..36)).filter(|id| !id.contains('"'));
            found.extend(ids.map(|id| format!("/to-chuc/{id}")));
        }
        found.dedup();
        Ok(found)
    }

    fn read(&mut self, kind: &'static str, address: &str) -> Result<String> {
        let answer = self.ask(kind, address, None)?;
        if answer.status != 200 {
            self.seen
                .wrong
                .push(format!("{} asked for {address}: {}", self.account, answer.status));
        }
        Ok(answer.text)
    }

    /// Opens a form about an organisation and files it, once more where warnings are to be seen first.
    fn file(&mut self, place: &str) -> Result<()> {
        let members = self.chance.random_range(8..60);
        let (kind, forms) = match self.chance.random_range(0..4) {
            0 | 1 => ("remark", vec![("ghi-chu", "&filing=&text=ghi+chu+cua+phep+do".to_owned())]),
            2 => ("members", vec![("thay-doi", format!("&members={members}"))]),
            _ => {
                let reason = "&reason=phep+do".to_owned();
                ("standing", vec![("tam-ngung", reason.clone()), ("hoat-dong-lai", reason)])
            }
        };
        // An organisation that is suspended already can be resumed.
        for (form, typed) in forms {
            let address = format!("{place}/nop/{form}");
            let page = self.ask("form", &address, None)?;
            // What lies outside the scope has no form.
            if page.status == 404 {
                return Ok(());
            }
            if let Some(hidden) = Hidden::of(&page.text) {
                return self.send(kind, &address, &typed, hidden);
            }
        }
        Ok(())
    }

    fn send(
        &mut self,
        kind: &'static str,
        address: &str,
        typed: &str,
        mut hidden: Hidden,
    ) -> Result<()> {
        for _ in 0..2 {
            self.stop();
            let asked = self.ask(kind, address, Some(&format!("viec=nop{typed}{}", hidden.form())));
            if asked.is_err() {
                self.seen.unanswered += 1;
            }
            let answer = asked?;
            let again = Hidden::of(&answer.text).filter(|again| again.seen != hidden.seen);
            match (answer.status, again) {
                (303, _) => {
                    self.seen.accepted += 1;
                    return Ok(());
                }
                (422, _) if answer.text.contains(OVERTAKEN) => {
                    self.seen.overtaken += 1;
                    return Ok(());
                }
                (422, Some(again)) => hidden = again,
                // Who has suspended an organisation meanwhile has taken the form away.
                (422, None) if answer.text.contains(HINDERED) => {
                    self.seen.overtaken += 1;
                    return Ok(());
                }
                (status, _) => {
                    self.seen.wrong.push(format!("{} filed {kind}: {status}", self.account));
                    return Ok(());
                }
            }
        }
        self.seen.wrong.push(format!("{} filed {kind}: warned twice", self.account));
        Ok(())
    }

    fn ask(&mut self, kind: &'static str, address: &str, form: Option<&str>) -> Result<Answer> {
        let address = format!("{}{address}", self.address);
        let began = Instant::now();
        let answered = match form {
            None => self.agent.get(address).header("cookie", &self.cookie).call(),
            Some(form) => self
                .agent
                .post(address)
                .header("cookie", &self.cookie)
                .header("content-type", "application/x-www-form-urlencoded")
                .send(form),
        };
        let mut answered = answered?;
        let cookie = answered.headers().get("set-cookie").and_then(|value| value.to_str().ok());
        let cookie = cookie.and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
        let status = answered.status().as_u16();
        let text = answered.body_mut().read_to_string()?;
        self.seen.took.entry(kind).or_default().push(began.elapsed().as_secs_f64());
        Ok(Answer { status, cookie, text })
    }
}

struct Answer {
    status: u16,
    cookie: Option<String>,
    text: String,
}

/// What a form carries that nobody types.
struct Hidden {
    token: String,
    version: String,
    key: String,
    day: String,
    /// The warnings that were seen.
    seen: String,
}

impl Hidden {
    /// Those of a page; none where it has no form because nothing of the kind can be filed now.
    fn of(page: &str) -> Option<Self> {
        let value = |name| field(page, name).map(str::to_owned);
        Some(Self {
            version: value("phien_ban")?,
            token: value("ma_bieu_mau")?,
            key: value("khoa")?,
            day: value("effective_on")?,
            seen: value("da_xem")?,
        })
    }

    fn form(&self) -> String {
        let Self { token, version, key, day, seen } = self;
        let seen = seen.replace(' ', "+");
        format!(
            "&ma_bieu_mau={token}&phien_ban={version}&khoa={key}&effective_on={day}&da_xem={seen}"
        )
    }
}

/// The value of a field of the last form of a page: forms before it are the frame's.
fn field<'t>(page: &'t str, name: &str) -> Option<&'t str> {
    let (_, from) = page.rsplit_once(&format!("name=\"{name}\" value=\""))?;
    from.split('"').next()
}

/// What a process has used of all cores so far.
pub(crate) fn cpu_seconds(process: u32) -> Result<f64> {
    /// What Linux counts in, whatever the machine.
    const TICKS: f64 = 100.0;
    let text = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, after) = text.rsplit_once(')').context("no such process")?;
    let ticks = |at: usize| after.split_whitespace().nth(at).and_then(|n| n.parse::<f64>().ok());
    let (own, for_it) = ticks(11).zip(ticks(12)).context("no figures of the process")?;
    Ok((own + for_it) / TICKS)
}

/// The most memory that a process had, in megabytes.
pub(crate) fn peak_mb(process: u32) -> Result<f64> {
    let text =
        std::fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    Ok(kb.context("no figure of the memory")? / 1024.0)
}

/// Prints how everybody fared.
fn tell(
    load: &Load,
    seen: &mut Seen,
    (took, cpu, peak): (f64, f64, f64),
    filed: u64,
) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let asked: usize = seen.took.values().map(Vec::len).sum();
    let mut rows = Vec::new();
    for (kind, took) in &mut seen.took {
        took.sort_unstable_by(f64::total_cmp);
        let at = |part: usize| took.get((took.len() - 1) * part / 100).copied().unwrap_or(f64::NAN);
        rows.push((*kind, took.len(), [at(50) * 1e3, at(95) * 1e3, at(99) * 1e3]));
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "there are far fewer requests than a float tells apart"
    )]
    let per_cpu = asked as f64 / cpu;
    if load.json {
        let rows: Vec<_> = rows
            .iter()
            .map(|(kind, count, [half, most, nearly])| {
                json!({ "kind": kind, "count": count, "p50_ms": half, "p95_ms": most, "p99_ms": nearly })
            })
            .collect();
        let told = json!({
            "bench": "load", "users": load.users, "wall_s": took, "cpu_s": cpu, "peak_mb": peak,
            "requests": asked, "requests_per_cpu_s": per_cpu, "accepted": seen.accepted,
            "in_the_ledger": filed, "equal": (seen.accepted..=seen.accepted + seen.unanswered).contains(&filed), "overtaken": seen.overtaken,
            "wrong": seen.wrong.len(), "load": table::load(), "results": rows,
        });
        writeln!(out, "{}", serde_json::to_string_pretty(&told)?)?;
        return Ok(());
    }
    writeln!(
        out,
        "load, {} people for {took:.0} s, load average {:.1}\n{asked} requests, {per_cpu:.0} for each CPU-second of the server; {:.0} CPU-s, {peak:.0} MB",
        load.users,
        table::load(),
        cpu
    )?;
    writeln!(out, "{:<30} {:>7} {:>9} {:>9} {:>9}", "kind", "count", "p50 ms", "p95 ms", "p99 ms")?;
    for (kind, count, [half, most, nearly]) in rows {
        writeln!(out, "{kind:<30} {count:>7} {half:>9.0} {most:>9.0} {nearly:>9.0}")?;
    }
    writeln!(
        out,
        "{} filings accepted, {filed} in the ledger; {} told that somebody else had filed meanwhile; {} answered wrongly",
        seen.accepted,
        seen.overtaken,
        seen.wrong.len()
    )?;
    Ok(())
}
