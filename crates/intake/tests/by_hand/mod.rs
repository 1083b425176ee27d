//! What workbooks that are written part by part have in common.

/// The part that names the one sheet.
pub(crate) const WORKBOOK: &str = r#"<workbook xmlns="m" xmlns:r="r"><sheets><sheet name="Bảng" sheetId="1" r:id="rId1"/></sheets></workbook>"#;

/// Where that sheet lies.
pub(crate) const RELATIONS: &str =
    r#"<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// The heads of a list of organisations.
pub(crate) const HEADS: [&str; 7] = [
    "Tên tổ chức",
    "Loại hình",
    "Mã số",
    "Ngày thành lập",
    "Xã, phường",
    "Ngành chính (VSIC)",
    "Số thành viên",
];

/// A row of it without a fault.
pub(crate) const ROW: [&str; 7] =
    ["Hợp tác xã Rau An Bình", "HTX", "0100233488", "15/5/2023", "Tô Hiệu", "A", "14"];
