//! A small plan for the tests of the rules: three districts, a dozen indicators, targets as a test asks for them.

use jiff::civil::{Date, date};

use super::{Code, PlanFinding, Question, check};
use crate::figure::{Figure, FigureStatus};
use crate::ids::{IndicatorId, TargetId, UnitId};
use crate::pack::{
    Agency, Document, DocumentPlace, Indicator, Measure, Pack, Series, Setting, StandingRule, Task,
};
use crate::period::Period;
use crate::target::{Baseline, Constraint, Direction, Horizon, Scope, Target};
use crate::text::Words;
use crate::unit::{Level, Places, Unit};

pub(super) struct World {
    pub(super) pack: Pack,
    pub(super) figures: bool,
    units: Vec<Unit>,
}

pub(super) fn about(value: f64) -> Constraint {
    Constraint::About { value, tolerance: 0.05 }
}

pub(super) fn between(low: f64, high: f64) -> Constraint {
    Constraint::Between { low, high }
}

pub(super) fn at_least_up_to(value: f64, top: f64) -> Constraint {
    Constraint::AtLeast { value, expected_up_to: Some(top) }
}

pub(super) fn at_end_of(year: i16) -> Horizon {
    Horizon::Year { year }
}

pub(super) fn yearly(from: i16, to: i16) -> Horizon {
    Horizon::Yearly { from, to }
}

fn same(text: &str) -> Words {
    Words::new(text, text)
}

impl World {
    /// The day on which acceptances are judged.
    pub(super) const DAY: Date = Date::constant(2026, 1, 15);

    pub(super) fn new() -> Self {
        let mut world = Self { pack: pack(), figures: false, units: units() };
        for (id, kind) in [("groups", "THT"), ("cooperatives", "HTX"), ("unions", "LHHTX")] {
            let all = format!("kind = '{kind}' AND registered");
            let crafts = format!("{all} AND sector = 'non_agricultural'");
            let founded = format!("kind = '{kind}' AND founded");
            let ceased = format!("kind = '{kind}' AND ceased");
            world.stock(id, id, &count(&all));
            world.stock(&format!("{id}_crafts"), id, &count(&crafts));
            world.stock(&format!("{id}_members"), "members", &sum(&all));
            world.stock(&format!("{id}_crafts_members"), "members", &sum(&crafts));
            world.flow(&format!("{id}_founded"), id, &count(&founded));
            world.flow(&format!("{id}_ceased"), id, &count(&ceased));
            world.flow(
                &format!("{id}_net"),
                id,
                &format!("{} - {}", count(&founded), count(&ceased)),
            );
            let declared = format!("COUNT(members) FILTER (WHERE {all})");
            world.ratio(
                &format!("{id}_average"),
                "members_per_organisation",
                1.0,
                &sum(&all),
                &declared,
            );
        }
        let good = "registered AND graded AND grade IN ('tot', 'kha')";
        world.share("good_share", good, "registered");
        world.share(
            "good_share_gradable",
            &format!("{good} AND gradable"),
            "registered AND gradable",
        );
        world.share("linked_share_good", &format!("{good} AND linked"), good);
        let members = sum("kind IN ('THT', 'HTX') AND registered");
        world.ratio("population_share", "percent", 100.0, &members, "");
        let share = world.pack.indicators.last_mut().unwrap();
        share.denominator = None;
        share.denominator_figure = Some(IndicatorId::new("population"));
        world.pack.series.push(Series {
            id: IndicatorId::new("population"),
            name: same("Dân số"),
            unit: "persons".to_owned(),
        });
        world
    }

    /// The findings of a code.
    pub(super) fn of(&self, code: Code) -> Vec<PlanFinding> {
        let places = Places::new(self.units.clone(), Vec::new());
        let question = Question {
            pack: &self.pack,
            places: Some(&places),
            figures: self.figures,
            day: Self::DAY,
        };
        check(&question).into_iter().filter(|finding| finding.code == code).collect()
    }

    fn indicator(&mut self, id: &str, measure: Measure, unit: &str, numerator: &str) {
        self.pack.indicators.push(Indicator {
            id: IndicatorId::new(id),
            version: 1,
            valid_from: date(2012, 1, 1),
            name: same(id),
            short: same(id),
            definition: same(id),
            measure,
            unit: unit.to_owned(),
            decimals: 0,
            direction: Direction::Up,
            numerator: numerator.to_owned(),
            denominator: None,
            denominator_figure: None,
            scale: 1.0,
            proxy_for: None,
            source: Words::default(),
        });
    }

    fn stock(&mut self, id: &str, unit: &str, numerator: &str) {
        self.indicator(id, Measure::Stock, unit, numerator);
    }

    fn flow(&mut self, id: &str, unit: &str, numerator: &str) {
        self.indicator(id, Measure::Flow, unit, numerator);
    }

    fn ratio(&mut self, id: &str, unit: &str, scale: f64, numerator: &str, denominator: &str) {
        self.indicator(id, Measure::Ratio, unit, numerator);
        let made = self.pack.indicators.last_mut().unwrap();
        made.denominator = Some(denominator.to_owned());
        made.scale = scale;
    }

    fn share(&mut self, id: &str, part: &str, whole: &str) {
        self.ratio(id, "percent", 100.0, &count(part), &count(whole));
    }

    pub(super) fn target(
        &mut self,
        id: &str,
        indicator: &str,
        constraint: Constraint,
        horizon: Horizon,
    ) {
        self.pack.targets.push(Target {
            id: TargetId::new(id),
            objective: "O".to_owned(),
            heading: "H".to_owned(),
            indicator: IndicatorId::new(indicator),
            words: "các chữ của văn bản".to_owned(),
            place: DocumentPlace::default(),
            label: same(id),
            paraphrase: same(id),
            constraint,
            horizon,
            scope: Scope::Plan,
            sector: None,
            population: same("tất cả"),
            of_which: None,
            readings: Vec::new(),
            baseline: None,
            note: Words::default(),
        });
    }

    pub(super) fn count(&mut self, id: &str, kind: &str, constraint: Constraint, by: Horizon) {
        self.target(id, kind, constraint, by);
    }

    pub(super) fn founded(&mut self, id: &str, kind: &str, constraint: Constraint, by: Horizon) {
        self.target(id, &format!("{kind}_founded"), constraint, by);
    }

    fn find(&mut self, id: &str) -> &mut Target {
        self.pack.targets.iter_mut().find(|target| target.id.as_str() == id).unwrap()
    }

    pub(super) fn each_district(&mut self, id: &str) {
        self.find(id).scope = Scope::Each(Level::District);
    }

    /// Gives a target a published baseline at the end of 2022.
    pub(super) fn baseline(&mut self, id: &str, series: &str, value: f64) {
        let as_of = date(2022, 12, 31);
        self.find(id).baseline = Some(Baseline::Figure { series: IndicatorId::new(series), as_of });
        self.figure(series, as_of, value);
    }

    pub(super) fn figure(&mut self, series: &str, as_of: Date, value: f64) {
        self.pack.figures.push(Figure {
            id: format!("{series}.{as_of}"),
            indicator: IndicatorId::new(series),
            unit: "99".to_owned(),
            as_of,
            period: None::<Period>,
            value,
            status: FigureStatus::Final,
            source: "Báo cáo".to_owned(),
            source_date: None,
            source_url: String::new(),
            note: Words::default(),
        });
    }

    pub(super) fn task(&mut self, indicator: &str, lead: Option<&str>, recurrence: Option<&str>) {
        self.pack.tasks.push(Task {
            id: format!("N{}", self.pack.tasks.len()),
            group: "P20".to_owned(),
            title: same("Nhiệm vụ"),
            lead: lead.map(str::to_owned),
            with: Vec::new(),
            indicators: vec![IndicatorId::new(indicator)],
            due: None,
            recurrence: recurrence.and_then(crate::task::Recurrence::from_code),
            note: Words::default(),
        });
    }

    pub(super) fn end_districts(&mut self, last: Date) {
        for unit in self.units.iter_mut().filter(|unit| unit.level == Level::District) {
            unit.valid_to = Some(last);
        }
    }
}

fn count(condition: &str) -> String {
    format!("COUNT(*) FILTER (WHERE {condition})")
}

fn sum(condition: &str) -> String {
    format!("SUM(members) FILTER (WHERE {condition})")
}

fn units() -> Vec<Unit> {
    let unit = |code: &str, level: Level, parent: Option<&str>| Unit {
        id: UnitId::new(code),
        code: code.to_owned(),
        level,
        name: code.to_owned(),
        parent: parent.map(UnitId::new),
        lat_e4: None,
        lon_e4: None,
        valid_from: None,
        valid_to: None,
    };
    vec![
        unit("99", Level::Province, None),
        unit("991", Level::District, Some("99")),
        unit("992", Level::District, Some("99")),
        unit("993", Level::District, Some("99")),
        // A district of another province does not count.
        unit("98", Level::Province, None),
        unit("981", Level::District, Some("98")),
    ]
}

fn pack() -> Pack {
    let issued = date(2023, 1, 15);
    Pack {
        id: "small".to_owned(),
        document: Document {
            number: "1/KH-UBND".to_owned(),
            kind: "plan".to_owned(),
            issued,
            effective: issued,
            issuer: same("Ủy ban nhân dân tỉnh"),
            signer: String::new(),
            title: same("Kế hoạch"),
            implements: Vec::new(),
            note: Words::default(),
        },
        setting: Setting {
            unit: "99".to_owned(),
            geography: issued,
            year_first: 2020,
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
        agencies: vec![Agency {
            id: "so-tai-chinh".to_owned(),
            name: same("Sở Tài chính"),
            note: Words::default(),
            valid_from: None,
            valid_to: None,
            successor: None,
        }],
        task_groups: Vec::new(),
        feedback: None,
        ladder: Vec::new(),
        tasks: Vec::new(),
        calendar: Vec::new(),
        forms: Vec::new(),
        rulesets: Vec::new(),
        figures: Vec::new(),
        accepted: Vec::new(),
        law: crate::law::Law::default(),
        cascades: Vec::new(),
        certificate_kinds: Vec::new(),
        practices: Vec::new(),
        programmes: Vec::new(),
        support_ceilings: Vec::new(),
    }
}
