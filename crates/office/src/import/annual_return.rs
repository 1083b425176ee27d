//! Rows of yearly returns, held against what was accepted.

use hoptac_model::filing::annual_return::ReturnSubmit;
use hoptac_model::filing::{Body, FilingKind, ReturnAccept, Subject};
use hoptac_model::import::Difference;
use hoptac_model::sheet::{CellValue, SheetForm, SheetRow};
use hoptac_model::words;

use super::{Desk, Judged, Planned};
use crate::authority;
use crate::finding::Findings;
use crate::refusal::Refusal;

/// Columns that say whose return it is, and of which year.
const OF_WHOM: [&str; 4] = ["code", "name", "year", "id"];

impl Desk<'_> {
    /// Whether a row leaves empty only what the accepted return lacks too, so that taking it makes nothing worse.
    pub(super) async fn lacks_no_more_than_the_register(
        &mut self,
        row: &SheetRow,
    ) -> Result<bool, Refusal> {
        if self.file.form.id != SheetForm::RETURNS {
            return Ok(false);
        }
        let card = self.must_have_code(row, &mut Findings::default()).await?;
        let year = self.whole(row, "year").and_then(|year| i16::try_from(year).ok());
        let (Some(card), Some(year)) = (card, year.or(self.file.year)) else { return Ok(false) };
        let Some(accepted) = self.clerk.writing.accepted_return(card.id, year).await? else {
            return Ok(false);
        };
        let mut required = self.file.form.columns.iter().filter(|column| {
            column.required && !OF_WHOM.contains(&column.id.as_str()) && self.has(&column.id)
        });
        Ok(required.all(|column| {
            self.value(row, &column.id).is_some() || !accepted.values.contains_key(&column.id)
        }))
    }

    /// What a row of returns comes to.
    pub(super) async fn annual_return(&mut self, row: &SheetRow) -> Result<Judged, Refusal> {
        let mut judged = Judged::default();
        let card = self.must_have_code(row, &mut judged.findings).await?;
        let year = match self.whole(row, "year").and_then(|year| i16::try_from(year).ok()) {
            Some(year) => {
                if let Some(asked) = self.file.year.filter(|asked| *asked != year) {
                    judged.findings.error(
                        "import.year",
                        "year",
                        words!(
                            "dòng này ghi năm {year}, cả tệp là năm {asked}",
                            "the row is of {year}, the file of {asked}",
                            year,
                            asked
                        ),
                        words!(
                            "sửa lại năm, hoặc chọn đúng năm khi nhập",
                            "correct the year, or choose the right one for the file"
                        ),
                    );
                }
                Some(year)
            }
            None => self.file.year,
        };
        if year.is_none() {
            judged.findings.error(
                "import.year",
                "year",
                words!("chưa biết báo cáo của năm nào", "of which year it is, is not said"),
                words!(
                    "thêm cột “Năm”, hoặc nêu năm khi nhập",
                    "add the column `Year`, or name the year for the file"
                ),
            );
        }
        let (Some(card), Some(year)) = (card, year) else { return Ok(judged) };
        judged.organisation = Some(card.id);
        self.speak(format!("{}/{year}", card.id), row, &mut judged.findings);
        self.called_otherwise(row, &card, &mut judged.findings);
        let before = self.clerk.writing.accepted_return(card.id, year).await?;
        let accepts = authority::may(self.actor.role, FilingKind::ReturnAccept);
        let before = before.map(|accepted| accepted.values);
        let mut values = before.clone().unwrap_or_default();
        for column in &self.file.form.columns {
            if OF_WHOM.contains(&column.id.as_str()) || !self.has(&column.id) {
                continue;
            }
            let after = self.whole(row, &column.id);
            let known = values.get(&column.id).copied();
            if after == known {
                continue;
            }
            judged.differences.push(Difference {
                column: column.id.clone(),
                before: known.map(CellValue::Whole),
                after: after.map(CellValue::Whole),
            });
            match after {
                Some(value) => values.insert(column.id.clone(), value),
                None => values.remove(&column.id),
            };
        }
        judged.new = before.is_none();
        if before.as_ref() == Some(&values) {
            return Ok(judged);
        }
        let form_version = self.file.form.version;
        let body = if accepts {
            Body::ReturnAccept(ReturnAccept { year, form_version, values })
        } else {
            Body::ReturnSubmit(ReturnSubmit { year, form_version, values })
        };
        let subject = Subject::organisation(card.id);
        judged.planned.push(Planned { subject, effective_on: self.file.on, body });
        Ok(judged)
    }
}
