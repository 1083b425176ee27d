//! What a finding's code says in both languages, in a line short enough to stand beside a field. The finding's own message
//! has the particulars.

use hoptac_model::text::Words;

/// The words of a code; none for a code that is not of this floor.
pub fn of(code: &str) -> Option<Words> {
    TABLE.iter().find(|(known, ..)| *known == code).map(|(_, vi, en)| Words::new(*vi, *en))
}

/// Codes by their file, with Vietnamese and English.
const TABLE: [(&str, &str, &str); 221] = [
    ("capital.negative", "Vốn điều lệ không được âm", "Capital below zero"),
    ("certificate.days", "Ngày hết hạn phải sau ngày cấp", "The certificate ends before it begins"),
    ("certificate.endless", "Thiếu ngày hết hạn của chứng nhận OCOP", "OCOP without a last day"),
    ("certificate.exists", "Chứng nhận này đã có trong sổ", "The certificate is on file"),
    ("certificate.no-stars", "Thiếu số sao OCOP", "OCOP without stars"),
    ("certificate.stars", "Số sao không hợp lệ", "Impossible stars"),
    ("change.empty", "Hồ sơ không nêu nội dung thay đổi", "Nothing changes"),
    ("close.days", "Ngày nghị quyết sau ngày hiệu lực", "The resolution is later"),
    ("code.taken", "Mã số đã thuộc về tổ chức khác", "The code belongs to another"),
    ("code.wrong", "Mã số không đúng số kiểm tra", "Not a registration code"),
    ("consolidate.alone", "Chưa nêu tổ chức cùng hợp nhất", "Consolidated with nobody"),
    ("convert.kind", "Chỉ tổ hợp tác được chuyển đổi", "Only groups convert"),
    ("convert.to", "Tổ hợp tác chỉ chuyển thành hợp tác xã", "Groups become cooperatives"),
    ("convert.too-young", "Chưa đủ 12 tháng hoạt động", "Less than twelve months old"),
    (
        "correct.founding",
        "Hồ sơ thành lập chỉ được đính chính, không hủy",
        "A founding is not struck",
    ),
    ("correct.kind", "Loại hồ sơ này không đính chính theo cách này", "Not corrected this way"),
    ("correct.other", "Hồ sơ thuộc về tổ chức khác", "A filing about another"),
    ("correct.same", "Nội dung đính chính không khác hồ sơ cũ", "The correction says the same"),
    ("correct.unknown", "Không có hồ sơ này", "No such filing"),
    (
        "decision.after-effect",
        "Văn bản ban hành sau ngày hiệu lực",
        "The document is later than its effect",
    ),
    (
        "decision.ahead",
        "Văn bản ban hành sau ngày ghi nhận",
        "The document is later than the recording",
    ),
    ("divide.too-few", "Chưa đủ tổ chức được hình thành", "Too few come of it"),
    ("document.body", "Nội dung không đọc được", "The body cannot be read"),
    ("document.composed", "Đã chuyển chữ về dạng Unicode dựng sẵn", "Letters were composed"),
    ("document.control", "Có ký tự không in được", "A character that cannot be printed"),
    ("document.date", "Ngày không hợp lệ", "Not a date"),
    ("document.identity", "Định danh không hợp lệ", "Not an identity"),
    ("document.json", "Không phải JSON", "Not JSON"),
    ("document.kind", "Không có loại hồ sơ này", "No such kind of filing"),
    ("document.members", "Hồ sơ thành viên không đúng biểu mẫu", "Not a body about members"),
    ("document.missing-field", "Thiếu trường bắt buộc", "A field is missing"),
    ("document.not-one-of", "Giá trị không có trong danh mục", "Not a word of the list"),
    ("document.number", "Số không hợp lệ", "An impossible number"),
    ("document.too-long", "Hồ sơ quá dài", "Too long"),
    ("document.type", "Sai kiểu dữ liệu", "Of another type"),
    ("document.unknown-field", "Không có trường này", "No such field"),
    ("figure.exists", "Số liệu này đã được công bố", "The figure is published"),
    ("figure.no-plan", "Chưa có kế hoạch nào được tiếp nhận", "No plan is in force"),
    ("figure.none", "Hồ sơ không có số liệu nào", "No figure is given"),
    ("figure.series", "Không có chỉ tiêu này trong kế hoạch", "No such indicator"),
    ("figure.source-ahead", "Ngày công bố sau ngày ghi nhận", "The source is of a later day"),
    ("figure.unit", "Không có đơn vị hành chính này", "No such unit"),
    ("figure.value", "Giá trị không phải là số", "Not a number"),
    ("filing.ahead", "Ngày hiệu lực sau ngày ghi nhận", "Takes effect after it is recorded"),
    ("filing.back-dated", "Đã có thay đổi khác muộn hơn", "A later state is registered"),
    ("filing.before-founding", "Trước ngày thành lập", "Before the founding"),
    ("filing.changed", "Đối tượng đã thay đổi", "It has changed"),
    ("filing.day", "Ngày hiệu lực không hợp lý", "An impossible day"),
    ("filing.does-not-fit", "Không khớp với những gì đã đăng ký", "Does not fit the register"),
    ("filing.key", "Mã gửi này đã được dùng", "The key was used"),
    ("filing.late", "Thông báo chậm so với luật định", "Later than the law asks"),
    ("filing.not-allowed", "Không thuộc thẩm quyền", "Not allowed"),
    ("filing.out-of-order", "Không theo thứ tự thời gian", "Out of order"),
    ("filing.subject", "Hồ sơ không khớp với đối tượng", "The subject does not fit"),
    ("grade.above-maximum", "Điểm vượt quá điểm tối đa", "Above the maximum"),
    ("grade.criterion", "Bộ tiêu chí không có tiêu chí này", "No such criterion"),
    ("grade.criterion-missing", "Tiêu chí chưa được chấm", "A criterion without a score"),
    ("grade.disagrees", "Xếp loại không khớp với điểm", "Grade and score disagree"),
    ("grade.fined", "Bị xử phạt trong năm thì xếp loại yếu", "Fined, so the grade is weak"),
    ("grade.group", "Không xếp loại tổ hợp tác", "Groups are not graded"),
    (
        "grade.group-above-maximum",
        "Điểm của nhóm vượt quá điểm tối đa",
        "The group is above its maximum",
    ),
    ("grade.no-reason", "Điểm khác với lần chấm trước, chưa nêu lý do", "Differs without a reason"),
    ("grade.no-self-score", "Chưa có bảng tự chấm điểm", "No self-score"),
    ("grade.not-by-bands", "Điểm không khớp với thang điểm", "Not by the bands"),
    ("grade.other-ruleset", "Khác bộ tiêu chí đã tự chấm", "Not the ruleset of the self-score"),
    ("grade.ruleset", "Không có bộ tiêu chí này", "No such ruleset"),
    ("grade.ruleset-ahead", "Bộ tiêu chí chưa có hiệu lực", "The ruleset does not hold yet"),
    ("grade.score", "Điểm phải từ 0 đến 100", "The score is not from 0 to 100"),
    ("grade.sector", "Bộ tiêu chí không dành cho lĩnh vực này", "Rules of another sector"),
    ("grade.stopped", "Ngừng hoạt động quá lâu trong năm", "Stopped too long in the year"),
    ("grade.too-young", "Hoạt động chưa đủ 12 tháng", "Less than twelve months of work"),
    ("grade.total", "Tổng điểm không khớp với các tiêu chí", "The total does not add up"),
    ("grade.weak-despite-score", "Xếp loại yếu dù đủ điểm", "Weak despite the score"),
    ("grade.year-ahead", "Năm xếp loại chưa đến", "The year has not begun"),
    ("lineage.days", "Tổ chức kế thừa được thành lập sau ngày này", "The successor is younger"),
    ("lineage.itself", "Nêu chính tổ chức này", "The organisation itself"),
    ("lineage.kind", "Tổ chức kế thừa khác loại hình", "A successor of another kind"),
    ("lineage.terminated", "Tổ chức kế thừa đã chấm dứt tồn tại", "The successor no longer exists"),
    ("lineage.unknown", "Không có tổ chức được nêu", "No such organisation"),
    ("link.amount", "Sản lượng, diện tích phải lớn hơn 0", "Not more than nothing"),
    ("link.days", "Ngày của hợp đồng không hợp lệ", "The contract's days do not fit"),
    ("link.empty-change", "Hồ sơ không nêu nội dung thay đổi", "Nothing changes"),
    ("link.ended", "Hợp đồng đã kết thúc", "The contract has ended"),
    ("link.exists", "Số hợp đồng đã có trong sổ", "The contract is on file"),
    ("link.itself", "Đối tác là chính tổ chức này", "Its own partner"),
    (
        "link.no-form",
        "Không thuộc hình thức liên kết nào trong 7 hình thức",
        "None of the seven forms",
    ),
    ("link.no-proof", "Chưa nêu tài liệu chứng minh hợp đồng", "No proof"),
    ("link.no-sale", "Liên kết phải có khâu tiêu thụ", "Sale is missing"),
    ("link.order", "Hợp đồng đã thay đổi sau ngày này", "Its terms changed later"),
    (
        "link.partner-elsewhere",
        "Đối tác không có trong sổ đăng ký",
        "A partner not in the register",
    ),
    (
        "link.partner-ended",
        "Đối tác không tồn tại vào ngày này",
        "The partner is not there on the day",
    ),
    ("link.partner-kind", "Đối tác là tổ chức trong sổ đăng ký", "The partner is of the register"),
    ("link.partner-unknown", "Không có tổ chức này trong sổ đăng ký", "No such partner"),
    ("link.stage-twice", "Một khâu được nêu hai lần", "A stage is named twice"),
    ("link.two-ends", "Vừa không thời hạn vừa có ngày kết thúc", "Two ends at once"),
    ("link.unknown", "Không có hợp đồng này", "No such contract"),
    ("link.value", "Giá trị hợp đồng không được âm", "Value below zero"),
    ("member.age", "Thành viên chưa đủ tuổi theo luật", "Below the age of the law"),
    ("member.amount", "Phần vốn chuyển nhượng phải lớn hơn 0", "Nothing is transferred"),
    ("member.before-roll", "Ngày trước khi có sổ đăng ký thành viên", "Before the roll begins"),
    ("member.born", "Ngày sinh sau ngày vào", "Born after joining"),
    ("member.capital", "Phần vốn góp không được âm", "A share below zero"),
    (
        "member.capital-class",
        "Thành viên liên kết không góp vốn lại có vốn góp",
        "A share without the class for it",
    ),
    (
        "member.capital-differs",
        "Vốn góp theo sổ khác vốn điều lệ",
        "Shares differ from the charter capital",
    ),
    ("member.days", "Ngày vào sau ngày hiệu lực", "Joined after the filing"),
    (
        "member.declared-differs",
        "Số thành viên theo sổ khác số đã khai",
        "The roll differs from what is declared",
    ),
    ("member.does-not-fit", "Không khớp với sổ đăng ký thành viên", "It does not fit the roll"),
    ("member.erased", "Dữ liệu cá nhân đã bị xóa", "Erased already"),
    ("member.fixed", "Nội dung này không thay đổi được", "It cannot change"),
    ("member.foreign", "Thành viên nước ngoài từ 35 % trở lên", "Foreign members from 35 %"),
    ("member.itself", "Người chuyển và người nhận là một", "Giver and receiver are the same"),
    ("member.json", "Thành viên không được ghi dưới dạng đối tượng", "Not an object"),
    (
        "member.later-marks",
        "Đã có hồ sơ sau ngày này về cùng nội dung",
        "Filed anew for a later day",
    ),
    ("member.missing-field", "Thiếu trường bắt buộc", "A field is missing"),
    ("member.no-capital", "Thành viên liên kết góp vốn chưa có vốn góp", "No share"),
    ("member.no-change", "Hồ sơ không nêu nội dung thay đổi", "Nothing changes"),
    ("member.no-key", "Dữ liệu cá nhân chưa được niêm phong tại đây", "Not sealed here"),
    ("member.no-number", "Thiếu số định danh", "No number"),
    ("member.no-roll", "Chưa có sổ đăng ký thành viên", "No roll yet"),
    ("member.nobody", "Chưa nêu thành viên nào", "Nobody is named"),
    ("member.not-scrubbed", "Chưa dọn sạch dấu vết của khóa đã hủy", "Remains of a destroyed key"),
    ("member.number", "Số định danh hoặc mã số cần kiểm tra lại", "A number to look at again"),
    (
        "member.number-age",
        "Theo số định danh, thành viên chưa đủ 18 tuổi",
        "Under 18 by the number",
    ),
    ("member.number-in-clear", "Có dãy số dài giống số định danh", "A long number in clear"),
    (
        "member.official-no-capital",
        "Thành viên chính thức chưa có vốn góp",
        "An official member without a share",
    ),
    ("member.phone", "Số điện thoại cần kiểm tra lại", "A telephone number to look at again"),
    ("member.receiver", "Người nhận không phải người vào sổ", "Receiver and entry differ"),
    ("member.roll-empty", "Sổ đăng ký chưa có thành viên nào", "The roll names nobody"),
    ("member.roll-exists", "Đã có sổ đăng ký thành viên", "The roll was taken over already"),
    ("member.still-member", "Người này đang là thành viên", "Still a member"),
    ("member.tally", "Số tổng hợp không khớp với các thành viên", "Impossible counts"),
    (
        "member.too-few",
        "Ít thành viên chính thức hơn mức luật định",
        "Fewer official members than the law asks",
    ),
    ("member.too-long", "Quá dài", "Too long"),
    ("member.twice", "Một người có hai dòng trong sổ", "Twice on the roll"),
    ("member.uncounted", "Không trừ được khỏi số tổng hợp", "Not taken off the counts"),
    ("member.unknown", "Sổ không có thành viên này", "No such member"),
    ("member.unknown-field", "Có trường không dùng được", "Unknown fields"),
    ("member.value", "Giá trị không hợp lệ", "An impossible value"),
    ("members.negative", "Số thành viên không được âm", "Members below zero"),
    ("members.too-few", "Ít thành viên hơn mức luật định", "Fewer members than the law asks"),
    ("name.other-kind", "Tên không khớp với loại hình", "A name of another kind"),
    ("notify.empty", "Thông báo không có nội dung", "The notice says nothing"),
    ("notify.foreign", "Thành viên nước ngoài từ 35 % trở lên", "Foreign members from 35 %"),
    ("notify.line", "Mã ngành phải có bốn chữ số", "Not a business line"),
    ("notify.scheme", "Chưa nêu hệ thống ngành", "No edition is named"),
    ("organisation.alike", "Có tổ chức khác gần giống", "Another one is nearly the same"),
    ("organisation.exists", "Tổ chức đã được đăng ký", "Already established"),
    ("organisation.no-code", "Thiếu mã số đăng ký", "No registration code"),
    ("organisation.status", "Tình trạng pháp lý không cho phép", "Its status does not allow it"),
    ("organisation.terminated", "Tổ chức đã chấm dứt tồn tại", "It no longer exists"),
    ("organisation.unknown", "Không có tổ chức này", "No such organisation"),
    ("place.certain", "Không có gì phải quyết định", "Nothing to decide"),
    ("place.seat", "Tổ chức không có trụ sở tại đơn vị này", "Never its seat"),
    ("place.unit", "Không phải đơn vị kế thừa hoặc tiền thân", "Neither successor nor predecessor"),
    ("plan.empty", "Gói kế hoạch còn trống", "An empty pack"),
    ("plan.hash", "Mã băm không hợp lệ", "Not a hash"),
    ("plan.no-text", "Tệp không có nội dung chữ", "No text"),
    ("plan.none", "Chưa có kế hoạch nào được tiếp nhận", "No plan is in force"),
    ("plan.other", "Kế hoạch đang áp dụng là kế hoạch khác", "Another plan is in force"),
    ("plan.replaces", "Thay thế kế hoạch đang áp dụng", "Replaces the plan in force"),
    ("practice.agency", "Kế hoạch không nêu cơ quan này", "No such agency"),
    ("practice.days", "Ngày hết hạn phải sau ngày xác nhận", "It ends before it begins"),
    ("practice.empty", "Chưa đánh dấu nội dung nào", "Nothing is ticked"),
    ("return.accepted", "Báo cáo của năm này đã được chấp nhận", "The return is accepted already"),
    ("return.after-end", "Năm báo cáo sau khi tổ chức chấm dứt", "A year after the end"),
    ("return.before-founding", "Năm báo cáo trước khi thành lập", "A year before the founding"),
    (
        "return.check",
        "Số liệu không khớp quy tắc kiểm tra của biểu mẫu",
        "A check of the form fails",
    ),
    ("return.check-waived", "Quy tắc kiểm tra đã được miễn", "A waived check"),
    ("return.differs", "Khác với báo cáo tổ chức đã nộp", "Not what was handed in"),
    ("return.form-version", "Khác phiên bản biểu mẫu", "Another version of the form"),
    ("return.kind", "Biểu mẫu không dành cho loại hình này", "Not its form"),
    ("return.missing-field", "Chưa điền chỉ tiêu bắt buộc", "A required field is empty"),
    ("return.no-form", "Chưa có biểu mẫu báo cáo năm", "No form of the return"),
    ("return.no-reason", "Chưa nêu lý do trả lại", "No reason for sending back"),
    ("return.not-submitted", "Không có báo cáo đang chờ xử lý", "Nothing is waiting"),
    ("return.unknown-check", "Biểu mẫu không có quy tắc kiểm tra này", "No such check"),
    ("return.unknown-field", "Biểu mẫu không có chỉ tiêu này", "No such field"),
    ("return.value", "Giá trị không hợp lệ", "An impossible value"),
    (
        "return.waiver-days",
        "Ngày hết hạn miễn trước ngày bắt đầu",
        "The waiver ends before it begins",
    ),
    ("return.waives-warning", "Quy tắc này chỉ là cảnh báo", "Only a warning"),
    ("return.year-ahead", "Năm báo cáo chưa đến", "The year has not begun"),
    ("seat.former-alone", "Nêu xã cũ mà không nêu trụ sở mới", "A former commune without a seat"),
    (
        "seat.former-exists",
        "Đơn vị này chưa chấm dứt hoặc không phải cấp xã",
        "Not a former commune",
    ),
    ("seat.former-unknown", "Không có xã cũ này", "No such former commune"),
    ("seat.not-a-commune", "Trụ sở phải thuộc xã, phường, thị trấn", "Not a commune"),
    ("seat.not-on-the-day", "Xã, phường không tồn tại vào ngày này", "No commune of that day"),
    ("seat.unknown", "Không có xã, phường này", "No such commune"),
    ("text.blanks", "Thừa dấu cách ở đầu hoặc cuối", "A blank at an end"),
    ("text.control", "Có ký tự không in được", "A character that cannot be printed"),
    ("text.empty", "Chưa điền", "Nothing is written"),
    ("text.not-nfc", "Chữ không ở dạng Unicode dựng sẵn", "Not in Unicode NFC"),
    ("text.too-long", "Quá dài", "Too long"),
    ("union.days", "Ngày không phù hợp với liên hiệp", "The day does not fit the union"),
    ("union.kind", "Không phải liên hiệp hợp tác xã", "Not a union"),
    ("union.member-already", "Đã là thành viên của liên hiệp", "Already a member"),
    ("union.member-kind", "Chỉ hợp tác xã được tham gia liên hiệp", "Only cooperatives join"),
    ("union.no-member", "Không phải thành viên của liên hiệp", "Not a member"),
    ("union.terminated", "Liên hiệp đã chấm dứt tồn tại", "The union no longer exists"),
    ("union.unknown", "Không có liên hiệp này", "No such union"),
    (
        "unit.before-records",
        "Trước khi có dữ liệu về thay đổi địa giới",
        "Before the records of the places",
    ),
    ("unit.children", "Còn đơn vị hành chính trực thuộc", "Units are left below it"),
    ("unit.cycle", "Đơn vị không thể kế thừa chính mình", "A unit cannot follow itself"),
    ("unit.days", "Ngày kết thúc trước ngày bắt đầu", "It ends before it begins"),
    ("unit.default", "Phải có đúng một đơn vị nhận mặc định", "Exactly one part is the default"),
    ("unit.ended", "Đơn vị hành chính đã chấm dứt", "The unit has ended"),
    ("unit.exists", "Đơn vị hành chính này đã có", "The unit exists already"),
    ("unit.id", "Mã định danh không đúng quy ước", "Not an identity of code and year"),
    ("unit.level", "Đơn vị cấp trên không đúng cấp", "The parent is not of a higher level"),
    ("unit.none", "Hồ sơ không có đơn vị nào", "No unit is given"),
    ("unit.not-begun", "Đơn vị hành chính chưa được thành lập", "The unit has not begun"),
    ("unit.overlap", "Hai đơn vị cùng mã trong một thời gian", "Two units of one code"),
    ("unit.parent", "Không có đơn vị cấp trên", "An unknown parent"),
    ("unit.parts", "Chưa nêu đủ các đơn vị sau chia tách", "The parts are not named"),
    ("unit.same-name", "Tên mới trùng với tên đang dùng", "It has this name already"),
    ("unit.seats", "Có tổ chức đặt trụ sở tại đơn vị này", "Organisations have their seat there"),
    ("unit.successor", "Đơn vị kế thừa không có trong danh mục", "An unknown successor"),
    ("unit.twice", "Đơn vị được nêu hai lần", "The unit is given twice"),
    ("unit.unknown", "Không có đơn vị hành chính này", "No such unit"),
    ("unit.unused", "Đơn vị mới không kế thừa đơn vị nào", "Nothing goes to the new unit"),
    ("vsic.unknown", "Không có ngành này", "No such section"),
    ("withdraw.reason", "Chưa nêu căn cứ thu hồi", "No ground is named"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use hoptac_model::filing::FilingKind;

    /// Whether a text is written as codes are: two words of small letters and dashes with a point between.
    fn is_code(text: &str) -> bool {
        let word =
            |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        text.split_once('.').is_some_and(|(noun, what)| word(noun) && word(what))
    }

    /// The rules' own texts: files whose findings carry codes.
    const RULES: [&str; 25] = [
        include_str!("../../model/src/filing/document.rs"),
        include_str!("../../model/src/filing/schema.rs"),
        include_str!("annual_return.rs"),
        include_str!("certificate.rs"),
        include_str!("clerk.rs"),
        include_str!("event.rs"),
        include_str!("figure.rs"),
        include_str!("filing.rs"),
        include_str!("finding.rs"),
        include_str!("grade.rs"),
        include_str!("lib.rs"),
        include_str!("link.rs"),
        include_str!("member.rs"),
        include_str!("member/document.rs"),
        include_str!("member/reading.rs"),
        include_str!("member/sealing.rs"),
        include_str!("../../model/src/member/form.rs"),
        include_str!("organisation.rs"),
        include_str!("plan.rs"),
        include_str!("practice.rs"),
        include_str!("promotion.rs"),
        include_str!("reform.rs"),
        include_str!("union.rs"),
        include_str!("unit.rs"),
        include_str!("../../model/src/grading.rs"),
    ];

    #[test]
    fn every_code_of_the_rules_has_words() {
        // Paths of fields inside a body look like codes too.
        let paths = [
            "sheet.scores",
            "creates.id",
            "decision.date",
            "decision.issuer",
            "decision.number",
            "pack.id",
            "pack.indicators",
            "pack.targets",
            "volume.amount",
        ];
        // Examples in tests look like codes too.
        let rules = RULES.iter().filter_map(|text| text.split("#[cfg(test)]").next());
        let codes = rules
            .flat_map(|text| text.split('"'))
            .filter(|text| is_code(text) && FilingKind::from_code(text).is_none());
        let mut count = 0;
        for code in codes.filter(|code| !paths.contains(code)) {
            assert!(of(code).is_some(), "{code} has no words");
            count += 1;
        }
        assert!(count >= TABLE.len(), "{count}");
    }
    #[test]
    fn no_words_are_left_over() {
        for (code, vi, en) in TABLE {
            let quoted = format!("\"{code}\"");
            assert!(RULES.iter().any(|text| text.contains(&quoted)), "{code} is never found");
            assert!(!vi.is_empty() && !en.is_empty());
        }
        assert!(TABLE.is_sorted_by(|(a, ..), (b, ..)| a < b));
    }
    #[test]
    fn what_is_no_code_has_none() {
        assert_eq!(of("pack.unknown-column"), None);
    }
}
