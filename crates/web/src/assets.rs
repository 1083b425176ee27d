//! What pages load besides themselves: the style sheet, four font files, one script and the mark. Nothing comes from elsewhere.
//!
//! Every address carries a hash of the content, so that browsers may keep a file for ever and never show an old one.

use std::borrow::Cow;
use std::sync::LazyLock;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use hoptac_model::filing::Hash;

use crate::query::Id;

/// One file as it is served.
struct Asset {
    /// Its name without the hash, as it is asked for in code.
    name: &'static str,
    /// Its name with the hash, as it stands in addresses.
    address: String,
    content_type: &'static str,
    bytes: Cow<'static, [u8]>,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(assets);

fn assets() -> Vec<Asset> {
    let font = "font/woff2";
    let mut assets = vec![
        asset(
            "latin-400.woff2",
            font,
            include_bytes!("../assets/be-vietnam-pro-latin-400-normal.woff2"),
        ),
        asset(
            "latin-600.woff2",
            font,
            include_bytes!("../assets/be-vietnam-pro-latin-600-normal.woff2"),
        ),
        asset(
            "vietnamese-400.woff2",
            font,
            include_bytes!("../assets/be-vietnam-pro-vietnamese-400-normal.woff2"),
        ),
        asset(
            "vietnamese-600.woff2",
            font,
            include_bytes!("../assets/be-vietnam-pro-vietnamese-600-normal.woff2"),
        ),
        asset(
            "htmx.js",
            "text/javascript; charset=utf-8",
            include_bytes!("../assets/htmx-2.0.11.min.js"),
        ),
        asset(
            "palette.js",
            "text/javascript; charset=utf-8",
            include_bytes!("../assets/palette.js"),
        ),
        asset("filing.js", "text/javascript; charset=utf-8", include_bytes!("../assets/filing.js")),
        asset("sheet.js", "text/javascript; charset=utf-8", include_bytes!("../assets/sheet.js")),
        asset("import.js", "text/javascript; charset=utf-8", include_bytes!("../assets/import.js")),
        asset("live.js", "text/javascript; charset=utf-8", include_bytes!("../assets/live.js")),
        asset(
            "moments.js",
            "text/javascript; charset=utf-8",
            include_bytes!("../assets/moments.js"),
        ),
        asset("mark.svg", "image/svg+xml", include_bytes!("../assets/mark.svg")),
    ];
    // The style sheet names the fonts by their plain names; the hashed ones take their place here.
    let mut style =
        format!("{}\n{}", include_str!("../assets/hoptac.css"), hoptac_report::svg::STYLE);
    for asset in &assets {
        style = style.replace(&format!("url({})", asset.name), &format!("url({})", asset.address));
    }
    assets.push(asset("hoptac.css", "text/css; charset=utf-8", style.into_bytes()));
    assets
}

fn asset(
    name: &'static str,
    content_type: &'static str,
    bytes: impl Into<Cow<'static, [u8]>>,
) -> Asset {
    let bytes = bytes.into();
    let mut hash = Hash::of(&bytes).to_string();
    hash.truncate(10);
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    Asset { name, address: format!("/assets/{stem}.{hash}.{ending}"), content_type, bytes }
}

/// The address of a file.
pub(crate) fn href(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("", |asset| asset.address.as_str())
}

/// Serves a file.
pub(crate) async fn serve(Id(file): Id) -> Response {
    let found = ASSETS.iter().find(|asset| asset.address.strip_prefix("/assets/") == Some(&file));
    match found {
        Some(asset) => (
            [
                (header::CONTENT_TYPE, asset.content_type),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ],
            asset.bytes.as_ref(),
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_sheet_names_only_files_that_are_served() {
        let style = ASSETS.iter().find(|asset| asset.name == "hoptac.css").unwrap();
        let style = std::str::from_utf8(&style.bytes).unwrap();
        let urls: Vec<&str> =
            style.split("url(").skip(1).filter_map(|rest| rest.split(')').next()).collect();
        assert_eq!(urls.len(), 4);
        for url in urls {
            assert!(ASSETS.iter().any(|asset| asset.address == url), "{url}");
        }
    }
    #[test]
    fn a_first_visit_stays_small() {
        // Fonts and scripts are small already when served; the style sheet is text and shrinks further. What only pages with
        // a form or a table of records load does not come with a first visit.
        let first = ASSETS.iter().filter(|asset| {
            !["htmx.js", "filing.js", "import.js", "live.js", "sheet.js"].contains(&asset.name)
        });
        let whole: usize = first.map(|asset| asset.bytes.len()).sum();
        assert!(whole < 125_000, "{whole}");
    }
    #[test]
    fn addresses_carry_a_hash() {
        assert_eq!(href("hoptac.css").len(), "/assets/hoptac.0123456789.css".len());
        assert_eq!(href("nothing"), "");
    }
}
