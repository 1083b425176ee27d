//! What there is: flows with their structures, the concepts that they speak of, the codes that may stand in a key.

use std::collections::BTreeMap;

use hoptac_model::figure::{Figure, FigureStatus};
use hoptac_model::pack::{Indicator, Pack};
use hoptac_model::standing::Standing;
use hoptac_model::text::{Words, did_you_mean, nearest};
use hoptac_model::unit::{Places, Unit};
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
    Text,
    Day,
    Period,
}

impl Form {
    /// The type of its values where they are no codes.
    pub(super) fn type_name(self) -> &'static str {
        match self {
            Self::Codes(_) | Self::Text => "String",
            Self::Day => "GregorianDay",
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
/// What others published, as they published it.
pub(super) static FIGURES: Flow = Flow {
    id: "FIGURES",
    names: ("Số liệu đã công bố", "Published figures"),
    about: (
        "Số liệu đã được công bố ở nơi khác, ghi đúng như công bố, kèm nguồn, mức độ tin cậy và chỗ đứt chuỗi. Không trộn với số tính từ sổ đăng ký.",
        "Figures that were published elsewhere, as they were published, with their source, how firm they are and where series break. Never mixed with values computed from the register.",
    ),
    components: &[
        component("FREQ", Part::Dimension, Form::Codes("CL_FREQ")),
        component("REF_AREA", Part::Dimension, Form::Codes("CL_AREA")),
        component("SERIES", Part::Dimension, Form::Codes("CL_SERIES")),
        component("PUBLICATION", Part::Dimension, Form::Codes("CL_PUBLICATION")),
        component("TIME_PERIOD", Part::Time, Form::Period),
        component("OBS_VALUE", Part::Measure, Form::Number),
        component("OBS_STATUS", Part::OfObservation, Form::Codes("CL_OBS_STATUS")),
        component("FIRMNESS", Part::OfObservation, Form::Codes("CL_FIRMNESS")),
        component("SOURCE", Part::OfObservation, Form::Text),
        component("SOURCE_DATE", Part::OfObservation, Form::Day),
        component("SOURCE_URL", Part::OfObservation, Form::Text),
        component("NOTE_VI", Part::OfObservation, Form::Text),
        component("NOTE_EN", Part::OfObservation, Form::Text),
        component("BREAK_VI", Part::OfObservation, Form::Text),
        component("BREAK_EN", Part::OfObservation, Form::Text),
        component("UNIT_MEASURE", Part::OfSeries, Form::Codes("CL_UNIT_MEASURE")),
        component("LEDGER_POSITION", Part::OfSeries, Form::Whole),
    ],
};

/// All flows.
pub(super) static FLOWS: [&Flow; 3] = [&INDICATORS, &TARGETS, &FIGURES];

const CONCEPTS: [(&str, &str, &str); 22] = [
    ("FREQ", "Tần suất", "Frequency"),
    ("REF_AREA", "Đơn vị hành chính", "Administrative unit"),
    ("INDICATOR", "Chỉ tiêu đo", "Indicator"),
    ("TARGET", "Chỉ tiêu kế hoạch", "Target of the plan"),
    ("SERIES", "Chuỗi số liệu đã công bố", "Published series"),
    (
        "PUBLICATION",
        "Lần công bố: 1 là số được ghi nhận trước nhất cho cùng đơn vị và thời kỳ",
        "Publication: 1 is what was recorded first for the same unit and time",
    ),
    ("TIME_PERIOD", "Thời kỳ", "Time period"),
    ("OBS_VALUE", "Giá trị", "Value"),
    ("OBS_STATUS", "Tình trạng số liệu", "Status of the value"),
    ("FIRMNESS", "Mức độ tin cậy", "How firm it is"),
    ("SOURCE", "Nguồn", "Source"),
    ("SOURCE_DATE", "Ngày công bố", "Day of publication"),
    ("SOURCE_URL", "Địa chỉ của nguồn", "Address of the source"),
    ("NOTE_VI", "Ghi chú", "Note in Vietnamese"),
    ("NOTE_EN", "Ghi chú tiếng Anh", "Note in English"),
    (
        "BREAK_VI",
        "Lý do đứt chuỗi: không so sánh với các số trước đó",
        "Why the series breaks here, in Vietnamese: not to be compared with what is before",
    ),
    (
        "BREAK_EN",
        "Lý do đứt chuỗi, tiếng Anh",
        "Why the series breaks here, in English: not to be compared with what is before",
    ),
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

/// The code of the unit that a published figure speaks of: of the unit that has the figure's code on its day.
pub(super) fn area_of(figure: &Figure, places: &Places, pack: &Pack) -> String {
    let unit = places.find(&figure.unit, figure.as_of);
    let unit = unit.or_else(|| places.find(&figure.unit, pack.setting.geography));
    unit.map_or_else(|| format!("VN_{}", figure.unit.replace('.', "_")), area)
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
    published.pack.as_deref().map_or_else(Vec::new, |pack| codelists(published, pack))
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
    let mut areas: Vec<Named> = areas.collect();
    for one in figures(pack) {
        let id = area_of(one, places, pack);
        if areas.iter().all(|known| known.id != id) {
            areas.push(code(&id, Words::verbatim(&one.unit)));
        }
    }
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
    let firm = FigureStatus::ALL.into_iter().filter(|one| *one != FigureStatus::Assumed);
    vec![
        Codelist {
            id: "CL_FREQ",
            names: Words::new("Tần suất", "Frequency"),
            codes: codes(&[
                ("A", "Hằng năm", "Annual"),
                ("S", "Nửa năm", "Half-yearly"),
                ("Q", "Hằng quý", "Quarterly"),
                ("D", "Theo ngày", "Of a day"),
            ]),
        },
        Codelist {
            id: "CL_AREA",
            names: Words::new("Đơn vị hành chính", "Administrative units"),
            codes: areas,
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
            id: "CL_SERIES",
            names: Words::new("Chuỗi số liệu đã công bố", "Published series"),
            codes: series(pack),
        },
        Codelist {
            id: "CL_PUBLICATION",
            names: Words::new("Lần công bố", "Publications"),
            codes: publications(pack),
        },
        Codelist {
            id: "CL_FIRMNESS",
            names: Words::new("Mức độ tin cậy", "How firm figures are"),
            codes: firm.map(|one| code(one.code(), one.words())).collect(),
        },
        Codelist {
            id: "CL_OBS_STATUS",
            names: Words::new("Tình trạng số liệu", "Status of values"),
            codes: codes(&[
                ("A", "Bình thường", "Normal value"),
                ("B", "Chỗ đứt chuỗi", "Break of the series"),
                ("E", "Ước tính hoặc suy ra", "Estimated or derived value"),
                (
                    "P",
                    "Tạm tính: năm chưa hết, hoặc số sơ bộ",
                    "Provisional: the year is not over, or the figure may be corrected",
                ),
                ("U", "Cần kiểm chứng", "Low reliability: to be confirmed"),
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

/// What was published, by somebody: what is only assumed was published by nobody.
pub(super) fn figures(pack: &Pack) -> impl Iterator<Item = &Figure> {
    pack.figures.iter().filter(|one| one.status != FigureStatus::Assumed)
}

/// All series in which something can be published: indicators, and series of their own.
fn series(pack: &Pack) -> Vec<Named> {
    let indicators = pack.indicators.iter().map(|one| Named {
        id: one.id.to_string(),
        names: one.name.clone(),
        about: one.definition.clone(),
        parent: None,
    });
    let own = pack.series.iter().map(|one| code(one.id.as_str(), one.name.clone()));
    let mut all: Vec<Named> = indicators.chain(own).collect();
    for one in figures(pack) {
        // A series that a later plan no longer defines keeps its figures.
        if all.iter().all(|known| known.id != one.indicator.as_str()) {
            all.push(code(one.indicator.as_str(), Words::verbatim(one.indicator.as_str())));
        }
    }
    all
}

/// As many publications as one number has at most; one where nothing was published.
fn publications(pack: &Pack) -> Vec<Named> {
    let numbered = numbered(pack);
    let most = numbered.iter().map(|(number, _)| *number).max().unwrap_or(1);
    let names = |number: usize| words!("Lần công bố thứ {number}", "Publication {number}", number);
    (1..=most).map(|number| code(&number.to_string(), names(number))).collect()
}

/// The published figures in the order in which they were recorded, each with which one it is for its series, unit and time.
pub(super) fn numbered(pack: &Pack) -> Vec<(usize, &Figure)> {
    let mut seen: BTreeMap<_, usize> = BTreeMap::new();
    let numbered = figures(pack).map(|one| {
        let number = seen.entry((&one.indicator, &one.unit, one.period_code())).or_default();
        *number += 1;
        (*number, one)
    });
    numbered.collect()
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
