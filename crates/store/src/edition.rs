//! Editions: reports that were issued, read off the ledger, and their files, kept under their hash for ever.
//!
//! The files are beside the ledger, because a filing is text; what a filing says of them proves them. They are no
//! projection: nothing can make them anew, and nothing changes or removes them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hoptac_model::consequence::IssuedEdition;
use hoptac_model::filing::edition::EditionIssue;
use hoptac_model::filing::{Body, Filing, FilingKind, Hash};
use sqlx::AnyConnection;

use crate::Error;
use crate::database::failure;
use crate::ledger;
use crate::row::Row;

/// An edition as it stands in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditionOnFile {
    /// The code that it is verified by.
    pub code: String,
    /// The filing that issued it.
    pub filing: Filing,
    /// What it says.
    pub issue: EditionIssue,
}

/// All editions, in the order of the ledger.
pub(crate) async fn all(connection: &mut AnyConnection) -> Result<Vec<EditionOnFile>, Error> {
    let filings = ledger::of_kind(connection, FilingKind::EditionIssue).await?;
    filings.into_iter().map(on_file).collect()
}

/// The edition with a code.
pub(crate) async fn find(
    connection: &mut AnyConnection,
    code: &str,
) -> Result<Option<EditionOnFile>, Error> {
    let subject = hoptac_model::filing::Subject::edition(code);
    let filings = ledger::about(connection, &subject, u64::MAX).await?;
    filings.into_iter().next().map(on_file).transpose()
}

/// What a back-dated filing must know of the editions.
pub(crate) async fn issued(connection: &mut AnyConnection) -> Result<Vec<IssuedEdition>, Error> {
    let all = all(connection).await?;
    Ok(all
        .into_iter()
        .map(|edition| IssuedEdition {
            id: edition.code,
            position: edition.filing.position,
            on: edition.issue.as_of,
        })
        .collect())
}

fn on_file(filing: Filing) -> Result<EditionOnFile, Error> {
    let body =
        filing.typed_body().map_err(|source| Error::Body { position: filing.position, source })?;
    let (Body::EditionIssue(issue), Some(code)) = (body, filing.subject.as_edition()) else {
        return Err(Error::Stored {
            table: "ledger",
            column: "subject",
            value: filing.subject.0.clone(),
        });
    };
    Ok(EditionOnFile { code: code.to_owned(), issue: *issue, filing })
}

/// Keeps a file under its hash; one that is kept already stays as it is.
pub(crate) async fn keep(connection: &mut AnyConnection, bytes: &[u8]) -> Result<Hash, Error> {
    let hash = Hash::of(bytes);
    sqlx::query(
        "INSERT INTO kept_file (hash, bytes) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING",
    )
    .bind(hash.to_string())
    .bind(STANDARD.encode(bytes))
    .execute(connection)
    .await
    .map_err(failure("keeping a file"))?;
    Ok(hash)
}

/// Whether a file is kept under a hash.
pub(crate) async fn is_kept(connection: &mut AnyConnection, hash: &str) -> Result<bool, Error> {
    let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM kept_file WHERE hash = $1")
        .bind(hash)
        .fetch_optional(connection)
        .await
        .map_err(failure("looking for a kept file"))?;
    Ok(found.is_some())
}

/// The file that is kept under a hash.
pub(crate) async fn file(
    connection: &mut AnyConnection,
    hash: &str,
) -> Result<Option<Vec<u8>>, Error> {
    let row = sqlx::query("SELECT hash, bytes FROM kept_file WHERE hash = $1")
        .bind(hash)
        .fetch_optional(connection)
        .await
        .map_err(failure("reading a kept file"))?;
    let Some(row) = row else { return Ok(None) };
    let row = Row { table: "kept_file", row: &row };
    let text = row.text("bytes")?;
    STANDARD.decode(text).map(Some).map_err(|error| row.wrong("bytes", error))
}

/// What is wrong with the kept files of a filing; none where every file is there and gives its hash.
pub(crate) async fn damage(
    connection: &mut AnyConnection,
    filing: &Filing,
) -> Result<Option<String>, Error> {
    if filing.kind != FilingKind::EditionIssue {
        return Ok(None);
    }
    let edition = on_file(filing.clone())?;
    for one in &edition.issue.files {
        let (code, format) = (&edition.code, one.format.code());
        let bytes = match file(connection, &one.hash).await {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(Some(format!("the .{format} of edition {code} is missing"))),
            Err(Error::Stored { .. }) => {
                return Ok(Some(format!("the .{format} of edition {code} cannot be read")));
            }
            Err(error) => return Err(error),
        };
        if Hash::of(&bytes).to_string() != one.hash {
            return Ok(Some(format!(
                "the .{format} of edition {code} does not give its hash: it was changed afterwards"
            )));
        }
    }
    Ok(None)
}
