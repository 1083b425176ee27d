//! The provider of identities as the operator sets it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use hoptac_office::openid::{Fetch, Fetched, Provider, Settings, Unreachable};
use hoptac_web::openid::BACK;
use ureq::Agent;

use crate::cli::ServeArguments;
use crate::client::{self, Networks};
use crate::sentence::{refuse, said};

/// How long the provider has for its answer: somebody waits for it.
const ANSWER_TIME: Duration = Duration::from_secs(10);
/// The largest answer, in bytes: a description with its keys is far smaller.
const ANSWER_MAX: u64 = 1024 * 1024;

/// The provider of identities, where one is set.
///
/// # Errors
///
/// A sentence where what is set does not make one.
pub(crate) fn provider(arguments: &ServeArguments) -> Result<Option<Provider>> {
    let (issuer, client) = match (&arguments.openid_issuer, &arguments.openid_client) {
        (None, None) => return Ok(None),
        (Some(issuer), Some(client)) => (issuer, client),
        _ => refuse!(
            "đăng nhập qua nơi cung cấp danh tính cần cả --openid-issuer và --openid-client",
            "to sign in by a provider of identities takes both --openid-issuer and --openid-client"
        ),
    };
    let Some(origin) = &arguments.origin else {
        refuse!(
            "đăng nhập qua nơi cung cấp danh tính cần --origin, vì người dùng được đưa trở lại địa chỉ ấy",
            "to sign in by a provider of identities takes --origin: people are sent back to that address"
        )
    };
    if !is_trustworthy(issuer) {
        refuse!(
            "địa chỉ của nơi cung cấp danh tính phải bắt đầu bằng https://; `{issuer}` không được mã hóa",
            "the address of the provider of identities must begin with https://; `{issuer}` is not encrypted",
            issuer
        );
    }
    let secret = arguments.openid_secret_file.as_deref().map(secret).transpose()?;
    let settings = Settings {
        issuer: issuer.clone(),
        client: client.clone(),
        secret,
        name: arguments.openid_name.clone(),
        back: format!("{origin}{BACK}"),
    };
    Ok(Some(Provider::new(settings, fetch())))
}

/// Whether what comes from an address cannot be changed on its way: it is encrypted, or does not leave this machine.
fn is_trustworthy(address: &str) -> bool {
    let Ok(uri) = address.parse::<axum::http::Uri>() else { return false };
    let here = matches!(uri.host(), Some("localhost" | "127.0.0.1" | "[::1]"));
    uri.scheme_str() == Some("https") || (uri.scheme_str() == Some("http") && here)
}

/// The secret in a file, without the end of its line.
fn secret(file: &Path) -> Result<String> {
    let text = std::fs::read_to_string(file).with_context(|| {
        said!(
            "không đọc được tệp khóa bí mật `{file}`",
            "the file of the secret `{file}` cannot be read",
            file = file.display().to_string()
        )
    })?;
    let secret = text.trim().to_owned();
    if secret.is_empty() {
        refuse!(
            "tệp khóa bí mật `{file}` trống",
            "the file of the secret `{file}` is empty",
            file = file.display().to_string()
        );
    }
    Ok(secret)
}

/// What fetches. The provider may stand in the office's own network.
fn fetch() -> Fetch {
    let agent = client::agent(Networks::Private, ANSWER_TIME);
    Arc::new(move |request| -> Fetched {
        let agent = agent.clone();
        Box::pin(async move {
            let fetched = tokio::task::spawn_blocking(move || send(&agent, request)).await;
            fetched.map_err(|error| Unreachable(error.to_string()))?
        })
    })
}

fn send(
    agent: &Agent,
    request: ureq::http::Request<Vec<u8>>,
) -> Result<ureq::http::Response<Vec<u8>>, Unreachable> {
    let failed = |error: ureq::Error| Unreachable(error.to_string());
    let (parts, body) = agent.run(request).map_err(failed)?.into_parts();
    let bytes = body.into_with_config().limit(ANSWER_MAX).read_to_vec().map_err(failed)?;
    Ok(ureq::http::Response::from_parts(parts, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_can_change_on_its_way_is_trusted() {
        for good in
            ["https://dinhdanh.langson.gov.vn/", "http://127.0.0.1:4444", "http://localhost/a"]
        {
            assert!(is_trustworthy(good), "{good}");
        }
        for bad in [
            "",
            "http://dinhdanh.langson.gov.vn",
            "ftp://127.0.0.1/",
            "dinhdanh.langson.gov.vn",
            "http://127.0.0.1.vn",
        ] {
            assert!(!is_trustworthy(bad), "{bad}");
        }
    }
}
