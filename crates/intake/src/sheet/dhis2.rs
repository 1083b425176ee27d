//! What DHIS2 exports, as rows of our own forms: organisation units (JSON, CSV) as units, data values (JSON, CSV) as published figures. From
//! there on they are sheets as others are: looked over row by row, filed in one transaction, taken back as a whole.
//!
//! Data values name elements and units by code where they were exported so (`dataElementIdScheme=CODE&orgUnitIdScheme=CODE`); an identity of
//! DHIS2's own is no code of a plan, and the row says so.

use std::collections::BTreeMap;

use hoptac_model::unit::Level;
use serde_json::Value;

use super::book::{BookFault, Owned};

/// The heads of our form of units.
const UNITS: [&str; 6] = ["Mã", "Tên", "Cấp", "Mã cấp trên", "Từ ngày", "Đến ngày"];
/// The heads of our form of published figures.
const FIGURES: [&str; 9] = [
    "Mã số liệu",
    "Chỉ tiêu",
    "Mã đơn vị",
    "Kỳ",
    "Ngày",
    "Giá trị",
    "Mức xác nhận",
    "Nguồn",
    "Ghi chú",
];

/// The rows of a JSON file of DHIS2; none where it is no such file.
pub(super) fn of_json(bytes: &[u8]) -> Option<Result<Vec<Vec<Owned>>, BookFault>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return None;
    }
    let value: Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        // A table of text may begin with a brace too; what names itself as ours is told what is wrong with it.
        Err(_) if is_named(bytes) => return Some(Err(BookFault::damaged())),
        Err(_) => return None,
    };
    if let Some(units) = value.get("organisationUnits").and_then(Value::as_array) {
        return Some(Ok(units_of(&units.iter().map(of_object).collect::<Vec<_>>())));
    }
    let values = value.get("dataValues").and_then(Value::as_array)?;
    // Of a whole set, period and unit may stand once for all.
    let shared = of_object(&value);
    let rows = values.iter().map(|one| {
        let mut fields = shared.clone();
        fields.extend(of_object(one));
        fields
    });
    Some(Ok(figures_of(&rows.collect::<Vec<_>>())))
}

fn is_named(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(bytes.get(..bytes.len().min(4096)).unwrap_or_default());
    start.contains("\"organisationUnits\"") || start.contains("\"dataValues\"")
}

/// The rows of a CSV file of DHIS2; none where its heads are others.
pub(super) fn of_table(rows: &[Vec<Owned>]) -> Option<Vec<Vec<Owned>>> {
    let text = |cell: &Owned| match cell {
        Owned::Text(text) => text.trim().to_owned(),
        Owned::Number(number) => number.to_string(),
        Owned::Day(day) => day.to_string(),
        Owned::Truth(truth) => truth.to_string(),
        Owned::Empty | Owned::Fault(_) => String::new(),
    };
    let (heads, rows) = rows.split_first()?;
    let heads: Vec<String> =
        heads.iter().map(|cell| text(cell).to_lowercase().replace([' ', '_'], "")).collect();
    let has = |all: &[&str]| all.iter().all(|name| heads.iter().any(|head| head == name));
    let fields = || -> Vec<Fields> {
        rows.iter().map(|row| heads.iter().cloned().zip(row.iter().map(text)).collect()).collect()
    };
    if has(&["dataelement", "period", "orgunit", "value"]) {
        return Some(figures_of(&fields()));
    }
    has(&["uid", "code", "parent", "openingdate"]).then(|| units_of(&fields()))
}

/// What one object says, by names in small letters.
type Fields = BTreeMap<String, String>;

fn of_object(value: &Value) -> Fields {
    let mut fields = Fields::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        let said = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Object(inner) => {
                // A unit above is an object of its own.
                let of = |name: &str| inner.get(name).and_then(Value::as_str).map(str::to_owned);
                if let Some(code) = of("code") {
                    fields.insert(format!("{}code", name.to_lowercase()), code);
                }
                of("id").unwrap_or_default()
            }
            Value::Null | Value::Bool(_) | Value::Array(_) => continue,
        };
        fields.insert(name.to_lowercase(), said);
    }
    fields
}

fn get<'f>(fields: &'f Fields, names: &[&str]) -> &'f str {
    names
        .iter()
        .filter_map(|name| fields.get(*name))
        .find(|text| !text.is_empty())
        .map_or("", String::as_str)
}

fn head(names: &[&str]) -> Vec<Owned> {
    names.iter().map(|name| Owned::Text((*name).to_owned())).collect()
}

fn cell(text: &str) -> Owned {
    if text.is_empty() { Owned::Empty } else { Owned::Text(text.to_owned()) }
}

/// Units above stand before those below, as our form wants them.
fn units_of(units: &[Fields]) -> Vec<Vec<Owned>> {
    let identity = |fields: &Fields| get(fields, &["id", "uid"]).to_owned();
    let code = |fields: &Fields| get(fields, &["code", "id", "uid"]).to_owned();
    let codes: BTreeMap<String, String> =
        units.iter().map(|fields| (identity(fields), code(fields))).collect();
    let above: BTreeMap<String, String> = units
        .iter()
        .map(|fields| (identity(fields), get(fields, &["parent"]).to_owned()))
        .collect();
    let depth = |fields: &Fields| {
        let (mut deep, mut at) = (0, get(fields, &["parent"]).to_owned());
        // A circle of parents ends too.
        while let Some(next) = above.get(&at).filter(|_| deep < 12) {
            deep += 1;
            at.clone_from(next);
        }
        deep
    };
    let mut sorted: Vec<(usize, &Fields)> =
        units.iter().map(|fields| (depth(fields), fields)).collect();
    sorted.sort_by_key(|(deep, _)| *deep);
    let mut rows = vec![head(&UNITS)];
    for (deep, fields) in sorted {
        let name = get(fields, &["name"]);
        let parent = get(fields, &["parent"]);
        let known = codes.get(parent).map(String::as_str);
        let parent = known.or(fields.get("parentcode").map(String::as_str)).unwrap_or(parent);
        let told = get(fields, &["level"]).parse().ok().unwrap_or(deep + 1);
        rows.push(vec![
            cell(&code(fields)),
            cell(name),
            cell(level(name, told).code()),
            cell(parent),
            cell(day(get(fields, &["openingdate"]))),
            cell(day(get(fields, &["closeddate"]))),
        ]);
    }
    rows
}

/// The level of a unit: by its type word, else by how deep it stands.
fn level(name: &str, depth: usize) -> Level {
    let begins = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
    if begins(&["Xã ", "Phường ", "Thị trấn ", "Đặc khu "]) {
        Level::Commune
    } else if begins(&["Huyện ", "Quận ", "Thị xã "]) {
        Level::District
    } else if begins(&["Tỉnh "]) {
        Level::Province
    } else {
        match depth {
            0 | 1 => Level::Nation,
            2 => Level::Province,
            3 => Level::District,
            _ => Level::Commune,
        }
    }
}

/// The day of a moment: `2025-07-01T00:00:00.000`.
fn day(moment: &str) -> &str {
    moment.split('T').next().unwrap_or_default()
}

fn figures_of(values: &[Fields]) -> Vec<Vec<Owned>> {
    let mut rows = vec![head(&FIGURES)];
    for fields in values {
        let element = get(fields, &["dataelement"]);
        let unit = get(fields, &["orgunit"]);
        let written = get(fields, &["period"]);
        let option = get(fields, &["categoryoptioncombo"]);
        let name = [element, unit, written, option]
            .iter()
            .filter(|part| !part.is_empty() && !part.eq_ignore_ascii_case("default"))
            .map(|part| part.to_lowercase())
            .collect::<Vec<_>>()
            .join("-");
        let (period, on) = when(written);
        let updated = day(get(fields, &["lastupdated", "created"]));
        let source =
            if updated.is_empty() { "DHIS2".to_owned() } else { format!("DHIS2, {updated}") };
        rows.push(vec![
            cell(&format!("dhis2-{name}")),
            cell(element),
            cell(unit),
            cell(&period),
            cell(&on),
            cell(&get(fields, &["value"]).replace('.', ",")),
            cell("provisional"),
            cell(&source),
            cell(get(fields, &["comment"])),
        ]);
    }
    rows
}

/// A period as we write it, or a day: `2024`, `2024Q1`, `2024S1`, `20240331`. What we have no period for stays as it is, and the row says so.
fn when(written: &str) -> (String, String) {
    let (year, rest) = written.split_at_checked(4).unwrap_or((written, ""));
    if !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return (written.to_owned(), String::new());
    }
    let digits = rest.bytes().all(|byte| byte.is_ascii_digit());
    match (rest.chars().next(), rest.get(1..)) {
        (None, _) => (year.to_owned(), String::new()),
        (Some('Q'), Some(quarter)) => (format!("{year}-Q{quarter}"), String::new()),
        (Some('S'), Some(half)) => (format!("{year}-H{half}"), String::new()),
        _ if digits && rest.len() == 4 => {
            let (month, day) = rest.split_at(2);
            (String::new(), format!("{year}-{month}-{day}"))
        }
        _ => (written.to_owned(), String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(rows: &[Vec<Owned>]) -> Vec<Vec<String>> {
        let text = |cell: &Owned| match cell {
            Owned::Text(text) => text.clone(),
            Owned::Empty | Owned::Number(_) | Owned::Day(_) | Owned::Truth(_) | Owned::Fault(_) => {
                String::new()
            }
        };
        rows.iter().map(|row| row.iter().map(text).collect()).collect()
    }

    #[test]
    fn units_stand_behind_those_above_them_whatever_their_order() {
        let json = r#"{"organisationUnits":[
            {"id":"c","code":"05971","name":"Xã Ví dụ","level":4,"parent":{"id":"b"},"openingDate":"2025-07-01T00:00:00.000"},
            {"id":"a","code":"0","name":"Việt Nam","level":1},
            {"id":"b","code":"20","name":"Tỉnh Lạng Sơn","level":2,"parent":{"id":"a","code":"0"},"closedDate":null}]}"#;
        let rows = shown(&of_json(json.as_bytes()).unwrap().unwrap());
        assert_eq!(rows[1][..4], ["0", "Việt Nam", "nation", ""]);
        assert_eq!(rows[2][..4], ["20", "Tỉnh Lạng Sơn", "province", "0"]);
        assert_eq!(rows[3], ["05971", "Xã Ví dụ", "commune", "20", "2025-07-01", ""]);
    }
    #[test]
    fn a_circle_of_parents_ends() {
        let json = r#"{"organisationUnits":[
            {"id":"a","name":"A","parent":{"id":"b"}},{"id":"b","name":"B","parent":{"id":"a"}}]}"#;
        assert_eq!(of_json(json.as_bytes()).unwrap().unwrap().len(), 3);
    }
    #[test]
    fn values_take_what_stands_once_for_all() {
        let json = r#"{"period":"2024","orgUnit":"20","dataValues":[
            {"dataElement":"groups","value":"372","lastUpdated":"2025-01-15T08:00:00.000+0700","categoryOptionCombo":"default"},
            {"dataElement":"share","period":"2024Q1","value":"48.2","comment":"tạm tính"}]}"#;
        let rows = shown(&of_json(json.as_bytes()).unwrap().unwrap());
        assert_eq!(rows[1][0], "dhis2-groups-20-2024");
        assert_eq!(
            rows[1][1..8],
            ["groups", "20", "2024", "", "372", "provisional", "DHIS2, 2025-01-15"]
        );
        assert_eq!(
            (rows[2][3].as_str(), rows[2][5].as_str(), rows[2][8].as_str()),
            ("2024-Q1", "48,2", "tạm tính")
        );
    }
    #[test]
    fn a_table_of_values_is_known_by_its_heads() {
        let row = |cells: [&str; 4]| cells.map(|cell| Owned::Text(cell.to_owned())).to_vec();
        let rows = [
            row(["dataelement", "period", "orgunit", "value"]),
            row(["groups", "20240331", "20", "7"]),
        ];
        let rows = shown(&of_table(&rows).unwrap());
        assert_eq!(rows[1][3..6], ["", "2024-03-31", "7"]);
        assert!(of_table(&[row(["Mã", "Tên", "Cấp", "Mã cấp trên"])]).is_none());
    }
    #[test]
    fn what_is_cut_off_is_told_and_what_is_none_of_it_is_left() {
        assert!(of_json(br#"{"dataValues":[{"dataElement":"gro"#).unwrap().is_err());
        assert!(of_json(b"{not json").is_none());
        assert!(of_json(br#"{"other":[]}"#).is_none());
        assert!(of_json(b"a;b").is_none());
    }
    #[track_caller]
    fn check(written: &str, period: &str, on: &str) {
        assert_eq!(when(written), (period.to_owned(), on.to_owned()));
    }
    #[test]
    fn periods_are_ours_and_others_stay_to_be_told() {
        check("2024", "2024", "");
        check("2024S2", "2024-H2", "");
        check("20241231", "", "2024-12-31");
        check("202403", "202403", "");
        check("2024W5", "2024W5", "");
        check("ă", "ă", "");
    }
}
