//! `hoptac unit`: the places of a day, how each came about, and whom a reform left without a certain place.

use anyhow::Result;
use hoptac_engine::open_seat::{self, OpenSeat};
use hoptac_model::date;
use hoptac_model::filing::{Body, Filing, Subject};
use hoptac_model::ids::UnitId;
use hoptac_model::number;
use hoptac_model::register::Register;
use hoptac_model::text::Language;
use hoptac_model::unit::{Level, Places, Unit};
use hoptac_store::KnownOn;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::cli::Place;
use crate::cli::unit::{Days, ListArguments, OneArguments, OpenArguments};
use crate::output::{self, Align, Table};
use crate::sentence::refuse;
use crate::{Outcome, clock, view};

/// How many filings are read at a time.
const CHUNK: u32 = 500;

/// `hoptac unit list`.
pub(crate) async fn list(place: &Place, arguments: &ListArguments) -> Result<Outcome> {
    let asked = Asked::open(place, arguments.days).await?;
    let territory = asked.known.plan.as_ref().map(|plan| plan.pack.setting.unit.as_str());
    let root = arguments.unit.as_deref().or(territory);
    let root = root.map(|code| asked.must_find(code)).transpose()?;
    let level = arguments.level.map(Level::from);
    let mut units: Vec<&Unit> = asked
        .places()
        .all()
        .filter(|unit| unit.exists_on(asked.on) && level.is_none_or(|level| unit.level == level))
        .filter(|unit| root.is_none_or(|root| asked.is_below(unit, root)))
        .collect();
    units.sort_by(|a, b| (a.level, &a.code).cmp(&(b.level, &b.code)));
    if arguments.shape.json {
        let units: Vec<Value> = units.iter().map(|unit| asked.unit_json(unit)).collect();
        output::json(&json!({
            "ledger_position": asked.known.position,
            "on": asked.on,
            "known_on": asked.known_on,
            "before_records": asked.before_records(),
            "units": units,
        }))?;
        return Ok(Outcome::Done);
    }
    let language = arguments.shape.lang.into();
    let vi = language == Language::Vi;
    let heads = if vi {
        [("Mã", Align::Left), ("Cấp", Align::Left), ("Tên", Align::Left), ("Thuộc", Align::Left)]
    } else {
        [
            ("Code", Align::Left),
            ("Level", Align::Left),
            ("Name", Align::Left),
            ("Part of", Align::Left),
        ]
    };
    let mut table = Table::new(&heads);
    for unit in &units {
        let above = unit.parent.as_ref().and_then(|id| asked.places().get(id));
        table.row(vec![
            unit.code.clone(),
            unit.level.words().get(language).to_owned(),
            asked.name(unit).to_owned(),
            above.map_or("", |above| asked.name(above)).to_owned(),
        ]);
    }
    for line in asked.notices(language).into_iter().chain(table.lines(output::WIDTH)) {
        output::say(&line)?;
    }
    let count = number::show(u32::try_from(units.len()).map_or(0.0, f64::from), 0, language);
    let day = date::show(asked.on, language);
    output::say(&if vi {
        format!("{count} đơn vị hành chính ngày {day}.")
    } else {
        format!("{count} units on {day}.")
    })?;
    Ok(Outcome::Done)
}

/// `hoptac unit show`.
pub(crate) async fn show(place: &Place, arguments: &OneArguments) -> Result<Outcome> {
    let asked = Asked::open(place, arguments.days).await?;
    let places = asked.places();
    let unit = asked.must_find(&arguments.unit)?;
    let day = places.geography_for(unit, asked.on);
    let below = places.children(&unit.id, day);
    let before: Vec<&Unit> = places.predecessors(&unit.id).collect();
    let after: Vec<&Unit> = places.followers(&unit.id).collect();
    if arguments.shape.json {
        let brief = |units: &[&Unit]| -> Vec<Value> {
            units
                .iter()
                .map(|unit| json!({"id": unit.id, "code": unit.code, "name": unit.name}))
                .collect()
        };
        let succession = |old: &UnitId, new: &UnitId| {
            let found =
                places.successors().iter().find(|next| &next.old == old && &next.new == new);
            found.map(|next| (next.whole, next.default))
        };
        let ways = |units: &[&Unit], forward: bool| -> Vec<Value> {
            units
                .iter()
                .map(|other| {
                    let way = if forward {
                        succession(&unit.id, &other.id)
                    } else {
                        succession(&other.id, &unit.id)
                    };
                    json!({
                        "id": other.id, "code": other.code, "name": other.name,
                        "whole": way.map(|way| way.0), "default": way.map(|way| way.1),
                    })
                })
                .collect()
        };
        let names: Vec<Value> = places
            .names(unit)
            .into_iter()
            .map(|(from, name)| json!({"from": from, "name": name}))
            .collect();
        let mut value = asked.unit_json(unit);
        if let Some(object) = value.as_object_mut() {
            object.extend([
                ("ledger_position".to_owned(), json!(asked.known.position)),
                ("on".to_owned(), json!(asked.on)),
                ("known_on".to_owned(), json!(asked.known_on)),
                ("before_records".to_owned(), json!(asked.before_records())),
                ("exists".to_owned(), json!(unit.exists_on(asked.on))),
                ("names".to_owned(), json!(names)),
                ("units".to_owned(), json!(brief(&below))),
                ("predecessors".to_owned(), json!(ways(&before, false))),
                ("successors".to_owned(), json!(ways(&after, true))),
            ]);
        }
        output::json(&value)?;
        return Ok(Outcome::Done);
    }
    let language = arguments.shape.lang.into();
    for line in asked.show_lines(unit, &below, &before, &after, language) {
        output::say(&line)?;
    }
    Ok(Outcome::Done)
}

/// `hoptac unit history`.
pub(crate) async fn history(place: &Place, arguments: &OneArguments) -> Result<Outcome> {
    let asked = Asked::open(place, arguments.days).await?;
    let unit = asked.must_find(&arguments.unit)?;
    let store = place.open().await?;
    let mut filed: Vec<(Filing, String)> = Vec::new();
    let mut after = 0;
    // What was decided about the seats of its organisations is part of a unit's history, so that the ledger is read whole.
    loop {
        let filings = store.filings(after, CHUNK).await?;
        let Some(last) = filings.last().map(|filing| filing.position) else { break };
        for filing in filings.into_iter().filter(|f| f.position <= asked.known.position) {
            if let Some(document) = concerns(&filing, &unit.id)? {
                filed.push((filing, document));
            }
        }
        after = last;
    }
    if arguments.shape.json {
        let filings: Vec<Value> = filed
            .iter()
            .map(|(filing, document)| {
                json!({
                    "position": filing.position,
                    "kind": filing.kind.code(),
                    "subject": filing.subject.0,
                    "effective_on": filing.effective_on,
                    "recorded_at": filing.recorded_at,
                    "document": document,
                })
            })
            .collect();
        output::json(&json!({
            "ledger_position": asked.known.position,
            "known_on": asked.known_on,
            "unit": unit.id,
            "filings": filings,
        }))?;
        return Ok(Outcome::Done);
    }
    let language: Language = arguments.shape.lang.into();
    let vi = language == Language::Vi;
    let heads = if vi {
        [
            ("Sổ cái số", Align::Right),
            ("Hiệu lực", Align::Left),
            ("Hồ sơ", Align::Left),
            ("Văn bản", Align::Left),
        ]
    } else {
        [
            ("Position", Align::Right),
            ("Effective", Align::Left),
            ("Filing", Align::Left),
            ("Document", Align::Left),
        ]
    };
    let mut table = Table::new(&heads);
    for (filing, document) in &filed {
        table.row(vec![
            filing.position.to_string(),
            date::show(filing.effective_on, language),
            filing.kind.code().to_owned(),
            document.clone(),
        ]);
    }
    output::say(&format!("{} ({})", asked.name(unit), unit.id))?;
    for line in table.lines(output::WIDTH) {
        output::say(&line)?;
    }
    Ok(Outcome::Done)
}

/// `hoptac unit open`.
pub(crate) async fn open(place: &Place, arguments: &OpenArguments) -> Result<Outcome> {
    let asked = Asked::open(place, arguments.days).await?;
    let register = &asked.known.register;
    let as_of = asked.known_on.unwrap_or_else(clock::today);
    let open = open_seat::list(register, asked.places(), as_of, asked.on);
    if arguments.shape.json {
        let seats: Vec<Value> = open.iter().map(|seat| asked.open_json(register, seat)).collect();
        output::json(&json!({
            "ledger_position": asked.known.position,
            "on": asked.on,
            "known_on": asked.known_on,
            "synthetic": register.has_synthetic(),
            "by_default": open.iter().filter(|seat| seat.counted_in.is_some()).count(),
            "unplaced": open.iter().filter(|seat| seat.counted_in.is_none()).count(),
            "seats": seats,
        }))?;
        return Ok(Outcome::Done);
    }
    let language = arguments.shape.lang.into();
    let vi = language == Language::Vi;
    let heads = if vi {
        [
            ("Tổ chức", Align::Left),
            ("Trụ sở", Align::Left),
            ("Tạm tính vào", Align::Left),
            ("Chọn trong", Align::Left),
        ]
    } else {
        [
            ("Organisation", Align::Left),
            ("Seat", Align::Left),
            ("Counted in", Align::Left),
            ("Choices", Align::Left),
        ]
    };
    let mut table = Table::new(&heads);
    let name =
        |id: &UnitId| asked.places().get(id).map_or(id.as_str(), Unit::short_name).to_owned();
    for seat in &open {
        let organisation = register.organisation(seat.organisation);
        table.row(vec![
            organisation.map_or("", |organisation| &organisation.name).to_owned(),
            name(&seat.seat),
            seat.counted_in.as_ref().map_or_else(|| number::NO_VALUE.to_owned(), &name),
            seat.choices.iter().map(&name).collect::<Vec<_>>().join(", "),
        ]);
    }
    for line in asked.notices(language) {
        output::say(&line)?;
    }
    if !open.is_empty() {
        for line in table.lines(output::WIDTH) {
            output::say(&line)?;
        }
    }
    let counted = open.iter().filter(|seat| seat.counted_in.is_some()).count();
    let count = |n: usize| number::show(u32::try_from(n).map_or(0.0, f64::from), 0, language);
    let (by_default, unplaced) = (count(counted), count(open.len() - counted));
    output::say(&if vi {
        format!(
            "{by_default} tổ chức tạm tính vào một xã sau chia tách, {unplaced} tổ chức chưa xác định được xã."
        )
    } else {
        format!("{by_default} organisations are counted by default, {unplaced} in no commune.")
    })?;
    Ok(Outcome::Done)
}

/// Places of a day, as they were known on a day.
struct Asked {
    known: KnownOn,
    on: Date,
    known_on: Option<Date>,
}

impl Asked {
    async fn open(place: &Place, days: Days) -> Result<Self> {
        let store = place.open().await?;
        let known = view::known_on(&store, days.known_on).await?;
        let on = days.on.or(days.known_on).unwrap_or_else(clock::today);
        Ok(Self { known, on, known_on: days.known_on })
    }

    fn places(&self) -> &Places {
        &self.known.places
    }

    /// The unit that is meant on the day, or what to do where there is none.
    fn must_find(&self, code: &str) -> Result<&Unit> {
        match self.places().find(code, self.on) {
            Some(unit) => Ok(unit),
            None => {
                refuse!(
                    "không có đơn vị `{code}`; `hoptac unit list` liệt kê các đơn vị kèm mã",
                    "there is no unit `{code}`; `hoptac unit list` shows them with their codes",
                    code
                )
            }
        }
    }

    fn name<'a>(&'a self, unit: &'a Unit) -> &'a str {
        self.places().name_on(unit, self.on)
    }

    fn is_below(&self, unit: &Unit, root: &Unit) -> bool {
        self.places().ancestry(&unit.id).iter().any(|above| above.id == root.id)
    }

    /// Whether nothing is on record of what changed on the day and since.
    fn before_records(&self) -> bool {
        self.places().recorded_from().is_some_and(|from| self.on < from)
    }

    /// What stands over places of which the records only have the state at their beginning.
    fn notices(&self, language: Language) -> Vec<String> {
        let Some(from) = self.places().recorded_from().filter(|_| self.before_records()) else {
            return Vec::new();
        };
        let text = match language {
            Language::Vi => format!(
                "Dữ liệu chỉ ghi thay đổi địa giới từ ngày {}; trước đó là hiện trạng ngay trước ngày này.",
                date::show(from, language)
            ),
            Language::En => format!(
                "Changes are on record from {} on; of the days before, only the last state is.",
                date::show(from, language)
            ),
        };
        output::wrap(&text, output::WIDTH, "")
    }

    fn unit_json(&self, unit: &Unit) -> Value {
        json!({
            "id": unit.id,
            "code": unit.code,
            "level": unit.level.code(),
            "name": self.name(unit),
            "parent": unit.parent,
            "valid_from": unit.valid_from,
            "valid_to": unit.valid_to,
        })
    }

    fn open_json(&self, register: &Register, seat: &OpenSeat) -> Value {
        let organisation = register.organisation(seat.organisation);
        let name = |id: &UnitId| self.places().get(id).map(|unit| self.name(unit));
        let choices: Vec<Value> =
            seat.choices.iter().map(|id| json!({"id": id, "name": name(id)})).collect();
        json!({
            "organisation": organisation.map(|o| o.id),
            "code": organisation.and_then(|o| o.code.as_deref()),
            "name": organisation.map(|o| o.name.as_str()),
            "seat": seat.seat,
            "seat_name": name(&seat.seat),
            "undecided": seat.undecided,
            "counted_in": seat.counted_in,
            "choices": choices,
        })
    }

    fn show_lines(
        &self,
        unit: &Unit,
        below: &[&Unit],
        before: &[&Unit],
        after: &[&Unit],
        language: Language,
    ) -> Vec<String> {
        let vi = language == Language::Vi;
        let day = |day| date::show(day, language);
        let mut lines = vec![format!("{} ({})", self.name(unit), unit.id)];
        lines.extend(self.notices(language));
        let span = match (unit.valid_from, unit.valid_to) {
            (None, None) if vi => "từ trước khi có dữ liệu đến nay".to_owned(),
            (None, None) => "since before the records".to_owned(),
            (Some(from), None) if vi => format!("từ ngày {}", day(from)),
            (Some(from), None) => format!("from {}", day(from)),
            (None, Some(to)) if vi => format!("đến hết ngày {}", day(to)),
            (None, Some(to)) => format!("until {}", day(to)),
            (Some(from), Some(to)) if vi => {
                format!("từ ngày {} đến hết ngày {}", day(from), day(to))
            }
            (Some(from), Some(to)) => format!("from {} to {}", day(from), day(to)),
        };
        lines.push(format!("{} · {span}", unit.level.words().get(language)));
        if let Some(above) = unit.parent.as_ref().and_then(|id| self.places().get(id)) {
            let word = if vi { "Thuộc" } else { "Part of" };
            lines.push(format!("{word}: {} ({})", self.name(above), above.id));
        }
        let names = self.places().names(unit);
        if names.len() > 1 {
            let names = names.iter().map(|(from, name)| match from {
                Some(from) if vi => format!("{name} (từ {})", day(*from)),
                Some(from) => format!("{name} (from {})", day(*from)),
                None => name.clone(),
            });
            let word = if vi { "Tên" } else { "Names" };
            let text = format!("{word}: {}", names.collect::<Vec<_>>().join(", "));
            lines.extend(output::wrap(&text, output::WIDTH, ""));
        }
        let heads = if vi {
            ["Gồm", "Từ", "Chuyển vào"]
        } else {
            ["Made of", "Came from", "Went into"]
        };
        for (word, units) in heads.into_iter().zip([below, before, after]) {
            if !units.is_empty() {
                let list: Vec<String> =
                    units.iter().map(|unit| format!("{} ({})", unit.name, unit.id)).collect();
                let text = format!("{word} ({}): {}", units.len(), list.join(", "));
                lines.extend(output::wrap(&text, output::WIDTH, ""));
            }
        }
        lines
    }
}

/// The document of a filing that concerns the unit; none where it does not.
fn concerns(filing: &Filing, unit: &UnitId) -> Result<Option<String>> {
    let about_units = filing.subject == Subject::units();
    if !about_units && !filing.body.contains(unit.as_str()) {
        return Ok(None);
    }
    #[expect(clippy::wildcard_enum_match_arm, reason = "all other filings only name a seat")]
    Ok(match filing.typed_body()? {
        Body::UnitsAdopt(body) => {
            let brings = body.units.iter().any(|known| &known.id == unit)
                || body.successors.iter().any(|next| &next.old == unit || &next.new == unit);
            brings.then_some(body.source)
        }
        Body::Reform(body) => {
            let named = body.units().contains(&unit)
                || body.creates().iter().any(|new| &new.id == unit || &new.parent == unit);
            let decision = body.decision();
            named.then(|| format!("{}, {}", decision.number, decision.issuer))
        }
        Body::OrganisationPlace(body) => (&body.seat == unit || &body.unit == unit)
            .then(|| format!("{}, {}", body.decision.number, body.decision.issuer)),
        _ => None,
    })
}
