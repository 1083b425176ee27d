//! Organisations: the register as a list, and one organisation with everything that its page says of it.

use hoptac_model::date::year_end;
use hoptac_model::organisation::{Grade, Kind as OrganisationKind, Sector, Status};
use hoptac_model::text::{Language, Words};
use hoptac_model::words;
use hoptac_office::authority::Reading;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::Call;
use super::operation::{Api, Group, Operation};
use super::parameter::{
    AS_OF, CURSOR, FIELDS, GEOGRAPHY, KNOWN_ON, Kind, LIMIT, Parameter, TOTAL, UNIT,
};
use super::problem::{OrBroken as _, Problem};
use super::reply::{Listing, Part, Reply};
use super::sight::find_unit;
use super::text::{Day, Text, UnitReference};
use crate::app::Published;
use crate::entry::{self, Attention, Days, Entry};
use crate::history;
use crate::language::Voice;
use crate::register::{Filter, SORTS, Search};
use crate::routes::Need;

const SEARCH: Parameter = Parameter {
    name: "q",
    kind: Kind::Text { most: 200 },
    about: (
        "Tìm theo tên, mã số hoặc nơi đặt trụ sở; không cần dấu, hiểu các chữ viết tắt như HTX.",
        "Searches by name, code or place; without diacritics and with abbreviations, as HTX.",
    ),
};
const KIND: Parameter = Parameter {
    name: "kind",
    kind: Kind::OneOf(|| OrganisationKind::ALL.map(OrganisationKind::code).to_vec()),
    about: (
        "Loại hình: THT, HTX hoặc LHHTX.",
        "The kind: THT (group), HTX (cooperative) or LHHTX (union).",
    ),
};
const STATUS: Parameter = Parameter {
    name: "status",
    kind: Kind::OneOf(|| Status::ALL.map(Status::code).into_iter().chain(["all"]).collect()),
    about: (
        "Tình trạng; không ghi thì bỏ qua tổ chức đã chấm dứt, `all` lấy tất cả.",
        "The status; those that no longer exist are left out where it is not given, `all` takes them in.",
    ),
};
const SECTOR: Parameter = Parameter {
    name: "sector",
    kind: Kind::OneOf(|| vec!["agricultural", "non_agricultural"]),
    about: ("Lĩnh vực.", "The sector."),
};
const GRADE: Parameter = Parameter {
    name: "grade",
    kind: Kind::OneOf(|| Grade::ALL.map(Grade::code).to_vec()),
    about: ("Xếp loại gần nhất.", "The last grade."),
};
const ATTENTION: Parameter = Parameter {
    name: "attention",
    kind: Kind::OneOf(|| ["any"].into_iter().chain(Attention::CODES).collect()),
    about: (
        "Chỉ các tổ chức có điểm cần lưu ý này.",
        "Only those of which this should be looked at.",
    ),
};
const SORT: Parameter = Parameter {
    name: "sort",
    kind: Kind::OneOf(|| SORTS.to_vec()),
    about: (
        "Thứ tự; mặc định theo tên, khi tìm thì theo độ khớp.",
        "The order; by name where it is not given, or by how well the search fits.",
    ),
};
const DESCENDING: Parameter = Parameter {
    name: "descending",
    kind: Kind::Flag,
    about: ("`true` để đảo thứ tự.", "`true` to turn the order round."),
};
/// The organisation that a path names.
pub(super) const ID: Parameter = Parameter {
    name: "id",
    kind: Kind::Text { most: 40 },
    about: (
        "Định danh hoặc mã số của tổ chức.",
        "The identity of the organisation, or its registration code.",
    ),
};

const LIST: Operation = Operation {
    title: ("Danh sách tổ chức trong sổ đăng ký", "The organisations of the register"),
    about: (
        "Chỉ gồm các tổ chức trong phạm vi của tài khoản.",
        "Only those within the scope of the account.",
    ),
    query: &[
        SEARCH, KIND, STATUS, SECTOR, GRADE, ATTENTION, UNIT, AS_OF, KNOWN_ON, GEOGRAPHY, SORT,
        DESCENDING, LIMIT, CURSOR, TOTAL, FIELDS,
    ],
    ..Operation::read(
        "/organisations",
        "listOrganisations",
        Group::Register,
        Need::Read(Reading::Register),
    )
};
const ONE: Operation = Operation {
    title: ("Một tổ chức", "One organisation"),
    about: (
        "Hiện trạng của một ngày, kèm quá trình hình thành và phiên bản dùng khi nộp hồ sơ (`expected_version`).",
        "Its state on a day, with where it came from and the version that a filing names as `expected_version`.",
    ),
    at: &[ID],
    query: &[AS_OF, KNOWN_ON, GEOGRAPHY, FIELDS],
    ..Operation::read(
        "/organisations/{id}",
        "getOrganisation",
        Group::Register,
        Need::Read(Reading::Filings),
    )
};

pub(crate) fn operations(api: Api) -> Api {
    api.add(LIST, list).add(ONE, one)
}

/// An organisation on a day.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Organisation")]
struct Document {
    /// Its identity for its whole life.
    #[schemars(extend("format" = "uuid"))]
    id: String,
    /// Its registration code; null where it has none.
    code: Option<String>,
    /// Its kind.
    #[schemars(extend("enum" = ["THT", "HTX", "LHHTX"]))]
    kind: &'static str,
    /// Its name.
    name: String,
    /// Its legal status.
    #[schemars(extend("enum" = Status::ALL.map(Status::code)))]
    status: &'static str,
    /// The first day of this state.
    #[schemars(with = "Day")]
    since: Date,
    /// The commune of its seat on the places that were asked; null where nobody can say.
    seat: Option<UnitReference>,
    /// The unit of its seat as it was filed.
    seat_filed: String,
    /// The sector it counts in.
    #[schemars(extend("enum" = ["agricultural", "non_agricultural"]))]
    sector: &'static str,
    /// The letter of its main activity (VSIC, level 1).
    #[schemars(length(equal = 1))]
    vsic: String,
    /// Whether its seat lies in a difficult area, as filed.
    difficult_area: bool,
    /// Members as declared; null where nothing was.
    members: Option<i64>,
    /// The fewest members that the law asks for on the day.
    members_min: Option<i64>,
    /// Charter capital in đồng; null where nothing was declared.
    capital: Option<i64>,
    /// The day it was founded.
    #[schemars(with = "Day")]
    founded_on: Date,
    /// The last grade that was decided.
    grade: Option<GradeReference>,
    /// The year whose return is looked at, and whether it is there.
    last_return: Option<ReturnReference>,
    /// What should be looked at.
    attention: Vec<AttentionDocument>,
    /// Whether it was made by a generator.
    synthetic: bool,
}

/// A grade, in short.
#[derive(Serialize, JsonSchema)]
struct GradeReference {
    /// The year that was graded.
    year: i16,
    /// The grade.
    #[schemars(extend("enum" = Grade::ALL.map(Grade::code)))]
    grade: &'static str,
    /// The score, in points.
    score: f64,
}

/// Whether a return is there.
#[derive(Serialize, JsonSchema)]
struct ReturnReference {
    /// The year.
    year: i16,
    /// The day on which it was filed; null where it was not.
    #[schemars(with = "Option<Day>")]
    filed_on: Option<Date>,
    /// Whether that was after the due date.
    late: bool,
}

/// Something that should be looked at.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Attention")]
struct AttentionDocument {
    /// Its code.
    #[schemars(extend("enum" = Attention::CODES))]
    code: &'static str,
    /// What it is, as a sentence.
    words: Text,
}

impl Document {
    fn new(
        entry: &Entry<'_>,
        published: &Published,
        days: Days,
        sentences: &mut Sentences,
    ) -> Self {
        let (organisation, state) = (entry.organisation, entry.state);
        Self {
            id: organisation.id.to_string(),
            code: organisation.code.clone(),
            kind: state.kind.code(),
            name: organisation.name.clone(),
            status: state.status.code(),
            since: state.from,
            seat: entry.seat.map(UnitReference::from),
            seat_filed: state.seat.to_string(),
            sector: state.sector.code(),
            vsic: state.vsic.to_string(),
            difficult_area: state.difficult_area,
            members: state.members,
            members_min: published.law().members_min(state.kind, days.as_of),
            capital: state.capital,
            founded_on: organisation.founded_on,
            grade: entry.grade.map(|grade| GradeReference {
                year: grade.year,
                grade: grade.grade.code(),
                score: f64::from(grade.score_tenths) / 10.0,
            }),
            last_return: days.due_year.map(|year| ReturnReference {
                year,
                filed_on: entry.returned.map(|returned| returned.on),
                late: entry.returned.is_some_and(|returned| returned.late),
            }),
            attention: entry
                .attention
                .iter()
                .map(|one| AttentionDocument { code: one.code(), words: sentences.of(one).into() })
                .collect(),
            synthetic: organisation.synthetic,
        }
    }
}

/// The sentences of an answer. A list says the same of many, and putting a sentence together takes longer than all else
/// about an item.
#[derive(Default)]
struct Sentences(Vec<(Attention, Words)>);

impl Sentences {
    fn of(&mut self, attention: Attention) -> Words {
        if let Some((_, words)) = self.0.iter().find(|(known, _)| *known == attention) {
            return words.clone();
        }
        let said = |language| attention.words(Voice(language));
        let words = Words::new(said(Language::Vi), said(Language::En));
        self.0.push((attention, words.clone()));
        words
    }
}

/// An organisation with where it came from.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OrganisationWhole")]
struct Whole {
    #[serde(flatten)]
    document: Document,
    /// How many filings there are about it: what `expected_version` of the next one is held against.
    version: u32,
    /// Who came of it, and of whom it came, by day.
    lineage: Vec<Step>,
    /// The last day on which it existed is the day before this one; null while it exists.
    #[schemars(with = "Option<Day>")]
    ceased_on: Option<Date>,
    /// The days on which its state changed.
    #[schemars(with = "Vec<Day>")]
    changed_on: Vec<Date>,
}

/// A step of lineage.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "LineageStep")]
struct Step {
    /// Who was before.
    #[schemars(extend("format" = "uuid"))]
    source: String,
    /// Who came of it.
    #[schemars(extend("format" = "uuid"))]
    result: String,
    /// How: by conversion, division, separation, consolidation, merger.
    way: String,
    /// The day.
    #[schemars(with = "Day")]
    on: Date,
    /// The ledger position of the filing that said so.
    position: u64,
}

async fn list(call: Call) -> Result<Reply<Listing<Document>>, Problem> {
    let part = Part::of(&call)?;
    let published = call.state(part.position).await?;
    let as_of = call.as_of();
    let plans = published.pack.as_ref().map_or(as_of, |pack| pack.setting.geography);
    let asked = call.day(&GEOGRAPHY);
    let unit = match call.text(&UNIT) {
        None => None,
        Some(code) => Some(find_unit(&published, code, asked.unwrap_or(as_of), plans)?),
    };
    let geography = asked.unwrap_or_else(|| match unit {
        None => as_of,
        Some(unit) => published.places.geography_for(unit, as_of),
    });
    let days = Days::of(published.pack.as_deref(), as_of, geography);
    let status = call.text(&STATUS);
    let search = Search {
        published: &published,
        visitor: &call.visit.visitor,
        days,
        today: call.app.today(),
        unit,
        filter: Filter {
            search: call.text(&SEARCH).unwrap_or("").trim(),
            kind: call.text(&KIND).and_then(OrganisationKind::from_code),
            status: status.and_then(Status::from_code),
            ended: status == Some("all"),
            sector: call.text(&SECTOR).and_then(Sector::from_code),
            grade: call.text(&GRADE).and_then(Grade::from_code),
            attention: call.text(&ATTENTION),
        },
        sort: call.text(&SORT).unwrap_or(""),
        descending: call.flag(&DESCENDING),
    };
    let found = search.find();
    let position = published.register.position;
    let mut sentences = Sentences::default();
    Ok(part.page(&call, &found, position, |entry| {
        Document::new(entry, &published, days, &mut sentences)
    }))
}

async fn one(call: Call) -> Result<Reply<Whole>, Problem> {
    let published = call.state(None).await?;
    let index = seen(&call, &published, call.at("id"))?;
    let as_of = call.as_of();
    let days = Days::of(published.pack.as_deref(), as_of, call.day(&GEOGRAPHY).unwrap_or(as_of));
    let Some(entry) = entry::one(&published, days, index) else {
        let founded = published.register.organisation(index).map_or(as_of, |one| one.founded_on);
        return Err(Problem::not_found(words!(
            "ngày {as_of} tổ chức này chưa được thành lập; thành lập ngày {founded}",
            "on {as_of} it had not been founded; that was on {founded}",
            as_of,
            founded
        )));
    };
    let id = entry.organisation.id;
    let states = published.register.states.of(index);
    let states: Vec<_> = states.iter().filter(|state| state.from <= as_of).collect();
    let mut changed_on: Vec<Date> = states.iter().map(|state| state.from).collect();
    changed_on.dedup();
    let ended = states.iter().find(|state| state.status == Status::Terminated);
    let known = history::of(&call.app, &published, index, id).await.or_broken(&call.app)?;
    let steps = known.lineage.into_iter().filter(|step| step.on <= as_of);
    let lineage = steps
        .map(|step| Step {
            source: step.source.to_string(),
            result: step.result.to_string(),
            way: step.way.code().to_owned(),
            on: step.on,
            position: step.position,
        })
        .collect();
    Ok(Reply::new(Whole {
        document: Document::new(&entry, &published, days, &mut Sentences::default()),
        version: known.version,
        lineage,
        ceased_on: ended.map(|state| state.from),
        changed_on,
    }))
}

/// The index of the organisation that is named by identity or code, where the caller may see what was filed about it. One
/// outside the scope is as one that does not exist.
pub(super) fn seen(call: &Call, published: &Published, name: &str) -> Result<u32, Problem> {
    let register = &published.register;
    let by_id = name.parse().ok().and_then(|id| register.index_of(id));
    let index = by_id.or_else(|| {
        let at = register.organisations.iter().position(|one| one.code.as_deref() == Some(name))?;
        u32::try_from(at).ok()
    });
    // What a past state has, the scope is asked of as it is now.
    let today = call.app.today();
    let now = call.app.published();
    let may_see = |index: &u32| {
        let id = register.organisation(*index).map(|one| one.id);
        let index = id.and_then(|id| now.register.index_of(id)).unwrap_or(*index);
        call.visit.visitor.may_see(Reading::Filings, &now.register, &now.places, index, today)
    };
    index.filter(may_see).ok_or_else(|| {
        Problem::not_found(words!(
            "không có tổ chức `{name}` trong phạm vi của tài khoản; tra cứu ở /api/v1/organisations?q=…",
            "there is no organisation `{name}` within the scope of the account; look it up at /api/v1/organisations?q=…",
            name
        ))
    })
}

/// The last day of a year, or the day that is asked where it lies within it.
pub(super) fn end_of(year: i16, as_of: Date) -> Date {
    year_end(year).min(as_of)
}
