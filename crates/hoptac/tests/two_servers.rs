//! Two servers on one PostgreSQL database, as real processes: filings on both, each page shows its own server's filings at
//! once and the other's soon, and neither a killed server nor a database that goes away loses or doubles a filing.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use hoptac_model::account::{AccountName, Grant, Scope};
use hoptac_model::filing::account::{AccountAct, Invitation};
use hoptac_model::filing::{Body, Draft, Origin, Reason, Subject};
use hoptac_model::ids::FilingId;
use hoptac_office::key::{Key, Token};
use hoptac_office::{Actor, Role, accept};
use hoptac_store::{CredentialChange, Location, OpenMode, Session, SessionStage, Store};
use hoptac_testkit::database::{on_postgres, runtime};
use hoptac_testkit::postgres::Cluster;
use jiff::Timestamp;
use jiff::tz::Offset;
use tempfile::TempDir;
use uuid::Uuid;

const REGISTRAR: &str = "xa-binh-gia";
/// How soon a server shows what was filed on another one. It looks twice a second; a machine that runs many tests at once
/// takes its time to read.
const SOON: Duration = Duration::from_secs(10);

/// A data folder with its key, and a database with the plan of Lạng Sơn and a registrar who is signed in.
struct Instance {
    folder: TempDir,
    url: String,
    token: Token,
    form_token: String,
}

fn program(folder: &Path, url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hoptac"));
    for name in ["HOPTAC_DIR", "HOPTAC_DATABASE", "HOPTAC_KEY_FILE", "HOPTAC_CONFIG"] {
        command.env_remove(name);
    }
    command.arg("--dir").arg(folder).args(["--database", url]).stdin(Stdio::null());
    command
}

impl Instance {
    async fn new(url: &str) -> Self {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = TempDir::new().unwrap();
        let key_file = folder.path().join("master.key");
        std::fs::write(&key_file, "7".repeat(64)).unwrap();
        std::fs::set_permissions(&key_file, std::fs::Permissions::from_mode(0o600)).unwrap();
        let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/lang-son-2023");
        let adopted = program(folder.path(), url).args(["plan", "adopt"]).arg(pack).output();
        assert!(adopted.unwrap().status.success());
        let store =
            Store::open(&Location::Postgres(url.to_owned()), OpenMode::Existing).await.unwrap();
        let name = AccountName::from(REGISTRAR);
        let grant = Grant { role: Role::Registrar, scope: Scope::territory("06112.2025") };
        let invite =
            Invitation { title: "Phòng Kinh tế (mô phỏng)".to_owned(), grants: vec![grant] };
        for act in [AccountAct::Invite(invite), AccountAct::Activate(Reason::default())] {
            let filer = if matches!(act, AccountAct::Activate(_)) { REGISTRAR } else { "operator" };
            let now = now();
            let draft = Draft {
                id: FilingId(Uuid::from_u128(now.as_nanosecond().unsigned_abs())),
                recorded_at: now,
                effective_on: Offset::constant(7).to_datetime(now).date(),
                actor: filer.to_owned(),
                subject: Subject::account(&name),
                expected_version: None,
                origin: Origin::Live,
                key: None,
                body: Body::Account(act),
            };
            accept(&store, &Actor::new(filer, Role::Operator), draft).await.unwrap();
        }
        let token = Token::new([5; 32]);
        let session = Session {
            hash: token.hash(),
            account: name,
            stage: SessionStage::Whole,
            started_at: now(),
            seen_at: now(),
            browser: String::new(),
        };
        store.change_credentials(&[CredentialChange::Begin(&session)]).await.unwrap();
        store.close().await;
        let key = Key::of_instance(&hoptac_model::seal::Key::new([0x77; 32]));
        let form_token = key.code("form", &token.reveal()).to_string();
        Self { folder, url: url.to_owned(), token, form_token }
    }

    fn server(&self) -> Server {
        let mut child = program(self.folder.path(), &self.url)
            .args(["serve", "--port", "0", "--log-level", "error"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                let (_, rest) = line.split_once("http://")?;
                rest.split_whitespace().next()?.parse().ok()
            })
            .expect("the server says its address");
        // It goes on speaking, and must find somebody who listens.
        std::thread::spawn(move || lines.for_each(drop));
        let server = Server { child, address };
        let begun = Instant::now();
        while server.position().is_none() {
            assert!(begun.elapsed() < Duration::from_mins(2), "the server answers");
            std::thread::sleep(Duration::from_millis(50));
        }
        server
    }

    /// A visit of the registrar.
    fn ask(&self, address: SocketAddr, method: &str, path: &str, form: &str) -> Option<Answer> {
        let cookie = format!("hoptac={}", self.token.reveal());
        ask(address, method, path, &cookie, form)
    }

    /// Opens the form for a new organisation, which gives the key under which it is filed however often it is sent.
    fn form(&self, address: SocketAddr, name: &str) -> Option<String> {
        let page = self.ask(address, "GET", "/dang-ky/moi", "")?;
        if page.status != 200 {
            return None;
        }
        let (version, key) = (hidden(&page.body, "phien_ban")?, hidden(&page.body, "khoa")?);
        let today = Offset::constant(7).to_datetime(now()).date();
        Some(format!(
            "ma_bieu_mau={}&viec=nop&phien_ban={version}&khoa={key}&kind=THT&name={}&seat=06112.2025&vsic=A&members=7\
             &effective_on={today}",
            self.form_token,
            name.replace(' ', "+")
        ))
    }

    /// Sends a form; what is warned of is seen and sent again. Gives where the answer leads to once it is filed.
    fn send(&self, address: SocketAddr, form: &str) -> Result<String, Option<Answer>> {
        let mut sent = form.to_owned();
        let mut seen_before = None;
        loop {
            let answer = self.ask(address, "POST", "/dang-ky/moi", &sent).ok_or(None)?;
            if answer.status == 303 {
                return Ok(answer.location);
            }
            match hidden(&answer.body, "da_xem") {
                Some(seen) if answer.status == 422 && seen_before.as_ref() != Some(&seen) => {
                    sent = format!("{form}&da_xem={}", seen.replace(' ', "+"));
                    seen_before = Some(seen);
                }
                _ => return Err(Some(answer)),
            }
        }
    }

    /// Sends a form once more, as somebody does who was not answered: what is not there yet is filed, what is there is told.
    #[track_caller]
    fn send_again(&self, address: SocketAddr, form: &str, there: usize) {
        match self.send(address, form) {
            Ok(_) => {}
            Err(Some(answer)) if there == 1 => assert_eq!(answer.status, 422, "{answer:?}"),
            refused => panic!("{refused:?}"),
        }
    }

    async fn store(&self) -> Store {
        Store::open(&Location::Postgres(self.url.clone()), OpenMode::Existing).await.unwrap()
    }
}

/// A server, killed when the test is done with it.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    /// The ledger position that it shows.
    fn position(&self) -> Option<u64> {
        let answer = ask(self.address, "GET", "/healthz", "", "")?;
        answer.body.trim().strip_prefix("ok ")?.parse().ok()
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug)]
struct Answer {
    status: u16,
    location: String,
    body: String,
}

/// One request on a connection of its own; none where the server does not answer.
fn ask(address: SocketAddr, method: &str, path: &str, cookie: &str, form: &str) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(90))).ok()?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncookie: {cookie}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split_whitespace().nth(1)?.parse().ok()?;
    let location = head.lines().find_map(|line| line.strip_prefix("location: "));
    Some(Answer { status, location: location.unwrap_or("").to_owned(), body: body.to_owned() })
}

fn hidden(html: &str, name: &str) -> Option<String> {
    let mark = format!("name=\"{name}\" value=\"");
    Some(html.split(&mark).nth(1)?.split('"').next()?.to_owned())
}

#[expect(clippy::disallowed_methods, reason = "the servers read the clock too")]
fn now() -> Timestamp {
    Timestamp::from_microsecond(Timestamp::now().as_microsecond()).unwrap()
}

/// How many organisations have a name.
async fn named(store: &Store, name: &str) -> usize {
    store.register().await.unwrap().organisations.iter().filter(|one| one.name == name).count()
}

#[test]
fn each_reads_its_own_filings_and_the_other_follows() {
    on_postgres(async |database| {
        let Location::Postgres(url) = database.location() else { return };
        let instance = Instance::new(url).await;
        let (one, two) = (instance.server(), instance.server());
        let mut slowest = Duration::ZERO;
        for round in 0..6 {
            let (here, there) = if round % 2 == 0 { (&one, &two) } else { (&two, &one) };
            let name = format!("To hop tac Chung {round}");
            let form = instance.form(here.address, &name).unwrap();
            let filed = instance.send(here.address, &form);
            let begun = Instant::now();
            let page = filed.unwrap_or_else(|answer| panic!("{answer:?}"));
            let own = instance.ask(here.address, "GET", &page, "").unwrap();
            assert!(own.body.contains(&name), "the page after a filing shows it");
            let position = here.position().unwrap();
            while there.position().unwrap() < position {
                assert!(begun.elapsed() < SOON, "the other server follows");
                std::thread::sleep(Duration::from_millis(10));
            }
            slowest = slowest.max(begun.elapsed());
            assert!(instance.ask(there.address, "GET", &page, "").unwrap().body.contains(&name));
            // Sent again on the other server, it is filed once.
            instance.send_again(there.address, &form, 1);
        }
        println!("the other server followed within {} ms at most", slowest.as_millis());
        let store = instance.store().await;
        for round in 0..6 {
            assert_eq!(named(&store, &format!("To hop tac Chung {round}")).await, 1);
        }
        assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
        store.close().await;
    });
}

#[test]
fn a_killed_server_takes_no_filing_with_it() {
    on_postgres(async |database| {
        let Location::Postgres(url) = database.location() else { return };
        let instance = Instance::new(url).await;
        let (mut one, two) = (instance.server(), instance.server());
        let file = |address: SocketAddr, name: String| {
            let form = instance.form(address, &name)?;
            Some((name, instance.send(address, &form).is_ok(), form))
        };
        let (first, second) = std::thread::scope(|scope| {
            let work = |address: SocketAddr, of: &'static str| {
                let file = &file;
                scope.spawn(move || {
                    let numbers = 0..12;
                    numbers.filter_map(|n| file(address, format!("To hop tac {of} {n}"))).collect()
                })
            };
            let (first, second) = (work(one.address, "Mot"), work(two.address, "Hai"));
            std::thread::sleep(Duration::from_millis(1500));
            one.kill();
            let first: Vec<(String, bool, String)> = first.join().unwrap();
            let second: Vec<(String, bool, String)> = second.join().unwrap();
            (first, second)
        });
        let store = instance.store().await;
        assert_eq!(second.len(), 12, "the other server goes on");
        for (name, is_acknowledged, form) in first.iter().chain(&second) {
            let there = named(&store, name).await;
            assert!(there <= 1, "{name} is there {there} times");
            assert!(!is_acknowledged || there == 1, "{name} was acknowledged and is lost");
            // Whoever was not answered sends the form again, to the server that is left.
            instance.send_again(two.address, form, there);
            assert_eq!(named(&store, name).await, 1);
        }
        assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
        store.close().await;
    });
}

#[test]
fn a_database_that_goes_away_in_the_middle_of_filings() {
    let cluster = Cluster::new();
    runtime().block_on(async {
        let url = cluster.create_database().await;
        let instance = Instance::new(&url).await;
        let server = instance.server();
        let mut sent: Vec<(String, String, bool)> = Vec::new();
        for round in 0..3 {
            // A form is on its way while the database is stopped as by a power cut, and started again.
            let names = (0..4).map(|n| format!("To hop tac Mat {round} {n}"));
            let forms: Vec<(String, String)> = names
                .map(|name| (instance.form(server.address, &name).unwrap(), name))
                .map(|(form, name)| (name, form))
                .collect();
            std::thread::scope(|scope| {
                let sending = scope.spawn(|| {
                    let send = |(name, form): &(String, String)| {
                        let answer = instance.send(server.address, form);
                        if let Err(Some(answer)) = &answer {
                            assert!(answer.status >= 500, "{answer:?}");
                            assert!(answer.body.contains("<h1"), "the refusal is a page: {answer:?}");
                        }
                        (name.clone(), form.clone(), answer.is_ok())
                    };
                    forms.iter().map(send).collect::<Vec<_>>()
                });
                std::thread::sleep(Duration::from_millis(150 + 120 * round));
                cluster.stop();
                std::thread::sleep(Duration::from_millis(300));
                cluster.start();
                sent.extend(sending.join().unwrap());
            });
        }
        let store = instance.store().await;
        for (name, form, is_acknowledged) in &sent {
            let there = named(&store, name).await;
            assert!(there == 1 || !is_acknowledged && there == 0, "{name}: {there} times");
            instance.send_again(server.address, form, there);
            assert_eq!(named(&store, name).await, 1, "{name} is there once");
        }
        let told = sent.iter().filter(|(_, _, is_acknowledged)| *is_acknowledged).count();
        println!("{} filings while the database went away 3 times: {told} accepted, the others refused and sent again", sent.len());
        assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
        store.close().await;
        assert_eq!(ask(server.address, "GET", "/readyz", "", "").unwrap().status, 200);
        cluster.stop();
        assert_eq!(ask(server.address, "GET", "/readyz", "", "").unwrap().status, 503);
    });
}
