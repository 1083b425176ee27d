//! The plan as a document: its objectives and targets beside its text, its tasks, agencies and calendar.

use std::ops::Range;

use axum::extract::State;
use hoptac_model::date;
use hoptac_model::pack::{Agency, Due, Objective, Pack, Task};
use hoptac_model::scoreboard::Scoreboard;
use hoptac_model::target::Target;
use maud::{Markup, html};

use crate::app::App;
use crate::error::PageResult;
use crate::indicators;
use crate::language::Voice;
use crate::page::{self, Frame, Here};
use crate::query::Ask;

/// `/ke-hoach`
pub(crate) async fn page(State(app): State<App>, ask: Ask) -> PageResult {
    let view = app.view(&ask).await?;
    let voice = Voice(ask.language);
    let pack = view.pack();
    let document = &pack.document;
    let scoreboard = view.board.scoreboard(&view.unit.id);
    let text = view.published.text.as_deref();
    let heading = document.title.get(voice.0).to_owned();
    let body = html! {
        h1 { (heading) }
        p class="under" {
            (voice.say_with("plan-document", &[
                ("number", document.number.as_str().into()),
                ("issuer", document.issuer.get(voice.0).into()),
                ("day", date::show(document.issued, voice.0).into()),
                ("signer", document.signer.as_str().into()),
            ]))
        }
        @if !document.implements.is_empty() {
            p class="under" { (voice.say_with("plan-implements", &[("documents", document.implements.join(", ").into())])) }
        }
        @if !document.note.is_empty() { p class="caution spaced" { (document.note.get(voice.0)) } }
        nav class="choice" aria-label=(voice.say("plan-parts")) {
            a href="#muc-tieu" { (voice.say("plan-objectives")) }
            a href="#nhiem-vu" { (voice.say("plan-tasks")) }
            a href="#co-quan" { (voice.say("plan-agencies")) }
            a href="#lich" { (voice.say("plan-calendar")) }
        }
        section id="muc-tieu" {
            h2 { (voice.say("plan-objectives")) }
            div class=(if text.is_some() { "columns" } else { "one-column" }) {
                div {
                    (tree(None, pack, scoreboard.as_ref(), &ask, voice))
                    h3 { (voice.say("indicators-qualitative")) }
                    (indicators::qualitative(pack, &ask, voice))
                }
                @match text {
                    Some(text) => div class="document" lang="vi" {
                        h3 { (voice.say("plan-text")) }
                        (marked(text, &pack.targets, &ask))
                    },
                    None => p class="note" { (voice.say("plan-no-text")) },
                }
            }
        }
        section id="nhiem-vu" {
            h2 { (voice.say("plan-tasks")) }
            (tasks(pack, &ask, voice))
        }
        section id="co-quan" {
            h2 { (voice.say("plan-agencies")) }
            (agencies(&pack.agencies, voice))
        }
        section id="lich" {
            h2 { (voice.say("plan-calendar")) }
            (calendar(&pack.calendar, voice))
        }
    };
    let frame = Frame {
        ask: &ask,
        published: &view.published,
        today: view.today,
        title: heading,
        here: Here::Plan,
        board: Some(&view.board),
        unit: Some(&view.unit),
        definition: None,
    };
    Ok(page::draw(&frame, &body))
}

/// The objectives below one, each with its targets.
fn tree(
    parent: Option<&str>,
    pack: &Pack,
    scoreboard: Option<&Scoreboard>,
    ask: &Ask,
    voice: Voice,
) -> Markup {
    let below: Vec<&Objective> =
        pack.objectives.iter().filter(|o| o.parent.as_deref() == parent).collect();
    if below.is_empty() {
        return html! {};
    }
    html! {
        ul class="tree" {
            @for objective in below {
                li {
                    p class="objective" {
                        (objective.title.get(voice.0))
                        @if !objective.place.section.is_empty() { " " span class="id" { (objective.place.section) } }
                    }
                    (targets(objective, pack, scoreboard, ask, voice))
                    (proxies(objective, pack, ask, voice))
                    (tree(Some(&objective.id), pack, scoreboard, ask, voice))
                }
            }
        }
    }
}

fn targets(
    objective: &Objective,
    pack: &Pack,
    scoreboard: Option<&Scoreboard>,
    ask: &Ask,
    voice: Voice,
) -> Markup {
    let own: Vec<&Target> = pack.targets.iter().filter(|t| t.objective == objective.id).collect();
    if own.is_empty() {
        return html! {};
    }
    let standing =
        |target: &Target| scoreboard?.rows.iter().find(|row| row.target == target.id)?.standing;
    html! {
        ul class="ruled targets-of" {
            @for target in own {
                li id={ "muc-" (target.id) } {
                    span {
                        a href=(ask.for_unit(&format!("/chi-tieu/{}", target.id), &[])) { (target.paraphrase.get(voice.0)) }
                        " " a class="id" href={ "#van-ban-" (target.id) } { (target.id) }
                    }
                    @if let Some(standing) = standing(target) { span class="end" { (page::standing(standing, voice.0)) } }
                }
            }
        }
    }
}

/// What a general objective is followed through, since it has no number of its own.
fn proxies(objective: &Objective, pack: &Pack, ask: &Ask, voice: Voice) -> Markup {
    let own: Vec<_> = pack
        .indicators
        .iter()
        .filter(|indicator| indicator.proxy_for.as_deref() == Some(objective.id.as_str()))
        .collect();
    if own.is_empty() {
        return html! {};
    }
    html! {
        p class="soft proxies" {
            (voice.say("plan-proxies")) " "
            @for (at, indicator) in own.iter().enumerate() {
                @if at > 0 { ", " }
                a href=(ask.for_unit(&format!("/chi-tieu/{}", indicator.id), &[])) { (indicator.short.get(voice.0)) }
            }
            "."
        }
    }
}

/// The text of the document, with the words of each target marked and leading to it.
fn marked(text: &str, targets: &[Target], ask: &Ask) -> Markup {
    html! {
        @for paragraph in paragraphs(text) {
            @let marks = marks(paragraph, targets);
            p {
                @for (at, (range, target)) in marks.iter().enumerate() {
                    @let before = at.checked_sub(1).and_then(|at| marks.get(at)).map_or(0, |(range, _)| range.end);
                    (paragraph.get(before..range.start).unwrap_or_default())
                    mark id={ "van-ban-" (target.id) } {
                        a href=(ask.for_unit(&format!("/chi-tieu/{}", target.id), &[])) title=(target.id) {
                            (paragraph.get(range.clone()).unwrap_or_default())
                        }
                    }
                }
                (paragraph.get(marks.last().map_or(0, |(range, _)| range.end)..).unwrap_or_default())
            }
        }
    }
}

/// Lines that are not empty.
fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// Where the words of targets stand in a paragraph, in order and without overlaps. The same words may carry two targets;
/// the first keeps the place.
fn marks<'a>(paragraph: &str, targets: &'a [Target]) -> Vec<(Range<usize>, &'a Target)> {
    let mut found: Vec<(Range<usize>, &Target)> = targets
        .iter()
        .filter(|target| !target.words.is_empty())
        .filter_map(|target| Some((locate(paragraph, &target.words)?, target)))
        .collect();
    found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut end = 0;
    found.retain(|(range, _)| {
        let free = range.start >= end;
        if free {
            end = range.end;
        }
        free
    });
    found
}

/// The bytes of `text` that carry `words`, whatever white space is between them.
fn locate(text: &str, words: &str) -> Option<Range<usize>> {
    let mut wanted = words.split_whitespace();
    let first = wanted.next()?;
    let rest: Vec<&str> = wanted.collect();
    text.match_indices(first).find_map(|(start, _)| {
        let mut at = start + first.len();
        for word in &rest {
            let after = text.get(at..)?;
            let trimmed = after.trim_start();
            let blanks = after.len() - trimmed.len();
            if blanks == 0 || !trimmed.starts_with(word) {
                return None;
            }
            at += blanks + word.len();
        }
        Some(start..at)
    })
}

/// Tasks by the policy fields of the law.
fn tasks(pack: &Pack, ask: &Ask, voice: Voice) -> Markup {
    let agency = |id: &str| {
        pack.agencies
            .iter()
            .find(|a| a.id == id)
            .map_or_else(|| id.to_owned(), |a| a.name.get(voice.0).to_owned())
    };
    let shared = shared(pack.tasks.iter().map(|task| task.note.get(voice.0)));
    html! {
        @if !shared.is_empty() { p class="caution" { (shared) } }
        @for group in &pack.task_groups {
            @let own: Vec<&Task> = pack.tasks.iter().filter(|task| task.group == group.id).collect();
            @if !own.is_empty() {
                h3 { (group.title.get(voice.0)) " " span class="id" { (voice.say_with("plan-article", &[("article", group.article.to_string().into())])) } }
                ul class="ruled" {
                    @for task in own {
                        li id=(task.id) class="stacked" {
                            p { (task.title.get(voice.0)) }
                            p class="soft" {
                                (match &task.lead {
                                    Some(lead) => voice.say_with("plan-lead", &[("agency", agency(lead).into())]),
                                    None => voice.say("plan-lead-unknown"),
                                })
                                @if !task.with.is_empty() {
                                    " · " (voice.say_with("plan-with", &[("agencies", task.with.iter().map(|id| agency(id)).collect::<Vec<_>>().join(", ").into())]))
                                }
                                @if let Some(due) = due(task, voice) { " · " (due) }
                                @for id in &task.indicators {
                                    @if let Some(indicator) = pack.indicator(id) {
                                        " · " a href=(ask.for_unit(&format!("/chi-tieu/{id}"), &[])) { (indicator.short.get(voice.0)) }
                                    }
                                }
                            }
                            @if task.note.get(voice.0) != shared { p class="soft" { (task.note.get(voice.0)) } }
                        }
                    }
                }
            }
        }
    }
}

/// The note that most of them carry, which then stands once above them; empty where they differ.
fn shared<'a>(notes: impl Iterator<Item = &'a str>) -> &'a str {
    let notes: Vec<&str> = notes.collect();
    let count = |note: &str| notes.iter().filter(|other| **other == note).count();
    notes.iter().copied().find(|note| count(note) * 2 > notes.len().max(2)).unwrap_or_default()
}

fn due(task: &Task, voice: Voice) -> Option<String> {
    let day =
        task.due.map(|due| voice.say_with("plan-due", &[("day", date::show(due, voice.0).into())]));
    day.or_else(|| match task.recurrence.as_deref()? {
        "yearly" => Some(voice.say("plan-yearly")),
        "half_yearly" => Some(voice.say("plan-half-yearly")),
        "quarterly" => Some(voice.say("plan-quarterly")),
        other => Some(other.to_owned()),
    })
}

fn agencies(agencies: &[Agency], voice: Voice) -> Markup {
    let shared = shared(agencies.iter().map(|agency| agency.note.get(voice.0)));
    html! {
        @if !shared.is_empty() { p class="caution" { (shared) } }
        ul class="ruled" {
            @for agency in agencies {
                li id=(agency.id) class="stacked" {
                    p {
                        (agency.name.get(voice.0))
                        @if let Some(to) = agency.valid_to {
                            " " span class="id" { (voice.say_with("plan-agency-until", &[("day", date::show(to, voice.0).into())])) }
                        }
                        @if let Some(from) = agency.valid_from {
                            " " span class="id" { (voice.say_with("plan-agency-from", &[("day", date::show(from, voice.0).into())])) }
                        }
                    }
                    @if agency.note.get(voice.0) != shared { p class="soft" { (agency.note.get(voice.0)) } }
                }
            }
        }
    }
}

fn calendar(calendar: &[Due], voice: Voice) -> Markup {
    html! {
        table class="list calendar" {
            thead { tr {
                th scope="col" { (voice.say("calendar-due")) }
                th scope="col" { (voice.say("calendar-who")) }
                th scope="col" { (voice.say("calendar-what")) }
                th scope="col" { (voice.say("calendar-to")) }
                th scope="col" { (voice.say("calendar-source")) }
            } }
            tbody {
                @for due in calendar {
                    tr {
                        th scope="row" class="label" { (day_of_year(&due.due, voice)) }
                        td class="words" { (due.who.get(voice.0)) }
                        td class="words" { (due.what.get(voice.0)) }
                        td class="words" { (due.to.get(voice.0)) }
                        td class="words soft" {
                            (due.source)
                            @if due.status != "verified" { " (" (voice.say("calendar-unverified")) ")" }
                        }
                    }
                }
            }
        }
    }
}

/// `12-15` as `15/12`; what the source does not say is said to be unknown.
fn day_of_year(due: &str, voice: Voice) -> String {
    match due.split_once('-') {
        Some((month, day)) => {
            format!("{}/{}", day.trim_start_matches('0'), month.trim_start_matches('0'))
        }
        None if due.is_empty() => voice.say("unknown"),
        None => due.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_across_any_white_space() {
        let text = "đến năm 2030 có khoảng\u{a0}850  tổ hợp tác";
        let range = locate(text, "khoảng 850 tổ hợp tác").unwrap();
        assert_eq!(&text[range], "khoảng\u{a0}850  tổ hợp tác");
    }
    #[test]
    fn words_that_are_not_there_are_not_found() {
        assert_eq!(locate("khoảng 85", "khoảng 850"), None);
        assert_eq!(locate("", "khoảng"), None);
        assert_eq!(locate("khoảng", ""), None);
    }
    #[test]
    fn a_note_that_most_carry_is_shared() {
        assert_eq!(shared(["a", "a", "b", "a"].into_iter()), "a");
        assert_eq!(shared(["a", "b"].into_iter()), "");
        assert_eq!(shared(std::iter::empty()), "");
    }
    #[test]
    fn days_of_the_year_are_written_as_people_do() {
        let voice = Voice(hoptac_model::text::Language::Vi);
        assert_eq!(day_of_year("12-05", voice), "5/12");
        assert_eq!(day_of_year("", voice), "chưa rõ");
    }
}
