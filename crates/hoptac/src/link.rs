//! `hoptac link`: linkage contracts, each with its form, and the chain that they make.

use std::collections::BTreeMap;

use anyhow::Result;
use hoptac_engine::chain::{self, Amounts, Basis, Buyer, Chain, Dependence};
use hoptac_model::filing::{Body, Filing, FilingKind, Subject};
use hoptac_model::linkage::{Form, words_of};
use hoptac_model::number;
use hoptac_model::register::Link;
use hoptac_model::text::{Language, fold};
use hoptac_store::Store;
use serde_json::{Map, Value, json};

use crate::cli::Place;
use crate::cli::link::{
    ChainArguments, ChangeArguments, EndArguments, LinkCommand, ListArguments, ShowArguments,
    SignArguments, Terms,
};
use crate::output::{self, Align, Table};
use crate::sentence::refuse;
use crate::sight::Sight;
use crate::{Outcome, filing};

pub(crate) async fn run(place: &Place, command: LinkCommand) -> Result<Outcome> {
    match command {
        LinkCommand::List(arguments) => list(place, &arguments).await,
        LinkCommand::Show(arguments) => show(place, &arguments).await,
        LinkCommand::Chain(arguments) => chain(place, &arguments).await,
        LinkCommand::Sign(arguments) => sign(place, &arguments).await,
        LinkCommand::Change(arguments) => change(place, &arguments).await,
        LinkCommand::End(arguments) => end(place, &arguments).await,
    }
}

async fn list(place: &Place, arguments: &ListArguments) -> Result<Outcome> {
    let sight = Sight::open(place, arguments.days).await?;
    let unit = sight.unit(arguments.unit.as_deref())?;
    let seller = arguments.org.as_deref().map(|org| sight.must_find(org)).transpose()?;
    let product = arguments.product.as_deref().map(fold);
    // Spans of one contract stand one behind the other; of those that have begun the last one tells how it stands.
    let mut standing: BTreeMap<(u32, &str), &Link> = BTreeMap::new();
    for link in sight.register().links.iter().filter(|link| link.from <= sight.on) {
        standing.insert((link.organisation, &link.link), link);
    }
    let links: Vec<&Link> = standing
        .into_values()
        .filter(|link| arguments.all || link.holds_on(sight.on))
        .filter(|link| seller.is_none_or(|seller| link.organisation == seller))
        .filter(|link| product.as_ref().is_none_or(|text| fold(&link.product).contains(text)))
        .filter(|link| sight.is_in(link.organisation, unit.as_ref()))
        .collect();
    if sight.wants_json() {
        let list: Vec<Value> = links.iter().map(|link| to_json(&sight, link)).collect();
        output::json(&sight.answer(json!({ "contracts": list })))?;
        return Ok(Outcome::Done);
    }
    let heads = if sight.vi() {
        ["Hợp đồng", "Bên bán", "Bên mua", "Sản phẩm", "HT", "Triệu đồng", "Đến"]
    } else {
        ["Contract", "Seller", "Buyer", "Product", "Form", "Million đồng", "Until"]
    };
    let [link, seller, buyer, product, form, value, to] = heads;
    let mut table = Table::new(&[
        (link, Align::Left),
        (seller, Align::Left),
        (buyer, Align::Left),
        (product, Align::Left),
        (form, Align::Right),
        (value, Align::Right),
        (to, Align::Left),
    ]);
    for link in &links {
        table.row(vec![
            link.link.clone(),
            sight.name(link.organisation).to_owned(),
            link.partner.name.clone(),
            link.product.to_string(),
            form_number(link),
            sight.millions(link.value),
            sight.day_or_open(link.to),
        ]);
    }
    print(&table)?;
    let (count, day) = (sight.count(links.len()), sight.day(sight.on));
    sight.say(
        &format!("{count} hợp đồng tính đến {day}. HT: hình thức liên kết (Điều 4 Nghị định 98/2018/NĐ-CP), — là không thuộc hình thức nào."),
        &format!("{count} contracts on {day}. Form: of Decree 98/2018, Article 4; — is none of the seven."),
    )?;
    sight.say_synthetic()?;
    Ok(Outcome::Done)
}

async fn show(place: &Place, arguments: &ShowArguments) -> Result<Outcome> {
    let sight = Sight::open(place, arguments.days).await?;
    let seller = sight.must_find(&arguments.organisation)?;
    let terms: Vec<&Link> = sight
        .register()
        .links
        .of(seller)
        .iter()
        .filter(|link| link.link == arguments.link)
        .collect();
    if terms.is_empty() {
        refuse!(
            "{name} không có hợp đồng `{link}`; `hoptac link list --org {organisation} --all` liệt kê các hợp đồng đã có",
            "{name} has no contract `{link}`; `hoptac link list --org {organisation} --all` shows those that it has",
            name = sight.name(seller),
            link = &arguments.link,
            organisation = &arguments.organisation
        );
    }
    let filings = filings_of(&sight, seller, &arguments.link).await?;
    if sight.wants_json() {
        let spans: Vec<Value> = terms.iter().map(|link| to_json(&sight, link)).collect();
        let filings = filings.iter().map(filing::to_json).collect::<Result<Vec<_>>>()?;
        output::json(&sight.answer(json!({
            "organisation": sight.brief(seller),
            "link": arguments.link,
            "in_force": terms.iter().any(|link| link.holds_on(sight.on)),
            "terms": spans,
            "filings": filings,
        })))?;
        return Ok(Outcome::Done);
    }
    output::say(&format!("{} · {}", arguments.link, sight.name(seller)))?;
    let language = sight.language();
    for link in &terms {
        let now = if link.holds_on(sight.on) { "●" } else { "○" };
        output::say(&format!("{now} {} – {}", sight.day(link.from), sight.day_or_open(link.to)))?;
        let say = |vi: &str, en: &str, text: String| -> Result<()> {
            let name = if sight.vi() { vi } else { en };
            output::say(&format!("  {name:<20}{text}"))
        };
        let kind = link.partner.kind.words();
        say("Bên mua", "Buyer", format!("{} ({})", link.partner.name, kind.get(language)))?;
        say("Sản phẩm", "Product", link.product.to_string())?;
        say("Các khâu", "Stages", words_of(&link.stages).get(language).to_owned())?;
        say("Hình thức", "Form", form_words(link, language))?;
        say("Giá trị", "Value", money(&sight, link.value))?;
        say("Sản lượng/năm", "Volume a year", volume(&sight, link))?;
        say("Diện tích", "Area", area(&sight, link))?;
        if !link.proof.is_empty() {
            say("Tài liệu", "Proof", link.proof.clone())?;
        }
    }
    for filed in &filings {
        output::say(&format!(
            "  {} {} ({} {})",
            sight.day(filed.effective_on),
            filed.kind.code(),
            if sight.vi() { "sổ cái số" } else { "position" },
            filed.position
        ))?;
    }
    sight.say_synthetic()?;
    Ok(Outcome::Done)
}

/// The filings about one contract, as far as they were known.
#[expect(clippy::wildcard_enum_match_arm, reason = "other kinds are left out before")]
async fn filings_of(sight: &Sight, seller: u32, name: &str) -> Result<Vec<Filing>> {
    let Some(organisation) = sight.organisation(seller) else { return Ok(Vec::new()) };
    let all = sight.store.filings_about(&Subject::organisation(organisation.id)).await?;
    let kinds = [FilingKind::LinkSign, FilingKind::LinkChange, FilingKind::LinkEnd];
    let mut own = Vec::new();
    for filed in all
        .into_iter()
        .filter(|filed| kinds.contains(&filed.kind) && filed.position <= sight.known.position)
    {
        let body = filed.typed_body()?;
        let named = match &body {
            Body::LinkSign(body) => Some(&body.link),
            Body::LinkChange(body) => Some(&body.link),
            Body::LinkEnd(body) => Some(&body.link),
            _ => None,
        };
        if named.is_some_and(|link| link == name) {
            own.push(filed);
        }
    }
    Ok(own)
}

async fn chain(place: &Place, arguments: &ChainArguments) -> Result<Outcome> {
    let sight = Sight::open(place, arguments.days).await?;
    let unit = sight.unit(arguments.unit.as_deref())?;
    let question = chain::Question {
        on: sight.on,
        product: arguments.product.as_deref(),
        unit: unit.as_ref().map(|(unit, geography)| (unit, *geography)),
        within_months: arguments.within,
        among: None,
    };
    let chain = chain::chain(sight.register(), &sight.known.places, &question);
    let least = f64::from(arguments.share) / 100.0;
    let dependent: Vec<&Dependence<'_>> = chain
        .dependence
        .iter()
        .filter(|one| one.share.is_some_and(|share| share >= least))
        .collect();
    let unknown = chain.dependence.iter().filter(|one| one.share.is_none()).count();
    if sight.wants_json() {
        output::json(&chain_json(&sight, arguments, &chain, dependent.len(), unknown))?;
        return Ok(Outcome::Done);
    }
    say_chain(&sight, arguments, &chain, &dependent, unknown)?;
    sight.say_synthetic()?;
    Ok(Outcome::Done)
}

fn chain_json(
    sight: &Sight,
    arguments: &ChainArguments,
    chain: &Chain<'_>,
    dependent: usize,
    unknown: usize,
) -> Value {
    let buyers: Vec<Value> = chain
        .buyers
        .iter()
        .map(|buyer| {
            json!({
                "product": buyer.product,
                "partner": buyer.partner,
                "name": buyer.name,
                "kind": buyer.kind.code(),
                "organisation": buyer.organisation.map(|index| sight.brief(index)),
                "sellers": buyer.sellers,
                "amounts": amounts_json(&buyer.amounts),
            })
        })
        .collect();
    let dependence: Vec<Value> = chain
        .dependence
        .iter()
        .map(|one| {
            json!({
                "organisation": sight.brief(one.organisation),
                "buyers": one.buyers,
                "largest": one.partner,
                "largest_name": one.name,
                "share": one.share,
                "basis": one.basis.code(),
                "amounts": amounts_json(&one.amounts),
            })
        })
        .collect();
    let list =
        |links: &[&Link]| -> Vec<Value> { links.iter().map(|link| to_json(sight, link)).collect() };
    let without: Vec<Value> = chain.without_buyer.iter().map(|one| sight.brief(*one)).collect();
    sight.answer(json!({
        "product": arguments.product,
        "unit": arguments.unit,
        "within_months": arguments.within,
        "share_percent": arguments.share,
        "totals": amounts_json(&Amounts::of(chain.contracts.iter().copied())),
        "contracts": list(&chain.contracts),
        "buyers": buyers,
        "dependence": dependence,
        "dependent": dependent,
        "dependence_unknown": unknown,
        "without_buyer": without,
        "running_out": list(&chain.running_out),
    }))
}

fn amounts_json(amounts: &Amounts) -> Value {
    let volumes: Map<String, Value> = amounts
        .volumes
        .iter()
        .map(|(unit, amount)| (unit.code().to_owned(), json!(amount)))
        .collect();
    json!({
        "contracts": amounts.contracts,
        "value": amounts.value,
        "without_value": amounts.without_value,
        "volumes": volumes,
        "without_volume": amounts.without_volume,
    })
}

fn say_chain(
    sight: &Sight,
    arguments: &ChainArguments,
    chain: &Chain<'_>,
    dependent: &[&Dependence<'_>],
    unknown: usize,
) -> Result<()> {
    let total = Amounts::of(chain.contracts.iter().copied());
    let (contracts, value) = (sight.count(total.contracts), sight.millions(Some(total.value)));
    let open = sight.count(total.without_value);
    let day = sight.day(sight.on);
    sight.say(
        &format!("{contracts} hợp đồng tính đến {day}, giá trị đã biết {value} triệu đồng ({open} hợp đồng chưa có giá trị)."),
        &format!("{contracts} contracts on {day}, {value} million đồng as far as known ({open} without a value)."),
    )?;
    heading(sight, "Ai mua của ai", "Who buys from whom")?;
    let mut table = five(
        sight,
        ["Sản phẩm", "Bên mua", "Bên bán", "HĐ", "Triệu đồng"],
        ["Product", "Buyer", "Sellers", "Contracts", "Million đồng"],
    );
    let mut buyers: Vec<&Buyer<'_>> = chain.buyers.iter().collect();
    buyers.sort_by_key(|buyer| std::cmp::Reverse(buyer.amounts.value));
    for buyer in buyers.iter().take(arguments.limit) {
        table.row(vec![
            buyer.product.to_owned(),
            buyer.name.to_owned(),
            sight.count(buyer.sellers),
            sight.count(buyer.amounts.contracts),
            sight.millions(Some(buyer.amounts.value)),
        ]);
    }
    print(&table)?;
    more(sight, buyers.len(), arguments.limit)?;

    heading(sight, "Phụ thuộc một bên mua", "Dependent on one buyer")?;
    let mut table = five(
        sight,
        ["Bên bán", "Bên mua lớn nhất", "%", "Số bên mua", "Cơ sở"],
        ["Seller", "Largest buyer", "%", "Buyers", "By"],
    );
    for one in dependent.iter().take(arguments.limit) {
        table.row(vec![
            sight.name(one.organisation).to_owned(),
            one.name.unwrap_or_default().to_owned(),
            number::show(one.share.unwrap_or_default() * 100.0, 0, sight.language()),
            sight.count(one.buyers),
            basis_words(one.basis, sight.vi()).to_owned(),
        ]);
    }
    print(&table)?;
    more(sight, dependent.len(), arguments.limit)?;
    let (count, sellers) = (sight.count(dependent.len()), sight.count(chain.dependence.len()));
    let (share, unknown) = (arguments.share, sight.count(unknown));
    sight.say(
        &format!("{count} trong {sellers} tổ chức bán từ {share} % trở lên cho một bên mua; {unknown} tổ chức chưa đủ số liệu để tính."),
        &format!("{count} of {sellers} sellers sell at least {share} % to one buyer; of {unknown} it is not known."),
    )?;

    heading(sight, "Hợp đồng sắp hết hạn", "Contracts that run out")?;
    let mut table = five(
        sight,
        ["Đến", "Hợp đồng", "Bên bán", "Bên mua", "Triệu đồng"],
        ["Until", "Contract", "Seller", "Buyer", "Million đồng"],
    );
    for link in chain.running_out.iter().take(arguments.limit) {
        table.row(vec![
            sight.day_or_open(link.to),
            link.link.clone(),
            sight.name(link.organisation).to_owned(),
            link.partner.name.clone(),
            sight.millions(link.value),
        ]);
    }
    print(&table)?;
    more(sight, chain.running_out.len(), arguments.limit)?;
    let (out, months) = (sight.count(chain.running_out.len()), arguments.within);
    sight.say(
        &format!("{out} hợp đồng hết hạn trong {months} tháng tới."),
        &format!("{out} contracts end within {months} months."),
    )?;

    heading(sight, "Chưa có bên mua", "Without a buyer")?;
    for organisation in chain.without_buyer.iter().take(arguments.limit) {
        output::say(&format!("  {}", sight.name(*organisation)))?;
    }
    more(sight, chain.without_buyer.len(), arguments.limit)?;
    let without = sight.count(chain.without_buyer.len());
    match &arguments.product {
        Some(product) => sight.say(
            &format!("{without} tổ chức đang hoạt động từng bán hoặc có chứng nhận cho `{product}` nay không có hợp đồng."),
            &format!("{without} operating organisations that once sold `{product}` or hold a certificate of it have no contract."),
        ),
        None => sight.say(
            &format!("{without} tổ hợp tác, hợp tác xã đang hoạt động không có hợp đồng liên kết."),
            &format!("{without} operating groups and cooperatives have no linkage contract."),
        ),
    }
}

fn heading(sight: &Sight, vi: &str, en: &str) -> Result<()> {
    output::say("")?;
    sight.say(vi, en)
}

/// A table of five columns: texts, the last two or three of them numbers as their heads say.
fn five(sight: &Sight, vi: [&str; 5], en: [&str; 5]) -> Table {
    let numbers = ["Bên bán", "Sellers", "HĐ", "Contracts", "Triệu đồng", "Million đồng", "%"];
    let heads = if sight.vi() { vi } else { en };
    let columns: Vec<(&str, Align)> = heads
        .into_iter()
        .enumerate()
        .map(|(index, head)| {
            let right = index >= 2 && numbers.contains(&head) && heads.first() != Some(&"Đến");
            let right = right || (index == 4 && head != "Cơ sở" && head != "By");
            (head, if right { Align::Right } else { Align::Left })
        })
        .collect();
    Table::new(&columns)
}

fn print(table: &Table) -> Result<()> {
    table.lines(output::WIDTH).iter().try_for_each(|line| output::say(line))
}

/// How many lines a table has left out.
fn more(sight: &Sight, all: usize, shown: usize) -> Result<()> {
    let left = all.saturating_sub(shown);
    if left == 0 {
        return Ok(());
    }
    let left = sight.count(left);
    sight.say(&format!("… và {left} dòng nữa"), &format!("… and {left} more"))
}

fn basis_words(basis: Basis, vi: bool) -> &'static str {
    match (basis, vi) {
        (Basis::OnlyBuyer, true) => "bên mua duy nhất",
        (Basis::OnlyBuyer, false) => "only buyer",
        (Basis::Value, true) => "giá trị",
        (Basis::Value, false) => "value",
        (Basis::Volume, true) => "sản lượng",
        (Basis::Volume, false) => "volume",
        (Basis::Unknown, true) => "chưa biết",
        (Basis::Unknown, false) => "unknown",
    }
}

fn form_number(link: &Link) -> String {
    Form::of(&link.stages)
        .map_or_else(|| number::NO_VALUE.to_owned(), |form| form.number().to_string())
}

fn form_words(link: &Link, language: Language) -> String {
    match (Form::of(&link.stages), language) {
        (Some(form), Language::Vi) => {
            format!("hình thức {} (Nghị định 98/2018/NĐ-CP)", form.number())
        }
        (Some(form), Language::En) => format!("form {} (Decree 98/2018)", form.number()),
        (None, Language::Vi) => "không thuộc hình thức nào trong 7 hình thức".to_owned(),
        (None, Language::En) => "none of the seven forms".to_owned(),
    }
}

fn money(sight: &Sight, value: Option<i64>) -> String {
    value
        .map_or_else(|| number::NO_VALUE.to_owned(), |value| format!("{} đồng", sight.whole(value)))
}

fn volume(sight: &Sight, link: &Link) -> String {
    link.volume.map_or_else(
        || number::NO_VALUE.to_owned(),
        |volume| {
            let unit = volume.unit.words();
            format!("{} {}", sight.whole(volume.amount), unit.get(sight.language()))
        },
    )
}

fn area(sight: &Sight, link: &Link) -> String {
    link.area
        .map_or_else(|| number::NO_VALUE.to_owned(), |area| format!("{} m²", sight.whole(area)))
}

fn to_json(sight: &Sight, link: &Link) -> Value {
    let form = Form::of(&link.stages);
    json!({
        "organisation": sight.brief(link.organisation),
        "link": link.link,
        "signed_on": link.signed_on,
        "from": link.from,
        "to": link.to,
        "in_force": link.holds_on(sight.on),
        "partner": link.partner.key,
        "partner_name": link.partner.name,
        "partner_kind": link.partner.kind.code(),
        "partner_organisation": link.partner.organisation.map(|buyer| sight.brief(buyer)),
        "product": &*link.product,
        "stages": &*link.stages,
        "form": form.map(Form::number),
        "form_words": form.map(Form::words),
        "value": link.value,
        "volume": link.volume,
        "area": link.area,
        "proof": link.proof,
    })
}

async fn sign(place: &Place, arguments: &SignArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let mut fields = terms(&arguments.terms);
    fields.insert("link".to_owned(), json!(arguments.link));
    if let Some(partner) = partner(&store, &arguments.terms).await? {
        fields.extend(partner);
    }
    let organisation = &arguments.organisation;
    filing::file_fields(&store, FilingKind::LinkSign, organisation, fields, &arguments.filed).await
}

async fn change(place: &Place, arguments: &ChangeArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let mut fields = terms(&arguments.terms);
    fields.insert("link".to_owned(), json!(arguments.link));
    if let Some(partner) = partner(&store, &arguments.terms).await? {
        fields.insert("partner".to_owned(), Value::Object(partner));
    }
    if arguments.open_ended {
        fields.insert("open_ended".to_owned(), json!(true));
    }
    if let Some(reason) = &arguments.reason {
        fields.insert("reason".to_owned(), json!(reason));
    }
    let organisation = &arguments.organisation;
    filing::file_fields(&store, FilingKind::LinkChange, organisation, fields, &arguments.filed)
        .await
}

async fn end(place: &Place, arguments: &EndArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let mut fields = Map::new();
    fields.insert("link".to_owned(), json!(arguments.link));
    fields.insert("reason".to_owned(), json!(arguments.reason.as_deref().unwrap_or_default()));
    let organisation = &arguments.organisation;
    filing::file_fields(&store, FilingKind::LinkEnd, organisation, fields, &arguments.filed).await
}

/// The terms that were named, as fields of a body.
fn terms(terms: &Terms) -> Map<String, Value> {
    let mut fields = Map::new();
    let volume = terms.volume.map(|amount| json!({ "amount": amount, "unit": terms.volume_unit }));
    for (name, value) in [
        ("product", terms.product.as_ref().map(|text| json!(text))),
        ("stages", terms.stages.as_ref().map(|stages| json!(stages))),
        ("to", terms.to.map(|day| json!(day))),
        ("value", terms.value.map(|value| json!(value))),
        ("volume", volume),
        ("area", terms.area.map(|area| json!(area))),
        ("proof", terms.proof.as_ref().map(|text| json!(text))),
    ] {
        fields.extend(value.map(|value| (name.to_owned(), value)));
    }
    fields
}

/// The other side; what the register knows of it need not be typed.
async fn partner(store: &Store, terms: &Terms) -> Result<Option<Map<String, Value>>> {
    let Some(partner) = &terms.partner else { return Ok(None) };
    let card = match filing::find(store, partner).await? {
        Some(id) => store.find_organisation(id).await?,
        None => None,
    };
    let kind = terms
        .partner_kind
        .clone()
        .unwrap_or_else(|| if card.is_some() { "organisation" } else { "enterprise" }.to_owned());
    let name = terms.partner_name.clone();
    let name = name.or_else(|| card.map(|card| card.name)).unwrap_or_else(|| partner.clone());
    let mut fields = Map::new();
    fields.insert("partner".to_owned(), json!(partner));
    fields.insert("partner_name".to_owned(), json!(name));
    fields.insert("partner_kind".to_owned(), json!(kind));
    Ok(Some(fields))
}
