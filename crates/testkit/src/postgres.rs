//! A PostgreSQL server for tests.
//!
//! `HOPTAC_TEST_POSTGRES` names one (`postgres://user@host:port`, where the user may create databases). Without it the
//! first test that needs a server makes a private cluster in the system's temp folder and leaves it running, so that the
//! other tests and the next run find it. It listens on loopback only and keeps nothing worth keeping.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};

/// Databases made by this process.
static MADE: AtomicU32 = AtomicU32::new(0);

/// Makes a fresh database and gives its URL.
pub async fn create_database() -> String {
    let server = server();
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let name = format!("hoptac_test_{}_{number}", std::process::id());
    let mut connection = connect(&format!("{server}/postgres")).await;
    // A process of an earlier run may have had the same number and died before it cleaned up.
    for sql in [
        format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"),
    ] {
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await
            .expect("the server lets its user create databases");
    }
    connection.close().await.expect("a connection closes");
    format!("{server}/{name}")
}

/// Drops a database made by [`create_database`], whoever is still connected.
pub async fn drop_database(url: &str) {
    let (server, name) = url.rsplit_once('/').expect("a database URL ends in its name");
    let mut connection = connect(&format!("{server}/postgres")).await;
    let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .expect("the server lets its user drop databases");
    connection.close().await.expect("a connection closes");
}

async fn connect(url: &str) -> AnyConnection {
    sqlx::any::install_default_drivers();
    AnyConnection::connect(url).await.expect("the PostgreSQL server of the tests answers")
}

/// The URL of the server, without a database.
fn server() -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "where tests run is a matter of their surroundings"
    )]
    let named = std::env::var("HOPTAC_TEST_POSTGRES");
    if let Ok(url) = named {
        return url.trim_end_matches('/').to_owned();
    }
    let port = private_cluster();
    format!("postgres://hoptac@127.0.0.1:{port}")
}

/// The port of the private cluster, which is started when it does not run.
fn private_cluster() -> u16 {
    let data = std::env::temp_dir().join("hoptac-test-postgres");
    let lock = File::create(data.with_extension("lock")).expect("the temp folder can be written");
    lock.lock().expect("the temp folder has file locks");
    if let Some(port) = running(&data) {
        return port;
    }
    let bin = programs();
    // What an earlier run left is used again if it starts, and made anew if not.
    for _ in 0..2 {
        if !data.join("PG_VERSION").exists() {
            make(&bin, &data);
        }
        if let Some(port) = start(&bin, &data) {
            return port;
        }
        std::fs::remove_dir_all(&data).expect("the private cluster can be removed");
    }
    panic!("the private PostgreSQL cluster does not start; see its log.txt in {}", data.display());
}

/// The port of a cluster that answers.
fn running(data: &Path) -> Option<u16> {
    let text = std::fs::read_to_string(data.join("postmaster.pid")).ok()?;
    let port: u16 = text.lines().nth(3)?.trim().parse().ok()?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpStream::connect_timeout(&address, Duration::from_secs(2)).ok()?;
    Some(port)
}

fn make(bin: &Path, data: &Path) {
    let mut initdb = as_server(&bin.join("initdb"));
    initdb.arg("--pgdata").arg(data).args([
        "--username=hoptac",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]);
    let done = initdb.stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(
        done.is_ok_and(|status| status.success()),
        "initdb makes a cluster in {}",
        data.display()
    );
}

fn start(bin: &Path, data: &Path) -> Option<u16> {
    // What is filed in a test is worth nothing after it.
    let careless = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off";
    start_on(bin, data, free_port(), careless)
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    listener.local_addr().expect("a bound socket has an address").port()
}

fn start_on(bin: &Path, data: &Path, port: u16, more: &str) -> Option<u16> {
    let settings = format!(
        "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
         -c max_connections=200 {more}"
    );
    let mut pg_ctl = as_server(&bin.join("pg_ctl"));
    pg_ctl.arg("--pgdata").arg(data).arg("--log").arg(data.join("log.txt"));
    pg_ctl.args(["--wait", "--timeout=60", "--options", &settings, "start"]);
    let done = pg_ctl.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if done.is_ok_and(|status| status.success()) { running(data) } else { None }
}

/// A cluster of a test's own, which the test may stop and start again. It goes with the test.
#[derive(Debug)]
pub struct Cluster {
    bin: PathBuf,
    data: PathBuf,
    port: u16,
}

impl Default for Cluster {
    fn default() -> Self {
        Self::new()
    }
}

impl Cluster {
    /// Makes one and starts it.
    pub fn new() -> Self {
        let bin = programs();
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("hoptac-test-cluster-{}-{number}", std::process::id());
        let data = std::env::temp_dir().join(name);
        make(&bin, &data);
        let cluster = Self { bin, data, port: free_port() };
        cluster.start();
        cluster
    }

    /// Makes a database in it and gives its URL.
    pub async fn create_database(&self) -> String {
        let server = format!("postgres://hoptac@127.0.0.1:{}", self.port);
        let mut connection = connect(&format!("{server}/postgres")).await;
        sqlx::raw_sql("CREATE DATABASE own TEMPLATE template0 ENCODING 'UTF8'")
            .execute(&mut connection)
            .await
            .expect("the server lets its user create databases");
        connection.close().await.expect("a connection closes");
        format!("{server}/own")
    }

    /// Starts it, on the port that it always has.
    pub fn start(&self) {
        start_on(&self.bin, &self.data, self.port, "").expect("the cluster of the test starts");
    }

    /// Stops it at once, whoever is connected.
    pub fn stop(&self) {
        let mut pg_ctl = as_server(&self.bin.join("pg_ctl"));
        pg_ctl.arg("--pgdata").arg(&self.data).args(["--mode=immediate", "--wait", "stop"]);
        let _ = pg_ctl.stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

/// A command that runs as a user that the server accepts: it refuses to be root.
fn as_server(program: &Path) -> Command {
    let root = std::fs::metadata("/proc/self").is_ok_and(|own| is_root(&own));
    let mut command = if root {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir(std::env::temp_dir());
    command
}

#[cfg(unix)]
fn is_root(own: &std::fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::uid(own) == 0
}

#[cfg(not(unix))]
fn is_root(_own: &std::fs::Metadata) -> bool {
    false
}

/// The folder of the server's programs: Debian's, of the newest version.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| {
            entry.file_name().to_str()?.parse::<u32>().ok().map(|v| (v, entry.path()))
        })
        .max_by_key(|(version, _)| *version);
    let (_, path) = newest.expect(
        "tests need a PostgreSQL server: install Debian's package `postgresql`, \
         or name a server in HOPTAC_TEST_POSTGRES",
    );
    path.join("bin")
}
