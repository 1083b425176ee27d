//! The pages over the plan of Lạng Sơn and a register small enough to add up in the head: three cooperative groups in
//! Bình Gia, founded in 2021, 2022 and 2024 with 5, 6 and 7 members, and one cooperative in the city.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::path::Path;
use std::sync::LazyLock;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use hoptac_model::ids::{OrganisationId, UnitId};
use hoptac_model::organisation::{Grade, Kind, Organisation, Sector, Status};
use hoptac_model::register::{GradeDecision, Link, Partner, Register, Stage, State};
use hoptac_model::unit::{Level, Places};
use hoptac_web::app::{App, Published};
use hoptac_web::public::PublicSide;
use jiff::civil::Date;
use tower::ServiceExt;

fn today() -> Date {
    Date::constant(2025, 12, 31)
}

fn packs() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

fn places() -> Places {
    let read = |name: &str| std::fs::read(packs().join("vn/units").join(name)).unwrap();
    let all = hoptac_intake::unit::read(&read("units.csv"), &read("successors.csv"));
    let (units, successors) = hoptac_intake::unit::territory(&all.units, &all.successors, "20");
    Places::new(units, successors)
}

fn register(places: &Places) -> Register {
    let day = Date::constant(2023, 5, 15);
    let commune = |district: &str| -> UnitId {
        let district = places.find(district, day).unwrap();
        let communes = places.children(&district.id, day);
        communes.into_iter().find(|unit| unit.level == Level::Commune).unwrap().id.clone()
    };
    let (binh_gia, city) = (commune("181"), commune("178"));
    let all = [
        (1, "Tổ hợp tác Hồi Tân Văn", Kind::Group, 2021, 5, &binh_gia),
        (2, "Tổ hợp tác Quế Hồng Thái", Kind::Group, 2022, 6, &binh_gia),
        (3, "Tổ hợp tác Na Mộng", Kind::Group, 2024, 7, &binh_gia),
        (4, "Hợp tác xã Rau Hoàng Đồng", Kind::Cooperative, 2020, 12, &city),
    ];
    let mut register = Register { position: 42, ..Register::default() };
    for (index, (id, name, kind, year, members, seat)) in (0_u32..).zip(all) {
        register.organisations.push(Organisation {
            id: OrganisationId(uuid::Uuid::from_u128(id)),
            code: None,
            name: name.to_owned(),
            founded_on: Date::constant(year, 3, 1),
            synthetic: true,
        });
        register.states.push(State {
            organisation: index,
            from: Date::constant(year, 3, 1),
            position: u64::from(index),
            kind,
            status: Status::Operating,
            seat: (*seat).clone(),
            seat_former: None,
            sector: Sector::Agricultural,
            vsic: 'A',
            difficult_area: false,
            members: Some(members),
            capital: None,
        });
    }
    // The first two groups sell star anise to one enterprise, the second to another one as well; the cooperative is graded.
    let contract = |organisation, link: &str, partner: &str, value| Link {
        organisation,
        link: link.to_owned(),
        partner: Partner::enterprise(partner).into(),
        product: "hoa hồi".into(),
        stages: [Stage::Processing, Stage::Sale].into(),
        signed_on: Date::constant(2024, 5, 1),
        from: Date::constant(2024, 5, 1),
        to: Some(Date::constant(2026, 4, 30)),
        value: Some(value),
        ..Link::default()
    };
    register.links.extend([
        contract(0, "HĐ-01", "DN A", 100_000_000),
        contract(1, "HĐ-02", "DN A", 60_000_000),
        contract(1, "HĐ-03", "DN B", 40_000_000),
    ]);
    for (year, score_tenths, grade) in [(2023, 600, Grade::Average), (2024, 850, Grade::Good)] {
        register.grades.push(GradeDecision {
            organisation: 3,
            year,
            on: Date::constant(year + 1, 3, 1),
            ruleset: "tt01-2020".to_owned(),
            score_tenths,
            grade,
        });
    }
    register
}

fn published() -> Published {
    let files = hoptac_intake::pack::PackFiles::from_dir(&packs().join("lang-son-2023"));
    let reading = hoptac_intake::pack::read(&files, &hoptac_intake::pack::Check::default());
    let places = places();
    Published::of(register(&places), places, reading.pack, None, today())
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn html(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The words of the page, without its marks.
    fn text(&self) -> String {
        let mut text = String::new();
        for (at, part) in self.html().split('<').enumerate() {
            let words =
                if at == 0 { part } else { part.split_once('>').map_or("", |(_, words)| words) };
            if !words.trim().is_empty() {
                text.push_str(words.trim());
                text.push(' ');
            }
        }
        text.replace("&quot;", "\"").replace("&amp;", "&")
    }

    #[track_caller]
    fn says(&self, words: &str) {
        assert!(self.text().contains(words), "`{words}` is not in: {}", self.text());
    }
}

/// One app for all requests of a test: the places of a nation take a while to read.
static APP: LazyLock<App> = LazyLock::new(|| {
    App::of(published(), today).with_public_side(PublicSide { least: 3, licence: None })
});

async fn send(app: App, uri: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response =
        hoptac_web::router(app).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let body = to_bytes(response.into_body(), 10_000_000).await.unwrap().to_vec();
    Answer { status, headers, body }
}

async fn get(uri: &str) -> Answer {
    send(APP.clone(), uri, &[]).await
}

const PAGES: [&str; 49] = [
    "/ai-can-lam",
    "/phan-bo",
    "/phan-bo/TY-02",
    "/phan-bo/T30-01?dia-gioi=2025-06-30",
    "/phan-bo/TY-02?san=2",
    "/kich-ban",
    "/kich-ban?formation.THT=%2B20%25&so-voi=khong-co",
    "/",
    "/?unit=181",
    "/chi-tieu",
    "/chi-tieu/T30-01",
    "/chi-tieu/TY-01",
    "/chi-tieu/T30-10?level=commune",
    "/chi-tieu/groups?unit=181",
    "/chi-tieu/groups/ho-so?year=2024",
    "/chi-tieu/T30-01/ho-so?unit=181&show=out",
    "/ke-hoach",
    "/ke-hoach/luu-y/HT002",
    "/dang-ky",
    "/dang-ky?q=to+hop+tac&attention=no_return&xem=00000000-0000-0000-0000-000000000001",
    "/dang-ky?q=khong+co+ten+nay",
    ONE,
    "/tim",
    "/tim?q=binh+gia",
    "/thiet-ke",
    "/dia-ban/181",
    "/ban-do",
    "/ban-do?chi-tieu=TY-01&level=district&kieu=o&as_of=2024-12-31",
    "/ban-do?chi-tieu=groups",
    "/bang-chi-tieu",
    "/bang-chi-tieu?level=district&sort=name&standing=off",
    "/to-chuc/00000000-0000-0000-0000-000000000004?as_of=2022-12-31",
    "/bang-chi-tieu?level=district&chieu=chi-tieu",
    "/chuoi",
    "/chuoi?theo=dia-ban&unit=181&thang=24&ty-trong=50",
    "/chuoi?san-pham=hoa+h%E1%BB%93i&ben-mua=DN+A",
    "/chuoi?san-pham=khong+co",
    "/chuong-trinh",
    "/chuong-trinh/nd98-tu-van?ket-qua=not_met",
    "/xep-loai?nam=2024&tu-nam=2023",
    "/xep-loai?nam=2024&bo-tieu-chi=tt01-2020&xep=tot",
    "/xep-loai?nam=1999",
    "/cong-khai",
    "/cong-khai/chi-tieu/T30-01",
    "/cong-khai/chi-tieu/groups",
    "/cong-khai/dang-ky",
    "/cong-khai/dang-ky?q=hoi+tan+van&kind=tht",
    "/cong-khai/bao-cao",
    "/cong-khai/du-lieu",
];

/// The first group, founded on 1 March 2021.
const ONE: &str = "/to-chuc/00000000-0000-0000-0000-000000000001";

#[tokio::test]
async fn parts_of_a_year_sum_to_what_the_plan_asks_and_a_conflict_is_named() {
    let page = get("/phan-bo/TY-02").await;
    page.says("Phân bổ: ");
    page.says("65 đơn vị; mỗi năm kế hoạch đặt từ 55 đến 70, tổng các phần khớp từng năm.");
    let page = get("/phan-bo/TY-02?san=2").await;
    page.says("mỗi đơn vị ít nhất 2 mỗi năm (65 đơn vị, tổng 130)");
    page.says("cả địa bàn không quá 70");
    get("/phan-bo/TY-02?san=hai").await.says("Không đọc được “hai”");
    get("/phan-bo/TY-01").await.says("Kế hoạch đã giao chỉ tiêu này cho từng đơn vị");
    assert_eq!(get("/phan-bo/T99").await.status, StatusCode::NOT_FOUND);
    assert_eq!(get("/phan-bo/TY-02/da-giao").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_assumed_is_told_back_where_it_cannot_be_read() {
    get("/kich-ban").await.says("Nếu làm khác đi thì sao");
    get("/kich-ban?formation.THT=nhieu").await.says("`nhieu` không phải là số");
    get("/kich-ban?population.population=0").await.says("dân số phải lớn hơn 0");
}

#[tokio::test]
async fn every_page_answers_in_both_languages() {
    for uri in PAGES {
        let vi = get(uri).await;
        assert_eq!(vi.status, StatusCode::OK, "{uri}");
        assert!(vi.html().contains("<html lang=\"vi\">"), "{uri}");
        let mark = if uri.contains('?') { '&' } else { '?' };
        let en = get(&format!("{uri}{mark}lang=en")).await;
        assert_eq!(en.status, StatusCode::OK, "{uri}");
        assert!(en.html().contains("<html lang=\"en\">"), "{uri}");
        assert!(!en.text().contains("chỉ tiêu khó đạt"), "{uri}");
    }
}

#[tokio::test]
async fn no_page_carries_style_or_script_of_its_own_or_asks_anybody_else() {
    for uri in PAGES {
        let page = get(uri).await;
        let html = page.html();
        for never in
            [" style=", "<style", " onclick=", "javascript:", "src=\"http", "href=\"http", "url("]
        {
            assert!(!html.contains(never), "{never} in {uri}");
        }
        assert!(
            !html.replace("></script>", "").contains("</script>"),
            "a script with text in {uri}"
        );
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(page.headers["x-content-type-options"], "nosniff");
    }
}

#[tokio::test]
async fn every_id_in_a_page_is_there_once() {
    for uri in PAGES {
        let page = get(uri).await;
        let mut ids: Vec<&str> =
            page.html().split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{uri}");
    }
}

#[tokio::test]
async fn a_first_visit_is_below_150_kilobytes() {
    let gzip = [("accept-encoding", "gzip")];
    let page = send(APP.clone(), "/", &gzip).await;
    assert_eq!(page.headers["content-encoding"], "gzip");
    let plain = get("/").await;
    let mut whole = page.body.len();
    let assets: Vec<&str> = plain
        .html()
        .split('"')
        .filter(|part| part.starts_with("/assets/") && !part.contains(".woff2"))
        .collect();
    assert!(assets.len() >= 2);
    for uri in assets {
        let asset = send(APP.clone(), uri, &gzip).await;
        assert_eq!(asset.status, StatusCode::OK, "{uri}");
        assert_eq!(asset.headers["cache-control"], "public, max-age=31536000, immutable");
        whole += asset.body.len();
    }
    // The four font files, as they lie in the folder; they do not shrink further.
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets")).unwrap() {
        let entry = entry.unwrap();
        if entry.path().extension().is_some_and(|e| e == "woff2") {
            whole += usize::try_from(entry.metadata().unwrap().len()).unwrap();
        }
    }
    assert!(whole < 150_000, "{whole}");
}

#[tokio::test]
async fn the_overview_shows_the_three_groups() {
    let page = get("/").await;
    page.says("trong 25 chỉ tiêu");
    page.says("dữ liệu mô phỏng");
    page.says("sổ cái số 42");
    let row = page.html().split("<tr id=\"T30-01\"").nth(1).unwrap().split("</tr>").next().unwrap();
    assert!(row.contains(">3</td>") && row.contains("khoảng 850"), "{row}");
}

#[tokio::test]
async fn an_earlier_day_shows_fewer() {
    let page = get("/?as_of=2022-12-31").await;
    let row = page.html().split("<tr id=\"T30-01\"").nth(1).unwrap().split("</tr>").next().unwrap();
    assert!(row.contains(">2</td>"), "{row}");
}

#[tokio::test]
async fn a_figure_of_june_stands_beside_what_the_records_give_for_june() {
    let page = get("/chi-tieu/T30-01?as_of=2025-12-31").await;
    page.says("30/6/2022 206 2 ");
    page.says("30/6/2024 300 3 ");
}

#[tokio::test]
async fn day_and_language_stay_in_links() {
    let page = get("/?as_of=2022-12-31&lang=en").await;
    assert!(page.html().contains("href=\"/ke-hoach?as_of=2022-12-31&amp;lang=en\""));
    assert!(page.html().contains("href=\"/?as_of=2022-12-31\""));
}

#[tokio::test]
async fn the_records_say_who_counts_and_why() {
    let page = get("/chi-tieu/groups/ho-so?year=2024").await;
    page.says("Tổ hợp tác Na Mộng");
    page.says("Được tính (3)");
    let out = get("/chi-tieu/groups/ho-so?year=2024&show=out").await;
    out.says("Hợp tác xã Rau Hoàng Đồng");
    assert!(!out.text().contains("Tổ hợp tác Na Mộng"));
}

#[tokio::test]
async fn the_script_gets_only_the_list() {
    let uri = "/chi-tieu/groups/ho-so?year=2024&show=in";
    let part = send(APP.clone(), uri, &[("hx-request", "true")]).await;
    assert!(part.html().starts_with("<div id=\"danh-sach\">"));
    assert_eq!(part.headers["vary"], "hx-request");
}

#[tokio::test]
async fn a_unit_has_its_own_overview() {
    let page = get("/?unit=181").await;
    page.says("Huyện Bình Gia:");
    page.says("Không giao riêng");
    let moved = get("/don-vi/181?as_of=2024-12-31").await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER);
    assert_eq!(moved.headers["location"], "/dia-ban/181?as_of=2024-12-31");
}

#[tokio::test]
async fn a_day_that_does_not_exist_is_told_with_the_last_day() {
    let page = get("/?as_of=2026-02-30").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    page.says("tháng 2 năm 2026 có 28 ngày");
    page.says("Về trang tổng quan");
}

#[tokio::test]
async fn what_does_not_exist_is_answered_with_what_comes_near() {
    let unit = get("/?unit=Binh+Gia").await;
    assert_eq!(unit.status, StatusCode::NOT_FOUND);
    unit.says("Huyện Bình Gia (181)");
    let target = get("/chi-tieu/T30-99").await;
    assert_eq!(target.status, StatusCode::NOT_FOUND);
    target.says("T30-01");
    let year = get("/chi-tieu/groups/ho-so?year=1999").await;
    assert_eq!(year.status, StatusCode::BAD_REQUEST);
    year.says("từ 2019 đến 2025");
    let nothing = get("/khong-co?lang=en").await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    nothing.says("There is no such page.");
}

#[tokio::test]
async fn what_was_written_in_the_address_is_never_markup() {
    for uri in ["/chi-tieu/%3Cscript%3Ex%3C%2Fscript%3E", "/?unit=%3Cb%3E", "/?as_of=%3Cb%3E"] {
        let page = get(uri).await;
        assert!(page.status.is_client_error(), "{uri}");
        assert!(!page.html().contains("<script>x") && !page.html().contains("<b>"), "{uri}");
    }
}

#[tokio::test]
async fn without_a_plan_the_page_says_what_is_missing() {
    let page = send(App::of(Published::default(), today), "/", &[]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    page.says("Chưa có kế hoạch nào");
    let health = send(App::of(Published::default(), today), "/healthz", &[]).await;
    assert_eq!(health.html(), "ok 0\n");
}

#[tokio::test]
async fn an_attached_text_opens_at_the_words_of_a_target() {
    let mut with_text = published();
    let words = &with_text.pack.as_ref().unwrap().targets[0].words;
    // The words go over the end of a line, as they do where a program broke it.
    let broken = words.replacen(' ', "\n", 1);
    let text = format!("Mở đầu.\nĐến năm 2030 có {broken}.\nKết thúc.");
    with_text.text = Some(text.into());
    let app = App::of(with_text, today);
    let target = send(app.clone(), "/chi-tieu/T30-01", &[]).await;
    assert!(target.html().contains("href=\"/ke-hoach#van-ban-T30-01\""));
    let page = send(app, "/ke-hoach", &[]).await;
    assert_eq!(page.html().matches("<mark id=\"van-ban-T30-01\">").count(), 1);
    assert_eq!(page.html().matches("<mark").count(), 2);
    assert!(page.html().contains("href=\"#van-ban-T30-01\""));
    assert!(!page.html().contains("href=\"#van-ban-T30-02\""));
}

#[tokio::test]
async fn a_finding_stands_beside_its_target_with_numbers_and_decision() {
    let page = get("/ke-hoach").await;
    let row = page.html().split("<li id=\"muc-T30-01\"").nth(1).unwrap();
    let row = row.split("<li id=\"muc-").next().unwrap();
    assert!(row.contains("666 đến 786") && row.contains("Cần quyết định:"), "{row}");
    assert!(row.contains("href=\"/ke-hoach/luu-y/HT002\""), "{row}");
    get("/ke-hoach/luu-y/HT002").await.says("Cách xử lý");
    get("/ke-hoach/luu-y/HT002?lang=en").await.says("How to settle it");
    let nothing = get("/ke-hoach/luu-y/HT099").await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    nothing.says("HT009");
}

#[tokio::test]
async fn an_accepted_finding_is_quiet_until_its_day() {
    let base = published();
    let found = base.findings.iter().find(|f| f.code.as_str() == "HT002").unwrap().clone();
    let accepted = |until| {
        let mut pack = base.pack.clone().unwrap().into_inner();
        pack.accepted.push(hoptac_model::plan_check::Accepted {
            code: "HT002".to_owned(),
            targets: found.targets.clone(),
            reason: hoptac_model::text::Words::new("Chờ rà soát giữa kỳ", "Awaits the review"),
            owner: "ubnd-tinh".to_owned(),
            until,
        });
        let places = places();
        App::of(Published::of(register(&places), places, Some(pack), None, today()), today)
    };
    let page = send(accepted(Date::constant(2025, 12, 31)), "/ke-hoach", &[]).await;
    page.says("đã được chấp nhận đến hết ngày 31/12/2025");
    page.says("Lý do chấp nhận: Chờ rà soát giữa kỳ");
    let page = send(accepted(Date::constant(2025, 12, 30)), "/ke-hoach", &[]).await;
    page.says("Việc chấp nhận đã hết hạn ngày 30/12/2025");
}

#[tokio::test]
async fn the_register_is_searched_without_marks_and_filtered() {
    get("/dang-ky").await.says("4 tổ chức: 3 tổ hợp tác, 1 hợp tác xã, 0 liên hiệp.");
    let page = get("/dang-ky?q=tht+hong+thai").await;
    let first = page.html().split("<th scope=\"row\"").nth(1).unwrap();
    assert!(first.contains("Tổ hợp tác Quế Hồng Thái"), "{first}");
    get("/dang-ky?kind=HTX").await.says("Hợp tác xã Rau Hoàng Đồng");
    get("/dang-ky?unit=181&as_of=2024-12-31").await.says("3 tổ chức: 3 tổ hợp tác");
    get("/dang-ky?as_of=2021-12-31").await.says("2 tổ chức: 1 tổ hợp tác, 1 hợp tác xã");
    let none = get("/dang-ky?q=khong+co+ten+nay").await;
    assert_eq!(none.status, StatusCode::OK);
    none.says("Không có tổ chức nào khớp điều kiện tìm.");
    none.says("Bỏ mọi điều kiện");
}

#[tokio::test]
async fn the_register_is_sorted_and_keeps_its_view_in_the_address() {
    let page = get("/dang-ky?sort=members&dir=desc&columns=members,founded&lang=en").await;
    let at = |name: &str| page.html().find(name).unwrap();
    assert!(at("Hợp tác xã Rau Hoàng Đồng") < at("Tổ hợp tác Na Mộng"));
    assert!(at("Tổ hợp tác Na Mộng") < at("Tổ hợp tác Hồi Tân Văn"));
    assert!(page.html().contains("aria-sort=\"descending\""));
    let csv = "/dang-ky.csv?sort=members&amp;dir=desc&amp;columns=members%2Cfounded&amp;lang=en";
    assert!(page.html().contains(csv), "{}", page.html());
}

#[tokio::test]
async fn the_script_gets_only_the_list_of_the_register() {
    let part = send(APP.clone(), "/dang-ky?q=rau", &[("hx-request", "true")]).await;
    assert!(part.html().starts_with("<div id=\"danh-sach\""), "{}", part.html());
    assert_eq!(part.headers["vary"], "hx-request");
}

#[tokio::test]
async fn the_register_is_saved_as_a_table() {
    let csv = get("/dang-ky.csv?kind=THT").await;
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(csv.html().lines().count(), 4);
    assert!(csv.html().starts_with("Định danh,Tên,"));
    assert!(get("/dang-ky.csv?bom=1").await.html().starts_with('\u{feff}'));
}

/// The heads of a CSV file, whatever stands between them.
fn heads(file: &Answer, delimiter: char) -> Vec<String> {
    let head = file.html().trim_start_matches('\u{feff}').lines().next().unwrap();
    head.split(delimiter).map(|cell| cell.trim_matches('"').to_owned()).collect()
}

/// What the metadata of a CSV file that it names itself says of it.
async fn metadata_of(file: &Answer) -> serde_json::Value {
    let link = file.headers.get("link").unwrap().to_str().unwrap();
    assert!(link.ends_with("rel=\"describedby\"; type=\"application/csvm+json\""), "{link}");
    let address = link.trim_start_matches('<').split_once('>').unwrap().0;
    let metadata = get(address).await;
    assert_eq!(metadata.status, StatusCode::OK, "{link}");
    assert_eq!(metadata.headers.get("content-type").unwrap(), "application/csvm+json");
    serde_json::from_str(metadata.html()).unwrap()
}

fn titles(metadata: &serde_json::Value) -> Vec<String> {
    let columns = metadata.pointer("/tableSchema/columns").unwrap().as_array().unwrap();
    let title =
        |column: &serde_json::Value| column.get("titles").unwrap().as_str().unwrap().to_owned();
    columns.iter().map(title).collect()
}

#[tokio::test]
async fn every_csv_file_has_metadata_with_its_columns() {
    let table = hoptac_web::route_table();
    let files: Vec<_> =
        table.iter().filter(|route| route.path.strip_suffix(".csv").is_some()).collect();
    assert_eq!(files.len(), 4);
    let tables = [
        "organisations",
        "returns",
        "grades",
        "links",
        "products",
        "support",
        "units",
        "figures",
        "scoreboard",
    ];
    let tables = tables.map(|id| format!("/bang/{id}?dang=csv"));
    for route in &files {
        let path = format!("{}-metadata.json", route.path);
        let metadata = table.iter().find(|other| other.path == path);
        assert_eq!(metadata.map(|other| other.need), Some(route.need), "{path}");
    }
    for file in files.iter().map(|route| route.path.to_owned()).chain(tables) {
        for language in ["vi", "en"] {
            let more = if file.contains('?') { '&' } else { '?' };
            let asked = format!("{file}{more}as_of=2025-06-30&lang={language}");
            let csv = get(&asked).await;
            assert_eq!(csv.status, StatusCode::OK, "{asked}");
            let metadata = metadata_of(&csv).await;
            let delimiter = metadata["dialect"]["delimiter"].as_str().unwrap_or(",");
            let heads = heads(&csv, delimiter.chars().next().unwrap());
            assert_eq!(titles(&metadata), heads, "{asked}");
            let url = metadata["url"].as_str().unwrap();
            assert_eq!(get(url).await.body, csv.body, "{url} is not {asked}");
            let note = metadata["notes"][0]["body"]["value"].as_str().unwrap();
            assert!(note.contains("bút toán sổ cái số 42. Dữ liệu mô phỏng"), "{note}");
        }
    }
}

#[tokio::test]
async fn the_chosen_columns_of_the_register_are_those_of_its_file_and_metadata() {
    let csv = get("/dang-ky.csv?columns=members,founded&kind=THT").await;
    assert_eq!(heads(&csv, ','), ["Định danh", "Tên", "Thành viên", "Thành lập"]);
    let metadata = metadata_of(&csv).await;
    assert_eq!(titles(&metadata), heads(&csv, ','));
    assert_eq!(metadata["url"], "/dang-ky.csv?columns=members%2Cfounded&kind=THT");
    assert_eq!(metadata["dc:modified"]["@value"], "2025-12-31");
    let columns = &metadata["tableSchema"]["columns"];
    assert_eq!(metadata["tableSchema"]["primaryKey"], serde_json::json!(["id"]));
    assert_eq!(
        (&columns[2]["name"], &columns[2]["datatype"]),
        (&"members".into(), &"integer".into())
    );
    assert_eq!(columns[3]["datatype"]["base"], "date");
}

#[tokio::test]
async fn a_name_that_looks_like_a_formula_is_disarmed() {
    let places = places();
    let mut register = register(&places);
    register.organisations.get_mut(0).unwrap().name = "=cmd|'/c calc'!A1".to_owned();
    register.organisations.get_mut(1).unwrap().name = "<script>alert(1)</script>".to_owned();
    let app = App::of(Published::of(register, places, None, None, today()), today);
    let csv = send(app.clone(), "/dang-ky.csv", &[]).await;
    assert!(csv.html().contains(",'=cmd|'/c calc'!A1,"), "{}", csv.html());
    let page = send(app, "/dang-ky", &[]).await;
    assert!(!page.html().contains("<script>alert"), "{}", page.html());
}

#[tokio::test]
async fn an_organisation_is_shown_on_a_day() {
    let page = get(ONE).await;
    page.says("Tổ hợp tác Hồi Tân Văn");
    page.says("Thành viên 5");
    page.says("Chưa có báo cáo năm nào");
    let before = get(&format!("{ONE}?as_of=2020-12-31")).await;
    assert_eq!(before.status, StatusCode::BAD_REQUEST);
    before.says("thành lập ngày 1/3/2021, sau ngày 31/12/2020");
    for id in ["Rau-Hoang-Dong", "00000000-0000-0000-0000-000000000009"] {
        let page = get(&format!("/to-chuc/{id}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{id}");
    }
    get("/to-chuc/Rau-Hoang-Dong").await.says("Hợp tác xã Rau Hoàng Đồng");
}

#[tokio::test]
async fn a_unit_shows_its_organisations_and_whether_their_returns_came() {
    let page = get("/dia-ban/181?as_of=2024-12-31").await;
    page.says("Huyện Bình Gia:");
    page.says("Tổ hợp tác 3");
    page.says("Xem tất cả 3 tổ chức");
    page.says("Đơn vị này chấm dứt sau ngày 30/6/2025.");
    let completeness = page.html().split("Báo cáo năm của các tổ chức").nth(1).unwrap();
    assert!(completeness.contains(">2024</th>"), "{completeness}");
    let nothing = get("/dia-ban/Binh+Gia").await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_map_and_its_table_say_the_same() {
    let page = get("/ban-do?chi-tieu=groups&level=district&as_of=2024-12-31").await;
    page.says("Huyện Bình Gia 3");
    assert!(page.html().contains("aria-label=\"Bình Gia: 3\""), "{}", page.html());
    let circles = page.html().matches("<circle class=\"bubble").count();
    let rows = page.html().matches("<th scope=\"row\"").count();
    assert_eq!((circles, rows), (11, 11));
    let unknown = get("/ban-do?chi-tieu=T30-99").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn outlines_of_the_operator_are_drawn_and_others_are_not_missed() {
    let app = App::of(published(), today);
    let code = "05977".to_owned();
    let rings = vec![vec![(106.7, 21.8), (106.8, 21.8), (106.8, 21.9)]];
    let name = String::new();
    app.set_boundaries(vec![hoptac_model::boundary::Boundary { number: 1, code, name, rings }]);
    let page = send(app, "/ban-do?level=commune", &[]).await;
    assert_eq!(page.html().matches("<path class=\"outline\"").count(), 1);
}

#[tokio::test]
async fn the_scoreboard_of_units_is_a_table_and_a_file() {
    let page = get("/bang-chi-tieu?level=district&as_of=2024-12-31").await;
    page.says("đơn vị có chỉ tiêu khó đạt");
    let first = page.html().split("<th scope=\"row\"").nth(1).unwrap().split("</tr>").next();
    // One for how much is urgent, and one for each target.
    assert_eq!(first.unwrap().matches("<td").count(), 1 + 25);
    let csv = get("/bang-chi-tieu.csv?level=district&as_of=2024-12-31").await;
    assert_eq!(csv.html().lines().count(), 1 + 11 * 25);
    assert!(csv.html().contains("181,Huyện Bình Gia,TY-01,"), "{}", csv.html());
}

#[tokio::test]
async fn what_is_typed_finds_pages_targets_places_and_organisations() {
    let page = get("/tim?q=binh+gia").await;
    assert!(page.html().contains("href=\"/dia-ban/181\""), "{}", page.html());
    assert!(get("/tim?q=T30-01").await.html().contains("href=\"/chi-tieu/T30-01\""));
    assert!(get("/tim?q=tht+na+mong").await.html().contains("href=\"/to-chuc/"));
    assert!(get("/tim?q=so+dang+ky").await.html().contains("href=\"/dang-ky\""));
    get("/tim?q=zzzz").await.says("Không thấy gì khớp với “zzzz”");
    let list = send(APP.clone(), "/tim?q=%3Cb%3E", &[("hx-request", "true")]).await;
    assert!(list.html().starts_with("<p") && !list.html().contains("<b>"), "{}", list.html());
}

#[tokio::test]
async fn the_chain_says_who_depends_on_one_buyer() {
    let page = get("/chuoi?ty-trong=80").await;
    page.says("3 hợp đồng liên kết đang có hiệu lực; 1 trong 2 bên bán phụ thuộc một bên mua");
    page.says("giá trị đã biết 200 triệu đồng");
    // Without a buyer are the third group and the cooperative.
    page.says("2 tổ hợp tác, hợp tác xã đang hoạt động không có hợp đồng liên kết");
    assert!(page.html().contains("class=\"chart chain wide\""));
    // From 60 % on the second depends too: 60 of its 100 million go to one.
    get("/chuoi?ty-trong=60").await.says("2 trong 2 bên bán phụ thuộc một bên mua");
    get("/chuoi?as_of=2024-04-30").await.says("Không có hợp đồng nào khớp điều kiện");
}

#[tokio::test]
async fn contracts_can_be_taken_away() {
    let file = get("/chuoi.csv?ben-mua=DN+B").await;
    let text = String::from_utf8(file.body).unwrap();
    assert_eq!(text.lines().count(), 2);
    let line = text.lines().nth(1).unwrap();
    assert!(line.starts_with("Tổ hợp tác Quế Hồng Thái,HĐ-03,hoa hồi,DN B,"), "{line}");
    assert!(line.contains(",7,2024-05-01,2026-04-30,40000000,"), "{line}");
}

#[tokio::test]
async fn grades_of_a_year_say_who_moved() {
    let page = get("/xep-loai?nam=2024").await;
    page.says("Năm 2024: 1 trong 1 hợp tác xã, liên hiệp đã xếp loại; 1 tốt hoặc khá, 0 yếu.");
    page.says("Lên hạng: 1 · giữ nguyên: 0 · xuống hạng: 0");
    // What was decided on 1 March 2025 was not known before.
    get("/xep-loai?nam=2024&as_of=2025-02-28")
        .await
        .says("Năm 2024 chưa có quyết định xếp loại nào");
    let unknown = get("/xep-loai?bo-tieu-chi=khong-co").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_programme_says_who_may_get_support_and_why_not() {
    let page = get("/chuong-trinh/nd98-tu-van").await;
    page.says(
        "0 tổ chức đạt mọi điều kiện; 1 tổ chức chưa rõ vì thiếu dữ liệu; 3 tổ chức không đạt.",
    );
    page.says("Hợp tác xã Rau Hoàng Đồng");
    page.says("sổ đăng ký không ghi việc chấp hành hình phạt");
    get("/chuong-trinh/nd98-tu-van?ket-qua=not_met")
        .await
        .says("chương trình không dành cho tổ hợp tác");
    let unknown = get("/chuong-trinh/khong-co").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    unknown.says("Không có chương trình “khong-co”.");
}

#[tokio::test]
async fn the_scoreboard_can_be_turned() {
    let page = get("/bang-chi-tieu?level=district&chieu=chi-tieu&sort=name").await;
    let html = page.html();
    let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("`{text}` is not in the page"));
    // Districts stand over the columns, targets before the rows; the same cell leads to the same indicator.
    let head = html.split("</thead>").next().unwrap();
    assert!(head.contains(">Bình Gia</a>") && !head.contains("/chi-tieu/T30-01"));
    assert!(at("<tbody>") < at("/chi-tieu/T30-01\""));
    assert!(html.contains("/chi-tieu/TY-01?unit=181"));
}

#[tokio::test]
async fn the_public_side_is_there_only_where_it_was_opened() {
    let app = App::of(published(), today);
    for uri in [
        "/cong-khai",
        "/cong-khai/chi-tieu/groups",
        "/cong-khai/dang-ky",
        "/cong-khai/bao-cao",
        "/sitemap.xml",
    ] {
        let page = send(app.clone(), uri, &[]).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{uri}");
    }
    let robots = send(app, "/robots.txt", &[]).await;
    assert_eq!(robots.html(), "User-agent: *\nDisallow: /\n");
    assert!(get("/robots.txt").await.html().contains("Allow: /cong-khai\n"));
}

#[tokio::test]
async fn a_public_page_is_small_kept_and_not_sent_twice() {
    let page = get("/cong-khai").await;
    assert!(page.body.len() < 100_000, "{}", page.body.len());
    assert_eq!(page.headers["cache-control"], "public, max-age=300");
    assert!(!page.headers.contains_key("set-cookie") && !page.html().contains("<script"));
    assert!(page.html().contains("<meta property=\"og:description\" content=\"Tiến độ kế hoạch"));
    let tag = page.headers["etag"].to_str().unwrap();
    let again = send(APP.clone(), "/cong-khai", &[("if-none-match", tag)]).await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
    let other = send(APP.clone(), "/cong-khai?lang=en", &[("if-none-match", tag)]).await;
    assert_eq!(other.status, StatusCode::OK);
}

#[tokio::test]
async fn what_everybody_can_count_is_shown_and_what_one_organisation_said_is_hidden() {
    let groups = get("/cong-khai/chi-tieu/groups").await;
    assert!(!groups.html().contains(">ẩn<"), "{}", groups.text());
    // There is one cooperative: the sum of its members is what it said itself.
    let members = get("/cong-khai/chi-tieu/T30-04").await;
    members.says("quá ít tổ chức");
    assert!(members.html().contains(">ẩn<") && !members.html().contains("<figure"));
    // Another day, unit or state would be something to subtract.
    let asked = get("/cong-khai/chi-tieu/groups?as_of=2022-12-31&unit=181&so-cai=1").await;
    assert_eq!(asked.text(), groups.text());
}

#[tokio::test]
async fn a_place_has_the_figures_that_the_pages_of_targets_have_for_it() {
    let groups = get("/cong-khai/chi-tieu/T30-01").await;
    assert!(groups.html().contains("<svg class=\"map\""), "groups are counted by place");
    assert!(groups.html().contains("href=\"#dia-ban-181\""), "the map leads to the table");
    let place = get("/cong-khai/dia-ban/181").await;
    place.says("Huyện Bình Gia: các chỉ tiêu của kế hoạch");
    assert!(place.html().contains(">3<"), "three groups: {}", place.text());
    // One cooperative is not told of in the city, and neither is its standing.
    let city = get("/cong-khai/dia-ban/178?as_of=2022-12-31").await;
    assert!(city.html().contains(">ẩn<"), "{}", city.text());
    assert_eq!(city.text(), get("/cong-khai/dia-ban/178").await.text());
    let members = get("/cong-khai/chi-tieu/T30-04").await;
    assert!(!members.html().contains("<svg class=\"map\""), "nothing is left to draw");
    let none = get("/cong-khai/dia-ban/999").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

/// What a page says for other sites that show a link to it.
fn told<'p>(page: &'p Answer, property: &str) -> &'p str {
    let mark = format!("=\"{property}\" content=\"");
    let (_, from) = page.html().split_once(&mark).unwrap_or_else(|| panic!("no {property}"));
    from.split_once('"').unwrap().0
}

#[tokio::test]
async fn every_public_page_has_a_picture_for_other_sites() {
    for page in [
        "/cong-khai",
        "/cong-khai/chi-tieu/T30-01",
        "/cong-khai/chi-tieu/T30-04?lang=en",
        "/cong-khai/chi-tieu/groups",
        "/cong-khai/dang-ky?q=rau",
        "/cong-khai/bao-cao",
        "/cong-khai/du-lieu?lang=en",
    ] {
        let shown = get(page).await;
        let size = [told(&shown, "og:image:width"), told(&shown, "og:image:height")];
        assert_eq!(size, ["1200", "630"]);
        assert_eq!(told(&shown, "twitter:card"), "summary_large_image");
        for property in ["og:title", "og:description", "og:image:alt"] {
            assert!(!told(&shown, property).is_empty(), "{page}: {property}");
        }
        let picture = get(told(&shown, "og:image")).await;
        assert_eq!(picture.headers["content-type"], "image/png", "{page}");
        assert_eq!(picture.headers["cache-control"], "public, max-age=300");
        assert!(picture.body.len() < 100_000, "{page}: {} bytes", picture.body.len());
        let size = |at: usize| u32::from_be_bytes(picture.body[at..at + 4].try_into().unwrap());
        assert_eq!((size(16), size(20)), (1200, 630));
        let tag = picture.headers["etag"].to_str().unwrap();
        let again = send(APP.clone(), told(&shown, "og:image"), &[("if-none-match", tag)]).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        assert!(again.body.is_empty());
    }
    for name in ["khong-co.png", "T30-01", "T30-01.svg", ".png"] {
        let none = get(&format!("/cong-khai/anh/{name}")).await;
        assert_eq!(none.status, StatusCode::NOT_FOUND, "{name}");
    }
}

#[tokio::test]
async fn a_picture_does_not_depend_on_a_figure_that_is_hidden() {
    // There is one cooperative: the sum of its members is what it said itself. Its members change, and nothing else does.
    let with = |members, least| {
        let places = places();
        let mut register = register(&places);
        register.states.change(3, |own| own[0].members = Some(members));
        let pack = published().pack.map(|pack| (*pack).clone());
        App::of(Published::of(register, places, pack, None, today()), today)
            .with_public_side(PublicSide { least, licence: None })
    };
    let differs = async |name: &str, least| {
        let uri = format!("/cong-khai/anh/{name}.png");
        let one = send(with(12, least), &uri, &[]).await;
        assert_eq!(one.status, StatusCode::OK, "{name}");
        one.body != send(with(900, least), &uri, &[]).await.body
    };
    for name in ["T30-04", "cooperative_members", "T30-10", "groups", "ke-hoach"] {
        assert!(!differs(name, 3).await, "{name} tells of the members");
    }
    assert!(differs("T30-04", 1).await, "where nothing is hidden the same change shows");
}

/// What stands in the columns of a CSV file, row by row.
fn columns<'t>(text: &'t str, names: &[&str]) -> Vec<Vec<&'t str>> {
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let heads = lines.next().unwrap();
    let at: Vec<usize> =
        names.iter().map(|name| heads.iter().position(|head| head == name).unwrap()).collect();
    lines.map(|line| at.iter().map(|at| *line.get(*at).unwrap()).collect()).collect()
}

#[tokio::test]
async fn open_data_says_what_the_pages_say_and_hides_what_they_hide() {
    let csv = get("/cong-khai/du-lieu/indicators.csv").await;
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(csv.headers["cache-control"], "public, max-age=300");
    let link = csv.headers["link"].to_str().unwrap();
    assert!(link.starts_with("<indicators.csv-metadata.json>; rel=\"describedby\""), "{link}");
    let rows = columns(csv.html(), &["unit", "indicator", "year", "value", "status"]);
    assert!(rows.iter().any(|row| row[4] == "A" && !row[3].is_empty()));
    assert!(rows.iter().any(|row| row[4] == "Q"), "the fixture has small cells");
    for row in rows {
        assert_eq!(row[3].is_empty(), ["O", "Q"].contains(&row[4]), "{row:?}");
    }
    let targets = get("/cong-khai/du-lieu/targets.csv").await;
    for row in columns(targets.html(), &["target", "value", "expected", "standing", "status"]) {
        if row[4] == "Q" {
            assert_eq!(row[1..4], ["", "", ""], "{row:?}");
        }
    }
}

#[tokio::test]
async fn every_file_of_open_data_is_there_once_and_others_are_told() {
    let page = get("/cong-khai/du-lieu").await;
    let files: Vec<&str> = page
        .html()
        .split("href=\"/cong-khai/du-lieu/")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(files.len(), 7 * 3 + 2);
    for file in files {
        let answer = get(&format!("/cong-khai/du-lieu/{file}")).await;
        assert_eq!(answer.status, 200, "{file}");
        let tag = answer.headers["etag"].to_str().unwrap();
        let address = format!("/cong-khai/du-lieu/{file}");
        assert_eq!(send(APP.clone(), &address, &[("if-none-match", tag)]).await.status, 304);
    }
    let wrong = get("/cong-khai/du-lieu/indicators.xlsx").await;
    assert_eq!(wrong.status, 404);
    assert!(wrong.html().contains("/cong-khai/du-lieu/indicators.csv"));
    let closed = App::of(published(), today);
    assert_eq!(send(closed, "/cong-khai/du-lieu/indicators.csv", &[]).await.status, 404);
}

#[tokio::test]
async fn a_frame_may_stand_in_any_site_and_nothing_else_may() {
    let number = get("/cong-khai/nhung/T30-01").await;
    assert_eq!(number.status, StatusCode::OK);
    let policy = number.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("frame-ancestors *") && policy.contains("form-action 'none'"),
        "{policy}"
    );
    assert!(!policy.contains("script-src") && !number.headers.contains_key("x-frame-options"));
    assert_eq!(number.headers["cross-origin-resource-policy"], "cross-origin");
    assert!(!number.html().contains("<script") && !number.html().contains("<figure"));
    let chart = get("/cong-khai/nhung/T30-01?kieu=bieu-do&lang=en").await;
    assert!(chart.html().contains("<figure") && chart.html().contains("<html lang=\"en\">"));
    assert!(chart.body.len() < 100_000);
    for page in ["/cong-khai", "/cong-khai/chi-tieu/T30-01", "/"] {
        let page = get(page).await;
        assert_eq!(page.headers["x-frame-options"], "DENY");
    }
    assert_eq!(get("/cong-khai/nhung/T99").await.status, StatusCode::NOT_FOUND);
    let closed = App::of(published(), today);
    assert_eq!(send(closed, "/cong-khai/nhung/T30-01", &[]).await.status, StatusCode::NOT_FOUND);
    get("/cong-khai/chi-tieu/T30-01").await.says("Nhúng vào trang khác");
}

#[tokio::test]
async fn the_public_register_is_searched_without_marks() {
    let page = get("/cong-khai/dang-ky?q=hoi+tan+van").await;
    page.says("1 tổ chức trong phần công khai");
    page.says("Tổ hợp tác Hồi Tân Văn");
    assert!(!page.text().contains("Rau Hoàng Đồng") && !page.html().contains("/to-chuc/"));
}
