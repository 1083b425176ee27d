//! A plan read in the browser: handed in, corrected, taken back, dropped; and what is refused.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::path::Path;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use hoptac_intake::pack::{self, Check, PackFiles};
use hoptac_model::filing::{Body as FilingBody, Draft, Origin, PlanAdopt, Subject, UnitsAdopt};
use hoptac_model::ids::FilingId;
use hoptac_office::{Actor, Role, accept};
use hoptac_store::{Location, OpenMode, Store};
use hoptac_web::app::{App, Edge};
use jiff::civil::Date;
use tower::ServiceExt as _;

const PLAN: &str = "II. MỤC TIÊU\n- Đến năm 2030 có khoảng 850 tổ hợp tác.\nIII. THỰC TRẠNG\n- Hiện có 226 tổ hợp tác <b>.\n";
const EDGE: Edge = Edge {
    now: || jiff::Timestamp::UNIX_EPOCH,
    today: || Date::constant(2026, 1, 1),
    chance: |bytes| bytes.fill(7),
    filing_id: |_| FilingId::NIL,
};
const PAGE: &str = "/ke-hoach/doc/07070707070707070707070707070707";

struct Bench {
    app: App,
    _folder: tempfile::TempDir,
}

impl Bench {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Sqlite(folder.path().join("hoptac.db"));
        let store = Store::open(&location, OpenMode::Create).await.unwrap();
        Self { app: App::open(store, EDGE).await.unwrap(), _folder: folder }
    }

    async fn with_plan() -> Self {
        let bench = Self::new().await;
        let (status, location) = bench.hand_in("ke-hoach.txt", PLAN.as_bytes()).await;
        assert_eq!((status, location.as_str()), (StatusCode::SEE_OTHER, PAGE));
        bench
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, String, String) {
        let response = hoptac_web::router(self.app.clone()).oneshot(request).await.unwrap();
        let location = response.headers().get(header::LOCATION);
        let location = location.map_or_else(String::new, |l| l.to_str().unwrap().to_owned());
        let status = response.status();
        let body = to_bytes(response.into_body(), 10_000_000).await.unwrap();
        (status, location, String::from_utf8_lossy(&body).into_owned())
    }

    async fn get(&self, uri: &str) -> (StatusCode, String) {
        let (status, _, body) = self.send(Request::get(uri).body(Body::empty()).unwrap()).await;
        (status, body)
    }

    async fn post(&self, uri: &str, form: &str) -> (StatusCode, String, String) {
        let request = Request::post(uri)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()));
        self.send(request.unwrap()).await
    }

    async fn hand_in(&self, name: &str, bytes: &[u8]) -> (StatusCode, String) {
        let (status, location, body) = self.send(upload(name, bytes)).await;
        (status, if location.is_empty() { body } else { location })
    }

    /// Where the words stand: `120-141`, as the page's links say it.
    async fn place_of(&self, words: &str) -> String {
        let (_, html) = self.get(PAGE).await;
        let before = html.split(&format!(">{words}</a>")).next().unwrap();
        let link = before.rsplit("?sua=").next().unwrap();
        link.split(['#', '&', '"']).next().unwrap().to_owned()
    }
}

fn upload(name: &str, bytes: &[u8]) -> Request<Body> {
    let mut body = format!(
        "--grenze\r\nContent-Disposition: form-data; name=\"tai-lieu\"; filename=\"{name}\"\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--grenze--\r\n");
    Request::post("/ke-hoach/doc")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=grenze")
        .body(Body::from(body))
        .unwrap()
}

#[tokio::test]
async fn a_text_is_shown_with_its_targets_and_why_other_numbers_are_none() {
    let bench = Bench::with_plan().await;
    let (status, html) = bench.get(PAGE).await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("khoảng 850 tổ hợp tác</a></mark>"), "{html}");
    assert!(html.contains("226 tổ hợp tác</a> <small>"), "{html}");
    assert!(html.contains("&lt;b&gt;") && !html.contains("<b>"), "the text is never markup");
    assert!(html.contains("hết ngày 2/1/2026"), "{html}");
}

#[tokio::test]
async fn a_target_is_corrected_and_the_correction_taken_back() {
    let bench = Bench::with_plan().await;
    let place = bench.place_of("khoảng 850 tổ hợp tác").await;
    let form = format!(
        "cho={place}&la=chi-tieu&doi-tuong=t%E1%BB%95&so-sanh=at_least&gia-tri=1.900%2C5&don-vi=t%E1%BB%95&ky=nam&nam=2045&pham-vi=province"
    );
    let (status, location, _) = bench.post(&format!("{PAGE}/sua"), &form).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let start = place.split('-').next().unwrap();
    assert_eq!(location, format!("{PAGE}?sua={place}#c-{start}"));
    let (_, json) = bench.get(&format!("{PAGE}/chi-tieu.json")).await;
    assert!(
        json.contains("1900.5") && json.contains("\"at_least\"") && json.contains("2045"),
        "{json}"
    );
    let (_, html) = bench.get(&location).await;
    assert!(html.contains("value=\"1.900,5\""), "{html}");
    let (status, ..) = bench.post(&format!("{PAGE}/hoan-tac"), "").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, json) = bench.get(&format!("{PAGE}/chi-tieu.json")).await;
    assert!(json.contains("850.0") && !json.contains("1900.5"), "{json}");
}

#[tokio::test]
async fn a_target_becomes_none_and_a_number_becomes_one() {
    let bench = Bench::with_plan().await;
    let place = bench.place_of("khoảng 850 tổ hợp tác").await;
    bench.post(&format!("{PAGE}/sua"), &format!("cho={place}&la=khong")).await;
    let place = bench.place_of("226 tổ hợp tác").await;
    bench
        .post(&format!("{PAGE}/sua"), &format!("cho={place}&la=chi-tieu&so-sanh=eq&gia-tri=226"))
        .await;
    let (_, html) = bench.get(PAGE).await;
    assert!(html.contains("226 tổ hợp tác</a></mark>"), "{html}");
    assert!(html.contains("khoảng 850 tổ hợp tác</a> <small>"), "{html}");
}

#[tokio::test]
async fn what_cannot_be_read_stands_at_its_field() {
    let bench = Bench::with_plan().await;
    let place = bench.place_of("khoảng 850 tổ hợp tác").await;
    let form = format!("cho={place}&so-sanh=between&tu=9&den=5&ky=nam&nam=20300");
    let (status, _, html) = bench.post(&format!("{PAGE}/sua"), &form).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("Số cuối nhỏ hơn số đầu.") && html.contains("“20300” không phải là năm"));
    assert!(html.contains("value=\"20300\""), "what was typed is not lost");
    let (status, _, html) = bench.post(&format!("{PAGE}/them"), "loi=kh%C3%B4ng+c%C3%B3").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("Không thấy những chữ này trong văn bản"));
    for wrong in ["cho=", "cho=0-999999", "cho=9-3"] {
        let (status, ..) = bench.post(&format!("{PAGE}/sua"), wrong).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn a_document_is_dropped_on_request_and_unknown_ones_are_not_there() {
    let bench = Bench::with_plan().await;
    bench.post(&format!("{PAGE}/bo"), "").await;
    let (status, html) = bench.get(PAGE).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(html.contains("Văn bản không còn được giữ"));
    let (status, _) = bench.get("/ke-hoach/doc/khong-co").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_no_text_of_a_plan_is_refused_with_a_sentence() {
    let bench = Bench::new().await;
    let large = vec![b'a'; 22 * 1024 * 1024];
    for (name, bytes, want) in [
        ("anh.docx", &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], StatusCode::UNPROCESSABLE_ENTITY),
        ("rong.txt", b"", StatusCode::BAD_REQUEST),
        ("trang.txt", b" \n ", StatusCode::UNPROCESSABLE_ENTITY),
        ("lon.txt", &large, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let (status, html) = bench.hand_in(name, bytes).await;
        assert_eq!(status, want, "{name}");
        assert!(html.contains("Chưa đọc được văn bản này."), "{name}: {html}");
        assert!(html.contains("Chọn văn bản khác"), "{name}");
    }
}

#[tokio::test]
async fn an_app_without_a_store_has_no_such_page() {
    let app = App::of(hoptac_web::app::Published::default(), EDGE.today);
    let response = hoptac_web::router(app).oneshot(upload("a.txt", b"a")).await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}

/// The shipped plan in force, from which drafts take their indicators.
async fn adopt_plan(store: &Store) {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let read = |name: &str| std::fs::read(packs.join("vn/units").join(name)).unwrap();
    let all = hoptac_intake::unit::read(&read("units.csv"), &read("successors.csv"));
    let (units, successors) = hoptac_intake::unit::territory(&all.units, &all.successors, "20");
    let reading = pack::read(&PackFiles::from_dir(&packs.join("lang-son-2023")), &Check::default());
    let source = "danh mục".to_owned();
    let adopt = PlanAdopt { files_hash: reading.files_hash, pack: reading.pack.unwrap() };
    let plan = Subject::plan(&adopt.pack.id);
    let bodies = [
        (1, Subject::units(), FilingBody::UnitsAdopt(UnitsAdopt { source, units, successors })),
        (2, plan, FilingBody::PlanAdopt(Box::new(adopt))),
    ];
    for (number, subject, body) in bodies {
        let draft = Draft {
            id: FilingId(uuid::Uuid::from_u128(number)),
            recorded_at: jiff::Timestamp::UNIX_EPOCH,
            effective_on: Date::constant(2023, 5, 15),
            actor: String::new(),
            subject,
            expected_version: None,
            origin: Origin::Live,
            key: None,
            body,
        };
        accept(store, &Actor::new("operator", Role::Operator), draft).await.unwrap();
    }
}

#[tokio::test]
async fn the_corrected_reading_becomes_a_draft_pack() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Sqlite(folder.path().join("hoptac.db"));
    let store = Store::open(&location, OpenMode::Create).await.unwrap();
    adopt_plan(&store).await;
    let app = App::open(store, EDGE).await.unwrap();
    let bench = Bench { app, _folder: folder };
    bench.hand_in("ke-hoach.txt", PLAN.as_bytes()).await;
    let (_, html) = bench.get(PAGE).await;
    assert!(html.contains("1 trên 1 chỉ tiêu đã có chỉ tiêu đo"), "{html}");
    assert!(html.contains("goi.zip"), "{html}");

    let place = bench.place_of("khoảng 850 tổ hợp tác").await;
    let form = format!(
        "cho={place}&la=chi-tieu&so-sanh=about&gia-tri=900&don-vi=t%E1%BB%95&ky=nam&nam=2030&pham-vi=province&chi-tieu-do=groups_operating"
    );
    bench.post(&format!("{PAGE}/sua"), &form).await;
    let request = Request::get(format!("{PAGE}/goi.zip")).body(Body::empty()).unwrap();
    let response = hoptac_web::router(bench.app.clone()).oneshot(request).await.unwrap();
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/zip");
    let packed = to_bytes(response.into_body(), 10_000_000).await.unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(packed)).unwrap();
    let mut files = std::collections::BTreeMap::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        std::io::copy(&mut file, &mut bytes).unwrap();
        let name = file.name().unwrap().trim_start_matches("du-thao/").to_owned();
        files.insert(name, bytes);
    }
    let plan = String::from_utf8(files["plan.toml"].clone()).unwrap();
    assert!(plan.contains("indicator = \"groups_operating\""), "{plan}");
    assert!(plan.contains("value = 900"), "{plan}");
    let parts = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    let read = pack::read(&PackFiles::new(parts), &Check::default());
    assert!(!read.findings.iter().any(hoptac_model::finding::Finding::is_error), "{plan}");
}

#[tokio::test]
async fn without_a_plan_in_force_there_is_no_draft_pack() {
    let bench = Bench::with_plan().await;
    let (_, html) = bench.get(PAGE).await;
    assert!(!html.contains("goi.zip"), "{html}");
    let (status, html) = bench.get(&format!("{PAGE}/goi.zip")).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(html.contains("Chưa có kế hoạch nào được áp dụng"), "{html}");
}
