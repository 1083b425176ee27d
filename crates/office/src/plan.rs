//! Plans: adopting a pack, attaching the plan's own text.

use hoptac_model::filing::{Draft, Hash, PlanAdopt, PlanAttach, Subject};
use hoptac_model::finding::Finding;
use hoptac_model::pack::Pack;
use hoptac_model::words;
use serde_json::Value;

use crate::finding::Findings;
use crate::known::Known;

/// What is wrong with adopting a pack. What is wrong inside a pack is found when it is read.
pub fn adopt(body: &PlanAdopt, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    let pack = &body.pack;
    findings.text("pack.id", &pack.id);
    for (what, field, empty) in [
        (words!("chỉ tiêu đo", "indicators"), "pack.indicators", pack.indicators.is_empty()),
        (words!("chỉ tiêu kế hoạch", "targets"), "pack.targets", pack.targets.is_empty()),
    ] {
        if empty {
            findings.error(
                "plan.empty",
                field,
                words!("gói kế hoạch không có {what}", "the pack has no {what}", what),
                words!("đọc lại thư mục của gói kế hoạch", "read the pack's folder anew"),
            );
        }
    }
    if let Some(path) = first_todo(pack) {
        findings.error(
            "plan.draft",
            path,
            words!(
                "gói kế hoạch còn là dự thảo: có chỗ ghi TODO chưa ai điền",
                "the pack is still a draft: a TODO stands where nobody has decided yet"
            ),
            words!("điền hết các chỗ TODO trong plan.toml", "replace every TODO in plan.toml"),
        );
    }
    if Hash::parse(&body.files_hash).is_none() {
        findings.error(
            "plan.hash",
            "files_hash",
            words!(
                "mã băm của các tệp trong gói không phải là 64 chữ số thập lục phân",
                "the hash of the pack's files is not 64 hexadecimal digits"
            ),
            words!("lấy từ kết quả kiểm tra gói", "take it from the check of the pack"),
        );
    }
    if let Some(before) = known.plan.as_ref().filter(|before| before.id != pack.id) {
        findings.warning(
            "plan.replaces",
            "pack.id",
            words!(
                "đang có hiệu lực một kế hoạch khác, `{id}`",
                "another plan, `{id}`, is in force",
                id = before.id
            ),
            words!("kế hoạch mới sẽ thay thế", "the new one takes its place"),
        );
    }
    findings.into_vec()
}

/// The path of the first text of a pack that a draft left open.
fn first_todo(pack: &Pack) -> Option<String> {
    fn find(value: &Value, path: String) -> Option<String> {
        match value {
            Value::String(text) => (text == "TODO").then_some(path),
            Value::Array(values) => values
                .iter()
                .enumerate()
                .find_map(|(at, value)| find(value, format!("{path}[{at}]"))),
            Value::Object(fields) => {
                fields.iter().find_map(|(name, value)| find(value, format!("{path}.{name}")))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => None,
        }
    }
    find(&serde_json::to_value(pack).ok()?, "pack".to_owned())
}

/// What is wrong with an attached text.
pub fn attach(draft: &Draft, body: &PlanAttach, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.text("file_name", &body.file_name);
    match &known.plan {
        None => findings.error(
            "plan.none",
            "subject",
            words!(
                "chưa tiếp nhận kế hoạch nào để đính kèm văn bản",
                "no plan has been adopted, so that there is nothing to attach the text to"
            ),
            words!("hãy tiếp nhận gói kế hoạch trước", "adopt a plan pack first"),
        ),
        Some(pack) if draft.subject != Subject::plan(&pack.id) => findings.error(
            "plan.other",
            "subject",
            words!(
                "kế hoạch đang có hiệu lực là `{id}`",
                "the plan in force is `{id}`",
                id = pack.id
            ),
            words!("đính kèm văn bản vào kế hoạch đó", "attach the text to that plan"),
        ),
        Some(_) => {}
    }
    if body.text.trim().is_empty() {
        findings.error(
            "plan.no-text",
            "text",
            words!("tệp không có nội dung chữ", "the file holds no text"),
            words!("đính kèm tệp khác", "attach another file"),
        );
    }
    if hoptac_model::text::nfc(&body.text) != body.text {
        findings.error(
            "text.not-nfc",
            "text",
            words!(
                "chữ viết chưa ở dạng Unicode dựng sẵn (NFC)",
                "the letters are not in the composed form (Unicode NFC)"
            ),
            words!("đọc lại tệp", "read the file again"),
        );
    }
    if Hash::parse(&body.file_hash).is_none() {
        findings.error(
            "plan.hash",
            "file_hash",
            words!(
                "mã băm của tệp không phải là 64 chữ số thập lục phân",
                "the hash of the file is not 64 hexadecimal digits"
            ),
            words!("đọc lại tệp", "read the file again"),
        );
    }
    findings.into_vec()
}
