//! What addresses ask: which structures, which series, which time.

use hoptac_model::text::few;
use hoptac_model::words;
use jiff::civil::Date;

use super::artefact::{Flow, Part};
use super::{Asked, bad};
use crate::api::problem::Problem;

/// What is sent beside what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum References {
    Nothing,
    Children,
    Descendants,
    Parents,
    ParentsAndSiblings,
    Ancestors,
    All,
}

impl References {
    const WORDS: [(&'static str, Self); 7] = [
        ("none", Self::Nothing),
        ("children", Self::Children),
        ("descendants", Self::Descendants),
        ("parents", Self::Parents),
        ("parentsandsiblings", Self::ParentsAndSiblings),
        ("ancestors", Self::Ancestors),
        ("all", Self::All),
    ];

    /// Whether what uses it is sent too.
    pub(super) fn up(self) -> bool {
        match self {
            Self::Parents | Self::ParentsAndSiblings | Self::Ancestors | Self::All => true,
            Self::Nothing | Self::Children | Self::Descendants => false,
        }
    }

    /// Whether what it uses is sent too.
    pub(super) fn down(self) -> bool {
        match self {
            Self::Children | Self::Descendants | Self::ParentsAndSiblings | Self::All => true,
            Self::Nothing | Self::Parents | Self::Ancestors => false,
        }
    }
}

/// Which structures are asked for.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) kind: String,
    pub(super) agency: String,
    pub(super) id: String,
    pub(super) version: String,
    pub(super) references: References,
}

impl Wanted {
    pub(super) fn kind_is(&self, kind: &str) -> bool {
        is_among(&self.kind, kind)
    }

    pub(super) fn agency_is(&self, agency: &str) -> bool {
        is_among(&self.agency, agency)
    }

    pub(super) fn id_is(&self, id: &str) -> bool {
        is_among(&self.id, id)
    }

    pub(super) fn version_is(&self, version: &str) -> bool {
        is_version(&self.version, version)
    }
}

/// Whether a list with commas has a word; `*` has all.
fn is_among(list: &str, word: &str) -> bool {
    list.split(',').any(|one| one == word || matches!(one, "*" | "all"))
}

/// Whether a version is asked for: by its number, as the newest, or as any.
fn is_version(list: &str, version: &str) -> bool {
    list.split(',').any(|one| one == version || matches!(one, "*" | "+" | "~" | "all" | "latest"))
}

/// Reads which structures are asked for.
pub(super) fn structures(asked: &Asked) -> Result<Wanted, Problem> {
    let mut references = References::Nothing;
    for (name, value) in &asked.query {
        match name.as_str() {
            "references" => {
                let found = References::WORDS.iter().find(|(word, _)| word == value);
                let Some((_, found)) = found else {
                    let all = References::WORDS.map(|(word, _)| word).join(", ");
                    return Err(bad(words!(
                        "references không nhận `{value}`; hãy chọn trong {all}",
                        "references does not take `{value}`; choose from {all}",
                        value = few(value),
                        all
                    )));
                };
                references = *found;
            }
            // All of it is sent whole, which every reader of stubs can take.
            "detail" => {}
            _ => return Err(unknown(name, "references, detail")),
        }
    }
    Ok(Wanted {
        kind: asked.at("kind").to_owned(),
        agency: asked.at("agency").to_owned(),
        id: asked.at("id").to_owned(),
        version: asked.at("version").to_owned(),
        references,
    })
}

fn unknown(name: &str, known: &str) -> Problem {
    bad(words!(
        "không có tham số `{name}`; các tham số là {known}",
        "there is no parameter `{name}`; the parameters are {known}",
        name = few(name),
        known
    ))
}

/// Which flow an address names.
pub(super) fn flow(asked: &Asked, all: &[&'static Flow]) -> Result<&'static Flow, Problem> {
    let (context, id) = (asked.at("context"), asked.at("id"));
    let is_called = |flow: &&&Flow| match context {
        "dataflow" => flow.id == id,
        "datastructure" => flow.structure() == id,
        _ => flow.id == id || flow.structure() == id,
    };
    let is_ours = is_among(asked.at("agency"), super::artefact::AGENCY)
        && is_version(asked.at("version"), super::artefact::VERSION);
    all.iter().find(is_called).filter(|_| is_ours).copied().ok_or_else(|| {
        Problem::not_found(words!(
            "không có luồng số liệu {id}; xem /sdmx/structure/dataflow",
            "there is no flow of data {id}; /sdmx/structure/dataflow lists those that there are",
            id = few(id)
        ))
    })
}

/// Which series and which time are asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Slice {
    /// Codes for each dimension, one list for each key; an empty list of codes is all.
    keys: Vec<Vec<Vec<String>>>,
    /// Codes that are asked for apart from the key, by the place of the dimension.
    filters: Vec<(usize, Vec<String>)>,
    /// Bounds of the time, as texts that sort: the operator and the value.
    time: Vec<(Bound, String)>,
    pub(super) first: Option<usize>,
    pub(super) last: Option<usize>,
    /// Whether attributes are wanted.
    pub(super) attributes: bool,
    /// By what was known on a day.
    pub(super) known_on: Option<Date>,
}

/// How a time is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    Is,
    IsNot,
    From,
    Behind,
    UpTo,
    Before,
}

const BOUNDS: [(&str, Bound); 6] = [
    ("eq:", Bound::Is),
    ("ne:", Bound::IsNot),
    ("ge:", Bound::From),
    ("gt:", Bound::Behind),
    ("le:", Bound::UpTo),
    ("lt:", Bound::Before),
];

impl Slice {
    /// Whether a series is asked for.
    pub(super) fn has(&self, key: &[&str]) -> bool {
        let fits = |codes: &Vec<String>, code: &str| {
            codes.is_empty() || codes.iter().any(|one| one == code)
        };
        let in_keys = self.keys.is_empty()
            || self
                .keys
                .iter()
                .any(|one| one.iter().zip(key).all(|(codes, code)| fits(codes, code)));
        in_keys
            && self
                .filters
                .iter()
                .all(|(at, codes)| key.get(*at).is_some_and(|code| fits(codes, code)))
    }

    /// Whether a time is asked for.
    pub(super) fn has_time(&self, time: &str) -> bool {
        let mut equal = self.time.iter().filter(|(bound, _)| *bound == Bound::Is).peekable();
        let is_named =
            equal.peek().is_none() || equal.any(|(_, value)| time.starts_with(value.as_str()));
        is_named
            && self.time.iter().all(|(bound, value)| {
                let at = time.get(..value.len().min(time.len())).unwrap_or(time);
                match bound {
                    Bound::Is => true,
                    Bound::IsNot => at != value,
                    Bound::From => at >= value.as_str(),
                    Bound::Behind => at > value.as_str(),
                    Bound::UpTo => at <= value.as_str(),
                    Bound::Before => at < value.as_str(),
                }
            })
    }

    /// The one day that is asked for, where it is one.
    pub(super) fn day(&self) -> Option<Date> {
        match self.time.as_slice() {
            [(Bound::Is, value)] => crate::api::parameter::day(value),
            _ => None,
        }
    }

    /// Every code that is named, with the place of its dimension.
    pub(super) fn named(&self) -> impl Iterator<Item = (usize, &str)> {
        let keys = self.keys.iter().flat_map(|key| key.iter().enumerate());
        let filters = self.filters.iter().map(|(at, codes)| (*at, codes));
        keys.chain(filters)
            .flat_map(|(at, codes)| codes.iter().map(move |code| (at, code.as_str())))
    }
}

/// Reads which series and which time of a flow are asked for.
pub(super) fn slice(asked: &Asked, flow: &Flow) -> Result<Slice, Problem> {
    let names: Vec<&str> = flow.dimensions().map(|one| one.id).collect();
    let mut slice = Slice { attributes: true, ..Slice::default() };
    for key in asked.at("key").split(',').filter(|key| !matches!(*key, "*" | "all" | "")) {
        let codes = |part: &str| {
            let codes = part.split('+').filter(|code| !matches!(*code, "" | "*"));
            codes.map(str::to_owned).collect::<Vec<_>>()
        };
        let parts: Vec<Vec<String>> = key.split('.').map(codes).collect();
        if parts.len() != names.len() {
            return Err(bad(words!(
                "khóa `{key}` có {count} phần; {flow} cần {wanted}: {names}",
                "the key `{key}` has {count} parts; {flow} takes {wanted}: {names}",
                key = few(key),
                count = parts.len(),
                flow = flow.id,
                wanted = names.len(),
                names = names.join(".")
            )));
        }
        slice.keys.push(parts);
    }
    for (name, value) in &asked.query {
        let component = name.strip_prefix("c[").and_then(|rest| rest.strip_suffix(']'));
        match (name.as_str(), component) {
            (_, Some(id)) => filter(&mut slice, flow, id, value)?,
            ("firstNObservations", _) => slice.first = Some(count(name, value)?),
            ("lastNObservations", _) => slice.last = Some(count(name, value)?),
            ("attributes", _) => match value.as_str() {
                "dsd" | "all" => {}
                "none" => slice.attributes = false,
                _ => return Err(not_taken(name, value, "dsd, all, none")),
            },
            ("measures", _) if value == "all" || value == "OBS_VALUE" => {}
            ("measures", _) => return Err(not_taken(name, value, "all")),
            ("dimensionAtObservation", _) if value == "TIME_PERIOD" => {}
            ("dimensionAtObservation", _) => return Err(not_taken(name, value, "TIME_PERIOD")),
            ("includeHistory", _) if value == "false" => {}
            ("includeHistory", _) => return Err(not_taken(name, value, "false")),
            ("asOf", _) => {
                let day = value.get(..10).and_then(crate::api::parameter::day);
                let Some(day) = day else { return Err(not_taken(name, value, "2025-12-31")) };
                slice.known_on = Some(day);
            }
            _ => {
                return Err(unknown(
                    name,
                    "c[…], asOf, firstNObservations, lastNObservations, attributes, measures, dimensionAtObservation",
                ));
            }
        }
    }
    Ok(slice)
}

/// What is asked of a component apart from the key.
fn filter(slice: &mut Slice, flow: &Flow, id: &str, value: &str) -> Result<(), Problem> {
    if flow.components.iter().any(|one| one.part == Part::Time && one.id == id) {
        // A plus between two bounds arrives as a blank.
        for part in value.split([' ', '+', ',']).filter(|part| !part.is_empty()) {
            let found =
                BOUNDS.iter().find_map(|(sign, bound)| Some((*bound, part.strip_prefix(sign)?)));
            let (bound, text) = found.unwrap_or((Bound::Is, part));
            let is_time = text.len() >= 4
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'S' | b'Q'))
                && text.get(..4).is_some_and(|year| year.bytes().all(|byte| byte.is_ascii_digit()));
            if !is_time {
                return Err(not_taken(
                    &format!("c[{id}]"),
                    value,
                    "2025, 2025-S1, 2025-Q3, 2025-12-31, ge:2020+le:2024",
                ));
            }
            slice.time.push((bound, text.to_owned()));
        }
        return Ok(());
    }
    let Some(at) = flow.dimensions().position(|one| one.id == id) else {
        let names: Vec<&str> = flow.dimensions().map(|one| one.id).chain(["TIME_PERIOD"]).collect();
        return Err(bad(words!(
            "{flow} không lọc theo `{id}`; các chiều là {names}",
            "{flow} is not chosen from by `{id}`; its dimensions are {names}",
            flow = flow.id,
            id = few(id),
            names = names.join(", ")
        )));
    };
    let codes = value.split([',', '+', ' ']).filter(|code| !code.is_empty());
    slice.filters.push((at, codes.map(|code| code.trim_start_matches("eq:").to_owned()).collect()));
    Ok(())
}

fn count(name: &str, value: &str) -> Result<usize, Problem> {
    let found = crate::api::parameter::whole(value).and_then(|count| usize::try_from(count).ok());
    found.filter(|count| *count > 0).ok_or_else(|| not_taken(name, value, "1, 2, 3, …"))
}

fn not_taken(name: &str, value: &str, known: &str) -> Problem {
    bad(words!(
        "{name} không nhận `{value}`; ghi {known}",
        "{name} does not take `{value}`; write {known}",
        name,
        value = few(value),
        known
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(time: &[(Bound, &str)], at: &str, want: bool) {
        let time = time.iter().map(|(bound, value)| (*bound, (*value).to_owned())).collect();
        let slice = Slice { time, ..Slice::default() };
        assert_eq!(slice.has_time(at), want, "{at}");
    }

    #[test]
    fn no_bound_has_all_times() {
        check(&[], "2024", true);
    }
    #[test]
    fn one_of_several_years_is_enough() {
        let years = [(Bound::Is, "2023"), (Bound::Is, "2024")];
        check(&years, "2024", true);
        check(&years, "2025", false);
    }
    #[test]
    fn both_bounds_must_hold() {
        let years = [(Bound::From, "2021"), (Bound::Before, "2023")];
        check(&years, "2021", true);
        check(&years, "2023", false);
    }
    #[test]
    fn a_year_has_its_days() {
        check(&[(Bound::Is, "2025")], "2025-12-31", true);
        check(&[(Bound::UpTo, "2025")], "2025-12-31", true);
        check(&[(Bound::Behind, "2025")], "2025-12-31", false);
        check(&[(Bound::IsNot, "2025")], "2025-12-31", false);
    }
    #[test]
    fn a_key_has_the_series_that_its_parts_name() {
        let codes = |code: &str| vec![code.to_owned()];
        let key = vec![vec![], codes("VN_20"), vec!["groups".to_owned(), "unions".to_owned()]];
        let slice = Slice { keys: vec![key], filters: vec![(0, codes("A"))], ..Slice::default() };
        assert!(slice.has(&["A", "VN_20", "unions"]));
        assert!(!slice.has(&["A", "VN_178", "unions"]));
        assert!(!slice.has(&["D", "VN_20", "unions"]));
    }
}
