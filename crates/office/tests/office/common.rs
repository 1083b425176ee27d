//! A small plan that all tests share: one indicator, one target, a form, a ruleset, an agency, a figure.

use hoptac_model::figure::{Figure, FigureStatus};
use hoptac_model::organisation::{Grade, Kind};
use hoptac_model::pack::{
    Agency, Band, Document, DocumentPlace, Field, FieldType, Form, Indicator, Measure, Pack,
    Ruleset, Setting, StandingRule,
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
        tasks: Vec::new(),
        calendar: Vec::new(),
        forms: vec![Form {
            id: Form::ANNUAL_RETURN.to_owned(),
            version: 1,
            title: Words::default(),
            note: Words::default(),
            applies_to: Kind::ALL.iter().map(|kind| kind.code().to_owned()).collect(),
            sections: Vec::new(),
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
            note: Words::default(),
            bands: [(Grade::Good, 80), (Grade::Fair, 65), (Grade::Average, 50), (Grade::Weak, 0)]
                .map(|(grade, from)| Band { grade, from })
                .to_vec(),
            criteria: Vec::new(),
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
