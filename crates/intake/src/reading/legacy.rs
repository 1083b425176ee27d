//! Vietnamese text of before Unicode: TCVN3 (ABC, one byte for each letter) and VNI (a letter, then its marks).
//!
//! Both are recognised by their letters: a text is converted only where the result reads as Vietnamese.

/// The letters of TCVN3 from A8 on.
const TCVN3: [(u8, char); 82] = [
    (0xA1, 'Ă'),
    (0xA2, 'Â'),
    (0xA3, 'Ê'),
    (0xA4, 'Ô'),
    (0xA5, 'Ơ'),
    (0xA6, 'Ư'),
    (0xA7, 'Đ'),
    (0xA8, 'ă'),
    (0xA9, 'â'),
    (0xAA, 'ê'),
    (0xAB, 'ô'),
    (0xAC, 'ơ'),
    (0xAD, 'ư'),
    (0xAE, 'đ'),
    (0xB5, 'à'),
    (0xB6, 'ả'),
    (0xB7, 'ã'),
    (0xB8, 'á'),
    (0xB9, 'ạ'),
    (0xBB, 'ằ'),
    (0xBC, 'ẳ'),
    (0xBD, 'ẵ'),
    (0xBE, 'ắ'),
    (0xC6, 'ặ'),
    (0xC7, 'ầ'),
    (0xC8, 'ẩ'),
    (0xC9, 'ẫ'),
    (0xCA, 'ấ'),
    (0xCB, 'ậ'),
    (0xCC, 'è'),
    (0xCE, 'ẻ'),
    (0xCF, 'ẽ'),
    (0xD0, 'é'),
    (0xD1, 'ẹ'),
    (0xD2, 'ề'),
    (0xD3, 'ể'),
    (0xD4, 'ễ'),
    (0xD5, 'ế'),
    (0xD6, 'ệ'),
    (0xD7, 'ì'),
    (0xD8, 'ỉ'),
    (0xDC, 'ĩ'),
    (0xDD, 'í'),
    (0xDE, 'ị'),
    (0xDF, 'ò'),
    (0xE1, 'ỏ'),
    (0xE2, 'õ'),
    (0xE3, 'ó'),
    (0xE4, 'ọ'),
    (0xE5, 'ồ'),
    (0xE6, 'ổ'),
    (0xE7, 'ỗ'),
    (0xE8, 'ố'),
    (0xE9, 'ộ'),
    (0xEA, 'ờ'),
    (0xEB, 'ở'),
    (0xEC, 'ỡ'),
    (0xED, 'ớ'),
    (0xEE, 'ợ'),
    (0xEF, 'ù'),
    (0xF1, 'ủ'),
    (0xF2, 'ũ'),
    (0xF3, 'ú'),
    (0xF4, 'ụ'),
    (0xF5, 'ừ'),
    (0xF6, 'ử'),
    (0xF7, 'ữ'),
    (0xF8, 'ứ'),
    (0xF9, 'ự'),
    (0xFA, 'ỳ'),
    (0xFB, 'ỷ'),
    (0xFC, 'ỹ'),
    (0xFD, 'ý'),
    (0xFE, 'ỵ'),
    (0x96, '–'),
    (0x97, '—'),
    (0x93, '“'),
    (0x94, '”'),
    (0x91, '‘'),
    (0x92, '’'),
    (0x85, '…'),
    (0xA0, ' '),
];

/// The marks of VNI, as the Latin-1 letters that stand behind a vowel, and what they add to it.
const VNI: [(char, &str); 17] = [
    ('ù', "\u{301}"),
    ('ø', "\u{300}"),
    ('û', "\u{309}"),
    ('õ', "\u{303}"),
    ('ï', "\u{323}"),
    ('â', "\u{302}"),
    ('á', "\u{302}\u{301}"),
    ('à', "\u{302}\u{300}"),
    ('å', "\u{302}\u{309}"),
    ('ã', "\u{302}\u{303}"),
    ('ä', "\u{302}\u{323}"),
    ('ê', "\u{306}"),
    ('é', "\u{306}\u{301}"),
    ('è', "\u{306}\u{300}"),
    ('ú', "\u{306}\u{309}"),
    ('ü', "\u{306}\u{303}"),
    ('ë', "\u{306}\u{323}"),
];

/// Letters of VNI that stand alone.
const VNI_ALONE: [(char, char); 12] = [
    ('ñ', 'đ'),
    ('Ñ', 'Đ'),
    ('ö', 'ư'),
    ('Ö', 'Ư'),
    ('ô', 'ơ'),
    ('Ô', 'Ơ'),
    ('í', 'í'),
    ('ì', 'ì'),
    ('æ', 'ỉ'),
    ('ó', 'ĩ'),
    ('ò', 'ị'),
    ('î', 'ỵ'),
];

/// Reads bytes as TCVN3, where nearly all of its letters are ones that Vietnamese uses.
pub(super) fn tcvn3(bytes: &[u8]) -> Option<String> {
    let text: String = bytes
        .iter()
        .map(|byte| {
            let letter = TCVN3.iter().find(|(code, _)| code == byte).map(|(_, letter)| *letter);
            letter.or_else(|| byte.is_ascii().then_some(char::from(*byte))).unwrap_or('\u{fffd}')
        })
        .collect();
    reads_well(&text).then_some(text)
}

/// Turns letters that stand for bytes of TCVN3 into Unicode, whatever they say: their font names the encoding.
pub(super) fn of_tcvn3(text: &str) -> String {
    text.chars()
        .map(|c| {
            let byte = to_byte(c);
            let letter = TCVN3.iter().find(|(code, _)| Some(*code) == byte);
            letter.map_or(c, |(_, letter)| *letter)
        })
        .collect()
}

/// Turns letters of a VNI font into Unicode.
pub(super) fn of_vni(text: &str) -> String {
    hoptac_model::text::nfc(&compose_vni(text))
}

/// Reads a text of Latin letters that is TCVN3 or VNI, as documents have it whose fonts are not named.
pub(super) fn of_letters(text: &str) -> Option<(String, &'static str)> {
    let foreign = text.chars().any(|c| ('\u{1EA0}'..='\u{1EF9}').contains(&c));
    let marked = text.chars().filter(|c| to_byte(*c).is_some_and(|byte| byte >= 0xA1)).count();
    if foreign || marked < 4 {
        return None;
    }
    if let Some(text) = vni(text) {
        return Some((text, "VNI"));
    }
    let tcvn3 = of_tcvn3(text);
    reads_well(&tcvn3).then_some((tcvn3, "TCVN3 (ABC)"))
}

/// The byte that a letter stands for in a text whose bytes were taken for Windows-1252 or for signs of a font.
fn to_byte(c: char) -> Option<u8> {
    let code = match u32::from(c) {
        sign @ 0xF000..=0xF0FF => sign - 0xF000,
        other => other,
    };
    // Windows-1252 differs from Latin-1 only where TCVN3 has the same signs.
    u8::try_from(code).ok().filter(|byte| *byte >= 0xA0)
}

/// Reads bytes of Windows-1252 as VNI.
pub(super) fn vni_bytes(bytes: &[u8]) -> Option<String> {
    let latin: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    vni(&latin)
}

/// Reads a text whose marks stand behind their letters as Latin-1 letters: `toå hôïp taùc`.
pub(super) fn vni(text: &str) -> Option<String> {
    // A Unicode text has letters that Latin-1 has not; a VNI text has none.
    let foreign = text.chars().any(|c| ('\u{100}'..='\u{1EF9}').contains(&c));
    let marked = text.chars().filter(|c| ('\u{c0}'..='\u{ff}').contains(c)).count();
    if foreign || marked < 4 {
        return None;
    }
    let composed = hoptac_model::text::nfc(&compose_vni(text));
    reads_well(&composed).then_some(composed)
}

/// Puts the marks that stand behind letters onto them.
fn compose_vni(text: &str) -> String {
    let mut plain = String::with_capacity(text.len() * 2);
    let mut before = ' ';
    for c in text.chars() {
        let small = c.to_lowercase().next().unwrap_or(c);
        let mark = VNI.iter().find(|(sign, _)| *sign == small);
        let carries = matches!(before.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
            || matches!(before, 'ö' | 'Ö' | 'ô' | 'Ô');
        match mark {
            Some((_, marks)) if carries => plain.push_str(marks),
            _ => {
                let alone = VNI_ALONE.iter().find(|(sign, _)| *sign == c);
                let capital = VNI_ALONE.iter().find(|(sign, _)| *sign == small);
                match (alone, capital) {
                    (Some((_, letter)), _) => plain.push(*letter),
                    (None, Some((_, letter))) => plain.extend(letter.to_uppercase()),
                    (None, None) => plain.push(c),
                }
            }
        }
        before = c;
    }
    plain
}

/// Whether a text is Vietnamese by its letters: no letter that Vietnamese does not know, and words that every official
/// text has.
fn reads_well(text: &str) -> bool {
    let strange = text
        .chars()
        .filter(|c| *c == '\u{fffd}' || !c.is_ascii() && c.is_alphabetic() && !is_vietnamese(*c))
        .count();
    let marked = text.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()).count();
    let lower = text.to_lowercase();
    let common = lower
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| {
            matches!(
                *word,
                "và" | "của"
                    | "các"
                    | "hợp"
                    | "tác"
                    | "xã"
                    | "đến"
                    | "năm"
                    | "có"
                    | "tổ"
                    | "là"
                    | "được"
                    | "tỉnh"
                    | "từ"
                    | "thành"
                    | "đạt"
                    | "trên"
            )
        })
        .count();
    marked > 0 && strange * 50 <= marked && common >= 2
}

fn is_vietnamese(c: char) -> bool {
    let small = c.to_lowercase().next().unwrap_or(c);
    "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđ".contains(small)
}

#[cfg(test)]
mod tests {
    use super::{tcvn3, vni};

    #[test]
    fn tcvn3_into_unicode() {
        let bytes = b"C\xE3 12 t\xE6 h\xEE p t\xB8c v\xB5 3 h\xEE p t\xB8c x\xB7";
        assert_eq!(tcvn3(bytes).as_deref(), Some("Có 12 tổ hợ p tác và 3 hợ p tác xã"));
    }
    #[test]
    fn vni_into_unicode() {
        assert_eq!(
            vni("Coù 12 toå hôïp taùc vaø 3 hôïp taùc xaõ ñeán naêm").as_deref(),
            Some("Có 12 tổ hợp tác và 3 hợp tác xã đến năm")
        );
    }
    #[test]
    fn other_languages_are_left_alone() {
        assert_eq!(vni("Les coopératives ont été créées à l'été"), None);
        assert_eq!(tcvn3(b"caf\xE9 d\xE9j\xE0 vu"), None);
    }
}
