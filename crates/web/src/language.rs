//! The words on screen: two catalogues, Vietnamese first, from which every visible sentence comes.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use hoptac_model::text::Language;
use unic_langid::LanguageIdentifier;

/// What all pages say, and below it what single pages say.
const VI: &str = concat!(
    include_str!("locales/vi.ftl"),
    include_str!("locales/vi/annual_return.ftl"),
    include_str!("locales/vi/chain.ftl"),
    include_str!("locales/vi/api.ftl"),
    include_str!("locales/vi/cascade.ftl"),
    include_str!("locales/vi/filing_form.ftl"),
    include_str!("locales/vi/forecast.ftl"),
    include_str!("locales/vi/grade.ftl"),
    include_str!("locales/vi/identity.ftl"),
    include_str!("locales/vi/import.ftl"),
    include_str!("locales/vi/kept_view.ftl"),
    include_str!("locales/vi/plan_check.ftl"),
    include_str!("locales/vi/plan_reading.ftl"),
    include_str!("locales/vi/public.ftl"),
    include_str!("locales/vi/register.ftl"),
    include_str!("locales/vi/token.ftl"),
    include_str!("locales/vi/report.ftl"),
    include_str!("locales/vi/boundary.ftl"),
    include_str!("locales/vi/bundle.ftl"),
    include_str!("locales/vi/scenario.ftl"),
    include_str!("locales/vi/support.ftl"),
    include_str!("locales/vi/task.ftl"),
    include_str!("locales/vi/place.ftl"),
    include_str!("locales/vi/find.ftl"),
);
const EN: &str = concat!(
    include_str!("locales/en.ftl"),
    include_str!("locales/en/annual_return.ftl"),
    include_str!("locales/en/chain.ftl"),
    include_str!("locales/en/api.ftl"),
    include_str!("locales/en/cascade.ftl"),
    include_str!("locales/en/filing_form.ftl"),
    include_str!("locales/en/forecast.ftl"),
    include_str!("locales/en/grade.ftl"),
    include_str!("locales/en/identity.ftl"),
    include_str!("locales/en/import.ftl"),
    include_str!("locales/en/kept_view.ftl"),
    include_str!("locales/en/plan_check.ftl"),
    include_str!("locales/en/plan_reading.ftl"),
    include_str!("locales/en/public.ftl"),
    include_str!("locales/en/register.ftl"),
    include_str!("locales/en/token.ftl"),
    include_str!("locales/en/report.ftl"),
    include_str!("locales/en/boundary.ftl"),
    include_str!("locales/en/bundle.ftl"),
    include_str!("locales/en/scenario.ftl"),
    include_str!("locales/en/support.ftl"),
    include_str!("locales/en/task.ftl"),
    include_str!("locales/en/place.ftl"),
    include_str!("locales/en/find.ftl"),
);

static CATALOGUES: LazyLock<(Catalogue, Catalogue)> =
    LazyLock::new(|| (catalogue(Language::Vi, VI), catalogue(Language::En, EN)));

type Catalogue = FluentBundle<FluentResource>;

/// Says things in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Voice(pub(crate) Language);

impl Voice {
    /// The words behind a key.
    pub(crate) fn say(self, key: &str) -> String {
        self.say_with(key, &[])
    }

    /// The sentence behind a key, with its values. Numbers and dates come written already; a bare number only chooses
    /// between singular and plural.
    pub(crate) fn say_with(self, key: &str, values: &[(&'static str, FluentValue<'_>)]) -> String {
        let (vi, en) = &*CATALOGUES;
        let bundle = match self.0 {
            Language::Vi => vi,
            Language::En => en,
        };
        // A test holds both catalogues to the same keys and every key to a use, so that the key itself never shows.
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let args: FluentArgs<'_> =
            values.iter().map(|(name, value)| (*name, value.clone())).collect();
        bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
    }
}

fn catalogue(language: Language, text: &str) -> Catalogue {
    let language: LanguageIdentifier = language.tag().parse().expect("a tag of two letters");
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Isolating marks would end up in copied text and in comparisons.
    bundle.set_use_isolating(false);
    let resource =
        FluentResource::try_new(text.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn keys(text: &str) -> BTreeSet<&str> {
        let at_start = |line: &&str| line.starts_with(|c: char| c.is_ascii_lowercase());
        text.lines()
            .filter(at_start)
            .filter_map(|line| line.split_once(" ="))
            .map(|(key, _)| key)
            .collect()
    }

    /// The source of every page, in one text.
    fn sources() -> String {
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        let mut text = String::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "rs") {
                    text.push_str(&std::fs::read_to_string(path).unwrap());
                }
            }
        }
        text
    }

    #[test]
    fn both_catalogues_read_without_an_error() {
        for text in [VI, EN] {
            let errors = FluentResource::try_new(text.to_owned()).err().map(|(_, errors)| errors);
            assert_eq!(errors, None);
        }
    }
    #[test]
    fn both_catalogues_have_the_same_keys() {
        assert_eq!(keys(VI), keys(EN));
    }
    #[test]
    fn every_key_is_used() {
        let sources = sources();
        let unused: Vec<&str> =
            keys(VI).into_iter().filter(|key| !sources.contains(&format!("\"{key}\""))).collect();
        assert_eq!(unused, Vec::<&str>::new());
    }
    #[test]
    fn every_key_that_is_said_exists() {
        let sources = sources();
        let known = keys(VI);
        let mut missing = Vec::new();
        for opening in [
            ".say(\"",
            ".say_with(\"",
            ".say_with(\n            \"",
            ".say_with(\n                \"",
        ] {
            for (at, _) in sources.match_indices(opening) {
                let rest = &sources[at + opening.len()..];
                let key = rest.split('"').next().unwrap();
                if !known.contains(key) {
                    missing.push(key.to_owned());
                }
            }
        }
        assert_eq!(missing, Vec::<String>::new());
    }
    #[test]
    fn no_sentence_carries_isolating_marks() {
        let said = Voice(Language::Vi).say_with("header-as-of", &[("day", "31/12/2025".into())]);
        assert_eq!(said, "Tính đến 31/12/2025");
    }
}
