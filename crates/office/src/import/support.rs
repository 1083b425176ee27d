//! Rows of applications for support, held against what was applied for, decided and paid.

use hoptac_model::filing::reform::Decision;
use hoptac_model::filing::support::{
    Support, SupportApply, SupportCancel, SupportDecide, SupportPay,
};
use hoptac_model::filing::{Body, Subject};
use hoptac_model::sheet::{CellValue, SheetRow};
use hoptac_model::support::Application;
use hoptac_model::words;
use jiff::civil::Date;

use super::record::{stands, text};
use super::{Desk, Judged};
use crate::finding::Findings;
use crate::refusal::Refusal;

impl Desk<'_> {
    /// What a row of support comes to: an application, a decision, a payment, a cancellation, as far as they are not on file.
    pub(super) async fn support(&mut self, row: &SheetRow) -> Result<Judged, Refusal> {
        let mut judged = Judged::default();
        let Some(card) = self.whose(row, &mut judged).await? else { return Ok(judged) };
        let (Some(programme), Some(name), Some(on), Some(requested), Some(purpose)) = (
            self.text(row, "programme"),
            self.text(row, "application"),
            self.day(row, "on"),
            self.whole(row, "requested"),
            self.text(row, "purpose"),
        ) else {
            return Ok(judged.unread());
        };
        self.speak(format!("{}/{name}", card.id), row, &mut judged.findings);
        let subject = Subject::organisation(card.id);
        let no_penalty = self.whole(row, "no_penalty").map(|flag| flag != 0);
        let concerning = self.clerk.writing.support_concerning(card.id, programme).await?;
        let held = concerning
            .into_iter()
            .find(|one| one.organisation == card.id && one.application.application == name)
            .map(|one| one.application);
        judged.new = held.is_none();
        match &held {
            None => {
                let body = SupportApply {
                    application: name.to_owned(),
                    programme: programme.to_owned(),
                    amount: requested,
                    purpose: purpose.to_owned(),
                    no_penalty,
                };
                judged.plan(subject.clone(), on, Body::Support(Support::Apply(body)));
            }
            Some(held) => {
                judged.differs("programme", Some(text(&held.programme)), text(programme));
                judged.differs("on", Some(CellValue::Day(held.on)), CellValue::Day(on));
                let amount = CellValue::Whole(held.requested);
                judged.differs("requested", Some(amount), CellValue::Whole(requested));
                judged.differs("purpose", Some(text(&held.purpose)), text(purpose));
                if let Some(flag) = no_penalty {
                    let whole = |flag: bool| CellValue::Whole(i64::from(flag));
                    judged.differs("no_penalty", held.no_penalty.map(whole), whole(flag));
                }
                for difference in &judged.differences {
                    judged.findings.add(stands(
                        &difference.column,
                        words!(
                            "hồ sơ đề nghị đã nộp không sửa nội dung",
                            "an application that was made does not change"
                        ),
                        words!(
                            "hủy hồ sơ (ghi ngày và lý do) và nộp hồ sơ mới với số riêng",
                            "cancel it (day and reason) and make a new one with a number of its own"
                        ),
                    ));
                }
            }
        }
        self.decided(row, name, held.as_ref(), &subject, &mut judged);
        self.paid(row, name, held.as_ref(), &subject, &mut judged);
        if let Some(day) = self.day(row, "cancelled_on") {
            let before = held.as_ref().and_then(|held| held.cancelled_on).map(CellValue::Day);
            if judged.differs_from_file(held.as_ref(), "cancelled_on", before, CellValue::Day(day))
            {
                let reason = self.text(row, "reason").unwrap_or_default().to_owned();
                let body = SupportCancel { application: name.to_owned(), reason };
                judged.plan(subject, day, Body::Support(Support::Cancel(body)));
            }
        }
        Ok(judged)
    }

    /// The decision in a row, where it is not on file.
    fn decided(
        &self,
        row: &SheetRow,
        name: &str,
        held: Option<&Application>,
        subject: &Subject,
        judged: &mut Judged,
    ) {
        let Some(day) = self.day(row, "decided_on") else { return };
        let approved = self.whole(row, "approved").map(|flag| flag != 0);
        let granted = self.whole(row, "granted");
        let document = self.text(row, "decision");
        if let Some(decided) = held.and_then(|held| held.decision.as_ref()) {
            let known = judged.differences.len();
            judged.differs("decided_on", Some(CellValue::Day(decided.on)), CellValue::Day(day));
            let whole = |flag: bool| CellValue::Whole(i64::from(flag));
            if let Some(approved) = approved {
                judged.differs("approved", Some(whole(decided.approved)), whole(approved));
            }
            if let Some(granted) = granted {
                let amount = CellValue::Whole(decided.granted);
                judged.differs("granted", Some(amount), CellValue::Whole(granted));
            }
            if let Some(document) = document {
                judged.differs("decision", Some(text(&decided.document)), text(document));
            }
            for difference in judged.differences.iter().skip(known) {
                judged.findings.add(stands(
                    &difference.column,
                    words!("hồ sơ đã có quyết định", "the application has been decided already"),
                    words!(
                        "hủy hồ sơ và nộp hồ sơ mới nếu quyết định thay đổi",
                        "cancel it and file a new application if the decision changes"
                    ),
                ));
            }
            return;
        }
        let Some(decision) = decision(document, day, &mut judged.findings) else { return };
        let approved = approved.unwrap_or_else(|| granted.is_some_and(|granted| granted > 0));
        if held.is_some() {
            judged.differs("decided_on", None, CellValue::Day(day));
            judged.differs("approved", None, CellValue::Whole(i64::from(approved)));
            if let Some(granted) = granted {
                judged.differs("granted", None, CellValue::Whole(granted));
            }
        }
        let body = SupportDecide {
            application: name.to_owned(),
            approved,
            amount: granted.unwrap_or(0),
            decision,
            reason: if approved {
                String::new()
            } else {
                self.text(row, "reason").unwrap_or_default().to_owned()
            },
        };
        judged.plan(subject.clone(), day, Body::Support(Support::Decide(body)));
    }

    /// What a row says was paid beyond what is on file.
    fn paid(
        &self,
        row: &SheetRow,
        name: &str,
        held: Option<&Application>,
        subject: &Subject,
        judged: &mut Judged,
    ) {
        let Some(paid) = self.whole(row, "paid") else { return };
        let before = held.map_or(0, Application::paid);
        if paid == before {
            return;
        }
        if held.is_some() {
            judged.differs("paid", Some(CellValue::Whole(before)), CellValue::Whole(paid));
        }
        if paid < before {
            return judged.findings.add(stands(
                "paid",
                words!(
                    "đã chi {before} đồng, nhiều hơn số ghi ở đây",
                    "{before} đồng were paid, more than is written here",
                    before
                ),
                words!(
                    "tiền thu hồi thì nộp hồ sơ hoàn trả",
                    "file a repayment for what came back"
                ),
            ));
        }
        let document = self.text(row, "payment").unwrap_or_default().to_owned();
        let body = SupportPay {
            application: name.to_owned(),
            amount: paid - before,
            document,
            reason: String::new(),
        };
        let day = self.day(row, "paid_on").unwrap_or(self.file.on);
        judged.plan(subject.clone(), day, Body::Support(Support::Pay(body)));
    }
}

impl Judged {
    /// Notes a difference where the application is on file; in a new one everything is new.
    fn differs_from_file(
        &mut self,
        held: Option<&Application>,
        column: &str,
        before: Option<CellValue>,
        after: CellValue,
    ) -> bool {
        if held.is_some() { self.differs(column, before, after) } else { before != Some(after) }
    }
}

/// The document of a decision, written as number, comma, issuer.
fn decision(document: Option<&str>, date: Date, findings: &mut Findings) -> Option<Decision> {
    let parts = document.and_then(|document| document.split_once(','));
    let Some((number, issuer)) = parts else {
        findings.error(
            "import.decision",
            "decision",
            words!(
                "chưa ghi đủ số và cơ quan ban hành quyết định",
                "number and issuer of the decision are not written"
            ),
            words!(
                "ghi số, dấu phẩy, cơ quan ban hành: 125/QĐ-UBND, UBND tỉnh",
                "write number, comma, issuer: 125/QĐ-UBND, UBND tỉnh"
            ),
        );
        return None;
    };
    Some(Decision { number: number.trim().to_owned(), date, issuer: issuer.trim().to_owned() })
}
