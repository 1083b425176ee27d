//! A plan pack as values: the legal document, objectives, indicators, targets, agencies, tasks, calendar, forms,
//! rulesets and published figures. `intake` reads it from files; adopting it is a filing that carries it whole.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::cascade::Cascade;
use crate::figure::Figure;
use crate::finding::Severity;
use crate::ids::{IndicatorId, TargetId};
use crate::law::Law;
use crate::organisation::{Grade, Sector};
use crate::plan_check::Accepted;
use crate::register::{Adoption, Practice};
use crate::support::{Ceiling, Programme};
use crate::target::{Direction, Target};
use crate::task::{Recurrence, Rung};
use crate::text::Words;

/// A plan with everything that measuring it needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pack {
    /// As `lang-son-2023`.
    pub id: String,
    /// The legal document.
    pub document: Document,
    /// Place, time and language that the plan speaks of.
    pub setting: Setting,
    /// How standing is judged.
    pub standing: StandingRule,
    /// Objectives, parents before children.
    pub objectives: Vec<Objective>,
    /// Headings of the overview, in order.
    pub headings: Vec<Heading>,
    /// Indicators, in the order of the file.
    pub indicators: Vec<Indicator>,
    /// Published series that are no indicator of the register.
    pub series: Vec<Series>,
    /// Breaks that somebody saw in published series.
    pub breaks: Vec<Break>,
    /// Measured targets, in plan order.
    pub targets: Vec<Target>,
    /// Targets without a number.
    pub qualitative: Vec<Qualitative>,
    /// Who acts.
    pub agencies: Vec<Agency>,
    /// Fields that tasks are sorted by.
    pub task_groups: Vec<TaskGroup>,
    /// Tasks and solutions.
    pub tasks: Vec<Task>,
    /// To whom tasks rise before and after their due day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ladder: Vec<Rung>,
    /// By when a unit looks at what the public sent it; a plan that was adopted without sets no day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback: Option<FeedbackDeadline>,
    /// The reporting calendar.
    pub calendar: Vec<Due>,
    /// Forms, of which the yearly return is one.
    pub forms: Vec<Form>,
    /// Scoring rules.
    pub rulesets: Vec<Ruleset>,
    /// Published figures.
    pub figures: Vec<Figure>,
    /// Kinds of certificates that may be filed; any where none is listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificate_kinds: Vec<CertificateKind>,
    /// Check-lists with the province's own rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub practices: Vec<PracticeRule>,
    /// Support programmes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub programmes: Vec<Programme>,
    /// Ceilings across programmes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub support_ceilings: Vec<Ceiling>,
    /// Findings about the plan that somebody answers for, until a day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<Accepted>,
    /// What the law asks; a plan that was adopted without is judged by what the program carries.
    #[serde(default)]
    pub law: Law,
    /// How its numbers were given out to units since: no part of the pack's files, and of no filing that carries one.
    #[serde(skip)]
    pub cascades: Vec<Cascade>,
}

/// In how many days a unit looks at what the public sent it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedbackDeadline {
    /// Days after the one on which it came.
    pub days: u16,
    /// Who says so, and whether it is law.
    pub source: Words,
}

impl FeedbackDeadline {
    /// The most days that make sense: a quarter, after which nobody waits for an answer.
    pub const DAYS_MAX: u16 = 90;
}

impl Pack {
    /// The indicator with this id.
    pub fn indicator(&self, id: &IndicatorId) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| &indicator.id == id)
    }

    /// The target with this id.
    pub fn target(&self, id: &TargetId) -> Option<&Target> {
        self.targets.iter().find(|target| &target.id == id)
    }

    /// The agency with this id, or the one that followed it by a day.
    pub fn agency_on(&self, id: &str, day: Date) -> Option<&Agency> {
        let mut agency = self.agencies.iter().find(|agency| agency.id == id)?;
        // As many steps as there are agencies: a circle of successors ends too.
        for _ in 0..self.agencies.len() {
            let ended = agency.valid_to.is_some_and(|to| to < day);
            let next = agency.successor.as_ref().filter(|_| ended);
            match next.and_then(|next| self.agencies.iter().find(|one| &one.id == next)) {
                Some(follower) => agency = follower,
                None => break,
            }
        }
        Some(agency)
    }

    /// The check-list of a practice.
    pub fn practice(&self, practice: Practice) -> Option<&PracticeRule> {
        self.practices.iter().find(|rule| rule.practice == practice)
    }

    /// The form of the yearly return.
    pub fn annual_return(&self) -> Option<&Form> {
        self.forms.iter().find(|form| form.id == Form::ANNUAL_RETURN)
    }

    /// When organisations file their yearly return.
    pub fn return_due(&self) -> Option<&Due> {
        self.calendar
            .iter()
            .find(|due| ["ret-org", "return-organisation"].contains(&due.id.as_str()))
    }

    /// The last day that is in time for the return of a year; none where the calendar does not say.
    pub fn return_due_on(&self, year: i16) -> Option<Date> {
        let (month, day) = self.return_due()?.due.split_once('-')?;
        let (month, day) = (month.parse().ok()?, day.parse().ok()?);
        // Only 29 February is a day in some years and none in others; the end of the month is meant then.
        let end_of_month = || Date::new(year, month, 1).map(Date::last_of_month);
        Date::new(year, month, day).or_else(|_| end_of_month()).ok()
    }

    /// The cascade of a target that holds on a day: of those in effect, the one filed last.
    pub fn cascade_of(&self, target: &TargetId, day: Date) -> Option<&Cascade> {
        let mut filed = self.cascades.iter().rev();
        filed.find(|cascade| &cascade.adopted.target == target && cascade.from <= day)
    }

    /// Published figures of one series for one unit, oldest first.
    pub fn figures_of(&self, series: &IndicatorId, unit: &str) -> Vec<&Figure> {
        let mut figures: Vec<&Figure> = self
            .figures
            .iter()
            .filter(|figure| &figure.indicator == series && figure.unit == unit)
            .collect();
        figures.sort_by_key(|figure| figure.as_of);
        figures
    }
}

/// The document that made the plan law.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// As `115/KH-UBND`.
    pub number: String,
    /// plan, resolution, decision or programme.
    pub kind: String,
    /// The day it was signed.
    pub issued: Date,
    /// The day it took effect.
    pub effective: Date,
    /// Who issued it.
    pub issuer: Words,
    /// Who signed it.
    pub signer: String,
    /// What it is about, in our own words.
    pub title: Words,
    /// The documents that it carries out.
    pub implements: Vec<String>,
    /// What should be known about it.
    pub note: Words,
}

/// A place in a document: its section as numbered there, and our own name for the item in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentPlace {
    /// As `II.2`.
    pub section: String,
    /// As `2030-1`: the first item under "to 2030".
    pub bullet: String,
}

/// Place, time and language that the plan speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// The code of the unit whose plan it is.
    pub unit: String,
    /// The day whose geography the plan speaks of.
    pub geography: Date,
    /// The first year computed.
    pub year_first: i16,
    /// The last year computed.
    pub year_last: i16,
}

/// How standing is judged, where a target says nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StandingRule {
    /// How far off "about" still counts, as a share.
    pub tolerance_about: f64,
    /// Behind while the pace needed from now is at most this many times the pace of the line; more is off track.
    pub behind_up_to: f64,
    /// A yearly target is behind from this share of what is due, off track below.
    pub yearly_behind_from: f64,
}

impl Default for StandingRule {
    fn default() -> Self {
        Self { tolerance_about: 0.05, behind_up_to: 1.25, yearly_behind_from: 0.75 }
    }
}

/// An objective in the plan's tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objective {
    /// Its name in the pack.
    pub id: String,
    /// The objective above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// In our own words.
    pub title: Words,
    /// Where it stands.
    pub place: DocumentPlace,
    /// By when, where the plan says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub horizon: Option<i16>,
    /// Whether it is the general objective, which has no number of its own and is followed through proxies.
    pub general: bool,
}

/// A heading of the overview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// Its name in the pack.
    pub id: String,
    /// What stands there.
    pub title: Words,
}

/// What kind of quantity an indicator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// What there is at a day.
    Stock,
    /// What happened within a year.
    Flow,
    /// A share or an average.
    Ratio,
}

/// An indicator: a formula with a unit, a direction and its definition. A change of definition is a new version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Indicator {
    /// Its name in the pack.
    pub id: IndicatorId,
    /// The version of the definition.
    pub version: u16,
    /// From when this version holds.
    pub valid_from: Date,
    /// Its full name.
    pub name: Words,
    /// A short name for rows.
    pub short: Words,
    /// What it counts, in words.
    pub definition: Words,
    /// What kind of quantity it is.
    pub measure: Measure,
    /// The unit of the value, one of [`Indicator::UNITS`].
    pub unit: String,
    /// How many decimals are shown.
    pub decimals: u8,
    /// Which way is better.
    pub direction: Direction,
    /// The formula of the value, or of the numerator.
    pub numerator: String,
    /// The formula of the denominator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<String>,
    /// The published series that is the denominator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator_figure: Option<IndicatorId>,
    /// What the quotient is multiplied by: 100 for a share in percent.
    pub scale: f64,
    /// The objective that it is followed in place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy_for: Option<String>,
    /// Which filings it comes from.
    pub source: Words,
}

impl Indicator {
    /// Units of measurement that packs may name, with what stands behind a number of them on screen.
    pub const UNITS: [(&'static str, &'static str, &'static str); 14] = [
        ("organisations", "tổ chức", "organisations"),
        ("groups", "tổ hợp tác", "groups"),
        ("cooperatives", "hợp tác xã", "cooperatives"),
        ("unions", "liên hiệp hợp tác xã", "unions"),
        ("members", "thành viên", "members"),
        ("persons", "người", "persons"),
        ("households", "hộ", "households"),
        ("percent", "%", "%"),
        ("members_per_organisation", "thành viên/tổ chức", "members per organisation"),
        ("million_vnd", "triệu đồng", "million đồng"),
        ("products", "sản phẩm", "products"),
        ("units", "đơn vị", "units"),
        ("kinds", "ngành", "kinds"),
        ("years", "năm", "years"),
    ];

    /// What stands behind a number of the indicator's unit.
    pub fn unit_words(&self) -> Words {
        Self::UNITS
            .iter()
            .find(|(code, _, _)| *code == self.unit)
            .map_or_else(|| Words::new(&self.unit, &self.unit), |(_, vi, en)| Words::new(*vi, *en))
    }

    /// The sign written right behind a number in tables: only the percent sign is short enough.
    pub fn sign(&self) -> &'static str {
        if self.unit == "percent" { "%" } else { "" }
    }
}

/// A published series that is not computed from the register, as the province's population.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// Its name in the pack.
    pub id: IndicatorId,
    /// What people call it.
    pub name: Words,
    /// The unit of its values.
    pub unit: String,
}

/// A break in a published series: values on its two sides are not to be compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Break {
    /// The series.
    pub series: IndicatorId,
    /// The last day known to be before the break.
    pub from: Date,
    /// The first day known to be after it.
    pub to: Date,
    /// Why it is thought to be one.
    pub reason: Words,
}

/// A target without a number, followed through tasks and their evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Qualitative {
    /// As `T30-Q1`.
    pub id: TargetId,
    /// The objective it belongs to.
    pub objective: String,
    /// Where it stands.
    pub place: DocumentPlace,
    /// In our own words.
    pub paraphrase: Words,
    /// The tasks that it is followed through.
    pub tasks: Vec<String>,
}

/// Who acts. Agencies changed twice since 2023, so they carry validity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agency {
    /// Its name in the pack.
    pub id: String,
    /// What people call it.
    pub name: Words,
    /// What should be known about it.
    pub note: Words,
    /// The first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
    /// The agency that took over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<String>,
}

/// A kind of certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateKind {
    /// As `ocop`, `vietgap`.
    pub id: String,
    /// What people call it.
    pub name: Words,
    /// How far it was verified.
    pub status: String,
}

/// A check-list with the rule by which an organisation counts: so many of its items, confirmed and in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PracticeRule {
    /// What it confirms.
    pub practice: Practice,
    /// How many items are needed.
    pub at_least: u8,
    /// The items.
    pub items: Vec<Heading>,
    /// Where the rule comes from.
    pub source: Words,
}

impl PracticeRule {
    /// The items of the list that confirmations hold on a day, each once, in the order of the list.
    pub fn held<'r>(&'r self, confirmed: &[&Adoption], day: Date) -> Vec<&'r Heading> {
        let holds = |id: &str| {
            confirmed
                .iter()
                .any(|one| one.practice == self.practice && one.item == id && one.holds_on(day))
        };
        self.items.iter().filter(|item| holds(&item.id)).collect()
    }

    /// Whether an organisation counts on a day by what is confirmed of it.
    pub fn counts(&self, confirmed: &[&Adoption], day: Date) -> bool {
        self.held(confirmed, day).len() >= usize::from(self.at_least)
    }
}

/// A field that tasks are sorted by: the policy fields of Law 17/2023/QH15, Articles 20 to 28.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskGroup {
    /// As `P20`.
    pub id: String,
    /// The article of the law.
    pub article: u16,
    /// In our own words.
    pub title: Words,
}

/// A task or solution of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its name in the pack.
    pub id: String,
    /// Its field.
    pub group: String,
    /// In our own words.
    pub title: Words,
    /// The agency in the lead, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// Agencies that work with it.
    pub with: Vec<String>,
    /// Indicators that it should move.
    pub indicators: Vec<IndicatorId>,
    /// The due date, or how often it returns; both may be unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// How often it returns, as `yearly`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<Recurrence>,
    /// What should be known about it.
    pub note: Words,
}

/// A due date that returns every year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// Its name in the pack.
    pub id: String,
    /// Who files.
    pub who: Words,
    /// What is filed.
    pub what: Words,
    /// To whom.
    pub to: Words,
    /// Month and day, `12-15`; empty where the source gives only a quarter.
    pub due: String,
    /// The span of data, `12-15/12-14`; empty where the source says nothing.
    pub window: String,
    /// The legal source.
    pub source: String,
    /// How far it was verified.
    pub status: String,
}

/// A form: sections and fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// Its name in the pack.
    pub id: String,
    /// The version of the form.
    pub version: u16,
    /// What people call it.
    pub title: Words,
    /// What should be known about it.
    pub note: Words,
    /// The kinds that file it, as `THT`.
    pub applies_to: Vec<String>,
    /// Its sections, in order.
    pub sections: Vec<Heading>,
    /// Its fields, in order. Their ids are columns of the facts.
    pub fields: Vec<Field>,
    /// What must hold between its values, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<FormCheck>,
}

/// A named check of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormCheck {
    /// Its name in the form, by which it is waived.
    pub id: String,
    /// An error stops acceptance, a warning does not.
    pub severity: Severity,
    /// The field at which it is shown.
    pub field: String,
    /// What must hold, a condition of the formula language.
    pub expression: String,
    /// What is wrong where it does not; `{column}` stands for the column's value.
    pub message: Words,
    /// What to do about it.
    pub help: Words,
}

impl Form {
    /// The id of the yearly return.
    pub const ANNUAL_RETURN: &'static str = "annual_return";
}

/// The type of a form field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// A whole number, zero or more.
    Count,
    /// Whole đồng; may be negative (a loss).
    Money,
    /// Yes or no.
    Flag,
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its name, which is also its column in formulas.
    pub id: String,
    /// The section that it stands in.
    pub section: String,
    /// What may be entered.
    #[serde(rename = "type")]
    pub field_type: FieldType,
    /// The unit shown behind it.
    pub unit: String,
    /// Its label.
    pub label: Words,
    /// Help at the field.
    pub help: Words,
    /// Whether a return without it is incomplete.
    pub required: bool,
    /// What it is filled in with before anybody writes: `last` for the value of the year before, or a column of the
    /// register, `members` or `capital`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefill: Option<String>,
}

/// A dated set of scoring rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruleset {
    /// Its name in the pack.
    pub id: String,
    /// The version of the file; it rises when somebody fills in what was not known.
    #[serde(default = "Ruleset::first_version")]
    pub version: u16,
    /// What people call it.
    pub title: Words,
    /// The legal source.
    pub source: String,
    /// From when it holds.
    pub valid_from: Date,
    /// What should be known about it.
    pub note: Words,
    /// The only sector that it is for; none where it is for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sector: Option<Sector>,
    /// Another ruleset of the pack whose criteria of the same number are the same criteria, so that scores carry over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub based_on: Option<String>,
    /// Who is not graded.
    #[serde(default)]
    pub not_graded: NotGraded,
    /// Whether a fine in the year makes the grade weak whatever the points.
    #[serde(default)]
    pub weak_if_fined: bool,
    /// Lower ends of the grades in points, best first.
    pub bands: Vec<Band>,
    /// Groups of criteria with what they give together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<PointGroup>,
    /// Its criteria, in order.
    pub criteria: Vec<Criterion>,
}

impl Ruleset {
    fn first_version() -> u16 {
        1
    }

    /// The criterion with this number and letter, as `1a`.
    pub fn criterion(&self, key: &str) -> Option<&Criterion> {
        self.criteria.iter().find(|criterion| criterion.key() == key)
    }
}

/// Who is not graded, as far as the source says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotGraded {
    /// Who had worked for fewer months than this by the end of the year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub founded_under_months: Option<u8>,
    /// Who stopped for more months than this within the year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_over_months: Option<u8>,
}

/// A group of criteria.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointGroup {
    /// Its name in the ruleset.
    pub id: String,
    /// What people call it.
    pub title: Words,
    /// The most points of all its criteria together, where the source was at hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i32>,
    /// How far it was verified.
    pub status: String,
}

/// The lower end of a grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// The grade.
    pub grade: Grade,
    /// From how many points.
    pub from: i32,
}

/// One criterion of a ruleset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// Its number in the source.
    pub no: u16,
    /// Its letter in the source, empty where the criterion has no parts.
    pub part: String,
    /// The group that it stands in.
    pub group: String,
    /// In short own words.
    pub name: Words,
    /// The most points, where the source was at hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i32>,
    /// How points are given: `entered`, checked against the maximum, or `bands`, which follow from a value.
    pub rule: String,
    /// The bands of a value, highest first; the first one reached gives the points, below all of them there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<PointBand>,
    /// The field of the yearly return that is the value of the bands; none where the value is entered too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// How far it was verified.
    pub status: String,
}

impl Criterion {
    /// Number and letter, as `1a`: the name under which scores are filed.
    pub fn key(&self) -> String {
        format!("{}{}", self.no, self.part)
    }

    /// The points that a value gives.
    pub fn points_of(&self, value: i64) -> i32 {
        let reached = self.bands.iter().find(|band| value >= band.from);
        reached.map_or(0, |band| band.points)
    }
}

/// What a value from some height on gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointBand {
    /// The least value, in the criterion's own unit.
    pub from: i64,
    /// Its points.
    pub points: i32,
}
