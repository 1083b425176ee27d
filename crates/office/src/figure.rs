//! Published figures.

use std::collections::BTreeSet;

use hoptac_model::filing::{Draft, FiguresPublish};
use hoptac_model::finding::Finding;
use hoptac_model::ids::UnitId;
use hoptac_model::words;
use hoptac_store::{Error, Writing};

use crate::filing::recorded_on;
use crate::finding::Findings;
use crate::known::Known;

/// Reads the units that the figures speak of. A unit that began on 1 July 2025 may carry its code under another identity.
pub(crate) async fn read(
    writing: &mut Writing,
    body: &FiguresPublish,
    known: &mut Known,
) -> Result<(), Error> {
    let codes: BTreeSet<&str> = body.figures.iter().map(|figure| figure.unit.as_str()).collect();
    for code in codes {
        for id in [UnitId::from(code), UnitId::new(format!("{code}.2025"))] {
            if let Some(unit) = writing.unit(&id).await? {
                known.units.insert(UnitId::from(code), unit);
                break;
            }
        }
    }
    Ok(())
}

/// What is wrong with published figures.
pub fn findings(draft: &Draft, body: &FiguresPublish, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    let Some(pack) = &known.plan else {
        findings.error(
            "figure.no-plan",
            "",
            words!(
                "chưa tiếp nhận kế hoạch nào nên số liệu chưa thuộc về đâu",
                "no plan has been adopted, so that there is nothing the figures belong to"
            ),
            words!("hãy tiếp nhận gói kế hoạch trước", "adopt a plan pack first"),
        );
        return findings.into_vec();
    };
    if body.figures.is_empty() {
        findings.error(
            "figure.none",
            "figures",
            words!("chưa có số liệu nào", "no figure is given"),
            words!("nêu ít nhất một mục", "give at least one"),
        );
    }
    let mut ids: BTreeSet<&str> = pack.figures.iter().map(|figure| figure.id.as_str()).collect();
    for (index, figure) in body.figures.iter().enumerate() {
        let field = |name: &str| format!("figures.{index}.{name}");
        findings.text(&field("id"), &figure.id);
        findings.text(&field("source"), &figure.source);
        if !ids.insert(&figure.id) {
            findings.error(
                "figure.exists",
                field("id"),
                words!(
                    "số liệu `{id}` đã được công bố",
                    "a figure `{id}` is published already",
                    id = figure.id
                ),
                words!("đặt tên riêng cho số liệu mới", "give the new figure a name of its own"),
            );
        }
        let known_series = pack.indicator(&figure.indicator).is_some()
            || pack.series.iter().any(|series| series.id == figure.indicator);
        if !known_series {
            findings.error(
                "figure.series",
                field("indicator"),
                words!(
                    "kế hoạch hiện hành không có chỉ tiêu hoặc chuỗi số liệu `{indicator}`",
                    "the plan in force has no indicator or series `{indicator}`",
                    indicator = figure.indicator
                ),
                words!("chọn trong danh mục của kế hoạch", "take one from the plan"),
            );
        }
        if !known.units.contains_key(&UnitId::from(figure.unit.as_str())) {
            findings.error(
                "figure.unit",
                field("unit"),
                words!(
                    "không có đơn vị hành chính `{unit}`",
                    "there is no unit `{unit}`",
                    unit = figure.unit
                ),
                words!(
                    "lấy mã từ danh mục đơn vị hành chính",
                    "take the code from the list of units"
                ),
            );
        }
        if !figure.value.is_finite() {
            findings.error(
                "figure.value",
                field("value"),
                words!("giá trị không phải là số", "the value is not a number"),
                words!("ghi giá trị đúng như đã công bố", "write the value as it was published"),
            );
        }
        if figure.source_date.is_some_and(|day| day > recorded_on(draft)) {
            findings.error(
                "figure.source-ahead",
                field("source_date"),
                words!(
                    "nguồn được công bố sau ngày nộp số liệu",
                    "the source was published after the figure was filed"
                ),
                words!("sửa lại ngày", "correct the day"),
            );
        }
    }
    findings.into_vec()
}
