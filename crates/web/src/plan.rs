//! The plan as a document: its objectives and targets beside its text, its tasks, agencies and calendar.

use std::ops::Range;

use axum::extract::State;
use hoptac_intake::plan_text;
use hoptac_model::date;
use hoptac_model::ids::TargetId;
use hoptac_model::pack::{Agency, Due, Objective, Pack, Task};
use hoptac_model::scoreboard::Scoreboard;
use hoptac_model::standing::Standing;
use hoptac_model::target::Target;
use maud::{Markup, html};

use crate::app::App;
use crate::error::PageResult;
use crate::indicators;
use crate::language::Voice;
use crate::page::{self, Frame, Here};
use crate::plan_check::Findings;
use crate::query::Ask;

/// `/ke-hoach`
pub(crate) async fn page(State(app): State<App>, ask: Ask) -> PageResult {
    let view = app.view(&ask).await?;
    let voice = Voice(ask.language);
    let pack = view.pack();
    let document = &pack.document;
    let scoreboard = view.board.scoreboard(&view.unit.id);
    let text = view.published.text.as_deref();
    let marks = text.map_or_else(Vec::new, |text| marks(text, &pack.targets));
    let findings =
        Findings { all: &view.published.findings, pack, today: view.today, ask: &ask, voice };
    let tree = Tree {
        pack,
        findings,
        scoreboard: scoreboard.as_ref(),
        marked: marks.iter().map(|(_, target)| &target.id).collect(),
        ask: &ask,
        voice,
    };
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
            a href="#luu-y" { (voice.say("findings-heading")) }
            a href="#muc-tieu" { (voice.say("plan-objectives")) }
            a href="#nhiem-vu" { (voice.say("plan-tasks")) }
            a href="#co-quan" { (voice.say("plan-agencies")) }
            a href="#lich" { (voice.say("plan-calendar")) }
            a href=(ask.to("/ke-hoach/doc", &[])) { (voice.say("reading-start-heading")) }
        }
        (findings.summary())
        section id="muc-tieu" {
            h2 { (voice.say("plan-objectives")) }
            @if text.is_none() { p class="note" { (voice.say("plan-no-text")) } }
            div class=(if text.is_some() { "columns" } else { "one-column" }) {
                div {
                    (findings.about_none())
                    (tree.draw(None))
                    h3 { (voice.say("indicators-qualitative")) }
                    (indicators::qualitative(pack, &ask, voice))
                }
                @match text {
                    Some(text) => div class="document" lang="vi" tabindex="0" role="region" aria-label=(voice.say("plan-text")) {
                        h3 { (voice.say("plan-text")) }
                        (marked(text, &marks, &ask, findings))
                    },
                    None => {}
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

/// The tree of objectives, with what stands at each.
struct Tree<'a> {
    pack: &'a Pack,
    findings: Findings<'a>,
    scoreboard: Option<&'a Scoreboard>,
    /// Targets whose words stand in the text beside the tree.
    marked: Vec<&'a TargetId>,
    ask: &'a Ask,
    voice: Voice,
}

impl Tree<'_> {
    /// The objectives below one, each with its targets.
    fn draw(&self, parent: Option<&str>) -> Markup {
        let all = self.pack.objectives.iter();
        let below: Vec<&Objective> = all.filter(|o| o.parent.as_deref() == parent).collect();
        if below.is_empty() {
            return html! {};
        }
        html! {
            ul class="tree" {
                @for objective in below {
                    li {
                        p class="objective" {
                            (objective.title.get(self.voice.0))
                            @if !objective.place.section.is_empty() { " " span class="id" { (objective.place.section) } }
                        }
                        (self.targets(objective))
                        (proxies(objective, self.pack, self.ask, self.voice))
                        (self.draw(Some(&objective.id)))
                    }
                }
            }
        }
    }

    fn targets(&self, objective: &Objective) -> Markup {
        let all = self.pack.targets.iter();
        let own: Vec<&Target> = all.filter(|t| t.objective == objective.id).collect();
        if own.is_empty() {
            return html! {};
        }
        html! {
            ul class="ruled targets-of" {
                @for target in own {
                    li id={ "muc-" (target.id) } {
                        span class="sentence" {
                            a href=(self.ask.for_unit(&format!("/chi-tieu/{}", target.id), &[])) { (target.paraphrase.get(self.voice.0)) }
                            " "
                            @if self.marked.contains(&&target.id) {
                                a class="id" href={ "#van-ban-" (target.id) } { (target.id) }
                            } @else {
                                span class="id" { (target.id) }
                            }
                            (self.findings.elsewhere(&target.id))
                        }
                        @if let Some(standing) = self.standing(target) {
                            span class="end" { (page::standing(standing, self.voice.0)) }
                        }
                        (self.findings.beside(&target.id))
                    }
                }
            }
        }
    }

    fn standing(&self, target: &Target) -> Option<Standing> {
        self.scoreboard?.rows.iter().find(|row| row.target == target.id)?.standing
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
fn marked(text: &str, marks: &[Mark<'_>], ask: &Ask, findings: Findings<'_>) -> Markup {
    html! {
        @for line in pieces(text, marks) {
            p {
                @for piece in &line {
                    @match piece.target {
                        None => (piece.text),
                        Some(target) => {
                            mark id=[piece.begins.then(|| format!("van-ban-{}", target.id))] {
                                a href=(ask.for_unit(&format!("/chi-tieu/{}", target.id), &[])) title=(target.id) {
                                    (piece.text)
                                }
                            }
                        }
                    }
                }
            }
            @for piece in line.iter().filter(|piece| piece.begins) {
                @if let Some(target) = piece.target { (findings.under_sentence(&target.id)) }
            }
        }
    }
}

/// The letters, counted from the beginning of the text, that carry a target.
type Mark<'a> = (Range<usize>, &'a Target);

/// A run of letters within a line, which carries a target or not.
struct Piece<'a> {
    text: String,
    target: Option<&'a Target>,
    /// Whether the target's words begin here; words that go on in the next line begin once.
    begins: bool,
}

/// The lines of a text that are not empty, cut where the words of targets begin and end.
fn pieces<'a>(text: &str, marks: &[Mark<'a>]) -> Vec<Vec<Piece<'a>>> {
    let mut lines: Vec<Vec<Piece<'a>>> = vec![Vec::new()];
    let mut carried = None;
    for (at, letter) in text.chars().enumerate() {
        if letter == '\n' {
            lines.push(Vec::new());
            continue;
        }
        let Some(line) = lines.last_mut() else { continue };
        let target = marks.iter().find(|(range, _)| range.contains(&at)).map(|(_, target)| *target);
        let id = target.map(|target| &target.id);
        match line.last_mut() {
            Some(last) if last.target.map(|target| &target.id) == id => last.text.push(letter),
            _ => line.push(Piece {
                text: letter.to_string(),
                target,
                begins: target.is_some() && carried != id,
            }),
        }
        carried = id;
    }
    let is_empty = |line: &Vec<Piece<'_>>| line.iter().all(|piece| piece.text.trim().is_empty());
    lines.retain(|line| !is_empty(line));
    lines
}

/// Where the words of targets stand in a text, as letters from its beginning, in order and without overlaps. The same
/// words may carry two targets; the first keeps the place.
fn marks<'a>(text: &str, targets: &'a [Target]) -> Vec<Mark<'a>> {
    let mut found: Vec<Mark<'_>> = targets
        .iter()
        .filter_map(|target| Some((plan_text::locate(text, &target.words)?, target)))
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

/// Tasks by the policy fields of the law.
fn tasks(pack: &Pack, ask: &Ask, voice: Voice) -> Markup {
    let agency = |id: &str| {
        pack.agencies
            .iter()
            .find(|a| a.id == id)
            .map_or_else(|| id.to_owned(), |a| a.name.get(voice.0).to_owned())
    };
    let common = common(pack.tasks.iter().map(|task| task.note.get(voice.0)));
    html! {
        @for note in &common { p class="caution" { (note) } }
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
                                " · " (due(task, voice))
                                @for id in &task.indicators {
                                    @if let Some(indicator) = pack.indicator(id) {
                                        " · " a href=(ask.for_unit(&format!("/chi-tieu/{id}"), &[])) { (indicator.short.get(voice.0)) }
                                    }
                                }
                            }
                            @if !common.contains(&task.note.get(voice.0)) { p class="soft" { (task.note.get(voice.0)) } }
                        }
                    }
                }
            }
        }
    }
}

/// The notes that at least three carry, which then stand once above them all.
fn common<'a>(notes: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let notes: Vec<&str> = notes.filter(|note| !note.is_empty()).collect();
    let mut common: Vec<&str> = Vec::new();
    for note in &notes {
        if !common.contains(note) && notes.iter().filter(|other| *other == note).count() > 2 {
            common.push(note);
        }
    }
    common
}

/// When a task is due or how often it returns; what the plan leaves open is said to be unknown.
fn due(task: &Task, voice: Voice) -> String {
    match (task.due, task.recurrence) {
        (Some(due), _) => voice.say_with("plan-due", &[("day", date::show(due, voice.0).into())]),
        (None, Some(recurrence)) => recurrence.words().get(voice.0).to_owned(),
        (None, None) => voice.say("plan-due-unknown"),
    }
}

fn agencies(agencies: &[Agency], voice: Voice) -> Markup {
    let common = common(agencies.iter().map(|agency| agency.note.get(voice.0)));
    html! {
        @for note in &common { p class="caution" { (note) } }
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
                    @if !common.contains(&agency.note.get(voice.0)) { p class="soft" { (agency.note.get(voice.0)) } }
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
    fn a_note_that_three_carry_stands_once_above() {
        assert_eq!(common(["a", "b", "a", "", "a"].into_iter()), ["a"]);
        assert!(common(["a", "b", "a"].into_iter()).is_empty());
    }
    #[test]
    fn days_of_the_year_are_written_as_people_do() {
        let voice = Voice(hoptac_model::text::Language::Vi);
        assert_eq!(day_of_year("12-05", voice), "5/12");
        assert_eq!(day_of_year("", voice), "chưa rõ");
    }
}
