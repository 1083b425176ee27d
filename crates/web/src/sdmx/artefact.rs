//! What there is: flows with their structures, the concepts that they speak of, the codes that may stand in a key.

use hoptac_model::pack::{Indicator, Pack};
use hoptac_model::standing::Standing;
use hoptac_model::text::{Words, did_you_mean, nearest};
use hoptac_model::unit::Unit;
use hoptac_model::words;

use super::query::{References, Wanted};
use crate::api::problem::Problem;
use crate::api::sight::plan_of;
use crate::app::Published;

/// Who maintains all of it.
pub(super) const AGENCY: &str = "HOPTAC";
/// The version of all of it. Two numbers are a version that may change in the standard's sense: codes are added with plans and
/// places, and none is given another meaning.
pub(super) const VERSION: &str = "1.0";
/// The scheme of all concepts.
pub(super) const SCHEME: &str = "CS_HOPTAC";

/// Something with an identity and names.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) id: String,
    pub(super) names: Words,
    /// What should be known about it; empty where nothing is.
    pub(super) about: Words,
    /// The code above it.
    pub(super) parent: Option<String>,
}

/// Codes with their meanings.
#[derive(Clone, Debug)]
pub(super) struct Codelist {
    pub(super) id: &'static str,
    pub(super) names: Words,
    pub(super) codes: Vec<Named>,
}

/// What a component is in its structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Dimension,
    Time,
    Measure,
    /// Said of each observation.
    OfObservation,
    /// Said of a whole series.
    OfSeries,
}

/// What stands in a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Codes(&'static str),
    Number,
    Whole,
    Period,
}

impl Form {
    /// The type of its values where they are no codes.
    pub(super) fn type_name(self) -> &'static str {
        match self {
            Self::Codes(_) => "String",
            Self::Number => "Double",
            Self::Whole => "Integer",
            Self::Period => "ObservationalTimePeriod",
        }
    }
}

/// A component of a structure; its concept has the same identity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Component {
    pub(super) id: &'static str,
    pub(super) part: Part,
    pub(super) form: Form,
}

const fn component(id: &'static str, part: Part, form: Form) -> Component {
    Component { id, part, form }
}

/// A flow of data, with the structure of the same identity.
#[derive(Debug)]
pub(super) struct Flow {
    pub(super) id: &'static str,
    pub(super) names: (&'static str, &'static str),
    pub(super) about: (&'static str, &'static str),
    pub(super) components: &'static [Component],
}

impl Flow {
    /// The identity of its structure.
    pub(super) fn structure(&self) -> String {
        format!("DSD_{}", self.id)
    }

    /// The dimensions that make a key, in order.
    pub(super) fn dimensions(&self) -> impl Iterator<Item = &'static Component> {
        self.components.iter().filter(|one| one.part == Part::Dimension)
    }

    /// The attributes, in order.
    pub(super) fn attributes(&self) -> impl Iterator<Item = &'static Component> {
        let is_attribute = |part| matches!(part, Part::OfObservation | Part::OfSeries);
        self.components.iter().filter(move |one| is_attribute(one.part))
    }
}

/// The values of indicators by unit and year.
pub(super) static INDICATORS: Flow = Flow {
    id: "INDICATORS",
    names: ("Giá trị chỉ tiêu theo đơn vị và năm", "Values of indicators by unit and year"),
    about: (
        "Tính từ sổ đăng ký. Năm đã qua: hiện trạng ngày cuối năm; năm đang chạy: hiện trạng hôm nay, đánh dấu tạm tính.",
        "Computed from the register. Past years as of their last day; the running year as of today, marked as provisional.",
    ),
    components: &[
        component("FREQ", Part::Dimension, Form::Codes("CL_FREQ")),
        component("REF_AREA", Part::Dimension, Form::Codes("CL_AREA")),
        component("INDICATOR", Part::Dimension, Form::Codes("CL_INDICATOR")),
        component("TIME_PERIOD", Part::Time, Form::Period),
        component("OBS_VALUE", Part::Measure, Form::Number),
        component("OBS_STATUS", Part::OfObservation, Form::Codes("CL_OBS_STATUS")),
        component("UNIT_MEASURE", Part::OfSeries, Form::Codes("CL_UNIT_MEASURE")),
        component("FORMULA_VERSION", Part::OfSeries, Form::Whole),
        component("LEDGER_POSITION", Part::OfSeries, Form::Whole),
    ],
};
/// Where the targets stand.
pub(super) static TARGETS: Flow = Flow {
    id: "TARGETS",
    names: ("Chỉ tiêu kế hoạch theo đơn vị", "Targets of the plan by unit"),
    about: (
        "Giá trị và tình trạng của từng chỉ tiêu kế hoạch vào một ngày; c[TIME_PERIOD]=2025-12-31 hỏi ngày khác hôm nay.",
        "The value of each target and where it stands on a day; c[TIME_PERIOD]=2025-12-31 asks another day than today.",
    ),
    components: &[
        component("FREQ", Part::Dimension, Form::Codes("CL_FREQ")),
        component("REF_AREA", Part::Dimension, Form::Codes("CL_AREA")),
        component("TARGET", Part::Dimension, Form::Codes("CL_TARGET")),
        component("TIME_PERIOD", Part::Time, Form::Period),
        component("OBS_VALUE", Part::Measure, Form::Number),
        component("OBS_STATUS", Part::OfObservation, Form::Codes("CL_OBS_STATUS")),
        component("STANDING", Part::OfObservation, Form::Codes("CL_STANDING")),
        component("EXPECTED", Part::OfObservation, Form::Number),
        component("UNIT_MEASURE", Part::OfSeries, Form::Codes("CL_UNIT_MEASURE")),
        component("LEDGER_POSITION", Part::OfSeries, Form::Whole),
    ],
};

/// All flows.
pub(super) static FLOWS: [&Flow; 2] = [&INDICATORS, &TARGETS];

const CONCEPTS: [(&str, &str, &str); 12] = [
    ("FREQ", "Tần suất", "Frequency"),
    ("REF_AREA", "Đơn vị hành chính", "Administrative unit"),
    ("INDICATOR", "Chỉ tiêu đo", "Indicator"),
    ("TARGET", "Chỉ tiêu kế hoạch", "Target of the plan"),
    ("TIME_PERIOD", "Thời kỳ", "Time period"),
    ("OBS_VALUE", "Giá trị", "Value"),
    ("OBS_STATUS", "Tình trạng số liệu", "Status of the value"),
    ("STANDING", "Tình trạng thực hiện", "Where the target stands"),
    (
        "EXPECTED",
        "Mức cần có vào ngày đó theo đường đi tới mục tiêu",
        "What the line to the goal asks for on the day",
    ),
    ("UNIT_MEASURE", "Đơn vị tính", "Unit of measurement"),
    ("FORMULA_VERSION", "Phiên bản công thức", "Version of the formula"),
    ("LEDGER_POSITION", "Vị trí sổ cái của số liệu", "Ledger position of the figures"),
];

/// The code of a unit: its identity, as the standard allows codes that others stand below.
pub(super) fn area(unit: &Unit) -> String {
    format!("VN_{}", unit.id.as_str().replace('.', "_"))
}

/// All concepts.
pub(super) fn concepts() -> Vec<Named> {
    let named = |(id, vi, en): (&str, &str, &str)| code(id, Words::new(vi, en));
    CONCEPTS.into_iter().map(named).collect()
}

fn code(id: &str, names: Words) -> Named {
    Named { id: id.to_owned(), names, about: Words::default(), parent: None }
}

/// All codelists of a state; none before a plan was adopted.
pub(super) fn of_state(published: &Published) -> Vec<Codelist> {
    published.pack.as_ref().map_or_else(Vec::new, |pack| codelists(published, pack))
}

/// All codelists, as plan and places have them.
fn codelists(published: &Published, pack: &Pack) -> Vec<Codelist> {
    let places = &published.places;
    let areas = places.all().map(|unit| Named {
        id: area(unit),
        names: Words::verbatim(&unit.name),
        about: Words::default(),
        parent: places.ancestry(&unit.id).into_iter().find(|above| above.id != unit.id).map(area),
    });
    let indicators = pack.indicators.iter().map(|one| Named {
        id: one.id.to_string(),
        names: one.name.clone(),
        about: definition(one),
        parent: None,
    });
    let targets = pack.targets.iter().map(|one| Named {
        id: one.id.to_string(),
        names: one.label.clone(),
        about: one.paraphrase.clone(),
        parent: None,
    });
    let codes = |all: &[(&str, &str, &str)]| {
        all.iter().map(|(id, vi, en)| code(id, Words::new(*vi, *en))).collect::<Vec<_>>()
    };
    let standings = Standing::ALL.into_iter().map(|one| code(one.code(), one.words()));
    vec![
        Codelist {
            id: "CL_FREQ",
            names: Words::new("Tần suất", "Frequency"),
            codes: codes(&[("A", "Hằng năm", "Annual"), ("D", "Hằng ngày", "Daily")]),
        },
        Codelist {
            id: "CL_AREA",
            names: Words::new("Đơn vị hành chính", "Administrative units"),
            codes: areas.collect(),
        },
        Codelist {
            id: "CL_INDICATOR",
            names: Words::new("Chỉ tiêu đo", "Indicators"),
            codes: indicators.collect(),
        },
        Codelist {
            id: "CL_TARGET",
            names: Words::new("Chỉ tiêu kế hoạch", "Targets of the plan"),
            codes: targets.collect(),
        },
        Codelist {
            id: "CL_OBS_STATUS",
            names: Words::new("Tình trạng số liệu", "Status of values"),
            codes: codes(&[
                ("A", "Bình thường", "Normal value"),
                ("P", "Tạm tính: năm chưa hết", "Provisional: the year is not over"),
                ("O", "Thiếu dữ liệu", "Missing value"),
            ]),
        },
        Codelist {
            id: "CL_STANDING",
            names: Words::new("Tình trạng thực hiện", "Where targets stand"),
            codes: standings.collect(),
        },
        Codelist {
            id: "CL_UNIT_MEASURE",
            names: Words::new("Đơn vị tính", "Units of measurement"),
            codes: codes(&Indicator::UNITS),
        },
    ]
}

/// What an indicator counts, and by which formula.
fn definition(indicator: &Indicator) -> Words {
    let formula = match (&indicator.denominator, &indicator.denominator_figure) {
        (Some(denominator), _) => format!("({}) / ({denominator})", indicator.numerator),
        (None, Some(figure)) => format!("({}) / {figure}", indicator.numerator),
        (None, None) => indicator.numerator.clone(),
    };
    words!(
        "{definition} Công thức (phiên bản {version}): {formula}",
        "{definition} Formula (version {version}): {formula}",
        definition = indicator.definition.clone(),
        version = u64::from(indicator.version),
        formula
    )
}

/// What was chosen of it, in the order in which it is sent.
pub(super) struct Chosen {
    pub(super) flows: Vec<&'static Flow>,
    pub(super) structures: Vec<&'static Flow>,
    pub(super) concepts: bool,
    pub(super) codelists: Vec<Codelist>,
}

/// What an address asks, with what it refers to where that is asked.
pub(super) fn choose(published: &Published, wanted: &Wanted) -> Result<Chosen, Problem> {
    let all = codelists(published, plan_of(published)?);
    let is_ours = wanted.agency_is(AGENCY) && wanted.version_is(VERSION);
    let names = |kind: &str, id: &str| is_ours && wanted.kind_is(kind) && wanted.id_is(id);
    let mut flow: Vec<bool> = FLOWS.iter().map(|one| names("dataflow", one.id)).collect();
    let mut structure: Vec<bool> =
        FLOWS.iter().map(|one| names("datastructure", &one.structure())).collect();
    let mut list: Vec<bool> = all.iter().map(|one| names("codelist", one.id)).collect();
    let mut concepts = names("conceptscheme", SCHEME);
    if !concepts && ![&flow, &structure, &list].into_iter().flatten().any(|one| *one) {
        return Err(nothing(wanted, &all));
    }
    let uses = |at: usize, id: &str| {
        FLOWS.get(at).is_some_and(|one| {
            one.components.iter().any(|one| matches!(one.form, Form::Codes(list) if list == id))
        })
    };
    if wanted.references.up() {
        for at in 0..FLOWS.len() {
            let used = all.iter().zip(&list).any(|(one, chosen)| *chosen && uses(at, one.id));
            if let Some(structure) = structure.get_mut(at) {
                *structure = *structure || used || concepts;
                // Above a structure there is its flow.
                if wanted.references != References::Parents || *structure && !used && !concepts {
                    flow.get_mut(at).into_iter().for_each(|flow| *flow = *flow || *structure);
                }
            }
        }
    }
    if wanted.references.down() {
        let begun = structure.clone();
        for (structure, flow) in structure.iter_mut().zip(&flow) {
            *structure = *structure || *flow;
        }
        let deep = wanted.references != References::Children;
        for (at, chosen) in structure.iter().enumerate() {
            // The children of a flow are its structure alone.
            if *chosen && (deep || begun.get(at) == Some(&true)) {
                concepts = true;
                for (one, list) in all.iter().zip(&mut list) {
                    *list = *list || uses(at, one.id);
                }
            }
        }
    }
    let of = |chosen: &[bool]| {
        FLOWS
            .iter()
            .copied()
            .zip(chosen)
            .filter(|(_, chosen)| **chosen)
            .map(|(one, _)| one)
            .collect()
    };
    Ok(Chosen {
        flows: of(&flow),
        structures: of(&structure),
        concepts,
        codelists: all
            .into_iter()
            .zip(list)
            .filter(|(_, chosen)| *chosen)
            .map(|(one, _)| one)
            .collect(),
    })
}

fn nothing(wanted: &Wanted, all: &[Codelist]) -> Problem {
    let structures = FLOWS.map(Flow::structure);
    let known = FLOWS
        .iter()
        .map(|one| one.id)
        .chain(structures.iter().map(String::as_str))
        .chain(all.iter().map(|one| one.id))
        .chain([SCHEME]);
    let remedy = nearest(&wanted.id, known).map_or_else(
        || {
            words!(
                "xem /sdmx/structure/*/{agency}/*",
                "/sdmx/structure/*/{agency}/* lists what there is",
                agency = AGENCY
            )
        },
        did_you_mean,
    );
    Problem::not_found(words!(
        "không có {kind} {agency}:{id}({version}); {remedy}",
        "there is no {kind} {agency}:{id}({version}); {remedy}",
        kind = wanted.kind.as_str(),
        agency = wanted.agency.as_str(),
        id = wanted.id.as_str(),
        version = wanted.version.as_str(),
        remedy
    ))
}
