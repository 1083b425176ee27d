//! `hoptac serve`: the application on a port of this machine, until it is told to stop.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use hoptac_intake::boundary::{self, Boundary};
use hoptac_model::text::Language;
use hoptac_store::Store;
use hoptac_web::app::{App, Edge};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use crate::cli::{Place, ServeArguments};
use crate::{Outcome, clock, output, pack};

pub(crate) async fn run(place: &Place, arguments: &ServeArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let boundaries = match &arguments.boundaries {
        Some(file) => boundaries(file)?,
        None => Vec::new(),
    };
    serve(store, arguments.port, boundaries).await
}

/// Serves until Ctrl+C or a request to terminate.
pub(crate) async fn serve(store: Store, port: u16, boundaries: Vec<Boundary>) -> Result<Outcome> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = match TcpListener::bind(address).await {
        Ok(listener) => listener,
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => bail!(
            "port {port} is taken by another program; stop it, or choose a port with --port \
             (--port 0 takes a free one)"
        ),
        Err(error) => return Err(error).context(format!("listening on port {port}")),
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    // A second subscriber only means that logging is already set up.
    let _ =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    let edge = Edge { today: clock::today, chance: clock::chance };
    let app = App::open(store, edge).await.context("reading the register")?;
    app.set_boundaries(boundaries);
    let address = listener.local_addr().context("asking for the port")?;
    output::say(&format!("hoptac is served on http://{address} (Ctrl+C stops it)"))?;
    axum::serve(listener, hoptac_web::router(app))
        .with_graceful_shutdown(told_to_stop())
        .await
        .context("serving")?;
    Ok(Outcome::Done)
}

/// The outlines of a file. What of it cannot be drawn is told, and the rest is drawn.
fn boundaries(file: &Path) -> Result<Vec<Boundary>> {
    let bytes = std::fs::read(file)
        .with_context(|| format!("`{}` cannot be read; name a GeoJSON file", file.display()))?;
    let name =
        file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let (boundaries, findings) = boundary::read(&bytes, &name);
    pack::say_findings(&findings, Language::En)?;
    Ok(boundaries)
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
