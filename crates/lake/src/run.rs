//! Figures computed by SQL over a folder: by DataFusion in this process, or by the executors of a Ballista scheduler.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use arrow::array::{Array as _, Float64Array, Int32Array, Int64Array, RecordBatch};
use arrow::datatypes::DataType;
use ballista::prelude::SessionContextExt as _;
use ballista_core::extension::SessionConfigExt as _;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};

use crate::manifest::Manifest;
use crate::process::{Usage, Watch};
use crate::statement::{self, Asked, Part};

/// The tables of a folder, each the folder of its files.
const TABLES: [&str; 7] =
    ["above", "contracts", "facts", "figures", "memberships", "units", "years"];

/// Where statements are computed.
#[derive(Clone, Debug)]
pub(crate) enum Where {
    /// In this process.
    Here {
        /// The most memory that sorting and grouping may take before they go on disk, in bytes.
        memory: Option<usize>,
    },
    /// By the executors of a scheduler, `df://host:port`.
    Scheduler(String),
}

/// Numerator, denominator and value; not a number where missing.
pub(crate) type Cell = [f64; 3];

/// The figures of some indicators for every unit and year.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Figures {
    years: usize,
    units: usize,
    /// By indicator, year, unit.
    cells: Vec<Cell>,
    /// Whether an indicator was computed.
    computed: Vec<bool>,
}

impl Figures {
    /// Nothing computed yet.
    pub(crate) fn new(manifest: &Manifest) -> Self {
        let (years, units) = (manifest.years.len(), manifest.units.len());
        let indicators = manifest.indicators.len();
        Self {
            years,
            units,
            cells: vec![[f64::NAN; 3]; indicators * years * units],
            computed: vec![false; indicators],
        }
    }

    fn at(&self, indicator: usize, year: usize, unit: usize) -> usize {
        (indicator * self.years + year) * self.units + unit
    }

    /// A cell, by the places of indicator, year and unit in the manifest.
    pub(crate) fn cell(&self, indicator: usize, year: usize, unit: usize) -> Cell {
        self.cells.get(self.at(indicator, year, unit)).copied().unwrap_or([f64::NAN; 3])
    }

    /// Puts a cell in its place; it must be one of the manifest.
    pub(crate) fn set(
        &mut self,
        indicator: usize,
        year: usize,
        unit: usize,
        cell: Cell,
    ) -> Result<()> {
        if year >= self.years || unit >= self.units {
            bail!("unit {unit} and year {year} are not of this folder");
        }
        let at = self.at(indicator, year, unit);
        *self.cells.get_mut(at).context("an indicator that is not of this folder")? = cell;
        if let Some(computed) = self.computed.get_mut(indicator) {
            *computed = true;
        }
        Ok(())
    }

    /// Whether an indicator was computed.
    pub(crate) fn has(&self, indicator: usize) -> bool {
        self.computed.get(indicator).copied().unwrap_or(false)
    }
}

/// The indicators of a folder, read; with why for each that SQL cannot say.
pub(crate) struct Plan {
    pub(crate) asked: Vec<Result<Asked, String>>,
}

impl Plan {
    /// Reads the definitions of a folder.
    pub(crate) fn new(manifest: &Manifest) -> Result<Self> {
        let ground = manifest.ground()?;
        let asked = manifest
            .indicators
            .iter()
            .map(|definition| Asked::new(definition, &ground).map_err(|why| why.to_string()));
        Ok(Self { asked: asked.collect() })
    }

    /// The indicators of a part, by their place.
    pub(crate) fn of(&self, part: Part) -> Vec<(usize, &Asked)> {
        let read = self.asked.iter().enumerate();
        read.filter_map(|(at, asked)| Some((at, asked.as_ref().ok()?)))
            .filter(|(_, asked)| asked.part() == part)
            .collect()
    }
}

/// What computing one part took.
#[derive(Clone, Debug)]
pub(crate) struct Took {
    pub(crate) part: Part,
    pub(crate) indicators: usize,
    /// Seconds on the clock.
    pub(crate) wall: f64,
    /// CPU-seconds and peak memory of this process and of those that were watched, in their order.
    pub(crate) usage: Vec<(String, Usage)>,
}

/// A session in which the tables of a folder have their names.
pub(crate) async fn open(
    folder: &Path,
    at: &Where,
    threads: usize,
    settings: &[String],
) -> Result<SessionContext> {
    let set = |mut config: SessionConfig| -> Result<SessionConfig> {
        for setting in settings {
            let (name, value) =
                setting.split_once('=').context("a setting is written `name=value`")?;
            config.options_mut().set(name, value).with_context(|| format!("setting `{name}`"))?;
        }
        Ok(config)
    };
    let session = match at {
        Where::Here { memory } => {
            let config = SessionConfig::new().with_target_partitions(threads);
            let mut runtime = RuntimeEnvBuilder::new();
            if let Some(memory) = memory {
                runtime = runtime.with_memory_limit(*memory, 1.0);
            }
            SessionContext::new_with_config_rt(set(config)?, runtime.build_arc()?)
        }
        Where::Scheduler(url) => {
            let config = SessionConfig::new_with_ballista()
                .with_target_partitions(threads)
                .with_ballista_job_name("hoptac-lake")
                // The planner that plans anew while it runs gave no row of outer joins between several executors' results, and no
                // error; comparing with the engine found it.
                .with_ballista_adaptive_query_planner(false);
            let state = SessionStateBuilder::new()
                .with_config(set(config)?)
                .with_default_features()
                .build();
            SessionContext::remote_with_state(url, state)
                .await
                .with_context(|| format!("reaching the scheduler at {url}"))?
        }
    };
    let folder =
        fs::canonicalize(folder).with_context(|| format!("looking for `{}`", folder.display()))?;
    for table in TABLES {
        let mut options = ParquetReadOptions::default();
        if table == "facts" {
            options = options.table_partition_cols(vec![("year".to_owned(), DataType::Int64)]);
        }
        let path = folder.join(table);
        let path = path.to_str().context("the folder's name is no Unicode")?;
        session
            .register_parquet(table, path, options)
            .await
            .with_context(|| format!("reading the table `{table}`"))?;
    }
    Ok(session)
}

/// Computes the figures of some parts; each part is one statement.
pub(crate) async fn compute(
    session: &SessionContext,
    manifest: &Manifest,
    plan: &Plan,
    parts: &[Part],
    watch: &Watch,
) -> Result<(Figures, Vec<Took>)> {
    let ground = manifest.ground()?;
    let mut figures = Figures::new(manifest);
    let mut all = Vec::new();
    for part in parts {
        let asked = plan.of(*part);
        if asked.is_empty() {
            continue;
        }
        let indicators: Vec<&Asked> = asked.iter().map(|(_, asked)| *asked).collect();
        let sql = statement::of(&indicators, &ground)?;
        let begun = watch.begin()?;
        let doing = || format!("computing the {} by SQL", part.code());
        let batches =
            session.sql(&sql).await.with_context(doing)?.collect().await.with_context(doing)?;
        let (wall, usage) = watch.end(&begun)?;
        all.push(Took { part: *part, indicators: asked.len(), wall, usage });
        let places: Vec<usize> = asked.iter().map(|(at, _)| *at).collect();
        take(&mut figures, manifest, &places, &batches).with_context(doing)?;
    }
    Ok((figures, all))
}

/// Takes over what a statement gave.
fn take(
    figures: &mut Figures,
    manifest: &Manifest,
    places: &[usize],
    batches: &[RecordBatch],
) -> Result<()> {
    let mut rows = 0;
    for batch in batches {
        let units = column::<Int32Array>(batch, "unit")?;
        let years = column::<Int64Array>(batch, "year")?;
        let mut columns = Vec::new();
        for (number, place) in places.iter().enumerate() {
            let of = |letter: &str| column::<Float64Array>(batch, &format!("{letter}{number}"));
            columns.push((*place, [of("n")?, of("d")?, of("v")?]));
        }
        for row in 0..batch.num_rows() {
            let unit = usize::try_from(units.value(row))?;
            let year = i16::try_from(years.value(row))?;
            let year = manifest.years.iter().position(|note| note.year == year);
            let year = year.context("a year that is not of this folder")?;
            for (place, of) in &columns {
                let cell =
                    of.map(|values| if values.is_null(row) { f64::NAN } else { values.value(row) });
                figures.set(*place, year, unit, cell)?;
            }
        }
        rows += batch.num_rows();
    }
    let want = manifest.years.len() * manifest.units.len();
    if rows != want {
        bail!("{rows} units and years came, and {want} were asked for");
    }
    Ok(())
}

/// A column of a type.
pub(crate) fn column<'b, A: arrow::array::Array + 'static>(
    batch: &'b RecordBatch,
    name: &str,
) -> Result<&'b A> {
    let column = batch.column_by_name(name).with_context(|| format!("no column `{name}`"))?;
    let found = column.data_type();
    column
        .as_any()
        .downcast_ref::<A>()
        .with_context(|| format!("column `{name}` is of type {found}"))
}
