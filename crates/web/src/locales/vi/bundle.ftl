
# Gói số liệu nhận từ hệ thống khác.
bundles-name = Gói số liệu đã nhận
bundles-heading = { $count } nơi gửi gói số liệu
bundles-under = Số liệu của hệ thống khác, có chữ ký số của nơi gửi, ghi nhận bằng hồ sơ trong sổ cái. Không trộn với sổ đăng ký ở đây.
bundles-none = Chưa nhận gói nào. Lệnh hoptac bundle accept nhận một gói.
bundles-sender = Nơi gửi
bundles-plan = Kế hoạch
bundles-day = Số liệu đến ngày
bundles-standings = Chỉ tiêu kế hoạch
bundles-received = Đã nhận
bundles-received-by = Nhận ngày { $day }, hồ sơ số { $position }.
bundles-synthetic = dữ liệu mô phỏng
bundles-unreadable = Không đọc được nội dung gói; hãy chạy hoptac verify.
bundle-heading = Số liệu của { $unit } đến ngày { $day }
bundle-origin = Kế hoạch { $plan }; nơi gửi lập gói ngày { $made } từ bút toán số { $position } của sổ cái nơi gửi.
bundle-synthetic = Số liệu trong gói là dữ liệu mô phỏng.
bundle-apart = Đây là số liệu nhận được, đúng như nơi gửi đã ký; hệ thống này không tính lại và không cộng vào số liệu của mình.
bundle-facts = Dữ kiện năm { $year }
bundle-facts-under = Số tổ chức thỏa từng điều kiện và tổng những gì các tổ chức đã khai, theo loại hình. Dữ kiện của quá ít tổ chức thì nơi gửi để trống.
bundle-fact = Dữ kiện
bundle-fact-hidden = quá ít tổ chức
bundle-no-facts = Gói này chỉ có số liệu, không kèm dữ kiện.
bundle-key = Khóa công khai của nơi gửi:
error-no-sender = Chưa nhận gói nào của nơi gửi “{ $sender }”.
