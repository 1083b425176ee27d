//! What the columns of CSV files mean, as the W3C's Metadata Vocabulary for Tabular Data writes it.

use hoptac_model::open_data::{Cell, Column, Dataset, Form, OpenData};
use hoptac_model::text::Words;
use serde_json::{Map, Value, json};

pub(super) const CONTEXT: &str = "http://www.w3.org/ns/csvw";
/// What is said of figures that a generator made, in both languages.
pub(super) const SYNTHETIC: (&str, &str) =
    (" Dữ liệu mô phỏng, không phải số liệu thật.", " Synthetic data, not real figures.");

/// A text in both languages.
pub(super) fn said(words: &Words) -> Value {
    json!([
        { "@value": words.vi, "@language": "vi" },
        { "@value": words.en, "@language": "en" },
    ])
}

/// The metadata of one table. Keys of other tables are left to the group, which holds those tables.
pub(super) fn alone(data: &OpenData, table: &Dataset) -> Value {
    let mut object =
        Map::from_iter([("@context".to_owned(), json!([CONTEXT, { "@language": "vi" }]))]);
    object.extend(described(data, table, &[]));
    Value::Object(object)
}

/// The metadata of all tables.
pub(super) fn group(data: &OpenData) -> Value {
    let tables: Vec<Value> = data
        .tables
        .iter()
        .map(|table| Value::Object(described(data, table, &data.tables)))
        .collect();
    json!({ "@context": [CONTEXT, { "@language": "vi" }], "tables": tables })
}

fn described(data: &OpenData, table: &Dataset, beside: &[Dataset]) -> Map<String, Value> {
    let columns: Vec<Value> = table.columns.iter().map(column).collect();
    let mut schema = Map::from_iter([
        ("columns".to_owned(), json!(columns)),
        ("primaryKey".to_owned(), json!(table.key)),
    ]);
    let keys: Vec<Value> = table
        .columns
        .iter()
        .enumerate()
        // Validators do not agree on what an empty cell refers to, so that a column with one names no key.
        .filter(|(at, _)| table.rows.iter().all(|row| row.get(*at) != Some(&Cell::Empty)))
        .filter_map(|(_, column)| {
            let of = beside.iter().find(|other| Some(other.id) == column.of)?;
            let reference =
                json!({ "resource": format!("{}.csv", of.id), "columnReference": of.key });
            Some(json!({ "columnReference": [column.name], "reference": reference }))
        })
        .collect();
    if !keys.is_empty() {
        schema.insert("foreignKeys".to_owned(), json!(keys));
    }
    Map::from_iter([
        ("url".to_owned(), json!(format!("{}.csv", table.id))),
        ("dc:title".to_owned(), said(&table.title)),
        ("dc:description".to_owned(), said(&table.about)),
        ("dc:modified".to_owned(), json!({ "@value": data.as_of, "@type": "xsd:date" })),
        ("dc:provenance".to_owned(), said(&provenance(data))),
        ("tableSchema".to_owned(), Value::Object(schema)),
    ])
}

/// Where the numbers come from.
pub(super) fn provenance(data: &OpenData) -> Words {
    let OpenData { unit, plan, position, least, .. } = data;
    let (mut vi, mut en) = (
        format!(
            "{unit}, kế hoạch {plan}; bút toán sổ cái số {position}; số liệu của dưới {least} tổ chức và số có thể suy ngược ra chúng \
             không công bố."
        ),
        format!(
            "{unit}, plan {plan}; ledger position {position}; figures over fewer than {least} organisations, and those that would give \
             them away, are suppressed."
        ),
    );
    if data.synthetic {
        vi.push_str(SYNTHETIC.0);
        en.push_str(SYNTHETIC.1);
    }
    Words::new(vi, en)
}

fn column(column: &Column) -> Value {
    let form = match column.form {
        Form::Text => json!("string"),
        Form::Whole => json!("integer"),
        Form::Number => json!("number"),
        Form::Day => json!({ "base": "date", "format": "yyyy-MM-dd" }),
    };
    json!({
        "name": column.name,
        "titles": column.name,
        "rdfs:label": said(&column.title),
        "datatype": form,
        "required": column.required,
    })
}
