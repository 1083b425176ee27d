//! `hoptac serve`: the application on a port of this machine, until it is told to stop.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::middleware;
use axum::routing::get;
use hoptac_intake::boundary;
use hoptac_model::boundary::Boundary;
use hoptac_model::text::{Language, Words};
use hoptac_model::words;
use hoptac_office::key::Key;
use hoptac_office::openid::Provider;
use hoptac_store::Store;
use hoptac_web::app::{App, Edge};
use hoptac_web::door::{Entrance, OpenTo};
use hoptac_web::public::PublicSide;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::ServiceExt as _;

use crate::cli::{Place, ServeArguments};
use crate::client::Networks;
use crate::log::LogFormat;
use crate::metrics::{Metrics, observe, scrape};
use crate::sentence::{refuse, said};
use crate::{Outcome, account, clock, delivery, log, openid, output, pack, systemd};

/// How long the head of a request may take to arrive.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long open requests may take to end unless it is said otherwise.
const STOP_TIME: Duration = Duration::from_secs(30);

/// How an instance is served.
#[derive(Clone, Debug)]
pub(crate) struct Serving {
    pub(crate) listen: IpAddr,
    pub(crate) port: u16,
    pub(crate) language: Language,
    /// Where figures about the server are served, if anywhere.
    pub(crate) metrics: Option<SocketAddr>,
    pub(crate) log: (LogFormat, String),
    /// How long it says that it will stop before it takes no more connections.
    pub(crate) drain: Duration,
    /// How long open requests may take to end.
    pub(crate) stop: Duration,
    pub(crate) origin: Option<String>,
    pub(crate) provider: Option<Provider>,
    pub(crate) open_to: OpenTo,
    pub(crate) public_side: Option<PublicSide>,
    pub(crate) demo: bool,
    pub(crate) boundaries: Vec<Boundary>,
    pub(crate) webhooks: Networks,
    pub(crate) requests_per_minute: u32,
}

impl Serving {
    /// The application on a port of this machine, without a word but of what goes wrong.
    pub(crate) fn on(port: u16) -> Self {
        Self {
            listen: Ipv4Addr::LOCALHOST.into(),
            port,
            language: Language::Vi,
            metrics: None,
            log: (LogFormat::Text, "warn".to_owned()),
            drain: Duration::ZERO,
            stop: STOP_TIME,
            origin: None,
            provider: None,
            open_to: OpenTo::Totals,
            public_side: None,
            demo: false,
            boundaries: Vec::new(),
            webhooks: Networks::Public,
            requests_per_minute: 600,
        }
    }
}

pub(crate) async fn run(place: &Place, arguments: &ServeArguments) -> Result<Outcome> {
    if let Some(origin) = &arguments.origin {
        check_origin(origin)?;
    }
    // What opening does to the schema is logged too.
    log::begin(arguments.log_format, &arguments.log_level)?;
    let store = place.open().await?;
    let serving = Serving {
        listen: arguments.listen,
        language: arguments.lang.into(),
        metrics: arguments.metrics,
        log: (arguments.log_format, arguments.log_level.clone()),
        drain: Duration::from_secs(arguments.drain.into()),
        stop: Duration::from_secs(arguments.stop.into()),
        origin: arguments.origin.clone(),
        provider: openid::provider(arguments)?,
        open_to: match (arguments.public, arguments.public_side) {
            (true, _) => OpenTo::Everybody,
            (false, true) => OpenTo::PublicSide,
            (false, false) => OpenTo::Totals,
        },
        public_side: arguments.public_side.then(|| PublicSide {
            least: usize::from(arguments.small_cell),
            licence: arguments.data_licence.clone(),
        }),
        webhooks: Networks::of(arguments.private_webhooks),
        requests_per_minute: arguments.requests_per_minute,
        boundaries: match &arguments.boundaries {
            Some(file) => boundaries(file)?,
            None => Vec::new(),
        },
        ..Serving::on(arguments.port)
    };
    serve(place, store, &serving).await
}

/// Serves until Ctrl+C or a request to terminate.
pub(crate) async fn serve(place: &Place, store: Store, serving: &Serving) -> Result<Outcome> {
    log::begin(serving.log.0, &serving.log.1)?;
    let listener = listen(SocketAddr::new(serving.listen, serving.port)).await?;
    let scraped = match serving.metrics {
        Some(address) => Some(listen(address).await?),
        None => None,
    };
    let edge = Edge {
        now: clock::now,
        today: clock::today,
        chance: clock::fill,
        filing_id: clock::filing_id,
    };
    let master = place.master_key(&store).await?;
    let entrance = Entrance {
        store: store.clone(),
        key: Key::of_instance(&master),
        master,
        edge,
        open_to: serving.open_to,
        origin: serving.origin.clone(),
        provider: serving.provider.clone(),
        demo: serving.demo,
    };
    let app = App::open_with_snapshots(store.clone(), edge, &place.snapshots())
        .await
        .context(said!("đọc sổ đăng ký", "reading the register"))?;
    let key = entrance.key.clone();
    let mut app = app.with_entrance(entrance).with_requests_per_minute(serving.requests_per_minute);
    if let Some(side) = &serving.public_side {
        app = app.with_public_side(side.clone());
    }
    app.set_boundaries(serving.boundaries.clone());
    let address = listener.local_addr().context(said!("hỏi số cổng", "asking for the port"))?;
    let tell = |line: Words| output::say(line.get(serving.language));
    tell(words!(
        "hoptac đang chạy tại http://{shown} (dừng bằng Ctrl+C)",
        "hoptac is served on http://{shown} (Ctrl+C stops it)",
        shown = address.to_string()
    ))?;
    let here = format!("http://{address}");
    let origin = serving.origin.clone().unwrap_or_else(|| here.clone());
    // A demo lets everybody in by its sign-in page.
    if !serving.demo {
        account::first_administrator(
            &store,
            serving.origin.as_deref().unwrap_or(&here),
            serving.language,
        )
        .await?;
    }
    let metrics = Arc::new(Metrics::new(app.clone(), store.clone(), place.dir.clone()));
    let pages = hoptac_web::router(app.clone())
        .layer(middleware::from_fn_with_state(Arc::clone(&metrics), observe));
    let (stop, stopping) = watch::channel(false);
    let sending = delivery::run(store.clone(), key, origin, serving.webhooks);
    let mut stopped = stopping.clone();
    tokio::spawn(async move {
        tokio::select! {
            () = sending => {}
            _ = stopped.wait_for(|stop| *stop) => {}
        }
    });
    if let Some(listener) = scraped {
        let address = listener.local_addr().context(said!("hỏi số cổng", "asking for the port"))?;
        tell(words!(
            "số đo vận hành tại http://{shown}/metrics",
            "metrics are served on http://{shown}/metrics",
            shown = address.to_string()
        ))?;
        let figures = Router::new().route("/metrics", get(scrape)).with_state(metrics);
        let stopping = stopping.clone();
        tokio::spawn(async move { answer(&listener, &figures, stopping, STOP_TIME).await });
    }
    let drain = serving.drain;
    let told = app.clone();
    tokio::spawn(async move {
        told_to_stop().await;
        tracing::info!("told to stop");
        systemd::tell("STOPPING=1");
        told.begin_to_stop();
        tokio::time::sleep(drain).await;
        let _ = stop.send(true);
    });
    systemd::tell("READY=1");
    let position = store.position().await?;
    tracing::info!(%address, position, "serving");
    answer(&listener, &pages, stopping, serving.stop).await;
    app.leave_snapshot().await;
    store.close().await;
    tracing::info!("stopped");
    Ok(Outcome::Done)
}

/// Takes an address of this machine.
async fn listen(address: SocketAddr) -> Result<TcpListener> {
    let port = address.port();
    match TcpListener::bind(address).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => refuse!(
            "cổng {port} đang được chương trình khác dùng; hãy dừng chương trình đó, hoặc chọn cổng bằng --port (--port 0 lấy một cổng trống)",
            "port {port} is taken by another program; stop it, or choose a port with --port (--port 0 takes a free one)",
            port
        ),
        Err(error) => {
            let address = address.to_string();
            Err(error).context(said!("mở cổng {address}", "listening on {address}", address))
        }
    }
}

/// The outlines of a file. What of it cannot be drawn is told, and the rest is drawn.
fn boundaries(file: &Path) -> Result<Vec<Boundary>> {
    let bytes = std::fs::read(file).with_context(|| {
        said!(
            "không đọc được `{file}`; hãy nêu một tệp GeoJSON",
            "`{file}` cannot be read; name a GeoJSON file",
            file = file.display().to_string()
        )
    })?;
    let name =
        file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let (boundaries, findings) = boundary::read(&bytes, &name);
    pack::say_findings(&findings, Language::En)?;
    Ok(boundaries)
}

/// An address that people type: a scheme and a host, nothing behind.
fn check_origin(origin: &str) -> Result<()> {
    if !is_origin(origin) {
        refuse!(
            "`{origin}` không phải địa chỉ gốc; hãy viết như https://htx.langson.gov.vn, không có đường dẫn",
            "`{origin}` is no origin; write it as https://htx.langson.gov.vn, without a path",
            origin
        );
    }
    Ok(())
}

/// Whether a text is the address of a page that everybody can open.
pub(crate) fn is_page(address: &str) -> bool {
    let uri = address.parse::<axum::http::Uri>().ok();
    uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("https" | "http"))
            && uri.host().is_some_and(|host| !host.is_empty())
    })
}

/// Whether a text is a scheme and a host.
pub(crate) fn is_origin(origin: &str) -> bool {
    let uri = origin.parse::<axum::http::Uri>().ok();
    let plain = uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("https" | "http"))
            && uri.host().is_some_and(|host| !host.is_empty())
            && uri.path() == "/"
            && uri.query().is_none()
    });
    plain && !origin.ends_with('/')
}

/// Answers until told to stop. A head that does not arrive in time ends its connection.
async fn answer(
    listener: &TcpListener,
    router: &Router,
    mut stopping: watch::Receiver<bool>,
    stop_time: Duration,
) {
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopping.wait_for(|stop| *stop) => break,
        };
        match accepted {
            Ok((stream, peer)) => connection(stream, peer, router.clone(), &graceful),
            // The machine is short of something for a moment; waiting is better than ending.
            Err(error) => {
                tracing::warn!(%error, "accepting a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    // What was begun is finished. Whoever keeps a connection open does not keep the program from ending.
    if tokio::time::timeout(stop_time, graceful.shutdown()).await.is_err() {
        tracing::warn!(
            "some requests did not end in time; what they had begun to file was not accepted"
        );
    }
}

fn connection(stream: TcpStream, peer: SocketAddr, router: Router, graceful: &GracefulShutdown) {
    let service = router.map_request(move |mut request: Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(axum::body::Body::new)
    });
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_headers(64);
    let connection =
        server.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let watched = graceful.watch(connection);
    tokio::spawn(async move {
        // A browser that hangs up is no failure of ours.
        if let Err(error) = watched.await {
            tracing::debug!(%error, "a connection ended");
        }
    });
}

async fn told_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        for good in ["https://htx.langson.gov.vn", "http://10.0.0.1:8080"] {
            assert!(check_origin(good).is_ok(), "{good}");
        }
        for bad in
            ["htx.langson.gov.vn", "https://a.vn/", "https://a.vn/x", "ftp://a.vn", "https://", ""]
        {
            assert!(check_origin(bad).is_err(), "{bad}");
        }
    }
}
