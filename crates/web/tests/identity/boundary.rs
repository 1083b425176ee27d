//! Outlines of units in the browser: looked over, loaded, drawn on the map, and taken back.

use super::*;

const SQUARE: &str = r#"{"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"code": "05977", "name": "Đông Kinh"}, "geometry": {"type": "Polygon",
        "coordinates": [[[106.7, 21.8], [106.8, 21.8], [106.8, 21.9], [106.7, 21.8]]]}},
    {"type": "Feature", "properties": {"code": "99998"}, "geometry": {"type": "Polygon",
        "coordinates": [[[106.7, 21.8], [106.8, 21.8], [106.8, 21.9], [106.7, 21.8]]]}}]}"#;

async fn hand_in(instance: &Instance, cookie: &str, contents: &str) -> Answer {
    let boundary = "vach-ngan";
    let token = instance.form_token(cookie);
    let part = |name: &str, value: &str| {
        format!("--{boundary}\r\nContent-Disposition: form-data; name={name}\r\n\r\n{value}\r\n")
    };
    let body = [
        part("\"ma_bieu_mau\"", &token),
        part("\"tep\"; filename=\"xa.geojson\"", contents),
        format!("--{boundary}--\r\n"),
    ]
    .concat();
    let request = Request::post("/ranh-gioi")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={boundary}"));
    instance.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn outlines_are_looked_over_loaded_drawn_and_taken_back() {
    let instance = Instance::new().await;
    let owner = instance.signed_in("quan-tri").await;
    let map = "/ban-do?level=commune&as_of=2026-01-20";
    let drawn = |answer: &Answer| answer.html.matches("<path class=\"outline\"").count();
    assert_eq!(drawn(&instance.get(map, &owner).await), 0);
    let broken = hand_in(&instance, &owner, "{\"type\": \"Feature\"}").await;
    assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(broken.html.contains("không phải là FeatureCollection"), "{}", broken.html);

    let before = instance.store.position().await.unwrap();
    let handed = hand_in(&instance, &owner, SQUARE).await;
    assert_eq!(handed.status, StatusCode::SEE_OTHER, "{}", handed.html);
    let look = handed.headers.get(header::LOCATION).unwrap().to_str().unwrap().to_owned();
    let page = instance.get(&look, &owner).await;
    assert!(page.html.contains("không có đơn vị mang mã 99998"), "{}", page.html);
    assert!(page.html.contains("1 đơn vị có ranh giới mới"), "{}", page.html);
    assert_eq!(instance.store.position().await.unwrap(), before);

    let take = format!("{}/nhan", look.split('?').next().unwrap());
    let taken = instance.post(&take, &owner, &[]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.html);
    assert_eq!(instance.store.position().await.unwrap(), before + 1);
    assert_eq!(drawn(&instance.get(map, &owner).await), 1);
    let list = instance.get("/ranh-gioi", &owner).await;
    assert!(list.html.contains("Rút lại lần nạp xa.geojson"), "{}", list.html);
    // A second click finds the file gone, and files nothing.
    assert_eq!(instance.post(&take, &owner, &[]).await.status, StatusCode::NOT_FOUND);

    let undo = format!("/ranh-gioi/lan/{}/rut", before + 1);
    let silent = instance.post(&undo, &owner, &[("ly-do", " ")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", silent.html);
    let undone = instance.post(&undo, &owner, &[("ly-do", "thử")]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.html);
    assert_eq!(drawn(&instance.get(map, &owner).await), 0);
    let registrar = instance.signed_in("xa-gan").await;
    assert_eq!(instance.get("/ranh-gioi", &registrar).await.status, StatusCode::FORBIDDEN);
}
