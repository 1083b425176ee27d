//! What is on record of organisations: returns, grades, contracts, certificates, practices, membership of unions, support; each
//! within the scope of the account.

use std::collections::BTreeMap;

use hoptac_model::organisation::Grade;
use hoptac_model::records::{Record, Records};
use hoptac_model::register::{PartnerKind, Practice, Stage};
use hoptac_model::support::Standing;
use hoptac_office::authority::Reading;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::Call;
use super::operation::{Api, Group, Operation};
use super::organisation::seen;
use super::parameter::{AS_OF, CURSOR, FIELDS, KNOWN_ON, Kind, LIMIT, Parameter, TOTAL};
use super::problem::Problem;
use super::reply::{Listing, Part, Reply};
use super::text::{Day, Text};
use crate::app::Published;
use crate::routes::Need;

const FILINGS: Need = Need::Read(Reading::Filings);
const OF: Parameter = Parameter {
    name: "organisation",
    kind: Kind::Text { most: 40 },
    about: (
        "Chỉ của tổ chức này, bằng định danh hoặc mã số.",
        "Of this organisation only, by identity or registration code.",
    ),
};
const YEAR: Parameter = Parameter {
    name: "year",
    kind: Kind::Whole { least: 1900, most: 2200 },
    about: ("Chỉ của năm này.", "Of this year only."),
};
const YEARLY: &[Parameter] = &[OF, YEAR, AS_OF, KNOWN_ON, LIMIT, CURSOR, TOTAL, FIELDS];
const DATED: &[Parameter] = &[OF, AS_OF, KNOWN_ON, LIMIT, CURSOR, TOTAL, FIELDS];

const RETURNS: Operation = Operation {
    title: ("Báo cáo năm đã chấp nhận", "Accepted yearly returns"),
    about: (
        "Bản có hiệu lực vào ngày được hỏi; các trường theo mẫu báo cáo của kế hoạch, cờ là 0 hoặc 1, tiền là đồng.",
        "Each as it holds on the asked day; the fields are those of the plan's form, flags 0 or 1, money in đồng.",
    ),
    query: YEARLY,
    ..Operation::read("/returns", "listReturns", Group::Register, FILINGS)
};
const GRADES: Operation = Operation {
    title: ("Xếp loại đã quyết định", "Decided grades"),
    query: YEARLY,
    ..Operation::read("/grades", "listGrades", Group::Register, FILINGS)
};
const LINKS: Operation = Operation {
    title: ("Hợp đồng liên kết", "Linkage contracts"),
    about: (
        "Mỗi mục là một khoảng ngày mà điều khoản không đổi.",
        "Each item is a span of days in which the terms stayed the same.",
    ),
    query: DATED,
    ..Operation::read("/links", "listLinks", Group::Register, FILINGS)
};
const CERTIFICATES: Operation = Operation {
    title: ("Sản phẩm, quy trình được chứng nhận", "Certified products and processes"),
    query: DATED,
    ..Operation::read("/certificates", "listCertificates", Group::Register, FILINGS)
};
const PRACTICES: Operation = Operation {
    title: (
        "Ứng dụng công nghệ cao, chuyển đổi số, xuất khẩu trực tiếp đã xác nhận",
        "Confirmed high technology, digital adoption and direct export",
    ),
    query: DATED,
    ..Operation::read("/practices", "listPractices", Group::Register, FILINGS)
};
const UNIONS: Operation = Operation {
    title: ("Hợp tác xã thành viên của liên hiệp", "Member cooperatives of unions"),
    query: DATED,
    ..Operation::read("/memberships", "listMemberships", Group::Register, FILINGS)
};
const SUPPORT: Operation = Operation {
    title: ("Hồ sơ đề nghị hỗ trợ và kết quả", "Applications for support and what became of them"),
    query: DATED,
    ..Operation::read("/support", "listSupport", Group::Register, FILINGS)
};

pub(crate) fn operations(api: Api) -> Api {
    let api = api.add(RETURNS, returns).add(GRADES, grades).add(LINKS, links);
    let api = api.add(CERTIFICATES, certificates).add(PRACTICES, practices);
    api.add(UNIONS, memberships).add(SUPPORT, support)
}

/// Whose records somebody asked for, and of which day.
struct Asked {
    published: std::sync::Arc<Published>,
    as_of: Date,
    /// The one organisation that was asked for.
    only: Option<u32>,
    /// Whether the caller sees the records of the organisation at an index, and asked for them.
    wanted: Vec<bool>,
}

impl Asked {
    async fn of(call: &Call, part: Part) -> Result<Self, Problem> {
        let published = call.state(part.position).await?;
        let only = match call.text(&OF) {
            None => None,
            Some(name) => Some(seen(call, &published, name)?),
        };
        let now = call.app.published();
        let (visitor, today) = (&call.visit.visitor, call.app.today());
        let sees_all = visitor.sees_all(Reading::Filings);
        let wanted = (0_u32..)
            .zip(&published.register.organisations)
            .map(|(index, one)| {
                let is_asked = only.is_none_or(|only| only == index);
                // What a past state has, the scope is asked of as it is now.
                is_asked
                    && (sees_all
                        || now.register.index_of(one.id).is_some_and(|index| {
                            visitor.may_see(
                                Reading::Filings,
                                &now.register,
                                &now.places,
                                index,
                                today,
                            )
                        }))
            })
            .collect();
        Ok(Self { published, as_of: call.as_of(), only, wanted })
    }

    /// The records that are wanted.
    fn records<'r, T: Record + 'r>(&'r self, all: &'r Records<T>) -> impl Iterator<Item = &'r T> {
        let (own, all) = match self.only {
            Some(index) => (all.of(index), None),
            None => (&[][..], Some(all)),
        };
        let records = own.iter().chain(all.into_iter().flatten());
        records.filter(|one| self.wants(one.organisation()))
    }

    fn wants(&self, organisation: u32) -> bool {
        usize::try_from(organisation)
            .ok()
            .and_then(|index| self.wanted.get(index))
            .copied()
            .unwrap_or(false)
    }

    fn id(&self, organisation: u32) -> String {
        self.published
            .register
            .organisation(organisation)
            .map_or_else(String::new, |one| one.id.to_string())
    }

    fn position(&self) -> u64 {
        self.published.register.position
    }
}

/// The last of those that one organisation has for one year.
fn last_of_year<'a, T>(
    all: impl Iterator<Item = &'a T>,
    of: impl Fn(&T) -> (u32, i16),
) -> Vec<&'a T> {
    let mut by_year: BTreeMap<(u32, i16), &T> = BTreeMap::new();
    for one in all {
        by_year.insert(of(one), one);
    }
    by_year.into_values().collect()
}

/// An accepted yearly return.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Return")]
struct ReturnDocument {
    /// Whose it is.
    #[schemars(extend("format" = "uuid"))]
    organisation: String,
    /// The year that it reports.
    year: i16,
    /// The day on which it counts as filed.
    #[schemars(with = "Day")]
    filed_on: Date,
    /// Whether that was after the due date.
    late: bool,
    /// What it says, by field; fields that were left empty are not there.
    values: BTreeMap<String, i64>,
}

async fn returns(call: Call) -> Result<Reply<Listing<ReturnDocument>>, Problem> {
    let part = Part::of(&call)?;
    let asked = Asked::of(&call, part).await?;
    let year = call.whole(&YEAR);
    let register = &asked.published.register;
    let found = last_of_year(
        asked
            .records(&register.returns)
            .filter(|one| one.on <= asked.as_of)
            .filter(|one| year.is_none_or(|year| i64::from(one.year) == year)),
        |one| (one.organisation, one.year),
    );
    Ok(part.page(&call, &found, asked.position(), |one| ReturnDocument {
        organisation: asked.id(one.organisation),
        year: one.year,
        filed_on: one.on,
        late: one.late,
        values: register
            .return_columns
            .iter()
            .filter_map(|column| Some((column.name.clone(), column.of(one)?)))
            .collect(),
    }))
}

/// A decided grade.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Grade")]
struct GradeDocument {
    /// Whose it is.
    #[schemars(extend("format" = "uuid"))]
    organisation: String,
    /// The year that is graded.
    year: i16,
    /// The grade.
    #[schemars(extend("enum" = Grade::ALL.map(Grade::code)))]
    grade: &'static str,
    /// The score, in points.
    score: f64,
    /// The ruleset.
    ruleset: String,
    /// The day of the decision.
    #[schemars(with = "Day")]
    decided_on: Date,
}

async fn grades(call: Call) -> Result<Reply<Listing<GradeDocument>>, Problem> {
    let part = Part::of(&call)?;
    let asked = Asked::of(&call, part).await?;
    let year = call.whole(&YEAR);
    let found = last_of_year(
        asked
            .records(&asked.published.register.grades)
            .filter(|one| one.on <= asked.as_of)
            .filter(|one| year.is_none_or(|year| i64::from(one.year) == year)),
        |one| (one.organisation, one.year),
    );
    Ok(part.page(&call, &found, asked.position(), |one| GradeDocument {
        organisation: asked.id(one.organisation),
        year: one.year,
        grade: one.grade.code(),
        score: f64::from(one.score_tenths) / 10.0,
        ruleset: one.ruleset.clone(),
        decided_on: one.on,
    }))
}

/// The terms of a linkage contract in a span of days.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Link")]
struct LinkDocument {
    /// Who sells.
    #[schemars(extend("format" = "uuid"))]
    organisation: String,
    /// The contract's number or name.
    link: String,
    /// The day on which it was signed.
    #[schemars(with = "Day")]
    signed_on: Date,
    /// What kind of partner buys.
    #[schemars(extend("enum" = ["enterprise", "organisation"]))]
    partner_kind: &'static str,
    /// The partner, where it is an organisation of the register.
    #[schemars(extend("format" = "uuid"))]
    buyer: Option<String>,
    /// What is produced.
    product: String,
    /// The stages covered.
    stages: Vec<&'static str>,
    /// The first day of these terms.
    #[schemars(with = "Day")]
    from: Date,
    /// Their last day; null while no end is known.
    #[schemars(with = "Option<Day>")]
    to: Option<Date>,
    /// The value in đồng.
    value: Option<i64>,
    /// The area under contract in square metres.
    area: Option<i64>,
}

async fn links(call: Call) -> Result<Reply<Listing<LinkDocument>>, Problem> {
    let part = Part::of(&call)?;
    let asked = Asked::of(&call, part).await?;
    let links = asked.records(&asked.published.register.links);
    let found: Vec<_> = links.filter(|one| one.from <= asked.as_of).collect();
    Ok(part.page(&call, &found, asked.position(), |one| LinkDocument {
        organisation: asked.id(one.organisation),
        link: one.link.clone(),
        signed_on: one.signed_on,
        partner_kind: PartnerKind::code(one.partner.kind),
        buyer: one.partner.organisation.map(|index| asked.id(index)),
        product: one.product.to_string(),
        stages: one.stages.iter().copied().map(Stage::code).collect(),
        from: one.from,
        to: one.to,
        value: one.value,
        area: one.area,
    }))
}

/// A certificate of a product or process.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Certificate")]
struct CertificateDocument {
    /// Whose it is.
    #[schemars(extend("format" = "uuid"))]
    organisation: String,
    /// Its number or name.
    certificate: String,
    /// The product.
    product: String,
    /// As `ocop`, `vietgap`.
    kind: String,
    /// Stars, for OCOP.
    stars: Option<u8>,
    /// The first day.
    #[schemars(with = "Day")]
    from: Date,
    /// The last day; null where it does not end.
    #[schemars(with = "Option<Day>")]
    to: Option<Date>,
    /// The day from which it is withdrawn.
    #[schemars(with = "Option<Day>")]
    withdrawn_on: Option<Date>,
    /// Whether it holds on the asked day.
    holds: bool,
}

async fn certificates(call: Call) -> Result<Reply<Listing<CertificateDocument>>, Problem> {
    let part = Part::of(&call)?;
    let asked = Asked::of(&call, part).await?;
    let all = asked.records(&asked.published.register.certificates);
    let found: Vec<_> = all.filter(|one| one.from <= asked.as_of).collect();
    Ok(part.page(&call, &found, asked.position(), |one| CertificateDocument {
        organisation: asked.id(one.organisation),
        certificate: one.certificate.clone(),
        product: one.product.clone(),
        kind: one.kind.clone(),
        stars: one.stars,
        from: one.from,
        to: one.to,
        withdrawn_on: one.withdrawn_on,
        holds: one.holds_on(asked.as_of),
    }))
}

/// A confirmed item of a check-list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Practice")]
struct PracticeDocument {
    /// Whose it is.
    #[schemars(extend("format" = "uuid"))]
    organisation: String,
    /// What it confirms.
    #[schemars(extend("enum" = Practice::ALL.map(Practice::code)))]
    practice: &'static str,
    /// The item.
    item: String,
    /// The first day.
    #[schemars(with = "Day")]
    from: Date,
    /// The last day; null while it lasts.
    #[schemars(with = "Option<Day>")]
    to: Option<Date>,
    /// The agency that confirmed it.
    confirmed_by: String,
    /// Whether it holds on the asked day.
    holds: bool,
}

async fn practices(call: Call) -> Result<Reply<Listing<PracticeDocument>>, Problem> {
    let part = Part::of(&call)?;
    let asked = Asked::of(&call, part).await?;
    let all = asked.records(&asked.published.register.adoptions);
    let found: Vec<_> = all.filter(|one| one.from <= asked.as_of).collect();
    Ok(part.page(&call, &found, asked.position(), |one| PracticeDocument {
        organisation: asked.id(one.organisation),
        practice: one.practice.code(),
        item: one.item.clone(),
        from: one.from,
        to: one.to,
        confirmed_by: one.confirmed_by.clone(),
        holds: one.holds_on(asked.as_of),
    }))
}

/// A cooperative's membership of a union.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "UnionMembership")]
struct MembershipDocument {
    /// The member cooperative.
    #[schemars(extend("format" = "uuid"))]
    organisation: String,
    /// The union.
    #[schemars(extend("format" = "uuid"))]
    union: String,
    /// The first day.
    #[schemars(with = "Day")]
    from: Date,
    /// The last day; null while it lasts.
    #[schemars(with = "Option<Day>")]
    to: Option<Date>,
}

async fn memberships(call: Call) -> Result<Reply<Listing<MembershipDocument>>, Problem> {
    let part = Part::of(&call)?;
    let asked = Asked::of(&call, part).await?;
    let all = asked.published.register.memberships.iter();
    let found: Vec<_> = all
        .filter(|one| asked.wants(one.organisation) || asked.wants(one.union))
        .filter(|one| one.from <= asked.as_of)
        .collect();
    Ok(part.page(&call, &found, asked.position(), |one| MembershipDocument {
        organisation: asked.id(one.organisation),
        union: asked.id(one.union),
        from: one.from,
        to: one.to,
    }))
}

/// An application for support with what became of it by the asked day.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SupportApplication")]
struct SupportDocument {
    /// Who asks.
    #[schemars(extend("format" = "uuid"))]
    organisation: String,
    /// The application's number or name.
    application: String,
    /// The programme.
    programme: String,
    /// The day on which it was asked for.
    #[schemars(with = "Day")]
    applied_on: Date,
    /// How much was asked for, đồng.
    requested: i64,
    /// Where it stands.
    standing: &'static str,
    /// The same as people read it.
    standing_words: Text,
    /// How much was decided, đồng.
    granted: i64,
    /// How much was paid, đồng.
    paid: i64,
    /// The day of the decision.
    #[schemars(with = "Option<Day>")]
    decided_on: Option<Date>,
}

async fn support(call: Call) -> Result<Reply<Listing<SupportDocument>>, Problem> {
    let part = Part::of(&call)?;
    let asked = Asked::of(&call, part).await?;
    let found: Vec<_> = asked
        .records(&asked.published.register.supports)
        .filter_map(|(organisation, one)| Some((*organisation, one.on_day(asked.as_of)?)))
        .collect();
    Ok(part.page(&call, &found, asked.position(), |(organisation, one)| {
        let standing: Standing = one.standing();
        SupportDocument {
            organisation: asked.id(*organisation),
            application: one.application.clone(),
            programme: one.programme.clone(),
            applied_on: one.on,
            requested: one.requested,
            standing: standing.code(),
            standing_words: standing.words().into(),
            granted: one.granted(),
            paid: one.paid(),
            decided_on: one.decision.as_ref().map(|decided| decided.on),
        }
    }))
}
