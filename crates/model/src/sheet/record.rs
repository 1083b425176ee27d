//! The forms of what is filed about organisations one by one, and of what stands beside them: grades, linkage contracts,
//! certificates, applications for support, units, published figures.

use super::{CellKind, Choice, Draft, SheetColumn, SheetForm, identity};
use crate::figure::FigureStatus;
use crate::linkage::VolumeUnit;
use crate::organisation::Grade;
use crate::register::{PartnerKind, Stage};
use crate::text::{Words, fold};
use crate::unit::Level;

impl SheetForm {
    /// The name of the form that brings decided grades.
    pub const GRADES: &'static str = "grades";
    /// The name of the form that brings linkage contracts.
    pub const LINKS: &'static str = "links";
    /// The name of the form that brings certificates of products.
    pub const PRODUCTS: &'static str = "products";
    /// The name of the form that brings applications for support, with what was decided and paid.
    pub const SUPPORT: &'static str = "support";
    /// The name of the form that brings units.
    pub const UNITS: &'static str = "units";
    /// The name of the form that brings published figures.
    pub const FIGURES: &'static str = "figures";

    /// A row for each decided grade.
    pub fn grades() -> Self {
        let grades = Grade::ALL.iter().map(|grade| choice(grade.code(), grade.words()));
        about_organisations(
            Self::GRADES,
            ("Kết quả xếp loại", "Grades"),
            (
                "Mỗi dòng là kết quả xếp loại một năm của một tổ chức.",
                "A row for the grade of an organisation in a year.",
            ),
            vec![
                column("year", CellKind::Year, true)
                    .head("Năm", "Year", &["Năm xếp loại", "Năm đánh giá"])
                    .help("Năm được xếp loại.", "The year that is graded.", "2024"),
                column("ruleset", CellKind::Text(60), true)
                    .head("Bộ tiêu chí", "Ruleset", &["Bộ tiêu chí áp dụng", "Mã bộ tiêu chí"])
                    .help(
                        "Mã bộ tiêu chí trong kế hoạch hiện hành.",
                        "The ruleset, by its name in the plan in force.",
                        "",
                    ),
                column("score", CellKind::Tenths, true)
                    .head("Điểm", "Score", &["Tổng điểm", "Điểm xếp loại", "Số điểm"])
                    .help(
                        "Từ 0 đến 100, nhiều nhất một chữ số thập phân.",
                        "From 0 to 100, with at most one decimal.",
                        "82,5",
                    ),
                column("grade", CellKind::Choice(grades.collect()), true)
                    .head("Xếp loại", "Grade", &["Loại", "Kết quả xếp loại", "Hạng"])
                    .help("Chọn trong danh sách.", "Choose from the list.", "Khá"),
                column("on", CellKind::Day, false)
                    .head("Ngày quyết định", "Decided on", &["Ngày xếp loại", "Ngày QĐ"])
                    .help(
                        "Ngày/tháng/năm; để trống thì lấy ngày hiệu lực của lần nhập.",
                        "Day/month/year; empty for the day from which the import holds.",
                        "15/3/2025",
                    ),
            ],
        )
    }

    /// A row for each linkage contract.
    pub fn links() -> Self {
        let kinds = [PartnerKind::Enterprise, PartnerKind::Organisation]
            .map(|kind| choice(kind.code(), kind.words()));
        let units = VolumeUnit::ALL.iter().map(|unit| choice(unit.code(), unit.words()));
        about_organisations(
            Self::LINKS,
            ("Hợp đồng liên kết", "Linkage contracts"),
            (
                "Mỗi dòng một hợp đồng. Hợp đồng đã có được đối chiếu theo số hợp đồng của tổ chức.",
                "A row for each contract. One on file is compared by its number.",
            ),
            vec![
                column("link", CellKind::Text(120), true)
                    .head("Số hợp đồng", "Contract", &["Hợp đồng", "Số HĐ", "Mã hợp đồng"])
                    .help(
                        "Số hoặc tên hợp đồng, riêng cho từng tổ chức.",
                        "Its number or name, unique for the organisation.",
                        "12/2024/HĐLK",
                    ),
                column("signed_on", CellKind::Day, true)
                    .head("Ngày ký", "Signed on", &["Ngày ký hợp đồng", "Ngày hợp đồng"])
                    .help("Ngày/tháng/năm.", "Day/month/year.", "15/5/2024"),
                column("partner", CellKind::Text(120), true)
                    .head("Mã đối tác", "Partner code", &["Mã số đối tác", "MST đối tác"])
                    .help(
                        "Mã số của bên kia; tổ chức trong sổ đăng ký thì ghi mã số của tổ chức đó.",
                        "The code of the other side; of an organisation in the register its own.",
                        "4900234561",
                    ),
                column("partner_name", CellKind::Text(250), true)
                    .head("Tên đối tác", "Partner", &["Đối tác", "Bên liên kết", "Doanh nghiệp"])
                    .help("Tên đầy đủ.", "The whole name.", "Công ty TNHH Ví dụ"),
                column("partner_kind", CellKind::Choice(kinds.to_vec()), true)
                    .head("Loại đối tác", "Kind of partner", &["Loại hình đối tác"])
                    .help("Chọn trong danh sách.", "Choose from the list.", "doanh nghiệp"),
                column("product", CellKind::Text(250), true)
                    .head("Sản phẩm", "Product", &["Sản phẩm liên kết", "Nông sản"])
                    .help("Sản phẩm của hợp đồng.", "What is produced.", "Na"),
                column("stages", CellKind::Text(250), true)
                    .head("Khâu liên kết", "Stages", &["Các khâu", "Các khâu liên kết"])
                    .help(
                        "Các khâu, cách nhau bằng dấu chấm phẩy: cung ứng đầu vào; sản xuất; thu hoạch; sơ chế, chế biến; tiêu thụ.",
                        "The stages with semicolons between them: input; production; harvest; processing; sale.",
                        "sản xuất; thu hoạch; tiêu thụ",
                    ),
                column("to", CellKind::Day, false)
                    .head("Ngày kết thúc", "Until", &["Hết hạn", "Đến ngày", "Ngày hết hạn"])
                    .help("Để trống nếu không thời hạn.", "Empty where it has no end.", ""),
                column("value", CellKind::Money, false)
                    .head("Giá trị (đồng)", "Value (đồng)", &["Giá trị", "Giá trị hợp đồng"])
                    .help(
                        "Giá trị một năm; đơn vị ghi trong tiêu đề cột.",
                        "Its value; the unit stands in the head.",
                        "200000000",
                    ),
                column("volume", CellKind::Count, false)
                    .head("Sản lượng một năm", "Volume a year", &["Sản lượng", "Khối lượng"])
                    .help("Số nguyên theo đơn vị tính ở cột bên.", "A whole number of the unit beside it.", ""),
                column("volume_unit", CellKind::Choice(units.collect()), false)
                    .head("Đơn vị tính", "Unit of volume", &["ĐVT"])
                    .help("Bắt buộc khi có sản lượng.", "Required where there is a volume.", ""),
                column("area", CellKind::Count, false)
                    .head("Diện tích (m²)", "Area (m²)", &["Diện tích"])
                    .help("Số nguyên mét vuông.", "Whole square metres.", ""),
                column("proof", CellKind::Text(250), false)
                    .head("Tài liệu chứng minh", "Proof", &["Hồ sơ chứng minh", "Văn bản"])
                    .help("Số hiệu hoặc nơi lưu tài liệu.", "The document, or where it is kept.", ""),
            ],
        )
    }

    /// A row for each certificate of a product or process.
    pub fn products() -> Self {
        about_organisations(
            Self::PRODUCTS,
            ("Sản phẩm, chứng nhận", "Products and certificates"),
            (
                "Mỗi dòng một chứng nhận. Chứng nhận đã có chỉ được thu hồi; chứng nhận cấp lại ghi số mới.",
                "A row for each certificate. One on file can only be withdrawn; one issued again has a number of its own.",
            ),
            vec![
                column("certificate", CellKind::Text(120), true)
                    .head("Số chứng nhận", "Certificate", &["Chứng nhận", "Số giấy chứng nhận"])
                    .help("Số của giấy chứng nhận.", "Its number.", "OCOP-2024-015"),
                column("product", CellKind::Text(250), true)
                    .head("Sản phẩm", "Product", &["Tên sản phẩm"])
                    .help("Tên sản phẩm hoặc quy trình.", "The product or process.", "Na dai"),
                column("kind", CellKind::Text(60), true)
                    .head("Loại chứng nhận", "Kind", &["Loại", "Tiêu chuẩn"])
                    .help(
                        "Mã loại chứng nhận trong kế hoạch hiện hành.",
                        "The kind, by its name in the plan in force.",
                        "OCOP",
                    ),
                column("stars", CellKind::Count, false)
                    .head("Số sao", "Stars", &["Hạng sao", "Sao"])
                    .help("Chỉ với OCOP: từ 1 đến 5.", "Of OCOP only: 1 to 5.", "3"),
                column("score", CellKind::Tenths, false)
                    .head("Điểm", "Score", &["Điểm đánh giá"])
                    .help("Chỉ với OCOP: từ 0 đến 100.", "Of OCOP only: 0 to 100.", ""),
                column("from", CellKind::Day, true)
                    .head("Ngày cấp", "From", &["Ngày chứng nhận", "Từ ngày"])
                    .help("Ngày/tháng/năm.", "Day/month/year.", "15/5/2024"),
                column("to", CellKind::Day, false)
                    .head("Ngày hết hạn", "Until", &["Hết hạn", "Đến ngày"])
                    .help(
                        "Với OCOP để trống: 36 tháng kể từ ngày cấp.",
                        "Empty for OCOP: 36 months from its first day.",
                        "",
                    ),
                column("decision", CellKind::Text(250), false)
                    .head("Quyết định", "Decision", &["Số quyết định"])
                    .help("Số, ngày, cơ quan ban hành.", "Number, day and issuer.", ""),
                column("renews", CellKind::Text(120), false)
                    .head("Cấp lại cho", "Renews", &["Thay cho chứng nhận"])
                    .help("Số chứng nhận được cấp lại.", "The certificate that it renews.", ""),
                column("withdrawn_on", CellKind::Day, false)
                    .head("Ngày thu hồi", "Withdrawn on", &["Thu hồi ngày"])
                    .help("Để trống nếu chưa thu hồi.", "Empty where it was not withdrawn.", ""),
                column("reason", CellKind::Text(250), false)
                    .head("Lý do thu hồi", "Reason", &["Lý do"])
                    .help("Bắt buộc khi thu hồi.", "Required where it is withdrawn.", ""),
            ],
        )
    }

    /// A row for each application for support, with what was decided and paid.
    pub fn support() -> Self {
        about_organisations(
            Self::SUPPORT,
            ("Hỗ trợ", "Support"),
            (
                "Mỗi dòng một hồ sơ đề nghị, kèm quyết định và số đã chi nếu có.",
                "A row for each application, with what was decided and paid.",
            ),
            vec![
                column("programme", CellKind::Text(120), true)
                    .head("Chương trình", "Programme", &["Chính sách", "Chương trình hỗ trợ"])
                    .help("Mã chương trình hỗ trợ.", "The programme, by its name.", ""),
                column("application", CellKind::Text(120), true)
                    .head("Hồ sơ đề nghị", "Application", &["Số hồ sơ", "Mã hồ sơ"])
                    .help(
                        "Số hồ sơ, riêng cho từng tổ chức.",
                        "Its number, unique for the organisation.",
                        "HS-2024-07",
                    ),
                column("on", CellKind::Day, true)
                    .head("Ngày đề nghị", "Applied on", &["Ngày nộp hồ sơ"])
                    .help("Ngày/tháng/năm.", "Day/month/year.", "15/5/2024"),
                column("requested", CellKind::Money, true)
                    .head("Đề nghị (đồng)", "Requested (đồng)", &["Số tiền đề nghị"])
                    .help("Số tiền đề nghị.", "How much is asked for.", "50000000"),
                column("purpose", CellKind::Text(250), true)
                    .head("Nội dung hỗ trợ", "Purpose", &["Mục đích", "Nội dung"])
                    .help("Hỗ trợ để làm gì.", "What it is for.", "Mua máy sấy"),
                column("no_penalty", CellKind::Flag, false)
                    .head("Không bị xử phạt", "No penalty", &["Không vi phạm"])
                    .help(
                        "Có, nếu không bị xử phạt vi phạm.",
                        "Yes where there was no penalty.",
                        "",
                    ),
                column("decided_on", CellKind::Day, false)
                    .head("Ngày quyết định", "Decided on", &["Ngày QĐ"])
                    .help("Để trống nếu chưa quyết định.", "Empty while it is not decided.", ""),
                column("approved", CellKind::Flag, false)
                    .head("Được duyệt", "Approved", &["Duyệt", "Kết quả"])
                    .help("Có hoặc không.", "Yes or no.", ""),
                column("granted", CellKind::Money, false)
                    .head("Mức duyệt (đồng)", "Granted (đồng)", &["Số tiền được duyệt"])
                    .help("Số tiền được duyệt.", "How much is granted.", ""),
                column("decision", CellKind::Text(250), false)
                    .head("Quyết định", "Decision", &["Văn bản quyết định"])
                    .help(
                        "Số quyết định, dấu phẩy, cơ quan ban hành: 125/QĐ-UBND, UBND tỉnh.",
                        "Number, comma, issuer: 125/QĐ-UBND, UBND tỉnh.",
                        "",
                    ),
                column("paid", CellKind::Money, false)
                    .head("Đã chi (đồng)", "Paid (đồng)", &["Đã giải ngân"])
                    .help(
                        "Tổng số đã chi đến nay; phần tăng thêm được ghi thành một lần chi.",
                        "All that was paid so far; what is more than before becomes a payment.",
                        "",
                    ),
                column("paid_on", CellKind::Day, false)
                    .head("Ngày chi gần nhất", "Last paid on", &["Ngày chi"])
                    .help("Ngày của lần chi mới.", "The day of the new payment.", ""),
                column("payment", CellKind::Text(250), false)
                    .head("Chứng từ chi", "Payment document", &["Chứng từ", "Ủy nhiệm chi"])
                    .help("Số chứng từ của lần chi mới.", "The document of the new payment.", ""),
                column("cancelled_on", CellKind::Day, false)
                    .head("Ngày hủy", "Cancelled on", &[])
                    .help("Để trống nếu không hủy.", "Empty where it was not cancelled.", ""),
                column("reason", CellKind::Text(250), false)
                    .head("Lý do", "Reason", &["Lý do hủy", "Lý do không duyệt"])
                    .help("Lý do hủy hoặc không duyệt.", "Why it was cancelled or refused.", ""),
            ],
        )
    }

    /// A row for each unit.
    pub fn units() -> Self {
        let levels = Level::ALL.iter().map(|level| choice(level.code(), level.words()));
        Self {
            id: Self::UNITS.to_owned(),
            version: 1,
            title: Words::new("Đơn vị hành chính", "Units"),
            note: Words::new(
                "Mỗi dòng một đơn vị mới. Đơn vị đã có thì đổi tên, sáp nhập, chia tách bằng hồ sơ riêng.",
                "A row for each new unit. Units on file are renamed, merged and divided by filings of their own.",
            ),
            yearly: false,
            columns: vec![
                column("code", CellKind::Text(20), true)
                    .head("Mã", "Code", &["Mã đơn vị", "Mã ĐVHC", "Mã số"])
                    .help("Mã của cơ quan thống kê.", "The statistics office's code.", "05971"),
                column("name", CellKind::Text(120), true)
                    .head("Tên", "Name", &["Tên đơn vị", "Tên đơn vị hành chính"])
                    .help(
                        "Tên kèm loại: Xã, Phường, Tỉnh.",
                        "The name with its type word.",
                        "Xã Ví dụ",
                    ),
                column("level", CellKind::Choice(levels.collect()), true)
                    .head("Cấp", "Level", &["Cấp hành chính"])
                    .help("Chọn trong danh sách.", "Choose from the list.", ""),
                column("parent", CellKind::Text(20), false)
                    .head("Mã cấp trên", "Parent code", &["Trực thuộc", "Mã đơn vị cấp trên"])
                    .help("Mã của đơn vị cấp trên.", "The code of the unit above.", "20"),
                column("parent_name", CellKind::Text(120), false)
                    .head("Tên cấp trên", "Parent", &[])
                    .help("Để đối chiếu.", "For comparison.", ""),
                column("from", CellKind::Day, false)
                    .head("Từ ngày", "From", &["Ngày thành lập"])
                    .help("Ngày đầu tiên.", "Its first day.", ""),
                column("to", CellKind::Day, false)
                    .head("Đến ngày", "Until", &["Ngày chấm dứt"])
                    .help(
                        "Ngày cuối cùng; để trống nếu còn.",
                        "Its last day; empty while it exists.",
                        "",
                    ),
            ],
        }
    }

    /// A row for each published figure.
    pub fn figures() -> Self {
        let statuses = FigureStatus::ALL.iter().map(|status| choice(status.code(), status.words()));
        Self {
            id: Self::FIGURES.to_owned(),
            version: 1,
            title: Words::new("Số liệu công bố", "Published figures"),
            note: Words::new(
                "Mỗi dòng một số liệu kèm nguồn. Số liệu đã công bố thì giữ nguyên; số liệu mới ghi mã riêng.",
                "A row for each figure with its source. What is published stays; a new figure has a name of its own.",
            ),
            yearly: false,
            columns: vec![
                column("id", CellKind::Text(120), true).head("Mã số liệu", "Figure", &["Mã"]).help(
                    "Mã riêng của số liệu.",
                    "A name of its own.",
                    "nien-giam-2024-htx",
                ),
                column("indicator", CellKind::Text(120), true)
                    .head("Chỉ tiêu", "Indicator", &["Mã chỉ tiêu"])
                    .help(
                        "Mã chỉ tiêu hoặc chuỗi số liệu của kế hoạch.",
                        "The indicator or series, by its name in the plan.",
                        "",
                    ),
                column("unit", CellKind::Text(20), true)
                    .head("Mã đơn vị", "Unit", &["Đơn vị hành chính", "Mã tỉnh"])
                    .help("Mã đơn vị hành chính.", "The code of the unit.", "20"),
                column("period", CellKind::Text(20), false)
                    .head("Kỳ", "Period", &["Kỳ báo cáo"])
                    .help(
                        "2024, 2024-H1, 2024-Q3; để trống nếu là số tại một ngày.",
                        "2024, 2024-H1, 2024-Q3; empty for a figure of a day.",
                        "2024",
                    ),
                column("as_of", CellKind::Day, false)
                    .head("Ngày", "As of", &["Tại ngày", "Tính đến ngày"])
                    .help("Để trống nếu có kỳ.", "Empty where there is a period.", ""),
                column("value", CellKind::Decimal, true)
                    .head("Giá trị", "Value", &["Số liệu"])
                    .help("Đúng như đã công bố.", "As it was published.", "14,3"),
                column("status", CellKind::Choice(statuses.collect()), true)
                    .head("Mức xác nhận", "Status", &["Tình trạng số liệu"])
                    .help("Chọn trong danh sách.", "Choose from the list.", ""),
                column("source", CellKind::Text(250), true)
                    .head("Nguồn", "Source", &["Nguồn số liệu"])
                    .help(
                        "Tài liệu hoặc cơ quan công bố.",
                        "The document or publisher.",
                        "Niên giám thống kê",
                    ),
                column("source_date", CellKind::Day, false)
                    .head("Ngày của nguồn", "Source of", &["Ngày công bố"])
                    .help("Ngày tài liệu được công bố.", "The day it was published.", ""),
                column("source_url", CellKind::Text(500), false)
                    .head("Địa chỉ nguồn", "Source address", &["Đường dẫn"])
                    .help("Nơi đọc được nguồn.", "Where it can be read.", ""),
                column("note", CellKind::Text(500), false).head("Ghi chú", "Note", &[]).help(
                    "Điều cần biết về số liệu.",
                    "What should be known about it.",
                    "",
                ),
            ],
        }
    }
}

/// Stages as a cell holds them.
pub fn stages_written(stages: &[Stage]) -> String {
    let words: Vec<String> = stages.iter().map(|stage| stage.words().vi).collect();
    words.join("; ")
}

/// The stages that a cell names, by their words or their names in filings.
///
/// # Errors
/// The first part that names no stage.
///
/// ```
/// use hoptac_model::{register::Stage, sheet::record::stages_read};
/// assert_eq!(stages_read("Sơ chế, chế biến; tiêu thụ"), Ok(vec![Stage::Processing, Stage::Sale]));
/// assert_eq!(stages_read("tiêu thụ; vận chuyển"), Err("vận chuyển".to_owned()));
/// ```
pub fn stages_read(text: &str) -> Result<Vec<Stage>, String> {
    let parts = text.split([';', '+', '\n']).map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let written = fold(part);
            let named = |stage: &Stage| {
                let words = stage.words();
                [stage.code(), &words.vi, &words.en].into_iter().any(|name| fold(name) == written)
            };
            Stage::ALL.into_iter().find(named).ok_or_else(|| part.to_owned())
        })
        .collect()
}

/// A form whose rows each speak of an organisation.
pub(super) fn about_organisations(
    id: &str,
    title: (&str, &str),
    note: (&str, &str),
    mut columns: Vec<SheetColumn>,
) -> SheetForm {
    let mut all = vec![
        column("code", CellKind::Code, false)
            .head("Mã số", "Code", &["Mã số thuế", "MST", "Mã số HTX", "Mã số đăng ký"])
            .help(
                "Mã số của tổ chức trong sổ đăng ký. Tổ chức chưa có mã số: dùng bảng tải từ hệ thống, có cột định danh.",
                "The organisation's code in the register. Without one: a table fetched from here, which has the identity.",
                "4900123450",
            ),
        column("name", CellKind::Text(250), false)
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
    ];
    all.append(&mut columns);
    all.push(identity());
    SheetForm {
        id: id.to_owned(),
        version: 1,
        title: Words::new(title.0, title.1),
        note: Words::new(note.0, note.1),
        yearly: false,
        columns: all,
    }
}

pub(super) fn column(id: &str, kind: CellKind, required: bool) -> Draft {
    Draft { id: id.to_owned(), kind, required }
}

pub(super) fn choice(code: &str, words: Words) -> Choice {
    Choice { code: code.to_owned(), words, aliases: Vec::new() }
}
