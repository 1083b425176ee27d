//! Cascades: a number of the plan shared out over units in whole numbers, so that the parts sum to what the plan asks,
//! year by year and over the years. `engine` proposes one; adopting it is a filing.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::filing::cascade::CascadeAdopt;
use crate::ids::{TargetId, UnitId};
use crate::target::Constraint;
use crate::text::Words;
use crate::unit::Level;
use crate::words;

/// What a unit's share is measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// What the unit has today.
    Base,
    /// How far the unit lies below what a quarter of the units reach.
    Potential,
    /// How many people live there.
    Population,
    /// What was founded there, or came to count, each year of late.
    Pace,
}

impl Weight {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Base, Self::Potential, Self::Population, Self::Pace];

    /// The weight as it is written on the command line and in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::Potential => "potential",
            Self::Population => "population",
            Self::Pace => "pace",
        }
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Base => Words::new("Số hiện có", "Present number"),
            Self::Potential => Words::new("Tiềm năng", "Potential"),
            Self::Population => Words::new("Dân số", "Population"),
            Self::Pace => Words::new("Nhịp những năm qua", "Pace of late"),
        }
    }
}

/// How much each measure weighs in the shares of the units, in points that need not sum to anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// See [`Weight::Base`].
    pub base: u16,
    /// See [`Weight::Potential`].
    pub potential: u16,
    /// See [`Weight::Population`].
    pub population: u16,
    /// See [`Weight::Pace`].
    pub pace: u16,
}

impl Default for Weights {
    fn default() -> Self {
        Self { base: 50, potential: 25, population: 0, pace: 25 }
    }
}

impl Weights {
    /// The points of a measure.
    pub fn get(&self, weight: Weight) -> u16 {
        match weight {
            Weight::Base => self.base,
            Weight::Potential => self.potential,
            Weight::Population => self.population,
            Weight::Pace => self.pace,
        }
    }

    /// Sets the points of a measure.
    pub fn set(&mut self, weight: Weight, points: u16) {
        match weight {
            Weight::Base => self.base = points,
            Weight::Potential => self.potential = points,
            Weight::Population => self.population = points,
            Weight::Pace => self.pace = points,
        }
    }
}

/// Where between the ends of what is asked the sum is laid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    /// At the lower end.
    Low,
    /// In the middle; at the number itself, where there is one.
    #[default]
    Middle,
    /// At the upper end.
    High,
}

impl Aim {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Low, Self::Middle, Self::High];

    /// The aim as it is written.
    pub fn code(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Middle => "middle",
            Self::High => "high",
        }
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Low => Words::new("Mức thấp", "Lower end"),
            Self::Middle => Words::new("Mức giữa", "Middle"),
            Self::High => Words::new("Mức cao", "Upper end"),
        }
    }
}

/// What a bound asks of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoundKind {
    /// Not less.
    Floor,
    /// Not more.
    Ceiling,
    /// Just so much: somebody has decided it.
    Fixed,
}

/// Of which years a bound speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// Of each.
    EachYear,
    /// Of one.
    Year(i16),
    /// Of all together.
    AllYears,
}

/// A floor, ceiling or fixed number of one unit, or of each.
///
/// Written `2` for each unit and year, `05977=2` for each year of one unit, `05977@2027=2` for one year of it,
/// `05977@all=9` for all years together.
///
/// ```
/// use hoptac_model::cascade::{Said, When};
/// let said: Said = "05977@2027=2".parse().unwrap();
/// assert_eq!((said.unit.as_deref(), said.when, said.value), (Some("05977"), When::Year(2027), 2));
/// assert!("05977@soon=2".parse::<Said>().unwrap_err().contains("soon"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The unit's code; none for each.
    pub unit: Option<String>,
    /// The years.
    pub when: When,
    /// The number.
    pub value: u32,
}

impl FromStr for Said {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (place, number) = match text.rsplit_once('=') {
            Some((place, number)) => (place, number),
            None => ("", text),
        };
        let value: u32 = number.parse().map_err(|_| {
            format!("`{number}` is not a whole number; write 2, 05977=2, 05977@2027=2 or @all=9")
        })?;
        let (unit, when) = match place.split_once('@') {
            None => (place, When::EachYear),
            Some((unit, "all")) => (unit, When::AllYears),
            Some((unit, year)) => {
                let year = year.parse().map_err(|_| {
                    format!("`{year}` is neither a year nor `all`; write 05977@2027=2")
                })?;
                (unit, When::Year(year))
            }
        };
        Ok(Self { unit: (!unit.is_empty()).then(|| unit.to_owned()), when, value })
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.unit.as_deref().unwrap_or_default())?;
        match self.when {
            When::EachYear => {}
            When::Year(year) => write!(f, "@{year}")?,
            When::AllYears => f.write_str("@all")?,
        }
        if self.unit.is_some() || self.when != When::EachYear {
            f.write_str("=")?;
        }
        write!(f, "{}", self.value)
    }
}

/// A bound as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// What it asks.
    pub kind: BoundKind,
    /// The unit; none for each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// The year; none for each, or for all together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i16>,
    /// Whether it speaks of all years together.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all_years: bool,
    /// The number.
    pub value: u32,
}

impl Bound {
    /// Of which years it speaks.
    pub fn when(&self) -> When {
        match self.year {
            Some(year) => When::Year(year),
            None if self.all_years => When::AllYears,
            None => When::EachYear,
        }
    }
}

/// The rule by which parts were proposed: enough to propose them again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What shares are measured by.
    pub weights: Weights,
    /// Where the sums are laid.
    #[serde(default)]
    pub aim: Aim,
    /// The number at which they are laid, where it is neither end nor middle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aim_at: Option<u32>,
    /// Floors, ceilings and fixed numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bounds: Vec<Bound>,
    /// The ledger position of an earlier cascade over units that have ended since: what each of them was given stays
    /// together in the units that followed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keeps: Option<u64>,
    /// A number at a horizon that the yearly parts must add up to, as the stock beside a yearly flow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reaches: Option<TargetId>,
}

/// What one unit is given for one year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The unit.
    pub unit: UnitId,
    /// The year; the horizon's, where the number is asked at its end.
    pub year: i16,
    /// How many.
    pub value: u32,
}

/// An adopted cascade, as the plan carries it.
#[derive(Clone, Debug, PartialEq)]
pub struct Cascade {
    /// Its ledger position.
    pub position: u64,
    /// From when it holds.
    pub from: Date,
    /// What was adopted.
    pub adopted: CascadeAdopt,
}

impl Cascade {
    /// What a unit is given for a year.
    pub fn part(&self, unit: &UnitId, year: i16) -> Option<u32> {
        let mut parts = self.adopted.parts.iter();
        parts.find(|part| &part.unit == unit && part.year == year).map(|part| part.value)
    }
}

/// The whole numbers between which a sum must lie to hold what is asked; the upper end may be open.
pub fn ends(constraint: Constraint) -> (u32, Option<u32>) {
    let up = |value: f64| whole((value - 1e-9).ceil());
    let down = |value: f64| whole((value + 1e-9).floor());
    match constraint {
        Constraint::MoreThan { value } => (down(value).saturating_add(1), None),
        Constraint::LessThan { value } => (0, Some(up(value).saturating_sub(1))),
        Constraint::About { .. }
        | Constraint::AtLeast { .. }
        | Constraint::AtMost { .. }
        | Constraint::Between { .. }
        | Constraint::Exactly { .. }
        | Constraint::All { .. } => {
            let (low, high) = constraint.zone();
            (low.map_or(0, up), high.map(down))
        }
    }
}

/// A number held between nothing and the largest that is shared out.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole, and held between zero and four thousand million"
)]
fn whole(value: f64) -> u32 {
    value.clamp(0.0, 4e9) as u32
}

/// A proposal: every unit with its share and its parts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Proposal {
    /// The ledger position of the numbers that it rests on.
    pub ledger_position: u64,
    /// The plan.
    pub plan: String,
    /// The target that is shared out.
    pub target: TargetId,
    /// The level of the units.
    pub level: Level,
    /// The day whose numbers they are.
    pub as_of: Date,
    /// The day whose units it is shared out over.
    pub geography: Date,
    /// The years, oldest first.
    pub years: Vec<i16>,
    /// What each year asks of all units together, and what they are given.
    pub sums: Vec<Sum>,
    /// The units, in the order of their codes.
    pub units: Vec<UnitShare>,
    /// What is counted in the territory and in none of the units, because its seat is open; part of every sum of a
    /// number that is asked at a horizon.
    pub outside: u32,
    /// The rule, its bounds held against the units.
    pub rule: Rule,
    /// Measures that could not be taken, in words.
    pub notes: Vec<Words>,
}

/// What a year asks, and what is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sum {
    /// The year.
    pub year: i16,
    /// The least that is asked.
    pub least: u32,
    /// The most; none where there is no upper end.
    pub most: Option<u32>,
    /// The number that was aimed at.
    pub aim: u32,
    /// The sum of the parts.
    pub given: u32,
}

/// A unit's share and parts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UnitShare {
    /// The unit.
    pub unit: UnitId,
    /// The unit before the reform whose part it takes over, where an earlier cascade is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<UnitId>,
    /// What each measure says of it, in the order of [`Weight::ALL`]; none where it is not known.
    pub measures: [Option<f64>; 4],
    /// Its share of the whole, from 0 to 1.
    pub share: f64,
    /// What it would be given for each year, if parts of one could be given.
    pub ideal: Vec<f64>,
    /// What it is given for each year.
    pub parts: Vec<u32>,
}

impl Proposal {
    /// The parts, one for each unit and year.
    pub fn parts(&self) -> Vec<Part> {
        let of = |share: &UnitShare| {
            let parts = self.years.iter().zip(share.parts.clone());
            let unit = share.unit.clone();
            parts.map(move |(year, value)| Part { unit: unit.clone(), year: *year, value })
        };
        self.units.iter().flat_map(of).collect()
    }
}

impl UnitShare {
    /// What it is given over the years.
    pub fn total(&self) -> u32 {
        self.parts.iter().sum()
    }
}

/// Something that the parts must hold to.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "clause", rename_all = "snake_case")]
pub enum Clause {
    /// The target's lower end for a year.
    Least {
        /// The year.
        year: i16,
        /// The number.
        value: u32,
    },
    /// The target's upper end for a year.
    Most {
        /// The year.
        year: i16,
        /// The number.
        value: u32,
    },
    /// What the years must add up to, so that another number is reached.
    Reach {
        /// The other target.
        target: TargetId,
        /// The last year that counts.
        year: i16,
        /// What is missing to it today.
        value: u32,
    },
    /// What a former unit was given stays together.
    Kept {
        /// The former unit.
        unit: UnitId,
        /// The year.
        year: i16,
        /// The number.
        value: u32,
        /// How many units followed it.
        units: usize,
    },
    /// No unit goes below what it has.
    Held {
        /// How many units there are.
        units: usize,
        /// What they have together.
        value: u32,
    },
    /// A floor, ceiling or fixed number.
    Bound {
        /// The bound.
        bound: Bound,
        /// How many units it speaks of.
        units: usize,
        /// How many years.
        years: usize,
    },
}

impl Clause {
    /// The clause as a sentence without its full stop. `name` says what a unit is called.
    pub fn words(&self, name: impl Fn(&UnitId) -> String) -> Words {
        match self {
            Self::Least { year, value } => words!(
                "năm {year}, cả địa bàn ít nhất {value}",
                "at least {value} in the whole territory in {year}",
                year,
                value
            ),
            Self::Most { year, value } => words!(
                "năm {year}, cả địa bàn không quá {value}",
                "at most {value} in the whole territory in {year}",
                year,
                value
            ),
            Self::Reach { target, year, value } => words!(
                "để đạt {target}, các năm đến {year} phải có thêm ít nhất {value}, chưa kể số chấm dứt",
                "to reach {target}, the years to {year} must bring at least {value} more, closures not counted",
                target = target.as_str(),
                year,
                value
            ),
            Self::Kept { unit, year, value, units: 0 } => words!(
                "{unit} đã được giao {value} cho năm {year}, nhưng không có đơn vị nào kế tiếp",
                "{unit} was given {value} for {year}, and no unit followed it",
                unit = name(unit),
                year,
                value
            ),
            Self::Kept { unit, year, value, units } => words!(
                "{units} đơn vị kế tiếp {unit} giữ đúng {value} đã giao cho năm {year}",
                "the {units} units that followed {unit} keep the {value} given to it for {year}",
                units,
                unit = name(unit),
                year,
                value
            ),
            Self::Held { units, value } => words!(
                "không đơn vị nào xuống dưới số hiện có ({units} đơn vị, tổng {value})",
                "no unit goes below what it has ({units} units, {value} together)",
                units,
                value
            ),
            Self::Bound { bound, units, years } => bound_words(bound, *units, *years, name),
        }
    }
}

fn bound_words(
    bound: &Bound,
    units: usize,
    years: usize,
    name: impl Fn(&UnitId) -> String,
) -> Words {
    let value = bound.value;
    let amount = match bound.kind {
        BoundKind::Floor => words!("ít nhất {value}", "at least {value}", value),
        BoundKind::Ceiling => words!("nhiều nhất {value}", "at most {value}", value),
        BoundKind::Fixed => words!("đúng {value}", "exactly {value}", value),
    };
    let when = match bound.when() {
        When::Year(year) => words!("năm {year}", "in {year}", year),
        When::EachYear if years == 1 => words!("cho cả kỳ", "for the term"),
        When::EachYear => words!("mỗi năm", "each year"),
        When::AllYears => words!("cộng {years} năm", "over the {years} years", years),
    };
    if let Some(unit) = &bound.unit {
        return words!(
            "{unit} {amount} {when}",
            "{unit} {amount} {when}",
            unit = name(unit),
            amount,
            when
        );
    }
    let sum = u64::from(value) * u64::try_from(units).unwrap_or(u64::MAX);
    words!(
        "mỗi đơn vị {amount} {when} ({units} đơn vị, tổng {sum})",
        "each unit {amount} {when} ({units} units, {sum} together)",
        amount,
        when,
        units,
        sum
    )
}

/// Why there is no proposal.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "refused", rename_all = "snake_case")]
pub enum Refused {
    /// The plan has no such target.
    NoTarget {
        /// What was asked.
        target: TargetId,
    },
    /// A share or an average is asked of every unit alike.
    Quotient,
    /// It is set for each unit already.
    EachUnit,
    /// It cannot be counted from the register.
    NotCounted,
    /// The years asked have passed, or lie outside the target's.
    NoYears,
    /// The territory has no units of the level on that day.
    NoUnits,
    /// What is asked at the horizon is there already.
    AlreadyMet {
        /// What there is.
        value: f64,
        /// What is asked.
        least: u32,
    },
    /// A bound names a unit that is none of those.
    UnknownUnit {
        /// What was written.
        unit: String,
    },
    /// A bound names a year that is none of those.
    UnknownYear {
        /// What was written.
        year: i16,
    },
    /// All weights are zero.
    NoWeights,
    /// Shares by population are asked, and no population is published for some units.
    NoPopulation {
        /// For how many.
        missing: usize,
        /// Of how many.
        units: usize,
    },
    /// No such earlier cascade of the target.
    NothingKept {
        /// The position asked.
        position: u64,
    },
    /// The number that is to be reached is no stock of the same organisations.
    NotReached {
        /// The other target.
        target: TargetId,
    },
    /// The aim lies outside what the plan asks.
    AimOutside {
        /// The aim.
        aim: u32,
        /// The lower end.
        least: u32,
        /// The upper end.
        most: Option<u32>,
    },
    /// What is asked contradicts itself: without any one of these clauses the others go together.
    Conflict {
        /// The clauses.
        clauses: Vec<Clause>,
    },
    /// The numbers are beyond what can be shared out here.
    TooLarge,
}

impl Refused {
    /// The clauses of a conflict; none of anything else.
    pub fn clauses(&self) -> &[Clause] {
        if let Self::Conflict { clauses } = self { clauses } else { &[] }
    }

    /// The reason as a sentence without its full stop.
    pub fn words(&self) -> Words {
        match self {
            Self::NoTarget { target } => words!(
                "kế hoạch không có chỉ tiêu {target}; `hoptac plan show` liệt kê các chỉ tiêu",
                "the plan has no target {target}; `hoptac plan show` lists them",
                target = target.as_str()
            ),
            Self::Quotient => words!(
                "chỉ tiêu là tỷ lệ hoặc số bình quân nên mọi đơn vị cùng theo một mức, không có gì để chia",
                "the target is a share or an average, which holds for every unit alike: there is nothing to share out"
            ),
            Self::EachUnit => words!(
                "kế hoạch đã giao chỉ tiêu này cho từng đơn vị; hãy phân bổ chỉ tiêu của cả địa bàn",
                "the plan sets this target for each unit already; share out that of the whole territory"
            ),
            Self::NotCounted => words!(
                "chỉ tiêu này không đếm được theo số nguyên từ sổ đăng ký",
                "this target is not counted in whole numbers from the register"
            ),
            Self::NoYears => words!(
                "không còn năm nào của chỉ tiêu để phân bổ: thời hạn đã qua, hoặc năm đã chọn nằm ngoài thời hạn",
                "no year of the target is left to share out: its horizon has passed, or the years asked lie outside it"
            ),
            Self::NoUnits => words!(
                "ngày đó địa bàn không có đơn vị nào ở cấp này",
                "the territory has no units of this level on that day"
            ),
            Self::AlreadyMet { value, least } => words!(
                "chỉ tiêu đã đạt: hiện có {value}, kế hoạch cần {least}; không còn phần nào để giao thêm",
                "the target is met: there are {value} and {least} are asked, so that nothing is left to give out",
                value,
                least
            ),
            Self::UnknownUnit { unit } => words!(
                "`{unit}` không phải là đơn vị được phân bổ trong ngày đó",
                "`{unit}` is none of the units of that day",
                unit
            ),
            Self::UnknownYear { year } => words!(
                "năm {year} không nằm trong các năm được phân bổ",
                "{year} is none of the years that are shared out",
                year
            ),
            Self::NoWeights => words!(
                "mọi trọng số đều bằng 0; hãy cho ít nhất một trọng số",
                "all weights are zero; give at least one"
            ),
            Self::NoPopulation { missing, units } => words!(
                "chưa công bố dân số của {missing} trong {units} đơn vị; hãy bổ sung số liệu công bố kèm nguồn, hoặc bỏ trọng số dân số",
                "no population is published for {missing} of {units} units; publish it with its source, or leave the weight out",
                missing,
                units
            ),
            Self::NothingKept { position } => words!(
                "hồ sơ số {position} không phải là phân bổ của chỉ tiêu này cho đơn vị của ngày khác",
                "the filing {position} is no cascade of this target over the units of another day",
                position
            ),
            Self::NotReached { target } => words!(
                "{target} không phải là tổng số cùng loại tổ chức với chỉ tiêu được phân bổ",
                "{target} is no stock of the organisations that are shared out",
                target = target.as_str()
            ),
            Self::AimOutside { aim, least, most: Some(most) } => words!(
                "mức {aim} nằm ngoài khoảng kế hoạch cho phép, từ {least} đến {most}",
                "{aim} lies outside what the plan allows, from {least} to {most}",
                aim,
                least,
                most
            ),
            Self::AimOutside { aim, least, most: None } => words!(
                "mức {aim} thấp hơn số kế hoạch cần, {least}",
                "{aim} is below the {least} that the plan asks",
                aim,
                least
            ),
            Self::Conflict { clauses } => words!(
                "không thể phân bổ: {count} điều kiện dưới đây không cùng thỏa được; nới một trong số đó thì các điều kiện còn lại hết mâu thuẫn",
                "it cannot be shared out: the {count} conditions below do not go together; without any one of them, the others do",
                count = clauses.len()
            ),
            Self::TooLarge => words!(
                "con số quá lớn để phân bổ theo số nguyên",
                "the numbers are too large to be shared out one by one"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, unit: Option<&str>, when: When, value: u32) {
        let said: Said = text.parse().unwrap();
        assert_eq!((said.unit.as_deref(), said.when, said.value), (unit, when, value));
        assert_eq!(said.to_string(), text);
    }

    #[test]
    fn a_bound_of_each_unit() {
        check("2", None, When::EachYear, 2);
        check("@all=9", None, When::AllYears, 9);
        check("@2027=3", None, When::Year(2027), 3);
    }
    #[test]
    fn a_bound_of_one_unit() {
        check("05977=2", Some("05977"), When::EachYear, 2);
        check("05977.2025@2027=2", Some("05977.2025"), When::Year(2027), 2);
    }
    #[test]
    fn what_is_no_bound_says_what_would_be_one() {
        for text in ["", "05977=", "05977=-1", "05977@all=two", "05977@=2"] {
            assert!(text.parse::<Said>().unwrap_err().contains("write"), "{text}");
        }
    }
    #[test]
    fn ends_are_the_whole_numbers_within() {
        let between = Constraint::Between { low: 55.0, high: 70.0 };
        assert_eq!(ends(between), (55, Some(70)));
        assert_eq!(ends(Constraint::About { value: 850.0, tolerance: 0.05 }), (808, Some(892)));
        assert_eq!(ends(Constraint::MoreThan { value: 50.0 }), (51, None));
        assert_eq!(ends(Constraint::LessThan { value: 50.0 }), (0, Some(49)));
        assert_eq!(ends(Constraint::AtLeast { value: 4.5, expected_up_to: None }), (5, None));
    }
    #[test]
    fn a_clause_of_each_unit_says_its_sum() {
        let bound =
            Bound { kind: BoundKind::Floor, unit: None, year: None, all_years: false, value: 2 };
        let clause = Clause::Bound { bound, units: 65, years: 5 };
        let said = clause.words(ToString::to_string);
        assert_eq!(said.vi, "mỗi đơn vị ít nhất 2 mỗi năm (65 đơn vị, tổng 130)");
        assert_eq!(said.en, "each unit at least 2 each year (65 units, 130 together)");
    }
}
