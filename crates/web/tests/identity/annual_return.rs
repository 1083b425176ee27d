//! Yearly returns in the browser: filled in and kept, handed in, sent back with reasons, accepted; who sees and does what.

use hoptac_model::filing::FilingKind;

use super::filing_form::hidden;
use super::*;

const CELLS: [(&str, &str); 5] = [
    ("nam", "2025"),
    ("o.members_total", "7"),
    ("o.members_official", "7"),
    ("o.revenue", "1.250.000.000"),
    ("o.general_meeting_held", "co"),
];

fn with<'a>(fields: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().chain(more).copied().collect()
}

#[tokio::test]
async fn what_is_typed_is_kept_for_who_types_it_and_files_nothing() {
    let instance = Instance::new().await;
    let path = format!("/to-chuc/{}/bao-cao-nam", instance.near);
    let own = instance.signed_in("htx-gan").await;
    let before = instance.store.position().await.unwrap();
    let kept = instance.post(&path, &own, &with(&CELLS, &[("viec", "luu")])).await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.html);
    assert!(kept.html.contains("Đã lưu bản nháp"), "{}", kept.html);
    assert_eq!(instance.store.position().await.unwrap(), before);
    let again = instance.get(&format!("{path}?nam=2025"), &own).await;
    assert!(again.html.contains("value=\"1.250.000.000\""), "{}", again.html);
    // It is this account's, and nobody else's.
    let registrar = instance.signed_in("xa-gan").await;
    let other = instance.get(&format!("{path}?nam=2025"), &registrar).await;
    assert!(!other.html.contains("1.250.000.000"));
}

#[tokio::test]
async fn a_return_goes_its_way_and_back_and_is_accepted_as_handed_in() {
    let instance = Instance::new().await;
    let path = format!("/to-chuc/{}/bao-cao-nam", instance.near);
    let year = format!("{path}?nam=2025");
    let own = instance.signed_in("htx-gan").await;
    let wrong =
        with(&CELLS, &[("viec", "nop"), ("o.capital_charter", "tám"), ("o.women", "nhiều")]);
    let wrong: Vec<_> = wrong
        .into_iter()
        .map(|(n, v)| if n == "o.revenue" { (n, "tỷ rưỡi") } else { (n, v) })
        .collect();
    let refused = instance.post(&path, &own, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.html.contains("“tỷ rưỡi” không phải là số nguyên"), "{}", refused.html);
    let handed = instance
        .post(&path, &own, &with(&CELLS, &[("viec", "nop"), ("effective_on", "2026-01-10")]))
        .await;
    assert_eq!(handed.status, StatusCode::SEE_OTHER, "{}", handed.html);

    // The registrar's queue has it first; the organisation itself decides nothing.
    let registrar = instance.signed_in("xa-gan").await;
    let queue = instance.get("/bao-cao-nam?nam=2025&tinh-trang=submitted", &registrar).await;
    assert!(queue.html.contains("Tổ hợp tác Gần Bình Gia"), "{}", queue.html);
    let review = instance.get(&year, &registrar).await;
    let number = hidden(&review.html, "so");
    let decide = format!("{path}/xu-ly");
    let back = [
        ("nam", "2025"),
        ("so", number.as_str()),
        ("viec", "tra-lai"),
        ("ly_do.revenue", "thiếu doanh thu quý IV"),
        ("nhan_xet", "đề nghị bổ sung"),
    ];
    assert_eq!(instance.post(&decide, &own, &back).await.status, StatusCode::FORBIDDEN);
    let without = [("nam", "2025"), ("so", number.as_str()), ("viec", "tra-lai")];
    let without = instance.post(&decide, &registrar, &without).await;
    assert!(without.html.contains("Chưa nêu điểm nào cần sửa"), "{}", without.html);
    let sent = instance.post(&decide, &registrar, &back).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    let seen = instance.get(&year, &own).await;
    assert!(seen.html.contains("thiếu doanh thu quý IV") && seen.html.contains("đề nghị bổ sung"));
    assert!(seen.html.contains("data-state=\"commented\""), "{}", seen.html);

    let better = with(&CELLS, &[("viec", "nop"), ("effective_on", "2026-01-20")]);
    let better: Vec<_> = better
        .into_iter()
        .map(|(n, v)| if n == "o.revenue" { (n, "1.500.000.000") } else { (n, v) })
        .collect();
    let again = instance.post(&path, &own, &better).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.html);
    // Whoever decides on what they saw before does not decide on what is there now.
    let accept = [("nam", "2025"), ("so", number.as_str()), ("viec", "chap-nhan")];
    let stale = instance.post(&decide, &registrar, &accept).await;
    assert!(stale.html.contains("Tổ chức vừa nộp bản khác"), "{}", stale.html);
    let number = hidden(&instance.get(&year, &registrar).await.html, "so");
    let accept = [("nam", "2025"), ("so", number.as_str()), ("viec", "chap-nhan")];
    let done = instance.post(&decide, &registrar, &accept).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
    let accepted = instance.store.accepted_returns(2025).await.unwrap();
    let one = accepted.iter().find(|one| one.organisation == instance.near).unwrap();
    assert_eq!((one.values["revenue"], one.on), (1_500_000_000, Date::constant(2026, 1, 20)));
    assert!(one.late, "it was handed in after the due date");
    let filed = instance.store.filings(0, 1000).await.unwrap();
    let kinds = filed
        .iter()
        .filter(|filing| filing.kind.code().starts_with("return."))
        .map(|filing| filing.kind);
    let want = [
        FilingKind::ReturnSubmit,
        FilingKind::ReturnSendBack,
        FilingKind::ReturnSubmit,
        FilingKind::ReturnAccept,
    ];
    assert_eq!(kinds.collect::<Vec<_>>(), want);
}

#[tokio::test]
async fn returns_elsewhere_do_not_exist() {
    let instance = Instance::new().await;
    let registrar = instance.signed_in("xa-gan").await;
    let list = instance.get("/bao-cao-nam?nam=2025", &registrar).await;
    assert!(list.html.contains("Gần Bình Gia") && !list.html.contains("Xa Đồng Đăng"));
    let path = format!("/to-chuc/{}/bao-cao-nam", instance.far);
    assert_eq!(instance.get(&path, &registrar).await.status, StatusCode::NOT_FOUND);
    let sent = instance.post(&path, &registrar, &with(&CELLS, &[("viec", "nop")])).await;
    assert_eq!(sent.status, StatusCode::NOT_FOUND);
    let decided = instance.post(&format!("{path}/xu-ly"), &registrar, &CELLS).await;
    assert_eq!(decided.status, StatusCode::NOT_FOUND);
    let odd = instance.get("/bao-cao-nam?nam=9999", &registrar).await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST);
}
