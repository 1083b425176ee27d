//! Unions: which cooperatives found them, join later and leave.

use hoptac_model::filing::{Body, UnionChange};
use hoptac_model::organisation::{Kind, Sector};
use jiff::civil::Date;

use crate::chance::{Chance, after};
use crate::life::Life;
use crate::record::Event;

/// Founders of a union: above the four of the law of 2012, so that one may leave.
const FOUNDERS: (i64, i64) = (5, 7);

/// The unions of the province.
pub(crate) struct Unions {
    /// Index of the union, index of the member, the first day, the last one where it leaves before the union ends.
    memberships: Vec<(usize, usize, Date, Option<Date>)>,
}

impl Unions {
    /// Draws members for every union: farm cooperatives of at least a year that outlive the union's first years.
    pub(crate) fn draw(lives: &[Life], chance: &mut Chance) -> Self {
        let mut memberships: Vec<(usize, usize, Date, Option<Date>)> = Vec::new();
        for (union, life) in lives.iter().enumerate().filter(|(_, life)| life.kind == Kind::Union) {
            let founders = chance.whole(FOUNDERS.0, FOUNDERS.1);
            let later = chance.whole(0, 3);
            for number in 0..founders + later {
                let joins = if number < founders {
                    life.founded
                } else {
                    chance.day(after(life.founded, 200), after(life.founded, 1500))
                };
                let fits = |index: usize, member: &Life| {
                    member.kind_on(joins) == Kind::Cooperative
                        && member.activity.sector() == Sector::Agricultural
                        && after(member.of_kind_since(joins), 365) <= joins
                        && member.operates_on(joins)
                        && member.closed.is_none()
                        && !memberships.iter().any(|(_, taken, ..)| *taken == index)
                };
                let weights: Vec<f64> = lives
                    .iter()
                    .enumerate()
                    .map(|(i, member)| if fits(i, member) { 0.2 + member.quality } else { 0.0 })
                    .collect();
                let member = chance.weighted(&weights);
                let leaves = (number == 0 && chance.yes(0.5)).then(|| after(joins, 1200));
                // Nobody joins a union that is about to dissolve.
                let open = life.closed.is_none_or(|closed| joins < after(closed, -90));
                if open && lives.get(member).is_some_and(|life| fits(member, life)) {
                    memberships.push((union, member, joins, leaves));
                }
            }
        }
        Self { memberships }
    }

    /// How many cooperatives found the union at an index.
    pub(crate) fn founders(&self, union: usize, founded: Date) -> i64 {
        let count = self
            .memberships
            .iter()
            .filter(|(u, _, from, _)| *u == union && *from == founded)
            .count();
        i64::try_from(count).unwrap_or(0)
    }

    /// The filings of a member, and the union whose founding must be recorded before them.
    pub(crate) fn events(&self, member: usize, lives: &[Life]) -> (Vec<Event>, Option<usize>) {
        let mut events = Vec::new();
        let Some((union, _, from, to)) = self.memberships.iter().find(|(_, m, ..)| *m == member)
        else {
            return (events, None);
        };
        let Some(life) = lives.get(*union) else { return (events, None) };
        let change = UnionChange { union: life.id };
        events.push(Event::new(*from, "officer.alliance", Body::UnionJoin(change.clone())));
        // A union that dissolves lets its members go a month before.
        let ends = [*to, life.closed.map(|closed| after(closed, -30))].into_iter().flatten().min();
        if let Some(end) = ends {
            events.push(Event::new(end, "officer.alliance", Body::UnionLeave(change)).ranked(2));
        }
        (events, Some(*union))
    }
}
