//! The condition of a database, looked at without changing it: its schema, how it is set up, where its ledger ends.

use jiff::Timestamp;
use sqlx::AnyConnection;

use crate::database::{Database, Setup};
use crate::{Error, Location, OpenMode, ledger, migration};

/// What can be seen of a database before it is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The version of its schema.
    pub schema: i64,
    /// The version that this program brings it to.
    pub known: i64,
    /// Whether the register must be made anew because the schema changed.
    pub owes_fold: bool,
    /// How it is set up.
    pub setup: Setup,
    /// The position of the last filing.
    pub position: u64,
    /// When it was recorded.
    pub recorded_at: Option<Timestamp>,
}

impl Condition {
    /// Looks at a database. One of a later program can be looked at too.
    pub async fn look(location: &Location) -> Result<Self, Error> {
        let database = Database::connect(location, OpenMode::Existing).await?;
        let mut connection = database.alone().await?;
        let condition = look(&database, &mut connection).await;
        drop(connection);
        database.close().await;
        condition.map_err(|error| database.refine(error))
    }
}

async fn look(database: &Database, connection: &mut AnyConnection) -> Result<Condition, Error> {
    let schema = migration::version(database, connection).await?.ok_or(Error::Empty)?;
    let (ledger::Head { position, .. }, recorded_at) = ledger::head_with_time(connection).await?;
    Ok(Condition {
        schema,
        known: migration::known_version(),
        owes_fold: migration::owes_fold(connection).await?,
        setup: database.setup(connection).await?,
        position,
        recorded_at,
    })
}
