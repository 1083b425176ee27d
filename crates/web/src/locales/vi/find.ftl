
# Tìm và trang thiết kế.
find = Tìm
find-heading = Tìm
find-what = Tìm trang, chỉ tiêu, địa bàn, tổ chức
find-pages = Trang
find-targets = Chỉ tiêu
find-places = Địa bàn
find-until = đến { $day }
find-nothing = Không thấy gì khớp với “{ $text }”. Tên có thể gõ không dấu và viết tắt.
design-heading = Thành phần giao diện
design-under = Mỗi mẫu dưới đây do chính các hàm vẽ trang tạo ra; trang này đổi theo sáng, tối, tương phản cao và bản in.
design-colour = Màu
design-type = Chữ
design-standing = Tình trạng và dải ô
design-bullet = Thanh so với mục tiêu và đường nhỏ
design-table = Bảng
design-filter = Thanh lọc
design-form = Biểu mẫu
design-timeline = Dòng thời gian
design-map = Bản đồ
design-dialog = Hộp tìm nhanh và thông báo
design-dialog-how = Mở hộp tìm nhanh bằng
design-toast = Đã lưu chỗ sửa.
design-empty = Khi không có gì
design-caution = Lưu ý
design-error = Trang lỗi
design-error-see = Xem trang lỗi có lối đi tiếp
