//! Filings as forms: what is checked, filed, refused, and what others did meanwhile.

use super::*;

/// The value of a hidden field of a page.
pub(super) fn hidden(html: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let rest = html.split(&mark).nth(1).unwrap_or_else(|| panic!("{name} is not in {html}"));
    rest.split('"').next().unwrap().to_owned()
}

pub(super) struct Opened {
    uri: String,
    cookie: String,
    version: String,
    key: String,
}

impl Opened {
    pub(super) async fn of(instance: &Instance, name: &str, uri: &str) -> Self {
        let cookie = instance.signed_in(name).await;
        let page = instance.get(uri, &cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.html);
        let (version, key) = (hidden(&page.html, "phien_ban"), hidden(&page.html, "khoa"));
        let uri = uri.split('?').next().unwrap().to_owned();
        Self { uri, cookie, version, key }
    }

    /// The same form, opened again on what an answer shows.
    pub(super) fn again(self, answer: &Answer) -> Self {
        Self { version: hidden(&answer.html, "phien_ban"), ..self }
    }

    pub(super) async fn send(
        &self,
        instance: &Instance,
        act: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let mut all =
            vec![("viec", act), ("phien_ban", self.version.as_str()), ("khoa", self.key.as_str())];
        all.extend_from_slice(fields);
        instance.post(&self.uri, &self.cookie, &all).await
    }
}

const SUSPEND: [(&str, &str); 2] = [("reason", "mưa lũ"), ("effective_on", "2025-09-01")];

#[tokio::test]
async fn a_filing_is_checked_filed_shown_and_put_right() {
    let instance = Instance::new().await;
    let path = format!("/to-chuc/{}", instance.near);
    let form = Opened::of(&instance, "xa-gan", &format!("{path}/nop/tam-ngung")).await;
    let before = instance.store.position().await.unwrap();

    let checked = form.send(&instance, "kiem-tra", &SUSPEND).await;
    assert_eq!(checked.status, StatusCode::OK, "{}", checked.html);
    assert!(checked.html.contains("Nếu nộp hồ sơ này"), "{}", checked.html);
    assert_eq!(instance.store.position().await.unwrap(), before, "a check files nothing");

    // What is filed in spite of a warning was seen with it before.
    let warned = form.send(&instance, "nop", &SUSPEND).await;
    assert_eq!(warned.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", warned.html);
    let seen = hidden(&warned.html, "da_xem");
    assert!(seen.contains("filing.late"), "{seen}");
    let mut fields = SUSPEND.to_vec();
    fields.push(("da_xem", &seen));
    let filed = form.send(&instance, "nop", &fields).await;
    assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.html);
    let page = instance.get(filed.location(), &form.cookie).await;
    assert!(page.html.contains("Đã chấp nhận hồ sơ số"), "{}", page.html);
    assert!(page.html.contains("tạm ngừng"), "the page shows the new state at once");
    // Sent twice, it is filed once.
    let again = form.send(&instance, "nop", &fields).await;
    assert_eq!(instance.store.position().await.unwrap(), before + 1, "{}", again.html);

    // The way to put it right leads to the filing, with what was filed.
    let undo = page.html.split("/nop/dinh-chinh?ho_so=").nth(1).unwrap();
    let filing = undo.split('"').next().unwrap();
    let uri = format!("{path}/nop/dinh-chinh?ho_so={filing}");
    let correction = Opened::of(&instance, "xa-gan", &uri).await;
    let strike = [
        ("filing", filing),
        ("cach", "huy"),
        ("reason", "nộp nhầm tổ chức"),
        ("effective_on", "2025-09-01"),
    ];
    let struck = correction.send(&instance, "nop", &strike).await;
    assert_eq!(struck.status, StatusCode::SEE_OTHER, "{}", struck.html);
    let card = instance.store.find_organisation(instance.near).await.unwrap().unwrap();
    assert_eq!(card.status.code(), "operating");
}

#[tokio::test]
async fn an_organisation_is_registered_once_and_near_names_are_shown_first() {
    let instance = Instance::new().await;
    let form = Opened::of(&instance, "xa-gan", "/dang-ky/moi").await;
    let fields = [
        ("kind", "THT"),
        ("name", "Tổ hợp tác Gần  Bình Gia"),
        ("seat", "Xã Bình Gia (06112)"),
        ("vsic", "A"),
        ("members", "1.0"),
        ("effective_on", "2026-01-05"),
    ];
    let unread = form.send(&instance, "nop", &fields).await;
    assert!(unread.html.contains("“1.0” không phải là số nguyên"), "{}", unread.html);
    let mut fields =
        fields.map(|(name, value)| (name, if name == "members" { "9" } else { value })).to_vec();
    let warned = form.send(&instance, "nop", &fields).await;
    assert!(warned.html.contains("có thể là cùng một tổ chức"), "{}", warned.html);
    assert!(warned.html.contains(&format!("/to-chuc/{}", instance.near)), "a way to it is offered");
    let seen = hidden(&warned.html, "da_xem");
    fields.push(("da_xem", &seen));
    let filed = form.send(&instance, "nop", &fields).await;
    assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.html);
    let page = instance.get(filed.location(), &form.cookie).await;
    assert!(page.html.contains("Tổ hợp tác Gần"), "{}", page.html);
    let before = instance.store.position().await.unwrap();
    form.send(&instance, "nop", &fields).await;
    assert_eq!(instance.store.position().await.unwrap(), before, "sent twice, registered once");
}

#[tokio::test]
async fn a_registrar_registers_nothing_outside_its_territory() {
    let instance = Instance::new().await;
    let form = Opened::of(&instance, "xa-gan", "/dang-ky/moi").await;
    let fields = [
        ("kind", "THT"),
        ("name", "Tổ hợp tác Ở Nơi Khác"),
        ("seat", "Xã Đồng Đăng (05977)"),
        ("vsic", "A"),
        ("members", "9"),
        ("effective_on", "2026-01-05"),
    ];
    let before = instance.store.position().await.unwrap();
    let refused = form.send(&instance, "nop", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.html);
    assert!(refused.html.contains("trong phạm vi được giao"), "{}", refused.html);
    assert_eq!(instance.store.position().await.unwrap(), before);
}

#[tokio::test]
async fn what_others_filed_meanwhile_is_shown_and_nothing_typed_is_lost() {
    let instance = Instance::new().await;
    let uri = format!("/to-chuc/{}/nop/thay-doi", instance.near);
    let form = Opened::of(&instance, "xa-gan", &uri).await;
    let body = FilingBody::OrganisationSuspend(Reason::default());
    let other = draft(Subject::organisation(instance.near), today(), body);
    accept(&instance.store, &Actor::new("xa-khac", Role::Operator), other).await.unwrap();
    let fields = [("members", "12"), ("effective_on", "2026-01-20")];
    let changed = form.send(&instance, "nop", &fields).await;
    assert!(changed.html.contains("đã thay đổi kể từ khi mở biểu mẫu"), "{}", changed.html);
    assert!(changed.html.contains("xa-khac") && changed.html.contains("value=\"12\""));
    let version = hidden(&changed.html, "phien_ban");
    assert_ne!(version, form.version);
    let again = Opened { version, ..form };
    let filed = again.send(&instance, "nop", &fields).await;
    let filed = if filed.status == StatusCode::SEE_OTHER {
        filed
    } else {
        let seen = hidden(&filed.html, "da_xem");
        let mut fields = fields.to_vec();
        fields.push(("da_xem", &seen));
        again.send(&instance, "nop", &fields).await
    };
    assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.html);
}

#[tokio::test]
async fn a_form_knows_the_version_of_the_state_that_it_shows() {
    // The page is opened on a state from before what was filed.
    let instance = Instance::new().await.unaware().await;
    let body = FilingBody::OrganisationSuspend(Reason::default());
    let other = draft(Subject::organisation(instance.near), today(), body);
    accept(&instance.store, &Actor::new("xa-khac", Role::Operator), other).await.unwrap();
    let uri = format!("/to-chuc/{}/nop/thay-doi", instance.near);
    let form = Opened::of(&instance, "xa-gan", &uri).await;
    let before = instance.store.position().await.unwrap();
    let fields = [("members", "12"), ("effective_on", "2026-01-20")];
    let changed = form.send(&instance, "nop", &fields).await;
    assert_eq!(changed.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", changed.html);
    assert!(changed.html.contains("đã thay đổi kể từ khi mở biểu mẫu"), "{}", changed.html);
    assert!(changed.html.contains("xa-khac"), "{}", changed.html);
    assert_eq!(instance.store.position().await.unwrap(), before);
    // A version that no page ever had is told apart from one that was overtaken.
    let forged = Opened { version: "99".to_owned(), ..form };
    let refused = forged.send(&instance, "nop", &fields).await;
    assert!(refused.html.contains("không khớp với các hồ sơ đã nộp"), "{}", refused.html);
    assert_eq!(instance.store.position().await.unwrap(), before);
}

#[tokio::test]
async fn forms_of_organisations_elsewhere_do_not_exist() {
    let instance = Instance::new().await;
    let cookie = instance.signed_in("xa-gan").await;
    let nobody = organisation(77);
    for form in ["tam-ngung", "thay-doi", "dinh-chinh", "sap-nhap"] {
        let (far, none) = (
            instance.get(&format!("/to-chuc/{}/nop/{form}", instance.far), &cookie).await,
            instance.get(&format!("/to-chuc/{nobody}/nop/{form}"), &cookie).await,
        );
        assert_eq!((far.status, none.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
        let nameless =
            |answer: Answer, id: OrganisationId| answer.html.replace(&id.to_string(), "…");
        assert_eq!(nameless(far, instance.far), nameless(none, nobody), "{form}");
        let sent = instance
            .post(&format!("/to-chuc/{}/nop/{form}", instance.far), &cookie, &SUSPEND)
            .await;
        assert_eq!(sent.status, StatusCode::NOT_FOUND);
    }
    // Nor are they among what can be named.
    let merge = instance.get(&format!("/to-chuc/{}/nop/sap-nhap", instance.near), &cookie).await;
    assert!(!merge.html.contains("Xa Đồng Đăng"), "{}", merge.html);
}

#[tokio::test]
async fn what_cannot_be_filed_says_why_and_who_can() {
    let instance = Instance::new().await;
    let own = instance.signed_in("htx-gan").await;
    let page = instance.get(&format!("/to-chuc/{}", instance.near), &own).await;
    // The list of a cooperative has what it may file, and names who files the rest.
    assert!(page.html.contains("nop/de-nghi-ho-tro"), "{}", page.html);
    assert!(!page.html.contains("nop/tam-ngung\""), "{}", page.html);
    assert!(page.html.contains("Người nộp được: "), "{}", page.html);
    let registrar = instance.signed_in("xa-gan").await;
    let page = instance.get(&format!("/to-chuc/{}", instance.near), &registrar).await;
    assert!(page.html.contains("nop/tam-ngung\""));
    assert!(!page.html.contains("nop/mo-thu-tuc-pha-san\""), "a group cannot go bankrupt");
    let resume =
        instance.get(&format!("/to-chuc/{}/nop/hoat-dong-lai", instance.near), &registrar).await;
    assert!(resume.html.contains("Chưa nộp được hồ sơ này."), "{}", resume.html);
    // Who only reads has no list at all.
    let leader = instance.signed_in("lanh-dao").await;
    let page = instance.get(&format!("/to-chuc/{}", instance.near), &leader).await;
    assert!(!page.html.contains("id=\"nop-ho-so\""));
}

#[tokio::test]
async fn script_in_every_text_field_stays_text() {
    const SCRIPT: &str = "\"><script>alert(1)</script>'";
    let instance = Instance::new().await;
    let cookie = instance.signed_in("quan-tri").await;
    for route in hoptac_web::route_table() {
        if route.method != "POST" || !(route.path.contains("/nop/") || route.path == "/dang-ky/moi")
        {
            continue;
        }
        let uri = route.path.replace("{id}", &instance.near.to_string());
        let page = instance.get(&uri, &cookie).await;
        let names: Vec<&str> =
            page.html.split(" name=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let fields: Vec<(&str, &str)> = names
            .iter()
            .filter(|name| !["ma_bieu_mau", "viec"].contains(*name))
            .map(|name| (*name, SCRIPT))
            .collect();
        for act in ["kiem-tra", "nop"] {
            let mut fields = fields.clone();
            fields.push(("viec", act));
            let answer = instance.post(&uri, &cookie, &fields).await;
            assert!(!answer.status.is_server_error(), "{uri}: {}", answer.html);
            assert!(!answer.html.contains("<script>alert"), "{uri}");
        }
    }
}
