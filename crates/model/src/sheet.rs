//! Spreadsheet forms: which columns a sheet has, what may stand in their cells, and under which heads people write them.
//!
//! One definition makes the template that is handed out, the reader of what comes back, the help at each head and the
//! sentences about faults, so that none of them can say something else than the others.

pub mod member;
pub mod record;
pub mod table;

use jiff::civil::Date;

use crate::fact::is_register_column;
use crate::organisation::{Kind, Sector};
use crate::pack::{FieldType, Form, Pack};
use crate::text::{Language, Words};
use crate::{date, grading, number};

/// What may stand in the cells of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// Text of at most so many characters.
    Text(usize),
    /// A registration or tax code. It is text, but spreadsheets take it for a number and drop its leading zero.
    Code,
    /// A whole number, zero or more.
    Count,
    /// A number with one decimal, kept in tenths: points of a score.
    Tenths,
    /// A number with or without decimals, of either sign.
    Decimal,
    /// Whole đồng. A head that says "triệu đồng" makes every number of its column so many millions.
    Money,
    /// A day.
    Day,
    /// A year.
    Year,
    /// Yes or no.
    Flag,
    /// One of a few words.
    Choice(Vec<Choice>),
}

impl CellKind {
    /// What people call one of the words of the column; the word itself in every other column.
    pub fn choice_word<'t>(&'t self, code: &'t str, language: Language) -> &'t str {
        let Self::Choice(choices) = self else { return code };
        let choice = choices.iter().find(|choice| choice.code == code);
        choice.map_or(code, |choice| choice.words.get(language))
    }

    /// A value of the column as people write it: `Khá`, `70,2`, `2024`, `15/5/2023`, `10.500`.
    pub fn shown(&self, value: &CellValue, language: Language) -> String {
        match (self, value) {
            (_, CellValue::Text(text)) => self.choice_word(text, language).to_owned(),
            (Self::Flag, CellValue::Whole(flag)) => flag_word(*flag != 0, language).to_owned(),
            (Self::Year, CellValue::Whole(year)) => year.to_string(),
            (Self::Tenths, CellValue::Whole(tenths)) => {
                grading::show_in(i32::try_from(*tenths).unwrap_or(i32::MAX), language)
            }
            (_, CellValue::Whole(whole)) => number::whole(*whole, language),
            (_, CellValue::Decimal(number)) => match language {
                Language::Vi => number.to_string().replace('.', ","),
                Language::En => number.to_string(),
            },
            (_, CellValue::Day(day)) => date::show(*day, language),
        }
    }
}

/// Yes or no, as people write it in a sheet.
pub fn flag_word(flag: bool, language: Language) -> &'static str {
    match (flag, language) {
        (true, Language::Vi) => "có",
        (false, Language::Vi) => "không",
        (true, Language::En) => "yes",
        (false, Language::En) => "no",
    }
}

/// One of the words that may stand in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What it is stored as.
    pub code: String,
    /// What people call it; what a template offers.
    pub words: Words,
    /// Other ways to write it.
    pub aliases: Vec<String>,
}

/// A column of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetColumn {
    /// Its name, as in the filing that it goes into.
    pub id: String,
    /// Its head in a template.
    pub head: Words,
    /// Other heads under which people keep the same thing.
    pub aliases: Vec<String>,
    /// What is meant, and how it is written.
    pub help: Words,
    /// What may stand in it.
    pub kind: CellKind,
    /// Whether a row without it cannot be taken.
    pub required: bool,
    /// What an example row of the template shows.
    pub example: String,
}

/// A form that is filled in as a spreadsheet, a row for each organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetForm {
    /// Its name: `organisations`, `returns`.
    pub id: String,
    /// Its version; it rises when a column comes, goes or means something else.
    pub version: u16,
    /// What people call it.
    pub title: Words,
    /// How it is filled in.
    pub note: Words,
    /// Whether a sheet of it is for one year.
    pub yearly: bool,
    /// Its columns, in order.
    pub columns: Vec<SheetColumn>,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum CellValue {
    /// Text, NFC, without blanks around it; also codes and the codes of choices.
    Text(String),
    /// A count, whole đồng, a year; a flag as 0 or 1.
    Whole(i64),
    /// A number with decimals.
    Decimal(f64),
    /// A day.
    Day(Date),
}

impl CellValue {
    /// The text, where it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Whole(_) | Self::Decimal(_) | Self::Day(_) => None,
        }
    }

    /// The number, where it is one.
    pub fn as_whole(&self) -> Option<i64> {
        match self {
            Self::Whole(value) => Some(*value),
            Self::Text(_) | Self::Decimal(_) | Self::Day(_) => None,
        }
    }

    /// The number with decimals, where it is one.
    pub fn as_decimal(&self) -> Option<f64> {
        match self {
            Self::Decimal(value) => Some(*value),
            Self::Text(_) | Self::Whole(_) | Self::Day(_) => None,
        }
    }

    /// The day, where it is one.
    pub fn as_day(&self) -> Option<Date> {
        match self {
            Self::Day(day) => Some(*day),
            Self::Text(_) | Self::Whole(_) | Self::Decimal(_) => None,
        }
    }
}

/// A row of data.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetRow {
    /// Its number, as the spreadsheet shows it.
    pub number: u32,
    /// A value for each column of the form; none where nothing stands, or nothing that can be read.
    pub values: Vec<Option<CellValue>>,
    /// What stops it from being taken.
    pub fault: RowFault,
}

/// What stops a row from being taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowFault {
    /// Nothing.
    #[default]
    None,
    /// Cells are empty that have to be filled in, and nothing else. Where the register lacks the same, the row can be taken.
    Empty,
    /// A cell cannot be read, or a column is missing.
    Wrong,
}

impl SheetForm {
    /// The name of the form that brings organisations.
    pub const ORGANISATIONS: &'static str = "organisations";
    /// The name of the form that brings yearly returns.
    pub const RETURNS: &'static str = "returns";

    /// The index of a column.
    pub fn index_of(&self, id: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.id == id)
    }

    /// All forms that a plan makes.
    pub fn all(pack: &Pack) -> Vec<Self> {
        let mut forms = vec![Self::organisations()];
        forms.extend(pack.annual_return().map(Self::returns));
        forms.extend([
            Self::grades(),
            Self::links(),
            Self::products(),
            Self::support(),
            Self::members(),
            Self::units(),
            Self::figures(),
        ]);
        forms
    }

    /// A row for each organisation that the register shall know.
    pub fn organisations() -> Self {
        let kinds = Kind::ALL.iter().map(|kind| Choice {
            code: kind.code().to_owned(),
            words: Words::new(kind.code(), kind.code()),
            aliases: vec![kind.words().vi, kind.words().en],
        });
        let sectors = [Sector::Agricultural, Sector::NonAgricultural].iter().map(|sector| Choice {
            code: sector.code().to_owned(),
            words: sector.words(),
            aliases: Vec::new(),
        });
        let column =
            |id: &str, kind: CellKind, required: bool| Draft { id: id.to_owned(), kind, required };
        let columns = vec![
            column("code", CellKind::Code, false)
                .head("Mã số", "Code", &["Mã số thuế", "MST", "Mã số HTX", "Mã số đăng ký", "Số đăng ký"])
                .help("Mã số đăng ký, cũng là mã số thuế: 10 chữ số. Để trống nếu chưa có.",
                    "Registration code, which is the tax code: 10 digits. Leave empty where there is none.", "4900123450"),
            column("kind", CellKind::Choice(kinds.collect()), true)
                .head("Loại hình", "Kind", &["Loại", "Loại hình tổ chức", "Phân loại"])
                .help("THT, HTX hoặc LHHTX.", "THT, HTX or LHHTX.", "HTX"),
            column("name", CellKind::Text(250), true)
                .head("Tên tổ chức", "Name", &["Tên", "Tên HTX", "Tên THT", "Tên hợp tác xã", "Tên đơn vị", "Tên tổ hợp tác", "Tên HTX, THT"])
                .help("Tên đầy đủ bằng tiếng Việt.", "The whole name in Vietnamese.", "Hợp tác xã Ví dụ"),
            column("founded_on", CellKind::Day, true)
                .head("Ngày thành lập", "Founded on", &["Ngày đăng ký", "Ngày cấp", "Ngày cấp GCN", "Thành lập ngày", "Ngày tháng thành lập"])
                .help("Ngày/tháng/năm, ví dụ 15/5/2023.", "Day/month/year, for example 15/5/2023.", "15/5/2023"),
            column("seat", CellKind::Text(120), true)
                .head("Xã, phường", "Commune", &["Xã", "Phường", "Xã/phường", "Xã, phường, thị trấn", "Địa bàn", "Mã xã", "Địa chỉ xã", "Trụ sở"])
                .help("Tên hoặc mã 5 chữ số của xã, phường đặt trụ sở vào ngày thành lập.",
                    "Name or 5-digit code of the commune of the seat on the day of founding.", "05977"),
            column("district", CellKind::Text(120), false)
                .head("Huyện (trước 7/2025)", "District (before July 2025)", &["Huyện", "Huyện, thành phố", "Huyện/thành phố", "Quận, huyện"])
                .help("Chỉ cần khi hai xã cùng tên.", "Only needed where two communes have one name.", ""),
            column("vsic", CellKind::Text(5), true)
                .head("Ngành chính (VSIC)", "Main activity (VSIC)", &["Ngành nghề", "Mã ngành", "Ngành", "Ngành nghề chính", "Ngành cấp 1"])
                .help("Chữ cái cấp 1 của ngành chính, từ A đến U.", "Level-1 letter of the main activity, A to U.", "A"),
            column("sector", CellKind::Choice(sectors.collect()), false)
                .head("Lĩnh vực", "Sector", &["Khu vực", "Nông nghiệp/phi nông nghiệp"])
                .help("Chỉ ghi khi khác với lĩnh vực của ngành chính.", "Only where it is not the sector of the main activity.", ""),
            column("members", CellKind::Count, true)
                .head("Số thành viên", "Members", &["Thành viên", "Tổng số thành viên", "Số TV", "Số thành viên chính thức", "Tổng thành viên"])
                .help("Thành viên chính thức khi thành lập; với liên hiệp là số HTX thành viên.",
                    "Official members at founding; for a union its member cooperatives.", "14"),
            column("capital", CellKind::Money, false)
                .head("Vốn điều lệ (đồng)", "Charter capital (đồng)", &["Vốn điều lệ", "Vốn đăng ký", "Vốn", "Vốn góp"])
                .help("Số nguyên, đơn vị ghi trong tiêu đề cột: đồng, nghìn đồng, triệu đồng hoặc tỷ đồng.",
                    "A whole number in the unit that the head says: đồng, nghìn đồng, triệu đồng or tỷ đồng.", "500000000"),
            column("difficult_area", CellKind::Flag, false)
                .head("Địa bàn khó khăn", "Difficult area", &["Vùng khó khăn", "Xã khó khăn", "ĐBKK", "Đặc biệt khó khăn"])
                .help("Có hoặc không.", "Yes or no.", "không"),
            identity(),
        ];
        Self {
            id: Self::ORGANISATIONS.to_owned(),
            version: 1,
            title: Words::new(
                "Danh sách tổ chức kinh tế tập thể",
                "Organisations of the collective economy",
            ),
            note: Words::new(
                "Mỗi dòng một tổ chức. Tổ chức đã có mã số trong sổ đăng ký được đối chiếu theo mã số.",
                "A row for each organisation. One whose code the register knows is compared by its code.",
            ),
            yearly: false,
            columns,
        }
    }

    /// A row for each yearly return of one year, by the form of the pack.
    pub fn returns(form: &Form) -> Self {
        let mut columns = vec![
            Draft { id: "code".to_owned(), kind: CellKind::Code, required: false }
                .head("Mã số", "Code", &["Mã số thuế", "MST", "Mã số HTX", "Mã số đăng ký"])
                .help(
                    "Mã số của tổ chức trong sổ đăng ký. Tổ chức chưa có mã số: dùng bảng tải từ hệ thống, có cột định danh.",
                    "The organisation's code in the register. Without one: a table fetched from here, which has the identity.",
                    "4900123450",
                ),
            Draft { id: "name".to_owned(), kind: CellKind::Text(250), required: false }
                .head(
                    "Tên tổ chức",
                    "Name",
                    &["Tên", "Tên HTX", "Tên THT", "Tên hợp tác xã", "Tên đơn vị"],
                )
                .help(
                    "Để đối chiếu; không làm đổi tên trong sổ đăng ký.",
                    "For comparison; it does not change the register.",
                    "Hợp tác xã Ví dụ",
                ),
            Draft { id: "year".to_owned(), kind: CellKind::Year, required: false }
                .head("Năm", "Year", &["Năm báo cáo"])
                .help(
                    "Năm báo cáo; để trống nếu cả bảng cùng một năm.",
                    "The year; leave empty where the whole sheet is for one.",
                    "",
                ),
        ];
        let fields = form.fields.iter().filter(|field| !is_register_column(&field.id));
        columns.extend(fields.map(|field| SheetColumn {
            id: field.id.clone(),
            head: field.label.clone(),
            aliases: Vec::new(),
            help: field.help.clone(),
            kind: match field.field_type {
                FieldType::Count => CellKind::Count,
                FieldType::Money => CellKind::Money,
                FieldType::Flag => CellKind::Flag,
            },
            required: field.required,
            example: match field.field_type {
                FieldType::Count => "14".to_owned(),
                FieldType::Money => "500000000".to_owned(),
                FieldType::Flag => "có".to_owned(),
            },
        }));
        columns.push(identity());
        Self {
            id: Self::RETURNS.to_owned(),
            version: form.version,
            title: form.title.clone(),
            note: form.note.clone(),
            yearly: true,
            columns,
        }
    }
}

/// The column by which a table that was taken away knows its organisations again.
fn identity() -> SheetColumn {
    Draft { id: "id".to_owned(), kind: CellKind::Text(36), required: false }
        .head("Định danh", "Identity", &[])
        .help(
            "Hệ thống ghi khi xuất bảng; tổ chức mới để trống.",
            "Written where the table is taken away; empty for new organisations.",
            "",
        )
}

/// A column while its words are put together.
struct Draft {
    id: String,
    kind: CellKind,
    required: bool,
}

/// A column whose help is still missing.
struct Headed(SheetColumn);

impl Draft {
    fn head(self, vi: &str, en: &str, aliases: &[&str]) -> Headed {
        Headed(SheetColumn {
            id: self.id,
            head: Words::new(vi, en),
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            help: Words::default(),
            kind: self.kind,
            required: self.required,
            example: String::new(),
        })
    }
}

impl Headed {
    fn help(mut self, vi: &str, en: &str, example: &str) -> SheetColumn {
        self.0.help = Words::new(vi, en);
        example.clone_into(&mut self.0.example);
        self.0
    }
}
