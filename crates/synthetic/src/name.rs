//! Names: what an organisation does and where, in the words of the province. No name of a person is ever made.

use std::collections::BTreeSet;

use hoptac_model::organisation::{Kind, Sector};
use hoptac_model::text::fold;

use crate::chance::Chance;
use crate::place::Commune;

/// What an organisation does.
#[derive(Debug)]
pub(crate) struct Activity {
    /// VSIC level-1 letter.
    pub(crate) vsic: char,
    /// The sector, where the organisation counts otherwise than by its letter.
    pub(crate) sector: Option<Sector>,
    /// How the name says it.
    name: &'static str,
    /// The product that contracts and certificates speak of.
    pub(crate) product: &'static str,
    /// Codes of the districts that are known for it; empty where it is done everywhere.
    districts: &'static [&'static str],
    /// How often, against the others.
    weight: f64,
}

impl Activity {
    /// The sector that it counts in.
    pub(crate) fn sector(&self) -> Sector {
        self.sector.unwrap_or_else(|| Sector::of_vsic(self.vsic))
    }
}

const fn farm(
    name: &'static str,
    product: &'static str,
    districts: &'static [&'static str],
    weight: f64,
) -> Activity {
    Activity { vsic: 'A', sector: None, name, product, districts, weight }
}

const fn other(vsic: char, name: &'static str, product: &'static str, weight: f64) -> Activity {
    Activity { vsic, sector: None, name, product, districts: &[], weight }
}

/// Farming and forestry of Lạng Sơn, with the districts that each product is known from.
const FARM: [Activity; 24] = [
    farm("Hồi", "hoa hồi khô", &["184", "180", "181", "182", "183"], 3.0),
    farm("Na", "na", &["187", "186"], 5.0),
    farm("Quýt", "quýt vàng", &["185"], 4.0),
    farm("Hồng Vành Khuyên", "hồng Vành Khuyên", &["182"], 4.0),
    farm("Hồng không hạt", "hồng không hạt", &["183"], 3.0),
    farm("Thạch đen", "thạch đen", &["180", "181"], 4.0),
    farm("Chè", "chè", &["189", "181"], 3.0),
    farm("Quế", "vỏ quế", &["180", "181", "189"], 2.0),
    farm("Đào cảnh", "đào cảnh", &["178", "183"], 2.0),
    farm("Ớt", "ớt", &["187", "188", "185"], 2.0),
    farm("Khoai lang", "khoai lang", &["188"], 2.0),
    farm("Bưởi", "bưởi", &["186", "185"], 1.0),
    farm("Vải", "vải thiều", &["186"], 1.0),
    farm("Cam", "cam", &["186", "187"], 1.0),
    farm("Gạo nếp", "gạo nếp", &["181", "185", "180"], 1.0),
    farm("Rau an toàn", "rau các loại", &[], 2.0),
    farm("Nấm và rau sạch", "nấm", &[], 0.7),
    farm("Dược liệu", "dược liệu", &[], 1.2),
    farm("Mật ong", "mật ong", &[], 1.2),
    farm("Chăn nuôi lợn", "thịt lợn", &[], 1.5),
    farm("Chăn nuôi gia cầm", "gà đồi", &[], 1.5),
    farm("Chăn nuôi tổng hợp", "thịt trâu, bò", &[], 1.2),
    farm("Lâm nghiệp", "gỗ rừng trồng", &["189", "188", "186", "187"], 2.5),
    farm("Nông nghiệp tổng hợp", "nông sản tổng hợp", &[], 2.0),
];

/// What the others do. Clean water in the countryside counts as farming by the Circular on farm cooperatives of 2017.
const OTHER: [Activity; 14] = [
    other('C', "Chế biến nông sản", "nông sản chế biến", 2.0),
    other('C', "Mộc dân dụng", "đồ gỗ", 1.2),
    other('C', "Vật liệu xây dựng", "gạch không nung", 0.8),
    other('C', "Thổ cẩm", "thổ cẩm", 0.6),
    Activity {
        vsic: 'E',
        sector: Some(Sector::Agricultural),
        name: "Nước sạch nông thôn",
        product: "nước sạch",
        districts: &[],
        weight: 0.3,
    },
    other('E', "Vệ sinh môi trường", "thu gom rác thải", 2.0),
    other('F', "Xây dựng", "công trình dân dụng", 1.6),
    other('G', "Thương mại", "hàng tiêu dùng", 2.0),
    other('G', "Dịch vụ vật tư nông nghiệp", "phân bón, giống", 1.2),
    other('H', "Vận tải", "vận tải hàng hóa", 2.4),
    other('I', "Du lịch cộng đồng", "lưu trú tại nhà dân", 1.6),
    other('N', "Dịch vụ tổng hợp", "dịch vụ làm đất, thu hoạch", 1.2),
    other('R', "Văn hóa dân gian", "biểu diễn then, đàn tính", 0.4),
    other('S', "Dịch vụ sửa chữa", "sửa chữa máy nông nghiệp", 0.6),
];

/// What a union is for.
const UNION: Activity = farm("Nông sản", "nông sản tổng hợp", &[], 1.0);

/// Words that people choose for a name of their own when the plain one is taken.
const BRANDS: [&str; 16] = [
    "Xanh",
    "Thắng Lợi",
    "Đoàn Kết",
    "Xứ Lạng",
    "Đổi Mới",
    "Đồng Tâm",
    "Toàn Thịnh",
    "Hợp Lực",
    "Bản Làng",
    "Núi Hồng",
    "Sông Kỳ Cùng",
    "Phú Quý",
    "Bền Vững",
    "Ban Mai",
    "Hoa Hồi",
    "An Khang",
];

/// The share of an activity that comes from what the district is known for, against what is done everywhere.
const KNOWN_FOR: f64 = 3.0;

/// An activity for an organisation in a commune. About 80 of 100 groups and 72 of 100 cooperatives farm, as the plan's own
/// numbers suppose (170 of 850 and 210 of 750 do not).
pub(crate) fn activity(kind: Kind, commune: &Commune, chance: &mut Chance) -> &'static Activity {
    let farming = match kind {
        Kind::Group => 0.80,
        Kind::Cooperative => 0.72,
        Kind::Union => return &UNION,
    };
    let list: &'static [Activity] = if chance.yes(farming) { &FARM } else { &OTHER };
    let weights: Vec<f64> = list
        .iter()
        .map(|activity| {
            let known = activity.districts.contains(&commune.district.as_str());
            match activity.districts {
                [] => activity.weight,
                _ if known => activity.weight * KNOWN_FOR,
                // Elsewhere it is grown too, but seldom.
                _ => activity.weight * 0.03,
            }
        })
        .collect();
    list.get(chance.weighted(&weights)).unwrap_or(&UNION)
}

/// Names that are taken, folded.
#[derive(Default)]
pub(crate) struct Names(BTreeSet<String>);

impl Names {
    /// A name that no other organisation has.
    pub(crate) fn coin(
        &mut self,
        kind: Kind,
        activity: &Activity,
        commune: &Commune,
        chance: &mut Chance,
    ) -> String {
        let what = activity.name;
        let place = commune.name.as_str();
        let brand = chance.pick(&BRANDS).copied().unwrap_or_default();
        let core = match (kind, chance.whole(0, 3)) {
            (Kind::Union, _) => format!("{what} {} {brand}", commune.district_name),
            (Kind::Cooperative, 0) if activity.sector() == Sector::Agricultural => {
                format!("Nông nghiệp {brand} {place}")
            }
            (Kind::Group, 0..=2) | (Kind::Cooperative, 1) => format!("{what} {place}"),
            (Kind::Group | Kind::Cooperative, _) => format!("{what} {brand} {place}"),
        };
        self.take(kind, &core, place)
    }

    /// The name of a group once it is a cooperative: the same core under the other word.
    pub(crate) fn convert(&mut self, group: &str, commune: &Commune) -> String {
        let core = group.strip_prefix(word(Kind::Group)).unwrap_or(group).trim_start();
        self.take(Kind::Cooperative, core, &commune.name)
    }

    /// Takes the first of a core's names that is free: the core itself, with a word of its own, with a number.
    fn take(&mut self, kind: Kind, core: &str, place: &str) -> String {
        let word = word(kind);
        let plain = format!("{word} {core}");
        let base = core.strip_suffix(place).unwrap_or(core).trim_end();
        let branded = BRANDS
            .iter()
            .filter(|brand| !core.contains(*brand))
            .map(|brand| format!("{word} {base} {brand} {place}"));
        let numbered = (2_u32..).map(|number| format!("{word} {core} số {number}"));
        std::iter::once(plain)
            .chain(branded)
            .chain(numbered)
            .find(|name| self.0.insert(fold(name)))
            .unwrap_or_default()
    }
}

/// The word before a name.
fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Group => "Tổ hợp tác",
        Kind::Cooperative => "Hợp tác xã",
        Kind::Union => "Liên hiệp hợp tác xã",
    }
}
