//! What is exported: the state of a ledger on a day, or the nation of the benchmarks.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use hoptac_engine::board::Question;
use hoptac_intake::pack::{self, Check, PackFiles};
use hoptac_model::pack::Pack;
use hoptac_model::unit::Places;
use hoptac_store::{KnownOn, Location, OpenMode, Store};
use jiff::civil::{Date, date};
use jiff::tz::Offset;

use crate::definitions;
use crate::export::Source;
use crate::manifest::Origin;
use crate::nation::{Nation, Size};

/// The seed of the nation, the same as that of the benchmarks.
const SEED: u64 = 20_260_701;

/// How many indicators the benchmarks have.
const INDICATORS: usize = 42;

/// The nation of the benchmarks.
pub(crate) fn nation(size: &str) -> Result<Source> {
    let drawn = if size == "s" { Size::S } else { Size::M };
    let Nation { places, register } = Nation::new(drawn, SEED)?;
    Ok(Source {
        origin: Origin::SyntheticNation { size: size.to_owned(), seed: SEED },
        register,
        places,
        pack: definitions::pack(&(0..INDICATORS))?,
        question: Question { as_of: date(2026, 11, 26), geography: date(2026, 11, 26) },
    })
}

/// The database in a data folder, as `hoptac --dir` and `--database` name it.
pub(crate) fn location(folder: Option<PathBuf>, database: Option<String>) -> Result<Location> {
    match (folder, database) {
        (_, Some(url)) => Ok(Location::Postgres(url)),
        (Some(folder), None) => {
            let file = folder.join("hoptac.sqlite");
            if !file.exists() {
                bail!(
                    "there is no database in `{folder}`; fill one with `hoptac demo --dir {folder}`, or name another folder with --dir",
                    folder = folder.display()
                );
            }
            Ok(Location::Sqlite(file))
        }
        (None, None) => bail!("name what to export: --dir, --database or --nation"),
    }
}

/// A plan that was not adopted yet, so that its formulas can be tried on the facts of a ledger.
pub(crate) fn plan(folder: &Path) -> Result<Pack> {
    let reading = pack::read(&PackFiles::from_dir(folder), &Check { units: None });
    let Some(accepted) = reading.accepted() else {
        let wrong = reading.findings.iter().find(|finding| finding.is_error());
        let said = wrong.map(|finding| finding.message.en.clone());
        bail!(
            "`{folder}` cannot be adopted: {said}; see `hoptac pack check {folder}`",
            folder = folder.display(),
            said = said.unwrap_or_else(|| "it is no pack".to_owned())
        );
    };
    Ok(accepted.clone())
}

/// The state of a ledger. Without a day it is that on which the last filing was recorded, in Viet Nam; the places are those of the
/// same day.
pub(crate) async fn ledger(
    location: &Location,
    tried: Option<Pack>,
    as_of: Option<Date>,
    geography: Option<Date>,
) -> Result<Source> {
    let store = Store::open(location, OpenMode::Existing).await.context("opening the database")?;
    let KnownOn { position, register, places, plan, .. } = store.known_on(None).await?;
    let pack = match tried {
        Some(pack) => pack,
        None => plan.context("no plan was adopted yet; adopt one with `hoptac plan adopt`")?.pack,
    };
    let last = store.find_filing(position).await?.context("nothing was filed yet")?;
    store.close().await;
    let as_of = as_of.unwrap_or_else(|| Offset::constant(7).to_datetime(last.recorded_at).date());
    let geography = match geography {
        Some(day) => day,
        None => geography_of(&places, &pack.setting.unit, as_of)?,
    };
    Ok(Source {
        origin: Origin::Ledger { position, hash: last.hash.to_string() },
        register,
        places,
        pack,
        question: Question { as_of, geography },
    })
}

/// The day whose places a unit is shown by.
fn geography_of(places: &Places, unit: &str, as_of: Date) -> Result<Date> {
    let unit = places
        .find(unit, as_of)
        .with_context(|| format!("the plan's unit {unit} is not among the places of {as_of}"))?;
    Ok(places.geography_for(unit, as_of))
}
