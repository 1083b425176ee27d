//! Check-lists of high technology, digital adoption and direct export.

use hoptac_model::filing::{Draft, PracticeConfirm};
use hoptac_model::finding::Finding;
use hoptac_model::words;

use crate::finding::Findings;
use crate::known::Known;

/// What is wrong with a check-list.
pub fn findings(draft: &Draft, body: &PracticeConfirm, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    if body.items.is_empty() {
        findings.error(
            "practice.empty",
            "items",
            words!(
                "chưa đánh dấu mục nào nên không xác nhận gì",
                "nothing is ticked, so nothing is confirmed"
            ),
            words!("đánh dấu những mục đã kiểm tra", "tick what was seen"),
        );
    }
    for (index, item) in body.items.iter().enumerate() {
        findings.text(&format!("items.{index}"), item);
    }
    findings.text("confirmed_by", &body.confirmed_by);
    if let Some(pack) = &known.plan
        && !pack.agencies.is_empty()
        && !pack.agencies.iter().any(|agency| agency.id == body.confirmed_by)
    {
        findings.warning(
            "practice.agency",
            "confirmed_by",
            words!(
                "kế hoạch hiện hành không có cơ quan `{confirmed_by}`",
                "the plan in force names no agency `{confirmed_by}`",
                confirmed_by = body.confirmed_by
            ),
            words!(
                "chọn cơ quan trong danh sách của kế hoạch",
                "take the agency from the plan's list"
            ),
        );
    }
    if let Some(to) = body.to.filter(|to| *to <= draft.effective_on) {
        findings.error(
            "practice.days",
            "to",
            words!(
                "ngày kết thúc {to} không sau ngày bắt đầu {effective_on}",
                "it ends on {to}, not after it begins, on {effective_on}",
                to,
                effective_on = draft.effective_on
            ),
            words!("sửa lại một trong hai ngày", "correct one of the days"),
        );
    }
    findings.into_vec()
}
