//! The plan of flow: how many organisations form, convert and close in each year. Chance decides where, when and who;
//! the totals are fixed, so that every seed gives a province of the same size.

/// What happens to the province's register in one year.
#[derive(Clone, Copy)]
pub(crate) struct Year {
    /// Groups that form.
    pub(crate) groups_formed: usize,
    /// Groups that cease.
    pub(crate) groups_closed: usize,
    /// Groups that become cooperatives.
    pub(crate) groups_converted: usize,
    /// Cooperatives that form anew.
    pub(crate) cooperatives_formed: usize,
    /// Cooperatives that cease.
    pub(crate) cooperatives_closed: usize,
    /// The share of the year's formations that falls in its first half.
    pub(crate) first_half: f64,
}

/// The first year: the register starts with the Law on Cooperatives of 2012.
pub(crate) const FIRST: i16 = 2012;

/// One row a year: groups formed, closed, converted; cooperatives formed, closed; percent formed in the first half.
/// The first row is large because those who existed already register in it. The sums give 310 groups and 500
/// cooperatives at the end of 2024, some years inside the yearly goals of the plan (55 to 70, 45 to 50), some below.
const ROWS: [[u8; 6]; 15] = [
    [38, 0, 0, 84, 0, 50],
    [22, 1, 0, 30, 1, 50],
    [20, 3, 1, 30, 3, 50],
    [22, 4, 1, 32, 5, 50],
    [22, 5, 2, 32, 6, 50],
    [24, 6, 2, 36, 7, 50],
    [26, 7, 2, 38, 9, 50],
    [28, 8, 3, 42, 9, 50],
    // The first months of the pandemic slow everything.
    [26, 9, 2, 40, 11, 35],
    [32, 10, 3, 46, 9, 50],
    [46, 9, 4, 50, 9, 50],
    [46, 15, 5, 47, 9, 30],
    // The new law enters into force on 1 July 2024; many register before it.
    [69, 5, 4, 50, 8, 70],
    // Districts end on 30 June 2025; registration pauses around that day.
    [58, 14, 6, 43, 12, 40],
    [52, 12, 6, 42, 12, 50],
];

/// The flow of a year; after the last row the last year repeats.
pub(crate) fn year(year: i16) -> Year {
    let index = usize::try_from(year - FIRST).unwrap_or(0).min(ROWS.len() - 1);
    let [formed, closed, converted, cooperatives, ceased, first_half] =
        ROWS.get(index).copied().unwrap_or_default();
    Year {
        groups_formed: formed.into(),
        groups_closed: closed.into(),
        groups_converted: converted.into(),
        cooperatives_formed: cooperatives.into(),
        cooperatives_closed: ceased.into(),
        first_half: f64::from(first_half) / 100.0,
    }
}

/// Years in which a union is founded, and the year in which it is dissolved, if it is. Three are left at the end of 2024.
pub(crate) const UNIONS: [(i16, Option<i16>); 5] =
    [(2015, Some(2021)), (2017, None), (2020, None), (2023, None), (2026, None)];

#[cfg(test)]
mod tests {
    use super::*;

    /// Groups and cooperatives at the end of a year.
    #[track_caller]
    fn check(end_of: i16, groups: usize, cooperatives: usize) {
        let rows = || (FIRST..=end_of).map(year);
        let joined: usize = rows().map(|y| y.groups_formed).sum();
        let left: usize = rows().map(|y| y.groups_closed + y.groups_converted).sum();
        let formed: usize = rows().map(|y| y.cooperatives_formed + y.groups_converted).sum();
        let closed: usize = rows().map(|y| y.cooperatives_closed).sum();
        assert_eq!((joined - left, formed - closed), (groups, cooperatives));
    }

    #[test]
    fn the_year_before_the_plan() {
        check(2022, 224, 411);
    }
    #[test]
    fn the_year_in_which_every_seed_has_the_same_size() {
        check(2024, 310, 500);
    }
    #[test]
    fn three_unions_at_the_end_of_2024() {
        let alive = |(from, to): &&(i16, Option<i16>)| *from <= 2024 && to.is_none_or(|y| y > 2024);
        assert_eq!(UNIONS.iter().filter(alive).count(), 3);
    }
}
