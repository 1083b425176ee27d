//! Letters as the font has them: how wide they are, and where lines break.

use std::sync::LazyLock;

use krilla::text::{GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};

use crate::font::{FACES, Face};

/// The parsed faces.
static FONTS: LazyLock<Vec<FontRef<'static>>> = LazyLock::new(|| {
    FACES.iter().map(|face| FontRef::new(face).expect("the program carries whole fonts")).collect()
});

/// A letter: the glyph, and its width as a part of the size.
fn letter(face: Face, c: char) -> (u32, f32) {
    let Some(font) = FONTS.get(face as usize) else { return (0, 0.0) };
    let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
    let units = f32::from(font.metrics(Size::unscaled(), LocationRef::default()).units_per_em);
    // What the font has not is shown as its sign for that, which is as wide as it is.
    let glyph = font.charmap().map(c).unwrap_or_default();
    (glyph.to_u32(), metrics.advance_width(glyph).unwrap_or(0.0) / units)
}

/// How wide a text is.
pub(super) fn width(text: &str, face: Face, size: f32) -> f32 {
    text.chars().map(|c| letter(face, c).1).sum::<f32>() * size
}

/// The glyphs of a line whose spaces are so much wider.
pub(super) fn glyphs(text: &str, face: Face, size: f32, wider: f32) -> Vec<KrillaGlyph> {
    text.char_indices()
        .map(|(at, c)| {
            let (glyph, advance) = letter(face, c);
            let advance = if c == ' ' { advance + wider / size } else { advance };
            let range = at..at + c.len_utf8();
            KrillaGlyph::new(GlyphId::new(glyph), advance, 0.0, 0.0, 0.0, range, None)
        })
        .collect()
}

/// Breaks a text into lines of a width, the first of which is indented. A word that is wider than a line is broken too.
pub(super) fn lines(text: &str, face: Face, size: f32, room: f32, indent: f32) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = indent;
    let space = width(" ", face, size);
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let wide = width(word, face, size);
        if !line.is_empty() && used + space + wide > room {
            lines.push(std::mem::take(&mut line));
            used = 0.0;
        }
        if !line.is_empty() {
            line.push(' ');
            used += space;
        }
        if used + wide <= room {
            line.push_str(word);
            used += wide;
            continue;
        }
        for c in word.chars() {
            let one = letter(face, c).1 * size;
            if used + one > room && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            line.push(c);
            used += one;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_of_vietnamese_has_a_glyph() {
        let letters = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵz0123456789.,;:%()/-–…“”";
        for c in letters.chars().chain(letters.to_uppercase().chars()) {
            for face in Face::ALL {
                assert_ne!(letter(face, c).0, 0, "{c} in {face:?}");
            }
        }
    }
    #[test]
    fn a_word_wider_than_the_line_is_broken() {
        let lines = lines("một mmmmmmmmmm hai", Face::Regular, 10.0, 40.0, 0.0);
        assert!(lines.len() > 2, "{lines:?}");
        assert!(lines.iter().all(|line| width(line, Face::Regular, 10.0) <= 40.0), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', ""), "mộtmmmmmmmmmmhai");
    }
}
