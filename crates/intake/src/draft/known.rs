//! What a draft takes from a known pack, written again as the files of a pack: the indicators that measure its targets, the
//! published series that they are divided by, and the forms whose columns their formulas read.

use hoptac_model::finding::Severity;
use hoptac_model::pack::{Field, FieldType, Form, FormCheck, Heading, Indicator, Measure, Series};
use hoptac_model::target::Direction;
use hoptac_model::text::Words;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, value};

use super::day;

/// `[[indicator]]`.
pub(super) fn indicator(indicator: &Indicator) -> Table {
    let mut table = Table::new();
    table.insert("id", value(indicator.id.as_str()));
    table.insert("version", value(i64::from(indicator.version)));
    table.insert("valid_from", value(day(indicator.valid_from)));
    words(&mut table, "name", &indicator.name);
    words(&mut table, "short", &indicator.short);
    words(&mut table, "definition", &indicator.definition);
    let measure = match indicator.measure {
        Measure::Stock => "stock",
        Measure::Flow => "flow",
        Measure::Ratio => "ratio",
    };
    table.insert("measure", value(measure));
    table.insert("unit", value(&indicator.unit));
    table.insert("decimals", value(i64::from(indicator.decimals)));
    let direction = match indicator.direction {
        Direction::Up => "up",
        Direction::Down => "down",
        Direction::None => "none",
    };
    table.insert("direction", value(direction));
    table.insert("numerator", value(&indicator.numerator));
    if let Some(formula) = &indicator.denominator {
        table.insert("denominator", value(formula));
    }
    if let Some(series) = &indicator.denominator_figure {
        table.insert("denominator_figure", value(series.as_str()));
    }
    if (indicator.scale - 1.0).abs() > f64::EPSILON {
        table.insert("scale", value(indicator.scale));
    }
    words(&mut table, "source", &indicator.source);
    table
}

/// `[[series]]`.
pub(super) fn series(series: &Series) -> Table {
    let mut table = Table::new();
    table.insert("id", value(series.id.as_str()));
    words(&mut table, "name", &series.name);
    table.insert("unit", value(&series.unit));
    table
}

/// A form, as the text of its file.
pub(super) fn form(form: &Form) -> String {
    let mut file = DocumentMut::new();
    file.insert("id", value(&form.id));
    file.insert("version", value(i64::from(form.version)));
    words(&mut file, "title", &form.title);
    words(&mut file, "note", &form.note);
    file.insert("applies_to", value(form.applies_to.iter().collect::<Array>()));
    let lists = [
        ("section", form.sections.iter().map(section).collect::<ArrayOfTables>()),
        ("field", form.fields.iter().map(field).collect()),
        ("check", form.checks.iter().map(check).collect()),
    ];
    for (key, tables) in lists.into_iter().filter(|(_, tables)| !tables.is_empty()) {
        file.insert(key, Item::ArrayOfTables(tables));
    }
    file.to_string()
}

fn section(heading: &Heading) -> Table {
    let mut table = Table::new();
    table.insert("id", value(&heading.id));
    words(&mut table, "title", &heading.title);
    table
}

fn field(field: &Field) -> Table {
    let mut table = Table::new();
    table.insert("id", value(&field.id));
    table.insert("section", value(&field.section));
    let kind = match field.field_type {
        FieldType::Count => "count",
        FieldType::Money => "money",
        FieldType::Flag => "flag",
    };
    table.insert("type", value(kind));
    if !field.unit.is_empty() {
        table.insert("unit", value(&field.unit));
    }
    words(&mut table, "label", &field.label);
    words(&mut table, "help", &field.help);
    if field.required {
        table.insert("required", value(true));
    }
    if let Some(prefill) = &field.prefill {
        table.insert("prefill", value(prefill));
    }
    table
}

fn check(check: &FormCheck) -> Table {
    let mut table = Table::new();
    table.insert("id", value(&check.id));
    let severity = if check.severity == Severity::Error { "error" } else { "warning" };
    table.insert("severity", value(severity));
    table.insert("field", value(&check.field));
    table.insert("expression", value(&check.expression));
    words(&mut table, "message", &check.message);
    words(&mut table, "help", &check.help);
    table
}

/// Words in both languages; nothing where there are none.
fn words(table: &mut Table, stem: &str, words: &Words) {
    if !words.is_empty() {
        super::words(table, stem, &words.vi, &words.en);
    }
}
