//! Views that people keep: only their own, only of lists, and nothing in a name or a question that leads elsewhere.

use axum::http::StatusCode;

use super::Instance;

fn fields<'a>(path: &'a str, query: &'a str, name: &'a str) -> [(&'a str, &'a str); 3] {
    [("duong", path), ("hoi", query), ("ten", name)]
}

#[tokio::test]
async fn a_view_is_kept_shown_and_dropped_by_its_keeper_alone() {
    let instance = Instance::new().await;
    let (own, other) =
        (instance.signed_in("lanh-dao").await, instance.signed_in("thanh-tra").await);
    let before = instance.store.position().await.unwrap();
    let view = fields("/dang-ky", "kind=tht&q=a%26b", "Tổ hợp tác a&b");
    let kept = instance.post("/cach-xem", &own, &view).await;
    assert_eq!(
        (kept.status, kept.location()),
        (StatusCode::SEE_OTHER, "/dang-ky?kind=tht&q=a%26b")
    );
    let list = instance.get("/dang-ky", &own).await.html;
    assert!(list.contains("Tổ hợp tác a&amp;b") && list.contains("/dang-ky?kind=tht&amp;q=a%26b"));
    // Where the view is what is shown, it can be dropped; a position in the list is no part of it.
    let here = instance.get("/dang-ky?kind=tht&q=a%26b&from=50", &own).await.html;
    assert!(here.contains("Bỏ cách xem “Tổ hợp tác a&amp;b”"), "{here}");
    assert!(!instance.get("/dang-ky", &other).await.html.contains("Tổ hợp tác a&amp;b"));
    instance.post("/cach-xem/bo", &other, &view).await;
    assert!(instance.get("/dang-ky", &own).await.html.contains("Tổ hợp tác a&amp;b"));
    let dropped = instance.post("/cach-xem/bo", &own, &view).await;
    assert_eq!(dropped.status, StatusCode::SEE_OTHER);
    assert!(!instance.get("/dang-ky", &own).await.html.contains("Tổ hợp tác a&amp;b"));
    assert_eq!(instance.store.position().await.unwrap(), before, "a view is no filing");
}

#[tokio::test]
async fn a_view_leads_to_a_list_and_nowhere_else() {
    let instance = Instance::new().await;
    let own = instance.signed_in("lanh-dao").await;
    let long = "a".repeat(61);
    for (path, query, name) in [
        ("https://example.org/", "", "a"),
        ("//example.org", "", "a"),
        ("/quan-tri", "", "a"),
        ("/dang-ky/../quan-tri", "", "a"),
        ("/dang-ky", "a\r\nSet-Cookie: b=c", "a"),
        ("/dang-ky", "a=ă", "a"),
        ("/dang-ky", "a#b", "a"),
        ("/dang-ky", "", ""),
        ("/dang-ky", "", "hai\ndòng"),
        ("/dang-ky", "", &long),
    ] {
        let answer = instance.post("/cach-xem", &own, &fields(path, query, name)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {query} {name}");
        assert!(
            !answer.html.contains("href=\"https://example.org")
                && !answer.html.contains("href=\"//example")
        );
        let dropped = instance.post("/cach-xem/bo", &own, &fields(path, query, name)).await;
        assert!(
            dropped.location().starts_with('/') && !dropped.location().starts_with("//"),
            "{path}"
        );
    }
    let script = fields("/chuoi", "theo=san-pham", "<script>alert(1)</script>");
    assert_eq!(instance.post("/cach-xem", &own, &script).await.status, StatusCode::SEE_OTHER);
    let page = instance.get("/chuoi", &own).await.html;
    assert!(
        page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !page.contains("<script>alert")
    );
    let without = instance.post_plainly("/cach-xem", &own, &script, &[]).await;
    assert_eq!(without.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn lists_of_what_organisations_do_end_with_the_scope() {
    let instance = Instance::new().await;
    let (registrar, leader) =
        (instance.signed_in("xa-gan").await, instance.signed_in("lanh-dao").await);
    for uri in ["/chuoi", "/chuong-trinh/nd98-tu-van?ket-qua=not_met", "/dang-ky", "/dang-ky.csv"] {
        let all = instance.get(uri, &leader).await.html;
        assert!(all.contains("Gần Bình Gia") && all.contains("Xa Đồng Đăng"), "{uri}: {all}");
        let part = instance.get(uri, &registrar).await.html;
        assert!(part.contains("Gần Bình Gia") && !part.contains("Xa Đồng Đăng"), "{uri}");
    }
}

#[tokio::test]
async fn every_day_of_a_filing_can_be_gone_to_without_a_script() {
    let instance = Instance::new().await;
    let leader = instance.signed_in("lanh-dao").await;
    let page = instance.get(&format!("/to-chuc/{}", instance.near), &leader).await.html;
    let form = page.split("data-moments").nth(1).and_then(|rest| rest.split("</form>").next());
    let form = form.expect("a form of its days");
    assert!(form.contains("<option value=\"2024-03-01\">1/3/2024</option>"), "{form}");
    assert_eq!(form.matches(" selected").count(), 1);
}
