//! Cases of running text without headings, as news about a plan and short notices write it, and of what a title says.

use super::check;

#[test]
fn what_is_told_of_the_year_before_the_first_that_is_aimed_at() {
    check(
        "Năm 2024, kinh tế tập thể có bước phát triển. Toàn tỉnh thành lập mới 90 hợp tác xã, doanh thu đạt trên 700 tỷ đồng.\nNăm 2025, tỉnh phấn đấu thành lập mới 60 hợp tác xã.",
        &["Eq 60 hợp tác xã 2025"],
    );
    check(
        "Năm 2023, huyện phấn đấu giảm tỷ lệ hộ nghèo còn 6%.\nĐược biết, đến cuối năm 2022, tỷ lệ hộ nghèo giảm còn 8% (còn 900 hộ nghèo).",
        &["Eq 6 % 2023"],
    );
    // Years of a road map before the one that is aimed at are no past.
    check(
        "Phấn đấu đến năm 2028 có 900 ha quế. Năm 2026 trồng mới 200 ha, năm 2027 trồng mới 250 ha.",
        &["Eq 900 ha 2028", "Eq 200 ha 2026", "Eq 250 ha 2027"],
    );
}
#[test]
fn earnings_of_each_are_not_granted() {
    check(
        "Năm 2026 phấn đấu doanh thu bình quân mỗi hợp tác xã khoảng 3 tỷ đồng/năm; số hợp tác xã khá chiếm 36%.",
        &["About 3 tỷ đồng/năm 2026", "Eq 36 % 2026"],
    );
}
#[test]
fn what_is_newly_recognised_is_no_condition() {
    check(
        "Năm 2026, chỉ tiêu là có ít nhất 50 sản phẩm mới được công nhận đạt 3 sao trở lên.",
        &["AtLeast 50 sản phẩm 2026"],
    );
}
#[test]
fn a_year_in_the_words_of_what_is_counted() {
    check(
        "Năm 2026, phấn đấu có ít nhất 50% sản phẩm công nhận năm 2022 tham gia đánh giá lại.",
        &["AtLeast 50 % 2026"],
    );
}
#[test]
fn what_those_reach_who_are_counted() {
    check(
        "Phấn đấu năm 2026, tỷ lệ xã đạt dưới 10 tiêu chí còn khoảng 25%, giảm số xã đạt dưới 5 tiêu chí xuống 20 xã.",
        &["About 25 % 2026", "Eq 20 xã 2026"],
    );
    check(
        "Đến năm 2030, 100% xe kinh doanh vận tải từ 10 chỗ trở lên lắp camera.",
        &["Eq 100 % 2030"],
    );
}
#[test]
fn labels_that_name_what_is_counted() {
    check(
        "Đến năm 2030 có 930 hợp tác xã, tăng 30%, trong đó hợp tác xã nông nghiệp: 450, hợp tác xã vận tải: 480.",
        &[
            "Eq 930 hợp tác xã 2030",
            "Eq 30 % 2030",
            "Eq 450 hợp tác xã 2030",
            "Eq 480 hợp tác xã 2030",
        ],
    );
}
#[test]
fn what_is_today_as_a_comparison() {
    check(
        "Đến năm 2030, thu nhập tăng gấp 2 lần so với hiện nay (hợp tác xã nông nghiệp: 48 triệu đồng/năm), lương đạt 9 triệu đồng/tháng trở lên.",
        &["Eq 2 lần 2030", "AtLeast 9 triệu đồng/tháng 2030"],
    );
    check(
        "Phấn đấu đến năm 2030, ngành sẽ đạt được một số chỉ tiêu: doanh thu đạt 90 tỷ đồng.",
        &["Eq 90 tỷ đồng 2030"],
    );
}
#[test]
fn what_was_missed() {
    check("Hai chỉ tiêu xử lý 100% rác và chôn lấp dưới 15% chưa đạt.", &[]);
}
#[test]
fn each_year_is_said_of_its_own_clause() {
    check(
        "Nhiệm kỳ 2025 - 2030, phấn đấu mỗi năm thành lập mới 10 hợp tác xã trở lên; thu nhập của thành viên tăng 1,5 lần.",
        &["AtLeast 10 hợp tác xã yearly", "Eq 1.5 lần 2030"],
    );
}
#[test]
fn the_period_of_another_document_is_not_the_plans_own() {
    check(
        "KẾ HOẠCH\nTHỰC HIỆN CHƯƠNG TRÌNH MỖI XÃ MỘT SẢN PHẨM NĂM 2026\nCăn cứ Quyết định số 49/QĐ-TTg phê duyệt Chương trình giai đoạn 2018 - 2020;\nI. MỤC TIÊU\n- Có 20 sản phẩm mới.",
        &["Eq 20 sản phẩm 2026"],
    );
    check(
        "KẾ HOẠCH\nPhát triển bảo hiểm y tế năm 2026\nThực hiện Nghị quyết số 28-NQ/TW với mục tiêu đến năm 2030 đạt 60% lao động tham gia; huyện ban hành Kế hoạch như sau:\nI. CHỈ TIÊU\n- Tỷ lệ bao phủ 95%.",
        &["Eq 95 % 2026"],
    );
    check(
        "Tỉnh vừa phê duyệt Quy hoạch du lịch đến năm 2025. Đến năm 2025 đón 8 triệu lượt khách; tốc độ tăng giai đoạn 2026 - 2030 khoảng 20%.",
        &["Eq 8000000 lượt khách 2025", "About 20 % 2030"],
    );
}
#[test]
fn a_title_that_sets_its_year_apart() {
    check(
        "KẾ HOẠCH\nNăm an toàn giao thông 2026 trên địa bàn tỉnh\nI. NHIỆM VỤ\n- Lắp đặt 85 biển báo.",
        &["Eq 85 biển báo 2026"],
    );
    check(
        "KẾ HOẠCH\nPHÁT TRIỂN HỢP TÁC XÃ NĂM 2026 TỈNH ĐÈO GIÓ\nI. MỤC TIÊU\n- Thành lập mới 40 hợp tác xã.",
        &["Eq 40 hợp tác xã 2026"],
    );
}
#[test]
fn a_second_part_whose_count_begins_anew() {
    check(
        "ĐÁNH GIÁ HỢP TÁC XÃ NĂM 2025\nI. TÌNH HÌNH\n- Có 203 hợp tác xã.\nKẾ HOẠCH PHÁT TRIỂN HỢP TÁC XÃ NĂM 2026\nI. THUẬN LỢI\nII. MỤC TIÊU CỤ THỂ\n- Thành lập mới 10 hợp tác xã.",
        &["Eq 10 hợp tác xã 2026"],
    );
}
#[test]
fn the_year_of_the_plan_beside_the_one_before() {
    check(
        "KẾ HOẠCH\nNâng cao chỉ số năng lực cạnh tranh năm 2026\nI. MỤC TIÊU\n1. Chỉ số tiếp cận đất đai: năm 2025: 61%, năm 2026: 72%.",
        &["Eq 72 % 2026"],
    );
}
#[test]
fn terms_and_thresholds() {
    check(
        "Nhiệm vụ năm 2026\n- Hỗ trợ 15 hợp tác xã thuê lao động, bằng 1,5 lần lương tối thiểu vùng/người/tháng, thời gian tối đa 3 năm.",
        &["Eq 15 hợp tác xã 2026"],
    );
    check(
        "Nhiệm vụ năm 2026\n- Xử lý người lái xe có nồng độ cồn vượt quá 50 miligam, chạy quá tốc độ 20 km/h trở lên.\n- Tổ bảo vệ gồm 03 đến 05 thành viên.",
        &[],
    );
    check(
        "Mục tiêu năm 2026\n- Số lần kiểm tra doanh nghiệp không quá 01 lần/năm.",
        &["AtMost 1 lần/năm 2026"],
    );
    check(
        "Chương trình có tổng mức đầu tư khoảng 900 tỷ đồng.\nVốn huy động khác dự kiến 26 tỷ đồng (chiếm 4,5%).",
        &[],
    );
}
#[test]
fn rates_per_a_round_number() {
    check(
        "Mục tiêu đến năm 2030\n- Giảm từ 23 ca sinh/1.000 phụ nữ xuống 18 ca sinh/1.000 phụ nữ.",
        &["Eq 18 ca sinh/1.000 phụ nữ 2030"],
    );
}
#[test]
fn an_estimate_of_what_is_nearly_over() {
    check(
        "Nhiệm kỳ 2015 - 2020, thu nhập đến năm 2020 ước đạt 6.900 USD/người, tăng 1,3 lần. Cơ cấu năm 2020: dịch vụ chiếm 29%.\nNhiệm kỳ 2020 - 2025, tỉnh đặt mục tiêu thu nhập năm 2025 đạt 9.800 USD.",
        &["Eq 9800 usd 2025"],
    );
    check("Mức sử dụng Internet ở mức cao, từ 70 - 81% số hộ.", &[]);
}
#[test]
fn a_year_that_the_text_goes_on_with() {
    check(
        "Kinh tế huyện đạt và vượt kế hoạch năm 2025\nHội nghị đánh giá, năm 2025 giá trị sản xuất tăng 11%, dịch vụ 1.669,24 tỷ đồng.\nCác chỉ tiêu chủ yếu năm 2026 là: giá trị sản xuất tăng 9%. Trong đó, dịch vụ 1.700,5 tỷ đồng.\nHuyện phấn đấu có thêm 1 xã đạt chuẩn.",
        &["Eq 9 % 2026", "Eq 1700.5 tỷ đồng 2026", "Eq 1 xã 2026"],
    );
    check("Từ năm 2022 - 2025, trồng bình quân 20 triệu cây/năm.", &["Eq 20000000 cây/năm 2025"]);
}
#[test]
fn a_list_that_results_lead_to() {
    check(
        "Tiếp nối kết quả đạt được, đề án đề ra một số mục tiêu đến năm 2030 như:\n65% xã đạt chuẩn xóa mù chữ.\n95% người trong độ tuổi 15 - 60 biết chữ.",
        &["Eq 65 % 2030", "Eq 95 % 2030"],
    );
    check(
        "Mục tiêu đến năm 2030\n- Số ca phát hiện mới dưới 100 trường hợp/năm vào năm 2030.",
        &["LessThan 100 trường hợp/năm 2030"],
    );
}
#[test]
fn multiples_in_words() {
    check("Đến năm 2030, số doanh nghiệp tăng gấp đôi so với năm 2025.", &["Eq 2 lần 2030"]);
    check("Đến năm 2030, thu nhập gấp ba lần năm 2020.", &["Eq 3 lần 2030"]);
}
#[test]
fn who_learns_and_who_minds() {
    check(
        "KẾ HOẠCH\nĐào tạo cán bộ năm 2026\nI. NỘI DUNG\n- Cử 06 người đào tạo tiến sĩ.\n- Cử 02 người theo dõi.\n- Mở 5 lớp, mỗi lớp 40 - 50 người, thời gian tối thiểu 01 tuần/năm.",
        &["Eq 6 người 2026", "Eq 5 lớp 2026"],
    );
}
#[test]
fn tasks_of_a_plan_whose_goals_name_the_year() {
    check(
        "ĐỀ ÁN\nNâng cao hiệu quả thủy lợi\nI. MỤC TIÊU\n1. Mục tiêu cụ thể đến năm 2030\n- Có 9 hồ.\nII. NHIỆM VỤ\n- Đào tạo 300 cán bộ.",
        &["Eq 9 hồ 2030", "Eq 300 cán bộ 2030"],
    );
}
#[test]
fn parts_that_are_granted_or_owned() {
    check(
        "Nhiệm vụ năm 2026\n- Hỗ trợ liều tinh bò thịt 100%, vật tư phối giống 50%; tiêm phòng 2 đợt/năm.\n- Vay phải có vốn tự có tối thiểu 20%; mức phụ cấp 1.800.000 đồng/người/tháng.",
        &[],
    );
}
#[test]
fn what_holds_from_a_year_on() {
    check(
        "Với giao thông đô thị, từ năm 2027, 100% xe buýt thay thế sử dụng điện. Tỷ lệ vận tải công cộng đạt 45%.",
        &["Eq 100 % 2027", "Eq 45 % 2027"],
    );
}
#[test]
fn bounds_and_multiples_that_look_like_bases_and_terms() {
    check(
        "Năm 2027 phấn đấu sản lượng đạt 1,4 triệu tấn (trong đó tôm thẻ trên 1 triệu tấn); thu nhập đạt 4.180 USD (bằng 1,3 lần mức trung bình của cả nước).",
        &[
            "Eq 1400000 tấn 2027",
            "MoreThan 1000000 tấn 2027",
            "Eq 4180 usd 2027",
            "Eq 1.3 lần 2027",
        ],
    );
}
#[test]
fn results_beside_this_years_aims() {
    check(
        "HĐND huyện quyết nghị các mục tiêu, nhiệm vụ năm 2027.\nNăm 2026 huyện có 2 xã được công nhận đạt chuẩn.\nNghị quyết xác định chỉ tiêu năm 2027: thêm 3 xã đạt chuẩn.",
        &["Eq 3 xã 2027"],
    );
    check(
        "Năm 2026, có 30/32 chỉ tiêu vượt kế hoạch. Huyện huy động trên 2.170 tỷ đồng, lũy kế đến năm 2026 có 32/32 xã đạt chuẩn.",
        &[],
    );
    check(
        "Đến cuối năm 2027, dự kiến nâng tỷ lệ nhựa hóa lên 65%, bảo đảm vượt chỉ tiêu, nghị quyết đề ra là 64%.",
        &["Eq 65 % 2027"],
    );
}
#[test]
fn what_each_year_frames_and_what_only_its_clause() {
    check(
        "Nhiệm kỳ 2025 - 2030, ngành phấn đấu hằng năm có trên 90% hộ đạt chuẩn; 98% cơ quan đạt chuẩn.",
        &["MoreThan 90 % yearly", "Eq 98 % yearly"],
    );
}
#[test]
fn fractions_distances_and_what_is_invested() {
    check(
        "Phấn đấu đến năm 2030, thu nhập bằng 1/2 bình quân chung; có 8/9 xã đạt chuẩn.",
        &["Eq 8 xã 2030"],
    );
    check(
        "Huyện đầu tư khoảng 180 tỷ đồng cho giao thông.\nCách thủ đô khoảng 140 km, xã đều thuộc 5 dòng họ.\nPhấn đấu đến năm 2030 có 9 km đường.",
        &["Eq 9 km 2030"],
    );
}
#[test]
fn scales_telephones_and_levels_of_aid() {
    check(
        "Kế hoạch năm 2027\n1. Thu hồi 385,4 ha (theo bản đồ tỷ lệ 1/10.000).\n2. Tổng đài 1800 6606 hoạt động cả ngày.\n3. Trợ giúp hằng tháng mức 500.000 đồng.",
        &["Eq 385.4 ha 2027"],
    );
    check(
        "Mục tiêu đến năm 2030\n- 100% bệnh viện có khoa lão khoa hoặc dành ít nhất 10% số giường bệnh.",
        &["Eq 100 % 2030"],
    );
    check(
        "Nhiệm vụ đến năm 2030\n- Tập huấn 120 tình nguyện viên, mỗi tình nguyện viên theo dõi 05 - 07 người cao tuổi.\n- Diện tích cảnh báo chiếm tối thiểu 50% mặt trước bao bì theo quy định.",
        &["Eq 120 tình nguyện viên 2030"],
    );
}
#[test]
fn who_was_there_and_what_a_field_yields() {
    check(
        "Tham dự có 28/30 đại biểu.\nNăm 2027, thị xã phấn đấu thu ngân sách đạt 430 tỷ đồng.",
        &["Eq 430 tỷ đồng 2027"],
    );
    check(
        "Kế hoạch đến năm 2030\n1. Mục tiêu: có 900 ha.\n2. Quy trình: mật độ 800 cây/ha, năng suất bình quân 25 tấn/ha.",
        &["Eq 900 ha 2030"],
    );
    check(
        "CHƯƠNG TRÌNH\nA. Mục tiêu\n1. Đến năm 2030:\n- Nâng thời lượng phát sóng lên 12 giờ/ngày.\nB. Nhiệm vụ\n- Cử đi học báo chí 15 người.",
        &["Eq 12 giờ/ngày 2030", "Eq 15 người 2030"],
    );
}
