//! `hoptac org`: organisations as they stand on a day, and the filings behind them.

use anyhow::{Result, bail};
use hoptac_model::filing::particulars::{self, Particulars};
use hoptac_model::filing::{Filing, Subject};
use hoptac_model::ids::UnitId;
use hoptac_model::law::{Law, Size};
use hoptac_model::organisation::{Kind, Status};
use hoptac_model::search::{self, Record};
use hoptac_model::text::{Language, Words, nearest};
use hoptac_model::unit::Places;
use hoptac_model::{date, number};
use hoptac_store::{OrganisationCard, Reading};
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::cli::Place;
use crate::cli::organisation::{HistoryArguments, ListArguments, OneArguments};
use crate::output::{self, Align, Table, WIDTH};
use crate::sentence::{Sentence, refuse, said};
use crate::{Outcome, clock, filing};

pub(crate) async fn list(place: &Place, arguments: &ListArguments) -> Result<Outcome> {
    let kind = arguments.kind.as_deref().map(kind_of).transpose()?;
    let status = arguments.status.as_deref().map(status_of).transpose()?;
    let mut reading = place.read(arguments.known_on).await?;
    let day = arguments.as_of.or(arguments.known_on).unwrap_or_else(clock::today);
    let (places, law) = (reading.places().await?, law_of(&mut reading).await?);
    let unit = match &arguments.unit {
        Some(code) => match places.find(code, day) {
            Some(unit) => Some((unit.id.clone(), places.geography_for(unit, day))),
            None => refuse!(
                "không có đơn vị `{code}`; tìm bằng `hoptac unit list`",
                "there is no unit `{code}`; look it up with `hoptac unit list`",
                code
            ),
        },
        None => None,
    };
    let mut cards = reading.organisations_on(day).await?;
    cards.retain(|card| kind.is_none_or(|kind| card.kind == kind));
    cards.retain(|card| match status {
        Some(status) => card.status == status,
        // Who no longer exists is shown to whoever asks for it.
        None => card.status != Status::Terminated,
    });
    if let Some((unit, geography)) = &unit {
        cards.retain(|card| {
            places
                .seat_on(&card.seat, card.seat_former.as_ref(), *geography)
                .is_some_and(|seat| places.ancestry(&seat.id).iter().any(|above| &above.id == unit))
        });
    }
    if let Some(text) = &arguments.search {
        cards = ranked(text, cards, &places);
    }
    let found = cards.len();
    cards.truncate(arguments.limit.unwrap_or(usize::MAX));
    if arguments.json {
        let list: Vec<Value> = cards.iter().map(|card| to_json(card, &places, &law, day)).collect();
        output::json(&json!({
            "ledger_position": reading.position(),
            "as_of": day,
            "known_on": arguments.known_on,
            "found": found,
            "organisations": list,
        }))?;
        return Ok(Outcome::Done);
    }
    for line in to_lines(&cards, found, &places, day, arguments.lang.into()) {
        output::say(&line)?;
    }
    Ok(Outcome::Done)
}

/// Those that the text finds, best first.
fn ranked(text: &str, cards: Vec<OrganisationCard>, places: &Places) -> Vec<OrganisationCard> {
    let mut found: Vec<(u32, OrganisationCard)> = cards
        .into_iter()
        .filter_map(|card| {
            let names: Vec<&str> =
                places.ancestry(&card.seat).iter().map(|unit| unit.short_name()).collect();
            let record = Record { name: &card.name, code: card.code.as_deref(), places: &names };
            search::score(text, record).map(|score| (score, card))
        })
        .collect();
    found.sort_by(|(a, one), (b, other)| (b, &one.name, one.id).cmp(&(a, &other.name, other.id)));
    found.into_iter().map(|(_, card)| card).collect()
}

pub(crate) async fn show(place: &Place, arguments: &OneArguments) -> Result<Outcome> {
    let mut reading = place.read(arguments.known_on).await?;
    let day = arguments.as_of.or(arguments.known_on).unwrap_or_else(clock::today);
    let card = must_find(&mut reading, &arguments.organisation, day).await?;
    let (places, law) = (reading.places().await?, law_of(&mut reading).await?);
    let size = size_of(&mut reading, &law, &card, day).await?;
    let lineage = lineage_of(&mut reading, &card, day).await?;
    let filings = reading.filings_about(&Subject::organisation(card.id)).await?;
    let registered = particulars::on_day(&filings, day)?;
    if arguments.json {
        let mut value = to_json(&card, &places, &law, day);
        if let Some(fields) = value.as_object_mut() {
            let steps: Vec<Value> = lineage.iter().map(|(value, _)| value.clone()).collect();
            fields.insert("lineage".to_owned(), json!(steps));
            fields.insert(
                "size".to_owned(),
                match &size {
                    Ok(size) => json!({ "class": size.code(), "words": size.words() }),
                    Err(why) => json!({ "class": null, "unknown": why }),
                },
            );
            fields.insert("particulars".to_owned(), json!(registered));
            fields.insert("as_of".to_owned(), json!(day));
            fields.insert("known_on".to_owned(), json!(arguments.known_on));
            fields.insert("ledger_position".to_owned(), json!(reading.position()));
        }
        output::json(&value)?;
        return Ok(Outcome::Done);
    }
    let language = arguments.lang.into();
    for line in card_lines(&card, &size, &places, &law, day, language) {
        output::say(&line)?;
    }
    for line in particulars_lines(&registered, &places, language) {
        output::say(&line)?;
    }
    for (_, words) in &lineage {
        output::say(&format!("  {}", words.get(language)))?;
    }
    Ok(Outcome::Done)
}

/// What the law asks, by the plan in force; without one, what the program carries.
async fn law_of(reading: &mut Reading) -> Result<Law> {
    Ok(reading.plan().await?.map_or_else(Law::default, |adopted| adopted.pack.law))
}

/// The size class on a day, from the members as declared and the money of the last return of a year that was over.
async fn size_of(
    reading: &mut Reading,
    law: &Law,
    card: &OrganisationCard,
    day: Date,
) -> Result<Result<Size, Words>> {
    if card.kind == Kind::Group {
        return Ok(Err(Words::new(
            "tổ hợp tác không phân loại quy mô",
            "groups have no size class",
        )));
    }
    let register = reading.register().await?;
    let own = register.index_of(card.id).map(|index| register.returns.of(index));
    let last = own
        .unwrap_or_default()
        .iter()
        .filter(|filed| filed.on <= day && filed.year < day.year())
        .max_by_key(|filed| filed.year);
    let value = |column: &str| register.return_value(last?, column);
    let official = value("members_official").or(card.members);
    Ok(law.size(card.vsic, official, value("revenue"), value("total_capital"), day))
}

/// The steps of lineage up to a day, as JSON and in words.
async fn lineage_of(
    reading: &mut Reading,
    card: &OrganisationCard,
    day: Date,
) -> Result<Vec<(Value, Words)>> {
    let mut lines = Vec::new();
    for step in reading.lineage(card.id).await?.into_iter().filter(|step| step.on <= day) {
        let other = if step.source == card.id { step.result } else { step.source };
        let name = reading.organisation(other).await?.map_or_else(|| other.to_string(), |c| c.name);
        let way = step.way.words();
        let came = step.result == card.id;
        lines.push((
            json!({
                "source": step.source,
                "result": step.result,
                "way": step.way.code(),
                "on": step.on,
                "position": step.position,
                "other_name": name,
            }),
            Words::new(
                format!(
                    "{}: {name} ({}, {})",
                    if came { "Nguồn gốc" } else { "Kế tục" },
                    way.vi,
                    date::show(step.on, Language::Vi)
                ),
                format!(
                    "{}: {name} ({}, {})",
                    if came { "Came of" } else { "Went into" },
                    way.en,
                    date::show(step.on, Language::En)
                ),
            ),
        ));
    }
    Ok(lines)
}

pub(crate) async fn history(place: &Place, arguments: &HistoryArguments) -> Result<Outcome> {
    let mut reading = place.read(arguments.known_on).await?;
    let Some(id) = filing::find_known(&mut reading, &arguments.organisation).await? else {
        bail!(unknown(&arguments.organisation));
    };
    let mut filings = reading.filings_about(&Subject::organisation(id)).await?;
    if filings.is_empty() {
        bail!(unknown(&arguments.organisation));
    }
    filings.retain(|filing| arguments.as_of.is_none_or(|day| filing.effective_on <= day));
    if arguments.json {
        let list = filings.iter().map(filing::to_json).collect::<Result<Vec<_>>>()?;
        output::json(&json!({ "organisation": id, "filings": list }))?;
        return Ok(Outcome::Done);
    }
    for line in history_lines(&filings, arguments.lang.into()) {
        output::say(&line)?;
    }
    Ok(Outcome::Done)
}

/// The organisation on a day, or the sentence why it is not there.
async fn must_find(reading: &mut Reading, name: &str, day: Date) -> Result<OrganisationCard> {
    let Some(id) = filing::find_known(reading, name).await? else { bail!(unknown(name)) };
    if let Some(card) = reading.organisation_on(id, day).await? {
        return Ok(card);
    }
    match reading.organisation(id).await? {
        Some(card) => refuse!(
            "{name} thành lập ngày {founded}, sau ngày {day}",
            "{name} was founded on {founded}, after {day}",
            name = &card.name,
            founded = card.founded_on,
            day
        ),
        None => bail!(unknown(name)),
    }
}

fn unknown(name: &str) -> Sentence {
    said!(
        "không có tổ chức `{name}`; tìm bằng `hoptac org list --search`",
        "there is no organisation `{name}`; look it up with `hoptac org list --search`",
        name
    )
}

fn kind_of(text: &str) -> Result<Kind> {
    match Kind::from_code(&text.to_uppercase()) {
        Some(kind) => Ok(kind),
        None => refuse!(
            "không có loại `{text}`; các loại gồm THT, HTX và LHHTX",
            "there is no kind `{text}`; the kinds are THT, HTX and LHHTX",
            text
        ),
    }
}

fn status_of(text: &str) -> Result<Status> {
    if let Some(status) = Status::from_code(text) {
        return Ok(status);
    }
    let codes = Status::ALL.map(Status::code);
    match nearest(text, codes) {
        Some(near) => refuse!(
            "không có tình trạng `{text}`; có phải là `{near}`?",
            "there is no status `{text}`; did you mean `{near}`?",
            text,
            near
        ),
        None => refuse!(
            "không có tình trạng `{text}`; các giá trị gồm {codes}",
            "there is no status `{text}`; the values are {codes}",
            text,
            codes = codes.join(", ")
        ),
    }
}

/// Where the seat lies on a day: the commune of that day, else the one that was filed.
fn seat_name(card: &OrganisationCard, places: &Places, day: Date) -> String {
    let unit = places
        .seat_on(&card.seat, card.seat_former.as_ref(), day)
        .or_else(|| places.get(&card.seat));
    unit.map_or_else(|| card.seat.to_string(), |unit| unit.name.clone())
}

fn to_json(card: &OrganisationCard, places: &Places, law: &Law, day: Date) -> Value {
    let of_day = places.seat_on(&card.seat, card.seat_former.as_ref(), day);
    json!({
        "id": card.id,
        "code": card.code,
        "kind": card.kind.code(),
        "name": card.name,
        "status": card.status.code(),
        "status_words": card.status.words(),
        "since": card.from,
        "seat": card.seat,
        "seat_former": card.seat_former,
        "seat_of_the_day": of_day.map(|unit: &hoptac_model::unit::Unit| -> UnitId { unit.id.clone() }),
        "seat_name": seat_name(card, places, day),
        "sector": card.sector.code(),
        "vsic": card.vsic,
        "difficult_area": card.difficult_area,
        "members": card.members,
        "members_min": law.members_min(card.kind, day),
        "capital": card.capital,
        "founded_on": card.founded_on,
        "ceased_on": card.ceased_on.filter(|ceased| *ceased <= day),
        "version": card.version,
        "synthetic": card.synthetic,
    })
}

fn to_lines(
    cards: &[OrganisationCard],
    found: usize,
    places: &Places,
    day: Date,
    language: Language,
) -> Vec<String> {
    let vi = language == Language::Vi;
    let heads = if vi {
        ["Mã số", "Loại", "Tên", "Trụ sở", "TV", "Tình trạng"]
    } else {
        ["Code", "Kind", "Name", "Seat", "Members", "Status"]
    };
    let [code, kind, name, seat, members, status] = heads;
    let mut table = Table::new(&[
        (code, Align::Left),
        (kind, Align::Left),
        (name, Align::Left),
        (seat, Align::Left),
        (members, Align::Right),
        (status, Align::Left),
    ]);
    for card in cards {
        table.row(vec![
            card.code.clone().unwrap_or_else(|| number::NO_VALUE.to_owned()),
            card.kind.code().to_owned(),
            card.name.clone(),
            seat_name(card, places, day),
            whole(card.members, language),
            card.status.words().get(language).to_owned(),
        ]);
    }
    let mut lines = table.lines(WIDTH);
    lines.push(String::new());
    let (count, shown) = (count(found, language), count(cards.len(), language));
    lines.push(match (vi, cards.len() == found) {
        (true, true) => format!("{count} tổ chức tính đến {}.", date::show(day, language)),
        (true, false) => {
            format!("{shown} trong {count} tổ chức tính đến {}.", date::show(day, language))
        }
        (false, true) => format!("{count} organisations on {}.", date::show(day, language)),
        (false, false) => {
            format!("{shown} of {count} organisations on {}.", date::show(day, language))
        }
    });
    lines
}

fn card_lines(
    card: &OrganisationCard,
    size: &Result<Size, Words>,
    places: &Places,
    law: &Law,
    day: Date,
    language: Language,
) -> Vec<String> {
    let vi = language == Language::Vi;
    let say =
        |vi_text: &str, en_text: &str| if vi { vi_text.to_owned() } else { en_text.to_owned() };
    let mut lines = output::wrap(&card.name, WIDTH, "");
    let mut fact = |name: String, text: String| lines.push(format!("  {name:<22}{text}"));
    fact(
        say("Loại hình", "Kind"),
        format!("{} ({})", card.kind.words().get(language), card.kind.code()),
    );
    fact(say("Mã số", "Code"), card.code.clone().unwrap_or_else(|| number::NO_VALUE.to_owned()));
    fact(say("Tình trạng", "Status"), card.status.words().get(language).to_owned());
    fact(say("Trụ sở", "Seat"), seat_name(card, places, day));
    fact(
        say("Ngành, lĩnh vực", "Activity, sector"),
        format!("{} · {}", card.vsic, card.sector.words().get(language)),
    );
    fact(
        say("Thành viên", "Members"),
        format!(
            "{} ({} {})",
            whole(card.members, language),
            say("tối thiểu", "at least"),
            whole(law.members_min(card.kind, day), language)
        ),
    );
    fact(
        say("Vốn điều lệ", "Charter capital"),
        match card.capital {
            Some(_) => format!("{} đồng", whole(card.capital, language)),
            None => number::NO_VALUE.to_owned(),
        },
    );
    fact(
        say("Quy mô", "Size"),
        match size {
            Ok(size) => size.words().get(language).to_owned(),
            Err(why) => format!("{} ({})", number::NO_VALUE, why.get(language)),
        },
    );
    fact(say("Thành lập", "Founded"), date::show(card.founded_on, language));
    if let Some(ceased) = card.ceased_on.filter(|ceased| *ceased <= day) {
        fact(say("Chấm dứt", "Ceased"), date::show(ceased, language));
    }
    fact(say("Hiện trạng từ", "State since"), date::show(card.from, language));
    fact(say("Định danh", "Identity"), card.id.to_string());
    fact(say("Phiên bản", "Version"), card.version.to_string());
    if card.synthetic {
        lines.push(say("  Dữ liệu mô phỏng.", "  Synthetic data."));
    }
    lines
}

/// What else is registered, a line each.
fn particulars_lines(registered: &Particulars, places: &Places, language: Language) -> Vec<String> {
    let say = |vi: &str, en: &str| match language {
        Language::Vi => vi.to_owned(),
        Language::En => en.to_owned(),
    };
    let lines_of = registered.lines.as_ref().map(|lines| {
        let scheme = registered.scheme.as_ref().map(|scheme| format!(" ({scheme})"));
        format!("{}{}", lines.join(", "), scheme.unwrap_or_default())
    });
    let mut facts = vec![
        (say("Tên nước ngoài", "Foreign name"), registered.foreign_name.clone()),
        (say("Tên viết tắt", "Short name"), registered.short_name.clone()),
        (say("Địa chỉ", "Address"), registered.address.clone()),
        (say("Điện thoại", "Telephone"), registered.phone.clone()),
        (say("Thư điện tử", "Mail"), registered.email.clone()),
        (say("Trang thông tin", "Website"), registered.website.clone()),
        (say("Mã số thuế", "Tax code"), registered.tax_code.clone()),
        (say("Ngành, nghề", "Business lines"), lines_of),
        (
            say("Người đại diện", "Representative"),
            registered.representative.as_ref().map(|one| format!("{} ({})", one.name, one.title)),
        ),
        (
            say("TV nước ngoài", "Foreign members"),
            registered.foreign_members.map(|count| number::whole(count, language)),
        ),
    ];
    for branch in registered.branches.iter().flatten() {
        let seat = branch.seat.as_ref().map(|seat| match places.get(seat) {
            Some(unit) => unit.name.clone(),
            None => seat.to_string(),
        });
        let parts =
            [Some(branch.name.clone()), branch.code.clone(), Some(branch.address.clone()), seat];
        let text: Vec<String> =
            parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        facts.push((branch.kind.words().get(language).to_owned(), Some(text.join(" · "))));
    }
    facts.into_iter().filter_map(|(name, text)| Some(format!("  {name:<22}{}", text?))).collect()
}

fn history_lines(filings: &[Filing], language: Language) -> Vec<String> {
    let vi = language == Language::Vi;
    let heads = if vi {
        ["Số", "Hiệu lực", "Ghi nhận", "Hồ sơ", "Nội dung"]
    } else {
        ["Position", "Effective", "Recorded", "Filing", "Contents"]
    };
    let [position, effective, recorded, kind, contents] = heads;
    let mut table = Table::new(&[
        (position, Align::Right),
        (effective, Align::Left),
        (recorded, Align::Left),
        (kind, Align::Left),
        (contents, Align::Left),
    ]);
    for filing in filings {
        table.row(vec![
            filing.position.to_string(),
            date::show(filing.effective_on, language),
            date::show(clock::day_of(filing.recorded_at), language),
            filing.kind.code().to_owned(),
            contents_of(&filing.body),
        ]);
    }
    table.lines(WIDTH)
}

/// A body in few words: its fields and their values, one after the other.
fn contents_of(body: &str) -> String {
    let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(body) else {
        return String::new();
    };
    let short = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Array(_) | Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {
            value.to_string()
        }
    };
    let parts = fields
        .iter()
        .filter(|(_, value)| value.as_str() != Some(""))
        .map(|(name, value)| format!("{name}: {}", short(value)));
    let text = parts.collect::<Vec<_>>().join("; ");
    if text.chars().count() <= 120 {
        return text;
    }
    let beginning: String = text.chars().take(119).collect();
    format!("{beginning}…")
}

fn whole(value: Option<i64>, language: Language) -> String {
    value.map_or_else(|| number::NO_VALUE.to_owned(), |value| number::whole(value, language))
}

fn count(n: usize, language: Language) -> String {
    number::whole(i64::try_from(n).unwrap_or(i64::MAX), language)
}
