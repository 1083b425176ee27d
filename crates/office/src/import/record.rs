//! Rows of grades, linkage contracts and certificates, held against what is on file.

use hoptac_model::filing::{
    Body, GradeDecide, LinkChange, LinkPartner, LinkSign, ProductCertify, ProductWithdraw, Subject,
};
use hoptac_model::finding::Finding;
use hoptac_model::import::Difference;
use hoptac_model::linkage::{Volume, VolumeUnit};
use hoptac_model::organisation::Grade;
use hoptac_model::register::PartnerKind;
use hoptac_model::search;
use hoptac_model::sheet::record::{stages_read, stages_written};
use hoptac_model::sheet::{CellValue, SheetRow};
use hoptac_model::text::Words;
use hoptac_model::words;
use hoptac_store::OrganisationCard;
use jiff::civil::Date;

use super::{Desk, Judged, Planned, remark};
use crate::finding::Findings;
use crate::link;
use crate::refusal::Refusal;

impl Desk<'_> {
    /// What a row of grades comes to.
    pub(super) async fn grade(&mut self, row: &SheetRow) -> Result<Judged, Refusal> {
        let mut judged = Judged::default();
        let Some(card) = self.whose(row, &mut judged).await? else { return Ok(judged) };
        let (Some(year), Some(ruleset), Some(score), Some(grade)) = (
            self.whole(row, "year").and_then(|year| i16::try_from(year).ok()),
            self.text(row, "ruleset"),
            self.whole(row, "score").and_then(|score| i32::try_from(score).ok()),
            self.text(row, "grade").and_then(Grade::from_code),
        ) else {
            return Ok(judged.unread());
        };
        self.speak(format!("{}/{year}", card.id), row, &mut judged.findings);
        let held = self.clerk.writing.grade(card.id, year).await?;
        let on = self.day(row, "on");
        let day = on.or(held.as_ref().map(|held| held.on)).unwrap_or(self.file.on);
        judged.new = held.is_none();
        if let Some(held) = &held {
            judged.differs("ruleset", Some(text(&held.ruleset)), text(ruleset));
            let points = |tenths: i32| CellValue::Whole(i64::from(tenths));
            judged.differs("score", Some(points(held.score_tenths)), points(score));
            judged.differs("grade", Some(text(held.grade.code())), text(grade.code()));
            judged.differs("on", Some(CellValue::Day(held.on)), CellValue::Day(day));
            if judged.differences.is_empty() {
                return Ok(judged);
            }
            if day < held.on {
                judged.findings.error(
                    "import.decided-later",
                    "on",
                    words!(
                        "đã có quyết định ngày {on}, sau ngày ghi ở đây",
                        "there is a decision of {on}, later than the day written here",
                        on = held.on
                    ),
                    words!(
                        "ghi ngày của quyết định mới nhất",
                        "write the day of the latest decision"
                    ),
                );
            }
        }
        let body = GradeDecide {
            year,
            ruleset: ruleset.to_owned(),
            score_tenths: score,
            grade,
            sheet: None,
        };
        judged.plan(Subject::organisation(card.id), day, Body::GradeDecide(body));
        Ok(judged)
    }

    /// What a row of linkage contracts comes to.
    pub(super) async fn link(&mut self, row: &SheetRow) -> Result<Judged, Refusal> {
        let mut judged = Judged::default();
        let Some(card) = self.whose(row, &mut judged).await? else { return Ok(judged) };
        let Some(said) = self.link_said(row, &mut judged.findings) else {
            return Ok(judged.unread());
        };
        self.speak(format!("{}/{}", card.id, said.link), row, &mut judged.findings);
        let subject = Subject::organisation(card.id);
        let signed_on = self.day(row, "signed_on").unwrap_or(self.file.on);
        let Some(held) = self.clerk.writing.link(card.id, &said.link).await?.pop() else {
            judged.new = true;
            judged.plan(subject, signed_on, Body::LinkSign(said));
            return Ok(judged);
        };
        if signed_on != held.signed_on {
            let (before, after) = (CellValue::Day(held.signed_on), CellValue::Day(signed_on));
            judged.differs("signed_on", Some(before), after);
            judged.findings.add(stands(
                "signed_on",
                words!(
                    "hợp đồng này đã ghi ký ngày {on}",
                    "the contract is on file as signed on {on}",
                    on = held.signed_on
                ),
                words!(
                    "giữ ngày đã ghi; hợp đồng ký lại thì ghi số mới",
                    "keep that day; one that was signed anew has a number of its own"
                ),
            ));
        }
        let mut change = LinkChange { link: said.link.clone(), ..LinkChange::default() };
        let partner = LinkPartner {
            partner: self.partner_on_file(&held.partner, said.partner).await?,
            partner_name: said.partner_name,
            partner_kind: said.partner_kind,
        };
        let mut other =
            judged.differs("partner", Some(text(&held.partner)), text(&partner.partner));
        let name = text(&partner.partner_name);
        other |= judged.differs("partner_name", Some(text(&held.partner_name)), name);
        let kind = |kind: PartnerKind| text(kind.code());
        let (before, after) = (kind(held.partner_kind), kind(partner.partner_kind));
        other |= judged.differs("partner_kind", Some(before), after);
        change.partner = other.then_some(partner);
        if judged.differs("product", Some(text(&held.product)), text(&said.product)) {
            change.product = Some(said.product);
        }
        let stages = |stages: &[_]| text(&stages_written(stages));
        let mut sorted = (held.stages.clone(), said.stages.clone());
        sorted.0.sort_unstable();
        sorted.1.sort_unstable();
        if sorted.0 != sorted.1 {
            judged.differs("stages", Some(stages(&held.stages)), stages(&said.stages));
            change.stages = Some(said.stages);
        }
        if let Some(to) = said.to
            && judged.differs("to", held.to.map(CellValue::Day), CellValue::Day(to))
        {
            change.to = Some(to);
        }
        let whole = |value: Option<i64>| value.map(CellValue::Whole);
        if let Some(value) = said.value
            && judged.differs("value", whole(held.value), CellValue::Whole(value))
        {
            change.value = Some(value);
        }
        if let Some(volume) = said.volume {
            let unit = |volume: Volume| text(volume.unit.code());
            let amount = held.volume.map(|volume| CellValue::Whole(volume.amount));
            let mut other = judged.differs("volume", amount, CellValue::Whole(volume.amount));
            other |= judged.differs("volume_unit", held.volume.map(unit), unit(volume));
            change.volume = other.then_some(volume);
        }
        if let Some(area) = said.area
            && judged.differs("area", whole(held.area), CellValue::Whole(area))
        {
            change.area = Some(area);
        }
        if !said.proof.is_empty()
            && judged.differs("proof", some_text(&held.proof), text(&said.proof))
        {
            change.proof = said.proof;
        }
        for (column, on_file) in [
            ("to", held.to.is_some()),
            ("value", held.value.is_some()),
            ("volume", held.volume.is_some()),
            ("area", held.area.is_some()),
            ("proof", !held.proof.is_empty()),
        ] {
            self.not_erased(row, column, on_file, &mut judged.findings);
        }
        if change != (LinkChange { link: said.link, ..LinkChange::default() }) {
            judged.plan(subject, self.file.on, Body::LinkChange(change));
        }
        Ok(judged)
    }

    /// What a row says of a contract.
    fn link_said(&self, row: &SheetRow, findings: &mut Findings) -> Option<LinkSign> {
        let stages = match stages_read(self.text(row, "stages")?) {
            Ok(stages) => stages,
            Err(part) => {
                findings.error(
                    "import.stage",
                    "stages",
                    words!("“{part}” không phải là khâu liên kết", "`{part}` is no stage", part),
                    words!(
                        "ghi các khâu, cách nhau bằng dấu chấm phẩy: cung ứng đầu vào; sản xuất; thu hoạch; sơ chế, chế biến; tiêu thụ",
                        "write the stages with semicolons between them: input; production; harvest; processing; sale"
                    ),
                );
                return None;
            }
        };
        let unit = self.text(row, "volume_unit").and_then(VolumeUnit::from_code);
        let volume = match (self.whole(row, "volume"), unit) {
            (Some(amount), Some(unit)) => Some(Volume { amount, unit }),
            (Some(_), None) => {
                findings.error(
                    "import.no-unit",
                    "volume_unit",
                    words!("sản lượng chưa có đơn vị tính", "the volume has no unit"),
                    words!("chọn đơn vị tính", "choose its unit"),
                );
                None
            }
            (None, _) => None,
        };
        Some(LinkSign {
            link: self.text(row, "link")?.to_owned(),
            partner: self.text(row, "partner")?.to_owned(),
            partner_name: self.text(row, "partner_name")?.to_owned(),
            partner_kind: PartnerKind::from_code(self.text(row, "partner_kind")?)?,
            product: self.text(row, "product")?.to_owned(),
            stages,
            to: self.day(row, "to"),
            value: self.whole(row, "value"),
            volume,
            area: self.whole(row, "area"),
            proof: self.text(row, "proof").unwrap_or_default().to_owned(),
        })
    }

    /// What a row of certificates comes to.
    pub(super) async fn product(&mut self, row: &SheetRow) -> Result<Judged, Refusal> {
        let mut judged = Judged::default();
        let Some(card) = self.whose(row, &mut judged).await? else { return Ok(judged) };
        let (Some(certificate), Some(product), Some(kind), Some(from)) = (
            self.text(row, "certificate"),
            self.text(row, "product"),
            self.text(row, "kind"),
            self.day(row, "from"),
        ) else {
            return Ok(judged.unread());
        };
        self.speak(format!("{}/{certificate}", card.id), row, &mut judged.findings);
        let subject = Subject::organisation(card.id);
        let said = ProductCertify {
            certificate: certificate.to_owned(),
            product: product.to_owned(),
            kind: kind.to_owned(),
            stars: self.whole(row, "stars").map(|stars| u8::try_from(stars).unwrap_or(u8::MAX)),
            score_tenths: self.whole(row, "score").and_then(|score| i32::try_from(score).ok()),
            to: self.day(row, "to"),
            decision: self.text(row, "decision").unwrap_or_default().to_owned(),
            renews: self.text(row, "renews").map(str::to_owned),
        };
        let withdrawal = self.day(row, "withdrawn_on").map(|day| {
            let reason = self.text(row, "reason").unwrap_or_default().to_owned();
            let body = ProductWithdraw {
                certificate: certificate.to_owned(),
                reason,
                decision: String::new(),
            };
            (day, body)
        });
        let Some(held) = self.clerk.writing.certificate(card.id, certificate).await? else {
            judged.new = true;
            judged.plan(subject.clone(), from, Body::ProductCertify(said));
            if let Some((day, body)) = withdrawal {
                judged.plan(subject, day, Body::ProductWithdraw(body));
            }
            return Ok(judged);
        };
        let whole = |value: Option<i64>| value.map(CellValue::Whole);
        judged.differs("product", Some(text(&held.product)), text(product));
        judged.differs("kind", Some(text(&held.kind)), text(kind));
        judged.differs("from", Some(CellValue::Day(held.from)), CellValue::Day(from));
        let cells = [
            ("stars", whole(held.stars.map(i64::from)), whole(said.stars.map(i64::from))),
            ("score", whole(held.score_tenths.map(i64::from)), whole(self.whole(row, "score"))),
            ("to", held.to.map(CellValue::Day), said.to.map(CellValue::Day)),
            ("decision", some_text(&held.decision), some_text(&said.decision)),
            ("renews", held.renews.as_deref().map(text), said.renews.as_deref().map(text)),
        ];
        self.weigh(row, cells, &mut judged);
        for difference in &judged.differences {
            judged.findings.add(stands(
                &difference.column,
                words!(
                    "chứng nhận đã cấp không sửa nội dung",
                    "a certificate that was issued does not change"
                ),
                words!(
                    "thu hồi chứng nhận (ghi ngày và lý do thu hồi) và ghi chứng nhận mới với số riêng",
                    "withdraw it (day and reason) and write the new one with a number of its own"
                ),
            ));
        }
        if let Some((day, body)) = withdrawal
            && judged.differs(
                "withdrawn_on",
                held.withdrawn_on.map(CellValue::Day),
                CellValue::Day(day),
            )
        {
            judged.plan(subject, day, Body::ProductWithdraw(body));
        }
        Ok(judged)
    }

    /// The organisation of a row, with a remark where the sheet calls it otherwise.
    pub(super) async fn whose(
        &mut self,
        row: &SheetRow,
        judged: &mut Judged,
    ) -> Result<Option<OrganisationCard>, Refusal> {
        let Some(card) = self.must_have_code(row, &mut judged.findings).await? else {
            return Ok(None);
        };
        judged.organisation = Some(card.id);
        self.called_otherwise(row, &card, &mut judged.findings);
        Ok(Some(card))
    }

    /// Remarks on a name that is not that of the code's owner.
    pub(super) fn called_otherwise(
        &self,
        row: &SheetRow,
        card: &OrganisationCard,
        findings: &mut Findings,
    ) {
        if let Some(name) = self.text(row, "name")
            && search::alike(name, &card.name, true).is_none()
        {
            findings.add(remark(
                "import.other-name",
                "name",
                words!(
                    "mã số này là của “{registered}” trong sổ đăng ký",
                    "the code is that of `{registered}` in the register",
                    registered = card.name
                ),
                words!(
                    "kiểm tra xem mã số có đúng tổ chức không",
                    "check whether the code is of the organisation that is meant"
                ),
            ));
        }
    }

    /// A partner as it is on file, where the sheet names the same organisation in another way.
    async fn partner_on_file(&mut self, held: &str, said: String) -> Result<String, Refusal> {
        let writing = &mut self.clerk.writing;
        let same = said != held
            && match link::party(writing, &said).await? {
                Some(id) => link::party(writing, held).await? == Some(id),
                None => false,
            };
        Ok(if same { held.to_owned() } else { said })
    }

    /// Holds cells that may be empty against what is on file.
    pub(super) fn weigh<const N: usize>(
        &self,
        row: &SheetRow,
        cells: [(&str, Option<CellValue>, Option<CellValue>); N],
        judged: &mut Judged,
    ) {
        for (column, before, after) in cells {
            match after {
                Some(after) => {
                    judged.differs(column, before, after);
                }
                None => self.not_erased(row, column, before.is_some(), &mut judged.findings),
            }
        }
    }

    /// The day in a column.
    pub(super) fn day(&self, row: &SheetRow, column: &str) -> Option<Date> {
        self.value(row, column)?.as_day()
    }

    /// Says that an empty cell takes nothing away.
    pub(super) fn not_erased(
        &self,
        row: &SheetRow,
        column: &str,
        on_file: bool,
        findings: &mut Findings,
    ) {
        if !on_file || !self.has(column) || self.value(row, column).is_some() {
            return;
        }
        findings.add(remark(
            "import.not-erased",
            column,
            words!(
                "ô để trống; số liệu trong sổ đăng ký giữ nguyên",
                "the cell is empty; what the register says stays"
            ),
            words!(
                "cần xóa thì nộp hồ sơ đính chính",
                "file a correction where it is to be erased"
            ),
        ));
    }
}

impl Judged {
    /// Notes where a cell differs from the register, and says whether it does.
    pub(super) fn differs(
        &mut self,
        column: &str,
        before: Option<CellValue>,
        after: CellValue,
    ) -> bool {
        if before.as_ref() == Some(&after) {
            return false;
        }
        self.differences.push(Difference { column: column.to_owned(), before, after: Some(after) });
        true
    }

    /// A row in which something is missing that the form asks for: it cannot pass for one that says nothing new.
    pub(super) fn unread(mut self) -> Self {
        if !self.findings.has_error() {
            self.findings.error(
                "import.incomplete",
                "",
                words!(
                    "thiếu nội dung bắt buộc của biểu",
                    "something that the form asks for is missing"
                ),
                words!("ghi đủ các cột bắt buộc", "fill in the required columns"),
            );
        }
        self
    }

    /// Plans a filing.
    pub(super) fn plan(&mut self, subject: Subject, effective_on: Date, body: Body) {
        self.planned.push(Planned { subject, effective_on, body });
    }
}

/// Something on file that no filing changes.
pub(super) fn stands(column: &str, message: Words, remedy: Words) -> Finding {
    Finding::field("import.stands", column, message, remedy)
}

pub(super) fn text(text: &str) -> CellValue {
    CellValue::Text(text.to_owned())
}

pub(super) fn some_text(written: &str) -> Option<CellValue> {
    (!written.is_empty()).then(|| text(written))
}
