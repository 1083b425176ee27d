
# Ranh giới đơn vị hành chính.
boundaries-heading = Ranh giới trên bản đồ
boundaries-under = Ranh giới tỉnh, huyện, xã lấy từ tệp GeoJSON của cơ quan; mỗi lần nạp là một hồ sơ trong sổ cái.
boundaries-file-help = FeatureCollection, đa giác tính bằng độ WGS 84. Mỗi đối tượng ghi mã đơn vị (code, ma, ma_xa), hoặc tên khi không có mã. Tệp được giữ đến hết ngày mai để xem trước.
boundaries-loaded = Các lần nạp còn hiệu lực
boundaries-none = Chưa nạp ranh giới nào; bản đồ vẽ mỗi đơn vị bằng một vòng tròn.
boundaries-added = Mới
boundaries-changed = Thay đổi
boundaries-units = Đơn vị có ranh giới
boundaries-undo = Rút lại lần nạp { $file }
boundaries-undo-help = Ranh giới trước lần nạp này có hiệu lực lại. Sổ cái giữ cả hai hồ sơ.
boundaries-sums = { $added } đơn vị có ranh giới mới, { $changed } đơn vị đổi ranh giới, { $left } đối tượng bị bỏ qua.
boundaries-accept = Nạp ranh giới
boundaries-nothing = Tệp không làm thay đổi ranh giới của đơn vị nào.
boundaries-feature = Đối tượng trong tệp
boundaries-unit = Đơn vị
boundaries-fate = Kết quả
boundaries-fate-new = Ranh giới mới
boundaries-fate-changed = Đổi ranh giới
boundaries-fate-same = Không đổi
