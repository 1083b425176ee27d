//! `hoptac serve`: the application on a port of this machine, until it is told to stop.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context as _, Result, bail};
use hoptac_store::Store;
use hoptac_web::app::{App, Edge};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use crate::cli::{Place, ServeArguments};
use crate::{Outcome, clock, output};

pub(crate) async fn run(place: &Place, arguments: &ServeArguments) -> Result<Outcome> {
    let store = place.open().await?;
    serve(store, arguments.port).await
}

/// Serves until Ctrl+C or a request to terminate.
pub(crate) async fn serve(store: Store, port: u16) -> Result<Outcome> {
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
    let address = listener.local_addr().context("asking for the port")?;
    output::say(&format!("hoptac is served on http://{address} (Ctrl+C stops it)"))?;
    axum::serve(listener, hoptac_web::router(app))
        .with_graceful_shutdown(told_to_stop())
        .await
        .context("serving")?;
    Ok(Outcome::Done)
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
