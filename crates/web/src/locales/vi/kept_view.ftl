
# Cách xem đã lưu của một danh sách.
views-kept = Cách xem đã lưu
views-keep = Lưu cách xem này
views-name = Tên cách xem
views-save = Lưu
views-drop = Bỏ cách xem “{ $name }”
views-back = Về danh sách
views-fault = Chưa lưu được cách xem.
views-fault-name = Cách xem cần một tên không quá 60 chữ, viết trên một dòng.
views-fault-many = Mỗi tài khoản lưu tối đa 60 cách xem; hãy bỏ bớt cách xem không còn dùng.
views-fault-list = Danh sách này không lưu được cách xem.
