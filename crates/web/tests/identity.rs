//! Who gets in and who may go where: every route as every role, the ways in, and attacks on them.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "identity/annual_return.rs"]
mod annual_return;
#[path = "identity/boundary.rs"]
mod boundary;
#[path = "identity/edition.rs"]
mod edition;
#[path = "identity/filing_form.rs"]
mod filing_form;
#[path = "identity/import.rs"]
mod import;
#[path = "identity/kept_view.rs"]
mod kept_view;
#[path = "identity/member.rs"]
mod member;

use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use hoptac_model::account::{AccountName, Grant, Scope};
use hoptac_model::filing::account::{AccountAct, Invitation};
use hoptac_model::filing::{
    Body as FilingBody, Draft, Establish, Origin, PlanAdopt, Reason, Subject, UnitsAdopt,
};
use hoptac_model::ids::{FilingId, OrganisationId};
use hoptac_model::organisation::Kind;
use hoptac_office::key::{Key, Token};
use hoptac_office::token::{Permissions, Wish};
use hoptac_office::{Actor, Role, accept, identity};
use hoptac_store::{Location, OpenMode, Store, TokenKind};
use hoptac_web::app::{App, Edge, Published};
use hoptac_web::door::{Entrance, FORM_MAX, OpenTo};
use hoptac_web::routes::Route;
use jiff::Timestamp;
use jiff::civil::Date;
use tower::ServiceExt as _;

const NOW: Timestamp = Timestamp::constant(1_770_000_000, 0);
const GOOD: &str = "bốn con trâu gặm cỏ";
static COUNT: AtomicU64 = AtomicU64::new(1);

/// Chance that never repeats itself, which is all that these tests ask of it.
fn chance(bytes: &mut [u8]) {
    let number = COUNT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    for (index, (place, byte)) in (0_u8..).zip(bytes.iter_mut().zip(number.iter().cycle())) {
        *place = byte.wrapping_add(index);
    }
}

fn filing_id(_: Timestamp) -> FilingId {
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    FilingId(uuid::Uuid::from_u128(0xf000_0000 << 64 | u128::from(number)))
}

fn today() -> Date {
    identity::day_of(NOW)
}

const EDGE: Edge = Edge { now: || NOW, today, chance, filing_id };

fn token() -> Token {
    let mut bytes = [0; 32];
    chance(&mut bytes);
    Token::new(bytes)
}

/// An instance with a plan, two organisations and an account for each role.
struct Instance {
    app: App,
    entrance: Entrance,
    store: Store,
    key: Key,
    near: OrganisationId,
    far: OrganisationId,
    _folder: tempfile::TempDir,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    html: String,
}

impl Answer {
    fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |place| place.to_str().unwrap())
    }

    /// The value of the session's cookie that the answer sets.
    fn session(&self) -> Option<String> {
        let cookies = self.headers.get_all(header::SET_COOKIE).iter();
        let mut values = cookies.filter_map(|cookie| {
            cookie.to_str().unwrap().strip_prefix("hoptac=").map(str::to_owned)
        });
        values.next().map(|cookie| cookie.split(';').next().unwrap().to_owned())
    }

    fn is_turned_away(&self) -> bool {
        self.location().starts_with("/dang-nhap?ve=")
            || self.html.contains("Cần đăng nhập.")
            || self.html.contains("không được giao quyền này")
    }
}

fn draft(subject: Subject, on: Date, body: FilingBody) -> Draft {
    Draft {
        id: filing_id(NOW),
        recorded_at: NOW,
        effective_on: on,
        actor: String::new(),
        subject,
        expected_version: None,
        origin: Origin::Live,
        key: None,
        body,
    }
}

const ROLES: [(&str, Role); 7] = [
    ("quan-tri", Role::Operator),
    ("so-tai-chinh", Role::PlanOwner),
    ("so-nnmt", Role::DepartmentOfficer),
    ("xa-gan", Role::Registrar),
    ("htx-gan", Role::Cooperative),
    ("lanh-dao", Role::Leader),
    ("thanh-tra", Role::Auditor),
];

impl Instance {
    async fn new() -> Self {
        Self::with(|entrance| entrance).await
    }

    async fn with(change: impl FnOnce(Entrance) -> Entrance) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Sqlite(folder.path().join("hoptac.sqlite"));
        let store = Store::open(&location, OpenMode::Create).await.unwrap();
        let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
        let read = |name: &str| std::fs::read(packs.join("vn/units").join(name)).unwrap();
        let all = hoptac_intake::unit::read(&read("units.csv"), &read("successors.csv"));
        let (units, successors) = hoptac_intake::unit::territory(&all.units, &all.successors, "20");
        let files = hoptac_intake::pack::PackFiles::from_dir(&packs.join("lang-son-2023"));
        let reading = hoptac_intake::pack::read(&files, &hoptac_intake::pack::Check::default());
        let pack = reading.pack.unwrap();
        let (near, far) = (organisation(1), organisation(2));
        let found = |id: OrganisationId, name: &str, seat: &str| {
            let body = Establish {
                kind: Kind::Group,
                name: name.to_owned(),
                code: None,
                seat: seat.into(),
                seat_former: None,
                vsic: 'A',
                sector: None,
                members: 7,
                capital: None,
                difficult_area: false,
            };
            draft(
                Subject::organisation(id),
                Date::constant(2024, 3, 1),
                FilingBody::OrganisationEstablish(body),
            )
        };
        let day = Date::constant(2023, 5, 15);
        let source = "danh mục".to_owned();
        let units = UnitsAdopt { source, units, successors };
        let adopt = PlanAdopt { files_hash: reading.files_hash, pack };
        let subject = Subject::plan(&adopt.pack.id);
        let mut drafts = vec![
            draft(Subject::units(), day, FilingBody::UnitsAdopt(units)),
            draft(subject, day, FilingBody::PlanAdopt(Box::new(adopt))),
            found(near, "Tổ hợp tác Gần Bình Gia", "06112"),
            found(far, "Tổ hợp tác Xa Đồng Đăng", "05977"),
        ];
        let scope = |role| match role {
            Role::Registrar => Scope::territory("06112.2025"),
            Role::Cooperative => Scope::organisation(near),
            Role::DepartmentOfficer => {
                Scope { agency: Some("so-cong-thuong".to_owned()), ..Scope::ALL }
            }
            Role::Operator | Role::PlanOwner | Role::Leader | Role::Auditor | Role::Public => {
                Scope::ALL
            }
        };
        let far_account = ("htx-xa", Role::Cooperative, Scope::organisation(far));
        let accounts = ROLES.map(|(name, role)| (name, role, scope(role)));
        for (name, role, scope) in accounts.into_iter().chain([far_account]) {
            let invitation = Invitation {
                title: format!("Tài khoản {name}"),
                grants: vec![Grant { role, scope }],
            };
            for act in [AccountAct::Invite(invitation), AccountAct::Activate(Reason::default())] {
                let subject = Subject::account(&name.into());
                drafts.push(draft(subject, today(), FilingBody::Account(act)));
            }
        }
        for draft in drafts {
            let name = match (&draft.body, draft.subject.as_account()) {
                (FilingBody::Account(AccountAct::Activate(_)), Some(name)) => name.0,
                _ => "operator".to_owned(),
            };
            accept(&store, &Actor::new(name, Role::Operator), draft).await.unwrap();
        }
        let key = Key::new([9; 32]);
        let entrance = change(Entrance {
            store: store.clone(),
            key: key.clone(),
            master: hoptac_model::seal::Key::new([7; 32]),
            edge: EDGE,
            open_to: OpenTo::Totals,
            origin: None,
            provider: None,
            demo: false,
        });
        let app = App::open(store.clone(), EDGE).await.unwrap().with_entrance(entrance.clone());
        Self { app, entrance, store, key, near, far, _folder: folder }
    }

    /// The same server, which from now on does not hear of what is filed.
    async fn unaware(mut self) -> Self {
        let (register, places) =
            (self.store.register().await.unwrap(), self.store.places().await.unwrap());
        let pack = self.store.plan().await.unwrap().map(|plan| plan.pack);
        let published = Published::of(register, places, pack, None, today());
        self.app = App::of(published, today).with_entrance(self.entrance.clone());
        self
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = hoptac_web::router(self.app.clone()).oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), 10_000_000).await.unwrap();
        Answer { status, headers, html: String::from_utf8_lossy(&body).into_owned() }
    }

    async fn get(&self, uri: &str, cookie: &str) -> Answer {
        let request = Request::get(uri).header(header::COOKIE, cookie);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Sends a form as a browser does, with the token that belongs to the cookie.
    async fn post(&self, uri: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.form_token(cookie);
        let mut all = vec![("ma_bieu_mau", token.as_str())];
        all.extend_from_slice(fields);
        self.post_plainly(uri, cookie, &all, &[]).await
    }

    async fn post_plainly(
        &self,
        uri: &str,
        cookie: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::post(uri)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let form: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        self.send(request.body(Body::from(form.join("&"))).unwrap()).await
    }

    /// Sends something as a program with everything that an account may, and gives what it is told.
    async fn as_program(&self, method: &str, uri: &str, name: &str, role: Role) -> StatusCode {
        let request = Request::builder().method(method).uri(uri);
        if role == Role::Public {
            return self.send(request.body(Body::empty()).unwrap()).await.status;
        }
        let wish = Wish {
            account: name.into(),
            kind: TokenKind::Personal,
            label: "thử".to_owned(),
            permissions: Permissions::all().to_string(),
            days: 1,
        };
        let (secret, mut id) = (token(), [0; 8]);
        chance(&mut id);
        let made = hoptac_office::token::make(&self.store, wish, (&secret, id), NOW).await.unwrap();
        let request = request.header(header::AUTHORIZATION, format!("Bearer {}", made.shown));
        let status = self.send(request.body(Body::empty()).unwrap()).await.status;
        self.store.revoke_token(&made.token.id, NOW).await.unwrap();
        status
    }

    /// The token that a page shows to whoever has a cookie.
    fn form_token(&self, cookie: &str) -> String {
        let value = cookie.split_once('=').map_or("", |(_, value)| value);
        self.key.code("form", value).to_string()
    }

    /// The cookie of somebody signed in.
    async fn signed_in(&self, name: &str) -> String {
        let fresh = token();
        let visit = identity::Visit { address: "10.0.0.1", browser: "", at: NOW };
        let name = AccountName::from(name);
        identity::sign_in_to_demo(&self.store, &name, visit, None, &fresh).await.unwrap();
        format!("hoptac={}", fresh.reveal())
    }

    /// The cookie of somebody at the door.
    fn at_the_door() -> String {
        format!("hoptac-form={}", token().reveal())
    }

    /// Gives an account a password by its one-time link.
    async fn with_password(&self, name: &str) {
        let link = token();
        let operator = Actor::new("operator", Role::Operator);
        let kept = identity::LinkFactor::Kept;
        identity::make_link(&self.store, &operator, &name.into(), &link, NOW, kept).await.unwrap();
        let fields = [("moi", GOOD), ("lai", GOOD)];
        let done =
            self.post(&format!("/moi/{}", link.reveal()), &Self::at_the_door(), &fields).await;
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/tai-khoan"));
    }

    async fn sign_in(&self, cookie: &str, name: &str, password: &str, back: &str) -> Answer {
        let fields = [("ten", name), ("mat_khau", password), ("ve", back)];
        self.post("/dang-nhap", cookie, &fields).await
    }
}

fn organisation(number: u128) -> OrganisationId {
    OrganisationId(uuid::Uuid::from_u128(number))
}

fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").unwrap();
        }
        encoded
    })
}

/// An address of a route: parameters that exist where nothing is changed, and none where it would be.
fn sample(route: &Route) -> String {
    let path = route.path;
    match path {
        "/assets/{file}" => "/assets/khong-co.css".to_owned(),
        "/chi-tieu/{id}" | "/chi-tieu/{id}/ho-so" => path.replace("{id}", "groups"),
        "/don-vi/{code}" => "/don-vi/181".to_owned(),
        _ => path
            .split('/')
            .map(|part| if part.starts_with('{') { "khong-co" } else { part })
            .collect::<Vec<_>>()
            .join("/"),
    }
}

/// Whether an address belongs to the interface for programs, which takes tokens and no cookies.
fn is_for_programs(route: &Route) -> bool {
    (route.path.starts_with("/api/v1/") && route.path != "/api/v1/")
        || route.path.starts_with("/sdmx/")
}

/// The table of routes as text: method, address, need, and the roles that have it.
fn table() -> String {
    let mut text = String::new();
    for route in hoptac_web::route_table() {
        let roles: Vec<&str> = Role::ALL
            .into_iter()
            .filter(|role| route.need.is_met_by(*role))
            .map(Role::code)
            .collect();
        let roles =
            if roles.len() == Role::ALL.len() { "everybody".to_owned() } else { roles.join(" ") };
        writeln!(text, "{:4} {:42} {:22} {roles}", route.method, route.path, route.need.code())
            .unwrap();
    }
    text
}

#[test]
fn the_table_of_routes_is_the_one_that_was_agreed() {
    let got = table();
    assert!(got == include_str!("routes.snap"), "routes.snap should be:\n{got}");
}

#[test]
fn no_route_is_served_beside_the_table() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("routes.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for way in [".route(", ".nest(", ".route_service(", ".nest_service("] {
                assert!(!text.contains(way), "{way} in {}", path.display());
            }
        }
    }
}

#[tokio::test]
async fn every_route_lets_in_the_roles_of_the_table_and_nobody_else() {
    let instance = Instance::new().await;
    let mut wrong = Vec::new();
    for route in hoptac_web::route_table() {
        let uri = sample(&route);
        let anybody = [("", Role::Public)];
        for (name, role) in ROLES.into_iter().chain(anybody) {
            if is_for_programs(&route) {
                let status = instance.as_program(route.method, &uri, name, role).await;
                assert!(!status.is_server_error(), "{} {uri} as {role}", route.method);
                let is_let_in =
                    status != StatusCode::UNAUTHORIZED && status != StatusCode::FORBIDDEN;
                if is_let_in != route.need.is_met_by(role) {
                    wrong.push(format!("{} {uri} as {role}: {status}", route.method));
                }
                continue;
            }
            let cookie = if role == Role::Public {
                Instance::at_the_door()
            } else {
                instance.signed_in(name).await
            };
            let answer = match route.method {
                "GET" => instance.get(&uri, &cookie).await,
                _ => instance.post(&uri, &cookie, &[]).await,
            };
            assert!(!answer.status.is_server_error(), "{} {uri} as {role}", route.method);
            let is_let_in = !answer.is_turned_away();
            if is_let_in != route.need.is_met_by(role) {
                wrong.push(format!("{} {uri} as {role}: {}", route.method, answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn an_invitation_leads_from_the_administrator_to_a_first_page() {
    let instance = Instance::new().await;
    let admin = instance.signed_in("quan-tri").await;
    let fields = [
        ("ten", "phong-kt"),
        ("chuc_danh", "Phòng Kinh tế"),
        ("vai_tro", "registrar"),
        ("dia_ban", "06112"),
    ];
    let invited = instance.post("/quan-tri/moi", &admin, &fields).await;
    assert_eq!(invited.status, StatusCode::OK, "{}", invited.html);
    let link = invited.html.split("/moi/").nth(1).unwrap();
    let link = format!("/moi/{}", &link[..64]);

    let door = Instance::at_the_door();
    let page = instance.get(&link, &door).await;
    assert!(page.html.contains("Phòng Kinh tế") && page.html.contains("phong-kt"));
    let weak = [("moi", "matkhau123456"), ("lai", "matkhau123456")];
    let weak = instance.post(&link, &door, &weak).await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    let differs = instance.post(&link, &door, &[("moi", GOOD), ("lai", "khác")]).await;
    assert_eq!(differs.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = instance.post(&link, &door, &[("moi", GOOD), ("lai", GOOD)]).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/tai-khoan"));
    let cookie = format!("hoptac={}", done.session().unwrap());
    let own = instance.get("/tai-khoan", &cookie).await;
    assert!(own.html.contains("cán bộ đăng ký") && own.html.contains("Xã Bình Gia"));
    assert_eq!(own.headers[header::CACHE_CONTROL], "no-store");
    let again = instance.get(&link, &door).await;
    assert_eq!(again.status, StatusCode::GONE);

    // Locking puts them out at once, and the trail shows who did what.
    let locked = instance.post("/quan-tri/tai-khoan/phong-kt/khoa", &admin, &[]).await;
    assert_eq!(locked.status, StatusCode::SEE_OTHER);
    assert!(instance.get("/tai-khoan", &cookie).await.is_turned_away());
    let trail = instance.get("/quan-tri/so-cai?doi_tuong=account/phong-kt", &admin).await;
    for kind in ["account.invite", "account.activate", "account.lock"] {
        assert!(trail.html.contains(kind), "{kind}");
    }
    assert!(!trail.html.contains(">organisation.establish</th>"));
}

#[tokio::test]
async fn roles_are_given_revoked_and_delegated_by_forms() {
    let instance = Instance::new().await;
    let admin = instance.signed_in("quan-tri").await;
    let grant = [("vai_tro", "auditor"), ("dia_ban", "181")];
    let page = "/quan-tri/tai-khoan/lanh-dao";
    let given = instance.post(&format!("{page}/cap"), &admin, &grant).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.html);
    let shown = instance.get(page, &admin).await.html;
    assert!(shown.contains("thanh tra, kiểm toán") && shown.contains("Huyện Bình Gia (181)"));
    assert!(shown.contains("địa bàn đã kết thúc ngày 30/6/2025"), "{shown}");
    let back = instance.post(&format!("{page}/thu-hoi"), &admin, &grant).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.html);
    let missing = [("vai_tro", "registrar")];
    let missing = instance.post(&format!("{page}/cap"), &admin, &missing).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(missing.html.contains("phải có địa bàn"), "{}", missing.html);

    let head = instance.signed_in("so-tai-chinh").await;
    let day = today().to_string();
    let delegation = [
        ("ai", "lanh-dao"),
        ("cach", "kt"),
        ("tu", day.as_str()),
        ("den", "2026-12-31"),
        ("so", "12/QĐ-STC"),
        ("ngay", "2026-01-05"),
        ("noi", "Sở Tài chính"),
    ];
    let delegated = instance.post("/tai-khoan/uy-quyen", &head, &delegation).await;
    assert_eq!(delegated.status, StatusCode::SEE_OTHER, "{}", delegated.html);
    let deputy = instance.signed_in("lanh-dao").await;
    let own = instance.get("/tai-khoan", &deputy).await.html;
    assert!(own.contains("KT. so-tai-chinh"), "{own}");
    // What was delegated opens what the head may open, and closes with it.
    assert_eq!(instance.get("/quan-tri", &deputy).await.status, StatusCode::OK);
    let ended = instance.post("/tai-khoan/uy-quyen/thoi", &head, &[("ai", "lanh-dao")]).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.html);
    assert_eq!(instance.get("/quan-tri", &deputy).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_second_factor_is_set_up_and_asked_for() {
    let instance = Instance::new().await;
    instance.with_password("thanh-tra").await;
    let cookie = instance.signed_in("thanh-tra").await;
    let page = instance.get("/tai-khoan/xac-thuc", &cookie).await.html;
    assert!(page.contains("<svg class=\"qr\""));
    let sealed = page.split("name=\"niem_phong\" value=\"").nth(1).unwrap();
    let sealed = sealed.split('"').next().unwrap();
    let secret = instance.key.open("setup/thanh-tra", sealed).unwrap();
    let code = identity::code_at(&secret, NOW);
    let wrong = [("niem_phong", sealed), ("ma", "000000")];
    let wrong = instance.post("/tai-khoan/xac-thuc", &cookie, &wrong).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    // A setup that was sealed for somebody else sets nothing up.
    let other = instance.key.seal("setup/lanh-dao", [1; 24], &[1; 20]);
    let other = [("niem_phong", other.as_str()), ("ma", &code)];
    let other = instance.post("/tai-khoan/xac-thuc", &cookie, &other).await;
    assert_eq!(other.location(), "/tai-khoan/xac-thuc");
    let set = [("niem_phong", sealed), ("ma", &code)];
    let set = instance.post("/tai-khoan/xac-thuc", &cookie, &set).await.html;
    let recovery = set.split("<li><code>").nth(1).unwrap().split('<').next().unwrap().to_owned();

    let door = Instance::at_the_door();
    let half = instance.sign_in(&door, "thanh-tra", GOOD, "/ke-hoach").await;
    assert!(half.location().starts_with("/dang-nhap/xac-thuc?ve="), "{}", half.location());
    let halfway = format!("hoptac={}", half.session().unwrap());
    assert!(instance.get("/tai-khoan", &halfway).await.is_turned_away());
    let used = instance.post("/dang-nhap/xac-thuc", &halfway, &[("ma", &code)]).await;
    assert_eq!(used.status, StatusCode::UNAUTHORIZED, "the code was used to set it up");
    let done = [("ma", recovery.as_str()), ("ve", "/ke-hoach")];
    let done = instance.post("/dang-nhap/xac-thuc", &halfway, &done).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/ke-hoach"));
    let whole = format!("hoptac={}", done.session().unwrap());
    assert_eq!(instance.get("/tai-khoan", &whole).await.status, StatusCode::OK);
    assert!(instance.get("/tai-khoan", &halfway).await.is_turned_away());
}

#[tokio::test]
async fn broken_and_foreign_cookies_are_nobody_s() {
    let instance = Instance::new().await;
    let stranger = token().reveal();
    for cookie in [
        "hoptac=".to_owned(),
        "hoptac=0".to_owned(),
        format!("hoptac={stranger}"),
        format!("hoptac={}", "é".repeat(32)),
        format!("hoptac={}", "g".repeat(64)),
        format!("hoptac={}", "0".repeat(100_000)),
        "hoptac=' OR 1=1 --".to_owned(),
        "hoptac=a; hoptac=b".to_owned(),
        ";;;===".to_owned(),
        format!("__Host-hoptac={stranger}"),
    ] {
        let request = Request::get("/tai-khoan").header(header::COOKIE, cookie.as_bytes());
        let answer = instance.send(request.body(Body::empty()).unwrap()).await;
        assert!(answer.is_turned_away(), "{}", answer.status);
        let request = Request::get("/").header(header::COOKIE, cookie.as_bytes());
        let answer = instance.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    let request = Request::get("/").header(header::COOKIE, [0xff, 0xfe, b'='].as_slice());
    assert_eq!(instance.send(request.body(Body::empty()).unwrap()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn forms_without_their_own_token_or_from_elsewhere_change_nothing() {
    let instance = Instance::new().await;
    let (admin, other) =
        (instance.signed_in("quan-tri").await, instance.signed_in("lanh-dao").await);
    let before = instance.store.position().await.unwrap();
    let uri = "/quan-tri/tai-khoan/lanh-dao/khoa";
    let good = instance.form_token(&admin);
    let of_other = instance.form_token(&other);
    let forged = "0".repeat(64);
    for fields in [
        vec![],
        vec![("ma_bieu_mau", "")],
        vec![("ma_bieu_mau", forged.as_str())],
        vec![("ma_bieu_mau", of_other.as_str())],
        vec![("ma_bieu_mau", &good[..63])],
    ] {
        let answer = instance.post_plainly(uri, &admin, &fields, &[]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{fields:?}");
    }
    let own = [("ma_bieu_mau", good.as_str())];
    for headers in [
        vec![("origin", "https://example.org"), ("host", "127.0.0.1:8115")],
        vec![("origin", "null"), ("host", "127.0.0.1:8115")],
        vec![("origin", "https://127.0.0.1:8115"), ("host", "127.0.0.1:8115")],
        vec![("origin", "http://127.0.0.1:8115.example.org"), ("host", "127.0.0.1:8115")],
        vec![("sec-fetch-site", "cross-site")],
        vec![("sec-fetch-site", "same-site")],
    ] {
        let answer = instance.post_plainly(uri, &admin, &own, &headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert!(answer.html.contains("trang khác"), "{headers:?}");
    }
    // What is no form does not come in by another content type.
    let request = Request::post(uri)
        .header(header::COOKIE, &admin)
        .header(header::CONTENT_TYPE, "text/plain")
        .body(Body::from(format!("ma_bieu_mau={good}")));
    assert_eq!(instance.send(request.unwrap()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(instance.store.position().await.unwrap(), before);
    // A token of a session that has ended is replayed in the next one.
    instance.post("/dang-xuat", &admin, &[]).await;
    let next = instance.signed_in("quan-tri").await;
    let replayed = instance.post_plainly(uri, &next, &own, &[]).await;
    assert_eq!(replayed.status, StatusCode::FORBIDDEN);
    assert_eq!(instance.store.position().await.unwrap(), before);
    let from_here = [
        ("origin", "http://127.0.0.1:8115"),
        ("host", "127.0.0.1:8115"),
        ("sec-fetch-site", "same-origin"),
    ];
    let fresh = instance.form_token(&next);
    let done = instance.post_plainly(uri, &next, &[("ma_bieu_mau", &fresh)], &from_here).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
    assert_eq!(instance.store.position().await.unwrap(), before + 1);
}

#[tokio::test]
async fn what_lies_outside_one_s_scope_is_not_there() {
    let instance = Instance::new().await;
    let registrar = instance.signed_in("xa-gan").await;
    let list = instance.get("/quan-tri", &registrar).await.html;
    assert!(list.contains("htx-gan") && !list.contains("htx-xa") && !list.contains("so-nnmt"));
    let far = instance.get("/quan-tri/tai-khoan/htx-xa", &registrar).await;
    let nowhere = instance.get("/quan-tri/tai-khoan/htx-na", &registrar).await;
    assert_eq!((far.status, nowhere.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!(far.html.replace("htx-xa", "…"), nowhere.html.replace("htx-na", "…"));
    let before = instance.store.position().await.unwrap();
    for what in ["khoa", "dong", "lien-ket", "cap", "phien"] {
        let uri = format!("/quan-tri/tai-khoan/htx-xa/{what}");
        let fields = [("vai_tro", "cooperative"), ("to_chuc", &*instance.far.to_string())];
        let answer = instance.post(&uri, &registrar, &fields).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{what}: {}", answer.html);
    }
    // Nor is an account given for an organisation of elsewhere, or with more than one has.
    let far = instance.far.to_string();
    for grant in
        [("cooperative", "", far.as_str()), ("registrar", "06112", ""), ("operator", "", "")]
    {
        let (role, territory, organisation) = grant;
        let fields = [
            ("ten", "moi-01"),
            ("chuc_danh", "Mới"),
            ("vai_tro", role),
            ("dia_ban", territory),
            ("to_chuc", organisation),
        ];
        let answer = instance.post("/quan-tri/moi", &registrar, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{grant:?}");
    }
    assert_eq!(instance.store.position().await.unwrap(), before);
    let near = instance.near.to_string();
    let fields =
        [("ten", "moi-02"), ("chuc_danh", "Mới"), ("vai_tro", "cooperative"), ("to_chuc", &near)];
    let own = instance.post("/quan-tri/moi", &registrar, &fields).await;
    assert_eq!(own.status, StatusCode::OK, "{}", own.html);

    // Records behind a figure are listed only where they lie within the scope.
    let records = "/chi-tieu/groups/ho-so?year=2025&as_of=2025-12-31";
    for (name, near, far) in
        [("xa-gan", true, false), ("htx-xa", false, true), ("lanh-dao", true, true)]
    {
        let cookie = instance.signed_in(name).await;
        let page = instance.get(records, &cookie).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.html.contains("Gần Bình Gia"), near, "{name}");
        assert_eq!(page.html.contains("Xa Đồng Đăng"), far, "{name}");
        assert_eq!(page.html.contains("trong phạm vi được giao"), !(near && far), "{name}");
    }
    // What is open to everybody names nobody.
    for uri in [
        "/",
        "/chi-tieu",
        "/chi-tieu/groups",
        "/dia-ban/181",
        "/dia-ban/06112",
        "/ban-do",
        "/bang-chi-tieu",
        "/bang-chi-tieu.csv",
        "/dang-ky",
        "/dang-ky.csv",
        "/tim?q=gan+binh+gia",
        "/tim?q=xa+dong+dang",
        &format!("/to-chuc/{}", instance.far),
    ] {
        let page = instance.get(uri, "").await;
        assert!(!page.html.contains("Gần Bình Gia"), "{uri}");
        assert!(!page.html.contains("Xa Đồng Đăng"), "{uri}");
    }
    // Of the register, a registrar sees their own part, and of an organisation elsewhere not even that it is.
    let list = instance.get("/dang-ky", &registrar).await.html;
    assert!(list.contains("Gần Bình Gia") && !list.contains("Xa Đồng Đăng"));
    let far = instance.get(&format!("/to-chuc/{}", instance.far), &registrar).await;
    assert_eq!(far.status, StatusCode::NOT_FOUND);
    assert!(!far.html.contains("Xa Đồng Đăng"));
    let near = instance.get(&format!("/to-chuc/{}", instance.near), &registrar).await;
    assert_eq!(near.status, StatusCode::OK);
    let anybody = instance.get(records, "").await;
    assert!(anybody.is_turned_away() && !anybody.html.contains("Tổ hợp tác"));
}

#[tokio::test]
async fn oversized_forms_are_turned_away() {
    let instance = Instance::new().await;
    let cookie = instance.signed_in("quan-tri").await;
    let long = "a".repeat(FORM_MAX);
    let answer = instance.post("/quan-tri/moi", &cookie, &[("chuc_danh", &long)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    // Nor may somebody at the door fill the memory.
    let door = Instance::at_the_door();
    let answer = instance.sign_in(&door, &long, &long, "/").await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_form_that_does_not_arrive_is_given_up() {
    let instance = Instance::new().await;
    let endless = tokio_stream();
    let request = Request::post("/dang-nhap")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(endless);
    let answer = instance.send(request.unwrap()).await;
    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
}

/// A body of which nothing ever comes.
fn tokio_stream() -> Body {
    struct Never;
    impl axum::body::HttpBody for Never {
        type Data = Bytes;
        type Error = std::io::Error;
        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
            std::task::Poll::Pending
        }
    }
    Body::new(Never)
}

#[tokio::test]
async fn paths_lead_nowhere_else() {
    let instance = Instance::new().await;
    for path in [
        "/assets/..%2f..%2fCargo.toml",
        "/assets/../../Cargo.toml",
        "/assets/%2e%2e/%2e%2e/hoptac.key",
        "/assets/%00",
        "/..%5c..%5cwindows",
        "//example.org/quan-tri",
        "/quan-tri/",
        "/QUAN-TRI",
        "/quan-tri%2f",
        "/quan-tri/..;/so-cai",
        "/%71uan-tri/so-cai/",
        "/chi-tieu/..%2f..%2fquan-tri",
    ] {
        let answer = instance.get(path, "").await;
        assert!(
            answer.status == StatusCode::NOT_FOUND || answer.status == StatusCode::BAD_REQUEST,
            "{path}: {}",
            answer.status
        );
        assert!(!answer.html.contains("[package]") && !answer.html.contains("Nhật ký sổ cái"));
    }
    // An address that is written otherwise is still the same route with the same need.
    assert!(instance.get("/%71uan-tri", "").await.status != StatusCode::OK);
}

#[tokio::test]
async fn script_in_text_is_text() {
    let instance = Instance::new().await;
    let admin = instance.signed_in("quan-tri").await;
    let script = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let fields = [
        ("ten", "xss-01"),
        ("chuc_danh", script),
        ("vai_tro", "department_officer"),
        ("co_quan", "so-cong-thuong"),
    ];
    let invited = instance.post("/quan-tri/moi", &admin, &fields).await;
    assert_eq!(invited.status, StatusCode::OK, "{}", invited.html);
    let mut pages = vec![invited.html];
    for fields in [
        [("ten", script), ("chuc_danh", script), ("vai_tro", script), ("dia_ban", script)],
        [("ten", "xss-02"), ("chuc_danh", script), ("vai_tro", "registrar"), ("dia_ban", script)],
        [("ten", "xss-02"), ("chuc_danh", script), ("vai_tro", "cooperative"), ("to_chuc", script)],
    ] {
        pages.push(instance.post("/quan-tri/moi", &admin, &fields).await.html);
    }
    let closed = "/quan-tri/tai-khoan/xss-01/dong";
    instance.post(closed, &admin, &[("ly_do", script)]).await;
    let encoded = encode(script);
    for uri in [
        "/quan-tri".to_owned(),
        "/quan-tri/tai-khoan/xss-01".to_owned(),
        format!("/quan-tri/tai-khoan/{encoded}"),
        format!("/quan-tri/so-cai?ai={encoded}&doi_tuong={encoded}&loai={encoded}&truoc={encoded}"),
        format!("/dang-nhap?ve={encoded}"),
        format!("/dang-nhap?ve=%2f{encoded}"),
        format!("/moi/{encoded}"),
        format!("/tai-khoan?da={encoded}"),
    ] {
        pages.push(instance.get(&uri, &admin).await.html);
        pages.push(instance.get(&uri, "").await.html);
    }
    let day =
        [("ai", "lanh-dao"), ("cach", "kt"), ("tu", script), ("den", script), ("ngay", script)];
    pages.push(instance.post("/tai-khoan/uy-quyen", &admin, &day).await.html);
    let door = Instance::at_the_door();
    pages.push(instance.sign_in(&door, script, script, script).await.html);
    for html in pages {
        assert!(!html.contains("<script>alert") && !html.contains("<img src=x"), "{html}");
    }
}

#[tokio::test]
async fn sign_in_leads_nowhere_else_and_into_no_header() {
    let instance = Instance::new().await;
    instance.with_password("lanh-dao").await;
    for (back, want) in [
        ("/ke-hoach?unit=181", "/ke-hoach?unit=181"),
        ("https://example.org/", "/"),
        ("//example.org", "/"),
        ("/\\example.org", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: gia-mao=1", "/"),
        ("/a\nLocation: https://example.org", "/"),
        ("", "/"),
    ] {
        let door = Instance::at_the_door();
        let done = instance.sign_in(&door, "lanh-dao", GOOD, back).await;
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, want), "{back:?}");
        for cookie in done.headers.get_all(header::SET_COOKIE) {
            assert!(cookie.to_str().unwrap().starts_with("hoptac="), "{back:?}");
        }
        // Whoever is signed in already is sent on by the address, and nowhere else either.
        let cookie = format!("hoptac={}", done.session().unwrap());
        let uri = format!("/dang-nhap?ve={}", encode(back));
        assert_eq!(instance.get(&uri, &cookie).await.location(), want, "{back:?}");
    }
}

#[tokio::test]
async fn a_session_that_was_planted_is_not_the_one_that_signs_in() {
    let instance = Instance::new().await;
    instance.with_password("lanh-dao").await;
    let planted = format!("hoptac={}", token().reveal());
    let done = instance.sign_in(&planted, "lanh-dao", GOOD, "/").await;
    // The planted cookie proves nothing, so not even its form is taken.
    assert_eq!(done.status, StatusCode::FORBIDDEN);
    let both = format!("{planted}; {}", Instance::at_the_door());
    let token_of_door = instance.form_token(both.split("; ").nth(1).unwrap());
    let fields = [("ma_bieu_mau", &*token_of_door), ("ten", "lanh-dao"), ("mat_khau", GOOD)];
    let done = instance.post_plainly("/dang-nhap", &both, &fields, &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
    assert_ne!(format!("hoptac={}", done.session().unwrap()), planted);
    assert!(instance.get("/tai-khoan", &planted).await.is_turned_away());
    // Signing in again ends the session of before.
    let first = format!("hoptac={}", done.session().unwrap());
    let done = instance.sign_in(&first, "lanh-dao", GOOD, "/").await;
    let second = format!("hoptac={}", done.session().unwrap());
    assert!(instance.get("/tai-khoan", &first).await.is_turned_away());
    assert_eq!(instance.get("/tai-khoan", &second).await.status, StatusCode::OK);
    // Signing out ends it on the server, not only in the browser.
    let out = instance.post("/dang-xuat", &second, &[]).await;
    assert_eq!(out.session().as_deref(), Some(""));
    assert!(instance.get("/tai-khoan", &second).await.is_turned_away());
}

#[tokio::test]
async fn an_account_that_is_not_there_is_answered_as_a_wrong_password() {
    let instance = Instance::new().await;
    instance.with_password("lanh-dao").await;
    let door = Instance::at_the_door();
    let wrong = instance.sign_in(&door, "lanh-dao", "sai mật khẩu", "/").await;
    let nobody = instance.sign_in(&door, "khong-co", "sai mật khẩu", "/").await;
    assert_eq!((wrong.status, nobody.status), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
    assert_eq!(wrong.html.replace("lanh-dao", "…"), nobody.html.replace("khong-co", "…"));
    // Both wait after as many attempts, and are told the same.
    for name in ["lanh-dao", "khong-co"] {
        for _ in 0..4 {
            instance.sign_in(&door, name, "sai", "/").await;
        }
        let waits = instance.sign_in(&door, name, GOOD, "/").await;
        assert_eq!(waits.status, StatusCode::TOO_MANY_REQUESTS, "{name}");
    }
}

#[tokio::test]
async fn a_failure_shows_a_reference_and_nothing_of_ours() {
    let instance = Instance::new().await;
    let cookie = instance.signed_in("quan-tri").await;
    instance.store.close().await;
    for uri in ["/tai-khoan", "/quan-tri", "/"] {
        let answer = instance.get(uri, &cookie).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{uri}");
        assert!(answer.html.contains("số tham chiếu"), "{uri}");
        for never in ["sqlite", "sqlx", "pool", "PoolClosed", "crates/", "hoptac_store", ".rs"] {
            assert!(!answer.html.to_lowercase().contains(never), "{never} in {uri}");
        }
    }
    // What needs nobody's account is still there.
    assert_eq!(instance.get("/chi-tieu", "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn behind_https_cookies_are_bound_to_the_host_and_travel_encrypted_only() {
    let instance = Instance::with(|entrance| Entrance {
        origin: Some("https://htx.example.vn".to_owned()),
        ..entrance
    })
    .await;
    let page = instance.get("/dang-nhap", "").await;
    let cookie = page.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with("__Host-hoptac-form="), "{cookie}");
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"));
    let door = cookie.split(';').next().unwrap();
    let fields = [("ten", "a"), ("mat_khau", "b")];
    let token = instance.form_token(door);
    let all = [vec![("ma_bieu_mau", token.as_str())], fields.to_vec()].concat();
    for (origin, want) in [
        ("https://htx.example.vn", StatusCode::UNAUTHORIZED),
        ("http://htx.example.vn", StatusCode::FORBIDDEN),
        ("https://example.vn", StatusCode::FORBIDDEN),
    ] {
        let headers = [("origin", origin), ("host", "htx.example.vn")];
        let answer = instance.post_plainly("/dang-nhap", door, &all, &headers).await;
        assert_eq!(answer.status, want, "{origin}");
    }
    // The session's cookie of plain http is not taken here.
    let plain = instance.signed_in("quan-tri").await;
    assert!(instance.get("/tai-khoan", &plain).await.is_turned_away());
    let bound = plain.replace("hoptac=", "__Host-hoptac=");
    assert_eq!(instance.get("/tai-khoan", &bound).await.status, StatusCode::OK);
}

#[tokio::test]
async fn only_the_demo_lets_people_in_without_a_password() {
    let live = Instance::new().await;
    let door = Instance::at_the_door();
    let refused = live.post("/dang-nhap/mo-phong", &door, &[("ten", "quan-tri")]).await;
    assert_eq!((refused.status, refused.session()), (StatusCode::NOT_FOUND, None));
    assert!(!live.get("/dang-nhap", &door).await.html.contains("mo-phong"));
    let demo =
        Instance::with(|entrance| Entrance { demo: true, open_to: OpenTo::Everybody, ..entrance })
            .await;
    let page = demo.get("/dang-nhap", &door).await.html;
    assert!(page.contains("Dùng thử với dữ liệu mô phỏng"));
    let tried = demo.post("/dang-nhap/mo-phong", &door, &[("ten", "xa-gan")]).await;
    assert_eq!(tried.status, StatusCode::SEE_OTHER);
    let cookie = format!("hoptac={}", tried.session().unwrap());
    assert!(demo.get("/", &cookie).await.html.contains("Tài khoản xa-gan"));
    // A register that is open is so for reading only, and not for what is about people who work here.
    let records = demo.get("/chi-tieu/groups/ho-so?year=2025&as_of=2025-12-31", "").await;
    assert_eq!(records.status, StatusCode::OK);
    assert!(demo.get("/quan-tri", "").await.is_turned_away());
    assert!(demo.get("/quan-tri/so-cai", "").await.is_turned_away());
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_keep_pages_apart() {
    let instance = Instance::new().await;
    let cookie = instance.signed_in("quan-tri").await;
    for uri in ["/", "/dang-nhap", "/tai-khoan", "/quan-tri", "/khong-co", "/moi/x"] {
        let answer = instance.get(uri, &cookie).await;
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{uri}");
        for (name, want) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.headers[name], want, "{uri}");
        }
        for never in [" style=", "<style", " onclick=", "<script>"] {
            assert!(!answer.html.contains(never), "{never} in {uri}");
        }
    }
    // A page with a form sets no cookie where there is one; others set none at all.
    assert!(!instance.get("/", "").await.headers.contains_key(header::SET_COOKIE));
    let english = instance.get("/dang-nhap?lang=en", "").await;
    assert!(english.html.contains("Account name") && !english.html.contains("Tên tài khoản"));
}
