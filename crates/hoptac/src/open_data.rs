//! `hoptac open-data build`: the public side and its data as files that any web server can serve. The pages are those that the
//! instance itself would serve; their links are made relative, and what only a program can do is left out.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use hoptac_model::text::Language;
use hoptac_model::words;
use hoptac_web::app::{App, Edge};
use hoptac_web::public::PublicSide;
use serde_json::json;
use tower::ServiceExt as _;

use crate::cli::Place;
use crate::cli::open_data::{BuildArguments, OpenDataCommand};
use crate::sentence::{refuse, said};
use crate::{Outcome, clock, output, view};

/// The largest page of a site that opens quickly on a weak connection, in bytes.
const PAGE_MAX: usize = 100_000;
/// The largest file.
const FILE_MAX: usize = 1 << 30;
/// By this file a folder is known to be a site that was written here.
const MARK: &str = "site.json";
/// Where everything is reached from.
const STARTS: [&str; 2] = ["/cong-khai", "/cong-khai?lang=en"];

pub(crate) async fn run(place: &Place, command: OpenDataCommand) -> Result<Outcome> {
    match command {
        OpenDataCommand::Build(arguments) => build(place, &arguments).await,
    }
}

async fn build(place: &Place, arguments: &BuildArguments) -> Result<Outcome> {
    let language: Language = arguments.lang.into();
    must_be_free(&arguments.folder)?;
    let store = place.open().await?;
    view::must_have_plan(&store).await?;
    let edge = Edge {
        now: clock::now,
        today: clock::today,
        chance: clock::fill,
        filing_id: clock::filing_id,
    };
    let app = App::open(store, edge)
        .await
        .context(said!("đọc sổ đăng ký", "reading the register"))?
        .with_public_side(PublicSide {
            least: usize::from(arguments.small_cell),
            licence: arguments.data_licence.clone(),
        });
    let position = app.position();
    let instance = arguments.instance.as_deref().map(|address| address.trim_end_matches('/'));
    let address = arguments.address.as_deref().map(|address| address.trim_end_matches('/'));
    let whole = Whole { site: address, instance };
    let mut files = walk(&hoptac_web::router(app), whole).await?;
    let pages: Vec<String> = files.keys().filter(|name| is_kind(name, "html")).cloned().collect();
    let largest = pages.iter().filter_map(|name| files.get(name).map(Vec::len)).max().unwrap_or(0);
    if let Some(address) = address {
        files.insert("sitemap.xml".to_owned(), sitemap(address, &pages).into_bytes());
        let robots = format!("User-agent: *\nAllow: /\nSitemap: {address}/sitemap.xml\n");
        files.insert("robots.txt".to_owned(), robots.into_bytes());
    }
    let told = json!({
        "ledger_position": position,
        "as_of": clock::today(),
        "pages": pages.len(),
        "files": files.len() + 1,
        "largest_page": largest,
    });
    files.insert(MARK.to_owned(), format!("{told:#}\n").into_bytes());
    put(&arguments.folder, &files)?;
    if arguments.json {
        output::json(&told)?;
    } else {
        let line = words!(
            "{folder}: {pages} trang, {files} tệp, trang lớn nhất {largest} byte, sổ cái đến bút toán {position}",
            "{folder}: {pages} pages, {files} files, the largest page has {largest} bytes, ledger position {position}",
            folder = arguments.folder.display().to_string(),
            pages = pages.len(),
            files = files.len(),
            largest,
            position
        );
        output::say(line.get(language))?;
    }
    if largest > PAGE_MAX {
        let line = words!(
            "trang lớn nhất vượt {most} byte; người dùng đường truyền yếu sẽ phải chờ",
            "the largest page is above {most} bytes; people on weak connections will have to wait",
            most = PAGE_MAX
        );
        output::complain(line.get(language));
    }
    Ok(Outcome::Done)
}

/// Whole addresses, as far as they are known.
#[derive(Clone, Copy, Debug, Default)]
struct Whole<'a> {
    /// Where the site will be.
    site: Option<&'a str>,
    /// Where the instance is that it is made of.
    instance: Option<&'a str>,
}

/// Asks for every page that can be reached from the first ones, and gives them under the names of their files.
async fn walk(pages: &Router, whole: Whole<'_>) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut open: VecDeque<String> = STARTS.map(str::to_owned).into();
    while let Some(address) = open.pop_front() {
        let Some(name) = file_name(&address) else { continue };
        if files.contains_key(&name) {
            continue;
        }
        let bytes = asked(pages, &address).await?;
        let bytes = if is_kind(&name, "html") {
            let page = String::from_utf8(bytes).context("reading a page")?;
            let (page, found) = made_relative(&page, &name, whole);
            open.extend(found);
            page.into_bytes()
        } else if is_kind(&name, "css") {
            // Fonts lie beside the style sheet.
            let style = String::from_utf8(bytes).context("reading the style sheet")?;
            open.extend(
                style
                    .split("url(")
                    .skip(1)
                    .filter_map(|rest| rest.split(')').next())
                    .map(str::to_owned),
            );
            style.replace("url(/assets/", "url(").into_bytes()
        } else {
            bytes
        };
        files.insert(name, bytes);
    }
    Ok(files)
}

async fn asked(pages: &Router, address: &str) -> Result<Vec<u8>> {
    let request = Request::get(address).body(Body::empty()).context("asking for a page")?;
    let answer = pages.clone().oneshot(request).await.context("asking for a page")?;
    if !answer.status().is_success() {
        refuse!(
            "trang {address} trả lời {status}; hãy mở trang này trên máy chủ để xem vì sao",
            "the page {address} answers {status}; open it on the server to see why",
            address,
            status = answer.status().as_str()
        );
    }
    Ok(to_bytes(answer.into_body(), FILE_MAX).await.context("reading a page")?.to_vec())
}

fn is_kind(name: &str, ending: &str) -> bool {
    Path::new(name).extension().is_some_and(|own| own == ending)
}

/// The file that stands for an address; none for what is no part of the site.
fn file_name(address: &str) -> Option<String> {
    let address = address.split('#').next().unwrap_or_default();
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    if let Some(file) = path.strip_prefix("/assets/") {
        return Some(format!("assets/{file}"));
    }
    if path.starts_with("/cong-khai/du-lieu/") {
        return path.strip_prefix("/cong-khai/").map(str::to_owned);
    }
    let below = path.strip_prefix("/cong-khai")?;
    let is_picture = below.starts_with("/anh/");
    // What is written goes to a program.
    if below == "/gop-y" {
        return None;
    }
    let (mut folder, mut part) = ("", None);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=')? {
            ("lang", "en") => folder = "en/",
            ("from", from) => part = Some(from),
            // What somebody looks for is asked of a program.
            _ => return None,
        }
    }
    let page = match below.strip_prefix('/') {
        None if below.is_empty() => "index",
        None | Some("") => return None,
        Some(page) => page,
    };
    if is_picture {
        return Some(format!("{folder}{page}"));
    }
    Some(match part {
        Some(from) if from != "0" => format!("{folder}{page}/{from}.html"),
        _ => format!("{folder}{page}.html"),
    })
}

/// A page as a file of a site, and the addresses of the site that it leads to. Forms ask a program and are left out; what is no part of
/// the site leads to the instance, or nowhere where none is known. Pictures for other sites have whole addresses, where they are known.
fn made_relative(page: &str, name: &str, whole: Whole<'_>) -> (String, Vec<String>) {
    let up = "../".repeat(name.matches('/').count());
    let (mut made, mut found) = (String::with_capacity(page.len()), Vec::new());
    let mut rest = page;
    while let Some(start) = [" href=\"/", " src=\"/", " content=\"/cong-khai/anh/", "<form"]
        .iter()
        .filter_map(|mark| rest.find(mark))
        .min()
    {
        let (before, at) = rest.split_at(start);
        made.push_str(before);
        if at.starts_with("<form") {
            rest = at.split_once("</form>").map_or("", |(_, after)| after);
            continue;
        }
        let mut parts = at.splitn(3, '"');
        let (attribute, value) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        rest = parts.next().unwrap_or("");
        let address = value.replace("&amp;", "&");
        let target = match (file_name(&address), whole.instance) {
            (Some(file), _) => {
                let fragment = address.split_once('#').map(|(_, fragment)| format!("#{fragment}"));
                let from = match whole.site.filter(|_| attribute == " content=") {
                    Some(site) => format!("{site}/"),
                    None => up.clone(),
                };
                found.push(address);
                Some(format!("{from}{file}{}", fragment.unwrap_or_default()))
            }
            (None, Some(instance)) => Some(format!("{instance}{value}")),
            (None, None) => None,
        };
        if let Some(target) = target {
            made.push_str(attribute);
            made.push('"');
            made.push_str(&target);
            made.push('"');
        }
    }
    made.push_str(rest);
    (made, found)
}

fn sitemap(address: &str, pages: &[String]) -> String {
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
        .to_owned();
    for page in pages {
        // Names are made of identities of the plan, which have no character that XML reads.
        for part in ["<url><loc>", &address.replace('&', "&amp;"), "/", page, "</loc></url>\n"] {
            xml.push_str(part);
        }
    }
    xml.push_str("</urlset>\n");
    xml
}

/// A folder that holds something else is left alone.
fn must_be_free(folder: &Path) -> Result<()> {
    let is_taken = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some() && !folder.join(MARK).is_file(),
        Err(_) => folder.exists(),
    };
    if is_taken {
        refuse!(
            "{folder} đã có nội dung khác; hãy nêu một thư mục trống, hoặc thư mục mà lệnh này đã ghi trước đây",
            "{folder} holds something else; name an empty folder, or one that this command wrote before",
            folder = folder.display().to_string()
        );
    }
    Ok(())
}

/// Writes all files beside the folder first and then puts them in its place, so that nobody sees half a site.
fn put(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<()> {
    let (part, old) = (beside(folder, "part"), beside(folder, "old"));
    let write = || -> std::io::Result<()> {
        for leftover in [&part, &old] {
            if leftover.exists() {
                fs::remove_dir_all(leftover)?;
            }
        }
        for (name, bytes) in files {
            let file = part.join(name);
            if let Some(above) = file.parent() {
                fs::create_dir_all(above)?;
            }
            fs::write(file, bytes)?;
        }
        if folder.exists() {
            fs::rename(folder, &old)?;
        }
        fs::rename(&part, folder)?;
        if old.exists() { fs::remove_dir_all(&old) } else { Ok(()) }
    };
    write().with_context(|| {
        said!(
            "ghi vào thư mục {folder}; hãy xem còn chỗ trống và quyền ghi không",
            "writing into {folder}; is there room, and may you write there?",
            folder = folder.display().to_string()
        )
    })
}

fn beside(folder: &Path, ending: &str) -> PathBuf {
    let name = folder.file_name().map_or_else(|| "site".into(), |name| name.to_string_lossy());
    folder.with_file_name(format!(".{name}.{ending}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, want: Option<&str>) {
        assert_eq!(file_name(address).as_deref(), want, "{address}");
    }

    #[test]
    fn every_page_of_the_public_side_has_a_file() {
        check("/cong-khai", Some("index.html"));
        check("/cong-khai?lang=en", Some("en/index.html"));
        check("/cong-khai/chi-tieu/T30-01?lang=en", Some("en/chi-tieu/T30-01.html"));
        check("/cong-khai/dia-ban/181", Some("dia-ban/181.html"));
        check("/cong-khai/dang-ky?from=50&lang=en", Some("en/dang-ky/50.html"));
        check("/cong-khai/dang-ky?from=0", Some("dang-ky.html"));
        check("/cong-khai/du-lieu/units.csv", Some("du-lieu/units.csv"));
        check("/cong-khai/anh/T30-01.png?lang=en", Some("en/anh/T30-01.png"));
        check("/assets/hoptac.1a.css", Some("assets/hoptac.1a.css"));
    }
    #[test]
    fn what_asks_a_program_has_none() {
        for address in [
            "/",
            "/xac-minh/A1",
            "/api/v1/",
            "/cong-khai/dang-ky?q=a",
            "/cong-khai/gop-y?ve=T30-01",
            "/cong-khaix",
            "/cong-khai/",
        ] {
            check(address, None);
        }
    }
    #[test]
    fn links_lead_to_the_files_wherever_the_page_lies() {
        let page = "<a href=\"/cong-khai?lang=en\">x</a><img src=\"/assets/a.svg\"><form action=\"/x\"><input></form>\
            <a href=\"/xac-minh/A\">y</a><a href=\"#z\">z</a>";
        let (made, found) = made_relative(page, "en/chi-tieu/T.html", Whole::default());
        assert_eq!(
            made,
            "<a href=\"../../en/index.html\">x</a><img src=\"../../assets/a.svg\"><a>y</a><a href=\"#z\">z</a>"
        );
        assert_eq!(found, ["/cong-khai?lang=en", "/assets/a.svg"]);
        let (made, _) = made_relative(
            page,
            "index.html",
            Whole { instance: Some("https://htx.vn"), ..Whole::default() },
        );
        assert!(made.contains("<a href=\"https://htx.vn/xac-minh/A\">"), "{made}");
    }
    #[test]
    fn pictures_for_other_sites_have_whole_addresses() {
        let page = "<meta property=\"og:image\" content=\"/cong-khai/anh/T30-01.png?lang=en\">";
        let whole = Whole { site: Some("https://mo.vn/htx"), ..Whole::default() };
        let (made, found) = made_relative(page, "en/index.html", whole);
        assert_eq!(
            made,
            "<meta property=\"og:image\" content=\"https://mo.vn/htx/en/anh/T30-01.png\">"
        );
        assert_eq!(found, ["/cong-khai/anh/T30-01.png?lang=en"]);
        let (made, _) = made_relative(page, "en/index.html", Whole::default());
        assert!(made.contains(" content=\"../en/anh/T30-01.png\""), "{made}");
    }
    #[test]
    fn a_folder_with_something_else_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("letter.docx"), "x").unwrap();
        assert!(must_be_free(folder.path()).is_err());
        fs::write(folder.path().join(MARK), "{}").unwrap();
        assert!(must_be_free(folder.path()).is_ok());
        assert!(must_be_free(&folder.path().join("new")).is_ok());
    }
}
