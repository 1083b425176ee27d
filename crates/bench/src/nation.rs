//! A nation to measure with: as many organisations, returns, members and contracts as Viet Nam has, in plausible
//! proportions, drawn from a seed. It is synthetic through and through and describes nobody.

use hoptac_model::ids::{OrganisationId, UnitId};
use hoptac_model::member::{MemberClass, MemberKind, Tally};
use hoptac_model::organisation::{Kind, Organisation, Sector, Status};
use hoptac_model::pool::Pool;
use hoptac_model::register::{
    AnnualReturn, Link, Partner, Register, ReturnColumn, RollCount, State,
};
use hoptac_model::roll::RollSpan;
use hoptac_model::unit::{Level, Places, Unit};
use hoptac_model::whole::Wholes;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Distribution as _, Gamma, Geometric, LogNormal, Normal, Poisson, Weibull};
use uuid::Uuid;

/// The first and the last year that is reported.
pub(crate) const YEARS: (i16, i16) = (2016, 2025);

/// The identity of the first organisation.
const FIRST_ID: u128 = 0x0189_0000_0000_7000_8000_0000_0000_0000;

/// How large a nation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    organisations: u32,
    members: u32,
    contracts: u32,
    provinces: u32,
    former_provinces: u32,
    districts: u32,
    communes: u32,
}

impl Size {
    /// A province.
    pub(crate) const S: Self = Self {
        organisations: 3_300,
        members: 160_000,
        contracts: 6_000,
        provinces: 1,
        former_provinces: 2,
        districts: 22,
        communes: 104,
    };
    /// The nation.
    pub(crate) const M: Self = Self {
        organisations: 165_000,
        members: 8_000_000,
        contracts: 300_000,
        provinces: 34,
        former_provinces: 63,
        districts: 696,
        communes: 3_321,
    };
}

/// Counts of the yearly return, each with its usual share of the members.
const COUNTS: [(&str, f64); 12] = [
    ("members_new", 0.05),
    ("members_left", 0.03),
    ("members_female", 0.42),
    ("members_poor", 0.04),
    ("members_minority", 0.14),
    ("members_legal", 0.01),
    ("workers_total", 0.25),
    ("workers_member", 0.18),
    ("workers_female", 0.10),
    ("workers_trained", 0.12),
    ("workers_insured", 0.15),
    ("workers_young", 0.08),
];

/// Sums of money, each with its usual share of the revenue and the share of organisations that have it.
const MONEY: [(&str, f64, f64); 25] = [
    ("capital_paid", 0.6, 1.0),
    ("equity", 0.8, 1.0),
    ("assets_total", 1.9, 1.0),
    ("assets_fixed", 0.9, 1.0),
    ("assets_undivided", 0.1, 1.0),
    ("revenue", 1.0, 1.0),
    ("revenue_members", 0.35, 1.0),
    ("revenue_outside", 0.6, 1.0),
    ("revenue_export", 0.05, 0.15),
    ("cost", 0.9, 1.0),
    ("profit_gross", 0.1, 1.0),
    ("profit_net", 0.085, 1.0),
    ("tax", 0.02, 1.0),
    ("loans", 0.3, 1.0),
    ("loans_fund", 0.04, 0.15),
    ("loans_bank", 0.2, 1.0),
    ("overdue", 0.02, 0.15),
    ("dividends", 0.03, 0.15),
    ("fund_reserve", 0.02, 1.0),
    ("fund_development", 0.02, 1.0),
    ("fund_welfare", 0.01, 1.0),
    ("support_total", 0.05, 1.0),
    ("support_training", 0.01, 0.15),
    ("support_works", 0.04, 0.15),
    ("contracts_value", 0.3, 1.0),
];

/// Yes or no.
const FLAGS: [&str; 17] = [
    "value_chain",
    "vietgap",
    "organic",
    "high_tech",
    "digital_tools",
    "website",
    "online_sales",
    "traceability",
    "party_cell",
    "trade_union",
    "director_trained",
    "accountant_certified",
    "audited",
    "meeting_held",
    "law_2023",
    "internal_credit",
    "e_invoice",
];

/// The fields of the yearly return with their kind: `count`, `money` or `flag`.
pub(crate) fn fields() -> Vec<(&'static str, &'static str)> {
    let others = ["services", "contracts_signed", "products_ocop", "ocop_stars", "grade_code"];
    let mut fields = vec![("members_total", "count")];
    fields.extend(COUNTS.iter().map(|(name, _)| (*name, "count")));
    fields.extend(others.iter().map(|name| (*name, "count")));
    fields.extend([("land_m2", "count"), ("worker_income", "money")]);
    fields.extend(MONEY.iter().map(|(name, ..)| (*name, "money")));
    fields.extend(FLAGS.iter().map(|name| (*name, "flag")));
    fields
}

/// A nation's places and register.
pub(crate) struct Nation {
    pub(crate) places: Places,
    pub(crate) register: Register,
}

/// What an organisation is drawn as.
struct Life {
    founded: Date,
    suspended: Option<Date>,
    resumed: Option<Date>,
    ended: Option<Date>,
    size: f64,
}

impl Life {
    fn exists_in(&self, year: i16) -> bool {
        self.founded.year() <= year && self.ended.is_none_or(|end| end.year() > year)
    }

    fn is_suspended_in(&self, year: i16) -> bool {
        self.suspended.is_some_and(|from| from.year() <= year)
            && self.resumed.is_none_or(|to| to.year() > year)
    }
}

/// Indexes drawn by weight.
struct Weighted(Vec<f64>);

impl Weighted {
    fn new(weights: impl Iterator<Item = f64>) -> Self {
        let mut sum = 0.0;
        Self(
            weights
                .map(|weight| {
                    sum += weight;
                    sum
                })
                .collect(),
        )
    }

    fn draw(&self, rng: &mut ChaCha8Rng) -> usize {
        let total = self.0.last().copied().unwrap_or(0.0);
        let at = rng.random::<f64>() * total;
        self.0.partition_point(|sum| *sum <= at).min(self.0.len().saturating_sub(1))
    }
}

/// A number between, both included.
fn between(rng: &mut ChaCha8Rng, low: i16, high: i16) -> i16 {
    rng.random_range(low..=high.max(low))
}

/// The first day of a year that is drawn; those far off are the last one.
fn new_year(year: i16) -> Date {
    date(year.clamp(1900, 2200), 1, 1)
}

#[expect(clippy::cast_possible_truncation, reason = "rounded, and far from the bounds")]
fn rounded(value: f64) -> i64 {
    value.round() as i64
}

fn short(value: f64) -> i16 {
    i16::try_from(rounded(value.min(30_000.0))).unwrap_or(i16::MAX)
}

/// A number around one by a law of which the logarithm is drawn.
fn around(law: &Normal<f64>, rng: &mut ChaCha8Rng) -> f64 {
    law.sample(rng).exp()
}

fn drawn(rng: &mut ChaCha8Rng, yes: f64) -> bool {
    rng.random::<f64>() < yes
}

impl Nation {
    /// The places of a nation, without the rest of it.
    pub(crate) fn places(size: Size, seed: u64) -> anyhow::Result<Places> {
        let (units, _) = units(size, &mut ChaCha8Rng::seed_from_u64(seed))?;
        Ok(Places::new(units, Vec::new()))
    }

    /// Draws a nation.
    pub(crate) fn new(size: Size, seed: u64) -> anyhow::Result<Self> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (units, communes) = units(size, &mut rng)?;
        let lives = lives(size, &mut rng)?;
        let mut register = organisations(&lives, &communes, &mut rng)?;
        returns(&lives, &mut register, &mut rng)?;
        rolls(size, &lives, &mut register, &mut rng)?;
        contracts(size, &lives, &mut register, &mut rng)?;
        Ok(Self { places: Places::new(units, Vec::new()), register })
    }
}

/// Units from the nation down, and the communes.
fn units(size: Size, rng: &mut ChaCha8Rng) -> anyhow::Result<(Vec<Unit>, Vec<UnitId>)> {
    let unit = |id: String, level, parent: Option<String>| Unit {
        name: id.clone(),
        code: id.clone(),
        id: UnitId::new(id),
        level,
        parent: parent.map(UnitId::new),
        lat_e4: None,
        lon_e4: None,
        valid_from: None,
        valid_to: None,
    };
    let spread = LogNormal::new(0.0, 0.4)?;
    let mut units = vec![unit("n".to_owned(), Level::Nation, None)];
    let mut above = vec!["n".to_owned()];
    let levels = [
        ("p", Level::Province, size.provinces),
        ("f", Level::Province, size.former_provinces),
        ("d", Level::District, size.districts),
        ("c", Level::Commune, size.communes),
    ];
    for (letter, level, count) in levels {
        let weights = Weighted::new((0..above.len()).map(|_| spread.sample(rng)));
        let mut next = Vec::new();
        for number in 0..count {
            // Every unit above has one at least.
            let first = usize::try_from(number)?;
            let parent = above.get(first).or_else(|| above.get(weights.draw(rng))).cloned();
            let id = format!("{letter}{number:04}");
            next.push(id.clone());
            units.push(unit(id, level, parent));
        }
        above = next;
    }
    Ok((units, above.into_iter().map(UnitId::new).collect()))
}

/// Founding, suspension and end of every organisation.
fn lives(size: Size, rng: &mut ChaCha8Rng) -> anyhow::Result<Vec<Life>> {
    let (lasts, large) = (Weibull::new(34.0, 0.9)?, LogNormal::new(0.0, 1.1)?);
    let (first, last) = YEARS;
    let lives = (0..size.organisations).map(|_| {
        // Old ones from before the law of 2003, a wave after that of 2012, growth since.
        let founded = match rng.random::<f64>() {
            p if p < 0.33 => between(rng, 1996, 2006),
            p if p < 0.63 => between(rng, 2007, first - 1),
            _ => between(rng, first, last),
        };
        let end = founded + 1 + short(lasts.sample(rng));
        let end = if end < first { between(rng, first, last + 7) } else { end }.max(founded + 1);
        let ended = (end <= last).then(|| new_year(end));
        let suspended = drawn(rng, 0.13)
            .then(|| between(rng, first, last).max(founded + 1))
            .filter(|year| ended.is_none_or(|end| *year < end.year()));
        let resumed = suspended.filter(|_| drawn(rng, 0.4)).map(|year| year + between(rng, 1, 3));
        let day = rng.random_range(0..365_i32);
        Life {
            founded: new_year(founded).checked_add(day.days()).unwrap_or(Date::MAX),
            suspended: suspended.map(new_year),
            resumed: resumed
                .filter(|year| ended.is_none_or(|end| *year < end.year()))
                .map(new_year),
            ended,
            size: large.sample(rng),
        }
    });
    Ok(lives.collect())
}

/// Organisations with their states; the heavier a commune, the more of them.
fn organisations(
    lives: &[Life],
    communes: &[UnitId],
    rng: &mut ChaCha8Rng,
) -> anyhow::Result<Register> {
    let heavy = LogNormal::new(0.0, 1.0)?;
    let weights = Weighted::new(communes.iter().map(|_| heavy.sample(rng)));
    let mut register = Register::default();
    for (index, life) in (0_u32..).zip(lives) {
        let kind = match rng.random::<f64>() {
            p if p < 0.72 => Kind::Cooperative,
            p if p < 0.74 => Kind::Union,
            _ => Kind::Group,
        };
        let (sector, vsic) = if drawn(rng, 0.64) {
            (Sector::Agricultural, 'A')
        } else {
            (Sector::NonAgricultural, 'G')
        };
        register.organisations.push(Organisation {
            id: OrganisationId(Uuid::from_u128(FIRST_ID + u128::from(index))),
            code: Some(format!("{:010}", 1_000_000_000 + u64::from(index) * 23)),
            name: format!("{} {index}", kind.code()),
            founded_on: life.founded,
            synthetic: true,
        });
        let seat = communes.get(weights.draw(rng)).cloned().unwrap_or_else(|| UnitId::from("n"));
        let mut state = State {
            organisation: index,
            from: life.founded,
            position: 1,
            kind,
            status: Status::Operating,
            seat,
            seat_former: None,
            sector,
            vsic,
            difficult_area: false,
            members: None,
            capital: None,
        };
        register.states.push(state.clone());
        let turns = [
            (life.suspended, Status::Suspended),
            (life.resumed, Status::Operating),
            (life.ended, Status::Terminated),
        ];
        for (from, status) in turns {
            if let Some(from) = from {
                state.from = from;
                state.status = status;
                register.states.push(state.clone());
            }
        }
    }
    Ok(register)
}

/// Yearly returns of those that exist; the suspended seldom file.
fn returns(lives: &[Life], register: &mut Register, rng: &mut ChaCha8Rng) -> anyhow::Result<()> {
    let fields = fields();
    let mut columns: Vec<Wholes> = fields.iter().map(|_| Wholes::default()).collect();
    let (diligent, steady) = (Beta::new(12.0, 1.3)?, Normal::new(0.0, 0.08)?);
    let noise = Normal::new(0.0, 0.5)?;
    let (money_noise, delay) = (Normal::new(0.0, 0.6)?, Gamma::new(2.0, 30.0)?);
    let (services, contracts) = (Poisson::new(3.0)?, Poisson::new(0.8)?);
    let (income, land) = (Normal::new(3.9, 0.35)?, Gamma::new(1.2, 140_000.0)?);
    let (first, last) = YEARS;
    for (index, life) in (0_u32..).zip(lives) {
        let diligence = diligent.sample(rng);
        for year in (first..=last).filter(|year| life.exists_in(*year)) {
            let since = f64::from(year - first);
            let files = if life.is_suspended_in(year) {
                0.18
            } else {
                (diligence * (0.93 + 0.007 * since)).min(0.995)
            };
            if !drawn(rng, files) {
                continue;
            }
            let growth = 1.0 + 0.06 * since;
            let members = (38.0 * life.size * around(&steady, rng)).max(7.0).floor();
            let mut row = vec![Some(rounded(members))];
            row.extend(
                COUNTS.iter().map(|(_, share)| {
                    Some(rounded(members * (share * around(&noise, rng)).min(1.0)))
                }),
            );
            let products = if drawn(rng, 0.09) { between(rng, 1, 4) } else { 0 };
            let stars = if products > 0 { between(rng, 3, 5) } else { 0 };
            let grade = [None, Some(1), Some(2), Some(3), Some(4)];
            let grade =
                grade.get(Weighted::new([0.30, 0.13, 0.27, 0.22, 0.08].into_iter()).draw(rng));
            row.extend([
                Some(rounded(services.sample(rng))),
                Some(rounded(contracts.sample(rng))),
                Some(i64::from(products)),
                Some(i64::from(stars)),
                grade.copied().flatten(),
                Some(rounded(life.size * land.sample(rng))),
                // Some leave it out, thousands of đồng otherwise.
                (!drawn(rng, 0.04)).then(|| rounded(around(&income, rng) * growth * 1e3) * 1000),
            ]);
            let base = life.size * growth * 1.5e6;
            row.extend(MONEY.iter().map(|(name, share, having)| {
                let sign = if name.starts_with("profit") && drawn(rng, 0.17) { -1.0 } else { 1.0 };
                let value = sign * base * share * around(&money_noise, rng);
                let has = *having >= 1.0 || drawn(rng, *having);
                Some(if has { rounded(value) * 1000 } else { 0 })
            }));
            row.extend((0_u8..).zip(FLAGS).map(|(number, _)| {
                let usual = (0.06 + 0.05 * f64::from(number % 7)) * (1.0 + 0.09 * since);
                Some(i64::from(drawn(rng, usual.min(0.95))))
            }));
            for (column, value) in columns.iter_mut().zip(row) {
                column.push(value);
            }
            let after = i32::try_from(rounded(delay.sample(rng)))?;
            let on = new_year(year + 1).checked_add(after.days())?.min(date(2026, 6, 30));
            let row = u32::try_from(register.returns.len())?;
            let late = after > 89;
            register.returns.push(AnnualReturn { organisation: index, year, on, late, row });
        }
    }
    let named = fields.iter().zip(columns);
    register.return_columns = named
        .map(|((name, _), values)| ReturnColumn { name: (*name).to_owned(), values: values.into() })
        .collect();
    register.return_columns.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(())
}

/// Members: large organisations have most of them, and one person in seven is in several.
fn rolls(
    size: Size,
    lives: &[Life],
    register: &mut Register,
    rng: &mut ChaCha8Rng,
) -> anyhow::Result<()> {
    let weights = Weighted::new(lives.iter().map(|life| life.size));
    let mut held: Vec<u32> = Vec::with_capacity(usize::try_from(size.members)?);
    for _ in 0..size.members {
        held.push(u32::try_from(weights.draw(rng))?);
    }
    held.sort_unstable();
    let persons = size.members / 100 * 85;
    let (joins, leaves) = (Geometric::new(0.12)?, Geometric::new(0.045)?);
    let share = LogNormal::new(1.0, 1.0)?;
    for organisation in held {
        let Some(life) = lives.get(usize::try_from(organisation)?) else { continue };
        let years = |drawn: u64| i16::try_from(drawn.min(200)).unwrap_or(200);
        let joined = (life.founded.year() + years(joins.sample(rng))).min(YEARS.1);
        let left = joined + 1 + years(leaves.sample(rng));
        let left = life.ended.map_or(left, |end| left.min(end.year().max(joined + 1)));
        let from = new_year(joined).max(life.founded);
        register.roll_spans.push(RollSpan {
            organisation,
            person: rng.random_range(0..persons),
            kind: MemberKind::Person,
            class: MemberClass::Official,
            capital: rounded(share.sample(rng) * 1000.0) * 1000,
            from,
            until: (left <= YEARS.1).then(|| new_year(left)),
        });
        if register.roll_counts.of(organisation).is_empty() {
            let tally = Tally::default();
            register.roll_counts.push(RollCount { organisation, on: life.founded, tally });
        }
    }
    register.roll_spans.shrink();
    Ok(())
}

/// Linkage contracts: a few buyers have very many.
fn contracts(
    size: Size,
    lives: &[Life],
    register: &mut Register,
    rng: &mut ChaCha8Rng,
) -> anyhow::Result<()> {
    let weights = Weighted::new(lives.iter().map(|life| life.size));
    let buyers = (size.contracts / 15).max(50);
    let buyer = Weighted::new((1..=buyers).map(|rank| f64::from(rank).powf(-0.8)));
    let value = LogNormal::new(6.0, 1.3)?;
    let (first, last) = YEARS;
    let mut pool = Pool::default();
    let mut links = Vec::with_capacity(size.contracts.try_into()?);
    for number in 0..size.contracts {
        let at = weights.draw(rng);
        let Some(life) = lives.get(at) else { continue };
        let from = new_year(between(rng, first - 2, last)).max(life.founded);
        let to = date((from.year() + between(rng, 0, 4)).min(2200), 12, 31);
        let partner = pool.share(Partner::enterprise(format!("b{}", buyer.draw(rng))));
        links.push(Link {
            organisation: u32::try_from(at)?,
            link: number.to_string(),
            signed_on: from,
            partner,
            from,
            to: Some(to),
            value: Some(rounded(value.sample(rng) * 1000.0) * 1000),
            ..Link::default()
        });
    }
    links.sort_by_key(|link| link.organisation);
    register.links = links.into();
    Ok(())
}
