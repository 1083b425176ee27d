//! The forms of linkage, derived from the stages of a contract.
//!
//! A contract covers some of the stages input, production, harvest and processing, and ends in sale. Seven sets of stages have a
//! form [Decree 98/2018/NĐ-CP, Article 4]. Any other set has none: it is kept as it was signed and never forced into one.

use serde::{Deserialize, Serialize};

use crate::register::Stage;
use crate::text::Words;

/// One of the seven forms of linkage, in the order of the decree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// From inputs to sale.
    Whole,
    /// Inputs and sale.
    Input,
    /// Production, harvest and sale.
    Production,
    /// Inputs, production, harvest and sale.
    InputProduction,
    /// Production, harvest, processing and sale.
    ProductionProcessing,
    /// Inputs, processing and sale.
    InputProcessing,
    /// Processing and sale.
    Processing,
}

impl Form {
    /// All forms, in the order of the decree.
    pub const ALL: [Self; 7] = [
        Self::Whole,
        Self::Input,
        Self::Production,
        Self::InputProduction,
        Self::ProductionProcessing,
        Self::InputProcessing,
        Self::Processing,
    ];

    /// The form of a set of stages, in whatever order they are written; none for a set that is none of the seven.
    ///
    /// ```
    /// use hoptac_model::{linkage::Form, register::Stage};
    /// assert_eq!(Form::of(&[Stage::Sale, Stage::Processing]), Some(Form::Processing));
    /// assert_eq!(Form::of(&[Stage::Sale]), None);
    /// ```
    pub fn of(stages: &[Stage]) -> Option<Self> {
        let mut set = stages.to_vec();
        set.sort_unstable();
        set.dedup();
        Self::ALL.into_iter().find(|form| form.stages() == set)
    }

    /// Its stages, in the order of the chain.
    pub fn stages(self) -> &'static [Stage] {
        use Stage::{Harvest, Input, Processing, Production, Sale};
        match self {
            Self::Whole => &[Input, Production, Harvest, Processing, Sale],
            Self::Input => &[Input, Sale],
            Self::Production => &[Production, Harvest, Sale],
            Self::InputProduction => &[Input, Production, Harvest, Sale],
            Self::ProductionProcessing => &[Production, Harvest, Processing, Sale],
            Self::InputProcessing => &[Input, Processing, Sale],
            Self::Processing => &[Processing, Sale],
        }
    }

    /// Its number in the decree.
    pub fn number(self) -> usize {
        Self::ALL.iter().position(|form| *form == self).map_or(0, |index| index + 1)
    }

    /// What people call it: its stages.
    pub fn words(self) -> Words {
        words_of(self.stages())
    }
}

/// Stages in the order of the chain, in words.
pub fn words_of(stages: &[Stage]) -> Words {
    let mut set = stages.to_vec();
    set.sort_unstable();
    set.dedup();
    let words: Vec<Words> = set.into_iter().map(Stage::words).collect();
    let join = |texts: Vec<&str>| texts.join(", ");
    Words::new(
        join(words.iter().map(|words| words.vi.as_str()).collect()),
        join(words.iter().map(|words| words.en.as_str()).collect()),
    )
}

/// In what a volume is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VolumeUnit {
    /// Kilograms.
    Kg,
    /// Litres.
    Litre,
    /// Cubic metres.
    CubicMetre,
    /// Pieces: animals, seedlings, bags.
    Piece,
}

impl VolumeUnit {
    /// All units.
    pub const ALL: [Self; 4] = [Self::Kg, Self::Litre, Self::CubicMetre, Self::Piece];

    /// The unit as it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Kg => "kg",
            Self::Litre => "litre",
            Self::CubicMetre => "cubic_metre",
            Self::Piece => "piece",
        }
    }

    /// The unit that is stored so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.code() == code)
    }

    /// What stands behind a number of it.
    pub fn words(self) -> Words {
        match self {
            Self::Kg => Words::new("kg", "kg"),
            Self::Litre => Words::new("lít", "litres"),
            Self::CubicMetre => Words::new("m³", "m³"),
            Self::Piece => Words::new("đơn vị sản phẩm", "pieces"),
        }
    }
}

/// How much a contract is about in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    /// How many units.
    pub amount: i64,
    /// In what it is counted.
    pub unit: VolumeUnit,
}

#[cfg(test)]
mod tests {
    use super::*;
    use Stage::{Harvest, Input, Processing, Production, Sale};

    #[test]
    fn every_form_is_found_by_its_stages_in_any_order() {
        for (index, form) in Form::ALL.into_iter().enumerate() {
            let mut stages = form.stages().to_vec();
            stages.reverse();
            assert_eq!(Form::of(&stages), Some(form));
            assert_eq!(form.number(), index + 1);
        }
    }
    #[test]
    fn of_the_32_sets_of_stages_seven_have_a_form() {
        let stages = [Input, Production, Harvest, Processing, Sale];
        let sets = (0_u8..32).map(|set| {
            let of = |(bit, stage): (usize, &Stage)| (set >> bit & 1 == 1).then_some(*stage);
            stages.iter().enumerate().filter_map(of).collect::<Vec<_>>()
        });
        assert_eq!(sets.filter(|set| Form::of(set).is_some()).count(), 7);
    }
    #[test]
    fn without_sale_there_is_no_form() {
        assert_eq!(Form::of(&[Input, Production, Harvest, Processing]), None);
    }
    #[test]
    fn units_read_back() {
        assert!(VolumeUnit::ALL.into_iter().all(|u| VolumeUnit::from_code(u.code()) == Some(u)));
    }
}
