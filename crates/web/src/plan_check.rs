//! What does not go together in the plan: each finding beside the target that it is about, and a page that explains its code.

use axum::extract::State;
use hoptac_model::date;
use hoptac_model::finding::Severity;
use hoptac_model::ids::TargetId;
use hoptac_model::number;
use hoptac_model::pack::Pack;
use hoptac_model::plan_check::{Acceptance, Code, PlanFinding};
use hoptac_model::text::Language;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::app::App;
use crate::error::{PageError, PageResult};
use crate::language::Voice;
use crate::page::{self, Frame, Here};
use crate::query::{Ask, Id};

/// The findings of a plan as its page shows them.
#[derive(Clone, Copy)]
pub(crate) struct Findings<'a> {
    pub(crate) all: &'a [PlanFinding],
    pub(crate) pack: &'a Pack,
    /// The day on which acceptances are judged.
    pub(crate) today: Date,
    pub(crate) ask: &'a Ask,
    pub(crate) voice: Voice,
}

impl Findings<'_> {
    /// How many are to be acted on, and where they are.
    pub(crate) fn summary(&self) -> Markup {
        let count = |severity| {
            let open = self.all.iter().filter(|f| !self.is_quiet(f));
            open.filter(|finding| finding.severity == severity).count()
        };
        let quiet = self.all.iter().filter(|finding| self.is_quiet(finding)).count();
        let values = [
            ("errors", count(Severity::Error).into()),
            ("warnings", count(Severity::Warning).into()),
            ("notes", count(Severity::Note).into()),
            ("quiet", quiet.into()),
        ];
        let voice = self.voice;
        html! {
            section id="luu-y" class="findings" {
                h2 { (voice.say("findings-heading")) }
                @if self.all.is_empty() {
                    p class="quiet" { (voice.say("findings-none")) }
                } @else {
                    p { (voice.say_with("findings-count", &values)) @if quiet > 0 { " " (voice.say_with("findings-quiet", &values)) } }
                    ol class="plain finding-list" {
                        @for (index, finding) in self.all.iter().enumerate().filter(|(_, f)| !self.is_quiet(f) && f.severity != Severity::Note) {
                            li class=(class(finding.severity)) {
                                a class="id" href={ "#" (anchor(index)) } { (finding.code.as_str()) }
                                " " (first_sentence(finding.message.get(voice.0)))
                            }
                        }
                    }
                }
            }
        }
    }

    /// The findings whose first target this is, in full.
    pub(crate) fn beside(&self, target: &TargetId) -> Markup {
        html! {
            @for (index, finding) in self.all.iter().enumerate() {
                @if finding.targets.first() == Some(target) { (self.whole(index, finding)) }
            }
        }
    }

    /// Findings that stand beside another target but are about this one too.
    pub(crate) fn elsewhere(&self, target: &TargetId) -> Markup {
        html! {
            @for (index, finding) in self.all.iter().enumerate() {
                @if finding.targets.iter().skip(1).any(|other| other == target) && finding.targets.first() != Some(target) && !self.is_quiet(finding) {
                    " " a class="id" href={ "#" (anchor(index)) } title=(finding.message.get(self.voice.0)) { (finding.code.as_str()) }
                }
            }
        }
    }

    /// Findings that are about no target of the pack.
    pub(crate) fn about_none(&self) -> Markup {
        html! {
            @for (index, finding) in self.all.iter().enumerate() {
                @if !finding.targets.first().is_some_and(|first| self.pack.targets.iter().any(|t| t.id == *first)) {
                    (self.whole(index, finding))
                }
            }
        }
    }

    /// The open findings of a target in few words, to stand under its sentence in the text.
    pub(crate) fn under_sentence(&self, target: &TargetId) -> Markup {
        let voice = self.voice;
        html! {
            @for (index, finding) in self.all.iter().enumerate() {
                @if finding.targets.first() == Some(target) && !self.is_quiet(finding) {
                    p class={ "finding-note " (class(finding.severity)) } lang=(voice.0.tag()) {
                        a href={ "#" (anchor(index)) } { (finding.code.as_str()) }
                        " " (first_sentence(finding.message.get(voice.0)))
                    }
                }
            }
        }
    }

    fn whole(&self, index: usize, finding: &PlanFinding) -> Markup {
        let voice = self.voice;
        let body = html! {
            p { (finding.message.get(voice.0)) }
            p class="decision" {
                span class="soft" { (voice.say("finding-decision")) } " " (finding.decision.get(voice.0))
            }
            @if finding.targets.len() > 1 {
                p class="soft" {
                    (voice.say("finding-also"))
                    @for (at, other) in finding.targets.iter().skip(1).enumerate() {
                        (if at == 0 { " " } else { ", " })
                        a href={ "#muc-" (other) } { (other) }
                    }
                }
            }
            (self.figures(finding))
        };
        match &finding.accepted {
            Some(accepted) if self.holds(accepted) => html! {
                details class="finding accepted" id=(anchor(index)) {
                    summary {
                        (self.code(finding)) " "
                        (voice.say_with("finding-accepted", &[("day", date::show(accepted.until, voice.0).into())]))
                    }
                    (self.acceptance(accepted))
                    (body)
                }
            },
            accepted => html! {
                div class={ "finding " (class(finding.severity)) } id=(anchor(index)) {
                    p class="finding-head" {
                        strong { (severity(finding.severity, voice)) } " " (self.code(finding))
                    }
                    (body)
                    @if let Some(accepted) = accepted {
                        p class="soft" {
                            (voice.say_with("finding-accepted-ended", &[("day", date::show(accepted.until, voice.0).into())]))
                        }
                        (self.acceptance(accepted))
                    }
                }
            },
        }
    }

    /// The code, which leads to what it means.
    fn code(&self, finding: &PlanFinding) -> Markup {
        let code = finding.code.as_str();
        html! {
            a class="id" href=(self.ask.for_unit(&format!("/ke-hoach/luu-y/{code}"), &[]))
                title=(self.voice.say("finding-help")) { (code) }
        }
    }

    fn acceptance(&self, accepted: &Acceptance) -> Markup {
        let agency = self.pack.agencies.iter().find(|agency| agency.id == accepted.owner);
        let owner = agency.map_or(accepted.owner.as_str(), |a| a.name.get(self.voice.0));
        html! {
            p class="soft" {
                (self.voice.say_with("finding-accepted-why", &[
                    ("reason", accepted.reason.get(self.voice.0).into()),
                    ("owner", owner.into()),
                ]))
            }
        }
    }

    /// The published figures that a finding rests on, with their sources.
    fn figures(&self, finding: &PlanFinding) -> Markup {
        let language = self.voice.0;
        let figures = finding.figures.iter().filter_map(|id| {
            let figure = self.pack.figures.iter().find(|figure| figure.id == *id)?;
            let value = number::plain(figure.value, language);
            let day = date::show(figure.as_of, language);
            Some(format!("{value} ({day}, {})", figure.source))
        });
        let figures: Vec<String> = figures.collect();
        if figures.is_empty() {
            return html! {};
        }
        html! { p class="soft" { (self.voice.say_with("finding-figures", &[("figures", figures.join("; ").into())])) } }
    }

    fn is_quiet(&self, finding: &PlanFinding) -> bool {
        finding.accepted.as_ref().is_some_and(|accepted| self.holds(accepted))
    }

    /// The state may have been published before the last day of an acceptance passed.
    fn holds(&self, accepted: &Acceptance) -> bool {
        self.today <= accepted.until
    }
}

/// Where a finding stands on the page of the plan.
fn anchor(index: usize) -> String {
    format!("luu-y-{}", index + 1)
}

/// The class of a severity. It chooses a rule, not a colour: colour means standing.
fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "finding-error",
        Severity::Warning => "finding-warning",
        Severity::Note => "finding-note-only",
    }
}

fn severity(severity: Severity, voice: Voice) -> String {
    match severity {
        Severity::Error => voice.say("severity-error"),
        Severity::Warning => voice.say("severity-warning"),
        Severity::Note => voice.say("severity-note"),
    }
}

/// The words up to the first full stop that ends a sentence; a point within a number does not.
fn first_sentence(text: &str) -> &str {
    text.find(". ").and_then(|end| text.get(..=end)).unwrap_or(text)
}

/// `/ke-hoach/luu-y/{code}`: what a code means, an example, how to settle it.
pub(crate) async fn help(State(app): State<App>, Id(id): Id, ask: Ask) -> PageResult {
    let voice = Voice(ask.language);
    let Some(code) = Code::ALL.into_iter().find(|code| code.as_str() == id) else {
        let known = Code::ALL.map(|code| {
            let href = ask.to(&format!("/ke-hoach/luu-y/{}", code.as_str()), &[]);
            (href, title(text(code, voice.0)).to_owned())
        });
        let heading = voice.say_with("error-no-code", &[("id", id.as_str().into())]);
        return Err(PageError::not_found(&app, &ask, heading, &id, known.to_vec()));
    };
    let text = text(code, voice.0);
    let published = app.published();
    let body = html! {
        p class="over" { a href={ (ask.to("/ke-hoach", &[])) "#luu-y" } { (voice.say("findings-heading")) } }
        h1 { (title(text)) }
        (sections(text))
        section {
            h2 { (voice.say("findings-all-codes")) }
            ul class="plain" {
                @for other in Code::ALL {
                    li {
                        @if other == code { strong { (title(self::text(other, voice.0))) } }
                        @else { a href=(ask.to(&format!("/ke-hoach/luu-y/{}", other.as_str()), &[])) { (title(self::text(other, voice.0))) } }
                    }
                }
            }
        }
    };
    let frame = Frame::new(&app, &ask, &published, Here::Plan, title(text).to_owned());
    Ok(page::draw(&frame, &body))
}

/// Both texts of a code's page.
macro_rules! page_of {
    ($code:literal) => {
        (
            include_str!(concat!("../../../docs/findings-vi/", $code, ".md")),
            include_str!(concat!("../../../docs/findings/", $code, ".md")),
        )
    };
}

/// The page of a code as it stands in the documentation.
fn text(code: Code, language: Language) -> &'static str {
    let (vi, en) = match code {
        Code::UnitSums => page_of!("HT001"),
        Code::RateAndStock => page_of!("HT002"),
        Code::GrossAndNet => page_of!("HT003"),
        Code::AverageAndTotal => page_of!("HT004"),
        Code::AlreadyThere => page_of!("HT005"),
        Code::SeriesBreak => page_of!("HT006"),
        Code::NotGraded => page_of!("HT007"),
        Code::LegalMinimum => page_of!("HT008"),
        Code::EndedUnits => page_of!("HT009"),
        Code::FarShare => page_of!("HT010"),
        Code::NestedShares => page_of!("HT011"),
        Code::FloorAsRange => page_of!("HT012"),
        Code::NoTask => page_of!("HT013"),
        Code::NoOwner => page_of!("HT014"),
        Code::NoDate => page_of!("HT015"),
        Code::Contradiction => page_of!("HT016"),
        Code::PartAndWhole => page_of!("HT017"),
    };
    match language {
        Language::Vi => vi,
        Language::En => en,
    }
}

/// `HT001: units do not add up to the whole`.
fn title(text: &str) -> &str {
    text.lines().next().unwrap_or("").trim_start_matches("# ")
}

/// Everything below the title. These pages know headings, paragraphs and words of code, and nothing else.
fn sections(text: &str) -> Markup {
    html! {
        @for line in text.lines().skip(1).filter(|line| !line.is_empty()) {
            @match line.strip_prefix("## ") {
                Some(heading) => h2 class="spaced" { (heading) },
                None => p {
                    @for (at, part) in line.split('`').enumerate() {
                        @if at % 2 == 1 { code { (part) } } @else { (part) }
                    }
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_in_both_languages() {
        for code in Code::ALL {
            for (language, parts) in [
                (Language::Vi, ["## Nghĩa là gì", "## Ví dụ", "## Cách xử lý"]),
                (Language::En, ["## What it means", "## Example", "## How to settle it"]),
            ] {
                let text = text(code, language);
                assert!(text.starts_with(&format!("# {}: ", code.as_str())), "{}", code.as_str());
                for part in parts {
                    assert!(text.contains(part), "{}: {part}", code.as_str());
                }
            }
        }
    }
    #[test]
    fn a_sentence_ends_at_its_full_stop_not_in_a_number() {
        assert_eq!(first_sentence("Có 10.500 tổ. Thiếu 5."), "Có 10.500 tổ.");
        assert_eq!(first_sentence("một câu"), "một câu");
    }
    #[test]
    fn words_of_code_are_set_as_code() {
        let html = sections("# t\n\n## Ý\nGhi `low` vào.").into_string();
        assert_eq!(html, "<h2 class=\"spaced\">Ý</h2><p>Ghi <code>low</code> vào.</p>");
    }
}
