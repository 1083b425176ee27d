//! Scenarios that are kept, read off the ledger.

use hoptac_model::filing::scenario::ScenarioSave;
use hoptac_model::filing::{Body, Filing, FilingKind};
use sqlx::AnyConnection;

use crate::{Error, ledger};

/// A scenario as it was kept last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioOnFile {
    /// Its name in addresses.
    pub name: String,
    /// The filing that kept it.
    pub filing: Filing,
    /// What it says.
    pub scenario: ScenarioSave,
}

/// All scenarios, in the order in which they were kept last.
pub(crate) async fn all(connection: &mut AnyConnection) -> Result<Vec<ScenarioOnFile>, Error> {
    let mut kept: Vec<ScenarioOnFile> = Vec::new();
    for filing in ledger::of_kind(connection, FilingKind::ScenarioSave).await? {
        let body = filing
            .typed_body()
            .map_err(|source| Error::Body { position: filing.position, source })?;
        let (Body::ScenarioSave(scenario), Some(name)) = (body, filing.subject.as_scenario())
        else {
            continue;
        };
        let name = name.to_owned();
        kept.retain(|one| one.name != name);
        kept.push(ScenarioOnFile { name, filing, scenario });
    }
    Ok(kept)
}
