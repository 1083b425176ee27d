//! The chain on a small province: buyers, dependence, who has none, what runs out; and that nothing is lost on the way.

use hoptac_model::linkage::{Volume, VolumeUnit};
use hoptac_model::organisation::{Kind, Status};
use hoptac_model::register::{Link, Partner, Register};
use proptest::prelude::*;

use super::world::*;
use crate::chain::{Amounts, Basis, Chain, Question, chain};

fn contract(organisation: u32, name: &str, partner: &str, value: Option<i64>) -> Link {
    Link {
        organisation,
        link: name.to_owned(),
        partner: Partner::enterprise(partner).into(),
        product: "Hồi".into(),
        from: day("2024-01-01"),
        value,
        ..Link::default()
    }
}

fn asked<'a>(on: &str, product: Option<&'a str>) -> Question<'a> {
    Question { on: day(on), product, unit: None, within_months: 6, among: None }
}

/// Three cooperatives in `c1`, `c2` and `c3`.
fn three() -> Register {
    let mut register = Register::default();
    for seat in ["c1", "c2", "c3"] {
        establish(&mut register, Kind::Cooperative, seat, "2020-01-01", Some(9));
    }
    register
}

#[test]
fn buyers_are_told_by_product_the_largest_first() {
    let mut register = three();
    register.links.extend([
        contract(0, "1", "a", Some(10)),
        contract(1, "1", "a", None),
        contract(1, "2", "b", Some(30)),
    ]);
    let places = places();
    let chain = chain(&register, &places, &asked("2024-06-01", None));
    let buyers: Vec<_> = chain
        .buyers
        .iter()
        .map(|buyer| {
            (buyer.partner, buyer.sellers, buyer.amounts.value, buyer.amounts.without_value)
        })
        .collect();
    assert_eq!(buyers, [("b", 1, 30, 0), ("a", 2, 10, 1)]);
    assert_eq!(chain.without_buyer, [2]);
}
#[test]
fn who_sees_some_sellers_sees_only_their_contracts() {
    let mut register = three();
    register.links.extend([contract(0, "1", "a", Some(10)), contract(1, "1", "a", Some(20))]);
    let (places, some) = (places(), [1, 2].into());
    let question = Question { among: Some(&some), ..asked("2024-06-01", None) };
    let chain = chain(&register, &places, &question);
    assert_eq!(Amounts::of(chain.contracts.iter().copied()).value, 20);
    assert_eq!(chain.buyers.iter().map(|buyer| buyer.sellers).collect::<Vec<_>>(), [1]);
    assert_eq!(chain.without_buyer, [2]);
}
#[test]
fn dependence_is_reckoned_by_what_is_known() {
    let mut register = three();
    let kilograms = |amount| Some(Volume { amount, unit: VolumeUnit::Kg });
    register.links.extend([
        // By value: 30 of 40.
        contract(0, "1", "a", Some(30)),
        contract(0, "2", "b", Some(10)),
        // A value is missing, the volumes are there: 9 of 12.
        Link { volume: kilograms(3), ..contract(1, "1", "a", None) },
        Link { volume: kilograms(9), ..contract(1, "2", "b", Some(1)) },
        // Nothing is known, and there are two.
        contract(2, "1", "a", None),
        contract(2, "2", "b", None),
    ]);
    let places = places();
    let told = |register: &Register| -> Vec<_> {
        let chain = chain(register, &places, &asked("2024-06-01", None));
        let one = |d: &crate::chain::Dependence<'_>| {
            (d.organisation, d.partner.map(str::to_owned), d.share, d.basis)
        };
        chain.dependence.iter().map(one).collect()
    };
    assert_eq!(
        told(&register),
        [
            (0, Some("a".to_owned()), Some(0.75), Basis::Value),
            (1, Some("b".to_owned()), Some(0.75), Basis::Volume),
            (2, None, None, Basis::Unknown),
        ]
    );
    // Of one buyer nobody needs to know how much.
    register.links.change(2, |own| own.truncate(1));
    assert_eq!(told(&register)[0], (2, Some("a".to_owned()), Some(1.0), Basis::OnlyBuyer));
}
#[test]
fn who_has_no_buyer_operates_and_where_a_product_is_asked_makes_it() {
    let mut register = three();
    let ended = Link { to: Some(day("2024-03-31")), ..contract(0, "1", "a", None) };
    register.links.push(ended);
    then(&mut register, 2, "2024-02-01", |state| state.status = Status::Suspended);
    let places = places();
    let without = |on: &str, product| chain(&register, &places, &asked(on, product)).without_buyer;
    assert_eq!(without("2024-03-31", None), [1]);
    assert_eq!(without("2024-04-01", None), [0, 1]);
    assert_eq!(without("2024-04-01", Some("hoi")), [0]);
    assert_eq!(without("2024-04-01", Some("na")), [0_u32; 0]);
}
#[test]
fn contracts_run_out_within_the_months_asked() {
    let mut register = three();
    for (organisation, to) in [(0, "2024-12-01"), (1, "2024-12-02"), (2, "2024-06-01")] {
        let link = contract(organisation, "1", "a", None);
        register.links.push(Link { to: Some(day(to)), ..link });
    }
    let places = places();
    let chain = chain(&register, &places, &asked("2024-06-01", None));
    let out: Vec<u32> = chain.running_out.iter().map(|link| link.organisation).collect();
    assert_eq!(out, [2, 0]);
}
#[test]
fn a_unit_has_its_own_sellers() {
    let mut register = three();
    register.links.extend((0..3).map(|seller| contract(seller, "1", "a", None)));
    let places = places();
    let unit = "d1".into();
    let mut question = asked("2024-06-01", None);
    question.unit = Some((&unit, day(OLD)));
    let chain = chain(&register, &places, &question);
    assert_eq!(chain.contracts.iter().map(|link| link.organisation).collect::<Vec<_>>(), [0, 1]);
}

fn links() -> impl Strategy<Value = Vec<Link>> {
    let value = prop::option::of(0_i64..1_000_000);
    let volume = prop::option::of((1_i64..1000, 0_usize..4));
    let days = (0_i64..700, prop::option::of(0_i64..700));
    let link = (0_u32..3, 0_u8..4, 0_u8..3, value, volume, days);
    prop::collection::vec(link, 0..30).prop_map(|drawn| {
        let links = drawn.into_iter().enumerate();
        links
            .map(|(number, (seller, partner, product, value, volume, (from, runs)))| {
                let from = day("2023-01-01").saturating_add(jiff::Span::new().days(from));
                Link {
                    product: format!("p{product}").into(),
                    from,
                    to: runs.map(|runs| from.saturating_add(jiff::Span::new().days(runs))),
                    volume: volume
                        .map(|(amount, unit)| Volume { amount, unit: VolumeUnit::ALL[unit] }),
                    ..contract(seller, &number.to_string(), &format!("b{partner}"), value)
                }
            })
            .collect()
    })
}

/// Amounts added up by somebody else.
fn sum<'a>(parts: impl Iterator<Item = &'a Amounts>) -> Amounts {
    parts.fold(Amounts::default(), |mut all, part| {
        all.contracts += part.contracts;
        all.value += part.value;
        all.without_value += part.without_value;
        all.without_volume += part.without_volume;
        for (unit, amount) in &part.volumes {
            *all.volumes.entry(*unit).or_default() += amount;
        }
        all
    })
}

proptest! {
    #[test]
    fn the_parts_of_a_chain_are_the_contracts(links in links()) {
        let mut register = three();
        register.links = links.into();
        let places = places();
        let whole: Chain<'_> = chain(&register, &places, &asked("2024-01-01", None));
        let contracts = Amounts::of(whole.contracts.iter().copied());
        let in_force = register.links.iter().filter(|link| link.holds_on(day("2024-01-01")));
        prop_assert_eq!(&contracts, &Amounts::of(in_force));
        prop_assert_eq!(&sum(whole.buyers.iter().map(|buyer| &buyer.amounts)), &contracts);
        prop_assert_eq!(&sum(whole.dependence.iter().map(|one| &one.amounts)), &contracts);
        prop_assert_eq!(whole.dependence.len() + whole.without_buyer.len(), 3);
        for one in &whole.dependence {
            prop_assert!(one.share.is_none_or(|share| share * f64::from(u8::try_from(one.buyers).unwrap()) >= 0.999));
        }
        let products = ["p0", "p1", "p2"];
        let parts: Vec<Amounts> = products
            .iter()
            .map(|product| chain(&register, &places, &asked("2024-01-01", Some(product))))
            .map(|part| Amounts::of(part.contracts))
            .collect();
        prop_assert_eq!(&sum(parts.iter()), &contracts);
    }
}
