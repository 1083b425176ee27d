//! Export: the rows that figures are computed from, and the engine's own figures beside them, as Parquet files under a manifest.
//!
//! Facts lie by year. Who is on rolls and who buys are numbers; no name of anybody is written, nor anything that a formula does not ask.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int32Builder, Int64Builder,
    RecordBatch, StringBuilder,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use hoptac_engine::board::{Board, Question};
use hoptac_engine::fact_rows::{FactRows, UnitRows};
use hoptac_model::date::days_between;
use hoptac_model::fact::{Column, ColumnType};
use hoptac_model::ids::IndicatorId;
use hoptac_model::pack::Pack;
use hoptac_model::register::Register;
use hoptac_model::roll::RollSpan;
use hoptac_model::unit::Places;
use jiff::civil::{Date, date};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::manifest::{
    ColumnNote, Definition, FORMAT, FileNote, Manifest, NAME, Origin, UnitNote, YearNote, hash_of,
    type_code,
};
use crate::sql::is_several;
use crate::statement::{self, Asked};

/// How many rows are put together before they are written.
const LOT: usize = 1 << 14;

/// How many rows a row group has: what one task reads at the least.
const GROUP: usize = 1 << 17;

/// How many rows a file of memberships or contracts has at the most.
const FILE: usize = 1 << 20;

/// What is exported.
pub(crate) struct Source {
    pub(crate) origin: Origin,
    pub(crate) register: Register,
    pub(crate) places: Places,
    pub(crate) pack: Pack,
    pub(crate) question: Question,
}

/// Writes a folder; it must be empty, or not there yet.
pub(crate) fn write(source: &Source, folder: &Path) -> Result<Manifest> {
    fs::create_dir_all(folder).with_context(|| format!("making `{}`", folder.display()))?;
    if fs::read_dir(folder)?.next().is_some() {
        bail!("`{}` is not empty; name a new folder", folder.display());
    }
    let Source { register, places, pack, question, .. } = source;
    let rows = FactRows::new(register, places, pack, *question);
    let mut folder = Folder { at: folder.to_path_buf(), files: Vec::new() };
    let columns = facts(&rows, &mut folder)?;
    spans(&mut folder, "memberships", "person", register.roll_spans.iter())?;
    spans(&mut folder, "contracts", "partner", rows.contracts().into_iter())?;
    let units = units(&rows, &mut folder)?;
    let years = years(&rows, &mut folder)?;
    figures(&rows, &mut folder)?;
    organisations(register, &mut folder)?;
    let mut manifest = Manifest {
        format: FORMAT,
        origin: source.origin.clone(),
        synthetic: register.has_synthetic(),
        plan: pack.id.clone(),
        as_of: question.as_of,
        geography: question.geography,
        years,
        columns,
        units,
        indicators: definitions(pack),
        files: Vec::new(),
    };
    say_in_sql(&mut manifest)?;
    board(source, &manifest, &mut folder)?;
    folder.files.sort_by(|a, b| a.path.cmp(&b.path));
    manifest.files = folder.files;
    // Last, so that a folder whose writing was cut short has none.
    let text = serde_json::to_string_pretty(&manifest)?;
    fs::write(folder.at.join(NAME), text + "\n").context("writing the manifest")?;
    Ok(manifest)
}

/// The definitions of a plan; of two of one name the first holds, as it does on boards.
fn definitions(pack: &Pack) -> Vec<Definition> {
    let mut definitions: Vec<Definition> = Vec::new();
    for indicator in &pack.indicators {
        if definitions.iter().any(|known| known.id == indicator.id.as_str()) {
            continue;
        }
        definitions.push(Definition {
            id: indicator.id.to_string(),
            version: indicator.version,
            valid_from: indicator.valid_from,
            numerator: indicator.numerator.clone(),
            denominator: indicator.denominator.clone(),
            denominator_figure: indicator.denominator_figure.as_ref().map(ToString::to_string),
            scale: indicator.scale,
            sql: None,
            untranslatable: None,
        });
    }
    definitions
}

/// Writes beside each definition how it is computed over the tables, or why it cannot be said.
fn say_in_sql(manifest: &mut Manifest) -> Result<()> {
    let ground = manifest.ground()?;
    for definition in &mut manifest.indicators {
        let said =
            Asked::new(definition, &ground).and_then(|asked| statement::of(&[&asked], &ground));
        match said {
            Ok(sql) => definition.sql = Some(sql),
            Err(why) => definition.untranslatable = Some(why.to_string()),
        }
    }
    Ok(())
}

/// The folder while it is written.
struct Folder {
    at: PathBuf,
    files: Vec<FileNote>,
}

/// A file while it is written.
struct Table {
    path: String,
    writer: ArrowWriter<File>,
    schema: SchemaRef,
    rows: u64,
}

impl Folder {
    /// Begins a file.
    fn table(&self, path: &str, columns: &[(&str, DataType)]) -> Result<Table> {
        let fields: Vec<Field> =
            columns.iter().map(|(name, of)| Field::new(*name, of.clone(), true)).collect();
        let schema = Arc::new(Schema::new(fields));
        let at = self.at.join(path);
        if let Some(above) = at.parent() {
            fs::create_dir_all(above)?;
        }
        let file = File::create(&at).with_context(|| format!("making `{}`", at.display()))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP))
            .set_created_by("hoptac".to_owned())
            .build();
        let writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties))?;
        Ok(Table { path: path.to_owned(), writer, schema, rows: 0 })
    }

    /// Ends a file and notes its hash.
    fn finish(&mut self, table: Table) -> Result<()> {
        let (path, rows) = (table.path, table.rows);
        table.writer.close().with_context(|| format!("writing `{path}`"))?;
        let at = self.at.join(&path);
        let bytes = fs::metadata(&at)?.len();
        self.files.push(FileNote { sha256: hash_of(&at)?, path, rows, bytes });
        Ok(())
    }
}

impl Table {
    /// Writes some rows.
    fn write(&mut self, columns: Vec<ArrayRef>) -> Result<()> {
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)?;
        self.rows += u64::try_from(batch.num_rows())?;
        self.writer.write(&batch).with_context(|| format!("writing `{}`", self.path))
    }
}

/// Days since 1970, as Parquet counts them.
fn days(day: Date) -> i32 {
    days_between(date(1970, 1, 1), day)
}

/// Values of one column of the facts.
enum Values {
    Flags(BooleanBuilder),
    Wholes(Int64Builder),
    Words(StringBuilder),
    Identities(Int32Builder),
}

impl Values {
    /// The type of a column in files, which is the type of its builder.
    fn data_type(column: &Column) -> DataType {
        match column.column_type {
            ColumnType::Flag => DataType::Boolean,
            ColumnType::Count | ColumnType::Money => DataType::Int64,
            ColumnType::Category => DataType::Utf8,
            ColumnType::Id if is_several(column) => DataType::Boolean,
            ColumnType::Id => DataType::Int32,
        }
    }

    fn new(column: &Column) -> Self {
        match column.column_type {
            ColumnType::Flag => Self::Flags(BooleanBuilder::new()),
            ColumnType::Count | ColumnType::Money => Self::Wholes(Int64Builder::new()),
            ColumnType::Category => Self::Words(StringBuilder::new()),
            ColumnType::Id if is_several(column) => Self::Flags(BooleanBuilder::new()),
            ColumnType::Id => Self::Identities(Int32Builder::new()),
        }
    }

    /// Takes a value over. The size of a number is added to `size`.
    fn take(&mut self, rows: &UnitRows, column: usize, row: usize, size: &mut i128) -> Result<()> {
        match self {
            Self::Flags(flags) => flags.append_option(rows.flag(column, row)),
            Self::Wholes(wholes) => {
                let value = rows.whole(column, row);
                *size += value.map_or(0, |value| i128::from(value).abs());
                wholes.append_option(value);
            }
            Self::Words(words) => words.append_option(rows.word(column, row)),
            Self::Identities(ids) => {
                ids.append_option(rows.identity(column, row).map(i32::try_from).transpose()?);
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Flags(flags) => Arc::new(flags.finish()),
            Self::Wholes(wholes) => Arc::new(wholes.finish()),
            Self::Words(words) => Arc::new(words.finish()),
            Self::Identities(ids) => Arc::new(ids.finish()),
        }
    }
}

/// The facts of one year while they are written.
struct YearFile {
    table: Table,
    day: i32,
    units: Int32Builder,
    on_days: Date32Builder,
    columns: Vec<Values>,
    held: usize,
}

impl YearFile {
    fn write(&mut self) -> Result<()> {
        let mut columns: Vec<ArrayRef> =
            vec![Arc::new(self.units.finish()), Arc::new(self.on_days.finish())];
        columns.extend(self.columns.iter_mut().map(Values::finish));
        self.held = 0;
        self.table.write(columns)
    }
}

/// Writes the facts, a file for each year, and gives what is to be known of the columns.
fn facts(rows: &FactRows<'_>, folder: &mut Folder) -> Result<Vec<ColumnNote>> {
    let all = rows.catalogue().columns();
    for own in ["at_unit", "on_day"] {
        if all.iter().any(|column| column.name == own) {
            bail!(
                "the yearly return has a field `{own}`, which is the name of a column of the lake"
            );
        }
    }
    // The year of a file is said by its folder.
    let columns: Vec<(usize, &Column)> =
        all.iter().enumerate().filter(|(_, column)| column.name != "year").collect();
    let mut fields = vec![("at_unit", DataType::Int32), ("on_day", DataType::Date32)];
    fields.extend(
        columns.iter().map(|(_, column)| (column.name.as_str(), Values::data_type(column))),
    );
    let mut years = Vec::new();
    for (year, day) in rows.years() {
        years.push(YearFile {
            table: folder.table(&format!("facts/year={year}/facts.parquet"), &fields)?,
            day: days(day),
            units: Int32Builder::new(),
            on_days: Date32Builder::new(),
            columns: columns.iter().map(|(_, column)| Values::new(column)).collect(),
            held: 0,
        });
    }
    let mut sizes = vec![0_i128; columns.len()];
    let mut year_size = 0_i128;
    rows.each_unit(|unit| -> Result<()> {
        let number = i32::try_from(unit.unit())?;
        for (at, file) in years.iter_mut().enumerate() {
            for row in unit.of_year(at) {
                file.units.append_value(number);
                file.on_days.append_value(file.day);
                for ((values, (column, _)), size) in
                    file.columns.iter_mut().zip(&columns).zip(&mut sizes)
                {
                    values.take(unit, *column, row, size)?;
                }
                file.held += 1;
                year_size += 10_000;
            }
            if file.held >= LOT {
                file.write()?;
            }
        }
        Ok(())
    })?;
    for mut file in years {
        if file.held > 0 || file.table.rows == 0 {
            file.write()?;
        }
        folder.finish(file.table)?;
    }
    let mut sizes = sizes.into_iter();
    let notes = all.iter().map(|column| {
        let size = if column.name == "year" { Some(year_size) } else { sizes.next() };
        ColumnNote {
            name: column.name.clone(),
            column_type: type_code(column.column_type).to_owned(),
            from_return: column.from_return,
            size: size.filter(|_| column.column_type.is_number()).map(|size| size.to_string()),
        }
    });
    Ok(notes.collect())
}

/// Writes who stands where from when until when, in files of a million.
fn spans(
    folder: &mut Folder,
    name: &str,
    key: &str,
    spans: impl Iterator<Item = RollSpan>,
) -> Result<()> {
    let fields = [
        ("organisation", DataType::Int32),
        (key, DataType::Int32),
        ("from_day", DataType::Date32),
        ("until_day", DataType::Date32),
    ];
    let mut spans = spans.peekable();
    let mut part = 0;
    while part == 0 || spans.peek().is_some() {
        let mut table = folder.table(&format!("{name}/part-{part:05}.parquet"), &fields)?;
        let mut own = spans.by_ref().take(FILE).peekable();
        let mut first = true;
        while first || own.peek().is_some() {
            first = false;
            let (mut organisations, mut keys) = (Int32Builder::new(), Int32Builder::new());
            let (mut from, mut until) = (Date32Builder::new(), Date32Builder::new());
            for span in own.by_ref().take(LOT) {
                organisations.append_value(i32::try_from(span.organisation)?);
                keys.append_value(i32::try_from(span.person)?);
                from.append_value(days(span.from));
                until.append_option(span.until.map(days));
            }
            table.write(vec![
                Arc::new(organisations.finish()),
                Arc::new(keys.finish()),
                Arc::new(from.finish()),
                Arc::new(until.finish()),
            ])?;
        }
        folder.finish(table)?;
        part += 1;
    }
    Ok(())
}

/// Writes the units, and which units each lies in.
fn units(rows: &FactRows<'_>, folder: &mut Folder) -> Result<Vec<UnitNote>> {
    let mut notes: Vec<UnitNote> = Vec::new();
    for (at, (unit, parent)) in rows.units().enumerate() {
        notes.push(UnitNote {
            number: i32::try_from(at)?,
            id: unit.id.to_string(),
            code: unit.code.clone(),
            name: unit.name.clone(),
            level: unit.level.code().to_owned(),
            parent: parent.map(i32::try_from).transpose()?,
        });
    }
    let mut table = folder.table(
        "units/units.parquet",
        &[
            ("number", DataType::Int32),
            ("id", DataType::Utf8),
            ("code", DataType::Utf8),
            ("name", DataType::Utf8),
            ("level", DataType::Utf8),
            ("parent", DataType::Int32),
        ],
    )?;
    let text = |of: fn(&UnitNote) -> &String| -> ArrayRef {
        Arc::new(arrow::array::StringArray::from_iter_values(notes.iter().map(of)))
    };
    let numbers = |of: &dyn Fn(&UnitNote) -> Option<i32>| -> ArrayRef {
        Arc::new(notes.iter().map(of).collect::<arrow::array::Int32Array>())
    };
    table.write(vec![
        numbers(&|unit| Some(unit.number)),
        text(|unit| &unit.id),
        text(|unit| &unit.code),
        text(|unit| &unit.name),
        text(|unit| &unit.level),
        numbers(&|unit| unit.parent),
    ])?;
    folder.finish(table)?;

    let mut table = folder
        .table("above/above.parquet", &[("unit", DataType::Int32), ("above", DataType::Int32)])?;
    let (mut from, mut above) = (Int32Builder::new(), Int32Builder::new());
    for unit in &notes {
        let mut at = Some(unit.number);
        while let Some(number) = at {
            from.append_value(unit.number);
            above.append_value(number);
            at = usize::try_from(number).ok().and_then(|at| notes.get(at)?.parent);
        }
    }
    table.write(vec![Arc::new(from.finish()), Arc::new(above.finish())])?;
    folder.finish(table)?;
    Ok(notes)
}

/// Writes the years, each with its day.
fn years(rows: &FactRows<'_>, folder: &mut Folder) -> Result<Vec<YearNote>> {
    let notes: Vec<YearNote> =
        rows.years().map(|(year, on_day)| YearNote { year, on_day }).collect();
    let mut table = folder
        .table("years/years.parquet", &[("year", DataType::Int64), ("on_day", DataType::Date32)])?;
    let years: arrow::array::Int64Array =
        notes.iter().map(|note| Some(i64::from(note.year))).collect();
    let on_days: arrow::array::Date32Array =
        notes.iter().map(|note| Some(days(note.on_day))).collect();
    table.write(vec![Arc::new(years), Arc::new(on_days)])?;
    folder.finish(table)?;
    Ok(notes)
}

/// Writes the published figures that indicators are divided by.
fn figures(rows: &FactRows<'_>, folder: &mut Folder) -> Result<()> {
    let mut table = folder.table(
        "figures/figures.parquet",
        &[
            ("number", DataType::Int32),
            ("series", DataType::Utf8),
            ("unit", DataType::Int32),
            ("as_of", DataType::Date32),
            ("value", DataType::Float64),
        ],
    )?;
    let (mut numbers, mut series, mut units) =
        (Int32Builder::new(), StringBuilder::new(), Int32Builder::new());
    let (mut as_of, mut values) = (Date32Builder::new(), Float64Builder::new());
    for (number, figure) in (0_i32..).zip(rows.below_line()) {
        numbers.append_value(number);
        series.append_value(figure.series.as_str());
        units.append_value(i32::try_from(figure.unit)?);
        as_of.append_value(days(figure.as_of));
        values.append_value(figure.value);
    }
    table.write(vec![
        Arc::new(numbers.finish()),
        Arc::new(series.finish()),
        Arc::new(units.finish()),
        Arc::new(as_of.finish()),
        Arc::new(values.finish()),
    ])?;
    folder.finish(table)
}

/// Writes the identity behind the number of each organisation, which the ledger has too; its name is not written.
fn organisations(register: &Register, folder: &mut Folder) -> Result<()> {
    let mut table = folder.table(
        "organisations/organisations.parquet",
        &[("organisation", DataType::Int32), ("id", DataType::Utf8)],
    )?;
    let mut all = register.organisations.iter().enumerate().peekable();
    while all.peek().is_some() {
        let (mut numbers, mut ids) = (Int32Builder::new(), StringBuilder::new());
        for (at, organisation) in all.by_ref().take(LOT) {
            numbers.append_value(i32::try_from(at)?);
            ids.append_value(organisation.id.to_string());
        }
        table.write(vec![Arc::new(numbers.finish()), Arc::new(ids.finish())])?;
    }
    folder.finish(table)
}

/// The columns of the board's file.
pub(crate) fn board_columns() -> [(&'static str, DataType); 6] {
    [
        ("indicator", DataType::Int32),
        ("unit", DataType::Int32),
        ("year", DataType::Int32),
        ("numerator", DataType::Float64),
        ("denominator", DataType::Float64),
        ("value", DataType::Float64),
    ]
}

/// Where the engine's own figures stand.
pub(crate) const BOARD: &str = "board/board.parquet";

/// Writes the engine's own figures, against which others are held.
fn board(source: &Source, manifest: &Manifest, folder: &mut Folder) -> Result<()> {
    let board = Board::compute(&source.register, &source.places, &source.pack, source.question);
    let mut table = folder.table(BOARD, &board_columns())?;
    let known: BTreeMap<&str, usize> =
        manifest.units.iter().map(|unit| unit.id.as_str()).zip(0..).collect();
    for (number, definition) in (0_i32..).zip(&manifest.indicators) {
        let (mut numbers, mut units, mut years) =
            (Int32Builder::new(), Int32Builder::new(), Int32Builder::new());
        let mut values = [Float64Builder::new(), Float64Builder::new(), Float64Builder::new()];
        let id = IndicatorId::new(definition.id.as_str());
        for unit in board.unit_ids() {
            let cells = board.cells(&id, unit);
            let at = known.get(unit.as_str()).context("a unit that was not exported")?;
            for (year, cell) in cells.into_iter().flatten() {
                numbers.append_value(number);
                units.append_value(i32::try_from(*at)?);
                years.append_value(i32::from(year));
                for (builder, value) in
                    values.iter_mut().zip([cell.numerator, cell.denominator, cell.value])
                {
                    builder.append_option(value);
                }
            }
        }
        let mut columns: Vec<ArrayRef> =
            vec![Arc::new(numbers.finish()), Arc::new(units.finish()), Arc::new(years.finish())];
        for builder in &mut values {
            columns.push(Arc::new(builder.finish()));
        }
        table.write(columns)?;
    }
    folder.finish(table)
}
