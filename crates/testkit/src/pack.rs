//! A plan pack small enough to read at a glance.

use hoptac_model::figure::{Figure, FigureStatus};
use hoptac_model::pack::{Document, Due, Pack, Setting, StandingRule};
use hoptac_model::text::Words;
use jiff::civil::{Date, date};

/// A pack without targets. Its return is due on 31 March, so that it differs from what holds without a plan.
pub fn small_pack(id: &str) -> Pack {
    Pack {
        id: id.to_owned(),
        document: Document {
            number: "1/KH-UBND".to_owned(),
            kind: "plan".to_owned(),
            issued: date(2023, 5, 15),
            effective: date(2023, 5, 15),
            issuer: Words::new("Ủy ban nhân dân tỉnh", "Provincial People's Committee"),
            signer: String::new(),
            title: Words::new("Kế hoạch thử", "A plan for tests"),
            implements: Vec::new(),
            note: Words::default(),
        },
        setting: Setting {
            unit: "20".to_owned(),
            geography: date(2023, 5, 15),
            year_first: 2019,
            year_last: 2026,
        },
        standing: StandingRule::default(),
        objectives: Vec::new(),
        headings: Vec::new(),
        indicators: Vec::new(),
        series: Vec::new(),
        breaks: Vec::new(),
        targets: Vec::new(),
        qualitative: Vec::new(),
        agencies: Vec::new(),
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
        calendar: vec![Due {
            id: "return-organisation".to_owned(),
            who: Words::new("Tổ chức kinh tế tập thể", "Organisations"),
            what: Words::new("Báo cáo năm", "Yearly return"),
            to: Words::new("Ủy ban nhân dân cấp xã", "Commune People's Committee"),
            due: "03-31".to_owned(),
            window: String::new(),
            source: String::new(),
            status: "example".to_owned(),
        }],
        forms: Vec::new(),
        rulesets: Vec::new(),
        figures: vec![figure("population-2022", date(2022, 12, 31), 802.0)],
    }
}

/// A published figure of the series `population`.
pub fn figure(id: &str, as_of: Date, value: f64) -> Figure {
    Figure {
        id: id.to_owned(),
        indicator: "population".into(),
        unit: "20".to_owned(),
        as_of,
        period: None,
        value,
        status: FigureStatus::Final,
        source: "Niên giám thống kê".to_owned(),
        source_date: None,
        source_url: String::new(),
        note: Words::default(),
    }
}
