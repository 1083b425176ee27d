//! `plan.toml`, what support is given by: kinds of certificates, check-lists, programmes, ceilings.

use hoptac_model::fact::Catalogue;
use hoptac_model::organisation::Kind;
use hoptac_model::pack::{CertificateKind, Form, Heading, PracticeRule};
use hoptac_model::register::Practice;
use hoptac_model::support::{Ceiling, Policy, Programme};
use hoptac_model::words;

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
    let what = Noun::CertificateKind.words();
    root.tables("certificate_kind", &what).into_iter().filter_map(read).collect()
}

/// `[[practice]]`.
pub(crate) fn read_practices(root: &Table<'_>) -> Vec<PracticeRule> {
    let codes = Practice::ALL.map(Practice::code);
    let mut rules: Vec<PracticeRule> = Vec::new();
    for table in root.tables("practice", &words!("bảng tiêu chí xác nhận", "check-list")) {
        let practice = table.must("id").word(&codes).and_then(|index| Practice::ALL.get(index));
        let at_least = table.must("at_least").count(1_u8, 99);
        let source = table.words("source");
        let mut items: Vec<Heading> = Vec::new();
        for item in table.tables("items", &words!("nội dung", "item")) {
            let id = item.must("id").text();
            let title = item.words("name");
            item.finish();
            let (Some(id), Some(title)) = (id, title) else { continue };
            if items.iter().any(|known| known.id == id) {
                let problem = words!(
                    "nội dung {id} có hai lần",
                    "the item {id} is there twice",
                    id = quote(&id)
                );
                let remedy =
                    words!("đặt cho mỗi nội dung một mã riêng", "give each item an id of its own");
                item.error("id", "pack.duplicate-id", problem, remedy);
                continue;
            }
            items.push(Heading { id, title });
        }
        table.finish();
        if let Some(needed) = at_least.filter(|needed| usize::from(*needed) > items.len()) {
            table.error(
                "at_least",
                "pack.practice-rule",
                words!(
                    "yêu cầu {needed} nội dung, trong khi chỉ có {count}",
                    "{needed} of {count} items are asked for",
                    needed,
                    count = items.len()
                ),
                words!(
                    "không yêu cầu nhiều hơn số nội dung đang có",
                    "ask for no more items than there are"
                ),
            );
        }
        if let Some(practice) = practice.filter(|p| rules.iter().any(|rule| rule.practice == **p)) {
            let problem =
                words!("{id} có hai lần", "{id} is there twice", id = quote(practice.code()));
            let remedy = words!(
                "mỗi loại chỉ giữ một bảng tiêu chí xác nhận",
                "keep one check-list of each kind"
            );
            table.error("id", "pack.duplicate-id", problem, remedy);
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
            let problem = words!(
                "{what} kết thúc ngày {closes}, trước ngày bắt đầu {opens}",
                "{what} closes on {closes}, before it opens on {opens}",
                what = table.what(),
                closes,
                opens
            );
            let remedy =
                words!("`closes` là ngày cuối cùng của chương trình", "`closes` is its last day");
            table.error("closes", "pack.span", problem, remedy);
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
    root.tables("programme", &Noun::Programme.words()).into_iter().filter_map(read).collect()
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
    root.tables("support_ceiling", &Noun::Ceiling.words()).into_iter().filter_map(read).collect()
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
