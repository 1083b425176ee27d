//! Open data as files: CSV with its metadata (CSVW), Parquet, and a catalogue (DCAT-AP). The same tables give the same bytes.

mod catalogue;
mod export;
mod metadata;
mod parquet;

use hoptac_model::open_data::{Cell, Dataset, OpenData};
use serde_json::Value;

pub use self::catalogue::Published;
pub use self::export::{Export, Habit, Head, Shown};

/// The media type of a table's metadata.
pub const METADATA_TYPE: &str = "application/csvm+json";
/// The name of the metadata of all tables together.
pub const GROUP: &str = "csv-metadata.json";
/// The name of the catalogue.
pub const CATALOGUE: &str = "catalogue.jsonld";

/// A file of open data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its media type.
    pub media: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// What a name cannot be written as.
#[derive(Debug, thiserror::Error)]
#[error("writing the Parquet file of a table")]
pub struct Error(#[from] ::parquet::errors::ParquetError);

/// The names of all files, in the order in which people look for them.
pub fn names(data: &OpenData) -> Vec<String> {
    let of = |table: &Dataset| {
        ["csv", "csv-metadata.json", "parquet"].map(|ending| format!("{}.{ending}", table.id))
    };
    let fixed = [GROUP.to_owned(), CATALOGUE.to_owned()];
    data.tables.iter().flat_map(of).chain(fixed).collect()
}

/// The file of a name; none where there is no such file.
pub fn file(data: &OpenData, published: &Published, name: &str) -> Option<Result<File, Error>> {
    let json = |media, value: &Value| {
        let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
        bytes.push(b'\n');
        Some(Ok(File { media, bytes }))
    };
    match name {
        GROUP => return json(METADATA_TYPE, &metadata::group(data)),
        CATALOGUE => return json("application/ld+json", &catalogue::draw(data, published)),
        _ => {}
    }
    let (id, ending) = name.split_once('.')?;
    let table = data.find(id)?;
    match ending {
        "csv" => {
            Some(Ok(File { media: "text/csv; charset=utf-8", bytes: csv(table).into_bytes() }))
        }
        "csv-metadata.json" => json(METADATA_TYPE, &metadata::alone(data, table)),
        "parquet" => {
            let media = "application/vnd.apache.parquet";
            Some(parquet::write(data, table).map(|bytes| File { media, bytes }).map_err(Error))
        }
        _ => None,
    }
}

/// A table as CSV [RFC 4180].
pub fn csv(table: &Dataset) -> String {
    let heads: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
    let mut text = heads.join(",");
    text.push_str("\r\n");
    for row in &table.rows {
        for (at, cell) in row.iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            match cell {
                Cell::Text(said) => push_text(&mut text, said),
                Cell::Empty | Cell::Whole(_) | Cell::Number(_) | Cell::Day(_) => {
                    text.push_str(&cell.plain());
                }
            }
        }
        text.push_str("\r\n");
    }
    text
}

/// A spreadsheet would run a text that begins like a formula; an apostrophe before it makes it text.
fn push_text(text: &mut String, said: &str) {
    let runs = said.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let said = if runs { &format!("'{said}") } else { said };
    if said.contains(['"', ',', '\n', '\r', ';']) {
        text.push('"');
        text.push_str(&said.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(said);
    }
}

#[cfg(test)]
mod tests {
    use hoptac_model::open_data::Form;
    use hoptac_model::text::Words;
    use jiff::civil::date;

    use super::*;

    fn data() -> OpenData {
        let words = || Words::new("Đơn vị", "Units");
        let mut units = Dataset::new("units", words(), words(), &["unit"])
            .column("unit", Form::Text, "Định danh", "Identity")
            .column("count", Form::Whole, "Số", "Count")
            .column("share", Form::Number, "Tỷ lệ", "Share")
            .column("from", Form::Day, "Từ", "From");
        units.rows = vec![
            vec!["20".into(), 7_i64.into(), 48.5.into(), date(2025, 7, 1).into()],
            vec!["Xã \"A\", B".into(), Cell::Empty, Cell::Empty, Cell::Empty],
            vec!["=1+1".into(), 0_i64.into(), 0.0.into(), Cell::Empty],
        ];
        let mut values = Dataset::new("values", words(), words(), &["unit", "year"])
            .naming("unit", "units", "Đơn vị", "Unit")
            .column("year", Form::Whole, "Năm", "Year");
        values.rows = vec![vec!["20".into(), 2025_i64.into()]];
        OpenData {
            unit: "Tỉnh Lạng Sơn".to_owned(),
            plan: "115/KH-UBND".to_owned(),
            as_of: date(2026, 3, 15),
            year_first: 2020,
            position: 42,
            least: 3,
            synthetic: true,
            tables: vec![units, values],
        }
    }

    fn written(name: &str) -> File {
        file(&data(), &Published::default(), name).unwrap().unwrap()
    }

    #[test]
    fn a_table_is_written_as_programs_and_spreadsheets_read_it() {
        assert_eq!(
            String::from_utf8(written("units.csv").bytes).unwrap(),
            "unit,count,share,from\r\n20,7,48.5,2025-07-01\r\n\"Xã \"\"A\"\", B\",,,\r\n'=1+1,0,0,\r\n"
        );
    }
    #[test]
    fn every_file_that_is_named_can_be_written_and_no_other() {
        for name in names(&data()) {
            assert!(!written(&name).bytes.is_empty(), "{name}");
        }
        for name in ["units", "units.xlsx", "nothing.csv", "", ".csv", "../units.csv"] {
            assert!(file(&data(), &Published::default(), name).is_none(), "{name}");
        }
    }
    #[test]
    fn metadata_names_each_column_with_its_form() {
        let value: Value =
            serde_json::from_slice(&written("units.csv-metadata.json").bytes).unwrap();
        let of = |at: usize| &value["tableSchema"]["columns"][at];
        assert_eq!(of(0)["required"], true);
        assert_eq!(of(1)["datatype"], "integer");
        assert_eq!(of(3)["datatype"]["base"], "date");
        assert_eq!(value["tableSchema"]["primaryKey"], serde_json::json!(["unit"]));
        let group: Value = serde_json::from_slice(&written(GROUP).bytes).unwrap();
        let key = &group["tables"][1]["tableSchema"]["foreignKeys"][0];
        assert_eq!(key["reference"]["resource"], "units.csv");
    }
    #[test]
    fn a_parquet_file_is_read_back_as_it_was() {
        use ::parquet::file::reader::{FileReader as _, SerializedFileReader};
        use ::parquet::record::RowAccessor as _;
        let bytes = written("units.parquet").bytes;
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
        let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
        assert_eq!(rows[0].get_string(0).unwrap(), "20");
        assert_eq!(rows[0].get_long(1).unwrap(), 7);
        assert_eq!(rows[0].get_double(2).unwrap().to_bits(), 48.5_f64.to_bits());
        assert!(rows[1].get_long(1).is_err(), "an empty cell is null");
        // Nobody runs a formula in a Parquet file, so that the text stays what it is.
        assert_eq!(rows[2].get_string(0).unwrap(), "=1+1");
        let notes = reader.metadata().file_metadata().key_value_metadata().unwrap();
        assert!(notes.iter().any(|note| note.key == "csvw"));
    }
    #[test]
    fn the_catalogue_leads_to_every_table() {
        let published =
            Published { origin: Some("https://htx.vn".to_owned()), ..Published::default() };
        let made = file(&data(), &published, CATALOGUE).unwrap().unwrap();
        let value: Value = serde_json::from_slice(&made.bytes).unwrap();
        let sets = value["dcat:dataset"].as_array().unwrap();
        assert_eq!(sets.len(), 2);
        let address = &sets[0]["dcat:distribution"][0]["dcat:accessURL"]["@id"];
        assert_eq!(address, "https://htx.vn/cong-khai/du-lieu/units.csv");
    }
}
