//! `forms/*.toml`: sections and fields of the forms that organisations fill in.

use hoptac_model::check::named_in;
use hoptac_model::fact::{Catalogue, is_register_column};
use hoptac_model::finding::Severity;
use hoptac_model::organisation::Kind;
use hoptac_model::pack::{Field, FieldType, Form, FormCheck};
use hoptac_model::words;

use crate::file::quote;
use crate::nearest::suggest;
use crate::pack::formula;
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
    let fields = root.tables("field", &Noun::Field.words()).iter().filter_map(read_field).collect();
    let checks = root.tables("check", &Noun::Check.words());
    let read: Vec<(FormCheck, Table<'_>)> = checks.into_iter().filter_map(read_check).collect();
    root.finish();
    let checks = read.iter().map(|(check, _)| check.clone()).collect();
    let form = Form {
        id: id?,
        version: version?,
        title: title?,
        note,
        applies_to,
        sections,
        fields,
        checks,
    };
    let catalogue = Catalogue::of_checks(&form);
    for (check, table) in &read {
        judge_check(check, table, &catalogue);
    }
    Some(form)
}

/// `[[check]]`, with its table for what only shows when all fields are known.
fn read_check(table: Table<'_>) -> Option<(FormCheck, Table<'_>)> {
    const SEVERITIES: [&str; 2] = ["error", "warning"];
    let id = table.must("id").id(Noun::Check);
    let severity = table.must("severity").word(&SEVERITIES);
    let field = table.must("field").refer(Noun::Field);
    let expression = table.must("expression").text();
    let message = table.words("message");
    let help = table.words("help");
    table.finish();
    let severity = if severity? == 0 { Severity::Error } else { Severity::Warning };
    let check = FormCheck {
        id: id?,
        severity,
        field: field?,
        expression: expression?,
        message: message?,
        help: help?,
    };
    Some((check, table))
}

/// The expression makes sense, and the message names columns that there are.
fn judge_check(check: &FormCheck, table: &Table<'_>, catalogue: &Catalogue) {
    formula::check_condition(table, "expression", catalogue);
    for (key, message) in [("message_vi", &check.message.vi), ("message_en", &check.message.en)] {
        for name in named_in(message) {
            if catalogue.find(name).is_none() {
                let problem = words!(
                    "thông báo nêu {name}, nhưng không có cột này",
                    "the message names {name}, which is no column",
                    name = quote(name)
                );
                let columns = catalogue.columns().iter().map(|column| column.name.as_str());
                table.error(key, "pack.check-column", problem, suggest(name, columns));
            }
        }
    }
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
    const PREFILLS: [&str; 3] = ["last", "members", "capital"];
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
    let prefill = table.may("prefill").word(&PREFILLS).and_then(|index| PREFILLS.get(index));
    table.finish();
    let id = id?;
    if is_register_column(&id) {
        table.error(
            "id",
            "pack.field-column",
            words!(
                "trường {id} trùng tên với một cột của sổ đăng ký",
                "the field {id} is named like a column of the register",
                id = quote(&id)
            ),
            words!(
                "đặt mã khác: công thức không phân biệt được hai tên giống nhau",
                "give it another id: formulas could not tell the two apart"
            ),
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
        prefill: prefill.map(|word| (*word).to_owned()),
    })
}
