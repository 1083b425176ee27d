//! How many filings there are about every organisation, and who came of whom: what one organisation is asked beside the
//! register, kept for all, so that a program that asks for one after the other does not go to the database each time.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use hoptac_model::filing::Subject;
use hoptac_model::filing::touch::Touch;
use hoptac_model::ids::OrganisationId;
use hoptac_model::packed::{Input, Output, Packed};
use hoptac_model::register::Register;
use hoptac_store::{LineageStep, Store};

use crate::app::{App, Published};

/// What the ledger knows of the organisations of a published state.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Histories {
    /// How many filings there are about each, in the order of the register.
    versions: Arc<Vec<u32>>,
    lineage: Arc<BTreeMap<OrganisationId, Vec<LineageStep>>>,
}

impl Packed for Histories {
    fn shape(shape: &mut String) {
        shape.push_str("Histories:");
        <(Vec<u32>, BTreeMap<OrganisationId, Vec<LineageStep>>)>::shape(shape);
    }

    fn write(&self, out: &mut Output<'_>) {
        Vec::write(&self.versions, out);
        BTreeMap::write(&self.lineage, out);
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        let (versions, lineage) = (Packed::read(input)?, Packed::read(input)?);
        let lineage: BTreeMap<OrganisationId, Vec<LineageStep>> = lineage;
        Some(Self::new(versions, lineage))
    }
}

/// What the ledger knows of one organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct History {
    /// How many filings there are about it.
    pub(crate) version: u32,
    /// The steps of lineage that it has a part in, by day.
    pub(crate) lineage: Vec<LineageStep>,
}

impl Histories {
    /// From how many filings there are about each organisation, in the order of the register, and the steps of those who have
    /// a part in any.
    pub(crate) fn new(
        versions: Vec<u32>,
        lineage: impl IntoIterator<Item = (OrganisationId, Vec<LineageStep>)>,
    ) -> Self {
        let lineage = lineage.into_iter().collect();
        Self { versions: Arc::new(versions), lineage: Arc::new(lineage) }
    }

    /// The history of an organisation of the register that these belong to.
    fn of(&self, index: u32, id: OrganisationId) -> Option<History> {
        let version = *self.versions.get(usize::try_from(index).ok()?)?;
        Some(History { version, lineage: self.lineage.get(&id).cloned().unwrap_or_default() })
    }

    /// The histories after filings that have no part in any lineage, from those before.
    pub(crate) fn after(
        &self,
        register: &Register,
        versions: &BTreeMap<OrganisationId, u32>,
    ) -> Self {
        let mut after = self.clone();
        if versions.is_empty() {
            return after;
        }
        let all = Arc::make_mut(&mut after.versions);
        all.resize(register.organisations.len(), 0);
        for (id, version) in versions {
            let at = register.index_of(*id).and_then(|index| usize::try_from(index).ok());
            if let Some(known) = at.and_then(|at| all.get_mut(at)) {
                *known = *version;
            }
        }
        after
    }
}

/// The history of an organisation at an index of a published state.
pub(crate) async fn of(
    app: &App,
    published: &Arc<Published>,
    index: u32,
    id: OrganisationId,
) -> Result<History, hoptac_store::Error> {
    if let Some(known) = published.histories.get().and_then(|all| all.of(index, id)) {
        return Ok(known);
    }
    let Some(store) = app.store() else { return Ok(History::default()) };
    if !published.is_earlier {
        load(app, store);
    }
    let position = published.register.position;
    let filings = store.filings_about(&Subject::organisation(id)).await?;
    let version = filings.iter().filter(|filing| filing.position <= position).count();
    let mut lineage = store.lineage(id).await?;
    lineage.retain(|step| step.position <= position);
    Ok(History { version: u32::try_from(version).unwrap_or(u32::MAX), lineage })
}

/// Has the histories of a published state read before anybody asks for one, where they are not known.
pub(crate) fn prepare(app: &App, published: &Published) {
    if let Some(store) = app.store().filter(|_| published.histories.get().is_none()) {
        load(app, store);
    }
}

/// Reads the histories of all organisations, beside the requests that want them, unless that goes on already.
fn load(app: &App, store: &Store) {
    if app.reads_histories().swap(true, Ordering::AcqRel) {
        return;
    }
    let (app, store) = (app.clone(), store.clone());
    tokio::spawn(async move {
        if let Err(error) = read(&app, &store).await
            && !store.is_closed()
        {
            tracing::warn!(%error, "the histories of organisations could not be read");
        }
        app.reads_histories().store(false, Ordering::Release);
    });
}

async fn read(app: &App, store: &Store) -> Result<(), hoptac_store::Error> {
    let read = store.histories().await?;
    app.publish_up_to(read.position).await?;
    let published = app.published();
    let behind = published.register.position - read.position;
    // What was published meanwhile is few filings that say nothing about lineage, or all is read again when it is next asked for.
    let Some(count) = u32::try_from(behind).ok().filter(|count| *count < 1000) else {
        return Ok(());
    };
    let since = store.filings(read.position, count).await?;
    if since.iter().any(|filing| Touch::by(filing) == Touch::Lineage) {
        return Ok(());
    }
    let mut versions: BTreeMap<OrganisationId, u32> = read.versions.into_iter().collect();
    for filing in since {
        if let Some(id) = filing.subject.as_organisation() {
            versions.insert(id, filing.subject_version);
        }
    }
    let mut lineage: BTreeMap<OrganisationId, Vec<LineageStep>> = BTreeMap::new();
    for step in read.lineage {
        lineage.entry(step.source).or_default().push(step.clone());
        if step.result != step.source {
            lineage.entry(step.result).or_default().push(step);
        }
    }
    let all = Histories::new(Vec::new(), lineage);
    let _ = published.histories.set(all.after(&published.register, &versions));
    Ok(())
}
