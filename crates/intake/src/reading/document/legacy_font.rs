//! Words in fonts of before Unicode: `.VnTime` holds TCVN3 (ABC), `VNI-Times` holds VNI.

use roxmltree::Node;

use super::super::legacy;
use super::word::attribute;

/// How the letters of a font are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Font {
    Unicode,
    Tcvn3,
    /// A font of TCVN3 that shows small letters as capitals.
    Tcvn3Capitals,
    Vni,
}

impl Font {
    /// The font that `w:rFonts` names.
    pub(super) fn of(node: Node<'_, '_>) -> Option<Self> {
        attribute(node, "ascii").or_else(|| attribute(node, "hAnsi")).map(Self::named)
    }

    /// How the letters of a font of this name are meant.
    pub(super) fn named(name: &str) -> Self {
        let name = name.trim_start_matches('.');
        let starts =
            |start: &str| name.get(..start.len()).is_some_and(|is| is.eq_ignore_ascii_case(start));
        if starts("VNI-") {
            Self::Vni
        } else if !starts("Vn") || starts("VnRom") {
            Self::Unicode
        } else if name.ends_with('H') {
            Self::Tcvn3Capitals
        } else {
            Self::Tcvn3
        }
    }
}

/// The words of a paragraph, as they come from runs in different fonts.
#[derive(Debug)]
pub(super) struct Words {
    usual: Font,
    parts: Vec<(Font, String)>,
}

impl Words {
    /// No words yet; runs without a font of their own have this one.
    pub(super) fn new(usual: Option<Font>) -> Self {
        Self { usual: usual.unwrap_or(Font::Unicode), parts: Vec::new() }
    }

    /// Adds words.
    pub(super) fn push(&mut self, font: Option<Font>, words: &str) {
        let font = font.unwrap_or(self.usual);
        match self.parts.last_mut() {
            Some((last, text)) if *last == font => text.push_str(words),
            _ => self.parts.push((font, words.to_owned())),
        }
    }

    /// The whole paragraph in Unicode.
    pub(super) fn into_text(self) -> String {
        // Text that was converted without changing its font has letters that the old encodings do not know.
        let is_unicode = self.parts.iter().any(|(font, text)| {
            *font != Font::Unicode
                && text.chars().any(|c| ('\u{100}'..='\u{1EF9}').contains(&c) && c != 'ƒ')
        });
        let mut whole = String::new();
        for (font, text) in self.parts {
            match font {
                _ if is_unicode => whole.push_str(&text),
                Font::Unicode => whole.push_str(&text),
                Font::Tcvn3 => whole.push_str(&legacy::of_tcvn3(&text)),
                Font::Tcvn3Capitals => whole.push_str(&legacy::of_tcvn3(&text).to_uppercase()),
                Font::Vni => whole.push_str(&legacy::of_vni(&text)),
            }
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::{Font, Words};

    #[track_caller]
    fn check(parts: &[(&str, &str)], want: &str) {
        let mut words = Words::new(None);
        for (font, text) in parts {
            words.push(Some(Font::named(font)), text);
        }
        assert_eq!(words.into_text(), want);
    }

    #[test]
    fn tcvn3_beside_unicode() {
        check(
            &[(".VnTime", "t\u{e6} h\u{ee}p t\u{b8}c"), ("Times New Roman", " và xã")],
            "tổ hợp tác và xã",
        );
    }
    #[test]
    fn capitals_of_tcvn3() {
        check(&[(".VnTimeH", "t\u{e6} h\u{ee}p")], "TỔ HỢP");
    }
    #[test]
    fn vni() {
        check(&[("VNI-Times", "toå hôïp taùc")], "tổ hợp tác");
    }
    #[test]
    fn unicode_in_an_old_font_is_left() {
        check(&[(".VnTime", "tổ hợp tác")], "tổ hợp tác");
    }
}
