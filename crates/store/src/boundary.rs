//! Loadings of outlines of units, read off the ledger; the outlines are kept files.

use hoptac_model::filing::boundary::BoundariesSet;
use hoptac_model::filing::{Body, Filing, FilingKind, Hash, Subject};
use sqlx::AnyConnection;

use crate::{Error, edition, ledger};

/// A loading of outlines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loading {
    /// The filing that made it.
    pub filing: Filing,
    /// What it says.
    pub set: BoundariesSet,
}

/// The loadings that hold, the last one last: those that were not taken back.
pub(crate) async fn holding(connection: &mut AnyConnection) -> Result<Vec<Loading>, Error> {
    let mut holding: Vec<Loading> = Vec::new();
    for filing in ledger::about(connection, &Subject::boundaries(), u64::MAX).await? {
        let set = of(&filing)?;
        match set.takes_back {
            Some(position) => holding.retain(|one| one.filing.position != position),
            None => holding.push(Loading { filing, set }),
        }
    }
    Ok(holding)
}

fn of(filing: &Filing) -> Result<BoundariesSet, Error> {
    let body =
        filing.typed_body().map_err(|source| Error::Body { position: filing.position, source })?;
    let Body::BoundariesSet(set) = body else {
        return Err(Error::Stored {
            table: "ledger",
            column: "subject",
            value: filing.subject.0.clone(),
        });
    };
    Ok(*set)
}

/// What is wrong with the outlines that a filing set; none where they are there and give their hash.
pub(crate) async fn damage(
    connection: &mut AnyConnection,
    filing: &Filing,
) -> Result<Option<String>, Error> {
    if filing.kind != FilingKind::BoundariesSet {
        return Ok(None);
    }
    let set = of(filing)?;
    let bytes = match edition::file(connection, &set.hash).await {
        Ok(bytes) => bytes,
        Err(Error::Stored { .. }) => None,
        Err(error) => return Err(error),
    };
    Ok(match bytes {
        None => Some("the outlines of units are missing or cannot be read".to_owned()),
        Some(bytes) if Hash::of(&bytes).to_string() != set.hash => Some(
            "the outlines of units do not give their hash: they were changed afterwards".to_owned(),
        ),
        Some(_) => None,
    })
}
