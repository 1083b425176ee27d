//! The chains: who buys from whom as a picture and as tables, who depends on one buyer, which contracts run out, who has no
//! buyer, and which cooperatives stand in which union.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State;
use hoptac_engine::chain::{self, Amounts, Basis, Buyer, Chain, Dependence};
use hoptac_model::date;
use hoptac_model::linkage::{Form, words_of};
use hoptac_model::number;
use hoptac_model::open_data::Form as Cell;
use hoptac_model::register::{Link, Membership, Register};
use hoptac_model::text::fold;
use hoptac_model::unit::Unit;
use hoptac_office::authority::Reading;
use hoptac_report::svg::chain::{self as picture, Band, Side};
use jiff::civil::Date;
use maud::{Markup, html};

use crate::app::{App, Published};
use crate::csv;
use crate::error::{PageError, PageResult};
use crate::geography;
use crate::kept_view;
use crate::language::Voice;
use crate::organisation;
use crate::page::{self, Frame, Here};
use crate::query::Ask;
use crate::register::choice;

/// How many sides the picture has at most; the rest are drawn as one.
const SIDES: usize = 22;
/// How many lines a table shows before the rest is asked for.
const LINES: usize = 20;
/// How many contracts a page shows.
const PAGE: usize = 50;

/// `/chuoi`
pub(crate) async fn page(State(app): State<App>, ask: Ask) -> PageResult {
    let published = app.published();
    let among = seen(&app, &ask, &published);
    let sheet = Sheet::read(&app, &ask, &published, among.as_ref())?;
    let heading = sheet.heading();
    let views = kept_view::bar(&app, &ask).await?;
    let body = html! {
        h1 { (heading) }
        p class="under" { (sheet.under()) }
        @if published.register.has_synthetic() { p class="caution spaced" { (sheet.voice.say("register-synthetic")) } }
        @if among.is_some() { p class="caution spaced" { (sheet.voice.say("records-only-part")) } }
        (sheet.filters())
        (views)
        @if sheet.chain.contracts.is_empty() {
            div class="empty" {
                p { strong { (sheet.voice.say("chain-none")) } }
                p class="soft" { (sheet.voice.say("register-none-help-short")) }
            }
        } @else {
            (sheet.picture())
            (sheet.buyers())
            (sheet.dependence())
            (sheet.running_out())
        }
        (sheet.without_buyer())
        (sheet.contracts())
        (sheet.unions())
    };
    let frame = Frame::new(&app, &ask, &published, Here::Chains, heading);
    Ok(page::draw(&frame, &body))
}

/// `/chuoi.csv`: one line for each contract in force; `/chuoi.csv-metadata.json` says what its columns mean.
pub(crate) async fn as_csv(State(app): State<App>, ask: Ask) -> PageResult {
    let published = app.published();
    let among = seen(&app, &ask, &published);
    let sheet = Sheet::read(&app, &ask, &published, among.as_ref())?;
    let language = sheet.voice.0;
    let columns = vec![
        csv::Column("seller", csv::said("chain-seller"), Cell::Text),
        csv::Column("contract", csv::said("chain-contract"), Cell::Text),
        csv::Column("product", csv::said("link-product"), Cell::Text),
        csv::Column("partner", csv::said("link-partner"), Cell::Text),
        csv::Column("stages", csv::said("chain-stages"), Cell::Text),
        csv::Column("form", csv::said("chain-form"), Cell::Whole),
        csv::Column("signed", csv::said("chain-signed"), Cell::Day),
        csv::Column("until", csv::said("chain-until"), Cell::Day),
        csv::Column("value", csv::said("link-value"), Cell::Whole),
        csv::Column("volume", csv::said("chain-volume"), Cell::Whole),
        csv::Column("volume_unit", csv::said("chain-volume-unit"), Cell::Text),
    ];
    let whole = |value: Option<i64>| value.map_or_else(String::new, |value| value.to_string());
    let row = |link: &Link| {
        vec![
            sheet.name(link.organisation).to_owned(),
            link.link.clone(),
            link.product.to_string(),
            link.partner.name.clone(),
            words_of(&link.stages).get(language).to_owned(),
            Form::of(&link.stages).map_or_else(String::new, |form| form.number().to_string()),
            link.signed_on.to_string(),
            link.to.map_or_else(String::new, |to| to.to_string()),
            whole(link.value),
            whole(link.volume.map(|volume| volume.amount)),
            link.volume.map_or_else(String::new, |v| v.unit.words().get(language).to_owned()),
        ]
    };
    let table = csv::Table {
        file: "hop-dong-lien-ket.csv".to_owned(),
        title: csv::said("nav-chains"),
        about: csv::said("chain-csv"),
        as_of: sheet.as_of,
        published: &published,
        columns,
        // Numbers of contracts are given by whoever signs them.
        key: &[],
        rows: sheet.listed().into_iter().map(row).collect(),
    };
    Ok(table.answer(&ask))
}

/// The sellers whose contracts the visitor may see; none where it is all of them.
fn seen(app: &App, ask: &Ask, published: &Published) -> Option<BTreeSet<u32>> {
    let (register, places) = (&published.register, &published.places);
    ask.visitor.among(Reading::Filings, register, places, app.today())
}

/// By what sellers are put together in the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Organisation,
    Product,
    Place,
}

impl By {
    const ALL: [Self; 3] = [Self::Product, Self::Place, Self::Organisation];

    fn code(self) -> &'static str {
        match self {
            Self::Organisation => "to-chuc",
            Self::Product => "san-pham",
            Self::Place => "dia-ban",
        }
    }

    fn title(self, voice: Voice) -> String {
        match self {
            Self::Organisation => voice.say("chain-by-organisation"),
            Self::Product => voice.say("chain-by-product"),
            Self::Place => voice.say("chain-by-place"),
        }
    }
}

/// What is asked and what there is.
struct Sheet<'a> {
    ask: &'a Ask,
    voice: Voice,
    published: &'a Published,
    among: Option<&'a BTreeSet<u32>>,
    as_of: Date,
    geography: Date,
    unit: Option<&'a Unit>,
    product: Option<&'a str>,
    /// Only contracts with this partner, in the picture and the list of contracts.
    partner: Option<&'a str>,
    months: u8,
    /// From which share on somebody depends on one buyer, percent.
    share: u8,
    chain: Chain<'a>,
}

impl<'a> Sheet<'a> {
    fn read(
        app: &App,
        ask: &'a Ask,
        published: &'a Published,
        among: Option<&'a BTreeSet<u32>>,
    ) -> Result<Self, PageError> {
        let as_of = ask.as_of.unwrap_or_else(|| app.today());
        let (unit, geography) = geography::asked(app, ask, published, as_of)?;
        let number = |name: &str, usual: u8| {
            ask.value(name).and_then(|text| text.parse().ok()).unwrap_or(usual)
        };
        let (product, months) = (ask.value("san-pham"), number("thang", 6).min(60));
        let question = chain::Question {
            on: as_of,
            product,
            unit: unit.map(|unit| (&unit.id, geography)),
            within_months: months,
            among,
        };
        Ok(Self {
            ask,
            voice: Voice(ask.language),
            published,
            among,
            as_of,
            geography,
            unit,
            product,
            partner: ask.value("ben-mua"),
            months,
            share: number("ty-trong", 80).clamp(1, 100),
            chain: chain::chain(&published.register, &published.places, &question),
        })
    }

    fn register(&self) -> &'a Register {
        &self.published.register
    }

    fn name(&self, organisation: u32) -> &'a str {
        self.register().organisation(organisation).map_or("", |one| one.name.as_str())
    }

    fn sees(&self, organisation: u32) -> bool {
        self.among.is_none_or(|some| some.contains(&organisation))
    }

    /// An organisation by its name, which leads to its page where the visitor may go there.
    fn organisation(&self, index: u32) -> Markup {
        html! {
            @match self.href(index) {
                Some(href) => { a href=(href) { (self.name(index)) } },
                None => { (self.name(index)) },
            }
        }
    }

    fn href(&self, index: u32) -> Option<String> {
        let one = self.register().organisation(index).filter(|_| self.sees(index))?;
        Some(organisation::href(self.ask, &one.id.to_string()))
    }

    fn day(&self, day: Date) -> String {
        date::show(day, self.voice.0)
    }

    fn until(&self, link: &Link) -> String {
        link.to.map_or_else(|| self.voice.say("chain-open-ended"), |to| self.day(to))
    }

    fn count(&self, count: usize) -> String {
        number::whole(i64::try_from(count).unwrap_or(i64::MAX), self.voice.0)
    }

    fn millions(&self, amounts: &Amounts) -> String {
        let known = amounts.contracts > amounts.without_value;
        number::millions(known.then_some(amounts.value), self.voice.0)
    }

    /// Who sells at least so much of what it sells to one buyer.
    fn dependent(&self) -> Vec<&Dependence<'a>> {
        let least = f64::from(self.share) / 100.0;
        let all = self.chain.dependence.iter();
        all.filter(|one| one.share.is_some_and(|share| share >= least)).collect()
    }

    /// The contracts in force, only those with the partner where one is asked.
    fn listed(&self) -> Vec<&'a Link> {
        let all = self.chain.contracts.iter().copied();
        all.filter(|link| self.partner.is_none_or(|partner| link.partner.key == partner)).collect()
    }

    fn heading(&self) -> String {
        let key =
            if self.chain.contracts.is_empty() { "chain-heading-none" } else { "chain-heading" };
        self.voice.say_with(
            key,
            &[
                ("contracts", self.count(self.chain.contracts.len()).into()),
                ("sellers", self.count(self.chain.dependence.len()).into()),
                ("dependent", self.count(self.dependent().len()).into()),
                ("without", self.count(self.chain.without_buyer.len()).into()),
            ],
        )
    }

    fn under(&self) -> String {
        let voice = self.voice;
        let mut parts = Vec::new();
        parts.extend(self.product.map(str::to_owned));
        parts.extend(self.unit.map(|unit| unit.name.clone()));
        parts.push(voice.say_with("footer-as-of", &[("day", self.day(self.as_of).into())]));
        parts.push(page::ledger_words(voice, self.register().position));
        parts.join(" · ")
    }

    /// The address of this page with some questions asked otherwise; an empty value asks none.
    fn with(&self, path: &str, other: &[(&str, &str)]) -> String {
        let kept = ["san-pham", "ben-mua", "theo", "thang", "ty-trong"];
        let mut values: Vec<(&str, &str)> =
            kept.iter().filter_map(|name| Some((*name, self.ask.value(name)?))).collect();
        values.retain(|(name, _)| other.iter().all(|(n, _)| n != name));
        values.extend(other.iter().filter(|(_, value)| !value.is_empty()));
        self.ask.for_unit(path, &values)
    }

    fn filters(&self) -> Markup {
        let (voice, ask) = (self.voice, self.ask);
        let mut products: Vec<&str> =
            self.register().links.iter().map(|link| &*link.product).collect();
        products.sort_by_cached_key(|product| fold(product));
        products.dedup();
        let products = products.into_iter().map(|product| (product, product.to_owned()));
        let units = geography::options(self.published, self.unit, self.as_of);
        let unit = self.unit.map(|unit| unit.id.as_str());
        let carried = ask.carried("").into_iter();
        let carried =
            carried.filter(|(name, _)| matches!(name.as_str(), "as_of" | "lang" | "theo"));
        let months = [3, 6, 12, 24].map(|months: u8| {
            (months, voice.say_with("chain-months", &[("months", months.to_string().into())]))
        });
        let shares = [50, 60, 80, 100].map(|share: u8| (share, format!("{share} %")));
        html! {
            form class="filter-bar" method="get" action="/chuoi" {
                @for (name, value) in carried { input type="hidden" name=(name) value=(value); }
                (choice("san-pham", &voice.say("link-product"), &voice.say("register-any"), self.product, products))
                (choice("unit", &voice.say("register-unit"), &voice.say("whole-unit"), unit, units))
                (pick("thang", &voice.say("chain-within"), self.months, &months))
                (pick("ty-trong", &voice.say("chain-share"), self.share, &shares))
                button type="submit" { (voice.say("register-show")) }
                a class="reset" href=(ask.to("/chuoi", &[])) { (voice.say("register-reset")) }
            }
        }
    }

    /// By what the picture puts sellers together: as asked, else organisations as long as they can be told apart.
    fn by(&self, listed: &[&Link]) -> By {
        let asked = self.ask.value("theo");
        if let Some(by) = By::ALL.into_iter().find(|by| Some(by.code()) == asked) {
            return by;
        }
        let sellers: BTreeSet<u32> = listed.iter().map(|link| link.organisation).collect();
        let products: BTreeSet<&str> = listed.iter().map(|link| &*link.product).collect();
        match (sellers.len(), products.len()) {
            (..=SIDES, _) => By::Organisation,
            (_, 1) => By::Place,
            _ => By::Product,
        }
    }

    /// The unit right below the one that is shown in which a seller has its seat.
    fn place(&self, organisation: u32) -> Option<&'a Unit> {
        geography::part(self.published, self.unit, organisation, (self.as_of, self.geography))
    }

    /// Who a contract's seller is in the picture: what it is known by, what it is called, where it leads.
    fn side(&self, by: By, link: &Link) -> (String, String, String) {
        match by {
            By::Organisation => (
                link.organisation.to_string(),
                self.name(link.organisation).to_owned(),
                self.href(link.organisation).unwrap_or_default(),
            ),
            By::Product => {
                let product = &*link.product;
                let href = self.with("/chuoi", &[("san-pham", product), ("theo", "")]);
                (product.to_owned(), product.to_owned(), href)
            }
            By::Place => match self.place(link.organisation) {
                Some(unit) => {
                    let href = self.with("/chuoi", &[("unit", unit.id.as_str()), ("theo", "")]);
                    (unit.id.to_string(), unit.name.clone(), href)
                }
                None => (String::new(), self.voice.say("unknown"), String::new()),
            },
        }
    }

    fn picture(&self) -> Markup {
        let voice = self.voice;
        let listed = self.listed();
        let by = self.by(&listed);
        let dependent: BTreeSet<u32> =
            self.dependent().iter().map(|one| one.organisation).collect();
        let mut sellers = Group::default();
        let mut buyers = Group::default();
        for link in &listed {
            let (key, name, href) = self.side(by, link);
            let caution = by == By::Organisation && dependent.contains(&link.organisation);
            sellers.add(key, name, href, caution);
            let to = self.with("/chuoi", &[("ben-mua", &link.partner.key), ("theo", "")]);
            buyers.add(link.partner.key.clone(), link.partner.name.clone(), to, false);
        }
        let others =
            |count: usize| voice.say_with("chain-others", &[("count", self.count(count).into())]);
        let (sellers, seller_at) = sellers.largest(|n| self.count(n), others);
        let (buyers, buyer_at) = buyers.largest(|n| self.count(n), others);
        let mut weights: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        for link in &listed {
            let (key, ..) = self.side(by, link);
            if let (Some(seller), Some(buyer)) =
                (seller_at.get(&key), buyer_at.get(&link.partner.key))
            {
                *weights.entry((*seller, *buyer)).or_default() += 1.0;
            }
        }
        let bands =
            weights.into_iter().map(|((seller, buyer), weight)| Band { seller, buyer, weight });
        let chain = picture::Chain {
            heads: (voice.say("chain-sell"), voice.say("chain-buy")),
            sellers,
            buyers,
            bands: bands.collect(),
        };
        let title =
            voice.say_with("chain-picture", &[("contracts", self.count(listed.len()).into())]);
        html! {
            section id="so-do" {
                h2 { (voice.say("chain-picture-heading")) }
                nav class="choice" aria-label=(voice.say("chain-by")) {
                    span class="soft" { (voice.say("chain-by")) }
                    @for one in By::ALL {
                        a href={ (self.with("/chuoi", &[("theo", one.code())])) "#so-do" } aria-current=[(one == by).then_some("true")] { (one.title(voice)) }
                    }
                    @if let Some(link) = listed.first().filter(|_| self.partner.is_some()) {
                        a href={ (self.with("/chuoi", &[("ben-mua", "")])) "#so-do" } { (voice.say_with("chain-only-partner", &[("name", link.partner.name.as_str().into())])) }
                    }
                }
                figure { (picture::draw(&chain, &title)) }
                p class="note" {
                    (voice.say("chain-picture-note"))
                    @if by == By::Organisation { " " (voice.say_with("chain-picture-caution", &[("share", self.share.to_string().into())])) }
                }
            }
        }
    }

    /// What each buyer buys of each product, the largest first.
    fn buyers(&self) -> Markup {
        let voice = self.voice;
        let mut buyers: Vec<&Buyer<'_>> = self.chain.buyers.iter().collect();
        buyers
            .sort_by_key(|buyer| std::cmp::Reverse((buyer.amounts.value, buyer.amounts.contracts)));
        let total = Amounts::of(self.chain.contracts.iter().copied());
        let row = |buyer: &&Buyer<'_>| {
            html! {
                tr {
                    th scope="row" class="label" { a href={ (self.with("/chuoi", &[("ben-mua", buyer.partner), ("theo", "")])) "#so-do" } { (buyer.name) } }
                    td { (buyer.product) }
                    td data-label=(voice.say("chain-buyer-kind")) { (buyer.kind.words().get(voice.0)) }
                    td class="number" data-label=(voice.say("chain-sellers")) { (self.count(buyer.sellers)) }
                    td class="number" data-label=(voice.say("chain-contracts")) { (self.count(buyer.amounts.contracts)) }
                    td class="number" data-label=(voice.say("chain-millions")) { (self.millions(&buyer.amounts)) }
                    td class="number" data-label=(voice.say("chain-volume")) { (self.volumes(&buyer.amounts)) }
                }
            }
        };
        let head = html! {
            tr {
                th scope="col" { (voice.say("link-partner")) } th scope="col" { (voice.say("link-product")) } th scope="col" { (voice.say("chain-buyer-kind")) }
                th scope="col" class="number" { (voice.say("chain-sellers")) } th scope="col" class="number" { (voice.say("chain-contracts")) }
                th scope="col" class="number" { (voice.say("chain-millions")) } th scope="col" class="number" { (voice.say("chain-volume")) }
            }
        };
        html! {
            section id="ben-mua" {
                h2 { (voice.say("chain-buyers-heading")) }
                p class="soft" {
                    (voice.say_with("chain-total", &[
                        ("contracts", self.count(total.contracts).into()),
                        ("value", number::millions(Some(total.value), voice.0).into()),
                        ("without", self.count(total.without_value).into()),
                    ]))
                }
                (self.table("ben-mua", &head, &buyers, row))
            }
        }
    }

    fn volumes(&self, amounts: &Amounts) -> String {
        let parts: Vec<String> = amounts
            .volumes
            .iter()
            .map(|(unit, amount)| {
                format!(
                    "{} {}",
                    number::whole(*amount, self.voice.0),
                    unit.words().get(self.voice.0)
                )
            })
            .collect();
        if parts.is_empty() { number::NO_VALUE.to_owned() } else { parts.join("; ") }
    }

    /// A table of its first lines; the rest opens.
    fn table<T>(&self, id: &str, head: &Markup, all: &[T], row: impl Fn(&T) -> Markup) -> Markup {
        let whole = self.ask.value("het") == Some(id);
        let shown = if whole { all.len() } else { LINES };
        let left = all.len().saturating_sub(shown);
        html! {
            table class="list lines" {
                thead { (head) }
                tbody { @for one in all.iter().take(shown) { (row(one)) } }
            }
            @if left > 0 {
                p class="more" { a href={ (self.with("/chuoi", &[("het", id)])) "#" (id) } {
                    (self.voice.say_with("chain-more", &[("count", self.count(left).into())]))
                } }
            }
        }
    }

    fn dependence(&self) -> Markup {
        let voice = self.voice;
        let dependent = self.dependent();
        let unknown = self.chain.dependence.iter().filter(|one| one.share.is_none()).count();
        let row = |one: &&Dependence<'_>| {
            html! {
                tr {
                    th scope="row" class="label" { (self.organisation(one.organisation)) }
                    td { (one.name.unwrap_or(number::NO_VALUE)) }
                    td class="number" data-label=(voice.say("chain-largest-share")) { (number::show(one.share.unwrap_or_default() * 100.0, 0, voice.0)) " %" }
                    td class="number" data-label=(voice.say("chain-buyers-count")) { (self.count(one.buyers)) }
                    td data-label=(voice.say("chain-basis")) { (basis(one.basis, voice)) }
                    td class="number" data-label=(voice.say("chain-millions")) { (self.millions(&one.amounts)) }
                }
            }
        };
        let head = html! {
            tr {
                th scope="col" { (voice.say("chain-seller")) } th scope="col" { (voice.say("chain-largest")) }
                th scope="col" class="number" { (voice.say("chain-largest-share")) } th scope="col" class="number" { (voice.say("chain-buyers-count")) }
                th scope="col" { (voice.say("chain-basis")) } th scope="col" class="number" { (voice.say("chain-millions")) }
            }
        };
        html! {
            section id="phu-thuoc" {
                h2 { (voice.say("chain-dependence-heading")) }
                p class="soft" {
                    (voice.say_with("chain-dependent", &[
                        ("dependent", self.count(dependent.len()).into()),
                        ("sellers", self.count(self.chain.dependence.len()).into()),
                        ("share", self.share.to_string().into()),
                        ("unknown", self.count(unknown).into()),
                    ]))
                }
                @if !dependent.is_empty() { (self.table("phu-thuoc", &head, &dependent, row)) }
            }
        }
    }

    fn running_out(&self) -> Markup {
        let voice = self.voice;
        let all = &self.chain.running_out;
        let row = |link: &&Link| {
            html! {
                tr {
                    th scope="row" class="label" { (self.organisation(link.organisation)) " " span class="id" { (link.link) } }
                    td { (link.product) }
                    td { (link.partner.name) }
                    td class="number" data-label=(voice.say("chain-millions")) { (number::millions(link.value, voice.0)) }
                    td data-label=(voice.say("chain-until")) { (self.until(link)) }
                }
            }
        };
        let head = html! {
            tr {
                th scope="col" { (voice.say("chain-seller")) } th scope="col" { (voice.say("link-product")) } th scope="col" { (voice.say("link-partner")) }
                th scope="col" class="number" { (voice.say("chain-millions")) } th scope="col" { (voice.say("chain-until")) }
            }
        };
        html! {
            section id="sap-het" {
                h2 { (voice.say("chain-running-out-heading")) }
                p class="soft" { (voice.say_with("chain-running-out", &[("count", self.count(all.len()).into()), ("months", self.months.to_string().into())])) }
                @if !all.is_empty() { (self.table("sap-het", &head, all, row)) }
            }
        }
    }

    fn without_buyer(&self) -> Markup {
        let voice = self.voice;
        let all = &self.chain.without_buyer;
        let whole = self.ask.value("het") == Some("chua-co");
        let shown = if whole { all.len() } else { LINES * 2 };
        let key = if self.product.is_some() { "chain-without-product" } else { "chain-without" };
        html! {
            section id="chua-co" {
                h2 { (voice.say("chain-without-heading")) }
                p class="soft" { (voice.say_with(key, &[("count", self.count(all.len()).into()), ("product", self.product.unwrap_or_default().into())])) }
                ul class="places names" { @for index in all.iter().take(shown) { li { (self.organisation(*index)) } } }
                @if all.len() > shown {
                    p class="more" { a href={ (self.with("/chuoi", &[("het", "chua-co")])) "#chua-co" } {
                        (voice.say_with("chain-more", &[("count", self.count(all.len() - shown).into())]))
                    } }
                }
            }
        }
    }

    /// Every contract in force, page by page.
    fn contracts(&self) -> Markup {
        let voice = self.voice;
        let all = self.listed();
        if all.is_empty() {
            return html! {};
        }
        let asked: usize = self.ask.value("from").and_then(|from| from.parse().ok()).unwrap_or(0);
        let start = asked.min(all.len().saturating_sub(1)) / PAGE * PAGE;
        let end = (start + PAGE).min(all.len());
        let to = |from: usize| {
            format!("{}#hop-dong", self.with("/chuoi", &[("from", &from.to_string())]))
        };
        html! {
            section id="hop-dong" {
                h2 { (voice.say("chain-contracts-heading")) }
                table class="list lines" {
                    thead { tr {
                        th scope="col" { (voice.say("chain-seller")) } th scope="col" { (voice.say("link-product")) } th scope="col" { (voice.say("link-partner")) }
                        th scope="col" { (voice.say("link-stages")) } th scope="col" class="number" { (voice.say("chain-millions")) } th scope="col" { (voice.say("chain-until")) }
                    } }
                    tbody {
                        @for link in all.get(start..end).unwrap_or_default() {
                            tr {
                                th scope="row" class="label" { (self.organisation(link.organisation)) " " span class="id" { (link.link) } }
                                td { (link.product) }
                                td { (link.partner.name) }
                                td data-label=(voice.say("link-stages")) {
                                    (words_of(&link.stages).get(voice.0))
                                    @if let Some(form) = Form::of(&link.stages) { " " span class="id" { (voice.say_with("chain-form-number", &[("number", form.number().to_string().into())])) } }
                                }
                                td class="number" data-label=(voice.say("chain-millions")) { (number::millions(link.value, voice.0)) }
                                td data-label=(voice.say("chain-until")) { (self.until(link)) }
                            }
                        }
                    }
                }
                p class="pages" {
                    @if start > 0 { a href=(to(start - PAGE)) rel="prev" { (voice.say("records-previous")) } }
                    span { (voice.say_with("chain-range", &[("first", self.count(start + 1).into()), ("last", self.count(end).into()), ("all", self.count(all.len()).into())])) }
                    @if end < all.len() { a href=(to(end)) rel="next" { (voice.say("records-next")) } }
                    a href=(self.with("/chuoi.csv", &[])) download { "CSV" }
                    a href=(self.with("/chuoi.csv", &[("bom", "1")])) download { (voice.say("csv-for-excel")) }
                }
                p class="note" { (voice.say("chain-form-note")) }
            }
        }
    }

    /// Which cooperatives stand in which union on the day, and which have left.
    fn unions(&self) -> Markup {
        let voice = self.voice;
        let mut by_union: BTreeMap<u32, Vec<&Membership>> = BTreeMap::new();
        let begun = self.register().memberships.iter().filter(|one| one.from <= self.as_of);
        for one in begun.filter(|one| self.sees(one.union) || self.sees(one.organisation)) {
            by_union.entry(one.union).or_default().push(one);
        }
        let is_over = |one: &Membership| one.to.is_some_and(|to| to < self.as_of);
        let span = |one: &Membership| match one.to {
            Some(to) => format!("{} – {}", self.day(one.from), self.day(to)),
            None => voice.say_with("since", &[("day", self.day(one.from).into())]),
        };
        html! {
            section id="lien-hiep" {
                h2 { (voice.say("chain-unions-heading")) }
                @if by_union.is_empty() { p class="quiet" { (voice.say("chain-no-unions")) } }
                @for (union, members) in &by_union {
                    @let now = members.iter().filter(|one| !is_over(one)).count();
                    h3 { (self.organisation(*union)) " " span class="id" { (voice.say_with("chain-union-members", &[("count", self.count(now).into())])) } }
                    ul class="ruled one-column" {
                        @for one in members {
                            li class=[is_over(one).then_some("out")] { span { (self.organisation(one.organisation)) } span class="end" { (span(one)) } }
                        }
                    }
                }
            }
        }
    }
}

/// Sides with how many contracts each has, by what they are known by.
#[derive(Default)]
struct Group {
    sides: BTreeMap<String, (Side, usize)>,
}

impl Group {
    fn add(&mut self, key: String, name: String, href: String, caution: bool) {
        let side = Side { name, href, caution, ..Side::default() };
        self.sides.entry(key).or_insert((side, 0)).1 += 1;
    }

    /// The largest, with the rest as one, and the place of each by what it is known by.
    fn largest(
        self,
        count: impl Fn(usize) -> String,
        others: impl Fn(usize) -> String,
    ) -> (Vec<Side>, BTreeMap<String, usize>) {
        let mut all: Vec<(String, Side, usize)> =
            self.sides.into_iter().map(|(key, (side, n))| (key, side, n)).collect();
        all.sort_by(|a, b| {
            b.2.cmp(&a.2)
                .then_with(|| fold(&a.1.name).cmp(&fold(&b.1.name)))
                .then_with(|| a.0.cmp(&b.0))
        });
        // One that would be alone among the rest is drawn as itself.
        let kept = if all.len() > SIDES { SIDES - 1 } else { all.len() };
        let mut sides = Vec::new();
        let mut at = BTreeMap::new();
        let (mut rest, mut rest_contracts) = (0, 0);
        for (index, (key, side, contracts)) in all.into_iter().enumerate() {
            at.insert(key, index.min(kept));
            if index < kept {
                sides.push(Side { amount: count(contracts), ..side });
            } else {
                rest += 1;
                rest_contracts += contracts;
            }
        }
        if rest > 0 {
            sides.push(Side {
                name: others(rest),
                amount: count(rest_contracts),
                rest: true,
                ..Side::default()
            });
        }
        (sides, at)
    }
}

/// A choice among numbers, of which one always holds.
fn pick(name: &str, title: &str, chosen: u8, options: &[(u8, String)]) -> Markup {
    html! {
        div class="field" {
            label for=(name) { (title) }
            select id=(name) name=(name) {
                @if options.iter().all(|(value, _)| *value != chosen) { option value=(chosen) selected { (chosen) } }
                @for (value, words) in options { option value=(value) selected[*value == chosen] { (words) } }
            }
        }
    }
}

fn basis(basis: Basis, voice: Voice) -> String {
    match basis {
        Basis::OnlyBuyer => voice.say("chain-basis-only"),
        Basis::Value => voice.say("chain-basis-value"),
        Basis::Volume => voice.say("chain-basis-volume"),
        Basis::Unknown => voice.say("unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_are_drawn_as_one() {
        let mut group = Group::default();
        for seller in 0..30 {
            for _ in 0..=seller {
                group.add(seller.to_string(), format!("HTX {seller}"), String::new(), false);
            }
        }
        let (sides, at) = group.largest(|n| n.to_string(), |n| format!("{n} khác"));
        assert_eq!(sides.len(), SIDES);
        // The 21 largest have 10 to 30 contracts; the nine others 1 to 9.
        assert_eq!(
            sides.last().map(|side| (side.name.as_str(), side.amount.as_str())),
            Some(("9 khác", "45"))
        );
        assert_eq!((at["29"], at["9"], at["0"]), (0, 20, 21));
    }
    #[test]
    fn few_are_all_drawn() {
        let mut group = Group::default();
        group.add("a".to_owned(), "A".to_owned(), String::new(), true);
        let (sides, at) = group.largest(|n| n.to_string(), |n| n.to_string());
        assert_eq!((sides.len(), at["a"]), (1, 0));
    }
}
