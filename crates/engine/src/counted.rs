//! What figures are counted from, put together by unit, year and kind: how many organisations are so, and the sums of what they declare.
//! Nothing of an organisation by itself is in it: what [`Disclosure`] hides is left empty. What is read off the rolls of members is
//! left out altogether.

use hoptac_model::date::year_end;
use hoptac_model::fact::{Catalogue, Column, ColumnType};
use hoptac_model::ids::{IndicatorId, UnitId};
use hoptac_model::open_data::{Dataset, Form};
use hoptac_model::organisation::Kind;
use hoptac_model::pack::{Indicator, Measure, Pack};
use hoptac_model::register::Register;
use hoptac_model::target::Direction;
use hoptac_model::text::Words;
use hoptac_model::unit::Places;

use crate::board::{Board, Question};
use crate::disclosure::Disclosure;

/// Flags of a fact, as figures have them.
const NORMAL: &str = "A";
const PROVISIONAL: &str = "P";
const HIDDEN: &str = "Q";

/// From what facts are counted.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The plan, whose form of the yearly return says what organisations declare.
    pub pack: &'a Pack,
    /// The register.
    pub register: &'a Register,
    /// The places.
    pub places: &'a Places,
    /// The day and the places of the figures.
    pub question: Question,
    /// The unit whose plan it is.
    pub whole: &'a UnitId,
    /// The units below it.
    pub parts: &'a [UnitId],
    /// Facts of fewer organisations are hidden where they are no public part of the register.
    pub least: usize,
}

/// What the facts are, and the facts.
pub fn of(source: &Source<'_>) -> [Dataset; 2] {
    let catalogue = Catalogue::new(source.pack.annual_return());
    let columns: Vec<&Column> =
        catalogue.columns().iter().filter(|column| is_counted(column)).collect();
    [definitions(&columns), facts(source, &columns)]
}

/// Whether a column is counted or summed up: no identity, no category, no year, and nothing of the rolls.
fn is_counted(column: &Column) -> bool {
    let is_year = matches!(column.name.as_str(), "year" | "grade_year");
    let is_countable =
        matches!(column.column_type, ColumnType::Flag | ColumnType::Count | ColumnType::Money);
    is_countable && !is_year && !column.name.starts_with("roll_")
}

fn definitions(columns: &[&Column]) -> Dataset {
    let names = Words::new("Định nghĩa dữ kiện", "Definitions of facts");
    let about = Words::new(
        "Dữ kiện làm căn cứ tính chỉ tiêu: tên, cách gộp và nơi khai.",
        "The facts that figures are counted from: their names, how they are put together, and where they are declared.",
    );
    let mut table = Dataset::new("fact_definitions", names, about, &["fact"])
        .column("fact", Form::Text, "Mã dữ kiện", "Fact")
        .column("name_vi", Form::Text, "Tên", "Name in Vietnamese")
        .column("name_en", Form::Text, "Tên tiếng Anh", "Name in English")
        .column("put_together", Form::Text, "Cách gộp", "How it is put together")
        .column("from", Form::Text, "Nơi khai", "Where it is declared");
    for column in columns {
        let together = if column.column_type == ColumnType::Flag { "count" } else { "sum" };
        let from = if column.from_return { "return" } else { "register" };
        table.rows.push(vec![
            column.name.as_str().into(),
            column.label.vi.as_str().into(),
            column.label.en.as_str().into(),
            together.into(),
            from.into(),
        ]);
    }
    table
}

fn facts(source: &Source<'_>, columns: &[&Column]) -> Dataset {
    let names = Words::new("Dữ kiện theo đơn vị, năm và loại hình", "Facts by unit, year and kind");
    let about = Words::new(
        "Số tổ chức thỏa từng điều kiện, và tổng những gì các tổ chức đang tồn tại đã khai. Không có dòng nghĩa là không có tổ chức nào. \
         status: A bình thường, P tạm tính vì năm chưa hết, Q để trống vì quá ít tổ chức.",
        "How many organisations are so, and the sums of what existing organisations declared. Where there is no row there is no such \
         organisation. status: A normal, P provisional while the year lasts, Q empty because there are too few organisations.",
    );
    let key = &["unit", "year", "kind", "fact"];
    let mut table = Dataset::new("facts", names, about, key)
        .naming("unit", "units", "Đơn vị hành chính", "Administrative unit")
        .column("year", Form::Whole, "Năm", "Year")
        .column("kind", Form::Text, "Loại hình", "Kind")
        .naming("fact", "fact_definitions", "Dữ kiện", "Fact")
        .column("organisations", Form::Whole, "Số tổ chức", "Organisations")
        .column("value", Form::Number, "Giá trị", "Value")
        .column("status", Form::Text, "Tình trạng số liệu", "Status of the value");
    for kind in Kind::ALL {
        let indicators = columns.iter().flat_map(|column| asked(column, kind)).collect();
        let pack = Pack { indicators, targets: Vec::new(), ..source.pack.clone() };
        let board = Board::compute(source.register, source.places, &pack, source.question);
        let hidden = Disclosure::of(&board, source.whole, source.parts, source.least);
        for unit in std::iter::once(source.whole).chain(source.parts) {
            for year in board.years() {
                let value = |id: &IndicatorId| board.cell(id, unit, *year)?.value;
                for column in columns {
                    let (many, sum) = (many(column), sum(column));
                    let organisations = value(&many).filter(|count| *count > 0.0);
                    let Some(organisations) = organisations else { continue };
                    let is_hidden = hidden.hides(&many, unit) || hidden.hides(&sum, unit);
                    let is_flag = column.column_type == ColumnType::Flag;
                    let value = if is_flag { Some(organisations) } else { value(&sum) };
                    let is_over = year_end(*year) <= board.as_of();
                    let status = match is_over {
                        _ if is_hidden => HIDDEN,
                        true => NORMAL,
                        false => PROVISIONAL,
                    };
                    // A count is whole, however the engine keeps it.
                    #[expect(clippy::cast_possible_truncation, reason = "no register has so many")]
                    let organisations = organisations as i64;
                    table.rows.push(vec![
                        unit.as_str().into(),
                        (*year).into(),
                        kind.code().into(),
                        column.name.as_str().into(),
                        (!is_hidden).then_some(organisations).into(),
                        value.filter(|_| !is_hidden).into(),
                        status.into(),
                    ]);
                }
            }
        }
    }
    table
}

/// The formula of how many organisations are so or declared it.
fn many(column: &Column) -> IndicatorId {
    IndicatorId::new(format!("{}.many", column.name))
}

/// The formula of what they declared.
fn sum(column: &Column) -> IndicatorId {
    IndicatorId::new(format!("{}.sum", column.name))
}

/// What is asked of a column for a kind.
fn asked(column: &Column, kind: Kind) -> Vec<Indicator> {
    let (name, kind) = (&column.name, kind.code());
    if column.column_type == ColumnType::Flag {
        let formula = format!("COUNT(*) FILTER (WHERE kind = '{kind}' AND {name})");
        return vec![indicator(many(column), formula)];
    }
    let of = format!("FILTER (WHERE kind = '{kind}' AND registered)");
    vec![
        indicator(many(column), format!("COUNT({name}) {of}")),
        indicator(sum(column), format!("SUM({name}) {of}")),
    ]
}

fn indicator(id: IndicatorId, numerator: String) -> Indicator {
    Indicator {
        id,
        version: 1,
        valid_from: jiff::civil::Date::MIN,
        name: Words::default(),
        short: Words::default(),
        definition: Words::default(),
        measure: Measure::Stock,
        unit: "units".to_owned(),
        decimals: 0,
        direction: Direction::None,
        numerator,
        denominator: None,
        denominator_figure: None,
        scale: 1.0,
        proxy_for: None,
        source: Words::default(),
    }
}
