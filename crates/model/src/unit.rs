//! Places over time: units of the administrative tree with their validity, and the tree at a date.
//!
//! The statistics office reuses codes: `05977` was Phường Vĩnh Trại and is, since 1 July 2025, Phường Đông Kinh. A unit
//! is therefore a code over a span of validity, and has an identity of its own ([`UnitId`]).

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use foldhash::fast::FixedState;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::UnitId;
use crate::register::SeatDecision;
use crate::text::Words;

/// A level of the administrative tree. The district level ended on 30 June 2025.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The whole country.
    Nation,
    /// Tỉnh, thành phố trực thuộc trung ương.
    Province,
    /// Huyện, quận, thị xã, thành phố thuộc tỉnh.
    District,
    /// Xã, phường, thị trấn, đặc khu.
    Commune,
}

impl Level {
    /// All levels, the widest first.
    pub const ALL: [Self; 4] = [Self::Nation, Self::Province, Self::District, Self::Commune];

    /// The level as it is written in packs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Nation => "nation",
            Self::Province => "province",
            Self::District => "district",
            Self::Commune => "commune",
        }
    }

    /// The level that is written so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }

    /// What people call the units of the level.
    pub fn words(self) -> Words {
        match self {
            Self::Nation => Words::new("Cả nước", "Nation"),
            Self::Province => Words::new("Tỉnh, thành phố", "Province"),
            Self::District => Words::new("Huyện, thành phố", "District"),
            Self::Commune => Words::new("Xã, phường", "Commune"),
        }
    }
}

/// A place over the span in which it was one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Identity over its span of validity.
    pub id: UnitId,
    /// The statistics office's code, which may return for another unit later.
    pub code: String,
    /// Its level.
    pub level: Level,
    /// The name with its type word: `Xã Đoàn Kết`.
    pub name: String,
    /// The unit it belongs to; none for the nation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<UnitId>,
    /// Latitude of its middle, degrees, in ten-thousandths; none where unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lat_e4: Option<i32>,
    /// Longitude of its middle, degrees, in ten-thousandths; none where unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lon_e4: Option<i32>,
    /// The first day; none means since before the records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// The last day; none while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
}

impl Unit {
    /// Whether the unit exists on the day.
    pub fn exists_on(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    /// The name without its type word: `Đoàn Kết`.
    pub fn short_name(&self) -> &str {
        const TYPES: [&str; 9] = [
            "Thành phố ",
            "Thị trấn ",
            "Thị xã ",
            "Đặc khu ",
            "Phường ",
            "Huyện ",
            "Quận ",
            "Tỉnh ",
            "Xã ",
        ];
        TYPES.iter().find_map(|word| self.name.strip_prefix(word)).unwrap_or(&self.name)
    }
}

/// Where a unit's organisations go when it ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Successor {
    /// The unit that ended.
    pub old: UnitId,
    /// The unit that follows.
    pub new: UnitId,
    /// Whether the old unit went into it whole.
    pub whole: bool,
    /// Whether organisations of a split unit go there unless somebody decides otherwise.
    pub default: bool,
}

/// A unit got another name and kept its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// The unit.
    pub unit: UnitId,
    /// The first day of the name.
    pub from: Date,
    /// The name with its type word.
    pub name: String,
}

/// Where a seat lies on the places of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placing<'p> {
    /// In this unit.
    Certain(&'p Unit),
    /// In this unit as long as nobody decides otherwise, because a unit on the way was split.
    ByDefault {
        /// The unit that is taken.
        unit: &'p Unit,
        /// The unit that was split.
        split: &'p Unit,
    },
    /// Nobody can say.
    Open,
}

impl<'p> Placing<'p> {
    /// The unit, where there is one.
    pub fn unit(self) -> Option<&'p Unit> {
        match self {
            Self::Certain(unit) | Self::ByDefault { unit, .. } => Some(unit),
            Self::Open => None,
        }
    }
}

/// All units ever known to the instance, with who followed whom. Copies share all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places(Arc<Known>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Known {
    /// By identity.
    units: Vec<Unit>,
    successors: Vec<Successor>,
    /// The number of each unit: its place in the list.
    numbers: HashMap<UnitId, u32, FixedState>,
    /// The numbers of the units of each code.
    codes: HashMap<String, Vec<u32>, FixedState>,
    /// The number of the unit above each.
    above: Vec<Option<u32>>,
    /// The numbers of the units right below each.
    below: Vec<Vec<u32>>,
    /// The successions of each unit, by their places in the list: those by which it ends, and those by which it began.
    next: HashMap<UnitId, Vec<usize>, FixedState>,
    before: HashMap<UnitId, Vec<usize>, FixedState>,
    /// Names with the day they hold from, oldest first; none means from the beginning. Only of units that were renamed.
    names: BTreeMap<UnitId, Vec<(Option<Date>, String)>>,
}

impl Places {
    /// Places from units and successions, in any order.
    pub fn new(units: impl IntoIterator<Item = Unit>, successors: Vec<Successor>) -> Self {
        let units: BTreeMap<UnitId, Unit> =
            units.into_iter().map(|unit| (unit.id.clone(), unit)).collect();
        let mut places = Known { units: units.into_values().collect(), ..Known::default() };
        for (number, unit) in (0..).zip(&places.units) {
            places.numbers.insert(unit.id.clone(), number);
            places.codes.entry(unit.code.clone()).or_default().push(number);
        }
        places.below = vec![Vec::new(); places.units.len()];
        for (number, unit) in (0..).zip(&places.units) {
            let above = unit.parent.as_ref().and_then(|parent| places.numbers.get(parent)).copied();
            if let Some(below) = above.and_then(|above| places.below.get_mut(wide(above))) {
                below.push(number);
            }
            places.above.push(above);
        }
        for (at, next) in successors.iter().enumerate() {
            places.next.entry(next.old.clone()).or_default().push(at);
            places.before.entry(next.new.clone()).or_default().push(at);
        }
        places.successors = successors;
        Self(Arc::new(places))
    }

    /// The places with the names that units got later, in the order in which they were filed. A unit has its last name;
    /// [`Places::name_on`] knows the others.
    #[must_use]
    pub fn renamed(mut self, renames: impl IntoIterator<Item = Rename>) -> Self {
        let known = Arc::make_mut(&mut self.0);
        for rename in renames {
            let number = known.numbers.get(&rename.unit);
            let Some(unit) = number.and_then(|at| known.units.get(wide(*at))) else { continue };
            let before = (unit.valid_from, unit.name.clone());
            let names = known.names.entry(rename.unit).or_insert_with(|| vec![before]);
            // Of two names of one day the one filed last holds.
            names.retain(|(from, _)| from.is_none() || *from != Some(rename.from));
            names.push((Some(rename.from), rename.name));
            names.sort_by_key(|(from, _)| *from);
        }
        for (id, names) in &known.names {
            let unit = known.numbers.get(id).and_then(|at| known.units.get_mut(wide(*at)));
            if let (Some(unit), Some((_, last))) = (unit, names.last()) {
                unit.name.clone_from(last);
            }
        }
        self
    }

    /// The name of a unit on a day; on days before it began, its first.
    pub fn name_on<'p>(&'p self, unit: &'p Unit, day: Date) -> &'p str {
        let Some(names) = self.0.names.get(&unit.id) else { return &unit.name };
        let held = names.iter().rfind(|(from, _)| from.is_none_or(|from| from <= day));
        held.or(names.first()).map_or(&unit.name, |(_, name)| name)
    }

    /// All names of a unit with the day they hold from, oldest first.
    pub fn names(&self, unit: &Unit) -> Vec<(Option<Date>, String)> {
        let names = self.0.names.get(&unit.id).cloned();
        names.unwrap_or_else(|| vec![(unit.valid_from, unit.name.clone())])
    }

    /// The day from which changes of the places are on record: the first day of the oldest unit that has one. Of the days
    /// before, the records have one state only.
    pub fn recorded_from(&self) -> Option<Date> {
        self.0.units.iter().filter_map(|unit| unit.valid_from).min()
    }

    /// The units that a unit went into.
    pub fn followers<'p>(&'p self, old: &UnitId) -> impl Iterator<Item = &'p Unit> {
        self.endings(old).filter_map(|next| self.get(&next.new))
    }

    /// The units that went into a unit.
    pub fn predecessors<'p>(&'p self, new: &UnitId) -> impl Iterator<Item = &'p Unit> {
        let all = self.0.before.get(new).into_iter().flatten();
        all.filter_map(|at| self.get(&self.0.successors.get(*at)?.old))
    }

    /// How a unit ends.
    fn endings<'p>(&'p self, old: &UnitId) -> impl Iterator<Item = &'p Successor> {
        self.0.next.get(old).into_iter().flatten().filter_map(|at| self.0.successors.get(*at))
    }

    /// The unit with this identity.
    pub fn get(&self, id: &UnitId) -> Option<&Unit> {
        self.at(self.number(id)?)
    }

    /// The number of a unit among these places, which it keeps as long as they stay as they are.
    pub fn number(&self, id: &UnitId) -> Option<u32> {
        self.0.numbers.get(id).copied()
    }

    /// The unit with this number.
    pub fn at(&self, number: u32) -> Option<&Unit> {
        self.0.units.get(wide(number))
    }

    /// The number of the unit above that with a number.
    pub fn above(&self, number: u32) -> Option<u32> {
        self.0.above.get(wide(number)).copied().flatten()
    }

    /// All units, by identity.
    pub fn all(&self) -> impl Iterator<Item = &Unit> {
        self.0.units.iter()
    }

    /// All successions.
    pub fn successors(&self) -> &[Successor] {
        &self.0.successors
    }

    /// The unit that people mean by a code or an identity on a day: the one that exists then, else the one that existed
    /// last. `178` still finds Thành phố Lạng Sơn after it ended.
    pub fn find(&self, code_or_id: &str, day: Date) -> Option<&Unit> {
        let own = self.0.codes.get(code_or_id).map(Vec::as_slice).unwrap_or_default();
        let of_code = || own.iter().filter_map(|number| self.at(*number));
        of_code()
            .find(|unit| unit.exists_on(day))
            .or_else(|| self.get(&UnitId::from(code_or_id)))
            .or_else(|| of_code().max_by_key(|unit| unit.valid_to))
    }

    /// The children of a unit on a day, by identity.
    pub fn children(&self, parent: &UnitId, day: Date) -> Vec<&Unit> {
        let own = self.number(parent).and_then(|number| self.0.below.get(wide(number)));
        let own = own.into_iter().flatten().filter_map(|number| self.at(*number));
        own.filter(|unit| unit.exists_on(day)).collect()
    }

    /// The day on whose geography a unit is best shown: the asked day while it exists, else its last day.
    pub fn geography_for(&self, unit: &Unit, day: Date) -> Date {
        match (unit.valid_from, unit.valid_to) {
            (_, Some(to)) if day > to => to,
            (Some(from), _) if day < from => from,
            _ => day,
        }
    }

    /// The commune of a given day in which a seat lies. A seat in a unit that has ended follows its successors (the
    /// default one where the unit was split); a seat in a unit that had not begun follows its predecessors, if they
    /// leave one answer. `former` is the former commune that the filing itself names, which wins.
    pub fn seat_on(&self, seat: &UnitId, former: Option<&UnitId>, day: Date) -> Option<&Unit> {
        self.placing(seat, former, &[], day).unit()
    }

    /// As [`Places::seat_on`], with what was decided about the seat, and with how sure the answer is.
    pub fn placing<'p>(
        &'p self,
        seat: &UnitId,
        former: Option<&UnitId>,
        decided: &[SeatDecision],
        day: Date,
    ) -> Placing<'p> {
        let mut split = None;
        match self.follow(seat, former, decided, day, 0, &mut split) {
            None => Placing::Open,
            Some(unit) => match split {
                Some(split) => Placing::ByDefault { unit, split },
                None => Placing::Certain(unit),
            },
        }
    }

    fn follow<'p>(
        &'p self,
        seat: &UnitId,
        former: Option<&UnitId>,
        decided: &[SeatDecision],
        day: Date,
        steps: u8,
        split: &mut Option<&'p Unit>,
    ) -> Option<&'p Unit> {
        // Units that filed one another as successors would otherwise be followed for ever; reforms are few.
        if steps > 8 {
            return None;
        }
        let unit = self.get(seat)?;
        if unit.exists_on(day) {
            return Some(unit);
        }
        // Of several decisions the one filed last holds.
        let decision = |among: &[&'p Unit]| {
            let mut about = decided.iter().rev().filter(|placement| &placement.seat == seat);
            about.find_map(|one| among.iter().copied().find(|unit| unit.id == one.unit))
        };
        if unit.valid_from.is_some_and(|from| day < from) {
            if let Some(unit) = former.and_then(|id| self.get(id)).filter(|u| u.exists_on(day)) {
                return Some(unit);
            }
            let before: Vec<&Unit> = self.predecessors(seat).collect();
            let only = if let [only] = *before { Some(only) } else { None };
            let before = decision(&before).or(only)?;
            return self.follow(&before.id, former, decided, day, steps + 1, split);
        }
        let followers: Vec<&Unit> = self.followers(seat).collect();
        if let Some(next) = decision(&followers) {
            return self.follow(&next.id, None, decided, day, steps + 1, split);
        }
        let next = self.endings(seat).find(|next| next.default)?;
        if !next.whole {
            split.get_or_insert(unit);
        }
        self.follow(&next.new, None, decided, day, steps + 1, split)
    }

    /// The chain of parents from a unit up to the root, the unit itself first.
    pub fn ancestry(&self, id: &UnitId) -> Vec<&Unit> {
        let mut chain: Vec<&Unit> = Vec::with_capacity(4);
        let mut next = self.number(id);
        // A loop in filed parents would otherwise never end; four levels exist.
        while let Some(number) = next.filter(|_| chain.len() <= 8) {
            chain.extend(self.at(number));
            next = self.above(number);
        }
        chain
    }
}

fn wide(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(
        id: &str,
        level: Level,
        name: &str,
        parent: Option<&str>,
        span: (Option<Date>, Option<Date>),
    ) -> Unit {
        Unit {
            id: id.into(),
            code: id.split('.').next().unwrap_or(id).to_owned(),
            level,
            name: name.to_owned(),
            parent: parent.map(UnitId::from),
            lat_e4: None,
            lon_e4: None,
            valid_from: span.0,
            valid_to: span.1,
        }
    }

    /// Two old communes of one district; on 1 July 2025 one goes whole into the new `05977`, the other is split.
    fn places() -> Places {
        let last = Some(Date::constant(2025, 6, 30));
        let first = Some(Date::constant(2025, 7, 1));
        let next = |old: &str, new: &str, whole, default| Successor {
            old: old.into(),
            new: new.into(),
            whole,
            default,
        };
        Places::new(
            [
                unit("20", Level::Province, "Tỉnh Lạng Sơn", None, (None, None)),
                unit("178", Level::District, "Thành phố Lạng Sơn", Some("20"), (None, last)),
                unit("05977", Level::Commune, "Phường Vĩnh Trại", Some("178"), (None, last)),
                unit("05980", Level::Commune, "Phường Đông Kinh", Some("178"), (None, last)),
                unit("05977.2025", Level::Commune, "Phường Đông Kinh", Some("20"), (first, None)),
                unit("05986.2025", Level::Commune, "Phường Tam Thanh", Some("20"), (first, None)),
            ],
            vec![
                next("05977", "05977.2025", true, true),
                next("05980", "05977.2025", false, true),
                next("05980", "05986.2025", false, false),
            ],
        )
    }

    const BEFORE: Date = Date::constant(2025, 6, 30);
    const AFTER: Date = Date::constant(2025, 7, 1);

    #[track_caller]
    fn check(seat: &str, former: Option<&str>, day: Date, want: Option<&str>) {
        let places = places();
        let former = former.map(UnitId::from);
        let got = places.seat_on(&seat.into(), former.as_ref(), day).map(|u| u.id.as_str());
        assert_eq!(got, want);
    }

    #[test]
    fn a_code_means_the_unit_of_the_day() {
        assert_eq!(places().find("05977", BEFORE).unwrap().name, "Phường Vĩnh Trại");
        assert_eq!(places().find("05977", AFTER).unwrap().name, "Phường Đông Kinh");
    }
    #[test]
    fn a_district_is_still_found_after_it_ended() {
        let places = places();
        let district = places.find("178", AFTER).unwrap();
        assert_eq!(district.short_name(), "Lạng Sơn");
        assert_eq!(places.geography_for(district, AFTER), BEFORE);
    }
    #[test]
    fn a_seat_follows_its_commune() {
        check("05977", None, AFTER, Some("05977.2025"));
    }
    #[test]
    fn a_seat_in_a_split_commune_goes_to_the_default() {
        check("05980", None, AFTER, Some("05977.2025"));
    }
    #[test]
    fn a_new_seat_of_one_predecessor_is_known_in_the_past() {
        check("05986.2025", None, BEFORE, Some("05980"));
    }
    #[test]
    fn a_new_seat_of_two_predecessors_is_not_guessed() {
        check("05977.2025", None, BEFORE, None);
    }
    #[track_caller]
    fn decided(seat: &str, decisions: &[(&str, &str)], day: Date, want: Option<&str>) {
        let placements: Vec<SeatDecision> = (1..)
            .zip(decisions)
            .map(|(position, (seat, unit))| SeatDecision {
                organisation: 0,
                seat: (*seat).into(),
                unit: (*unit).into(),
                position,
            })
            .collect();
        let places = places();
        let placing = places.placing(&seat.into(), None, &placements, day);
        assert!(!matches!(placing, Placing::ByDefault { .. }), "{placing:?}");
        assert_eq!(placing.unit().map(|unit| unit.id.as_str()), want);
    }
    #[test]
    fn only_the_default_of_a_split_is_not_certain() {
        let places = places();
        let placing = |seat: &str, day| places.placing(&seat.into(), None, &[], day);
        let split = places.get(&"05980".into()).unwrap();
        let unit = places.get(&"05977.2025".into()).unwrap();
        assert_eq!(placing("05980", AFTER), Placing::ByDefault { unit, split });
        assert_eq!(placing("05977", AFTER), Placing::Certain(unit));
        assert_eq!(placing("05980", BEFORE), Placing::Certain(split));
        assert_eq!(placing("05977.2025", BEFORE), Placing::Open);
    }
    #[test]
    fn a_decision_says_where_the_seat_of_a_split_commune_lies() {
        decided("05980", &[("05980", "05986.2025")], AFTER, Some("05986.2025"));
        // The later of two decisions holds, and one about another unit says nothing.
        let two = [("05980", "05986.2025"), ("05980", "05977.2025")];
        decided("05980", &two, AFTER, Some("05977.2025"));
        decided("05977", &[("05980", "05986.2025")], AFTER, Some("05977.2025"));
    }
    #[test]
    fn a_decision_says_where_the_seat_of_a_merged_commune_lay() {
        decided("05977.2025", &[("05977.2025", "05980")], BEFORE, Some("05980"));
    }
    #[test]
    fn a_decision_for_what_does_not_follow_is_passed_over() {
        decided("05977", &[("05977", "05986.2025")], AFTER, Some("05977.2025"));
        decided("05977.2025", &[("05977.2025", "178")], BEFORE, None);
    }
    #[test]
    fn a_unit_keeps_the_names_that_it_had() {
        let rename = |from, name: &str| Rename { unit: "20".into(), from, name: name.to_owned() };
        let (first, second) = (Date::constant(2026, 1, 1), Date::constant(2027, 1, 1));
        // Filed out of order, and one corrected.
        let places = places().renamed([
            rename(second, "Tỉnh Ba"),
            rename(first, "Tỉnh Hay"),
            rename(first, "Tỉnh Hai"),
        ]);
        let unit = places.get(&"20".into()).unwrap();
        assert_eq!(unit.name, "Tỉnh Ba");
        let name = |day| places.name_on(unit, day);
        assert_eq!(name(AFTER), "Tỉnh Lạng Sơn");
        assert_eq!((name(first), name(Date::constant(2026, 12, 31))), ("Tỉnh Hai", "Tỉnh Hai"));
        assert_eq!(name(second), "Tỉnh Ba");
        assert_eq!(places.names(unit).len(), 3);
        let other = places.get(&"178".into()).unwrap();
        assert_eq!(
            (places.name_on(other, first), places.names(other).len()),
            ("Thành phố Lạng Sơn", 1)
        );
    }
    #[test]
    fn changes_are_on_record_from_the_first_day_that_is_known() {
        assert_eq!(places().recorded_from(), Some(AFTER));
        assert_eq!(Places::default().recorded_from(), None);
    }
    #[test]
    fn units_that_succeed_one_another_lead_nowhere() {
        let ended = |id| unit(id, Level::Commune, id, None, (None, Some(BEFORE)));
        let next = |old: &str, new: &str| Successor {
            old: old.into(),
            new: new.into(),
            whole: true,
            default: true,
        };
        let places = Places::new([ended("a"), ended("b")], vec![next("a", "b"), next("b", "a")]);
        assert_eq!(places.seat_on(&"a".into(), None, AFTER), None);
    }
    #[test]
    fn the_former_commune_that_was_filed_wins() {
        check("05977.2025", Some("05980"), BEFORE, Some("05980"));
    }
}
