//! Outlines of units from a `GeoJSON` file that the operator has from elsewhere: read as far as they can be, with what was
//! left out.

use hoptac_model::boundary::{Boundary, Rings, degrees};
use hoptac_model::finding::{Finding, Place, Severity};
use hoptac_model::text::Words;
use hoptac_model::words;
use serde_json::Value;

/// What a file of outlines may weigh.
pub const SIZE_MAX: usize = 30 * 1024 * 1024;
/// How many points are kept; more makes no better picture.
const POINTS_MAX: usize = 60_000;
/// What Viet Nam lies in with its islands, in degrees: west, south, east, north.
const BOX: (f64, f64, f64, f64) = (102.0, 6.0, 118.0, 24.0);
/// Names of properties that hold the code of a unit.
const CODES: [&str; 4] = ["code", "ma", "ma_xa", "MA_XA"];
/// Names of properties that hold the name of a unit.
const NAMES: [&str; 4] = ["name", "ten", "ten_xa", "TEN_XA"];

/// Reads a collection of features. A feature names its unit by `code`, `ma`, `ma_xa`, `MA_XA`, its own id, or a name.
pub fn read(bytes: &[u8], file_name: &str) -> (Vec<Boundary>, Vec<Finding>) {
    let place = || Place { file: file_name.to_owned(), ..Place::default() };
    let features = match features(bytes) {
        Ok(features) => features,
        Err((code, message)) => {
            let remedy = words!(
                "nộp tệp GeoJSON FeatureCollection có các đa giác tính bằng độ (WGS 84)",
                "hand in a GeoJSON FeatureCollection with polygons in degrees (WGS 84)"
            );
            return (Vec::new(), vec![Finding::at(code, place(), message, remedy)]);
        }
    };
    let mut boundaries = Vec::new();
    let mut findings = Vec::new();
    let mut points = 0;
    let left_out = |message: Words| {
        let remedy = words!(
            "đơn vị này được hiển thị không có đường bao",
            "its unit is shown without an outline"
        );
        Finding::at("boundary.left-out", place(), message, remedy).with_severity(Severity::Warning)
    };
    for (index, feature) in features.iter().enumerate() {
        let (code, name) = (code(feature), name(feature));
        let label = match (code.is_empty(), name.is_empty()) {
            (false, true) => format!("{} ({code})", index + 1),
            (true, false) => format!("{} ({name})", index + 1),
            (false, false) => format!("{} ({code} {name})", index + 1),
            (true, true) => (index + 1).to_string(),
        };
        let rings = match rings(feature.get("geometry")) {
            Ok(rings) => rings,
            Err(fault) => {
                findings.push(left_out(fault.words(&label)));
                continue;
            }
        };
        points += rings.iter().map(Vec::len).sum::<usize>();
        if points > POINTS_MAX {
            findings.push(left_out(words!(
                "các đường bao có hơn {most} điểm; từ đối tượng thứ {label} trở đi bị bỏ qua, hãy giản lược đường bao trước",
                "the outlines have more than {most} points; from feature {label} on they are left out, simplify the outlines first",
                most = POINTS_MAX,
                label
            )));
            break;
        }
        boundaries.push(Boundary { number: index + 1, code, name, rings });
    }
    (boundaries, findings)
}

/// The features of a collection, or why there are none.
fn features(bytes: &[u8]) -> Result<Vec<Value>, (&'static str, Words)> {
    if bytes.len() > SIZE_MAX {
        let most = SIZE_MAX / 1024 / 1024;
        let message = words!("tệp nặng hơn {most} MB", "the file has more than {most} MB", most);
        return Err(("boundary.too-large", message));
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut value: Value = serde_json::from_slice(bytes).map_err(|error| {
        let error = error.to_string();
        let message = if error.starts_with("recursion limit") {
            words!("tệp lồng quá nhiều lớp", "the file is nested too deeply")
        } else {
            words!("tệp không phải JSON: {error}", "the file is not JSON: {error}", error)
        };
        ("boundary.not-json", message)
    })?;
    if value.get("type").and_then(Value::as_str) != Some("FeatureCollection") {
        let message =
            words!("tệp JSON không phải là FeatureCollection", "the JSON is no FeatureCollection");
        return Err(("boundary.no-features", message));
    }
    if let Some(name) = value.pointer("/crs/properties/name").and_then(Value::as_str)
        && !["CRS84", "EPSG::4326", "EPSG:4326"].iter().any(|known| name.ends_with(known))
    {
        let message = words!(
            "tọa độ theo hệ {name}, không phải độ kinh vĩ WGS 84",
            "the coordinates are of {name}, which is not degrees of WGS 84",
            name
        );
        return Err(("boundary.projected", message));
    }
    let Some(Value::Array(features)) = value.get_mut("features").map(Value::take) else {
        return Err((
            "boundary.no-features",
            words!("tệp không có danh sách `features`", "the file has no list of `features`"),
        ));
    };
    Ok(features)
}

fn code(feature: &Value) -> String {
    let properties = feature.get("properties");
    let named = CODES.iter().find_map(|name| properties?.get(name));
    let Some(value) = named.or_else(|| feature.get("id")) else { return String::new() };
    let text = value.as_str().map(|text| text.trim().to_owned());
    text.or_else(|| value.as_number().map(ToString::to_string)).unwrap_or_default()
}

fn name(feature: &Value) -> String {
    let properties = feature.get("properties");
    let named = NAMES.iter().find_map(|name| properties?.get(name)?.as_str());
    named.unwrap_or_default().trim().to_owned()
}

/// Why the outline of a feature cannot be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    NoPolygon,
    NotDegrees,
    Elsewhere,
    Short,
    Open,
}

impl Fault {
    fn words(self, label: &str) -> Words {
        match self {
            Self::NoPolygon => words!(
                "đối tượng thứ {label} không có đa giác",
                "feature {label} has no polygon",
                label
            ),
            Self::NotDegrees => words!(
                "đối tượng thứ {label} có tọa độ không phải là độ kinh vĩ; hãy chuyển sang WGS 84",
                "feature {label} has coordinates that are no degrees; convert them to WGS 84",
                label
            ),
            Self::Elsewhere => words!(
                "đối tượng thứ {label} nằm ngoài Việt Nam; mỗi điểm ghi kinh độ trước, vĩ độ sau",
                "feature {label} lies outside Viet Nam; each point has its longitude first, then its latitude",
                label
            ),
            Self::Short => words!(
                "đối tượng thứ {label} có vòng ít hơn bốn điểm",
                "feature {label} has a ring of fewer than four points",
                label
            ),
            Self::Open => words!(
                "đối tượng thứ {label} có vòng không khép kín: điểm cuối phải trùng điểm đầu",
                "feature {label} has a ring that is not closed: its last point must be its first",
                label
            ),
        }
    }
}

/// The rings of a polygon or of several.
fn rings(geometry: Option<&Value>) -> Result<Rings, Fault> {
    let coordinates = geometry.and_then(|geometry| geometry.get("coordinates")?.as_array());
    let coordinates = coordinates.ok_or(Fault::NoPolygon)?;
    let kind = geometry.and_then(|geometry| geometry.get("type")?.as_str());
    let rings: Rings = match kind {
        Some("Polygon") => coordinates.iter().map(ring).collect::<Result<_, _>>()?,
        Some("MultiPolygon") => {
            let polygons = coordinates.iter().filter_map(Value::as_array);
            polygons.flatten().map(ring).collect::<Result<_, _>>()?
        }
        _ => return Err(Fault::NoPolygon),
    };
    if rings.is_empty() { Err(Fault::NoPolygon) } else { Ok(rings) }
}

/// A closed ring in Viet Nam.
fn ring(ring: &Value) -> Result<Vec<(f64, f64)>, Fault> {
    let points = ring.as_array().ok_or(Fault::NoPolygon)?;
    let points: Vec<(f64, f64)> = points.iter().map(point).collect::<Result<_, _>>()?;
    if points.len() < 4 {
        return Err(Fault::Short);
    }
    if points.first() != points.last() {
        return Err(Fault::Open);
    }
    Ok(points)
}

fn point(point: &Value) -> Result<(f64, f64), Fault> {
    let number = |at: usize| point.get(at).and_then(Value::as_f64).ok_or(Fault::NotDegrees);
    let (lon, lat) = (number(0)?, number(1)?);
    if lon.abs() > 180.0 || lat.abs() > 180.0 {
        return Err(Fault::NotDegrees);
    }
    let (west, south, east, north) = BOX;
    if !(west..=east).contains(&lon) || !(south..=north).contains(&lat) {
        return Err(Fault::Elsewhere);
    }
    Ok((degrees(lon), degrees(lat)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, units: &[&str], findings: &[&str]) {
        let (boundaries, found) = read(text.as_bytes(), "ranh-gioi.geojson");
        assert_eq!(boundaries.iter().map(|b| b.code.as_str()).collect::<Vec<_>>(), units);
        let said: Vec<&str> = found.iter().map(|f| f.message.en.as_str()).collect();
        assert_eq!(said.len(), findings.len(), "{said:?}");
        for (said, want) in said.iter().zip(findings) {
            assert!(said.contains(want), "{said}: {want}");
        }
    }

    fn collection(geometry: &str) -> String {
        format!(
            r#"{{"type": "FeatureCollection", "features": [
                {{"type": "Feature", "properties": {{"code": "1"}}, "geometry": {geometry}}}]}}"#
        )
    }

    #[test]
    fn a_polygon_and_several() {
        check(
            r#"{"type": "FeatureCollection", "features": [
                {"properties": {"code": "05977"}, "geometry": {"type": "Polygon", "coordinates": [[[106.7, 21.8], [106.8, 21.8], [106.8, 21.9], [106.7, 21.8]]]}},
                {"id": 12, "geometry": {"type": "MultiPolygon", "coordinates": [[[[106.7, 21.8], [106.8, 21.8], [106.8, 21.9], [106.7, 21.8]]]]}}
            ]}"#,
            &["05977", "12"],
            &[],
        );
    }
    #[test]
    fn what_cannot_be_drawn_is_left_out_and_told() {
        for (geometry, want) in [
            (r#"{"type": "Point", "coordinates": [106.7, 21.8]}"#, "no polygon"),
            (r#"{"type": "Polygon", "coordinates": []}"#, "no polygon"),
            ("null", "no polygon"),
            (
                r#"{"type": "Polygon", "coordinates": [[[500000, 2400000], [500001, 2400000], [500001, 2400001], [500000, 2400000]]]}"#,
                "no degrees",
            ),
            (
                r#"{"type": "Polygon", "coordinates": [[["106.7", 21.8], [106.8, 21.8], [106.8, 21.9], [106.7, 21.8]]]}"#,
                "no degrees",
            ),
            (
                r#"{"type": "Polygon", "coordinates": [[[21.8, 106.7], [21.8, 106.8], [21.9, 106.8], [21.8, 106.7]]]}"#,
                "outside Viet Nam",
            ),
            (
                r#"{"type": "Polygon", "coordinates": [[[106.7, 21.8], [106.8, 21.8], [106.7, 21.8]]]}"#,
                "fewer than four",
            ),
            (
                r#"{"type": "Polygon", "coordinates": [[[106.7, 21.8], [106.8, 21.8], [106.8, 21.9], [106.7, 21.9]]]}"#,
                "not closed",
            ),
        ] {
            check(&collection(geometry), &[], &[want]);
        }
    }
    #[test]
    fn what_is_no_geojson_is_refused() {
        check("", &[], &["not JSON"]);
        check("PK\u{3}\u{4}", &[], &["not JSON"]);
        check("[]", &[], &["no FeatureCollection"]);
        check(r#"{"type": "Feature"}"#, &[], &["no FeatureCollection"]);
        check(r#"{"type": "FeatureCollection", "features": 5}"#, &[], &["no list"]);
        check(&"[".repeat(100_000), &[], &["nested too deeply"]);
        check(&" ".repeat(50 << 20), &[], &["more than 30 MB"]);
        check(
            r#"{"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3405"}}, "features": []}"#,
            &[],
            &["EPSG::3405"],
        );
    }
}
