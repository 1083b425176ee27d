# Phân bổ chỉ tiêu cho các đơn vị
cascade-heading = Phân bổ chỉ tiêu
cascade-under = Chia con số của cả địa bàn cho từng đơn vị theo số nguyên, tổng từng năm đúng bằng số kế hoạch đặt ra.
cascade-targets = Chỉ tiêu có thể phân bổ
cascade-by = Đang áp dụng
cascade-what-to-do = Việc có thể làm
cascade-not-yet = Chưa phân bổ
cascade-propose = Lập đề xuất
cascade-decision = { $number } ngày { $day }
cascade-of = Phân bổ: { $label }
cascade-weight = Trọng số { $measure }
cascade-aim = Đặt tổng ở
cascade-sum-at = Hoặc tổng bằng
cascade-floor-each = Mỗi đơn vị ít nhất
cascade-ceiling-each = Mỗi đơn vị nhiều nhất
cascade-reach = Phải đủ để đạt
cascade-reach-none = Không xét
cascade-keep = Giữ phần đã giao cho đơn vị cũ
cascade-keep-none = Không giữ
cascade-places = Đơn vị của ngày
cascade-bounds-help = Trong các ô sàn, trần, cố định: 2 là mỗi năm; 2027=3 là riêng năm 2027; cộng=9 là cả các năm. Nhiều điều kiện cách nhau bằng dấu chấm phẩy. Mũi tên lên, xuống để sang đơn vị khác.
cascade-unread = Không đọc được “{ $piece }”. Hãy ghi 2, 2027=3 hoặc cộng=9.
cascade-agrees-range = { $units } đơn vị; mỗi năm kế hoạch đặt từ { $least } đến { $most }, tổng các phần khớp từng năm.
cascade-agrees = { $units } đơn vị; kế hoạch đặt ít nhất { $least }, tổng các phần khớp.
cascade-again = Tính lại
cascade-unit = Đơn vị
cascade-share = Tỷ trọng
cascade-sum = Cộng
cascade-floor = Sàn
cascade-ceiling = Trần
cascade-fixed = Cố định
cascade-adopt-heading = Giao các phần này
cascade-reason = Lý do
cascade-number = Số, ký hiệu văn bản
cascade-day = Ngày văn bản
cascade-issuer = Cơ quan ban hành
cascade-from = Áp dụng từ ngày
cascade-adopt = Giao chỉ tiêu
cascade-nothing = Chưa có đề xuất nào để giao; hãy nới các điều kiện trước.
cascade-moved = Số liệu hoặc điều kiện đã thay đổi từ khi trang này được mở. Xem lại đề xuất rồi giao.
cascade-consequence = Sau khi giao, { $units } đơn vị có phần riêng trên bảng chỉ tiêu; cộng lại là { $given } cho kỳ đầu, ba năm qua bình quân mỗi năm có { $pace }.
cascade-replaces = Phân bổ theo { $decision } hết áp dụng từ ngày đó; hồ sơ cũ vẫn xem được.
cascade-given = { $label }: { $met } trong { $units } đơn vị đã đạt phần được giao
cascade-since = áp dụng từ { $day }
cascade-because = Lý do: { $reason }.
cascade-part-of = Giao { $year }
cascade-to-come = Chưa đến kỳ

# Ai cần làm gì, trang của lãnh đạo
act-name = Ai cần làm gì
act-heading = { $count } chỉ tiêu chậm hoặc khó đạt: ai cần làm gì
act-agencies = Cơ quan chủ trì
act-missing = hiện có { $value }, cần { $goal }, còn thiếu { $missing }; khả năng đạt { $chance }
act-pace = cần { $needed } mỗi năm từ nay
act-of-late = ba năm qua { $late } mỗi năm
act-times = gấp { $times } lần
act-this-year = phải xong trong năm nay
act-units = Địa bàn:
