//! Cases of numbers that are no targets, and of those beside them that are.

use super::check;

#[test]
fn what_a_law_or_a_condition_asks() {
    check(
        "Nhiệm vụ năm 2030\n- Tuyên truyền Luật Hợp tác xã quy định hợp tác xã có tối thiểu 05 thành viên.",
        &[],
    );
    check(
        "Nhiệm vụ năm 2030\n- Hợp tác xã có vốn điều lệ từ 300 triệu đồng trở lên được vay từ Quỹ.",
        &[],
    );
    check(
        "Mục tiêu đến năm 2030\n- 100% hợp tác xã được kiểm toán theo quy định.",
        &["Eq 100 % 2030"],
    );
    check(
        "Mục tiêu đến năm 2030\n1. Có 40 hợp tác xã.\n2. Tiêu chí hợp tác xã hiệu quả:\n- Doanh thu từ 1 tỷ đồng/năm trở lên, có ít nhất 30 thành viên.",
        &["Eq 40 hợp tác xã 2030"],
    );
    check(
        "Mục tiêu đến năm 2030\n- Tiêu chí số 10 về thu nhập: đạt 62 triệu đồng/người/năm.",
        &["Eq 62 triệu đồng/người/năm 2030"],
    );
}
#[test]
fn whom_it_is_for_and_how_long() {
    check(
        "Mục tiêu năm 2030\n1. Đào tạo 900 lao động.\n2. Đối tượng\n- Lao động của hộ có từ 02 ha đất trở lên, cách trường trên 15 km.",
        &["Eq 900 lao động 2030"],
    );
}
#[test]
fn a_vote_is_no_target() {
    check(
        "Đến năm 2030 có 40 xã.\nNghị quyết được thông qua với 47/50 đại biểu tán thành, chiếm 94%.",
        &["Eq 40 xã 2030"],
    );
}
#[test]
fn parts_of_a_document_end_what_stands_above_them() {
    check(
        "Kế hoạch năm 2027\nPhần I\nTÌNH HÌNH NĂM 2026\n1. Có 190 hợp tác xã.\nPhần II\nKẾ HOẠCH NĂM 2027\n1. Thành lập mới 15 hợp tác xã.",
        &["Eq 15 hợp tác xã 2027"],
    );
    check(
        "PHÁT TRIỂN HỢP TÁC XÃ GIAI ĐOẠN 2026 - 2030\nI. ĐÁNH GIÁ KẾT\nQUẢ GIAI ĐOẠN 2021 - 2025\n- Tỷ lệ đạt 31%.\nII. MỤC TIÊU\n- Tỷ lệ đạt 40%.",
        &["Eq 40 % 2030"],
    );
}
#[test]
fn what_was_at_the_end_of_the_year_before_a_plan() {
    check(
        "CHƯƠNG TRÌNH\nthực hiện Nghị quyết số 20-NQ/TW, ngày 16/6/2026 về hợp tác xã\nSau 20 năm thực hiện, hợp tác xã phát triển. Đến cuối năm 2026, toàn tỉnh có 572 hợp tác xã, đóng góp vào GRDP mới đạt 0,9%.\nI- MỤC TIÊU ĐẾN NĂM 2030\n- Có 750 hợp tác xã.",
        &["Eq 750 hợp tác xã 2030"],
    );
    check(
        "Mục tiêu đến năm 2030\n- Lũy kế đến cuối năm 2030 có 193 hợp tác xã; số hóa kết quả giải quyết đạt 80%.",
        &["Eq 193 hợp tác xã 2030", "Eq 80 % 2030"],
    );
}
#[test]
fn a_list_of_what_is_asked_is_no_situation() {
    check(
        "Tỉnh hiện có 412 hợp tác xã. Ủy ban nhân dân tỉnh yêu cầu:\n1. Phấn đấu đến năm 2030 có 50% hợp tác xã đạt loại khá.\n2. Sở Nông nghiệp mỗi năm bồi dưỡng 500 cán bộ.",
        &["Eq 50 % 2030", "Eq 500 cán bộ yearly"],
    );
}
#[test]
fn what_goes_along_with_what_is_held() {
    check(
        "Nhiệm vụ năm 2030\n- Tổ chức 01 đoàn công tác (12 người); giải bóng đá với 8 đội tham gia; báo cáo 01 lần.",
        &["Eq 1 đoàn công 2030"],
    );
    check(
        "Nhiệm vụ năm 2030\n- Giám sát 8/8 huyện, mỗi huyện 2 xã; tổ chức 03 đoàn kiểm tra tại 12 đơn vị.",
        &["Eq 3 đoàn kiểm tra 2030"],
    );
}
#[test]
fn the_same_amount_again() {
    check(
        "Mục tiêu năm 2030\n- Thu nhập đạt 60 triệu đồng (tương đương 2.400 USD).",
        &["Eq 60 triệu đồng 2030"],
    );
    check(
        "Mục tiêu năm 2030\n- 75% dân số dùng nước sạch với số lượng 60 lít/người/ngày.",
        &["Eq 75 % 2030"],
    );
    check(
        "Mục tiêu năm 2030\n- Doanh thu bình quân 01 HTX đạt 2.100 triệu đồng/năm.",
        &["Eq 2100 triệu đồng/năm 2030"],
    );
}
#[test]
fn verbs_and_nouns_that_are_told_once() {
    check(
        "Mục tiêu giai đoạn 2028 - 2030\n- Phân hạng 60 sản phẩm; thành lập 65 hợp tác xã, trong đó: năm 2029 thành lập 25; năm 2030 thành lập 40.",
        &[
            "Eq 60 sản phẩm 2030",
            "Eq 65 hợp tác xã 2030",
            "Eq 25 hợp tác xã 2029",
            "Eq 40 hợp tác xã 2030",
        ],
    );
    check(
        "Mục tiêu năm 2030\n- Đạt tối thiểu tương ứng 90%; giảm tối thiểu bình quân 10% đơn vị.",
        &["AtLeast 90 % 2030", "AtLeast 10 % 2030"],
    );
}
#[test]
fn terms_of_what_is_granted() {
    check(
        "Nhiệm vụ năm 2030\n- Hỗ trợ 60 hợp tác xã xây kho, mỗi hợp tác xã không quá 01 công trình.",
        &["Eq 60 hợp tác xã 2030"],
    );
    check("Nhiệm vụ năm 2030\n- Ngân hàng cho vay tối đa 70% tổng mức đầu tư.", &[]);
    check(
        "Nhiệm vụ năm 2030\n- Tổ chức 05 cuộc thi, giải nhất 20 triệu đồng.",
        &["Eq 5 cuộc thi 2030"],
    );
    check(
        "Nhiệm vụ năm 2030\n- Miễn tiền thuê đất 7 năm đầu, giảm 50% trong 5 năm tiếp theo.",
        &[],
    );
    check("Nhiệm vụ năm 2030\n- Phòng Tài chính cân đối 850 triệu đồng.", &[]);
    check(
        "Nhiệm vụ năm 2030\n- Chọn 05 hợp tác xã để hỗ trợ; hợp tác xã phải có ít nhất 50 thành viên.",
        &["Eq 5 hợp tác xã 2030"],
    );
}
#[test]
fn limits_and_states_among_the_tasks() {
    check("Nhiệm vụ năm 2030\n- Đám cưới không quá 50 mâm.", &[]);
    check("Nhiệm vụ năm 2030\n- Mật độ thả 20 con/m2, tôm thẻ 60 con/m2; độ mặn từ 10 - 25‰.", &[]);
    check("Mục tiêu năm 2030\n- Tỷ lệ hộ nghèo không quá 2%.", &["AtMost 2 % 2030"]);
    check(
        "Nhiệm vụ năm 2030\n- Đo mặn tại 12 trạm; vận hành 4 cống; mỗi xã chọn 01 cán bộ theo dõi.",
        &[],
    );
}
#[test]
fn what_is_told_of_a_place_and_what_is_forecast() {
    check(
        "KẾ HOẠCH ĐẾN NĂM 2030\nTỉnh có diện tích tự nhiên 5.155 km2, dân số 1,2 triệu người.\nĐến năm 2030 có 340 hợp tác xã.",
        &["Eq 340 hợp tác xã 2030"],
    );
    check(
        "Nhiệm vụ đến năm 2030\nDự báo nhu cầu thuê đất tăng 150 ha/năm.\nI. NHẬN ĐỊNH\n- Khoảng 900 ha lúa bị ảnh hưởng.",
        &[],
    );
}
#[test]
fn a_report_under_a_number_of_its_own() {
    check(
        "NHIỆM VỤ NĂM 2030\nI. Sáu tháng đầu năm, toàn tỉnh thành lập mới 14 hợp tác xã. Các hợp tác xã cung ứng 450 tấn.\nQuỹ giải ngân 22 tỷ đồng.\nII. Nhiệm vụ\n1. Thành lập mới 16 hợp tác xã.",
        &["Eq 16 hợp tác xã 2030"],
    );
}
#[test]
fn a_plan_of_a_year_and_of_the_years_after_it() {
    check(
        "KẾ HOẠCH\nPhát triển hợp tác xã năm 2027 và giai đoạn 2028 - 2030\nI. MỤC TIÊU\n1. Năm 2027\n- Thành lập 08 hợp tác xã.\n2. Giai đoạn 2028 - 2030\n- Bình quân mỗi năm tăng từ 18 - 20 hợp tác xã; có ít nhất 3 hợp tác xã đạt doanh thu trên 50 tỷ đồng/năm.",
        &["Eq 8 hợp tác xã 2027", "Between 18..20 hợp tác xã yearly", "AtLeast 3 hợp tác xã 2030"],
    );
}
#[test]
fn a_number_and_a_dash_before_a_share_count_the_line() {
    check(
        "Chỉ tiêu đến năm 2030\n1- 100% xã có chợ.\n2- 90% hộ dùng điện.",
        &["Eq 100 % 2030", "Eq 90 % 2030"],
    );
}
#[test]
fn parts_that_are_not_named_again() {
    check(
        "Nhiệm vụ năm 2030\n- Thuê gian hàng: hỗ trợ 100%, chủ thể đối ứng tối thiểu 30%.\n- Có 12 suất học bổng, mỗi suất 2 triệu đồng; 100% trẻ được đến trường.",
        &["Eq 12 suất học bổng 2030", "Eq 100 % 2030"],
    );
    check(
        "Nhiệm vụ năm 2030\n- Trang trại từ 500 con lợn, 50 con nái, 2.000 con gia cầm trở lên mới được hỗ trợ.",
        &[],
    );
    check(
        "Nhiệm vụ năm 2030\n- Chăn nuôi là 1 trong 3 ngành chính; khoảng cách đến khu dân cư tối thiểu 100 m.",
        &[],
    );
}
#[test]
fn ages_and_rates_that_share_their_words() {
    check(
        "Mục tiêu đến năm 2030\n- Tuổi thọ đạt 76 tuổi; tử suất trẻ em dưới 5 tuổi giảm còn 12‰.",
        &["Eq 76 tuổi 2030", "Eq 12 ‰ 2030"],
    );
    check(
        "Mục tiêu đến năm 2030\n- Đạt 8,5 bác sĩ trên vạn dân, 2,4 dược sĩ đại học trên vạn dân.",
        &["Eq 8.5 bác sĩ/vạn dân 2030", "Eq 2.4 dược sĩ/vạn dân 2030"],
    );
}
