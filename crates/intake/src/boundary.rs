//! Outlines of units from a `GeoJSON` file that the operator has from elsewhere: read as far as they can be, with what was
//! left out.

use hoptac_model::finding::{Finding, Place, Severity};
use hoptac_model::text::Words;
use hoptac_model::words;
use serde_json::Value;

/// What a file of outlines may weigh.
const SIZE_MAX: usize = 30 * 1024 * 1024;
/// How many points are kept; more makes no better picture.
const POINTS_MAX: usize = 60_000;

/// The outline of one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Boundary {
    /// The statistics office's code of the unit.
    pub code: String,
    /// Rings, each point as longitude and latitude.
    pub rings: Vec<Vec<(f64, f64)>>,
}

/// Reads a collection of features. A feature names its unit by `code`, `ma`, `ma_xa`, `MA_XA` or its own id.
pub fn read(bytes: &[u8], file_name: &str) -> (Vec<Boundary>, Vec<Finding>) {
    let place = || Place { file: file_name.to_owned(), ..Place::default() };
    let refuse = |code, message: Words| {
        let remedy = words!(
            "nộp tệp GeoJSON FeatureCollection có các đa giác tính bằng độ",
            "hand in a GeoJSON FeatureCollection with polygons in degrees"
        );
        (Vec::new(), vec![Finding::at(code, place(), message, remedy)])
    };
    if bytes.len() > SIZE_MAX {
        return refuse(
            "boundary.too-large",
            words!(
                "tệp nặng hơn {most} MB",
                "the file has more than {most} MB",
                most = SIZE_MAX / 1024 / 1024
            ),
        );
    }
    let value: Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(error) => {
            let error = error.to_string();
            let message =
                words!("tệp không phải JSON: {error}", "the file is not JSON: {error}", error);
            return refuse("boundary.not-json", message);
        }
    };
    let Some(features) = value.get("features").and_then(Value::as_array) else {
        return refuse(
            "boundary.no-features",
            words!("tệp không có danh sách `features`", "the file has no list of `features`"),
        );
    };
    let mut boundaries = Vec::new();
    let mut findings = Vec::new();
    let mut points = 0;
    for (index, feature) in features.iter().enumerate() {
        let left_out = |message: Words| {
            let remedy = words!(
                "đơn vị này được hiển thị không có đường bao",
                "its unit is shown without an outline"
            );
            Finding::at("boundary.left-out", place(), message, remedy)
                .with_severity(Severity::Warning)
        };
        let Some(code) = code(feature) else {
            findings.push(left_out(words!(
                "đối tượng thứ {number} không có mã đơn vị hành chính",
                "feature {number} has no code of a unit",
                number = index + 1
            )));
            continue;
        };
        let rings = feature.get("geometry").map(rings).unwrap_or_default();
        if rings.is_empty() {
            findings.push(left_out(words!(
                "đối tượng `{code}` không có đa giác tính bằng độ",
                "feature `{code}` has no polygon in degrees",
                code
            )));
            continue;
        }
        points += rings.iter().map(Vec::len).sum::<usize>();
        if points > POINTS_MAX {
            findings.push(left_out(words!(
                "các đường bao có hơn {most} điểm; từ `{code}` trở đi bị bỏ qua",
                "the outlines have more than {most} points; those from `{code}` on are left out",
                most = POINTS_MAX,
                code
            )));
            break;
        }
        boundaries.push(Boundary { code, rings });
    }
    (boundaries, findings)
}

fn code(feature: &Value) -> Option<String> {
    let properties = feature.get("properties");
    let named = ["code", "ma", "ma_xa", "MA_XA"].iter().find_map(|name| properties?.get(name));
    match named.or_else(|| feature.get("id"))? {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    }
}

/// The rings of a polygon or of several.
fn rings(geometry: &Value) -> Vec<Vec<(f64, f64)>> {
    let coordinates = geometry.get("coordinates").and_then(Value::as_array);
    let Some(coordinates) = coordinates else { return Vec::new() };
    let of = |polygon: &Value| -> Vec<Vec<(f64, f64)>> {
        polygon.as_array().map(|rings| rings.iter().filter_map(ring).collect()).unwrap_or_default()
    };
    match geometry.get("type").and_then(Value::as_str) {
        Some("Polygon") => coordinates.iter().filter_map(ring).collect(),
        Some("MultiPolygon") => coordinates.iter().flat_map(of).collect(),
        _ => Vec::new(),
    }
}

/// A ring of at least three points that are degrees.
fn ring(ring: &Value) -> Option<Vec<(f64, f64)>> {
    let points: Vec<(f64, f64)> = ring.as_array()?.iter().filter_map(point).collect();
    (points.len() >= 3).then_some(points)
}

fn point(point: &Value) -> Option<(f64, f64)> {
    let (lon, lat) = (point.get(0)?.as_f64()?, point.get(1)?.as_f64()?);
    (lon.abs() <= 180.0 && lat.abs() <= 90.0).then_some((lon, lat))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, units: &[&str], findings: &[&str]) {
        let (boundaries, found) = read(text.as_bytes(), "ranh-gioi.geojson");
        assert_eq!(boundaries.iter().map(|b| b.code.as_str()).collect::<Vec<_>>(), units);
        assert_eq!(found.iter().map(|f| f.code).collect::<Vec<_>>(), findings);
    }

    #[test]
    fn a_polygon_and_several() {
        check(
            r#"{"features": [
                {"properties": {"code": "05977"}, "geometry": {"type": "Polygon", "coordinates": [[[106.7, 21.8], [106.8, 21.8], [106.8, 21.9]]]}},
                {"id": 12, "geometry": {"type": "MultiPolygon", "coordinates": [[[[106.7, 21.8], [106.8, 21.8], [106.8, 21.9]]]]}}
            ]}"#,
            &["05977", "12"],
            &[],
        );
    }
    #[test]
    fn what_cannot_be_drawn_is_left_out_and_told() {
        check(
            r#"{"features": [
                {"properties": {"code": "1"}, "geometry": {"type": "Point", "coordinates": [106.7, 21.8]}},
                {"geometry": {"type": "Polygon", "coordinates": []}},
                {"properties": {"code": "2"}, "geometry": {"type": "Polygon", "coordinates": [[[500000, 2400000], [500001, 2400000], [500001, 2400001]]]}}
            ]}"#,
            &[],
            &["boundary.left-out"; 3],
        );
    }
    #[test]
    fn what_is_no_geojson_is_refused() {
        check("", &[], &["boundary.not-json"]);
        check("[]", &[], &["boundary.no-features"]);
        check("{\"features\": 5}", &[], &["boundary.no-features"]);
    }
}
