//! What fetches from other systems and sends to them: webhooks, the provider of identities.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hoptac_office::webhook;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

/// Where requests may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Networks {
    /// To the public network only.
    Public,
    /// To this machine and private networks too, as the operator allows.
    Private,
}

impl Networks {
    pub(crate) fn of(private: bool) -> Self {
        if private { Self::Private } else { Self::Public }
    }
}

/// A client that waits for an answer no longer than a time, and follows nobody elsewhere.
pub(crate) fn agent(networks: Networks, time: Duration) -> Agent {
    let found = rustls_native_certs::load_native_certs().certs;
    let roots: Vec<Certificate<'static>> =
        found.iter().map(|one| Certificate::from_der(one).to_owned()).collect();
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .root_certs(RootCerts::Specific(Arc::new(roots)))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    // A receiver that sends elsewhere could send to where messages must not go.
    let config = Agent::config_builder()
        .tls_config(tls)
        .timeout_global(Some(time))
        .max_redirects(0)
        .http_status_as_error(false)
        .proxy(None)
        .user_agent(concat!("hoptac/", env!("CARGO_PKG_VERSION")))
        .build();
    let resolver = Only { networks, names: DefaultResolver::default() };
    Agent::with_parts(config, DefaultConnector::default(), resolver)
}

/// Finds the addresses of a name, and lets through only those where messages may go. What is let through is what is connected
/// to, so that a name cannot mean something else a moment later.
#[derive(Debug)]
struct Only {
    networks: Networks,
    names: DefaultResolver,
}

impl Resolver for Only {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        let may_go = |address: &SocketAddr| {
            self.networks == Networks::Private || webhook::is_public(address.ip())
        };
        if found.iter().all(may_go) {
            return Ok(found);
        }
        Err(Error::Other(Box::new(std::io::Error::other(
            "the address lies on this machine or in a private network; the operator allows that with --private-webhooks",
        ))))
    }
}
