//! The forecast as values: fans, probabilities, back-tests, the pace that is needed and whose part the gap is. `engine`
//! fills it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::ids::{IndicatorId, TargetId, UnitId};
use crate::scoreboard::Applies;
use crate::target::Constraint;
use crate::text::Words;

/// From one value to another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Band {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Band {
    /// Whether a value lies in it, its ends included.
    pub fn covers(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// What is expected of the end of one period.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Expectation {
    /// The day: a period's last.
    pub on: Date,
    /// As likely to be passed as not.
    pub median: f64,
    /// Holds the value in half of all cases.
    pub interval_50: Band,
    /// Holds the value in eight of ten cases.
    pub interval_80: Band,
    /// Holds the value in nineteen of twenty cases.
    pub interval_95: Band,
}

/// What a forecast was made from. The two stand side by side and are never mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The register.
    Register,
    /// Published figures alone.
    Published,
}

impl Basis {
    /// The value as it is written in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Published => "published",
        }
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Register => Words::new("Từ sổ đăng ký", "From the register"),
            Self::Published => Words::new("Từ số liệu đã công bố", "From published figures"),
        }
    }
}

/// How a forecast was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Formation, closure and conversion of organisations, simulated.
    Flows,
    /// A share of simulated organisations whose odds drift.
    Share,
    /// An average per simulated organisation that drifts in proportion.
    Average,
    /// The yearly values themselves, as a level with a damped trend.
    Series,
    /// Published totals, as a level with a damped trend under noise.
    Totals,
    /// The average change so far goes on.
    NaiveDrift,
}

impl Method {
    /// The value as it is written in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Flows => "flows",
            Self::Share => "share",
            Self::Average => "average",
            Self::Series => "series",
            Self::Totals => "totals",
            Self::NaiveDrift => "naive_drift",
        }
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Flows => Words::new(
                "Mô phỏng thành lập, chấm dứt, chuyển đổi",
                "Formation, closure and conversion, simulated",
            ),
            Self::Share => {
                Words::new("Tỷ lệ trên số tổ chức mô phỏng", "A share of simulated organisations")
            }
            Self::Average => Words::new(
                "Bình quân trên số tổ chức mô phỏng",
                "An average per simulated organisation",
            ),
            Self::Series => {
                Words::new("Xu hướng tắt dần của số hằng năm", "A damped trend of yearly values")
            }
            Self::Totals => Words::new(
                "Xu hướng tắt dần của số đã công bố",
                "A damped trend of published figures",
            ),
            Self::NaiveDrift => {
                Words::new("Kéo dài mức tăng bình quân", "The average change goes on")
            }
        }
    }

    /// What is taken for granted, one sentence each.
    pub fn assumptions(self) -> Vec<Words> {
        let flows = || {
            vec![
                Words::new(
                    "Số thành lập những năm tới biến động quanh mức các năm đã ghi trong sổ, năm gần nặng hơn năm xa.",
                    "Formation varies around the level of the recorded years, recent ones weighing more.",
                ),
                Words::new(
                    "Tổ chức cùng loại, cùng tuổi có cùng nguy cơ chấm dứt và cùng khả năng chuyển đổi.",
                    "Organisations of one kind and age share the same risk of closure and chance of conversion.",
                ),
                Words::new(
                    "Chính sách, địa giới và cách thống kê không đổi.",
                    "Policy, places and definitions stay as they are.",
                ),
            ]
        };
        match self {
            Self::Flows => flows(),
            Self::Share => {
                let mut all = flows();
                all.push(Words::new(
                    "Tỷ lệ đi tiếp theo nhịp mấy năm qua, mỗi năm chậm lại một phần mười.",
                    "The share goes on at its pace of the last years, a tenth slower each year.",
                ));
                all
            }
            Self::Average => {
                let mut all = flows();
                all.push(Words::new(
                    "Số bình quân đi tiếp theo nhịp mấy năm qua, mỗi năm chậm lại một phần mười.",
                    "The average goes on at its pace of the last years, a tenth slower each year.",
                ));
                all
            }
            Self::Series => vec![Words::new(
                "Số hằng năm đi tiếp theo nhịp gần đây, xu hướng yếu dần; chính sách và cách thống kê không đổi.",
                "Yearly values go on at their recent pace, the trend weakening; policy and definitions stay.",
            )],
            Self::Totals => vec![
                Words::new(
                    "Số đã công bố đi tiếp theo nhịp gần đây, xu hướng yếu dần; cách thống kê không đổi.",
                    "Published figures go on at their recent pace, the trend weakening; definitions stay.",
                ),
                Words::new(
                    "Số ước thực hiện kém chắc hơn số chính thức.",
                    "Estimates are less certain than final figures.",
                ),
            ],
            Self::NaiveDrift => vec![Words::new(
                "Mức tăng bình quân từ đầu chuỗi đến nay giữ nguyên.",
                "The average change since the start of the series stays the same.",
            )],
        }
    }
}

/// How such forecasts did before: made anew for past days from what was there until then, and held against what came.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BackTest {
    /// From how many past days forecasts were made.
    pub origins: usize,
    /// How many series were forecast: one, or those of all units of a level, which are forecast alike.
    pub series: usize,
    /// How many values they were held against.
    pub pairs: usize,
    /// The share of values inside the 50 % interval.
    pub coverage_50: f64,
    /// The share of values inside the 80 % interval.
    pub coverage_80: f64,
    /// The share of values inside the 95 % interval.
    pub coverage_95: f64,
    /// The mean continuous ranked probability score, in the unit of the indicator: less is better.
    pub crps: f64,
    /// The same score of a naive drift.
    pub crps_naive: f64,
}

impl BackTest {
    /// Whether the naive drift would have done better.
    pub fn is_worse_than_naive(&self) -> bool {
        self.crps > self.crps_naive
    }
}

/// A forecast with its uncertainty.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fan {
    /// What it was made from.
    pub basis: Basis,
    /// How it was made.
    pub method: Method,
    /// The method that did worse than the naive drift and was replaced by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaced: Option<Method>,
    /// Where it starts: the day and value that are known last.
    pub from: (Date, f64),
    /// The ends of the periods to the horizon, oldest first. Never empty.
    pub periods: Vec<Expectation>,
    /// The probability that the constraint holds on [`Forecast::on`]; none where nothing is asked of the unit.
    pub probability: Option<f64>,
    /// For a yearly target: the probability that it holds in every year still to come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every_year: Option<f64>,
    /// How such forecasts did before; none where the series is too short to tell.
    pub back_test: Option<BackTest>,
    /// How many values it rests on.
    pub points: usize,
}

impl Fan {
    /// What is expected of a day.
    pub fn at(&self, on: Date) -> Option<&Expectation> {
        self.periods.iter().find(|period| period.on == on)
    }
}

/// Why there is no fan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// There is no value at all.
    NoData,
    /// There are values, too few to tell how they move.
    NotEnoughData,
    /// What is divided by is zero or was never published.
    NoPopulation,
    /// The horizon has passed.
    HorizonPassed,
    /// The unit no longer exists.
    UnitEnded,
}

impl Silence {
    /// The value as it is written in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoData => "no_data",
            Self::NotEnoughData => "not_enough_data",
            Self::NoPopulation => "no_population",
            Self::HorizonPassed => "horizon_passed",
            Self::UnitEnded => "unit_ended",
        }
    }

    /// The reason as a sentence without its full stop.
    pub fn words(self) -> Words {
        match self {
            Self::NoData => Words::new("chưa có số liệu", "no data"),
            Self::NotEnoughData => Words::new("chưa đủ số liệu để dự báo", "not enough data"),
            Self::NoPopulation => Words::new("chưa có mẫu số để tính", "nothing to divide by"),
            Self::HorizonPassed => Words::new("đã hết thời hạn", "the horizon has passed"),
            Self::UnitEnded => Words::new("đơn vị không còn tồn tại", "the unit no longer exists"),
        }
    }
}

/// What moves a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// Founded in the year.
    Formation,
    /// Ceased in the year.
    Closure,
    /// Came from another kind, or went to it.
    Conversion,
    /// Came to a grade, or lost it.
    Grading,
    /// Members of each organisation.
    Members,
    /// Came to meet the condition of the formula, or ceased to.
    Condition,
}

impl Flow {
    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Formation => Words::new("thành lập mới", "formation"),
            Self::Closure => Words::new("chấm dứt", "closure"),
            Self::Conversion => Words::new("chuyển đổi", "conversion"),
            Self::Grading => Words::new("xếp loại", "grading"),
            Self::Members => Words::new("thành viên mỗi tổ chức", "members per organisation"),
            Self::Condition => Words::new("tổ chức đáp ứng", "organisations that qualify"),
        }
    }
}

/// One of the flows that close a gap, or widen it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Part {
    /// Which.
    pub flow: Flow,
    /// Per year, over the last years; for members, how many each organisation has.
    pub of_late: Option<f64>,
    /// Per year until the horizon, as forecast; for members, how many each will have.
    pub expected: Option<f64>,
    /// Per year until the horizon, so that the goal is reached while the other flows go as forecast.
    pub needed: Option<f64>,
}

/// The pace that is needed from now on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pace {
    /// What is missing.
    pub missing: f64,
    /// How many years are left.
    pub years: f64,
    /// What is needed in each of them.
    pub per_year: f64,
    /// The change per year over the last years.
    pub of_late: Option<f64>,
    /// How many times the pace of late is needed; none where there was none in that direction.
    pub times: Option<f64>,
    /// The flows.
    pub parts: Vec<Part>,
}

/// A gap in whole numbers, split so that the parts sum to the whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Gap {
    /// How many are missing: organisations, members or units, as [`Gap::of`] says.
    pub whole: u32,
    /// What is missing.
    pub of: Words,
    /// The parts of the units right below.
    pub units: Vec<(UnitId, u32)>,
    /// The parts of the agencies that lead tasks linked with the indicator, by their name in the pack.
    pub agencies: Vec<(String, u32)>,
}

/// The forecast of one target for one unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Forecast {
    /// The target.
    pub target: TargetId,
    /// The indicator in the reading taken.
    pub indicator: IndicatorId,
    /// How the target speaks to the unit.
    #[serde(skip)]
    pub applies: Applies,
    /// What is asked of the value.
    pub constraint: Constraint,
    /// The day of which the probability speaks: the horizon, or the end of the year that runs.
    pub on: Date,
    /// From the register.
    pub register: Result<Fan, Silence>,
    /// From published figures alone.
    pub published: Result<Fan, Silence>,
    /// What is needed from now on; none where nothing is missing or nothing is asked.
    pub required: Option<Pace>,
    /// Whose part the gap is; none where nothing is missing or it cannot be counted.
    pub gap: Option<Gap>,
}

impl Forecast {
    /// The fan that pages draw: from the register, and where it has none, from published figures.
    pub fn fan(&self) -> Result<&Fan, Silence> {
        match (&self.register, &self.published) {
            (Ok(fan), _) | (Err(_), Ok(fan)) => Ok(fan),
            (Err(silence), Err(_)) => Err(*silence),
        }
    }
}

/// The forecasts of all targets for all units of a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecasts {
    /// The ledger position that they were derived from.
    pub ledger_position: u64,
    /// The day from which they look ahead.
    pub as_of: Date,
    /// The day of the places.
    pub geography: Date,
    /// The seed of chance.
    pub seed: u64,
    /// By unit, in plan order.
    pub units: BTreeMap<UnitId, Vec<Forecast>>,
}

impl Forecasts {
    /// The forecast of one target for one unit.
    pub fn find(&self, unit: &UnitId, target: &TargetId) -> Option<&Forecast> {
        self.units.get(unit)?.iter().find(|forecast| &forecast.target == target)
    }
}

/// Splits a whole number in proportion to weights, by largest remainders (Hamilton): the parts sum to the whole, and of
/// equal remainders the earlier goes first. Weights that are no numbers or negative count as zero; where all are zero,
/// the parts are as equal as they can be.
///
/// ```
/// use hoptac_model::forecast::apportion;
/// assert_eq!(apportion(10, &[2.0, 1.0, 1.0]), [5, 3, 2]);
/// assert_eq!(apportion(3, &[0.0, 0.0]), [2, 1]);
/// ```
pub fn apportion(whole: u32, weights: &[f64]) -> Vec<u32> {
    let clean: Vec<f64> =
        weights.iter().map(|w| if w.is_finite() && *w > 0.0 { *w } else { 0.0 }).collect();
    let sum: f64 = clean.iter().sum();
    let share = |weight: f64| {
        let of = if sum > 0.0 && sum.is_finite() {
            weight / sum
        } else {
            1.0 / f64::from(u32::try_from(clean.len()).unwrap_or(u32::MAX).max(1))
        };
        f64::from(whole) * of
    };
    let quotas: Vec<f64> = clean.iter().map(|weight| share(*weight)).collect();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a quota lies between zero and the whole"
    )]
    let mut parts: Vec<u32> = quotas.iter().map(|quota| quota.floor() as u32).collect();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    let rest = |at: &usize| quotas.get(*at).map_or(0.0, |quota| quota.fract());
    order.sort_by(|a, b| rest(b).total_cmp(&rest(a)));
    let given: u32 = parts.iter().sum();
    for at in order.iter().cycle().take(usize::try_from(whole.saturating_sub(given)).unwrap_or(0)) {
        if let Some(part) = parts.get_mut(*at) {
            *part += 1;
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_gap_sum_to_it() {
        for whole in [0, 1, 7, 478] {
            for weights in [vec![1.0; 65], vec![0.0; 3], vec![3.5, f64::NAN, -2.0, 0.1]] {
                assert_eq!(apportion(whole, &weights).iter().sum::<u32>(), whole);
            }
        }
    }
    #[test]
    fn nobody_can_take_a_part() {
        assert!(apportion(5, &[]).is_empty());
    }
}
