//! The form that corrects one target: its parts, each in its field, and what is wrong with them.

use hoptac_intake::draft::TODO;
use hoptac_intake::reading::Comparator;
use hoptac_intake::reading::correction::Parts;
use hoptac_model::number;
use maud::{Markup, html};

use super::Desk;
use crate::form::{self, Faults, Fields};
use crate::language::Voice;
use crate::page::token_field;

/// Where most targets hold, as a reading names it.
const SCOPES: [&str; 4] = ["province", "each district", "each commune", "nation"];

/// The form for some words, filled from the reading or as somebody sent it.
pub(super) struct PartsForm {
    pub(super) start: usize,
    pub(super) end: usize,
    filled: Filled,
    faults: Faults,
}

/// The texts in the fields.
struct Filled {
    subject: String,
    comparator: String,
    value: String,
    min: String,
    max: String,
    unit: String,
    year: String,
    yearly: bool,
    scope: String,
    indicator: String,
}

impl PartsForm {
    /// The form for words of a document, filled with what is known of them.
    pub(super) fn of(desk: &Desk<'_>, start: usize, end: usize) -> Self {
        let corrected = desk.correction(start, end).and_then(|c| c.target.clone());
        let parts = corrected.or_else(|| desk.target(start, end).map(Parts::of));
        let parts = parts.unwrap_or_else(|| guess(&quote(desk, start, end)));
        let shown = |value: Option<f64>| {
            value.map_or_else(String::new, |v| number::plain(v, hoptac_model::text::Language::Vi))
        };
        let filled = Filled {
            subject: parts.subject,
            comparator: parts.comparator.code().to_owned(),
            value: shown(parts.value),
            min: shown(parts.min),
            max: shown(parts.max),
            unit: parts.unit,
            year: parts.year.map_or_else(String::new, |year| year.to_string()),
            yearly: parts.yearly,
            scope: parts.scope,
            indicator: parts.indicator.unwrap_or_default(),
        };
        Self { start, end, filled, faults: Desk::no_faults() }
    }

    /// The form as it was sent, with what is wrong in it.
    pub(super) fn with_faults(start: usize, end: usize, fields: &Fields, faults: Faults) -> Self {
        let get = |name: &str| fields.get(name).to_owned();
        let filled = Filled {
            subject: get("doi-tuong"),
            comparator: get("so-sanh"),
            value: get("gia-tri"),
            min: get("tu"),
            max: get("den"),
            unit: get("don-vi"),
            year: get("nam"),
            yearly: get("ky") == "hang-nam",
            scope: get("pham-vi"),
            indicator: get("chi-tieu-do"),
        };
        Self { start, end, filled, faults }
    }

    pub(super) fn draw(&self, desk: &Desk<'_>) -> Markup {
        let voice = desk.voice;
        let is_target = desk.target(self.start, self.end).is_some();
        let other = desk.reading.others.iter().find(|o| o.start == self.start && o.end == self.end);
        let heading = if is_target { "reading-is-target" } else { "reading-is-none" };
        let filled = &self.filled;
        html! {
            h2 { (voice.say(heading)) }
            blockquote lang="vi" { (quote(desk, self.start, self.end)) }
            @if let Some(other) = other {
                p class="soft" { (voice.say("reading-taken-for")) " " span lang="vi" { (other.reason) } "." }
            }
            @if desk.correction(self.start, self.end).is_some() {
                form method="post" action=(desk.act("/hoan-tac")) {
                    (token_field(desk.ask))
                    input type="hidden" name="cho" value={ (self.start) "-" (self.end) };
                    p class="soft" {
                        (voice.say("reading-corrected-by-hand")) " "
                        button type="submit" class="plain-button" { (voice.say("reading-undo")) }
                    }
                }
            }
            form class="entry-form parts" method="post" action=(desk.act("/sua")) {
                (token_field(desk.ask))
                input type="hidden" name="cho" value={ (self.start) "-" (self.end) };
                (self.text("doi-tuong", "part-subject", &filled.subject, voice))
                div class="field" {
                    label for="so-sanh" { (voice.say("part-comparator")) }
                    select id="so-sanh" name="so-sanh" {
                        @for one in Comparator::ALL {
                            option value=(one.code()) selected[filled.comparator == one.code()] { (comparator(one, voice)) }
                        }
                    }
                }
                (self.numeric("gia-tri", "part-value", &filled.value, voice))
                div class="pair" {
                    (self.numeric("tu", "part-min", &filled.min, voice))
                    (self.numeric("den", "part-max", &filled.max, voice))
                }
                (self.text("don-vi", "part-unit", &filled.unit, voice))
                fieldset {
                    legend { (voice.say("part-horizon")) }
                    label class="inline" {
                        input type="radio" name="ky" value="nam" checked[!filled.yearly];
                        " " (voice.say("part-by-year"))
                    }
                    input type="text" inputmode="numeric" class="short" id="nam" name="nam" value=(filled.year) aria-label=(voice.say("part-year"))
                        aria-invalid=[self.faults.contains_key("nam").then_some("true")];
                    label class="inline" {
                        input type="radio" name="ky" value="hang-nam" checked[filled.yearly];
                        " " (voice.say("part-yearly"))
                    }
                    (self.fault("nam"))
                }
                div class="field" {
                    label for="pham-vi" { (voice.say("part-scope")) }
                    select id="pham-vi" name="pham-vi" {
                        @for one in SCOPES { option value=(one) selected[filled.scope == one] { (scope(one, voice)) } }
                        @if !filled.scope.is_empty() && !SCOPES.contains(&filled.scope.as_str()) {
                            option value=(filled.scope) selected { (scope(&filled.scope, voice)) }
                        }
                    }
                }
                @if let Some(pack) = &desk.published.pack {
                    div class="field" {
                        label for="chi-tieu-do" { (voice.say("part-indicator")) }
                        select id="chi-tieu-do" name="chi-tieu-do" aria-describedby="chi-tieu-do-giup" {
                            option value="" { (self.by_words(desk)) }
                            option value=(TODO) selected[filled.indicator == TODO] { (voice.say("part-indicator-none")) }
                            @for indicator in &pack.indicators {
                                option value=(indicator.id) selected[filled.indicator == indicator.id.as_str()] { (indicator.short.get(voice.0)) }
                            }
                        }
                        p class="help" id="chi-tieu-do-giup" { (voice.say("part-indicator-help")) }
                    }
                }
                div class="acts" {
                    button type="submit" name="la" value="chi-tieu" {
                        (voice.say(if is_target { "reading-save" } else { "reading-make-target" }))
                    }
                    @if is_target {
                        button type="submit" name="la" value="khong" class="plain-button" { (voice.say("reading-make-none")) }
                    }
                }
            }
        }
    }

    /// What the words alone choose as the indicator.
    fn by_words(&self, desk: &Desk<'_>) -> String {
        let voice = desk.voice;
        let found = desk.measures().and_then(|measures| {
            let at = desk
                .reading
                .targets
                .iter()
                .position(|t| t.start == self.start && t.end == self.end)?;
            measures.get(at).copied().flatten()
        });
        match found.filter(|_| self.filled.indicator.is_empty()) {
            Some(indicator) => voice.say_with(
                "part-indicator-by-words-found",
                &[("name", indicator.short.get(voice.0).into())],
            ),
            None => voice.say("part-indicator-by-words"),
        }
    }

    fn text(&self, name: &'static str, label: &str, value: &str, voice: Voice) -> Markup {
        html! {
            div class="field" {
                label for=(name) { (voice.say(label)) }
                input type="text" id=(name) name=(name) value=(value) maxlength="300" lang="vi"
                    aria-invalid=[self.faults.contains_key(name).then_some("true")];
                (self.fault(name))
            }
        }
    }

    fn numeric(&self, name: &'static str, label: &str, value: &str, voice: Voice) -> Markup {
        html! {
            div class="field" {
                label for=(name) { (voice.say(label)) }
                input type="text" inputmode="decimal" id=(name) name=(name) value=(value) maxlength="30"
                    aria-invalid=[self.faults.contains_key(name).then_some("true")];
                (self.fault(name))
            }
        }
    }

    fn fault(&self, name: &str) -> Markup {
        html! { @if let Some(fault) = self.faults.get(name) { p class="fault" { (fault) } } }
    }
}

/// The words themselves.
fn quote(desk: &Desk<'_>, start: usize, end: usize) -> String {
    desk.kept.text.chars().skip(start).take(end - start).collect()
}

/// A first proposal for words that were not taken for a target: their first number, and what stands behind it.
fn guess(words: &str) -> Parts {
    let digit = |c: char| c.is_ascii_digit();
    let start = words.find(digit).unwrap_or(words.len());
    let rest = words.get(start..).unwrap_or("");
    let end = rest.find(|c: char| !digit(c) && c != '.' && c != ',').unwrap_or(rest.len());
    let (written, unit) = rest.split_at(end);
    Parts {
        subject: unit.trim().to_owned(),
        comparator: Comparator::Eq,
        value: form::number(written.trim_end_matches(['.', ','])),
        min: None,
        max: None,
        unit: unit.trim().to_owned(),
        year: None,
        yearly: false,
        scope: "province".to_owned(),
        indicator: None,
    }
}

/// Reads the form into parts, or says what is wrong at which field.
pub(super) fn read(fields: &Fields, voice: Voice) -> Result<Parts, Faults> {
    let mut faults = Faults::new();
    let mut numeric = |name: &'static str, wanted: bool| {
        let text = fields.get(name);
        if !wanted {
            return None;
        }
        let value = form::number(text);
        if value.is_none() {
            let key = if text.is_empty() { "fault-number-missing" } else { "fault-number" };
            faults.insert(name, voice.say_with(key, &[("text", text.into())]));
        }
        value
    };
    let code = fields.get("so-sanh");
    let comparator =
        Comparator::ALL.into_iter().find(|c| c.code() == code).unwrap_or(Comparator::Eq);
    let is_range = comparator == Comparator::Between;
    let value = numeric("gia-tri", !is_range);
    let (min, max) = (numeric("tu", is_range), numeric("den", is_range));
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        faults.insert("den", voice.say("fault-range"));
    }
    let yearly = fields.get("ky") == "hang-nam";
    let year = match fields.get("nam") {
        "" => None,
        _ if yearly => None,
        text => {
            let year = text.parse::<i32>().ok().filter(|year| (1990..=2100).contains(year));
            if year.is_none() {
                faults.insert("nam", voice.say_with("fault-year", &[("text", text.into())]));
            }
            year
        }
    };
    if !faults.is_empty() {
        return Err(faults);
    }
    let get = |name: &str| hoptac_model::text::nfc(fields.get(name)).chars().take(300).collect();
    let indicator: String = get("chi-tieu-do");
    Ok(Parts {
        subject: get("doi-tuong"),
        comparator,
        value,
        min,
        max,
        unit: get("don-vi"),
        year,
        yearly,
        scope: get("pham-vi"),
        indicator: Some(indicator).filter(|indicator| !indicator.is_empty()),
    })
}

/// How a number binds, in a word.
pub(super) fn comparator(comparator: Comparator, voice: Voice) -> String {
    match comparator {
        Comparator::Eq => voice.say("comparator-eq"),
        Comparator::About => voice.say("comparator-about"),
        Comparator::AtLeast => voice.say("comparator-at-least"),
        Comparator::MoreThan => voice.say("comparator-more-than"),
        Comparator::AtMost => voice.say("comparator-at-most"),
        Comparator::LessThan => voice.say("comparator-less-than"),
        Comparator::Between => voice.say("comparator-between"),
    }
}

/// The number or the range.
pub(super) fn value(parts: &Parts, voice: Voice) -> String {
    let shown = |value: f64| number::plain(value, voice.0);
    match (parts.value, parts.min, parts.max) {
        (Some(value), ..) => shown(value),
        (None, Some(min), Some(max)) => format!("{} – {}", shown(min), shown(max)),
        _ => number::NO_VALUE.to_owned(),
    }
}

/// Until when.
pub(super) fn horizon(parts: &Parts, voice: Voice) -> String {
    match (parts.yearly, parts.year) {
        (true, _) => voice.say("part-yearly-short"),
        (false, Some(year)) => year.to_string(),
        (false, None) => voice.say("unknown"),
    }
}

/// Where it holds. What a reading wrote with a colon is already in the plan's own words.
pub(super) fn scope(code: &str, voice: Voice) -> String {
    match code {
        "province" => voice.say("scope-province"),
        "each district" => voice.say("scope-each-district"),
        "each commune" => voice.say("scope-each-commune"),
        "nation" => voice.say("scope-nation"),
        other => other.split_once(':').map_or(other, |(_, words)| words).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_and_its_unit_are_proposed() {
        let parts = guess("hiện có 2.902 thành viên");
        assert_eq!((parts.value, parts.unit.as_str()), (Some(2902.0), "thành viên"));
        assert_eq!(guess("không có số").value, None);
    }
}
