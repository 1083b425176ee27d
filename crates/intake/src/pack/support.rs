//! `plan.toml`, what support is given by: kinds of certificates, check-lists, programmes, ceilings.

use hoptac_model::fact::Catalogue;
use hoptac_model::organisation::Kind;
use hoptac_model::pack::{CertificateKind, Form, Heading, PracticeRule};
use hoptac_model::register::Practice;
use hoptac_model::support::{Ceiling, Policy, Programme};

use crate::file::quote;
use crate::pack::formula;
use crate::pack::names::Noun;
use crate::pack::toml::{Table, unknown_word};

/// More đồng than any programme has.
const AMOUNT_MAX: i64 = 100_000_000_000_000;

/// `[[certificate_kind]]`.
pub(crate) fn read_certificate_kinds(root: &Table<'_>) -> Vec<CertificateKind> {
    let read = |table: Table<'_>| {
        let id = table.must("id").id(Noun::CertificateKind);
        let name = table.words("name");
        let status = table.must("status").text();
        table.finish();
        Some(CertificateKind { id: id?, name: name?, status: status? })
    };
    root.tables("certificate_kind", "kind of certificate").into_iter().filter_map(read).collect()
}

/// `[[practice]]`.
pub(crate) fn read_practices(root: &Table<'_>) -> Vec<PracticeRule> {
    let codes = Practice::ALL.map(Practice::code);
    let mut rules: Vec<PracticeRule> = Vec::new();
    for table in root.tables("practice", "check-list") {
        let practice = table.must("id").word(&codes).and_then(|index| Practice::ALL.get(index));
        let at_least = table.must("at_least").count(1_u8, 99);
        let source = table.words("source");
        let mut items: Vec<Heading> = Vec::new();
        for item in table.tables("items", "item") {
            let id = item.must("id").text();
            let title = item.words("name");
            item.finish();
            let (Some(id), Some(title)) = (id, title) else { continue };
            if items.iter().any(|known| known.id == id) {
                let problem = format!("the item {} is there twice", quote(&id));
                item.error("id", "pack.duplicate-id", problem, "give each item an id of its own");
                continue;
            }
            items.push(Heading { id, title });
        }
        table.finish();
        if let Some(needed) = at_least.filter(|needed| usize::from(*needed) > items.len()) {
            table.error(
                "at_least",
                "pack.practice-rule",
                format!("{needed} of {} items are asked for", items.len()),
                "ask for no more items than there are",
            );
        }
        if let Some(practice) = practice.filter(|p| rules.iter().any(|rule| rule.practice == **p)) {
            let problem = format!("{} is there twice", quote(practice.code()));
            table.error("id", "pack.duplicate-id", problem, "keep one check-list of each kind");
            continue;
        }
        let (Some(practice), Some(at_least), Some(source)) = (practice, at_least, source) else {
            continue;
        };
        rules.push(PracticeRule { practice: *practice, at_least, items, source });
    }
    rules
}

/// `[[programme]]`, its condition checked against the columns of the forms.
pub(crate) fn read_programmes(
    root: &Table<'_>,
    forms: &[Form],
    columns_unsure: bool,
) -> Vec<Programme> {
    let form = forms.iter().find(|form| form.id == Form::ANNUAL_RETURN);
    let catalogue = Catalogue::new(form);
    let policies = Policy::ALL.map(Policy::code);
    let read = |table: Table<'_>| {
        let id = table.must("id").id(Noun::Programme);
        let policy = table.must("policy").word(&policies);
        let title = table.words("title");
        let source = table.must("source").text();
        let opens = table.must("opens").date();
        let closes = table.may("closes").date();
        let budget = table.may("budget").count(1_i64, AMOUNT_MAX);
        let per_organisation = table.may("per_organisation").count(1_i64, AMOUNT_MAX);
        let kinds = read_kinds(&table);
        let audit = table.may("audit").flag().unwrap_or(false);
        let condition = table.may("condition").text();
        let note = table.words_or_empty("note");
        table.finish();
        if !columns_unsure {
            formula::check_condition(&table, "condition", &catalogue);
        }
        if let (Some(opens), Some(closes)) = (opens, closes)
            && closes < opens
        {
            let problem =
                format!("{} closes on {closes}, before it opens on {opens}", table.what());
            table.error("closes", "pack.span", problem, "`closes` is its last day");
        }
        Some(Programme {
            id: id?,
            policy: policy.and_then(|index| Policy::ALL.get(index)).copied()?,
            title: title?,
            source: source?,
            opens: opens?,
            closes,
            budget,
            per_organisation,
            kinds,
            audit,
            condition,
            note,
        })
    };
    root.tables("programme", "programme").into_iter().filter_map(read).collect()
}

/// `[[support_ceiling]]`.
pub(crate) fn read_ceilings(root: &Table<'_>) -> Vec<Ceiling> {
    let read = |table: Table<'_>| {
        let id = table.must("id").id(Noun::Ceiling);
        let title = table.words("title");
        let programmes = table.must("programmes").refer_all(Noun::Programme);
        let per_organisation = table.must("per_organisation").count(1_i64, AMOUNT_MAX);
        table.finish();
        Some(Ceiling { id: id?, title: title?, programmes, per_organisation: per_organisation? })
    };
    root.tables("support_ceiling", "ceiling").into_iter().filter_map(read).collect()
}

fn read_kinds(table: &Table<'_>) -> Vec<Kind> {
    let known = Kind::ALL.map(Kind::code);
    let mut kinds = Vec::new();
    for (written, span) in table.must("kinds").texts() {
        match Kind::from_code(&written) {
            Some(kind) => kinds.push(kind),
            None => unknown_word(table, span, "kinds", &written, &known),
        }
    }
    kinds
}
