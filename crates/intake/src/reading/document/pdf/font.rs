//! Fonts of a PDF: from the codes of a text to letters and their widths.

use std::collections::{BTreeMap, HashMap};

use super::super::legacy_font::Font as Letters;
use super::super::refusal::Refusal;
use super::file::File;
use super::object::{Dictionary, Lexer, Object};

/// How many entries the map of a font may have.
const ENTRIES_MAX: usize = 70_000;

/// A font.
pub(super) struct Font {
    /// How many bytes a code has.
    bytes: usize,
    /// Letters by ranges of codes: the first code, with the last one and the letters of the first.
    map: BTreeMap<u32, (u32, String)>,
    /// Letters of single codes of a font without a map.
    named: HashMap<u32, String>,
    has_map: bool,
    widths: HashMap<u32, f64>,
    width: f64,
    /// How its letters are meant, by its name.
    pub(super) letters: Letters,
}

impl Font {
    /// Reads a font.
    pub(super) fn read(file: &mut File<'_>, entries: &Dictionary) -> Result<Self, Refusal> {
        let name_of = |object: Option<Object>| {
            object
                .and_then(|object| {
                    object.name().map(|name| String::from_utf8_lossy(name).into_owned())
                })
                .unwrap_or_default()
        };
        let base = name_of(file.entry(entries, "BaseFont")?);
        // A part of a font has six letters and a plus before its name.
        let base = base.split_once('+').map_or(base.as_str(), |(_, name)| name).to_owned();
        let is_composite = name_of(file.entry(entries, "Subtype")?) == "Type0";
        let mut font = Self {
            bytes: if is_composite { 2 } else { 1 },
            map: BTreeMap::new(),
            named: HashMap::new(),
            has_map: false,
            widths: HashMap::new(),
            width: if is_composite { 1000.0 } else { 500.0 },
            letters: Letters::named(&base),
        };
        if let Some(map) = entries.get(b"ToUnicode".as_slice()).cloned()
            && let Some((_, content)) = file.content(&map)?
        {
            font.read_map(&content);
            // A map speaks Unicode, whatever the font is called, unless it only repeats the codes.
            let is_unicode = font.map.values().any(|(_, letters)| {
                letters.chars().any(|c| ('\u{1EA0}'..='\u{1EF9}').contains(&c))
            });
            if is_unicode {
                font.letters = Letters::Unicode;
            }
        }
        if is_composite {
            font.read_composite_widths(file, entries)?;
        } else {
            font.read_encoding(file, entries)?;
            let first =
                file.entry(entries, "FirstChar")?.and_then(|first| first.count()).unwrap_or(0);
            if let Some(Object::Array(widths)) = file.entry(entries, "Widths")? {
                for (index, width) in widths.iter().take(256).enumerate() {
                    let code = u32::try_from(first + index).unwrap_or(u32::MAX);
                    font.widths.extend(width.number().map(|width| (code, width)));
                }
            }
        }
        Ok(font)
    }

    /// The letters of a text, each with its width in thousandths; no letters where a code has no meaning.
    pub(super) fn letters<'t>(
        &'t self,
        text: &'t [u8],
    ) -> impl Iterator<Item = (u32, Option<String>, f64)> + 't {
        text.chunks(self.bytes).map(|code| {
            let code = code.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
            (code, self.letter(code), self.widths.get(&code).copied().unwrap_or(self.width))
        })
    }

    /// Whether a code is a blank of its own, which word spacing widens.
    pub(super) fn is_blank(&self, code: u32) -> bool {
        self.bytes == 1 && code == 32
    }

    fn letter(&self, code: u32) -> Option<String> {
        if self.has_map
            && let Some((first, (last, letters))) = self.map.range(..=code).next_back()
            && code <= *last
        {
            let ahead = code - first;
            if ahead == 0 {
                return Some(letters.clone());
            }
            // In a range, the last letter counts on.
            let mut shown = letters.clone();
            let end = shown.pop()?;
            shown.push(char::from_u32(u32::from(end).checked_add(ahead)?)?);
            return Some(shown);
        }
        self.named.get(&code).cloned()
    }

    /// Reads a map from codes to letters.
    fn read_map(&mut self, content: &[u8]) {
        let mut lexer = Lexer::new(content, 0);
        let mut operands: Vec<Object> = Vec::new();
        while let Some(object) = lexer.next() {
            let Object::Word(word) = &object else {
                operands.push(object);
                if operands.len() > 3 * ENTRIES_MAX {
                    return;
                }
                continue;
            };
            match word.as_slice() {
                b"endcodespacerange" => {
                    if let Some(code) = operands.first().and_then(Object::text) {
                        self.bytes = code.len().clamp(1, 4);
                    }
                }
                b"endbfchar" => {
                    for pair in operands.chunks_exact(2) {
                        if let [from, to] = pair
                            && let (Some(code), Some(letters)) = (code_of(from), letters_of(to))
                        {
                            self.insert(code, code, letters);
                        }
                    }
                }
                b"endbfrange" => {
                    for triple in operands.chunks_exact(3) {
                        let [first, last, to] = triple else { continue };
                        let (Some(first), Some(last)) = (code_of(first), code_of(last)) else {
                            continue;
                        };
                        if let Object::Array(each) = to {
                            for (code, to) in (first..=last).zip(each) {
                                if let Some(letters) = letters_of(to) {
                                    self.insert(code, code, letters);
                                }
                            }
                        } else if let Some(letters) = letters_of(to) {
                            self.insert(first, last, letters);
                        }
                    }
                }
                _ => {}
            }
            operands.clear();
        }
    }

    fn insert(&mut self, first: u32, last: u32, letters: String) {
        self.has_map = true;
        if self.map.len() < ENTRIES_MAX && last >= first {
            self.map.insert(first, (last, letters));
        }
    }

    /// Letters of a simple font: those of Windows, with the differences that it names.
    fn read_encoding(&mut self, file: &mut File<'_>, entries: &Dictionary) -> Result<(), Refusal> {
        for code in 0x20..=0xFF_u8 {
            self.named.insert(u32::from(code), windows(code).to_string());
        }
        let Some(Object::Dictionary(encoding)) = file.entry(entries, "Encoding")? else {
            return Ok(());
        };
        let Some(Object::Array(differences)) = file.entry(&encoding, "Differences")? else {
            return Ok(());
        };
        let mut code = 0_u32;
        for item in differences.iter().take(1024) {
            if let Some(first) = item.count() {
                code = u32::try_from(first).unwrap_or(0);
            } else if let Some(name) = item.name() {
                if let Some(letters) = glyph(&String::from_utf8_lossy(name)) {
                    self.named.insert(code, letters);
                }
                code = code.saturating_add(1);
            }
        }
        Ok(())
    }

    fn read_composite_widths(
        &mut self,
        file: &mut File<'_>,
        entries: &Dictionary,
    ) -> Result<(), Refusal> {
        let Some(Object::Array(descendants)) = file.entry(entries, "DescendantFonts")? else {
            return Ok(());
        };
        let Some(first) = descendants.first() else { return Ok(()) };
        let Some(Object::Dictionary(inner)) = file.resolve(first)? else { return Ok(()) };
        if let Some(width) = file.entry(&inner, "DW")?.and_then(|width| width.number()) {
            self.width = width;
        }
        let Some(Object::Array(widths)) = file.entry(&inner, "W")? else { return Ok(()) };
        let mut rest = widths.as_slice();
        while let [first, second, tail @ ..] = rest {
            let Some(code) = first.count().and_then(|code| u32::try_from(code).ok()) else { break };
            let behind = if let Object::Array(each) = second {
                for (ahead, width) in (0_u32..).zip(each) {
                    let code = code.saturating_add(ahead);
                    self.widths.extend(width.number().map(|width| (code, width)));
                }
                tail
            } else {
                let last = second.count().and_then(|code| u32::try_from(code).ok());
                if let (Some(last), Some(width)) = (last, tail.first().and_then(Object::number)) {
                    for code in code..=last.min(code.saturating_add(0xFFFF)) {
                        self.widths.insert(code, width);
                    }
                }
                tail.get(1..).unwrap_or_default()
            };
            if self.widths.len() > 4 * ENTRIES_MAX {
                break;
            }
            rest = behind;
        }
        Ok(())
    }
}

fn code_of(object: &Object) -> Option<u32> {
    let bytes = object.text().filter(|bytes| bytes.len() <= 4)?;
    Some(bytes.iter().fold(0, |code, byte| code << 8 | u32::from(*byte)))
}

/// Letters as a map writes them, in UTF-16.
fn letters_of(object: &Object) -> Option<String> {
    let bytes = object.text().filter(|bytes| bytes.len() <= 64)?;
    let units: Vec<u16> = match bytes {
        [one] => vec![u16::from(*one)],
        _ => bytes
            .chunks_exact(2)
            .filter_map(|pair| Some(u16::from_be_bytes(pair.try_into().ok()?)))
            .collect(),
    };
    Some(String::from_utf16_lossy(&units))
}

/// The letter of a code of Windows-1252.
fn windows(code: u8) -> char {
    const SPECIAL: [char; 32] = [
        '€', ' ', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', ' ', 'Ž', ' ', ' ', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', ' ', 'ž', 'Ÿ',
    ];
    match code {
        0x80..=0x9F => SPECIAL.get(usize::from(code - 0x80)).copied().unwrap_or(' '),
        _ => char::from(code),
    }
}

/// The letters of a glyph by its name: `uni1EA1`, `a`, `acircumflexacute`, `percent`.
fn glyph(name: &str) -> Option<String> {
    const SIGNS: [(&str, char); 40] = [
        ("space", ' '),
        ("nbspace", ' '),
        ("exclam", '!'),
        ("quotedbl", '"'),
        ("numbersign", '#'),
        ("dollar", '$'),
        ("percent", '%'),
        ("ampersand", '&'),
        ("quotesingle", '\''),
        ("parenleft", '('),
        ("parenright", ')'),
        ("asterisk", '*'),
        ("plus", '+'),
        ("comma", ','),
        ("hyphen", '-'),
        ("minus", '-'),
        ("period", '.'),
        ("slash", '/'),
        ("zero", '0'),
        ("one", '1'),
        ("two", '2'),
        ("three", '3'),
        ("four", '4'),
        ("five", '5'),
        ("six", '6'),
        ("seven", '7'),
        ("eight", '8'),
        ("nine", '9'),
        ("colon", ':'),
        ("semicolon", ';'),
        ("less", '<'),
        ("equal", '='),
        ("greater", '>'),
        ("question", '?'),
        ("quotedblleft", '“'),
        ("quotedblright", '”'),
        ("endash", '–'),
        ("emdash", '—'),
        ("greaterequal", '≥'),
        ("lessequal", '≤'),
    ];
    const MARKS: [(&str, char); 10] = [
        ("circumflex", '\u{302}'),
        ("breve", '\u{306}'),
        ("horn", '\u{31B}'),
        ("acute", '\u{301}'),
        ("grave", '\u{300}'),
        ("hookabove", '\u{309}'),
        ("hook", '\u{309}'),
        ("tilde", '\u{303}'),
        ("dotbelow", '\u{323}'),
        ("dieresis", '\u{308}'),
    ];
    let bare = name.split('.').next().unwrap_or(name);
    if let Some((_, sign)) = SIGNS.iter().find(|(known, _)| *known == bare) {
        return Some(sign.to_string());
    }
    let code = bare
        .strip_prefix("uni")
        .or_else(|| bare.strip_prefix('u'))
        .filter(|hex| (4..=6).contains(&hex.len()));
    if let Some(letter) =
        code.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32)
    {
        return Some(letter.to_string());
    }
    match bare {
        "dcroat" | "dmacron" => return Some("đ".to_owned()),
        "Dcroat" | "Eth" => return Some("Đ".to_owned()),
        _ => {}
    }
    let mut letters = bare.chars();
    let mut shown = letters.next().filter(char::is_ascii_alphabetic)?.to_string();
    let mut rest = letters.as_str();
    while !rest.is_empty() {
        let (mark, sign) = MARKS.iter().find(|(mark, _)| rest.starts_with(mark))?;
        shown.push(*sign);
        rest = rest.get(mark.len()..)?;
    }
    Some(shown)
}

#[cfg(test)]
mod tests {
    use super::glyph;

    #[test]
    fn letters_by_their_names() {
        let shown = |name| glyph(name).map(|letters| hoptac_model::text::nfc(&letters));
        assert_eq!(shown("acircumflexacute").as_deref(), Some("ấ"));
        assert_eq!(shown("Uhorndotbelow").as_deref(), Some("Ự"));
        assert_eq!(shown("uni1EA1").as_deref(), Some("ạ"));
        assert_eq!(shown("dcroat").as_deref(), Some("đ"));
        assert_eq!(shown("percent").as_deref(), Some("%"));
        assert_eq!(shown("g123"), None);
    }
}
