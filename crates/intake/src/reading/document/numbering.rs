//! Word's automatic numbers as text: headings set horizons, so that "II." and "1." must stand where people see them.

use std::collections::BTreeMap;

use roxmltree::Node;

use super::word::{attribute, child, name};

/// How many levels a list has at most.
const LEVELS: usize = 9;

/// Lists, and how far they have counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    /// What a list looks like, by the number that paragraphs name.
    lists: BTreeMap<u32, List>,
    shapes: BTreeMap<u32, Vec<Level>>,
    /// Counters, by the shape that lists share.
    counters: BTreeMap<u32, [Option<u32>; LEVELS]>,
}

#[derive(Debug)]
struct List {
    shape: u32,
    /// Where a level of this list starts anew.
    starts: BTreeMap<usize, u32>,
    /// Levels that look different in this list.
    levels: BTreeMap<usize, Level>,
    is_begun: bool,
}

#[derive(Clone, Debug)]
struct Level {
    start: u32,
    format: String,
    text: String,
    style: Option<String>,
    /// All numbers of the label in Arabic digits.
    is_legal: bool,
    /// The level whose step starts this one anew, counted from 1; 0 for never.
    restarts_after: Option<usize>,
}

impl Numbering {
    /// Reads the part `numbering.xml`.
    pub(super) fn of(part: &roxmltree::Document<'_>) -> Self {
        let mut numbering = Self::default();
        let root = part.root_element();
        for node in root.children().filter(|node| name(*node) == "abstractNum") {
            let Some(id) = number(node, "abstractNumId") else { continue };
            let mut levels = vec![Level::none(); LEVELS];
            for (index, level) in levels_of(node) {
                if let Some(place) = levels.get_mut(index) {
                    *place = level;
                }
            }
            numbering.shapes.insert(id, levels);
        }
        for node in root.children().filter(|node| name(*node) == "num") {
            let shape = child(node, "abstractNumId").and_then(|node| number(node, "val"));
            let (Some(id), Some(shape)) = (number(node, "numId"), shape) else { continue };
            let overrides = || node.children().filter(|node| name(*node) == "lvlOverride");
            let starts = overrides().filter_map(|over| {
                let start = child(over, "startOverride").and_then(|node| number(node, "val"))?;
                Some((level_index(over)?, start))
            });
            let list = List {
                shape,
                starts: starts.collect(),
                levels: overrides().flat_map(levels_of).collect(),
                is_begun: false,
            };
            numbering.lists.insert(id, list);
        }
        numbering
    }

    /// The level that a list gives to the paragraphs of a style.
    pub(super) fn level_of(&self, list: u32, style: Option<&str>) -> Option<usize> {
        let style = style?;
        let shape = self.shapes.get(&self.lists.get(&list)?.shape)?;
        shape.iter().position(|level| level.style.as_deref() == Some(style))
    }

    /// Counts on, and gives the label of the next paragraph of a list; none where there is nothing to see.
    pub(super) fn label(&mut self, id: u32, level: usize) -> Option<String> {
        let list = self.lists.get_mut(&id)?;
        let shape = self.shapes.get(&list.shape)?;
        let own = |index: usize| list.levels.get(&index).or_else(|| shape.get(index));
        let counters = self.counters.entry(list.shape).or_insert([None; LEVELS]);
        if !list.is_begun {
            for index in list.starts.keys() {
                if let Some(counter) = counters.get_mut(*index) {
                    *counter = None;
                }
            }
        }
        let start = |index: usize| {
            list.starts
                .get(&index)
                .copied()
                .or_else(|| own(index).map(|level| level.start))
                .unwrap_or(1)
        };
        for (index, counter) in counters.iter_mut().enumerate() {
            if index < level {
                counter.get_or_insert_with(|| start(index));
            } else if index == level {
                *counter =
                    Some(counter.map_or_else(|| start(index), |count| count.saturating_add(1)));
            } else if own(index)
                .and_then(|below| below.restarts_after)
                .is_none_or(|after| after > level)
            {
                *counter = None;
            }
        }
        let shown = own(level)?;
        let label = match shown.format.as_str() {
            "bullet" => Some(bullet(&shown.text)),
            "none" if !shown.text.contains(|c: char| !c.is_whitespace() && c != '%') => None,
            _ => Some(fill(&shown.text, |index| {
                let format = if shown.is_legal { "decimal" } else { own(index)?.format.as_str() };
                Some(count_as(counters.get(index).copied().flatten()?, format))
            })),
        };
        list.is_begun = true;
        label.map(|label| label.trim().to_owned()).filter(|label| !label.is_empty())
    }
}

impl Level {
    fn none() -> Self {
        Self {
            start: 1,
            format: "none".to_owned(),
            text: String::new(),
            style: None,
            is_legal: false,
            restarts_after: None,
        }
    }
}

fn levels_of<'n, 'i>(node: Node<'n, 'i>) -> impl Iterator<Item = (usize, Level)> + use<'n, 'i> {
    node.children().filter(|node| name(*node) == "lvl").filter_map(|node| {
        let value = |wanted| child(node, wanted).and_then(|node| attribute(node, "val"));
        let level = Level {
            start: value("start").and_then(|start| start.parse().ok()).unwrap_or(1),
            format: value("numFmt").unwrap_or("decimal").to_owned(),
            text: value("lvlText").unwrap_or_default().chars().take(64).collect(),
            style: value("pStyle").map(str::to_owned),
            is_legal: child(node, "isLgl").is_some(),
            restarts_after: value("lvlRestart").and_then(|level| level.parse().ok()),
        };
        Some((level_index(node)?, level))
    })
}

fn level_index(node: Node<'_, '_>) -> Option<usize> {
    attribute(node, "ilvl")?.parse().ok()
}

fn number(node: Node<'_, '_>, wanted: &str) -> Option<u32> {
    attribute(node, wanted)?.parse().ok()
}

/// A bullet as a plan writes it. Bullets of sign fonts are private letters, which nobody reads: they are dashes.
fn bullet(text: &str) -> String {
    match text.trim().chars().next() {
        Some('+') => "+".to_owned(),
        Some('*') => "*".to_owned(),
        _ => "-".to_owned(),
    }
}

/// Puts the counts of levels into the text of a label: `%1.%2.`.
fn fill(text: &str, count: impl Fn(usize) -> Option<String>) -> String {
    let mut label = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let level =
            (letter == '%').then(|| letters.peek().and_then(|next| next.to_digit(10))).flatten();
        match level {
            Some(level @ 1..) => {
                letters.next();
                label.push_str(&count(level as usize - 1).unwrap_or_default());
            }
            _ => label.push(letter),
        }
    }
    label
}

/// A count in a format of Word's. Formats of other languages are shown in digits.
fn count_as(count: u32, format: &str) -> String {
    match format {
        "upperRoman" => roman(count),
        "lowerRoman" => roman(count).to_lowercase(),
        "upperLetter" => letter(count).to_uppercase(),
        "lowerLetter" => letter(count),
        "decimalZero" => format!("{count:02}"),
        "none" => String::new(),
        _ => count.to_string(),
    }
}

fn roman(count: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..4000).contains(&count) {
        return count.to_string();
    }
    let mut left = count;
    let mut shown = String::new();
    for (value, sign) in SIGNS {
        while left >= value {
            shown.push_str(sign);
            left -= value;
        }
    }
    shown
}

/// a to z, then aa to zz, as Word counts.
fn letter(count: u32) -> String {
    let Some(index) = count.checked_sub(1).filter(|index| *index < 26 * 8) else {
        return count.to_string();
    };
    let sign = char::from_u32(u32::from(b'a') + index % 26).unwrap_or('a');
    std::iter::repeat_n(sign, index as usize / 26 + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list of three levels, `I.`, `1.` and a dash.
    fn numbering() -> Numbering {
        let xml = r#"<w:numbering xmlns:w="w">
            <w:abstractNum w:abstractNumId="7">
              <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
              <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2)"/><w:isLgl/></w:lvl>
              <w:lvl w:ilvl="2"><w:numFmt w:val="bullet"/><w:lvlText w:val=""/></w:lvl>
            </w:abstractNum>
            <w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
            <w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/></w:lvlOverride></w:num>
        </w:numbering>"#;
        Numbering::of(&roxmltree::Document::parse(xml).unwrap())
    }

    #[track_caller]
    fn check(steps: &[(u32, usize)], want: &[&str]) {
        let mut numbering = numbering();
        let labels: Vec<String> = steps
            .iter()
            .map(|(list, level)| numbering.label(*list, *level).unwrap_or_default())
            .collect();
        assert_eq!(labels, want);
    }

    #[test]
    fn levels_count_and_start_anew_below_their_parent() {
        check(&[(1, 0), (1, 1), (1, 1), (1, 0), (1, 1)], &["I.", "1.1)", "1.2)", "II.", "2.1)"]);
    }
    #[test]
    fn a_bullet_of_a_sign_font_is_a_dash() {
        check(&[(1, 2)], &["-"]);
    }
    #[test]
    fn a_list_that_starts_anew() {
        check(&[(1, 0), (2, 0), (2, 0)], &["I.", "IV.", "V."]);
    }
    #[test]
    fn lists_of_one_shape_count_together() {
        check(&[(1, 0), (1, 0), (9, 0)], &["I.", "II.", ""]);
    }
    #[test]
    fn letters_and_roman_numbers() {
        let shown = |format: &str| [1, 4, 27, 5000].map(|count| count_as(count, format));
        assert_eq!(shown("upperRoman"), ["I", "IV", "XXVII", "5000"]);
        assert_eq!(shown("lowerLetter"), ["a", "d", "aa", "5000"]);
        assert_eq!(shown("decimalZero"), ["01", "04", "27", "5000"]);
    }
}
