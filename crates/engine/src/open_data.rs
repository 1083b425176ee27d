//! What is given to everybody as open data: the figures that the public side shows, the public part of the register, the places,
//! and beside them definitions, methods and breaks. What [`Disclosure`] hides is empty here too, and flagged so.

use hoptac_model::date::year_end;
use hoptac_model::figure::FigureStatus;
use hoptac_model::ids::{IndicatorId, UnitId};
use hoptac_model::open_data::{Cell, Dataset, Form, OpenData};
use hoptac_model::pack::{Measure, Pack};
use hoptac_model::register::Register;
use hoptac_model::scoreboard::Applies;
use hoptac_model::target::{Direction, Horizon};
use hoptac_model::text::{Language, Words};
use hoptac_model::unit::Places;

use crate::board::Board;
use crate::disclosure::Disclosure;

/// Flags of a figure, as statistical offices write them (the code list `CL_OBS_STATUS`).
const NORMAL: &str = "A";
const PROVISIONAL: &str = "P";
const MISSING: &str = "O";
const HIDDEN: &str = "Q";

/// From what open data is made.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The board of a day, on the places of the plan.
    pub board: &'a Board,
    /// The plan.
    pub pack: &'a Pack,
    /// The register.
    pub register: &'a Register,
    /// The places.
    pub places: &'a Places,
    /// What of the board is hidden.
    pub hidden: &'a Disclosure,
    /// Figures over fewer organisations are hidden.
    pub least: usize,
    /// The unit whose plan it is.
    pub whole: &'a UnitId,
    /// The units below it.
    pub parts: &'a [UnitId],
}

/// Makes all tables.
pub fn of(source: &Source<'_>) -> OpenData {
    let board = source.board;
    OpenData {
        unit: source.places.get(source.whole).map_or_else(String::new, |unit| unit.name.clone()),
        plan: source.pack.document.number.clone(),
        as_of: board.as_of(),
        year_first: source.pack.setting.year_first,
        position: board.position(),
        least: source.least,
        synthetic: board.has_synthetic(),
        tables: vec![
            units(source),
            definitions(source),
            indicators(source),
            targets(source),
            figures(source.pack, source.places),
            breaks(source.pack),
            organisations(source),
        ],
    }
}

/// Places, as they were and are.
fn units(source: &Source<'_>) -> Dataset {
    let about = Words::new(
        "Đơn vị hành chính theo thời gian. Mã thống kê có thể được cấp lại cho đơn vị khác; định danh ở cột unit thì không.",
        "Administrative units over time. The statistics code may return for another unit; the identity in the column unit never does.",
    );
    let names = Words::new("Đơn vị hành chính", "Administrative units");
    let mut table = Dataset::new("units", names, about, &["unit"])
        .column("unit", Form::Text, "Định danh", "Identity")
        .column("code", Form::Text, "Mã thống kê", "Statistics code")
        .column("level", Form::Text, "Cấp", "Level")
        .column("name", Form::Text, "Tên", "Name")
        .naming("parent", "units", "Đơn vị cấp trên", "Unit above")
        .column("valid_from", Form::Day, "Từ ngày", "First day")
        .column("valid_to", Form::Day, "Đến hết ngày", "Last day")
        .column("latitude", Form::Number, "Vĩ độ", "Latitude")
        .column("longitude", Form::Number, "Kinh độ", "Longitude");
    let degrees = |e4: Option<i32>| e4.map(|e4| f64::from(e4) / 10_000.0);
    for unit in source.places.all() {
        let parent = unit.parent.as_ref().filter(|parent| source.places.get(parent).is_some());
        table.rows.push(vec![
            unit.id.as_str().into(),
            unit.code.as_str().into(),
            unit.level.code().into(),
            unit.name.as_str().into(),
            parent.map(UnitId::as_str).into(),
            unit.valid_from.into(),
            unit.valid_to.into(),
            degrees(unit.lat_e4).into(),
            degrees(unit.lon_e4).into(),
        ]);
    }
    table
}

/// What each indicator counts, and by which formula; published series that are no indicator have none.
fn definitions(source: &Source<'_>) -> Dataset {
    let about = Words::new(
        "Chỉ tiêu đo và chuỗi số liệu: định nghĩa, công thức, phiên bản, nguồn. Định nghĩa thay đổi thì phiên bản tăng.",
        "Indicators and series: definition, formula, version, source. A changed definition is a new version.",
    );
    let names = Words::new("Định nghĩa chỉ tiêu", "Definitions of indicators");
    let mut table = Dataset::new("definitions", names, about, &["indicator"])
        .column("indicator", Form::Text, "Mã chỉ tiêu", "Indicator")
        .column("name_vi", Form::Text, "Tên", "Name in Vietnamese")
        .column("name_en", Form::Text, "Tên tiếng Anh", "Name in English")
        .column("definition_vi", Form::Text, "Định nghĩa", "Definition in Vietnamese")
        .column("definition_en", Form::Text, "Định nghĩa tiếng Anh", "Definition in English")
        .column(
            "numerator",
            Form::Text,
            "Công thức của giá trị hoặc tử số",
            "Formula of the value or numerator",
        )
        .column("denominator", Form::Text, "Công thức của mẫu số", "Formula of the denominator")
        .column("scale", Form::Number, "Nhân với", "Multiplied by")
        .column("measure", Form::Text, "Loại đại lượng", "Kind of quantity")
        .column("unit_of_measure", Form::Text, "Đơn vị tính", "Unit of measurement")
        .column("decimals", Form::Whole, "Số chữ số thập phân", "Decimals shown")
        .column("direction", Form::Text, "Chiều tốt hơn", "Which way is better")
        .column("version", Form::Whole, "Phiên bản", "Version")
        .column("valid_from", Form::Day, "Áp dụng từ", "Holds from")
        .column("source_vi", Form::Text, "Nguồn", "Source in Vietnamese")
        .column("source_en", Form::Text, "Nguồn (tiếng Anh)", "Source in English");
    for one in &source.pack.indicators {
        let below = one.denominator.as_deref();
        let below = below.or(one.denominator_figure.as_ref().map(IndicatorId::as_str));
        table.rows.push(vec![
            one.id.as_str().into(),
            one.name.vi.as_str().into(),
            one.name.en.as_str().into(),
            one.definition.vi.as_str().into(),
            one.definition.en.as_str().into(),
            one.numerator.as_str().into(),
            below.into(),
            one.scale.into(),
            measure(one.measure).into(),
            one.unit.as_str().into(),
            i64::from(one.decimals).into(),
            direction(one.direction).into(),
            i64::from(one.version).into(),
            one.valid_from.into(),
            one.source.vi.as_str().into(),
            one.source.en.as_str().into(),
        ]);
    }
    for one in &source.pack.series {
        let mut row =
            vec![one.id.as_str().into(), one.name.vi.as_str().into(), one.name.en.as_str().into()];
        row.extend(std::iter::repeat_n(Cell::Empty, 6));
        row.push(one.unit.as_str().into());
        row.extend(std::iter::repeat_n(Cell::Empty, 6));
        table.rows.push(row);
    }
    table
}

/// Every indicator for the whole and its parts, year by year.
fn indicators(source: &Source<'_>) -> Dataset {
    let board = source.board;
    let about = Words::new(
        "Giá trị từng chỉ tiêu theo đơn vị và năm, tính từ sổ đăng ký. Năm đã qua: hiện trạng ngày cuối năm; năm đang chạy: hiện trạng \
         ngày ghi ở cột as_of. status: A bình thường, P tạm tính vì năm chưa hết, O thiếu dữ liệu, Q không công bố vì quá ít tổ chức. \
         Thiếu và không công bố để trống, không bao giờ ghi 0.",
        "The value of each indicator by unit and year, computed from the register. Past years as of their last day, the running year as \
         of the day in as_of. status: A normal, P provisional while the year lasts, O missing, Q suppressed because it is over too few \
         organisations. Missing and suppressed values are empty, never 0.",
    );
    let names =
        Words::new("Giá trị chỉ tiêu theo đơn vị và năm", "Values of indicators by unit and year");
    let mut table = Dataset::new("indicators", names, about, &["unit", "indicator", "year"])
        .naming("unit", "units", "Đơn vị hành chính", "Administrative unit")
        .naming("indicator", "definitions", "Chỉ tiêu đo", "Indicator")
        .column("year", Form::Whole, "Năm", "Year")
        .column("as_of", Form::Day, "Hiện trạng ngày", "State of the day")
        .column("value", Form::Number, "Giá trị", "Value")
        .column("unit_of_measure", Form::Text, "Đơn vị tính", "Unit of measurement")
        .column("status", Form::Text, "Tình trạng số liệu", "Status of the value")
        .column("formula_version", Form::Whole, "Phiên bản công thức", "Version of the formula")
        .column("ledger_position", Form::Whole, "Vị trí sổ cái", "Ledger position");
    for unit in std::iter::once(source.whole).chain(source.parts) {
        for indicator in &source.pack.indicators {
            for year in board.years() {
                let cell = board.cell(&indicator.id, unit, *year).and_then(|cell| cell.value);
                let on = year_end(*year).min(board.as_of());
                let (value, status) = match cell {
                    _ if source.hidden.hides(&indicator.id, unit) => (None, HIDDEN),
                    None => (None, MISSING),
                    Some(value) if on < year_end(*year) => (Some(value), PROVISIONAL),
                    Some(value) => (Some(value), NORMAL),
                };
                table.rows.push(vec![
                    unit.as_str().into(),
                    indicator.id.as_str().into(),
                    (*year).into(),
                    on.into(),
                    value.into(),
                    indicator.unit.as_str().into(),
                    status.into(),
                    i64::from(indicator.version).into(),
                    position(board).into(),
                ]);
            }
        }
    }
    table
}

/// The targets of the plan and where they stand.
fn targets(source: &Source<'_>) -> Dataset {
    let board = source.board;
    let about = Words::new(
        "Chỉ tiêu của kế hoạch: mục tiêu, thời hạn, số hiện có, mức cần có vào ngày đó, tình trạng và quy tắc kết luận. status như ở bảng \
         indicators.",
        "Targets of the plan: what is asked by when, what there is, what the line to the goal asks for on the day, where it stands and by \
         which rule. status as in the table indicators.",
    );
    let names =
        Words::new("Chỉ tiêu kế hoạch và tình trạng", "Targets of the plan and where they stand");
    let mut table = Dataset::new("targets", names, about, &["target"])
        .column("target", Form::Text, "Mã chỉ tiêu kế hoạch", "Target")
        .column("label_vi", Form::Text, "Tên ngắn", "Label in Vietnamese")
        .column("label_en", Form::Text, "Tên ngắn tiếng Anh", "Label in English")
        .naming("indicator", "definitions", "Chỉ tiêu đo", "Indicator")
        .naming("unit", "units", "Đơn vị hành chính", "Administrative unit")
        .column("comparator", Form::Text, "Cách so sánh", "Comparator")
        .column("goal", Form::Number, "Mục tiêu", "Goal")
        .column("asked_vi", Form::Text, "Yêu cầu bằng lời", "What is asked, in Vietnamese")
        .column("asked_en", Form::Text, "Yêu cầu bằng lời, tiếng Anh", "What is asked, in English")
        .column("first_year", Form::Whole, "Năm đầu phải đạt", "First year in which it is due")
        .column("last_year", Form::Whole, "Năm cuối phải đạt", "Last year in which it is due")
        .column("as_of", Form::Day, "Hiện trạng ngày", "State of the day")
        .column("value", Form::Number, "Số hiện có", "Value")
        .column("expected", Form::Number, "Mức cần có vào ngày đó", "What is asked for on the day")
        .column("standing", Form::Text, "Tình trạng thực hiện", "Where it stands")
        .column("rule_vi", Form::Text, "Quy tắc kết luận", "Rule in Vietnamese")
        .column("rule_en", Form::Text, "Quy tắc kết luận tiếng Anh", "Rule in English")
        .column("unit_of_measure", Form::Text, "Đơn vị tính", "Unit of measurement")
        .column("status", Form::Text, "Tình trạng số liệu", "Status of the value")
        .column("ledger_position", Form::Whole, "Vị trí sổ cái", "Ledger position");
    let rows = board.scoreboard(source.whole).map_or_else(Vec::new, |board| board.rows);
    for row in rows {
        let Some(target) = source.pack.target(&row.target) else { continue };
        let Some(indicator) = source.pack.indicator(&row.indicator) else { continue };
        let is_hidden = source.hidden.hides(&row.indicator, source.whole);
        let shown = |value: Option<f64>| Cell::from(value.filter(|_| !is_hidden));
        let said = |text: &str| Cell::from(if is_hidden { "" } else { text });
        let (first, last) = match row.horizon {
            Horizon::Year { year } => (year, year),
            Horizon::Yearly { from, to } => (from, to),
        };
        let status = match row.value {
            _ if is_hidden => HIDDEN,
            None => MISSING,
            Some(_) => NORMAL,
        };
        // One number says too little of a target between two.
        let asked = |language| {
            let sign = if row.applies == Applies::UnitsBelow { "" } else { indicator.sign() };
            let constraint = row.constraint.words(sign, language);
            format!("{constraint}, {}", row.horizon.words(language))
        };
        table.rows.push(vec![
            target.id.as_str().into(),
            target.label.vi.as_str().into(),
            target.label.en.as_str().into(),
            indicator.id.as_str().into(),
            source.whole.as_str().into(),
            row.constraint.code().into(),
            row.constraint.goal(indicator.direction).into(),
            asked(Language::Vi).into(),
            asked(Language::En).into(),
            first.into(),
            last.into(),
            board.as_of().into(),
            shown(row.value),
            shown(row.expected),
            said(row.standing.map_or("", hoptac_model::standing::Standing::code)),
            said(&row.rule.vi),
            said(&row.rule.en),
            indicator.unit.as_str().into(),
            status.into(),
            position(board).into(),
        ]);
    }
    table
}

/// What others published, as they published it.
fn figures(pack: &Pack, places: &Places) -> Dataset {
    let about = Words::new(
        "Số liệu đã được công bố ở nơi khác, ghi đúng như công bố, kèm nguồn và mức độ tin cậy. Không trộn với số tính từ sổ đăng ký.",
        "Figures that were published elsewhere, as they were published, with their source and how firm they are. Never mixed with values \
         computed from the register.",
    );
    let names = Words::new("Số liệu đã công bố", "Published figures");
    let mut table = Dataset::new("figures", names, about, &["figure"])
        .column("figure", Form::Text, "Mã số liệu", "Figure")
        .naming("indicator", "definitions", "Chỉ tiêu hoặc chuỗi số liệu", "Indicator or series")
        .naming("unit", "units", "Đơn vị hành chính", "Administrative unit")
        .column("as_of", Form::Day, "Ngày của số liệu", "Day that it is of")
        .column("period", Form::Text, "Ngày hoặc kỳ như công bố", "Day or period as published")
        .column("value", Form::Number, "Giá trị", "Value")
        .column("firmness", Form::Text, "Mức độ tin cậy", "How firm it is")
        .column("source", Form::Text, "Nguồn", "Source")
        .column("source_date", Form::Day, "Ngày công bố", "Day of publication")
        .column("source_url", Form::Text, "Địa chỉ của nguồn", "Address of the source")
        .column("note_vi", Form::Text, "Ghi chú", "Note in Vietnamese")
        .column("note_en", Form::Text, "Ghi chú tiếng Anh", "Note in English");
    // What somebody only assumes was published by nobody.
    for one in pack.figures.iter().filter(|one| one.status != FigureStatus::Assumed) {
        let is_defined = pack.indicator(&one.indicator).is_some()
            || pack.series.iter().any(|series| series.id == one.indicator);
        let unit = places.find(&one.unit, one.as_of);
        let unit = unit.or_else(|| places.find(&one.unit, pack.setting.geography));
        table.rows.push(vec![
            one.id.as_str().into(),
            is_defined.then_some(one.indicator.as_str()).into(),
            unit.map(|unit| unit.id.as_str()).into(),
            one.as_of.into(),
            one.period_code().into(),
            one.value.into(),
            one.status.code().into(),
            one.source.as_str().into(),
            one.source_date.into(),
            one.source_url.as_str().into(),
            one.note.vi.as_str().into(),
            one.note.en.as_str().into(),
        ]);
    }
    table
}

/// Where published series break: values on both sides are not to be compared.
fn breaks(pack: &Pack) -> Dataset {
    let about = Words::new(
        "Chỗ đứt chuỗi của số liệu đã công bố: không so sánh giá trị ở hai bên.",
        "Breaks of published series: values on the two sides are not to be compared.",
    );
    let names = Words::new("Chỗ đứt chuỗi", "Breaks of series");
    let mut table = Dataset::new("breaks", names, about, &["indicator", "last_before"])
        .naming("indicator", "definitions", "Chỉ tiêu hoặc chuỗi số liệu", "Indicator or series")
        .column("last_before", Form::Day, "Ngày cuối trước chỗ đứt", "Last day before the break")
        .column("first_after", Form::Day, "Ngày đầu sau chỗ đứt", "First day after the break")
        .column("reason_vi", Form::Text, "Lý do", "Reason in Vietnamese")
        .column("reason_en", Form::Text, "Lý do tiếng Anh", "Reason in English");
    for one in &pack.breaks {
        table.rows.push(vec![
            one.series.as_str().into(),
            one.from.into(),
            one.to.into(),
            one.reason.vi.as_str().into(),
            one.reason.en.as_str().into(),
        ]);
    }
    table
}

/// The public part of the register.
fn organisations(source: &Source<'_>) -> Dataset {
    let about = Words::new(
        "Phần công khai của sổ đăng ký: mọi tổ chức từng có, kể cả đã chấm dứt, với hiện trạng của ngày. Không có dữ liệu cá nhân.",
        "The public part of the register: every organisation there ever was, ended ones too, each by its state on the day. No personal data.",
    );
    let names = Words::new("Sổ đăng ký, phần công khai", "Register, public part");
    let mut table = Dataset::new("organisations", names, about, &["organisation"])
        .column("organisation", Form::Text, "Định danh", "Identity")
        .column("code", Form::Text, "Mã số", "Registration code")
        .column("name", Form::Text, "Tên", "Name")
        .column("kind", Form::Text, "Loại hình", "Kind")
        .column("status", Form::Text, "Tình trạng pháp lý", "Legal status")
        .column("status_since", Form::Day, "Hiện trạng từ ngày", "State since")
        .column("founded_on", Form::Day, "Ngày thành lập", "Day of foundation")
        .naming("unit", "units", "Trụ sở", "Seat")
        .column("sector", Form::Text, "Lĩnh vực", "Sector")
        .column("vsic", Form::Text, "Ngành chính (VSIC cấp 1)", "Main activity (VSIC level 1)")
        .column("as_of", Form::Day, "Hiện trạng ngày", "State of the day");
    let (register, day) = (source.register, source.board.as_of());
    for (index, organisation) in (0_u32..).zip(&register.organisations) {
        let Some(state) = register.state_on(index, day) else { continue };
        let decided = register.seat_decisions.of(index);
        let placing = source.places.placing(&state.seat, state.seat_former.as_ref(), decided, day);
        table.rows.push(vec![
            organisation.id.to_string().into(),
            organisation.code.as_deref().into(),
            organisation.name.as_str().into(),
            state.kind.code().into(),
            state.status.code().into(),
            state.from.into(),
            organisation.founded_on.into(),
            placing.unit().map(|unit| unit.id.as_str()).into(),
            state.sector.code().into(),
            state.vsic.to_string().into(),
            day.into(),
        ]);
    }
    table
}

fn position(board: &Board) -> i64 {
    i64::try_from(board.position()).unwrap_or(i64::MAX)
}

fn measure(measure: Measure) -> &'static str {
    match measure {
        Measure::Stock => "stock",
        Measure::Flow => "flow",
        Measure::Ratio => "ratio",
    }
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "up",
        Direction::Down => "down",
        Direction::None => "none",
    }
}
