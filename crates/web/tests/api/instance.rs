//! An instance with a plan, two organisations and an account for each role, as programs meet it.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use hoptac_model::account::{Grant, Scope};
use hoptac_model::filing::account::{AccountAct, Invitation};
use hoptac_model::filing::{
    Body as FilingBody, Draft, Establish, Origin, PlanAdopt, Reason, Subject, UnitsAdopt,
};
use hoptac_model::ids::{FilingId, OrganisationId};
use hoptac_model::organisation::Kind;
use hoptac_office::key::{Key, Token};
use hoptac_office::token::{self, Wish};
use hoptac_office::{Actor, Role, accept, identity};
use hoptac_store::{Location, OpenMode, Store, TokenKind};
use hoptac_web::app::{App, Edge};
use hoptac_web::door::{Entrance, OpenTo};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tower::ServiceExt as _;

/// The time of all these tests.
pub(crate) const NOW: Timestamp = Timestamp::constant(1_770_000_000, 0);
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

/// The instance.
pub(crate) struct Instance {
    pub(crate) app: App,
    pub(crate) store: Store,
    pub(crate) near: OrganisationId,
    pub(crate) far: OrganisationId,
    _folder: tempfile::TempDir,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Whether it is a problem of a kind, whose sentence says something.
    #[track_caller]
    pub(crate) fn is_problem(&self, status: StatusCode, kind: &str, said: &str) {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["type"], format!("/api/v1/#{kind}"), "{}", self.text);
        assert_eq!(problem["status"], status.as_u16());
        assert!(problem["detail"].as_str().unwrap().contains(said), "{}", self.text);
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

fn organisation(number: u128) -> OrganisationId {
    OrganisationId(uuid::Uuid::from_u128(number))
}

fn founded(id: OrganisationId, name: &str, seat: &str) -> Draft {
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
    let on = Date::constant(2024, 3, 1);
    draft(Subject::organisation(id), on, FilingBody::OrganisationEstablish(body))
}

impl Instance {
    pub(crate) async fn new() -> Self {
        Self::with_requests(10_000).await
    }

    pub(crate) async fn with_requests(per_minute: u32) -> Self {
        Self::with(per_minute, OpenTo::Totals).await
    }

    /// An instance on which only the public side is open.
    pub(crate) async fn with_public_side_only() -> Self {
        Self::with(10_000, OpenTo::PublicSide).await
    }

    async fn with(per_minute: u32, open_to: OpenTo) -> Self {
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
        let day = Date::constant(2023, 5, 15);
        let units = UnitsAdopt { source: "danh mục".to_owned(), units, successors };
        let adopt = PlanAdopt { files_hash: reading.files_hash, pack };
        let subject = Subject::plan(&adopt.pack.id);
        let mut drafts = vec![
            draft(Subject::units(), day, FilingBody::UnitsAdopt(units)),
            draft(subject, day, FilingBody::PlanAdopt(Box::new(adopt))),
            founded(near, "Tổ hợp tác Gần Bình Gia", "06112"),
            founded(far, "Tổ hợp tác Xa Đồng Đăng", "05977"),
        ];
        for (name, role) in ROLES {
            let scope = match role {
                Role::Registrar => Scope::territory("06112.2025"),
                Role::Cooperative => Scope::organisation(near),
                Role::DepartmentOfficer => {
                    Scope { agency: Some("so-cong-thuong".to_owned()), ..Scope::ALL }
                }
                Role::Operator | Role::PlanOwner | Role::Leader | Role::Auditor | Role::Public => {
                    Scope::ALL
                }
            };
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
        let entrance = Entrance {
            store: store.clone(),
            key: Key::new([9; 32]),
            master: hoptac_model::seal::Key::new([7; 32]),
            edge: EDGE,
            open_to,
            origin: None,
            provider: None,
            demo: false,
        };
        let app = App::open(store.clone(), EDGE).await.unwrap().with_entrance(entrance);
        let app = app.with_requests_per_minute(per_minute);
        Self { app, store, near, far, _folder: folder }
    }

    /// Sends something below the root of the interface.
    pub(crate) async fn send(
        &self,
        method: &str,
        address: &str,
        token: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{address}"));
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = hoptac_web::router(self.app.clone()).oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), 50_000_000).await.unwrap();
        let text = String::from_utf8_lossy(&body).into_owned();
        assert!(!status.is_server_error() || status == StatusCode::SERVICE_UNAVAILABLE, "{text}");
        Answer { status, headers, text }
    }

    pub(crate) async fn get(&self, address: &str, token: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", address, token, headers, "").await
    }

    /// Hands a filing in.
    pub(crate) async fn file(
        &self,
        query: &str,
        token: &str,
        headers: &[(&str, &str)],
        filing: &Value,
    ) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        let address = format!("/filings{query}");
        self.send("POST", &address, token, &all, &filing.to_string()).await
    }

    /// Fetches an address that is not below the root of the interface.
    pub(crate) async fn fetch(&self, path: &str, accept: &str) -> Answer {
        let request = Request::get(path).header("accept", accept).header("accept-language", "en");
        let request = request.body(Body::empty()).unwrap();
        let response = hoptac_web::router(self.app.clone()).oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), 50_000_000).await.unwrap();
        Answer { status, headers, text: String::from_utf8_lossy(&body).into_owned() }
    }

    /// A page for people.
    pub(crate) async fn page(&self, path: &str) -> String {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = hoptac_web::router(self.app.clone()).oneshot(request).await.unwrap();
        let body = to_bytes(response.into_body(), 50_000_000).await.unwrap();
        String::from_utf8_lossy(&body).into_owned()
    }

    /// A personal token of an account.
    pub(crate) async fn token(&self, account: &str, permissions: &str) -> String {
        self.token_of(account, permissions, TokenKind::Personal, 30).await.1
    }

    /// A token with its identity, made so that it ends in so many days.
    pub(crate) async fn token_of(
        &self,
        account: &str,
        permissions: &str,
        kind: TokenKind,
        days: i64,
    ) -> (String, String) {
        let mut bytes = [0; 32];
        chance(&mut bytes);
        let mut id = [0; 8];
        chance(&mut id);
        let wish = Wish {
            account: account.into(),
            kind,
            label: "thử".to_owned(),
            permissions: permissions.to_owned(),
            days: 30,
        };
        let made_at = NOW - SignedDuration::from_hours(24 * (30 - days));
        let made = token::make(&self.store, wish, (&Token::new(bytes), id), made_at).await.unwrap();
        (made.token.id, made.shown)
    }

    /// Founds an organisation.
    pub(crate) async fn found(&self, number: u128, name: &str, seat: &str) {
        let draft = founded(organisation(number), name, seat);
        accept(&self.store, &Actor::new("operator", Role::Operator), draft).await.unwrap();
        for _ in 0..100 {
            let shown = self.get("/plan", "", &[]).await.json();
            if shown["ledger_position"] == self.store.position().await.unwrap() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the register did not follow");
    }

    /// Locks an account.
    pub(crate) async fn lock(&self, name: &str) {
        let act = AccountAct::Lock(Reason::default());
        let draft = draft(Subject::account(&name.into()), today(), FilingBody::Account(act));
        accept(&self.store, &Actor::new("operator", Role::Operator), draft).await.unwrap();
    }
}
