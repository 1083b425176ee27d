//! Changes of the places: units that begin, merge, are split, get another name, end; and where a seat lies after that.
//!
//! Every filing cites the document that decided it. Nothing ends twice, nobody succeeds itself, and a unit that still has
//! units below it first says what becomes of them.

use std::collections::BTreeSet;

use hoptac_model::filing::reform::{Decision, NewUnit, Reform, SeatPlace, UnitMerge, UnitSplit};
use hoptac_model::filing::{Body, Draft};
use hoptac_model::finding::Finding;
use hoptac_model::ids::{OrganisationId, UnitId};
use hoptac_model::unit::{Level, Places, Unit};
use hoptac_model::words;
use hoptac_store::{Error, Writing};
use jiff::civil::Date;

use crate::filing::recorded_on;
use crate::finding::Findings;
use crate::known::Known;

/// Reads how many organisations have their seats in what ends without a certain successor.
pub(crate) async fn read(
    writing: &mut Writing,
    reform: &Reform,
    known: &mut Known,
) -> Result<(), Error> {
    if matches!(reform, Reform::Split(_) | Reform::Abolish(_)) {
        for id in reform.ends() {
            known.seated += writing.seated(id).await?;
        }
    }
    Ok(())
}

/// Reads where an organisation ever had its seat.
pub(crate) async fn read_seats(
    writing: &mut Writing,
    id: OrganisationId,
    known: &mut Known,
) -> Result<(), Error> {
    known.seats = writing.seats(id).await?;
    Ok(())
}

/// What is wrong with a change of the places.
pub fn findings(draft: &Draft, reform: &Reform, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    decision(draft, reform.decision(), &mut findings);
    let day = draft.effective_on;
    let nowhere = Places::default();
    let places = known.places.as_deref().unwrap_or(&nowhere);
    if let Some(from) = places.recorded_from().filter(|from| day < *from) {
        findings.error(
            "unit.before-records",
            "effective_on",
            words!(
                "thay đổi đơn vị hành chính chỉ được ghi từ ngày {from}, ngày {day} sớm hơn",
                "changes of the places are on record from {from} on, {day} is before that",
                from,
                day
            ),
            words!(
                "các thay đổi trước đó đã nằm trong danh mục tiếp nhận; sửa lại ngày",
                "what was before is in the units taken over; correct the day"
            ),
        );
    }
    match reform {
        Reform::Create(body) => {
            begins(places, reform, &body.unit, "unit", day, &mut findings);
        }
        Reform::Merge(body) => merge(places, reform, body, day, &mut findings),
        Reform::Split(body) => split(places, reform, body, day, &mut findings),
        Reform::Rename(body) => {
            if let Some(unit) = lives(places, &body.unit, "unit", day, &mut findings)
                && places.name_on(unit, day) == body.name
            {
                findings.error(
                    "unit.same-name",
                    "name",
                    words!(
                        "{id} đã mang tên này",
                        "{id} has this name already",
                        id = unit.id.as_str()
                    ),
                    words!("ghi tên mới", "write the new name"),
                );
            }
            findings.text("name", &body.name);
        }
        Reform::Abolish(body) => {
            ends(places, &body.unit, "unit", day, &mut findings);
        }
    }
    if known.seated > 0 {
        findings.warning(
            "unit.seats",
            "unit",
            words!(
                "có {seated} tổ chức đặt trụ sở tại đây; từ ngày {day} chưa xác định \
                chắc chắn các tổ chức này thuộc đơn vị nào",
                "{seated} organisations have their seat there; nobody can say for \
                certain where they are from {day} on",
                day,
                seated = known.seated
            ),
            words!(
                "quyết định từng trường hợp; `hoptac unit open` liệt kê các tổ chức này",
                "decide it one by one; `hoptac unit open` lists them"
            ),
        );
    }
    findings.into_vec()
}

/// What is wrong with a decision where a seat lies.
pub fn seat(draft: &Draft, body: &SeatPlace, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    decision(draft, &body.decision, &mut findings);
    let nowhere = Places::default();
    let places = known.places.as_deref().unwrap_or(&nowhere);
    let Some(seat) = find(places, &body.seat, "seat", &mut findings) else {
        return findings.into_vec();
    };
    if !reached(places, &known.seats, &body.seat) {
        findings.error(
            "place.seat",
            "seat",
            words!(
                "tổ chức chưa từng đặt trụ sở tại {name} hoặc đơn vị kế tục",
                "the organisation never had its seat in {name} or a unit that it became",
                name = seat.name
            ),
            words!("nêu đơn vị đặt trụ sở", "name the unit of its seat"),
        );
    }
    let followers: Vec<&Unit> = places.followers(&body.seat).collect();
    let before: Vec<&Unit> = places.predecessors(&body.seat).collect();
    let among = |units: &[&Unit]| units.iter().any(|unit| unit.id == body.unit);
    let choices = if among(&followers) { &followers } else { &before };
    if !among(&followers) && !among(&before) {
        let names: Vec<String> = followers
            .iter()
            .chain(&before)
            .map(|unit| format!("{} ({})", unit.name, unit.id.as_str()))
            .collect();
        findings.error(
            "place.unit",
            "unit",
            words!(
                "`{unit}` không kế tục {name} và cũng không phải đơn vị trước đó",
                "`{unit}` neither follows {name} nor came before it",
                unit = body.unit.as_str(),
                name = seat.name
            ),
            if names.is_empty() {
                words!(
                    "không có gì phải quyết định về {seat}",
                    "nothing is to be decided about {seat}",
                    seat = seat.name
                )
            } else {
                words!("chọn trong {names}", "choose among {names}", names = names.join(", "))
            },
        );
    } else if choices.len() == 1 {
        findings.warning(
            "place.certain",
            "unit",
            words!("{name} không có gì để lựa chọn", "{name} leaves no choice", name = seat.name),
            words!("không cần nộp hồ sơ này", "the filing is not needed"),
        );
    }
    findings.into_vec()
}

/// The document has a number, an issuer and a possible day.
pub(crate) fn decision(draft: &Draft, decision: &Decision, findings: &mut Findings) {
    findings.text("decision.number", &decision.number);
    findings.text("decision.issuer", &decision.issuer);
    let recorded = recorded_on(draft);
    if decision.date > recorded {
        findings.error(
            "decision.ahead",
            "decision.date",
            words!(
                "văn bản ban hành ngày {date}, sau ngày ghi nhận {recorded}",
                "the document is of {date}, after the day {recorded} of recording",
                recorded,
                date = decision.date
            ),
            words!("sửa lại ngày của văn bản", "correct the day of the document"),
        );
    } else if decision.date > draft.effective_on && matches!(draft.body, Body::Reform(_)) {
        findings.warning(
            "decision.after-effect",
            "decision.date",
            words!(
                "văn bản ban hành ngày {date}, sau ngày hiệu lực {effective_on}",
                "the document is of {date}, after the day {effective_on} from which it \
                is effective",
                date = decision.date,
                effective_on = draft.effective_on
            ),
            words!("kiểm tra lại cả hai ngày", "look both days up once more"),
        );
    }
}

fn merge(places: &Places, reform: &Reform, body: &UnitMerge, day: Date, findings: &mut Findings) {
    if body.units.is_empty() {
        findings.error(
            "unit.none",
            "units",
            words!("chưa nêu đơn vị hành chính nào", "no unit is given"),
            words!("nêu các đơn vị được nhập", "name the units that are merged"),
        );
    }
    twice(body.units.iter().enumerate().map(|(i, id)| (format!("units.{i}"), id)), findings);
    for (index, id) in body.units.iter().enumerate() {
        ends(places, id, &format!("units.{index}"), day, findings);
    }
    if let Some(new) = &body.creates {
        begins(places, reform, new, "creates", day, findings);
    }
    follows(places, reform, &body.into, "into", day, findings);
    if let Some(new) = body.creates.as_ref().filter(|new| new.id != body.into) {
        unused(new, "creates.id", findings);
    }
}

fn split(places: &Places, reform: &Reform, body: &UnitSplit, day: Date, findings: &mut Findings) {
    ends(places, &body.unit, "unit", day, findings);
    if body.parts.len() < 2 {
        findings.error(
            "unit.parts",
            "parts",
            words!("có {parts} phần được nêu", "{parts} parts are named", parts = body.parts.len()),
            words!(
                "nêu ít nhất hai đơn vị nhận các phần; nhập toàn bộ vào một đơn vị là \
                sáp nhập",
                "name at least two units that the parts go to; what goes whole into one \
                is a merger"
            ),
        );
    }
    let defaults = body.parts.iter().filter(|part| part.default).count();
    if !body.parts.is_empty() && defaults != 1 {
        findings.error(
            "unit.default",
            "parts",
            words!(
                "có {defaults} phần được lấy làm mặc định",
                "{defaults} parts are taken where nobody decided otherwise",
                defaults
            ),
            words!(
                "chọn đúng một phần làm mặc định",
                "say of exactly one part that it is the default"
            ),
        );
    }
    let parts = || body.parts.iter().enumerate();
    twice(parts().map(|(i, part)| (format!("parts.{i}.unit"), &part.unit)), findings);
    for (index, new) in body.creates.iter().enumerate() {
        begins(places, reform, new, &format!("creates.{index}"), day, findings);
        if !body.parts.iter().any(|part| part.unit == new.id) {
            unused(new, &format!("creates.{index}.id"), findings);
        }
    }
    for (index, part) in parts() {
        follows(places, reform, &part.unit, &format!("parts.{index}.unit"), day, findings);
    }
}

/// A unit that begins and that nothing goes to.
fn unused(new: &NewUnit, field: &str, findings: &mut Findings) {
    findings.error(
        "unit.unused",
        field,
        words!(
            "{name} được thành lập nhưng không nhận phần nào",
            "{name} begins, but nothing goes to it",
            name = new.name
        ),
        words!(
            "nêu là đơn vị kế tục, hoặc thành lập bằng hồ sơ riêng",
            "name it as a successor, or create it by a filing of its own"
        ),
    );
}

/// No unit is named twice.
fn twice<'a>(units: impl Iterator<Item = (String, &'a UnitId)>, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for (field, id) in units {
        if !seen.insert(id) {
            findings.error(
                "unit.twice",
                field,
                words!(
                    "đơn vị `{id}` được nêu hai lần",
                    "the unit `{id}` is given twice",
                    id = id.as_str()
                ),
                words!("nêu một lần", "name it once"),
            );
        }
    }
}

/// The unit, where there is one.
fn find<'p>(
    places: &'p Places,
    id: &UnitId,
    field: &str,
    findings: &mut Findings,
) -> Option<&'p Unit> {
    let unit = places.get(id);
    if unit.is_none() {
        let same: Vec<String> = places
            .all()
            .filter(|unit| unit.code == id.as_str())
            .map(|unit| format!("`{}` ({})", unit.id.as_str(), unit.name))
            .collect();
        findings.error(
            "unit.unknown",
            field,
            words!(
                "không có đơn vị hành chính `{id}`",
                "there is no unit `{id}`",
                id = id.as_str()
            ),
            if same.is_empty() {
                words!("tra cứu bằng `hoptac unit list`", "look it up with `hoptac unit list`")
            } else {
                words!(
                    "mã này chỉ {same}; hãy ghi một trong các định danh đó",
                    "the code stands for {same}; write one of these",
                    same = same.join(", ")
                )
            },
        );
    }
    unit
}

/// The unit, where it exists on the day.
fn lives<'p>(
    places: &'p Places,
    id: &UnitId,
    field: &str,
    day: Date,
    findings: &mut Findings,
) -> Option<&'p Unit> {
    let unit = find(places, id, field, findings)?;
    if let Some(from) = unit.valid_from.filter(|from| day < *from) {
        findings.error(
            "unit.not-begun",
            field,
            words!(
                "{name} bắt đầu từ ngày {from}, chưa có vào ngày {day}",
                "{name} begins on {from}, not before {day}",
                from,
                day,
                name = unit.name
            ),
            words!("sửa lại đơn vị hoặc ngày", "correct the unit or the day"),
        );
        return None;
    }
    if let Some(last) = unit.valid_to.filter(|last| *last < day) {
        findings.error(
            "unit.ended",
            field,
            words!(
                "{name} đã chấm dứt ngày {last}",
                "{name} ended on {last}",
                last,
                name = unit.name
            ),
            words!("sửa lại đơn vị hoặc ngày", "correct the unit or the day"),
        );
        return None;
    }
    Some(unit)
}

/// The unit can end on the day before: it began earlier, has no other end, and nothing is left below it.
fn ends(places: &Places, id: &UnitId, field: &str, day: Date, findings: &mut Findings) {
    let Some(unit) = lives(places, id, field, day, findings) else { return };
    if let Some(last) = unit.valid_to {
        return findings.error(
            "unit.ended",
            field,
            words!(
                "{name} đã được ghi chấm dứt ngày {last}",
                "{name} already ends on {last}",
                last,
                name = unit.name
            ),
            words!(
                "một đơn vị chỉ chấm dứt một lần; sửa lại đơn vị",
                "a unit ends once; correct the unit"
            ),
        );
    }
    if unit.valid_from == Some(day) {
        return findings.error(
            "unit.not-begun",
            field,
            words!(
                "{name} bắt đầu đúng ngày {day} nên không tồn tại được ngày nào",
                "{name} begins on {day} itself and would not last a day",
                day,
                name = unit.name
            ),
            words!("sửa lại ngày", "correct the day"),
        );
    }
    let below = places.children(id, day);
    if let Some(first) = below.first() {
        findings.error(
            "unit.children",
            field,
            words!(
                "{name} còn {below} đơn vị trực thuộc, trong đó có {first_name}",
                "{name} still has {below} units below it, {first_name} among them",
                name = unit.name,
                below = below.len(),
                first_name = first.name
            ),
            words!(
                "nộp trước hồ sơ về các đơn vị đó với cùng ngày hiệu lực",
                "first file what becomes of them from the same day on"
            ),
        );
    }
}

/// A successor exists on the day or begins with the filing, is of the same level, and is none of those that end.
fn follows(
    places: &Places,
    reform: &Reform,
    id: &UnitId,
    field: &str,
    day: Date,
    findings: &mut Findings,
) {
    if reform.ends().contains(id) {
        return findings.error(
            "unit.cycle",
            field,
            words!(
                "`{id}` sẽ tự kế tục chính mình",
                "`{id}` would follow itself",
                id = id.as_str()
            ),
            words!(
                "nêu đơn vị khác, hoặc đơn vị thành lập theo hồ sơ này",
                "name another unit, or one that begins with the filing"
            ),
        );
    }
    let begun = reform.creates().iter().find(|new| &new.id == id).map(|new| new.level);
    let level = match begun {
        Some(level) => level,
        None => match lives(places, id, field, day, findings) {
            Some(unit) => unit.level,
            None => return,
        },
    };
    let other = reform.ends().iter().filter_map(|old| places.get(old)).find(|o| o.level != level);
    if let Some(other) = other {
        findings.error(
            "unit.level",
            field,
            words!(
                "`{id}` và {name} không cùng cấp",
                "`{id}` and {name} are not of one level",
                id = id.as_str(),
                name = other.name
            ),
            words!("đơn vị chỉ nhập vào đơn vị cùng cấp", "units go into units of their own level"),
        );
    }
}

/// A unit that begins: a new identity made of its code and year, a code that is free, a parent of a higher level.
fn begins(
    places: &Places,
    reform: &Reform,
    new: &NewUnit,
    field: &str,
    day: Date,
    findings: &mut Findings,
) {
    findings.text(&format!("{field}.name"), &new.name);
    findings.text(&format!("{field}.code"), &new.code);
    let id = NewUnit::id_of(&new.code, day.year());
    if new.id != id {
        findings.error(
            "unit.id",
            format!("{field}.id"),
            words!(
                "`{id}` không ghép từ mã và năm",
                "`{id}` is not made of code and year",
                id = new.id.as_str()
            ),
            words!("hãy ghi {id}", "write {id}", id = id.as_str()),
        );
    }
    if let Some(unit) = places.get(&new.id) {
        findings.error(
            "unit.exists",
            format!("{field}.id"),
            words!(
                "`{id}` đã là {name}",
                "`{id}` is {name} already",
                id = new.id.as_str(),
                name = unit.name
            ),
            words!(
                "một đơn vị chỉ thành lập một lần; sửa lại mã",
                "a unit begins once; correct the code"
            ),
        );
    }
    let same = places.all().find(|unit| {
        unit.code == new.code
            && unit.id != new.id
            && unit.valid_to.is_none_or(|last| day <= last)
            && !reform.ends().contains(&unit.id)
    });
    if let Some(unit) = same {
        findings.error(
            "unit.overlap",
            format!("{field}.code"),
            words!(
                "{name} đang mang mã {code} vào ngày {day}",
                "{name} has the code {code} on {day}",
                day,
                name = unit.name,
                code = new.code
            ),
            words!(
                "chấm dứt đơn vị đó trong cùng hồ sơ, hoặc sửa lại mã",
                "end it with the same filing, or correct the code"
            ),
        );
    }
    let field = format!("{field}.parent");
    if reform.ends().contains(&new.parent) {
        return findings.error(
            "unit.cycle",
            field,
            words!(
                "{name} sẽ trực thuộc chính đơn vị mà nó kế tục",
                "{name} would belong to a unit that it follows",
                name = new.name
            ),
            words!("nêu đơn vị cấp trên", "name the unit above"),
        );
    }
    if new.level == Level::Nation {
        return findings.error(
            "unit.level",
            field,
            words!("chỉ có một quốc gia", "there is one nation"),
            words!("sửa lại cấp", "correct the level"),
        );
    }
    if let Some(parent) = lives(places, &new.parent, &field, day, findings)
        && parent.level >= new.level
    {
        findings.error(
            "unit.level",
            field,
            words!(
                "{name} trực thuộc {parent_name}, không phải cấp cao hơn",
                "{name} belongs to {parent_name}, which is not of a higher level",
                name = new.name,
                parent_name = parent.name
            ),
            words!("sửa lại đơn vị cấp trên", "correct the parent"),
        );
    }
}

/// Whether a unit is one of the seats, or what they became or were.
fn reached(places: &Places, seats: &[UnitId], unit: &UnitId) -> bool {
    let mut found: BTreeSet<&UnitId> = seats.iter().collect();
    let mut last: Vec<&UnitId> = found.iter().copied().collect();
    while !last.is_empty() {
        let mut next = Vec::new();
        for id in last {
            let near = places.followers(id).chain(places.predecessors(id));
            next.extend(near.map(|unit| &unit.id).filter(|id| found.insert(id)));
        }
        last = next;
    }
    found.contains(unit)
}
