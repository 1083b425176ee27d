//! A document as .pdf, the form in which it is issued: tagged (PDF/UA-1), with bookmarks and its fonts inside.
//!
//! The lines are broken here (`layout`), with the letters of the font that goes into the file (`letters`), so that every
//! machine gives the same pages. The same document gives the same bytes.

pub(crate) mod layout;
mod letters;

use std::num::NonZeroU16;

use krilla::Document as Pdf;
use krilla::SerializeSettings;
use krilla::configure::{Accessibility, Configuration, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Size, Transform};
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Stroke;
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, Node as TagNode, SpanTag, TableHeaderScope,
    Tag, TagGroup, TagKind, TagTree,
};
use krilla::text::Font;
use krilla_svg::{SurfaceExt as _, SvgSettings};

use self::layout::{Bookmark, Layout, Mark, Node, PAGE, Part, Placed};
use crate::document::Document;
use crate::font::FACES;

/// The document could not be written.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The fonts could not be read.
    #[error("reading the fonts of the .pdf")]
    Fonts,
    /// The writer refused it.
    #[error("writing the .pdf: {0}")]
    Refused(String),
}

/// Writes the document.
pub fn write(document: &Document) -> Result<Vec<u8>, PdfError> {
    let layout = layout::layout(document);
    let fonts: Vec<Font> = FACES
        .iter()
        .map(|face| Font::new((*face).into(), 0))
        .collect::<Option<_>>()
        .ok_or(PdfError::Fonts)?;
    let settings =
        SerializeSettings { configuration: accessible()?, ..SerializeSettings::default() };
    let mut pdf = Pdf::new_with(settings);
    let mut leaves: Vec<Vec<Identifier>> = vec![Vec::new(); layout.leaves];
    for placed in &layout.pages {
        let Some(settings) = PageSettings::from_wh(PAGE.0, PAGE.1) else { continue };
        let mut page = pdf.start_page_with(settings);
        let mut surface = page.surface();
        paint(&mut surface, placed, &layout, &fonts, &mut leaves);
        surface.finish();
        page.finish();
    }
    let mut tree = TagTree::new().with_lang(Some("vi-VN".to_owned()));
    for node in layout.nodes {
        if let Some(node) = tag(node, &mut leaves) {
            tree.push(node);
        }
    }
    pdf.set_tag_tree(tree);
    pdf.set_outline(bookmarks(&layout.bookmarks));
    pdf.set_metadata(
        Metadata::new()
            .title(document.title())
            .authors(vec![document.heading.issuer.join(" ")])
            .language("vi-VN".to_owned()),
    );
    pdf.finish().map_err(|error| PdfError::Refused(format!("{error:?}")))
}

/// What PDF/UA-1 asks is checked by the writer.
fn accessible() -> Result<Configuration, PdfError> {
    ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| PdfError::Refused(format!("{error:?}")))
}

/// Paints a page. Marks of one leaf that follow each other are one stretch of it.
fn paint(
    surface: &mut Surface<'_>,
    placed: &[Placed],
    layout: &Layout,
    fonts: &[Font],
    leaves: &mut [Vec<Identifier>],
) {
    for stretch in placed.chunk_by(|a, b| a.leaf == b.leaf) {
        let leaf = stretch.first().and_then(|first| first.leaf);
        let picture = matches!(stretch.first().map(|one| &one.mark), Some(Mark::Picture { .. }));
        let content = match leaf {
            None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
            Some(_) if picture => ContentTag::Other,
            Some(_) => ContentTag::Span(SpanTag::empty()),
        };
        let identifier = surface.start_tagged(content);
        for one in stretch {
            draw(surface, &one.mark, layout, fonts);
        }
        surface.end_tagged();
        if let Some(of) = leaf.and_then(|leaf| leaves.get_mut(leaf)) {
            of.push(identifier);
        }
    }
}

fn draw(surface: &mut Surface<'_>, mark: &Mark, layout: &Layout, fonts: &[Font]) {
    match mark {
        Mark::Letters { x, y, text, face, size, wider } => {
            let Some(font) = fonts.get(*face as usize) else { return };
            let glyphs = letters::glyphs(text, *face, *size, *wider);
            surface.draw_glyphs(Point::from_xy(*x, *y), &glyphs, font.clone(), text, *size, false);
        }
        Mark::Stroke { from, to } => {
            let mut path = PathBuilder::new();
            path.move_to(from.0, from.1);
            path.line_to(to.0, to.1);
            let Some(path) = path.finish() else { return };
            surface.set_stroke(Some(Stroke { width: 0.6, ..Stroke::default() }));
            surface.draw_path(&path);
            surface.set_stroke(None);
        }
        Mark::Picture { x, y, width, height, picture } => {
            let (Some(tree), Some(size)) =
                (layout.pictures.get(*picture), Size::from_wh(*width, *height))
            else {
                return;
            };
            surface.push_transform(&Transform::from_translate(*x, *y));
            // The words of a picture are its description; its letters are lines.
            let settings = SvgSettings { embed_text: false, ..SvgSettings::default() };
            surface.draw_svg(tree, size, settings);
            surface.pop();
        }
    }
}

/// The structure as the file has it. A leaf that nothing was painted for is left out.
fn tag(node: Node, leaves: &mut [Vec<Identifier>]) -> Option<TagNode> {
    let (part, children) = match node {
        Node::Group(part, children) => (part, children),
        Node::Leaf(_) => return None,
    };
    let kind: TagKind = match part {
        Part::Title | Part::Paragraph | Part::Caption => Tag::P.into(),
        Part::Heading { level, title } => {
            let level = NonZeroU16::new(u16::from(level)).unwrap_or(NonZeroU16::MIN);
            Tag::Hn(level, Some(title)).into()
        }
        Part::Table => Tag::Table.into(),
        Part::Row => Tag::TR.into(),
        Part::Head => Tag::TH(TableHeaderScope::Column).into(),
        Part::Cell => Tag::TD.into(),
        Part::Figure { words } => Tag::Figure(Some(words)).into(),
    };
    let mut group = TagGroup::new(kind);
    for child in children {
        match child {
            Node::Leaf(leaf) => {
                for identifier in leaves.get_mut(leaf).map(std::mem::take).unwrap_or_default() {
                    group.push(identifier);
                }
            }
            group_node @ Node::Group(..) => {
                if let Some(node) = tag(group_node, leaves) {
                    group.push(node);
                }
            }
        }
    }
    Some(TagNode::Group(group))
}

/// Bookmarks: sections, and what is below them.
fn bookmarks(marks: &[Bookmark]) -> Outline {
    let mut outline = Outline::new();
    let node = |mark: &Bookmark| {
        let point = Point::from_xy(0.0, mark.y);
        OutlineNode::new(mark.text.clone(), XyzDestination::new(mark.page, point))
    };
    let mut rest = marks;
    while let Some((first, behind)) = rest.split_first() {
        let below = behind.iter().take_while(|mark| mark.level > first.level).count();
        let (children, behind) = behind.split_at(below);
        let mut parent = node(first);
        for child in children {
            parent.push_child(node(child));
        }
        outline.push_child(parent);
        rest = behind;
    }
    outline
}
