//! Cases met in plans, decisions and news as they are published, told in words of our own.

use super::check;

#[test]
fn numbers_of_documents_times_of_day_and_ranks() {
    check(
        "Đến năm 2030, giảm hộ nghèo xuống dưới 30% theo chuẩn của Quyết định số 70/2025/QĐ-TTg ngày 08 tháng 7 năm 2025.",
        &["LessThan 30 % 2030"],
    );
    check(
        "Cập nhật 13/2/2029 | 7:49:01\nPhấn đấu năm 2029 có 20 trường đạt chuẩn; chỉ số thuộc nhóm 30/63 tỉnh, thành phố.",
        &["Eq 20 trường 2029"],
    );
    check(
        "Mục tiêu đến năm 2030\n- 60% hộ dùng nước đạt QCVN 02:2029/BYT với số lượng ít nhất 60 lít/người/ngày.",
        &["Eq 60 % 2030"],
    );
}
#[test]
fn the_names_of_programmes_and_the_tails_of_titles_are_no_headings_of_goals() {
    check(
        "Chỉ thị\nVỀ THỰC HIỆN CHƯƠNG TRÌNH MỤC TIÊU QUỐC GIA GIAI ĐOẠN 2026 - 2030\nRiêng năm 2026 đã có 900 hộ thoát nghèo.",
        &[],
    );
    check(
        "Điều 1. Phê duyệt Quy hoạch giai đoạn 2026 - 2030 và định hướng đến năm 2040 như sau:\n1. Quốc lộ 13: mặt đường rộng 15 m, nền đường 25 m, quy mô 28 ha.\n2. Mục tiêu:\n- Doanh thu tăng 12%/năm.",
        &["Eq 12 %/năm 2030"],
    );
    check(
        "Kế hoạch 5 năm 2026 - 2030\nĐiều 1. Tán thành Báo cáo tình hình giai đoạn 2021 - 2025:\nI. Kế hoạch 5 năm 2026 - 2030\n1. Chỉ tiêu\n- Tăng trưởng 13%.\nII. Nhiệm vụ\n1. Lấp đầy 60 - 70% khu công nghiệp.",
        &["Eq 13 % 2030", "Between 60..70 % 2030"],
    );
}
#[test]
fn the_day_of_signing_is_no_horizon() {
    check(
        "Đồng Tháp, ngày 10 tháng 7 năm 2025\nKẾ HOẠCH\nThực hiện Nghị quyết số 68-NQ/TW\nI. MỤC TIÊU\n1. Đến năm 2030\n- Có 900 doanh nghiệp.\nII. NHIỆM VỤ\n1. Xây dựng 14 trường.",
        &["Eq 900 doanh nghiệp 2030", "Eq 14 trường 2030"],
    );
}
#[test]
fn a_moment_far_behind_is_of_something_else() {
    check(
        "Phấn đấu trong năm 2026, chỉ số tăng ít nhất 02 bậc so với năm 2025, trong đó tập trung khắc phục các chỉ số thành phần bị giảm điểm trong năm 2025.",
        &["AtLeast 2 bậc 2026"],
    );
}
#[test]
fn each_year_is_said_of_flows() {
    check(
        "Mục tiêu đến năm 2030\n- Mỗi năm có 900 lao động được giải quyết việc làm; tỷ lệ lao động qua đào tạo đạt 35%.",
        &["Eq 900 lao động yearly", "Eq 35 % 2030"],
    );
}
#[test]
fn what_the_subject_of_a_share_has() {
    check(
        "Mục tiêu đến năm 2030\n- Duy trì tỷ lệ trẻ có cân nặng thấp (dưới 2.500 gram) dưới 5%.\n- Tỷ lệ hồ sơ của 25 dịch vụ công thiết yếu đạt tối thiểu 90%.\n- Tỷ lệ xã có ít nhất một cơ sở cung cấp dịch vụ tư vấn đạt 40%.",
        &["LessThan 5 % 2030", "AtLeast 90 % 2030", "Eq 40 % 2030"],
    );
    check(
        "Nhiệm vụ năm 2030\n- Tiếp tục thực hiện 05 nhóm tiện ích tại bộ phận một cửa cấp xã (170/170 xã, phường).\n- Xây dựng 04 bến xe, diện tích mỗi bến từ 5.000 m2 trở lên; mở rộng 42 km đường ống.",
        &["Eq 4 bến xe 2030", "Eq 42 km 2030"],
    );
}
#[test]
fn sums_that_are_worked_out_and_sources_of_money() {
    check(
        "Nhiệm vụ năm 2030\n1. Đào tạo nghề: 4.200 lao động x 400.000 đồng/người = 1.680 triệu đồng.\n2. Cơ cấu: ngân sách tỉnh 38%; vốn vay 25%; dân đóng góp 17%.",
        &[],
    );
    check(
        "Giai đoạn 2026 - 2030\nI. Vốn và nguồn vốn thực hiện\n- Vốn từ các chương trình sẽ tiếp tục triển khai: khoảng 23%;\n- Vốn tín dụng: khoảng 30%.",
        &[],
    );
    check(
        "Nhiệm vụ năm 2030\n- Bảo đảm ngân sách chi cho giáo dục tối thiểu 20% tổng chi ngân sách, trong đó chi đầu tư ít nhất 5%.\n- Dành tối thiểu 20 ha/khu công nghiệp cho doanh nghiệp thuê; giảm tối thiểu 30% tiền thuê đất.",
        &[],
    );
}
#[test]
fn aims_of_others_laws_and_bans() {
    check(
        "Mục tiêu đến năm 2030\n- Có 60 hợp tác xã, góp phần thực hiện mục tiêu tăng trưởng GRDP 8%/năm của tỉnh.",
        &["Eq 60 hợp tác xã 2030"],
    );
    check(
        "Nhiệm vụ năm 2030\n- Hợp tác xã thành lập mới phải có tối thiểu 07 thành viên theo Luật Hợp tác xã.\n- Hạn chế việc thành lập nhiều hơn 1 hợp tác xã cùng ngành trên một xã.\n- Hướng dẫn thủ tục đối với dự án từ 2 ha trở lên.\n- Giảm nghèo đối với xã khó khăn trên 5%/năm; bắt giữ hàng cấm, xử lý trên 50 trường hợp.",
        &["MoreThan 5 %/năm 2030", "MoreThan 50 trường hợp 2030"],
    );
}
#[test]
fn results_that_are_to_be_reached_and_results_that_were() {
    check(
        "Đến năm 2030\na) Các kết quả chủ yếu cần đạt được:\n- Nhân rộng trên 90 mô hình giảm nghèo.\nb) Kết quả:\n- Có 12 mô hình.",
        &["MoreThan 90 mô hình 2030"],
    );
    check(
        "Ước năm 2029, cả nước có 900 hợp tác xã. So với năm 2028, số hợp tác xã tăng 7% (tăng 60 hợp tác xã). Tổng số thành viên tăng 4%.\nMục tiêu năm 2030 có 950 hợp tác xã.",
        &["Eq 950 hợp tác xã 2030"],
    );
    check(
        "Năm 2029, toàn tỉnh thành lập mới 90 hợp tác xã, nâng tổng số lên 800. Doanh thu bình quân ước đạt 2 tỷ đồng.",
        &[],
    );
    check(
        "Năm 2029, thu ngân sách vượt mốc 700 tỷ đồng. Trên nền tảng đó, tỉnh đặt mục tiêu tăng trưởng trên 11% trong năm 2030.",
        &["MoreThan 11 % 2030"],
    );
}
#[test]
fn labels_over_lists_and_rules_of_a_craft() {
    check(
        "Kế hoạch năm 2030\n* Mục tiêu:\n- Giá trị sản xuất của hợp tác xã chiếm 35 – 40%.\n* Giải pháp kỹ thuật:\n- Bón 15 tấn phân hữu cơ, 1.000 kg vôi.",
        &["Between 35..40 % 2030"],
    );
    check("Cơ cấu năm 2030: Dịch vụ 36 - 37%.", &["Between 36..37 % 2030"]);
    check(
        "Đến năm 2030 đạt 10 doanh nghiệp\nhoạt động/1.000 dân.",
        &["Eq 10 doanh nghiệp hoạt động/1.000 dân 2030"],
    );
}
#[test]
fn subjects_without_what_opens_their_sentence() {
    let reading = super::super::read(
        "Mục tiêu cụ thể tới năm 2025 đóng góp của hợp tác xã vào GRDP chiếm 0,4%. Đặc biệt, tốc độ tăng trưởng bình quân sẽ đạt 6%/năm. Theo kế hoạch, mục tiêu của tỉnh đến năm 2030, số xã đạt chuẩn trên 80%; 75% hợp tác xã hoạt động hiệu quả, tỷ lệ yếu kém đạt dưới 3%; có từ 3 đến 5 đơn vị cấp huyện đạt chuẩn; 60% số xã (48/80 xã) có trạm và không còn xã dưới 12 tiêu chí.",
    );
    let subjects: Vec<&str> =
        reading.targets.iter().map(|target| target.subject.as_str()).collect();
    assert_eq!(
        subjects,
        [
            "đóng góp của hợp tác xã vào GRDP",
            "tốc độ tăng trưởng bình quân",
            "số xã đạt chuẩn",
            "hợp tác xã hoạt động hiệu quả",
            "yếu kém",
            "đơn vị cấp huyện đạt chuẩn",
            "xã",
            "xã",
        ]
    );
    assert_eq!(reading.targets[4].quote, "tỷ lệ yếu kém đạt dưới 3%");
}
#[test]
fn subjects_behind_brackets_and_parts() {
    let reading = super::super::read(
        "Mục tiêu đến năm 2030\n- Đóng góp của năng suất tổng hợp (TFP) vào tăng trưởng đạt 50%; tổng chi đạt 1,5% GRDP, trong đó kinh phí từ xã hội chiếm 60%.\n- Nhân lực nghiên cứu đạt 8 người/vạn dân; 50% xã, phường triển khai mô hình; phủ sóng 5G đạt 99% dân số.",
    );
    let subjects: Vec<&str> =
        reading.targets.iter().map(|target| target.subject.as_str()).collect();
    assert_eq!(
        subjects,
        [
            "Đóng góp của năng suất tổng hợp (TFP) vào tăng trưởng",
            "tổng chi",
            "kinh phí từ xã hội",
            "Nhân lực nghiên cứu",
            "xã, phường triển khai mô hình",
            "phủ sóng 5G",
        ],
    );
}
#[test]
fn tables_with_a_cell_on_each_line() {
    check(
        "KẾ HOẠCH NĂM 2030\nI. MỤC TIÊU\nSTT\nChỉ tiêu\nĐơn vị tính\nThực hiện\nnăm 2029\nKế hoạch\nnăm 2030\n1\nSố hợp tác xã thành lập mới\nHợp tác xã\n18\n25\n2\nDoanh thu bình quân\nmột hợp tác xã\nTriệu đồng/năm\n2.850\n3.100\n3\nTỷ lệ hợp tác xã khá\n%\n58\n62\nII. GIẢI PHÁP\n1. Thành lập 02 liên hiệp.",
        &[
            "Eq 25 hợp tác xã 2030",
            "Eq 3100 triệu đồng/năm 2030",
            "Eq 62 % 2030",
            "Eq 2 liên hiệp 2030",
        ],
    );
    // Where the numbers of the rows do not follow one another, it is no table.
    check("Mục tiêu năm 2030\nSTT\nNội dung\nGhi chú\n1\nCó 5 xã.", &["Eq 5 xã 2030"]);
}
#[test]
fn an_annex_that_gives_out_numbers() {
    check(
        "PHỤ LỤC\nGIAO CHỈ TIÊU THÀNH LẬP MỚI HỢP TÁC XÃ NĂM 2030\n(Kèm theo Kế hoạch số 09/KH-UBND)\nToàn tỉnh: 14 HTX, cụ thể:\n1. Huyện Bảo Lâm: 8 HTX\n2. Huyện Hà Quảng: 6 HTX",
        &["Eq 14 hợp tác xã 2030", "Eq 8 hợp tác xã 2030", "Eq 6 hợp tác xã 2030"],
    );
}
#[test]
fn news_of_a_plan() {
    check(
        "Theo kế hoạch, năm 2030 tỉnh phấn đấu thành lập mới từ 60 HTX trở lên, nâng tổng số HTX lên 950. Doanh thu bình quân của một HTX đạt 5,2 tỷ đồng/năm.",
        &["AtLeast 60 hợp tác xã 2030", "Eq 950 hợp tác xã 2030", "Eq 5.2 tỷ đồng/năm 2030"],
    );
    check(
        "Tỉnh thực hiện Đề án “Phát triển một triệu héc-ta lúa”. Theo đó, đến năm 2030 diện tích đạt 900 ha.\nVụ đông xuân 2028 - 2029, mô hình 50 ha cho năng suất 8 tấn/ha.",
        &["Eq 900 ha 2030"],
    );
}
#[test]
fn clauses_of_their_own_behind_the_terms_of_a_support() {
    check(
        "Nhiệm vụ năm 2030\n1. Hỗ trợ khoán bảo vệ rừng 400.000 đồng/ha; diện tích khoán 900 ha; trồng mới 30 ha.\n2. Hỗ trợ 2 triệu đồng/hộ; hộ ở xa trên 15 km.\n3. Nâng cấp 24 hồ chứa, tưới cho 320 ha; nộp ngân sách 26 tỷ đồng.\n4. Mỗi lớp xóa mù chữ từ 10 - 25 học viên; đào tạo nghề thời gian học dưới 03 tháng.",
        &["Eq 900 ha 2030", "Eq 30 ha 2030", "Eq 24 hồ chứa 2030", "Eq 26 tỷ đồng 2030"],
    );
}
#[test]
fn who_goes_what_each_pays_and_what_is_taken_over() {
    check(
        "Nhiệm vụ năm 2030\n1. Tổ chức đoàn công tác 12 người đi học tập.\n2. Mức đóng: người lao động đóng 8%, người sử dụng lao động đóng 17,5%.\n3. Nghiệm thu 20 nhiệm vụ; đào tạo lao động dân tộc thiểu số 120 người.",
        &["Eq 20 nhiệm vụ 2030", "Eq 120 người 2030"],
    );
}
#[test]
fn rates_and_shares_in_their_own_words() {
    check(
        "Mục tiêu đến năm 2030\n- Bình quân tăng 1,3 tiêu chí/xã; sản lượng tăng gấp rưỡi; số giường bệnh trên một vạn dân đạt 26,5 giường.\n- 70% xã, phường đạt chuẩn vào năm 2028, 90% vào năm 2030.",
        &[
            "Eq 1.3 tiêu chí/xã 2030",
            "Eq 1.5 lần 2030",
            "Eq 26.5 giường 2030",
            "Eq 70 % 2028",
            "Eq 90 % 2030",
        ],
    );
    check(
        "Tán thành những nội dung cơ bản đánh giá kết quả nhiệm kỳ qua:\nKinh tế tăng 6,97%/năm.\nMục tiêu đến năm 2030\n- Có 12 xã; 5 chương trình hành động trọng điểm.\nBan Chấp hành gồm 51 đồng chí.",
        &["Eq 12 xã 2030"],
    );
}
