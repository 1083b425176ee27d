//! Spreadsheets in the browser: what is looked over is confirmed, taken, or stopped without a trace.

use super::*;

/// The heads of a list of organisations.
pub(super) const HEADS: &str =
    "Tên tổ chức;Loại hình;Ngày thành lập;Xã, phường;Ngành chính (VSIC);Số thành viên";

/// Hands a file in, and says where it is looked over.
async fn hand_in(instance: &Instance, cookie: &str, csv: &str) -> String {
    let boundary = "chia-tay";
    let token = instance.form_token(cookie);
    let body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"ma_bieu_mau\"\r\n\r\n{token}\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"tep\"; filename=\"to.csv\"\r\n\r\n{csv}\r\n\
         --{boundary}--\r\n"
    );
    let request = Request::post("/nhap-lieu")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={boundary}"));
    let answer = instance.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.html);
    answer.location().split('?').next().unwrap().to_owned()
}

/// Hands a file in and takes its good rows.
pub(super) async fn take(instance: &Instance, cookie: &str, csv: &str) {
    let look = hand_in(instance, cookie, csv).await;
    let fields = [("cach", "hop-le")];
    let taken = instance.post(&format!("{look}/nhan"), cookie, &fields).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.html);
}

#[tokio::test]
async fn a_taking_that_is_stopped_leaves_nothing_and_keeps_the_file() {
    let instance = Instance::new().await;
    let operator = instance.signed_in("quan-tri").await;
    let mut csv = HEADS.to_owned();
    for number in 0..60 {
        write!(csv, "\nTổ hợp tác Số {number};THT;1/4/2024;06112;A;9").unwrap();
    }
    let look = hand_in(&instance, &operator, &csv).await;
    let before = instance.store.position().await.unwrap();

    let fields = [("cach", "tat-ca")];
    let path = format!("{look}/nhan?viec=dung-lai");
    let take = instance.post(&path, &operator, &fields);
    let stop = async {
        // Stopping what has not begun does nothing; once it has begun, it ends.
        loop {
            let stopped = instance.post("/nhap-lieu/viec/dung-lai/dung", &operator, &[]).await;
            assert_eq!(stopped.status, StatusCode::NO_CONTENT, "{}", stopped.html);
            tokio::task::yield_now().await;
        }
    };
    let taken = tokio::select! {
        biased;
        taken = take => taken,
        () = stop => unreachable!("it never ends by itself"),
    };
    assert_eq!(taken.status, StatusCode::CONFLICT, "{}", taken.html);
    assert!(taken.html.contains("Chưa có gì của tệp này được ghi vào sổ cái"), "{}", taken.html);
    assert_eq!(instance.store.position().await.unwrap(), before);
    assert!(instance.store.imports().await.unwrap().is_empty());

    // The file is still there to be taken.
    let taken = instance.post(&format!("{look}/nhan"), &operator, &fields).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.html);
    assert_eq!(instance.store.position().await.unwrap(), before + 61);
}

#[tokio::test]
async fn a_proposed_column_is_shown_with_its_head() {
    let instance = Instance::new().await;
    let operator = instance.signed_in("quan-tri").await;
    let csv = "Tên tổ chức;Loại hình;Ghi chép & sổ;Xã, phường;Ngành chính (VSIC);Số thành viên\n\
               Tổ hợp tác Bưởi Quảng Lạc;THT;15/5/2023;06112;A;7\n\
               Tổ hợp tác Ong rừng Vũ Lễ;THT;16/5/2023;06112;A;8\n\
               Tổ hợp tác Thạch đen Tràng Định;THT;17/5/2023;06112;A;9\n";
    let look = hand_in(&instance, &operator, csv).await;
    let page = instance.get(&look, &operator).await;
    let shown = "<strong>C</strong> <q lang=\"vi\">Ghi chép &amp; sổ</q> → Ngày thành lập";
    assert!(page.html.contains(shown), "{}", page.html);
    assert!(!page.html.contains("value=\"hop-le\""), "nothing is taken before it is confirmed");
}
