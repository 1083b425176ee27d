//! Organisations of the collective economy: cooperative groups, cooperatives and unions of cooperatives.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::OrganisationId;
use crate::text::Words;

/// The three kinds of organisation [Law 17/2023/QH15, Article 4].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// Tổ hợp tác (THT), a cooperative group: no legal person.
    #[serde(rename = "THT")]
    Group,
    /// Hợp tác xã (HTX), a cooperative.
    #[serde(rename = "HTX")]
    Cooperative,
    /// Liên hiệp hợp tác xã (LHHTX), a union of cooperatives.
    #[serde(rename = "LHHTX")]
    Union,
}

impl Kind {
    /// All kinds, in the order of the law.
    pub const ALL: [Self; 3] = [Self::Group, Self::Cooperative, Self::Union];

    /// The kinds that the criteria for grading are for: cooperatives and unions, not groups, which are no legal persons.
    pub const GRADED: [Self; 2] = [Self::Cooperative, Self::Union];

    /// The abbreviation that officials use, which is also the value in formulas.
    pub fn code(self) -> &'static str {
        match self {
            Self::Group => "THT",
            Self::Cooperative => "HTX",
            Self::Union => "LHHTX",
        }
    }

    /// The kind with this abbreviation.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What people call one.
    pub fn words(self) -> Words {
        match self {
            Self::Group => Words::new("Tổ hợp tác", "Cooperative group"),
            Self::Cooperative => Words::new("Hợp tác xã", "Cooperative"),
            Self::Union => Words::new("Liên hiệp hợp tác xã", "Union of cooperatives"),
        }
    }
}

/// Where an organisation stands in law [Decree 92/2024, Articles 27 and 28]. Groups know only some of the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Đang hoạt động: none of the others.
    Operating,
    /// Tạm ngừng kinh doanh.
    Suspended,
    /// Không hoạt động tại địa chỉ đã đăng ký.
    NotAtAddress,
    /// Bị thu hồi do cưỡng chế về quản lý thuế.
    Withdrawn,
    /// Đang làm thủ tục giải thể, bị chia, bị hợp nhất, được sáp nhập; for groups, đang làm thủ tục chấm dứt.
    Closing,
    /// Đang làm thủ tục phá sản; not for groups.
    Bankrupt,
    /// Đã giải thể, phá sản, chấm dứt tồn tại; for groups, đã chấm dứt hoạt động.
    Terminated,
}

impl Status {
    /// All values.
    pub const ALL: [Self; 7] = [
        Self::Operating,
        Self::Suspended,
        Self::NotAtAddress,
        Self::Withdrawn,
        Self::Closing,
        Self::Bankrupt,
        Self::Terminated,
    ];

    /// The value as it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Operating => "operating",
            Self::Suspended => "suspended",
            Self::NotAtAddress => "not_at_address",
            Self::Withdrawn => "withdrawn",
            Self::Closing => "closing",
            Self::Bankrupt => "bankrupt",
            Self::Terminated => "terminated",
        }
    }

    /// The value that is stored so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Operating => Words::new("Đang hoạt động", "Operating"),
            Self::Suspended => Words::new("Tạm ngừng kinh doanh", "Suspended"),
            Self::NotAtAddress => Words::new(
                "Không hoạt động tại địa chỉ đã đăng ký",
                "Not at its registered address",
            ),
            Self::Withdrawn => Words::new(
                "Bị thu hồi do cưỡng chế về quản lý thuế",
                "Certificate withdrawn for tax reasons",
            ),
            Self::Closing => Words::new("Đang làm thủ tục chấm dứt", "Closing"),
            Self::Bankrupt => Words::new("Đang làm thủ tục phá sản", "In bankruptcy"),
            Self::Terminated => Words::new("Đã chấm dứt tồn tại", "Terminated"),
        }
    }
}

/// The sector that the plan counts by: main activity in VSIC section A, or not. An attribute set from the main
/// activity's code that a filing may override, because no text at hand defines it for this plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sector {
    /// Nông nghiệp (agriculture, forestry, fishery).
    Agricultural,
    /// Phi nông nghiệp.
    NonAgricultural,
}

impl Sector {
    /// The value as it is stored and used in formulas.
    pub fn code(self) -> &'static str {
        match self {
            Self::Agricultural => "agricultural",
            Self::NonAgricultural => "non_agricultural",
        }
    }

    /// The value that is stored so.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Agricultural, Self::NonAgricultural].into_iter().find(|sector| sector.code() == code)
    }

    /// The sector of a VSIC level-1 letter.
    pub fn of_vsic(letter: char) -> Self {
        if letter == 'A' { Self::Agricultural } else { Self::NonAgricultural }
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Agricultural => Words::new("Nông nghiệp", "Agricultural"),
            Self::NonAgricultural => Words::new("Phi nông nghiệp", "Non-agricultural"),
        }
    }
}

/// A grade [Circular 01/2020/TT-BKHĐT; the same bands in Circular 09/2017/TT-BNNPTNT].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Yếu, below 50.
    #[serde(rename = "yeu")]
    Weak,
    /// Trung bình, 50 to below 65.
    #[serde(rename = "trung_binh")]
    Average,
    /// Khá, 65 to below 80.
    #[serde(rename = "kha")]
    Fair,
    /// Tốt, 80 to 100.
    #[serde(rename = "tot")]
    Good,
}

impl Grade {
    /// All grades, best first.
    pub const ALL: [Self; 4] = [Self::Good, Self::Fair, Self::Average, Self::Weak];

    /// The grade as it is stored and used in formulas.
    pub fn code(self) -> &'static str {
        match self {
            Self::Good => "tot",
            Self::Fair => "kha",
            Self::Average => "trung_binh",
            Self::Weak => "yeu",
        }
    }

    /// The grade that is stored so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grade| grade.code() == code)
    }

    /// The grade of a score in tenths of a point, by the bands 80, 65, 50.
    pub fn of_score(tenths: i32) -> Self {
        match tenths {
            800.. => Self::Good,
            650..800 => Self::Fair,
            500..650 => Self::Average,
            _ => Self::Weak,
        }
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Good => Words::new("Tốt", "Good"),
            Self::Fair => Words::new("Khá", "Fair"),
            Self::Average => Words::new("Trung bình", "Average"),
            Self::Weak => Words::new("Yếu", "Weak"),
        }
    }
}

/// An organisation as it is known today. What changed over time is in [`crate::register::State`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Identity for life.
    pub id: OrganisationId,
    /// Registration code, which is the tax code; groups of before 2024 may have none.
    pub code: Option<String>,
    /// Its name today.
    pub name: String,
    /// The day it was founded.
    pub founded_on: Date,
    /// Whether it was made by a generator and not by people.
    pub synthetic: bool,
}

/// Whether a ten-digit tax code carries the right check digit: weights 31, 29, 23, 19, 17, 13, 7, 5, 3 on the first nine
/// digits, check digit 10 less the remainder by 11; a thirteen-digit code is a branch of one.
///
/// ```
/// use hoptac_model::organisation::is_tax_code;
/// assert!(is_tax_code("0100233488"));
/// assert!(is_tax_code("0314409058-002"));
/// assert!(!is_tax_code("0100233480"));
/// ```
pub fn is_tax_code(code: &str) -> bool {
    let (base, branch) = match code.split_once('-') {
        Some((base, branch)) => (base, Some(branch)),
        None if code.len() == 13 && code.is_ascii() => {
            let (base, branch) = code.split_at(10);
            (base, Some(branch))
        }
        None => (code, None),
    };
    let branch_fits =
        branch.is_none_or(|b| b.len() == 3 && b.bytes().all(|b| b.is_ascii_digit()) && b != "000");
    let digits: Vec<i32> =
        base.chars().filter_map(|c| c.to_digit(10)).filter_map(|d| i32::try_from(d).ok()).collect();
    if !branch_fits || digits.len() != 10 || base.len() != 10 {
        return false;
    }
    let (Some(number), Some(check)) = (digits.get(..9), digits.get(9)) else { return false };
    // Digits three to nine all zero is reserved [report of the format, section 8].
    number.iter().skip(2).any(|d| *d != 0) && tax_check_digit(number) == Some(*check)
}

/// The check digit for nine digits; none where the formula gives no single digit and the number is not issued.
pub fn tax_check_digit(number: &[i32]) -> Option<i32> {
    const WEIGHTS: [i32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];
    let sum: i32 = number.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    let check = 10 - sum % 11;
    (0..10).contains(&check).then_some(check)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(code: &str, want: bool) {
        assert_eq!(is_tax_code(code), want, "{code}");
    }

    #[test]
    fn issued_codes() {
        check("0100233488", true);
        check("0100112437", true);
        check("0314409058-002", true);
        check("0314409058002", true);
    }
    #[test]
    fn a_wrong_check_digit() {
        check("0100233480", false);
    }
    #[test]
    fn not_codes_at_all() {
        check("", false);
        check("01002334", false);
        check("0100233488-000", false);
        check("đ100233488", false);
    }
    #[test]
    fn bands_of_the_circular() {
        assert_eq!(Grade::of_score(800), Grade::Good);
        assert_eq!(Grade::of_score(799), Grade::Fair);
        assert_eq!(Grade::of_score(500), Grade::Average);
        assert_eq!(Grade::of_score(499), Grade::Weak);
    }
}
