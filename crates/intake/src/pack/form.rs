//! `forms/*.toml`: sections and fields of the forms that organisations fill in.

use hoptac_model::fact::is_register_column;
use hoptac_model::organisation::Kind;
use hoptac_model::pack::{Field, FieldType, Form};

use crate::file::quote;
use crate::pack::names::Noun;
use crate::pack::target::read_headings;
use crate::pack::toml::{Table, unknown_word};

/// One form. Sections and fields are names within it, so its table comes with names of its own.
pub(crate) fn read(root: &Table<'_>) -> Option<Form> {
    let id = root.must("id").id(Noun::Form);
    let version = root.must("version").count(1_u16, 999);
    let title = root.words("title");
    let note = root.words_or_empty("note");
    let applies_to = read_kinds(root);
    let sections = read_headings(root, "section", Noun::Section);
    let fields = root.tables("field", "field").iter().filter_map(read_field).collect();
    root.finish();
    Some(Form { id: id?, version: version?, title: title?, note, applies_to, sections, fields })
}

/// `applies_to`, kinds of organisation.
fn read_kinds(root: &Table<'_>) -> Vec<String> {
    let known = Kind::ALL.map(Kind::code);
    let mut kinds = Vec::new();
    for (written, span) in root.must("applies_to").texts() {
        if known.contains(&written.as_str()) {
            kinds.push(written);
        } else {
            unknown_word(root, span, "kinds", &written, &known);
        }
    }
    kinds
}

fn read_field(table: &Table<'_>) -> Option<Field> {
    const TYPES: [&str; 3] = ["count", "money", "flag"];
    let id = table.must("id").id(Noun::Field);
    let section = table.must("section").refer(Noun::Section);
    let field_type = table.must("type").word(&TYPES).map(|index| match index {
        0 => FieldType::Count,
        1 => FieldType::Money,
        _ => FieldType::Flag,
    });
    let unit = table.may("unit").text_or_empty();
    let label = table.words("label");
    let help = table.words_or_empty("help");
    let required = table.may("required").flag().unwrap_or(false);
    table.finish();
    let id = id?;
    if is_register_column(&id) {
        table.error(
            "id",
            "pack.field-column",
            format!("the field {} is named like a column of the register", quote(&id)),
            "give it another id: formulas could not tell the two apart",
        );
        return None;
    }
    Some(Field {
        id,
        section: section?,
        field_type: field_type?,
        unit,
        label: label?,
        help,
        required,
    })
}
