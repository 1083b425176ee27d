//! Formulas: what is read, what is refused and how it is said.

use proptest::prelude::*;

use super::*;
use crate::pack::{Field, FieldType, Form};

/// The register's columns and a small return: `members_female` (count) and `revenue` (money).
fn catalogue() -> Catalogue {
    let field = |id: &str, field_type, vi: &str, en: &str| Field {
        id: id.to_owned(),
        section: "s".to_owned(),
        field_type,
        unit: String::new(),
        label: Words::new(vi, en),
        help: Words::default(),
        required: false,
        prefill: None,
    };
    Catalogue::new(Some(&Form {
        id: Form::ANNUAL_RETURN.to_owned(),
        version: 1,
        title: Words::default(),
        note: Words::default(),
        applies_to: Vec::new(),
        sections: Vec::new(),
        checks: Vec::new(),
        fields: vec![
            field("members_female", FieldType::Count, "thành viên nữ", "female members"),
            field("revenue", FieldType::Money, "doanh thu", "revenue"),
        ],
    }))
}

/// Checks what is wrong, as `code @ the piece of text`, with the remedy where one is given.
#[track_caller]
fn refused(text: &str, want: &[(&str, &str, &str)]) {
    let problems = Formula::parse(text, &catalogue()).map(|_| ()).unwrap_err();
    let got: Vec<(&str, &str, &str)> = problems
        .iter()
        .zip(want)
        .map(|(p, (_, _, remedy))| {
            (p.code, &text[p.span.clone()], if remedy.is_empty() { "" } else { &*p.remedy.en })
        })
        .collect();
    assert_eq!(problems.len(), want.len(), "{problems:#?}");
    assert_eq!(got, want, "{problems:#?}");
    assert!(problems.iter().all(|p| Problem::CODES.contains(&p.code)));
    for Problem { message, remedy, .. } in &problems {
        assert!(message.vi != message.en && remedy.vi != remedy.en, "{problems:#?}");
    }
}

#[track_caller]
fn read(text: &str) -> Formula {
    Formula::parse(text, &catalogue()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

#[test]
fn everything_the_language_has() {
    for text in [
        "COUNT(*)",
        "count(*) filter (where Kind = 'THT' and REGISTERED)",
        "COUNT(grade)",
        "COUNT(DISTINCT organisation) FILTER (WHERE linked AND NOT suspended)",
        "COUNT(DISTINCT main_partner)",
        "SUM(capital) / 1000000",
        "AVG(revenue) FILTER (WHERE kind IN ('HTX', 'LHHTX') AND age NOT BETWEEN 1 AND 2)",
        "MEDIAN(revenue / NULLIF(members, 0)) - 0.5",
        "COALESCE(MIN(age), 0) + NULLIF(MAX(age), 3) * -2",
        "SUM(CASE WHEN sector = 'agricultural' THEN members WHEN NULL THEN 1 ELSE COALESCE(members_female, 0) END)",
        "COUNT(*) FILTER (WHERE grade IS NOT NULL AND (graded = TRUE OR COALESCE(grade, 'none') <> 'none'))",
        "COUNT(*) FILTER (WHERE commune IS NOT NULL)",
        "(COUNT(*))",
        "NULL",
        "7",
    ] {
        assert_eq!(read(text).text(), text);
    }
}

#[test]
fn operators_bind_as_in_sql() {
    for (plain, explicit) in [
        ("1 - 2 - 3 * 4 / 5", "(1 - 2) - ((3 * 4) / 5)"),
        ("-COUNT(*) * 2", "(-COUNT(*)) * 2"),
        (
            "COUNT(*) FILTER (WHERE linked OR digital AND NOT exporting)",
            "COUNT(*) FILTER (WHERE linked OR (digital AND (NOT exporting)))",
        ),
        (
            "COUNT(*) FILTER (WHERE NOT age + 1 > 2 AND age = 3 IS NULL)",
            "COUNT(*) FILTER (WHERE (NOT ((age + 1) > 2)) AND ((age = 3) IS NULL))",
        ),
        (
            "COUNT(*) FILTER (WHERE age BETWEEN 1 AND 2 AND linked)",
            "COUNT(*) FILTER (WHERE (age BETWEEN 1 AND 2) AND linked)",
        ),
        (
            "COUNT(*) FILTER (WHERE kind NOT IN ('HTX'))",
            "COUNT(*) FILTER (WHERE NOT (kind IN ('HTX')))",
        ),
    ] {
        assert_eq!(read(plain).tree(), read(explicit).tree(), "{plain}");
    }
}

#[test]
fn additive_is_one_count_or_sum() {
    assert!(read("COUNT(*)").is_additive());
    assert!(read("SUM(members) FILTER (WHERE registered)").is_additive());
    for text in ["COUNT(DISTINCT organisation)", "AVG(age)", "COUNT(*) + 1", "COUNT(*) / COUNT(*)"]
    {
        assert!(!read(text).is_additive(), "{text}");
    }
}

#[test]
fn columns_are_named_once_in_order() {
    let catalogue = catalogue();
    let formula = read("SUM(members) FILTER (WHERE kind = 'HTX' AND members > 5) / COUNT(kind)");
    let names: Vec<&str> =
        formula.columns().iter().map(|column| &*catalogue.columns()[*column].name).collect();
    assert_eq!(names, ["kind", "members"]);
}

#[test]
fn nothing_is_written() {
    refused("", &[("formula.empty", "", "")]);
    refused(" \n", &[("formula.empty", " \n", "")]);
}
#[test]
fn an_unknown_column_suggests_the_nearest() {
    refused(
        "COUNT(*) FILTER (WHERE knd = 'HTX')",
        &[("formula.unknown-column", "knd", "did you mean `kind`?")],
    );
}
#[test]
fn an_unknown_value_suggests_the_nearest() {
    refused(
        "COUNT(*) FILTER (WHERE kind = 'HTXX' OR 'good' = grade OR sector IN ('agricultural', 'Agricultural'))",
        &[
            ("formula.unknown-value", "'HTXX'", "did you mean 'HTX'?"),
            ("formula.unknown-value", "'good'", "its values are 'tot', 'kha', 'trung_binh', 'yeu'"),
            ("formula.unknown-value", "'Agricultural'", "did you mean 'agricultural'?"),
        ],
    );
}
#[test]
fn several_problems_are_told_at_once() {
    refused(
        "SUM(kind) + COUNT(*) FILTER (WHERE grad = 'tot' AND members) - SUMM(revenu)",
        &[
            ("formula.type", "kind", "count its values with COUNT(DISTINCT …)"),
            ("formula.unknown-column", "grad", "did you mean `grade`?"),
            ("formula.type", "members", "compare it, for example members >= 10"),
            ("formula.unknown-function", "SUMM", "did you mean `SUM`?"),
            ("formula.unknown-column", "revenu", "did you mean `revenue`?"),
        ],
    );
}
#[test]
fn names_are_checked_even_where_the_tree_is_lost() {
    refused(
        "COUNT(*) FILTER (WHERE registred AND",
        &[
            ("formula.unknown-column", "registred", "did you mean `registered`?"),
            ("formula.syntax", "", ""),
        ],
    );
}
#[test]
fn aggregates_do_not_nest() {
    refused(
        "SUM(COUNT(*))",
        &[(
            "formula.aggregate-inside-aggregate",
            "COUNT(*)",
            "aggregates stand side by side, for example SUM(a) / COUNT(*)",
        )],
    );
}
#[test]
fn a_column_needs_an_aggregate() {
    refused(
        "members / COUNT(*)",
        &[(
            "formula.column-outside-aggregate",
            "members",
            "write SUM(members), AVG(members) or MEDIAN(members)",
        )],
    );
    refused(
        "registered",
        &[(
            "formula.column-outside-aggregate",
            "registered",
            "write COUNT(*) FILTER (WHERE registered)",
        )],
    );
}
#[test]
fn a_condition_is_no_number() {
    refused(
        "kind = 'HTX'",
        &[(
            "formula.type",
            "kind = 'HTX'",
            "count the rows that meet it: COUNT(*) FILTER (WHERE …)",
        )],
    );
}
#[test]
fn types_must_go_together() {
    refused("SUM(registered)", &[("formula.type", "registered", "")]);
    refused("COUNT(*) FILTER (WHERE registered = 1)", &[("formula.type", "registered = 1", "")]);
    refused("COUNT(*) FILTER (WHERE kind > 'HTX')", &[("formula.type", "kind > 'HTX'", "")]);
    refused("COUNT(*) FILTER (WHERE kind = 1)", &[("formula.type", "kind = 1", "")]);
    refused(
        "COUNT(*) FILTER (WHERE organisation = commune)",
        &[("formula.type", "organisation = commune", "")],
    );
    refused("SUM(members + kind)", &[("formula.type", "kind", "")]);
    refused(
        "SUM(CASE WHEN linked THEN 1 ELSE 'x' END)",
        &[("formula.type", "CASE WHEN linked THEN 1 ELSE 'x' END", "")],
    );
    refused("SUM(*)", &[("formula.type", "*", "only COUNT(*) counts rows")]);
    refused("SUM(DISTINCT members)", &[("formula.type", "DISTINCT", "")]);
    refused(
        "COUNT(members, age)",
        &[("formula.syntax", "COUNT(members, age)", "write COUNT(column)")],
    );
}
#[test]
fn what_the_language_has_not() {
    refused("SELECT 1", &[("formula.unknown-column", "SELECT", ""), ("formula.syntax", "1", "")]);
    refused(
        "COUNT(*);",
        &[("formula.syntax", ";", "a formula is one expression without a semicolon")],
    );
    refused(
        "COUNT(*) FILTER (WHERE a != 'x')",
        &[("formula.unknown-column", "a", ""), ("formula.syntax", "!", "unequal is written <>")],
    );
    refused(
        "COUNT(*) FILTER (WHERE 1 < age < 3)",
        &[("formula.syntax", "<", "join them with AND, or write BETWEEN")],
    );
    refused("COUNT(*))", &[("formula.syntax", ")", "there is a closing parenthesis too many")]);
    refused(
        "COUNT(*) FILTER (WHERE kind = 'HTX)",
        &[("formula.syntax", "'HTX)", ""), ("formula.syntax", "", "")],
    );
    refused("đếm(*)", &[("formula.syntax", "đếm", ""), ("formula.syntax", "*", "")]);
}
#[test]
fn depth_and_length_have_an_end() {
    let deep = format!("{}1{}", "(".repeat(100), ")".repeat(100));
    assert_eq!(Formula::parse(&deep, &catalogue()).unwrap_err()[0].code, "formula.syntax");
    let chain = vec!["1"; 500].join("+");
    assert_eq!(Formula::parse(&chain, &catalogue()).unwrap_err()[0].code, "formula.syntax");
    let long = " ".repeat(Formula::TEXT_MAX) + "1";
    assert_eq!(Formula::parse(&long, &catalogue()).unwrap_err()[0].code, "formula.too-long");
}

#[track_caller]
fn said(text: &str, vi: &str, en: &str) {
    let formula = read(text);
    assert_eq!(formula.to_words(&catalogue(), Language::Vi), vi);
    assert_eq!(formula.to_words(&catalogue(), Language::En), en);
}

#[test]
fn a_count_in_words() {
    said(
        "COUNT(*) FILTER (WHERE kind IN ('HTX', 'LHHTX') AND registered AND NOT linked)",
        "Số tổ chức thỏa điều kiện: loại hình là Hợp tác xã hoặc Liên hiệp hợp tác xã; đang tồn tại; không phải “có hợp đồng liên kết”.",
        "The number of organisations that satisfy: kind is Cooperative or Union of cooperatives; exists; not “has a linkage contract”.",
    );
}
#[test]
fn a_sum_in_words() {
    said(
        "SUM(revenue) FILTER (WHERE 10 <= members AND grade IS NOT NULL) / 1000000",
        "(Tổng “doanh thu” của các tổ chức thỏa điều kiện: thành viên ít nhất 10; có số liệu “xếp loại gần nhất”) ÷ 1.000.000.",
        "(The sum of “revenue” of organisations that satisfy: members at least 10; data on “latest grade”) ÷ 1,000,000.",
    );
}

#[test]
fn a_year_is_no_quantity() {
    said(
        "COUNT(*) FILTER (WHERE grade_year BETWEEN 2024 AND 2025 AND revenue > 2024.5)",
        "Số tổ chức thỏa điều kiện: năm xếp loại từ 2024 đến 2025; doanh thu trên 2.024,5.",
        "The number of organisations that satisfy: year of the grade from 2024 to 2025; revenue over 2,024.5.",
    );
}

/// Pieces of formulas, so that random texts come near to real ones.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "COUNT(",
        "SUM(",
        "(",
        ")",
        "*",
        "members",
        "kind",
        "'HTX'",
        "=",
        "<",
        "AND",
        "OR",
        "NOT",
        "IN (",
        "BETWEEN",
        "CASE WHEN",
        "THEN",
        "ELSE",
        "END",
        "FILTER (WHERE",
        "1",
        "2.5",
        ",",
        "NULL",
        "IS",
        "+",
        "-",
        "/",
        "DISTINCT",
        "registered",
        "COALESCE(",
        "'",
        "ế",
        "nope",
    ]);
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.join(" "))
}

/// Any text is read or refused with problems that lie inside it.
#[track_caller]
fn survives(text: &str) {
    if let Err(problems) = Formula::parse(text, &catalogue()) {
        assert!(!problems.is_empty());
        for problem in problems {
            assert!(text.get(problem.span.clone()).is_some(), "{problem:?} is not inside {text:?}");
            assert!(Problem::CODES.contains(&problem.code));
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        survives(&text);
    }
    #[test]
    fn any_jumble_is_read_or_refused(text in pieces()) {
        survives(&text);
    }
}
