//! Where organisations sit: communes of the province by district, each with a weight, and the seat on a day.

use hoptac_model::ids::UnitId;
use hoptac_model::pack::Pack;
use hoptac_model::unit::{Level, Places};
use jiff::civil::Date;

use crate::chance::Chance;

/// How much of the province's formation falls to a district, by its code. Hữu Lũng, Chi Lăng and Bắc Sơn have the fruit,
/// the city the services; Đình Lập, Văn Lãng and Văn Quan are small, so that they miss their yearly floors. A province that is not in
/// the table is weighted by the number of communes.
const WEIGHTS: [(&str, f64); 11] = [
    ("178", 9.0),
    ("180", 9.0),
    ("181", 6.0),
    ("182", 5.5),
    ("183", 12.0),
    ("184", 5.5),
    ("185", 13.0),
    ("186", 16.0),
    ("187", 14.0),
    ("188", 10.0),
    ("189", 4.0),
];

/// Weight of a ward or township against a rural commune: markets, transport and services gather there.
const TOWN: f64 = 2.5;

/// The share of rural communes that count as a difficult area here.
const DIFFICULT: f64 = 0.55;

/// A commune that may be a seat.
#[derive(Clone, Debug)]
pub(crate) struct Commune {
    /// Its unit.
    pub(crate) id: UnitId,
    /// Its name without the type word.
    pub(crate) name: String,
    /// The code of its district.
    pub(crate) district: String,
    /// The name of its district without the type word.
    pub(crate) district_name: String,
    /// Whether it is a difficult area.
    pub(crate) difficult: bool,
    /// The unit that follows it, with the first day of that one.
    pub(crate) next: Option<(UnitId, Date)>,
    weight: f64,
}

impl Commune {
    /// The seat as it is filed on a day, and the former commune where the unit of that day is a later one.
    pub(crate) fn seat_on(&self, day: Date) -> (UnitId, Option<UnitId>) {
        match &self.next {
            Some((next, first)) if day >= *first => (next.clone(), Some(self.id.clone())),
            Some(_) | None => (self.id.clone(), None),
        }
    }

    /// The name of the office that files for this seat on a day: a role with a place, never a person.
    pub(crate) fn registrar_on(&self, day: Date) -> String {
        match &self.next {
            Some((next, first)) if day >= *first => format!("registrar.{next}"),
            Some(_) | None => format!("registrar.{}", self.district),
        }
    }
}

/// The communes of the plan's province, by district.
pub(crate) struct Map {
    districts: Vec<(f64, Vec<Commune>)>,
}

impl Map {
    /// The province of the plan on the geography of the plan. Where it has no district level, the province stands for one.
    pub(crate) fn new(places: &Places, pack: &Pack, chance: &mut Chance) -> Self {
        let day = pack.setting.geography;
        let Some(province) = places.find(&pack.setting.unit, day) else {
            return Self { districts: Vec::new() };
        };
        let children = places.children(&province.id, day);
        let has_districts = children.iter().any(|unit| unit.level == Level::District);
        let parents = if has_districts { children } else { vec![province] };
        let districts = parents
            .into_iter()
            .map(|parent| {
                let communes: Vec<Commune> = places
                    .children(&parent.id, day)
                    .into_iter()
                    .filter(|unit| unit.level == Level::Commune)
                    .map(|unit| {
                        let town = !unit.name.starts_with("Xã ");
                        let next = places
                            .successors()
                            .iter()
                            .find(|s| s.old == unit.id && s.default)
                            .and_then(|s| places.get(&s.new))
                            .and_then(|next| Some((next.id.clone(), next.valid_from?)));
                        Commune {
                            id: unit.id.clone(),
                            name: unit.short_name().to_owned(),
                            district: parent.code.clone(),
                            district_name: parent.short_name().to_owned(),
                            difficult: !town && chance.yes(DIFFICULT),
                            next,
                            weight: chance.share(0.5, 2.0) * if town { TOWN } else { 1.0 },
                        }
                    })
                    .collect();
                let known = WEIGHTS.iter().find(|(code, _)| *code == parent.code);
                let count = f64::from(u32::try_from(communes.len()).unwrap_or(u32::MAX));
                (known.map_or(count, |(_, weight)| *weight), communes)
            })
            .filter(|(_, communes)| !communes.is_empty())
            .collect();
        Self { districts }
    }

    /// A commune by chance; none only in a province without communes.
    pub(crate) fn draw(&self, chance: &mut Chance) -> Option<&Commune> {
        let weights: Vec<f64> = self.districts.iter().map(|(weight, _)| *weight).collect();
        let (_, communes) = self.districts.get(chance.weighted(&weights))?;
        let weights: Vec<f64> = communes.iter().map(|commune| commune.weight).collect();
        communes.get(chance.weighted(&weights))
    }
}
