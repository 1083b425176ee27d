//! What is said of a CSV file that somebody takes away from a page. Its heads are the titles of its columns in the language of who takes it,
//! so that the columns have names beside them.

use hoptac_model::date;
use hoptac_model::open_data::Form;
use hoptac_model::sheet::table::SheetTable;
use hoptac_model::sheet::{CellKind, SheetColumn};
use hoptac_model::text::{Language, Words};
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::metadata::{self, said};
use super::{File, METADATA_TYPE};

/// A column of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its name for programs, the same in every language and for good.
    pub name: String,
    /// What people call it; the file has it in its own language as the head.
    pub title: Words,
    /// What stands in it.
    pub form: Form,
}

/// How values are written in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habit {
    /// What stands between two cells.
    pub delimiter: char,
    /// What stands before the decimals of a number.
    pub decimal: char,
    /// How a day is written, as `yyyy-MM-dd`.
    pub day: &'static str,
}

impl Habit {
    /// As programs read it: commas between cells, a point in numbers, days by year.
    pub const PROGRAMS: Self = Self { delimiter: ',', decimal: '.', day: "yyyy-MM-dd" };

    /// As spreadsheets in Viet Nam open it: semicolons between cells, days as people write them, numbers by the language.
    pub fn of_spreadsheets(language: Language) -> Self {
        let decimal = if language == Language::Vi { ',' } else { '.' };
        Self { delimiter: ';', decimal, day: "dd/MM/yyyy" }
    }
}

/// A CSV file that somebody takes away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Where it is, and which state it shows.
    pub shown: Shown,
    /// The language of its heads and words.
    pub language: Language,
    /// How its values are written.
    pub habit: Habit,
    /// What people call it.
    pub title: Words,
    /// What a row of it is; empty where the title says it.
    pub about: Words,
    /// Its columns, in their order.
    pub heads: Vec<Head>,
    /// The names of the columns that tell its rows apart; none where nothing does.
    pub key: Vec<String>,
}

/// Where a file is, and which state it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its address, with everything that was asked.
    pub url: String,
    /// The day whose state it is.
    pub as_of: Date,
    /// The ledger position that it was derived from.
    pub position: u64,
    /// Whether anything in it was made by a generator.
    pub synthetic: bool,
}

impl Export {
    /// What is said of a table that can be brought back edited, as it is written for spreadsheets.
    pub fn of_table(table: &SheetTable, language: Language, shown: Shown) -> Self {
        let head = |column: &SheetColumn| Head {
            name: column.id.clone(),
            title: column.head.clone(),
            form: match column.kind {
                CellKind::Count | CellKind::Money | CellKind::Year => Form::Whole,
                CellKind::Tenths | CellKind::Decimal => Form::Number,
                CellKind::Day => Form::Day,
                CellKind::Text(_) | CellKind::Code | CellKind::Flag | CellKind::Choice(_) => {
                    Form::Text
                }
            },
        };
        Self {
            shown,
            language,
            habit: Habit::of_spreadsheets(language),
            title: table.form.title.clone(),
            about: Words::default(),
            heads: table.form.columns.iter().map(head).collect(),
            key: Vec::new(),
        }
    }

    /// Its metadata, as the W3C's Metadata Vocabulary for Tabular Data writes it.
    pub fn metadata(&self) -> File {
        let mut bytes = serde_json::to_vec_pretty(&self.described()).unwrap_or_default();
        bytes.push(b'\n');
        File { media: METADATA_TYPE, bytes }
    }

    fn described(&self) -> Value {
        let columns: Vec<Value> = self.heads.iter().map(|head| self.column(head)).collect();
        let mut schema = Map::from_iter([("columns".to_owned(), json!(columns))]);
        if !self.key.is_empty() {
            schema.insert("primaryKey".to_owned(), json!(self.key));
        }
        let origin = self.origin();
        let note = |text: &str, language: Language| {
            let body = json!({ "type": "TextualBody", "value": text, "language": language.tag() });
            json!({ "type": "Annotation", "target": self.shown.url, "body": body })
        };
        let mut all = Map::from_iter([
            (
                "@context".to_owned(),
                json!([metadata::CONTEXT, { "@language": self.language.tag() }]),
            ),
            ("url".to_owned(), json!(self.shown.url)),
            ("dc:title".to_owned(), said(&self.title)),
            ("dc:modified".to_owned(), json!({ "@value": self.shown.as_of, "@type": "xsd:date" })),
            ("dc:provenance".to_owned(), said(&origin)),
            (
                "notes".to_owned(),
                json!([note(&origin.vi, Language::Vi), note(&origin.en, Language::En)]),
            ),
            ("tableSchema".to_owned(), Value::Object(schema)),
        ]);
        if !self.about.vi.is_empty() {
            all.insert("dc:description".to_owned(), said(&self.about));
        }
        if self.habit.delimiter != ',' {
            let delimiter = self.habit.delimiter.to_string();
            all.insert("dialect".to_owned(), json!({ "delimiter": delimiter }));
        }
        Value::Object(all)
    }

    fn column(&self, head: &Head) -> Value {
        let form = match head.form {
            Form::Text => json!("string"),
            Form::Whole => json!("integer"),
            Form::Number if self.habit.decimal == '.' => json!("number"),
            Form::Number => json!({
                "base": "decimal",
                "format": { "decimalChar": self.habit.decimal.to_string(), "groupChar": "." },
            }),
            Form::Day => json!({ "base": "date", "format": self.habit.day }),
        };
        json!({
            "name": head.name,
            // Readers find the column by the head alone, so that it stands here without a language.
            "titles": head.title.get(self.language),
            "rdfs:label": said(&head.title),
            "datatype": form,
            "required": self.key.contains(&head.name),
        })
    }

    /// Which state it shows.
    fn origin(&self) -> Words {
        let day = |language| date::show(self.shown.as_of, language);
        let mut vi = format!(
            "Trạng thái tính đến ngày {}; bút toán sổ cái số {}.",
            day(Language::Vi),
            self.shown.position
        );
        let mut en =
            format!("State as of {}; ledger position {}.", day(Language::En), self.shown.position);
        if self.shown.synthetic {
            vi.push_str(metadata::SYNTHETIC.0);
            en.push_str(metadata::SYNTHETIC.1);
        }
        Words::new(vi, en)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn described(language: Language, habit: Habit) -> Value {
        let head = |name: &str, form, vi: &str, en: &str| Head {
            name: name.to_owned(),
            title: Words::new(vi, en),
            form,
        };
        let export = Export {
            shown: Shown {
                url: "/chuoi.csv?unit=178".to_owned(),
                as_of: date(2026, 3, 15),
                position: 42,
                synthetic: true,
            },
            language,
            habit,
            title: Words::new("Chuỗi liên kết", "Chains"),
            about: Words::default(),
            heads: vec![
                head("id", Form::Text, "Định danh", "Identity"),
                head("score", Form::Number, "Điểm", "Score"),
                head("signed", Form::Day, "Ngày ký", "Signed"),
            ],
            key: vec!["id".to_owned()],
        };
        serde_json::from_slice(&export.metadata().bytes).unwrap()
    }

    #[test]
    fn every_head_is_a_title_and_the_key_is_never_empty() {
        let value = described(Language::Vi, Habit::PROGRAMS);
        let columns = &value["tableSchema"]["columns"];
        assert_eq!(columns[0]["titles"], "Định danh");
        assert_eq!(columns[0]["rdfs:label"][1]["@value"], "Identity");
        assert_eq!(columns[0]["required"], true);
        assert_eq!(columns[1]["required"], false);
        assert_eq!(columns[1]["datatype"], "number");
        assert_eq!(value["url"], "/chuoi.csv?unit=178");
        assert!(value.get("dialect").is_none());
    }
    #[test]
    fn it_says_of_which_day_and_ledger_position_it_is() {
        let value = described(Language::En, Habit::PROGRAMS);
        assert_eq!(value["dc:modified"]["@value"], "2026-03-15");
        let note = &value["notes"][0]["body"];
        assert_eq!(
            note["value"],
            "Trạng thái tính đến ngày 15/3/2026; bút toán sổ cái số 42. Dữ liệu mô phỏng, không phải số liệu thật."
        );
    }
    #[test]
    fn a_file_for_spreadsheets_says_how_its_values_are_written() {
        let value = described(Language::Vi, Habit::of_spreadsheets(Language::Vi));
        assert_eq!(value["dialect"]["delimiter"], ";");
        let columns = &value["tableSchema"]["columns"];
        assert_eq!(columns[1]["datatype"]["format"]["decimalChar"], ",");
        assert_eq!(columns[2]["datatype"]["format"], "dd/MM/yyyy");
        let value = described(Language::En, Habit::of_spreadsheets(Language::En));
        assert_eq!(value["tableSchema"]["columns"][1]["datatype"], "number");
    }
}
