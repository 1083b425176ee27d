//! Issued reports: every figure of one opens into its records as they were, and two are held against each other.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// Issues the report of a period, and says where it stands.
async fn issue(instance: &Instance, cookie: &str, kind: &str, period: &str) -> String {
    let fields = [
        ("loai", kind),
        ("ky", period),
        ("so", "05/BC-STC"),
        ("ngay", "2026-01-05"),
        ("nguoi-ky", "Nguyễn Văn Mẫu"),
        ("tu-cach", "kt"),
    ];
    let issued = instance.post("/bao-cao/phat-hanh", cookie, &fields).await;
    assert_eq!(issued.status, StatusCode::SEE_OTHER, "{}", issued.html);
    issued.location().to_owned()
}

/// Where the figures of a page lead, with all that is shown there: the value itself, and what is reckoned from it.
fn figures(html: &str) -> BTreeMap<String, Vec<String>> {
    let paper = html.split_once("class=\"paper\"").unwrap().1;
    let mut figures: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for link in paper.split("<a href=\"").skip(1).filter(|link| link.contains("/ho-so?")) {
        let (href, rest) = link.split_once('"').unwrap();
        let shown = rest.split_once('>').unwrap().1.split_once("</a>").unwrap().0;
        figures.entry(href.replace("&amp;", "&")).or_default().push(shown.to_owned());
    }
    figures
}

/// A number as it stands alone: reports write 06 for 6.
fn bare(shown: &str) -> &str {
    let number = shown.trim_end_matches(|c: char| !c.is_ascii_digit());
    match number.strip_prefix('0') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => rest,
        _ => number,
    }
}

/// The heading of a page, without marks.
fn heading(html: &str) -> String {
    let from = html.split_once("<h1").unwrap().1.split_once('>').unwrap().1;
    from.split_once("</h1>").unwrap().0.to_owned()
}

/// Founds one more group in the commune of the near one, before the day of all reports.
async fn one_more(instance: &Instance) {
    let operator = instance.signed_in("quan-tri").await;
    let csv = format!("{}\nTổ hợp tác Mới Bình Gia;THT;1/4/2024;06112;A;9\n", import::HEADS);
    import::take(instance, &operator, &csv).await;
}

#[tokio::test]
async fn every_figure_of_an_edition_opens_into_its_records_as_they_were() {
    let instance = Instance::new().await;
    let owner = instance.signed_in("so-tai-chinh").await;
    let before = issue(&instance, &owner, "half-year", "2025-H2").await;
    let pdf = instance.get(&format!("{before}/tai/pdf"), &owner).await.html;
    // What is filed behind it changes none of its figures, and none of its bytes.
    one_more(&instance).await;
    let yearly = issue(&instance, &owner, "yearly", "2025").await;
    let brief = issue(&instance, &owner, "brief", "2025").await;

    let mut opened: BTreeSet<String> = BTreeSet::new();
    for (page, least) in [(&before, 40), (&yearly, 40), (&brief, 5)] {
        let edition = instance.get(page, &owner).await;
        assert_eq!(edition.status, StatusCode::OK);
        let figures = figures(&edition.html);
        assert!(figures.len() >= least, "{page} has {} figures", figures.len());
        for (href, shown) in &figures {
            // The brief speaks of the same figures as the yearly report, of the same state.
            let (asked, _) = href.split_once("&so-cai=").unwrap();
            if !opened.insert(format!("{asked} {shown:?}")) {
                continue;
            }
            let records = instance.get(href, &owner).await;
            assert_eq!(records.status, StatusCode::OK, "{href}: {}", records.html);
            let heading = heading(&records.html);
            let said =
                |shown: &String| heading.split([' ', ':']).any(|word| bare(word) == bare(shown));
            // Where the value is missing, what the plan asks for leads to the same records.
            let missing = heading.contains("con số –:");
            assert!(missing || shown.iter().any(said), "{page} {href}: {shown:?}, {heading}");
        }
    }
    assert_eq!(instance.get(&format!("{before}/tai/pdf"), &owner).await.html, pdf);

    // Held against one that was issued afterwards, it differs by the group that was founded.
    let after = issue(&instance, &owner, "half-year", "2025-H2").await;
    let code = |page: &str| page.rsplit('/').next().unwrap().to_owned();
    let compared = format!("/an-ban/{}/so-voi/{}", code(&before), code(&after));
    assert!(instance.get(&after, &owner).await.html.contains(&compared));
    let compared = instance.get(&compared, &owner).await.html;
    let told = "Tổ hợp tác đang tồn tại · Tỉnh Lạng Sơn</td><td>2</td><td>3</td>";
    assert!(compared.contains(told), "{compared}");
    let nothing = format!("/an-ban/{}/so-voi/{}", code(&before), code(&before));
    assert!(instance.get(&nothing, &owner).await.html.contains("Hai ấn bản nói như nhau"));
}
