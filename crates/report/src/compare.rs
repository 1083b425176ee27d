//! What two documents say differently: figures by indicator and unit, sentences by their name.

use std::collections::BTreeMap;

use hoptac_model::ids::{IndicatorId, TargetId, UnitId};
use serde::Serialize;

use crate::document::Document;

/// Something that is not the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Difference {
    /// A figure.
    Figure {
        /// The indicator.
        indicator: IndicatorId,
        /// The unit.
        unit: UnitId,
        /// As the older one shows it; none where it has it not.
        before: Option<String>,
        /// As the newer one shows it.
        after: Option<String>,
    },
    /// A sentence whose words differ, not only its figures.
    Sentence {
        /// Its name.
        id: String,
        /// In the older one.
        before: Option<String>,
        /// In the newer one.
        after: Option<String>,
    },
}

/// A figure's place: which it is, and the how-manieth of its kind.
type Key = (IndicatorId, UnitId, Option<TargetId>, usize);

/// Compares two documents.
pub fn differences(before: &Document, after: &Document) -> Vec<Difference> {
    let (older, newer) = (figures(before), figures(after));
    let mut keys: Vec<&Key> = older.keys().chain(newer.keys()).collect();
    keys.sort();
    keys.dedup();
    let mut found: Vec<Difference> = keys
        .into_iter()
        .filter(|key| older.get(*key) != newer.get(*key))
        .map(|key| Difference::Figure {
            indicator: key.0.clone(),
            unit: key.1.clone(),
            before: older.get(key).cloned(),
            after: newer.get(key).cloned(),
        })
        .collect();
    let (older, newer) = (sentences(before), sentences(after));
    let mut ids: Vec<&String> = older.keys().chain(newer.keys()).collect();
    ids.sort();
    ids.dedup();
    found.extend(ids.into_iter().filter_map(|id| {
        let (before, after) = (older.get(id), newer.get(id));
        let differs = before.map(|one| &one.0) != after.map(|one| &one.0);
        differs.then(|| Difference::Sentence {
            id: id.clone(),
            before: before.map(|one| one.1.clone()),
            after: after.map(|one| one.1.clone()),
        })
    }));
    found
}

fn figures(document: &Document) -> BTreeMap<Key, String> {
    let mut seen: BTreeMap<(IndicatorId, UnitId, Option<TargetId>), usize> = BTreeMap::new();
    let mut figures = BTreeMap::new();
    for (shown, source) in document.figures() {
        let of = (source.indicator.clone(), source.unit.clone(), source.target.clone());
        let number = seen.entry(of.clone()).or_default();
        *number += 1;
        figures.insert((of.0, of.1, of.2, *number), shown.to_owned());
    }
    figures
}

/// Sentences by name: their words without figures, which are compared by themselves, and as they are read.
fn sentences(document: &Document) -> BTreeMap<String, (String, String)> {
    document.paragraphs().map(|one| (one.id.clone(), (one.words(), one.text()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Block, Paragraph, Span};
    use hoptac_model::report::Source;
    use jiff::civil::date;

    fn document(words: &str, shown: &str) -> Document {
        let source = Source {
            indicator: IndicatorId::from("groups"),
            version: 1,
            target: None,
            unit: UnitId::from("20"),
            on: date(2025, 6, 30),
            geography: date(2025, 6, 30),
            position: 7,
        };
        let figure = Span::Figure { shown: shown.to_owned(), source };
        let spans = vec![Span::Text(words.to_owned()), figure];
        let paragraph = Paragraph { id: "size".to_owned(), item: false, spans };
        Document { blocks: vec![Block::Paragraph(paragraph)], ..Document::default() }
    }

    #[test]
    fn another_number_is_a_difference_of_the_figure_alone() {
        let found = differences(&document("Có ", "12"), &document("Có ", "13"));
        let want = Difference::Figure {
            indicator: IndicatorId::from("groups"),
            unit: UnitId::from("20"),
            before: Some("12".to_owned()),
            after: Some("13".to_owned()),
        };
        assert_eq!(found, [want]);
    }
    #[test]
    fn other_words_are_a_difference_of_the_sentence() {
        let found = differences(&document("Có ", "12"), &document("Nay có ", "12"));
        assert!(matches!(found.as_slice(), [Difference::Sentence { id, .. }] if id == "size"));
    }
    #[test]
    fn the_same_is_no_difference() {
        assert_eq!(differences(&document("Có ", "12"), &document("Có ", "12")), []);
    }
}
