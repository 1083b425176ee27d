//! The organisations as a clerk keeps them at hand: by identity, by name, and by the names that are nearly alike.
//!
//! An import holds each row against all of them, so that none may have to be looked at one by one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use hoptac_model::filing::Establish;
use hoptac_model::ids::{OrganisationId, UnitId};
use hoptac_model::organisation::Kind;
use hoptac_model::search::{self, Alike, Shape};
use hoptac_model::text::fold;
use hoptac_store::OrganisationCard;

use crate::organisation;

/// All organisations by their latest states.
#[derive(Default)]
pub(crate) struct Cards {
    known: BTreeMap<OrganisationId, OrganisationCard>,
    named: BTreeMap<String, BTreeSet<OrganisationId>>,
    seated: BTreeMap<UnitId, BTreeSet<OrganisationId>>,
    /// The shapes of names, by how many letters they have.
    shapes: BTreeMap<u32, Vec<(OrganisationId, Shape)>>,
    /// Who was found to be alike, by the founding that was asked about. A row of a spreadsheet is asked about three times,
    /// and a nation has a hundred thousand names.
    found: HashMap<Founding, Found>,
    /// Whose card came, changed or went, in that order.
    changed: Vec<OrganisationId>,
}

/// What of a founding bears on who is alike.
#[derive(PartialEq, Eq, Hash)]
struct Founding {
    kind: Kind,
    name: String,
    seat: UnitId,
}

/// Who was found to be alike.
struct Found {
    /// The most alike first.
    ids: Vec<OrganisationId>,
    /// Whether these are all that there were.
    is_whole: bool,
    /// How many cards had changed by then.
    seen: usize,
}

/// How many of those that are alike are remembered.
const REMEMBERED: usize = 32;

impl Cards {
    /// Keeps cards.
    pub(crate) fn new(cards: impl IntoIterator<Item = OrganisationCard>) -> Self {
        let mut all = Self::default();
        for card in cards {
            all.put(card);
        }
        all.changed = Vec::new();
        all
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.known.len()
    }

    /// Keeps a card in place of the one before.
    pub(crate) fn put(&mut self, card: OrganisationCard) {
        self.remove(card.id);
        self.changed.push(card.id);
        self.named.entry(fold(&card.name)).or_default().insert(card.id);
        self.seated.entry(card.seat.clone()).or_default().insert(card.id);
        let shape = Shape::of(&card.name);
        self.shapes.entry(shape.length()).or_default().push((card.id, shape));
        self.known.insert(card.id, card);
    }

    /// Forgets a card.
    pub(crate) fn remove(&mut self, id: OrganisationId) {
        let Some(card) = self.known.remove(&id) else { return };
        self.changed.push(id);
        if let Some(ids) = self.named.get_mut(&fold(&card.name)) {
            ids.remove(&id);
        }
        if let Some(ids) = self.seated.get_mut(&card.seat) {
            ids.remove(&id);
        }
        if let Some(long) = self.shapes.get_mut(&Shape::of(&card.name).length()) {
            long.retain(|(other, _)| *other != id);
        }
    }

    /// The card of an identity.
    pub(crate) fn get(&self, id: OrganisationId) -> Option<&OrganisationCard> {
        self.known.get(&id)
    }

    /// All of them, by identity.
    pub(crate) fn all(&self) -> impl Iterator<Item = &OrganisationCard> {
        self.known.values()
    }

    /// Those of a name, whatever its marks and letters.
    pub(crate) fn called(&self, name: &str) -> impl Iterator<Item = &OrganisationCard> {
        let ids = self.named.get(&fold(name)).into_iter().flatten();
        ids.filter_map(|id| self.known.get(id))
    }

    /// Those that may be the same as what is founded, the most alike first.
    pub(crate) fn alike(&mut self, body: &Establish) -> Vec<(OrganisationCard, Alike)> {
        let asked = Founding { kind: body.kind, name: body.name.clone(), seat: body.seat.clone() };
        let remembered = self.found.get(&asked).and_then(|found| self.candidates(found));
        let is_remembered = remembered.is_some();
        let ids = remembered.unwrap_or_else(|| self.all_candidates(body));
        let alike = organisation::ranked(ids.iter().filter_map(|id| self.known.get(id)), body);
        let shown = alike.iter().take(organisation::ALIKE_SHOWN);
        let shown = shown.map(|(card, alike)| ((*card).clone(), alike.clone())).collect();
        if !is_remembered {
            let ids = alike.iter().take(REMEMBERED).map(|(card, _)| card.id).collect();
            let is_whole = alike.len() <= REMEMBERED;
            let found = Found { ids, is_whole, seen: self.changed.len() };
            self.found.insert(asked, found);
        }
        shown
    }

    /// Who was found before and whose card changed since; none where too many of those changed for others not to come after
    /// them.
    fn candidates(&self, found: &Found) -> Option<BTreeSet<OrganisationId>> {
        let since = self.changed.get(found.seen..).unwrap_or_default();
        let since: BTreeSet<OrganisationId> = since.iter().copied().collect();
        let stay = found.ids.iter().filter(|id| !since.contains(id)).count();
        let is_enough = found.is_whole || stay >= organisation::ALIKE_SHOWN;
        is_enough.then(|| found.ids.iter().copied().chain(since).collect())
    }

    /// Everybody who may be alike, by seat and by the shape of the name.
    fn all_candidates(&self, body: &Establish) -> BTreeSet<OrganisationId> {
        let shape = Shape::of(&body.name);
        let seated = self.seated.get(&body.seat).into_iter().flatten().copied();
        let (least, most) = search::lengths_alike(shape.length());
        let elsewhere = self.shapes.range(least..=most).flat_map(|(_, shapes)| shapes);
        let elsewhere = elsewhere.filter(|(_, other)| shape.may_be_alike(other)).map(|(id, _)| *id);
        seated.chain(elsewhere).collect()
    }
}

#[cfg(test)]
mod tests {
    use hoptac_model::organisation::{Sector, Status};
    use jiff::civil::Date;
    use uuid::Uuid;

    use super::*;

    const WORDS: [&str; 14] = [
        "Rau",
        "an toàn",
        "Nông nghiệp",
        "Dịch vụ",
        "Số 1",
        "Số 2",
        "Đồng Đăng",
        "Mai Pha",
        "Na",
        "Chi Lăng",
        "Vận tải",
        "Tổng hợp",
        "Hữu Lũng",
        "và",
    ];

    fn card(number: u128, name: &str, seat: &str) -> OrganisationCard {
        let day = Date::constant(2020, 1, 1);
        OrganisationCard {
            id: OrganisationId(Uuid::from_u128(number)),
            code: None,
            kind: Kind::Cooperative,
            name: name.to_owned(),
            seat: seat.into(),
            seat_former: None,
            status: Status::Operating,
            from: day,
            sector: Sector::Agricultural,
            vsic: 'A',
            members: Some(9),
            capital: None,
            difficult_area: false,
            founded_on: day,
            ceased_on: None,
            synthetic: true,
            version: 1,
        }
    }

    /// The same numbers every time.
    fn dice(seed: &mut u64, below: usize) -> usize {
        *seed =
            seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(*seed >> 33).unwrap() % below
    }

    fn name(seed: &mut u64) -> String {
        let words: Vec<&str> =
            (0..2 + dice(seed, 6)).map(|_| WORDS[dice(seed, WORDS.len())]).collect();
        let mut name = format!("Hợp tác xã {}", words.join(" "));
        if dice(seed, 3) == 0 {
            let at = dice(seed, name.chars().count());
            name = name.chars().enumerate().filter(|(i, _)| *i != at).map(|(_, c)| c).collect();
        }
        name
    }

    #[test]
    fn the_same_are_found_as_by_looking_at_every_one() {
        let mut seed = 115;
        let seats = ["05971", "06001", "05977"];
        let mut cards: Vec<OrganisationCard> = Vec::new();
        for number in 0..600 {
            let name = name(&mut seed);
            cards.push(card(number, &name, seats[dice(&mut seed, 3)]));
        }
        let mut at_hand = Cards::new(cards.iter().cloned());
        at_hand.remove(cards.remove(17).id);
        let (mut found, mut newest) = (0, 1000);
        for _ in 0..60 {
            let body = Establish {
                kind: Kind::Cooperative,
                name: name(&mut seed),
                code: None,
                seat: seats[dice(&mut seed, 3)].into(),
                seat_former: None,
                vsic: 'A',
                sector: None,
                members: 9,
                capital: None,
                difficult_area: false,
            };
            let ids = |alike: Vec<(OrganisationCard, Alike)>| {
                alike.into_iter().map(|(card, alike)| (card.id, alike)).collect::<Vec<_>>()
            };
            let brute = |cards: &[OrganisationCard]| {
                let all = organisation::ranked(cards, &body).into_iter();
                let shown = all.take(organisation::ALIKE_SHOWN);
                shown.map(|(card, alike)| (card.id, alike)).collect::<Vec<_>>()
            };
            let want = brute(&cards);
            found += want.len();
            assert_eq!(ids(at_hand.alike(&body)), want, "{}", body.name);
            // Asked again, after some came, went, or got another name, the most alike among them.
            for _ in 0..dice(&mut seed, 4) {
                newest += 1;
                cards.push(card(newest, &name(&mut seed), seats[dice(&mut seed, 3)]));
                at_hand.put(cards.last().unwrap().clone());
            }
            for (id, _) in want.iter().take(dice(&mut seed, 3)) {
                let at = cards.iter().position(|card| card.id == *id).unwrap();
                if dice(&mut seed, 2) == 0 {
                    at_hand.remove(cards.remove(at).id);
                } else {
                    cards[at].name = name(&mut seed);
                    at_hand.put(cards[at].clone());
                }
            }
            assert_eq!(ids(at_hand.alike(&body)), brute(&cards), "{} again", body.name);
        }
        assert!(found > 15, "{found}");
    }
}
