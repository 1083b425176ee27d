//! Bundles that were received from other instances, read off the ledger; their contents are kept files.

use hoptac_model::filing::bundle::BundleAccept;
use hoptac_model::filing::{Body, Filing, FilingKind, Hash, Subject};
use sqlx::AnyConnection;

use crate::{Error, edition, ledger};

/// A bundle as it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleOnFile {
    /// The name of its sender: the beginning of its key.
    pub sender: String,
    /// The filing that received it.
    pub filing: Filing,
    /// What it says.
    pub bundle: BundleAccept,
}

/// All bundles, in the order of the ledger.
pub(crate) async fn all(connection: &mut AnyConnection) -> Result<Vec<BundleOnFile>, Error> {
    let filings = ledger::of_kind(connection, FilingKind::BundleAccept).await?;
    filings.into_iter().map(on_file).collect()
}

/// The last bundle of a sender.
pub(crate) async fn last_of(
    connection: &mut AnyConnection,
    sender: &str,
) -> Result<Option<BundleOnFile>, Error> {
    let filings = ledger::about(connection, &Subject::bundle(sender), u64::MAX).await?;
    filings.into_iter().next_back().map(on_file).transpose()
}

fn on_file(filing: Filing) -> Result<BundleOnFile, Error> {
    let body =
        filing.typed_body().map_err(|source| Error::Body { position: filing.position, source })?;
    let (Body::BundleAccept(bundle), Some(sender)) = (body, filing.subject.as_bundle()) else {
        return Err(Error::Stored {
            table: "ledger",
            column: "subject",
            value: filing.subject.0.clone(),
        });
    };
    Ok(BundleOnFile { sender: sender.to_owned(), bundle: *bundle, filing })
}

/// What is wrong with the contents of a bundle; none where they are there and give their hash.
pub(crate) async fn damage(
    connection: &mut AnyConnection,
    filing: &Filing,
) -> Result<Option<String>, Error> {
    if filing.kind != FilingKind::BundleAccept {
        return Ok(None);
    }
    let one = on_file(filing.clone())?;
    let sender = &one.sender;
    let bytes = match edition::file(connection, &one.bundle.hash).await {
        Ok(bytes) => bytes,
        Err(Error::Stored { .. }) => None,
        Err(error) => return Err(error),
    };
    Ok(match bytes {
        None => Some(format!("the bundle of {sender} is missing or cannot be read")),
        Some(bytes) if Hash::of(&bytes).to_string() != one.bundle.hash => Some(format!(
            "the bundle of {sender} does not give its hash: it was changed afterwards"
        )),
        Some(_) => None,
    })
}
