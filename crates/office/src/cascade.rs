//! Cascades: numbers of the plan given out to units. Parts that do not sum to what the plan asks are not accepted.

use std::collections::{BTreeMap, BTreeSet};

use hoptac_model::cascade::{Part, ends};
use hoptac_model::date::year_end;
use hoptac_model::filing::Draft;
use hoptac_model::filing::cascade::CascadeAdopt;
use hoptac_model::finding::Finding;
use hoptac_model::ids::UnitId;
use hoptac_model::pack::{Measure, Pack};
use hoptac_model::target::{Horizon, Scope, Target};
use hoptac_model::text::{Language, Words};
use hoptac_model::unit::Places;
use hoptac_model::words;

use crate::finding::Findings;
use crate::known::Known;
use crate::reform;

/// What is wrong with a cascade.
pub fn findings(draft: &Draft, body: &CascadeAdopt, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.text("reason", &body.reason);
    reform::decision(draft, &body.decision, &mut findings);
    let Some(pack) = known.plan.as_deref().filter(|pack| pack.id == body.plan) else {
        findings.error(
            "cascade.plan",
            "plan",
            words!(
                "kế hoạch đang có hiệu lực không phải là `{plan}`",
                "the plan in force is not `{plan}`",
                plan = body.plan
            ),
            words!(
                "phân bổ chỉ tiêu của kế hoạch hiện hành",
                "give out a target of the plan in force"
            ),
        );
        return findings.into_vec();
    };
    let Some(target) = pack.target(&body.target) else {
        findings.error(
            "cascade.target",
            "target",
            words!(
                "kế hoạch không có chỉ tiêu `{target}`",
                "the plan has no target `{target}`",
                target = body.target.as_str()
            ),
            words!("lấy mã từ danh mục chỉ tiêu", "take its name from the list of targets"),
        );
        return findings.into_vec();
    };
    let ratio = pack.indicator(&target.indicator).is_none_or(|i| i.measure == Measure::Ratio);
    if ratio || target.scope != Scope::Plan {
        findings.error(
            "cascade.not-shared",
            "target",
            words!(
                "chỉ tiêu {target} là mức chung cho mọi đơn vị nên không chia thành phần",
                "the target {target} holds for every unit alike, so that it has no parts",
                target = body.target.as_str()
            ),
            words!(
                "chọn chỉ tiêu là con số của cả địa bàn",
                "take a number of the whole territory"
            ),
        );
        return findings.into_vec();
    }
    if let Some(places) = known.places.as_deref() {
        units(body, pack, places, &mut findings);
    }
    sums(body, target, &mut findings);
    findings.into_vec()
}

/// Every unit of the level has one part for every year, and nobody else has.
fn units(body: &CascadeAdopt, pack: &Pack, places: &Places, findings: &mut Findings) {
    let root = places.find(&pack.setting.unit, body.geography).map(|unit| unit.id.clone());
    let of_level: BTreeSet<&UnitId> = places
        .all()
        .filter(|unit| unit.level == body.level && unit.exists_on(body.geography))
        .filter(|unit| {
            places.ancestry(&unit.id).iter().any(|above| Some(&above.id) == root.as_ref())
        })
        .map(|unit| &unit.id)
        .collect();
    let years: BTreeSet<i16> = body.parts.iter().map(|part| part.year).collect();
    let mut seen: BTreeSet<(&UnitId, i16)> = BTreeSet::new();
    for (number, part) in body.parts.iter().enumerate() {
        let Part { unit, year, .. } = part;
        if !of_level.contains(unit) {
            findings.error(
                "cascade.unit",
                format!("parts.{number}.unit"),
                words!(
                    "`{unit}` không phải là đơn vị cấp này của địa bàn vào ngày {day}",
                    "`{unit}` is no unit of this level of the territory on {day}",
                    unit,
                    day = body.geography
                ),
                words!(
                    "lấy mã từ danh mục đơn vị hành chính",
                    "take the code from the list of units"
                ),
            );
        } else if !seen.insert((unit, *year)) {
            findings.error(
                "cascade.twice",
                format!("parts.{number}"),
                words!(
                    "`{unit}` được giao hai lần cho năm {year}",
                    "`{unit}` is given two parts for {year}",
                    unit,
                    year
                ),
                words!("giữ một dòng cho mỗi đơn vị, mỗi năm", "keep one for each unit and year"),
            );
        }
    }
    let missing: Vec<&UnitId> = of_level
        .into_iter()
        .filter(|unit| years.iter().any(|year| !seen.contains(&(*unit, *year))))
        .collect();
    if let Some(first) = missing.first() {
        findings.error(
            "cascade.missing",
            "parts",
            words!(
                "{count} đơn vị chưa đủ phần cho mọi năm, trước hết là `{first}`",
                "{count} units have no part for some year, the first of them `{first}`",
                count = missing.len(),
                first
            ),
            words!("ghi 0 cho đơn vị không được giao", "write 0 for a unit that is given nothing"),
        );
    }
}

/// The parts of every year sum to what the plan asks of it.
fn sums(body: &CascadeAdopt, target: &Target, findings: &mut Findings) {
    let mut sums: BTreeMap<i16, u64> = BTreeMap::new();
    for part in &body.parts {
        *sums.entry(part.year).or_default() += u64::from(part.value);
    }
    if sums.is_empty() {
        findings.error(
            "cascade.none",
            "parts",
            words!("chưa giao phần nào", "no part is given"),
            words!("lập đề xuất phân bổ trước", "make a proposal first"),
        );
    }
    let (least, most) = ends(target.constraint);
    for (year, sum) in sums {
        let asked = match target.horizon {
            Horizon::Year { year: horizon } => year == horizon,
            Horizon::Yearly { from, to } => (from..=to).contains(&year),
        };
        if !asked || year_end(year) < body.geography {
            findings.error(
                "cascade.year",
                "parts",
                words!(
                    "chỉ tiêu {target} không đặt cho năm {year} kể từ ngày của danh mục đơn vị",
                    "the target {target} asks nothing of {year} from the day of the units on",
                    target = target.id.as_str(),
                    year
                ),
                words!(
                    "chỉ giao cho các năm của chỉ tiêu",
                    "give parts for the years of the target"
                ),
            );
            continue;
        }
        let sum = sum + u64::from(body.outside);
        if sum < u64::from(least) || most.is_some_and(|most| sum > u64::from(most)) {
            let asked = Words::new(
                target.constraint.words("", Language::Vi),
                target.constraint.words("", Language::En),
            );
            findings.error(
                "cascade.sum",
                "parts",
                words!(
                    "tổng các phần của năm {year} là {sum}, kế hoạch đặt {asked}",
                    "the parts of {year} sum to {sum}, and the plan asks {asked}",
                    year,
                    sum,
                    asked
                ),
                words!("sửa các phần cho khớp tổng", "change parts so that the sum agrees"),
            );
        }
    }
}
