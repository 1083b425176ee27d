//! Places: units with their validity and who follows whom.

use std::collections::{BTreeMap, BTreeSet};

use hoptac_model::filing::UnitsAdopt;
use hoptac_model::finding::Finding;
use hoptac_model::ids::UnitId;
use hoptac_model::unit::Unit;
use hoptac_model::words;
use hoptac_store::{Error, Writing};

use crate::finding::Findings;
use crate::known::Known;

/// Reads units that the filing points at without bringing them itself.
pub(crate) async fn read(
    writing: &mut Writing,
    body: &UnitsAdopt,
    known: &mut Known,
) -> Result<(), Error> {
    let brought: BTreeSet<&UnitId> = body.units.iter().map(|unit| &unit.id).collect();
    let parents = body.units.iter().filter_map(|unit| unit.parent.as_ref());
    let followed = body.successors.iter().flat_map(|next| [&next.old, &next.new]);
    let wanted: BTreeSet<&UnitId> =
        parents.chain(followed).filter(|id| !brought.contains(id)).collect();
    for id in wanted {
        if let Some(unit) = writing.unit(id).await? {
            known.units.insert(id.clone(), unit);
        }
    }
    Ok(())
}

/// What is wrong with units and their successions.
pub fn findings(body: &UnitsAdopt, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.text("source", &body.source);
    if body.units.is_empty() && body.successors.is_empty() {
        findings.error(
            "unit.none",
            "units",
            words!("chưa nêu đơn vị hành chính nào", "no unit is given"),
            words!("nêu ít nhất một mục", "give at least one"),
        );
    }
    let brought: BTreeMap<&UnitId, &Unit> =
        body.units.iter().map(|unit| (&unit.id, unit)).collect();
    let find = |id: &UnitId| brought.get(id).copied().or_else(|| known.units.get(id));
    let mut seen: BTreeSet<&UnitId> = BTreeSet::new();
    for (index, unit) in body.units.iter().enumerate() {
        let field = |name: &str| format!("units.{index}.{name}");
        findings.text(&field("name"), &unit.name);
        findings.text(&field("code"), &unit.code);
        if !seen.insert(&unit.id) {
            findings.error(
                "unit.twice",
                field("id"),
                words!(
                    "đơn vị `{id}` được nêu hai lần",
                    "the unit `{id}` is given twice",
                    id = unit.id
                ),
                words!(
                    "mỗi khoảng thời gian hiệu lực cần định danh riêng",
                    "give each span of validity an identity of its own"
                ),
            );
        }
        if let (Some(from), Some(to)) = (unit.valid_from, unit.valid_to)
            && to < from
        {
            findings.error(
                "unit.days",
                field("valid_to"),
                words!(
                    "{name} kết thúc ngày {to}, trước ngày bắt đầu {from}",
                    "{name} ends on {to}, before it begins, on {from}",
                    to,
                    from,
                    name = unit.name
                ),
                words!("sửa lại một trong hai ngày", "correct one of the days"),
            );
        }
        match unit.parent.as_ref().map(|id| (id, find(id))) {
            Some((id, None)) => findings.error(
                "unit.parent",
                field("parent"),
                words!(
                    "{name} trực thuộc `{id}`, đơn vị chưa có trong danh mục",
                    "{name} belongs to `{id}`, which nobody knows",
                    id,
                    name = unit.name
                ),
                words!("bổ sung đơn vị đó", "give that unit too"),
            ),
            Some((_, Some(parent))) if parent.level >= unit.level => findings.error(
                "unit.level",
                field("parent"),
                words!(
                    "{name} trực thuộc {parent_name}, không phải cấp cao hơn",
                    "{name} belongs to {parent_name}, which is not of a higher level",
                    name = unit.name,
                    parent_name = parent.name
                ),
                words!("sửa lại đơn vị cấp trên", "correct the parent"),
            ),
            Some(_) | None => {}
        }
    }
    overlaps(&body.units, &mut findings);
    for (index, next) in body.successors.iter().enumerate() {
        for (name, id) in [("old", &next.old), ("new", &next.new)] {
            if find(id).is_none() {
                findings.error(
                    "unit.successor",
                    format!("successors.{index}.{name}"),
                    words!(
                        "quan hệ kế tục nêu `{id}`, đơn vị chưa có trong danh mục",
                        "the succession names `{id}`, which nobody knows",
                        id
                    ),
                    words!("bổ sung đơn vị đó", "give that unit too"),
                );
            }
        }
    }
    findings.into_vec()
}

/// A code means at most one unit on any day.
fn overlaps(units: &[Unit], findings: &mut Findings) {
    let mut by_code: BTreeMap<&str, Vec<(usize, &Unit)>> = BTreeMap::new();
    for (index, unit) in units.iter().enumerate() {
        by_code.entry(&unit.code).or_default().push((index, unit));
    }
    for mut same in by_code.into_values() {
        // A unit without a first day was there before all others.
        same.sort_by_key(|(_, unit)| unit.valid_from);
        for ((_, before), (index, after)) in same.iter().zip(same.iter().skip(1)) {
            let ended = before.valid_to.zip(after.valid_from).is_some_and(|(to, from)| to < from);
            if !ended && before.id != after.id {
                findings.error(
                    "unit.overlap",
                    format!("units.{index}.valid_from"),
                    words!(
                        "{name} và {after_name} cùng mang mã {code} trong một thời gian",
                        "{name} and {after_name} have the code {code} at the same time",
                        name = before.name,
                        after_name = after.name,
                        code = after.code
                    ),
                    words!(
                        "chấm dứt đơn vị trước khi đơn vị kia bắt đầu",
                        "end the one before the other begins"
                    ),
                );
            }
        }
    }
}
