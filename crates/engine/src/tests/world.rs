//! A small province to test with, and short ways to fill its register.

use hoptac_model::ids::UnitId;
use hoptac_model::member::{MemberClass, MemberKind, Tally};
use hoptac_model::organisation::{Grade, Kind, Organisation, Sector, Status};
use hoptac_model::pack::{
    Document, DocumentPlace, Field, FieldType, Form, Indicator, Measure, Pack, Setting,
    StandingRule,
};
use hoptac_model::register::{AnnualReturn, GradeDecision, Register, RollCount, State};
use hoptac_model::roll::RollSpan;
use hoptac_model::target::{Constraint, Direction, Horizon, Scope, Target};
use hoptac_model::text::Words;
use hoptac_model::unit::{Level, Places, Successor, Unit};
use jiff::civil::Date;

use crate::board::{Board, Question};

pub(crate) fn day(text: &str) -> Date {
    hoptac_model::date::parse(text).unwrap()
}

/// The last day of the old places and the first of the new.
pub(crate) const OLD: &str = "2025-06-30";
pub(crate) const NEW: &str = "2025-07-01";

/// Province `20` with districts `d1` (communes `c1`, `c2`) and `d2` (`c3`) until 30 June 2025. Then `n1` follows `c1` and
/// `c2`, and `n2` follows `c3`. Province `99` has the commune `x1`.
pub(crate) fn places() -> Places {
    let unit = |id: &str, level, parent: Option<&str>, from: Option<&str>, to: Option<&str>| Unit {
        id: id.into(),
        code: id.to_owned(),
        level,
        name: id.to_owned(),
        parent: parent.map(UnitId::from),
        lat_e4: None,
        lon_e4: None,
        valid_from: from.map(day),
        valid_to: to.map(day),
    };
    let old = |id, level, parent| unit(id, level, Some(parent), None, Some(OLD));
    let new = |id| unit(id, Level::Commune, Some("20"), Some(NEW), None);
    let follows = |old: &str, new: &str| Successor {
        old: old.into(),
        new: new.into(),
        whole: true,
        default: true,
    };
    Places::new(
        [
            unit("20", Level::Province, None, None, None),
            old("d1", Level::District, "20"),
            old("d2", Level::District, "20"),
            old("c1", Level::Commune, "d1"),
            old("c2", Level::Commune, "d1"),
            old("c3", Level::Commune, "d2"),
            new("n1"),
            new("n2"),
            unit("99", Level::Province, None, None, None),
            unit("x1", Level::Commune, Some("99"), None, None),
        ],
        vec![follows("c1", "n1"), follows("c2", "n1"), follows("c3", "n2")],
    )
}

/// Puts an organisation into the register, with the state that it was founded in.
pub(crate) fn establish(
    register: &mut Register,
    kind: Kind,
    seat: &str,
    founded: &str,
    members: Option<i64>,
) -> u32 {
    let index = u32::try_from(register.organisations.len()).unwrap();
    register.organisations.push(Organisation {
        id: format!("01890000-0000-7000-8000-{index:012}").parse().unwrap(),
        code: None,
        name: format!("{} {index}", kind.code()),
        founded_on: day(founded),
        synthetic: false,
    });
    register.states.push(State {
        organisation: index,
        from: day(founded),
        position: 1,
        kind,
        status: Status::Operating,
        seat: seat.into(),
        seat_former: None,
        sector: Sector::Agricultural,
        vsic: 'A',
        difficult_area: false,
        members,
        capital: None,
    });
    index
}

/// Adds a state that differs from the latest one.
pub(crate) fn then(
    register: &mut Register,
    organisation: u32,
    from: &str,
    change: impl FnOnce(&mut State),
) {
    let latest = register.states.iter().filter(|s| s.organisation == organisation);
    let mut state = latest.max_by_key(|s| (s.from, s.position)).unwrap().clone();
    state.from = day(from);
    state.position += 1;
    change(&mut state);
    register.states.push(state);
    register.states.sort_by_key(|s| (s.organisation, s.from, s.position));
}

/// Accepts a return with `revenue` and `women_lead`.
pub(crate) fn file(
    register: &mut Register,
    organisation: u32,
    year: i16,
    on: &str,
    values: [Option<i64>; 2],
) {
    let named = ["revenue", "women_lead"].into_iter().zip(values);
    let filled = named.filter_map(|(name, value)| Some((name, value?)));
    let filed = AnnualReturn { organisation, year, on: day(on), late: false, row: 0 };
    register.file_return(filed, filled);
}

pub(crate) fn grade(register: &mut Register, organisation: u32, year: i16, on: &str, grade: Grade) {
    register.grades.push(GradeDecision {
        organisation,
        year,
        on: day(on),
        ruleset: "tt01-2020".to_owned(),
        score_tenths: 700,
        grade,
    });
}

/// An indicator without a denominator.
pub(crate) fn indicator(id: &str, measure: Measure, numerator: &str) -> Indicator {
    Indicator {
        id: id.into(),
        version: 1,
        valid_from: day("2012-01-01"),
        name: Words::new(id, id),
        short: Words::new(id, id),
        definition: Words::default(),
        measure,
        unit: "organisations".to_owned(),
        decimals: 0,
        direction: Direction::Up,
        numerator: numerator.to_owned(),
        denominator: None,
        denominator_figure: None,
        scale: 1.0,
        proxy_for: None,
        source: Words::default(),
    }
}

/// A share in percent.
pub(crate) fn share(id: &str, numerator: &str, denominator: &str) -> Indicator {
    Indicator {
        denominator: Some(denominator.to_owned()),
        scale: 100.0,
        ..indicator(id, Measure::Ratio, numerator)
    }
}

/// A target of the plan for the end of 2030.
pub(crate) fn target(id: &str, indicator: &str, constraint: Constraint) -> Target {
    Target {
        id: id.into(),
        objective: "O".to_owned(),
        heading: String::new(),
        indicator: indicator.into(),
        words: String::new(),
        place: DocumentPlace::default(),
        label: Words::default(),
        paraphrase: Words::default(),
        constraint,
        horizon: Horizon::Year { year: 2030 },
        scope: Scope::Plan,
        sector: None,
        population: Words::default(),
        of_which: None,
        readings: Vec::new(),
        baseline: None,
        note: Words::default(),
    }
}

/// A plan of province `20` from 2022 to 2026, on the old places.
pub(crate) fn pack(indicators: Vec<Indicator>, targets: Vec<Target>) -> Pack {
    let field = |id: &str, field_type| Field {
        id: id.to_owned(),
        section: String::new(),
        field_type,
        unit: String::new(),
        label: Words::new(id, id),
        help: Words::default(),
        required: false,
        prefill: None,
    };
    Pack {
        id: "test".to_owned(),
        document: Document {
            number: String::new(),
            kind: "plan".to_owned(),
            issued: day("2023-05-15"),
            effective: day("2023-05-15"),
            issuer: Words::default(),
            signer: String::new(),
            title: Words::default(),
            implements: Vec::new(),
            note: Words::default(),
        },
        setting: Setting {
            unit: "20".to_owned(),
            geography: day("2023-05-15"),
            year_first: 2022,
            year_last: 2026,
        },
        standing: StandingRule::default(),
        objectives: Vec::new(),
        headings: Vec::new(),
        indicators,
        series: Vec::new(),
        breaks: Vec::new(),
        targets,
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
        calendar: Vec::new(),
        forms: vec![Form {
            id: Form::ANNUAL_RETURN.to_owned(),
            version: 1,
            title: Words::default(),
            note: Words::default(),
            applies_to: Vec::new(),
            sections: Vec::new(),
            checks: Vec::new(),
            fields: vec![
                field("revenue", FieldType::Money),
                field("women_lead", FieldType::Flag),
                field("not_in_register", FieldType::Count),
            ],
        }],
        rulesets: Vec::new(),
        figures: Vec::new(),
    }
}

/// The board of a day, on the places of a day.
pub(crate) fn board(register: &Register, pack: &Pack, as_of: &str, geography: &str) -> Board {
    let question = Question { as_of: day(as_of), geography: day(geography) };
    Board::compute(register, &places(), pack, question)
}

/// The value of one formula for one unit and year.
pub(crate) fn ask(
    register: &Register,
    formula: &str,
    unit: &str,
    year: i16,
    as_of: &str,
) -> Option<f64> {
    let pack = pack(vec![indicator("asked", Measure::Stock, formula)], Vec::new());
    let geography = if unit.starts_with('n') { NEW } else { OLD };
    let board = board(register, &pack, as_of, geography);
    board.cell(&"asked".into(), &unit.into(), year).unwrap().value
}

/// Puts somebody on a roll from a day on, until before another.
pub(crate) fn enrol(
    register: &mut Register,
    organisation: u32,
    person: u32,
    from: Date,
    until: Option<Date>,
) {
    let (kind, class) = (MemberKind::Person, MemberClass::Official);
    register.roll_spans.push(RollSpan {
        organisation,
        person,
        kind,
        class,
        capital: 0,
        from,
        until,
    });
    register.roll_counts.push(RollCount { organisation, on: from, tally: Tally::default() });
}
