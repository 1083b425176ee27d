//! A form as it is drawn: each field with its label, its help, what is found about it, and how it is filled in.

use hoptac_model::finding::{Finding, Severity};
use hoptac_model::text::{Language, first_upper, sentence};
use maud::{Markup, html};

use crate::language::Voice;
use crate::organisation;
use crate::query::Ask;

use super::definition::{Field, Input};
use super::source::Source;
use super::value::{Entered, Unread};

/// What is said at a field, or about the whole filing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    /// The field as the rules name it; empty where it is about the whole.
    field: String,
    severity: Severity,
    /// What is wrong.
    message: String,
    /// What to do about it.
    remedy: String,
    /// The organisation that the sentence speaks of.
    organisation: Option<String>,
    /// Its code, by which a warning that was seen is known again.
    code: &'static str,
}

impl Said {
    /// What cannot be read.
    pub(crate) fn unread(unread: Unread) -> Self {
        Self {
            field: unread.field,
            severity: Severity::Error,
            message: unread.sentence,
            remedy: String::new(),
            organisation: None,
            code: "",
        }
    }

    /// What the office found.
    pub(crate) fn found(finding: &Finding, language: Language) -> Self {
        let (message, organisation) = without_identity(finding.message.get(language));
        Self {
            field: finding.field.clone(),
            severity: finding.severity,
            message,
            remedy: finding.remedy.get(language).to_owned(),
            organisation,
            code: finding.code,
        }
    }

    /// A refusal that belongs to no field.
    pub(crate) fn whole(message: String) -> Self {
        Self {
            field: String::new(),
            severity: Severity::Error,
            message,
            remedy: String::new(),
            organisation: None,
            code: "",
        }
    }

    /// Whether it stops the filing.
    pub(crate) fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Whether somebody should look first.
    pub(crate) fn is_warning(&self) -> bool {
        self.severity == Severity::Warning
    }

    /// What a warning is known again by.
    pub(crate) fn name(&self) -> String {
        let about = self.organisation.as_deref().unwrap_or_default();
        format!("{}@{}{about}", self.code, self.field)
    }

    /// Whether it is said at a field of a name: at it, below it, or at it as the rules name it.
    pub(crate) fn is_at(&self, name: &str) -> bool {
        let at = |field: &str| {
            field == name || field.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
        };
        at(&self.field) || self.field.strip_prefix("body.").is_some_and(at)
    }

    fn draw(&self, ask: &Ask) -> Markup {
        let voice = Voice(ask.language);
        let class = match self.severity {
            Severity::Error => "found f-error",
            Severity::Warning => "found f-warning",
            Severity::Note => "found f-note",
        };
        html! {
            p class=(class) data-at=(self.field) {
                strong { (first_upper(self.severity.word(voice.0))) ": " }
                (sentence(&self.message)) " " (sentence(&self.remedy))
                @if let Some(id) = &self.organisation {
                    " " a href=(organisation::href(ask, id)) target="_blank" { (voice.say("form-open-other")) }
                }
            }
        }
    }
}

/// A sentence without the identity that it names, for which people have no use, and the identity.
fn without_identity(text: &str) -> (String, Option<String>) {
    const MARK: &str = "organisation/";
    let Some(at) = text.find(MARK) else { return (text.to_owned(), None) };
    let id: String = text
        .get(at + MARK.len()..)
        .unwrap_or_default()
        .chars()
        .take_while(|c| c.is_ascii_hexdigit() || *c == '-')
        .collect();
    let bare = text.replace(&format!(" ({MARK}{id})"), "");
    (bare, Some(id).filter(|id| !id.is_empty()))
}

/// What is said about nothing that the form has a field for.
pub(crate) fn elsewhere<'s>(said: &'s [Said], names: &[String]) -> Vec<&'s Said> {
    said.iter().filter(|one| !names.iter().any(|name| one.is_at(name))).collect()
}

/// Sentences one under the other.
pub(crate) fn sentences(said: &[&Said], ask: &Ask) -> Markup {
    html! { @for one in said { (one.draw(ask)) } }
}

/// One field. `now` is what is registered today, where it helps to see it.
pub(crate) fn field(
    field: Field,
    prefix: &str,
    entered: &Entered,
    said: &[Said],
    source: &Source<'_>,
    now: Option<&str>,
) -> Markup {
    let voice = Voice(source.ask.language);
    let name = format!("{prefix}{}", field.name);
    let here: Vec<&Said> = said.iter().filter(|one| one.is_at(&name)).collect();
    let is_wrong = here.iter().any(|one| one.is_error());
    let help_id = format!("{name}-giup");
    let found_id = format!("{name}-thay");
    let described = if field.help.is_empty() && now.is_none() {
        found_id.clone()
    } else {
        format!("{help_id} {found_id}")
    };
    let label = html! {
        (voice.say(field.label))
        @if !field.must { " " span class="soft optional" { (voice.say("form-optional")) } }
    };
    let drawn = Drawn { name: &name, described: &described, is_wrong, must: field.must };
    let several = matches!(field.input, Input::Any(_) | Input::Organisations);
    html! {
        div class="field" data-field=(name) {
            @if field.input == Input::Tick {
                label class="tick" {
                    input type="checkbox" id=(name) name=(name) value="co" checked[entered.one(&name) == "co"] aria-describedby=(described);
                    " " (label)
                }
            } @else if several {
                fieldset aria-describedby=(described) {
                    legend { (label) }
                    (drawn.many(field.input, entered, source))
                }
            } @else {
                label for=(name) { (label) }
                (drawn.one(field.input, entered.one(&name), source))
            }
            @if !field.help.is_empty() || now.is_some() {
                p class="help" id=(help_id) {
                    @if let Some(now) = now { (voice.say_with("form-now", &[("value", now.to_owned().into())])) " " }
                    @if !field.help.is_empty() { (voice.say(field.help)) }
                }
            }
            div class="at-field" id=(found_id) aria-live="polite" { (sentences(&here, source.ask)) }
        }
    }
}

/// A field that is being drawn.
struct Drawn<'d> {
    name: &'d str,
    described: &'d str,
    is_wrong: bool,
    must: bool,
}

impl Drawn<'_> {
    fn line(&self, value: &str, kind: &str, mode: Option<&str>, list: Option<&str>) -> Markup {
        html! {
            input type=(kind) id=(self.name) name=(self.name) value=(value) inputmode=[mode] list=[list] autocomplete="off"
                maxlength="500" required[self.must] aria-describedby=(self.described) aria-invalid=[self.is_wrong.then_some("true")];
        }
    }

    fn one(&self, input: Input, value: &str, source: &Source<'_>) -> Markup {
        let voice = Voice(source.ask.language);
        let options = match input {
            Input::One(choices) => source.choices(choices),
            Input::Filing => source.filings(),
            Input::YesOrNo => vec![
                ("co".to_owned(), first_upper(&voice.say("yes"))),
                ("khong".to_owned(), first_upper(&voice.say("no"))),
            ],
            Input::Line
            | Input::Sentences
            | Input::Whole
            | Input::Money
            | Input::Tenths
            | Input::Day
            | Input::Tick
            | Input::Commune
            | Input::Organisation
            | Input::Organisations
            | Input::List
            | Input::Any(_) => Vec::new(),
        };
        match input {
            Input::Sentences => html! {
                textarea id=(self.name) name=(self.name) rows="3" maxlength="2000" required[self.must]
                    aria-describedby=(self.described) aria-invalid=[self.is_wrong.then_some("true")] { (value) }
            },
            Input::Whole | Input::Money => self.line(value, "text", Some("numeric"), None),
            Input::Tenths => self.line(value, "text", Some("decimal"), None),
            Input::Day => self.line(value, "date", None, None),
            Input::Commune => self.line(value, "text", None, Some("cac-xa")),
            Input::Organisation | Input::Organisations => {
                self.line(value, "text", None, Some("cac-to-chuc"))
            }
            Input::One(_) | Input::Filing | Input::YesOrNo => html! {
                select id=(self.name) name=(self.name) required[self.must] aria-describedby=(self.described)
                    aria-invalid=[self.is_wrong.then_some("true")] {
                    option value="" { (voice.say(if options.is_empty() { "form-nothing-to-choose" } else { "form-choose" })) }
                    @for (code, words) in &options { option value=(code) selected[code == value] { (words) } }
                }
            },
            Input::Line | Input::List | Input::Tick | Input::Any(_) => {
                self.line(value, "text", None, None)
            }
        }
    }

    fn many(&self, input: Input, entered: &Entered, source: &Source<'_>) -> Markup {
        let voice = Voice(source.ask.language);
        let values: Vec<&str> = entered.all(self.name).collect();
        if let Input::Any(choices) = input {
            let options = source.choices(choices);
            return html! {
                @if options.is_empty() { p class="help" { (voice.say("form-nothing-to-choose")) } }
                @for (code, words) in &options {
                    label class="tick" {
                        input type="checkbox" name=(self.name) value=(code) checked[values.contains(&code.as_str())];
                        " " (words)
                    }
                }
            };
        }
        // Two empty lines stand ready, so that it works without a script too.
        let lines = values.len().max(1) + 2;
        html! {
            @for at in 0..lines {
                input type="text" name=(self.name) value=[values.get(at)] list="cac-to-chuc" autocomplete="off" maxlength="500"
                    aria-label=(voice.say_with("form-line-number", &[("number", (at + 1).to_string().into())]));
            }
        }
    }
}

/// The lists that fields are completed from, where the form has such fields.
pub(crate) fn lists(fields: &[Field], source: &Source<'_>) -> Markup {
    let has = |wanted: &[Input]| fields.iter().any(|field| wanted.contains(&field.input));
    html! {
        @if has(&[Input::Commune]) {
            datalist id="cac-xa" { @for text in source.commune_texts() { option value=(text) {} } }
        }
        @if has(&[Input::Organisation, Input::Organisations]) {
            datalist id="cac-to-chuc" { @for text in source.organisation_texts() { option value=(text) {} } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(field: &str) -> Said {
        Said { field: field.to_owned(), ..Said::whole("sai".to_owned()) }
    }

    #[test]
    fn what_is_found_stands_at_its_field() {
        assert!(said("into.1").is_at("into"));
        assert!(said("body.decision.number").is_at("decision.number"));
        assert!(said("body.name").is_at("body.name"));
        assert!(!said("name").is_at("body.name"));
        assert!(!said("members").is_at("member"));
    }
    #[test]
    fn identities_are_not_for_people() {
        let text = "Hợp tác xã A (organisation/0189-ab) có thể là cùng một tổ chức";
        let (bare, id) = without_identity(text);
        assert_eq!(bare, "Hợp tác xã A có thể là cùng một tổ chức");
        assert_eq!(id.as_deref(), Some("0189-ab"));
    }
    #[test]
    fn clauses_become_sentences() {
        assert_eq!(sentence("sửa lại ngày"), "Sửa lại ngày.");
        assert_eq!(sentence(""), "");
        assert_eq!(sentence("đã đúng chưa?"), "Đã đúng chưa?");
    }
}
