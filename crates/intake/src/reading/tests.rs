//! Cases of the grammar: a sentence, and what is to be read in it.

mod no_target;
mod published;
mod running_text;

use super::{Horizon, Reading, read};

/// The targets of a text, one a line: comparator, number, unit, horizon.
fn shown(reading: &Reading) -> Vec<String> {
    reading
        .targets
        .iter()
        .map(|target| {
            let number = match (target.value, target.min, target.max) {
                (Some(value), _, _) => value.to_string(),
                (None, Some(min), Some(max)) => format!("{min}..{max}"),
                _ => "?".to_owned(),
            };
            let horizon = match target.horizon {
                Some(Horizon::Year(year)) => year.to_string(),
                Some(Horizon::Yearly) => "yearly".to_owned(),
                None => "-".to_owned(),
            };
            format!("{:?} {number} {} {horizon}", target.comparator, target.unit)
        })
        .collect()
}

#[track_caller]
fn check(text: &str, want: &[&str]) {
    assert_eq!(shown(&read(text)), want, "{text}");
}

#[test]
fn a_count_with_a_comparator() {
    check("Đến năm 2030 có ít nhất 12 tổ hợp tác.", &["AtLeast 12 tổ hợp tác 2030"]);
}
#[test]
fn comparators_far_from_their_numbers() {
    check(
        "Đến năm 2030, tỷ lệ hộ dùng nước sạch ít nhất vào cuối năm đạt 88%.",
        &["AtLeast 88 % 2030"],
    );
    check("Đến năm 2030, tối thiểu có 15 tổ hợp tác.", &["AtLeast 15 tổ hợp tác 2030"]);
    check(
        "Đến năm 2030 thu nhập đạt từ 70 triệu đồng/người/năm trở lên.",
        &["AtLeast 70 triệu đồng/người/năm 2030"],
    );
    check("Đến năm 2030 có từ 03 xã trở lên đạt chuẩn.", &["AtLeast 3 xã 2030"]);
    check("Đến năm 2030 không quá 2% hộ nghèo.", &["AtMost 2 % 2030"]);
    check("Đến năm 2030 phấn đấu khoảng trên 300 trang trại.", &["MoreThan 300 trang trại 2030"]);
    check("Đến năm 2028: có ≥\n45% hộ kinh doanh.", &["AtLeast 45 % 2028"]);
}
#[test]
fn ranges() {
    check("Đến năm 2030 có 40-50 trang trại.", &["Between 40..50 trang trại 2030"]);
    check("Giai đoạn 2026 - 2030 tăng trưởng từ 6,5 - 7%/năm.", &["Between 6.5..7 %/năm 2030"]);
    check("Đến năm 2030, trồng mới từ 20 đến 25 ha rừng.", &["Between 20..25 ha 2030"]);
    check("Đến năm 2030, tỷ lệ đạt 10% - 12%.", &["Between 10..12 % 2030"]);
}
#[test]
fn a_way_from_a_baseline() {
    check(
        "Đưa thu nhập từ 20 triệu năm 2015 lên 35 triệu vào năm 2020.",
        &["Eq 35 triệu đồng 2020"],
    );
    check("Đến năm 2030 giảm tỷ suất từ 31‰ xuống còn 15‰.", &["Eq 15 ‰ 2030"]);
    check("Nâng tỷ lệ che phủ từ 40% năm 2020 lên trên 45% năm 2025.", &["MoreThan 45 % 2025"]);
}
#[test]
fn parts_of_a_whole() {
    let reading = read(
        "Đến năm 2030 có 60 hợp tác xã với 900 thành viên; 20 tổ hợp tác. Trong đó có 12 hợp tác xã vận tải.",
    );
    let part = reading.targets.last().unwrap();
    assert_eq!(part.parent.as_deref(), Some("60 hợp tác xã"));
    assert_eq!(reading.targets.get(1).unwrap().of.as_deref(), Some("hợp tác xã"));
}
#[test]
fn horizons_of_headings() {
    check(
        "Đến năm 2027:\n- 30 xã đạt chuẩn;\n- Hằng năm, thành lập mới 4 hợp tác xã.\nĐến năm 2035:\n- 50 xã đạt chuẩn.",
        &["Eq 30 xã 2027", "Eq 4 hợp tác xã yearly", "Eq 50 xã 2035"],
    );
    check(
        "1. Mục tiêu đến năm 2030\na) Có 7 chợ.\nb) Có 9 trạm y tế.\n2. Tầm nhìn đến năm 2045\na) Có 11 chợ.",
        &["Eq 7 chợ 2030", "Eq 9 trạm y tế 2030", "Eq 11 chợ 2045"],
    );
}
#[test]
fn horizons_in_the_sentence() {
    check("Phấn đấu đạt 40% vào năm 2025 và 60% vào năm 2030.", &["Eq 40 % 2025", "Eq 60 % 2030"]);
    check("Hoàn thành 120 căn nhà trước ngày 31/12/2024.", &["Eq 120 căn nhà 2024"]);
    check("Mỗi năm phấn đấu đào tạo 300 lượt người.", &["Eq 300 lượt người yearly"]);
}
#[test]
fn numbers_with_scales() {
    check("Đến năm 2030 đón 1,8 triệu lượt khách.", &["Eq 1800000 lượt khách 2030"]);
    check("Đến năm 2030 có 140 nghìn hội viên.", &["Eq 140000 hội viên 2030"]);
    check("Đến năm 2030 doanh thu đạt 2.250 tỷ đồng.", &["Eq 2250 tỷ đồng 2030"]);
    check("Đến năm 2030 thu hút hai triệu thành viên.", &["Eq 2000000 thành viên 2030"]);
    check("Đến năm 2030 mỗi xã có ít nhất một hợp tác xã.", &["AtLeast 1 hợp tác xã 2030"]);
}
#[test]
fn comparator_words_inside_the_subject() {
    check(
        "Đến năm 2030, tỷ lệ trẻ em dưới 6 tuổi có thẻ bảo hiểm y tế đạt 98%.",
        &["Eq 98 % 2030"],
    );
    check("Đến năm 2030, 80% người từ 15 tuổi trở lên biết chữ.", &["Eq 80 % 2030"]);
    check("Đến năm 2030 có 30 sản phẩm đạt từ 3 sao trở lên.", &["Eq 30 sản phẩm 2030"]);
}
#[test]
fn what_is_and_what_was_is_no_target() {
    check("Toàn tỉnh hiện có khoảng 320 hợp tác xã.", &[]);
    check("Năm qua, tỉnh đã thành lập mới 14 hợp tác xã, đạt 100% kế hoạch.", &[]);
    check("I. Đánh giá tình hình\n- Có 25 hợp tác xã nông nghiệp.", &[]);
    check("Đến nay toàn huyện có 12 xã đạt chuẩn nông thôn mới.", &[]);
}
#[test]
fn what_is_granted_and_spent_is_no_target() {
    check("Hỗ trợ 20 triệu đồng/hộ để sửa nhà.", &[]);
    check("Hỗ trợ 50% chi phí mua máy, tối đa 100 triệu đồng/hợp tác xã.", &[]);
    check("Tổng kinh phí thực hiện là 45 tỷ đồng.", &[]);
    check("Mức vay tối đa 50 triệu đồng, lãi suất 6%/năm, thời hạn 3 năm.", &[]);
}
#[test]
fn names_and_dates_are_no_targets() {
    check("Căn cứ Nghị quyết số 43/NQ-CP ngày 11/01/2022 của Chính phủ;", &[]);
    check("Thực hiện Kế hoạch 15/KH-UBND ngày 22.7.2021, phủ sóng 5G.", &[]);
    check("Kế hoạch có 16 mục tiêu và 05 nhóm giải pháp.", &[]);
}
#[test]
fn places_share_the_unit_of_their_head() {
    check(
        "Đến năm 2030 thành lập mới 12 hợp tác xã, cụ thể: Bắc Sơn 5, Bình Gia 7.",
        &["Eq 12 hợp tác xã 2030", "Eq 5 hợp tác xã 2030", "Eq 7 hợp tác xã 2030"],
    );
}
#[test]
fn letters_apart_from_their_marks_read_the_same() {
    let text = "Đến năm 2030 có ít nhất 12 tổ hợp tác.";
    let apart: String = text
        .chars()
        .flat_map(|c| match c {
            'ế' => vec!['e', '\u{302}', '\u{301}'],
            'ổ' => vec!['o', '\u{302}', '\u{309}'],
            'ợ' => vec!['o', '\u{31b}', '\u{323}'],
            other => vec![other],
        })
        .collect();
    assert_eq!(shown(&read(&apart)), shown(&read(text)));
    let end = read(&apart).targets.first().unwrap().end;
    assert_eq!(end, apart.chars().count() - 1);
}
#[test]
fn two_hundred_pages_read_in_a_second() {
    let page = "- Đến năm 2030 có ít nhất 12 tổ hợp tác với 60 thành viên, trong đó 5 tổ hợp tác vận tải.\n".repeat(26);
    let text = page.repeat(200);
    let start = std::time::Instant::now();
    assert_eq!(read(&text).targets.len(), 3 * 26 * 200);
    // Without optimisation and beside other tests; the program itself is ten times faster.
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

proptest::proptest! {
    #[test]
    fn no_text_panics(pieces in proptest::collection::vec("[0-9]{1,4}|[-.,;:()%/+\n ]|năm|đến|từ|lên|trên|ít nhất|hợp tác xã|triệu|đồng|trong đó|[a-zà-ỹ]{1,5}|\\PC", 0..80)) {
        let text = pieces.join(" ");
        let count = text.chars().count();
        let reading = read(&text);
        for (start, end) in reading.targets.iter().map(|t| (t.start, t.end)).chain(reading.others.iter().map(|o| (o.start, o.end))) {
            assert!(start < end && end <= count, "{start}..{end} of {count}");
        }
    }
}
#[test]
fn a_rate_per_people() {
    check("Đến năm 2030 có 9,5 bác sĩ trên 1 vạn dân.", &["Eq 9.5 bác sĩ/vạn dân 2030"]);
    check("Đến năm 2030 đạt 32 giường bệnh/10.000 dân.", &["Eq 32 giường bệnh/10.000 dân 2030"]);
    check("Đến năm 2030 tạo việc làm cho trên 10.000 người.", &["MoreThan 10000 người 2030"]);
}
#[test]
fn a_bare_number_takes_the_unit_of_its_subject() {
    check(
        "Đến năm 2030, số hợp tác xã của vùng đạt khoảng 1.200.",
        &["About 1200 hợp tác xã 2030"],
    );
}
#[test]
fn places_of_a_layout_are_not_aimed_at() {
    check("Đến năm 2030, vùng phía bắc gồm 6 xã với diện tích 300 ha.", &["Eq 300 ha 2030"]);
}
#[test]
fn a_bracket_that_divides_a_period_into_years() {
    check(
        "Giai đoạn 2026 - 2028 trồng 30 ha (năm 2026 trồng 10 ha; năm 2027 trồng 12 ha; năm 2028 trồng 8 ha).",
        &["Eq 30 ha 2028", "Eq 10 ha 2026", "Eq 12 ha 2027", "Eq 8 ha 2028"],
    );
}
#[test]
fn numbers_with_a_stroke() {
    check("Đến năm 2030 tử vong giảm còn 35/100.000 trẻ.", &["Eq 35 /100.000 2030"]);
    check("Đến năm 2030 có 18/20 xã đạt chuẩn.", &["Eq 18 xã 2030"]);
}
#[test]
fn an_index_has_no_unit() {
    check("Đến năm 2030, chỉ số phát triển con người đạt trên 0,7.", &["MoreThan 0.7  2030"]);
}
#[test]
fn a_year_belongs_to_the_number_that_it_leads() {
    check(
        "Số giường bệnh năm 2020 là 21 giường/10.000 dân và năm 2025 là 27 giường/10.000 dân.",
        &["Eq 21 giường/10.000 dân 2020", "Eq 27 giường/10.000 dân 2025"],
    );
    check(
        "Đến năm 2030, doanh thu đạt 90 tỷ đồng; tạo việc làm cho 400 lao động vào năm 2027. Tỷ lệ lấp đầy 70%.",
        &["Eq 90 tỷ đồng 2030", "Eq 400 lao động 2027", "Eq 70 % 2030"],
    );
    check(
        "Đến năm 2025, tỷ lệ hộ số đạt hơn 60% (đến năm 2030 đạt 85%); tỷ lệ xã số đạt 40%.",
        &["MoreThan 60 % 2025", "Eq 85 % 2030", "Eq 40 % 2025"],
    );
}
#[test]
fn a_rate_for_each_year_keeps_the_end_of_its_period() {
    check("Giai đoạn 2026 - 2030, giá trị sản xuất tăng bình quân 7% mỗi năm.", &["Eq 7 % 2030"]);
    check(
        "Giai đoạn 2026 - 2030, tốc độ tăng giá trị (giá so sánh năm 2010) đạt 9%, trong đó dịch vụ tăng 11%.",
        &["Eq 9 % 2030", "Eq 11 % 2030"],
    );
}
#[test]
fn participles_describe_and_do_not_look_back() {
    check(
        "Đến năm 2030 thu hút 900 lao động, trong đó 70% đã qua đào tạo; có 15 cơ sở lưu trú.",
        &["Eq 900 lao động 2030", "Eq 70 % 2030", "Eq 15 cơ sở 2030"],
    );
    check(
        "Mục tiêu năm 2027:\n- Tỷ lệ số hóa hồ sơ, kết quả giải quyết đạt 75%.",
        &["Eq 75 % 2027"],
    );
}
#[test]
fn results_go_on_through_their_sentence() {
    check(
        "KẾ HOẠCH\nGiảm nghèo năm 2026\nCuối năm 2025 còn 310 hộ nghèo, đạt 104% kế hoạch.\nMục tiêu: giảm 90 hộ nghèo.",
        &["Eq 90 hộ nghèo 2026"],
    );
}
#[test]
fn the_parts_of_a_budget_are_budgets() {
    check(
        "Giai đoạn 2026 - 2030 cần 40 tỷ đồng, trong đó ngân sách tỉnh 25 tỷ đồng, dân góp 15 tỷ đồng. Thu hút vốn đăng ký 2 tỷ USD.",
        &["Eq 40 tỷ đồng 2030", "Eq 2 tỷ usd 2030"],
    );
}
#[test]
fn what_stands_inside_the_words_of_a_share() {
    check("Đến năm 2030, 95% học sinh tiểu học được học 2 buổi/ngày.", &["Eq 95 % 2030"]);
    check("Đến năm 2030, 80% hộ có thu nhập từ 100 triệu đồng/năm trở lên.", &["Eq 80 % 2030"]);
    check("Đến năm 2030 có 3 huyện có 100% xã đạt chuẩn.", &["Eq 3 huyện 2030"]);
    check("Đến năm 2030, 40% là người từ 70 tuổi trở lên.", &["Eq 40 % 2030"]);
}
#[test]
fn ranks_and_norms_are_no_targets() {
    check("Đến năm 2030, chỉ số cải cách nằm trong nhóm 15 tỉnh dẫn đầu.", &[]);
    check("Đến năm 2030 trồng 80 ha quế, mật độ trồng 3.300 cây/ha.", &["Eq 80 ha 2030"]);
}
#[test]
fn rates_with_words_between() {
    check("Đến năm 2030 đạt 9 kỹ sư trên một vạn dân.", &["Eq 9 kỹ sư/vạn dân 2030"]);
    check(
        "Đến năm 2030 có trên 0,5 doanh nghiệp công nghệ số trên 1.000 dân.",
        &["MoreThan 0.5 doanh nghiệp/1.000 dân 2030"],
    );
    check("Đến năm 2030 nhà ở đạt 29 m2 sàn/người.", &["Eq 29 m2 sàn/người 2030"]);
    check("Đến năm 2030 cấp nước 900 m3/ngày đêm.", &["Eq 900 m3/ngày đêm 2030"]);
    check(
        "Đến năm 2030 giá trị thu được trên 1 ha rừng đạt 90 triệu đồng.",
        &["Eq 90 triệu đồng 2030"],
    );
    check("Đến năm 2030 có 80 lượt hội viên dự tập huấn.", &["Eq 80 lượt hội viên 2030"]);
    check("Đến năm 2030 tỷ lệ giáo viên/lớp đạt 2,1.", &["Eq 2.1  2030"]);
}
#[test]
fn a_range_whose_rate_is_written_once() {
    check("Giai đoạn 2026 - 2030 tăng từ 6,0% đến 6,5%/năm.", &["Between 6..6.5 %/năm 2030"]);
}
#[test]
fn a_way_is_not_what_is_bound_from_below() {
    check("Năm 2027 kéo giảm số vụ từ 5% trở lên.", &["AtLeast 5 % 2027"]);
    check("Đến năm 2030 nâng cấp 60 km đường.", &["Eq 60 km 2030"]);
    check("Đến năm 2030, thời gian chờ giảm còn tối đa 20 phút.", &["AtMost 20 phút 2030"]);
}
#[test]
fn headings_that_their_text_follows_on_the_line() {
    check(
        "II. Mục tiêu\n- Đến năm 2030 có 8 chợ.\n2. Kinh phí: dự kiến 900.000.000 đồng.",
        &["Eq 8 chợ 2030"],
    );
    check(
        "Kế hoạch đến năm 2030\n1. Phạm vi: thị trấn và 04 xã, diện tích khoảng 900 ha.\n2. Quy mô: 12.000 người.",
        &["Eq 12000 người 2030"],
    );
    check(
        "Kế hoạch vụ xuân năm 2027\nI. Mục tiêu\n- Gieo 300 ha lúa.\nII. Kỹ thuật\n- Bón 8 tấn phân chuồng.",
        &["Eq 300 ha 2027"],
    );
}
#[test]
fn a_bound_in_the_words_before_a_verb() {
    check("Đến năm 2030, số tàu dài dưới 6 m còn không quá 90 chiếc.", &["AtMost 90 chiếc 2030"]);
    check("Đến năm 2030, hộ có trên 2 ha đất chiếm 35%.", &["Eq 35 % 2030"]);
}
#[test]
fn a_fund_that_supports_is_not_granted() {
    check(
        "Đến năm 2030 lập Quỹ hỗ trợ thanh niên có vốn điều lệ 15 tỷ đồng.",
        &["Eq 15 tỷ đồng 2030"],
    );
    check("Hỗ trợ 2 triệu đồng/người cho người ở xa trên 15 km.", &[]);
}
#[test]
fn fractions_of_what_is_today() {
    check("Đến năm 2030 giảm 2/3 số vụ cháy.", &[]);
    check(
        "Đến năm 2030 có 20 doanh nghiệp hoạt động/nghìn dân.",
        &["Eq 20 doanh nghiệp hoạt động/nghìn dân 2030"],
    );
    check("Đến năm 2030 trồng rau các loại 900 ha.", &["Eq 900 ha 2030"]);
}
#[test]
fn headings_closed_with_a_dash_a_stroke_or_brackets() {
    check(
        "A- TÌNH HÌNH\n(1) Diện tích đạt 700 ha.\nB- MỤC TIÊU ĐẾN NĂM 2030\n(1) Diện tích đạt 900 ha.\n(2) Có 3 nhà máy công suất trên 40 tấn/ngày.",
        &["Eq 900 ha 2030", "Eq 3 nhà máy 2030"],
    );
    check("I/ Kết quả\n1/ Đạt 50 ha.\nII/ Mục tiêu năm 2028\n1/ Đạt 70 ha.", &["Eq 70 ha 2028"]);
}
#[test]
fn who_does_it_and_how_often_are_no_targets() {
    check(
        "Kế hoạch năm 2028\nI. Mục tiêu\n- Xây dựng 9 mô hình.\nII. Tổ chức\n- Phân công 01 lãnh đạo phụ trách; tổ gồm 5 thành viên.\n- Họp ít nhất 01 lần/tháng.\n- Mở 4 lớp tập huấn, mỗi lớp 35 học viên, tại 4 xã.",
        &["Eq 9 mô hình 2028", "Eq 4 lớp tập huấn 2028"],
    );
}
#[test]
fn words_of_one_and_of_more_syllables() {
    check("Đến năm 2030 lắp 30 camera an ninh.", &["Eq 30 camera 2030"]);
    check("Đến năm 2030 in 40 pa-nô.", &["Eq 40 pa-nô 2030"]);
    check("Đến năm 2030 sưu tầm 90 hiện vật.", &["Eq 90 hiện vật 2030"]);
    check(
        "Đến năm 2030 lượng rau đạt tối thiểu 350 g/người/ngày.",
        &["AtLeast 350 g/người/ngày 2030"],
    );
}
#[test]
fn tables_with_tabs_and_with_strokes() {
    check(
        "Mục tiêu\nTT\tChỉ tiêu\tĐơn vị\tThực hiện 2025\tMục tiêu 2030\n1\tSố chợ\tchợ\t20\t26\n2\tTỷ lệ chợ hạng ba\t%\t40\t≥ 55\n3\tDoanh thu\ttriệu đồng/năm\t900\t1.200 - 1.300",
        &["Eq 26 chợ 2030", "AtLeast 55 % 2030", "Between 1200..1300 triệu đồng/năm 2030"],
    );
    check(
        "| Nội dung | 2025 | 2030 |\n|---|---|---|\n| Diện tích (ha) | 300 | 450 |\n| Số hộ | 90 | 120 |\n",
        &["Eq 450 ha 2030", "Eq 120 hộ 2030"],
    );
}
#[test]
fn lines_with_tabs_that_are_no_tables() {
    check(
        "1.\tĐến năm 2030 có 7 trạm.\n2.\tĐến năm 2030 có 8 chợ.",
        &["Eq 7 trạm 2030", "Eq 8 chợ 2030"],
    );
}
#[test]
fn what_a_plan_is_held_against_is_a_result() {
    check(
        "Kế hoạch năm 2027\nHuyện gieo trồng được 800 ha, đạt 97% kế hoạch. Thu ngân sách ước đạt 40 tỷ đồng. Tỷ lệ hộ nghèo hiện giảm còn 6%.",
        &[],
    );
    check(
        "KẾ HOẠCH NĂM 2027\nI. ƯỚC THỰC HIỆN NĂM 2026\nThu ngân sách 30 tỷ đồng.\nII. CHỈ TIÊU NĂM 2027\n- Thu ngân sách 33 tỷ đồng.",
        &["Eq 33 tỷ đồng 2027"],
    );
    check(
        "Đến năm 2030, kim ngạch xuất khẩu đạt 15 triệu USD (năm 2020 là 8 triệu USD).",
        &["Eq 15 triệu usd 2030"],
    );
}
#[test]
fn two_numbers_share_the_year_behind_the_second() {
    check(
        "Tỷ lệ giết mổ tập trung trâu bò và gia cầm tương ứng 50% và 40% vào năm 2025, 70% và 60% vào năm 2030.",
        &["Eq 50 % 2025", "Eq 40 % 2025", "Eq 70 % 2030", "Eq 60 % 2030"],
    );
}
#[test]
fn what_a_society_invests_is_no_budget() {
    check(
        "Mục tiêu đến năm 2030\n- Tổng vốn đầu tư toàn xã hội 5 năm: 90 tỷ đồng.",
        &["Eq 90 tỷ đồng 2030"],
    );
    check("Đến năm 2030 huy động hơn 20 tỷ đồng vốn xã hội hóa.", &["MoreThan 20 tỷ đồng 2030"]);
    check("Bố trí kinh phí 9 tỷ đồng, gồm hơn 60% ngân sách tỉnh.", &[]);
}
#[test]
fn years_that_only_describe() {
    check(
        "Kế hoạch giai đoạn 2026 - 2030\nSửa chữa 40 chung cư xây dựng trước năm 1975.",
        &["Eq 40 chung cư 2030"],
    );
}
#[test]
fn works_of_science_are_counted() {
    check("Đến năm 2030 thực hiện 12 nhiệm vụ khoa học và công nghệ.", &["Eq 12 nhiệm vụ 2030"]);
    check("Đến năm 2030 giá trị 1 ha rừng trồng đạt 80 triệu đồng.", &["Eq 80 triệu đồng 2030"]);
}
#[test]
fn the_plan_of_a_district_is_about_that_district() {
    let scope = |text: &str| read(text).targets.first().unwrap().scope.clone();
    assert_eq!(
        scope("KẾ HOẠCH\nGiảm nghèo huyện Bắc Hà năm 2027\nGiảm 90 hộ nghèo."),
        "group:huyện Bắc Hà"
    );
    assert_eq!(
        scope("Kế hoạch của tỉnh, giao huyện Bắc Hà, năm 2027\nGiảm 90 hộ nghèo."),
        "province"
    );
}
#[test]
fn years_without_the_word_before_a_colon() {
    check(
        "Giai đoạn 2026 - 2028: trồng 27 ha. Phân theo năm: 2026: 8 ha; 2027: 9 ha; 2028: 10 ha.",
        &["Eq 27 ha 2028", "Eq 8 ha 2026", "Eq 9 ha 2027", "Eq 10 ha 2028"],
    );
}
#[test]
fn a_year_held_against_the_one_before_it() {
    check(
        "Đề án du lịch đến năm 2030\nNăm 2026, huyện đón 900 lượt khách, tăng 5% so với năm 2025.",
        &[],
    );
}
#[test]
fn limits_of_technical_rules() {
    check("Đến năm 2030 nồng độ PM2.5 không vượt quá 25 µg/m3 theo QCVN 05:2013.", &[]);
    check("Đến năm 2030 số năm sống khỏe tối thiểu đạt 68 năm.", &["AtLeast 68 năm 2030"]);
}
#[test]
fn new_and_only_are_words_of_others_too() {
    check("Đến năm 2030, tỷ lệ xã nông thôn mới đạt 80%.", &["Eq 80 % 2030"]);
    check("Đến năm 2030, lao động có chứng chỉ đạt 30%.", &["Eq 30 % 2030"]);
    check("Kế hoạch năm 2030\nTuy nhiên mới có 3 mô hình.", &[]);
    check("Đến năm 2030 có 12 vận động viên.", &["Eq 12 vận động viên 2030"]);
    check("KẾ HOẠCH NĂM HỌC 2026 - 2027\nNăm học 2025 - 2026 có 40 trường.", &[]);
}
#[test]
fn a_report_goes_on_over_its_sentences() {
    check(
        "Kế hoạch năm 2027\nNhững năm qua, huyện có 40 lớp học. Tỷ lệ lớp kiên cố là 60%. Tuy nhiên, còn 9 phòng tạm.",
        &[],
    );
    check(
        "Kế hoạch năm 2027\nThời gian qua, huyện có 40 lớp học. Năm 2027 phấn đấu xây mới 12 phòng học.",
        &["Eq 12 phòng học 2027"],
    );
    check("Kế hoạch năm 2027\nKết nối vay vốn, hiện dư nợ 90 tỷ đồng với 400 hộ vay.", &[]);
    check(
        "I. Đặt vấn đề\nTỉnh có 90 trường, chiếm 20%.\nII. Mục tiêu năm 2027\n- Có 95 trường.",
        &["Eq 95 trường 2027"],
    );
}
#[test]
fn what_is_there_already_and_what_is_added() {
    check(
        "Mục tiêu đến năm 2030\n- Lấp đầy trên 80% diện tích 5 cụm công nghiệp hiện có; lập thêm 2 cụm công nghiệp.",
        &["MoreThan 80 % 2030", "Eq 2 cụm công nghiệp 2030"],
    );
    check("Giải pháp năm 2030\nRà soát, sắp xếp lại 107 trường.", &[]);
}
#[test]
fn the_words_of_a_share_may_count() {
    check(
        "Mục tiêu đến năm 2030\n- 95% trẻ được tiêm chủng với 12 loại vắc xin.",
        &["Eq 95 % 2030"],
    );
    check(
        "Mục tiêu đến năm 2030\n- Có ít nhất 20 sản phẩm đạt OCOP từ 3 sao trở lên.",
        &["AtLeast 20 sản phẩm 2030"],
    );
}
#[test]
fn sizes_densities_and_timetables() {
    check("Giải pháp đến năm 2030\n- Thả giống với mật độ 20 con/m2.", &[]);
    check(
        "Mục tiêu đến năm 2030\n- Mật độ điện thoại đạt 22 máy/100 dân.",
        &["Eq 22 máy/100 dân 2030"],
    );
    check("Nhiệm vụ năm 2030\n- Mở tuyến đường ven hồ dài 7,2 km, rộng 12 m.", &[]);
    check("Nhiệm vụ năm 2030\n- Mỗi quý tổ chức 01 đợt kiểm tra.", &[]);
    check("Nhiệm vụ năm 2030\n- Tổ chức ngày hội, dự kiến quy mô 200 đại biểu.", &[]);
}
#[test]
fn money_that_is_allotted() {
    check("Giải pháp đến năm 2030\n- Bố trí ít nhất 30% vốn đầu tư công cho giáo dục.", &[]);
    check("Giải pháp đến năm 2030\n- Hằng năm, bố trí không dưới 5 tỷ đồng từ ngân sách.", &[]);
    check("Nhiệm vụ năm 2030\n- Tổng vốn: 96 tỷ đồng.", &[]);
    check(
        "Giải pháp năm 2030\n- Hỗ trợ lao động trẻ về làm việc với mức 1,5 lần lương, tối đa 02 người/hợp tác xã.",
        &[],
    );
    check("Kinh phí năm 2030: 150 triệu đồng (Một trăm năm mươi triệu đồng).", &[]);
}
#[test]
fn the_year_of_the_plan_stands_last_in_its_title() {
    check(
        "KẾ HOẠCH\nThực hiện Đề án khởi nghiệp giai đoạn 2021 - 2030 năm 2027\nI. CHỈ TIÊU\n1. Hỗ trợ 150 phụ nữ.",
        &["Eq 150 phụ nữ 2027"],
    );
}
#[test]
fn a_flow_of_things_comes_each_year() {
    check(
        "Mục tiêu đến năm 2030\n- Bình quân mỗi năm thành lập 5 hợp tác xã.\n- Hằng năm, kết nạp 200 đảng viên trong nhiệm kỳ.",
        &["Eq 5 hợp tác xã yearly", "Eq 200 đảng viên 2030"],
    );
}
#[test]
fn what_a_plan_is_compared_with() {
    check(
        "Mục tiêu năm 2027\n- Thu 20 tỷ đồng, tăng 7% so với ước thực hiện năm 2026; xuất khẩu tăng 9% so năm 2026.",
        &["Eq 20 tỷ đồng 2027", "Eq 7 % 2027", "Eq 9 % 2027"],
    );
}
#[test]
fn names_that_hold_the_word_support() {
    check(
        "Mục tiêu đến năm 2030\n- Giá trị công nghiệp hỗ trợ tăng 9%/năm, chiếm 18% giá trị sản xuất.\n- Quỹ hỗ trợ phát triển hợp tác xã cho vay 18 tỷ đồng.",
        &["Eq 9 %/năm 2030", "Eq 18 % 2030", "Eq 18 tỷ đồng 2030"],
    );
}
#[test]
fn scales_and_dimensions_are_no_amounts() {
    check("Mục tiêu đến năm 2030\n- 60% đô thị có bản đồ tỷ lệ 1:2.000.", &["Eq 60 % 2030"]);
    check("Nhiệm vụ năm 2030\n- In áp phích kích thước 60 x 80 cm.", &[]);
}
#[test]
fn the_year_of_a_law_is_no_horizon() {
    check(
        "Kế hoạch giai đoạn 2026 - 2030\nII. MỤC TIÊU\n- Đến hết năm 2027 đăng ký lại cho 90% hợp tác xã theo Luật Hợp tác xã năm 2023.",
        &["Eq 90 % 2027"],
    );
}
#[test]
fn the_name_of_a_document_and_the_year_before_it() {
    check(
        "Kế hoạch thực hiện Đề án 1 triệu ha lúa năm 2030\nI. MỤC TIÊU\n- Có 45 ha.",
        &["Eq 45 ha 2030"],
    );
    check(
        "CHƯƠNG TRÌNH HÀNH ĐỘNG ĐẾN NĂM 2030\nNăm 2025, huyện đón 900 lượt khách.\nĐến năm 2030:\n- Đón 1.500 lượt khách.",
        &["Eq 1500 lượt khách 2030"],
    );
}
