//! `hoptac serve`: the application on a port of this machine, until it is told to stop.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hoptac_intake::boundary::{self, Boundary};
use hoptac_model::text::Language;
use hoptac_office::key::Key;
use hoptac_store::Store;
use hoptac_web::app::{App, Edge};
use hoptac_web::door::{Entrance, OpenTo};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;
use tracing_subscriber::EnvFilter;

use crate::cli::{Place, ServeArguments};
use crate::sentence::{refuse, said};
use crate::{Outcome, account, clock, output, pack};

/// How long the head of a request may take to arrive.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long open requests may take to end once the server is told to stop.
const STOP_TIME: Duration = Duration::from_secs(10);

/// How an instance is served.
#[derive(Clone, Debug)]
pub(crate) struct Serving {
    pub(crate) port: u16,
    pub(crate) origin: Option<String>,
    pub(crate) open_to: OpenTo,
    pub(crate) demo: bool,
    pub(crate) boundaries: Vec<Boundary>,
}

pub(crate) async fn run(place: &Place, arguments: &ServeArguments) -> Result<Outcome> {
    if let Some(origin) = &arguments.origin {
        check_origin(origin)?;
    }
    let store = place.open().await?;
    let serving = Serving {
        port: arguments.port,
        origin: arguments.origin.clone(),
        open_to: if arguments.public { OpenTo::Everybody } else { OpenTo::Totals },
        demo: false,
        boundaries: match &arguments.boundaries {
            Some(file) => boundaries(file)?,
            None => Vec::new(),
        },
    };
    serve(place, store, &serving).await
}

/// Serves until Ctrl+C or a request to terminate.
pub(crate) async fn serve(place: &Place, store: Store, serving: &Serving) -> Result<Outcome> {
    let port = serving.port;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = match TcpListener::bind(address).await {
        Ok(listener) => listener,
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => refuse!(
            "cổng {port} đang được chương trình khác dùng; hãy dừng chương trình đó, hoặc chọn cổng bằng --port (--port 0 lấy một cổng trống)",
            "port {port} is taken by another program; stop it, or choose a port with --port (--port 0 takes a free one)",
            port
        ),
        Err(error) => {
            return Err(error).context(said!("mở cổng {port}", "listening on port {port}", port));
        }
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    // A second subscriber only means that logging is already set up.
    let _ =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
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
        demo: serving.demo,
    };
    let app = App::open(store.clone(), edge)
        .await
        .context(said!("đọc sổ đăng ký", "reading the register"))?;
    let app = app.with_entrance(entrance);
    app.set_boundaries(serving.boundaries.clone());
    let address = listener.local_addr().context(said!("hỏi số cổng", "asking for the port"))?;
    output::say(&format!("hoptac is served on http://{address} (Ctrl+C stops it)"))?;
    let here = format!("http://{address}");
    account::first_administrator(&store, serving.origin.as_deref().unwrap_or(&here)).await?;
    answer(&listener, &hoptac_web::router(app)).await;
    Ok(Outcome::Done)
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
    let uri = origin.parse::<axum::http::Uri>().ok();
    let plain = uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("https" | "http"))
            && uri.host().is_some_and(|host| !host.is_empty())
            && uri.path() == "/"
            && uri.query().is_none()
    });
    if !plain || origin.ends_with('/') {
        refuse!(
            "`{origin}` không phải địa chỉ gốc; hãy viết như https://htx.langson.gov.vn, không có đường dẫn",
            "`{origin}` is no origin; write it as https://htx.langson.gov.vn, without a path",
            origin
        );
    }
    Ok(())
}

/// Answers until told to stop. A head that does not arrive in time ends its connection.
async fn answer(listener: &TcpListener, router: &Router) {
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(told_to_stop());
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
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
    // Whoever keeps a connection open does not keep the program from ending.
    let _ = tokio::time::timeout(STOP_TIME, graceful.shutdown()).await;
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
