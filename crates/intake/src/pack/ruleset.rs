//! `rulesets/*.toml`: how organisations are scored and graded.

use std::collections::BTreeSet;

use hoptac_model::organisation::{Grade, Sector};
use hoptac_model::pack::{Band, Criterion, NotGraded, PointBand, PointGroup, Ruleset};
use hoptac_model::text::Words;
use hoptac_model::words;

use crate::file::quote;
use crate::nearest::suggest;
use crate::pack::names::Noun;
use crate::pack::toml::Table;

/// What all criteria together give at most.
const POINTS: i32 = 100;

/// One set of rules.
pub(crate) fn read(root: &Table<'_>) -> Option<Ruleset> {
    let id = root.must("id").id(Noun::Ruleset);
    let version = root.may("version").count(1_u16, 999).unwrap_or(1);
    let title = root.words("title");
    let source = root.must("source").text();
    let valid_from = root.must("valid_from").date();
    let note = root.words_or_empty("note");
    let sectors = [Sector::Agricultural, Sector::NonAgricultural];
    let sector = root.may("sector").word(&sectors.map(Sector::code));
    let based_on = root.may("based_on").text();
    let not_graded = root.may("not_graded").table().map(|table| read_not_graded(&table));
    let weak_if_fined = root.may("weak_if_fined").flag().unwrap_or(false);
    let bands = read_bands(root);
    let groups = read_groups(root);
    let criteria = read_criteria(root, &groups);
    root.finish();
    Some(Ruleset {
        id: id?,
        version,
        title: title?,
        source: source?,
        valid_from: valid_from?,
        note,
        sector: sector.and_then(|index| sectors.get(index).copied()),
        based_on,
        not_graded: not_graded.unwrap_or_default(),
        weak_if_fined,
        bands,
        groups,
        criteria,
    })
}

/// `not_graded = { founded_under_months, stopped_over_months }`.
fn read_not_graded(table: &Table<'_>) -> NotGraded {
    let months = |key| table.may(key).count(1_u8, 60);
    let not_graded = NotGraded {
        founded_under_months: months("founded_under_months"),
        stopped_over_months: months("stopped_over_months"),
    };
    table.finish();
    not_graded
}

/// `[[group]]`, what criteria give together.
fn read_groups(root: &Table<'_>) -> Vec<PointGroup> {
    let read = |table: Table<'_>| {
        let id = table.must("id").id(Noun::PointGroup);
        let title = table.words("title");
        let max = table.may("max").count(0_i32, POINTS);
        let status = table.must("status").text();
        table.finish();
        Some(PointGroup { id: id?, title: title?, max, status: status? })
    };
    root.tables("group", &words!("nhóm", "group")).into_iter().filter_map(read).collect()
}

/// `bands = [{ grade, from }, …]`, best first and down to nothing.
fn read_bands(root: &Table<'_>) -> Vec<Band> {
    let grades = Grade::ALL.map(Grade::code);
    let tables = root.tables("bands", &words!("mức xếp loại", "band"));
    let mut bands: Vec<Band> = Vec::new();
    for table in &tables {
        let grade = table.must("grade").word(&grades).and_then(|index| Grade::ALL.get(index));
        let from = table.must("from").count(0_i32, POINTS);
        table.finish();
        let (Some(grade), Some(from)) = (grade, from) else { continue };
        let band = Band { grade: *grade, from };
        if let Some(before) = bands.last()
            && (band.from >= before.from || band.grade >= before.grade)
        {
            table.error(
                if band.from >= before.from { "from" } else { "grade" },
                "pack.bands",
                words!(
                    "mức `{grade}` từ {from} điểm không thấp hơn mức `{above}` từ {above_from} điểm",
                    "the band `{grade}` from {from} does not lie below `{above}` from {above_from}",
                    grade = band.grade.code(),
                    from = band.from,
                    above = before.grade.code(),
                    above_from = before.from
                ),
                words!(
                    "hãy ghi loại tốt nhất trước, mỗi mức thấp hơn mức trước đó",
                    "write the best grade first, each band lower than the one before"
                ),
            );
        }
        bands.push(band);
    }
    let complete = tables.len() == bands.len() && !root.broken();
    if complete && bands.is_empty() {
        let problem = words!(
            "{what} không có mức xếp loại, nên không xếp loại được theo điểm",
            "{what} has no bands, so no grade follows from its points",
            what = root.what()
        );
        let remedy = words!(
            "hãy ghi bands = [{{ grade = \"tot\", from = 80 }}, …, {{ grade = \"yeu\", from = 0 }}]",
            "write bands = [{{ grade = \"tot\", from = 80 }}, …, {{ grade = \"yeu\", from = 0 }}]"
        );
        root.error("bands", "pack.bands", problem, remedy);
    } else if complete && bands.last().is_some_and(|band| band.from > 0) {
        let problem = words!(
            "dưới {points} điểm không có loại nào",
            "no grade is given below {points} points",
            points = bands.last().map_or(0, |b| b.from)
        );
        let remedy = words!("cho mức cuối bắt đầu từ 0", "let the last band begin at 0");
        root.error("bands", "pack.bands", problem, remedy);
    }
    bands
}

/// `[[criterion]]`; the maxima add up to the whole where all are known, and to what their group gives.
fn read_criteria(root: &Table<'_>, groups: &[PointGroup]) -> Vec<Criterion> {
    const RULES: [&str; 2] = ["entered", "bands"];
    let mut criteria: Vec<Criterion> = Vec::new();
    let mut taken: BTreeSet<(u16, String)> = BTreeSet::new();
    let tables = root.tables("criterion", &words!("tiêu chí", "criterion"));
    for table in &tables {
        let no = table.must("no").count(1_u16, 999);
        let part = table.may("sub").text_or_empty();
        let group = table.must("group").text();
        let name = table.words("name");
        let max = table.may("max").count(0_i32, POINTS);
        let rule = table.must("rule").word(&RULES).and_then(|index| RULES.get(index));
        let status = table.must("status").text();
        let bands = read_points(table, max);
        let field = table.may("field").text();
        table.finish();
        if let Some(group) = &group
            && !groups.is_empty()
            && !groups.iter().any(|known| &known.id == group)
        {
            let problem = words!(
                "không có nhóm tiêu chí {group}",
                "there is no group {group} of criteria",
                group = quote(group)
            );
            let near = suggest(group, groups.iter().map(|group| group.id.as_str()));
            table.error("group", "pack.unknown-name", problem, near);
        }
        if let Some(no) = no
            && !taken.insert((no, part.clone()))
        {
            let problem = words!(
                "tiêu chí {no}{part} có hai lần",
                "the criterion {no}{part} is there twice",
                no,
                part
            );
            let remedy = words!(
                "đặt cho mỗi ý của tiêu chí một chữ cái riêng",
                "give each part a letter of its own"
            );
            table.error("no", "pack.duplicate-id", problem, remedy);
        }
        let (Some(no), Some(group), Some(name), Some(rule), Some(status)) =
            (no, group, name, rule, status)
        else {
            continue;
        };
        let rule = (*rule).to_owned();
        criteria.push(Criterion { no, part, group, name, max, rule, bands, field, status });
    }
    check_groups(root, groups, &criteria);
    let known: i32 = criteria.iter().filter_map(|criterion| criterion.max).sum();
    let all_known = criteria.iter().all(|criterion| criterion.max.is_some());
    let complete = criteria.len() == tables.len() && !criteria.is_empty() && !root.broken();
    if complete && (known > POINTS || (all_known && known < POINTS)) {
        root.error(
            "criterion",
            "pack.criteria-sum",
            words!(
                "tổng điểm các tiêu chí là {known}, không phải {points}",
                "the criteria give {known} points together, not {points}",
                known,
                points = POINTS
            ),
            check_the_maxima(),
        );
    }
    criteria
}

fn check_the_maxima() -> Words {
    words!(
        "đối chiếu điểm tối đa với nguồn; bỏ `max` khi chưa biết",
        "check the maxima against the source; leave `max` out where it is not known"
    )
}

/// The maxima of a group's criteria never exceed what the group gives, and come to it where all are known.
fn check_groups(root: &Table<'_>, groups: &[PointGroup], criteria: &[Criterion]) {
    for group in groups {
        let Some(max) = group.max else { continue };
        let own = || criteria.iter().filter(|criterion| criterion.group == group.id);
        let known: i32 = own().filter_map(|criterion| criterion.max).sum();
        let all_known = own().all(|criterion| criterion.max.is_some());
        if known > max || (all_known && known < max && !root.broken()) {
            root.error(
                "group",
                "pack.criteria-sum",
                words!(
                    "tổng điểm các tiêu chí của nhóm {group} là {known}, không phải {max}",
                    "the criteria of the group {group} give {known} points together, not {max}",
                    group = quote(&group.id),
                    known,
                    max
                ),
                check_the_maxima(),
            );
        }
    }
}

/// `bands = [{ from, points }, …]` of a criterion that is scored by them, highest first: the first band that is reached
/// gives the points.
fn read_points(table: &Table<'_>, max: Option<i32>) -> Vec<PointBand> {
    /// More đồng than any cooperative turns over.
    const VALUE_MAX: i64 = 100_000_000_000_000;
    let mut bands: Vec<PointBand> = Vec::new();
    let mut before: Option<i64> = None;
    for band in table.tables("bands", &words!("mức điểm", "band")) {
        let from = band.must("from").count(-VALUE_MAX, VALUE_MAX);
        let points = band.must("points").count(0_i32, POINTS);
        band.finish();
        if let (Some(from), Some(last)) = (from, before)
            && from >= last
        {
            let problem = words!(
                "mức từ {from} không thấp hơn mức từ {last}",
                "the band from {from} does not lie below the one from {last}",
                from = from.to_string(),
                last = last.to_string()
            );
            let remedy = words!("hãy ghi mức cao nhất trước", "write the highest band first");
            band.error("from", "pack.bands", problem, remedy);
        }
        if let (Some(points), Some(max)) = (points, max)
            && points > max
        {
            let problem = words!(
                "mức này cho {points} điểm, tiêu chí cho nhiều nhất {max} điểm",
                "the band gives {points} points, the criterion at most {max}",
                points,
                max
            );
            let remedy = words!("hãy ghi nhiều nhất {max}", "write at most {max}", max);
            band.error("points", "pack.bands", problem, remedy);
        }
        before = from.or(before);
        if let (Some(from), Some(points)) = (from, points) {
            bands.push(PointBand { from, points });
        }
    }
    if table.may("rule").written() == Some("bands") && !table.has("bands") {
        let problem = words!(
            "{what} chấm theo mức điểm, nhưng không có mức nào",
            "{what} is scored by bands, but has none",
            what = table.what()
        );
        let remedy = words!(
            "thêm `bands`, hoặc ghi rule = \"entered\"",
            "add `bands`, or write rule = \"entered\""
        );
        table.error("rule", "pack.bands", problem, remedy);
    }
    bands
}
