//! Check-lists of high technology, digital adoption and direct export: confirmed item by item, withdrawn.

use hoptac_model::filing::{Draft, PracticeConfirm, PracticeWithdraw};
use hoptac_model::finding::Finding;
use hoptac_model::ids::OrganisationId;
use hoptac_model::register::Practice;
use hoptac_model::text::nearest;
use hoptac_model::words;
use hoptac_store::{Error, Writing};

use crate::finding::Findings;
use crate::known::Known;

/// Reads which items of a check-list are confirmed.
pub(crate) async fn read(
    writing: &mut Writing,
    organisation: OrganisationId,
    practice: Practice,
    known: &mut Known,
) -> Result<(), Error> {
    known.confirmed = writing.confirmed(organisation, practice).await?;
    Ok(())
}

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
    items(body.practice, &body.items, known, &mut findings);
    findings.note("evidence", &body.evidence);
    agency("confirmed_by", &body.confirmed_by, known, &mut findings);
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

/// What is wrong with a withdrawal.
pub fn withdraw(draft: &Draft, body: &PracticeWithdraw, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    items(body.practice, &body.items, known, &mut findings);
    findings.text("reason", &body.reason);
    agency("withdrawn_by", &body.withdrawn_by, known, &mut findings);
    let holds = |item: Option<&String>| {
        known.confirmed.iter().any(|(name, from, to)| {
            item.is_none_or(|item| item == name)
                && *from <= draft.effective_on
                && to.is_none_or(|to| draft.effective_on <= to)
        })
    };
    let not_confirmed = |field: String, findings: &mut Findings| {
        findings.error(
            "practice.not-confirmed",
            field,
            words!(
                "không có xác nhận nào còn hiệu lực vào ngày này",
                "nothing of it is confirmed on that day"
            ),
            words!("xem `hoptac practice show`", "look at `hoptac practice show`"),
        );
    };
    if body.items.is_empty() && !holds(None) {
        not_confirmed("practice".to_owned(), &mut findings);
    }
    for (index, item) in body.items.iter().enumerate() {
        if !holds(Some(item)) {
            not_confirmed(format!("items.{index}"), &mut findings);
        }
    }
    findings.into_vec()
}

/// The items are written well, each once, and stand in the plan's list where it has one.
fn items(practice: Practice, items: &[String], known: &Known, findings: &mut Findings) {
    let rule = known.plan.as_ref().and_then(|pack| pack.practice(practice));
    for (index, item) in items.iter().enumerate() {
        let field = format!("items.{index}");
        findings.text(&field, item);
        if items.iter().take(index).any(|before| before == item) {
            findings.error(
                "practice.item-twice",
                field.as_str(),
                words!("mục `{item}` được nêu hai lần", "the item `{item}` is named twice", item),
                words!("nêu mỗi mục một lần", "name each once"),
            );
        }
        let Some(rule) = rule.filter(|rule| rule.items.iter().all(|known| &known.id != item))
        else {
            continue;
        };
        let ids = || rule.items.iter().map(|item| item.id.as_str());
        let remedy = match nearest(item, ids()) {
            Some(near) => hoptac_model::text::did_you_mean(near),
            None => words!(
                "chọn trong danh mục: {list}",
                "the items are {list}",
                list = ids().collect::<Vec<_>>().join(", ")
            ),
        };
        findings.error(
            "practice.item",
            field,
            words!(
                "bảng kiểm của kế hoạch không có mục `{item}`",
                "the plan's check-list has no item `{item}`",
                item = hoptac_model::text::few(item)
            ),
            remedy,
        );
    }
}

fn agency(field: &str, written: &str, known: &Known, findings: &mut Findings) {
    findings.text(field, written);
    if let Some(pack) = &known.plan
        && !pack.agencies.is_empty()
        && !pack.agencies.iter().any(|agency| agency.id == written)
    {
        findings.warning(
            "practice.agency",
            field,
            words!(
                "kế hoạch hiện hành không có cơ quan `{confirmed_by}`",
                "the plan in force names no agency `{confirmed_by}`",
                confirmed_by = written
            ),
            words!(
                "chọn cơ quan trong danh sách của kế hoạch",
                "take the agency from the plan's list"
            ),
        );
    }
}
