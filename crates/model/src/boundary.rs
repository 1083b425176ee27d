//! Outlines of units: which unit a feature of a file means, and what loading it changes.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::ids::UnitId;
use crate::text::{Words, fold};
use crate::unit::{Places, Unit};
use crate::words;

/// The rings of an outline, each point as longitude and latitude.
pub type Rings = Vec<Vec<(f64, f64)>>;

/// Outlines by the identity of their unit.
pub type Outlines = BTreeMap<UnitId, Rings>;

/// A feature of a file that can be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Boundary {
    /// Which feature of the file it is, from 1.
    pub number: usize,
    /// The code that it names its unit by; empty where it has none.
    pub code: String,
    /// The name that it gives its unit; empty where it has none.
    pub name: String,
    /// Rings, each point as longitude and latitude.
    pub rings: Rings,
}

/// What becomes of a feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Its unit gets its first outline.
    New(UnitId),
    /// Its unit gets another outline.
    Changed(UnitId),
    /// Its unit has this outline already.
    Same(UnitId),
    /// It is left out, and why.
    LeftOut(Words),
}

/// A feature with what becomes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Matched {
    /// The feature.
    pub boundary: Boundary,
    /// What becomes of it.
    pub fate: Fate,
    /// What somebody should look at before it is taken.
    pub doubt: Option<Words>,
}

/// The days on whose places features are looked for: today, and the geography of the plan.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    /// Today.
    pub today: Date,
    /// The day whose places the plan is told by.
    pub geography: Date,
}

/// Finds the unit of each feature, by its code, else by its name, and says what loading it changes.
pub fn matched(
    boundaries: Vec<Boundary>,
    places: &Places,
    days: Days,
    outlines: &Outlines,
) -> Vec<Matched> {
    let mut taken = BTreeSet::new();
    let fate = |boundary: Boundary| {
        let unit = match unit_of(&boundary, places, days) {
            Ok(unit) => unit,
            Err(why) => return Matched { boundary, fate: Fate::LeftOut(why), doubt: None },
        };
        if !taken.insert(unit.id.clone()) {
            let why = words!(
                "trùng đơn vị với một đối tượng trước ({unit}); chỉ giữ ranh giới đầu tiên",
                "another feature before it has the same unit ({unit}); the first one is kept",
                unit = &unit.name
            );
            return Matched { boundary, fate: Fate::LeftOut(why), doubt: None };
        }
        let doubt = doubt(&boundary, unit);
        let id = unit.id.clone();
        let fate = match outlines.get(&id) {
            None => Fate::New(id),
            Some(rings) if *rings == boundary.rings => Fate::Same(id),
            Some(_) => Fate::Changed(id),
        };
        Matched { boundary, fate, doubt }
    };
    boundaries.into_iter().map(fate).collect()
}

/// The outlines after what was matched is loaded.
pub fn laid_over(outlines: &Outlines, matched: &[Matched]) -> Outlines {
    let mut all = outlines.clone();
    for one in matched {
        if let Fate::New(id) | Fate::Changed(id) = &one.fate {
            all.insert(id.clone(), one.boundary.rings.clone());
        }
    }
    all
}

/// Whether a unit has a name, with or without what kind of unit it is.
fn is_called(unit: &Unit, name: &str) -> bool {
    let name = fold(name);
    fold(&unit.name) == name || fold(unit.short_name()) == name
}

fn unit_of<'p>(boundary: &Boundary, places: &'p Places, days: Days) -> Result<&'p Unit, Words> {
    let is_there = |unit: &&Unit| unit.exists_on(days.today) || unit.exists_on(days.geography);
    if !boundary.code.is_empty() {
        // Codes were used again when units were reformed: the name tells whose the outline is, and without one it is today's.
        let of_day = |day| places.find(&boundary.code, day).filter(is_there);
        let (now, then) = (of_day(days.today), of_day(days.geography));
        let is_named = |unit: &&Unit| is_called(unit, &boundary.name);
        let found = now.filter(is_named).or(then.filter(is_named)).or(now).or(then);
        return found.ok_or_else(|| {
            words!(
                "không có đơn vị mang mã {code}; hãy xem `hoptac unit list`, hoặc xóa mã để tìm theo tên",
                "there is no unit with the code {code}; look at `hoptac unit list`, or leave the code out to go by the name",
                code = &boundary.code
            )
        });
    }
    let name = fold(&boundary.name);
    if name.is_empty() {
        return Err(words!(
            "không có mã (`code`, `ma`, `ma_xa`) và tên (`name`, `ten`); hãy ghi mã đơn vị hành chính",
            "it has neither a code (`code`, `ma`, `ma_xa`) nor a name (`name`, `ten`); give the code of its unit"
        ));
    }
    let mut whole = Vec::new();
    let mut short = Vec::new();
    for unit in places.all().filter(is_there) {
        if fold(&unit.name) == name {
            whole.push(unit);
        } else if fold(unit.short_name()) == name {
            short.push(unit);
        }
    }
    let found = if whole.is_empty() { short } else { whole };
    match found.as_slice() {
        [] => Err(words!(
            "không có đơn vị tên `{name}`; hãy ghi mã đơn vị hành chính",
            "there is no unit named `{name}`; give the code of its unit",
            name = &boundary.name
        )),
        [unit] => Ok(unit),
        several => Err(words!(
            "tên `{name}` là của {count} đơn vị ({codes}); hãy ghi mã đơn vị hành chính",
            "{count} units are named `{name}` ({codes}); give the code of its unit",
            name = &boundary.name,
            count = several.len(),
            codes = several.iter().map(|unit| unit.code.as_str()).collect::<Vec<_>>().join(", ")
        )),
    }
}

/// A code that goes with another name may be of another list of codes.
fn doubt(boundary: &Boundary, unit: &Unit) -> Option<Words> {
    let is_its = boundary.name.is_empty() || is_called(unit, &boundary.name);
    (!is_its).then(|| {
        words!(
            "mã {code} là của {unit}, mà tệp ghi tên `{name}`; hãy đối chiếu trước khi nhận",
            "the code {code} is that of {unit}, and the file says `{name}`; compare before you take it",
            code = &unit.code,
            unit = &unit.name,
            name = &boundary.name
        )
    })
}

/// Outlines as the text that is kept: the same outlines give the same bytes.
pub fn written(outlines: &Outlines) -> Vec<u8> {
    serde_json::to_vec(outlines).expect("rings are numbers")
}

/// Reads outlines that are kept.
pub fn read(bytes: &[u8]) -> Option<Outlines> {
    let mut outlines: Outlines = serde_json::from_slice(bytes).ok()?;
    for point in outlines.values_mut().flatten().flatten() {
        *point = (degrees(point.0), degrees(point.1));
    }
    Some(outlines)
}

/// Degrees to five places, which is a metre: the same point is the same number however it was written.
pub fn degrees(degrees: f64) -> f64 {
    (degrees * 1e5).round() / 1e5
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::Level;

    fn unit(code: &str, name: &str) -> Unit {
        Unit {
            id: UnitId::from(code),
            code: code.to_owned(),
            level: Level::Commune,
            name: name.to_owned(),
            parent: None,
            lat_e4: None,
            lon_e4: None,
            valid_from: None,
            valid_to: None,
        }
    }

    #[track_caller]
    fn check(code: &str, name: &str, want: &str) {
        let units =
            vec![unit("1", "Xã Bình Gia"), unit("2", "Xã Tân Lập"), unit("3", "Phường Tân Lập")];
        let places = Places::new(units, Vec::new());
        let day = jiff::civil::date(2026, 1, 1);
        let boundary = |x: f64| Boundary {
            number: 1,
            code: code.to_owned(),
            name: name.to_owned(),
            rings: vec![vec![(x, 21.0), (106.5, 21.0), (106.5, 21.5), (x, 21.0)]],
        };
        let days = Days { today: day, geography: day };
        let mut outlines = Outlines::new();
        outlines.insert(UnitId::from("2"), boundary(106.0).rings);
        outlines.insert(UnitId::from("3"), boundary(105.0).rings);
        let found = matched(vec![boundary(106.0)], &places, days, &outlines);
        let said = match &found[0].fate {
            Fate::New(id) => format!("new {id}"),
            Fate::Changed(id) => format!("changed {id}"),
            Fate::Same(id) => format!("same {id}"),
            Fate::LeftOut(why) => why.en.clone(),
        };
        let doubt = if found[0].doubt.is_some() { "?" } else { "" };
        assert!(format!("{said}{doubt}").starts_with(want), "{said}{doubt}");
    }

    #[test]
    fn a_code_goes_before_a_name() {
        check("1", "", "new 1");
        check("2", "Tân Lập", "same 2");
        check("3", "Phường Tân Lập", "changed 3");
        check("9", "Bình Gia", "there is no unit with the code 9");
    }
    #[test]
    fn a_name_must_be_that_of_one_unit() {
        check("", "bình gia", "new 1");
        check("", "Xã Tân Lập", "same 2");
        check("", "Tân Lập", "2 units are named `Tân Lập` (2, 3)");
        check("", "Ở Đâu", "there is no unit named");
        check("", "", "it has neither a code");
    }
    #[test]
    fn a_code_with_another_name_is_doubted() {
        check("1", "Chi Lăng", "new 1?");
    }
    #[test]
    fn a_unit_has_one_outline() {
        let places = Places::new(vec![unit("1", "Xã Bình Gia")], Vec::new());
        let day = jiff::civil::date(2026, 1, 1);
        let one = Boundary {
            number: 1,
            code: "1".to_owned(),
            name: String::new(),
            rings: vec![vec![(106.0, 21.0); 4]],
        };
        let found = matched(
            vec![one.clone(), Boundary { number: 2, ..one }],
            &places,
            Days { today: day, geography: day },
            &Outlines::new(),
        );
        assert!(matches!(found[0].fate, Fate::New(_)));
        assert!(matches!(&found[1].fate, Fate::LeftOut(why) if why.en.starts_with("another")));
        let all = laid_over(&Outlines::new(), &found);
        assert_eq!(all.len(), 1);
        assert_eq!(read(&written(&all)), Some(all));
    }
}
