//! Units of the administrative tree and who followed whom, from `units.csv` and `successors.csv`.

use std::collections::{BTreeMap, BTreeSet};

use hoptac_model::date;
use hoptac_model::finding::Finding;
use hoptac_model::ids::UnitId;
use hoptac_model::text::{self, Words};
use hoptac_model::unit::{Level, Successor, Unit};
use hoptac_model::words;
use jiff::civil::Date;

use crate::file::{Log, TextFile, quote};
use crate::nearest::suggest;
use crate::table::{self, Row};

/// What stands in the two tables.
#[derive(Debug, Default)]
pub struct Reading {
    /// The units that could be read, in the order of the file.
    pub units: Vec<Unit>,
    /// The successions that could be read, in the order of the file.
    pub successors: Vec<Successor>,
    /// What is wrong with the others.
    pub findings: Vec<Finding>,
}

/// Reads `units.csv` and `successors.csv`.
pub fn read(units_csv: &[u8], successors_csv: &[u8]) -> Reading {
    let log = Log::default();
    let units = TextFile::open("units.csv", units_csv, &log)
        .map(|file| read_units(&file, &log))
        .unwrap_or_default();
    let successors = TextFile::open("successors.csv", successors_csv, &log)
        .map(|file| read_successors(&file, &units, &log))
        .unwrap_or_default();
    Reading { units, successors, findings: log.into_findings() }
}

/// The part of the tree that a province needs: its whole subtree in all times, what that came from and went into, the
/// units above, and the successions among them all.
pub fn territory(
    units: &[Unit],
    successors: &[Successor],
    unit_code: &str,
) -> (Vec<Unit>, Vec<Successor>) {
    let by_id: BTreeMap<&UnitId, &Unit> = units.iter().map(|unit| (&unit.id, unit)).collect();
    let mut children: BTreeMap<&UnitId, Vec<&UnitId>> = BTreeMap::new();
    for unit in units {
        if let Some(parent) = &unit.parent {
            children.entry(parent).or_default().push(&unit.id);
        }
    }
    let mut kept: BTreeSet<&UnitId> = BTreeSet::new();
    let mut open: Vec<&UnitId> = units
        .iter()
        .filter(|unit| unit.code == unit_code || unit.id.as_str() == unit_code)
        .map(|unit| &unit.id)
        .collect();
    while let Some(id) = open.pop() {
        if kept.insert(id) {
            open.extend(children.get(id).into_iter().flatten());
        }
    }
    // A commune of a merged province came out of another province: without it, seats of before could not be placed.
    let linked: Vec<&UnitId> = successors
        .iter()
        .filter(|s| kept.contains(&s.old) || kept.contains(&s.new))
        .flat_map(|s| [&s.old, &s.new])
        .collect();
    kept.extend(linked);
    let mut above: Vec<&UnitId> = kept.iter().copied().collect();
    while let Some(id) = above.pop() {
        let parent = by_id.get(id).and_then(|unit| unit.parent.as_ref());
        if let Some(parent) = parent
            && kept.insert(parent)
        {
            above.push(parent);
        }
    }
    (
        units.iter().filter(|unit| kept.contains(&unit.id)).cloned().collect(),
        successors
            .iter()
            .filter(|s| kept.contains(&s.old) && kept.contains(&s.new))
            .cloned()
            .collect(),
    )
}

/// Columns of `units.csv`, and below where each of them stands in the list.
const UNIT_COLUMNS: [&str; 10] =
    ["id", "code", "level", "kind", "name", "parent", "lat", "lon", "valid_from", "valid_to"];
const ID: usize = 0;
const CODE: usize = 1;
const LEVEL: usize = 2;
const NAME: usize = 4;
const PARENT: usize = 5;
const LAT: usize = 6;
const LON: usize = 7;
const VALID_FROM: usize = 8;
const VALID_TO: usize = 9;

fn read_units(file: &TextFile, log: &Log) -> Vec<Unit> {
    let rows = table::read(file, &UNIT_COLUMNS, log).unwrap_or_default();
    let mut units: Vec<Unit> = Vec::with_capacity(rows.len());
    let mut seen: BTreeMap<UnitId, (Level, usize)> = BTreeMap::new();
    let mut parents = Vec::with_capacity(rows.len());
    for row in &rows {
        let Some(unit) = read_unit(file, row, log) else { continue };
        if let Some((_, first)) = seen.get(&unit.id) {
            log.error(
                file,
                row.span(ID),
                "pack.duplicate-id",
                words!(
                    "đơn vị hành chính {id} có hai lần",
                    "the unit {id} is there twice",
                    id = quote(unit.id.as_str())
                ),
                words!(
                    "lần đầu ở dòng {line}; đơn vị lập sau dùng lại mã cũ phải có mã riêng ở cột `id`, ví dụ `05977.2025`",
                    "it is first on line {line}; a unit that began later under an old code has an id of its own, as `05977.2025`",
                    line = file.line_of(*first).to_string()
                ),
            );
            continue;
        }
        seen.insert(unit.id.clone(), (unit.level, row.span(ID).start));
        parents.push((unit.level, row));
        units.push(unit);
    }
    for (unit, (level, row)) in units.iter_mut().zip(parents) {
        let Some(parent) = &unit.parent else { continue };
        match seen.get(parent) {
            None => {
                log.error(
                    file,
                    row.span(PARENT),
                    "pack.unit-unknown",
                    words!(
                        "đơn vị cấp trên {parent} không có trong bảng",
                        "the parent {parent} is not in the table",
                        parent = quote(parent.as_str())
                    ),
                    words!(
                        "hãy ghi mã `id` của một đơn vị trong bảng này",
                        "write the id of a unit of this table"
                    ),
                );
                unit.parent = None;
            }
            Some((above, _)) if *above >= level => {
                log.error(
                    file,
                    row.span(PARENT),
                    "pack.unit-level",
                    words!(
                        "đơn vị cấp trên {parent} thuộc {above}, không thể gồm đơn vị thuộc {level}",
                        "the parent {parent} is a {above}, which cannot hold a {level}",
                        parent = quote(parent.as_str()),
                        above = level_words(*above),
                        level = level_words(level)
                    ),
                    words!(
                        "mỗi đơn vị thuộc một đơn vị ở cấp cao hơn",
                        "a unit belongs to one of a level above its own"
                    ),
                );
                unit.parent = None;
            }
            Some(_) => {}
        }
    }
    units
}

/// A level within a sentence.
fn level_words(level: Level) -> Words {
    let vi = match level {
        Level::Nation => "cấp quốc gia",
        Level::Province => "cấp tỉnh",
        Level::District => "cấp huyện",
        Level::Commune => "cấp xã",
    };
    Words::new(vi, level.code())
}

fn read_unit(file: &TextFile, row: &Row<'_>, log: &Log) -> Option<Unit> {
    let required = |column: usize, name: &str| {
        let written = row.text(column);
        if written.is_empty() {
            let message =
                words!("đơn vị hành chính chưa có `{name}`", "the unit has no {name}", name);
            let remedy = words!("điền vào ô này", "fill it in");
            log.error(file, row.span(column), "pack.cell-empty", message, remedy);
            return None;
        }
        Some(written.to_owned())
    };
    let id = required(ID, "id");
    let code = required(CODE, "code");
    let name = required(NAME, "name").map(|name| text::nfc(&name));
    let level = Level::from_code(row.text(LEVEL));
    if level.is_none() {
        log.error(
            file,
            row.span(LEVEL),
            "pack.unit-level",
            words!(
                "{written} không phải là cấp hành chính",
                "{written} is not a level",
                written = quote(row.text(LEVEL))
            ),
            suggest(row.text(LEVEL), ["nation", "province", "district", "commune"]),
        );
    }
    let lat_e4 = read_degrees(file, row, LAT, 90.0, log);
    let lon_e4 = read_degrees(file, row, LON, 180.0, log);
    let valid_from = read_date(file, row, VALID_FROM, log);
    let valid_to = read_date(file, row, VALID_TO, log);
    if let (Some(from), Some(to)) = (valid_from, valid_to)
        && to < from
    {
        log.error(
            file,
            row.span(VALID_TO),
            "pack.span",
            words!(
                "đơn vị hành chính kết thúc ngày {to}, trước ngày bắt đầu {from}",
                "the unit ends on {to}, before it begins on {from}",
                to,
                from
            ),
            words!(
                "`valid_to` là ngày cuối cùng đơn vị còn tồn tại",
                "`valid_to` is the last day on which the unit exists"
            ),
        );
    }
    Some(Unit {
        id: UnitId::new(id?),
        code: code?,
        level: level?,
        name: name?,
        parent: Some(row.text(PARENT)).filter(|text| !text.is_empty()).map(UnitId::from),
        lat_e4,
        lon_e4,
        valid_from,
        valid_to,
    })
}

/// Degrees in ten-thousandths, about ten metres.
fn read_degrees(
    file: &TextFile,
    row: &Row<'_>,
    column: usize,
    most: f64,
    log: &Log,
) -> Option<i32> {
    let written = row.text(column);
    if written.is_empty() {
        return None;
    }
    match table::number(written) {
        Ok(degrees) if degrees.abs() <= most =>
        {
            #[expect(clippy::cast_possible_truncation, reason = "at most 180 times ten thousand")]
            Some((degrees * 10_000.0).round() as i32)
        }
        Ok(_) => {
            log.error(
                file,
                row.span(column),
                "pack.value",
                words!(
                    "{written} không phải là tọa độ trên Trái Đất",
                    "{written} is not a place on Earth",
                    written = quote(written)
                ),
                words!(
                    "hãy ghi số độ từ -{most} đến {most}",
                    "write degrees from -{most} to {most}",
                    most
                ),
            );
            None
        }
        Err(error) => {
            let message = table::no_number(written);
            log.error(file, row.span(column), "pack.number", message, error.remedy());
            None
        }
    }
}

fn read_date(file: &TextFile, row: &Row<'_>, column: usize, log: &Log) -> Option<Date> {
    let written = row.text(column);
    if written.is_empty() {
        return None;
    }
    match date::parse(written) {
        Ok(date) => Some(date),
        Err(error) => {
            let (message, remedy) = crate::file::sentence(&error.words());
            log.error(file, row.span(column), "pack.date", message, remedy);
            None
        }
    }
}

/// Columns of `successors.csv`, and below where each of them stands in the list.
const SUCCESSOR_COLUMNS: [&str; 4] = ["old", "new", "part", "default"];
const OLD: usize = 0;
const NEW: usize = 1;
const PART: usize = 2;
const DEFAULT: usize = 3;

fn read_successors(file: &TextFile, units: &[Unit], log: &Log) -> Vec<Successor> {
    let known: BTreeSet<&str> = units.iter().map(|unit| unit.id.as_str()).collect();
    let rows = table::read(file, &SUCCESSOR_COLUMNS, log).unwrap_or_default();
    let mut successors = Vec::with_capacity(rows.len());
    // For each unit that ended: its first row, and how many defaults it has.
    let mut defaults: BTreeMap<&str, (&Row<'_>, usize)> = BTreeMap::new();
    for row in &rows {
        let unit = |column: usize| {
            let id = row.text(column);
            // Where no unit could be read at all, one finding about that says enough.
            if !known.is_empty() && !known.contains(id) {
                log.error(
                    file,
                    row.span(column),
                    "pack.unit-unknown",
                    words!(
                        "đơn vị hành chính {id} không có trong units.csv",
                        "the unit {id} is not in units.csv",
                        id = quote(id)
                    ),
                    words!(
                        "hãy ghi mã `id` của đơn vị, không ghi tên",
                        "write the id of a unit, not its name"
                    ),
                );
                return None;
            }
            Some(UnitId::from(id))
        };
        let word = |column: usize, words: [&'static str; 2]| {
            let written = row.text(column);
            if !words.contains(&written) {
                let message = words!(
                    "{written} không phải là giá trị của cột này",
                    "{written} is not one of the words of this column",
                    written = quote(written)
                );
                log.error(file, row.span(column), "pack.word", message, suggest(written, words));
                return None;
            }
            Some(words.first() == Some(&written))
        };
        let (old, new) = (unit(OLD), unit(NEW));
        let (whole, default) = (word(PART, ["whole", "part"]), word(DEFAULT, ["true", "false"]));
        if let (Some(old), Some(new), Some(whole), Some(default)) = (old, new, whole, default) {
            let held = defaults.entry(row.text(OLD)).or_insert((row, 0));
            held.1 += usize::from(default);
            successors.push(Successor { old, new, whole, default });
        }
    }
    for (old, (row, count)) in defaults {
        if count != 1 {
            log.error(
                file,
                row.span(OLD),
                "pack.successor-default",
                words!(
                    "đơn vị hành chính {old} có {count} đơn vị kế tiếp mặc định",
                    "the unit {old} has {count} default successors",
                    old = quote(old),
                    count
                ),
                words!(
                    "đúng một dòng của đơn vị này có `default` là `true`: các tổ chức chuyển về đó nếu không có quyết định khác",
                    "exactly one of its rows has `default` true: there its organisations go unless somebody decides otherwise"
                ),
            );
        }
    }
    successors
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNITS: &str = "\
id,code,level,kind,name,parent,lat,lon,valid_from,valid_to
VN,VN,nation,nation,Việt Nam,,,,,
20,20,province,tinh,Tỉnh Lạng Sơn,VN,21.85,106.76,,
178,178,district,thanh_pho,Thành phố Lạng Sơn,20,21.85,106.76,,2025-06-30
05977,05977,commune,phuong,Phường Vĩnh Trại,178,21.85,106.76,,2025-06-30
05977.2025,05977,commune,phuong,Phường Đông Kinh,20,21.85,106.76,2025-07-01,
01,01,province,thanh_pho,Thành phố Hà Nội,VN,21.02,105.83,,
";
    const SUCCESSORS: &str = "old,new,part,default\n05977,05977.2025,whole,true\n";

    #[track_caller]
    fn check(units: &str, successors: &str, want: &[(&str, &str)]) {
        let reading = read(units.as_bytes(), successors.as_bytes());
        for finding in &reading.findings {
            assert_ne!(finding.message.vi, finding.message.en);
        }
        let got: Vec<(&str, &str)> =
            reading.findings.iter().map(|f| (f.code, f.message.en.as_str())).collect();
        assert_eq!(got.len(), want.len(), "{got:#?}");
        for ((code, message), (want_code, want_message)) in got.iter().zip(want) {
            assert_eq!(code, want_code, "{message}");
            assert!(message.contains(want_message), "{message}");
        }
    }

    #[test]
    fn good_tables() {
        check(UNITS, SUCCESSORS, &[]);
        let reading = read(UNITS.as_bytes(), SUCCESSORS.as_bytes());
        assert_eq!(reading.units.len(), 6);
        assert_eq!(reading.units.get(1).and_then(|unit| unit.lat_e4), Some(218_500));
        assert_eq!(reading.successors.len(), 1);
    }
    #[test]
    fn one_bad_cell_does_not_hide_another() {
        let bad =
            UNITS.replace("178,178,district", "178,178,distrikt").replace("2025-07-01", "1/7/2025");
        check(
            &bad,
            SUCCESSORS,
            &[
                ("pack.unit-level", "`distrikt` is not a level"),
                ("pack.unit-unknown", "the parent `178`"),
                ("pack.date", "`1/7/2025` is not a date"),
            ],
        );
    }
    #[test]
    fn an_id_twice() {
        check(
            &format!("{UNITS}20,20,province,tinh,Tỉnh,VN,,,,\n"),
            SUCCESSORS,
            &[("pack.duplicate-id", "`20`")],
        );
    }
    #[test]
    fn a_commune_cannot_hold_a_district() {
        let bad =
            UNITS.replace("Lạng Sơn,20,21.85,106.76,,2025", "Lạng Sơn,05977,21.85,106.76,,2025");
        check(
            &bad,
            SUCCESSORS,
            &[("pack.unit-level", "is a commune, which cannot hold a district")],
        );
    }
    #[test]
    fn a_comma_in_degrees() {
        check(
            &UNITS.replace("21.02,105.83", "\"21,02\",105.83"),
            SUCCESSORS,
            &[("pack.number", "`21,02`")],
        );
    }
    #[test]
    fn successors_of_strangers_and_without_default() {
        check(
            UNITS,
            "old,new,part,default\n05977,05977.2025,whole,false\n05977,99999,part,yes\n",
            &[
                ("pack.successor-default", "`05977` has 0 default"),
                ("pack.unit-unknown", "`99999`"),
                ("pack.word", "`yes`"),
            ],
        );
    }
    #[test]
    fn another_encoding() {
        let reading = read(b"id\n\xE1", SUCCESSORS.as_bytes());
        assert_eq!(reading.findings.first().map(|f| f.code), Some("pack.encoding"));
    }
    #[test]
    fn the_territory_of_a_province() {
        let reading = read(UNITS.as_bytes(), SUCCESSORS.as_bytes());
        let (units, successors) = territory(&reading.units, &reading.successors, "20");
        let ids: Vec<&str> = units.iter().map(|unit| unit.id.as_str()).collect();
        assert_eq!(ids, ["VN", "20", "178", "05977", "05977.2025"]);
        assert_eq!(successors.len(), 1);
    }
    #[test]
    fn the_territory_of_nobody() {
        let reading = read(UNITS.as_bytes(), SUCCESSORS.as_bytes());
        assert_eq!(territory(&reading.units, &reading.successors, "99").0, []);
    }
}
