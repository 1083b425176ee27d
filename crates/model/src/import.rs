//! Importing a spreadsheet: what becomes of its rows when they are held against the register.

use jiff::civil::Date;
use serde::Serialize;

use crate::filing::import::ImportCounts;
use crate::finding::Finding;
use crate::ids::{OrganisationId, UnitId};
use crate::search::Alike;
use crate::sheet::{CellValue, SheetForm};
use crate::text::{Language, Words, few, fold};
use crate::unit::{Level, Places, Unit};
use crate::{number, words};

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The register does not know what it speaks of.
    New,
    /// It differs from the register.
    Changed,
    /// It says what the register says.
    Same,
    /// It may be of something that the register knows under another name.
    Doubtful,
    /// It cannot be taken.
    Rejected,
}

impl Verdict {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 5] =
        [Self::New, Self::Changed, Self::Same, Self::Doubtful, Self::Rejected];

    /// The word in files and addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Same => "same",
            Self::Doubtful => "doubtful",
            Self::Rejected => "rejected",
        }
    }

    /// The verdict that is written so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.code() == code)
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::New => Words::new("mới", "new"),
            Self::Changed => Words::new("thay đổi", "changed"),
            Self::Same => Words::new("không đổi", "the same"),
            Self::Doubtful => Words::new("nghi trùng", "may be a duplicate"),
            Self::Rejected => Words::new("bị loại", "rejected"),
        }
    }
}

/// A cell that differs from the register.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The column of the form.
    pub column: String,
    /// What the register says; none where it says nothing.
    pub before: Option<CellValue>,
    /// What the sheet says.
    pub after: Option<CellValue>,
}

impl Difference {
    /// The head of its column, what stood there and what the sheet says, as people write them.
    pub fn told(&self, form: &SheetForm, language: Language) -> [String; 3] {
        let column = form.columns.iter().find(|column| column.id == self.column);
        let shown = |value: &Option<CellValue>| match (column, value) {
            (Some(column), Some(value)) => column.kind.shown(value, language),
            _ => number::NO_VALUE.to_owned(),
        };
        let head = column.map_or(self.column.as_str(), |column| column.head.get(language));
        [head.to_owned(), shown(&self.before), shown(&self.after)]
    }
}

/// A record that may be of the same thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearRecord {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// How alike, and why.
    pub alike: Alike,
}

/// What becomes of a row, with the reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportRow {
    /// Its number, as the spreadsheet shows it.
    pub number: u32,
    /// What becomes of it.
    pub verdict: Verdict,
    /// What it speaks of, as the sheet calls it.
    pub name: String,
    /// The organisation that it speaks of, where the register knows it.
    pub organisation: Option<OrganisationId>,
    /// Where it differs from the register.
    pub differences: Vec<Difference>,
    /// Records that may be of the same thing.
    pub near: Vec<NearRecord>,
    /// What was noticed when it was held against the register and the rules; the field is the column of the form.
    pub findings: Vec<Finding>,
}

/// Who is on the roll of an organisation, and in no row of a sheet that speaks of the roll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unmentioned {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// The members, by their masked names.
    pub members: Vec<String>,
}

impl Unmentioned {
    /// So many members are named in a sentence.
    const NAMED: usize = 12;

    /// That they stay as they are, and what to do where they have left.
    pub fn told(&self) -> Words {
        let named = self.members.iter().take(Self::NAMED).map(String::as_str);
        let mut named = named.collect::<Vec<_>>().join(", ");
        if self.members.len() > Self::NAMED {
            named.push_str(", …");
        }
        words!(
            "sổ thành viên của {name} còn {count} người không có trong tệp: {named}; họ được giữ nguyên, ai đã ra khỏi tổ chức thì ghi một dòng có ngày ra và lý do ra",
            "on the roll of {name} there are {count} more who are not in the file: {named}; they stay as they are, and for whoever has left write a row with the day and the cause",
            name = &self.name,
            count = self.members.len(),
            named
        )
    }
}

/// What becomes of many rows.
pub fn counts(rows: &[ImportRow]) -> ImportCounts {
    let mut counts = ImportCounts::default();
    for row in rows {
        match row.verdict {
            Verdict::New => counts.new += 1,
            Verdict::Changed => counts.changed += 1,
            Verdict::Same => counts.same += 1,
            Verdict::Doubtful => counts.doubtful += 1,
            Verdict::Rejected => counts.rejected += 1,
        }
    }
    counts
}

/// The commune that is meant by a name or code, on a day; a former name finds what it has become, or was, by then.
///
/// # Errors
/// Where none is meant, or several.
pub fn commune<'p>(
    places: &'p Places,
    text: &str,
    district: Option<&str>,
    day: Date,
) -> Result<&'p Unit, Box<Finding>> {
    if let Some(unit) = places.find(text, day).filter(|unit| unit.level == Level::Commune) {
        return on_the_day(places, unit, day);
    }
    let wanted = fold(text);
    let named: Vec<&Unit> = places
        .all()
        .filter(|unit| unit.level == Level::Commune && is_called(places, unit, &wanted))
        .filter(|unit| district.is_none_or(|district| lies_in(places, unit, &fold(district))))
        .collect();
    let today: Vec<&Unit> = named.iter().copied().filter(|unit| unit.exists_on(day)).collect();
    match (today.as_slice(), named.as_slice()) {
        ([only], _) | ([], [only]) => on_the_day(places, only, day),
        ([], []) => Err(not_clear(
            words!(
                "không có xã, phường nào tên “{text}”",
                "no commune is called `{text}`",
                text = few(text)
            ),
            words!(
                "ghi tên hoặc mã của xã, phường trong danh mục đơn vị hành chính",
                "write the name or code of a commune from the list of units"
            ),
        )),
        ([], several) | (several, _) => {
            let named: Vec<String> =
                several.iter().take(6).map(|unit| named_whole(places, unit)).collect();
            Err(not_clear(
                words!(
                    "có nhiều xã, phường tên “{text}”: {named}",
                    "several communes are called `{text}`: {named}",
                    text = few(text),
                    named = named.join("; ")
                ),
                words!(
                    "ghi mã của xã, hoặc ghi thêm tên huyện",
                    "write the code, or the district in the column for it"
                ),
            ))
        }
    }
}

/// Which commune is meant is not clear.
fn not_clear(message: Words, remedy: Words) -> Box<Finding> {
    Box::new(Finding::field("import.seat", "seat", message, remedy))
}

/// What a unit is, or was, on a day.
fn on_the_day<'p>(places: &'p Places, unit: &'p Unit, day: Date) -> Result<&'p Unit, Box<Finding>> {
    if let Some(there) = places.seat_on(&unit.id, None, day) {
        return Ok(there);
    }
    let before: Vec<String> =
        places.predecessors(&unit.id).map(|unit| named_whole(places, unit)).collect();
    Err(not_clear(
        words!(
            "{name} không có vào ngày {day}",
            "{name} does not exist on {day}",
            name = unit.name,
            day
        ),
        words!(
            "ghi xã, phường vào ngày đó: {before}",
            "write the commune as of that day: {before}",
            before = before.join("; ")
        ),
    ))
}

/// Whether a seat that is on file is the commune that a text names: by its code, its identity or a name that it ever had,
/// as filed or as it is called on the day.
pub fn is_that_commune(places: &Places, seat: &UnitId, text: &str, day: Date) -> bool {
    let wanted = fold(text);
    let filed = places.get(seat);
    let now = places.seat_on(seat, None, day);
    [filed, now].into_iter().flatten().any(|unit| {
        unit.id.as_str() == text || unit.code == text || is_called(places, unit, &wanted)
    })
}

fn is_called(places: &Places, unit: &Unit, wanted: &str) -> bool {
    let short = fold(unit.short_name());
    let whole = fold(&unit.name);
    // "P. Đông Kinh", "TT Đồng Đăng": the type word is often abbreviated.
    let bare = ["xa ", "phuong ", "thi tran ", "tt. ", "tt ", "p. ", "p.", "x. "]
        .iter()
        .find_map(|word| wanted.strip_prefix(word))
        .unwrap_or(wanted);
    whole == wanted
        || short == wanted
        || (short == bare && whole.starts_with(type_word(wanted)))
        || places.names(unit).iter().any(|(_, name)| fold(name) == wanted)
}

/// The whole type word that an abbreviated one stands for; empty where there is none.
fn type_word(wanted: &str) -> &'static str {
    let stands = |words: &[&str]| words.iter().any(|word| wanted.starts_with(word));
    if stands(&["xa ", "x. "]) {
        "xa "
    } else if stands(&["phuong ", "p. ", "p."]) {
        "phuong "
    } else if stands(&["thi tran ", "tt ", "tt. "]) {
        "thi tran "
    } else {
        ""
    }
}

fn lies_in(places: &Places, unit: &Unit, district: &str) -> bool {
    places.ancestry(&unit.id).iter().skip(1).any(|above| {
        fold(&above.name) == district
            || fold(above.short_name()) == district
            || above.code == district
    })
}

fn named_whole(places: &Places, unit: &Unit) -> String {
    let above = places.ancestry(&unit.id);
    let above = above.get(1).map(|above| format!(", {}", above.name)).unwrap_or_default();
    format!("{}{above} ({})", unit.name, unit.id)
}

/// The level-1 letter of a main activity written as a letter, a code behind a letter, or the digits of a division
/// [27/2018/QĐ-TTg].
pub fn vsic_letter(text: &str) -> Option<char> {
    let text = text.trim();
    let first = text.chars().next()?.to_ascii_uppercase();
    if first.is_ascii_uppercase() {
        let rest = text.get(1..).unwrap_or_default();
        let fits = ('A'..='U').contains(&first) && rest.bytes().all(|b| b.is_ascii_digit());
        return fits.then_some(first);
    }
    if text.len() < 2 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let letter = match text.get(..2)?.parse::<u8>().ok()? {
        1..=3 => 'A',
        5..=9 => 'B',
        10..=33 => 'C',
        35 => 'D',
        36..=39 => 'E',
        41..=43 => 'F',
        45..=47 => 'G',
        49..=53 => 'H',
        55 | 56 => 'I',
        58..=63 => 'J',
        64..=66 => 'K',
        68 => 'L',
        69..=75 => 'M',
        77..=82 => 'N',
        84 => 'O',
        85 => 'P',
        86..=88 => 'Q',
        90..=93 => 'R',
        94..=96 => 'S',
        97 | 98 => 'T',
        99 => 'U',
        _ => return None,
    };
    Some(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(id: &str, name: &str, parent: &str, from: Option<Date>, to: Option<Date>) -> Unit {
        let level = if parent == "20" { Level::District } else { Level::Commune };
        Unit {
            id: id.into(),
            code: id.split('@').next().unwrap().to_owned(),
            level,
            name: name.to_owned(),
            parent: Some(parent.into()),
            lat_e4: None,
            lon_e4: None,
            valid_from: from,
            valid_to: to,
        }
    }

    fn places() -> Places {
        let end = Some(Date::constant(2025, 6, 30));
        let new = Some(Date::constant(2025, 7, 1));
        Places::new(
            [
                unit("181", "Huyện Bình Gia", "20", None, end),
                unit("182", "Huyện Lộc Bình", "20", None, end),
                unit("1", "Xã Tô Hiệu", "181", None, end),
                unit("2", "Xã Tân Văn", "181", None, end),
                unit("3", "Xã Tân Văn", "182", None, end),
                unit("4", "Phường Đông Kinh", "182", new, None),
            ],
            Vec::new(),
        )
    }

    #[track_caller]
    fn check(text: &str, district: Option<&str>, want: &str) {
        let places = places();
        let got = match commune(&places, text, district, Date::constant(2024, 1, 1)) {
            Ok(unit) => unit.id.to_string(),
            Err(finding) => finding.message.en,
        };
        assert_eq!(got, want);
    }

    #[test]
    fn a_name_with_or_without_its_type_word() {
        check("Tô Hiệu", None, "1");
        check("xã tô hiệu", None, "1");
        check("X. Tô Hiệu", None, "1");
    }
    #[test]
    fn a_code() {
        check("2", None, "2");
    }
    #[test]
    fn the_district_tells_two_of_one_name_apart() {
        check(
            "Tân Văn",
            None,
            "several communes are called `Tân Văn`: Xã Tân Văn, Huyện Bình Gia (2); Xã Tân Văn, Huyện Lộc Bình (3)",
        );
        check("Tân Văn", Some("Lộc Bình"), "3");
    }
    #[test]
    fn no_such_commune() {
        check("Sa Pa", None, "no commune is called `Sa Pa`");
    }
    #[test]
    fn a_commune_that_had_not_begun() {
        check("Đông Kinh", None, "Phường Đông Kinh does not exist on 1 January 2024");
    }
    #[test]
    fn of_many_members_that_a_sheet_leaves_out_some_are_named() {
        let left_out = |count: usize| Unmentioned {
            organisation: "0190f000-0000-7000-8000-000000000001".parse().unwrap(),
            name: "Hợp tác xã Na".to_owned(),
            members: vec!["Mẫ* V** A*".to_owned(); count],
        };
        let vi = left_out(1).told().vi;
        assert!(
            vi.starts_with(
                "sổ thành viên của Hợp tác xã Na còn 1 người không có trong tệp: Mẫ* V** A*;"
            ),
            "{vi}"
        );
        let many = left_out(1_200).told().en;
        assert!(many.contains("1,200 more") && many.contains(", …;"), "{many}");
        assert_eq!(many.matches("Mẫ*").count(), 12);
    }
    #[test]
    fn main_activities_as_people_write_them() {
        let letters = ["A", "a", "A01", "0118", "46", "B2", "Nông nghiệp", "04"].map(vsic_letter);
        assert_eq!(
            letters,
            [Some('A'), Some('A'), Some('A'), Some('A'), Some('G'), Some('B'), None, None]
        );
    }
}
