//! Rolls of members in the browser: masked, opened for a purpose that is filed first, sealed on their way in.

use hoptac_model::filing::FilingKind;

use super::filing_form::{Opened, hidden};
use super::*;

const JOIN: [(&str, &str); 6] = [
    ("member.kind", "person"),
    ("member.class", "official"),
    ("member.name", "Mẫu Thị Hoa"),
    ("member.personal_number", "020185000001"),
    ("member.capital", "5.000.000"),
    ("effective_on", "2026-01-20"),
];

/// An instance in which a member joined the near organisation by the form.
async fn joined() -> Instance {
    let instance = Instance::new().await;
    // A roll begins with being taken over; then members join.
    let mut chance = || {
        let mut bytes = [0; 32];
        chance(&mut bytes);
        bytes
    };
    let master = hoptac_model::seal::Key::new([7; 32]);
    let mut seals = hoptac_office::member::Seals { master: &master, chance: &mut chance };
    let text = r#"[{"kind": "person", "class": "official", "capital": 1000000, "name": "Mẫu Văn An", "sex": "male"}]"#;
    let (act, _) = hoptac_office::member::read_act(FilingKind::MemberRoll, text);
    let request = hoptac_office::member::Request {
        id: filing_id(NOW),
        recorded_at: NOW,
        effective_on: Date::constant(2026, 1, 10),
        organisation: instance.near,
        expected_version: None,
        key: None,
        origin: Origin::Live,
        act: act.unwrap(),
    };
    let actor = Actor::new("operator", Role::Operator);
    let taken = hoptac_office::member::file(&instance.store, &actor, &mut seals, request).await;
    taken.unwrap();
    let uri = format!("/to-chuc/{}/nop/thanh-vien-vao", instance.near);
    let mut form = Opened::of(&instance, "htx-gan", &uri).await;
    let mut fields = JOIN.to_vec();
    let mut filed = form.send(&instance, "nop", &fields).await;
    // Where the page was opened on a state that did not have the roll yet, it tells so before anything is filed.
    if filed.html.contains("đã thay đổi kể từ khi mở biểu mẫu") {
        form = form.again(&filed);
        filed = form.send(&instance, "nop", &fields).await;
    }
    let seen = if filed.status == StatusCode::SEE_OTHER {
        String::new()
    } else {
        hidden(&filed.html, "da_xem")
    };
    if filed.status != StatusCode::SEE_OTHER {
        fields.push(("da_xem", &seen));
        filed = form.send(&instance, "nop", &fields).await;
    }
    assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.html);
    instance
}

#[tokio::test]
async fn a_roll_is_masked_and_what_was_typed_is_sealed() {
    let instance = joined().await;
    let filed = instance.store.filings(0, 1000).await.unwrap();
    assert!(filed.iter().any(|filing| filing.kind == FilingKind::MemberJoin));
    assert!(
        !filed
            .iter()
            .any(|filing| filing.body.contains("Thị Hoa") || filing.body.contains("020185000001"))
    );
    let path = format!("/to-chuc/{}/thanh-vien", instance.near);
    for name in ["htx-gan", "xa-gan", "thanh-tra", "so-nnmt"] {
        let roll = instance.get(&path, &instance.signed_in(name).await).await;
        assert_eq!(roll.status, StatusCode::OK, "{name}: {}", roll.html);
        assert!(roll.html.contains("Mẫ* T** H**"), "{}", roll.html);
        assert!(!roll.html.contains("Thị Hoa") && !roll.html.contains("020185000001"), "{name}");
        assert_eq!(roll.headers[header::CACHE_CONTROL], "no-store");
    }
    // Who runs the machine, who owns the plan and who leads see counts, and no roll.
    for name in ["quan-tri", "so-tai-chinh", "lanh-dao"] {
        let cookie = instance.signed_in(name).await;
        assert_eq!(instance.get(&path, &cookie).await.status, StatusCode::FORBIDDEN, "{name}");
        let page = instance.get(&format!("/to-chuc/{}", instance.near), &cookie).await;
        assert!(page.html.contains("Theo sổ đăng ký thành viên") && !page.html.contains("Mẫ*"));
    }
    let elsewhere = format!("/to-chuc/{}/thanh-vien", instance.far);
    let other = instance.get(&elsewhere, &instance.signed_in("xa-gan").await).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn personal_data_open_for_a_purpose_that_is_filed_first() {
    let instance = joined().await;
    let path = format!("/to-chuc/{}/thanh-vien/xem", instance.near);
    let before = instance.store.position().await.unwrap();
    for name in ["quan-tri", "thanh-tra", "so-nnmt", "lanh-dao"] {
        let cookie = instance.signed_in(name).await;
        let answer = instance.post(&path, &cookie, &[("muc_dich", "xem thử")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {}", answer.html);
    }
    let registrar = instance.signed_in("xa-gan").await;
    let without = instance.post(&path, &registrar, &[("muc_dich", " ")]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!without.html.contains("Thị Hoa"), "{}", without.html);
    assert_eq!(instance.store.position().await.unwrap(), before, "nothing was read, nothing filed");
    let purpose = [("muc_dich", "đối chiếu hồ sơ thay đổi")];
    let opened = instance.post(&path, &registrar, &purpose).await;
    assert!(
        opened.html.contains("Mẫu Thị Hoa") && opened.html.contains("020185000001"),
        "{}",
        opened.html
    );
    assert_eq!(opened.headers[header::CACHE_CONTROL], "no-store");
    let filed = instance.store.find_filing(before + 1).await.unwrap().unwrap();
    assert_eq!((filed.kind, filed.actor.as_str()), (FilingKind::MemberDisclose, "xa-gan"));
    assert!(filed.body.contains("đối chiếu hồ sơ thay đổi") && !filed.body.contains("Thị Hoa"));
}

/// A file with rows of members, handed in by somebody who sees the organisation's roll.
async fn hand_in(instance: &Instance, cookie: &str, csv: &str) -> String {
    let boundary = "ranh-gioi";
    let (token, near) = (instance.form_token(cookie), instance.near.to_string());
    let part = |name: &str, value: &str| {
        format!("--{boundary}\r\nContent-Disposition: form-data; name={name}\r\n\r\n{value}\r\n")
    };
    let body = [
        part("\"ma_bieu_mau\"", &token),
        part("\"bieu\"", "members"),
        part("\"to-chuc\"", &near),
        part("\"tep\"; filename=\"thanh-vien.csv\"", csv),
        format!("--{boundary}--\r\n"),
    ]
    .concat();
    let request = Request::post("/nhap-lieu")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={boundary}"));
    let answer = instance.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.html);
    answer.headers.get(header::LOCATION).unwrap().to_str().unwrap().to_owned()
}

#[tokio::test]
async fn members_come_in_by_a_sheet_and_go_out_as_one() {
    let instance = joined().await;
    let registrar = instance.signed_in("xa-gan").await;
    let csv = "Họ và tên;Số CCCD;Loại thành viên;Vốn góp (triệu đồng);Ngày vào\n\
               Mẫu Thị Hoa;020185000001;chính thức;5;20/1/2026\n\
               Mẫu Văn Bí Mật;020085000009;chính thức;2;\n";
    let look = hand_in(&instance, &registrar, csv).await;
    // What lies in the database until it is taken is sealed.
    let id = look.rsplit('/').next().unwrap().split('?').next().unwrap();
    let kept = instance.store.find_sheet_draft(id, "xa-gan", today()).await.unwrap().unwrap();
    assert!(kept.contents.starts_with("x1."), "{}", kept.contents);
    let page = instance.get(&look, &registrar).await;
    assert!(page.html.contains("Mẫ* V** B* M**"), "{}", page.html);
    assert!(!page.html.contains("Bí Mật") && !page.html.contains("020085000009"));
    let taken = instance
        .post(
            &format!("{}/nhan", look.split('?').next().unwrap()),
            &registrar,
            &[("cach", "tat-ca")],
        )
        .await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.html);
    let filed = instance.store.filings(0, 1000).await.unwrap();
    assert!(!filed.iter().any(|filing| filing.body.contains("Bí Mật")));

    // Away again: masked for whoever sees the roll, in clear for a purpose that is filed first.
    let path = format!("/to-chuc/{}/thanh-vien", instance.near);
    let sheet = instance.get(&format!("{path}/bang.xlsx"), &registrar).await;
    assert_eq!(sheet.status, StatusCode::OK);
    let before = instance.store.position().await.unwrap();
    let without = instance.post(&format!("{path}/xuat"), &registrar, &[("muc_dich", "")]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(instance.store.position().await.unwrap(), before);
    let purpose = [("muc_dich", "đối chiếu danh sách")];
    let sheet = instance.post(&format!("{path}/xuat"), &registrar, &purpose).await;
    assert_eq!(sheet.status, StatusCode::OK);
    let filed = instance.store.find_filing(before + 1).await.unwrap().unwrap();
    assert!(filed.kind == FilingKind::MemberDisclose && filed.body.contains("\"export\""));
    let leader = instance.signed_in("lanh-dao").await;
    let refused = instance.get(&format!("{path}/bang.xlsx"), &leader).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}
