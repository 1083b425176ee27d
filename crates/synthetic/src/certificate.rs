//! Certificates of products: OCOP for 36 months, good farming practice, organic farming.

use hoptac_model::filing::{Body, ProductCertify};
use hoptac_model::organisation::{Kind, Sector};
use jiff::civil::Date;

use crate::chance::{Chance, after, months_after};
use crate::life::Life;
use crate::record::Event;

/// The first round of OCOP in the province.
const FIRST: i16 = 2019;

/// The certificates of a life.
pub(crate) fn events(life: &Life, last_year: i16, chance: &mut Chance) -> Vec<Event> {
    let mut events = Vec::new();
    let mut products: u32 = 0;
    let mut renew: Vec<(String, i16)> = Vec::new();
    for year in FIRST.max(life.founded.year() + 1)..=last_year {
        let day = chance.day(Date::constant(year, 5, 15), Date::constant(year, 12, 20));
        let sells = match (life.kind_on(day), life.activity.sector()) {
            (Kind::Cooperative | Kind::Union, Sector::Agricultural) => 1.0,
            (Kind::Cooperative | Kind::Union, Sector::NonAgricultural) => 0.25,
            (Kind::Group, Sector::Agricultural) => 0.12,
            (Kind::Group, Sector::NonAgricultural) => 0.02,
        };
        let well = (life.quality - 0.3).max(0.0) * sells;
        let (ocop, farming) = (chance.yes(0.22 * well), chance.yes(0.18 * well));
        let renews = chance.yes(0.7);
        if !life.operates_on(day) {
            continue;
        }
        // Three years later a product is judged again, or falls out.
        let due: Vec<String> = renew
            .iter()
            .filter(|(_, from)| from + 3 == year && renews)
            .map(|(product, _)| product.clone())
            .collect();
        let fresh = ocop.then(|| {
            products += 1;
            match products {
                1 => life.activity.product.to_owned(),
                _ => format!("{} (sản phẩm {products})", life.activity.product),
            }
        });
        for (index, product) in due.into_iter().chain(fresh).enumerate() {
            renew.push((product.clone(), year));
            let stars = if chance.yes(0.02) { 5 } else { 3 + u8::from(chance.yes(0.15)) };
            events.push(certify(
                day,
                "officer.agriculture",
                ProductCertify {
                    certificate: format!("OCOP-{year}-{:02}", index + 1),
                    product,
                    kind: "ocop".to_owned(),
                    stars: Some(stars),
                    to: Some(after(months_after(day, 36), -1)),
                    decision: "Quyết định mô phỏng".to_owned(),
                    ..ProductCertify::default()
                },
            ));
        }
        if farming && life.activity.vsic == 'A' {
            let kind = if chance.yes(0.85) { "vietgap" } else { "organic" };
            events.push(certify(
                day,
                "officer.agriculture",
                ProductCertify {
                    certificate: format!("{}-{year}", kind.to_uppercase()),
                    product: life.activity.product.to_owned(),
                    kind: kind.to_owned(),
                    stars: None,
                    to: Some(after(months_after(day, chance.whole(2, 3) * 12), -1)),
                    ..ProductCertify::default()
                },
            ));
        }
    }
    events
}

fn certify(day: Date, actor: &str, body: ProductCertify) -> Event {
    Event::new(day, actor, Body::ProductCertify(body))
}
