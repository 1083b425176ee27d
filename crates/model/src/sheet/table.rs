//! Tables of the application as rows of a form, to be taken away. Those whose form can be imported come in again as they went
//! out.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::record::stages_written;
use super::{CellKind, CellValue, SheetColumn, SheetForm};
use crate::organisation::Status;
use crate::pack::{Form, Pack};
use crate::register::{Register, State};
use crate::scoreboard::Scoreboard;
use crate::text::Words;
use crate::unit::{Level, Places};

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum TableCell {
    /// Nothing.
    Empty,
    /// A value of the form.
    Value(CellValue),
    /// A number with decimals.
    Number(f64),
}

impl From<&str> for TableCell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Value(CellValue::Text(text.to_owned())) }
    }
}

impl From<i64> for TableCell {
    fn from(whole: i64) -> Self {
        Self::Value(CellValue::Whole(whole))
    }
}

impl From<bool> for TableCell {
    fn from(flag: bool) -> Self {
        i64::from(flag).into()
    }
}

impl From<Date> for TableCell {
    fn from(day: Date) -> Self {
        Self::Value(CellValue::Day(day))
    }
}

impl<T: Into<Self>> From<Option<T>> for TableCell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// A table: what its columns are, and its rows.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetTable {
    /// Its columns.
    pub form: SheetForm,
    /// Its rows, a cell for each column.
    pub rows: Vec<Vec<TableCell>>,
}

/// The tables that can be taken away, by name.
pub const TABLES: [&str; 10] = [
    "organisations",
    "returns",
    "grades",
    "links",
    "products",
    "support",
    "members",
    "units",
    "figures",
    "scoreboard",
];

/// Which organisations somebody gets to see, by their index in the register.
pub type Sees<'s> = &'s dyn Fn(u32) -> bool;

/// The organisations that exist on a day, each by its state then.
pub fn organisations(
    register: &Register,
    sees: Sees<'_>,
    places: &Places,
    day: Date,
) -> SheetTable {
    let form = SheetForm::organisations();
    let mut rows = Vec::new();
    for (index, state) in states_on(register, day) {
        let Some(organisation) = register.organisation(index) else { continue };
        if state.status == Status::Terminated || !sees(index) {
            continue;
        }
        let seat = places.get(&state.seat);
        let district = seat
            .and_then(|seat| seat.parent.as_ref())
            .and_then(|parent| places.get(parent))
            .filter(|parent| parent.level == Level::District);
        let of = |id: &str| -> TableCell {
            match id {
                "code" => organisation.code.as_deref().into(),
                "kind" => state.kind.code().into(),
                "name" => organisation.name.as_str().into(),
                "founded_on" => organisation.founded_on.into(),
                "seat" => seat.map_or(state.seat.as_str(), |seat| &seat.name).into(),
                "district" => district.map(|district| district.name.as_str()).into(),
                "vsic" => state.vsic.to_string().as_str().into(),
                "sector" => state.sector.code().into(),
                "members" => state.members.into(),
                "capital" => state.capital.into(),
                "difficult_area" => state.difficult_area.into(),
                "id" => organisation.id.to_string().as_str().into(),
                _ => TableCell::Empty,
            }
        };
        rows.push(form.columns.iter().map(|column| of(&column.id)).collect());
    }
    SheetTable { form, rows }
}

/// The accepted returns of a year.
pub fn returns(register: &Register, sees: Sees<'_>, form: &Form, year: i16) -> SheetTable {
    let form = SheetForm::returns(form);
    let mut latest = BTreeMap::new();
    for filed in
        register.returns.iter().filter(|filed| filed.year == year && sees(filed.organisation))
    {
        latest.insert(filed.organisation, filed);
    }
    let mut rows = Vec::new();
    for (index, filed) in latest {
        let Some(organisation) = register.organisation(index) else { continue };
        let cells = form.columns.iter().map(|column| match column.id.as_str() {
            "code" => organisation.code.as_deref().into(),
            "name" => organisation.name.as_str().into(),
            "year" => i64::from(year).into(),
            "id" => organisation.id.to_string().as_str().into(),
            _ => register.return_value(filed, &column.id).into(),
        });
        rows.push(cells.collect());
    }
    SheetTable { form, rows }
}

/// The decided grades that hold, of a year or of all.
pub fn grades(register: &Register, sees: Sees<'_>, year: Option<i16>) -> SheetTable {
    let mut latest = BTreeMap::new();
    // A later decision about a year stands behind the earlier ones.
    for graded in register.grades.iter().filter(|graded| year.is_none_or(|y| y == graded.year)) {
        latest.insert((graded.organisation, graded.year), graded);
    }
    let latest = latest.into_values().map(|graded| (graded.organisation, graded));
    about(SheetForm::grades(), register, sees, latest, |graded, id| match id {
        "year" => i64::from(graded.year).into(),
        "ruleset" => graded.ruleset.as_str().into(),
        "score" => i64::from(graded.score_tenths).into(),
        "grade" => graded.grade.code().into(),
        "on" => graded.on.into(),
        _ => TableCell::Empty,
    })
}

/// The linkage contracts that hold on a day.
pub fn links(register: &Register, sees: Sees<'_>, day: Date) -> SheetTable {
    let holding = register.links.iter().filter(|link| link.holds_on(day));
    let holding = holding.map(|link| (link.organisation, link));
    about(SheetForm::links(), register, sees, holding, |link, id| match id {
        "link" => link.link.as_str().into(),
        "signed_on" => link.signed_on.into(),
        // People know an organisation by its code.
        "partner" => {
            let partner = &link.partner;
            let buyer = partner.organisation.and_then(|buyer| register.organisation(buyer));
            buyer.and_then(|buyer| buyer.code.as_deref()).unwrap_or(&partner.key).into()
        }
        "partner_name" => link.partner.name.as_str().into(),
        "partner_kind" => link.partner.kind.code().into(),
        "product" => (&*link.product).into(),
        "stages" => stages_written(&link.stages).as_str().into(),
        "to" => link.to.into(),
        "value" => link.value.into(),
        "volume" => link.volume.map(|volume| volume.amount).into(),
        "volume_unit" => link.volume.map(|volume| volume.unit.code()).into(),
        "area" => link.area.into(),
        "proof" => link.proof.as_str().into(),
        _ => TableCell::Empty,
    })
}

/// The certificates that hold on a day.
pub fn products(register: &Register, sees: Sees<'_>, day: Date) -> SheetTable {
    let holding = register.certificates.iter().filter(|certificate| certificate.holds_on(day));
    let holding = holding.map(|certificate| (certificate.organisation, certificate));
    about(SheetForm::products(), register, sees, holding, |certificate, id| match id {
        "certificate" => certificate.certificate.as_str().into(),
        "product" => certificate.product.as_str().into(),
        "kind" => certificate.kind.as_str().into(),
        "stars" => certificate.stars.map(i64::from).into(),
        "score" => certificate.score_tenths.map(i64::from).into(),
        "from" => certificate.from.into(),
        "to" => certificate.to.into(),
        "decision" => certificate.decision.as_str().into(),
        "renews" => certificate.renews.as_deref().into(),
        "withdrawn_on" => certificate.withdrawn_on.into(),
        _ => TableCell::Empty,
    })
}

/// Applications for support, with what was decided and paid.
pub fn support(register: &Register, sees: Sees<'_>) -> SheetTable {
    let all = register.supports.iter().map(|(index, application)| (*index, application));
    about(SheetForm::support(), register, sees, all, |application, id| {
        let decision = application.decision.as_ref();
        let last = application.payments.last();
        match id {
            "programme" => application.programme.as_str().into(),
            "application" => application.application.as_str().into(),
            "on" => application.on.into(),
            "requested" => application.requested.into(),
            "purpose" => application.purpose.as_str().into(),
            "no_penalty" => application.no_penalty.into(),
            "decided_on" => decision.map(|decision| decision.on).into(),
            "approved" => decision.map(|decision| decision.approved).into(),
            "granted" => decision.map(|decision| decision.granted).into(),
            "decision" => decision.map(|decision| decision.document.as_str()).into(),
            "paid" => application.paid().into(),
            "paid_on" => last.map(|payment| payment.on).into(),
            "payment" => last.map(|payment| payment.document.as_str()).into(),
            "cancelled_on" => application.cancelled_on.into(),
            _ => TableCell::Empty,
        }
    })
}

/// The units that exist on a day.
pub fn units(places: &Places, day: Date) -> SheetTable {
    let form = SheetForm::units();
    let rows = places.all().filter(|unit| unit.exists_on(day)).map(|unit| {
        let parent = unit.parent.as_ref().and_then(|parent| places.get(parent));
        let of = |id: &str| -> TableCell {
            match id {
                "code" => unit.code.as_str().into(),
                "name" => places.name_on(unit, day).into(),
                "level" => unit.level.code().into(),
                "parent" => parent.map(|parent| parent.code.as_str()).into(),
                "parent_name" => parent.map(|parent| places.name_on(parent, day)).into(),
                "from" => unit.valid_from.into(),
                "to" => unit.valid_to.into(),
                _ => TableCell::Empty,
            }
        };
        form.columns.iter().map(|column| of(&column.id)).collect()
    });
    SheetTable { rows: rows.collect(), form }
}

/// The published figures with their sources.
pub fn figures(pack: &Pack) -> SheetTable {
    let form = SheetForm::figures();
    let rows = pack.figures.iter().map(|figure| {
        let of = |id: &str| -> TableCell {
            match id {
                "id" => figure.id.as_str().into(),
                "indicator" => figure.indicator.as_str().into(),
                "unit" => figure.unit.as_str().into(),
                "period" => figure.period.map(|period| period.to_string()).as_deref().into(),
                "as_of" => figure.as_of.into(),
                "value" => TableCell::Number(figure.value),
                "status" => figure.status.code().into(),
                "source" => figure.source.as_str().into(),
                "source_date" => figure.source_date.into(),
                "source_url" => figure.source_url.as_str().into(),
                "note" => figure.note.vi.as_str().into(),
                _ => TableCell::Empty,
            }
        };
        form.columns.iter().map(|column| of(&column.id)).collect()
    });
    SheetTable { rows: rows.collect(), form }
}

/// Every target with its value and standing.
pub fn scoreboard(board: &Scoreboard, pack: &Pack) -> SheetTable {
    let form = SheetForm {
        id: "scoreboard".to_owned(),
        version: 1,
        title: Words::new("Bảng chỉ tiêu", "Scoreboard"),
        note: Words::default(),
        yearly: false,
        columns: vec![
            column("target", "Mã chỉ tiêu", "Target", CellKind::Text(40)),
            column("label", "Chỉ tiêu", "What", CellKind::Text(250)),
            column("indicator", "Chỉ tiêu đo", "Indicator", CellKind::Text(60)),
            column("value", "Giá trị", "Value", CellKind::Text(40)),
            column("numerator", "Tử số", "Numerator", CellKind::Text(40)),
            column("denominator", "Mẫu số", "Denominator", CellKind::Text(40)),
            column("constraint", "Yêu cầu", "Asked", CellKind::Text(120)),
            column("standing", "Tình trạng", "Standing", CellKind::Text(60)),
            column("as_of", "Ngày", "As of", CellKind::Day),
            column("ledger_position", "Vị trí sổ cái", "Ledger position", CellKind::Count),
        ],
    };
    let language = crate::text::Language::Vi;
    let number = |value: Option<f64>| value.map_or(TableCell::Empty, TableCell::Number);
    let position = i64::try_from(board.ledger_position).unwrap_or(i64::MAX);
    let rows = board.rows.iter().map(|row| {
        let unit = pack.indicator(&row.indicator).map_or("", |indicator| indicator.unit.as_str());
        let label = pack.target(&row.target).map(|target| target.label.vi.as_str());
        vec![
            row.target.as_str().into(),
            label.into(),
            row.indicator.as_str().into(),
            number(row.value),
            number(row.numerator),
            number(row.denominator),
            row.constraint.words(unit, language).as_str().into(),
            row.standing.map_or(TableCell::Empty, |standing| standing.words().vi.as_str().into()),
            board.as_of.into(),
            position.into(),
        ]
    });
    SheetTable { rows: rows.collect(), form }
}

/// The state of each organisation on a day.
fn states_on(register: &Register, day: Date) -> BTreeMap<u32, &State> {
    let states = register.states.by_organisation();
    let on_day = states.filter_map(|(organisation, own)| {
        Some((organisation, own.iter().rfind(|state| state.from <= day)?))
    });
    on_day.collect()
}

/// The records that somebody gets to see as a table: whose they are by code, name and identity, the rest as `cell` says.
fn about<'r, R: 'r>(
    form: SheetForm,
    register: &Register,
    sees: Sees<'_>,
    records: impl IntoIterator<Item = (u32, &'r R)>,
    cell: impl Fn(&R, &str) -> TableCell,
) -> SheetTable {
    let mut rows = Vec::new();
    for (index, record) in records {
        let Some(organisation) = register.organisation(index).filter(|_| sees(index)) else {
            continue;
        };
        let cells = form.columns.iter().map(|column| match column.id.as_str() {
            "code" => organisation.code.as_deref().into(),
            "name" => organisation.name.as_str().into(),
            "id" => organisation.id.to_string().as_str().into(),
            id => cell(record, id),
        });
        rows.push(cells.collect());
    }
    SheetTable { form, rows }
}

fn column(id: &str, vi: &str, en: &str, kind: CellKind) -> SheetColumn {
    SheetColumn {
        id: id.to_owned(),
        head: Words::new(vi, en),
        aliases: Vec::new(),
        help: Words::default(),
        kind,
        required: false,
        example: String::new(),
    }
}
