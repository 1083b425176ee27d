//! Rows of organisations, held against the register.

use hoptac_model::filing::event::{Correction, Event};
use hoptac_model::filing::{Body, Change, Establish, FilingKind, Subject};
use hoptac_model::ids::{OrganisationId, UnitId};
use hoptac_model::import::{Difference, NearRecord, commune, is_that_commune, vsic_letter};
use hoptac_model::organisation::{Kind, Sector};
use hoptac_model::sheet::{CellValue, SheetRow};
use hoptac_model::text::fold;
use hoptac_model::words;
use hoptac_store::OrganisationCard;
use jiff::civil::Date;

use super::{Desk, Edge, Judged, Planned, remark};
use crate::finding::Findings;
use crate::refusal::Refusal;

/// What a row says of an organisation; cells that say nothing are absent.
struct Said<'r> {
    id: Option<OrganisationId>,
    code: Option<&'r str>,
    kind: Kind,
    name: &'r str,
    founded_on: Date,
    seat: &'r str,
    district: Option<&'r str>,
    vsic: char,
    sector: Option<Sector>,
    members: i64,
    capital: Option<i64>,
    difficult_area: Option<bool>,
}

impl Desk<'_> {
    /// What a row of organisations comes to.
    pub(super) async fn organisation(
        &mut self,
        row: &SheetRow,
        edge: &mut Edge<'_>,
    ) -> Result<Judged, Refusal> {
        let mut judged = Judged::default();
        let Some(said) = self.said(row, &mut judged.findings) else { return Ok(judged) };
        match self.meant(&said).await? {
            Some(card) => {
                judged.organisation = Some(card.id);
                self.speak(card.id.to_string(), row, &mut judged.findings);
                self.compare(&said, &card, &mut judged).await?;
            }
            None => self.found(row, &said, edge, &mut judged).await?,
        }
        Ok(judged)
    }

    fn said<'r>(&self, row: &'r SheetRow, findings: &mut Findings) -> Option<Said<'r>> {
        let vsic = self.text(row, "vsic")?;
        let letter = vsic_letter(vsic);
        if letter.is_none() {
            findings.error(
                "import.vsic",
                "vsic",
                words!(
                    "“{vsic}” không phải là ngành kinh tế (VSIC)",
                    "`{vsic}` is no economic activity (VSIC)",
                    vsic
                ),
                words!(
                    "ghi chữ cái cấp 1, từ A đến U, hoặc mã ngành bằng số",
                    "write the letter of level 1, A to U, or the digits of a code"
                ),
            );
        }
        Some(Said {
            id: self.text(row, "id").and_then(|id| id.parse().ok()),
            code: self.text(row, "code"),
            kind: Kind::from_code(self.text(row, "kind")?)?,
            name: self.text(row, "name")?,
            founded_on: self.value(row, "founded_on")?.as_day()?,
            seat: self.text(row, "seat")?,
            district: self.text(row, "district"),
            vsic: letter?,
            sector: self.text(row, "sector").and_then(Sector::from_code),
            members: self.whole(row, "members")?,
            capital: self.whole(row, "capital"),
            difficult_area: self.whole(row, "difficult_area").map(|flag| flag != 0),
        })
    }

    /// The organisation that a row speaks of: by its identity or code; without one, by kind, name and commune.
    async fn meant(&mut self, said: &Said<'_>) -> Result<Option<OrganisationCard>, Refusal> {
        let by_id = match said.id {
            Some(id) => self.with_id(id).await?,
            None => None,
        };
        if by_id.is_some() {
            return Ok(by_id);
        }
        if let Some(code) = said.code
            && let Some(card) = self.with_code(code).await?
        {
            return Ok(Some(card));
        }
        let places = self.clerk.places().await?;
        let cards = self.clerk.cards().await?;
        let mut alike = cards.called(said.name).filter(|card| {
            card.ceased_on.is_none()
                && card.kind == said.kind
                // Another code is another organisation, whatever its name.
                && (said.code.is_none() || card.code.is_none())
                && is_that_commune(&places, &card.seat, said.seat, self.file.on)
        });
        let (only, another) = (alike.next().cloned(), alike.next().is_some());
        drop(alike);
        let Some(card) = only.filter(|_| !another) else { return Ok(None) };
        if !self.actor.scope.is_all()
            && !self.clerk.is_within(card.id, &self.actor.scope, self.file.on).await?
        {
            return Ok(None);
        }
        Ok(Some(card))
    }

    /// An organisation that the register does not know is founded.
    async fn found(
        &mut self,
        row: &SheetRow,
        said: &Said<'_>,
        edge: &mut Edge<'_>,
        judged: &mut Judged,
    ) -> Result<(), Refusal> {
        judged.new = true;
        let of = match said.code {
            Some(code) => format!("code/{code}"),
            None => format!("{}/{}/{}", said.kind.code(), fold(said.name), fold(said.seat)),
        };
        self.speak(of, row, &mut judged.findings);
        let places = self.clerk.places().await?;
        let seat = match commune(&places, said.seat, said.district, said.founded_on) {
            Ok(unit) => unit.id.clone(),
            Err(finding) => {
                judged.findings.add(*finding);
                return Ok(());
            }
        };
        let sector = said.sector.filter(|sector| *sector != Sector::of_vsic(said.vsic));
        let body = Establish {
            kind: said.kind,
            name: said.name.to_owned(),
            code: said.code.map(str::to_owned),
            seat,
            seat_former: None,
            vsic: said.vsic,
            sector,
            members: said.members,
            capital: said.capital,
            difficult_area: said.difficult_area.unwrap_or(false),
        };
        let near = self.clerk.cards().await?.alike(&body);
        judged.near = near
            .into_iter()
            // Two codes are two organisations.
            .filter(|(card, _)| said.code.is_none() || card.code.is_none())
            .map(|(card, alike)| NearRecord { organisation: card.id, name: card.name, alike })
            .collect();
        judged.planned.push(Planned {
            subject: Subject::organisation(OrganisationId((edge.fresh)())),
            effective_on: said.founded_on,
            body: Body::OrganisationEstablish(body),
        });
        Ok(())
    }

    /// What a row says otherwise than the register becomes a change, or a correction of the founding where a change cannot
    /// say it.
    async fn compare(
        &mut self,
        said: &Said<'_>,
        card: &OrganisationCard,
        judged: &mut Judged,
    ) -> Result<(), Refusal> {
        let mut change = Change::default();
        let mut differ = |column: &str, before: Option<CellValue>, after: CellValue| {
            judged.differences.push(Difference {
                column: column.to_owned(),
                before,
                after: Some(after),
            });
        };
        let text = |text: &str| CellValue::Text(text.to_owned());
        if said.kind != card.kind {
            differ("kind", Some(text(card.kind.code())), text(said.kind.code()));
            judged.findings.error(
                "import.kind-differs",
                "kind",
                words!(
                    "sổ đăng ký ghi loại hình {registered}",
                    "the register says {registered}",
                    registered = card.kind.code()
                ),
                words!(
                    "đổi loại hình thì nộp hồ sơ chuyển đổi",
                    "a change of kind is filed as a conversion"
                ),
            );
            return Ok(());
        }
        if let Some(code) = said.code
            && card.code.as_deref() != Some(code)
        {
            differ("code", card.code.as_deref().map(text), text(code));
            change.code = Some(code.to_owned());
        }
        if said.name != card.name {
            differ("name", Some(text(&card.name)), text(said.name));
            change.name = Some(said.name.to_owned());
        }
        let places = self.clerk.places().await?;
        if !is_that_commune(&places, &card.seat, said.seat, self.file.on) {
            let before = places.get(&card.seat).map_or(card.seat.as_str(), |unit| &unit.name);
            match commune(&places, said.seat, said.district, self.file.on) {
                Ok(unit) if unit.id == card.seat => {}
                Ok(unit) => {
                    differ("seat", Some(text(before)), text(&unit.name));
                    change.seat = Some(unit.id.clone());
                }
                Err(finding) => judged.findings.add(*finding),
            }
        }
        if said.vsic != card.vsic {
            differ("vsic", Some(text(&card.vsic.to_string())), text(&said.vsic.to_string()));
            change.vsic = Some(said.vsic);
        }
        if Some(said.members) != card.members {
            differ("members", card.members.map(CellValue::Whole), CellValue::Whole(said.members));
            change.members = Some(said.members);
        }
        if let Some(capital) = said.capital
            && Some(capital) != card.capital
        {
            differ("capital", card.capital.map(CellValue::Whole), CellValue::Whole(capital));
            change.capital = Some(capital);
        }
        // What was never true is corrected in the founding itself.
        let mut restated = Restated::default();
        if said.founded_on != card.founded_on {
            differ(
                "founded_on",
                Some(CellValue::Day(card.founded_on)),
                CellValue::Day(said.founded_on),
            );
            restated.founded_on = Some(said.founded_on);
        }
        if let Some(flag) = said.difficult_area
            && flag != card.difficult_area
        {
            let whole = |flag: bool| CellValue::Whole(i64::from(flag));
            differ("difficult_area", Some(whole(card.difficult_area)), whole(flag));
            restated.difficult_area = Some(flag);
        }
        let sector = said.sector.filter(|sector| *sector != card.sector && said.vsic == card.vsic);
        if let Some(sector) = sector {
            differ("sector", Some(text(card.sector.code())), text(sector.code()));
            restated.sector = Some(sector);
        }
        for (column, empty) in [
            ("code", said.code.is_none() && card.code.is_some()),
            ("capital", said.capital.is_none() && card.capital.is_some()),
        ] {
            if empty && self.has(column) {
                judged.findings.add(remark(
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
        let subject = Subject::organisation(card.id);
        if restated != Restated::default() {
            self.restate(card, &restated, judged).await?;
        }
        if change != Change::default() {
            let body = Body::OrganisationChange(change);
            judged.planned.push(Planned { subject, effective_on: self.file.on, body });
        }
        Ok(())
    }

    /// The founding of an organisation as it should have been filed.
    async fn restate(
        &mut self,
        card: &OrganisationCard,
        restated: &Restated,
        judged: &mut Judged,
    ) -> Result<(), Refusal> {
        let subject = Subject::organisation(card.id);
        let filings = self.clerk.writing.filings_about(&subject).await?;
        let founding =
            filings.iter().find(|filing| filing.kind == FilingKind::OrganisationEstablish);
        let Some(founding) = founding else { return Ok(()) };
        // The last correction says how the founding stands today.
        let mut day = founding.effective_on;
        let mut body = founding
            .typed_body()
            .map_err(|source| hoptac_store::Error::Body { position: founding.position, source })?;
        for filing in &filings {
            if let Ok(Body::OrganisationEvent(Event::Correct(correction))) = filing.typed_body()
                && correction.filing == founding.id
                && let Some(value) = correction.body
                && let Ok(corrected) = Body::read(founding.kind, value)
            {
                (day, body) = (filing.effective_on, corrected);
            }
        }
        let Body::OrganisationEstablish(mut establish) = body else { return Ok(()) };
        if let Some(flag) = restated.difficult_area {
            establish.difficult_area = flag;
        }
        if let Some(sector) = restated.sector {
            establish.sector = (sector != Sector::of_vsic(establish.vsic)).then_some(sector);
        }
        let day = restated.founded_on.unwrap_or(day);
        let places = self.clerk.places().await?;
        if places.get(&establish.seat).is_some_and(|unit| !unit.exists_on(day)) {
            let then: Option<UnitId> =
                places.seat_on(&establish.seat, None, day).map(|unit| unit.id.clone());
            establish.seat = then.unwrap_or(establish.seat);
        }
        let reason = words!("nhập từ tệp {file}", "imported from {file}", file = self.file.name);
        let body = Event::Correct(Correction {
            filing: founding.id,
            body: serde_json::to_value(establish).ok(),
            reason: reason.vi,
        });
        let body = Body::OrganisationEvent(body);
        judged.planned.push(Planned { subject, effective_on: day, body });
        Ok(())
    }
}

/// What the founding should have said.
#[derive(Default, PartialEq)]
struct Restated {
    founded_on: Option<Date>,
    difficult_area: Option<bool>,
    sector: Option<Sector>,
}
