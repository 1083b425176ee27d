//! Pictures of documents: parsed once, painted as pixels where a format knows no others.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb::Database};

use crate::font;

/// Only the fonts that the program carries, so that every machine draws the same.
static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    for face in font::FACES {
        fonts.load_font_data(face.to_vec());
    }
    fonts.set_serif_family("Tinos");
    fonts.set_sans_serif_family("Tinos");
    Arc::new(fonts)
});

/// The picture, ready to be drawn; none where it is no picture.
pub(crate) fn parse(svg: &str) -> Option<Tree> {
    let options = Options {
        fontdb: Arc::clone(&FONTS),
        font_family: "Tinos".to_owned(),
        ..Options::default()
    };
    Tree::from_str(svg, &options).ok()
}

/// Dots per millimetre, at which a printer shows no steps.
const DOTS: f32 = 12.0;

/// The picture in pixels, so wide on paper.
pub(crate) fn png(tree: &Tree, width_mm: u16) -> Option<Vec<u8>> {
    let scale = f32::from(width_mm) * DOTS / tree.size().width();
    let size = tree.size().to_int_size().scale_by(scale)?;
    let mut pixels = Pixmap::new(size.width(), size.height())?;
    resvg::render(tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().ok()
}
