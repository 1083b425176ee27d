//! Tables as Parquet, column by column. What their columns mean travels in the file's own notes.

use std::sync::Arc;

use hoptac_model::open_data::{Cell, Column, Dataset, Form, OpenData};
use jiff::civil::{Date, date};
use parquet::basic::{LogicalType, Repetition, Type as Stored};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

use super::metadata;

/// The day that Parquet counts days from.
const EPOCH: Date = date(1970, 1, 1);

/// Writes a table as one group of rows.
pub(super) fn write(data: &OpenData, table: &Dataset) -> Result<Vec<u8>, ParquetError> {
    let fields = table.columns.iter().map(|column| field(column).map(Arc::new));
    let fields: Vec<Arc<Type>> = fields.collect::<Result<_, _>>()?;
    let schema = Arc::new(Type::group_type_builder(table.id).with_fields(fields).build()?);
    let notes = metadata::alone(data, table).to_string();
    let properties = WriterProperties::builder()
        .set_created_by("hoptac".to_owned())
        .set_key_value_metadata(Some(vec![KeyValue::new("csvw".to_owned(), notes)]))
        .build();
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    for (at, column) in table.columns.iter().enumerate() {
        let cells = || table.rows.iter().map(move |row| row.get(at).unwrap_or(&Cell::Empty));
        let group = &mut group;
        match column.form {
            Form::Text => push::<ByteArrayType>(group, column, cells(), |cell| match cell {
                Cell::Empty => None,
                Cell::Text(_) | Cell::Whole(_) | Cell::Number(_) | Cell::Day(_) => {
                    Some(ByteArray::from(cell.plain().into_bytes()))
                }
            }),
            Form::Whole => push::<Int64Type>(group, column, cells(), |cell| match cell {
                Cell::Whole(whole) => Some(*whole),
                Cell::Empty | Cell::Text(_) | Cell::Number(_) | Cell::Day(_) => None,
            }),
            Form::Number => push::<DoubleType>(group, column, cells(), |cell| match cell {
                Cell::Number(number) => Some(*number),
                Cell::Empty | Cell::Text(_) | Cell::Whole(_) | Cell::Day(_) => None,
            }),
            Form::Day => push::<Int32Type>(group, column, cells(), |cell| match cell {
                Cell::Day(day) => (*day - EPOCH).get_days().into(),
                Cell::Empty | Cell::Text(_) | Cell::Whole(_) | Cell::Number(_) => None,
            }),
        }?;
    }
    group.close()?;
    writer.close()?;
    Ok(bytes)
}

fn field(column: &Column) -> Result<Type, ParquetError> {
    let (stored, logical) = match column.form {
        Form::Text => (Stored::BYTE_ARRAY, Some(LogicalType::String)),
        Form::Whole => (Stored::INT64, None),
        Form::Number => (Stored::DOUBLE, None),
        Form::Day => (Stored::INT32, Some(LogicalType::Date)),
    };
    let repetition = if column.required { Repetition::REQUIRED } else { Repetition::OPTIONAL };
    Type::primitive_type_builder(column.name, stored)
        .with_repetition(repetition)
        .with_logical_type(logical)
        .build()
}

/// Writes one column: the values that are there, and for each row whether it has one.
fn push<'c, T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, &mut Vec<u8>>,
    column: &Column,
    cells: impl Iterator<Item = &'c Cell> + Clone,
    read: impl Fn(&Cell) -> Option<T::T>,
) -> Result<(), ParquetError> {
    let levels: Vec<i16> = cells.clone().map(|cell| i16::from(read(cell).is_some())).collect();
    let values: Vec<T::T> = cells.filter_map(read).collect();
    let levels = (!column.required).then_some(levels.as_slice());
    let Some(mut writer) = group.next_column()? else {
        return Err(ParquetError::General(format!("there is no column for {}", column.name)));
    };
    writer.typed::<T>().write_batch(&values, levels, None)?;
    writer.close()
}
