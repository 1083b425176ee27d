//! The form of the rolls of members, and the table of a roll: masked for everybody who may see it, in clear for who said why.
//!
//! Cells that say who somebody is are compared with what is sealed and never shown: where one differs, only its column is
//! named. A masked cell of a table that was taken away stands for what it masks.

use jiff::civil::Date;

use super::record::{about_organisations, choice, column};
use super::table::{SheetTable, TableCell};
use super::{CellKind, SheetForm};
use crate::ids::MemberId;
use crate::member::{ETHNIC_GROUPS, Entry, Hardship, LeaveCause, Marks, MemberClass, MemberKind};
use crate::personal_number::Sex;
use crate::text::Words;

/// How a sex is written in files.
pub fn sex_code(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "female",
        Sex::Male => "male",
    }
}

impl SheetForm {
    /// The name of the form that brings rolls of members.
    pub const MEMBERS: &'static str = "members";

    /// A row for each member of an organisation.
    pub fn members() -> Self {
        let kinds = MemberKind::ALL.iter().map(|kind| choice(kind.code(), kind.words()));
        let classes = MemberClass::ALL.iter().map(|class| choice(class.code(), class.words()));
        let sexes = [(Sex::Female, "nữ", "female"), (Sex::Male, "nam", "male")]
            .map(|(sex, vi, en)| choice(sex_code(sex), Words::new(vi, en)));
        let groups = ETHNIC_GROUPS.iter().map(|group| choice(group, Words::new(*group, *group)));
        let hardships = Hardship::ALL.iter().map(|one| choice(one.code(), one.words()));
        let causes = LeaveCause::ALL.iter().map(|cause| choice(cause.code(), cause.words()));
        about_organisations(
            Self::MEMBERS,
            ("Sổ đăng ký thành viên", "Rolls of members"),
            (
                "Mỗi dòng một thành viên. Dữ liệu cá nhân được niêm phong ngay khi ghi sổ. Tổ chức chưa có sổ thì các dòng của tổ chức đó lập thành sổ; đã có sổ thì từng dòng được đối chiếu theo định danh, số định danh, rồi họ tên.",
                "A row for each member. What is personal is sealed as it is filed. Where an organisation has no roll its rows become one; where it has, each row is compared by identity, number, then name.",
            ),
            vec![
                column("member_name", CellKind::Text(200), true)
                    .head(
                        "Họ và tên thành viên",
                        "Member",
                        &[
                            "Họ và tên",
                            "Họ tên",
                            "Tên thành viên",
                            "Họ và tên chủ hộ",
                            "Tên thành viên, hộ gia đình, tổ chức",
                        ],
                    )
                    .help(
                        "Họ tên cá nhân, người đại diện hộ, hoặc tên tổ chức.",
                        "The name of the person, of who stands for the household, or of the organisation.",
                        "Nguyễn Văn Ví Dụ",
                    ),
                column("kind", CellKind::Choice(kinds.collect()), false)
                    .head("Thành viên là", "Kind", &["Đối tượng", "Cá nhân, hộ, tổ chức"])
                    .help(
                        "Cá nhân, hộ gia đình hoặc tổ chức; để trống nếu là cá nhân.",
                        "Person, household or organisation; empty for a person.",
                        "cá nhân",
                    ),
                column("class", CellKind::Choice(classes.collect()), true)
                    .head(
                        "Loại thành viên",
                        "Class",
                        &["Tư cách thành viên", "Hình thức tham gia", "Thành viên chính thức/liên kết"],
                    )
                    .help(
                        "Chính thức, liên kết góp vốn hoặc liên kết không góp vốn.",
                        "Official, associated with capital or without.",
                        "chính thức",
                    ),
                column("capital", CellKind::Money, false)
                    .head("Phần vốn góp (đồng)", "Share (đồng)", &["Vốn góp", "Phần vốn góp", "Số vốn góp", "Giá trị vốn góp"])
                    .help(
                        "Đơn vị ghi trong tiêu đề cột; để trống nếu không góp vốn.",
                        "The unit stands in the head; empty without a share.",
                        "5000000",
                    ),
                column("joined", CellKind::Day, false)
                    .head("Ngày vào", "Joined on", &["Ngày gia nhập", "Ngày tham gia", "Ngày kết nạp"])
                    .help("Ngày/tháng/năm.", "Day/month/year.", "15/5/2020"),
                column("foreign", CellKind::Flag, false)
                    .head("Người nước ngoài", "Foreign", &["Là người nước ngoài"])
                    .help("Có hoặc không.", "Yes or no.", "không"),
                column("personal_number", CellKind::Text(40), false)
                    .head(
                        "Số định danh cá nhân",
                        "Personal number",
                        &["Số CCCD", "CCCD", "Số căn cước", "Số căn cước công dân", "CMND/CCCD", "Số CMND/CCCD", "Số định danh", "Số giấy tờ"],
                    )
                    .help(
                        "12 chữ số; với tổ chức là mã số thuế.",
                        "12 digits; the tax code of an organisation.",
                        "",
                    ),
                column("born", CellKind::Day, false)
                    .head("Ngày sinh", "Born on", &["Ngày, tháng, năm sinh", "Ngày tháng năm sinh"])
                    .help("Ngày/tháng/năm.", "Day/month/year.", ""),
                column("sex", CellKind::Choice(sexes.to_vec()), false)
                    .head("Giới tính", "Sex", &["Nam/nữ", "Giới"])
                    .help("Nam hoặc nữ.", "Male or female.", ""),
                column("ethnicity", CellKind::Choice(groups.collect()), false)
                    .head("Dân tộc", "Ethnic group", &[])
                    .help("Tên thường dùng của dân tộc.", "By its usual name.", ""),
                column("hardship", CellKind::Choice(hardships.collect()), false)
                    .head("Hộ nghèo, cận nghèo", "Hardship", &["Hoàn cảnh", "Diện hộ"])
                    .help("Chọn trong danh sách.", "Choose from the list.", ""),
                column("disabled", CellKind::Flag, false)
                    .head("Người khuyết tật", "Disabled", &["Khuyết tật"])
                    .help("Có hoặc không.", "Yes or no.", ""),
                column("phone", CellKind::Text(40), false)
                    .head("Điện thoại", "Telephone", &["Số điện thoại", "SĐT"])
                    .help("Số điện thoại.", "A telephone number.", ""),
                column("address", CellKind::Text(200), false)
                    .head("Địa chỉ", "Address", &["Nơi ở", "Chỗ ở hiện nay", "Địa chỉ thường trú"])
                    .help("Địa chỉ liên hệ.", "Where they can be reached.", ""),
                column("left_on", CellKind::Day, false)
                    .head("Ngày ra", "Left on", &["Ngày ra khỏi tổ chức", "Ngày thôi tham gia"])
                    .help(
                        "Ngày đầu tiên không còn là thành viên; để trống nếu còn.",
                        "The first day without the member; empty while it is one.",
                        "",
                    ),
                column("cause", CellKind::Choice(causes.collect()), false)
                    .head("Lý do ra", "Why it left", &["Lý do ra khỏi tổ chức"])
                    .help("Bắt buộc khi có ngày ra.", "Required with the day of leaving.", ""),
                column("member", CellKind::Text(36), false)
                    .head("Định danh thành viên", "Member identity", &["Mã thành viên"])
                    .help(
                        "Hệ thống ghi khi xuất bảng; thành viên mới để trống.",
                        "Written where the table is taken away; empty for new members.",
                        "",
                    ),
            ],
        )
    }
}

/// What of somebody a table shows.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// The name.
    pub name: Option<String>,
    /// The personal number.
    pub number: Option<String>,
    /// The day of birth.
    pub born: Option<Date>,
    /// The telephone.
    pub phone: Option<String>,
    /// The address.
    pub address: Option<String>,
    /// What is delicate about them.
    pub marks: Marks,
}

/// Whose roll a table shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whose<'w> {
    /// The code of the organisation.
    pub code: Option<&'w str>,
    /// Its name.
    pub name: &'w str,
    /// Its identity.
    pub id: &'w str,
}

/// The table of a roll: for each member its identity, what stands in clear, since when it is one, and what is shown of it.
pub fn table<'e>(
    whose: &Whose<'_>,
    members: impl IntoIterator<Item = (MemberId, &'e Entry, Date, Shown)>,
) -> SheetTable {
    let form = SheetForm::members();
    let rows = members.into_iter().map(|(member, entry, since, shown)| {
        let of = |id: &str| -> TableCell {
            match id {
                "code" => whose.code.into(),
                "name" => whose.name.into(),
                "id" => whose.id.into(),
                "member" => member.to_string().as_str().into(),
                "kind" => entry.kind.code().into(),
                "class" => entry.class.code().into(),
                "capital" => entry.capital.into(),
                "joined" => since.into(),
                "foreign" => entry.foreign.into(),
                "member_name" => shown.name.as_deref().into(),
                "personal_number" => shown.number.as_deref().into(),
                "born" => shown.born.into(),
                "phone" => shown.phone.as_deref().into(),
                "address" => shown.address.as_deref().into(),
                "sex" => shown.marks.sex.map(sex_code).into(),
                "ethnicity" => shown.marks.ethnicity.as_deref().into(),
                "hardship" => shown.marks.hardship.map(Hardship::code).into(),
                "disabled" => shown.marks.disabled.into(),
                _ => TableCell::Empty,
            }
        };
        form.columns.iter().map(|column| of(&column.id)).collect()
    });
    SheetTable { rows: rows.collect(), form: form.clone() }
}
