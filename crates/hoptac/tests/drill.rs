//! The fault drill: the real program is killed (SIGKILL) at random moments of filing, importing, issuing, migrating and
//! restoring. After each kill the database is opened again, proved and folded anew, and held against what had been
//! acknowledged: nothing acknowledged is lost, nothing half done is visible, and what is handed in again is there once.
//!
//! `cargo xtask drill [--kills N]` runs it as often as asked for; the normal suite takes a few.
#![expect(clippy::unwrap_used, reason = "a drill that cannot go on should stop right there")]
#![expect(clippy::print_stdout, reason = "the drill ends with its summary")]
#![expect(clippy::indexing_slicing, reason = "there is a place for each act")]

use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use hoptac_model::filing::Filing;
use hoptac_store::{Location, OpenMode, Store};
use hoptac_testkit::database::{TestDatabase, on_postgres, runtime};
use serde_json::{Value, json};

/// Rows of a spreadsheet that is imported.
const ROWS: usize = 25;

/// After so many kills it goes on with a database of its own: all of it is proved after each, which takes the longer the
/// more there is.
const ROUND: u32 = 100;

#[test]
fn killed_at_any_moment_on_sqlite() {
    in_rounds(kills("HOPTAC_KILLS", 10), |sum| {
        let database = TestDatabase::sqlite();
        runtime().block_on(drill(&database, sum));
    });
}

#[test]
fn killed_at_any_moment_on_postgres() {
    in_rounds(kills("HOPTAC_KILLS_POSTGRES", 3), |sum| {
        on_postgres(async |database| drill(database, sum).await);
    });
}

/// Drills until there were enough kills, and says what came of them.
fn in_rounds(kills: u32, mut round: impl FnMut(&mut Sum)) {
    let mut sum = Sum::default();
    while sum.kills < kills {
        sum.enough = kills.min(sum.kills + ROUND);
        round(&mut sum);
        println!("{sum}");
    }
    assert_eq!((sum.lost, sum.doubled), (0, 0));
}

#[expect(clippy::disallowed_methods, reason = "how long a drill is, is for whoever starts it")]
fn kills(name: &str, usual: u32) -> u32 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// What is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    File,
    Import,
    Issue,
    Migrate,
    Restore,
}

const ACTS: [Act; 5] = [Act::File, Act::Import, Act::Issue, Act::Migrate, Act::Restore];

/// The same numbers every time; how far the program has come by then is chance enough.
struct Dice(u64);

impl Dice {
    fn part(&mut self) -> f64 {
        // The constants are Knuth's.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 33).unwrap()) / f64::from(1_u32 << 31)
    }
}

#[derive(Debug, Default)]
struct Sum {
    /// With how many kills a round ends.
    enough: u32,
    kills: u32,
    restarts: u32,
    acknowledged: u64,
    /// Commands whose effect was there although nobody had been told.
    unheard: u32,
    /// Commands of which nothing was there.
    undone: u32,
    lost: u64,
    doubled: u64,
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { enough: _, kills, restarts, acknowledged, unheard, undone, lost, doubled } =
            self;
        write!(
            f,
            "{kills} kills, {restarts} restarts, {acknowledged} filings acknowledged, {unheard} done but not told, {undone} not done; \
             lost: {lost}, doubled: {doubled}"
        )
    }
}

struct Drill<'d> {
    database: &'d TestDatabase,
    /// Where keys, spreadsheets and databases to be migrated lie.
    folder: tempfile::TempDir,
    dice: Dice,
    sum: &'d mut Sum,
    /// How many filings there are once everything that was handed in is there once.
    filings: u64,
    /// The last filing that was seen, which may never be another one.
    seen: Option<Filing>,
    /// How long each act takes when nobody kills it.
    usual: [Duration; 5],
    number: u32,
}

async fn drill(database: &TestDatabase, sum: &mut Sum) {
    let mut drill = Drill {
        database,
        folder: tempfile::tempdir().unwrap(),
        dice: Dice(115 + u64::from(sum.kills)),
        sum,
        filings: 0,
        seen: None,
        usual: [Duration::ZERO; 5],
        number: 0,
    };
    drill.begin().await;
    while drill.sum.kills < drill.sum.enough {
        let act = ACTS[usize::try_from(drill.number).unwrap() % ACTS.len()];
        drill.once(act).await;
    }
}

impl Drill<'_> {
    /// A plan, its places, and a first organisation.
    async fn begin(&mut self) {
        let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/lang-son-2023");
        let adopted = self.program(&["plan", "adopt", pack.to_str().unwrap()]).output().unwrap();
        assert!(adopted.status.success(), "{}", said(&adopted));
        self.filings = 2;
        // Everything once without being killed: how long it takes.
        for (index, act) in ACTS.into_iter().enumerate() {
            let begun = Instant::now();
            let mut command = self.prepare(act).await;
            let output = command.output().unwrap();
            assert!(output.status.success(), "{act:?}: {}", said(&output));
            self.usual[index] = begun.elapsed();
            self.filings += filings_of(act);
            self.sum.acknowledged += filings_of(act);
        }
        self.hold().await;
    }

    /// Does something, kills it somewhere on its way, and sees what is there.
    async fn once(&mut self, act: Act) {
        let mut command = self.prepare(act).await;
        let index = ACTS.iter().position(|other| *other == act).unwrap();
        let wait = self.usual[index].mul_f64(self.dice.part() * 0.95);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(wait);
        let _ = child.kill();
        let output = child.wait_with_output().unwrap();
        let was_killed = output.status.code().is_none();
        assert!(was_killed || output.status.success(), "{act:?}: {}", said(&output));
        self.sum.kills += u32::from(was_killed);
        self.sum.restarts += 1;
        match act {
            Act::File | Act::Import | Act::Issue => self.filed(act, !was_killed).await,
            Act::Migrate => self.migrated().await,
            Act::Restore => self.restored(was_killed).await,
        }
        self.hold().await;
    }

    /// Whether what was filed is there whole or not at all; what is not there is handed in again.
    async fn filed(&mut self, act: Act, is_acknowledged: bool) {
        let store = self.store().await;
        let (position, _) = store.head().await.unwrap();
        let there = position.saturating_sub(self.filings);
        assert!(
            there == 0 || there == filings_of(act),
            "{act:?} left {there} of {} filings behind",
            filings_of(act)
        );
        if is_acknowledged {
            self.sum.acknowledged += filings_of(act);
            self.sum.lost += filings_of(act) - there;
        } else if there > 0 {
            self.sum.unheard += 1;
        } else {
            self.sum.undone += 1;
        }
        store.close().await;
        self.filings += filings_of(act);
        // An edition that is there is not issued again; all else is handed in again as it was, whatever became of it.
        if act != Act::Issue || there == 0 {
            let output = self.again(act).output().unwrap();
            assert!(output.status.success(), "{act:?} again: {}", said(&output));
        }
    }

    /// A database whose migration was killed is brought to the end by the next who opens it.
    async fn migrated(&self) {
        let old = Store::open(&Location::Sqlite(self.old()), OpenMode::Existing).await.unwrap();
        proved(&old).await;
        assert_eq!(old.position().await.unwrap(), 2, "nothing of the old ledger is gone");
        assert!(old.places().await.unwrap().all().next().is_some(), "and it was folded");
        old.close().await;
    }

    /// A restore that was killed left nothing, or everything; the next one finds the place empty.
    async fn restored(&self, was_killed: bool) {
        let file = self.target().join("hoptac.sqlite");
        let (position, head) = self.store().await.head().await.unwrap();
        let there = match Store::open(&Location::Sqlite(file.clone()), OpenMode::Existing).await {
            Ok(store) => {
                let there = store.position().await.unwrap();
                proved(&store).await;
                store.close().await;
                there
            }
            Err(_) => 0,
        };
        assert!(there == 0 || there == position, "{there} of {position} filings were restored");
        assert!(was_killed || there == position);
        if there == 0 {
            let output = self.again(Act::Restore).output().unwrap();
            assert!(output.status.success(), "{}", said(&output));
        }
        let store = Store::open(&Location::Sqlite(file), OpenMode::Existing).await.unwrap();
        assert_eq!(store.head().await.unwrap(), (position, head));
        store.close().await;
    }

    /// The ledger proves itself, a rebuild changes nothing, everything is there once, and what was seen is as it was.
    async fn hold(&mut self) {
        let store = self.store().await;
        proved(&store).await;
        let position = store.position().await.unwrap();
        self.sum.lost += self.filings.saturating_sub(position);
        self.sum.doubled += position.saturating_sub(self.filings);
        if let Some(seen) = &self.seen {
            assert_eq!(store.find_filing(seen.position).await.unwrap().as_ref(), Some(seen));
        }
        self.seen = store.find_filing(position).await.unwrap();
        store.close().await;
    }

    async fn store(&self) -> Store {
        Store::open(self.database.location(), OpenMode::Existing).await.unwrap()
    }

    /// The program on the drill's database.
    fn program(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hoptac"));
        for name in ["HOPTAC_DIR", "HOPTAC_DATABASE", "HOPTAC_KEY_FILE", "HOPTAC_CONFIG"] {
            command.env_remove(name);
        }
        command.args(words).stdin(Stdio::null());
        match self.database.location() {
            Location::Sqlite(file) => command.arg("--dir").arg(file.parent().unwrap()),
            Location::Postgres(url) => {
                command.args(["--database", url]).arg("--dir").arg(self.folder.path())
            }
        };
        command
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn old(&self) -> PathBuf {
        self.path(&format!("old-{}", self.number)).join("hoptac.sqlite")
    }

    fn target(&self) -> PathBuf {
        self.path(&format!("restored-{}", self.number))
    }

    /// Gets ready what an act works on, and gives the command.
    async fn prepare(&mut self, act: Act) -> Command {
        self.number += 1;
        let number = self.number;
        match act {
            Act::File => {
                let document = json!({
                    "kind": "organisation.establish", "effective_on": "2024-03-01",
                    "key": format!("drill/{number}"),
                    "subject": format!("organisation/01890000-0000-7000-8000-{number:012x}"),
                    "body": {
                        "kind": "THT", "name": format!("Tổ hợp tác Diễn tập {number}"),
                        "seat": "05971", "vsic": "A", "members": 7, "difficult_area": true,
                    },
                });
                std::fs::write(self.path("filing.json"), document.to_string()).unwrap();
            }
            Act::Import => {
                let mut text =
                    "Loại hình,Tên,Địa bàn,Ngày thành lập,Ngành chính,Số thành viên,Vùng khó khăn\n".to_owned();
                for row in 0..ROWS {
                    writeln!(
                        text,
                        "THT,Tổ hợp tác Nhập {number} hàng {row},05971,01/03/2024,A,{},x",
                        row + 3
                    )
                    .unwrap();
                }
                std::fs::write(self.path("list.csv"), text).unwrap();
            }
            Act::Issue => {}
            Act::Migrate => old_database(&self.old(), &self.store().await).await,
            Act::Restore => {
                let backup = self.path("backup.zst");
                let words = ["backup", "--force", "--out", backup.to_str().unwrap()];
                let made = self.program(&words).output().unwrap();
                assert!(made.status.success(), "{}", said(&made));
            }
        }
        self.again(act)
    }

    /// The command of an act on what is ready.
    fn again(&self, act: Act) -> Command {
        let path = |name: &str| self.path(name).to_str().unwrap().to_owned();
        match act {
            Act::File => self.program(&["filing", "accept", &path("filing.json"), "--json"]),
            Act::Import => self.program(&[
                "import",
                &path("list.csv"),
                "--form",
                "organisations",
                "--accept",
                "all",
                "--effective-on",
                "2024-03-01",
                "--json",
            ]),
            Act::Issue => self.program(&[
                "edition",
                "issue",
                "brief",
                "--period",
                "2024",
                "--as-of",
                "2024-12-31",
                "--number",
                &format!("{}/BC-UBND", self.number),
                "--day",
                "2025-01-15",
                "--signer",
                "Nguyễn Văn Mẫu",
                "--json",
            ]),
            Act::Migrate => {
                let mut command = Command::new(env!("CARGO_BIN_EXE_hoptac"));
                command.args(["verify", "--dir"]).arg(self.old().parent().unwrap());
                command
            }
            Act::Restore => {
                let mut command = Command::new(env!("CARGO_BIN_EXE_hoptac"));
                command.arg("restore").arg(self.path("backup.zst")).arg("--dir").arg(self.target());
                command
            }
        }
    }
}

/// How many filings an act makes.
fn filings_of(act: Act) -> u64 {
    match act {
        Act::File | Act::Issue => 1,
        // One for each row, and the one that closes the batch.
        Act::Import => ROWS as u64 + 1,
        Act::Migrate | Act::Restore => 0,
    }
}

async fn proved(store: &Store) {
    assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
    let rebuilt = store.rebuild(&mut |_| ()).await.unwrap();
    let changed: Vec<_> = rebuilt.tables.iter().filter(|table| table.changed > 0).collect();
    assert!(changed.is_empty(), "{changed:?}");
}

/// A database of the third schema that holds the first two filings of another one.
async fn old_database(file: &Path, store: &Store) {
    use sqlx::Connection as _;
    std::fs::create_dir(file.parent().unwrap()).unwrap();
    sqlx::any::install_default_drivers();
    let url = format!("sqlite://{}?mode=rwc", file.display());
    let mut connection = sqlx::AnyConnection::connect(&url).await.unwrap();
    let schema = [
        "CREATE TABLE schema_version (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)",
        include_str!("../../store/migrations/0001_ledger.sql"),
        include_str!("../../store/migrations/0002_guard.sqlite.sql"),
        include_str!("../../store/migrations/0003_projections.sql"),
        "INSERT INTO schema_version (version, name) VALUES (1, 'ledger'), (2, 'guard'), (3, 'projections')",
    ];
    for sql in schema {
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    }
    for filing in store.filings(0, 2).await.unwrap() {
        let sql = "INSERT INTO ledger (position, id, recorded_at, effective_on, actor, kind, subject, \
                   subject_version, schema, origin, key, body, previous, hash) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
        sqlx::query(sql)
            .bind(i64::try_from(filing.position).unwrap())
            .bind(filing.id.to_string())
            .bind(filing.recorded_at.to_string())
            .bind(filing.effective_on.to_string())
            .bind(&filing.actor)
            .bind(filing.kind.code())
            .bind(&filing.subject.0)
            .bind(i64::from(filing.subject_version))
            .bind(i64::from(filing.schema))
            .bind(filing.origin.code())
            .bind(filing.key.clone())
            .bind(&filing.body)
            .bind(filing.previous.to_string())
            .bind(filing.hash.to_string())
            .execute(&mut connection)
            .await
            .unwrap();
        sqlx::query("UPDATE head SET position = $1, hash = $2")
            .bind(i64::try_from(filing.position).unwrap())
            .bind(filing.hash.to_string())
            .execute(&mut connection)
            .await
            .unwrap();
    }
    connection.close().await.unwrap();
    store.close().await;
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let json: Option<Value> = serde_json::from_slice(&output.stdout).ok();
    format!("{} {} {:?}", text(&output.stderr), text(&output.stdout), json.is_some())
}
