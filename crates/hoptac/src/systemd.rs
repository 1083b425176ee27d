//! Word for the service manager: that the server is ready, and that it stops. Elsewhere nobody hears it.

#[cfg(target_os = "linux")]
pub(crate) fn tell(state: &str) {
    use std::os::linux::net::SocketAddrExt as _;
    use std::os::unix::net::{SocketAddr, UnixDatagram};

    #[expect(clippy::disallowed_methods, reason = "the service manager names its socket so")]
    let Ok(name) = std::env::var("NOTIFY_SOCKET") else { return };
    let address = match name.strip_prefix('@') {
        Some(abstract_name) => SocketAddr::from_abstract_name(abstract_name),
        None => SocketAddr::from_pathname(&name),
    };
    // A manager that does not listen has no use for the word.
    let _ = address
        .and_then(|address| UnixDatagram::unbound()?.send_to_addr(state.as_bytes(), &address));
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn tell(_: &str) {}
