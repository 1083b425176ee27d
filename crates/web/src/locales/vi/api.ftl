# Giao diện cho phần mềm.
api-heading = Giao diện cho phần mềm (API)
api-intro = Mọi số liệu trên các trang đều lấy được ở đây dưới dạng JSON, và hồ sơ nộp được qua đây. Mã truy cập tạo ở trang tài khoản; mã không bao giờ làm được nhiều hơn tài khoản của nó.
api-contents = Mục lục
api-parameters = Tham số
api-answer = Trường trả về
api-needs = Quyền cần có:
api-problems = Các loại lỗi
api-problems-help = Lỗi trả về dưới dạng application/problem+json: câu mô tả ở detail, từng điểm ở errors kèm đường dẫn của trường. Câu theo Accept-Language.
api-problem = Loại
api-status = Mã HTTP
api-meaning = Ý nghĩa
