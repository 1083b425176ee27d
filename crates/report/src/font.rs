//! The font of documents: Tinos, as wide as Times New Roman letter by letter, with the letters of Vietnamese.

/// The face as files, in the order of [`Face`].
pub(crate) const FACES: [&[u8]; 4] = [
    include_bytes!("../fonts/Tinos-Regular.ttf"),
    include_bytes!("../fonts/Tinos-Bold.ttf"),
    include_bytes!("../fonts/Tinos-Italic.ttf"),
    include_bytes!("../fonts/Tinos-BoldItalic.ttf"),
];

/// A face.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Face {
    #[default]
    Regular,
    Bold,
    Italic,
    BoldItalic,
}

impl Face {
    /// All faces, in the order of the files.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 4] = [Self::Regular, Self::Bold, Self::Italic, Self::BoldItalic];

    pub(crate) fn is_bold(self) -> bool {
        matches!(self, Self::Bold | Self::BoldItalic)
    }

    pub(crate) fn is_italic(self) -> bool {
        matches!(self, Self::Italic | Self::BoldItalic)
    }
}

/// The letters of a text that some face of the documents' font does not have; none where all can be written.
pub fn letters_missing(text: &str) -> Vec<char> {
    use skrifa::MetadataProvider as _;
    let faces: Vec<_> = FACES.iter().filter_map(|face| skrifa::FontRef::new(face).ok()).collect();
    let is_there = |c: char| {
        faces.len() == FACES.len() && faces.iter().all(|face| face.charmap().map(c).is_some())
    };
    text.chars().filter(|c| !is_there(*c)).collect()
}
