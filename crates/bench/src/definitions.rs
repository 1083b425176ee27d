//! The definitions of the benchmark as a plan, the same for everybody.

use anyhow::{Context as _, Result};
use hoptac_model::pack::{
    Document, Field, FieldType, Form, Indicator, Measure, Pack, Setting, StandingRule,
};
use hoptac_model::target::Direction;
use hoptac_model::text::Words;
use jiff::civil::date;

use crate::nation::{YEARS, fields};

/// The definitions as they are written.
pub(crate) const INDICATORS: &str = include_str!("../indicators.tsv");

/// A pack with some of the definitions.
pub(crate) fn pack(range: &std::ops::Range<usize>) -> Result<Pack> {
    let day = date(2026, 1, 1);
    let lines: Vec<&str> = INDICATORS.lines().filter(|line| !line.starts_with('#')).collect();
    let mut indicators = Vec::new();
    for line in lines.get(range.clone()).context("fewer definitions than parts ask for")? {
        let [name, numerator, denominator, scale] =
            <[&str; 4]>::try_from(line.split('\t').collect::<Vec<_>>())
                .map_err(|_| anyhow::anyhow!("not four fields: {line}"))?;
        indicators.push(Indicator {
            id: name.into(),
            version: 1,
            valid_from: day,
            name: Words::new(name, name),
            short: Words::default(),
            definition: Words::default(),
            measure: Measure::Stock,
            unit: String::new(),
            decimals: 0,
            direction: Direction::Up,
            numerator: numerator.to_owned(),
            denominator: (!denominator.is_empty()).then(|| denominator.to_owned()),
            denominator_figure: None,
            scale: scale.parse()?,
            proxy_for: None,
            source: Words::default(),
        });
    }
    let fields = fields().into_iter().map(|(id, kind)| Field {
        id: id.to_owned(),
        section: String::new(),
        field_type: match kind {
            "flag" => FieldType::Flag,
            "money" => FieldType::Money,
            _ => FieldType::Count,
        },
        unit: String::new(),
        label: Words::new(id, id),
        help: Words::default(),
        required: false,
        prefill: None,
    });
    let form = Form {
        id: Form::ANNUAL_RETURN.to_owned(),
        version: 1,
        title: Words::default(),
        note: Words::default(),
        applies_to: Vec::new(),
        sections: Vec::new(),
        fields: fields.collect(),
        checks: Vec::new(),
    };
    Ok(Pack {
        id: "nation".to_owned(),
        document: Document {
            number: String::new(),
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
            unit: "n".to_owned(),
            geography: day,
            year_first: YEARS.0,
            year_last: YEARS.1,
        },
        standing: StandingRule::default(),
        objectives: Vec::new(),
        headings: Vec::new(),
        indicators,
        series: Vec::new(),
        breaks: Vec::new(),
        targets: Vec::new(),
        qualitative: Vec::new(),
        agencies: Vec::new(),
        task_groups: Vec::new(),
        feedback: None,
        ladder: Vec::new(),
        tasks: Vec::new(),
        calendar: Vec::new(),
        forms: vec![form],
        rulesets: Vec::new(),
        figures: Vec::new(),
        certificate_kinds: Vec::new(),
        practices: Vec::new(),
        programmes: Vec::new(),
        support_ceilings: Vec::new(),
        accepted: Vec::new(),
        law: hoptac_model::law::Law::default(),
        cascades: Vec::new(),
    })
}
