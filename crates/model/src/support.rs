//! Support of the state: programmes, applications, payments, ceilings, and who may get it.
//!
//! What a programme is comes from the plan's pack or from a filing of its owner. Whether an organisation may get support is
//! reckoned from records [Law 17/2023/QH15, Article 18]; where a record is missing the answer is *unknown*, never *no*.

use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::organisation::{Kind, Status};
use crate::text::Words;
use crate::words;

/// A field of support: the nine policies of the law [Law 17/2023/QH15, Articles 20 to 28].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Policy {
    /// People, information, advice.
    #[serde(rename = "P20")]
    People,
    /// Land.
    #[serde(rename = "P21")]
    Land,
    /// Taxes and fees.
    #[serde(rename = "P22")]
    Tax,
    /// Capital and insurance.
    #[serde(rename = "P23")]
    Capital,
    /// Science, technology, innovation, digital transformation.
    #[serde(rename = "P24")]
    Technology,
    /// Access to markets, market research.
    #[serde(rename = "P25")]
    Market,
    /// Infrastructure and equipment.
    #[serde(rename = "P26")]
    Infrastructure,
    /// Advice on finance, assessment of risks.
    #[serde(rename = "P27")]
    Advice,
    /// Agriculture.
    #[serde(rename = "P28")]
    Agriculture,
}

impl Policy {
    /// All policies, in the order of the law.
    pub const ALL: [Self; 9] = [
        Self::People,
        Self::Land,
        Self::Tax,
        Self::Capital,
        Self::Technology,
        Self::Market,
        Self::Infrastructure,
        Self::Advice,
        Self::Agriculture,
    ];

    /// The policy as it is written: P and the article.
    pub fn code(self) -> &'static str {
        match self {
            Self::People => "P20",
            Self::Land => "P21",
            Self::Tax => "P22",
            Self::Capital => "P23",
            Self::Technology => "P24",
            Self::Market => "P25",
            Self::Infrastructure => "P26",
            Self::Advice => "P27",
            Self::Agriculture => "P28",
        }
    }

    /// The policy that is written so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.code() == code)
    }
}

/// A support programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// Its name.
    pub id: String,
    /// The policy of the law that it carries out.
    pub policy: Policy,
    /// What people call it.
    pub title: Words,
    /// The document that it comes from.
    pub source: String,
    /// The first day on which somebody may apply.
    pub opens: Date,
    /// The last one; none where the document names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<Date>,
    /// All that may be paid, đồng; none where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<i64>,
    /// The most that one organisation may get, đồng.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_organisation: Option<i64>,
    /// The kinds of organisation that may apply.
    pub kinds: Vec<Kind>,
    /// Whether an independent audit is asked for.
    #[serde(default)]
    pub audit: bool,
    /// What else must hold, a condition of the formula language over the facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// What should be known about it.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub note: Words,
}

impl Programme {
    /// Whether somebody may apply on a day.
    pub fn is_open_on(&self, day: Date) -> bool {
        self.opens <= day && self.closes.is_none_or(|closes| day <= closes)
    }
}

/// The most that one organisation may get from several programmes together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ceiling {
    /// Its name.
    pub id: String,
    /// What people call it.
    pub title: Words,
    /// The programmes that it spans.
    pub programmes: Vec<String>,
    /// The most, đồng.
    pub per_organisation: i64,
}

/// An application with what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Application {
    /// Its number or name, unique for the organisation.
    pub application: String,
    /// The programme.
    pub programme: String,
    /// The day of applying.
    pub on: Date,
    /// How much is asked for, đồng.
    pub requested: i64,
    /// What for.
    pub purpose: String,
    /// Whether the applicant declares not to be serving a penalty; none where nothing is declared.
    pub no_penalty: Option<bool>,
    /// The decision.
    pub decision: Option<Decided>,
    /// The day on which it was cancelled.
    pub cancelled_on: Option<Date>,
    /// Payments, and repayments as negative amounts, in the order of the ledger.
    pub payments: Vec<Payment>,
}

/// A decision about an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The day.
    pub on: Date,
    /// Whether it was approved.
    pub approved: bool,
    /// How much was granted, đồng.
    pub granted: i64,
    /// The document.
    pub document: String,
}

/// A payment, or a repayment where the amount is negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The day.
    pub on: Date,
    /// How much, đồng.
    pub amount: i64,
    /// The document.
    pub document: String,
}

/// How an application stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has decided.
    Waiting,
    /// It was refused.
    Rejected,
    /// It was granted.
    Approved,
    /// It was cancelled.
    Cancelled,
}

impl Standing {
    /// The standing as programs read it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Rejected => "rejected",
            Self::Approved => "approved",
            Self::Cancelled => "cancelled",
        }
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Waiting => Words::new("chờ quyết định", "waiting"),
            Self::Rejected => Words::new("không được hỗ trợ", "rejected"),
            Self::Approved => Words::new("được hỗ trợ", "approved"),
            Self::Cancelled => Words::new("đã hủy", "cancelled"),
        }
    }
}

impl Application {
    /// How it stands.
    pub fn standing(&self) -> Standing {
        match (&self.decision, self.cancelled_on) {
            (_, Some(_)) => Standing::Cancelled,
            (None, None) => Standing::Waiting,
            (Some(decided), None) if decided.approved => Standing::Approved,
            (Some(_), None) => Standing::Rejected,
        }
    }

    /// How much was granted.
    pub fn granted(&self) -> i64 {
        self.decision.as_ref().map_or(0, |decided| decided.granted)
    }

    /// What was paid, less what was paid back.
    pub fn paid(&self) -> i64 {
        self.payments.iter().fold(0, |sum, payment| sum.saturating_add(payment.amount))
    }

    /// What it takes up of a ceiling: what was granted; of a cancelled one only what was paid and not paid back.
    pub fn committed(&self) -> i64 {
        match self.standing() {
            Standing::Approved => self.granted().max(self.paid()),
            Standing::Cancelled => self.paid(),
            Standing::Waiting | Standing::Rejected => 0,
        }
    }

    /// What it was on a day: later decisions, payments and cancellations are left out. None before it was made.
    pub fn on_day(&self, day: Date) -> Option<Self> {
        (self.on <= day).then(|| Self {
            decision: self.decision.clone().filter(|decided| decided.on <= day),
            cancelled_on: self.cancelled_on.filter(|cancelled| *cancelled <= day),
            payments: self.payments.iter().filter(|paid| paid.on <= day).cloned().collect(),
            ..self.clone()
        })
    }
}

/// What a limit is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limit {
    /// What was granted for the application.
    Grant,
    /// What one organisation may get from the programme.
    PerOrganisation,
    /// The programme's budget.
    Budget,
    /// What one organisation may get from several programmes, by the ceiling's name.
    Across(String),
}

/// How much of a limit is taken up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// What the limit is on.
    pub limit: Limit,
    /// The most, đồng.
    pub most: i64,
    /// What is taken up already.
    pub taken: i64,
}

impl Room {
    /// What is left.
    pub fn left(&self) -> i64 {
        self.most.saturating_sub(self.taken)
    }

    /// What the limit is on, in words.
    pub fn words(&self) -> Words {
        match &self.limit {
            Limit::Grant => Words::new("mức được duyệt", "the grant"),
            Limit::PerOrganisation => {
                Words::new("mức tối đa cho một tổ chức", "the ceiling for one organisation")
            }
            Limit::Budget => Words::new("kinh phí của chương trình", "the programme's budget"),
            Limit::Across(id) => words!(
                "mức tối đa qua nhiều chương trình `{id}`",
                "the ceiling `{id}` across programmes",
                id
            ),
        }
    }
}

/// An application with its organisation, whatever names organisations.
pub type Whose<'a, Id> = (Id, &'a Application);

/// The limits on granting something for an application, with what other applications take up of them.
pub fn rooms_of_grant<Id: PartialEq + Copy>(
    programme: &Programme,
    ceilings: &[Ceiling],
    all: &[Whose<'_, Id>],
    organisation: Id,
    application: &str,
) -> Vec<Room> {
    let others: Vec<&Whose<'_, Id>> = all
        .iter()
        .filter(|(id, other)| !(*id == organisation && other.application == application))
        .collect();
    limits(programme, ceilings, &others, organisation, Application::committed)
}

/// The limits on paying something for an application, with what has been paid already.
pub fn rooms_of_payment<Id: PartialEq + Copy>(
    programme: &Programme,
    ceilings: &[Ceiling],
    all: &[Whose<'_, Id>],
    organisation: Id,
    application: &Application,
) -> Vec<Room> {
    let grant =
        Room { limit: Limit::Grant, most: application.granted(), taken: application.paid() };
    let all: Vec<&Whose<'_, Id>> = all.iter().collect();
    std::iter::once(grant)
        .chain(limits(programme, ceilings, &all, organisation, Application::paid))
        .collect()
}

fn limits<Id: PartialEq + Copy>(
    programme: &Programme,
    ceilings: &[Ceiling],
    all: &[&Whose<'_, Id>],
    organisation: Id,
    amount: impl Fn(&Application) -> i64,
) -> Vec<Room> {
    let sum = |counts: &dyn Fn(&Whose<'_, Id>) -> bool| {
        let amounts = all.iter().filter(|whose| counts(whose)).map(|(_, one)| amount(one));
        amounts.fold(0_i64, i64::saturating_add)
    };
    let here = |(_, one): &Whose<'_, Id>| one.programme == programme.id;
    let own = |(id, _): &Whose<'_, Id>| *id == organisation;
    let mut rooms = Vec::new();
    if let Some(most) = programme.per_organisation {
        let taken = sum(&|whose| here(whose) && own(whose));
        rooms.push(Room { limit: Limit::PerOrganisation, most, taken });
    }
    if let Some(most) = programme.budget {
        rooms.push(Room { limit: Limit::Budget, most, taken: sum(&here) });
    }
    for ceiling in ceilings.iter().filter(|ceiling| ceiling.programmes.contains(&programme.id)) {
        let taken = sum(&|whose| own(whose) && ceiling.programmes.contains(&whose.1.programme));
        let limit = Limit::Across(ceiling.id.clone());
        rooms.push(Room { limit, most: ceiling.per_organisation, taken });
    }
    rooms
}

/// Whether a condition is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It is.
    Met,
    /// Nobody can say: a record is missing.
    Unknown,
    /// It is not.
    NotMet,
}

impl Verdict {
    /// The verdict as programs read it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Unknown => "unknown",
            Self::NotMet => "not_met",
        }
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Met => Words::new("đạt", "met"),
            Self::Unknown => Words::new("chưa rõ", "unknown"),
            Self::NotMet => Words::new("không đạt", "not met"),
        }
    }

    fn of(holds: Option<bool>) -> Self {
        match holds {
            Some(true) => Self::Met,
            Some(false) => Self::NotMet,
            None => Self::Unknown,
        }
    }

    /// All of some: not met where one is not, else unknown where one is unknown.
    pub fn all(of: impl IntoIterator<Item = Self>) -> Self {
        of.into_iter().max().unwrap_or(Self::Met)
    }

    /// At least one of some: met where one is, else unknown where one is unknown.
    pub fn any(of: impl IntoIterator<Item = Self>) -> Self {
        of.into_iter().min().unwrap_or(Self::NotMet)
    }
}

/// A condition with its verdict and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// Its name.
    pub id: &'static str,
    /// Whether it is met.
    pub verdict: Verdict,
    /// Why, in a sentence.
    pub why: Words,
    /// The conditions of which one is enough.
    pub one_of: Vec<Self>,
}

impl Ground {
    fn new(id: &'static str, holds: Option<bool>, why: Words) -> Self {
        Self { id, verdict: Verdict::of(holds), why, one_of: Vec::new() }
    }
}

/// A number in the year before last and in the last year that is over.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Growth {
    /// In the year before.
    pub before: Option<f64>,
    /// In the last year.
    pub last: Option<f64>,
}

impl Growth {
    /// Whether it grew; none where one of the two is missing.
    pub fn grew(self) -> Option<bool> {
        Some(self.last? > self.before?)
    }
}

/// What records say of an organisation that might get support.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Applicant {
    /// Its kind on the day.
    pub kind: Option<Kind>,
    /// Its status on the day.
    pub status: Option<Status>,
    /// Whether it has a registration code.
    pub registered: bool,
    /// The day it was founded.
    pub founded_on: Option<Date>,
    /// Whether its seat lies in a difficult area.
    pub difficult_area: bool,
    /// Whether it declares in an application not to be serving a penalty.
    pub no_penalty: Option<bool>,
    /// Members.
    pub members: Growth,
    /// The share of revenue from members.
    pub internal_share: Growth,
    /// Undivided assets and funds.
    pub undivided: Growth,
    /// Members and workers trained in the last year.
    pub trained: Option<f64>,
    /// Whether an independent audit was reported for the last year.
    pub audited: Option<bool>,
    /// Whether the programme's own condition holds.
    pub condition: Option<bool>,
    /// Members of an ethnic minority.
    pub ethnic_minority: Option<f64>,
    /// Workers with social insurance.
    pub insured: Option<f64>,
    /// Women among its managers.
    pub women_managers: Option<f64>,
    /// Women among its members.
    pub women: Option<f64>,
}

/// How long an organisation is newly set up. The law's own measure is not at hand; twelve months is our reading.
const NEW_MONTHS: i64 = 12;

/// Every condition of a programme for an organisation on a day.
pub fn grounds(programme: &Programme, applicant: &Applicant, on: Date) -> Vec<Ground> {
    let mut grounds = vec![kind(programme, applicant), operating(applicant), period(programme, on)];
    if applicant.kind == Some(Kind::Group) {
        grounds.push(Ground::new(
            "registered",
            Some(applicant.registered),
            if applicant.registered {
                words!("tổ hợp tác đã đăng ký, có mã số", "the group is registered and has a code")
            } else {
                words!("tổ hợp tác chưa đăng ký", "the group is not registered")
            },
        ));
    }
    grounds.push(Ground::new(
        "no_penalty",
        applicant.no_penalty,
        match applicant.no_penalty {
            Some(true) => words!(
                "tổ chức cam kết trong hồ sơ là không đang chấp hành hình phạt",
                "the applicant declares not to be serving a penalty"
            ),
            Some(false) => words!(
                "tổ chức khai đang chấp hành hình phạt",
                "the applicant declares to be serving a penalty"
            ),
            None => words!(
                "sổ đăng ký không ghi việc chấp hành hình phạt và chưa có cam kết trong hồ sơ",
                "the register does not hold penalties, and no application declares anything"
            ),
        },
    ));
    grounds.push(worth(applicant, on));
    if programme.audit {
        let why = match applicant.audited {
            Some(true) => {
                words!("báo cáo năm có kiểm toán độc lập", "the last return says audited")
            }
            Some(false) => {
                words!("báo cáo năm không có kiểm toán độc lập", "the last return says not audited")
            }
            None => words!("báo cáo năm chưa nêu việc kiểm toán", "the last return says nothing"),
        };
        grounds.push(Ground::new("audit", applicant.audited, why));
    }
    if let Some(condition) = &programme.condition {
        let why = match applicant.condition {
            Some(true) => {
                words!("thỏa điều kiện riêng `{condition}`", "`{condition}` holds", condition)
            }
            Some(false) => {
                words!(
                    "không thỏa điều kiện riêng `{condition}`",
                    "`{condition}` does not hold",
                    condition
                )
            }
            None => words!(
                "thiếu số liệu cho điều kiện riêng `{condition}`",
                "data is missing for `{condition}`",
                condition
            ),
        };
        grounds.push(Ground::new("condition", applicant.condition, why));
    }
    grounds
}

fn kind(programme: &Programme, applicant: &Applicant) -> Ground {
    let listed = applicant.kind.map(|kind| programme.kinds.contains(&kind));
    let kind = applicant.kind.map_or_else(Words::default, |kind| kind.words().lower());
    let why = if listed == Some(true) {
        words!("{kind} thuộc đối tượng của chương trình", "the programme is for a {kind}", kind)
    } else {
        words!("chương trình không dành cho {kind}", "the programme is not for a {kind}", kind)
    };
    Ground::new("kind", listed, why)
}

fn operating(applicant: &Applicant) -> Ground {
    let status = applicant.status.map_or_else(Words::default, |status| status.words().lower());
    let holds = applicant.status.map(|status| status == Status::Operating);
    Ground::new("operating", holds, words!("tình trạng: {status}", "its status: {status}", status))
}

fn period(programme: &Programme, on: Date) -> Ground {
    let why = match programme.closes {
        Some(closes) => words!(
            "nhận hồ sơ từ {opens} đến {closes}",
            "open from {opens} to {closes}",
            opens = programme.opens,
            closes
        ),
        None => words!("nhận hồ sơ từ {opens}", "open from {opens}", opens = programme.opens),
    };
    Ground::new("period", Some(programme.is_open_on(on)), why)
}

/// One of these is enough: it grew, it trained, or it is new in a difficult area [Law 17/2023/QH15, Article 18].
fn worth(applicant: &Applicant, on: Date) -> Ground {
    let growth = |id, growth: Growth, vi: &str, en: &str| {
        let (what_vi, what_en) = (vi.to_owned(), en.to_owned());
        let why = match (growth.before, growth.last) {
            (Some(before), Some(last)) => {
                let (before, last) = (rounded(before), rounded(last));
                Words::new(
                    format!("{what_vi}: {before} → {last}"),
                    format!("{what_en}: {before} → {last}"),
                )
            }
            _ => Words::new(
                format!("{what_vi}: thiếu số liệu của một trong hai năm trước"),
                format!("{what_en}: data of one of the two years before is missing"),
            ),
        };
        Ground::new(id, growth.grew(), why)
    };
    let mut one_of = vec![growth("members_grew", applicant.members, "thành viên", "members")];
    if applicant.kind != Some(Kind::Group) {
        let share = Growth {
            before: applicant.internal_share.before.map(|share| share * 100.0),
            last: applicant.internal_share.last.map(|share| share * 100.0),
        };
        one_of.push(growth(
            "internal_share_grew",
            share,
            "tỷ trọng giao dịch nội bộ (%)",
            "share of revenue from members (%)",
        ));
        one_of.push(growth(
            "undivided_grew",
            applicant.undivided,
            "quỹ, tài sản chung không chia (đồng)",
            "undivided funds and assets (đồng)",
        ));
    }
    one_of.push(if let Some(trained) = applicant.trained {
        let people = rounded(trained);
        let why = words!("{people} người được đào tạo", "{people} people trained", people);
        Ground::new("trained", Some(trained > 0.0), why)
    } else {
        let why =
            words!("báo cáo năm chưa nêu số được đào tạo", "the return says nothing of training");
        Ground::new("trained", None, why)
    });
    let new = applicant
        .founded_on
        .map(|founded| on <= founded.saturating_add(Span::new().months(NEW_MONTHS)));
    let new_there = if applicant.difficult_area { new } else { Some(false) };
    one_of.push(Ground::new(
        "new_in_difficult_area",
        new_there,
        words!(
            "mới thành lập ở địa bàn khó khăn (trong 12 tháng, theo cách hiểu của hệ thống)",
            "newly set up in a difficult area (within twelve months, our own reading)"
        ),
    ));
    let verdict = Verdict::any(one_of.iter().map(|ground| ground.verdict));
    let why = words!(
        "cần ít nhất một trong các điều kiện (Điều 18 Luật Hợp tác xã 2023)",
        "one of these is needed (Law 17/2023/QH15, Article 18)"
    );
    Ground { id: "worth", verdict, why, one_of }
}

/// A number for a sentence: whole where it is large.
fn rounded(value: f64) -> String {
    let decimals = usize::from(value.fract().abs() > 1e-9 && value.abs() < 1000.0);
    format!("{value:.decimals$}")
}

/// Compares two applicants in the order that the law ranks by, as far as records go: more members, more members of ethnic
/// minorities, more insured, more women who manage, more women, a difficult area. Where a number is missing the applicant stands
/// behind one that has it. Disabled members come second in the law, and later criteria follow; neither is on record.
pub fn rank(a: &Applicant, b: &Applicant) -> std::cmp::Ordering {
    let key = |of: &Applicant| {
        [
            of.members.last,
            of.ethnic_minority,
            of.insured,
            of.women_managers,
            of.women,
            Some(f64::from(u8::from(of.difficult_area))),
        ]
        .map(|value| value.unwrap_or(-1.0))
    };
    let (a, b) = (key(a), key(b));
    let differing = a.iter().zip(&b).map(|(a, b)| b.total_cmp(a));
    differing.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programme() -> Programme {
        Programme {
            id: "p".to_owned(),
            policy: Policy::Market,
            title: Words::default(),
            source: String::new(),
            opens: Date::constant(2024, 1, 1),
            closes: Some(Date::constant(2025, 12, 31)),
            budget: Some(100),
            per_organisation: Some(60),
            kinds: vec![Kind::Cooperative, Kind::Group],
            audit: false,
            condition: None,
            note: Words::default(),
        }
    }

    const DAY: Date = Date::constant(2025, 3, 1);

    fn sound() -> Applicant {
        Applicant {
            kind: Some(Kind::Cooperative),
            status: Some(Status::Operating),
            registered: true,
            founded_on: Some(Date::constant(2020, 1, 1)),
            no_penalty: Some(true),
            members: Growth { before: Some(10.0), last: Some(12.0) },
            ..Applicant::default()
        }
    }

    #[track_caller]
    fn check(change: impl FnOnce(&mut Programme, &mut Applicant), want: Verdict) {
        let (mut programme, mut applicant) = (programme(), sound());
        change(&mut programme, &mut applicant);
        let grounds = grounds(&programme, &applicant, DAY);
        assert_eq!(Verdict::all(grounds.iter().map(|g| g.verdict)), want, "{grounds:#?}");
    }

    #[test]
    fn one_ground_is_enough() {
        check(|_, _| {}, Verdict::Met);
        check(|_, a| a.members.last = Some(10.0), Verdict::Unknown);
    }
    #[test]
    fn what_nobody_knows_is_unknown() {
        check(|_, a| a.no_penalty = None, Verdict::Unknown);
        check(|_, a| a.members.before = None, Verdict::Unknown);
        check(|p, _| p.audit = true, Verdict::Unknown);
    }
    #[test]
    fn what_fails_fails() {
        check(|_, a| a.no_penalty = Some(false), Verdict::NotMet);
        check(|_, a| a.kind = Some(Kind::Union), Verdict::NotMet);
        check(|_, a| a.status = Some(Status::Suspended), Verdict::NotMet);
        check(|p, _| p.closes = Some(Date::constant(2025, 2, 28)), Verdict::NotMet);
        check(|p, _| p.condition = Some("linked".to_owned()), Verdict::Unknown);
        let nothing_grew = |a: &mut Applicant| {
            let same = Growth { before: Some(1.0), last: Some(1.0) };
            (a.members, a.internal_share, a.undivided, a.trained) = (same, same, same, Some(0.0));
        };
        check(|_, a| nothing_grew(a), Verdict::NotMet);
    }
    #[test]
    fn a_group_must_be_registered() {
        let group = |a: &mut Applicant, registered| {
            (a.kind, a.registered) = (Some(Kind::Group), registered);
        };
        check(|_, a| group(a, true), Verdict::Met);
        check(|_, a| group(a, false), Verdict::NotMet);
    }
    #[test]
    fn ceilings_count_what_is_granted_and_what_is_paid() {
        let granted = |name: &str, amount, paid: &[i64]| Application {
            application: name.to_owned(),
            programme: "p".to_owned(),
            decision: Some(Decided {
                on: DAY,
                approved: true,
                granted: amount,
                document: String::new(),
            }),
            payments: paid
                .iter()
                .map(|amount| Payment { on: DAY, amount: *amount, document: String::new() })
                .collect(),
            ..Application::default()
        };
        let (first, second) = (granted("a", 40, &[30]), granted("b", 30, &[20, -5]));
        let all = [(1, &first), (2, &second)];
        let across = Ceiling {
            id: "c".to_owned(),
            title: Words::default(),
            programmes: vec!["p".to_owned(), "q".to_owned()],
            per_organisation: 50,
        };
        let ceilings = std::slice::from_ref(&across);
        let left = |rooms: Vec<Room>| rooms.iter().map(Room::left).collect::<Vec<_>>();
        assert_eq!(left(rooms_of_grant(&programme(), ceilings, &all, 1, "new")), [20, 30, 10]);
        assert_eq!(
            left(rooms_of_payment(&programme(), ceilings, &all, 1, &first)),
            [10, 30, 55, 20]
        );
    }
    #[test]
    fn more_members_come_first_and_what_is_missing_last() {
        let with = |members, women| Applicant {
            members: Growth { before: None, last: members },
            women,
            ..Applicant::default()
        };
        let mut list = [with(None, Some(9.0)), with(Some(5.0), None), with(Some(5.0), Some(1.0))];
        list.sort_by(rank);
        assert_eq!(list.map(|a| a.women), [Some(1.0), None, Some(9.0)]);
    }
    #[test]
    fn policies_read_back() {
        assert!(Policy::ALL.into_iter().all(|p| Policy::from_code(p.code()) == Some(p)));
    }
}
