//! The public side as files: everything that its pages lead to is there, small, and without a word of what is hidden.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::{demo, json, refused, run};

/// All files below a folder, by their names.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(one) = open.pop() {
        for entry in fs::read_dir(one).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

/// Where a link of a page leads, as the name of a file.
fn target(page: &str, link: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for step in link.split('#').next().unwrap().split('/') {
        if step == ".." {
            parts.pop().expect("no link leaves the folder");
        } else {
            parts.push(step);
        }
    }
    parts.join("/")
}

#[test]
fn the_public_side_is_written_as_files_that_lead_to_each_other() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("site");
    let path = folder.to_string_lossy().into_owned();
    let address = "https://dulieu.example.gov.vn/htx";
    let told = json(&["open-data", "build", &path, "--address", address, "--json"]);
    let site = files(&folder);
    assert_eq!(told["files"], site.len());
    assert!(told["largest_page"].as_u64().unwrap() < 100_000, "{told}");
    let pages: Vec<&String> = site
        .keys()
        .filter(|name| Path::new(name).extension().is_some_and(|ending| ending == "html"))
        .collect();
    assert_eq!(told["pages"], pages.len());
    for wanted in
        ["index.html", "en/index.html", "chi-tieu/T30-01.html", "dang-ky/50.html", "du-lieu.html"]
    {
        assert!(site.contains_key(wanted), "{wanted}");
    }
    for name in &pages {
        let page = std::str::from_utf8(&site[*name]).unwrap();
        assert!(!page.contains("<form") && !page.contains("=\"/"), "{name}");
        let links = page.split(" href=\"").chain(page.split(" src=\"")).skip(1);
        let links = links.filter_map(|rest| rest.split('"').next());
        for link in links.filter(|link| !link.starts_with(['#', '<']) && !link.contains("://")) {
            assert!(site.contains_key(&target(name, link)), "{name} leads to {link}");
        }
        // The picture that other sites show beside a link has a whole address.
        let picture = page.split("\"og:image\" content=\"").nth(1).unwrap();
        let picture = picture.split('"').next().unwrap().strip_prefix(address).unwrap();
        let picture = &site[picture.trim_start_matches('/')];
        assert!(picture.starts_with(b"\x89PNG") && picture.len() < 100_000, "{name}");
        let language = if name.starts_with("en/") { "en" } else { "vi" };
        assert!(page.contains(&format!("<html lang=\"{language}\">")), "{name}");
    }
    let sitemap = std::str::from_utf8(&site["sitemap.xml"]).unwrap();
    assert_eq!(sitemap.matches("<loc>https://dulieu.example.gov.vn/htx/").count(), pages.len());
    assert!(std::str::from_utf8(&site["du-lieu/indicators.csv"]).unwrap().contains(",Q,"));

    // Built again it is the same, and what lay there is gone.
    fs::write(folder.join("old.html"), "x").unwrap();
    assert!(run(&demo(), &["open-data", "build", &path, "--address", address]).status.success());
    assert!(files(&folder) == site);

    let other = place.path().to_string_lossy().into_owned();
    refused(
        &demo(),
        &["open-data", "build", &other],
        2,
        &["đã có nội dung khác", "holds something else"],
    );
}
