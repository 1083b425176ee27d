//! Values of all rows at once: three-valued flags, numbers and texts.

use hoptac_model::formula::tree::Comparison;

use crate::bits::Bits;

/// What columns of every type can do.
pub(crate) trait Vector: Clone {
    /// Rows without a value everywhere.
    fn missing(length: usize) -> Self;
    /// The rows that have a value.
    fn known(&self) -> Bits;
    /// The values of `then` in the rows of `mask`, those of `otherwise` in the others.
    fn select(mask: &Bits, then: &Self, otherwise: &Self) -> Self;
    /// Where two columns are equal; missing where a side is.
    fn equal(&self, other: &Self) -> Flags;
}

/// True, false or missing in each row.
#[derive(Clone, Debug)]
pub(crate) struct Flags {
    /// The rows in which it is true.
    pub(crate) yes: Bits,
    /// The rows in which it is false; a row in neither is missing.
    pub(crate) no: Bits,
}

impl Flags {
    /// True in the rows of `yes`, false in the other known rows.
    pub(crate) fn within(known: &Bits, yes: &Bits) -> Self {
        Self { yes: yes.and(known), no: known.without(yes) }
    }

    /// The same in every row.
    pub(crate) fn same(length: usize, flag: bool) -> Self {
        let (yes, no) = (Bits::all(length), Bits::none(length));
        if flag { Self { yes, no } } else { Self { yes: no, no: yes } }
    }

    /// What is said of each item.
    pub(crate) fn from_slice<T>(items: &[T], flag: impl Fn(&T) -> Option<bool>) -> Self {
        let flags: Vec<Option<bool>> = items.iter().map(flag).collect();
        let those = |wanted| Bits::from_slice(&flags, |flag| *flag == Some(wanted));
        Self { yes: those(true), no: those(false) }
    }

    pub(crate) fn and(&self, other: &Self) -> Self {
        Self { yes: self.yes.and(&other.yes), no: self.no.or(&other.no) }
    }

    pub(crate) fn or(&self, other: &Self) -> Self {
        Self { yes: self.yes.or(&other.yes), no: self.no.and(&other.no) }
    }

    pub(crate) fn not(&self) -> Self {
        Self { yes: self.no.clone(), no: self.yes.clone() }
    }
}

impl Vector for Flags {
    fn missing(length: usize) -> Self {
        Self { yes: Bits::none(length), no: Bits::none(length) }
    }

    fn known(&self) -> Bits {
        self.yes.or(&self.no)
    }

    fn select(mask: &Bits, then: &Self, otherwise: &Self) -> Self {
        Self {
            yes: then.yes.and(mask).or(&otherwise.yes.without(mask)),
            no: then.no.and(mask).or(&otherwise.no.without(mask)),
        }
    }

    fn equal(&self, other: &Self) -> Flags {
        let same = self.yes.and(&other.yes).or(&self.no.and(&other.no));
        Flags::within(&self.known().and(&other.known()), &same)
    }
}

/// A number or nothing in each row.
#[derive(Clone, Debug)]
pub(crate) struct Numbers {
    /// The numbers; anything where not known.
    pub(crate) values: Vec<f64>,
    /// The rows that have one.
    pub(crate) known: Bits,
}

impl Numbers {
    /// The same in every row.
    pub(crate) fn same(length: usize, number: f64) -> Self {
        Self { values: vec![number; length], known: Bits::all(length) }
    }

    /// A calculation in each row in which both sides are known.
    pub(crate) fn calculate(&self, other: &Self, with: impl Fn(f64, f64) -> Option<f64>) -> Self {
        let results: Vec<f64> = self
            .values
            .iter()
            .zip(&other.values)
            .map(|(a, b)| with(*a, *b).unwrap_or(f64::NAN))
            .collect();
        let computed = Bits::from_fn(results.len(), |row| {
            results.get(row).is_some_and(|result| !result.is_nan())
        });
        Self { known: self.known.and(&other.known).and(&computed), values: results }
    }

    /// A comparison in each row in which both sides are known.
    pub(crate) fn compare(&self, op: Comparison, other: &Self) -> Flags {
        let mut pairs = self.values.iter().zip(&other.values);
        let holds = Bits::from_fn(self.values.len(), |_| {
            pairs.next().and_then(|(a, b)| a.partial_cmp(b)).is_some_and(|order| op.holds(order))
        });
        Flags::within(&self.known.and(&other.known), &holds)
    }
}

impl Vector for Numbers {
    fn missing(length: usize) -> Self {
        Self { values: vec![0.0; length], known: Bits::none(length) }
    }

    fn known(&self) -> Bits {
        self.known.clone()
    }

    fn select(mask: &Bits, then: &Self, otherwise: &Self) -> Self {
        Self {
            values: then
                .values
                .iter()
                .zip(&otherwise.values)
                .enumerate()
                .map(|(row, (then, otherwise))| if mask.has(row) { *then } else { *otherwise })
                .collect(),
            known: then.known.and(mask).or(&otherwise.known.without(mask)),
        }
    }

    fn equal(&self, other: &Self) -> Flags {
        self.compare(Comparison::Equal, other)
    }
}

/// A word's code or nothing in each row.
#[derive(Clone, Debug)]
pub(crate) struct Texts {
    /// Codes of the dictionary; [`Texts::MISSING`] where there is none.
    pub(crate) codes: Vec<u16>,
}

impl Texts {
    /// Stands where there is no word.
    pub(crate) const MISSING: u16 = u16::MAX;

    /// Where the word is the one of a code; missing where there is none.
    pub(crate) fn equal_to(&self, code: u16) -> Flags {
        let yes = Bits::from_slice(&self.codes, |one| *one == code);
        Flags::within(&self.known(), &yes)
    }

    /// The same in every row.
    pub(crate) fn same(length: usize, code: u16) -> Self {
        Self { codes: vec![code; length] }
    }
}

impl Vector for Texts {
    fn missing(length: usize) -> Self {
        Self::same(length, Self::MISSING)
    }

    fn known(&self) -> Bits {
        let mut codes = self.codes.iter();
        Bits::from_fn(self.codes.len(), |_| codes.next().is_some_and(|code| *code != Self::MISSING))
    }

    fn select(mask: &Bits, then: &Self, otherwise: &Self) -> Self {
        let pairs = then.codes.iter().zip(&otherwise.codes).enumerate();
        let codes =
            pairs.map(|(row, (then, otherwise))| if mask.has(row) { *then } else { *otherwise });
        Self { codes: codes.collect() }
    }

    fn equal(&self, other: &Self) -> Flags {
        let mut pairs = self.codes.iter().zip(&other.codes);
        let same = Bits::from_fn(self.codes.len(), |_| pairs.next().is_some_and(|(a, b)| a == b));
        Flags::within(&self.known().and(&other.known()), &same)
    }
}
