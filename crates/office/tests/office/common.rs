//! A small plan that all tests share: one indicator, one target, a form, a ruleset, an agency, a figure.

use hoptac_model::figure::{Figure, FigureStatus};
use hoptac_model::finding::Severity::{Error, Warning};
use hoptac_model::organisation::{Grade, Kind};
use hoptac_model::pack::{
    Agency, Band, Criterion, Document, DocumentPlace, Field, FieldType, Form, FormCheck, Indicator,
    Measure, NotGraded, Pack, PointGroup, Ruleset, Setting, StandingRule,
};
use hoptac_model::target::{Constraint, Direction, Horizon, Scope, Target};
use hoptac_model::text::Words;
use jiff::civil::Date;

/// The plan.
pub(crate) fn pack() -> Pack {
    let field = |id: &str, field_type, required| Field {
        id: id.to_owned(),
        section: "s".to_owned(),
        field_type,
        unit: String::new(),
        label: Words::new(id, id),
        help: Words::default(),
        required,
        prefill: None,
    };
    let criterion = |part: &str, max| Criterion {
        no: 1,
        part: part.to_owned(),
        group: "I".to_owned(),
        name: Words::new(part, part),
        max,
        rule: "entered".to_owned(),
        bands: Vec::new(),
        field: None,
        status: "example".to_owned(),
    };
    let check = |id: &str, severity, field: &str, expression: &str| FormCheck {
        id: id.to_owned(),
        severity,
        field: field.to_owned(),
        expression: expression.to_owned(),
        message: Words::new(format!("{field}: {{{field}}}"), format!("{field} is {{{field}}}")),
        help: Words::new("kiểm tra lại", "check it"),
    };
    let day = Date::constant(2023, 5, 15);
    let groups = Indicator {
        id: "groups".into(),
        version: 1,
        valid_from: day,
        name: Words::default(),
        short: Words::default(),
        definition: Words::default(),
        measure: Measure::Stock,
        unit: "groups".to_owned(),
        decimals: 0,
        direction: Direction::Up,
        numerator: "COUNT(*) FILTER (WHERE kind = 'THT' AND registered)".to_owned(),
        denominator: None,
        denominator_figure: None,
        scale: 1.0,
        proxy_for: None,
        source: Words::default(),
    };
    let target = Target {
        id: "T30-01".into(),
        objective: "O".to_owned(),
        heading: String::new(),
        indicator: "groups".into(),
        words: "khoảng 850".to_owned(),
        place: DocumentPlace::default(),
        label: Words::default(),
        paraphrase: Words::default(),
        constraint: Constraint::About { value: 850.0, tolerance: 0.05 },
        horizon: Horizon::Year { year: 2030 },
        scope: Scope::Plan,
        sector: None,
        population: Words::default(),
        of_which: None,
        readings: Vec::new(),
        baseline: None,
        note: Words::default(),
    };
    Pack {
        id: "test".to_owned(),
        document: Document {
            number: "1/KH".to_owned(),
            kind: "plan".to_owned(),
            issued: day,
            effective: day,
            issuer: Words::default(),
            signer: String::new(),
            title: Words::default(),
            implements: Vec::new(),
            note: Words::default(),
        },
        setting: Setting {
            unit: "20".to_owned(),
            geography: day,
            year_first: 2019,
            year_last: 2026,
        },
        standing: StandingRule::default(),
        objectives: Vec::new(),
        headings: Vec::new(),
        indicators: vec![groups],
        series: Vec::new(),
        breaks: Vec::new(),
        targets: vec![target],
        qualitative: Vec::new(),
        agencies: vec![Agency {
            id: "so-cong-thuong".to_owned(),
            name: Words::default(),
            note: Words::default(),
            valid_from: None,
            valid_to: None,
            successor: None,
        }],
        task_groups: Vec::new(),
        feedback: None,
        ladder: Vec::new(),
        tasks: Vec::new(),
        accepted: Vec::new(),
        law: hoptac_model::law::Law::default(),
        cascades: Vec::new(),
        certificate_kinds: Vec::new(),
        practices: Vec::new(),
        programmes: Vec::new(),
        support_ceilings: Vec::new(),
        calendar: Vec::new(),
        forms: vec![Form {
            id: Form::ANNUAL_RETURN.to_owned(),
            version: 1,
            title: Words::default(),
            note: Words::default(),
            applies_to: Kind::ALL.iter().map(|kind| kind.code().to_owned()).collect(),
            sections: Vec::new(),
            checks: vec![
                check(
                    "women-among-members",
                    Error,
                    "members_female",
                    "members_female <= members_total",
                ),
                check("women-among-workers", Error, "workers_female", "workers_female <= workers"),
                check("revenue-not-negative", Error, "revenue", "revenue >= 0"),
                check(
                    "profit-above-revenue",
                    Warning,
                    "profit_before_tax",
                    "profit_before_tax <= revenue",
                ),
                check(
                    "members-differ",
                    Warning,
                    "members_total",
                    "kind = 'LHHTX' OR (members_total <= 2 * members AND 2 * members_total >= members)",
                ),
                check(
                    "revenue-tenfold",
                    Warning,
                    "revenue",
                    "last_revenue <= 0 OR revenue < 10 * last_revenue",
                ),
            ],
            fields: vec![
                field("members_total", FieldType::Count, true),
                field("members_female", FieldType::Count, false),
                field("workers", FieldType::Count, true),
                field("workers_female", FieldType::Count, false),
                field("revenue", FieldType::Money, true),
                field("profit_before_tax", FieldType::Money, true),
                field("keeps_books", FieldType::Flag, false),
            ],
        }],
        rulesets: vec![Ruleset {
            id: "tt01-2020".to_owned(),
            title: Words::default(),
            source: "TT 01/2020/TT-BKHĐT".to_owned(),
            valid_from: Date::constant(2020, 4, 1),
            version: 1,
            sector: None,
            based_on: None,
            not_graded: NotGraded { founded_under_months: Some(12), stopped_over_months: Some(3) },
            weak_if_fined: false,
            groups: vec![PointGroup {
                id: "I".to_owned(),
                title: Words::default(),
                max: Some(100),
                status: "example".to_owned(),
            }],
            note: Words::default(),
            bands: [(Grade::Good, 80), (Grade::Fair, 65), (Grade::Average, 50), (Grade::Weak, 0)]
                .map(|(grade, from)| Band { grade, from })
                .to_vec(),
            criteria: vec![criterion("a", Some(50)), criterion("b", None)],
        }],
        figures: vec![figure("groups-2022")],
    }
}

/// A published figure about the province.
pub(crate) fn figure(id: &str) -> Figure {
    Figure {
        id: id.to_owned(),
        indicator: "groups".into(),
        unit: "20".to_owned(),
        as_of: Date::constant(2022, 6, 30),
        period: None,
        value: 206.0,
        status: FigureStatus::Final,
        source: "180/KH-UBND".to_owned(),
        source_date: Some(Date::constant(2022, 8, 17)),
        source_url: String::new(),
        note: Words::default(),
    }
}
