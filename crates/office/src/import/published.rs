//! Rows of units and of published figures, which are about no organisation.

use std::sync::Arc;

use hoptac_model::figure::{Figure, FigureStatus};
use hoptac_model::filing::{Body, FiguresPublish, Subject, UnitsAdopt};
use hoptac_model::ids::{IndicatorId, UnitId};
use hoptac_model::period::Period;
use hoptac_model::sheet::{CellValue, SheetRow};
use hoptac_model::text::Words;
use hoptac_model::unit::{Level, Unit};
use hoptac_model::words;

use super::record::{some_text, stands, text};
use super::{Desk, Judged};
use crate::refusal::Refusal;

impl Desk<'_> {
    /// What a row of units comes to.
    pub(super) async fn unit(&mut self, row: &SheetRow) -> Result<Judged, Refusal> {
        let mut judged = Judged::default();
        let (Some(code), Some(name), Some(level)) = (
            self.text(row, "code"),
            self.text(row, "name"),
            self.text(row, "level").and_then(Level::from_code),
        ) else {
            return Ok(judged.unread());
        };
        self.speak(code.to_owned(), row, &mut judged.findings);
        let (from, to) = (self.day(row, "from"), self.day(row, "to"));
        let day = from.unwrap_or(self.file.on).max(self.file.on);
        let places = match &self.places {
            Some(places) => Arc::clone(places),
            // They are read once: what the file itself brings is kept beside them.
            None => Arc::clone(self.places.insert(self.clerk.places().await?)),
        };
        let parent = match self.text(row, "parent") {
            None => None,
            Some(parent) => {
                let known = places.find(parent, day).filter(|unit| unit.code == parent);
                let known = known.or_else(|| self.brought.get(parent));
                // What is above a unit that has ended has mostly ended too.
                let known = known.or_else(|| places.all().find(|unit| unit.code == parent));
                if known.is_none() {
                    judged.findings.error(
                        "import.parent",
                        "parent",
                        words!(
                            "danh mục không có đơn vị mã {parent}",
                            "there is no unit of the code {parent}",
                            parent
                        ),
                        words!(
                            "ghi đơn vị cấp trên ở dòng phía trên, hoặc sửa lại mã",
                            "write the unit above in an earlier row, or correct the code"
                        ),
                    );
                    return Ok(judged);
                }
                known.map(|unit| (unit.id.clone(), unit.code.clone()))
            }
        };
        let of_code = || places.all().filter(|unit| unit.code == code);
        if let Some(held) = of_code().find(|unit| unit.exists_on(day)) {
            judged.differs("name", Some(text(places.name_on(held, day))), text(name));
            judged.differs("level", Some(text(held.level.code())), text(level.code()));
            let above = held.parent.as_ref().and_then(|parent| places.get(parent));
            if let Some((_, parent)) = &parent {
                judged.differs("parent", above.map(|unit| text(&unit.code)), text(parent));
            }
            for (column, before, after) in
                [("from", held.valid_from, from), ("to", held.valid_to, to)]
            {
                if let Some(after) = after {
                    judged.differs(column, before.map(CellValue::Day), CellValue::Day(after));
                }
            }
            for difference in &judged.differences {
                judged.findings.add(stands(
                    &difference.column,
                    words!("đơn vị đã có trong danh mục", "the unit is on the list already"),
                    words!(
                        "đổi tên, sáp nhập, chia tách thì nộp hồ sơ về đơn vị hành chính",
                        "file the renaming, merger or division of the unit"
                    ),
                ));
            }
            return Ok(judged);
        }
        judged.new = true;
        // A code that served before gets an identity with the year in which it begins anew.
        let id = match (of_code().next(), from) {
            (None, _) => UnitId::from(code),
            (Some(_), Some(from)) => UnitId::new(format!("{code}.{}", from.year())),
            (Some(before), None) => {
                judged.findings.error(
                    "import.code-served",
                    "from",
                    words!(
                        "mã này trước đây là của {name}",
                        "the code was that of {name} before",
                        name = before.name
                    ),
                    words!(
                        "ghi ngày đầu tiên của đơn vị mới",
                        "write the first day of the new unit"
                    ),
                );
                return Ok(judged);
            }
        };
        let unit = Unit {
            id,
            code: code.to_owned(),
            level,
            name: name.to_owned(),
            parent: parent.map(|(id, _)| id),
            lat_e4: None,
            lon_e4: None,
            valid_from: from,
            valid_to: to,
        };
        self.brought.insert(code.to_owned(), unit.clone());
        let body = UnitsAdopt {
            source: self.file.name.clone(),
            units: vec![unit],
            successors: Vec::new(),
        };
        judged.plan(Subject::units(), from.unwrap_or(self.file.on), Body::UnitsAdopt(body));
        Ok(judged)
    }

    /// What a row of published figures comes to.
    pub(super) async fn figure(&mut self, row: &SheetRow) -> Result<Judged, Refusal> {
        let mut judged = Judged::default();
        let (Some(id), Some(indicator), Some(unit), Some(value), Some(status), Some(source)) = (
            self.text(row, "id"),
            self.text(row, "indicator"),
            self.text(row, "unit"),
            self.value(row, "value").and_then(CellValue::as_decimal),
            self.text(row, "status").and_then(FigureStatus::from_code),
            self.text(row, "source"),
        ) else {
            return Ok(judged.unread());
        };
        self.speak(id.to_owned(), row, &mut judged.findings);
        let period = match self.text(row, "period").map(str::parse::<Period>) {
            None => None,
            Some(Ok(period)) => Some(period),
            Some(Err(_)) => {
                judged.findings.error(
                    "import.period",
                    "period",
                    words!("kỳ không đọc được", "it is no period"),
                    words!("ghi 2024, 2024-H1 hoặc 2024-Q3", "write 2024, 2024-H1 or 2024-Q3"),
                );
                return Ok(judged);
            }
        };
        let Some(as_of) = self.day(row, "as_of").or_else(|| period.map(Period::end)) else {
            judged.findings.error(
                "import.no-day",
                "as_of",
                words!("chưa ghi kỳ hoặc ngày của số liệu", "neither period nor day is given"),
                words!("ghi một trong hai", "write one of the two"),
            );
            return Ok(judged);
        };
        let note = self.text(row, "note").unwrap_or_default();
        let figure = Figure {
            id: id.to_owned(),
            indicator: IndicatorId::from(indicator),
            unit: unit.to_owned(),
            as_of,
            period,
            value,
            status,
            source: source.to_owned(),
            source_date: self.day(row, "source_date"),
            source_url: self.text(row, "source_url").unwrap_or_default().to_owned(),
            note: if note.is_empty() { Words::default() } else { Words::new(note, note) },
        };
        let plan = self.clerk.plan().await?;
        let held = plan.as_deref().and_then(|pack| pack.figures.iter().find(|held| held.id == id));
        let Some(held) = held else {
            judged.new = true;
            let body = Body::FiguresPublish(FiguresPublish { figures: vec![figure] });
            judged.plan(Subject::figures(), self.file.on, body);
            return Ok(judged);
        };
        let period = |figure: &Figure| figure.period.map(|period| text(&period.to_string()));
        let day = |day| Some(CellValue::Day(day));
        let cells = [
            ("indicator", Some(text(held.indicator.as_str())), Some(text(indicator))),
            ("unit", Some(text(&held.unit)), Some(text(unit))),
            ("period", period(held), period(&figure)),
            ("as_of", day(held.as_of), day(figure.as_of)),
            ("value", Some(CellValue::Decimal(held.value)), Some(CellValue::Decimal(value))),
            ("status", Some(text(held.status.code())), Some(text(status.code()))),
            ("source", Some(text(&held.source)), Some(text(source))),
            ("source_date", held.source_date.and_then(day), figure.source_date.and_then(day)),
            ("source_url", some_text(&held.source_url), some_text(&figure.source_url)),
            ("note", some_text(&held.note.vi), some_text(note)),
        ];
        self.weigh(row, cells, &mut judged);
        for difference in &judged.differences {
            judged.findings.add(stands(
                &difference.column,
                words!(
                    "số liệu này đã công bố với giá trị khác",
                    "the figure was published otherwise"
                ),
                words!(
                    "số liệu đã công bố giữ nguyên; ghi số mới với mã riêng",
                    "what is published stays; give the new figure a name of its own"
                ),
            ));
        }
        Ok(judged)
    }
}
