//! Styles of a Word document, as far as they change what is read: lists, fonts of before Unicode, tables of contents.

use std::collections::BTreeMap;

use super::legacy_font::Font;
use super::word::{attribute, child, name};

/// How many styles may stand on one another.
const CHAIN_MAX: usize = 32;

/// The styles of paragraphs.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: BTreeMap<String, Style>,
    usual: Option<String>,
    font: Option<Font>,
}

#[derive(Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    list: Option<(u32, usize)>,
    font: Option<Font>,
}

impl Styles {
    /// Reads the part `styles.xml`.
    pub(super) fn of(part: &roxmltree::Document<'_>) -> Self {
        let root = part.root_element();
        let mut styles = Self {
            font: child(root, "docDefaults")
                .and_then(|defaults| child(defaults, "rPrDefault"))
                .and_then(|defaults| child(defaults, "rPr"))
                .and_then(|run| child(run, "rFonts"))
                .and_then(Font::of),
            ..Self::default()
        };
        for node in root.children().filter(|node| name(*node) == "style") {
            let Some(id) = attribute(node, "styleId") else { continue };
            if attribute(node, "type") != Some("paragraph") {
                continue;
            }
            let text_of = |wanted| child(node, wanted).and_then(|node| attribute(node, "val"));
            let list = child(node, "pPr").and_then(|paragraph| child(paragraph, "numPr"));
            let number = |wanted| {
                list.and_then(|list| child(list, wanted)).and_then(|node| attribute(node, "val"))
            };
            let level = number("ilvl").and_then(|level| level.parse().ok()).unwrap_or(0);
            let style = Style {
                name: text_of("name").unwrap_or_default().to_lowercase(),
                based_on: text_of("basedOn").map(str::to_owned),
                list: number("numId").and_then(|list| list.parse().ok()).map(|list| (list, level)),
                font: child(node, "rPr").and_then(|run| child(run, "rFonts")).and_then(Font::of),
            };
            if attribute(node, "default").is_some_and(|is| matches!(is, "1" | "true" | "on")) {
                styles.usual = Some(id.to_owned());
            }
            styles.by_id.insert(id.to_owned(), style);
        }
        styles
    }

    /// A style and those that it stands on, the nearest first.
    fn chain<'s>(&'s self, style: Option<&'s str>) -> impl Iterator<Item = &'s Style> {
        let first = style.or(self.usual.as_deref()).and_then(|id| self.by_id.get(id));
        std::iter::successors(first, |style| self.by_id.get(style.based_on.as_deref()?))
            .take(CHAIN_MAX)
    }

    /// The list and level that a style puts its paragraphs in.
    pub(super) fn list(&self, style: Option<&str>) -> Option<(u32, usize)> {
        self.chain(style).find_map(|style| style.list)
    }

    /// The font of a paragraph whose runs name none.
    pub(super) fn font(&self, style: Option<&str>) -> Option<Font> {
        self.chain(style).find_map(|style| style.font).or(self.font)
    }

    /// Whether a style is that of a line of a table of contents.
    pub(super) fn is_contents(&self, style: Option<&str>) -> bool {
        style.is_some()
            && self.chain(style).next().is_some_and(|style| style.name.starts_with("toc "))
    }
}
