//! Tables of the application as rows of a form, to be taken away. Those whose form can be imported come in again as they went
//! out.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{CellKind, CellValue, Choice, SheetColumn, SheetForm};
use crate::organisation::{Grade, Status};
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
pub const TABLES: [&str; 9] = [
    "organisations",
    "returns",
    "grades",
    "links",
    "products",
    "support",
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

/// The decided grades, of a year or of all.
pub fn grades(register: &Register, sees: Sees<'_>, year: Option<i16>) -> SheetTable {
    let choices = Grade::ALL.iter().map(|grade| Choice {
        code: grade.code().to_owned(),
        words: grade.words(),
        aliases: Vec::new(),
    });
    let form = plain(
        "grades",
        ("Kết quả xếp loại", "Grades"),
        vec![
            column("year", "Năm", "Year", CellKind::Year),
            column("ruleset", "Bộ tiêu chí", "Ruleset", CellKind::Text(60)),
            column("score", "Điểm", "Score", CellKind::Tenths),
            column("grade", "Xếp loại", "Grade", CellKind::Choice(choices.collect())),
            column("on", "Ngày quyết định", "Decided on", CellKind::Day),
        ],
    );
    let graded = register.grades.iter().filter(|graded| year.is_none_or(|y| y == graded.year));
    let rows = graded.filter_map(|graded| {
        let mut cells = whose(register, sees, graded.organisation)?;
        cells.extend([
            i64::from(graded.year).into(),
            graded.ruleset.as_str().into(),
            i64::from(graded.score_tenths).into(),
            graded.grade.code().into(),
            graded.on.into(),
        ]);
        Some(cells)
    });
    SheetTable { rows: rows.collect(), form }
}

/// The linkage contracts that hold on a day.
pub fn links(register: &Register, sees: Sees<'_>, day: Date) -> SheetTable {
    let form = plain(
        "links",
        ("Hợp đồng liên kết", "Linkage contracts"),
        vec![
            column("link", "Số hợp đồng", "Contract", CellKind::Text(120)),
            column("signed_on", "Ngày ký", "Signed on", CellKind::Day),
            column("partner", "Mã đối tác", "Partner code", CellKind::Text(120)),
            column("partner_name", "Tên đối tác", "Partner", CellKind::Text(250)),
            column("partner_kind", "Loại đối tác", "Kind of partner", CellKind::Text(60)),
            column("product", "Sản phẩm", "Product", CellKind::Text(250)),
            column("stages", "Khâu liên kết", "Stages", CellKind::Text(250)),
            column("to", "Ngày kết thúc", "Until", CellKind::Day),
            column("value", "Giá trị (đồng)", "Value (đồng)", CellKind::Money),
        ],
    );
    let holding = register.links.iter().filter(|link| link.holds_on(day));
    let rows = holding.filter_map(|link| {
        let stages: Vec<String> = link.stages.iter().map(|stage| stage.words().vi).collect();
        let mut cells = whose(register, sees, link.organisation)?;
        cells.extend([
            link.link.as_str().into(),
            link.signed_on.into(),
            link.partner.as_str().into(),
            link.partner_name.as_str().into(),
            link.partner_kind.words().vi.as_str().into(),
            link.product.as_str().into(),
            stages.join("; ").as_str().into(),
            link.to.into(),
            link.value.into(),
        ]);
        Some(cells)
    });
    SheetTable { rows: rows.collect(), form }
}

/// The certificates that hold on a day.
pub fn products(register: &Register, sees: Sees<'_>, day: Date) -> SheetTable {
    let form = plain(
        "products",
        ("Sản phẩm, chứng nhận", "Products and certificates"),
        vec![
            column("certificate", "Số chứng nhận", "Certificate", CellKind::Text(120)),
            column("product", "Sản phẩm", "Product", CellKind::Text(250)),
            column("kind", "Loại chứng nhận", "Kind", CellKind::Text(60)),
            column("stars", "Số sao", "Stars", CellKind::Count),
            column("score", "Điểm", "Score", CellKind::Tenths),
            column("from", "Ngày cấp", "From", CellKind::Day),
            column("to", "Ngày hết hạn", "Until", CellKind::Day),
            column("decision", "Quyết định", "Decision", CellKind::Text(250)),
        ],
    );
    let holding = register.certificates.iter().filter(|certificate| certificate.holds_on(day));
    let rows = holding.filter_map(|certificate| {
        let mut cells = whose(register, sees, certificate.organisation)?;
        cells.extend([
            certificate.certificate.as_str().into(),
            certificate.product.as_str().into(),
            certificate.kind.as_str().into(),
            certificate.stars.map(i64::from).into(),
            certificate.score_tenths.map(i64::from).into(),
            certificate.from.into(),
            certificate.to.into(),
            certificate.decision.as_str().into(),
        ]);
        Some(cells)
    });
    SheetTable { rows: rows.collect(), form }
}

/// Applications for support, with what was decided and paid.
pub fn support(register: &Register, sees: Sees<'_>) -> SheetTable {
    let form = plain(
        "support",
        ("Hỗ trợ", "Support"),
        vec![
            column("programme", "Chương trình", "Programme", CellKind::Text(120)),
            column("application", "Hồ sơ đề nghị", "Application", CellKind::Text(120)),
            column("on", "Ngày đề nghị", "Applied on", CellKind::Day),
            column("requested", "Đề nghị (đồng)", "Requested (đồng)", CellKind::Money),
            column("decided_on", "Ngày quyết định", "Decided on", CellKind::Day),
            column("approved", "Được duyệt", "Approved", CellKind::Flag),
            column("granted", "Mức duyệt (đồng)", "Granted (đồng)", CellKind::Money),
            column("paid", "Đã chi (đồng)", "Paid (đồng)", CellKind::Money),
            column("cancelled_on", "Ngày hủy", "Cancelled on", CellKind::Day),
        ],
    );
    let rows = register.supports.iter().filter_map(|(index, application)| {
        let decision = application.decision.as_ref();
        let mut cells = whose(register, sees, *index)?;
        cells.extend([
            application.programme.as_str().into(),
            application.application.as_str().into(),
            application.on.into(),
            application.requested.into(),
            decision.map(|decision| decision.on).into(),
            decision.map(|decision| decision.approved).into(),
            decision.map(|decision| decision.granted).into(),
            application.payments.iter().map(|payment| payment.amount).sum::<i64>().into(),
            application.cancelled_on.into(),
        ]);
        Some(cells)
    });
    SheetTable { rows: rows.collect(), form }
}

/// The units that exist on a day.
pub fn units(places: &Places, day: Date) -> SheetTable {
    let form = SheetForm {
        id: "units".to_owned(),
        version: 1,
        title: Words::new("Đơn vị hành chính", "Units"),
        note: Words::default(),
        yearly: false,
        columns: vec![
            column("code", "Mã", "Code", CellKind::Text(20)),
            column("name", "Tên", "Name", CellKind::Text(120)),
            column("level", "Cấp", "Level", CellKind::Text(60)),
            column("parent", "Mã cấp trên", "Parent code", CellKind::Text(20)),
            column("parent_name", "Tên cấp trên", "Parent", CellKind::Text(120)),
            column("from", "Từ ngày", "From", CellKind::Day),
            column("to", "Đến ngày", "Until", CellKind::Day),
        ],
    };
    let rows = places.all().filter(|unit| unit.exists_on(day)).map(|unit| {
        let parent = unit.parent.as_ref().and_then(|parent| places.get(parent));
        vec![
            unit.code.as_str().into(),
            places.name_on(unit, day).into(),
            unit.level.words().vi.as_str().into(),
            parent.map(|parent| parent.code.as_str()).into(),
            parent.map(|parent| places.name_on(parent, day)).into(),
            unit.valid_from.into(),
            unit.valid_to.into(),
        ]
    });
    SheetTable { rows: rows.collect(), form }
}

/// The published figures with their sources.
pub fn figures(pack: &Pack) -> SheetTable {
    let form = SheetForm {
        id: "figures".to_owned(),
        version: 1,
        title: Words::new("Số liệu công bố", "Published figures"),
        note: Words::default(),
        yearly: false,
        columns: vec![
            column("id", "Mã số liệu", "Figure", CellKind::Text(120)),
            column("indicator", "Chỉ tiêu", "Indicator", CellKind::Text(120)),
            column("unit", "Mã đơn vị", "Unit", CellKind::Text(20)),
            column("period", "Kỳ", "Period", CellKind::Text(20)),
            column("as_of", "Ngày", "As of", CellKind::Day),
            column("value", "Giá trị", "Value", CellKind::Text(40)),
            column("source", "Nguồn", "Source", CellKind::Text(250)),
            column("source_date", "Ngày của nguồn", "Source of", CellKind::Day),
        ],
    };
    let rows = pack.figures.iter().map(|figure| {
        vec![
            figure.id.as_str().into(),
            figure.indicator.as_str().into(),
            figure.unit.as_str().into(),
            figure.period_code().as_str().into(),
            figure.as_of.into(),
            TableCell::Number(figure.value),
            figure.source.as_str().into(),
            figure.source_date.into(),
        ]
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
    let mut states: BTreeMap<u32, &State> = BTreeMap::new();
    for state in register.states.iter().filter(|state| state.from <= day) {
        let before = states.get(&state.organisation);
        if before
            .is_none_or(|before| (before.from, before.position) <= (state.from, state.position))
        {
            states.insert(state.organisation, state);
        }
    }
    states
}

fn whose(register: &Register, sees: Sees<'_>, index: u32) -> Option<Vec<TableCell>> {
    let organisation = register.organisation(index).filter(|_| sees(index))?;
    Some(vec![organisation.code.as_deref().into(), organisation.name.as_str().into()])
}

/// A table that speaks of organisations.
fn plain(id: &str, title: (&str, &str), mut columns: Vec<SheetColumn>) -> SheetForm {
    let mut all = vec![
        column("code", "Mã số", "Code", CellKind::Code),
        column("name", "Tên tổ chức", "Name", CellKind::Text(250)),
    ];
    all.append(&mut columns);
    SheetForm {
        id: id.to_owned(),
        version: 1,
        title: Words::new(title.0, title.1),
        note: Words::default(),
        yearly: false,
        columns: all,
    }
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
