//! The chain: who buys from whom on a day, who has no buyer, who depends on one, and which contracts run out.
//!
//! Contracts carry value and volume where somebody knew them. A share is a share of what is known, and where nothing is known
//! and there are several buyers the share is unknown, not zero.

use std::collections::{BTreeMap, BTreeSet};

use hoptac_model::ids::UnitId;
use hoptac_model::linkage::VolumeUnit;
use hoptac_model::organisation::{Kind, Status};
use hoptac_model::register::{Link, PartnerKind, Register, State};
use hoptac_model::text::fold;
use hoptac_model::unit::Places;
use jiff::Span;
use jiff::civil::Date;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The day.
    pub on: Date,
    /// Only contracts about what is called so, in whole or in part; marks do not matter.
    pub product: Option<&'a str>,
    /// Only sellers with their seat in this unit, on the geography of a day.
    pub unit: Option<(&'a UnitId, Date)>,
    /// Contracts that end within so many months run out.
    pub within_months: u8,
    /// Only these organisations as sellers, where somebody sees no more than them.
    pub among: Option<&'a BTreeSet<u32>>,
}

/// The chain on a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chain<'a> {
    /// The contracts in force, by organisation and contract.
    pub contracts: Vec<&'a Link>,
    /// The buyers of each product, largest first.
    pub buyers: Vec<Buyer<'a>>,
    /// Organisations that operate and have no contract in force; where a product is asked, those that once had one for it or
    /// hold a certificate of it.
    pub without_buyer: Vec<u32>,
    /// How much each selling organisation depends on its largest buyer, most dependent first.
    pub dependence: Vec<Dependence<'a>>,
    /// Contracts in force that end within the months asked, by their last day.
    pub running_out: Vec<&'a Link>,
}

/// What one partner buys of one product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buyer<'a> {
    /// What is bought.
    pub product: &'a str,
    /// The partner's identity, code or name.
    pub partner: &'a str,
    /// Its name.
    pub name: &'a str,
    /// What kind of partner.
    pub kind: PartnerKind,
    /// Index of the partner, where it is an organisation of the register.
    pub organisation: Option<u32>,
    /// How many organisations sell to it.
    pub sellers: usize,
    /// How much is bought.
    pub amounts: Amounts,
}

/// What contracts come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// How many contracts.
    pub contracts: usize,
    /// Their value in đồng, as far as known.
    pub value: i64,
    /// How many have no value.
    pub without_value: usize,
    /// Their volumes in a year, as far as known.
    pub volumes: BTreeMap<VolumeUnit, i64>,
    /// How many have no volume.
    pub without_volume: usize,
}

impl Amounts {
    fn add(&mut self, link: &Link) {
        self.contracts += 1;
        match link.value {
            Some(value) => self.value = self.value.saturating_add(value),
            None => self.without_value += 1,
        }
        match link.volume {
            Some(volume) => {
                let total = self.volumes.entry(volume.unit).or_default();
                *total = total.saturating_add(volume.amount);
            }
            None => self.without_volume += 1,
        }
    }

    /// The amounts of some contracts together.
    pub fn of<'l>(links: impl IntoIterator<Item = &'l Link>) -> Self {
        let mut amounts = Self::default();
        links.into_iter().for_each(|link| amounts.add(link));
        amounts
    }
}

/// By what a share was reckoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// There is only one buyer.
    OnlyBuyer,
    /// By value: every contract has one.
    Value,
    /// By volume: every contract has one, all in one unit.
    Volume,
    /// Several buyers, and contracts without value and volume.
    Unknown,
}

impl Basis {
    /// The basis as programs read it.
    pub fn code(self) -> &'static str {
        match self {
            Self::OnlyBuyer => "only_buyer",
            Self::Value => "value",
            Self::Volume => "volume",
            Self::Unknown => "unknown",
        }
    }
}

/// How much an organisation depends on its largest buyer.
#[derive(Clone, Debug, PartialEq)]
pub struct Dependence<'a> {
    /// The organisation.
    pub organisation: u32,
    /// Its largest buyer; none where nobody can say which that is.
    pub partner: Option<&'a str>,
    /// The buyer's name.
    pub name: Option<&'a str>,
    /// How many buyers it has.
    pub buyers: usize,
    /// The share of the largest, from 0 to 1; none where unknown.
    pub share: Option<f64>,
    /// By what it was reckoned.
    pub basis: Basis,
    /// All that it sells under contract.
    pub amounts: Amounts,
}

/// The chain that is asked.
pub fn chain<'a>(register: &'a Register, places: &Places, question: &Question<'_>) -> Chain<'a> {
    let states = states_on(register, question.on);
    let here = |organisation: u32| {
        let Some(state) = states.get(&organisation) else { return false };
        if question.among.is_some_and(|some| !some.contains(&organisation)) {
            return false;
        }
        question.unit.is_none_or(|(unit, geography)| {
            places
                .seat_on(&state.seat, state.seat_former.as_ref(), geography)
                .is_some_and(|seat| places.ancestry(&seat.id).iter().any(|above| &above.id == unit))
        })
    };
    let wanted = question.product.map(fold);
    let about = |product: &str| wanted.as_ref().is_none_or(|wanted| fold(product).contains(wanted));
    let contracts: Vec<&Link> = register
        .links
        .iter()
        .filter(|link| link.holds_on(question.on) && about(&link.product))
        .filter(|link| here(link.organisation))
        .collect();
    let sellers: BTreeSet<u32> = contracts.iter().map(|link| link.organisation).collect();
    let producers: Option<BTreeSet<u32>> = wanted.as_ref().map(|_| {
        let sold = register.links.iter().filter(|link| link.from <= question.on);
        let sold = sold.filter(|link| about(&link.product)).map(|link| link.organisation);
        let held = register.certificates.iter().filter(|held| held.from <= question.on);
        let held = held.filter(|held| about(&held.product)).map(|held| held.organisation);
        sold.chain(held).collect()
    });
    let without_buyer = states
        .iter()
        .filter(|(_, state)| state.status == Status::Operating && state.kind != Kind::Union)
        .map(|(organisation, _)| *organisation)
        .filter(|organisation| !sellers.contains(organisation))
        .filter(|organisation| producers.as_ref().is_none_or(|some| some.contains(organisation)))
        .filter(|organisation| here(*organisation))
        .collect();
    let until = question.on.saturating_add(Span::new().months(i64::from(question.within_months)));
    let mut running_out: Vec<&Link> =
        contracts.iter().copied().filter(|link| link.to.is_some_and(|to| to <= until)).collect();
    running_out.sort_by_key(|link| (link.to, link.organisation));
    Chain {
        buyers: buyers(&contracts),
        dependence: dependence(&contracts),
        without_buyer,
        running_out,
        contracts,
    }
}

/// The state of every organisation that exists on a day.
pub(crate) fn states_on(register: &Register, day: Date) -> BTreeMap<u32, &State> {
    let states = register.states.by_organisation();
    let on_day = states.filter_map(|(organisation, own)| {
        let state = own.iter().rfind(|state| state.from <= day)?;
        (state.status != Status::Terminated).then_some((organisation, state))
    });
    on_day.collect()
}

/// What each partner buys of each product, products by name, the largest buyer first.
fn buyers<'a>(contracts: &[&'a Link]) -> Vec<Buyer<'a>> {
    let mut groups: BTreeMap<(&str, &str), Vec<&'a Link>> = BTreeMap::new();
    for link in contracts {
        groups.entry((&link.product, &link.partner.key)).or_default().push(link);
    }
    let mut buyers: Vec<Buyer<'a>> = groups
        .into_values()
        .filter_map(|links| {
            let first = *links.first()?;
            let sellers: BTreeSet<u32> = links.iter().map(|link| link.organisation).collect();
            Some(Buyer {
                product: &first.product,
                partner: &first.partner.key,
                name: &first.partner.name,
                kind: first.partner.kind,
                organisation: first.partner.organisation,
                sellers: sellers.len(),
                amounts: Amounts::of(links.iter().copied()),
            })
        })
        .collect();
    buyers.sort_by(|a, b| {
        let size = |buyer: &Buyer<'_>| (buyer.amounts.value, buyer.amounts.contracts);
        (a.product, size(b), a.name, a.partner).cmp(&(b.product, size(a), b.name, b.partner))
    });
    buyers
}

/// How much each seller depends on its largest buyer.
fn dependence<'a>(contracts: &[&'a Link]) -> Vec<Dependence<'a>> {
    let mut sellers: BTreeMap<u32, Vec<&'a Link>> = BTreeMap::new();
    for link in contracts {
        sellers.entry(link.organisation).or_default().push(link);
    }
    let mut list: Vec<Dependence<'a>> = sellers
        .into_iter()
        .map(|(organisation, links)| {
            let amounts = Amounts::of(links.iter().copied());
            let mut by_partner: BTreeMap<&str, (&str, Amounts)> = BTreeMap::new();
            for link in &links {
                let entry = by_partner.entry(&link.partner.key);
                entry.or_insert_with(|| (&link.partner.name, Amounts::default())).1.add(link);
            }
            let basis = basis(&amounts, by_partner.len());
            let weight = |amounts: &Amounts| match basis {
                Basis::OnlyBuyer => 1,
                Basis::Value => amounts.value,
                Basis::Volume => amounts.volumes.values().sum(),
                Basis::Unknown => 0,
            };
            // Of equal buyers the first by identity is taken, so that the same ledger gives the same list.
            let largest = by_partner
                .iter()
                .max_by(|a, b| weight(&a.1.1).cmp(&weight(&b.1.1)).then_with(|| b.0.cmp(a.0)));
            let largest = largest.filter(|_| basis != Basis::Unknown);
            let share = largest.map(|(_, (_, bought))| match basis {
                Basis::OnlyBuyer => 1.0,
                Basis::Value | Basis::Volume | Basis::Unknown => {
                    quotient(weight(bought), weight(&amounts))
                }
            });
            Dependence {
                organisation,
                partner: largest.map(|(partner, _)| *partner),
                name: largest.map(|(_, (name, _))| *name),
                buyers: by_partner.len(),
                share,
                basis,
                amounts,
            }
        })
        .collect();
    list.sort_by(|a, b| {
        let share = |of: &Dependence<'_>| of.share.unwrap_or(-1.0);
        share(b)
            .total_cmp(&share(a))
            .then_with(|| b.amounts.value.cmp(&a.amounts.value))
            .then_with(|| a.organisation.cmp(&b.organisation))
    });
    list
}

/// What shares can be reckoned by.
fn basis(amounts: &Amounts, buyers: usize) -> Basis {
    if buyers == 1 {
        Basis::OnlyBuyer
    } else if amounts.without_value == 0 && amounts.value > 0 {
        Basis::Value
    } else if amounts.without_volume == 0 && amounts.volumes.len() == 1 {
        Basis::Volume
    } else {
        Basis::Unknown
    }
}

/// Values of contracts are exact as floating point up to nine million billions.
#[expect(clippy::cast_precision_loss, reason = "see above")]
fn quotient(part: i64, whole: i64) -> f64 {
    part as f64 / whole as f64
}
