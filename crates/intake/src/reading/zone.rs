//! What a part of a document is about, told by the words of its heading.

use super::token::{Kind, Tokens};

/// What a part of a document is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    Goals,
    Tasks,
    Situation,
    Budget,
    Support,
    Grounds,
    /// How a thing is grown or built.
    Craft,
    /// The area and the subjects that the document is about.
    Extent,
    /// Who and what is kept ready.
    Means,
    /// What somebody or something must be like.
    Criteria,
}

impl Zone {
    /// Whether only the first words of a heading name such a part.
    pub(super) fn is_named_first(self) -> bool {
        matches!(self, Self::Craft | Self::Extent | Self::Means | Self::Criteria)
    }
}

const GOALS: &[&str] = &[
    "mục tiêu",
    "chỉ tiêu",
    "phương hướng",
    "tầm nhìn",
    "định hướng",
    "phấn đấu",
    "kết quả cần đạt",
    "kết quả chủ yếu cần đạt",
    "kết quả phải đạt",
    "kết quả dự kiến",
    "kết quả mong đợi",
    "kết quả đầu ra",
    "dự kiến kết quả",
];
const SITUATION: &[&str] = &[
    "thực trạng",
    "tình hình",
    "ước thực hiện",
    "kết quả",
    "đánh giá",
    "hiện trạng",
    "khái quát",
    "đặc điểm",
    "sự cần thiết",
    "đặt vấn đề",
    "mở đầu",
    "cơ sở thực tiễn",
    "tổng quan",
    "những vấn đề đặt ra",
    "nguyên nhân",
    "hạn chế",
    "tồn tại",
    "bối cảnh",
    "những thành tựu",
    "thành tích",
    "ưu điểm",
    "thuận lợi",
    "khó khăn",
    "dự báo",
    "nhận định",
    "kinh nghiệm",
    "điều kiện tự nhiên",
    "tiềm năng",
    "cơ sở xây dựng",
    "cơ sở khoa học",
    "lý do",
];
const BUDGET: &[&str] = &[
    "kinh phí",
    "nguồn vốn",
    "dự toán",
    "khái toán",
    "vốn đầu tư",
    "nhu cầu vốn",
    "tổng mức đầu tư",
    "nguồn lực thực hiện",
    "nguồn lực tài chính",
    "cơ cấu vốn",
    "giải pháp vốn",
    "giải pháp về vốn",
    "vốn thực hiện",
    "nguồn kinh phí",
    "tổng nhu cầu vốn",
    "tổng kinh phí",
];
const SUPPORT: &[&str] = &[
    "mức hỗ trợ",
    "chính sách hỗ trợ",
    "cơ chế",
    "định mức",
    "phương thức",
    "nội dung hỗ trợ",
    "mức chi",
    "mức đóng",
    "mức vay",
    "mức phụ cấp",
    "mức phạt",
    "chính sách",
    "khen thưởng",
    "mức thưởng",
];
const TASKS: &[&str] = &[
    "nhiệm vụ",
    "giải pháp",
    "nội dung",
    "lộ trình",
    "tiến độ",
    "tổ chức thực hiện",
    "mục đích",
    "yêu cầu",
    "quan điểm",
    "phân công",
    "hoạt động",
];
const CRAFT: &[&str] = &[
    "kỹ thuật",
    "tiêu chuẩn kỹ thuật",
    "yêu cầu kỹ thuật",
    "thông số",
    "quy trình kỹ thuật",
    "giải pháp kỹ thuật",
    "biện pháp kỹ thuật",
    "giải pháp về kỹ thuật",
    "khung thời vụ",
    "lịch thời vụ",
];
const MEANS: &[&str] = &[
    "lực lượng",
    "phương tiện",
    "lực lượng và phương tiện",
    "vật tư",
    "kịch bản",
    "tình huống",
    "phương châm",
    "nhân sự",
    "biên chế",
];
const EXTENT: &[&str] = &[
    "phạm vi",
    "ranh giới",
    "vị trí",
    "đối tượng",
    "thời gian thực hiện",
    "thời gian học",
    "thời gian đào tạo",
    "dự án ưu tiên",
    "các dự án ưu tiên",
    "danh mục dự án",
    "danh mục các dự án",
    "danh mục công trình",
];
const CRITERIA: &[&str] = &[
    "tiêu chí",
    "tiêu chuẩn",
    "điều kiện",
    "yêu cầu đối với",
    "yêu cầu về",
    "yêu cầu chung",
    "giải thích từ ngữ",
    "khái niệm",
    "nguyên tắc",
    "quy định",
    "một số quy định",
];
pub(super) const GROUNDS: &[&str] = &["căn cứ"];

/// What each kind of part is headed with.
const ZONES: [(&[&str], Zone); 9] = [
    (GOALS, Zone::Goals),
    (SITUATION, Zone::Situation),
    (BUDGET, Zone::Budget),
    (SUPPORT, Zone::Support),
    (TASKS, Zone::Tasks),
    (CRAFT, Zone::Craft),
    (EXTENT, Zone::Extent),
    (MEANS, Zone::Means),
    (CRITERIA, Zone::Criteria),
];

/// The kind of part that the words at a place name. What a whole society invests is an aim, no budget.
pub(super) fn named(tokens: &Tokens, at: usize) -> Option<Zone> {
    let invests = ["vốn đầu tư toàn xã hội", "vốn đầu tư xã hội", "vốn đầu tư phát triển"];
    if tokens.any(at, &invests).is_some() {
        return None;
    }
    // "Chương trình mục tiêu quốc gia" is a name, "bổ sung có mục tiêu" a kind of money.
    let is_name = tokens.phrase(at, "mục tiêu").is_some_and(|end| {
        matches!(tokens.back(at, 1), "trình" | "có") || tokens.phrase(end, "quốc gia").is_some()
    });
    // "Quy hoạch … đến năm 2010 và định hướng đến năm 2020": the tail of a name.
    let is_tail = tokens.any(at, &["định hướng", "tầm nhìn"]).is_some()
        && matches!(tokens.back(at, 1), "và" | ",");
    if is_name || is_tail {
        return None;
    }
    let found = ZONES
        .iter()
        .filter_map(|(phrases, zone)| Some((tokens.any(at, phrases)?, *zone)))
        .rev()
        .max_by_key(|(end, _)| *end)?;
    // "Tiêu chí 10 về thu nhập: đạt 45 triệu đồng" is one of a list that is to be met.
    let is_numbered = found.1 == Zone::Criteria
        && (tokens.is(found.0, Kind::Number) || tokens.word(found.0) == "số");
    (!is_numbered).then_some(found.1)
}
