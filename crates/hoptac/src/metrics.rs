//! Figures about the running server, as Prometheus reads them: on a port of their own, so that whoever may reach that port
//! may read them and nobody else. They hold routes and counts, and nothing of whom they are about.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use hoptac_store::Store;
use hoptac_web::app::App;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::clock;
use crate::doctor::LastBackup;

/// How long the database may take to answer a scrape.
const PATIENCE: Duration = Duration::from_secs(2);
/// The bounds of the histogram of durations, in seconds.
const BOUNDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

type Labels = Vec<(&'static str, String)>;

/// What is counted.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Labels, Counter>,
    seconds: Family<Labels, Histogram>,
    database_up: Gauge,
    ledger_position: Gauge,
    published_position: Gauge,
    backup_position: Gauge,
    backup_made: Gauge,
    room: Gauge,
    memory: Gauge,
    processor: Gauge<f64, AtomicU64>,
    open: AtomicU64,
    open_shown: Gauge,
    app: App,
    store: Store,
    dir: PathBuf,
}

impl Metrics {
    /// Nothing counted yet.
    pub(crate) fn new(app: App, store: Store, dir: PathBuf) -> Self {
        let mut registry = Registry::with_prefix("hoptac");
        let requests = Family::<Labels, Counter>::default();
        let seconds: Family<Labels, Histogram> =
            Family::new_with_constructor(|| Histogram::new(BOUNDS));
        registry.register("requests", "Requests answered, by route and status", requests.clone());
        registry.register(
            "request_seconds",
            "How long answers took, in seconds, by route",
            seconds.clone(),
        );
        let mut gauge = |name, help| {
            let gauge: Gauge = Gauge::default();
            registry.register(name, help, gauge.clone());
            gauge
        };
        let database_up = gauge("database_up", "Whether the database answers: 1 or 0");
        let ledger_position = gauge("ledger_position", "The position of the last filing");
        let published_position =
            gauge("published_position", "The position that the pages of this server show");
        let backup_position =
            gauge("backup_position", "The position of the last filing in the last backup");
        let backup_made =
            gauge("backup_made_timestamp_seconds", "When the last backup was made; 0 for never");
        let room = gauge("room_bytes", "Free bytes on the disk of the data folder");
        let memory = gauge("memory_bytes", "Resident memory of the process");
        let open_shown = gauge("requests_open", "Requests being answered");
        let processor = Gauge::<f64, AtomicU64>::default();
        registry.register(
            "processor_seconds",
            "Processor time of the process, in seconds",
            processor.clone(),
        );
        let build: Family<Labels, Gauge> = Family::default();
        build.get_or_create(&vec![("version", env!("CARGO_PKG_VERSION").to_owned())]).set(1);
        registry.register("build_info", "The version of the program", build);
        Self {
            registry,
            requests,
            seconds,
            database_up,
            ledger_position,
            published_position,
            backup_position,
            backup_made,
            room,
            memory,
            processor,
            open: AtomicU64::new(0),
            open_shown,
            app,
            store,
            dir,
        }
    }

    /// Looks at what is not counted along the way.
    async fn look(&self) {
        let position = tokio::time::timeout(PATIENCE, self.store.position()).await;
        self.database_up.set(i64::from(matches!(position, Ok(Ok(_)))));
        if let Ok(Ok(position)) = position {
            self.ledger_position.set(whole(position));
        }
        self.published_position.set(whole(self.app.position()));
        if let Some(last) = LastBackup::read(&self.dir) {
            self.backup_position.set(whole(last.position));
            self.backup_made.set(last.made_at.as_second());
        }
        #[cfg(unix)]
        if let Ok(disk) = rustix::fs::statvfs(&self.dir) {
            self.room.set(whole(disk.f_bavail.saturating_mul(disk.f_frsize)));
        }
        if let Some((memory, processor)) = own_use() {
            self.memory.set(memory);
            self.processor.set(processor);
        }
        self.open_shown.set(whole(self.open.load(Ordering::Relaxed)));
    }
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Resident memory in bytes and processor time in seconds, where the system tells them.
fn own_use() -> Option<(i64, f64)> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: i64 = resident.trim().strip_suffix("kB")?.trim().parse().ok()?;
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name in brackets may hold blanks; user and system time are the 12th and 13th behind it, in hundredths.
    let mut fields = stat.rsplit(')').next()?.split_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((kilobytes * 1024, (user + system) / 100.0))
}

/// Answers a scrape.
pub(crate) async fn scrape(State(metrics): State<Arc<Metrics>>) -> Response {
    metrics.look().await;
    let mut text = String::new();
    if encode(&mut text, &metrics.registry).is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// Counts and logs a request by its route. The address itself, who asks and what is asked stay out of both.
pub(crate) async fn observe(
    State(metrics): State<Arc<Metrics>>,
    request: Request,
    next: Next,
) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    let (route, method) = (route.to_owned(), request.method().as_str().to_owned());
    let begun = clock::instant();
    metrics.open.fetch_add(1, Ordering::Relaxed);
    let response = next.run(request).await;
    metrics.open.fetch_sub(1, Ordering::Relaxed);
    let seconds = begun.elapsed().as_secs_f64();
    let status = response.status().as_u16();
    metrics
        .requests
        .get_or_create(&vec![
            ("route", route.clone()),
            ("method", method.clone()),
            ("status", status.to_string()),
        ])
        .inc();
    metrics.seconds.get_or_create(&vec![("route", route.clone())]).observe(seconds);
    let milliseconds = begun.elapsed().as_millis();
    tracing::info!(%method, %route, status, milliseconds, "answered");
    response
}
