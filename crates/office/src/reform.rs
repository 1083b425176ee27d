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
            format!("changes of the places are on record from {from} on, {day} is before that"),
            "what was before is in the units taken over; correct the day",
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
                    format!("{} has this name already", unit.id.as_str()),
                    "write the new name",
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
            format!(
                "{} organisations have their seat there; nobody can say for certain where they are from {day} on",
                known.seated
            ),
            "decide it one by one; `hoptac unit open` lists them",
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
            format!(
                "the organisation never had its seat in {} or a unit that it became",
                seat.name
            ),
            "name the unit of its seat",
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
            format!("`{}` neither follows {} nor came before it", body.unit.as_str(), seat.name),
            if names.is_empty() {
                format!("nothing is to be decided about {}", seat.name)
            } else {
                format!("choose among {}", names.join(", "))
            },
        );
    } else if choices.len() == 1 {
        findings.warning(
            "place.certain",
            "unit",
            format!("{} leaves no choice", seat.name),
            "the filing is not needed",
        );
    }
    findings.into_vec()
}

/// The document has a number, an issuer and a possible day.
fn decision(draft: &Draft, decision: &Decision, findings: &mut Findings) {
    findings.text("decision.number", &decision.number);
    findings.text("decision.issuer", &decision.issuer);
    let recorded = recorded_on(draft);
    if decision.date > recorded {
        findings.error(
            "decision.ahead",
            "decision.date",
            format!("the document is of {}, after the day {recorded} of recording", decision.date),
            "correct the day of the document",
        );
    } else if decision.date > draft.effective_on && matches!(draft.body, Body::Reform(_)) {
        findings.warning(
            "decision.after-effect",
            "decision.date",
            format!(
                "the document is of {}, after the day {} from which it is effective",
                decision.date, draft.effective_on
            ),
            "look both days up once more",
        );
    }
}

fn merge(places: &Places, reform: &Reform, body: &UnitMerge, day: Date, findings: &mut Findings) {
    if body.units.is_empty() {
        findings.error("unit.none", "units", "no unit is given", "name the units that are merged");
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
            format!("{} parts are named", body.parts.len()),
            "name at least two units that the parts go to; what goes whole into one is a merger",
        );
    }
    let defaults = body.parts.iter().filter(|part| part.default).count();
    if !body.parts.is_empty() && defaults != 1 {
        findings.error(
            "unit.default",
            "parts",
            format!("{defaults} parts are taken where nobody decided otherwise"),
            "say of exactly one part that it is the default",
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
        format!("{} begins, but nothing goes to it", new.name),
        "name it as a successor, or create it by a filing of its own",
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
                format!("the unit `{}` is given twice", id.as_str()),
                "name it once",
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
            format!("there is no unit `{}`", id.as_str()),
            if same.is_empty() {
                "look it up with `hoptac unit list`".to_owned()
            } else {
                format!("the code stands for {}; write one of these", same.join(", "))
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
            format!("{} begins on {from}, not before {day}", unit.name),
            "correct the unit or the day",
        );
        return None;
    }
    if let Some(last) = unit.valid_to.filter(|last| *last < day) {
        findings.error(
            "unit.ended",
            field,
            format!("{} ended on {last}", unit.name),
            "correct the unit or the day",
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
            format!("{} already ends on {last}", unit.name),
            "a unit ends once; correct the unit",
        );
    }
    if unit.valid_from == Some(day) {
        return findings.error(
            "unit.not-begun",
            field,
            format!("{} begins on {day} itself and would not last a day", unit.name),
            "correct the day",
        );
    }
    let below = places.children(id, day);
    if let Some(first) = below.first() {
        findings.error(
            "unit.children",
            field,
            format!(
                "{} still has {} units below it, {} among them",
                unit.name,
                below.len(),
                first.name
            ),
            "first file what becomes of them from the same day on",
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
            format!("`{}` would follow itself", id.as_str()),
            "name another unit, or one that begins with the filing",
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
            format!("`{}` and {} are not of one level", id.as_str(), other.name),
            "units go into units of their own level",
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
            format!("`{}` is not made of code and year", new.id.as_str()),
            format!("write {}", id.as_str()),
        );
    }
    if let Some(unit) = places.get(&new.id) {
        findings.error(
            "unit.exists",
            format!("{field}.id"),
            format!("`{}` is {} already", new.id.as_str(), unit.name),
            "a unit begins once; correct the code",
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
            format!("{} has the code {} on {day}", unit.name, new.code),
            "end it with the same filing, or correct the code",
        );
    }
    let field = format!("{field}.parent");
    if reform.ends().contains(&new.parent) {
        return findings.error(
            "unit.cycle",
            field,
            format!("{} would belong to a unit that it follows", new.name),
            "name the unit above",
        );
    }
    if new.level == Level::Nation {
        return findings.error("unit.level", field, "there is one nation", "correct the level");
    }
    if let Some(parent) = lives(places, &new.parent, &field, day, findings)
        && parent.level >= new.level
    {
        findings.error(
            "unit.level",
            field,
            format!("{} belongs to {}, which is not of a higher level", new.name, parent.name),
            "correct the parent",
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
