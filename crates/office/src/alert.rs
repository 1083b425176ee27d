//! Alerts: put to sleep until a day with a reason, taken on by an agency. Which alerts there are, the published state says.

use hoptac_model::alert::AlertKind;
use hoptac_model::date::days_between;
use hoptac_model::filing::Draft;
use hoptac_model::filing::alert::AlertAct;
use hoptac_model::finding::Finding;
use hoptac_model::words;

use crate::finding::Findings;
use crate::known::Known;
use crate::task::agency;

/// The most days that an alert sleeps.
const SLEEP_MAX: i32 = 366;

/// What is wrong with a filing about an alert.
pub fn findings(draft: &Draft, act: &AlertAct, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    let key = draft.subject.as_alert();
    let kind = key.and_then(|key| AlertKind::from_code(key.split_once('.')?.0));
    if kind.is_none() || key.is_none_or(|key| key.len() > 120) {
        findings.error(
            "alert.key",
            "subject",
            words!(
                "`{subject}` không phải là cảnh báo",
                "`{subject}` names no alert",
                subject = draft.subject.0
            ),
            words!(
                "ghi mã trong danh sách cảnh báo",
                "write the key that the list of alerts shows"
            ),
        );
    }
    let on = draft.effective_on;
    match act {
        AlertAct::Snooze(body) => {
            findings.text("reason", &body.reason);
            if body.until < on {
                findings.error(
                    "alert.past",
                    "until",
                    words!("ngày {until} đã qua", "{until} is past", until = body.until),
                    words!(
                        "ghi một ngày sau đó, hoặc chính ngày lập hồ sơ để bật lại",
                        "write a later day, or the day of the filing to wake it"
                    ),
                );
            }
            if days_between(on, body.until) > SLEEP_MAX {
                findings.error(
                    "alert.long",
                    "until",
                    words!(
                        "không tạm ẩn quá {most} ngày",
                        "it cannot sleep for more than {most} days",
                        most = SLEEP_MAX
                    ),
                    words!("chọn ngày gần hơn", "choose an earlier day"),
                );
            }
        }
        AlertAct::Own(body) => {
            findings.note("note", &body.note);
            agency(&body.agency, "agency", known.plan.as_deref(), on, &mut findings);
        }
    }
    findings.into_vec()
}
