
# Các lưu ý về kế hoạch.
findings-heading = Điểm cần xem lại của kế hoạch
findings-none = Các con số của kế hoạch khớp với nhau; không có điểm nào cần quyết định.
findings-count = { $errors } chỗ không thể cùng đạt, { $warnings } chỗ cần quyết định, { $notes } điều nên biết; mỗi lưu ý đứng cạnh chỉ tiêu của nó.
findings-quiet = { $quiet } lưu ý đã được chấp nhận đến một ngày.
findings-all-codes = Tất cả các mã lưu ý
finding-decision = Cần quyết định:
finding-also = Liên quan đến:
finding-figures = Dựa trên số liệu công bố: { $figures }.
finding-help = Mã này nghĩa là gì
finding-accepted = đã được chấp nhận đến hết ngày { $day }
finding-accepted-ended = Việc chấp nhận đã hết hạn ngày { $day }.
finding-accepted-why = Lý do chấp nhận: { $reason }. Chịu trách nhiệm: { $owner }.
severity-error = Không thể cùng đạt
severity-warning = Cần quyết định
severity-note = Nên biết
error-no-code = Không có mã lưu ý “{ $id }”.
