//! Facts: one organisation in one period, and the columns that formulas may name.

use serde::Serialize;

use crate::pack::{FieldType, Form};
use crate::text::Words;

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// True, false or missing.
    Flag,
    /// A whole number.
    Count,
    /// Whole đồng.
    Money,
    /// One of a few words.
    Category,
    /// An identity, only counted and compared.
    Id,
}

impl ColumnType {
    /// Whether sums and averages make sense.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Count | Self::Money)
    }

    /// What people call it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Count => "whole number",
            Self::Money => "amount of money",
            Self::Category => "category",
            Self::Id => "identity",
        }
    }
}

/// A column of the facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name in formulas.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub column_type: ColumnType,
    /// What it says, as it is shown beside a record.
    pub label: Words,
    /// The values of a category, with what people call them; empty where open.
    pub categories: Vec<(String, Words)>,
    /// Whether it comes from the yearly return and not from the register.
    pub from_return: bool,
}

/// The columns that formulas may name: those of the register and those of the return's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    columns: Vec<Column>,
}

/// Register columns: name, type, Vietnamese label, English label. The order is the order in [`Catalogue`].
const REGISTER: [(&str, ColumnType, &str, &str); 46] = [
    ("organisation", ColumnType::Id, "tổ chức", "organisation"),
    ("kind", ColumnType::Category, "loại hình", "kind"),
    ("commune", ColumnType::Id, "xã, phường của trụ sở", "commune of the seat"),
    ("year", ColumnType::Count, "năm", "year"),
    ("age", ColumnType::Count, "số năm hoạt động", "age in years"),
    ("registered", ColumnType::Flag, "đang tồn tại", "exists"),
    ("operating", ColumnType::Flag, "đang hoạt động", "operating"),
    ("suspended", ColumnType::Flag, "tạm ngừng", "suspended"),
    ("founded", ColumnType::Flag, "thành lập trong năm", "founded in the year"),
    ("ceased", ColumnType::Flag, "chấm dứt trong năm", "ceased in the year"),
    ("converted", ColumnType::Flag, "chuyển đổi trong năm", "converted in the year"),
    ("sector", ColumnType::Category, "lĩnh vực", "sector"),
    ("vsic", ColumnType::Category, "ngành chính (VSIC)", "main activity (VSIC)"),
    ("difficult_area", ColumnType::Flag, "thuộc địa bàn khó khăn", "in a difficult area"),
    ("capital", ColumnType::Money, "vốn điều lệ", "charter capital"),
    ("members", ColumnType::Count, "thành viên", "members"),
    ("roll_members", ColumnType::Count, "thành viên theo sổ", "members on the roll"),
    (
        "roll_official",
        ColumnType::Count,
        "thành viên chính thức theo sổ",
        "official members on the roll",
    ),
    ("roll_capital", ColumnType::Money, "vốn góp theo sổ", "shares on the roll"),
    ("roll_persons", ColumnType::Id, "những người có trong sổ", "who is on the roll"),
    ("roll_women", ColumnType::Count, "thành viên nữ theo sổ", "women on the roll"),
    (
        "roll_minority",
        ColumnType::Count,
        "thành viên dân tộc thiểu số theo sổ",
        "members of ethnic minorities on the roll",
    ),
    (
        "roll_hardship",
        ColumnType::Count,
        "thành viên hộ nghèo, cận nghèo theo sổ",
        "poor and near poor members on the roll",
    ),
    (
        "roll_disabled",
        ColumnType::Count,
        "thành viên khuyết tật theo sổ",
        "disabled members on the roll",
    ),
    ("members_joined", ColumnType::Count, "thành viên khi thành lập", "members at founding"),
    ("grade", ColumnType::Category, "xếp loại gần nhất", "latest grade"),
    ("grade_year", ColumnType::Count, "năm xếp loại", "year of the grade"),
    (
        "graded",
        ColumnType::Flag,
        "có xếp loại còn giá trị",
        "graded for this period or the one before",
    ),
    ("gradable", ColumnType::Flag, "thuộc diện xếp loại", "subject to grading"),
    ("linked", ColumnType::Flag, "có hợp đồng liên kết", "has a linkage contract"),
    (
        "linked_enterprise",
        ColumnType::Flag,
        "có hợp đồng liên kết với doanh nghiệp",
        "has a linkage contract with an enterprise",
    ),
    ("partners", ColumnType::Count, "số đối tác liên kết", "linkage partners"),
    ("link_partners", ColumnType::Id, "những đối tác liên kết", "who the linkage partners are"),
    ("main_partner", ColumnType::Id, "đối tác lớn nhất", "largest partner"),
    ("certificates", ColumnType::Count, "chứng nhận còn hiệu lực", "valid certificates"),
    ("ocop_products", ColumnType::Count, "sản phẩm OCOP còn hiệu lực", "valid OCOP products"),
    ("high_technology", ColumnType::Flag, "ứng dụng công nghệ cao", "applies high technology"),
    ("digital", ColumnType::Flag, "áp dụng chuyển đổi số", "digitally transformed"),
    ("exporting", ColumnType::Flag, "xuất khẩu trực tiếp", "exports directly"),
    (
        "trade_promotion",
        ColumnType::Count,
        "lượt xúc tiến thương mại trong năm",
        "trade-promotion events in the year",
    ),
    (
        "trade_promotion_ever",
        ColumnType::Flag,
        "đã tham gia xúc tiến thương mại trong 3 năm",
        "took part in trade promotion within three years",
    ),
    ("union_member", ColumnType::Flag, "là thành viên liên hiệp HTX", "member of a union"),
    ("supported", ColumnType::Flag, "được hỗ trợ trong năm", "paid support in the year"),
    ("support_paid", ColumnType::Money, "tiền hỗ trợ trong năm", "support paid in the year"),
    ("return_filed", ColumnType::Flag, "đã nộp báo cáo năm", "yearly return filed"),
    ("return_late", ColumnType::Flag, "nộp báo cáo năm muộn", "yearly return late"),
];

impl Catalogue {
    /// The catalogue for a form of the yearly return. Fields named like a register column are left out; `intake` reports
    /// them.
    pub fn new(annual_return: Option<&Form>) -> Self {
        let register = REGISTER.iter().map(|(name, column_type, vi, en)| Column {
            name: (*name).to_owned(),
            column_type: *column_type,
            label: Words::new(*vi, *en),
            categories: categories(name),
            from_return: false,
        });
        let fields = annual_return.into_iter().flat_map(|form| &form.fields);
        let returned = fields.filter(|field| !is_register_column(&field.id)).map(|field| Column {
            name: field.id.clone(),
            column_type: match field.field_type {
                FieldType::Count => ColumnType::Count,
                FieldType::Money => ColumnType::Money,
                FieldType::Flag => ColumnType::Flag,
            },
            label: field.label.clone(),
            categories: Vec::new(),
            from_return: true,
        });
        Self { columns: register.chain(returned).collect() }
    }

    /// What stands before a field's name where the value of the year before is meant.
    pub const LAST: &'static str = "last_";

    /// The columns that the checks of a form may name: its fields, those of the year before, and what the register says
    /// of the organisation by itself.
    pub fn of_checks(form: &Form) -> Self {
        let known = ["kind", "year", "sector", "capital", "members"];
        let mut columns = Self::new(Some(form)).columns;
        columns.retain(|column| column.from_return || known.contains(&column.name.as_str()));
        let last = columns.iter().filter(|column| column.from_return).map(|column| Column {
            name: format!("{}{}", Self::LAST, column.name),
            label: Words::new(
                format!("{} năm trước", column.label.vi),
                format!("{} the year before", column.label.en),
            ),
            ..column.clone()
        });
        let last: Vec<Column> = last.collect();
        columns.extend(last);
        Self { columns }
    }

    /// The columns, register first, then the return's in the order of its form.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The index and the column with this name.
    pub fn find(&self, name: &str) -> Option<(usize, &Column)> {
        self.columns.iter().enumerate().find(|(_, column)| column.name == name)
    }
}

/// Whether the register itself has a column of this name.
pub fn is_register_column(name: &str) -> bool {
    REGISTER.iter().any(|(column, ..)| *column == name)
}

/// The closed values of a register category.
fn categories(column: &str) -> Vec<(String, Words)> {
    use crate::organisation::{Grade, Kind, Sector};
    match column {
        "kind" => Kind::ALL.iter().map(|kind| (kind.code().to_owned(), kind.words())).collect(),
        "sector" => [Sector::Agricultural, Sector::NonAgricultural]
            .iter()
            .map(|sector| (sector.code().to_owned(), sector.words()))
            .collect(),
        "grade" => {
            Grade::ALL.iter().map(|grade| (grade.code().to_owned(), grade.words())).collect()
        }
        "vsic" => ('A'..='U').map(|l| (l.to_string(), Words::new(l, l))).collect(),
        _ => Vec::new(),
    }
}
